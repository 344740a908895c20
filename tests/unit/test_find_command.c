/* SPDX-License-Identifier: MIT
 * test_find_command: what `etascope find` prints: the numbers of lab/find and lab/range, as CSV and
 * in words; pictures in every format; refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/text.h"
#include "lab/find.h"
#include "lab/range.h"
#include "out/format.h"

#include "command.h"

/* A named find, as the program itself would do it. */
typedef struct Named {
    Scene scene;
    FindSpec spec;
} Named;

static Named *named_of(const char *id)
{
    Error err = {0};
    Named *n = malloc(sizeof *n);
    assert_non_null(n);
    find_spec_default(&n->spec);
    assert_true(find_named_load(find_named(id, strlen(id)), &n->scene, &n->spec, &err));
    return n;
}

static const char *number(double v, char text[40])
{
    snprintf(text, 40, isnan(v) ? "nan" : "%.17g", v);
    return text;
}

/* The text begins with this; returns what is behind it. */
static const char *expect_text(const char *at, const char *format, ...)
{
    char want[4000];
    va_list args;
    va_start(args, format);
    vsnprintf(want, sizeof want, format, args);
    va_end(args);
    if (strncmp(at, want, strlen(want)) != 0)
        fail_msg("not '%s' but '%.*s'", want, (int)strcspn(at, "\n"), at);
    return at + strlen(want);
}

static const char *event_of(const FindRun *r)
{
    return r->end.events & ROW_DIVERGED    ? "diverged"
           : r->end.events & ROW_UNDEFINED ? "undefined"
                                           : "";
}

static const char *expect_scene(const char *at, const Scene *s)
{
    static char line[SCENE_LINE];
    Text t = text_over(line, sizeof line);
    scene_print(s, true, &t);
    return expect_text(at, "# etascope find scene: %s\n", line);
}

static void expect_runs(const char *at, const Find *f)
{
    char n[5][40];
    at = expect_scene(at, &f->scene);
    at = expect_text(at, "schedule,eta,seed,value,loss,x,y,steps,event\n");
    for (int i = 0; i < f->lines; i++)
        for (int k = 0; k < f->etas; k++)
            for (int s = 0; s < f->seeds; s++) {
                const FindRun *r = find_run(f, i, k, s);
                at = expect_text(at, "\"%s\",%s,%llu,%s,%s,%s,%s,%ld,%s\n", f->line[i].label,
                                 number(f->eta[k], n[0]),
                                 (unsigned long long)(f->spec.seed + (uint64_t)s),
                                 number(r->value, n[1]), number(r->end.loss, n[2]),
                                 number(r->end.at.x, n[3]), number(r->end.at.y, n[4]), r->end.row,
                                 event_of(r));
            }
    assert_string_equal(at, "");
}

/* L1 diverges on its right, L2 has jitter, L9 noise and a schedule of its own. */
static void csv_has_every_run(void **state)
{
    (void)state;
    static const char *const ids[] = {"L1", "L2", "L9"};
    Find *f = malloc(sizeof *f);
    assert_non_null(f);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        Error err = {0};
        Named *n = named_of(ids[i]);
        assert_true(find_init(f));
        assert_true(find_start(f, &n->scene, &n->spec, &err));
        while (find_advance(f, 1000000))
            ;
        Result r = RUN("find", ids[i], "--format=csv");
        expect_ok(&r);
        expect_runs(r.out, f);
        forget(&r);
        find_release(f);
        free(n);
    }
    free(f);
}

static void expect_points(const char *at, const RangeTest *t)
{
    char n[3][40];
    at = expect_scene(at, t->scene);
    for (int k = 0; k < RANGE_RULES; k++)
        at = expect_text(at, "# %s: %s median %s\n", range_rules[k].name,
                         number(t->rule[k].eta, n[0]), number(t->rule[k].mid, n[1]));
    at = expect_text(at, "# limit: %s\neta,loss,smoothed\n", number(t->limit_start, n[0]));
    for (long i = 0; i < t->points; i++)
        at = expect_text(at, "%s,%s,%s\n", number(t->point[i].eta, n[0]),
                         number(t->point[i].loss, n[1]), number(t->point[i].smooth, n[2]));
    assert_string_equal(at, "");
}

static void csv_has_the_range_test(void **state)
{
    (void)state;
    Error err = {0};
    RangeTest t;
    Named *n = named_of("M1");
    assert_true(range_init(&t));
    assert_true(range_start(&t, &n->scene, &n->spec, &err));
    while (range_advance(&t, 1000000))
        ;
    Result r = RUN("find", "M1", "--format=csv");
    expect_ok(&r);
    expect_points(r.out, &t);
    forget(&r);
    range_release(&t);
    free(n);
}

