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
    bool global; /* a minimum within 1e-6 of the set's range of the lowest loss known in the window */
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
    double lowest;                /* lowest loss of a fixed grid of 101x101 points over the window */
    double range;                 /* of the losses there, from the 2 % to the 98 % quantile */
} CriticalSet;

void critical_start(CriticalSet *s);
/* The same formula with the same parameters? Of one run. */
bool critical_same_loss(const Loss *a, const Loss *b);
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
/* The same, but where the Hessian is singular (VALLEY) the loss decides, as far as `reach` to both
 * sides along the flat direction, on the floor across it: equal to 1e-9 of `range` is a valley, higher
 * on both sides a minimum, lower on one a saddle. */
CriticalKind critical_kind_at(const Loss *l, Vec2 at, const Derivatives *d, double reach,
                              double range);
/* Lowest loss known of the window: minima in it and the grid. */
double critical_lowest(const CriticalSet *s, Window w);
/* Within 1e-6 of the range of the lowest known loss. */
bool critical_is_lowest(double f, double lowest, double range);

#endif
