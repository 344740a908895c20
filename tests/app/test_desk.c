/* SPDX-License-Identifier: MIT
 * test_desk: what is done before and after a lecture: settings, keys and pairs of one's own, scenes
 * saved, opened and copied, the notebook, the code. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/book.h"
#include "app/drive.h"
#include "app/share.h"
#include "code/code.h"

static char folder[64];
static char name_of[256]; /* path_in's answer */

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/etascope-desk-XXXXXX");
    setenv("XDG_STATE_HOME", "/nonexistent", 1);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *path_in(const char *name)
{
    snprintf(name_of, sizeof name_of, "%s/%s", folder, name);
    return name_of;
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path_in(name), "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const char *read_back(const char *name)
{
    static char text[1 << 16];
    FILE *f = fopen(path_in(name), "rb");
    size_t size = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[size] = '\0';
    if (f)
        fclose(f);
    return text;
}

static void command(Drive *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void command(Drive *d, const char *format, ...)
{
    char line[LINE_SIZE];
    Error err = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (!app_command(d->app, line, &err))
        fail_msg("%s: %s", line, err.message);
}

static bool refused(Drive *d, const char *line, Error *err)
{
    *err = (Error){0};
    return !app_command(d->app, line, err) && err->message[0];
}

static bool status_has(const Drive *d, const char *words)
{
    return strstr(app_status(d->app), words) != NULL;
}

/* --- settings --- */

static Drive open_with(AppOptions o, const char *settings)
{
    Error err = {0};
    o.settings = settings;
    o.settings_file = path_in("config");
    Drive d = {.app = app_new(&o, &err)};
    if (!d.app)
        fail_msg("%s:%ld:%ld: %s", err.file, err.line, err.column, err.message);
    app_output(d.app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    drive_resize(&d, 100, 30);
    return d;
}

static void expect_wrong(const char *settings, long line, long column, const char *words)
{
    Error err = {0};
    AppOptions o = {.settings = settings, .settings_file = "config"};
    App *app = app_new(&o, &err);
    if (app)
        fail_msg("taken: %s", settings);
    if (strcmp(err.file, "config") != 0 || err.line != line || err.column != column ||
        !strstr(err.message, words))
        fail_msg("%s\n%s:%ld:%ld: %s", settings, err.file, err.line, err.column, err.message);
}

static void settings_hold_from_the_first_frame(void **state)
{
    (void)state;
    Drive d = open_with((AppOptions){0}, "# mine\n\n  theme light\r\nglyphs braille\n\t# no\nmap grey");
    assert_int_equal(d.app->look->theme, THEME_LIGHT);
    assert_int_equal(d.app->look->map, MAP_GREY);
    assert_int_equal(d.app->look->glyphs, GLYPHS_BRAILLE); /* whatever the terminal proposes */
    assert_true(d.app->session->playing);
    assert_true(status_has(&d, "Press 1"));
    app_ascii(d.app);
    assert_int_equal(d.app->look->glyphs, GLYPHS_ASCII); /* it can do nothing else */
    drive_close(&d);
}

static void options_win(void **state)
{
    (void)state;
    static Scene scene;
    Error err = {0};
    scene_default(&scene);
    assert_true(scene_parse(&scene, "surface=bowl20 eta0=0.05 steps=30", NULL, &err));
    AppOptions o = {.scene = &scene, .paused = true, .own_theme = true, .own_map = true};
    Drive d = open_with(o, "theme light\nmap grey\nscene B4\neta0 0.3\nplay\n");
    assert_int_equal(d.app->look->theme, THEME_DARK);
    assert_int_equal(d.app->look->map, MAP_INFERNO);
    assert_true(scene_equal(app_scene(d.app), &scene));
    assert_false(d.app->session->playing);
    assert_int_equal(app_row(d.app), 0);
    drive_key(&d, 'u');
    assert_true(status_has(&d, "nothing to undo"));
    drive_close(&d);
}

static void settings_name_the_place_of_an_error(void **state)
{
    (void)state;
    expect_wrong("# x\ntheme purple\n", 2, 7, "'purple' is not");
    expect_wrong("  glyphs  zig\n", 1, 11, "'zig' is not");
    expect_wrong("theme light\nthema light\n", 2, 1, "did you mean 'theme'?");
    expect_wrong("\n\nschedule cosinus\n", 3, 10, "did you mean 'cosine'?");
    expect_wrong("bind ctl-x 'play'\n", 1, 6, "'ctl-x' is no key");
    expect_wrong("bind menu x 'plai'\n", 1, 14, "did you mean 'play'?");
    expect_wrong("eta0=abc\n", 1, 6, "'abc' is not");
    expect_wrong("bind x\n", 1, 6, "a line is missing");
    expect_wrong("bind\n", 1, 5, "an argument is missing");
}

/* --- keys --- */

static void a_key_of_ones_own_comes_first(void **state)
{
    (void)state;
    Drive d = open_with((AppOptions){.paused = true},
                        "bind Z 'eta0 0.125'\nbind b \"scene B4\"\nbind ctrl-x hop\n"
                        "bind shift-up seek end\nbind menu x close\n");
    drive_key(&d, 'Z');
    assert_true(timeline_rate(session_run(d.app->session), 0)->eta0 == 0.125);
    drive_key(&d, 24);
    assert_int_equal(d.app->look->pane, PANE_HOP);
    drive_key(&d, 'b');
    assert_false(d.app->look->big); /* not what the stage's own b does */
    assert_string_equal(d.app->session->named->id, "B4");
    drive_key(&d, KEYCODE_SHIFT_UP);
    assert_int_equal(app_row(d.app), session_last(d.app->session));
    drive_key(&d, 'm');
    assert_true(drive_in(&d, "menu"));
    drive_key(&d, 'x');
    assert_true(drive_in(&d, "stage"));
    command(&d, "bind Z 'theme light'"); /* again: another line */
    drive_key(&d, 'Z');
    assert_int_equal(d.app->look->theme, THEME_LIGHT);
    drive_close(&d);
}

static void help_shows_them(void **state)
{
    (void)state;
    Drive d = drive_open(100, 30);
    command(&d, "bind b 'scene B4'");
    command(&d, "bind ctrl-x hop");
    drive_resize(&d, 200, 60);
    drive_key(&d, '?');
    assert_true(drive_shows(&d, "scene B4"));
    assert_true(drive_shows(&d, "ctrl x"));
    assert_false(drive_shows(&d, "big type for the back row"));
    drive_close(&d);
}

static void typing_is_not_bound(void **state)
{
    (void)state;
    Drive d = drive_open(100, 30);
    command(&d, "bind p 'quit'");
    drive_keys(&d, ":pin");
    drive_key(&d, KEYCODE_ENTER);
    assert_false(app_quit(d.app));
    assert_int_equal(scene_runners(app_scene(d.app)), 2);
    Error err;
    for (int i = 0; i < OWN_KEYS - 1; i++)
        command(&d, "bind %c 'play'", 'A' + i < '~' && 'A' + i != 'p' ? 'A' + i : '!' + i);
    for (int i = 0; i < OWN_KEYS; i++)
        app_command(d.app, (char[]){'b', 'i', 'n', 'd', ' ', (char)('!' + i), ' ', 'h', 'o', 'p', 0},
                    NULL);
    assert_true(refused(&d, "bind ö hop", &err));
    assert_non_null(strstr(err.message, "keys are bound"));
    drive_close(&d);
}

/* --- pairs --- */

static const char own_pair[] = "pair 1\nleft G2\nright G2c\nbefore One\nafter Two\n"
                               "before_right Three\nafter_right Four\n";

static void digits_show_pairs_of_ones_own(void **state)
{
    (void)state;
    write_file("mine.txt", own_pair);
    Drive d = open_with((AppOptions){0}, "pairs mine.txt\n"); /* beside the settings */
    assert_string_equal(d.app->session->named->id, "G2");
    assert_true(status_has(&d, "One. Press 1"));
    drive_key(&d, '1');
    assert_string_equal(d.app->session->named->id, "G2c");
    assert_true(status_has(&d, "Three"));
    drive_play_out(&d);
    assert_true(status_has(&d, "Four. Press 1 to go back"));
    drive_key(&d, '2'); /* the others stay */
    assert_string_equal(d.app->session->named->id, pair_row(1)->id[0]);
    drive_close(&d);
}

static void wrong_pairs_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
        long line, column;
    } wrong[] = {
        {"pair 0\n", "no digit", 1, 6},
        {"pair 1\nleft B1\nright Bx\n", "unknown scene 'Bx'", 3, 7},
        {"left B1\n", "before the first 'pair'", 1, 1},
        {"pair 1\nleft B1\nright B2\nbefor x\n", "did you mean 'before'?", 4, 1},
        {"pair 1\nleft B1\n", "pair 1 lacks 'before'", 3, 1},
    };
    Drive d = drive_open(80, 24);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Error err;
        char line[300];
        write_file("bad.txt", wrong[i].text);
        snprintf(line, sizeof line, "pairs %s", path_in("bad.txt"));
        if (!refused(&d, line, &err) || !strstr(err.message, wrong[i].words) ||
            err.line != wrong[i].line || err.column != wrong[i].column ||
            strcmp(err.file, path_in("bad.txt")) != 0)
            fail_msg("%s\n%s:%ld:%ld: %s", wrong[i].text, err.file, err.line, err.column,
                     err.message);
    }
    drive_key(&d, '1'); /* and nothing has changed */
    assert_string_equal(d.app->session->named->id, pair_row(0)->id[1]);
    drive_close(&d);
}

