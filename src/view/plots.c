/* SPDX-License-Identifier: MIT
 * plots: see plots.h */
#include "view/plots.h"

#include <string.h>

#include "base/text.h"
#include "view/curve.h"
#include "view/path.h"

enum { BRIGHT = 24, BRIGHT_IN_NOISE = 40 };

void plots_values(const void *loss, const double *x, const double *y, double *f, size_t n)
{
    loss_values(loss, x, y, f, n);
}

static const Row *rows_of(const PlotsTrack *t)
{
    return timeline_rows(t->run);
}

static const Row *now_of(const PlotsInput *in)
{
    return &rows_of(&in->track[0])[in->track[0].row];
}

/* Room above what is highest: a line on the frame is no line. */
static Scale with_room(Scale s)
{
    s.hi = s.log ? s.hi * pow(s.hi / s.lo, 0.03) : s.hi + 0.05 * (s.hi - s.lo);
    return s;
}

/* --- strokes over rows --------------------------------------------------------------------- */

static Vec2 point_at(const void *from, long i)
{
    return ((const Row *)from)[i].at;
}

static Vec2 eta_at(const void *from, long i)
{
    return vec2((double)i, ((const Row *)from)[i].eta);
}

/* Without a limit there is a gap. */
static Vec2 limit_at(const void *from, long i)
{
    double limit = ((const Row *)from)[i].limit;
    return vec2((double)i, isfinite(limit) ? limit : (double)NAN);
}

static Vec2 loss_at(const void *from, long i)
{
    return vec2((double)i, ((const Row *)from)[i].loss);
}

static Vec2 held_out_at(const void *from, long i)
{
    return vec2((double)i, ((const Row *)from)[i].held_out);
}

static Vec2 batch_at(const void *from, long i)
{
    return vec2((double)i, ((const Row *)from)[i].batch_loss);
}

static Shape *add_rows(Figure *f, const PlotsTrack *t, StrokeAt *at, Role role, long last)
{
    Shape *s = figure_add(f, SHAPE_STROKE, role);
    long ready = timeline_ready(t->run) - 1;
    s->stroke = (Stroke){.at = at,
                         .from = rows_of(t),
                         .first = 0,
                         .last = last < ready ? last : ready,
                         .revision = timeline_revision(t->run),
                         .width = 1.6,
                         .alpha = 1};
    return s;
}

/* A value in the margin, at its height, with a word before it. */
static void add_label(Figure *f, const char *word, double value, Role role)
{
    char number[NUMBER_TEXT];
    Shape *s = figure_add(f, SHAPE_LABEL, role);
    number_show(number, value, 3);
    s->a = vec2(0, value);
    Text t = text_over(s->text, sizeof s->text);
    text_add(&t, "%s%s%s", word, word[0] ? " " : "", number);
}

static Shape *add_mark(Figure *f, Vec2 at, Mark mark, Role role)
{
    Shape *s = figure_add(f, SHAPE_MARK, role);
    s->a = at;
    s->mark = mark;
    return s;
}

static void put_name(char out[FIGURE_TEXT], const char *name)
{
    Text t = text_over(out, FIGURE_TEXT);
    text_add(&t, "%s", name);
}

/* --- scales -------------------------------------------------------------------------------- */

static Series series_of(const PlotsTrack *t, SeriesGet *get)
{
    return (Series){rows_of(t), timeline_ready(t->run), timeline_revision(t->run), get};
}

static void add_range(Range *all, const PlotsTrack *t, SeriesGet *get, double base)
{
    Range one = {0};
    Series s = series_of(t, get);
    range_update(&one, &s, base);
    if (all->count == 0)
        *all = one;
    all->lo = fmin(all->lo, one.lo);
    all->hi = fmax(all->hi, one.hi);
    all->least_above = fmin(all->least_above, one.least_above);
}

/* A logarithm needs a floor below all losses: the lowest known loss, unless all are above zero. */
static double loss_base(const PlotsInput *in)
{
    double lowest = in->known && in->known->minima ? in->known->point[0].f : INFINITY;
    for (int i = 0; i < in->tracks; i++)
        lowest = fmin(lowest, rows_of(&in->track[i])[timeline_ready(in->track[i].run) - 1].best);
    return lowest < 0 || (lowest < 1e-6 && in->known && in->known->minima) ? fmin(lowest, 0) : 0;
}

