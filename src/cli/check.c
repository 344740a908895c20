/* SPDX-License-Identifier: MIT
 * check: proves lessons (lessons/README.md, "What is proved"), or asks whether runs meet a goal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check.h"
#include "cli/cli.h"
#include "core/named.h"
#include "store/file.h"
#include "teach/attempt.h"
#include "teach/claims.h"
#include "teach/proof.h"
#include "teach/phrases.h"

static void print_line(void *ctx, const char *line)
{
    (void)ctx;
    puts(line);
}

static void print_errors(const ErrorList *list)
{
    char line[700];
    for (int i = 0; i < list->count; i++) {
        Text out = text_over(line, sizeof line);
        errors_line(&list->item[i], &out);
        fprintf(stderr, "etascope: %s\n", line);
    }
    if (list->dropped)
        fprintf(stderr, "etascope: %d more are not shown\n", list->dropped);
}

/* ---- runs --------------------------------------------------------------------------------- */

enum { COMMAND_WORDS = 200 };

/* Cut a shell's line into words, in place: blanks part them, quotes of both kinds are taken away.
 */
static int split_command(char *line, char *word[COMMAND_WORDS])
{
    int n = 0;
    char *to = line;
    for (char *at = line + strspn(line, " \t\n"); *at && n < COMMAND_WORDS;
         at += strspn(at, " \t\n")) {
        char quote = 0;
        char *begin = to;
        for (; *at && (quote || !strchr(" \t\n", *at)); at++)
            if (*at == quote)
                quote = 0;
            else if (!quote && (*at == '\'' || *at == '"'))
                quote = *at;
            else
                *to++ = *at;
        at += *at != '\0';
        *to++ = '\0';
        word[n++] = begin;
    }
    return n;
}

/* The line that the stage prints on quitting: "etascope --surface=... --at='...'". */
static bool read_command(const char *line, Scene *scene, Error *err)
{
    char *copy = malloc(strlen(line) + 2);
    Cli *c = malloc(sizeof *c);
    char *word[COMMAND_WORDS];
    bool ok = copy && c;
    if (ok) {
        memcpy(copy, line, strlen(line) + 1);
        ok = cli_parse(c, split_command(copy, word), word, err);
        ok = ok && (c->verb == VERB_STAGE || error_set(err, 1, 1, "this is no command of a run"));
    } else {
        error_set(err, 1, 1, "out of memory");
    }
    if (ok)
        scene_copy(scene, &c->scene);
    free(copy);
    free(c);
    return ok;
}

static bool read_scene_file(const char *path, Scene *scene, Error *err)
{
    char folder[SCENE_PATH] = "";
    char *text;
    size_t size;
    const char *slash = strrchr(path, '/');
    if (!file_read(path, SCENE_FILE_MOST, &text, &size, err))
        return false;
    if (slash && (size_t)(slash - path) < sizeof folder)
        memcpy(folder, path, (size_t)(slash - path));
    bool ok = scene_parse(scene, text, folder, err);
    free(text);
    if (!ok)
        error_in(err, path);
    return ok;
}

/* A named scene, with words that override it; a scene file; the command that the stage prints on
 * quitting; or the words of a scene. */
static bool read_scene(const char *line, Scene *scene, Error *err)
{
    size_t first = strcspn(line, " \t;");
    const NamedScene *row = named_find(line, first);
    FILE *file = !row && !line[first] && !strchr(line, '=') ? fopen(line, "rb") : NULL;
    bool ok;
    scene_default(scene);
    if (file)
        fclose(file);
    if (file)
        ok = read_scene_file(line, scene, err);
    else if (strncmp(line, "etascope ", 9) == 0)
        ok = read_command(line, scene, err);
    else
        ok = (!row || named_load(row, scene, err)) &&
             scene_parse(scene, row ? line + first : line, NULL, err);
    if (!ok && row)
        error_shift(err, 1, (long)first + 1);
    if (!ok)
        error_in(err, "--run");
    return ok;
}

static void print_conditions(Attempt *a)
{
    char text[200];
    for (int i = 0; i < a->conditions; i++) {
        Text out = text_over(text, sizeof text);
        phrase_condition(&a->condition[i], &out);
        printf("%s %s\n", a->condition[i].met ? "[x]" : "[ ]", text);
    }
}

/* A seeded goal asks for every seed. `whole`: the conditions are printed. */
static bool run_all_seeds(Attempt *a, Scene *scene, bool whole, Error *err)
{
    const Goal *g = &a->goal[0];
    bool all = true;
    uint64_t first = g->seeded ? g->seed_first : scene->seed;
    uint64_t last = g->seeded ? g->seed_last : scene->seed;
    for (uint64_t seed = first;; seed++) {
        if (g->seeded) {
            scene->seed = seed;
            scene->given |= 1u << SCENE_SEED;
        }
        attempt_begin(a);
        if (!attempt_run(a, scene, err))
            return false;
        all = all && attempt_passed(a);
        if (whole && !attempt_passed(a) && g->seeded)
            printf("seed %llu:\n", (unsigned long long)seed);
        if (whole && (!attempt_passed(a) || seed == last))
            print_conditions(a);
        if (seed == last || !all)
            break;
    }
    a->held = all;
    return true;
}

/* What the run came to, in words: it has just been made. */
static void print_verdict(Attempt *a)
{
    CriticalSet known;
    Verdict v;
    long last = timeline_last(a->run);
    critical_start(&known);
    verdict_at(a->run, last, timeline_window(a->run), critical_known(NULL, &known, a->run, last),
               &v);
    printf("%s%s: %s\n", outcomes[v.outcome].lead, outcomes[v.outcome].word, v.reason);
}

