/* SPDX-License-Identifier: MIT
 * test_expr: elementary functions against long double libm, the parser and its errors,
 * derivatives against differences, kinks, and that scalar and lanes give the same bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "expr/elementary.h"
#include "expr/expr.h"

static const char *const xy[] = {"x", "y", "p"};
enum { INPUTS = 3 };

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* ---- elementary functions ---- */

/* Distance in units of the last place of the wanted value. */
static double ulps(double got, long double want)
{
    if (isnan(got) || isnan(want) || isinf(got) || isinf((double)want))
        return same(got, (double)want) ? 0.0 : 1e9;
    int e;
    frexpl(want, &e);
    return (double)(fabsl((long double)got - want) / ldexpl(1.0L, (e < -1021 ? -1021 : e) - 53));
}

typedef struct Range {
    const char *name;
    double (*ours)(double);
    long double (*wanted)(long double);
    double low; /* arguments are uniform in [low, high], or 2^ that with `scaled` */
    double high;
    bool scaled;
    double most; /* allowed ulps */
} Range;

static const Range ranges[] = {
    {"sin", eta_sin, sinl, -10, 10, false, 1.0},
    {"sin", eta_sin, sinl, -13000, 13000, false, 1.0},
    {"sin", eta_sin, sinl, -1070, 62, true, 1.0},
    {"cos", eta_cos, cosl, -10, 10, false, 1.0},
    {"cos", eta_cos, cosl, -13000, 13000, false, 1.0},
    {"cos", eta_cos, cosl, -1070, 62, true, 1.0},
    {"tan", eta_tan, tanl, -10, 10, false, 2.5},
    {"tan", eta_tan, tanl, 0, 62, true, 2.5},
    {"exp", eta_exp, expl, -1, 1, false, 1.0},
    {"exp", eta_exp, expl, -750, 715, false, 1.0},
    {"exp", eta_exp, expl, -1074, 0, true, 1.0},
    {"log", eta_log, logl, 0.4, 2.5, false, 1.0},
    {"log", eta_log, logl, 0.999, 1.001, false, 1.0},
    {"log", eta_log, logl, -1074, 1024, true, 1.0},
    {"tanh", eta_tanh, tanhl, -2, 2, false, 2.5},
    {"tanh", eta_tanh, tanhl, -30, 30, false, 2.5},
    {"tanh", eta_tanh, tanhl, -1074, 5, true, 2.5},
};

static void elementary_functions_are_accurate(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
        const Range *range = &ranges[r];
        for (uint64_t i = 0; i < 100000; i++) {
            double u = range->low + (range->high - range->low) * rng_uniform(r, i);
            double x = range->scaled ? exp2(u) : u;
            double off = ulps(range->ours(x), range->wanted((long double)x));
            if (!(off <= range->most))
                fail_msg("%s(%.17g) is off by %.3f ulp", range->name, x, off);
        }
    }
}

static void huge_arguments_reduce_exactly(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) { /* glibc's double sin and cos: below 0.6 ulp */
        double x = exp2(rng_uniform(77, i) * 1023.9);
        assert_true(ulps(eta_sin(x), (long double)sin(x)) <= 1.6);
        assert_true(ulps(eta_cos(-x), (long double)cos(x)) <= 1.6);
    }
    double hardest = 6381956970095103.0 * 0x1p797; /* nearest to a multiple of pi/2 */
    assert_true(ulps(eta_cos(hardest), -4.68716592425462761112e-19L) <= 1.0);
    assert_true(ulps(eta_sin(0x1.fffffffffffffp1023), 0.00496195478918406164L) <= 1.5);
    assert_true(ulps(eta_sin(3.14159265358979323846), 1.2246467991473531772e-16L) <= 1.0);
}

