/* SPDX-License-Identifier: MIT
 * school: a lesson on the stage. The player (teach/player.h) decides; this file does what it asks,
 * keeps the progress on the disk and draws the lesson's panel. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/state.h"
#include "store/file.h"
#include "store/progress.h"
#include "teach/player.h"

struct School {
    Course course;
    Player *player;
    PlayerView view;
    Progress progress;
    bool open;          /* a lesson is on the stage */
    int own;            /* index of the user's own file, -1: none */
    bool loading;       /* its own scene is being put there */
    char not_kept[200]; /* why progress cannot be kept, "": it can */
    ErrorList errors;
};

static void recall(Player *p, const Progress *progress)
{
    for (int i = 0; i < progress->count; i++) {
        const ProgressRow *r = &progress->row[i];
        StepRecord s = {.checksum = r->checksum,
                        .done = r->done,
                        .first = r->first,
                        .par = r->par,
                        .tries = r->tries,
                        .hints = r->hints,
                        .due = r->due,
                        .interval = r->interval};
        snprintf(s.lesson, sizeof s.lesson, "%s", r->lesson);
        snprintf(s.step, sizeof s.step, "%s", r->step);
        player_recall(p, &s);
    }
}

/* A file of the user's own joins the course: its reviews may ask for built-in steps. Its errors are
 * input errors. */
static bool add_file(School *s, const char *path, Error *err)
{
    char *text;
    size_t size;
    if (!file_read(path, LESSON_SIZE, &text, &size, err))
        return false;
    errors_start(&s->errors);
    Lesson *l = lesson_parse(path, text, &s->errors);
    free(text);
    s->own = l ? course_join(&s->course, l) : -1;
    if (s->own >= 0)
        return true;
    if (s->errors.count) {
        size_t used;
        *err = s->errors.item[0].error;
        used = strlen(err->message);
        if (s->errors.errors > 1)
            snprintf(err->message + used, sizeof err->message - used,
                     " (%d more: 'etascope check' shows all)", s->errors.errors - 1);
    } else
        error_set(err, 0, 0, "too many lessons");
    return false;
}

static bool open_progress(School *s, bool keep, Error *err)
{
    char path[PROGRESS_PATH];
    return progress_open(&s->progress, keep && progress_path(path) ? path : NULL, err);
}

static School *school_new(void)
{
    School *s = calloc(1, sizeof *s);
    if (s) {
        errors_start(&s->errors);
        s->own = -1;
    }
    return s;
}

bool school_reads_ahead(const App *a)
{
    return !a->school && !a->ahead_done;
}

void school_read_ahead(App *a)
{
    if (!a->ahead)
        a->ahead = school_new();
    a->ahead_done = !a->ahead || !course_read(&a->ahead->course, &a->ahead->errors);
}

/* What has been read ahead, and the rest. */
static School *whole_course(App *a)
{
    School *s = a->ahead ? a->ahead : school_new();
    a->ahead = NULL;
    while (s && course_read(&s->course, &s->errors))
        continue;
    return s;
}

/* `file`: a lesson file, or NULL. */
bool school_open(App *a, const char *file, Error *err)
{
    if (a->school)
        return true;
    School *s = whole_course(a);
    if (!s)
        return error_set(err, 0, 0, "out of memory");
    bool ok = s->errors.errors == 0;
    if (!ok)
        *err = s->errors.item[0].error;
    ok = ok && (!file || add_file(s, file, err));
    ok = ok && (s->player = player_new(&s->course)) != NULL;
    a->school = s;
    if (ok) {
        Error kept = {0};
        if (!open_progress(s, !a->no_save, &kept))
            snprintf(s->not_kept, sizeof s->not_kept, "progress is not kept: %.160s", kept.message);
        recall(s->player, &s->progress);
        return true;
    }
    school_release(a);
    return false;
}

static void free_course(School *s)
{
    if (s)
        course_free(&s->course);
    free(s);
}

void school_release(App *a)
{
    School *s = a->school;
    Error ignored = {0};
    free_course(a->ahead);
    a->ahead = a->school = NULL;
    if (!s)
        return;
    if (!s->not_kept[0])
        progress_save(&s->progress, &ignored); /* what could not be saved then, perhaps now */
    player_free(s->player);
    progress_close(&s->progress);
    free_course(s);
}

