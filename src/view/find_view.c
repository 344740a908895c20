/* SPDX-License-Identifier: MIT
 * find_view: see find_view.h */
#include "view/find_view.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "view/layout.h"
#include "view/panel.h"

enum { GUTTER = 7 };

/* A plot area with both axes logarithmic, in dots of braille. */
typedef struct Sheet {
    Canvas *canvas;
    Rect area;
    Scale x, y;
    const Paint *paint;
    char pen; /* in ASCII: tells the lines apart */
} Sheet;

static const Role inks[] = {ROLE_ETA,  ROLE_LOSS, ROLE_HELD_OUT, ROLE_ACCENT,
                            ROLE_TEXT, ROLE_BAD,  ROLE_DIM,      ROLE_LIMIT};

Role find_view_role(int line)
{
    return inks[line % (int)(sizeof inks / sizeof inks[0])];
}

char find_view_letter(int line)
{
    return (char)('A' + line % 26);
}

/* ---- dots ---------------------------------------------------------------------------------- */

static double dot_x(const Sheet *s, double eta)
{
    return scale_at(&s->x, eta) * (2 * s->area.cols - 1);
}

/* Diverged runs leave through the top; what is below the plot lies on its floor. */
static double dot_y(const Sheet *s, double value)
{
    double at = isinf(value) && value > 0 ? 1.5 : scale_at(&s->y, value);
    return (1 - fmin(fmax(at, 0), 1.05)) * (4 * s->area.rows - 1);
}

static void put_dot(const Sheet *s, int x, int y, Color ink, uint32_t attr)
{
    static const uint8_t bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    if (x < 0 || y < 0 || x >= 2 * s->area.cols || y >= 4 * s->area.rows)
        return;
    Cell *cell = canvas_at(s->canvas, s->area.col + x / 2, s->area.row + y / 4);
    if (!cell)
        return;
    bool dots = cell->glyph >= 0x2800 && cell->glyph <= 0x28FF;
    cell->glyph = s->paint->glyphs == GLYPHS_ASCII
                      ? (uint32_t)s->pen
                      : (dots ? cell->glyph : 0x2800u) | bit[y & 3][x & 1];
    cell->fg = ink;
    cell->attr = attr;
}

/* From dot to dot, a dot a column or a row, whichever there are more of. */
static void put_line(const Sheet *s, double x0, double y0, double x1, double y1, Color ink,
                     uint32_t attr)
{
    int n = (int)ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)));
    n = n < 1 ? 1 : n > 4000 ? 4000 : n;
    for (int i = 0; i <= n; i++) {
        double k = (double)i / n;
        put_dot(s, (int)lround(x0 + k * (x1 - x0)), (int)lround(y0 + k * (y1 - y0)), ink, attr);
    }
}

static void put_mark(const Sheet *s, double eta, double value, uint32_t glyph, Role role)
{
    int col = (int)lround(dot_x(s, eta)) / 2;
    int row = (int)lround(dot_y(s, value)) / 4;
    if (col < 0 || col >= s->area.cols)
        return;
    row = row < 0 ? 0 : row >= s->area.rows ? s->area.rows - 1 : row;
    canvas_put(s->canvas, s->area.col + col, s->area.row + row, glyph, s->paint->role[role],
               s->paint->role[ROLE_BACK], s->paint->attr[role]);
}

static void put_level(const Sheet *s, double value)
{
    if (isnan(value) || !(scale_at(&s->y, value) >= 0) || scale_at(&s->y, value) > 1)
        return;
    int y = (int)lround(dot_y(s, value));
    for (int x = 0; x < 2 * s->area.cols; x += 3)
        put_dot(s, x, y, s->paint->role[ROLE_LIMIT], s->paint->attr[ROLE_LIMIT]);
}

static void put_upright(const Sheet *s, double eta)
{
    double at = dot_x(s, eta);
    for (int y = 0; at >= 0 && y < 4 * s->area.rows; y += 2)
        put_dot(s, (int)lround(at), y, s->paint->role[ROLE_LIMIT], s->paint->attr[ROLE_LIMIT]);
}

/* ---- axes ---------------------------------------------------------------------------------- */

/* Smallest and largest value shown. */
typedef struct Extent {
    double lo, hi;
} Extent;

static void extend(Extent *e, double v)
{
    if (!isfinite(v))
        return;
    e->lo = fmin(e->lo, v);
    e->hi = fmax(e->hi, v);
}

