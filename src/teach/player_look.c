/* SPDX-License-Identifier: MIT
 * player_look: what the stage shows of a lesson, as plain strings. */
#include <string.h>

#include "teach/player.h"
#include "teach/phrases.h"

static void copy_plain(char *to, size_t size, const char *text)
{
    Text out = text_over(to, size);
    lesson_plain(text, &out);
}

static const Caption *caption_at(const Step *s, long row, long last)
{
    const Caption *now = NULL;
    for (int i = 0; i < s->captions; i++) {
        long at = s->caption[i].at == CAPTION_END ? last : s->caption[i].at;
        if (row >= at)
            now = &s->caption[i];
    }
    return now;
}

static void look_caption(const Player *p, const Step *s, const Timeline *t, long row, PlayerView *v)
{
    if (p->phase != PHASE_RUN && p->phase != PHASE_DONE)
        return;
    long last = timeline_last(t);
    const Caption *c = caption_at(s, row, last);
    if (!c)
        return;
    /* as of the caption's own step: its numbers do not run away */
    long at = c->at == CAPTION_END ? last : c->at;
    Text out = text_over(v->caption, sizeof v->caption);
    phrase_caption(c->said.text, t, at < timeline_ready(t) ? at : row, &out);
}

static char mark_of(const Player *p, const Answer *a, bool chosen)
{
    bool told = p->phase == PHASE_DONE;
    if (!p->answered || p->phase == PHASE_RUN)
        return ' ';
    if (a->mark == 'x')
        return told || chosen ? 'x' : ' ';
    return chosen ? '-' : ' ';
}

static void look_question(const Player *p, PlayerView *v)
{
    const Step *q = p->asked;
    if (!q || !q->ask.text)
        return;
    copy_plain(v->ask, sizeof v->ask, q->ask.text);
    v->wants_number = q->number.text != NULL;
    v->answers = q->answers;
    for (int i = 0; i < q->answers; i++) {
        copy_plain(v->answer[i].text, sizeof v->answer[i].text, q->answer[i].said.text);
        v->answer[i].chosen = i == p->chosen;
        v->answer[i].mark = mark_of(p, &q->answer[i], i == p->chosen);
    }
}

/* What a class voted: counted in the dark until it is revealed; beside the run a number is enough. */
static void look_votes(const Player *p, PlayerView *v)
{
    v->votes = p->votes;
    v->revealed = p->revealed && p->phase == PHASE_ASK;
    for (int i = 0; p->revealed && i < p->votes; i++)
        v->answer[p->vote[i]].votes++;
    for (int i = 0; p->revealed && !v->revealed && i < v->answers; i++) {
        char *text = v->answer[i].text;
        size_t used = strlen(text);
        snprintf(text + used, sizeof v->answer[i].text - used, " (%d)", v->answer[i].votes);
    }
    if (p->votes)
        snprintf(v->tally, sizeof v->tally, "%d vote%s%s", p->votes, p->votes == 1 ? "" : "s",
                 p->revealed ? "" : ", hidden");
}

static void look_number_feedback(const Player *p, Text *out)
{
    char number[NUMBER_TEXT];
    number_brief(number, p->asked->number_value, 4);
    if (p->phase == PHASE_DONE)
        text_add(out, p->wrong ? "It is %s." : "Right: %s.", number);
    else
        text_add(out, "Not quite.");
    if (p->phase == PHASE_DONE && p->asked->why.text) {
        text_add(out, " ");
        lesson_plain(p->asked->why.text, out);
    }
}

/* Of the answer: what was believed, and why it is not so; key c shows it. */
static void look_answer_feedback(const Player *p, PlayerView *v)
{
    Text out = text_over(v->feedback, sizeof v->feedback);
    if (!p->asked || !p->answered || p->phase == PHASE_RUN)
        return;
    if (p->asked->number.text) {
        look_number_feedback(p, &out);
        return;
    }
    int chosen = p->chosen;
    for (int i = 0; p->phase == PHASE_DONE && chosen < 0 && i < p->asked->answers; i++)
        chosen = p->asked->answer[i].mark == 'x' ? i : chosen; /* a class chose none */
    if (chosen < 0)
        return;
    const Answer *a = &p->asked->answer[chosen];
    const Belief *b = a->belief.text ? belief_find(a->belief.text, strlen(a->belief.text)) : NULL;
    if (b)
        text_add(&out, "%s ", b->says);
    lesson_plain(a->feedback, &out);
    if (!player_contrast(p, v->contrast, sizeof v->contrast))
        v->contrast[0] = '\0';
}

/* What of this step the third star hangs on. */
static void look_par(const Player *p, const Step *s, Text *out)
{
    long used = p->spent + p->furthest;
    if (s->par <= 0)
        return;
    if (p->saw_solution)
        text_add(out, " No third star: the solution was shown. b, then k begins afresh.");
    else if (used <= s->par)
        text_add(out, " You used %ld steps, within the %ld of the third star.", used, s->par);
    else
        text_add(out, " You used %ld steps; the third star takes %ld or fewer, all tries together.",
                 used, s->par);
}

