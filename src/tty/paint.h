/* SPDX-License-Identifier: MIT
 * paint: a canvas onto the terminal, by one of two back ends that must look the same. */
#ifndef ETA_TTY_PAINT_H
#define ETA_TTY_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "tty/term.h"
#include "view/canvas.h"

typedef struct Painter Painter;

struct Painter {
    ColorMode mode; /* what it will show */
    bool fences;    /* frames may carry a question: the bytes go out in order */
    void *state;    /* owned by the back end */
    bool (*resize)(Painter *p, int cols, int rows); /* false: out of memory */
    /* Make the frame; returns its bytes as far as known (ncurses: 0), to be sent by flush. */
    size_t (*frame)(Painter *p, const Canvas *c, bool full);
    /* Send the frame and `tail` behind it; false: the terminal is gone. */
    bool (*flush)(Painter *p, const char *tail, size_t size);
    void (*sync)(Painter *p); /* synchronised output is understood */
    void (*release)(Painter *p);
};

/* false: out of memory. ncurses must be open. */
bool paint_ncurses(Painter *p, const Term *term);
bool paint_ansi(Painter *p, const Term *term);

#endif
