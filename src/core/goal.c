/* SPDX-License-Identifier: MIT
 * goal: see goal.h. A recursive-descent parser makes an array of nodes, operands first, so that
 * evaluation is one pass over the array; a tally of the run grows row by row. */
#include "core/goal.h"

#include <ctype.h>
#include <string.h>

#include "base/words.h"

typedef enum GoalOp {
    OP_NUMBER,
    OP_METRIC,
    OP_NEGATE,
    OP_ABS,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_FACT, /* a word: only ever the left side of OP_IS */
    OP_LESS,
    OP_AT_MOST,
    OP_MORE,
    OP_AT_LEAST,
    OP_EQUAL,
    OP_IS,
    OP_NOT,
    OP_AND,
    OP_OR,
    OP_BY,
    OP_ALWAYS,
} GoalOp;

static bool is_number(int op)
{
    return op <= OP_DIVIDE;
}

static bool is_comparison(int op)
{
    return op >= OP_LESS && op <= OP_IS;
}

static bool is_truth(int op)
{
    return op >= OP_LESS;
}

/* ---- tally: O(1) per row ------------------------------------------------------------------- */

static const double thresholds[3] = {0.1, 0.01, 0.001};

static void tally_start(Tally *c)
{
    *c = (Tally){.row = -1,
                 .best = INFINITY,
                 .peak = -INFINITY,
                 .val_best = NAN,
                 .val_best_at = -1,
                 .reached = {-1, -1, -1},
                 .snap_best = NAN,
                 .snap_last = NAN};
}

/* Where the prototype behind scenes.csv gives a run up; the timeline itself goes on to 1e100. */
static bool is_gone(const Row *r)
{
    return !(fabs(r->at.x) <= 1e8) || !(fabs(r->at.y) <= 1e8) || !isfinite(r->loss) ||
           (r->events & (ROW_DIVERGED | ROW_UNDEFINED));
}

/* A coordinate that touches 0 has not changed its sign yet. */
static void count_flip(double v, int *sign, long *flips)
{
    int now = (v > 0) - (v < 0);
    if (now && *sign && now != *sign)
        ++*flips;
    if (now)
        *sign = now;
}

/* Loss points in the last tenth of rows 0 to `row`. */
static long tail_length(long row)
{
    long n = (row + 1) / 10;
    return n < 1 ? 1 : n;
}

static void tail_sum_up(Tally *c, const Row *rows)
{
    c->tail_sum = c->tail_size = c->tail_error = 0;
    for (long i = c->tail_from; i <= c->row; i++) {
        c->tail_sum += rows[i].loss;
        c->tail_size += fabs(rows[i].loss);
    }
}

/* A sliding sum, so that `by` and `always` cost O(rows). What large losses leave behind when they
 * slide out is bounded; where the bound is no longer small against the sum, sum up afresh. */
static void tally_tail(Tally *c, const Row *rows)
{
    const double rounding = 0x1p-52;
    double loss = rows[c->row].loss;
    c->tail_sum += loss;
    c->tail_size += fabs(loss);
    c->tail_error += rounding * c->tail_size;
    while (c->tail_from < c->row + 1 - tail_length(c->row)) {
        loss = rows[c->tail_from++].loss;
        c->tail_error += rounding * c->tail_size;
        c->tail_sum -= loss;
        c->tail_size -= fabs(loss);
    }
    if (!(c->tail_error <= 1e-10 * c->tail_size))
        tail_sum_up(c, rows);
}

/* The rate of the update that led to this row. */
static void tally_rate(Tally *c, double eta)
{
    if (c->row > 1)
        c->eta_jump = fmax(c->eta_jump, fabs(eta - c->eta_last));
    c->eta_last = eta;
    c->eta_sum += eta;
    c->eta_high = fmax(c->eta_high, eta);
}

/* End of a cycle: the point counts as another minimum if it is far from all before. */
static void tally_snapshot(Tally *c, const Row *r, double apart)
{
    c->snap_last = r->loss;
    c->snap_best = r->loss < c->snap_best || isnan(c->snap_best) ? r->loss : c->snap_best;
    for (int i = 0; i < c->visited_count; i++)
        if (vec_norm(vec_sub(c->visited[i], r->at)) <= apart)
            return;
    if (c->visited_count < GOAL_VISITED)
        c->visited[c->visited_count++] = r->at;
}

static void tally_loss(Tally *c, const Row *r, bool rose)
{
    c->best = fmin(c->best, r->loss);
    c->peak = fmax(c->peak, r->loss);
    c->up += rose;
    for (int i = 0; i < 3; i++)
        if (c->reached[i] < 0 && r->loss < thresholds[i])
            c->reached[i] = c->row;
    if (r->held_out < c->val_best || (isnan(c->val_best) && !isnan(r->held_out))) {
        c->val_best = r->held_out;
        c->val_best_at = c->row;
    }
}

