/* SPDX-License-Identifier: MIT
 * glyph: see glyph.h */
#include "out/glyph.h"

#include "view/theme.h"

uint32_t glyph_mix(uint32_t a, uint32_t b, uint32_t part)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (part * (a >> shift & 255) + (4 - part) * (b >> shift & 255)) / 4 << shift;
    return out;
}

Glyph glyph_of(const Cell *cell, uint32_t fg, uint32_t bg)
{
    Glyph l = {cell->glyph, color_rgb(cell->fg, fg), color_rgb(cell->bg, bg),
               cell->attr & CELL_BOLD,
              cell->attr & CELL_UNDERLINE};
    if (cell->attr & CELL_REVERSE) {
        uint32_t swap = l.fg;
        l.fg = l.bg;
        l.bg = swap;
    }
    if (cell->attr & CELL_DIM)
        l.fg = glyph_mix(l.fg, l.bg, 3);
    return l;
}

static const struct {
    uint16_t glyph;
    char arm[5];
} boxes[] = {
    {0x2500, "1100"}, {0x2501, "2200"}, {0x2502, "0011"}, {0x2503, "0022"}, {0x250C, "0101"},
    {0x250F, "0202"}, {0x2510, "1001"}, {0x2513, "2002"}, {0x2514, "0110"}, {0x2517, "0220"},
    {0x2518, "1010"}, {0x251B, "2020"}, {0x251C, "0111"}, {0x2523, "0222"}, {0x2524, "1011"},
    {0x252B, "2022"}, {0x252C, "1101"}, {0x2533, "2202"}, {0x2534, "1110"}, {0x253B, "2220"},
    {0x253C, "1111"}, {0x254B, "2222"}, {0x2574, "1000"}, {0x2575, "0010"}, {0x2576, "0100"},
    {0x2577, "0001"}, {0x2578, "2000"}, {0x2579, "0020"}, {0x257A, "0200"}, {0x257B, "0002"},
};

const char *glyph_arms(uint32_t glyph)
{
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++)
        if (boxes[i].glyph == glyph)
            return boxes[i].arm;
    return NULL;
}

unsigned glyph_quadrants(uint32_t glyph)
{
    static const uint8_t quadrants[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
    return glyph >= 0x2596 && glyph <= 0x259F ? quadrants[glyph - 0x2596] : 0;
}
