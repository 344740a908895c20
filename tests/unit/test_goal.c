/* SPDX-License-Identifier: MIT
 * test_goal: the goal language, and its metrics on runs whose numbers are known by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/goal.h"
#include "store/file.h"

/* x_t = -4 * 0.9^t, y_t = (-0.8)^t: f = (x^2 + 18 y^2) / 2, eta = 0.1 */
#define BOWL "surface='(x^2+18*y^2)/2' window=-5,5,-2,2 start=-4,1 schedule=constant eta0=0.1 "

static Timeline *run_of(const char *text)
{
    static Scene scene;
    Timeline *t = timeline_new();
    Error err = {.line = 0};
    scene_default(&scene);
    if (!scene_parse(&scene, text, NULL, &err) || !timeline_set(t, &scene, &err))
        fail_msg("%s: %s", text, err.message);
    timeline_advance(t, timeline_steps(t) + 1);
    return t;
}

static bool met_on(const Timeline *t, long row, const char *text)
{
    static Goal goal; /* asan would like the stack smaller */
    Error err = {.line = 0};
    if (!goal_parse(&goal, text, &err))
        fail_msg("'%s', column %ld: %s", text, err.column, err.message);
    return goal_met(&goal, t, row);
}

static double metric_on(const Timeline *t, long row, const char *name)
{
    static GoalState s;
    int index = fact_find(name, strlen(name));
    assert_true(index >= 0);
    goal_start(&s, NULL, NULL);
    goal_follow(&s, t, row);
    return fact_number(&s.facts, index);
}

static double bowl_loss(long t)
{
    double x = -4 * pow(0.9, (double)t);
    double y = pow(-0.8, (double)t);
    return (x * x + 18 * y * y) / 2;
}

static void near_to(const Timeline *t, long row, const char *name, double want)
{
    double got = metric_on(t, row, name);
    if (!(got == want || fabs(got - want) <= 1e-9 * fabs(want)))
        fail_msg("%s at row %ld: %.17g, expected %.17g", name, row, got, want);
}

/* ---- metrics --------------------------------------------------------------------------------- */

static void test_places(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=100 seed=7");
    near_to(t, 0, "loss", 17);
    near_to(t, 30, "loss", bowl_loss(30));
    near_to(t, 30, "best", bowl_loss(30));
    near_to(t, 30, "peak", 17);
    near_to(t, 30, "start", 17);
    near_to(t, 10, "x", -4 * pow(0.9, 10));
    near_to(t, 11, "y", pow(-0.8, 11));
    near_to(t, 11, "sign_changes_y", 11);
    near_to(t, 11, "sign_changes_x", 0);
    near_to(t, 100, "rises", 0);
    near_to(t, 100, "t", 100);
    near_to(t, 100, "evaluations", 100);
    near_to(t, 1000, "t", 100); /* never behind the end */
    near_to(t, 100, "lambda", 18);
    near_to(t, 100, "diverged", 0);
    near_to(t, 100, "seed", 7);
    near_to(t, 100, "steps", 100);
    near_to(t, 100, "eta0", 0.1);
    near_to(t, 100, "settled", 1);
    near_to(t, 5, "settled", 0);
    timeline_free(t);
}

static void test_tail(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=400");
    near_to(t, 0, "tail", 17);
    near_to(t, 18, "tail", bowl_loss(18)); /* 19 points: the last one */
    near_to(t, 19, "tail", (bowl_loss(18) + bowl_loss(19)) / 2);
    double sum = 0;
    for (long i = 361; i <= 400; i++) /* 401 points: 40, far below the first 17 */
        sum += bowl_loss(i);
    near_to(t, 400, "tail", sum / 40);
    timeline_free(t);
}

