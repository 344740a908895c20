/* SPDX-License-Identifier: MIT
 * test_pictures: figures as pictures of a terminal. libvterm drops them: a reader of our own puts
 * them together again, and what is seen is what show --format png draws. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "e2e/steps.h"
#include "unit/png_read.h"
#include "kitty_read.h"

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

enum { COLS = 120, ROWS = 36, WIDE = 8, HIGH = 16, HEARD = 8 << 20 };

static const char *program = ETASCOPE;

/* A terminal that shows pictures: all it was sent, and what it made of that. */
typedef struct Seen {
    Vt vt;
    Screen screen;
    char *heard;
    size_t count, read;
} Seen;

static void hear(void *ctx, const char *bytes, size_t count)
{
    Seen *s = ctx;
    assert_true(s->count + count < HEARD);
    memcpy(s->heard + s->count, bytes, count);
    s->count += count;
}

#define BASE_ENV "TERM=xterm-256color", "LC_ALL=C.UTF-8", "COLORTERM=truecolor"
static const char *const plain_env[] = {BASE_ENV, NULL};

static Seen *open_seen(const char *picture, const char *const *env, bool silent, bool job)
{
    const char *const argv[] = {program,   "--marker",       "--scene=B4", "--paused", picture,
                                "--exec=seek 40", NULL};
    Seen *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->heard = malloc(HEARD);
    screen_open(&s->screen);
    assert_true(vt_start(&s->vt, &(VtSpawn){.argv = argv, .env = env, .cols = COLS, .rows = ROWS,
                                            .silent = silent, .job = job}));
    s->vt.heard = hear;
    s->vt.heard_by = s;
    expect(&s->vt, "step 40/80");
    return s;
}

static void close_seen(Seen *s)
{
    vt_stop(&s->vt);
    screen_close(&s->screen);
    free(s->heard);
    free(s);
}

/* Everything that was sent is read; how many pictures are there? */
static int pictures(Seen *s)
{
    while (vt_pump(&s->vt, 0.05)) {
    }
    screen_write(&s->screen, (const uint8_t *)s->heard + s->read, s->count - s->read);
    s->read = s->count;
    return screen_pictures(&s->screen);
}

static bool heard(const Seen *s, const char *what)
{
    size_t n = strlen(what);
    for (size_t i = 0; i + n <= s->count; i++)
        if (memcmp(s->heard + i, what, n) == 0)
            return true;
    return false;
}

/* Wait until pictures are there, or none are. */
static void wait_pictures(Seen *s, bool some)
{
    for (int i = 0; i < 100; i++)
        if ((pictures(s) > 0) == some)
            return;
    fail_msg("there are %d pictures", pictures(s));
}

/* Wait until the map's is there too: it comes when it has been computed. */
static void wait_map(Seen *s)
{
    for (int tries = 0; tries < 400; tries++) {
        pictures(s);
        for (int i = 0; i < SCREEN_PICTURES; i++) {
            const ScreenPicture *p = &s->screen.picture[i];
            if (p->id && 3 * p->cols * p->rows > COLS * ROWS)
                return;
        }
    }
    fail_msg("there is no map");
}

/* --- what is seen --- */

/* Linear, as kitty scales: the value of a channel at x, y of a picture that is w x h on screen. */
static double sample(const ScreenPicture *p, int x, int y, int w, int h, int channel)
{
    double u = fmin(fmax((x + 0.5) * p->width / w - 0.5, 0), p->width - 1);
    double v = fmin(fmax((y + 0.5) * p->height / h - 0.5, 0), p->height - 1);
    int i = (int)u, j = (int)v, i1 = i + 1 < p->width ? i + 1 : i, j1 = j + 1 < p->height ? j + 1 : j;
    double a = u - i, b = v - j;
#define AT(i, j) p->rgba[4 * ((j) * p->width + (i)) + channel]
    return (1 - a) * (1 - b) * AT(i, j) + a * (1 - b) * AT(i1, j) + (1 - a) * b * AT(i, j1) +
           a * b * AT(i1, j1);
#undef AT
}

