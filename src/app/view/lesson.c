/* SPDX-License-Identifier: MIT
 * lesson: a lesson on the stage. The player (teach/player.h) decides; this file does what it asks
 * and draws the lesson's panel. */
#include <stdlib.h>
#include <string.h>

#include "app/choose.h"
#include "app/draw.h"
#include "app/focus.h"
#include "app/bindings.h"
#include "app/line.h"
#include "app/look.h"
#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/views.h"
#include "base/words.h"
#include "view/panel.h"

static const Binding own_keys[] = {
    {KEYCODE_ENTER, "lesson next", "next", 2, 0, "go on; lock an answer in"},
    {'b', "lesson back", "back", 4, 0, "the step before"},
    {'k', "lesson skip", "skip", 5, 0, "skip this step"},
    {'1', "lesson choose 1", "choose", 2, KEY_DIGITS, "choose an answer, or type a number"},
    {'0', "lesson choose 0", NULL, 0, KEY_SILENT, NULL},
    {'2', "lesson choose 2", NULL, 0, KEY_SILENT, NULL},
    {'3', "lesson choose 3", NULL, 0, KEY_SILENT, NULL},
    {'4', "lesson choose 4", NULL, 0, KEY_SILENT, NULL},
    {'5', "lesson choose 5", NULL, 0, KEY_SILENT, NULL},
    {'6', "lesson choose 6", NULL, 0, KEY_SILENT, NULL},
    {'7', "lesson choose 7", NULL, 0, KEY_SILENT, NULL},
    {'8', "lesson choose 8", NULL, 0, KEY_SILENT, NULL},
    {'9', "lesson choose 9", NULL, 0, KEY_SILENT, NULL},
    {'h', "lesson hint", "hint", 5, 0, "a hint; the third plays the solution"},
    {'f', "lesson free", "free play", 6, 0, "free play and back"},
    {'c', "lesson contrast", "see it", 2, 0, "see the contrast scene"},
    {'t', "lesson test", NULL, 0, 0, "test out: the last task first"},
    {'r', "lesson again", NULL, 0, 0, "the step's scene anew"},
    {'l', "lessons", "lessons", 1, 0, NULL},
    {'L', "lesson leave", "leave", 7, 0, "leave the lesson"},
    {'B', "big", NULL, 0, 0, NULL},
    {'T', "theme next", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {run_keys, own_keys, out_keys, NULL};

/* ---- doing what the player asks ---- */

/* The lesson lies on the stage, and free play on the lesson; what is open over them stays open. */
static void show_view(App *a, const View *view, bool shown, int at)
{
    if (shown == (view_depth(a->views, view) > 0))
        return;
    if (shown)
        view_insert(a, view, at);
    else
        view_remove(a, view);
}

static void show_keys(App *a, bool open, bool free)
{
    bool demo = open && school_demo(a->school);
    show_view(a, &view_lesson, open, 1);
    show_view(a, &view_demo, demo, 2);
    show_view(a, &view_free, free, 2 + demo);
}

static void draw_panel(const App *a, Canvas *c);

/* The lesson's panel and rules come and go with it. */
static void set_open(App *a, bool open)
{
    a->school->open = open;
    *a->gate = open ? (Gate){.rules = &school_rules, .lesson = a->school} : (Gate){0};
    a->look->side = open ? draw_panel : NULL;
    a->changed |= CHANGED_SIZE;
}

/* Big type goes with the demonstration that asked for it. */
static void set_big(App *a, bool big)
{
    a->look->big = big;
    a->changed |= CHANGED_SIZE;
}

static void leave(App *a)
{
    const Player *p = a->school->player;
    if (p->course->lesson[p->lesson]->big && !a->school->big_before)
        set_big(a, false);
    school_untell(a->school);
    set_open(a, false);
    show_keys(a, false, false);
    say(a, "the lesson is closed; l shows the list");
}

static bool load_scene(App *a, Error *err)
{
    Session *s = a->session;
    double speed = player_speed(a->school->player);
    bool ok = changed(a, session_scene(s, NULL, player_scene(a->school->player), err));
    s->history.left = 0; /* undo stays within the step */
    s->playing = false;
    s->track[TRACK_GHOST].shown = false;
    s->speed = speed > 0 ? speed : 1;
    a->say->end_told = true; /* the lesson says what the run came to */
    return ok;
}

/* The scenes that a step puts beside its own: one as a ghost, more as runners: a race. */
static void load_beside(App *a)
{
    Session *s = a->session;
    const Player *p = a->school->player;
    const Lesson *l = a->school->course.lesson[p->lesson];
    char name[STEP_BESIDE][BESIDE_NAME];
    Error ignored;
    int n = 0;
    while (n < STEP_BESIDE && step_beside(&l->step[p->step], n, name[n]))
        n++;
    for (int i = 0; i < n; i++) {
        if (!lesson_scene(l, name[i], strlen(name[i]), &s->scratch, &ignored))
            continue;
        if (n == 1)
            session_contrast(s, &s->scratch, &ignored);
        else
            session_add_runner(s, &s->scratch, &ignored);
    }
}

static void save_steps(App *a)
{
    School *s = a->school;
    Error err = {0};
    if (!school_save(s, &err))
        say_warn(a, "the step is not saved yet: %s", err.message);
    else if (s->not_kept[0])
        say_warn(a, "%s", s->not_kept);
}

/* A prediction is open: nothing on the screen may tell. */
static void hide_future(App *a)
{
    a->look->lens = a->look->apart = false;
    a->look->pane = PANE_LOSS;
}

static bool do_asked(App *a, unsigned asks, Error *err)
{
    School *s = a->school;
    a->dirty = true;
    if (asks & ASK_SAVE)
        save_steps(a);
    if (asks & ASK_CLOSE) {
        leave(a);
        return view_open(a, "menu", "lesson", err);
    }
    player_look(s->player, session_run(a->session), session_row(a->session), &s->view);
    if (asks & ASK_LOAD) {
        if (!load_scene(a, err))
            return false;
        load_beside(a);
    }
    if (asks & ASK_PLAY)
        a->session->playing = player_speed(s->player) > 0;
    if (asks & ASK_PAUSE)
        a->session->playing = false;
    if (asks & ASK_REFUSE)
        say_warn(a, "%s", s->view.keys);
    show_keys(a, true, s->player->free);
    if (player_hides(s->player))
        hide_future(a);
    focus_permit(a);
    return true;
}

/* Once a frame: captions, conditions, what the run came to. */
static void lesson_refresh(App *a)
{
    Error err = {0};
    School *s = a->school;
    const Session *now = a->session;
    bool at_end = timeline_done(session_run(now)) && session_row(now) >= session_last(now);
    unsigned asks = player_follow(s->player, session_run(now), session_row(now), at_end);
    if (asks && !do_asked(a, asks, &err))
        say_warn(a, "%s", err.message);
    player_look(s->player, session_run(now), session_row(now), &s->view);
    school_tell(s);
    follow(a);
}

/* ---- opening and closing ---- */

static bool unknown_lesson(const School *s, const char *which, Error *err)
{
    Near near;
    char hint[80];
    double number;
    if (number_parse(which, strlen(which), &number))
        return error_set(err, 0, 0, "unknown lesson '%.20s': they go from 1 to %d", which,
                         school_lessons(s));
    near_start(&near, which, strlen(which));
    for (int i = 0; i < school_count(s); i++)
        near_try(&near, school_id(s, i));
    return error_set(err, 1, 1, "unknown lesson '%.60s'%s", which,
                     near_hint(&near, hint, sizeof hint));
}

/* "" is the user's own file. */
static bool lesson_open(App *a, const char *args, Error *err)
{
    School *s = a->school;
    Look *l = a->look;
    if (!school_open(s, NULL, err))
        return false;
    int i = *args ? school_find(s, args) : s->own;
    if (i < 0)
        return unknown_lesson(s, args, err);
    while (a->views->depth > 1)
        view_pop(a);
    school_untell(s);
    set_open(a, true);
    hide_future(a);
    l->held_out = false;
    a->focus->at = -1;
    if (!do_asked(a, player_open(s->player, i), err))
        return false;
    const Lesson *opened = s->course.lesson[i];
    s->big_before = l->big;
    if (opened->big)
        set_big(a, true);
    if (opened->demo)
        say(a, "%s: → goes on, ← goes back", opened->title);
    else
        say(a, "lesson %d: %s", opened->number, opened->title);
    return true;
}

static bool lesson_close(App *a)
{
    if (a->focus->at >= 0)
        a->focus->at = -1;
    else
        say(a, "L leaves the lesson, f is free play");
    return true;
}

/* ---- its verb ---- */

/* Forget a lesson, or "all": only when asked twice, with a '!'. */
static bool reset(App *a, const char *which, Error *err)
{
    char id[80];
    size_t n = strlen(which);
    bool sure = n > 0 && which[n - 1] == '!';
    snprintf(id, sizeof id, "%.*s", (int)(sure ? n - 1 : n), which);
    if (!sure && (strcmp(id, "all") == 0 || school_find(a->school, id) >= 0)) {
        say_warn(a, "this forgets what was finished: 'lesson reset %s!' does it", id);
        return true;
    }
    int steps = school_reset(a->school, id, err);
    if (steps >= 0)
        say(a, "%d finished step%s forgotten, from the next start on", steps,
            steps == 1 ? "" : "s");
    return steps >= 0;
}

static bool event_next(App *a, double value, Error *err)
{
    Session *s = a->session;
    (void)value;
    if (!s->playing || a->school->player->phase != PHASE_RUN)
        return do_asked(a, player_event(a->school->player, PLAYER_NEXT, 0), err);
    session_seek(s, (double)session_last(s)); /* enough seen: to its end */
    s->playing = false;
    return true;
}

static bool event_leave(App *a, double value, Error *err)
{
    (void)value;
    (void)err;
    player_event(a->school->player, PLAYER_LEAVE, 0);
    leave(a);
    return true;
}

/* A digit chooses an answer, or begins the number that is asked for. */
static bool event_choose(App *a, double value, Error *err)
{
    char text[48];
    if (!a->school->view.wants_number)
        return do_asked(a, player_event(a->school->player, PLAYER_CHOOSE, value - 1), err);
    snprintf(text, sizeof text, "lesson number %g", value);
    return view_open(a, "prompt", text, err);
}

/* 0: the last vote is taken back. */
static bool event_vote(App *a, double value, Error *err)
{
    return do_asked(a, player_event(a->school->player, PLAYER_VOTE, value - 1), err);
}

typedef struct LessonEvent {
    const char *word;
    PlayerEvent event;
    bool (*run)(App *a, double value, Error *err); /* NULL: the player's own */
} LessonEvent;

static const LessonEvent events[] = {
    {"next", PLAYER_NEXT, event_next},    {"back", PLAYER_BACK, NULL},
    {"skip", PLAYER_SKIP, NULL},          {"choose", PLAYER_CHOOSE, event_choose},
    {"number", PLAYER_NUMBER, NULL},      {"hint", PLAYER_HINT, NULL},
    {"free", PLAYER_FREE, NULL},          {"contrast", PLAYER_CONTRAST, NULL},
    {"test", PLAYER_TEST_OUT, NULL},      {"again", PLAYER_AGAIN, NULL},
    {"leave", PLAYER_LEAVE, event_leave}, {"vote", PLAYER_VOTE, event_vote},
};

static const LessonEvent *event_named(const char *word)
{
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (word_is(word, strcspn(word, " "), events[i].word))
            return &events[i];
    return NULL;
}

static bool run_event(App *a, const char *args, Error *err)
{
    const LessonEvent *e = event_named(args);
    const char *rest = args + strcspn(args, " ");
    double value = 0;
    rest += strspn(rest, " ");
    if (!e)
        return error_set(err, 1, 1, "'%.40s' is nothing a lesson knows", args);
    if (!a->school->open)
        return error_set(err, 1, 1, "no lesson is open; 'lessons' shows the list");
    if (*rest && !number_parse(rest, strlen(rest), &value))
        return error_set(err, 1, 1, "'%.40s' is not a number", rest);
    say_nothing(a);
    return e->run ? e->run(a, value, err)
                  : do_asked(a, player_event(a->school->player, e->event, value), err);
}

static bool run_lesson(App *a, const char *args, Error *err)
{
    if (!school_open(a->school, NULL, err))
        return false;
    if (school_find(a->school, args) >= 0)
        return view_open(a, view_lesson.name, args, err);
    if (strncmp(args, "reset ", 6) == 0)
        return reset(a, args + 6, err);
    return run_event(a, args, err);
}

/* ---- the footer ---- */

/* What Enter does. */
static const char *next_label(const Player *p)
{
    static const char *const words[] = {
        [PHASE_READ] = "next",  [PHASE_ASK] = "lock in", [PHASE_RUN] = "play on",
        [PHASE_TRY] = "next",   [PHASE_SHOWN] = "your turn", [PHASE_DONE] = "next",
        [PHASE_END] = "next",
    };
    return p->free ? "back" : words[p->phase];
}

static bool numbers_free(const App *a)
{
    return focus_free(a) >= 0;
}

static bool can_undo(const App *a)
{
    return a->session->history.left > 0;
}

static bool choices_free(const App *a)
{
    return gate_unlocks(a->gate, SCENE_SCHEDULE, NULL) ||
           gate_unlocks(a->gate, SCENE_OPTIMIZER, NULL);
}

/* Verbs of the stage that a lesson may refuse. */
static const struct {
    const char *verb;
    bool (*works)(const App *a);
} refused[] = {
    {"adjust", numbers_free}, {"focus", numbers_free}, {"menu", choices_free}, {"undo", can_undo},
};

static const char *lesson_label(const App *a, const Binding *b)
{
    const Player *p = a->school->player;
    size_t n = strcspn(b->line, " ");
    const Command *c = command_find(a->views->row, b->line, n);
    const Kind *k = kind_find(b->line, n);
    const LessonEvent *e = c && c->run == run_lesson ? event_named(b->line + n + 1) : NULL;
    if (e && e->event == PLAYER_CHOOSE && player_heeds(p, PLAYER_NUMBER))
        return "type it";
    if (e && !player_heeds(p, e->event))
        return NULL;
    if (e && e->event == PLAYER_NEXT)
        return next_label(p);
    if (e && e->event == PLAYER_HINT && p->phase == PHASE_SHOWN)
        return "once more";
    if (c && c->flags & (COMMAND_FUTURE | COMMAND_PLAYS) && gate_holds(a->gate))
        return NULL;
    if (k && k->key >= 0 && !gate_unlocks(a->gate, (SceneKey)k->key, NULL))
        return NULL;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (word_is(b->line, n, refused[i].verb) && !refused[i].works(a))
            return NULL;
    return b->label;
}

/* ---- drawing ---- */

enum { NOW_COLS = 18 }; /* "  (now -1.23e-05)", and one */

/* The panel from top to bottom: what is written so far, and how much room is left. */
typedef struct Pen {
    Canvas *canvas;
    Rect left;
    int air; /* blank rows that may be spent */
    const Paint *paint;
} Pen;

static void pen_down(Pen *pen, int rows)
{
    pen->left.row += rows;
    pen->left.rows -= rows;
}

static void pen_text(Pen *pen, int indent, const char *text, Role role)
{
    if (!text[0] || pen->left.rows <= 0)
        return;
    Rect r = {pen->left.col + indent, pen->left.row, pen->left.cols - indent, pen->left.rows};
    pen_down(pen, panel_wrap(pen->canvas, r, text, role, pen->paint));
}

static void pen_gap(Pen *pen, bool wanted)
{
    if (!wanted || pen->air <= 0)
        return;
    pen->air--;
    pen_down(pen, 1);
}

/* What of a step is shown; the rest gives way on small screens. */
typedef struct Parts {
    bool title, prose, locks, limit, others;
    bool apart; /* what is now stands on a line of its own */
} Parts;

/* A number that grows does not make the lines below jump: where its room is not sure, what is now
 * stands on a line of its own. */
static void condition_line(const ViewCondition *k, Parts parts, int cols, char *out, size_t size)
{
    bool beside = !parts.apart || text_cols(k->text) + NOW_COLS <= cols;
    snprintf(out, size, "%s%s(%s)", k->text, beside ? "  " : "\n", k->now);
}

static int rows_of(const char *text, int cols)
{
    return text[0] ? wrap_rows(text, cols) : 0;
}

/* Without the others: what was chosen and what is right, or, still open, from the chosen on. */
static bool answer_shown(const PlayerView *v, int i, Parts parts)
{
    const ViewAnswer *w = &v->answer[i];
    bool open = true;
    bool behind = true;
    for (int k = 0; k < v->answers; k++) {
        open = open && v->answer[k].mark == ' ';
        behind = behind && !(k > i && v->answer[k].chosen);
    }
    return parts.others || w->chosen || w->mark == 'x' || (open && behind);
}

static int rows_needed(const PlayerView *v, Parts parts, int cols)
{
    int rows = rows_of(v->ask, cols) + rows_of(v->caption, cols) + rows_of(v->feedback, cols) +
               rows_of(v->hint, cols);
    rows += parts.title ? rows_of(v->title, cols) : 0;
    rows += parts.prose ? rows_of(v->prose, cols) : 0;
    rows += parts.locks ? rows_of(v->locks, cols) : 0;
    rows += parts.limit ? rows_of(v->limit, cols) : 0;
    for (int i = 0; i < v->answers; i++)
        rows += answer_shown(v, i, parts) ? rows_of(v->answer[i].text, cols - 3) : 0;
    rows += (v->revealed ? v->answers : 0) + rows_of(v->tally, cols);
    for (int i = 0; i < v->conditions; i++) {
        char text[160];
        condition_line(&v->condition[i], parts, cols - 2, text, sizeof text);
        rows += rows_of(text, cols - 2);
    }
    return rows;
}

/* A bar as long as its share of the class, and the count. */
static void draw_votes(const PlayerView *v, const ViewAnswer *w, Pen *pen)
{
    char count[16];
    Rect bar = {pen->left.col + 3, pen->left.row, 0, 1};
    int room = pen->left.cols - 8;
    if (pen->left.rows <= 0 || room < 1 || v->votes < 1)
        return;
    bar.cols = (room * w->votes + v->votes / 2) / v->votes;
    bar.cols = w->votes && !bar.cols ? 1 : bar.cols;
    for (int i = 0; i < bar.cols; i++)
        panel_text(pen->canvas, bar.col + i, bar.row, 1, "█", ROLE_ACCENT, pen->paint);
    snprintf(count, sizeof count, "%d", w->votes);
    panel_text(pen->canvas, bar.col + bar.cols + (bar.cols > 0), bar.row, 4, count, ROLE_TEXT,
               pen->paint);
    pen_down(pen, 1);
}

static void draw_answers(const PlayerView *v, Parts parts, Pen *pen)
{
    for (int i = 0; i < v->answers && pen->left.rows > 0; i++) {
        const ViewAnswer *w = &v->answer[i];
        char label[16];
        Role role = w->mark == 'x'   ? ROLE_GOOD
                    : w->mark == '-' ? ROLE_WARN
                    : w->chosen      ? ROLE_TITLE
                                     : ROLE_TEXT;
        if (!answer_shown(v, i, parts))
            continue;
        const char *mark = w->mark == 'x' ? "✓" : w->mark == '-' ? "×" : w->chosen ? "▸" : " ";
        snprintf(label, sizeof label, "%s%d", mark, i + 1);
        panel_text(pen->canvas, pen->left.col, pen->left.row, 2, label,
                   w->chosen ? ROLE_ACCENT : ROLE_DIM, pen->paint);
        pen_text(pen, 3, w->text, role);
        if (v->revealed)
            draw_votes(v, w, pen);
    }
}

static void draw_conditions(const PlayerView *v, Parts parts, Pen *pen)
{
    for (int i = 0; i < v->conditions && pen->left.rows > 0; i++) {
        const ViewCondition *k = &v->condition[i];
        char text[160];
        condition_line(k, parts, pen->left.cols - 2, text, sizeof text);
        panel_text(pen->canvas, pen->left.col, pen->left.row, 2,
                   k->met       ? "✓"
                   : k->nearest ? "▸"
                                : "·",
                   k->met ? ROLE_GOOD : ROLE_ACCENT, pen->paint);
        pen_text(pen, 2, text, k->met ? ROLE_GOOD : ROLE_TEXT);
    }
}

/* Behind a caption, a feedback or a hint the prose has been read; else it goes last. */
static Parts choose_parts(const PlayerView *v, int cols, int rows)
{
    Parts parts = {true, true, true, true, true, true};
    bool read = v->caption[0] || v->feedback[0] || v->hint[0];
    bool *const order[2][6] = {
        {&parts.apart, &parts.locks, &parts.limit, &parts.prose, &parts.title, &parts.others},
        {&parts.prose, &parts.apart, &parts.locks, &parts.limit, &parts.title, &parts.others}};
    for (int i = 0; i < 6 && rows_needed(v, parts, cols) > rows; i++)
        *order[read][i] = false;
    return parts;
}

/* Where the run is, in the rows above the keys that the text leaves empty; not while a question is
 * open: it may be the answer. */
static void draw_numbers(const App *a, Canvas *c, Rect r)
{
    const Row *now = session_now(a->session);
    const struct {
        const char *name;
        double value;
    } cells[] = {{"η", now->eta}, {"loss", now->loss}, {"x", now->at.x}, {"y", now->at.y}};
    for (int i = 0; i < 4; i++) {
        char number[NUMBER_TEXT];
        char text[NUMBER_TEXT + 8];
        int col = r.col + i % 2 * (r.cols / 2);
        number_show(number, cells[i].value, 3);
        snprintf(text, sizeof text, "%s %s", cells[i].name, number);
        panel_text(c, col, r.row + i / 2, r.cols / 2, text, i < 2 ? ROLE_TEXT : ROLE_DIM,
                   &a->look->paint);
    }
}

static void draw_frame(const App *a, Canvas *c, Rect r)
{
    const PlayerView *v = &a->school->view;
    const Paint *p = &a->look->paint;
    char title[160];
    const char *dot = strstr(v->place, " · ");
    const char *kind = strrchr(v->place, ' ');
    snprintf(title, sizeof title, "%.*s %d/%d", dot ? (int)(dot - v->place) : (int)strlen(v->place),
             v->place, v->step, v->steps);
    kind = kind ? kind + 1 : "";
    bool whole = text_cols(title) + text_cols(kind) + 9 <= r.cols;
    canvas_fill(c, r, ' ', p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    panel_frame(c, r, title, whole ? kind : "", p);
}

static void draw_text(const PlayerView *v, Parts parts, Pen *pen)
{
    if (parts.title)
        pen_text(pen, 0, v->title, ROLE_TITLE);
    if (parts.prose) {
        pen_gap(pen, v->prose[0]);
        pen_text(pen, 0, v->prose, ROLE_TEXT);
    }
    pen_gap(pen, v->ask[0] || v->conditions);
    pen_text(pen, 0, v->ask, ROLE_TITLE);
    draw_answers(v, parts, pen);
    pen_text(pen, 0, v->tally, ROLE_DIM);
    draw_conditions(v, parts, pen);
    if (parts.limit)
        pen_text(pen, 0, v->limit, ROLE_DIM);
    if (parts.locks)
        pen_text(pen, 0, v->locks, ROLE_DIM);
    pen_gap(pen, v->caption[0]);
    pen_text(pen, 0, v->caption, ROLE_ACCENT);
    pen_gap(pen, v->feedback[0]);
    pen_text(pen, 0, v->feedback, v->success ? ROLE_GOOD : ROLE_TEXT);
    pen_gap(pen, v->hint[0]);
    pen_text(pen, 0, v->hint, ROLE_ETA);
}

/* Below a map on a small screen it takes the map's room while a question does not fit. */
static Rect panel_place(const App *a)
{
    const PlayerView *v = &a->school->view;
    Rect r = a->look->layout.lesson;
    Rect map = a->look->layout.map;
    int cols = r.cols - 4;
    int rows = r.rows - 2 - rows_of(v->keys, cols);
    if (map.col == r.col && gate_asks(a->gate) && !choose_parts(v, cols, rows).title)
        return (Rect){r.col, map.row, r.cols, r.row + r.rows - map.row};
    return r;
}

static void draw_panel(const App *a, Canvas *c)
{
    const PlayerView *v = &a->school->view;
    const Paint *p = &a->look->paint;
    Rect r = panel_place(a);
    Rect in = rect_inside(r);
    if (in.cols < 10 || in.rows < 3)
        return;
    draw_frame(a, c, r);
    int key_rows = rows_of(v->keys, in.cols - 2);
    Pen pen = {c, {in.col + 1, in.row, in.cols - 2, in.rows - key_rows}, 0, p};
    Parts parts = choose_parts(v, pen.left.cols, pen.left.rows);
    pen.air = pen.left.rows - rows_needed(v, parts, pen.left.cols) - 1; /* one above the keys */
    draw_text(v, parts, &pen);
    if (pen.left.rows >= 4 && in.cols >= 32 && !gate_asks(a->gate))
        draw_numbers(a, c, (Rect){in.col + 1, in.row + in.rows - key_rows - 3, in.cols - 2, 2});
    panel_wrap(c, (Rect){in.col + 1, in.row + in.rows - key_rows, in.cols - 2, key_rows}, v->keys,
               ROLE_DIM, p);
}

static const Command commands[] = {
    {"lesson", "next|back|skip|hint|free|contrast|test|again|leave|choose N|vote N|number X|reset ID|ID",
     "lessons", "go on in the lesson, or open one", run_lesson, 0, NULL},
    {.name = NULL},
};

const View view_lesson = {
    .name = "lesson",
    .title = "a lesson",
    .help = "see it, predict it, do it",
    .back = "in the lesson",
    .order = 10,
    .keys = keys,
    .commands = commands,
    .open = lesson_open,
    .close = lesson_close,
    .refresh = lesson_refresh,
    .label = lesson_label,
    .draw = draw_stage,
};
