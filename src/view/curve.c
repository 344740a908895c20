/* SPDX-License-Identifier: MIT
 * curve: envelopes of series, and the plots made of them. */
#include "view/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "view/layout.h"
#include "view/panel.h"

enum { GUTTER = 6 /* cells left of the plot: a label of 5 and one of air */ };

double series_eta(const Row *row)
{
    return row->eta;
}

double series_limit(const Row *row)
{
    return isfinite(row->limit) ? row->limit : (double)NAN;
}

double series_loss(const Row *row)
{
    return row->loss;
}

double series_held_out(const Row *row)
{
    return row->held_out;
}

/* --- envelope ----------------------------------------------------------------------------- */

void curve_release(Curve *c)
{
    free(c->low);
    free(c->high);
    free(c->least);
    free(c->most);
    *c = (Curve){0};
}

bool curve_resize(Curve *c, int dots)
{
    Curve n = {.dots = dots < 0 ? 0 : dots};
    n.low = calloc((size_t)n.dots + 1, sizeof *n.low);
    n.high = calloc((size_t)n.dots + 1, sizeof *n.high);
    n.least = calloc((size_t)n.dots + 1, sizeof *n.least);
    n.most = calloc((size_t)n.dots + 1, sizeof *n.most);
    if (!n.low || !n.high || !n.least || !n.most) {
        curve_release(&n);
        return false;
    }
    curve_release(c);
    *c = n;
    return true;
}

static bool same_scale(const Scale *a, const Scale *b)
{
    return a->lo == b->lo && a->hi == b->hi && a->base == b->base && a->log == b->log;
}

/* Places far outside are all alike; this keeps floats and rounding harmless. On a log scale what
 * is below it lies on its floor: a loss that has reached the minimum does not vanish. */
static double place(const Scale *scale, double value)
{
    double at = scale_at(scale, value);
    return isnan(at) ? at : fmin(fmax(at, scale->log ? 0 : -1e3), 1e3);
}

typedef struct Envelope {
    double low, high;
} Envelope;

static void envelope_add(Envelope *e, double at)
{
    if (isnan(at))
        return;
    e->low = fmin(e->low, at);
    e->high = fmax(e->high, at);
}

/* The line at a step between two rows, straight on the plot. */
static double line_at(const Curve *c, double step)
{
    long before = (long)floor(step);
    if (before < 0 || before >= c->series.count)
        return (double)NAN;
    double a = place(&c->scale, c->series.get(&c->series.rows[before]));
    if (step == (double)before || before + 1 >= c->series.count)
        return step == (double)before ? a : (double)NAN;
    double b = place(&c->scale, c->series.get(&c->series.rows[before + 1]));
    return a + (step - (double)before) * (b - a);
}

static double column_step(const Curve *c, int column)
{
    return c->dots > 1 ? (double)column * (double)c->steps / (c->dots - 1) : 0;
}

/* Column k covers the steps within half a column of it. */
static void column_ends(const Curve *c, int k, double *from, double *to)
{
    double half = 0.5 * column_step(c, 1);
    *from = fmax(column_step(c, k) - half, 0);
    *to = fmin(column_step(c, k) + half, (double)c->steps);
}

/* One pass over the rows in column k. */
static void gather_column(Curve *c, int k)
{
    Envelope e = {(double)INFINITY, -(double)INFINITY};
    double from, to;
    column_ends(c, k, &from, &to);
    long last = (long)floor(to);
    if (last >= c->series.count)
        last = c->series.count - 1;
    for (long t = (long)ceil(from); t <= last; t++)
        envelope_add(&e, c->series.get(&c->series.rows[t]));
    c->least[k] = e.low;
    c->most[k] = e.high;
    /* complete once the row behind its right edge is there */
    if (k == c->filled && to < (double)c->series.count - 1)
        c->filled = k + 1;
}

/* A scale rises, so of the rows inside only the smallest and the largest need a place. */
static void place_column(Curve *c, int k)
{
    Envelope e = {(double)INFINITY, -(double)INFINITY};
    double from, to;
    column_ends(c, k, &from, &to);
    if (c->least[k] <= c->most[k]) {
        envelope_add(&e, place(&c->scale, c->least[k]));
        envelope_add(&e, place(&c->scale, c->most[k]));
    }
    envelope_add(&e, line_at(c, from));
    envelope_add(&e, line_at(c, to));
    c->low[k] = (float)e.low;
    c->high[k] = (float)e.high;
}

