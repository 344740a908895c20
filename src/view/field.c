/* SPDX-License-Identifier: MIT
 * field: sampling, colours by a histogram over the bits of floats, contours by persistence. */
#include "view/field.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { COARSE = 4, BATCH = 256, PEAKS = 6 };
static const double weight_rank = 0.7, weight_log = 0.3;

/* --- storage ------------------------------------------------------------------------------ */

void field_release(Field *f)
{
    free(f->loss);
    free(f->shade);
    free(f->dots);
    free(f->order);
    free(f->tree);
    free(f->count);
    free(f->shade_of);
    *f = (Field){0};
}

bool field_resize(Field *f, int cols, int rows)
{
    Field n = {.cols = cols < 0 ? 0 : cols, .rows = rows < 0 ? 0 : rows};
    n.stride = n.cols + 2;
    n.lines = 2 * n.rows + 2;
    size_t samples = (size_t)n.stride * (size_t)n.lines;
    size_t cells = (size_t)n.cols * (size_t)n.rows + 1;
    n.loss = calloc(samples, sizeof *n.loss);
    n.shade = calloc(2 * cells, sizeof *n.shade);
    n.dots = calloc(cells, sizeof *n.dots);
    n.order = calloc(samples, sizeof *n.order);
    n.tree = calloc(samples, sizeof *n.tree);
    n.count = calloc(FIELD_BINS + 1, sizeof *n.count);
    n.shade_of = calloc(FIELD_BINS, sizeof *n.shade_of);
    if (!n.loss || !n.shade || !n.dots || !n.order || !n.tree || !n.count || !n.shade_of) {
        field_release(&n);
        return false;
    }
    n.line = n.coarse_line = n.lines;
    n.contours = f->contours;
    field_release(f);
    *f = n;
    return true;
}

/* --- colours ------------------------------------------------------------------------------ */

/* The top bits of a float >= 0 are a logarithmic bin number: 8 of exponent, 7 of mantissa. */
static int bin_of(double above)
{
    float v = above < (double)FLT_MAX ? (float)above : FLT_MAX;
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return (int)(bits >> 16 & (FIELD_BINS - 1));
}

static double bin_value(int bin)
{
    uint32_t bits = (uint32_t)bin << 16;
    float v;
    memcpy(&v, &bits, sizeof v);
    return isfinite(v) ? (double)v : (double)FLT_MAX;
}

static bool is_hole(double loss)
{
    return !isfinite(loss);
}

static size_t sample_count(const Field *f)
{
    return (size_t)f->stride * (size_t)f->lines;
}

/* Comparisons, not fmin and fmax: those are calls, and there are 15000 samples a picture. */
static void find_range(Field *f)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (size_t i = 0; i < sample_count(f); i++) {
        double v = f->loss[i];
        if (is_hole(v))
            continue;
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    f->lowest = low;
    f->highest = high;
}

/* count[b] becomes the number of samples in bins below b; returns all. */
static uint32_t count_bins(Field *f)
{
    memset(f->count, 0, (FIELD_BINS + 1) * sizeof *f->count);
    for (size_t i = 0; i < sample_count(f); i++)
        if (!is_hole(f->loss[i]))
            f->count[bin_of(f->loss[i] - f->lowest) + 1]++;
    uint32_t all = 0;
    for (int b = 1; b <= FIELD_BINS; b++)
        f->count[b] = all += f->count[b];
    return all;
}

