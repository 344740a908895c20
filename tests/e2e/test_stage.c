/* SPDX-License-Identifier: MIT
 * test_stage: the whole program on a pseudo-terminal, as a person meets it. The program is
 * $ETASCOPE, else the one of this build. A test waits for what the screen says, never for time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/named.h"
#include "e2e/steps.h"
#include "view/theme.h"

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

#define UTF8 "LC_ALL=C.UTF-8"
#define TERM_256 "TERM=xterm-256color"

static const char *program = ETASCOPE;
static const char *const plain_env[] = {TERM_256, UTF8, NULL};
static const char *const true_env[] = {TERM_256, UTF8, "COLORTERM=truecolor", NULL};
static const char *const renders[] = {"--render=ncurses", "--render=ansi"};

#define ARGV(...) ((const char *const[]){program, "--marker", __VA_ARGS__, NULL})
#define ENV(...) ((const char *const[]){__VA_ARGS__, NULL})

#define UP "\033[A"
#define DOWN "\033[B"
#define RIGHT "\033[C"
#define LEFT "\033[D"
#define SHIFT_RIGHT "\033[1;2C"
#define SHIFT_UP "\033[1;2A"
#define HOME "\033[H"
#define END "\033[F"
#define ESCAPE "\033"

/* --- steps of a test; each failure shows the screen --- */

static void start(Vt *v, const char *const *argv, const char *const *env, int cols, int rows)
{
    assert_true(vt_start(v, &(VtSpawn){.argv = argv, .env = env, .cols = cols, .rows = rows}));
    if (!vt_wait_frame(v, 1))
        lose(v, vt_error(v));
}

static void press_expect(Vt *v, const char *bytes, const char *text)
{
    press(v, bytes);
    expect(v, text);
}

static void expect_restored(const Vt *v)
{
    assert_false(v->alternate);
    assert_true(v->cursor);
    assert_int_equal(v->mouse, VTERM_PROP_MOUSE_NONE);
    assert_true(vt_modes_restored(v));
    for (int row = 0; row < v->rows; row++)
        assert_string_equal(vt_row(v, row), "");
}

static void expect_exit(Vt *v, int status)
{
    assert_true(vt_wait_end(v));
    const char *said = vt_error(v);
    if (!WIFEXITED(v->status) || WEXITSTATUS(v->status) != status)
        fail_msg("status %X, not %d: %s", (unsigned)v->status, status, said);
    expect_restored(v);
    assert_string_equal(said, "");
    vt_stop(v);
}

static void quit(Vt *v)
{
    vt_send(v, "q");
    expect_exit(v, 0);
}

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- the first screen --- */

/* Scene B1 at 80x24: the map's inside is 44x17 from (1,2). */
enum { BALL_COL = 6, BALL_ROW = 8, TRAP_COL = 12, TRAP_ROW = 10 };

static void expect_ball(const Vt *v, int col, int row, Color color)
{
    Cell c = vt_cell(v, col, row);
    if (c.glyph != 0x25CF || c.fg != color || c.bg == COLOR_DEFAULT) {
        print_error("(%d,%d): U+%04X %07X %07X\n", col, row, c.glyph, c.fg, c.bg);
        lose(v, "no ball there");
    }
}

static void first_screen(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        Paint p = paint_make(THEME_DARK, MAP_INFERNO, i ? MODE_TRUECOLOR : MODE_256,
                             GLYPHS_BRAILLE);
        start(&v, ARGV("--paused"), i ? true_env : plain_env, 80, 24);
        assert_true(v.alternate);
        assert_false(v.cursor);
        assert_int_equal(v.mouse, VTERM_PROP_MOUSE_CLICK);
        expect(&v, " η etascope   sgd · constant η₀ 0.02");
        expect(&v, "─ loss surface ─");
        expect(&v, "rate η(t) ─");
        expect(&v, "╭─ loss 3.29 ");
        expect(&v, "╭─ now ─");
        expect(&v, "━ 1"); /* the ruler, when it is done */
        expect(&v, "★");
        assert_string_equal(vt_row(&v, 23) + strlen(vt_row(&v, 23)) - 6, "? help");
        assert_non_null(strstr(vt_row(&v, 23), "1-9 scenes"));
        Color head = i ? 0xFFD75F : COLOR_INDEX | 221;
        assert_int_equal(p.role[ROLE_HEAD], head);
        expect_ball(&v, BALL_COL, BALL_ROW, head);
        press_expect(&v, END, "step 400/400");
        expect_ball(&v, TRAP_COL, TRAP_ROW, head);
        Cell path = vt_cell(&v, BALL_COL + 2, BALL_ROW);
        assert_in_range(path.glyph, 0x2801, 0x28FF); /* the older path: thin, and quiet */
        if (i)
            assert_true(color_contrast(path.fg, path.bg) > 3);
        else
            assert_int_equal(path.fg, COLOR_INDEX | 253);
        assert_int_equal(vt_cell(&v, BALL_COL, BALL_ROW).glyph, 0x25CB);
        quit(&v);
    }
}

/* What a newcomer does: watch, press the key the screen names, watch. */
static void first_key_frees_it(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--clock=virtual"), plain_env, 80, 24);
    expect(&v, "local minimum");
    expect(&v, "Press 1 to see the contrast");
    press(&v, "1");
    expect(&v, "global minimum");
    expect(&v, "Press 1 to go back");
    quit(&v);
}

