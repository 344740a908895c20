/* SPDX-License-Identifier: MIT
 * test_out: the encoders. libvterm is the judge: a terminal fed with every frame shows what one
 * fed with the last frame in full shows, and both show the canvas. Needs -lvterm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "e2e/vt_cell.h"
#include "out/ansi.h"
#include "out/format.h"

enum { FEED = 65536 /* libvterm 0.1.4 takes no more at once */ };

static const char *const mode_name[] = {"truecolor", "256", "16", "8", "mono"};

typedef struct Judge {
    VTerm *term;
    VTermScreen *screen;
    int cols, rows;
} Judge;

static Judge judge_open(int cols, int rows)
{
    Judge j = {.term = vterm_new(rows, cols), .cols = cols, .rows = rows};
    vterm_set_utf8(j.term, 1);
    j.screen = vterm_obtain_screen(j.term);
    vterm_screen_reset(j.screen, 1);
    return j;
}

static void judge_feed(Judge *j, AnsiBytes bytes)
{
    for (size_t at = 0; at < bytes.size; at += FEED) {
        size_t count = bytes.size - at < FEED ? bytes.size - at : FEED;
        vterm_input_write(j->term, bytes.at + at, count);
    }
}

/* --- random canvases --- */

static uint64_t draw_at;

static uint32_t chance(uint32_t n) /* 0..n-1 */
{
    return (uint32_t)(rng_u64(20240229, draw_at++) % n);
}

static Color random_color(ColorMode mode)
{
    static const uint32_t entries[] = {256, 256, 16, 8, 8};
    if (chance(8) == 0)
        return COLOR_DEFAULT;
    if (mode == MODE_TRUECOLOR && chance(4))
        return (Color)(chance(6) * 0x2A0000 + chance(3) * 0x100 + chance(3) * 0x55);
    uint32_t few = chance(2) ? 6 : entries[mode];
    return COLOR_INDEX | chance(few);
}

static Cell random_cell(ColorMode mode)
{
    static const uint32_t glyphs[] = {' ',    ' ',    'a',    'z',    '~',    0x2580, 0x2580,
                                      0x2584, 0x2588, 0x2588, 0x2599, 0x28FF, 0x3B7,  0x1FB00};
    Cell c = {glyphs[chance(sizeof glyphs / sizeof *glyphs)], random_color(mode),
              random_color(mode), chance(5) ? 0 : chance(16)};
    return c;
}

/* Change the canvas a little, a lot, by runs, or not at all. */
static void mutate(Canvas *c, ColorMode mode)
{
    size_t cells = (size_t)c->cols * (size_t)c->rows;
    uint32_t kind = chance(5);
    uint32_t gap = kind == 0 ? 1 : kind == 1 ? 2 : kind == 2 ? 5 : 60;
    for (size_t i = 0; kind < 4 && i < cells; i += 1 + chance(gap)) {
        Cell cell = random_cell(mode);
        size_t run = kind == 3 ? chance(9) : 1;
        for (size_t k = 0; k < run && i + k < cells; k++)
            c->cell[i + k] = cell;
    }
}

/* --- properties --- */

static Cell expected(ColorMode mode, Cell c)
{
    if (mode == MODE_MONO)
        c.fg = c.bg = COLOR_DEFAULT;
    return c;
}

static void assert_shows(const Judge *j, const Canvas *c, ColorMode mode, const char *what)
{
    for (int row = 0; row < j->rows; row++) {
        for (int col = 0; col < j->cols; col++) {
            Cell want = expected(mode, c->cell[row * c->cols + col]);
            Cell got = vt_cell_of(j->screen, col, row);
            if (vt_looks_same(want, got))
                continue;
            fail_msg("%s, %s, %dx%d at %d,%d: U+%04X %07X %07X %X, not U+%04X %07X %07X %X", what,
                     mode_name[mode], j->cols, j->rows, col, row, got.glyph, got.fg, got.bg,
                     got.attr, want.glyph, want.fg, want.bg, want.attr);
        }
    }
}

static void assert_full_agrees(const Canvas *c, ColorMode mode)
{
    Judge j = judge_open(c->cols, c->rows);
    Ansi a;
    ansi_init(&a, mode, true);
    assert_true(ansi_resize(&a, c->cols, c->rows));
    judge_feed(&j, ansi_frame(&a, c, true));
    assert_shows(&j, c, mode, "full");
    ansi_release(&a);
    vterm_free(j.term);
}

static void walk(ColorMode mode, int cols, int rows, int frames)
{
    Canvas c = {0};
    Judge j = judge_open(cols, rows);
    Ansi a;
    ansi_init(&a, mode, true);
    a.sync = cols % 2;
    assert_true(canvas_resize(&c, cols, rows));
    assert_true(ansi_resize(&a, cols, rows));
    for (int i = 0; i < frames; i++) {
        mutate(&c, mode);
        judge_feed(&j, ansi_frame(&a, &c, chance(12) == 0));
        assert_shows(&j, &c, mode, "incremental");
        assert_int_equal(ansi_frame(&a, &c, false).size, 0);
    }
    assert_full_agrees(&c, mode);
    ansi_release(&a);
    canvas_release(&c);
    vterm_free(j.term);
}