static void look_goal_feedback(const Player *p, const Step *s, PlayerView *v)
{
    Text out = text_over(v->feedback, sizeof v->feedback);
    if (p->phase == PHASE_DONE) {
        v->success = true;
        text_add(&out, "Done. ");
        lesson_plain(s->why.text, &out);
        look_par(p, s, &out);
    } else if (p->phase == PHASE_SHOWN) {
        text_add(&out, "The worked solution: %s", s->solution[0].text);
    } else if (p->missed) {
        text_add(&out, "%s", p->missed_text);
    }
}

static void put_condition(const Player *p, int goals, int goal, const GoalCondition *c,
                          PlayerView *v)
{
    if (v->conditions == VIEW_CONDITIONS)
        return;
    ViewCondition *to = &v->condition[v->conditions++];
    Text text = text_over(to->text, sizeof to->text);
    Text now = text_over(to->now, sizeof to->now);
    if (goals > 1)
        text_add(&text, "run %d: ", goal + 1);
    text_add(&text, "%s", c->negated ? "not " : "");
    phrase_goal(c->text, (size_t)c->length, &text);
    if (c->by >= 0)
        text_add(&text, " %s step %ld", c->at ? "at" : "by", c->by);
    text_add(&now, "%s", c->late ? "then " : "now ");
    phrase_now(c, &now);
    to->met = c->met || p->met[goal];
}

static void look_conditions(const Player *p, const Step *s, PlayerView *v)
{
    int nearest = -1;
    double away = 0;
    for (int g = 0; g < s->goals; g++) {
        GoalCondition c[GOAL_CONDITIONS];
        int count = goal_conditions(&p->state[g], c, GOAL_CONDITIONS);
        for (int i = 0; i < count; i++) {
            int at = v->conditions;
            put_condition(p, s->goals, g, &c[i], v);
            if (v->conditions > at && !v->condition[at].met && (nearest < 0 || c[i].away < away)) {
                nearest = at;
                away = c[i].away;
            }
        }
    }
    if (nearest >= 0)
        v->condition[nearest].nearest = true;
}

static void look_hint(const Player *p, const Step *s, PlayerView *v)
{
    if (p->phase != PHASE_TRY || !p->hints)
        return;
    int rung = p->hints < s->hints ? p->hints : s->hints;
    copy_plain(v->hint, sizeof v->hint, s->hint[rung - 1].text);
}

static void look_locks(const Player *p, const Step *s, PlayerView *v)
{
    Text locks = text_over(v->locks, sizeof v->locks);
    text_add(&locks, "free: ");
    for (int i = 0; i < s->unlocks; i++) {
        text_add(&locks, "%s", i ? ", " : "");
        phrase_goal(s->unlocked[i], strlen(s->unlocked[i]), &locks);
    }
    text_add(&locks, "; the rest is locked");
    Text limit = text_over(v->limit, sizeof v->limit);
    if (!s->limit.text)
        return;
    text_add(&limit, "within: ");
    phrase_goal(s->limit.text, strlen(s->limit.text), &limit);
    if (strstr(s->limit.text, "evals"))
        text_add(&limit, "; used: %ld", p->spent + p->furthest);
}

static void look_question_keys(const PlayerView *v, Text *keys)
{
    if (v->wants_number)
        text_add(keys, "type the number · Enter · k skip");
    else if (v->contrast[0])
        text_add(keys, "c see it · 1-%d choose again · k skip", v->answers);
    else
        text_add(keys, "1-%d choose · Enter lock in · k skip", v->answers);
}

static void look_speaker_keys(const Player *p, const PlayerView *v, Text *keys)
{
    static const char *const phases[] = {
        [PHASE_READ] = "",
        [PHASE_RUN] = "→ to its end · ← back · space pause",
        [PHASE_TRY] = "",
        [PHASE_SHOWN] = "",
        [PHASE_DONE] = "→ next · ← back · r again",
        [PHASE_END] = "→ to the list · ← back",
    };
    if (p->phase != PHASE_ASK)
        text_add(keys, "%s", phases[p->phase]);
    else
        text_add(keys, "1-%d count votes · → %s · ← back", v->answers,
                 p->votes && !p->revealed ? "shows them" : "runs it");
}

