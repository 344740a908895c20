/* SPDX-License-Identifier: MIT
 * test_player: whole lessons are played without a stage, with right and with wrong answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/words.h"
#include "teach/player.h"
#include "teach/setup.h"

/* A stage that does what it is asked. */
static struct {
    Course course;
    ErrorList errors;
    Player *p;
    Timeline *run;
    long row;
    bool playing;
    Scene scene;
    PlayerView view;
    int saves;
    bool closed;
} stage;

static void set_scene(const Scene *s)
{
    Error err;
    if (!timeline_set(stage.run, s, &err))
        fail_msg("%s", err.message);
    while (timeline_advance(stage.run, 100000))
        ;
    stage.row = 0;
    stage.playing = false;
}

static void obey(unsigned asks)
{
    if (asks & ASK_LOAD)
        set_scene(player_scene(stage.p));
    if (asks & ASK_PLAY)
        stage.playing = true;
    if (asks & ASK_PAUSE)
        stage.playing = false;
    stage.saves += (asks & ASK_SAVE) != 0;
    stage.closed = (asks & ASK_CLOSE) != 0;
    player_look(stage.p, stage.run, stage.row, &stage.view);
}

static unsigned event(PlayerEvent e, double value)
{
    unsigned asks = player_event(stage.p, e, value);
    obey(asks);
    return asks;
}

/* Frames until the run has ended or the player stops it. */
static void play(void)
{
    stage.playing = true;
    for (bool more = true; more && stage.playing;) {
        long last = timeline_last(stage.run);
        obey(player_follow(stage.p, stage.run, stage.row, stage.row >= last));
        more = stage.row < last;
        if (more && stage.playing)
            stage.row = stage.row + 7 < last ? stage.row + 7 : last;
    }
    stage.playing = false;
    player_look(stage.p, stage.run, stage.row, &stage.view);
}

static int setup(void **state)
{
    (void)state;
    errors_start(&stage.errors);
    assert_true(course_embedded(&stage.course, &stage.errors));
    stage.run = timeline_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    course_free(&stage.course);
    timeline_free(stage.run);
    return 0;
}

static void fresh(void)
{
    player_free(stage.p);
    stage.p = player_new(&stage.course);
    assert_non_null(stage.p);
    stage.saves = 0;
}

static const Step *step_now(void)
{
    return &stage.course.lesson[stage.p->lesson]->step[stage.p->step];
}

static int right_of(const Step *q)
{
    for (int i = 0; i < q->answers; i++)
        if (q->answer[i].mark == 'x')
            return i;
    return -1;
}

/* Type settings as the learner would, and run. */
static void try_settings(const Passage *settings)
{
    const char *at = settings->text;
    const char *run;
    size_t length;
    Error err;
    while (stage.p->phase == PHASE_TRY && setup_next_run(&at, &run, &length)) {
        scene_copy(&stage.scene, &stage.p->base);
        if (!setup_apply(&stage.scene, step_now(), run, length, &err))
            fail_msg("%s", err.message);
        set_scene(&stage.scene);
        play();
    }
}

static void answer_right(void)
{
    const Step *q = stage.p->asked;
    if (q->number.text) { /* locked in at once */
        event(PLAYER_NUMBER, q->number_value);
        return;
    }
    event(PLAYER_CHOOSE, right_of(q));
    event(PLAYER_NEXT, 0);
}

static void look_whole(void);

/* Each wrong answer says something, and the question stays open. */
static void answer_wrong(void)
{
    const Step *q = stage.p->asked;
    const StepKind *kind = step_now()->kind;
    assert_true(event(PLAYER_NEXT, 0) & ASK_REFUSE); /* nothing chosen yet */
    if (q->number.text) {
        event(PLAYER_NUMBER, q->number_value * 2 + 1);
        assert_true(stage.view.feedback[0]);
        return;
    }
    for (int i = 0; i < q->answers && stage.p->phase == PHASE_ASK; i++) {
        if (q->answer[i].mark != ' ')
            continue;
        event(PLAYER_CHOOSE, i);
        event(PLAYER_NEXT, 0);
        if (kind->predicts)
            return; /* locked in: the run answers */
        assert_true(stage.view.feedback[0]);
        look_whole();
        assert_int_equal(stage.view.answer[i].mark, '-');
        if (q->answer[i].belief.text && stage.p->phase == PHASE_ASK) {
            assert_true(stage.view.contrast[0]);
            assert_true(event(PLAYER_CONTRAST, 0) & ASK_LOAD);
            assert_true(stage.p->free);
            event(PLAYER_FREE, 0);
            assert_false(stage.p->free);
        }
    }
}