/* The sliding sum against a sum of its own at every row of a long noisy run. */
static void test_tail_slides(void **state)
{
    (void)state;
    static GoalState s;
    Timeline *t = run_of(
        "surface='x^2/2+y^2/2-1' start=1e5,3 schedule=cosine eta0=0.5 steps=3000 noise=0.01");
    int tail = fact_find("tail", 4);
    const Row *rows = timeline_rows(t);
    goal_start(&s, NULL, NULL);
    for (long r = 0; r <= 3000; r++) {
        long n = r < 9 ? 1 : (r + 1) / 10;
        double sum = 0;
        double size = 0;
        for (long i = r + 1 - n; i <= r; i++) {
            sum += rows[i].loss;
            size += fabs(rows[i].loss);
        }
        goal_follow(&s, t, r);
        assert_true(fabs(fact_number(&s.facts, tail) - sum / (double)n) <= 1e-9 * size / (double)n);
    }
    timeline_free(t);
}

static void test_reached(void **state)
{
    (void)state;
    static const char *const names[3] = {"reached_0_1", "reached_0_01", "reached_0_001"};
    static const double below[3] = {0.1, 0.01, 0.001};
    Timeline *t = run_of(BOWL "steps=100");
    for (int i = 0; i < 3; i++) {
        long first = 0;
        while (bowl_loss(first) >= below[i])
            first++;
        near_to(t, first - 1, names[i], INFINITY);
        near_to(t, first, names[i], (double)first);
        near_to(t, 100, names[i], (double)first);
    }
    timeline_free(t);
}

/* step: 0.1 for 10 steps, then 0.05, 0.025 */
static void test_rates(void **state)
{
    (void)state;
    Timeline *t = run_of("surface='(x^2+18*y^2)/2' start=-4,1 schedule=step:step_size=10,gamma=0.5 "
                         "eta0=0.1 steps=25");
    near_to(t, 0, "eta_end", 0.1);
    near_to(t, 10, "eta_end", 0.1); /* update 9 led here */
    near_to(t, 10, "eta", 0.05);
    near_to(t, 10, "eta_jump", 0);
    near_to(t, 11, "eta_end", 0.05);
    near_to(t, 11, "eta_jump", 0.5);
    near_to(t, 25, "eta_jump", 0.5);
    near_to(t, 0, "eta_sum", 0);
    near_to(t, 25, "eta_sum", 1 + 0.5 + 5 * 0.025);
    timeline_free(t);
}

/* Above 2/18 y grows by 1.7 in size: loss rises, passes 1e8 and counts as inf for ever. */
static void test_divergence(void **state)
{
    (void)state;
    Timeline *t =
        run_of("surface='(x^2+18*y^2)/2' start=-4,1 schedule=constant eta0=0.15 steps=60");
    long gone = (long)ceil(8 * log(10) / log(1.7));
    near_to(t, gone - 1, "diverged", 0);
    near_to(t, gone - 1, "loss", 9 * pow(1.7, 2.0 * (double)(gone - 1)));
    near_to(t, gone, "diverged", 1);
    near_to(t, gone, "loss", INFINITY);
    near_to(t, gone, "peak", INFINITY);
    near_to(t, 60, "tail", INFINITY);
    near_to(t, 60, "loss", INFINITY);
    near_to(t, 60, "rises", (double)gone); /* the step to inf is a rise too, the last one counted */
    near_to(t, 60, "sign_changes_y", (double)gone - 1);
    assert_true(isfinite(metric_on(t, 60, "best")));
    assert_true(met_on(t, 60, "loss == inf and diverged == 1 and outcome == diverged"));
    timeline_free(t);
}

static void test_hole(void **state)
{
    (void)state;
    Timeline *t = run_of("surface='x+y^2+0*log(x)' start=1,0 schedule=constant eta0=0.4 steps=50");
    near_to(t, 50, "diverged", 1);
    near_to(t, 50, "loss", INFINITY);
    near_to(t, 50, "t", 3);
    timeline_free(t);
}

static void test_plateau_cuts(void **state)
{
    (void)state;
    Timeline *t = run_of("surface='x^2-y^2' start=0,0 window=-1,1,-1,1 "
                         "schedule=plateau:patience=3,factor=0.5 eta0=0.1 steps=13");
    const Row *rows = timeline_rows(t);
    long cuts = 0;
    for (long r = 0; r <= 13; r++) {
        cuts += r > 0 && rows[r].eta < rows[r - 1].eta;
        near_to(t, r, "cuts", (double)cuts);
    }
    assert_true(cuts == 3); /* after 1 + 4 updates, then every 4 */
    timeline_free(t);
}