static void powers_are_accurate(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 200000; i++) {
        double a = exp2((rng_uniform(5, i) - 0.5) * (i % 2 ? 20.0 : 0.1));
        double b = (rng_uniform(6, i) - 0.5) * (i % 3 ? 60.0 : 10000.0);
        double off = ulps(eta_pow(a, b), powl((long double)a, (long double)b));
        if (!(off <= 2.5))
            fail_msg("pow(%.17g, %.17g) is off by %.3f ulp", a, b, off);
        int n = (int)(rng_uniform(7, i) * 80) - 40;
        off = ulps(eta_powi(-a, n), powl((long double)-a, n));
        if (!(off <= 16.0) || (abs(n) > POWER_SQUARINGS && !(off <= 2.0)))
            fail_msg("powi(%.17g, %d) is off by %.3f ulp", -a, n, off);
    }
}

static void special_values(void **state)
{
    (void)state;
    double inf = HUGE_VAL;
    assert_true(same(eta_sin(-0.0), -0.0) && same(eta_tan(-0.0), -0.0));
    assert_true(same(eta_tanh(-0.0), -0.0) && eta_tanh(inf) == 1 && eta_tanh(-inf) == -1);
    assert_true(eta_cos(0) == 1 && isnan(eta_sin(inf)) && isnan(eta_cos(-inf)));
    assert_true(isnan(eta_sin(NAN)) && isnan(eta_tan(NAN)) && isnan(eta_tanh(NAN)));
    assert_true(eta_exp(0) == 1 && eta_exp(-inf) == 0 && eta_exp(inf) == inf);
    assert_true(eta_exp(709.79) == inf && eta_exp(709.78) < inf && isnan(eta_exp(NAN)));
    assert_true(eta_exp(-745.13) == 0x1p-1074 && eta_exp(-745.14) == 0 && eta_exp(-1e300) == 0);
    assert_true(eta_log(0) == -inf && eta_log(-0.0) == -inf && isnan(eta_log(-1)));
    assert_true(eta_log(1) == 0 && eta_log(inf) == inf && isnan(eta_log(NAN)));
    assert_true(eta_pow(0, 0) == 1 && eta_pow(NAN, 0) == 1 && eta_pow(1, NAN) == 1);
    assert_true(eta_pow(0, 2.5) == 0 && eta_pow(0, -2.5) == inf && isnan(eta_pow(-8, 1.0 / 3)));
    assert_true(eta_pow(-2, 3) == -8 && eta_pow(-2, -2) == 0.25 && eta_pow(-1, 1e300) == 1);
    assert_true(same(eta_pow(-0.0, 3), -0.0) && eta_pow(-0.0, -3) == -inf);
    assert_true(same(eta_pow(-0.0, 33), -0.0) && eta_pow(-inf, 33) == -inf);
    assert_true(eta_pow(2, inf) == inf && eta_pow(0.5, inf) == 0 && eta_pow(-1, inf) == 1);
    assert_true(eta_pow(2, 1024) == inf && eta_pow(2, -1074) == 0x1p-1074);
    assert_true(eta_pow(2, 100) == 0x1p100 && eta_pow(1e300, 1e300) == inf);
    assert_true(eta_pow(0x1p-1074, 0.5) == 0x1p-537 && eta_pow(0.999, 1e300) == 0);
}

/* ---- values ---- */

static Program *compiled(const char *text, bool differentiate)
{
    Error err = {.column = 0};
    Program *p = program_compile(text, xy, INPUTS, differentiate, &err);
    if (!p)
        fail_msg("'%s': column %ld: %s", text, err.column, err.message);
    return p;
}

static double value_at(const char *text, double x, double y)
{
    double out;
    Program *p = compiled(text, false);
    program_eval(p, EXPR_VALUE, (double[]){x, y, 2.0}, &out);
    program_free(p);
    return out;
}

