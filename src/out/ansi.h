/* SPDX-License-Identifier: MIT
 * ansi: Canvas -> bytes for a terminal that speaks ECMA-48, as the difference to what that
 * terminal shows already. One buffer a frame, meant for one write(2); no curses here.
 *
 * The promise: a terminal that was fed every frame looks the same as one that is fed the last
 * frame alone, in full. "Looks": U+2580 over (a, b) and U+2584 over (b, a) are the same two pixels,
 * so are U+2588 and a blank in the other colour; the encoder sends whichever costs less. */
#ifndef ETA_OUT_ANSI_H
#define ETA_OUT_ANSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/canvas.h"
#include "view/theme.h"

typedef struct Ansi {
    ColorMode mode; /* colours of a canvas that it does not have are sent as the default */
    bool utf8;      /* false: glyphs past ASCII are sent as '?' */
    bool sync;      /* bracket big frames with synchronised output, mode 2026 */
    bool fresh;     /* what the terminal shows is unknown: the next frame is a full one */
    int cols, rows; /* of the terminal */
    Cell *shown;    /* owned; the cells of the previous canvas, row by row */
    char *buffer;   /* owned; holds the worst frame of this size */
    size_t start;   /* first byte of the last frame in buffer */
    size_t used;    /* one past its last byte */
    int col, row;   /* cursor; col == cols: stuck behind the last cell; row < 0: unknown */
    Cell pen;       /* fg, bg, attr as last sent; glyph unused */
    bool pen_known;
} Ansi;

/* Bytes a caller may add to a frame with ansi_tail. */
#define ANSI_TAIL 256

typedef struct AnsiBytes {
    const char *at; /* borrowed until the next call */
    size_t size;
} AnsiBytes;

void ansi_init(Ansi *a, ColorMode mode, bool utf8);
/* Allocates; the next frame is a full one. false: out of memory, nothing changed. */
bool ansi_resize(Ansi *a, int cols, int rows);
void ansi_release(Ansi *a);

/* The bytes that make the terminal show c; size 0 if it does. `full`: send every cell and
 * assume nothing. Cells of c outside cols x rows are not sent. Allocates nothing. */
AnsiBytes ansi_frame(Ansi *a, const Canvas *c, bool full);
/* The frame just made with count bytes (that move neither cursor nor pen) behind it. */
AnsiBytes ansi_tail(Ansi *a, const char *bytes, size_t count);

/* The simplest cell that looks the same in this mode: same result, same look. */
Cell ansi_canonical(ColorMode mode, Cell c);

#endif