/* --- keys --- */

static void pause_sleeps(void **state)
{
    Vt v[2];
    size_t bytes[2];
    long switches[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        start(&v[i], ARGV(renders[i]), plain_env, 80, 24);
        expect(&v[i], "▶ ×1");
        press_expect(&v[i], " ", "paused at step");
        expect(&v[i], "━ 1");
    }
    for (int i = 0; i < 2; i++) {
        while (vt_pump(&v[i], 0.1))
            continue;
        bytes[i] = v[i].bytes;
        switches[i] = vt_switches(&v[i]);
    }
    assert_false(vt_pump(&v[0], 1.0));
    for (int i = 0; i < 2; i++) {
        assert_false(vt_pump(&v[i], 0));
        assert_int_equal(v[i].bytes, bytes[i]);
        assert_int_equal(vt_switches(&v[i]), switches[i]);
        press_expect(&v[i], " ", "playing");
        quit(&v[i]);
    }
}

static void keys_walk_the_run(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"), plain_env, 80, 24);
    press_expect(&v, RIGHT, "now ───────────────── step 1 ─╮");
    press_expect(&v, SHIFT_RIGHT, "step  11/400");
    press_expect(&v, LEFT, "step  10/400");
    press_expect(&v, ".", "step  11/400");
    press_expect(&v, END, "step 400/400");
    press_expect(&v, HOME, "step   0/400");
    press_expect(&v, "]", "×2");
    press_expect(&v, "[", "×1");
    press_expect(&v, "r", "nothing was changed");
    expect(&v, "▶ ×1");
    quit(&v);
}

static void keys_change_the_rate(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused", "--exec=seek 100"), plain_env, 80, 24);
    press_expect(&v, UP, "constant η₀ 0.025");
    expect(&v, "η₀ 0.02 → 0.025 from step 100");
    press_expect(&v, DOWN, "constant η₀ 0.02 ");
    press_expect(&v, SHIFT_UP, "constant η₀ 0.0204");
    press_expect(&v, "u", "undone");
    expect(&v, "constant η₀ 0.02 ");
    press_expect(&v, "u", "undone");
    expect(&v, "constant η₀ 0.025");
    press_expect(&v, "u", "constant η₀ 0.02 ");
    press_expect(&v, "u", "nothing to undo");
    press_expect(&v, "\t", "eta0 = 0.02");
    press_expect(&v, "\t", "start = 0");
    press_expect(&v, ESCAPE, "the arrows change η₀ again");
    expect(&v, "━ 1"); /* the ruler is done */
    press_expect(&v, ">", "from η₀ 0.");
    double until = clock_now() + 5;
    do /* the ruler is made anew meanwhile */
        press(&v, "<");
    while (vt_shows(&v, "not finished yet") && clock_now() < until);
    expect(&v, "down from η₀");
    quit(&v);
}

static void keys_open_cards_and_menus(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused", "--exec=seek 100"), plain_env, 80, 24);
    press_expect(&v, "s", "learning-rate schedule: ");
    expect(&v, "enter closes");
    press_expect(&v, "\r", "loss surface ─");
    press_expect(&v, "S", "(constant)");
    press_expect(&v, "o", "optimizer: ");
    expect(&v, "enter closes");
    press_expect(&v, "O", "(sgd)");
    press_expect(&v, "f", "loss surface: ");
    press_expect(&v, "F", "(pass)");
    press(&v, ESCAPE);
    press_expect(&v, "m", "surfaces ");
    press_expect(&v, "s", "schedules ");
    press_expect(&v, "\033[F", " of ");
    press_expect(&v, HOME, "1 of ");
    press_expect(&v, DOWN, "2 of ");
    press_expect(&v, "\r", "sgd · step η₀");
    press_expect(&v, "u", "sgd · constant η₀");
    press_expect(&v, "m", " of ");
    press_expect(&v, "q", "back on the stage"); /* q closes the menu, not the program */
    quit(&v);
}

static void prompt_takes_lines(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused", "--exec=seek 100"), plain_env, 80, 24);
    press_expect(&v, ":", "Tab completes");
    type(&v, "eta0=0.3\r");
    expect(&v, "constant η₀ 0.3 ");
    expect(&v, "eta0=0.3 from step 100");
    type(&v, ":sche\t");
    expect(&v, " :schedule");
    type(&v, " cosi\t");
    expect(&v, " :schedule cosine");
    press_expect(&v, "\r", "sgd · cosine η₀ 0.3");
    type(&v, ":etaa\r");
    expect(&v, "unknown command 'etaa'");
    expect(&v, "did you mean 'eta0'?");
    expect(&v, " :etaa"); /* the line stays, to be mended */
    type(&v, "\177" "0=0.2\r");
    expect(&v, "cosine η₀ 0.2 ");
    type(&v, ":eta0=-1\r");
    expect(&v, "-1");
    press(&v, ESCAPE);
    type(&v, ":");
    press_expect(&v, UP, " :eta0=-1"); /* history */
    press(&v, ESCAPE);
    vt_send(&v, ":quit\r");
    expect_exit(&v, 0);
}

