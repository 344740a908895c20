/* SPDX-License-Identifier: MIT
 * test_ends: the maps of where runs end, on the stage: a pixel played ends as the pixel said, the
 * minima of Himmelblau go out one by one, keys never wait, and nothing changes before Enter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/drive.h"
#include "app/ends.h"
#include "app/panes.h"

static void command(Drive *d, const char *line)
{
    Error err = {0};
    if (!app_command(d->app, line, &err))
        fail_msg("%s: %s", line, err.message);
}

/* The map of the view that is open. */
static Ends *ends_of(const Drive *d)
{
    return view_memory(d->app, view_at_work(d->app->views));
}

static Drive open_map(const char *scene, const char *line, int cols, int rows)
{
    Drive d = drive_open(cols, rows);
    command(&d, scene);
    command(&d, "seek start");
    command(&d, line);
    drive_wait(&d);
    assert_true(ends_of(&d)->started);
    return d;
}

/* Play the run under a cell of the map. */
static void play_cell(const char *scene, const char *line, int number)
{
    Drive d = open_map(scene, line, 80, 24);
    Rect map = rect_inside(d.app->look->layout.map);
    int col = number * 17 % map.cols;
    int row = number * 11 % map.rows;
    drive_mouse(&d, map.col + col, map.row + row, MOUSE_LEFT);
    const Ends *e = ends_of(&d);
    assert_int_equal(e->col, col);
    assert_int_equal(e->row, 2 * row);
    Pixel p = *maps_pixel(e->maps, e->col, e->row);
    bool runs = maps_pixel_scene(e->maps, e->col, e->row, &d.app->session->scratch);
    assert_true(runs);
    drive_key(&d, KEYCODE_ENTER);
    assert_true(drive_in(&d, "stage") && view_at_work(d.app->views) == NULL);
    drive_play_out(&d);
    const Timeline *run = session_run(d.app->session);
    const Row *end = &timeline_rows(run)[timeline_last(run)];
    const Verdict *v = &d.app->picture->now.verdict;
    if (memcmp(&end->at.x, &p.x, sizeof p.x) != 0 || memcmp(&end->at.y, &p.y, sizeof p.y) != 0)
        fail_msg("%s %s %d: the pixel ends at %a %a, the run at %a %a", scene, line, number, p.x,
                 p.y, end->at.x, end->at.y);
    if (v->outcome != (Outcome)p.outcome || (p.minimum && v->which + 1 != p.minimum))
        fail_msg("%s %s %d: the pixel says %s %d, the run %s %d", scene, line, number,
                 outcomes[p.outcome].word, p.minimum, outcomes[v->outcome].word, v->which + 1);
    drive_close(&d);
}

static void a_pixel_is_its_run(void **state)
{
    (void)state;
    static const struct { const char *scene, *line; } cases[] = {
        {"surface=himmelblau schedule=constant eta0=0.0155 steps=300", "basins"},
        {"surface=himmelblau optimizer=adam schedule=cosine eta0=0.3 steps=150", "basins"},
        {"surface=rastrigin schedule=step eta0=0.01 steps=100", "basins"},
        {"surface=himmelblau noise=2 schedule=cosine eta0=0.01 steps=200", "basins"},
        {"surface=x^4-x^2+y^2+0.1*x window=-2,2,-2,2 start=1,1 eta0=0.1 steps=120", "basins"},
        {"surface=line24 batch=4 steps=96", "basins"},
        {"surface=bowl20 optimizer=momentum eta0=0.05 steps=200", "sweep momentum"},
        {"surface=pass schedule=cosine eta0=0.5 steps=100", "sweep eta_min"},
        {"surface=pass schedule=cosine_restarts eta0=0.5 steps=100", "sweep T_0"},
        {"surface=himmelblau eta0=0.01 steps=100", "sweep noise"},
        {"surface=himmelblau eta0=0.01 steps=100", "sweep warmup"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int k = 1; k <= 6; k++)
            play_cell(cases[i].scene, cases[i].line, k + (int)i);
}

/* Edits before the play head are part of the settings. */
static void edits_count_up_to_the_play_head(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "surface=himmelblau eta0=0.01 schedule=constant steps=200 at 50 eta0=0.024 at 150 eta0=1");
    app_seek(d.app, 100);
    command(&d, "basins");
    drive_wait(&d);
    assert_true(maps_scene(ends_of(&d)->maps)->eta0 == 0.024);
    assert_int_equal(maps_scene(ends_of(&d)->maps)->edit_count, 0);
    drive_close(&d);
}