static void tally_add(Tally *c, const Timeline *t)
{
    const Row *rows = timeline_rows(t);
    const Row *r = &rows[++c->row];
    if (c->gone)
        return;
    if (c->row > 0)
        tally_rate(c, r[-1].eta);
    c->drops += (r->events & ROW_CUT) != 0;
    c->gone = is_gone(r);
    if (c->gone) {
        c->peak = INFINITY;
        c->up += c->row > 0;
        return;
    }
    tally_loss(c, r, c->row > 0 && r->loss > r[-1].loss);
    tally_tail(c, rows);
    count_flip(r->at.x, &c->sign_x, &c->flip_x);
    count_flip(r->at.y, &c->sign_y, &c->flip_y);
    if (r->events & ROW_RESTART)
        tally_snapshot(c, r, 0.05 * window_diagonal(timeline_window(t)));
}

/* ---- metrics ------------------------------------------------------------------------------- */

#define METRIC(name) static double metric_##name(const Timeline *t, const Tally *c)
#define FROM_TALLY(name, value)                                                                    \
    METRIC(name)                                                                                   \
    {                                                                                              \
        (void)t;                                                                                   \
        return value;                                                                              \
    }
#define FROM_ROW(name, field)                                                                      \
    METRIC(name)                                                                                   \
    {                                                                                              \
        return timeline_rows(t)[c->row].field;                                                     \
    }

static double reached(const Tally *c, int i)
{
    return c->reached[i] < 0 ? INFINITY : (double)c->reached[i];
}

METRIC(loss)
{
    return c->gone ? INFINITY : timeline_rows(t)[c->row].loss;
}

METRIC(start)
{
    (void)c;
    return timeline_rows(t)[0].loss;
}

METRIC(eta_last)
{
    return c->row > 0 ? c->eta_last : timeline_rows(t)[0].eta;
}

METRIC(val)
{
    const Row *r = &timeline_rows(t)[c->row];
    return c->gone && !isnan(timeline_rows(t)[0].held_out) ? INFINITY : r->held_out;
}

METRIC(eta0)
{
    return timeline_rate(t, c->row)->eta0;
}

METRIC(seed)
{
    (void)c;
    return (double)timeline_scene(t)->seed;
}

METRIC(steps)
{
    (void)c;
    return (double)timeline_steps(t);
}

FROM_ROW(x, at.x)
FROM_ROW(y, at.y)
FROM_ROW(eta, eta)
FROM_ROW(lambda, lambda)
FROM_TALLY(best, c->best)
FROM_TALLY(peak, c->peak)
FROM_TALLY(tail, c->gone ? INFINITY : c->tail_sum / (double)(c->row + 1 - c->tail_from))
FROM_TALLY(flip_x, (double)c->flip_x)
FROM_TALLY(flip_y, (double)c->flip_y)
FROM_TALLY(up, (double)c->up)
FROM_TALLY(to_1e1, reached(c, 0))
FROM_TALLY(to_1e2, reached(c, 1))
FROM_TALLY(to_1e3, reached(c, 2))
FROM_TALLY(eta_sum, c->eta_sum)
FROM_TALLY(jump, c->eta_high > 0 ? c->eta_jump / c->eta_high : 0)
FROM_TALLY(val_best, c->val_best)
FROM_TALLY(val_best_at, c->val_best_at < 0 ? NAN : (double)c->val_best_at)
FROM_TALLY(drops, (double)c->drops)
FROM_TALLY(snap_best, c->snap_best)
FROM_TALLY(snap_last, c->snap_last)
FROM_TALLY(visited, (double)c->visited_count)
FROM_TALLY(row, (double)c->row)
FROM_TALLY(div, c->gone ? 1 : 0)

const GoalMetric goal_metrics[] = {
    {"loss", "full loss now; inf once diverged", metric_loss, NULL},
    {"best", "lowest loss so far", metric_best, "lowest loss"},
    {"peak", "highest loss so far", metric_peak, "highest loss"},
    {"start", "loss at the start", metric_start, NULL},
    {"tail", "mean of the last tenth of the loss points", metric_tail, NULL},
    {"x", "first coordinate now", metric_x, NULL},
    {"y", "second coordinate now", metric_y, NULL},
    {"flipx", "how often x changed its sign", metric_flip_x, "sign changes of x"},
    {"flipy", "how often y changed its sign", metric_flip_y, "sign changes of y"},
    {"up", "steps on which the loss rose", metric_up, "steps upward"},
    {"to_1e1", "first step with loss < 0.1; inf: never", metric_to_1e1, "first step below 0.1"},
    {"to_1e2", "first step with loss < 0.01; inf: never", metric_to_1e2, "first step below 0.01"},
    {"to_1e3", "first step with loss < 0.001; inf: never", metric_to_1e3, "first step below 0.001"},
    {"etaT", "last rate used", metric_eta_last, "last η"},
    {"etasum", "sum of the rates used", metric_eta_sum, "sum of all η"},
    {"jump", "largest change of the rate in one step / largest rate", metric_jump, NULL},
    {"val", "held-out loss now", metric_val, "held-out loss"},
    {"valbest", "lowest held-out loss so far", metric_val_best, "lowest held-out loss"},
    {"valbest_at", "step of the lowest held-out loss", metric_val_best_at, "step of the lowest held-out loss"},
    {"drops", "cuts by the plateau rule", metric_drops, "cuts"},
    {"snapbest", "lowest loss at the end of a cycle", metric_snap_best, "best snapshot"},
    {"snaplast", "loss at the end of the last cycle", metric_snap_last, "last snapshot"},
    {"visited", "different places at ends of cycles", metric_visited, "places visited"},
    {"evals", "gradient evaluations spent", metric_row, "evaluations"},
    {"div", "1 if diverged", metric_div, NULL},
    {"t", "steps done", metric_row, "step"},
    {"eta", "rate of the next step", metric_eta, "η"},
    {"lambda", "largest curvature now", metric_lambda, "λ"},
    {"settled", "1 if settled at a minimum, saddle, valley or plateau", NULL, NULL},
    {"eta0", "rate handed to the schedule in force", metric_eta0, "η₀"},
    {"seed", "seed of the run", metric_seed, NULL},
    {"steps", "length of the run", metric_steps, NULL},
    {NULL, NULL, NULL, NULL},
};

