/* SPDX-License-Identifier: MIT
 * Properties of every optimizer: the table, defaults from SPEC 3, convergence on two bowls, the
 * local stability limit from both sides, and the corners of adaptive scaling. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/optimizer.h"

static const Optimizer *row(const char *name)
{
    const Optimizer *o = optimizer_find(name, strlen(name));
    assert_non_null(o);
    return o;
}

/* Values in force for "key=value,..." or NULL. */
static void values(const Optimizer *o, const char *params, double *p)
{
    ParamSet set = {.given = 0};
    Error err;
    if (params && !param_parse_all(o->params, params, strlen(params), &set, &err))
        fail_msg("%s:%s: %s", o->name, params, err.message);
    for (int i = 0; o->params[i].name; i++)
        p[i] = param_value(o->params, &set, i, NULL);
}

static Vec2 gradient(Sym2 h, Vec2 at)
{
    return vec2(h.xx * at.x + h.xy * at.y, h.xy * at.x + h.yy * at.y);
}

static double loss(Sym2 h, Vec2 at)
{
    Vec2 g = gradient(h, at);
    return 0.5 * (at.x * g.x + at.y * g.y);
}

/* `steps` updates on the quadratic with Hessian h, or fewer once the distance exceeds `far`. */
static Vec2 descend(const Optimizer *o, const double *p, Sym2 h, Vec2 at, double eta, long steps,
                    double far)
{
    OptState s = {.count = 0};
    OptStep step;
    for (long t = 0; t < steps && vec_norm(at) <= far; t++) {
        o->step(p, eta, gradient(h, at), &s, &step);
        at = vec_sub(vec_scale(step.shrink, at), step.step);
    }
    return at;
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        assert_ptr_equal(optimizer_find(o->name, strlen(o->name)), o);
        assert_int_equal(strspn(o->name, "abcdefghijklmnopqrstuvwxyz"), strlen(o->name));
        assert_true(*o->title && *o->formula && o->step && o->limit && o->flops >= 2);
        assert_in_range(o->memory, 0, 3);
        if (utf8_count(o->good, strlen(o->good)) > 70 ||
            utf8_count(o->caution, strlen(o->caution)) > 70)
            fail_msg("%s: good or caution longer than 70", o->name);
        assert_in_range(param_count(o->params), 0, PARAM_MAX);
    }
    assert_null(optimizer_find("ada", 3));
}

/* SPEC 3. */
static const struct {
    const char *optimizer;
    const char *param;
    double value;
} spec_defaults[] = {
    {"momentum", "momentum", 0.9}, {"momentum", "convention", 0},
    {"nesterov", "momentum", 0.9}, {"nesterov", "convention", 0},
    {"adagrad", "eps", 1e-10},     {"rmsprop", "alpha", 0.99},
    {"rmsprop", "eps", 1e-8},      {"adadelta", "rho", 0.9},
    {"adadelta", "eps", 1e-6},     {"adam", "beta1", 0.9},
    {"adam", "beta2", 0.999},      {"adam", "eps", 1e-8},
    {"amsgrad", "beta1", 0.9},     {"amsgrad", "beta2", 0.999},
    {"amsgrad", "eps", 1e-8},      {"adamw", "beta1", 0.9},
    {"adamw", "beta2", 0.999},     {"adamw", "eps", 1e-8},
    {"adamw", "weight_decay", 0.01}, {"nadam", "beta1", 0.9},
    {"nadam", "beta2", 0.999},     {"nadam", "eps", 1e-8},
    {"nadam", "momentum_decay", 0.004}, {"radam", "beta1", 0.9},
    {"radam", "beta2", 0.999},     {"radam", "eps", 1e-8},
};

static void test_defaults_are_the_spec_s(void **state)
{
    (void)state;
    int count = (int)(sizeof spec_defaults / sizeof spec_defaults[0]);
    int rows = 0;
    for (int i = 0; i < count; i++) {
        double p[PARAM_MAX];
        const Optimizer *o = row(spec_defaults[i].optimizer);
        const char *name = spec_defaults[i].param;
        int index = param_find(o->params, name, strlen(name));
        assert_true(index >= 0);
        values(o, NULL, p);
        assert_true(p[index] == spec_defaults[i].value);
    }
    for (const Optimizer *o = optimizers; o->name; o++)
        rows += param_count(o->params);
    assert_int_equal(rows, count);
}

