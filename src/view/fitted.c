/* SPDX-License-Identifier: MIT
 * fitted: see fitted.h */
#include "view/fitted.h"

#include <math.h>

/* The loss of one row whose used columns have these values. */
static double loss_of_row(const Fitted *f, double *value)
{
    static const uint32_t first = 0;
    DataColumn column[LOSS_COLUMNS];
    Data row = {.columns = f->one.column_count, .column = column, .n = 1};
    Loss l = f->one;
    Derivatives d;
    for (int i = 0; i < l.column_count; i++) {
        column[i].at = &value[i];
        l.column[i] = (uint16_t)i;
    }
    l.data = &row;
    loss_eval_rows(&l, f->at, EXPR_VALUE, &first, 1, &d);
    return d.f;
}

/* NaN where the loss is neither quadratic nor linear in the label. */
static double predict(const Fitted *f, double *value)
{
    double loss[4], *label = NULL;
    for (int i = 0; i < f->one.column_count; i++)
        if (f->one.column[i] == f->label)
            label = &value[i];
    double unit = fmax(fabs(f->high - f->low), 1e-6), from = f->low;
    for (int k = 0; k < 4; k++) {
        *label = from + k * unit;
        loss[k] = loss_of_row(f, value);
    }
    double bend = loss[0] - 2 * loss[1] + loss[2], bend2 = loss[1] - 2 * loss[2] + loss[3];
    double size = fabs(loss[0]) + fabs(loss[1]) + fabs(loss[2]) + fabs(loss[3]);
    if (!isfinite(size) || fabs(bend - bend2) > 1e-6 * (size + fabs(bend)))
        return (double)NAN;
    if (fabs(bend) > 1e-9 * size) /* where the parabola through three values is least */
        return from + unit * (0.5 + (loss[0] - loss[1]) / bend);
    return 1 / (1 + exp((loss[1] - loss[0]) / unit));
}

static void row_values(const Fitted *f, const Data *data, long i, double *value)
{
    for (int k = 0; k < f->one.column_count; k++)
        value[k] = data->column[f->one.column[k]].at[i];
}

Vec2 fitted_point(const Fitted *f, const Data *data, long i)
{
    double value[LOSS_COLUMNS];
    double label = data->column[f->label].at[i];
    if (!f->against)
        return vec2(data->column[f->feature].at[i], label);
    row_values(f, data, i, value);
    return vec2(predict(f, value), label);
}

/* The columns that the formula uses: the last is the label, the first a feature. */
static int find_columns(Fitted *f, const Loss *l)
{
    int used = 0;
    f->feature = f->label = -1;
    for (int i = 0; i < l->column_count; i++) {
        if (!program_uses(l->program, 2 + l->param_count + i))
            continue;
        used++;
        f->label = l->column[i] > f->label ? l->column[i] : f->label;
        f->feature = f->feature < 0 || l->column[i] < f->feature ? l->column[i] : f->feature;
    }
    return used;
}

static void widen(double *lo, double *hi, double v)
{
    *lo = isfinite(v) && v < *lo ? v : *lo;
    *hi = isfinite(v) && v > *hi ? v : *hi;
}

static void sample_curve(Fitted *f)
{
    double value[LOSS_COLUMNS];
    f->count = FITTED_POINTS;
    for (int k = 0; k < f->count; k++) {
        f->x[k] = f->lo + (f->hi - f->lo) * k / (f->count - 1);
        for (int i = 0; i < f->one.column_count; i++)
            value[i] = f->x[k];
        f->y[k] = f->against ? f->x[k] : predict(f, value);
    }
    double low = f->low, high = f->high;
    for (int k = 0; k < f->count; k++) /* as much of the curve as does not hide the data */
        widen(&low, &high,
              fmin(fmax(f->y[k], f->low - 0.5 * (f->high - f->low)),
                   f->high + 0.5 * (f->high - f->low)));
    f->low = low;
    f->high = high;
}

void fitted_make(Fitted *f, const Loss *l, const Loss *held_out, Vec2 at)
{
    *f = (Fitted){.at = at, .lo = INFINITY, .hi = -INFINITY, .low = INFINITY, .high = -INFINITY};
    int used = l->data ? find_columns(f, l) : 0;
    if (used < 2)
        return;
    f->one = *l;
    f->data = l->data;
    if (held_out && held_out->data && held_out->data->columns > f->label)
        f->held_out = held_out->data;
    f->against = used > 2;
    f->y_name = l->data->column[f->label].name;
    f->x_name = f->against ? "predicted" : l->data->column[f->feature].name;
    for (long i = 0; i < l->data->n; i++)
        widen(&f->low, &f->high, l->data->column[f->label].at[i]);
    double first = fitted_point(f, l->data, 0).x, value[LOSS_COLUMNS];
    row_values(f, l->data, 0, value);
    f->usable = isfinite(first) && !isnan(predict(f, value));
    for (long i = 0; i < l->data->n && f->usable; i++)
        widen(&f->lo, &f->hi, fitted_point(f, l->data, i).x);
    double pad = 0.04 * (f->hi - f->lo);
    f->lo -= pad;
    f->hi += pad;
    if (f->usable)
        sample_curve(f);
}