static void test_cycle_ends(void **state)
{
    (void)state;
    Timeline *t = run_of("surface='(x^2+18*y^2)/2' window=-5,5,-2,2 start=-4,1 "
                         "schedule=cosine_restarts:T_0=10,T_mult=1 eta0=0.05 steps=39");
    const Row *rows = timeline_rows(t);
    assert_true(isnan(metric_on(t, 9, "best_snapshot")));
    near_to(t, 9, "visited", 0);
    near_to(t, 10, "last_snapshot", rows[10].loss);
    near_to(t, 39, "last_snapshot", rows[30].loss);
    near_to(t, 39, "best_snapshot", rows[30].loss);
    near_to(t, 39, "visited", 3); /* still more than 5 % of the diagonal apart */
    timeline_free(t);
}

static void test_held_out(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=20");
    assert_true(isnan(metric_on(t, 20, "held_out")));
    assert_true(isnan(metric_on(t, 20, "best_held_out_at")));
    assert_false(met_on(t, 20, "held_out < inf") || met_on(t, 20, "held_out >= 0"));
    timeline_free(t);
    t = run_of(BOWL "steps=20 held_out='(x+2)^2'");
    near_to(t, 20, "held_out", pow(2 - 4 * pow(0.9, 20), 2));
    near_to(t, 20, "best_held_out_at", 7);
    near_to(t, 20, "best_held_out", pow(2 - 4 * pow(0.9, 7), 2));
    near_to(t, 3, "best_held_out_at", 3);
    timeline_free(t);
}

/* The word stands in the text, between blanks or quotes. */
static bool lists(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += n)
        if (at > text && strchr(" `\n", at[-1]) && strchr(" `\n", at[n]))
            return true;
    return false;
}

/* Each fact has one name; those of older lessons mean the same; the author's page lists all. */
static void test_names(void **state)
{
    (void)state;
    static const char *const old[] = {"flipx", "flipy", "up", "to_1e1", "to_1e2", "to_1e3", "etaT",
                                      "etasum", "jump", "val", "valbest", "valbest_at", "drops",
                                      "snapbest", "snaplast", "evals", "div"};
    char *page;
    size_t size;
    size_t count = 0;
    Error err = {0};
    assert_true(file_read("lessons/README.md", 1 << 16, &page, &size, &err));
    char *list = strstr(page, "Numbers: `");
    assert_non_null(list);
    *strstr(list, "has a table of them") = '\0';
    for (int i = 0; facts[i].name; i++) {
        assert_int_equal(fact_find(facts[i].name, strlen(facts[i].name)), i);
        assert_true(facts[i].text[0] && (facts[i].number != NULL) != (facts[i].is != NULL));
        if (!lists(list, facts[i].name))
            fail_msg("lessons/README.md does not list '%s'", facts[i].name);
        count += facts[i].old != NULL;
    }
    free(page);
    assert_int_equal(count, sizeof old / sizeof old[0]);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(facts[fact_find(old[i], strlen(old[i]))].old, old[i]);
    Timeline *t = run_of(BOWL "steps=100");
    assert_true(met_on(t, 100, "flipy == sign_changes_y and flipy > 30 and to_1e1 == reached_0_1"));
    timeline_free(t);
}

/* ---- the language ---------------------------------------------------------------------------- */

