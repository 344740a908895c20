/* SPDX-License-Identifier: MIT
 * path: rasterising of runs into subcell bits, and their drawing over the map. */
#include "view/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- geometry ----------------------------------------------------------------------------- */

/* Window to a grid of wide x high units, y down. */
static Vec2 to_grid(Window w, double wide, double high, Vec2 p)
{
    return vec2((p.x - w.lo.x) / (w.hi.x - w.lo.x) * wide,
                (w.hi.y - p.y) / (w.hi.y - w.lo.y) * high);
}

bool map_cell(Window w, int cols, int rows, Vec2 p, int *col, int *row)
{
    Vec2 g = to_grid(w, cols, rows, p);
    if (!(g.x >= 0 && g.x <= cols && g.y >= 0 && g.y <= rows) || cols <= 0 || rows <= 0)
        return false;
    *col = g.x >= cols ? cols - 1 : (int)g.x;
    *row = g.y >= rows ? rows - 1 : (int)g.y;
    return true;
}

Vec2 map_point(Window w, int cols, int rows, int col, int row)
{
    return vec2(w.lo.x + (col + 0.5) / cols * (w.hi.x - w.lo.x),
                w.hi.y - (row + 0.5) / rows * (w.hi.y - w.lo.y));
}

/* Differences of ends within 1e100 cannot overflow. */
static Vec2 pull_in(Vec2 v)
{
    const double far = 1e100;
    double big = fmax(fabs(v.x), fabs(v.y));
    if (!(big > far))
        return v;
    if (isinf(big))
        return vec2(isinf(v.x) ? copysign(far, v.x) : 0, isinf(v.y) ? copysign(far, v.y) : 0);
    return vec2(v.x / big * far, v.y / big * far);
}

/* One border: p t <= q. Narrows [*t0, *t1]; false when nothing is left. */
static bool clip_border(double p, double q, double *t0, double *t1)
{
    if (p == 0)
        return q >= 0;
    double t = q / p;
    if (p < 0)
        *t0 = fmax(*t0, t);
    else
        *t1 = fmin(*t1, t);
    return *t0 <= *t1;
}

bool clip_segment(Vec2 *a, Vec2 *b, double width, double height)
{
    if (isnan(a->x) || isnan(a->y) || isnan(b->x) || isnan(b->y))
        return false;
    Vec2 from = pull_in(*a), to = pull_in(*b), way = vec_sub(to, from);
    double t0 = 0, t1 = 1;
    if (!clip_border(-way.x, from.x, &t0, &t1) || !clip_border(way.x, width - from.x, &t0, &t1) ||
        !clip_border(-way.y, from.y, &t0, &t1) || !clip_border(way.y, height - from.y, &t0, &t1))
        return false;
    /* From far away t is too coarse: what rounding left outside is brought to the border. */
    Vec2 p = vec_add(from, vec_scale(t0, way)), q = vec_add(from, vec_scale(t1, way));
    *a = vec2(fmin(fmax(p.x, 0), width), fmin(fmax(p.y, 0), height));
    *b = vec2(fmin(fmax(q.x, 0), width), fmin(fmax(q.y, 0), height));
    return true;
}

/* --- strokes ------------------------------------------------------------------------------ */

typedef struct Grid {
    int across, down; /* subcells per cell */
    uint8_t bit[4][2];
} Grid;

static const Grid grids[GLYPH_SETS] = {
    [GLYPHS_QUADRANT] = {2, 2, {{1, 2}, {4, 8}}},
    [GLYPHS_BRAILLE] = {2, 4, {{1, 8}, {2, 16}, {4, 32}, {64, 128}}},
    [GLYPHS_OCTANT] = {2, 4, {{1, 8}, {2, 16}, {4, 32}, {64, 128}}},
    [GLYPHS_ASCII] = {1, 1, {{1}}},
};

/* Which subcells of a line are set, by a pattern of 16 along the way. */
static const uint16_t dash_of[PATH_LINES] = {0xFFFF, 0x7777, 0x5555, 0x1111};
static const uint16_t dash_fine[PATH_LINES] = {0xFFFF, 0x3F3F, 0x3333, 0x0303};

