/* SPDX-License-Identifier: MIT
 * lanes: see lanes.h. The order of operations of a row is the timeline's run_row; tests compare
 * the bits. */
#include "lab/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "expr/elementary.h"

enum { PARTS = 8, OUTPUTS = 3 }; /* partial sums of a mean over rows (loss.h); f and gradient */

/* One output of every lane, a mean over rows under way. */
typedef double Sums[PARTS][LANES_MOST];

struct Lanes {
    LaneTask task;
    bool batches;                  /* the gradient used is a mini-batch's */
    long epoch_steps;
    long step;                     /* row that comes next */
    int count;                     /* lanes in use; the unfinished runs are 0 .. count - 1 */
    int run[LANES_MOST];           /* whose lane it is */
    double x[LANES_MOST], y[LANES_MOST];
    double f[LANES_MOST], gx[LANES_MOST], gy[LANES_MOST];
    double used_x[LANES_MOST], used_y[LANES_MOST]; /* gradient of the mini-batch */
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
    uint16_t order[LANES_MOST][LANES_ROWS]; /* by slot of the seed: rows in this epoch's order */
    Sums sum[OUTPUTS];
    double column[LOSS_COLUMNS][LANES_MOST]; /* of each lane's row */
};

Lanes *lanes_new(void)
{
    return calloc(1, sizeof(Lanes));
}

void lanes_free(Lanes *l)
{
    free(l);
}

bool lanes_can(const Loss *loss, const Rate *rate)
{
    if (!loss->program || (loss->data && loss->data->n > LANES_ROWS))
        return false;
    if (!rate->schedule || rate->schedule->eta)
        return true;
    int metric = param_find(rate->schedule->params, "metric", strlen("metric"));
    return metric < 0 || rate->value[metric] != PLATEAU_HELD_OUT;
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
    long rows = loss_rows(task->loss);
    l->batches = task->batch > 0 && task->batch < rows;
    l->epoch_steps = l->batches ? (rows + task->batch - 1) / task->batch : 1;
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
    /* with mini-batches noise has a sequence of its own (SPEC 8) */
    uint64_t other = l->batches ? UINT64_C(0x9E3779B97F4A7C15) : 0;
    for (int s = 0; s < l->seeds; s++)
        for (int k = 0; seed_used[s] && k < steps; k++)
            l->noise[s][k] = gradient_noise(l->seed[s] ^ other, l->step + k, l->task.noise);
}

/* ---- losses -------------------------------------------------------------------------------- */

static void point_inputs(const Lanes *l, LaneInput in[EXPR_INPUTS])
{
    const Loss *loss = l->task.loss;
    in[0] = (LaneInput){l->x, 1};
    in[1] = (LaneInput){l->y, 1};
    for (int i = 0; i < loss->param_count; i++)
        in[2 + i] = (LaneInput){&loss->param[i], 0};
}

/* Row `place` (of the table or the batch) is added to its partial sum: the order of loss.h. */
static void add_row(Lanes *l, const LaneInput *in, long place)
{
    double value[OUTPUTS][LANES_MOST];
    double *const out[] = {value[0], value[1], value[2]};
    program_lanes(l->task.loss->program, EXPR_GRADIENT, in, out, (size_t)l->count);
    for (int k = 0; k < OUTPUTS; k++) {
        double *to = l->sum[k][place % PARTS];
        for (int i = 0; i < l->count; i++)
            to[i] += value[k][i];
    }
}

static void mean_of(const Lanes *l, int output, long rows, double *out)
{
    const double(*s)[LANES_MOST] = l->sum[output];
    for (int i = 0; i < l->count; i++)
        out[i] = (((s[0][i] + s[4][i]) + (s[2][i] + s[6][i])) +
                  ((s[1][i] + s[5][i]) + (s[3][i] + s[7][i]))) /
                 (double)rows;
}