static void test_precedence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {"1 < 2", true},
        {"1+2*3 == 7", true},
        {"(1+2)*3 == 9", true},
        {"10-4-3 == 3", true},
        {"12/3/2 == 2", true},
        {"-2*-3 == 6", true},
        {"--2 == 2", true},
        {"abs(1-3) == 2 and abs(-abs(-1)) == 1", true},
        {"inf == inf and -inf < inf and not inf < inf", true},
        {"1e-3 == .001 and 1. == 1 and 2E+2==200", true},
        {"1 <= 1 and 1 >= 1 and not 1 < 1 and not 1 > 1", true},
        {"1 < 2 or 1 < 2 and 2 < 1", true}, /* and binds tighter */
        {"(1 < 2 or 1 < 2) and 2 < 1", false},
        {"not 2 < 1 and 2 < 1", false}, /* not binds tighter */
        {"not (2 < 1 and 2 < 1)", true},
        {"not not 1 < 2", true},
        {"((1)) < ((2))", true},
        {"0/0 == 0/0", false},
        {"at end: loss == 17", true},
        {"1<2\tand\t2<3", true},
        {"seeds 1..5: 1 < 2", true},
        {"seeds 3: 1 < 2", true},
        {"schedule == constant and family == constant and optimizer == sgd", true},
        {"schedule == cosine or surface == himmelblau", false},
        {"surface == formula and eta0 == 0.1 and steps == 3", true},
        {"outcome == moving", true},
        {"outcome == global_minimum", false},
    };
    Timeline *t = run_of(BOWL "steps=3");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (met_on(t, 0, cases[i].text) != cases[i].holds)
            fail_msg("'%s' should %shold", cases[i].text, cases[i].holds ? "" : "not ");
    timeline_free(t);
}

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long column;
        const char *part; /* of the message */
    } cases[] = {
        {"", 1, "the goal ends here"},
        {"   ", 4, "the goal ends here"},
        {"loss", 1, "a condition expected"},
        {"loss <", 7, "a metric or a number expected"},
        {"losss < 1", 1, "unknown metric 'losss' (did you mean 'loss'?)"},
        {"loss < 1 and flips > 2", 14, "unknown metric 'flips'"},
        {"loss<1 and tial<2", 12, "did you mean 'tail'?"},
        {"loss < 1 2", 10, "'and', 'or' or the end expected, not '2'"},
        {"loss = 1", 6, "a comparison is written '=='"},
        {"loss != 1", 6, "write 'not (a == b)'"},
        {"loss<1 && x>2", 8, "write 'and'"},
        {"loss<1 || x>2", 8, "write 'or'"},
        {"!loss<1", 1, "write 'not'"},
        {"x^2 < 1", 2, "no powers"},
        {"0 < x < 1", 7, "do not chain"},
        {"(loss < 1", 1, "never closed"},
        {"(loss < 1 x", 11, "')' expected, not 'x'"},
        {"loss < 1)", 9, "expected, not ')'"},
        {"(loss<1) + 2 < 3", 1, "a number expected here"},
        {"loss + (x<1) < 3", 8, "a number expected here"},
        {"abs(x<1) < 2", 4, "a number expected here"},
        {"abs x < 2", 5, "'(' behind abs"},
        {"loss and x<1", 1, "a condition expected"},
        {"x<1 and loss", 9, "a condition expected"},
        {"not loss", 5, "a condition expected"},
        {"and x<1", 1, "a metric or a number expected, not 'and'"},
        {"schedule < 1", 10, "'==' and a word expected"},
        {"schedule == 1", 13, "a word expected"},
        {"schedule == cosin", 13, "unknown schedule 'cosin' (did you mean 'cosine'?)"},
        {"family == cyclic", 11, "unknown family 'cyclic' (did you mean 'cyclical'?)"},
        {"optimizer == adamx", 14, "unknown optimizer"},
        {"outcome == global", 12, "did you mean 'global_minimum'?"},
        {"by x: loss<1", 4, "a step number"},
        {"by 1.5: loss<1", 4, "a step number"},
        {"by 2000000: loss<1", 4, "a step number"},
        {"by 60 loss<1", 7, "':' expected"},
        {"at the end: loss<1", 4, "'end' or a step number expected"},
        {"always loss<1", 8, "':' expected"},
        {"by 60: loss", 8, "a condition expected"},
        {"loss<1 by", 10, "a step number"},
        {"loss<1 by 60 and x>1", 14, "in parentheses"},
        {"seeds: loss<1", 6, "a seed expected"},
        {"seeds 5..1: loss<1", 7, "a range of 1 to 1000 seeds"},
        {"seeds 1..5000: loss<1", 7, "a range of 1 to 1000 seeds"},
        {"seeds 1..5 loss<1", 12, "':' behind the seeds"},
        {"seeds 1.5: loss<1", 7, "a seed expected"},
        {"seeds 99999999999999999999: x<1", 7, "a seed expected"},
        {"loss < 1x", 8, "malformed number"},
        {"loss < 1e999999x", 8, "malformed number"},
        {"loss # 1", 6, "unexpected character '#'"},
        {"loss \xce\xb7 1", 6, "unexpected character '\xce\xb7'"},
        {"\"\xce\xb7\" < 1", 1, "unexpected character"},
        {"loss\n< 1", 5, "control character"},
        {"loss < \xff", 8, "unexpected character"},
    };
    static Goal goal;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = {.line = 0};
        if (goal_parse(&goal, cases[i].text, &err))
            fail_msg("'%s' was accepted", cases[i].text);
        if (err.line != 1 || err.column != cases[i].column || !strstr(err.message, cases[i].part))
            fail_msg("'%s': %ld:%ld: %s", cases[i].text, err.line, err.column, err.message);
        assert_true(goal.count == 0);
    }
}

