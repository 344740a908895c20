/* SPDX-License-Identifier: MIT
 * Properties of every schedule, written from the table; defaults and end points from SPEC 2. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/schedule.h"
#include "expr/elementary.h"

enum { RANDOM_SETS = 60, DENSE = 2000, FAR = 1000000 };

static RateSpec usual(const Schedule *s, const ParamSet *set)
{
    return (RateSpec){.schedule = s, .params = set, .eta0 = 0.05, .eta_high = 0.3, .steps = 300};
}

static const Schedule *row(const char *name)
{
    const Schedule *s = schedule_find(name, strlen(name));
    assert_non_null(s);
    return s;
}

/* Bind "name" with "key=value,..." over 300 steps, eta0 0.05, eta_high 0.3. */
static Rate bound(const char *name, const char *params)
{
    ParamSet set = {.given = 0};
    Error err = {.line = 0};
    Rate r;
    if (params && !param_parse_all(row(name)->params, params, strlen(params), &set, &err))
        fail_msg("%s:%s: %s", name, params, err.message);
    RateSpec spec = usual(row(name), &set);
    if (!rate_bind(&r, &spec, &err))
        fail_msg("%s: %s", name, err.message);
    return r;
}

static bool has_text(const char *s)
{
    return s && *s;
}

static size_t characters(const char *s)
{
    return utf8_count(s, strlen(s));
}

static bool lower_word(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name);
}

static void check_param_row(const Schedule *s, const ParamInfo *p)
{
    assert_true(has_text(p->name) && has_text(p->text));
    assert_non_null(p->unit);
    assert_true(!p->derive || has_text(p->derived_text));
    assert_true(p->kind != PARAM_CHOICE || p->choices);
    if (characters(p->text) > 70)
        fail_msg("%s %s: text too long", s->name, p->name);
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (const Schedule *s = schedules; s->name; s++) {
        int count = param_count(s->params);
        assert_true(lower_word(s->name));
        assert_ptr_equal(schedule_find(s->name, strlen(s->name)), s);
        assert_true(has_text(s->title) && has_text(s->family) && has_text(s->formula));
        if (characters(s->good) > 70 || characters(s->caution) > 70)
            fail_msg("%s: good or caution longer than 70", s->name);
        assert_in_range(count, 2, PARAM_MAX);
        assert_string_equal(s->params[count - 2].name, "start");
        assert_string_equal(s->params[count - 1].name, "unit");
        for (int i = 0; i < count; i++)
            check_param_row(s, &s->params[i]);
        assert_true(s->fed == !s->eta && (s->phase || !s->restarts));
    }
    assert_null(schedule_find("cosin", 5));
}

/* SPEC 2, column "parameters = default", for T' = 300, eta_high = 0.3. */
static const struct {
    const char *schedule;
    const char *param;
    double value;
} spec_defaults[] = {
    {"step", "step_size", 60},
    {"step", "gamma", 0.5},
    {"multistep", "gamma", 0.1},
    {"exponential", "gamma", 0.9847666521101581}, /* 0.01^(1/300) */
    {"exp_k", "k", 0.015350567286626973},          /* ln(100)/300 */
    {"inverse_time", "decay_steps", 1},
    {"inverse_time", "decay_rate", 0.03},
    {"inverse_time", "staircase", 0},
    {"polynomial", "total", 300},
    {"polynomial", "power", 2},
    {"polynomial", "lr_end", 0},
    {"linear", "total", 300},
    {"linear", "lr_end", 0},
    {"inverse_sqrt", "shift", 15},
    {"cosine", "T_max", 300},
    {"cosine", "eta_min", 0},
    {"cosine", "hold", 1},
    {"cosine_restarts", "T_0", 42},
    {"cosine_restarts", "T_mult", 2},
    {"cosine_restarts", "eta_min", 0},
    {"triangular", "max_lr", 0.3},
    {"triangular", "step_up", 37},
    {"triangular", "step_down", 37},
    {"triangular2", "max_lr", 0.3},
    {"triangular2", "step_up", 37},
    {"triangular2", "step_down", 37},
    {"exp_range", "max_lr", 0.3},
    {"exp_range", "step_up", 37},
    {"exp_range", "step_down", 37},
    {"exp_range", "gamma", 0.9976921765270234}, /* 0.5^(1/300) */
    {"cosine_wave", "max_lr", 0.3},
    {"cosine_wave", "period", 75},
    {"one_cycle", "total", 301},
    {"one_cycle", "pct_start", 0.3},
    {"one_cycle", "div_factor", 25},
    {"one_cycle", "final_div_factor", 1e4},
    {"wsd", "warm", 30},
    {"wsd", "decay", 60},
    {"wsd", "min_ratio", 0},
    {"plateau", "factor", 0.1},
    {"plateau", "patience", 10},
    {"plateau", "threshold", 1e-4},
    {"plateau", "threshold_mode", 0},
    {"plateau", "cooldown", 0},
    {"plateau", "min_lr", 0},
    {"plateau", "metric", 0},
};

