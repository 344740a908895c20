/* SPDX-License-Identifier: MIT
 * test_tty: src/tty on a pseudo-terminal, driven through tty_probe (path in TTY_PROBE). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#include "e2e/vt.h"

#ifndef TTY_PROBE
#define TTY_PROBE "build/debug/tests/e2e/tty_probe"
#endif

#define UTF8_256 "TERM=xterm-256color", "LC_ALL=C.UTF-8"

static const char *const plain_env[] = {UTF8_256, NULL};
static const char *const renders[] = {"ncurses", "ansi"};

#define ARGV(...) ((const char *const[]){TTY_PROBE, "marker", __VA_ARGS__, NULL})
#define ENV(...) ((const char *const[]){__VA_ARGS__, NULL})

static void start(Vt *v, const char *const *argv, const char *const *env, int cols, int rows)
{
    assert_true(vt_start(v, &(VtSpawn){.argv = argv, .env = env, .cols = cols, .rows = rows}));
    assert_true(vt_wait_frame(v, 1));
}

static void expect_row(Vt *v, int row, const char *text)
{
    const char *line = vt_row(v, row);
    if (strncmp(line, text, strlen(text)) != 0)
        fail_msg("row %d is \"%s\", not \"%s...\"", row, line, text);
}

static void expect_restored(Vt *v)
{
    assert_false(v->alternate);
    assert_true(v->cursor);
    assert_int_equal(v->mouse, VTERM_PROP_MOUSE_NONE);
    assert_true(vt_modes_restored(v));
}

/* A read that waits would hang: ^Z throws away what pselect has just promised. */
static void expect_reads_without_waiting(const Vt *v)
{
    struct termios now;
    assert_int_equal(tcgetattr(v->slave, &now), 0);
    assert_int_equal(now.c_lflag & (ICANON | ECHO), 0);
    assert_int_equal(now.c_cc[VMIN], 0);
    assert_int_equal(now.c_cc[VTIME], 0);
}

static void quit(Vt *v)
{
    vt_send(v, "q");
    assert_true(vt_wait_end(v));
    assert_true(WIFEXITED(v->status));
    assert_int_equal(WEXITSTATUS(v->status), 0);
    expect_restored(v);
    vt_stop(v);
}

/* --- start and end --- */

static void starts_and_quits(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i]), plain_env, 80, 24);
        assert_true(v.alternate);
        expect_reads_without_waiting(&v);
        assert_false(v.cursor);
        assert_int_equal(v.mouse, VTERM_PROP_MOUSE_CLICK);
        expect_row(&v, 0, "size 80x24");
        expect_row(&v, 1, "256");
        expect_row(&v, 2, "utf8");
        quit(&v);
    }
}

static void every_size(void **state)
{
    static const int sizes[][2] = {{1, 1}, {2, 2}, {5, 3}, {20, 5}, {301, 91}};
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            Vt v;
            start(&v, ARGV(renders[i]), plain_env, sizes[k][0], sizes[k][1]);
            quit(&v);
        }
    }
}

static void ends_by_signal(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT, SIGBUS, SIGQUIT};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof signals / sizeof *signals; i++) {
        Vt v;
        start(&v, ARGV(renders[i % 2], "play"), plain_env, 80, 24);
        kill(v.pid, signals[i / 2]);
        assert_true(vt_wait_end(&v));
        assert_true(WIFSIGNALED(v.status));
        assert_int_equal(WTERMSIG(v.status), signals[i / 2]);
        expect_restored(&v);
        bool asked = i / 2 < 3;
        assert_string_equal(vt_error(&v), asked ? "probe: end\n" : "");
        vt_stop(&v);
    }
}

