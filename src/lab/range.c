/* SPDX-License-Identifier: MIT
 * range: see range.h */
#include "lab/range.h"

#include <stdlib.h>
#include <string.h>

#include "core/critical.h"
#include "expr/elementary.h"

enum { RANGE_STEPS_MOST = 20000, VALLEY_POINTS = 1000 };

const RangeRuleInfo range_rules[RANGE_RULES] = {
    {"minimum", "the rate that led to the lowest loss: too high, see the lag"},
    {"minimum/10", "a tenth of it, the usual margin"},
    {"steepest", "steepest fall of the smoothed loss over log eta; only where it stands at a new "
                 "low, so that coming down from a spike does not count; the first tenth ignored"},
    {"valley", "two thirds into the longest fall of the smoothed loss, as fastai's 'valley'; the "
               "first tenth ignored"},
};

const char *const range_lag =
    "The test lags: above the limit 2/lambda a run explodes by the factor |1 - eta*lambda| a step, "
    "from as little as has been left in that direction, so the curve turns up only many steps and "
    "a multiple of the rate later; noise feeds that direction all the time and shortens the lag.";

bool range_init(RangeTest *r)
{
    memset(r, 0, sizeof *r);
    r->scene = malloc(sizeof *r->scene);
    r->run = timeline_new();
    return r->scene && r->run;
}

void range_release(RangeTest *r)
{
    timeline_free(r->run);
    free(r->scene);
    free(r->number);
    free(r->point);
    memset(r, 0, sizeof *r);
}

/* ---- rules --------------------------------------------------------------------------------- */

void range_smooth(RangePoint *p, long n, double beta)
{
    double s = 0;
    double weight = 1; /* beta^(t+1) */
    for (long t = 0; t < n; t++) {
        s = beta * s + (1 - beta) * p[t].loss;
        weight *= beta;
        p[t].smooth = isfinite(s) ? s / (1 - weight) : (double)NAN;
    }
}

/* Finders stop where the smoothed loss exceeds four times its lowest (losses above zero). */
long range_stop(const RangePoint *p, long n)
{
    double lowest = INFINITY;
    for (long t = 0; t < n; t++) {
        if (!isfinite(p[t].smooth) || (lowest > 0 && p[t].smooth > 4 * lowest))
            return t;
        lowest = fmin(lowest, p[t].smooth);
    }
    return n;
}

static double lowest_loss(const RangePoint *p, long n)
{
    long best = -1;
    for (long t = 0; t < n; t++)
        if (isfinite(p[t].loss) && (best < 0 || p[t].loss < p[best].loss))
            best = t;
    return best < 0 ? (double)NAN : p[best].eta;
}

/* The first tenth: the mean is of few points there, and a first spike fills it. */
static long skip_points(long n)
{
    return n / 10;
}

static double steepest(const RangePoint *p, long stop, long n)
{
    double slope = 0;
    double low = INFINITY;
    double eta = NAN;
    for (long t = 0; t + 1 < stop; t++) {
        bool new_low = p[t].smooth < low;
        low = fmin(low, p[t].smooth);
        if (t < 1 || t < skip_points(n) || !new_low || !(p[t + 1].smooth < low))
            continue;
        double fall = p[t + 1].smooth - p[t - 1].smooth;
        if (fall < slope) { /* points stand at equal distances in log eta */
            slope = fall;
            eta = p[t].eta;
        }
    }
    return eta;
}

/* fastai.callback.schedule.valley: the longest decreasing subsequence, two thirds into it. */
static double valley(const RangePoint *p, long stop, long n)
{
    int length[VALLEY_POINTS];
    long from = skip_points(n);
    long every = (stop - from + VALLEY_POINTS - 1) / VALLEY_POINTS;
    int best = 0;
    int count = 0;
    if (stop - from < 3)
        return NAN;
    for (long t = from; t < stop; t += every, count++) {
        length[count] = 1;
        for (int j = 0; j < count; j++)
            if (p[t].smooth < p[from + j * every].smooth && length[j] + 1 > length[count])
                length[count] = length[j] + 1;
        if (length[count] > length[best])
            best = count;
    }
    int start = best - length[best] < 0 ? 0 : best - length[best];
    int third = (best - start) / 3;
    return length[best] < 2 ? (double)NAN : p[from + (start + third + third / 2) * every].eta;
}

double range_suggest(RangeRule rule, const RangePoint *p, long n, long stop)
{
    switch (rule) {
    case RANGE_MINIMUM:
        return lowest_loss(p, n);
    case RANGE_TENTH:
        return 0.1 * lowest_loss(p, n);
    case RANGE_STEEPEST:
        return steepest(p, stop, n);
    default:
        return valley(p, stop, n);
    }
}

/* ---- runs ---------------------------------------------------------------------------------- */

/* eta0 is the first rate; k = hi/lo the last one's multiple. */
static bool set_schedule(RangeTest *r, Error *err)
{
    char number[NUMBER_TEXT];
    char text[96];
    number_print(number, r->hi / r->lo);
    snprintf(text, sizeof text, "eta0*k^(t/T):k=%s", number);
    r->scene->eta0 = r->lo;
    r->scene->given |= 1u << SCENE_ETA0 | 1u << SCENE_SCHEDULE;
    return scene_assign(r->scene, SCENE_SCHEDULE, text, strlen(text), err);
}

