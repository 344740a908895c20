/* SPDX-License-Identifier: MIT
 * picture: see picture.h */
#include "app/picture.h"

#include <math.h>
#include <string.h>

enum { SLICE_FIELD = 60000 }; /* evaluations for the map a call */

const TrackStyle track_styles[TRACKS] = {
    [TRACK_RUN] = {ROLE_HEAD, PATH_SOLID, PLOT_SOLID, false},
    [1] = {ROLE_GHOST_A, PATH_DOTTED, PLOT_SOLID, false},
    [2] = {ROLE_GHOST_B, PATH_DASHED, PLOT_SOLID, false},
    [3] = {ROLE_GHOST_C, PATH_SPARSE, PLOT_SOLID, false},
    [4] = {ROLE_GHOST_D, PATH_DOTTED, PLOT_SOLID, false},
    [5] = {ROLE_GHOST_E, PATH_DASHED, PLOT_SOLID, false},
    [TRACK_GHOST] = {ROLE_DIM, PATH_DASHED, PLOT_DOTTED, true},
};

static int positive(int v)
{
    return v > 0 ? v : 0;
}

/* ---- sizes ---- */

static void curves_release(Curves *c)
{
    curve_release(&c->rate_x);
    curve_release(&c->rate_y);
    curve_release(&c->batch);
    curve_release(&c->eta);
    curve_release(&c->limit);
    curve_release(&c->loss);
    curve_release(&c->held_out);
}

void picture_release(Picture *p)
{
    for (int i = 0; i < TRACKS; i++) {
        path_release(&p->drawn[i].path);
        curves_release(&p->drawn[i].curves);
    }
    field_release(&p->map.field);
    path_release(&p->lens.path);
    fit_release(&p->fit);
    chain_release(&p->chain);
}

static bool curves_resize(Curves *c, int eta_dots, int loss_dots)
{
    return curve_resize(&c->eta, eta_dots) && curve_resize(&c->limit, eta_dots) &&
           curve_resize(&c->rate_x, eta_dots) && curve_resize(&c->rate_y, eta_dots) &&
           curve_resize(&c->loss, loss_dots) && curve_resize(&c->held_out, loss_dots) &&
           curve_resize(&c->batch, loss_dots);
}

bool picture_resize(Picture *p, const Layout *l)
{
    Rect map = rect_inside(l->map);
    int cols = positive(map.cols);
    int rows = positive(map.rows);
    int eta = positive(2 * plot_area(l->eta).cols);
    int loss = positive(2 * plot_area(l->loss).cols);
    bool ok = field_resize(&p->map.field, cols, rows) && path_resize(&p->lens.path, cols, rows);
    for (int i = 0; i < TRACKS; i++)
        ok = ok && path_resize(&p->drawn[i].path, cols, rows) &&
             curves_resize(&p->drawn[i].curves, eta, loss);
    p->map.stale = true;
    return ok;
}

void picture_follow(Picture *p, const Session *s, unsigned bits)
{
    if (bits & CHANGED_SURFACE) {
        fit_ready(&p->fit, s);
        chain_ready(&p->chain, s);
        p->now.row = -1;
    }
    if (bits & (CHANGED_SURFACE | CHANGED_MAP))
        p->map.stale = true;
    if ((bits & CHANGED_RUN) && s->same_rows >= 0)
        path_keep(&p->drawn[TRACK_RUN].path, s->same_rows, s->same_revision,
                  timeline_revision(session_run(s)));
}

/* ---- the map ---- */

static void loss_values_of(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    loss_values(ctx, x, y, f, n);
}

