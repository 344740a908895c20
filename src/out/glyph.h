/* SPDX-License-Identifier: MIT
 * glyph: what a cell looks like where a picture is made of it: colours without palette, defaults,
 * reverse and dim; and the glyphs that are shapes. */
#ifndef ETA_OUT_GLYPH_H
#define ETA_OUT_GLYPH_H

#include "view/canvas.h"

enum { GLYPH_UPPER = 0x2580, GLYPH_LOWER = 0x2584, GLYPH_FULL = 0x2588 };

typedef struct Glyph {
    uint32_t glyph, fg, bg; /* colours 0xRRGGBB */
    bool bold, underline;
} Glyph;

/* `fg`, `bg`: what COLOR_DEFAULT stands for. */
Glyph glyph_of(const Cell *cell, uint32_t fg, uint32_t bg);
/* `part` of 4 parts of a, the rest of b. */
uint32_t glyph_mix(uint32_t a, uint32_t b, uint32_t part);

/* Box drawing: the arms left, right, up, down; '0' none, '1' light, '2' heavy. NULL: no such glyph.
 */
const char *glyph_arms(uint32_t glyph);
/* Quadrants that are set: 1 upper left, 2 upper right, 4, 8 below; for U+2596 to U+259F. */
unsigned glyph_quadrants(uint32_t glyph);

static inline bool glyph_is_block(uint32_t g)
{
    return g >= 0x2580 && g <= 0x259F;
}

static inline bool glyph_is_braille(uint32_t g)
{
    return g >= 0x2800 && g <= 0x28FF;
}

/* Round corners: right-down, left-down, up-left, up-right. */
static inline bool glyph_is_arc(uint32_t g)
{
    return g >= 0x256D && g <= 0x2570;
}

/* Dashed verticals: triple and quadruple dash, light and heavy. */
static inline bool glyph_is_dash(uint32_t g)
{
    return g == 0x2506 || g == 0x2507 || g == 0x250A || g == 0x250B;
}

#endif
