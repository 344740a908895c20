/* SPDX-License-Identifier: MIT
 * cast: a recording of a terminal as asciicast: version 2 (seconds since the beginning, in
 * microseconds) or 3 (seconds since the event before, in milliseconds, the rounding carried on).
 * https://docs.asciinema.org/manual/asciicast/v2/ and v3/. */
#ifndef ETA_OUT_CAST_H
#define ETA_OUT_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CAST_VERSION = 2 };

typedef struct Cast {
    FILE *to; /* borrowed */
    int version;
    long long told; /* version 3: ms of the events written so far */
} Cast;

/* What an event is. */
typedef enum CastCode { CAST_OUTPUT = 'o', CAST_MARKER = 'm', CAST_RESIZE = 'r' } CastCode;

/* Each: false where it could not be written (errno). */
bool cast_begin(Cast *c, FILE *to, int version, int cols, int rows, const char *title);
/* `at`: seconds since the beginning, never less than before; data: UTF-8, `size` bytes. */
bool cast_event(Cast *c, double at, CastCode code, const char *data, size_t size);

#endif
