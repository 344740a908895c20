/* SPDX-License-Identifier: MIT
 * test_demo: the shipped demonstrations, shown by the speaker's keys to the last caption and
 * rehearsed; a vote; the notes in a second terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "app/drive.h"
#include "teach/proof.h"

enum { DEMOS = 10, PANEL_TEXT = 1 << 14 };

static Drive d;

static Drive open_demo(const char *id, bool notes, int cols, int rows)
{
    Error err = {0};
    Drive one = {.app = app_new(&(AppOptions){.lessons = true, .lesson = id, .notes = notes}, &err)};
    if (!one.app)
        fail_msg("%s: %s", id, err.message);
    app_output(one.app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    drive_resize(&one, cols, rows);
    app_advance(one.app, 0);
    return one;
}

static Player *player(void)
{
    return d.app->school->player;
}

static const Lesson *lesson_now(void)
{
    return player()->course->lesson[player()->lesson];
}

static void press(uint32_t key)
{
    drive_key(&d, key);
    app_advance(d.app, 0);
}

/* The words of a part of the screen, one blank between them. */
static char *words_of(Drive *of, Rect r)
{
    char *text = malloc(PANEL_TEXT);
    size_t used = 0;
    drive_draw(of);
    for (int row = r.row; row < r.row + r.rows; row++)
        for (int col = r.col; col <= r.col + r.cols; col++) {
            const Cell *line = of->canvas.cell + row * of->canvas.cols;
            uint32_t glyph = col < r.col + r.cols ? line[col].glyph : ' ';
            if (glyph == 0x2502) /* the frame */
                glyph = ' ';
            if (glyph != ' ' || (used && text[used - 1] != ' '))
                used += (size_t)utf8_encode(glyph, text + used);
        }
    text[used] = '\0';
    return text;
}

static bool panel_says(const char *words)
{
    char *text = words_of(&d, d.app->look->layout.lesson);
    bool found = strstr(text, words) != NULL;
    if (!found)
        fprintf(stderr, "'%s' is not in: %s\n", words, text);
    free(text);
    return found;
}

/* Every caption of a run that plays, as it comes; then its end. */
static void play_captions(const Step *s)
{
    int seen = 0;
    char last[240] = "";
    for (int i = 0; i < 100000 && d.app->session->playing; i++) {
        const char *now = d.app->school->view.caption;
        app_advance(d.app, 1.0 / 30);
        if (!*now || strcmp(now, last) == 0)
            continue;
        snprintf(last, sizeof last, "%s", now);
        seen++;
        assert_true(panel_says(last));
    }
    app_advance(d.app, 0);
    assert_int_equal(player()->phase, PHASE_DONE);
    assert_true(panel_says(d.app->school->view.caption));
    seen += strcmp(d.app->school->view.caption, last) != 0;
    assert_int_equal(seen, s->captions);
}

/* All of it by → alone, with a vote where one is asked for. */
static void show(int cols, int rows)
{
    const Lesson *l = lesson_now();
    for (int k = 0; k < l->steps; k++) {
        assert_int_equal(player()->step, k);
        if (player()->phase == PHASE_ASK) {
            assert_true(panel_says(d.app->school->view.ask));
            for (int i = 0; i < d.app->school->view.answers; i++)
                press((uint32_t)('1' + i));
            press('1');
            press(KEYCODE_RIGHT); /* the votes */
            assert_true(player()->revealed);
            for (int i = 0; i < d.app->school->view.answers; i++)
                assert_true(panel_says(d.app->school->view.answer[i].text));
            press(KEYCODE_RIGHT); /* the run */
        }
        assert_int_equal(player()->phase, PHASE_RUN);
        play_captions(&l->step[k]);
        press(KEYCODE_RIGHT);
    }
    assert_int_equal(player()->phase, PHASE_END);
    assert_int_equal(player()->records, 0); /* nothing is kept */
    assert_true(d.canvas.cols == cols && d.canvas.rows == rows);
    press(KEYCODE_RIGHT);
    assert_string_equal(drive_view(&d), "menu");
}