/* --- scenes as files --- */

static void a_saved_scene_comes_back(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    command(&d, "scene B4");
    command(&d, "seek 10");
    command(&d, "eta0 0.03");
    command(&d, "pin");
    command(&d, "schedule cosine");
    char *before = drive_scene_text(d.app);
    command(&d, "save %s", path_in("one.scene"));
    assert_non_null(strstr(read_back("one.scene"), "\nvs"));
    command(&d, "unpin");
    command(&d, "scene B1");
    command(&d, "open %s", path_in("one.scene"));
    char *after = drive_scene_text(d.app);
    assert_string_equal(before, after);
    assert_true(drive_replays(&d));
    command(&d, "save %s", path_in("one.scene")); /* a scene may be written over */
    free(before);
    free(after);
    drive_close(&d);
}

static void what_is_no_scene_is_not_written_over(void **state)
{
    (void)state;
    static const char *const others[] = {"dear diary\n", "# only a comment\n", "", "eta0=x\n"};
    Drive d = drive_open(80, 24);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        Error err;
        char line[300];
        write_file("diary", others[i]);
        snprintf(line, sizeof line, "save %s", path_in("diary"));
        assert_true(refused(&d, line, &err));
        assert_non_null(strstr(err.message, "save!"));
        assert_string_equal(read_back("diary"), others[i]);
    }
    command(&d, "save! %s", path_in("diary"));
    assert_non_null(strstr(read_back("diary"), "surface=pass"));
    Error err;
    assert_true(refused(&d, "save /nonexistent/folder/x", &err));
    assert_true(refused(&d, "open /nonexistent/folder/x", &err));
    drive_close(&d);
}

