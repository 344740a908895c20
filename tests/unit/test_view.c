/* SPDX-License-Identifier: MIT
 * The pictures: heat and contours, paths, curves, axes and panels, ordinary and extreme. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/curve.h"
#include "view/field.h"
#include "view/layout.h"
#include "view/panel.h"
#include "view/path.h"

enum { COLS = 40, ROWS = 16 };

static const Window window = {{-4, -3}, {4, 3}};

static Canvas blank_canvas(int cols, int rows)
{
    Canvas c = {0};
    assert_true(canvas_resize(&c, cols, rows));
    return c;
}

static Paint dark(void)
{
    return paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
}

/* --- field -------------------------------------------------------------------------------- */

/* A wide deep basin at (1.5,0) and a shallow trap at (-2,0). */
static double two_basins(double x, double y)
{
    return 0.1 * (x * x + y * y) + 4 - 3 * exp(-((x - 1.5) * (x - 1.5) + y * y) / 4) -
           1.0 * exp(-((x + 2) * (x + 2) + y * y) / 0.2);
}

static void basins(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        f[i] = two_basins(x[i], y[i]);
}

static void wild(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    static const double value[8] = {1e300, -1e300, 5e-324, 0, -0.0, 1, 1e-300, 1e30};
    (void)ctx;
    for (size_t i = 0; i < n; i++) {
        unsigned k = (unsigned)(fabs(x[i] * 37 + y[i] * 91) * 10);
        f[i] = k % 11 == 8    ? (double)NAN
               : k % 11 == 9  ? (double)INFINITY
               : k % 11 == 10 ? -(double)INFINITY
                              : value[k % 8];
    }
}

static void constant(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    (void)x, (void)y;
    for (size_t i = 0; i < n; i++)
        f[i] = *(const double *)ctx;
}

static Field finished(FieldValues *values, const void *ctx, int cols, int rows, long budget)
{
    Field f = {0};
    assert_true(field_resize(&f, cols, rows));
    field_start(&f, window, values, ctx);
    for (int turns = 0; field_advance(&f, budget); turns++)
        assert_in_range(turns, 0, 10000);
    return f;
}

static void shades_follow_the_loss(void **state)
{
    (void)state;
    Field f = finished(basins, NULL, COLS, ROWS, 1000000);
    int last = 0;
    for (double loss = f.lowest; loss < f.highest; loss += 1e-3) {
        int shade = field_shade(&f, loss);
        assert_true(shade >= last);
        assert_true(fabs(field_loss_at(&f, shade / 254.0) - loss) < 0.03 * (f.highest - f.lowest));
        last = shade;
    }
    assert_true(field_shade(&f, f.lowest) < 20 && field_shade(&f, f.highest) > 235);
    assert_int_equal(field_shade(&f, (double)NAN), SHADE_HOLE);
    field_release(&f);
}

static void slices_give_the_same_picture(void **state)
{
    (void)state;
    Field all = finished(basins, NULL, COLS, ROWS, 1000000);
    Field slices = finished(basins, NULL, COLS, ROWS, 1);
    assert_memory_equal(all.shade, slices.shade, COLS * 2 * ROWS);
    assert_memory_equal(all.dots, slices.dots, COLS * ROWS);
    field_release(&all);
    field_release(&slices);
}

static void something_shows_early(void **state)
{
    (void)state;
    Field f = {0};
    assert_true(field_resize(&f, 200, 60));
    field_start(&f, window, basins, NULL);
    assert_true(field_advance(&f, 200 * 120 / 12));
    assert_true(f.shown && !f.done);
    field_release(&f);
}

/* Both minima have a contour: a level between bottom and pass. */
static void every_basin_has_a_contour(void **state)
{
    (void)state;
    Field f = finished(basins, NULL, 60, 20, 1000000);
    double trap = two_basins(-2, 0), pass = trap;
    for (double x = -2; x < 1.5; x += 0.01) {
        pass = fmax(pass, two_basins(x, 0));
        trap = x < -1.5 ? fmin(trap, two_basins(x, 0)) : trap;
    }
    assert_true(pass > trap);
    int inside = 0, low = 0, dots = 0;
    for (int k = 0; k < f.levels; k++) {
        inside += f.level[k] > trap && f.level[k] < pass;
        low += f.level[k] < trap;
        assert_true(k == 0 || f.level[k] >= f.level[k - 1]);
    }
    assert_true(inside >= 1 && low >= 1);
    for (int i = 0; i < 60 * 20; i++)
        dots += f.dots[i] != 0;
    assert_in_range(dots, 60, 60 * 20 / 2);
    field_release(&f);
}

