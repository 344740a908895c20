/* SPDX-License-Identifier: MIT
 * draw: the stage as a whole, in its usual and in big type. Status and footer are drawn over every
 * view by app.c. */
#ifndef ETA_APP_DRAW_H
#define ETA_APP_DRAW_H

#include "app/parts.h"
#include "view/canvas.h"

void draw_stage(const App *a, Canvas *c);

#endif
