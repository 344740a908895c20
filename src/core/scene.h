/* SPDX-License-Identifier: MIT
 * scene: everything about a run as a plain value, and its text (SPEC 1).
 *
 *     surface=himmelblau start=-1,-4 optimizer=adam:beta1=0.9 schedule=cosine eta0=0.05 steps=300
 *     at 120 eta0=0.2
 *
 * The same words are command-line options, lesson directives, lines of a file and the ':' prompt.
 * Keys are rows of scene_keys[]; explicit values are remembered (`given`) and printed, values left
 * to a default stay absent, so that parse(print(scene)) == scene. Copy with scene_copy. */
#ifndef ETA_CORE_SCENE_H
#define ETA_CORE_SCENE_H

#include <stdint.h>

#include "core/optimizer.h"
#include "core/schedule.h"
#include "core/surface.h"

enum {
    SCENE_EDITS = 512,   /* most edits of a scene */
    CHOICE_TEXT = 256,   /* longest typed schedule */
    SCENE_PATH = 512,    /* longest file name */
    SCENE_LINE = 16384,  /* a one-line scene of ordinary size; longer ones are cut and reported */
    STEPS_MAX = 1000000,
};

typedef enum SceneKey {
    SCENE_SURFACE,
    SCENE_WINDOW,
    SCENE_START,
    SCENE_OPTIMIZER,
    SCENE_SCHEDULE,
    SCENE_ETA0,
    SCENE_WARMUP,
    SCENE_WARMUP_FACTOR,
    SCENE_STEPS,
    SCENE_DATA,
    SCENE_HELD_OUT,
    SCENE_BATCH,
    SCENE_NOISE,
    SCENE_SEED,
    SCENE_KEYS
} SceneKey;

/* A schedule or optimizer by row, or a typed schedule. */
typedef struct Choice {
    int row;                   /* index in the table; -1: typed formula */
    ParamSet params;           /* explicit parameters of the row */
    NamedSet named;            /* parameters of the formula */
    char formula[CHOICE_TEXT]; /* "" unless typed */
} Choice;

typedef struct SurfaceChoice {
    int row;                   /* index of surface_row; -1: a formula */
    NamedSet named;            /* explicit parameters */
    char formula[EXPR_TEXT];   /* typed formula or name of a grid file; "" for a row */
} SurfaceChoice;

typedef struct Edit {
    long step;     /* holds from this row on */
    SceneKey key;  /* surface (parameters only), optimizer, schedule, eta0, steps, batch, noise */
    double number; /* eta0, noise; steps and batch as whole numbers */
    Choice choice; /* schedule, optimizer; `named` for surface parameters */
} Edit;

typedef struct Scene {
    uint32_t given;        /* bit per SceneKey: explicit */
    SurfaceChoice surface;
    Window window;
    Vec2 start;
    Choice optimizer;
    Choice schedule;
    double eta0;           /* per step; meaningful only if given */
    long warmup;           /* steps */
    double warmup_factor;
    long steps;            /* T */
    char data[SCENE_PATH];
    char held_out[SCENE_PATH];
    long batch;            /* rows per mini-batch, 0: all */
    double noise;          /* standard deviation of the gradient noise */
    uint64_t seed;
    int edit_count;
    Edit edit[SCENE_EDITS]; /* by step, stable */
} Scene;

typedef struct SceneKeyInfo {
    const char *name;
    const char *value;    /* "X,Y" */
    const char *text;     /* one line */
    const char *fallback; /* default in words */
    bool editable;        /* may stand after `at` */
} SceneKeyInfo;
extern const SceneKeyInfo scene_keys[SCENE_KEYS + 1]; /* ends with name == NULL */
int scene_key_find(const char *name, size_t length); /* -1: none */

/* The table's defaults (schedule cosine, sgd, 300 steps, first surface); nothing given. */
void scene_default(Scene *s);
static inline bool scene_given(const Scene *s, SceneKey key)
{
    return s->given >> key & 1u;
}