static int bin_at_rank(const Field *f, double rank)
{
    double want = rank * f->count[FIELD_BINS];
    int lo = 0, hi = FIELD_BINS - 1;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (f->count[mid + 1] > want)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static void make_shades(Field *f)
{
    find_range(f);
    uint32_t all = count_bins(f);
    if (all == 0)
        return;
    int from = bin_at_rank(f, 0.002), to = bin_at_rank(f, 0.998);
    double per_sample = 0.5 * weight_rank / all, per_bin = to > from ? 1.0 / (to - from) : 0;
    for (int b = 0; b < FIELD_BINS; b++) {
        double rank = per_sample * ((double)f->count[b] + (double)f->count[b + 1]);
        double log = to > from ? per_bin * (b - from) : 0.5;
        log = log < 0 ? 0 : log > 1 ? 1 : log;
        f->shade_of[b] = (uint8_t)(int)(254 * (rank + weight_log * log) + 0.5);
    }
}

int field_shade(const Field *f, double loss)
{
    if (is_hole(loss))
        return SHADE_HOLE;
    return f->shade_of[bin_of(loss > f->lowest ? loss - f->lowest : 0)];
}

double field_loss_at(const Field *f, double s)
{
    int want = (int)(254 * fmin(fmax(s, 0), 1) + 0.5), lo = 0, hi = FIELD_BINS - 1;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (f->shade_of[mid] >= want)
            hi = mid;
        else
            lo = mid + 1;
    }
    return fmin(f->lowest + bin_value(lo), f->highest);
}

static void shade_lines(Field *f, int from, int to)
{
    for (int j = from < 1 ? 1 : from; j < to && j < f->lines - 1; j++) {
        const double *loss = f->loss + (size_t)j * (size_t)f->stride + 1;
        uint8_t *shade = f->shade + (size_t)(j - 1) * (size_t)f->cols;
        for (int i = 0; i < f->cols; i++)
            shade[i] = (uint8_t)field_shade(f, loss[i]);
    }
}

/* --- sampling ----------------------------------------------------------------------------- */

void field_start(Field *f, Window window, FieldValues *values, const void *ctx)
{
    f->window = window;
    f->values = values;
    f->ctx = ctx;
    f->line = f->coarse_line = 0;
    f->done = false;
}

/* One line of samples, every `step`-th, each value written `step` times to the right. */
static void sample_line(Field *f, int line, int step)
{
    double x[BATCH], y[BATCH], value[BATCH];
    Vec2 size = window_size(f->window);
    double *out = f->loss + (size_t)line * (size_t)f->stride;
    double at_y = f->window.hi.y - (line - 0.5) * size.y / (2 * f->rows);
    for (int i = 0; i < f->stride;) {
        int n = 0;
        for (int k = i; k < f->stride && n < BATCH; k += step, n++) {
            x[n] = f->window.lo.x + (k - 0.5) * size.x / f->cols;
            y[n] = at_y;
        }
        f->values(f->ctx, x, y, value, (size_t)n);
        for (int k = 0; k < n; k++)
            for (int copy = 0; copy < step && i < f->stride; copy++)
                out[i++] = value[k];
    }
}

static long coarse_lines(Field *f)
{
    sample_line(f, f->coarse_line, COARSE);
    const double *from = f->loss + (size_t)f->coarse_line * (size_t)f->stride;
    for (int k = 1; k < COARSE && f->coarse_line + k < f->lines; k++)
        memcpy(f->loss + (size_t)(f->coarse_line + k) * (size_t)f->stride, from,
               (size_t)f->stride * sizeof *from);
    f->coarse_line += COARSE;
    if (f->coarse_line >= f->lines) {
        f->coarse_line = f->lines;
        make_shades(f);
        shade_lines(f, 0, f->lines);
        memset(f->dots, 0, (size_t)f->cols * (size_t)f->rows);
        f->shown = true;
    }
    return f->stride / COARSE + 1;
}

static void find_levels(Field *f);
static void draw_contours(Field *f);

bool field_advance(Field *f, long budget)
{
    if (f->done || !f->values || f->cols == 0 || f->rows == 0)
        return false;
    if (f->line == 0 && f->coarse_line == 0 && (size_t)budget >= sample_count(f))
        f->coarse_line = f->lines; /* all of it comes now: nothing to show before */
    while (f->coarse_line < f->lines && budget > 0)
        budget -= coarse_lines(f);
    if (f->coarse_line < f->lines)
        return true;
    for (; f->line < f->lines && budget > 0; f->line++, budget -= f->stride) {
        sample_line(f, f->line, 1);
        if (f->shown) /* in the colours of the picture so far */
            shade_lines(f, f->line, f->line + 1);
    }
    if (f->line < f->lines)
        return true;
    make_shades(f);
    shade_lines(f, 0, f->lines);
    find_levels(f);
    draw_contours(f);
    f->shown = f->done = true;
    f->revision++;
    return false;
}

