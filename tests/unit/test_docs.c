/* SPDX-License-Identifier: MIT
 * test_docs: what the README and the glossary say is so. Runs from the top of the repository. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/app.h"
#include "app/line.h"
#include "app/views.h"
#include "base/text.h"
#include "cli/cli.h"
#include "core/named.h"

enum { LINE = 400 };

static char *readme; /* all of README.md */
static int wrong;    /* findings are told, then the test fails once */

static char *slurp(const char *path)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t room = 1 << 20;
    char *text = malloc(room);
    assert_non_null(text);
    size_t n = fread(text, 1, room - 1, in);
    text[n] = '\0';
    fclose(in);
    return text;
}

static void tell(const char *what, const char *which)
{
    print_error("%s: %s\n", what, which);
    wrong++;
}

static bool next_line(const char **at, char line[LINE])
{
    size_t n = strcspn(*at, "\n");
    if (!**at)
        return false;
    snprintf(line, LINE, "%.*s", (int)n, *at);
    *at += n + ((*at)[n] == '\n');
    return true;
}

static bool readme_has(const char *quoted)
{
    char code[120];
    snprintf(code, sizeof code, "`%s`", quoted);
    return strstr(readme, code) != NULL;
}

/* --- keys --- */

static bool is_key(const char *name)
{
    char known[16];
    for (int t = 0; views[0]->keys[t]; t++)
        for (const Binding *b = views[0]->keys[t]; b->line; b++) {
            key_name(b->key, known);
            if (strcmp(known, name) == 0)
                return true;
        }
    return false;
}

/* The table has every key of the stage, in rows "| `k` `K` | what |", and no others. */
static void keys_are_told(void **state)
{
    (void)state;
    char name[16];
    char line[LINE];
    wrong = 0;
    for (int t = 0; views[0]->keys[t]; t++)
        for (const Binding *b = views[0]->keys[t]; b->line; b++) {
            key_name(b->key, name);
            if (!(b->key > '1' && b->key < '9') && !readme_has(name))
                tell("README has no key", name);
        }
    const char *at = strstr(readme, "## Keys");
    assert_non_null(at);
    while (next_line(&at, line) && strncmp(line, "## Scenes", 9) != 0) {
        char *cell = line[0] == '|' ? line + 1 : NULL;
        char *end = cell ? strchr(cell, '|') : NULL;
        if (!end)
            continue;
        *end = '\0';
        for (char *from = strchr(cell, '`'); from; from = strchr(from, '`')) {
            char *to = strchr(++from, '`');
            assert_non_null(to);
            *to = '\0';
            if (!is_key(from))
                tell("not a key of the stage", from);
            from = to + 1;
        }
    }
    assert_int_equal(wrong, 0);
}

/* --- files --- */

/* Every src/FOLDER/FILE.[ch] stands in the README as `FOLDER/FILE`. */
static void files_are_told(void **state)
{
    (void)state;
    wrong = 0;
    DIR *top = opendir("src");
    assert_non_null(top);
    for (struct dirent *f; (f = readdir(top)) != NULL;) {
        char folder[300];
        snprintf(folder, sizeof folder, "src/%s", f->d_name);
        DIR *in = f->d_name[0] == '.' || strchr(f->d_name, '.') ? NULL : opendir(folder);
        for (struct dirent *e; in && (e = readdir(in)) != NULL;) {
            const char *dot = strrchr(e->d_name, '.');
            char name[80];
            if (!dot || dot == e->d_name || (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0))
                continue;
            snprintf(name, sizeof name, "%.30s/%.*s", f->d_name, (int)(dot - e->d_name), e->d_name);
            if (!readme_has(name))
                tell("README's tour of the source lacks", name);
        }
        if (in)
            closedir(in);
    }
    closedir(top);
    assert_true(readme_has("main"));
    assert_int_equal(wrong, 0);
}

/* And what it lists is there. */
static void told_files_exist(void **state)
{
    (void)state;
    static const char *const kinds[] = {"c", "h"};
    char line[LINE];
    wrong = 0;
    const char *at = strstr(readme, "## The source");
    assert_non_null(at);
    while (next_line(&at, line) && strncmp(line, "## Add", 6) != 0) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "  - `", 5) != 0 || !colon)
            continue;
        *colon = '\0';
        for (char *from = strtok(line, "`"); from; from = strtok(NULL, "`")) {
            bool there = !strchr(from, '/');
            for (int k = 0; k < 2; k++) {
                char path[LINE + 16];
                snprintf(path, sizeof path, "src/%s.%s", from, kinds[k]);
                FILE *f = fopen(path, "rb");
                there |= f != NULL;
                if (f)
                    fclose(f);
            }
            if (!there)
                tell("README tells of a file that is not there", from);
        }
    }
    assert_int_equal(wrong, 0);
}

/* Pictures and links. */
static void links_lead_somewhere(void **state)
{
    (void)state;
    int count = 0;
    for (const char *at = strstr(readme, "]("); at; at = strstr(at + 2, "](")) {
        char path[LINE];
        snprintf(path, sizeof path, "%.*s", (int)strcspn(at + 2, ")"), at + 2);
        FILE *f = fopen(path, "rb");
        if (!f)
            fail_msg("README links to '%s'", path);
        fclose(f);
        count++;
    }
    assert_true(count >= 3);
}

/* --- examples --- */

enum { ARGS = 32 };

