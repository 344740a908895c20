/* SPDX-License-Identifier: MIT
 * The search for a rate: every value is the timeline's, the scenes L1 to L12d, M1 and M2, slices,
 * settings and their errors, the range test's rules, the pictures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lab/range.h"
#include "view/find_view.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SLOW = 1 }; /* the longest scenes are left to the other builds */
#else
enum { SLOW = 0 };
#endif

static Find *find; /* large: made once */
static Scene *scene;

static int make(void **state)
{
    (void)state;
    find = malloc(sizeof *find);
    scene = malloc(sizeof *scene);
    return !find || !scene || !find_init(find);
}

static int drop(void **state)
{
    (void)state;
    find_release(find);
    free(find);
    free(scene);
    return 0;
}

static void read_scene(const char *text)
{
    Error err = {0};
    scene_default(scene);
    if (!scene_parse(scene, text, NULL, &err))
        fail_msg("%s: %s", text, err.message);
}

static FindSpec settings(const char *first, ...)
{
    FindSpec s;
    Error err = {0};
    va_list args;
    find_spec_default(&s);
    va_start(args, first);
    for (const char *key = first; key; key = va_arg(args, const char *)) {
        const FindKey *k = find_key_find(key, strlen(key));
        const char *value = va_arg(args, const char *);
        assert_non_null(k);
        if (!k->read(&s, value, &err))
            fail_msg("%s %s: %s", key, value, err.message);
    }
    va_end(args);
    return s;
}

static void run_find(const FindSpec *s)
{
    Error err = {0};
    if (!find_start(find, scene, s, &err))
        fail_msg("%s: %s", s->schedules, err.message);
    while (find_advance(find, 1000000))
        ;
}

/* ---- the same bits as the timeline --------------------------------------------------------- */

static void assert_bits(double a, double b, const char *what)
{
    if (memcmp(&a, &b, sizeof a) != 0 && !(isnan(a) && isnan(b)))
        fail_msg("%s: %.17g is not %.17g", what, a, b);
}

static void compare_run(Timeline *t, Scene *point, int line, int eta, int seed)
{
    Error err = {0};
    char what[400];
    const FindRun *r = find_run(find, line, eta, seed);
    find_scene(find, line, eta, seed, point);
    snprintf(what, sizeof what, "%s %s eta %g seed %d", scene_optimizer(point)->name,
             find->line[line].label, find->eta[eta], seed);
    if (!timeline_set(t, point, &err))
        fail_msg("%s: %s", what, err.message);
    timeline_advance(t, 1000000000);
    long last = timeline_last(t);
    const Row *row = &timeline_rows(t)[last];
    assert_bits(r->end.at.x, row->at.x, what);
    assert_bits(r->end.at.y, row->at.y, what);
    assert_bits(r->end.loss, row->loss, what);
    if (find->spec.metric == FIND_BEST)
        assert_bits(r->end.best, row->best, what);
    assert_int_equal(r->end.row, last);
    assert_int_equal(r->end.events, row->events & (ROW_DIVERGED | ROW_UNDEFINED));
    if (find->spec.metric != FIND_TAIL)
        return;
    long tail = last + 1 < 20 ? 1 : (last + 1) / 10;
    double sum = 0;
    for (long i = last - tail + 1; i <= last; i++)
        sum += timeline_rows(t)[i].loss;
    assert_bits(r->end.tail, r->end.events ? (double)INFINITY : sum / (double)tail, what);
}

static void compare_all(const FindSpec *s)
{
    Timeline *t = timeline_new();
    Scene *point = malloc(sizeof *point);
    for (int metric = FIND_FINAL; metric <= FIND_BEST; metric++) {
        FindSpec each = *s;
        each.metric = metric;
        run_find(&each);
        for (int i = 0; i < find->lines; i++)
            for (int k = 0; k < find->etas; k++)
                for (int j = 0; j < find->seeds; j++)
                    compare_run(t, point, i, k, j);
    }
    free(point);
    timeline_free(t);
}

/* All schedules by name, and one typed. */
static const char *all_schedules(void)
{
    static char list[FIND_TEXT];
    Text t = text_over(list, sizeof list);
    for (int i = 0; schedules[i].name && i < FIND_LINES - 1; i++)
        text_add(&t, "%s%s", i ? "," : "", schedules[i].name);
    text_add(&t, ",eta0/max(1,k*t):k=0.1");
    return list;
}

