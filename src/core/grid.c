/* SPDX-License-Identifier: MIT
 * grid: see grid.h */
#include "core/grid.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 4 };

/* ---- from rows to a grid --------------------------------------------------------------------- */

/* Evenly spaced coordinates lo + i*step, i < count. */
typedef struct Axis {
    double lo, hi, step;
    long count;
} Axis;

static int by_value(const void *a, const void *b)
{
    double u = *(const double *)a;
    double v = *(const double *)b;
    return (u > v) - (u < v);
}

static bool uneven(const char *name, double v, Error *err)
{
    return error_set(err, 0, 0, "the grid is not evenly spaced: column '%s' has %.9g", name, v);
}

/* The distinct values of a column; values closer than a millionth of their range are one. */
static bool find_axis(const DataColumn *c, long n, Axis *axis, Error *err)
{
    double *v = malloc(sizeof *v * (size_t)n);
    if (!v)
        return error_set(err, 0, 0, "out of memory");
    memcpy(v, c->at, sizeof *v * (size_t)n);
    qsort(v, (size_t)n, sizeof *v, by_value);
    double near = 1e-6 * (v[n - 1] - v[0]);
    long count = 1;
    for (long i = 1; i < n; i++)
        if (v[i] - v[count - 1] > near)
            v[count++] = v[i];
    *axis = (Axis){v[0], v[count - 1], 0, count};
    bool ok = count >= LEAST || error_set(err, 0, 0,
                                          "column '%s' has %ld different value%s: a grid "
                                          "needs at least %d",
                                          c->name, count, count == 1 ? "" : "s", LEAST);
    axis->step = ok ? (axis->hi - axis->lo) / (double)(count - 1) : 0;
    for (long i = 0; ok && i < count; i++)
        if (fabs(v[i] - (axis->lo + (double)i * axis->step)) > 1e-3 * axis->step)
            ok = uneven(c->name, v[i], err);
    free(v);
    return ok;
}

static long axis_index(const Axis *a, double v)
{
    return (long)floor((v - a->lo) / a->step + 0.5);
}

/* Which row of the data is point (i, j)? place[j * columns + i]. */
static long *find_places(const Data *d, const Axis axis[2], const int column[2], Error *err)
{
    long *place = malloc(sizeof *place * (size_t)d->n);
    if (!place) {
        error_set(err, 0, 0, "out of memory");
        return NULL;
    }
    for (long k = 0; k < d->n; k++)
        place[k] = -1;
    for (long k = 0; k < d->n; k++) {
        double x = d->column[column[0]].at[k];
        double y = d->column[column[1]].at[k];
        long at = axis_index(&axis[1], y) * axis[0].count + axis_index(&axis[0], x);
        if (place[at] >= 0) {
            error_set(err, 0, 0, "the point x=%.9g, y=%.9g stands in the grid twice", x, y);
            free(place);
            return NULL;
        }
        place[at] = k;
    }
    return place; /* n places and n rows, none twice: all are filled */
}

/* ---- splines --------------------------------------------------------------------------------- */

/* Coefficients c[-1..n] with (c[i-1] + 4 c[i] + c[i+1])/6 = f[i] for i = 0..n-1 and not-a-knot
 * ends, for values f[i] in c[i*s], where c points behind the first place; in place, `work` has n
 * numbers. Not-a-knot says that the fourth difference of c around c[1] is zero; with the first
 * three equations that gives c[1] = f[1] - (f[0] - 2 f[1] + f[2])/6 at once, the same at the other
 * end, and between them a tridiagonal system (Thomas' algorithm; diagonally dominant: stable). */
static void spline(double *c, size_t s, long n, double *work)
{
    double first = c[s] - (c[0] - 2 * c[s] + c[2 * s]) / 6;
    double *end = c + (size_t)(n - 1) * s;
    double last = *(end - s) - (*end - 2 * *(end - s) + *(end - 2 * s)) / 6;
    double f_first[2] = {c[0], c[s]};
    double f_last[2] = {*end, *(end - s)};
    c[s] = first;
    *(end - s) = last;
    work[1] = 0;
    for (long i = 2; i < n - 2; i++) { /* c[i-1] + 4 c[i] + c[i+1] = 6 f[i] */
        double pivot = 1 / (4 - work[i - 1]);
        work[i] = pivot;
        c[(size_t)i * s] = (6 * c[(size_t)i * s] - c[(size_t)(i - 1) * s]) * pivot;
    }
    for (long i = n - 3; i >= 2; i--)
        c[(size_t)i * s] -= work[i] * c[(size_t)(i + 1) * s];
    c[0] = 6 * f_first[1] - 4 * c[s] - c[2 * s];
    *end = 6 * f_last[1] - 4 * *(end - s) - *(end - 2 * s);
    *(c - s) = 6 * f_first[0] - 4 * c[0] - c[s];
    *(end + s) = 6 * f_last[0] - 4 * *end - *(end - s);
}

static double *make_layer(const LossGrid *g, const double *values, const long *place)
{
    size_t wide = (size_t)g->columns + 2;
    size_t high = (size_t)g->rows + 2;
    double *c = calloc(wide * high, sizeof *c);
    double *work = malloc(sizeof *work * (wide + high));
    if (!c || !work) {
        free(c);
        free(work);
        return NULL;
    }
    for (size_t j = 0; j < high - 2; j++) {
        double *row = c + (j + 1) * wide + 1;
        for (size_t i = 0; i < wide - 2; i++)
            row[i] = values[place[j * (wide - 2) + i]];
        spline(row, 1, g->columns, work);
    }
    for (size_t i = 0; i < wide; i++)
        spline(c + wide + i, wide, g->rows, work);
    free(work);
    return c;
}

