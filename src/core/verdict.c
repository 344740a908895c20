/* SPDX-License-Identifier: MIT
 * verdict: see verdict.h. One rule after the other, each with its reason in numbers. */
#include "core/verdict.h"

#include <string.h>

#include "base/text.h"

const OutcomeRow outcomes[OUTCOMES] = {
    [OUTCOME_MOVING] = {"moving", "moving", "slow", "", "·", 's', .tone = TONE_PLAIN},
    [OUTCOME_OSCILLATING] = {"oscillating", "oscillating", "oscillates", "", "·", 'o',
                             .tone = TONE_WARN},
    [OUTCOME_GLOBAL_MINIMUM] = {"global_minimum", "global minimum", "global", "settled: ", "★", 'G',
                                .tone = TONE_GOOD, .settled = true, .minimum = true},
    [OUTCOME_LOCAL_MINIMUM] = {"local_minimum", "local minimum", "local", "settled: ", "✕", 'L',
                               .tone = TONE_WARN, .settled = true, .minimum = true},
    [OUTCOME_SADDLE] = {"saddle", "saddle", "saddle", "settled: ", "·", 'S', .tone = TONE_WARN,
                        .settled = true},
    [OUTCOME_VALLEY] = {"valley", "valley", "valley", "settled: ", "·", 'V', .tone = TONE_GOOD,
                        .settled = true},
    [OUTCOME_PLATEAU] = {"plateau", "plateau", "plateau", "settled: ", "·", 'P', .tone = TONE_WARN,
                         .settled = true},
    [OUTCOME_DIVERGING] = {"diverging", "diverging", "diverges", "", "!", 'x', .tone = TONE_BAD,
                           .gone = true},
    [OUTCOME_DIVERGED] = {"diverged", "diverged", "diverges", "", "!", 'x', .tone = TONE_BAD,
                          .gone = true},
    [OUTCOME_UNDEFINED] = {"undefined", "undefined", "hole", "", "!", '?', .tone = TONE_BAD,
                           .gone = true},
};

/* The case to be judged: what the rules look at. */
typedef struct Case {
    const Timeline *t;
    const Row *rows;
    long cursor;
    Window window;
    Trail trail;
} Case;

static const char *shown(char out[NUMBER_TEXT], double v)
{
    number_show(out, fabs(v) < 1e-15 ? 0 : v, 3);
    return out;
}

static Vec2 point_of(const Trail *t, long row)
{
    size_t i = (size_t)(row - t->first) * t->stride;
    return vec2(t->x[i], t->y[i]);
}

static double column_at(const Trail *t, const double *column, long row)
{
    return column[(size_t)(row - t->first) * t->stride];
}

/* The last rows stay within `near` of their mean. */
static bool is_still(const Trail *t, double near)
{
    long n = trail_rows(t->steps);
    long first = t->cursor + 1 - n;
    if (first < t->first)
        return false;
    Vec2 sum = vec2(0, 0);
    for (long i = first; i <= t->cursor; i++)
        sum = vec_add(sum, point_of(t, i));
    Vec2 mean = vec_scale(1 / (double)n, sum);
    for (long i = first; i <= t->cursor; i++)
        if (!(vec_norm(vec_sub(point_of(t, i), mean)) <= near))
            return false;
    return true;
}

bool trail_still(const Trail *t, Window w)
{
    return is_still(t, 0.01 * window_diagonal(w));
}

/* The known critical point within `near`. */
static bool known_near(const CriticalSet *known, Vec2 at, double near, Critical *out, int *which)
{
    double best = near;
    *which = -1;
    for (int i = 0; i < known->count; i++) {
        double far = vec_norm(vec_sub(known->point[i].at, at));
        if (far <= best) {
            best = far;
            *which = i;
            *out = known->point[i];
        }
    }
    return *which >= 0;
}

/* A critical point within `near` that was not known. */
static bool found_near(const Trail *t, const CriticalSet *known, double near, Critical *out)
{
    Derivatives d;
    Vec2 at = point_of(t, t->cursor);
    if (!critical_newton(t->ground, at, &out->at, &d) ||
        !(vec_norm(vec_sub(out->at, at)) <= near))
        return false;
    out->kind = critical_kind(d.h);
    out->f = d.f;
    out->global = known->minima == 0 || critical_is_lowest(d.f, known->point[0].f);
    return true;
}

