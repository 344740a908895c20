/* SPDX-License-Identifier: MIT
 * critical: minima, saddles, maxima and valleys of a loss in a window, by Newton's method with the
 * exact Hessian, from the table of a built-in surface or by a search over the window. */
#ifndef ETA_CORE_CRITICAL_H
#define ETA_CORE_CRITICAL_H

#include "core/loss.h"
#include "core/timeline.h"

typedef enum CriticalKind {
    CRITICAL_MINIMUM,
    CRITICAL_SADDLE,
    CRITICAL_MAXIMUM,
    CRITICAL_VALLEY,
} CriticalKind;

typedef struct Critical {
    Vec2 at;
    double f;
    CriticalKind kind;
    bool global; /* its loss is within 1e-6 (relative) of the lowest known in the window */
} Critical;

enum { CRITICAL_MAX = 160 };

/* Known critical points of a loss in a window; filled from the table or by search. */
typedef struct CriticalSet {
    Critical point[CRITICAL_MAX]; /* minima first, lowest first */
    int count;
    int minima;                   /* how many of them are minima */
    long searched;                /* search: Newton starts done */
    bool done;                    /* nothing more to search */
    double param[LOSS_PARAMS];    /* of the loss that they belong to */
    int params;                   /* -1: of none yet */
} CriticalSet;

void critical_start(CriticalSet *s);
/* Are these points of this loss, or of the same formula with other parameters (an edit)? */
bool critical_fits(const CriticalSet *s, const Loss *l);
/* The points of the loss in force at a row of a run: kept where they are its own, else begun: from
 * the table where a built-in stands as it is, left to critical_search otherwise. true: begun. Other
 * formulas, data and windows need critical_start. */
bool critical_follow(CriticalSet *s, const Timeline *t, long row);
/* `given` where its points are those of the loss in force at the row, or it has none yet; else
 * `own`, which follows and is searched to the end. */
const CriticalSet *critical_known(const CriticalSet *given, CriticalSet *own, const Timeline *t,
                                  long row);
/* Add a point (refined by Newton); duplicates are ignored; keeps the order and `global` marks. */
void critical_add(CriticalSet *s, const Loss *l, Window w, Vec2 near_point);
/* Damped Newton from a grid of starts over the window, `budget` starts a call; false when done. */
bool critical_search(CriticalSet *s, const Loss *l, Window w, int budget);
/* Newton from `from`: true if it reaches a critical point (gradient small against the Hessian). */
bool critical_newton(const Loss *l, Vec2 from, Vec2 *found, Derivatives *there);
CriticalKind critical_kind(Sym2 h);
/* Within 1e-6 (relative) of the lowest known loss. */
bool critical_is_lowest(double f, double lowest);

#endif
