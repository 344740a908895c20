/* SPDX-License-Identifier: MIT
 * proof: see proof.h. The rules stand in a table at the end; each is a function that works on one
 * step with one timeline. */
#include "teach/proof.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "teach/attempt.h"
#include "teach/claims.h"
#include "teach/setup.h"
#include "teach/phrases.h"

enum {
    VARIANTS = 200,       /* of the solution's numbers and start */
    SEEDS = 20,           /* of noisy runs */
    SCRIPTS = 200,        /* random key scripts */
    EVALUATIONS = 400000, /* a rule may spend before it looks at fewer samples */
    SAMPLES_LEAST = 40,
    SWEEP_DECADES = 2, /* to each side of the solution's number */
    SWEEP_PER_DECADE = 24,
};

typedef struct Prover {
    const Lesson *l;
    const Step *s;
    const ProofRule *rule; /* being looked at */
    const ProofSink *sink;
    Attempt a;
    Scene base;
    Scene scene;
    Scene work;
} Prover;

static void say(const Prover *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void wrong(Prover *p, const Passage *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void warn(Prover *p, const Passage *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(const Prover *p, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (p->sink->say)
        p->sink->say(p->sink->ctx, text);
}

static void complain(Prover *p, bool warning, const Passage *at, const char *format, va_list args)
{
    char text[400];
    vsnprintf(text, sizeof text, format, args);
    errors_add(p->sink->list, warning, p->l->file, at ? at->line : p->s->line, at ? at->column : 1,
               "%s [%s]", text, p->rule->id);
}

static void wrong(Prover *p, const Passage *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(p, false, at, format, args);
    va_end(args);
}

static void warn(Prover *p, const Passage *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(p, true, at, format, args);
    va_end(args);
}

static const char *brief(double v, char out[NUMBER_TEXT])
{
    number_brief(out, v, 3);
    return out;
}

/* ---- runs --------------------------------------------------------------------------------- */

static bool load(Prover *p, const Passage *name, Scene *to)
{
    Error e;
    if (!name || !name->text)
        return false;
    if (lesson_scene(p->l, name->text, strlen(name->text), to, &e))
        return true;
    wrong(p, name, "scene '%.60s': %.200s", name->text, e.message);
    return false;
}

/* One run of the attempt that has begun. */
static bool judge(Prover *p, const Scene *scene, const Passage *at)
{
    Error e;
    if (attempt_run(&p->a, scene, &e))
        return true;
    if (at)
        wrong(p, at, "this cannot run: %.200s", e.message);
    return false;
}

/* All runs of "a | b" over the step's scene. */
static bool passes(Prover *p, const Passage *settings)
{
    const char *at = settings->text;
    const char *run;
    size_t length;
    Error e;
    attempt_begin(&p->a);
    while (setup_next_run(&at, &run, &length)) {
        scene_copy(&p->scene, &p->base);
        if (!setup_apply(&p->scene, p->s, run, length, &e)) {
            wrong(p, settings, "%.200s", e.message);
            return false;
        }
        if (!judge(p, &p->scene, settings))
            return false;
    }
    return attempt_passed(&p->a);
}

static bool is_noisy(const Scene *s)
{
    return s->noise > 0 || s->batch > 0;
}

/* A count of samples that keeps a rule's cost bounded. */
static int samples(const Prover *p, int most)
{
    long rows = attempt_rows(&p->a) > 0 ? attempt_rows(&p->a) : 1;
    long n = EVALUATIONS / rows;
    return n > most ? most : n < SAMPLES_LEAST ? SAMPLES_LEAST : (int)n;
}

/* ---- the start -------------------------------------------------------------------- */

static bool prove_start(Prover *p)
{
    attempt_begin(&p->a);
    if (!judge(p, &p->base, &p->s->use))
        return true;
    if (attempt_passed(&p->a))
        wrong(p, &p->s->goal[0], "the start meets the goal already: nothing to do");
    for (int i = 0; i < p->s->goals; i++)
        if (p->s->goals > 1 && p->a.met[i])
            wrong(p, &p->s->goal[i], "the untouched run meets this goal");
    return true;
}

/* ---- the solutions ---------------------------------------------------------------- */

static void say_margins(Prover *p, int index)
{
    char text[500];
    Text out = text_over(text, sizeof text);
    text_add(&out, "  solution %d: %s: passes with", index + 1, p->s->solution[index].text);
    for (int i = 0; i < p->a.conditions; i++) {
        text_add(&out, "%s %.*s (", i ? "," : "", p->a.condition[i].length, p->a.condition[i].text);
        phrase_now(&p->a.condition[i], &out);
        text_add(&out, ")");
    }
    text_add(&out, "; %ld evaluations", p->a.spent);
    say(p, "%s", text);
}

static void prove_miss(Prover *p, const Passage *at)
{
    char text[300];
    Text out = text_over(text, sizeof text);
    int nearest = goal_nearest(p->a.condition, p->a.conditions);
    if (!p->a.held)
        text_add(&out, "it breaks the limit %s", p->s->limit.text);
    else if (nearest >= 0)
        phrase_condition(&p->a.condition[nearest], &out);
    wrong(p, at, "the solution does not meet the goal: %s", text);
}

static bool prove_solutions(Prover *p)
{
    bool all = true;
    long cheapest = 0;
    for (int i = 0; i < p->s->solutions; i++) {
        bool ok = passes(p, &p->s->solution[i]);
        if (ok)
            say_margins(p, i);
        else
            prove_miss(p, &p->s->solution[i]);
        if (ok && (!cheapest || p->a.spent < cheapest))
            cheapest = p->a.spent;
        all = all && ok;
    }
    if (all && cheapest > p->s->par)
        wrong(p, NULL, "par is %ld, but the cheapest solution takes %ld evaluations", p->s->par,
              cheapest);
    if (all && p->s->par > 4 * cheapest)
        warn(p, NULL, "par is %ld, the cheapest solution takes %ld evaluations", p->s->par,
             cheapest);
    return all;
}

/* ---- robust ----------------------------------------------------------------------- */

static double shaken(uint64_t seed, uint64_t *k)
{
    return 1 + 0.05 * (2 * rng_uniform(seed, (*k)++) - 1);
}

static void shake_params(const Step *step, ParamSet *set, const ParamInfo *rows, uint64_t seed,
                         uint64_t *k)
{
    Error ignored;
    for (int i = 0; rows[i].name; i++) {
        if (!step_unlocks(step, SCENE_SCHEDULE, rows[i].name))
            continue;
        double v = set->value[i] * shaken(seed, k);
        if ((set->given >> i & 1u) && rows[i].kind == PARAM_REAL &&
            param_check(&rows[i], v, &ignored))
            set->value[i] = v;
        if ((set->given >> i & 1u) && rows[i].kind == PARAM_INTEGER &&
            param_check(&rows[i], round(v), &ignored))
            set->value[i] = round(v);
    }
}

/* Numbers that the learner sets (the optimizer's own nobody sets by ear) and the start. */
static void shake(const Step *step, Scene *s, uint64_t seed)
{
    uint64_t k = 0;
    if (scene_given(s, SCENE_ETA0) && step_unlocks(step, SCENE_ETA0, NULL))
        s->eta0 *= shaken(seed, &k);
    if (scene_given(s, SCENE_START))
        s->start = vec2(s->start.x * shaken(seed, &k), s->start.y * shaken(seed, &k));
    if (s->schedule.row >= 0)
        shake_params(step, &s->schedule.params, schedules[s->schedule.row].params, seed, &k);
}

/* The runs of the first solution, each shaken (seed 0: not) or with another noise. */
static bool passes_changed(Prover *p, uint64_t shake_seed, uint64_t noise_seed, double nudge)
{
    const char *at = p->s->solution[0].text;
    const char *run;
    size_t length;
    Error ignored;
    attempt_begin(&p->a);
    while (setup_next_run(&at, &run, &length)) {
        scene_copy(&p->scene, &p->base);
        if (!setup_apply(&p->scene, NULL, run, length, &ignored))
            return false;
        if (shake_seed)
            shake(p->s, &p->scene, shake_seed);
        if (noise_seed) {
            p->scene.seed = noise_seed;
            p->scene.given |= 1u << SCENE_SEED;
        }
        p->scene.start = vec2(p->scene.start.x + nudge, p->scene.start.y - nudge);
        if (!judge(p, &p->scene, NULL))
            return false;
    }
    return attempt_passed(&p->a);
}

static bool prove_robust(Prover *p)
{
    if (p->s->fragile.text)
        return true;
    passes_changed(p, 0, 0, 0);
    int n = samples(p, VARIANTS);
    int good = 0;
    for (int i = 0; i < n; i++)
        good += passes_changed(p, (uint64_t)i + 1, 0, 0);
    say(p, "  numbers and start moved by up to 5 %%: %d of %d pass", good, n);
    if (good < 0.95 * n)
        wrong(p, &p->s->solution[0],
              "not robust: only %d of %d variants within 5 %% pass (or say @fragile REASON)", good,
              n);
    if (!is_noisy(&p->base))
        return true;
    good = 0;
    for (int i = 0; i < SEEDS; i++)
        good += passes_changed(p, 0, (uint64_t)i + 1, 0);
    say(p, "  seeds 1 to %d: %d pass", SEEDS, good);
    if (good < 0.95 * SEEDS)
        wrong(p, &p->s->solution[0], "only %d of %d seeds pass", good, SEEDS);
    return true;
}

/* ---- not chaotic ------------------------------------------------------------------ */

static bool prove_chaos(Prover *p)
{
    double before[GOAL_CONDITIONS];
    if (p->s->fragile.text || !scene_given(&p->base, SCENE_START))
        return true;
    bool ok = passes_changed(p, 0, 0, 0);
    int n = p->a.conditions;
    for (int i = 0; i < n; i++)
        before[i] = p->a.condition[i].value;
    bool same = passes_changed(p, 0, 0, 1e-11) == ok;
    for (int i = 0; same && i < n; i++) {
        double after = p->a.condition[i].value;
        double size = fmax(fmax(fabs(before[i]), fabs(after)), 1e-6);
        same = isnan(after) == isnan(before[i]) && !(fabs(after - before[i]) > 1e-3 * size);
    }
    if (!same)
        wrong(p, &p->s->use, "chaotic: a start moved by 1e-11 changes the outcome");
    return true;
}

/* ---- what must fail --------------------------------------------------------------- */

static bool prove_fails(Prover *p)
{
    for (int i = 0; i < p->s->failing; i++)
        if (passes(p, &p->s->fails[i]))
            wrong(p, &p->s->fails[i], "this meets the goal, but is said to fail");
    return true;
}

/* A number that the learner may press. */
typedef struct Knob {
    SceneKey key;
    int param; /* of the schedule in force; -1: the key */
    double value;
    const char *name;
    bool whole;
} Knob;

static double eta0_of(const Prover *p, const Scene *s)
{
    Error ignored;
    if (scene_given(s, SCENE_ETA0))
        return s->eta0;
    Prover *q = (Prover *)(uintptr_t)p;
    return attempt_compute(&q->a, s, &ignored) ? timeline_rate(q->a.run, 0)->eta0 : 0.01;
}

static int knobs_of(const Prover *p, const Scene *s, Knob *out, int most)
{
    int n = 0;
    if (step_unlocks(p->s, SCENE_ETA0, NULL) && n < most)
        out[n++] = (Knob){SCENE_ETA0, -1, eta0_of(p, s), "eta0", false};
    if (s->schedule.row < 0)
        return n;
    const ParamInfo *rows = schedules[s->schedule.row].params;
    for (int i = 0; rows[i].name && n < most; i++)
        if (s->schedule.params.given >> i & 1u &&
            (rows[i].kind == PARAM_REAL || rows[i].kind == PARAM_INTEGER) &&
            step_unlocks(p->s, SCENE_SCHEDULE, rows[i].name))
            out[n++] = (Knob){SCENE_SCHEDULE, i, s->schedule.params.value[i], rows[i].name,
                              rows[i].kind == PARAM_INTEGER};
    return n;
}

static bool turn(Scene *s, const Knob *k, double value)
{
    Error ignored;
    if (k->whole)
        value = round(value);
    if (k->param < 0) {
        s->eta0 = value;
        s->given |= 1u << SCENE_ETA0;
        return value > 0 && isfinite(value);
    }
    const ParamInfo *row = &schedules[s->schedule.row].params[k->param];
    s->schedule.params.value[k->param] = value;
    s->schedule.params.given |= 1u << k->param;
    return param_check(row, value, &ignored);
}

/* The next preferred number (R10), as the keys of the stage choose it. */
static double press(double v, int steps)
{
    static const double series[] = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};
    char text[NUMBER_TEXT];
    double place = floor(10 * log10(v) + 0.5) + steps;
    double decade = floor(place / 10);
    snprintf(text, sizeof text, "%ge%d", series[(int)(place - 10 * decade)], (int)decade);
    return strtod(text, NULL);
}

/* Another row of a table, as the keys s and o walk through the core set. */
static int next_core_schedule(int row, uint64_t random)
{
    int n = schedule_count();
    for (int tries = (int)(random % 5) + 1; tries > 0;) {
        row = (row + 1) % n;
        tries -= schedules[row].core;
    }
    return row;
}

static int next_core_optimizer(int row, uint64_t random)
{
    int n = optimizer_count();
    for (int tries = (int)(random % 5) + 1; tries > 0;) {
        row = (row + 1) % n;
        tries -= optimizers[row].core;
    }
    return row;
}

/* One random key on the scene before the run: mostly numbers, sometimes another choice. */
static void random_key(Prover *p, Scene *s, uint64_t seed, uint64_t *k)
{
    Knob knob[8];
    int n = knobs_of(p, s, knob, 8);
    uint64_t what = rng_u64(seed, (*k)++);
    uint64_t how = rng_u64(seed, (*k)++);
    bool schedule = step_unlocks(p->s, SCENE_SCHEDULE, NULL);
    bool optimizer = step_unlocks(p->s, SCENE_OPTIMIZER, NULL);
    int choices = n + schedule + optimizer;
    int at = choices ? (int)(what % (uint64_t)choices) : 0;
    if (at < n) {
        turn(s, &knob[at],
             knob[at].whole ? knob[at].value + (how & 1 ? 1 : -1)
                            : press(knob[at].value, how & 1 ? 1 : -1));
    } else if (schedule && at == n) {
        s->schedule = (Choice){.row = next_core_schedule(s->schedule.row, how)};
        s->given |= 1u << SCENE_SCHEDULE;
    } else if (optimizer) {
        s->optimizer = (Choice){.row = next_core_optimizer(s->optimizer.row, how)};
        s->given |= 1u << SCENE_OPTIMIZER;
    }
}

static bool script_passes(Prover *p, uint64_t seed)
{
    uint64_t k = 1000;
    int keys = 1 + (int)(rng_u64(seed, 0) % 12);
    int runs = p->s->goals > 1 ? 2 : 1;
    Scene *s = &p->work;
    scene_copy(s, &p->base);
    int done = 0;
    attempt_begin(&p->a);
    for (int run = 0; run < runs; run++) {
        while (done < keys * (run + 1) / runs) {
            random_key(p, s, seed, &k);
            done++;
        }
        if (!judge(p, s, NULL))
            return false;
    }
    return attempt_passed(&p->a);
}

static bool prove_extremes(Prover *p)
{
    static const double extremes[] = {1e-6, 1e3};
    Knob knob[8];
    int n = p->s->goals > 1 ? 0 : knobs_of(p, &p->base, knob, 8);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            scene_copy(&p->scene, &p->base);
            attempt_begin(&p->a);
            if (turn(&p->scene, &knob[i], extremes[k]) && judge(p, &p->scene, NULL) &&
                attempt_passed(&p->a))
                wrong(p, &p->s->goal[0], "%s = %g meets the goal: holding a key down is no task",
                      knob[i].name, extremes[k]);
        }
    return true;
}

static bool prove_chance(Prover *p)
{
    attempt_begin(&p->a);
    judge(p, &p->base, NULL);
    int n = samples(p, SCRIPTS);
    int good = 0;
    for (int i = 0; i < n; i++)
        good += script_passes(p, (uint64_t)i + 1);
    say(p, "  random keys: %d of %d scripts pass", good, n);
    if (good >= 0.1 * n && !p->s->easy.text)
        wrong(
            p, &p->s->goal[0],
            "%d of %d random key scripts meet the goal (fewer than 10 %% may, or say @easy REASON)",
            good, n);
    return true;
}

/* ---- the passing range ------------------------------------------------------------ */

static bool passes_at(Prover *p, const Knob *k, double value)
{
    Error ignored;
    const char *at = p->s->solution[0].text;
    const char *run;
    size_t length;
    scene_copy(&p->scene, &p->base);
    if (!setup_next_run(&at, &run, &length) ||
        !setup_apply(&p->scene, NULL, run, length, &ignored) || !turn(&p->scene, k, value))
        return false;
    attempt_begin(&p->a);
    return judge(p, &p->scene, NULL) && attempt_passed(&p->a);
}

/* From the solution's number outwards while it passes; the last passing one. */
static double range_end(Prover *p, const Knob *k, double factor)
{
    double last = k->value;
    for (int i = 1; i <= SWEEP_DECADES * SWEEP_PER_DECADE; i++) {
        double v = k->value * pow(factor, i);
        if (k->whole && (v < 1 || round(v) == round(last)))
            continue;
        if (!passes_at(p, k, v))
            break;
        last = v;
    }
    return last;
}

static void sweep(Prover *p, const Knob *k)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double factor = pow(10, 1.0 / SWEEP_PER_DECADE);
    if (!(k->value > 0))
        return;
    double low = range_end(p, k, 1 / factor);
    double high = range_end(p, k, factor);
    if (k->whole) {
        low = round(low);
        high = round(high);
    }
    say(p, "  %s passes from %s to %s", k->name, brief(low, a), brief(high, b));
    bool narrow = k->whole ? high - low < 1 : high * factor / low < 1.25;
    if (narrow && !p->s->fragile.text)
        wrong(p, &p->s->solution[0],
              "%s passes only from %s to %s: less than one key press (or say @fragile REASON)",
              k->name, a, b);
    if (log10(high / low) > 0.9 * 2 * SWEEP_DECADES)
        warn(p, &p->s->solution[0], "%s passes almost everywhere: it is no part of the task",
             k->name);
}

