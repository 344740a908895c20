/* SPDX-License-Identifier: MIT
 * test_desk: the settings file, the clipboard and the notebook's file, on a pseudo-terminal. */
#include "e2e/steps.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

enum { PATH = 256, TEXT = 1 << 16 };

static const char *program = ETASCOPE;
static char folder[PATH];
static char config_home[PATH]; /* XDG_CONFIG_HOME=folder/config */
static char state_home[PATH];
static const char *env[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", config_home, state_home, NULL};
static const char *const linux_env[] = {"TERM=linux", "LC_ALL=C.UTF-8", NULL};

#define ARGV(...) ((const char *const[]){program, "--marker", __VA_ARGS__, NULL})

static int make_folder(void **state)
{
    (void)state;
    char path[2 * PATH];
    snprintf(folder, sizeof folder, "/tmp/etascope-desk-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(config_home, sizeof config_home, "XDG_CONFIG_HOME=%.200s/config", folder);
    snprintf(state_home, sizeof state_home, "XDG_STATE_HOME=%.200s/state", folder);
    snprintf(path, sizeof path, "%s/config", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/config/etascope", folder);
    return mkdir(path, 0700);
}

static int remove_folder(void **state)
{
    (void)state;
    char line[PATH + 16];
    snprintf(line, sizeof line, "rm -rf '%s'", folder);
    return system(line);
}

static void configure(const char *text)
{
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/config/etascope/config", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* The file in the state folder; "": there is none. */
static const char *notebook(void)
{
    static char text[TEXT];
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/state/etascope/notebook", folder);
    FILE *f = fopen(path, "rb");
    size_t size = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[size] = '\0';
    if (f)
        fclose(f);
    return text;
}

static void start(Vt *v, const char *const *argv, const char *const *environment)
{
    assert_true(vt_start(
        v, &(VtSpawn){.argv = argv, .env = environment, .cols = 80, .rows = 24}));
    if (!vt_wait_frame(v, 1))
        lose(v, vt_error(v));
}

static void quit(Vt *v)
{
    vt_send(v, "q");
    assert_true(vt_wait_end(v));
    assert_true(WIFEXITED(v->status) && WEXITSTATUS(v->status) == 0);
    assert_true(vt_modes_restored(v));
    assert_string_equal(vt_error(v), "");
    vt_stop(v);
}

/* --- settings --- */

static void a_key_of_ones_own_works(void **state)
{
    (void)state;
    Vt v;
    configure("# for the beamer\nbind Z 'eta0 0.125'\nglyphs braille\n");
    start(&v, ARGV("--paused"), env);
    expect(&v, "Press 1");
    press(&v, "Z");
    expect(&v, "0.02 → 0.125");
    quit(&v);
    start(&v, ARGV("--paused", "--no-config"), env);
    press(&v, "Z");
    expect(&v, "'Z' does nothing here");
    quit(&v);
}

static void expect_message(const char *const *argv, int status, const char *message)
{
    Vt v;
    assert_true(vt_start(&v, &(VtSpawn){.argv = argv, .env = env, .cols = 80, .rows = 24}));
    assert_true(vt_wait_end(&v));
    const char *said = vt_error(&v);
    if (!WIFEXITED(v.status) || WEXITSTATUS(v.status) != status || strcmp(said, message) != 0)
        fail_msg("status %X: %s   instead of\n%s", (unsigned)v.status, said, message);
    assert_true(v.frame < 0); /* nothing was drawn */
    vt_stop(&v);
}

static void an_error_names_line_and_column(void **state)
{
    (void)state;
    char message[2 * PATH];
    Vt v;
    configure("theme light\n\n  bind x 'plai'\n");
    snprintf(message, sizeof message,
             "etascope: %s/config/etascope/config:3:11: unknown command 'plai' (did you mean "
             "'play'?)\n", folder);
    expect_message(ARGV("--paused"), 2, message);
    expect_message((const char *const[]){program, "learn", NULL}, 2, message);
    /* the others do not read it */
    assert_true(vt_start(&v, &(VtSpawn){.argv = (const char *const[]){program, "run", "B4", NULL},
                                        .env = env, .cols = 80, .rows = 24}));
    assert_true(vt_wait_end(&v));
    assert_true(WIFEXITED(v.status) && WEXITSTATUS(v.status) == 0);
    vt_stop(&v);
}

/* --- the clipboard --- */

/* What the program writes until it is silent for a fifth of a second or `until` is in it. The screen
 * sees it too. */
static const char *listen_for(Vt *v, const char *until)
{
    static char heard[TEXT];
    size_t size = 0;
    struct pollfd in = {.fd = v->master, .events = POLLIN};
    heard[0] = '\0';
    while (size + 4096 < sizeof heard && !strstr(heard, until) && poll(&in, 1, 5000) > 0) {
        ssize_t n = read(v->master, heard + size, 4096);
        if (n <= 0)
            break;
        vt_feed(v, heard + size, (size_t)n);
        size += (size_t)n;
        heard[size] = '\0';
    }
    return heard;
}

static int value_of(char c)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(letters, c);
    return at && c ? (int)(at - letters) : -1;
}

static void decode(const char *from, char *to)
{
    unsigned bits = 0;
    int have = 0;
    for (int value; (value = value_of(*from)) >= 0; from++) {
        bits = bits << 6 | (unsigned)value;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        *to++ = (char)(bits >> have & 0xFF);
    }
    *to = '\0';
}

static void y_reaches_the_clipboard(void **state)
{
    (void)state;
    static const char osc[] = "\033]52;c;";
    char text[TEXT];
    Vt v;
    configure("");
    for (int render = 0; render < 2; render++) {
        start(&v, ARGV("--paused", render ? "--render=ncurses" : "--render=ansi"), env);
        expect(&v, "━ 1"); /* all is done and silent */
        vt_send(&v, "Y");
        const char *heard = listen_for(&v, " key=1 ");
        const char *at = strstr(heard, osc);
        assert_non_null(at);
        assert_null(strstr(at + 1, osc));
        assert_int_equal(at[sizeof osc - 1 + strcspn(at + sizeof osc - 1, "\a\033")], '\a');
        decode(at + sizeof osc - 1, text);
        assert_string_equal(text, "surface=pass start=-3,0.6 schedule=constant eta0=0.02 steps=400");
        expect(&v, "copied: surface=pass");
        quit(&v);
    }
    start(&v, ARGV("--paused"), linux_env); /* it would print the words */
    vt_send(&v, "Y");
    assert_null(strstr(listen_for(&v, " key=1 "), "]52;"));
    quit(&v);
}

/* --- the notebook --- */

static void a_killed_program_has_kept_its_runs(void **state)
{
    (void)state;
    Vt v;
    configure("");
    start(&v, ARGV("--clock=virtual", "--scene=B4"), env);
    expect(&v, "step 80/80");
    press(&v, "n");
    expect(&v, "1 of 1");
    assert_non_null(strstr(notebook(), "\tsurface=pass"));
    assert_int_equal(kill(v.pid, SIGKILL), 0);
    assert_true(vt_wait_end(&v));
    vt_stop(&v);
    start(&v, ARGV("--paused"), env);
    press(&v, "n");
    expect(&v, "1 of 1");
    press(&v, "n");
    quit(&v);
}

static void no_save_writes_nothing(void **state)
{
    (void)state;
    Vt v;
    configure("");
    start(&v, ARGV("--clock=virtual", "--scene=B4", "--no-save"), env);
    expect(&v, "step 80/80");
    press(&v, "n");
    expect(&v, "1 of 1");
    press(&v, "n");
    quit(&v);
    assert_string_equal(notebook(), "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_key_of_ones_own_works),
        CASE(an_error_names_line_and_column),
        CASE(y_reaches_the_clipboard),
        CASE(a_killed_program_has_kept_its_runs),
        CASE(no_save_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
