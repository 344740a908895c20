/* SPDX-License-Identifier: MIT
 * timeline: see timeline.h. The scene's edits cut the run into segments with constant settings;
 * rows are computed one after the other from a small state, which is kept every CHECK rows so
 * that any row's update can be taken apart and an edit recomputes only what follows. */
#include "core/timeline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "expr/elementary.h"

enum { CHECK = 512 }; /* rows between kept states: replaying them costs some 50 us */

/* Settings in force from a step on. */
typedef struct Segment {
    long from;                   /* first row */
    const Optimizer *optimizer;
    double param[PARAM_MAX];     /* the optimizer's */
    bool new_optimizer;          /* its memory starts empty here */
    bool new_schedule;           /* so does the plateau rule */
    Rate rate;
    Loss loss;                   /* shares the timeline's program */
    double noise;                /* sigma of the gradient noise */
} Segment;

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
    Scene scene;
    bool set;                /* holds a run */
    Loss loss;               /* owns the program */
    Window window;
    Segment segment[SCENE_EDITS + 1];
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
};

Timeline *timeline_new(void)
{
    return calloc(1, sizeof(Timeline));
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
    loss_release(&t->loss);
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
    long steps;
    long set_at; /* step at which the schedule's name was set */
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

static Vec2 scene_start(const Scene *s)
{
    if (scene_given(s, SCENE_START))
        return s->start;
    const Surface *surface = scene_surface(s);
    if (surface)
        return surface->start[0];
    Window w = scene_window(s);
    Vec2 size = window_size(w);
    return vec2(w.lo.x + 0.15 * size.x, w.lo.y + 0.7 * size.y);
}

static void default_rates(const Scene *s, const Loss *l, Settings *now)
{
    const Surface *surface = scene_surface(s);
    double scaled;
    double normalised;
    if (surface) {
        scaled = surface->eta0;
        normalised = surface->eta0_normalised;
        now->eta_high = surface->eta_high;
    } else {
        guess_rates(l, scene_start(s), scene_window(s), &scaled, &normalised, &now->eta_high);
    }
    now->eta0 = scene_given(s, SCENE_ETA0)       ? s->eta0
                : scene_optimizer(s)->normalised ? normalised
                                                 : scaled;
}

static void scene_parameters(const Scene *s, NamedSet *all)
{
    const Surface *surface = scene_surface(s);
    *all = surface ? surface->params : s->surface.named;
    named_merge(all, &s->surface.named);
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
        .epoch = 1,
        .warmup = s->warmup,
        .warmup_factor = s->warmup_factor,
    };
    return rate_bind(rate, &spec, err); /* also refuses a typed rate that is negative or not finite */
}

static bool bind_segment(Timeline *t, const Scene *s, const Settings *now, Segment *seg, Error *err)
{
    static const ParamContext none = {1, 1, 1};
    seg->optimizer = &optimizers[now->optimizer.row];
    for (int i = 0; i < param_count(seg->optimizer->params); i++)
        seg->param[i] = param_value(seg->optimizer->params, &now->optimizer.params, i, &none);
    seg->noise = now->noise;
    seg->loss = t->loss;
    for (int i = 0; i < now->surface.count; i++)
        seg->loss.param[i] = now->surface.value[i];
    return bind_schedule(t, s, now, &seg->rate, err);
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
    default:
        break; /* batch: needs data */
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
        if (!bind_segment(t, s, now, seg, err))
            return false;
    }
    return true;
}

static bool compile_loss(const Scene *s, Loss *l, Error *err)
{
    NamedSet all;
    scene_parameters(s, &all);
    const Surface *surface = scene_surface(s);
    const char *names[SURFACE_PARAMS];
    for (int i = 0; i < all.count; i++)
        names[i] = all.name[i];
    return loss_compile(l, surface ? surface->formula : s->surface.formula, names, all.value,
                        all.count, err);
}

static bool bind(Timeline *t, const Scene *s, Error *err)
{
    Settings now = {.optimizer = s->optimizer,
                    .schedule = s->schedule,
                    .noise = s->noise,
                    .steps = s->steps};
    scene_parameters(s, &now.surface);
    default_rates(s, &t->loss, &now);
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
        .at = scene_start(&t->scene), .best = INFINITY, .last_eta = NAN, .segment = -1};
    t->ready = 0;
    t->ended = false;
}

