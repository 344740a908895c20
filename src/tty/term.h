/* SPDX-License-Identifier: MIT
 * term: what this terminal is: usable or not, its colours, its character set. */
#ifndef ETA_TTY_TERM_H
#define ETA_TTY_TERM_H

#include <stdbool.h>

#include "view/theme.h"

typedef struct Term {
    const char *name; /* $TERM, borrowed */
    bool utf8;        /* our glyphs can be shown */
    bool ecma;        /* speaks ECMA-48: our own escape sequences are understood */
    bool direct;      /* ncurses itself takes direct colours here */
    int palette;      /* colours ncurses offers, 0: none */
    ColorMode mode;   /* wanted, or what was found */
} Term;

/* Look at the terminal without sending it anything. `colors`: a ColorMode, or negative: what it
 * can; `ascii`: no other glyph. false: not usable, said so on standard error. Sets the locale
 * (numbers stay "C"). */
bool term_look(Term *t, int colors, bool ascii);

/* A string capability without padding, "" if absent; valid while the terminal is open. */
bool term_string(const char *capability, char *out, unsigned size);

#endif
