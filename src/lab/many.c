/* SPDX-License-Identifier: MIT
 * many: see many.h. What happens in a row is core/step's and the optimizer's; here it happens to
 * arrays. A number of a run is a row of Many.lane, so that a run can move to another lane. */
#include "lab/many.h"

#include <stdlib.h>
#include <string.h>

#include "base/clones.h"

enum { PARTS = 8, OUTPUTS = 3 }; /* partial sums of a mean over rows (loss.h); f and gradient */

/* One output of every lane, a mean over rows under way. */
typedef double Sums[PARTS][MANY_MOST];

/* Numbers of a run. */
enum {
    X, Y,             /* the point */
    GX, GY,           /* gradient of the loss */
    USED_X, USED_Y,   /* gradient used: mini-batch and noise included */
    LOSS, LAST_LOSS,  /* of this row and of the one before; they change places: see `now` */
    FIRST_LOSS,
    BEST, TAIL,       /* lowest loss; sum over the tail */
    MX, MY, VX, VY, WX, WY, /* the optimizer's memory */
    ETA,
    LANE_NUMBERS
};

struct Many {
    ManyTask task;
    bool batches;                  /* the gradient used is a mini-batch's */
    Epochs epochs;
    long step;                     /* row that comes next */
    int count;                     /* lanes in use; the unfinished runs are 0 .. count - 1 */
    int now;                       /* LOSS or LAST_LOSS: where the losses of this row stand */
    int run[MANY_MOST];            /* whose lane it is */
    int rate_slot[MANY_MOST];      /* by lane */
    int seed_slot[MANY_MOST];
    double lane[LANE_NUMBERS][MANY_MOST];
    OptState common;               /* of the optimizer's memory, what all lanes share */
    Plateau plateau[MANY_MOST];
    ManyEnd end[MANY_MOST];        /* by run */
    int rates, seeds;
    bool all_closed;               /* no rate watches the loss */
    const Rate *rate[MANY_MOST];   /* by slot */
    uint64_t seed[MANY_MOST];
    double eta[MANY_CHUNK][MANY_MOST];     /* by step of the chunk and slot */
    double noise_x[MANY_CHUNK][MANY_MOST];
    double noise_y[MANY_CHUNK][MANY_MOST];
    uint32_t order[MANY_MOST][MANY_ROWS];  /* by slot of the seed: rows in this epoch's order */
    Sums sum[OUTPUTS];
    double column[LOSS_COLUMNS][MANY_MOST]; /* of each lane's row */
};

Many *many_new(void)
{
    return calloc(1, sizeof(Many));
}

void many_free(Many *l)
{
    free(l);
}

bool many_can(const Loss *loss, const Rate *rate)
{
    if (!loss->program || (loss->data && loss->data->n > MANY_ROWS))
        return false;
    return !rate_watches_held_out(rate);
}

static int rate_slot(Many *l, const Rate *rate)
{
    for (int i = l->rates - 1; i >= 0; i--)
        if (l->rate[i] == rate)
            return i;
    l->rate[l->rates] = rate;
    l->all_closed = l->all_closed && step_rate_is_closed(rate);
    return l->rates++;
}

static int seed_slot(Many *l, uint64_t seed)
{
    for (int i = 0; i < l->seeds; i++)
        if (l->seed[i] == seed)
            return i;
    l->seed[l->seeds] = seed;
    return l->seeds++;
}

void many_start(Many *l, const ManyTask *task, const ManyRun *run, int count)
{
    long rows = loss_rows(task->loss);
    l->task = *task;
    l->batches = task->batch > 0 && task->batch < rows;
    l->epochs = (Epochs){.steps = l->batches ? (rows + task->batch - 1) / task->batch : 1};
    l->step = 0;
    l->count = count;
    l->now = LOSS;
    l->rates = l->seeds = 0;
    l->all_closed = true;
    l->common = (OptState){0};
    memset(l->lane, 0, sizeof l->lane);
    for (int i = 0; i < count; i++) {
        l->run[i] = i;
        l->lane[X][i] = run[i].start.x;
        l->lane[Y][i] = run[i].start.y;
        l->lane[BEST][i] = INFINITY;
        plateau_start(&l->plateau[i]);
        l->rate_slot[i] = rate_slot(l, run[i].rate);
        l->seed_slot[i] = seed_slot(l, run[i].seed);
    }
}

const ManyEnd *many_ends(const Many *l)
{
    return l->end;
}

/* Rates and noise of the next steps, once for all runs that share them. */
static void prepare_chunk(Many *l, int steps)
{
    bool used[MANY_MOST] = {0};
    for (int i = 0; i < l->count; i++)
        used[l->rate_slot[i]] = step_rate_is_closed(l->rate[l->rate_slot[i]]);
    for (int s = 0; s < l->rates; s++)
        for (int k = 0; used[s] && k < steps; k++)
            l->eta[k][s] = rate_at(l->rate[s], l->step + k, NULL);
    for (int k = 0; l->task.noise > 0 && k < steps; k++)
        step_noise_many(l->seed, l->seeds, l->batches, l->step + k, l->task.noise, l->noise_x[k],
                        l->noise_y[k]);
}

