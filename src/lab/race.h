/* SPDX-License-Identifier: MIT
 * race: the runners of a scene side by side, as a table (SPEC 7): what each came to, by when, and
 * what it cost; whether the comparison is fair. The numbers of a runner are those of its own run:
 * another runner changes none of them (`delta` alone looks at A).
 *
 * A height is the loss above the lowest loss known of the surface in force (critical_lowest: minima
 * in the window and its grid, no run's rows). */
#ifndef ETA_LAB_RACE_H
#define ETA_LAB_RACE_H

#include "core/verdict.h"

enum {
    RACE_WORDS = 240, /* bytes of a runner's words for people */
    RACE_BASES = 64, /* surfaces that edits make of the loss; later ones count as the last */
};

typedef enum RaceColumn {
    RACE_RUNNER,
    RACE_SCENE,     /* the runner's own words */
    RACE_VERDICT,   /* an Outcome; over seeds the commonest */
    RACE_TO,        /* first row whose loss is at most the threshold; NaN: none */
    RACE_REACHED,   /* runs that got there ... */
    RACE_OF,        /* ... of so many */
    RACE_BEST,      /* lowest loss */
    RACE_FINAL,     /* last loss */
    RACE_AREA,      /* mean over all rows of log10(max(height, 1e-12)); a run that ended early
                       keeps its last height, a row without a number that of the row before */
    RACE_GRADIENTS, /* followed: updates done */
    RACE_PEAK_ETA,  /* largest scheduled rate of these updates; NaN: none was done */
    RACE_NUMBERS,   /* kept per parameter by the optimizer at the end */
    RACE_DELTA,     /* final - A's final */
    RACE_COLUMNS
} RaceColumn;

typedef struct RaceColumnInfo {
    const char *name;  /* in CSV */
    const char *title; /* for people */
    int digits;        /* shown; 0: a whole number */
    int priority;      /* where room lacks the highest goes first; 0: stays */
} RaceColumnInfo;
extern const RaceColumnInfo race_columns[RACE_COLUMNS + 1]; /* ends with name == NULL */
int race_column_find(const char *name, size_t length);      /* -1: none */

/* Over several seeds every number is the lower median over them. */
typedef struct RaceRow {
    double value[RACE_COLUMNS];
    double quarter[2]; /* of `final`: lower and upper quartile */
} RaceRow;

typedef struct RaceTable {
    int runners;
    int seeds;  /* runs of each; 1: with a seed of its own */
    double to;  /* the threshold */
    RaceRow row[SCENE_RUNNERS];
} RaceTable;

/* The lowest loss known, for each stretch of rows between edits of the surface. */
typedef struct RaceGround {
    struct {
        long from;
        double lowest;
    } base[RACE_BASES];
    int bases;
    int known; /* of so many of them */
    CriticalSet search;
} RaceGround;

/* Of the surfaces of run A, which are those of all runners. */
void race_ground_start(RaceGround *g, const Timeline *a);
/* A slice of the search; true: more is left. `given` (may be NULL) is searched by somebody else and
 * used where it is of the loss asked for. */
bool race_ground_advance(RaceGround *g, const Timeline *a, const CriticalSet *given);
/* The default threshold: the lowest loss and 1 % of A's first height. */
double race_threshold(const RaceGround *g, const Timeline *a);

/* Rows of a run, counted once each. */
typedef struct RaceCount {
    long row;      /* rows 0 to it are counted; -1: none */
    long to;       /* -1: not yet */
    double sum;    /* of log10 heights */
    double height; /* the last of them */
    double peak;   /* largest rate of the updates before `row` */
} RaceCount;

void race_count_start(RaceCount *c);
/* Count on to row `upto` (begins anew if that lies behind), `budget` rows at most; what is left of
 * the budget. The rows must be there and the ground known. */
long race_count_to(RaceCount *c, const RaceGround *g, const Timeline *t, double to, long upto,
                   long budget);
