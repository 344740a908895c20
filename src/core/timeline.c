/* SPDX-License-Identifier: MIT
 * timeline: see timeline.h. The scene's edits cut the run into segments with constant settings;
 * rows are computed one after the other from a small state, which is kept every CHECK rows so
 * that any row's update can be taken apart and an edit recomputes only what follows. */
#include "core/timeline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/bind.h"

enum {
    CHECK = 512,     /* rows between kept states: replaying them costs some 50 us */
    COST_ROWS = 512, /* data rows that cost about as much as a row of the run otherwise does */
};

/* The rows in the order of one epoch, the last one asked for. */
typedef struct Shuffle {
    uint32_t *order; /* owned */
    long room;       /* indices that fit */
    long epoch;      /* -1: none yet */
} Shuffle;

/* Everything the next row depends on. */
typedef struct State {
    Vec2 at;
    OptState memory;
    Plateau plateau;
    double best;     /* lowest loss before the row */
    int segment;     /* in force at the row before */
    bool cut;        /* the rule cut the rate after the row before */
    bool converged;  /* marked already */
} State;

struct Timeline {
    bool set;                /* holds a run */
    Model model;             /* owns losses and files */
    Bound *bound;          /* owned; the scene's, once there is a run */
    Bound *spare;          /* owned; empty but while a scene is set */
    Shuffle *shuffle;        /* owned; a cache: reading a run may fill it */
    Row *row;
    long capacity;
    long ready;              /* rows computed */
    bool ended;              /* diverged or undefined at row ready - 1 */
    State state;             /* before row `ready` */
    State *kept;             /* kept[k]: before row k * CHECK */
    unsigned long revision;
    Scene scene;             /* large; last: timeline_new leaves the room for edits as it is */
};

/* Most of a binding is room that no run needs: only its counts are set. */
static Bound *binding_new(void)
{
    Bound *b = malloc(sizeof *b);
    if (b)
        memset(b, 0, offsetof(Bound, formula));
    return b;
}

Timeline *timeline_new(void)
{
    Timeline *t = malloc(sizeof *t);
    if (!t)
        return NULL;
    memset(t, 0, offsetof(Timeline, scene));
    memset(&t->scene, 0, offsetof(Scene, edit));
    t->bound = binding_new();
    t->spare = binding_new();
    t->shuffle = calloc(1, sizeof *t->shuffle);
    if (t->bound && t->spare && t->shuffle)
        return t;
    timeline_free(t);
    return NULL;
}

static void binding_free(Bound *b)
{
    if (b)
        bind_release(b);
    free(b);
}

void timeline_free(Timeline *t)
{
    if (!t)
        return;
    binding_free(t->bound);
    binding_free(t->spare);
    model_release(&t->model);
    if (t->shuffle)
        free(t->shuffle->order);
    free(t->shuffle);
    free(t->row);
    free(t->kept);
    free(t);
}

static bool reserve(Timeline *t, long steps, Error *err)
{
    long rows = steps + 1;
    if (rows <= t->capacity)
        return true;
    Row *row = realloc(t->row, sizeof *row * (size_t)rows);
    if (row)
        t->row = row;
    State *kept = realloc(t->kept, sizeof *kept * (size_t)(rows / CHECK + 1));
    if (kept)
        t->kept = kept;
    if (!row || !kept)
        return error_set(err, 0, 0, "not enough memory for %ld steps", steps);
    t->capacity = rows;
    return true;
}

/* Room for the shuffled rows, if there are mini-batches. */
static bool reserve_shuffle(Timeline *t, bool batches, Error *err)
{
    Shuffle *f = t->shuffle;
    long rows = loss_rows(&t->model.loss);
    f->epoch = -1;
    if (!batches || rows <= f->room)
        return true;
    uint32_t *order = rows <= UINT32_MAX ? realloc(f->order, sizeof *order * (size_t)rows) : NULL;
    if (!order)
        return error_set(err, 0, 0, "not enough memory for batches of %ld rows", rows);
    f->order = order;
    f->room = rows;
    return true;
}

/* First row at which the run of `s` may differ from the one held. */
static long first_change(const Timeline *t, const Scene *s)
{
    if (!t->set || !scene_equal_start(&t->scene, s))
        return 0;
    int n = scene_common_edits(&t->scene, s);
    long first = t->ready;
    if (n < t->scene.edit_count && t->scene.edit[n].step < first)
        first = t->scene.edit[n].step;
    if (n < s->edit_count && s->edit[n].step < first)
        first = s->edit[n].step;
    /* an equal step may mean another grouping of edits at it: rows before it are safe */
    return first;
}

/* Continue from the nearest kept state at or before `row`. */
static void rewind_to(Timeline *t, long row)
{
    long k = row / CHECK;
    if (k * CHECK >= t->ready && t->ready > 0)
        k = (t->ready - 1) / CHECK;
    t->ready = k * CHECK;
    t->state = t->kept[k];
    t->ended = false;
}

