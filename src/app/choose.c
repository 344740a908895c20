/* SPDX-License-Identifier: MIT
 * choose: schedules, optimizers, surfaces and named scenes as lists to walk through. */
#include <string.h>

#include "app/state.h"

/* One kind of thing: the same questions for each table. */
typedef struct KindInfo {
    const char *word;
    int (*count)(void);
    const char *(*name)(int index);
    const char *(*title)(int index);
    bool (*core)(int index);
} KindInfo;

static const char *schedule_name(int i)
{
    return schedules[i].name;
}

static const char *schedule_title(int i)
{
    return schedules[i].title;
}

static bool schedule_core(int i)
{
    return schedules[i].core;
}

static const char *optimizer_name(int i)
{
    return optimizers[i].name;
}

static const char *optimizer_title(int i)
{
    return optimizers[i].title;
}

static bool optimizer_core(int i)
{
    return optimizers[i].core;
}

static const char *surface_name(int i)
{
    return surface_row(i)->name;
}

static const char *surface_title(int i)
{
    return surface_row(i)->title;
}

static bool surface_core(int i)
{
    return surface_row(i)->core;
}

static const char *scene_id(int i)
{
    return named_row(i)->id;
}

static const char *scene_title(int i)
{
    return named_row(i)->title;
}

static bool scene_core(int i)
{
    (void)i;
    return true;
}

static const KindInfo kinds[KINDS] = {
    [KIND_SCHEDULE] = {"schedule", schedule_count, schedule_name, schedule_title, schedule_core},
    [KIND_OPTIMIZER] = {"optimizer", optimizer_count, optimizer_name, optimizer_title,
                        optimizer_core},
    [KIND_SURFACE] = {"surface", surface_count, surface_name, surface_title, surface_core},
    [KIND_LESSON] = {.word = "lesson", .core = scene_core},
    [KIND_SCENE] = {"scene", named_count, scene_id, scene_title, scene_core},
};

int kind_count(const App *a, Kind k)
{
    return k == KIND_LESSON ? school_count(a) : kinds[k].count();
}

const char *kind_name(const App *a, Kind k, int index)
{
    return k == KIND_LESSON ? school_id(a, index) : kinds[k].name(index);
}

const char *kind_title(const App *a, Kind k, int index)
{
    return k == KIND_LESSON ? school_title(a, index) : kinds[k].title(index);
}

const char *kind_word(Kind k)
{
    return kinds[k].word;
}

bool kind_core(Kind k, int index)
{
    return kinds[k].core(index);
}

int kind_current(const App *a, Kind k)
{
    long row = play_row(a);
    if (k == KIND_SCHEDULE) {
        const Schedule *s = timeline_rate(a->run, row)->schedule;
        return s ? (int)(s - schedules) : -1;
    }
    if (k == KIND_OPTIMIZER)
        return (int)(timeline_optimizer(a->run, row, NULL) - optimizers);
    if (k == KIND_SURFACE)
        return a->scene.surface.row;
    if (k == KIND_LESSON)
        return school_current(a);
    for (int i = 0; i < named_count(); i++)
        if (named_row(i) == a->named)
            return i;
    return -1;
}

bool kind_choose(App *a, Kind k, int index, Error *err)
{
    static const SceneKey keys[] = {SCENE_SCHEDULE, SCENE_OPTIMIZER, SCENE_SURFACE};
    if (k == KIND_SCENE) {
        const NamedScene *named = named_row(index);
        if (!named_load(named, &a->scratch, err) || !change_scene(a, &a->scratch, err))
            return false;
        a->named = named;
        a->ghost.shown = false; /* only a pair is a contrast */
        say(a, "scene %s: %s", named->id, named->claim);
        return true;
    }
    if (k == KIND_LESSON)
        return school_start(a, index, err);
    const char *name = kind_name(a, k, index);
    return change_assign(a, keys[k], name, strlen(name), err);
}
