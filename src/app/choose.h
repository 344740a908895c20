/* SPDX-License-Identifier: MIT
 * choose: schedules, optimizers, surfaces, named scenes and lessons as lists to walk through: one
 * row of kinds[] each, the same questions for all. */
#ifndef ETA_APP_CHOOSE_H
#define ETA_APP_CHOOSE_H

#include "app/command.h"
#include "base/text.h"

typedef struct Kind {
    const char *word;  /* "schedule": also the verb that chooses one */
    const char *label; /* "learning-rate schedule"; NULL: choosing says what it is by itself */
    int key;           /* SceneKey that an element is assigned to, -1: none */
    bool (*ready)(App *a, Error *err); /* before the list is shown; or NULL */
    int (*count)(const App *a);
    const char *(*name)(const App *a, int index);
    const char *(*title)(const App *a, int index);
    void (*line)(const App *a, int index, Text *out); /* one sentence */
    bool (*core)(const App *a, int index);            /* in the small set that a key walks through */
    int (*current)(const App *a);                     /* -1: none of the table */
    bool (*choose)(App *a, int index, Error *err);
    void (*card)(const App *a, int index, Text out[3]); /* formula, good for, caution; or NULL */
} Kind;

extern const Kind kinds[]; /* ends with word == NULL */
const Kind *kind_find(const char *word, size_t length);
const Kind *kind_of_key(int key); /* NULL: none */
/* Take an element and say so. */
bool kind_take(App *a, const Kind *k, int index, Error *err);

/* schedule, optimizer, surface, scene, pair */
extern const Command choose_commands[];

#endif
