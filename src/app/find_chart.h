/* SPDX-License-Identifier: MIT
 * find_chart: what a search or a range test is drawn from; for the stage and for `etascope find`.
 */
#ifndef ETA_APP_FIND_CHART_H
#define ETA_APP_FIND_CHART_H

#include "lab/range.h"
#include "view/find_view.h"

enum { CHART_TEXT = 240 };

/* A view with the texts it borrows. Large: not on the stack. */
typedef struct FindChart {
    FindView view;
    char note[160];
    char text[FIND_LINES][CHART_TEXT];
} FindChart;

typedef struct RangeChart {
    RangeView view;
    char text[RANGE_RULES + 1][CHART_TEXT];
} RangeChart;

/* The find must outlive the chart. No cursor. */
void find_chart_make(FindChart *c, const Find *f, const char *title);
void range_chart_make(RangeChart *c, const RangeTest *r, const char *title);

#endif
