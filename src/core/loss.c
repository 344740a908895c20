/* SPDX-License-Identifier: MIT
 * loss: see loss.h */
#include "core/loss.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 512,    /* rows evaluated at a time: six outputs of 4 KB stay in the first cache */
    PARTS = 8,      /* partial sums */
    POINTS = 128,   /* points evaluated together against one row */
    FEW_ROWS = 512, /* up to here lanes run over points, beyond over rows */
};

/* ---- compiling ------------------------------------------------------------------------------- */

bool loss_compile(Loss *l, const char *formula, const char *const *names, const double *values,
                  int count, Error *err)
{
    const char *inputs[2 + LOSS_PARAMS] = {"x", "y"};
    *l = (Loss){.param_count = count};
    for (int i = 0; i < count; i++) {
        inputs[2 + i] = names[i];
        l->param[i] = values[i];
    }
    l->program = program_compile(formula, inputs, 2 + count, true, err);
    return l->program != NULL;
}

static bool is_part_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does the name stand in the formula as a word? */
static bool mentions(const char *formula, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = formula; (at = strstr(at, name)); at++)
        if ((at == formula || !is_part_of_name(at[-1])) && !is_part_of_name(at[n]))
            return true;
    return false;
}

/* Columns become inputs: those that the formula mentions first, others (which then can be
 * suggested for a misspelt name) as long as there is room. */
static bool add_columns(Loss *l, const char **inputs, const char *formula, Error *err)
{
    const Data *d = l->data;
    int room = EXPR_INPUTS - 2 - l->param_count;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < d->columns; i++) {
            if (mentions(formula, d->column[i].name) != (pass == 0))
                continue;
            if (l->column_count == room && pass == 0)
                return error_set(err, 1, 1, "the formula uses more than %d columns", room);
            if (l->column_count == room)
                return true;
            inputs[2 + l->param_count + l->column_count] = d->column[i].name;
            l->column[l->column_count++] = (uint16_t)i;
        }
    return true;
}

static bool check_parameters(const Loss *l, const char *const *names, Error *err)
{
    for (int i = 0; i < l->param_count; i++)
        if (data_find(l->data, names[i]) >= 0) {
            error_set(err, l->data->header_line, l->data->column[data_find(l->data, names[i])].place,
                      "'%s' is a column here and a parameter of the formula", names[i]);
            error_in(err, l->data->file);
            return false;
        }
    return true;
}

/* Forget columns the formula does not use; those it uses must hold numbers. */
static bool settle_columns(Loss *l, Error *err)
{
    int last = 0;
    for (int i = 0; i < l->column_count; i++) {
        if (!program_uses(l->program, 2 + l->param_count + i))
            continue;
        if (!data_usable(l->data, l->column[i], err))
            return false;
        last = i + 1;
    }
    if (last)
        return true;
    return error_set(err, 1, 1, "the formula uses no column of '%s' (the first is '%s')",
                     l->data->file, l->data->column[0].name);
}

bool loss_compile_rows(Loss *l, const char *formula, const char *const *names, const double *values,
                       int count, const Data *data, Error *err)
{
    const char *inputs[EXPR_INPUTS] = {"x", "y"};
    *l = (Loss){.param_count = count, .data = data};
    for (int i = 0; i < count; i++) {
        inputs[2 + i] = names[i];
        l->param[i] = values[i];
    }
    if (!data_names_fit(data, err) || !check_parameters(l, names, err) ||
        !add_columns(l, inputs, formula, err))
        return false;
    l->program = program_compile(formula, inputs, 2 + count + l->column_count, true, err);
    if (l->program && settle_columns(l, err))
        return true;
    loss_release(l);
    return false;
}

bool loss_on_rows(Loss *to, const Loss *from, const Data *data, Error *err)
{
    *to = *from;
    to->data = data;
    for (int i = 0; i < from->column_count; i++) {
        const char *name = from->data->column[from->column[i]].name;
        int k = data_find(data, name);
        to->column[i] = (uint16_t)(k < 0 ? 0 : k);
        if (!program_uses(from->program, 2 + from->param_count + i))
            continue;
        if (k >= 0 && data_usable(data, k, err))
            continue;
        if (k < 0) {
            error_set(err, data->header_line, 1, "column '%s' of the formula is missing", name);
            error_in(err, data->file);
        }
        return false;
    }
    return true;
}