static bool prove_range(Prover *p)
{
    Error ignored;
    Knob knob[8];
    const char *at = p->s->solution[0].text;
    const char *run;
    size_t length;
    scene_copy(&p->scene, &p->base);
    if (p->s->goals > 1 || !setup_next_run(&at, &run, &length) ||
        !setup_apply(&p->scene, NULL, run, length, &ignored))
        return true;
    int n = knobs_of(p, &p->scene, knob, 8);
    for (int i = 0; i < n; i++)
        sweep(p, &knob[i]);
    return true;
}

/* ---- other ways ------------------------------------------------------------------- */

/* Rates of a family that pass, over five decades in R5 steps; false: none. */
static bool rates_passing(Prover *p, Scene *s, double *low, double *high)
{
    bool any = false;
    for (int i = -20; i <= 5; i++) {
        s->eta0 = press(1, 2 * i);
        s->given |= 1u << SCENE_ETA0;
        attempt_begin(&p->a);
        if (!judge(p, s, NULL) || !attempt_passed(&p->a))
            continue;
        if (!any)
            *low = s->eta0;
        *high = s->eta0;
        any = true;
    }
    return any;
}

static void list_way(Prover *p, const char *name, Text *out)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double low;
    double high;
    if (rates_passing(p, &p->work, &low, &high))
        text_add(out, "%s %s (eta0 %s to %s)", out->used ? "," : "", name, brief(low, a),
                 brief(high, b));
}

