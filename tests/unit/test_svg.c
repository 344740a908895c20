/* SPDX-License-Identifier: MIT
 * test_svg: pictures. A tiny reader checks that they are well-formed XML; glyphs one by one are
 * looked up in the paths. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/rng.h"
#include "base/text.h"
#include "out/format.h"
#include "view/theme.h"
#include "unit/xml.h"

/* The picture of a canvas; free it. */
static char *picture(const Canvas *c, const char *title)
{
    Picture p = {.canvas = c, .mode = MODE_TRUECOLOR, .title = title};
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    assert_true(format_find("svg", false, NULL)->draw(&p, to));
    fclose(to);
    return text;
}

/* One cell in a field of blanks, all on black. */
static char *glyph_picture(uint32_t glyph, Color fg, Color bg, uint32_t attr)
{
    Canvas c = {0};
    assert_true(canvas_resize(&c, 3, 3));
    canvas_clear(&c, 0xFFFFFF, 0x000000);
    canvas_put(&c, 1, 1, glyph, fg, bg, attr);
    char *text = picture(&c, "a picture");
    canvas_release(&c);
    return text;
}

/* --- glyphs --- */

static void every_class_is_drawn(void **state)
{
    (void)state;
    static const struct {
        uint32_t glyph;
        const char *part;
    } cases[] = {
        {0x2580, "stroke=\"#ff0000\" d=\"M1 2h1\""},             /* upper half */
        {0x2584, "stroke=\"#ff0000\" d=\"M1 3h1\""},             /* lower half */
        {0x2588, "stroke=\"#ff0000\" d=\"M1 2h1m-1 1h1\""},      /* full */
        {0x2592, "stroke=\"#7f0000\" d=\"M1 2h1m-1 1h1\""},      /* half shade */
        {0x2582, "fill=\"#ff0000\" d=\"M8 28h8v4h-8z\""},        /* two eighths from below */
        {0x258E, "fill=\"#ff0000\" d=\"M8 16h2v16h-2z\""},       /* two eighths from the left */
        {0x2590, "fill=\"#ff0000\" d=\"M12 16h4v16h-4z\""},      /* right half */
        {0x2595, "fill=\"#ff0000\" d=\"M15 16h1v16h-1z\""},      /* right eighth */
        {0x2598, "d=\"M8 16h4v8h-4z\""},                         /* quadrants: upper left */
        {0x259D, "d=\"M12 16h4v8h-4z\""},                        /* upper right */
        {0x2596, "d=\"M8 24h4v8h-4z\""},                         /* lower left */
        {0x2597, "d=\"M12 24h4v8h-4z\""},                        /* lower right */
        {0x2599, "d=\"M8 16h4v8h-4zm0 8h8v8h-8z\""},             /* three of them, two joined */
        {0x259A, "d=\"M8 16h4v8h-4zm4 8h4v8h-4z\""},             /* a diagonal */
        {0x2801, "d=\"M2 4h0\""},                                /* braille, first dot */
        {0x2880, "d=\"M3 7h0\""},                                /* last dot */
        {0x2500, "stroke=\"#ff0000\" d=\"M8 24h8\""},            /* light line */
        {0x2502, "stroke=\"#ff0000\" d=\"M12 16v16\""},
        {0x2501, "stroke-width=\"2.4\">\n<path stroke=\"#ff0000\" d=\"M8 24h8\""},
        {0x251C, "d=\"M12 24h4\""},                              /* a tee's arm */
        {0x250A, "stroke-dasharray"},                            /* dashed */
        {0x256D, "d=\"M12 32v-4q0-4 4-4\""},                     /* round corner */
        {0x2570, "d=\"M12 16v4q0 4 4 4\""},
        {0x25CF, "translate(8 16)"},                             /* marks */
        {0x2605, "translate(8 16)"},
        {'A', ">A</text>"},
        {0x3B7, ">\xCE\xB7</text>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = glyph_picture(cases[i].glyph, 0xFF0000, 0x000000, 0);
        check_xml(text);
        if (!strstr(text, cases[i].part))
            fail_msg("U+%04X: no %s in\n%s", (unsigned)cases[i].glyph, cases[i].part, text);
        free(text);
    }
}

/* Fonts on the web do not have them, or with another width. */
static void no_font_for_shapes(void **state)
{
    (void)state;
    for (uint32_t g = 0x2580; g < 0x2900; g = g == 0x259F ? 0x2800 : g + 1) {
        char bytes[5] = "";
        utf8_encode(g, bytes);
        char *text = glyph_picture(g, 0xFF0000, 0x000000, 0);
        assert_null(strstr(text, "<text"));
        assert_null(strstr(text, bytes));
        assert_true(g == 0x2800 || strstr(text, "#ff0000") || strstr(text, "0000\" d="));
        free(text);
    }
}

static void attributes_are_resolved(void **state)
{
    (void)state;
    char *text = glyph_picture('x', 0x112233, 0x445566, CELL_REVERSE);
    assert_non_null(strstr(text, "stroke=\"#112233\" d=\"M1 2h1m-1 1h1\"")); /* its ground */
    assert_non_null(strstr(text, "fill=\"#445566\">x</text>"));
    free(text);
    text = glyph_picture('x', 0x808080, 0x000000, CELL_DIM | CELL_BOLD | CELL_UNDERLINE);
    assert_non_null(strstr(text, "fill=\"#606060\" font-weight=\"bold\" text-decoration=\"underline\">x"));
    free(text);
    text = glyph_picture('x', COLOR_DEFAULT, COLOR_INDEX | 196, 0);
    assert_non_null(strstr(text, "fill=\"#e5e5e5\">x"));
    assert_non_null(strstr(text, "stroke=\"#ff0000\""));
    free(text);
    text = glyph_picture(' ', 0xFFFFFF, 0x000000, CELL_UNDERLINE);
    assert_non_null(strstr(text, "underline\"> </text>"));
    free(text);
}

static void palette_is_xterms(void **state)
{
    (void)state;
    assert_int_equal(color_rgb(COLOR_INDEX | 4, 0), 0x0000EE);
    assert_int_equal(color_rgb(COLOR_INDEX | 196, 0), 0xFF0000);
    assert_int_equal(color_rgb(COLOR_INDEX | 67, 0), 0x5F87AF);
    assert_int_equal(color_rgb(COLOR_INDEX | 244, 0), 0x808080);
    assert_int_equal(color_rgb(COLOR_DEFAULT, 0x123456), 0x123456);
    assert_int_equal(color_rgb(0xABCDEF, 0), 0xABCDEF);
}

static void text_is_escaped(void **state)
{
    (void)state;
    Canvas c = {0};
    assert_true(canvas_resize(&c, 24, 2));
    canvas_text(&c, 0, 0, 24, "<a> & \"b\"   two blanks", 0xFFFFFF, 0, 0);
    canvas_put(&c, 0, 1, 0xFFFE, 0xFFFFFF, 0, 0); /* no character of XML */
    canvas_put(&c, 1, 1, 0x7, 0xFFFFFF, 0, 0);
    char *text = picture(&c, "a < b & \"c\"\001");
    check_xml(text);
    assert_non_null(strstr(text, "<title>a &lt; b &amp; \"c\"?</title>"));
    assert_non_null(strstr(text, "textLength=\"72\">&lt;a&gt; &amp; \"b\"</text>"));
    assert_non_null(strstr(text, "x=\"96\" y=\"12\" fill=\"#ffffff\" textLength=\"80\">two blanks<"));
    assert_non_null(strstr(text, "textLength=\"16\">?" "?<"));
    free(text);
    canvas_release(&c);
}

static void runs_are_joined(void **state)
{
    (void)state;
    Canvas c = {0};
    assert_true(canvas_resize(&c, 80, 24));
    canvas_clear(&c, 0, 0);
    canvas_fill(&c, (Rect){1, 3, 70, 1}, 0x2500, 0x00FF00, 0);
    canvas_fill(&c, (Rect){5, 4, 1, 20}, 0x2502, 0x00FF00, 0);
    canvas_fill(&c, (Rect){9, 9, 30, 1}, 0x2580, 0x0000FF, 0x0000FF);
    char *text = picture(&c, "a picture");
    check_xml(text);
    assert_non_null(strstr(text, "d=\"M8 56h560\""));
    assert_non_null(strstr(text, "d=\"M44 64v320\""));
    assert_non_null(strstr(text, "d=\"M9 18h30m-30 1h30\""));
    assert_true(strlen(text) < 1000);
    free(text);
    canvas_release(&c);
}

static Color any_color(uint64_t *at)
{
    uint64_t u = rng_u64(7, (*at)++);
    return u % 4 == 0 ? COLOR_DEFAULT
           : u % 4 == 1 ? COLOR_INDEX | (Color)(u >> 8 & 255)
                        : (Color)(u >> 8 & 0xFFFFFF);
}

static void anything_is_well_formed(void **state)
{
    (void)state;
    static const uint32_t first[] = {0x20, 0x2500, 0x2580, 0x2800, 0x25A0, 0x2190, 0x3B1, 0xD7F0,
                                     0xFFF0, 0x1F600};
    static const int sizes[][2] = {{0, 0}, {1, 1}, {80, 1}, {1, 24}, {60, 20}};
    uint64_t at = 0;
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        Canvas c = {0};
        assert_true(canvas_resize(&c, sizes[k][0], sizes[k][1]));
        for (int i = 0; i < c.cols * c.rows; i++) {
            uint64_t u = rng_u64(7, at++);
            c.cell[i].glyph = first[u % 10] + (uint32_t)(u >> 8 & 127);
            c.cell[i].attr = (uint32_t)(u >> 20 & 15);
            c.cell[i].fg = any_color(&at);
            c.cell[i].bg = any_color(&at);
        }
        char *text = picture(&c, "a picture");
        check_xml(text);
        char *again = picture(&c, "a picture");
        assert_string_equal(text, again);
        free(again);
        free(text);
        canvas_release(&c);
    }
}