void curve_update(Curve *c, const Series *s, long steps, const Scale *scale)
{
    steps = steps < 1 ? 1 : steps;
    bool same = c->series.revision == s->revision && c->series.rows == s->rows &&
                c->series.get == s->get && c->steps == steps && s->count >= c->series.count;
    bool known = same && s->count == c->series.count;
    if (known && same_scale(&c->scale, scale))
        return;
    if (!same)
        c->filled = 0;
    c->series = *s;
    c->steps = steps;
    c->scale = *scale;
    for (int k = c->filled; k < c->dots && !known; k++)
        gather_column(c, k);
    for (int k = 0; k < c->dots; k++)
        place_column(c, k);
}

void range_update(Range *r, const Series *s, double base)
{
    if (r->revision != s->revision || r->get != s->get || r->base != base || r->count > s->count ||
        r->count == 0)
        *r = (Range){(double)INFINITY, -(double)INFINITY, (double)INFINITY, base, (double)NAN, 0,
                     s->revision, s->get};
    for (; r->count < s->count; r->count++) {
        double v = s->get(&s->rows[r->count]);
        if (!isfinite(v))
            continue;
        r->lo = v < r->lo ? v : r->lo;
        r->hi = v > r->hi ? v : r->hi;
        if (v > base && v < r->least_above)
            r->least_above = v;
        if (isnan(r->first))
            r->first = v;
    }
}

Scale scale_eta(const Range *r)
{
    return r->lo > r->hi ? scale_linear(0, 1) : scale_linear(fmin(r->lo, 0), r->hi);
}

Scale scale_loss(const Range *r, double base)
{
    if (r->lo > r->hi)
        return scale_log(0.1, 10, 0, 2);
    double first = r->first - base;
    double top = first > 0 ? fmin(r->hi, base + 1e3 * first) : r->hi;
    return scale_log(fmin(r->least_above, top), top, base, 12);
}

/* --- lines -------------------------------------------------------------------------------- */

typedef struct Sheet {
    Canvas *canvas;
    Rect area;
    const Paint *paint;
} Sheet;

/* Set one dot; dots of several lines share a cell, the last one gives the colour. */
static void sheet_dot(const Sheet *s, int x, int y, Color ink, uint32_t attr)
{
    static const uint8_t bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    if (x < 0 || y < 0 || x >= 2 * s->area.cols || y >= 4 * s->area.rows)
        return;
    Cell *cell = canvas_at(s->canvas, s->area.col + x / 2, s->area.row + y / 4);
    if (!cell)
        return;
    /* a cell has one colour: the line drawn last owns it, or a limit would turn into a rate */
    bool own = cell->glyph >= 0x2800 && cell->glyph <= 0x28FF && cell->fg == ink;
    uint32_t dots = own ? cell->glyph : 0x2800;
    cell->glyph = dots | bit[y & 3][x & 1];
    cell->fg = ink;
    cell->attr = attr;
}

/* ASCII has one dot a cell, but three heights of it; an upright where the line is steep. */
static void sheet_ascii(const Sheet *s, int x, int y, bool upright, Color ink, uint32_t attr)
{
    static const char height[4] = {'\'', '-', '-', '.'};
    if (x < 0 || y < 0 || x >= 2 * s->area.cols || y >= 4 * s->area.rows)
        return;
    uint32_t glyph = (unsigned char)(upright ? '|' : height[y & 3]);
    Cell *cell = canvas_at(s->canvas, s->area.col + x / 2, s->area.row + y / 4);
    if (cell)
        *cell = (Cell){glyph, ink, cell->bg, attr};
}

/* One column: an envelope is trimmed by half a dot at both ends, else every stair of a slanting
 * line would be two dots wide. */
static void draw_column(const Sheet *s, int x, double low, double high, Color ink,
                        uint32_t attr)
{
    int rows = 4 * s->area.rows;
    double top = (1 - high) * (rows - 1), bottom = (1 - low) * (rows - 1);
    if (bottom - top > 1) {
        top += 0.5;
        bottom -= 0.5;
    } else {
        top = bottom = 0.5 * (top + bottom);
    }
    int from = (int)lround(fmax(top, -1)), to = (int)lround(fmin(bottom, rows));
    for (int y = from; y <= to; y++) {
        if (s->paint->glyphs == GLYPHS_ASCII)
            sheet_ascii(s, x, y, to - from >= 3, ink, attr);
        else
            sheet_dot(s, x, y, ink, attr);
    }
}

