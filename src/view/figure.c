/* SPDX-License-Identifier: MIT
 * figure: see figure.h */
#include "view/figure.h"

#include <string.h>

#include "base/text.h"
#include "view/contour.h"
#include "view/font.h"
#include "view/path.h"

/* --- data ---------------------------------------------------------------------------------- */

void figure_start(Figure *f, const char *title)
{
    f->panels = f->shapes = 0;
    f->bare = false;
    Text t = text_over(f->title, sizeof f->title);
    text_add(&t, "%s", title);
}

Panel *figure_panel(Figure *f, const char *title, const char *note)
{
    Panel *p = &f->panel[f->panels < FIGURE_PANELS ? f->panels++ : FIGURE_PANELS - 1];
    *p = (Panel){.at = {0, 0, 1, 1}, .first = f->shapes};
    Text t = text_over(p->title, sizeof p->title), n = text_over(p->note, sizeof p->note);
    text_add(&t, "%s", title);
    text_add(&n, "%s", note);
    p->x.scale = p->y.scale = (Scale){0, 1, 0, false};
    return p;
}

Shape *figure_add(Figure *f, ShapeKind kind, Role role)
{
    bool full = f->shapes == FIGURE_SHAPES;
    Shape *s = &f->shape[full ? FIGURE_SHAPES - 1 : f->shapes++];
    *s = (Shape){.kind = kind, .role = role};
    s->stroke = (Stroke){.width = 1.6, .alpha = 1, .last = -1};
    if (!full)
        f->panel[f->panels - 1].shapes++;
    return s;
}

/* --- layout -------------------------------------------------------------------------------- */

/* Heights and distances, in units. */
static const double capital = 8.6, small = 7.9, title_row = 29, foot_row = 21, name_row = 17,
                    margin = 14;

double figure_cell_unit(int cell_height)
{
    return cell_height < 13 ? 0.8 : cell_height / 16.0;
}

double figure_unit(double width, double height)
{
    double unit = fmin(width / 900, height / 600);
    return unit < 0.8 ? 0.8 : unit;
}

static Box panel_box(const Panel *p, Box at)
{
    double w = at.x1 - at.x0, h = at.y1 - at.y0;
    return (Box){at.x0 + p->at.x0 * w, at.y0 + p->at.y0 * h, at.x0 + p->at.x1 * w,
                 at.y0 + p->at.y1 * h};
}

static Ticks axis_of(const FigureAxis *a, double length, double apart)
{
    int want = (int)(length / apart) + 1;
    want = want < 2 ? 2 : want > 8 ? 8 : want;
    return a->steps ? axis_steps((long)a->scale.hi, want) : axis_ticks(&a->scale, want);
}

static double widest_tick(const Ticks *t, double unit)
{
    double widest = 0;
    for (int i = 0; i < t->count; i++)
        widest = fmax(widest, font_width(t->label[i], small * unit));
    return widest;
}

static const double swatch_room = 15; /* units */

static double widest_label(const Figure *f, const Panel *p, double unit)
{
    double widest = 0;
    for (int i = p->first; i < p->first + p->shapes; i++)
        if (f->shape[i].kind == SHAPE_LABEL)
            widest = fmax(widest, font_width(f->shape[i].text, small * unit) +
                                      (f->shape[i].swatch ? swatch_room * unit : 0));
    return widest > 0 ? 1.12 * widest + 4 * unit
                      : 0; /* the letters of an SVG's reader may be wider */
}

Box figure_plot(const Figure *f, int panel, Box at, double unit)
{
    const Panel *p = &f->panel[panel];
    Box b = panel_box(p, at);
    if (f->bare && (p->heat || p->tiles))
        return b;
    if (f->bare) /* a line at the edge stays whole */
        return (Box){b.x0, b.y0 + 2 * unit, b.x1, b.y1 - 2 * unit};
    Ticks t = axis_of(&p->y, b.y1 - b.y0 - 60 * unit, 42 * unit);
    b.x0 += 12 * unit + widest_tick(&t, unit) + (p->y.name[0] ? name_row : 6) * unit;
    b.x1 -= margin * unit + widest_label(f, p, unit);
    b.y0 += (p->title[0] || p->note[0] || p->heat ? title_row : 10) * unit;
    b.y1 -= (foot_row + (p->x.name[0] ? name_row : 4)) * unit;
    b.x1 = fmax(b.x1, b.x0 + 1);
    b.y1 = fmax(b.y1, b.y0 + 1);
    /* edges on whole pixels: axes and heat are sharp there */
    return (Box){round(b.x0), round(b.y0), round(b.x1), round(b.y1)};
}

