/* SPDX-License-Identifier: MIT
 * timeline: see timeline.h. The scene's edits cut the run into segments with constant settings;
 * rows are computed one after the other from a small state, which is kept every CHECK rows so
 * that any row's update can be taken apart and an edit recomputes only what follows. */
#include "core/timeline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "core/model.h"
#include "expr/elementary.h"

enum {
    CHECK = 512,     /* rows between kept states: replaying them costs some 50 us */
    COST_ROWS = 512, /* data rows that cost about as much as a row of the run otherwise does */
};

/* Settings in force from a step on. */
typedef struct Segment {
    long from;                   /* first row */
    const Optimizer *optimizer;
    double param[PARAM_MAX];     /* the optimizer's */
    bool new_optimizer;          /* its memory starts empty here */
    bool new_schedule;           /* so does the plateau rule */
    Rate rate;
    Loss loss;                   /* shares the model's program */
    Loss held_out;               /* the same, if the model has one */
    double noise;                /* sigma of the gradient noise */
    long batch;                  /* rows of a mini-batch; 0: all */
    long epoch_steps;            /* steps of an epoch */
    long epoch_from;             /* step at which epoch `epoch_base` began */
    long epoch_base;
    bool watches_held_out;       /* the plateau rule is fed the held-out loss */
} Segment;

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
    double last_eta; /* rate of the row before, NaN at the start */
    int segment;     /* in force at the row before */
    bool cut;        /* the rule cut the rate after the row before */
    bool converged;  /* marked already */
} State;

struct Timeline {
    bool set;                /* holds a run */
    Model model;             /* owns losses and files */
    Shuffle *shuffle;        /* owned; a cache: reading a run may fill it */
    Window window;
    int segment_count;
    Program *formula[SCENE_EDITS + 1]; /* typed schedules, owned */
    int formula_count;
    long steps;              /* T at the end */
    Row *row;
    long capacity;
    long ready;              /* rows computed */
    bool ended;              /* diverged or undefined at row ready - 1 */
    State state;             /* before row `ready` */
    State *kept;             /* kept[k]: before row k * CHECK */
    unsigned long revision;
    double first_loss;
    /* Large, and as long as their counts say; timeline_new leaves the rest as it is. */
    Segment segment[SCENE_EDITS + 1];
    Scene scene;
};

Timeline *timeline_new(void)
{
    Timeline *t = malloc(sizeof *t);
    if (!t)
        return NULL;
    memset(t, 0, offsetof(Timeline, segment));
    memset(&t->scene, 0, offsetof(Scene, edit));
    t->shuffle = calloc(1, sizeof *t->shuffle);
    if (t->shuffle)
        return t;
    free(t);
    return NULL;
}

static void release_formulas(Timeline *t)
{
    for (int i = 0; i < t->formula_count; i++)
        program_free(t->formula[i]);
    t->formula_count = 0;
}

void timeline_free(Timeline *t)
{
    if (!t)
        return;
    release_formulas(t);
    model_release(&t->model);
    free(t->shuffle->order);
    free(t->shuffle);
    free(t->row);
    free(t->kept);
    free(t);
}

/* ---- binding: scene -> segments ---------------------------------------------------------- */

/* Settings while the edits are walked through. */
typedef struct Settings {
    Choice optimizer;
    Choice schedule;
    NamedSet surface; /* all parameters of the surface with values */
    double eta0;
    double eta_high;
    double noise;
    long batch;
    long steps;
    long set_at;      /* step at which the schedule's name was set */
    long epoch_steps; /* see Segment */
    long epoch_from;
    long epoch_base;
} Settings;

static double one_digit(double v)
{
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%.0e", v);
    return strtod(text, NULL);
}

/* Rates for a typed surface: half the inverse curvature at the start, but no first step longer than
 * a tenth of the window; normalised optimizers move by about eta per step. */
static void guess_rates(const Loss *l, Vec2 start, Window w, double *scaled, double *normalised,
                        double *high)
{
    Derivatives d;
    double small;
    double large;
    double diagonal = window_diagonal(w);
    loss_eval(l, start, EXPR_HESSIAN, &d);
    sym_eigenvalues(d.h, &small, &large);
    double curvature = fmax(fabs(small), fabs(large));
    double rate = 0.1;
    if (curvature > 0 && isfinite(curvature))
        rate = 0.5 / curvature;
    double slope = vec_norm(d.g);
    if (slope > 0 && isfinite(slope) && (rate * slope > 0.1 * diagonal || !(curvature > 0)))
        rate = 0.1 * diagonal / slope;
    rate = fmin(fmax(rate, 1e-12), 1e6);
    *scaled = one_digit(rate);
    *normalised = one_digit(0.01 * diagonal);
    *high = one_digit(6 * rate);
}

