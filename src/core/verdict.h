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
