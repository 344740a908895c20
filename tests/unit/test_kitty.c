/* SPDX-License-Identifier: MIT
 * test_kitty: a run is played as pictures for a terminal, and what the terminal then has is the
 * picture: base and layer to the pixel, and together what is drawn at once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "core/named.h"
#include "out/board.h"
#include "unit/png_read.h"
#include "kitty_read.h"
#include "view/layer.h"
#include "view/plots.h"

enum { COLS = 76, ROWS = 30, CELL_W = 6, CELL_H = 12, WIDE = COLS * CELL_W, HIGH = ROWS * CELL_H };

static const double unit = 0.8;

typedef struct Play {
    Timeline *run;
    CriticalSet known;
    Field heat;
    Figure figure;
    PlotsStore store;
    PlotsInput in;
    Paint paint;
    Layer layer;
    KittyPanel panel;
    Screen screen;
    Bytes out;
} Play;

static Play play;
static Deflate *deflate;

static void sample(void)
{
    play.heat.contours = 16;
    assert_true(field_resize(&play.heat, WIDE / 3, HIGH / 6));
    field_start(&play.heat, timeline_window(play.run), plots_values, timeline_loss(play.run));
    while (field_advance(&play.heat, 1000000)) {
    }
}

static void open_scene(const char *words)
{
    Error err = {0};
    Scene scene;
    const NamedScene *named = named_find(words, strlen(words));
    scene_default(&scene);
    assert_true(scene_parse(&scene, named ? named->text : words, NULL, &err));
    play.run = timeline_new();
    assert_true(timeline_set(play.run, &scene, &err));
    while (timeline_advance(play.run, 100000)) {
    }
    const Surface *s = scene_surface(&scene);
    critical_start(&play.known);
    for (int i = 0; s && i < s->critical_count; i++)
        critical_add(&play.known, timeline_loss(play.run), timeline_window(play.run),
                     s->critical[i].at);
    sample();
    play.paint = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    play.in = (PlotsInput){.tracks = 1,
                           .known = &play.known,
                           .window = timeline_window(play.run),
                           .heat = &play.heat,
                           .surface = "",
                           .axis = {"x", "y"}};
    play.in.track[0] = (PlotsTrack){.run = play.run};
    assert_true(layer_resize(&play.layer, WIDE, HIGH));
    assert_true(kitty_open(&play.panel, (KittyPlace){2, 3, COLS, ROWS, CELL_W, CELL_H}, 1000));
    screen_open(&play.screen);
}

static void close_scene(void)
{
    timeline_free(play.run);
    field_release(&play.heat);
    layer_release(&play.layer);
    kitty_close(&play.panel);
    screen_close(&play.screen);
    bytes_release(&play.out);
}

static void map_at(long row)
{
    play.in.track[0].row = row;
    figure_start(&play.figure, "");
    play.figure.bare = true;
    plots_panels[0].draw(&play.figure, &play.in, &play.store);
}

static void deliver(void)
{
    assert_false(play.out.failed);
    screen_write(&play.screen, play.out.at, play.out.count);
    play.out.count = 0;
}

static void draw_whole(Pixels *p, bool heat)
{
    FigurePen pen = pixels_pen(p);
    play.heat.shown = heat;
    figure_draw(&play.figure, (Box){0, 0, WIDE, HIGH}, unit, &play.paint, &pen);
    play.heat.shown = true;
}

static void send_base(void)
{
    Pixels base = {0};
    Figure *f = &play.figure;
    map_at(0);
    f->shapes = f->panel[0].shapes = 0;
    assert_true(pixels_resize(&base, WIDE, HIGH));
    pixels_clear(&base, &play.paint, play.paint.role[ROLE_BACK]);
    draw_whole(&base, true);
    kitty_base(&play.panel, &base, deflate, &play.out);
    deliver();
    pixels_release(&base);
}

static void step_to(long row)
{
    map_at(row);
    assert_true(layer_draw(&play.layer, &play.figure, unit, &play.paint));
    kitty_layer(&play.panel, &play.layer.now, play.layer.dirty, deflate, &play.out);
    deliver();
}

/* Pictures of the screen above one another, lowest first, on a raster. */
static void put_together(Pixels *to, bool with_base)
{
    const Screen *s = &play.screen;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < SCREEN_PICTURES; i++) {
            const ScreenPicture *p = &s->picture[i];
            bool base = p->width == WIDE && p->height == HIGH;
            if (!p->id || base != (pass == 0) || (base && !with_base))
                continue;
            assert_true(p->z < -1073741824L);
            assert_true(p->width == p->cols * CELL_W && p->height == p->rows * CELL_H);
            for (int k = 0; k < p->width * p->height; k++) {
                int x = (p->col - 2) * CELL_W + k % p->width,
                    y = (p->row - 3) * CELL_H + k / p->width;
                uint8_t *out = to->rgba + 4 * (y * WIDE + x);
                const uint8_t *in = p->rgba + 4 * k;
                for (int c = 0; c < 3 && with_base; c++) {
                    double a = in[3] / 255.0, over = play.paint.linear[in[c]],
                           under = play.paint.linear[out[c]];
                    out[c] = play.paint.encode[(int)((a * over + (1 - a) * under) / 16)];
                }
                if (!with_base || base)
                    memcpy(out, in, 4);
            }
        }
}