/* Losses that are not positive are shown above a floor a millionth of the height below them. */
static Scale loss_scale(const Extent *e, double first_loss)
{
    if (e->lo > e->hi)
        return scale_log(0.1, 10, 0, 2);
    double base = 0;
    if (!(e->lo > 0))
        base = e->lo - fmax(1e-6 * (e->hi - e->lo), 1e-12 * fabs(e->lo) + 1e-300);
    double first = first_loss - base;
    double top = first > 0 ? fmin(e->hi, base + 1e3 * first) : e->hi;
    return scale_log(fmin(e->lo, top), fmax(top, e->lo), base, 12);
}

static Rect chart_area(Rect r, int legend)
{
    int gutter = r.cols >= 30 ? GUTTER : 0;
    int rows = r.rows - 3 - legend; /* borders, and the line of the axis */
    Rect area = {r.col + 1 + gutter, r.row + 1, r.cols - 3 - gutter, rows};
    return area.cols < 2 || rows < 1 ? (Rect){r.col, r.row, 0, 0} : area;
}

static void draw_axes(const Sheet *s, Rect r)
{
    Rect a = s->area;
    Ticks t = axis_ticks(&s->y, a.rows >= 12 ? 5 : a.rows >= 5 ? 3 : 2);
    for (int i = 0; i < t.count && a.col - r.col > GUTTER; i++) {
        double at = scale_at(&s->y, t.value[i] + s->y.base);
        int row = (int)floor((1 - at) * (4 * a.rows - 1) / 4);
        int width = text_cols(t.label[i]);
        if (row >= 0 && row < a.rows && width < GUTTER)
            panel_text(s->canvas, a.col - 1 - width, a.row + row, width, t.label[i], ROLE_DIM,
                       s->paint);
    }
    t = axis_ticks(&s->x, a.cols / 10 < 2 ? 2 : a.cols / 10);
    int free_col = a.col;
    for (int i = 0; i < t.count; i++) {
        int width = text_cols(t.label[i]);
        int col = a.col + (int)lround(scale_at(&s->x, t.value[i]) * (a.cols - 1)) - width / 2;
        col = col < a.col ? a.col : col + width > a.col + a.cols ? a.col + a.cols - width : col;
        if (col < free_col)
            continue;
        panel_text(s->canvas, col, a.row + a.rows, width, t.label[i], ROLE_DIM, s->paint);
        free_col = col + width + 1;
    }
    panel_text(s->canvas, r.col + 1, a.row + a.rows, a.col - r.col - 2, "η", ROLE_DIM, s->paint);
}

static void draw_progress(Canvas *c, Rect r, double progress, const Paint *p)
{
    char text[8];
    int width = r.cols - 12;
    if (!(progress < 1) || width < 4)
        return;
    int done = (int)floor(fmin(fmax(progress, 0), 1) * width);
    int row = r.row + r.rows - 1;
    uint32_t full = p->glyphs == GLYPHS_ASCII ? '=' : 0x2501;
    for (int i = 0; i < width; i++)
        canvas_put(c, r.col + 3 + i, row, i < done ? full : p->mark[MARK_ACROSS],
                   p->role[i < done ? ROLE_ACCENT : ROLE_FRAME], p->role[ROLE_BACK], 0);
    snprintf(text, sizeof text, " %d%% ", (int)floor(100 * progress));
    panel_text(c, r.col + 4 + width, row, 6, text, ROLE_DIM, p);
}