static void test_every_schedule(void **state)
{
    (void)state;
    read_scene("surface=himmelblau start=-1,-4 noise=3 warmup=7 warmup_factor=0.1 steps=140");
    FindSpec s = settings("eta", "1e-4:1:9", "schedules", all_schedules(), "seeds", "7..9", NULL);
    compare_all(&s);
    read_scene("surface=pass noise=0 steps=200 eta0=0.1");
    s = settings("eta", "0.01:10:7", "schedules", "triangular2,cosine_wave,one_cycle,wsd,plateau",
                 "sweep", "max_lr", "jitter", "0.3", "seeds", "1..5", NULL);
    compare_all(&s);
    s = settings("eta", "0.01:10:7", "schedules", "exp_range,triangular", "sweep", "max_lr",
                 "others", "scale", NULL);
    compare_all(&s);
}

static void test_every_optimizer(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        char text[200];
        snprintf(text, sizeof text, "surface=rastrigin optimizer=%s noise=1 steps=90", o->name);
        read_scene(text);
        FindSpec s = settings("eta", "1e-3:30:8", "schedules", "constant,cosine,plateau", "seeds",
                              "1..17", NULL);
        compare_all(&s);
    }
}

static void test_data(void **state)
{
    (void)state;
    static const char *const scenes[] = {
        "surface=line24 start=-1,2 batch=1 steps=130",
        "surface=line24 batch=7 noise=0.5 steps=100 optimizer=momentum",
        "surface=over8 steps=100",
        "surface=sine24 batch=24 steps=80 optimizer=adam",
        "surface='log(x)+y^2' start=0.5,1 window=-1,1,-1,1 steps=50 noise=0.2", /* holes */
    };
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        read_scene(scenes[i]);
        FindSpec s = settings("eta", "1e-3:3:6", "schedules",
                              "constant,plateau:patience=2,plateau:unit=epoch,patience=1,"
                              "step:unit=epoch,step_size=2",
                              "seeds", "3..13", NULL);
        compare_all(&s);
    }
    read_scene("surface=over8 steps=100"); /* what lanes cannot do */
    FindSpec s = settings("eta", "0.1:10:5", "schedules", "constant,plateau:metric=held_out", NULL);
    compare_all(&s);
    assert_true(find->slow);
}

/* A rate at which a typed schedule is illegal: the point is lost, the others are not. */
static void test_refused(void **state)
{
    (void)state;
    read_scene("surface=bowl20 steps=50 eta0=0.01");
    FindSpec s = settings("eta", "0.001:0.1:5", "schedules", "0.02-eta0,constant", NULL);
    run_find(&s);
    assert_true(isinf(find->line[0].mid[4]));
    assert_true(isfinite(find->line[0].mid[0]));
    assert_true(isfinite(find->line[1].mid[3]));
}

/* ---- scenes -------------------------------------------------------------------------------- */

static void load_named(const char *id, FindSpec *s)
{
    Error err = {0};
    const FindNamed *n = find_named(id, strlen(id));
    assert_non_null(n);
    if (!find_named_load(n, scene, s, &err))
        fail_msg("%s: %s", id, err.message);
}

/* Three digits, as the table of shared/scenes.csv prints them. */
static void assert_digits(double v, const char *expected, const char *what)
{
    char text[32];
    snprintf(text, sizeof text, "%.3g", v);
    if (strcmp(text, expected) != 0)
        fail_msg("%s: %s is not %s", what, text, expected);
}

