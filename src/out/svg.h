/* SPDX-License-Identifier: MIT
 * svg: Canvas -> a picture that scales, for the README and for slides. Blocks, braille, frames and
 * marks are drawn as shapes, since fonts on the web lack them or break the grid; letters stay text
 * that can be searched and copied. A cell is 8 x 16 units; the file depends on the cells alone. */
#ifndef ETA_OUT_SVG_H
#define ETA_OUT_SVG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "view/canvas.h"

typedef struct SvgLook {
    const char *title; /* what a screen reader says; plain UTF-8, escaped here */
    uint32_t fg, bg;   /* 0xRRGGBB: what COLOR_DEFAULT stands for */
} SvgLook;

/* false: out of memory or not written. */
bool out_svg(const Canvas *c, const SvgLook *look, FILE *to);

/* The 0xRRGGBB of a cell's colour: palette entries are xterm's, COLOR_DEFAULT is `other`. */
uint32_t svg_rgb(Color c, uint32_t other);

#endif
