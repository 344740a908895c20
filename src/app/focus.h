/* SPDX-License-Identifier: MIT
 * focus: the parameters that Tab walks through and the arrows change. */
#ifndef ETA_APP_FOCUS_H
#define ETA_APP_FOCUS_H

#include "app/session.h"

enum { FOCUS_MOST = 48 };

/* A number that Tab reaches. */
typedef struct Parameter {
    SceneKey key; /* what the assignment is to */
    int param;    /* index in the descriptor's or the formula's parameters, -1: the key itself */
    const char *name; /* borrowed from a table or the scene */
} Parameter;

typedef struct Focus {
    Parameter list[FOCUS_MOST];
    int count;
    int at;                   /* index, -1: none (the arrows act on eta0) */
    const Schedule *schedule; /* in force where the list was made */
    const Optimizer *optimizer;
} Focus;

void focus_build(App *a);
/* The cursor may have crossed an edit: build the list again. */
void focus_follow(App *a);
/* What a lesson has locked loses the focus. */
void focus_permit(App *a);
/* In a lesson the arrows change what is free: the first parameter that is, -1: none. */
int focus_free(const App *a);
double focus_value(const App *a, const Parameter *f);

/* adjust, focus */
extern const Command focus_commands[];

#endif