static void incremental_is_full(void **state)
{
    static const int sizes[][2] = {{1, 1},  {2, 1},   {1, 7},   {2, 2},    {5, 3},   {20, 5},
                                   {9, 11}, {80, 24}, {81, 25}, {120, 40}, {200, 60}};
    (void)state;
    for (ColorMode mode = 0; mode < MODES; mode++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            walk(mode, sizes[i][0], sizes[i][1], sizes[i][0] > 80 ? 15 : 40);
    for (int i = 0; i < 60; i++)
        walk((ColorMode)(i % MODES), 1 + (int)chance(60), 1 + (int)chance(20), 20);
}

static void resize_is_fresh(void **state)
{
    (void)state;
    Canvas c = {0};
    Ansi a;
    ansi_init(&a, MODE_256, true);
    for (int i = 0; i < 40; i++) {
        int cols = 1 + (int)chance(50), rows = 1 + (int)chance(30);
        Judge j = judge_open(cols, rows);
        assert_true(canvas_resize(&c, cols, rows) && ansi_resize(&a, cols, rows));
        mutate(&c, MODE_256);
        judge_feed(&j, ansi_frame(&a, &c, false));
        assert_shows(&j, &c, MODE_256, "after a resize");
        vterm_free(j.term);
    }
    ansi_release(&a);
    canvas_release(&c);
}

/* The worst a cell can ask for fits the buffer (address sanitizer watches), odd canvases too. */
static void worst_case_fits(void **state)
{
    (void)state;
    Canvas c = {0};
    Ansi a;
    ansi_init(&a, MODE_TRUECOLOR, true);
    assert_true(canvas_resize(&c, 210, 110) && ansi_resize(&a, 210, 110));
    for (int frame = 0; frame < 3; frame++) {
        for (int i = 0; i < c.cols * c.rows; i++)
            c.cell[i] =
                (Cell){0x1FB00, (Color)((i + frame) % 2 ? 0xFFFFFE : 0xFEFFFF),
                       (Color)((i + frame) % 2 ? 0xC8C8C8 : 0xC9C9C9), (i + frame) % 2 ? 15u : 0u};
        AnsiBytes bytes = ansi_frame(&a, &c, frame == 0);
        assert_true(bytes.size < (size_t)(c.cols * c.rows) * 84);
    }
    c.cell[0] = (Cell){7, 0x123456, COLOR_INDEX | 999, 0xFFF0};
    assert_true(ansi_frame(&a, &c, false).size > 0);
    ansi_release(&a);
    canvas_release(&c);
}

static void ascii_stays_ascii(void **state)
{
    (void)state;
    Canvas c = {0};
    Ansi a;
    ansi_init(&a, MODE_256, false);
    assert_true(canvas_resize(&c, 40, 10) && ansi_resize(&a, 40, 10));
    for (int i = 0; i < 20; i++) {
        mutate(&c, MODE_256);
        AnsiBytes bytes = ansi_frame(&a, &c, false);
        for (size_t k = 0; k < bytes.size; k++)
            assert_true((unsigned char)bytes.at[k] < 0x80);
    }
    ansi_release(&a);
    canvas_release(&c);
}

static void exact_bytes(void **state)
{
    (void)state;
    Canvas c = {0};
    Ansi a;
    ansi_init(&a, MODE_TRUECOLOR, true);
    assert_true(canvas_resize(&c, 20, 3) && ansi_resize(&a, 20, 3));
    canvas_clear(&c, COLOR_DEFAULT, COLOR_DEFAULT);
    ansi_frame(&a, &c, true);
    struct {
        int col, row;
        Cell cell;
        const char *bytes;
    } steps[] = {
        {0, 0, {'a', COLOR_DEFAULT, COLOR_DEFAULT, 0}, "\033[Ha"},
        {1, 0, {'b', COLOR_DEFAULT, COLOR_DEFAULT, 0}, "b"},
        {4, 0, {'c', COLOR_DEFAULT, COLOR_DEFAULT, 0}, "  c"}, /* the gap again: 2 bytes, not 4 */
        {0, 1, {'d', COLOR_INDEX | 1, COLOR_DEFAULT, 0}, "\r\n\033[31md"},
        {9, 1, {0x2580, 0x010203, 0x040506, 0}, "\033[8C\033[38;2;1;2;3;48;2;4;5;6m\xE2\x96\x80"},
        {10, 1, {0x2580, 0x040506, 0x010203, 0}, "\xE2\x96\x84"}, /* the other half, same pen */
        {11, 1, {' ', 0, 0x010203, 0}, "\xE2\x96\x88"},
        {19, 2, {'e', COLOR_DEFAULT, COLOR_DEFAULT, 0}, "\033[3;20H\033[me"},
        {19, 2, {'e', COLOR_DEFAULT, COLOR_DEFAULT, 0}, ""},
        {18,
         2,
         {'f', COLOR_DEFAULT, COLOR_DEFAULT, CELL_BOLD | CELL_REVERSE},
         "\r\033[18C\033[1;7mf"},
        {19, 2, {'g', COLOR_DEFAULT, COLOR_DEFAULT, CELL_BOLD}, "\033[27mg"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        c.cell[steps[i].row * c.cols + steps[i].col] = steps[i].cell;
        AnsiBytes got = ansi_frame(&a, &c, false);
        char text[256] = "";
        memcpy(text, got.at, got.size < 255 ? got.size : 255);
        assert_string_equal(text, steps[i].bytes);
    }
    ansi_release(&a);
    canvas_release(&c);
}

/* --- whole outputs --- */

static char *written(const char *format, const Canvas *c)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    Picture p = {.canvas = c, .mode = MODE_256};
    assert_true(format_find(format, false, NULL)->draw(&p, f));
    fclose(f);
    return text;
}

static void lines_of_text(void **state)
{
    (void)state;
    Canvas c = {0};
    assert_true(canvas_resize(&c, 6, 3));
    canvas_clear(&c, COLOR_DEFAULT, COLOR_DEFAULT);
    canvas_text(&c, 1, 0, 5, "η=1", COLOR_DEFAULT, COLOR_DEFAULT, 0);
    canvas_text(&c, 0, 2, 6, "abcdef", COLOR_INDEX | 2, COLOR_INDEX | 200, CELL_BOLD);
    char *text = written("text", &c);
    char *plain = written("ansi", &c);
    assert_string_equal(text, " η=1\n\nabcdef\n");
    assert_string_equal(plain, " η=1  \n      \n\033[1;32;48;5;200mabcdef\033[m\n");
    free(text);
    free(plain);
    canvas_release(&c);
}

/* --- costs, printed --- */

static void heat(Canvas *c, int shift, int levels)
{
    for (int row = 0; row < c->rows; row++) {
        for (int col = 0; col < c->cols; col++) {
            Color half[2];
            for (int k = 0; k < 2; k++) {
                double x = (double)col / c->cols - 0.4, y = (2.0 * row + k) / (2 * c->rows) - 0.5;
                double v = 3 * x * x + 5 * y * y * (1.5 + x) + 0.02 * shift;
                int level = (int)(v * 1.5 * levels) % (2 * levels);
                level = level < levels ? level : 2 * levels - 1 - level;
                half[k] = (Color)(level * 160 / levels) << 16 | (Color)(level * 80 / levels) << 8 |
                          (Color)(40 + level);
            }
            canvas_put(c, col, row, 0x2580, half[0], half[1], 0);
        }
    }
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(int cols, int rows, int levels)
{
    Canvas c = {0};
    Ansi a;
    size_t bytes = 0, head = 0;
    double spent = 0, idle = 0;
    enum { FRAMES = 40 };
    ansi_init(&a, MODE_TRUECOLOR, true);
    assert_true(canvas_resize(&c, cols, rows) && ansi_resize(&a, cols, rows));
    heat(&c, 0, levels);
    size_t full = ansi_frame(&a, &c, true).size;
    for (int i = 1; i <= FRAMES; i++) {
        heat(&c, i, levels);
        double start = seconds_now();
        bytes += ansi_frame(&a, &c, false).size;
        double middle = seconds_now();
        spent += middle - start;
        ansi_frame(&a, &c, false);
        idle += seconds_now() - middle;
    }
    for (int i = 0; i < FRAMES; i++) {
        heat(&c, FRAMES, levels);
        canvas_put(&c, (i + 20) % cols, rows / 2, 0x25CF, 0xFFFFFF, 0x101010, 0);
        head += ansi_frame(&a, &c, false).size;
    }
    print_message("%3dx%-3d %2d levels: full %6zu B, whole map %6zu B %4.0f us, head %3zu B, "
                  "nothing %.1f us\n",
                  cols, rows, levels, full, bytes / FRAMES, spent / FRAMES * 1e6, head / FRAMES,
                  idle / FRAMES * 1e6);
    ansi_release(&a);
    canvas_release(&c);
}

static void costs(void **state)
{
    (void)state;
    measure(80, 24, 32);
    measure(200, 60, 32);
    measure(200, 60, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(incremental_is_full),
        cmocka_unit_test(resize_is_fresh),
        cmocka_unit_test(worst_case_fits),
        cmocka_unit_test(ascii_stays_ascii),
        cmocka_unit_test(exact_bytes),
        cmocka_unit_test(lines_of_text),
        cmocka_unit_test(costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
