/* SPDX-License-Identifier: MIT
 * gate: what a lesson permits. The session and the views ask; a lesson answers through a const
 * table of its own, so that they need not know what a lesson is. Without a lesson all is open. */
#ifndef ETA_APP_GATE_H
#define ETA_APP_GATE_H

#include "core/scene.h"

typedef struct Assignment {
    SceneKey key;
    const char *value; /* borrowed, `length` bytes */
    size_t length;
} Assignment;

typedef struct GateRules {
    /* May the learner change this now? err says what is locked. */
    bool (*allows)(const void *lesson, const Assignment *as, Error *err);
    bool (*allows_scene)(const void *lesson, Error *err); /* ... put another scene there? */
    /* May the parameter take the focus? param NULL: the key itself. */
    bool (*unlocks)(const void *lesson, SceneKey key, const char *param);
    bool (*hides)(const void *lesson); /* a prediction is open: no look into the future */
    bool (*asks)(const void *lesson);  /* a question is open */
    bool (*tries)(const void *lesson); /* a task is being tried: changes begin it anew */
} GateRules;

typedef struct Gate {
    bool predicting;        /* the class guesses: what is to come is hidden */
    const GateRules *rules; /* NULL: no lesson */
    const void *lesson;     /* what the rules are asked about */
} Gate;

bool gate_allows(const Gate *g, const Assignment *list, int count, Error *err);
bool gate_allows_scene(const Gate *g, Error *err);
bool gate_unlocks(const Gate *g, SceneKey key, const char *param);
bool gate_hides(const Gate *g); /* nothing on the screen may tell what is to come */
bool gate_holds(const Gate *g); /* nor may it be played: a lesson's question is open */
bool gate_asks(const Gate *g);
bool gate_tries(const Gate *g);

#endif
