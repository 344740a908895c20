/* SPDX-License-Identifier: MIT
 * pixels: see pixels.h */
#include "view/pixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/font.h"

bool pixels_resize(Pixels *p, int width, int height)
{
    Pixels n = {.width = width < 0 ? 0 : width, .height = height < 0 ? 0 : height};
    size_t all = (size_t)n.width * (size_t)n.height + 1;
    n.rgba = calloc(all, 4);
    n.cover = calloc(all, 1);
    if (!n.rgba || !n.cover) {
        pixels_release(&n);
        return false;
    }
    pixels_release(p);
    *p = n;
    return true;
}

void pixels_release(Pixels *p)
{
    free(p->rgba);
    free(p->cover);
    *p = (Pixels){0};
}

void pixels_clear(Pixels *p, const Paint *paint, Color color)
{
    uint8_t one[4] = {color >> 16 & 255, color >> 8 & 255, color & 255, 255};
    if (color == COLOR_DEFAULT)
        memset(one, 0, sizeof one);
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
        memcpy(p->rgba + 4 * i, one, 4);
    p->paint = paint;
    p->clip = p->limit = (Box){0, 0, p->width, p->height};
}

void pixels_limit(Pixels *p, Box b)
{
    p->limit = (Box){fmax(b.x0, 0), fmax(b.y0, 0), fmin(b.x1, p->width), fmin(b.y1, p->height)};
}

/* --- colour through the mask --------------------------------------------------------------- */

/* Over in linear light; `a` of 255. */
static void blend(const Paint *paint, uint8_t *to, Color color, unsigned a)
{
    unsigned below = to[3] * (255 - a) / 255, all = a + below;
    if (a == 0)
        return;
    for (int k = 0; k < 3; k++) {
        uint32_t over = paint->linear[color >> (16 - 8 * k) & 255], under = paint->linear[to[k]];
        to[k] = paint->encode[(over * a + under * below + all / 2) / all / 16];
    }
    to[3] = (uint8_t)all;
}

static uint8_t *mask_at(const Pixels *p, int x, int y)
{
    return p->cover + (size_t)y * (size_t)p->width + (size_t)x;
}

/* The part of a box that is on the raster, as whole pixels; joined to the mask in use. */
static bool mask_part(Pixels *p, Box b, int *x0, int *y0, int *x1, int *y1)
{
    *x0 = (int)floor(fmax(fmax(b.x0, p->clip.x0), p->limit.x0));
    *y0 = (int)floor(fmax(fmax(b.y0, p->clip.y0), p->limit.y0));
    *x1 = (int)ceil(fmin(fmin(b.x1, p->clip.x1), p->limit.x1));
    *y1 = (int)ceil(fmin(fmin(b.y1, p->clip.y1), p->limit.y1));
    if (!(*x0 < *x1 && *y0 < *y1))
        return false;
    bool none = p->x0 >= p->x1;
    p->x0 = none || *x0 < p->x0 ? *x0 : p->x0;
    p->y0 = none || *y0 < p->y0 ? *y0 : p->y0;
    p->x1 = none || *x1 > p->x1 ? *x1 : p->x1;
    p->y1 = none || *y1 > p->y1 ? *y1 : p->y1;
    return true;
}

void pixels_pour(Pixels *p, Ink ink)
{
    unsigned alpha = (unsigned)lround(255 * fmin(fmax(ink.alpha, 0), 1));
    for (int y = p->y0; y < p->y1; y++) {
        uint8_t *mask = mask_at(p, p->x0, y),
                *to = p->rgba + 4 * ((size_t)y * (size_t)p->width + (size_t)p->x0);
        for (int x = p->x0; x < p->x1; x++, mask++, to += 4)
            if (*mask) {
                blend(p->paint, to, ink.color, (*mask * alpha + 127) / 255);
                *mask = 0;
            }
    }
    p->x0 = p->x1 = 0;
    p->phase = 0;
}

