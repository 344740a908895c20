/* SPDX-License-Identifier: MIT
 * test_school: a learner plays the course on the stage, by keys alone: with right answers, and with
 * wrong ones first. What the lesson's panel must show is asked of the cells. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/choose.h"
#include "app/drive.h"
#include "store/progress.h"
#include "teach/player.h"
#include "teach/setup.h"

enum { SCREEN_TEXT = 1 << 16, PRESSES = 60 };

static Drive d;
static int faults; /* printed so far; a test fails at its end, so that all are seen */

static const School *inside(void)
{
    return d.app->school;
}

static Player *player(void)
{
    return inside()->player;
}

static const PlayerView *view(void)
{
    return &inside()->view;
}

static const Lesson *lesson_now(void)
{
    return player()->course->lesson[player()->lesson];
}

static const Step *step_now(void)
{
    return &lesson_now()->step[player()->step];
}

static bool is_doing_step(const Step *s)
{
    return s->kind->doing;
}

static const char *phase_word(void)
{
    static const char *const words[] = {"read", "ask", "run", "try", "shown", "done", "end"};
    return player()->free ? "free" : words[player()->phase];
}

static void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void fault(const char *format, ...)
{
    va_list args;
    faults++;
    printf("%dx%d %s/%s (%s): ", d.cols, d.rows, lesson_now()->id, step_now()->id, phase_word());
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

/* ---- keys and time ------------------------------------------------------------------------------- */

/* A lesson shows no ruler; computing it is most of the time a sanitizer needs. */
static void frame(double seconds)
{
    if (d.app->look->layout.ruler.rows == 0)
        d.app->borders->stale = d.app->borders->ruler.usable = false;
    app_advance(d.app, seconds);
}

static void press(uint32_t key)
{
    drive_key(&d, key);
    frame(0);
}

/* A line at the prompt. */
static void type_line(const char *line)
{
    press(':');
    drive_keys(&d, line);
    press(KEYCODE_ENTER);
}

/* As the program does it, but in larger frames. */
static void play_out(void)
{
    for (int i = 0; i < 100000 && d.app->session->playing; i++)
        frame(0.2);
    for (int i = 0; i < 3; i++)
        frame(0);
}

static void play(void)
{
    if (!d.app->session->playing)
        press(' ');
    play_out();
}

static bool status_has(const char *words)
{
    return strstr(app_status(d.app), words) != NULL;
}

static void need(PlayerPhase phase)
{
    if (player()->phase == phase)
        return;
    drive_draw(&d);
    char *text = drive_text(&d.canvas);
    fail_msg("%s/%s: phase %s, not %d; status '%s'\n%s", lesson_now()->id, step_now()->id, phase_word(), (int)phase,
             app_status(d.app), text);
}

/* ---- what stands in the panel ---------------------------------------------------------------------- */

static char shown[SCREEN_TEXT];

/* Text without blanks: where a line was broken does not matter. */
static void squeeze(const char *from, char *to, size_t size)
{
    size_t used = 0;
    for (; *from && used + 1 < size; from++)
        if (*from != ' ' && *from != '\n')
            to[used++] = *from;
    to[used] = '\0';
}

static void read_panel(void)
{
    Rect in = rect_inside(d.app->look->layout.lesson);
    size_t used = 0;
    drive_draw(&d);
    for (int row = in.row; row < in.row + in.rows; row++)
        for (int col = in.col; col < in.col + in.cols; col++) {
            uint32_t glyph = canvas_at(&d.canvas, col, row)->glyph;
            if (glyph != ' ')
                used += (size_t)utf8_encode(glyph, shown + used);
        }
    shown[used] = '\0';
}

static bool panel_has(const char *text)
{
    char want[2048];
    squeeze(text, want, sizeof want);
    return strstr(shown, want) != NULL;
}

static void wants(const char *what, const char *text)
{
    if (text[0] && !panel_has(text))
        fault("%s is cut off or missing: %.60s", what, text);
}

/* Everything of the view, whole. Prose may give way once something was answered, tried or asked for. */
static void look(void)
{
    const PlayerView *v = view();
    bool fresh = !v->feedback[0] && !v->hint[0] && !v->caption[0];
    read_panel();
    if (strstr(shown, "…") && !strstr(v->prose, "…"))
        fault("an ellipsis");
    wants("title", v->title);
    wants("question", v->ask);
    for (int i = 0; i < v->answers; i++)
        wants("answer", v->answer[i].text);
    for (int i = 0; i < v->conditions; i++) {
        char row[200];
        snprintf(row, sizeof row, "%s(%s)", v->condition[i].text, v->condition[i].now);
        wants("condition", row);
    }
    wants("limit", v->limit);
    wants("locks", v->locks);
    wants("caption", v->caption);
    wants("feedback", v->feedback);
    wants("hint", v->hint);
    wants("keys", v->keys);
    if (fresh)
        wants("prose", v->prose);
    if (is_doing_step(step_now()) && player()->phase != PHASE_END && !v->conditions)
        fault("a goal without conditions");
    if (!d.app->look->layout.too_small && d.app->look->layout.lesson.row > 0) {
        char top[400] = "";
        size_t used = 0;
        Rect r = d.app->look->layout.lesson;
        for (int col = r.col; col < r.col + r.cols; col++)
            used += (size_t)utf8_encode(canvas_at(&d.canvas, col, r.row)->glyph, top + used);
        top[used] = '\0';
        char name[128];
        snprintf(name, sizeof name, "%d %s", lesson_now()->number, lesson_now()->title);
        char place[24];
        snprintf(place, sizeof place, "%d/%d", v->step, v->steps);
        static const Lesson *told;
        if ((!strstr(top, name) || !strstr(top, place)) && told != lesson_now() && (told = lesson_now()))
            fault("the frame does not say '%s' and %s: %s", name, place, top);
    }
}

/* ---- a learner ----------------------------------------------------------------------------------- */

static void open_course(int cols, int rows)
{
    Error err = {0};
    d = (Drive){.app = app_new(&(AppOptions){.lessons = true, .no_save = true}, &err)};
    assert_non_null(d.app);
    app_output(d.app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    drive_resize(&d, cols, rows);
    frame(0);
    assert_string_equal(drive_view(&d), "menu");
}

/* From the list, by keys. */
static void open_lesson(int lesson)
{
    if (!drive_in(&d, "menu"))
        press('l');
    assert_string_equal(drive_view(&d), "menu");
    press(KEYCODE_HOME);
    for (int i = 0; i < lesson; i++)
        press(KEYCODE_DOWN);
    press(KEYCODE_ENTER);
    assert_int_equal(player()->lesson, lesson);
    assert_string_equal(drive_view(&d), "lesson");
}

static void go(const char *lesson, const char *step)
{
    const Course *c = player()->course;
    int l = course_find(c, lesson, strlen(lesson));
    assert_true(l >= 0);
    int s = lesson_step_find(c->lesson[l], step, strlen(step));
    assert_true(s >= 0);
    open_lesson(l);
    while (player()->step < s)
        press('k');
    while (player()->step > s)
        press('b');
    assert_int_equal(player()->step, s);
}

static int right_answer(const Step *q)
{
    for (int i = 0; i < q->answers; i++)
        if (q->answer[i].mark == 'x')
            return i;
    return -1;
}

static void answer_number(double value)
{
    char text[40];
    press('1'); /* a digit opens the line */
    assert_string_equal(drive_view(&d), "prompt");
    press(21); /* ctrl-u */
    snprintf(text, sizeof text, "lesson number %.6g", value);
    drive_keys(&d, text);
    press(KEYCODE_ENTER);
    assert_string_equal(drive_view(&d), "lesson");
}

static void answer_right(void)
{
    const Step *q = player()->asked;
    if (q->number.text) {
        answer_number(q->number_value); /* its Enter locks it in */
        return;
    }
    press((uint32_t)('1' + right_answer(q)));
    assert_true(view()->answer[right_answer(q)].chosen);
    look();
    press(KEYCODE_ENTER);
}

/* Until the run that answers has been seen. */
static void watch(void)
{
    need(PHASE_RUN);
    if (step_now()->kind->begins == PHASE_RUN && step_now()->speed == 0) {
        for (long row = 0; row < timeline_last(session_run(d.app->session)); row++) {
            look();
            press(KEYCODE_RIGHT);
        }
    } else {
        assert_true(d.app->session->playing);
        for (int i = 0; i < 100000 && d.app->session->playing; i++) {
            frame(0.2);
            if (i % 16 == 0)
                look();
        }
    }
    frame(0);
    need(PHASE_DONE);
    assert_true(session_row(d.app->session) == session_last(d.app->session));
}

/* A line of settings, typed; then the run. */
static void try_settings(const char *settings)
{
    const char *run;
    size_t length;
    while (player()->phase == PHASE_TRY && setup_next_run(&settings, &run, &length)) {
        char line[400];
        snprintf(line, sizeof line, "%.*s", (int)length, run);
        type_line(line);
        if (!drive_in(&d, "lesson"))
            fail_msg("%s: %s", line, prompt_of(d.app)->message);
        play();
    }
}

static void step_to_end_right(void)
{
    const Step *s = step_now();
    look();
    need(s->kind->begins);
    if (s->kind->begins == PHASE_READ) {
        press(KEYCODE_ENTER);
        return;
    }
    if (s->kind->begins == PHASE_RUN) {
        watch();
    } else if (s->kind->begins == PHASE_ASK) {
        answer_right();
        if (s->kind->predicts)
            watch();
        assert_true(!s->kind->predicts || view()->feedback[0]);
    } else {
        try_settings(s->solution[0].text);
        need(PHASE_DONE);
        assert_true(view()->success);
        assert_non_null(strstr(view()->feedback, "Done. "));
        assert_false(d.app->session->playing);
    }
    need(PHASE_DONE);
    look();
    press(KEYCODE_ENTER);
}

/* ---- wrong first ----------------------------------------------------------------------------------- */

/* Every wrong answer of an open question; a prediction or review takes only one. */
static void answer_wrong(void)
{
    const Step *q = player()->asked;
    bool once = step_now()->kind->predicts || step_now()->kind->reviews;
    press(KEYCODE_ENTER); /* nothing chosen yet */
    need(PHASE_ASK);
    assert_true(d.app->say->warns);
    if (q->number.text) {
        answer_number(q->number_value * 2 + 1);
        assert_true(view()->feedback[0]);
        look();
        return;
    }
    for (int i = 0; i < q->answers; i++) {
        if (q->answer[i].mark == 'x')
            continue;
        press((uint32_t)('1' + i));
        assert_true(view()->answer[i].chosen);
        press(KEYCODE_ENTER);
        if (step_now()->kind->predicts)
            return; /* the run answers */
        assert_true(view()->feedback[0]);
        assert_int_equal(view()->answer[i].mark, '-');
        look();
        if (view()->contrast[0]) { /* see it, and come back to the question */
            PlayerPhase phase = player()->phase;
            press('c');
            assert_true(player()->free);
            assert_true(d.app->session->playing);
            look();
            press(KEYCODE_ENTER);
            assert_false(player()->free);
            need(phase);
            assert_string_equal(drive_view(&d), "lesson");
        }
        if (once)
            return;
        need(PHASE_ASK);
    }
}

static void do_wrong(void)
{
    const Step *s = step_now();
    press(KEYCODE_ENTER); /* means nothing while trying */
    need(PHASE_TRY);
    assert_true(d.app->say->warns);
    play(); /* untouched */
    need(PHASE_TRY);
    assert_non_null(strstr(view()->feedback, "Not yet: "));
    assert_non_null(strstr(view()->feedback, "needs"));
    look();
    for (int i = 0; i < s->failing; i++) {
        int before = player()->wrong;
        try_settings(s->fails[i].text);
        need(PHASE_TRY);
        assert_true(player()->wrong > before);
        look();
    }
    for (int rung = 0; rung < s->hints; rung++) {
        press('h');
        assert_true(view()->hint[0]);
        look();
    }
    press('h'); /* the third rung plays the solution */
    need(PHASE_SHOWN);
    assert_true(d.app->session->playing);
    look();
    press(KEYCODE_UP); /* it is not the learner's turn */
    assert_true(d.app->say->warns);
    play_out();
    need(PHASE_SHOWN);
    look();
    press(KEYCODE_ENTER);
    need(PHASE_TRY);
    assert_true(scene_equal(&d.app->session->scene, &player()->base));
    look();
}

/* What the third rung showed, typed; the goal may be under way. */
static void step_to_end_wrong(void)
{
    const Step *s = step_now();
    if (s->kind->begins != PHASE_ASK) {
        if (s->kind->doing)
            do_wrong();
        step_to_end_right();
        return;
    }
    look();
    answer_wrong();
    if (player()->phase == PHASE_ASK)
        answer_right();
    if (s->kind->predicts)
        watch();
    need(PHASE_DONE);
    assert_true(!s->kind->predicts || view()->feedback[0]);
    look();
    press(KEYCODE_ENTER);
}

static void whole_course(int cols, int rows, bool wrong)
{
    open_course(cols, rows);
    faults = 0;
    for (int i = 0; i < school_lessons(d.app->school); i++) {
        open_lesson(i);
        for (int k = 0; k < lesson_now()->steps; k++) {
            assert_int_equal(player()->step, k);
            assert_int_equal(player_steps_done(player(), i), k);
            wrong ? step_to_end_wrong() : step_to_end_right();
        }
        need(PHASE_END);
        look();
        read_panel();
        assert_int_equal(player_steps_done(player(), i), lesson_now()->steps);
        assert_int_equal(player_lesson_stars(player(), i), wrong ? 1 : 3);
        assert_true(panel_has(wrong ? "1 of 3 stars" : "3 of 3 stars"));
        for (int star = 2; star <= 3; star++)
            assert_true(panel_has(star == 2 ? "Second star" : "Third star") == wrong);
        press(KEYCODE_ENTER); /* opens the next; after the last, the list */
        bool last = i + 1 == school_lessons(d.app->school);
        assert_string_equal(drive_view(&d), last ? "menu" : "lesson");
        assert_true(last || player()->lesson == i + 1);
        drive_draw(&d);
        assert_true(d.app->school->open == !last);
    }
    drive_close(&d);
    assert_int_equal(faults, 0);
}

static void right_answers_80x24(void **state)
{
    (void)state;
    whole_course(80, 24, false);
}

static void right_answers_160x45(void **state)
{
    (void)state;
    whole_course(160, 45, false);
}

static void wrong_answers_80x24(void **state)
{
    (void)state;
    whole_course(80, 24, true);
}

static void wrong_answers_160x45(void **state)
{
    (void)state;
    whole_course(160, 45, true);
}

/* ---- all steps, one question at a time --------------------------------------------------------------- */

static void each_step(void (*ask)(void))
{
    faults = 0;
    for (int i = 0; i < school_lessons(d.app->school); i++) {
        open_lesson(i);
        for (int k = 0; k < lesson_now()->steps; k++) {
            while (player()->step < k)
                press('k');
            assert_int_equal(player()->step, k);
            ask();
        }
    }
    assert_int_equal(faults, 0);
}

static void ask_locks(void)
{
    static const struct {
        uint32_t key;
        SceneKey what;
    } rows[] = {{KEYCODE_UP, SCENE_ETA0}, {KEYCODE_DOWN, SCENE_ETA0}, {'s', SCENE_SCHEDULE},
                {'o', SCENE_OPTIMIZER}};
    const Step *s = step_now();
    Scene *before = malloc(sizeof *before);
    assert_non_null(before);
    d.app->session->playing = false;
    scene_copy(before, &d.app->session->scene);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool arrows = rows[i].what == SCENE_ETA0; /* they move whatever number is free */
        if (is_doing_step(s) && (step_unlocks(s, rows[i].what, NULL) || (arrows && s->unlocks)))
            continue;
        press(rows[i].key);
        if (!d.app->say->warns || !(status_has("locked") || status_has("first the lesson")))
            fault("key %u says '%s'", (unsigned)rows[i].key, app_status(d.app));
    }
    static const char *const lines[] = {"noise=1", "seed=99", "steps=7", "surface=himmelblau", "start=1,1",
                                        "batch=3", "window=-1,1,-1,1", "optimizer=adam:beta1=0.5", "eta0=0.1 noise=1"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        int key = scene_key_find(lines[i], strcspn(lines[i], "="));
        if (is_doing_step(s) && key >= 0 && key != SCENE_ETA0 && step_unlocks(s, (SceneKey)key, NULL))
            continue;
        type_line(lines[i]);
        if (!drive_in(&d, "prompt") || !(strstr(prompt_of(d.app)->message, "locked") ||
                                           strstr(prompt_of(d.app)->message, "first the lesson")))
            fault("%s is taken: %s", lines[i], prompt_of(d.app)->message);
        press(KEYCODE_ESCAPE);
    }
    static const char *const others[] = {"scene B4", "pair 3"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        type_line(others[i]);
        if (!drive_in(&d, "prompt") || !strstr(prompt_of(d.app)->message, "the lesson's scene stays"))
            fault("%s is taken: %s", others[i], prompt_of(d.app)->message);
        press(KEYCODE_ESCAPE);
    }
    if (!scene_equal(before, &d.app->session->scene))
        fault("the scene has changed");
    free(before);
}

static void locked_keys_say_so(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_locks);
    drive_close(&d);
}

