/* SPDX-License-Identifier: MIT
 * Grids: values at the points, derivatives against differences, continuous curvature, cubics
 * exactly, holes outside, the shipped plane, bad grids. */
#define _DEFAULT_SOURCE /* mkstemps */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/csv.h"
#include "core/loss.h"
#include "core/timeline.h"

static Data *read_text(const char *text)
{
    Error err = {0};
    Data *d = calloc(1, sizeof *d);
    Csv *csv = malloc(sizeof *csv);
    assert_non_null(d);
    assert_non_null(csv);
    d->users = 1;
    snprintf(d->file, sizeof d->file, "grid.csv");
    csv_start(csv, d);
    if (!csv_feed(csv, text, strlen(text), &err) || !csv_finish(csv, &err))
        fail_msg("%s", err.message);
    free(csv);
    return d;
}

static double cubic(double x, double y)
{
    return 1 + x - 2 * y + 0.5 * x * x * x - x * x * y + 0.3 * y * y * y + 0.1 * x * x * x * y * y * y;
}

/* nx x ny points of f over [-1,2] x [0,1], in a shuffled order. */
static Data *sample(double (*f)(double, double), int nx, int ny)
{
    char *text = malloc(100 + (size_t)(nx * ny) * 100);
    size_t n = (size_t)sprintf(text, "x,y,train,held_out\n");
    for (int k = 0; k < nx * ny; k++) {
        int p = (int)((long)k * 7919 % (nx * ny));
        double x = -1 + 3.0 * (p % nx) / (nx - 1);
        double y = (double)(p / nx) / (ny - 1);
        n += (size_t)sprintf(text + n, "%.17g,%.17g,%.17g,%.17g\n", x, y, f(x, y), 2 * f(x, y));
    }
    Data *d = read_text(text);
    free(text);
    return d;
}

static void check_close(double a, double b, double scale, const char *what)
{
    if (!(fabs(a - b) <= scale))
        fail_msg("%s: %.17g instead of %.17g", what, a, b);
}

/* Not-a-knot splines are exact on cubics in each variable, up to the edges. */
static void test_cubics_are_exact(void **state)
{
    (void)state;
    static const int sizes[][2] = {{4, 4}, {5, 4}, {6, 9}, {31, 17}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        Error err = {0};
        Data *d = sample(cubic, sizes[s][0], sizes[s][1]);
        const LossGrid *g = data_grid(d, &err);
        if (!g)
            fail_msg("%s", err.message);
        assert_int_equal(g->columns, sizes[s][0]);
        assert_int_equal(g->rows, sizes[s][1]);
        for (uint64_t k = 0; k < 500; k++) {
            double x = -1 + 3 * rng_uniform(1, 2 * k);
            double y = rng_uniform(1, 2 * k + 1);
            double f;
            Vec2 v;
            Sym2 h;
            grid_eval(g, GRID_TRAIN, vec2(x, y), &f, &v, &h);
            check_close(f, cubic(x, y), 1e-12, "value");
            check_close(v.x, 1 + 1.5 * x * x - 2 * x * y + 0.3 * x * x * y * y * y, 1e-10, "fx");
            check_close(v.y, -2 - x * x + 0.9 * y * y + 0.3 * x * x * x * y * y, 1e-10, "fy");
            check_close(h.xx, 3 * x - 2 * y + 0.6 * x * y * y * y, 1e-8, "fxx");
            check_close(h.xy, -2 * x + 0.9 * x * x * y * y, 1e-8, "fxy");
            check_close(h.yy, 1.8 * y + 0.6 * x * x * x * y, 1e-8, "fyy");
            grid_eval(g, GRID_HELD_OUT, vec2(x, y), &f, NULL, NULL);
            check_close(f, 2 * cubic(x, y), 1e-12, "held-out value");
        }
        data_drop(d);
    }
}

static double rough(double x, double y)
{
    return sin(40 * x) + cos(30 * y) * x + fabs(y - 0.3);
}

