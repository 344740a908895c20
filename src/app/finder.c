/* SPDX-License-Identifier: MIT
 * finder: the search for a rate on the stage: a chart over the whole screen, whose points can be played. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/find_chart.h"
#include "app/state.h"

enum { FIND_SLICE = 20000 }; /* updates a call: some 2 ms */

struct Finder {
    Find find;
    RangeTest range;
    FindChart chart;
    RangeChart range_chart;
    bool show_range;
    bool range_begun;
    bool ready;         /* find and range are initialised */
    bool was_waiting;   /* the last slice was not the last */
    int line, eta;      /* the cursor */
    Scene scene;        /* what is searched for */
    FindSpec spec;
    const char *title;
};

static bool finder_open(App *a, Error *err)
{
    if (!a->finder)
        a->finder = calloc(1, sizeof *a->finder);
    if (a->finder && !a->finder->ready)
        a->finder->ready = find_init(&a->finder->find) && range_init(&a->finder->range);
    return a->finder && a->finder->ready ? true : error_set(err, 0, 0, "out of memory");
}

void finder_release(App *a)
{
    if (!a->finder)
        return;
    find_release(&a->finder->find);
    range_release(&a->finder->range);
    free(a->finder);
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

/* "": for the scene on the stage; else one of the named searches. */
bool finder_start(App *a, const char *name, Error *err)
{
    if (!finder_open(a, err))
        return false;
    Finder *f = a->finder;
    const FindNamed *named = *name ? find_named(name, strlen(name)) : NULL;
    find_spec_default(&f->spec);
    if (*name && !named)
        return find_named_unknown(name, strlen(name), err);
    if (named) {
        scene_default(&f->scene);
        if (!find_named_load(named, &f->scene, &f->spec, err))
            return false;
    } else {
        scene_copy(&f->scene, &a->scene);
        scene_fold(&f->scene, play_row(a));
        default_schedules(&f->scene, &f->spec);
    }
    f->title = named ? named->title : "which learning rate?";
    f->show_range = f->spec.range;
    f->range_begun = false;
    f->line = 0;
    f->eta = -1;
    if (!f->spec.range && !find_start(&f->find, &f->scene, &f->spec, err))
        return false;
    if (f->spec.range && !range_start(&f->range, &f->scene, &f->spec, err))
        return false;
    f->range_begun = f->spec.range;
    a->playing = false;
    a->mode = MODE_FIND;
    f->was_waiting = true;
    say(a, "where each η₀ ends: too low is slow, too high diverges; Enter plays a point");
    return true;
}

/* Between the grid and the range test. */
bool finder_flip(App *a, Error *err)
{
    Finder *f = a->finder;
    if (f->spec.range)
        return true;
    if (!f->range_begun && !range_start(&f->range, &f->scene, &f->spec, err))
        return false;
    f->range_begun = true;
    f->was_waiting = true; /* the next slice shows its result */
    f->show_range = !f->show_range;
    say(a, f->show_range ? "range test: one run whose rate rises; where its loss turns, and the true limit"
                         : "the grid again");
    return true;
}

bool finder_advance(App *a)
{
    Finder *f = a->finder;
    if (a->mode != MODE_FIND || !f)
        return false;
    bool more = f->show_range ? range_advance(&f->range, FIND_SLICE) : find_advance(&f->find, FIND_SLICE);
    if (!f->show_range && f->eta < 0 && !more)
        f->eta = f->find.line[f->line].sum.best;
    a->dirty = a->dirty || more || f->was_waiting;
    f->was_waiting = more;
    return more;
}

bool finder_waits(const App *a)
{
    const Finder *f = a->finder;
    if (a->mode != MODE_FIND || !f)
        return false;
    return f->was_waiting || (f->show_range ? range_progress(&f->range) : find_progress(&f->find)) < 1;
}

void finder_move(App *a, int dx, int dy)
{
    Finder *f = a->finder;
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

bool finder_take(App *a, Error *err)
{
    Finder *f = a->finder;
    a->mode = school_active(a) && !school_free(a) ? MODE_LESSON : MODE_STAGE;
    if (f->show_range)
        range_scene(&f->range, 0, &a->scratch);
    else
        find_scene(&f->find, f->line, f->eta < 0 ? 0 : f->eta, 0, &a->scratch);
    if (!change_scene(a, &a->scratch, err))
        return false;
    if (!f->show_range) {
        char rate[NUMBER_TEXT];
        number_brief(rate, f->find.eta[f->eta < 0 ? 0 : f->eta], 3);
        say(a, "%s at η₀ %s: the run behind that point", f->find.line[f->line].label, rate);
        return true;
    }
    say(a, "the run of the range test: its rate rises all the time");
    return true;
}

/* The texts are made anew for every frame: they follow the search. */
void refresh_finder(App *a)
{
    Finder *f = a->finder;
    if (a->mode != MODE_FIND || !f)
        return;
    if (f->show_range) {
        range_chart_make(&f->range_chart, &f->range, "range test");
    } else {
        find_chart_make(&f->chart, &f->find, f->title);
        f->chart.view.at_line = f->line;
        f->chart.view.at_eta = f->eta;
    }
}

void draw_finder(const App *a, Canvas *c)
{
    const Finder *f = a->finder;
    Rect r = {0, 0, c->cols, c->rows - a->layout.status.rows - a->layout.footer.rows};
    canvas_fill(c, r, ' ', a->paint.role[ROLE_TEXT], a->paint.role[ROLE_BACK]);
    if (f->show_range)
        range_view_draw(&f->range_chart.view, c, r, &a->paint);
    else
        find_view_draw(&f->chart.view, c, r, &a->paint);
}