/* One run, told on a line of its own. */
static int judge_run(Attempt *a, Scene *scene, const char *line, const char *goal, bool alone,
                     Error *err)
{
    if (!run_all_seeds(a, scene, alone, err)) {
        error_in(err, "--run");
        return EXIT_INPUT;
    }
    bool met = attempt_passed(a);
    if (alone)
        printf("%s: %s; ", met ? "the goal is met" : "the goal is not met", goal);
    else
        printf("%s: the goal is %s; ", line, met ? "met" : "not met");
    print_verdict(a);
    return met ? EXIT_HOLDS : EXIT_NOT;
}

int check_runs(const char *first, char *const *more, int count, const char *goal)
{
    Error err = {.line = 0};
    Attempt *a = malloc(sizeof *a);
    Scene *scene = malloc(sizeof *scene);
    int status = EXIT_HOLDS;
    if (!a || !scene || !attempt_open(a)) {
        fprintf(stderr, "etascope: out of memory\n");
        free(a);
        free(scene);
        return EXIT_INPUT;
    }
    bool ok = attempt_goal(a, goal, &err);
    if (!ok)
        error_in(&err, "--goal");
    for (int i = 0; ok && i < count; i++) /* nothing is begun before all can be read */
        ok = read_scene(i ? more[i - 1] : first, scene, &err);
    for (int i = 0; ok && i < count; i++) {
        const char *line = i ? more[i - 1] : first;
        int one = read_scene(line, scene, &err) ? judge_run(a, scene, line, goal, count == 1, &err)
                                                : EXIT_INPUT;
        ok = one != EXIT_INPUT;
        status = one > status ? one : status;
    }
    if (!ok)
        error_print(&err, stderr);
    attempt_close(a);
    free(a);
    free(scene);
    return ok ? cli_close(status) : EXIT_INPUT;
}

/* ---- lessons ------------------------------------------------------------------------------ */

static bool read_lesson(const char *path, Course *c, ErrorList *list)
{
    Error err = {.line = 0};
    char *text;
    size_t size;
    if (!file_read(path, LESSON_SIZE, &text, &size, &err)) {
        errors_add(list, false, path, 0, 0, "%s", err.message);
        return false;
    }
    Lesson *l = lesson_parse(path, text, list);
    free(text);
    if (l && course_find(c, l->id, strlen(l->id)) >= 0) {
        errors_add(list, false, path, l->id_line, 1, "a second lesson '%.60s'", l->id);
        free(l);
        return true;
    }
    if (l && !course_add(c, l)) {
        errors_add(list, false, path, 0, 0, "out of memory");
        free(l);
    }
    return l != NULL;
}

/* Built-in lessons take their place in the course, so that @from and needs= lead there; a file with
 * the id of one stands in its stead, others come behind. */
static void join_embedded(Course *files, ErrorList *list)
{
    Course all = {.count = 0};
    course_embedded(&all, list);
    for (int i = 0; i < files->count; i++) {
        Lesson *l = files->lesson[i];
        if (course_join(&all, l) >= 0)
            continue;
        errors_add(list, false, l->file, 0, 0, "out of memory");
        free(l);
    }
    free(files->lesson);
    *files = all;
}

static bool is_asked(const Lesson *l, const CheckOptions *o)
{
    for (int i = 0; i < o->files; i++)
        if (strcmp(l->file, o->file[i]) == 0)
            return true;
    return o->files == 0;
}

static void check_course(Course *c, const CheckOptions *o, ErrorList *list)
{
    ProofSink sink = {NULL, o->quiet ? NULL : print_line, list};
    int before = list->errors;
    for (int i = 0; i < c->count; i++) {
        const Lesson *l = c->lesson[i];
        if (!is_asked(l, o))
            continue;
        printf("%s: %s (%d steps)\n", l->file, l->title, l->steps);
        if (proof_lesson(l, -1, &sink))
            printf("%s: proved\n", l->file);
        else
            printf("%s: NOT proved\n", l->file);
    }
    if (o->files == 0 && list->errors == before)
        proof_claims(c, list);
}

int check_lessons(const CheckOptions *o)
{
    ErrorList *list = malloc(sizeof *list);
    Course c = {.count = 0};
    if (!list) {
        fprintf(stderr, "etascope: out of memory\n");
        return EXIT_INPUT;
    }
    errors_start(list);
    for (int i = 0; i < o->files; i++)
        read_lesson(o->file[i], &c, list);
    bool readable = list->errors == 0;
    join_embedded(&c, list);
    course_verify(&c, list);
    if (readable) /* else nothing is begun */
        check_course(&c, o, list);
    fflush(stdout);
    print_errors(list);
    int errors = list->errors + (o->strict ? list->warnings : 0);
    fprintf(readable ? stdout : stderr, "%d errors, %d warnings\n", list->errors, list->warnings);
    course_free(&c);
    free(list);
    return cli_close(errors == 0 ? EXIT_HOLDS : readable ? EXIT_NOT : EXIT_INPUT);
}

int cli_check(const Cli *c)
{
    CheckOptions o = {.file = c->word, .files = c->words};
    if (c->run && c->goal)
        return check_runs(c->run, c->word, c->words + 1, c->goal);
    if (c->run || c->goal) {
        fprintf(stderr, "etascope: command line:1:1: --run and --goal belong together\n");
        return EXIT_INPUT;
    }
    return check_lessons(&o);
}