typedef struct Pen {
    const Grid *grid;
    int cols, rows;
    uint16_t *bits;
    uint16_t dash;
    unsigned phase;
    long budget; /* dots and segments left */
} Pen;

static void pen_dot(Pen *pen, int x, int y)
{
    int limit_x = pen->cols * pen->grid->across - 1, limit_y = pen->rows * pen->grid->down - 1;
    x = x < 0 ? 0 : x > limit_x ? limit_x : x;
    y = y < 0 ? 0 : y > limit_y ? limit_y : y;
    if (pen->dash >> (pen->phase++ & 15) & 1) {
        int cell = y / pen->grid->down * pen->cols + x / pen->grid->across;
        pen->bits[cell] |= pen->grid->bit[y % pen->grid->down][x % pen->grid->across];
    }
}

/* Dots from a to b (grid units, inside), without the first: it belongs to the segment before. */
static void pen_line(Pen *pen, Vec2 a, Vec2 b)
{
    int x0 = (int)a.x, y0 = (int)a.y;
    int dx = (int)b.x - x0, dy = (int)b.y - y0;
    int steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);
    pen->budget -= steps;
    for (int k = 1; k <= steps; k++)
        pen_dot(pen, x0 + (int)lround((double)dx * k / steps),
                y0 + (int)lround((double)dy * k / steps));
}

/* A run that explodes crosses the whole map at every step; strokes between points that are both
 * more than a map away would only paint it white. */
static bool far_out(Vec2 p, double wide, double high)
{
    return !(p.x >= -wide && p.x <= 2 * wide && p.y >= -high && p.y <= 2 * high);
}

/* Follow rows from..to as far as the budget goes; a knot marks the ends of steps long enough to be
 * told apart. Returns the row reached. */
static long pen_follow(Pen *pen, Window w, const Row *rows, long from, long to)
{
    double wide = pen->cols * pen->grid->across, high = pen->rows * pen->grid->down;
    double far = pen->grid->down == 4 ? 6 : 12; /* subcells; a broad stroke needs room for beads */
    Vec2 here = to_grid(w, wide, high, rows[from].at);
    long t = from;
    for (; t < to && pen->budget > 0; t++) {
        pen->budget--;
        Vec2 next = to_grid(w, wide, high, rows[t + 1].at), a = here, b = next;
        Vec2 from_here = here;
        here = next;
        if (far_out(from_here, wide, high) && far_out(next, wide, high))
            continue;
        if (!clip_segment(&a, &b, wide, high))
            continue;
        if (t == 0 || a.x != from_here.x || a.y != from_here.y)
            pen_dot(pen, (int)a.x, (int)a.y); /* it starts here, or comes in here */
        pen_line(pen, a, b);
        bool whole = b.x == next.x && b.y == next.y;
        if (whole && (fabs(b.x - a.x) > far || fabs(b.y - a.y) > far)) {
            int col = (int)b.x / pen->grid->across, row = (int)b.y / pen->grid->down;
            if (col < pen->cols && row < pen->rows)
                pen->bits[row * pen->cols + col] |= PATH_KNOT;
        }
    }
    return t;
}

/* --- cache -------------------------------------------------------------------------------- */

void path_release(Path *p)
{
    free(p->old);
    free(p->recent);
    *p = (Path){0};
}

bool path_resize(Path *p, int cols, int rows)
{
    Path n = {.cols = cols < 0 ? 0 : cols, .rows = rows < 0 ? 0 : rows, .cursor = -1};
    size_t cells = (size_t)n.cols * (size_t)n.rows + 1;
    n.old = calloc(cells, sizeof *n.old);
    n.recent = calloc(cells, sizeof *n.recent);
    if (!n.old || !n.recent) {
        path_release(&n);
        return false;
    }
    path_release(p);
    *p = n;
    return true;
}