/* Data are found from wherever the scene is read. */
static void data_files_come_along(void **state)
{
    (void)state;
    char here[1024];
    assert_non_null(getcwd(here, sizeof here));
    write_file("line.csv", "u,v\n1,2\n2,3.5\n3,5\n");
    mkdir(path_in("deep"), 0700);
    assert_int_equal(chdir(folder), 0);
    Drive d = drive_open(80, 24);
    command(&d, "surface='(x*u+y-v)^2/2' data=line.csv start=0,0 eta0=0.1");
    command(&d, "save deep/fit.scene");
    assert_int_equal(chdir(here), 0);
    command(&d, "scene B1");
    command(&d, "open %s", path_in("deep/fit.scene"));
    assert_string_equal(app_scene(d.app)->data, path_in("line.csv"));
    drive_close(&d);
}

/* --- the clipboard --- */

static void y_copies_the_scene_once(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    assert_null(app_copied(d.app));
    drive_key(&d, 'Y');
    const char *copied = app_copied(d.app);
    char *text = drive_scene_text(d.app);
    assert_non_null(copied);
    assert_string_equal(copied, text);
    assert_true(status_has(&d, text));
    assert_null(app_copied(d.app));
    free(text);
    drive_close(&d);
}

static void too_long_is_not_copied(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    Text t = text_over((char[4096]){0}, 4096);
    text_add(&t, "surface='x^2+y^2");
    while (t.used < 900)
        text_add(&t, "+0*x");
    text_add(&t, "'");
    command(&d, "%s", t.at);
    for (int i = 0; i < 50; i++)
        command(&d, "at %d schedule=cosine:T_max=300 eta0=0.0%d", 2 * i + 2, i + 10);
    drive_key(&d, 'Y');
    assert_null(app_copied(d.app));
    assert_true(status_has(&d, "too long"));
    drive_close(&d);
}

/* --- the notebook --- */

static void play_scene(Drive *d, const char *line)
{
    command(d, "%s", line);
    d->app->session->playing = true;
    drive_play_out(d);
}

static void runs_that_end_come_into_the_notebook(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    const Notes *n = &d.app->book->notes;
    app_advance(d.app, 1);
    drive_key(&d, '2'); /* the first one was left half-way */
    assert_int_equal(n->count, 0);
    drive_play_out(&d);
    assert_int_equal(n->count, 1);
    command(&d, "restart");
    drive_play_out(&d);
    assert_int_equal(n->count, 1);
    play_scene(&d, "scene B1");
    assert_int_equal(n->count, 2);
    assert_string_equal(n->row[0].verdict, "local minimum");
    assert_int_equal(n->row[0].steps, 400);
    assert_true(n->row[0].loss == session_now(d.app->session)->loss);
    char *text = drive_scene_text(d.app);
    assert_string_equal(n->row[0].scene, text);
    free(text);
    drive_close(&d);
}