bool picture_sample(Picture *p, const Session *s, const Look *l)
{
    MapPicture *m = &p->map;
    Rect map = rect_inside(l->layout.map);
    if (map.cols <= 0 || map.rows <= 0) {
        m->stale = false;
        m->stopped = true;
        return false;
    }
    if (m->stale) {
        m->loss = *fit_map_loss(&p->fit, s, l->held_out);
        field_start(&m->field, s->window, loss_values_of, &m->loss);
        m->stale = false;
        m->stopped = false;
    }
    if (m->stopped)
        return false;
    long rows = m->loss.data ? loss_rows(&m->loss) : 1;
    m->stopped = !field_advance(&m->field, rows > 8 ? 8 * SLICE_FIELD / rows : SLICE_FIELD);
    return true;
}

/* Edits of surface parameters change the map under the run. */
static void refresh_map(MapPicture *m, const Session *s)
{
    const Loss *now = timeline_loss_at(session_run(s), session_row(s));
    for (int i = 0; i < now->param_count; i++)
        if (now->param[i] != m->loss.param[i])
            m->stale = true;
}

/* ---- scales ---- */

Series series_of(const Timeline *t, SeriesGet *get)
{
    return (Series){timeline_rows(t), timeline_ready(t), timeline_revision(t), get};
}

/* The rows of a run that may be told. */
static Series series_known(const Known *k, const Timeline *t, SeriesGet *get)
{
    Series all = series_of(t, get);
    all.count = k->hides && k->rows < all.count ? k->rows : all.count;
    return all;
}

static double series_rate_x(const Row *row)
{
    return row->rate.x;
}

static double series_rate_y(const Row *row)
{
    return row->rate.y;
}

static double series_batch(const Row *row)
{
    return row->batch_loss;
}

/* Effective rates live on a scale of their own: they may be a thousand times eta. */
static void refresh_rate_scale(Picture *p, const Timeline *run)
{
    Scales *k = &p->scales;
    Series x = series_known(&p->known, run, series_rate_x);
    Series y = series_known(&p->known, run, series_rate_y);
    range_update(&k->rate_range[0], &x, 0);
    range_update(&k->rate_range[1], &y, 0);
    k->rate = scale_linear(0, fmax(k->rate_range[0].hi, k->rate_range[1].hi));
}

/* A logarithm needs a floor below all losses: the lowest known loss, unless all are above zero. */
static double loss_base(const Known *known, const Session *s)
{
    double lowest = s->critical.minima ? s->critical.point[0].f : INFINITY;
    lowest = fmin(lowest, timeline_rows(session_run(s))[known->rows - 1].best);
    return lowest < 0 || (lowest < 1e-6 && s->critical.minima) ? fmin(lowest, 0) : 0;
}

static void widen(Range *both, const Range *r)
{
    both->lo = fmin(both->lo, r->lo);
    both->hi = fmax(both->hi, r->hi);
    both->least_above = fmin(both->least_above, r->least_above);
}

/* Room on both sides of what is known, so that the axis does not tell what is to come. */
static void make_room(Range *r, double base)
{
    r->hi = r->hi > base ? base + 10 * (r->hi - base) : r->hi;
    r->least_above = base + 0.1 * (r->least_above - base);
}

/* One scale for all losses that are shown: of other runs and of held-out rows, too. */
static void refresh_loss_scale(Picture *p, const Session *s)
{
    double base = loss_base(&p->known, s);
    Range both;
    for (int i = 0; i < TRACKS; i++) {
        const Track *t = &s->track[i];
        if (!t->shown || (i != TRACK_RUN && !scene_same_loss(timeline_scene(t->run), &s->scene)))
            continue;
        if (i == TRACK_GHOST && p->known.hides)
            continue;
        Series loss = series_known(&p->known, t->run, series_loss);
        range_update(&p->drawn[i].range, &loss, base);
        if (i == TRACK_RUN)
            both = p->drawn[i].range;
        else
            widen(&both, &p->drawn[i].range);
    }
    if (p->scales.has_held_out) {
        Series held_out = series_known(&p->known, session_run(s), series_held_out);
        range_update(&p->scales.held_out_range, &held_out, base);
        widen(&both, &p->scales.held_out_range);
    }
    if (p->known.hides)
        make_room(&both, base);
    p->scales.loss = scale_loss(&both, base);
}