static bool same_window(Window a, Window b)
{
    return a.lo.x == b.lo.x && a.lo.y == b.lo.y && a.hi.x == b.hi.x && a.hi.y == b.hi.y;
}

/* Where the run went out last: the end of the last visible segment whose end is cut. */
static void find_exit(Path *p, const Row *rows)
{
    p->exit_col = p->exit_row = PATH_OFF;
    p->left = !window_contains(p->window, p->head) || !vec_finite(p->head);
    for (long t = p->cursor; p->left && t > 0 && p->cursor - t < 512; t--) {
        Vec2 a = to_grid(p->window, p->cols, p->rows, rows[t - 1].at);
        Vec2 b = to_grid(p->window, p->cols, p->rows, rows[t].at), from = a, to = b;
        if (far_out(a, p->cols, p->rows) && far_out(b, p->cols, p->rows))
            continue;
        if (!clip_segment(&from, &to, p->cols, p->rows))
            continue;
        p->exit_col = to.x >= p->cols ? p->cols - 1 : (int)to.x;
        p->exit_row = to.y >= p->rows ? p->rows - 1 : (int)to.y;
        p->exit_way = vec_sub(pull_in(b), pull_in(a));
        return;
    }
}

void path_keep(Path *p, long row, unsigned long before, unsigned long revision)
{
    if (p->cursor == -1 || p->revision != before || p->drawn > row)
        return; /* then path_update starts anew */
    p->revision = revision;
    p->cursor = -2; /* ask for the newest steps again */
}

/* Do the strokes in `old` belong to this picture? */
static bool path_matches(const Path *p, const Path *want)
{
    return p->cursor != -1 && p->revision == want->revision &&
           same_window(p->window, want->window) && p->glyphs == want->glyphs &&
           p->line == want->line;
}

bool path_update(Path *p, Window w, GlyphSet glyphs, PathLine line, const Row *rows, long cursor,
                 unsigned long revision)
{
    size_t size = (size_t)p->cols * (size_t)p->rows * sizeof *p->old;
    const Path want = {.window = w, .glyphs = glyphs, .line = line, .revision = revision};
    long settled = cursor > PATH_RECENT ? cursor - PATH_RECENT : 0;
    bool same = path_matches(p, &want);
    if (!p->old || size == 0 || (same && p->cursor == cursor && p->drawn == settled))
        return false;
    if (!same || settled < p->drawn) {
        memset(p->old, 0, size);
        p->drawn = 0;
        p->phase = 0;
    }
    p->window = w;
    p->glyphs = glyphs;
    p->line = line;
    p->revision = revision;
    uint16_t dash = grids[glyphs].down == 4 ? dash_fine[line] : dash_of[line];
    Pen pen = {&grids[glyphs], p->cols, p->rows, p->old, dash, p->phase, PATH_BUDGET};
    p->drawn = pen_follow(&pen, w, rows, p->drawn, settled);
    p->phase = pen.phase & 15;
    memset(p->recent, 0, size);
    pen.bits = p->recent;
    pen.budget = PATH_BUDGET;
    pen_follow(&pen, w, rows, settled, cursor);
    p->cursor = cursor;
    p->start = rows[0].at;
    p->head = rows[cursor].at;
    find_exit(p, rows);
    return p->drawn < settled;
}

/* --- drawing ------------------------------------------------------------------------------ */

/* A knot is a dot in a fine line; a broad one swells to the whole cell. */
static uint32_t stroke_glyph(const Path *p, unsigned bits, const Paint *paint)
{
    static const uint16_t quadrant[16] = {' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C,
                                          0x259E, 0x259B, 0x2597, 0x259A, 0x2590, 0x259C,
                                          0x2584, 0x2599, 0x259F, 0x2588};
    if (p->glyphs == GLYPHS_ASCII)
        return p->line == PATH_SOLID ? 'o' : ':';
    bool knot = bits & PATH_KNOT && p->line == PATH_SOLID;
    if (grids[p->glyphs].down == 4)
        return knot ? paint->mark[MARK_KNOT] : 0x2800 + (bits & 255);
    return knot ? 0x2588 : quadrant[bits & 15];
}

