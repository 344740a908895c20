/* SPDX-License-Identifier: MIT
 * test_record: recordings played back through libvterm end on the screen that was there: of a run
 * (show --format cast) and of a session (--record). A full disk ends the recording, not the session. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "core/named.h"
#include "e2e/steps.h"
#include "store/file.h"

#ifndef ETASCOPE
#define ETASCOPE "build/release/etascope"
#endif

enum { CAST_MOST = 1 << 26, DATA_MOST = 1 << 20 };

static const char *program = ETASCOPE;
static char folder[] = "/tmp/etascope-record-XXXXXX";

/* ---- a player ----------------------------------------------------------------------------- */

typedef struct Replay {
    VTerm *term;
    VTermScreen *screen;
    int cols, rows, version;
    int frames, markers, resizes;
    double at; /* s, of the last event */
    char marked[4000]; /* the markers, a line each */
} Replay;

/* A JSON string; returns behind its closing quote. */
static const char *read_string(const char *at, char *out, size_t *size)
{
    *size = 0;
    assert_true(*at == '"');
    for (at++; *at != '"'; at++) {
        assert_true((unsigned char)*at >= 0x20 && *size < DATA_MOST - 1);
        if (*at != '\\') {
            out[(*size)++] = *at;
            continue;
        }
        unsigned code = 0;
        at++;
        if (*at == 'u') {
            assert_int_equal(sscanf(at + 1, "%4x", &code), 1);
            assert_true(code < 0x80);
            out[(*size)++] = (char)code;
            at += 4;
        } else {
            assert_true(*at == '"' || *at == '\\');
            out[(*size)++] = *at;
        }
    }
    out[*size] = '\0';
    return at + 1;
}

static void take_header(Replay *r, const char *line)
{
    const char *two = "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\"";
    const char *three = "{\"version\": 3, \"term\": {\"cols\": %d, \"rows\": %d}, \"title\"";
    r->version = line[12] - '0';
    assert_int_equal(sscanf(line, r->version == 2 ? two : three, &r->cols, &r->rows), 2);
    r->term = vterm_new(r->rows, r->cols);
    vterm_set_utf8(r->term, 1);
    r->screen = vterm_obtain_screen(r->term);
    vterm_screen_reset(r->screen, 1);
}

static void take_event(Replay *r, const char *line, char *data)
{
    double at = 0;
    char code = 0;
    int used = 0;
    size_t size;
    assert_int_equal(sscanf(line, "[%lf, \"%c\", %n", &at, &code, &used), 2);
    assert_string_equal(read_string(line + used, data, &size), "]");
    assert_true(r->version == 3 ? at >= 0 : at >= r->at);
    r->at = r->version == 3 ? r->at + at : at;
    if (code == 'o') {
        r->frames++;
        for (size_t i = 0; i < size; i += VT_FEED)
            vterm_input_write(r->term, data + i, size - i < VT_FEED ? size - i : VT_FEED);
    } else if (code == 'm') {
        r->markers++;
        strcat(strcat(r->marked, data), "\n");
    } else {
        assert_int_equal(code, 'r');
        assert_int_equal(sscanf(data, "%dx%d", &r->cols, &r->rows), 2);
        r->resizes++;
        vterm_set_size(r->term, r->rows, r->cols);
    }
}

static Replay replay(const char *path)
{
    Replay r = {0};
    Error err = {0};
    char *text;
    size_t size;
    char *data = malloc(DATA_MOST);
    if (!data || !file_read(path, CAST_MOST, &text, &size, &err))
        fail_msg("%s: %s", path, err.message);
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        line == text ? take_header(&r, line) : take_event(&r, line, data);
    }
    free(text);
    free(data);
    return r;
}

static bool looks_as(const Replay *r, const Cell *cell, int cols, int rows)
{
    if (r->cols != cols || r->rows != rows)
        return false;
    for (int i = 0; i < cols * rows; i++)
        if (!vt_looks_same(vt_cell_of(r->screen, i % cols, i / cols), cell[i])) {
            print_error("cell %d,%d differs\n", i % cols, i / cols);
            return false;
        }
    return true;
}

/* ---- a run as a film ---------------------------------------------------------------------- */