static bool prove_other_ways(Prover *p)
{
    char text[560];
    Text out = text_over(text, sizeof text);
    if (p->s->goals > 1 || !step_unlocks(p->s, SCENE_ETA0, NULL))
        return true;
    for (int i = 0; step_unlocks(p->s, SCENE_SCHEDULE, NULL) && schedules[i].name; i++) {
        scene_copy(&p->work, &p->base);
        p->work.schedule = (Choice){.row = i};
        p->work.given |= 1u << SCENE_SCHEDULE;
        list_way(p, schedules[i].name, &out);
    }
    for (int i = 0; step_unlocks(p->s, SCENE_OPTIMIZER, NULL) && optimizers[i].name; i++) {
        scene_copy(&p->work, &p->base);
        p->work.optimizer = (Choice){.row = i};
        p->work.given |= 1u << SCENE_OPTIMIZER;
        list_way(p, optimizers[i].name, &out);
    }
    if (out.used)
        say(p, "  also solved by:%s", text);
    return true;
}

/* What the other rules of a task stand on. */
static bool prove_task(Prover *p)
{
    Error e;
    if (!load(p, &p->s->use, &p->base))
        return false;
    if (attempt_step(&p->a, p->s, &e))
        return true;
    wrong(p, &p->s->goal[0], "%s", e.message);
    return false;
}

