/* SPDX-License-Identifier: MIT
 * test_maps: a pixel is the run that starts there, bit for bit: for every optimizer and
 * schedule, with edits, noise, mini-batches and holes, for any number of threads, any shard, any
 * slices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "lab/maps.h"

static Scene scene;
static Scene pixel_scene;
static Timeline *run;

static void read_scene(const char *text)
{
    Error err = {0};
    scene_default(&scene);
    if (!scene_parse(&scene, text, NULL, &err))
        fail_msg("%s: %s", text, err.message);
}

static Maps *started(const char *text, const MapsSpec *spec)
{
    Error err = {0};
    Maps *m = maps_new();
    assert_non_null(m);
    read_scene(text);
    if (!maps_start(m, &scene, spec, NULL, &err))
        fail_msg("%s: %s", text, err.message);
    return m;
}

static MapsSpec spec_of(int cols, int rows)
{
    MapsSpec s = maps_spec_default();
    s.cols = cols;
    s.rows = rows;
    return s;
}

static MapsSpec sweep_of(int cols, int rows, const char *x, const char *y)
{
    MapsSpec s = spec_of(cols, rows);
    s.kind = MAPS_SWEEP;
    snprintf(s.axis[0], sizeof s.axis[0], "%s", x);
    snprintf(s.axis[1], sizeof s.axis[1], "%s", y);
    return s;
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* SPEC 7: the first row after which it stays within 1 % of the diagonal of its end. */
static long still_since(const Row *rows, long last, double near)
{
    long k = last;
    while (k > 0) {
        Vec2 d = vec_sub(rows[k - 1].at, rows[last].at);
        if (!(d.x * d.x + d.y * d.y <= near * near))
            break;
        k--;
    }
    return k;
}

static void check_pixel(const Maps *m, int col, int row, const char *what)
{
    Error err = {0};
    Verdict v;
    const Pixel *p = maps_pixel(m, col, row);
    assert_non_null(p);
    if (!maps_pixel_scene(m, col, row, &pixel_scene) || !timeline_set(run, &pixel_scene, &err)) {
        assert_int_equal(p->outcome, OUTCOME_UNDEFINED); /* no run there: a hole */
        return;
    }
    while (timeline_advance(run, 100000))
        ;
    long last = timeline_last(run);
    const Row *rows = timeline_rows(run);
    Window w = timeline_window(run);
    verdict_at(run, last, w, maps_known(m), &v);
    bool at_minimum = v.which >= 0 && v.which < maps_known(m)->minima &&
                      (v.outcome == OUTCOME_GLOBAL_MINIMUM || v.outcome == OUTCOME_LOCAL_MINIMUM);
    if (!same(p->x, rows[last].at.x) || !same(p->y, rows[last].at.y) ||
        !same(p->loss, rows[last].loss))
        fail_msg("%s pixel %d,%d: %a %a %a, the run %a %a %a", what, col, row, p->x, p->y, p->loss,
                 rows[last].at.x, rows[last].at.y, rows[last].loss);
    if (p->outcome != v.outcome || p->minimum != (at_minimum ? v.which + 1 : 0))
        fail_msg("%s pixel %d,%d: %s (%d), the run %s (%d)", what, col, row,
                 outcomes[p->outcome].word, p->minimum, outcomes[v.outcome].word, v.which + 1);
    if (p->still != still_since(rows, last, 0.01 * window_diagonal(w)))
        fail_msg("%s pixel %d,%d: still from %d, the run from %ld", what, col, row, (int)p->still,
                 still_since(rows, last, 0.01 * window_diagonal(w)));
}

/* Some of the pixels against their runs. */
static void check_some(const char *text, const MapsSpec *spec, int samples)
{
    Maps *m = started(text, spec);
    maps_finish(m, 1, NULL, NULL);
    for (int k = 0; k < samples; k++)
        check_pixel(m, (int)(rng_u64(7, 2 * (uint64_t)k) % (uint64_t)spec->cols),
                    (int)(rng_u64(7, 2 * (uint64_t)k + 1) % (uint64_t)spec->rows), text);
    maps_free(m);
}