static void help_and_glossary(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"), plain_env, 80, 24);
    press_expect(&v, "?", "keys: the stage");
    press_expect(&v, ESCAPE, "─ loss surface ─");
    press_expect(&v, "?", "keys: the stage");
    press_expect(&v, "q", "─ loss surface ─"); /* q is back here */
    press_expect(&v, "g", "glossary");
    press_expect(&v, "?", "─ loss surface ─");
    quit(&v);
}

/* Every digit, and the same digit again: the captions of assets/pairs.txt. */
static void digits_show_pairs(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"), plain_env, 80, 24);
    for (int i = 0; i < PAIRS; i++) {
        char key[2] = {(char)('1' + i), '\0'};
        if (i > 0) /* the first is there at the start */
            press_expect(&v, key, pair_row(i)->before[0]);
        press_expect(&v, key, pair_row(i)->before[1]);
        press(&v, " ");
    }
    press_expect(&v, "1", pair_row(0)->before[0]);
    quit(&v);
}

static bool map_has(const Vt *v, uint32_t glyph, Color fg)
{
    for (int row = 2; row < 19; row++)
        for (int col = 1; col < 45; col++)
            if (vt_cell(v, col, row).glyph == glyph && vt_cell(v, col, row).fg == fg)
                return true;
    return false;
}

/* The first run, pinned where it ends: in the trap, on the mark of the minimum. */
static void pin_shows_its_letter(void **state)
{
    (void)state;
    Vt v;
    Paint p = paint_make(THEME_DARK, MAP_INFERNO, MODE_256, GLYPHS_QUADRANT);
    start(&v, ARGV("--paused", "--exec=seek 400"), plain_env, 80, 24);
    press_expect(&v, "p", "kept as runner B");
    type(&v, ":eta0=0.6\r");
    expect(&v, "eta0=0.6");
    press_expect(&v, " ", "paused at step");
    expect(&v, "━ 100"); /* the ruler: all is drawn */
    if (!map_has(&v, 'B', p.role[ROLE_GHOST_A]))
        lose(&v, "no letter of the pin on the map");
    press_expect(&v, "u", "undone");
    press_expect(&v, "p", "runner B taken off");
    quit(&v);
}

static void keys_are_instruments(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused", "--exec=seek 400"), plain_env, 80, 24);
    press_expect(&v, HOME, "step   0/400");
    press_expect(&v, "h", "cut along the coming step");
    press_expect(&v, "h", "the loss curve is back");
    press_expect(&v, "e", "ends: ");
    press_expect(&v, "e", "the future is hidden again");
    press_expect(&v, "a", "─ the update taken apart ─");
    expect(&v, "gradient");
    press_expect(&v, "a", "rate η(t) ─");
    press_expect(&v, "b", "learning rate η");
    press_expect(&v, "b", "the whole stage again");
    press_expect(&v, "R", "a new start at");
    press_expect(&v, "P", "Enter starts");
    press(&v, RIGHT);
    press_expect(&v, "\r", "a new start at");
    press_expect(&v, "v", "arrows pan");
    press(&v, LEFT);
    press_expect(&v, ESCAPE, "back on the stage");
    press_expect(&v, "+", "the map shows x");
    press_expect(&v, "0", "the map shows x");
    press_expect(&v, "x", "the old run is");
    press_expect(&v, "Q", "'Q' does nothing here");
    quit(&v);
}

static void keys_change_the_looks(void **state)
{
    static const char *const themes[] = {"light", "contrast", "mono", "dark"};
    static const char *const maps[] = {"viridis", "cividis", "grey", "inferno"};
    static const char *const glyphs[] = {"quadrant", "ascii", "braille"};
    char line[64];
    (void)state;
    Vt v, same;
    start(&v, ARGV("--paused", "--exec=seek 300"), true_env, 80, 24);
    Cell first = vt_cell(&v, 0, 0);
    for (int i = 0; i < 4; i++) {
        snprintf(line, sizeof line, "theme: %s", themes[i]);
        press_expect(&v, "t", line);
        if (i < 3)
            assert_int_not_equal(vt_cell(&v, 0, 0).bg, first.bg);
    }
    assert_int_equal(vt_cell(&v, 0, 0).bg, first.bg);
    for (int i = 0; i < 4; i++) {
        snprintf(line, sizeof line, "colour map: %s", maps[i]);
        press_expect(&v, "c", line);
    }
    for (int i = 0; i < 3; i++) {
        press(&v, "G");
        if (!vt_wait_text(&v, glyphs[i]))
            lose(&v, glyphs[i]);
        if (i == 1)
            for (int row = 0; row < 24; row++)
                for (int col = 0; col < 80; col++) /* a whole block may stand for a blank */
                    if (vt_cell(&v, col, row).glyph >= 0x80 &&
                        vt_cell(&v, col, row).glyph != 0x2588)
                        lose(&v, "not ASCII");
    }
    /* all the way round is where we were, but for the sentence */
    type(&v, ":step 0\r");
    start(&same, ARGV("--paused", "--exec=seek 300"), true_env, 80, 24);
    assert_true(vt_wait_same(&v, &same));
    quit(&same);
    quit(&v);
}

