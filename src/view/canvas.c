/* SPDX-License-Identifier: MIT
 * canvas: the grid of cells; every write is clipped here and nowhere else. */
#include "view/canvas.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"

bool canvas_resize(Canvas *c, int cols, int rows)
{
    cols = cols < 0 ? 0 : cols;
    rows = rows < 0 ? 0 : rows;
    size_t want = (size_t)cols * (size_t)rows;
    if (want > c->capacity) {
        Cell *cell = want > SIZE_MAX / sizeof *cell ? NULL : malloc(want * sizeof *cell);
        if (!cell)
            return false;
        free(c->cell);
        c->cell = cell;
        c->capacity = want;
    }
    c->cols = cols;
    c->rows = rows;
    canvas_clear(c, COLOR_DEFAULT, COLOR_DEFAULT);
    return true;
}

void canvas_release(Canvas *c)
{
    free(c->cell);
    *c = (Canvas){0};
}

void canvas_clear(Canvas *c, Color fg, Color bg)
{
    canvas_fill(c, (Rect){0, 0, c->cols, c->rows}, ' ', fg, bg);
}

Cell *canvas_at(Canvas *c, int col, int row)
{
    if (col < 0 || row < 0 || col >= c->cols || row >= c->rows)
        return NULL;
    return &c->cell[(size_t)row * (size_t)c->cols + (size_t)col];
}

void canvas_put(Canvas *c, int col, int row, uint32_t glyph, Color fg, Color bg, uint32_t attr)
{
    Cell *cell = canvas_at(c, col, row);
    if (cell)
        *cell = (Cell){glyph, fg, bg, attr};
}

void canvas_fill(Canvas *c, Rect r, uint32_t glyph, Color fg, Color bg)
{
    /* Ends in 64 bits: a rectangle may reach past INT_MAX. */
    int64_t end_col = (int64_t)r.col + r.cols, end_row = (int64_t)r.row + r.rows;
    int left = r.col < 0 ? 0 : r.col, top = r.row < 0 ? 0 : r.row;
    int right = end_col > c->cols ? c->cols : (int)end_col;
    int bottom = end_row > c->rows ? c->rows : (int)end_row;
    if (r.cols <= 0 || r.rows <= 0)
        return;
    for (int row = top; row < bottom; row++) {
        Cell *cell = &c->cell[(size_t)row * (size_t)c->cols];
        for (int col = left; col < right; col++)
            cell[col] = (Cell){glyph, fg, bg, 0};
    }
}

/* Is this a character that every terminal draws in exactly one cell? A list of what is: combining
 * marks, wide scripts, emoji and what Unicode adds next year would all shift the row. */
static bool is_plain(uint32_t code)
{
    static const struct {
        uint16_t from, to;
    } ranges[] = {
        {0x0020, 0x007E}, {0x00A0, 0x00AC}, {0x00AE, 0x02FF}, {0x0370, 0x0377}, {0x037A, 0x037F},
        {0x0384, 0x038A}, {0x038C, 0x038C}, {0x038E, 0x03A1}, {0x03A3, 0x0482}, {0x048A, 0x052F},
        {0x1D00, 0x1DBF}, {0x1E00, 0x1EFF}, {0x2010, 0x2027}, {0x2030, 0x205E}, {0x2070, 0x2071},
        {0x2074, 0x208E}, {0x2090, 0x209C}, {0x20A0, 0x20BF}, {0x2100, 0x218B}, {0x2190, 0x2319},
        {0x231C, 0x2328}, {0x2500, 0x25FC}, {0x25FF, 0x25FF}, {0x2605, 0x2606}, {0x2713, 0x2718},
        {0x2800, 0x28FF}, {0xFFFD, 0xFFFD},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code <= ranges[i].to)
            return code >= ranges[i].from;
    return false;
}

/* One character behind `width` cells decides whether the text is cut, so look one ahead. */
int canvas_text(Canvas *c, int col, int row, int width, const char *text, Color fg, Color bg,
                uint32_t attr)
{
    int used = 0;
    for (uint32_t code; used < width && (code = utf8_next(&text)) != 0; used++) {
        bool cut = used == width - 1 && *text && width > 1;
        uint32_t glyph = cut ? 0x2026 : is_plain(code) ? code : '?';
        canvas_put(c, col + used, row, glyph, fg, bg, attr);
    }
    return used;
}
