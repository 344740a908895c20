/* SPDX-License-Identifier: MIT
 * test_timeline: a run is a pure function of its scene, however it was reached: rewinding, edits and
 * slices give the rows of a fresh run bit for bit. Then what each edit, event and end means (SPEC 1, 6-8). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/timeline.h"

enum { EDIT_LOGS = 60, LOG_MOVES = 30, PAST = 3 };

static Scene scene;
static Scene draft;
static Scene past[PAST];

/* ---- helpers ---- */

static void read_scene(Scene *s, const char *text)
{
    Error err = {0};
    scene_default(s);
    if (!scene_parse(s, text, NULL, &err))
        fail_msg("%ld:%ld: %s in %s", err.line, err.column, err.message, text);
}

static void finish(Timeline *t)
{
    while (timeline_advance(t, 100000))
        ;
}

static void must_set(Timeline *t, const Scene *s)
{
    Error err = {0};
    if (!timeline_set(t, s, &err))
        fail_msg("%s", err.message);
}

/* The whole run of a text; free it. */
static Timeline *run(const char *text)
{
    Timeline *t = timeline_new();
    assert_non_null(t);
    read_scene(&scene, text);
    must_set(t, &scene);
    finish(t);
    return t;
}

static const Row *row(const Timeline *t, long k)
{
    assert_true(k >= 0 && k < timeline_ready(t));
    return &timeline_rows(t)[k];
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static bool same_row(const Row *a, const Row *b)
{
    return same_bits(a->at.x, b->at.x) && same_bits(a->at.y, b->at.y) && same_bits(a->loss, b->loss) &&
           same_bits(a->g.x, b->g.x) && same_bits(a->g.y, b->g.y) && same_bits(a->eta, b->eta) &&
           same_bits(a->rate.x, b->rate.x) && same_bits(a->rate.y, b->rate.y) &&
           same_bits(a->lambda, b->lambda) && same_bits(a->limit, b->limit) &&
           same_bits(a->held_out, b->held_out) && same_bits(a->best, b->best) && a->events == b->events;
}

static void show_scene(const Scene *s)
{
    char text[SCENE_LINE];
    Text t = text_over(text, sizeof text);
    scene_print(s, true, &t);
    printf("%s\n", text);
}

static void check_same_rows(const Timeline *a, const Timeline *b, long from, long to)
{
    for (long k = from; k < to; k++)
        if (!same_row(row(a, k), row(b, k))) {
            show_scene(timeline_scene(a));
            fail_msg("row %ld differs: %.17g,%.17g and %.17g,%.17g", k, row(a, k)->at.x, row(a, k)->at.y,
                     row(b, k)->at.x, row(b, k)->at.y);
        }
}

static void check_same_run(const Timeline *a, const Timeline *b)
{
    assert_int_equal(timeline_ready(a), timeline_ready(b));
    assert_int_equal(timeline_last(a), timeline_last(b));
    assert_int_equal(timeline_steps(a), timeline_steps(b));
    check_same_rows(a, b, 0, timeline_ready(a));
}

static void near_number(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 * fmax(1e-3, fabs(want))))
        fail_msg("%.17g, not %.17g", got, want);
}

/* ---- pure ---- */

static const char *const starts[] = {
    "surface=himmelblau start=0,0 eta0=0.01",
    "surface=pass optimizer=adam:beta1=0.8 eta0=0.1 schedule=cosine_restarts:T_0=40 noise=0.3 seed=7",
    "surface=saddle:offset=0.25 start=1,1e-6 eta0=0.1 schedule=plateau:patience=3,factor=0.5",
    "surface='a*x^2 + b*y^2':a=1,b=10 start=2,1 optimizer=momentum eta0=0.02 warmup=30 warmup_factor=0.1",
    "surface=bowl20 optimizer=nadam schedule='eta0/(1+k*t)':k=0.01 eta0=0.05 noise=0.01",
    "surface=styblinski schedule=one_cycle eta0=0.05 optimizer=rmsprop",
};
enum { STARTS = sizeof starts / sizeof starts[0] };