static Outcome outcome_of(const Critical *c)
{
    switch (c->kind) {
    case CRITICAL_MINIMUM:
        return c->global ? OUTCOME_GLOBAL_MINIMUM : OUTCOME_LOCAL_MINIMUM;
    case CRITICAL_VALLEY:
        return OUTCOME_VALLEY;
    case CRITICAL_SADDLE:
    case CRITICAL_MAXIMUM:
        break;
    }
    return OUTCOME_SADDLE;
}

/* Even a walk across the whole window at this slope would gain less than a tenth of what is there
 * to be gained. */
static bool is_flat(const Trail *t, Window w, const CriticalSet *known)
{
    double lowest = known->minima ? known->point[0].f : 0;
    double gain = fabs(t->last_loss - lowest);
    return vec_norm(t->g) * window_diagonal(w) <= 0.1 * gain;
}

static bool rises_late(const Trail *t)
{
    for (long i = t->cursor - t->cursor / 4; i < t->cursor; i++)
        if (column_at(t, t->loss, i + 1) > column_at(t, t->loss, i))
            return true;
    return false;
}

/* Does a long step go back on the one before? At exactly 2/lambda the loss stays the same. */
static bool turns_late(const Trail *t, double near)
{
    for (long i = t->cursor - t->cursor / 4; i + 1 < t->cursor; i++) {
        Vec2 a = vec_sub(point_of(t, i + 1), point_of(t, i));
        Vec2 b = vec_sub(point_of(t, i + 2), point_of(t, i + 1));
        if (a.x * b.x + a.y * b.y < 0 && vec_norm(b) > near)
            return true;
    }
    return false;
}

/* A step of the last ten that covers more than a hundred thousandth of the window. */
static bool moves(const Trail *t, Window w)
{
    double least = 1e-5 * window_diagonal(w);
    for (long i = t->cursor - 10; i < t->cursor; i++)
        if (i >= 0 && vec_norm(vec_sub(point_of(t, i + 1), point_of(t, i))) > least)
            return true;
    return false;
}

/* The best loss has not improved by 1 % over the last quarter, and the point does go to and fro. */
static bool is_oscillating(const Trail *t, Window w, double near)
{
    if (t->cursor < 12 || !moves(t, w))
        return false;
    double then = column_at(t, t->best, t->cursor - t->cursor / 4);
    double now = column_at(t, t->best, t->cursor);
    return !(then - now > 0.01 * fabs(then)) && (rises_late(t) || turns_late(t, near));
}

static Standing at_critical(const Critical *c, int which)
{
    return (Standing){outcome_of(c), which, c->at, c->f};
}

static Standing nowhere(const Trail *t, Outcome outcome)
{
    return (Standing){outcome, -1, point_of(t, t->cursor), 0};
}

bool trail_settled(const Trail *t, Window w, const CriticalSet *known, Standing *out)
{
    Critical c = {0};
    int which;
    double near = 0.01 * window_diagonal(w);
    Vec2 at = point_of(t, t->cursor);
    *out = nowhere(t, t->events & ROW_DIVERGED    ? OUTCOME_DIVERGED
                      : t->events & ROW_UNDEFINED ? OUTCOME_UNDEFINED
                                                  : OUTCOME_DIVERGING);
    if (t->events & (ROW_DIVERGED | ROW_UNDEFINED) ||
        step_far_out(w, at, t->last_loss, t->first_loss))
        return true;
    if (!is_still(t, near) || !known_near(known, at, near, &c, &which))
        return false;
    *out = at_critical(&c, which);
    return true;
}

Standing trail_standing(const Trail *t, Window w, const CriticalSet *known)
{
    Standing p;
    Critical c = {0};
    double near = 0.01 * window_diagonal(w);
    if (trail_settled(t, w, known, &p))
        return p;
    if (is_still(t, near)) {
        if (found_near(t, known, near, &c))
            return at_critical(&c, -1);
        if (is_flat(t, w, known))
            return nowhere(t, OUTCOME_PLATEAU);
    }
    return nowhere(t, is_oscillating(t, w, near) ? OUTCOME_OSCILLATING : OUTCOME_MOVING);
}

