/* SPDX-License-Identifier: MIT
 * code: a run as a program for a framework (SPEC 7). */
#ifndef ETA_CODE_CODE_H
#define ETA_CODE_CODE_H

#include <stdio.h>

#include "core/timeline.h"

typedef struct Dialect {
    const char *name; /* "pytorch" */
    bool (*write)(FILE *out, const Timeline *t, Error *err);
} Dialect;

extern const Dialect dialects[]; /* the default first; ends with name == NULL */

/* Write the run in a dialect. On error nothing is written: the file of a grid that has gone,
 * memory. */
bool code_write(FILE *out, const Dialect *d, const Timeline *t, Error *err);

#endif
