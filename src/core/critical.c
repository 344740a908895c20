/* SPDX-License-Identifier: MIT
 * critical: see critical.h */
#include "core/critical.h"

#include <string.h>

enum { GRID = 24, NEWTON_MOST = 60, WALK_MOST = 40 };

/* Unit eigenvector of the larger eigenvalue; the smaller one's is at right angles. */
static Vec2 major_axis(Sym2 h, double large)
{
    Vec2 a = vec2(h.xy, large - h.xx);
    Vec2 b = vec2(large - h.yy, h.xy);
    Vec2 v = vec_norm(a) > vec_norm(b) ? a : b;
    double n = vec_norm(v);
    return n > 0 ? vec_scale(1 / n, v) : vec2(1, 0);
}

/* -H^-1 g on the directions that have curvature (pseudo-inverse), so that valleys are reached too.
 */
static Vec2 newton_step(const Derivatives *d)
{
    double small;
    double large;
    sym_eigenvalues(d->h, &small, &large);
    double scale = fmax(fabs(small), fabs(large));
    Vec2 u = major_axis(d->h, large);
    Vec2 v = vec2(-u.y, u.x);
    Vec2 step = vec2(0, 0);
    if (fabs(large) > 1e-7 * scale)
        step = vec_sub(step, vec_scale((u.x * d->g.x + u.y * d->g.y) / large, u));
    if (fabs(small) > 1e-7 * scale)
        step = vec_sub(step, vec_scale((v.x * d->g.x + v.y * d->g.y) / small, v));
    return step;
}

bool critical_newton(const Loss *l, Vec2 from, Vec2 *found, Derivatives *there)
{
    Vec2 at = from;
    for (int i = 0; i < NEWTON_MOST; i++) {
        Derivatives d;
        double small;
        double large;
        loss_eval(l, at, EXPR_HESSIAN, &d);
        sym_eigenvalues(d.h, &small, &large);
        double scale = fmax(fabs(small), fabs(large));
        if (!isfinite(d.f) || !vec_finite(d.g) || !isfinite(scale))
            return false;
        Vec2 step = newton_step(&d);
        double reach = fmax(1, vec_norm(at));
        if (vec_norm(d.g) <= 1e-10 * scale * reach && vec_norm(step) <= 1e-8 * reach) {
            *found = at;
            *there = d;
            return scale > 0 || vec_norm(d.g) == 0;
        }
        /* damped: no step longer than half the distance scale */
        double length = vec_norm(step);
        if (length > 0.5 * reach)
            step = vec_scale(0.5 * reach / length, step);
        at = vec_add(at, step);
    }
    return false;
}

CriticalKind critical_kind(Sym2 h)
{
    double small;
    double large;
    sym_eigenvalues(h, &small, &large);
    double scale = fmax(fabs(small), fabs(large));
    if (fabs(small) <= 1e-6 * scale || fabs(large) <= 1e-6 * scale || scale == 0)
        return CRITICAL_VALLEY;
    return small > 0 ? CRITICAL_MINIMUM : large > 0 ? CRITICAL_SADDLE : CRITICAL_MAXIMUM;
}

void critical_start(CriticalSet *s)
{
    s->count = 0;
    s->minima = 0;
    s->searched = 0;
    s->done = false;
    s->params = -1;
}

bool critical_fits(const CriticalSet *s, const Loss *l)
{
    return s->params == l->param_count &&
           memcmp(s->param, l->param, (size_t)s->params * sizeof s->param[0]) == 0;
}

static void belong(CriticalSet *s, const Loss *l)
{
    s->params = l->param_count;
    memcpy(s->param, l->param, (size_t)l->param_count * sizeof s->param[0]);
}

/* The built-in surface whose own numbers are in force. */
static const Surface *own_surface(const Timeline *t, const Loss *now)
{
    const Scene *scene = timeline_scene(t);
    const Surface *s = scene_surface(scene);
    bool own = s && !scene->data[0];
    for (int i = 0; own && i < s->params.count; i++)
        own = now->param[i] == s->params.value[i];
    return own ? s : NULL;
}

bool critical_follow(CriticalSet *s, const Timeline *t, long row)
{
    const Loss *now = timeline_loss_at(t, row);
    const Surface *table = own_surface(t, now);
    if (critical_fits(s, now))
        return false;
    critical_start(s);
    belong(s, now);
    for (int i = 0; table && i < table->critical_count; i++)
        critical_add(s, now, timeline_window(t), table->critical[i].at);
    s->done = table != NULL;
    return true;
}

bool critical_is_lowest(double f, double lowest)
{
    return f <= lowest + 1e-6 * fmax(1e-12, fabs(lowest)) + 1e-9;
}

/* Only minima inside the window compete for "global". */
static void mark_global(CriticalSet *s, Window w)
{
    double lowest = INFINITY;
    for (int i = 0; i < s->minima; i++)
        if (window_contains(w, s->point[i].at) && s->point[i].f < lowest)
            lowest = s->point[i].f;
    for (int i = 0; i < s->count; i++)
        s->point[i].global = i < s->minima && critical_is_lowest(s->point[i].f, lowest);
}

