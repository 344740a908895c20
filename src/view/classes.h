/* SPDX-License-Identifier: MIT
 * classes: maps of where runs end, as cells. A class is a known minimum or an outcome; it has a
 * colour, a letter and a texture, so that a map is read without colours too. */
#ifndef ETA_VIEW_CLASSES_H
#define ETA_VIEW_CLASSES_H

#include "core/verdict.h"
#include "view/canvas.h"
#include "view/theme.h"

enum { CLASS_MINIMA = 9, CLASSES = CLASS_MINIMA + OUTCOMES, CLASS_NONE = 255 };

typedef struct ClassRow {
    char letter;
    char texture;   /* fills its cells between the letters */
    uint8_t rgb[3];
    uint8_t index;  /* on 8 and 16 colours */
} ClassRow;
/* The known minima, deepest first, then the outcomes. */
extern const ClassRow class_rows[CLASSES];

/* `minimum` counts from 1, 0: none; beyond the ninth the classes repeat. */
static inline int class_of(int minimum, Outcome outcome)
{
    return minimum ? (minimum - 1) % CLASS_MINIMA : CLASS_MINIMA + (int)outcome;
}

/* 0xRRGGBB of a class; the later it settles (0 to 1), the darker. */
Color class_rgb(int class, double late);
/* The same as the output shows it. */
Color class_color(int class, double late, const Paint *p);
/* Black or white, whichever is farther from the ground: >= 4.5:1 on any. */
Color class_ink(Color ground, const Paint *p);

typedef struct ClassPixel {
    uint8_t class; /* CLASS_NONE: not known yet */
    uint8_t late;  /* 255: it moved to the end */
} ClassPixel;

/* Two pixels a cell, one over the other; row 0 is the top. */
typedef struct ClassMap {
    int cols, rows;          /* in pixels */
    const ClassPixel *pixel; /* borrowed: [row][col] */
} ClassMap;

/* Half blocks, textures and letters from the top left corner of `at`. Without half blocks, and
 * without colours, a cell is its upper pixel. */
void classes_draw(const ClassMap *m, Canvas *c, Rect at, const Paint *p);
/* A glyph over what is there, readable on it. */
void classes_mark(Canvas *c, int col, int row, uint32_t glyph, const Paint *p);
/* A cross whose middle is this cell, cut to `at`. */
void classes_cross(Canvas *c, Rect at, int col, int row, const Paint *p);
/* One cell of a legend. */
void classes_swatch(Canvas *c, int col, int row, int class, const Paint *p);

#endif
