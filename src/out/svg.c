/* SPDX-License-Identifier: MIT
 * svg: Canvas -> a picture that scales, for the README and for slides. Blocks, braille, frames and
 * marks are drawn as shapes, since fonts on the web lack them or break the grid; letters stay text
 * that can be searched and copied. A cell is 8 x 16 units; the file depends on the cells alone.
 *
 * Every cell falls into pieces: runs along a line, of a colour, in a layer. The pieces are sorted
 * and those that touch are joined, so that a layer needs one path a colour. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "out/format.h"
#include "out/glyph.h"
#include "out/vector.h"
#include "view/octant.h"

enum { CELL_W = 8, CELL_H = 16, MARGIN = 8 };
enum { BLANK = ' ', UPPER = GLYPH_UPPER, LOWER = GLYPH_LOWER, FULL = GLYPH_FULL };

/* Bottom to top. GROUND counts in half cells (8 units), DOTS in braille dots (4 units), the others
 * in units. */
typedef enum Layer {
    GROUND, BLOCK, ACROSS, DOWN, HEAVY, HEAVY_DOWN, DASH, ARC, DOTS, LAYERS
} Layer;

/* A run on the line `line` from `at`: a row, or, in DOWN, HEAVY_DOWN and DASH, a column. */
typedef struct Piece {
    Layer layer;
    uint32_t rgb;
    int line, at, length;
    int thick; /* BLOCK: its height; ARC: which corner */
} Piece;

typedef struct Svg {
    const Canvas *canvas;
    uint32_t fg, bg; /* 0xRRGGBB: what COLOR_DEFAULT stands for */
    uint32_t paper; /* the ground that is not drawn cell by cell */
    Piece *piece;   /* owned */
    size_t count, room;
    FILE *to;
} Svg;

static Glyph glyph_at(const Svg *s, const Cell *cell)
{
    return glyph_of(cell, s->fg, s->bg);
}

/* --- glyphs --- */

/* Marks, as a path in the 8 x 16 cell. */
typedef struct Stamp {
    uint32_t glyph;
    const char *path;
    const char *stroke; /* its width; NULL: filled */
} Stamp;
static const Stamp stamps[] = {
    {0x25CF, "M.7 8a3.3 3.3 0 1 0 6.6 0a3.3 3.3 0 1 0-6.6 0z", NULL},
    {0x2022, "M2 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0z", NULL},
    {0x25CB, "M1.2 8a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0z", "1.2"},
    {0x25E6, "M2.4 8a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0z", "1"},
    {0x2605, "M4 3.6l1 3.1h3.2l-2.6 1.9l1 3.1l-2.6-1.9l-2.6 1.9l1-3.1l-2.6-1.9h3.2z", NULL},
    {0x2715, "M1.2 5.2l5.6 5.6m0-5.6l-5.6 5.6", "1.5"},
    {0x25B2, "M4 4l4 8h-8z", NULL},
    {0x25BC, "M4 12l4-8h-8z", NULL},
    {0x25B6, "M.5 4l7 4l-7 4z", NULL},
    {0x25C0, "M7.5 4l-7 4l7 4z", NULL},
    {0x25B8, "M2 5.5l4 2.5l-4 2.5z", NULL},
    {0x25C6, "M4 4l3.5 4l-3.5 4l-3.5-4z", NULL},
    {0x2016, "M2.5 3.5v9m3-9v9", "1.5"},
};

static const Stamp *stamp_find(uint32_t glyph)
{
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++)
        if (stamps[i].glyph == glyph)
            return &stamps[i];
    return NULL;
}

static bool is_text(uint32_t g)
{
    return g != BLANK && !glyph_is_block(g) && !glyph_is_braille(g) && !glyph_is_arc(g) &&
           !glyph_is_dash(g) && octant_bits(g) < 0 && !glyph_arms(g) && !stamp_find(g);
}

/* --- cells into pieces --- */

static void add(Svg *s, Layer layer, uint32_t rgb, int line, int at, int length, int thick)
{
    if (length > 0)
        s->piece[s->count++] = (Piece){layer, rgb, line, at, length, thick};
}

/* The most pieces of a cell: two halves of the ground and eight dots. */
enum { CELL_PIECES = 10 };

static uint32_t half(const Glyph *l, bool upper)
{
    if (l->glyph == FULL || l->glyph == (upper ? UPPER : LOWER))
        return l->fg;
    if (l->glyph >= 0x2591 && l->glyph <= 0x2593)
        return glyph_mix(l->fg, l->bg, l->glyph - 0x2590);
    return l->bg;
}

static void add_ground(Svg *s, const Glyph *l, int col, int row)
{
    for (int lower = 0; lower < 2; lower++) {
        uint32_t rgb = half(l, !lower);
        if (rgb != s->paper)
            add(s, GROUND, rgb, 2 * row + lower, col, 1, 1);
    }
}