static void every_optimizer_and_schedule(void **state)
{
    (void)state;
    static const char *const surfaces[] = {"himmelblau eta0=0.02", "rastrigin eta0=0.004",
                                           "camel6 eta0=0.3", "ackley eta0=0.05"};
    MapsSpec spec = spec_of(20, 9);
    int k = 0;
    for (const Optimizer *o = optimizers; o->name; o++)
        for (const Schedule *s = schedules; s->name; s++, k++) {
            char text[256];
            snprintf(text, sizeof text, "surface=%s optimizer=%s schedule=%s steps=%d", surfaces[k % 4],
                     o->name, s->name, 70 + k % 60);
            check_some(text, &spec, 12);
        }
}

static void what_else_a_scene_may_have(void **state)
{
    (void)state;
    static const char *const scenes[] = {
        "surface=himmelblau noise=3 steps=150",
        "surface=himmelblau noise=1 steps=150 schedule=plateau optimizer=adam",
        "surface=pass steps=200 warmup=20\nat 50 eta0=3\nat 90 optimizer=momentum\n"
        "at 121 schedule=step",
        "surface=pass steps=200\nat 30 noise=0.5\nat 60 noise=0",
        "surface=line24 batch=5 steps=90 seed=4\nat 41 batch=24",
        "surface=line24 steps=300 schedule='eta0/(1+k*t)':k=0.1",
        "surface='log(x+2)^2+y^2' window=-3,3,-3,3 start=0,0 steps=120 eta0=0.3",
        "surface='x^4-y^2' window=-2,2,-2,2 start=1,1 steps=400 eta0=0.1",
        "surface='exp(x)+y^2' window=-3,3,-3,3 steps=100 eta0=0.5",
        "surface='1e90*x^8+y^8*1e90' window=-3,3,-3,3 steps=60 eta0=1e-92",
        "surface=over8 steps=60",
        "surface=digits_plane steps=25",
        "surface='sqrt(abs(x*y))+0.1*x^2' window=-1,1,-1,1 steps=200 eta0=0.1 schedule=constant",
        "surface=rosenbrock steps=9",
        "surface=himmelblau steps=400 eta0=0.024 schedule=constant",
    };
    MapsSpec spec = spec_of(23, 14);
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        check_some(scenes[i], &spec, 60);
}

