/* SPDX-License-Identifier: MIT
 * text: Canvas -> lines of UTF-8 text, without colours; for `show`, pipes and tests. */
#ifndef ETA_OUT_TEXT_H
#define ETA_OUT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "view/canvas.h"

/* One line a row, blanks at its end left out. false: not written. */
bool out_text(const Canvas *c, FILE *to);

#endif