static Vec2 start_of(const Scene *s, Window w)
{
    if (scene_given(s, SCENE_START))
        return s->start;
    const Surface *surface = scene_surface(s);
    if (surface)
        return surface->start[0];
    Vec2 size = window_size(w);
    return vec2(w.lo.x + 0.15 * size.x, w.lo.y + 0.7 * size.y);
}

static void default_rates(const Scene *s, const Model *m, Settings *now)
{
    Window w = model_window(m, s);
    const Surface *surface = scene_surface(s);
    double scaled;
    double normalised;
    if (surface) {
        scaled = surface->eta0;
        normalised = surface->eta0_normalised;
        now->eta_high = surface->eta_high;
    } else {
        guess_rates(&m->loss, start_of(s, w), w, &scaled, &normalised, &now->eta_high);
    }
    now->eta0 = scene_given(s, SCENE_ETA0)       ? s->eta0
                : scene_optimizer(s)->normalised ? normalised
                                                 : scaled;
}

static bool bind_schedule(Timeline *t, const Scene *s, const Settings *now, Rate *rate, Error *err)
{
    Program *formula = NULL;
    if (now->schedule.row < 0) {
        const char *inputs[3 + SURFACE_PARAMS] = {"t", "T", "eta0"};
        for (int i = 0; i < now->schedule.named.count; i++)
            inputs[3 + i] = now->schedule.named.name[i];
        formula = program_compile(now->schedule.formula, inputs, 3 + now->schedule.named.count,
                                  false, err);
        if (!formula)
            return false;
        t->formula[t->formula_count++] = formula;
    }
    RateSpec spec = {
        .schedule = formula ? NULL : &schedules[now->schedule.row],
        .params = &now->schedule.params,
        .formula = formula,
        .formula_values = now->schedule.named.value,
        .formula_count = now->schedule.named.count,
        .eta0 = now->eta0,
        .eta_high = now->eta_high,
        .set_at = now->set_at,
        .steps = now->steps,
        .epoch = now->epoch_steps,
        .warmup = s->warmup,
        .warmup_factor = s->warmup_factor,
    };
    return rate_bind(rate, &spec, err); /* also refuses a typed rate that is negative or not finite */
}

/* Epochs go on being counted across edits; another batch size begins the next one. */
static bool bind_batch(const Timeline *t, Settings *now, long batch, long step, Error *err)
{
    long rows = loss_rows(&t->model.loss);
    if (batch > 0 && !rows) {
        error_set(err, 1, 1, "mini-batches need a loss over rows: data=FILE.csv");
        error_in(err, "batch");
        return false;
    }
    if (step > 0)
        now->epoch_base += (step - now->epoch_from + now->epoch_steps - 1) / now->epoch_steps;
    now->epoch_from = step;
    now->batch = batch < rows ? batch : 0; /* all rows at once are not drawn, but summed up */
    now->epoch_steps = now->batch ? (rows + now->batch - 1) / now->batch : 1;
    return true;
}

/* Does the plateau rule watch the held-out loss? There must be one then. */
static bool bind_metric(const Timeline *t, Segment *seg, Error *err)
{
    const Schedule *s = seg->rate.schedule;
    if (!s || s->eta)
        return true;
    int metric = param_find(s->params, "metric", strlen("metric"));
    assert(metric >= 0);
    seg->watches_held_out = seg->rate.value[metric] == PLATEAU_HELD_OUT;
    if (!seg->watches_held_out || t->model.has_held_out)
        return true;
    error_set(err, 1, 1, "metric=held_out needs a held-out loss: held_out=FILE.csv or a formula");
    error_in(err, "schedule");
    return false;
}

static bool bind_segment(Timeline *t, const Scene *s, const Settings *now, Segment *seg, Error *err)
{
    static const ParamContext none = {1, 1, 1};
    seg->optimizer = &optimizers[now->optimizer.row];
    for (int i = 0; i < param_count(seg->optimizer->params); i++)
        seg->param[i] = param_value(seg->optimizer->params, &now->optimizer.params, i, &none);
    seg->noise = now->noise;
    seg->batch = now->batch;
    seg->epoch_steps = now->epoch_steps;
    seg->epoch_from = now->epoch_from;
    seg->epoch_base = now->epoch_base;
    seg->loss = t->model.loss;
    seg->held_out = t->model.held_out;
    for (int i = 0; i < now->surface.count; i++)
        seg->loss.param[i] = seg->held_out.param[i] = now->surface.value[i];
    return bind_schedule(t, s, now, &seg->rate, err) && bind_metric(t, seg, err);
}