static void test_scenes(void **state)
{
    (void)state;
    static const struct {
        const char *id, *best_eta, *best, *lo, *hi; /* NULL: not told */
        long evaluations;
    } rows[] = {
        {"L1", "0.0316", "0.0129", NULL, NULL, 900},
        {"L2", "1", "3.6e-05", "1", "1", 400},
        {"L3", NULL, "3.6e-05", "0.603", "1.58", 10080},
        {"L4", NULL, "3.6e-05", "0.912", "10", 10080},
        {"L5", NULL, "3.6e-05", "0.692", "10", 10080},
        {"L6", "0.0251", "0.00253", "0.0224", "0.0282", 64320},
        {"L7", "0.0794", "8.99e-06", "0.0355", "0.447", 64320},
        {"L8", "0.178", "2.16e-05", "0.0891", "0.631", 64320},
        {"L9", "0.0891", "4.27e-05", "0.0501", "0.398", 64320},
        {"L10", "0.0447", "0.00229", "0.0398", "0.0562", 64320},
        {"L11", "0.0316", "0.00148", "0.0282", "0.0447", 64320},
        {"L12a", "0.2", "0.125", NULL, NULL, 1488},
        {"L12b", "0.0631", "0.0153", NULL, NULL, 7440},
        {"L12c", "0.0251", "0.00252", NULL, NULL, 29760},
        {"L12d", "0.00631", "0.000227", NULL, NULL, 148800},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        FindSpec s;
        if (SLOW && rows[i].evaluations > 20000)
            continue;
        load_named(rows[i].id, &s);
        run_find(&s);
        const FindSummary *sum = &find->line[0].sum;
        assert_int_equal(find->planned, rows[i].evaluations);
        assert_digits(sum->best_value, rows[i].best, rows[i].id);
        if (rows[i].best_eta)
            assert_digits(find->eta[sum->best], rows[i].best_eta, rows[i].id);
        if (!rows[i].lo)
            continue;
        assert_digits(find->eta[sum->good_lo], rows[i].lo, rows[i].id);
        assert_digits(find->eta[sum->good_hi], rows[i].hi, rows[i].id);
    }
}

/* What must be seen: 0.1 decades beside 1.1, on one axis. */
static void test_side_by_side(void **state)
{
    (void)state;
    FindSpec s;
    load_named("noisy", &s);
    strcpy(s.schedules, "constant,cosine");
    s.sweep[0] = '\0';
    run_find(&s);
    assert_int_equal(find->lines, 2);
    assert_true(fabs(find->line[0].sum.decades - 0.1) < 0.01);
    assert_true(fabs(find->line[1].sum.decades - 1.1) < 0.01);
    char text[200];
    Text t = text_over(text, sizeof text);
    find_say_good(find, 1, &t);
    assert_string_equal(text, "0.0355 to 0.447, 1.10 decades");
}

static void run_range(RangeTest *r, const char *id)
{
    FindSpec s;
    Error err = {0};
    load_named(id, &s);
    assert_true(s.range);
    assert_true(range_start(r, scene, &s, &err));
    double last = 0;
    while (range_advance(r, 500)) {
        assert_true(range_progress(r) >= last);
        last = range_progress(r);
    }
    assert_true(range_progress(r) == 1);
}

static void test_range_scenes(void **state)
{
    (void)state;
    RangeTest r;
    assert_true(range_init(&r));
    run_range(&r, "M1");
    assert_digits(r.rule[RANGE_MINIMUM].mid, "0.0858", "M1");
    assert_digits(r.rule[RANGE_MINIMUM].low, "0.0631", "M1");
    assert_digits(r.rule[RANGE_MINIMUM].high, "0.124", "M1");
    assert_true(fabs(r.limit_minimum - 0.1) < 1e-9 && fabs(r.limit_start - 0.1) < 1e-9);
    run_range(&r, "M2");
    assert_digits(r.rule[RANGE_MINIMUM].eta, "0.479", "M2");
    assert_int_equal(r.evaluations, 300);
    range_release(&r);
}

static void test_named(void **state)
{
    (void)state;
    RangeTest r;
    Error err = {0};
    assert_true(range_init(&r));
    for (int i = 0; i < find_named_count(); i++) {
        FindSpec s;
        const FindNamed *n = find_named_row(i);
        load_named(n->id, &s);
        assert_true(n->title[0]);
        bool ok = s.range ? range_start(&r, scene, &s, &err) : find_start(find, scene, &s, &err);
        if (!ok)
            fail_msg("%s: %s", n->id, err.message);
    }
    assert_true(find_named_count() >= 19);
    assert_null(find_named("L99", 3));
    range_release(&r);
}

/* ---- slices -------------------------------------------------------------------------------- */