static void repeat(char *out, const char *piece, int times)
{
    for (*out = '\0'; times > 0; times--)
        out = strcpy(out, piece) + strlen(piece);
}

static void test_limits(void **state)
{
    (void)state;
    static Goal goal;
    char text[4096];
    Error err;
    repeat(text, "(", 300);
    assert_false(goal_parse(&goal, text, &err));
    assert_non_null(strstr(err.message, "nested too deeply"));
    repeat(text, "not ", 100);
    assert_false(goal_parse(&goal, text, &err));
    assert_non_null(strstr(err.message, "nested too deeply"));
    repeat(text, "x<1 or ", 40);
    strcat(text, "x<1");
    assert_false(goal_parse(&goal, text, &err));
    assert_non_null(strstr(err.message, "too long"));
    repeat(text, "x", 600);
    assert_false(goal_parse(&goal, text, &err));
    assert_non_null(strstr(err.message, "too long"));
    repeat(text, "x<1 or ", 25);
    strcat(text, "x<1");
    assert_true(goal_parse(&goal, text, &err));
}

/* loss falls below 0.1 at some row and stays; y changes its sign at every row. */
static void test_rows(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=100");
    long first = (long)metric_on(t, 100, "reached_0_1");
    char text[100];
    snprintf(text, sizeof text, "by %ld: loss < 0.1", first);
    assert_true(met_on(t, 100, text));
    assert_true(met_on(t, first, text));
    assert_false(met_on(t, first - 1, text)); /* nothing right of the row counts */
    snprintf(text, sizeof text, "loss < 0.1 by %ld", first - 1);
    assert_false(met_on(t, 100, text));
    assert_true(met_on(t, 100, "by 7: y == 1")); /* row 0 */
    assert_false(met_on(t, 100, "at end: y == 1"));
    assert_true(met_on(t, 100, "always: loss <= 17"));
    assert_false(met_on(t, 100, "always: y > -0.8")); /* row 1 */
    assert_true(met_on(t, 0, "always: y > -0.8"));
    assert_true(met_on(t, 100, "loss < 0.1 and always: rises == 0 and x < 0"));
    assert_true(met_on(t, 100, "(by 3: sign_changes_y >= 2) and (not by 3: sign_changes_y >= 4) and loss < 1"));
    assert_true(met_on(t, 100, "at 7: y < 0 and t == 7"));
    assert_false(met_on(t, 6, "at 7: t <= 7")); /* not yet */
    assert_false(met_on(t, 100, "at 8: y < 0"));
    assert_true(met_on(t, 100, "not (at 8: y < 0) and (at 3: rises == 0 and sign_changes_y == 3)"));
    assert_true(met_on(t, 100, "not always: y > 0"));
    assert_true(met_on(t, 100, "sign_changes_y >= 30 and loss < 0.1 by 60")); /* both at one row */
    assert_false(met_on(t, 100, "sign_changes_y <= 1 and loss < 0.1 by 60"));
    timeline_free(t);
}