/* The screen at the end of the run, drawn afresh. */
static Canvas last_screen(const char *name, const char *edit, int cols, int rows)
{
    Error err = {0};
    Canvas c = {0};
    Scene *scene = malloc(sizeof *scene);
    const NamedScene *row = named_find(name, strlen(name));
    assert_true(scene && row && named_load(row, scene, &err));
    assert_true(!*edit || scene_parse_edit(scene, edit, &err));
    App *app = app_new(&(AppOptions){.scene = scene, .paused = true}, &err);
    assert_non_null(app);
    app_output(app, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    app_resize(app, cols, rows);
    app_settle(app);
    app_seek(app, STEPS_MAX);
    app_settle(app);
    assert_true(canvas_resize(&c, cols, rows));
    app_draw(app, &c);
    app_free(app);
    free(scene);
    return c;
}

static void film(char path[128], const char *name, const char *options)
{
    char line[600];
    snprintf(path, 128, "%s/film.cast", folder);
    snprintf(line, sizeof line, "%s show %s %s --format cast > %s", program, name, options, path);
    assert_int_equal(system(line), 0);
}

static void a_film_ends_on_the_last_screen(void **state)
{
    (void)state;
    static const struct {
        const char *scene, *edit, *options;
        int cols, rows, version;
        const char *marks;
    } rows[] = {
        {"B4", "", "--size 80x24", 80, 24, 2, "end: global minimum\n"},
        {"A5", "", "--size 120x36 --cast-version 3", 120, 36, 3, "end: diverging\n"},
        {"B1", "40 eta0=1", "--size 100x30 --at '40 eta0=1'", 100, 30, 2,
         "at 40 eta0=1\nend: global minimum\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[128];
        film(path, rows[i].scene, rows[i].options);
        Replay r = replay(path);
        Canvas c = last_screen(rows[i].scene, rows[i].edit, rows[i].cols, rows[i].rows);
        assert_int_equal(r.version, rows[i].version);
        assert_string_equal(r.marked, rows[i].marks);
        assert_true(r.frames > 20 && r.at > 5 && r.at < 10.5);
        assert_true(looks_as(&r, c.cell, c.cols, c.rows));
        canvas_release(&c);
        vterm_free(r.term);
    }
}

static void one_scene_gives_one_film(void **state)
{
    (void)state;
    char path[128];
    char *text[2];
    size_t size[2];
    Error err = {0};
    for (int i = 0; i < 2; i++) {
        film(path, "D1", "--size 80x24");
        assert_true(file_read(path, CAST_MOST, &text[i], &size[i], &err));
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(text[0], text[1], size[0]);
    free(text[0]);
    free(text[1]);
}

static void a_film_ends_where_it_is_told_to(void **state)
{
    (void)state;
    char path[128];
    film(path, "B4", "--size 80x24 --at-step 40");
    Replay r = replay(path);
    assert_true(r.at == 5);
    vterm_free(r.term);
    assert_int_not_equal(system(ETASCOPE " show B4 --panel map --format cast 2>/dev/null"), 0);
    assert_int_not_equal(system(ETASCOPE " find B4 --format cast 2>/dev/null"), 0);
}

/* ---- a session ---------------------------------------------------------------------------- */

static void start(Vt *v, const char *const *argv, const char *colors, int cols, int rows)
{
    const char *env[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", colors, NULL};
    assert_true(vt_start(v, &(VtSpawn){.argv = argv, .env = env, .cols = cols, .rows = rows}));
    if (!vt_wait_frame(v, 1))
        lose(v, vt_error(v));
}

/* The recording holds each frame before the terminal does. */
static void expect_same(const Vt *v, const char *path, int resizes)
{
    Replay r = replay(path);
    Cell *cell = malloc(sizeof *cell * (size_t)(v->cols * v->rows));
    for (int i = 0; i < v->cols * v->rows; i++)
        cell[i] = vt_cell(v, i % v->cols, i / v->cols);
    assert_true(looks_as(&r, cell, v->cols, v->rows));
    assert_int_equal(r.resizes, resizes);
    free(cell);
    vterm_free(r.term);
}

static void a_session_is_recorded(void **state)
{
    (void)state;
    static const char *const renders[] = {"--render=ansi", "--render=ncurses"};
    for (int i = 0; i < 2; i++) {
        Vt v;
        char option[160];
        char path[128];
        snprintf(path, sizeof path, "%s/session.cast", folder);
        snprintf(option, sizeof option, "--record=%s", path);
        start(&v,
              (const char *const[]){program, "--marker", renders[i], option, "--paused", "--scene",
                                    "B4", "--no-save", NULL},
              i ? "X=" : "COLORTERM=truecolor", 80, 24);
        type(&v, "....");
        press(&v, "?");
        vt_resize(&v, 100, 30);
        assert_true(vt_wait_size(&v, 100, 30));
        press(&v, "\033");
        press(&v, "\033[F");
        press(&v, "z"); /* nothing is left that changes by itself */
        expect(&v, "what will happen");
        vt_send(&v, "l");
        expect(&v, "A race, with bets");
        press(&v, "\033[A");
        expect_same(&v, path, 1);
        vt_send(&v, "qq");
        assert_true(vt_wait_end(&v));
        assert_string_equal(vt_error(&v), "");
        vt_stop(&v);
    }
}

static void a_full_disk_ends_the_recording_only(void **state)
{
    (void)state;
    Vt v;
    start(&v,
          (const char *const[]){program, "--marker", "--record=/dev/full", "--paused", "--scene",
                                "B4", "--no-save", NULL},
          "X=", 80, 24);
    expect(&v, "the recording has stopped: No space left on device");
    type(&v, "..");
    expect(&v, "step  2/80");
    vt_send(&v, "q");
    assert_true(vt_wait_end(&v));
    assert_true(WIFEXITED(v.status) && WEXITSTATUS(v.status) == 0);
    assert_string_equal(vt_error(&v), "etascope: the recording is not whole: /dev/full\n");
    vt_stop(&v);
}

static void a_file_that_cannot_be_made_begins_nothing(void **state)
{
    (void)state;
    int status = system(ETASCOPE " --record /nonexistent/x.cast 2>/dev/null");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int clean(void **state)
{
    (void)state;
    char line[100];
    snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_film_ends_on_the_last_screen),
        cmocka_unit_test(one_scene_gives_one_film),
        cmocka_unit_test(a_film_ends_where_it_is_told_to),
        cmocka_unit_test(a_session_is_recorded),
        cmocka_unit_test(a_full_disk_ends_the_recording_only),
        cmocka_unit_test(a_file_that_cannot_be_made_begins_nothing),
    };
    if (getenv("ETASCOPE"))
        program = getenv("ETASCOPE");
    return cmocka_run_group_tests(tests, begin, clean);
}
