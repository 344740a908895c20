/* SPDX-License-Identifier: MIT
 * letters: see letters.h */
#include "view/letters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/font.h"
#include "view/panel.h"

enum { LINE_MOST = 120 };

enum { DOWN = 4 /* dots a cell is high; it is two wide */, AIR = 2 /* dots between lines */ };

/* The dots of one line: where strokes are drawn, and how. */
typedef struct Pen {
    Canvas *canvas;
    Rect at;         /* of the line */
    int thick;       /* dots a stroke is wide */
    double height;   /* of capitals, in dots */
    Color ink, back;
    unsigned attr;
} Pen;

static const uint8_t braille[2][4] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

static void put_dot(const Pen *pen, int x, int y)
{
    Rect r = pen->at;
    if (x < 0 || y < 0 || x >= 2 * r.cols || y >= DOWN * r.rows)
        return;
    Cell *cell = canvas_at(pen->canvas, r.col + x / 2, r.row + y / DOWN);
    if (!cell)
        return;
    uint32_t bits = cell->glyph >= 0x2800 && cell->glyph < 0x2900 ? cell->glyph : 0x2800;
    canvas_put(pen->canvas, r.col + x / 2, r.row + y / DOWN, bits | braille[x % 2][y % DOWN],
               pen->ink, pen->back, pen->attr);
}

static void put_line(const Pen *pen, Vec2 a, Vec2 b)
{
    double base = DOWN * pen->at.rows - AIR - pen->height * 2 / FONT_CAPITAL;
    int n = (int)ceil(2 * fmax(fabs(b.x - a.x), fabs(b.y - a.y))) + 1;
    for (int i = 0; i <= n; i++) {
        Vec2 p = vec_add(a, vec_scale((double)i / n, vec_sub(b, a)));
        for (int wide = 0; wide < pen->thick; wide++)
            put_dot(pen, (int)floor(p.x + 0.5) + wide, (int)floor(base - p.y + 0.5));
    }
}

static void put_stroke(void *to, const Vec2 *point, int count)
{
    for (int i = 0; i < count; i++)
        put_line(to, point[i > 0 ? i - 1 : 0], point[i]);
}

static double capital(int rows)
{
    return (DOWN * rows - AIR) * (double)FONT_CAPITAL / (FONT_CAPITAL + 2);
}

/* The bytes of the first line: as many words as fit, at least one. */
static size_t line_length(const char *text, double dots, double height)
{
    size_t fits = 0;
    for (const char *at = text; *at; at += strspn(at, " ")) {
        char line[LINE_MOST];
        at += strcspn(at, " ");
        size_t length = (size_t)(at - text);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (fits && (length >= sizeof line || font_width(line, height) > dots))
            break;
        fits = length;
    }
    return fits;
}

int letters_rows(Rect at, const char *text)
{
    int rows = 6;
    while (rows >= 3 && !letters_fit(at, text, rows))
        rows--;
    return rows < 3 ? 0 : rows;
}

bool letters_fit(Rect at, const char *text, int rows)
{
    int lines = 0;
    for (; *text; lines++) {
        text += line_length(text, 2.0 * at.cols, capital(rows));
        text += strspn(text, " ");
    }
    return lines * rows <= at.rows;
}

int letters_draw(Canvas *c, Rect at, const char *text, int rows, Role role, const Paint *p)
{
    Pen pen = {c, at, rows > 3 ? 2 : 1, capital(rows), p->role[role], p->role[ROLE_BACK], p->attr[role]};
    int used = 0;
    if (p->glyphs == GLYPHS_ASCII)
        return panel_wrap(c, at, text, role, p);
    for (; *text && used + rows <= at.rows; used += rows) {
        char line[LINE_MOST];
        size_t length = line_length(text, 2.0 * at.cols, pen.height);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        pen.at = (Rect){at.col, at.row + used, at.cols, rows};
        font_strokes(line, pen.height, put_stroke, &pen);
        text += length;
        text += strspn(text, " ");
    }
    return used;
}
