/* SPDX-License-Identifier: MIT
 * record: the session as an asciicast, while it happens: each frame once more through an encoder of
 * its own, so that questions to the terminal and its modes are not in it. It never stops the
 * session: what cannot be written ends the recording. */
#ifndef ETA_TTY_RECORD_H
#define ETA_TTY_RECORD_H

#include <stdbool.h>
#include <stdio.h>

#include "out/ansi.h"
#include "out/cast.h"

typedef struct Record {
    FILE *to; /* borrowed; NULL: nothing is recorded, or no more */
    int version;
    bool begun;
    Cast cast;
    Ansi ansi;
} Record;

/* The frame just drawn, `at` seconds after the first; each call goes to the file at once. false: the
 * recording has ended by an error (errno), this once. */
bool record_frame(Record *r, const Canvas *c, ColorMode mode, bool utf8, double at);
void record_release(Record *r);

#endif
