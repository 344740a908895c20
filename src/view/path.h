/* SPDX-License-Identifier: MIT
 * path: a run over the map. Strokes in braille (2x4 a cell), quadrants (2x2) or ASCII (1x1).
 *
 * A Path is a cache of the cells a run has touched: moving the cursor forward only adds segments,
 * going back or another window, style or revision redraws. The cost of a segment is bounded by the
 * map's size, and points that stay in one subcell cost a comparison; a million steps are fine.
 * Points may be huge, infinite or NaN: what cannot be seen is clipped, a segment to or from a NaN
 * is left out. */
#ifndef ETA_VIEW_PATH_H
#define ETA_VIEW_PATH_H

#include "core/critical.h"
#include "core/timeline.h"
#include "view/canvas.h"
#include "view/theme.h"

typedef enum PathLine { PATH_SOLID, PATH_DASHED, PATH_DOTTED, PATH_SPARSE, PATH_LINES } PathLine;

enum {
    PATH_RECENT = 20, /* newest steps, drawn brightest */
    PATH_KNOT = 256,  /* a step ends in this cell and its neighbours are far */
    PATH_OFF = -2,    /* no cell */
    PATH_BUDGET = 1 << 16, /* dots and segments a call of path_update may cost */
};

typedef struct Path {
    int cols, rows;         /* cells */
    uint16_t *old;          /* owned: bits of the strokes up to `drawn`, PATH_KNOT */
    uint16_t *recent;       /* owned: bits of the newest steps */
    /* what the bits were drawn for */
    Window window;
    GlyphSet glyphs;
    PathLine line;
    unsigned long revision;
    long drawn;             /* segments in `old`: rows 0..drawn */
    long cursor;            /* the last row drawn */
    unsigned phase;         /* of the dash pattern after `old` */
    Vec2 start, head;       /* model coordinates */
    bool left;              /* the head is outside the window */
    int exit_col, exit_row; /* cell where it went out, PATH_OFF: never seen */
    Vec2 exit_way;          /* direction there, in cells */
} Path;

/* Sizes in cells, >= 0. false: out of memory, path unchanged. */
bool path_resize(Path *p, int cols, int rows);
void path_release(Path *p);

/* Bring the cache to row `cursor` of `rows`; `revision` tells other rows from the same ones. A call
 * takes about a millisecond at most: true while older strokes are still missing (call again in the
 * next frame; the newest steps and the head are there at once). */
bool path_update(Path *p, Window w, GlyphSet glyphs, PathLine line, const Row *rows, long cursor,
                 unsigned long revision);
/* The rows up to and with `row` are the same in the new revision: keep what was drawn of them. What
 * is of another revision than `before` is not theirs. */
void path_keep(Path *p, long row, unsigned long before, unsigned long revision);

/* Bottom up: ghost_draw for each, path_draw, critical_draw, head_draw.
 * Another run: dimmer, in its own line style, its letter at its end ('\0': none). */
void ghost_draw(const Path *p, Canvas *c, Rect at, Role role, char letter, const Paint *paint);
/* The letter alone, `aside` cells beside the end, where no mark hides it. */
void ghost_letter(const Path *p, Canvas *c, Rect at, Role role, char letter, int aside,
                  const Paint *paint);
/* The run itself: strokes, the newest brighter, what is old quieter still where the run is noisy;
 * start and head. */
void path_draw(const Path *p, Canvas *c, Rect at, bool noisy, const Paint *paint);
/* Minima and saddles; over the strokes, which often end there. */
void critical_draw(const CriticalSet *s, Window w, Canvas *c, Rect at, const Paint *paint);
/* The ball, or an arrow at the edge where it left the window; again, over a mark it rests on. */
void head_draw(const Path *p, Canvas *c, Rect at, const Paint *paint);

/* An arrow from one point to another, thin, clipped to the window: gradient, momentum, step. */
void vector_draw(Canvas *c, Rect at, Window w, Vec2 from, Vec2 to, Role role, const Paint *paint);

/* Cell of a point, relative to the map's corner; false outside the window (edges belong to it). */
bool map_cell(Window w, int cols, int rows, Vec2 p, int *col, int *row);
/* Centre of a cell in model coordinates. */
Vec2 map_point(Window w, int cols, int rows, int col, int row);
/* Liang and Barsky 1984: the part of a..b in [0,width] x [0,height]; false if there is none.
 * Huge and infinite ends are first pulled in, keeping the direction as far as doubles can. */
bool clip_segment(Vec2 *a, Vec2 *b, double width, double height);

#endif