static double share(const Ends *e, int minimum)
{
    return (double)e->minimum[minimum] / ((double)e->spec.cols * e->spec.rows);
}

/* 2/lambda of the four: 0.01495, 0.01897, 0.02431, 0.02483. Just above, a jump to and fro is still
 * within 1 % of the diagonal. */
static void minima_go_out_one_by_one(void **state)
{
    (void)state;
    static const struct { double eta0; int left; } cases[] = {
        {0.0149, 4}, {0.0155, 3}, {0.0189, 3}, {0.0195, 2}, {0.0242, 2}, {0.0246, 1}, {0.0247, 1},
        {0.0255, 0}};
    Drive d = open_map("surface=himmelblau schedule=constant eta0=0.01 steps=3000", "basins", 80, 24);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char line[64];
        int left = 0;
        snprintf(line, sizeof line, "eta0=%g", cases[k].eta0);
        command(&d, line);
        drive_wait(&d);
        for (int i = 0; i < 4; i++)
            left += ends_of(&d)->minimum[i] > 0;
        if (left != cases[k].left)
            fail_msg("%d minima are left at %s", left, line);
    }
    drive_close(&d);
}

/* SPEC 4: an honest pair. */
static void flat_and_sharp(void **state)
{
    (void)state;
    Drive d = open_map("surface=flat_global window=-2,2,-2,2 schedule=cosine:eta_min=0 eta0=0.2 steps=200",
                       "basins", 80, 24);
    assert_true(maps_known(ends_of(&d)->maps)->point[0].global);
    assert_true(share(ends_of(&d), 0) > 0.98);
    drive_close(&d);
    d = open_map("surface=sharp_global window=-2,2,-2,2 schedule=cosine:eta_min=0 eta0=0.2 steps=200",
                 "basins", 80, 24);
    assert_true(maps_known(ends_of(&d)->maps)->point[0].global);
    assert_true(share(ends_of(&d), 0) == 0);
    drive_close(&d);
}

/* 2x2 blocks of pixels with runs that come back and runs that do not. */
static int border_blocks(const Ends *e)
{
    int n = 0;
    for (int row = 0; row + 1 < e->spec.rows; row++)
        for (int col = 0; col + 1 < e->spec.cols; col++) {
            int gone = 0;
            for (int k = 0; k < 4; k++)
                gone += outcomes[maps_pixel(e->maps, col + k % 2, row + k / 2)->outcome].gone;
            n += gone > 0 && gone < 4;
        }
    return n;
}

/* How many of them there are on screens of 1:2 in size, as a power of the size. */
static double border_dimension(const char *scene, int zooms)
{
    int blocks[2];
    for (int i = 0; i < 2; i++) {
        Drive d = open_map(scene, "sweep a", 60 << i, 24);
        drive_resize(&d, i ? 116 : 62, i ? 42 : 25); /* maps of 32x34 and 64x68 */
        for (int k = 0; k < zooms; k++)
            drive_key(&d, '+');
        drive_wait(&d);
        blocks[i] = border_blocks(ends_of(&d));
        assert_true(blocks[i] > 10);
        drive_close(&d);
    }
    return log2((double)blocks[1] / blocks[0]);
}

/* arXiv 2406.13971: a cosine ripple of amplitude a and length 1 on x^2 makes the border a fractal
 * where it makes the loss non-convex: a > 1/(2 pi^2) = 0.0507. */
