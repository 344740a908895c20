/* SPDX-License-Identifier: MIT
 * phrases: runs in words: {metrics} in captions, conditions with numbers, why a try failed. */
#ifndef ETA_TEACH_PHRASES_H
#define ETA_TEACH_PHRASES_H

#include "base/text.h"
#include "core/goal.h"

/* A caption with its {metric} and {metric=number} filled in from the run as of `row`. */
void phrase_caption(const char *caption, const Timeline *t, long row, Text *out);
/* Do the typed numbers {metric=number} agree with the run, in all digits typed? err: the first that
 * does not. */
bool phrase_numbers_agree(const char *caption, const Timeline *t, long row, Error *err);
/* A goal or a piece of one for people: "sign_changes_y >= 30" -> "sign changes of y ≥ 30". */
void phrase_goal(const char *text, size_t length, Text *out);
/* "loss = 0.031 at step 60, needs < 0.01" */
void phrase_condition(const GoalCondition *c, Text *out);
/* "0.031" or the word */
void phrase_now(const GoalCondition *c, Text *out);
/* What the log says about a try that missed, one or two sentences; "" if nothing stands out. */
void phrase_miss(const Timeline *t, long row, Text *out);

#endif