/* A rectangle within the cell, in units. */
static void add_block(Svg *s, uint32_t rgb, int col, int row, Rect r)
{
    add(s, BLOCK, rgb, CELL_H * row + r.row, CELL_W * col + r.col, r.cols, r.rows);
}

static void add_blocks(Svg *s, const Glyph *l, int col, int row)
{
    uint32_t g = l->glyph;
    if (g > UPPER && g < FULL && g != LOWER) {
        int rows = 2 * (int)(g - UPPER);
        add_block(s, l->fg, col, row, (Rect){0, CELL_H - rows, CELL_W, rows});
    } else if (g > FULL && g <= 0x258F) {
        add_block(s, l->fg, col, row, (Rect){0, 0, CELL_W - (int)(g - FULL), CELL_H});
    } else if (g == 0x2590) {
        add_block(s, l->fg, col, row, (Rect){4, 0, 4, CELL_H});
    } else if (g == 0x2594) {
        add_block(s, l->fg, col, row, (Rect){0, 0, CELL_W, 2});
    } else if (g == 0x2595) {
        add_block(s, l->fg, col, row, (Rect){7, 0, 1, CELL_H});
    } else if (g >= 0x2596) {
        for (int i = 0; i < 4; i++)
            if (glyph_quadrants(g) >> i & 1)
                add_block(s, l->fg, col, row, (Rect){4 * (i & 1), 8 * (i >> 1), 4, 8});
    }
}

static void add_dots(Svg *s, const Glyph *l, int col, int row)
{
    static const uint8_t bit[4][2] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 2; x++)
            if (l->glyph & bit[y][x])
                add(s, DOTS, l->fg, 4 * row + y, 2 * col + x, 1, 1);
}

static void add_box(Svg *s, const Glyph *l, const char *arm, int col, int row)
{
    int x = CELL_W * col, y = CELL_H * row;
    for (int i = 0; i < 4; i++) {
        bool heavy = arm[i] == '2', down = i > 1, second = i & 1;
        int size = down ? CELL_H / 2 : CELL_W / 2;
        Layer layer = down ? (heavy ? HEAVY_DOWN : DOWN) : (heavy ? HEAVY : ACROSS);
        if (arm[i] == '0')
            continue;
        if (down)
            add(s, layer, l->fg, x + CELL_W / 2, y + second * size, size, 1);
        else
            add(s, layer, l->fg, y + CELL_H / 2, x + second * size, size, 1);
    }
}

static void add_octants(Svg *s, const Glyph *l, int col, int row)
{
    int bits = octant_bits(l->glyph);
    for (int i = 0; i < 8; i++)
        if (bits >> i & 1)
            add_block(s, l->fg, col, row, (Rect){4 * (i & 1), 4 * (i >> 1), 4, 4});
}

static void add_cell(Svg *s, const Glyph *l, int col, int row)
{
    const char *arms = glyph_arms(l->glyph);
    add_ground(s, l, col, row);
    if (glyph_is_block(l->glyph))
        add_blocks(s, l, col, row);
    else if (octant_bits(l->glyph) >= 0)
        add_octants(s, l, col, row);
    else if (glyph_is_braille(l->glyph))
        add_dots(s, l, col, row);
    else if (glyph_is_arc(l->glyph))
        add(s, ARC, l->fg, row, col, 1, (int)(l->glyph - 0x256D));
    else if (glyph_is_dash(l->glyph))
        add(s, DASH, l->fg, CELL_W * col + CELL_W / 2, CELL_H * row, CELL_H, 1);
    else if (arms)
        add_box(s, l, arms, col, row);
}

/* --- joining --- */

static int order(const void *left, const void *right)
{
    const Piece *a = left, *b = right;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    if (a->rgb != b->rgb)
        return a->rgb < b->rgb ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->thick != b->thick)
        return a->thick < b->thick ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static bool touch(const Piece *a, const Piece *b)
{
    return a->layer == b->layer && a->rgb == b->rgb && a->line == b->line && a->thick == b->thick &&
           a->at + a->length == b->at && a->layer != ARC && a->layer != DOTS;
}

static void join(Svg *s)
{
    size_t kept = 0;
    qsort(s->piece, s->count, sizeof *s->piece, order);
    for (size_t i = 0; i < s->count; i++) {
        if (kept && touch(&s->piece[kept - 1], &s->piece[i]))
            s->piece[kept - 1].length += s->piece[i].length;
        else
            s->piece[kept++] = s->piece[i];
    }
    s->count = kept;
}

/* --- paths --- */

typedef struct Pen {
    FILE *to;
    int x, y; /* where the last piece of the path ended */
    bool down;
} Pen;