static void a_plane_has_thin_contours(void **state)
{
    (void)state;
    Field f = finished(basins, NULL, COLS, ROWS, 1000000);
    for (int i = 0; i < COLS * ROWS; i++)
        assert_true(f.dots[i] != 0xFF);
    field_release(&f);
}

static void draw_everywhere(const Field *f)
{
    Canvas c = blank_canvas(COLS, ROWS);
    for (int glyphs = 0; glyphs < GLYPH_SETS; glyphs++)
        for (int mode = 0; mode < MODES; mode++) {
            Paint p = paint_make(THEME_DARK, MAP_VIRIDIS, (ColorMode)mode, (GlyphSet)glyphs);
            field_draw(f, &c, (Rect){-3, -2, 50, 30}, true, &p);
            field_draw(f, &c, (Rect){COLS - 2, ROWS - 2, 50, 30}, true, &p);
            field_draw(f, &c, (Rect){2, 2, -5, 3}, true, &p);
            scale_draw(f, &c, (Rect){0, 0, COLS, 1}, &p);
            for (int i = 0; i < COLS * ROWS; i++)
                assert_true(c.cell[i].glyph >= ' ');
        }
    canvas_release(&c);
}

static void extreme_fields_draw(void **state)
{
    (void)state;
    const double flat[4] = {0, -7.5, (double)NAN, 1e308};
    Field f = finished(wild, NULL, COLS, ROWS, 100);
    draw_everywhere(&f);
    field_release(&f);
    for (int i = 0; i < 4; i++) {
        f = finished(constant, &flat[i], COLS, ROWS, 100);
        draw_everywhere(&f);
        field_release(&f);
    }
    f = finished(basins, NULL, 0, 5, 100);
    draw_everywhere(&f);
    field_release(&f);
    f = finished(basins, NULL, 1, 1, 100);
    draw_everywhere(&f);
    field_release(&f);
}

/* --- paths -------------------------------------------------------------------------------- */

static const double extremes[] = {0, 1, -1, 3.9, -2.2, 1e9, -1e9, 1e300, -1e300, 1.7e308, -1.7e308,
                                  5e-324, (double)INFINITY, -(double)INFINITY, (double)NAN};
enum { EXTREMES = sizeof extremes / sizeof extremes[0] };

static void clipping_stays_inside(void **state)
{
    (void)state;
    for (int i = 0; i < EXTREMES * EXTREMES; i++)
        for (int k = 0; k < EXTREMES * EXTREMES; k++) {
            Vec2 a = {extremes[i % EXTREMES], extremes[i / EXTREMES]};
            Vec2 b = {extremes[k % EXTREMES], extremes[k / EXTREMES]};
            if (!clip_segment(&a, &b, 30, 20))
                continue;
            assert_true(a.x >= 0 && a.x <= 30 && a.y >= 0 && a.y <= 20);
            assert_true(b.x >= 0 && b.x <= 30 && b.y >= 0 && b.y <= 20);
        }
    Vec2 a = {-10, 10}, b = {50, 10};
    assert_true(clip_segment(&a, &b, 30, 20));
    assert_true(a.x == 0 && b.x == 30 && a.y == 10 && b.y == 10);
    a = vec2(-10, 0), b = vec2(0, 40);
    assert_false(clip_segment(&a, &b, 30, 20));
}

static Row *wandering(long count, bool wild_points)
{
    Row *rows = calloc((size_t)count, sizeof *rows);
    unsigned seed = 7;
    assert_non_null(rows);
    for (long t = 0; t < count; t++) {
        seed = seed * 1103515245u + 12345u;
        double turn = (double)(seed >> 16 & 1023) / 160;
        rows[t].at = vec2(5 * sin(0.1 * (double)t) * cos(turn / 9), 4 * cos(0.13 * (double)t));
        rows[t].loss = exp(-0.01 * (double)t) * (1.1 + sin(turn));
        rows[t].eta = 0.1 * (1 + cos(0.02 * (double)t));
        rows[t].limit = t % 7 ? 0.3 : (double)INFINITY;
        rows[t].held_out = (double)NAN;
        if (wild_points && seed >> 20 & 1) {
            rows[t].at = vec2(extremes[seed % EXTREMES], extremes[(seed >> 8) % EXTREMES]);
            rows[t].loss = rows[t].at.x;
            rows[t].eta = rows[t].at.y;
        }
    }
    return rows;
}