/* ---- making ---------------------------------------------------------------------------------- */

static bool find_columns(const Data *d, int column[4], Error *err)
{
    static const char *const names[] = {"x", "y", "train", "held_out"};
    for (int i = 0; i < 4; i++) {
        column[i] = data_find(d, names[i]);
        if (column[i] < 0 && i < 3)
            return error_set(err, d->header_line, 1,
                             "a grid needs the columns x, y, train (and "
                             "perhaps held_out): '%s' is missing",
                             names[i]);
        if (column[i] >= 0 && !data_usable(d, column[i], err))
            return false;
    }
    return true;
}

static LossGrid *fill(const Data *d, const int column[4], const Axis axis[2], const long *place)
{
    LossGrid *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->columns = (int)axis[0].count;
    g->rows = (int)axis[1].count;
    g->window = (Window){{axis[0].lo, axis[1].lo}, {axis[0].hi, axis[1].hi}};
    g->step = vec2(axis[0].step, axis[1].step);
    for (int k = 0; k < GRID_LAYERS; k++) {
        if (column[2 + k] < 0)
            continue;
        g->layer[k] = make_layer(g, d->column[column[2 + k]].at, place);
        if (!g->layer[k]) {
            grid_free(g);
            return NULL;
        }
    }
    return g;
}

LossGrid *grid_make(const Data *d, Error *err)
{
    int column[4];
    Axis axis[2];
    if (!find_columns(d, column, err) || !find_axis(&d->column[column[0]], d->n, &axis[0], err) ||
        !find_axis(&d->column[column[1]], d->n, &axis[1], err))
        return NULL;
    if (axis[0].count * axis[1].count != d->n) {
        error_set(err, 0, 0, "%ld rows are not a grid of %ld x %ld points", d->n, axis[0].count,
                  axis[1].count);
        return NULL;
    }
    long *place = find_places(d, axis, column, err);
    if (!place)
        return NULL;
    LossGrid *g = fill(d, column, axis, place);
    free(place);
    if (!g)
        error_set(err, 0, 0, "out of memory");
    return g;
}

void grid_free(LossGrid *g)
{
    if (!g)
        return;
    for (int k = 0; k < GRID_LAYERS; k++)
        free(g->layer[k]);
    free(g);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

/* The four B-splines that live on a cell, with derivatives, at its fraction u in 0..1. */
typedef struct Basis {
    double w[3][4]; /* value, first and second derivative by the coordinate */
    long cell;
} Basis;

static Basis basis_at(double v, double lo, double step, long count)
{
    Basis b;
    double t = (v - lo) / step;
    b.cell = (long)floor(t);
    if (b.cell > count - 2)
        b.cell = count - 2;
    double u = t - (double)b.cell;
    double r = 1 - u;
    double h = 1 / step;
    b.w[0][0] = r * r * r / 6;
    b.w[0][1] = ((3 * u - 6) * u * u + 4) / 6;
    b.w[0][2] = (((-3 * u + 3) * u + 3) * u + 1) / 6;
    b.w[0][3] = u * u * u / 6;
    b.w[1][0] = -0.5 * r * r * h;
    b.w[1][1] = (1.5 * u - 2) * u * h;
    b.w[1][2] = ((-1.5 * u + 1) * u + 0.5) * h;
    b.w[1][3] = 0.5 * u * u * h;
    b.w[2][0] = r * h * h;
    b.w[2][1] = (3 * u - 2) * h * h;
    b.w[2][2] = (1 - 3 * u) * h * h;
    b.w[2][3] = u * h * h;
    return b;
}

void grid_eval(const LossGrid *g, int layer, Vec2 at, double *f, Vec2 *gradient, Sym2 *hessian)
{
    double sum[3][3] = {{0}}; /* [derivatives by x][by y] */
    if (!window_contains(g->window, at)) {
        *f = NAN;
        if (gradient)
            *gradient = vec2(NAN, NAN);
        if (hessian)
            *hessian = (Sym2){NAN, NAN, NAN};
        return;
    }
    Basis bx = basis_at(at.x, g->window.lo.x, g->step.x, g->columns);
    Basis by = basis_at(at.y, g->window.lo.y, g->step.y, g->rows);
    size_t wide = (size_t)g->columns + 2;
    const double *c = g->layer[layer] + (size_t)by.cell * wide + (size_t)bx.cell;
    for (int j = 0; j < 4; j++, c += wide)
        for (int p = 0; p < 3; p++) {
            double along =
                bx.w[p][0] * c[0] + bx.w[p][1] * c[1] + bx.w[p][2] * c[2] + bx.w[p][3] * c[3];
            for (int q = 0; p + q < 3; q++)
                sum[p][q] += by.w[q][j] * along;
        }
    *f = sum[0][0];
    if (gradient)
        *gradient = vec2(sum[1][0], sum[0][1]);
    if (hessian)
        *hessian = (Sym2){sum[2][0], sum[1][1], sum[0][2]};
}

const LossGrid *data_grid(Data *d, Error *err)
{
    if (!d->grid)
        d->grid = grid_make(d, err);
    if (!d->grid)
        error_in(err, d->file);
    d->grid_free = grid_free;
    return d->grid;
}