static void start_over(Timeline *t)
{
    t->state = (State){.at = t->bound->start, .best = INFINITY, .segment = -1};
    t->ready = 0;
    t->ended = false;
}

static bool compute(Timeline *t, long rows);

/* Bind the scene and make room for it; the old binding stays in `spare` until all is well. */
static bool bind_run(Timeline *t, const Scene *scene, Error *err)
{
    Bound *b = t->spare;
    if (!bind_scene(b, scene, &t->model, t->set ? t->bound : NULL, err))
        return false;
    if (!reserve(t, b->steps, err) || !reserve_shuffle(t, b->batches, err)) {
        bind_release(b);
        return false;
    }
    t->spare = t->bound;
    t->bound = b;
    bind_release(t->spare);
    return true;
}

/* Compiling is left out where the loss stays, so that another rate allocates nothing. */
bool timeline_set_beside(Timeline *t, const Scene *scene, const Timeline *other, Error *err)
{
    long keep = first_change(t, scene);
    bool same_loss = t->set && scene_same_loss(&t->scene, scene);
    Model old = t->model;
    const Model *const known[MODEL_KNOWN] = {&old, other ? &other->model : NULL};
    if (!same_loss && !model_load(&t->model, scene, known, err)) {
        scene_locate(scene, SCENE_SURFACE, -1, err);
        t->model = old;
        return false;
    }
    bool ok = bind_run(t, scene, err);
    if (!same_loss)
        model_release(ok ? &old : &t->model);
    if (!ok) {
        t->model = old;
        return false;
    }
    scene_copy(&t->scene, scene);
    t->set = true;
    t->revision++;
    if (keep > 0)
        rewind_to(t, keep);
    else
        start_over(t);
    compute(t, keep - t->ready + 1);
    return true;
}

bool timeline_set(Timeline *t, const Scene *scene, Error *err)
{
    return timeline_set_beside(t, scene, NULL, err);
}

/* ---- running ------------------------------------------------------------------------------ */

/* Rows in the order of an epoch. */
static const uint32_t *shuffled(const Timeline *t, long n, long epoch)
{
    Shuffle *f = t->shuffle;
    if (f->epoch != epoch)
        step_shuffle(f->order, n, t->scene.seed, epoch);
    f->epoch = epoch;
    return f->order;
}

/* The gradient used: of the mini-batch if there is one, and with noise. */
static void used_gradient(const Timeline *t, const Segment *seg, Vec2 full, long step, Row *row)
{
    row->g = full;
    if (seg->batch) {
        Derivatives d;
        long rows = loss_rows(&seg->loss);
        Batch b = step_batch(&seg->epochs, rows, seg->batch, step);
        loss_eval_rows(&seg->loss, row->at, EXPR_GRADIENT, shuffled(t, rows, b.epoch) + b.first,
                       b.count, &d);
        row->g = d.g;
        row->batch_loss = d.f;
    }
    if (seg->noise > 0)
        row->g = vec_add(row->g, step_noise(t->scene.seed, seg->batch > 0, step, seg->noise));
}

static void enter_segment(const Timeline *t, State *s, long step, Row *row)
{
    const Bound *b = t->bound;
    while (s->segment + 1 < b->segments && b->segment[s->segment + 1].from <= step) {
        const Segment *seg = &b->segment[++s->segment];
        if (seg->new_optimizer)
            s->memory = (OptState){0};
        if (seg->new_schedule)
            plateau_start(&s->plateau);
        if (s->segment > 0)
            row->events |= ROW_EDIT;
    }
}

static unsigned mark_events(const State *s, const Row *row, const Derivatives *d, const Rate *rate,
                            long step)
{
    unsigned events = 0;
    if (s->cut)
        events |= ROW_CUT;
    if (rate_restarts(rate, step))
        events |= ROW_RESTART;
    if (!s->converged && vec_norm(d->g) <= 1e-9 * fmax(1, row->lambda))
        events |= ROW_CONVERGED;
    return events;
}

/* Row `step` from the state before it; `out` (may be NULL) gets the update taken apart. The
 * state moves on to the next row unless the run ends here. Returns false if it does. */