static bool same_bits(const Path *a, const Path *b)
{
    size_t size = (size_t)(COLS * ROWS) * sizeof *a->old;
    return !memcmp(a->old, b->old, size) && !memcmp(a->recent, b->recent, size) &&
           a->exit_col == b->exit_col && a->exit_row == b->exit_row && a->left == b->left;
}

static void incremental_path_is_the_path_from_scratch(void **state)
{
    (void)state;
    Row *rows = wandering(300, true);
    for (int line = 0; line < PATH_LINES; line++)
        for (int glyphs = 0; glyphs < GLYPH_SETS; glyphs++) {
            Path step = {0}, once = {0};
            assert_true(path_resize(&step, COLS, ROWS) && path_resize(&once, COLS, ROWS));
            for (long t = 0; t < 300; t += 1 + t % 5) {
                long back = t % 50 == 3 ? t / 2 : t;
                path_update(&step, window, (GlyphSet)glyphs, (PathLine)line, rows, back, 1);
                once.cursor = -1; /* forget */
                path_update(&once, window, (GlyphSet)glyphs, (PathLine)line, rows, back, 1);
                assert_true(same_bits(&step, &once));
            }
            path_release(&step);
            path_release(&once);
        }
    free(rows);
}

static void paths_draw_in_their_rectangle(void **state)
{
    (void)state;
    Row *rows = wandering(300, true);
    Canvas c = blank_canvas(COLS + 20, ROWS + 20);
    Paint p = dark();
    Path path = {0};
    CriticalSet *set = calloc(1, sizeof *set);
    assert_true(set && path_resize(&path, COLS, ROWS));
    set->count = EXTREMES;
    for (int i = 0; i < EXTREMES; i++)
        set->point[i] = (Critical){{extremes[i], extremes[(i * 7 + 3) % EXTREMES]}, 0,
                                   (CriticalKind)(i % 4), i % 3 == 0};
    Rect at = {10, 10, COLS, ROWS};
    for (long t = 0; t < 300; t++) {
        canvas_clear(&c, 1, 2);
        path_update(&path, window, GLYPHS_QUADRANT, PATH_SOLID, rows, t, 1);
        ghost_draw(&path, &c, at, ROLE_GHOST_A, 'A', &p);
        path_draw(&path, &c, at, false, &p);
        critical_draw(set, window, &c, at, &p);
        head_draw(&path, &c, at, &p);
        vector_draw(&c, at, window, rows[t].at, rows[299 - t].at, ROLE_HEAD, &p);
        for (int i = 0; i < c.cols * c.rows; i++)
            assert_true(c.cell[i].glyph == ' ' || rect_contains(at, i % c.cols, i / c.cols));
    }
    path_draw(&path, &c, (Rect){-5, -5, 3, 200}, false, &p);
    path_release(&path);
    canvas_release(&c);
    free(set);
    free(rows);
}

/* A million long steps come in slices of bounded work, and end as the same picture. */
static void long_paths_come_in_slices(void **state)
{
    (void)state;
    enum { MANY = 40000 };
    Row *rows = wandering(MANY, false);
    Path slow = {0}, kept = {0};
    int calls = 1;
    assert_true(path_resize(&slow, COLS, ROWS) && path_resize(&kept, COLS, ROWS));
    while (path_update(&slow, window, GLYPHS_BRAILLE, PATH_SOLID, rows, MANY - 1, 1))
        calls++;
    assert_in_range(calls, 2, 100);
    for (long t = 0; t < MANY - 1; t += 1000)
        path_update(&kept, window, GLYPHS_BRAILLE, PATH_SOLID, rows, t, 1);
    path_keep(&kept, MANY - 1001, 1, 2);
    while (path_update(&kept, window, GLYPHS_BRAILLE, PATH_SOLID, rows, MANY - 1, 2))
        continue;
    assert_true(same_bits(&slow, &kept));
    assert_false(path_update(&kept, window, GLYPHS_BRAILLE, PATH_SOLID, rows, MANY - 1, 2));
    path_release(&slow);
    path_release(&kept);
    free(rows);
}

