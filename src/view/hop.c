/* SPDX-License-Identifier: MIT
 * hop: see hop.h */
#include "view/hop.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "view/layout.h"
#include "view/panel.h"

enum { HOP_ROWS = 100 }; /* tallest plot, in cells */

void hop_make(Hop *h, const Loss *l, Vec2 at, Vec2 step, double eta, double limit, int count)
{
    double x[HOP_SAMPLES];
    double y[HOP_SAMPLES];
    Derivatives d;
    h->length = vec_norm(step);
    h->eta = eta;
    h->limit = limit;
    h->count = count < 2 ? 2 : count > HOP_SAMPLES ? HOP_SAMPLES : count;
    h->fence = eta > 0 && isfinite(limit) ? limit / eta : INFINITY;
    /* the ball a third from the left; as much beyond the landing as the fence needs, in reason */
    h->to = fmax(1.6, fmin(1.15 * h->fence, 3));
    h->from = -0.5 * h->to;
    for (int i = 0; i < h->count; i++) {
        double s = h->from + (h->to - h->from) * i / (h->count - 1);
        x[i] = at.x - s * step.x;
        y[i] = at.y - s * step.y;
    }
    loss_values(l, x, y, h->f, (size_t)h->count);
    loss_eval(l, at, EXPR_VALUE, &d);
    h->here = d.f;
    loss_eval(l, vec_sub(at, step), EXPR_VALUE, &d);
    h->there = d.f;
    bool seen = h->length > 1e-10 * vec_norm(at) ||
                fabs(h->there - h->here) > 64 * DBL_EPSILON * (1 + fabs(h->here));
    if (!seen) /* what is uphill or downhill there is rounding */
        h->length = 0;
    h->way = !(h->length > 0)      ? "no step"
             : h->there < h->here  ? "downhill"
             : h->there == h->here ? "level"
                                   : "uphill";
}

/* Place of a loss in the plot, 0 at the bottom; the highest tenth of steep walls is cut. */
typedef struct HopScale {
    double lo, hi;
    Rect area;
} HopScale;

static HopScale scale_of(const Hop *h, Rect area)
{
    HopScale s = {INFINITY, -INFINITY, area};
    for (int i = 0; i < h->count; i++)
        if (isfinite(h->f[i])) {
            s.lo = fmin(s.lo, h->f[i]);
            s.hi = fmax(s.hi, h->f[i]);
        }
    double seen = fmax(h->here, isfinite(h->there) ? h->there : h->here);
    s.hi = fmin(s.hi, fmax(seen, s.lo) + 0.4 * (fmax(seen, s.lo) - s.lo));
    if (!(s.hi > s.lo))
        s.hi = s.lo + 1;
    return s;
}

static int dot_row(const HopScale *s, double f)
{
    double share = (f - s->lo) / (s->hi - s->lo);
    if (!(share > -1))
        share = share < 0 ? -1 : 2;
    if (share > 2)
        share = 2;
    return (int)lround((1 - share) * (4 * s->area.rows - 2));
}

static int column_of(const Hop *h, const HopScale *s, double at)
{
    return (int)floor((at - h->from) / (h->to - h->from) * s->area.cols);
}

static const uint8_t braille[2][4] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

/* The profile, column of cells by column: the two dot columns' spans of the curve. */
static void draw_profile(const Hop *h, Canvas *c, const HopScale *s, const Paint *p)
{
    int dots = 2 * s->area.cols;
    int last = dot_row(s, h->f[0]);
    uint8_t bits[HOP_ROWS];
    for (int col = 0; col < s->area.cols; col++) {
        memset(bits, 0, sizeof bits);
        for (int half = 0; half < 2; half++) {
            int k = (2 * col + half) * (h->count - 1) / (dots > 1 ? dots - 1 : 1);
            int row = isfinite(h->f[k]) ? dot_row(s, h->f[k]) : -1;
            int a = row < last ? row : last;
            int b = row < last ? last : row;
            for (int r = a + (a != b && row > last); r <= b - (a != b && row < last); r++)
                if (r >= 0 && r < 4 * s->area.rows && r / 4 < HOP_ROWS)
                    bits[r / 4] |= braille[half][r % 4];
            last = row;
        }
        for (int row = 0; row < s->area.rows && row < HOP_ROWS; row++)
            if (bits[row])
                canvas_put(c, s->area.col + col, s->area.row + row, 0x2800u + bits[row],
                           p->role[ROLE_LOSS], p->role[ROLE_BACK], 0);
    }
}

static void draw_fence(const Hop *h, Canvas *c, const HopScale *s, const Paint *p)
{
    if (!(h->fence < h->to))
        return;
    int col = s->area.col + column_of(h, s, h->fence);
    for (int row = 0; row < s->area.rows; row++)
        canvas_put(c, col, s->area.row + row, 0x250A /* dashed vertical */, p->role[ROLE_LIMIT],
                   p->role[ROLE_BACK], p->attr[ROLE_LIMIT]);
}

/* Its name, whole, right of it or, at the edge, left. */
static void name_fence(const Hop *h, Canvas *c, const HopScale *s, const Paint *p)
{
    static const char name[] = "limit";
    int cols = text_cols(name);
    int col = column_of(h, s, h->fence);
    if (!(h->fence < h->to))
        return;
    int at = col + 1 + cols <= s->area.cols ? col + 1 : col - cols;
    panel_text(c, s->area.col + (at < 0 ? 0 : at), s->area.row, cols, name, ROLE_LIMIT, p);
}

static void draw_ball(const Hop *h, Canvas *c, const HopScale *s, double at, double f,
                      const char *glyph, Role role, const Paint *p)
{
    int row = dot_row(s, f) / 4;
    bool above = row < 0;
    row = above ? 0 : row >= s->area.rows ? s->area.rows - 1 : row;
    panel_text(c, s->area.col + column_of(h, s, at), s->area.row + row, 1, above ? "↑" : glyph, role,
               p);
}

void hop_draw(const Hop *h, Canvas *c, Rect pane, const Paint *p)
{
    char text[96];
    char here[NUMBER_TEXT];
    char there[NUMBER_TEXT];
    Rect in = rect_inside(pane);
    if (in.cols < 8 || in.rows < 2)
        return;
    bool down = h->there < h->here;
    panel_frame(c, pane, "the coming step", h->way, p);
    number_show(here, h->here, 3);
    number_show(there, h->there, 3);
    if (h->length > 0)
        snprintf(text, sizeof text, "loss %s → %s", here, there);
    else
        snprintf(text, sizeof text, "rate times slope is zero here");
    panel_text(c, in.col + 1, in.row, in.cols - 2, text,
               h->length > 0 && !down ? ROLE_BAD : ROLE_GOOD, p);
    if (!(h->length > 0) || !isfinite(h->length))
        return;
    HopScale s = scale_of(h, (Rect){in.col + 1, in.row + 1, in.cols - 2, in.rows - 1});
    draw_fence(h, c, &s, p);
    draw_profile(h, c, &s, p);
    name_fence(h, c, &s, p);
    draw_ball(h, c, &s, 0, h->here, "●", ROLE_HEAD, p);
    draw_ball(h, c, &s, 1, h->there, "◆", down ? ROLE_GOOD : ROLE_BAD, p);
}