/* --- contour levels ----------------------------------------------------------------------- */

/* A minimum of the samples and the lowest pass to a deeper one. */
typedef struct Basin {
    double bottom, pass; /* loss */
    double worth;        /* difference of their shades */
} Basin;

static uint32_t root_of(uint32_t *tree, uint32_t i)
{
    while (tree[i] != i) {
        tree[i] = tree[tree[i]];
        i = tree[i];
    }
    return i;
}

/* Samples by rising bin; returns how many are no holes. */
static size_t sort_samples(Field *f)
{
    size_t used = 0;
    for (size_t i = 0; i < sample_count(f); i++) {
        if (is_hole(f->loss[i]))
            continue;
        f->order[f->count[bin_of(f->loss[i] - f->lowest)]++] = (uint32_t)i;
        used++;
    }
    return used;
}

static void keep_basin(Basin *best, const Field *f, double bottom, double pass)
{
    Basin b = {bottom, pass, field_shade(f, pass) - field_shade(f, bottom)};
    for (int k = 0; k < PEAKS; k++) {
        if (b.worth > best[k].worth) {
            Basin weaker = best[k];
            best[k] = b;
            b = weaker;
        }
    }
}

/* Flood the samples from below; where two pools meet, the shallower one has found its pass.
 * (0-dimensional persistence; a pool is named by its lowest sample.) */
static void find_basins(Field *f, Basin best[PEAKS])
{
    size_t used = sort_samples(f);
    const uint32_t none = UINT32_MAX;
    int stride = f->stride, n = stride * f->lines;
    for (int i = 0; i < n; i++)
        f->tree[i] = none;
    for (size_t k = 0; k < used; k++) {
        uint32_t at = f->order[k];
        int col = (int)at % stride;
        const int beside[4] = {col > 0 ? (int)at - 1 : -1, col < stride - 1 ? (int)at + 1 : -1,
                               (int)at - stride, (int)at + stride};
        uint32_t mine = f->tree[at] = at;
        for (int b = 0; b < 4; b++) {
            if (beside[b] < 0 || beside[b] >= n || f->tree[beside[b]] == none)
                continue;
            uint32_t other = root_of(f->tree, (uint32_t)beside[b]);
            if (mine == other)
                continue;
            bool mine_deeper = f->loss[mine] < f->loss[other];
            uint32_t deep = mine_deeper ? mine : other, shallow = mine_deeper ? other : mine;
            f->tree[shallow] = mine = deep;
            keep_basin(best, f, f->loss[shallow], f->loss[at]);
        }
    }
}

/* Move the level nearest to the upper part of a basin into it, unless it has one. */
static void serve_basin(Field *f, const Basin *b)
{
    double want = b->bottom + 0.6 * (b->pass - b->bottom);
    int nearest = 0;
    for (int k = 0; k < f->levels; k++) {
        if (f->level[k] > b->bottom && f->level[k] < b->pass)
            return;
        if (abs(field_shade(f, f->level[k]) - field_shade(f, want)) <
            abs(field_shade(f, f->level[nearest]) - field_shade(f, want)))
            nearest = k;
    }
    f->level[nearest] = want;
}

static void find_levels(Field *f)
{
    Basin basin[PEAKS] = {{0}};
    f->levels = 0;
    if (!(f->highest > f->lowest))
        return;
    int wanted = f->contours ? f->contours : FIELD_CONTOURS;
    for (int k = 0; k < wanted && k < FIELD_CONTOURS_MOST; k++) {
        double level = field_loss_at(f, (k + 0.7) / wanted);
        if (f->levels == 0 || level > f->level[f->levels - 1])
            f->level[f->levels++] = level;
    }
    find_basins(f, basin);
    for (int k = 0; k < PEAKS; k++)
        if (basin[k].worth >= 3)
            serve_basin(f, &basin[k]);
    for (int i = 1; i < f->levels; i++)
        for (int k = i; k > 0 && f->level[k] < f->level[k - 1]; k--) {
            double swap = f->level[k];
            f->level[k] = f->level[k - 1];
            f->level[k - 1] = swap;
        }
}