static bool known(const CriticalSet *s, Vec2 at, double near)
{
    for (int i = 0; i < s->count; i++)
        if (vec_norm(vec_sub(s->point[i].at, at)) < near)
            return true;
    return false;
}

/* Keep minima first and lowest first. */
static void insert(CriticalSet *s, Critical c)
{
    bool minimum = c.kind == CRITICAL_MINIMUM;
    int begin = minimum ? 0 : s->minima;
    int end = minimum ? s->minima : s->count;
    int at = begin;
    while (at < end && s->point[at].f <= c.f)
        at++;
    if (s->count == CRITICAL_MAX) {
        if (!minimum || s->count == s->minima)
            return;
        s->count--;
    }
    memmove(&s->point[at + 1], &s->point[at], sizeof s->point[0] * (size_t)(s->count - at));
    s->point[at] = c;
    s->count++;
    s->minima += minimum;
}

void critical_add(CriticalSet *s, const Loss *l, Window w, Vec2 near_point)
{
    Derivatives d;
    Vec2 at = near_point;
    double same = 1e-5 * window_diagonal(w);
    Critical c = {.kind = CRITICAL_MINIMUM};
    belong(s, l);
    if (critical_newton(l, near_point, &at, &d) && vec_norm(vec_sub(at, near_point)) < 100 * same) {
        c.kind = critical_kind(d.h);
    } else { /* a cusp: the point itself, as the table says */
        at = near_point;
        loss_eval(l, at, EXPR_VALUE, &d);
    }
    c.at = at;
    c.f = d.f;
    if (known(s, at, same))
        return;
    insert(s, c);
    mark_global(s, w);
}

/* Newton on |H| (Nocedal and Wright 2006, 3.4), halved until the loss falls: downhill only, so that
 * narrow wells are found which plain Newton jumps out of. */
static Vec2 downhill_step(const Derivatives *d, double longest)
{
    double small;
    double large;
    sym_eigenvalues(d->h, &small, &large);
    double least = 1e-6 * fmax(fabs(small), fabs(large)) + 1e-300;
    Vec2 u = major_axis(d->h, large);
    Vec2 v = vec2(-u.y, u.x);
    Vec2 step = vec_add(vec_scale(-(u.x * d->g.x + u.y * d->g.y) / fmax(fabs(large), least), u),
                        vec_scale(-(v.x * d->g.x + v.y * d->g.y) / fmax(fabs(small), least), v));
    double length = vec_norm(step);
    return length > longest ? vec_scale(longest / length, step) : step;
}

static Vec2 walk_down(const Loss *l, Window w, Vec2 from)
{
    double longest = 0.05 * window_diagonal(w);
    for (int i = 0; i < WALK_MOST && window_contains(w, from); i++) {
        Derivatives d;
        Derivatives next = {.f = INFINITY};
        loss_eval(l, from, EXPR_HESSIAN, &d);
        Vec2 step = downhill_step(&d, longest);
        if (!vec_finite(step) || vec_norm(step) < 1e-5 * longest)
            break;
        for (int half = 0; half < 8 && !(next.f < d.f); half++) {
            loss_eval(l, vec_add(from, step), EXPR_VALUE, &next);
            step = next.f < d.f ? step : vec_scale(0.5, step);
        }
        if (!(next.f < d.f))
            break;
        from = vec_add(from, step);
    }
    return from;
}

static void search_from(CriticalSet *s, const Loss *l, Window w, Vec2 from, bool only_minima)
{
    Vec2 at;
    Derivatives d;
    if (!critical_newton(l, from, &at, &d) || !window_contains(w, at) ||
        known(s, at, 1e-5 * window_diagonal(w)))
        return;
    CriticalKind kind = critical_kind(d.h);
    if (kind == CRITICAL_MINIMUM || !only_minima)
        insert(s, (Critical){.at = at, .f = d.f, .kind = kind});
}

bool critical_search(CriticalSet *s, const Loss *l, Window w, int budget)
{
    Vec2 size = window_size(w);
    belong(s, l);
    while (!s->done && budget-- > 0) {
        long k = s->searched++;
        Vec2 from = vec2(w.lo.x + size.x * ((double)(k % GRID) + 0.5) / GRID,
                         w.lo.y + size.y * ((double)(k / GRID) + 0.5) / GRID);
        s->done = s->searched >= (long)GRID * GRID;
        search_from(s, l, w, from, false);
        search_from(s, l, w, walk_down(l, w, from), true);
    }
    mark_global(s, w);
    return !s->done;
}

const CriticalSet *critical_known(const CriticalSet *given, CriticalSet *own, const Timeline *t,
                                  long row)
{
    const Loss *loss = timeline_loss_at(t, row);
    if (given && (given->params < 0 || critical_fits(given, loss)))
        return given;
    critical_follow(own, t, row);
    while (critical_search(own, loss, timeline_window(t), 64))
        continue;
    return own;
}
