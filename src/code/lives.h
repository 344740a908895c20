/* SPDX-License-Identifier: MIT
 * lives (private): how the program for PyTorch brings about the rates of a run.
 *
 * A schedule lives from the step its name was set at to the next name. A life in which nothing
 * touches the rate is PyTorch's own class where that is the same rule, else LambdaLR; a life with
 * edits goes by functions of t, because a class remembers the rate it had. */
#ifndef ETA_CODE_LIVES_H
#define ETA_CODE_LIVES_H

#include "code/parts.h"

typedef enum LifeKind {
    LIFE_FLAT,    /* the rate is eta0 */
    LIFE_CLASS,   /* a class of PyTorch */
    LIFE_JOINED,  /* the same behind a linear warm-up */
    LIFE_LAMBDA,  /* LambdaLR */
    LIFE_BY_HAND, /* the rate is set by a function of t */
    LIFE_PLATEAU, /* the class Plateau of the program */
} LifeKind;

/* The settings between two edits. */
typedef struct Stretch {
    const Segment *seg;
    Choice schedule; /* in force; for the words of typed ones */
    Piece piece;
    LifeKind kind;
    const Shape *shape; /* of LIFE_CLASS and LIFE_JOINED */
    bool begins;        /* a schedule's life begins here */
    bool by_hand;       /* its optimizer is the class Momentum */
} Stretch;

/* The run's stretches, and what stands in any of them. */
typedef struct Plan {
    const Timeline *t;
    const Scene *scene;
    Stretch *stretch; /* owned */
    int count;
    bool any_noise;
    bool any_batch;
    bool any_sched;         /* a scheduler of PyTorch's */
    bool any_plateau_class; /* ReduceLROnPlateau, */
    bool any_other_class;   /* or another */
    bool any_epochs;        /* that is stepped once an epoch */
    bool any_rate;          /* rates set by hand, */
    bool any_plateau;       /* by the class Plateau */
    bool any_momentum;      /* the class Momentum */
    bool watches;           /* the held-out loss is watched */
} Plan;

bool plan_make(Plan *p, const Timeline *t, Error *err);
void plan_free(Plan *p);

static inline bool life_has_scheduler(LifeKind kind)
{
    return kind == LIFE_CLASS || kind == LIFE_JOINED || kind == LIFE_LAMBDA;
}

static inline bool life_by_hand(LifeKind kind)
{
    return kind == LIFE_BY_HAND || kind == LIFE_PLATEAU;
}

/* Is the rate the same function of the step in both? */
bool same_rate(const Stretch *a, const Stretch *b);

#endif
