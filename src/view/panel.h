/* SPDX-License-Identifier: MIT
 * panel: frames, rows of text, gauges, cards: the typography of the stage. */
#ifndef ETA_VIEW_PANEL_H
#define ETA_VIEW_PANEL_H

#include "base/vec.h"
#include "view/axis.h"
#include "view/canvas.h"
#include "view/theme.h"

/* Cells a text takes (width 1 each). */
int text_cols(const char *text);

/* ╭─ title ───── note ─╮ around r; the inside is left alone. The note gives way to the title. */
void panel_frame(Canvas *c, Rect r, const char *title, const char *note, const Paint *p);
/* A frame whose inside is filled with the card's ground; returns the inside, one column of air. */
Rect card_frame(Canvas *c, Rect r, const char *title, const char *note, const Paint *p);
/* " text " in the lower border, starting `col` cells from the left corner. */
void panel_foot(Canvas *c, Rect r, int col, const char *text, const Paint *p);
/* The map's lower and left border as axes: ticks at 1-2-5 places, numbers below, x right. */
void panel_axes(Canvas *c, Rect r, Window w, const Paint *p);
/* The same for other scales. */
void panel_scales(Canvas *c, Rect r, const Scale *x, const Scale *y, const Paint *p);
/* The numbers of the left border: they reach into the map, so they come after its ground. */
void panel_heights(Canvas *c, Rect r, const Scale *y, const Paint *p);

/* Text in a role's colours on the panel's ground. Returns cells used. */
int panel_text(Canvas *c, int col, int row, int width, const char *text, Role role, const Paint *p);
/* The same on the ground that is there. */
int panel_over(Canvas *c, int col, int row, int width, const char *text, Role role, const Paint *p);

/* Word wrap: the next line of at most `width` cells. *text moves behind it; returns its bytes,
 * *from is its first. 0 when nothing is left. Longer words are cut; '\n' ends a line (an empty
 * line is returned as -1). */
int wrap_next(const char **text, int width, const char **from);
/* Wrapped text; the last line ends with an ellipsis if something is left. Returns rows used. */
int panel_wrap(Canvas *c, Rect r, const char *text, Role role, const Paint *p);
/* Rows the text would need. */
int wrap_rows(const char *text, int width);

/* "key    value": the key dim, the value at `indent`. */
void panel_row(Canvas *c, Rect r, int row, int indent, const char *key, const char *value,
               Role role, const Paint *p);

/* A bar of 1/8 cells: `value` of `full` (> 0) in `width` cells; in the warning colour from 0.75
 * of `full`, in the bad one from `full` on; above it it ends with '▸'. */
void gauge_draw(Canvas *c, int col, int row, int width, double value, double full, const Paint *p);

typedef struct KeyRow {
    const char *key;  /* "space"; NULL: a heading */
    const char *text; /* "pause" */
} KeyRow;
/* Rows that key help of this width needs. */
int keys_lines(int cols, const KeyRow *rows, int count);
/* Key help in as many columns as fit, from row `first` on. */
void keys_draw(Canvas *c, Rect r, const KeyRow *rows, int count, int first, const Paint *p);
/* One line "space pause  ↑↓ η₀ ..." of the rows that fit, in order; a row with priority stays:
 * the last `keep` rows are always shown. Returns how many are shown. */
int footer_draw(Canvas *c, Rect r, const KeyRow *rows, int count, int keep, const Paint *p);

/* One cell of the ruler of learning rates: how a run with this rate would end. */
typedef struct RulerCell {
    char letter;      /* equal neighbours with the same letter are one stretch */
    Role role;
    const char *name; /* "global", for stretches with room; NULL: the letter only */
} RulerCell;
/* Where the cells of a ruler stand in its row `r`. */
Rect ruler_band(Rect r, const char *name, const char *low, const char *high);
/* "η₀  0.001 ━━ slow ━━━ local ━━━ global ━●━ × ━ 1": count cells stretched over the row, the ball
 * at cell `at` (-1: none). `r` of one row. */
void ruler_draw(Canvas *c, Rect r, const char *name, const char *low, const char *high,
                const RulerCell *cells, int count, int at, const Paint *p);

/* Block digits on the ground that is there, at scale 1 3 cells wide and 3 rows high (at 2 6 by 5):
 * "0.05", "1e-4". Stops before a digit that does not fit. Returns cells used. */
int digits_draw(Canvas *c, int col, int row, int width, int scale, const char *text, Role role,
                const Paint *p);
int digits_width(const char *text, int scale);

#endif
