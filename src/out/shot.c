/* SPDX-License-Identifier: MIT
 * shot: see shot.h */
#include "out/shot.h"

#include <math.h>

#include "base/text.h"
#include "out/format.h"
#include "out/glyph.h"
#include "out/png.h"
#include "view/font.h"
#include "view/octant.h"

typedef struct Shot {
    Pixels *pixels;
    FigurePen pen;
    Box cell;    /* the one being drawn, on whole pixels */
    double w, h; /* its size */
    Glyph look;
} Shot;

static Ink ink_of(const Shot *s)
{
    return (Ink){s->look.fg, 1};
}

/* Part of the cell, in shares of it. */
static void fill(const Shot *s, double x0, double y0, double x1, double y1, uint32_t rgb)
{
    Box b = {round(s->cell.x0 + x0 * s->w), round(s->cell.y0 + y0 * s->h),
             round(s->cell.x0 + x1 * s->w), round(s->cell.y0 + y1 * s->h)};
    const Vec2 p[4] = {{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}};
    s->pen.fill(s->pen.to, p, 4, (Ink){rgb, 1});
}

static Vec2 place(const Shot *s, double x, double y)
{
    return vec2(s->cell.x0 + x * s->w, s->cell.y0 + y * s->h);
}

static void stroke(const Shot *s, Vec2 a, Vec2 b, double width)
{
    const Vec2 two[2] = {a, b};
    const PenLine line = {.ink = ink_of(s), .width = width};
    s->pen.line(s->pen.to, two, 2, &line);
}

static void draw_block(const Shot *s)
{
    uint32_t g = s->look.glyph, fg = s->look.fg;
    if (g == GLYPH_UPPER)
        fill(s, 0, 0, 1, 0.5, fg);
    else if (g <= GLYPH_FULL)
        fill(s, 0, 1 - (g - GLYPH_UPPER) / 8.0, 1, 1, fg);
    else if (g <= 0x258F)
        fill(s, 0, 0, 1 - (g - GLYPH_FULL) / 8.0, 1, fg);
    else if (g == 0x2590)
        fill(s, 0.5, 0, 1, 1, fg);
    else if (g <= 0x2593)
        fill(s, 0, 0, 1, 1, glyph_mix(fg, s->look.bg, g - 0x2590));
    else if (g == 0x2594)
        fill(s, 0, 0, 1, 0.125, fg);
    else if (g == 0x2595)
        fill(s, 0.875, 0, 1, 1, fg);
    for (int i = 0; i < 4; i++)
        if (glyph_quadrants(g) >> i & 1)
            fill(s, 0.5 * (i & 1), 0.5 * (i >> 1), 0.5 + 0.5 * (i & 1), 0.5 + 0.5 * (i >> 1), fg);
}

static void draw_octants(const Shot *s, int bits)
{
    for (int i = 0; i < 8; i++)
        if (bits >> i & 1)
            fill(s, 0.5 * (i & 1), 0.25 * (i >> 1), 0.5 + 0.5 * (i & 1), 0.25 + 0.25 * (i >> 1),
                 s->look.fg);
}

static void draw_braille(const Shot *s)
{
    static const uint8_t bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    Vec2 dot[8];
    int n = 0;
    for (int i = 0; i < 8; i++)
        if (s->look.glyph & bit[i / 2][i % 2])
            dot[n++] = place(s, 0.25 + 0.5 * (i % 2), 0.125 + 0.25 * (i / 2));
    if (n)
        s->pen.dots(s->pen.to, dot, n, 0.32 * s->w, ink_of(s));
}

/* Lines of a frame meet in the middle of the cell. */
static void draw_arms(const Shot *s, const char *arm)
{
    static const double to_x[4] = {0, 1, 0.5, 0.5}, to_y[4] = {0.5, 0.5, 0, 1};
    for (int i = 0; i < 4; i++)
        if (arm[i] != '0')
            stroke(s, place(s, 0.5, 0.5), place(s, to_x[i], to_y[i]),
                   arm[i] == '2' ? 0.24 * s->w : 0.12 * s->w);
}

/* A corner: half a cell up or down, round, half a cell to the side. */
static void draw_arc(const Shot *s)
{
    static const double side[4] = {1, 0, 0, 1}, end[4] = {1, 1, 0, 0};
    enum { STEPS = 8 };
    int k = (int)(s->look.glyph - 0x256D);
    Vec2 p[STEPS + 2], corner = place(s, 0.5, 0.5);
    Vec2 a = vec2(corner.x, corner.y + (end[k] > 0 ? 1 : -1) * s->w / 2);
    p[0] = place(s, 0.5, end[k]);
    for (int i = 0; i <= STEPS; i++) {
        double t = (double)i / STEPS, u = 1 - t;
        Vec2 b = place(s, side[k], 0.5);
        p[i + 1] = vec2(u * u * a.x + 2 * u * t * corner.x + t * t * b.x,
                        u * u * a.y + 2 * u * t * corner.y + t * t * b.y);
    }
    const PenLine line = {.ink = ink_of(s), .width = 0.12 * s->w};
    s->pen.line(s->pen.to, p, STEPS + 2, &line);
}

