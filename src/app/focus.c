/* SPDX-License-Identifier: MIT
 * focus: see focus.h */
#include "app/focus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/say.h"

static void add(App *a, SceneKey key, int param, const char *name)
{
    if (a->focus->count < FOCUS_MOST)
        a->focus->list[a->focus->count++] = (Parameter){key, param, name};
}

static void add_rows(App *a, SceneKey key, const ParamInfo *rows)
{
    for (int i = 0; rows[i].name; i++)
        add(a, key, i, rows[i].name);
}

/* What is in force at the cursor decides which parameters there are. */
void focus_build(App *a)
{
    Parameter before = a->focus->at >= 0 ? a->focus->list[a->focus->at] : (Parameter){0};
    bool had = a->focus->at >= 0;
    long row = session_row(a->session);
    const Rate *rate = timeline_rate(session_run(a->session), row);
    const Optimizer *optimizer = timeline_optimizer(session_run(a->session), row, NULL);
    const Surface *surface = scene_surface(&a->session->scene);
    const NamedSet *named = surface ? &surface->params : &a->session->scene.surface.named;
    a->focus->count = 0;
    add(a, SCENE_ETA0, -1, "eta0");
    if (rate->schedule)
        add_rows(a, SCENE_SCHEDULE, rate->schedule->params);
    add_rows(a, SCENE_OPTIMIZER, optimizer->params);
    a->focus->schedule = rate->schedule;
    a->focus->optimizer = optimizer;
    for (int i = 0; i < named->count; i++)
        add(a, SCENE_SURFACE, i, named->name[i]);
    for (int key = SCENE_WARMUP; key <= SCENE_SEED; key++)
        if (key != SCENE_DATA && key != SCENE_HELD_OUT && key != SCENE_BATCH)
            add(a, (SceneKey)key, -1, scene_keys[key].name);
    a->focus->at = -1;
    for (int i = 0; had && i < a->focus->count; i++)
        if (a->focus->list[i].key == before.key && a->focus->list[i].param == before.param &&
            strcmp(a->focus->list[i].name, before.name) == 0)
            a->focus->at = i;
}

void focus_follow(App *a)
{
    long row = session_row(a->session);
    if (timeline_rate(session_run(a->session), row)->schedule != a->focus->schedule ||
        timeline_optimizer(session_run(a->session), row, NULL) != a->focus->optimizer)
        focus_build(a);
}

static bool unlocked(const App *a, const Parameter *f)
{
    return gate_unlocks(a->gate, f->key, f->param < 0 ? NULL : f->name);
}

static const ParamInfo *focus_row(const App *a, const Parameter *f)
{
    long row = session_row(a->session);
    if (f->param < 0)
        return NULL;
    if (f->key == SCENE_SCHEDULE)
        return &timeline_rate(session_run(a->session), row)->schedule->params[f->param];
    if (f->key == SCENE_OPTIMIZER)
        return &timeline_optimizer(session_run(a->session), row, NULL)->params[f->param];
    return NULL;
}

double focus_value(const App *a, const Parameter *f)
{
    long row = session_row(a->session);
    const Rate *rate = timeline_rate(session_run(a->session), row);
    const double *optimizer;
    timeline_optimizer(session_run(a->session), row, &optimizer);
    switch (f->key) {
    case SCENE_SCHEDULE:
        return rate->value[f->param];
    case SCENE_OPTIMIZER:
        return optimizer[f->param];
    case SCENE_SURFACE:
        return timeline_loss_at(session_run(a->session), row)->param[f->param];
    case SCENE_ETA0:
        return rate->eta0;
    case SCENE_WARMUP:
        return (double)a->session->scene.warmup;
    case SCENE_WARMUP_FACTOR:
        return a->session->scene.warmup_factor;
    case SCENE_STEPS:
        return (double)timeline_steps(session_run(a->session));
    case SCENE_NOISE:
        return timeline_noise(session_run(a->session), row);
    case SCENE_SEED:
        return (double)a->session->scene.seed;
    default:
        return 0;
    }
}

/* The next of the preferred numbers 1 1.25 1.6 2 2.5 3.2 4 5 6.3 8 (ISO 3, R10), or 2 % finer. */
static double preferred(double v, int steps, bool fine)
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
static double adjusted(const ParamInfo *row, const Parameter *f, double v, int steps, bool fine)
{
    if (row && row->kind == PARAM_CHOICE) {
        int n = 0;
        while (row->choices[n])
            n++;
        return ((int)v + steps % n + n) % n;
    }
    const SceneKeyInfo *k = &scene_keys[f->key];
    if (k->kind == VALUE_SEED)
        return v + steps;
    if (row ? row->kind == PARAM_INTEGER : k->kind == VALUE_WHOLE)
        return adjust_whole(v, steps, fine);
    bool fraction = row ? row->lo >= 0 && row->hi <= 1 : k->kind == VALUE_REAL && k->hi <= 1;
    if (fraction && v > 0.5) /* 0.9 -> 0.92 -> 0.937: what counts is 1 - v */
        return 1 - preferred(1 - v, -steps, fine);
    if (f->key == SCENE_SURFACE && v <= 0)
        return v + steps * (fine ? 0.01 : 0.1);
    return preferred(v, steps, fine);
}

static bool within(const ParamInfo *row, const Parameter *f, double v)
{
    Error ignored;
    if (row)
        return param_check(row, v, &ignored);
    const SceneKeyInfo *k = &scene_keys[f->key];
    if (!isfinite(v) || k->kind == VALUE_SURFACE)
        return isfinite(v);
    return (k->lo_open ? v > k->lo : v >= k->lo) && v <= k->hi;
}

