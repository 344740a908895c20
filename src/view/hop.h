/* SPDX-License-Identifier: MIT
 * hop: the surface cut along the coming step: a valley's profile, the ball on it, where it will
 * land, and the length that the limit allows. */
#ifndef ETA_VIEW_HOP_H
#define ETA_VIEW_HOP_H

#include "core/loss.h"
#include "view/canvas.h"
#include "view/theme.h"

enum { HOP_SAMPLES = 512 };

/* A cut, in units of the step: 0 is the ball, 1 the landing point. */
typedef struct Hop {
    double from, to;      /* ends of the cut */
    int count;            /* samples, <= HOP_SAMPLES */
    double f[HOP_SAMPLES];
    double here, there;   /* losses at the ball and where it lands */
    double fence;         /* step at which eta equals the limit, inf: none */
    double length;        /* of the step, in model units; 0: no step, or lost in rounding */
    const char *way;      /* "downhill", "uphill", "level" or "no step" */
    double eta, limit;
} Hop;

/* Sample the cut through `at` along `step` with `count` samples. */
void hop_make(Hop *h, const Loss *l, Vec2 at, Vec2 step, double eta, double limit, int count);

/* A pane with frame. */
void hop_draw(const Hop *h, Canvas *c, Rect pane, const Paint *p);

#endif