void loss_of_grid(Loss *l, const LossGrid *grid, int layer)
{
    *l = (Loss){.grid = grid, .layer = layer};
}

void loss_release(Loss *l)
{
    program_free(l->program);
    l->program = NULL;
}

/* ---- sums over rows -------------------------------------------------------------------------- */

static const int outputs_of[EXPR_LEVELS] = {1, 3, 6, 2};

static double total(const double s[PARTS])
{
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* Add v[i] to sum i mod 8; chunks begin at multiples of 8. The Makefile has this file vectorised:
 * lanes are the partial sums, so no bit depends on it. */
static void add_up(double sum[PARTS], const double *v, size_t n)
{
    size_t i = 0;
    double s[PARTS];
    memcpy(s, sum, sizeof s);
    for (; i + PARTS <= n; i += PARTS)
        for (int j = 0; j < PARTS; j++)
            s[j] += v[i + (size_t)j];
    for (int j = 0; i < n; i++, j++)
        s[j] += v[i];
    memcpy(sum, s, sizeof s);
}

/* Inputs x, y and parameters; columns follow. */
static void point_inputs(const Loss *l, const Vec2 *at, LaneInput *in)
{
    in[0] = (LaneInput){&at->x, 0};
    in[1] = (LaneInput){&at->y, 0};
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = (LaneInput){&l->param[i], 0};
}

/* The outputs of a program of this level. */
static void take(ExprLevel level, const double *output, Derivatives *out)
{
    if (level == EXPR_GRADIENT_ALONE) {
        out->g = vec2(output[0], output[1]);
        return;
    }
    out->f = output[0];
    if (level >= EXPR_GRADIENT)
        out->g = vec2(output[1], output[2]);
    if (level >= EXPR_HESSIAN)
        out->h = (Sym2){output[3], output[4], output[5]};
}

static void finish(const double sum[][PARTS], double count, ExprLevel level, Derivatives *out)
{
    double mean[EXPR_OUTPUTS];
    for (int k = 0; k < outputs_of[level]; k++)
        mean[k] = total(sum[k]) / count;
    take(level, mean, out);
}

static void eval_all_rows(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out)
{
    double value[EXPR_OUTPUTS][CHUNK];
    double sum[EXPR_OUTPUTS][PARTS] = {{0}};
    double *to[EXPR_OUTPUTS];
    LaneInput in[EXPR_INPUTS];
    point_inputs(l, &at, in);
    for (int k = 0; k < EXPR_OUTPUTS; k++)
        to[k] = value[k];
    for (long from = 0; from < l->data->n; from += CHUNK) {
        size_t n = (size_t)(l->data->n - from < CHUNK ? l->data->n - from : CHUNK);
        for (int i = 0; i < l->column_count; i++)
            in[2 + l->param_count + i] = (LaneInput){l->data->column[l->column[i]].at + from, 1};
        program_lanes(l->program, level, in, to, n);
        for (int k = 0; k < outputs_of[level]; k++)
            add_up(sum[k], value[k], n);
    }
    finish((const double(*)[PARTS])sum, (double)l->data->n, level, out);
}

/* Columns of the chosen rows side by side: at most CHUNK of them; unused columns are left out. */
static void gather(const Loss *l, const uint32_t *rows, size_t n, double (*store)[CHUNK],
                   LaneInput *in)
{
    for (int i = 0; i < l->column_count; i++) {
        in[i] = (LaneInput){store[i], 1};
        if (!program_uses(l->program, 2 + l->param_count + i))
            continue;
        const double *column = l->data->column[l->column[i]].at;
        for (size_t j = 0; j < n; j++)
            store[i][j] = column[rows[j]];
    }
}

void loss_eval_rows(const Loss *l, Vec2 at, ExprLevel level, const uint32_t *rows, long count,
                    Derivatives *out)
{
    double store[LOSS_COLUMNS][CHUNK];
    double value[EXPR_OUTPUTS][CHUNK];
    double sum[EXPR_OUTPUTS][PARTS] = {{0}};
    double *to[EXPR_OUTPUTS];
    LaneInput in[EXPR_INPUTS];
    point_inputs(l, &at, in);
    for (int k = 0; k < EXPR_OUTPUTS; k++)
        to[k] = value[k];
    for (long from = 0; from < count; from += CHUNK) {
        size_t n = (size_t)(count - from < CHUNK ? count - from : CHUNK);
        gather(l, rows + from, n, store, in + 2 + l->param_count);
        program_lanes(l->program, level, in, to, n);
        for (int k = 0; k < outputs_of[level]; k++)
            add_up(sum[k], value[k], n);
    }
    finish((const double(*)[PARTS])sum, (double)count, level, out);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static void eval_formula(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out)
{
    double in[2 + LOSS_PARAMS];
    double result[EXPR_OUTPUTS];
    in[0] = at.x;
    in[1] = at.y;
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = l->param[i];
    program_eval(l->program, level, in, result);
    take(level, result, out);
}

void loss_eval(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out)
{
    if (l->data)
        eval_all_rows(l, at, level, out);
    else if (l->grid)
        grid_eval(l->grid, l->layer, at, &out->f, level >= EXPR_GRADIENT ? &out->g : NULL,
                  level == EXPR_HESSIAN ? &out->h : NULL);
    else
        eval_formula(l, at, level, out);
}

/* Lanes over points, one row after the other; the same sums as over rows. */
static void values_by_points(const Loss *l, const double *x, const double *y, double *f, size_t n)
{
    double sum[PARTS][POINTS] = {{0}};
    double value[POINTS];
    double *to = value;
    LaneInput in[EXPR_INPUTS] = {{x, 1}, {y, 1}};
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = (LaneInput){&l->param[i], 0};
    for (long row = 0; row < l->data->n; row++) {
        for (int i = 0; i < l->column_count; i++)
            in[2 + l->param_count + i] = (LaneInput){l->data->column[l->column[i]].at + row, 0};
        program_lanes(l->program, EXPR_VALUE, in, &to, n);
        double *part = sum[row % PARTS];
        for (size_t j = 0; j < n; j++)
            part[j] += value[j];
    }
    for (size_t j = 0; j < n; j++) {
        double s[PARTS];
        for (int k = 0; k < PARTS; k++)
            s[k] = sum[k][j];
        f[j] = total(s) / (double)l->data->n;
    }
}

void loss_values(const Loss *l, const double *x, const double *y, double *f, size_t n)
{
    if (l->data && l->data->n <= FEW_ROWS) {
        for (size_t from = 0; from < n; from += POINTS)
            values_by_points(l, x + from, y + from, f + from,
                             n - from < POINTS ? n - from : POINTS);
        return;
    }
    if (l->data || l->grid) {
        for (size_t i = 0; i < n; i++) {
            Derivatives d;
            loss_eval(l, vec2(x[i], y[i]), EXPR_VALUE, &d);
            f[i] = d.f;
        }
        return;
    }
    LaneInput in[2 + LOSS_PARAMS] = {{x, 1}, {y, 1}};
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = (LaneInput){&l->param[i], 0};
    program_lanes(l->program, EXPR_VALUE, in, &f, n);
}

static Data *thin_rows(const Loss *full, long by)
{
    const Data *from = full->data;
    Data *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->users = 1;
    d->columns = full->column_count;
    d->n = (from->n + by - 1) / by;
    d->column = calloc((size_t)d->columns + 1, sizeof *d->column);
    bool ok = d->column != NULL;
    for (int c = 0; ok && c < d->columns; c++) {
        double *at = d->column[c].at = malloc(sizeof *at * (size_t)d->n);
        ok = at != NULL;
        for (long i = 0; ok && i < d->n; i++)
            at[i] = from->column[full->column[c]].at[i * by];
    }
    if (ok)
        return d;
    data_drop(d);
    return NULL;
}

bool loss_thin(Loss *out, const Loss *full, long most)
{
    if (!full->data || full->grid || full->data->n <= most)
        return false;
    Data *d = thin_rows(full, (full->data->n + most - 1) / most);
    if (!d)
        return false;
    *out = *full;
    out->data = d;
    for (int c = 0; c < out->column_count; c++)
        out->column[c] = (uint16_t)c;
    return true;
}

void loss_thin_release(Loss *l)
{
    data_drop((Data *)(uintptr_t)l->data);
    *l = (Loss){0};
}