void plots_scales(PlotsInput *in)
{
    Range eta = {0}, loss = {0};
    double base = loss_base(in);
    for (int i = 0; i < in->tracks; i++) {
        add_range(&eta, &in->track[i], series_eta, 0);
        add_range(&loss, &in->track[i], series_loss, base);
        if (!isnan(rows_of(&in->track[i])[0].held_out))
            add_range(&loss, &in->track[i], series_held_out, base);
    }
    in->eta = scale_eta(&eta);
    in->loss = scale_loss(&loss, base);
}

/* What follows from one row of a run alone is another stroke at another row. */
static unsigned long moment_of(const PlotsTrack *t)
{
    return timeline_revision(t->run) * (STEPS_MAX + 2UL) + (unsigned long)t->row + 1;
}

/* --- the map ------------------------------------------------------------------------------- */

static bool is_noisy(const PlotsTrack *t)
{
    return timeline_noise(t->run, t->row) > 0 || !isnan(rows_of(t)[0].batch_loss);
}

/* Thin, with a dot at every step, brightest at the head; of a cloud only the last stretch. */
static void add_path(Figure *f, const PlotsTrack *t, bool first)
{
    bool noisy = is_noisy(t);
    Shape *s = add_rows(f, t, point_at, first ? ROLE_PATH_OLD : t->role, t->row);
    s->stroke.width = first ? 1.5 : 1.2;
    s->stroke.style = t->style;
    s->stroke.dots = t->style == LINE_SOLID;
    s->stroke.halo = true;
    s->stroke.alpha = noisy ? 0.4 : 1;
    s->stroke.bright = noisy ? BRIGHT_IN_NOISE : BRIGHT;
    s->stroke.bright_role = first ? ROLE_PATH : t->role;
}

/* What is still to come. */
static void add_lens(Figure *f, const PlotsTrack *t)
{
    Shape *s = add_rows(f, t, point_at, ROLE_PATH_OLD, timeline_last(t->run));
    s->stroke.first = t->row;
    s->stroke.revision = moment_of(t);
    s->stroke.width = 1;
    s->stroke.style = LINE_SPARSE;
}

/* The ball; where it left the window an arrow at the place where it went out. */
static void add_head(Figure *f, const PlotsInput *in, const PlotsTrack *t, Mark mark, Role role)
{
    const Row *rows = rows_of(t);
    Vec2 size = window_size(in->window), head = rows[t->row].at;
    Shape *s = add_mark(f, head, mark, role);
    if (t->letter) {
        s->text[0] = t->letter;
        s->text[1] = '\0';
    }
    for (long i = t->row; i > 0 && t->row - i < 512 && !window_contains(in->window, head); i--) {
        Vec2 a = vec_sub(rows[i - 1].at, in->window.lo), b = vec_sub(rows[i].at, in->window.lo),
             way = vec_sub(b, a);
        if (!clip_segment(&a, &b, size.x, size.y))
            continue;
        s->b = vec2(way.x / size.x, way.y / size.y);
        double little = 1e-9 / fmax(vec_norm(s->b), 1e-300);
        s->a = vec_add(vec_add(in->window.lo, b), vec_scale(little, way));
        return;
    }
}

static void add_known(Figure *f, const PlotsInput *in)
{
    for (int i = in->known ? in->known->count - 1 : -1; i >= 0; i--) {
        const Critical *k = &in->known->point[i];
        if (!window_contains(in->window, k->at))
            continue;
        if (k->kind == CRITICAL_MINIMUM)
            add_mark(f, k->at, k->global ? MARK_GLOBAL : MARK_LOCAL,
                     k->global ? ROLE_GLOBAL : ROLE_LOCAL);
        else if (k->kind == CRITICAL_SADDLE)
            add_mark(f, k->at, MARK_SADDLE, ROLE_SADDLE);
    }
}

