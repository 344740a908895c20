/* SPDX-License-Identifier: MIT
 * task: a goal on the stage: its conditions live at the cursor, its verdict at the end. */
#ifndef ETA_APP_TASK_H
#define ETA_APP_TASK_H

#include "app/session.h"
#include "core/goal.h"
#include "view/panel.h"

typedef struct Task {
    bool given;
    Goal goal;
    GoalState state; /* at the cursor */
    bool met;
} Task;

bool task_begin(Task *t, const char *goal, const Session *s, Error *err); /* goal NULL: none */
void task_refresh(Task *t, const Session *s);
void task_draw(const Task *t, const Session *s, Canvas *c, Rect r, const Paint *p); /* one row */
/* The whole run against the goal, in a sentence; without a goal: true and "". */
bool task_result(const Task *t, Session *s, Text *out);

#endif
