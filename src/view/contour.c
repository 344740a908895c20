/* SPDX-License-Identifier: MIT
 * contour: see contour.h. A square has four samples as corners; its sides are numbered clockwise
 * from the upper one. A line enters a square by one side and leaves it by another. */
#include "view/contour.h"

#include <math.h>
#include <stdlib.h>

enum { UP, RIGHT, DOWN, LEFT, SIDES, POINTS = 256 };

typedef struct Tracer {
    const Field *field;
    int index;
    double level, gap;
    int across, down; /* squares */
    uint8_t *seen;    /* owned: bit per side that a line went through */
    Vec2 point[POINTS];
    int count;
    bool broken; /* the line has had a gap */
    ContourLine *line;
    void *to;
} Tracer;

typedef struct Square {
    int col, row;
    double corner[4]; /* upper left, upper right, lower right, lower left */
} Square;

static bool inside(const Tracer *t, int col, int row)
{
    return col >= 0 && row >= 0 && col < t->across && row < t->down;
}

/* false at a hole. */
static bool square_at(const Tracer *t, int col, int row, Square *s)
{
    const double *a = t->field->loss + (size_t)row * (size_t)t->field->stride + (size_t)col;
    const double *b = a + t->field->stride;
    *s = (Square){col, row, {a[0], a[1], b[1], b[0]}};
    return isfinite(a[0]) && isfinite(a[1]) && isfinite(b[0]) && isfinite(b[1]);
}

static bool above(const Tracer *t, const Square *s, int corner)
{
    return s->corner[corner & 3] >= t->level;
}

/* Side k lies between corners k and k + 1. */
static bool crosses(const Tracer *t, const Square *s, int side)
{
    return above(t, s, side) != above(t, s, side + 1);
}

/* Where the line that came in by `side` goes out. In a saddle the middle decides. */
static int way_out(const Tracer *t, const Square *s, int side)
{
    int other = -1, count = 0;
    for (int k = 0; k < SIDES; k++)
        if (k != side && crosses(t, s, k)) {
            other = k;
            count++;
        }
    if (count < 3)
        return other;
    double middle = 0.25 * (s->corner[0] + s->corner[1] + s->corner[2] + s->corner[3]);
    bool joined = (middle >= t->level) == above(t, s, side);
    /* corner `side` is apart from the middle or not: go round it, or round the next one */
    return joined ? (side + 1) & 3 : (side + 3) & 3;
}

static Vec2 crossing(const Tracer *t, const Square *s, int side)
{
    static const int dx[5] = {0, 1, 1, 0, 0}, dy[5] = {0, 0, 1, 1, 0};
    double a = s->corner[side], b = s->corner[(side + 1) & 3];
    double k = (t->level - a) / (b - a);
    double x = s->col + dx[side] + k * (dx[side + 1] - dx[side]);
    double y = s->row + dy[side] + k * (dy[side + 1] - dy[side]);
    return vec2((x - 0.5) / t->field->cols, (y - 0.5) / (2 * t->field->rows));
}

/* Would the next levels come nearer than `gap`? Once left out, a line comes back only where there
 * is clearly room: it would be a row of dots. */
static bool crowded(const Tracer *t, const Square *s)
{
    const Field *f = t->field;
    double across = fabs(s->corner[1] - s->corner[0] + s->corner[2] - s->corner[3]) / 2;
    double down = fabs(s->corner[3] - s->corner[0] + s->corner[2] - s->corner[1]) / 2;
    double need = (t->count ? 0.8 : 1.25) * t->gap * vec_norm(vec2(across, down));
    int i = t->index;
    bool near = (i > 0 && f->level[i] - f->level[i - 1] < need) ||
                (i < f->levels - 1 && f->level[i + 1] - f->level[i] < need);
    return near && i % 3 != 0;
}

static void flush(Tracer *t, bool on)
{
    enum { STUB = 6 }; /* a shorter piece between two gaps would be a dot */
    Vec2 last = t->count ? t->point[t->count - 1] : vec2(0, 0);
    if (t->count > 1 && (!t->broken || t->count > STUB))
        t->line(t->to, t->point, t->count);
    t->count = 0;
    if (on)
        t->point[t->count++] = last;
}

/* Follow the line that enters square (col,row) by `side`. */
static void follow(Tracer *t, int col, int row, int side)
{
    static const int to_col[SIDES] = {0, 1, 0, -1}, to_row[SIDES] = {-1, 0, 1, 0};
    Square s;
    t->broken = false;
    while (inside(t, col, row) && square_at(t, col, row, &s) &&
           !(t->seen[row * t->across + col] >> side & 1)) {
        int out = way_out(t, &s, side);
        if (out < 0)
            break;
        t->seen[row * t->across + col] |= (uint8_t)(1 << side | 1 << out);
        if (crowded(t, &s)) {
            flush(t, false);
            t->broken = true;
        } else {
            if (t->count == 0)
                t->point[t->count++] = crossing(t, &s, side);
            if (t->count == POINTS)
                flush(t, true);
            t->point[t->count++] = crossing(t, &s, out);
        }
        col += to_col[out];
        row += to_row[out];
        side = out ^ 2;
    }
    flush(t, false);
}

/* Lines that come in from outside or from a hole have to be followed from there. */
static bool comes_in(const Tracer *t, int col, int row, int side)
{
    static const int to_col[SIDES] = {0, 1, 0, -1}, to_row[SIDES] = {-1, 0, 1, 0};
    Square other;
    int c = col + to_col[side], r = row + to_row[side];
    return !inside(t, c, r) || !square_at(t, c, r, &other);
}

static void trace_pass(Tracer *t, bool closed)
{
    Square s;
    for (int row = 0; row < t->down; row++)
        for (int col = 0; col < t->across; col++) {
            if (!square_at(t, col, row, &s))
                continue;
            for (int side = 0; side < SIDES; side++)
                if (crosses(t, &s, side) && !(t->seen[row * t->across + col] >> side & 1) &&
                    (closed || comes_in(t, col, row, side)))
                    follow(t, col, row, side);
        }
}

bool contour_trace(const Field *f, int index, double gap, ContourLine *line, void *to)
{
    Tracer t = {.field = f,
                .index = index,
                .level = f->level[index],
                .gap = gap,
                .across = f->stride - 1,
                .down = f->lines - 1,
                .line = line,
                .to = to};
    t.seen = calloc((size_t)t.across * (size_t)t.down + 1, 1);
    if (!t.seen)
        return false;
    trace_pass(&t, false);
    trace_pass(&t, true);
    free(t.seen);
    return true;
}