static bool same_row(const Choice *a, const Choice *b)
{
    return a->row == b->row && strcmp(a->formula, b->formula) == 0;
}

static void apply_edit(Settings *now, const Settings *before, const Edit *e)
{
    switch (e->key) {
    case SCENE_SURFACE:
        named_merge(&now->surface, &e->choice.named);
        break;
    case SCENE_OPTIMIZER:
        choice_merge(&now->optimizer, &e->choice, &before->optimizer);
        break;
    case SCENE_SCHEDULE:
        choice_merge(&now->schedule, &e->choice, &before->schedule);
        break;
    case SCENE_ETA0:
        now->eta0 = e->number;
        break;
    case SCENE_NOISE:
        now->noise = e->number;
        break;
    case SCENE_STEPS:
        now->steps = (long)e->number;
        break;
    case SCENE_BATCH:
        now->batch = (long)e->number;
        break;
    default:
        break;
    }
}

/* One segment for each step at which edits take effect. */
static bool bind_edits(Timeline *t, const Scene *s, Settings *now, Error *err)
{
    for (int i = 0; i < s->edit_count;) {
        long step = s->edit[i].step;
        Settings before = *now;
        if (step >= now->steps)
            break; /* edits are in order: the rest has no effect either */
        for (; i < s->edit_count && s->edit[i].step == step; i++)
            apply_edit(now, &before, &s->edit[i]);
        Segment *seg = &t->segment[t->segment_count++];
        *seg = (Segment){.from = step};
        seg->new_optimizer = now->optimizer.row != before.optimizer.row;
        seg->new_schedule = !same_row(&now->schedule, &before.schedule);
        if (seg->new_schedule)
            now->set_at = step;
        if (now->batch != before.batch && !bind_batch(t, now, now->batch, step, err))
            return false;
        if (!bind_segment(t, s, now, seg, err))
            return false;
    }
    return true;
}

static bool bind(Timeline *t, const Scene *s, Error *err)
{
    Settings now = {.optimizer = s->optimizer,
                    .schedule = s->schedule,
                    .noise = s->noise,
                    .steps = s->steps};
    model_parameters(s, &now.surface);
    default_rates(s, &t->model, &now);
    if (!bind_batch(t, &now, s->batch, 0, err))
        return false;
    t->segment_count = 1;
    t->segment[0] = (Segment){.new_optimizer = true, .new_schedule = true};
    if (!bind_segment(t, s, &now, &t->segment[0], err) || !bind_edits(t, s, &now, err))
        return false;
    t->steps = now.steps;
    return true;
}

static bool reserve(Timeline *t, Error *err)
{
    long rows = t->steps + 1;
    if (rows <= t->capacity)
        return true;
    Row *row = realloc(t->row, sizeof *row * (size_t)rows);
    if (row)
        t->row = row;
    State *kept = realloc(t->kept, sizeof *kept * (size_t)(rows / CHECK + 1));
    if (kept)
        t->kept = kept;
    if (!row || !kept)
        return error_set(err, 0, 0, "not enough memory for %ld steps", t->steps);
    t->capacity = rows;
    return true;
}

/* Room for the shuffled rows, if there are mini-batches. */
static bool reserve_shuffle(Timeline *t, Error *err)
{
    Shuffle *f = t->shuffle;
    long rows = loss_rows(&t->model.loss);
    bool batches = false;
    for (int i = 0; i < t->segment_count; i++)
        batches = batches || t->segment[i].batch;
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
    t->state = (State){
        .at = start_of(&t->scene, t->window), .best = INFINITY, .last_eta = NAN, .segment = -1};
    t->ready = 0;
    t->ended = false;
}

/* Edits at step 0 count: the last segment that begins there is in force. */
static const Loss *first_in_force(const Timeline *t)
{
    int i = 0;
    while (i + 1 < t->segment_count && t->segment[i + 1].from == 0)
        i++;
    return &t->segment[i].loss;
}

static bool check_start(const Timeline *t, const Scene *s, Error *err)
{
    Derivatives d;
    Vec2 at = start_of(s, model_window(&t->model, s));
    loss_eval(first_in_force(t), at, EXPR_VALUE, &d);
    if (isnan(d.f)) {
        char x[NUMBER_TEXT];
        char y[NUMBER_TEXT];
        number_print(x, at.x);
        number_print(y, at.y);
        return error_set(err, 0, 0, "the start %s,%s lies in a hole: the loss is undefined there", x,
                         y);
    }
    return true;
}

