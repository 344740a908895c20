/* SPDX-License-Identifier: MIT
 * test_pairs: both sides of each digit end as their captions say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/app.h"
#include "core/goal.h"
#include "core/named.h"

/* The outcome at the end, and what the caption claims beyond it, in the goal language. */
typedef struct Side {
    const char *outcome;
    const char *claim;
} Side;

static const Side sides[PAIRS][2] = {
    {{"local minimum", "x < -1.8 and loss > 2"}, {"global minimum", "x > 1 and loss < 0.01"}},
    {{"slow", "loss > 3"}, {"global minimum", "loss < 1e-4"}},
    {{"global minimum", "loss < 1e-6"}, {"oscillating", "tail > 1"}},
    {{"global minimum", "sign_changes_y >= 50 and rises == 0 and loss < 1e-4"}, {"diverging", "loss > 1e6"}},
    {{"rattling in noise", "tail > 0.04"}, {"global minimum", "tail < 0.02"}},
    {{"frozen", "x > 1.4 and eta_end < 1e-6"}, {"global minimum", "loss < 0.001"}},
    {{"local minimum", "x > 1"}, {"global minimum", "x < -1.9 and loss < 0.01"}},
    {{"global minimum", "loss < 0.01"}, {"plateau", "loss > 0.05"}},
    {{"frozen", "abs(loss-0.25) < 0.005 and cuts >= 5"}, {"global minimum", "cuts >= 5"}},
};

static void expect_claim(const NamedScene *named, const char *claim)
{
    static Scene scene;
    Error err = {0};
    Goal goal;
    Timeline *t = timeline_new();
    assert_non_null(t);
    assert_true(named_load(named, &scene, &err) && timeline_set(t, &scene, &err));
    timeline_advance(t, STEPS_MAX + 1);
    if (!goal_parse(&goal, claim, &err))
        fail_msg("%s: %s", claim, err.message);
    if (!goal_met(&goal, t, timeline_last(t)))
        fail_msg("%s does not end with %s", named->id, claim);
    timeline_free(t);
}

static void expect_side(int pair, int side)
{
    const Pair *p = pair_row(pair);
    const NamedScene *named = named_find(p->id[side], strlen(p->id[side]));
    char line[16];
    Error err = {0};
    App *a = app_new(&(AppOptions){.paused = true}, &err);
    assert_non_null(a);
    assert_non_null(named);
    app_resize(a, 120, 36);
    snprintf(line, sizeof line, "pair %d", pair + 1);
    /* the program begins with pair 1, left: another digit first, so that both presses count */
    assert_true(app_command(a, "scene A1", &err));
    for (int press = 0; press <= side; press++)
        assert_true(app_command(a, line, &err));
    app_seek(a, STEPS_MAX);
    app_settle(a);
    if (strcmp(app_outcome(a), sides[pair][side].outcome) != 0)
        fail_msg("pair %d, side %d (%s) ends: %s", pair + 1, side, p->id[side], app_outcome(a));
    if (strncmp(app_status(a), p->after[side], strlen(p->after[side])) != 0)
        fail_msg("pair %d, side %d says: %s", pair + 1, side, app_status(a));
    app_free(a);
    expect_claim(named, sides[pair][side].claim);
}

static void each_side_ends_as_it_says(void **state)
{
    (void)state;
    for (int pair = 0; pair < PAIRS; pair++)
        for (int side = 0; side < 2; side++)
            expect_side(pair, side);
}

static int words(const char *text)
{
    int n = 0;
    for (const char *at = text; *at; n++) {
        at += strspn(at, " ");
        at += strcspn(at, " ");
    }
    return n;
}

static void captions_are_short(void **state)
{
    (void)state;
    for (int pair = 0; pair < PAIRS; pair++)
        for (int side = 0; side < 2; side++) {
            assert_in_range(words(pair_row(pair)->before[side]), 2, 12);
            assert_in_range(words(pair_row(pair)->after[side]), 2, 12);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_ends_as_it_says),
        cmocka_unit_test(captions_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
