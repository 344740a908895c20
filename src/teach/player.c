/* SPDX-License-Identifier: MIT
 * player: see player.h. Events move a small machine; goals follow the live run. */
#include "teach/player.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "teach/attempt.h"
#include "teach/phrases.h"
#include "teach/setup.h"

Player *player_new(const Course *course)
{
    Player *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->course = course;
    p->last = -1;
    p->phase = PHASE_END;
    return p;
}

void player_free(Player *p)
{
    free(p);
}

static const Lesson *lesson_of(const Player *p)
{
    return p->course->lesson[p->lesson];
}

static const Step *step_of(const Player *p)
{
    return &lesson_of(p)->step[p->step];
}

/* ---- memory ------------------------------------------------------------------------------- */

static int record_find(const Player *p, const char *lesson, const char *step)
{
    for (int i = 0; i < p->records; i++)
        if (strcmp(p->record[i].lesson, lesson) == 0 && strcmp(p->record[i].step, step) == 0)
            return i;
    return -1;
}

static StepRecord *record_make(Player *p, const char *lesson, const char *step)
{
    int i = record_find(p, lesson, step);
    if (i >= 0)
        return &p->record[i];
    if (p->records == PLAYER_RECORDS)
        return NULL;
    StepRecord *r = &p->record[p->records++];
    *r = (StepRecord){.changed = false};
    snprintf(r->lesson, sizeof r->lesson, "%s", lesson);
    snprintf(r->step, sizeof r->step, "%s", step);
    return r;
}

void player_recall(Player *p, const StepRecord *record)
{
    StepRecord *r = record_make(p, record->lesson, record->step);
    if (!r)
        return;
    *r = *record;
    r->changed = false;
}

static const StepRecord *record_of(const Player *p, int lesson, int step)
{
    const Lesson *l = p->course->lesson[lesson];
    int i = record_find(p, l->id, l->step[step].id);
    return i < 0 ? NULL : &p->record[i];
}

static bool is_done(const Player *p, int lesson, int step)
{
    const StepRecord *r = record_of(p, lesson, step);
    return r && r->done;
}

const StepRecord *player_record(const Player *p)
{
    return p->last < 0 ? NULL : &p->record[p->last];
}

const StepRecord *player_unsaved(Player *p)
{
    for (int i = 0; i < p->records; i++)
        if (p->record[i].changed) {
            p->record[i].changed = false;
            p->record[i].date[0] = '\0'; /* as of the day it is kept */
            return &p->record[i];
        }
    return NULL;
}

/* A missed question returns after 1, 3 and 7 lessons. */
static void schedule_review(StepRecord *r, int lesson_number, bool right)
{
    static const int next[] = {1, 3, 0, 7, 0, 0, 0, 0};
    if (!right)
        r->interval = 1;
    else if (r->interval)
        r->interval = next[r->interval & 7];
    r->due = r->interval ? lesson_number + r->interval : 0;
    r->changed = true;
}

/* The question was put: of this step, or in a review of another lesson's. */
static unsigned finish(Player *p, bool right)
{
    const Step *s = step_of(p);
    p->phase = PHASE_DONE;
    if (lesson_of(p)->demo)
        return ASK_NOTHING;
    StepRecord *r = record_make(p, lesson_of(p)->id, s->id);
    if (!r)
        return ASK_NOTHING;
    bool first = p->wrong == 0 && right;
    r->first = r->first || first || s->kind->predicts || s->kind->doing;
    r->par = r->par || (s->kind->doing && !p->saw_solution && p->spent + p->furthest <= s->par);
    r->tries += p->wrong + 1;
    r->hints = p->hints > r->hints ? p->hints : r->hints;
    r->done = r->changed = true;
    r->checksum = s->checksum;
    p->last = (int)(r - p->record);
    if (p->asked && p->asked_lesson) {
        StepRecord *asked = record_make(p, p->asked_lesson->id, p->asked->id);
        if (asked)
            schedule_review(asked, p->lesson + 1, p->wrong == 0 && right);
    }
    return ASK_SAVE;
}

int player_steps_done(const Player *p, int lesson)
{
    int n = 0;
    for (int i = 0; i < p->course->lesson[lesson]->steps; i++)
        n += is_done(p, lesson, i);
    return n;
}