static void test_defaults_are_the_spec_s(void **state)
{
    (void)state;
    int checked = 0;
    for (size_t i = 0; i < sizeof spec_defaults / sizeof spec_defaults[0]; i++, checked++) {
        Rate r = bound(spec_defaults[i].schedule, NULL);
        const char *name = spec_defaults[i].param;
        int index = param_find(r.schedule->params, name, strlen(name));
        assert_true(index >= 0);
        double want = spec_defaults[i].value;
        if (!(fabs(r.value[index] - want) <= 4e-16 * want))
            fail_msg("%s %s: %.17g", spec_defaults[i].schedule, name, r.value[index]);
    }
    Rate r = bound("multistep", NULL);
    assert_int_equal(r.list_count, 2);
    assert_int_equal(r.list[0], 150);
    assert_int_equal(r.list[1], 225);
    int rows = 0;
    for (const Schedule *s = schedules; s->name; s++)
        rows += param_count(s->params) - 2;
    assert_int_equal(rows, checked + 1); /* the milestones */
}

/* The shortest run: every default must still be legal. */
static void test_defaults_are_legal_for_every_horizon(void **state)
{
    (void)state;
    static const long lengths[] = {1, 2, 3, 4, 5, 7, 10, 19, 100, 12345, FAR};
    for (const Schedule *s = schedules; s->name; s++) {
        for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
            Rate r;
            Error err;
            RateSpec spec = usual(s, NULL);
            spec.steps = lengths[k];
            if (!rate_bind(&r, &spec, &err))
                fail_msg("%s, %ld steps: %s", s->name, lengths[k], err.message);
            for (int i = 0; i < param_count(s->params); i++)
                if (s->params[i].kind != PARAM_INTEGERS &&
                    !param_check(&s->params[i], r.value[i], &err))
                    fail_msg("%s, %ld steps: %s", s->name, lengths[k], err.message);
            for (int i = 1; i < r.list_count; i++)
                assert_true(r.list[i] > r.list[i - 1]);
        }
    }
}

static void check_rate(const Rate *r, long t, const Plateau *plateau)
{
    double eta = rate_at(r, t, plateau);
    if (isfinite(eta) && eta >= 0)
        return;
    fprintf(stderr, "%s eta0 %g:", r->schedule->name, r->eta0);
    for (int i = 0; r->schedule->params[i].name; i++)
        fprintf(stderr, " %s=%.17g", r->schedule->params[i].name, r->value[i]);
    fprintf(stderr, "\n");
    fail_msg("eta = %g at t = %ld", eta, t);
}

static void check_all_steps(const Rate *r, uint64_t seed)
{
    Plateau plateau;
    plateau_start(&plateau);
    for (long t = 0; t <= DENSE; t++) {
        check_rate(r, t, &plateau);
        if (!r->schedule->eta)
            plateau_feed(&plateau, r, rng_uniform(seed, (uint64_t)t));
    }
    for (uint64_t k = 0; k < 300; k++)
        check_rate(r, (long)(rng_u64(seed, 5000 + k) % (FAR + 1)), &plateau);
    for (long t = FAR - 20; t <= FAR; t++)
        check_rate(r, t, &plateau);
}

/* Random numbers with memory of how many were drawn. */
typedef struct Dice {
    uint64_t seed;
    uint64_t drawn;
} Dice;