static bool check_start(Timeline *t, Error *err)
{
    Derivatives d;
    Vec2 at = scene_start(&t->scene);
    loss_eval(&t->segment[0].loss, at, EXPR_VALUE, &d);
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

bool timeline_set(Timeline *t, const Scene *scene, Error *err)
{
    long keep = first_change(t, scene);
    bool same_start = t->set && scene_equal_start(&t->scene, scene);
    Loss old = t->loss;
    if (!same_start && !compile_loss(scene, &t->loss, err)) {
        t->loss = old;
        return false;
    }
    Program *kept_formulas[SCENE_EDITS + 1];
    int kept_count = t->formula_count;
    memcpy(kept_formulas, t->formula, sizeof t->formula[0] * (size_t)kept_count);
    t->formula_count = 0;
    Scene *was = NULL;
    bool ok = bind(t, scene, err) && reserve(t, err);
    if (ok && !same_start) {
        was = malloc(sizeof *was);
        ok = was != NULL || error_set(err, 0, 0, "out of memory");
        if (ok) {
            scene_copy(was, &t->scene);
            scene_copy(&t->scene, scene);
            ok = check_start(t, err);
            if (!ok)
                scene_copy(&t->scene, was);
        }
    }
    for (int i = 0; i < kept_count; i++)
        program_free(kept_formulas[i]);
    free(was);
    if (!ok) {
        if (!same_start) {
            loss_release(&t->loss);
            t->loss = old;
        }
        restore(t);
        return false;
    }
    if (!same_start)
        loss_release(&old);
    scene_copy(&t->scene, scene);
    t->window = scene_window(scene);
    t->set = true;
    t->revision++;
    if (keep > 0)
        rewind_to(t, keep);
    else
        start_over(t);
    timeline_advance(t, keep - t->ready + 1);
    return true;
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

/* Only the plateau rule has no closed form; during warm-up it sleeps. */
static bool feeds_plateau(const Rate *r, long step)
{
    return r->schedule && !r->schedule->eta && step >= r->warmup;
}

/* Row `step` from the state before it; `out` (may be NULL) gets the update taken apart. The state moves on
 * to the next row unless the run ends here. Returns false if it does. */
static bool run_row(const Timeline *t, State *s, long step, Row *row, Update *out)
{
    Derivatives d;
    double last_loss = step ? s->best : 0;
    double small;
    *row = (Row){.at = s->at, .held_out = NAN};
    enter_segment(t, s, step, row);
    const Segment *seg = &t->segment[s->segment];
    loss_eval(&seg->loss, s->at, EXPR_HESSIAN, &d);
    row->loss = d.f;
    s->best = row->best = d.f < s->best ? d.f : s->best;
    sym_eigenvalues(d.h, &small, &row->lambda);
    if (!isfinite(row->lambda))
        row->lambda = NAN;
    row->g = d.g;
    if (seg->noise > 0)
        row->g = vec_add(d.g, gradient_noise(t->scene.seed, step, seg->noise));
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
    s->cut = feeds_plateau(&seg->rate, step) && plateau_feed(&s->plateau, &seg->rate, row->loss);
    return true;
}

bool timeline_advance(Timeline *t, long budget)
{
    while (budget-- > 0 && !timeline_done(t)) {
        long step = t->ready;
        if (step % CHECK == 0)
            t->kept[step / CHECK] = t->state;
        if (step == 0) {
            Derivatives d;
            loss_eval(&t->segment[0].loss, t->state.at, EXPR_VALUE, &d);
            t->first_loss = d.f;
        }
        run_row(t, &t->state, step, &t->row[step], NULL);
        t->ended = (t->row[step].events & (ROW_DIVERGED | ROW_UNDEFINED)) != 0;
        t->ready++;
    }
    return !timeline_done(t);
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

Window timeline_window(const Timeline *t)
{
    return t->window;
}

unsigned long timeline_revision(const Timeline *t)
{
    return t->revision;
}