static bool begin(Sheet *s, Canvas *c, Rect r, int legend, const char *title, const char *note,
                  const Paint *p)
{
    panel_frame(c, r, title, note, p);
    canvas_fill(c, rect_inside(r), ' ', p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    *s = (Sheet){.canvas = c, .area = chart_area(r, legend), .paint = p, .pen = '.'};
    return s->area.cols > 0;
}

/* ---- the U --------------------------------------------------------------------------------- */

/* Rows of the legend: at least five stay for the curves. */
static int legend_rows(int want, Rect r)
{
    int most = r.rows - 3 - 5;
    return want < most ? want : most < 0 ? 0 : most;
}

static Scale eta_scale(const FindView *v)
{
    if (v->etas < 1)
        return scale_log(0.1, 1, 0, 1);
    double lo = v->eta[0];
    double hi = v->eta[v->etas - 1];
    return hi > lo ? (Scale){lo, hi, 0, true} : (Scale){lo / 2, lo * 2, 0, true};
}

static Scale value_scale(const FindView *v)
{
    Extent e = {INFINITY, -INFINITY};
    for (int i = 0; i < v->lines; i++)
        for (int k = 0; k < v->etas; k++)
            extend(&e, v->line[i].mid[k]);
    return loss_scale(&e, v->first_loss);
}

void find_view_scales(const FindView *v, Scale *eta, Scale *loss)
{
    *eta = eta_scale(v);
    *loss = value_scale(v);
}

/* Every third column of dots between the quantiles. */
static void draw_band(const Sheet *s, const FindView *v, int line)
{
    const FindViewLine *l = &v->line[line];
    Color ink = s->paint->role[find_view_role(line)];
    if (!l->low || !l->high || s->paint->glyphs == GLYPHS_ASCII)
        return;
    ink = ink > 0xFFFFFF ? ink : paint_mean(s->paint, s->paint->role[ROLE_BACK], ink);
    for (int k = 0; k < v->etas; k++) {
        if (isnan(l->low[k]) || !(l->high[k] > l->low[k]))
            continue;
        int x = (int)lround(dot_x(s, v->eta[k]));
        int from = (int)lround(fmax(dot_y(s, l->high[k]), 0));
        int to = (int)lround(dot_y(s, l->low[k]));
        for (int y = from + (from & 1); y <= to; y += 2)
            put_dot(s, x, y, ink, 0);
    }
}

/* Bright where the rates are good, dim beside. */
static void draw_curve(const Sheet *s, const FindView *v, int line)
{
    const FindViewLine *l = &v->line[line];
    Color ink = s->paint->role[find_view_role(line)];
    Color dim = ink > 0xFFFFFF ? ink : paint_mean(s->paint, s->paint->role[ROLE_BACK], ink);
    uint32_t attr = s->paint->attr[find_view_role(line)];
    for (int k = 0; k < v->etas; k++) {
        bool good = l->good_lo < 0 || (k >= l->good_lo && k <= l->good_hi);
        double x = dot_x(s, v->eta[k]);
        double y = dot_y(s, l->mid[k]);
        if (isnan(l->mid[k]))
            continue;
        put_dot(s, (int)lround(x), (int)lround(y), good ? ink : dim, attr);
        if (k == 0 || isnan(l->mid[k - 1]) || (isinf(l->mid[k]) && isinf(l->mid[k - 1])))
            continue;
        put_line(s, dot_x(s, v->eta[k - 1]), dot_y(s, l->mid[k - 1]), x, y,
                 good && k > l->good_lo ? ink : dim, attr);
    }
}

static void draw_legend(const FindView *v, Canvas *c, Rect r, int rows, const Paint *p)
{
    int top = r.row + r.rows - 1 - rows;
    int indent = 0;
    for (int i = 0; i < v->lines; i++) {
        int n = text_cols(v->line[i].label);
        indent = n > indent ? n : indent;
    }
    indent = indent > r.cols / 3 ? r.cols / 3 : indent;
    for (int i = 0; i < v->lines && i < rows; i++) {
        char letter[2] = {find_view_letter(i), '\0'};
        bool here = i == v->at_line;
        int col = r.col + 2;
        panel_text(c, col, top + i, 1, letter, find_view_role(i), p);
        panel_text(c, col + 2, top + i, indent, v->line[i].label, here ? ROLE_TITLE : ROLE_TEXT, p);
        panel_text(c, col + 4 + indent, top + i, r.cols - 7 - indent, v->line[i].text, ROLE_DIM, p);
    }
}

void find_view_draw(const FindView *v, Canvas *c, Rect r, const Paint *p)
{
    Sheet s;
    int legend = legend_rows(v->lines, r);
    if (!begin(&s, c, r, legend, v->title, v->note, p))
        return;
    find_view_scales(v, &s.x, &s.y);
    draw_axes(&s, r);
    put_level(&s, v->threshold);
    for (int i = 0; i < v->lines; i++)
        if (v->lines <= 2 || i == v->at_line)
            draw_band(&s, v, i);
    for (int i = 0; i < v->lines; i++) {
        s.pen = (char)(find_view_letter(i) - 'A' + 'a');
        draw_curve(&s, v, i);
    }
    for (int i = 0; i < v->lines; i++)
        if (v->line[i].best >= 0)
            put_mark(&s, v->eta[v->line[i].best], v->line[i].mid[v->line[i].best],
                     (uint32_t)find_view_letter(i), find_view_role(i));
    if (v->at_line >= 0 && v->at_eta >= 0 && !isnan(v->line[v->at_line].mid[v->at_eta]))
        put_mark(&s, v->eta[v->at_eta], v->line[v->at_line].mid[v->at_eta], p->mark[MARK_HEAD],
                 ROLE_HEAD);
    draw_legend(v, c, r, legend, p);
    draw_progress(c, r, v->progress, p);
}

int find_view_eta(const FindView *v, Rect r, int col)
{
    Rect a = chart_area(r, legend_rows(v->lines, r));
    Scale x = eta_scale(v);
    int best = -1;
    double nearest = 1.5; /* cells */
    for (int k = 0; k < v->etas && a.cols > 0; k++) {
        double at = a.col + scale_at(&x, v->eta[k]) * (a.cols - 1);
        if (fabs(at - col) < nearest) {
            nearest = fabs(at - col);
            best = k;
        }
    }
    return best;
}

/* ---- the range test ------------------------------------------------------------------------ */

void range_view_scales(const RangeView *v, Scale *eta, Scale *loss)
{
    Extent e = {INFINITY, -INFINITY};
    Extent x = {INFINITY, -INFINITY};
    for (long i = 0; i < v->points; i++) {
        double at, raw, smooth;
        v->point(v->from, i, &at, &raw, &smooth);
        extend(&x, at);
        extend(&e, raw);
    }
    *eta = x.lo < x.hi ? (Scale){x.lo, x.hi, 0, true} : scale_log(0.1, 1, 0, 1);
    *loss = loss_scale(&e, v->first_loss);
}

static void draw_points(const Sheet *s, const RangeView *v)
{
    double last_x = 0, last_y = 0;
    bool last = false;
    for (long i = 0; i < v->points; i++) {
        double eta, loss, smooth;
        v->point(v->from, i, &eta, &loss, &smooth);
        double x = dot_x(s, eta);
        if (isfinite(loss))
            put_dot(s, (int)lround(x), (int)lround(dot_y(s, loss)), s->paint->role[ROLE_LOSS],
                    s->paint->attr[ROLE_LOSS]);
        bool now = isfinite(smooth);
        double y = now ? dot_y(s, smooth) : 0;
        if (now && last)
            put_line(s, last_x, last_y, x, y, s->paint->role[ROLE_ETA], s->paint->attr[ROLE_ETA]);
        last = now;
        last_x = x;
        last_y = y;
    }
}

static void draw_mark_rows(const RangeView *v, Canvas *c, Rect r, int rows, const Paint *p)
{
    int top = r.row + r.rows - 1 - rows;
    for (int i = 0; i < v->marks && i < rows; i++) {
        const RangeViewMark *m = &v->mark[i];
        char letter[2] = {m->letter, '\0'};
        Role role = m->fence ? ROLE_LIMIT : ROLE_TICK;
        panel_text(c, r.col + 2, top + i, 1, letter, role, p);
        panel_text(c, r.col + 4, top + i, 18, m->name, ROLE_TEXT, p);
        panel_text(c, r.col + 23, top + i, r.cols - 25, m->text, ROLE_DIM, p);
    }
    if (rows > v->marks)
        panel_wrap(c, (Rect){r.col + 2, top + v->marks, r.cols - 4, rows - v->marks}, v->text,
                   ROLE_DIM, p);
}

void range_view_draw(const RangeView *v, Canvas *c, Rect r, const Paint *p)
{
    Sheet s;
    int wrapped = r.cols > 8 ? wrap_rows(v->text, r.cols - 4) : 0;
    int legend = legend_rows(v->marks + wrapped, r);
    if (!begin(&s, c, r, legend, v->title, v->note, p))
        return;
    range_view_scales(v, &s.x, &s.y);
    draw_axes(&s, r);
    for (int i = 0; i < v->marks; i++)
        if (v->mark[i].fence && !isnan(v->mark[i].eta))
            put_upright(&s, v->mark[i].eta);
    draw_points(&s, v);
    for (int i = 0; i < v->marks; i++)
        if (!isnan(v->mark[i].eta))
            put_mark(&s, v->mark[i].eta, v->mark[i].fence ? INFINITY : s.y.lo + s.y.base,
                     (uint32_t)v->mark[i].letter, v->mark[i].fence ? ROLE_LIMIT : ROLE_TICK);
    draw_mark_rows(v, c, r, legend, p);
    draw_progress(c, r, v->progress, p);
}