static void restores_after_own_crash(void **state)
{
    static const struct {
        const char *key;
        int signal;
    } crashes[] = {{"X", SIGSEGV}, {"A", SIGABRT}, {"\003", SIGINT}, {"\034", SIGQUIT}};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof crashes / sizeof *crashes; i++) {
        Vt v;
        start(&v, ARGV(renders[i % 2]), plain_env, 80, 24);
        vt_send(&v, crashes[i / 2].key);
        assert_true(vt_wait_end(&v));
        assert_true(WIFSIGNALED(v.status));
        assert_int_equal(WTERMSIG(v.status), crashes[i / 2].signal);
        expect_restored(&v);
        vt_stop(&v);
    }
}

static void end_of_input_ends_it(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        Vt v;
        VtSpawn spawn = {.argv = ARGV(renders[i % 2], i < 2 ? "play" : "b"),
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
        assert_string_equal(vt_error(&v), "probe: end\n");
        vt_stop(&v);
    }
}

static void suspends_and_resumes(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        VtSpawn spawn = {
            .argv = ARGV(renders[i]), .env = plain_env, .cols = 80, .rows = 24, .job = true};
        assert_true(vt_start(&v, &spawn));
        assert_true(vt_wait_frame(&v, 1));
        for (int round = 0; round < 2; round++) {
            vt_send(&v, "\032");
            assert_true(vt_wait_stopped(&v));
            expect_restored(&v);
            vterm_input_write(v.term, "\033[2J$ fg", 8); /* what the shell leaves behind */
            long frame = v.frame;
            vt_continue(&v);
            assert_true(vt_wait_frame(&v, frame + 1));
            assert_true(v.alternate);
            assert_false(v.cursor);
            assert_int_equal(v.mouse, VTERM_PROP_MOUSE_CLICK);
            expect_reads_without_waiting(&v);
            expect_row(&v, 2, "utf8");
        }
        Vt fresh;
        start(&fresh, ARGV(renders[i]), plain_env, 80, 24);
        assert_true(vt_same_screen(&v, &fresh));
        quit(&fresh);
        quit(&v);
    }
}

/* Nobody to continue us: the kernel does not stop the group, and we go on. */
static void survives_a_stop_without_shell(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("ansi"), plain_env, 80, 24);
    vt_send(&v, "\032");
    assert_true(vt_wait_frame(&v, 2));
    assert_true(v.alternate);
    vt_send(&v, "k");
    assert_true(vt_wait_key(&v, 1));
    expect_row(&v, 0, "key 6B");
    quit(&v);
}

static void last_frame_ends_it(void **state)
{
    (void)state;
    Vt v;
    VtSpawn spawn = {
        .argv = ARGV("ansi", "frames=25", "virtual"), .env = plain_env, .cols = 80, .rows = 24};
    assert_true(vt_start(&v, &spawn));
    assert_true(vt_wait_end(&v));
    assert_int_equal(v.frame, 25);
    assert_int_equal(WEXITSTATUS(v.status), 0);
    expect_restored(&v);
    vt_stop(&v);
}

/* --- terminals that are none --- */

static void expect_refusal(VtSpawn spawn, const char *words)
{
    Vt v;
    spawn.argv = ARGV("play");
    spawn.cols = 80;
    spawn.rows = 24;
    assert_true(vt_start(&v, &spawn));
    assert_true(vt_wait_end(&v));
    assert_true(WIFEXITED(v.status));
    assert_int_equal(WEXITSTATUS(v.status), 3);
    const char *said = vt_error(&v);
    assert_true(strncmp(said, "etascope: ", 10) == 0);
    assert_non_null(strstr(said, words));
    assert_null(strchr(said, '\033'));
    assert_int_equal(v.bytes, 0);
    vt_stop(&v);
}

static void refuses_what_is_no_terminal(void **state)
{
    (void)state;
    expect_refusal((VtSpawn){.env = ENV("TERM=dumb")}, "'dumb'");
    expect_refusal((VtSpawn){.env = ENV("LC_ALL=C")}, "TERM is not set");
    expect_refusal((VtSpawn){.env = ENV("TERM=")}, "TERM is not set");
    expect_refusal((VtSpawn){.env = ENV("TERM=no-such-thing")}, "'no-such-thing'");
    expect_refusal((VtSpawn){.env = plain_env, .no_input = true}, "standard input");
    expect_refusal((VtSpawn){.env = plain_env, .no_output = true}, "standard output");
}

