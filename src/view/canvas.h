/* SPDX-License-Identifier: MIT
 * canvas: a grid of cells, the only thing the program draws on. Cells are addressed by int col,
 * row from 0; drawing outside is clipped. Colours are already resolved for the output's colour
 * mode (theme.h does that), so out/ and tty/ only transport them. */
#ifndef ETA_VIEW_CANVAS_H
#define ETA_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0x00RRGGBB direct colour, COLOR_INDEX|i palette entry (i < 16, 8 or 256), COLOR_DEFAULT. */
typedef uint32_t Color;
#define COLOR_INDEX 0x01000000u
#define COLOR_DEFAULT 0x02000000u
static inline bool color_is_index(Color c)
{
    return (c & 0xFF000000u) == COLOR_INDEX;
}

enum { CELL_BOLD = 1, CELL_REVERSE = 2, CELL_UNDERLINE = 4, CELL_DIM = 8 };

typedef struct Cell {
    uint32_t glyph; /* one Unicode character of width 1; never 0 or a control character */
    Color fg;
    Color bg;
    uint32_t attr;  /* CELL_* bits */
} Cell;

typedef struct Rect {
    int col, row;     /* of the top left cell */
    int cols, rows;   /* size, may be <= 0: empty */
} Rect;

typedef struct Canvas {
    int cols, rows;  /* >= 0 */
    size_t capacity; /* cells allocated */
    Cell *cell;      /* owned; cell[row * cols + col] */
} Canvas;

bool canvas_resize(Canvas *c, int cols, int rows); /* false: out of memory, canvas unchanged */
void canvas_release(Canvas *c);
void canvas_clear(Canvas *c, Color fg, Color bg);
/* The cell, or NULL outside. */
Cell *canvas_at(Canvas *c, int col, int row);
void canvas_put(Canvas *c, int col, int row, uint32_t glyph, Color fg, Color bg, uint32_t attr);
void canvas_fill(Canvas *c, Rect r, uint32_t glyph, Color fg, Color bg);
/* UTF-8 text from (col,row), at most `width` cells, cut with '…' ('~' never) if longer and
 * `width` > 1; returns cells used. What is not one cell wide on every terminal
 * (controls, combining marks, wide scripts) is drawn as '?'. */
int canvas_text(Canvas *c, int col, int row, int width, const char *text, Color fg, Color bg,
                uint32_t attr);

#endif
