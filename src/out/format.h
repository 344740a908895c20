/* SPDX-License-Identifier: MIT
 * format: the output formats, one const row each. A file of this folder that defines
 * `const Format format_NAME = {...}` has put its row into the table: the Makefile collects them. */
#ifndef ETA_OUT_FORMAT_H
#define ETA_OUT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "view/canvas.h"
#include "view/theme.h"

/* What a command hands to a format. */
typedef struct Picture {
    const Canvas *canvas;
    ColorMode mode;    /* the colours of the canvas */
    const char *title; /* what a screen reader says */
    bool light;        /* where a terminal would show its own colours: black on white */
} Picture;

typedef struct Format {
    const char *name;
    const char *text; /* for help */
    bool figure;      /* vectors or pixels, a whole file: no words may follow */
    /* false: out of memory or not written. NULL: rows, which the command writes itself. */
    bool (*draw)(const Picture *p, FILE *to);
} Format;

extern const Format *const formats[]; /* by name; ends with NULL */

/* The format of that name, for a command that writes rows or does not; NULL: err names those there
 * are. */
const Format *format_find(const char *name, bool rows, Error *err);

#endif