static const struct {
    SceneKey key;
    const char *value;
} edits[] = {
    {SCENE_ETA0, "0.02"}, {SCENE_ETA0, "0.11"}, {SCENE_NOISE, "0"}, {SCENE_NOISE, "0.2"},
    {SCENE_SCHEDULE, "constant"}, {SCENE_SCHEDULE, "step:step_size=20"}, {SCENE_SCHEDULE, "step:gamma=0.8"},
    {SCENE_SCHEDULE, "cosine"}, {SCENE_SCHEDULE, "cosine_restarts:T_0=33,T_mult=1"},
    {SCENE_SCHEDULE, "plateau:patience=2"}, {SCENE_SCHEDULE, "plateau:factor=0.7"},
    {SCENE_SCHEDULE, "eta0*exp(-t/T)"}, {SCENE_SCHEDULE, "triangular:start=0"},
    {SCENE_SCHEDULE, "0.001 - t"}, /* refused: negative */
    {SCENE_OPTIMIZER, "sgd"}, {SCENE_OPTIMIZER, "adam"}, {SCENE_OPTIMIZER, "adam:beta2=0.9"},
    {SCENE_OPTIMIZER, "momentum:momentum=0.5"}, {SCENE_OPTIMIZER, "adamw:weight_decay=0.1"},
    {SCENE_OPTIMIZER, "nadam"}, {SCENE_OPTIMIZER, "radam"}, {SCENE_BATCH, "3"},
};
enum { EDIT_KINDS = sizeof edits / sizeof edits[0] };

typedef struct Dice {
    uint64_t seed;
    uint64_t k;
} Dice;

static long roll(Dice *d, long n)
{
    return (long)(rng_u64(d->seed, d->k++) % (uint64_t)n);
}

static void put_edit(Scene *s, long step, SceneKey key, const char *value)
{
    Error err = {0};
    scene_edit(s, step, key, value, strlen(value), &err); /* may be refused: steps= before step */
}

/* Change the draft as a user at the keys would. */
static void move(Dice *d, Scene *s)
{
    long step = roll(d, 3) ? roll(d, 700) : roll(d, 40);
    char value[80];
    Error err = {0};
    switch (roll(d, 10)) {
    case 0:
        scene_drop_edits(s, step);
        break;
    case 1: /* undo, more or less */
        scene_copy(s, &past[roll(d, PAST)]);
        break;
    case 2:
        snprintf(value, sizeof value, "%ld", 1 + roll(d, 1300));
        put_edit(s, step, SCENE_STEPS, value);
        break;
    case 3: /* parameters of its own surface */
        if (scene_surface(s) && scene_surface(s)->params.count)
            snprintf(value, sizeof value, "saddle:offset=%ld", roll(d, 5));
        else
            snprintf(value, sizeof value, "a*x^2 + b*y^2:b=%ld", 1 + roll(d, 9));
        put_edit(s, step, SCENE_SURFACE, value);
        break;
    case 4: /* the scene from step 0 on */
        snprintf(value, sizeof value, "%ld", 1 + roll(d, 1300));
        assert_true(scene_assign(s, SCENE_STEPS, value, strlen(value), &err));
        break;
    case 5:
        scene_drop_edits(s, step); /* an edit at the cursor drops the later ones */
        put_edit(s, step, SCENE_ETA0, "0.03");
        break;
    default: {
        long e = roll(d, EDIT_KINDS);
        put_edit(s, step, edits[e].key, edits[e].value);
    }
    }
}

static void test_any_edit_log_equals_a_fresh_run(void **state)
{
    (void)state;
    long sets = 0;
    for (uint64_t seed = 0; seed < EDIT_LOGS; seed++) {
        Dice d = {seed, 0};
        Timeline *kept = timeline_new();
        read_scene(&draft, starts[seed % STARTS]);
        for (int i = 0; i < PAST; i++)
            scene_copy(&past[i], &draft);
        for (int i = 0; i < LOG_MOVES; i++) {
            Error a = {0};
            Error b = {0};
            Timeline *fresh = timeline_new();
            move(&d, &draft);
            bool ok = timeline_set(kept, &draft, &a);
            assert_int_equal(timeline_set(fresh, &draft, &b), ok);
            assert_string_equal(a.message, b.message);
            if (ok) {
                if (roll(&d, 3))
                    finish(kept);
                else
                    timeline_advance(kept, roll(&d, 600));
                finish(fresh);
                assert_true(timeline_ready(kept) <= timeline_ready(fresh));
                check_same_rows(kept, fresh, 0, timeline_ready(kept));
                sets++;
                scene_copy(&past[roll(&d, PAST)], &draft);
            } else {
                scene_copy(&draft, &past[0]);
            }
            timeline_free(fresh);
        }
        must_set(kept, timeline_scene(kept)); /* the same again */
        finish(kept);
        timeline_free(kept);
    }
    assert_true(sets > EDIT_LOGS * LOG_MOVES / 2);
}