bool school_active(const App *a)
{
    return a->school && a->school->open;
}

bool school_free(const App *a)
{
    return school_active(a) && a->school->player->free;
}

bool school_tries(const App *a)
{
    return school_active(a) && player_tries(a->school->player);
}

bool school_asks(const App *a)
{
    return school_active(a) && player_asks(a->school->player);
}

bool school_hides(const App *a)
{
    return school_active(a) && player_hides(a->school->player);
}

/* ---- doing what the player asks
 * ------------------------------------------------------------------- */

static bool load_scene(App *a, Error *err)
{
    School *s = a->school;
    s->loading = true;
    scene_copy(&a->scratch, player_scene(s->player));
    bool ok = change_scene(a, &a->scratch, err);
    s->loading = false;
    a->undo_left = 0; /* undo stays within the step */
    a->playing = false;
    a->ghost.shown = false;
    double speed = player_speed(s->player);
    a->speed = speed > 0 ? speed : 1;
    a->ended_said = true; /* the lesson says what the run came to */
    return ok;
}

static bool load_other(App *a, const Lesson *l, const char *name, Ghost *g)
{
    Error ignored;
    g->from = 0;
    g->shown = lesson_scene(l, name, strlen(name), &a->scratch, &ignored) &&
               timeline_set(g->run, &a->scratch, &ignored);
    return g->shown;
}

/* The scenes that a step puts beside its own: one as a ghost, more as pins: a race. */
static void load_beside(App *a)
{
    const Player *p = a->school->player;
    const Lesson *l = a->school->course.lesson[p->lesson];
    const Step *s = &l->step[p->step];
    char name[STEP_BESIDE][BESIDE_NAME];
    int n = 0;
    while (n < STEP_BESIDE && step_beside(s, n, name[n]))
        n++;
    for (int i = 0; i < PINS; i++)
        a->pin[i].shown = false;
    if (n == 1)
        load_other(a, l, name[0], &a->ghost);
    for (int i = 0; n > 1 && i < n; i++)
        if (load_other(a, l, name[i], &a->pin[i]))
            pin_label(a->pin[i].run, i, a->pin[i].label, sizeof a->pin[i].label);
}

static void today(char out[11])
{
    time_t now = time(NULL);
    struct tm t;
    out[0] = '\0';
    if (localtime_r(&now, &t))
        strftime(out, 11, "%Y-%m-%d", &t);
}

static bool put_record(Progress *progress, const StepRecord *r)
{
    ProgressRow row = {.checksum = r->checksum,
                       .done = r->done,
                       .first = r->first,
                       .par = r->par,
                       .tries = r->tries,
                       .hints = r->hints,
                       .due = r->due,
                       .interval = r->interval};
    snprintf(row.lesson, sizeof row.lesson, "%s", r->lesson);
    snprintf(row.step, sizeof row.step, "%s", r->step);
    today(row.date);
    return progress_put(progress, &row);
}

/* A review finishes two steps, testing out many. */
static void save_steps(App *a)
{
    School *s = a->school;
    const StepRecord *r;
    Error err = {0};
    bool ok = true;
    while ((r = player_unsaved(s->player)))
        ok = put_record(&s->progress, r) && ok;
    if (!ok || !progress_save(&s->progress, &err))
        say_warn(a, "the step is not saved yet: %s",
                 err.message[0] ? err.message : "out of memory");
    else if (s->not_kept[0])
        say_warn(a, "%s", s->not_kept);
}

static void leave(App *a)
{
    a->school->open = false;
    a->mode = MODE_STAGE;
    app_resize(a, a->cols, a->rows);
    say(a, "the lesson is closed; l shows the list");
}

/* What is open over the lesson stays open, and comes back to it. */
static void set_mode(App *a, Mode mode)
{
    if (a->mode == MODE_HELP)
        a->help_mode = mode;
    else if (a->mode == MODE_MENU)
        a->menu_mode = mode;
    else if (a->mode == MODE_PROMPT)
        a->prompt_mode = mode;
    else if (a->mode != MODE_FIND)
        a->mode = mode;
}