/* --- keys --- */

static const struct {
    const char *bytes, *shown;
} keys[] = {
    {"a", "key 61"},
    {"\303\251", "key E9"},
    {"\316\267", "key 3B7"},
    {"\033[A", "key 110000"},
    {"\033OB", "key 110001"},
    {"\033[D", "key 110002"},
    {"\033OC", "key 110003"},
    {"\033[1;2A", "key 110004"},
    {"\033[1;2B", "key 110005"},
    {"\033[1;2D", "key 110006"},
    {"\033[1;2C", "key 110007"},
    {"\033[Z", "key 110008"},
    {"\033[H", "key 110009"},
    {"\033OH", "key 110009"},
    {"\033[F", "key 11000A"},
    {"\033[5~", "key 11000B"},
    {"\033[6~", "key 11000C"},
    {"\033[2~", "key 11000D"},
    {"\033[3~", "key 11000E"},
    {"\177", "key 7F"},
    {"\010", "key 7F"},
    {"\r", "key D"},
    {"\n", "key D"},
    {"\t", "key 9"},
    {"\033", "key 1B"},
    {"\001", "key 1"},
    {"\023", "key 13"},
    {"\026", "key 16"},
    {"[", "key 5B"},
    {"\033[<0;5;7M", "mouse 0 at 4,6"},
    {"\033[<0;5;7m", "mouse 5 at 4,6"},
    {"\033[<2;1;1M", "mouse 2 at 0,0"},
    {"\033[<64;300;99M", "mouse 3 at 299,98"},
    {"\033[<65;2;3M", "mouse 4 at 1,2"},
    {"\033[M !!", "mouse 0 at 0,0"},
};

static void decodes_keys(void **state)
{
    static const char *const terms[] = {"TERM=xterm-256color", "TERM=screen-256color", "TERM=linux",
                                        "TERM=tmux-256color", "TERM=xterm"};
    (void)state;
    for (size_t t = 0; t < 5; t++) {
        Vt v;
        start(&v, ARGV("b"), ENV(terms[t], "LC_ALL=C.UTF-8"), 80, 24);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            vt_send(&v, keys[i].bytes);
            assert_true(vt_wait_key(&v, (long)i + 1));
            assert_int_equal(v.key, i + 1);
            expect_row(&v, 0, keys[i].shown);
        }
        quit(&v);
    }
}

/* Sequences without a meaning leave nothing behind; a click in pieces is still a click. */
static void swallows_the_unknown(void **state)
{
    static const char *const junk[] = {"\033[1;5A",     "\033[27;5;9~", "\033[?1;2c",
                                       "\033[<35;4;4M", "\033[<0;0;0M", "\033[24;5~",
                                       "\033[I",        "\033[0n"};
    (void)state;
    Vt v;
    start(&v, ARGV("b"), plain_env, 80, 24);
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++)
        vt_send(&v, junk[i]);
    vt_send(&v, "z");
    assert_true(vt_wait_key(&v, 1));
    expect_row(&v, 0, "key 7A");
    vt_send(&v, "\033[<0;1");
    vt_pump(&v, 0.1);
    vt_send(&v, "2;3M");
    assert_true(vt_wait_key(&v, 2));
    expect_row(&v, 0, "mouse 0 at 11,2");
    vt_send(&v, "\033x");
    assert_true(vt_wait_key(&v, 4));
    assert_int_equal(v.key, 4);
    quit(&v);
}

static void pastes_are_not_keys(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("b"), plain_env, 80, 24);
    vt_send(&v, "\033[200~qX\303\251 q\033[201~");
    assert_true(vt_wait_key(&v, 5));
    expect_row(&v, 0, "paste qX\303\251 q");
    quit(&v);
}