static void refresh_scales(Picture *p, const Session *s)
{
    Scales *k = &p->scales;
    const Timeline *run = session_run(s);
    Series eta = series_known(&p->known, run, series_eta);
    range_update(&k->eta_range, &eta, 0);
    k->eta = scale_eta(&k->eta_range);
    if (p->known.hides)
        k->eta = scale_linear(0, 2 * fmax(k->eta_range.hi, 0));
    k->has_held_out = fit_has_held_out(s);
    k->has_batch = !isnan(timeline_rows(run)[0].batch_loss);
    refresh_loss_scale(p, s);
    k->has_rates = p->now.update.optimizer && p->now.update.optimizer->normalised;
    if (k->has_rates)
        refresh_rate_scale(p, run);
}

/* ---- runs ---- */

static void refresh_curves(Curves *c, const Picture *p, const Timeline *t)
{
    const Scales *k = &p->scales;
    const Known *known = &p->known;
    long steps = known->steps;
    Series eta = series_known(known, t, series_eta);
    Series limit = series_known(known, t, series_limit);
    Series loss = series_known(known, t, series_loss);
    Series held_out = series_known(known, t, series_held_out);
    curve_update(&c->eta, &eta, steps, &k->eta);
    curve_update(&c->limit, &limit, steps, &k->eta);
    if (k->has_rates) {
        Series x = series_known(known, t, series_rate_x);
        Series y = series_known(known, t, series_rate_y);
        curve_update(&c->rate_x, &x, steps, &k->rate);
        curve_update(&c->rate_y, &y, steps, &k->rate);
    }
    curve_update(&c->loss, &loss, steps, &k->loss);
    if (k->has_held_out)
        curve_update(&c->held_out, &held_out, steps, &k->loss);
    if (k->has_batch) {
        Series batch = series_known(known, t, series_batch);
        curve_update(&c->batch, &batch, steps, &k->loss);
    }
}

/* true: a path is not drawn to its end yet. */
static bool refresh_track(Picture *p, const Session *s, const Look *l, int i)
{
    const TrackStyle *style = &track_styles[i];
    const Timeline *t = s->track[i].run;
    Drawn *d = &p->drawn[i];
    GlyphSet fine = l->glyphs == GLYPHS_ASCII ? GLYPHS_ASCII : GLYPHS_BRAILLE;
    long last = timeline_ready(t) - 1; /* runners move together: nobody's end is told before */
    long row = i == TRACK_GHOST || session_row(s) > last ? last : session_row(s);
    bool waits = path_update(&d->path, s->window, style->fine ? fine : l->glyphs, style->path,
                             timeline_rows(t), row, timeline_revision(t));
    refresh_curves(&d->curves, p, t);
    return waits;
}

static void refresh_verdict(Now *n, const Session *s)
{
    const Timeline *run = session_run(s);
    long row = session_row(s);
    unsigned long revision = timeline_revision(run);
    if (row == n->row && revision == n->revision && s->critical.count == n->known)
        return;
    verdict_next(&n->words, run, row, timeline_window(run), &s->critical, &n->verdict);
    timeline_update(run, row, &n->update);
    Derivatives d;
    loss_eval(timeline_loss_at(run, row), timeline_rows(run)[row].at, EXPR_GRADIENT, &d);
    n->slope = vec_norm(d.g);
    n->row = row;
    n->revision = revision;
    n->known = s->critical.count;
}

static void add_tick(PlotTick *list, int *count, long step, Role role)
{
    if (*count < TICKS_MOST)
        list[(*count)++] = (PlotTick){step, role, 0};
}

