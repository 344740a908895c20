/* SPDX-License-Identifier: MIT
 * find_figure: the charts of a search for a rate as figures: what find_view draws in cells. */
#ifndef ETA_VIEW_FIND_FIGURE_H
#define ETA_VIEW_FIND_FIGURE_H

#include "view/figure.h"
#include "view/find_view.h"

/* Numbers that the figure points at; they and the view must live as long. */
typedef struct FindFigure {
    const FindView *view;
    struct FindFigureLine {
        const FindView *view;
        int line;
        Vec2 good[2]; /* ends of its good interval, a bar at the foot */
    } line[FIND_VIEW_LINES];
} FindFigure;

void find_figure(Figure *f, const FindView *v, FindFigure *store);
void range_figure(Figure *f, const RangeView *v);

#endif