bool player_revised(const Player *p, int lesson, int step)
{
    const StepRecord *r = record_of(p, lesson, step);
    return r && r->done && r->checksum != p->course->lesson[lesson]->step[step].checksum;
}

bool player_earns(const Player *p, int lesson, int step, int star)
{
    const Step *s = &p->course->lesson[lesson]->step[step];
    const StepRecord *r = record_of(p, lesson, step);
    bool done = r && r->done;
    if (s->kind->doing)
        return star == 1 ? done : star == 2 || (done && r->par);
    return star != 2 || !s->ask.text || (done && r->first);
}

int player_lesson_stars(const Player *p, int lesson)
{
    if (!player_steps_done(p, lesson))
        return 0;
    for (int star = 1; star <= 3; star++)
        for (int i = 0; i < p->course->lesson[lesson]->steps; i++)
            if (!player_earns(p, lesson, i, star))
                return star - 1;
    return 3;
}

static bool is_demo(const Player *p, int lesson)
{
    return p->course->lesson[lesson]->demo;
}

/* A demonstration is nothing to finish. */
static bool is_finished(const Player *p, int lesson)
{
    return is_demo(p, lesson) ||
           player_steps_done(p, lesson) == p->course->lesson[lesson]->steps;
}

/* The next in the course that is not finished, from `first` on and round; -1: all are. */
static int unfinished(const Player *p, int first)
{
    for (int i = 0; i < p->course->count; i++) {
        int lesson = (first + i) % p->course->count;
        if (!is_finished(p, lesson))
            return lesson;
    }
    return -1;
}

/* Begun and not finished, the one worked on last; of one day, the later one. -1: none. */
static int begun(const Player *p)
{
    int best = -1;
    const char *newest = "";
    for (int i = 0; i < p->course->count; i++)
        for (int k = 0; k < p->course->lesson[i]->steps && !is_finished(p, i); k++) {
            const StepRecord *r = record_of(p, i, k);
            if (r && r->done && strcmp(r->date, newest) >= 0) {
                best = i;
                newest = r->date;
            }
        }
    return best;
}

int player_current(const Player *p)
{
    int lesson = p->opened ? unfinished(p, p->lesson) : begun(p);
    int done = p->course->count;
    while (lesson < 0 && !p->opened && done > 0 &&
           (is_demo(p, done - 1) || !is_finished(p, done - 1)))
        done--;
    lesson = lesson < 0 ? unfinished(p, done) : lesson;
    return lesson < 0 ? p->lesson : lesson;
}

int player_next_lesson(const Player *p)
{
    if (is_demo(p, p->lesson))
        return -1;
    for (int i = p->lesson + 1; i < p->course->count; i++)
        if (!is_finished(p, i))
            return i;
    return p->lesson + 1 < p->course->count && !is_demo(p, p->lesson + 1) ? p->lesson + 1 : -1;
}

/* ---- entering a step ---------------------------------------------------------------------- */

static bool take_scene(Player *p, const Lesson *l, const Passage *name)
{
    Error ignored;
    if (!name || !name->text ||
        !lesson_scene(l, name->text, strlen(name->text), &p->scene, &ignored))
        return false;
    p->has_scene = true;
    return true;
}

/* A review asks what is due, else what the lesson says. */
static void choose_question(Player *p, const Step *s)
{
    const StepRecord *best = NULL;
    p->asked = s;
    p->asked_due = false;
    p->asked_lesson = s->kind->asks ? lesson_of(p) : NULL;
    if (!s->kind->reviews)
        return;
    for (int i = 0; i < p->records; i++) {
        const StepRecord *r = &p->record[i];
        if (r->due && r->due <= p->lesson + 1 && (!best || r->due < best->due))
            best = r;
    }
    char path[2 * RECORD_ID + 2];
    snprintf(path, sizeof path, "%s/%s", best ? best->lesson : "", best ? best->step : "");
    const Lesson *other = NULL;
    const Step *due = best ? course_step(p->course, path, &other) : NULL;
    if (!due || !due->ask.text || other == lesson_of(p))
        due = course_step(p->course, s->from.text, &other);
    else
        p->asked_due = best != NULL;
    p->asked = due;
    p->asked_lesson = due ? other : NULL;
}

