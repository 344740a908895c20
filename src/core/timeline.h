/* SPDX-License-Identifier: MIT
 * timeline: a run as a pure function of its scene, computed ahead as a growing prefix of rows.
 * Row t is the state *before* update t together with the rates update t uses. */
#ifndef ETA_CORE_TIMELINE_H
#define ETA_CORE_TIMELINE_H

#include "core/bind.h"
#include "core/loss.h"
#include "core/optimizer.h"
#include "core/scene.h"
#include "core/schedule.h"
#include "core/step.h"

typedef struct Row {
    Vec2 at;         /* the point before update t */
    double loss;     /* full loss there */
    Vec2 g;          /* gradient used: noise and mini-batch included */
    double eta;      /* scheduled rate of update t */
    Vec2 rate;       /* effective rates, per coordinate */
    double lambda;   /* larger Hessian eigenvalue; NaN where there is none */
    double limit;    /* eta above which it cannot settle here; inf where no curvature is positive */
    double held_out; /* held-out loss; NaN where there is none */
    double batch_loss; /* mean over the mini-batch of update t; NaN without mini-batches */
    double best;     /* lowest loss of rows 0 to this one */
    unsigned events; /* RowEvent bits */
} Row;

typedef struct Timeline Timeline; /* owned by whoever created it */

Timeline *timeline_new(void); /* NULL: out of memory */
void timeline_free(Timeline *t);

/* Compute this scene. Where the scene equals the one already held up to some step, the rows and
 * state before that step are kept (an edit at the cursor recomputes only what follows). On error
 * the old run stays. Files are read when their name is new to the timeline, not at every change.
 * Errors: formula, schedule values, files, a start in a hole, memory. */
bool timeline_set(Timeline *t, const Scene *scene, Error *err);
/* The same; files that `other` holds are shared instead of read. */
bool timeline_set_beside(Timeline *t, const Scene *scene, const Timeline *other, Error *err);

/* Compute up to `budget` more rows; true while rows are missing. A row over very many data counts
 * for more than one of the budget, so that a call stays short; at least one row is computed. */
bool timeline_advance(Timeline *t, long budget);

const Scene *timeline_scene(const Timeline *t);
const Bound *timeline_bound(const Timeline *t); /* stays valid until the next _set; so does this: */
const Model *timeline_model(const Timeline *t);
const Loss *timeline_loss(const Timeline *t);  /* of the start of the run; borrowed */
const Row *timeline_rows(const Timeline *t);   /* `ready` rows; stays valid until the next _set */
long timeline_ready(const Timeline *t);        /* rows computed, >= 1 */
long timeline_steps(const Timeline *t);        /* T in force at the end of the edits */
long timeline_last(const Timeline *t);         /* last row it can have: T, or where it ended */
bool timeline_done(const Timeline *t);         /* all rows are there */
unsigned long timeline_revision(const Timeline *t); /* changes whenever rows may have changed */

/* The schedule, optimizer and loss in force at row t, and the update of row t taken apart. */
const Rate *timeline_rate(const Timeline *t, long row);
typedef struct Update {
    const Optimizer *optimizer;
    const double *params;  /* values in force */
    const Rate *rate;
    Plateau plateau;       /* before the row */
    OptState before;       /* memory before the update */
    OptState after;
    OptStep step;
} Update;
void timeline_update(const Timeline *t, long row, Update *out);
const Loss *timeline_loss_at(const Timeline *t, long row);
const Optimizer *timeline_optimizer(const Timeline *t, long row, const double **params);
double timeline_noise(const Timeline *t, long row);
Window timeline_window(const Timeline *t); /* the scene's, the surface's, or the grid's window */

/* Losses over rows. An epoch is ceil(rows/batch) steps; another batch size begins a new epoch. */
double timeline_epoch(const Timeline *t, long row);    /* epochs done before it; NaN without data */
long timeline_epoch_steps(const Timeline *t, long row); /* steps of an epoch; 1 without data */
const Loss *timeline_held_out(const Timeline *t, long row); /* NULL: none; borrowed */
/* Files of the run, in order; NULL behind the last. Built-in data sets are not files. */
const Data *timeline_file(const Timeline *t, int index);

#endif