/* ---- losses -------------------------------------------------------------------------------- */

static void point_inputs(const Many *l, LaneInput in[EXPR_INPUTS])
{
    const Loss *loss = l->task.loss;
    in[0] = (LaneInput){l->lane[X], 1};
    in[1] = (LaneInput){l->lane[Y], 1};
    for (int i = 0; i < loss->param_count; i++)
        in[2 + i] = (LaneInput){&loss->param[i], 0};
}

/* Row `place` (of the table or the batch) is added to its partial sum: the order of loss.h. */
static void add_row(Many *l, const LaneInput *in, ExprLevel level, int outputs, long place)
{
    double value[OUTPUTS][MANY_MOST];
    double *const out[] = {value[0], value[1], value[2]};
    program_lanes(l->task.loss->program, level, in, out, (size_t)l->count);
    for (int k = 0; k < outputs; k++) {
        double *to = l->sum[k][place % PARTS];
        for (int i = 0; i < l->count; i++)
            to[i] += value[k][i];
    }
}

static void mean_of(const Many *l, int output, long rows, double *out)
{
    const double(*s)[MANY_MOST] = l->sum[output];
    for (int i = 0; i < l->count; i++)
        out[i] = (((s[0][i] + s[4][i]) + (s[2][i] + s[6][i])) +
                  ((s[1][i] + s[5][i]) + (s[3][i] + s[7][i]))) /
                 (double)rows;
}

static void eval_all_rows(Many *l)
{
    const Loss *loss = l->task.loss;
    LaneInput in[EXPR_INPUTS];
    point_inputs(l, in);
    memset(l->sum, 0, sizeof l->sum);
    for (long row = 0; row < loss->data->n; row++) {
        for (int i = 0; i < loss->column_count; i++)
            in[2 + loss->param_count + i] =
                (LaneInput){loss->data->column[loss->column[i]].at + row, 0};
        add_row(l, in, EXPR_GRADIENT, 3, row);
    }
    mean_of(l, 0, loss->data->n, l->lane[l->now]);
    mean_of(l, 1, loss->data->n, l->lane[GX]);
    mean_of(l, 2, loss->data->n, l->lane[GY]);
}

static void eval_lanes(Many *l)
{
    LaneInput in[EXPR_INPUTS];
    double *const out[] = {l->lane[l->now], l->lane[GX], l->lane[GY]};
    if (l->task.loss->data) {
        eval_all_rows(l);
        return;
    }
    point_inputs(l, in);
    program_lanes(l->task.loss->program, EXPR_GRADIENT, in, out, (size_t)l->count);
}

/* Each lane has a row of its own: its columns are laid side by side. */
static void gather(Many *l, long place, LaneInput *in)
{
    const Loss *loss = l->task.loss;
    for (int c = 0; c < loss->column_count; c++) {
        const double *column = loss->data->column[loss->column[c]].at;
        in[c] = (LaneInput){l->column[c], 1};
        for (int i = 0; i < l->count; i++)
            l->column[c][i] = column[l->order[l->seed_slot[i]][place]];
    }
}

