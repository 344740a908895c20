/* SPDX-License-Identifier: MIT
 * layer: what stands on the base of a panel (strokes and marks, no heat) as a transparent raster
 * that follows a playing figure: of a stroke only what is new is followed, of the raster only what
 * changed is drawn. The result is the same, to the pixel, as drawing all of it. */
#ifndef ETA_VIEW_LAYER_H
#define ETA_VIEW_LAYER_H

#include "view/pixels.h"

enum { LAYER_STROKES = 10 };

/* The old part of a stroke: masks, and how far they go. */
typedef struct LayerStroke {
    Pixels part[STROKE_PARTS]; /* only their masks are used */
    Stroke stroke;             /* as it was drawn last */
    long drawn;                /* points first..drawn are in the masks */
} LayerStroke;

typedef struct Layer {
    Pixels now;                        /* the raster */
    Box dirty;                         /* what the last layer_draw changed; x0 >= x1: nothing */
    LayerStroke stroke[LAYER_STROKES]; /* in the order of the figure; room is made at first use */
    Box fresh;                         /* where the bright ends and the marks that move were */
    int shapes;
    Panel panel; /* as it was drawn last */
    double unit;
    ThemeId theme;
} Layer;

/* false: out of memory; what was drawn is forgotten. */
bool layer_resize(Layer *l, int width, int height);
void layer_release(Layer *l);
/* Draw panel 0 of a bare figure. Strokes with the same revision and first point that are longer
 * than before go on; anything else begins anew. false: out of memory. */
bool layer_draw(Layer *l, const Figure *f, double unit, const Paint *paint);

#endif
