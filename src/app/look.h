/* SPDX-License-Identifier: MIT
 * look: how the screen looks: theme, colours, glyphs, size, and which panes stand where. */
#ifndef ETA_APP_LOOK_H
#define ETA_APP_LOOK_H

#include "app/command.h"
#include "app/parts.h"
#include "view/canvas.h"
#include "view/layout.h"
#include "view/theme.h"

/* What stands in the place of the loss curve. */
typedef enum Pane { PANE_LOSS, PANE_HOP } Pane;

typedef struct Look {
    ThemeId theme;
    MapId map;
    ColorMode colors;
    GlyphSet glyphs;
    bool octants;  /* the terminal draws them */
    bool own_glyphs; /* chosen by the user: the terminal's are not taken */
    bool ascii_only; /* the terminal shows nothing else */
    Paint paint;     /* made of the above */
    int cols, rows;  /* of the screen */
    Layout layout;
    Pane pane;
    bool lens;     /* the rest of the run is drawn faintly */
    bool apart;    /* the update taken apart is open */
    bool big;      /* big type */
    bool pictures; /* figures are pictures of the terminal: their cells stay blank */
    bool held_out; /* the map shows the held-out loss */
    /* Drawn beside the map in the place of the now panel; NULL: the now panel. */
    void (*side)(const App *a, Canvas *c);
    int table_rows; /* that a table below the panes wants; 0: there is none */
} Look;

void look_repaint(Look *l);
/* Who gets which room on a screen of this size. */
void look_arrange(Look *l);
/* theme, map, glyphs */
extern const Command look_commands[];

#endif
