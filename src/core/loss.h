/* SPDX-License-Identifier: MIT
 * loss: a compiled surface: value, gradient and Hessian at a point, values over many points.
 * Today a formula; data losses and grids are other kinds of the same thing. */
#ifndef ETA_CORE_LOSS_H
#define ETA_CORE_LOSS_H

#include "base/vec.h"
#include "expr/expr.h"

enum { LOSS_PARAMS = 12 };

typedef struct Loss {
    Program *program;           /* owned */
    double param[LOSS_PARAMS];  /* values of inputs 2.. */
    int param_count;
} Loss;

typedef struct Derivatives {
    double f;
    Vec2 g;
    Sym2 h;
} Derivatives;

/* Compile a formula in x, y and named parameters. */
bool loss_compile(Loss *l, const char *formula, const char *const *names, const double *values,
                  int count, Error *err);
void loss_release(Loss *l);

/* f, g and h up to `level`; the rest is left alone. */
void loss_eval(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out);
/* f[i] at (x[i], y[i]) for n points, bits equal to loss_eval's. */
void loss_values(const Loss *l, const double *x, const double *y, double *f, size_t n);

#endif
