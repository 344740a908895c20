/* SPDX-License-Identifier: MIT
 * palette: a picture in at most 256 colours, for where bytes count: median cut (Heckbert 1982) over
 * the colours that occur. A map with contours has few hues, and nobody sees the difference. */
#ifndef ETA_OUT_PALETTE_H
#define ETA_OUT_PALETTE_H

#include "view/pixels.h"

enum { PALETTE_MOST = 256 };

/* Replace the colours of an opaque picture by at most `most`, 1 to PALETTE_MOST. false: out of
 * memory, or more colours than can be counted; the picture is unchanged. */
bool palette_reduce(Pixels *p, int most);

#endif
