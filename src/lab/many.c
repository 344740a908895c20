/* SPDX-License-Identifier: MIT
 * many: see many.h. What happens in a row is core/step's and the optimizer's; here it happens to
 * arrays. A number of a run is a row of Many.lane, so that a run can move to another lane. */
#include "lab/many.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"

enum {
    PARTS = 8,        /* partial sums of a mean over rows (loss.h) */
    OUTPUTS = 3,      /* f and gradient */
    STRAYS_MOST = 20,
};

/* One output of every lane, a mean over rows under way. */
typedef double Sums[PARTS][MANY_MOST];

/* Numbers of a run. */
enum {
    X, Y,             /* the point */
    LOSS, GX, GY,     /* of the loss there */
    USED_X, USED_Y,   /* gradient used: mini-batch and noise included */
    LAST_X, LAST_Y,   /* the point of the row before */
    FIRST_LOSS,
    BEST, TAIL,       /* lowest loss; sum over the tail */
    MX, MY, VX, VY, WX, WY, /* the optimizer's memory */
    ETA,
    PARAMS,           /* the surface's parameters, where runs have their own */
    LANE_NUMBERS = PARAMS + LOSS_PARAMS
};

/* Points of the runs in MANY_CHUNK rows. */
typedef struct Stretch {
    double x[MANY_CHUNK][MANY_MOST + 8]; /* rows a power of two apart would share cache sets */
    double y[MANY_CHUNK][MANY_MOST + 8];
    int count;                  /* lanes in use */
    uint8_t run[MANY_MOST];     /* whose lane it is */
    uint8_t lane[MANY_MOST];    /* and the other way round */
} Stretch;

struct Many {
    _Alignas(64) double lane[LANE_NUMBERS][MANY_MOST];
    ManyTask task;
    const Segment *seg;            /* in force; NULL: none yet */
    int segment;
    bool batches;                  /* the gradient used is a mini-batch's */
    bool own_params;
    bool blocks;                   /* the program fits into `block` */
    ExprBlock *block[2];           /* owned: loss and gradient; gradient alone */
    double tame;                   /* |x|, |y| up to which the loss is sound, looked at or not */
    bool tame_gradient;            /* so is its gradient */
    int strays;                    /* rows in which somebody was beyond */
    long step;                     /* row that comes next */
    long prepared;                 /* rates and noise are there for the steps before this one */
    int count;                     /* lanes in use */
    int open;                      /* runs that have not ended; all of them are in lanes */
    bool ended[MANY_MOST];         /* by lane: leaves it at the next chunk */
    int run[MANY_MOST];            /* by lane: whose it is */
    int rate_slot[MANY_MOST];
    int noise_slot[MANY_MOST];
    Plateau plateau[MANY_MOST];
    OptState common;               /* of the optimizer's memory, what all lanes share */
    OptCommon *commons;            /* owned: of steps 0 .. commons_ready - 1 */
    long commons_room, commons_ready;
    OptState commons_state;
    const Optimizer *commons_of;
    double commons_param[PARAM_MAX];
    ManyEnd end[MANY_MOST];        /* by run */
    long seen[MANY_MOST];          /* by run: last row whose point is kept */
    int rates, noises;
    bool all_closed;               /* no rate watches the loss */
    bool noisy;                    /* in this segment */
    const Rate *rate[MANY_MOST];   /* by slot; NULL: the segment's */
    uint64_t seed[MANY_MOST];
    double own_noise[MANY_MOST];   /* NaN: the segment's */
    double sigma[MANY_MOST];       /* in force */
    double eta[MANY_CHUNK][MANY_MOST];     /* by step of the chunk and slot */
    double noise_x[MANY_CHUNK][MANY_MOST];
    double noise_y[MANY_CHUNK][MANY_MOST];
    uint32_t order[MANY_MOST][MANY_ROWS];  /* by slot of the noise: rows in this epoch's order */
    Sums sum[OUTPUTS];
    double value[OUTPUTS][MANY_MOST];       /* of one row of the data */
    double column[LOSS_COLUMNS][MANY_MOST]; /* each lane's row of the data */
    Stretch *path;                 /* owned: of chunk after chunk */
    long path_room;
};

