/* SPDX-License-Identifier: MIT
 * scene: everything about a run as a plain value, and its text (SPEC 1).
 *
 *     surface=himmelblau start=-1,-4 optimizer=adam:beta1=0.9 schedule=cosine eta0=0.05 steps=300
 *     at 120 eta0=0.2
 *     vs optimizer=sgd eta0=0.01 at 40 eta0=0.1
 *
 * `vs` begins a further runner: the scene without its edits, with other values of some keys and
 * edits of its own. What knows of one run only sees the scene itself, runner A.
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
    SCENE_EDITS = 512,   /* most edits of a scene, its runners' included */
    SCENE_RUNNERS = 6,   /* A to F: the scene itself and those that a `vs` begins */
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

/* Where a value stood in the text of the scene, both from 1. */
typedef struct Place {
    int line; /* 0: in no text; PLACE_AT, PLACE_VS: in the words of scene_parse_edit, _runner */
    int column;
} Place;
enum { PLACE_AT = -1, PLACE_VS = -2 };

typedef struct Edit {
    int runner;    /* 0: A */
    Place place;
    long step;     /* holds from this row on */
    SceneKey key;  /* surface (parameters only), optimizer, schedule, eta0, steps, batch, noise */
    double number; /* eta0, noise; steps and batch as whole numbers */
    Choice choice; /* schedule, optimizer; `named` for surface parameters */
} Edit;

/* A runner that a `vs` begins: what it does not say itself is the scene's. */
typedef struct Runner {
    uint32_t given;        /* bit per SceneKey: said behind its `vs` */
    Vec2 start;            /* the rest as in Scene */
    Choice optimizer;
    Choice schedule;
    double eta0;
    long warmup;
    double warmup_factor;
    long steps;
    long batch;
    double noise;
    uint64_t seed;
    Place place[SCENE_KEYS];
} Runner;

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
    Place place[SCENE_KEYS];
    int runner_count;      /* beside A */
    Runner runner[SCENE_RUNNERS - 1];
    int edit_count;        /* of A: the first ones */
    int edit_total;        /* of all runners */
    Edit edit[SCENE_EDITS]; /* by runner, then by step, stable */
} Scene;

/* What kind of value a key takes; its C type. */
typedef enum ValueKind {
    VALUE_SURFACE,   /* SurfaceChoice */
    VALUE_WINDOW,    /* Window */
    VALUE_POINT,     /* Vec2 */
    VALUE_OPTIMIZER, /* Choice */
    VALUE_SCHEDULE,  /* Choice */
    VALUE_REAL,      /* double */
    VALUE_WHOLE,     /* long */
    VALUE_SEED,      /* uint64_t */
    VALUE_FILE,      /* char[SCENE_PATH] */
} ValueKind;

