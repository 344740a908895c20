/* SPDX-License-Identifier: MIT
 * goals: a goal on the stage: its conditions live at the cursor, its verdict at the end. */
#include <math.h>
#include <string.h>

#include "app/state.h"

void refresh_goal(App *a)
{
    a->goal_met = goal_follow(&a->goal_state, a->run, play_row(a));
}

/* "loss < 0.01: now 0.031" */
static void condition_text(const GoalCondition *k, Text *t)
{
    char value[NUMBER_TEXT];
    number_show(value, k->value, 3);
    text_add(t, "%.*s", k->length, k->text);
    if (k->by >= 0)
        text_add(t, " by %ld", k->by);
    text_add(t, " (%s %s)", k->late ? "then" : "now", k->is ? k->is : value);
}

void draw_goal(const App *a, Canvas *c, Rect r)
{
    GoalCondition list[GOAL_CONDITIONS];
    int n = goal_conditions(&a->goal_state, list, GOAL_CONDITIONS);
    const Paint *p = &a->paint;
    int col = r.col;
    col += panel_text(c, col, r.row, r.cols, a->goal_met ? "goal met  " : "goal  ",
                      a->goal_met ? ROLE_GOOD : ROLE_ACCENT, p);
    for (int i = 0; i < n && col < r.col + r.cols; i++) {
        char text[160];
        Text t = text_over(text, sizeof text);
        text_add(&t, "%s ", list[i].met ? "✓" : "·");
        condition_text(&list[i], &t);
        long row = play_row(a);
        bool late = !list[i].met && (list[i].by >= 0 ? row >= list[i].by : row >= play_last(a));
        if (late)
            text_add(&t, " missed");
        col += panel_text(c, col, r.row, r.col + r.cols - col, text,
                          list[i].met ? ROLE_GOOD : late ? ROLE_BAD : ROLE_TEXT, p) + 2;
    }
}

bool app_goal(App *a, char *out, size_t size)
{
    Text t = text_over(out, size);
    GoalState s;
    GoalCondition list[GOAL_CONDITIONS];
    if (!a->has_goal)
        return true;
    timeline_advance(a->run, STEPS_MAX + 1);
    goal_start(&s, &a->goal, &a->critical);
    bool met = goal_follow(&s, a->run, play_last(a));
    int n = goal_conditions(&s, list, GOAL_CONDITIONS);
    int nearest = goal_nearest(list, n);
    text_add(&t, "goal %s: %s", met ? "met" : "not met", a->goal.text);
    if (!met && nearest >= 0) {
        text_add(&t, "; nearest: ");
        condition_text(&list[nearest], &t);
    }
    return met;
}
