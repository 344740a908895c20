/* SPDX-License-Identifier: MIT
 * test_race_view: the race on the stage tells what is known at the play head, and at the end what
 * the race without a terminal says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/drive.h"
#include "core/named.h"
#include "lab/race.h"

static void command(Drive *d, const char *line)
{
    Error err = {0};
    if (!app_command(d->app, line, &err))
        fail_msg("%s: %s", line, err.message);
}

static void seek(Drive *d, long row)
{
    char line[40];
    snprintf(line, sizeof line, "seek %ld", row);
    command(d, line);
    drive_wait(d);
}

/* A number as the table has it. */
static bool shows_number(Drive *d, double v)
{
    char number[NUMBER_TEXT];
    number_show(number, v, 3);
    return drive_shows(d, number);
}

static const Row *row_of(const Drive *d, int runner, long row)
{
    return &timeline_rows(d->app->session->track[runner].run)[row];
}

static void numbers_are_those_of_the_play_head(void **state)
{
    static const long rows[] = {20, 150, 3, 77};
    (void)state;
    Drive d = drive_open(140, 40);
    command(&d, "scene A3");
    command(&d, "race schedules");
    drive_wait(&d);
    long last = session_last(d.app->session);
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        long row = rows[k] < last ? rows[k] : last - 1;
        seek(&d, row);
        for (int i = 0; i < scene_runners(app_scene(d.app)); i++)
            assert_true(shows_number(&d, row_of(&d, i, row)->loss));
    }
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* One runner goes on longer than A: its end is told with A's end, not before. */
static void at_the_end_it_is_the_race(void **state)
{
    (void)state;
    static Race r;
    Error err = {0};
    Drive d = drive_open(160, 45);
    command(&d, "scene G2");
    command(&d, "vs schedule=inverse_time steps=400");
    command(&d, "vs optimizer=adam eta0=0.1");
    command(&d, "race");
    seek(&d, session_last(d.app->session) - 1);
    assert_false(shows_number(&d, row_of(&d, 1, 400)->loss));
    command(&d, "seek end");
    drive_wait(&d);
    assert_true(race_init(&r));
    assert_true(race_start(&r, app_scene(d.app), &(RaceSpec){.to = NAN}, &err));
    while (race_advance(&r, 1000))
        continue;
    for (int i = 0; i < 3; i++)
        for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++) {
            char text[64];
            Text t = text_over(text, sizeof text);
            race_cell(&r.table, i, (RaceColumn)k, &t);
            if (k != RACE_REACHED && k != RACE_OF && !drive_shows(&d, text))
                fail_msg("%s of %c, %s, is not shown", race_columns[k].name, 'A' + i, text);
        }
    race_release(&r);
    drive_close(&d);
}

static void presets_stand_on_digits(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    drive_keys(&d, "w");
    assert_true(drive_shows(&d, "1 races schedules"));
    for (int i = 0; race_presets[i].name; i++) {
        drive_key(&d, (uint32_t)('1' + i));
        drive_wait(&d);
        assert_int_equal(app_row(d.app), 0);
        int runners = 1;
        while (race_presets[i].words[runners - 1])
            runners++;
        assert_int_equal(scene_runners(app_scene(d.app)), runners);
        for (int k = 0; k < runners; k++)
            assert_true(d.app->session->track[k].shown);
        assert_true(drive_shows(&d, i == 3 ? "seed=2" : "0"));
        assert_true(drive_shows(&d, "A  "));
    }
    for (int i = 0; race_presets[i].name; i++)
        drive_key(&d, 'u');
    assert_int_equal(scene_runners(app_scene(d.app)), 1);
    drive_close(&d);
}