/* --- contour lines ------------------------------------------------------------------------ */

/* Is a contour within half a dot of this dot? With the larger of the two slopes as the measure a
 * straight line gets exactly one dot per column or row, as Bresenham's would. Where contours would
 * stand closer than three dots they would be a grey patch: none is drawn there. */
static bool on_contour(const Field *f, double v, double slope)
{
    for (int k = 0; k < f->levels; k++) {
        double off = v - f->level[k];
        if (off >= 0.5 * slope || off < -0.5 * slope)
            continue;
        bool crowded = (k > 0 && f->level[k] - f->level[k - 1] < 3 * slope) ||
                       (k < f->levels - 1 && f->level[k + 1] - f->level[k] < 3 * slope);
        return !crowded || k % 3 == 0;
    }
    return false;
}

/* Four dots lie at quarters between four sample centres; bilinear in the square s[0], s[1] above
 * s[stride], s[stride + 1]. right, low: which of the two across and down. */
static bool dot_at(const Field *f, const double *s, bool right, bool low)
{
    double u = right ? 0.75 : 0.25, v = low ? 0.75 : 0.25;
    double a = s[0], b = s[1], c = s[f->stride], d = s[f->stride + 1];
    double above = a + u * (b - a), below = c + u * (d - c);
    double across = fabs(0.5 * ((1 - v) * (b - a) + v * (d - c)));
    double down = fabs(0.5 * (below - above));
    double slope = across > down ? across : down;
    return slope > 0 && on_contour(f, above + v * (below - above), slope);
}

/* No level between the least and the largest of the four, and half a dot more: no dot. Nine
 * squares of ten are done with here. */
static bool crossed(const Field *f, const double *s)
{
    double a = s[0], b = s[1], c = s[f->stride], d = s[f->stride + 1];
    double least = a < b ? a : b, most = a < b ? b : a;
    double least2 = c < d ? c : d, most2 = c < d ? d : c;
    least = least2 < least ? least2 : least;
    most = most2 > most ? most2 : most;
    double half = 0.25 * (most - least);
    for (int k = 0; k < f->levels; k++)
        if (f->level[k] >= least - half && f->level[k] <= most + half)
            return true;
    return false;
}

static void square_dots(Field *f, int col, int line)
{
    static const uint8_t bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    const double *s = f->loss + (size_t)line * (size_t)f->stride + (size_t)col;
    if (!crossed(f, s))
        return;
    for (int k = 0; k < 4; k++) {
        int i = 2 * col - 1 + (k & 1), j = 2 * line - 1 + (k >> 1);
        if (i >= 0 && j >= 0 && i < 2 * f->cols && j < 4 * f->rows && dot_at(f, s, k & 1, k >> 1))
            f->dots[(j / 4) * f->cols + i / 2] |= bit[j & 3][i & 1];
    }
}

static void draw_contours(Field *f)
{
    memset(f->dots, 0, (size_t)f->cols * (size_t)f->rows);
    for (int line = 0; line < f->lines - 1; line++)
        for (int col = 0; col < f->stride - 1; col++)
            square_dots(f, col, line);
}

/* --- drawing ------------------------------------------------------------------------------ */

static Cell hole_cell(const Paint *p)
{
    return (Cell){p->mark[MARK_HOLE], p->role[ROLE_HOLE], p->role[ROLE_BACK], p->attr[ROLE_HOLE]};
}

/* Without half blocks, or without colour: one pixel a cell. */
static Cell flat_cell(const Paint *p, int top, int low, int col, int row)
{
    if (top == SHADE_HOLE || low == SHADE_HOLE)
        return hole_cell(p);
    int level = paint_level(p, (top + low) / 2, col, row);
    uint32_t glyph = p->shades ? p->shade[level] : ' ';
    return (Cell){glyph, p->role[ROLE_DIM], p->heat[level], p->attr[ROLE_DIM] & CELL_DIM};
}

