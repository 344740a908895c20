/* SPDX-License-Identifier: MIT
 * vector: a figure as SVG. Strokes, axes and marks are paths, words are text, heat is one embedded
 * PNG that viewers scale smoothly. The file depends on the figure and its size alone. */
#ifndef ETA_OUT_VECTOR_H
#define ETA_OUT_VECTOR_H

#include "out/bytes.h"
#include "out/deflate.h"
#include "view/figure.h"

/* Append the file. false: out of memory. */
bool vector_svg(const Figure *f, int width, int height, const Paint *paint, Deflate *d, Bytes *out);

#endif