/* Edits, and the cuts of rows not yet looked at. */
static void list_ticks(StepTicks *t, const Session *s)
{
    const Timeline *run = session_run(s);
    const Row *rows = timeline_rows(run);
    long ready = timeline_ready(run);
    const Edit *edit = s->scene.edit;
    if (t->revision != timeline_revision(run) || t->seen > ready) {
        t->revision = timeline_revision(run);
        t->seen = 0;
        t->listed = 0;
        for (int i = 0; i < s->scene.edit_count; i++)
            if (i == 0 || edit[i].step != edit[i - 1].step)
                add_tick(t->list, &t->listed, edit[i].step, ROLE_TICK);
    }
    for (; t->seen < ready; t->seen++)
        if (rows[t->seen].events & ROW_CUT)
            add_tick(t->list, &t->listed, t->seen, ROLE_WARN);
}

/* Those that may be told, and the row of least held-out loss. */
static void refresh_ticks(Picture *p, const Session *s)
{
    StepTicks *t = &p->ticks;
    list_ticks(t, s);
    t->count = 0;
    for (int i = 0; i < t->listed; i++)
        if (!p->known.hides || t->list[i].step < p->known.rows)
            add_tick(t->shown, &t->count, t->list[i].step, t->list[i].role);
    if (p->scales.has_held_out && p->fit.best > 0)
        add_tick(t->shown, &t->count, p->fit.best, ROLE_HELD_OUT);
}

/* ---- the coming step ---- */

Vec2 picture_step(const Picture *p, const Session *s)
{
    Vec2 at = session_now(s)->at;
    const OptStep *u = &p->now.update.step;
    /* theta - (shrink*theta - step): weight decay belongs to the step */
    return vec2(at.x - (u->shrink * at.x - u->step.x), at.y - (u->shrink * at.y - u->step.y));
}

static void refresh_hop(Picture *p, const Session *s, const Look *l)
{
    const Row *row = session_now(s);
    hop_make(&p->hop, timeline_loss_at(session_run(s), session_row(s)), row->at, picture_step(p, s),
             row->eta, row->limit, 2 * (l->layout.loss.cols - 4));
}

/* The rows from the cursor on, as a run of their own. */
static void refresh_lens(Lens *n, const Session *s, const Look *l)
{
    const Timeline *run = session_run(s);
    long row = session_row(s);
    long last = timeline_ready(run) - 1;
    unsigned long revision = timeline_revision(run);
    GlyphSet glyphs = l->glyphs == GLYPHS_ASCII ? GLYPHS_ASCII : GLYPHS_BRAILLE;
    n->waits = path_update(&n->path, s->window, glyphs, PATH_SPARSE, timeline_rows(run) + row,
                           last - row, revision * (unsigned long)STEPS_MAX + (unsigned long)row);
    if (n->revision != revision && timeline_done(run)) {
        CriticalSet own;
        critical_start(&own);
        verdict_at(run, last, timeline_window(run), critical_known(&s->critical, &own, run, last),
                   &n->end);
        n->revision = revision;
    }
}

void picture_refresh(Picture *p, const Session *s, const Look *l, bool hides)
{
    const Timeline *run = session_run(s);
    p->known = (Known){hides, hides ? session_steps_known(s) : timeline_steps(run),
                       hides ? session_row(s) + 1 : timeline_ready(run)};
    refresh_map(&p->map, s);
    refresh_verdict(&p->now, s);
    refresh_scales(p, s);
    p->path_waits = false;
    for (int i = 0; i < TRACKS; i++)
        if (s->track[i].shown)
            p->path_waits = refresh_track(p, s, l, i) || p->path_waits;
    if (l->pane == PANE_HOP)
        refresh_hop(p, s, l);
    if (l->lens)
        refresh_lens(&p->lens, s, l);
    fit_refresh(&p->fit, s);
    refresh_ticks(p, s);
}

bool picture_waits(const Picture *p, const Look *l)
{
    const Field *f = &p->map.field;
    return p->path_waits || (l->lens && p->lens.waits) || p->map.stale ||
           (!p->map.stopped && f->cols > 0 && f->rows > 0);
}