/* Keys of the stage act on A, and on A alone. */
static void the_stage_goes_on(void **state)
{
    (void)state;
    Drive d = drive_open(100, 32);
    drive_keys(&d, "w1");
    drive_wait(&d);
    double rate = timeline_rate(session_run(d.app->session), 0)->eta0;
    double loss = row_of(&d, 2, 100)->loss;
    drive_key(&d, KEYCODE_UP);
    drive_wait(&d);
    assert_true(timeline_rate(session_run(d.app->session), 0)->eta0 > rate);
    assert_true(row_of(&d, 2, 100)->loss == loss);
    drive_keys(&d, "s"); /* a card comes and goes over it */
    drive_wait(&d);
    assert_true(drive_shows(&d, "race"));
    drive_keys(&d, "o");
    drive_wait(&d);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

static void it_opens_and_closes(void **state)
{
    static const int sizes[][2] = {{80, 24}, {160, 45}, {60, 18}, {40, 12}, {200, 60}, {24, 8}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        Canvas before = {0};
        Drive d = drive_open(sizes[i][0], sizes[i][1]);
        command(&d, "vs eta0=0.5");
        command(&d, "play");
        drive_wait(&d);
        drive_key(&d, 'w');
        drive_wait(&d);
        assert_true(sizes[i][1] < 10 || drive_shows(&d, "B  eta0=0.5"));
        drive_key(&d, 'w');
        say_nothing(d.app);
        command(&d, "restart");
        command(&d, "play");
        drive_wait(&d);
        drive_draw(&d);
        drive_copy(&d.canvas, &before);
        drive_forget(&d);
        drive_wait(&d);
        drive_draw(&d);
        assert_int_equal(drive_difference(&before, &d.canvas), -1);
        assert_int_equal(d.app->look->layout.table.rows, 0);
        canvas_release(&before);
        drive_close(&d);
    }
}

static void sorting_is_said(void **state)
{
    (void)state;
    Drive d = drive_open(120, 36);
    Error err = {0};
    drive_keys(&d, "w2");
    seek(&d, 40);
    command(&d, "sort final");
    assert_true(drive_shows(&d, "sorted by final, lowest first"));
    assert_true(drive_shows(&d, "final↑"));
    drive_keys(&d, "d");
    assert_true(drive_shows(&d, "final↓"));
    drive_keys(&d, "n");
    assert_false(drive_shows(&d, "final↑"));
    drive_keys(&d, "N");
    assert_true(drive_shows(&d, "final↑"));
    assert_false(app_command(d.app, "sort sideways", &err));
    drive_keys(&d, "w");
    assert_false(app_command(d.app, "sort next", &err));
    drive_close(&d);
}

static void hidden_frame(const char *future, Canvas *out)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    scene_default(scene);
    assert_true(named_load(named_find("B1", 2), scene, &err));
    assert_true(!future || scene_parse_edit(scene, future, &err));
    assert_true(scene_parse_runner(scene, "eta0=0.3", &err));
    Drive d = drive_open_scene(scene, true, 100, 32);
    drive_key(&d, 'z');
    drive_key(&d, 'w');
    d.app->gate->predicting = true;
    app_seek(d.app, 6);
    d.app->gate->predicting = true;
    drive_wait(&d);
    drive_draw(&d);
    drive_copy(&d.canvas, out);
    drive_close(&d);
    free(scene);
}

static void predicting_tells_nothing(void **state)
{
    static const char *const futures[] = {"9 eta0=1e-5", "9 eta0=3 steps=25", "9 noise=5",
                                          "9 schedule=triangular:max_lr=2", "9 optimizer=adam"};
    Canvas one = {0};
    Canvas other = {0};
    (void)state;
    hidden_frame(NULL, &one);
    for (size_t i = 0; i < sizeof futures / sizeof futures[0]; i++) {
        hidden_frame(futures[i], &other);
        int at = drive_difference(&one, &other);
        if (at >= 0)
            fail_msg("'%s' shows at %d,%d", futures[i], at % one.cols, at / one.cols);
    }
    canvas_release(&one);
    canvas_release(&other);
}

/* A runner that cannot run stands there and says so; a surface that is searched first. */
static void odd_runners_do_no_harm(void **state)
{
    (void)state;
    Drive d = drive_open(100, 32);
    Error err = {0};
    drive_key(&d, 'w');
    app_command(d.app, "vs schedule='0.1/(t-5)'", &err);
    drive_wait(&d);
    drive_draw(&d);
    command(&d, "surface=x^4+y^2-x^2");
    command(&d, "race rates");
    drive_wait(&d);
    seek(&d, 30);
    assert_true(drive_shows(&d, "to: loss"));
    assert_true(drive_shows(&d, "final"));
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* The table has room for the runners there are, whatever lies over it. */
static void it_makes_room(void **state)
{
    static const char *const over[] = {"race", "basins", "help", "big"};
    (void)state;
    for (size_t i = 0; i < sizeof over / sizeof over[0]; i++) {
        Drive d = drive_open(100, 32);
        command(&d, "race schedules");
        command(&d, over[i]);
        app_settle(d.app);
        assert_int_equal(d.app->look->layout.table.rows, 3 + SCENE_RUNNERS + 1);
        command(&d, "unpin");
        app_settle(d.app);
        assert_int_equal(d.app->look->layout.table.rows, 3 + 1 + 1);
        drive_close(&d);
    }
}

/* Lessons have digits of their own: the race is for free play, and goes with it. */
static void it_is_for_free_play(void **state)
{
    (void)state;
    Error err = {0};
    Drive d = drive_open(100, 30);
    command(&d, "lesson five-shapes");
    assert_false(app_command(d.app, "race", &err));
    command(&d, "lesson free");
    drive_keys(&d, "w");
    drive_wait(&d);
    assert_true(drive_shows(&d, "to: loss"));
    drive_keys(&d, "l"); /* as in free play: back to the lesson */
    drive_wait(&d);
    assert_false(drive_shows(&d, "to: loss"));
    assert_int_equal(d.app->look->layout.table.rows, 0);
    drive_keys(&d, "fwl1"); /* the digit is the lesson's at once */
    assert_int_equal(view_depth(d.app->views, &view_race), -1);
    drive_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_play_head),
        cmocka_unit_test(at_the_end_it_is_the_race),
        cmocka_unit_test(presets_stand_on_digits),
        cmocka_unit_test(the_stage_goes_on),
        cmocka_unit_test(it_opens_and_closes),
        cmocka_unit_test(sorting_is_said),
        cmocka_unit_test(predicting_tells_nothing),
        cmocka_unit_test(odd_runners_do_no_harm),
        cmocka_unit_test(it_makes_room),
        cmocka_unit_test(it_is_for_free_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
