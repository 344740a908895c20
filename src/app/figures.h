/* SPDX-License-Identifier: MIT
 * figures: the stage's runs, scales and names as view/plots.h draws figures of them. */
#ifndef ETA_APP_FIGURES_H
#define ETA_APP_FIGURES_H

#include "app/app.h"
#include "view/plots.h"

/* All that the stage's figures are made of; it points into *a. */
void figures_input(const App *a, PlotsInput *in);

#endif
