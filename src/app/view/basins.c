/* SPDX-License-Identifier: MIT
 * basins: every start of the map, coloured by where the run from it ends under the present settings.
 * The keys of the stage go on working: another rate, and the map begins anew. */
#include <string.h>

#include "app/bindings.h"
#include "app/ends.h"
#include "app/say.h"
#include "app/views.h"

typedef struct Basins {
    Ends ends;      /* first: tests look at it */
    Window surface; /* the run's window when the map was opened: another one, another surface */
} Basins;

static const Binding own_keys[] = {
    {'B', "basins", NULL, 0, 0, "leave"},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, cross_keys, NULL};

static Basins *basins_of(const App *a)
{
    return view_memory(a, &view_basins);
}

/* The whole map again, in the window that the stage shows. */
static void show_all(App *a, Basins *b)
{
    Ends *e = &b->ends;
    b->surface = timeline_window(session_run(a->session));
    e->home = e->view = a->session->window;
    e->limits = (Window){vec2(-1e9, -1e9), vec2(1e9, 1e9)};
}

static MapsSpec spec_of(const App *a, const Ends *e)
{
    MapsSpec s = ends_spec(a);
    s.kind = MAPS_BASIN;
    s.has_view = true;
    s.view = ends_middles(e->view, &s);
    return s;
}

/* The cross goes with the start when that is another. */
static void follow_start(App *a, Ends *e, const MapsSpec *s, bool anyway)
{
    Vec2 now = timeline_rows(session_run(a->session))[0].at;
    if (anyway || now.x != e->present.x || now.y != e->present.y)
        ends_put_cross(e, s, now);
    e->present = now;
}

static bool basins_open(App *a, const char *args, Error *err)
{
    Basins *b = basins_of(a);
    (void)args;
    if (!ends_open(&b->ends, err))
        return false;
    view_remove(a, &view_sweep);
    show_all(a, b);
    snprintf(b->ends.title, sizeof b->ends.title, "where each start ends");
    MapsSpec s = spec_of(a, &b->ends);
    follow_start(a, &b->ends, &s, true);
    say(a, "where every start ends under these settings: ↑↓ turn η₀, shift and arrows move the "
           "cross, Enter plays its run");
    say_short(a, "where every start ends: ↑↓ turn η₀, Enter plays the cross's run");
    return true;
}

static bool basins_advance(App *a)
{
    Basins *b = basins_of(a);
    Window now = timeline_window(session_run(a->session));
    if (memcmp(&now, &b->surface, sizeof now) != 0)
        show_all(a, b);
    MapsSpec s = spec_of(a, &b->ends);
    if (ends_behind(a, &b->ends))
        follow_start(a, &b->ends, &s, false);
    return ends_advance(a, &b->ends, &s);
}

static bool basins_waits(const App *a)
{
    const Basins *b = basins_of(a);
    MapsSpec s = spec_of(a, &b->ends);
    return b->ends.waits || ends_behind(a, &b->ends) || s.cols != b->ends.spec.cols ||
           s.rows != b->ends.spec.rows;
}

static void basins_move(App *a, int dx, int dy)
{
    ends_move(a, &basins_of(a)->ends, dx, dy);
}

static bool basins_point(App *a, int col, int row)
{
    return ends_point(a, &basins_of(a)->ends, col, row);
}

static bool basins_zoom(App *a, const char *way, Error *err)
{
    return ends_zoom(a, &basins_of(a)->ends, way, err);
}

static bool basins_take(App *a, Error *err)
{
    view_remove(a, &view_basins);
    return ends_take(a, &basins_of(a)->ends, err);
}

static void basins_refresh(App *a)
{
    ends_refresh(&basins_of(a)->ends);
}

static void basins_draw(const App *a, Canvas *c)
{
    ends_draw(a, &basins_of(a)->ends, c);
}

static void basins_release(App *a)
{
    ends_release(&basins_of(a)->ends);
}

static bool run_basins(App *a, const char *args, Error *err)
{
    if (view_depth(a->views, &view_basins) < 0)
        return view_open(a, view_basins.name, args, err);
    view_remove(a, &view_basins);
    say(a, "the loss surface again");
    return true;
}

static const Command commands[] = {
    {"basins", "", "instrument", "the map of where every start ends", run_basins, COMMAND_FUTURE,
     NULL},
    {.name = NULL},
};

const View view_basins = {
    .name = "basins",
    .title = "the map of basins",
    .help = "where every start ends under the present settings",
    .order = 12,
    .flags = VIEW_OVER | VIEW_PASSES | VIEW_STAGE,
    .memory = sizeof(Basins),
    .keys = keys,
    .commands = commands,
    .open = basins_open,
    .close = view_back,
    .move = basins_move,
    .take = basins_take,
    .point = basins_point,
    .zoom = basins_zoom,
    .advance = basins_advance,
    .waits = basins_waits,
    .refresh = basins_refresh,
    .draw = basins_draw,
    .release = basins_release,
};