static bool obey(App *a, unsigned asks, Error *err)
{
    School *s = a->school;
    a->dirty = true;
    if (asks & ASK_SAVE)
        save_steps(a);
    if (asks & ASK_CLOSE) {
        leave(a);
        return app_command(a, "lessons", err);
    }
    player_look(s->player, a->run, play_row(a), &s->view);
    if (asks & ASK_LOAD) {
        if (!load_scene(a, err))
            return false;
        load_beside(a);
    }
    if (asks & ASK_PLAY)
        a->playing = player_speed(s->player) > 0;
    if (asks & ASK_PAUSE)
        a->playing = false;
    if (asks & ASK_REFUSE)
        say_warn(a, "%s", s->view.keys);
    set_mode(a, s->player->free ? MODE_STAGE : MODE_LESSON);
    if (player_hides(s->player)) {
        a->lens = a->apart = false;
        a->pane = PANE_LOSS;
    }
    if (a->focused >= 0 && !school_unlocks(a, &a->focus[a->focused]))
        a->focused = -1;
    return true;
}

int school_count(const App *a)
{
    return a->school ? a->school->course.count : 0;
}

const char *school_id(const App *a, int index)
{
    return a->school->course.lesson[index]->id;
}

bool school_is(const App *a, int index, const char *word)
{
    double number;
    if (number_parse(word, strlen(word), &number))
        return number == index + 1;
    return strcmp(word, school_id(a, index)) == 0;
}

const char *school_title(const App *a, int index)
{
    return a->school->course.lesson[index]->title;
}

void school_line(const App *a, int index, char *out, size_t size)
{
    static const char *const stars[] = {"☆☆☆", "★☆☆", "★★☆", "★★★"};
    const Lesson *l = a->school->course.lesson[index];
    int n = player_lesson_stars(a->school->player, index);
    snprintf(out, size, "%s  %d of %d steps  %g min%s",
             stars[n < 0   ? 0
                   : n > 3 ? 3
                           : n],
             player_steps_done(a->school->player, index), l->steps, l->minutes,
             l->quick ? "  (short path)" : "");
}

/* The lesson to go on with: this one or the next that is not all done. */
int school_current(const App *a)
{
    const School *s = a->school;
    if (!s)
        return 0;
    for (int i = s->player->lesson; i < s->course.count; i++)
        if (player_steps_done(s->player, i) < s->course.lesson[i]->steps)
            return i;
    return s->player->lesson;
}

/* Forget a lesson, or "all": only when asked twice, with a '!'. */
bool school_reset(App *a, const char *which, Error *err)
{
    School *s = a->school;
    char id[80];
    size_t n = strlen(which);
    bool sure = n > 0 && which[n - 1] == '!';
    snprintf(id, sizeof id, "%.*s", (int)(sure ? n - 1 : n), which);
    bool all = strcmp(id, "all") == 0;
    if (!all && course_find(&s->course, id, strlen(id)) < 0)
        return error_set(err, 1, 1, "'%.60s' is no lesson; reset takes an id or 'all'", id);
    if (!sure) {
        say_warn(a, "this forgets what was finished: 'lesson reset %s!' does it", id);
        return true;
    }
    int steps = progress_reset(&s->progress, all ? NULL : id);
    if (!progress_save(&s->progress, err))
        return false;
    say(a, "%d finished step%s forgotten, from the next start on", steps, steps == 1 ? "" : "s");
    return true;
}

bool school_start(App *a, int lesson, Error *err)
{
    School *s = a->school;
    lesson = lesson < 0 ? s->own : lesson;
    s->open = true;
    a->lens = a->apart = a->card = a->show_held_out = false;
    a->focused = -1;
    a->pane = PANE_LOSS;
    a->mode = MODE_LESSON;
    app_resize(a, a->cols, a->rows);
    if (!obey(a, player_open(s->player, lesson), err))
        return false;
    say(a, "lesson %d: %s", s->course.lesson[lesson]->number, s->course.lesson[lesson]->title);
    return true;
}