static void slices_of(const char *text, const FindSpec *s, long budget)
{
    Error err = {0};
    read_scene(text);
    run_find(s);
    size_t size = sizeof(FindRun) * (size_t)find->total;
    FindRun *whole = malloc(size);
    memcpy(whole, find->run, size);
    FindSummary sum = find->line[1].sum;
    assert_true(find_start(find, scene, s, &err));
    assert_true(find_progress(find) == 0);
    double last = 0;
    while (find_advance(find, budget)) {
        assert_true(find_progress(find) >= last && find_progress(find) < 1);
        last = find_progress(find);
    }
    assert_true(find_progress(find) == 1);
    assert_false(find_advance(find, budget));
    for (long i = 0; i < find->total; i++) {
        assert_bits(whole[i].value, find->run[i].value, "slices");
        assert_bits(whole[i].end.at.x, find->run[i].end.at.x, "slices");
    }
    assert_memory_equal(&sum, &find->line[1].sum, sizeof sum);
    free(whole);
}

static void test_slices(void **state)
{
    (void)state;
    FindSpec s = settings("eta", "1e-3:1:11", "seeds", "1..13", NULL);
    slices_of("surface=himmelblau noise=1 steps=150", &s, 1);
    slices_of("surface=line24 batch=3 steps=150", &s, 777);
    s = settings("eta", "1e-3:1:11", "schedules", "constant,plateau:metric=held_out", NULL);
    slices_of("surface=over8 steps=60", &s, 7);
}

/* ---- settings ------------------------------------------------------------------------------ */

static void test_grid(void **state)
{
    (void)state;
    double eta[FIND_ETAS];
    FindSpec s = settings("eta", "1e-4:1:x3.162", NULL);
    assert_int_equal(find_grid(&s, 1, eta), 9);
    assert_true(eta[0] == 1e-4 && eta[8] == 1 && eta[5] == 0.0316228);
    s = settings("eta", "0.001:2:x1.122", NULL);
    assert_int_equal(find_grid(&s, 1, eta), 67);
    s = settings("eta", "1e-3:10:5", NULL);
    assert_int_equal(find_grid(&s, 1, eta), 5);
    assert_true(eta[1] == 0.01 && eta[4] == 10);
    find_spec_default(&s);
    assert_int_equal(find_grid(&s, 0.05, eta), 41);
    assert_true(eta[0] == 0.0005 && eta[20] == 0.05 && eta[40] == 5);
}

static void test_quantile(void **state)
{
    (void)state;
    double v[] = {4, 1, INFINITY, 2};
    assert_true(find_quantile(v, 4, 0.5) == 3);
    assert_true(find_quantile(v, 4, 0) == 1);
    assert_true(isinf(find_quantile(v, 4, 0.9)) && isinf(find_quantile(v, 4, 1)));
    double w[] = {INFINITY, INFINITY};
    assert_true(isinf(find_quantile(w, 2, 0.5)));
    assert_true(fabs(find_good(10, 1e-9) - 1e-8) < 1e-18);
    assert_true(find_good(10, -5) > -5 && find_good(10, -5) < 10);
    assert_true(find_good(3, 3) == 3);
}

static void test_lists(void **state)
{
    (void)state;
    read_scene("surface=bowl20 schedule=step:gamma=0.3 steps=20");
    FindSpec s = settings("eta", "0.001:0.1:3", "schedules",
                          "step:step_size=5,constant,multistep:milestones=3/9,gamma=0.2,"
                          "min(eta0,0.5/(t+1))", NULL);
    run_find(&s);
    assert_int_equal(find->lines, 4);
    assert_string_equal(find->line[0].label, "step:step_size=5,gamma=0.3");
    assert_string_equal(find->line[2].label, "multistep:milestones=3/9,gamma=0.2");
    s = settings("eta", "0.001:0.1:3", NULL); /* constant and the scene's own */
    run_find(&s);
    assert_int_equal(find->lines, 2);
    assert_string_equal(find->line[1].label, "step:gamma=0.3");
}