static void ask_hidden(void)
{
    if (!step_now()->kind->predicts)
        return;
    need(PHASE_ASK);
    assert_true(gate_hides(d.app->gate));
    press('e');
    if (d.app->look->lens || !status_has("first your prediction"))
        fault("the lens opens: %s", app_status(d.app));
    type_line("lens");
    press(KEYCODE_ESCAPE);
    drive_wait(&d);
    if (d.app->look->lens || drive_shows(&d, "ends:"))
        fault("the lens is open");
    press('f');
    if (player()->free)
        fault("free play before the prediction");
    if (d.app->session->playing || session_row(d.app->session) != 0)
        fault("the run moves by itself");
    for (int i = 0; i < view()->answers; i++)
        if (view()->answer[i].mark != ' ')
            fault("an answer is marked");
    if (view()->feedback[0] || view()->caption[0])
        fault("feedback or caption before the answer");
    /* the ruler is part of the usual stage alone */
    if (d.app->look->layout.ruler.rows)
        fault("there is a ruler");
    press((uint32_t)('1' + right_answer(player()->asked)));
    press(KEYCODE_ENTER);
    need(PHASE_RUN);
    if (gate_hides(d.app->gate) || view()->feedback[0])
        fault("after locking in: hidden, or told too early");
}

static void predictions_hide_the_future(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_hidden);
    drive_close(&d);
}