/* ---- conditions of questions, captions and prose ------------------------------------------ */

/* Does "SCENE: condition" (or one on `subject`) hold at `row` (-1: the end) of the run with this
 * seed? */
static int holds(Prover *p, const Passage *truth, const Passage *subject, long row, uint64_t seed)
{
    Error e;
    const char *condition;
    char name[64];
    size_t length = lesson_scene_prefix(p->l, truth->text, &condition);
    Passage scene = {name, truth->line, truth->column};
    snprintf(name, sizeof name, "%.*s", (int)length, truth->text);
    if (!load(p, length ? &scene : subject, &p->scene)) {
        if (!length && !subject)
            wrong(p, truth, "no scene to prove this on: write 'SCENE: condition'");
        return -1;
    }
    if (seed) {
        p->scene.seed = seed;
        p->scene.given |= 1u << SCENE_SEED;
    }
    if (!attempt_goal(&p->a, condition, &e) || !attempt_compute(&p->a, &p->scene, &e)) {
        wrong(p, truth, "%s", e.message);
        return -1;
    }
    long last = attempt_rows(&p->a);
    return goal_met(&p->a.goal[0], p->a.run, row < 0 || row > last ? last : row);
}

static void prove_truth(Prover *p, const Passage *truth, const Passage *subject, bool expected,
                        const char *what)
{
    int got = holds(p, truth, subject, -1, 0);
    if (got < 0)
        return;
    if (got != expected) {
        wrong(p, truth, "%s: '%.120s' %s", what, truth->text, got ? "holds" : "does not hold");
        return;
    }
    if (!is_noisy(&p->scene))
        return;
    int good = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        good += holds(p, truth, subject, -1, seed) == expected;
    if (good < 0.9 * SEEDS)
        wrong(p, truth, "%s: '%.120s' rests on the seed: %d of %d agree", what, truth->text, good,
              SEEDS);
}