static void a_run_that_leaves_is_shown_leaving(void **state)
{
    (void)state;
    Row rows[3] = {{.at = {0, 0}}, {.at = {2, 0}}, {.at = {1e12, 0}}};
    Path path = {0};
    Canvas c = blank_canvas(COLS, ROWS);
    Paint p = dark();
    assert_true(path_resize(&path, COLS, ROWS));
    path_update(&path, window, GLYPHS_QUADRANT, PATH_SOLID, rows, 2, 1);
    head_draw(&path, &c, (Rect){0, 0, COLS, ROWS}, &p);
    assert_int_equal(canvas_at(&c, COLS - 1, ROWS / 2)->glyph, 0x2192);
    path_update(&path, window, GLYPHS_QUADRANT, PATH_SOLID, rows, 1, 1);
    assert_false(path.left);
    path_release(&path);
    canvas_release(&c);
}

static void cells_and_points_agree(void **state)
{
    (void)state;
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++) {
            int back_col = -1, back_row = -1;
            Vec2 p = map_point(window, COLS, ROWS, col, row);
            assert_true(map_cell(window, COLS, ROWS, p, &back_col, &back_row));
            assert_true(back_col == col && back_row == row);
        }
    int col, row;
    assert_true(map_cell(window, COLS, ROWS, window.hi, &col, &row));
    assert_true(col == COLS - 1 && row == 0);
    assert_false(map_cell(window, COLS, ROWS, vec2((double)NAN, 0), &col, &row));
}

/* --- curves ------------------------------------------------------------------------------- */

/* The extremes of all rows are the extremes of the envelope, and neighbours touch. */
static void envelopes_lose_nothing(void **state)
{
    (void)state;
    const long counts[] = {2, 30, 119, 120, 121, 1000, 54321};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        Row *rows = wandering(counts[i], false);
        Series s = {rows, counts[i], 1, series_loss};
        Scale scale = {0.001, 3, 0, true};
        Curve c = {0};
        double lo = (double)INFINITY, hi = -lo, low = lo, high = hi;
        assert_true(curve_resize(&c, 120));
        curve_update(&c, &s, counts[i] - 1, &scale);
        for (long t = 0; t < counts[i]; t++) {
            lo = fmin(lo, fmax(scale_at(&scale, rows[t].loss), 0)); /* what is below lies on 0 */
            hi = fmax(hi, scale_at(&scale, rows[t].loss));
        }
        for (int k = 0; k < 120; k++) {
            assert_true(c.low[k] <= c.high[k]);
            low = fmin(low, (double)c.low[k]);
            high = fmax(high, (double)c.high[k]);
            if (k > 0)
                assert_true((double)c.low[k] <= (double)c.high[k - 1] + 1e-5 &&
                            (double)c.low[k - 1] <= (double)c.high[k] + 1e-5);
        }
        assert_true(fabs(lo - low) < 1e-6 && fabs(hi - high) < 1e-6);
        curve_release(&c);
        free(rows);
    }
}

static void growing_curve_is_the_curve_from_scratch(void **state)
{
    (void)state;
    Row *rows = wandering(5000, false);
    Scale scale = {0, 1, 0, false};
    Curve grown = {0}, once = {0};
    assert_true(curve_resize(&grown, 90) && curve_resize(&once, 90));
    for (long n = 1; n <= 5000; n += n < 300 ? 1 : 97) {
        Series s = {rows, n, 1, series_eta}, other = {rows, n, (unsigned long)n + 2, series_eta};
        curve_update(&grown, &s, 4999, &scale);
        curve_update(&once, &other, 4999, &scale);
        for (int k = 0; k < 90; k++)
            assert_true((grown.low[k] > grown.high[k] && once.low[k] > once.high[k]) ||
                        (grown.low[k] == once.low[k] && grown.high[k] == once.high[k]));
    }
    curve_release(&grown);
    curve_release(&once);
    free(rows);
}

