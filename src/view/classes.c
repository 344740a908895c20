/* SPDX-License-Identifier: MIT
 * classes: see classes.h. The colours of the minima are those of Okabe and Ito. */
#include "view/classes.h"

#include <stdlib.h>

#include "view/layout.h"

enum { HALF_BLOCK = 0x2580, BLACK = 0x000000, WHITE = 0xFFFFFF };

const ClassRow class_rows[CLASSES] = {
    {'1', '`', {0, 114, 178}, 4},
    {'2', '/', {230, 159, 0}, 3},
    {'3', ':', {0, 158, 115}, 2},
    {'4', '\\', {204, 121, 167}, 5},
    {'5', '-', {86, 180, 233}, 6},
    {'6', '|', {213, 94, 0}, 1},
    {'7', '^', {240, 228, 66}, 3},
    {'8', '"', {148, 103, 189}, 5},
    {'9', '\'', {140, 86, 75}, 1},
    [CLASS_MINIMA + OUTCOME_MOVING] = {'.', '.', {150, 150, 150}, 7},
    [CLASS_MINIMA + OUTCOME_OSCILLATING] = {'~', '~', {110, 100, 80}, 7},
    [CLASS_MINIMA + OUTCOME_GLOBAL_MINIMUM] = {'G', '`', {60, 120, 200}, 4},
    [CLASS_MINIMA + OUTCOME_LOCAL_MINIMUM] = {'L', '/', {200, 140, 60}, 3},
    [CLASS_MINIMA + OUTCOME_SADDLE] = {'+', '+', {190, 190, 120}, 3},
    [CLASS_MINIMA + OUTCOME_VALLEY] = {'v', 'v', {120, 190, 190}, 6},
    [CLASS_MINIMA + OUTCOME_PLATEAU] = {'=', '=', {190, 190, 190}, 7},
    [CLASS_MINIMA + OUTCOME_RATTLING] = {'*', '*', {120, 120, 190}, 5},
    [CLASS_MINIMA + OUTCOME_FROZEN] = {'_', '_', {170, 200, 220}, 6},
    [CLASS_MINIMA + OUTCOME_SLOW] = {',', ',', {130, 150, 130}, 7},
    [CLASS_MINIMA + OUTCOME_DIVERGING] = {'>', '>', {70, 30, 30}, 0},
    [CLASS_MINIMA + OUTCOME_DIVERGED] = {'x', ' ', {30, 20, 20}, 0},
    [CLASS_MINIMA + OUTCOME_UNDEFINED] = {'?', '?', {255, 255, 255}, 7},
};

/* ---- colours ------------------------------------------------------------------------------- */

static bool without_colour(const Paint *p)
{
    return p->mode == MODE_MONO || p->theme == THEME_MONO;
}

Color class_rgb(int class, double late)
{
    Color c = 0;
    for (int k = 0; k < 3; k++)
        c = c << 8 | (Color)(class_rows[class].rgb[k] * (1 - 0.6 * late) + 0.5);
    return c;
}

Color class_color(int class, double late, const Paint *p)
{
    if (without_colour(p))
        return p->role[ROLE_BACK];
    if (p->mode == MODE_TRUECOLOR)
        return class_rgb(class, late);
    return p->mode == MODE_256 ? color_nearest_256(class_rgb(class, late))
                               : COLOR_INDEX | class_rows[class].index;
}

Color class_ink(Color ground, const Paint *p)
{
    if (without_colour(p))
        return p->role[ROLE_TEXT];
    bool light = color_contrast(BLACK, ground) > color_contrast(WHITE, ground);
    if (p->mode == MODE_TRUECOLOR)
        return light ? BLACK : WHITE;
    if (p->mode == MODE_256)
        return COLOR_INDEX | (light ? 16 : 231);
    return COLOR_INDEX | (light ? 0 : p->mode == MODE_16 ? 15 : 7);
}