static void expect_words(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strstr(text, *words))
            fail_msg("'%s' is not in\n%s", *words, text);
}

#define EXPECT_WORDS(text, ...) expect_words(text, (const char *const[]){__VA_ARGS__, NULL})

static void words_under_the_chart(void **state)
{
    (void)state;
    Result r = RUN("find", "L1", "--size=80x20");
    expect_ok(&r);
    EXPECT_WORDS(r.out, "Grid search on a log scale", find_named("L1", 2)->note,
                 "9 rates x 1 schedule x 1 run x 100 steps: ", "(one search of one schedule: 900)",
                 "good: final loss < 0.1\n", "the grid's step is 0.5 decades");
    forget(&r);
    r = RUN("find", "--surface=bowl20", "--at=5 eta0=0.1", "--eta=0.01:0.02:x10", "--steps=20",
            "--schedules=constant", "--seeds=1..2", "--noise=1");
    expect_ok(&r);
    EXPECT_WORDS(r.out, "which rate?", "1 rate x 1 schedule x 2 runs x 20 steps: ",
                 "the scene's edits are left out");
    assert_null(strstr(r.out, "the grid's step"));
    forget(&r);
    r = RUN("find", "--scene=B1", "--eta=0.01:1:9", "--schedules=constant,cosine");
    expect_ok(&r);
    EXPECT_WORDS(r.out, "9 rates x 2 schedules x 1 run", "(nine tenths of the way, in log, from");
    forget(&r);
    r = RUN("find", "--scene=B1", "--eta=0.01:1:9", "--schedules=constant,triangular",
            "--size=120x26"); /* whose largest rate is not the one on the axis says so */
    expect_ok(&r);
    EXPECT_WORDS(r.out, "decades (largest η: 60 times that)");
    forget(&r);
    r = RUN("find", "--range");
    expect_ok(&r);
    EXPECT_WORDS(r.out, "range test", "400 gradient evaluations\n");
    for (int k = 0; k < RANGE_RULES; k++)
        EXPECT_WORDS(r.out, range_rules[k].text);
    forget(&r);
    r = RUN("find", "M1");
    expect_ok(&r);
    EXPECT_WORDS(r.out, find_named("M1", 2)->title, find_named("M1", 2)->note);
    forget(&r);
}

/* A figure is a whole file: it ends with its own last line. */
static void every_format_draws(void **state)
{
    (void)state;
    static const char *const ranges[] = {"--eta=0.01:1:3", "--range"};
    for (size_t i = 0; i < 2; i++)
        for (const Format *const *f = formats; *f; f++) {
            if ((*f)->film) /* of a run, not of a search */
                continue;
            Result r = RUN("find", ranges[i], "--steps=12", "--size=60x18", "--format", (*f)->name);
            expect_ok(&r);
            bool words = strstr(r.out, "gradient evaluations") != NULL;
            assert_int_equal(words, (*f)->draw && !(*f)->figure);
            forget(&r);
        }
    Result r = RUN("find", "--range", "--steps=12", "--format=svg");
    assert_string_equal(r.out + r.out_size - 7, "</svg>\n");
    forget(&r);
    r = RUN("find", "--steps=12", "--eta=0.01:1:3", "--ascii", "--format=ansi", "--color=mono");
    expect_ok(&r);
    for (const char *c = r.out; *c != '\n'; c++)
        assert_true((unsigned char)*c < 0x80);
    forget(&r);
}

static void refusals(void **state)
{
    (void)state;
    expect_error(RUN("find", "B1"), "etascope: command line:1:1: unknown find 'B1' (did you mean 'L1'?)\n");
    expect_error(RUN("find", "--eta=5:1:3"),
                 "etascope: --eta:1:1: '5:1:3' is empty: LO < HI is needed\n");
    expect_error(RUN("find", "--format=gif"),
                 "etascope: --format:1:1: unknown format 'gif' (there are ansi, csv, png, svg, text)\n");
    for (int range = 0; range < 2; range++) {
        Result r = RUN("find", "--surface=log(x)", "--start=-1,0", range ? "--range" : "--paused");
        assert_int_equal(r.status, 2);
        assert_string_equal(r.out, "");
        assert_non_null(strstr(r.err, "lies in a hole"));
        forget(&r);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_has_every_run),     cmocka_unit_test(csv_has_the_range_test),
        cmocka_unit_test(words_under_the_chart), cmocka_unit_test(every_format_draws),
        cmocka_unit_test(refusals),
    };
    (void)argc;
    find_program(argv[0]);
    return cmocka_run_group_tests_name("etascope find", tests, make_folder, remove_folder);
}