static void one_frame_answers_many_keys(void **state)
{
    (void)state;
    Vt v;
    start(&v, ARGV("b"), plain_env, 80, 24);
    char many[501];
    memset(many, 'j', 500);
    many[500] = '\0';
    vt_send(&v, many);
    assert_true(vt_wait_key(&v, 500));
    assert_true(v.frame < 60);
    quit(&v);
}

/* --- sizes --- */

static void resize_storm_is_a_fresh_start(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i], "r"), plain_env, 80, 24);
        for (int k = 0; k < 60; k++) {
            vt_resize(&v, 20 + k * 37 % 150, 5 + k * 13 % 50);
            vt_pump(&v, k % 7 == 0 ? 0.01 : 0);
        }
        vt_resize(&v, 97, 31);
        assert_true(vt_wait_size(&v, 97, 31));
        Vt fresh;
        start(&fresh, ARGV(renders[i], "r"), plain_env, 97, 31);
        assert_true(vt_same_screen(&v, &fresh));
        quit(&fresh);
        quit(&v);
    }
}

/* --- looks --- */

static void both_back_ends_look_the_same(void **state)
{
    static const char *const terms[] = {"TERM=xterm-256color", "TERM=tmux-256color",
                                        "TERM=xterm-mono"};
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        const char *const *env = ENV(terms[t], "LC_ALL=C.UTF-8");
        Vt a;
        start(&a, ARGV("ncurses", "r", "colors=1"), env, 90, 30);
        Vt b;
        start(&b, ARGV("ansi", "r", t < 2 ? "colors=1" : "colors=4"), env, 90, 30);
        for (long i = 1; i <= 24; i++) {
            vt_send(&a, "n");
            vt_send(&b, "n");
            assert_true(vt_wait_key(&a, i) && vt_wait_key(&b, i));
            assert_true(vt_same_screen(&a, &b));
        }
        quit(&a);
        quit(&b);
    }
}

/* More colours than pairs: not every cell can be right, but characters are. */
static void pairs_run_out(void **state)
{
    (void)state;
    Vt a, b;
    const char *const *env = ENV("TERM=xterm", "LC_ALL=C.UTF-8");
    start(&a, ARGV("ncurses", "r"), env, 90, 30);
    start(&b, ARGV("ansi", "r"), env, 90, 30);
    for (long i = 1; i <= 12; i++) {
        vt_send(&a, "nn");
        vt_send(&b, "nn");
        assert_true(vt_wait_key(&a, 2 * i) && vt_wait_key(&b, 2 * i));
    }
    for (int row = 0; row < 30; row++)
        for (int col = 0; col < 90; col++)
            if (vt_cell(&b, col, row).glyph < 0x80 && vt_cell(&b, col, row).glyph != ' ')
                assert_int_equal(vt_cell(&a, col, row).glyph, vt_cell(&b, col, row).glyph);
    quit(&a);
    quit(&b);
}

/* The same script on the virtual clock gives the same frame. */
static void virtual_clock_is_exact(void **state)
{
    (void)state;
    Vt v[2];
    for (int i = 0; i < 2; i++) {
        VtSpawn spawn = {.argv = ARGV(renders[i], "w", "play", "virtual", "stop=77"),
                         .env = plain_env,
                         .cols = 60,
                         .rows = 20};
        assert_true(vt_start(&v[i], &spawn));
        assert_true(vt_wait_frame(&v[i], 78));
    }
    assert_true(vt_same_screen(&v[0], &v[1]));
    assert_int_equal(v[0].frame, 78);
    assert_int_equal(v[1].frame, 78);
    quit(&v[0]);
    quit(&v[1]);
}

static void expect_mode(const char *const *argv, const char *const *env, const char *mode,
                        const char *glyphs)
{
    Vt v;
    start(&v, argv, env, 80, 24);
    expect_row(&v, 1, mode);
    expect_row(&v, 2, glyphs);
    quit(&v);
}

