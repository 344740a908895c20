/* SPDX-License-Identifier: MIT
 * find_view: pictures of a search for a rate: the end of the run over the rate for several
 * schedules (the U), and the range test. Plain arrays in, cells out: knows neither lab nor app. */
#ifndef ETA_VIEW_FIND_VIEW_H
#define ETA_VIEW_FIND_VIEW_H

#include "view/axis.h"
#include "view/canvas.h"
#include "view/theme.h"

enum { FIND_VIEW_LINES = 16, FIND_VIEW_MARKS = 8 };

typedef struct FindViewLine {
    const char *label;        /* "cosine" */
    const double *mid;        /* by rate; inf: diverged, NaN: not computed yet */
    const double *low, *high; /* band; NULL: none */
    int best;                 /* marked with the line's letter; -1: none */
    int good_lo, good_hi;     /* stretch drawn bright; -1: none */
    const char *text;         /* "best 9e-6 at 0.079, good 0.036 to 0.45, 1.1 decades" */
} FindViewLine;

typedef struct FindView {
    const char *title;        /* "Noisy data: five schedules" */
    const char *note;         /* right in the border: "median tail loss, 60 seeds" */
    const double *eta;        /* rising */
    int etas;
    FindViewLine line[FIND_VIEW_LINES];
    int lines;
    double threshold;         /* NaN: none */
    double first_loss;        /* the plot ends at 1000 times that; NaN: unknown */
    int at_line, at_eta;      /* the cursor's point; -1: none */
    double progress;          /* < 1: a bar tells it */
} FindView;

/* The letter of a line: A, B, ..., and its colour. */
char find_view_letter(int line);
Role find_view_role(int line);
/* Both logarithmic; of what there is so far. */
void find_view_scales(const FindView *v, Scale *eta, Scale *loss);
/* Frame, axes (both logarithmic), curves, and below them a row for each schedule. */
void find_view_draw(const FindView *v, Canvas *c, Rect r, const Paint *p);
/* Index of the rate under a column of the canvas, for the mouse; -1: none. */
int find_view_eta(const FindView *v, Rect r, int col);

typedef struct RangeViewMark {
    char letter;       /* at the foot of the plot and before its row */
    double eta;        /* NaN: only the row */
    const char *name;  /* "steepest" */
    const char *text;  /* "0.0016" and more */
    bool fence;        /* an upright through the plot: the true limit */
} RangeViewMark;

typedef struct RangeView {
    const char *title, *note;
    void (*point)(const void *from, long i, double *eta, double *loss, double *smooth);
    const void *from;
    long points;
    double first_loss;
    RangeViewMark mark[FIND_VIEW_MARKS];
    int marks;
    const char *text;  /* wrapped below */
    double progress;
} RangeView;
void range_view_scales(const RangeView *v, Scale *eta, Scale *loss);
void range_view_draw(const RangeView *v, Canvas *c, Rect r, const Paint *p);

#endif
