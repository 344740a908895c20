/* SPDX-License-Identifier: MIT
 * focus: the parameters that Tab walks through and the arrows change. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"

static void add(App *a, SceneKey key, int param, const char *name)
{
    if (a->focus_count < FOCUS_MOST)
        a->focus[a->focus_count++] = (Focus){key, param, name};
}

static void add_rows(App *a, SceneKey key, const ParamInfo *rows)
{
    for (int i = 0; rows[i].name; i++)
        add(a, key, i, rows[i].name);
}

/* What is in force at the cursor decides which parameters there are. */
void focus_build(App *a)
{
    Focus before = a->focused >= 0 ? a->focus[a->focused] : (Focus){0};
    bool had = a->focused >= 0;
    long row = play_row(a);
    const Rate *rate = timeline_rate(a->run, row);
    const Optimizer *optimizer = timeline_optimizer(a->run, row, NULL);
    const Surface *surface = scene_surface(&a->scene);
    const NamedSet *named = surface ? &surface->params : &a->scene.surface.named;
    a->focus_count = 0;
    add(a, SCENE_ETA0, -1, "eta0");
    if (rate->schedule)
        add_rows(a, SCENE_SCHEDULE, rate->schedule->params);
    add_rows(a, SCENE_OPTIMIZER, optimizer->params);
    a->focus_schedule = rate->schedule;
    a->focus_optimizer = optimizer;
    for (int i = 0; i < named->count; i++)
        add(a, SCENE_SURFACE, i, named->name[i]);
    for (int key = SCENE_WARMUP; key <= SCENE_SEED; key++)
        if (key != SCENE_DATA && key != SCENE_HELD_OUT && key != SCENE_BATCH)
            add(a, (SceneKey)key, -1, scene_keys[key].name);
    a->focused = -1;
    for (int i = 0; had && i < a->focus_count; i++)
        if (a->focus[i].key == before.key && a->focus[i].param == before.param &&
            strcmp(a->focus[i].name, before.name) == 0)
            a->focused = i;
}

void focus_follow(App *a)
{
    long row = play_row(a);
    if (timeline_rate(a->run, row)->schedule != a->focus_schedule ||
        timeline_optimizer(a->run, row, NULL) != a->focus_optimizer)
        focus_build(a);
}

static const ParamInfo *focus_row(const App *a, const Focus *f)
{
    long row = play_row(a);
    if (f->param < 0)
        return NULL;
    if (f->key == SCENE_SCHEDULE)
        return &timeline_rate(a->run, row)->schedule->params[f->param];
    if (f->key == SCENE_OPTIMIZER)
        return &timeline_optimizer(a->run, row, NULL)->params[f->param];
    return NULL;
}

double focus_value(const App *a, const Focus *f)
{
    long row = play_row(a);
    const Rate *rate = timeline_rate(a->run, row);
    const double *optimizer;
    timeline_optimizer(a->run, row, &optimizer);
    switch (f->key) {
    case SCENE_SCHEDULE:
        return rate->value[f->param];
    case SCENE_OPTIMIZER:
        return optimizer[f->param];
    case SCENE_SURFACE:
        return timeline_loss_at(a->run, row)->param[f->param];
    case SCENE_ETA0:
        return rate->eta0;
    case SCENE_WARMUP:
        return (double)a->scene.warmup;
    case SCENE_WARMUP_FACTOR:
        return a->scene.warmup_factor;
    case SCENE_STEPS:
        return (double)timeline_steps(a->run);
    case SCENE_NOISE:
        return timeline_noise(a->run, row);
    case SCENE_SEED:
        return (double)a->scene.seed;
    default:
        return 0;
    }
}

/* The next of the preferred numbers 1 1.25 1.6 2 2.5 3.2 4 5 6.3 8 (ISO 3, R10), or 2 % finer. */
double preferred(double v, int steps, bool fine)
{
    static const double series[] = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};
    char text[NUMBER_TEXT];
    if (!(v > 0))
        return steps > 0 ? 0.01 : 0;
    if (fine) {
        snprintf(text, sizeof text, "%.3g", v * pow(1.02, steps));
        return strtod(text, NULL);
    }
    int power = (int)floor(log10(v) + 1e-12);
    double lead = v / pow(10, power);
    int at = 0;
    for (int i = 0; i < 10; i++)
        if (series[i] <= lead * (1 + 1e-9))
            at = i;
    bool on = fabs(series[at] - lead) < 1e-6 * lead;
    int next = power * 10 + at + steps + (steps < 0 && !on);
    int decade = (int)floor((double)next / 10);
    snprintf(text, sizeof text, "%ge%d", series[next - 10 * decade], decade);
    return strtod(text, NULL);
}

static double adjust_whole(double v, int steps, bool fine)
{
    if (v < 10 || fine)
        return v + steps;
    return v + steps * floor(pow(10, floor(log10(v))) / 2);
}

/* A step that feels right: rates on a log scale, counts in tens, fractions near 1 by their distance
 * to 1. */
static double adjusted(const ParamInfo *row, const Focus *f, double v, int steps, bool fine)
{
    if (row && row->kind == PARAM_CHOICE) {
        int n = 0;
        while (row->choices[n])
            n++;
        return ((int)v + steps % n + n) % n;
    }
    bool whole = row ? row->kind == PARAM_INTEGER
                     : f->key == SCENE_STEPS || f->key == SCENE_WARMUP || f->key == SCENE_SEED;
    if (f->key == SCENE_SEED)
        return v + steps;
    if (whole)
        return adjust_whole(v, steps, fine);
    bool fraction = row ? row->lo >= 0 && row->hi <= 1 : f->key == SCENE_WARMUP_FACTOR;
    if (fraction && v > 0.5) /* 0.9 -> 0.92 -> 0.937: what counts is 1 - v */
        return 1 - preferred(1 - v, -steps, fine);
    if (f->key == SCENE_SURFACE && v <= 0)
        return v + steps * (fine ? 0.01 : 0.1);
    return preferred(v, steps, fine);
}