/* Put the old run back after a failed set: its scene was valid, so binding it cannot fail. */
static void restore(Timeline *t)
{
    Error ignored;
    release_formulas(t);
    if (t->set && !bind(t, &t->scene, &ignored))
        t->set = false;
}

static bool compute(Timeline *t, long rows);

/* Compiling is left out where the loss stays, so that another rate allocates nothing. */
bool timeline_set_beside(Timeline *t, const Scene *scene, const Timeline *other, Error *err)
{
    long keep = first_change(t, scene);
    bool same_loss = t->set && scene_same_loss(&t->scene, scene);
    Model old = t->model;
    const Model *const known[MODEL_KNOWN] = {&old, other ? &other->model : NULL};
    if (!same_loss && !model_load(&t->model, scene, known, err)) {
        t->model = old;
        return false;
    }
    Program *kept_formulas[SCENE_EDITS + 1];
    int kept_count = t->formula_count;
    memcpy(kept_formulas, t->formula, sizeof t->formula[0] * (size_t)kept_count);
    t->formula_count = 0;
    bool ok = bind(t, scene, err) && reserve(t, err) && reserve_shuffle(t, err) &&
              check_start(t, scene, err);
    for (int i = 0; i < kept_count; i++)
        program_free(kept_formulas[i]);
    if (!ok) {
        if (!same_loss) {
            model_release(&t->model);
            t->model = old;
        }
        restore(t);
        return false;
    }
    if (!same_loss)
        model_release(&old);
    scene_copy(&t->scene, scene);
    t->window = model_window(&t->model, scene);
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

/* Gaussian noise of step t from outputs 2t and 2t+1 (Box and Muller 1958). */
static Vec2 gradient_noise(uint64_t seed, long t, double sigma)
{
    double u = rng_uniform(seed, 2 * (uint64_t)t);
    double v = rng_uniform(seed, 2 * (uint64_t)t + 1);
    double r = sigma * sqrt(-2 * eta_log(u));
    double angle = 2 * 3.14159265358979323846 * v;
    return vec2(r * eta_cos(angle), r * eta_sin(angle));
}

/* Rows in the order of an epoch: Fisher and Yates from the top, draws from output epoch*(n-1) on. */
static const uint32_t *shuffled(const Timeline *t, long n, long epoch)
{
    Shuffle *f = t->shuffle;
    uint64_t k = (uint64_t)epoch * (uint64_t)(n - 1);
    if (f->epoch == epoch)
        return f->order;
    for (long i = 0; i < n; i++)
        f->order[i] = (uint32_t)i;
    for (long i = n - 1; i > 0; i--) {
        uint64_t j = rng_u64(t->scene.seed, k++) % (uint64_t)(i + 1);
        uint32_t kept = f->order[i];
        f->order[i] = f->order[j];
        f->order[j] = kept;
    }
    f->epoch = epoch;
    return f->order;
}

/* Gradient and loss of the mini-batch of `step`. */
static void batch_eval(const Timeline *t, const Segment *seg, Vec2 at, long step, Derivatives *out)
{
    long rows = loss_rows(&seg->loss);
    long since = step - seg->epoch_from;
    long first = since % seg->epoch_steps * seg->batch;
    long count = rows - first < seg->batch ? rows - first : seg->batch;
    const uint32_t *order = shuffled(t, rows, seg->epoch_base + since / seg->epoch_steps);
    loss_eval_rows(&seg->loss, at, EXPR_GRADIENT, order + first, count, out);
}

/* The gradient used: of the mini-batch if there is one, and with noise. */
static void used_gradient(const Timeline *t, const Segment *seg, Vec2 full, long step, Row *row)
{
    uint64_t seed = t->scene.seed;
    row->g = full;
    if (seg->batch) {
        Derivatives d;
        batch_eval(t, seg, row->at, step, &d);
        row->g = d.g;
        row->batch_loss = d.f;
        seed ^= UINT64_C(0x9E3779B97F4A7C15); /* or noise and batches would share their numbers */
    }
    if (seg->noise > 0)
        row->g = vec_add(row->g, gradient_noise(seed, step, seg->noise));
}

static bool far_out(const Timeline *t, Vec2 at, double loss)
{
    return timeline_far_out(t->window, at, loss, t->first_loss);
}

bool timeline_far_out(Window w, Vec2 at, double loss, double first_loss)
{
    Vec2 c = window_centre(w);
    Vec2 half = vec_scale(0.5, window_size(w));
    return fabs(at.x - c.x) > 1000 * half.x || fabs(at.y - c.y) > 1000 * half.y ||
           loss > 1e6 * fmax(1, first_loss);
}

/* ROW_DIVERGED, ROW_UNDEFINED or 0 (SPEC 6). A NaN far out is inf - inf: growth; a NaN nearby is a
 * place where the formula means nothing: a hole. */
static unsigned fate(const Timeline *t, const Row *row, const Derivatives *d, double last_loss)
{
    if (!vec_finite(row->at) || isinf(d->f) || fabs(d->f) > 1e100 || isinf(d->g.x) || isinf(d->g.y))
        return ROW_DIVERGED;
    if (isnan(d->f) || isnan(d->g.x) || isnan(d->g.y))
        return far_out(t, row->at, last_loss) ? ROW_DIVERGED : ROW_UNDEFINED;
    return 0;
}

static void enter_segment(const Timeline *t, State *s, long step, Row *row)
{
    while (s->segment + 1 < t->segment_count && t->segment[s->segment + 1].from <= step) {
        const Segment *seg = &t->segment[++s->segment];
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

/* Only the plateau rule has no closed form; during warm-up it sleeps. Where it counts epochs it is
 * fed at the end of each. True if it cut the rate. */
static bool feed_plateau(const Segment *seg, State *s, const Row *row, long step)
{
    const Rate *r = &seg->rate;
    if (!r->schedule || r->schedule->eta || step < r->warmup)
        return false;
    if (r->unit > 1 && (step - seg->epoch_from + 1) % seg->epoch_steps != 0)
        return false;
    return plateau_feed(&s->plateau, r, seg->watches_held_out ? row->held_out : row->loss);
}

/* Row `step` from the state before it; `out` (may be NULL) gets the update taken apart. The state moves on
 * to the next row unless the run ends here. Returns false if it does. */
static bool run_row(const Timeline *t, State *s, long step, Row *row, Update *out)
{
    Derivatives d;
    double last_loss = step ? s->best : 0;
    double small;
    *row = (Row){.at = s->at, .held_out = NAN, .batch_loss = NAN};
    enter_segment(t, s, step, row);
    const Segment *seg = &t->segment[s->segment];
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
    unsigned end = fate(t, row, &d, step ? t->row[step - 1].loss : last_loss);
    row->events |= end;

    row->eta = rate_at(&seg->rate, step, &s->plateau);
    OptStep update;
    OptState before = s->memory;
    seg->optimizer->step(seg->param, row->eta, row->g, &s->memory, &update);
    row->rate = update.rate;
    row->limit = optimizer_eta_limit(seg->optimizer, seg->param, d.h, update.scale);
    if (out)
        *out = (Update){seg->optimizer, seg->param, &seg->rate, s->plateau, before, s->memory, update};
    if (end || step >= t->steps)
        return false;
    s->at = vec2(update.shrink * s->at.x - update.step.x, update.shrink * s->at.y - update.step.y);
    s->last_eta = row->eta;
    s->cut = feed_plateau(seg, s, row, step);
    return true;
}

static bool compute(Timeline *t, long rows)
{
    while (rows-- > 0 && !timeline_done(t)) {
        long step = t->ready;
        if (step % CHECK == 0)
            t->kept[step / CHECK] = t->state;
        if (step == 0) {
            Derivatives d;
            loss_eval(first_in_force(t), t->state.at, EXPR_VALUE, &d);
            t->first_loss = d.f;
        }
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
    int i = t->segment_count - 1;
    while (i > 0 && t->segment[i].from > row)
        i--;
    return &t->segment[i];
}

const Scene *timeline_scene(const Timeline *t)
{
    return &t->scene;
}

const Loss *timeline_loss(const Timeline *t)
{
    return &t->segment[0].loss;
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
    return t->steps;
}

long timeline_last(const Timeline *t)
{
    return t->ended ? t->ready - 1 : t->steps;
}

bool timeline_done(const Timeline *t)
{
    return t->ended || t->ready > t->steps;
}

double timeline_epoch(const Timeline *t, long row)
{
    const Segment *seg = segment_at(t, row);
    if (!loss_rows(&seg->loss))
        return NAN;
    return (double)seg->epoch_base + (double)(row - seg->epoch_from) / (double)seg->epoch_steps;
}

long timeline_epoch_steps(const Timeline *t, long row)
{
    return segment_at(t, row)->epoch_steps;
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
    return t->window;
}

unsigned long timeline_revision(const Timeline *t)
{
    return t->revision;
}