static void a_ripple_makes_the_border_fractal(void **state)
{
    (void)state;
    double rough = border_dimension("surface=x^2+y^2/2+a*cos(2*pi*x):a=0.15 window=-4,4,-4,4 "
                                    "start=1,1 schedule=constant eta0=1.03 steps=300", 3);
    double smooth = border_dimension("surface=x^2+y^2/2+a*cos(2*pi*x):a=0.02 window=-4,4,-4,4 "
                                     "start=1,1 schedule=constant eta0=1.01 steps=300", 5);
    if (rough < 1.3 || fabs(smooth - 1) > 0.15)
        fail_msg("the borders have dimensions %g and %g", rough, smooth);
}

/* Momentum m bears 2(1+m)/lambda; lambda is 20. */
static void momentum_against_the_rate(void **state)
{
    (void)state;
    Drive d = open_map("surface=bowl20 optimizer=momentum schedule=constant eta0=0.05 steps=600",
                       "sweep momentum", 100, 30);
    const Ends *e = ends_of(&d);
    for (int row = 0; row < e->spec.rows; row++)
        for (int col = 0; col < e->spec.cols; col++) {
            Vec2 at = maps_place(e->maps, col, row);
            double share_of_limit = at.x / (2 * (1 + at.y) / 20);
            bool gone = outcomes[maps_pixel(e->maps, col, row)->outcome].gone;
            if ((share_of_limit < 0.999 && gone) || (share_of_limit > 1.02 && !gone && at.y < 0.95))
                fail_msg("η₀ %g, momentum %g: %s", at.x, at.y,
                         outcomes[maps_pixel(e->maps, col, row)->outcome].word);
        }
    drive_close(&d);
}

static int known_pixels(const Ends *e)
{
    int n = 0;
    for (int row = 0; row < e->spec.rows; row += 8)
        for (int col = 0; col < e->spec.cols; col += 8)
            n += maps_pixel(e->maps, col, row) != NULL;
    return n;
}

/* An event is answered without a slice, and a slice is so many updates whatever the map costs. */
static void keys_never_wait(void **state)
{
    (void)state;
    Drive d = drive_open(200, 60);
    command(&d, "surface=himmelblau schedule=constant eta0=1e-5 steps=8000");
    drive_wait(&d);
    command(&d, "basins");
    app_advance(d.app, 0);
    assert_false(ends_of(&d)->started);
    for (int slices = 1; slices <= 60; slices++) {
        app_advance(d.app, 1e-9);
        assert_true(ends_of(&d)->started && ends_of(&d)->waits);
        long most = 128 + (long)slices * ENDS_SLICE / 8000;
        assert_true(known_pixels(ends_of(&d)) <= most);
    }
    double before = maps_progress(ends_of(&d)->maps);
    drive_key(&d, KEYCODE_SHIFT_RIGHT); /* a key changes nothing of the map */
    app_advance(d.app, 0);
    assert_true(maps_progress(ends_of(&d)->maps) == before);
    drive_key(&d, KEYCODE_UP); /* another rate: the next slice begins anew */
    app_advance(d.app, 0);
    assert_true(maps_progress(ends_of(&d)->maps) == before);
    app_advance(d.app, 1e-9);
    assert_true(maps_scene(ends_of(&d)->maps)->eta0 > 1e-5);
    drive_close(&d);
}

static void too_long_runs_are_refused(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "surface=himmelblau steps=8001");
    command(&d, "basins");
    for (int i = 0; i < 100; i++)
        app_advance(d.app, 1e-9);
    assert_false(ends_of(&d)->started);
    assert_true(drive_shows(&d, "runs of more than 8000"));
    drive_close(&d);
}