static void look_keys(const Player *p, PlayerView *v)
{
    static const char *const phases[] = {
        [PHASE_READ] = "Enter next · b back · f free play · t test out",
        [PHASE_RUN] = "space pause · Enter plays on · b back",
        [PHASE_TRY] = "h hint · k skip · f free · r again",
        [PHASE_SHOWN] = "Enter: your turn · h: once more",
        [PHASE_DONE] = "Enter next · f free play · b back",
        [PHASE_END] = "Enter: the next lesson · l the list",
    };
    Text keys = text_over(v->keys, sizeof v->keys);
    if (p->free)
        text_add(&keys, "free play: everything is unlocked · Enter: back to the lesson");
    else if (p->course->lesson[p->lesson]->demo)
        look_speaker_keys(p, v, &keys);
    else if (p->phase == PHASE_END && player_next_lesson(p) < 0)
        text_add(&keys, "Enter: back to the list");
    else if (p->phase == PHASE_ASK)
        look_question_keys(v, &keys);
    else if (p->phase == PHASE_RUN && p->speed <= 0)
        text_add(&keys, "→ one step · Enter plays on · b back");
    else if (v->contrast[0] && p->phase != PHASE_RUN)
        text_add(&keys, "c see it · Enter next · b back");
    else
        text_add(&keys, "%s", phases[p->phase]);
}

/* Why a star is missing: the steps that do not do their part. */
static void look_star(const Player *p, int star, Text *out)
{
    static const char *const wants[] = {
        "First star: every task done", "Second star: every question right at once",
        "Third star: every task in few steps, its solution not shown"};
    int missing = 0;
    for (int i = 0; i < p->course->lesson[p->lesson]->steps; i++) {
        if (player_earns(p, p->lesson, i, star))
            continue;
        if (missing++ == 0)
            text_add(out, "\n\n%s; missing: step ", wants[star - 1]);
        else
            text_add(out, ", ");
        text_add(out, "%d", i + 1);
    }
    text_add(out, missing ? "." : "");
}

static void look_end(const Player *p, PlayerView *v)
{
    const Course *c = p->course;
    const Lesson *l = c->lesson[p->lesson];
    int next = player_next_lesson(p);
    Text prose = text_over(v->prose, sizeof v->prose);
    if (l->demo) {
        snprintf(v->title, sizeof v->title, "The end");
        text_add(&prose, "%s.", l->title);
        return;
    }
    snprintf(v->title, sizeof v->title, "End of lesson");
    text_add(&prose, "%s: %d of %d steps done, %d of 3 stars.", l->title,
             player_steps_done(p, p->lesson), l->steps, v->stars);
    for (int star = 1; star <= 3; star++)
        look_star(p, star, &prose);
    if (next >= 0)
        text_add(&prose, "\n\nNext: %s.", c->lesson[next]->title);
    else
        text_add(&prose,
                 "\n\nThis was the last lesson. The stage is yours: the digits load its scenes.");
}

/* The run that confronts a wrong answer, with what to look at there. */
static void look_contrast(const Player *p, PlayerView *v)
{
    const Belief *b = player_belief(p);
    Text prose = text_over(v->prose, sizeof v->prose);
    snprintf(v->title, sizeof v->title, "Look here");
    if (b)
        text_add(&prose, "%s", b->look);
}

static void look_step(const Player *p, const Step *s, const Timeline *t, long row, PlayerView *v)
{
    copy_plain(v->title, sizeof v->title, s->title);
    if (s->kind->reviews && p->asked_lesson && p->asked_due) /* another than the title says */
        snprintf(v->title, sizeof v->title, "From lesson %d", p->asked_lesson->number);
    copy_plain(v->prose, sizeof v->prose, s->prose);
    snprintf(v->beside, sizeof v->beside, "%s", s->beside.text ? s->beside.text : "");
    if (s->kind->asks || s->kind->reviews) {
        look_question(p, v);
        look_answer_feedback(p, v);
        look_votes(p, v);
    }
    if (s->kind->doing) {
        look_conditions(p, s, v);
        look_locks(p, s, v);
        look_hint(p, s, v);
        look_goal_feedback(p, s, v);
    }
    if (t)
        look_caption(p, s, t, row, v);
    if (s->why.text && !s->kind->doing && p->phase == PHASE_DONE && !v->feedback[0])
        copy_plain(v->feedback, sizeof v->feedback, s->why.text);
}

void player_look(const Player *p, const Timeline *t, long row, PlayerView *v)
{
    const Lesson *l = p->course->lesson[p->lesson];
    const Step *s = &l->step[p->step];
    memset(v, 0, sizeof *v);
    v->step = p->step + 1;
    v->steps = l->steps;
    v->stars = player_lesson_stars(p, p->lesson);
    v->revised = player_revised(p, p->lesson, p->step);
    Text place = text_over(v->place, sizeof v->place);
    if (l->number)
        text_add(&place, "%d ", l->number);
    text_add(&place, "%.60s · step %d of %d · %s", l->title, v->step, v->steps,
             p->free ? "free play" : s->kind->name);
    if (p->phase == PHASE_END)
        look_end(p, v);
    else if (p->free && p->contrasting)
        look_contrast(p, v);
    else
        look_step(p, s, t, row, v);
    look_keys(p, v);
}
