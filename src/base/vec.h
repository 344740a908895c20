/* SPDX-License-Identifier: MIT
 * vec: the plane. Model coordinates are Vec2 everywhere; screen cells are int col, row. */
#ifndef ETA_BASE_VEC_H
#define ETA_BASE_VEC_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

#if defined(__FAST_MATH__) || FLT_EVAL_METHOD != 0
#error "the bits of a run need plain doubles: no -ffast-math, no x87 registers (-mfpmath=sse)"
#endif

typedef struct Vec2 {
    double x;
    double y;
} Vec2;

/* Symmetric 2x2 matrix [[xx, xy], [xy, yy]]: a Hessian. */
typedef struct Sym2 {
    double xx;
    double xy;
    double yy;
} Sym2;

/* Axis-parallel rectangle of the plane, lo < hi in both coordinates. */
typedef struct Window {
    Vec2 lo;
    Vec2 hi;
} Window;

static inline Vec2 vec2(double x, double y)
{
    return (Vec2){x, y};
}

static inline Vec2 vec_add(Vec2 a, Vec2 b)
{
    return (Vec2){a.x + b.x, a.y + b.y};
}

static inline Vec2 vec_sub(Vec2 a, Vec2 b)
{
    return (Vec2){a.x - b.x, a.y - b.y};
}

static inline Vec2 vec_scale(double k, Vec2 a)
{
    return (Vec2){k * a.x, k * a.y};
}

static inline double vec_norm(Vec2 a)
{
    double big = fmax(fabs(a.x), fabs(a.y));
    if (!(big > 1e150) && !(big < 1e-150))
        return sqrt(a.x * a.x + a.y * a.y);
    if (!(big > 0) || isinf(big))
        return big;
    return big * sqrt((a.x / big) * (a.x / big) + (a.y / big) * (a.y / big));
}

static inline bool vec_finite(Vec2 a)
{
    return isfinite(a.x) && isfinite(a.y);
}

/* Eigenvalues of a symmetric matrix, *small <= *large:
 * mean +- sqrt(((xx-yy)/2)^2 + xy^2); NaN in, NaN out. */
static inline void sym_eigenvalues(Sym2 m, double *small, double *large)
{
    double mean = 0.5 * (m.xx + m.yy);
    double radius = vec_norm(vec2(0.5 * (m.xx - m.yy), m.xy));
    *small = mean - radius;
    *large = mean + radius;
}

static inline Vec2 window_centre(Window w)
{
    return vec2(0.5 * (w.lo.x + w.hi.x), 0.5 * (w.lo.y + w.hi.y));
}

static inline Vec2 window_size(Window w)
{
    return vec_sub(w.hi, w.lo);
}

static inline double window_diagonal(Window w)
{
    return vec_norm(window_size(w));
}

static inline bool window_contains(Window w, Vec2 p)
{
    return p.x >= w.lo.x && p.x <= w.hi.x && p.y >= w.lo.y && p.y <= w.hi.y;
}

#endif
