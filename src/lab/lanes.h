/* SPDX-License-Identifier: MIT
 * lanes: up to 128 runs of one loss stepped together, gradient only, nothing recorded but their
 * ends. Points, losses and outcomes are those of the timeline, bit for bit; a run that ends early
 * leaves its lane. */
#ifndef ETA_LAB_LANES_H
#define ETA_LAB_LANES_H

#include "core/timeline.h"

enum {
    LANES_MOST = EXPR_LANES,
    LANES_CHUNK = 64,  /* steps whose rates and noise are prepared at once */
    LANES_ROWS = 1024, /* most rows of a loss over rows */
};

/* What all runs share; everything is borrowed. */
typedef struct LaneTask {
    const Loss *loss;
    const Optimizer *optimizer;
    const double *params;
    double noise;
    long batch;       /* rows per mini-batch; 0 or as many as there are: all */
    long steps;
    Window window;
} LaneTask;

/* Can lanes do it? Not grids, large tables, or a rule that watches the held-out loss. */
bool lanes_can(const Loss *loss, const Rate *rate);

typedef struct LaneRun {
    const Rate *rate; /* borrowed; runs with the same pointer share its values */
    Vec2 start;
    uint64_t seed;
} LaneRun;

typedef struct LaneEnd {
    Vec2 at;
    double loss;     /* at its last row */
    double best;     /* lowest of all rows */
    double tail;     /* mean over the last tenth of the rows; inf where the run ended early */
    long row;        /* its last row: as many gradients were followed */
    unsigned events; /* ROW_DIVERGED, ROW_UNDEFINED or 0 */
} LaneEnd;

typedef struct Lanes Lanes; /* about 1 MB; owned by whoever created it */

Lanes *lanes_new(void); /* NULL: out of memory */
void lanes_free(Lanes *l);
/* Begin 1 to LANES_MOST runs; `run` is copied. */
void lanes_start(Lanes *l, const LaneTask *task, const LaneRun *run, int count);
/* Step all of them until about `budget` updates are done; true while runs are unfinished.
 * *spent (may be NULL) grows by the updates done. */
bool lanes_advance(Lanes *l, long budget, long *spent);
/* Ends of the runs in the order given to _start, once nothing is unfinished. */
const LaneEnd *lanes_ends(const Lanes *l);

#endif
