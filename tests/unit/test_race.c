/* SPDX-License-Identifier: MIT
 * test_race: a table of runners is that of their separate runs; presets; sorting; fairness. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/named.h"
#include "lab/race.h"

static Scene *read_scene(const char *text)
{
    Error err = {0};
    Scene *s = malloc(sizeof *s);
    scene_default(s);
    if (!scene_parse(s, text, NULL, &err))
        fail_msg("%s: %s", text, err.message);
    return s;
}

static Scene *named_scene(const char *id)
{
    Error err = {0};
    Scene *s = malloc(sizeof *s);
    scene_default(s);
    assert_true(named_load(named_find(id, strlen(id)), s, &err));
    return s;
}

/* The whole race; frees the scene. */
static void run_race(Race *r, Scene *s, const RaceSpec *spec, long slice)
{
    Error err = {0};
    assert_true(race_init(r));
    if (!race_start(r, s, spec, &err))
        fail_msg("%s", err.message);
    while (race_advance(r, slice))
        continue;
    free(s);
}

static const RaceSpec by_default = {.to = NAN};

/* --- against runs that know nothing of a race --- */

static double lowest_at(const Timeline *t, long row)
{
    static CriticalSet known;
    critical_start(&known);
    critical_known(NULL, &known, t, row);
    return critical_lowest(&known, timeline_window(t));
}

static double area_of(const Timeline *t)
{
    const Row *rows = timeline_rows(t);
    double sum = 0;
    double height = 0;
    double lowest = lowest_at(t, 0);
    for (long k = 0; k <= timeline_steps(t); k++) {
        if (k > 0 && k <= timeline_last(t) && rows[k].events & ROW_EDIT)
            lowest = lowest_at(t, k);
        if (k <= timeline_last(t) && !isnan(rows[k].loss))
            height = log10(fmax(rows[k].loss - lowest, 1e-12));
        sum += height;
    }
    return sum / (double)(timeline_steps(t) + 1);
}

static void same_number(const char *what, int runner, double got, double wanted)
{
    bool same = got == wanted || (isnan(got) && isnan(wanted));
    if (!same && !(fabs(got - wanted) <= 1e-12 * fabs(wanted)))
        fail_msg("%s of %c is %.17g, its run says %.17g", what, 'A' + runner, got, wanted);
}

static void same_as_run(const Race *r, int runner, const Timeline *t, double final_of_a)
{
    const double *v = r->table.row[runner].value;
    const Row *rows = timeline_rows(t);
    long last = timeline_last(t);
    double best = INFINITY;
    double peak = NAN;
    double to = NAN;
    Verdict verdict;
    CriticalSet own;
    for (long k = last; k >= 0; k--) {
        best = fmin(best, rows[k].loss);
        to = rows[k].loss <= r->table.to ? (double)k : to;
        peak = k < last ? fmax(rows[k].eta, peak) : peak;
    }
    critical_start(&own);
    verdict_at(t, last, timeline_window(t), critical_known(NULL, &own, t, last), &verdict);
    assert_int_equal((int)v[RACE_VERDICT], verdict.outcome);
    same_number("to", runner, v[RACE_TO], to);
    same_number("best", runner, v[RACE_BEST], best);
    same_number("final", runner, v[RACE_FINAL], rows[last].loss);
    same_number("area", runner, v[RACE_AREA], area_of(t));
    same_number("gradients", runner, v[RACE_GRADIENTS], (double)last);
    same_number("peak_eta", runner, v[RACE_PEAK_ETA], peak);
    same_number("numbers", runner, v[RACE_NUMBERS], timeline_optimizer(t, last, NULL)->memory);
    same_number("delta", runner, v[RACE_DELTA], rows[last].loss - final_of_a);
    same_number("reached", runner, v[RACE_REACHED], !isnan(to));
}