Vec2 figure_place(const Panel *p, Box plot, Vec2 v)
{
    double x = scale_at(&p->x.scale, v.x), y = scale_at(&p->y.scale, v.y);
    /* what a logarithm cannot show lies on its floor */
    x = isinf(x) && p->x.scale.log ? 0 : x;
    y = isinf(y) && y < 0 && p->y.scale.log ? 0 : y;
    return vec2(plot.x0 + x * (plot.x1 - plot.x0), plot.y1 - y * (plot.y1 - plot.y0));
}

/* --- a panel being drawn ------------------------------------------------------------------- */

enum { RUN = 256 };

typedef struct Draft {
    const Figure *figure;
    const Panel *panel;
    Box at, plot;
    double unit;
    const Paint *paint;
    const FigurePen *pen;
    Vec2 point[RUN];
    int count;
} Draft;

static Ink ink_of(const Draft *d, Role role, double alpha)
{
    return (Ink){d->paint->role[role], alpha};
}

/* What halos are made of: the ground, which is dark below light strokes and light below dark. */
static Ink halo_ink(const Draft *d, double alpha)
{
    return ink_of(d, ROLE_BACK, alpha);
}

static bool is_inside(const Box *b, Vec2 p)
{
    return p.x >= b->x0 && p.x <= b->x1 && p.y >= b->y0 && p.y <= b->y1;
}

static void put_words(const Draft *d, Vec2 at, const char *text, double height, Anchor anchor,
                      Ink ink)
{
    const PenWords w = {
        .text = text, .at = at, .height = height * d->unit, .anchor = anchor, .ink = ink};
    if (text[0])
        d->pen->words(d->pen->to, &w);
}

static void put_line(const Draft *d, Vec2 a, Vec2 b, double width, Ink ink)
{
    const Vec2 two[2] = {a, b};
    const PenLine line = {.ink = ink, .width = width * d->unit};
    d->pen->line(d->pen->to, two, 2, &line);
}

static void put_disc(const Draft *d, Vec2 at, double radius, Ink ink)
{
    d->pen->dots(d->pen->to, &at, 1, 2 * radius * d->unit, ink);
}

static void put_ring(const Draft *d, Vec2 at, double radius, double width, Ink ink)
{
    enum { AROUND = 32 };
    Vec2 p[AROUND];
    const PenLine line = {.ink = ink, .width = width * d->unit, .closed = true};
    for (int i = 0; i < AROUND; i++) {
        double turn = 2 * acos(-1.0) * i / AROUND;
        p[i] = vec2(at.x + radius * d->unit * cos(turn), at.y + radius * d->unit * sin(turn));
    }
    d->pen->line(d->pen->to, p, AROUND, &line);
}

/* --- strokes ------------------------------------------------------------------------------- */

static const double dash_on[LINE_STYLES] = {0, 7, 0.1, 0.1}, dash_off[LINE_STYLES] = {0, 5, 4, 8};

static void flush(Draft *d, const PenLine *line)
{
    if (d->count > 1)
        d->pen->line(d->pen->to, d->point, d->count, line);
    d->count = 0;
}

/* All pieces of a stroke become one shape: where it crosses itself it covers once. */
static void finish(Draft *d, PenLine *line)
{
    flush(d, line);
    line->more = false;
    d->pen->line(d->pen->to, NULL, 0, line);
}

static void add_point(Draft *d, Vec2 p, const PenLine *line)
{
    if (d->count == RUN) {
        Vec2 last = d->point[RUN - 1];
        flush(d, line);
        d->point[d->count++] = last;
    }
    d->point[d->count++] = p;
}

/* A run that explodes crosses everything at every step: strokes between points that are both more
 * than a picture away would only paint it white. */
static bool far_out(const Box *b, Vec2 p)
{
    double w = b->x1 - b->x0, h = b->y1 - b->y0;
    return p.x < b->x0 - w || p.x > b->x1 + w || p.y < b->y0 - h || p.y > b->y1 + h;
}

/* The part of a..b inside the axes; joins what was drawn where it begins there. */
static void add_segment(Draft *d, Vec2 a, Vec2 b, const PenLine *line)
{
    Vec2 corner = vec2(d->plot.x0, d->plot.y0), p = vec_sub(a, corner), q = vec_sub(b, corner),
         whole = q;
    Vec2 from = p;
    if ((far_out(&d->plot, a) && far_out(&d->plot, b)) ||
        !clip_segment(&p, &q, d->plot.x1 - d->plot.x0, d->plot.y1 - d->plot.y0)) {
        flush(d, line);
        return;
    }
    if (p.x != from.x || p.y != from.y)
        flush(d, line); /* it comes in from outside */
    if (d->count == 0)
        add_point(d, vec_add(corner, p), line);
    add_point(d, vec_add(corner, q), line);
    if (q.x != whole.x || q.y != whole.y)
        flush(d, line);
}