static void test_errors(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"eta", "1"}, {"eta", "1:0.1"}, {"eta", "0:1"}, {"eta", "-1:1"}, {"eta", "1e-4:1:1"},
        {"eta", "1e-4:1:2.5"}, {"eta", "1e-4:1:402"}, {"eta", "1e-4:1:x1"},
        {"eta", "1e-4:1:x1.001"},
        {"eta", "nan:1"}, {"eta", "1:inf"}, {"eta", ""}, {"seeds", "3..1"}, {"seeds", "a..b"},
        {"seeds", "1..10001"}, {"seeds", ""}, {"seeds", "99999999999999999999"}, {"metric", "tial"},
        {"good", "x"}, {"good", "nan"}, {"share", "0"}, {"share", "1.5"}, {"jitter", "-1"},
        {"others", "no"}, {"beta", "1"}, {"range", "maybe"},
        {"sweep", "a_name_far_too_long_for_it"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        FindSpec s;
        Error err = {0};
        find_spec_default(&s);
        const FindKey *k = find_key_find(bad[i][0], strlen(bad[i][0]));
        if (k->read(&s, bad[i][1], &err) || !err.message[0])
            fail_msg("%s %s was accepted", bad[i][0], bad[i][1]);
    }
    static const char *const lists[][2] = {
        {"schedules", "cosin"}, {"schedules", "constant,"}, {"schedules", ",constant"},
        {"schedules", "step:gama=1"}, {"schedules", "constant,step:gamma=7"}, {"sweep", "nothing"},
        {"schedules", "eta0*"},
        {"schedules", "step,step,step,step,step,step,step,step,step,step,step,step,step,step,step,"
                      "step,step"},
    };
    read_scene("surface=bowl20 steps=20");
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        Error err = {0};
        FindSpec s = settings(lists[i][0], lists[i][1], NULL);
        if (find_start(find, scene, &s, &err) || !err.message[0])
            fail_msg("%s %s was accepted", lists[i][0], lists[i][1]);
        assert_false(find_advance(find, 1000));
    }
    Error err = {0};
    FindSpec s = settings("seeds", "1..10000", "eta", "0.1:1:401", NULL);
    read_scene("surface=bowl20 noise=1");
    assert_false(find_start(find, scene, &s, &err));
    read_scene("surface=bowl20 steps=200000");
    assert_false(find_start(find, scene, &s, &err));
}

static bool parse(Cli *c, Error *err, int argc, const char **argv)
{
    return cli_parse(c, argc, (char **)(uintptr_t)argv, err);
}