int goal_metric_find(const char *name, size_t length)
{
    for (int i = 0; goal_metrics[i].name; i++)
        if (word_is(name, length, goal_metrics[i].name))
            return i;
    return -1;
}

/* ---- the verdict, for `outcome` and `settled` ------------------------------------------------ */

static const CriticalSet *known_points(GoalState *s)
{
    if (s->known)
        return s->known;
    if (s->own_made)
        return &s->own;
    const Loss *loss = timeline_loss(s->run);
    const Surface *surface = scene_surface(timeline_scene(s->run));
    Window window = timeline_window(s->run);
    critical_start(&s->own);
    for (int i = 0; surface && i < surface->critical_count; i++)
        critical_add(&s->own, loss, window, surface->critical[i].at);
    while (!surface && critical_search(&s->own, loss, window, 64))
        ;
    s->own_made = true;
    return &s->own;
}

static Outcome outcome_at(GoalState *s, long row)
{
    Verdict v;
    if (s->tally.gone && s->tally.row == row)
        return timeline_rows(s->run)[row].events & ROW_UNDEFINED ? OUTCOME_UNDEFINED
                                                                 : OUTCOME_DIVERGED;
    verdict_at(s->run, row, timeline_window(s->run), known_points(s), &v);
    return v.outcome;
}

double goal_metric(GoalState *s, int index)
{
    const GoalMetric *m = &goal_metrics[index];
    if (!s->run || s->tally.row < 0)
        return NAN;
    if (!m->value) {
        return outcomes[outcome_at(s, s->tally.row)].settled;
    }
    double value = m->value(s->run, &s->tally);
    return word_is("evals", 5, m->name) ? value + (double)s->spent : value;
}

/* ---- facts that are words -------------------------------------------------------------------- */

static const char *const word_formula = "formula"; /* typed by hand */
static const char *const families[] = {"constant", "decay", "cyclical", "plateau", "formula", NULL};
static const char *schedule_word(int i)
{
    return i < schedule_count() ? schedules[i].name : i == schedule_count() ? word_formula : NULL;
}

static const char *family_word(int i)
{
    return families[i];
}

static const char *optimizer_word(int i)
{
    return optimizers[i].name;
}

static const char *surface_word(int i)
{
    return i < surface_count() ? surface_row(i)->name : i == surface_count() ? word_formula : NULL;
}

static const char *outcome_word(int i)
{
    return i < OUTCOMES ? outcomes[i].name : NULL;
}

static const char *schedule_is(GoalState *s, long row)
{
    const Schedule *now = timeline_rate(s->run, row)->schedule;
    return now ? now->name : word_formula;
}

static const char *family_is(GoalState *s, long row)
{
    const Schedule *now = timeline_rate(s->run, row)->schedule;
    return now ? now->family : word_formula;
}

static const char *optimizer_is(GoalState *s, long row)
{
    return timeline_optimizer(s->run, row, NULL)->name;
}

static const char *surface_is(GoalState *s, long row)
{
    const Surface *now = scene_surface(timeline_scene(s->run));
    (void)row;
    return now ? now->name : word_formula;
}

static const char *outcome_is(GoalState *s, long row)
{
    return outcomes[outcome_at(s, row)].name;
}

const GoalFact goal_facts[] = {
    {"schedule", "schedule in force", schedule_word, schedule_is},
    {"family", "its family: constant, decay, cyclical, plateau, formula", family_word, family_is},
    {"optimizer", "optimizer in force", optimizer_word, optimizer_is},
    {"surface", "surface of the run", surface_word, surface_is},
    {"outcome", "verdict: global_minimum, saddle, diverged ...", outcome_word, outcome_is},
    {NULL, NULL, NULL, NULL},
};