void pixels_add_mask(Pixels *p, const uint8_t *mask)
{
    int x0, y0, x1, y1;
    if (!mask_part(p, p->limit, &x0, &y0, &x1, &y1))
        return;
    for (int y = y0; y < y1; y++) {
        const uint8_t *from = mask + (size_t)y * (size_t)p->width;
        uint8_t *to = mask_at(p, 0, y);
        for (int x = x0; x < x1; x++)
            to[x] = from[x] > to[x] ? from[x] : to[x];
    }
}

/* --- lines --------------------------------------------------------------------------------- */

/* What lies within `radius` of the segment a..b is covered, with an edge one pixel wide; lines
 * thinner than a pixel are a pixel wide and fainter. */
static void cover_segment(Pixels *p, Vec2 a, Vec2 b, double width)
{
    double radius = fmax(width, 1) / 2, most = 255 * fmin(width, 1), reach = radius + 1;
    Vec2 way = vec_sub(b, a);
    double square = way.x * way.x + way.y * way.y;
    int x0, y0, x1, y1;
    Box box = {fmin(a.x, b.x) - reach, fmin(a.y, b.y) - reach, fmax(a.x, b.x) + reach,
               fmax(a.y, b.y) + reach};
    if (!mask_part(p, box, &x0, &y0, &x1, &y1))
        return;
    for (int y = y0; y < y1; y++) {
        int from = x0, to = x1;
        if (fabs(way.y) > 1e-9) { /* only the part of the line that is near */
            double middle = a.x + (y + 0.5 - a.y) * way.x / way.y;
            double half = reach * sqrt(square) / fabs(way.y) + 1;
            from = middle - half > from ? (int)fmin(middle - half, x1) : from;
            to = middle + half < to ? (int)fmax(ceil(middle + half), x0) : to;
        }
        uint8_t *mask = mask_at(p, from, y);
        for (int x = from; x < to; x++, mask++) {
            Vec2 to_a = vec2(x + 0.5 - a.x, y + 0.5 - a.y);
            double k = square > 0 ? (to_a.x * way.x + to_a.y * way.y) / square : 0;
            k = k < 0 ? 0 : k > 1 ? 1 : k;
            double dx = to_a.x - k * way.x, dy = to_a.y - k * way.y;
            double in = radius + 0.5 - sqrt(dx * dx + dy * dy);
            uint8_t full = (uint8_t)(most * (in < 0 ? 0 : in > 1 ? 1 : in) + 0.5);
            *mask = full > *mask ? full : *mask;
        }
    }
}

static void cover_dashes(Pixels *p, const Vec2 *point, int count, const PenLine *line)
{
    double cycle = line->on + line->off;
    for (int i = 1; i < count; i++) {
        Vec2 a = point[i - 1], way = vec_sub(point[i], a);
        double length = vec_norm(way);
        for (double s = 0; s < length;) {
            double in = fmod(p->phase + s, cycle),
                   left = in < line->on ? line->on - in : cycle - in;
            double end = fmin(s + fmax(left, 1e-3), length);
            if (in < line->on)
                cover_segment(p, vec_add(a, vec_scale(s / length, way)),
                              vec_add(a, vec_scale(end / length, way)), line->width);
            s = end;
        }
        p->phase = fmod(p->phase + length, cycle);
    }
}

static void pen_clip(void *to, Box box)
{
    Pixels *p = to;
    p->clip = box;
}

static void pen_line(void *to, const Vec2 *point, int count, const PenLine *line)
{
    Pixels *p = to;
    if (line->off > 0)
        cover_dashes(p, point, count, line);
    for (int i = 1; i < count && !(line->off > 0); i++)
        cover_segment(p, point[i - 1], point[i], line->width);
    if (line->closed && count > 2)
        cover_segment(p, point[count - 1], point[0], line->width);
    if (!line->more)
        pixels_pour(p, line->ink);
}