static void mouse_and_paste(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"), plain_env, 80, 24);
    press(&v, "\033[<0;30;15M");
    press(&v, "\033[<0;30;15m");
    expect(&v, "a new start at");
    press_expect(&v, HOME, "step   0/400");
    expect_ball(&v, 29, 14, COLOR_INDEX | 221);
    press_expect(&v, "\033[<64;30;15M", "the map shows x");
    press_expect(&v, "\033[<65;30;15M", "the map shows x");
    press_expect(&v, "\033[<0;75;5M", "step "); /* a click in a plot walks there */
    if (vt_shows(&v, "step   0/400"))
        lose(&v, "the click in the plot did nothing");
    type(&v, " ");
    press(&v, "\033[200~q\033[201~");
    type(&v, "  ");
    press(&v, ":");
    press_expect(&v, "\033[200~q\033[201~", " :q");
    press(&v, ESCAPE);
    quit(&v);
}

/* --- sizes --- */

static void every_size(void **state)
{
    static const int sizes[][2] = {{1, 1},   {5, 3},   {20, 6},   {40, 12},
                                   {60, 18}, {80, 24}, {200, 60}, {300, 100}};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        int cols = sizes[i / 2][0], rows = sizes[i / 2][1];
        Vt v, fresh;
        start(&v, ARGV("--paused", renders[i % 2]), plain_env, 80, 24);
        vt_resize(&v, cols, rows);
        assert_true(vt_wait_size(&v, cols, rows));
        start(&fresh, ARGV("--paused", renders[i % 2]), plain_env, cols, rows);
        if (!vt_wait_same(&v, &fresh))
            lose(&v, "not as a fresh start");
        if (cols == 5)
            assert_true(strncmp(vt_row(&v, 0), "too", 3) == 0);
        if (cols >= 40)
            expect(&v, "? help");
        for (const char *key = "1?q:e\177\177 bsomtchgax"; *key && i % 2; key++)
            type(&fresh, (char[]){*key, '\0'});
        if (i % 2)
            press(&fresh, ESCAPE);
        vt_resize(&v, 80, 24);
        assert_true(vt_wait_size(&v, 80, 24));
        quit(&v);
        kill(fresh.pid, SIGTERM);
        assert_true(vt_wait_end(&fresh));
        assert_true(WIFSIGNALED(fresh.status));
        expect_restored(&fresh);
        vt_stop(&fresh);
    }
}

static void resize_storm_is_a_fresh_start(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v, fresh;
        const char *const *argv = ARGV("--paused", "--exec=seek 250", renders[i]);
        start(&v, argv, plain_env, 80, 24);
        for (int k = 0; k < 60; k++) {
            vt_resize(&v, 1 + k * 37 % 170, 1 + k * 13 % 60);
            vt_pump(&v, k % 7 == 0 ? 0.01 : 0);
        }
        vt_resize(&v, 97, 31);
        assert_true(vt_wait_size(&v, 97, 31));
        start(&fresh, argv, plain_env, 97, 31);
        if (!vt_wait_same(&v, &fresh))
            lose(&v, "not as a fresh start");
        quit(&fresh);
        quit(&v);
    }
}

/* --- ends --- */

static void suspends_and_resumes(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v, fresh;
        const char *const *argv = ARGV("--paused", renders[i]);
        VtSpawn spawn = {.argv = argv, .env = plain_env, .cols = 80, .rows = 24, .job = true};
        assert_true(vt_start(&v, &spawn));
        expect(&v, "━ 1");
        for (int round = 0; round < 2; round++) {
            vt_send(&v, "\032");
            assert_true(vt_wait_stopped(&v));
            expect_restored(&v);
            vt_feed(&v, "\033[2J$ fg", 8); /* what the shell leaves behind */
            long frame = v.frame;
            vt_continue(&v);
            assert_true(vt_wait_frame(&v, frame + 1));
            assert_true(v.alternate);
            assert_false(v.cursor);
            assert_int_equal(v.mouse, VTERM_PROP_MOUSE_CLICK);
            vt_feed(&v, "\033[?1049l\033[2J\033[?1049h", 20); /* tidy for expect_restored */
            vt_resize(&v, 80 - round - 1, 24);
            assert_true(vt_wait_size(&v, 80 - round - 1, 24));
        }
        vt_resize(&v, 80, 24);
        assert_true(vt_wait_size(&v, 80, 24));
        start(&fresh, argv, plain_env, 80, 24);
        assert_true(vt_wait_same(&v, &fresh));
        quit(&fresh);
        quit(&v);
    }
}

static void ends_by_signal(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof signals / sizeof *signals; i++) {
        Vt v;
        const char *const *env = ENV(TERM_256, UTF8, "ASAN_OPTIONS=detect_leaks=0");
        start(&v, ARGV(renders[i % 2]), env, 80, 24);
        /* a crash cannot wait for answers of the terminal: let them come before */
        assert_true(vt_wait_frame(&v, v.frame + 4));
        kill(v.pid, signals[i / 2]);
        assert_true(vt_wait_end(&v));
        assert_true(WIFSIGNALED(v.status));
        assert_int_equal(WTERMSIG(v.status), signals[i / 2]);
        expect_restored(&v);
        assert_string_equal(vt_error(&v), "");
        vt_stop(&v);
    }
}