static void screen_has_the_layer(void)
{
    Pixels have = {0};
    assert_true(pixels_resize(&have, WIDE, HIGH));
    put_together(&have, false);
    for (int i = 0; i < WIDE * HIGH; i++) {
        const uint8_t *a = have.rgba + 4 * i, *b = play.layer.now.rgba + 4 * i;
        assert_true(abs(a[3] - b[3]) <= 17);
        for (int c = 0; c < 3 && a[3]; c++)
            assert_true(abs(a[c] - b[c]) < 8);
    }
    pixels_release(&have);
}

/* Pixels that are off by more than `most` of 255. */
static int far_off(const Pixels *a, const Pixels *b, int most)
{
    int n = 0;
    for (int i = 0; i < WIDE * HIGH; i++)
        for (int c = 0; c < 4; c++)
            if (abs(a->rgba[4 * i + c] - b->rgba[4 * i + c]) > most &&
                (c == 3 || a->rgba[4 * i + 3] > 24)) {
                n++;
                break;
            }
    return n;
}

static void screen_has_the_picture(void)
{
    Pixels have = {0}, want = {0};
    assert_true(pixels_resize(&have, WIDE, HIGH) && pixels_resize(&want, WIDE, HIGH));
    pixels_clear(&want, &play.paint, play.paint.role[ROLE_BACK]);
    draw_whole(&want, true);
    put_together(&have, true);
    int off = far_off(&have, &want, 20);
    if (off > WIDE * HIGH / 100) /* few colours */
        fail_msg("%d pixels are off", off);
    pixels_release(&have);
    pixels_release(&want);
}

static void layer_is_what_is_drawn_at_once(void)
{
    Pixels want = {0};
    assert_true(pixels_resize(&want, WIDE, HIGH));
    pixels_clear(&want, &play.paint, COLOR_DEFAULT);
    draw_whole(&want, false);
    int off = far_off(&play.layer.now, &want, 40);
    if (off > 120)
        fail_msg("row %ld of %ld: %d pixels are off", play.in.track[0].row, timeline_last(play.run),
                 off);
    pixels_release(&want);
}

static const char *const scenes[] = {
    "B1",
    "B4",
    "A3",
    "G2",
    "A5",
    "surface=himmelblau optimizer=momentum steps=200",
    "surface=ackley optimizer=adam steps=150",
    "surface=pass noise=0.6 schedule=constant eta0=0.1 steps=300",
};

static void what_is_sent_is_what_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        open_scene(scenes[i]);
        send_base();
        long last = timeline_last(play.run);
        for (long row = 0; row <= last; row++) {
            step_to(row);
            if (row % 23 == 7 || row == last) {
                screen_has_the_layer();
                layer_is_what_is_drawn_at_once();
                screen_has_the_picture();
            }
        }
        step_to(last / 3); /* back */
        screen_has_the_layer();
        screen_has_the_picture();
        close_scene();
    }
}

/* The base once; a playing step a few small tiles. */
static void bytes_are_few(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        open_scene(scenes[i]);
        send_base();
        long base = play.screen.sent, last = timeline_last(play.run);
        for (long row = 0; row <= last; row++)
            step_to(row);
        double step = (double)(play.screen.sent - base) / (double)(last + 1);
        print_message("base %ld bytes, a step %.0f bytes: %s\n", base, step, scenes[i]);
        if (base > 60 * 1024)
            fail_msg("the base of %s takes %ld bytes", scenes[i], base);
        if (step > 4096)
            fail_msg("a step of %s takes %.0f bytes", scenes[i], step);
        close_scene();
    }
}

