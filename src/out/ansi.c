/* SPDX-License-Identifier: MIT
 * ansi: see ansi.h */
#include "out/ansi.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "out/format.h"

enum { BLANK = ' ', UPPER = 0x2580, LOWER = 0x2584, FULL = 0x2588 };
enum { SHAPE_ATTR = CELL_REVERSE | CELL_UNDERLINE }; /* what shows on a blank */

/* Most bytes one cell can take: cursor 14, SGR 64 (seven attributes, two direct colours),
 * glyph 4; and what surrounds a frame. */
enum { CELL_BYTES = 84, FRAME_BYTES = 64 + ANSI_TAIL };

#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END "\033[?2026l"
enum { SYNC_SIZE = sizeof SYNC_BEGIN - 1, SYNC_WORTH = 512 /* bytes: less cannot tear */ };

void ansi_init(Ansi *a, ColorMode mode, bool utf8)
{
    *a = (Ansi){.mode = mode, .utf8 = utf8, .fresh = true, .row = -1};
}

bool ansi_resize(Ansi *a, int cols, int rows)
{
    size_t cells = (size_t)cols * (size_t)rows;
    Cell *shown = malloc(cells * sizeof *shown + 1);
    char *buffer = malloc(cells * CELL_BYTES + FRAME_BYTES);
    if (!shown || !buffer) {
        free(shown);
        free(buffer);
        return false;
    }
    ansi_release(a);
    a->shown = shown;
    a->buffer = buffer;
    a->cols = cols;
    a->rows = rows;
    a->fresh = true;
    return true;
}

void ansi_release(Ansi *a)
{
    free(a->shown);
    free(a->buffer);
    a->shown = NULL;
    a->buffer = NULL;
    a->cols = a->rows = 0;
}

/* --- what a cell looks like --- */

static Color mode_color(ColorMode mode, Color c)
{
    static const uint32_t entries[] = {256, 256, 16, 8, 0};
    if (color_is_index(c))
        return (c & 0xFFFFFFu) < entries[mode] ? c : COLOR_DEFAULT;
    if (c < COLOR_INDEX && mode == MODE_TRUECOLOR)
        return c;
    return COLOR_DEFAULT;
}

static bool is_half(uint32_t glyph)
{
    return glyph == UPPER || glyph == LOWER;
}

/* Blocks without attributes are two pixels; the default colours cannot trade places, since
 * the default foreground is not the default background. */
static Cell canonical_block(Cell c)
{
    bool whole = c.glyph == FULL || c.fg == c.bg;
    if (c.fg == COLOR_DEFAULT || (c.glyph != FULL && c.bg == COLOR_DEFAULT))
        return c;
    if (whole)
        return (Cell){BLANK, COLOR_DEFAULT, c.fg, 0};
    if (c.glyph == LOWER)
        return (Cell){UPPER, c.bg, c.fg, 0};
    return c;
}

Cell ansi_canonical(ColorMode mode, Cell c)
{
    c.fg = mode_color(mode, c.fg);
    c.bg = mode_color(mode, c.bg);
    if (c.glyph < BLANK || (c.glyph >= 0x7F && c.glyph < 0xA0))
        c.glyph = '?';
    if (c.glyph == BLANK) {
        c.attr &= SHAPE_ATTR;
        if (!c.attr)
            c.fg = COLOR_DEFAULT;
    } else if (!c.attr && (is_half(c.glyph) || c.glyph == FULL)) {
        c = canonical_block(c);
    }
    return c;
}

static bool cell_same(const Cell *a, const Cell *b)
{
    return a->glyph == b->glyph && a->fg == b->fg && a->bg == b->bg && a->attr == b->attr;
}

/* --- bytes --- */

static void put(Ansi *a, const char *text, size_t count)
{
    memcpy(a->buffer + a->used, text, count);
    a->used += count;
}

static void put_char(Ansi *a, char c)
{
    a->buffer[a->used++] = c;
}

