/* SPDX-License-Identifier: MIT
 * scene: the plain value, its keys and its edits. scene_parse.c reads it, scene_print.c writes. */
#include "core/scene.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/words.h"

/* Of a key that every runner may set, and of one that is the scene's alone. */
#define OWN(field) .offset = offsetof(Scene, field), .own = offsetof(Runner, field)
#define SHARED(field) .offset = offsetof(Scene, field)

const SceneKeyInfo scene_keys[SCENE_KEYS + 1] = {
    [SCENE_SURFACE] = {.name = "surface", .value = "NAME|FORMULA|FILE.csv[:a=1,...]",
                       .text = "the loss: a built-in's name, a formula in x and y, or a grid file",
                       .fallback = "the first surface",
                       .kind = VALUE_SURFACE, SHARED(surface), .editable = true},
    [SCENE_WINDOW] = {.name = "window", .value = "x0,x1,y0,y1",
                      .text = "the part of the plane shown and searched",
                      .fallback = "the surface's own", .kind = VALUE_WINDOW, SHARED(window)},
    [SCENE_START] = {.name = "start", .value = "X,Y", .text = "where the run starts",
                     .fallback = "the surface's first start", .kind = VALUE_POINT, OWN(start)},
    [SCENE_OPTIMIZER] = {.name = "optimizer", .value = "NAME[:param=value,...]",
                         .text = "the update rule", .fallback = "sgd",
                         .kind = VALUE_OPTIMIZER, OWN(optimizer), .editable = true},
    [SCENE_SCHEDULE] = {.name = "schedule", .value = "NAME[:param=value,...]|FORMULA",
                        .text = "the rate over time: a name, or a formula in t, T, eta0",
                        .fallback = "cosine",
                        .kind = VALUE_SCHEDULE, OWN(schedule), .editable = true},
    [SCENE_ETA0] = {.name = "eta0", .value = "RATE",
                    .text = "the rate handed to the schedule, > 0",
                    .fallback = "the surface's recommended one", .kind = VALUE_REAL, OWN(eta0),
                    .editable = true, .lo_open = true, .hi = INFINITY, .logarithmic = true},
    [SCENE_WARMUP] = {.name = "warmup", .value = "STEPS",
                      .text = "steps of linear warm-up at the start of the run", .fallback = "0",
                      .kind = VALUE_WHOLE, OWN(warmup), .hi = STEPS_MAX},
    [SCENE_WARMUP_FACTOR] = {.name = "warmup_factor", .value = "F",
                             .text = "first multiplier of the warm-up, 0 to 1", .fallback = "0",
                             .kind = VALUE_REAL, OWN(warmup_factor), .hi = 1},
    [SCENE_STEPS] = {.name = "steps", .value = "T", .text = "length of the run, 1 to 1000000",
                     .fallback = "300", .kind = VALUE_WHOLE, OWN(steps), .editable = true,
                     .lo = 1, .hi = STEPS_MAX},
    [SCENE_DATA] = {.name = "data", .value = "FILE.csv", .text = "rows for a formula over data",
                    .fallback = "none", .kind = VALUE_FILE, SHARED(data)},
    [SCENE_HELD_OUT] = {.name = "held_out", .value = "FILE.csv|FORMULA",
                        .text = "the held-out loss", .fallback = "none",
                        .kind = VALUE_FILE, SHARED(held_out)},
    [SCENE_BATCH] = {.name = "batch", .value = "ROWS", .text = "rows per mini-batch, 0: all",
                     .fallback = "0", .kind = VALUE_WHOLE, OWN(batch), .editable = true,
                     .hi = 100000000},
    [SCENE_NOISE] = {.name = "noise", .value = "SIGMA",
                     .text = "standard deviation of Gaussian gradient noise", .fallback = "0",
                     .kind = VALUE_REAL, OWN(noise), .editable = true, .hi = INFINITY,
                     .logarithmic = true},
    [SCENE_SEED] = {.name = "seed", .value = "N",
                    .text = "seed of noise and mini-batches, unsigned 64-bit", .fallback = "1",
                    .kind = VALUE_SEED, OWN(seed), .hi = 9e15},
    [SCENE_KEYS] = {0},
};

int scene_key_find(const char *name, size_t length)
{
    for (int i = 0; i < SCENE_KEYS; i++)
        if (word_is(name, length, scene_keys[i].name))
            return i;
    return -1;
}

void scene_default(Scene *s)
{
    memset(s, 0, offsetof(Scene, edit)); /* the edits are 380 KiB, and edit_total counts them */
    s->schedule.row = (int)(schedule_find("cosine", 6) - schedules);
    s->optimizer.row = (int)(optimizer_find("sgd", 3) - optimizers);
    s->steps = 300;
    s->seed = 1;
}

void scene_copy(Scene *to, const Scene *from)
{
    if (to != from)
        memcpy(to, from, offsetof(Scene, edit) + sizeof from->edit[0] * (size_t)from->edit_total);
}