static bool prove_answers(Prover *p)
{
    const Passage *subject = step_subject(p->s);
    for (int i = 0; i < p->s->answers; i++) {
        const Answer *a = &p->s->answer[i];
        if (a->truth.text)
            prove_truth(p, &a->truth, subject, a->holds,
                        a->mark == 'x' ? "the right answer" : "a wrong answer");
    }
    return true;
}

static bool prove_number(Prover *p)
{
    char text[GOAL_TEXT];
    const char *expression;
    if (!p->s->number_truth.text)
        return true;
    size_t length = lesson_scene_prefix(p->l, p->s->number_truth.text, &expression);
    double v = p->s->number_value;
    double slack = fmax(p->s->number_tolerance * fabs(v), 1e-9);
    snprintf(text, sizeof text, "%.*s: abs((%s) - (%.17g)) <= %.17g", (int)length,
             p->s->number_truth.text, expression, v, slack);
    Passage truth = {text, p->s->number.line, p->s->number.column};
    prove_truth(p, &truth, NULL, true, "the number");
    return true;
}

static bool prove_captions(Prover *p)
{
    Error e;
    for (int i = 0; i < p->s->captions; i++) {
        const Caption *c = &p->s->caption[i];
        if (!load(p, &p->s->run, &p->scene) || !attempt_compute(&p->a, &p->scene, &e))
            return true;
        long last = attempt_rows(&p->a);
        long row = c->at == CAPTION_END ? last : c->at;
        if (row > last) {
            wrong(p, &c->said, "step %ld lies behind the end of the run (%ld)", c->at, last);
            continue;
        }
        if (!phrase_numbers_agree(c->said.text, p->a.run, row, &e))
            wrong(p, &c->said, "%s", e.message);
        char text[400];
        Text out = text_over(text, sizeof text);
        phrase_caption(c->said.text, p->a.run, row, &out);
        say(p, "  step %ld: %s", row, text);
        if (c->truth.text && holds(p, &c->truth, &p->s->run, row, 0) == 0)
            wrong(p, &c->truth, "'%.120s' does not hold at step %ld", c->truth.text, row);
    }
    return true;
}

