/* SPDX-License-Identifier: MIT
 * choose: schedules, optimizers, surfaces, named scenes and lessons as lists to walk through: one
 * row of kinds[] each, the same questions for all. */
#ifndef ETA_APP_CHOOSE_H
#define ETA_APP_CHOOSE_H

#include "app/command.h"
#include "base/text.h"

/* What is told of an element; borrowed texts, "" where there is nothing. */
typedef struct Element {
    const char *name;
    const char *title;
    const char *about; /* one sentence: what it is good for */
    const char *formula;
    const char *caution; /* what to watch out for */
    bool core;           /* in the small set that a key walks through */
} Element;

typedef struct Kind {
    const char *word;  /* "schedule": also the verb that chooses one */
    const char *label; /* "learning-rate schedule"; NULL: choosing says what it is by itself */
    int key;           /* SceneKey that an element is assigned to, -1: none */
    bool (*ready)(App *a, Error *err); /* before the list is shown; or NULL */
    int (*count)(const App *a);
    /* i from 0; -1: what was typed instead. `room` may hold a sentence made for it. */
    Element (*element)(const App *a, int i, Text *room);
    int (*current)(const App *a);              /* -1: none of the table */
    bool (*choose)(App *a, int i, Error *err); /* NULL: an assignment to `key` */
} Kind;

extern const Kind kinds[]; /* ends with word == NULL */
const Kind *kind_find(const char *word, size_t length);
const Kind *kind_of_key(int key); /* NULL: none */
const char *kind_name(const App *a, const Kind *k, int i);
const char *kind_title(const App *a, const Kind *k, int i);
/* Take an element and say so. */
bool kind_take(App *a, const Kind *k, int index, Error *err);

/* schedule, optimizer, surface, scene, pair */
extern const Command choose_commands[];

#endif