void scene_copy_start(Scene *to, const Scene *from)
{
    if (to != from)
        memcpy(to, from, offsetof(Scene, edit));
    to->runner_count = to->edit_count = to->edit_total = 0;
}

void *scene_value(Scene *s, SceneKey key)
{
    return (char *)s + scene_keys[key].offset;
}

const Surface *scene_surface(const Scene *s)
{
    return s->surface.row < 0 ? NULL : surface_row(s->surface.row);
}

const Schedule *scene_schedule(const Scene *s)
{
    return s->schedule.row < 0 ? NULL : &schedules[s->schedule.row];
}

const Optimizer *scene_optimizer(const Scene *s)
{
    return &optimizers[s->optimizer.row];
}

Window scene_window(const Scene *s)
{
    if (scene_given(s, SCENE_WINDOW))
        return s->window;
    const Surface *surface = scene_surface(s);
    return surface ? surface->window : (Window){{-5, -5}, {5, 5}};
}

static bool named_equal(const NamedSet *a, const NamedSet *b)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->name[i], b->name[i]) != 0 || a->value[i] != b->value[i])
            return false;
    return true;
}

static bool params_equal(const ParamSet *a, const ParamSet *b)
{
    if (a->given != b->given || a->list_count != b->list_count)
        return false;
    for (int i = 0; i < PARAM_MAX; i++)
        if ((a->given >> i & 1u) && a->value[i] != b->value[i])
            return false;
    return memcmp(a->list, b->list, sizeof a->list[0] * (size_t)a->list_count) == 0;
}

static bool choice_equal(const Choice *a, const Choice *b)
{
    return a->row == b->row && params_equal(&a->params, &b->params) &&
           named_equal(&a->named, &b->named) && strcmp(a->formula, b->formula) == 0;
}

bool edit_equal(const Edit *a, const Edit *b)
{
    return a->step == b->step && a->key == b->key && a->number == b->number &&
           choice_equal(&a->choice, &b->choice);
}

static bool surface_equal(const SurfaceChoice *a, const SurfaceChoice *b)
{
    return a->row == b->row && strcmp(a->formula, b->formula) == 0 &&
           named_equal(&a->named, &b->named);
}

size_t value_size(ValueKind kind)
{
    static const size_t size[] = {
        [VALUE_SURFACE] = sizeof(SurfaceChoice), [VALUE_WINDOW] = sizeof(Window),
        [VALUE_POINT] = sizeof(Vec2),            [VALUE_OPTIMIZER] = sizeof(Choice),
        [VALUE_SCHEDULE] = sizeof(Choice),       [VALUE_REAL] = sizeof(double),
        [VALUE_WHOLE] = sizeof(long),            [VALUE_SEED] = sizeof(uint64_t),
        [VALUE_FILE] = SCENE_PATH,
    };
    return size[kind];
}

bool value_equal(ValueKind kind, const void *a, const void *b)
{
    if (kind == VALUE_SURFACE)
        return surface_equal(a, b);
    if (kind == VALUE_OPTIMIZER || kind == VALUE_SCHEDULE)
        return choice_equal(a, b);
    if (kind == VALUE_FILE)
        return strcmp(a, b) == 0;
    return memcmp(a, b, value_size(kind)) == 0;
}

static bool key_equal(const Scene *a, const Scene *b, SceneKey key)
{
    size_t offset = scene_keys[key].offset;
    return value_equal(scene_keys[key].kind, (const char *)a + offset, (const char *)b + offset);
}

bool scene_same_loss(const Scene *a, const Scene *b)
{
    return key_equal(a, b, SCENE_SURFACE) && key_equal(a, b, SCENE_DATA) &&
           key_equal(a, b, SCENE_HELD_OUT);
}

bool scene_equal_start(const Scene *a, const Scene *b)
{
    bool equal = a->given == b->given;
    for (int key = 0; equal && key < SCENE_KEYS; key++)
        equal = key_equal(a, b, (SceneKey)key);
    return equal;
}

void scene_locate(const Scene *s, SceneKey key, long step, Error *err)
{
    if (!err)
        return;
    int named = err->file[0] ? scene_key_find(err->file, strlen(err->file)) : (int)key;
    if (named < 0 || !(s->given >> named & 1u || step >= 0))
        return; /* a file of data, or nothing that somebody wrote */
    Place place = s->place[named];
    for (int i = 0; i < s->edit_count && s->edit[i].step <= step; i++)
        if ((int)s->edit[i].key == named)
            place = s->edit[i].place;
    err->file[0] = '\0';
    if (place.line)
        error_shift(err, place.line > 0 ? place.line : 1, place.column);
    if (place.line <= 0)
        error_in(err, place.line == PLACE_AT   ? "at"
                      : place.line == PLACE_VS ? "vs"
                                               : scene_keys[named].name);
}