static void formulas_have_their_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want; /* at x = 3, y = -5, p = 2 */
    } rows[] = {
        {"-2^2", -4}, {"2^-1", 0.5}, {"2^3^2", 512}, {"-x^2", -9}, {"2*-x", -6}, {"--x", 3},
        {"+x", 3}, {"1-2-3", -4}, {"16/4/2", 2}, {" 1 +\t2 ", 3}, {".5e1", 5}, {"5.", 5},
        {"(x+y)*2", -4}, {"x^p", 9}, {"y^p", 25}, {"x^-2", 1.0 / 9}, {"(x)", 3}, {"2e3", 2000},
        {"min(x,y)", -5}, {"max(x,y)", 3}, {"abs(y)", 5}, {"sign(y)", -1}, {"sign(0*y)", 0},
        {"floor(-1.5)", -2}, {"mod(y,x)", 1}, {"mod(7.5,2)", 1.5}, {"sqrt(16)", 4},
        {"well(7,x,y,2)", 7}, {"exp(0)", 1}, {"log(1)", 0}, {"softplus(-800)", 0},
        {"softplus(800)", 800}, {"sigmoid(0)", 0.5}, {"sigmoid(-800)", 0}, {"tanh(100*x)", 1},
        {"x^0", 1}, {"x^1", 3}, {"y^3", -125}, {"x^20", 3486784401.0}, {"x-x", 0}, {"x/x", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = value_at(rows[i].text, 3, -5);
        if (got != rows[i].want)
            fail_msg("%s is %.17g, not %.17g", rows[i].text, got, rows[i].want);
    }
    assert_true(isnan(value_at("0*log(x)", -1, 0))); /* a hole stays a hole */
    assert_true(isnan(value_at("min(log(x),0)", -1, 0)));
    assert_true(isnan(value_at("max(0,log(x))", -1, 0)));
    assert_true(value_at("softplus(x)", -40, 0) == eta_exp(-40));
    assert_true(value_at("e^x", 1.5, 0) == eta_exp(1.5));
    assert_true(value_at("pi", 0, 0) == 3.14159265358979323846);
}

static void constant_and_run_time_powers_agree(void **state)
{
    (void)state;
    for (int n = -40; n <= 40; n++) {
        char text[32];
        snprintf(text, sizeof text, "x^(%d)", n);
        double out;
        Program *p = compiled("x^p", false);
        program_eval(p, EXPR_VALUE, (double[]){-1.37, 0, n}, &out);
        program_free(p);
        assert_true(same(out, value_at(text, -1.37, 0)));
        assert_true(same(out, eta_powi(-1.37, n)));
    }
}

/* ---- errors ---- */

static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long column;
        const char *part; /* of the message */
    } rows[] = {
        {"", 1, "empty"},
        {"   ", 4, "empty"},
        {"2x", 2, "write 2*x"},
        {"2 x", 3, "write 2*x"},
        {"2e", 2, "write 2*e"},
        {"x(1)", 2, "write x*(...)"},
        {"(x)(y)", 4, "write * to multiply"},
        {"(x)2", 4, "no operator before '2'"},
        {"x+", 3, "ends too early"},
        {"x+*y", 3, "unexpected '*'"},
        {"x**2", 3, "x^2"},
        {"(x", 1, "never closed"},
        {"x)", 2, "')' without '('"},
        {"x,y", 2, "unexpected ','"},
        {"sin x", 1, "write sin(...)"},
        {"sin()", 1, "'sin' takes 1 argument, not 0"},
        {"1+min(x)", 3, "'min' takes 2 arguments, not 1"},
        {"well(1,2,3,4,5,6)", 1, "'well' takes 4 arguments, not 6"},
        {"min(x,)", 7, "unexpected ')'"},
        {"x+zz", 3, "unknown name 'zz'"},
        {"1+sqr(x)", 3, "did you mean 'sqrt'?"},
        {"1+softplu", 3, "did you mean 'softplus'?"},
        {"1e999", 1, "'1e999' is too large"},
        {"x\x01", 2, "control character 0x01"},
        {"x\n", 2, "control character 0x0a"},
        {"x \xc3\x97 y", 3, "unexpected '\xc3\x97'"},
        {"\xc3\x97 + x", 1, "unexpected '\xc3\x97'"},
        {"x+\xe2\x88\x92y", 3, "unexpected"},
        {"1.2.3", 4, "no operator"},
        {"0x10", 2, "no operator"},
        {"x=2", 2, "unexpected '='"},
        {"x..", 2, "unexpected '.'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Error err = {.column = -1};
        Program *p = program_compile(rows[i].text, xy, INPUTS, true, &err);
        if (p || err.line != 1 || err.column != rows[i].column ||
            !strstr(err.message, rows[i].part))
            fail_msg("'%s': %d, column %ld: %s", rows[i].text, p != NULL, err.column, err.message);
    }
    const char *t[] = {"t"};
    Error err;
    assert_null(program_compile("well(1,0,0,1)", t, 1, false, &err));
    assert_non_null(strstr(err.message, "x and y"));
    assert_null(program_compile("2x", xy, 2, true, NULL));
}

