/* SPDX-License-Identifier: MIT
 * field: the loss over a window as a picture: heat in half blocks, thin contours in braille.
 *
 * The window is sampled once per (window, size, surface), in slices, at the centres of half cells:
 * pixel (i,j), i < cols, j < 2 rows, j from the top, stands for
 *     x = lo.x + (i + 1/2) (hi.x - lo.x) / cols,  y = hi.y - (j + 1/2) (hi.y - lo.y) / (2 rows).
 * One ring of samples around the window serves the contours. A shade is
 *     s = 0.7 rank + 0.3 log,  0..1,
 * rank the share of samples below, log the place of loss - min between its 0.2 % and 99.8 %
 * quantiles in octaves, so that a shallow trap and a deep basin both show. s is monotone in loss.
 * Contours follow loss exactly; their levels are equal steps of s, moved where needed so that each
 * of the most pronounced minima (by persistence: pass height minus depth) has one of its own. */
#ifndef ETA_VIEW_FIELD_H
#define ETA_VIEW_FIELD_H

#include "base/vec.h"
#include "view/canvas.h"
#include "view/theme.h"

enum {
    FIELD_BINS = 1 << 15, /* top bits of a float: 128 bins an octave */
    FIELD_CONTOURS = 9,  /* lines, unless more are asked for */
    FIELD_CONTOURS_MOST = 24,
};

/* f[i] at (x[i], y[i]) for n points; NaN or infinite where there is none. */
typedef void FieldValues(const void *ctx, const double *x, const double *y, double *f, size_t n);

typedef struct Field {
    int cols, rows;         /* cells */
    Window window;
    FieldValues *values;
    const void *ctx;        /* borrowed while sampling */
    int stride, lines;      /* samples: cols + 2, 2 rows + 2 (one ring around) */
    int coarse_line;        /* next line of the first, coarse pass (every 4th sample) */
    int line;               /* next line of the full pass; == lines: done */
    bool shown;             /* there is a picture, maybe a coarse one */
    bool done;
    unsigned long revision; /* finished pictures so far */
    double lowest, highest; /* of the finite samples; lowest > highest: none */
    int contours;           /* lines wanted; 0: FIELD_CONTOURS */
    double level[FIELD_CONTOURS_MOST]; /* losses of the contours, rising; valid when done */
    int levels;
    double *loss;           /* owned: stride * lines */
    uint8_t *shade;         /* owned: cols * 2 rows, 0..254, SHADE_HOLE */
    uint8_t *dots;          /* owned: cols * rows, braille bits of the contours */
    uint32_t *order, *tree; /* owned: stride * lines, scratch of the level search */
    uint32_t *count;        /* owned: FIELD_BINS + 1 */
    uint8_t *shade_of;      /* owned: FIELD_BINS */
} Field;

/* Sizes in cells, >= 0; keeps nothing of the picture. false: out of memory, field unchanged. */
bool field_resize(Field *f, int cols, int rows);
void field_release(Field *f);

/* Begin a new picture; the old one stays until field_advance has something to show. */
void field_start(Field *f, Window window, FieldValues *values, const void *ctx);
/* Spend about `budget` evaluations (at least one line of samples); true while work is left. */
bool field_advance(Field *f, long budget);

/* Shade 0..254 of a loss by the present colours. */
int field_shade(const Field *f, double loss);
/* Loss at shade s in 0..1 (the inverse of the above, to about 1 %). */
double field_loss_at(const Field *f, double s);

/* Draw into the cells of `at` (its top left corner; clipped to both sizes). Without glyphs for
 * half blocks a cell is one pixel; `contours` may be off, and are over dithered colours. */
void field_draw(const Field *f, Canvas *c, Rect at, bool contours, const Paint *p);

/* The legend in one row: "0.02 ▕ramp▏ 4.1", right-aligned in `at`; draws nothing below 16 cells. */
void scale_draw(const Field *f, Canvas *c, Rect at, const Paint *p);

#endif