/* f, another scene, other looks; Enter brings the step back. */
static void ask_free_play(void)
{
    PlayerPhase phase = player()->phase;
    bool own = player()->asked == NULL || step_subject(step_now()) || step_now()->show.text;
    if (player_hides(player()))
        return;
    press('f');
    assert_true(player()->free);
    assert_string_equal(drive_view(&d), "free");
    look();
    press('3');
    if (d.app->session->pair != 2)
        fault("free play does not take scenes: %s", app_status(d.app));
    press(KEYCODE_UP);
    press('o');
    press(KEYCODE_ESCAPE);
    frame(0.3);
    press(KEYCODE_ENTER);
    if (player()->free || !drive_in(&d, "lesson") || player()->phase != phase)
        fault("not back: view %s, phase %d", drive_view(&d), (int)phase);
    if (own && !scene_equal(&d.app->session->scene, player_scene(player())))
        fault("the step's scene is not back");
    if (own && session_row(d.app->session) != 0)
        fault("the run is not at its beginning");
    look();
}

static void free_play_and_back(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_free_play);
    drive_close(&d);
}

static void ask_back_and_skip(void)
{
    int at = player()->step;
    PlayerPhase phase = player()->phase;
    press('k');
    if (at + 1 < lesson_now()->steps ? player()->step != at + 1 : player()->phase != PHASE_END)
        fault("skip stays");
    press('b');
    if (player()->step != at || player()->phase != phase)
        fault("back does not come back");
    if (is_doing_step(step_now()) && !scene_equal(&d.app->session->scene, &player()->base))
        fault("back shows another scene");
    press('b');
    if (at > 0 ? player()->step != at - 1 : player()->step != 0 || !d.app->say->warns)
        fault("back goes elsewhere");
    if (at > 0)
        press('k');
    if (player_steps_done(player(), player()->lesson))
        fault("walking counts as done");
}