static void start_goals(Player *p, const Step *s)
{
    Error ignored;
    step_goals(s, p->goal, &p->limit, &ignored); /* the lesson was verified */
    for (int i = 0; i < s->goals; i++)
        goal_start(&p->state[i], &p->goal[i], NULL);
    goal_start(&p->limit_state, &p->limit, NULL);
}

static void clear_step(Player *p)
{
    p->chosen = -1;
    p->answered = p->has_number = p->offered = p->saw_solution = false;
    p->missed = p->ended = p->broke_limit = p->free = p->contrasting = false;
    p->wrong = p->hints = p->solution_run = 0;
    p->spent = p->furthest = 0;
    p->votes = 0;
    p->revealed = false;
    p->revision = 0;
    p->missed_text[0] = '\0';
    memset(p->met, 0, sizeof p->met);
    p->speed = 1;
}

static unsigned enter(Player *p)
{
    const Step *s = step_of(p);
    const Lesson *l = lesson_of(p);
    clear_step(p);
    choose_question(p, s);
    start_goals(p, s);
    bool review = s->kind->reviews && p->asked; /* with the picture it was asked with */
    const Step *from = review ? p->asked : s;
    const Passage *subject = from->show.text ? &from->show : step_subject(from);
    unsigned asks = take_scene(p, review ? p->asked_lesson : l, subject) ? ASK_LOAD : ASK_PAUSE;
    p->phase = s->kind->begins;
    if (s->kind->doing)
        scene_copy(&p->base, &p->scene);
    if (p->phase != PHASE_RUN)
        return asks;
    p->speed = s->speed;
    return asks | (s->speed > 0 ? ASK_PLAY : 0);
}

unsigned player_goto(Player *p, int lesson, int step)
{
    p->lesson = lesson;
    p->step = step;
    p->testing = p->resuming = false;
    return enter(p);
}

/* The first unfinished step from `first` on, -1: none. */
static int undone(const Player *p, int lesson, int first)
{
    for (int i = first; i < p->course->lesson[lesson]->steps; i++)
        if (!is_done(p, lesson, i))
            return i;
    return -1;
}

unsigned player_open(Player *p, int lesson)
{
    int steps = p->course->lesson[lesson]->steps;
    int done = steps; /* behind the last finished step */
    while (done > 0 && !is_done(p, lesson, done - 1))
        done--;
    int step = undone(p, lesson, done);
    if (step < 0)
        step = undone(p, lesson, 0);
    p->opened = true;
    unsigned asks = player_goto(p, lesson, step < 0 ? 0 : step);
    p->resuming = step >= 0;
    return asks;
}

static unsigned close_lesson(Player *p)
{
    p->phase = PHASE_END;
    p->free = false;
    return ASK_PAUSE;
}

static unsigned move(Player *p, int by)
{
    int to = p->step + by;
    if (to >= lesson_of(p)->steps)
        return close_lesson(p);
    p->step = to;
    return enter(p);
}

/* On from a finished step; what was finished before is not played again, unless one walks there. */
static unsigned move_on(Player *p)
{
    int to = p->resuming ? undone(p, p->lesson, p->step + 1) : p->step + 1;
    return move(p, to < 0 ? lesson_of(p)->steps : to - p->step);
}

static unsigned walk(Player *p, int by)
{
    p->resuming = false;
    return move(p, by);
}

/* ---- testing out: the last task and the last question first ------------------------------- */

static int last_of(const Lesson *l, bool doing)
{
    for (int i = l->steps - 1; i >= 0; i--)
        if (doing ? l->step[i].kind->doing : l->step[i].kind->asks && !l->step[i].kind->predicts)
            return i;
    return -1;
}

static unsigned test_out(Player *p)
{
    p->came_from = p->step;
    p->step = last_of(lesson_of(p), true);
    p->testing = true;
    return enter(p);
}

static unsigned test_failed(Player *p)
{
    p->testing = false;
    p->step = p->came_from;
    return enter(p);
}

