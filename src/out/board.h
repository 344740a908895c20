/* SPDX-License-Identifier: MIT
 * board: the figures of a stage as pictures of a terminal, one call a frame. A slot is a bare
 * figure (one panel) and the cells it stands on; what changed since the last call is what is sent.
 */
#ifndef ETA_OUT_BOARD_H
#define ETA_OUT_BOARD_H

#include "out/kitty.h"
#include "view/layer.h"

enum { BOARD_SLOTS = 6 };

typedef struct Board {
    KittyPanel panel[BOARD_SLOTS];
    Layer layer[BOARD_SLOTS];
    unsigned long base[BOARD_SLOTS]; /* shown */
    ThemeId theme;
    MapId map;
    unsigned first_id;
    Deflate *deflate; /* owned */
    Pixels raster;    /* of a base */
} Board;

/* `first_id` > 0: identifiers from there on are ours (a number from the process' own is a good
 * choice: other programs in the terminal have theirs). false: out of memory. */
bool board_open(Board *b, unsigned first_id);
void board_close(Board *b);

/* Append what brings the terminal from the last frame to this one. Cells of a slot must be blanks
 * on the default background. false: out of memory; then everything is hidden. */
bool board_show(Board *b, const FigureSlot *slot, int slots, int cell_width, int cell_height,
                const Paint *paint, Bytes *out);
/* Append what takes all pictures away: before an overlay, a suspend, the end. */
void board_hide(Board *b, Bytes *out);

/* --- may pictures be sent? ------------------------------------------------------------------ */

/* What to ask once, before the first frame; the answer to the last question ends the answers. Never
 * to be sent inside a multiplexer. */
extern const char board_question[];
/* Environment that forbids even the question: each by its value, NULL where it is not set. */
bool board_may_ask(const char *tmux, const char *sty, const char *zellij, const char *term);
/* Do these answers allow pictures: a terminal that is known to lay text over them, which said OK?
 * Cell sizes in pixels, where it told them; else they are left alone. */
bool board_answers(const char *bytes, size_t count, int *cell_width, int *cell_height);

/* Does the terminal draw octants itself, by its own word: kitty from 0.40 on, Ghostty from 1.2, foot
 * from 1.20, VTE from 0.78 (`vte`: $VTE_VERSION, NULL: not set)? */
bool board_knows_octants(const char *bytes, size_t count, const char *vte);

#endif
