/* SPDX-License-Identifier: MIT
 * Losses over rows: sums in their stated order, models against differences and against known
 * optima, mini-batches and epochs, held-out losses, the scenes of scenes.csv, bad files, and the
 * time a million rows take (printed, not asserted). */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/rng.h"
#include "core/critical.h"
#include "core/model.h"
#include "core/named.h"

static const char *const models[] = {"line24",  "over8",       "sine24", "neuron20", "rare40",
                                     "oring23", "oring23_std", "iris", "sunspots", "digits_plane"};
enum { MODELS = sizeof models / sizeof models[0] };

static Model model(const char *name)
{
    Model m;
    Error err = {0};
    const Surface *s = surface_find(name, strlen(name));
    assert_non_null(s);
    if (!model_of_surface(&m, s, &err))
        fail_msg("%s: %s:%ld:%ld: %s", name, err.file, err.line, err.column, err.message);
    return m;
}

/* ---- files ----------------------------------------------------------------------------------- */

static char folder[] = "/tmp/etascope-data-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char path[8][200];
    static int k;
    snprintf(path[k = (k + 1) % 8], sizeof path[0], "%s/%s", folder, name);
    return path[k];
}

static void put_file(const char *name, const char *text)
{
    FILE *out = fopen(path_of(name), "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static Scene scene_of(const char *format, ...)
{
    static char text[4000];
    Scene s;
    Error err = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    scene_default(&s);
    if (!scene_parse(&s, text, NULL, &err))
        fail_msg("%s: %ld:%ld: %s", text, err.line, err.column, err.message);
    return s;
}

static Timeline *run_scene(const Scene *s)
{
    Error err = {0};
    Timeline *t = timeline_new();
    if (!timeline_set(t, s, &err))
        fail_msg("%s:%ld:%ld: %s", err.file, err.line, err.column, err.message);
    while (timeline_advance(t, 100000))
        ;
    return t;
}

static Timeline *run_named(const char *id)
{
    Scene s;
    Error err = {0};
    assert_true(named_load(named_find(id, strlen(id)), &s, &err));
    return run_scene(&s);
}

/* As if the scene stood in no text: the place is that in the value. */
static void check_set_fails(const Scene *s, const char *file, long line, long column,
                            const char *message)
{
    Error err = {0};
    Timeline *t = timeline_new();
    Scene nowhere;
    scene_copy(&nowhere, s);
    memset(nowhere.place, 0, sizeof nowhere.place);
    for (int i = 0; i < nowhere.edit_total; i++)
        nowhere.edit[i].place = (Place){0, 0};
    if (timeline_set(t, &nowhere, &err))
        fail_msg("accepted instead of: %s", message);
    if (!strstr(err.file, file) || err.line != line || err.column != column ||
        !strstr(err.message, message))
        fail_msg("%s:%ld:%ld: %s", err.file, err.line, err.column, err.message);
    timeline_free(t);
}

static void check_near(double v, double expected, double tolerance, const char *what)
{
    if (!(fabs(v - expected) <= tolerance))
        fail_msg("%s: %.9g instead of %.9g", what, v, expected);
}

/* To the digits that scenes.csv gives. */
static void check_digits(double v, double expected, const char *what)
{
    check_near(v, expected, 6e-4 * fabs(expected) + 1e-15, what);
}

/* ---- models ---------------------------------------------------------------------------------- */

static void check_differences(const Loss *l, Window w, const char *name)
{
    Vec2 size = window_size(w);
    for (uint64_t k = 0; k < 200; k++) {
        Vec2 p = vec2(w.lo.x + size.x * (0.02 + 0.96 * rng_uniform(3, 2 * k)),
                      w.lo.y + size.y * (0.02 + 0.96 * rng_uniform(3, 2 * k + 1)));
        double hx = 1e-5 * size.x;
        double hy = 1e-5 * size.y;
        Derivatives c, e, o, n, s;
        loss_eval(l, p, EXPR_HESSIAN, &c);
        loss_eval(l, vec2(p.x + hx, p.y), EXPR_GRADIENT, &e);
        loss_eval(l, vec2(p.x - hx, p.y), EXPR_GRADIENT, &o);
        loss_eval(l, vec2(p.x, p.y + hy), EXPR_GRADIENT, &n);
        loss_eval(l, vec2(p.x, p.y - hy), EXPR_GRADIENT, &s);
        /* in units of the window: an error of size h^2 times the third derivative */
        double scale = 1 + fabs(c.f) + fabs(c.g.x * size.x) + fabs(c.g.y * size.y) +
                       fabs(c.h.xx) * size.x * size.x + fabs(c.h.yy) * size.y * size.y;
        check_near((e.f - o.f) / 2e-5, c.g.x * size.x, 1e-6 * scale, name);
        check_near((n.f - s.f) / 2e-5, c.g.y * size.y, 1e-6 * scale, name);
        check_near((e.g.x - o.g.x) * size.x / 2e-5, c.h.xx * size.x * size.x, 1e-4 * scale, name);
        check_near((e.g.y - o.g.y) * size.y / 2e-5, c.h.xy * size.x * size.y, 1e-4 * scale, name);
        check_near((n.g.y - s.g.y) * size.y / 2e-5, c.h.yy * size.y * size.y, 1e-4 * scale, name);
    }
}

static void test_models_against_differences(void **state)
{
    (void)state;
    for (int i = 0; i < MODELS; i++) {
        const Surface *s = surface_find(models[i], strlen(models[i]));
        Model m = model(models[i]);
        check_differences(&m.loss, s->window, models[i]);
        if (m.has_held_out)
            check_differences(&m.held_out, s->window, models[i]);
        model_release(&m);
    }
}

static void test_critical_points_of_models(void **state)
{
    (void)state;
    for (int i = 0; i < MODELS; i++) {
        const Surface *s = surface_find(models[i], strlen(models[i]));
        Model m = model(models[i]);
        for (int k = 0; k < s->critical_count; k++) {
            Vec2 found;
            Derivatives d;
            if (!critical_newton(&m.loss, s->critical[k].at, &found, &d))
                fail_msg("%s: no critical point near %.9g,%.9g", models[i], s->critical[k].at.x,
                         s->critical[k].at.y);
            check_near(found.x, s->critical[k].at.x, 1e-7, models[i]);
            check_near(found.y, s->critical[k].at.y, 1e-7, models[i]);
            assert_int_equal(critical_kind(d.h),
                             s->critical[k].kind == 'm' ? CRITICAL_MINIMUM : CRITICAL_SADDLE);
        }
        model_release(&m);
    }
}

static void check_optimum(const char *name, Vec2 from, Vec2 expected, double f)
{
    Model m = model(name);
    Vec2 at;
    Derivatives d;
    assert_true(critical_newton(&m.loss, from, &at, &d));
    check_near(at.x, expected.x, 6e-8, name);
    check_near(at.y, expected.y, 6e-8, name);
    check_near(d.f, f, 6e-8, name);
    model_release(&m);
}

static void test_known_optima(void **state)
{
    (void)state;
    check_optimum("oring23", vec2(-0.23, 15), vec2(-0.2321627, 15.0429016), 0.4416346);
    check_optimum("line24", vec2(0, 0), vec2(1.46154722, -0.42312359), 0);
    /* the same fit in standardised units: w*sd and b + w*mean */
    check_optimum("oring23_std", vec2(-1.6, -1),
                  vec2(-0.23216274418 * 6.901959941907628,
                       15.04290164505 - 0.23216274418 * 69.56521739130434),
                  0.4416346);
    Model m = model("line24");
    Derivatives d;
    double small, large;
    loss_eval(&m.loss, vec2(0, 0), EXPR_HESSIAN, &d);
    sym_eigenvalues(d.h, &small, &large);
    check_near(small, 0.1747, 5e-5, "smaller eigenvalue");
    check_near(large, 4.3741, 5e-5, "larger eigenvalue");
    model_release(&m);
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* The order that loss.h states, one row at a time. */
static void stated_sum(const Loss *l, Vec2 at, double out[EXPR_OUTPUTS])
{
    double s[EXPR_OUTPUTS][8] = {{0}};
    for (long i = 0; i < l->data->n; i++) {
        double in[EXPR_INPUTS] = {at.x, at.y};
        double v[EXPR_OUTPUTS];
        for (int k = 0; k < l->param_count; k++)
            in[2 + k] = l->param[k];
        for (int k = 0; k < l->column_count; k++)
            in[2 + l->param_count + k] = l->data->column[l->column[k]].at[i];
        program_eval(l->program, EXPR_HESSIAN, in, v);
        for (int k = 0; k < EXPR_OUTPUTS; k++)
            s[k][i % 8] += v[k];
    }
    for (int k = 0; k < EXPR_OUTPUTS; k++)
        out[k] = (((s[k][0] + s[k][4]) + (s[k][2] + s[k][6])) +
                  ((s[k][1] + s[k][5]) + (s[k][3] + s[k][7]))) / (double)l->data->n;
}

static void put_rows(const char *name, long n)
{
    FILE *out = fopen(path_of(name), "wb");
    assert_non_null(out);
    fputs("u,v\n", out);
    for (long i = 0; i < n; i++) {
        double u = 3 * rng_uniform(5, 2 * (uint64_t)i);
        fprintf(out, "%.17g,%.17g\n", u, 1.5 * u - 0.5 + rng_uniform(5, 2 * (uint64_t)i + 1));
    }
    fclose(out);
}

static void check_sums(long n)
{
    Error err = {0};
    put_rows("rows.csv", n);
    Data *d = data_open(path_of("rows.csv"), false, &err);
    assert_non_null(d);
    assert_int_equal(d->n, n);
    Loss l;
    assert_true(loss_compile_rows(&l, "softplus(x*u+y)*a-v*sin(x)", (const char *[]){"a"},
                                  (double[]){0.7}, 1, d, &err));
    uint32_t *all = malloc(sizeof *all * (size_t)n);
    for (long i = 0; i < n; i++)
        all[i] = (uint32_t)i;
    double x[5], y[5], f[5];
    for (int k = 0; k < 5; k++) {
        x[k] = rng_uniform(6, 2 * (uint64_t)k);
        y[k] = rng_uniform(6, 2 * (uint64_t)k + 1);
    }
    loss_values(&l, x, y, f, 5);
    for (int k = 0; k < 5; k++) {
        double e[EXPR_OUTPUTS];
        Derivatives full = {0}, value, part = {0};
        stated_sum(&l, vec2(x[k], y[k]), e);
        loss_eval(&l, vec2(x[k], y[k]), EXPR_HESSIAN, &full);
        loss_eval(&l, vec2(x[k], y[k]), EXPR_VALUE, &value);
        loss_eval_rows(&l, vec2(x[k], y[k]), EXPR_HESSIAN, all, n, &part);
        Derivatives stated = {e[0], {e[1], e[2]}, {e[3], e[4], e[5]}};
        assert_memory_equal(&full, &stated, sizeof full);
        assert_memory_equal(&full, &part, sizeof full);
        assert_true(value.f == e[0] && f[k] == e[0]);
    }
    free(all);
    loss_release(&l);
    data_drop(d);
    remove(path_of("rows.csv"));
}

static void test_order_of_sums(void **state)
{
    (void)state;
    static const long sizes[] = {1, 3, 4, 5, 7, 8, 9, 127, 128, 129, 511, 512, 513, 2000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        check_sums(sizes[i]);
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Rows of the batch of step t, from the words of SPEC 8. */
static long expected_batch(uint64_t seed, long n, long batch, long epoch, long slot, uint32_t *rows)
{
    uint32_t order[64];
    uint64_t k = (uint64_t)epoch * (uint64_t)(n - 1);
    for (long i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (long i = n - 1; i >= 1; i--) {
        long j = (long)(rng_u64(seed, k++) % (uint64_t)(i + 1));
        uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    long count = 0;
    for (long i = slot * batch; i < n && i < (slot + 1) * batch; i++)
        rows[count++] = order[i];
    return count;
}

static void check_batch(const Timeline *t, const Loss *l, long row, long batch, long epoch,
                        long slot)
{
    uint32_t rows[64];
    Derivatives d, full;
    const Row *r = &timeline_rows(t)[row];
    long n = expected_batch(timeline_scene(t)->seed, 24, batch, epoch, slot, rows);
    loss_eval_rows(l, r->at, EXPR_GRADIENT, rows, n, &d);
    loss_eval(l, r->at, EXPR_HESSIAN, &full);
    assert_true(r->batch_loss == d.f && r->g.x == d.g.x && r->g.y == d.g.y);
    assert_true(r->loss == full.f); /* the loss shown is the full one */
}

static void test_batches(void **state)
{
    (void)state;
    Scene s = scene_of("surface=line24 batch=7 steps=50 seed=9 eta0=0.1 schedule=constant");
    Timeline *t = run_scene(&s);
    const Loss *l = timeline_loss(t);
    assert_int_equal(timeline_epoch_steps(t, 0), 4); /* 7 + 7 + 7 + 3 */
    for (long row = 0; row <= 50; row++) {
        check_batch(t, l, row, 7, row / 4, row % 4);
        assert_true(timeline_epoch(t, row) == (double)row / 4);
    }
    Update u; /* replaying meets the same batches */
    timeline_update(t, 17, &u);
    assert_true(u.step.step.x == 0.1 * timeline_rows(t)[17].g.x);
    timeline_free(t);
}

/* Another batch size begins the next epoch. */
static void test_batch_edit(void **state)
{
    (void)state;
    Scene s = scene_of("surface=line24 batch=7 steps=30 eta0=0.1; at 10 batch=12; at 15 batch=0; "
                       "at 20 eta0=0.2; at 25 batch=5");
    Timeline *t = run_scene(&s);
    const Loss *l = timeline_loss(t);
    check_batch(t, l, 9, 7, 2, 1);
    check_batch(t, l, 10, 12, 3, 0);
    check_batch(t, l, 14, 12, 5, 0);
    assert_true(timeline_epoch(t, 10) == 3 && timeline_epoch(t, 11) == 3.5);
    assert_true(isnan(timeline_rows(t)[15].batch_loss));
    assert_true(timeline_epoch(t, 15) == 6 && timeline_epoch(t, 16) == 7);
    check_batch(t, l, 26, 5, 16, 1);
    timeline_free(t);
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Number by number: the bytes between a row's numbers mean nothing. */
static bool same_row(const Row *a, const Row *b)
{
    return same_bits(a->at.x, b->at.x) && same_bits(a->at.y, b->at.y) &&
           same_bits(a->loss, b->loss) && same_bits(a->g.x, b->g.x) && same_bits(a->g.y, b->g.y) &&
           same_bits(a->eta, b->eta) && same_bits(a->rate.x, b->rate.x) &&
           same_bits(a->rate.y, b->rate.y) && same_bits(a->lambda, b->lambda) &&
           same_bits(a->limit, b->limit) && same_bits(a->best, b->best) && a->events == b->events;
}

static void test_all_rows_are_no_batch(void **state)
{
    (void)state;
    Scene a = scene_of("surface=line24 steps=20");
    Scene b = scene_of("surface=line24 steps=20 batch=24");
    Timeline *s = run_scene(&a);
    Timeline *t = run_scene(&b);
    for (int i = 0; i < 21; i++)
        assert_true(same_row(&timeline_rows(s)[i], &timeline_rows(t)[i]));
    assert_true(isnan(timeline_rows(t)[3].batch_loss));
    assert_true(timeline_epoch(t, 3) == 3);
    timeline_free(s);
    timeline_free(t);
}

/* Noise beside batches draws from another sequence: their sum is the sum of both alone. */
static void test_noise_and_batches(void **state)
{
    (void)state;
    uint64_t other = 5 ^ UINT64_C(0x9E3779B97F4A7C15);
    Scene a = scene_of("surface=line24 batch=3 noise=0.5 seed=5 steps=1");
    Scene b = scene_of("surface=line24 batch=3 seed=5 steps=1");
    Scene c = scene_of("surface=line24 noise=0.5 seed=%llu steps=1", (unsigned long long)other);
    Timeline *t[3] = {run_scene(&a), run_scene(&b), run_scene(&c)};
    Derivatives d;
    loss_eval(timeline_loss(t[0]), timeline_rows(t[0])->at, EXPR_GRADIENT, &d);
    check_near(timeline_rows(t[0])->g.x - timeline_rows(t[1])->g.x,
               timeline_rows(t[2])->g.x - d.g.x, 1e-13, "noise in x");
    check_near(timeline_rows(t[0])->g.y - timeline_rows(t[1])->g.y,
               timeline_rows(t[2])->g.y - d.g.y, 1e-13, "noise in y");
    for (int i = 0; i < 3; i++)
        timeline_free(t[i]);
}

/* unit=epoch: the rule sees one loss an epoch, lengths count epochs. */
static void test_epoch_units(void **state)
{
    (void)state;
    Scene s = scene_of("surface=line24 start=-1,2 batch=6 steps=60 eta0=1e-5 "
                       "schedule=plateau:patience=1,factor=0.5,unit=epoch,threshold=0.5");
    Timeline *t = run_scene(&s);
    for (long row = 0; row <= 60; row++) {
        bool cut = (timeline_rows(t)[row].events & ROW_CUT) != 0;
        if (cut && row % 4 != 0)
            fail_msg("cut at row %ld, inside an epoch", row);
    }
    /* the first loss is the best, two are bad: cut behind the third epoch */
    assert_true(timeline_rows(t)[12].events & ROW_CUT);
    timeline_free(t);
    s = scene_of(
        "surface=line24 batch=6 steps=60 eta0=0.2 schedule=step:step_size=2,gamma=0.5,unit=epoch");
    t = run_scene(&s);
    for (long row = 0; row <= 60; row++)
        assert_true(timeline_rows(t)[row].eta == ldexp(0.2, -(int)(row / 8)));
    timeline_free(t);
}

/* ---- held out -------------------------------------------------------------------------------- */

static void test_held_out_files(void **state)
{
    (void)state;
    put_file("train.csv", "id,u,v\na,1,2\nb,2,3\n");
    put_file("held.csv", "# other order\nv,u\n1,1\n");
    Scene s = scene_of("surface='(x*u+y-v)^2/2' data=%s held_out=%s start=0,0 steps=5 eta0=0.1",
                       path_of("train.csv"), path_of("held.csv"));
    Timeline *t = run_scene(&s);
    const Row *r = timeline_rows(t);
    assert_true(r[0].loss == (2 + 4.5) / 2 && r[0].held_out == 0.5);
    assert_true(r[0].g.x == -(2 + 6) / 2.0 && r[0].g.y == -(2 + 3) / 2.0);
    assert_true(r[5].held_out != 0.5);
    assert_string_equal(timeline_file(t, 0)->file, path_of("train.csv"));
    assert_string_equal(timeline_file(t, 1)->file, path_of("held.csv"));
    assert_null(timeline_file(t, 2));
    const char *text = "id,u,v\na,1,2\nb,2,3\n";
    assert_true(timeline_file(t, 0)->hash == fnv1a(text, strlen(text)));

    /* files are read once: gone, a change of eta0 and a run beside this one still work */
    remove(path_of("train.csv"));
    remove(path_of("held.csv"));
    Error err = {0};
    Scene other = s;
    other.eta0 = 0.2;
    assert_true(timeline_set(t, &other, &err));
    Timeline *beside = timeline_new();
    assert_true(timeline_set_beside(beside, &s, t, &err));
    timeline_free(t);
    assert_true(timeline_rows(beside)[0].held_out == 0.5);
    timeline_free(beside);
}

static void test_held_out_formula(void **state)
{
    (void)state;
    Scene s =
        scene_of("surface='x^2+a*y^2:a=3' held_out='(x-1)^2+a*y^2' start=1,1 steps=3 eta0=0.1; "
                 "at 2 surface='x^2+a*y^2:a=5'");
    Timeline *t = run_scene(&s);
    assert_true(timeline_rows(t)[0].loss == 4 && timeline_rows(t)[0].held_out == 3);
    Vec2 at = timeline_rows(t)[2].at;
    assert_true(timeline_rows(t)[2].held_out == (at.x - 1) * (at.x - 1) + 5 * (at.y * at.y));
    timeline_free(t);
}

/* ---- the verified scenes --------------------------------------------------------------------- */

typedef struct Seen {
    const char *id;
    double loss, x, y, tail, held_out; /* expected; NaN: not looked at */
} Seen;

/* Tail: the mean of the last tenth of the loss points. */
static double tail_of(const Timeline *t)
{
    long n = timeline_last(t) + 1;
    double sum = 0;
    for (long i = n - n / 10; i < n; i++)
        sum += timeline_rows(t)[i].loss;
    return sum / (double)(n / 10);
}

static void test_scenes(void **state)
{
    (void)state;
#define NO NAN
    static const Seen seen[] = {
        {"D1", NO, NO, NO, 0.09851, NO},         {"D2", NO, NO, NO, 0.3565, NO},
        {"D3", NO, NO, NO, 0.003317, NO},        {"D4", 3.65e-06, NO, NO, 4.483e-05, NO},
        {"D5", 4.526e-07, NO, NO, 2.831e-05, NO}, {"D6", 0.2356, NO, NO, 0.2356, NO},
        {"D7", 0.0001177, NO, NO, 0.0005489, NO}, {"D8", 2.684e-06, NO, NO, 2.718e-05, NO},
        {"D9", 3.292e-06, NO, NO, 0.0007112, NO}, {"D10", 0.5339, NO, NO, 0.5339, NO},
        {"D10b", 3.069e-05, NO, NO, 3.114e-05, NO}, {"D11", NO, NO, NO, -2.062e-09, NO},
        {"D12", NO, NO, NO, 0.004277, NO},       {"D13", NO, NO, NO, 0.01516, NO},
        {"D14", NO, NO, NO, 1.921e-05, NO},      {"D15", 0.0003017, NO, NO, 0.02132, NO},
        {"D16", 6.585e-07, NO, NO, 0.0007842, NO}, {"B16", 0.5938, 0.3483, 4.478, NO, NO},
        {"B17", 0.03994, 1.588, 1.988, NO, 0.01643}, {"B18", 0.5198, -0.6221, 3.301, NO, NO},
        {"C1", 5.868e-05, -1.99, NO, NO, 1.158}, {"C2", 0.02334, 1.854, NO, NO, 0.159},
        {"C3", 0.03852, NO, NO, NO, 1.547},      {"C4", 0.6447, NO, NO, NO, 0.6693},
        {"C5", 0.3328, NO, NO, NO, 0.5501},      {"C6", 0.03826, NO, NO, NO, 1.552},
        {"C7", 0.03865, NO, NO, NO, 1.544},      {"C9", 0.03864, NO, NO, NO, 1.544},
        {"H11", NO, 2.032, 0.8078, NO, NO},      {"H12", NO, 1.996, 1.984, NO, NO},
        {"H13", 0.5916, -0.01423, 0.04711, NO, NO}, {"H14", 0.4416, -1.602, -1.108, NO, NO},
        {"N1", 0.005804, 1.217, 1.776, NO, NO},  {"N2", 0.005804, -1.217, -1.776, NO, NO},
        {"N3", 0.02916, NO, 7.985, NO, NO},      {"N4", 0.005761, NO, 1.847, NO, NO},
    };
#undef NO
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        Timeline *t = run_named(seen[i].id);
        const Row *last = &timeline_rows(t)[timeline_last(t)];
        double tail = tail_of(t);
        const double pairs[][2] = {{last->loss, seen[i].loss}, {last->at.x, seen[i].x},
                                   {last->at.y, seen[i].y},    {tail, seen[i].tail},
                                   {last->held_out, seen[i].held_out}};
        for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++)
            if (!isnan(pairs[k][1]))
                check_digits(pairs[k][0], pairs[k][1], seen[i].id);
        timeline_free(t);
    }
}

static int cuts_of(const Timeline *t)
{
    int cuts = 0;
    for (long i = 0; i <= timeline_last(t); i++)
        cuts += (timeline_rows(t)[i].events & ROW_CUT) != 0;
    return cuts;
}

/* C8 feeds the rule the loss before the step (pedagogy 2.4 c), so its check counts, not digits. */
static void test_plateau_on_held_out(void **state)
{
    (void)state;
    Timeline *watching = run_named("C8");
    Timeline *blind = run_named("C9");
    const Row *w = &timeline_rows(watching)[400];
    assert_true(w->held_out < 0.57 && cuts_of(watching) >= 2);
    check_near(w->held_out, 0.5496, 5e-4, "C8 held out");
    assert_int_equal(cuts_of(blind), 0);
    assert_true(timeline_rows(blind)[4000].held_out > 1);
    timeline_free(watching);
    timeline_free(blind);
}

/* H15 and H16 are chaotic: their checks only. */
static void test_chaotic_scenes(void **state)
{
    (void)state;
    Timeline *t = run_named("H15");
    assert_true(timeline_rows(t)[2000].loss < 0.47);
    timeline_free(t);
    t = run_named("H16");
    double peak = 0;
    for (long i = 0; i <= 2000; i++)
        peak = fmax(peak, timeline_rows(t)[i].loss);
    assert_true(peak > 1);
    timeline_free(t);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static void check_file(const char *text, long line, long column, const char *message)
{
    put_file("bad.csv", text);
    Scene s = scene_of("surface='(x*u+y-v)^2/2' data=%s", path_of("bad.csv"));
    check_set_fails(&s, "bad.csv", line, column, message);
    remove(path_of("bad.csv"));
}

static void test_bad_files(void **state)
{
    (void)state;
    check_file("", 0, 0, "is empty");
    check_file("u,v\n1,2\n3\n", 3, 2, "this row has 1 cell, the header 2");
    check_file("u,v\n1,2\n3,abc\n", 3, 3, "column 'v': 'abc' is not a number");
    check_file("u,v\n1,2\ninf,2\n", 3, 1, "column 'u': 'inf' is not finite");
    check_file("u,v\n1,2\n2,\n", 3, 3, "column 'v': a number is missing");
    check_file("u,u\n1,2\n", 1, 3, "stands here twice");
    check_file("u,v,x\n1,2,3\n", 1, 5, "call it 'u_'");
    check_file("u,v,exp\n1,2,3\n", 1, 5, "call it 'exp_'");
    Scene s = scene_of("surface='(x*u+y-v)^2/2' data=%s", folder);
    check_set_fails(&s, folder, 0, 0, "Is a directory");
    s = scene_of("surface='(x*u+y-v)^2/2' data=%s", path_of("none.csv"));
    check_set_fails(&s, "none.csv", 0, 0, "No such file");
}

static void test_bad_formulas_over_rows(void **state)
{
    (void)state;
    put_file("rows.csv", "u,v\n1,2\n");
    put_file("other.csv", "u,w\n1,2\n");
    const char *rows = path_of("rows.csv");
    const char *other = path_of("other.csv");
    Scene s = scene_of("surface='(x*u+y-vv)^2/2' data=%s", rows);
    check_set_fails(&s, "surface", 1, 8, "unknown name 'vv' (did you mean 'v'?)");
    s = scene_of("surface='x^2+y^2' data=%s", rows);
    check_set_fails(&s, "surface", 1, 1, "uses no column");
    s = scene_of("surface='x*u+y*v*a:a=2,u=3' data=%s", rows);
    check_set_fails(&s, "rows.csv", 1, 1, "'u' is a column here and a parameter");
    s = scene_of("surface='x*u+y*v' data=%s held_out=%s", rows, other);
    check_set_fails(&s, "other.csv", 1, 1, "column 'v' of the formula is missing");
    s = scene_of("surface=himmelblau held_out=%s", rows);
    check_set_fails(&s, "held_out", 1, 1, "need a loss over rows");
    s = scene_of("surface=digits_plane data=%s", rows);
    check_set_fails(&s, "data", 1, 1, "a grid has no rows");
    s = scene_of("surface=himmelblau batch=4");
    check_set_fails(&s, "batch", 1, 1, "mini-batches need a loss over rows");
    s = scene_of("surface=himmelblau; at 5 batch=4");
    check_set_fails(&s, "batch", 1, 1, "mini-batches need a loss over rows");
    s = scene_of("surface=himmelblau schedule=plateau:metric=held_out");
    check_set_fails(&s, "schedule", 1, 1, "metric=held_out needs a held-out loss");
    s = scene_of("surface='log(x*u)*v' data=%s start=-1,0", rows);
    check_set_fails(&s, "", 0, 0, "lies in a hole");
    remove(rows);
    remove(other);
}

static void check_parse_error(const char *text, long line, long column, const char *message)
{
    Scene s;
    Error err = {0};
    scene_default(&s);
    if (scene_parse(&s, text, NULL, &err))
        fail_msg("accepted: %s", text);
    if (err.line != line || err.column != column || !strstr(err.message, message))
        fail_msg("%s: %ld:%ld: %s", text, err.line, err.column, err.message);
}

/* Unknown names are an error at once where no data can explain them. */
static void test_names_in_scenes(void **state)
{
    (void)state;
    check_parse_error("steps=5\nsurface='x^2+foo*y'", 2, 14, "unknown name 'foo'");
    check_parse_error("surface=' x^2+foo*y' steps=3", 1, 15, "unknown name 'foo'");
    check_parse_error("surface='x^2+foo(y)' data=a.csv", 1, 14, "foo");
    check_parse_error("surface='x^2+*v' data=a.csv", 1, 14, "unexpected '*'");
    check_parse_error("surface='2e3x*v' data=a.csv", 1, 13, "x");
    check_parse_error("surface=x+y\nheld_out='x+b*y'", 2, 13, "unknown name 'b'");
    scene_of("data=a.csv surface='x*u+y-v+2e3*a:a=1'");
    scene_of("surface='x*u+y-v' data=a.csv");
    scene_of("held_out='x+a*y' surface='x*y+a:a=2'");
}

/* ---- a million rows -------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double plain_loop(const Data *d, Vec2 at, Vec2 *g)
{
    const double *u = d->column[0].at;
    const double *v = d->column[1].at;
    double f = 0;
    *g = vec2(0, 0);
    for (long i = 0; i < d->n; i++) {
        double r = at.x * u[i] + at.y - v[i];
        f += r * r / 2;
        g->x += r * u[i];
        g->y += r;
    }
    *g = vec_scale(1 / (double)d->n, *g);
    return f / (double)d->n;
}

static void test_a_million_rows(void **state)
{
    (void)state;
    Error err = {0};
    put_rows("million.csv", 1000000);
    double start = seconds();
    Data *d = data_open(path_of("million.csv"), false, &err);
    double loaded = seconds();
    assert_non_null(d);
    Loss l;
    assert_true(loss_compile_rows(&l, "(x*u+y-v)^2/2", NULL, NULL, 0, d, &err));
    double best[3] = {9, 9, 9};
    for (int k = 0; k < 5; k++) {
        Derivatives g, h;
        Vec2 plain;
        double t0 = seconds();
        loss_eval(&l, vec2(-1, 2), EXPR_GRADIENT, &g);
        double t1 = seconds();
        loss_eval(&l, vec2(-1, 2), EXPR_HESSIAN, &h);
        double t2 = seconds();
        double f = plain_loop(d, vec2(-1, 2), &plain);
        double t3 = seconds();
        best[0] = fmin(best[0], t1 - t0);
        best[1] = fmin(best[1], t2 - t1);
        best[2] = fmin(best[2], t3 - t2);
        check_near(h.f, f, 1e-10 * f, "loss of a million rows");
        check_near(g.g.x, plain.x, 1e-9, "gradient of a million rows");
    }
    print_message("million rows: load %.2f s; gradient %.2f ms, with Hessian %.2f ms, plain C "
                  "gradient %.2f ms\n",
                  loaded - start, 1e3 * best[0], 1e3 * best[1], 1e3 * best[2]);
    loss_release(&l);
    data_drop(d);
    remove(path_of("million.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models_against_differences),
        cmocka_unit_test(test_critical_points_of_models),
        cmocka_unit_test(test_known_optima),
        cmocka_unit_test(test_order_of_sums),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_batch_edit),
        cmocka_unit_test(test_all_rows_are_no_batch),
        cmocka_unit_test(test_noise_and_batches),
        cmocka_unit_test(test_epoch_units),
        cmocka_unit_test(test_held_out_files),
        cmocka_unit_test(test_held_out_formula),
        cmocka_unit_test(test_scenes),
        cmocka_unit_test(test_plateau_on_held_out),
        cmocka_unit_test(test_chaotic_scenes),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_bad_formulas_over_rows),
        cmocka_unit_test(test_names_in_scenes),
        cmocka_unit_test(test_a_million_rows),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
