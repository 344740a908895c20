/* SPDX-License-Identifier: MIT
 * find: see find.h. Runs are numbered by schedule, rate and seed in this order and computed a
 * flock of lanes at a time; results do not depend on how the work is cut. */
#include "lab/find.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "expr/elementary.h"

static const FindSummary no_summary = {.best = -1, .best_value = INFINITY, .tie_lo = -1,
                                       .tie_hi = -1, .good_lo = -1, .good_hi = -1};

bool find_init(Find *f)
{
    memset(f, 0, offsetof(Find, scene));
    f->many = many_new();
    f->bind = timeline_new();
    f->point = malloc(sizeof *f->point);
    return f->many && f->bind && f->point;
}

static void drop_runs(Find *f)
{
    for (int i = 0; i < FIND_LINES; i++) {
        timeline_free(f->line[i].base);
        f->line[i] = (FindLine){.label = ""};
    }
    free(f->run);
    free(f->numbers);
    free(f->scratch);
    f->run = NULL;
    f->numbers = f->scratch = NULL;
    f->lines = f->etas = f->seeds = f->flying = 0;
    f->total = f->done = f->planned = 0;
    f->started = false;
}

void find_release(Find *f)
{
    drop_runs(f);
    many_free(f->many);
    timeline_free(f->bind);
    free(f->point);
    f->point = NULL;
    f->many = NULL;
    f->bind = NULL;
}

/* ---- schedules ----------------------------------------------------------------------------- */

/* Bytes of the next schedule of the list: a comma ends it unless it is inside parentheses or a
 * parameter (key=value without a colon before) follows. */
static size_t item_length(const char *list)
{
    int depth = 0;
    for (size_t i = 0; list[i]; i++) {
        depth += (list[i] == '(') - (list[i] == ')');
        if (list[i] != ',' || depth > 0)
            continue;
        const char *next = list + i + 1;
        if (next[strcspn(next, ":=,")] != '=')
            return i;
    }
    return strlen(list);
}

/* A schedule as --schedule reads it; the scene's own name takes the scene's parameters first. */
static bool read_schedule(Find *f, const char *text, size_t length, Choice *out, Error *err)
{
    scene_default(f->point);
    if (!scene_assign(f->point, SCENE_SCHEDULE, text, length, err))
        return false;
    *out = f->scene.schedule;
    choice_merge(out, &f->point->schedule, NULL);
    return true;
}

static void line_label(FindLine *line)
{
    Text t = text_over(line->label, sizeof line->label);
    choice_print(&line->schedule, SCENE_SCHEDULE, &t);
}

static int sweep_index(const Choice *schedule, const char *name)
{
    if (schedule->row < 0 || !name[0])
        return -1;
    const ParamInfo *rows = schedules[schedule->row].params;
    int i = param_find(rows, name, strlen(name));
    return i >= 0 && strcmp(rows[i].unit, "rate") == 0 ? i : -1;
}

/* The largest rate, in units of the one that is swept: a cycle that keeps its ratio to eta0 goes far
 * beyond it. Long runs are looked at in 4096 places. */
static double peak_of(const FindLine *line, const Rate *rate)
{
    long steps = timeline_steps(line->base);
    long stride = steps / 4096 + 1;
    double most = 0;
    for (long t = 0; t <= steps; t += stride)
        most = fmax(most, rate_at(rate, t, NULL));
    return most / (line->sweep < 0 ? rate->eta0 : rate->value[line->sweep]);
}

