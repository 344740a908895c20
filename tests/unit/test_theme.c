/* SPDX-License-Identifier: MIT
 * Contrast of every role on every ground it stands on, over all themes, maps and modes; ramps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <math.h>
#include <stdio.h>

#include "view/octant.h"
#include "view/theme.h"

static const struct {
    const char *name;
    unsigned grounds;
} role_info[ROLES] = {
#define X(id, grounds, ...) {#id, grounds},
    THEME_ROLES(X)
#undef X
};

typedef void Check(const Paint *p);

static void every_paint(Check *check)
{
    for (int theme = 0; theme < THEMES; theme++)
        for (int map = 0; map < MAPS; map++)
            for (int mode = 0; mode < MODES; mode++) {
                Paint p = paint_make((ThemeId)theme, (MapId)map, (ColorMode)mode, GLYPHS_QUADRANT);
                check(&p);
            }
}

static int failures;

static void need(const Paint *p, int role, Color ground, const char *what)
{
    double ratio = color_contrast(p->role[role], ground);
    if (ratio >= 3)
        return;
    failures++;
    print_error("%s %s %s: %s on %s is %.2f:1 (%06x on %06x)\n", theme_names[p->theme],
                map_names[p->map], mode_names[p->mode], role_info[role].name, what, ratio,
                p->role[role], ground);
}

static void check_contrast(const Paint *p)
{
    if (p->mode == MODE_MONO)
        return;
    for (int i = 0; i < ROLES; i++) {
        unsigned grounds = role_info[i].grounds;
        if (grounds & ON_BACK)
            need(p, i, p->role[ROLE_BACK], "the background");
        if (grounds & ON_CARD)
            need(p, i, p->role[ROLE_CARD], "a card");
        if (grounds & ON_SELECT)
            need(p, i, p->role[ROLE_SELECT], "the selection");
        for (int k = 0; grounds & ON_MAP && k < p->levels; k++) {
            need(p, i, p->heat[k], "the map");
            for (int j = 0; j < k; j++) /* a half block under a stroke */
                need(p, i, paint_mean(p, p->heat[j], p->heat[k]), "two map pixels");
        }
    }
}

static void roles_are_readable(void **state)
{
    (void)state;
    failures = 0;
    every_paint(check_contrast);
    assert_int_equal(failures, 0);
}

/* IEC 61966-2-1 both ways. */
static void light_is_srgb(void **state)
{
    (void)state;
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    for (int i = 0; i <= 4096; i++) {
        double v = i / 4096.0;
        double curve = v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
        assert_int_equal(p.encode[i], lround(255 * curve));
    }
    for (int i = 0; i < 256; i++)
        assert_in_range(p.encode[(p.linear[i] + 8) / 16], i ? i - 1 : 0, i + 1);
}

static void check_ramp(const Paint *p)
{
    assert_in_range(p->levels, 2, PAINT_LEVELS);
    for (int i = 1; i < p->levels && p->mode <= MODE_256; i++)
        assert_true(color_luminance(p->heat[i]) > color_luminance(p->heat[i - 1]));
    int last = -1;
    for (int shade = 0; shade < SHADE_HOLE; shade++) {
        for (int pixel = 0; pixel < 16; pixel++)
            assert_in_range(paint_level(p, shade, pixel & 3, pixel >> 2), 0, p->levels - 1);
        assert_true(paint_level(p, shade, 0, 0) >= last);
        last = paint_level(p, shade, 0, 0);
    }
    assert_int_equal(paint_level(p, 0, 1, 1), 0);
    assert_int_equal(paint_level(p, 254, 1, 1), p->levels - 1);
}

static void ramps_rise(void **state)
{
    (void)state;
    every_paint(check_ramp);
}

static void check_mode(const Paint *p)
{
    static const Color most[MODES] = {0, 255, 15, 7, 0};
    for (int i = 0; i < ROLES; i++) {
        Color c = p->role[i];
        if (p->mode == MODE_MONO)
            assert_true(c == COLOR_DEFAULT);
        else if (p->mode == MODE_TRUECOLOR)
            assert_true(c <= 0xFFFFFF);
        else
            assert_true(color_is_index(c) && (c & 0xFFFFFF) <= most[p->mode]);
    }
    for (int i = 0; i < p->levels; i++)
        if (p->mode != MODE_TRUECOLOR && p->mode != MODE_MONO)
            assert_true((p->heat[i] & 0xFFFFFF) <= most[p->mode]);
}

static void colors_fit_the_mode(void **state)
{
    (void)state;
    every_paint(check_mode);
}

