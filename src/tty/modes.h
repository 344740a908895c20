/* SPDX-License-Identifier: MIT
 * modes: what we change of the terminal, and the way back. */
#ifndef ETA_TTY_MODES_H
#define ETA_TTY_MODES_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "tty/term.h"

typedef struct Modes {
    const Term *term; /* borrowed */
    SCREEN *screen;   /* owned, ncurses */
    bool mouse;
    bool ours; /* the terminal is in our modes now */
    bool pictures; /* there may be pictures of ours, to be freed on every way out */
    struct termios before;
} Modes;

/* Take the terminal: ncurses, our own modes, the crash handler. false: ncurses does not want
 * it; the terminal is as before. */
bool modes_open(Modes *m, const Term *term, bool mouse);
/* Give it back, for a while or for good; does nothing when it is given back already. */
void modes_leave(Modes *m);
/* Take it again after modes_leave; all of the screen must be painted anew. */
void modes_return(Modes *m);
void modes_close(Modes *m);
/* Pictures will be sent from now on. */
void modes_pictures(Modes *m);

/* write(2) until all is out; false: the terminal is gone, or a signal wants us to end. */
bool modes_write(const char *bytes, size_t size);

#endif
