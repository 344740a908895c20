/* SPDX-License-Identifier: MIT
 * maps_axis: a setting that a sweep varies; see maps.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "expr/elementary.h"
#include "lab/maps.h"

/* What the keys that are plain numbers allow. */
static const struct Plain {
    SceneKey key;
    ParamInfo info;
} plain[] = {
    {SCENE_ETA0, {.name = "eta0", .lo = 0, .lo_open = true, .hi = INFINITY, .hi_open = true,
                  .unit = "rate"}},
    {SCENE_WARMUP, {.name = "warmup", .kind = PARAM_INTEGER, .lo = 0, .hi = STEPS_MAX,
                    .unit = "steps"}},
    {SCENE_NOISE, {.name = "noise", .lo = 0, .hi = INFINITY, .hi_open = true, .unit = ""}},
};
enum { PLAIN = sizeof plain / sizeof plain[0] };

/* A parameter of one's own, of a surface or a typed schedule. */
static const ParamInfo free_number = {.lo = -INFINITY, .lo_open = true, .hi = INFINITY,
                                      .hi_open = true, .unit = ""};

/* The search for a name: what it may be, and what would be near. */
typedef struct Seek {
    MapsAxis *axis;
    const char *name; /* behind a prefix */
    size_t length;
    const char *prefix; /* "" or "schedule." */
    size_t prefix_length;
    int found;
    ParamInfo info;   /* of what was found */
    Near near;
} Seek;

static void try_name(Seek *s, SceneKey key, const char *name, int param, const ParamInfo *info)
{
    const char *group = scene_keys[key].name;
    if (s->prefix_length && !word_is(s->prefix, s->prefix_length - 1, group))
        return;
    near_try(&s->near, name);
    if (!word_is(s->name, s->length, name))
        return;
    s->found++;
    s->info = *info;
    s->axis->key = key;
    s->axis->param = param;
}

static void try_rows(Seek *s, SceneKey key, const ParamInfo *rows)
{
    for (int i = 0; rows[i].name; i++)
        if (rows[i].kind == PARAM_REAL || rows[i].kind == PARAM_INTEGER)
            try_name(s, key, rows[i].name, i, &rows[i]);
}

static void try_named(Seek *s, SceneKey key, const NamedSet *set)
{
    for (int i = 0; i < set->count; i++)
        try_name(s, key, set->name[i], i, &free_number);
}

static bool find_name(Seek *s, const Scene *scene, Error *err)
{
    char hint[64];
    NamedSet surface;
    model_parameters(scene, &surface);
    near_start(&s->near, s->name, s->length);
    for (int i = 0; i < PLAIN && !s->prefix_length; i++)
        try_name(s, plain[i].key, plain[i].info.name, -1, &plain[i].info);
    try_named(s, SCENE_SURFACE, &surface);
    if (scene->schedule.row < 0)
        try_named(s, SCENE_SCHEDULE, &scene->schedule.named);
    else
        try_rows(s, SCENE_SCHEDULE, schedules[scene->schedule.row].params);
    try_rows(s, SCENE_OPTIMIZER, optimizers[scene->optimizer.row].params);
    if (s->found == 1)
        return true;
    if (s->found > 1)
        return error_set(err, 1, 1, "'%.*s' is ambiguous here: say surface.%.*s, schedule.%.*s or "
                                    "optimizer.%.*s",
                         (int)s->length, s->name, (int)s->length, s->name, (int)s->length, s->name,
                         (int)s->length, s->name);
    return error_set(err, 1, 1, "no setting '%.*s' to sweep here%s", (int)s->length, s->name,
                     near_hint(&s->near, hint, sizeof hint));
}

/* ":log" or ":lin" behind the numbers. */
static bool read_scale(MapsAxis *a, const char *text, long column, const ParamInfo *info,
                       Error *err)
{
    a->log = strcmp(info->unit, "rate") == 0 && a->lo > 0;
    if (*text == '\0')
        return true;
    a->log = strcmp(text, ":log") == 0;
    if (!a->log && strcmp(text, ":lin") != 0)
        return error_set(err, 1, column + 1, "'%.20s' is neither log nor lin", text + 1);
    if (a->log && !(a->lo > 0))
        return error_set(err, 1, column + 1, "a log scale needs LO > 0");
    return true;
}

static bool read_end(const char *at, size_t length, const char *text, const ParamInfo *info,
                     double *out, Error *err)
{
    if (!number_parse(at, length, out) || !isfinite(*out))
        return error_set(err, 1, at - text + 1, "'%.*s' is not a number", (int)length, at);
    if (param_check(info, *out, err))
        return true;
    error_shift(err, 1, at - text + 1);
    return false;
}

bool maps_axis_read(MapsAxis *a, const char *text, const Scene *scene, Error *err)
{
    const char *equals = strchr(text, '=');
    const char *colon = equals ? strchr(equals, ':') : NULL;
    *a = (MapsAxis){.param = -1};
    if (!colon || equals == text || equals - text >= MAPS_AXIS)
        return error_set(err, 1, 1, "'%.80s' is not like eta0=0.001:1 or momentum=0:0.99:lin",
                         text);
    memcpy(a->name, text, (size_t)(equals - text));
    const char *dot = memchr(text, '.', (size_t)(equals - text));
    Seek s = {.axis = a, .prefix = text, .prefix_length = dot ? (size_t)(dot + 1 - text) : 0};
    s.name = text + s.prefix_length;
    s.length = (size_t)(equals - s.name);
    if (!find_name(&s, scene, err))
        return false;
    size_t second = strcspn(colon + 1, ":");
    a->whole = s.info.kind == PARAM_INTEGER;
    if (!read_end(equals + 1, (size_t)(colon - equals - 1), text, &s.info, &a->lo, err) ||
        !read_end(colon + 1, second, text, &s.info, &a->hi, err))
        return false;
    if (!(a->lo < a->hi))
        return error_set(err, 1, equals - text + 2, "LO < HI is needed");
    const char *scale = colon + 1 + second;
    return read_scale(a, scale, scale - text + 1, &s.info, err);
}

double maps_axis_value(const MapsAxis *a, int i, int n)
{
    double part = n > 1 ? (double)i / (n - 1) : 0;
    double v = a->log ? a->lo * eta_exp(part * eta_log(a->hi / a->lo))
                      : a->lo + part * (a->hi - a->lo);
    v = i == 0 ? a->lo : i == n - 1 ? a->hi : v < a->lo ? a->lo : v > a->hi ? a->hi : v;
    return a->whole ? rint(v) : v;
}

static void set_choice(Choice *c, int param, double value)
{
    if (c->row < 0) {
        c->named.value[param] = value;
        return;
    }
    c->params.value[param] = value;
    c->params.given |= UINT32_C(1) << param;
}

void maps_axis_apply(const MapsAxis *a, double value, Scene *s)
{
    NamedSet one = {.count = 1, .value = {value}};
    NamedSet all;
    switch (a->key) {
    case SCENE_ETA0:
        s->eta0 = value;
        break;
    case SCENE_WARMUP:
        s->warmup = (long)value;
        break;
    case SCENE_NOISE:
        s->noise = value;
        break;
    case SCENE_OPTIMIZER:
        set_choice(&s->optimizer, a->param, value);
        break;
    case SCENE_SCHEDULE:
        set_choice(&s->schedule, a->param, value);
        break;
    default:
        model_parameters(s, &all);
        memcpy(one.name[0], all.name[a->param], sizeof one.name[0]);
        named_merge(&s->surface.named, &one);
    }
    s->given |= UINT32_C(1) << a->key;
}
