/* SPDX-License-Identifier: MIT
 * vt_cell: what libvterm, the judge, shows in a cell, in the terms of our canvas. */
#ifndef ETA_E2E_VT_CELL_H
#define ETA_E2E_VT_CELL_H

#include <vterm.h>

#include "view/canvas.h"

static inline Color vt_color(const VTermColor *c)
{
    if (c->type & VTERM_COLOR_DEFAULT_MASK)
        return COLOR_DEFAULT;
    if (VTERM_COLOR_IS_INDEXED(c))
        return COLOR_INDEX | c->indexed.idx;
    return (Color)c->rgb.red << 16 | (Color)c->rgb.green << 8 | c->rgb.blue;
}

static inline Cell vt_cell_of(VTermScreen *screen, int col, int row)
{
    VTermScreenCell v;
    vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = col}, &v);
    Cell c = {v.chars[0] ? v.chars[0] : ' ', vt_color(&v.fg), vt_color(&v.bg), 0};
    c.attr |= v.attrs.bold ? CELL_BOLD : 0;
    c.attr |= v.attrs.reverse ? CELL_REVERSE : 0;
    c.attr |= v.attrs.underline ? CELL_UNDERLINE : 0;
    return c;
}

/* Two cells to the eye: blocks are pixels, a blank has no foreground. Written apart from the
 * encoder's own idea of sameness, which is what it judges. libvterm knows no dim. */
static inline bool vt_looks_same(Cell a, Cell b)
{
    Cell *both[2] = {&a, &b};
    Color half[2][2];
    bool pixels[2];
    for (int i = 0; i < 2; i++) {
        Cell *c = both[i];
        c->attr &= ~(uint32_t)CELL_DIM;
        if (c->glyph == ' ')
            c->attr &= ~(uint32_t)CELL_BOLD;
        uint32_t g = c->glyph;
        pixels[i] = !c->attr && (g == ' ' || g == 0x2580 || g == 0x2584 || g == 0x2588);
        /* a default foreground is not a default background: keep them apart */
        Color fg = c->fg == COLOR_DEFAULT ? COLOR_DEFAULT + 1 : c->fg;
        half[i][0] = g == 0x2580 || g == 0x2588 ? fg : c->bg;
        half[i][1] = g == 0x2584 || g == 0x2588 ? fg : c->bg;
    }
    if (pixels[0] && pixels[1])
        return half[0][0] == half[1][0] && half[0][1] == half[1][1];
    return a.glyph == b.glyph && a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

#endif