/* Relative moves are shorter, and the minus sign separates as well as a blank. */
static void pen_move(Pen *p, int x, int y)
{
    if (p->down)
        fprintf(p->to, y < p->y ? "m%d%d" : "m%d %d", x - p->x, y - p->y);
    else
        fprintf(p->to, "M%d %d", x, y);
    *p = (Pen){p->to, x, y, true};
}

static void pen_piece(Pen *p, const Piece *q)
{
    /* From which side of the cell to which: right-down, left-down, up-left, up-right. */
    static const struct {
        int x, y;
        const char *path;
        int dx, dy;
    } arc[4] = {{4, 16, "v-4q0-4 4-4", 4, -8},
                {4, 16, "v-4q0-4-4-4", -4, -8},
                {4, 0, "v4q0 4-4 4", -4, 8},
                {4, 0, "v4q0 4 4 4", 4, 8}};
    switch (q->layer) {
    case BLOCK:
        pen_move(p, q->at, q->line);
        fprintf(p->to, "h%dv%dh-%dz", q->length, q->thick, q->length);
        break;
    case DOWN:
    case HEAVY_DOWN:
    case DASH:
        pen_move(p, q->line, q->at);
        fprintf(p->to, "v%d", q->length);
        p->y += q->length;
        break;
    case ARC:
        pen_move(p, CELL_W * q->at + arc[q->thick].x, CELL_H * q->line + arc[q->thick].y);
        fputs(arc[q->thick].path, p->to);
        p->x += arc[q->thick].dx;
        p->y += arc[q->thick].dy;
        break;
    case DOTS:
        pen_move(p, q->at, q->line);
        fputs("h0", p->to);
        break;
    default:
        pen_move(p, q->at, q->line);
        fprintf(p->to, "h%d", q->length);
        p->x += q->length;
        break;
    }
}

static void put_layer(Svg *s, Layer layer, size_t from, size_t to)
{
    static const char *const group[LAYERS] = {
        [GROUND] = " shape-rendering=\"crispEdges\" transform=\"translate(0 4)scale(8)\"",
        [BLOCK] = " shape-rendering=\"crispEdges\"",
        [ACROSS] = "",
        [DOWN] = "",
        [HEAVY] = " stroke-width=\"2.4\"",
        [HEAVY_DOWN] = " stroke-width=\"2.4\"",
        [DASH] = " stroke-dasharray=\"2\"",
        [ARC] = "",
        [DOTS] = (" stroke-width=\".66\" stroke-linecap=\"round\" "
                  "transform=\"translate(2 2)scale(4)\""),
    };
    Pen pen = {.to = s->to};
    fprintf(s->to, "<g fill=\"none\"%s>\n", group[layer]);
    for (size_t i = from; i < to; i++) {
        const Piece *q = &s->piece[i];
        if (i == from || q->rgb != q[-1].rgb) {
            fprintf(s->to, "%s<path %s=\"#%06x\" d=\"", i == from ? "" : "\"/>\n",
                    layer == BLOCK ? "fill" : "stroke", (unsigned)q->rgb);
            pen.down = false;
        }
        pen_piece(&pen, q);
    }
    fputs("\"/>\n</g>\n", s->to);
}

static void put_layers(Svg *s)
{
    for (size_t from = 0, to; from < s->count; from = to) {
        for (to = from; to < s->count && s->piece[to].layer == s->piece[from].layer;)
            to++;
        put_layer(s, s->piece[from].layer, from, to);
    }
}

/* --- marks and text --- */

static void put_marks(Svg *s)
{
    for (int row = 0; row < s->canvas->rows; row++)
        for (int col = 0; col < s->canvas->cols; col++) {
            Glyph l = glyph_at(s, &s->canvas->cell[row * s->canvas->cols + col]);
            const Stamp *m = stamp_find(l.glyph);
            if (!m)
                continue;
            fprintf(s->to, "<path transform=\"translate(%d %d)\" d=\"%s\" ", CELL_W * col,
                    CELL_H * row, m->path);
            if (m->stroke)
                fprintf(s->to, "fill=\"none\" stroke-width=\"%s\" stroke=\"#%06x\"/>\n", m->stroke,
                        (unsigned)l.fg);
            else
                fprintf(s->to, "fill=\"#%06x\"/>\n", (unsigned)l.fg);
        }
}

static void put_escaped(FILE *to, uint32_t code)
{
    char bytes[4];
    if (code == '&')
        fputs("&amp;", to);
    else if (code == '<')
        fputs("&lt;", to);
    else if (code == '>')
        fputs("&gt;", to);
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0xD800 && code < 0xE000) ||
             code > 0x10FFFF || (code & 0xFFFE) == 0xFFFE)
        putc('?', to); /* not a character of XML */
    else
        fwrite(bytes, 1, (size_t)utf8_encode(code, bytes), to);
}