static bool run_row(const Timeline *t, State *s, long step, Row *row, Update *out)
{
    Derivatives d;
    double small;
    *row = (Row){.at = s->at, .held_out = NAN, .batch_loss = NAN};
    enter_segment(t, s, step, row);
    const Segment *seg = &t->bound->segment[s->segment];
    loss_eval(&seg->loss, s->at, EXPR_HESSIAN, &d);
    row->loss = d.f;
    s->best = row->best = d.f < s->best ? d.f : s->best;
    sym_eigenvalues(d.h, &small, &row->lambda);
    if (!isfinite(row->lambda))
        row->lambda = NAN;
    if (t->model.has_held_out) {
        Derivatives held;
        loss_eval(&seg->held_out, s->at, EXPR_VALUE, &held);
        row->held_out = held.f;
    }
    used_gradient(t, seg, d.g, step, row);
    row->events |= mark_events(s, row, &d, &seg->rate, step);
    s->converged = s->converged || (row->events & ROW_CONVERGED);
    unsigned end = step_fate(t->bound->window, row->at, d.f, d.g, step ? t->row[step - 1].loss : 0,
                             t->bound->first_loss);
    row->events |= end;

    row->eta = rate_at(&seg->rate, step, &s->plateau);
    OptStep update;
    OptState before = s->memory;
    seg->optimizer->step(seg->param, row->eta, row->g, &s->memory, &update);
    row->rate = update.rate;
    row->limit = optimizer_eta_limit(seg->optimizer, seg->param, d.h, update.scale);
    if (out)
        *out = (Update){seg->optimizer, seg->param, &seg->rate, s->plateau,
                        before,         s->memory,  update};
    if (end || step >= t->bound->steps)
        return false;
    s->at = vec2(update.shrink * s->at.x - update.step.x, update.shrink * s->at.y - update.step.y);
    s->cut = step_feed(&s->plateau, &seg->rate, &seg->epochs, step,
                       seg->watches_held_out ? row->held_out : row->loss);
    return true;
}

static bool compute(Timeline *t, long rows)
{
    while (rows-- > 0 && !timeline_done(t)) {
        long step = t->ready;
        if (step % CHECK == 0)
            t->kept[step / CHECK] = t->state;
        run_row(t, &t->state, step, &t->row[step], NULL);
        t->ended = (t->row[step].events & (ROW_DIVERGED | ROW_UNDEFINED)) != 0;
        t->ready++;
    }
    return !timeline_done(t);
}

bool timeline_advance(Timeline *t, long budget)
{
    long data = loss_rows(&t->model.loss) + loss_rows(&t->model.held_out);
    long rows = budget / (1 + data / COST_ROWS);
    return compute(t, rows > 0 || budget <= 0 ? rows : 1);
}

void timeline_update(const Timeline *t, long row, Update *out)
{
    assert(row >= 0 && row < t->ready);
    State s = t->kept[row / CHECK];
    Row scratch;
    for (long k = row / CHECK * CHECK; k <= row; k++)
        run_row(t, &s, k, &scratch, k == row ? out : NULL);
}

/* ---- reading ------------------------------------------------------------------------------ */

static const Segment *segment_at(const Timeline *t, long row)
{
    return bind_at(t->bound, row);
}

const Scene *timeline_scene(const Timeline *t)
{
    return &t->scene;
}

const Bound *timeline_bound(const Timeline *t)
{
    return t->bound;
}

const Model *timeline_model(const Timeline *t)
{
    return &t->model;
}

const Loss *timeline_loss(const Timeline *t)
{
    return &t->bound->segment[0].loss;
}

const Loss *timeline_loss_at(const Timeline *t, long row)
{
    return &segment_at(t, row)->loss;
}

const Rate *timeline_rate(const Timeline *t, long row)
{
    return &segment_at(t, row)->rate;
}

const Optimizer *timeline_optimizer(const Timeline *t, long row, const double **params)
{
    const Segment *seg = segment_at(t, row);
    if (params)
        *params = seg->param;
    return seg->optimizer;
}

double timeline_noise(const Timeline *t, long row)
{
    return segment_at(t, row)->noise;
}

const Row *timeline_rows(const Timeline *t)
{
    return t->row;
}

long timeline_ready(const Timeline *t)
{
    return t->ready;
}

long timeline_steps(const Timeline *t)
{
    return t->bound->steps;
}

long timeline_last(const Timeline *t)
{
    return t->ended ? t->ready - 1 : t->bound->steps;
}

bool timeline_done(const Timeline *t)
{
    return t->ended || t->ready > t->bound->steps;
}

double timeline_epoch(const Timeline *t, long row)
{
    const Segment *seg = segment_at(t, row);
    if (!loss_rows(&seg->loss))
        return NAN;
    const Epochs *e = &seg->epochs;
    return (double)e->base + (double)(row - e->from) / (double)e->steps;
}

long timeline_epoch_steps(const Timeline *t, long row)
{
    return segment_at(t, row)->epochs.steps;
}

const Loss *timeline_held_out(const Timeline *t, long row)
{
    return t->model.has_held_out ? &segment_at(t, row)->held_out : NULL;
}

const Data *timeline_file(const Timeline *t, int index)
{
    const Data *held[] = {t->model.data, t->model.held_data};
    for (int i = 0; i < 2; i++) {
        if (!held[i] || held[i]->built_in || (i == 1 && held[1] == held[0]))
            continue;
        if (index-- == 0)
            return held[i];
    }
    return NULL;
}

Window timeline_window(const Timeline *t)
{
    return t->bound->window;
}

unsigned long timeline_revision(const Timeline *t)
{
    return t->revision;
}
