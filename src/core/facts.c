/* SPDX-License-Identifier: MIT
 * facts: see facts.h */
#include "core/facts.h"

#include <math.h>

#include "base/words.h"

void facts_start(Facts *f, const CriticalSet *known)
{
    f->run = NULL;
    f->revision = 0;
    f->spent = 0;
    f->known = known;
    tally_start(&f->tally);
    critical_start(&f->own);
}

bool facts_begin(Facts *f, const Timeline *t, long row)
{
    if (f->run == t && f->revision == timeline_revision(t) && row >= f->tally.row)
        return false;
    f->run = t;
    f->revision = timeline_revision(t);
    tally_start(&f->tally);
    critical_start(&f->own);
    return true;
}

/* ---- numbers ------------------------------------------------------------------------------- */

#define NUMBER(name, value)                                                                        \
    static double number_##name(Facts *f)                                                          \
    {                                                                                              \
        const Tally *c = &f->tally;                                                                \
        const Row *r = &timeline_rows(f->run)[c->row];                                             \
        (void)c;                                                                                   \
        (void)r;                                                                                   \
        return value;                                                                              \
    }

static const Row *first_row(const Facts *f)
{
    return timeline_rows(f->run);
}

static double reached(const Tally *c, int i)
{
    return c->reached[i] < 0 ? INFINITY : (double)c->reached[i];
}

static Outcome outcome_now(Facts *f);

NUMBER(loss, c->gone ? INFINITY : r->loss)
NUMBER(best, c->best)
NUMBER(peak, c->peak)
NUMBER(start, first_row(f)->loss)
NUMBER(tail, c->gone ? INFINITY : c->tail_sum / (double)(c->row + 1 - c->tail_from))
NUMBER(x, r->at.x)
NUMBER(y, r->at.y)
NUMBER(sign_changes_x, (double)c->sign_changes_x)
NUMBER(sign_changes_y, (double)c->sign_changes_y)
NUMBER(rises, (double)c->rises)
NUMBER(reached_0_1, reached(c, 0))
NUMBER(reached_0_01, reached(c, 1))
NUMBER(reached_0_001, reached(c, 2))
NUMBER(eta_end, c->row > 0 ? c->eta_end : first_row(f)->eta)
NUMBER(eta_sum, c->eta_sum)
NUMBER(eta_jump, c->eta_high > 0 ? c->eta_jump / c->eta_high : 0)
NUMBER(held_out, c->gone && !isnan(first_row(f)->held_out) ? INFINITY : r->held_out)
NUMBER(best_held_out, c->best_held_out)
NUMBER(best_held_out_at, c->best_held_out_at < 0 ? NAN : (double)c->best_held_out_at)
NUMBER(cuts, (double)c->cuts)
NUMBER(best_snapshot, c->best_snapshot)
NUMBER(last_snapshot, c->last_snapshot)
NUMBER(visited, (double)c->visited_count)
NUMBER(evaluations, (double)c->row + (double)f->spent)
NUMBER(diverged, c->gone ? 1 : 0)
NUMBER(t, (double)c->row)
NUMBER(eta, r->eta)
NUMBER(lambda, r->lambda)
NUMBER(settled, outcomes[outcome_now(f)].settled ? 1 : 0)
NUMBER(eta0, timeline_rate(f->run, c->row)->eta0)
NUMBER(seed, (double)timeline_scene(f->run)->seed)
NUMBER(steps, (double)timeline_steps(f->run))

/* ---- words --------------------------------------------------------------------------------- */

static const char *const word_formula = "formula"; /* typed by hand */

static const char *schedule_word(int i)
{
    return i < schedule_count() ? schedules[i].name : i == schedule_count() ? word_formula : NULL;
}

