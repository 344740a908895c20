/* SPDX-License-Identifier: MIT
 * figures: the stage's runs, scales and names as view/plots.h draws figures of them. */
#ifndef ETA_APP_FIGURES_H
#define ETA_APP_FIGURES_H

#include "app/app.h"
#include "view/plots.h"

/* All that the stage's figures are made of; it points into *a. */
void figures_input(const App *a, PlotsInput *in);

/* The stage's panes that are pictures: map, rate, loss. Pointed into by its slots. */
enum { FIGURES = 3 };
typedef struct FigureSet {
    FigureSlot slot[FIGURES];
    Figure figure[FIGURES];
    PlotsStore store;
    const Paint *paint;
} FigureSet;
/* What stands beside and below the cells of app_draw. Which are shown follows from *a alone:
 * panes.c leaves the cells of those blank. */
void figures_show(const App *a, FigureSet *set);

#endif
