/* SPDX-License-Identifier: MIT
 * share: a scene leaves the program and comes back: files, and the terminal's clipboard. */
#ifndef ETA_APP_SHARE_H
#define ETA_APP_SHARE_H

#include "app/command.h"

enum { SHARE_MOST = 3000 /* bytes: more is cut by some terminals */ };

typedef struct Share {
    char text[SHARE_MOST + 1]; /* for the clipboard */
    bool fresh;                /* nobody has taken it yet */
} Share;

/* Into the clipboard; false: it is too long. */
bool share_put(Share *s, const char *text);
/* The text once, then NULL. */
const char *share_take(Share *s);

/* save, save!, open, copy */
extern const Command share_commands[];

#endif
