/* SPDX-License-Identifier: MIT
 * sweep: η₀ against another parameter, every pair coloured by how the run with it ends. Tab walks
 * through the other parameters. */
#include <math.h>
#include <string.h>

#include "app/bindings.h"
#include "app/ends.h"
#include "app/focus.h"
#include "app/say.h"
#include "app/views.h"

typedef struct Sweep {
    Ends ends;      /* first: tests look at it */
    Parameter other;  /* on the axis up */
    char name[MAPS_AXIS]; /* of `other`, as an axis: "optimizer.momentum" */
    bool log, whole;  /* its axis */
} Sweep;

static const Binding own_keys[] = {
    {'W', "sweep", NULL, 0, 0, "leave"},
    {KEYCODE_TAB, "sweep next", "other parameter", 5, 0, "the next parameter against η₀"},
    {KEYCODE_SHIFT_TAB, "sweep previous", NULL, 0, 0, "the parameter before"},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, cross_keys, NULL};

static Sweep *sweep_of(const App *a)
{
    return view_memory(a, &view_sweep);
}

/* ---- the other parameter ------------------------------------------------------------------- */

/* Where it may lie, and where one looks first. */
typedef struct Extent {
    double lo, hi;
    double least, most;
    bool log, whole;
} Extent;

static Extent extent_of_row(const ParamInfo *i, double v, long steps)
{
    double wide = isfinite(i->lo) && isfinite(i->hi) ? i->hi - i->lo : 0;
    double step = i->kind == PARAM_INTEGER ? 1 : wide > 0 ? wide / 1000 : 1e-12;
    Extent e = {.least = isfinite(i->lo) ? i->lo + (i->lo_open ? step : 0) : -1e9,
                .most = isfinite(i->hi) ? i->hi - (i->hi_open ? step : 0) : 1e9,
                .whole = i->kind == PARAM_INTEGER,
                .log = strcmp(i->unit, "rate") == 0 && v > 0};
    e.lo = wide > 0 ? e.least : e.log ? v / 32 : fmax(e.least, fmin(0, v));
    e.hi = wide > 0 ? e.most : e.log ? v * 32 : fmax(2 * fabs(v), e.lo + 1);
    if (e.whole && !(wide > 0))
        e.hi = fmax(e.hi, fmin(e.most, (double)steps / 2));
    if (e.log)
        e.least = fmax(e.least, 1e-12);
    return e;
}

static const ParamInfo *row_of(const App *a, const Parameter *f)
{
    static const ParamInfo noise = {.lo = 0, .hi = INFINITY, .unit = ""};
    static const ParamInfo warmup = {.kind = PARAM_INTEGER, .lo = 0, .hi = INFINITY, .unit = ""};
    static const ParamInfo own = {.lo = -INFINITY, .hi = INFINITY, .unit = ""};
    const Timeline *t = session_run(a->session);
    long row = session_row(a->session);
    const Schedule *schedule = timeline_rate(t, row)->schedule;
    switch (f->key) {
    case SCENE_OPTIMIZER:
        return &timeline_optimizer(t, row, NULL)->params[f->param];
    case SCENE_SCHEDULE:
        return schedule ? &schedule->params[f->param] : &own;
    case SCENE_NOISE:
        return &noise;
    case SCENE_WARMUP:
        return &warmup;
    default:
        return &own;
    }
}

static void axis_name(const Parameter *f, char out[MAPS_AXIS])
{
    bool own = f->param >= 0;
    snprintf(out, MAPS_AXIS, "%s%s%s", own ? scene_keys[f->key].name : "", own ? "." : "", f->name);
}

/* "NAME=LO:HI:lin" for places lo to hi of an axis. */
static void axis_text(char *out, size_t size, const char *name, double lo, double hi, bool log,
                      bool whole)
{
    double a = log ? pow(10, lo) : lo;
    double b = log ? pow(10, hi) : hi;
    if (whole) {
        a = rint(a);
        b = fmax(rint(b), a + 1);
    }
    snprintf(out, size, "%s=%.17g:%.17g:%s", name, a, b, log ? "log" : "lin");
}