/* After a finished step of a test: the question, then everything counts as done. */
static unsigned test_next(Player *p)
{
    const Lesson *l = lesson_of(p);
    int question = last_of(l, false);
    if (step_of(p)->kind->doing && question >= 0) {
        p->step = question;
        return enter(p);
    }
    if (p->wrong)
        return test_failed(p);
    for (int i = 0; i < l->steps; i++) {
        StepRecord *r = is_done(p, p->lesson, i) ? NULL : record_make(p, l->id, l->step[i].id);
        if (!r)
            continue;
        r->done = r->changed = true;
        r->checksum = l->step[i].checksum;
    }
    p->testing = false;
    return close_lesson(p) | ASK_SAVE;
}

/* ---- answers ------------------------------------------------------------------------------ */

static bool number_right(const Player *p)
{
    const Step *q = p->asked;
    double off = fabs(p->number - q->number_value);
    return off <= q->number_tolerance * fabs(q->number_value) + 1e-12;
}

static bool answer_right(const Player *p)
{
    if (!p->asked)
        return true;
    if (p->asked->number.text)
        return p->has_number && number_right(p);
    return p->chosen >= 0 && p->asked->answer[p->chosen].mark == 'x';
}

/* The run answers. */
static unsigned play_answer(Player *p)
{
    const Step *s = step_of(p);
    p->answered = true;
    p->phase = PHASE_RUN;
    p->speed = s->speed;
    p->ended = false;
    return take_scene(p, lesson_of(p), &s->run) ? ASK_LOAD | ASK_PLAY : ASK_NOTHING;
}

/* A class is asked: what it voted, then the run. */
static unsigned reveal(Player *p)
{
    if (!p->votes || p->revealed)
        return play_answer(p);
    p->revealed = true;
    return ASK_NOTHING;
}

static unsigned vote(Player *p, double value)
{
    if (!lesson_of(p)->demo || p->phase != PHASE_ASK || p->free || value >= p->asked->answers)
        return ASK_REFUSE;
    if (value < 0 ? p->votes == 0 : p->votes == PLAYER_VOTES)
        return ASK_REFUSE;
    if (value < 0)
        p->votes--;
    else
        p->vote[p->votes++] = (unsigned char)value;
    return ASK_NOTHING;
}

/* Enter on an open question. */
static unsigned lock_in(Player *p)
{
    const Step *s = step_of(p);
    if (!p->asked)
        return finish(p, true);
    if (lesson_of(p)->demo)
        return reveal(p);
    p->answered = true;
    bool right = answer_right(p);
    if (s->kind->predicts) {
        p->wrong = !right;
        return play_answer(p);
    }
    if (right || s->kind->reviews) {
        p->wrong += !right;
        return finish(p, right);
    }
    p->wrong++;
    return ASK_NOTHING; /* the question stays open, with feedback */
}

static unsigned choose(Player *p, int index)
{
    if (index < 0 || index >= p->asked->answers)
        return ASK_REFUSE;
    p->chosen = index;
    p->answered = false;
    return ASK_NOTHING;
}

static unsigned type_number(Player *p, double value)
{
    p->number = value;
    p->has_number = true;
    p->answered = false;
    return lock_in(p); /* typing it ends with Enter */
}

/* ---- hints and the worked solution -------------------------------------------------------- */

/* The index-th run of the first solution, over the step's scene. */
static bool solution_scene(Player *p, int index)
{
    const char *at = step_of(p)->solution[0].text;
    const char *run;
    size_t length;
    Error ignored;
    for (int i = 0; setup_next_run(&at, &run, &length); i++)
        if (i == index) {
            scene_copy(&p->scene, &p->base);
            return setup_apply(&p->scene, NULL, run, length, &ignored);
        }
    return false;
}

static unsigned show_solution(Player *p)
{
    if (!solution_scene(p, p->solution_run)) {
        p->solution_run = 0;
        if (!solution_scene(p, 0))
            return ASK_REFUSE;
    }
    p->solution_run++;
    p->saw_solution = true;
    p->spent += p->furthest;
    p->furthest = 0;
    p->phase = PHASE_SHOWN;
    return ASK_LOAD | ASK_PLAY;
}

static unsigned try_again(Player *p)
{
    p->phase = PHASE_TRY;
    p->missed = false;
    scene_copy(&p->scene, &p->base);
    return ASK_LOAD;
}

