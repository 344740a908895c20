/* SPDX-License-Identifier: MIT
 * find: which learning rate? The end of a run over a log grid of rates, for several schedules and
 * seeds at once: the best rate, how wide the good interval is, what the search has cost.
 * range.h has the other way to look for one. Computed in slices; every value is that of the run
 * you get when you play it (find_scene), bit for bit. */
#ifndef ETA_LAB_FIND_H
#define ETA_LAB_FIND_H

#include "core/timeline.h"
#include "lab/many.h"

enum {
    FIND_LINES = 16,        /* schedules at once */
    FIND_ETAS = 401,        /* rates of the grid */
    FIND_SEEDS = 10000,
    FIND_RUNS = 2000000,    /* all three multiplied */
    FIND_STEPS_MOST = 100000,
    FIND_TEXT = 1024,       /* list of schedules */
};

typedef enum FindMetric { FIND_FINAL, FIND_TAIL, FIND_BEST } FindMetric;
extern const char *const find_metric_words[]; /* "final", "tail", "best"; ends with NULL */

/* Settings beside the scene: a plain value. What is left to its default is marked. */
typedef struct FindSpec {
    double lo, hi;              /* of the grid; 0: from 1/100 to 100 of the scene's eta0 */
    double factor;              /* between neighbours; 0: `count` rates instead */
    int count;                  /* 0: ten a decade */
    char schedules[FIND_TEXT];  /* "constant,step:step_size=30,gamma=0.5"; "": constant and the
                                   scene's own (cosine where that is constant) */
    uint64_t seed;              /* the first */
    int seeds;                  /* 0: 20 where runs depend on it, else 1 */
    int metric;                 /* FindMetric; -1: tail with noise, else final */
    double good;                /* a rate is good if the metric is below; NaN: see find_good */
    double share;               /* ... for this share of the runs; 0: half of them, the median */
    double jitter;              /* starts off by up to this share, each coordinate; 0: none */
    char sweep[NAME_SIZE];      /* the rate that runs over the grid: "" = eta0, "max_lr" */
    int others;                 /* its other rates: 1 keep their ratio to it, 0 stay, -1: stay with
                                   `sweep`, else keep their ratio */
    bool range;                 /* range test instead (range.h) over lo..hi */
    double beta;                /* its smoothing; 0: 0.98 */
} FindSpec;

void find_spec_default(FindSpec *s);
/* One setting by its word: a row of find_keys[]. */
typedef struct FindKey {
    const char *name;   /* "eta" */
    const char *value;  /* "LO:HI:N|LO:HI:xF" */
    const char *text;
    bool (*read)(FindSpec *s, const char *value, Error *err);
} FindKey;
extern const FindKey find_keys[]; /* ends with name == NULL */
const FindKey *find_key_find(const char *name, size_t length); /* NULL: none */

/* Rates of the grid, rising, six digits each; returns how many. `eta0`: see FindSpec.lo. */
int find_grid(const FindSpec *s, double eta0, double eta[FIND_ETAS]);

/* The named ones of assets/finds.txt. */
typedef struct FindNamed {
    const char *id;     /* "L6" */
    const char *title;
    const char *note;   /* one sentence */
    const char *scene;  /* its scene as text */
    FindSpec spec;
} FindNamed;
int find_named_count(void);
const FindNamed *find_named_row(int index);
const FindNamed *find_named(const char *id, size_t length);   /* case ignored; NULL: none */
bool find_named_unknown(const char *id, size_t length, Error *err);
bool find_named_load(const FindNamed *n, Scene *scene, FindSpec *spec, Error *err);

/* What one schedule's line says. Indices of rates; -1: none. */
typedef struct FindSummary {
    int best;             /* lowest median */
    double best_value;
    int tie_lo, tie_hi;   /* stretch around it that is as good to six digits */
    int good_lo, good_hi; /* widest stretch of good rates */
    double decades;       /* its width: log10(eta[good_hi] / eta[good_lo]) */
    bool open_lo, open_hi; /* it reaches the end of the grid: may be wider */
    int stretches;        /* of good rates; more than one: not one interval */
} FindSummary;