static void test_bounds_are_enforced(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        for (const ParamInfo *p = o->params; p->name; p++) {
            Error err = {.line = 0};
            assert_false(param_check(p, NAN, &err));
            assert_false(param_check(p, INFINITY, &err));
            assert_false(param_check(p, p->lo - 1, &err));
            assert_false(param_check(p, p->hi + 1, &err));
            assert_true(err.message[0]);
            assert_true(param_check(p, 0, &err));
            assert_int_equal(param_check(p, 1, &err), !p->hi_open || p->hi > 1);
        }
    }
}

/* A sane rate for sphere (curvature 2) and ravine (1 and 20), 2000 steps from (2.5, -2). */
static const struct {
    const char *optimizer;
    double eta;
} sane[] = {
    {"sgd", 0.05},   {"momentum", 0.01}, {"nesterov", 0.01}, {"adagrad", 0.5},
    {"rmsprop", 0.01}, {"adadelta", 1},  {"adam", 0.05},     {"amsgrad", 0.05},
    {"adamw", 0.05}, {"nadam", 0.05},    {"radam", 0.01},
};

static void test_converges_on_bowls(void **state)
{
    (void)state;
    static const Sym2 bowls[] = {{2, 0, 2}, {1, 0, 20}};
    int count = (int)(sizeof sane / sizeof sane[0]);
    assert_int_equal(count, optimizer_count());
    for (int i = 0; i < count; i++) {
        for (int b = 0; b < 2; b++) {
            double p[PARAM_MAX];
            values(row(sane[i].optimizer), NULL, p);
            Vec2 end = descend(row(sane[i].optimizer), p, bowls[b], vec2(2.5, -2), sane[i].eta,
                               2000, INFINITY);
            if (!(loss(bowls[b], end) < 1e-2))
                fail_msg("%s on bowl %d: loss %g", sane[i].optimizer, b, loss(bowls[b], end));
        }
    }
}

/* Just below the limit it settles, just above it is driven away. With an eps far above all
 * gradients the preconditioner of the adaptive methods is constant at first, so that their limits
 * show (far out Adagrad's growing sum brings it back). */
static const struct {
    const char *optimizer;
    const char *params;
} limits[] = {
    {"sgd", NULL},
    {"momentum", NULL},
    {"momentum", "momentum=0"},
    {"momentum", "momentum=0.5,convention=inside"},
    {"momentum", "convention=inside"},
    {"momentum", "convention=average"},
    {"momentum", "momentum=0.5,convention=average"},
    {"nesterov", NULL},
    {"nesterov", "momentum=0.5"},
    {"nesterov", "convention=inside"},
    {"nesterov", "convention=average"},
    {"nesterov", "momentum=0.99,convention=average"},
    {"adagrad", "eps=1e9"},
    {"rmsprop", "eps=1e9"},
    {"adadelta", "eps=1e18"},
    {"adam", "eps=1e9"},
    {"adam", "eps=1e9,beta1=0.5"},
    {"amsgrad", "eps=1e9"},
    {"adamw", "eps=1e9,weight_decay=0"},
    {"nadam", "eps=1e9,momentum_decay=1000"},
};

static void test_limit_from_both_sides(void **state)
{
    (void)state;
    Sym2 h = {3, 2, 15};
    Vec2 start = {1, -0.7};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const Optimizer *o = row(limits[i].optimizer);
        double p[PARAM_MAX];
        OptState s = {.count = 0};
        OptStep step;
        values(o, limits[i].params, p);
        for (int k = 0; k < 3; k++)
            o->step(p, 0, gradient(h, start), &s, &step);
        double limit = optimizer_eta_limit(o, p, h, step.scale);
        /* bias correction of v matters for none of them: eps rules the denominator */
        double below = vec_norm(descend(o, p, h, start, 0.99 * limit, 20000, INFINITY));
        double above = vec_norm(descend(o, p, h, start, 1.01 * limit, 20000, 1e4));
        if (!(below < 1e-3) || !(above > 1e3))
            fail_msg("%s:%s limit %g: below it ends at %g, above at %g", o->name,
                     limits[i].params ? limits[i].params : "", limit, below, above);
    }
}