static void do_wrong(const Step *s)
{
    play(); /* untouched */
    assert_int_equal(stage.p->phase, PHASE_TRY);
    assert_non_null(strstr(stage.view.feedback, "Not yet: "));
    look_whole();
    int failed = stage.p->wrong;
    for (int i = 0; i < s->failing; i++)
        try_settings(&s->fails[i]);
    assert_true(stage.p->wrong > failed);
    assert_int_equal(stage.p->phase, PHASE_TRY);
    event(PLAYER_HINT, 0);
    assert_true(stage.view.hint[0]);
    look_whole();
    event(PLAYER_HINT, 0);
    look_whole();
    assert_true(event(PLAYER_HINT, 0) & ASK_PLAY); /* the solution plays */
    assert_int_equal(stage.p->phase, PHASE_SHOWN);
    play();
    assert_int_equal(stage.p->phase, PHASE_SHOWN); /* and is no success */
    if (s->goals == 1) /* but its own numbers meet the goal */
        for (int i = 0; i < stage.view.conditions; i++)
            assert_true(stage.view.condition[i].met);
    event(PLAYER_NEXT, 0);
    assert_int_equal(stage.p->phase, PHASE_TRY);
}

/* ---- does it fit beside the map at 80x24? ------------------------------------------------- */

enum { PANEL_COLS = 32, PANEL_ROWS = 20 };

/* Rows of a text broken at blanks. */
static int rows_of(const char *text, int cols)
{
    int rows = *text != '\0';
    int used = 0;
    while (*text) {
        size_t length = strcspn(text, " \n");
        int wide = (int)utf8_count(text, length);
        if (used && used + 1 + wide > cols) {
            rows++;
            used = 0;
        }
        used += wide + (used > 0);
        text += length;
        for (; *text == ' ' || *text == '\n'; text++)
            if (*text == '\n') {
                rows++;
                used = 0;
            }
    }
    return rows;
}

static int unfit;

static void fits(void)
{
    const PlayerView *v = &stage.view;
    int rows = rows_of(v->title, PANEL_COLS) + rows_of(v->ask, PANEL_COLS) +
               rows_of(v->limit, PANEL_COLS) + rows_of(v->locks, PANEL_COLS) +
               rows_of(v->caption, PANEL_COLS) + rows_of(v->feedback, PANEL_COLS) +
               rows_of(v->hint, PANEL_COLS) + rows_of(v->keys, PANEL_COLS);
    for (int i = 0; i < v->answers; i++)
        rows += rows_of(v->answer[i].text, PANEL_COLS - 3);
    for (int i = 0; i < v->conditions; i++)
        rows += rows_of(v->condition[i].text, PANEL_COLS - 2);
    bool fresh_screen =
        !v->feedback[0] && !v->hint[0] && !v->caption[0]; /* prose may go once it was read */
    if (fresh_screen)
        rows += rows_of(v->prose, PANEL_COLS);
    if (rows > PANEL_ROWS) {
        printf("%d rows: %s, %s%s\n", rows, v->place, v->title, fresh_screen ? "" : " (answered)");
        unfit++;
    }
}

/* What every screen must have. */
static void look_whole(void)
{
    const PlayerView *v = &stage.view;
    assert_true(v->place[0] && v->title[0] && v->keys[0]);
    bool doing = step_now()->kind->doing;
    assert_true(!doing || stage.p->phase == PHASE_END ||
                (v->conditions > 0 && v->locks[0] && v->limit[0]));
    assert_true(v->answers == 0 || v->ask[0]);
    fits();
}