static void ctrl_c_ends_it(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused"), plain_env, 80, 24);
    vt_send(&v, "\003");
    assert_true(vt_wait_end(&v));
    assert_true(WIFSIGNALED(v.status) && WTERMSIG(v.status) == SIGINT);
    expect_restored(&v);
    vt_stop(&v);
}

static void end_of_input_ends_it(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        Vt v;
        VtSpawn spawn = {.argv = i < 2 ? ARGV(renders[i]) : ARGV(renders[i - 2], "--paused"),
                         .env = plain_env,
                         .cols = 80,
                         .rows = 24,
                         .ignore_hup = true};
        assert_true(vt_start(&v, &spawn));
        assert_true(vt_wait_frame(&v, 1));
        vt_hang_up(&v);
        assert_true(vt_wait_end(&v));
        assert_true(WIFEXITED(v.status));
        assert_int_equal(WEXITSTATUS(v.status), 0);
        assert_string_equal(vt_error(&v), "");
        vt_stop(&v);
    }
}

/* Nothing was sent to the terminal, and the message is a line of plain text. */
static void expect_refusal(VtSpawn spawn, int status, const char *words)
{
    Vt v;
    const char *const *plain = ARGV("--paused");
    spawn.cols = 80;
    spawn.rows = 24;
    spawn.env = spawn.env ? spawn.env : plain_env;
    spawn.argv = spawn.argv ? spawn.argv : plain;
    assert_true(vt_start(&v, &spawn));
    assert_true(vt_wait_end(&v));
    const char *said = vt_error(&v);
    if (!WIFEXITED(v.status) || WEXITSTATUS(v.status) != status || !strstr(said, words) ||
        strncmp(said, "etascope: ", 10) != 0 || strchr(said, '\033') || v.bytes != 0)
        fail_msg("status %X, %zu bytes, \"%s\", not \"%s\"", (unsigned)v.status, v.bytes, said,
                 words);
    vt_stop(&v);
}

static void impossible_sizes_are_not_believed(void **state)
{
    (void)state;
    static const char *const odd[][2] = {{"COLUMNS=100000", "LINES=100000"},
                                         {"COLUMNS=-1", "LINES=0"},
                                         {"COLUMNS=wide", "LINES="}};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        Vt v;
        start(&v, ARGV("--paused"), ENV(TERM_256, UTF8, odd[i][0], odd[i][1]), 80, 24);
        assert_true(vt_wait_size(&v, 80, 24));
        quit(&v);
    }
}

static void refuses_what_is_no_terminal(void **state)
{
    (void)state;
    expect_refusal((VtSpawn){.env = ENV("TERM=dumb")}, 3, "'dumb'");
    expect_refusal((VtSpawn){.env = ENV("LC_ALL=C")}, 3, "TERM is not set");
    expect_refusal((VtSpawn){.env = ENV("TERM=no-such-thing")}, 3, "'no-such-thing'");
    expect_refusal((VtSpawn){.no_input = true}, 3, "standard input");
    expect_refusal((VtSpawn){.no_output = true}, 3, "standard output");
}

static void refuses_bad_options(void **state)
{
    (void)state;
    expect_refusal((VtSpawn){.argv = ARGV("--schedule=cosin")}, 2, "'cosine'");
    expect_refusal((VtSpawn){.argv = ARGV("--colour=256")}, 2, "'--color'");
    expect_refusal((VtSpawn){.argv = ARGV("--color=512")}, 2, "'512'");
    expect_refusal((VtSpawn){.argv = ARGV("--frames=0")}, 2, "out of bounds");
    expect_refusal((VtSpawn){.argv = ARGV("--eta0=-1")}, 2, "eta0");
    expect_refusal((VtSpawn){.argv = ARGV("--scene=B0")}, 2, "'B0'");
    expect_refusal((VtSpawn){.argv = ARGV("--exec=pair 1; etaa=1")}, 2, "'etaa'");
    expect_refusal((VtSpawn){.argv = ARGV("--scene=-"), .input = "surface=bowl20 eta=1\n"}, 2,
                   "standard input:1:16: ");
    expect_refusal((VtSpawn){.argv = ARGV("stage")}, 2, "unexpected argument 'stage'");
}

/* --- colours and characters --- */

/* Which colours are on the screen, as bits. */
enum { HAS_DEFAULT = 1, HAS_8 = 2, HAS_16 = 4, HAS_256 = 8, HAS_DIRECT = 16 };

static unsigned color_class(Color c)
{
    if (c == COLOR_DEFAULT)
        return HAS_DEFAULT;
    if (!color_is_index(c))
        return HAS_DIRECT;
    c &= 0xFF;
    return c < 8 ? HAS_8 : c < 16 ? HAS_16 : HAS_256;
}

static void expect_colors(const char *option, const char *const *env, unsigned most, unsigned least)
{
    for (int i = 0; i < 2; i++) {
        Vt v;
        unsigned seen = 0;
        if (i == 0 && (most & HAS_DIRECT)) /* ncurses has no direct colours here */
            continue;
        start(&v, ARGV(renders[i], "--paused", "--exec=seek 400", option), env, 80, 24);
        expect(&v, "local minimum");
        for (int row = 0; row < 24; row++)
            for (int col = 0; col < 80; col++) {
                Cell c = vt_cell(&v, col, row);
                seen |= color_class(c.fg) | color_class(c.bg);
            }
        if ((seen & ~most) || (seen & least) != least)
            fail_msg("%s %s: colours %X, not %X of %X", renders[i], option, seen, least, most);
        quit(&v);
    }
}

