/* SPDX-License-Identifier: MIT
 * find: the search for a rate on the stage: a chart over the whole screen, whose points can be
 * played. */
#include <math.h>
#include <string.h>

#include "app/find_chart.h"
#include "app/bindings.h"
#include "app/look.h"
#include "app/say.h"
#include "app/session.h"
#include "app/views.h"

enum { FIND_SLICE = 20000 }; /* updates a call: some 2 ms */

typedef struct Finder {
    Find find;
    RangeTest range;
    FindChart chart;
    RangeChart range_chart;
    bool show_range;
    bool range_begun;
    bool ready;       /* find and range are initialised */
    bool was_waiting; /* the last slice was not the last */
    int line, eta;    /* the cursor */
    Scene scene;      /* what is searched for */
    FindSpec spec;
    const char *title;
} Finder;

static const Binding own_keys[] = {
    {KEYCODE_LEFT, "move -1 0", "rate", 2, KEY_AND_OPPOSITE, NULL},
    {KEYCODE_RIGHT, "move 1 0", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_LEFT, "move -5 0", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_RIGHT, "move 5 0", NULL, 0, 0, NULL},
    {KEYCODE_UP, "move 0 1", "schedule", 3, KEY_AND_OPPOSITE, NULL},
    {KEYCODE_DOWN, "move 0 -1", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "take", "play it", 4, 0, NULL},
    {KEYCODE_TAB, "find range", "range test", 5, 0, NULL},
    {KEYCODE_ESCAPE, "close", "back", 6, 0, NULL},
    {'q', "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, help_keys, NULL};

static Finder *finder_of(const App *a)
{
    return view_memory(a, &view_find);
}

static void finder_release(App *a)
{
    Finder *f = finder_of(a);
    if (!f->ready)
        return;
    find_release(&f->find);
    range_release(&f->range);
}

/* The schedules a lecture compares, and the scene's own if it is another. */
static void default_schedules(const Scene *s, FindSpec *spec)
{
    static const char usual[] = "constant,step,exponential,cosine,triangular";
    const Schedule *own = scene_schedule(s);
    Text t = text_over(spec->schedules, sizeof spec->schedules);
    text_add(&t, "%s", usual);
    if (own && !strstr(usual, own->name))
        text_add(&t, ",%s", own->name);
}

/* "": the scene on the stage; else one of the named searches. */
static bool finder_scene(App *a, Finder *f, const char *name, Error *err)
{
    const FindNamed *named = *name ? find_named(name, strlen(name)) : NULL;
    find_spec_default(&f->spec);
    if (*name && !named)
        return find_named_unknown(name, strlen(name), err);
    f->title = named ? named->title : "which learning rate?";
    if (named) {
        scene_default(&f->scene);
        return find_named_load(named, &f->scene, &f->spec, err);
    }
    scene_of_runner(&a->session->scene, 0, &f->scene);
    scene_fold(&f->scene, session_row(a->session));
    default_schedules(&f->scene, &f->spec);
    return true;
}

/* The texts are made anew for every frame: they follow the search. */
static void finder_refresh(App *a)
{
    Finder *f = finder_of(a);
    if (f->show_range) {
        range_chart_make(&f->range_chart, &f->range, "range test");
        return;
    }
    find_chart_make(&f->chart, &f->find, f->title);
    f->chart.view.at_line = f->line;
    f->chart.view.at_eta = f->eta;
}

static bool finder_open(App *a, const char *args, Error *err)
{
    Finder *f = finder_of(a);
    if (!f->ready)
        f->ready = find_init(&f->find) && range_init(&f->range);
    if (!f->ready)
        return error_set(err, 0, 0, "out of memory");
    if (!finder_scene(a, f, args, err))
        return false;
    f->show_range = f->spec.range;
    f->range_begun = false;
    f->line = 0;
    f->eta = -1;
    if (!f->spec.range && !find_start(&f->find, &f->scene, &f->spec, err))
        return false;
    if (f->spec.range && !range_start(&f->range, &f->scene, &f->spec, err))
        return false;
    f->range_begun = f->spec.range;
    a->session->playing = false;
    f->was_waiting = true;
    finder_refresh(a);
    say(a, "where each η₀ ends: too low is slow, too high diverges; Enter plays a point");
    return true;
}

/* Between the grid and the range test. */
static bool finder_flip(App *a, Error *err)
{
    Finder *f = finder_of(a);
    if (f->spec.range)
        return true;
    if (!f->range_begun && !range_start(&f->range, &f->scene, &f->spec, err))
        return false;
    f->range_begun = true;
    f->was_waiting = true; /* the next slice shows its result */
    f->show_range = !f->show_range;
    say(a, f->show_range
               ? "range test: one run whose rate rises; where its loss turns, and the true limit"
               : "the grid again");
    return true;
}

static bool finder_advance(App *a)
{
    Finder *f = finder_of(a);
    bool more =
        f->show_range ? range_advance(&f->range, FIND_SLICE) : find_advance(&f->find, FIND_SLICE);
    if (!f->show_range && f->eta < 0 && !more)
        f->eta = f->find.line[f->line].sum.best;
    a->dirty = a->dirty || more || f->was_waiting;
    f->was_waiting = more;
    return more;
}

static bool finder_waits(const App *a)
{
    const Finder *f = finder_of(a);
    return f->was_waiting ||
           (f->show_range ? range_progress(&f->range) : find_progress(&f->find)) < 1;
}

static void finder_move(App *a, int dx, int dy)
{
    Finder *f = finder_of(a);
    int line = f->line - dy;
    int eta = (f->eta < 0 ? f->find.etas / 2 : f->eta) + dx;
    char value[NUMBER_TEXT];
    char rate[NUMBER_TEXT];
    if (f->show_range)
        return;
    f->line = line < 0 ? 0 : line >= f->find.lines ? f->find.lines - 1 : line;
    f->eta = eta < 0 ? 0 : eta >= f->find.etas ? f->find.etas - 1 : eta;
    number_brief(rate, f->find.eta[f->eta], 3);
    number_show(value, f->find.line[f->line].mid[f->eta], 3);
    say(a, "%s at η₀ %s ends at %s; Enter plays it", f->find.line[f->line].label, rate, value);
}

static bool finder_take(App *a, Error *err)
{
    Session *s = a->session;
    Finder *f = finder_of(a);
    view_pop(a);
    if (f->show_range)
        range_scene(&f->range, 0, &s->scratch);
    else
        find_scene(&f->find, f->line, f->eta < 0 ? 0 : f->eta, 0, &s->scratch);
    if (!changed(a, session_scene(s, a->gate, &s->scratch, err)))
        return false;
    if (f->show_range) {
        say(a, "the run of the range test: its rate rises all the time");
        return true;
    }
    char rate[NUMBER_TEXT];
    number_brief(rate, f->find.eta[f->eta < 0 ? 0 : f->eta], 3);
    say(a, "%s at η₀ %s: the run behind that point", f->find.line[f->line].label, rate);
    return true;
}

static void finder_draw(const App *a, Canvas *c)
{
    const Finder *f = finder_of(a);
    const Look *l = a->look;
    Rect r = {0, 0, c->cols, c->rows - l->layout.status.rows - l->layout.footer.rows};
    canvas_fill(c, r, ' ', l->paint.role[ROLE_TEXT], l->paint.role[ROLE_BACK]);
    if (f->show_range)
        range_view_draw(&f->range_chart.view, c, r, &l->paint);
    else
        find_view_draw(&f->chart.view, c, r, &l->paint);
}

static bool run_find(App *a, const char *args, Error *err)
{
    bool range = strcmp(args, "range") == 0;
    bool open = view_top(a->views) == &view_find;
    if (!(range && open) && !view_open(a, view_find.name, range ? "" : args, err))
        return false;
    return !range || finder_flip(a, err);
}

static const Command commands[] = {
    {"find", "[NAME|range]", "instrument", "which η₀? final loss over a grid of rates; range test",
     run_find, COMMAND_FUTURE, NULL},
    {.name = NULL},
};

const View view_find = {
    .name = "find",
    .title = "the search for a rate",
    .help = "where each starting rate ends, for several schedules",
    .order = 9,
    .flags = 0,
    .memory = sizeof(Finder),
    .keys = keys,
    .commands = commands,
    .open = finder_open,
    .close = view_back,
    .move = finder_move,
    .take = finder_take,
    .advance = finder_advance,
    .waits = finder_waits,
    .refresh = finder_refresh,
    .draw = finder_draw,
    .release = finder_release,
};
