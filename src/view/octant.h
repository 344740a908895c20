/* SPDX-License-Identifier: MIT
 * octant: the eighths of a cell, two across and four down, as glyphs (Unicode 16, U+1CD00 ...): what
 * braille shows as dots, without gaps. */
#ifndef ETA_VIEW_OCTANT_H
#define ETA_VIEW_OCTANT_H

#include "view/theme.h"

/* Bit 0 is upper left, bit 1 upper right, and so on down to bit 7. */
uint32_t octant_glyph(unsigned bits);
/* The bits of a glyph; -1: it is none of those that only octants have. */
int octant_bits(uint32_t glyph);
/* Braille becomes octants, contours excepted, which stay fine: the last step of a frame. */
void canvas_to_octants(Canvas *c, const Paint *p);

#endif