/* A schedule without the swept parameter sweeps eta0, its only rate. */
static bool add_line(Find *f, const Choice *schedule, Error *err)
{
    if (f->lines == FIND_LINES)
        return error_set(err, 1, 1, "more than %d schedules", FIND_LINES);
    FindLine *line = &f->line[f->lines];
    line->schedule = *schedule;
    line->sum = no_summary;
    line_label(line);
    line->sweep = sweep_index(schedule, f->spec.sweep);
    line->scale = f->spec.others < 0 ? line->sweep < 0 : f->spec.others == 1;
    line->base = timeline_new();
    if (!line->base)
        return error_set(err, 0, 0, "out of memory");
    f->lines++;
    f->scene.schedule = *schedule;
    f->scene.place[SCENE_SCHEDULE] = (Place){0, 0}; /* it does not stand there */
    const Timeline *other = f->lines > 1 ? f->line[0].base : NULL;
    if (!timeline_set_beside(line->base, &f->scene, other, err))
        return false;
    const Rate *rate = timeline_rate(line->base, 0);
    line->peak = line->scale && rate->schedule ? peak_of(line, rate) : (double)NAN;
    return line->sweep < 0 || !line->scale || rate->value[line->sweep] > 0 ||
           error_set(err, 1, 1, "%s is 0: nothing can keep its ratio to it", f->spec.sweep);
}

static bool add_default_lines(Find *f, Error *err)
{
    Choice own = f->scene.schedule;
    Choice constant = {.row = (int)(schedule_find("constant", 8) - schedules)};
    Choice cosine = {.row = (int)(schedule_find("cosine", 6) - schedules)};
    return add_line(f, &constant, err) &&
           add_line(f, own.row == constant.row ? &cosine : &own, err);
}

/* An error of a schedule in the list; one of the scene itself keeps its place. */
static bool in_list(Error *err, long column)
{
    if (strcmp(err->file, "schedule") == 0)
        err->file[0] = '\0';
    if (err->file[0] || err->line == 0)
        return false;
    error_shift(err, 1, column);
    error_in(err, "--schedules");
    return false;
}

static bool add_listed_lines(Find *f, Error *err)
{
    const char *at = f->spec.schedules;
    Choice own = f->scene.schedule;
    for (bool more = true; more;) {
        Choice c;
        size_t n = item_length(at);
        f->scene.schedule = own;
        if (!read_schedule(f, at, n, &c, err) || !add_line(f, &c, err))
            return in_list(err, at - f->spec.schedules + 1);
        more = at[n] == ',';
        at += n + more;
    }
    return true;
}

static bool add_lines(Find *f, Error *err)
{
    if (!(f->spec.schedules[0] ? add_listed_lines(f, err) : add_default_lines(f, err)))
        return false;
    for (int i = 0; f->spec.sweep[0] && i < f->lines; i++)
        if (f->line[i].sweep >= 0)
            return true;
    if (!f->spec.sweep[0])
        return true;
    error_set(err, 1, 1, "none of the schedules has a rate '%s'", f->spec.sweep);
    error_in(err, "--sweep");
    return false;
}

/* ---- start --------------------------------------------------------------------------------- */

static bool has_noise(const Scene *s)
{
    return s->noise > 0 || s->batch > 0;
}

static void fill_defaults(Find *f)
{
    FindSpec *s = &f->spec;
    bool noise = has_noise(&f->scene);
    bool random = noise || s->jitter > 0;
    if (s->metric < 0)
        s->metric = noise ? FIND_TAIL : FIND_FINAL;
    if (s->seeds == 0)
        s->seeds = 20;
    if (!(s->share > 0))
        s->share = 0.5;
    f->seeds = random ? s->seeds : 1;
    f->threshold = s->good;
}

static bool reserve(Find *f, Error *err)
{
    size_t points = (size_t)f->lines * (size_t)f->etas;
    f->total = (long)points * f->seeds;
    if (f->total > FIND_RUNS)
        return error_set(err, 0, 0, "%ld runs are more than %d: fewer rates, schedules or seeds",
                         f->total, FIND_RUNS);
    f->run = malloc(sizeof *f->run * (size_t)f->total);
    f->numbers = malloc(sizeof *f->numbers * 4 * points);
    f->scratch = malloc(sizeof *f->scratch * (size_t)f->seeds);
    if (!f->run || !f->numbers || !f->scratch)
        return error_set(err, 0, 0, "not enough memory for %ld runs", f->total);
    for (size_t i = 0; i < 4 * points; i++)
        f->numbers[i] = NAN;
    for (int i = 0; i < f->lines; i++) {
        double *at = f->numbers + 4 * (size_t)i * (size_t)f->etas;
        f->line[i].mid = at;
        f->line[i].low = at + f->etas;
        f->line[i].high = at + 2 * f->etas;
        f->line[i].judged = at + 3 * f->etas;
    }
    return true;
}

