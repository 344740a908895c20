/* SPDX-License-Identifier: MIT
 * attempt: runs judged by goals and a limit, without a stage: what checker and homework need. */
#ifndef ETA_TEACH_ATTEMPT_H
#define ETA_TEACH_ATTEMPT_H

#include "core/goal.h"
#include "teach/lesson.h"

typedef struct Attempt {
    Timeline *run;      /* owned */
    int goals;
    Goal goal[STEP_GOALS];
    Goal limit;         /* count 0: none */
    GoalState state;    /* of the last goal looked at */
    bool met[STEP_GOALS];
    bool held;          /* the limit, in all runs */
    long spent;         /* gradient evaluations of all runs */
    GoalCondition condition[GOAL_CONDITIONS];
    int conditions;
} Attempt;

/* The goals of a step, and its limit as a goal: "always: (...)"; count 0: none. */
bool step_goals(const Step *s, Goal goal[STEP_GOALS], Goal *limit, Error *err);

bool attempt_open(Attempt *a); /* false: out of memory */
void attempt_close(Attempt *a);
/* The goals and the limit of a step, or one goal's text. */
bool attempt_step(Attempt *a, const Step *s, Error *err);
bool attempt_goal(Attempt *a, const char *goal, Error *err);
/* Nothing is met, nothing is spent. */
void attempt_begin(Attempt *a);
/* Make a run to its end and look at it. */
bool attempt_run(Attempt *a, const Scene *scene, Error *err);
bool attempt_passed(const Attempt *a);
/* Steps that the run made. */
long attempt_rows(const Attempt *a);
/* The whole run of a scene in a->run. */
bool attempt_compute(Attempt *a, const Scene *scene, Error *err);

#endif