static unsigned hint(Player *p)
{
    const Step *s = step_of(p);
    if (p->hints < s->hints) {
        p->hints++;
        return ASK_NOTHING;
    }
    p->hints = s->hints + 1;
    return show_solution(p);
}

/* ---- free play ---------------------------------------------------------------------------- */

static unsigned reload(Player *p)
{
    const Step *s = step_of(p);
    bool back = p->free;
    p->free = p->contrasting = false;
    p->revision = 0;
    if (back && s->kind->doing && p->phase == PHASE_DONE) { /* what is finished stays finished */
        scene_copy(&p->scene, &p->base);
        return ASK_LOAD | ASK_PAUSE;
    }
    if (s->kind->doing)
        return try_again(p);
    const Passage *name = p->phase == PHASE_ASK && s->show.text ? &s->show : step_subject(s);
    return take_scene(p, lesson_of(p), name) ? ASK_LOAD : ASK_NOTHING;
}

const Belief *player_belief(const Player *p)
{
    if (!p->asked || !p->answered || p->chosen < 0)
        return NULL;
    const Passage *id = &p->asked->answer[p->chosen].belief;
    return id->text ? belief_find(id->text, strlen(id->text)) : NULL;
}

/* The first of the belief's scenes that is not the step's own: that one has just been seen. */
bool player_contrast(const Player *p, char *id, size_t size)
{
    const Belief *b = p->phase == PHASE_RUN ? NULL : player_belief(p);
    const Passage *own = b ? step_subject(step_of(p)) : NULL;
    for (const char *at = b ? b->scenes : ""; *at; at += strspn(at, " ")) {
        snprintf(id, size, "%.*s", (int)strcspn(at, " "), at);
        at += strcspn(at, " ");
        if (!own || !own->text || strcmp(id, own->text) != 0)
            return true;
    }
    return false;
}

static unsigned contrast(Player *p)
{
    char id[24];
    Passage name = {.text = id};
    if (!player_contrast(p, id, sizeof id))
        return ASK_REFUSE;
    if (!take_scene(p, lesson_of(p), &name))
        return ASK_REFUSE;
    p->free = p->contrasting = true;
    return ASK_LOAD | ASK_PLAY;
}

/* ---- events ------------------------------------------------------------------------------- */

static unsigned next(Player *p)
{
    if (p->free)
        return reload(p);
    switch (p->phase) {
    case PHASE_READ:
        return finish(p, true) | move_on(p);
    case PHASE_ASK:
        return lock_in(p);
    case PHASE_RUN: /* Enter before the end: the run's answer must be seen */
        p->speed = p->speed > 0 ? p->speed : 1;
        return p->ended ? finish(p, !p->wrong) : ASK_PLAY;
    case PHASE_SHOWN:
        return try_again(p);
    case PHASE_DONE:
        return p->testing ? test_next(p) : move_on(p);
    case PHASE_END: {
        int lesson = player_next_lesson(p);
        return lesson < 0 ? ASK_CLOSE : player_open(p, lesson);
    }
    default:
        return ASK_REFUSE;
    }
}

static unsigned back(Player *p)
{
    if (p->phase == PHASE_END)
        return enter(p);
    return p->testing ? test_failed(p) : walk(p, -1);
}

static bool next_means(const Player *p)
{
    bool given = p->asked && (p->asked->number.text ? p->has_number : p->chosen >= 0);
    if (p->free || p->phase != PHASE_ASK)
        return p->free || p->phase != PHASE_TRY;
    if (lesson_of(p)->demo) /* a class need not vote */
        return true;
    return !p->asked || (given && !p->answered); /* the answer just given was wrong */
}

bool player_heeds(const Player *p, PlayerEvent e)
{
    char id[24];
    const Step *s = step_of(p);
    bool asks = player_asks(p) && p->asked;
    bool end = p->phase == PHASE_END;
    switch (e) {
    case PLAYER_NEXT:
        return next_means(p);
    case PLAYER_BACK:
        return end || p->testing || p->step > 0;
    case PLAYER_CHOOSE:
        return asks && p->asked->answers > 0 && !lesson_of(p)->demo;
    case PLAYER_NUMBER:
        return asks && p->asked->number.text;
    case PLAYER_HINT:
        return !p->free && s->kind->doing && (p->phase == PHASE_TRY || p->phase == PHASE_SHOWN);
    case PLAYER_FREE: /* first the prediction */
        return !end && !player_hides(p);
    case PLAYER_CONTRAST:
        return !end && player_contrast(p, id, sizeof id);
    case PLAYER_TEST_OUT:
        return !end && !p->testing && last_of(lesson_of(p), true) >= 0;
    default:
        return !end || e == PLAYER_LEAVE;
    }
}