static double roll(Dice *d)
{
    return rng_uniform(d->seed, d->drawn++);
}

/* A legal value: an end of the range, its neighbour, or log-uniform in between. */
static double legal_value(const ParamInfo *p, Dice *d)
{
    double lo = p->lo_open ? nextafter(p->lo, INFINITY) : p->lo;
    double hi = isinf(p->hi) ? 1.7e308 : p->hi_open ? nextafter(p->hi, 0) : p->hi;
    double kind = roll(d);
    if (kind < 0.12)
        return lo;
    if (kind < 0.24)
        return hi;
    double top = p->kind == PARAM_REAL ? fmin(hi, 1e6) : fmin(hi, 1e5);
    double low = fmax(lo, 1e-6);
    double value = low * pow(top / low, roll(d));
    if (p->kind != PARAM_REAL)
        value = floor(value);
    return fmin(fmax(value, lo), hi);
}

static ParamSet legal_set(const ParamInfo *rows, Dice *d)
{
    ParamSet set = {.given = 0};
    for (int i = 0; rows[i].name; i++) {
        if (roll(d) < 0.3 || strcmp(rows[i].name, "start") == 0)
            continue;
        set.given |= UINT32_C(1) << i;
        if (rows[i].kind == PARAM_CHOICE) {
            set.value[i] = roll(d) < 0.5;
        } else if (rows[i].kind == PARAM_INTEGERS) {
            set.list_count = 1 + (int)(roll(d) * PARAM_LIST);
            for (int k = 0; k < set.list_count; k++)
                set.list[k] = (k ? set.list[k - 1] : 0) + 1 + (long)(roll(d) * 300);
        } else {
            set.value[i] = legal_value(&rows[i], d);
        }
    }
    return set;
}

static void test_finite_and_not_negative(void **state)
{
    (void)state;
    static const double etas[] = {0.05, 1, 1e-300, 5e-324, 1e300, 1.7976931348623157e308};
    Dice dice = {.seed = 7};
    int bound_sets = 0;
    for (const Schedule *s = schedules; s->name; s++) {
        for (int k = 0; k < RANDOM_SETS; k++) {
            ParamSet set = {.given = 0};
            Rate r;
            Error err;
            if (k > 0)
                set = legal_set(s->params, &dice);
            RateSpec spec = usual(s, &set);
            spec.eta0 = etas[(size_t)k % (sizeof etas / sizeof etas[0])];
            spec.steps = k % 3 == 0 ? 300 : 1 + (long)(roll(&dice) * FAR);
            Epochs epochs = {.steps = 1 + (long)(roll(&dice) * 20)};
            spec.epochs = &epochs;
            spec.epochs_count = 1;
            spec.warmup = k % 4 == 0 ? 25 : 0;
            if (!rate_bind(&r, &spec, &err)) {
                assert_non_null(s->check);
                continue;
            }
            bound_sets++;
            check_all_steps(&r, (uint64_t)k);
        }
    }
    assert_true(bound_sets > 17 * RANDOM_SETS);
}

static void expect(const char *name, const char *params, long t, double want)
{
    Rate r = bound(name, params);
    double got = rate_at(&r, t, NULL);
    if (!(fabs(got - want) <= 1e-15 * fmax(0.05, fabs(want))))
        fail_msg("%s:%s at %ld: %.17g, not %.17g", name, params ? params : "", t, got, want);
}

