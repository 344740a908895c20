/* SPDX-License-Identifier: MIT
 * borders: the ruler on the stage: where this scene would end for each starting rate, and the next
 * rate at which that changes. */
#ifndef ETA_APP_BORDERS_H
#define ETA_APP_BORDERS_H

#include "app/session.h"
#include "lab/ruler.h"

typedef struct Borders {
    Ruler ruler;
    bool stale; /* of another scene */
    int way;    /* a border is asked for: 1 above, -1 below; 0: none */
} Borders;

/* A slice of the ruler; true while cells are missing. */
bool borders_advance(App *a);
/* The border that was asked for: whole runs are needed to halve the interval, so it is looked for
 * after the frame that answers the key. true: there was one. */
bool borders_jump(App *a);
bool borders_wait(const Borders *b); /* would borders_advance do anything? */
const char *ruler_letter(Outcome o, int which, int minima, char out[2]);

extern const Command border_commands[];

#endif