static int fact_find(const char *name, size_t length)
{
    for (int i = 0; goal_facts[i].name; i++)
        if (word_is(name, length, goal_facts[i].name))
            return i;
    return -1;
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static double compare(int op, double a, double b)
{
    switch (op) {
    case OP_LESS:
        return a < b;
    case OP_AT_MOST:
        return a <= b;
    case OP_MORE:
        return a > b;
    case OP_AT_LEAST:
        return a >= b;
    default:
        return a == b;
    }
}

static double arithmetic(int op, double a, double b)
{
    switch (op) {
    case OP_NEGATE:
        return -a;
    case OP_ABS:
        return fabs(a);
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    default:
        return a / b;
    }
}

/* `before` is the node's own value at the row before: what by and always remember. */
static double logic(const GoalNode *n, double a, double b, double before, long row)
{
    switch (n->op) {
    case OP_NOT:
        return a == 0;
    case OP_AND:
        return a != 0 && b != 0;
    case OP_OR:
        return a != 0 || b != 0;
    case OP_BY:
        return before != 0 || (row <= n->step && a != 0);
    default:
        return (row == 0 || before != 0) && a != 0;
    }
}

static double node_value(GoalState *s, const GoalNode *n, double before)
{
    double a = s->value[n->a];
    double b = s->value[n->b];
    if (n->op == OP_NUMBER)
        return n->number;
    if (n->op == OP_METRIC)
        return goal_metric(s, n->index);
    if (n->op == OP_FACT)
        return NAN;
    if (n->op == OP_IS)
        return strcmp(goal_facts[n->index].is(s, s->tally.row), n->word) == 0;
    if (is_number(n->op))
        return arithmetic(n->op, a, b);
    if (is_comparison(n->op))
        return compare(n->op, a, b);
    return logic(n, a, b, before, s->tally.row);
}

static void evaluate(GoalState *s)
{
    for (int i = 0; i < s->goal->count; i++) {
        const GoalNode *n = &s->goal->node[i];
        s->value[i] = node_value(s, n, s->value[i]);
        if (n->by < 0 || s->tally.row <= n->by)
            s->then[i] = s->value[i];
    }
}

static void start_over(GoalState *s)
{
    tally_start(&s->tally);
    memset(s->value, 0, sizeof s->value);
    memset(s->then, 0, sizeof s->then);
    s->own_made = false;
}

void goal_start(GoalState *s, const Goal *g, const CriticalSet *known)
{
    s->goal = g;
    s->known = known;
    s->run = NULL;
    s->revision = 0;
    s->spent = 0;
    start_over(s);
}

bool goal_follow(GoalState *s, const Timeline *t, long row)
{
    if (row >= timeline_ready(t))
        row = timeline_ready(t) - 1;
    if (row < 0)
        row = 0;
    if (s->run != t || s->revision != timeline_revision(t) || row < s->tally.row)
        start_over(s);
    s->run = t;
    s->revision = timeline_revision(t);
    while (s->tally.row < row) {
        tally_add(&s->tally, t);
        if (s->goal && (s->goal->follows || s->tally.row == row))
            evaluate(s);
    }
    return s->goal && s->goal->count > 0 && s->value[s->goal->count - 1] != 0;
}

bool goal_met(const Goal *g, const Timeline *t, long upto_row)
{
    GoalState s;
    goal_start(&s, g, NULL);
    return goal_follow(&s, t, upto_row);
}

bool goal_stays(const Goal *g)
{
    return g->count > 0 && g->node[g->count - 1].op == OP_BY;
}

bool goal_uses(const Goal *g, const char *metric)
{
    int index = goal_metric_find(metric, strlen(metric));
    for (int i = 0; i < g->count; i++)
        if (g->node[i].op == OP_METRIC && g->node[i].index == index)
            return true;
    return false;
}

/* ---- conditions: the comparisons of a goal for a panel -------------------------------------- */

/* What stands around a node: found from the root down, as parents come after their operands. */
typedef struct Around {
    bool negated;
    bool always;
    bool settled; /* an enclosing by or always is decided: `met` for all below it */
    bool met;
} Around;

static Around around_operand(const GoalState *s, int i, Around here)
{
    const GoalNode *n = &s->goal->node[i];
    bool holds = s->value[i] != 0;
    if (n->op == OP_NOT)
        here.negated = !here.negated;
    if (n->op == OP_ALWAYS)
        here.always = true;
    bool decided = n->op == OP_BY ? holds || s->tally.row > n->step : n->op == OP_ALWAYS && !holds;
    if (decided && !here.settled) {
        here.settled = true;
        here.met = holds != here.negated;
    }
    return here;
}

static bool has_metric(const Goal *g, int i)
{
    const GoalNode *n = &g->node[i];
    if (n->op == OP_NUMBER)
        return false;
    return n->op == OP_METRIC || has_metric(g, n->a) || (n->b && has_metric(g, n->b));
}

static double how_far(double value, double threshold)
{
    double gap = fabs(value - threshold);
    if (!isfinite(gap))
        return INFINITY;
    if (value > 0 && threshold > 0)
        return fabs(log(value / threshold));
    double size = fmax(fabs(value), fabs(threshold));
    return size > 0 ? gap / size : 0;
}

static void fill_condition(const GoalState *s, int i, const Around *around, GoalCondition *c)
{
    const Goal *g = s->goal;
    const GoalNode *n = &g->node[i];
    bool holds = s->value[i] != 0;
    *c = (GoalCondition){.text = g->text + n->from,
                         .length = n->to - n->from,
                         .negated = around->negated,
                         .by = n->by,
                         .always = around->always,
                         .value = NAN,
                         .threshold = NAN};
    c->met = around->settled ? around->met : holds != around->negated;
    if (n->op == OP_IS) {
        GoalState *look = (GoalState *)(uintptr_t)s; /* the verdict's points are found on demand */
        c->is = s->run ? goal_facts[n->index].is(look, s->tally.row) : "";
        c->wanted = n->word;
        c->away = !c->met;
        return;
    }
    bool swap = !has_metric(g, n->a) && has_metric(g, n->b); /* 3 < loss */
    c->late = n->by >= 0 && s->tally.row > n->by;
    c->value = s->then[swap ? n->b : n->a];
    c->threshold = s->value[swap ? n->a : n->b];
    c->away = c->met ? 0 : how_far(c->value, c->threshold);
}

int goal_conditions(const GoalState *s, GoalCondition *out, int most)
{
    Around around[GOAL_NODES];
    const Goal *g = s->goal;
    int count = 0;
    if (!g || g->count == 0)
        return 0;
    around[g->count - 1] = (Around){.negated = false};
    for (int i = g->count - 1; i >= 0; i--) {
        const GoalNode *n = &g->node[i];
        if (!is_truth(n->op) || is_comparison(n->op))
            continue;
        around[n->a] = around_operand(s, i, around[i]);
        if (n->op == OP_AND || n->op == OP_OR)
            around[n->b] = around[n->a];
    }
    for (int i = 0; i < g->count && count < most; i++)
        if (is_comparison(g->node[i].op))
            fill_condition(s, i, &around[i], &out[count++]);
    return count;
}

int goal_nearest(const GoalCondition *c, int count)
{
    int best = -1;
    for (int i = 0; i < count; i++)
        if (!c[i].met && (best < 0 || c[i].away < c[best].away))
            best = i;
    return best;
}

/* ---- parsing --------------------------------------------------------------------------------- */

typedef enum TokenKind { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_SIGN, TOKEN_ERROR } TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *at;
    size_t length;
    double number;
} Token;

