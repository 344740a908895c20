/* SPDX-License-Identifier: MIT
 * check: proves lessons (lessons/README.md, "What is proved"), or one run against a goal. */
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

/* ---- one run ------------------------------------------------------------------------------ */

static void print_conditions(Attempt *a)
{
    char text[200];
    for (int i = 0; i < a->conditions; i++) {
        Text out = text_over(text, sizeof text);
        phrase_condition(&a->condition[i], &out);
        printf("%s %s\n", a->condition[i].met ? "[x]" : "[ ]", text);
    }
}

/* A seeded goal asks for every seed. */
static bool run_all_seeds(Attempt *a, Scene *scene, Error *err)
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
        if (!attempt_passed(a) && g->seeded)
            printf("seed %llu:\n", (unsigned long long)seed);
        if (!attempt_passed(a) || seed == last)
            print_conditions(a);
        if (seed == last || !all)
            break;
    }
    a->held = all;
    return true;
}

static bool read_scene(const char *line, Scene *scene, Error *err)
{
    const NamedScene *row = named_find(line, strlen(line));
    scene_default(scene);
    if (row ? named_load(row, scene, err) : scene_parse(scene, line, NULL, err))
        return true;
    error_in(err, "--run");
    return false;
}

int check_run(const char *line, const char *goal)
{
    Error err = {.line = 0};
    Attempt *a = malloc(sizeof *a);
    Scene *scene = malloc(sizeof *scene);
    int status = EXIT_INPUT;
    if (!a || !scene || !attempt_open(a)) {
        fprintf(stderr, "etascope: out of memory\n");
        free(a);
        free(scene);
        return EXIT_INPUT;
    }
    bool ok = read_scene(line, scene, &err);
    if (ok && !attempt_goal(a, goal, &err)) {
        error_in(&err, "--goal");
        ok = false;
    }
    if (ok && run_all_seeds(a, scene, &err)) {
        bool met = attempt_passed(a);
        printf("%s: %s\n", met ? "the goal is met" : "the goal is not met", goal);
        status = cli_close(met ? EXIT_HOLDS : EXIT_NOT);
    } else {
        error_in(&err, "--run");
        error_print(&err, stderr);
    }
    attempt_close(a);
    free(a);
    free(scene);
    return status;
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
        return check_run(c->run, c->goal);
    if (c->run || c->goal) {
        fprintf(stderr, "etascope: command line:1:1: --run and --goal belong together\n");
        return EXIT_INPUT;
    }
    return check_lessons(&o);
}
