/* SPDX-License-Identifier: MIT
 * layout: which pane stands where, as a pure function of the screen's size. All rectangles are in
 * cells, frames included; an absent pane is empty (cols == rows == 0).
 *
 *     header  1 row
 *     map     left, 58 to 60 % of the width      | eta / loss / now   right, one below the other
 *     ruler   1 row, status 1 or 2 rows (2 from 24 rows on), footer 1 row
 *
 * What gives way, in this order, when the right column has no room for three plots of 4 rows:
 * now shrinks to 4 rows, then now, loss, eta go; below 14 rows the ruler, below 9 the footer.
 * Below 60 columns the column of panes is narrower (26); below 50 the panes stand under the map
 * where there are 6 rows for one (eta first, then loss, then now), else they go.
 * At 20x6 and below nothing but "too small" can be said. */
#ifndef ETA_VIEW_LAYOUT_H
#define ETA_VIEW_LAYOUT_H

#include "view/canvas.h"

enum { LAYOUT_MIN_COLS = 21, LAYOUT_MIN_ROWS = 7 };

typedef struct Layout {
    bool too_small; /* then all rectangles are empty */
    Rect header, map, eta, loss, now, ruler, status, footer;
    Rect lesson; /* of layout_lesson */
    Rect table;  /* of layout_table */
} Layout;

Layout layout_make(int cols, int rows);
/* With a lesson's text: right of the map, the plots below; on narrow screens the loss gives way. */
Layout layout_lesson(int cols, int rows);

/* A table of `wanted` rows between the panes and the rows below them: the rest is as on a screen that
 * has so many rows less. Where that is too small the table has the body alone. */
typedef Layout LayoutMake(int cols, int rows);
Layout layout_table(LayoutMake *make, int cols, int rows, int wanted);

/* A card of cols x rows centred on the screen, cut to it. */
Rect layout_card(int screen_cols, int screen_rows, int cols, int rows);
/* The rectangle without its frame of one cell. */
Rect rect_inside(Rect r);
bool rect_contains(Rect r, int col, int row);

#endif