bool range_start(RangeTest *r, const Scene *scene, const FindSpec *spec, Error *err)
{
    r->started = false;
    r->done = 0;
    r->points = 0;
    r->evaluations = 0;
    scene_copy_start(r->scene, scene);
    r->scene->warmup = 0; /* the test is a warm-up itself */
    r->scene->given &= ~(1u << SCENE_WARMUP);
    if (scene->steps > RANGE_STEPS_MOST || scene->steps < 10)
        return error_set(err, 0, 0, "a range test takes 10 to %d steps", RANGE_STEPS_MOST);
    r->beta = spec->beta > 0 ? spec->beta : 0.98;
    r->seed = spec->seeds > 0 ? spec->seed : scene->seed;
    r->seeds = scene->noise > 0 || scene->batch > 0 ? (spec->seeds ? spec->seeds : 20) : 1;
    if (!timeline_set(r->run, r->scene, err))
        return false;
    double eta0 = timeline_rate(r->run, 0)->eta0;
    r->lo = spec->lo > 0 ? spec->lo : 0.01 * eta0;
    r->hi = spec->lo > 0 ? spec->hi : 100 * eta0;
    size_t steps = (size_t)scene->steps;
    free(r->number);
    free(r->point);
    r->number = malloc(sizeof *r->number * RANGE_RULES * (size_t)r->seeds);
    r->point = malloc(sizeof *r->point * 2 * steps);
    if (!r->number || !r->point)
        return error_set(err, 0, 0, "out of memory");
    if (!set_schedule(r, err))
        return false;
    range_scene(r, 0, r->scene);
    r->started = timeline_set(r->run, r->scene, err);
    return r->started;
}

void range_scene(const RangeTest *r, int seed, Scene *out)
{
    scene_copy(out, r->scene);
    if (r->seeds == 1)
        return;
    out->seed = r->seed + (uint64_t)seed;
    out->given |= 1u << SCENE_SEED;
}

/* The limit at the minimum next to the lowest point of the run. */
static double limit_at_minimum(const RangeTest *r)
{
    const Row *rows = timeline_rows(r->run);
    long best = 0;
    for (long t = 1; t <= timeline_last(r->run); t++)
        if (rows[t].loss < rows[best].loss)
            best = t;
    Vec2 found;
    Derivatives d;
    const double *params;
    const Optimizer *o = timeline_optimizer(r->run, 0, &params);
    if (o->normalised || !critical_newton(timeline_loss(r->run), rows[best].at, &found, &d) ||
        critical_kind(d.h) != CRITICAL_MINIMUM)
        return NAN;
    return optimizer_eta_limit(o, params, d.h, vec2(1, 1));
}

/* The first seed's points stay; those of the others are read behind them. */
static void finish_seed(RangeTest *r)
{
    const Row *rows = timeline_rows(r->run);
    long n = timeline_last(r->run);
    RangePoint *p = r->done == 0 ? r->point : r->point + r->scene->steps;
    for (long t = 0; t < n; t++)
        p[t] = (RangePoint){rows[t].eta, rows[t + 1].loss, NAN};
    range_smooth(p, n, r->beta);
    long stop = range_stop(p, n);
    for (int k = 0; k < RANGE_RULES; k++)
        r->number[k * r->seeds + r->done] = range_suggest((RangeRule)k, p, n, stop);
    r->evaluations += n;
    if (r->done++ > 0)
        return;
    r->points = n;
    r->stop = stop;
    r->limit_start = rows[0].limit;
    r->limit_minimum = limit_at_minimum(r);
}

static void summarise(RangeTest *r)
{
    for (int k = 0; k < RANGE_RULES; k++) {
        double *v = r->number + k * r->seeds;
        RangeSuggestion *s = &r->rule[k];
        *s = (RangeSuggestion){v[0], NAN, NAN, NAN, 0};
        for (int i = 0; i < r->seeds; i++)
            if (!isnan(v[i]))
                v[s->found++] = v[i];
        if (s->found == 0)
            continue;
        s->low = find_quantile(v, s->found, 0.025);
        s->mid = find_quantile(v, s->found, 0.5);
        s->high = find_quantile(v, s->found, 0.975);
    }
}

static bool next_seed(RangeTest *r)
{
    Error ignored;
    range_scene(r, r->done, r->scene);
    return timeline_set(r->run, r->scene, &ignored);
}

bool range_advance(RangeTest *r, long budget)
{
    if (!r->started || r->done == r->seeds)
        return false;
    while (budget > 0 && r->done < r->seeds) {
        long before = timeline_ready(r->run);
        bool more = timeline_advance(r->run, budget);
        budget -= timeline_ready(r->run) - before + 100;
        if (more)
            continue;
        finish_seed(r);
        while (r->done < r->seeds && !next_seed(r)) { /* out of memory: only the seed has changed */
            for (int k = 0; k < RANGE_RULES; k++)
                r->number[k * r->seeds + r->done] = NAN;
            r->done++;
        }
    }
    if (r->done == r->seeds)
        summarise(r);
    return r->done < r->seeds;
}

double range_progress(const RangeTest *r)
{
    return r->started ? (double)r->done / (double)r->seeds : 0;
}