unsigned player_event(Player *p, PlayerEvent e, double value)
{
    if (!player_heeds(p, e))
        return ASK_REFUSE;
    switch (e) {
    case PLAYER_NEXT:
        return next(p);
    case PLAYER_BACK:
        return back(p);
    case PLAYER_SKIP:
        return p->testing ? test_failed(p) : walk(p, 1);
    case PLAYER_CHOOSE:
        return value >= 0 && value < STEP_ANSWERS ? choose(p, (int)value) : ASK_REFUSE;
    case PLAYER_NUMBER:
        return type_number(p, value);
    case PLAYER_HINT:
        return hint(p);
    case PLAYER_FREE:
        if (p->free)
            return reload(p);
        p->free = true;
        return ASK_NOTHING;
    case PLAYER_CONTRAST:
        return contrast(p);
    case PLAYER_TEST_OUT:
        return test_out(p);
    case PLAYER_AGAIN:
        return lesson_of(p)->demo && !p->free ? enter(p) : reload(p);
    case PLAYER_VOTE:
        return vote(p, value);
    default:
        return ASK_CLOSE | ASK_PAUSE;
    }
}

/* ---- following the run -------------------------------------------------------------------- */

/* What a goal's runs have cost so far: rows seen and left behind. */
static void count_evaluations(Player *p, const Timeline *t, long row)
{
    if (p->phase == PHASE_SHOWN) { /* the solution costs the learner nothing */
        p->revision = timeline_revision(t);
        p->furthest = 0;
        return;
    }
    if (p->revision != timeline_revision(t)) {
        if (p->furthest > row)
            p->spent += p->furthest - row;
        p->furthest = row;
        p->revision = timeline_revision(t);
        p->missed = false;
        p->ended = false;
    }
    if (row > p->furthest)
        p->furthest = row;
}

static bool any_met(const Player *p, const Step *s)
{
    for (int i = 0; i < s->goals; i++)
        if (p->met[i])
            return true;
    return false;
}

static bool all_met(const Player *p, const Step *s)
{
    for (int i = 0; i < s->goals; i++)
        if (!p->met[i])
            return false;
    return true;
}

/* The Player may have been copied: its goals move with it. */
static void rejoin_goals(Player *p, int goals)
{
    for (int i = 0; i < goals; i++) {
        p->state[i].goal = &p->goal[i];
        p->state[i].facts.spent = p->spent;
    }
    p->limit_state.goal = &p->limit;
    p->limit_state.facts.spent = p->spent;
}

/* The limit, now: broken if it does not hold at every row so far. */
static bool within_limit(Player *p, const Timeline *t, long row)
{
    return p->limit.count == 0 || goal_follow(&p->limit_state, t, row);
}

static void say_nearest(Player *p, const Step *s, Text *out)
{
    for (int i = 0; i < s->goals; i++) {
        GoalCondition c[GOAL_CONDITIONS];
        if (p->met[i])
            continue;
        int count = goal_conditions(&p->state[i], c, GOAL_CONDITIONS);
        int nearest = goal_nearest(c, count);
        if (nearest < 0)
            continue;
        phrase_condition(&c[nearest], out);
        return;
    }
}

static void miss(Player *p, const Step *s, const Timeline *t, long row)
{
    Text out = text_over(p->missed_text, sizeof p->missed_text);
    p->missed = true;
    p->wrong++;
    if (p->broke_limit) {
        text_add(&out, "The limit did not hold: ");
        phrase_goal(s->limit.text, strlen(s->limit.text), &out);
        text_add(&out, ".");
        return;
    }
    text_add(&out, any_met(p, s) ? "Half done: " : "Not yet: ");
    say_nearest(p, s, &out);
    text_add(&out, ". ");
    phrase_miss(t, row, &out);
    if (p->wrong >= 3 && !p->offered && p->hints <= s->hints) {
        p->offered = true; /* once, unasked */
        text_add(&out, " A hint? Press h.");
    }
}