static void test_facts_of_edits(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=20; at 10 schedule=cosine optimizer=adam");
    assert_true(met_on(t, 9, "schedule == constant and optimizer == sgd"));
    assert_true(met_on(t, 10, "schedule == cosine and family == decay and optimizer == adam"));
    assert_false(met_on(t, 20, "always: family == constant"));
    assert_true(met_on(t, 20, "by 9: family == constant"));
    timeline_free(t);
    t = run_of("surface=himmelblau start=0,0 schedule='eta0/(1+t)' eta0=0.01 steps=5");
    assert_true(
        met_on(t, 5, "schedule == formula and family == formula and surface == himmelblau"));
    timeline_free(t);
    t = run_of("surface=himmelblau start=0,0 schedule=constant eta0=0.01 steps=200");
    assert_true(met_on(t, 200, "outcome == global_minimum and settled == 1"));
    timeline_free(t);
}

static void test_fields(void **state)
{
    (void)state;
    static Goal goal;
    Error err;
    assert_true(goal_parse(&goal, "seeds 2..18446744073709551615: x<1", &err) == false);
    assert_true(goal_parse(&goal, "seeds 18446744073709551610..18446744073709551615: x<1", &err));
    assert_true(goal.seeded && goal.seed_last == UINT64_MAX && goal.seed_first == UINT64_MAX - 5);
    assert_true(goal_parse(&goal, "loss<1 by 60", &err));
    assert_true(!goal.seeded && goal.follows && goal_stays(&goal));
    assert_true(goal_uses(&goal, "loss") && !goal_uses(&goal, "x") &&
                !goal_uses(&goal, "nonsense"));
    assert_true(goal_parse(&goal, "loss<1 and always: x<9", &err));
    assert_true(goal.follows && !goal_stays(&goal));
    assert_true(goal_parse(&goal, "loss<1", &err));
    assert_true(!goal.follows && !goal_stays(&goal));
}

static void test_conditions(void **state)
{
    (void)state;
    static Goal goal;
    static GoalState s;
    GoalCondition c[GOAL_CONDITIONS];
    Error err;
    Timeline *t = run_of(BOWL "steps=100");
    assert_true(goal_parse(&goal,
                           "loss < 8.5 and 16 <= loss and not (x < 0) and schedule==cosine "
                           "and abs(x + 2) < 3 and (y < 5 by 3)",
                           &err));
    goal_start(&s, &goal, NULL);
    assert_false(goal_follow(&s, t, 0));
    assert_int_equal(goal_conditions(&s, c, GOAL_CONDITIONS), 6);
    assert_true(c[0].length == 10 && memcmp(c[0].text, "loss < 8.5", 10) == 0);
    assert_true(c[0].value == 17 && c[0].threshold == 8.5 && !c[0].met);
    assert_true(fabs(c[0].away - log(2)) < 1e-12);
    assert_true(c[1].value == 17 && c[1].threshold == 16 && c[1].met && c[1].away == 0);
    assert_true(c[2].negated && !c[2].met && c[2].value == -4 && c[2].away == 1);
    assert_true(strcmp(c[3].is, "constant") == 0 && strcmp(c[3].wanted, "cosine") == 0 &&
                !c[3].met);
    assert_true(c[4].value == 2 && c[4].met);
    assert_true(c[5].by == 3 && c[5].met && c[0].by == -1);
    assert_int_equal(goal_nearest(c, 6), 0);
    assert_int_equal(goal_conditions(&s, c, 2), 2);
    timeline_free(t);
}

