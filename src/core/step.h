/* SPDX-License-Identifier: MIT
 * step: what happens between two rows of a run, written once: the order of the rows in an epoch,
 * the noise, the fate of a row, the memory of a rate. What is left, the update, is a row of
 * optimizers[]. The timeline calls it for one run, lab/many for many runs side by side; both
 * have the same bits. */
#ifndef ETA_CORE_STEP_H
#define ETA_CORE_STEP_H

#include <stdint.h>

#include "base/vec.h"
#include "core/schedule.h"

typedef enum RowEvent {
    ROW_EDIT = 1,        /* an edit holds from this row on */
    ROW_CUT = 2,         /* first row with the lower rate of a plateau cut */
    ROW_RESTART = 4,     /* first row of a new cycle of a restarting schedule */
    ROW_CONVERGED = 8,   /* first row with |g| <= 1e-9 max(1, lambda_max) */
    ROW_DIVERGED = 16,   /* the run ended here */
    ROW_UNDEFINED = 32,  /* the run entered a hole and ended here */
} RowEvent;

/* ---- mini-batches ---- */

/* The mini-batch of a step: `count` rows from place `first` of the order of `epoch`. */
typedef struct Batch {
    long epoch;
    long first;
    long count;
} Batch;

static inline Batch step_batch(const Epochs *e, long rows, long batch, long step)
{
    long since = step - e->from;
    long first = since % e->steps * batch;
    return (Batch){.epoch = e->base + since / e->steps,
                   .first = first,
                   .count = rows - first < batch ? rows - first : batch};
}

/* order[0 .. n-1]: rows in the order of an epoch. Fisher and Yates from the top, draws from output
 * epoch*(n-1) on (SPEC 8). */
void step_shuffle(uint32_t *order, long n, uint64_t seed, long epoch);

/* ---- noise ---- */

/* Noise of step t with deviation `sigma` in each coordinate, from outputs 2t and 2t+1 (Box and
 * Muller 1958); with mini-batches it has a sequence of its own. */
Vec2 step_noise(uint64_t seed, bool batches, long t, double sigma);
/* The same for n <= EXPR_LANES seeds with a deviation each. */
void step_noise_many(const uint64_t *seed, const double *sigma, int n, bool batches, long t,
                     double *x, double *y);

/* ---- fate ---- */

/* Is there nothing to be said about a row? One comparison a number, for loops over lanes. */
static inline bool step_sound(double x, double y, double f, double gx, double gy)
{
    return (fabs(x) <= DBL_MAX) & (fabs(y) <= DBL_MAX) & (fabs(f) <= 1e100) &
           (fabs(gx) <= DBL_MAX) & (fabs(gy) <= DBL_MAX);
}

/* "diverging" of SPEC 6: farther from the window's centre than 1000 half-widths, or the loss above
 * 10^6 max(1, first loss). */
bool step_far_out(Window w, Vec2 at, double loss, double first_loss);

/* ROW_DIVERGED, ROW_UNDEFINED or 0 (SPEC 6). A NaN far out is inf - inf: growth; a NaN nearby is
 * a place where the formula means nothing: a hole. `last_loss` is that of the row before, 0 at
 * row 0. */
unsigned step_fate(Window w, Vec2 at, double f, Vec2 g, double last_loss, double first_loss);

/* ---- rate ---- */

/* A rate that is a function of the step alone; only the plateau rule is not. */
static inline bool step_rate_is_closed(const Rate *r)
{
    return !r->schedule || r->schedule->eta;
}

/* Feed the loss of row `step` to the plateau rule: not during warm-up; where it counts epochs,
 * at the end of each. True if it cut the rate. */
bool step_feed(Plateau *p, const Rate *r, const Epochs *e, long step, double loss);

/* Rows whose mean is the tail of a run of `steps` updates: the last tenth of them, one at least. */
static inline long step_tail_rows(long steps)
{
    return steps + 1 < 20 ? 1 : (steps + 1) / 10;
}

#endif
