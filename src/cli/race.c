/* SPDX-License-Identifier: MIT
 * race: the runners of a scene as a table (SPEC 7), for people or as CSV. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { SLICE = 200000, WORDS_MOST = 44 /* cells of a runner's words in the table */ };

static int fail(const Cli *c, Error *err)
{
    if (err->line > 0)
        cli_scene_error(c, err);
    error_in(err, "race");
    error_print(err, stderr);
    return EXIT_INPUT;
}

static void put_number(double v, const char *end)
{
    if (isnan(v))
        printf("nan%s", end);
    else
        printf("%.17g%s", v, end);
}

/* ---- CSV ---- */

/* In quotes, those inside it twice. */
static void put_quoted(const char *text)
{
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static bool put_csv(const Race *r)
{
    char *words = malloc(SCENE_LINE);
    if (!words)
        return false;
    Text all = text_over(words, SCENE_LINE);
    scene_print(r->scene, true, &all);
    printf("# etascope race scene: %s\n", words);
    for (int k = 0; k < RACE_COLUMNS; k++)
        printf("%s%s", race_columns[k].name, k + 1 < RACE_COLUMNS ? "," : "\n");
    for (int i = 0; i < r->table.runners; i++) {
        const double *v = r->table.row[i].value;
        Text t = text_over(words, SCENE_LINE);
        scene_runner_words(r->scene, i, &t);
        printf("%c,", 'A' + i);
        put_quoted(words);
        printf(",%s,", outcomes[(int)v[RACE_VERDICT]].word);
        for (int k = RACE_TO; k < RACE_COLUMNS; k++) {
            const char *end = k + 1 < RACE_COLUMNS ? "," : "\n";
            if (k == RACE_TO && isnan(v[k]))
                printf("%s", end);
            else
                put_number(v[k], end);
        }
    }
    free(words);
    return true;
}

/* ---- the table ---- */

static void put_padded(const char *text, int cells, bool right)
{
    int pad = cells - (int)utf8_count(text, strlen(text));
    pad = pad < 0 ? 0 : pad;
    printf("%*s%s%*s", right ? pad : 0, "", text, right ? 0 : pad, "");
}

/* The words of a runner, cut to what the table has room for. */
static void words_of(const Race *r, int runner, char out[RACE_WORDS + 4])
{
    const char *at = r->words[runner];
    for (int chars = 0; *at && chars < WORDS_MOST - 1; chars++)
        utf8_next(&at);
    snprintf(out, RACE_WORDS + 4, "%.*s%s", (int)(at - r->words[runner]), r->words[runner],
             *at ? "…" : "");
}

static void put_cells(const Race *r, int row, const int cells[RACE_COLUMNS])
{
    char text[64];
    for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++) {
        Text t = text_over(text, sizeof text);
        if (!cells[k])
            continue;
        if (row < 0)
            text_add(&t, "%s", race_columns[k].title);
        else
            race_cell(&r->table, row, (RaceColumn)k, &t);
        printf("  ");
        put_padded(text, cells[k], k != RACE_VERDICT);
        if (k == RACE_FINAL && row >= 0 && r->table.seeds > 1) {
            char low[NUMBER_TEXT];
            char high[NUMBER_TEXT];
            number_show(low, r->table.row[row].quarter[0], 3);
            number_show(high, r->table.row[row].quarter[1], 3);
            printf("  %9s %9s", low, high);
        } else if (k == RACE_FINAL && r->table.seeds > 1) {
            printf("  %20s", " quartiles of final ");
        }
    }
    putchar('\n');
}

static void put_table(const Race *r)
{
    int cells[RACE_COLUMNS];
    char words[RACE_WORDS + 4];
    char line[512];
    char number[NUMBER_TEXT];
    Text t = text_over(line, sizeof line);
    int widest = 6;
    for (int i = 0; i < r->table.runners; i++) {
        words_of(r, i, words);
        int wide = (int)utf8_count(words, strlen(words));
        widest = wide > widest ? wide : widest;
    }
    race_layout(&r->table, 10000, widest, -1, cells);
    printf("   ");
    put_padded(race_columns[RACE_SCENE].title, widest, false);
    put_cells(r, -1, cells);
    for (int i = 0; i < r->table.runners; i++) {
        words_of(r, i, words);
        printf("%c  ", 'A' + i);
        put_padded(words, widest, false);
        put_cells(r, i, cells);
    }
    number_show(number, r->table.to, 3);
    race_fairness(r->terms, r->table.runners, r->table.seeds, &t);
    printf("to: the first step with loss <= %s\n%s\n", number, line);
}

/* ---- */

/* Long work tells how far it is where somebody watches. */
static void tell_progress(double progress, bool end)
{
    if (isatty(2))
        fprintf(stderr, end ? "\r      \r" : "\r%3.0f %%", 100 * progress);
}

/* The scene with the runners that are to race. */
static bool line_up(const Cli *c, Scene *out, Error *err)
{
    const RacePreset *p = c->preset;
    if (!p && scene_runners(&c->scene) == 1)
        p = race_presets;
    if (p)
        return race_preset(p, &c->scene, out, err);
    scene_copy(out, &c->scene);
    return true;
}

static int race(const Cli *c, Race *r, Scene *scene)
{
    Error err = {0};
    RaceSpec spec = c->race;
    spec.seed = c->find.seed;
    spec.seeds = c->find.seeds;
    if (!line_up(c, scene, &err) || !race_start(r, scene, &spec, &err))
        return fail(c, &err);
    while (race_advance(r, SLICE))
        tell_progress(race_progress(r), false);
    tell_progress(1, true);
    if (c->format->draw)
        put_table(r);
    else if (!put_csv(r))
        return cli_close(EXIT_NOT);
    return cli_close(EXIT_HOLDS);
}

int cli_race(const Cli *c)
{
    Race *r = malloc(sizeof *r);
    Scene *scene = malloc(sizeof *scene);
    bool room = r && race_init(r) && scene;
    int status = EXIT_NOT;
    if (room)
        status = race(c, r, scene);
    else
        fprintf(stderr, "etascope: out of memory\n");
    if (r)
        race_release(r);
    free(r);
    free(scene);
    return status;
}