static void put_picture(const ScreenPicture *p, uint8_t *rgb)
{
    int w = p->cols * WIDE, h = p->rows * HIGH;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            uint8_t *at = rgb + 3 * ((p->row * HIGH + y) * COLS * WIDE + p->col * WIDE + x);
            double alpha = sample(p, x, y, w, h, 3) / 255;
            for (int k = 0; k < 3; k++)
                at[k] = (uint8_t)(at[k] * (1 - alpha) + alpha * sample(p, x, y, w, h, k) + 0.5);
        }
}

/* All pictures, the lowest first: there are two layers. */
static uint8_t *composed(const Screen *s, long *low)
{
    uint8_t *rgb = calloc(3, (size_t)COLS * WIDE * ROWS * HIGH);
    assert_non_null(rgb);
    *low = 0;
    for (int i = 0; i < SCREEN_PICTURES; i++)
        *low = s->picture[i].id && s->picture[i].z < *low ? s->picture[i].z : *low;
    for (int upper = 0; upper < 2; upper++)
        for (int i = 0; i < SCREEN_PICTURES; i++)
            if (s->picture[i].id && (s->picture[i].z > *low) == upper)
                put_picture(&s->picture[i], rgb);
    return rgb;
}

static PngImage shown_png(void)
{
    static uint8_t file[1 << 21];
    char line[400];
    snprintf(line, sizeof line, "%s show --scene=B4 --at-step=40 --format=png --size=%dx%d --pixels=%dx%d",
             program, COLS, ROWS, COLS * WIDE, ROWS * HIGH);
    FILE *from = popen(line, "r");
    assert_non_null(from);
    size_t count = fread(file, 1, sizeof file, from);
    assert_int_equal(pclose(from), 0);
    return read_png(file, count);
}

/* In the blank cells of pictures: alike on the whole, and few pixels far off (edges that were scaled). */
static void compare(const Vt *vt, const Screen *s, const PngImage *png)
{
    long low, pixels = 0, far = 0;
    double sum = 0;
    uint8_t *rgb = composed(s, &low);
    for (int i = 0; i < SCREEN_PICTURES; i++) {
        const ScreenPicture *p = &s->picture[i];
        if (!p->id || p->z != low)
            continue;
        for (int y = p->row * HIGH; y < (p->row + p->rows) * HIGH; y++)
            for (int x = p->col * WIDE; x < (p->col + p->cols) * WIDE; x++) {
                int off = 0;
                if (vt_cell(vt, x / WIDE, y / HIGH).glyph != ' ')
                    continue;
                for (int k = 0; k < 3; k++)
                    off += abs(rgb[3 * (y * COLS * WIDE + x) + k] -
                               png->rgba[4 * (y * png->width + x) + k]);
                sum += off / 3.0;
                far += off / 3 > 48;
                pixels++;
            }
    }
    free(rgb);
    assert_true(pixels > COLS * WIDE * ROWS * HIGH / 3);
    if (sum / (double)pixels > 4 || (double)far / (double)pixels > 0.01)
        fail_msg("off by %.2f, %.2f %% are far off", sum / (double)pixels,
                 100 * (double)far / (double)pixels);
}

static void the_stage_is_what_the_png_shows(void **state)
{
    (void)state;
    Seen *s = open_seen("--picture=kitty", plain_env, true, false);
    wait_map(s);
    PngImage png = shown_png();
    assert_true(png.width == COLS * WIDE && png.height == ROWS * HIGH);
    compare(&s->vt, &s->screen, &png);
    free(png.rgba);
    assert_false(heard(s, "\033_Gi=31")); /* told so, it does not ask */
    close_seen(s);
}

