/* SPDX-License-Identifier: MIT
 * test_pixels: coverage, light, and that what stands on the map can be seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include <stdlib.h>

#include "base/text.h"
#include "view/font.h"
#include "view/pixels.h"

static Paint paint;
static Pixels raster;

static FigurePen black(int width, int height)
{
    paint = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    assert_true(pixels_resize(&raster, width, height));
    pixels_clear(&raster, &paint, 0x000000);
    return pixels_pen(&raster);
}

static const uint8_t *at(int x, int y)
{
    return raster.rgba + 4 * (y * raster.width + x);
}

/* Light on the raster, in pixels of full white. */
static double light(void)
{
    double sum = 0;
    for (int i = 0; i < raster.width * raster.height; i++)
        sum += paint.linear[raster.rgba[4 * i]] / 65535.0;
    return sum;
}

static void line(const FigurePen *pen, Vec2 a, Vec2 b, double width)
{
    const Vec2 two[2] = {a, b};
    const PenLine l = {.ink = {0xFFFFFF, 1}, .width = width};
    pen->line(pen->to, two, 2, &l);
}

static void a_line_through_centres_is_sharp(void **state)
{
    (void)state;
    FigurePen pen = black(20, 9);
    line(&pen, vec2(2.5, 4.5), vec2(17.5, 4.5), 1);
    for (int x = 3; x < 17; x++) {
        assert_int_equal(at(x, 4)[0], 255);
        assert_int_equal(at(x, 3)[0], 0);
        assert_int_equal(at(x, 5)[0], 0);
    }
    assert_int_equal(at(0, 4)[0], 0);
}

/* As much light as the area says, at any place, slope and width; ends are round. */
static void coverage_is_area(void **state)
{
    (void)state;
    for (int k = 0; k < 60; k++) {
        FigurePen pen = black(80, 80);
        double turn = 0.11 * k, width = 1 + 0.13 * k, length = 44;
        Vec2 middle = vec2(40 + 0.017 * k, 40 - 0.013 * k),
             half = vec2(0.5 * length * cos(turn), 0.5 * length * sin(turn));
        line(&pen, vec_sub(middle, half), vec_add(middle, half), width);
        double want = length * width + acos(-1.0) * width * width / 4;
        if (fabs(light() - want) > 0.04 * want)
            fail_msg("width %g at %g: %g instead of %g", width, turn, light(), want);
    }
}

static void a_polygon_covers_its_area(void **state)
{
    (void)state;
    FigurePen pen = black(40, 40);
    const Vec2 p[4] = {{3.3, 5.1}, {30.7, 8.2}, {25.4, 33.9}, {6.6, 28.3}};
    double area = 0;
    for (int i = 0; i < 4; i++)
        area += 0.5 * (p[i].x * p[(i + 1) % 4].y - p[(i + 1) % 4].x * p[i].y);
    pen.fill(pen.to, p, 4, (Ink){0xFFFFFF, 1});
    assert_true(fabs(light() - fabs(area)) < 0.01 * fabs(area));
}

/* Half of white over black is the grey that sends half the light. */
static void blending_is_in_linear_light(void **state)
{
    (void)state;
    FigurePen pen = black(8, 8);
    const Vec2 p[4] = {{0, 0}, {8, 0}, {8, 8}, {0, 8}};
    pen.fill(pen.to, p, 4, (Ink){0xFFFFFF, 0.5});
    assert_in_range(at(4, 4)[0], 187, 189);
    pixels_clear(&raster, &paint, COLOR_DEFAULT);
    pen.fill(pen.to, p, 4, (Ink){0xFF8000, 0.5});
    assert_memory_equal(at(4, 4), ((const uint8_t[4]){0xFF, 0x80, 0, 128}), 4);
}

/* Where a stroke crosses itself it is no brighter. */
static void a_stroke_covers_once(void **state)
{
    (void)state;
    FigurePen pen = black(40, 40);
    const Vec2 p[5] = {{5, 5}, {35, 35}, {35, 5}, {5, 35}, {20, 20}};
    const PenLine l = {.ink = {0xFFFFFF, 0.5}, .width = 3};
    pen.line(pen.to, p, 5, &l);
    assert_in_range(at(20, 20)[0], 186, 190);
}

