/* SPDX-License-Identifier: MIT
 * Golden test: the named scenes against the prototype's runs (tests/golden/scenes.csv). Every scene
 * fulfils its check; noisy ones over seeds 1 to 200 as often as the prototype's did; nominal
 * numbers agree to the 4 digits printed there. Scenes whose data this build cannot load are
 * skipped, aloud. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/goal.h"
#include "core/named.h"

enum { SCENES_MOST = 200, LINE = 8192, FIELDS = 16, SEEDS = 200 };

/* Columns of scenes.csv. */
enum { COLUMN_ID = 0, COLUMN_EXPECTED = 12, COLUMN_ROBUST = 13 };

/* Scenes of which only the check is tested. */
static const struct {
    const char *id;
    const char *why;
} no_numbers[] = {
    {"H15", "chaotic: amplifies rounding"},
    {"H16", "chaotic: amplifies rounding"},
    {"K2", "chaotic: amplifies rounding"},
    {"G1", "the plateau rule sees the loss before the step, the prototype's after it, and noise"},
    {"C8", "the plateau rule sees the loss before the step, the prototype's after it"},
    {"G3", "the plateau rule sees the loss before the step, the prototype's after it, and noise"},
};

static const char *no_numbers_because(const char *id)
{
    for (size_t i = 0; i < sizeof no_numbers / sizeof no_numbers[0]; i++)
        if (strcmp(no_numbers[i].id, id) == 0)
            return no_numbers[i].why;
    return NULL;
}

/* ---- scenes.csv ------------------------------------------------------------------------------ */

static const char *csv_path(void)
{
    const char *path = getenv("ETASCOPE_SCENES");
    return path ? path : "tests/golden/scenes.csv";
}

/* Cut a line into fields in place; quotes enclose commas. */
static int split(char *line, char *field[FIELDS])
{
    int count = 0;
    char *at = line;
    while (at && count < FIELDS) {
        bool quoted = *at == '"';
        char *end = quoted ? strchr(++at, '"') : at + strcspn(at, ",\r\n");
        field[count++] = at;
        at = end && end[quoted] == ',' ? end + quoted + 1 : NULL;
        if (end)
            *end = '\0';
    }
    return count;
}

/* Fields of a scene's row; false where there is none (scenes of our own). */
static bool csv_find(const char *id, char line[LINE], char *field[FIELDS])
{
    FILE *file = fopen(csv_path(), "r");
    bool found = false;
    assert_non_null(file);
    while (!found && fgets(line, LINE, file))
        found = line[0] != '#' && split(line, field) > COLUMN_ROBUST &&
                strcmp(field[COLUMN_ID], id) == 0;
    fclose(file);
    return found;
}

/* ---- running --------------------------------------------------------------------------------- */

static Timeline *run_of(const Scene *scene)
{
    Timeline *t = timeline_new();
    Error err;
    assert_non_null(t);
    if (!timeline_set(t, scene, &err))
        fail_msg("%s", err.message);
    timeline_advance(t, timeline_steps(t) + 1);
    assert_true(timeline_done(t));
    return t;
}

static bool is_noisy(const Scene *scene)
{
    return scene->noise > 0 || scene->batch > 0;
}

static Goal check_of(const NamedScene *row)
{
    Goal goal;
    Error err;
    if (!goal_parse(&goal, row->check, &err))
        fail_msg("%s: check, column %ld: %s", row->id, err.column, err.message);
    return goal;
}

/* Numbers of the run for a message. */
static void describe(const Goal *goal, const Timeline *t, char *out, size_t size)
{
    static GoalState s;
    GoalCondition c[GOAL_CONDITIONS];
    Text text = text_over(out, size);
    goal_start(&s, goal, NULL);
    goal_follow(&s, t, timeline_last(t));
    int count = goal_conditions(&s, c, GOAL_CONDITIONS);
    for (int i = 0; i < count; i++)
        text_add(&text, "; '%.*s' %s, is %.6g", c[i].length, c[i].text,
                 c[i].met ? "holds" : "fails", c[i].value);
}

/* ---- the tests ------------------------------------------------------------------------------- */

