/* SPDX-License-Identifier: MIT
 * test_bind: a scene's names resolved: epochs counted across batch edits, whose word an error is
 * about, formulas compiled once. And what the bits of a run need of the compiler. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/bind.h"

static Scene scene;
static Model model;
static Bound *bound;

static bool try_bind(const char *text, Error *err)
{
    static const Model *const none[MODEL_KNOWN];
    *err = (Error){0};
    model_release(&model);
    bind_release(bound);
    scene_default(&scene);
    if (!scene_parse(&scene, text, NULL, err) || !model_load(&model, &scene, none, err))
        fail_msg("%s: %s", text, err->message);
    return bind_scene(bound, &scene, &model, NULL, err);
}

static const Bound *binding_of(const char *text)
{
    Error err;
    if (!try_bind(text, &err))
        fail_msg("%s: %s", text, err.message);
    return bound;
}

static double eta_at(const Bound *b, long row)
{
    return rate_at(&bind_at(b, row)->rate, row, NULL);
}

/* ---- epochs ---- */

static void epochs_stay_finished(void **state)
{
    (void)state;
    const Bound *b = binding_of("surface=line24 batch=1 steps=600 eta0=0.01 "
                                  "schedule=step:step_size=5,gamma=0.5,unit=epoch\n"
                                  "at 240 batch=24");
    assert_true(eta_at(b, 239) == 0.005);  /* ten epochs of 24 steps */
    assert_true(eta_at(b, 240) == 0.0025);
    assert_true(eta_at(b, 244) == 0.0025); /* then epochs of one step */
    assert_true(eta_at(b, 245) == 0.00125);
    assert_true(bind_at(b, 300)->rate.horizon == 370);
}

static void what_was_broken_off_does_not_count(void **state)
{
    (void)state;
    const Bound *b = binding_of("surface=line24 batch=7 steps=60 schedule=cosine:unit=epoch\n"
                                  "at 10 batch=12\nat 15 batch=24\nat 15 noise=1");
    static const struct { long row; double units; } want[] = {
        {0, 0},  {3, 0},  {4, 1},  {9, 2},  {10, 2}, {11, 2},
        {12, 3}, {14, 4}, {15, 4}, {16, 5}, {60, 49}};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_true(rate_units(&bind_at(b, want[i].row)->rate, want[i].row) == want[i].units);
    b = binding_of("surface=line24 batch=7 steps=60 schedule=cosine:unit=epoch,start=5\n"
                   "at 10 batch=12"); /* the clock starts inside an epoch */
    assert_true(rate_units(&bind_at(b, 9)->rate, 9) == 1);
    assert_true(rate_units(&bind_at(b, 12)->rate, 12) == 2);
}

static void a_restart_at_the_batch_edit(void **state)
{
    (void)state;
    const Bound *b = binding_of("surface=line24 batch=12 steps=60 "
                                  "schedule=cosine_restarts:unit=epoch,T_0=2,T_mult=1\n"
                                  "at 4 batch=6");
    for (long row = 1; row <= 28; row++) /* 2 epochs of 2 steps, then of 4 */
        assert_int_equal(rate_restarts(&bind_at(b, row)->rate, row),
                         row == 4 || (row - 4) % 8 == 0);
}

/* ---- errors ---- */

static void errors_tell_whose_they_are(void **state)
{
    (void)state;
    static const struct { const char *text; long line; long column; } cases[] = {
        {"surface=pass schedule=one_cycle:total=3", 1, 23},
        {"surface=pass schedule='0.1-t'", 1, 24},
        {"surface=pass batch=4", 1, 20},
        {"surface=pass schedule=plateau:metric=held_out", 1, 23},
        {"surface='log(x)+y^2' start=-1,0", 1, 28},
        {"surface=pass\nat 3 noise=1\nat 5 eta0=1 schedule='0.1-t'\nat 7 noise=0", 3, 23},
        {"surface=pass\nat 3 noise=1\nat 5 batch=4", 3, 12},
        {"surface=pass schedule='eta0-0.01*t/T'\nat 3 noise=1\nat 5 eta0=1e-3", 1, 24},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = {0};
        if (try_bind(cases[i].text, &err))
            fail_msg("%s was bound", cases[i].text);
        if (err.line != cases[i].line || err.column != cases[i].column)
            fail_msg("%s: line %ld, column %ld: %s", cases[i].text, err.line, err.column, err.message);
        assert_int_equal(bound->segments, 0);
    }
}

/* ---- formulas ---- */

static void a_typed_schedule_is_compiled_once(void **state)
{
    (void)state;
    const Bound *b = binding_of("surface=pass schedule='eta0/(1+k*t)':k=0.1\nat 3 eta0=0.01\n"
                                  "at 5 noise=1\nat 9 schedule='eta0/(1+k*t)':k=0.2\n"
                                  "at 12 schedule=eta0");
    assert_int_equal(b->segments, 5);
    assert_int_equal(b->formulas, 2);
    assert_ptr_equal(b->segment[0].rate.formula, b->segment[3].rate.formula);
    Bound *second = calloc(1, sizeof *second);
    Error err;
    assert_true(second && bind_scene(second, &scene, &model, b, &err));
    assert_int_equal(second->formulas, 2);
    assert_ptr_equal(second->segment[4].rate.formula, b->segment[4].rate.formula);
    bind_release(bound); /* the other still has its use */
    assert_true(eta_at(second, 20) == second->segment[2].rate.eta0);
    bind_release(second);
    free(second);
}

/* ---- the compiler ---- */

static bool compiles(const char *flags)
{
    char line[256];
    snprintf(line, sizeof line,
             "cc -std=c11 -Isrc %s -fsyntax-only -x c src/base/vec.h 2>/dev/null", flags);
    return system(line) == 0;
}

static void other_arithmetic_is_refused(void **state)
{
    (void)state;
    assert_true(compiles("-O2"));
    assert_false(compiles("-O2 -ffast-math"));
    assert_false(compiles("-DFLT_EVAL_METHOD=2 -D__FLT_H -D__CLANG_FLOAT_H -D_FLOAT_H___"));
}

static int begin(void **state)
{
    (void)state;
    bound = calloc(1, sizeof *bound);
    return bound ? 0 : 1;
}

static int end(void **state)
{
    (void)state;
    bind_release(bound);
    model_release(&model);
    free(bound);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_stay_finished),
        cmocka_unit_test(what_was_broken_off_does_not_count),
        cmocka_unit_test(a_restart_at_the_batch_edit),
        cmocka_unit_test(errors_tell_whose_they_are),
        cmocka_unit_test(a_typed_schedule_is_compiled_once),
        cmocka_unit_test(other_arithmetic_is_refused),
    };
    return cmocka_run_group_tests_name("bind", tests, begin, end);
}