static Vec2 stroke_point(const Draft *d, const Stroke *s, long i)
{
    return figure_place(d->panel, d->plot, s->at(s->from, i));
}

/* Points from..to of a stroke; such as hardly move are left out. */
static void follow(Draft *d, const Stroke *s, long from, long to, PenLine *line)
{
    const double least = 0.3;
    line->more = true;
    Vec2 here = stroke_point(d, s, from);
    d->count = 0;
    for (long i = from + 1; i <= to; i++) {
        Vec2 next = stroke_point(d, s, i);
        if (i < to && fabs(next.x - here.x) < least && fabs(next.y - here.y) < least)
            continue;
        if (isnan(here.x) || isnan(here.y) || isnan(next.x) || isnan(next.y))
            flush(d, line);
        else
            add_segment(d, here, next, line);
        here = next;
    }
    finish(d, line);
}

/* A dot at each of from..to that is well apart from the point before. */
static void follow_dots(Draft *d, const Stroke *s, long from, long to, double width, Ink ink)
{
    Vec2 before = stroke_point(d, s, from > s->first ? from - 1 : from);
    d->count = 0;
    for (long i = from; i <= to; i++) {
        Vec2 p = stroke_point(d, s, i);
        bool apart = vec_norm(vec_sub(p, before)) >= 1.5 * width;
        before = p;
        if (!apart || !is_inside(&d->plot, p))
            continue;
        d->point[d->count++] = p;
        if (d->count == RUN) {
            d->pen->dots(d->pen->to, d->point, d->count, width, ink);
            d->count = 0;
        }
    }
    if (d->count)
        d->pen->dots(d->pen->to, d->point, d->count, width, ink);
    d->count = 0;
}

static Color mix_colors(const Paint *p, Color a, Color b, double part)
{
    Color out = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double x = p->linear[a >> shift & 255], y = p->linear[b >> shift & 255];
        out |= (Color)p->encode[(int)((x + part * (y - x)) / 16)] << shift;
    }
    return out;
}

/* Blended in linear light a dark line looks thinner than a light one: it is drawn wider. */
static double stroke_width(const Draft *d, const Stroke *k)
{
    return (k->width + (d->paint->theme == THEME_LIGHT ? 0.5 : 0)) * d->unit;
}

static Ink part_ink(const Draft *d, const Shape *s, StrokePart part, double bright)
{
    const Stroke *k = &s->stroke;
    Color old = d->paint->role[s->role], new = d->paint->role[k->bright_role];
    if (part == STROKE_HALO)
        return halo_ink(d, 0.5);
    return (Ink){k->bright ? mix_colors(d->paint, old, new, bright) : old,
                 k->alpha + bright * (1 - k->alpha)};
}

static void draw_part(Draft *d, const Shape *s, StrokePart part, long from, long to, double bright)
{
    const Stroke *k = &s->stroke;
    Ink ink = part_ink(d, s, part, bright);
    double width = stroke_width(d, k) * (1 + 0.3 * bright);
    PenLine line = {.ink = ink,
                    .width = width,
                    .on = dash_on[k->style] * d->unit,
                    .off = dash_off[k->style] * d->unit};
    PenLine halo = {.ink = ink, .width = stroke_width(d, k) + 2.4 * d->unit};
    if (part == STROKE_DOTS && k->dots)
        follow_dots(d, k, from > k->first ? from + 1 : from, to, 2.6 * width, ink);
    else if (part == STROKE_LINE || (part == STROKE_HALO && k->halo))
        follow(d, k, from, to, part == STROKE_HALO ? &halo : &line);
}