static bool start(Find *f, Error *err)
{
    if (f->scene.steps > FIND_STEPS_MOST)
        return error_set(err, 0, 0, "runs of more than %d steps take too long here",
                         FIND_STEPS_MOST);
    fill_defaults(f);
    if (!add_lines(f, err))
        return false;
    const Timeline *base = f->line[0].base;
    f->etas = find_grid(&f->spec, timeline_rate(base, 0)->eta0, f->eta);
    f->planned = (long)f->etas * timeline_steps(base);
    f->first_loss = timeline_rows(base)[0].loss;
    f->slow = false;
    for (int i = 0; i < f->lines; i++)
        f->slow = f->slow || !many_can(timeline_bound(f->line[i].base), false);
    return reserve(f, err);
}

bool find_start(Find *f, const Scene *scene, const FindSpec *spec, Error *err)
{
    drop_runs(f);
    scene_copy_start(&f->scene, scene);
    f->spec = *spec;
    if (!start(f, err)) {
        drop_runs(f);
        return false;
    }
    f->started = true;
    return true;
}

/* ---- one run ------------------------------------------------------------------------------- */

/* The start of the k-th run: the nominal one first, then each coordinate off by its own share. */
static Vec2 run_start(const Find *f, int k)
{
    Vec2 at = timeline_rows(f->line[0].base)[0].at;
    /* not the sequence of the noise */
    uint64_t seed = (f->spec.seed + (uint64_t)k) ^ UINT64_C(0xD1B54A32D192ED03);
    if (k == 0 || !(f->spec.jitter > 0))
        return at;
    return vec2(at.x * (1 + f->spec.jitter * (2 * rng_uniform(seed, 0) - 1)),
                at.y * (1 + f->spec.jitter * (2 * rng_uniform(seed, 1) - 1)));
}

static void set_parameter(Scene *s, int index, double value)
{
    s->schedule.params.value[index] = value;
    s->schedule.params.given |= 1u << index;
}

/* eta0 or the swept parameter at `eta`, the others after it or as they are. */
static void set_rates(const FindLine *line, double eta, Scene *s)
{
    const Rate *rate = timeline_rate(line->base, 0);
    if (line->sweep < 0 && line->scale) {
        scene_set_rates(s, rate, eta);
        return;
    }
    s->given |= 1u << SCENE_ETA0;
    if (line->sweep < 0) {
        s->eta0 = eta;
        return;
    }
    s->eta0 = rate->eta0;
    if (line->scale)
        scene_set_rates(s, rate, rate->eta0 * (eta / rate->value[line->sweep]));
    set_parameter(s, line->sweep, eta);
}

void find_scene(const Find *f, int line, int eta, int seed, Scene *out)
{
    scene_copy(out, &f->scene);
    out->schedule = f->line[line].schedule;
    out->given |= 1u << SCENE_SCHEDULE;
    set_rates(&f->line[line], f->eta[eta], out);
    if (f->spec.jitter > 0) {
        out->start = run_start(f, seed);
        out->given |= 1u << SCENE_START;
    }
    if (has_noise(&f->scene)) {
        out->seed = f->spec.seed + (uint64_t)seed;
        out->given |= 1u << SCENE_SEED;
    }
}

/* ---- points -------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double find_quantile(double *value, int n, double p)
{
    qsort(value, (size_t)n, sizeof *value, compare);
    double rank = p * (n - 1);
    int below = (int)floor(rank);
    double part = rank - below;
    if (below + 1 >= n || part == 0)
        return value[below];
    if (isinf(value[below + 1]))
        return value[below + 1]; /* not inf - inf */
    return value[below] + part * (value[below + 1] - value[below]);
}