static Vec2 present_of(const App *a, const Sweep *s)
{
    double v = focus_value(a, &s->other);
    double eta0 = timeline_rate(session_run(a->session), session_row(a->session))->eta0;
    return vec2(log10(eta0), s->log ? log10(v) : v);
}

/* Put the parameter on the axis up; false: it is none that a sweep can vary. */
static bool choose(App *a, Sweep *s, const Parameter *f)
{
    char text[128];
    MapsAxis axis;
    Error ignored;
    Ends *e = &s->ends;
    if (f->key == SCENE_ETA0)
        return false;
    Extent x = extent_of_row(row_of(a, f), focus_value(a, f), timeline_steps(session_run(a->session)));
    double lo = x.log ? log10(x.lo) : x.lo;
    double hi = x.log ? log10(x.hi) : x.hi;
    axis_name(f, s->name);
    axis_text(text, sizeof text, s->name, lo, hi, x.log, x.whole);
    scene_of_runner(&a->session->scene, 0, &e->scratch);
    scene_fold(&e->scratch, session_row(a->session));
    if (!maps_axis_read(&axis, text, &e->scratch, &ignored))
        return false;
    s->other = *f;
    s->log = x.log;
    s->whole = x.whole;
    Vec2 now = present_of(a, s);
    e->home = e->view = (Window){vec2(now.x - 1.5, lo), vec2(now.x + 1.5, hi)};
    e->limits = (Window){vec2(-12, x.log ? log10(x.least) : x.least),
                         vec2(12, x.log ? log10(x.most) : x.most)};
    e->stale = e->waits = true;
    snprintf(e->title, sizeof e->title, "η₀ →, %s ↑", f->name);
    return true;
}

/* The next parameter from list index `at` on, `by` steps of one each. */
static bool choose_from(App *a, Sweep *s, int at, int by)
{
    const Focus *f = a->focus;
    for (int i = 0; i < f->count; i++)
        if (choose(a, s, &f->list[((at + by * i) % f->count + f->count) % f->count]))
            return true;
    return false;
}

static int index_of(const App *a, const Parameter *p)
{
    const Focus *f = a->focus;
    for (int i = 0; i < f->count; i++)
        if (f->list[i].key == p->key && f->list[i].param == p->param &&
            strcmp(f->list[i].name, p->name) == 0)
            return i;
    return -1;
}

/* The optimizer's parameters come first, for they act as η₀ does. */
static bool choose_first(App *a, Sweep *s)
{
    int at = 0;
    focus_build(a);
    while (at < a->focus->count && a->focus->list[at].key != SCENE_OPTIMIZER)
        at++;
    return choose_from(a, s, at < a->focus->count ? at : 0, 1);
}

/* ---- the view ------------------------------------------------------------------------------ */

static MapsSpec spec_of(const App *a, const Sweep *s)
{
    MapsSpec m = ends_spec(a);
    m.kind = MAPS_SWEEP;
    Window w = ends_middles(s->ends.view, &m);
    axis_text(m.axis[0], sizeof m.axis[0], "eta0", w.lo.x, w.hi.x, true, false);
    axis_text(m.axis[1], sizeof m.axis[1], s->name, w.lo.y, w.hi.y, s->log, s->whole);
    return m;
}

static void say_axes(App *a, const Sweep *s)
{
    say(a, "how the run ends for η₀ (right) and %s (up): Tab another parameter, shift and arrows "
           "move the cross, Enter plays its run", s->other.name);
    say_short(a, "η₀ to the right, %s up; Tab: another, Enter plays", s->other.name);
}

static bool sweep_open(App *a, const char *args, Error *err)
{
    Sweep *s = sweep_of(a);
    (void)args;
    if (!ends_open(&s->ends, err))
        return false;
    if (!choose_first(a, s))
        return error_set(err, 0, 0, "there is no parameter to put against η₀");
    view_remove(a, &view_basins);
    MapsSpec m = spec_of(a, s);
    s->ends.present = present_of(a, s);
    ends_put_cross(&s->ends, &m, s->ends.present);
    say_axes(a, s);
    return true;
}