static Plot plot_of(const Curve *curve, Scale scale, const PlotTick *tick)
{
    return (Plot){.title = "loss",
                  .note = "log",
                  .scale = scale,
                  .steps = 299,
                  .cursor = 150,
                  .value = 1e300,
                  .limit = 1e12,
                  .line = {{curve, ROLE_LIMIT, ROLE_LIMIT, false, PLOT_FENCE},
                           {curve, ROLE_GHOST_A, ROLE_GHOST_A, false, PLOT_DOTTED},
                           {curve, ROLE_LOSS, ROLE_LOSS_PLAN, false, PLOT_SOLID}},
                  .lines = 3,
                  .ticks = tick,
                  .tick_count = 1};
}

static void extreme_plots_draw_in_their_pane(void **state)
{
    (void)state;
    Row *rows = wandering(300, true);
    Series s = {rows, 300, 1, series_loss};
    Canvas c = blank_canvas(90, 40);
    PlotTick tick = {1000, ROLE_TICK, 0};
    for (int k = 0; k < 6; k++) {
        Range r = {0};
        Curve curve = {0};
        range_update(&r, &s, k & 1 ? -1e300 : 0);
        Scale scale = k < 3 ? scale_loss(&r, k & 1 ? -1e300 : 0) : scale_eta(&r);
        Rect pane = {20, 12, 10 + 8 * k, 3 + 3 * k};
        Paint p = paint_make((ThemeId)(k % THEMES), MAP_INFERNO, (ColorMode)(k % MODES),
                             (GlyphSet)(k % GLYPH_SETS));
        assert_true(curve_resize(&curve, 2 * plot_area(pane).cols));
        curve_update(&curve, &s, 299, &scale);
        Plot plot = plot_of(&curve, scale, &tick);
        canvas_clear(&c, 1, 2);
        plot_draw(&plot, &c, pane, &p);
        for (int i = 0; i < c.cols * c.rows; i++)
            assert_true(c.cell[i].bg == 2 || rect_contains(pane, i % c.cols, i / c.cols));
        curve_release(&curve);
    }
    canvas_release(&c);
    free(rows);
}

static void a_diverging_loss_keeps_its_scale(void **state)
{
    (void)state;
    Row rows[4] = {{.loss = 2}, {.loss = 30}, {.loss = 1e200}, {.loss = (double)INFINITY}};
    Series s = {rows, 4, 1, series_loss};
    Range r = {0};
    range_update(&r, &s, 0);
    Scale scale = scale_loss(&r, 0);
    assert_true(scale.hi <= 2000.001 && scale.lo <= 2);
    assert_true(scale_at(&scale, -1) == -(double)INFINITY);
}

/* --- axes --------------------------------------------------------------------------------- */

static void ticks_are_honest(void **state)
{
    (void)state;
    const double range[][2] = {{0, 1}, {-4, 4}, {0, 0.05}, {3, 3}, {-1e-9, 1e-9}, {0, 1e12},
                               {17, 18.3}, {-1e300, 1e300}};
    for (size_t i = 0; i < sizeof range / sizeof range[0]; i++) {
        Scale s = scale_linear(range[i][0], range[i][1]);
        for (int want = 1; want <= AXIS_TICKS; want++) {
            Ticks t = axis_ticks(&s, want);
            assert_in_range(t.count, 1, AXIS_TICKS);
            for (int k = 0; k < t.count; k++) {
                double v = t.value[k], at = scale_at(&s, v);
                assert_true(at > -1e-6 && at < 1 + 1e-6);
                assert_true(fabs(atof(t.label[k]) - v) <= 0.06 * fabs(v) + 1e-300);
                assert_true(k == 0 || t.value[k] > t.value[k - 1]);
            }
        }
    }
    Scale log = scale_log(1e-7, 40, 0, 12);
    Ticks t = axis_ticks(&log, 4);
    assert_in_range(t.count, 2, 4);
    assert_string_equal(t.label[t.count - 1], "10");
    t = axis_steps(300, 3);
    assert_int_equal(t.count, 3);
    assert_string_equal(t.label[1], "150");
    t = axis_steps(0, 5);
    assert_true(t.count >= 1);
}

/* --- panels ------------------------------------------------------------------------------- */

