/* SPDX-License-Identifier: MIT
 * many: up to 128 runs of one scene stepped together as arrays, gradient only. Points, losses and
 * outcomes are those of the timeline, bit for bit (core/step). A run that has ended, or of which it
 * is proved that it will never move again, leaves its lane. Of their rows nothing is kept but the
 * points, where that is asked for. */
#ifndef ETA_LAB_MANY_H
#define ETA_LAB_MANY_H

#include "core/bind.h"

enum {
    MANY_MOST = EXPR_LANES,
    MANY_CHUNK = 16,         /* steps prepared at once; lanes are given up between them */
    MANY_ROWS = 1024,        /* most rows of a loss over rows */
    MANY_PATH_STEPS = 16384, /* longest run whose points are kept: 2 KB a step */
};

/* What all runs share; everything is borrowed and stays until they have ended. */
typedef struct ManyTask {
    const Bound *bound; /* with its edits; its start does not count */
    bool best, tail;      /* what of the losses is asked for; they cost */
    double near;          /* > 0: the points are kept; see ManyEnd.still */
    const double *eta;    /* rates of steps 0 to T, if all runs have those (many_rates) */
    long falls_from;      /* step from which they never rise */
} ManyTask;

/* Can it be done? Not grids, large tables, or a rule that watches the held-out loss; with points
 * kept, not too long a run. */
bool many_can(const Bound *b, bool paths);
/* Rates of steps 0 .. T into eta[]; false: they are no function of the step alone. */
bool many_rates(const Bound *b, double *eta, long *falls_from);

typedef struct ManyRun {
    Vec2 start;
    uint64_t seed;
    /* instead of the binding's, which then has no edits; borrowed: */
    const Rate *rate;    /* NULL: the binding's; runs with the same pointer share its values */
    const double *param; /* NULL: the binding's; the surface's parameters */
    double noise;        /* NaN: the binding's */
} ManyRun;

typedef struct ManyEnd {
    Vec2 at;
    double loss;     /* at its last row */
    double best;     /* lowest of all rows, if asked for */
    double tail;     /* mean over the last tenth of the rows, if asked for; inf if it ended early */
    double first_loss;
    long row;        /* its last row */
    long still;      /* row from which on all points are within `near` of its end */
    unsigned events; /* ROW_DIVERGED, ROW_UNDEFINED or 0 */
} ManyEnd;

typedef struct Many Many; /* about 1 MB, and the points; owned by whoever created it */

Many *many_new(void); /* NULL: out of memory */
void many_free(Many *l);
/* Begin 1 to MANY_MOST runs; `run` is copied. false: no memory for the points. */
bool many_start(Many *l, const ManyTask *task, const ManyRun *run, int count);
/* Step all of them until about `budget` updates are done; true while runs are unfinished.
 * *spent (may be NULL) grows by the updates done. */
bool many_advance(Many *l, long budget, long *spent);
/* Ends of the runs in the order given to _start, once nothing is unfinished. */
const ManyEnd *many_ends(const Many *l);
/* The points of rows from .. to of a run, <= its last; once nothing is unfinished. */
void many_points(const Many *l, int run, long from, long to, double *x, double *y);

#endif