typedef struct SceneKeyInfo {
    const char *name;
    const char *value;    /* "X,Y" */
    const char *text;     /* one line */
    const char *fallback; /* default in words */
    ValueKind kind;
    size_t offset;        /* of the value in Scene */
    size_t own;           /* of it in Runner; 0: all runners have the scene's */
    bool editable;        /* may stand after `at` */
    double lo, hi;        /* bounds of a number; of a seed that is counted up and down */
    bool lo_open;         /* lo itself excluded */
    bool logarithmic;     /* a key press multiplies */
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
/* A as it starts: without edits and runners. */
void scene_copy_start(Scene *to, const Scene *from);

/* Parse a text of lines (";" is a line end, and a bare word `at` or `vs` begins a line wherever it
 * stands) over `s`. A file: equal keys are an error. Relative data paths are taken relative to
 * `folder` (NULL: as they are). On error `s` is unspecified. */
bool scene_parse(Scene *s, const char *text, const char *folder, Error *err);
/* One assignment key=value (value of `length` bytes, quotes already gone). */
bool scene_assign(Scene *s, SceneKey key, const char *value, size_t length, Error *err);
/* The same as an edit means it: a schedule or optimizer of the name in force changes only the
 * parameters that it names. */
bool scene_adjust(Scene *s, SceneKey key, const char *value, size_t length, Error *err);
/* "120 eta0=0.2 noise=1": the words after `at`. */
bool scene_parse_edit(Scene *s, const char *words, Error *err);
/* "eta0=0.2 at 40 eta0=0.1": the words after `vs`, on one line. */
bool scene_parse_runner(Scene *s, const char *words, Error *err);
/* Write one assignment at a step, replacing or merging with an equal one at the same step. */
bool scene_edit(Scene *s, long step, SceneKey key, const char *value, size_t length, Error *err);
/* Drop A's edits at steps >= step; returns how many. */
int scene_drop_edits(Scene *s, long step);

/* A's settings in force at `step` become those of the start; all its edits go. */
void scene_fold(Scene *s, long step);

/* ---- runners: 0 is A ---- */
int scene_runners(const Scene *s); /* 1 to SCENE_RUNNERS, A included */
/* The plain scene, without any `vs`, that runner `index` runs; false if there is none such. A's
 * edits of the surface hold for it too. `out` is not `s`. */
bool scene_of_runner(const Scene *s, int index, Scene *out);
/* Runner `index` (from 1; scene_runners(s): a new one) becomes one that runs like `like`, which
 * says only what A does not say. Its loss and window must be A's. */
bool scene_set_runner(Scene *s, int index, const Scene *like, Error *err);
bool scene_add_runner(Scene *s, const Scene *like, Error *err);
void scene_remove_runner(Scene *s, int index);
/* Before a change to A: every other runner says itself all that it had inherited, defaults
 * included. And after it: what A says as well need not be said. */
void scene_spell_out_runners(Scene *s);
void scene_shorten_runners(Scene *s);
/* "optimizer=adam eta0=0.1 at 40 eta0=0.05": what stands behind its `vs`; A's own words for 0. */
void scene_runner_words(const Scene *s, int index, Text *out);

/* Another eta0, with the schedule's other rates in the same ratio to it as in `now` (the rate
 * that this scene's start binds to). */
void scene_set_rates(Scene *s, const Rate *now, double eta0);

/* Print on one line ("; " between) or on several; shortest forms that round-trip. */
void scene_print(const Scene *s, bool one_line, Text *out);
void scene_print_value(const Scene *s, SceneKey key, Text *out); /* "himmelblau", "-1,-4" */
void scene_print_edit(const Scene *s, int index, Text *out); /* "120 eta0=0.2" */
bool scene_equal(const Scene *a, const Scene *b);       /* all of it, runners included */
bool scene_same_loss(const Scene *a, const Scene *b);   /* the same losses and files */
bool scene_equal_start(const Scene *a, const Scene *b); /* A but for its edits */
int scene_common_edits(const Scene *a, const Scene *b); /* how many leading edits of A agree */

/* An error found when the scene was bound, in the value of the key that err->file names (else of
 * `key`), in force at `step` (-1: at the start): moved to where that value stood in the text, its
 * file left to be named. A value that stood in no text leaves the key as the file, or "at", "vs". */
void scene_locate(const Scene *s, SceneKey key, long step, Error *err);

/* One value into the field of Scene or Runner that keeps it, and that of an edit whose runner, step
 * and key are known. Error columns count from the value's first character. */
bool value_read(const SceneKeyInfo *k, void *to, Slice text, Error *err);
bool edit_read(const Scene *s, Edit *e, Slice text, Error *err);
/* Is it a formula of x, y and these names? */
bool value_is_loss(const char *formula, const NamedSet *named, Error *err);

/* The parts that edits are made of. */
bool edit_parse_value(const Scene *s, Edit *e, long step, SceneKey key, const char *value,
                      size_t length, Error *err);
bool scene_insert_edit(Scene *s, const Edit *e, Error *err);
/* `to` as it is after `from` was assigned: the same name changes only the parameters it names;
 * the name of `base` (in force before this step, may be NULL) means base and those parameters. */
void choice_merge(Choice *to, const Choice *from, const Choice *base);
void named_merge(NamedSet *to, const NamedSet *from);
void choice_print(const Choice *c, SceneKey key, Text *out);
bool edit_equal(const Edit *a, const Edit *b); /* wherever they stood, whose ever they are */
/* Where the value of a key stands, and whether two such values are the same. */
void *scene_value(Scene *s, SceneKey key);
bool value_equal(ValueKind kind, const void *a, const void *b);
size_t value_size(ValueKind kind);

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
    bool last;            /* a line end, ';', a bare `at` or `vs`, or the end of the text follows */
} Word;
typedef struct WordScan {
    const char *at;
    long line;
    long column;
} WordScan;
WordScan word_scan(const char *text);
/* Next word: 1; the end: 0; an error (unclosed quote, control character, too long): -1. */
int word_next(WordScan *scan, Word *w, Error *err);
/* Is it a bare `at` or `vs`? Then the rest of its line, an edit or a runner, is read into `s`. */
bool word_begins_line(const Word *w);
bool scene_scan_line(Scene *s, WordScan *scan, const Word *first, Error *err);

#endif
