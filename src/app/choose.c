/* SPDX-License-Identifier: MIT
 * choose: see choose.h */
#include "app/choose.h"

#include <string.h>

#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/view.h"
#include "base/words.h"

static bool all_core(const App *a, int index)
{
    (void)a;
    (void)index;
    return true;
}

/* An element of a table as an assignment at the cursor. */
static bool assign_name(App *a, SceneKey key, const char *name, Error *err)
{
    return changed(a, session_set(a->session, a->gate, key, name, strlen(name), err));
}

/* ---- schedules -------------------------------------------------------------------------------- */

static int schedules_count(const App *a)
{
    (void)a;
    return schedule_count();
}

static const char *schedule_name(const App *a, int i)
{
    (void)a;
    return schedules[i].name;
}

static const char *schedule_title(const App *a, int i)
{
    (void)a;
    return schedules[i].title;
}

static void schedule_line(const App *a, int i, Text *out)
{
    (void)a;
    text_add(out, "%s", schedules[i].good);
}

static bool schedule_core(const App *a, int i)
{
    (void)a;
    return schedules[i].core;
}

static int schedule_current(const App *a)
{
    const Session *s = a->session;
    const Schedule *row = timeline_rate(session_run(s), session_row(s))->schedule;
    return row ? (int)(row - schedules) : -1;
}

static bool schedule_choose(App *a, int i, Error *err)
{
    return assign_name(a, SCENE_SCHEDULE, schedules[i].name, err);
}

static void schedule_card(const App *a, int i, Text out[3])
{
    const Schedule *row = i < 0 ? NULL : &schedules[i];
    text_add(&out[0], "%s", row ? row->formula : a->session->scene.schedule.formula);
    text_add(&out[1], "%s", row ? row->good : "");
    text_add(&out[2], "%s", row ? row->caution : "");
}

/* ---- optimizers ------------------------------------------------------------------------------- */

static int optimizers_count(const App *a)
{
    (void)a;
    return optimizer_count();
}

static const char *optimizer_name(const App *a, int i)
{
    (void)a;
    return optimizers[i].name;
}

static const char *optimizer_title(const App *a, int i)
{
    (void)a;
    return optimizers[i].title;
}

static void optimizer_line(const App *a, int i, Text *out)
{
    (void)a;
    text_add(out, "%s", optimizers[i].good);
}

static bool optimizer_core(const App *a, int i)
{
    (void)a;
    return optimizers[i].core;
}

static int optimizer_current(const App *a)
{
    const Session *s = a->session;
    return (int)(timeline_optimizer(session_run(s), session_row(s), NULL) - optimizers);
}

static bool optimizer_choose(App *a, int i, Error *err)
{
    return assign_name(a, SCENE_OPTIMIZER, optimizers[i].name, err);
}

static void optimizer_card(const App *a, int i, Text out[3])
{
    (void)a;
    text_add(&out[0], "%s", optimizers[i].formula);
    text_add(&out[1], "%s", optimizers[i].good);
    text_add(&out[2], "%s", optimizers[i].caution);
}

/* ---- surfaces --------------------------------------------------------------------------------- */

static int surfaces_count(const App *a)
{
    (void)a;
    return surface_count();
}

static const char *surface_name(const App *a, int i)
{
    (void)a;
    return surface_row(i)->name;
}

static const char *surface_title(const App *a, int i)
{
    (void)a;
    return surface_row(i)->title;
}

static void surface_line(const App *a, int i, Text *out)
{
    (void)a;
    text_add(out, "%s", surface_row(i)->note);
}

static bool surface_core(const App *a, int i)
{
    (void)a;
    return surface_row(i)->core;
}

static int surface_current(const App *a)
{
    return a->session->scene.surface.row;
}

static bool surface_choose(App *a, int i, Error *err)
{
    return assign_name(a, SCENE_SURFACE, surface_row(i)->name, err);
}

static void surface_card(const App *a, int i, Text out[3])
{
    const Surface *row = i < 0 ? NULL : surface_row(i);
    text_add(&out[0], "%s", row ? row->formula : a->session->scene.surface.formula);
    text_add(&out[1], "%s", row ? row->note : "");
}

/* ---- named scenes ----------------------------------------------------------------------------- */

static int scenes_count(const App *a)
{
    (void)a;
    return named_count();
}

static const char *scene_id(const App *a, int i)
{
    (void)a;
    return named_row(i)->id;
}

static const char *scene_title(const App *a, int i)
{
    (void)a;
    return named_row(i)->title;
}

static void scene_line(const App *a, int i, Text *out)
{
    (void)a;
    text_add(out, "%s", named_row(i)->claim);
}

static int scene_current(const App *a)
{
    for (int i = 0; i < named_count(); i++)
        if (named_row(i) == a->session->named)
            return i;
    return -1;
}

static bool scene_choose(App *a, int i, Error *err)
{
    const NamedScene *named = named_row(i);
    if (!changed(a, session_named(a->session, a->gate, named, err)))
        return false;
    a->session->track[TRACK_GHOST].shown = false; /* only a pair is a contrast */
    say(a, "scene %s: %s", named->id, named->claim);
    return true;
}

/* ---- lessons ---------------------------------------------------------------------------------- */

static bool lessons_ready(App *a, Error *err)
{
    return school_open(a->school, NULL, err);
}

static int lessons_count(const App *a)
{
    return school_count(a->school);
}

static const char *lesson_id(const App *a, int i)
{
    return school_id(a->school, i);
}

static const char *lesson_title(const App *a, int i)
{
    return school_title(a->school, i);
}

static void lesson_line(const App *a, int i, Text *out)
{
    school_line(a->school, i, out);
}

static int lesson_current(const App *a)
{
    return school_current(a->school);
}

