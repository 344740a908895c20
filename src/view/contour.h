/* SPDX-License-Identifier: MIT
 * contour: lines of equal loss through the samples of a field, as polylines (marching squares with
 * linear interpolation, each line followed from end to end). */
#ifndef ETA_VIEW_CONTOUR_H
#define ETA_VIEW_CONTOUR_H

#include "base/vec.h"
#include "view/field.h"

/* Points in shares of the window, x right, y down, 0..1 (a little outside at the edges); `count`
 * at a time, a longer line in several pieces that share their ends. */
typedef void ContourLine(void *to, const Vec2 *point, int count);

/* All lines at f->level[index]. Where its neighbours would be nearer than `gap` samples only every
 * third is drawn: they would be a grey patch. false: out of memory. */
bool contour_trace(const Field *f, int index, double gap, ContourLine *line, void *to);

#endif
