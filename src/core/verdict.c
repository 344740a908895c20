/* SPDX-License-Identifier: MIT
 * verdict: see verdict.h. One rule after the other, each with its reason in numbers. */
#include "core/verdict.h"

#include <string.h>

#include "base/text.h"

const OutcomeRow outcomes[OUTCOMES] = {
    [OUTCOME_MOVING] = {"moving", "moving", "moving", "", "·", 'm', .tone = TONE_PLAIN},
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
    [OUTCOME_RATTLING] = {"rattling", "rattling in noise", "rattles", "", "·", 'r',
                          .tone = TONE_WARN},
    [OUTCOME_FROZEN] = {"frozen", "frozen", "frozen", "", "·", 'f', .tone = TONE_WARN},
    [OUTCOME_SLOW] = {"slow", "slow", "slow", "", "·", 's', .tone = TONE_PLAIN},
    [OUTCOME_DIVERGING] = {"diverging", "diverging", "diverges", "", "!", 'x', .tone = TONE_BAD,
                           .gone = true},
    [OUTCOME_DIVERGED] = {"diverged", "diverged", "diverges", "", "!", 'x', .tone = TONE_BAD,
                          .gone = true},
    [OUTCOME_UNDEFINED] = {"undefined", "undefined", "hole", "", "!", '?', .tone = TONE_BAD,
                           .gone = true},
};

enum {
    PLAN_MOST = 4096, /* rates looked at of the schedule's rest; of a longer one every n-th */
    HOLD_LOOKS = 8,   /* rows at which a word must have held; of fewer all */
    WALK_MOST = 100,  /* looks back for a word that held */
    ROWS_MOST = 5000, /* with more data a word need not hold: looking is dear */
    LOOK_MOST = 1000, /* rows of a stretch that a rule looks at; of more every n-th */
    TURN_MOST = 2500, /* the same for turns and rises */
};

/* The case to be judged: what the rules look at. */
typedef struct Case {
    const Bound *bound;
    const Row *rows;
    bool *unsure; /* not NULL: of the rows points, losses, and rates eta are known; set if more is
                     asked for */
    long cursor;
    long steps; /* T */
    Window window;
    double diagonal;
    double near; /* 1 % of it */
    const CriticalSet *known;
    VerdictWord *words; /* of rows already judged; NULL: none are kept */
    const Loss *loss;
    double lowest; /* loss known */
    bool noisy;
} Case;

static const char *shown(char out[NUMBER_TEXT], double v)
{
    number_show(out, fabs(v) < 1e-15 ? 0 : v, 3);
    return out;
}

static long at_least(long n, long least)
{
    return n > least ? n : least;
}

/* ---- the rows ------------------------------------------------------------------------------ */

/* Every how many rows of a stretch of n are looked at, about `most` of them; odd, so that what
 * changes at every row is seen. */
static long stride_of(long n, long most)
{
    return n / (most + 1) * 2 + 1;
}

static Vec2 mean_of(const Row *rows, long n)
{
    Vec2 sum = vec2(0, 0);
    long stride = stride_of(n, LOOK_MOST);
    for (long i = 0; i < n; i += stride)
        sum = vec_add(sum, rows[i].at);
    return vec_scale(1 / (double)((n - 1) / stride + 1), sum);
}

/* The last n rows are there and lie within `near` of their mean. */
static bool rows_within(const Case *k, long n, double near, Vec2 *mean)
{
    if (k->cursor + 1 < n)
        return false;
    const Row *first = k->rows + k->cursor + 1 - n;
    *mean = mean_of(first, n);
    if (!(vec_norm(vec_sub(first[n - 1].at, *mean)) <= near))
        return false;
    for (long i = 0, stride = stride_of(n, LOOK_MOST); i < n; i += stride)
        if (!(vec_norm(vec_sub(first[i].at, *mean)) <= near))
            return false;
    return true;
}

/* Rows that must lie together: max(10, T/20). */
static long still_rows(const Case *k)
{
    return at_least(k->steps / 20, 10);
}

/* Rows of the cloud that noise makes: max(20, T/10). */
static long cloud_rows(const Case *k)
{
    return at_least(k->steps / 10, 20);
}

