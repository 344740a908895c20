/* SPDX-License-Identifier: MIT
 * vector: see vector.h */
#include "out/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "out/png.h"
#include "view/pixels.h"

typedef struct Svg {
    Bytes *out;
    Deflate *deflate;
    const Paint *paint;
    Box clip;  /* asked for */
    int clips; /* groups begun so far */
    Box box;   /* of the last */
    bool open; /* a path is being written */
} Svg;

/* Tenths are finer than a pixel of any screen that shows the picture at its size. */
static long tenths(double v)
{
    return lround(10 * fmin(fmax(v, -1e6), 1e6));
}

static void put_tenths(Svg *s, long v, bool apart)
{
    const char *sign = v < 0 ? "-" : apart ? " " : "";
    long whole = labs(v) / 10, rest = labs(v) % 10;
    if (rest && whole)
        bytes_text(s->out, "%s%ld.%ld", sign, whole, rest);
    else if (rest)
        bytes_text(s->out, "%s.%ld", sign, rest);
    else
        bytes_text(s->out, "%s%ld", v == 0 && apart ? " " : sign, whole);
}

static void put_pair(Svg *s, char verb, long x, long y)
{
    bytes_byte(s->out, (unsigned char)verb);
    put_tenths(s, x, false);
    put_tenths(s, y, true);
}

static void put_ink(Svg *s, const char *what, Ink ink)
{
    bytes_text(s->out, " %s=\"#%06x\"", what, (unsigned)ink.color);
    if (ink.alpha < 1)
        bytes_text(s->out, " %s-opacity=\"%.2g\"", what, ink.alpha);
}

/* A point that lies on the line between its neighbours says nothing: within a twentieth of a unit.
 */
static bool straight(Vec2 a, Vec2 b, Vec2 c)
{
    Vec2 ac = vec_sub(c, a), ab = vec_sub(b, a);
    double length = vec_norm(ac), along = ab.x * ac.x + ab.y * ac.y;
    return length > 0 && length < 24 && along >= 0 && along <= length * length &&
           fabs(ab.x * ac.y - ab.y * ac.x) < 0.06 * length;
}

static void put_points(Svg *s, const Vec2 *point, int count, bool closed)
{
    long x = tenths(point[0].x), y = tenths(point[0].y);
    put_pair(s, 'M', x, y);
    int from = 0;
    for (int i = 1; i < count; i++) {
        if (i + 1 < count && straight(point[from], point[i], point[i + 1]))
            continue;
        long dx = tenths(point[i].x) - x, dy = tenths(point[i].y) - y;
        put_pair(s, 'l', dx, dy);
        x += dx;
        y += dy;
        from = i;
    }
    if (closed)
        bytes_byte(s->out, 'z');
}

static void put_width(Svg *s, double width)
{
    if (fabs(width - 1) > 0.005)
        bytes_text(s->out, " stroke-width=\"%.3g\"", width);
}

static void pen_clip(void *to, Box box)
{
    ((Svg *)to)->clip = box;
}

/* Into the group of the clip in force; a new one where it is another. */
static Svg *enter(void *to)
{
    Svg *s = to;
    const Box *b = &s->clip;
    if (s->clips && memcmp(b, &s->box, sizeof *b) == 0)
        return s;
    if (s->clips)
        bytes_text(s->out, "</g>\n");
    s->box = *b;
    s->clips++;
    bytes_text(s->out,
               "<clipPath id=\"c%d\"><path d=\"M%.6g %.6gH%.6gV%.6gH%.6gz\"/></clipPath>"
               "<g clip-path=\"url(#c%d)\" fill=\"none\" stroke-linecap=\"round\" "
               "stroke-linejoin=\"round\">\n",
               s->clips, b->x0, b->y0, b->x1, b->y1, b->x0, s->clips);
    return s;
}

static void pen_line(void *to, const Vec2 *point, int count, const PenLine *line)
{
    Svg *s = to;
    if (!s->open && count == 0)
        return;
    enter(s);
    if (!s->open)
        bytes_text(s->out, "<path d=\"");
    if (count)
        put_points(s, point, count, line->closed);
    s->open = line->more;
    if (s->open)
        return;
    bytes_text(s->out, "\"");
    put_ink(s, "stroke", line->ink);
    put_width(s, line->width);
    if (line->off > 0)
        bytes_text(s->out, " stroke-dasharray=\"%.3g %.3g\"", line->on, line->off);
    bytes_text(s->out, "/>\n");
}

static void pen_fill(void *to, const Vec2 *point, int count, Ink ink)
{
    Svg *s = enter(to);
    bytes_text(s->out, "<path d=\"");
    put_points(s, point, count, true);
    bytes_text(s->out, "\"");
    put_ink(s, "fill", ink);
    bytes_text(s->out, "/>\n");
}

