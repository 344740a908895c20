/* SPDX-License-Identifier: MIT
 * elementary_inline (private): the branch-free kernels behind elementary.h, valid for "tame"
 * arguments only, as static inline code that the scalar functions and the loops over lanes share:
 * same expressions, no contraction, hence the same bits. For x not tame, X_wild(x) is the answer.
 * Kernels may be run on wild arguments (the result is then meaningless, never a trap).
 *
 * The schemes and the coefficients of sin, cos and log are those of fdlibm (Sun Microsystems
 * 1993); the polynomial of exp interpolates at Chebyshev nodes (relative error 3e-19). */
#ifndef ETA_EXPR_ELEMENTARY_INLINE_H
#define ETA_EXPR_ELEMENTARY_INLINE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define KERNEL static inline __attribute__((always_inline, unused))
#else
#define KERNEL static inline
#endif

#define ROUNDER 0x1.8p52 /* adding it rounds |x| < 2^51 to an integer, left in the low bits */
#define SIGN_BIT (UINT64_C(1) << 63)
#define LN2_HI 0x1.62e42fefa3800p-1 /* 42 bits: k * LN2_HI is exact for |k| <= 2048 */
#define LN2_LO 0x1.ef35793c76730p-45
#define LOG2_E 0x1.71547652b82fep+0

typedef struct SinCos {
    double sin;
    double cos;
} SinCos;

SinCos sincos_wild(double x);
double exp_wild(double x);
double log_wild(double x);
double sigmoid_wild(double x);
double softplus_wild(double x);

KERNEL uint64_t bits_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

