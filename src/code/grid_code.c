/* SPDX-License-Identifier: MIT
 * grid_code: see grid_code.h */
#include "code/grid_code.h"

#include <stdlib.h>

static const char spline_functions[] =
    "def coefficients(f):\n"
    "    \"\"\"Of the cubic B-splines through f with not-a-knot ends; c[i + 1] belongs to point "
    "i.\"\"\"\n"
    "    n, c, pivot = len(f), [0.0, *f, 0.0], [0.0] * len(f)\n"
    "    c[2] = f[1] - (f[0] - 2 * f[1] + f[2]) / 6\n"
    "    c[n - 1] = f[-2] - (f[-1] - 2 * f[-2] + f[-3]) / 6\n"
    "    for i in range(2, n - 2):\n"
    "        pivot[i] = 1 / (4 - pivot[i - 1])\n"
    "        c[i + 1] = (6 * c[i + 1] - c[i]) * pivot[i]\n"
    "    for i in range(n - 3, 1, -1):\n"
    "        c[i + 1] -= pivot[i] * c[i + 2]\n"
    "    c[1] = 6 * f[1] - 4 * c[2] - c[3]\n"
    "    c[n] = 6 * f[-2] - 4 * c[n - 1] - c[n - 2]\n"
    "    c[0] = 6 * f[0] - 4 * c[1] - c[2]\n"
    "    c[n + 1] = 6 * f[-1] - 4 * c[n] - c[n - 1]\n"
    "    return c\n\n\n"
    "def splines(rows):  # of a grid, along x and then along y\n"
    "    along = [coefficients(row) for row in rows]\n"
    "    return torch.tensor([coefficients(column) for column in zip(*along)]).T\n\n\n"
    "def basis(v, low, step, count):  # the four splines that live on a cell, at v\n"
    "    t = (v - low) / step\n"
    "    cell = min(int(t.item()), count - 2)\n"
    "    u = t - cell\n"
    "    r = 1 - u\n"
    "    return cell, torch.stack([r**3 / 6, ((3 * u - 6) * u * u + 4) / 6,\n"
    "                              (((3 - 3 * u) * u + 3) * u + 1) / 6, u**3 / 6])\n\n\n";

static const char place_function[] =
    "def placed(table, name):  # the file's rows in their order on the grid\n"
    "    rows = [[0.0] * columns_x for _ in range(columns_y)]\n"
    "    for x, y, f in zip(*(table[key].tolist() for key in (\"x\", \"y\", name))):\n"
    "        rows[int((y - low_y) / step_y + 0.5)][int((x - low_x) / step_x + 0.5)] = f\n"
    "    return rows\n\n\n";

static void put_geometry(FILE *out, const LossGrid *g)
{
    const double at[] = {g->window.lo.x, g->window.hi.x, g->step.x,
                         g->window.lo.y, g->window.hi.y, g->step.y};
    fputs("low_x, high_x, step_x, low_y, high_y, step_y = ", out);
    for (int i = 0; i < 6; i++) {
        fputs(i ? ", " : "", out);
        python_number(out, at[i]);
    }
    fprintf(out, "\ncolumns_x, columns_y = %d, %d\n", g->columns, g->rows);
}

/* The column of the data in its order on the grid, x fastest. */
static double *placed(const LossGrid *g, const Data *d, const char *name)
{
    double *v = calloc((size_t)d->n, sizeof *v);
    const double *x = d->column[data_find(d, "x")].at;
    const double *y = d->column[data_find(d, "y")].at;
    for (long k = 0; v && k < d->n; k++) {
        long i = (long)floor((x[k] - g->window.lo.x) / g->step.x + 0.5);
        long j = (long)floor((y[k] - g->window.lo.y) / g->step.y + 0.5);
        v[j * g->columns + i] = d->column[data_find(d, name)].at[k];
    }
    return v;
}

void grid_code_head(FILE *out, const Loss *l, const Data *d, bool reads)
{
    put_geometry(out, l->grid);
    if (reads) {
        fputs("table = read(", out);
        python_string(out, d->file);
        fprintf(out, ", \"x\", \"y\", \"train\"%s)\n\n\n%s",
                l->grid->layer[GRID_HELD_OUT] ? ", \"held_out\"" : "", place_function);
    } else {
        fputs("\n\n", out);
    }
    fputs(spline_functions, out);
}

bool grid_code_layer(FILE *out, const char *function, const Loss *l, const Data *d, bool reads)
{
    const char *column = l->layer == GRID_TRAIN ? "train" : "held_out";
    if (reads) {
        fprintf(out, "%s_splines = splines(placed(table, \"%s\"))\n\n\n", column, column);
    } else {
        double *v = placed(l->grid, d, column);
        if (!v)
            return false;
        fprintf(out, "%s_splines = splines(torch.tensor([\n", column);
        python_numbers(out, v, d->n);
        fputs("\n    ]).view(columns_y, columns_x).tolist())\n\n\n", out);
        free(v);
    }
    fprintf(out,
            "def %s(x, y):\n"
            "    if not (low_x <= x <= high_x and low_y <= y <= high_y):\n"
            "        return x * y * float(\"nan\")  # nothing is known there\n"
            "    i, of_x = basis(x, low_x, step_x, columns_x)\n"
            "    j, of_y = basis(y, low_y, step_y, columns_y)\n"
            "    return of_y @ %s_splines[j:j + 4, i:i + 4] @ of_x\n\n\n",
            function, column);
    return true;
}
