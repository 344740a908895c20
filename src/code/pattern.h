/* SPDX-License-Identifier: MIT
 * pattern: the lines of the programs as text with holes.
 *
 *   $gamma      a parameter of the schedule or optimizer: a number, a word, a list
 *   @cos @exp @min @max @pi   a function as the style writes it
 *   $lr $p      what the optimizer is given: rate, parameters
 *   $eta0 $T    the rate and the horizon T'
 *   $W $LOW $FIRST            steps of warm-up; its first rate; the rate at u = 0, where it leads
 *   $before $after            milestones less one, plus one
 *   $levels $scales           the rates between milestones; {milestone: gamma}
 *   $cycles $lengths $ends $count   restarts up to past the run's end: (start, length), lengths,
 * inner ends, how many $L $A $F    length of a triangle; of one_cycle's rise and fall */
#ifndef ETA_CODE_PATTERN_H
#define ETA_CODE_PATTERN_H

#include <stdio.h>

#include "code/formula.h"
#include "core/schedule.h"

typedef struct Holes {
    const ParamInfo *rows; /* ends with name == NULL */
    const double *value;   /* in the rows' order */
    const Rate *rate;      /* NULL: of an optimizer */
    double last;           /* the largest u that is asked for */
    PyStyle style;
    const char *lr; /* text for $lr, $p */
    const char *p;
} Holes;

void pattern_print(FILE *out, const char *pattern, const Holes *h);

/* A number as Python reads it back: the shortest decimal. */
void python_number(FILE *out, double value);
/* A text in quotes. */
void python_string(FILE *out, const char *text);
/* Numbers with commas between, in lines of at most a hundred characters. */
void python_numbers(FILE *out, const double *v, long count);

#endif