/* "next", "choose 2", ... */
bool school_event(App *a, const char *args, Error *err)
{
    static const struct {
        const char *word;
        PlayerEvent event;
    } events[] = {
        {"next", PLAYER_NEXT},     {"back", PLAYER_BACK},         {"skip", PLAYER_SKIP},
        {"choose", PLAYER_CHOOSE}, {"number", PLAYER_NUMBER},     {"hint", PLAYER_HINT},
        {"free", PLAYER_FREE},     {"contrast", PLAYER_CONTRAST}, {"test", PLAYER_TEST_OUT},
        {"again", PLAYER_AGAIN},   {"leave", PLAYER_LEAVE},
    };
    size_t n = strcspn(args, " ");
    double value = 0;
    if (strncmp(args, "reset ", 6) == 0)
        return school_reset(a, args + 6, err);
    if (!school_active(a))
        return error_set(err, 1, 1, "no lesson is open; 'lessons' shows the list");
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (strlen(events[i].word) != n || strncmp(args, events[i].word, n) != 0)
            continue;
        const char *rest = args + n + strspn(args + n, " ");
        if (*rest && !number_parse(rest, strlen(rest), &value))
            return error_set(err, 1, 1, "'%.40s' is not a number", rest);
        if (events[i].event == PLAYER_CHOOSE)
            value -= 1;
        a->status[0] = '\0';
        if (events[i].event == PLAYER_NEXT && a->playing && a->school->player->phase == PHASE_RUN) {
            play_seek(a, (double)play_last(a)); /* enough seen: to its end */
            a->playing = false;
            return true;
        }
        if (events[i].event == PLAYER_LEAVE) {
            player_event(a->school->player, PLAYER_LEAVE, 0);
            leave(a);
            return true;
        }
        if (events[i].event == PLAYER_CHOOSE && a->school->view.wants_number) {
            char text[32];
            snprintf(text, sizeof text, "lesson number %s", rest);
            prompt_open(a, text);
            return true;
        }
        return obey(a, player_event(a->school->player, events[i].event, value), err);
    }
    return error_set(err, 1, 1, "'%.40s' is nothing a lesson knows", args);
}

/* Once a frame: captions, conditions, what the run came to. */
void school_follow(App *a)
{
    Error err = {0};
    if (!school_active(a))
        return;
    School *s = a->school;
    long row = play_row(a);
    bool at_end = timeline_done(a->run) && row >= play_last(a);
    unsigned asks = player_follow(s->player, a->run, row, at_end);
    if (asks && !obey(a, asks, &err))
        say_warn(a, "%s", err.message);
    player_look(s->player, a->run, play_row(a), &s->view);
}

/* What a step locks says so. */
bool school_allows(const App *a, const Assignment *list, int count, Error *err)
{
    if (!school_active(a) || a->school->loading)
        return true;
    for (int i = 0; i < count; i++)
        if (!player_allows(a->school->player, list[i].key, list[i].value, list[i].length, err))
            return false;
    return true;
}

bool school_allows_scene(const App *a, Error *err)
{
    if (!school_active(a) || a->school->loading || a->school->player->free)
        return true;
    return error_set(err, 1, 1, "the lesson's scene stays; f is free play");
}

bool school_unlocks(const App *a, const Focus *f)
{
    return !school_active(a) ||
           player_unlocks(a->school->player, f->key, f->param < 0 ? NULL : f->name);
}

/* ---- drawing
 * ------------------------------------------------------------------------------------- */

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

static void condition_line(const ViewCondition *k, char *out, size_t size)
{
    snprintf(out, size, "%s  (%s)", k->text, k->now);
}

static int rows_of(const char *text, int cols)
{
    return text[0] ? wrap_rows(text, cols) : 0;
}

/* What of a step is shown; the rest gives way on small screens. */
typedef struct Parts {
    bool prose, locks, limit, others;
} Parts;

static bool answer_shown(const ViewAnswer *w, Parts parts)
{
    return parts.others || w->chosen || w->mark == 'x';
}

