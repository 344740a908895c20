/* SPDX-License-Identifier: MIT
 * bind: see bind.h */
#include "core/bind.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
} Settings;

typedef struct Binder {
    const Scene *scene;
    const Model *model;
    const Bound *known;
    Bound *to;
    Settings now;
    Epochs epochs[SCENE_EDITS + 1]; /* one for each batch size in turn; the last is in force */
    int epochs_count;
    int edit, edits;  /* edits being applied: scene->edit[edit .. edit + edits - 1] */
    Error *err;
} Binder;

/* The error is about this key: of the edit under way, or of the scene's start. */
static bool blame(const Binder *b, SceneKey key)
{
    long step = b->edits ? b->scene->edit[b->edit].step : -1;
    if (b->err)
        error_in(b->err, scene_keys[key].name);
    scene_locate(b->scene, key, step, b->err);
    return false;
}

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

static void default_rates(Binder *b)
{
    const Scene *s = b->scene;
    const Surface *surface = scene_surface(s);
    double scaled;
    double normalised;
    if (surface) {
        scaled = surface->eta0;
        normalised = surface->eta0_normalised;
        b->now.eta_high = surface->eta_high;
    } else {
        guess_rates(&b->model->loss, b->to->start, b->to->window, &scaled, &normalised,
                    &b->now.eta_high);
    }
    b->now.eta0 = scene_given(s, SCENE_ETA0)       ? s->eta0
                  : scene_optimizer(s)->normalised ? normalised
                                                   : scaled;
}

static Program *find_formula(const Bound *b, const char *text, const char *const *inputs,
                             int count)
{
    for (int i = 0; b && i < b->formulas; i++)
        if (program_is(b->formula[i], text, inputs, count))
            return b->formula[i];
    return NULL;
}

/* The program of a typed schedule: one that is there already, or a new one. */
static Program *schedule_formula(Binder *b, const Choice *c)
{
    const char *inputs[3 + SURFACE_PARAMS] = {"t", "T", "eta0"};
    int count = 3 + c->named.count;
    for (int i = 0; i < c->named.count; i++)
        inputs[3 + i] = c->named.name[i];
    Program *p = find_formula(b->to, c->formula, inputs, count);
    if (p)
        return p;
    p = find_formula(b->known, c->formula, inputs, count);
    p = p ? program_keep(p) : program_compile(c->formula, inputs, count, false, b->err);
    if (p)
        b->to->formula[b->to->formulas++] = p;
    return p;
}

/* Also refuses a typed rate that is negative or not finite. */
static bool bind_schedule(Binder *b, Rate *rate)
{
    const Settings *now = &b->now;
    bool typed = now->schedule.row < 0;
    const Program *formula = typed ? schedule_formula(b, &now->schedule) : NULL;
    if (typed && !formula)
        return blame(b, SCENE_SCHEDULE);
    RateSpec spec = {
        .schedule = typed ? NULL : &schedules[now->schedule.row],
        .params = &now->schedule.params,
        .formula = formula,
        .formula_values = now->schedule.named.value,
        .formula_count = now->schedule.named.count,
        .eta0 = now->eta0,
        .eta_high = now->eta_high,
        .set_at = now->set_at,
        .steps = now->steps,
        .epochs = b->epochs,
        .epochs_count = b->epochs_count,
        .warmup = b->scene->warmup,
        .warmup_factor = b->scene->warmup_factor,
    };
    return rate_bind(rate, &spec, b->err) || blame(b, SCENE_SCHEDULE);
}

/* Epochs go on being counted across edits; another batch size begins the next one. */
static bool bind_batch(Binder *b, long batch, long step)
{
    long rows = loss_rows(&b->model->loss);
    if (batch > 0 && !rows) {
        error_set(b->err, 1, 1, "mini-batches need a loss over rows: data=FILE.csv");
        return blame(b, SCENE_BATCH);
    }
    Epochs next = {.from = step, .steps = 1};
    if (step > 0) {
        const Epochs *last = &b->epochs[b->epochs_count - 1];
        next.base = last->base + (step - last->from + last->steps - 1) / last->steps;
    }
    b->now.batch = batch < rows ? batch : 0; /* all rows at once are not drawn, but summed up */
    if (b->now.batch)
        next.steps = (rows + b->now.batch - 1) / b->now.batch;
    b->to->batches = b->to->batches || b->now.batch;
    b->epochs[b->epochs_count++] = next;
    return true;
}