/* A line without length has round ends: a disc. */
static void pen_dots(void *to, const Vec2 *point, int count, double width, Ink ink)
{
    Svg *s = enter(to);
    bytes_text(s->out, "<path d=\"");
    for (int i = 0; i < count; i++) {
        put_pair(s, 'M', tenths(point[i].x), tenths(point[i].y));
        bytes_text(s->out, "h0");
    }
    bytes_text(s->out, "\"");
    put_ink(s, "stroke", ink);
    put_width(s, width);
    bytes_text(s->out, "/>\n");
}

static void put_escaped(Svg *s, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '&'   ? "&amp;"
                           : *text == '<' ? "&lt;"
                           : *text == '>' ? "&gt;"
                                          : NULL;
        if (name)
            bytes_text(s->out, "%s", name);
        else
            bytes_byte(s->out, (unsigned char)*text < ' ' ? '?' : (unsigned char)*text);
    }
}

static void pen_words(void *to, const PenWords *w)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    Svg *s = enter(to);
    /* capitals are about 0.72 of a font's size */
    bytes_text(s->out, "<text font-size=\"%.3g\"%s%s", w->height / 0.72, anchors[w->anchor],
               w->bold ? " font-weight=\"600\"" : "");
    if (w->turned)
        bytes_text(s->out, " transform=\"translate(%.5g %.5g)rotate(-90)\"", w->at.x, w->at.y);
    else
        bytes_text(s->out, " x=\"%.5g\" y=\"%.5g\"", w->at.x, w->at.y);
    put_ink(s, "fill", w->ink);
    bytes_text(s->out, ">");
    put_escaped(s, w->text);
    bytes_text(s->out, "</text>\n");
}

/* What `draw` makes of `from`, as an embedded picture of width x height pixels. */
static void embed(Svg *s, Box at, int width, int height, const char *how,
                  void (*draw)(const FigurePen *pen, Box at, const void *from), const void *from)
{
    Pixels p = {0};
    Bytes png = {0};
    if (!pixels_resize(&p, width, height)) {
        s->out->failed = true;
        return;
    }
    pixels_clear(&p, s->paint, s->paint->role[ROLE_BACK]);
    FigurePen pen = pixels_pen(&p);
    draw(&pen, (Box){0, 0, width, height}, from);
    png_write(&p, s->deflate, &png);
    bytes_text(
        s->out,
        "<image x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"%.6g\" preserveAspectRatio=\"none\" "
        "%shref=\"data:image/png;base64,",
        at.x0, at.y0, at.x1 - at.x0, at.y1 - at.y0, how);
    bytes_base64(s->out, png.at, png.count);
    bytes_text(s->out, "\"/>\n");
    s->out->failed = s->out->failed || png.failed;
    bytes_release(&png);
    pixels_release(&p);
}

static void draw_heat(const FigurePen *pen, Box at, const void *from)
{
    pen->heat(pen->to, at, from);
}

static void draw_tiles(const FigurePen *pen, Box at, const void *from)
{
    pen->tiles(pen->to, at, from);
}

/* One pixel of the embedded picture for two by two of the drawing. */
static void pen_heat(void *to, Box at, const Field *f)
{
    embed(enter(to), at, (int)ceil((at.x1 - at.x0) / 2), (int)ceil((at.y1 - at.y0) / 2), "",
          draw_heat, f);
}

static void pen_tiles(void *to, Box at, const Tiles *t)
{
    embed(enter(to), at, t->cols, t->rows, "style=\"image-rendering:pixelated\" ", draw_tiles, t);
}

bool vector_svg(const Figure *f, int width, int height, const Paint *paint, Deflate *d, Bytes *out)
{
    Svg s = {.out = out, .deflate = d, .paint = paint};
    const FigurePen pen = {&s,       pen_clip, pen_heat, pen_tiles,
                           pen_fill, pen_line, pen_dots, pen_words};
    bytes_text(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "font-family=\"system-ui,'Segoe UI',Roboto,'DejaVu "
               "Sans',Helvetica,Arial,sans-serif\">\n<title>",
               width, height);
    put_escaped(&s, f->title);
    bytes_text(out, "</title>\n<path d=\"M0 0H%dV%dH0z\" fill=\"#%06x\"/>\n", width, height,
               (unsigned)paint->role[ROLE_BACK]);
    figure_draw(f, (Box){0, 0, width, height}, figure_unit(width, height), paint, &pen);
    bytes_text(out, "%s</svg>\n", s.clips ? "</g>\n" : "");
    return !out->failed;
}
