/* SPDX-License-Identifier: MIT
 * measure: what a run did. Critical points of a loss, and the verdict at a row (SPEC 6). */
#ifndef ETA_CORE_MEASURE_H
#define ETA_CORE_MEASURE_H

#include "base/text.h"
#include "core/loss.h"
#include "core/timeline.h"

typedef enum CriticalKind { CRITICAL_MINIMUM, CRITICAL_SADDLE, CRITICAL_MAXIMUM, CRITICAL_VALLEY } CriticalKind;

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
} CriticalSet;

void critical_start(CriticalSet *s);
/* Add a point (refined by Newton); duplicates are ignored; keeps the order and `global` marks. */
void critical_add(CriticalSet *s, const Loss *l, Window w, Vec2 near_point);
/* Damped Newton from a grid of starts over the window, `budget` starts a call; false when done. */
bool critical_search(CriticalSet *s, const Loss *l, Window w, int budget);
/* Newton from `from`: true if it reaches a critical point (gradient small against the Hessian). */
bool critical_newton(const Loss *l, Vec2 from, Vec2 *found, Derivatives *there);
CriticalKind critical_kind(Sym2 h);
/* Within 1e-6 (relative) of the lowest known loss. */
bool critical_is_lowest(double f, double lowest);

typedef enum Outcome {
    OUTCOME_MOVING,
    OUTCOME_OSCILLATING,
    OUTCOME_GLOBAL_MINIMUM,
    OUTCOME_LOCAL_MINIMUM,
    OUTCOME_SADDLE,
    OUTCOME_VALLEY,
    OUTCOME_PLATEAU,
    OUTCOME_DIVERGING,
    OUTCOME_DIVERGED,
    OUTCOME_UNDEFINED,
} Outcome;

extern const char *const outcome_words[]; /* "global minimum" ... by Outcome */

typedef struct Verdict {
    Outcome outcome;
    Vec2 at;            /* the critical point, where settled */
    int which;          /* index among the known minima, -1: none */
    double eta;         /* numbers of the reason: rate in force */
    double limit;       /* the limit there */
    double loss;
    double depth;       /* loss of the critical point, where settled */
    char reason[160];   /* one sentence with numbers */
    char tag[32];       /* of moving: "frozen", "slow", "rattling in noise"; "" */
    char brief[96];     /* the same, short */
} Verdict;

/* Verdict at row `cursor` of the run; pure. */
void verdict_at(const Timeline *t, long cursor, Window w, const CriticalSet *known, Verdict *out);

#endif
