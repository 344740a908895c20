/* SPDX-License-Identifier: MIT
 * octant: see octant.h */
#include "view/octant.h"

#include <stddef.h>

enum { FIRST = 0x1CD00 };

/* The patterns that had a glyph before; the others follow FIRST in rising order. */
static const struct {
    uint8_t bits;
    uint32_t glyph;
} others[] = {
    {0x00, ' '},     {0x01, 0x1CEA8}, {0x02, 0x1CEAB}, {0x03, 0x1FB82}, {0x05, 0x2598},
    {0x0A, 0x259D},  {0x0F, 0x2580},  {0x14, 0x1FBE6}, {0x28, 0x1FBE7}, {0x3F, 0x1FB85},
    {0x40, 0x1CEA3}, {0x50, 0x2596},  {0x55, 0x258C},  {0x5A, 0x259E},  {0x5F, 0x259B},
    {0x80, 0x1CEA0}, {0xA0, 0x2597},  {0xA5, 0x259A},  {0xAA, 0x2590},  {0xAF, 0x259C},
    {0xC0, 0x2582},  {0xF0, 0x2584},  {0xF5, 0x2599},  {0xFA, 0x259F},  {0xFC, 0x2586},
    {0xFF, 0x2588},
};
enum { OTHERS = sizeof others / sizeof others[0] };

uint32_t octant_glyph(unsigned bits)
{
    unsigned before = 0;
    while (before < OTHERS && others[before].bits < bits)
        before++;
    if (before < OTHERS && others[before].bits == bits)
        return others[before].glyph;
    return FIRST + bits - before;
}

int octant_bits(uint32_t glyph)
{
    if (glyph < FIRST)
        return -1;
    for (size_t i = 0; i < OTHERS; i++)
        if (others[i].glyph == glyph)
            return others[i].bits;
    unsigned bits = glyph - FIRST;
    for (size_t i = 0; i < OTHERS && others[i].bits <= bits; i++)
        bits++;
    return bits < 256 ? (int)bits : -1;
}

/* Dots 1 to 8 of braille are numbered down the left, then down the right, the last row at the end. */
static unsigned of_braille(uint32_t glyph)
{
    static const uint8_t place[8] = {0, 2, 4, 1, 3, 5, 6, 7};
    unsigned bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= (glyph >> i & 1) << place[i];
    return bits;
}

static bool is_contour(const Cell *cell, const Paint *p)
{
    int i = 0;
    while (i < p->levels && p->contour[i] != cell->fg)
        i++;
    return i < p->levels;
}

void canvas_to_octants(Canvas *c, const Paint *p)
{
    size_t n = (size_t)c->cols * (size_t)c->rows;
    for (size_t i = 0; i < n; i++)
        if (c->cell[i].glyph >= 0x2800 && c->cell[i].glyph <= 0x28FF && !is_contour(&c->cell[i], p))
            c->cell[i].glyph = octant_glyph(of_braille(c->cell[i].glyph));
}