static void back_and_skip(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_back_and_skip);
    drive_close(&d);
}

/* The last task and the last question, then everything counts. */
static void test_out_counts_everything(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        open_course(80, 24);
        faults = 0;
        open_lesson(i);
        press('t');
        if (!player()->testing)
            fail_msg("%s: no test: %s", lesson_now()->id, app_status(d.app));
        need(PHASE_TRY);
        look();
        try_settings(step_now()->solution[0].text);
        need(PHASE_DONE);
        press(KEYCODE_ENTER);
        if (player()->phase == PHASE_ASK) {
            answer_right();
            press(KEYCODE_ENTER);
        }
        need(PHASE_END);
        assert_int_equal(player_steps_done(player(), i), lesson_now()->steps);
        assert_int_equal(faults, 0);
        drive_close(&d);
    }
    open_course(80, 24); /* and a failed one */
    open_lesson(2);
    press('k');
    press('t');
    press('k'); /* gives up */
    assert_false(player()->testing);
    assert_int_equal(player()->step, 1);
    assert_int_equal(player_steps_done(player(), 2), 0);
    drive_close(&d);
}

/* ---- by arrows and letters alone ---------------------------------------------------------------------- */

static int sign_of(double v)
{
    return (v > 0) - (v < 0);
}

static double focused_value(void)
{
    focus_build(d.app);
    Parameter eta = {SCENE_ETA0, -1, "eta0"};
    return focus_value(d.app, d.app->focus->at >= 0 ? &d.app->focus->list[d.app->focus->at] : &eta);
}