/* A step, a menu and back, another theme, another size: never a picture twice, never one lost. */
static void pictures_follow(void **state)
{
    (void)state;
    Seen *s = open_seen("--picture=kitty", plain_env, true, false);
    wait_pictures(s, true);
    press(&s->vt, "\033[C");
    expect(&s->vt, "step 41/80");
    press(&s->vt, "m");
    press(&s->vt, "\033");
    type(&s->vt, ":theme light\r");
    press(&s->vt, "\014");
    assert_true(pictures(s) > 3);
    vt_resize(&s->vt, 80, 24);
    assert_true(vt_wait_size(&s->vt, 80, 24));
    assert_true(pictures(s) > 3);
    for (int i = 0; i < SCREEN_PICTURES; i++)
        if (s->screen.picture[i].id)
            assert_true(s->screen.picture[i].col + s->screen.picture[i].cols <= 80 &&
                        s->screen.picture[i].row + s->screen.picture[i].rows <= 24);
    close_seen(s);
}

static void every_way_out_frees_them(void **state)
{
    (void)state;
    static const int signals[] = {0, SIGTERM, SIGABRT, SIGSEGV};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        Seen *s = open_seen("--picture=kitty", plain_env, true, false);
        wait_pictures(s, true);
        if (signals[i])
            kill(s->vt.pid, signals[i]);
        else
            vt_send(&s->vt, "q");
        assert_true(vt_wait_end(&s->vt));
        assert_int_equal(pictures(s), 0);
        close_seen(s);
    }
}

static void a_suspended_stage_shows_none(void **state)
{
    (void)state;
    Seen *s = open_seen("--picture=kitty", plain_env, true, true);
    wait_pictures(s, true);
    vt_send(&s->vt, "\032");
    assert_true(vt_wait_stopped(&s->vt));
    assert_int_equal(pictures(s), 0);
    vt_continue(&s->vt);
    wait_pictures(s, true);
    close_seen(s);
}

/* --- who is asked, who is believed --- */

static void the_right_answer_turns_them_on(void **state)
{
    (void)state;
    Seen *s = open_seen("--picture=auto", plain_env, true, false);
    assert_true(heard(s, "\033[>q\033_Gi=31"));
    s->read = s->count; /* the question is no picture */
    vt_send(&s->vt, "\033P>|kitty(0.35.2)\033\\\033_Gi=31;OK\033\\\033[6;16;8t\033[?62;c");
    wait_pictures(s, true);
    close_seen(s);
    s = open_seen("--picture=auto", plain_env, true, false);
    s->read = s->count;
    vt_send(&s->vt, "\033P>|XTerm(390)\033\\\033[6;16;8t\033[?64;c");
    press(&s->vt, "\033[C");
    expect(&s->vt, "step 41/80");
    assert_int_equal(pictures(s), 0);
    close_seen(s);
}

static void nobody_else_hears_of_them(void **state)
{
    (void)state;
    static const char *const tmux[] = {BASE_ENV, "TMUX=/tmp/x,1,0", NULL};
    static const char *const screen[] = {BASE_ENV, "STY=1.pts", NULL};
    static const char *const *const envs[] = {tmux, screen};
    static const char *const options[] = {"--picture=auto", "--picture=kitty"};
    for (int i = 0; i < 4; i++) {
        Seen *s = open_seen(options[i / 2], envs[i % 2], false, false);
        press(&s->vt, "\033[C");
        expect(&s->vt, "step 41/80");
        assert_false(heard(s, "\033_G"));
        assert_false(heard(s, "\033[>q"));
        close_seen(s);
    }
    Seen *s = open_seen("--picture=cells", plain_env, false, false);
    assert_false(heard(s, "\033_G"));
    close_seen(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stage_is_what_the_png_shows),
        cmocka_unit_test(pictures_follow),
        cmocka_unit_test(every_way_out_frees_them),
        cmocka_unit_test(a_suspended_stage_shows_none),
        cmocka_unit_test(the_right_answer_turns_them_on),
        cmocka_unit_test(nobody_else_hears_of_them),
    };
    if (getenv("ETASCOPE"))
        program = getenv("ETASCOPE");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