static void eval_all_rows(Lanes *l)
{
    const Loss *loss = l->task.loss;
    LaneInput in[EXPR_INPUTS];
    point_inputs(l, in);
    memset(l->sum, 0, sizeof l->sum);
    for (long row = 0; row < loss->data->n; row++) {
        for (int i = 0; i < loss->column_count; i++)
            in[2 + loss->param_count + i] =
                (LaneInput){loss->data->column[loss->column[i]].at + row, 0};
        add_row(l, in, row);
    }
    mean_of(l, 0, loss->data->n, l->f);
    mean_of(l, 1, loss->data->n, l->gx);
    mean_of(l, 2, loss->data->n, l->gy);
}

static void eval_lanes(Lanes *l)
{
    LaneInput in[EXPR_INPUTS];
    double *const out[] = {l->f, l->gx, l->gy};
    if (l->task.loss->data) {
        eval_all_rows(l);
        return;
    }
    point_inputs(l, in);
    program_lanes(l->task.loss->program, EXPR_GRADIENT, in, out, (size_t)l->count);
}

/* The timeline's order of the rows in an epoch. */
static void shuffle(Lanes *l, int slot, long epoch)
{
    uint64_t n = (uint64_t)l->task.loss->data->n;
    uint64_t k = (uint64_t)epoch * (n - 1);
    uint16_t *order = l->order[slot];
    for (uint64_t i = 0; i < n; i++)
        order[i] = (uint16_t)i;
    for (uint64_t i = n - 1; i > 0; i--) {
        uint64_t j = rng_u64(l->seed[slot], k++) % (i + 1);
        uint16_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* Each lane has a row of its own: its columns are laid side by side. */
static void gather(Lanes *l, long place, LaneInput *in)
{
    const Loss *loss = l->task.loss;
    for (int c = 0; c < loss->column_count; c++) {
        const double *column = loss->data->column[loss->column[c]].at;
        in[c] = (LaneInput){l->column[c], 1};
        for (int i = 0; i < l->count; i++)
            l->column[c][i] = column[l->order[l->seed_slot[i]][place]];
    }
}

static void eval_batches(Lanes *l)
{
    LaneInput in[EXPR_INPUTS];
    long rows = loss_rows(l->task.loss);
    long first = l->step % l->epoch_steps * l->task.batch;
    long count = rows - first < l->task.batch ? rows - first : l->task.batch;
    for (int s = 0; first == 0 && s < l->seeds; s++)
        shuffle(l, s, l->step / l->epoch_steps);
    point_inputs(l, in);
    memset(l->sum, 0, sizeof l->sum);
    for (long j = 0; j < count; j++) {
        gather(l, first + j, in + 2 + l->task.loss->param_count);
        add_row(l, in, j);
    }
    mean_of(l, 1, count, l->used_x);
    mean_of(l, 2, count, l->used_y);
}

/* ---- rows ---------------------------------------------------------------------------------- */

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
    Vec2 g = l->batches ? vec2(l->used_x[i], l->used_y[i]) : vec2(l->gx[i], l->gy[i]);
    if (l->task.noise > 0)
        g = vec_add(g, l->noise[l->seed_slot[i]][k]);
    bool closed = has_closed_form(rate);
    double eta = closed ? l->eta[l->rate_slot[i]][k] : rate_at(rate, l->step, &l->plateau[i]);
    l->task.optimizer->step(l->task.params, eta, g, &l->memory[i], &u);
    l->x[i] = u.shrink * l->x[i] - u.step.x;
    l->y[i] = u.shrink * l->y[i] - u.step.y;
    l->last[i] = l->f[i];
    bool epoch_ends = rate->unit <= 1 || (l->step + 1) % l->epoch_steps == 0;
    if (!closed && l->step >= rate->warmup && epoch_ends)
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
    l->used_x[i] = l->used_x[from];
    l->used_y[i] = l->used_y[from];
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
    if (l->batches)
        eval_batches(l);
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
        long most = 1 + LANES_CHUNK / (1 + loss_rows(l->task.loss) / 8); /* keeps a call short */
        most = most < LANES_CHUNK ? most : LANES_CHUNK;
        int steps = (int)(left < most ? left : most);
        prepare_chunk(l, steps);
        for (int k = 0; k < steps && l->count > 0; k++) {
            long done = step_all(l, k);
            budget -= done + done * loss_rows(l->task.loss) / 16 + 1;
            if (spent)
                *spent += done;
        }
    }
    return l->count > 0;
}