static void say_settled(const Case *k, Verdict *v)
{
    (void)k; /* one signature for the whole table */
    char loss[NUMBER_TEXT];
    char eta[NUMBER_TEXT];
    char limit[NUMBER_TEXT];
    shown(loss, v->loss);
    shown(eta, v->eta);
    shown(limit, v->limit);
    bool held = v->eta <= v->limit;
    snprintf(v->brief, sizeof v->brief, "loss %s", loss);
    if (v->outcome == OUTCOME_SADDLE)
        snprintf(v->reason, sizeof v->reason,
                 "the slope is zero but one direction leads down: not a minimum (loss %s)", loss);
    else if (v->outcome == OUTCOME_VALLEY)
        snprintf(v->reason, sizeof v->reason, "a floor of equal loss %s: no curvature along it",
                 loss);
    else if (v->outcome == OUTCOME_LOCAL_MINIMUM)
        snprintf(v->reason, sizeof v->reason,
                 !isfinite(v->limit) ? "loss %s, but a deeper one exists"
                 : held
                     ? "loss %s, but a deeper one exists; η %s is below %s, so it holds the ball"
                     : "loss %s, a deeper one exists; now η %s is above %s: it will be thrown out",
                 loss, eta, limit);
    else if (fabs(v->loss - v->depth) > 0.01 * fabs(v->loss) + 1e-9)
        snprintf(v->reason, sizeof v->reason, "loss %s, close to the lowest known here, %s", loss,
                 shown(limit, v->depth));
    else
        snprintf(v->reason, sizeof v->reason,
                 held ? "loss %s is the lowest known here"
                      : "loss %s is the lowest known, but η %s is above %s: it will not stay",
                 loss, eta, limit);
}

/* The row of the last quarter where eta stands highest above its limit. */
static const Row *tightest(const Case *k)
{
    const Row *worst = &k->rows[k->cursor];
    for (long i = k->cursor - k->cursor / 4; i <= k->cursor; i++)
        if (k->rows[i].eta * worst->limit > worst->eta * k->rows[i].limit)
            worst = &k->rows[i];
    return worst;
}

static void say_oscillating(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    shown(a, v->eta);
    shown(b, v->limit);
    double noise = timeline_noise(k->t, k->cursor);
    bool batches = !isnan(k->rows[k->cursor].batch_loss);
    snprintf(v->brief, sizeof v->brief, "η %s, limit %s", a, b);
    const Row *tight = tightest(k);
    char c[NUMBER_TEXT];
    if (v->eta > v->limit)
        snprintf(v->reason, sizeof v->reason,
                 "η %s is above %s, the limit here: every step overshoots", a, b);
    else if (noise <= 0 && batches)
        snprintf(v->reason, sizeof v->reason,
                 "each mini-batch pulls another way, and η %s follows it: a noise floor", a);
    else if (noise <= 0 && tight->eta > tight->limit)
        snprintf(v->reason, sizeof v->reason,
                 "η %s exceeds the limit on its way (%s in the steepest place): it is thrown about",
                 shown(c, tight->eta), shown(b, tight->limit));
    else if (noise > 0)
        snprintf(v->reason, sizeof v->reason,
                 "gradient noise %s times η %s keeps it moving: a noise floor", shown(b, noise), a);
    else
        snprintf(v->reason, sizeof v->reason, "no progress in the last quarter (η %s, limit %s)", a,
                 b);
}

/* What kind of moving it is, with the words for it. */
typedef enum Moving { MOVING_ON, MOVING_FROZEN, MOVING_RATTLING, MOVING_SLOW } Moving;

static const char *const moving_words[] = {"", "frozen", "rattling in noise", "slow"};

static Moving kind_of_moving(const Case *k, const Verdict *v, double share)
{
    const Row *row = &k->rows[k->cursor];
    bool noisy = timeline_noise(k->t, k->cursor) > 0 || !isnan(row->batch_loss);
    if (v->eta > v->limit || k->cursor <= 20)
        return MOVING_ON;
    if (share < 1e-4 && row->eta < 0.05 * k->rows[0].eta)
        return MOVING_FROZEN;
    if (noisy && rises_late(&k->trail))
        return MOVING_RATTLING;
    return share < 2e-3 ? MOVING_SLOW : MOVING_ON;
}