static void nesting_is_limited(void **state)
{
    (void)state;
    static const char *const piece[] = {"(", "-", "2^", "sin(", "x^-", "min(1,"};
    static char text[400001];
    for (size_t k = 0; k < sizeof piece / sizeof *piece; k++) {
        size_t width = strlen(piece[k]);
        for (size_t count = 300; count <= 100000; count *= 10) {
            size_t used = 0;
            for (size_t i = 0; i < count && used + width < sizeof text; i++, used += width)
                memcpy(text + used, piece[k], width);
            text[used] = '\0';
            Error err = {.column = 0};
            assert_null(program_compile(text, xy, INPUTS, true, &err));
            assert_true(err.column > 1 && err.column <= EXPR_TEXT + 1);
        }
    }
}

static void size_is_limited(void **state)
{
    (void)state;
    static char text[EXPR_TEXT + 2];
    memset(text, 'x', EXPR_TEXT + 1);
    Error err;
    assert_null(program_compile(text, xy, INPUTS, false, &err));
    assert_int_equal(err.column, EXPR_TEXT + 1);

    size_t used = 0; /* the formula fits, its Hessian does not */
    for (int i = 0; used + 20 < EXPR_TEXT; i++)
        used += (size_t)snprintf(text + used, 20, "%stan(x-%d/y)", i ? "*" : "", i + 1);
    program_free(compiled(text, false));
    assert_null(program_compile(text, xy, INPUTS, true, &err));
    assert_non_null(strstr(err.message, "too large"));
}

/* ---- derivatives ---- */

static const char *const smooth[] = {
    "x^2+3*y", "x*y-y/x", "(x^2+y-11)^2+(x+y^2-7)^2", "(1-x)^2+100*(y-x^2)^2",
    "20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)",
    "-20*exp(-0.2*sqrt(0.5*(x^2+y^2)))-exp(0.5*(cos(2*pi*x)+cos(2*pi*y)))+e+20",
    "(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y))",
    "sin(x*y)", "cos(x)/(2+sin(y))", "tan(x/3)*y", "exp(x-y)*x", "log(x^2+y^2+1)*y",
    "sqrt(x^2+y^2+1)", "abs(x)*y^2", "tanh(x*y)+tanh(x)", "min(x,y)*x", "max(x*y,x-y)*y",
    "sign(x)*y^2*x", "floor(x)*y", "mod(x,y+5)*x", "softplus(x*y)*x", "sigmoid(3*x-y)*y",
    "well(2,0.5,-0.3,0.7)", "well(x,y,p,x)", "x^-2*y", "(x^2+1)^1.5*y", "(x^2+1)^p",
    "(x^2+y^2+1)^(x*y)", "2^(x*y)", "x^5+y^7-x^17/1e3", "(x^2+1)^-0.5", "1/(1+x^2+y^2)",
    "p*x^p+y^p", "e^(x/2)*y", "x/(y^2+1)-p/x", "-(x-y)*-(y+2*x)", "abs(x-3*y)^3",
    "0.05*(x^2+y^2)-2*exp(-((x-1.5)^2+(y-1)^2)/0.5)", "sin(x)+cos(x)*sin(x)+cos(y)", "3", "x", "p",
};
enum { SMOOTH = sizeof smooth / sizeof *smooth };

/* Central difference of output k (0: value, 1, 2: gradient) along input `axis`. */
static double difference(const Program *p, int k, const double *at, int axis, double h)
{
    double out[2][EXPR_OUTPUTS];
    for (int side = 0; side < 2; side++) {
        double in[INPUTS] = {at[0], at[1], at[2]};
        in[axis] += side ? h : -h;
        program_eval(p, EXPR_GRADIENT, in, out[side]);
    }
    return (out[1][k] - out[0][k]) / (2 * h);
}