static void put_number(Ansi *a, uint32_t n)
{
    char *to = a->buffer + a->used;
    char *at = to;
    if (n >= 1000) { /* a terminal of that size */
        a->used += (size_t)sprintf(to, "%u", (unsigned)n);
        return;
    }
    if (n >= 100)
        *at++ = (char)('0' + n / 100);
    if (n >= 10)
        *at++ = (char)('0' + n / 10 % 10);
    *at++ = (char)('0' + n % 10);
    a->used += (size_t)(at - to);
}

static size_t number_size(uint32_t n)
{
    return n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : n < 10000 ? 4 : 10;
}

static size_t glyph_size(uint32_t glyph)
{
    return glyph < 0x80 ? 1 : glyph < 0x800 ? 2 : glyph < 0x10000 ? 3 : 4;
}

static void put_glyph(Ansi *a, uint32_t glyph)
{
    if (glyph < 0x80)
        put_char(a, (char)glyph);
    else if (a->utf8)
        a->used += (size_t)utf8_encode(glyph, a->buffer + a->used);
    else
        put_char(a, '?');
}

/* --- the pen --- */

static void put_param(Ansi *a, uint32_t n)
{
    put_number(a, n);
    put_char(a, ';');
}

/* base: 30 foreground, 40 background. Semicolons: the colon form is misread by many. */
static void put_color(Ansi *a, Color c, uint32_t base)
{
    uint32_t i = c & 0xFFFFFFu;
    if (c == COLOR_DEFAULT) {
        put_param(a, base + 9);
    } else if (!color_is_index(c)) {
        put_param(a, base + 8);
        put_param(a, 2);
        put_param(a, i >> 16);
        put_param(a, i >> 8 & 255);
        put_param(a, i & 255);
    } else if (i < 16) {
        put_param(a, i < 8 ? base + i : base + 60 + i - 8);
    } else {
        put_param(a, base + 8);
        put_param(a, 5);
        put_param(a, i);
    }
}

/* Bytes of put_color, about. */
static size_t color_size(Color c)
{
    uint32_t i = c & 0xFFFFFFu;
    if (c == COLOR_DEFAULT || (color_is_index(c) && i < 16))
        return 3;
    if (color_is_index(c))
        return 6 + number_size(i);
    return 8 + number_size(i >> 16) + number_size(i >> 8 & 255) + number_size(i & 255);
}

static void put_attributes(Ansi *a, uint32_t from, uint32_t to)
{
    static const struct {
        uint32_t bits, on, off;
    } table[] = {
        {CELL_BOLD, 1, 22}, {CELL_DIM, 2, 22}, {CELL_UNDERLINE, 4, 24}, {CELL_REVERSE, 7, 27}};
    size_t count = sizeof table / sizeof *table;
    if (from & ~to & (CELL_BOLD | CELL_DIM)) { /* one code ends both */
        put_param(a, 22);
        from &= ~(uint32_t)(CELL_BOLD | CELL_DIM);
    }
    for (size_t i = 2; i < count; i++)
        if (from & ~to & table[i].bits)
            put_param(a, table[i].off);
    for (size_t i = 0; i < count; i++)
        if (to & ~from & table[i].bits)
            put_param(a, table[i].on);
}

static const Cell plain_pen = {0, COLOR_DEFAULT, COLOR_DEFAULT, 0};

static bool pen_same(const Cell *a, const Cell *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attr == b->attr;
}

static void set_pen(Ansi *a, const Cell *want)
{
    if (a->pen_known && pen_same(&a->pen, want))
        return;
    put(a, "\033[", 2);
    if (pen_same(want, &plain_pen)) {
        put_char(a, 'm');
    } else {
        Cell from = a->pen_known ? a->pen : plain_pen;
        if (!a->pen_known)
            put_param(a, 0);
        put_attributes(a, from.attr, want->attr);
        if (from.fg != want->fg)
            put_color(a, want->fg, 30);
        if (from.bg != want->bg)
            put_color(a, want->bg, 40);
        a->buffer[a->used - 1] = 'm'; /* over the last ';'; something differs, so there is one */
    }
    a->pen = *want;
    a->pen_known = true;
}