/* Rough data: takes the values, derivatives match the interpolant, curvature does not jump. */
static void test_smoothness(void **state)
{
    (void)state;
    enum { NX = 13, NY = 11 };
    Error err = {0};
    Data *d = sample(rough, NX, NY);
    const LossGrid *g = data_grid(d, &err);
    Loss l;
    assert_non_null(g);
    loss_of_grid(&l, g, GRID_TRAIN);
    for (long i = 0; i < d->n; i++) {
        Derivatives at;
        loss_eval(&l, vec2(d->column[0].at[i], d->column[1].at[i]), EXPR_VALUE, &at);
        check_close(at.f, d->column[2].at[i], 1e-12, "given value");
    }
    for (uint64_t k = 0; k < 500; k++) {
        const double h = 1e-5;
        Vec2 p = vec2(-0.99 + 2.98 * rng_uniform(2, 2 * k), 0.01 + 0.98 * rng_uniform(2, 2 * k + 1));
        Derivatives c, e, w, n, s;
        loss_eval(&l, p, EXPR_HESSIAN, &c);
        loss_eval(&l, vec2(p.x + h, p.y), EXPR_GRADIENT, &e);
        loss_eval(&l, vec2(p.x - h, p.y), EXPR_GRADIENT, &w);
        loss_eval(&l, vec2(p.x, p.y + h), EXPR_GRADIENT, &n);
        loss_eval(&l, vec2(p.x, p.y - h), EXPR_GRADIENT, &s);
        check_close((e.f - w.f) / (2 * h), c.g.x, 1e-5, "fx by differences");
        check_close((n.f - s.f) / (2 * h), c.g.y, 1e-5, "fy by differences");
        check_close((e.g.x - w.g.x) / (2 * h), c.h.xx, 0.1, "fxx by differences");
        check_close((e.g.y - w.g.y) / (2 * h), c.h.xy, 0.1, "fxy by differences");
        check_close((n.g.y - s.g.y) / (2 * h), c.h.yy, 0.1, "fyy by differences");
    }
    for (int i = 1; i + 1 < NX; i++) { /* across the lines of the grid */
        double x = -1 + 3.0 * i / (NX - 1);
        Derivatives a, b;
        loss_eval(&l, vec2(nextafter(x, -9) - 1e-12, 0.37), EXPR_HESSIAN, &a);
        loss_eval(&l, vec2(nextafter(x, 9) + 1e-12, 0.37), EXPR_HESSIAN, &b);
        check_close(a.f, b.f, 1e-9, "f across a line");
        check_close(a.g.x, b.g.x, 1e-8, "fx across a line");
        check_close(a.h.xx, b.h.xx, 1e-6, "fxx across a line");
        check_close(a.h.xy, b.h.xy, 1e-6, "fxy across a line");
    }
    data_drop(d);
}

static void test_outside_is_a_hole(void **state)
{
    (void)state;
    static const Vec2 outside[] = {{-1.0000001, 0.5}, {2.0000001, 0.5}, {0, -1e-9}, {0, 1.1},
                                   {INFINITY, 0.5}, {NAN, 0.5}, {1e300, -1e300}};
    static const Vec2 inside[] = {{-1, 0}, {2, 1}, {-1, 1}, {2, 0}};
    Error err;
    Data *d = sample(cubic, 7, 5);
    Loss l;
    Derivatives at;
    loss_of_grid(&l, data_grid(d, &err), GRID_TRAIN);
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        loss_eval(&l, outside[i], EXPR_HESSIAN, &at);
        assert_true(isnan(at.f) && isnan(at.g.x) && isnan(at.g.y) && isnan(at.h.xx));
    }
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        loss_eval(&l, inside[i], EXPR_HESSIAN, &at);
        check_close(at.f, cubic(inside[i].x, inside[i].y), 1e-12, "corner");
    }
    data_drop(d);
}

static void check_bad(const char *text, const char *message)
{
    Error err = {0};
    Data *d = read_text(text);
    assert_null(data_grid(d, &err));
    if (!strstr(err.message, message))
        fail_msg("%s", err.message);
    assert_string_equal(err.file, "grid.csv");
    data_drop(d);
}