static void nothing_is_left(void **state)
{
    (void)state;
    open_scene("B4");
    send_base();
    for (long row = 0; row <= 60; row++)
        step_to(row);
    send_base(); /* another theme, another window */
    assert_true(screen_pictures(&play.screen) > 2);
    assert_true(screen_pictures(&play.screen) < 1 + KITTY_TILES);
    kitty_hide(&play.panel, &play.out);
    deliver();
    assert_int_equal(screen_pictures(&play.screen), 0);
    send_base();
    play.layer.shapes = -1;
    step_to(60);
    screen_has_the_picture();
    screen_write(&play.screen, (const uint8_t *)kitty_hide_all, strlen(kitty_hide_all));
    assert_int_equal(screen_pictures(&play.screen), 0);
    close_scene();
}

/* What follows from one row is drawn anew at every row: the hop, the fit. */
static void curves_of_a_moment_follow(void **state)
{
    (void)state;
    open_scene("surface=sine24 optimizer=momentum steps=40");
    plots_scales(&play.in);
    for (long row = 0; row <= 40; row++)
        for (int panel = 3; panel <= 4; panel++) {
            play.in.track[0].row = row;
            figure_start(&play.figure, "");
            play.figure.bare = true;
            plots_panels[panel].draw(&play.figure, &play.in, &play.store);
            assert_true(layer_draw(&play.layer, &play.figure, unit, &play.paint));
            layer_is_what_is_drawn_at_once();
        }
    layer_release(&play.layer);
    for (int panel = 3; panel <= 4; panel++) {
        assert_true(layer_resize(&play.layer, WIDE, HIGH));
        for (long row = 0; row <= 40; row++) {
            play.in.track[0].row = row;
            figure_start(&play.figure, "");
            play.figure.bare = true;
            plots_panels[panel].draw(&play.figure, &play.in, &play.store);
            assert_true(layer_draw(&play.layer, &play.figure, unit, &play.paint));
            layer_is_what_is_drawn_at_once();
        }
    }
    close_scene();
}

/* Standing still costs nothing. */
static void a_frame_like_the_last_is_empty(void **state)
{
    (void)state;
    open_scene("B4");
    step_to(30);
    map_at(30);
    assert_true(layer_draw(&play.layer, &play.figure, unit, &play.paint));
    kitty_layer(&play.panel, &play.layer.now, play.layer.dirty, deflate, &play.out);
    assert_int_equal(play.out.count, 0);
    close_scene();
}

static void a_place_too_large_is_refused(void **state)
{
    (void)state;
    KittyPanel k = {0};
    assert_false(kitty_open(&k, (KittyPlace){0, 0, 800, 400, 6, 12}, 1));
    assert_true(kitty_open(&k, (KittyPlace){0, 0, 1, 1, 6, 12}, 1));
    kitty_close(&k);
}

/* --- a whole stage --- */

static Figure plots[3];

/* Map, rate and loss as slots of 60 x 20 and 30 x 10 cells. */
static int slots_at(long row, FigureSlot slot[3])
{
    static const Rect cells[3] = {{1, 1, 60, 20}, {62, 1, 30, 10}, {62, 12, 30, 9}};
    play.in.track[0].row = row;
    plots_scales(&play.in);
    for (int i = 0; i < 3; i++) {
        figure_start(&plots[i], "");
        plots[i].bare = true;
        plots_panels[i].draw(&plots[i], &play.in, &play.store);
        slot[i] = (FigureSlot){&plots[i], cells[i], 1};
    }
    return 3;
}