static void a_row_is_a_separate_run(void **state)
{
    static const char *const scenes[] = {
        "surface=pass start=-3,0.6 schedule=constant eta0=0.02 steps=120\n"
        "vs schedule=cosine eta0=0.6\nvs optimizer=adam eta0=0.1 at 40 eta0=0.05",
        "surface=himmelblau noise=2 seed=3 steps=90\nvs seed=4\nvs noise=0\nvs steps=40 start=1,1",
        "surface=bowl20 eta0=0.3 steps=400\nvs eta0=40\nvs optimizer=momentum",
        "surface='x^2+a*y^2:a=1' eta0=0.05 steps=60\nat 30 surface='x^2+a*y^2:a=9'\n"
        "vs optimizer=adam",
        "surface='log(x)^2+y^2' start=2,1 eta0=0.3 steps=50\nvs eta0=4",
    };
    Error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        Race r;
        Scene plain;
        double final_of_a = NAN;
        run_race(&r, read_scene(scenes[i]), &by_default, i % 2 ? 7 : 100000);
        for (int k = 0; k < r.table.runners; k++) {
            Timeline *t = timeline_new();
            scene_of_runner(r.scene, k, &plain);
            assert_true(timeline_set(t, &plain, &err));
            while (timeline_advance(t, STEPS_MAX))
                continue;
            if (k == 0) {
                double lowest = lowest_at(t, 0);
                final_of_a = timeline_rows(t)[timeline_last(t)].loss;
                same_number("threshold", 0, r.table.to,
                            lowest + 0.01 * (timeline_rows(t)[0].loss - lowest));
            }
            same_as_run(&r, k, t, final_of_a);
            timeline_free(t);
        }
        race_release(&r);
    }
}

static void another_runner_changes_nothing(void **state)
{
    static const char text[] = "surface=himmelblau noise=1 steps=80\nvs schedule=step eta0=0.02";
    char more[200];
    Race two;
    Race three;
    (void)state;
    snprintf(more, sizeof more, "%s\nvs optimizer=adam seed=9", text);
    for (int seeds = 0; seeds <= 5; seeds += 5) {
        RaceSpec spec = {NAN, 3, seeds};
        run_race(&two, read_scene(text), &spec, 50);
        run_race(&three, read_scene(more), &spec, 1000);
        assert_memory_equal(two.table.row, three.table.row, 2 * sizeof two.table.row[0]);
        race_release(&two);
        race_release(&three);
    }
}

static int by_size(const void *x, const void *y)
{
    const double *a = x;
    const double *b = y;
    return (*a > *b) - (*a < *b);
}

/* Seeds one by one, each a race of its own; the median is that of them all. */
static void seeds_give_lower_medians(void **state)
{
    enum { SEEDS = 8 };
    static const char text[] = "surface=himmelblau noise=3 steps=60\nvs schedule=constant";
    RaceSpec all = {20, 5, SEEDS};
    double value[2][RACE_COLUMNS][SEEDS];
    int reached[2] = {0, 0};
    Race r;
    (void)state;
    for (int k = 0; k < SEEDS; k++) {
        RaceSpec one = {20, (uint64_t)(5 + k), 1};
        run_race(&r, read_scene(text), &one, 1000);
        for (int i = 0; i < 2; i++) {
            for (int c = 0; c < RACE_COLUMNS; c++)
                value[i][c][k] = r.table.row[i].value[c];
            reached[i] += !isnan(r.table.row[i].value[RACE_TO]);
        }
        race_release(&r);
    }
    run_race(&r, read_scene(text), &all, 1000);
    for (int i = 0; i < 2; i++) {
        static const RaceColumn asked[] = {RACE_BEST, RACE_FINAL, RACE_AREA, RACE_DELTA,
                                           RACE_PEAK_ETA};
        for (size_t c = 0; c < sizeof asked / sizeof asked[0]; c++) {
            double *of = value[i][asked[c]];
            qsort(of, SEEDS, sizeof of[0], by_size);
            same_number(race_columns[asked[c]].name, i, r.table.row[i].value[asked[c]], of[3]);
        }
        same_number("low", i, r.table.row[i].quarter[0], value[i][RACE_FINAL][1]);
        same_number("high", i, r.table.row[i].quarter[1], value[i][RACE_FINAL][5]);
        same_number("of", i, r.table.row[i].value[RACE_OF], SEEDS);
        same_number("reached", i, r.table.row[i].value[RACE_REACHED], reached[i]);
    }
    race_release(&r);
}

/* --- presets --- */

static void presets_keep_start_and_budget(void **state)
{
    Error err = {0};
    (void)state;
    for (const RacePreset *p = race_presets; p->name; p++) {
        Scene *s = read_scene("surface=pass start=-3,0.6 eta0=0.04 steps=90\nat 20 eta0=0.1\n"
                              "at 50 steps=70\nvs optimizer=adam");
        Scene *out = malloc(sizeof *out);
        Race r;
        if (!race_preset(p, s, out, &err))
            fail_msg("%s: %s", p->name, err.message);
        free(s);
        run_race(&r, out, &by_default, 100000);
        assert_in_range(r.table.runners, 5, SCENE_RUNNERS);
        for (int i = 0; i < r.table.runners; i++) {
            assert_true(r.terms[i].start.x == -3 && r.terms[i].start.y == 0.6);
            assert_int_equal(r.terms[i].steps, 70);
        }
        race_release(&r);
    }
}

