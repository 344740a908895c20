/* SPDX-License-Identifier: MIT
 * goal: what a run must fulfil, in words made of facts (facts.h): the `check` lines of the named
 * scenes and the goals of the lessons.
 *
 *     loss < 0.01 and x > 1                 as of the row asked about (the end, if one asks there)
 *     sign_changes_y >= 30 by 100           true at one row <= 100; the same as "by 100: ..."
 *     loss < 1 and always: peak < 30        true at every row so far; reaches far to the right
 *     at 40: loss < 2 and x < -1.5          true at row 40, for ever after
 *     seeds 1..5: tail < 0.001              the caller repeats the run; only the range is kept here
 *     not schedule == plateau or (abs(x - 3) < 0.01 and reached_0_01 < inf)
 *
 * From loose to tight: by/always/at, or, and, not, < <= > >= ==, + -, * /, unary minus; abs(),
 * inf, parentheses.
 * The arithmetic is not that of the formulas of surfaces (expr/): a Goal is a plain value that is
 * copied and forgotten, a Program is owned memory; and a goal has no need of derivatives. */
#ifndef ETA_CORE_GOAL_H
#define ETA_CORE_GOAL_H

#include "core/facts.h"

enum {
    GOAL_TEXT = 512,      /* bytes of a goal, terminator included */
    GOAL_NODES = 128,     /* numbers, names, operators */
    GOAL_DEPTH = 32,      /* nesting */
    GOAL_CONDITIONS = 32, /* comparisons */
    GOAL_SEEDS = 1000,    /* runs of one goal */
};

typedef struct GoalNode {
    unsigned char op;  /* see goal.c */
    unsigned char a;   /* operands: earlier nodes */
    unsigned char b;
    short from;        /* comparison: bytes of the text, [from, to) */
    short to;
    bool negated;      /* stands under an odd number of `not` */
    bool always;       /* stands under `always` */
    int index;         /* fact */
    long step;         /* N of `by N` and `at N` */
    long by;           /* N of the `by N` or `at N` around it: the row that counts; -1: none */
    bool at;           /* it is an `at` */
    double number;
    const char *word;  /* what a fact is compared with; of a table, lives for ever */
} GoalNode;

/* A parsed goal: a plain value. */
typedef struct Goal {
    char text[GOAL_TEXT];
    GoalNode node[GOAL_NODES]; /* operands before operators: the last one is the goal */
    int count;
    bool follows;              /* looks at every row (by, at, always), not only at the last */
    bool seeded;               /* "seeds A..B:" stood in front */
    uint64_t seed_first;
    uint64_t seed_last;
} Goal;

/* Errors: line 1 and the column. */
bool goal_parse(Goal *g, const char *text, Error *err);
/* Once met it stays met (a `by` or `at` goal): no need to wait for the end of the run. */
bool goal_stays(const Goal *g);
bool goal_uses(const Goal *g, const char *fact);

/* A goal being followed along a run: costs O(rows) once; keep it to pay only for new rows. */
typedef struct GoalState {
    const Goal *goal;         /* borrowed; may be NULL: facts only */
    Facts facts;
    double value[GOAL_NODES]; /* numbers, and 0 or 1 */
    double then[GOAL_NODES];  /* the same; under `by N` as of row N once that is past */
    bool held[GOAL_NODES];    /* of a comparison under `always`: it has helped at every row */
} GoalState;

void goal_start(GoalState *s, const Goal *g, const CriticalSet *known);
/* Move to `row` (at most the rows computed); true if the goal is met as of it. Going back or a
 * changed run starts over by itself. */
bool goal_follow(GoalState *s, const Timeline *t, long row);
/* The same for one question. */
bool goal_met(const Goal *g, const Timeline *t, long upto_row);

/* One comparison of a goal, for a panel. */
typedef struct GoalCondition {
    const char *text;    /* as typed, `length` bytes of goal->text */
    int length;
    double value;        /* now, or at row `by` once that is past; NaN for words */
    bool late;           /* that row is past */
    bool at;             /* it must hold at row `by`, neither before nor after */
    double threshold;    /* NaN for words */
    const char *is;      /* word now; NULL for numbers */
    const char *wanted;  /* word compared with; NULL for numbers */
    bool negated;        /* stands under an odd number of `not` */
    bool met;            /* helps the goal as of the row (`negated`, `by`, `always` respected);
                            where the goal is out of reach: it is not this one that failed */
    long by;             /* must hold by this row; -1: no such limit */
    bool always;         /* must hold at every row */
    double away;         /* 0: met; |ln(value/threshold)| of positive numbers, else the difference
                            relative to the larger; 1: another word; inf: out of reach */
} GoalCondition;

/* In the order of the text; returns how many (at most `most`). After goal_follow. */
int goal_conditions(const GoalState *s, GoalCondition *out, int most);
/* Index of the unmet condition that is least away, -1: none. */
int goal_nearest(const GoalCondition *c, int count);

#endif