static void one_step(bool wrong)
{
    const Step *s = step_now();
    look_whole();
    if (s->kind->begins == PHASE_READ) {
        assert_true(stage.view.prose[0]);
        event(PLAYER_NEXT, 0);
        return;
    }
    if (s->kind->begins == PHASE_RUN) {
        play();
        assert_true(stage.view.caption[0]);
    } else if (s->kind->predicts) {
        assert_true(player_hides(stage.p));
        if (wrong)
            answer_wrong();
        else
            answer_right();
        assert_int_equal(stage.p->phase, PHASE_RUN);
        assert_false(player_hides(stage.p));
        assert_false(stage.view.feedback[0]); /* not before the run has spoken */
        play();
        assert_true(stage.view.feedback[0]);
    } else if (s->kind->begins == PHASE_ASK) {
        if (wrong)
            answer_wrong();
        if (stage.p->phase == PHASE_ASK)
            answer_right();
    } else {
        if (wrong)
            do_wrong(s);
        try_settings(&s->solution[0]);
        assert_true(stage.view.success);
        assert_non_null(strstr(stage.view.feedback, "Done. "));
    }
    if (stage.p->phase != PHASE_DONE)
        fail_msg("%s stays in phase %d: %s", s->id, stage.p->phase, stage.view.feedback);
    look_whole();
    event(PLAYER_NEXT, 0);
}

static void walk(int lesson, bool wrong)
{
    const Lesson *l = stage.course.lesson[lesson];
    obey(player_open(stage.p, lesson));
    for (int i = 0; i < l->steps; i++) {
        assert_int_equal(stage.p->step, i);
        one_step(wrong);
    }
    assert_int_equal(stage.p->phase, PHASE_END);
    assert_int_equal(player_steps_done(stage.p, lesson), l->steps);
    assert_int_equal(stage.saves, l->steps);
    bool last = lesson + 1 == stage.course.count || stage.course.lesson[lesson + 1]->demo;
    assert_true(strstr(stage.view.prose, last ? "the last lesson" : "Next: ") != NULL);
    assert_true(((event(PLAYER_NEXT, 0) & ASK_CLOSE) != 0) == last);
    assert_true(last || (stage.p->lesson == lesson + 1 && stage.p->step == 0));
}

static void right_answers_earn_three_stars(void **state)
{
    (void)state;
    for (int i = 0; i < stage.course.count && !stage.course.lesson[i]->demo; i++) {
        fresh();
        walk(i, false);
        assert_int_equal(player_lesson_stars(stage.p, i), 3);
    }
}

static void wrong_answers_lead_to_the_end_too(void **state)
{
    (void)state;
    for (int i = 0; i < stage.course.count && !stage.course.lesson[i]->demo; i++) {
        fresh();
        walk(i, true);
        assert_int_equal(player_lesson_stars(stage.p, i), 1);
    }
    assert_int_equal(unfit, 0);
}

static int lesson_of(const char *id)
{
    int i = course_find(&stage.course, id, strlen(id));
    assert_true(i >= 0);
    return i;
}

static void go(const char *lesson, const char *step)
{
    int l = lesson_of(lesson);
    int s = lesson_step_find(stage.course.lesson[l], step, strlen(step));
    assert_true(s >= 0);
    fresh();
    obey(player_goto(stage.p, l, s));
}

static void locked_keys_are_refused(void **state)
{
    (void)state;
    Error err;
    go("too-high", "overshoot-and-finish");
    assert_true(player_allows(stage.p, SCENE_ETA0, "0.05", 4, &err));
    assert_false(player_allows(stage.p, SCENE_OPTIMIZER, "adam", 4, &err));
    assert_non_null(strstr(err.message, "'optimizer' is locked"));
    assert_false(player_unlocks(stage.p, SCENE_SCHEDULE, "k"));
    event(PLAYER_FREE, 0);
    assert_true(player_allows(stage.p, SCENE_OPTIMIZER, "adam", 4, &err));
    event(PLAYER_FREE, 0);
    assert_false(player_unlocks(stage.p, SCENE_OPTIMIZER, NULL));
    go("why-decay", "find-k");
    assert_true(player_unlocks(stage.p, SCENE_SCHEDULE, "k"));
    assert_true(player_allows(stage.p, SCENE_SCHEDULE, "exp_k:k=0.1", 11, &err));
    assert_false(player_allows(stage.p, SCENE_SCHEDULE, "cosine", 6, &err));
}

static void conditions_tick_and_the_nearest_is_named(void **state)
{
    (void)state;
    go("too-high", "overshoot-and-finish");
    play();
    const PlayerView *v = &stage.view;
    assert_int_equal(v->conditions, 2);
    assert_string_equal(v->condition[0].text, "sign changes of y ≥ 30");
    assert_string_equal(v->condition[0].now, "now 0");
    assert_false(v->condition[0].met);
    assert_int_equal(v->condition[0].nearest + v->condition[1].nearest, 1);
    assert_non_null(strstr(v->feedback, "needs"));
    assert_non_null(strstr(v->feedback, "there is room for a higher one"));
}