/* The first row from which on the surface is the one in force at a row. */
static long surface_since(const Bound *b, long row)
{
    const Segment *now = bind_at(b, row);
    const Segment *first = now;
    while (first > b->segment && critical_same_loss(&first[-1].loss, &now->loss))
        first--;
    return first > b->segment ? first->from : 0;
}

/* The lowest loss of the rows on the surface in force. */
static double lowest_row(const Case *k)
{
    double lowest = INFINITY;
    long since = surface_since(k->bound, k->cursor);
    if (since == 0)
        return k->rows[k->cursor].best;
    for (long i = since; i <= k->cursor; i++)
        lowest = fmin(lowest, k->rows[i].loss);
    return lowest;
}

/* The same case at another row. */
static Case case_at(const Case *like, long cursor)
{
    const Segment *seg = bind_at(like->bound, cursor);
    Case k = *like;
    k.cursor = cursor;
    k.loss = &seg->loss;
    k.noisy = seg->noise > 0 || seg->batch > 0;
    k.lowest = fmin(critical_lowest(k.known, k.window), lowest_row(&k));
    return k;
}

static Case case_of(const Bound *b, const Row *rows, Window w, const CriticalSet *known)
{
    return (Case){.bound = b,
                  .rows = rows,
                  .steps = b->steps,
                  .window = w,
                  .diagonal = window_diagonal(w),
                  .near = 0.01 * window_diagonal(w),
                  .known = known};
}

/* ---- the schedule's rest ------------------------------------------------------------------- */

/* The rate of step t, not before the cursor, by the schedule in force at the cursor. */
static double planned(const Case *k, long t)
{
    const Rate *r = &bind_at(k->bound, k->cursor)->rate;
    double eta = k->rows[k->cursor].eta;
    Plateau plateau;
    if (!r->schedule || r->schedule->eta)
        return rate_at(r, t, NULL);
    if (k->cursor >= r->warmup)
        return eta; /* the plateau rule: it can only cut */
    plateau_start(&plateau);
    return rate_at(r, t, &plateau);
}

static bool rises_again(const Case *k)
{
    double eta = k->rows[k->cursor].eta;
    long stride = 1 + (k->steps - k->cursor) / PLAN_MOST;
    for (long t = k->cursor + 1; t <= k->steps; t += stride)
        if (planned(k, t) > eta * (1 + 1e-12))
            return true;
    return false;
}

/* Sum of the rates from the cursor to T, or over half a run where that is longer; stops at `most`.
 */
static double planned_sum(const Case *k, double most)
{
    long rest = k->steps - k->cursor;
    long extra = k->steps / 2 > rest ? at_least(k->steps / 2 - rest, 0) : 0;
    long stride = 1 + rest / PLAN_MOST;
    double sum = extra > 0 ? (double)extra * planned(k, k->steps) : 0;
    for (long t = k->cursor; t < k->steps && sum < most; t += stride)
        sum += planned(k, t) * (double)(t + stride < k->steps ? stride : k->steps - t);
    return sum;
}

/* ---- the rules ----------------------------------------------------------------------------- */

/* The known critical point nearest to a place within `near`, else one that Newton finds there. */
static bool critical_near(const Case *k, Vec2 at, double near, Found *out)
{
    double best = near;
    Derivatives d;
    out->which = -1;
    for (int i = 0; i < k->known->count; i++) {
        double far = vec_norm(vec_sub(k->known->point[i].at, at));
        if (far <= best && k->known->point[i].kind != CRITICAL_VALLEY) { /* a valley is no place */
            best = far;
            out->which = i;
            out->point = k->known->point[i];
        }
    }
    if (out->which >= 0)
        return true;
    if (!critical_newton(k->loss, at, &out->point.at, &d) ||
        !(vec_norm(vec_sub(out->point.at, at)) <= near))
        return false;
    out->point.f = d.f;
    out->point.kind = critical_kind_at(k->loss, out->point.at, &d, k->near, k->known->range);
    return true;
}

static bool is_resting_place(const Critical *c)
{
    return c->kind == CRITICAL_MINIMUM || c->kind == CRITICAL_VALLEY;
}