static void test_command_line(void **state)
{
    (void)state;
    Cli *c = malloc(sizeof *c);
    Error err = {0};
    const char *good[] = {"etascope", "find", "l7", "--steps=48", "--seeds", "1..3", "--good=0.1"};
    assert_true(parse(c, &err, 7, good));
    assert_true(c->verb == VERB_FIND && c->scene.steps == 48 && c->find.seeds == 3);
    assert_string_equal(c->find_row->id, "L7");
    assert_string_equal(c->find.schedules, "cosine");
    const char *range[] = {"etascope", "find", "--surface=bowl20", "--range", "--eta=1e-4:1"};
    assert_true(parse(c, &err, 5, range));
    assert_true(c->find.range && c->find.lo == 1e-4);
    static const char *const bad[][2] = {
        {"L99", "--steps=4"}, {"L6", "L7"}, {"L6", "--eta=1"}, {"L6", "--metric=tial"},
        {"L6", "--range=3"}, {"L6", "--seeds=0..x"}, {"L6", "--schedule=cosin"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *argv[] = {"etascope", "find", bad[i][0], bad[i][1]};
        err = (Error){0};
        if (parse(c, &err, 4, argv))
            fail_msg("%s %s was accepted", bad[i][0], bad[i][1]);
        assert_true(err.message[0]);
    }
    const char *foreign[] = {"etascope", "run", "--range"};
    assert_false(parse(c, &err, 3, foreign));
    const char *help[] = {"etascope", "find", "--help", "L6", "--eta=1e-3:1"};
    assert_true(parse(c, &err, 5, help));
    assert_true(c->verb == VERB_FIND && c->help && c->words == 0);
    const char *csv[] = {"etascope", "show", "--format=csv"};
    assert_false(parse(c, &err, 3, csv));
    free(c);
}

/* ---- range test ---------------------------------------------------------------------------- */

/* A smooth fall between eta 1e-3 and 1e-1 (steepest at 1e-2), rising behind. */
static long made_points(RangePoint *p, long n, bool spike)
{
    for (long t = 0; t < n; t++) {
        double x = 4.0 * (double)t / (double)(n - 1); /* decades above 1e-4 */
        p[t].eta = 1e-4 * pow(10, x);
        p[t].loss = 2 - tanh(2 * (x - 2)) + (x > 3.2 ? exp(30 * (x - 3.2)) - 1 : 0);
        if (spike && t > n / 9 && t < n / 9 + 4)
            p[t].loss += 500;
    }
    return n;
}

static void test_rules(void **state)
{
    (void)state;
    enum { N = 400 };
    RangePoint p[N];
    long n = made_points(p, N, false);
    range_smooth(p, n, 0.5);
    assert_true(p[0].smooth == p[0].loss); /* corrected for its bias */
    long stop = range_stop(p, n);
    assert_true(stop > 300 && stop < n);
    double eta = range_suggest(RANGE_STEEPEST, p, n, stop);
    assert_true(eta > 8e-3 && eta < 1.3e-2);
    double low = range_suggest(RANGE_MINIMUM, p, n, stop);
    assert_true(low > 0.1 && low < 0.2);
    assert_true(range_suggest(RANGE_TENTH, p, n, stop) == 0.1 * low);
    double valley = range_suggest(RANGE_VALLEY, p, n, stop);
    assert_true(valley > 2e-3 && valley < low);
    /* coming down from an early spike is not the steepest fall */
    made_points(p, N, true);
    range_smooth(p, n, 0.5);
    assert_true(fabs(log(range_suggest(RANGE_STEEPEST, p, n, n) / eta)) < 0.3);
    /* nothing to say */
    for (long t = 0; t < n; t++)
        p[t].loss = (double)t;
    range_smooth(p, n, 0.9);
    assert_true(isnan(range_suggest(RANGE_STEEPEST, p, n, n)));
    assert_true(isnan(range_suggest(RANGE_VALLEY, p, n, n)));
    assert_true(isnan(range_suggest(RANGE_MINIMUM, p, 0, 0)));
    assert_true(isnan(range_suggest(RANGE_VALLEY, p, 0, 0)));
    p[3].loss = INFINITY;
    range_smooth(p, n, 0.9);
    assert_int_equal(range_stop(p, n), 3);
}

static void test_range_errors(void **state)
{
    (void)state;
    RangeTest r;
    Error err = {0};
    FindSpec s = settings("range", "", NULL);
    assert_true(range_init(&r));
    read_scene("surface=bowl20 steps=5");
    assert_false(range_start(&r, scene, &s, &err));
    read_scene("surface=log(x) start=-1,0 steps=50");
    assert_false(range_start(&r, scene, &s, &err));
    assert_false(range_advance(&r, 100));
    range_release(&r);
}

/* The scene it hands out is the run it has drawn. */
static void test_range_plays(void **state)
{
    (void)state;
    RangeTest r;
    Error err = {0};
    FindSpec s = settings("eta", "1e-4:1", "seeds", "5..6", NULL);
    assert_true(range_init(&r));
    read_scene("surface=bowl20 noise=1 steps=100 seed=9");
    assert_true(range_start(&r, scene, &s, &err));
    while (range_advance(&r, 10))
        ;
    range_scene(&r, 0, scene);
    Timeline *t = timeline_new();
    assert_true(timeline_set(t, scene, &err));
    timeline_advance(t, 1000);
    assert_int_equal(timeline_last(t), r.points);
    for (long i = 0; i < r.points; i++)
        assert_bits(timeline_rows(t)[i + 1].loss, r.point[i].loss, "range");
    assert_true(scene->seed == 5);
    timeline_free(t);
    range_release(&r);
}

/* ---- pictures ------------------------------------------------------------------------------ */

static FindView some_view(void)
{
    static const double eta[] = {0.001, 0.01, 0.1, 1};
    static const double a[] = {10, 0.1, 1e-5, INFINITY};
    static const double low[] = {9, 0.05, 1e-6, 1};
    static const double high[] = {11, 0.2, 1e-4, INFINITY};
    static const double b[] = {12, NAN, NAN, NAN};
    FindView v = {.title = "title", .note = "note", .eta = eta, .etas = 4, .lines = 2,
                  .threshold = 0.5, .first_loss = 20, .at_line = 0, .at_eta = 2, .progress = 0.4};
    v.line[0] = (FindViewLine){"cosine", a, low, high, 1, 1, 2, "best"};
    v.line[1] = (FindViewLine){"constant", b, NULL, NULL, -1, -1, -1, "none"};
    return v;
}

static bool shows(Canvas *c, uint32_t glyph)
{
    for (int i = 0; i < c->cols * c->rows; i++)
        if (c->cell[i].glyph == glyph)
            return true;
    return false;
}

static void test_view(void **state)
{
    (void)state;
    FindView v = some_view();
    Canvas c = {0};
    for (int g = 0; g < GLYPH_SETS; g++) {
        Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, (GlyphSet)g);
        for (int cols = 0; cols < 130; cols += cols < 40 ? 1 : 13)
            for (int rows = 0; rows < 40; rows += rows < 14 ? 1 : 7) {
                assert_true(canvas_resize(&c, cols, rows));
                canvas_clear(&c, 0, 0);
                find_view_draw(&v, &c, (Rect){0, 0, cols, rows}, &p);
                for (int i = 0; i < cols * rows; i++)
                    assert_true(c.cell[i].glyph >= 32 && c.cell[i].glyph != 127);
                if (cols < 60 || rows < 20)
                    continue;
                assert_true(shows(&c, 'A') && shows(&c, p.mark[MARK_HEAD]) && shows(&c, '%'));
                v.at_line = -1; /* the best one's letter, without the cursor */
                find_view_draw(&v, &c, (Rect){0, 0, cols, rows}, &p);
                v.at_line = 0;
            }
    }
    Rect r = {0, 0, 100, 30};
    assert_int_equal(find_view_eta(&v, r, 8), 0);
    assert_int_equal(find_view_eta(&v, r, 97), 3);
    assert_int_equal(find_view_eta(&v, r, 20), -1);
    v.etas = v.lines = 0;
    v.at_line = -1;
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    find_view_draw(&v, &c, (Rect){0, 0, c.cols, c.rows}, &p);
    canvas_release(&c);
}