/* One letter in the middle of its cell, no wider than that. */
static void draw_letter(const Shot *s)
{
    char text[5] = {0};
    text[utf8_encode(s->look.glyph, text)] = '\0';
    double height = 0.48 * s->h, wide = font_width(text, height);
    height *= fmin(1, 0.94 * s->w / fmax(wide, 1e-9));
    const PenWords words = {.text = text,
                            .at = place(s, 0.5, 0.74),
                            .height = height,
                            .anchor = ANCHOR_MIDDLE,
                            .bold = s->look.bold,
                            .ink = ink_of(s)};
    s->pen.words(s->pen.to, &words);
}

static void draw_cell(Shot *s)
{
    uint32_t g = s->look.glyph;
    const char *arms = glyph_arms(g);
    fill(s, 0, 0, 1, 1, s->look.bg);
    if (glyph_is_block(g))
        draw_block(s);
    else if (octant_bits(g) >= 0)
        draw_octants(s, octant_bits(g));
    else if (glyph_is_braille(g))
        draw_braille(s);
    else if (arms)
        draw_arms(s, arms);
    else if (glyph_is_arc(g))
        draw_arc(s);
    else if (glyph_is_dash(g))
        for (int i = 0; i < 4; i++)
            stroke(s, place(s, 0.5, i / 4.0), place(s, 0.5, i / 4.0 + 0.12), 0.12 * s->w);
    else if (g != ' ')
        draw_letter(s);
    if (s->look.underline)
        fill(s, 0, 0.86, 1, 0.92, s->look.fg);
}

void shot_draw(const Canvas *c, uint32_t fg, uint32_t bg, const Paint *paint, Pixels *p)
{
    Shot s = {.pixels = p, .pen = pixels_pen(p)};
    pixels_clear(p, paint, bg);
    for (int row = 0; row < c->rows; row++)
        for (int col = 0; col < c->cols; col++) {
            s.cell = (Box){
                round((double)col * p->width / c->cols), round((double)row * p->height / c->rows),
                round((col + 1.0) * p->width / c->cols), round((row + 1.0) * p->height / c->rows)};
            s.w = s.cell.x1 - s.cell.x0;
            s.h = s.cell.y1 - s.cell.y0;
            s.look = glyph_of(&c->cell[row * c->cols + col], fg, bg);
            s.pen.clip(s.pen.to, s.cell);
            draw_cell(&s);
        }
}

/* ---- png: a row of the formats ---- */

static void draw_slot(const Canvas *c, const FigureSlot *s, const Paint *paint, Pixels *to)
{
    double w = (double)to->width / c->cols, h = (double)to->height / c->rows;
    Rect r = s->cells;
    Box at = {round(w * r.col), round(h * r.row), round(w * (r.col + r.cols)),
              round(h * (r.row + r.rows))};
    FigurePen pen = pixels_pen(to);
    const Vec2 corner[4] = {{at.x0, at.y0}, {at.x1, at.y0}, {at.x1, at.y1}, {at.x0, at.y1}};
    const FigureView v = {s->figure, 0, at, figure_cell_unit((int)h), paint, &pen};
    pen.clip(pen.to, at);
    pen.fill(pen.to, corner, 4, (Ink){paint->role[ROLE_BACK], 1});
    figure_base(&v);
    figure_draw(s->figure, at, v.unit, paint, &pen);
}

/* Ten by twenty pixels a cell, unless told otherwise. */
static void draw_cells(const Picture *p, Pixels *to)
{
    shot_draw(p->canvas, p->light ? 0x000000 : 0xE5E5E5, p->light ? 0xFFFFFF : 0x000000, p->paint,
              to);
    for (int i = 0; i < p->slots; i++)
        if (p->slot[i].cells.cols > 0 && p->slot[i].cells.rows > 0)
            draw_slot(p->canvas, &p->slot[i], p->paint, to);
}

static void draw_figure(const Picture *p, Pixels *to)
{
    FigurePen pen = pixels_pen(to);
    Box all = {0, 0, to->width, to->height};
    pixels_clear(to, p->paint, p->paint->role[ROLE_BACK]);
    figure_draw(p->figure, all, figure_unit(to->width, to->height), p->paint, &pen);
}

static bool put_png(const Picture *p, int width, int height,
                    void (*draw)(const Picture *p, Pixels *to), FILE *file)
{
    Deflate *deflate = deflate_new();
    Pixels pixels = {0};
    Bytes out = {0};
    bool ok = deflate && pixels_resize(&pixels, p->width ? p->width : width,
                                       p->height ? p->height : height);
    if (ok) {
        draw(p, &pixels);
        png_write(&pixels, deflate, &out);
        ok = !out.failed && fwrite(out.at, 1, out.count, file) == out.count;
    }
    bytes_release(&out);
    pixels_release(&pixels);
    deflate_free(deflate);
    return ok;
}

static bool put_cells(const Picture *p, FILE *to)
{
    return put_png(p, 10 * p->canvas->cols, 20 * p->canvas->rows, draw_cells, to);
}

static bool put_figure(const Picture *p, FILE *to)
{
    return put_png(p, FIGURE_WIDTH, FIGURE_HEIGHT, draw_figure, to);
}

const Format format_png = {"png", "pixels", put_cells, put_figure, true, NULL};