static Outcome outcome_of(const Case *k, const Critical *c)
{
    if (c->kind == CRITICAL_VALLEY)
        return OUTCOME_VALLEY;
    if (c->kind != CRITICAL_MINIMUM)
        return OUTCOME_SADDLE;
    return critical_is_lowest(c->f, k->lowest, k->known->range) ? OUTCOME_GLOBAL_MINIMUM
                                                                : OUTCOME_LOCAL_MINIMUM;
}

/* The full gradient and the Hessian at the cursor. */
static Derivatives slope_at(const Case *k)
{
    Derivatives d;
    loss_eval(k->loss, k->rows[k->cursor].at, EXPR_HESSIAN, &d);
    return d;
}

/* The height fell by 5 % or more over the last max(10, T/10) rows; by how much it fell: *fell. */
static bool progresses(const Case *k, double *fell)
{
    long n = at_least(k->steps / 10, 10);
    double then = k->cursor < n ? NAN : k->rows[k->cursor - n].loss;
    *fell = then - k->rows[k->cursor].loss;
    return !(*fell < 0.05 * (then - k->lowest));
}

static bool is_flat(const Case *k)
{
    double fell;
    return vec_norm(slope_at(k).g) * k->diagonal < 0.01 * k->known->range && !progresses(k, &fell);
}

/* How far the schedule's rest can move the point; inf: by `near` or more. */
static double reach(const Case *k)
{
    const Row *r = &k->rows[k->cursor];
    Derivatives d = slope_at(k);
    double small;
    double large;
    sym_eigenvalues(d.h, &small, &large);
    bool used = r->eta > 0;
    if (k->unsure && used)
        *k->unsure = true;
    Vec2 scale = used ? vec_scale(1 / r->eta, r->rate) : vec2(1, 1);
    double pull = vec_norm(vec2(scale.x * d.g.x, scale.y * d.g.y));
    if (k->cursor > 0 && r[-1].eta > 0)
        pull = fmax(pull, vec_norm(vec_sub(r->at, r[-1].at)) / r[-1].eta);
    pull += fmax(scale.x, scale.y) * fmax(0, -small) * k->near;
    if (!(pull > 0))
        return 0;
    double moved = pull * planned_sum(k, k->near / pull);
    return moved < k->near ? moved : INFINITY;
}

/* There is a slope left, but even the one that the window has on the whole would no longer be
 * followed by `near`. */
static bool is_dead(const Case *k)
{
    double slope = k->known->range / k->diagonal;
    return vec_norm(slope_at(k).g) > 1e-3 * slope &&
           planned_sum(k, k->near / slope) * slope < k->near;
}

static bool is_frozen(const Case *k)
{
    Found place;
    Vec2 mean;
    long n = still_rows(k);
    if (k->cursor + 1 < n || (k->noisy && !rows_within(k, n, k->near, &mean)))
        return false;
    double moved = reach(k);
    return isfinite(moved) && !(critical_near(k, k->rows[k->cursor].at, k->near + moved, &place) &&
                                is_resting_place(&place.point));
}

/* The noise in the gradients of the last rows, squared and summed, over that of the gradients. */
static double noise_share(const Case *k)
{
    double noise = 0;
    double slope = 0;
    if (k->unsure && k->noisy)
        *k->unsure = true;
    for (long i = k->cursor < 4 ? 0 : k->cursor - 4; k->noisy && i <= k->cursor; i++) {
        Derivatives d;
        loss_eval(k->loss, k->rows[i].at, EXPR_GRADIENT, &d);
        Vec2 off = vec_sub(k->rows[i].g, d.g);
        noise += off.x * off.x + off.y * off.y;
        slope += d.g.x * d.g.x + d.g.y * d.g.y;
    }
    return slope > 0 ? noise / slope : noise > 0 ? INFINITY : 0;
}

/* The rows go round a minimum without getting nearer, and noise is not nothing beside the slope. */
static bool is_rattling(const Case *k, Found *out)
{
    long n = cloud_rows(k);
    if (k->cursor + 1 < n)
        return false;
    const Row *first = k->rows + k->cursor + 1 - n;
    Vec2 mean = mean_of(first, n);
    double sum = 0;
    long stride = stride_of(n, LOOK_MOST);
    for (long i = 0; i < n; i += stride) {
        double far = vec_norm(vec_sub(first[i].at, mean));
        sum += far * far;
    }
    double r = sqrt(sum / (double)((n - 1) / stride + 1));
    Vec2 drift = vec_sub(mean_of(first, n / 2), mean_of(first + n / 2, n - n / 2));
    return vec_norm(drift) <= r && critical_near(k, mean, fmax(k->near, 2 * r), out) &&
           is_resting_place(&out->point) && noise_share(k) > 1e-4;
}

