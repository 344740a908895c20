/* SPDX-License-Identifier: MIT
 * maps: where every start of a scene ends (basin), or every pair of two of its settings (sweep):
 * one run a pixel, bit for bit the run that starts there. Computed in tiles: all at once by
 * several threads, or in slices from coarse to fine, nearest to a point of interest first. */
#ifndef ETA_LAB_MAPS_H
#define ETA_LAB_MAPS_H

#include "core/verdict.h"
#include "core/timeline.h"
#include "lab/pool.h"

enum {
    MAPS_SIDE = 20000,   /* most columns, rows */
    MAPS_PIXELS = 100000000,
    MAPS_AXIS = 64,      /* longest name of an axis */
};

typedef enum MapsKind { MAPS_BASIN, MAPS_SWEEP, MAPS_KINDS } MapsKind;
extern const char *const maps_kind_words[]; /* "basin", "sweep"; ends with NULL */

/* What to map; a plain value. */
typedef struct MapsSpec {
    MapsKind kind;
    int cols, rows;
    bool has_view;
    Window view;            /* basin: the part mapped; default: the scene's window */
    char axis[2][128];      /* sweep: "NAME=LO:HI[:log|:lin]" for x and y */
    int from, to;           /* rows of the shard, to excluded; to < 0: all */
    bool coarse;            /* strides 8, 4, 2, 1 instead of every pixel at once */
} MapsSpec;
MapsSpec maps_spec_default(void); /* basin, 200x120 */

/* A setting that a sweep varies. */
typedef struct MapsAxis {
    char name[MAPS_AXIS];   /* as it was given */
    SceneKey key;
    int param;              /* of optimizer, schedule or surface; -1: the key's own number */
    double lo, hi;
    bool log;
    bool whole;             /* values are rounded */
} MapsAxis;

/* Read "NAME=LO:HI[:log|:lin]"; NAME is a key or a parameter of the scene's surface, schedule or
 * optimizer, "schedule.NAME" where it is ambiguous. Errors: line 1 and the column. */
bool maps_axis_read(MapsAxis *a, const char *text, const Scene *s, Error *err);
/* Value number i of n: both ends are there. */
double maps_axis_value(const MapsAxis *a, int i, int n);
void maps_axis_apply(const MapsAxis *a, double value, Scene *s);

typedef struct Pixel {
    double x, y, loss;      /* of its last row */
    int32_t still;          /* first row from which on it stays near its end (1 % of the diagonal) */
    int16_t minimum;        /* where it settled: the known minima from 1, deepest first; 0: nowhere */
    uint8_t outcome;        /* Outcome */
    bool done;
} Pixel;

typedef struct Maps Maps; /* owned by whoever created it */

Maps *maps_new(void);
void maps_free(Maps *m);

/* Begin. Errors: the scene's, the axes'. The scene is copied; files that `beside` (may be NULL)
 * holds are shared. */
bool maps_start(Maps *m, const Scene *scene, const MapsSpec *spec, const Timeline *beside,
                Error *err);
/* In slices: about `budget` updates; true while pixels are missing. */
bool maps_advance(Maps *m, long budget);
/* What is nearest to this pixel comes next. */
void maps_focus(Maps *m, int col, int row);
/* All that is missing, with several threads; `tell` (may be NULL) hears of tiles. */
void maps_finish(Maps *m, int threads, PoolTell *tell, void *of);

const MapsSpec *maps_spec(const Maps *m);
const Scene *maps_scene(const Maps *m);
const CriticalSet *maps_known(const Maps *m);
Window maps_view(const Maps *m);
long maps_steps(const Maps *m);                    /* T */
double maps_progress(const Maps *m);               /* 0 to 1 */
const MapsAxis *maps_axis(const Maps *m, int axis);
/* The pixel, or the nearest coarser one; NULL: nothing is known there yet. */
const Pixel *maps_pixel(const Maps *m, int col, int row);
/* The start, or the pair of settings, of a pixel. */
Vec2 maps_place(const Maps *m, int col, int row);
/* Its scene: the run that ends as the pixel says. false: no such scene. */
bool maps_pixel_scene(const Maps *m, int col, int row, Scene *out);

#endif