static void test_end_points(void **state)
{
    (void)state;
    expect("cosine", NULL, 0, 0.05);
    expect("cosine", NULL, 300, 0);
    expect("cosine", "eta_min=0.001", 300, 0.001);
    expect("cosine", "eta_min=0.001", 400, 0.001);
    expect("cosine", "hold=0", 600, 0.05);
    expect("cosine", "hold=0,eta_min=0.001", 900, 0.001);
    expect("polynomial", "lr_end=0.002", 300, 0.002);
    expect("polynomial", "lr_end=0.002", 301, 0.002);
    expect("linear", NULL, 150, 0.025);
    expect("linear", "lr_end=0.2", 300, 0.2);
    expect("step", NULL, 59, 0.05);
    expect("step", NULL, 60, 0.025);
    expect("multistep", NULL, 149, 0.05);
    expect("multistep", NULL, 150, 0.005);
    expect("inverse_sqrt", NULL, 45, 0.025);
    expect("inverse_time", NULL, 300, 0.005);
    expect("exponential", NULL, 300, 0.0005);
    expect("exp_k", NULL, 300, 0.0005);
    expect("triangular", NULL, 0, 0.05);
    expect("triangular", NULL, 37, 0.3);
    expect("triangular", NULL, 74, 0.05);
    expect("triangular2", NULL, 37 + 74, 0.05 + 0.25 / 2);
    expect("cosine_wave", "period=50", 25, 0.3);
    expect("cosine_wave", "period=50", 50, 0.05);
    expect("one_cycle", "pct_start=0.5,total=200", 0, 0.002);
    expect("one_cycle", "pct_start=0.5,total=200", 99, 0.05);
    expect("one_cycle", NULL, 300, 0.05 / 25 / 1e4);
    expect("one_cycle", NULL, FAR, 0.05 / 25 / 1e4);
    expect("wsd", NULL, 0, 0);
    expect("wsd", NULL, 15, 0.025);
    expect("wsd", NULL, 30, 0.05);
    expect("wsd", NULL, 240, 0.05);
    expect("wsd", "min_ratio=0.1", 270, 0.0275);
    expect("wsd", "min_ratio=0.1", 300, 0.005);
    expect("wsd", "warm=0,decay=0", 299, 0.05);
    expect("wsd", "warm=0,decay=0", 300, 0);
}

/* Restarts fall exactly on the sums of the lengths, also where logarithms are off by one. */
static void test_restarts_are_exact(void **state)
{
    (void)state;
    for (int mult = 1; mult <= 5; mult++) {
        char params[60];
        snprintf(params, sizeof params, "T_0=10,T_mult=%d", mult);
        Rate r = bound("cosine_restarts", params);
        long restart = 0;
        for (long length = 10; restart + length <= FAR; length *= mult) {
            restart += length;
            assert_true(rate_at(&r, restart, NULL) == 0.05);
            assert_true(rate_restarts(&r, restart) && !rate_restarts(&r, restart - 1));
            assert_true(rate_at(&r, restart - 1, NULL) < 0.00123);
        }
    }
}

static void test_only_restarts_restart(void **state)
{
    (void)state;
    for (const Schedule *s = schedules; s->name; s++) {
        Rate r = bound(s->name, NULL);
        int restarts = 0;
        for (long t = 0; t <= 300; t++)
            restarts += rate_restarts(&r, t);
        /* at 42, 126 and 294 */
        assert_int_equal(restarts, strcmp(s->name, "cosine_restarts") == 0 ? 3 : 0);
    }
    Rate r = bound("cosine_restarts", "T_0=10,T_mult=1");
    r.unit = 4; /* an epoch: the restart is at its first step */
    assert_true(rate_restarts(&r, 40) && !rate_restarts(&r, 41) && !rate_restarts(&r, 0));
}

static void test_clock_units_and_warmup(void **state)
{
    (void)state;
    ParamSet set = {.given = 0};
    Error err;
    Rate r;
    RateSpec spec = usual(row("cosine"), &set);
    spec.set_at = 100;
    assert_true(rate_bind(&r, &spec, &err));
    assert_int_equal(r.start, 100);
    assert_true(r.horizon == 200 && rate_at(&r, 100, NULL) == 0.05 && rate_at(&r, 300, NULL) == 0);
    assert_true(rate_at(&r, 50, NULL) == 0.05);
    assert_true(param_parse_all(spec.schedule->params, "start=0,unit=epoch", 18, &set, &err));
    spec.epochs = &(Epochs){.steps = 7};
    spec.epochs_count = 1;
    assert_true(rate_bind(&r, &spec, &err));
    assert_true(r.start == 0 && r.unit == 7 && r.horizon == 42);
    assert_true(rate_units(&r, 6) == 0 && rate_units(&r, 7) == 1 && rate_units(&r, 300) == 42);
    assert_true(rate_at(&r, 6, NULL) == 0.05 && rate_at(&r, 294, NULL) == 0);
    spec = usual(row("linear"), NULL);
    spec.warmup = 20;
    spec.warmup_factor = 0.1;
    assert_true(rate_bind(&r, &spec, &err));
    assert_true(r.start == 20 && r.horizon == 280);
    assert_true(fabs(rate_at(&r, 0, NULL) - 0.005) < 1e-17);
    assert_true(fabs(rate_at(&r, 10, NULL) - 0.0275) < 1e-17);
    assert_true(rate_at(&r, 20, NULL) == 0.05 && rate_at(&r, 300, NULL) == 0);
}

