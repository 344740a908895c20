/* SPDX-License-Identifier: MIT
 * layer: see layer.h */
#include "view/layer.h"

#include <math.h>
#include <string.h>

enum { AROUND = 14 }; /* units that halos, dots and marks reach around their points */

static const Box nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

void layer_release(Layer *l)
{
    pixels_release(&l->now);
    for (int i = 0; i < LAYER_STROKES; i++)
        for (int k = 0; k < STROKE_PARTS; k++)
            pixels_release(&l->stroke[i].part[k]);
    *l = (Layer){0};
}

bool layer_resize(Layer *l, int width, int height)
{
    layer_release(l);
    l->shapes = -1;
    return pixels_resize(&l->now, width, height);
}

static Box whole(const Layer *l)
{
    return (Box){0, 0, l->now.width, l->now.height};
}

static Box join(Box a, Box b)
{
    return (Box){fmin(a.x0, b.x0), fmin(a.y0, b.y0), fmax(a.x1, b.x1), fmax(a.y1, b.y1)};
}

/* --- what is the same as before? ------------------------------------------------------------ */

static bool same_scale(Scale a, Scale b)
{
    return a.lo == b.lo && a.hi == b.hi && a.base == b.base && a.log == b.log;
}

static bool same_picture(const Layer *l, const Figure *f, double unit, const Paint *paint)
{
    return l->shapes == f->shapes && l->unit == unit && l->theme == paint->theme &&
           same_scale(l->panel.x.scale, f->panel[0].x.scale) &&
           same_scale(l->panel.y.scale, f->panel[0].y.scale);
}

static bool same_stroke(const Stroke *a, const Stroke *b)
{
    return a->at == b->at && a->from == b->from && a->first == b->first &&
           a->revision == b->revision && a->width == b->width && a->style == b->style &&
           a->alpha == b->alpha && a->bright == b->bright && b->last >= a->last;
}

static const Shape *stroke_of(const Figure *f, int index)
{
    for (int i = f->panel[0].first; i < f->panel[0].first + f->panel[0].shapes; i++)
        if (f->shape[i].kind == SHAPE_STROKE && !f->shape[i].stroke.scattered && index-- == 0)
            return &f->shape[i];
    return NULL;
}

static bool goes_on(const Layer *l, const Figure *f, double unit, const Paint *paint)
{
    if (!same_picture(l, f, unit, paint))
        return false;
    for (int i = 0; i < LAYER_STROKES && stroke_of(f, i); i++)
        if (!same_stroke(&l->stroke[i].stroke, &stroke_of(f, i)->stroke))
            return false;
    return true;
}

/* --- masks ---------------------------------------------------------------------------------- */

/* A pen that only adds to the mask. */
static void mask_line(void *to, const Vec2 *point, int count, const PenLine *line)
{
    FigurePen pen = pixels_pen(to);
    PenLine more = *line;
    more.more = true;
    if (count)
        pen.line(pen.to, point, count, &more);
}

static void mask_dots(void *to, const Vec2 *point, int count, double width, Ink ink)
{
    FigurePen pen = pixels_pen(to);
    const PenLine dot = {.ink = ink, .width = width, .more = true};
    for (int i = 0; i < count; i++)
        pen.line(pen.to, (const Vec2[2]){point[i], point[i]}, 2, &dot);
}

/* The box around points from..to of a stroke and what is drawn around them. */
static Box box_of(const FigureView *v, const Stroke *k, long from, long to)
{
    Box plot = figure_plot(v->figure, 0, v->at, v->unit), b = nothing;
    for (long i = from < k->first ? k->first : from; i <= to; i++) {
        Vec2 p = figure_place(&v->figure->panel[0], plot, k->at(k->from, i));
        if (isnan(p.x) || isnan(p.y))
            continue;
        p = vec2(fmin(fmax(p.x, plot.x0), plot.x1), fmin(fmax(p.y, plot.y0), plot.y1));
        b = join(b, (Box){p.x, p.y, p.x, p.y});
    }
    double around = AROUND * v->unit;
    return (Box){b.x0 - around, b.y0 - around, b.x1 + around, b.y1 + around};
}

static bool make_masks(Layer *l, LayerStroke *s)
{
    for (int k = 0; k < STROKE_PARTS; k++) {
        Pixels *p = &s->part[k];
        if (!p->cover && !pixels_resize(p, l->now.width, l->now.height))
            return false;
        memset(p->cover, 0, (size_t)p->width * (size_t)p->height);
        p->limit = p->clip = whole(l);
        p->phase = 0;
    }
    return true;
}

/* Bring the masks of a stroke up to where its bright end begins. */
static void add_old(Layer *l, FigureView *v, LayerStroke *s, const Shape *shape)
{
    long from = s->drawn, first, to;
    figure_stretch(&shape->stroke, 0, &first, &to);
    if (to <= from)
        return;
    for (int k = 0; k < STROKE_PARTS; k++) {
        FigurePen pen = pixels_pen(&s->part[k]);
        pen.line = mask_line;
        pen.dots = mask_dots;
        v->pen = &pen;
        figure_stroke(v, shape, (StrokePart)k, from, to, 0);
    }
    l->dirty = join(l->dirty, box_of(v, &shape->stroke, from - 1, to));
    s->drawn = to;
}

