/* SPDX-License-Identifier: MIT
 * formula: a formula of expr as a Python expression, for tensors of PyTorch, Keras or JAX. It is
 * printed from the parsed graph: constants are folded as the program folds them, and x*x*x, which
 * is how the graph holds a power, is x**3 again.
 *
 * PyTorch's own derivatives are etascope's except at a few kinks; there a helper stands, defined in
 * the program itself: sqrt and powers at 0 have derivative 0 (theirs is infinite); min and max take
 * numbers; softplus is exact everywhere (theirs becomes the identity above 20). */
#ifndef ETA_CODE_FORMULA_H
#define ETA_CODE_FORMULA_H

#include <stdio.h>

#include "base/error.h"

typedef enum PyStyle {
    PY_MATH, /* plain numbers; formulas of the tables only, not of formula_print */
    PY_TORCH,
    PY_KERAS,
    PY_JAX,
    PY_STYLES,
} PyStyle;

/* What a printed formula needs around it: bits of `uses`. */
enum {
    USES_MATH = 1, /* import math */
    USES_ROOT = 2,
    USES_POWER = 4,
    USES_MINIMUM = 8,
    USES_MAXIMUM = 16,
    USES_SOFTPLUS = 32,
};

/* Print `text`, a formula in the names `inputs`, as a Python expression. What it needs is added to
 * *uses. A formula that takes no part of inputs 0 and 1 is printed with 0*x in front, so that it
 * has a gradient all the same; not so with x == NULL. Errors: the formula's own; too long written
 * out. */
bool formula_print(FILE *out, const char *text, const char *const *inputs, int count, PyStyle style,
                   const char *x, unsigned *uses, Error *err);

/* A name that Python and the programs themselves leave free: `lambda` -> `lambda_`. */
void formula_name(FILE *out, const char *name);

/* The definitions of the helpers in `uses`, for PyTorch. */
void formula_helpers(FILE *out, unsigned uses);

#endif