/* What one looks at changes nothing; Escape leaves the stage as it was. */
static void looking_changes_nothing(void **state)
{
    (void)state;
    static const uint32_t keys[] = {KEYCODE_SHIFT_LEFT, KEYCODE_SHIFT_UP, '+', '+', '-', '0', '+'};
    for (int w = 0; w < 2; w++) {
        Drive d = open_map("surface=himmelblau eta0=0.01 steps=100", w ? "sweep" : "basins", 80, 24);
        char *before = drive_scene_text(d.app);
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            drive_key(&d, keys[i]);
            drive_wait(&d);
            assert_true(ends_of(&d)->started);
        }
        Window shown = d.app->session->window;
        drive_key(&d, KEYCODE_TAB);
        drive_key(&d, KEYCODE_ESCAPE);
        while (view_at_work(d.app->views))
            drive_key(&d, KEYCODE_ESCAPE);
        char *after = drive_scene_text(d.app);
        assert_string_equal(before, after);
        assert_memory_equal(&shown, &d.app->session->window, sizeof shown);
        free(before);
        free(after);
        drive_close(&d);
    }
}

/* The cross stays where it is while one comes closer, as long as numbers can be told apart. */
static void zoom_without_end(void **state)
{
    (void)state;
    for (int w = 0; w < 2; w++) {
        Drive d = open_map("surface=himmelblau eta0=0.01 schedule=constant optimizer=momentum steps=40",
                           w ? "sweep" : "basins", 80, 24);
        drive_key(&d, KEYCODE_SHIFT_LEFT);
        drive_key(&d, KEYCODE_SHIFT_DOWN);
        Ends *e = ends_of(&d);
        for (int i = 0; i < 60; i++) {
            int col = e->col, row = e->row;
            double wide = window_size(e->view).x;
            Vec2 at = maps_place(e->maps, col, row);
            drive_key(&d, '+');
            drive_wait(&d);
            bool closer = window_size(e->view).x < wide;
            assert_true(closer || i > 35);
            if (!closer)
                break;
            Vec2 now = maps_place(e->maps, e->col, e->row);
            assert_true(abs(e->col - col) <= 1 && abs(e->row - row) <= 2);
            if (w == 0)
                assert_true(fabs(now.x - at.x) <= wide / 40 && fabs(now.y - at.y) <= wide / 20);
        }
        drive_key(&d, '0');
        assert_memory_equal(&e->view, &e->home, sizeof e->home);
        drive_close(&d);
    }
}

/* All keys of the stage work on; the card of a schedule does not stop the map. */
static void the_stage_goes_on(void **state)
{
    (void)state;
    Drive d = open_map("surface=himmelblau eta0=0.01 schedule=constant steps=100", "basins", 100, 30);
    double eta0 = maps_scene(ends_of(&d)->maps)->eta0;
    drive_key(&d, KEYCODE_UP);
    drive_wait(&d);
    assert_true(maps_scene(ends_of(&d)->maps)->eta0 > eta0);
    drive_key(&d, 's');
    drive_wait(&d);
    assert_string_not_equal(scene_schedule(maps_scene(ends_of(&d)->maps))->name, "constant");
    drive_key(&d, 'f');
    drive_wait(&d);
    assert_true(maps_progress(ends_of(&d)->maps) == 1);
    Window w = timeline_window(session_run(d.app->session));
    assert_memory_equal(&ends_of(&d)->view, &w, sizeof w);
    drive_close(&d);
}

/* The sweep's own parameter goes with the optimizer. */
static void a_parameter_that_goes_is_replaced(void **state)
{
    (void)state;
    Drive d = open_map("surface=bowl20 optimizer=momentum eta0=0.05 steps=60", "sweep momentum", 80, 24);
    command(&d, "optimizer=adam");
    drive_wait(&d);
    assert_true(ends_of(&d)->started);
    assert_string_equal(maps_axis(ends_of(&d)->maps, 1)->name, "optimizer.beta1");
    command(&d, "optimizer=sgd");
    drive_wait(&d);
    assert_true(ends_of(&d)->started);
    drive_close(&d);
}

/* Tab reaches every parameter that a sweep can vary, and each gives a map. */
static void tab_walks_through_all(void **state)
{
    (void)state;
    Drive d = open_map("surface=pass optimizer=adam schedule=one_cycle eta0=0.5 steps=50", "sweep", 80, 24);
    char first[MAPS_AXIS];
    int count = 0;
    snprintf(first, sizeof first, "%s", maps_axis(ends_of(&d)->maps, 1)->name);
    do {
        drive_key(&d, KEYCODE_TAB);
        drive_wait(&d);
        assert_true(ends_of(&d)->started);
        assert_true(maps_progress(ends_of(&d)->maps) == 1);
        assert_true(++count < 40);
    } while (strcmp(first, maps_axis(ends_of(&d)->maps, 1)->name) != 0);
    assert_true(count >= 6);
    drive_close(&d);
}