/* --- the raster ----------------------------------------------------------------------------- */

static void draw_stroke(Layer *l, const FigureView *v, const LayerStroke *s, const Shape *shape)
{
    long from, to;
    pixels_add_mask(&l->now, s->part[STROKE_HALO].cover);
    figure_stroke(v, shape, STROKE_HALO, s->drawn, shape->stroke.last, 0); /* on the same mask */
    for (int k = STROKE_LINE; k < STROKE_PARTS; k++) {
        pixels_add_mask(&l->now, s->part[k].cover);
        pixels_pour(&l->now, figure_stroke_ink(v, shape, (StrokePart)k, 0));
    }
    for (int i = 1; i <= FIGURE_STRETCHES; i++) {
        if (!figure_stretch(&shape->stroke, i, &from, &to))
            continue;
        figure_stroke(v, shape, STROKE_LINE, from, to, (double)i / FIGURE_STRETCHES);
        figure_stroke(v, shape, STROKE_DOTS, from, to, (double)i / FIGURE_STRETCHES);
    }
}

static void clear_part(Layer *l)
{
    Box b = l->now.limit;
    for (int y = (int)b.y0; y < b.y1; y++) {
        size_t at = (size_t)y * (size_t)l->now.width + (size_t)b.x0;
        memset(l->now.rgba + 4 * at, 0, 4 * (size_t)(b.x1 - b.x0));
    }
}

static long fresh_from(const Stroke *k)
{
    long first, old;
    figure_stretch(k, 0, &first, &old);
    return old;
}

/* The marks that move stand at the ends of strokes or are named heads; where they leave the window
 * they are at its edge, which box_of has clamped to as well. */
static Box fresh_of(const FigureView *v)
{
    Box fresh = nothing, plot = figure_plot(v->figure, 0, v->at, v->unit);
    for (int i = 0; i < LAYER_STROKES && stroke_of(v->figure, i); i++) {
        const Stroke *k = &stroke_of(v->figure, i)->stroke;
        fresh = join(fresh, box_of(v, k, fresh_from(k) - 1, k->last));
    }
    for (int i = 0; i < v->figure->shapes; i++) {
        const Shape *s = &v->figure->shape[i];
        bool still = s->kind == SHAPE_STROKE ||
                     (s->kind == SHAPE_MARK && s->mark != MARK_HEAD && !s->text[0]);
        Vec2 p = figure_place(&v->figure->panel[0], plot, s->a);
        double around = AROUND * v->unit;
        p = vec2(fmin(fmax(p.x, plot.x0), plot.x1), fmin(fmax(p.y, plot.y0), plot.y1));
        if (!still && !isnan(p.x) && !isnan(p.y))
            fresh = join(fresh, (Box){p.x - around, p.y - around, p.x + around, p.y + around});
    }
    return fresh;
}

static bool begin(Layer *l, const Figure *f, double unit, const Paint *paint)
{
    l->panel = f->panel[0];
    l->shapes = f->shapes;
    l->unit = unit;
    l->theme = paint->theme;
    pixels_clear(&l->now, paint, COLOR_DEFAULT);
    for (int i = 0; i < LAYER_STROKES && stroke_of(f, i); i++) {
        l->stroke[i].drawn = stroke_of(f, i)->stroke.first;
        if (!make_masks(l, &l->stroke[i]))
            return false;
    }
    return true;
}

bool layer_draw(Layer *l, const Figure *f, double unit, const Paint *paint)
{
    FigurePen pen = pixels_pen(&l->now);
    FigureView v = {f, 0, whole(l), unit, paint, &pen};
    bool anew = !goes_on(l, f, unit, paint);
    if (anew && !begin(l, f, unit, paint)) {
        l->shapes = -1;
        return false;
    }
    l->now.paint = paint;
    l->dirty = nothing;
    Box fresh = fresh_of(&v);
    for (int i = 0; i < LAYER_STROKES && stroke_of(f, i); i++) {
        add_old(l, &v, &l->stroke[i], stroke_of(f, i));
        l->stroke[i].stroke = stroke_of(f, i)->stroke;
    }
    v.pen = &pen;
    l->dirty = anew ? whole(l) : join(l->dirty, join(l->fresh, fresh));
    l->fresh = fresh;
    pixels_limit(&l->now, (Box){floor(l->dirty.x0), floor(l->dirty.y0), ceil(l->dirty.x1),
                                ceil(l->dirty.y1)});
    l->dirty = l->now.limit;
    if (!(l->dirty.x0 < l->dirty.x1 && l->dirty.y0 < l->dirty.y1))
        return true;
    l->now.clip = l->dirty;
    clear_part(l);
    for (int i = 0; i < LAYER_STROKES && stroke_of(f, i); i++)
        draw_stroke(l, &v, &l->stroke[i], stroke_of(f, i));
    figure_marks(&v);
    return true;
}