static void pen_dots(void *to, const Vec2 *point, int count, double width, Ink ink)
{
    Pixels *p = to;
    for (int i = 0; i < count; i++)
        cover_segment(p, point[i], point[i], width);
    pixels_pour(p, ink);
}

/* --- areas --------------------------------------------------------------------------------- */

enum { SUBLINES = 5, CROSSINGS = 64 };

static int crossings_of(const Vec2 *point, int count, double y, double x[CROSSINGS])
{
    int n = 0;
    for (int i = 0; i < count && n < CROSSINGS; i++) {
        Vec2 a = point[i], b = point[(i + 1) % count];
        if ((a.y <= y) == (b.y <= y))
            continue;
        double at = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        int k = n++;
        for (; k > 0 && x[k - 1] > at; k--)
            x[k] = x[k - 1];
        x[k] = at;
    }
    return n;
}

/* Add what the span covers of each pixel of a line to the mask. */
static void cover_span(Pixels *p, int y, double from, double to, double part)
{
    from = fmax(from, fmax(p->clip.x0, p->limit.x0));
    to = fmin(to, fmin(p->clip.x1, p->limit.x1));
    for (int x = (int)from; x < to && x < p->width; x++) {
        double covered = fmin(to, x + 1) - fmax(from, x);
        uint8_t *mask = mask_at(p, x, y);
        double all = *mask + 255 * part * (covered > 0 ? covered : 0);
        *mask = (uint8_t)fmin(all + 0.5, 255);
    }
}

static void pen_fill(void *to, const Vec2 *point, int count, Ink ink)
{
    Pixels *p = to;
    Box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    int x0, y0, x1, y1;
    for (int i = 0; i < count; i++) {
        box = (Box){fmin(box.x0, point[i].x), fmin(box.y0, point[i].y), fmax(box.x1, point[i].x),
                    fmax(box.y1, point[i].y)};
    }
    if (!mask_part(p, box, &x0, &y0, &x1, &y1))
        return;
    for (int y = y0; y < y1; y++)
        for (int sub = 0; sub < SUBLINES; sub++) {
            double x[CROSSINGS];
            int n = crossings_of(point, count, y + (sub + 0.5) / SUBLINES, x);
            for (int k = 0; k + 1 < n; k += 2)
                cover_span(p, y, x[k], x[k + 1], 1.0 / SUBLINES);
        }
    pixels_pour(p, ink);
}

/* --- heat ---------------------------------------------------------------------------------- */

/* Steps finer than the eye sees them; more only make the file larger. */
enum { HEAT_STEPS = 96 };

/* Samples along one axis: pixel i of n lies between sample `at` and the next, `part` of the way. */
static void sample_place(double i, double n, int samples, int *at, double *part)
{
    double s = (i + 0.5) / n * samples + 0.5; /* sample k of the field is at (k - 1/2) / samples */
    *at = (int)s;
    *at = *at > samples ? samples : *at;
    *part = s - *at;
}

static Color heat_color(const Pixels *p, const Color *ramp, int shade, int x, int y)
{
    if (shade != SHADE_HOLE)
        return ramp[shade];
    return p->paint->role[(x + y) % 8 < 2 ? ROLE_HOLE : ROLE_BACK];
}