static void finds_colors_and_glyphs(void **state)
{
    (void)state;
    const char *const *a = ARGV("b");
    expect_mode(a, plain_env, "256", "utf8");
    expect_mode(a, ENV(UTF8_256, "COLORTERM=truecolor"), "truecolor", "utf8");
    expect_mode(a, ENV(UTF8_256, "COLORTERM=truecolor", "NO_COLOR=1"), "mono", "utf8");
    expect_mode(a, ENV(UTF8_256, "NO_COLOR="), "256", "utf8");
    expect_mode(a, ENV("TERM=screen-256color", "LC_ALL=C.UTF-8", "COLORTERM=truecolor"), "256",
                "utf8");
    expect_mode(a, ENV("TERM=xterm", "LC_ALL=C.UTF-8"), "8", "utf8");
    expect_mode(a, ENV("TERM=linux", "LC_ALL=C.UTF-8"), "8", "utf8");
    expect_mode(a, ENV("TERM=vt100", "LC_ALL=C.UTF-8"), "mono", "utf8");
    expect_mode(a, ENV("TERM=xterm-256color", "LC_ALL=C"), "256", "ascii");
    expect_mode(a, ENV("TERM=xterm-256color"), "256", "ascii");
    expect_mode(ARGV("ascii"), plain_env, "256", "ascii");
    expect_mode(ARGV("colors=4"), plain_env, "mono", "utf8");
    expect_mode(ARGV("ncurses", "colors=0"), plain_env, "256", "utf8");
    expect_mode(ARGV("ncurses", "colors=2"), plain_env, "16", "utf8");
}

static void ascii_is_ascii(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i], "r"), ENV("TERM=xterm-256color", "LC_ALL=C"), 80, 24);
        for (int row = 0; row < 24; row++)
            for (int col = 0; col < 80; col++)
                assert_true(vt_cell(&v, col, row).glyph < 0x80);
        quit(&v);
    }
}

/* --- costs --- */

static void paused_it_sleeps(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i]), plain_env, 80, 24);
        vt_send(&v, "  "); /* play and pause again */
        assert_true(vt_wait_key(&v, 2));
        while (vt_pump(&v, 0.05))
            continue;
        long switches = vt_switches(&v);
        size_t bytes = v.bytes;
        assert_false(vt_pump(&v, 1.0));
        assert_int_equal(v.bytes, bytes);
        assert_int_equal(vt_switches(&v), switches);
        quit(&v);
    }
}

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A terminal that answers nothing gets two frames and, a second later, all of them. */
static void fence_gives_up(void **state)
{
    (void)state;
    Vt v;
    VtSpawn spawn = {.argv = ARGV("ansi", "w", "play"),
                     .env = plain_env,
                     .cols = 80,
                     .rows = 24,
                     .silent = true};
    assert_true(vt_start(&v, &spawn));
    assert_true(vt_wait_frame(&v, 2));
    double until = clock_now() + 0.5;
    while (clock_now() < until)
        vt_pump(&v, 0.01);
    assert_int_equal(v.frame, 2);
    assert_true(vt_wait_frame(&v, 20));
    quit(&v);
}

static void sixty_frames_a_second(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i], "play"), plain_env, 80, 24);
        double start_at = clock_now();
        long first = v.frame;
        assert_true(vt_wait_frame(&v, first + 60));
        double rate = (double)(v.frame - first) / (clock_now() - start_at);
        print_message("%s: %.1f frames a second\n", renders[i], rate);
        assert_true(rate < 63);
        quit(&v);
    }
}

