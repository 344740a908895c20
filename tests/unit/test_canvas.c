/* SPDX-License-Identifier: MIT
 * The canvas: clipping, UTF-8 text, sizes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <string.h>

#include "view/canvas.h"

static Canvas canvas;

static int setup(void **state)
{
    (void)state;
    assert_true(canvas_resize(&canvas, 10, 4));
    canvas_clear(&canvas, 1, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    canvas_release(&canvas);
    return 0;
}

static int touched(void)
{
    int n = 0;
    for (int i = 0; i < canvas.cols * canvas.rows; i++)
        n += canvas.cell[i].glyph != ' ';
    return n;
}

static void outside_is_clipped(void **state)
{
    (void)state;
    assert_null(canvas_at(&canvas, -1, 0));
    assert_null(canvas_at(&canvas, 10, 0));
    assert_null(canvas_at(&canvas, 0, 4));
    canvas_put(&canvas, -1, 2, 'x', 1, 2, 0);
    canvas_put(&canvas, INT_MAX, INT_MIN, 'x', 1, 2, 0);
    assert_int_equal(touched(), 0);
}

static void fills_are_cut(void **state)
{
    (void)state;
    canvas_fill(&canvas, (Rect){-3, -3, 5, 4}, 'x', 1, 2);
    assert_int_equal(touched(), 2);
    canvas_fill(&canvas, (Rect){3, 1, -2, 2}, 'x', 1, 2);
    assert_int_equal(touched(), 2);
    canvas_fill(&canvas, (Rect){INT_MAX - 1, 0, INT_MAX, INT_MAX}, 'x', 1, 2);
    assert_int_equal(touched(), 2);
    canvas_fill(&canvas, (Rect){8, 2, INT_MAX, INT_MAX}, 'x', 1, 2);
    assert_int_equal(touched(), 6);
}

static void text_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(canvas_text(&canvas, 1, 0, 8, "η₀ ok", 3, 4, CELL_BOLD), 5);
    assert_int_equal(canvas_at(&canvas, 1, 0)->glyph, 0x3B7);
    assert_int_equal(canvas_at(&canvas, 2, 0)->glyph, 0x2080);
    assert_int_equal(canvas_at(&canvas, 2, 0)->attr, CELL_BOLD);
    assert_int_equal(canvas_at(&canvas, 6, 0)->fg, 1);
}

static void text_is_cut_with_an_ellipsis(void **state)
{
    (void)state;
    assert_int_equal(canvas_text(&canvas, 0, 0, 4, "learning", 1, 2, 0), 4);
    assert_int_equal(canvas_at(&canvas, 2, 0)->glyph, 'a');
    assert_int_equal(canvas_at(&canvas, 3, 0)->glyph, 0x2026);
    assert_int_equal(canvas_text(&canvas, 0, 1, 4, "four", 1, 2, 0), 4);
    assert_int_equal(canvas_at(&canvas, 3, 1)->glyph, 'r');
    assert_int_equal(canvas_text(&canvas, 0, 2, 1, "four", 1, 2, 0), 1);
    assert_int_equal(canvas_at(&canvas, 0, 2)->glyph, 'f');
    assert_int_equal(canvas_text(&canvas, 0, 2, 0, "four", 1, 2, 0), 0);
    assert_int_equal(canvas_text(&canvas, 0, 2, -5, "four", 1, 2, 0), 0);
}

static void text_hides_control_characters(void **state)
{
    (void)state;
    canvas_text(&canvas, 0, 0, 10, "a\033\x7f\xc2\x9b", 1, 2, 0);
    for (int i = 1; i < 4; i++)
        assert_int_equal(canvas_at(&canvas, i, 0)->glyph, '?');
    canvas_text(&canvas, 0, 1, 10, "\xff\xfe", 1, 2, 0);
    assert_int_equal(canvas_at(&canvas, 0, 1)->glyph, 0xFFFD);
    assert_int_equal(canvas_text(&canvas, 8, 3, 10, "over the edge", 1, 2, 0), 10);
}

static void sizes_change(void **state)
{
    (void)state;
    assert_true(canvas_resize(&canvas, 0, -3));
    assert_null(canvas_at(&canvas, 0, 0));
    canvas_clear(&canvas, 0, 0);
    assert_false(canvas_resize(&canvas, INT_MAX, INT_MAX));
    assert_int_equal(canvas.cols, 0);
    assert_true(canvas_resize(&canvas, 300, 100));
    assert_int_equal(canvas_at(&canvas, 299, 99)->glyph, ' ');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(outside_is_clipped, setup, teardown),
        cmocka_unit_test_setup_teardown(fills_are_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(text_counts_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(text_is_cut_with_an_ellipsis, setup, teardown),
        cmocka_unit_test_setup_teardown(text_hides_control_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_change, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
