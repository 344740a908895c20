/* SPDX-License-Identifier: MIT
 * loss: a compiled surface: value, gradient and Hessian at a point, values over many points.
 * Three kinds of the same thing: a formula, the mean of a formula over the rows of a table (a
 * loss as models have it), a grid.
 *
 * The mean over rows is a sum in a fixed order divided by the number of rows: row i (counted in the
 * order of the table, or of the batch) is added to partial sum i mod 8, rows in rising order; then
 * ((s0+s4)+(s2+s6))+((s1+s5)+(s3+s7)). So the bits depend on the rows alone, not on blocks, lanes or
 * instruction sets. A row where the formula is undefined makes the point a hole. */
#ifndef ETA_CORE_LOSS_H
#define ETA_CORE_LOSS_H

#include <stdint.h>

#include "base/vec.h"
#include "core/data.h"
#include "core/grid.h"
#include "expr/expr.h"

enum { LOSS_PARAMS = 12, LOSS_COLUMNS = EXPR_INPUTS - 2 };

typedef struct Loss {
    Program *program;           /* owned (but shared by copies); NULL: a grid */
    double param[LOSS_PARAMS];  /* values of inputs 2.. */
    int param_count;
    const Data *data;           /* borrowed; NULL: no rows */
    int column_count;           /* inputs behind the parameters */
    uint16_t column[LOSS_COLUMNS]; /* their columns in data */
    const LossGrid *grid;           /* borrowed; NULL: a formula */
    int layer;                  /* of the grid */
} Loss;

typedef struct Derivatives {
    double f;
    Vec2 g;
    Sym2 h;
} Derivatives;

/* Compile a formula in x, y and named parameters. */
bool loss_compile(Loss *l, const char *formula, const char *const *names, const double *values,
                  int count, Error *err);
/* The same with the columns of `data` as further names: the mean over its rows. Errors of the
 * formula carry column and no file; errors of the table name the file: names that do not fit, a
 * column of the formula that holds no numbers; a formula without any column is an error, too. */
bool loss_compile_rows(Loss *l, const char *formula, const char *const *names, const double *values,
                       int count, const Data *data, Error *err);
/* The formula of `from`, a loss over rows, over the rows of another table with the same columns;
 * shares the program. */
bool loss_on_rows(Loss *to, const Loss *from, const Data *data, Error *err);
void loss_of_grid(Loss *l, const LossGrid *grid, int layer);
void loss_release(Loss *l);

/* f, g and h up to `level`; the rest is left alone (but a grid always tells f). */
void loss_eval(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out);
/* The mean over some of the rows, in the given order: count >= 1 indices; a loss over rows only. */
void loss_eval_rows(const Loss *l, Vec2 at, ExprLevel level, const uint32_t *rows, long count,
                    Derivatives *out);
/* f[i] at (x[i], y[i]) for n points, bits equal to loss_eval's. */
void loss_values(const Loss *l, const double *x, const double *y, double *f, size_t n);

/* Rows of a loss over rows, 0 of the others: what an evaluation costs is about proportional. */
static inline long loss_rows(const Loss *l)
{
    return l->data ? l->data->n : 0;
}

/* The same loss over every k-th row only, so that at most `most` are left: for maps and searches where
 * looking at a million rows a thousand times would take minutes. Owns its rows (loss_thin_release), shares
 * the program. false: out of memory, or there is nothing to leave out. */
bool loss_thin(Loss *out, const Loss *full, long most);
void loss_thin_release(Loss *l);

#endif