/* A terminal that says it knows synchronised output gets the brackets: 16 bytes a frame. */
static void brackets_when_known(void **state)
{
    (void)state;
    size_t spent[2];
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV("ansi", "r"), plain_env, 80, 24);
        vt_send(&v, i ? "\033[?2026;2$y" : "\033[?2026;0$y");
        vt_send(&v, "n");
        assert_true(vt_wait_key(&v, 1));
        size_t bytes = v.bytes;
        vt_send(&v, "n");
        assert_true(vt_wait_key(&v, 2));
        spent[i] = v.bytes - bytes;
        quit(&v);
    }
    assert_int_equal(spent[1], spent[0] + 16);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void answers_at_once(void **state)
{
    enum { KEYS = 200 };
    static double took[KEYS];
    (void)state;
    for (int i = 0; i < 2; i++) {
        Vt v;
        start(&v, ARGV(renders[i]), plain_env, 120, 40);
        for (long k = 0; k < KEYS; k++) {
            double until = clock_now() + 0.018; /* beyond the least time between two frames */
            while (clock_now() < until)
                vt_pump(&v, 0.001);
            double sent = clock_now();
            vt_send(&v, k % 2 ? "j" : "k");
            assert_true(vt_wait_key(&v, k + 1));
            took[k] = clock_now() - sent;
        }
        qsort(took, KEYS, sizeof *took, by_size);
        print_message("%s: key to bytes %.2f ms median, %.2f ms 99th of 100\n", renders[i],
                      took[KEYS / 2] * 1e3, took[KEYS * 99 / 100] * 1e3);
        quit(&v);
    }
}

static void measure(const char *render, const char *picture, const char *colors)
{
    Vt v;
    const char *const *argv = ARGV(render, picture, colors, "virtual", "play", "frames=101");
    VtSpawn spawn = {.argv = argv, .env = plain_env, .cols = 200, .rows = 60};
    assert_true(vt_start(&v, &spawn));
    assert_true(vt_wait_frame(&v, 1));
    size_t bytes = v.bytes;
    long first = v.frame;
    long writes = vt_writes(&v);
    long seen = v.frame;
    while (v.frame < 95 && vt_pump(&v, 1))
        seen = v.frame;
    long written = vt_writes(&v);
    assert_true(vt_wait_end(&v));
    print_message("200x60 %-8s %s %s: %6zu B a frame, %5.1f writes\n", render,
                  picture[0] == 'w' ? "whole map" : "head     ",
                  colors[7] == '0' ? "truecolor" : "256      ",
                  (v.bytes - bytes) / (size_t)(v.frame - first),
                  (double)(written - writes) / (double)(seen > first ? seen - first : 1));
    vt_stop(&v);
}

static void costs(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        measure(renders[i], "b", "colors=1");
        measure(renders[i], "w", "colors=1");
    }
    measure("ansi", "b", "colors=0");
    measure("ansi", "w", "colors=0");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_and_quits),
        cmocka_unit_test(every_size),
        cmocka_unit_test(ends_by_signal),
        cmocka_unit_test(restores_after_own_crash),
        cmocka_unit_test(end_of_input_ends_it),
        cmocka_unit_test(suspends_and_resumes),
        cmocka_unit_test(survives_a_stop_without_shell),
        cmocka_unit_test(last_frame_ends_it),
        cmocka_unit_test(refuses_what_is_no_terminal),
        cmocka_unit_test(decodes_keys),
        cmocka_unit_test(swallows_the_unknown),
        cmocka_unit_test(pastes_are_not_keys),
        cmocka_unit_test(one_frame_answers_many_keys),
        cmocka_unit_test(resize_storm_is_a_fresh_start),
        cmocka_unit_test(both_back_ends_look_the_same),
        cmocka_unit_test(pairs_run_out),
        cmocka_unit_test(virtual_clock_is_exact),
        cmocka_unit_test(finds_colors_and_glyphs),
        cmocka_unit_test(ascii_is_ascii),
        cmocka_unit_test(paused_it_sleeps),
        cmocka_unit_test(fence_gives_up),
        cmocka_unit_test(sixty_frames_a_second),
        cmocka_unit_test(brackets_when_known),
        cmocka_unit_test(answers_at_once),
        cmocka_unit_test(costs),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