static void sweeps(void **state)
{
    (void)state;
    static const struct { const char *scene, *x, *y; } cases[] = {
        {"surface=himmelblau steps=150", "eta0=0.001:1", "warmup=0:60"},
        {"surface=himmelblau steps=150 optimizer=momentum", "eta0=0.001:0.1", "momentum=0:0.99"},
        {"surface=himmelblau steps=80 optimizer=adam", "beta1=0:0.99", "beta2=0.5:0.999"},
        {"surface=pass steps=100 schedule=cosine_restarts", "T_0=5:50", "noise=0:2"},
        {"surface=pass steps=100 schedule=one_cycle", "eta0=0.1:10", "pct_start=0.01:0.9"},
        {"surface='x^4-a*x^2+y^2+0.1*x:a=1' window=-2,2,-2,2 steps=90", "eta0=0.01:1", "a=-1:3"},
        {"surface=himmelblau steps=90 schedule=plateau", "eta0=0.001:0.1", "patience=1:20"},
        {"surface=himmelblau steps=60 schedule='eta0*exp(-k*t)':k=0.1\nat 30 noise=1", "k=0:1",
         "eta0=0.001:0.03:lin"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        MapsSpec spec = sweep_of(17, 11, cases[i].x, cases[i].y);
        Maps *m = started(cases[i].scene, &spec);
        maps_finish(m, 2, NULL, NULL);
        bool own = strstr(cases[i].y, "a=") == cases[i].y; /* minima of each a are its own */
        for (int k = 0; k < 40 && !own; k++)
            check_pixel(m, k * 7 % 17, k * 5 % 11, cases[i].scene);
        maps_free(m);
    }
}

static void sweeps_over_the_surface(void **state)
{
    (void)state;
    MapsSpec spec = sweep_of(9, 7, "eta0=0.01:0.4", "a=-1:3");
    const char *text = "surface='x^4-a*x^2+y^2+0.1*x:a=1' window=-2,2,-2,2 steps=120 start=1.5,1";
    Maps *m = started(text, &spec);
    maps_finish(m, 1, NULL, NULL);
    for (int row = 0; row < 7; row++)
        for (int col = 0; col < 9; col++) {
            Error err = {0};
            const Pixel *p = maps_pixel(m, col, row);
            assert_true(maps_pixel_scene(m, col, row, &pixel_scene) &&
                        timeline_set(run, &pixel_scene, &err));
            timeline_advance(run, 100000);
            assert_true(same(p->x, timeline_rows(run)[timeline_last(run)].at.x));
        }
    assert_int_equal(maps_pixel(m, 4, 0)->minimum, 2); /* a = 3: it starts at the higher of two */
    assert_int_equal(maps_pixel(m, 4, 6)->minimum, 1); /* a = -1: there is one */
    maps_free(m);
}

static void assert_same_map(const Maps *a, const Maps *b, int from, int to)
{
    for (int row = from; row < to; row++)
        for (int col = 0; col < maps_spec(a)->cols; col++) {
            const Pixel *p = maps_pixel(a, col, row), *q = maps_pixel(b, col, row);
            assert_true(p && q && same(p->x, q->x) && same(p->y, q->y) && same(p->loss, q->loss));
            assert_true(p->still == q->still && p->minimum == q->minimum);
            assert_int_equal(p->outcome, q->outcome);
        }
}

static void threads_shards_and_slices(void **state)
{
    (void)state;
    const char *text = "surface=himmelblau steps=120 eta0=0.025 schedule=constant";
    MapsSpec spec = spec_of(50, 37);
    Maps *whole = started(text, &spec);
    maps_finish(whole, 1, NULL, NULL);
    for (int threads = 2; threads <= 7; threads += 5) {
        Maps *m = started(text, &spec);
        maps_finish(m, threads, NULL, NULL);
        assert_same_map(whole, m, 0, 37);
        maps_free(m);
    }
    for (int i = 0; i < 3; i++) {
        MapsSpec part = spec;
        part.from = 37 * i / 3;
        part.to = 37 * (i + 1) / 3;
        Maps *m = started(text, &part);
        maps_finish(m, 2, NULL, NULL);
        assert_same_map(whole, m, part.from, part.to);
        maps_free(m);
    }
    spec.coarse = true;
    Maps *m = started(text, &spec);
    maps_focus(m, 40, 5);
    for (int k = 0; maps_advance(m, 1000); k++)
        if (k % 5 == 0)
            maps_focus(m, k % 50, k % 37);
    assert_same_map(whole, m, 0, 37);
    assert_true(maps_progress(m) == 1);
    maps_free(m);
    maps_free(whole);
}

static bool covered(const Maps *m)
{
    for (int row = 0; row < 120; row++)
        for (int col = 0; col < 200; col++)
            if (!maps_pixel(m, col, row))
                return false;
    return true;
}

/* The first tiles of a coarse map cover it: everywhere something is known. */
static void coarse_maps_show_all_soon(void **state)
{
    (void)state;
    MapsSpec spec = spec_of(200, 120);
    spec.coarse = true;
    Maps *m = started("surface=himmelblau steps=100", &spec);
    assert_null(maps_pixel(m, 0, 0));
    maps_focus(m, 150, 100);
    while (!covered(m))
        maps_advance(m, 1000);
    assert_true(maps_progress(m) < 0.1);
    maps_free(m);
}

/* SPEC 4, the honest pair. */
static long at_the_global_minimum(const char *surface)
{
    char text[128];
    MapsSpec spec = spec_of(81, 81);
    spec.has_view = true;
    spec.view = (Window){{-2, -2}, {2, 2}};
    snprintf(text, sizeof text, "surface=%s schedule=cosine:eta_min=0 eta0=0.2 steps=200", surface);
    Maps *m = started(text, &spec);
    maps_finish(m, 2, NULL, NULL);
    long count = 0;
    for (int i = 0; i < 81 * 81; i++)
        count += maps_pixel(m, i % 81, i / 81)->outcome == OUTCOME_GLOBAL_MINIMUM;
    maps_free(m);
    return count;
}

static void the_honest_pair(void **state)
{
    (void)state;
    assert_true((double)at_the_global_minimum("flat_global") > 0.98 * 81 * 81);
    assert_int_equal(at_the_global_minimum("sharp_global"), 0);
}

/* Himmelblau's minima go out one by one where the rate passes 2/lambda of each. */
static void minima_go_out(void **state)
{
    (void)state;
    /* the limits are 0.01495, 0.01897, 0.02431, 0.02483 */
    static const double eta0[] = {0.0145, 0.0155, 0.0195, 0.0246, 0.0255};
    for (int k = 0; k < 5; k++) {
        char text[128];
        bool seen[5] = {false};
        MapsSpec spec = spec_of(40, 40);
        snprintf(text, sizeof text, "surface=himmelblau schedule=constant steps=3000 eta0=%g",
                 eta0[k]);
        Maps *m = started(text, &spec);
        maps_finish(m, 2, NULL, NULL);
        for (int i = 0; i < 1600; i++)
            seen[maps_pixel(m, i % 40, i / 40)->minimum] = true;
        assert_int_equal(seen[1] + seen[2] + seen[3] + seen[4], 4 - k);
        maps_free(m);
    }
}

static void axes(void **state)
{
    (void)state;
    MapsAxis a;
    Error err;
    read_scene("surface='a*x^2+b*y^2:a=1,b=2' optimizer=momentum schedule=cosine");
    assert_true(maps_axis_read(&a, "eta0=0.001:1", &scene, &err) && a.log && a.key == SCENE_ETA0);
    assert_true(maps_axis_value(&a, 0, 4) == 0.001 && maps_axis_value(&a, 3, 4) == 1);
    assert_true(fabs(maps_axis_value(&a, 1, 4) - 0.01) < 1e-15);
    assert_true(maps_axis_read(&a, "momentum=0:0.9", &scene, &err) && !a.log);
    assert_true(maps_axis_read(&a, "T_max=10:300:log", &scene, &err) && a.log && a.whole);
    assert_true(maps_axis_value(&a, 1, 3) == rint(sqrt(3000)));
    assert_true(maps_axis_read(&a, "surface.b=-1:3", &scene, &err) && a.key == SCENE_SURFACE);
    static const struct { const char *text, *part; long column; } bad[] = {
        {"eta0", "is not like", 1},          {"eta=0.1:1", "did you mean 'eta0'", 1},
        {"eta0=1:0.1", "LO < HI", 6},        {"eta0=0:1", "eta0", 6},
        {"momentum=0:1.5", "momentum", 12},  {"momentum=0:0.9:log", "LO > 0", 16},
        {"eta0=0.1:1:lg", "neither", 12},    {"convention=0:1", "no setting", 1},
        {"eta0=x:1", "not a number", 6},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (Error){0};
        if (maps_axis_read(&a, bad[i].text, &scene, &err) || !strstr(err.message, bad[i].part) ||
            err.column != bad[i].column)
            fail_msg("%s: %ld: %s", bad[i].text, err.column, err.message);
    }
    read_scene("surface='x^2+momentum*y^2:momentum=1' optimizer=momentum");
    assert_false(maps_axis_read(&a, "momentum=0:0.9", &scene, &err));
    assert_non_null(strstr(err.message, "optimizer.momentum"));
    assert_true(maps_axis_read(&a, "optimizer.momentum=0:0.9", &scene, &err));
    assert_int_equal(a.key, SCENE_OPTIMIZER);
}

static int begin(void **state)
{
    (void)state;
    run = timeline_new();
    return run ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    timeline_free(run);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_optimizer_and_schedule),
        cmocka_unit_test(what_else_a_scene_may_have),
        cmocka_unit_test(sweeps),
        cmocka_unit_test(sweeps_over_the_surface),
        cmocka_unit_test(threads_shards_and_slices),
        cmocka_unit_test(coarse_maps_show_all_soon),
        cmocka_unit_test(the_honest_pair),
        cmocka_unit_test(minima_go_out),
        cmocka_unit_test(axes),
    };
    return cmocka_run_group_tests_name("maps", tests, begin, end);
}