static bool prove_scenes(Prover *p)
{
    const Step *s = p->s;
    char names[STEP_BESIDE][BESIDE_NAME];
    Passage beside[STEP_BESIDE] = {{0}};
    for (int k = 0; k < STEP_BESIDE && step_beside(s, k, names[k]); k++)
        beside[k] = (Passage){names[k], s->beside.line, s->beside.column};
    const Passage *scenes[] = {&s->show, &s->run, &beside[0], &beside[1], &beside[2]};
    Error e;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        if (scenes[i]->text && load(p, scenes[i], &p->scene) &&
            !timeline_set(p->a.run, &p->scene, &e))
            wrong(p, scenes[i], "scene '%.60s': %.200s", scenes[i]->text, e.message);
    return true;
}

static bool prove_prose(Prover *p)
{
    for (int i = 0; i < p->s->proofs; i++)
        prove_truth(p, &p->s->proof[i], NULL, true, "the prose");
    return true;
}

/* ---- numbers of the prose ----------------------------------------------------------------- */

enum { NUMBERS = 400, SMALL = 12 /* integers so small count things, and need no proof */ };

/* Numbers that the step's scenes, conditions and settings contain. */
typedef struct Numbers {
    double value[NUMBERS];
    int count;
} Numbers;

/* The next number of a text that is no part of a word, and is not glued to one: "4.5", not "B4". */
static bool next_number(const char **at, const char **number, size_t *length, double *value)
{
    for (const char *c = *at; *c; c++) {
        if (!isdigit((unsigned char)*c))
            continue;
        const char *begin = c;
        c += strspn(c, "0123456789");
        if (*c == '.' && isdigit((unsigned char)c[1]))
            c += 1 + strspn(c + 1, "0123456789");
        if (*c == 'e' && (isdigit((unsigned char)c[1]) || c[1] == '-'))
            c += 2 + strspn(c + 2, "0123456789");
        bool glued = isalpha((unsigned char)*c) ||
                     (begin > *at && (isalnum((unsigned char)begin[-1]) || begin[-1] == '_'));
        *number = begin;
        *length = (size_t)(c - begin);
        if (!glued && number_parse(begin, *length, value)) {
            *at = c;
            return true;
        }
        c--;
    }
    return false;
}