Many *many_new(void)
{
    Many *l = aligned_alloc(64, (sizeof *l + 63) / 64 * 64);
    if (!l)
        return NULL;
    memset(l, 0, sizeof *l);
    l->block[0] = block_new();
    l->block[1] = block_new();
    if (l->block[0] && l->block[1])
        return l;
    many_free(l);
    return NULL;
}

void many_free(Many *l)
{
    if (!l)
        return;
    block_free(l->block[0]);
    block_free(l->block[1]);
    free(l->path);
    free(l->commons);
    free(l);
}

bool many_can(const Bound *b, bool paths)
{
    if (paths && b->steps > MANY_PATH_STEPS)
        return false;
    for (int i = 0; i < b->segments; i++) {
        const Segment *seg = &b->segment[i];
        if (!seg->loss.program || loss_rows(&seg->loss) > MANY_ROWS || seg->watches_held_out)
            return false;
    }
    return true;
}

bool many_rates(const Bound *b, double *eta, long *falls_from)
{
    for (int i = 0; i < b->segments; i++) {
        long to = i + 1 < b->segments ? b->segment[i + 1].from : b->steps + 1;
        if (!step_rate_is_closed(&b->segment[i].rate))
            return false;
        for (long t = b->segment[i].from; t < to; t++)
            eta[t] = rate_at(&b->segment[i].rate, t, NULL);
    }
    *falls_from = b->steps;
    while (*falls_from > 0 && eta[*falls_from - 1] >= eta[*falls_from])
        --*falls_from;
    return true;
}