static void draw_map(Figure *f, const PlotsInput *in, PlotsStore *store)
{
    (void)store;
    Panel *p = figure_panel(f, "loss surface", in->surface);
    p->x.scale = (Scale){in->window.lo.x, in->window.hi.x, 0, false};
    p->y.scale = (Scale){in->window.lo.y, in->window.hi.y, 0, false};
    put_name(p->x.name, in->axis[0]);
    put_name(p->y.name, in->axis[1]);
    p->heat = in->heat;
    if (in->lens)
        add_lens(f, &in->track[0]);
    for (int i = in->tracks - 1; i >= 0; i--)
        add_path(f, &in->track[i], i == 0);
    add_known(f, in);
    for (int i = in->tracks - 1; i > 0; i--)
        add_head(f, in, &in->track[i], MARK_KNOT, in->track[i].role);
    Vec2 start = rows_of(&in->track[0])[0].at;
    if (window_contains(in->window, start))
        add_mark(f, start, MARK_START, ROLE_START);
    add_head(f, in, &in->track[0], MARK_HEAD, ROLE_HEAD);
}

/* --- plots over steps ---------------------------------------------------------------------- */

static Panel *step_panel(Figure *f, const PlotsInput *in, const char *title, const Scale *y)
{
    const Timeline *run = in->track[0].run;
    Panel *p = figure_panel(f, title, "");
    p->x.scale = (Scale){0, fmax((double)(in->steps ? in->steps : timeline_steps(run)), 1), 0, false};
    p->x.steps = true;
    put_name(p->x.name, "step");
    p->y.scale = f->bare ? *y : with_room(*y); /* bare: the axes stand elsewhere */
    return p;
}

static void add_ticks(Figure *f, const PlotsInput *in)
{
    const Scene *scene = timeline_scene(in->track[0].run);
    const Row *rows = rows_of(&in->track[0]);
    long last = in->hidden ? in->track[0].row : timeline_ready(in->track[0].run) - 1, step = -1;
    int left = PLOTS_TICKS;
    for (int i = 0; i < scene->edit_count && left > 0; i++)
        if (scene->edit[i].step != step) {
            step = scene->edit[i].step;
            figure_add(f, SHAPE_TICK, ROLE_TICK)->a = vec2((double)step, 0);
            left--;
        }
    for (long t = 0; t <= last && left > 0; t++)
        if (rows[t].events & ROW_CUT) {
            figure_add(f, SHAPE_TICK, ROLE_WARN)->a = vec2((double)t, 0);
            left--;
        }
}

static void add_others(Figure *f, const PlotsInput *in, StrokeAt *at)
{
    for (int i = in->tracks - 1; i > 0; i--) {
        const PlotsTrack *t = &in->track[i];
        Shape *s = add_rows(f, t, at, t->role, t->row);
        s->stroke.style = t->style;
        if (t->letter)
            add_label(f, (const char[]){t->letter, '\0'}, at(rows_of(t), t->row).y, t->role);
    }
}

static void eta_note(const PlotsTrack *t, Panel *p)
{
    const Rate *r = timeline_rate(t->run, t->row);
    char eta0[NUMBER_TEXT];
    number_brief(eta0, r->eta0, 3);
    Text n = text_over(p->note, sizeof p->note);
    text_add(&n, "%s, η₀ %s", r->schedule ? r->schedule->name : "typed schedule", eta0);
}

static void draw_eta(Figure *f, const PlotsInput *in, PlotsStore *store)
{
    (void)store;
    const PlotsTrack *run = &in->track[0];
    const Row *now = now_of(in);
    Panel *p = step_panel(f, in, "learning rate η", &in->eta);
    if (!in->hidden)
        eta_note(run, p);
    add_others(f, in, eta_at);
    Shape *limit = add_rows(f, run, limit_at, ROLE_LIMIT, run->row);
    limit->stroke.width = 1.2;
    if (!in->hidden)
        add_rows(f, run, eta_at, ROLE_ETA_PLAN, timeline_last(run->run));
    Shape *used = add_rows(f, run, eta_at, ROLE_ETA, run->row);
    used->stroke.width = 2;
    add_ticks(f, in);
    add_mark(f, vec2((double)run->row, now->eta), MARK_HEAD, ROLE_HEAD);
    if (isfinite(now->limit))
        add_label(f, now->limit > in->eta.hi ? "↑ limit" : "limit", now->limit, ROLE_LIMIT);
    add_label(f, "η", now->eta, ROLE_ETA);
}

