/* SPDX-License-Identifier: MIT
 * fitted: a loss over data as its points and the curve of the model at the present weights.
 *
 * A loss is a formula, and a formula does not say what the model predicts; but its dependence on
 * the label does. Where a row's loss is quadratic in the label (least squares), the prediction is
 * the label at which it is least; where it is linear (logistic loss, softplus(z) - label z), its
 * slope is -z and the prediction the probability 1/(1+exp(-z)). The label is the last column of the
 * table that the formula uses. */
#ifndef ETA_VIEW_FITTED_H
#define ETA_VIEW_FITTED_H

#include "core/loss.h"

enum { FITTED_POINTS = 241 };

typedef struct Fitted {
    bool usable;                 /* false: no data, or a loss of another kind */
    bool against;                /* several features: x is the prediction of a row, y its label */
    const char *x_name, *y_name; /* borrowed from the data */
    double lo, hi;               /* of x over the data, a little wider */
    double low, high;            /* of y over data and curve */
    int count;                   /* points of the curve */
    double x[FITTED_POINTS], y[FITTED_POINTS];
    Loss one;             /* the loss over a single row; shares the program */
    const Data *data;     /* borrowed */
    const Data *held_out; /* borrowed; NULL: none with the same columns */
    int feature, label;   /* columns */
    Vec2 at;              /* the weights */
} Fitted;

/* `l` and `held_out` (NULL: none) must outlive *f. */
void fitted_make(Fitted *f, const Loss *l, const Loss *held_out, Vec2 at);
/* Row i of a table with the same columns, as a point of the picture. */
Vec2 fitted_point(const Fitted *f, const Data *data, long i);

#endif