/* A mark on what the cell shows: same ground, new glyph. */
static void mark_put(Canvas *c, Rect at, int col, int row, uint32_t glyph, Role role,
                     const Paint *paint)
{
    Cell *cell = canvas_at(c, at.col + col, at.row + row);
    if (!cell || col < 0 || row < 0 || col >= at.cols || row >= at.rows)
        return;
    *cell = (Cell){glyph, paint->role[role], paint_under(paint, cell), paint->attr[role]};
}

/* How what is not recent steps back. */
typedef enum Calm { CALM_NOT, CALM_OLD, CALM_CLOUD } Calm;

/* The contrast that it keeps; 0: its own colour. */
static const double contrast_of[] = {[CALM_NOT] = 0, [CALM_OLD] = 5.5, [CALM_CLOUD] = 3.2};

static void strokes_draw(const Path *p, Canvas *c, Rect at, Role old, Role recent, Calm calm,
                         const Paint *paint)
{
    int cols = at.cols < p->cols ? at.cols : p->cols, rows = at.rows < p->rows ? at.rows : p->rows;
    for (int row = 0; row < rows; row++) {
        for (int col = 0; col < cols; col++) {
            unsigned fresh = p->recent[row * p->cols + col], bits = p->old[row * p->cols + col];
            if (!(fresh | bits))
                continue;
            if (p->glyphs == GLYPHS_QUADRANT || calm == CALM_CLOUD) /* beads would fill it */
                bits &= ~(unsigned)PATH_KNOT;
            uint32_t glyph = stroke_glyph(p, fresh | bits, paint);
            mark_put(c, at, col, row, glyph, fresh ? recent : old, paint);
            Cell *cell = canvas_at(c, at.col + col, at.row + row);
            if (cell && !fresh && calm)
                cell->fg = paint_quiet(paint, cell->fg, cell->bg, contrast_of[calm]);
        }
    }
}

/* The arrow of eight whose direction is nearest. */
static uint32_t arrow_glyph(Vec2 way, const Paint *paint)
{
    static const uint16_t arrows[8] = {0x2192, 0x2198, 0x2193, 0x2199,
                                       0x2190, 0x2196, 0x2191, 0x2197};
    static const char ascii[8] = {'>', '\\', 'v', '/', '<', '\\', '^', '/'};
    /* Cells are twice as high as wide. */
    double turn = atan2(2 * way.y, way.x) / (2 * acos(-1.0)) * 8;
    int at = isnan(turn) ? 0 : (int)lround(turn) & 7;
    return paint->glyphs == GLYPHS_ASCII ? (unsigned char)ascii[at] : arrows[at];
}

/* Where it went out, else the nearest edge cell. */
static void end_draw(const Path *p, Canvas *c, Rect at, uint32_t glyph, Role role,
                     const Paint *paint)
{
    int col = p->exit_col, row = p->exit_row;
    Vec2 way = p->exit_way;
    if (!p->left) {
        if (map_cell(p->window, p->cols, p->rows, p->head, &col, &row))
            mark_put(c, at, col, row, glyph, role, paint);
        return;
    }
    if (col == PATH_OFF) {
        Vec2 g = to_grid(p->window, p->cols, p->rows, p->head);
        if (isnan(g.x) || isnan(g.y))
            return;
        col = (int)fmin(fmax(g.x, 0), p->cols - 1);
        row = (int)fmin(fmax(g.y, 0), p->rows - 1);
        way = vec_sub(pull_in(g), vec2(col, row));
    }
    mark_put(c, at, col, row, arrow_glyph(way, paint), role, paint);
}

static void start_draw(const Path *p, Canvas *c, Rect at, Role role, const Paint *paint)
{
    int col, row;
    if (map_cell(p->window, p->cols, p->rows, p->start, &col, &row))
        mark_put(c, at, col, row, paint->mark[MARK_START], role, paint);
}