int scene_common_edits(const Scene *a, const Scene *b)
{
    int n = 0;
    while (n < a->edit_count && n < b->edit_count && edit_equal(&a->edit[n], &b->edit[n]))
        n++;
    return n;
}

static bool runner_equal(const Runner *a, const Runner *b)
{
    bool equal = a->given == b->given;
    for (int key = 0; equal && key < SCENE_KEYS; key++)
        if (a->given >> key & 1u)
            equal = value_equal(scene_keys[key].kind, (const char *)a + scene_keys[key].own,
                                (const char *)b + scene_keys[key].own);
    return equal;
}

bool scene_equal(const Scene *a, const Scene *b)
{
    bool equal = scene_equal_start(a, b) && a->edit_count == b->edit_count &&
                 a->edit_total == b->edit_total && a->runner_count == b->runner_count;
    for (int i = 0; equal && i < a->runner_count; i++)
        equal = runner_equal(&a->runner[i], &b->runner[i]);
    for (int i = 0; equal && i < a->edit_total; i++)
        equal = a->edit[i].runner == b->edit[i].runner && edit_equal(&a->edit[i], &b->edit[i]);
    return equal;
}

/* Take out edits [from, to), all of A. */
static void remove_edits(Scene *s, int from, int to)
{
    memmove(&s->edit[from], &s->edit[to], sizeof s->edit[0] * (size_t)(s->edit_total - to));
    s->edit_count -= to - from;
    s->edit_total -= to - from;
}

int scene_drop_edits(Scene *s, long step)
{
    int keep = 0;
    while (keep < s->edit_count && s->edit[keep].step < step)
        keep++;
    int dropped = s->edit_count - keep;
    remove_edits(s, keep, s->edit_count);
    return dropped;
}

void choice_merge(Choice *to, const Choice *from, const Choice *base)
{
    bool same = to->row == from->row && strcmp(to->formula, from->formula) == 0;
    if (!same && base && base->row == from->row && strcmp(base->formula, from->formula) == 0) {
        *to = *base; /* back to what was in force before this step: nothing was set anew */
        same = true;
    }
    if (!same) {
        *to = *from;
        return;
    }
    param_merge(&to->params, &from->params);
    named_merge(&to->named, &from->named);
}

void named_merge(NamedSet *to, const NamedSet *from)
{
    for (int i = 0; i < from->count; i++) {
        int k = 0;
        while (k < to->count && strcmp(to->name[k], from->name[i]) != 0)
            k++;
        if (k == SURFACE_PARAMS)
            continue;
        if (k == to->count)
            memcpy(to->name[to->count++], from->name[i], NAME_SIZE);
        to->value[k] = from->value[i];
    }
}

/* Where an edit comes to stand: behind those of its runner up to its step. */
static int edit_place(const Scene *s, int runner, long step)
{
    int at = s->edit_total;
    while (at > 0 && (s->edit[at - 1].runner > runner ||
                      (s->edit[at - 1].runner == runner && s->edit[at - 1].step > step)))
        at--;
    return at;
}

bool scene_insert_edit(Scene *s, const Edit *e, Error *err)
{
    if (s->edit_total == SCENE_EDITS)
        return error_set(err, 1, 1, "more than %d edits", SCENE_EDITS);
    int at = edit_place(s, e->runner, e->step);
    memmove(&s->edit[at + 1], &s->edit[at], sizeof s->edit[0] * (size_t)(s->edit_total - at));
    s->edit[at] = *e;
    s->edit_total++;
    s->edit_count += e->runner == 0;
    return true;
}

static void apply_edit(Scene *s, const Edit *e)
{
    void *value = scene_value(s, e->key);
    switch (scene_keys[e->key].kind) {
    case VALUE_SURFACE:
        named_merge(&s->surface.named, &e->choice.named);
        break;
    case VALUE_OPTIMIZER:
    case VALUE_SCHEDULE:
        choice_merge(value, &e->choice, NULL);
        break;
    case VALUE_REAL:
        *(double *)value = e->number;
        break;
    default: /* the rest may not be edited */
        *(long *)value = (long)e->number;
        break;
    }
    s->given |= 1u << e->key;
}

void scene_fold(Scene *s, long step)
{
    for (int i = 0; i < s->edit_count && s->edit[i].step <= step; i++)
        apply_edit(s, &s->edit[i]);
    remove_edits(s, 0, s->edit_count);
}

void scene_set_rates(Scene *s, const Rate *now, double eta0)
{
    s->eta0 = eta0;
    s->given |= 1u << SCENE_ETA0;
    if (s->schedule.row < 0 || now->schedule != scene_schedule(s))
        return;
    for (int i = 0; now->schedule->params[i].name; i++) {
        if (strcmp(now->schedule->params[i].unit, "rate") != 0 || now->value[i] == 0)
            continue;
        s->schedule.params.value[i] = now->value[i] * (eta0 / now->eta0);
        s->schedule.params.given |= 1u << i;
    }
}
