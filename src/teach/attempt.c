/* SPDX-License-Identifier: MIT
 * attempt: see attempt.h */
#include "teach/attempt.h"

#include <math.h>
#include <string.h>

bool attempt_open(Attempt *a)
{
    memset(a, 0, sizeof *a);
    a->run = timeline_new();
    return a->run != NULL;
}

void attempt_close(Attempt *a)
{
    timeline_free(a->run);
    a->run = NULL;
}

bool step_goals(const Step *s, Goal goal[STEP_GOALS], Goal *limit, Error *err)
{
    char text[GOAL_TEXT];
    limit->count = 0;
    for (int i = 0; i < s->goals; i++)
        if (!goal_parse(&goal[i], s->goal[i].text, err))
            return false;
    if (!s->limit.text)
        return true;
    int n = snprintf(text, sizeof text, "always: (%s)", s->limit.text);
    if (n >= (int)sizeof text)
        return error_set(err, 1, 1, "the limit is too long");
    return goal_parse(limit, text, err);
}

bool attempt_step(Attempt *a, const Step *s, Error *err)
{
    a->goals = s->goals;
    return step_goals(s, a->goal, &a->limit, err);
}

bool attempt_goal(Attempt *a, const char *goal, Error *err)
{
    a->goals = 1;
    a->limit.count = 0;
    return goal_parse(&a->goal[0], goal, err);
}

void attempt_begin(Attempt *a)
{
    memset(a->met, 0, sizeof a->met);
    a->held = true;
    a->spent = 0;
    a->conditions = 0;
}

long attempt_rows(const Attempt *a)
{
    return timeline_ready(a->run) - 1;
}

bool attempt_compute(Attempt *a, const Scene *scene, Error *err)
{
    if (!timeline_set(a->run, scene, err))
        return false;
    while (timeline_advance(a->run, 100000))
        ;
    return true;
}

static bool follow(Attempt *a, const Goal *g)
{
    goal_start(&a->state, g, NULL);
    a->state.facts.spent = a->spent;
    return goal_follow(&a->state, a->run, attempt_rows(a));
}

bool attempt_run(Attempt *a, const Scene *scene, Error *err)
{
    if (!attempt_compute(a, scene, err))
        return false;
    bool held = a->limit.count == 0 || follow(a, &a->limit);
    a->held = a->held && held;
    a->conditions = 0;
    for (int i = 0; i < a->goals; i++) {
        bool now = follow(a, &a->goal[i]) && held;
        a->met[i] = a->met[i] || now;
        int room = GOAL_CONDITIONS - a->conditions;
        a->conditions += goal_conditions(&a->state, a->condition + a->conditions, room);
    }
    a->spent += attempt_rows(a);
    return true;
}

bool attempt_passed(const Attempt *a)
{
    for (int i = 0; i < a->goals; i++)
        if (!a->met[i])
            return false;
    return a->goals > 0 && a->held;
}