static bool within(const ParamInfo *row, const Focus *f, double v)
{
    Error ignored;
    if (row)
        return param_check(row, v, &ignored);
    switch (f->key) {
    case SCENE_ETA0:
        return v > 0 && isfinite(v);
    case SCENE_STEPS:
        return v >= 1 && v <= STEPS_MAX;
    case SCENE_WARMUP:
        return v >= 0 && v <= STEPS_MAX;
    case SCENE_WARMUP_FACTOR:
        return v >= 0 && v <= 1;
    case SCENE_SEED:
        return v >= 0 && v < 9e15;
    default:
        return isfinite(v) && (f->key == SCENE_SURFACE || v >= 0);
    }
}

/* "cosine:eta_min=0.01", "120", "himmelblau:a=3" */
static void assignment_text(const App *a, const Focus *f, const ParamInfo *row, double v, Text *out)
{
    long at = play_row(a);
    if (f->param >= 0) {
        const Surface *surface = scene_surface(&a->scene);
        const char *name = f->key == SCENE_SCHEDULE    ? timeline_rate(a->run, at)->schedule->name
                           : f->key == SCENE_OPTIMIZER ? timeline_optimizer(a->run, at, NULL)->name
                           : surface                   ? surface->name
                                                       : a->scene.surface.formula;
        text_add(out, "%s:%s=", name, f->name);
    }
    if (row && row->kind == PARAM_CHOICE)
        text_add(out, "%s", row->choices[(int)v]);
    else
        text_number(out, v);
}

/* Milestones move together by a tenth of the run. */
static bool adjust_list(App *a, const Focus *f, const ParamInfo *row, int steps, bool fine,
                        Error *err)
{
    const Rate *rate = timeline_rate(a->run, play_row(a));
    char text[256];
    Text value = text_over(text, sizeof text);
    long by = fine ? 1 : timeline_steps(a->run) / 20;
    text_add(&value, "%s:%s=", rate->schedule->name, row->name);
    for (int i = 0; i < rate->list_count; i++) {
        long m = rate->list[i] + steps * (by > 0 ? by : 1);
        text_add(&value, "%s%ld", i ? "/" : "", m < i + 1 ? i + 1 : m);
    }
    if (!change_assign(a, f->key, text, value.used, err))
        return false;
    say(a, "%s → %s %s", row->name, strchr(text, '=') + 1, a->from);
    return true;
}

bool focus_adjust(App *a, int steps, bool fine, Error *err)
{
    if (a->focused < 0)
        return false;
    Focus f = a->focus[a->focused];
    const ParamInfo *row = focus_row(a, &f);
    char text[EXPR_TEXT + 64];
    char was[NUMBER_TEXT];
    Text value = text_over(text, sizeof text);
    if (row && row->kind == PARAM_INTEGERS)
        return adjust_list(a, &f, row, steps, fine, err);
    double old = focus_value(a, &f);
    double v = adjusted(row, &f, old, steps, fine);
    if (!within(row, &f, v)) {
        number_show(was, old, 4);
        say_warn(a, "%s = %s is at its bound", f.name, was);
        return true;
    }
    assignment_text(a, &f, row, v, &value);
    if (!change_assign(a, f.key, text, value.used, err))
        return false;
    char now[NUMBER_TEXT];
    bool whole = old == floor(old) && v == floor(v);
    whole ? number_brief(was, old, 6) : number_show(was, old, 4);
    whole ? number_brief(now, v, 6) : number_show(now, v, 4);
    if (row && row->kind == PARAM_CHOICE)
        say(a, "%s → %s %s", f.name, row->choices[(int)v], a->from);
    else
        say(a, "%s %s → %s %s", f.name, was, now, a->from);
    return true;
}

void focus_show(const App *a, const Focus *f, char out[NUMBER_TEXT])
{
    const ParamInfo *row = focus_row(a, f);
    double v = focus_value(a, f);
    if (row && row->kind == PARAM_CHOICE)
        snprintf(out, NUMBER_TEXT, "%.30s", row->choices[(int)v]);
    else if (v == floor(v) && fabs(v) < 1e9)
        snprintf(out, NUMBER_TEXT, "%.0f", v);
    else
        number_brief(out, v, 4);
}

void focus_describe(const App *a, const Focus *f, char *out, size_t size)
{
    const ParamInfo *row = focus_row(a, f);
    Text t = text_over(out, size);
    if (!row) {
        text_add(&t, "%s",
                 f->key == SCENE_SURFACE ? "parameter of the surface's formula"
                                         : scene_keys[f->key].text);
        return;
    }
    text_add(&t, "%s", row->text);
    if (row->kind == PARAM_CHOICE || row->kind == PARAM_INTEGERS)
        return;
    char lo[NUMBER_TEXT];
    char hi[NUMBER_TEXT];
    number_show(lo, row->lo, 3);
    number_show(hi, row->hi, 3);
    bool open = isinf(row->hi);
    text_add(&t, " (%s%s%s%s",
             row->lo_open ? "> "
             : open       ? "≥ "
                          : "",
             lo, open ? "" : " to ", open ? "" : hi);
    text_add(&t, "%s%s)", row->unit[0] ? ", " : "", row->unit);
}