/* The arrows, until the number is at or past the wanted one. */
static bool arrows_to(double wanted)
{
    int way = sign_of(wanted - focused_value());
    for (int i = 0; i < PRESSES && sign_of(wanted - focused_value()) == way && fabs(wanted - focused_value()) > 1e-9 * wanted; i++) {
        press(way > 0 ? KEYCODE_UP : KEYCODE_DOWN);
        if (d.app->say->warns)
            return false;
    }
    return fabs(focused_value() - wanted) < 0.5 * wanted;
}

static bool letter_to(uint32_t key, SceneKey what, const char *name)
{
    for (int i = 0; i < PRESSES; i++) {
        const Kind *k = kind_of_key((int)what);
        int now = k->current(d.app);
        if (now >= 0 && strcmp(kind_name(d.app, k, now), name) == 0) {
            press(KEYCODE_ESCAPE);
            return true;
        }
        press(key);
    }
    return false;
}

/* "eta0=1 optimizer=adam" or "schedule=step:step_size=240", without the prompt. */
static bool set_by_keys(const char *text)
{
    for (; *text; text += strspn(text, " ")) {
        char word[120];
        size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        text += length;
        char *value = strchr(word, '=') + 1;
        char *param = strchr(value, ':');
        if (strncmp(word, "surface=", 8) == 0)
            return false; /* the menu does that */
        if (strncmp(word, "eta0=", 5) == 0) {
            if (!arrows_to(strtod(value, NULL)))
                return false;
            continue;
        }
        if (param)
            *param = '\0';
        bool schedule = strncmp(word, "schedule=", 9) == 0;
        if (!letter_to(schedule ? 's' : 'o', schedule ? SCENE_SCHEDULE : SCENE_OPTIMIZER, value))
            return false;
        char *number = param ? strchr(param + 1, '=') : NULL;
        if (!number)
            continue;
        *number++ = '\0';
        press(KEYCODE_ESCAPE);
        for (int i = 0; i < PRESSES && (d.app->focus->at < 0 || strcmp(d.app->focus->list[d.app->focus->at].name, param + 1) != 0); i++)
            press(KEYCODE_TAB);
        if (d.app->focus->at < 0 || !arrows_to(strtod(number, NULL)))
            return false;
    }
    return true;
}

static void ask_by_keys(void)
{
    const Step *s = step_now();
    const char *run;
    size_t length;
    const char *at;
    if (strcmp(s->kind->name, "do") != 0 || strncmp(s->solution[0].text, "surface=", 8) == 0)
        return;
    at = s->solution[0].text;
    setup_next_run(&at, &run, &length);
    char words[300];
    snprintf(words, sizeof words, "%.*s", (int)length, run);
    if (!set_by_keys(words)) {
        fault("'%s' is not reached by keys: %s", words, app_status(d.app));
        return;
    }
    play();
    if (player()->phase != PHASE_DONE)
        fault("'%s' by keys: %s", words, view()->feedback);
}

static void goals_are_met_by_arrows_and_letters(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_by_keys);
    drive_close(&d);
}

/* ---- room --------------------------------------------------------------------------------------------- */

static bool rects_disjoint(Rect a, Rect b)
{
    return a.cols <= 0 || a.rows <= 0 || b.cols <= 0 || b.rows <= 0 || a.col + a.cols <= b.col ||
           b.col + b.cols <= a.col || a.row + a.rows <= b.row || b.row + b.rows <= a.row;
}

static void layout_at_every_size(void **state)
{
    (void)state;
    for (int cols = 1; cols <= 200; cols++)
        for (int rows = 1; rows <= 60; rows++) {
            Layout l = layout_lesson(cols, rows);
            const Rect r[] = {l.header, l.map, l.eta, l.loss, l.now, l.ruler, l.status, l.footer, l.lesson};
            enum { N = sizeof r / sizeof r[0] };
            assert_int_equal(l.too_small, cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS);
            if (!l.too_small)
                assert_true(l.lesson.rows > 0 && l.lesson.cols > 0 && l.map.rows > 0);
            for (int i = 0; i < N; i++) {
                if (l.too_small)
                    assert_true(r[i].cols == 0 && r[i].rows == 0);
                if (r[i].col < 0 || r[i].row < 0 || r[i].cols < 0 || r[i].rows < 0 || r[i].col + r[i].cols > cols ||
                    r[i].row + r[i].rows > rows)
                    fail_msg("%dx%d: rectangle %d is outside", cols, rows, i);
                for (int k = 0; k < i; k++)
                    if (!rects_disjoint(r[i], r[k]))
                        fail_msg("%dx%d: rectangles %d and %d overlap", cols, rows, i, k);
            }
        }
}

/* Nothing breaks at any size; the same picture afresh. */
static void a_lesson_at_many_sizes(void **state)
{
    (void)state;
    open_course(80, 24);
    go("too-high", "will-it-arrive");
    for (int i = 0; i < 120; i++) {
        drive_resize(&d, 1 + i * 37 % 200, 1 + i * 13 % 60);
        frame(0);
        drive_draw(&d);
    }
    drive_resize(&d, 80, 24);
    frame(0);
    faults = 0;
    look();
    assert_int_equal(faults, 0);
    assert_true(drive_same_afresh(&d));
    drive_close(&d);
}

