/* SPDX-License-Identifier: MIT
 * facts: what may be asked of a run as of one of its rows, one row of a table a fact: the numbers
 * and words of goals and of captions. Numbers mean what the header of scenes.csv says: a run that
 * leaves |x|, |y| <= 1e8 or the finite numbers has diverged there, its loss is inf from then on. A
 * number without a value (held_out without held-out data) is NaN: no comparison with it holds.
 * Nothing right of the row is looked at. */
#ifndef ETA_CORE_FACTS_H
#define ETA_CORE_FACTS_H

#include "core/tally.h"
#include "core/verdict.h"

/* A run being asked. */
typedef struct Facts {
    const Timeline *run;      /* borrowed; NULL: none yet */
    unsigned long revision;   /* of the run, when last looked at */
    long spent;               /* gradient evaluations of earlier runs, counted in `evaluations` */
    const CriticalSet *known; /* borrowed, may be NULL; `own` where it is not of the loss in force */
    CriticalSet own;          /* filled when `outcome` or `settled` asks */
    Tally tally;
} Facts;

void facts_start(Facts *f, const CriticalSet *known);
/* Begin this run, unless it is the one being followed, unchanged, and `row` lies ahead. true: begun
 * anew. tally_add then moves on row by row. */
bool facts_begin(Facts *f, const Timeline *t, long row);

typedef struct Fact {
    const char *name;
    const char *old;  /* its name in older lessons, understood like the new one; NULL: none */
    const char *text; /* what it is, a few words */
    const char *say;  /* its name in a sentence; NULL: `name` */
    double (*number)(Facts *f);     /* NULL: a word */
    const char *(*is)(Facts *f);    /* word now; NULL: a number */
    const char *(*word)(int i);     /* legal words, NULL behind the last */
} Fact;
extern const Fact facts[]; /* ends with name == NULL */

/* Index of a name, new or old; -1: none. */
int fact_find(const char *name, size_t length);
/* The number as of the tally's row; NaN for words and before the first row. */
double fact_number(Facts *f, int index);
/* The word as of the tally's row, "" before the first one; a fact that is a word only. */
const char *fact_word(Facts *f, int index);

#endif