/* The gradient of each run's mini-batch; nobody asks for its loss. */
static void eval_batches(Many *l)
{
    LaneInput in[EXPR_INPUTS];
    long rows = loss_rows(l->task.loss);
    Batch b = step_batch(&l->epochs, rows, l->task.batch, l->step);
    for (int s = 0; b.first == 0 && s < l->seeds; s++)
        step_shuffle(l->order[s], rows, l->seed[s], b.epoch);
    point_inputs(l, in);
    memset(l->sum, 0, sizeof l->sum);
    for (long j = 0; j < b.count; j++) {
        gather(l, b.first + j, in + 2 + l->task.loss->param_count);
        add_row(l, in, EXPR_GRADIENT_ALONE, 2, j);
    }
    mean_of(l, 0, b.count, l->lane[USED_X]);
    mean_of(l, 1, b.count, l->lane[USED_Y]);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* The last lane moves into a lane that has become free. */
static void leave_lane(Many *l, int i)
{
    int from = --l->count;
    l->run[i] = l->run[from];
    l->rate_slot[i] = l->rate_slot[from];
    l->seed_slot[i] = l->seed_slot[from];
    l->plateau[i] = l->plateau[from];
    for (int k = 0; k < LANE_NUMBERS; k++)
        l->lane[k][i] = l->lane[k][from];
}

/* Does the run of lane i end at this row? Then its end is noted. */
static bool end_run(Many *l, int i)
{
    double(*v)[MANY_MOST] = l->lane;
    Vec2 at = vec2(v[X][i], v[Y][i]);
    double f = v[l->now][i];
    double last = v[LOSS + LAST_LOSS - l->now][i];
    unsigned events =
        step_fate(l->task.window, at, f, vec2(v[GX][i], v[GY][i]), last, v[FIRST_LOSS][i]);
    if (!events && l->step < l->task.steps)
        return false;
    l->end[l->run[i]] = (ManyEnd){
        .at = at,
        .loss = f,
        .best = v[BEST][i],
        .tail = events ? INFINITY : v[TAIL][i] / (double)step_tail_rows(l->task.steps),
        .row = l->step,
        .events = events,
    };
    return true;
}

/* Note the losses of a row; true if no run can end at it. */
CLONES static bool book_row(double (*v)[MANY_MOST], int now, int count, bool tail)
{
    int64_t odd = 0;
    const double *f = v[now];
    INDEPENDENT for (int i = 0; i < count; i++)
    {
        v[BEST][i] = f[i] < v[BEST][i] ? f[i] : v[BEST][i];
        odd |= step_sound(v[X][i], v[Y][i], f[i], v[GX][i], v[GY][i]) ? 0 : 1;
    }
    for (int i = 0; tail && i < count; i++)
        v[TAIL][i] += f[i];
    return odd == 0;
}

static void end_runs(Many *l)
{
    long steps = l->task.steps;
    if (l->step == 0)
        memcpy(l->lane[FIRST_LOSS], l->lane[l->now], sizeof l->lane[0]);
    bool sound = book_row(l->lane, l->now, l->count, l->step > steps - step_tail_rows(steps));
    if (sound && l->step < steps)
        return;
    for (int i = 0; i < l->count;) {
        if (end_run(l, i))
            leave_lane(l, i);
        else
            i++;
    }
}

/* to[i] = base[i] + table[slot[i]], or without base the table alone. */
CLONES static void spread(double *to, const double *base, const double *table, const int *slot,
                          int count)
{
    if (!base) {
        INDEPENDENT for (int i = 0; i < count; i++)
            to[i] = table[slot[i]];
        return;
    }
    INDEPENDENT for (int i = 0; i < count; i++)
        to[i] = base[i] + table[slot[i]];
}

/* Rates of all lanes at step k of the chunk. */
static void find_rates(Many *l, int k)
{
    spread(l->lane[ETA], NULL, l->eta[k], l->rate_slot, l->count);
    for (int i = 0; !l->all_closed && i < l->count; i++) {
        const Rate *rate = l->rate[l->rate_slot[i]];
        if (!step_rate_is_closed(rate))
            l->lane[ETA][i] = rate_at(rate, l->step, &l->plateau[i]);
    }
}

static void feed_rates(Many *l)
{
    for (int i = 0; !l->all_closed && i < l->count; i++)
        step_feed(&l->plateau[i], l->rate[l->rate_slot[i]], &l->epochs, l->step,
                  l->lane[l->now][i]);
}

static void update(Many *l, int k)
{
    double(*v)[MANY_MOST] = l->lane;
    int x = l->batches ? USED_X : GX;
    int y = l->batches ? USED_Y : GY;
    if (l->task.noise > 0) {
        spread(v[USED_X], v[x], l->noise_x[k], l->seed_slot, l->count);
        spread(v[USED_Y], v[y], l->noise_y[k], l->seed_slot, l->count);
        x = USED_X;
        y = USED_Y;
    }
    OptLanes lanes = {
        .count = l->count,
        .one_rate = l->rates == 1 && l->all_closed,
        .eta = v[ETA],
        .g = {v[x], v[y]},
        .at = {v[X], v[Y]},
        .m = {v[MX], v[MY]},
        .v = {v[VX], v[VY]},
        .w = {v[WX], v[WY]},
    };
    find_rates(l, k);
    l->task.optimizer->many(l->task.params, &l->common, &lanes);
    feed_rates(l);
}

static void step_all(Many *l, int k)
{
    eval_lanes(l);
    if (l->batches)
        eval_batches(l);
    end_runs(l);
    if (l->count > 0)
        update(l, k);
    l->now = LOSS + LAST_LOSS - l->now;
    l->step++;
}

bool many_advance(Many *l, long budget, long *spent)
{
    while (l->count > 0 && budget > 0) {
        long left = l->task.steps - l->step + 1;
        long most = 1 + MANY_CHUNK / (1 + loss_rows(l->task.loss) / 8); /* keeps a call short */
        most = most < MANY_CHUNK ? most : MANY_CHUNK;
        int steps = (int)(left < most ? left : most);
        prepare_chunk(l, steps);
        for (int k = 0; k < steps && l->count > 0; k++) {
            step_all(l, k);
            long done = l->count;
            budget -= done + done * loss_rows(l->task.loss) / 16 + 1;
            if (spent)
                *spent += done;
        }
    }
    return l->count > 0;
}