static int cursor_column(const Curve *c, long cursor)
{
    double at = (double)cursor / (double)c->steps * (c->dots - 1);
    return (int)fmin(fmax(floor(at + 0.5), -1), c->dots);
}

/* Ghosts have the bright inks of the map; beside the run's own curve they step back. */
static Color line_ink(const Paint *p, Role role, PlotStyle style)
{
    Color ink = p->role[role];
    return style != PLOT_DOTTED || ink > 0xFFFFFF ? ink : paint_mean(p, p->role[ROLE_BACK], ink);
}

static void draw_line(const Sheet *s, const PlotLine *line, long cursor)
{
    const Curve *c = line->curve;
    if (!c || c->dots == 0 || c->steps < 1)
        return;
    int now = cursor_column(c, cursor);
    /* The plan first: where both meet in a cell the used part gives the colour. */
    for (int pass = line->hide_plan; pass < 2; pass++) {
        Role role = pass ? line->used : line->plan;
        Color ink = line_ink(s->paint, role, line->style);
        int from = pass ? 0 : now + 1, to = pass ? now + 1 : c->dots;
        for (int x = from; x < to && x < c->dots; x++) {
            if (c->low[x] > c->high[x] || (line->style == PLOT_DOTTED && x % 3 == 2))
                continue;
            double low = (double)c->low[x], high = (double)c->high[x];
            draw_column(s, x, low, line->style == PLOT_FENCE ? low : high, ink,
                        s->paint->attr[role]);
        }
    }
}

void plot_lines(const Plot *plot, Canvas *c, Rect area, const Paint *paint)
{
    Sheet sheet = {c, area, paint};
    for (int i = 0; i < plot->lines; i++)
        draw_line(&sheet, &plot->line[i], plot->cursor);
}

/* --- panes -------------------------------------------------------------------------------- */

Rect plot_area(Rect pane)
{
    int gutter = pane.cols >= 24 ? GUTTER : 0;
    Rect r = {pane.col + 1 + gutter, pane.row + 1, pane.cols - 3 - gutter, pane.rows - 2};
    return r.cols <= 0 || r.rows <= 0 ? (Rect){pane.col, pane.row, 0, 0} : r;
}

static void draw_y_axis(const Plot *plot, Canvas *c, Rect pane, Rect area, const Paint *paint)
{
    Ticks t = axis_ticks(&plot->scale, area.rows >= 12 ? 5 : area.rows >= 5 ? 3 : 2);
    int last_row = -1;
    for (int i = t.count - 1; i >= 0 && area.col - pane.col > GUTTER; i--) {
        double at = scale_at(&plot->scale, t.value[i] + plot->scale.base);
        int row = (int)floor((1 - at) * (4 * area.rows - 1) / 4);
        int width = text_cols(t.label[i]);
        if (at < -1e-9 || at > 1 + 1e-9 || row == last_row || row >= area.rows ||
            width > GUTTER - 1)
            continue;
        last_row = row;
        panel_text(c, area.col - 1 - width, area.row + row, width, t.label[i], ROLE_DIM, paint);
    }
}

static int step_col(const Plot *plot, Rect area, double step)
{
    double at = step / (double)(plot->steps < 1 ? 1 : plot->steps);
    return area.col + (int)lround(fmin(fmax(at, 0), 1) * (area.cols - 1));
}

static bool under_tick(const Plot *plot, Rect area, int col, int width)
{
    for (int i = 0; i < plot->tick_count; i++) {
        int at = step_col(plot, area, (double)plot->ticks[i].step);
        if (at >= col && at < col + width)
            return true;
    }
    return false;
}

/* Labels sit in the border itself, centred under their step: no row is spent on them. */
static void draw_x_axis(const Plot *plot, Canvas *c, Rect pane, Rect area, const Paint *paint)
{
    Ticks t = axis_steps(plot->steps, area.cols / 8 < 2 ? 2 : area.cols / 8);
    int row = pane.row + pane.rows - 1, free_col = pane.col + 1;
    int last = pane.col + pane.cols - 2, last_width = text_cols(t.label[t.count - 1]) + 3;
    for (int i = 0; i < t.count; i++) {
        int width = text_cols(t.label[i]) + 2;
        int col = step_col(plot, area, t.value[i]) - width / 2;
        col = col + width > last ? last - width : col;
        if (col < free_col || (i < t.count - 1 && col + width > last - last_width) ||
            under_tick(plot, area, col, width))
            continue;
        panel_foot(c, pane, col - pane.col, t.label[i], paint);
        free_col = col + width + 1;
    }
    for (int i = 0; i < plot->tick_count; i++) {
        const PlotTick *k = &plot->ticks[i];
        canvas_put(c, step_col(plot, area, (double)k->step), row,
                   k->glyph ? k->glyph : paint->mark[MARK_CARET], paint->role[k->role],
                   paint->role[ROLE_BACK], paint->attr[k->role]);
    }
}

