/* SPDX-License-Identifier: MIT
 * setup: what a learner may set, and settings applied to a scene as the stage's keys do. */
#ifndef ETA_TEACH_SETUP_H
#define ETA_TEACH_SETUP_H

#include "core/timeline.h"
#include "teach/lesson.h"

/* Is a word behind unlock= a scene key or the parameter of some schedule or optimizer? */
bool unlock_known(const char *word, Error *err);
/* May this step's learner touch the key (param == NULL), or this parameter of it? */
bool step_unlocks(const Step *s, SceneKey key, const char *param);
/* May the learner assign this value? Parameters of the present schedule or optimizer count one by
 * one; another name needs the key itself. err says what is locked. */
bool step_allows(const Step *s, const Scene *now, SceneKey key, const char *value, size_t length,
                 Error *err);

/* Whose parameter has this bare name at `row` of the run: the schedule's, the optimizer's or the
 * surface's in force? Then the key, and the beginning of the value that sets it ("exp_k:k=") is
 * added. false: nobody's. */
bool setup_param(const Timeline *t, long row, const char *name, size_t length, SceneKey *key,
                 Text *value);

/* "eta0=1.2; at 40 eta0=0.1": `length` bytes; `step` (may be NULL) says what is locked. */
bool setup_apply(Scene *scene, const Step *step, const char *words, size_t length, Error *err);
/* Cut "run | run": the next run's text, trimmed; false at the end. */
bool setup_next_run(const char **at, const char **run, size_t *length);

#endif