static Cell heat_cell(const Paint *p, int top, int low, uint8_t dots, int col, int row)
{
    if (top == SHADE_HOLE || low == SHADE_HOLE)
        return hole_cell(p);
    int upper = paint_level(p, top, col, 2 * row), lower = paint_level(p, low, col, 2 * row + 1);
    if (dots)
        return (Cell){0x2800u + dots, p->contour[(upper + lower) / 2],
                      paint_mean(p, p->heat[upper], p->heat[lower]), 0};
    if (upper == lower)
        return (Cell){' ', p->heat[upper], p->heat[lower], 0};
    return (Cell){0x2580, p->heat[upper], p->heat[lower], 0};
}

/* The part of the field that is on the canvas, so that the loop needs no more clipping. */
static Rect visible_part(const Field *f, const Canvas *c, Rect at)
{
    int from_col = at.col < 0 ? -at.col : 0, from_row = at.row < 0 ? -at.row : 0;
    int to_col = at.cols < f->cols ? at.cols : f->cols;
    int to_row = at.rows < f->rows ? at.rows : f->rows;
    to_col = to_col < c->cols - at.col ? to_col : c->cols - at.col;
    to_row = to_row < c->rows - at.row ? to_row : c->rows - at.row;
    return (Rect){from_col, from_row, to_col - from_col, to_row - from_row};
}

void field_draw(const Field *f, Canvas *c, Rect at, bool contours, const Paint *p)
{
    bool flat = p->shades || p->glyphs == GLYPHS_ASCII, lines = contours && !p->dither;
    Rect part = visible_part(f, c, at);
    for (int row = part.row; row < part.row + part.rows && f->shown && part.cols > 0; row++) {
        const uint8_t *top = f->shade + (size_t)(2 * row) * (size_t)f->cols, *low = top + f->cols;
        const uint8_t *dots = f->dots + (size_t)row * (size_t)f->cols;
        Cell *cell = canvas_at(c, at.col + part.col, at.row + row);
        for (int col = part.col; col < part.col + part.cols; col++)
            *cell++ = flat ? flat_cell(p, top[col], low[col], col, row)
                           : heat_cell(p, top[col], low[col], lines ? dots[col] : 0, col, row);
    }
}

void scale_draw(const Field *f, Canvas *c, Rect at, const Paint *p)
{
    enum { RAMP = 8 };
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    if (!f->shown || f->lowest > f->highest)
        return;
    number_show(low, f->lowest, 2);
    number_show(high, field_loss_at(f, 1), 2);
    int wide_low = (int)utf8_count(low, strlen(low));
    int wide_high = (int)utf8_count(high, strlen(high));
    int width = wide_low + wide_high + RAMP + 4, col = at.col + at.cols - width;
    Color fg = p->role[ROLE_DIM], back = p->role[ROLE_BACK];
    if (width > at.cols)
        return;
    canvas_put(c, col, at.row, ' ', fg, back, 0);
    canvas_text(c, col + 1, at.row, wide_low, low, fg, back, 0);
    canvas_put(c, col + 1 + wide_low, at.row, ' ', fg, back, 0);
    for (int i = 0; i < RAMP; i++) {
        /* two steps a cell, side by side */
        int left = paint_level(p, 254 * (4 * i + 1) / (4 * RAMP), 2 * i, at.row);
        int right = paint_level(p, 254 * (4 * i + 3) / (4 * RAMP), 2 * i + 1, at.row);
        bool flat = p->shades || p->glyphs == GLYPHS_ASCII;
        uint32_t glyph = p->shades ? p->shade[right] : flat || left == right ? ' ' : 0x258C;
        canvas_put(c, col + 2 + wide_low + i, at.row, glyph, flat ? fg : p->heat[left],
                   p->heat[right], 0);
    }
    canvas_put(c, col + 2 + wide_low + RAMP, at.row, ' ', fg, back, 0);
    canvas_text(c, col + 3 + wide_low + RAMP, at.row, wide_high, high, fg, back, 0);
    canvas_put(c, col + 3 + wide_low + RAMP + wide_high, at.row, ' ', fg, back, 0);
}
