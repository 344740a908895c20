/* SPDX-License-Identifier: MIT
 * verdict: what a run has come to at a row (SPEC 6), in a word and in a sentence with numbers. */
#ifndef ETA_CORE_VERDICT_H
#define ETA_CORE_VERDICT_H

#include "core/critical.h"
#include "core/timeline.h"

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
    OUTCOMES
} Outcome;

/* How good the news is: what a word is coloured by. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD } Tone;

/* All that is said of an outcome, by Outcome. */
typedef struct OutcomeRow {
    const char *name;  /* "global_minimum": in goals and files */
    const char *word;  /* "global minimum": in sentences */
    const char *brief; /* "global": on a ruler */
    const char *lead;  /* "settled: " in front of the word, "" */
    const char *mark;  /* "★" */
    char letter;       /* 'G' */
    Tone tone;
    bool settled;      /* the run rests at a place of its own: a critical point or a plateau */
    bool minimum;
    bool gone;         /* it will not come back */
} OutcomeRow;
extern const OutcomeRow outcomes[OUTCOMES];

/* A run as its outcome depends on it: columns over the rows first .. cursor, `stride` apart. */
typedef struct Trail {
    long first;
    long cursor;
    long steps;            /* T */
    const double *x, *y;
    const double *loss, *best; /* NULL where only trail_settled is asked */
    size_t stride;
    unsigned events;       /* of the row at the cursor, as its loss and gradient used */
    double last_loss;
    Vec2 g;
    double first_loss;     /* of row 0 */
    const Loss *ground;    /* in force at the cursor */
} Trail;

/* Where a run is. */
typedef struct Standing {
    Outcome outcome;
    int which;   /* index among the known points, -1: none */
    Vec2 at;     /* the critical point, where settled */
    double depth; /* its loss */
} Standing;

/* Rows in which a run must stay still to be settled. */
static inline long trail_rows(long steps)
{
    return steps / 20 < 10 ? 10 : steps / 20;
}

/* The last trail_rows(T) rows stay within 1 % of the window's diagonal of their mean. */
bool trail_still(const Trail *t, Window w);
/* The outcome at the cursor; all rows from 0 on. */
Standing trail_standing(const Trail *t, Window w, const CriticalSet *known);
/* The same where the last trail_rows(T) rows are enough: it ended, is far out, or stays still at a known
 * point. false: they are not. */
bool trail_settled(const Trail *t, Window w, const CriticalSet *known, Standing *out);

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

/* Verdict at row `cursor` of the run; pure. Points of another loss than the one in force there
 * (critical_fits) are not looked at. */
void verdict_at(const Timeline *t, long cursor, Window w, const CriticalSet *known, Verdict *out);

#endif