/* The cross goes with the settings; a parameter that has gone gives way to another. */
static void follow_settings(App *a, Sweep *s)
{
    int at = index_of(a, &s->other);
    if (at < 0)
        choose_first(a, s);
    else
        s->other = a->focus->list[at];
    Vec2 now = present_of(a, s);
    MapsSpec m = spec_of(a, s);
    if (now.x != s->ends.present.x || now.y != s->ends.present.y)
        ends_put_cross(&s->ends, &m, now);
    s->ends.present = now;
}

static bool sweep_advance(App *a)
{
    Sweep *s = sweep_of(a);
    if (ends_behind(a, &s->ends))
        follow_settings(a, s);
    MapsSpec m = spec_of(a, s);
    return ends_advance(a, &s->ends, &m);
}

static bool sweep_waits(const App *a)
{
    const Ends *e = &sweep_of(a)->ends;
    MapsSpec m = ends_spec(a);
    return e->waits || ends_behind(a, e) || m.cols != e->spec.cols || m.rows != e->spec.rows;
}

static void sweep_move(App *a, int dx, int dy)
{
    ends_move(a, &sweep_of(a)->ends, dx, dy);
}

static bool sweep_point(App *a, int col, int row)
{
    return ends_point(a, &sweep_of(a)->ends, col, row);
}

static bool sweep_zoom(App *a, const char *way, Error *err)
{
    return ends_zoom(a, &sweep_of(a)->ends, way, err);
}

static bool sweep_take(App *a, Error *err)
{
    view_remove(a, &view_sweep);
    return ends_take(a, &sweep_of(a)->ends, err);
}

static void sweep_refresh(App *a)
{
    ends_refresh(&sweep_of(a)->ends);
}

static void sweep_draw(const App *a, Canvas *c)
{
    ends_draw(a, &sweep_of(a)->ends, c);
}

static void sweep_release(App *a)
{
    ends_release(&sweep_of(a)->ends);
}

/* ---- its verb ------------------------------------------------------------------------------ */

static bool walk(App *a, int by)
{
    Sweep *s = sweep_of(a);
    int at = index_of(a, &s->other);
    choose_from(a, s, at + by, by);
    MapsSpec m = spec_of(a, s);
    s->ends.present = present_of(a, s);
    ends_put_cross(&s->ends, &m, s->ends.present);
    say_axes(a, s);
    return true;
}

static bool named(App *a, const char *name, Error *err)
{
    for (int i = 0; i < a->focus->count; i++)
        if (strcmp(a->focus->list[i].name, name) == 0 &&
            choose(a, sweep_of(a), &a->focus->list[i]))
            return walk(a, 0);
    return bad_argument(err, name, "next, previous or a parameter that can be swept");
}

static bool run_sweep(App *a, const char *args, Error *err)
{
    bool open = view_depth(a->views, &view_sweep) >= 0;
    if (open && !*args) {
        view_remove(a, &view_sweep);
        say(a, "the loss surface again");
        return true;
    }
    if (!open && !view_open(a, view_sweep.name, "", err))
        return false;
    focus_build(a);
    return !*args || (way_argument(args) ? walk(a, way_argument(args)) : named(a, args, err));
}

static const Command commands[] = {
    {"sweep", "[NAME|next|previous]", "instrument",
     "the map of how runs end by η₀ and another parameter", run_sweep, COMMAND_FUTURE, NULL},
    {.name = NULL},
};

const View view_sweep = {
    .name = "sweep",
    .title = "the sweep of two settings",
    .help = "how the run ends, by η₀ and another parameter",
    .order = 13,
    .flags = VIEW_OVER | VIEW_PASSES | VIEW_STAGE,
    .memory = sizeof(Sweep),
    .keys = keys,
    .commands = commands,
    .open = sweep_open,
    .close = view_back,
    .move = sweep_move,
    .take = sweep_take,
    .point = sweep_point,
    .zoom = sweep_zoom,
    .advance = sweep_advance,
    .waits = sweep_waits,
    .refresh = sweep_refresh,
    .draw = sweep_draw,
    .release = sweep_release,
};