static void failures_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *lesson, *step, *settings, *words;
    } rows[] = {
        {"one-step", "arrive-in-time", "eta0=0.12", "was above 0.1, the limit there"},
        {"why-decay", "find-k", "schedule=exp_k:k=0.5", "right unit"},
        {"why-decay", "find-k", "schedule=exp_k:k=0.05", "froze on the way"},
        {"why-decay", "below-the-floor", "schedule=constant", "the noise keeps it moving"},
        {"valleys", "get-out", "eta0=0.1", "came to rest at loss 2.02"},
        {"cycles", "keep-the-deep-one", "schedule=triangular:max_lr=0.8", "was thrown out"},
        {"one-step", "arrive-in-time", "eta0=0.04", "at step 60, needs < 0.01 by then"},
        {"fitting", "just-right", "eta0=0.1", "has risen since: it overfits"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        go(rows[i].lesson, rows[i].step);
        Passage s = {rows[i].settings, 1, 1};
        try_settings(&s);
        if (!strstr(stage.view.feedback, rows[i].words))
            fail_msg("%s: %s", rows[i].settings, stage.view.feedback);
    }
}

static void a_hint_is_offered_once(void **state)
{
    (void)state;
    int offered = 0;
    go("too-high", "overshoot-and-finish");
    for (int i = 0; i < 6; i++) {
        char text[40];
        snprintf(text, sizeof text, "eta0=0.00%d", i + 1);
        try_settings(&(Passage){text, 1, 1});
        offered += strstr(stage.view.feedback, "A hint? Press h.") != NULL;
        assert_true(i >= 2 || !offered);
    }
    assert_int_equal(offered, 1);
}

static void a_broken_limit_is_no_success(void **state)
{
    (void)state;
    Error err;
    go("choosing", "search-with-a-budget");
    Passage waste = {"eta0=0.01", 1, 1};
    for (int i = 0; i < 9; i++) {
        char text[40];
        snprintf(text, sizeof text, "eta0=0.00%d", i + 1);
        waste.text = text;
        try_settings(&waste);
    }
    assert_true(stage.p->spent + stage.p->furthest >= 900);
    try_settings(&step_now()->solution[0]);
    assert_int_equal(stage.p->phase, PHASE_TRY);
    assert_non_null(strstr(stage.view.feedback, "limit"));
    /* another surface is not the task, even if it slipped through */
    go("valleys", "get-out");
    scene_default(&stage.scene);
    assert_true(scene_parse(
        &stage.scene, "surface=bowl2 start=-4,1 schedule=constant eta0=0.5 steps=400", NULL, &err));
    set_scene(&stage.scene);
    play();
    assert_int_equal(stage.p->phase, PHASE_TRY);
}

static void a_change_in_flight_may_solve_it(void **state)
{
    (void)state;
    go("valleys", "get-out");
    Passage live = {"at 5 eta0=1", 1, 1};
    try_settings(&live);
    assert_int_equal(stage.p->phase, PHASE_DONE);
}

static void a_missed_question_returns(void **state)
{
    (void)state;
    fresh();
    int first = lesson_of("one-step");
    int last = stage.course.lesson[first]->steps - 1;
    obey(player_goto(stage.p, first, last));
    answer_wrong();
    answer_right();
    assert_int_equal(stage.p->phase, PHASE_DONE);
    const StepRecord *r = player_unsaved(stage.p);
    assert_non_null(r);
    assert_int_equal(r->due, first + 1 + 1);
    assert_false(r->first);
    assert_null(player_unsaved(stage.p));
    /* in lesson 3 it comes before the lesson's own question */
    obey(player_goto(stage.p, lesson_of("too-high"), 0));
    assert_string_equal(stage.p->asked->id, "what-eta-multiplies");
    answer_right();
    assert_int_equal(stage.p->phase, PHASE_DONE);
    int saved = 0;
    while (player_unsaved(stage.p))
        saved++;
    assert_int_equal(saved, 2); /* the review, and the question with its next date */
}

