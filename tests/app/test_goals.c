/* SPDX-License-Identifier: MIT
 * test_goals: a goal on the stage (--goal): its conditions at the cursor, the verdict on the whole
 * run. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/drive.h"

enum { VERDICT = 600 };

/* The well-chosen bowl (loss 17.9, 14.5, ... falling) under a goal. */
static Drive stage(const char *goal)
{
    Error err = {0};
    Scene scene;
    Drive d = {0};
    scene_default(&scene);
    assert_true(scene_parse(&scene, "surface=bowl20 start=-4,1 schedule=constant eta0=0.09 steps=60",
                            NULL, &err));
    d.app = app_new(&(AppOptions){.scene = &scene, .paused = true, .goal = goal}, &err);
    if (!d.app)
        fail_msg("%s", err.message);
    app_output(d.app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    drive_resize(&d, 120, 36);
    drive_wait(&d);
    return d;
}

static void expect_shown(Drive *d, long row, const char *words)
{
    app_seek(d->app, row);
    drive_wait(d);
    if (drive_shows(d, words))
        return;
    char *text = drive_text(&d->canvas);
    fail_msg("no '%s' in row %ld:\n%s", words, row, strstr(text, " η₀  "));
}

static void conditions_stand_at_the_cursor(void **state)
{
    (void)state;
    Drive d = stage("(loss < 0.01 by 50) and eta < 1");
    expect_shown(&d, 0, "goal  · loss < 0.01 by 50 (now 18.0)");
    expect_shown(&d, 0, "✓ eta < 1 (now 0.0900)");
    expect_shown(&d, 60, "goal met  ✓ loss < 0.01 by 50 (");
    drive_close(&d);
    d = stage("loss < 0.01 by 20");
    expect_shown(&d, 30, "loss < 0.01 by 20 (then ");
    expect_shown(&d, 30, "missed");
    drive_close(&d);
}

static void the_whole_run_is_judged(void **state)
{
    (void)state;
    char verdict[VERDICT];
    Drive d = stage("loss < 0.01 by 50");
    app_seek(d.app, 3);
    assert_true(app_goal(d.app, verdict, sizeof verdict));
    assert_string_equal(verdict, "goal met: loss < 0.01 by 50");
    drive_close(&d);
    d = stage("eta < 1 and loss < 1e-9");
    assert_false(app_goal(d.app, verdict, sizeof verdict));
    assert_memory_equal(verdict, "goal not met: eta < 1 and loss < 1e-9; nearest: loss < 1e-9 (now ",
                        65);
    drive_close(&d);
    d = stage(NULL);
    verdict[0] = '\0';
    assert_true(app_goal(d.app, verdict, sizeof verdict));
    assert_string_equal(verdict, "");
    drive_close(&d);
}

static void what_is_no_goal_is_refused(void **state)
{
    (void)state;
    Error err = {0};
    assert_null(app_new(&(AppOptions){.goal = "loss <"}, &err));
    assert_string_equal(err.file, "--goal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_stand_at_the_cursor),
        cmocka_unit_test(the_whole_run_is_judged),
        cmocka_unit_test(what_is_no_goal_is_refused),
    };
    return cmocka_run_group_tests_name("goals on the stage", tests, NULL, NULL);
}