/* The ink of a texture is faint where colours allow it. */
static Color texture_ink(Color ground, const Paint *p)
{
    Color ink = class_ink(ground, p);
    if (without_colour(p) || p->mode > MODE_256)
        return ink;
    uint32_t a = color_rgb(ground, 0);
    uint32_t b = color_rgb(ink, 0);
    uint32_t mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8)
        mixed = mixed << 8 | (2 * (a >> shift & 255) + (b >> shift & 255)) / 3;
    return p->mode == MODE_256 ? color_nearest_256(mixed) : mixed;
}

/* ---- cells --------------------------------------------------------------------------------- */

/* Letters stand in a lattice, every other row shifted. */
static bool letter_here(int col, int row)
{
    return row % 2 == 0 && (col + row / 2 % 2 * 4) % 8 == 3;
}

static Cell plain_cell(ClassPixel x, int col, int row, const Paint *p)
{
    Color ground = class_color(x.class, x.late / 255.0, p);
    const ClassRow *r = &class_rows[x.class];
    bool letter = letter_here(col, row);
    return (Cell){.glyph = (uint32_t)(unsigned char)(letter ? r->letter : r->texture),
                  .fg = letter ? class_ink(ground, p) : texture_ink(ground, p),
                  .bg = ground,
                  .attr = letter ? CELL_BOLD : 0};
}

static Color color_of(ClassPixel x, const Paint *p)
{
    return x.class == CLASS_NONE ? p->role[ROLE_BACK] : class_color(x.class, x.late / 255.0, p);
}

static Cell cell_of(ClassPixel top, ClassPixel low, int col, int row, const Paint *p)
{
    bool flat = without_colour(p) || p->glyphs == GLYPHS_ASCII;
    if (top.class != CLASS_NONE && (flat || top.class == low.class))
        return plain_cell(top, col, row, p);
    if (flat || top.class == low.class)
        return (Cell){' ', p->role[ROLE_DIM], p->role[ROLE_BACK], 0};
    return (Cell){HALF_BLOCK, color_of(top, p), color_of(low, p), 0};
}

void classes_draw(const ClassMap *m, Canvas *c, Rect at, const Paint *p)
{
    for (int row = 0; row < at.rows && 2 * row + 1 < m->rows; row++)
        for (int col = 0; col < at.cols && col < m->cols; col++) {
            const ClassPixel *top = m->pixel + (size_t)(2 * row) * (size_t)m->cols + col;
            Cell *cell = canvas_at(c, at.col + col, at.row + row);
            if (cell)
                *cell = cell_of(top[0], top[m->cols], col, row, p);
        }
}

/* On a half block the whole cell becomes its lower pixel's, as a glyph has one ground. */
static void mark(Canvas *c, int col, int row, uint32_t glyph, uint32_t attr, const Paint *p)
{
    Cell *cell = canvas_at(c, col, row);
    if (cell)
        *cell = (Cell){glyph, class_ink(cell->bg, p), cell->bg, attr};
}

void classes_mark(Canvas *c, int col, int row, uint32_t glyph, const Paint *p)
{
    mark(c, col, row, glyph, CELL_BOLD | (without_colour(p) ? (unsigned)CELL_REVERSE : 0u), p);
}

void classes_cross(Canvas *c, Rect at, int col, int row, const Paint *p)
{
    bool ascii = p->glyphs == GLYPHS_ASCII;
    for (int d = -2; d <= 2; d++) {
        if (d && rect_contains(at, col + d, row))
            mark(c, col + d, row, ascii ? '-' : 0x2500, CELL_BOLD, p);
        if (d && abs(d) < 2 && rect_contains(at, col, row + d))
            mark(c, col, row + d, ascii ? '|' : 0x2502, CELL_BOLD, p);
    }
    classes_mark(c, col, row, ascii ? '+' : 0x253C, p);
}

void classes_swatch(Canvas *c, int col, int row, int class, const Paint *p)
{
    Color ground = class_color(class, 0, p);
    canvas_put(c, col, row, (uint32_t)(unsigned char)class_rows[class].letter,
               class_ink(ground, p), ground, CELL_BOLD);
}