typedef struct FindLine {
    char label[CHOICE_TEXT + 128]; /* the schedule as it is written */
    Choice schedule;
    int sweep;            /* index of the parameter swept, -1: eta0 */
    bool scale;           /* the other rates keep their ratio */
    double peak;          /* the largest rate of a run is so many times the one on the axis; NaN:
                             that depends on the run */
    Timeline *base;       /* owned: the scene with this schedule, as it binds */
    double *mid;          /* [etas] median of the metric; inf: diverged; NaN: not computed yet */
    double *low, *high;   /* 10 % and 90 % of the runs are below */
    double *judged;       /* the share's quantile, compared with the threshold */
    long evaluations;     /* gradients followed, all seeds */
    FindSummary sum;      /* meaningful when the find is done */
} FindLine;

typedef struct FindRun {
    double value;         /* the metric: inf for a run that ended early (best: its lowest) */
    ManyEnd end;
} FindRun;

typedef struct Find {
    FindSpec spec;        /* with defaults filled in */
    bool started;
    double eta[FIND_ETAS];
    int etas;
    FindLine line[FIND_LINES];
    int lines;
    int seeds;            /* runs per point */
    FindRun *run;         /* owned: [line][eta][seed] */
    double *numbers;      /* owned: what the lines point to */
    double *scratch;      /* owned: [seeds] for quantiles */
    long total, done;     /* runs */
    long planned;         /* evaluations of one search: rates x steps, per schedule and seed */
    double threshold;     /* in force once all is done; NaN: none */
    double first_loss;
    /* runs under way */
    Many *many;          /* owned */
    Timeline *bind;       /* owned: binds the rates of a cell */
    Scene *point;         /* owned: scratch, the scene of a point */
    Rate rate[MANY_MOST];
    int flying;           /* runs in the lanes: done .. done + flying - 1 */
    bool slow;            /* a loss that lanes cannot do: one timeline after the other */
    Scene scene;          /* without edits; last, for it is large and begins with its start */
} Find;

bool find_init(Find *f); /* false: out of memory; a Find is large: not on the stack */
void find_release(Find *f);
/* Begin. Errors: schedules, grid, scene (hole, formula), too many runs. */
bool find_start(Find *f, const Scene *scene, const FindSpec *spec, Error *err);
/* Would every point of the grid be taken as a run of its own? A typed schedule may be negative at
 * some rates: such points end before they begin. */
bool find_check(Find *f, Error *err);
/* Compute about `budget` updates; true while runs are missing. */
bool find_advance(Find *f, long budget);
double find_progress(const Find *f); /* 0 to 1 */
const FindRun *find_run(const Find *f, int line, int eta, int seed); /* NULL: not yet computed */
/* The scene of a point; seed 0 is the first. */
void find_scene(const Find *f, int line, int eta, int seed, Scene *out);
/* The default threshold: nine tenths of the way, in log, from the start's loss to the best value of
 * all lines; where losses are not positive, above a floor a millionth of the way below the best. */
double find_good(double first_loss, double best);
/* "0.0224 to 0.0282, 0.10 decades" and what is to be said about the grid. */
void find_say_good(const Find *f, int line, Text *out);
/* "good: ...; best 0.00253 at 0.0251"; "..." while runs are missing. */
void find_say_line(const Find *f, int line, Text *out);
void find_say_metric(const Find *f, Text *out); /* "median tail loss" */
void find_say_axes(const Find *f, Text *out);   /* "median tail loss over η₀, 60 runs a point" */

/* Quantile p of n values (sorted in place), linear between ranks; inf is a value. */
double find_quantile(double *value, int n, double p);

#endif
