/* SPDX-License-Identifier: MIT
 * critical: see critical.h */
#include "core/critical.h"

#include <string.h>

enum {
    GRID = 24, /* starts of the search, squared */
    NEWTON_MOST = 60,
    WALK_MOST = 40,
    SLIDE_MOST = 20,
    AROUND = 16,       /* directions looked at where all are flat */
    WINDOW_GRID = 101, /* points, squared, for range and lowest loss */
    ROWS_MOST = 500,   /* with more rows the grid looks at some of them only */
    ROWS_THIN = 200,
};

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

/* The loss at `at` moved along v, slid down or up to the floor across it (direction u, curvature
 * `steep` at the start). */
static double loss_along(const Loss *l, Vec2 at, Vec2 v, double by, Vec2 u, double steep)
{
    Derivatives d;
    Vec2 p = vec_add(at, vec_scale(by, v));
    for (int i = 0; i < SLIDE_MOST; i++) {
        loss_eval(l, p, EXPR_HESSIAN, &d);
        double slope = u.x * d.g.x + u.y * d.g.y;
        double bend = u.x * (d.h.xx * u.x + d.h.xy * u.y) + u.y * (d.h.xy * u.x + d.h.yy * u.y);
        double step = slope / bend;
        if (!(bend * steep > 0) || !(fabs(step) > 1e-12 * fabs(by)))
            break;
        step = fmax(-fabs(by), fmin(fabs(by), step));
        p = vec_sub(p, vec_scale(step, u));
    }
    loss_eval(l, p, EXPR_VALUE, &d);
    return d.f;
}

CriticalKind critical_kind_at(const Loss *l, Vec2 at, const Derivatives *d, double reach,
                              double range)
{
    static const double compass[AROUND / 4][2] = {{1, 0}, {2, 1}, {1, 1}, {1, 2}};
    double small;
    double large;
    CriticalKind kind = critical_kind(d->h);
    sym_eigenvalues(d->h, &small, &large);
    bool flat = fmax(fabs(small), fabs(large)) == 0; /* in every direction */
    double steep = fabs(small) > fabs(large) ? small : large;
    if (kind != CRITICAL_VALLEY)
        return kind;
    if (steep < 0)
        return CRITICAL_SADDLE;
    Vec2 u = major_axis(d->h, large);
    int higher = 0;
    int looks = flat ? AROUND : 2;
    for (int i = 0; i < looks; i++) {
        Vec2 around = vec2(compass[i / 4][0], compass[i / 4][1]); /* turned by 90 degrees i times */
        for (int turn = i % 4; flat && turn > 0; turn--)
            around = vec2(-around.y, around.x);
        Vec2 v =
            flat ? vec_scale(1 / vec_norm(around), around) : vec2(i ? u.y : -u.y, i ? -u.x : u.x);
        double rise = loss_along(l, at, v, reach, u, flat ? 0 : steep) - d->f;
        if (rise < -1e-9 * range)
            return CRITICAL_SADDLE;
        higher += rise > 1e-9 * range;
    }
    return higher == looks ? CRITICAL_MINIMUM : CRITICAL_VALLEY;
}

void critical_start(CriticalSet *s)
{
    s->count = 0;
    s->minima = 0;
    s->searched = 0;
    s->done = false;
    s->params = -1;
}

bool critical_same_loss(const Loss *a, const Loss *b)
{
    return a->param_count == b->param_count &&
           memcmp(a->param, b->param, (size_t)a->param_count * sizeof a->param[0]) == 0;
}

bool critical_fits(const CriticalSet *s, const Loss *l)
{
    return s->params == l->param_count &&
           memcmp(s->param, l->param, (size_t)s->params * sizeof s->param[0]) == 0;
}

/* The k-th smallest of n numbers, which it reorders (Hoare's selection). */
static double kth_smallest(double *v, int n, int k)
{
    int low = 0;
    int high = n - 1;
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        int i = low;
        int j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                double swap = v[i];
                v[i++] = v[j];
                v[j--] = swap;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return v[k];
}

/* Finite losses of the grid; how many. */
static int sample_window(const Loss *l, Window w, double *f)
{
    Vec2 size = window_size(w);
    int n = 0;
    for (int row = 0; row < WINDOW_GRID; row++) {
        double x[WINDOW_GRID];
        double y[WINDOW_GRID];
        double value[WINDOW_GRID];
        for (int i = 0; i < WINDOW_GRID; i++) {
            x[i] = w.lo.x + size.x * i / (WINDOW_GRID - 1);
            y[i] = w.lo.y + size.y * row / (WINDOW_GRID - 1);
        }
        loss_values(l, x, y, value, WINDOW_GRID);
        for (int i = 0; i < WINDOW_GRID; i++)
            if (isfinite(value[i]))
                f[n++] = value[i];
    }
    return n;
}

/* A loss over very many rows is looked at over some: good for the range, not for what is lowest. */
static void measure_window(CriticalSet *s, const Loss *l, Window w)
{
    double f[WINDOW_GRID * WINDOW_GRID];
    Loss thin;
    bool thinned = loss_rows(l) > ROWS_MOST && loss_thin(&thin, l, ROWS_THIN);
    int n = sample_window(thinned ? &thin : l, w, f);
    s->range = 0;
    s->lowest = INFINITY;
    if (n > 0) {
        double high = kth_smallest(f, n, (int)(0.98 * (n - 1)));
        s->range = high - kth_smallest(f, n, (int)(0.02 * (n - 1)));
        s->lowest = thinned ? INFINITY : kth_smallest(f, n, 0);
    }
    if (thinned)
        loss_thin_release(&thin);
}

static void belong(CriticalSet *s, const Loss *l, Window w)
{
    if (critical_fits(s, l))
        return;
    s->params = l->param_count;
    memcpy(s->param, l->param, (size_t)l->param_count * sizeof s->param[0]);
    measure_window(s, l, w);
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
    belong(s, now, timeline_window(t));
    for (int i = 0; table && i < table->critical_count; i++)
        critical_add(s, now, timeline_window(t), table->critical[i].at);
    s->done = table != NULL;
    return true;
}

bool critical_is_lowest(double f, double lowest, double range)
{
    return f <= lowest + 1e-6 * range;
}

/* Only minima inside the window compete for "global". */
double critical_lowest(const CriticalSet *s, Window w)
{
    double lowest = s->lowest;
    for (int i = 0; i < s->minima; i++)
        if (window_contains(w, s->point[i].at) && s->point[i].f < lowest)
            lowest = s->point[i].f;
    return lowest;
}

static void mark_global(CriticalSet *s, Window w)
{
    double lowest = critical_lowest(s, w);
    for (int i = 0; i < s->count; i++)
        s->point[i].global = i < s->minima && critical_is_lowest(s->point[i].f, lowest, s->range);
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
    belong(s, l, w);
    if (critical_newton(l, near_point, &at, &d) && vec_norm(vec_sub(at, near_point)) < 100 * same) {
        c.kind = critical_kind_at(l, at, &d, 0.01 * window_diagonal(w), s->range);
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
    CriticalKind kind = critical_kind_at(l, at, &d, 0.01 * window_diagonal(w), s->range);
    if (kind == CRITICAL_MINIMUM || !only_minima)
        insert(s, (Critical){.at = at, .f = d.f, .kind = kind});
}

bool critical_search(CriticalSet *s, const Loss *l, Window w, int budget)
{
    Vec2 size = window_size(w);
    belong(s, l, w);
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