/* Two looks that have no colour or no signs lose no words. */
static void mono_and_ascii_show_the_same_words(void **state)
{
    (void)state;
    open_course(80, 24);
    faults = 0;
    app_output(d.app, MODE_MONO, GLYPHS_QUADRANT);
    go("too-high", "will-it-arrive");
    look();
    go("too-high", "find-the-limit");
    look();
    assert_int_equal(faults, 0);
    app_ascii(d.app);
    drive_draw(&d);
    for (int i = 0; i < d.cols * d.rows; i++)
        assert_true(d.canvas.cell[i].glyph < 0x80);
    drive_close(&d);
}

/* ---- what must not slip through ------------------------------------------------------------------------ */

/* While a prediction is open, the run that answers cannot be looked at: not by playing, walking, finding. A
 * scene that is only shown may be played. */
static void ask_no_peeking(void)
{
    static const uint32_t keys[] = {' ', KEYCODE_RIGHT, KEYCODE_SHIFT_RIGHT, KEYCODE_END, '.', '/'};
    const Step *s = step_now();
    if (!s->kind->predicts || s->show.text)
        return;
    bool peeked = false;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        press(keys[i]);
        frame(0.2);
        peeked = peeked || d.app->session->playing || session_row(d.app->session) != 0 || !drive_in(&d, "lesson");
        d.app->session->playing = false;
        while (!drive_in(&d, "lesson"))
            press(KEYCODE_ESCAPE);
        press(KEYCODE_HOME);
    }
    if (peeked)
        fault("a key shows the run before the answer");
}

static void predictions_cannot_be_played_first(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_no_peeking);
    drive_close(&d);
}

/* The lens of the step before does not stay open over a prediction, nor do big type and the hop tell. */
static void ask_lens_from_before(void)
{
    if (step_now()->kind->predicts || player()->step + 1 >= lesson_now()->steps ||
        !lesson_now()->step[player()->step + 1].kind->predicts)
        return;
    if (!d.app->look->lens)
        press('e');
    if (!d.app->look->lens)
        fault("no lens here");
    press('k');
    drive_wait(&d);
    if (player_hides(player()) && drive_shows(&d, "ends:"))
        fault("the lens tells the end");
    if (d.app->look->lens && player_hides(player()))
        fault("the lens is open over a prediction");
}

static void the_lens_closes_before_a_prediction(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_lens_from_before);
    drive_close(&d);
}

/* The end of a run, or a met goal, does not take help, list or a line being typed away. */
static void what_is_open_stays_open(void **state)
{
    (void)state;
    static const struct {
        uint32_t key;
        const char *view;
    } rows[] = {{'?', "help"}, {'g', "glossary"}, {'l', "menu"}, {':', "prompt"}};
    faults = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        open_course(80, 24);
        go("valleys", "the-trap");
        assert_true(d.app->session->playing);
        press(rows[i].key);
        assert_string_equal(drive_view(&d), rows[i].view);
        play_out();
        need(PHASE_DONE); /* the run was seen to its end all the same */
        if (!drive_in(&d, rows[i].view))
            fault("key '%c': %s instead of %s", (int)rows[i].key, drive_view(&d), rows[i].view);
        press(KEYCODE_ESCAPE);
        if (!drive_in(&d, "lesson"))
            fault("key '%c' and Esc: view %s", (int)rows[i].key, drive_view(&d));
        drive_close(&d);
    }
    assert_int_equal(faults, 0);
}