/* "cosine:eta_min=0.01", "120", "himmelblau:a=3" */
static void assignment_text(const App *a, const Parameter *f, const ParamInfo *row, double v,
                            Text *out)
{
    long at = session_row(a->session);
    if (f->param >= 0) {
        const Surface *surface = scene_surface(&a->session->scene);
        const char *name = f->key == SCENE_SCHEDULE
                               ? timeline_rate(session_run(a->session), at)->schedule->name
                           : f->key == SCENE_OPTIMIZER
                               ? timeline_optimizer(session_run(a->session), at, NULL)->name
                           : surface ? surface->name
                                     : a->session->scene.surface.formula;
        text_add(out, "%s:%s=", name, f->name);
    }
    if (row && row->kind == PARAM_CHOICE)
        text_add(out, "%s", row->choices[(int)v]);
    else
        text_number(out, v);
}

/* Milestones move together by a tenth of the run. */
static bool adjust_list(App *a, const Parameter *f, const ParamInfo *row, int steps, bool fine,
                        Error *err)
{
    const Rate *rate = timeline_rate(session_run(a->session), session_row(a->session));
    char text[256];
    Text value = text_over(text, sizeof text);
    long by = fine ? 1 : timeline_steps(session_run(a->session)) / 20;
    text_add(&value, "%s:%s=", rate->schedule->name, row->name);
    for (int i = 0; i < rate->list_count; i++) {
        long m = rate->list[i] + steps * (by > 0 ? by : 1);
        text_add(&value, "%s%ld", i ? "/" : "", m < i + 1 ? i + 1 : m);
    }
    if (!changed(a, session_set(a->session, a->gate, f->key, text, value.used, err)))
        return false;
    say(a, "%s → %s %s", row->name, strchr(text, '=') + 1, a->session->from);
    return true;
}

static bool focus_adjust(App *a, int steps, bool fine, Error *err)
{
    if (a->focus->at < 0)
        return false;
    Parameter f = a->focus->list[a->focus->at];
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
    if (!changed(a, session_set(a->session, a->gate, f.key, text, value.used, err)))
        return false;
    char now[NUMBER_TEXT];
    bool whole = old == floor(old) && v == floor(v);
    whole ? number_brief(was, old, 6) : number_show(was, old, 4);
    whole ? number_brief(now, v, 6) : number_show(now, v, 4);
    if (row && row->kind == PARAM_CHOICE)
        say(a, "%s → %s %s", f.name, row->choices[(int)v], a->session->from);
    else
        say(a, "%s %s → %s %s", f.name, was, now, a->session->from);
    return true;
}

static void focus_show(const App *a, const Parameter *f, char out[NUMBER_TEXT])
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

static void focus_describe(const App *a, const Parameter *f, char *out, size_t size)
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

void focus_permit(App *a)
{
    Focus *f = a->focus;
    if (f->at >= 0 && !unlocked(a, &f->list[f->at]))
        f->at = -1;
}

/* ---- verbs ---- */

int focus_free(const App *a)
{
    for (int i = 0; i < a->focus->count; i++)
        if (unlocked(a, &a->focus->list[i]))
            return i;
    return -1;
}

static bool run_adjust(App *a, const char *args, Error *err)
{
    Focus *f = a->focus;
    bool fine = strncmp(args, "fine-", 5) == 0;
    const char *way = fine ? args + 5 : args;
    int steps = strcmp(way, "up") == 0 ? 1 : strcmp(way, "down") == 0 ? -1 : 0;
    if (!steps)
        return bad_argument(err, args, "up, down, fine-up or fine-down");
    if (f->at < 0 && !gate_unlocks(a->gate, SCENE_ETA0, NULL)) {
        focus_build(a);
        f->at = focus_free(a);
    }
    if (f->at > 0)
        return focus_adjust(a, steps, fine, err);
    double now = timeline_rate(session_run(a->session), session_row(a->session))->eta0;
    double to = preferred(now, steps, fine);
    if (to >= 1e-12 && to <= 1e12)
        return set_eta0(a, to, err);
    say_warn(a, "η₀ goes no further");
    return true;
}

static void say_focus(App *a)
{
    const Parameter *f = &a->focus->list[a->focus->at];
    char meaning[200];
    char value[NUMBER_TEXT];
    focus_describe(a, f, meaning, sizeof meaning);
    focus_show(a, f, value);
    say(a, "%s = %s: %s. ↑↓ change it, Esc leaves", f->name, value, meaning);
    say_short(a, "%s = %s: %s", f->name, value, meaning);
}

static bool focus_named(App *a, const char *name, Error *err)
{
    for (int i = 0; i < a->focus->count; i++)
        if (strcmp(name, a->focus->list[i].name) == 0) {
            a->focus->at = i;
            say_focus(a);
            return true;
        }
    return bad_argument(err, name, "next, previous, off or a parameter's name");
}

static bool run_focus(App *a, const char *args, Error *err)
{
    Focus *f = a->focus;
    int by = way_argument(args);
    focus_build(a);
    if (strcmp(args, "off") == 0) {
        f->at = -1;
        return true;
    }
    if (!by)
        return focus_named(a, args, err);
    for (int tried = 0; tried < f->count; tried++) { /* what a lesson locks is passed over */
        f->at = f->at < 0 ? (by > 0 ? 0 : f->count - 1) : (f->at + by + f->count) % f->count;
        if (unlocked(a, &f->list[f->at]))
            break;
    }
    say_focus(a);
    return true;
}

const Command focus_commands[] = {
    {"adjust", "[fine-]up|down", "rate", "change η₀, or the parameter in focus", run_adjust, 0,
     NULL},
    {"focus", "next|previous|off|NAME", "rate", "walk through all parameters", run_focus, 0, NULL},
    {.name = NULL},
};
