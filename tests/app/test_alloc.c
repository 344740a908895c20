/* SPDX-License-Identifier: MIT
 * test_alloc: the frame loop allocates nothing. Linked with --wrap for malloc and its kin. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/drive.h"
#include "out/ansi.h"

static bool counting;
static long calls;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

void *__wrap_malloc(size_t size)
{
    calls += counting;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    calls += counting;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    calls += counting;
    return __real_realloc(p, size);
}

void __wrap_free(void *p)
{
    calls += counting && p;
    __real_free(p);
}

/* Play 600 frames from where the program is; calls of the allocator. What a change sets off (the
 * ruler's runs, critical points) is done first: it compiles formulas. */
static long play_frames(Drive *d)
{
    Ansi ansi;
    drive_wait(d);
    ansi_init(&ansi, MODE_TRUECOLOR, true);
    assert_true(ansi_resize(&ansi, d->cols, d->rows));
    calls = 0;
    counting = true;
    for (int i = 0; i < 600; i++) {
        app_advance(d->app, 1.0 / 60);
        drive_draw(d);
        ansi_frame(&ansi, &d->canvas, false);
    }
    counting = false;
    ansi_release(&ansi);
    return calls;
}

static void wrapping_works(void **state)
{
    (void)state;
    calls = 0;
    counting = true;
    Drive d = drive_open(80, 24);
    drive_close(&d);
    counting = false;
    assert_true(calls > 10);
}

static void playing_allocates_nothing(void **state)
{
    static const char *const lines[] = {"play",        "pair 1",        "scene G2", "scene A5",
                                        "surface=x^2+3*y^2", "steps=100000", "schedule=plateau",
                                        "help",        "menu scene",    "prompt",   "close",
                                        "surface=himmelblau", "basins", "sweep", "close", "race schedules"};
    (void)state;
    Drive d = drive_open(200, 60);
    assert_int_equal(play_frames(&d), 0);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        app_command(d.app, "restart", NULL);
        assert_true(app_command(d.app, lines[i], NULL));
        long count = play_frames(&d);
        if (count)
            fail_msg("%ld calls of the allocator in 600 frames after '%s'", count, lines[i]);
    }
    drive_close(&d);
}

/* Another rate compiles nothing, though the schedule is typed. */
static void another_rate_allocates_nothing(void **state)
{
    (void)state;
    static Scene scene;
    Error err = {0};
    Timeline *t = timeline_new();
    scene_default(&scene);
    const char *text = "surface='x^2+3*y^2' schedule=eta0/(1+t) eta0=0.1\nat 9 eta0=0.2";
    assert_true(scene_parse(&scene, text, NULL, &err) && timeline_set(t, &scene, &err));
    scene.eta0 = 0.05;
    calls = 0;
    counting = true;
    bool ok = timeline_set(t, &scene, &err);
    counting = false;
    assert_true(ok);
    assert_int_equal(calls, 0);
    timeline_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapping_works),
        cmocka_unit_test(playing_allocates_nothing),
        cmocka_unit_test(another_rate_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