static bool settles(const Case *k)
{
    Vec2 mean;
    return !k->noisy || (rows_within(k, cloud_rows(k), 0.5 * k->near, &mean) && !rises_again(k));
}

/* A word for a run that is still; MOVING: none. */
static Outcome resting(const Case *k, Found *out)
{
    Vec2 mean;
    if (!rows_within(k, still_rows(k), k->near, &mean))
        return OUTCOME_MOVING;
    bool found = critical_near(k, mean, k->near, out);
    bool place = found && is_resting_place(&out->point);
    if (place)
        return settles(k) ? outcome_of(k, &out->point) : OUTCOME_RATTLING;
    if (!(found || is_flat(k)) || !settles(k))
        return OUTCOME_MOVING;
    if (!found)
        return is_dead(k) ? OUTCOME_FROZEN : OUTCOME_PLATEAU;
    return isfinite(reach(k)) ? OUTCOME_FROZEN : OUTCOME_SADDLE;
}

static bool moves(const Case *k)
{
    for (long i = k->cursor - 10; i < k->cursor; i++)
        if (i >= 0 && vec_norm(vec_sub(k->rows[i + 1].at, k->rows[i].at)) > 1e-6 * k->diagonal)
            return true;
    return false;
}

static bool turns(double a, double b, double least)
{
    return a * b < 0 && fabs(b) > least;
}

/* In the last quarter of the rows the loss rises, or a coordinate turns. */
static bool goes_to_and_fro(const Case *k)
{
    double least = 1e-6 * k->diagonal;
    long stride = stride_of(k->cursor / 4, TURN_MOST);
    for (long i = k->cursor - k->cursor / 4; i < k->cursor; i += stride) {
        const Row *r = k->rows + i;
        if (r[1].loss > r[0].loss)
            return true;
        if (i + 1 == k->cursor)
            return false;
        Vec2 a = vec_sub(r[1].at, r[0].at);
        Vec2 b = vec_sub(r[2].at, r[1].at);
        if (turns(a.x, b.x, least) || turns(a.y, b.y, least))
            return true;
    }
    return false;
}

static bool is_oscillating(const Case *k)
{
    if (k->cursor < 12 || !moves(k))
        return false;
    double then = k->rows[k->cursor - k->cursor / 4].best - k->lowest;
    double now = k->rows[k->cursor].best - k->lowest;
    return !(then - now > 0.01 * then) && goes_to_and_fro(k);
}

static bool is_slow(const Case *k)
{
    double fell;
    return !progresses(k, &fell) && fell >= 0;
}

static bool has_ended(const Row *row)
{
    return row->events & (ROW_DIVERGED | ROW_UNDEFINED);
}

/* The word of the row itself. */
static Found judge(const Case *k)
{
    const Row *row = &k->rows[k->cursor];
    Found f = {.which = -1};
    if (has_ended(row))
        f.outcome = row->events & ROW_DIVERGED ? OUTCOME_DIVERGED : OUTCOME_UNDEFINED;
    else if (step_far_out(k->window, row->at, row->loss, k->rows[0].loss))
        f.outcome = OUTCOME_DIVERGING;
    else if ((f.outcome = resting(k, &f)) != OUTCOME_MOVING)
        ;
    else if (k->noisy && is_rattling(k, &f))
        f.outcome = OUTCOME_RATTLING;
    else if (is_frozen(k))
        f.outcome = OUTCOME_FROZEN;
    else if (is_oscillating(k))
        f.outcome = OUTCOME_OSCILLATING;
    else if (is_slow(k))
        f.outcome = OUTCOME_SLOW;
    if (!outcomes[f.outcome].settled && f.outcome != OUTCOME_RATTLING)
        f.which = -1; /* places looked at on the way */
    return f;
}

/* Rows over which a word must have held, without noise: max(4, T/100). */
static long held_rows(long steps)
{
    return at_least(steps / 100, 4);
}