/* Comparisons below by and always show whether their clause can still help. */
static void test_conditions_decided(void **state)
{
    (void)state;
    static Goal goal;
    static GoalState s;
    GoalCondition c[GOAL_CONDITIONS];
    Error err;
    Timeline *t = run_of(BOWL "steps=100");
    assert_true(
        goal_parse(&goal, "(y > 0.9 by 2) and (y < -0.9 by 2) and (always: y > -0.5)", &err));
    goal_start(&s, &goal, NULL);
    goal_follow(&s, t, 0);
    assert_int_equal(goal_conditions(&s, c, GOAL_CONDITIONS), 3);
    assert_true(c[0].met && !c[1].met && c[2].met && c[2].always);
    goal_follow(&s, t, 6); /* y = 0.26: too late for by, always already lost at y = -0.8 */
    goal_conditions(&s, c, GOAL_CONDITIONS);
    assert_true(c[0].met && !c[1].met && !c[2].met);
    assert_true(goal_nearest(c, 1) == -1);
    timeline_free(t);
}

/* Where an always or a by is out of reach, what failed is told from what did hold. */
static void test_the_half_that_failed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long row;
        bool met[2];
    } cases[] = {
        {"always: loss < 1e9 and loss < 1e-30", 60, {true, false}},
        {"always: loss < 16 and x < 0", 60, {false, true}},
        {"always: t < 3 and loss < 1e9", 60, {false, true}},      /* broke on the way */
        {"always: t < 30 or t > 40", 60, {false, false}},
        {"always: not (t > 30) and not (loss > 100)", 60, {false, true}},
        {"not always: t < 3 and loss < 1e9", 60, {true, true}},   /* met, all of it */
        {"by 10: loss < 1e9 and loss < 1e-30", 20, {true, false}},
        {"by 10: t > 20 and loss < 1e9", 60, {false, true}},      /* as of row 10 */
        {"at 10: t == 10 and loss < 1e-30", 20, {true, false}},
        {"not by 10: t > 3 and loss < 1e9", 20, {false, false}},  /* what must not happen has */
    };
    static Goal goal;
    static GoalState s;
    Timeline *t = run_of(BOWL "steps=60");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        GoalCondition c[2];
        Error err;
        assert_true(goal_parse(&goal, cases[i].text, &err));
        goal_start(&s, &goal, NULL);
        goal_follow(&s, t, cases[i].row);
        assert_int_equal(goal_conditions(&s, c, 2), 2);
        for (int k = 0; k < 2; k++)
            if (c[k].met != cases[i].met[k])
                fail_msg("'%s': half %d", cases[i].text, k + 1);
    }
    timeline_free(t);
}

/* Following row by row, jumping back and a changed run give what a fresh question gives. */
static void test_following(void **state)
{
    (void)state;
    static const char *const texts[] = {"tail < 0.3", "by 20: tail < 1",
                                        "always: y < 0.99 or t == 0",
                                        "reached_0_1 < inf and not by 5: sign_changes_y >= 4"};
    static Goal goal;
    static GoalState s;
    static Scene scene;
    Error err;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        Timeline *t = run_of(BOWL "steps=60");
        assert_true(goal_parse(&goal, texts[k], &err));
        goal_start(&s, &goal, NULL);
        for (uint64_t i = 0; i < 200; i++) {
            long row = i < 61 ? (long)i : (long)(rng_u64(k, i) % 61);
            assert_true(goal_follow(&s, t, row) == goal_met(&goal, t, row));
        }
        scene_copy(&scene, timeline_scene(t));
        scene.eta0 = 0.02;
        assert_true(timeline_set(t, &scene, &err));
        timeline_advance(t, 61);
        assert_true(goal_follow(&s, t, 60) == goal_met(&goal, t, 60));
        timeline_free(t);
    }
    goal_start(&s, NULL, NULL);
    Timeline *t = run_of(BOWL "steps=9");
    s.facts.spent = 400;
    goal_follow(&s, t, 9);
    assert_true(fact_number(&s.facts, fact_find("evaluations", 11)) == 409);
    timeline_free(t);
}

/* ---- fuzz ------------------------------------------------------------------------------------ */

static const char *const tokens[] = {
    "loss",  "x",    "y",        "tail",   "and",     "or",     "not",   "by",       "always",
    "at",    "end",  ":",        "(",      ")",       "<",      "<=",    ">",        ">=",
    "==",    "+",    "-",        "*",      "/",       "abs",    "inf",   "1",        "60",
    "0.5",   "1e-3", "schedule", "cosine", "outcome", "saddle", "seeds", "1..5",     "..",
    "=",     "#",    "\xce\xb7", "family", "decay",   "held_out",    "\xff",  "best_snapshot", "settled",
    "(x<1)", "x<1",  "abs(y)",   "by 3:",  "and x<2", "or y>1", "1e999",
};

