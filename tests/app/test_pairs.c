/* SPDX-License-Identifier: MIT
 * test_pairs: what stands beside a run holds there: the captions of the digits' pairs at every row,
 * the sentences of the claims at the end. */
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
#include "teach/claims.h"

static Scene scenes[2];

/* The run of a side, to its end. Free it. */
static Timeline *run_of(const char *id, Scene *scene)
{
    const NamedScene *named = named_find(id, strlen(id));
    Error err = {0};
    Timeline *t = timeline_new();
    assert_non_null(t);
    assert_non_null(named);
    assert_true(named_load(named, scene, &err) && timeline_set(t, scene, &err));
    timeline_advance(t, STEPS_MAX + 1);
    return t;
}

/* What makes a caption true holds at each row from `first` to the end. */
static void expect_true(const char *id, const char *caption, const char *condition, bool at_end)
{
    Error err = {0};
    Goal goal;
    Timeline *t = run_of(id, &scenes[0]);
    assert_non_null(condition);
    if (!goal_parse(&goal, condition, &err))
        fail_msg("%s: %s", condition, err.message);
    for (long row = at_end ? timeline_last(t) : 0; row <= timeline_last(t); row++)
        if (!goal_met(&goal, t, row))
            fail_msg("%s: '%s' does not hold at row %ld: %s", id, caption, row, condition);
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
    if (strncmp(app_status(a), p->after[side], strlen(p->after[side])) != 0)
        fail_msg("pair %d, side %d says: %s", pair + 1, side, app_status(a));
    app_free(a);
    expect_true(named->id, p->before[side], p->holds_before[side], false);
    expect_true(named->id, p->after[side], p->holds_after[side], true);
}

static void each_side_ends_as_it_says(void **state)
{
    (void)state;
    for (int pair = 0; pair < PAIRS; pair++)
        for (int side = 0; side < 2; side++)
            expect_side(pair, side);
}

/* ---- what is said to be the same ---- */

static bool same_start(const Scene *a, const Scene *b)
{
    return a->start.x == b->start.x && a->start.y == b->start.y;
}

static bool same_surface(const Scene *a, const Scene *b)
{
    return a->surface.row == b->surface.row && strcmp(a->surface.formula, b->surface.formula) == 0;
}

static bool same_steps(const Scene *a, const Scene *b)
{
    return a->steps == b->steps;
}

static bool same_noise(const Scene *a, const Scene *b)
{
    return a->noise == b->noise && a->seed == b->seed;
}

static bool same_schedule(const Scene *a, const Scene *b)
{
    return a->schedule.row == b->schedule.row;
}

static bool same_rate(const Scene *a, const Scene *b)
{
    return same_schedule(a, b) && a->eta0 == b->eta0;
}

static const struct {
    const char *words;
    bool (*holds)(const Scene *a, const Scene *b);
} sames[] = {
    {"same start", same_start},   {"Same start", same_start},   {"same surface", same_surface},
    {"same steps", same_steps},   {"same noise", same_noise},   {"same decay", same_schedule},
    {"same rule", same_schedule}, {"same cycle", same_rate},    {"same rate", same_rate},
    {"same low rate", same_rate},
};

static void expect_same(const char *text, const Scene *a, const Scene *b)
{
    for (size_t i = 0; i < sizeof sames / sizeof sames[0]; i++)
        if (strstr(text, sames[i].words) && !sames[i].holds(a, b))
            fail_msg("not the %s: %s", sames[i].words, text);
}

/* A contrast changes what it says, and a start that moves is said to. */
static void contrasts_say_what_they_change(void **state)
{
    (void)state;
    for (int pair = 0; pair < PAIRS; pair++) {
        const Pair *p = pair_row(pair);
        for (int side = 0; side < 2; side++)
            timeline_free(run_of(p->id[side], &scenes[side]));
        expect_same(p->before[1], &scenes[0], &scenes[1]);
        expect_same(p->after[1], &scenes[0], &scenes[1]);
        if (!same_start(&scenes[0], &scenes[1]) && !strstr(p->before[1], "another start"))
            fail_msg("pair %d moves the start without a word: %s", pair + 1, p->before[1]);
    }
}

/* What is to be seen in a claim's counter-example is seen there; what is called the same as in the
 * scenes that it stands beside is the same. */
static void claims_hold_where_they_stand(void **state)
{
    (void)state;
    for (int i = 0; i < claim_count(); i++) {
        const Claim *c = claim_row(i);
        if (c->quoted)
            continue;
        expect_true(c->counter, c->nuance, c->seen, true);
        timeline_free(run_of(c->counter, &scenes[1]));
        for (const char *at = c->scenes; *at; at += strspn(at, " ")) {
            char id[16];
            snprintf(id, sizeof id, "%.*s", (int)strcspn(at, " "), at);
            at += strcspn(at, " ");
            timeline_free(run_of(id, &scenes[0]));
            expect_same(c->nuance, &scenes[0], &scenes[1]);
        }
    }
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
        cmocka_unit_test(contrasts_say_what_they_change),
        cmocka_unit_test(claims_hold_where_they_stand),
        cmocka_unit_test(captions_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