static void test_bounds_are_enforced(void **state)
{
    (void)state;
    for (const Schedule *s = schedules; s->name; s++) {
        for (const ParamInfo *p = s->params; p->name; p++) {
            Error err = {.line = 0};
            assert_false(param_check(p, NAN, &err));
            assert_true(err.message[0] && err.line == 1);
            assert_false(param_check(p, INFINITY, &err));
            assert_false(param_check(p, -INFINITY, &err));
            assert_false(param_check(p, p->lo - 1, &err));
            assert_false(param_check(p, p->hi + 1, &err));
            assert_int_equal(param_check(p, p->lo, &err), !p->lo_open);
            assert_int_equal(param_check(p, p->hi, &err), !p->hi_open);
            if (p->kind != PARAM_REAL)
                assert_false(param_check(p, p->lo + 0.5, &err));
        }
    }
}

/* Text of parameters, the column of the error and a word of its message. */
static const struct {
    const char *schedule;
    const char *text;
    long column;
    const char *says;
} errors[] = {
    {"step", "gamma=2", 7, "'gamma' must be above 0 and at most 1, not 2"},
    {"step", "step_size=30,gama=0.5", 14, "did you mean 'gamma'?"},
    {"step", "step_size=0", 11, "at least 1"},
    {"step", "step_size=1.5", 11, "whole number"},
    {"step", "step_size", 1, "needs a value"},
    {"step", "gamma=0.5,gamma=0.6", 11, "given twice"},
    {"step", "gamma=", 7, "needs a number"},
    {"step", "gamma=0x1p-1", 7, "needs a number"},
    {"step", "gamma=0.5,", 11, "needs a value"},
    {"step", "", 1, "needs a value"},
    {"cosine", "eta_min=-1", 9, "at least 0 and finite"},
    {"cosine", "eta_min=nan", 9, "not nan"},
    {"cosine", "unit=epocs", 6, "did you mean 'epoch'?"},
    {"multistep", "milestones=30/20", 15, "must increase: 20 after 30"},
    {"multistep", "milestones=30//40", 15, "needs a number"},
    {"multistep", "milestones=0/3", 12, "at least 1"},
    {"multistep", "milestones=1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", 51, "at most 16"},
};

static void test_errors_point_at_the_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        ParamSet set = {.given = 0};
        Error err = {.line = 0};
        const ParamInfo *rows = row(errors[i].schedule)->params;
        assert_false(param_parse_all(rows, errors[i].text, strlen(errors[i].text), &set, &err));
        if (err.column != errors[i].column || !strstr(err.message, errors[i].says))
            fail_msg("%s: column %ld: %s", errors[i].text, err.column, err.message);
    }
    ParamSet set = {.given = 0};
    Error err;
    Rate r;
    RateSpec spec = usual(row("one_cycle"), &set);
    assert_true(param_parse_all(spec.schedule->params, "pct_start=0.1,total=10", 22, &set, &err));
    assert_false(rate_bind(&r, &spec, &err));
    assert_non_null(strstr(err.message, "above 1"));
}