/* Outputs: f fx fy fxx fxy fyy; each of the last five is a difference of an earlier one. */
static const struct {
    int output, of, axis;
} slopes[] = {{1, 0, 0}, {2, 0, 1}, {3, 1, 0}, {4, 1, 1}, {4, 2, 0}, {5, 2, 1}};

static void check_slopes(const char *text, const Program *p, const double *at)
{
    double out[EXPR_OUTPUTS];
    program_eval(p, EXPR_HESSIAN, at, out);
    for (size_t s = 0; s < sizeof slopes / sizeof *slopes; s++) {
        double d1 = difference(p, slopes[s].of, at, slopes[s].axis, 1e-4);
        double d2 = difference(p, slopes[s].of, at, slopes[s].axis, 5e-5);
        double d = (4 * d2 - d1) / 3; /* Richardson */
        double size = 1 + fabs(out[slopes[s].of]) + fabs(d);
        if (!isfinite(d) || fabs(d1 - d2) > 1e-3 * size)
            continue; /* a kink within the step */
        double off = fabs(out[slopes[s].output] - d);
        if (!(off <= 1e-6 * size))
            fail_msg("%s at %.17g, %.17g, %.17g: output %d is %.17g, not %.17g", text, at[0],
                     at[1], at[2], slopes[s].output, out[slopes[s].output], d);
    }
}

static void derivatives_match_differences(void **state)
{
    (void)state;
    for (int i = 0; i < SMOOTH; i++) {
        Program *p = compiled(smooth[i], true);
        for (uint64_t k = 0; k < 50; k++) {
            double at[INPUTS] = {rng_uniform(1, k) * 4 - 2.01, rng_uniform(2, k) * 4 - 2, 2.0};
            check_slopes(smooth[i], p, at);
        }
        program_free(p);
    }
}

static void kinks_follow_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double x, y, p;
        double want[EXPR_OUTPUTS];
    } rows[] = {
        {"abs(x)", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"sqrt(x)", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"sqrt(x^2+y^2)", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"min(x,y)", 1, 1, 0, {1, 0.5, 0.5, 0, 0, 0}},
        {"max(2*x,-x)", 0, 0, 0, {0, 0.5, 0, 0, 0, 0}},
        {"max(x,y)", 2, 1, 0, {2, 1, 0, 0, 0, 0}},
        {"min(x,y)", 2, 1, 0, {1, 0, 1, 0, 0, 0}},
        {"sign(x)", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"floor(x)*y", 2, 3, 0, {6, 0, 2, 0, 0, 0}},
        {"mod(x,y)", 7, 3, 0, {1, 1, -2, 0, 0, 0}},
        {"x^p", 0, 0, 0.5, {0, 0, 0, 0, 0, 0}},
        {"x^0.5", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"x^1.5", 0, 0, 0, {0, 0, 0, 0, 0, 0}},
        {"x^p", 0, 0, 1, {0, 1, 0, 0, 0, 0}},
        {"x^p", 0, 0, 2, {0, 0, 0, 2, 0, 0}},
        {"x^p", -3, 0, 2, {9, -6, 0, 2, 0, 0}},
        {"x^p", 2, 0, -1, {0.5, -0.25, 0, 0.25, 0, 0}},
        {"x^2", -3, 0, 0, {9, -6, 0, 2, 0, 0}},
        {"x^-2", 0, 0, 0, {HUGE_VAL, 0, 0, 0, 0, 0}},
        {"x^p", 0, 0, -2, {HUGE_VAL, 0, 0, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double out[EXPR_OUTPUTS];
        Program *p = compiled(rows[i].text, true);
        program_eval(p, EXPR_HESSIAN, (double[]){rows[i].x, rows[i].y, rows[i].p}, out);
        program_free(p);
        for (int k = 0; k < EXPR_OUTPUTS; k++)
            if (out[k] != rows[i].want[k])
                fail_msg("%s: output %d is %g, not %g", rows[i].text, k, out[k], rows[i].want[k]);
    }
    double out[EXPR_OUTPUTS];
    Program *p = compiled(smooth[5], true); /* Ackley's tip */
    program_eval(p, EXPR_GRADIENT, (double[]){0, 0, 0}, out);
    assert_true(out[1] == 0 && out[2] == 0);
    program_free(p);
}

/* ---- lanes ---- */

enum { MANY = 1000 };

/* Mostly ordinary coordinates; every 16th or so is extreme. */
static double coordinate(uint64_t seed, uint64_t k)
{
    static const double odd[] = {0.0, -0.0, HUGE_VAL, -HUGE_VAL, NAN, 1e308, -1e300, 1e-310,
                                 12000.0, 1e5, -709.5, 750.0, 1e17, 0x1p-1074, 1.0, -1.0};
    if (rng_u64(seed ^ 99, k) % 16 == 0)
        return odd[rng_u64(seed ^ 98, k) % 16];
    return rng_uniform(seed, k) * 8 - 4;
}

static void compare_lanes(const char *text, const Program *p, ExprLevel level, size_t n)
{
    static double x[MANY], y[MANY], store[EXPR_OUTPUTS][MANY];
    double *out[EXPR_OUTPUTS];
    static const int outputs[EXPR_LEVELS] = {1, 3, 6, 2};
    double parameter = 2.5;
    for (size_t j = 0; j < n; j++) {
        x[j] = coordinate(n, j);
        y[j] = n % 2 ? coordinate(n + 1, j) : rng_uniform(n, j);
    }
    for (int k = 0; k < EXPR_OUTPUTS; k++)
        out[k] = store[k];
    LaneInput in[INPUTS] = {{x, 1}, {y, 1}, {&parameter, 0}};
    program_lanes(p, level, in, out, n);
    for (size_t j = 0; j < n; j++) {
        double want[EXPR_OUTPUTS];
        program_eval(p, level, (double[]){x[j], y[j], parameter}, want);
        for (int k = 0; k < outputs[level]; k++)
            if (!same(want[k], store[k][j]))
                fail_msg("%s at %.17g, %.17g (lane %zu of %zu): output %d is %a, alone %a", text,
                         x[j], y[j], j, n, k, store[k][j], want[k]);
    }
}

static void lanes_equal_scalars(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 4, 5, 127, 128, 129, 1000};
    for (int i = 0; i < SMOOTH; i++) {
        Program *p = compiled(smooth[i], true);
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (int level = EXPR_VALUE; level < EXPR_LEVELS; level++)
                compare_lanes(smooth[i], p, (ExprLevel)level, counts[c]);
        program_free(p);
    }
}

