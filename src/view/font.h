/* SPDX-License-Identifier: MIT
 * font: letters as strokes of one width, for pictures made of pixels. Capitals are 7 units high,
 * small letters 5, descenders reach to -2; all digits have one width. */
#ifndef ETA_VIEW_FONT_H
#define ETA_VIEW_FONT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

enum { FONT_CAPITAL = 7 };

/* Width of a text whose capitals are `height` high, in the same unit. */
double font_width(const char *text, double height);

/* The strokes of a text at (0,0) of its base line, x right, y up, as polylines; a single point is a
 * dot. */
typedef void FontStroke(void *to, const Vec2 *point, int count);
void font_strokes(const char *text, double height, FontStroke *stroke, void *to);

/* Is there a glyph of its own for this character? Others are an empty box. */
bool font_has(uint32_t code);

#endif