static long bound(long v, long lo, long hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Stretches begin at multiples of their length, so that a step more changes the newest alone. */
bool figure_stretch(const Stroke *k, int i, long *from, long *to)
{
    long length = k->bright / FIGURE_STRETCHES > 0 ? k->bright / FIGURE_STRETCHES : 1;
    long newest = k->bright ? k->last / length * length : k->last;
    *to = i == FIGURE_STRETCHES || !k->bright
              ? k->last
              : bound(newest - (FIGURE_STRETCHES - 1 - i) * length, k->first, k->last);
    *from = i == 0 ? k->first : bound(newest - (FIGURE_STRETCHES - i) * length, k->first, k->last);
    return *to > *from && (i == 0 || k->bright);
}

static void draw_stroke(Draft *d, const Shape *s)
{
    long from, to;
    if (s->stroke.last < s->stroke.first)
        return;
    draw_part(d, s, STROKE_HALO, s->stroke.first, s->stroke.last, 0);
    for (int i = 0; i <= FIGURE_STRETCHES; i++) {
        if (!figure_stretch(&s->stroke, i, &from, &to))
            continue;
        draw_part(d, s, STROKE_LINE, from, to, (double)i / FIGURE_STRETCHES);
        draw_part(d, s, STROKE_DOTS, from, to, (double)i / FIGURE_STRETCHES);
    }
}

static void draw_scattered(const Draft *d, const Shape *s)
{
    for (long i = s->stroke.first; i <= s->stroke.last; i++) {
        Vec2 p = stroke_point(d, &s->stroke, i);
        if (!is_inside(&d->plot, p))
            continue;
        if (s->mark == MARK_SADDLE)
            put_ring(d, p, 0.55 * s->stroke.width, 1.3, ink_of(d, s->role, s->stroke.alpha));
        else
            put_disc(d, p, 0.5 * s->stroke.width, ink_of(d, s->role, s->stroke.alpha));
    }
}

static void draw_band(Draft *d, const Shape *s)
{
    const Stroke *k = &s->stroke;
    d->pen->clip(d->pen->to, d->plot);
    for (long i = k->first; i < k->last; i++) {
        const Vec2 p[4] = {figure_place(d->panel, d->plot, k->at(k->from, i)),
                           figure_place(d->panel, d->plot, k->at(k->from, i + 1)),
                           figure_place(d->panel, d->plot, s->upper(k->from, i + 1)),
                           figure_place(d->panel, d->plot, s->upper(k->from, i))};
        bool known = true;
        for (int c = 0; c < 4; c++)
            known = known && vec_finite(p[c]);
        if (known)
            d->pen->fill(d->pen->to, p, 4, ink_of(d, s->role, k->alpha));
    }
    d->pen->clip(d->pen->to, d->at);
}

/* --- marks --------------------------------------------------------------------------------- */

static void put_star(const Draft *d, Vec2 at, double radius, Ink ink)
{
    Vec2 p[10];
    for (int i = 0; i < 10; i++) {
        double turn = acos(-1.0) * (i / 5.0 - 0.5), r = (i & 1 ? 0.45 : 1) * radius * d->unit;
        p[i] = vec2(at.x + r * cos(turn), at.y + r * sin(turn));
    }
    d->pen->fill(d->pen->to, p, 10, ink);
}

static void put_cross(const Draft *d, Vec2 at, double arm, double width, Ink ink)
{
    double r = arm * d->unit;
    put_line(d, vec2(at.x - r, at.y - r), vec2(at.x + r, at.y + r), width, ink);
    put_line(d, vec2(at.x - r, at.y + r), vec2(at.x + r, at.y - r), width, ink);
}

/* A head: a triangle that points along `way`, its tip at `tip`. */
static void put_head(const Draft *d, Vec2 tip, Vec2 way, double size, Ink ink)
{
    double length = vec_norm(way), s = size * d->unit;
    if (!(length > 0) || !vec_finite(way))
        return;
    Vec2 u = vec_scale(s / length, way), back = vec_sub(tip, vec_scale(1.6, u));
    const Vec2 p[3] = {tip, vec2(back.x - 0.7 * u.y, back.y + 0.7 * u.x),
                       vec2(back.x + 0.7 * u.y, back.y - 0.7 * u.x)};
    d->pen->fill(d->pen->to, p, 3, ink);
}

/* Where a point outside the axes is, as seen from inside: an arrow at the nearest edge. */
static void put_outside(const Draft *d, const Shape *s, Vec2 p)
{
    Vec2 edge =
        vec2(fmin(fmax(p.x, d->plot.x0), d->plot.x1), fmin(fmax(p.y, d->plot.y0), d->plot.y1));
    Vec2 way = vec_norm(s->b) > 0
                   ? vec2(s->b.x * (d->plot.x1 - d->plot.x0), -s->b.y * (d->plot.y1 - d->plot.y0))
                   : vec_sub(p, edge);
    if (!vec_finite(edge) || !vec_finite(way))
        return;
    double length = vec_norm(way);
    put_head(d, vec_add(edge, vec_scale(2.5 * d->unit / length, way)), way, 9, halo_ink(d, 0.8));
    put_head(d, edge, way, 6.5, ink_of(d, s->role, 1));
}

static void draw_mark(const Draft *d, const Shape *s)
{
    Vec2 p = figure_place(d->panel, d->plot, s->a);
    Ink ink = ink_of(d, s->role, 1), ground = halo_ink(d, 0.72);
    if (isnan(p.x) || isnan(p.y))
        return;
    bool inside = is_inside(&d->plot, p);
    if (d->figure->bare && !d->panel->heat && inside) { /* there is no margin: it stays whole */
        double r = 6 * d->unit;
        p = vec2(fmin(fmax(p.x, d->plot.x0 + r), d->plot.x1 - r),
                 fmin(fmax(p.y, d->plot.y0 + r), d->plot.y1 - r));
    }
    if (!inside) {
        put_outside(d, s, p);
    } else if (s->text[0]) {
        put_disc(d, p, 7.5, halo_ink(d, 0.8));
        put_words(d, vec2(p.x, p.y + 4 * d->unit), s->text, 8, ANCHOR_MIDDLE, ink);
    } else if (s->mark == MARK_GLOBAL) {
        put_star(d, p, 11.5, ground);
        put_star(d, p, 8, ink);
    } else if (s->mark == MARK_LOCAL) {
        put_cross(d, p, 4.2, 5.2, ground);
        put_cross(d, p, 4.2, 2, ink);
    } else if (s->mark == MARK_HEAD) {
        put_disc(d, p, 7, ground);
        put_disc(d, p, 4.8, ink);
    } else if (s->mark == MARK_START) {
        put_ring(d, p, 4.6, 4.2, ground);
        put_ring(d, p, 4.6, 1.8, ink);
    } else if (s->mark == MARK_SADDLE) {
        put_ring(d, p, 2.6, 3, halo_ink(d, 0.5));
        put_ring(d, p, 2.6, 1.2, ink);
    } else {
        put_disc(d, p, 2.6, ink);
    }
}

static void draw_arrow(const Draft *d, const Shape *s)
{
    Vec2 a = figure_place(d->panel, d->plot, s->a), b = figure_place(d->panel, d->plot, s->b);
    Vec2 corner = vec2(d->plot.x0, d->plot.y0), way = vec_sub(b, a), p = vec_sub(a, corner),
         q = vec_sub(b, corner);
    if (!clip_segment(&p, &q, d->plot.x1 - d->plot.x0, d->plot.y1 - d->plot.y0))
        return;
    p = vec_add(corner, p);
    q = vec_add(corner, q);
    double length = vec_norm(way);
    if (!(length > 0))
        return;
    Vec2 neck = vec_sub(q, vec_scale(fmin(8 * d->unit / length, 1), way));
    put_line(d, p, q, 4.4, halo_ink(d, 0.5));
    put_line(d, p, neck, 1.8, ink_of(d, s->role, 1));
    put_head(d, q, way, 7, ink_of(d, s->role, 1));
}

/* --- fences and words ---------------------------------------------------------------------- */

static void draw_fence(const Draft *d, const Shape *s)
{
    bool upright = isnan(s->a.y);
    Vec2 p = figure_place(d->panel, d->plot,
                          upright ? vec2(s->a.x, d->panel->y.scale.lo)
                                  : vec2(d->panel->x.scale.lo, s->a.y));
    Vec2 a = upright ? vec2(p.x, d->plot.y0) : vec2(d->plot.x0, p.y);
    Vec2 b = upright ? vec2(p.x, d->plot.y1) : vec2(d->plot.x1, p.y);
    if (!is_inside(&d->plot, a))
        return;
    const Vec2 two[2] = {a, b};
    const PenLine line = {.ink = ink_of(d, s->role, s->stroke.alpha),
                          .width = 1.3 * d->unit,
                          .on = 5 * d->unit,
                          .off = 4 * d->unit};
    d->pen->line(d->pen->to, two, 2, &line);
    if (d->figure->bare)
        return;
    double wide = font_width(s->text, small * d->unit) + 6 * d->unit;
    bool left = upright && a.x + wide > d->plot.x1;
    Vec2 at = upright ? vec2(a.x + (left ? -5 : 5) * d->unit, a.y + (12 + 14 * s->b.y) * d->unit)
                      : vec2(b.x - 4 * d->unit, b.y - 5 * d->unit);
    put_words(d, at, s->text, small, upright && !left ? ANCHOR_START : ANCHOR_END,
              ink_of(d, s->role, 1));
}

static void draw_words(const Draft *d, const Shape *s)
{
    Vec2 p = figure_place(d->panel, d->plot, s->a);
    if (!vec_finite(p))
        return;
    p.x = fmin(fmax(p.x, d->plot.x0), d->plot.x1);
    p.y = fmin(fmax(p.y, d->plot.y0 + 12 * d->unit), d->plot.y1);
    double wide = font_width(s->text, small * d->unit) + 9 * d->unit;
    bool left = p.x + wide > d->plot.x1;
    put_words(d, vec2(p.x + (left ? -9 : 9) * d->unit, p.y - 6 * d->unit), s->text, small,
              left ? ANCHOR_END : ANCHOR_START, ink_of(d, s->role, 1));
}

static void draw_tick(const Draft *d, const Shape *s)
{
    double x = figure_place(d->panel, d->plot, s->a).x, y = d->plot.y1, u = d->unit;
    const Vec2 caret[3] = {
        {x, y - 0.5 * u}, {x - 3.6 * u, y + 6.5 * u}, {x + 3.6 * u, y + 6.5 * u}};
    if (x >= d->plot.x0 && x <= d->plot.x1)
        d->pen->fill(d->pen->to, caret, 3, ink_of(d, s->role, 1));
}

/* A square of ten units, its left edge at `at`. */
static void put_swatch(const Draft *d, Vec2 at, Color color)
{
    double x0 = round(at.x), y0 = round(at.y - 5 * d->unit), size = round(10 * d->unit);
    const Vec2 p[4] = {{x0, y0}, {x0 + size, y0}, {x0 + size, y0 + size}, {x0, y0 + size}};
    d->pen->fill(d->pen->to, p, 4, (Ink){color, 1});
}

enum { LABELS = 24 };

/* Labels of the right margin, from the top, moved apart by a line at least. */
static void draw_labels(const Draft *d)
{
    const Shape *label[LABELS];
    double at[LABELS], line = 13 * d->unit;
    int n = 0;
    for (int i = d->panel->first; i < d->panel->first + d->panel->shapes && n < LABELS; i++) {
        const Shape *s = &d->figure->shape[i];
        double y = figure_place(d->panel, d->plot, s->a).y;
        if (s->kind != SHAPE_LABEL || isnan(y))
            continue;
        y = fmin(fmax(y, d->plot.y0 + 5 * d->unit), d->plot.y1 - 3 * d->unit);
        int k = n++;
        for (; k > 0 && at[k - 1] > y; k--) {
            at[k] = at[k - 1];
            label[k] = label[k - 1];
        }
        at[k] = y;
        label[k] = s;
    }
    for (int k = 1; k < n; k++)
        at[k] = fmax(at[k], at[k - 1] + line);
    for (int k = n - 1; k >= 0; k--)
        at[k] = fmin(at[k], (k == n - 1 ? d->plot.y1 + 2 * d->unit : at[k + 1] - line));
    for (int k = 0; k < n; k++) {
        double x = d->plot.x1 + (label[k]->swatch ? 7 + swatch_room : 7) * d->unit;
        if (label[k]->swatch)
            put_swatch(d, vec2(d->plot.x1 + 8 * d->unit, at[k]), label[k]->color);
        put_words(d, vec2(x, at[k] + 0.5 * small * d->unit), label[k]->text, small, ANCHOR_START,
                  ink_of(d, label[k]->role, 1));
    }
}

/* --- axes ---------------------------------------------------------------------------------- */

static void draw_x_axis(const Draft *d)
{
    const FigureAxis *a = &d->panel->x;
    Ticks t = axis_of(a, d->plot.x1 - d->plot.x0, 84 * d->unit);
    double free_x = d->at.x0, u = d->unit;
    double last = t.count ? font_width(t.label[t.count - 1], small * u) : 0;
    for (int i = 0; i < t.count; i++) {
        double x =
            figure_place(d->panel, d->plot, vec2(t.value[i] + a->scale.base, d->panel->y.scale.lo))
                .x;
        double wide = font_width(t.label[i], small * u), edge = d->at.x1 - wide / 2;
        if (x < d->plot.x0 - 1 || x > d->plot.x1 + 1)
            continue;
        put_line(d, vec2(x, d->plot.y1), vec2(x, d->plot.y1 + 4 * u), 1, ink_of(d, ROLE_FRAME, 1));
        double at = fmin(x, edge);
        bool last_room = i == t.count - 1 || at + wide / 2 + 6 * u < d->plot.x1 - last / 2;
        if (at - wide / 2 < free_x || !last_room)
            continue;
        put_words(d, vec2(at, d->plot.y1 + 17 * u), t.label[i], small, ANCHOR_MIDDLE,
                  ink_of(d, ROLE_DIM, 1));
        free_x = at + wide / 2 + 6 * u;
    }
    put_words(d, vec2(0.5 * (d->plot.x0 + d->plot.x1), d->plot.y1 + 33 * u), a->name, small,
              ANCHOR_MIDDLE, ink_of(d, ROLE_DIM, 1));
}

/* A quiet line at each tick; over heat it would be one contour more. */
static void draw_grid(const Draft *d)
{
    const FigureAxis *a = &d->panel->y;
    Ticks t = axis_of(a, d->plot.y1 - d->plot.y0, 42 * d->unit);
    for (int i = 0; i < t.count; i++) {
        double y =
            figure_place(d->panel, d->plot, vec2(d->panel->x.scale.lo, t.value[i] + a->scale.base))
                .y;
        if (y >= d->plot.y0 - 1 && y < d->plot.y1 - 1)
            put_line(d, vec2(d->plot.x0, y), vec2(d->plot.x1, y), 0.8, ink_of(d, ROLE_TRACK, 0.8));
    }
}

static void draw_y_axis(const Draft *d)
{
    const FigureAxis *a = &d->panel->y;
    Ticks t = axis_of(a, d->plot.y1 - d->plot.y0, 42 * d->unit);
    double u = d->unit;
    for (int i = 0; i < t.count; i++) {
        double y =
            figure_place(d->panel, d->plot, vec2(d->panel->x.scale.lo, t.value[i] + a->scale.base))
                .y;
        if (y < d->plot.y0 - 1 || y > d->plot.y1 + 1)
            continue;
        put_line(d, vec2(d->plot.x0 - 4 * u, y), vec2(d->plot.x0, y), 1, ink_of(d, ROLE_FRAME, 1));
        put_words(d, vec2(d->plot.x0 - 8 * u, y + 0.5 * small * u), t.label[i], small, ANCHOR_END,
                  ink_of(d, ROLE_DIM, 1));
    }
    const PenWords name = {.text = a->name,
                           .at = {d->at.x0 + 14 * u, 0.5 * (d->plot.y0 + d->plot.y1)},
                           .height = small * u,
                           .anchor = ANCHOR_MIDDLE,
                           .turned = true,
                           .ink = ink_of(d, ROLE_DIM, 1)};
    if (a->name[0])
        d->pen->words(d->pen->to, &name);
}

static void draw_frame(const Draft *d)
{
    const Box *b = &d->plot;
    Ink ink = ink_of(d, ROLE_FRAME, 1);
    if (d->panel->heat) {
        const Vec2 around[4] = {{b->x0, b->y0}, {b->x1, b->y0}, {b->x1, b->y1}, {b->x0, b->y1}};
        const PenLine line = {.ink = ink, .width = d->unit, .closed = true};
        d->pen->line(d->pen->to, around, 4, &line);
        return;
    }
    put_line(d, vec2(b->x0, b->y0), vec2(b->x0, b->y1), 1, ink);
    put_line(d, vec2(b->x0, b->y1), vec2(b->x1, b->y1), 1, ink);
}

/* "0.02 [colours] 4.1", right above the heat. */
static double draw_scale(const Draft *d)
{
    enum { STEPS = 24 };
    const Field *f = d->panel->heat;
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    double u = d->unit, y = d->plot.y0 - 9 * u, x = d->plot.x1, step = 3 * u;
    if (!f || !f->shown || f->lowest > f->highest)
        return x;
    number_show(low, f->lowest, 2);
    number_show(high, field_loss_at(f, 1), 2);
    put_words(d, vec2(x, y), high, small, ANCHOR_END, ink_of(d, ROLE_DIM, 1));
    x -= font_width(high, small * u) + 6 * u + STEPS * step;
    for (int i = 0; i < STEPS; i++) {
        Ink ink = {paint_heat(d->paint, 254.0 * (i + 0.5) / STEPS), 1};
        const Vec2 p[4] = {{x + i * step, y - 7.5 * u},
                           {x + (i + 1) * step, y - 7.5 * u},
                           {x + (i + 1) * step, y},
                           {x + i * step, y}};
        d->pen->fill(d->pen->to, p, 4, ink);
    }
    put_words(d, vec2(x - 6 * u, y), low, small, ANCHOR_END, ink_of(d, ROLE_DIM, 1));
    return x - 6 * u - font_width(low, small * u) - 14 * u;
}

static void draw_title(const Draft *d)
{
    double right = draw_scale(d), u = d->unit, y = d->plot.y0 - 9 * u;
    const PenWords title = {.text = d->panel->title,
                            .at = {d->plot.x0, y},
                            .height = capital * u,
                            .bold = true,
                            .ink = ink_of(d, ROLE_TITLE, 1)};
    if (title.text[0])
        d->pen->words(d->pen->to, &title);
    double room = right - d->plot.x0 - font_width(title.text, capital * u) - 14 * u;
    if (font_width(d->panel->note, small * u) <= room)
        put_words(d, vec2(right, y), d->panel->note, small, ANCHOR_END, ink_of(d, ROLE_DIM, 1));
}

/* --- heat ---------------------------------------------------------------------------------- */

static PenLine contour_line(const Draft *d)
{
    double alpha = d->paint->theme == THEME_CONTRAST ? 0.4 : 0.2;
    return (PenLine){
        .ink = ink_of(d, ROLE_PATH, alpha), .width = 0.9 * fmax(d->unit, 1), .more = true};
}

static void contour_piece(void *to, const Vec2 *point, int count)
{
    Draft *d = to;
    Vec2 p[RUN];
    const PenLine line = contour_line(d);
    count = count < RUN ? count : RUN;
    for (int i = 0; i < count; i++)
        p[i] = vec2(d->plot.x0 + point[i].x * (d->plot.x1 - d->plot.x0),
                    d->plot.y0 + point[i].y * (d->plot.y1 - d->plot.y0));
    d->pen->line(d->pen->to, p, count, &line);
}

static void draw_heat(Draft *d)
{
    const Field *f = d->panel->heat;
    PenLine line = contour_line(d);
    if (d->panel->tiles)
        d->pen->tiles(d->pen->to, d->plot, d->panel->tiles);
    if (!f || !f->shown)
        return;
    d->pen->heat(d->pen->to, d->plot, f);
    double sample = (d->plot.x1 - d->plot.x0) / (f->cols > 0 ? f->cols : 1);
    for (int i = 0; i < f->levels && f->done; i++)
        contour_trace(f, i, 4.5 * d->unit / sample, contour_piece, d);
    finish(d, &line);
}

/* --- the whole ----------------------------------------------------------------------------- */

static void draw_shape(Draft *d, const Shape *s)
{
    switch (s->kind) {
    case SHAPE_STROKE:
        if (s->stroke.scattered)
            draw_scattered(d, s);
        else
            draw_stroke(d, s);
        break;
    case SHAPE_BAND:
        draw_band(d, s);
        break;
    case SHAPE_MARK:
        draw_mark(d, s);
        break;
    case SHAPE_FENCE:
        draw_fence(d, s);
        break;
    case SHAPE_ARROW:
        draw_arrow(d, s);
        break;
    case SHAPE_WORDS:
        draw_words(d, s);
        break;
    case SHAPE_TICK:
        if (!d->figure->bare)
            draw_tick(d, s);
        break;
    case SHAPE_LABEL:
        break;
    }
}

static Draft draft_of(const FigureView *v)
{
    const Panel *p = &v->figure->panel[v->panel];
    return (Draft){.figure = v->figure,
                   .panel = p,
                   .at = panel_box(p, v->at),
                   .plot = figure_plot(v->figure, v->panel, v->at, v->unit),
                   .unit = v->unit,
                   .paint = v->paint,
                   .pen = v->pen};
}

void figure_stroke(const FigureView *v, const Shape *s, StrokePart part, long from, long to,
                   double bright)
{
    Draft d = draft_of(v);
    draw_part(&d, s, part, from, to, bright);
}

Ink figure_stroke_ink(const FigureView *v, const Shape *s, StrokePart part, double bright)
{
    Draft d = draft_of(v);
    return part_ink(&d, s, part, bright);
}

void figure_base(const FigureView *v)
{
    Draft d = draft_of(v);
    d.pen->clip(d.pen->to, d.plot);
    draw_heat(&d);
    if (!d.panel->heat)
        draw_grid(&d);
}

void figure_marks(const FigureView *v)
{
    Draft d = draft_of(v);
    for (int i = d.panel->first; i < d.panel->first + d.panel->shapes; i++)
        if (d.figure->shape[i].kind != SHAPE_STROKE || d.figure->shape[i].stroke.scattered)
            draw_shape(&d, &d.figure->shape[i]);
}

static void draw_panel(Draft *d)
{
    bool ground = d->panel->heat || d->panel->tiles;
    d->pen->clip(d->pen->to, d->at);
    if (!d->figure->bare && !ground) {
        draw_grid(d);
        draw_y_axis(d);
        draw_x_axis(d);
    }
    d->pen->clip(d->pen->to, d->plot);
    draw_heat(d);
    d->pen->clip(d->pen->to, d->at);
    if (!d->figure->bare) {
        draw_frame(d);
        draw_title(d);
    }
    if (!d->figure->bare && ground) {
        draw_y_axis(d);
        draw_x_axis(d);
    }
    for (int i = d->panel->first; i < d->panel->first + d->panel->shapes; i++)
        draw_shape(d, &d->figure->shape[i]);
    if (!d->figure->bare)
        draw_labels(d);
}

void figure_draw(const Figure *f, Box at, double unit, const Paint *paint, const FigurePen *pen)
{
    for (int i = 0; i < f->panels; i++) {
        const FigureView v = {f, i, at, unit, paint, pen};
        Draft d = draft_of(&v);
        draw_panel(&d);
    }
}