/* A number printed with 4 digits; what is nothing but rounding is only asked to be as small. */
static bool same_number(double got, double printed)
{
    char text[32];
    if (fabs(printed) < 1e-14)
        return fabs(got) < 1e-13;
    snprintf(text, sizeof text, "%.4g", got);
    return got == printed || strtod(text, NULL) == printed;
}

/* "loss=5.363[4.811..5.885] flipy=0[0..0] median_loss=1": the names known as metrics. */
static void compare_numbers(const NamedScene *row, const char *expected, const Timeline *t)
{
    static GoalState s;
    goal_start(&s, NULL, NULL);
    goal_follow(&s, t, timeline_last(t));
    int compared = 0;
    for (const char *at = expected; *at; at += strspn(at, " ")) {
        size_t name = strcspn(at, "= ");
        int metric = fact_find(at, name);
        if (metric >= 0 && at[name] == '=') {
            double printed = strtod(at + name + 1, NULL);
            double got = fact_number(&s.facts, metric);
            if (!same_number(got, printed))
                fail_msg("%s: %s is %.6g, the prototype's %.6g", row->id, facts[metric].name,
                         got, printed);
            compared++;
        }
        at += strcspn(at, " ");
    }
    assert_true(compared > 0);
}

/* Share of seeds 1 to SEEDS for which the check holds. */
static double share_met(const Scene *scene, const Goal *goal)
{
    static Scene other;
    Timeline *t = timeline_new();
    Error err;
    int met = 0;
    scene_copy(&other, scene);
    for (int seed = 1; seed <= SEEDS; seed++) {
        other.seed = (uint64_t)seed;
        other.given |= 1u << SCENE_SEED;
        if (!timeline_set(t, &other, &err))
            fail_msg("%s", err.message);
        timeline_advance(t, timeline_steps(t) + 1);
        met += goal_met(goal, t, timeline_last(t));
    }
    timeline_free(t);
    return (double)met / SEEDS;
}

static void check_share(const NamedScene *row, const Scene *scene, const Goal *goal,
                        const char *robust)
{
    double prototype = robust ? strtod(robust, NULL) : 1;
    double least = fmax(0.9, prototype - 0.03) - 1e-9; /* the share is a multiple of 1/SEEDS */
    double share = share_met(scene, goal);
    if (getenv("ETASCOPE_WORST"))
        printf("%-5s holds for %5.1f %% of %d seeds, prototype %5.1f %%\n", row->id, 100 * share,
               SEEDS, 100 * prototype);
    if (!(share >= least))
        fail_msg("%s: '%s' holds for %.1f %% of the seeds, at least %.1f %% expected", row->id,
                 row->check, 100 * share, 100 * least);
}

static void test_scene(void **state)
{
    const NamedScene *row = *state;
    static Scene scene;
    char line[LINE];
    char *field[FIELDS] = {NULL};
    Goal goal = check_of(row);
    Error err = {0};
    if (!named_load(row, &scene, &err))
        fail_msg("%s: %s", row->id, err.message);
    Timeline *t = run_of(&scene);
    bool listed = csv_find(row->id, line, field);
    if (is_noisy(&scene)) {
        check_share(row, &scene, &goal, listed ? field[COLUMN_ROBUST] : NULL);
    } else if (!goal_met(&goal, t, timeline_last(t))) {
        char text[512];
        describe(&goal, t, text, sizeof text);
        fail_msg("%s: '%s' does not hold%s", row->id, row->check, text);
    }
    if (listed && !no_numbers_because(row->id))
        compare_numbers(row, field[COLUMN_EXPECTED], t);
    timeline_free(t);
}

/* The name of every exception is still a scene. */
static void test_exceptions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof no_numbers / sizeof no_numbers[0]; i++)
        assert_non_null(named_find(no_numbers[i].id, strlen(no_numbers[i].id)));
}

int main(void)
{
    static struct CMUnitTest tests[SCENES_MOST];
    size_t count = 0;
    tests[count++] = (struct CMUnitTest){.name = "exceptions", .test_func = test_exceptions};
    for (int i = 0; i < named_count() && count < SCENES_MOST; i++)
        tests[count++] = (struct CMUnitTest){.name = named_row(i)->id,
                                             .test_func = test_scene,
                                             .initial_state = (void *)(uintptr_t)named_row(i)};
    return _cmocka_run_group_tests("named scenes", tests, count, NULL, NULL);
}