static bool same_type(const Glyph *a, const Glyph *b)
{
    return a->fg == b->fg && a->bold == b->bold && a->underline == b->underline;
}

/* The end of the text that starts at `col`: single blanks are part of it. */
static int text_end(const Svg *s, const Cell *line, int col)
{
    Glyph first = glyph_at(s, &line[col]);
    int end = col + 1;
    for (int i = end; i < s->canvas->cols && i <= end + 1; i++) {
        Glyph l = glyph_at(s, &line[i]);
        bool part = l.underline && same_type(&l, &first);
        if (is_text(l.glyph) ? !same_type(&l, &first) : l.glyph != BLANK)
            break;
        if (is_text(l.glyph) || part)
            end = i + 1;
    }
    return end;
}

static int put_text(Svg *s, const Cell *line, int col, int row)
{
    Glyph first = glyph_at(s, &line[col]);
    int end = text_end(s, line, col);
    fprintf(s->to, "<text x=\"%d\" y=\"%d\" fill=\"#%06x\"", CELL_W * col, CELL_H * row + 12,
            (unsigned)first.fg);
    if (end - col > 1)
        fprintf(s->to, " textLength=\"%d\"", CELL_W * (end - col));
    if (first.bold)
        fputs(" font-weight=\"bold\"", s->to);
    if (first.underline)
        fputs(" text-decoration=\"underline\"", s->to);
    putc('>', s->to);
    for (int i = col; i < end; i++)
        put_escaped(s->to, line[i].glyph);
    fputs("</text>\n", s->to);
    return end;
}

static void put_texts(Svg *s)
{
    fputs("<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',"
          "monospace\" font-size=\"13.28\" xml:space=\"preserve\">\n",
          s->to);
    for (int row = 0; row < s->canvas->rows; row++) {
        const Cell *line = s->canvas->cell + (size_t)row * (size_t)s->canvas->cols;
        for (int col = 0; col < s->canvas->cols;) {
            bool lined = line[col].glyph == BLANK && line[col].attr & CELL_UNDERLINE;
            col = is_text(line[col].glyph) || lined ? put_text(s, line, col, row) : col + 1;
        }
    }
    fputs("</g>\n", s->to);
}

/* --- the file --- */

static void put_head(Svg *s, const char *title)
{
    int width = CELL_W * s->canvas->cols + 2 * MARGIN;
    int height = CELL_H * s->canvas->rows + 2 * MARGIN;
    fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" ", s->to);
    fprintf(s->to, "viewBox=\"0 0 %d %d\" ", width, height);
    fputs("role=\"img\">\n", s->to);
    fputs("<title>", s->to);
    for (const char *at = title ? title : "etascope"; *at;)
        put_escaped(s->to, utf8_next(&at));
    fprintf(s->to, "</title>\n<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#%06x\"/>\n", width,
            height, (unsigned)s->paper);
    fprintf(s->to, "<g transform=\"translate(%d %d)\">\n", MARGIN, MARGIN);
}

static bool draw(const Picture *p, FILE *to)
{
    const Canvas *c = p->canvas;
    size_t cells = (size_t)c->cols * (size_t)c->rows;
    Svg s = {.canvas = c,
             .fg = p->light ? 0x000000 : 0xE5E5E5,
             .bg = p->light ? 0xFFFFFF : 0x000000,
             .to = to};
    s.paper = s.bg;
    s.piece = malloc((cells * CELL_PIECES + 1) * sizeof *s.piece);
    if (!s.piece)
        return false;
    if (cells)
        s.paper = glyph_at(&s, &c->cell[0]).bg;
    for (int row = 0; row < c->rows; row++)
        for (int col = 0; col < c->cols; col++) {
            Glyph l = glyph_at(&s, &c->cell[row * c->cols + col]);
            add_cell(&s, &l, col, row);
        }
    join(&s);
    put_head(&s, p->title);
    put_layers(&s);
    put_marks(&s);
    put_texts(&s);
    fputs("</g>\n</svg>\n", to);
    free(s.piece);
    return !ferror(to);
}

static bool draw_figure(const Picture *p, FILE *to)
{
    Deflate *deflate = deflate_new();
    Bytes out = {0};
    bool ok = deflate && vector_svg(p->figure, p->width ? p->width : FIGURE_WIDTH,
                                    p->height ? p->height : FIGURE_HEIGHT, p->paint, deflate, &out);
    ok = ok && fwrite(out.at, 1, out.count, to) == out.count;
    bytes_release(&out);
    deflate_free(deflate);
    return ok;
}

const Format format_svg = {"svg", "a picture that scales", draw, draw_figure, false, NULL};
