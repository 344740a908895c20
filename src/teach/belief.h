/* SPDX-License-Identifier: MIT
 * belief: misconceptions as rows of text (lessons/misconceptions.txt), and the scene that confronts
 * each. */
#ifndef ETA_TEACH_BELIEF_H
#define ETA_TEACH_BELIEF_H

#include <stddef.h>

typedef struct Belief {
    const char *id;     /* "overshoot-is-failure" */
    const char *says;   /* "jumping over the minimum means it won't converge" */
    const char *scenes; /* "A3 A5" */
    const char *look;   /* what to look at there, one sentence */
} Belief;

int belief_count(void);
const Belief *belief_row(int index);
const Belief *belief_find(const char *id, size_t length); /* NULL: none */

#endif