static void test_print_and_parse_round_trip(void **state)
{
    (void)state;
    Dice dice = {.seed = 11};
    for (const Schedule *s = schedules; s->name; s++) {
        for (int k = 0; k < 40; k++) {
            char storage[1024];
            Text text = text_over(storage, sizeof storage);
            ParamSet set = legal_set(s->params, &dice);
            ParamSet again = {.given = 0};
            Error err;
            param_print(s->params, &set, &text);
            assert_int_equal(storage[0], set.given ? ':' : 0);
            if (set.given &&
                !param_parse_all(s->params, storage + 1, strlen(storage + 1), &again, &err))
                fail_msg("%s%s: %s", s->name, storage, err.message);
            assert_int_equal(again.given, set.given);
            assert_memory_equal(again.value, set.value, sizeof set.value);
            assert_int_equal(again.list_count, set.list_count);
            assert_memory_equal(again.list, set.list, sizeof set.list);
        }
    }
}

static void test_merge_keeps_what_is_not_named(void **state)
{
    (void)state;
    const ParamInfo *rows = row("multistep")->params;
    ParamSet a = {.given = 0};
    ParamSet b = {.given = 0};
    Error err;
    assert_true(param_parse_all(rows, "milestones=5/9,gamma=0.5", 24, &a, &err));
    assert_true(param_parse_all(rows, "gamma=0.25", 10, &b, &err));
    param_merge(&a, &b);
    char storage[100];
    Text text = text_over(storage, sizeof storage);
    param_print(rows, &a, &text);
    assert_string_equal(storage, ":milestones=5/9,gamma=0.25");
}

static const struct {
    const char *schedule;
    const char *params;
    long t;
    const char *want;
} fills[] = {
    {"constant", NULL, 150, "0.05"},
    {"step", NULL, 150, "0.05·0.5^⌊150/60⌋"},
    {"multistep", NULL, 250, "0.05·0.1^2"},
    {"exponential", "gamma=0.99", 150, "0.05·0.99^150"},
    {"exp_k", "k=0.01", 150, "0.05·e^(−0.01·150)"},
    {"inverse_time", NULL, 150, "0.05/(1+0.03·150)"},
    {"inverse_time", "decay_steps=20", 150, "0.05/(1+0.03·150/20)"},
    {"polynomial", NULL, 150, "0.05·(1−150/300)^2"},
    {"linear", "lr_end=0.001", 150, "0.001+(0.05−0.001)·(1−150/300)"},
    {"inverse_sqrt", NULL, 150, "0.05·√(15/(150+15))"},
    {"cosine", NULL, 150, "0.05·(1+cos(π·150/300))/2"},
    {"cosine", "eta_min=0.01,T_max=100,hold=0", 150, "0.01+(0.05−0.01)·(1+cos(π·50/100))/2"},
    {"polynomial", "total=100", 150, "0.05·(1−100/100)^2"},
    {"inverse_time", "decay_steps=20,staircase=1", 150, "0.05/(1+0.03·7)"},
    {"one_cycle", "total=100,pct_start=0.3", 10, "0.05+(0.002−0.05)·(1+cos(π·10/29))/2"},
    {"cosine_restarts", NULL, 150, "0.05·(1+cos(π·24/168))/2"},
    {"triangular", NULL, 150, "0.05+(0.3−0.05)·2/37"},
    {"triangular2", NULL, 150, "0.05+(0.3−0.05)·2/37/2^2"},
    {"exp_range", "gamma=0.99", 150, "0.05+(0.3−0.05)·2/37·0.99^150"},
    {"cosine_wave", NULL, 160, "0.05+(0.3−0.05)·(1−cos(2π·10/75))/2"},
    {"wsd", NULL, 150, "0.05"},
    {"wsd", NULL, 15, "0.05·15/30"},
    {"wsd", NULL, 270, "0.05·30/60"},
    {"wsd", "min_ratio=0.1", 270, "0.05·(0.1+(1−0.1)·30/60)"},
    {"plateau", NULL, 150, "0.05"},
};

static void test_fills_show_live_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        char storage[200];
        Text text = text_over(storage, sizeof storage);
        Rate r = bound(fills[i].schedule, fills[i].params);
        rate_fill(&r, fills[i].t, NULL, &text);
        assert_string_equal(storage, fills[i].want);
    }
    Rate r = bound("cosine", NULL);
    char storage[200];
    Text text = text_over(storage, sizeof storage);
    r.warmup = 20;
    r.warmup_factor = 0.1;
    rate_fill(&r, 5, NULL, &text);
    assert_string_equal(storage, "0.05·(0.1+0.9·5/20)");
}

