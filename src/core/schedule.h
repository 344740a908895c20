/* SPDX-License-Identifier: MIT
 * schedule: the learning rate as a function of the step. One row per schedule (SPEC 2).
 * Everything is a closed form in u except `plateau`, whose state is fed the loss. */
#ifndef ETA_CORE_SCHEDULE_H
#define ETA_CORE_SCHEDULE_H

#include "core/param.h"
#include "expr/expr.h"

typedef struct Rate Rate;

/* Where in its course a schedule is. */
typedef struct Phase {
    double position; /* in the cycle or the decay under way, in units */
    double length;   /* of it, in units */
    double count;    /* cycles or milestones that lie behind */
} Phase;

typedef enum Eta0Is { ETA0_FIRST, ETA0_LOWEST, ETA0_PEAK } Eta0Is;

typedef struct Schedule {
    const char *name;
    const char *title;   /* "cosine annealing" */
    const char *family;  /* "constant", "decay", "cyclical", "plateau" */
    /* For people: "η_min + (η₀−η_min)·(1+cos(πu/T_max))/2". Its symbols, those of the parameters
     * and of the phase, become numbers in rate_fill. */
    const char *formula;
    const char *good;    /* one line: what it is good for */
    const char *caution; /* one line: what to watch out for */
    bool core;           /* in the small set that the key cycles through */
    const ParamInfo *params;               /* own rows then `start` and `unit`; ends with NULL */
    double (*eta)(const Rate *r, double u); /* NULL where it is fed */
    Phase (*phase)(const Rate *r, double u); /* where the formula's u is not u alone; or NULL */
    /* The formula with live numbers where it is no formula to put them into; else NULL */
    void (*fill)(const Rate *r, double u, Text *out);
    bool (*check)(const Rate *r, Error *err); /* joint conditions, pct*total > 1; may be NULL */
    Eta0Is eta0_is;   /* what the rate handed to it is */
    bool restarts;    /* a new cycle is an event: its phase is 0 there */
    bool fed;         /* fed the loss, and no function of u: `eta` is NULL */
} Schedule;

extern const Schedule schedules[]; /* ends with name == NULL */
int schedule_count(void);
const Schedule *schedule_find(const char *name, size_t length); /* NULL: none */

enum { PLATEAU_TRAIN, PLATEAU_HELD_OUT };

/* ReduceLROnPlateau (Keras 2015, PyTorch): the reductions so far, as a multiplier of eta0. */
typedef struct Plateau {
    double best;       /* lowest loss that counted; starts at +inf */
    double multiplier; /* product of the cuts so far, 1 at start */
    long bad;          /* steps since */
    long cool;         /* cooldown left */
} Plateau;

/* While one batch size holds. Without mini-batches an epoch is one step. */
typedef struct Epochs {
    long from;   /* step at which epoch `base` began */
    long base;   /* epochs begun before it */
    long steps;  /* of an epoch */
} Epochs;

/* A schedule bound to a run: all that eta(t) needs. A plain value; borrows formula. */
struct Rate {
    const Schedule *schedule;   /* NULL: typed formula */
    const Program *formula;     /* borrowed; inputs t, T, eta0, then its own parameters */
    double value[PARAM_MAX];    /* parameters in force, in the rows' order (or the formula's) */
    long list[PARAM_LIST];      /* milestones */
    int list_count;
    double eta0;                /* per step */
    long start;                 /* step at which u = 0: max(start, warmup) */
    double horizon;             /* T' in units, >= 1 */
    long unit;                  /* steps per unit: 1, or the steps of an epoch */
    long counted_from;          /* step from which units have this length, start at least */
    long counted;               /* units finished from start to there */
    bool unit_ends;             /* one of them ends exactly there */
    long warmup;                /* steps of linear warm-up from step 0 */
    double warmup_factor;       /* its first multiplier */
};

/* u of step t in the schedule's units: those finished since `start`. */
double rate_units(const Rate *r, long t);
/* The learning rate of step t >= 0, warm-up included; `plateau` may be NULL (multiplier 1). */
double rate_at(const Rate *r, long t, const Plateau *plateau);
/* "0.05·(1+cos(π·150/300))/2" for the now panel, warm-up included. */
void rate_fill(const Rate *r, long t, const Plateau *plateau, Text *out);

/* Does a new cycle of a restarting schedule begin at step t (u > 0)? Only cosine_restarts does. */
bool rate_restarts(const Rate *r, long t);

/* Resolve parameters: choose defaults (given T, the surface's eta_high) and check joint conditions.
 * `set_at` is the step the schedule was set at (default of `start`), `steps` = T; `epochs` are the
 * stretches of one batch size each that the run has had, the last is in force (none: epochs of one
 * step). `formula` is the compiled typed schedule, or NULL. */
typedef struct RateSpec {
    const Schedule *schedule;
    const ParamSet *params;
    const Program *formula;
    const double *formula_values; /* values of the formula's own parameters */
    int formula_count;
    double eta0;
    double eta_high;
    long set_at;
    long steps;
    const Epochs *epochs;
    int epochs_count;
    long warmup;
    double warmup_factor;
} RateSpec;
bool rate_bind(Rate *r, const RateSpec *spec, Error *err);

/* Is it fed the held-out loss rather than the training loss? */
bool rate_watches_held_out(const Rate *r);

void plateau_start(Plateau *p);
/* Feed the loss of a finished step (not during warm-up); true if this cut the rate. */
bool plateau_feed(Plateau *p, const Rate *r, double loss);

#endif