static void pen_heat(void *to, Box at, const Field *f)
{
    Pixels *p = to;
    int x0 = (int)fmax(at.x0, p->limit.x0), y0 = (int)fmax(at.y0, p->limit.y0);
    int x1 = (int)fmin(at.x1, p->limit.x1), y1 = (int)fmin(at.y1, p->limit.y1);
    Color ramp[SHADE_HOLE];
    for (int k = 0; k < SHADE_HOLE; k++)
        ramp[k] = paint_heat(p->paint, 254.0 * (k * HEAT_STEPS / 255) / (HEAT_STEPS - 1));
    for (int y = y0; y < y1; y++) {
        int row;
        double v;
        sample_place(y - at.y0, at.y1 - at.y0, 2 * f->rows, &row, &v);
        const double *a = f->loss + (size_t)row * (size_t)f->stride, *b = a + f->stride;
        for (int x = x0; x < x1; x++) {
            int col;
            double u;
            sample_place(x - at.x0, at.x1 - at.x0, f->cols, &col, &u);
            double above = a[col] + u * (a[col + 1] - a[col]),
                   below = b[col] + u * (b[col + 1] - b[col]);
            int shade = field_shade(f, above + v * (below - above));
            Color c = heat_color(p, ramp, shade, x, y);
            uint8_t *out = p->rgba + 4 * ((size_t)y * (size_t)p->width + (size_t)x);
            out[0] = c >> 16 & 255;
            out[1] = c >> 8 & 255;
            out[2] = c & 255;
            out[3] = 255;
        }
    }
}

/* --- tiles --------------------------------------------------------------------------------- */

static void pen_tiles(void *to, Box at, const Tiles *t)
{
    Pixels *p = to;
    int x0 = (int)fmax(at.x0, p->limit.x0), y0 = (int)fmax(at.y0, p->limit.y0);
    int x1 = (int)fmin(at.x1, p->limit.x1), y1 = (int)fmin(at.y1, p->limit.y1);
    for (int y = y0; y < y1; y++) {
        int row = (int)((y + 0.5 - at.y0) / (at.y1 - at.y0) * t->rows);
        for (int x = x0; x < x1; x++) {
            int col = (int)((x + 0.5 - at.x0) / (at.x1 - at.x0) * t->cols);
            Color c = t->color[(size_t)row * (size_t)t->cols + (size_t)col];
            uint8_t *out = p->rgba + 4 * ((size_t)y * (size_t)p->width + (size_t)x);
            out[0] = c >> 16 & 255;
            out[1] = c >> 8 & 255;
            out[2] = c & 255;
            out[3] = 255;
        }
    }
}

/* --- words --------------------------------------------------------------------------------- */

typedef struct Hand {
    Pixels *pixels;
    Vec2 at;
    double width;
    bool turned;
} Hand;

static Vec2 hand_place(const Hand *h, Vec2 p)
{
    return h->turned ? vec2(h->at.x - p.y, h->at.y - p.x) : vec2(h->at.x + p.x, h->at.y - p.y);
}

static void hand_stroke(void *to, const Vec2 *point, int count)
{
    const Hand *h = to;
    if (count == 1)
        cover_segment(h->pixels, hand_place(h, point[0]), hand_place(h, point[0]), 1.35 * h->width);
    for (int i = 1; i < count; i++)
        cover_segment(h->pixels, hand_place(h, point[i - 1]), hand_place(h, point[i]), h->width);
}

static void pen_words(void *to, const PenWords *w)
{
    Pixels *p = to;
    double wide = font_width(w->text, w->height);
    double back = w->anchor == ANCHOR_START ? 0 : w->anchor == ANCHOR_MIDDLE ? wide / 2 : wide;
    double heavy = p->paint->theme == THEME_LIGHT ? 1.15 : 1; /* dark on light looks thinner */
    Hand h = {p, w->at, w->height * heavy * (w->bold ? 0.175 : 0.13), w->turned};
    /* the base line and the stems of what begins there stand on whole pixels */
    h.at.x = w->turned ? round(h.at.x) : round(h.at.x - back) + 0.5;
    h.at.y = w->turned ? h.at.y + back : round(h.at.y) - 0.5;
    font_strokes(w->text, w->height, hand_stroke, &h);
    pixels_pour(p, w->ink);
}

FigurePen pixels_pen(Pixels *p)
{
    return (FigurePen){p,        pen_clip, pen_heat, pen_tiles,
                       pen_fill, pen_line, pen_dots, pen_words};
}