static void all_are_shown(int cols, int rows)
{
    int shown = 0;
    d = drive_open(cols, rows);
    assert_true(school_open(d.app->school, NULL, NULL));
    int count = school_count(d.app->school);
    for (int i = school_lessons(d.app->school); i < count; i++, shown++) {
        Error err = {0};
        assert_true(view_open(d.app, "lesson", school_id(d.app->school, i), &err));
        app_advance(d.app, 0);
        assert_string_equal(drive_view(&d), "demo");
        assert_true(lesson_now()->demo);
        show(cols, rows);
        drive_key(&d, KEYCODE_ESCAPE);
    }
    assert_int_equal(shown, DEMOS);
    drive_close(&d);
}

static void all_are_shown_80x24(void **state)
{
    (void)state;
    all_are_shown(80, 24);
}

static void all_are_shown_120x36(void **state)
{
    (void)state;
    all_are_shown(120, 36);
}

static void count_captions(void *ctx, const char *line)
{
    *(int *)ctx += strncmp(line, "  step ", 7) == 0;
}

/* Rehearsal: each caption is said with its numbers, and holds. */
static void all_are_rehearsed(void **state)
{
    (void)state;
    ErrorList list;
    Course c;
    int demos = 0;
    errors_start(&list);
    assert_true(course_embedded(&c, &list));
    for (int i = 0; i < c.count; i++) {
        int said = 0;
        int written = 0;
        ProofSink sink = {&said, count_captions, &list};
        if (!c.lesson[i]->demo)
            continue;
        demos++;
        assert_true(proof_lesson(c.lesson[i], -1, &sink));
        for (int k = 0; k < c.lesson[i]->steps; k++) {
            written += c.lesson[i]->step[k].captions;
            assert_true(c.lesson[i]->step[k].notes > 0);
        }
        assert_int_equal(said, written);
    }
    assert_int_equal(demos, DEMOS);
    assert_int_equal(list.errors + list.warnings, 0);
    course_free(&c);
}

static void votes_are_hidden_until_revealed(void **state)
{
    (void)state;
    d = open_demo("two-bowls", false, 80, 24);
    press(KEYCODE_RIGHT); /* to the run's end */
    press(KEYCODE_RIGHT);
    assert_int_equal(player()->phase, PHASE_ASK);
    press('2');
    press('2');
    press('1');
    press('4'); /* there is no fourth answer */
    assert_int_equal(player()->votes, 3);
    assert_true(panel_says("3 votes, hidden"));
    press(KEYCODE_BACKSPACE);
    assert_true(panel_says("2 votes, hidden"));
    assert_int_equal(d.app->school->view.answer[1].votes, 0);
    press('3');
    press(KEYCODE_RIGHT);
    assert_int_equal(player()->phase, PHASE_ASK);
    assert_int_equal(d.app->school->view.answer[0].votes, 0);
    assert_int_equal(d.app->school->view.answer[1].votes, 2);
    assert_int_equal(d.app->school->view.answer[2].votes, 1);
    press('r'); /* after the discussion, a second vote */
    assert_true(player()->votes == 0 && !player()->revealed);
    press(KEYCODE_RIGHT); /* nobody votes: the run */
    assert_int_equal(player()->phase, PHASE_RUN);
    drive_close(&d);
}

static void the_arrows_are_the_speakers(void **state)
{
    (void)state;
    d = open_demo("overshoot", false, 80, 24);
    assert_true(d.app->look->big);
    press(KEYCODE_LEFT); /* there is nothing before */
    assert_int_equal(player()->step, 0);
    press(KEYCODE_RIGHT);
    press(' ');
    press(KEYCODE_HOME);
    press('.');
    press('.');
    press(',');
    assert_int_equal(app_row(d.app), 1);
    press(KEYCODE_END);
    press(KEYCODE_RIGHT);
    assert_int_equal(player()->step, 1);
    press(KEYCODE_PAGE_UP);
    assert_int_equal(player()->step, 0);
    Error err = {0};
    app_command(d.app, "lesson choose 1", &err);
    assert_int_equal(player()->chosen, -1);
    press('L');
    assert_false(d.app->look->big);
    drive_close(&d);
}