/* The word of a row, remembered or judged. */
static Found recall(const Case *like, long row, long stride)
{
    VerdictWord *kept = like->words ? &like->words[row / stride % VERDICT_WORDS] : NULL;
    if (kept && kept->row == row)
        return kept->found;
    Case k = case_at(like, row);
    Found f = judge(&k);
    if (kept)
        *kept = (VerdictWord){row, f};
    return f;
}

/* The word that stands at the row: the last one that has held. */
static Found judge_held(const Case *k)
{
    long rows = k->noisy ? cloud_rows(k) : held_rows(k->steps);
    long stride = rows / HOLD_LOOKS | 1; /* odd: what changes at every row is seen */
    long looks = loss_rows(k->loss) > ROWS_MOST ? 1 : (rows - 1) / stride + 1;
    long row = k->cursor / stride * stride;
    long since = surface_since(k->bound, k->cursor);
    if (has_ended(&k->rows[k->cursor]) || row < since)
        return judge(k);
    Found f = recall(k, row, stride);
    long held = 1;
    /* behind an edit of the surface: the words before it are about another one */
    for (int i = 0; held < looks && i < WALK_MOST && row > 0 && row - stride >= since; i++) {
        row -= stride;
        Found before = recall(k, row, stride);
        held = before.outcome == f.outcome && before.which == f.which ? held + 1 : 1;
        if (held == 1)
            f = before;
    }
    bool at_place = outcomes[f.outcome].settled && f.outcome != OUTCOME_PLATEAU;
    if (at_place && !(vec_norm(vec_sub(k->rows[k->cursor].at, f.point.at)) <= 2 * k->near))
        return judge(k); /* it has left */
    return f;
}

/* ---- ends of many runs -------------------------------------------------------------------------
 */

long trail_rows(long steps)
{
    long rows = held_rows(steps);
    return at_least(steps / 20, 10) + rows + (rows / HOLD_LOOKS | 1);
}

/* The known minimum near which the run is still at a row, as resting() sees it; -1: none. */
static int still_at(const Trail *t, Window w, const CriticalSet *known, long row)
{
    double near = 0.01 * window_diagonal(w);
    long n = at_least(t->steps / 20, 10);
    Vec2 sum = vec2(0, 0);
    double best = near;
    int which = -1;
    if (row + 1 - n < t->first)
        return -1;
    long stride = stride_of(n, LOOK_MOST);
    for (long i = row + 1 - n; i <= row; i += stride)
        sum = vec_add(sum, vec2(t->x[i - t->first], t->y[i - t->first]));
    Vec2 mean = vec_scale(1 / (double)((n - 1) / stride + 1), sum);
    Vec2 end = vec2(t->x[row - t->first], t->y[row - t->first]);
    if (!(vec_norm(vec_sub(end, mean)) <= near))
        return -1;
    for (long i = row + 1 - n; i <= row; i += stride)
        if (!(vec_norm(vec_sub(vec2(t->x[i - t->first], t->y[i - t->first]), mean)) <= near))
            return -1;
    for (int i = 0; i < known->count; i++) {
        double far = vec_norm(vec_sub(known->point[i].at, mean));
        if (far <= best && known->point[i].kind != CRITICAL_VALLEY) {
            best = far;
            which = i;
        }
    }
    return which >= 0 && known->point[which].kind == CRITICAL_MINIMUM ? which : -1;
}

bool trail_settled(const Trail *t, Window w, const CriticalSet *known, Standing *out)
{
    long rows = held_rows(t->steps);
    long stride = rows / HOLD_LOOKS | 1;
    long looks = (rows - 1) / stride + 1;
    long last = t->cursor / stride * stride;
    Vec2 at = vec2(t->x[t->cursor - t->first], t->y[t->cursor - t->first]);
    *out = (Standing){.outcome = t->events & ROW_DIVERGED ? OUTCOME_DIVERGED : OUTCOME_UNDEFINED,
                      .which = -1};
    if (t->events & (ROW_DIVERGED | ROW_UNDEFINED))
        return true;
    int which = still_at(t, w, known, last);
    for (long i = 1; which >= 0 && i < looks; i++)
        if (still_at(t, w, known, last - i * stride) != which)
            return false;
    /* far out by its loss alone: not even near a known minimum, unless the first loss was tiny */
    if (which < 0 || t->last_loss > 1e5 * fmax(1, t->first_loss))
        return false;
    const Critical *c = &known->point[which];
    if (!(vec_norm(vec_sub(at, c->at)) <= 0.02 * window_diagonal(w)))
        return false;
    bool lowest = critical_is_lowest(c->f, critical_lowest(known, w), known->range);
    *out = (Standing){.outcome = lowest ? OUTCOME_GLOBAL_MINIMUM : OUTCOME_LOCAL_MINIMUM,
                      .which = which};
    return true;
}