/* --- frames of the program --- */

static char *stage(const char *line, ThemeId theme, int cols, int rows)
{
    Error err = {0};
    Canvas c = {0};
    AppOptions options = {.theme = theme, .paused = true};
    App *app = app_new(&options, &err);
    assert_non_null(app);
    app_output(app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    app_resize(app, cols, rows);
    assert_true(app_command(app, line, &err));
    assert_true(app_command(app, "seek end", &err));
    app_settle(app);
    assert_true(canvas_resize(&c, cols, rows));
    app_draw(app, &c);
    char *text = picture(&c, "a picture");
    canvas_release(&c);
    app_free(app);
    return text;
}

static void stages_are_small(void **state)
{
    (void)state;
    for (int pair = 1; pair <= 9; pair++) {
        char line[24];
        snprintf(line, sizeof line, "pair %d", pair);
        char *text = stage(line, pair % 2 ? THEME_DARK : THEME_LIGHT, 80, 24);
        check_xml(text);
        if (strlen(text) > 60000)
            fail_msg("pair %d: %zu bytes", pair, strlen(text));
        free(text);
        text = stage(line, THEME_DARK, 120, 36);
        if (strlen(text) > 100000)
            fail_msg("pair %d, 120x36: %zu bytes", pair, strlen(text));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_is_drawn),  cmocka_unit_test(no_font_for_shapes),
        cmocka_unit_test(attributes_are_resolved), cmocka_unit_test(palette_is_xterms),
        cmocka_unit_test(text_is_escaped),       cmocka_unit_test(runs_are_joined),
        cmocka_unit_test(anything_is_well_formed), cmocka_unit_test(stages_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
