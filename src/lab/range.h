/* SPDX-License-Identifier: MIT
 * range: the learning-rate range test (Smith 2015; fast.ai's finder): one run whose rate rises
 * lo*(hi/lo)^(t/T), its loss over the rate, smoothed, and what the usual rules make of it, beside
 * the true limit of stability. The run is an ordinary scene with a typed schedule: it can be played. */
#ifndef ETA_LAB_RANGE_H
#define ETA_LAB_RANGE_H

#include "lab/find.h"

typedef enum RangeRule {
    RANGE_MINIMUM,   /* rate at the lowest raw loss */
    RANGE_TENTH,     /* a tenth of that */
    RANGE_STEEPEST,  /* steepest fall of the smoothed loss over log eta */
    RANGE_VALLEY,    /* two thirds into the longest fall of the smoothed loss (fastai's valley) */
    RANGE_RULES
} RangeRule;

typedef struct RangeRuleInfo {
    const char *name; /* "minimum/10" */
    const char *text; /* one line, with its guard */
} RangeRuleInfo;
extern const RangeRuleInfo range_rules[RANGE_RULES];

/* Why the minimum of the curve lies above the true limit; one sentence. */
extern const char *const range_lag;

typedef struct RangePoint {
    double eta;    /* of an update */
    double loss;   /* full loss behind it, raw */
    double smooth; /* exponential mean, bias-corrected; NaN once the raw loss is not finite */
} RangePoint;

typedef struct RangeSuggestion {
    double eta;          /* of the first seed; NaN: the rule finds nothing */
    double low, mid, high; /* 2.5 %, 50 %, 97.5 % over the seeds that have one */
    int found;           /* seeds that have one */
} RangeSuggestion;

typedef struct RangeTest {
    double lo, hi, beta;
    uint64_t seed;             /* the first */
    int seeds;
    Scene *scene;              /* owned: typed schedule, no edits */
    Timeline *run;             /* owned: the seed under way */
    double *number;            /* owned: [rule][seed] */
    int done;                  /* seeds */
    bool started;
    RangePoint *point;         /* owned: of the first seed, once it is done */
    long points;
    long stop;                 /* where finders stop: smoothed loss above 4 times its lowest */
    double limit_start;        /* eta_limit at the start of the first seed's run */
    double limit_minimum;      /* ... at the minimum next to its lowest point; NaN: none known */
    long evaluations;
    RangeSuggestion rule[RANGE_RULES]; /* once all seeds are done */
} RangeTest;

bool range_init(RangeTest *r); /* false: out of memory */
void range_release(RangeTest *r);
/* Uses lo, hi (defaults as in FindSpec), seed, seeds and beta of the settings. */
bool range_start(RangeTest *r, const Scene *scene, const FindSpec *spec, Error *err);
bool range_advance(RangeTest *r, long budget); /* true while seeds are missing */
double range_progress(const RangeTest *r);
/* The run of a seed (0: the first) as a scene to play. */
void range_scene(const RangeTest *r, int seed, Scene *out);

/* s[t] = beta s[t-1] + (1-beta) loss, divided by 1 - beta^(t+1); for tests. */
void range_smooth(RangePoint *p, long n, double beta);
/* What a rule says of n points; the smoothed ones are looked at up to `stop`. NaN: nothing. */
double range_suggest(RangeRule rule, const RangePoint *p, long n, long stop);
long range_stop(const RangePoint *p, long n);

#endif