/* As a shell would: words, quotes taken off, up to a pipe, a redirection or a comment. */
static int split(char *line, char *argv[ARGS])
{
    int argc = 0;
    char *to = line;
    for (char *at = line; *at && argc < ARGS - 1;) {
        while (*at == ' ')
            at++;
        if (!*at || strchr("|>#", *at))
            break;
        argv[argc++] = to;
        char quote = 0;
        for (; *at && (quote || *at != ' '); at++) {
            if (quote ? *at == quote : *at == '\'' || *at == '"')
                quote = quote ? 0 : *at;
            else
                *to++ = *at;
        }
        at += *at == ' ';
        *to++ = '\0';
    }
    argv[argc] = NULL;
    return argc;
}

/* The program would take this command line. */
static void example_works(const char *text)
{
    char line[LINE];
    char *argv[ARGS];
    Error err = {0};
    Cli *c = malloc(sizeof *c);
    assert_non_null(c);
    snprintf(line, sizeof line, "%s", text);
    bool ok = cli_parse(c, split(line, argv), argv, &err);
    if (ok && (c->verb == VERB_SHOW || c->verb == VERB_RUN || c->verb == VERB_STAGE)) {
        AppOptions options = {.scene = c->has_scene ? &c->scene : NULL, .paused = true};
        App *app = app_new(&options, &err);
        if (app)
            app_resize(app, c->cols, c->rows);
        ok = app && cli_exec(c, app, &err);
        app_free(app);
    }
    if (!ok) {
        error_print(&err, stderr);
        tell("README's example fails", text);
    }
    free(c);
}

static void examples_work(void **state)
{
    (void)state;
    char line[LINE];
    int count = 0;
    wrong = 0;
    for (const char *at = readme; next_line(&at, line);) {
        if (strncmp(line, "    etascope ", 13) == 0) {
            example_works(line + 4);
            count++;
        }
    }
    assert_true(count >= 10);
    assert_int_equal(wrong, 0);
}

/* The scene file that stands there as a block. */
static void scene_block_parses(void **state)
{
    (void)state;
    char text[2000] = "";
    char line[LINE];
    Error err = {0};
    const char *at = strstr(readme, "    surface=");
    assert_non_null(at);
    while (next_line(&at, line) && strncmp(line, "    ", 4) == 0)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s\n", line + 4);
    Scene *s = malloc(sizeof *s);
    assert_non_null(s);
    scene_default(s);
    if (!scene_parse(s, text, "", &err))
        fail_msg("%s", err.message);
    free(s);
}

/* --- glossary --- */

/* "term: meaning (SCENE)", at most 150 characters, in order, each scene known. */
static void glossary_is_sound(void **state)
{
    (void)state;
    char *text = slurp("assets/glossary.txt");
    char line[LINE];
    char last[80] = "";
    int count = 0;
    wrong = 0;
    for (const char *at = text; next_line(&at, line);) {
        char *colon = strstr(line, ": ");
        char *open = strrchr(line, '(');
        size_t length = strlen(line);
        if (line[0] == '#')
            continue;
        if (!colon || colon - line > 39 || !open || line[length - 1] != ')' || open < colon) {
            tell("not 'term: meaning (SCENE)'", line);
            continue;
        }
        if (utf8_count(line, length) > 150)
            tell("longer than 150 characters", line);
        if (!named_find(open + 1, (size_t)(line + length - 1 - open - 1)))
            tell("no such scene", line);
        *colon = '\0';
        if (strcasecmp(last, line) >= 0)
            tell("not in alphabetical order", line);
        snprintf(last, sizeof last, "%.79s", line);
        count++;
    }
    free(text);
    assert_in_range(count, 60, 119); /* the overlay holds 120 */
    assert_int_equal(wrong, 0);
}

static void glossary_is_whole(void **state)
{
    (void)state;
    static const char *const terms[] = {
        "hyperparameter", "weight", "bias", "iteration", "epoch", "loss", "convergence",
        "convergence speed", "stability", "accuracy", "generalization", "fine-tuning", "annealing",
        "plateau", "moving average", "learning rate", "schedule", "decay", "warm-up", "warm restart",
        "cycle", "step", "batch", "gradient", "slope", "Hessian", "curvature", "overshoot",
        "oscillate", "diverge", "settle", "saddle", "valley", "local minimum", "global minimum",
        "basin", "sharp minimum", "flat minimum", "momentum", "adaptive", "effective rate",
        "bias correction", "noise", "noise floor", "seed", "held-out loss", "overfitting",
        "underfitting", "grid search", "range test", "horizon", "ghost", "pin", "ruler", "hop",
        "lens", "optimizer",
    };
    char *text = slurp("assets/glossary.txt");
    wrong = 0;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        char start[80];
        snprintf(start, sizeof start, "\n%s: ", terms[i]);
        if (!strstr(text, start))
            tell("the glossary lacks", terms[i]);
    }
    free(text);
    assert_int_equal(wrong, 0);
}

static int setup(void **state)
{
    (void)state;
    readme = slurp("README.md");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(readme);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_told),      cmocka_unit_test(files_are_told),
        cmocka_unit_test(told_files_exist),   cmocka_unit_test(links_lead_somewhere),
        cmocka_unit_test(examples_work),      cmocka_unit_test(scene_block_parses),
        cmocka_unit_test(glossary_is_sound),  cmocka_unit_test(glossary_is_whole),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