static void test_bad_grids(void **state)
{
    (void)state;
    char text[2000];
    size_t n;
    check_bad("x,train\n1,2\n", "a grid needs the columns x, y, train");
    check_bad("x,y,train\n1,2,3\n", "column 'x' has 1 different value: a grid needs at least 4");
#define FILL(x, y, more)                                                                           \
    n = (size_t)sprintf(text, "x,y,train\n");                                                      \
    for (int i = 0; i < 16 + (more); i++)                                                          \
        n += (size_t)sprintf(text + n, "%g,%g,1\n", (double)(x), (double)(y))
    FILL(i % 4 + (i % 4 == 3) * 0.5, i / 4 % 4, 0);
    check_bad(text, "the grid is not evenly spaced: column 'x' has");
    FILL(i % 4, i / 4 % 4, 1);
    check_bad(text, "17 rows are not a grid of 4 x 4 points");
    FILL(i == 15 ? 0 : i % 4, i / 4 % 4, 0);
    check_bad(text, "the point x=0, y=3 stands in the grid twice");
    FILL(i % 4, i / 4 % 4, 0);
    memcpy(text + n - 2, "z\n", 2);
    check_bad(text, "column 'train': 'z' is not a number");
#undef FILL
}

/* The plane through three trained networks (values from the file's own header). */
static void test_digits_plane(void **state)
{
    (void)state;
    Scene s;
    Error err = {0};
    Timeline *t = timeline_new();
    scene_default(&s);
    assert_true(scene_parse(&s, "surface=digits_plane steps=20", NULL, &err));
    if (!timeline_set(t, &s, &err))
        fail_msg("%s: %s", err.file, err.message);
    Derivatives d;
    loss_eval(timeline_loss(t), vec2(0, 0), EXPR_VALUE, &d);
    check_close(d.f, 0.012624, 1e-6, "solution 1, train");
    loss_eval(timeline_held_out(t, 0), vec2(0, 0), EXPR_VALUE, &d);
    check_close(d.f, 0.235937, 1e-6, "solution 1, held out");
    loss_eval(timeline_loss(t), vec2(0.737563, 0.839490), EXPR_VALUE, &d);
    check_close(d.f, 0.026545, 2e-3, "solution 3, between the points");
    timeline_advance(t, 100);
    assert_true(timeline_rows(t)[20].loss < timeline_rows(t)[0].loss);
    assert_true(isfinite(timeline_rows(t)[20].held_out));
    assert_null(timeline_file(t, 0));
    assert_true(isnan(timeline_epoch(t, 3)));
    timeline_free(t);
}

/* A grid file as the surface: window and start come from it; a run that leaves it is undefined. */
static void test_grid_file(void **state)
{
    (void)state;
    Scene s;
    Error err = {0};
    Timeline *t = timeline_new();
    char path[] = "/tmp/etascope-grid-XXXXXX.csv";
    int fd = mkstemps(path, 4);
    FILE *out = fdopen(fd, "w");
    fputs("x,y,train\n", out);
    for (int i = 0; i < 30; i++)
        fprintf(out, "%d,%d,%d\n", 10 + i % 6, i / 6, i % 6);
    fclose(out);
    char text[200];
    snprintf(text, sizeof text, "surface=%s eta0=1 steps=20 schedule=constant", path);
    scene_default(&s);
    assert_true(scene_parse(&s, text, NULL, &err));
    assert_true(scene_is_grid(&s));
    if (!timeline_set(t, &s, &err))
        fail_msg("%s: %s", err.file, err.message);
    Window w = timeline_window(t);
    assert_true(w.lo.x == 10 && w.hi.x == 15 && w.lo.y == 0 && w.hi.y == 4);
    assert_string_equal(timeline_file(t, 0)->file, path);
    assert_null(timeline_file(t, 1));
    timeline_advance(t, 100);
    assert_int_equal(timeline_last(t), 1); /* 10.75, then 9.75 is outside */
    assert_true(timeline_rows(t)[1].events & ROW_UNDEFINED);
    char again[400];
    Text print = text_over(again, sizeof again);
    scene_print(&s, true, &print);
    Scene back;
    scene_default(&back);
    assert_true(scene_parse(&back, again, NULL, &err));
    assert_true(scene_equal(&s, &back));
    assert_false(scene_assign(&back, SCENE_SURFACE, "a.csv:b=1", 9, &err));
    assert_true(scene_parse(&back, "surface=a.csv", "some/folder", &err));
    assert_string_equal(back.surface.formula, "some/folder/a.csv");
    timeline_free(t);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cubics_are_exact),  cmocka_unit_test(test_smoothness),
        cmocka_unit_test(test_outside_is_a_hole), cmocka_unit_test(test_bad_grids),
        cmocka_unit_test(test_digits_plane),      cmocka_unit_test(test_grid_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