static void loss_title(const PlotsInput *in, Panel *p)
{
    char base[NUMBER_TEXT];
    number_show(base, in->loss.base, 3);
    Text t = text_over(p->note, sizeof p->note);
    text_add(&t, in->loss.log ? "log" : "");
    if (in->loss.log && fabs(in->loss.base) > 1e-6)
        text_add(&t, ", above %s", base);
}

static void draw_loss(Figure *f, const PlotsInput *in, PlotsStore *store)
{
    (void)store;
    const PlotsTrack *run = &in->track[0];
    const Row *now = now_of(in);
    bool held_out = !isnan(now->held_out);
    Panel *p = step_panel(f, in, "loss", &in->loss);
    loss_title(in, p);
    add_others(f, in, loss_at);
    if (!isnan(now->batch_loss)) {
        Shape *batch = add_rows(f, run, batch_at, ROLE_LOSS_PLAN, run->row);
        batch->stroke.width = 0.9;
        add_label(f, "batch", now->batch_loss, ROLE_DIM);
    }
    if (held_out) {
        add_rows(f, run, held_out_at, ROLE_HELD_OUT, run->row);
        add_label(f, "held-out", now->held_out, ROLE_HELD_OUT);
    }
    Shape *train = add_rows(f, run, loss_at, ROLE_LOSS, run->row);
    train->stroke.width = 2;
    add_ticks(f, in);
    add_mark(f, vec2((double)run->row, now->loss), MARK_HEAD, ROLE_HEAD);
    add_label(f, held_out ? "training" : "", now->loss, ROLE_LOSS);
}

/* --- the hop ------------------------------------------------------------------------------- */

static Vec2 profile_at(const void *from, long i)
{
    const Hop *h = from;
    return vec2(h->from + (h->to - h->from) * (double)i / (h->count - 1), h->f[i]);
}

/* The walls of a steep valley are cut where they hide what is going on. */
static Scale hop_scale(const Hop *h)
{
    double lo = INFINITY, hi = -INFINITY;
    for (int i = 0; i < h->count; i++)
        if (isfinite(h->f[i])) {
            lo = fmin(lo, h->f[i]);
            hi = fmax(hi, h->f[i]);
        }
    double seen = fmax(h->here, isfinite(h->there) ? h->there : h->here);
    hi = fmin(hi, fmax(seen, lo) + 0.4 * (fmax(seen, lo) - lo));
    hi = fmax(hi, lo + 1e-9 * fabs(lo)); /* what is only rounding is flat */
    return lo <= hi ? (Scale){lo - 0.04 * (hi - lo) - 1e-300, hi + 1e-300, 0, false}
                    : scale_linear(0, 1);
}

static void draw_hop(Figure *f, const PlotsInput *in, PlotsStore *store)
{
    Hop *hop = &store->hop;
    const PlotsTrack *run = &in->track[0];
    const Row *now = now_of(in);
    Update u;
    timeline_update(run->run, run->row, &u);
    double keep = u.step.shrink;
    Vec2 step =
        vec2(now->at.x * (1 - keep) + u.step.step.x, now->at.y * (1 - keep) + u.step.step.y);
    hop_make(hop, timeline_loss_at(run->run, run->row), now->at, step, now->eta, now->limit,
             HOP_SAMPLES);
    bool down = hop->there < hop->here;
    Panel *p = figure_panel(f, "the coming step", hop->way);
    p->x.scale = (Scale){hop->from, hop->to, 0, false};
    p->y.scale = hop_scale(hop);
    put_name(p->x.name, "steps along −η·g: 0 here, 1 where it lands");
    if (hop->fence < hop->to) {
        Shape *fence = figure_add(f, SHAPE_FENCE, ROLE_LIMIT);
        fence->a = vec2(hop->fence, (double)NAN);
        put_name(fence->text, "limit");
    }
    Shape *profile = figure_add(f, SHAPE_STROKE, ROLE_LOSS);
    profile->stroke = (Stroke){.at = profile_at,
                               .from = hop,
                               .last = hop->count - 1,
                               .width = 2,
                               .alpha = 1,
                               .revision = moment_of(run)};
    if (hop->length > 0 && isfinite(hop->there)) {
        Shape *way = figure_add(f, SHAPE_ARROW, ROLE_DIM);
        way->a = vec2(0, hop->here);
        way->b = vec2(1, hop->there);
        add_mark(f, vec2(1, hop->there), MARK_START, down ? ROLE_GOOD : ROLE_BAD);
        add_label(f, "→", hop->there, down ? ROLE_GOOD : ROLE_BAD);
    }
    add_mark(f, vec2(0, hop->here), MARK_HEAD, ROLE_HEAD);
    add_label(f, "", hop->here, ROLE_HEAD);
}