/* Bytes set_pen would need, about. */
static size_t pen_cost(const Ansi *a, const Cell *want)
{
    size_t cost = 0;
    if (a->pen.fg != want->fg)
        cost += color_size(want->fg);
    if (a->pen.bg != want->bg)
        cost += color_size(want->bg);
    if (a->pen.attr != want->attr)
        cost += 3;
    return cost ? cost + 2 : 0;
}

/* The cell that looks like the canonical cell c and costs least with the pen in hand. */
static Cell cheapest(const Ansi *a, Cell c)
{
    if (!a->pen_known || c.attr)
        return c;
    if (c.glyph == BLANK) {
        c.fg = a->pen.fg; /* nothing of it shows, nor of bold and dim */
        c.attr = a->pen.attr & ~(uint32_t)SHAPE_ATTR;
        if (a->utf8 && !a->pen.attr && c.bg != a->pen.bg && c.bg == a->pen.fg &&
            c.bg != COLOR_DEFAULT)
            return (Cell){FULL, a->pen.fg, a->pen.bg, 0};
    } else if (c.glyph == UPPER && c.fg != COLOR_DEFAULT && c.bg != COLOR_DEFAULT) {
        Cell swapped = {LOWER, c.bg, c.fg, 0};
        if (pen_cost(a, &swapped) < pen_cost(a, &c))
            return swapped;
    }
    return c;
}

/* --- the cursor --- */

static size_t forward_cost(int n)
{
    return n == 0 ? 0 : n == 1 ? 3 : 3 + number_size((uint32_t)n);
}

static void forward(Ansi *a, int n)
{
    if (n == 0)
        return;
    put(a, "\033[", 2);
    if (n > 1)
        put_number(a, (uint32_t)n);
    put_char(a, 'C');
}

static size_t address_cost(int col, int row)
{
    size_t cost = 3;
    if (col > 0)
        cost += 1 + number_size((uint32_t)col + 1);
    if (row > 0 || col > 0)
        cost += number_size((uint32_t)row + 1);
    return cost;
}

static void address(Ansi *a, int col, int row)
{
    put(a, "\033[", 2);
    if (row > 0 || col > 0)
        put_number(a, (uint32_t)row + 1);
    if (col > 0) {
        put_char(a, ';');
        put_number(a, (uint32_t)col + 1);
    }
    put_char(a, 'H');
}

/* Cost of the cheapest move; *home: by a carriage return, and line feeds if the row differs.
 * A line feed alone is not used: the driver may add a return to it. */
static size_t move_cost(const Ansi *a, int col, int row, bool *home)
{
    size_t best = address_cost(col, row);
    *home = false;
    if (a->row < 0 || row < a->row)
        return best;
    if (row == a->row && a->col < a->cols && col >= a->col && forward_cost(col - a->col) < best)
        best = forward_cost(col - a->col);
    size_t lines = (size_t)(row - a->row);
    if (1 + lines + forward_cost(col) < best) {
        best = 1 + lines + forward_cost(col);
        *home = true;
    }
    return best;
}

static void move_to(Ansi *a, int col, int row)
{
    bool home;
    if (row == a->row && col == a->col)
        return;
    move_cost(a, col, row, &home);
    if (home) {
        put_char(a, '\r');
        for (int line = a->row; line < row; line++)
            put_char(a, '\n');
        forward(a, col);
    } else if (row == a->row && a->col < a->cols && col > a->col &&
               forward_cost(col - a->col) < address_cost(col, row)) {
        forward(a, col - a->col);
    } else {
        address(a, col, row);
    }
    a->col = col;
    a->row = row;
}

/* --- a frame --- */

static void put_cell(Ansi *a, Cell c)
{
    c = cheapest(a, c);
    set_pen(a, &c);
    put_glyph(a, c.glyph);
    a->col++;
}

/* From the cursor to col in the same row: writing what stands there again if that is no
 * longer than a move and needs no other pen. */