static void levels_agree(void **state)
{
    (void)state;
    for (int i = 0; i < SMOOTH; i++) {
        Program *p = compiled(smooth[i], true);
        for (uint64_t k = 0; k < 100; k++) {
            double at[INPUTS] = {coordinate(3, k), coordinate(4, k), 1.5};
            double f, g[3], h[EXPR_OUTPUTS], alone[2];
            program_eval(p, EXPR_VALUE, at, &f);
            program_eval(p, EXPR_GRADIENT, at, g);
            program_eval(p, EXPR_HESSIAN, at, h);
            program_eval(p, EXPR_GRADIENT_ALONE, at, alone);
            assert_true(same(f, g[0]) && same(f, h[0]) && same(g[1], h[1]) && same(g[2], h[2]));
            assert_true(same(g[1], alone[0]) && same(g[2], alone[1]));
        }
        program_free(p);
    }
}

static void what_a_program_was_made_from(void **state)
{
    (void)state;
    static const char *const names[] = {"x", "y", "c"};
    static const char *const others[] = {"x", "y", "b"};
    Error err = {0};
    Program *p = program_compile("x*c+y", names, 3, false, &err);
    assert_true(p && program_is(p, "x*c+y", names, 3));
    assert_false(program_is(p, "x*c+x", names, 3));
    assert_false(program_is(p, "x*c+y", others, 3));
    assert_false(program_is(p, "x*c+y", names, 2));
    assert_ptr_equal(program_keep(p), p);
    program_free(p);
    double f;
    program_eval(p, EXPR_VALUE, (double[]){2, 3, 4}, &f);
    assert_true(f == 11);
    program_free(p);
    assert_true(program_check("x*c+y", names, 3, &err));
    assert_false(program_check("x*b", names, 3, &err));
    assert_int_equal(err.column, 3);
}