/* patience = 2, factor 0.5, constant loss: 1,1,1,1/2,1/2,1/2,1/4 (peers.md 5.2, PyTorch). */
static void test_plateau_cuts_as_pytorch_does(void **state)
{
    (void)state;
    static const double want[] = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125};
    Rate r = bound("plateau", "patience=2,factor=0.5");
    Plateau p;
    plateau_start(&p);
    for (size_t t = 0; t < sizeof want / sizeof want[0]; t++) {
        assert_true(rate_at(&r, (long)t, &p) == 0.05 * want[t]);
        bool cut = plateau_feed(&p, &r, 3);
        assert_int_equal(cut, t + 1 < sizeof want / sizeof want[0] && want[t + 1] < want[t]);
        if (t + 2 == sizeof want / sizeof want[0])
            break;
    }
}

static void test_plateau_details(void **state)
{
    (void)state;
    Rate r = bound("plateau", "patience=0,factor=0.5,min_lr=0.02");
    Plateau p;
    plateau_start(&p);
    plateau_feed(&p, &r, 1);
    assert_true(plateau_feed(&p, &r, NAN)); /* not a number is no improvement */
    assert_true(rate_at(&r, 2, &p) == 0.025);
    assert_true(plateau_feed(&p, &r, 2));
    assert_true(rate_at(&r, 3, &p) == 0.02);
    assert_false(plateau_feed(&p, &r, 2)); /* nothing left to cut */
    r.eta0 = 0.5;                          /* a new eta0 keeps the earlier cuts */
    assert_true(fabs(rate_at(&r, 4, &p) - 0.2) < 1e-15);
    r = bound("plateau", "patience=0,threshold=0.5,threshold_mode=abs");
    plateau_start(&p);
    plateau_feed(&p, &r, 1);
    assert_false(plateau_feed(&p, &r, 0.4));
    assert_true(plateau_feed(&p, &r, -0.05));
    r = bound("plateau", "patience=0,threshold=1");
    plateau_start(&p);
    assert_false(plateau_feed(&p, &r, 5)); /* the first loss always counts */
}

/* A typed schedule: inputs t, T, eta0, then its own. */
static void test_typed_schedules(void **state)
{
    (void)state;
    static const char *const inputs[] = {"t", "T", "eta0", "k"};
    Error err = {.line = 0};
    Rate r;
    double k = 0.1;
    Program *good = program_compile("eta0/(1+k*t)", inputs, 4, false, &err);
    Program *bad = program_compile("eta0*(1-t/150)", inputs, 4, false, &err);
    assert_non_null(good);
    assert_non_null(bad);
    RateSpec spec = usual(NULL, NULL);
    spec.formula = good;
    spec.formula_values = &k;
    spec.formula_count = 1;
    spec.set_at = 10;
    assert_true(rate_bind(&r, &spec, &err));
    assert_true(fabs(rate_at(&r, 20, NULL) - 0.025) < 1e-17);
    assert_true(rate_at(&r, 5, NULL) == 0.05);
    spec.formula = bad;
    assert_false(rate_bind(&r, &spec, &err));
    assert_non_null(strstr(err.message, "at t = 151 (step 161)"));
    program_free(good);
    program_free(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_defaults_are_the_spec_s),
        cmocka_unit_test(test_defaults_are_legal_for_every_horizon),
        cmocka_unit_test(test_finite_and_not_negative),
        cmocka_unit_test(test_end_points),
        cmocka_unit_test(test_restarts_are_exact),
        cmocka_unit_test(test_only_restarts_restart),
        cmocka_unit_test(test_clock_units_and_warmup),
        cmocka_unit_test(test_bounds_are_enforced),
        cmocka_unit_test(test_errors_point_at_the_place),
        cmocka_unit_test(test_print_and_parse_round_trip),
        cmocka_unit_test(test_merge_keeps_what_is_not_named),
        cmocka_unit_test(test_fills_show_live_numbers),
        cmocka_unit_test(test_plateau_cuts_as_pytorch_does),
        cmocka_unit_test(test_plateau_details),
        cmocka_unit_test(test_typed_schedules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