static void testing_out_closes_the_lesson(void **state)
{
    (void)state;
    int l = lesson_of("too-high");
    fresh();
    obey(player_open(stage.p, l));
    event(PLAYER_TEST_OUT, 0);
    assert_string_equal(step_now()->id, "overshoot-and-finish");
    try_settings(&step_now()->solution[0]);
    event(PLAYER_NEXT, 0);
    assert_string_equal(step_now()->kind->name, "explain");
    answer_right();
    event(PLAYER_NEXT, 0);
    assert_int_equal(stage.p->phase, PHASE_END);
    assert_int_equal(player_steps_done(stage.p, l), stage.course.lesson[l]->steps);
    /* a wrong answer leads back to where the test began */
    fresh();
    obey(player_open(stage.p, l));
    event(PLAYER_TEST_OUT, 0);
    try_settings(&step_now()->solution[0]);
    event(PLAYER_NEXT, 0);
    answer_wrong();
    answer_right();
    event(PLAYER_NEXT, 0);
    assert_int_equal(stage.p->step, 0);
}

static void opening_goes_on_where_it_stopped(void **state)
{
    (void)state;
    int l = lesson_of("one-step");
    fresh();
    obey(player_open(stage.p, l));
    one_step(false);
    one_step(false);
    obey(player_open(stage.p, l));
    assert_int_equal(stage.p->step, 2);
    event(PLAYER_BACK, 0);
    assert_int_equal(stage.p->step, 1);
    event(PLAYER_SKIP, 0);
    assert_int_equal(stage.p->step, 2);
    /* what was finished in another text is marked */
    StepRecord old = *player_record(stage.p);
    old.checksum++;
    fresh();
    player_recall(stage.p, &old);
    obey(player_open(stage.p, l));
    int step = lesson_step_find(stage.course.lesson[l], old.step, strlen(old.step));
    assert_true(player_revised(stage.p, l, step));
}

static void finish_steps(const char *lesson, int from, int to, const char *date)
{
    const Lesson *l = stage.course.lesson[lesson_of(lesson)];
    for (int i = from; i < to; i++) {
        StepRecord r = {.done = true, .checksum = l->step[i].checksum};
        snprintf(r.lesson, sizeof r.lesson, "%s", l->id);
        snprintf(r.step, sizeof r.step, "%s", l->step[i].id);
        snprintf(r.date, sizeof r.date, "%s", date);
        player_recall(stage.p, &r);
    }
}

/* Coming back: the lesson worked on last, behind what is finished of it, and no step twice. */
static void coming_back_goes_on_where_one_was(void **state)
{
    (void)state;
    int l = lesson_of("fitting");
    int steps = stage.course.lesson[l]->steps;
    fresh();
    assert_int_equal(player_current(stage.p), 0);
    finish_steps("one-step", 0, stage.course.lesson[0]->steps, "2026-11-20");
    assert_int_equal(player_current(stage.p), 1);
    finish_steps("too-low", 0, 1, "2026-11-20");
    finish_steps("fitting", 1, 4, "2026-11-21");
    assert_int_equal(player_current(stage.p), l);
    obey(player_open(stage.p, l));
    assert_int_equal(stage.p->step, 4); /* the first was skipped */
    finish_steps("fitting", 5, steps, "2026-11-21");
    obey(player_open(stage.p, l));
    assert_int_equal(stage.p->step, 0);
    finish_steps("fitting", 0, 1, "2026-11-21");
    stage.p->phase = PHASE_DONE;
    event(PLAYER_NEXT, 0);
    assert_int_equal(stage.p->step, 4);
    event(PLAYER_BACK, 0); /* who walks back may walk on */
    stage.p->phase = PHASE_DONE;
    event(PLAYER_NEXT, 0);
    assert_int_equal(stage.p->step, 4);
}

/* A star that is missing says why, by step. */
static void stars_say_their_reason(void **state)
{
    (void)state;
    fresh();
    walk(lesson_of("too-high"), true);
    obey(player_open(stage.p, lesson_of("too-high")));
    while (stage.p->phase != PHASE_END)
        event(PLAYER_SKIP, 0);
    assert_non_null(strstr(stage.view.prose, "1 of 3 stars"));
    assert_null(strstr(stage.view.prose, "First star"));
    assert_non_null(strstr(stage.view.prose, "Second star: every question right at once; missing: "));
    assert_non_null(strstr(stage.view.prose, "Third star: "));
}