static void known_contrasts(void **state)
{
    (void)state;
    assert_true(fabs(color_contrast(0xFFFFFF, 0x000000) - 21) < 1e-9);
    assert_true(fabs(color_contrast(0x777777, 0xFFFFFF) - 4.478) < 1e-3);
    assert_true(isnan(color_luminance(COLOR_DEFAULT)));
    assert_int_equal(color_nearest_256(0xFF0000), COLOR_INDEX | 196);
    Paint p = paint_make(THEME_DARK, MAP_GREY, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    assert_in_range(paint_mean(&p, 0x000000, 0xFFFFFF), 0xBABABA, 0xBDBDBD);
    assert_int_equal(paint_scale(&p, 0x808080, 1), 0x808080);
}

/* What stands on a stroke stands on the stroke's ground. */
static void check_under(const Paint *p)
{
    Cell heat = {0x2580, p->heat[0], p->heat[p->levels - 1], 0};
    assert_true(paint_under(p, &heat) == paint_mean(p, heat.fg, heat.bg));
    for (int role = ROLE_PATH; role <= ROLE_GHOST_E && p->mode == MODE_TRUECOLOR; role++) {
        Cell stroke = {0x2580, p->role[role], p->heat[0], 0};
        assert_true(paint_under(p, &stroke) == p->heat[0]);
    }
}

static void strokes_are_no_ground(void **state)
{
    (void)state;
    every_paint(check_under);
}

static void ascii_has_no_other_characters(void **state)
{
    (void)state;
    Canvas c = {0};
    assert_true(canvas_resize(&c, 40, 1));
    canvas_text(&c, 0, 0, 40, "η → ★ ● ▀ ⠿ … ╭ λ 漢", 0, 0, 0);
    canvas_to_ascii(&c);
    for (int i = 0; i < 40; i++)
        assert_in_range(c.cell[i].glyph, ' ', '~');
    assert_int_equal(c.cell[0].glyph, 'n');
    canvas_release(&c);
    Paint p = paint_make(THEME_DARK, MAP_GREY, MODE_MONO, GLYPHS_ASCII);
    for (int i = 0; i < MARKS; i++)
        assert_in_range(p.mark[i], ' ', '~');
}

/* Products and assignments stay mathematics: not 0.138.0, not x < -1.91. */
static void ascii_stays_mathematics(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"x ← -1.91", "x:= -1.91"},
        {"m ← μ·m + g; θ ← θ − η·m", "m:= u*m + g; o:= o - n*m"},
        {"= 0.138·0 − 0.1", "= 0.138*0 - 0.1"}, {"(1−η·w)·θ", "(1-n*w)*o"},
        {"sgd · pass", "sgd . pass"},        {"· moving ·", ". moving ."},
        {"←→ step  ← → walk", "<> step  < > walk"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Canvas c = {0};
        char text[41] = "";
        assert_true(canvas_resize(&c, 40, 1));
        canvas_text(&c, 0, 0, 40, rows[i][0], 0, 0, 0);
        canvas_to_ascii(&c);
        for (int k = 0; k < 40; k++)
            text[k] = (char)c.cell[k].glyph;
        text[strlen(rows[i][1])] = '\0';
        assert_string_equal(text, rows[i][1]);
        canvas_release(&c);
    }
}

/* Every pattern has a glyph of its own, as Unicode 16 has them: BLOCK OCTANT-3 is the first of its
 * block, BLOCK OCTANT-2345678 the last. */
static void octants_are_unicodes(void **state)
{
    (void)state;
    uint32_t glyph[256];
    for (unsigned i = 0; i < 256; i++) {
        glyph[i] = octant_glyph(i);
        for (unsigned k = 0; k < i; k++)
            assert_true(glyph[k] != glyph[i]);
        int back = octant_bits(glyph[i]);
        assert_true(back == (int)i || (back == -1 && glyph[i] < 0x1CD00));
    }
    assert_int_equal(glyph[0x04], 0x1CD00);
    assert_int_equal(glyph[0xFE], 0x1CDE5);
    assert_int_equal(glyph[0x0F], 0x2580);
    assert_int_equal(glyph[0xAA], 0x2590);
    assert_int_equal(octant_bits(0x1CDE6), -1);
}

/* Braille of lines becomes octants, that of contours stays. */
static void a_frame_becomes_octants(void **state)
{
    (void)state;
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_OCTANT);
    Canvas c = {0};
    assert_true(canvas_resize(&c, 3, 1));
    canvas_put(&c, 0, 0, 0x2800 + 1 + 8, p.role[ROLE_PATH], p.heat[3], 0);
    canvas_put(&c, 1, 0, 0x2800 + 64 + 128, p.role[ROLE_LOSS], p.role[ROLE_BACK], 0);
    canvas_put(&c, 2, 0, 0x2800 + 1 + 8, p.contour[3], p.heat[3], 0);
    canvas_to_octants(&c, &p);
    assert_int_equal(c.cell[0].glyph, 0x1FB82); /* the upper quarter */
    assert_int_equal(c.cell[1].glyph, 0x2582);  /* the lower one */
    assert_int_equal(c.cell[2].glyph, 0x2809);
    canvas_release(&c);
}

/* As quiet as was asked for, and no quieter; what cannot reach it keeps its colour. */
static void quiet_ink_keeps_its_contrast(void **state)
{
    (void)state;
    for (int theme = 0; theme < THEMES; theme++)
        for (int map = 0; map < MAPS; map++) {
            Paint p = paint_make((ThemeId)theme, (MapId)map, MODE_TRUECOLOR, GLYPHS_BRAILLE);
            for (int i = 0; i < p.levels && !p.shades; i++) {
                Color full = p.role[ROLE_PATH_OLD];
                Color quiet = paint_quiet(&p, full, p.heat[i], 3.2);
                double most = color_contrast(full, p.heat[i]);
                double has = color_contrast(quiet, p.heat[i]);
                assert_true(has >= fmin(most, 3.2) - 0.15 && has <= fmax(3.2, most) + 0.15);
                assert_true(quiet == full || has <= 3.35);
            }
        }
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_256, GLYPHS_BRAILLE);
    assert_int_equal(paint_quiet(&p, p.role[ROLE_PATH], p.heat[0], 3), p.role[ROLE_PATH]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_are_readable),
        cmocka_unit_test(light_is_srgb),
        cmocka_unit_test(ramps_rise),
        cmocka_unit_test(colors_fit_the_mode),
        cmocka_unit_test(known_contrasts),
        cmocka_unit_test(strokes_are_no_ground),
        cmocka_unit_test(ascii_has_no_other_characters),
        cmocka_unit_test(ascii_stays_mathematics),
        cmocka_unit_test(octants_are_unicodes),
        cmocka_unit_test(a_frame_becomes_octants),
        cmocka_unit_test(quiet_ink_keeps_its_contrast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
