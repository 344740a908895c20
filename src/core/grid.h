/* SPDX-License-Identifier: MIT
 * grid: a loss that is known on a regular grid, made smooth.
 *
 * The interpolant is the tensor product of cubic splines with not-a-knot ends (de Boor, A Practical
 * Guide to Splines, 1978, IV and XVII), kept as coefficients of uniform cubic B-splines. It takes
 * the given values at the grid's points and has continuous first and second derivatives; gradient
 * and Hessian are exactly those of the interpolant, not of the data. It reproduces cubic
 * polynomials. Outside the grid nothing is known: a hole (all results are NaN), so that a run which
 * leaves the grid ends as `undefined` instead of following an invented slope. */
#ifndef ETA_CORE_GRID_H
#define ETA_CORE_GRID_H

#include "base/vec.h"
#include "core/data.h"

enum { GRID_TRAIN, GRID_HELD_OUT, GRID_LAYERS };

typedef struct LossGrid {
    int columns, rows;          /* points along x and along y, >= 4 */
    Window window;              /* first and last points */
    Vec2 step;                  /* distance of neighbours */
    double *layer[GRID_LAYERS]; /* (rows+2) x (columns+2) coefficients, x fastest; NULL: none */
} LossGrid;

/* From columns x, y, train and perhaps held_out, rows in any order: each point of a regular grid of
 * at least 4 x 4 exactly once, evenly spaced to a thousandth of the spacing. NULL on error. */
LossGrid *grid_make(const Data *d, Error *err);
void grid_free(LossGrid *g);
/* The same, made once and kept with the data that it belongs to. */
const LossGrid *data_grid(Data *d, Error *err);

/* f, gradient, Hessian (each may be NULL but f); NaN outside. */
void grid_eval(const LossGrid *g, int layer, Vec2 at, double *f, Vec2 *gradient, Sym2 *hessian);

#endif