/* --- the fit ------------------------------------------------------------------------------- */

static Vec2 curve_at(const void *from, long i)
{
    const Fitted *f = from;
    return vec2(f->x[i], f->y[i]);
}

static Vec2 train_at(const void *from, long i)
{
    const Fitted *f = from;
    return fitted_point(f, f->data, i);
}

static Vec2 held_point_at(const void *from, long i)
{
    const Fitted *f = from;
    return fitted_point(f, f->held_out, i);
}

static void add_key(Figure *f, const char *text, double at, Role role)
{
    Shape *key = figure_add(f, SHAPE_LABEL, role);
    key->a = vec2(0, at);
    put_name(key->text, text);
}

static void add_points(Figure *f, const Fitted *fitted, StrokeAt *at, long count, Mark mark,
                       Role role)
{
    Shape *s = figure_add(f, SHAPE_STROKE, role);
    s->mark = mark;
    s->stroke = (Stroke){
        .at = at, .from = fitted, .last = count - 1, .width = 5, .alpha = 1, .scattered = true};
}

static void draw_fit(Figure *f, const PlotsInput *in, PlotsStore *store)
{
    Fitted *fitted = &store->fitted;
    const PlotsTrack *run = &in->track[0];
    const Loss *held_out = timeline_held_out(run->run, run->row);
    fitted_make(fitted, timeline_loss_at(run->run, run->row), held_out, now_of(in)->at);
    Panel *p = figure_panel(f, "fit",
                            fitted->usable ? "the model at the present weights" : "no data to fit");
    if (!fitted->usable)
        return;
    double pad = 0.06 * (fitted->high - fitted->low);
    p->x.scale = (Scale){fitted->lo, fitted->hi, 0, false};
    p->y.scale = (Scale){fitted->low - pad, fitted->high + pad, 0, false};
    put_name(p->x.name, fitted->x_name);
    put_name(p->y.name, fitted->y_name);
    add_points(f, fitted, train_at, fitted->data->n, MARK_KNOT, ROLE_LOSS);
    if (fitted->held_out)
        add_points(f, fitted, held_point_at, fitted->held_out->n, MARK_SADDLE, ROLE_HELD_OUT);
    Shape *curve = figure_add(f, SHAPE_STROKE, ROLE_HEAD);
    curve->stroke = (Stroke){.at = curve_at,
                             .from = fitted,
                             .last = fitted->count - 1,
                             .width = 2,
                             .alpha = 1,
                             .revision = moment_of(run)};
    add_key(f, fitted->against ? "exact" : "model", fitted->y[fitted->count - 1], ROLE_HEAD);
    add_key(f, "● training", fitted->high, ROLE_LOSS);
    if (fitted->held_out)
        add_key(f, "○ held-out", fitted->high, ROLE_HELD_OUT);
}

const PlotsPanel plots_panels[] = {
    {"map", "the loss surface with the path", draw_map, true},
    {"eta", "the learning rate and its limit over the steps", draw_eta, false},
    {"loss", "the loss over the steps", draw_loss, false},
    {"hop", "the surface cut along the coming step", draw_hop, false},
    {"fit", "the data and the model's curve", draw_fit, false},
    {NULL, NULL, NULL, false},
};