static void gather_text(Numbers *n, const char *text)
{
    const char *number;
    size_t length;
    double value;
    while (text && n->count < NUMBERS && next_number(&text, &number, &length, &value))
        n->value[n->count++] = value;
}

static void gather_list(Numbers *n, const Passage *list, int count)
{
    for (int i = 0; i < count; i++)
        gather_text(n, list[i].text);
}

/* What the scene says, and the rate and length that it gets where it says nothing. */
static void gather_scene(Prover *p, Numbers *n, const char *name, size_t length)
{
    char text[SCENE_LINE];
    Error ignored;
    if (!length || !lesson_scene(p->l, name, length, &p->scene, &ignored) ||
        !timeline_set(p->a.run, &p->scene, &ignored) || n->count + 2 > NUMBERS)
        return;
    Text out = text_over(text, sizeof text);
    scene_print(&p->scene, true, &out);
    gather_text(n, text);
    n->value[n->count++] = timeline_rate(p->a.run, 0)->eta0;
    n->value[n->count++] = (double)timeline_steps(p->a.run);
    const Loss *loss[] = {timeline_loss(p->a.run), timeline_held_out(p->a.run, 0)};
    for (int i = 0; i < 2 && n->count < NUMBERS; i++) /* how many points the data have */
        if (loss[i] && loss[i]->data)
            n->value[n->count++] = (double)loss_rows(loss[i]);
}

static void gather_step(Prover *p, Numbers *n)
{
    const Step *s = p->s;
    const Passage *scenes[] = {&s->show, &s->run, &s->use};
    const char *rest;
    char name[BESIDE_NAME];
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        if (scenes[i]->text)
            gather_scene(p, n, scenes[i]->text, strlen(scenes[i]->text));
    for (int k = 0; k < STEP_BESIDE && step_beside(s, k, name); k++)
        gather_scene(p, n, name, strlen(name));
    for (int i = 0; i < s->proofs; i++)
        gather_scene(p, n, s->proof[i].text, lesson_scene_prefix(p->l, s->proof[i].text, &rest));
    gather_list(n, s->proof, s->proofs);
    gather_list(n, s->goal, s->goals);
    gather_list(n, s->solution, s->solutions);
    gather_list(n, s->fails, s->failing);
    gather_list(n, &s->limit, 1);
    gather_list(n, &s->number, 1);
    for (int i = 0; i < s->captions; i++)
        gather_list(n, &s->caption[i].truth, 1);
    for (int i = 0; i < s->answers; i++)
        gather_list(n, &s->answer[i].truth, 1);
}

static void prove_text(Prover *p, const Numbers *n, const char *text, const Passage *at)
{
    const char *number;
    size_t length;
    double value;
    while (text && next_number(&text, &number, &length, &value)) {
        bool known = value <= SMALL && value == floor(value);
        for (int i = 0; !known && i < n->count; i++)
            known = fabs(value - n->value[i]) <= 1e-12 * fabs(value);
        if (!known)
            wrong(p, at, "the number %.*s stands in no scene, condition or setting of this step",
                  (int)length, number);
    }
}

