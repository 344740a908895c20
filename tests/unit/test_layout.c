/* SPDX-License-Identifier: MIT
 * Panes at every size: inside the screen, disjoint, and there when they should be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "view/layout.h"

enum { RECTS = 8 };

static void rects_of(const Layout *l, Rect out[RECTS])
{
    const Rect all[RECTS] = {l->header, l->map,   l->eta,    l->loss,
                             l->now,    l->ruler, l->status, l->footer};
    memcpy(out, all, sizeof all);
}

static void check_size(int cols, int rows)
{
    Rect r[RECTS];
    int area = 0;
    Layout l = layout_make(cols, rows);
    rects_of(&l, r);
    for (int i = 0; i < RECTS; i++) {
        assert_true(r[i].cols >= 0 && r[i].rows >= 0);
        assert_true((r[i].cols == 0) == (r[i].rows == 0));
        assert_true(r[i].col >= 0 && r[i].col + r[i].cols <= cols);
        assert_true(r[i].row >= 0 && r[i].row + r[i].rows <= rows);
        area += r[i].cols * r[i].rows;
        for (int k = 0; k < i; k++)
            assert_false(r[i].cols && r[k].cols && r[i].col < r[k].col + r[k].cols &&
                         r[k].col < r[i].col + r[i].cols && r[i].row < r[k].row + r[k].rows &&
                         r[k].row < r[i].row + r[i].rows);
    }
    /* disjoint and everything used */
    assert_int_equal(area, l.too_small ? 0 : cols * rows);
    assert_true(l.too_small || (l.map.cols >= 20 && l.map.rows >= 3 && l.status.rows >= 1));
}

static void every_size_is_tiled(void **state)
{
    (void)state;
    for (int rows = 1; rows <= 100; rows++)
        for (int cols = 1; cols <= 300; cols++)
            check_size(cols, rows);
    assert_true(layout_make(-1, 0).too_small);
}

static void all_panes_stand_from_60x18(void **state)
{
    (void)state;
    for (int rows = 18; rows <= 100; rows++)
        for (int cols = 60; cols <= 300; cols++) {
            Layout l = layout_make(cols, rows);
            assert_true(l.eta.rows >= 4 && l.loss.rows >= 4 && l.now.rows >= 4);
            assert_true(l.eta.cols >= 24 && l.ruler.rows == 1 && l.footer.rows == 1);
        }
    Layout l = layout_make(80, 24);
    assert_int_equal(l.map.cols, 46);
    assert_true(l.eta.rows >= 6 && l.loss.rows >= 6 && l.now.rows >= 6);
}

/* Losing rows never brings a pane back, and panes go in the stated order. */
static void panes_go_in_order(void **state)
{
    (void)state;
    for (int rows = 6; rows <= 40; rows++) {
        Layout l = layout_make(80, rows), less = layout_make(80, rows - 1);
        assert_true(less.now.rows <= l.now.rows || less.too_small);
        assert_false(l.now.rows && !l.loss.rows);
        assert_false(l.loss.rows && !l.eta.rows);
        assert_false(less.eta.rows && !l.eta.rows);
    }
    assert_true(layout_make(20, 50).too_small);
    assert_true(layout_make(50, 6).too_small);
    assert_false(layout_make(21, 7).too_small);
}

static void cards_stay_on_the_screen(void **state)
{
    (void)state;
    Rect r = layout_card(80, 24, 60, 10);
    assert_true(r.col == 10 && r.row == 7 && r.cols == 60 && r.rows == 10);
    r = layout_card(20, 6, 60, 10);
    assert_true(r.col == 0 && r.row == 0 && r.cols == 20 && r.rows == 6);
    r = rect_inside((Rect){3, 4, 2, 9});
    assert_true(r.cols == 0 && r.rows == 0);
    assert_true(rect_contains((Rect){3, 4, 2, 1}, 4, 4));
    assert_false(rect_contains((Rect){3, 4, 2, 1}, 5, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_is_tiled),
        cmocka_unit_test(all_panes_stand_from_60x18),
        cmocka_unit_test(panes_go_in_order),
        cmocka_unit_test(cards_stay_on_the_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