static void test_limit_is_what_the_spec_says(void **state)
{
    (void)state;
    Sym2 h = {1, 0, 20};
    Vec2 one = {1, 1};
    double p[PARAM_MAX];
    values(row("sgd"), NULL, p);
    assert_true(optimizer_eta_limit(row("sgd"), p, h, one) == 0.1);
    assert_true(optimizer_eta_limit(row("sgd"), p, h, vec2(40, 1)) == 0.05);
    assert_true(optimizer_eta_limit(row("sgd"), p, (Sym2){-1, 0, 0}, one) == INFINITY);
    assert_true(isnan(optimizer_eta_limit(row("sgd"), p, (Sym2){NAN, 0, 1}, one)));
    values(row("momentum"), NULL, p);
    assert_true(fabs(optimizer_eta_limit(row("momentum"), p, h, one) - 3.8 / 20) < 1e-15);
    assert_true(fabs(optimizer_eta_limit(row("nesterov"), p, h, one) - 3.8 / 2.8 / 20) < 1e-15);
    values(row("adam"), NULL, p);
    assert_true(fabs(row("adam")->limit(p) - 38) < 1e-12);
    assert_true(fabs(row("nadam")->limit(p) - 38 / 2.8) < 1e-12);
}

/* g = 0 and eps = 0: no step and no NaN; then a gradient in one coordinate only. */
static void test_zero_gradient_is_no_step(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        double p[PARAM_MAX];
        OptState s = {.count = 0};
        OptStep step;
        values(o, param_find(o->params, "eps", 3) >= 0 ? "eps=0" : NULL, p);
        for (int k = 0; k < 20; k++) {
            o->step(p, 0.1, vec2(k < 10 ? 0 : 1, 0), &s, &step);
            assert_true(vec_finite(step.step) && vec_finite(step.scale) && vec_finite(step.rate));
            assert_true(vec_finite(step.direction) && vec_finite(step.m_hat));
            assert_true(step.step.y == 0 && (k >= 10 || step.step.x == 0));
            assert_int_equal(s.count, k + 1);
        }
    }
}

/* What is said of a step: effective rate times direction, and rate = eta times scale. */
static void test_step_is_rate_times_direction(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        double p[PARAM_MAX];
        OptState s = {.count = 0};
        OptStep out;
        values(o, NULL, p);
        for (int k = 0; k < 50; k++) {
            double eta = 0.01 * (1 + k % 3);
            o->step(p, eta, vec2(1 + 0.1 * k, -3 + 0.2 * k), &s, &out);
            assert_true(fabs(out.rate.x * out.direction.x - out.step.x) < 1e-14);
            assert_true(fabs(out.rate.y * out.direction.y - out.step.y) < 1e-14);
            assert_true(fabs(out.scale.x * eta - out.rate.x) < 1e-14 * out.rate.x);
            assert_true(fabs(out.scale.y * eta - out.rate.y) < 1e-14 * out.rate.y);
        }
    }
}

/* x^2/2 from 1, mu = 0.9, eta cut from 0.1 to 0.01 at step 10: the three conventions part ways
 * (research/peers.md 5.4). */
static void test_conventions_part_after_a_cut(void **state)
{
    (void)state;
    static const char *const convention[] = {"convention=torch", "convention=inside",
                                             "convention=average"};
    static const double want[] = {0.0072, 0.0193, -0.0055};
    for (int i = 0; i < 3; i++) {
        double p[PARAM_MAX];
        OptState s = {.count = 0};
        OptStep out;
        double x = 1;
        values(row("momentum"), convention[i], p);
        for (int t = 0; t <= 10; t++) {
            row("momentum")->step(p, t < 10 ? 0.1 : 0.01, vec2(x, 0), &s, &out);
            x -= out.step.x;
        }
        if (fabs(-out.step.x - want[i]) > 6e-5)
            fail_msg("%s: step %g", convention[i], -out.step.x);
    }
}

static void test_adamw_decay_is_apart(void **state)
{
    (void)state;
    double p[PARAM_MAX];
    OptState s = {.count = 0};
    OptStep out;
    values(row("adamw"), "weight_decay=0.5", p);
    row("adamw")->step(p, 0.1, vec2(3, -1), &s, &out);
    assert_true(fabs(out.shrink - 0.95) < 1e-16);
    assert_true(fabs(out.step.x - 0.1) < 1e-8 && fabs(out.step.y + 0.1) < 1e-8);
}

