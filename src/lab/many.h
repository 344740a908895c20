/* SPDX-License-Identifier: MIT
 * many: up to 128 runs of one loss stepped together as arrays, gradient only, nothing recorded but
 * their ends. Points, losses and outcomes are those of the timeline, bit for bit (core/step); a run
 * that ends early leaves its lane. */
#ifndef ETA_LAB_MANY_H
#define ETA_LAB_MANY_H

#include "core/timeline.h"

enum {
    MANY_MOST = EXPR_LANES,
    MANY_CHUNK = 64,  /* steps whose rates and noise are prepared at once */
    MANY_ROWS = 1024, /* most rows of a loss over rows */
};

/* What all runs share; everything is borrowed. */
typedef struct ManyTask {
    const Loss *loss;
    const Optimizer *optimizer;
    const double *params;
    double noise;
    long batch;       /* rows per mini-batch; 0 or as many as there are: all */
    long steps;
    Window window;
} ManyTask;

/* Can it be done? Not grids, large tables, or a rule that watches the held-out loss. */
bool many_can(const Loss *loss, const Rate *rate);

typedef struct ManyRun {
    const Rate *rate; /* borrowed; runs with the same pointer share its values */
    Vec2 start;
    uint64_t seed;
} ManyRun;

typedef struct ManyEnd {
    Vec2 at;
    double loss;     /* at its last row */
    double best;     /* lowest of all rows */
    double tail;     /* mean over the last tenth of the rows; inf where the run ended early */
    long row;        /* its last row: as many gradients were followed */
    unsigned events; /* ROW_DIVERGED, ROW_UNDEFINED or 0 */
} ManyEnd;

typedef struct Many Many; /* about 1 MB; owned by whoever created it */

Many *many_new(void); /* NULL: out of memory */
void many_free(Many *l);
/* Begin 1 to MANY_MOST runs; `run` is copied. */
void many_start(Many *l, const ManyTask *task, const ManyRun *run, int count);
/* Step all of them until about `budget` updates are done; true while runs are unfinished.
 * *spent (may be NULL) grows by the updates done. */
bool many_advance(Many *l, long budget, long *spent);
/* Ends of the runs in the order given to _start, once nothing is unfinished. */
const ManyEnd *many_ends(const Many *l);

#endif
