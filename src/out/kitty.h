/* SPDX-License-Identifier: MIT
 * kitty: pictures under the cells of a terminal that knows kitty's graphics protocol. Bytes out,
 * nothing in: who may get them is decided elsewhere (never inside tmux or screen).
 *
 * A panel has a base (heat, contours, axes: sent once per map and size) and a layer of strokes and
 * marks, cut into tiles of a few cells: where the layer changed, its tiles are sent again, so that
 * every tile is merged at any time and there are never more than the panel has room for. Pictures
 * lie below all text, also below cells that have a background (z < INT32_MIN/2), so map cells must
 * be blanks on the default background. An identifier whose data are sent again loses what was
 * shown: therefore each picture has two, used in turn, and the old one goes when the new one
 * stands.
 *
 * Everything is to be written in one piece, inside a synchronized update, and never with an ED 2
 * (ESC [2J) after it: that frees pictures. */
#ifndef ETA_OUT_KITTY_H
#define ETA_OUT_KITTY_H

#include "out/bytes.h"
#include "out/deflate.h"
#include "view/pixels.h"

enum {
    KITTY_TILE_COLS = 4,
    KITTY_TILE_ROWS = 3,
    KITTY_TILES = 1024,
};

/* Where a panel stands, in cells from 0, and how many pixels a cell has. */
typedef struct KittyPlace {
    int col, row, cols, rows;
    int cell_width, cell_height;
} KittyPlace;

typedef struct KittyPanel {
    KittyPlace place;
    unsigned first_id;         /* its identifiers: first_id ... first_id + KITTY_IDS - 1 */
    uint8_t base;              /* 0: none shown; 1, 2: which of its two identifiers is */
    uint8_t tile[KITTY_TILES]; /* the same of each tile */
    Pixels shown;              /* the layer that the terminal has */
    Bytes scratch, packed;     /* kept for the next tile */
} KittyPanel;

enum { KITTY_IDS = 2 * (KITTY_TILES + 1) };

/* Take a place; what was shown must have been hidden. false: out of memory, or more tiles than
 * KITTY_TILES. The pictures of the panel are cols * cell_width by rows * cell_height. */
bool kitty_open(KittyPanel *k, KittyPlace place, unsigned first_id);
void kitty_close(KittyPanel *k);

/* Append what shows a new base, stretched over the place; its colours are reduced until it takes
 * about 3 bits a pixel. It may be coarser than the layer: heat is smooth, and terminals scale it
 * smoothly. */
void kitty_base(KittyPanel *k, Pixels *base, Deflate *d, Bytes *out);
/* Append what makes the layer shown that of `layer`, which may differ within `dirty` alone. */
void kitty_layer(KittyPanel *k, const Pixels *layer, Box dirty, Deflate *d, Bytes *out);
/* Append what takes all pictures of the panel away and frees them. */
void kitty_hide(KittyPanel *k, Bytes *out);
/* The same of all pictures of the terminal, for a handler of crashes: constant bytes. */
extern const char kitty_hide_all[];

#endif