/* Undo takes the learner's own changes back, not the step. */
static void undo_stays_in_the_step(void **state)
{
    (void)state;
    open_course(80, 24);
    go("valleys", "get-out");
    Scene *before = malloc(sizeof *before);
    scene_copy(before, &d.app->session->scene);
    faults = 0;
    press(KEYCODE_UP);
    d.app->session->playing = false;
    press('u');
    if (!scene_equal(before, &d.app->session->scene))
        fault("one change, one undo: not back");
    for (int i = 0; i < 6; i++) {
        press('u');
        if (!scene_equal(before, &d.app->session->scene))
            fault("undo %d has left the step's scene", i + 2);
    }
    free(before);
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* Free play: its modes lead back to it. */
static void free_play_has_all_modes(void **state)
{
    (void)state;
    static const uint32_t keys[] = {'P', 'v', '?', 'm', '/', 'g'};
    open_course(80, 24);
    faults = 0;
    go("valleys", "get-out");
    press('f');
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        press(keys[i]);
        if (drive_in(&d, "free"))
            fault("key '%c' does nothing", (int)keys[i]);
        press(KEYCODE_ESCAPE);
        if (!drive_in(&d, "free") || !player()->free)
            fault("'%c' and Esc: view %s", (int)keys[i], drive_view(&d));
    }
    press('P');
    press(KEYCODE_ENTER);
    if (!drive_in(&d, "free") || !player()->free)
        fault("a new start leaves free play");
    press(KEYCODE_ENTER);
    if (!scene_equal(&d.app->session->scene, &player()->base) || !drive_in(&d, "lesson"))
        fault("not back");
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* What was chosen with Tab in free play does not keep the arrows from the goal's own number. */
static void arrows_move_what_is_free(void **state)
{
    (void)state;
    open_course(80, 24);
    faults = 0;
    go("valleys", "get-out");
    press('f');
    for (int i = 0; i < 3; i++)
        press(KEYCODE_TAB);
    press(KEYCODE_ENTER);
    need(PHASE_TRY);
    press(KEYCODE_UP);
    if (d.app->say->warns)
        fault("up: %s", app_status(d.app));
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* A finished task stays finished through free play, and is not counted twice. */
static void free_play_after_success(void **state)
{
    (void)state;
    open_course(80, 24);
    faults = 0;
    go("valleys", "get-out");
    try_settings("eta0=1");
    need(PHASE_DONE);
    int tries = player_record(player())->tries;
    press('f');
    press(KEYCODE_UP);
    frame(0.2);
    press(KEYCODE_ENTER);
    for (int i = 0; i < 3; i++)
        frame(0);
    if (player()->phase != PHASE_DONE)
        fault("the finished task is open again");
    if (player_record(player())->tries != tries)
        fault("counted again: %d tries, not %d", player_record(player())->tries, tries);
    drive_close(&d);
    assert_int_equal(faults, 0);
}

static const StepRecord *kept(const char *lesson, const char *step)
{
    return progress_find(&inside()->progress, lesson, step);
}

/* What changes beside the finished step is kept, too. */
static void reviews_and_tests_are_kept(void **state)
{
    (void)state;
    open_course(80, 24);
    faults = 0;
    open_lesson(0);
    for (int k = 0; k < lesson_now()->steps; k++) {
        if (step_now()->kind->asks && !step_now()->kind->predicts)
            step_to_end_wrong();
        else
            step_to_end_right();
    }
    if (!kept("one-step", "what-eta-multiplies") || kept("one-step", "what-eta-multiplies")->due != 2)
        fault("a missed question is not due");
    open_lesson(1);
    need(PHASE_ASK);
    if (strcmp(player()->asked->id, "what-eta-multiplies") != 0)
        fault("the missed question does not return");
    answer_right();
    if (kept("one-step", "what-eta-multiplies")->due <= 2)
        fault("the review is not kept: due %d", kept("one-step", "what-eta-multiplies")->due);
    open_lesson(2);
    press('t');
    try_settings(step_now()->solution[0].text);
    press(KEYCODE_ENTER);
    answer_right();
    press(KEYCODE_ENTER);
    need(PHASE_END);
    for (int k = 0; k < lesson_now()->steps; k++)
        if (!kept(lesson_now()->id, lesson_now()->step[k].id))
            fault("step %d of the test is not kept", k);
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* Big type keeps the lesson's words: the question and its answers, the goal, the caption. */
static void big_type_keeps_the_lesson(void **state)
{
    (void)state;
    open_course(160, 45);
    faults = 0;
    go("too-high", "will-it-arrive");
    press('B');
    if (!d.app->look->big)
        fault("no big type");
    if (status_has("b brings"))
        fault("'b' is another key here: %s", app_status(d.app));
    char start[24];
    snprintf(start, sizeof start, "%.12s", view()->ask);
    if (!drive_shows(&d, start))
        fault("the question is gone: %s", start);
    press('B');
    look();
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* ASCII has a sign for each of ours. */
static void ask_ascii(void)
{
    Canvas before = {0};
    app_output(d.app, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    if (player()->phase == PHASE_ASK && !view()->wants_number)
        press('1');
    drive_draw(&d);
    drive_copy(&d.canvas, &before);
    canvas_to_ascii(&d.canvas);
    for (int i = 0; i < d.cols * d.rows; i++)
        if (d.canvas.cell[i].glyph == '?' && before.cell[i].glyph != '?') {
            static uint32_t told;
            if (told != before.cell[i].glyph)
                fault("U+%04X has no sign in ASCII", before.cell[i].glyph);
            told = before.cell[i].glyph;
        }
    canvas_release(&before);
}

static void every_sign_has_an_ascii_one(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_ascii);
    drive_close(&d);
}

/* ---- the footer ---- */

static char *footer_text(void)
{
    Canvas one = {.cols = d.cols, .rows = 1};
    drive_draw(&d);
    one.cell = d.canvas.cell + (size_t)d.cols * (size_t)d.app->look->layout.footer.row;
    return drive_text(&one);
}

/* The row of the panel where a text begins, -1: nowhere. */
static int row_of(const char *words)
{
    drive_draw(&d);
    for (int row = 0; row < d.rows; row++) {
        Canvas one = {.cols = d.cols, .rows = 1};
        one.cell = d.canvas.cell + (size_t)d.cols * (size_t)row;
        char *text = drive_text(&one);
        bool found = strstr(text, words) != NULL;
        free(text);
        if (found)
            return row;
    }
    return -1;
}

/* What is now grows by digits; the lines below stay. The room left shows where the run is. */
static void the_panel_is_still_and_full(void **state)
{
    (void)state;
    open_course(80, 24);
    faults = 0;
    go("valleys", "get-out");
    int within = row_of("within: ");
    assert_true(within > 0 && row_of("loss 3.29") > within);
    press(' ');
    for (int i = 0; i < 200 && player()->phase == PHASE_TRY && !view()->feedback[0]; i++) {
        frame(0.05);
        if (!view()->feedback[0] && row_of("within: ") != within)
            fault("a line jumps at step %ld", session_row(d.app->session));
    }
    go("too-high", "will-it-arrive"); /* its rate is the question */
    assert_int_equal(row_of("η 0."), -1);
    drive_close(&d);
    assert_int_equal(faults, 0);
}

/* On the smallest screen, too, each answer can be read before it is locked in. */
static void ask_answers(void)
{
    if (player()->phase != PHASE_ASK || view()->wants_number)
        return;
    for (int i = 0; i < view()->answers; i++) {
        char label[32];
        press((uint32_t)('1' + i));
        snprintf(label, sizeof label, "▸%d %.8s", i + 1, view()->answer[i].text);
        if (row_of(label) < 0)
            fault("answer %d is not shown", i + 1);
    }
}

static void small_screens_show_answers(void **state)
{
    (void)state;
    open_course(40, 12);
    each_step(ask_answers);
    go("too-high", "will-it-arrive");
    for (int i = 0; i < view()->answers; i++) { /* all at once, where they fit */
        char start[12];
        snprintf(start, sizeof start, "%.8s", view()->answer[i].text);
        assert_true(row_of(start) > 0);
    }
    drive_close(&d);
}

/* In a process of its own, so that the step stays as it is: does the key do something visible? */
static bool key_works(uint32_t key)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        Canvas before = {0};
        drive_copy(&d.canvas, &before);
        d.app->say->warns = false;
        press(key);
        drive_draw(&d);
        bool still = drive_difference(&before, &d.canvas) < 0 && !d.app->quit;
        _exit(d.app->say->warns || still);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool key_or_opposite_works(const Binding *b)
{
    if (key_works(b->key))
        return true;
    return b->shown & KEY_AND_OPPOSITE &&
           key_works(b->key == KEYCODE_UP ? KEYCODE_DOWN : KEYCODE_RIGHT);
}

/* Each key that it names works; Enter is named wherever it does. */
static void footer_is_true(void)
{
    const Binding *keys[160];
    const Views *v = d.app->views;
    int count = view_bindings(v, v->depth - 1, keys, 160);
    char *text = footer_text();
    for (int i = 0; i < count; i++) {
        const char *label = view_label(d.app, keys[i]);
        char name[40];
        char key[16];
        key_name(keys[i]->key, key);
        snprintf(name, sizeof name, " %s %s", key, label ? label : keys[i]->label);
        if (!label && keys[i]->label && strstr(text, name))
            fault("the footer names%s, which is refused", name);
        if (label && keys[i]->priority && !(keys[i]->shown & KEY_DIGITS) &&
            !key_or_opposite_works(keys[i]))
            fault("%s does nothing", name);
    }
    if (player()->phase != PHASE_END &&
        (strstr(text, " enter ") != NULL) != key_works(KEYCODE_ENTER))
        fault("enter: %s", text);
    if (player_asks(player()) && !strstr(text, "1-9"))
        fault("no digit answers: %s", text);
    free(text);
}

static void footers_while_asked(void)
{
    const Step *q = player()->asked;
    if (q->number.text) {
        answer_number(q->number_value * 2 + 1);
    } else {
        press((uint32_t)('1' + (q->answer[0].mark == 'x')));
        footer_is_true();
        press(KEYCODE_ENTER);
    }
    footer_is_true();
    if (player()->phase == PHASE_ASK)
        answer_right();
}

static void footers_while_tried(void)
{
    for (int rung = 0; player()->phase == PHASE_TRY && rung < 9; rung++)
        press('h');
    frame(0.5);
    footer_is_true();
    press(KEYCODE_ENTER);
    try_settings(step_now()->solution[0].text);
}

static void ask_footer(void)
{
    footer_is_true();
    if (player()->phase == PHASE_ASK)
        footers_while_asked();
    if (player()->phase == PHASE_TRY)
        footers_while_tried();
    if (player()->phase == PHASE_RUN) {
        play();
        for (int i = 0; i < STEPS_MAX && player()->phase == PHASE_RUN; i++)
            press(KEYCODE_RIGHT);
    }
    if (player()->phase == PHASE_DONE)
        footer_is_true();
    if (player()->step + 1 == lesson_now()->steps) {
        press('k');
        footer_is_true();
    }
}

/* At each step, in each phase that it goes through. */
static void the_footer_names_what_works(void **state)
{
    (void)state;
    open_course(80, 24);
    each_step(ask_footer);
    drive_close(&d);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_footer_names_what_works),
        cmocka_unit_test(the_panel_is_still_and_full),
        cmocka_unit_test(small_screens_show_answers),
        cmocka_unit_test(layout_at_every_size),
        cmocka_unit_test(right_answers_80x24),
        cmocka_unit_test(wrong_answers_80x24),
        cmocka_unit_test(right_answers_160x45),
        cmocka_unit_test(wrong_answers_160x45),
        cmocka_unit_test(locked_keys_say_so),
        cmocka_unit_test(predictions_hide_the_future),
        cmocka_unit_test(free_play_and_back),
        cmocka_unit_test(back_and_skip),
        cmocka_unit_test(test_out_counts_everything),
        cmocka_unit_test(goals_are_met_by_arrows_and_letters),
        cmocka_unit_test(a_lesson_at_many_sizes),
        cmocka_unit_test(mono_and_ascii_show_the_same_words),
        cmocka_unit_test(predictions_cannot_be_played_first),
        cmocka_unit_test(the_lens_closes_before_a_prediction),
        cmocka_unit_test(what_is_open_stays_open),
        cmocka_unit_test(undo_stays_in_the_step),
        cmocka_unit_test(free_play_has_all_modes),
        cmocka_unit_test(arrows_move_what_is_free),
        cmocka_unit_test(free_play_after_success),
        cmocka_unit_test(reviews_and_tests_are_kept),
        cmocka_unit_test(big_type_keeps_the_lesson),
        cmocka_unit_test(every_sign_has_an_ascii_one),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
