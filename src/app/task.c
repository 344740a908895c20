/* SPDX-License-Identifier: MIT
 * task: see task.h */
#include "app/task.h"

#include <math.h>
#include <string.h>

bool task_begin(Task *t, const char *goal, const Session *s, Error *err)
{
    t->given = goal != NULL;
    if (!goal)
        return true;
    if (!goal_parse(&t->goal, goal, err)) {
        error_in(err, "--goal");
        return false;
    }
    goal_start(&t->state, &t->goal, &s->critical);
    return true;
}

void task_refresh(Task *t, const Session *s)
{
    if (t->given)
        t->met = goal_follow(&t->state, session_run(s), session_row(s));
}

/* "loss < 0.01: now 0.031" */
static void condition_text(const GoalCondition *k, Text *t)
{
    char value[NUMBER_TEXT];
    number_show(value, k->value, 3);
    text_add(t, "%.*s", k->length, k->text);
    if (k->by >= 0)
        text_add(t, " %s %ld", k->at ? "at" : "by", k->by);
    text_add(t, " (%s %s)", k->late ? "then" : "now", k->is ? k->is : value);
}

void task_draw(const Task *t, const Session *s, Canvas *c, Rect r, const Paint *p)
{
    GoalCondition list[GOAL_CONDITIONS];
    int n = goal_conditions(&t->state, list, GOAL_CONDITIONS);
    long row = session_row(s);
    int col = r.col;
    col += panel_text(c, col, r.row, r.cols, t->met ? "goal met  " : "goal  ",
                      t->met ? ROLE_GOOD : ROLE_ACCENT, p);
    for (int i = 0; i < n && col < r.col + r.cols; i++) {
        char text[160];
        Text line = text_over(text, sizeof text);
        bool late = !list[i].met && (list[i].by >= 0 ? row >= list[i].by : row >= session_last(s));
        text_add(&line, "%s ", list[i].met ? "✓" : "·");
        condition_text(&list[i], &line);
        if (late)
            text_add(&line, " missed");
        col += panel_text(c, col, r.row, r.col + r.cols - col, text,
                          list[i].met ? ROLE_GOOD
                          : late      ? ROLE_BAD
                                      : ROLE_TEXT,
                          p) +
               2;
    }
}

bool task_result(const Task *t, Session *s, Text *out)
{
    GoalState state;
    GoalCondition list[GOAL_CONDITIONS];
    if (!t->given)
        return true;
    timeline_advance(session_run(s), STEPS_MAX + 1);
    goal_start(&state, &t->goal, &s->critical);
    bool met = goal_follow(&state, session_run(s), session_last(s));
    int n = goal_conditions(&state, list, GOAL_CONDITIONS);
    int nearest = goal_nearest(list, n);
    text_add(out, "goal %s: %s", met ? "met" : "not met", t->goal.text);
    if (!met && nearest >= 0) {
        text_add(out, "; nearest: ");
        condition_text(&list[nearest], out);
    }
    return met;
}
