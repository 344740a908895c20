/* SPDX-License-Identifier: MIT
 * verdicts: the words of runs, for verdicts.py, which classifies the same runs by itself.
 *
 *     verdicts < scenes > rows      each line of scenes is a scene
 *     verdicts --words SCENE...     the words of each row, for people: a name or a line of a scene
 * For each scene: doubles N, T, the window (x0, x1, y0, y1), then N rows of COLUMNS doubles: x, y,
 * loss, gx, gy (as used), eta, eta_x, eta_y, best, noisy, rises (the rate does, later), word. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/named.h"
#include "core/verdict.h"

static Scene scene;

static Timeline *run_of(const char *text)
{
    const NamedScene *named = named_find(text, strlen(text));
    Error err = {0};
    Timeline *t = timeline_new();
    scene_default(&scene);
    if (!(named ? named_load(named, &scene, &err) : scene_parse(&scene, text, NULL, &err)) ||
        !timeline_set(t, &scene, &err)) {
        fprintf(stderr, "verdicts: %s: %s\n", text, err.message);
        timeline_free(t);
        return NULL;
    }
    while (timeline_advance(t, 1000000))
        continue;
    return t;
}

/* At the row itself, of the plan in force there. */
static double rate_of(const Timeline *t, long row, long step)
{
    const Rate *r = timeline_rate(t, row);
    return r->schedule && !r->schedule->eta ? timeline_rows(t)[row].eta : rate_at(r, step, NULL);
}

static void write_rows(const Timeline *t)
{
    static CriticalSet known;
    const Row *rows = timeline_rows(t);
    Window w = timeline_window(t);
    double n = (double)timeline_last(t) + 1;
    double head[] = {n, (double)timeline_steps(t), w.lo.x, w.hi.x, w.lo.y, w.hi.y};
    fwrite(head, sizeof head, 1, stdout);
    critical_start(&known);
    for (long i = 0; i <= timeline_last(t); i++) {
        Verdict v;
        const Row *r = &rows[i];
        double next = rate_of(t, i, i + 1);
        bool noisy = timeline_noise(t, i) > 0 || !isnan(r->batch_loss);
        verdict_at(t, i, w, critical_known(NULL, &known, t, i), &v);
        double row[] = {r->at.x,   r->at.y, r->loss, r->g.x, r->g.y,        r->eta,
                        r->rate.x, r->rate.y, r->best, noisy,  next, (double)v.outcome};
        fwrite(row, sizeof row, 1, stdout);
    }
}

/* "0-9 moving, 10-300 global minimum" */
static void say_words(const char *text)
{
    static CriticalSet known;
    Timeline *t = run_of(text);
    long from = 0;
    Verdict before = {.outcome = OUTCOME_MOVING};
    if (!t)
        return;
    printf("%s (T %ld):", text, timeline_steps(t));
    critical_start(&known);
    for (long i = 0; i <= timeline_last(t); i++) {
        Verdict v;
        verdict_at(t, i, timeline_window(t), critical_known(NULL, &known, t, i), &v);
        if (i > 0 && v.outcome != before.outcome) {
            printf(" %ld-%ld %s;", from, i - 1, outcomes[before.outcome].word);
            from = i;
        }
        before = v;
    }
    printf(" %ld-%ld %s: %s\n", from, timeline_last(t), outcomes[before.outcome].word, before.reason);
    timeline_free(t);
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc > 1 && strcmp(argv[1], "--words") == 0) {
        for (int i = 2; i < argc; i++)
            say_words(argv[i]);
        for (int i = 0; argc == 2 && i < named_count(); i++)
            say_words(named_row(i)->id);
        return 0;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        Timeline *t = run_of(line);
        if (!t)
            return 1;
        write_rows(t);
        timeline_free(t);
    }
    return 0;
}