static bool notes_say(Drive *n, const char *words)
{
    app_advance(n->app, 0.2);
    char *text = words_of(n, (Rect){0, 0, n->cols, n->rows});
    bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static void notes_follow_from_a_second_terminal(void **state)
{
    (void)state;
    char folder[] = "/tmp/etascope-demo-XXXXXX";
    char path[PODIUM_PATH];
    assert_non_null(mkdtemp(folder));
    setenv("XDG_RUNTIME_DIR", folder, 1);
    Drive n = open_demo("the-trap", true, 80, 24);
    assert_true(notes_say(&n, "waiting") && notes_say(&n, "A low rate"));
    assert_true(app_next(n.app) > 0 || app_next(n.app) == 0); /* it wakes up by itself */
    drive_key(&n, KEYCODE_RIGHT);
    assert_true(notes_say(&n, "What frees it?"));
    d = open_demo("the-trap", false, 80, 24);
    assert_true(notes_say(&n, "following") && notes_say(&n, "The trap 1/4"));
    press(KEYCODE_RIGHT);
    press(KEYCODE_RIGHT);
    press('3');
    press('3');
    assert_true(notes_say(&n, "The trap 2/4") && notes_say(&n, "No, it only shakes. (2)"));
    drive_close(&d);
    assert_true(notes_say(&n, "waiting"));
    assert_true(podium_path("the-trap", path));
    assert_int_equal(access(path, F_OK), -1);
    drive_close(&n);
    snprintf(path, sizeof path, "%s/etascope", folder);
    rmdir(path);
    rmdir(folder);
    setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
}

/* A lesson stands nowhere. */
static void notes_are_of_demonstrations(void **state)
{
    (void)state;
    Error err = {0};
    AppOptions o = {.lessons = true, .lesson = "1", .notes = true, .no_save = true};
    assert_null(app_new(&o, &err));
    assert_non_null(strstr(err.message, "'one-step' is no demonstration"));
}

static void a_damaged_podium_is_nobody(void **state)
{
    (void)state;
    char folder[] = "/tmp/etascope-demo-XXXXXX";
    char path[PODIUM_PATH];
    Podium now = {.step = 2, .phase = 1, .votes = {3, 0, 999}};
    Podium heard = {0};
    assert_non_null(mkdtemp(folder));
    setenv("XDG_RUNTIME_DIR", folder, 1);
    assert_false(podium_path("../x", path) || podium_path("", path));
    assert_true(podium_tell("x", &now) && podium_hear("x", &heard));
    assert_memory_equal(&now, &heard, sizeof now);
    assert_true(podium_path("x", path));
    FILE *f = fopen(path, "w");
    fputs("2 1 3", f);
    fclose(f);
    assert_false(podium_hear("x", &heard));
    podium_leave("x");
    assert_false(podium_hear("x", &heard));
    path[strlen(path) - strlen("/at-x")] = '\0';
    rmdir(path);
    rmdir(folder);
    setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_rehearsed),
        cmocka_unit_test(all_are_shown_80x24),
        cmocka_unit_test(all_are_shown_120x36),
        cmocka_unit_test(votes_are_hidden_until_revealed),
        cmocka_unit_test(the_arrows_are_the_speakers),
        cmocka_unit_test(notes_follow_from_a_second_terminal),
        cmocka_unit_test(notes_are_of_demonstrations),
        cmocka_unit_test(a_damaged_podium_is_nobody),
    };
    setenv("XDG_RUNTIME_DIR", "/dev/null", 1); /* nothing is written, but where a test says so */
    setenv("XDG_STATE_HOME", "/dev/null", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