static void test_slices_equal_the_whole(void **state)
{
    (void)state;
    for (int i = 0; i < STARTS; i++) {
        char text[300];
        snprintf(text, sizeof text, "%s steps=1100; at 511 eta0=0.03; at 512 noise=0.1", starts[i]);
        Timeline *whole = run(text);
        for (long slice = 1; slice < 2000; slice *= 7) {
            Timeline *t = timeline_new();
            must_set(t, &scene);
            assert_true(timeline_ready(t) >= 1);
            long last = timeline_ready(t);
            while (timeline_advance(t, slice)) {
                assert_int_equal(timeline_ready(t), last + slice);
                last = timeline_ready(t);
            }
            assert_true(timeline_done(t));
            assert_false(timeline_advance(t, 5));
            check_same_run(whole, t);
            timeline_free(t);
        }
        timeline_free(whole);
    }
}

/* A failed set leaves the old run as it was, able to go on. */
static void test_a_refused_scene_changes_nothing(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "surface='log(x)' start=-1,0", "schedule='eta0-t'", "steps=50 schedule='1/(t-40)'",
        "surface=himmelblau start=0,0 eta0=0.01; at 40 schedule='-eta0'",
        "schedule=one_cycle:total=3,pct_start=0.3", "schedule='log(-t-1)'"};
    Timeline *whole = run("surface=himmelblau start=0,0 eta0=0.01; at 30 schedule='eta0/(1+t)'");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        Timeline *t = timeline_new();
        Error err = {0};
        must_set(t, timeline_scene(whole));
        timeline_advance(t, 100);
        read_scene(&draft, refused[i]);
        if (timeline_set(t, &draft, &err) || !err.message[0])
            fail_msg("accepted: %s", refused[i]);
        finish(t);
        check_same_run(whole, t);
        for (long k = 0; k <= 300; k += 17) {
            Update u;
            timeline_update(t, k, &u);
            assert_true(same_bits(rate_at(u.rate, k, &u.plateau), row(whole, k)->eta));
        }
        timeline_free(t);
    }
    timeline_free(whole);
}

static void test_a_refused_first_scene(void **state)
{
    (void)state;
    Timeline *t = timeline_new();
    Error err = {0};
    read_scene(&scene, "surface='log(x)+y^2' start=-1,0");
    assert_false(timeline_set(t, &scene, &err));
    assert_non_null(strstr(err.message, "the start -1,0 lies in a hole"));
    read_scene(&scene, "surface='log(x)+y^2' start=1,0");
    must_set(t, &scene);
    timeline_free(t);
    timeline_free(timeline_new());
    timeline_free(NULL);
}

static void test_revision_tells_of_changes(void **state)
{
    (void)state;
    Timeline *t = run("steps=20");
    unsigned long before = timeline_revision(t);
    finish(t);
    assert_true(timeline_revision(t) == before);
    read_scene(&draft, "steps=20; at 5 eta0=0.01");
    must_set(t, &draft);
    assert_true(timeline_revision(t) != before);
    timeline_free(t);
}

/* ---- the update of a row taken apart ---- */

static void check_updates(const Timeline *t)
{
    for (long k = 0; k < timeline_ready(t); k++) {
        Update u;
        const Row *r = row(t, k);
        timeline_update(t, k, &u);
        assert_true(same_bits(u.step.rate.x, r->rate.x) && same_bits(u.step.rate.y, r->rate.y));
        assert_true(same_bits(rate_at(u.rate, k, &u.plateau), r->eta));
        assert_ptr_equal(u.rate, timeline_rate(t, k));
        assert_ptr_equal(u.optimizer, timeline_optimizer(t, k, NULL));
        assert_int_equal(u.after.count, u.before.count + 1);
        if (k + 1 == timeline_ready(t))
            continue;
        Vec2 next = row(t, k + 1)->at;
        assert_true(same_bits(next.x, u.step.shrink * r->at.x - u.step.step.x));
        assert_true(same_bits(next.y, u.step.shrink * r->at.y - u.step.step.y));
    }
}