static void colors_as_asked(void **state)
{
    (void)state;
    unsigned all = HAS_DEFAULT | HAS_8 | HAS_16 | HAS_256;
    expect_colors("--color=auto", plain_env, all, HAS_256);
    expect_colors("--color=256", true_env, all, HAS_256);
    expect_colors("--color=truecolor", plain_env, HAS_DEFAULT | HAS_DIRECT, HAS_DIRECT);
    expect_colors("--color=auto", true_env, HAS_DEFAULT | HAS_DIRECT, HAS_DIRECT);
    expect_colors("--color=16", plain_env, HAS_DEFAULT | HAS_8 | HAS_16, HAS_8 | HAS_16);
    expect_colors("--color=8", plain_env, HAS_DEFAULT | HAS_8, HAS_8);
    expect_colors("--color=mono", plain_env, HAS_DEFAULT, HAS_DEFAULT);
    expect_colors("--color=auto", ENV(TERM_256, UTF8, "NO_COLOR=1"), HAS_DEFAULT, HAS_DEFAULT);
    expect_colors("--color=256", ENV(TERM_256, UTF8, "NO_COLOR=1"), all, HAS_256);
    expect_colors("--color=auto", ENV("TERM=xterm", UTF8), HAS_DEFAULT | HAS_8, HAS_8);
}

static void ascii_is_ascii(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        Vt v;
        start(&v, ARGV(renders[i % 2], "--clock=virtual", i < 2 ? "--ascii" : "--theme=dark"),
              i < 2 ? plain_env : ENV(TERM_256, "LC_ALL=C"), 80, 24);
        expect(&v, "local minimum");
        type(&v, "pa:e\177\177s\r?q1heb");
        press(&v, "G");
        type(&v, "b ");
        assert_int_equal(v.high, 0);
        quit(&v);
    }
}

/* --- the two back ends --- */

static const char *const session[] = {
    RIGHT, SHIFT_RIGHT, END,  "p", UP,  " ", "h",    LEFT, "h",  "s",   "s",   ESCAPE, "o",
    "e",   HOME,        "a",  "a", "m", "f", DOWN,   "\r", " ",  HOME,  END,   "?",    ESCAPE,
    ":",   "e",         "\t", ESCAPE, "t", "t",    "c",  "G",  "G",   "G",   "b",    "b",
    "2",   "2",         " ",  END, "v", "+", RIGHT,  ESCAPE, "8", " ",  END,   "P",    ESCAPE,
};

static void both_back_ends_look_the_same(void **state)
{
    (void)state;
    Vt v[2], fresh;
    for (int i = 0; i < 2; i++)
        start(&v[i], ARGV(renders[i], "--color=256", "--paused"), plain_env, 100, 30);
    for (size_t k = 0; k < sizeof session / sizeof *session; k++) {
        for (int i = 0; i < 2; i++)
            press(&v[i], session[k]);
        /* some keys play on; back and forth it is the same step for both */
        if (vt_shows(&v[0], "▶ ×") || vt_shows(&v[1], "▶ ×"))
            for (int i = 0; i < 2; i++)
                press(&v[i], HOME);
        if (!vt_wait_same(&v[0], &v[1])) {
            vt_print(&v[0]);
            print_error("after key %zu\n", k);
            lose(&v[1], "the back ends differ");
        }
    }
    /* what came piece by piece is what a repaint shows */
    start(&fresh, ARGV("--color=256", "--paused"), plain_env, 100, 30);
    quit(&fresh);
    for (int i = 0; i < 2; i++) {
        vt_resize(&v[i], 99, 30);
        assert_true(vt_wait_size(&v[i], 99, 30));
        vt_resize(&v[i], 100, 30);
        assert_true(vt_wait_size(&v[i], 100, 30));
    }
    assert_true(vt_wait_same(&v[0], &v[1]));
    quit(&v[0]);
    quit(&v[1]);
}

/* --- test switches, scripts, pipes --- */

static void frames_and_virtual_clock(void **state)
{
    (void)state;
    Vt v[2];
    for (int i = 0; i < 2; i++) {
        VtSpawn spawn = {.argv = ARGV(renders[i], "--clock=virtual", "--color=256", "--frames=90"),
                         .env = plain_env,
                         .cols = 80,
                         .rows = 24};
        assert_true(vt_start(&v[i], &spawn));
        assert_true(vt_wait_frame(&v[i], 90));
        expect_exit(&v[i], 0);
        assert_int_equal(v[i].frame, 90);
    }
    assert_int_equal(v[0].key, v[1].key);
}

static void exec_runs_lines(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("--paused", "--exec=pair 1; seek 200; eta0 0.5; theme light", "--exec=pin"),
          plain_env, 80, 24);
    expect(&v, "kept as runner B");
    expect(&v, "η 0.5…30");
    quit(&v);
}

