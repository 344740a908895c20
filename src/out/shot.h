/* SPDX-License-Identifier: MIT
 * shot: a canvas as pixels: what a terminal would show, drawn with our own letters and shapes.
 * Cells share the raster evenly, so that it has any size. */
#ifndef ETA_OUT_SHOT_H
#define ETA_OUT_SHOT_H

#include "view/canvas.h"
#include "view/pixels.h"

/* `p` has its size; `fg`, `bg` stand for COLOR_DEFAULT. */
void shot_draw(const Canvas *c, uint32_t fg, uint32_t bg, const Paint *paint, Pixels *p);

#endif