static void a_copy_goes_on_by_itself(void **state)
{
    (void)state;
    go("too-high", "overshoot-and-finish");
    obey(player_follow(stage.p, stage.run, 0, false));
    Player *copy = malloc(sizeof *copy);
    memcpy(copy, stage.p, sizeof *copy);
    memset(stage.p, 0xA5, sizeof *stage.p);
    free(stage.p);
    stage.p = copy;
    try_settings(&step_now()->solution[0]);
    assert_int_equal(stage.p->phase, PHASE_DONE);
}

/* Any events in any order. */
/* A bare name is the parameter of what is in force at the row. */
static void a_parameter_is_known_by_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *scene;
        long row;
        const char *name;
        const char *value; /* NULL: nobody's */
        SceneKey key;
    } rows[] = {
        {"schedule=exp_k eta0=0.1", 0, "k", "exp_k:k=", SCENE_SCHEDULE},
        {"schedule=cosine eta0=0.1", 0, "k", NULL, SCENE_ETA0},
        {"schedule=cosine eta0=0.1; at 20 schedule=exp_k", 10, "k", NULL, SCENE_ETA0},
        {"schedule=cosine eta0=0.1; at 20 schedule=exp_k", 20, "k", "exp_k:k=", SCENE_SCHEDULE},
        {"optimizer=adam", 0, "beta2", "adam:beta2=", SCENE_OPTIMIZER},
        {"surface='a*x^2+y^2':a=1 optimizer=sgd", 0, "a", "a*x^2+y^2:a=", SCENE_SURFACE},
        {"surface=saddle", 0, "offset", "saddle:offset=", SCENE_SURFACE},
        {"schedule='eta0/(1+k*t)':k=0.1", 0, "k", "eta0/(1+k*t):k=", SCENE_SCHEDULE},
        {"schedule=cosine", 0, "eta", NULL, SCENE_ETA0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static Scene scene;
        Error err = {0};
        char value[100] = "";
        SceneKey key;
        Text out = text_over(value, sizeof value);
        Timeline *t = timeline_new();
        scene_default(&scene);
        assert_true(scene_parse(&scene, rows[i].scene, NULL, &err) && timeline_set(t, &scene, &err));
        bool found = setup_param(t, rows[i].row, rows[i].name, strlen(rows[i].name), &key, &out);
        if (found != (rows[i].value != NULL) || (found && (key != rows[i].key ||
                                                          strcmp(value, rows[i].value) != 0)))
            fail_msg("%s: %s is '%s'", rows[i].scene, rows[i].name, value);
        timeline_free(t);
    }
}

static void random_events_never_crash(void **state)
{
    (void)state;
    uint64_t r = 12345;
    fresh();
    obey(player_open(stage.p, 0));
    for (int i = 0; i < 4000; i++) {
        r = r * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        unsigned what = (unsigned)(r >> 33) % 16;
        if (what < 11)
            event((PlayerEvent)what, (double)((r >> 40) % 7) - 1);
        else if (what < 15)
            obey(player_follow(stage.p, stage.run, stage.row, (r >> 50 & 1) != 0));
        else
            obey(player_open(stage.p, (int)((r >> 40) % (unsigned)stage.course.count)));
        if (r >> 60 == 3 && timeline_last(stage.run) > 0)
            stage.row = (long)((r >> 20) % (unsigned long)timeline_last(stage.run));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_is_known_by_its_name),
        cmocka_unit_test(right_answers_earn_three_stars),
        cmocka_unit_test(coming_back_goes_on_where_one_was),
        cmocka_unit_test(stars_say_their_reason),
        cmocka_unit_test(wrong_answers_lead_to_the_end_too),
        cmocka_unit_test(locked_keys_are_refused),
        cmocka_unit_test(conditions_tick_and_the_nearest_is_named),
        cmocka_unit_test(failures_are_named),
        cmocka_unit_test(a_hint_is_offered_once),
        cmocka_unit_test(a_broken_limit_is_no_success),
        cmocka_unit_test(a_change_in_flight_may_solve_it),
        cmocka_unit_test(a_missed_question_returns),
        cmocka_unit_test(testing_out_closes_the_lesson),
        cmocka_unit_test(opening_goes_on_where_it_stopped),
        cmocka_unit_test(a_copy_goes_on_by_itself),
        cmocka_unit_test(random_events_never_crash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