static void scene_from_a_pipe(void **state)
{
    (void)state;
    Vt v;
    VtSpawn spawn = {.argv = ARGV("--scene=-", "--steps=77", "--paused"),
                     .env = plain_env,
                     .cols = 80,
                     .rows = 24,
                     .input = "surface=bowl20 start=-4,1\nschedule=step eta0=0.05 steps=60\n"};
    assert_true(vt_start(&v, &spawn));
    expect(&v, "sgd · step η₀ 0.05");
    press_expect(&v, END, "step 77/77");
    vt_resize(&v, 90, 30);
    assert_true(vt_wait_size(&v, 90, 30));
    press_expect(&v, HOME, "step  0/77");
    quit(&v);
}

/* --- a slow link: a megabyte of buffers, then a wire, then the way --- */

#define LINK_RATE 400e3 /* bytes/s */
#define LINK_WAY 0.020  /* s, each way */

enum { LINK_BUFFER = 1 << 20, LINK_MOST = 12 << 20, LINK_PACKETS = 8192, LINK_UP = 4096 };

typedef struct Link {
    Vt *v;
    char *bytes;               /* everything that ever came from the program */
    size_t in, wired, arrived; /* of it: buffered, through the wire, at the terminal */
    double wire_at;            /* s: the wire is busy until */
    struct {
        size_t end;
        double due;
    } packet[LINK_PACKETS];
    size_t first, last;
    char up[LINK_UP]; /* to the program */
    double up_due[LINK_UP];
    size_t up_first, up_last;
} Link;

static void link_send(const char *bytes, size_t size, void *user)
{
    Link *l = user;
    for (size_t i = 0; i < size && l->up_last < LINK_UP; i++) {
        l->up_due[l->up_last] = clock_now() + LINK_WAY;
        l->up[l->up_last++] = bytes[i];
    }
}

static void link_open(Link *l, Vt *v)
{
    *l = (Link){.v = v, .bytes = malloc(LINK_MOST), .wire_at = clock_now()};
    assert_non_null(l->bytes);
    vterm_output_set_callback(v->term, link_send, l);
}