static void test_updates_taken_apart(void **state)
{
    (void)state;
    for (const Optimizer *o = optimizers; o->name; o++) {
        char text[300];
        snprintf(text, sizeof text,
                 "surface=pass optimizer=%s eta0=0.05 steps=600 noise=0.1 schedule=plateau:patience=5; "
                 "at 200 eta0=0.04; at 300 optimizer=adamw:weight_decay=0.2; at 515 optimizer=%s", o->name, o->name);
        Timeline *t = run(text);
        check_updates(t);
        timeline_free(t);
    }
}

static void test_columns(void **state)
{
    (void)state;
    Timeline *t = run("surface=himmelblau start=0,0 eta0=0.012 schedule=constant noise=0.5");
    double best = INFINITY;
    for (long k = 0; k <= 300; k++) {
        Derivatives d;
        double small;
        double large;
        const Row *r = row(t, k);
        loss_eval(timeline_loss_at(t, k), r->at, EXPR_HESSIAN, &d);
        sym_eigenvalues(d.h, &small, &large);
        best = fmin(best, d.f);
        assert_true(same_bits(r->loss, d.f) && same_bits(r->best, best) && same_bits(r->lambda, large));
        assert_true(isnan(r->held_out));
        if (large > 0)
            near_number(r->limit, 2 / large);
        else
            assert_true(isinf(r->limit));
        assert_true(r->rate.x == r->eta && r->rate.y == r->eta && r->eta == 0.012);
    }
    timeline_free(t);
}

static void test_row_count_and_last_row(void **state)
{
    (void)state;
    static const long steps[] = {1, 2, 300, 511, 512, 513, 1024, 20000};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "surface=bowl20 optimizer=adam schedule=linear steps=%ld", steps[i]);
        Timeline *t = run(text);
        assert_int_equal(timeline_ready(t), steps[i] + 1);
        assert_int_equal(timeline_last(t), steps[i]);
        const Row *last = row(t, steps[i]);
        assert_true(last->eta == 0 && last->rate.x == 0 && isfinite(last->limit));
        timeline_free(t);
    }
    Timeline *t = run("surface=bowl20 optimizer=adam schedule=constant eta0=0.1 steps=7");
    assert_true(row(t, 7)->eta == 0.1 && row(t, 7)->rate.x > 0); /* what a further update would use */
    timeline_free(t);
}

/* ---- what edits mean ---- */

static void test_new_schedule_starts_its_clock(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=constant eta0=0.1 steps=300; at 100 schedule=linear");
    for (long k = 0; k <= 300; k++)
        near_number(row(t, k)->eta, k < 100 ? 0.1 : 0.1 * (1 - (double)(k - 100) / 200));
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1 steps=300; at 100 schedule=cosine_restarts:T_0=50,T_mult=1");
    for (long k = 100; k <= 300; k += 50)
        near_number(row(t, k)->eta, 0.1);
    timeline_free(t);
}

static void test_parameters_keep_the_clock_and_the_rest(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=step:step_size=50,gamma=0.5 eta0=0.1; at 120 schedule=step:gamma=0.9");
    for (long k = 0; k <= 300; k++)
        near_number(row(t, k)->eta, 0.1 * pow(k < 120 ? 0.5 : 0.9, floor((double)k / 50)));
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1; at 100 schedule=step:step_size=50,gamma=0.5; "
            "at 160 schedule=step:gamma=0.9"); /* the clock of step 100, not 160 */
    for (long k = 100; k <= 300; k++)
        near_number(row(t, k)->eta, 0.1 * pow(k < 160 ? 0.5 : 0.9, floor((double)(k - 100) / 50)));
    timeline_free(t);
}

static void test_start_zero_is_the_global_clock(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=constant eta0=0.1 steps=300; at 100 schedule=linear:start=0");
    for (long k = 100; k <= 300; k++)
        near_number(row(t, k)->eta, 0.1 * (1 - (double)k / 300));
    timeline_free(t);
    t = run("surface=pass schedule=linear:start=50 eta0=0.1 steps=300");
    for (long k = 0; k <= 300; k++)
        near_number(row(t, k)->eta, k < 50 ? 0.1 : 0.1 * (1 - (double)(k - 50) / 250));
    timeline_free(t);
}

static void test_eta0_changes_alone(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=triangular:max_lr=0.3,step_up=10,step_down=10 eta0=0.1; at 50 eta0=0.05");
    near_number(row(t, 10)->eta, 0.3);
    near_number(row(t, 20)->eta, 0.1);
    near_number(row(t, 50)->eta, 0.3);
    near_number(row(t, 60)->eta, 0.05);
    near_number(row(t, 70)->eta, 0.3);
    timeline_free(t);
    t = run("surface=pass schedule=step eta0=0.1; at 50 schedule=cosine"); /* switching never changes eta0 */
    near_number(row(t, 50)->eta, 0.1);
    timeline_free(t);
}