/* A limit above the plot would otherwise be missed. */
static void draw_limit_label(const Plot *plot, Canvas *c, Rect area, const Paint *paint)
{
    double at = scale_at(&plot->scale, plot->limit);
    char number[NUMBER_TEXT], text[NUMBER_TEXT + 16];
    if (isnan(at) || !isfinite(plot->limit) || at <= 1)
        return;
    number_show(number, plot->limit, 2);
    Text out = text_over(text, sizeof text);
    text_add(&out, "limit %s %s", number, paint->glyphs == GLYPHS_ASCII ? "^" : "↑");
    int width = text_cols(text);
    if (width < area.cols)
        panel_text(c, area.col + area.cols - width, area.row, width, text, ROLE_LIMIT, paint);
}

static void draw_cursor(const Plot *plot, Canvas *c, Rect area, const Paint *paint)
{
    double at = scale_at(&plot->scale, plot->value);
    if (isnan(at) || area.rows <= 0)
        return;
    /* off the scale an arrow says so; a loss at its minimum lies on the floor of a log scale */
    uint32_t mark = at > 1 ? paint->mark[MARK_UP_ARROW]
                    : at < 0 && !(plot->scale.log && !isfinite(at)) ? paint->mark[MARK_DOWN_ARROW]
                                                                    : paint->mark[MARK_HEAD];
    at = fmin(fmax(at, 0), 1);
    int row = area.row + (int)lround((1 - at) * (4 * area.rows - 1)) / 4;
    canvas_put(c, step_col(plot, area, (double)plot->cursor), row, mark, paint->role[ROLE_HEAD],
               paint->role[ROLE_BACK], paint->attr[ROLE_HEAD]);
}

/* The row of a line at the cursor; -1: it is not in the plot. */
static int row_at_cursor(const PlotLine *line, long cursor, Rect area)
{
    const Curve *k = line->curve;
    int x = k && k->dots > 0 && k->steps > 0 ? cursor_column(k, cursor) : -1;
    if (x < 0 || x >= k->dots || k->low[x] > k->high[x] || k->high[x] < 0 || k->low[x] > 1)
        return -1;
    double at = fmin(fmax(0.5 * ((double)k->low[x] + (double)k->high[x]), 0), 1);
    return (int)lround((1 - at) * (4 * area.rows - 1)) / 4;
}

/* What each line is, beside its end: to the right, or where that is too narrow to the left. The
 * lines drawn last are told of first; labels keep apart. */
static void draw_labels(const Plot *plot, Canvas *c, Rect area, const Paint *paint)
{
    uint64_t taken = 0;
    for (int i = plot->lines - 1; i >= 0; i--) {
        const PlotLine *line = &plot->line[i];
        int row = line->label ? row_at_cursor(line, plot->cursor, area) : -1;
        if (row < 0 || row >= 63)
            continue;
        while (taken >> row & 1 && row < area.rows - 1)
            row++;
        int width = text_cols(line->label);
        int col = step_col(plot, area, (double)plot->cursor) + 2;
        if (col + width > area.col + area.cols)
            col -= width + 3;
        if (taken >> row & 1 || col < area.col)
            continue;
        taken |= (uint64_t)1 << row;
        panel_over(c, col, area.row + row, width, line->label, line->used, paint);
    }
}

void plot_draw(const Plot *plot, Canvas *c, Rect pane, const Paint *paint)
{
    Rect area = plot_area(pane);
    panel_frame(c, pane, plot->title, plot->note, paint);
    canvas_fill(c, rect_inside(pane), ' ', paint->role[ROLE_TEXT], paint->role[ROLE_BACK]);
    if (area.cols == 0)
        return;
    draw_y_axis(plot, c, pane, area, paint);
    draw_x_axis(plot, c, pane, area, paint);
    if (plot->pictured) {
        canvas_fill(c, area, ' ', COLOR_DEFAULT, COLOR_DEFAULT);
        draw_labels(plot, c, area, paint);
        return;
    }
    plot_lines(plot, c, area, paint);
    draw_labels(plot, c, area, paint);
    draw_limit_label(plot, c, area, paint);
    draw_cursor(plot, c, area, paint);
}