KERNEL double from_bits(uint64_t u)
{
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* sin and cos of y + tail, |y| <= pi/4, in quadrant q (of any integer, two low bits count). */
KERNEL SinCos sincos_quadrant(double y, double tail, uint64_t q)
{
    double z = y * y;
    double v = z * y;
    double rs = 8.33333333332248946124e-03 +
                z * (-1.98412698298579493134e-04 +
                     z * (2.75573137070700676789e-06 +
                          z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    double s = y - ((z * (0.5 * tail - v * rs) - tail) - v * -1.66666666666666324348e-01);
    double z2 = z * z;
    double rc = z * (4.16666666666666019037e-02 +
                     z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05)) +
                z2 * z2 * (-2.75573143513906633035e-07 +
                           z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
    double half = 0.5 * z;
    double w = 1.0 - half;
    double c = w + (((1.0 - w) - half) + (z * rc - y * tail));

    uint64_t odd = (uint64_t)0 - (q & 1);
    uint64_t sb = bits_of(s);
    uint64_t cb = bits_of(c);
    uint64_t to_sin = (sb & ~odd) | (cb & odd);
    uint64_t to_cos = (cb & ~odd) | (sb & odd);
    return (SinCos){from_bits(to_sin ^ ((q & 2) << 62)), from_bits(to_cos ^ (((q + 1) & 2) << 62))};
}

#define SINCOS_TAME 12000.0

KERNEL bool sincos_tame(double x)
{
    return fabs(x) <= SINCOS_TAME;
}

/* Cody-Waite: pi/2 in parts of 40, 38 and 53 bits. k <= 7640 has 13 bits, so k times the first
 * two parts is exact, and so is x minus the first product. The error of the subtraction of the
 * second goes into the tail. */
KERNEL SinCos sincos_kernel(double x)
{
    double turned = x * 0x1.45f306dc9c883p-1 + ROUNDER;
    double k = turned - ROUNDER;
    double t = x - k * 0x1.921fb54442000p+0;
    double w = k * 0x1.a308d31318000p-41;
    double r = t - w;
    double lost = k * 0x1.8a2e03707344ap-81 - ((t - r) - w);
    double y = r - lost;
    return sincos_quadrant(y, (r - y) - lost, bits_of(turned));
}

/* exp(r + tail) - 1 for |r| <= 0.3466: r + (tail + r^2 P(r)), below 0.6 ulp of the result. */
KERNEL double exp_minus_one(double r, double tail)
{
    double r2 = r * r;
    double r4 = r2 * r2;
    double a = 0.5 + r * 0x1.5555555555557p-3;
    double b = 0x1.5555555555556p-5 + r * 0x1.11111111100d9p-7;
    double c = 0x1.6c16c16c162d2p-10 + r * 0x1.a01a01abe9a79p-13;
    double d = 0x1.a01a01a6d97cdp-16 + r * 0x1.71de022c50cbap-19;
    double e = 0x1.27e4db6168470p-22 + r * 0x1.af4df4742f519p-26;
    double p = (a + r2 * b) + r4 * ((c + r2 * d) + r4 * (e + r2 * 0x1.1f73098d6f55bp-29));
    return r + (tail + r2 * p);
}

/* x = k ln 2 + r + tail; `turned` holds k in its low bits. */
typedef struct ExpParts {
    double turned;
    double r;
    double tail;
} ExpParts;

/* x + x_lo, |x| < 2^20, |x_lo| much smaller. */
KERNEL ExpParts exp_split(double x, double x_lo)
{
    double turned = x * LOG2_E + ROUNDER;
    double k = turned - ROUNDER;
    double hi = x - k * LN2_HI;
    double lo = k * LN2_LO - x_lo;
    double r = hi - lo;
    return (ExpParts){turned, r, (hi - r) - lo};
}

/* 2^k for k in the low bits of `turned`, -1022 <= k <= 1023. */
KERNEL double two_to(double turned)
{
    return from_bits((bits_of(turned) << 52) + bits_of(1.0));
}

KERNEL bool exp_tame(double x)
{
    return fabs(x) <= 708.0;
}

KERNEL double exp_kernel(double x)
{
    ExpParts p = exp_split(x, 0.0);
    return (1.0 + exp_minus_one(p.r, p.tail)) * two_to(p.turned);
}

#define LOG_LEAST 0x1p-1022
#define LOG_MOST 0x1.fffffffffffffp+1023

/* Positive, normal, finite. */
KERNEL bool log_tame(double x)
{
    return (x >= LOG_LEAST) & (x <= LOG_MOST);
}

/* x = 2^k m with sqrt(1/2) <= m < sqrt(2) for a tame x; returns m. */
KERNEL double log_split(double x, double *k)
{
    uint64_t root = UINT64_C(0x3FE6A09E667F3BCD); /* of sqrt(1/2) */
    uint64_t u = bits_of(x) + (bits_of(1.0) - root);
    /* the biased exponent as a double: placed into the low bits of 2^52 */
    *k = from_bits((u >> 52) | bits_of(0x1p52)) - (0x1p52 + 1023.0);
    return from_bits((u & ((UINT64_C(1) << 52) - 1)) + root);
}

/* log m = f - f^2/2 + s (f^2/2 + R(s^2)), f = m - 1, s = f / (2 + f); log x adds k ln 2. */
KERNEL double log_kernel(double x)
{
    double k;
    double f = log_split(x, &k) - 1.0;
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double even = w * (3.999999999940941908e-01 +
                       w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double odd = z * (6.666666666666735130e-01 +
                      w * (2.857142874366239149e-01 +
                           w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    double half = 0.5 * f * f;
    return k * LN2_HI - ((half - (s * (half + (even + odd)) + k * LN2_LO)) - f);
}

KERNEL double with_sign_of(double size, double x)
{
    return from_bits((bits_of(size) & ~SIGN_BIT) | (bits_of(x) & SIGN_BIT));
}

/* tanh x = t / (t + 2) with t = exp(2|x|) - 1 = 2^k q + (2^k - 1), exact near 0 because k = 0
 * there; 1 from 22 on (1 - tanh 22 = 2e-19). Good for every x. */
KERNEL double tanh_kernel(double x)
{
    double size = fabs(x) > 22.0 ? 22.0 : fabs(x);
    ExpParts p = exp_split(2.0 * size, 0.0);
    double scale = two_to(p.turned);
    double t = scale * exp_minus_one(p.r, p.tail) + (scale - 1.0);
    return with_sign_of(t / (t + 2.0), x);
}

/* 1 / (1 + exp(-x)), written so that neither tail cancels or overflows; tame as exp. */
KERNEL double sigmoid_kernel(double x)
{
    double e = exp_kernel(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

/* log(1 + exp x) = max(x, 0) + log1p(exp(-|x|)); tame as exp. log1p(e) is the log of the rounded
 * w = 1 + e, corrected by the rounding's (w - 1 - e) / w. */
KERNEL double softplus_kernel(double x)
{
    double e = exp_kernel(-fabs(x));
    double w = 1.0 + e;
    double log1p_e = log_kernel(w) - ((w - 1.0) - e) / w;
    return (x > 0.0 ? x : 0.0) + log1p_e;
}

/* The same through the right door for any argument. */
KERNEL SinCos sincos_any(double x)
{
    return sincos_tame(x) ? sincos_kernel(x) : sincos_wild(x);
}

KERNEL double sin_any(double x)
{
    return sincos_any(x).sin;
}

KERNEL double cos_any(double x)
{
    return sincos_any(x).cos;
}

KERNEL double tan_kernel(double x)
{
    SinCos v = sincos_kernel(x);
    return v.sin / v.cos;
}

KERNEL double tan_any(double x)
{
    SinCos v = sincos_any(x);
    return v.sin / v.cos;
}

KERNEL double exp_any(double x)
{
    return exp_tame(x) ? exp_kernel(x) : exp_wild(x);
}

KERNEL double log_any(double x)
{
    return log_tame(x) ? log_kernel(x) : log_wild(x);
}

KERNEL double sigmoid_any(double x)
{
    return exp_tame(x) ? sigmoid_kernel(x) : sigmoid_wild(x);
}

KERNEL double softplus_any(double x)
{
    return exp_tame(x) ? softplus_kernel(x) : softplus_wild(x);
}

#endif
