/* SPDX-License-Identifier: MIT
 * png: Pixels -> PNG (ISO 15948), as small as is cheap: a palette where 256 colours are enough, no
 * alpha where all is opaque. */
#ifndef ETA_OUT_PNG_H
#define ETA_OUT_PNG_H

#include "out/bytes.h"
#include "out/deflate.h"
#include "view/pixels.h"

/* Append the file. `out->failed` tells of missing memory. */
void png_write(const Pixels *p, Deflate *d, Bytes *out);

#endif