/* Without memory Adam is sign descent; its very first step always is, to the last digits. */
static void test_adam_without_memory_is_sign_descent(void **state)
{
    (void)state;
    double p[PARAM_MAX];
    OptState s = {.count = 0};
    OptStep out;
    values(row("adam"), "beta1=0,beta2=0,eps=0", p);
    for (int k = 1; k < 30; k++) {
        row("adam")->step(p, 0.5, vec2(k, -0.25 * k), &s, &out);
        assert_true(out.step.x == 0.5 && out.step.y == -0.5);
    }
    s = (OptState){.count = 0};
    values(row("adam"), "eps=0", p);
    row("adam")->step(p, 0.5, vec2(3, -0.1), &s, &out);
    assert_true(fabs(out.step.x - 0.5) < 3e-16 && fabs(out.step.y + 0.5) < 3e-16);
}

enum { RUNS = 37, UPDATES = 30 };

/* Lanes of one rate, or of a rate each: bits equal those of as many single runs. */
static void check_many(const Optimizer *o, const char *params, bool one_rate)
{
    static double number[9][RUNS];
    double p[PARAM_MAX] = {0};
    OptState single[RUNS] = {{.count = 0}}, shared = {.count = 0};
    OptLanes lanes = {.count = RUNS, .one_rate = one_rate, .eta = number[0]};
    values(o, params, p);
    memset(number, 0, sizeof number);
    for (int i = 0; i < 2; i++) {
        static double g[2][RUNS];
        lanes.g[i] = g[i];
        lanes.at[i] = number[1 + i];
        lanes.m[i] = number[3 + i];
        lanes.v[i] = number[5 + i];
        lanes.w[i] = number[7 + i];
    }
    for (int t = 0; t < UPDATES; t++) {
        Vec2 want[RUNS];
        for (int j = 0; j < RUNS; j++) {
            Vec2 at = vec2(number[1][j], number[2][j]);
            Vec2 g = j == 5 ? vec2(0, -1) : vec2(sin(t + 3 * j), at.y - 0.1 * j - t % 3);
            OptStep step;
            number[0][j] = one_rate ? 0.1 : t % 7 == 3 ? 0 : 0.01 * (1 + j);
            ((double *)(uintptr_t)lanes.g[0])[j] = g.x;
            ((double *)(uintptr_t)lanes.g[1])[j] = g.y;
            o->step(p, number[0][j], g, &single[j], &step);
            want[j] = vec_sub(vec_scale(step.shrink, at), step.step);
        }
        OptCommon common = o->common(p, &shared);
        o->many(p, &common, &lanes);
        for (int j = 0; j < RUNS; j++) {
            Vec2 got[] = {{number[1][j], number[2][j]}, {number[3][j], number[4][j]},
                          {number[5][j], number[6][j]}, {number[7][j], number[8][j]}};
            Vec2 alone[] = {want[j], single[j].m, single[j].v, single[j].w};
            if (memcmp(got, alone, sizeof got) != 0)
                fail_msg("%s:%s update %d run %d: %a, alone %a", o->name, params ? params : "", t,
                         j, got[0].x, alone[0].x);
        }
    }
}

static void test_many_runs_are_single_runs(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++)
        for (int one = 0; one < 2; one++) {
            check_many(o, NULL, one);
            if (param_find(o->params, "convention", 10) >= 0) {
                check_many(o, "convention=inside", one);
                check_many(o, "convention=average,momentum=0.5", one);
            }
            if (param_find(o->params, "eps", 3) >= 0)
                check_many(o, "eps=0", one);
            if (param_find(o->params, "beta2", 5) >= 0)
                check_many(o, "beta1=0.5,beta2=0.9", one);
        }
}

/* Only what keeps an average of the gradient says so. */
static void test_the_moment_column(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        double p[PARAM_MAX];
        OptState s = {.count = 0};
        OptStep out;
        values(o, NULL, p);
        o->step(p, 0.1, vec2(1, 2), &s, &out);
        assert_int_equal(o->has_moment, s.m.x != 0 && s.m.y != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_defaults_are_the_spec_s),
        cmocka_unit_test(test_bounds_are_enforced),
        cmocka_unit_test(test_converges_on_bowls),
        cmocka_unit_test(test_limit_from_both_sides),
        cmocka_unit_test(test_limit_is_what_the_spec_says),
        cmocka_unit_test(test_zero_gradient_is_no_step),
        cmocka_unit_test(test_step_is_rate_times_direction),
        cmocka_unit_test(test_conventions_part_after_a_cut),
        cmocka_unit_test(test_adamw_decay_is_apart),
        cmocka_unit_test(test_adam_without_memory_is_sign_descent),
        cmocka_unit_test(test_many_runs_are_single_runs),
        cmocka_unit_test(test_the_moment_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
