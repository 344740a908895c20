/* SPDX-License-Identifier: MIT
 * curve: line plots in braille: what a run's numbers did, step by step.
 *
 * A Curve is a cache: for each column of dots the lowest and highest place of the line within it
 * (its envelope), so that a frame costs the plot's width and a million rows cost one pass per
 * revision; rows that arrive later are added to it, another scale costs the width only. The
 * polyline is cut exactly at the column edges: neighbours always touch and no peak is lost. */
#ifndef ETA_VIEW_CURVE_H
#define ETA_VIEW_CURVE_H

#include "core/timeline.h"
#include "view/axis.h"
#include "view/canvas.h"
#include "view/theme.h"

typedef double SeriesGet(const Row *row); /* NaN: no point here */

typedef struct Series {
    const Row *rows;        /* borrowed */
    long count;             /* rows there are */
    unsigned long revision; /* other rows, other number */
    SeriesGet *get;
} Series;

double series_eta(const Row *row);
double series_limit(const Row *row);
double series_loss(const Row *row);
double series_held_out(const Row *row);

typedef struct Curve {
    int dots;             /* columns of dots */
    float *low, *high;    /* owned: envelope by column, 0..1 over the scale; low > high: none */
    double *least, *most; /* owned: of the values at whole steps in the column */
    /* what it was made of */
    Series series;
    long steps;
    Scale scale;
    int filled;           /* columns whose rows are all known */
} Curve;

/* `dots` = 2 * columns of the plot. false: out of memory, curve unchanged. */
bool curve_resize(Curve *c, int dots);
void curve_release(Curve *c);
/* Bring the envelope up to date; x runs over steps 0..`steps`. */
void curve_update(Curve *c, const Series *s, long steps, const Scale *scale);

/* Running smallest and largest finite value of a series, of what is new since the last call;
 * `smallest` also without values <= base. */
typedef struct Range {
    double lo, hi;       /* lo > hi: no finite value yet */
    double least_above;  /* smallest value > base; inf: none */
    double base;
    double first;        /* finite value of the first row, NaN: none */
    long count;          /* rows seen */
    unsigned long revision;
    SeriesGet *get;
} Range;
void range_update(Range *r, const Series *s, double base);

/* The plots' usual scales: eta from 0 up; loss log above `base`, a diverging run cut at 1000 times
 * its first loss, at most 12 decades. */
Scale scale_eta(const Range *r);
Scale scale_loss(const Range *r, double base);

typedef enum PlotStyle {
    PLOT_SOLID,
    PLOT_DOTTED, /* ghosts */
    PLOT_FENCE,  /* limits: only the lowest dot of each column, no uprights */
} PlotStyle;

/* One line in a plot, as of the step at `cursor`. */
typedef struct PlotLine {
    const Curve *curve;
    Role used;          /* colour up to the cursor */
    Role plan;          /* colour behind it */
    bool hide_plan;     /* draw nothing behind the cursor */
    PlotStyle style;
    const char *label;  /* beside its end; NULL: none */
} PlotLine;

typedef struct PlotTick {
    long step;
    Role role;
    uint32_t glyph;     /* 0: the usual tick */
} PlotTick;

enum { PLOT_LINES = 12 };

/* A pane: frame, title, axes, lines (the first drawn lies lowest), cursor. */
typedef struct Plot {
    const char *title;      /* "learning rate η(t)" */
    const char *note;       /* right in the border: "cosine", "log"; "" */
    Scale scale;
    long steps;             /* T */
    long cursor;            /* row */
    double value;           /* of the curve at the cursor, for the dot; NaN: no dot */
    double limit;           /* at the cursor; a label tells it when above the plot; NaN: none */
    PlotLine line[PLOT_LINES];
    int lines;
    const PlotTick *ticks;  /* on the lower border */
    int tick_count;
    bool pictured;          /* the lines are a picture of the terminal: their cells are blank */
} Plot;

/* Cells of the curves inside a pane: (cols * 2) x (rows * 4) dots. May be empty. */
Rect plot_area(Rect pane);
void plot_draw(const Plot *plot, Canvas *c, Rect pane, const Paint *paint);
/* The lines alone, without frame and axes: for cards. */
void plot_lines(const Plot *plot, Canvas *c, Rect area, const Paint *paint);

#endif
