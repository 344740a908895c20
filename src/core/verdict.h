/* SPDX-License-Identifier: MIT
 * verdict: what a run has come to at a row (SPEC 6), in a word and in a sentence with numbers. It
 * looks at rows 0 to the row, at the loss in force there, and at the schedule in force there as it
 * goes on to T; never at rows to come.
 *
 * The first rule that holds gives the word. D is the window's diagonal, `near` 1 % of it; range and
 * grid are the set's (critical.h); height is loss above the lowest loss known: minima in the window,
 * the grid, rows 0 to the row on the same surface.
 *
 *   diverged, undefined  the run ended here so
 *   diverging            step_far_out
 *   settled              the last max(10, T/20) rows lie within `near` of their mean, and so does a
 *                        critical point, known or (valleys always) reached by Newton from the mean. A minimum is
 *                        global within 1e-6 of the range of the lowest loss known. Where gradients
 *                        are noisy, besides: the last max(20, T/10) rows lie within near/2 of their
 *                        mean and the rate never rises above the present one again
 *   plateau              the same without such a point, where |g| D < 1 % of the range, the height fell
 *                        by less than 5 % over the last max(10, T/10) rows, and not frozen: |g| D >
 *                        0.1 % of it and (range/D) sum of eta < near
 *   rattling             noisy, and settled at a minimum or valley but for the noise; or a minimum
 *                        lies in the cloud of the last max(20, T/10) rows: within max(near, 2 r) of
 *                        their mean, r their root mean square distance from it, while the means of
 *                        their two halves differ by at most r and the noise in the last five
 *                        gradients is more than 1 % of them
 *   frozen               max(10, T/20) rows are there (and still, in noise); the schedule's rest, or
 *                        half a run at its last rate where that is longer, moves the point by less
 *                        than `near`: (c + s max(0, -lambda_min) near) sum of eta, c the length of the
 *                        effective step of the full gradient, or of the last step, per eta, s the
 *                        larger effective rate per eta; and neither minimum nor valley lies within
 *                        that way and `near` (Newton from the point). A saddle is asked this first
 *   oscillating          row >= 12; one of the last ten steps is longer than 1e-6 D; over the last
 *                        quarter of the rows the best height has not improved by 1 %, and the loss
 *                        rises or a coordinate turns by more than 1e-6 D
 *   slow                 the height fell by less than 5 % over the last max(10, T/10) rows
 *   moving
 *
 * No flicker: a word counts once it has held for max(4, T/100) rows, in noise max(20, T/10); of many
 * rows every n-th is looked at; so do the rules of a stretch of more than 1000. Until then the one before stands, but nothing is settled farther than
 * 2 near from its place: there the row's own word stands. Only the end of a run is said at once, and an edit of the
 * surface begins anew. */
#ifndef ETA_CORE_VERDICT_H
#define ETA_CORE_VERDICT_H

#include "core/critical.h"
#include "core/timeline.h"

typedef enum Outcome {
    OUTCOME_MOVING,
    OUTCOME_OSCILLATING,
    OUTCOME_GLOBAL_MINIMUM,
    OUTCOME_LOCAL_MINIMUM,
    OUTCOME_SADDLE,
    OUTCOME_VALLEY,
    OUTCOME_PLATEAU,
    OUTCOME_RATTLING,
    OUTCOME_FROZEN,
    OUTCOME_SLOW,
    OUTCOME_DIVERGING,
    OUTCOME_DIVERGED,
    OUTCOME_UNDEFINED,
    OUTCOMES
} Outcome;

/* How good the news is: what a word is coloured by. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD } Tone;

/* All that is said of an outcome, by Outcome. */
typedef struct OutcomeRow {
    const char *name;  /* "global_minimum": in goals and files */
    const char *word;  /* "global minimum": in sentences */
    const char *brief; /* "global": on a ruler */
    const char *lead;  /* "settled: " in front of the word, "" */
    const char *mark;  /* "★" */
    char letter;       /* 'G' */
    Tone tone;
    bool settled;      /* the run rests at a place of its own: a critical point or a plateau */
    bool minimum;
    bool gone;         /* it will not come back */
} OutcomeRow;
extern const OutcomeRow outcomes[OUTCOMES];

/* The end of a run without noise, of which only points are known: for maps, which ask millions. */
typedef struct Trail {
    long first;            /* the columns hold the points of rows first .. cursor */
    long cursor;
    long steps;            /* T */
    const double *x, *y;
    unsigned events;       /* of the row at the cursor */
    double last_loss;      /* there */
    double first_loss;     /* of row 0 */
} Trail;

/* Where a run is. */
typedef struct Standing {
    Outcome outcome;
    int which; /* index among the known points, -1: none */
} Standing;

/* Rows at the end of a run that trail_settled looks at. */
long trail_rows(long steps);
/* What verdict_at says at the cursor, where this is known without the rest: the run ended, or has
 * settled at a known minimum; "global" only if no row of the run is lower than it by more than 1e-6
 * of the range. false: ask verdict_at. */
bool trail_settled(const Trail *t, Window w, const CriticalSet *known, Standing *out);

typedef struct Verdict {
    Outcome outcome;
    Vec2 at;            /* the critical point, where settled or rattling; else the row's */
    int which;          /* its index among the known points, -1: none */
    double eta;         /* numbers of the reason: rate in force */
    double limit;       /* the local limit there */
    double loss;
    double depth;       /* loss of the critical point, where there is one */
    char reason[192];   /* one sentence with numbers */
    char brief[96];     /* the same, short */
} Verdict;

/* What was found at a row: a word and the place that it is about. */
typedef struct Found {
    Outcome outcome;
    Critical point; /* where settled at one, or rattling */
    int which;      /* among the known points, -1: none of them */
} Found;

enum { VERDICT_WORDS = 256 };

typedef struct VerdictWord {
    long row; /* -1: none */
    Found found;
} VerdictWord;

/* Words of rows already judged, for who asks row after row. All zero: empty. */
typedef struct VerdictMemory {
    const Timeline *of;
    unsigned long revision;
    Window window;
    CriticalSet known;
    VerdictWord word[VERDICT_WORDS];
} VerdictMemory;

/* Verdict at row `cursor` of the run; pure. Points of another loss than the one in force there
 * (critical_fits) are not looked at. */
void verdict_at(const Timeline *t, long cursor, Window w, const CriticalSet *known, Verdict *out);
/* The same, with the words that `memory` holds of this run; the run must not have been freed and
 * made anew since. */
void verdict_next(VerdictMemory *memory, const Timeline *t, long cursor, Window w,
                  const CriticalSet *known, Verdict *out);
/* The word of verdict_at alone, from rows of which only points, losses, best, eta and events are
 * filled; with `updates` effective rates and gradients too. false: it needs those. */
bool verdict_word(const Bound *b, const Row *rows, long cursor, Window w, bool updates,
                  const CriticalSet *known, Standing *out);

#endif