static bool bridge(Ansi *a, const Cell *line, int col)
{
    bool home;
    size_t limit = move_cost(a, col, a->row, &home);
    size_t cost = 0;
    if (!a->pen_known || (size_t)(col - a->col) > limit)
        return false;
    for (int i = a->col; i < col; i++) {
        Cell c = cheapest(a, ansi_canonical(a->mode, line[i]));
        cost += glyph_size(c.glyph);
        if (!pen_same(&c, &a->pen) || cost > limit)
            return false;
    }
    while (a->col < col)
        put_cell(a, ansi_canonical(a->mode, line[a->col]));
    return true;
}

static void put_row(Ansi *a, const Cell *line, Cell *shown, int row, int cols, bool full)
{
    for (int col = 0; col < cols; col++) {
        if (!full && cell_same(&line[col], &shown[col]))
            continue;
        Cell c = ansi_canonical(a->mode, line[col]);
        Cell old = full ? c : ansi_canonical(a->mode, shown[col]);
        shown[col] = line[col];
        if (!full && cell_same(&c, &old))
            continue;
        bool there = a->row == row && a->col == col;
        if (!there && (a->row != row || a->col > col || !bridge(a, line, col)))
            move_to(a, col, row);
        put_cell(a, c);
    }
}

static void begin_full(Ansi *a)
{
    /* Without autowrap the last cell needs no care: the cursor stays on it. */
    put(a, "\033[?7l", 5);
    a->pen_known = false;
    a->row = -1;
}

/* Room for the opening bracket is kept in front, so that small frames can go without. */
static AnsiBytes finish(Ansi *a)
{
    size_t size = a->used - SYNC_SIZE;
    a->start = SYNC_SIZE;
    if (a->sync && size > SYNC_WORTH) {
        memcpy(a->buffer, SYNC_BEGIN, SYNC_SIZE);
        a->start = 0;
        put(a, SYNC_END, SYNC_SIZE);
    }
    return (AnsiBytes){a->buffer + a->start, a->used - a->start};
}

AnsiBytes ansi_frame(Ansi *a, const Canvas *c, bool full)
{
    int cols = c->cols < a->cols ? c->cols : a->cols;
    int rows = c->rows < a->rows ? c->rows : a->rows;
    a->used = SYNC_SIZE;
    full = full || a->fresh;
    if (full)
        begin_full(a);
    for (int row = 0; row < rows; row++) {
        const Cell *line = c->cell + (size_t)row * (size_t)c->cols;
        Cell *shown = a->shown + (size_t)row * (size_t)a->cols;
        if (full || memcmp(line, shown, (size_t)cols * sizeof *line) != 0)
            put_row(a, line, shown, row, cols, full);
    }
    if (full && cols == a->cols && rows == a->rows)
        a->fresh = false;
    return finish(a);
}

AnsiBytes ansi_tail(Ansi *a, const char *bytes, size_t count)
{
    if (count <= ANSI_TAIL)
        put(a, bytes, count);
    return (AnsiBytes){a->buffer + a->start, a->used - a->start};
}

/* --- lines for a file, or `cat`: each starts and ends with the default colours --- */

static void plain_row(Ansi *a, const Cell *line, int cols)
{
    a->used = 0;
    for (int col = 0; col < cols; col++)
        put_cell(a, ansi_canonical(a->mode, line[col]));
    set_pen(a, &plain_pen);
    put_char(a, '\n');
}

/* A canvas drawn in ASCII stays ASCII. */
static bool beyond_ascii(const Canvas *c)
{
    size_t cells = (size_t)c->cols * (size_t)c->rows;
    for (size_t i = 0; i < cells; i++)
        if (c->cell[i].glyph >= 0x80)
            return true;
    return false;
}

static bool draw(const Picture *p, FILE *to)
{
    const Canvas *c = p->canvas;
    Ansi a;
    ansi_init(&a, p->mode, beyond_ascii(c));
    if (!ansi_resize(&a, c->cols, 1))
        return false;
    a.pen = plain_pen;
    a.pen_known = true;
    for (int row = 0; row < c->rows; row++) {
        plain_row(&a, c->cell + (size_t)row * (size_t)c->cols, c->cols);
        fwrite(a.buffer, 1, a.used, to);
    }
    ansi_release(&a);
    return !ferror(to);
}

const Format format_ansi = {"ansi", "lines with colours, for a terminal", draw, NULL, false, NULL};