static void test_steps_from_there(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=linear eta0=0.1 steps=300; at 100 steps=150");
    assert_int_equal(timeline_steps(t), 150);
    assert_int_equal(timeline_ready(t), 151);
    for (long k = 0; k <= 150; k++)
        near_number(row(t, k)->eta, 0.1 * (1 - (double)k / (k < 100 ? 300 : 150)));
    timeline_free(t);
    t = run("surface=pass schedule=linear eta0=0.1 steps=100; at 50 steps=400; at 200 eta0=0.2");
    assert_int_equal(timeline_last(t), 400);
    near_number(row(t, 200)->eta, 0.2 * 0.5); /* behind the first T, within the second */
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1 steps=300; at 100 steps=100; at 100 eta0=0.2; at 150 eta0=0.3");
    assert_int_equal(timeline_last(t), 100);
    near_number(row(t, 100)->eta, 0.2);
    timeline_free(t);
}

static void test_edits_behind_the_end_have_no_effect(void **state)
{
    (void)state;
    Timeline *plain = run("surface=pass eta0=0.1 steps=100");
    static const char *const late[] = {
        "surface=pass eta0=0.1 steps=100; at 100 eta0=5", "surface=pass eta0=0.1 steps=100; at 5000 noise=1",
        "surface=pass eta0=0.1 steps=100; at 100 steps=200; at 150 eta0=3",
        "surface=pass eta0=0.1 steps=100; at 200 schedule='-1'"};
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        Timeline *t = run(late[i]);
        check_same_run(plain, t);
        timeline_free(t);
    }
    timeline_free(plain);
}

static void test_last_of_equal_steps_wins(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"at 50 eta0=0.2; at 50 eta0=0.03", "at 50 eta0=0.03"},
        {"at 50 noise=0.2; at 50 noise=0", "at 50 noise=0"},
        {"at 50 schedule=step; at 50 schedule=linear", "at 50 schedule=linear"},
        {"at 50 optimizer=adam; at 50 optimizer=momentum", "at 50 optimizer=momentum"},
        {"at 50 schedule=step:step_size=9; at 50 schedule=step:gamma=0.3", "at 50 schedule=step:step_size=9,gamma=0.3"},
        {"at 50 steps=400; at 50 steps=200", "at 50 steps=200"},
        {"at 50 eta0=0.2 noise=0.1", "at 50 noise=0.1; at 50 eta0=0.2"},
        {"at 50 schedule=step; at 50 schedule=cosine", "at 50 schedule=cosine"}, /* back to what was there */
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "surface=pass eta0=0.1; %s", pairs[i][0]);
        Timeline *a = run(text);
        snprintf(text, sizeof text, "surface=pass eta0=0.1; %s", pairs[i][1]);
        Timeline *b = run(text);
        check_same_run(a, b);
        timeline_free(a);
        timeline_free(b);
    }
}

static void test_optimizer_edits(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass optimizer=adam schedule=constant eta0=0.05; at 50 optimizer=adam:beta1=0.5; "
                      "at 100 optimizer=momentum; at 150 optimizer=adam");
    Update u;
    const double *params;
    timeline_update(t, 50, &u); /* a parameter keeps the memory */
    assert_int_equal(u.before.count, 50);
    assert_true(u.before.m.x != 0 && u.params[0] == 0.5 && u.params[1] == 0.999);
    timeline_update(t, 100, &u); /* a name empties it */
    assert_int_equal(u.before.count, 0);
    assert_true(u.before.m.x == 0 && u.before.v.x == 0);
    timeline_update(t, 150, &u);
    assert_int_equal(u.before.count, 0);
    assert_string_equal(timeline_optimizer(t, 149, NULL)->name, "momentum");
    assert_string_equal(timeline_optimizer(t, 150, &params)->name, "adam");
    assert_true(params[0] == 0.9); /* a new name starts from its defaults */
    timeline_free(t);
}

