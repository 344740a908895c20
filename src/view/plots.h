/* SPDX-License-Identifier: MIT
 * plots: runs as figures. Pure functions of what they are given: a stage and a command that needs
 * no terminal draw the same map, rate, loss, hop and fit. */
#ifndef ETA_VIEW_PLOTS_H
#define ETA_VIEW_PLOTS_H

#include "core/critical.h"
#include "core/timeline.h"
#include "view/figure.h"
#include "view/fitted.h"
#include "view/hop.h"

enum { PLOTS_TRACKS = 8, PLOTS_TICKS = 64 };

/* A run in a plot: the first is the one that is talked about, the others lie below it. */
typedef struct PlotsTrack {
    const Timeline *run;
    long row;  /* cursor: the row shown last */
    Role role; /* of its strokes, but for the first track */
    LineStyle style;
    char letter; /* at its head; '\0': none */
} PlotsTrack;

typedef struct PlotsInput {
    PlotsTrack track[PLOTS_TRACKS];
    int tracks; /* >= 1 */
    const CriticalSet *known;
    Window window;       /* shown by the map */
    const Field *heat;   /* of the map, for that window */
    const Loss *ground;  /* what the map is sampled from */
    const char *surface; /* its title */
    const char *axis[2]; /* names of the weights */
    Scale eta, loss;     /* of plots_scales, or kept by the caller */
    long steps;          /* of the plots' axis; 0: those of the first run */
    bool hidden;         /* a prediction is asked for: nothing of what is to come */
    bool lens;           /* the map shows the rest of the first run, faintly */
} PlotsInput;

/* Scales over all rows of all tracks that there are. */
void plots_scales(PlotsInput *in);

/* Numbers that some figures point at; they must live as long. */
typedef struct PlotsStore {
    Hop hop;
    Fitted fitted;
} PlotsStore;

/* One row a panel; `draw` adds it to a figure. */
typedef struct PlotsPanel {
    const char *name;
    const char *text; /* what it shows */
    void (*draw)(Figure *f, const PlotsInput *in, PlotsStore *store);
    bool heat; /* it needs in->heat */
} PlotsPanel;
extern const PlotsPanel plots_panels[]; /* ends with name == NULL */

/* What field_start needs to sample a loss (its ctx). */
void plots_values(const void *loss, const double *x, const double *y, double *f, size_t n);

#endif
