/* SPDX-License-Identifier: MIT
 * bind: a scene's names resolved, once. The edits cut the run into segments with constant settings;
 * each says all that the rows from its first one on need. */
#ifndef ETA_CORE_BIND_H
#define ETA_CORE_BIND_H

#include "core/model.h"
#include "core/optimizer.h"
#include "core/scene.h"
#include "core/step.h"

/* Settings in force from a step on. */
typedef struct Segment {
    long from;                   /* first row */
    const Optimizer *optimizer;
    double param[PARAM_MAX];     /* the optimizer's */
    bool new_optimizer;          /* its memory starts empty here */
    bool new_schedule;           /* so does the plateau rule */
    Rate rate;
    Loss loss;                   /* shares the model's program */
    Loss held_out;               /* the same, if the model has one */
    double noise;                /* sigma of the gradient noise */
    long batch;                  /* rows of a mini-batch; 0: all */
    Epochs epochs;
    bool watches_held_out;       /* the plateau rule is fed the held-out loss */
} Segment;

/* Large, but only as much is touched as its counts say. All zero: empty. */
typedef struct Bound {
    Window window;               /* the scene's, the surface's, or the grid's */
    Vec2 start;
    double first_loss;           /* at the start */
    long steps;                  /* T at the end */
    bool batches;                /* somewhere there are mini-batches */
    int segments;                /* at least 1 */
    int formulas;
    Program *formula[SCENE_EDITS + 1]; /* typed schedules; one use each is ours */
    Segment segment[SCENE_EDITS + 1];
} Bound;

/* Fill the empty *b; the model's losses are borrowed. Typed schedules that `known` (may be NULL)
 * has already are shared with it. Errors: schedules, batches, a start in a hole; they point
 * at the scene's text where it is known. *b is empty then. */
bool bind_scene(Bound *b, const Scene *s, const Model *m, const Bound *known, Error *err);
void bind_release(Bound *b); /* empty again */

const Segment *bind_at(const Bound *b, long row); /* in force at a row */
const Segment *bind_first(const Bound *b);        /* at row 0: edits there count */

#endif