static int rows_needed(const PlayerView *v, Parts parts, int cols)
{
    int rows = rows_of(v->title, cols) + rows_of(v->ask, cols) + rows_of(v->caption, cols) +
               rows_of(v->feedback, cols) + rows_of(v->hint, cols);
    rows += parts.prose ? rows_of(v->prose, cols) : 0;
    rows += parts.locks ? rows_of(v->locks, cols) : 0;
    rows += parts.limit ? rows_of(v->limit, cols) : 0;
    for (int i = 0; i < v->answers; i++)
        rows += answer_shown(&v->answer[i], parts) ? rows_of(v->answer[i].text, cols - 3) : 0;
    for (int i = 0; i < v->conditions; i++) {
        char text[160];
        condition_line(&v->condition[i], text, sizeof text);
        rows += rows_of(text, cols - 2);
    }
    return rows;
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
        if (!answer_shown(w, parts))
            continue;
        const char *mark = w->mark == 'x' ? "✓" : w->mark == '-' ? "×" : w->chosen ? "▸" : " ";
        snprintf(label, sizeof label, "%s%d", mark, i + 1);
        panel_text(pen->canvas, pen->left.col, pen->left.row, 2, label,
                   w->chosen ? ROLE_ACCENT : ROLE_DIM, pen->paint);
        pen_text(pen, 3, w->text, role);
    }
}

static void draw_conditions(const PlayerView *v, Pen *pen)
{
    for (int i = 0; i < v->conditions && pen->left.rows > 0; i++) {
        const ViewCondition *k = &v->condition[i];
        char text[160];
        condition_line(k, text, sizeof text);
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
    Parts parts = {true, true, true, true};
    bool read = v->caption[0] || v->feedback[0] || v->hint[0];
    bool *const order[2][4] = {{&parts.locks, &parts.limit, &parts.prose, NULL},
                               {&parts.prose, &parts.locks, &parts.limit, &parts.others}};
    for (int i = 0; i < 4 && rows_needed(v, parts, cols) > rows; i++)
        if (order[read][i])
            *order[read][i] = false;
    return parts;
}

void draw_lesson(const App *a, Canvas *c)
{
    const PlayerView *v = &a->school->view;
    const Paint *p = &a->paint;
    Rect r = a->layout.lesson;
    Rect in = rect_inside(r);
    char title[160];
    if (in.cols < 10 || in.rows < 3)
        return;
    const char *dot = strstr(v->place, " · ");
    const char *kind = strrchr(v->place, ' ');
    snprintf(title, sizeof title, "%.*s %d/%d", dot ? (int)(dot - v->place) : (int)strlen(v->place),
             v->place, v->step, v->steps);
    kind = kind ? kind + 1 : "";
    bool whole = text_cols(title) + text_cols(kind) + 9 <= r.cols;
    panel_frame(c, r, title, whole ? kind : "", p);
    int keys = rows_of(v->keys, in.cols - 2);
    Pen pen = {c, {in.col + 1, in.row, in.cols - 2, in.rows - keys}, 0, p};
    Parts parts = choose_parts(v, pen.left.cols, pen.left.rows);
    pen.air = pen.left.rows - rows_needed(v, parts, pen.left.cols) - 1; /* one above the keys */
    pen_text(&pen, 0, v->title, ROLE_TITLE);
    if (parts.prose) {
        pen_gap(&pen, v->prose[0]);
        pen_text(&pen, 0, v->prose, ROLE_TEXT);
    }
    pen_gap(&pen, v->ask[0] || v->conditions);
    pen_text(&pen, 0, v->ask, ROLE_TITLE);
    draw_answers(v, parts, &pen);
    draw_conditions(v, &pen);
    if (parts.limit)
        pen_text(&pen, 0, v->limit, ROLE_DIM);
    if (parts.locks)
        pen_text(&pen, 0, v->locks, ROLE_DIM);
    pen_gap(&pen, v->caption[0]);
    pen_text(&pen, 0, v->caption, ROLE_ACCENT);
    pen_gap(&pen, v->feedback[0]);
    pen_text(&pen, 0, v->feedback, v->success ? ROLE_GOOD : ROLE_TEXT);
    pen_gap(&pen, v->hint[0]);
    pen_text(&pen, 0, v->hint, ROLE_ETA);
    panel_wrap(c, (Rect){in.col + 1, in.row + in.rows - keys, in.cols - 2, keys}, v->keys, ROLE_DIM,
               p);
}