typedef struct Parser {
    Goal *goal;
    Error *err;
    Token token;     /* not consumed yet */
    const char *end; /* behind the last consumed token */
    int depth;
    bool failed;
} Parser;

static const int FAILED = -1;

/* The first error wins: what follows it is only its consequence. */
static int fail_at(Parser *p, const char *at, const char *message)
{
    long column = (long)utf8_count(p->goal->text, (size_t)(at - p->goal->text)) + 1;
    if (!p->failed)
        error_set(p->err, 1, column, "%s", message);
    p->failed = true;
    return FAILED;
}

static int fail(Parser *p, const char *message)
{
    return fail_at(p, p->token.at, message);
}

static int fail_expected(Parser *p, const char *what)
{
    char text[128];
    const Token *t = &p->token;
    if (t->kind == TOKEN_END)
        snprintf(text, sizeof text, "%s expected, the goal ends here", what);
    else
        snprintf(text, sizeof text, "%s expected, not '%.*s'", what,
                 (int)(t->length > 40 ? 40 : t->length), t->at);
    return fail(p, text);
}

/* Signs of other languages, and what to write here. */
static const struct {
    const char *sign;
    const char *write;
} foreign[] = {
    {"&&", "write 'and'"},
    {"||", "write 'or'"},
    {"!=", "write 'not (a == b)'"},
    {"!", "write 'not'"},
    {"=<", "write '<='"},
    {"=>", "write '>='"},
    {"=", "a comparison is written '=='"},
    {"^", "there are no powers in goals"},
};

static const char *const signs[] = {"<=", ">=", "==", "..", "<", ">", "+",
                                    "-",  "*",  "/",  "(",  ")", ":"};

static size_t number_length(const char *c)
{
    const char *at = c;
    while (isdigit((unsigned char)*at))
        at++;
    if (at[0] == '.' && at[1] != '.') /* 1..5 is a range */
        for (at++; isdigit((unsigned char)*at);)
            at++;
    if (*at == 'e' || *at == 'E') {
        const char *power = at + 1 + (at[1] == '-' || at[1] == '+');
        if (isdigit((unsigned char)*power))
            for (at = power; isdigit((unsigned char)*at);)
                at++;
    }
    return (size_t)(at - c);
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void lex_sign(Parser *p, Token *t)
{
    t->kind = TOKEN_SIGN;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(t->at, signs[i], strlen(signs[i])) == 0) {
            t->length = strlen(signs[i]);
            return;
        }
    t->kind = TOKEN_ERROR;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (strncmp(t->at, foreign[i].sign, strlen(foreign[i].sign)) == 0) {
            fail(p, foreign[i].write);
            return;
        }
    char text[64] = "control character";
    const char *next = t->at;
    utf8_next(&next);
    if ((unsigned char)*t->at >= 0x20 && *t->at != 0x7f)
        snprintf(text, sizeof text, "unexpected character '%.*s'", (int)(next - t->at), t->at);
    fail(p, text);
}