/* Either an error with a place inside the text, or a goal whose answer is the same twice. */
static void try_text(const char *text, const Timeline *t, int *accepted)
{
    static Goal goal;
    static GoalState s;
    GoalCondition c[GOAL_CONDITIONS];
    Error err = {.line = 0};
    if (!goal_parse(&goal, text, &err)) {
        if (err.line != 1 || err.column < 1 || err.column > (long)strlen(text) + 1 ||
            !err.message[0])
            fail_msg("'%s': %ld:%ld: %s", text, err.line, err.column, err.message);
        return;
    }
    ++*accepted;
    goal_start(&s, &goal, NULL);
    bool met = goal_follow(&s, t, 12);
    assert_true(met == goal_met(&goal, t, 12));
    int count = goal_conditions(&s, c, GOAL_CONDITIONS);
    assert_true(count >= 1 && goal_nearest(c, count) < count);
    for (int i = 0; i < count; i++)
        assert_true(c[i].length > 0 && c[i].length < GOAL_TEXT);
}

/* A small random goal: whole comparisons joined, then a few slips. */
static void random_goal(char *text, uint64_t *k)
{
    static const char *const joints[] = {
        "and", "or", "and not", "or by 3:", "and always:", ") or (", "+"};
    *text = '\0';
    for (int n = 1 + (int)(rng_u64(3, (*k)++) % 4); n > 0; n--) {
        strcat(text, rng_u64(3, (*k)++) % 3 ? "x < 1 + tail " : "(-abs(y) >= 2*(x-1)) ");
        if (n > 1)
            strcat(text, joints[rng_u64(3, (*k)++) % (sizeof joints / sizeof joints[0])]);
        strcat(text, " ");
    }
    uint64_t slip = rng_u64(3, (*k)++);
    if (slip % 2)
        text[(slip >> 32) % strlen(text)] = " ()<1x"[(slip >> 8) % 6];
}

static void test_fuzz(void **state)
{
    (void)state;
    Timeline *t = run_of(BOWL "steps=12");
    int accepted = 0;
    uint64_t k = 0;
    char text[GOAL_TEXT + 80];
    for (int i = 0; i < 60000; i++) {
        *text = '\0';
        for (int n = 1 + (int)(rng_u64(1, k++) % 14); n > 0; n--) {
            strcat(text, tokens[rng_u64(1, k++) % (sizeof tokens / sizeof tokens[0])]);
            strcat(text, rng_u64(1, k++) % 4 ? " " : "");
        }
        try_text(text, t, &accepted);
    }
    for (int i = 0; i < 10000; i++) {
        random_goal(text, &k);
        try_text(text, t, &accepted);
    }
    for (int i = 0; i < 20000; i++) { /* bytes */
        int n = (int)(rng_u64(2, k++) % 40);
        for (int j = 0; j < n; j++)
            text[j] = (char)(1 + rng_u64(2, k++) % 255);
        text[n] = '\0';
        try_text(text, t, &accepted);
    }
    assert_true(accepted > 3000 && accepted < 30000);
    timeline_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),         cmocka_unit_test(test_tail),
        cmocka_unit_test(test_tail_slides),    cmocka_unit_test(test_reached),
        cmocka_unit_test(test_rates),          cmocka_unit_test(test_divergence),
        cmocka_unit_test(test_hole),           cmocka_unit_test(test_plateau_cuts),
        cmocka_unit_test(test_cycle_ends),     cmocka_unit_test(test_held_out),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_precedence),     cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits),         cmocka_unit_test(test_rows),
        cmocka_unit_test(test_facts_of_edits), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_conditions),     cmocka_unit_test(test_conditions_decided),
        cmocka_unit_test(test_the_half_that_failed),
        cmocka_unit_test(test_following),      cmocka_unit_test(test_fuzz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
