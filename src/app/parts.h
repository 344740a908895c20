/* SPDX-License-Identifier: MIT
 * parts: what the program is made of. Each part has a file of its own; whoever needs one includes
 * it, so a file's includes say what it knows. Made and freed by app.c. */
#ifndef ETA_APP_PARTS_H
#define ETA_APP_PARTS_H

#include <stdbool.h>

/* What a change has touched; follow.c brings what depends on it up to date. */
enum {
    CHANGED_RUN = 1,     /* rows of the run may be others */
    CHANGED_SURFACE = 2, /* another loss or window: critical points and the map begin anew */
    CHANGED_MAP = 4,     /* what the map shows: zoom, held-out loss */
    CHANGED_SIZE = 8,    /* who gets which room */
    RESTARTED = 16,      /* the run begins again at step 0 */
};

typedef struct App App;
struct App {
    struct Session *session;   /* the scene, its runs, the play head, undo */
    struct Gate *gate;         /* what a lesson permits */
    struct Look *look;         /* colours, glyphs, size, who gets which room */
    struct Say *say;           /* the status line */
    struct Focus *focus;       /* the parameter that the arrows change */
    struct Borders *borders;   /* the ruler and its borders */
    struct Picture *picture;   /* what is derived from the session for drawing */
    struct Task *task;         /* a goal on the stage */
    struct School *school;     /* the lessons */
    struct Share *share;       /* what goes to the clipboard */
    struct Book *book;         /* the notebook: the last runs */
    struct Views *views;       /* which views are open, and what each remembers */
    const char *folder;        /* files that a line names are there; NULL: where the program runs */
    const struct Kind *chosen; /* what was chosen from last: its card, its menu */
    unsigned changed;          /* CHANGED_ bits that follow.c has not seen yet */
    bool dirty;                /* something visible changed since the last app_advance */
    bool quit;
};

#endif