static void next_token(Parser *p)
{
    Token *t = &p->token;
    p->end = t->at + t->length;
    const char *c = p->end;
    while (*c == ' ' || *c == '\t')
        c++;
    *t = (Token){.at = c};
    if (!*c) {
        t->kind = TOKEN_END;
    } else if (isdigit((unsigned char)*c) || (*c == '.' && isdigit((unsigned char)c[1]))) {
        t->kind = TOKEN_NUMBER;
        t->length = number_length(c);
        if (!number_parse(c, t->length, &t->number) || is_name(c[t->length])) {
            t->kind = TOKEN_ERROR;
            fail(p, "malformed number");
        }
    } else if (is_name(*c)) {
        t->kind = TOKEN_NAME;
        while (is_name(c[t->length]))
            t->length++;
    } else {
        lex_sign(p, t);
    }
}

static bool at_word(const Parser *p, const char *word)
{
    return (p->token.kind == TOKEN_NAME || p->token.kind == TOKEN_SIGN) &&
           word_is(p->token.at, p->token.length, word);
}

static bool take(Parser *p, const char *word)
{
    if (!at_word(p, word))
        return false;
    next_token(p);
    return true;
}

static int add_node(Parser *p, int op, int a, int b)
{
    Goal *g = p->goal;
    if (g->count >= GOAL_NODES)
        return fail(p, "the goal is too long");
    g->node[g->count] =
        (GoalNode){.op = (unsigned char)op, .a = (unsigned char)a, .b = (unsigned char)b};
    return g->count++;
}

static int add_number(Parser *p, double value)
{
    int i = add_node(p, OP_NUMBER, 0, 0);
    if (i >= 0)
        p->goal->node[i].number = value;
    return i;
}

static int node_op(const Parser *p, int i)
{
    return p->goal->node[i].op;
}

static bool want_number(Parser *p, int i, const char *at)
{
    if (i < 0 || is_number(node_op(p, i)))
        return i >= 0;
    fail_at(p, at, "a number expected here, not a condition");
    return false;
}

static bool want_truth(Parser *p, int i, const char *at)
{
    if (i < 0 || is_truth(node_op(p, i)))
        return i >= 0;
    fail_at(p, at, "a condition expected here, such as 'loss < 0.1'");
    return false;
}

static int parse_clause(Parser *p);
static int parse_unary(Parser *p);

static bool enter(Parser *p)
{
    if (++p->depth <= GOAL_DEPTH)
        return true;
    fail(p, "nested too deeply");
    return false;
}

static int unknown_name(Parser *p)
{
    static const char *const others[] = {"abs", "inf",    "and",    "or",   "not",
                                         "by",  "always", "at end", "seeds"};
    const Token *t = &p->token;
    char text[160];
    char hint[64];
    Near near;
    near_start(&near, t->at, t->length);
    for (int i = 0; goal_metrics[i].name; i++)
        near_try(&near, goal_metrics[i].name);
    for (int i = 0; goal_facts[i].name; i++)
        near_try(&near, goal_facts[i].name);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        near_try(&near, others[i]);
    snprintf(text, sizeof text, "unknown metric '%.*s'%s", (int)(t->length > 60 ? 60 : t->length),
             t->at, near_hint(&near, hint, sizeof hint));
    return fail(p, text);
}

static int parse_parentheses(Parser *p)
{
    const char *open = p->token.at;
    next_token(p);
    int inner = enter(p) ? parse_clause(p) : FAILED;
    p->depth--;
    if (inner < 0 || take(p, ")"))
        return inner;
    if (p->token.kind == TOKEN_END)
        return fail_at(p, open, "this parenthesis is never closed");
    return fail_expected(p, "')'");
}

static int parse_abs(Parser *p)
{
    next_token(p);
    if (!at_word(p, "("))
        return fail_expected(p, "'(' behind abs");
    const char *at = p->token.at;
    int inner = parse_parentheses(p);
    return want_number(p, inner, at) ? add_node(p, OP_ABS, inner, 0) : FAILED;
}