static void link_tick(Link *l)
{
    struct pollfd in = {.fd = l->v->master, .events = POLLIN};
    size_t room = LINK_BUFFER - (l->in - l->wired);
    if (room > LINK_MOST - l->in)
        room = LINK_MOST - l->in;
    if (room > 0 && poll(&in, 1, 1) > 0) {
        ssize_t n = read(l->v->master, l->bytes + l->in, room < 65536 ? room : 65536);
        if (l->in == l->wired)
            l->wire_at = clock_now();
        l->in += n > 0 ? (size_t)n : 0;
    }
    double now = clock_now();
    size_t may = now > l->wire_at ? (size_t)((now - l->wire_at) * LINK_RATE) : 0;
    if (may > l->in - l->wired)
        may = l->in - l->wired;
    if (may > 0 && l->last - l->first < LINK_PACKETS) {
        l->wired += may;
        l->wire_at += (double)may / LINK_RATE;
        l->packet[l->last % LINK_PACKETS].end = l->wired;
        l->packet[l->last++ % LINK_PACKETS].due = l->wire_at + LINK_WAY;
    }
    for (; l->first < l->last && l->packet[l->first % LINK_PACKETS].due <= now; l->first++)
        while (l->arrived < l->packet[l->first % LINK_PACKETS].end) {
            size_t n = l->packet[l->first % LINK_PACKETS].end - l->arrived;
            n = n < VT_FEED ? n : VT_FEED;
            vt_feed(l->v, l->bytes + l->arrived, n);
            l->arrived += n;
        }
    while (l->up_first < l->up_last && l->up_due[l->up_first] <= now) {
        if (write(l->v->master, l->up + l->up_first, 1) != 1)
            break;
        l->up_first++;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* A key held down that repaints the whole map each time, in true colour at 200x60. */
static void slow_link_answers(void **state)
{
    enum { KEYS = 60 };
    static Link l;
    static double sent[KEYS], took[KEYS];
    static size_t seen[KEYS];
    (void)state;
    Vt v;
    start(&v, ARGV("--render=ansi", "--color=truecolor"), plain_env, 200, 60);
    expect(&v, "▶ ×1");
    link_open(&l, &v);
    long asked = 0, answered = 0, base = v.key, frame = v.frame, frames = v.frame;
    size_t frame_start = 0, largest = 0, worst = 0;
    double begin = clock_now(), next = begin + 0.2;
    while (answered < KEYS && clock_now() < begin + 15) {
        if (asked < KEYS && clock_now() >= next) {
            sent[asked] = clock_now();
            seen[asked++] = l.arrived;
            link_send("c", 1, &l);
            next += 0.050;
        }
        link_tick(&l);
        if (v.frame != frame) {
            largest = l.arrived - frame_start > largest ? l.arrived - frame_start : largest;
            frame_start = l.arrived;
            frame = v.frame;
        }
        for (; answered < v.key - base; answered++) {
            took[answered] = clock_now() - sent[answered];
            if (l.arrived - seen[answered] > worst)
                worst = l.arrived - seen[answered];
        }
    }
    assert_int_equal(answered, KEYS);
    double spent = clock_now() - begin, wire = (double)largest / LINK_RATE;
    double whole = (double)worst / (double)largest;
    qsort(took, KEYS, sizeof *took, by_size);
    print_message("slow link 400 KB/s, RTT 40 ms, largest frame %.0f KB (%.0f ms on the wire), %.1f "
                  "frames/s:\n  key to screen %.0f ms median, %.0f ms most = RTT + %.2f largest "
                  "frames; bytes in between: %.2f of them\n",
                  (double)largest / 1e3, wire * 1e3, (double)(v.frame - frames) / spent,
                  took[KEYS / 2] * 1e3, took[KEYS - 1] * 1e3,
                  (took[KEYS - 1] - 2 * LINK_WAY) / wire, whole);
    /* two under way when the key was pressed, the answer, and what still fitted in */
    assert_true(whole < 4);
    kill(v.pid, SIGTERM);
    double until = clock_now() + 5;
    while (waitpid(v.pid, &v.status, WNOHANG) != v.pid && clock_now() < until)
        link_tick(&l);
    v.ended = true;
    assert_true(WIFSIGNALED(v.status) && WTERMSIG(v.status) == SIGTERM);
    vt_stop(&v);
    free(l.bytes);
}

/* --- measured, not judged --- */

static void costs_to_start(void **state)
{
    static const int sizes[][2] = {{80, 24}, {200, 60}};
    (void)state;
    for (int i = 0; i < 2; i++) {
        double first[5], whole[5];
        for (int k = 0; k < 5; k++) {
            Vt v;
            double begin = clock_now();
            VtSpawn spawn = {.argv = ARGV("--color=truecolor"), .env = plain_env,
                             .cols = sizes[i][0], .rows = sizes[i][1]};
            assert_true(vt_start(&v, &spawn));
            while (v.frame < 1 && vt_pump(&v, 5))
                continue;
            first[k] = clock_now() - begin;
            while (!vt_shows(&v, "★") && vt_pump(&v, 5))
                continue;
            whole[k] = clock_now() - begin;
            quit(&v);
        }
        qsort(first, 5, sizeof *first, by_size);
        qsort(whole, 5, sizeof *whole, by_size);
        print_message("%dx%d: first frame %.1f ms after exec, the whole map %.1f ms (medians)\n",
                      sizes[i][0], sizes[i][1], first[2] * 1e3, whole[2] * 1e3);
    }
}

static void costs_to_play(void **state)
{
    static const char *const how[][2] = {{"--render=ansi", "--color=truecolor"},
                                         {"--render=ansi", "--color=256"},
                                         {"--render=ncurses", "--color=256"}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        Vt v;
        start(&v, ARGV(how[i][0], how[i][1]), plain_env, 200, 60);
        expect(&v, "━ 1");
        press_expect(&v, "]", "×2"); /* 80 steps a second: 60 frames */
        long frame = v.frame, writes = vt_writes(&v);
        size_t bytes = v.bytes;
        double cpu = vt_cpu(&v), begin = clock_now();
        while (clock_now() < begin + 1.5)
            vt_pump(&v, 0.005);
        double spent = clock_now() - begin;
        double frames = (double)(v.frame - frame);
        print_message("200x60 playing, %s %s: %.1f frames/s, %.0f B and %.1f writes a frame,\n  %.1f "
                      "%% of a processor, %ld KB at most\n",
                      how[i][0], how[i][1], frames / spent, (double)(v.bytes - bytes) / frames,
                      (double)(vt_writes(&v) - writes) / frames,
                      100 * (vt_cpu(&v) - cpu) / spent, vt_peak(&v));
        quit(&v);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_screen),
        cmocka_unit_test(first_key_frees_it),
        cmocka_unit_test(pause_sleeps),
        cmocka_unit_test(keys_walk_the_run),
        cmocka_unit_test(keys_change_the_rate),
        cmocka_unit_test(keys_open_cards_and_menus),
        cmocka_unit_test(prompt_takes_lines),
        cmocka_unit_test(help_and_glossary),
        cmocka_unit_test(digits_show_pairs),
        cmocka_unit_test(pin_shows_its_letter),
        cmocka_unit_test(keys_are_instruments),
        cmocka_unit_test(keys_change_the_looks),
        cmocka_unit_test(mouse_and_paste),
        cmocka_unit_test(every_size),
        cmocka_unit_test(resize_storm_is_a_fresh_start),
        cmocka_unit_test(suspends_and_resumes),
        cmocka_unit_test(ends_by_signal),
        cmocka_unit_test(ctrl_c_ends_it),
        cmocka_unit_test(end_of_input_ends_it),
        cmocka_unit_test(impossible_sizes_are_not_believed),
        cmocka_unit_test(refuses_what_is_no_terminal),
        cmocka_unit_test(refuses_bad_options),
        cmocka_unit_test(colors_as_asked),
        cmocka_unit_test(ascii_is_ascii),
        cmocka_unit_test(both_back_ends_look_the_same),
        cmocka_unit_test(frames_and_virtual_clock),
        cmocka_unit_test(exec_runs_lines),
        cmocka_unit_test(scene_from_a_pipe),
        cmocka_unit_test(slow_link_answers),
        cmocka_unit_test(costs_to_start),
        cmocka_unit_test(costs_to_play),
    };
    if (getenv("ETASCOPE"))
        program = getenv("ETASCOPE");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