/* Does the plateau rule watch the held-out loss? There must be one then. */
static bool bind_metric(const Binder *b, Segment *seg)
{
    seg->watches_held_out = rate_watches_held_out(&seg->rate);
    if (!seg->watches_held_out || b->model->has_held_out)
        return true;
    error_set(b->err, 1, 1,
              "metric=held_out needs a held-out loss: held_out=FILE.csv or a formula");
    return blame(b, SCENE_SCHEDULE);
}

static bool bind_segment(Binder *b, Segment *seg)
{
    static const ParamContext none = {1, 1, 1};
    const Settings *now = &b->now;
    seg->optimizer = &optimizers[now->optimizer.row];
    for (int i = 0; i < param_count(seg->optimizer->params); i++)
        seg->param[i] = param_value(seg->optimizer->params, &now->optimizer.params, i, &none);
    seg->noise = now->noise;
    seg->batch = now->batch;
    seg->epochs = b->epochs[b->epochs_count - 1];
    seg->loss = b->model->loss;
    seg->held_out = b->model->held_out;
    for (int i = 0; i < now->surface.count; i++)
        seg->loss.param[i] = seg->held_out.param[i] = now->surface.value[i];
    return bind_schedule(b, &seg->rate) && bind_metric(b, seg);
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
static bool bind_edits(Binder *b)
{
    const Scene *s = b->scene;
    Settings *now = &b->now;
    for (b->edit = 0; b->edit < s->edit_count; b->edit += b->edits) {
        long step = s->edit[b->edit].step;
        Settings before = *now;
        if (step >= now->steps)
            break; /* edits are in order: the rest has no effect either */
        b->edits = 0;
        for (int i = b->edit; i < s->edit_count && s->edit[i].step == step; i++, b->edits++)
            apply_edit(now, &before, &s->edit[i]);
        Segment *seg = &b->to->segment[b->to->segments++];
        *seg = (Segment){.from = step};
        seg->new_optimizer = now->optimizer.row != before.optimizer.row;
        seg->new_schedule = !same_row(&now->schedule, &before.schedule);
        if (seg->new_schedule)
            now->set_at = step;
        if (now->batch != before.batch && !bind_batch(b, now->batch, step))
            return false;
        if (!bind_segment(b, seg))
            return false;
    }
    return true;
}

static bool bind_all(Binder *b)
{
    const Scene *s = b->scene;
    Bound *to = b->to;
    b->now = (Settings){.optimizer = s->optimizer,
                        .schedule = s->schedule,
                        .noise = s->noise,
                        .steps = s->steps};
    to->window = model_window(b->model, s);
    to->start = start_of(s, to->window);
    model_parameters(s, &b->now.surface);
    default_rates(b);
    if (!bind_batch(b, s->batch, 0))
        return false;
    to->segments = 1;
    to->segment[0] = (Segment){.new_optimizer = true, .new_schedule = true};
    if (!bind_segment(b, &to->segment[0]) || !bind_edits(b))
        return false;
    to->steps = b->now.steps;
    return true;
}

/* The run must begin somewhere. */
static bool check_start(Bound *b, const Scene *s, Error *err)
{
    Derivatives d;
    char x[NUMBER_TEXT];
    char y[NUMBER_TEXT];
    loss_eval(&bind_first(b)->loss, b->start, EXPR_VALUE, &d);
    b->first_loss = d.f;
    if (!isnan(d.f))
        return true;
    number_print(x, b->start.x);
    number_print(y, b->start.y);
    error_set(err, 0, 0, "the start %s,%s lies in a hole: the loss is undefined there", x, y);
    if (err && s->place[SCENE_START].line)
        scene_locate(s, SCENE_START, -1, err);
    return false;
}

bool bind_scene(Bound *b, const Scene *s, const Model *m, const Bound *known, Error *err)
{
    Binder binder;
    memset(&binder, 0, sizeof binder);
    binder.scene = s;
    binder.model = m;
    binder.known = known;
    binder.to = b;
    binder.err = err;
    if (bind_all(&binder) && check_start(b, s, err))
        return true;
    bind_release(b);
    return false;
}

void bind_release(Bound *b)
{
    for (int i = 0; i < b->formulas; i++)
        program_free(b->formula[i]);
    b->formulas = b->segments = 0;
    b->batches = false;
}

const Segment *bind_at(const Bound *b, long row)
{
    int i = b->segments - 1;
    while (i > 0 && b->segment[i].from > row)
        i--;
    return &b->segment[i];
}

const Segment *bind_first(const Bound *b)
{
    return bind_at(b, 0);
}