bool verdict_word(const Bound *b, const Row *rows, long cursor, Window w, bool updates,
                  const CriticalSet *known, Standing *out)
{
    bool unsure = false;
    Case k = case_of(b, rows, w, known);
    k.unsure = updates ? NULL : &unsure;
    Case now = case_at(&k, cursor);
    Found f = judge_held(&now);
    *out = (Standing){.outcome = f.outcome, .which = f.which};
    return !unsure;
}

/* ---- sentences: a cause is named only where its numbers stand in the rows -----------------------
 */

/* The rate is still at least half of what it was in the last max(20, T/10) rows. */
static bool keeps_rate(const Case *k)
{
    double highest = 0;
    for (long i = k->cursor; i >= 0 && i > k->cursor - cloud_rows(k); i--)
        highest = fmax(highest, k->rows[i].eta);
    return k->rows[k->cursor].eta > 0.5 * highest;
}

/* "gradient noise 3.00" or "each mini-batch pulls another way" */
static void say_noise(const Case *k, Text *out, const char *does, const char *do_so)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double noise = bind_at(k->bound, k->cursor)->noise;
    shown(a, k->rows[k->cursor].eta);
    if (noise > 0)
        text_add(out, "gradient noise %s times η %s %s", shown(b, noise), a, does);
    else
        text_add(out, "each mini-batch pulls another way, and η %s %s", a, do_so);
}

/* A known minimum of the window is deeper. */
static bool deeper_exists(const Case *k, double f)
{
    for (int i = 0; i < k->known->minima; i++)
        if (window_contains(k->window, k->known->point[i].at) &&
            !critical_is_lowest(f, k->known->point[i].f, k->known->range))
            return true;
    return false;
}

static void say_global(const Case *k, Verdict *v)
{
    char loss[NUMBER_TEXT];
    char eta[NUMBER_TEXT];
    char limit[NUMBER_TEXT];
    (void)k; /* one signature for the whole table */
    shown(loss, v->loss);
    snprintf(v->brief, sizeof v->brief, "loss %s", loss);
    if (fabs(v->loss - v->depth) > 0.01 * fabs(v->loss) + 1e-9)
        snprintf(v->reason, sizeof v->reason, "loss %s, close to the lowest known here, %s", loss,
                 shown(limit, v->depth));
    else
        snprintf(v->reason, sizeof v->reason,
                 v->eta <= v->limit
                     ? "loss %s is the lowest known here"
                     : "loss %s is the lowest known, but η %s is above %s: it will not stay",
                 loss, shown(eta, v->eta), shown(limit, v->limit));
}

static void say_local(const Case *k, Verdict *v)
{
    char loss[NUMBER_TEXT];
    char eta[NUMBER_TEXT];
    char limit[NUMBER_TEXT];
    const char *lower =
        deeper_exists(k, v->depth) ? "a deeper one exists" : "lower losses lie in the window";
    shown(loss, v->loss);
    shown(eta, v->eta);
    shown(limit, v->limit);
    snprintf(v->brief, sizeof v->brief, "loss %s", loss);
    if (!isfinite(v->limit))
        snprintf(v->reason, sizeof v->reason, "loss %s, but %s", loss, lower);
    else if (v->eta <= v->limit)
        snprintf(v->reason, sizeof v->reason,
                 "loss %s, but %s; η %s is below %s, so it holds the ball", loss, lower, eta,
                 limit);
    else
        snprintf(v->reason, sizeof v->reason,
                 "loss %s, %s; now η %s is above %s: it will be thrown out", loss, lower, eta,
                 limit);
}