/* Is the learner's run the step's own, but for what is unlocked? The stage locks keys; this is the
 * last word. */
static bool is_own_task(Player *p, const Step *s, const Timeline *t)
{
    const Scene *now = timeline_scene(t);
    bool surface = step_unlocks(s, SCENE_SURFACE, NULL);
    Window a = scene_window(now);
    Window b = scene_window(&p->base);
    if (!surface && (now->surface.row != p->base.surface.row ||
                     strcmp(now->surface.formula, p->base.surface.formula) != 0 ||
                     memcmp(&a, &b, sizeof a) != 0))
        return false;
    if (!surface && !step_unlocks(s, SCENE_START, NULL) &&
        (now->start.x != p->base.start.x || now->start.y != p->base.start.y))
        return false;
    return (step_unlocks(s, SCENE_NOISE, NULL) || now->noise == p->base.noise) &&
           (step_unlocks(s, SCENE_BATCH, NULL) || now->batch == p->base.batch) &&
           (step_unlocks(s, SCENE_STEPS, NULL) || now->steps == p->base.steps) &&
           (step_unlocks(s, SCENE_SEED, NULL) || now->seed == p->base.seed);
}

/* The solution's run: what is shown of the goals is its own, and nothing is won by it. */
static void look_at_goals(Player *p, const Step *s, const Timeline *t, long row)
{
    rejoin_goals(p, s->goals);
    for (int i = 0; i < s->goals; i++)
        goal_follow(&p->state[i], t, row);
}

static unsigned follow_goals(Player *p, const Step *s, const Timeline *t, long row, bool at_end)
{
    rejoin_goals(p, s->goals);
    bool task = is_own_task(p, s, t);
    bool held = within_limit(p, t, row) && task;
    p->broke_limit = !held;
    for (int i = 0; i < s->goals; i++) {
        bool now = goal_follow(&p->state[i], t, row);
        if (now && held && (at_end || goal_stays(&p->goal[i])))
            p->met[i] = true;
    }
    if (all_met(p, s)) {
        unsigned asks = finish(p, true);
        return asks | ASK_PAUSE;
    }
    if (at_end && !p->missed && row > 0)
        miss(p, s, t, row);
    return ASK_NOTHING;
}

unsigned player_follow(Player *p, const Timeline *t, long row, bool at_end)
{
    if (p->free || p->phase == PHASE_END)
        return ASK_NOTHING;
    const Step *s = step_of(p);
    count_evaluations(p, t, row);
    if (at_end && p->phase == PHASE_RUN && !p->ended) {
        p->ended = true;
        return finish(p, !p->wrong);
    }
    if (p->phase == PHASE_TRY)
        return follow_goals(p, s, t, row, at_end);
    if (p->phase == PHASE_SHOWN)
        look_at_goals(p, s, t, row);
    return ASK_NOTHING;
}

/* ---- asking ------------------------------------------------------------------------------- */

const Scene *player_scene(const Player *p)
{
    return &p->scene;
}

bool player_asks(const Player *p)
{
    return p->phase == PHASE_ASK && !p->free;
}

bool player_tries(const Player *p)
{
    return p->phase == PHASE_TRY && !p->free;
}

double player_speed(const Player *p)
{
    return p->speed;
}

bool player_hides(const Player *p)
{
    return p->phase == PHASE_ASK && !p->free && step_of(p)->kind->predicts;
}

bool player_unlocks(const Player *p, SceneKey key, const char *param)
{
    if (p->free || p->phase == PHASE_END)
        return true;
    return p->phase == PHASE_TRY && step_unlocks(step_of(p), key, param);
}

bool player_allows(const Player *p, SceneKey key, const char *value, size_t length, Error *err)
{
    if (p->free || p->phase == PHASE_END)
        return true;
    if (p->phase != PHASE_TRY)
        return error_set(err, 1, 1,
                         p->phase == PHASE_SHOWN ? "the solution plays: Enter gives the keys back"
                                                 : "first the lesson's step; f is free play");
    return step_allows(step_of(p), &p->base, key, value, length, err);
}