static void words_wrap(void **state)
{
    (void)state;
    const char *text = "η too high\n\nunbelievable x", *from;
    assert_int_equal(wrap_next(&text, 6, &from), 6); /* "η too": 6 bytes, 5 cells */
    assert_int_equal(wrap_next(&text, 6, &from), 4);
    assert_int_equal(wrap_next(&text, 6, &from), -1);
    assert_int_equal(wrap_next(&text, 6, &from), 6); /* "unbeli" */
    assert_int_equal(wrap_next(&text, 6, &from), 6);
    assert_int_equal(wrap_next(&text, 6, &from), 1);
    assert_int_equal(wrap_next(&text, 6, &from), 0);
    assert_int_equal(wrap_rows("one two three", 7), 2);
    assert_int_equal(wrap_rows("", 7), 0);
    assert_int_equal(wrap_rows("word", 0), 0);
}

static void panels_draw_at_any_size(void **state)
{
    (void)state;
    const KeyRow keys[] = {{NULL, "run"}, {"space", "pause"}, {"q", "quit"}};
    const RulerCell cells[3] = {{'s', ROLE_DIM, "slow"}, {'G', ROLE_GOOD, "global minimum"},
                                {'x', ROLE_BAD, NULL}};
    Canvas c = blank_canvas(50, 20);
    for (int mode = 0; mode < MODES; mode++)
        for (int size = -2; size < 60; size++) {
            Paint p = paint_make(THEME_LIGHT, MAP_GREY, (ColorMode)mode, (GlyphSet)(size % 3 == 0));
            Rect r = {size / 5, size / 9, size, size / 3};
            panel_frame(&c, r, "a long title", "and a note", &p);
            panel_axes(&c, r, window, &p);
            panel_foot(&c, r, 2, "foot", &p);
            Rect in = card_frame(&c, r, NULL, NULL, &p);
            panel_wrap(&c, in, "some words that wrap, and some more of them", ROLE_TEXT, &p);
            keys_draw(&c, in, keys, 3, size % 3, &p);
            footer_draw(&c, r, keys + 1, 2, 1, &p);
            ruler_draw(&c, r, "η₀", "0.01", "10", cells, 3, size % 4 - 1, &p);
            gauge_draw(&c, 1, 1, size, size * 0.1, 2, &p);
            gauge_draw(&c, 1, 1, size, (double)NAN, 2, &p);
            gauge_draw(&c, 1, 1, size, (double)INFINITY, 2, &p);
            digits_draw(&c, size, 2, size, 1 + size % 3, "1.2e-3", ROLE_TEXT, &p);
            panel_row(&c, in, 0, 8, "key", "value", ROLE_TEXT, &p);
        }
    canvas_release(&c);
}

static void the_footer_keeps_the_last_keys(void **state)
{
    (void)state;
    const KeyRow keys[] = {{"space", "pause"}, {"s", "schedule"}, {"l", "lessons"}, {"?", "help"}};
    Canvas c = blank_canvas(80, 1);
    Paint p = dark();
    assert_int_equal(footer_draw(&c, (Rect){0, 0, 80, 1}, keys, 4, 2, &p), 4);
    assert_int_equal(footer_draw(&c, (Rect){0, 0, 32, 1}, keys, 4, 2, &p), 3);
    assert_int_equal(canvas_at(&c, 24, 0)->glyph, '?');
    assert_int_equal(footer_draw(&c, (Rect){0, 0, 20, 1}, keys, 4, 2, &p), 2);
    canvas_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shades_follow_the_loss),
        cmocka_unit_test(slices_give_the_same_picture),
        cmocka_unit_test(something_shows_early),
        cmocka_unit_test(every_basin_has_a_contour),
        cmocka_unit_test(a_plane_has_thin_contours),
        cmocka_unit_test(extreme_fields_draw),
        cmocka_unit_test(clipping_stays_inside),
        cmocka_unit_test(incremental_path_is_the_path_from_scratch),
        cmocka_unit_test(paths_draw_in_their_rectangle),
        cmocka_unit_test(long_paths_come_in_slices),
        cmocka_unit_test(a_run_that_leaves_is_shown_leaving),
        cmocka_unit_test(cells_and_points_agree),
        cmocka_unit_test(envelopes_lose_nothing),
        cmocka_unit_test(growing_curve_is_the_curve_from_scratch),
        cmocka_unit_test(extreme_plots_draw_in_their_pane),
        cmocka_unit_test(a_diverging_loss_keeps_its_scale),
        cmocka_unit_test(ticks_are_honest),
        cmocka_unit_test(words_wrap),
        cmocka_unit_test(panels_draw_at_any_size),
        cmocka_unit_test(the_footer_keeps_the_last_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