static void test_surface_parameters_move_the_ground(void **state)
{
    (void)state;
    Timeline *t = run("surface='a*x^2+y^2':a=1 start=1,1 eta0=0.1; at 10 surface='a*x^2+y^2':a=3");
    Derivatives d;
    loss_eval(timeline_loss_at(t, 9), vec2(1, 0), EXPR_VALUE, &d);
    assert_true(d.f == 1);
    loss_eval(timeline_loss_at(t, 10), vec2(1, 0), EXPR_VALUE, &d);
    assert_true(d.f == 3);
    near_number(row(t, 10)->loss, 3 * row(t, 10)->at.x * row(t, 10)->at.x + row(t, 10)->at.y * row(t, 10)->at.y);
    near_number(row(t, 9)->g.x, 2 * row(t, 9)->at.x);
    near_number(row(t, 10)->g.x, 6 * row(t, 10)->at.x);
    timeline_free(t);
}

static void test_edit_events(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass; at 0 eta0=0.1; at 40 noise=0.1 eta0=0.2; at 41 noise=0; at 300 eta0=1");
    for (long k = 0; k <= 300; k++)
        assert_int_equal((row(t, k)->events & ROW_EDIT) != 0, k == 0 || k == 40 || k == 41);
    near_number(row(t, 0)->eta, 0.1);
    timeline_free(t);
}

/* ---- warm-up and schedule events ---- */

static void test_warmup(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=linear eta0=0.1 warmup=20 warmup_factor=0.25 steps=120");
    for (long k = 0; k <= 120; k++)
        near_number(row(t, k)->eta,
                    k < 20 ? 0.1 * (0.25 + 0.75 * (double)k / 20) : 0.1 * (1 - (double)(k - 20) / 100));
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1 warmup=20 steps=120; at 10 schedule=linear");
    assert_true(row(t, 0)->eta == 0);
    for (long k = 10; k <= 120; k++)
        near_number(row(t, k)->eta, k < 20 ? 0.1 * (double)k / 20 : 0.1 * (1 - (double)(k - 20) / 100));
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1 warmup=200 steps=100"); /* longer than the run */
    near_number(row(t, 100)->eta, 0.05);
    timeline_free(t);
}

/* ReduceLROnPlateau over the losses of the rows, written down once more. */
static void check_plateau(const Timeline *t, double factor, long patience, long warmup, double late_eta0)
{
    double best = INFINITY;
    double multiplier = 1;
    long bad = 0;
    long cuts = 0;
    bool cut = false; /* after the row before */
    for (long k = 0; k < timeline_ready(t); k++) {
        const Row *r = row(t, k);
        double eta = multiplier * (k < 250 ? 0.1 : late_eta0);
        near_number(r->eta, eta * (k < warmup ? (double)k / (double)warmup : 1));
        assert_int_equal((r->events & ROW_CUT) != 0, cut);
        cut = false;
        if (k < warmup)
            continue;
        bool better = r->loss < best * (1 - 1e-4);
        best = better ? r->loss : best;
        bad = better ? 0 : bad + 1;
        if (bad > patience) {
            cut = eta - eta * factor > 1e-8;
            multiplier *= cut ? factor : 1;
            bad = 0;
            cuts += cut;
        }
    }
    assert_true(cuts >= 2);
}

static void test_plateau(void **state)
{
    (void)state;
    Timeline *t = run("surface=saddle:offset=0.25 start=1,1e-6 eta0=0.1 schedule=plateau:factor=0.5,patience=7");
    check_plateau(t, 0.5, 7, 0, 0.1);
    timeline_free(t);
    t = run("surface=saddle:offset=0.25 start=1,1e-6 eta0=0.1 warmup=60 schedule=plateau:factor=0.5,patience=7");
    check_plateau(t, 0.5, 7, 60, 0.1);
    timeline_free(t);
    t = run("surface=saddle:offset=0.25 start=1,1e-6 eta0=0.1 schedule=plateau:factor=0.5,patience=7; at 250 eta0=0.2");
    check_plateau(t, 0.5, 7, 0, 0.2); /* earlier cuts are kept */
    timeline_free(t);
}

static void test_plateau_anew(void **state)
{
    (void)state;
    Timeline *t = run("surface=saddle:offset=0.25 start=1,1e-6 eta0=0.1 schedule=plateau; at 200 schedule=constant; "
                      "at 210 schedule=plateau");
    assert_true(row(t, 199)->eta < 0.05);
    near_number(row(t, 200)->eta, 0.1);
    near_number(row(t, 210)->eta, 0.1); /* a new name starts anew */
    timeline_free(t);
}