static void a_stage_is_shown_and_goes(void **state)
{
    (void)state;
    Board b;
    FigureSlot slot[3];
    open_scene("B4");
    assert_true(board_open(&b, 7000));
    for (long row = 0; row <= 40; row++) {
        assert_true(board_show(&b, slot, slots_at(row, slot), 8, 16, &play.paint, &play.out));
        deliver();
    }
    int all = screen_pictures(&play.screen);
    long sent = play.screen.sent;
    assert_true(all > 6);
    assert_true(board_show(&b, slot, slots_at(40, slot), 8, 16, &play.paint,
                           &play.out)); /* the same again */
    assert_int_equal(play.out.count, 0);
    slots_at(41, slot);
    slot[2].cells.rows = 0; /* an overlay takes one */
    assert_true(board_show(&b, slot, 3, 8, 16, &play.paint, &play.out));
    deliver();
    assert_true(screen_pictures(&play.screen) < all);
    assert_true(play.screen.sent - sent < 6000);
    Paint light = paint_make(THEME_LIGHT, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    assert_true(
        board_show(&b, slot, slots_at(41, slot), 10, 20, &light, &play.out)); /* theme and font */
    deliver();
    board_hide(&b, &play.out);
    deliver();
    assert_int_equal(screen_pictures(&play.screen), 0);
    assert_true(board_show(&b, slot, slots_at(41, slot), 10, 20, &light, &play.out));
    deliver();
    assert_true(screen_pictures(&play.screen) > 6);
    board_close(&b);
    close_scene();
}

static void only_known_terminals_are_asked_and_believed(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        bool allowed;
    } cases[] = {
        {"\033P>|kitty(0.35.2)\033\\\033_Gi=31;OK\033\\\033[6;18;9t\033[?62;c", true},
        {"\033P>|kitty(0.28.0)\033\\\033_Gi=31;OK\033\\\033[6;18;9t\033[?62;c", true},
        {"\033P>|kitty(1.0.0)\033\\\033_Gi=31;OK\033\\\033[?62;c", true},
        {"\033P>|kitty(0.26.5)\033\\\033_Gi=31;OK\033\\\033[6;18;9t\033[?62;c", false},
        {"\033P>|ghostty 1.2.0\033\\\033_Gi=31;OK\033\\\033[?62;c", true},
        {"\033P>|Konsole 24.02\033\\\033_Gi=31;OK\033\\\033[?62;c", true},
        {"\033P>|ghostty 1.2.0\033\\\033[?62;c", false},
        {"\033P>|WezTerm 2024\033\\\033_Gi=31;OK\033\\\033[?62;c", false},
        {"\033P>|XTerm(390)\033\\\033[?64;c", false},
        {"\033[?64;c", false},
        {"", false},
        {"\033P>|kitty(", false},
        {"\033[6;", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int w = 0, h = 0;
        assert_int_equal(board_answers(cases[i].answer, strlen(cases[i].answer), &w, &h),
                         cases[i].allowed);
        assert_int_equal(w, strstr(cases[i].answer, "18;9t") ? 9 : 0);
        assert_int_equal(h, strstr(cases[i].answer, "18;9t") ? 18 : 0);
    }
    assert_true(board_may_ask(NULL, NULL, NULL, "xterm-kitty"));
    assert_true(board_may_ask("", NULL, NULL, "xterm-256color"));
    assert_false(board_may_ask("/tmp/tmux-0/default,1,0", NULL, NULL, "xterm-kitty"));
    assert_false(board_may_ask(NULL, "123.pts", NULL, "xterm"));
    assert_false(board_may_ask(NULL, NULL, "0", "xterm"));
    assert_false(board_may_ask(NULL, NULL, NULL, "tmux-256color"));
    assert_false(board_may_ask(NULL, NULL, NULL, "screen"));
    assert_false(board_may_ask(NULL, NULL, NULL, NULL));
}

static void octants_are_for_those_that_draw_them(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *vte;
        bool draws;
    } cases[] = {
        {"\033P>|kitty(0.40.0)\033\\\033[?62;c", NULL, true},
        {"\033P>|kitty(0.39.1)\033\\\033[?62;c", NULL, false},
        {"\033P>|ghostty 1.2.0\033\\\033[?62;c", NULL, true},
        {"\033P>|ghostty 1.1.3\033\\\033[?62;c", NULL, false},
        {"\033P>|foot(1.20.2)\033\\\033[?62;c", NULL, true},
        {"\033P>|foot(1.16.2)\033\\\033[?62;c", NULL, false},
        {"\033P>|VTE(7800)\033\\\033[?65;c", NULL, true},
        {"\033P>|VTE(7600)\033\\\033[?65;c", "7600", false},
        {"\033P>|XTerm(390)\033\\\033[?64;c", "7800", false}, /* inside another: its own word */
        {"\033[?65;c", "7800", true},
        {"\033[?65;c", "7006", false},
        {"", NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            board_knows_octants(cases[i].answer, strlen(cases[i].answer), cases[i].vte),
            cases[i].draws);
}

static int set_up(void **state)
{
    (void)state;
    deflate = deflate_new();
    return deflate == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    deflate_free(deflate);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sent_is_what_is_seen),
        cmocka_unit_test(bytes_are_few),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(curves_of_a_moment_follow),
        cmocka_unit_test(a_frame_like_the_last_is_empty),
        cmocka_unit_test(a_place_too_large_is_refused),
        cmocka_unit_test(a_stage_is_shown_and_goes),
        cmocka_unit_test(only_known_terminals_are_asked_and_believed),
        cmocka_unit_test(octants_are_for_those_that_draw_them),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