static bool lesson_choose(App *a, int i, Error *err)
{
    return view_open(a, "lesson", school_id(a->school, i), err);
}

const Kind kinds[] = {
    {"schedule", "learning-rate schedule", SCENE_SCHEDULE, NULL, schedules_count, schedule_name,
     schedule_title, schedule_line, schedule_core, schedule_current, schedule_choose, schedule_card},
    {"optimizer", "optimizer", SCENE_OPTIMIZER, NULL, optimizers_count, optimizer_name, optimizer_title,
     optimizer_line, optimizer_core, optimizer_current, optimizer_choose, optimizer_card},
    {"surface", "loss surface", SCENE_SURFACE, NULL, surfaces_count, surface_name, surface_title,
     surface_line, surface_core, surface_current, surface_choose, surface_card},
    {"scene", NULL, -1, NULL, scenes_count, scene_id, scene_title, scene_line, all_core, scene_current,
     scene_choose, NULL},
    {"lesson", NULL, -1, lessons_ready, lessons_count, lesson_id, lesson_title, lesson_line, all_core,
     lesson_current, lesson_choose, NULL},
    {.word = NULL},
};

const Kind *kind_find(const char *word, size_t length)
{
    for (const Kind *k = kinds; k->word; k++)
        if (word_is(word, length, k->word))
            return k;
    return NULL;
}

const Kind *kind_of_key(int key)
{
    for (const Kind *k = kinds; k->word; k++)
        if (k->key >= 0 && k->key == key)
            return k;
    return NULL;
}

static void say_choice(App *a, const Kind *k, int index)
{
    if (!k->label)
        return;
    a->chosen = k;
    say(a, "%s: %s (%s) %s", k->label, k->title(a, index), k->name(a, index), a->session->from);
    say_short(a, "%s: %s %s", k->word, k->title(a, index), a->session->from);
}

bool kind_take(App *a, const Kind *k, int index, Error *err)
{
    if (!k->choose(a, index, err))
        return false;
    say_choice(a, k, index);
    return true;
}

/* ---- verbs ------------------------------------------------------------------------------------ */

static int next_core(const App *a, const Kind *k, int by)
{
    int n = k->count(a);
    int from = k->current(a);
    int i = from < 0 ? (by > 0 ? n - 1 : 0) : from;
    from = i;
    do
        i = (i + by + n) % n;
    while (!k->core(a, i) && i != from);
    return i;
}

/* One step on, and its card; or the one that is named, perhaps with parameters. */
static bool choose(App *a, const Kind *k, const char *args, Error *err)
{
    int by = way_argument(args);
    if (!*args)
        return bad_argument(err, args, "next, previous or a name");
    if (by)
        return kind_take(a, k, next_core(a, k, by), err) && view_open(a, "card", "", err);
    if (!assign_name(a, (SceneKey)k->key, args, err))
        return false;
    a->chosen = k;
    int index = k->current(a);
    if (index >= 0)
        say_choice(a, k, index);
    else
        say(a, "%s: %s %s", k->word, args, a->session->from);
    if (k->key == SCENE_SURFACE)
        say_chosen(a);
    return true;
}

static bool run_schedule(App *a, const char *args, Error *err)
{
    return choose(a, kind_of_key(SCENE_SCHEDULE), args, err);
}

static bool run_optimizer(App *a, const char *args, Error *err)
{
    return choose(a, kind_of_key(SCENE_OPTIMIZER), args, err);
}

static bool run_surface(App *a, const char *args, Error *err)
{
    return choose(a, kind_of_key(SCENE_SURFACE), args, err);
}

static bool run_scene(App *a, const char *args, Error *err)
{
    const Session *s = a->session;
    if (!*args) {
        Text t = text_over(a->say->text, sizeof a->say->text);
        say(a, "%s", "");
        scene_print(&s->scene, true, &t);
        return true;
    }
    const NamedScene *named = named_find(args, strlen(args));
    if (!named)
        return named_unknown(args, strlen(args), err);
    for (int i = 0; i < named_count(); i++)
        if (named_row(i) == named)
            return scene_choose(a, i, err);
    return false;
}

static bool run_pair(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    long n;
    if (!whole_argument(args, &n, err))
        return false;
    if (n < 1 || n > PAIRS)
        return bad_argument(err, args, "a pair from 1 to 9");
    const Pair *p = pair_row((int)n - 1);
    bool flip = s->pair == (int)n - 1;
    int side = flip ? 1 - s->side : 0;
    if (!p->id[0])
        return error_set(err, 1, 1, "pair %ld is empty", n);
    const NamedScene *named = named_find(p->id[side], strlen(p->id[side]));
    if (!named)
        return named_unknown(p->id[side], strlen(p->id[side]), err);
    if (!changed(a, session_named(s, a->gate, named, err)))
        return false;
    s->track[TRACK_GHOST].shown = s->track[TRACK_GHOST].shown && flip;
    s->pair = (int)n - 1;
    s->side = side;
    say(a, "%s", p->before[side]);
    return true;
}

const Command choose_commands[] = {
    {"pair", "N", "scenes", "a prepared scene; again: its contrast", run_pair, 0, NULL},
    {"scene", "[NAME]", "scenes", "load a named scene; without a name: print this one", run_scene, 0,
     NULL},
    {"schedule", "next|previous|NAME", "choices", "change the learning-rate schedule", run_schedule,
     COMMAND_CHOICE, NULL},
    {"optimizer", "next|previous|NAME", "choices", "change the update rule", run_optimizer,
     COMMAND_CHOICE, NULL},
    {"surface", "next|previous|NAME|FORMULA", "choices", "another loss surface", run_surface,
     COMMAND_CHOICE, NULL},
    {.name = NULL},
};