static void say_saddle(const Case *k, Verdict *v)
{
    char loss[NUMBER_TEXT];
    char slope[NUMBER_TEXT];
    shown(loss, v->loss);
    shown(slope, vec_norm(slope_at(k).g));
    snprintf(v->brief, sizeof v->brief, "loss %s", loss);
    snprintf(v->reason, sizeof v->reason,
             "slope %s, but one direction leads down: not a minimum (loss %s)", slope, loss);
}

static void say_valley(const Case *k, Verdict *v)
{
    char loss[NUMBER_TEXT];
    (void)k;
    shown(loss, v->loss);
    snprintf(v->brief, sizeof v->brief, "loss %s", loss);
    snprintf(v->reason, sizeof v->reason, "a floor of equal loss %s: no curvature along it", loss);
}

static void say_flat(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    shown(a, vec_norm(slope_at(k).g));
    snprintf(v->brief, sizeof v->brief, "slope %s", a);
    snprintf(v->reason, sizeof v->reason,
             "the slope is only %s and no critical point is near: a plateau is not a minimum", a);
}

static void say_rattling(const Case *k, Verdict *v)
{
    Text reason = text_over(v->reason, sizeof v->reason);
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    snprintf(v->brief, sizeof v->brief, "η %s", shown(a, v->eta));
    if (keeps_rate(k) && noise_share(k) > 1)
        say_noise(k, &reason, "keeps it moving about the minimum", "follows it about the minimum");
    else
        text_add(&reason, "about the minimum with loss %s; now loss %s", shown(b, v->depth),
                 shown(a, v->loss));
}

static void say_frozen(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double highest = 0;
    for (long i = 0; i < k->cursor; i++)
        highest = fmax(highest, k->rows[i].eta);
    shown(a, v->eta);
    shown(b, vec_norm(slope_at(k).g));
    snprintf(v->brief, sizeof v->brief, "η %s", a);
    snprintf(
        v->reason, sizeof v->reason,
        v->eta < highest
            ? "η has fallen to %s, the slope is still %s: the rest moves it under 1 %% of the map"
            : "at η %s and slope %s the rest of the run moves it under 1 %% of the map",
        a, b);
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
    Text reason = text_over(v->reason, sizeof v->reason);
    const Row *tight = tightest(k);
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    shown(a, v->eta);
    shown(b, v->limit);
    snprintf(v->brief, sizeof v->brief, isfinite(v->limit) ? "η %s, local limit %s" : "η %s", a, b);
    if (v->eta > v->limit)
        text_add(&reason, "η %s is above %s, the local limit: every step overshoots", a, b);
    else if (keeps_rate(k) && noise_share(k) > 1)
        say_noise(k, &reason, "keeps it moving: a noise floor", "follows it: a noise floor");
    else if (tight->eta > tight->limit)
        text_add(&reason,
                 "η %s exceeds the local limit on its way (%s in the steepest place): it is thrown "
                 "about",
                 shown(a, tight->eta), shown(b, tight->limit));
    else
        text_add(&reason, "no progress in the last quarter of the steps (η %s)", a);
}

static void say_slow(const Case *k, Verdict *v)
{
    double fell;
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    progresses(k, &fell);
    shown(a, fmax(0, fell));
    shown(b, v->eta);
    snprintf(v->brief, sizeof v->brief, "η %s", b);
    snprintf(v->reason, sizeof v->reason, "the loss fell by only %s over %ld steps (η %s)", a,
             at_least(k->steps / 10, 10), b);
}

static void say_moving(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    (void)k;
    shown(a, v->eta);
    shown(b, v->limit);
    snprintf(v->brief, sizeof v->brief, "η %s", a);
    snprintf(v->reason, sizeof v->reason,
             !(v->limit < INFINITY) ? "η %s; no local limit: nothing curves upward at this point"
             : v->eta > v->limit
                 ? "η %s is above the local limit %s: it cannot settle at this point"
                 : "η %s; local limit %s, at this point only",
             a, b);
}

static double step_to(const Case *k, long row)
{
    return row > 0 ? vec_norm(vec_sub(k->rows[row].at, k->rows[row - 1].at)) : 0;
}