/* What a preset says, word for word. */
static void presets_say(void **state)
{
    static const struct {
        const char *preset, *words;
    } wanted[] = {
        {"schedules", "surface=bowl20 schedule=constant eta0=0.3 steps=50; vs schedule=step; "
                      "vs schedule=exponential; vs schedule=inverse_time; vs schedule=cosine; "
                      "vs schedule=triangular"},
        {"optimizers", "surface=bowl20 optimizer=sgd schedule=triangular:max_lr=0.6 steps=50; "
                       "vs optimizer=momentum; vs optimizer=adagrad; vs optimizer=rmsprop; "
                       "vs optimizer=adam"},
        {"rates", "surface=bowl20 schedule=triangular:max_lr=0.6 eta0=0.3 steps=50; "
                  "vs schedule=triangular:max_lr=0.06 eta0=0.03; "
                  "vs schedule=triangular:max_lr=0.18 eta0=0.09; "
                  "vs schedule=triangular:max_lr=1.8 eta0=0.9; "
                  "vs schedule=triangular:max_lr=6 eta0=3"},
        {"seeds", "surface=bowl20 schedule=triangular:max_lr=0.6 eta0=0.3 steps=50; vs seed=2; "
                  "vs seed=3; vs seed=4; vs seed=5; vs seed=6"},
    };
    Error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        char words[1000];
        Text t = text_over(words, sizeof words);
        Scene *s = read_scene("surface=bowl20 schedule=triangular:max_lr=0.6 eta0=0.3 steps=50");
        Scene *out = malloc(sizeof *out);
        const RacePreset *p = race_preset_find(wanted[i].preset, strlen(wanted[i].preset));
        assert_non_null(p);
        assert_true(race_preset(p, s, out, &err));
        scene_print(out, true, &t);
        assert_string_equal(words, wanted[i].words);
        free(s);
        free(out);
    }
}

/* --- the table --- */

static void sorting_puts_nothing_last(void **state)
{
    RaceTable t = {.runners = 4, .seeds = 1};
    static const double to[] = {30, NAN, 10, 20};
    int order[SCENE_RUNNERS];
    (void)state;
    for (int i = 0; i < 4; i++)
        t.row[i].value[RACE_TO] = to[i];
    race_order(&t, RACE_TO, false, order);
    assert_memory_equal(order, ((int[]){2, 3, 0, 1}), 4 * sizeof order[0]);
    race_order(&t, RACE_TO, true, order);
    assert_memory_equal(order, ((int[]){0, 3, 2, 1}), 4 * sizeof order[0]);
    static const Outcome words[] = {OUTCOME_DIVERGED, OUTCOME_GLOBAL_MINIMUM, OUTCOME_MOVING,
                                    OUTCOME_OSCILLATING};
    for (int i = 0; i < 4; i++)
        t.row[i].value[RACE_VERDICT] = words[i];
    race_order(&t, RACE_VERDICT, false, order);
    assert_memory_equal(order, ((int[]){1, 2, 3, 0}), 4 * sizeof order[0]);
    race_order(&t, RACE_OF, false, order); /* equals stay as they are */
    assert_memory_equal(order, ((int[]){0, 1, 2, 3}), 4 * sizeof order[0]);
}

static void what_all_share_is_not_shown(void **state)
{
    int cells[RACE_COLUMNS];
    Race r;
    (void)state;
    run_race(&r, read_scene("surface=bowl20 steps=30 noise=0.1\nvs schedule=constant"),
             &by_default, 1000);
    int words = race_layout(&r.table, 200, 20, -1, cells);
    assert_true(cells[RACE_FINAL] && cells[RACE_DELTA]);
    assert_false(cells[RACE_GRADIENTS] || cells[RACE_NUMBERS] || cells[RACE_OF]);
    int wide = 0;
    for (int k = 0; k < RACE_COLUMNS; k++)
        wide += cells[k] ? cells[k] + 2 : 0;
    assert_int_equal(wide + words, 200);
    race_layout(&r.table, 200, 20, RACE_NUMBERS, cells); /* what it is sorted by stays */
    assert_true(cells[RACE_NUMBERS]);
    words = race_layout(&r.table, 45, 20, RACE_DELTA, cells);
    assert_true(words >= 20 && cells[RACE_DELTA] && !cells[RACE_AREA]);
    race_release(&r);
}

