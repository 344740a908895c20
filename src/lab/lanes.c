/* SPDX-License-Identifier: MIT
 * lanes: see lanes.h. The order of operations of a row is the timeline's run_row; tests compare
 * the bits. */
#include "lab/lanes.h"

#include <stdlib.h>

#include "base/rng.h"
#include "expr/elementary.h"

struct Lanes {
    LaneTask task;
    long step;                     /* row that comes next */
    int count;                     /* lanes in use; the unfinished runs are 0 .. count - 1 */
    int run[LANES_MOST];           /* whose lane it is */
    double x[LANES_MOST], y[LANES_MOST];
    double f[LANES_MOST], gx[LANES_MOST], gy[LANES_MOST];
    double last[LANES_MOST];       /* loss of the row before */
    double first[LANES_MOST];      /* loss of row 0 */
    OptState memory[LANES_MOST];
    Plateau plateau[LANES_MOST];
    int rate_slot[LANES_MOST];     /* by lane */
    int seed_slot[LANES_MOST];
    LaneEnd end[LANES_MOST];       /* by run */
    const Rate *rate[LANES_MOST];  /* by slot */
    uint64_t seed[LANES_MOST];
    int rates, seeds;
    double eta[LANES_MOST][LANES_CHUNK];
    Vec2 noise[LANES_MOST][LANES_CHUNK];
};

Lanes *lanes_new(void)
{
    return calloc(1, sizeof(Lanes));
}

void lanes_free(Lanes *l)
{
    free(l);
}

static int rate_slot(Lanes *l, const Rate *rate)
{
    for (int i = l->rates - 1; i >= 0; i--)
        if (l->rate[i] == rate)
            return i;
    l->rate[l->rates] = rate;
    return l->rates++;
}

static int seed_slot(Lanes *l, uint64_t seed)
{
    for (int i = 0; i < l->seeds; i++)
        if (l->seed[i] == seed)
            return i;
    l->seed[l->seeds] = seed;
    return l->seeds++;
}

void lanes_start(Lanes *l, const LaneTask *task, const LaneRun *run, int count)
{
    l->task = *task;
    l->step = 0;
    l->count = count;
    l->rates = l->seeds = 0;
    for (int i = 0; i < count; i++) {
        l->run[i] = i;
        l->x[i] = run[i].start.x;
        l->y[i] = run[i].start.y;
        l->last[i] = 0;
        l->memory[i] = (OptState){0};
        plateau_start(&l->plateau[i]);
        l->rate_slot[i] = rate_slot(l, run[i].rate);
        l->seed_slot[i] = seed_slot(l, run[i].seed);
        l->end[i] = (LaneEnd){.best = INFINITY};
    }
}

const LaneEnd *lanes_ends(const Lanes *l)
{
    return l->end;
}

/* Gaussian noise of a step, as the timeline draws it. */
static Vec2 gradient_noise(uint64_t seed, long t, double sigma)
{
    double u = rng_uniform(seed, 2 * (uint64_t)t);
    double v = rng_uniform(seed, 2 * (uint64_t)t + 1);
    double r = sigma * sqrt(-2 * eta_log(u));
    double angle = 2 * 3.14159265358979323846 * v;
    return vec2(r * eta_cos(angle), r * eta_sin(angle));
}

static bool has_closed_form(const Rate *r)
{
    return !r->schedule || r->schedule->eta;
}

/* Rates and noise of the next steps, once for all runs that share them. */
static void prepare_chunk(Lanes *l, int steps)
{
    bool rate_used[LANES_MOST] = {0};
    bool seed_used[LANES_MOST] = {0};
    for (int i = 0; i < l->count; i++) {
        rate_used[l->rate_slot[i]] = has_closed_form(l->rate[l->rate_slot[i]]);
        seed_used[l->seed_slot[i]] = l->task.noise > 0;
    }
    for (int s = 0; s < l->rates; s++)
        for (int k = 0; rate_used[s] && k < steps; k++)
            l->eta[s][k] = rate_at(l->rate[s], l->step + k, NULL);
    for (int s = 0; s < l->seeds; s++)
        for (int k = 0; seed_used[s] && k < steps; k++)
            l->noise[s][k] = gradient_noise(l->seed[s], l->step + k, l->task.noise);
}