static void say_gone(const Case *k, Verdict *v)
{
    char a[NUMBER_TEXT];
    char b[NUMBER_TEXT];
    double limit = k->rows[0].limit;
    bool grows = k->cursor == 1 || step_to(k, k->cursor) > step_to(k, k->cursor - 1) ||
                 !isfinite(step_to(k, k->cursor));
    shown(a, v->eta);
    snprintf(v->brief, sizeof v->brief, "η %s", a);
    if (v->outcome == OUTCOME_UNDEFINED)
        snprintf(v->reason, sizeof v->reason, "the loss is undefined at this point: a hole");
    else if (!grows)
        snprintf(v->reason, sizeof v->reason,
                 "%s from the window's centre, which is %s across; the steps no longer grow",
                 shown(a, vec_norm(vec_sub(v->at, window_centre(k->window)))),
                 shown(b, k->diagonal));
    else if (k->rows[0].eta > limit)
        snprintf(v->reason, sizeof v->reason, "η %s was above %s, the local limit at the start",
                 shown(a, k->rows[0].eta), shown(b, limit));
    else
        snprintf(v->reason, sizeof v->reason, "each step is longer than the one before, at η %s",
                 a);
}

/* Words of another run or window, or of other known points, are forgotten. */
static VerdictWord *words_of(VerdictMemory *m, const Timeline *t, Window w,
                             const CriticalSet *known)
{
    size_t points = sizeof known->point[0] * (size_t)known->count;
    const CriticalSet *k = &m->known;
    unsigned long revision = timeline_revision(t);
    if (m->of == t && m->revision == revision && memcmp(&m->window, &w, sizeof w) == 0 &&
        k->count == known->count && k->minima == known->minima && k->params == known->params &&
        memcmp(k->param, known->param, sizeof k->param) == 0 && k->lowest == known->lowest &&
        k->range == known->range && memcmp(k->point, known->point, points) == 0)
        return m->word;
    m->of = t;
    m->revision = revision;
    m->window = w;
    m->known = *known;
    for (int i = 0; i < VERDICT_WORDS; i++)
        m->word[i].row = -1;
    return m->word;
}

void verdict_at(const Timeline *t, long cursor, Window w, const CriticalSet *known, Verdict *out)
{
    verdict_next(NULL, t, cursor, w, known, out);
}

void verdict_next(VerdictMemory *memory, const Timeline *t, long cursor, Window w,
                  const CriticalSet *known, Verdict *out)
{
    static void (*const say[OUTCOMES])(const Case *, Verdict *) = {
        [OUTCOME_MOVING] = say_moving,         [OUTCOME_OSCILLATING] = say_oscillating,
        [OUTCOME_GLOBAL_MINIMUM] = say_global, [OUTCOME_LOCAL_MINIMUM] = say_local,
        [OUTCOME_SADDLE] = say_saddle,         [OUTCOME_VALLEY] = say_valley,
        [OUTCOME_PLATEAU] = say_flat,          [OUTCOME_RATTLING] = say_rattling,
        [OUTCOME_FROZEN] = say_frozen,         [OUTCOME_SLOW] = say_slow,
        [OUTCOME_DIVERGING] = say_gone,        [OUTCOME_DIVERGED] = say_gone,
        [OUTCOME_UNDEFINED] = say_gone,
    };
    CriticalSet own;
    if (!critical_fits(known, timeline_loss_at(t, cursor))) {
        critical_start(&own);
        critical_follow(&own, t, cursor);
        known = &own;
    }
    Case any = case_of(timeline_bound(t), timeline_rows(t), w, known);
    any.words = memory && known != &own ? words_of(memory, t, w, known) : NULL;
    Case now = case_at(&any, cursor);
    const Row *row = &now.rows[cursor];
    Found f = judge_held(&now);
    *out = (Verdict){.outcome = f.outcome,
                     .at = row->at,
                     .which = -1,
                     .eta = row->eta,
                     .limit = row->limit,
                     .loss = row->loss};
    if (outcomes[f.outcome].settled || f.outcome == OUTCOME_RATTLING) {
        out->which = f.which;
        out->at = f.outcome == OUTCOME_PLATEAU ? row->at : f.point.at;
        out->depth = f.outcome == OUTCOME_PLATEAU ? row->loss : f.point.f;
    }
    say[f.outcome](&now, out);
}
