/* SPDX-License-Identifier: MIT
 * letters: large words for the back row, drawn in dots of a cell's eighth, 2x4 to a cell. */
#ifndef ETA_VIEW_LETTERS_H
#define ETA_VIEW_LETTERS_H

#include "view/canvas.h"
#include "view/theme.h"

/* `text` in lines broken between words, `rows` cells high each; what does not fit is left out.
 * Returns the rows used. In ASCII: plain words. */
int letters_draw(Canvas *c, Rect at, const char *text, int rows, Role role, const Paint *p);
/* Would the whole text fit? */
bool letters_fit(Rect at, const char *text, int rows);
/* The largest letters, of 3 to 6 rows, in which it fits; 0: in none. */
int letters_rows(Rect at, const char *text);

#endif
