/* SPDX-License-Identifier: MIT
 * surface: the built-in loss surfaces. Each is one block of text in assets/surfaces.txt. */
#ifndef ETA_CORE_SURFACE_H
#define ETA_CORE_SURFACE_H

#include "base/error.h"
#include "base/vec.h"
#include "expr/expr.h"

enum {
    SURFACE_PARAMS = 8,
    SURFACE_STARTS = 4,
    SURFACE_CRITICAL = 80,
    NAME_SIZE = 16, /* bytes of a parameter's name, terminator included */
};

/* Named numbers of a formula, "a=3,b=1". */
typedef struct NamedSet {
    int count;
    char name[SURFACE_PARAMS][NAME_SIZE];
    double value[SURFACE_PARAMS];
} NamedSet;

typedef struct CriticalRow {
    Vec2 at;
    char kind; /* 'm' minimum, 's' saddle */
} CriticalRow;

typedef struct Surface {
    const char *name;     /* lower case word */
    const char *title;    /* "Himmelblau's four valleys" */
    const char *formula;  /* in the language of expr; over rows, where there is `data` */
    const char *data;     /* built-in data set (assets/NAME.csv) whose rows it is the mean over */
    const char *held_out; /* the same of the held-out loss; NULL: none */
    const char *grid;     /* built-in grid instead of a formula, which names it then; or NULL */
    const char *note;     /* one sentence */
    const char *chain;    /* how backpropagation finds the gradient: lines ended by '|', in which
                             {FORMULA} is its value at the first row of the data and
                             {mean FORMULA} its mean over all; NULL: not told */
    const char *axis[2];  /* axis names, "x" and "y" where the text says nothing */
    NamedSet params;      /* with their defaults */
    Window window;        /* shown and searched */
    Vec2 start[SURFACE_STARTS];
    int start_count;      /* >= 1 */
    double eta0;          /* recommended for gradient-scaled optimizers */
    double eta0_normalised; /* recommended for normalised ones (adam ...) */
    double eta_high;      /* a bold rate that escapes traps */
    bool core;            /* in the small set that the key cycles through */
    CriticalRow critical[SURFACE_CRITICAL]; /* inside or near the window */
    int critical_count;
} Surface;

/* The table, read from the embedded text before main begins. */
int surface_count(void);
const Surface *surface_row(int index);
const Surface *surface_find(const char *name, size_t length); /* NULL: none */

/* Parse one text in the format of assets/surfaces.txt (modified in place, must outlive the rows);
 * returns the rows filled, -1 on error. For the table and its tests. */
int surface_parse(char *text, Surface *rows, int most, Error *err);

#endif
