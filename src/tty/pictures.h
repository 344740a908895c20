/* SPDX-License-Identifier: MIT
 * pictures: figures as pictures of the terminal: may they be, how large is a cell, and the bytes of
 * a frame. */
#ifndef ETA_TTY_PICTURES_H
#define ETA_TTY_PICTURES_H

#include "out/board.h"

/* Ends the synchronized update that the bytes of a frame have begun. */
#define PICTURES_END "\033[?2026l"

typedef struct Pictures {
    bool on;
    Board board;
    Bytes out;                   /* of the last frame */
    int cell_width, cell_height; /* pixels; 0: not known */
} Pictures;

/* Not inside a multiplexer: it swallows or prints them. */
bool pictures_may_ask(void);
/* Do these answers of the terminal allow them? Cell sizes are taken from there. */
bool pictures_allowed(Pictures *p, const char *answers, size_t count);
bool pictures_open(Pictures *p); /* false: out of memory */
void pictures_close(Pictures *p);
/* The size of a cell as the terminal's driver knows it, if it does. */
void pictures_measure(Pictures *p, int cols, int rows);
/* What brings the terminal to these figures, cursor and pen as before; `anew`: nothing is known of
 * what it shows. NULL: out of memory. */
const Bytes *pictures_frame(Pictures *p, const FigureSlot *slots, int count, const Paint *paint,
                            bool anew);

#endif
