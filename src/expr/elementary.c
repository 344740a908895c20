/* SPDX-License-Identifier: MIT
 * elementary: the scalar functions, the arguments the kernels refuse, and pow. */
#include "expr/elementary.h"

#include "expr/elementary_inline.h"

double eta_sin(double x)
{
    return sin_any(x);
}

double eta_cos(double x)
{
    return cos_any(x);
}

double eta_tan(double x)
{
    return tan_any(x);
}

double eta_exp(double x)
{
    return exp_any(x);
}

double eta_log(double x)
{
    return log_any(x);
}

double eta_tanh(double x)
{
    return tanh_kernel(x);
}

/* ---- double-double: an unevaluated sum hi + lo, |lo| <= ulp(hi) / 2 ---- */

typedef struct Double2 {
    double hi;
    double lo;
} Double2;

/* a + b exactly (Knuth 1969). */
static Double2 two_sum(double a, double b)
{
    double s = a + b;
    double bb = s - a;
    return (Double2){s, (a - (s - bb)) + (b - bb)};
}

/* The same for |a| >= |b| (Dekker 1971). */
static Double2 fast_two_sum(double a, double b)
{
    double s = a + b;
    return (Double2){s, b - (s - a)};
}

/* a * b exactly, without fma (Dekker, Veltkamp 1971); |a|, |b| < 2^990. */
static Double2 two_product(double a, double b)
{
    double p = a * b;
    double ta = 0x1.0000002p27 * a;
    double tb = 0x1.0000002p27 * b;
    double ah = ta - (ta - a);
    double bh = tb - (tb - b);
    double al = a - ah;
    double bl = b - bh;
    return (Double2){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static Double2 multiply(Double2 a, Double2 b)
{
    Double2 p = two_product(a.hi, b.hi);
    return fast_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* ---- sin and cos of huge arguments ---- */

/* 64 zero bits, then the bits of 2/pi behind the binary point: bit i (of weight 2^-i) stands at
 * place i + 63. Enough for the largest double. */
static const uint64_t two_over_pi[] = {
    UINT64_C(0x0000000000000000), UINT64_C(0xA2F9836E4E441529), UINT64_C(0xFC2757D1F534DDC0),
    UINT64_C(0xDB6295993C439041), UINT64_C(0xFE5163ABDEBBC561), UINT64_C(0xB7246E3A424DD2E0),
    UINT64_C(0x06492EEA09D1921C), UINT64_C(0xFE1DEB1CB129A73E), UINT64_C(0xE88235F52EBB4484),
    UINT64_C(0xE99C7026B45F7E41), UINT64_C(0x3991D639835339F4), UINT64_C(0x9C845F8BBDF9283B),
    UINT64_C(0x1FF897FFDE05980F), UINT64_C(0xEF2F118B5A0A6D1F), UINT64_C(0x6D367ECF27CB09B7),
    UINT64_C(0x4F463F669E5FEA2D), UINT64_C(0x7527BAC7EBE5F17B), UINT64_C(0x3D0739F78A5292EA),
    UINT64_C(0x6BFB5FB11F8D5D08), UINT64_C(0x56033046FC7B6BAB),
};

/* The 192 bits of the table from `place` on, most significant word first. */
static void window_of_two_over_pi(int place, uint64_t out[3])
{
    const uint64_t *word = two_over_pi + place / 64;
    int shift = place % 64;
    for (int i = 0; i < 3; i++)
        out[i] = shift ? word[i] << shift | word[i + 1] >> (64 - shift) : word[i];
}

/* High word of the product of two words. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & 0xFFFFFFFF;
    uint64_t a1 = a >> 32;
    uint64_t b0 = b & 0xFFFFFFFF;
    uint64_t b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (middle & 0xFFFFFFFF);
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

/* w = w * m modulo 2^192. */
static void multiply_window(uint64_t w[3], uint64_t m)
{
    uint64_t carry1 = multiply_high(w[2], m);
    w[2] *= m;
    uint64_t low1 = w[1] * m;
    uint64_t carry0 = multiply_high(w[1], m);
    w[1] = low1 + carry1;
    carry0 += w[1] < low1;
    w[0] = w[0] * m + carry0;
}

static void negate_window(uint64_t w[3])
{
    w[2] = ~w[2] + 1;
    w[1] = ~w[1] + (w[2] == 0);
    w[0] = ~w[0] + (w[2] == 0 && w[1] == 0);
}

/* Shift left until the top bit is set; returns the places. At most 192. */
static int normalise_window(uint64_t w[3])
{
    int places = 0;
    while (places < 192 && !(w[0] >> 63)) {
        int by = w[0] ? 1 : 64;
        if (by == 64) {
            w[0] = w[1];
            w[1] = w[2];
            w[2] = 0;
        } else {
            w[0] = w[0] << 1 | w[1] >> 63;
            w[1] = w[1] << 1 | w[2] >> 63;
            w[2] <<= 1;
        }
        places += by;
    }
    return places;
}

/* Payne and Hanek (1983) with integers: |x| = m 2^e. Bits of 2/pi of weight 2^-i with i < e - 1
 * give multiples of 4 quadrants; the 192 that follow, times m, modulo 2^192, are x * 2/pi modulo 4
 * scaled by 2^190, wrong by less than m < 2^53. No double comes nearer to a multiple of pi/2
 * than about 2^-62, so 70 good bits remain. */
SinCos sincos_wild(double x)
{
    if (!(fabs(x) <= LOG_MOST))
        return (SinCos){x - x, x - x};
    uint64_t u = bits_of(x);
    int e = (int)(u >> 52 & 0x7FF) - 1075;
    uint64_t m = (u & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    uint64_t w[3];
    window_of_two_over_pi(e - 1 + 63, w);
    multiply_window(w, m);

    uint64_t quadrant = w[0] >> 62;
    w[0] <<= 2; /* the fraction, scaled by 2^192 */
    w[0] |= w[1] >> 62;
    w[1] = w[1] << 2 | w[2] >> 62;
    w[2] <<= 2;
    bool over = w[0] >> 63; /* beyond one half: count from the next quadrant */
    if (over) {
        quadrant++;
        negate_window(w);
    }
    int places = normalise_window(w);
    double scale = from_bits((uint64_t)(1023 - places) << 52);
    Double2 fraction = {(double)(w[0] >> 11) * 0x1p-53 * scale,
                        (double)((w[0] & 0x7FF) << 42 | w[1] >> 22) * 0x1p-106 * scale};
    Double2 y = multiply(fraction, (Double2){0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54});
    SinCos v = over ? sincos_quadrant(-y.hi, -y.lo, quadrant)
                    : sincos_quadrant(y.hi, y.lo, quadrant);
    return x < 0 ? (SinCos){-v.sin, v.cos} : v; /* |x| was reduced */
}

/* ---- exp and log where scaling overflows or arguments are special ---- */

/* p 2^k with one rounding, 1/2 < p < 2, k in the low bits of turned, |k| <= 1100. */
static double scale_widely(double p, double turned)
{
    double k = turned - ROUNDER;
    if (k > 0.0)
        return p * two_to(turned - 100) * 0x1p100;
    return p * two_to(turned + 200) * 0x1p-200;
}

static double exp_wide(double x, double x_lo)
{
    ExpParts p = exp_split(x, x_lo);
    return scale_widely(1.0 + exp_minus_one(p.r, p.tail), p.turned);
}

double exp_wild(double x)
{
    if (x > 710.0)
        return HUGE_VAL;
    if (x < -746.0)
        return 0.0;
    return x != x ? x : exp_wide(x, 0.0);
}

double log_wild(double x)
{
    if (x == 0.0)
        return -HUGE_VAL;
    if (x < 0.0)
        return NAN;
    if (!(x <= LOG_MOST))
        return x;                          /* inf, NaN */
    double k;                              /* subnormal: log(2^54 x) - 54 log 2, with the */
    double m = log_split(x * 0x1p54, &k);  /* subtraction done in the integer k */
    double log_m = log_kernel(m);
    k -= 54.0;
    return k * LN2_HI + (log_m + k * LN2_LO);
}

double sigmoid_wild(double x)
{
    double e = exp_any(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

double softplus_wild(double x)
{
    if (x != x)
        return x;
    return x > 0.0 ? x : exp_any(x);
}

/* ---- powers ---- */

/* log a in double-double, relative error below 2^-64, for 0 < a < inf.
 * a = 2^k m, log m = 2 atanh s = 2 s + 2/3 s^3 + 2 s^5 (1/5 + s^2/7 + ...), s = (m-1)/(m+1). */
static Double2 log_double2(double a)
{
    bool small = a < LOG_LEAST;
    double k;
    double m = log_split(small ? a * 0x1p54 : a, &k);
    k -= small ? 54.0 : 0.0;
    double f = m - 1.0;
    Double2 g = two_sum(m, 1.0);
    Double2 s = {f / g.hi, 0.0};
    Double2 back = two_product(s.hi, g.hi);
    s.lo = ((f - back.hi) - back.lo - s.hi * g.lo) / g.hi;

    Double2 z = multiply(s, s);
    Double2 two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
    Double2 third = multiply(multiply(s, z), two_thirds);
    double tail = 0.0; /* s^2 <= 0.0295: 12 terms reach 2^-71 */
    for (int n = 27; n >= 5; n -= 2)
        tail = 1.0 / n + z.hi * tail;
    tail *= 2.0 * s.hi * z.hi * z.hi;
    Double2 log_m = fast_two_sum(2.0 * s.hi, third.hi);
    log_m.lo += 2.0 * s.lo + third.lo + tail;

    Double2 sum = two_sum(k * LN2_HI, log_m.hi);
    return fast_two_sum(sum.hi, sum.lo + (log_m.lo + k * LN2_LO));
}

/* a^b for 0 < a < inf, a != 1, finite b. */
static double power_of_positive(double a, double b)
{
    Double2 l = log_double2(a);
    double y = b * l.hi;
    if (y > 720.0)
        return HUGE_VAL;
    if (y < -760.0)
        return 0.0;
    Double2 p = two_product(b, l.hi);
    p = fast_two_sum(p.hi, p.lo + b * l.lo);
    return exp_wide(p.hi, p.lo);
}

/* a^n by squaring; the graph expands constant powers in this order too (graph.c). */
static double power_by_squaring(double a, int n)
{
    double power = 1.0;
    for (int left = n < 0 ? -n : n; left; left >>= 1) {
        if (left & 1)
            power *= a;
        if (left > 1)
            a *= a;
    }
    return n < 0 ? 1.0 / power : power;
}

/* Size of the power where a is 0 or inf or b is inf. */
static double power_at_edge(double size, double b)
{
    if (size == 1.0)
        return 1.0;
    return (size > 1.0) == (b > 0.0) ? HUGE_VAL : 0.0;
}

double eta_pow(double a, double b)
{
    if (b == 0.0 || a == 1.0)
        return 1.0;
    if (a != a || b != b)
        return a + b;
    bool integral = floor(b) == b;
    if (integral && fabs(b) <= POWER_SQUARINGS)
        return power_by_squaring(a, (int)b);
    if (a < 0.0 && !integral)
        return NAN;
    double size = fabs(a);
    bool edge = size == 0.0 || size > LOG_MOST || fabs(b) > LOG_MOST || size == 1.0;
    double power = edge ? power_at_edge(size, b) : power_of_positive(size, b);
    bool odd = integral && floor(0.5 * b) != 0.5 * b;
    return odd ? with_sign_of(power, a) : power;
}

double eta_powi(double a, long n)
{
    return eta_pow(a, (double)n);
}