static double metric_of(const Find *f, const ManyEnd *e)
{
    if (f->spec.metric == FIND_BEST)
        return e->best;
    return e->events ? INFINITY : f->spec.metric == FIND_TAIL ? e->tail : e->loss;
}

static void finish_point(Find *f, int line, int eta)
{
    FindLine *l = &f->line[line];
    const FindRun *run = &f->run[((long)line * f->etas + eta) * f->seeds];
    for (int i = 0; i < f->seeds; i++)
        f->scratch[i] = run[i].value;
    l->mid[eta] = find_quantile(f->scratch, f->seeds, 0.5);
    l->low[eta] = find_quantile(f->scratch, f->seeds, 0.1);
    l->high[eta] = find_quantile(f->scratch, f->seeds, 0.9);
    l->judged[eta] = find_quantile(f->scratch, f->seeds, f->spec.share);
}

static void finish_run(Find *f, const ManyEnd *end)
{
    long cell = f->done / f->seeds;
    FindRun *run = &f->run[f->done++];
    run->end = *end;
    run->value = metric_of(f, end);
    if (isnan(run->value))
        run->value = INFINITY;
    f->line[cell / f->etas].evaluations += end->row;
    if (f->done % f->seeds == 0)
        finish_point(f, (int)(cell / f->etas), (int)(cell % f->etas));
}

const FindRun *find_run(const Find *f, int line, int eta, int seed)
{
    long i = ((long)line * f->etas + eta) * f->seeds + seed;
    return i < f->done ? &f->run[i] : NULL;
}

/* ---- summary ------------------------------------------------------------------------------- */

double find_good(double first_loss, double best)
{
    double floor_at = best > 0 ? 0 : best - 1e-6 * (first_loss - best);
    double from = first_loss - floor_at;
    double to = best - floor_at;
    return from > to ? floor_at + to * eta_pow(from / to, 0.1) : best;
}

static void find_best(const Find *f, FindLine *l)
{
    FindSummary *s = &l->sum;
    for (int i = 0; i < f->etas; i++)
        if (isfinite(l->mid[i]) && (s->best < 0 || l->mid[i] < l->mid[s->best]))
            s->best = i;
    if (s->best < 0)
        return;
    s->best_value = l->mid[s->best];
    double equal = s->best_value + 1e-6 * fabs(s->best_value);
    s->tie_lo = s->tie_hi = s->best;
    while (s->tie_lo > 0 && l->mid[s->tie_lo - 1] <= equal)
        s->tie_lo--;
    while (s->tie_hi + 1 < f->etas && l->mid[s->tie_hi + 1] <= equal)
        s->tie_hi++;
}

static void find_stretch(const Find *f, FindLine *l)
{
    FindSummary *s = &l->sum;
    for (int i = 0; i < f->etas; i++) {
        if (!(l->judged[i] < f->threshold))
            continue;
        int from = i;
        while (i + 1 < f->etas && l->judged[i + 1] < f->threshold)
            i++;
        s->stretches++;
        double decades = eta_log(f->eta[i] / f->eta[from]) / eta_log(10);
        if (s->good_lo < 0 || decades > s->decades) {
            s->good_lo = from;
            s->good_hi = i;
            s->decades = decades;
        }
    }
    s->open_lo = s->good_lo == 0;
    s->open_hi = s->good_hi == f->etas - 1;
}

static void summarise(Find *f)
{
    double best = INFINITY;
    for (int i = 0; i < f->lines; i++) {
        f->line[i].sum = no_summary;
        find_best(f, &f->line[i]);
        best = fmin(best, f->line[i].sum.best_value);
    }
    if (isnan(f->spec.good))
        f->threshold = isfinite(best) ? find_good(f->first_loss, best) : (double)NAN;
    for (int i = 0; i < f->lines; i++)
        find_stretch(f, &f->line[i]);
}

