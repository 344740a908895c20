/* SPDX-License-Identifier: MIT
 * axis: honest ticks (1-2-5, or decades), and labels of few digits that all look alike. */
#ifndef ETA_VIEW_AXIS_H
#define ETA_VIEW_AXIS_H

#include "view/canvas.h"
#include "view/theme.h"

enum { AXIS_TICKS = 12, AXIS_LABEL = 32 };

/* From values to 0..1. log: log10(value - base), lo and hi being values minus base, both > 0. */
typedef struct Scale {
    double lo, hi; /* lo < hi */
    double base;   /* subtracted before the logarithm; 0 in a linear scale */
    bool log;
} Scale;

typedef struct Ticks {
    int count;
    double value[AXIS_TICKS];             /* rising, in [lo, hi]; minus base where log */
    char label[AXIS_TICKS][AXIS_LABEL];   /* equally many decimals; "1e-6" for far decades */
} Ticks;

/* A linear scale over lo..hi widened to multiples of the step of its ticks; handles lo == hi. */
Scale scale_linear(double lo, double hi);
/* A log scale over values lo..hi (any sign): where lo - base <= 0 it ends `decades` below hi. */
Scale scale_log(double lo, double hi, double base, int decades);
/* 0 at lo, 1 at hi, beyond outside; -inf for what a log scale cannot show; NaN for NaN. */
double scale_at(const Scale *s, double value);
/* About `want` ticks at 1, 2, 5 times powers of ten, two where one would be alone; decades where
 * log. */
Ticks axis_ticks(const Scale *s, int want);
/* The same for whole steps 0..last: first and last always among them. */
Ticks axis_steps(long last, int want);

#endif