static const char *family_word(int i)
{
    static const char *const families[] = {"constant", "decay",   "cyclical",
                                           "plateau",  "formula", NULL};
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

static const char *schedule_is(Facts *f)
{
    const Schedule *now = timeline_rate(f->run, f->tally.row)->schedule;
    return now ? now->name : word_formula;
}

static const char *family_is(Facts *f)
{
    const Schedule *now = timeline_rate(f->run, f->tally.row)->schedule;
    return now ? now->family : word_formula;
}

static const char *optimizer_is(Facts *f)
{
    return timeline_optimizer(f->run, f->tally.row, NULL)->name;
}

static const char *surface_is(Facts *f)
{
    const Surface *now = scene_surface(timeline_scene(f->run));
    return now ? now->name : word_formula;
}

static Outcome outcome_now(Facts *f)
{
    Verdict v;
    long row = f->tally.row;
    if (f->tally.gone)
        return timeline_rows(f->run)[row].events & ROW_UNDEFINED ? OUTCOME_UNDEFINED
                                                                 : OUTCOME_DIVERGED;
    verdict_at(f->run, row, timeline_window(f->run), critical_known(f->known, &f->own, f->run, row),
               &v);
    return v.outcome;
}

static const char *outcome_is(Facts *f)
{
    return outcomes[outcome_now(f)].name;
}

/* ---- the table ----------------------------------------------------------------------------- */

#define NUMBER_ROW(name, old, text, say)                                                           \
    {                                                                                              \
#name, old, text, say, number_##name, NULL, NULL                                           \
    }
#define WORD_ROW(name, text)                                                                       \
    {                                                                                              \
#name, NULL, text, NULL, NULL, name##_is, name##_word                                      \
    }

const Fact facts[] = {
    NUMBER_ROW(loss, NULL, "full loss now; inf once diverged", NULL),
    NUMBER_ROW(best, NULL, "lowest loss so far", "lowest loss"),
    NUMBER_ROW(peak, NULL, "highest loss so far", "highest loss"),
    NUMBER_ROW(start, NULL, "loss at the start", NULL),
    NUMBER_ROW(tail, NULL, "mean of the last tenth of the loss points", NULL),
    NUMBER_ROW(x, NULL, "first coordinate now", NULL),
    NUMBER_ROW(y, NULL, "second coordinate now", NULL),
    NUMBER_ROW(sign_changes_x, "flipx", "how often x changed its sign", "sign changes of x"),
    NUMBER_ROW(sign_changes_y, "flipy", "how often y changed its sign", "sign changes of y"),
    NUMBER_ROW(rises, "up", "steps on which the loss rose", "steps upward"),
    NUMBER_ROW(reached_0_1, "to_1e1", "first step with loss < 0.1; inf: never",
               "first step below 0.1"),
    NUMBER_ROW(reached_0_01, "to_1e2", "first step with loss < 0.01; inf: never",
               "first step below 0.01"),
    NUMBER_ROW(reached_0_001, "to_1e3", "first step with loss < 0.001; inf: never",
               "first step below 0.001"),
    NUMBER_ROW(eta_end, "etaT", "last rate used", "last η"),
    NUMBER_ROW(eta_sum, "etasum", "sum of the rates used", "sum of all η"),
    NUMBER_ROW(eta_jump, "jump", "largest change of the rate in one step / largest rate", "jump"),
    NUMBER_ROW(held_out, "val", "held-out loss now", "held-out loss"),
    NUMBER_ROW(best_held_out, "valbest", "lowest held-out loss so far", "lowest held-out loss"),
    NUMBER_ROW(best_held_out_at, "valbest_at", "step of the lowest held-out loss",
               "step of the lowest held-out loss"),
    NUMBER_ROW(cuts, "drops", "cuts by the plateau rule", "cuts"),
    NUMBER_ROW(best_snapshot, "snapbest", "lowest loss at the end of a cycle", "best snapshot"),
    NUMBER_ROW(last_snapshot, "snaplast", "loss at the end of the last cycle", "last snapshot"),
    NUMBER_ROW(visited, NULL, "different places at ends of cycles", "places visited"),
    NUMBER_ROW(evaluations, "evals", "gradient evaluations spent", "evaluations"),
    NUMBER_ROW(diverged, "div", "1 if diverged", NULL),
    NUMBER_ROW(t, NULL, "steps done", "step"),
    NUMBER_ROW(eta, NULL, "rate of the next step", "η"),
    NUMBER_ROW(lambda, NULL, "largest curvature now", "λ"),
    NUMBER_ROW(settled, NULL, "1 if settled at a minimum, saddle, valley or plateau", NULL),
    NUMBER_ROW(eta0, NULL, "rate handed to the schedule in force", "η₀"),
    NUMBER_ROW(seed, NULL, "seed of the run", NULL),
    NUMBER_ROW(steps, NULL, "length of the run", NULL),
    WORD_ROW(schedule, "schedule in force"),
    WORD_ROW(family, "its family: constant, decay, cyclical, plateau, formula"),
    WORD_ROW(optimizer, "optimizer in force"),
    WORD_ROW(surface, "surface of the run"),
    WORD_ROW(outcome, "verdict: global_minimum, saddle, diverged ..."),
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

int fact_find(const char *name, size_t length)
{
    for (int i = 0; facts[i].name; i++)
        if (word_is(name, length, facts[i].name) ||
            (facts[i].old && word_is(name, length, facts[i].old)))
            return i;
    return -1;
}

double fact_number(Facts *f, int index)
{
    return f->run && f->tally.row >= 0 && facts[index].number ? facts[index].number(f) : NAN;
}

const char *fact_word(Facts *f, int index)
{
    return f->run && f->tally.row >= 0 ? facts[index].is(f) : "";
}
