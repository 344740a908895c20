/* SPDX-License-Identifier: MIT
 * ruler: where a scene ends for each of 40 log-spaced learning rates, and where the borders lie.
 * Runs are computed in slices, so that a key never waits for them. */
#ifndef ETA_LAB_RULER_H
#define ETA_LAB_RULER_H

#include "core/verdict.h"

enum {
    RULER_CELLS = 41,            /* ten a decade: the preferred numbers that the arrows step through */
    RULER_STEPS_MOST = 100000,   /* longer runs have no ruler */
};

typedef struct Ruler {
    Timeline *run;               /* owned: the run being computed */
    const Timeline *beside;      /* borrowed: the run whose files are shared */
    Rate rate;                   /* of the scene's start: ratios of its other rates to eta0 */
    Window window;
    const CriticalSet *known;    /* borrowed */
    CriticalSet own;             /* where those are of another loss (an edit at the cursor) */
    double eta[RULER_CELLS];     /* rising */
    Outcome outcome[RULER_CELLS];
    int which[RULER_CELLS];      /* index of the minimum, -1: none */
    int done;                    /* cells computed */
    bool running;                /* cell `done` has been started */
    bool usable;                 /* false: no scene yet, or too long a run */
    Scene scene;                 /* the run's scene, eta0 to be set */
    Scene next;                  /* scratch */
} Ruler;

bool ruler_init(Ruler *r); /* false: out of memory */
void ruler_release(Ruler *r);

/* The ruler of `scene` (its edits are left out), whose start binds to `rate`. The cells hold the
 * preferred numbers around rate->eta0; the range moves only when eta0 leaves it. A scene that
 * differs from the last one in nothing but eta0 keeps what has been computed. */
void ruler_start(Ruler *r, const Scene *scene, const Timeline *beside, const Rate *rate, Window w,
                 const CriticalSet *known);
/* Compute about `budget` rows; true while cells are missing. */
bool ruler_advance(Ruler *r, long budget);
/* Cell nearest to a rate; -1 outside. */
int ruler_cell(const Ruler *r, double eta0);

/* The nearest border above (way > 0) or below `eta0` to three digits: the first rate on its far side and
 * what happens there. false: no border that way. */
bool ruler_border(Ruler *r, double eta0, int way, double *rate, Outcome *outcome, int *which);

#endif