static int rate_slot(Many *l, const Rate *rate)
{
    for (int i = l->rates - 1; i >= 0; i--)
        if (l->rate[i] == rate)
            return i;
    l->rate[l->rates] = rate;
    return l->rates++;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static int noise_slot(Many *l, uint64_t seed, double noise)
{
    for (int i = 0; i < l->noises; i++)
        if (l->seed[i] == seed && same_bits(l->own_noise[i], noise))
            return i;
    l->seed[l->noises] = seed;
    l->own_noise[l->noises] = noise;
    return l->noises++;
}

static bool reserve_path(Many *l)
{
    long chunks = l->task.bound->steps / MANY_CHUNK + 1;
    if (!(l->task.near > 0) || chunks <= l->path_room)
        return true;
    free(l->path);
    l->path = aligned_alloc(64, (sizeof *l->path * (size_t)chunks + 63) / 64 * 64);
    l->path_room = l->path ? chunks : 0;
    return l->path != NULL;
}

/* Room for what all updates have in common; without it they are computed each time. */
static void reserve_commons(Many *l)
{
    long steps = l->task.bound->steps < MANY_PATH_STEPS ? l->task.bound->steps : 0;
    if (steps <= l->commons_room)
        return;
    free(l->commons);
    l->commons = malloc(sizeof *l->commons * (size_t)steps);
    l->commons_room = l->commons ? steps : 0;
    l->commons_of = NULL;
}

bool many_start(Many *l, const ManyTask *task, const ManyRun *run, int count)
{
    l->task = *task;
    l->seg = NULL;
    l->segment = -1;
    l->step = l->prepared = 0;
    l->count = l->open = count;
    l->rates = l->noises = 0;
    l->own_params = false;
    if (!reserve_path(l))
        return false;
    reserve_commons(l);
    memset(l->lane, 0, sizeof l->lane);
    for (int i = 0; i < count; i++) {
        l->ended[i] = false;
        l->run[i] = i;
        l->seen[i] = LONG_MAX;
        l->lane[X][i] = run[i].start.x;
        l->lane[Y][i] = run[i].start.y;
        l->lane[BEST][i] = INFINITY;
        l->rate_slot[i] = rate_slot(l, run[i].rate);
        l->noise_slot[i] = noise_slot(l, run[i].seed, run[i].noise);
        l->own_params = l->own_params || run[i].param;
        const double *param = run[i].param ? run[i].param : task->bound->segment[0].loss.param;
        for (int k = 0; k < LOSS_PARAMS; k++)
            l->lane[PARAMS + k][i] = param[k];
    }
    return true;
}

const ManyEnd *many_ends(const Many *l)
{
    return l->end;
}

/* ---- losses -------------------------------------------------------------------------------- */

static void lane_inputs(const Many *l, LaneInput in[EXPR_INPUTS])
{
    const Loss *loss = &l->seg->loss;
    in[0] = (LaneInput){l->lane[X], 1};
    in[1] = (LaneInput){l->lane[Y], 1};
    for (int i = 0; i < loss->param_count; i++)
        in[2 + i] = l->own_params ? (LaneInput){l->lane[PARAMS + i], 1}
                                  : (LaneInput){&loss->param[i], 0};
    for (int i = 0; i < loss->column_count; i++)
        in[2 + loss->param_count + i] = (LaneInput){l->column[i], 1};
}

/* Where loss and gradient go: over data, those of one row. */
static double *output(Many *l, int k)
{
    return l->seg->loss.data ? l->value[k] : l->lane[LOSS + k];
}

/* The formula in all lanes. */
static void eval_formula(Many *l, bool alone)
{
    LaneInput in[EXPR_INPUTS];
    double *const out[] = {output(l, 0), output(l, 1), output(l, 2)};
    if (l->blocks) {
        block_run(l->block[alone], l->count);
        return;
    }
    lane_inputs(l, in);
    program_lanes(l->seg->loss.program, alone ? EXPR_GRADIENT_ALONE : EXPR_GRADIENT, in,
                  out + alone, (size_t)l->count);
}

CLONES static void add_lanes(double *to, const double *value, int count)
{
    INDEPENDENT for (int i = 0; i < count; i++)
        to[i] += value[i];
}

CLONES static void mean_of_sums(double *to, double (*s)[MANY_MOST], double rows, int count)
{
    INDEPENDENT for (int i = 0; i < count; i++)
        to[i] = (((s[0][i] + s[4][i]) + (s[2][i] + s[6][i])) +
                 ((s[1][i] + s[5][i]) + (s[3][i] + s[7][i]))) /
                rows;
}

/* The row in the columns is added to its partial sums: the order of loss.h. */
static void add_row(Many *l, bool alone, long place)
{
    eval_formula(l, alone);
    for (int k = alone; k < OUTPUTS; k++)
        add_lanes(l->sum[k][place % PARTS], l->value[k], l->count);
}

CLONES static void fill_lanes(double *to, double value)
{
    for (int i = 0; i < MANY_MOST; i++)
        to[i] = value;
}

/* All lanes look at one row. */
static void eval_all_rows(Many *l, bool alone)
{
    const Loss *loss = &l->seg->loss;
    memset(l->sum[alone], 0, sizeof l->sum[0] * (size_t)(OUTPUTS - alone));
    for (long row = 0; row < loss->data->n; row++) {
        for (int c = 0; c < loss->column_count; c++)
            if (program_uses(loss->program, 2 + loss->param_count + c))
                fill_lanes(l->column[c], loss->data->column[loss->column[c]].at[row]);
        add_row(l, alone, row);
    }
    for (int k = alone; k < OUTPUTS; k++)
        mean_of_sums(l->lane[LOSS + k], l->sum[k], (double)loss->data->n, l->count);
}

static void eval_lanes(Many *l, bool alone)
{
    if (l->seg->loss.data)
        eval_all_rows(l, alone);
    else
        eval_formula(l, alone);
}

CLONES static void pick(double *to, const double *column, const uint32_t *row, int count)
{
    INDEPENDENT for (int i = 0; i < count; i++)
        to[i] = column[row[i]];
}

/* Each lane has a row of its own. */
static void gather(Many *l, long place)
{
    const Loss *loss = &l->seg->loss;
    uint32_t row[MANY_MOST];
    for (int i = 0; i < l->count; i++)
        row[i] = l->order[l->noise_slot[i]][place];
    for (int c = 0; c < loss->column_count; c++)
        if (program_uses(loss->program, 2 + loss->param_count + c))
            pick(l->column[c], loss->data->column[loss->column[c]].at, row, l->count);
}

/* The gradient of each run's mini-batch; nobody asks for its loss. */
static void eval_batches(Many *l, bool anew)
{
    long rows = loss_rows(&l->seg->loss);
    Batch b = step_batch(&l->seg->epochs, rows, l->seg->batch, l->step);
    for (int s = 0; (b.first == 0 || anew) && s < l->noises; s++)
        step_shuffle(l->order[s], rows, l->seed[s], b.epoch);
    memset(l->sum[1], 0, sizeof l->sum[0] * (OUTPUTS - 1));
    for (long j = 0; j < b.count; j++) {
        gather(l, b.first + j);
        add_row(l, true, j);
    }
    mean_of_sums(l->lane[USED_X], l->sum[1], (double)b.count, l->count);
    mean_of_sums(l->lane[USED_Y], l->sum[2], (double)b.count, l->count);
}

/* ---- settings ------------------------------------------------------------------------------ */

/* Rate of a slot in the segment in force. */
static const Rate *rate_of(const Many *l, int slot)
{
    return l->rate[slot] ? l->rate[slot] : &l->seg->rate;
}

/* The inputs of the formula behind x and y: what values have they? */
static void input_bounds(const Loss *loss, double *lo, double *hi)
{
    for (int i = 0; i < loss->param_count; i++)
        lo[2 + i] = hi[2 + i] = loss->param[i];
    for (int c = 0; c < loss->column_count; c++) {
        int i = 2 + loss->param_count + c;
        const double *at = loss->data->column[loss->column[c]].at;
        lo[i] = hi[i] = 0;
        for (long row = 0; row < loss->data->n && program_uses(loss->program, i); row++) {
            lo[i] = row && lo[i] < at[row] ? lo[i] : at[row];
            hi[i] = row && hi[i] > at[row] ? hi[i] : at[row];
        }
    }
}

/* The largest square around 0 in which the loss is certainly sound, if it holds the window. */
static void find_tame_square(Many *l)
{
    Window w = l->task.bound->window;
    const Loss *loss = &l->seg->loss;
    double lo[EXPR_INPUTS], hi[EXPR_INPUTS];
    double least = fmax(fmax(fabs(w.lo.x), fabs(w.hi.x)), fmax(fabs(w.lo.y), fabs(w.hi.y)));
    l->strays = 0;
    l->tame = 0;
    if (l->own_params)
        return;
    input_bounds(loss, lo, hi);
    for (double side = 1e9; side >= least && l->tame == 0; side /= 10) {
        lo[0] = lo[1] = -side;
        hi[0] = hi[1] = side;
        if (program_bounded(loss->program, EXPR_VALUE, lo, hi, 1e90))
            l->tame = side;
    }
    l->tame_gradient =
        l->tame > 0 && program_bounded(loss->program, EXPR_GRADIENT_ALONE, lo, hi, 1e90);
}

static void bind_blocks(Many *l)
{
    LaneInput in[EXPR_INPUTS];
    double *const out[] = {output(l, 0), output(l, 1), output(l, 2)};
    const Program *p = l->seg->loss.program;
    lane_inputs(l, in);
    l->blocks = block_bind(l->block[0], p, EXPR_GRADIENT, in, out) &&
                block_bind(l->block[1], p, EXPR_GRADIENT_ALONE, in, out + 1);
    find_tame_square(l);
}

static void enter_segment(Many *l)
{
    const Segment *seg = &l->task.bound->segment[++l->segment];
    l->seg = seg;
    l->batches = seg->batch > 0;
    l->prepared = l->step;
    l->all_closed = true;
    l->noisy = false;
    for (int s = 0; s < l->rates; s++)
        l->all_closed = l->all_closed && step_rate_is_closed(rate_of(l, s));
    for (int s = 0; s < l->noises; s++) {
        l->sigma[s] = isnan(l->own_noise[s]) ? seg->noise : l->own_noise[s];
        l->noisy = l->noisy || l->sigma[s] > 0;
    }
    if (seg->new_optimizer) {
        memset(l->lane[MX], 0, 6 * sizeof l->lane[0]);
        l->common = (OptState){0};
    }
    for (int i = 0; seg->new_schedule && i < l->count; i++)
        plateau_start(&l->plateau[i]);
    bind_blocks(l);
}

/* Rates and noise up to the end of the chunk, once for all runs that share them. */
static void prepare(Many *l)
{
    long to = (l->step / MANY_CHUNK + 1) * MANY_CHUNK;
    bool used[MANY_MOST] = {0};
    for (int i = 0; i < l->count && !l->task.eta; i++)
        used[l->rate_slot[i]] = step_rate_is_closed(rate_of(l, l->rate_slot[i]));
    for (int s = 0; s < l->rates; s++)
        for (long t = l->step; used[s] && t < to; t++)
            l->eta[t % MANY_CHUNK][s] = rate_at(rate_of(l, s), t, NULL);
    for (long t = l->step; l->noisy && t < to; t++)
        step_noise_many(l->seed, l->sigma, l->noises, l->batches, t, l->noise_x[t % MANY_CHUNK],
                        l->noise_y[t % MANY_CHUNK]);
    l->prepared = to;
}

static bool segment_begins(const Many *l)
{
    const Bound *b = l->task.bound;
    return l->segment + 1 < b->segments && b->segment[l->segment + 1].from <= l->step;
}

/* ---- lanes --------------------------------------------------------------------------------- */

static void move_lane(Many *l, int to, int from)
{
    l->run[to] = l->run[from];
    l->ended[to] = l->ended[from];
    l->rate_slot[to] = l->rate_slot[from];
    l->noise_slot[to] = l->noise_slot[from];
    l->plateau[to] = l->plateau[from];
    for (int k = 0; k < LANE_NUMBERS; k++)
        l->lane[k][to] = l->lane[k][from];
}

/* Lanes of ended runs are given up. */
static void close_ranks(Many *l)
{
    if (l->open == l->count)
        return;
    int to = 0;
    for (int i = 0; i < l->count; i++) {
        if (l->ended[i])
            continue;
        if (to != i)
            move_lane(l, to, i);
        to++;
    }
    l->count = to;
}

static void begin_stretch(Many *l)
{
    Stretch *s = &l->path[l->step / MANY_CHUNK];
    s->count = l->count;
    for (int i = 0; i < l->count; i++) {
        s->run[i] = (uint8_t)l->run[i];
        s->lane[l->run[i]] = (uint8_t)i;
    }
}

static void keep_points(Many *l)
{
    Stretch *s = &l->path[l->step / MANY_CHUNK];
    size_t size = sizeof(double) * (size_t)l->count;
    memcpy(s->x[l->step % MANY_CHUNK], l->lane[X], size);
    memcpy(s->y[l->step % MANY_CHUNK], l->lane[Y], size);
}

void many_points(const Many *l, int run, long from, long to, double *x, double *y)
{
    for (long row = from; row <= to; row++) {
        long kept = row < l->seen[run] ? row : l->seen[run];
        const Stretch *s = &l->path[kept / MANY_CHUNK];
        int lane = s->lane[run];
        x[row - from] = s->x[kept % MANY_CHUNK][lane];
        y[row - from] = s->y[kept % MANY_CHUNK][lane];
    }
}

/* ---- ends ---------------------------------------------------------------------------------- */

/* The run of lane i ends at `row`; its lane is given up at the next chunk. */
static void end_run(Many *l, int i, long row, unsigned events)
{
    double(*v)[MANY_MOST] = l->lane;
    int run = l->run[i];
    long tail = step_tail_rows(l->task.bound->steps);
    l->end[run] = (ManyEnd){
        .at = {v[X][i], v[Y][i]},
        .loss = v[LOSS][i],
        .best = v[BEST][i],
        .tail = events ? INFINITY : v[TAIL][i] / (double)tail,
        .first_loss = v[FIRST_LOSS][i],
        .row = row,
        .events = events,
    };
    l->seen[run] = l->step;
    l->ended[i] = true;
    l->open--;
}

static void eval_lane(const Many *l, const Segment *seg, int i, Vec2 at, Derivatives *out)
{
    Loss loss = seg->loss;
    for (int k = 0; l->own_params && k < loss.param_count; k++)
        loss.param[k] = l->lane[PARAMS + k][i];
    loss_eval(&loss, at, EXPR_GRADIENT, out);
}

/* Look at a lane whose loss was left out. */
static void look_at_lane(Many *l, int i)
{
    Derivatives d;
    eval_lane(l, l->seg, i, vec2(l->lane[X][i], l->lane[Y][i]), &d);
    l->lane[LOSS][i] = d.f;
    l->lane[GX][i] = d.g.x;
    l->lane[GY][i] = d.g.y;
}

/* Loss of the row before. */
static double last_loss(const Many *l, int i)
{
    Derivatives d = {.f = 0};
    if (l->step > 0)
        eval_lane(l, bind_at(l->task.bound, l->step - 1), i,
                  vec2(l->lane[LAST_X][i], l->lane[LAST_Y][i]), &d);
    return d.f;
}

/* Note the losses of a row; true if no run can end at it. */
CLONES static bool book_row(double (*v)[MANY_MOST], int count, bool best, bool tail)
{
    int64_t odd = 0;
    const double *f = v[LOSS];
    INDEPENDENT for (int i = 0; i < count; i++)
        odd |= step_sound(v[X][i], v[Y][i], f[i], v[GX][i], v[GY][i]) ? 0 : 1;
    for (int i = 0; best && i < count; i++)
        v[BEST][i] = f[i] < v[BEST][i] ? f[i] : v[BEST][i];
    for (int i = 0; tail && i < count; i++)
        v[TAIL][i] += f[i];
    return odd == 0;
}

/* The same where losses are left out: sound within the tame square. */
CLONES static bool look_at_row(double (*v)[MANY_MOST], int count, double tame, bool gradient)
{
    int64_t odd = 0;
    INDEPENDENT for (int i = 0; i < count; i++)
        odd |= !((fabs(v[X][i]) <= tame) & (fabs(v[Y][i]) <= tame));
    if (!gradient)
        return odd == 0;
    INDEPENDENT for (int i = 0; i < count; i++)
        odd |= !((fabs(v[GX][i]) <= DBL_MAX) & (fabs(v[GY][i]) <= DBL_MAX));
    return odd == 0;
}

/* Do the losses of this row count for the tail? */
static bool in_tail(const Many *l)
{
    long steps = l->task.bound->steps;
    return l->task.tail && l->step > steps - step_tail_rows(steps);
}

static unsigned fate_of_lane(const Many *l, int i)
{
    const double(*v)[MANY_MOST] = l->lane;
    if (step_sound(v[X][i], v[Y][i], v[LOSS][i], v[GX][i], v[GY][i]))
        return 0;
    return step_fate(l->task.bound->window, vec2(v[X][i], v[Y][i]), v[LOSS][i],
                     vec2(v[GX][i], v[GY][i]), last_loss(l, i), v[FIRST_LOSS][i]);
}

static void end_runs(Many *l, bool look)
{
    double(*v)[MANY_MOST] = l->lane;
    long steps = l->task.bound->steps;
    if (l->step == 0)
        memcpy(v[FIRST_LOSS], v[LOSS], sizeof v[0]);
    bool sound = look ? book_row(v, l->count, l->task.best, in_tail(l))
                      : look_at_row(v, l->count, l->tame, !l->tame_gradient);
    if (sound && l->step < steps)
        return;
    if (!look && ++l->strays == STRAYS_MOST)
        l->tame = 0; /* one by one costs more than the losses of all */
    for (int i = 0; i < l->count; i++) {
        if (l->ended[i])
            continue;
        if (!look)
            look_at_lane(l, i);
        unsigned events = fate_of_lane(l, i);
        if (events || l->step == steps)
            end_run(l, i, l->step, events);
        for (int k = 0; events && k < ETA; k++) /* what goes on in the lane should be cheap */
            v[k][i] = 0;
    }
}

/* Does the rate never rise from here on, and does nothing else change? Then, where a step of plain
 * descent moves no bit, none of the steps to come will: eta g is too small for the last place. */
static bool may_rest(const Many *l)
{
    return l->seg->optimizer->memory == 0 && l->task.eta && l->step >= l->task.falls_from &&
           l->segment + 1 == l->task.bound->segments && !l->noisy && !l->batches;
}

/* rests[i]: lane i did not move in the update from the points (x, y). */
CLONES static int find_resting(double (*v)[MANY_MOST], const double *x, const double *y, int count,
                               int64_t *rests)
{
    int64_t some = 0;
    INDEPENDENT for (int i = 0; i < count; i++)
    {
        rests[i] = (v[X][i] == x[i]) & (v[Y][i] == y[i]) & (v[X][i] != 0) & (v[Y][i] != 0);
        some |= rests[i];
    }
    return some != 0;
}

static void rest_runs(Many *l, const double *x, const double *y, bool look)
{
    int64_t rests[MANY_MOST];
    long steps = l->task.bound->steps;
    if (!find_resting(l->lane, x, y, l->count, rests))
        return;
    for (int i = 0; i < l->count; i++) {
        if (!rests[i] || l->ended[i])
            continue;
        if (!look)
            look_at_lane(l, i);
        long tail = steps - step_tail_rows(steps); /* rows behind it count; this one has */
        for (long row = l->step > tail ? l->step : tail; l->task.tail && row < steps; row++)
            l->lane[TAIL][i] += l->lane[LOSS][i];
        end_run(l, i, steps, 0);
    }
}

/* ---- rows ---------------------------------------------------------------------------------- */

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

/* Rates of all lanes at this step; true: they have one. */
static bool find_rates(Many *l)
{
    if (l->task.eta) {
        l->lane[ETA][0] = l->task.eta[l->step];
        return true;
    }
    if (l->rates == 1 && l->all_closed) {
        l->lane[ETA][0] = l->eta[l->step % MANY_CHUNK][0];
        return true;
    }
    spread(l->lane[ETA], NULL, l->eta[l->step % MANY_CHUNK], l->rate_slot, l->count);
    for (int i = 0; !l->all_closed && i < l->count; i++) {
        const Rate *rate = rate_of(l, l->rate_slot[i]);
        if (!step_rate_is_closed(rate))
            l->lane[ETA][i] = rate_at(rate, l->step, &l->plateau[i]);
    }
    return false;
}

/* What the update of this step has in common. Without edits it is that of the last runs, too, as
 * long as their optimizer was this one. */
static OptCommon find_common(Many *l)
{
    const Segment *seg = l->seg;
    if (l->task.bound->segments > 1 || l->task.bound->steps > l->commons_room)
        return seg->optimizer->common(seg->param, &l->common);
    if (l->commons_of != seg->optimizer ||
        memcmp(l->commons_param, seg->param, sizeof seg->param) != 0) {
        l->commons_of = seg->optimizer;
        memcpy(l->commons_param, seg->param, sizeof seg->param);
        l->commons_ready = 0;
        l->commons_state = (OptState){0};
    }
    for (; l->commons_ready <= l->step; l->commons_ready++)
        l->commons[l->commons_ready] = seg->optimizer->common(seg->param, &l->commons_state);
    return l->commons[l->step];
}

static void update(Many *l)
{
    double(*v)[MANY_MOST] = l->lane;
    int x = l->batches ? USED_X : GX;
    int y = l->batches ? USED_Y : GY;
    long k = l->step % MANY_CHUNK;
    if (l->noisy) {
        spread(v[USED_X], v[x], l->noise_x[k], l->noise_slot, l->count);
        spread(v[USED_Y], v[y], l->noise_y[k], l->noise_slot, l->count);
        x = USED_X;
        y = USED_Y;
    }
    OptLanes lanes = {
        .count = l->count,
        .one_rate = find_rates(l),
        .eta = v[ETA],
        .g = {v[x], v[y]},
        .at = {v[X], v[Y]},
        .m = {v[MX], v[MY]},
        .v = {v[VX], v[VY]},
        .w = {v[WX], v[WY]},
    };
    OptCommon common = find_common(l);
    l->seg->optimizer->many(l->seg->param, &common, &lanes);
    for (int i = 0; !l->all_closed && i < l->count; i++)
        step_feed(&l->plateau[i], rate_of(l, l->rate_slot[i]), &l->seg->epochs, l->step,
                  v[LOSS][i]);
}

/* Is the loss of this row needed? If not, the gradient alone will do, or that of the mini-batch. */
static bool must_look(const Many *l)
{
    return l->step == 0 || l->step == l->task.bound->steps || l->task.best || in_tail(l) ||
           !l->all_closed || l->tame == 0;
}

static void step_all(Many *l)
{
    bool begins = l->step % MANY_CHUNK == 0;
    bool paths = l->task.near > 0;
    bool anew = false;
    if (begins)
        close_ranks(l);
    if (begins && paths)
        begin_stretch(l);
    while (segment_begins(l)) {
        enter_segment(l);
        anew = true;
    }
    if (l->step >= l->prepared)
        prepare(l);
    bool look = must_look(l);
    if (look || !l->batches || !l->tame_gradient)
        eval_lanes(l, !look);
    if (paths)
        keep_points(l);
    end_runs(l, look);
    if (l->open > 0) {
        memcpy(l->lane[LAST_X], l->lane[X], 2 * sizeof l->lane[0]);
        if (l->batches)
            eval_batches(l, anew);
        update(l);
        if ((l->step + 1) % MANY_CHUNK == 0 && may_rest(l))
            rest_runs(l, l->lane[LAST_X], l->lane[LAST_Y], look);
    }
    l->step++;
}

/* Since when is each run within `near` of its end? By lane, going back. */
typedef struct Still {
    double x[MANY_MOST], y[MANY_MOST]; /* the ends */
    int64_t last[MANY_MOST];  /* last row that the run has */
    int64_t away[MANY_MOST];  /* 1: it was farther away at a later row */
    int64_t since[MANY_MOST];
} Still;

CLONES static void look_back(Still *s, const Stretch *p, long from, double near2)
{
    int count = p->count;
    for (int k = MANY_CHUNK - 1; k >= 0; k--) {
        const double *x = p->x[k];
        const double *y = p->y[k];
        int64_t row = from + k;
        INDEPENDENT for (int i = 0; i < count; i++)
        {
            double dx = x[i] - s->x[i];
            double dy = y[i] - s->y[i];
            int64_t leaves = (row <= s->last[i]) & !(dx * dx + dy * dy <= near2) & !s->away[i];
            s->since[i] = leaves ? row + 1 : s->since[i];
            s->away[i] |= leaves;
        }
    }
}

static void find_still(Many *l)
{
    Still s;
    bool away[MANY_MOST] = {0};
    double near2 = l->task.near * l->task.near;
    for (long c = (l->step - 1) / MANY_CHUNK; c >= 0; c--) {
        const Stretch *p = &l->path[c];
        for (int i = 0; i < p->count; i++) {
            const ManyEnd *e = &l->end[p->run[i]];
            s.x[i] = e->at.x;
            s.y[i] = e->at.y;
            s.last[i] = l->seen[p->run[i]];
            s.away[i] = away[p->run[i]];
            s.since[i] = e->still;
        }
        look_back(&s, p, c * MANY_CHUNK, near2);
        for (int i = 0; i < p->count; i++) {
            ManyEnd *e = &l->end[p->run[i]];
            away[p->run[i]] = s.away[i];
            e->still = s.since[i] < e->row ? s.since[i] : e->row;
        }
    }
}

bool many_advance(Many *l, long budget, long *spent)
{
    while (l->open > 0 && budget > 0) {
        step_all(l);
        long done = l->open;
        budget -= done + done * loss_rows(&l->seg->loss) / 16 + 1;
        if (spent)
            *spent += done;
        if (l->open == 0 && l->task.near > 0)
            find_still(l);
    }
    return l->open > 0;
}