static void nothing_is_drawn_outside(void **state)
{
    (void)state;
    FigurePen pen = black(30, 30);
    pen.clip(pen.to, (Box){10, 10, 20, 20});
    line(&pen, vec2(-1e6, -1e6), vec2(1e6, 1e6), 5);
    const Vec2 big[3] = {{-1e5, -1e5}, {1e5, -1e5}, {0, 1e5}};
    pen.fill(pen.to, big, 3, (Ink){0xFFFFFF, 1});
    for (int y = 0; y < 30; y++)
        for (int x = 0; x < 30; x++)
            assert_int_equal(at(x, y)[0], x >= 10 && x < 20 && y >= 10 && y < 20 ? 255 : 0);
}

static void dashes_leave_gaps(void **state)
{
    (void)state;
    FigurePen pen = black(110, 5);
    const Vec2 two[2] = {{2, 2.5}, {102, 2.5}};
    const PenLine l = {.ink = {0xFFFFFF, 1}, .width = 1, .on = 5, .off = 5};
    pen.line(pen.to, two, 2, &l);
    assert_true(light() > 50 && light() < 62);
}

/* --- words --- */

static void letters_are_there(void **state)
{
    (void)state;
    static const char text[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 "
                               ".,:;!?'\"()[]{}<>+-*/=_|%&#$@^~"
                               "η₀λαβγεθμπστΔ∇∂←→↑↓−·×±≤≥≈∞…–—′√½²³●○★✕◦•";
    for (const char *c = text; *c;) {
        uint32_t code = utf8_next(&c);
        if (!font_has(code))
            fail_msg("no letter for U+%04X", (unsigned)code);
    }
    assert_false(font_has(0x4E00));
    assert_true(font_width("8", 7) == font_width("1", 7));
    assert_true(font_width("η₀ 0.05", 8) > font_width("η₀ 0.0", 8));
}

/* Ink in a box of a letter, in pixels. */
static double ink_of_text(const char *text, double height, bool turned)
{
    FigurePen pen = black(240, 240);
    const PenWords w = {.text = text,
                        .at = {120, 120},
                        .height = height,
                        .anchor = ANCHOR_MIDDLE,
                        .turned = turned,
                        .ink = {0xFFFFFF, 1}};
    pen.words(pen.to, &w);
    return light();
}

static void words_turn_and_no_two_look_alike(void **state)
{
    (void)state;
    static const char *const different[] = {"0", "O", "o", "1", "l", "I", "5", "S",
                                            "8", "B", "2", "Z", "η", "n", "−", "·"};
    static uint8_t seen[16][240 * 240];
    assert_true(fabs(ink_of_text("loss 0.25", 9, false) - ink_of_text("loss 0.25", 9, true)) < 6);
    for (size_t i = 0; i < 16; i++) {
        ink_of_text(different[i], 9, false);
        for (int k = 0; k < 240 * 240; k++)
            seen[i][k] = raster.rgba[4 * k];
        for (size_t j = 0; j < i; j++) {
            int far = 0;
            for (int k = 0; k < 240 * 240; k++)
                far += abs(seen[i][k] - seen[j][k]) > 100;
            if (far < 3)
                fail_msg("%s looks like %s", different[i], different[j]);
        }
    }
}

/* --- contrast --- */

/* A slope: every colour of the map from left to right. */
static void slope(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    (void)ctx;
    (void)y;
    for (size_t i = 0; i < n; i++)
        f[i] = exp(6 * x[i]);
}

static Color color_at(int x, int y)
{
    const uint8_t *p = at(x, y);
    return (Color)(p[0] << 16 | p[1] << 8 | p[2]);
}

/* The best contrast between what was drawn in a column near row y and the ground beside it, halo
 * included, or the map itself. */
static double contrast_in_column(int x, int y)
{
    double best = 0;
    for (int j = y - 7; j <= y + 7; j++)
        for (int k = y - 7; k <= y + 7; k++)
            best = fmax(best, color_contrast(color_at(x, j), color_at(x, k)));
    return best;
}

static Vec2 level_at(const void *from, long i)
{
    return vec2((double)i / 200, *(const double *)from);
}

static void check_stroke(Figure *f, Role role, double height, double width)
{
    figure_start(f, "");
    f->bare = true;
    Panel *p = figure_panel(f, "", "");
    (void)p;
    Shape *s = figure_add(f, SHAPE_STROKE, role);
    s->stroke = (Stroke){
        .at = level_at, .from = &height, .last = 200, .width = width, .alpha = 1, .halo = true};
    FigurePen pen = pixels_pen(&raster);
    figure_draw(f, (Box){0, 0, raster.width, raster.height}, 1, &paint, &pen);
}

/* Strokes of the run and of others, at the best and the worst place between two rows of pixels. */
static void strokes_stand_out(void **state)
{
    (void)state;
    static Figure f;
    static const Role strokes[] = {ROLE_PATH, ROLE_PATH_OLD, ROLE_GHOST_A, ROLE_GHOST_B,
                                   ROLE_GHOST_C};
    Field heat = {0};
    assert_true(field_resize(&heat, 100, 15));
    field_start(&heat, (Window){{0, 0}, {1, 1}}, slope, NULL);
    while (field_advance(&heat, 100000)) {
    }
    assert_true(pixels_resize(&raster, 256, 30));
    for (ThemeId theme = 0; theme < THEMES; theme++)
        for (MapId map = 0; map < MAPS; map++) {
            paint = paint_make(theme, map, MODE_TRUECOLOR, GLYPHS_QUADRANT);
            for (size_t k = 0; k < 2 * sizeof strokes / sizeof strokes[0]; k++) {
                FigurePen pen = pixels_pen(&raster);
                pixels_clear(&raster, &paint, paint.role[ROLE_BACK]);
                pen.heat(pen.to, (Box){0, 0, 256, 30}, &heat);
                check_stroke(&f, strokes[k / 2], k % 2 ? 0.5 : 0.5 + 0.5 / 30, 1.2);
                for (int x = 4; x < 252; x++)
                    if (!(contrast_in_column(x, 15) >= 3))
                        fail_msg("%s, %s: role %d at %d/255 of the map: %.2f", theme_names[theme],
                                 map_names[map], (int)strokes[k / 2], x, contrast_in_column(x, 15));
            }
        }
    field_release(&heat);
}

static void marks_stand_out(void **state)
{
    (void)state;
    static Figure f;
    static const struct {
        Mark mark;
        Role role;
    } marks[] = {{MARK_HEAD, ROLE_HEAD},
                 {MARK_START, ROLE_START},
                 {MARK_GLOBAL, ROLE_GLOBAL},
                 {MARK_LOCAL, ROLE_LOCAL},
                 {MARK_SADDLE, ROLE_SADDLE}};
    assert_true(pixels_resize(&raster, 32, 32));
    for (ThemeId theme = 0; theme < THEMES; theme++)
        for (MapId map = 0; map < MAPS; map++) {
            paint = paint_make(theme, map, MODE_TRUECOLOR, GLYPHS_QUADRANT);
            for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++)
                for (int level = 0; level < paint.levels; level++) {
                    FigurePen pen = pixels_pen(&raster);
                    pixels_clear(&raster, &paint, paint.heat[level]);
                    figure_start(&f, "");
                    f.bare = true;
                    figure_panel(&f, "", "");
                    Shape *s = figure_add(&f, SHAPE_MARK, marks[k].role);
                    s->mark = marks[k].mark;
                    s->a = vec2(0.5, 0.5);
                    figure_draw(&f, (Box){0, 0, 32, 32}, 1, &paint, &pen);
                    double best = 0;
                    for (int i = 0; i < 32 * 32; i++)
                        best =
                            fmax(best, color_contrast(color_at(i % 32, i / 32), paint.heat[level]));
                    if (!(best >= 3))
                        fail_msg("%s, %s: mark %d on level %d: %.2f", theme_names[theme],
                                 map_names[map], (int)marks[k].mark, level, best);
                }
        }
}

static int tear_down(void **state)
{
    (void)state;
    pixels_release(&raster);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_through_centres_is_sharp),
        cmocka_unit_test(coverage_is_area),
        cmocka_unit_test(a_polygon_covers_its_area),
        cmocka_unit_test(blending_is_in_linear_light),
        cmocka_unit_test(a_stroke_covers_once),
        cmocka_unit_test(nothing_is_drawn_outside),
        cmocka_unit_test(dashes_leave_gaps),
        cmocka_unit_test(letters_are_there),
        cmocka_unit_test(words_turn_and_no_two_look_alike),
        cmocka_unit_test(strokes_stand_out),
        cmocka_unit_test(marks_stand_out),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