/* The row of the table as of row `all` of a race, where the run was counted as far as it had come
 * by then; verdict, runner and delta are the caller's. */
void race_count_row(const RaceCount *c, const Timeline *t, long all, RaceRow *out);
void race_set_delta(RaceTable *t);

/* ---- the table for people ---- */

/* Indices of the runners, sorted by a column; what has no value comes last. */
void race_order(const RaceTable *t, RaceColumn by, bool falling, int order[SCENE_RUNNERS]);
/* Columns to show in `width` cells, `scene` of them for the runner's words: not those equal in all
 * rows; `by` (-1: none) stays. Returns the cells left for the words; cells[] of the others (0: not
 * shown). */
int race_layout(const RaceTable *t, int width, int scene, int by, int cells[RACE_COLUMNS]);
/* A number or the verdict in a few digits, "-" where there is none. */
void race_cell(const RaceTable *t, int row, RaceColumn column, Text *out);
/* What tells a runner, of which `t` is the run, from the others: its own words with the rate first,
 * and of A those that others say anew; with its edits or without. */
void race_words(const Scene *s, const Timeline *t, int runner, bool edits, Text *out);

/* ---- fairness ---- */

/* What a runner was given. */
typedef struct RaceTerms {
    Vec2 start;
    uint64_t seed;
    long steps;
    long batch;
    double noise;
    bool noisy;                 /* by noise or mini-batches */
    double eta0;
    const Schedule *schedule;   /* NULL: typed */
    const Optimizer *optimizer;
    int edits;                  /* settings changed on the way */
    double made_for;            /* steps that the schedule's own length covers; 0: all of the run */
} RaceTerms;

void race_terms(const Timeline *t, RaceTerms *out);
/* One line; true: it is a warning. */
bool race_fairness(const RaceTerms *terms, int runners, int seeds, Text *out);

/* ---- presets ---- */

typedef struct RacePreset {
    const char *name;
    const char *text;       /* a few words */
    uint32_t keys;          /* bits of SceneKey: edits of these go */
    uint32_t unsaid;        /* and what A says of these */
    const char *first;      /* A's own words, "" */
    const char *words[SCENE_RUNNERS];  /* of the others, ends with NULL; "" for factors */
    double factor[SCENE_RUNNERS - 1];  /* of A's eta0; 0: A's */
} RacePreset;
extern const RacePreset race_presets[]; /* ends with name == NULL */
const RacePreset *race_preset_find(const char *name, size_t length); /* NULL: none */
/* `out` (not `s`): A with these runners instead of its own, on its budget from its start. */
bool race_preset(const RacePreset *p, const Scene *s, Scene *out, Error *err);

/* ---- all runs from the first row to the last ---- */

typedef struct RaceSpec {
    double to;     /* NaN: the default */
    uint64_t seed; /* the first */
    int seeds;     /* 0: every runner's own */
} RaceSpec;

typedef struct Race {
    RaceSpec spec;
    RaceTable table;    /* complete when race_advance is through */
    RaceTerms terms[SCENE_RUNNERS];
    char words[SCENE_RUNNERS][RACE_WORDS];
    RaceGround ground;
    Timeline *a;        /* owned: A, for what all have in common */
    Scene *scene;       /* owned, as plain */
    Scene *plain;
    Timeline *run;      /* owned: the one being counted */
    RaceCount count;
    int done;           /* runs, runner by runner */
    RaceRow *result;    /* owned: of each */
    double *sorted;     /* owned: seeds numbers */
} Race;

bool race_init(Race *r); /* false: out of memory; release all the same */
void race_release(Race *r);
bool race_start(Race *r, const Scene *s, const RaceSpec *spec, Error *err);
/* Some `budget` rows of work; true: more is left. */
bool race_advance(Race *r, long budget);
double race_progress(const Race *r); /* 0 to 1 */

#endif