static bool prove_numbers(Prover *p)
{
    Numbers n = {.count = 0};
    const Step *s = p->s;
    gather_step(p, &n);
    prove_text(p, &n, s->prose, NULL);
    prove_text(p, &n, s->ask.text, &s->ask);
    prove_text(p, &n, s->why.text, &s->why);
    for (int i = 0; i < s->answers; i++) {
        prove_text(p, &n, s->answer[i].said.text, &s->answer[i].said);
        prove_text(p, &n, s->answer[i].feedback, &s->answer[i].said);
    }
    return true;
}

/* In this order; what is cheap and what the others stand on first. */
const ProofRule proof_rules[] = {
    {"scenes", "each scene can run", false, prove_scenes},
    {"captions", "numbers are computed, or typed and compared; conditions hold at their step",
     false, prove_captions},
    {"answers", "the right answer is true and no wrong one is, with 9 of 10 seeds", false,
     prove_answers},
    {"number", "the expression gives the number", false, prove_number},
    {"prose", "what the prose relies on holds", false, prove_prose},
    {"numbers",
     "numbers of prose and answers, all but whole ones to 12, stand in its scenes, conditions, "
     "settings",
     false, prove_numbers},
    {"task", "scene, goal and limit can be read", true, prove_task},
    {"start", "the start does not meet the goal, nor does running untouched", true, prove_start},
    {"fails", "settings said to fail do", true, prove_fails},
    {"solutions", "each solution meets the goal, within limit and par, with unlocked keys", true,
     prove_solutions},
    {"robust", "it still does with numbers and start moved by up to 5 %, and with 19 of 20 seeds",
     true, prove_robust},
    {"chaos", "a start moved by 1e-11 changes nothing", true, prove_chaos},
    {"extremes", "holding a key down is no way", true, prove_extremes},
    {"chance", "fewer than 10 % of random key scripts meet the goal", true, prove_chance},
    {"range", "each unlocked number passes over more than one key press", true, prove_range},
    {"ways", "lists the other schedules and optimizers that pass", true, prove_other_ways},
    {NULL, NULL, false, NULL},
};

/* A speaker rehearses: what will be asked, beside the captions. */
static void say_question(const Prover *p)
{
    if (!p->l->demo || !p->s->ask.text)
        return;
    say(p, "  asks: %s", p->s->ask.text);
    for (int i = 0; i < p->s->answers; i++)
        say(p, "  %d [%c] %s", i + 1, p->s->answer[i].mark, p->s->answer[i].said.text);
}

static void prove_step(Prover *p)
{
    say(p, "%s %s: %s", p->s->kind->name, p->s->id, p->s->title);
    say_question(p);
    for (p->rule = proof_rules; p->rule->id; p->rule++)
        if ((p->s->kind->doing || !p->rule->doing) && !p->rule->prove(p))
            return;
}

bool proof_lesson(const Lesson *l, int step, const ProofSink *sink)
{
    int before = sink->list->errors;
    Prover *p = malloc(sizeof *p);
    if (!p || !attempt_open(&p->a)) {
        errors_add(sink->list, false, l->file, 0, 0, "out of memory");
        free(p);
        return false;
    }
    p->l = l;
    p->sink = sink;
    for (int i = 0; i < l->steps; i++) {
        if (step >= 0 && i != step)
            continue;
        p->s = &l->step[i];
        prove_step(p);
    }
    attempt_close(&p->a);
    free(p);
    return sink->list->errors == before;
}

void proof_claims(const Course *c, ErrorList *list)
{
    uint64_t reached = 0;
    for (int i = 0; i < c->count; i++)
        for (int k = 0; k < c->lesson[i]->steps; k++)
            reached |= c->lesson[i]->step[k].claims;
    for (int i = 0; i < claim_count(); i++)
        if (claim_row(i)->quoted && claim_row(i)->number >= 1 && claim_row(i)->number <= CLAIMS)
            reached |= UINT64_C(1) << (claim_row(i)->number - 1);
    for (int n = 1; n <= CLAIMS; n++)
        if (!(reached >> (n - 1) & 1u))
            errors_add(list, false, "lessons", 0, 0,
                       "claim %d is in no step and is not quoted in claims.txt", n);
}
