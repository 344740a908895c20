/* SPDX-License-Identifier: MIT
 * test_shot: cells as pixels: shapes where a terminal has them, and a letter for all that is shown.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "core/named.h"
#include "out/glyph.h"
#include "out/shot.h"
#include "view/font.h"

static Paint paint;
static Pixels p;

/* One cell of 16 x 32 pixels. */
static void draw(uint32_t glyph, Color fg, Color bg, uint32_t attr)
{
    Canvas c = {0};
    assert_true(canvas_resize(&c, 1, 1));
    c.cell[0] = (Cell){glyph, fg, bg, attr};
    assert_true(pixels_resize(&p, 16, 32));
    shot_draw(&c, 0xFFFFFF, 0x000000, &paint, &p);
    canvas_release(&c);
}

static uint32_t rgb(int x, int y)
{
    const uint8_t *at = p.rgba + 4 * (16 * y + x);
    return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

/* Pixels of a colour. */
static int count(uint32_t color)
{
    int n = 0;
    for (int i = 0; i < 16 * 32; i++)
        n += rgb(i % 16, i / 16) == color;
    return n;
}

static void blocks_are_exact(void **state)
{
    (void)state;
    draw(' ', 0, 0x123456, 0);
    assert_int_equal(count(0x123456), 512);
    draw(0x2580, 0xFF0000, 0x0000FF, 0);
    assert_true(rgb(3, 15) == 0xFF0000 && rgb(3, 16) == 0x0000FF);
    draw(0x2584, 0xFF0000, 0x0000FF, CELL_REVERSE);
    assert_true(rgb(3, 15) == 0xFF0000 && rgb(3, 16) == 0x0000FF);
    draw(0x259A, 0xFF0000, 0x000000, 0); /* a diagonal of quadrants */
    assert_true(rgb(2, 2) == 0xFF0000 && rgb(12, 2) == 0 && rgb(2, 30) == 0 &&
                rgb(12, 30) == 0xFF0000);
    draw(0x2588, COLOR_DEFAULT, 0x000000, 0);
    assert_int_equal(count(0xFFFFFF), 512);
    draw(0x2590, COLOR_INDEX | 196, 0x000000, 0);
    assert_int_equal(count(0xFF0000), 256);
}

static void shapes_are_drawn(void **state)
{
    (void)state;
    static const uint32_t shapes[] = {0x2801, 0x28FF, 0x2500, 0x2502, 0x253C, 0x256D,
                                      0x2570, 0x250A, 0x2592, 'A',    0x3B7,  0x25CF};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        draw(shapes[i], 0xFFFFFF, 0x000000, 0);
        if (count(0) == 512)
            fail_msg("nothing for U+%04X", (unsigned)shapes[i]);
    }
    draw(0x2500, 0xFFFFFF, 0x000000, 0);
    assert_true(rgb(0, 16) != 0 && rgb(15, 16) != 0 && rgb(8, 4) == 0);
}

static bool is_drawn(uint32_t g)
{
    return g == ' ' || glyph_is_block(g) || glyph_is_braille(g) || glyph_arms(g) || glyph_is_arc(g) ||
           glyph_is_dash(g) || font_has(g);
}

static void whatever_a_stage_shows_has_a_shape(void **state)
{
    (void)state;
    static const char *const lines[] = {"",    "help",         "apart",    "hop", "card",
                                        "big", "menu surface", "glossary", "pin", "lens"};
    Error err = {0};
    Canvas c = {0};
    for (int i = 0; i < named_count(); i += 5)
        for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++) {
            Scene scene;
            assert_true(named_load(named_row(i), &scene, &err));
            App *app = app_new(&(AppOptions){.scene = &scene, .paused = true}, &err);
            app_output(app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
            app_resize(app, 120, 36);
            app_seek(app, 30);
            if (lines[k][0])
                app_command(app, lines[k], &err);
            app_settle(app);
            assert_true(canvas_resize(&c, 120, 36));
            app_draw(app, &c);
            for (int at = 0; at < 120 * 36; at++)
                if (!is_drawn(c.cell[at].glyph))
                    fail_msg("%s, '%s': no shape for U+%04X", named_row(i)->id, lines[k],
                             (unsigned)c.cell[at].glyph);
            app_free(app);
        }
    canvas_release(&c);
}

static int set_up(void **state)
{
    (void)state;
    paint = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pixels_release(&p);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_exact),
        cmocka_unit_test(shapes_are_drawn),
        cmocka_unit_test(whatever_a_stage_shows_has_a_shape),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
