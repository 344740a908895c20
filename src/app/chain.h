/* SPDX-License-Identifier: MIT
 * chain: how backpropagation finds the gradient of a loss over data, line by line with its numbers:
 * Surface.chain, whose formulas are compiled when the surface comes on the stage. */
#ifndef ETA_APP_CHAIN_H
#define ETA_APP_CHAIN_H

#include "app/session.h"

enum { CHAIN_VALUES = 16 };

typedef struct Chain {
    const char *text; /* borrowed from the surface; NULL: nothing is told */
    const Data *data; /* borrowed from the run */
    int values;
    struct {
        Program *program; /* owned; inputs x, y, then the columns */
        bool mean;
    } value[CHAIN_VALUES];
} Chain;

void chain_ready(Chain *k, const Session *s); /* after another loss */
void chain_release(Chain *k);
/* Line `index` at a point; false past the last. */
bool chain_line(const Chain *k, int index, Vec2 at, Text *out);

#endif