static void eval_lanes(Lanes *l)
{
    const Loss *loss = l->task.loss;
    LaneInput in[2 + LOSS_PARAMS] = {{l->x, 1}, {l->y, 1}};
    double *const out[] = {l->f, l->gx, l->gy};
    for (int i = 0; i < loss->param_count; i++)
        in[2 + i] = (LaneInput){&loss->param[i], 0};
    program_lanes(loss->program, EXPR_GRADIENT, in, out, (size_t)l->count);
}

/* The timeline's fate() of a row. */
static unsigned fate(const Lanes *l, int i)
{
    double f = l->f[i];
    Vec2 at = vec2(l->x[i], l->y[i]);
    if (!vec_finite(at) || isinf(f) || fabs(f) > 1e100 || isinf(l->gx[i]) || isinf(l->gy[i]))
        return ROW_DIVERGED;
    if (isnan(f) || isnan(l->gx[i]) || isnan(l->gy[i]))
        return timeline_far_out(l->task.window, at, l->last[i], l->first[i]) ? ROW_DIVERGED
                                                                             : ROW_UNDEFINED;
    return 0;
}

/* Rows whose mean is the tail: the last tenth of them, one at least. */
static long tail_rows(long steps)
{
    return steps + 1 < 20 ? 1 : (steps + 1) / 10;
}

/* Book the row; false if the run ends at it. */
static bool book_row(Lanes *l, int i)
{
    LaneEnd *e = &l->end[l->run[i]];
    long steps = l->task.steps;
    double f = l->f[i];
    e->best = f < e->best ? f : e->best;
    if (l->step == 0)
        l->first[i] = f;
    if (l->step > steps - tail_rows(steps))
        e->tail += f;
    unsigned events = fate(l, i);
    if (!events && l->step < steps)
        return true;
    e->at = vec2(l->x[i], l->y[i]);
    e->loss = f;
    e->row = l->step;
    e->events = events;
    e->tail = events ? INFINITY : e->tail / (double)tail_rows(steps);
    return false;
}

static void update(Lanes *l, int i, int k)
{
    OptStep u;
    const Rate *rate = l->rate[l->rate_slot[i]];
    Vec2 g = vec2(l->gx[i], l->gy[i]);
    if (l->task.noise > 0)
        g = vec_add(g, l->noise[l->seed_slot[i]][k]);
    bool closed = has_closed_form(rate);
    double eta = closed ? l->eta[l->rate_slot[i]][k] : rate_at(rate, l->step, &l->plateau[i]);
    l->task.optimizer->step(l->task.params, eta, g, &l->memory[i], &u);
    l->x[i] = u.shrink * l->x[i] - u.step.x;
    l->y[i] = u.shrink * l->y[i] - u.step.y;
    l->last[i] = l->f[i];
    if (!closed && l->step >= rate->warmup)
        plateau_feed(&l->plateau[i], rate, l->f[i]);
}

/* The last lane moves into a lane that has become free. */
static void leave_lane(Lanes *l, int i)
{
    int from = --l->count;
    if (from == i)
        return;
    l->run[i] = l->run[from];
    l->x[i] = l->x[from];
    l->y[i] = l->y[from];
    l->f[i] = l->f[from];
    l->gx[i] = l->gx[from];
    l->gy[i] = l->gy[from];
    l->last[i] = l->last[from];
    l->first[i] = l->first[from];
    l->memory[i] = l->memory[from];
    l->plateau[i] = l->plateau[from];
    l->rate_slot[i] = l->rate_slot[from];
    l->seed_slot[i] = l->seed_slot[from];
}

static long step_all(Lanes *l, int k)
{
    long done = 0;
    eval_lanes(l);
    for (int i = 0; i < l->count;) {
        if (!book_row(l, i)) {
            leave_lane(l, i);
            continue;
        }
        update(l, i++, k);
        done++;
    }
    l->step++;
    return done;
}

bool lanes_advance(Lanes *l, long budget, long *spent)
{
    while (l->count > 0 && budget > 0) {
        long left = l->task.steps - l->step + 1;
        int steps = left < LANES_CHUNK ? (int)left : LANES_CHUNK;
        prepare_chunk(l, steps);
        for (int k = 0; k < steps && l->count > 0; k++) {
            long done = step_all(l, k);
            budget -= done + 1;
            if (spent)
                *spent += done;
        }
    }
    return l->count > 0;
}