static void test_restart_events(void **state)
{
    (void)state;
    Timeline *t = run("surface=pass schedule=cosine_restarts:T_0=30,T_mult=2 eta0=0.1 steps=300");
    for (long k = 0; k <= 300; k++)
        assert_int_equal((row(t, k)->events & ROW_RESTART) != 0, k == 30 || k == 90 || k == 210);
    timeline_free(t);
    t = run("surface=pass schedule=constant eta0=0.1 warmup=5 steps=100; at 40 schedule=cosine_restarts:T_0=20,T_mult=1");
    for (long k = 0; k <= 100; k++)
        assert_int_equal((row(t, k)->events & ROW_RESTART) != 0, k == 60 || k == 80 || k == 100);
    timeline_free(t);
}

/* ---- ends ---- */

static void test_converged_once(void **state)
{
    (void)state;
    Timeline *t = run("surface=bowl20 eta0=0.06 schedule=constant steps=900");
    long first = -1;
    for (long k = 0; k <= 900; k++) {
        if (first < 0 && vec_norm(row(t, k)->g) <= 1e-9 * fmax(1, row(t, k)->lambda))
            first = k;
        assert_int_equal((row(t, k)->events & ROW_CONVERGED) != 0, k == first);
    }
    assert_true(first > 10);
    timeline_free(t);
}

static void test_diverged_at_the_right_row(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "surface=bowl20 eta0=0.12 schedule=constant steps=2000", "surface=beale start=-1,1.5 eta0=0.2 steps=50",
        "surface=bowl20 eta0=1e300 schedule=constant", "surface=rosenbrock eta0=0.1 schedule=constant",
        "surface='-x^2-y^2' start=1,1 eta0=1 schedule=constant steps=1000", "surface=goldstein_price eta0=1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Timeline *t = run(texts[i]);
        long last = timeline_last(t);
        assert_int_equal(timeline_ready(t), last + 1);
        assert_true(last < timeline_steps(t) && timeline_done(t));
        for (long k = 0; k <= last; k++) {
            const Row *r = row(t, k);
            bool gone = !vec_finite(r->at) || !(fabs(r->loss) <= 1e100) || !vec_finite(r->g);
            assert_int_equal(gone, k == last);
            assert_int_equal((r->events & ROW_DIVERGED) != 0, k == last);
            assert_false(r->events & ROW_UNDEFINED);
        }
        timeline_free(t);
    }
}

static void test_holes(void **state)
{
    (void)state;
    Timeline *t = run("surface='log(x)+y^2' start=1,1 eta0=2 schedule=constant");
    assert_int_equal(timeline_last(t), 1);
    assert_int_equal(row(t, 1)->events, ROW_UNDEFINED);
    assert_true(isnan(row(t, 1)->loss) && row(t, 1)->at.x == -1);
    assert_true(row(t, 1)->best == row(t, 0)->loss);
    timeline_free(t);
    t = run("surface='log(x+a)+y^2':a=5 start=1,1 eta0=0.1; at 10 surface='log(x+a)+y^2':a=-5");
    assert_int_equal(timeline_last(t), 10);
    assert_int_equal(row(t, 10)->events, ROW_UNDEFINED | ROW_EDIT);
    timeline_free(t);
}

/* ---- noise ---- */

/* Gaussian pair of step t, from outputs 2t and 2t+1, with the C library's functions. */
static Vec2 wanted_noise(uint64_t seed, long t, double sigma)
{
    uint64_t z[2];
    for (int i = 0; i < 2; i++) {
        uint64_t k = 2 * (uint64_t)t + (uint64_t)i;
        uint64_t x = seed + (k + 1) * UINT64_C(0x9E3779B97F4A7C15);
        x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
        z[i] = x ^ x >> 31;
    }
    double u = ((double)(z[0] >> 11) + 0.5) / 9007199254740992.0;
    double v = ((double)(z[1] >> 11) + 0.5) / 9007199254740992.0;
    double r = sigma * sqrt(-2 * log(u));
    return vec2(r * cos(2 * 3.14159265358979323846 * v), r * sin(2 * 3.14159265358979323846 * v));
}

static Vec2 noise_of(const Timeline *t, long k)
{
    Derivatives d;
    loss_eval(timeline_loss_at(t, k), row(t, k)->at, EXPR_GRADIENT, &d);
    return vec_sub(row(t, k)->g, d.g);
}