static bool is_reserved(const Parser *p)
{
    static const char *const words[] = {"and", "or", "not", "by", "at", "always", "seeds", "end"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (at_word(p, words[i]))
            return true;
    return false;
}

static int parse_name(Parser *p)
{
    int metric = goal_metric_find(p->token.at, p->token.length);
    int fact = fact_find(p->token.at, p->token.length);
    if (is_reserved(p))
        return fail_expected(p, "a metric or a number");
    if (metric < 0 && fact < 0)
        return unknown_name(p);
    int i = add_node(p, metric >= 0 ? OP_METRIC : OP_FACT, 0, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].index = metric >= 0 ? metric : fact;
    next_token(p);
    return i;
}

static int parse_primary(Parser *p)
{
    if (p->token.kind == TOKEN_NUMBER) {
        double value = p->token.number;
        next_token(p);
        return add_number(p, value);
    }
    if (at_word(p, "("))
        return parse_parentheses(p);
    if (at_word(p, "abs"))
        return parse_abs(p);
    if (take(p, "inf"))
        return add_number(p, INFINITY);
    if (p->token.kind == TOKEN_NAME)
        return parse_name(p);
    return fail_expected(p, "a metric or a number");
}

static int parse_unary(Parser *p)
{
    if (!at_word(p, "-"))
        return parse_primary(p);
    next_token(p);
    const char *at = p->token.at;
    int inner = enter(p) ? parse_unary(p) : FAILED;
    p->depth--;
    return want_number(p, inner, at) ? add_node(p, OP_NEGATE, inner, 0) : FAILED;
}

typedef struct BinarySign {
    const char *sign;
    GoalOp op;
} BinarySign;

/* The operator at the current token, consumed; NULL: none. */
static const BinarySign *take_sign(Parser *p, const BinarySign *table)
{
    for (; table->sign; table++)
        if (take(p, table->sign))
            return table;
    return NULL;
}

/* left {sign right}, both numbers. */
static int parse_chain(Parser *p, const BinarySign *table, int (*operand)(Parser *))
{
    const char *at = p->token.at;
    int left = operand(p);
    const BinarySign *sign;
    while (left >= 0 && (sign = take_sign(p, table)) != NULL) {
        const char *right_at = p->token.at;
        int right = operand(p);
        if (right < 0 || !want_number(p, left, at) || !want_number(p, right, right_at))
            return FAILED;
        left = add_node(p, (int)sign->op, left, right);
    }
    return left;
}

static int parse_product(Parser *p)
{
    static const BinarySign table[] = {{"*", OP_MULTIPLY}, {"/", OP_DIVIDE}, {NULL, OP_NUMBER}};
    return parse_chain(p, table, parse_unary);
}

static int parse_sum(Parser *p)
{
    static const BinarySign table[] = {{"+", OP_ADD}, {"-", OP_SUBTRACT}, {NULL, OP_NUMBER}};
    return parse_chain(p, table, parse_product);
}

static int unknown_word(Parser *p, const GoalFact *fact)
{
    const Token *t = &p->token;
    char text[160];
    char hint[64];
    Near near;
    near_start(&near, t->at, t->length);
    for (int i = 0; fact->word(i); i++)
        near_try(&near, fact->word(i));
    snprintf(text, sizeof text, "unknown %s '%.*s'%s", fact->name,
             (int)(t->length > 60 ? 60 : t->length), t->at, near_hint(&near, hint, sizeof hint));
    return fail(p, text);
}

/* schedule == WORD */
static int parse_is(Parser *p, int left)
{
    int index = p->goal->node[left].index;
    const GoalFact *fact = &goal_facts[index];
    const char *word = NULL;
    if (!take(p, "=="))
        return fail_expected(p, "'==' and a word");
    if (p->token.kind != TOKEN_NAME)
        return fail_expected(p, "a word");
    for (int i = 0; !word && fact->word(i); i++)
        if (word_is(p->token.at, p->token.length, fact->word(i)))
            word = fact->word(i);
    if (!word)
        return unknown_word(p, fact);
    int i = add_node(p, OP_IS, left, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].index = index;
    p->goal->node[i].word = word;
    next_token(p);
    return i;
}

static const BinarySign comparisons[] = {
    {"<=", OP_AT_MOST}, {">=", OP_AT_LEAST}, {"<", OP_LESS},
    {">", OP_MORE},     {"==", OP_EQUAL},    {NULL, OP_NUMBER},
};

static int parse_compared(Parser *p, int left, const char *at)
{
    const BinarySign *sign = take_sign(p, comparisons);
    if (!sign)
        return left;
    const char *right_at = p->token.at;
    int right = want_number(p, left, at) ? parse_sum(p) : FAILED;
    if (!want_number(p, right, right_at))
        return FAILED;
    for (const BinarySign *c = comparisons; c->sign; c++)
        if (at_word(p, c->sign))
            return fail(p, "comparisons do not chain: write 'a < b and b < c'");
    return add_node(p, (int)sign->op, left, right);
}

static int parse_comparison(Parser *p)
{
    const char *at = p->token.at;
    int left = parse_sum(p);
    if (left < 0)
        return FAILED;
    int i = node_op(p, left) == OP_FACT ? parse_is(p, left) : parse_compared(p, left, at);
    if (i >= 0 && i != left) {
        p->goal->node[i].from = (short)(at - p->goal->text);
        p->goal->node[i].to = (short)(p->end - p->goal->text);
    }
    return i;
}

static bool parse_step(Parser *p, long *step)
{
    double v = p->token.number;
    if (p->token.kind != TOKEN_NUMBER || v != floor(v) || v > STEPS_MAX) {
        fail_expected(p, "a step number behind 'by'");
        return false;
    }
    *step = (long)v;
    next_token(p);
    return true;
}

static int add_by(Parser *p, int inner, long step)
{
    int i = add_node(p, OP_BY, inner, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].step = step;
    p->goal->follows = true;
    return i;
}

/* by N: / always: / at end:, then as much as there is */
static int parse_modal(Parser *p)
{
    long step = 0;
    bool by = take(p, "by");
    bool always = !by && take(p, "always");
    if (by && !parse_step(p, &step))
        return FAILED;
    if (!by && !always && (!take(p, "at") || !take(p, "end")))
        return fail_expected(p, "'end'");
    if (!take(p, ":"))
        return fail_expected(p, "':'");
    const char *at = p->token.at;
    int inner = enter(p) ? parse_clause(p) : FAILED;
    p->depth--;
    if (!want_truth(p, inner, at))
        return FAILED;
    p->goal->follows = p->goal->follows || always;
    return by ? add_by(p, inner, step) : always ? add_node(p, OP_ALWAYS, inner, 0) : inner;
}

static int parse_not(Parser *p)
{
    if (at_word(p, "by") || at_word(p, "always") || at_word(p, "at"))
        return parse_modal(p);
    if (!take(p, "not"))
        return parse_comparison(p);
    const char *at = p->token.at;
    int inner = enter(p) ? parse_not(p) : FAILED;
    p->depth--;
    return want_truth(p, inner, at) ? add_node(p, OP_NOT, inner, 0) : FAILED;
}

/* left {word right}, both conditions */
static int parse_joined(Parser *p, const char *word, GoalOp op, int (*operand)(Parser *))
{
    const char *at = p->token.at;
    int left = operand(p);
    while (left >= 0 && at_word(p, word)) {
        next_token(p);
        const char *right_at = p->token.at;
        int right = want_truth(p, left, at) ? operand(p) : FAILED;
        if (!want_truth(p, right, right_at))
            return FAILED;
        left = add_node(p, (int)op, left, right);
    }
    return left;
}

static int parse_and(Parser *p)
{
    return parse_joined(p, "and", OP_AND, parse_not);
}

static int parse_clause(Parser *p)
{
    const char *at = p->token.at;
    int i = parse_joined(p, "or", OP_OR, parse_and);
    while (i >= 0 && take(p, "by")) {
        long step;
        if (!want_truth(p, i, at) || !parse_step(p, &step))
            return FAILED;
        i = add_by(p, i, step);
        if (at_word(p, "and") || at_word(p, "or"))
            return fail(p, "put '... by N' in parentheses to join it with more");
    }
    return i;
}

/* The digits themselves: a double does not hold every seed. */
static bool parse_seed(Parser *p, uint64_t *seed)
{
    *seed = 0;
    bool ok = p->token.kind == TOKEN_NUMBER;
    for (size_t i = 0; ok && i < p->token.length; i++) {
        unsigned digit = (unsigned)(p->token.at[i] - '0');
        ok = digit < 10 && *seed <= (UINT64_MAX - digit) / 10;
        *seed = 10 * *seed + digit;
    }
    if (ok)
        next_token(p);
    else
        fail_expected(p, "a seed");
    return ok;
}

static bool parse_seeds(Parser *p)
{
    Goal *g = p->goal;
    if (!take(p, "seeds"))
        return true;
    const char *at = p->token.at;
    g->seeded = true;
    if (!parse_seed(p, &g->seed_first))
        return false;
    g->seed_last = g->seed_first;
    if (take(p, "..") && !parse_seed(p, &g->seed_last))
        return false;
    if (g->seed_last < g->seed_first || g->seed_last - g->seed_first >= GOAL_SEEDS)
        return fail_at(p, at, "a range of 1 to 1000 seeds expected, low..high") >= 0;
    return take(p, ":") || fail_expected(p, "':' behind the seeds") >= 0;
}

static bool parse_goal(Parser *p)
{
    next_token(p);
    if (!parse_seeds(p))
        return false;
    const char *at = p->token.at;
    int root = parse_clause(p);
    if (root < 0)
        return false;
    if (p->token.kind != TOKEN_END)
        return fail_expected(p, "'and', 'or' or the end") >= 0;
    return want_truth(p, root, at);
}

/* From the root down: operands are under the by that their parent is under or is. */
static void inherit_by(Goal *g)
{
    g->node[g->count - 1].by = -1;
    for (int i = g->count - 1; i >= 0; i--) {
        const GoalNode *n = &g->node[i];
        long by = n->op == OP_BY ? n->step : n->by;
        if (n->op == OP_NUMBER || n->op == OP_METRIC || n->op == OP_FACT)
            continue;
        g->node[n->a].by = by;
        if (n->b) /* the first node is never a second operand */
            g->node[n->b].by = by;
    }
}

bool goal_parse(Goal *g, const char *text, Error *err)
{
    size_t length = strlen(text);
    *g = (Goal){.count = 0};
    if (length >= GOAL_TEXT)
        return error_set(err, 1, GOAL_TEXT, "the goal is too long (at most %d bytes)",
                         GOAL_TEXT - 1);
    memcpy(g->text, text, length + 1);
    Parser p = {.goal = g, .err = err, .token = {.at = g->text}, .end = g->text};
    bool ok = parse_goal(&p);
    if (ok)
        inherit_by(g);
    else
        g->count = 0;
    return ok;
}