void find_say_good(const Find *f, int line, Text *out)
{
    const FindSummary *s = &f->line[line].sum;
    char lo[NUMBER_TEXT];
    char hi[NUMBER_TEXT];
    if (s->good_lo < 0) {
        text_add(out, "none");
        return;
    }
    number_brief(lo, f->eta[s->good_lo], 3);
    number_brief(hi, f->eta[s->good_hi], 3);
    if (s->good_lo == s->good_hi)
        text_add(out, "%s alone, 0 decades", lo);
    else
        text_add(out, "%s to %s, %s%.2f decades", lo, hi, s->open_lo || s->open_hi ? ">= " : "",
                 s->decades);
    if (s->open_lo || s->open_hi)
        text_add(out, ", to the %s of the grid",
                 s->open_lo && s->open_hi ? "ends" : s->open_lo ? "lower end" : "upper end");
    if (s->stretches > 1)
        text_add(out, ", the widest of %d stretches", s->stretches);
}

void find_say_line(const Find *f, int line, Text *out)
{
    const FindSummary *s = &f->line[line].sum;
    char value[NUMBER_TEXT];
    char at[NUMBER_TEXT];
    if (f->done < f->total) {
        text_add(out, "...");
        return;
    }
    if (s->best < 0) {
        text_add(out, "every rate diverges");
        return;
    }
    text_add(out, "good: "); /* first what must not be cut off */
    find_say_good(f, line, out);
    if (fabs(f->line[line].peak - 1) > 0.005) {
        number_brief(at, f->line[line].peak, 3);
        text_add(out, " (largest η: %s times that)", at);
    }
    number_show(value, s->best_value, 3);
    number_brief(at, f->eta[s->tie_lo], 3);
    text_add(out, "; best %s at %s", value, at);
    if (s->tie_hi > s->tie_lo) {
        number_brief(at, f->eta[s->tie_hi], 3);
        text_add(out, " to %s", at);
    }
}

void find_say_metric(const Find *f, Text *out)
{
    if (f->seeds > 1 && f->spec.share == 0.5)
        text_add(out, "median ");
    text_add(out, "%s loss", find_metric_words[f->spec.metric]);
    if (f->seeds > 1 && f->spec.share != 0.5)
        text_add(out, " of %g %% of the runs", 100 * f->spec.share);
}

void find_say_axes(const Find *f, Text *out)
{
    bool eta0 = false;
    for (int i = 0; i < f->lines; i++)
        eta0 = eta0 || f->line[i].sweep < 0;
    find_say_metric(f, out);
    text_add(out, " over %s%s%s", eta0 ? "η₀" : "", eta0 && f->spec.sweep[0] ? " or " : "",
             f->spec.sweep);
    if (f->seeds > 1)
        text_add(out, ", %d runs a point", f->seeds);
}

/* ---- running ------------------------------------------------------------------------------- */

/* The rates of a point as the timeline binds them. false: they cannot be (a typed schedule that is
 * negative somewhere): its runs end before they begin. */
static bool bind_point(Find *f, long cell, Rate *out)
{
    int line = (int)(cell / f->etas);
    Error ignored;
    find_scene(f, line, (int)(cell % f->etas), 0, f->point);
    if (!timeline_set_beside(f->bind, f->point, f->line[0].base, &ignored))
        return false;
    *out = *timeline_rate(f->bind, 0);
    /* the same program; the bind's own goes with the next point */
    out->formula = timeline_rate(f->line[line].base, 0)->formula;
    return true;
}

bool find_check(Find *f, Error *err)
{
    for (int i = 0; i < f->lines; i++)
        for (int k = 0; f->line[i].schedule.row < 0 && k < f->etas; k++) {
            find_scene(f, i, k, 0, f->point);
            if (timeline_set_beside(f->bind, f->point, f->line[0].base, err))
                continue;
            char number[NUMBER_TEXT];
            Error why = *err;
            number_print(number, f->eta[k]);
            error_set(err, why.line, why.column, "%.300s, with eta0 = %s", why.message, number);
            error_in(err, f->spec.schedules[0] ? "--schedules" : "schedule");
            return false;
        }
    return true;
}