/* Assignment that leaves unused edits alone (a Scene is large, mostly empty room for edits). */
void scene_copy(Scene *to, const Scene *from);

/* Parse a text of lines (";" is a line end) over `s`. A file: equal keys are an error. Relative data
 * paths are taken relative to `folder` (NULL: as they are). On error `s` is unspecified. */
bool scene_parse(Scene *s, const char *text, const char *folder, Error *err);
/* One assignment key=value (value of `length` bytes, quotes already gone). */
bool scene_assign(Scene *s, SceneKey key, const char *value, size_t length, Error *err);
/* "120 eta0=0.2 noise=1": the words after `at`. */
bool scene_parse_edit(Scene *s, const char *words, Error *err);
/* Write one assignment at a step, replacing or merging with an equal one at the same step. */
bool scene_edit(Scene *s, long step, SceneKey key, const char *value, size_t length, Error *err);
/* Drop all edits at steps >= step; returns how many. */
int scene_drop_edits(Scene *s, long step);

/* The settings in force at `step` become those of the start; all edits go. */
void scene_fold(Scene *s, long step);

/* Another eta0, with the schedule's other rates in the same ratio to it as in `now` (the rate
 * that this scene's start binds to). */
void scene_set_rates(Scene *s, const Rate *now, double eta0);

/* Print on one line ("; " between) or on several; shortest forms that round-trip. */
void scene_print(const Scene *s, bool one_line, Text *out);
void scene_print_value(const Scene *s, SceneKey key, Text *out); /* "himmelblau", "-1,-4" */
void scene_print_edit(const Scene *s, int index, Text *out); /* "120 eta0=0.2" */
bool scene_equal(const Scene *a, const Scene *b);
bool scene_same_loss(const Scene *a, const Scene *b);    /* the same loss, held-out loss and files */
bool scene_equal_start(const Scene *a, const Scene *b); /* all but the edits */
int scene_common_edits(const Scene *a, const Scene *b); /* how many leading edits agree */

/* The parts that edits are made of. */
bool edit_parse_value(const Scene *s, Edit *e, long step, SceneKey key, const char *value,
                      size_t length, Error *err);
bool scene_insert_edit(Scene *s, const Edit *e, Error *err);
/* `to` as it is after `from` was assigned: the same name changes only the parameters it names;
 * the name of `base` (in force before this step, may be NULL) means base and those parameters. */
void choice_merge(Choice *to, const Choice *from, const Choice *base);
void named_merge(NamedSet *to, const NamedSet *from);
void choice_print(const Choice *c, SceneKey key, Text *out);

/* Does this value name a CSV file (rather than a formula)? Is the scene's surface a grid file? */
bool scene_is_file(const char *value);
bool scene_is_grid(const Scene *s);

/* Values in force at the start of the run. */
const Surface *scene_surface(const Scene *s);          /* NULL: a formula */
const Schedule *scene_schedule(const Scene *s);        /* NULL: typed */
const Optimizer *scene_optimizer(const Scene *s);
Window scene_window(const Scene *s);

/* A word of the grammar. Quotes ('...' or "...", no escapes) may enclose any part of it. */
enum { WORD_TEXT = EXPR_TEXT + SCENE_PATH };
typedef struct Word {
    char text[WORD_TEXT]; /* quotes taken off; for key=value the key ends at text[key] */
    size_t key;           /* bytes of the key before '='; 0: a word without '=' */
    const char *value;    /* behind the '=', or the whole word */
    size_t length;        /* bytes of the value */
    long line;            /* from 1 */
    long column;          /* of the word, from 1 */
    long value_column;    /* of the value's first character behind a quote */
    bool last;            /* a line end, ';' or the end of the text follows */
} Word;
typedef struct WordScan {
    const char *at;
    long line;
    long column;
} WordScan;
WordScan word_scan(const char *text);
/* Next word: 1; the end: 0; an error (unclosed quote, control character, too long): -1. */
int word_next(WordScan *scan, Word *w, Error *err);

#endif
