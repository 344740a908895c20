/* SPDX-License-Identifier: MIT
 * choose: see choose.h */
#include "app/choose.h"

#include <string.h>

#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/view.h"
#include "base/words.h"
#include "store/file.h"

enum { PAIRS_MOST = 1 << 20 /* bytes */ };

/* ---- schedules, optimizers, surfaces: at the cursor ---- */

static int schedules_count(const App *a)
{
    (void)a;
    return schedule_count();
}

static Element schedule_element(const App *a, int i, Text *room)
{
    const Schedule *s = &schedules[i < 0 ? 0 : i];
    (void)room;
    if (i < 0)
        return (Element){"", "typed by you", "", a->session->scene.schedule.formula, "", false};
    return (Element){s->name, s->title, s->good, s->formula, s->caution, s->core};
}

static int schedule_current(const App *a)
{
    const Session *s = a->session;
    const Schedule *row = timeline_rate(session_run(s), session_row(s))->schedule;
    return row ? (int)(row - schedules) : -1;
}

static int optimizers_count(const App *a)
{
    (void)a;
    return optimizer_count();
}

static Element optimizer_element(const App *a, int i, Text *room)
{
    const Optimizer *o = &optimizers[i];
    (void)a;
    (void)room;
    return (Element){o->name, o->title, o->good, o->formula, o->caution, o->core};
}

static int optimizer_current(const App *a)
{
    const Session *s = a->session;
    return (int)(timeline_optimizer(session_run(s), session_row(s), NULL) - optimizers);
}

static int surfaces_count(const App *a)
{
    (void)a;
    return surface_count();
}

static Element surface_element(const App *a, int i, Text *room)
{
    (void)room;
    if (i < 0)
        return (Element){"", "typed by you", "", a->session->scene.surface.formula, "", false};
    const Surface *s = surface_row(i);
    return (Element){s->name, s->title, s->note, s->formula, "", s->core};
}

static int surface_current(const App *a)
{
    return a->session->scene.surface.row;
}

/* ---- named scenes ---- */

static int scenes_count(const App *a)
{
    (void)a;
    return named_count();
}

static Element scene_element(const App *a, int i, Text *room)
{
    const NamedScene *n = named_row(i);
    (void)a;
    (void)room;
    return (Element){n->id, n->title, n->claim, "", "", true};
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

/* ---- lessons ---- */

static bool lessons_ready(App *a, Error *err)
{
    return school_open(a->school, NULL, err);
}

static int lessons_count(const App *a)
{
    return school_count(a->school);
}

static Element lesson_element(const App *a, int i, Text *room)
{
    const School *s = a->school;
    school_line(s, i, room);
    return (Element){school_id(s, i), school_title(s, i), room->at, "", "", true};
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
    {"schedule", "learning-rate schedule", SCENE_SCHEDULE, NULL, schedules_count, schedule_element,
     schedule_current, NULL},
    {"optimizer", "optimizer", SCENE_OPTIMIZER, NULL, optimizers_count, optimizer_element,
     optimizer_current, NULL},
    {"surface", "loss surface", SCENE_SURFACE, NULL, surfaces_count, surface_element,
     surface_current, NULL},
    {"scene", NULL, -1, NULL, scenes_count, scene_element, scene_current, scene_choose},
    {"lesson", NULL, -1, lessons_ready, lessons_count, lesson_element, lesson_current,
     lesson_choose},
    {.word = NULL},
};

/* ---- questions and choices for every kind ---- */

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

static Element element(const App *a, const Kind *k, int i)
{
    char ignored[8];
    Text room = text_over(ignored, sizeof ignored);
    return k->element(a, i, &room);
}

const char *kind_name(const App *a, const Kind *k, int i)
{
    return element(a, k, i).name;
}

const char *kind_title(const App *a, const Kind *k, int i)
{
    return element(a, k, i).title;
}

static void say_choice(App *a, const Kind *k, int i)
{
    a->chosen = k;
    say(a, "%s: %s (%s) %s", k->label, kind_title(a, k, i), kind_name(a, k, i), a->session->from);
    say_short(a, "%s: %s %s", k->word, kind_title(a, k, i), a->session->from);
}

/* An element of a table as an assignment at the cursor. */
static bool assign_name(App *a, const Kind *k, const char *name, Error *err)
{
    return changed(a, session_set(a->session, a->gate, (SceneKey)k->key, name, strlen(name), err));
}

bool kind_take(App *a, const Kind *k, int i, Error *err)
{
    if (k->choose)
        return k->choose(a, i, err);
    if (!assign_name(a, k, kind_name(a, k, i), err))
        return false;
    say_choice(a, k, i);
    return true;
}

/* ---- verbs ---- */

static int next_core(const App *a, const Kind *k, int by)
{
    int n = k->count(a);
    int from = k->current(a);
    int i = from < 0 ? (by > 0 ? n - 1 : 0) : from;
    from = i;
    do
        i = (i + by + n) % n;
    while (!element(a, k, i).core && i != from);
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
    if (!assign_name(a, k, args, err))
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
    const Pair *p = session_pair(s, (int)n - 1);
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

/* A digit that is on the stage shows what it shows now. */
static bool run_pairs(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    char path[HOME_PATH];
    char *text;
    size_t size;
    if (!*args)
        return bad_argument(err, args, "a file in the format of assets/pairs.txt");
    bool ok = (file_place(path, a->folder, args) || error_set(err, 1, 1, "file name too long")) &&
              file_read(path, PAIRS_MOST, &text, &size, err) && session_own_pairs(s, text, err);
    if (!ok) {
        error_in(err, path);
        return false;
    }
    say(a, "the digits show the pairs of %s", args);
    if (s->pair < 0 || a->gate->rules)
        return true;
    char digit[2] = {(char)('1' + s->pair), '\0'};
    s->pair = -1;
    return run_pair(a, digit, err);
}

const Command choose_commands[] = {
    {"pair", "N", "scenes", "a prepared scene; again: its contrast", run_pair, 0, NULL},
    {"pairs", "FILE", "scenes", "other pairs behind the digits, from a file", run_pairs, 0, NULL},
    {"scene", "[NAME]", "scenes", "load a named scene; without a name: print this one", run_scene,
     0, NULL},
    {"schedule", "next|previous|NAME", "choices", "change the learning-rate schedule", run_schedule,
     COMMAND_CHOICE, NULL},
    {"optimizer", "next|previous|NAME", "choices", "change the update rule", run_optimizer,
     COMMAND_CHOICE, NULL},
    {"surface", "next|previous|NAME|FORMULA", "choices", "another loss surface", run_surface,
     COMMAND_CHOICE, NULL},
    {.name = NULL},
};