static void say_moving(const Case *k, Verdict *v)
{
    const Row *row = &k->rows[k->cursor];
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double noise = timeline_noise(k->t, k->cursor);
    double step = k->cursor ? vec_norm(vec_sub(row->at, k->rows[k->cursor - 1].at)) : 0;
    double share = step / window_diagonal(k->window);
    shown(a, v->eta);
    shown(b, v->limit);
    snprintf(v->brief, sizeof v->brief, "η %s", a);
    Moving kind = kind_of_moving(k, v, share);
    snprintf(v->tag, sizeof v->tag, "%s", moving_words[kind]);
    if (v->eta > v->limit)
        snprintf(v->reason, sizeof v->reason, "η %s is above %s: it cannot settle here", a, b);
    else if (kind == MOVING_FROZEN)
        snprintf(v->reason, sizeof v->reason, "η has fallen to %s, the slope is still %s", a,
                 shown(b, vec_norm(row->g)));
    else if (kind == MOVING_RATTLING && noise > 0)
        snprintf(v->reason, sizeof v->reason,
                 "below the limit %s, but gradient noise %s keeps it moving", b, shown(a, noise));
    else if (kind == MOVING_RATTLING)
        snprintf(v->reason, sizeof v->reason,
                 "below the limit %s, but each mini-batch pulls another way", b);
    else if (kind == MOVING_SLOW)
        snprintf(v->reason, sizeof v->reason, "each step covers only %s %% of the map",
                 shown(a, 100 * share));
    else
        snprintf(v->reason, sizeof v->reason, "η %s, it would settle below %s here", a, b);
}

static void say_gone(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    shown(a, v->eta);
    double limit = k->rows[0].limit;
    shown(b, limit);
    snprintf(v->brief, sizeof v->brief, "η %s", a);
    if (v->outcome == OUTCOME_UNDEFINED)
        snprintf(v->reason, sizeof v->reason, "the loss is undefined at this point: a hole");
    else if (isfinite(limit) && k->rows[0].eta > limit)
        snprintf(v->reason, sizeof v->reason, "η %s was above %s, the limit at the start",
                 shown(a, k->rows[0].eta), b);
    else
        snprintf(v->reason, sizeof v->reason, "the steps grew without end at η %s", a);
}

static void say_flat(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    shown(a, vec_norm(k->rows[k->cursor].g));
    snprintf(v->brief, sizeof v->brief, "slope %s", a);
    snprintf(v->reason, sizeof v->reason,
             "the slope is only %s and no critical point is near: a plateau is not a minimum", a);
}

void verdict_at(const Timeline *t, long cursor, Window w, const CriticalSet *known, Verdict *out)
{
    static void (*const say[])(const Case *, Verdict *) = {
        [OUTCOME_MOVING] = say_moving,          [OUTCOME_OSCILLATING] = say_oscillating,
        [OUTCOME_GLOBAL_MINIMUM] = say_settled, [OUTCOME_LOCAL_MINIMUM] = say_settled,
        [OUTCOME_SADDLE] = say_settled,         [OUTCOME_VALLEY] = say_settled,
        [OUTCOME_PLATEAU] = say_flat,           [OUTCOME_DIVERGING] = say_gone,
        [OUTCOME_DIVERGED] = say_gone,          [OUTCOME_UNDEFINED] = say_gone,
    };
    static const CriticalSet none = {.count = 0};
    const Row *rows = timeline_rows(t);
    const Row *row = &rows[cursor];
    const Loss *ground = timeline_loss_at(t, cursor);
    Case now = {t, rows, cursor, w,
                {.cursor = cursor, .steps = timeline_steps(t),
                 .x = &rows->at.x, .y = &rows->at.y, .loss = &rows->loss, .best = &rows->best,
                 .stride = sizeof *rows / sizeof(double), .events = row->events,
                 .last_loss = row->loss, .g = row->g, .first_loss = rows->loss,
                 .ground = ground}};
    Standing p = trail_standing(&now.trail, w, critical_fits(known, ground) ? known : &none);
    *out = (Verdict){.outcome = p.outcome, .at = p.at, .which = p.which, .eta = row->eta,
                     .limit = row->limit, .loss = row->loss, .depth = p.depth};
    say[out->outcome](&now, out);
}