static void test_noise_is_a_function_of_seed_and_step(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {1, 0, 42, UINT64_MAX};
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        char text[120];
        snprintf(text, sizeof text, "surface=round eta0=0.01 noise=0.5 steps=2000 seed=%llu",
                 (unsigned long long)seeds[i]);
        Timeline *t = run(text);
        for (long k = 0; k <= 2000; k++) {
            Vec2 off = vec_sub(noise_of(t, k), wanted_noise(seeds[i], k, 0.5));
            assert_true(vec_norm(off) < 1e-13);
        }
        timeline_free(t);
    }
}

static void test_noise_is_gaussian(void **state)
{
    (void)state;
    Timeline *t = run("surface=round eta0=0.001 noise=2 steps=40000");
    double sum = 0;
    double squares = 0;
    double cross = 0;
    long inside = 0;
    for (long k = 0; k < 40000; k++) {
        Vec2 n = noise_of(t, k);
        sum += n.x + n.y;
        squares += n.x * n.x + n.y * n.y;
        cross += n.x * n.y;
        inside += (fabs(n.x) < 2) + (fabs(n.y) < 2);
    }
    assert_true(fabs(sum / 80000) < 0.03);
    assert_true(fabs(squares / 80000 - 4) < 0.08);
    assert_true(fabs(cross / 40000) < 0.08);
    assert_true(fabs((double)inside / 80000 - 0.6827) < 0.006);
    timeline_free(t);
}

static void test_noise_switched_during_the_run(void **state)
{
    (void)state;
    Timeline *quiet = run("surface=pass eta0=0.1");
    Timeline *noisy = run("surface=pass eta0=0.1 noise=0.3 seed=5");
    Timeline *later = run("surface=pass eta0=0.1 seed=5; at 50 noise=0.3; at 90 noise=0");
    check_same_rows(quiet, later, 0, 50);
    for (long k = 50; k < 90; k++) {
        assert_true(timeline_noise(later, k) == 0.3);
        assert_true(vec_norm(vec_sub(noise_of(noisy, k), noise_of(later, k))) < 1e-14);
    }
    for (long k = 90; k <= 300; k++) {
        Vec2 none = noise_of(later, k);
        assert_true(none.x == 0 && none.y == 0);
    }
    timeline_free(quiet);
    timeline_free(noisy);
    timeline_free(later);
}

static void test_seed_changes_the_run(void **state)
{
    (void)state;
    Timeline *a = run("surface=pass eta0=0.1 noise=0.3 seed=5");
    Timeline *b = run("surface=pass eta0=0.1 noise=0.3 seed=6");
    assert_true(row(a, 1)->at.x != row(b, 1)->at.x);
    timeline_free(a);
    timeline_free(b);
    a = run("surface=pass eta0=0.1 seed=5");
    b = run("surface=pass eta0=0.1 seed=6");
    check_same_run(a, b); /* no noise, no seed */
    timeline_free(a);
    timeline_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_edit_log_equals_a_fresh_run),
        cmocka_unit_test(test_slices_equal_the_whole),
        cmocka_unit_test(test_a_refused_scene_changes_nothing),
        cmocka_unit_test(test_a_refused_first_scene),
        cmocka_unit_test(test_revision_tells_of_changes),
        cmocka_unit_test(test_updates_taken_apart),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_row_count_and_last_row),
        cmocka_unit_test(test_new_schedule_starts_its_clock),
        cmocka_unit_test(test_parameters_keep_the_clock_and_the_rest),
        cmocka_unit_test(test_start_zero_is_the_global_clock),
        cmocka_unit_test(test_eta0_changes_alone),
        cmocka_unit_test(test_steps_from_there),
        cmocka_unit_test(test_edits_behind_the_end_have_no_effect),
        cmocka_unit_test(test_last_of_equal_steps_wins),
        cmocka_unit_test(test_optimizer_edits),
        cmocka_unit_test(test_surface_parameters_move_the_ground),
        cmocka_unit_test(test_edit_events),
        cmocka_unit_test(test_warmup),
        cmocka_unit_test(test_plateau),
        cmocka_unit_test(test_plateau_anew),
        cmocka_unit_test(test_restart_events),
        cmocka_unit_test(test_converged_once),
        cmocka_unit_test(test_diverged_at_the_right_row),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_noise_is_a_function_of_seed_and_step),
        cmocka_unit_test(test_noise_is_gaussian),
        cmocka_unit_test(test_noise_switched_during_the_run),
        cmocka_unit_test(test_seed_changes_the_run),
    };
    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