/* A pin stays when a pixel is played, and undo takes it back. */
static void enter_keeps_runners(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "surface=himmelblau eta0=0.01 steps=100");
    command(&d, "pin");
    command(&d, "eta0=0.012");
    char *before = drive_scene_text(d.app);
    command(&d, "seek start");
    command(&d, "basins");
    drive_wait(&d);
    drive_key(&d, KEYCODE_SHIFT_RIGHT);
    drive_key(&d, KEYCODE_ENTER);
    assert_int_equal(scene_runners(app_scene(d.app)), 2);
    drive_wait(&d);
    command(&d, "undo");
    char *after = drive_scene_text(d.app);
    assert_string_equal(before, after);
    free(before);
    free(after);
    drive_close(&d);
}

/* What is to come is hidden while a class guesses. */
static void predicting_hides_the_map(void **state)
{
    (void)state;
    Drive d = open_map("surface=himmelblau eta0=0.01 steps=100", "basins", 80, 24);
    assert_true(drive_shows(&d, "where each start ends"));
    drive_key(&d, 'z');
    drive_wait(&d);
    assert_false(drive_shows(&d, "where each start ends"));
    assert_false(drive_shows(&d, "ends of all starts"));
    drive_close(&d);
}

/* The surface's picture would lie over the classes. */
static void no_picture_under_the_map(void **state)
{
    (void)state;
    Drive d = open_map("surface=himmelblau eta0=0.01 steps=100", "basins", 80, 24);
    app_pictures(d.app, true);
    drive_wait(&d);
    assert_false(map_pictured(d.app));
    drive_key(&d, KEYCODE_ESCAPE);
    drive_wait(&d);
    assert_true(map_pictured(d.app));
    drive_close(&d);
}

/* Without colours the letters and textures tell the classes apart. */
static void without_colours(void **state)
{
    (void)state;
    Drive d = open_map("surface=himmelblau eta0=0.0155 schedule=constant steps=400", "basins", 80, 24);
    app_output(d.app, MODE_MONO, GLYPHS_QUADRANT);
    drive_draw(&d);
    Rect map = rect_inside(d.app->look->layout.map);
    int seen[128] = {0};
    for (int row = map.row; row < map.row + map.rows; row++)
        for (int col = map.col; col < map.col + map.cols; col++) {
            uint32_t glyph = d.canvas.cell[row * d.cols + col].glyph;
            seen[glyph < 128 ? glyph : 0]++;
        }
    for (int i = 0; i < 4; i++)
        if (ends_of(&d)->minimum[i])
            assert_true(seen[(int)class_rows[i].letter] > 5 && seen[(int)class_rows[i].texture] > 40);
    assert_true(seen['~'] > 40);
    drive_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pixel_is_its_run),
        cmocka_unit_test(edits_count_up_to_the_play_head),
        cmocka_unit_test(minima_go_out_one_by_one),
        cmocka_unit_test(flat_and_sharp),
        cmocka_unit_test(a_ripple_makes_the_border_fractal),
        cmocka_unit_test(momentum_against_the_rate),
        cmocka_unit_test(keys_never_wait),
        cmocka_unit_test(too_long_runs_are_refused),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(zoom_without_end),
        cmocka_unit_test(the_stage_goes_on),
        cmocka_unit_test(a_parameter_that_goes_is_replaced),
        cmocka_unit_test(tab_walks_through_all),
        cmocka_unit_test(enter_keeps_runners),
        cmocka_unit_test(predicting_hides_the_map),
        cmocka_unit_test(no_picture_under_the_map),
        cmocka_unit_test(without_colours),
    };
    return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