static const ManyEnd refused = {.loss = NAN, .best = INFINITY, .tail = INFINITY,
                                .events = ROW_UNDEFINED};

static void refuse_point(Find *f)
{
    for (int i = 0; i < f->seeds; i++)
        finish_run(f, &refused);
}

/* Fill the lanes with the runs that come next; a point that cannot be bound waits until it is the
 * first. */
static void take_off(Find *f)
{
    ManyRun run[MANY_MOST];
    ManyTask task = {.bound = timeline_bound(f->line[0].base),
                     .best = f->spec.metric == FIND_BEST,
                     .tail = f->spec.metric == FIND_TAIL};
    int rates = 0;
    int n = 0;
    long bound = -1;
    while (n < MANY_MOST && f->done + n < f->total) {
        long i = f->done + n;
        if (i / f->seeds != bound) {
            if (!bind_point(f, i / f->seeds, &f->rate[rates]))
                break;
            rates++;
            bound = i / f->seeds;
        }
        int k = (int)(i % f->seeds);
        run[n++] = (ManyRun){.start = run_start(f, k),
                             .seed = f->spec.seed + (uint64_t)k,
                             .rate = &f->rate[rates - 1],
                             .noise = NAN};
    }
    if (n > 0)
        many_start(f->many, &task, run, n); /* no points: no memory is asked for */
    else
        refuse_point(f);
    f->flying = n;
}

static void land(Find *f)
{
    int n = f->flying;
    f->flying = 0;
    for (int i = 0; i < n; i++)
        finish_run(f, &many_ends(f->many)[i]);
}

static void advance_lanes(Find *f, long *budget)
{
    if (f->flying == 0) {
        take_off(f);
        *budget -= 200; /* binding: some 20 us */
    }
    long spent = 0;
    if (f->flying > 0 && !many_advance(f->many, *budget, &spent))
        land(f);
    *budget -= spent * (1 + loss_rows(timeline_loss(f->line[0].base)) / 16);
}

/* The end of a whole timeline, as lanes report it. */
static ManyEnd timeline_end(const Timeline *t)
{
    const Row *rows = timeline_rows(t);
    long last = timeline_last(t);
    long tail = last + 1 < 20 ? 1 : (last + 1) / 10;
    ManyEnd e = {.at = rows[last].at, .loss = rows[last].loss, .row = last};
    e.best = rows[last].best;
    e.events = rows[last].events & (ROW_DIVERGED | ROW_UNDEFINED);
    for (long i = last - tail + 1; i <= last; i++)
        e.tail += rows[i].loss;
    e.tail = e.events ? INFINITY : e.tail / (double)tail;
    return e;
}

static void advance_slow(Find *f, long *budget)
{
    if (f->flying == 0) {
        Error ignored;
        long cell = f->done / f->seeds;
        find_scene(f, (int)(cell / f->etas), (int)(cell % f->etas), (int)(f->done % f->seeds),
                   f->point);
        *budget -= 200;
        if (!timeline_set_beside(f->bind, f->point, f->line[0].base, &ignored)) {
            finish_run(f, &refused);
            return;
        }
        f->flying = 1;
    }
    long before = timeline_ready(f->bind);
    bool more = timeline_advance(f->bind, *budget > 1 ? *budget : 1);
    *budget -= timeline_ready(f->bind) - before + 1;
    if (!more) {
        ManyEnd end = timeline_end(f->bind);
        f->flying = 0;
        finish_run(f, &end);
    }
}

bool find_advance(Find *f, long budget)
{
    if (!f->started || f->done == f->total)
        return false;
    while (budget > 0 && f->done < f->total) {
        if (f->slow)
            advance_slow(f, &budget);
        else
            advance_lanes(f, &budget);
    }
    if (f->done == f->total)
        summarise(f);
    return f->done < f->total;
}

double find_progress(const Find *f)
{
    return f->total ? (double)f->done / (double)f->total : 0;
}