static void enter_opens_and_p_pins(void **state)
{
    (void)state;
    Drive d = drive_open(80, 24);
    play_scene(&d, "scene B1");
    play_scene(&d, "eta0 0.6");
    play_scene(&d, "scene G2");
    drive_keys(&d, "n");
    drive_key(&d, KEYCODE_DOWN);
    drive_key(&d, KEYCODE_DOWN);
    drive_keys(&d, "p"); /* on another loss */
    assert_int_equal(scene_runners(app_scene(d.app)), 1);
    assert_true(drive_in(&d, "notebook"));
    drive_key(&d, KEYCODE_ENTER);
    assert_true(drive_in(&d, "stage"));
    char *text = drive_scene_text(d.app);
    assert_string_equal(text, d.app->book->notes.row[2].scene);
    free(text);
    assert_true(drive_replays(&d));
    drive_keys(&d, "n");
    drive_key(&d, KEYCODE_DOWN);
    drive_keys(&d, "p");
    assert_int_equal(scene_runners(app_scene(d.app)), 2);
    drive_wait(&d);
    assert_true(timeline_rate(d.app->session->track[1].run, 0)->eta0 == 0.6);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

static void two_runs_are_compared(void **state)
{
    (void)state;
    Drive d = drive_open(120, 30);
    play_scene(&d, "scene B1");
    play_scene(&d, "eta0 0.6");
    drive_keys(&d, "n ");
    drive_key(&d, KEYCODE_DOWN);
    assert_true(drive_shows(&d, "eta0=0.6 → 0.02"));
    drive_keys(&d, " ");
    drive_key(&d, KEYCODE_UP);
    assert_true(drive_shows(&d, "eta0=0.02 → 0.6"));
    drive_close(&d);
}

/* --- the code --- */

static void the_code_is_that_of_the_command(void **state)
{
    (void)state;
    Drive d = drive_open(120, 60);
    command(&d, "scene B4");
    for (const Dialect *dialect = dialects; dialect->name; dialect++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        Error err = {0};
        assert_true(code_write(out, dialect, session_run(d.app->session), &err));
        fclose(out);
        if (dialect == dialects)
            drive_key(&d, 'C');
        else
            drive_key(&d, KEYCODE_TAB);
        char title[48];
        snprintf(title, sizeof title, "code: %s", dialect->name);
        assert_true(drive_shows(&d, title));
        int row = 0;
        for (char *line = strtok(text, "\n"); line && row++ < 30; line = strtok(NULL, "\n"))
            if (strlen(line) < 100 && !drive_shows(&d, line))
                fail_msg("not shown: %s", line);
        free(text);
    }
    drive_key(&d, 'Y');
    const char *copied = app_copied(d.app);
    assert_non_null(copied);
    assert_non_null(strstr(copied, "transformers"));
    drive_key(&d, KEYCODE_TAB); /* and round */
    assert_true(drive_shows(&d, "code: pytorch"));
    drive_key(&d, KEYCODE_END);
    assert_true(drive_shows(&d, "line 1") || drive_shows(&d, "line "));
    drive_key(&d, KEYCODE_ESCAPE);
    assert_true(drive_in(&d, "stage"));
    Error err;
    assert_true(refused(&d, "code pytroch", &err));
    assert_non_null(strstr(err.message, "did you mean 'pytorch'?"));
    drive_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_hold_from_the_first_frame),
        cmocka_unit_test(options_win),
        cmocka_unit_test(settings_name_the_place_of_an_error),
        cmocka_unit_test(a_key_of_ones_own_comes_first),
        cmocka_unit_test(help_shows_them),
        cmocka_unit_test(typing_is_not_bound),
        cmocka_unit_test(digits_show_pairs_of_ones_own),
        cmocka_unit_test(wrong_pairs_name_file_and_line),
        cmocka_unit_test(a_saved_scene_comes_back),
        cmocka_unit_test(what_is_no_scene_is_not_written_over),
        cmocka_unit_test(data_files_come_along),
        cmocka_unit_test(y_copies_the_scene_once),
        cmocka_unit_test(too_long_is_not_copied),
        cmocka_unit_test(runs_that_end_come_into_the_notebook),
        cmocka_unit_test(enter_opens_and_p_pins),
        cmocka_unit_test(two_runs_are_compared),
        cmocka_unit_test(the_code_is_that_of_the_command),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