/* What is said to be bounded is: at random points of the box, for all levels. */
static void bounds_hold(void **state)
{
    (void)state;
    static const ExprLevel levels[] = {EXPR_VALUE, EXPR_GRADIENT, EXPR_HESSIAN,
                                       EXPR_GRADIENT_ALONE};
    static const int outputs[] = {1, 3, 6, 2};
    int certain = 0;
    for (int i = 0; i < SMOOTH; i++) {
        Program *p = compiled(smooth[i], true);
        for (int c = 0; c < 4; c++)
            for (double side = 0.5; side < 1e4; side *= 7) {
                double lo[INPUTS] = {-side, 0.1, 1.5}, hi[INPUTS] = {side, side, 1.5};
                double most = 1;
                while (most < 1e300 && !program_bounded(p, levels[c], lo, hi, most))
                    most *= 1000;
                for (uint64_t k = 0; k < 60 && most < 1e300; k++) {
                    double u = (double)(k % 8) / 7, v = (double)(k / 8) / 7, out[EXPR_OUTPUTS];
                    double at[INPUTS] = {lo[0] + u * (hi[0] - lo[0]), lo[1] + v * (hi[1] - lo[1]),
                                         1.5};
                    program_eval(p, levels[c], at, out);
                    for (int o = 0; o < outputs[c]; o++)
                        if (!(fabs(out[o]) <= most))
                            fail_msg("%s at %g, %g: %g, said to be within %g", smooth[i], at[0],
                                     at[1], out[o], most);
                    certain++;
                }
            }
        program_free(p);
    }
    assert_true(certain > 1000);
}

static void what_is_bounded(void **state)
{
    (void)state;
    static const struct { const char *text; bool bounded; } cases[] = {
        {"(x^2+y-11)^2+(x+y^2-7)^2", true}, {"sqrt(x^2+y^2)", true}, {"exp(-x^2)", true},
        {"log(1+x^2)", true},  {"1/(1+x*x)", true},  {"20+x^2-10*cos(2*pi*x)", true},
        {"log(x)", false},     {"1/x", false},       {"sqrt(x)", false},
        {"exp(x^2)", false},   {"x^y", false},       {"tan(x)", false},
        {"1e99*x", false},     {"x/(x-x)", false},
    };
    double lo[] = {-100, -100, 0}, hi[] = {100, 100, 0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Program *p = compiled(cases[i].text, false);
        if (program_bounded(p, EXPR_VALUE, lo, hi, 1e100) != cases[i].bounded)
            fail_msg("%s", cases[i].text);
        program_free(p);
    }
}

static void programs_are_short(void **state)
{
    (void)state;
    Program *p = compiled("(x^2+y-11)^2+(x+y^2-7)^2", true);
    assert_true(program_length(p, EXPR_GRADIENT) <= 14);
    assert_true(program_length(p, EXPR_HESSIAN) <= 27);
    assert_true(program_registers(p, EXPR_HESSIAN) <= 16);
    assert_true(program_uses(p, 0) && program_uses(p, 1) && !program_uses(p, 2));
    program_free(p);
}

/* ---- random formulas and random bytes ---- */

typedef struct Draw {
    uint64_t seed;
    uint64_t k;
    char text[2000];
    size_t used;
} Draw;

static unsigned draw(Draw *d, unsigned below)
{
    return (unsigned)(rng_u64(d->seed, d->k++) % below);
}

static void put(Draw *d, const char *piece)
{
    size_t width = strlen(piece);
    if (d->used + width < sizeof d->text)
        memcpy(d->text + d->used, piece, width + 1);
    d->used += width;
}