static void made_point(const void *from, long i, double *eta, double *loss, double *smooth)
{
    const RangePoint *p = (const RangePoint *)from + i;
    *eta = p->eta;
    *loss = p->loss;
    *smooth = p->smooth;
}

static void test_range_view(void **state)
{
    (void)state;
    RangePoint p[100];
    made_points(p, 100, true);
    range_smooth(p, 100, 0.9);
    p[7].loss = p[8].smooth = NAN;
    RangeView v = {.title = "t", .note = "n", .point = made_point, .from = p, .points = 100,
                   .first_loss = 3, .marks = 2, .text = range_lag, .progress = 0.1};
    v.mark[0] = (RangeViewMark){'m', 0.1, "minimum", "0.1", false};
    v.mark[1] = (RangeViewMark){'L', 0.05, "limit", "0.05", true};
    Canvas c = {0};
    Paint paint = paint_make(THEME_LIGHT, MAP_VIRIDIS, MODE_256, GLYPHS_BRAILLE);
    for (int cols = 0; cols < 130; cols += 7)
        for (int rows = 0; rows < 40; rows += 3) {
            assert_true(canvas_resize(&c, cols, rows));
            canvas_clear(&c, 0, 0);
            range_view_draw(&v, &c, (Rect){0, 0, cols, rows}, &paint);
            if (cols > 60 && rows > 20)
                assert_true(shows(&c, 'm') && shows(&c, 'L'));
        }
    v.points = 0;
    range_view_draw(&v, &c, (Rect){0, 0, c.cols, c.rows}, &paint);
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_schedule), cmocka_unit_test(test_every_optimizer),
        cmocka_unit_test(test_data),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_scenes),         cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_range_scenes),   cmocka_unit_test(test_named),
        cmocka_unit_test(test_slices),         cmocka_unit_test(test_grid),
        cmocka_unit_test(test_quantile),       cmocka_unit_test(test_lists),
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_command_line),
        cmocka_unit_test(test_rules),          cmocka_unit_test(test_range_errors),
        cmocka_unit_test(test_range_plays),    cmocka_unit_test(test_view),
        cmocka_unit_test(test_range_view),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
