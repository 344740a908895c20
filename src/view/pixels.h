/* SPDX-License-Identifier: MIT
 * pixels: an antialiased raster, 8 bits a channel, and the pen that draws figures on it.
 *
 * A shape is first a mask of coverage (of a line: from the distance to it, so that joins and ends
 * are round; a shape that crosses itself covers once), then a colour through the mask. Colours are
 * blended in linear light. x goes right and y down from the upper left corner of the upper left
 * pixel, whose centre is (1/2, 1/2). */
#ifndef ETA_VIEW_PIXELS_H
#define ETA_VIEW_PIXELS_H

#include "base/vec.h"
#include "view/figure.h"
#include "view/theme.h"

typedef struct Pixels {
    int width, height;
    uint8_t *rgba;      /* owned: 4 bytes a pixel, alpha not multiplied in */
    uint8_t *cover;     /* owned: mask of the shape being drawn, all 0 between two shapes */
    const Paint *paint; /* borrowed: its tables of light; its heat */
    Box clip;           /* shapes are cut here */
    Box limit;          /* and here, whatever the pen is told */
    double phase;       /* of the dashes of a stroke that goes on */
    int x0, y0, x1, y1; /* part of the mask in use; x0 >= x1: none */
} Pixels;

/* false: out of memory, pixels unchanged. */
bool pixels_resize(Pixels *p, int width, int height);
void pixels_release(Pixels *p);
/* All pixels alike; COLOR_DEFAULT is transparent. */
void pixels_clear(Pixels *p, const Paint *paint, Color color);

/* Draw nothing outside `box`, until the next pixels_clear or pixels_limit. */
void pixels_limit(Pixels *p, Box box);
/* Colour through the mask in `cover`, which is emptied. */
void pixels_pour(Pixels *p, Ink ink);
/* Add a mask of the same size to `cover`, within the limit. */
void pixels_add_mask(Pixels *p, const uint8_t *mask);

/* The pen of figure_draw on this raster. */
FigurePen pixels_pen(Pixels *p);

#endif