static void grow(Draw *d, int depth)
{
    static const char *const leaf[] = {"x", "y", "p", "2", "0.5", "1", "-3", "x", "y", "e"};
    static const char *const unary[] = {"sin(", "cos(", "tan(", "exp(", "log(2+", "sqrt(3+",
                                        "abs(", "tanh(", "sign(", "floor(", "softplus(",
                                        "sigmoid(", "-(", "("};
    static const char *const infix[] = {"+", "-", "*", "/", "+", "*"};
    static const char *const power[] = {"^2", "^3", "^-1", "^1.5", "^p", "^-2", "^x", "^0"};
    unsigned kind = depth == 0 ? 0 : draw(d, 8);
    if (kind < 1) {
        put(d, leaf[draw(d, 10)]);
    } else if (kind < 3) {
        put(d, unary[draw(d, 14)]);
        grow(d, depth - 1);
        put(d, ")");
    } else if (kind < 4) {
        put(d, draw(d, 2) ? "min(" : "max(");
        grow(d, depth - 1);
        put(d, ",");
        grow(d, depth - 1);
        put(d, ")");
    } else {
        put(d, "(");
        grow(d, depth - 1);
        put(d, kind == 4 ? ")" : infix[draw(d, 6)]);
        if (kind == 4) {
            put(d, power[draw(d, 8)]);
            return;
        }
        grow(d, depth - 1);
        put(d, ")");
    }
}

/* Is the formula tame enough here for differences to say anything? */
static bool calm(const Program *p, const double *at)
{
    for (int corner = 0; corner < 9; corner++) {
        double out[EXPR_OUTPUTS];
        double in[INPUTS] = {at[0] + (corner % 3 - 1) * 1e-3, at[1] + (corner / 3 - 1) * 1e-3,
                             at[2]};
        program_eval(p, EXPR_HESSIAN, in, out);
        for (int k = 0; k < EXPR_OUTPUTS; k++)
            if (!(fabs(out[k]) < 100.0))
                return false;
    }
    return true;
}

static void random_formulas_hold(void **state)
{
    (void)state;
    int checked = 0;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        Draw d = {.seed = seed};
        grow(&d, 1 + (int)(seed % 5));
        if (d.used >= sizeof d.text)
            continue;
        Program *p = program_compile(d.text, xy, INPUTS, true, NULL);
        if (!p)
            continue; /* too large */
        compare_lanes(d.text, p, EXPR_HESSIAN, 130);
        for (uint64_t k = 0; k < 5; k++) {
            double at[INPUTS] = {rng_uniform(seed, k) * 3 - 1.5,
                                 rng_uniform(seed, k + 50) * 3 - 1.5, 2.5};
            if (calm(p, at)) {
                check_slopes(d.text, p, at);
                checked++;
            }
        }
        program_free(p);
    }
    assert_true(checked > 2000);
}

static void random_bytes_do_no_harm(void **state)
{
    (void)state;
    static const char *const pieces[] = {"x", "y", "sin", "(", ")", "+", "-", "^", "*", "/", ",",
                                         "2", ".5", "e", "\xc3", "\x80", "\xff", " ", "min(",
                                         "well(", "1e308", "^-", "mod(", "\t", "\x7f"};
    for (uint64_t seed = 0; seed < 20000; seed++) {
        Draw d = {.seed = seed};
        d.text[0] = '\0';
        for (unsigned n = draw(&d, 40); n; n--) {
            if (seed % 2) {
                put(&d, pieces[draw(&d, sizeof pieces / sizeof *pieces)]);
            } else {
                char one[2] = {(char)draw(&d, 256), '\0'};
                put(&d, one);
            }
        }
        Error err = {.column = 0};
        Program *p = program_compile(d.text, xy, INPUTS, true, &err);
        if (!p)
            assert_true(err.column >= 1 && err.column <= (long)strlen(d.text) + 1);
        program_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elementary_functions_are_accurate),
        cmocka_unit_test(huge_arguments_reduce_exactly),
        cmocka_unit_test(powers_are_accurate),
        cmocka_unit_test(special_values),
        cmocka_unit_test(formulas_have_their_values),
        cmocka_unit_test(constant_and_run_time_powers_agree),
        cmocka_unit_test(errors_name_the_place),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(derivatives_match_differences),
        cmocka_unit_test(kinks_follow_the_rules),
        cmocka_unit_test(lanes_equal_scalars),
        cmocka_unit_test(what_a_program_was_made_from),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(what_is_bounded),
        cmocka_unit_test(levels_agree),
        cmocka_unit_test(programs_are_short),
        cmocka_unit_test(random_formulas_hold),
        cmocka_unit_test(random_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