static void fairness_in_words(void **state)
{
    static const struct {
        const char *scene, *words;
        int seeds;
        bool warns;
    } wanted[] = {
        {"surface=bowl20\nvs schedule=step",
         "fair: same start and budget (300 steps), no noise, 1 η₀", 0, false},
        {"surface=bowl20 eta0=0.1\nvs eta0=0.2", ", 2 η₀ tried for each", 0, false},
        {"surface=bowl20 noise=1\nvs schedule=step", "one seed stands for noise", 0, true},
        {"surface=bowl20 noise=1\nvs schedule=step",
         "same start, noise and budget (300 steps), 1 η₀ tried for each, 9 seeds", 9, false},
        {"surface=bowl20 noise=1\nvs noise=2", "noise or batches differ", 9, true},
        {"surface=bowl20 noise=1\nvs seed=2", "seeds differ", 0, true},
        {"surface=bowl20\nvs start=1,1", "starts differ", 0, true},
        {"surface=bowl20\nvs steps=20", "budgets differ", 0, true},
        {"surface=bowl20\nvs schedule=cosine:T_max=100",
         "B's schedule is made for 100 steps, not 300", 0, true},
        {"surface=bowl20\nvs schedule=one_cycle:total=100", "made for 100 steps", 0, true},
        {"surface=bowl20\nvs schedule=one_cycle\nvs schedule=triangular",
         "η₀ is the first rate for A, the lower bound for C, the peak for B", 0, true},
        {"surface=bowl20 eta0=0.1\nvs eta0=0.2\nvs schedule=step",
         "2 η₀ were tried for one kind, 1 for another", 0, true},
        {"surface=bowl20", "nothing to compare", 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        char words[320];
        Text t = text_over(words, sizeof words);
        Race r;
        RaceSpec spec = {NAN, 1, wanted[i].seeds};
        run_race(&r, read_scene(wanted[i].scene), &spec, 100000);
        bool warns = race_fairness(r.terms, r.table.runners, r.table.seeds, &t);
        if (!strstr(words, wanted[i].words) || warns != wanted[i].warns)
            fail_msg("%s: %s", wanted[i].scene, words);
        race_release(&r);
    }
}

/* The schedules' own horizon is no warning. */
static void whole_schedules_are_fair(void **state)
{
    (void)state;
    for (const Schedule *k = schedules; k->name; k++) {
        char text[200];
        char words[320];
        Text t = text_over(words, sizeof words);
        Race r;
        snprintf(text, sizeof text,
                 "surface=bowl20 schedule=%s steps=77 warmup=5\nvs eta0=0.001", k->name);
        run_race(&r, read_scene(text), &by_default, 100000);
        if (race_fairness(r.terms, 2, 1, &t))
            fail_msg("%s: %s", k->name, words);
        race_release(&r);
    }
}

/* Named scenes race with every preset and in the words of their own. */
static void named_scenes_race(void **state)
{
    static const char *const ids[] = {"B1", "G2", "E3", "K1", "H4"};
    Error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        for (const RacePreset *p = race_presets; p->name; p++) {
            Scene *s;
            Scene *out = malloc(sizeof *out);
            Race r;
            if (!named_find(ids[i], strlen(ids[i]))) {
                free(out);
                continue;
            }
            s = named_scene(ids[i]);
            assert_true(race_preset(p, s, out, &err));
            free(s);
            run_race(&r, out, &by_default, 100000);
            for (int k = 1; k < r.table.runners; k++)
                assert_string_not_equal(r.words[k], r.words[0]);
            race_release(&r);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_separate_run),
        cmocka_unit_test(another_runner_changes_nothing),
        cmocka_unit_test(seeds_give_lower_medians),
        cmocka_unit_test(presets_keep_start_and_budget),
        cmocka_unit_test(presets_say),
        cmocka_unit_test(sorting_puts_nothing_last),
        cmocka_unit_test(what_all_share_is_not_shown),
        cmocka_unit_test(fairness_in_words),
        cmocka_unit_test(whole_schedules_are_fair),
        cmocka_unit_test(named_scenes_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