void head_draw(const Path *p, Canvas *c, Rect at, const Paint *paint)
{
    if (p->cursor >= 0 && p->old)
        end_draw(p, c, at, paint->mark[MARK_HEAD], ROLE_HEAD, paint);
}

void path_draw(const Path *p, Canvas *c, Rect at, bool noisy, const Paint *paint)
{
    if (p->cursor < 0 || !p->old)
        return;
    strokes_draw(p, c, at, ROLE_PATH_OLD, ROLE_PATH, noisy ? CALM_CLOUD : CALM_OLD, paint);
    start_draw(p, c, at, ROLE_START, paint);
    head_draw(p, c, at, paint);
}

void ghost_draw(const Path *p, Canvas *c, Rect at, Role role, char letter, const Paint *paint)
{
    if (p->cursor < 0 || !p->old)
        return;
    strokes_draw(p, c, at, role, role, CALM_NOT, paint);
    if (letter)
        end_draw(p, c, at, (unsigned char)letter, role, paint);
}

void ghost_letter(const Path *p, Canvas *c, Rect at, Role role, char letter, int aside,
                  const Paint *paint)
{
    int col, row;
    if (p->cursor < 0 || !p->old)
        return;
    if (p->left || !map_cell(p->window, p->cols, p->rows, p->head, &col, &row)) {
        end_draw(p, c, at, (unsigned char)letter, role, paint);
        return;
    }
    col = col + aside < p->cols ? col + aside : col - aside;
    mark_put(c, at, col, row, (unsigned char)letter, role, paint);
}

void vector_draw(Canvas *c, Rect at, Window w, Vec2 from, Vec2 to, Role role, const Paint *paint)
{
    const Grid *fine = &grids[GLYPHS_BRAILLE];
    Vec2 a = to_grid(w, 2.0 * at.cols, 4.0 * at.rows, from);
    Vec2 b = to_grid(w, 2.0 * at.cols, 4.0 * at.rows, to);
    if (at.cols <= 0 || at.rows <= 0 || !clip_segment(&a, &b, 2.0 * at.cols, 4.0 * at.rows))
        return;
    double dx = b.x - a.x, dy = b.y - a.y;
    int steps = (int)fmax(fabs(dx), fabs(dy));
    for (int k = 0; k <= steps; k++) {
        int x = (int)fmin(a.x + dx * k / (steps ? steps : 1), 2 * at.cols - 1);
        int y = (int)fmin(a.y + dy * k / (steps ? steps : 1), 4 * at.rows - 1);
        const Cell *cell = canvas_at(c, at.col + x / 2, at.row + y / 4);
        bool dotted = cell && cell->glyph >= 0x2800 && cell->glyph <= 0x28FF &&
                      cell->fg == paint->role[role];
        uint32_t dots = (dotted ? cell->glyph : 0x2800) | fine->bit[y & 3][x & 1];
        mark_put(c, at, x / 2, y / 4, paint->glyphs == GLYPHS_ASCII ? '.' : dots, role, paint);
    }
    int col = (int)fmin(b.x / 2, at.cols - 1), row = (int)fmin(b.y / 4, at.rows - 1);
    mark_put(c, at, col, row, arrow_glyph(vec2(dx / 2, dy / 4), paint), role, paint);
}

void critical_draw(const CriticalSet *s, Window w, Canvas *c, Rect at, const Paint *paint)
{
    for (int i = s->count - 1; i >= 0; i--) {
        const Critical *k = &s->point[i];
        bool minimum = k->kind == CRITICAL_MINIMUM;
        Mark mark = !minimum ? MARK_SADDLE : k->global ? MARK_GLOBAL : MARK_LOCAL;
        Role role = !minimum ? ROLE_SADDLE : k->global ? ROLE_GLOBAL : ROLE_LOCAL;
        int col, row;
        if ((minimum || k->kind == CRITICAL_SADDLE) &&
            map_cell(w, at.cols, at.rows, k->at, &col, &row))
            mark_put(c, at, col, row, paint->mark[mark], role, paint);
    }
}
