/* SPDX-License-Identifier: MIT
 * format: the output formats, one const row each. A file of this folder that defines
 * `const Format format_NAME = {...}` has put its row into the table: the Makefile collects them. */
#ifndef ETA_OUT_FORMAT_H
#define ETA_OUT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "view/canvas.h"
#include "view/figure.h"

/* What a command hands to a format. */
typedef struct Picture {
    const Canvas *canvas; /* for draw */
    const Figure *figure; /* for figure */
    const FigureSlot *slot; /* for draw: figures over blank cells of the canvas */
    int slots;
    ColorMode mode;       /* the colours of the canvas */
    const char *title;    /* what a screen reader says of a canvas */
    bool light;           /* where a terminal would show its own colours: black on white */
    const Paint *paint;   /* of pixels and of figures */
    int width, height;    /* in pixels; 0: as is usual */
} Picture;

enum { FILM_MARKERS = 16 };

/* A run that plays, frame by frame, on a clock of its own. */
typedef struct FilmFrame {
    double at; /* s since the beginning */
    const char *marker[FILM_MARKERS]; /* what a viewer may jump to; borrowed until the next */
    int markers;
} FilmFrame;

typedef struct Film {
    int cols, rows;
    ColorMode mode;
    int version; /* of the format */
    const char *title;
    void *ctx;
    bool (*next)(void *ctx, Canvas *canvas, FilmFrame *frame); /* false: there are no more */
} Film;

/* A figure that was told no size. */
enum { FIGURE_WIDTH = 900, FIGURE_HEIGHT = 600 };

typedef struct Format {
    const char *name;
    const char *text; /* for help */
    /* false: out of memory or not written. NULL: rows, which the command writes itself. */
    bool (*draw)(const Picture *p, FILE *to);
    /* Vectors or pixels, a whole file: no words may follow. NULL: cells alone. */
    bool (*figure)(const Picture *p, FILE *to);
    bool slots; /* draw heeds Picture.slot */
    bool (*film)(const Film *f, FILE *to); /* the whole run; NULL: one frame alone */
} Format;

extern const Format *const formats[]; /* by name; ends with NULL */

/* The format of that name, for a command that writes rows (and no films) or does not; NULL: err names
 * those there are. */
const Format *format_find(const char *name, bool rows, Error *err);
/* Must a figure be drawn, and does the format draw none? err names those that do. */
bool format_lacks_figures(const Format *f, Error *err);

#endif
