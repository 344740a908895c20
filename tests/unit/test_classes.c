/* SPDX-License-Identifier: MIT
 * test_classes: letters and the cross are readable on every class, whatever the theme and the
 * terminal; classes have letters of their own; known minima have textures of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "view/classes.h"

typedef void Check(const Paint *p);

static void every_paint(Check *check)
{
    for (int theme = 0; theme < THEMES; theme++)
        for (int mode = 0; mode < MODES; mode++)
            for (int glyphs = 0; glyphs < GLYPH_SETS; glyphs++) {
                Paint p = paint_make((ThemeId)theme, MAP_INFERNO, (ColorMode)mode, (GlyphSet)glyphs);
                check(&p);
            }
}

static void need(const Paint *p, const Cell *cell, const char *what, int class)
{
    double ratio = color_contrast(cell->fg, cell->bg);
    if (p->mode != MODE_MONO && !(ratio >= 3))
        fail_msg("%s %s: %s on class %d is %.2f:1", theme_names[p->theme], mode_names[p->mode], what,
                 class, ratio);
}

/* One class at the top, another below, each as late as can be. */
static void check_two(const Paint *p, int top, int low, uint8_t late)
{
    ClassPixel pixel[32];
    Canvas c = {0};
    assert_true(canvas_resize(&c, 8, 2));
    for (int i = 0; i < 32; i++)
        pixel[i] = (ClassPixel){(uint8_t)(i / 8 % 2 ? low : top), late};
    Rect all = {0, 0, 8, 2};
    classes_draw(&(ClassMap){8, 4, pixel}, &c, all, p);
    for (int i = 0; i < 8 && top == low; i++)
        if (c.cell[i].attr & CELL_BOLD)
            need(p, &c.cell[i], "a letter", top);
    classes_cross(&c, all, 3, 0, p);
    need(p, &c.cell[3], "the cross", low);
    need(p, &c.cell[4], "its arm", low);
    classes_swatch(&c, 0, 1, top, p);
    need(p, &c.cell[8], "the legend", top);
    canvas_release(&c);
}

static void check_readable(const Paint *p)
{
    for (int i = 0; i < CLASSES; i++)
        for (int late = 0; late <= 255; late += 51) {
            check_two(p, i, i, (uint8_t)late);
            check_two(p, i, (i + 1) % CLASSES, (uint8_t)late);
        }
}

static void letters_and_cross_are_readable(void **state)
{
    (void)state;
    every_paint(check_readable);
}

static void classes_differ(void **state)
{
    (void)state;
    for (int i = 0; i < CLASSES; i++)
        for (int j = 0; j < i; j++)
            assert_int_not_equal(class_rows[i].letter, class_rows[j].letter);
    for (int i = 0; i < CLASS_MINIMA; i++)
        for (int j = 0; j < CLASSES; j++)
            if (i != j && j != CLASS_MINIMA + OUTCOME_GLOBAL_MINIMUM &&
                j != CLASS_MINIMA + OUTCOME_LOCAL_MINIMUM)
                assert_int_not_equal(class_rows[i].texture, class_rows[j].texture);
    assert_int_equal(class_of(10, OUTCOME_GLOBAL_MINIMUM), 0); /* they repeat */
}

/* What is not known yet is empty; nothing is drawn outside. */
static void drawn_within(void **state)
{
    (void)state;
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    ClassPixel pixel[8] = {{0, 0}, {CLASS_NONE, 0}, {1, 0}, {2, 0}, {0, 0}, {CLASS_NONE, 0}, {1, 0}, {1, 0}};
    Canvas c = {0};
    assert_true(canvas_resize(&c, 4, 3));
    canvas_clear(&c, 0xFFFFFF, 0x123456);
    classes_draw(&(ClassMap){4, 2, pixel}, &c, (Rect){0, 0, 3, 3}, &p);
    assert_int_equal(c.cell[0].bg, class_rgb(0, 0));
    assert_int_equal(c.cell[1].bg, p.role[ROLE_BACK]);
    assert_int_equal(c.cell[3].bg, 0x123456);
    assert_int_equal(c.cell[4].bg, 0x123456);
    classes_draw(&(ClassMap){4, 2, pixel}, &c, (Rect){0, 0, 4, 3}, &p);
    assert_int_equal(c.cell[3].glyph, 0x2580);
    assert_int_equal(c.cell[3].fg, class_rgb(2, 0));
    assert_int_equal(c.cell[3].bg, class_rgb(1, 0));
    assert_true(color_luminance(class_rgb(0, 1)) < color_luminance(class_rgb(0, 0)));
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_cross_are_readable),
        cmocka_unit_test(classes_differ),
        cmocka_unit_test(drawn_within),
    };
    return cmocka_run_group_tests_name("classes", tests, NULL, NULL);
}
