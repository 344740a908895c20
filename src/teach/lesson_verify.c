/* SPDX-License-Identifier: MIT
 * lesson_verify: is a lesson that was read whole and consistent? What needs a run is proof.c's. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "core/goal.h"
#include "teach/belief.h"
#include "teach/lesson_parts.h"
#include "teach/setup.h"

/* ---- names -------------------------------------------------------------------------------- */

static void verify_scene_name(LessonReader *r, const Passage *s)
{
    Error e;
    if (!s->text || lesson_has_scene(r->l, s->text, strlen(s->text)))
        return;
    Scene *scratch = malloc(sizeof *scratch);
    if (scratch && !lesson_scene(r->l, s->text, strlen(s->text), scratch, &e))
        reader_error_at(r, s, e.message);
    free(scratch);
}

static void verify_own_scenes(LessonReader *r)
{
    Scene *scratch = malloc(sizeof *scratch);
    for (int i = 0; scratch && i < r->l->scenes; i++) {
        const LessonScene *own = &r->l->scene[i];
        Error e = {.column = 0};
        if (!lesson_scene(r->l, own->name, strlen(own->name), scratch, &e))
            reader_error_in(r, &own->text, own->text.text, &e);
    }
    free(scratch);
}

/* A condition, with the name of a scene in front where `prefixed`. */
static void verify_goal(LessonReader *r, const Passage *s, bool prefixed)
{
    Goal *g = malloc(sizeof *g);
    Error e;
    const char *text = s->text;
    if (g && text) {
        size_t named = prefixed ? lesson_scene_prefix(r->l, s->text, &text) : 1;
        if (!named && strchr(text, ':') && isupper((unsigned char)*text)) {
            error_set(&e, 1, 1, "unknown scene before ':'");
            reader_error_in(r, s, text, &e);
        } else if (!goal_parse(g, text, &e)) {
            reader_error_in(r, s, text, &e);
        } else if (g->seeded) {
            reader_error_at(
                r, s,
                "no 'seeds' in lessons: a learner makes one run, the checker tries the others");
        }
    }
    free(g);
}

/* An expression is checked inside a condition. */
static void verify_number(LessonReader *r, const Step *s)
{
    char text[GOAL_TEXT];
    const char *expression = s->number_truth.text;
    Error e;
    if (s->number.text && !s->why.text)
        reader_error_at(r, &s->number, "a number needs '@why': how one comes to it");
    if (!s->number.text)
        return;
    if (!expression) {
        reader_error_at(r, &s->number, "a number needs 'SCENE: EXPRESSION' that gives it");
        return;
    }
    if (!lesson_scene_prefix(r->l, s->number_truth.text, &expression)) {
        reader_error_at(r, &s->number, "the expression behind the tolerance begins with 'SCENE:'");
        return;
    }
    Goal *g = malloc(sizeof *g);
    snprintf(text, sizeof text, "(%s) > 0", expression);
    if (g && !goal_parse(g, text, &e)) {
        e.column -= 1;
        reader_error_in(r, &s->number, expression, &e);
    }
    free(g);
}

/* ---- captions ----------------------------------------------------------------------------- */

static bool is_typed_number(const char *word, size_t length)
{
    double ignored;
    while (length && strchr(".,;:!?)", word[length - 1]))
        length--;
    while (length && *word == '(')
        word++, length--;
    return length && number_parse(word, length, &ignored) && !isalpha((unsigned char)*word);
}

static void verify_slot(LessonReader *r, const Passage *s, const char *open)
{
    size_t length = strcspn(open + 1, "=}");
    Error e;
    double ignored;
    const char *typed = open + 1 + length;
    if (!strchr(open, '}')) {
        error_set(&e, 1, 1, "'{' is never closed");
    } else if (fact_find(open + 1, length) < 0) {
        error_set(&e, 1, 2, "unknown metric '%.*s'", (int)(length > 40 ? 40 : length), open + 1);
    } else if (*typed == '=' && !number_parse(typed + 1, strcspn(typed + 1, "}"), &ignored)) {
        error_set(&e, 1, (long)length + 3, "a number is expected behind '='");
    } else {
        return;
    }
    reader_error_in(r, s, open, &e);
}

static void verify_caption_text(LessonReader *r, const Passage *s)
{
    const char *at = s->text;
    Slice p;
    for (const char *open = s->text; (open = strchr(open, '{')) != NULL; open++)
        verify_slot(r, s, open);
    while (slice_next(&at, &p))
        if (is_typed_number(p.at, p.length)) {
            Error e;
            error_set(&e, 1, 1,
                      "typed number '%.*s': let it be computed, {metric}, or proved, {metric=%.*s}",
                      (int)p.length, p.at, (int)p.length, p.at);
            reader_error_in(r, s, p.at, &e);
        }
}

static void warn_words(LessonReader *r, const Passage *s, int words, int most, const char *what)
{
    if (words > most)
        errors_add(r->list, true, r->l->file, s->line, s->column, "%s of %d words (limit %d)", what,
                   words, most);
}

static void verify_captions(LessonReader *r, const Step *s)
{
    for (int i = 0; i < s->captions; i++) {
        const Caption *c = &s->caption[i];
        verify_caption_text(r, &c->said);
        if (c->truth.text)
            verify_goal(r, &c->truth, false);
        if (!*c->said.text)
            reader_error_at(r, &c->said, "the caption says nothing");
        warn_words(r, &c->said, lesson_words(c->said.text), CAPTION_WORDS, "caption");
        const Caption *before = i ? c - 1 : NULL;
        if (before && (before->at == CAPTION_END || (c->at != CAPTION_END && c->at <= before->at)))
            reader_error_at(r, &c->said, "captions stand in the order of their steps");
    }
}

/* ---- answers ------------------------------------------------------------------------------ */

static void verify_belief(LessonReader *r, const Passage *s)
{
    Near near;
    char hint[64];
    if (belief_find(s->text, strlen(s->text)))
        return;
    near_start(&near, s->text, strlen(s->text));
    for (int i = 0; i < belief_count(); i++)
        near_try(&near, belief_row(i)->id);
    errors_add(r->list, false, r->l->file, s->line, s->column,
               "misconception '%.60s' has no entry in misconceptions.txt%s", s->text,
               near_hint(&near, hint, sizeof hint));
}

static void verify_answer(LessonReader *r, const Step *s, const Answer *a)
{
    if (!*a->said.text)
        reader_error_at(r, &a->said, "the answer says nothing");
    if (!*a->feedback && !r->l->demo)
        reader_error_at(r, &a->said, "the answer has no feedback: indent it below");
    if (a->belief.text)
        verify_belief(r, &a->belief);
    if (a->truth.text)
        verify_goal(r, &a->truth, true);
    if (a->mark == 'x' && a->belief.text)
        reader_error_at(r, &a->belief, "the right answer is tied to a misconception");
    if (a->mark == 'x' && a->truth.text && !a->holds)
        reader_error_at(r, &a->truth, "the right answer is proved by @true, not by @false");
    if (a->mark == 'x' && !a->truth.text && s->kind->predicts)
        reader_error_at(r, &a->said, "a right prediction is proved by '@true CONDITION'");
    if (a->mark == ' ' && a->truth.text && a->holds)
        reader_error_at(r, &a->truth, "@true proves an answer that is not marked [x]");
    if (a->mark == ' ' && !a->truth.text && !a->belief.text)
        reader_error_at(r, &a->said,
                        "a wrong answer needs '=> misconception' or '@false CONDITION'");
    if (a->mark == '?' && (a->truth.text || a->belief.text))
        reader_error_at(r, &a->said,
                        "[?] means 'I don't know': nothing to prove, no misconception");
}

static void verify_answers(LessonReader *r, const Step *s)
{
    int right = 0;
    int unsure = 0;
    for (int i = 0; i < s->answers; i++) {
        right += s->answer[i].mark == 'x';
        unsure += s->answer[i].mark == '?';
        verify_answer(r, s, &s->answer[i]);
    }
    const Passage *ask = &s->ask;
    if (s->number.text && s->answers)
        reader_error_at(r, &s->number, "either answers or a number");
    else if (!s->number.text && s->answers - unsure < 2)
        errors_add(r->list, false, r->l->file, ask->text ? ask->line : s->line, 3,
                   "fewer than 2 answers");
    else if (!s->number.text && right != 1)
        errors_add(r->list, false, r->l->file, s->answer[0].said.line, 3,
                   "%d answers but %s marked [x]", s->answers, right ? "several" : "none");
    if (s->number.text && r->l->demo)
        reader_error_at(r, &s->number, "a class votes on answers, not on a number");
    if (s->kind->predicts && s->answers && unsure != 1 && !r->l->demo)
        errors_add(r->list, false, r->l->file, s->answer[0].said.line, 3,
                   "a prediction offers exactly one '- [?] I don't know'");
}

/* ---- goals -------------------------------------------------------------------------------- */

static void verify_runs(LessonReader *r, const Step *s, const Passage *said, Scene *base,
                        Scene *work)
{
    const char *at = said->text;
    const char *run;
    size_t length;
    Error e;
    int runs = 0;
    while (setup_next_run(&at, &run, &length)) {
        e = (Error){.column = 1};
        scene_copy(work, base);
        if (!setup_apply(work, s, run, length, &e))
            reader_error_in(r, said, run, &e);
        runs++;
    }
    if (runs > 1 && s->goals < 2)
        reader_error_at(r, said, "several runs, but only one @goal");
}

static void verify_settings(LessonReader *r, const Step *s)
{
    Scene *base = malloc(sizeof *base);
    Scene *work = malloc(sizeof *work);
    Error e;
    if (base && work && s->use.text &&
        lesson_scene(r->l, s->use.text, strlen(s->use.text), base, &e)) {
        for (int i = 0; i < s->solutions; i++)
            verify_runs(r, s, &s->solution[i], base, work);
        for (int i = 0; i < s->failing; i++)
            verify_runs(r, s, &s->fails[i], base, work);
    }
    free(base);
    free(work);
}

static void need(LessonReader *r, const Step *s, bool there, const char *what)
{
    if (!there)
        errors_add(r->list, false, r->l->file, s->line, 1, "a '%s' step needs %s", s->kind->name,
                   what);
}

/* What the kind's row asks for. */
static void verify_needs(LessonReader *r, const Step *s)
{
    const char *needs = s->kind->needs;
    need(r, s, *s->prose || !step_kind_lists(needs, "prose"), "prose");
    for (const Directive *d = r->directives; d->name; d++)
        if (step_kind_lists(needs, d->name))
            need(r, s, s->given >> (d - r->directives) & 1u, d->usage);
}

static void verify_doing(LessonReader *r, const Step *s)
{
    need(r, s, !s->use.text || s->unlocks, "'unlock=...': what may the learner change?");
    need(r, s, s->hints == 0 || s->hints == STEP_HINTS - 1, "two '@hint'");
    for (int i = 0; i < s->unlocks; i++) {
        Error e;
        if (!unlock_known(s->unlocked[i], &e))
            reader_error_at(r, &s->unlock, e.message);
    }
    for (int i = 0; i < s->goals; i++)
        verify_goal(r, &s->goal[i], false);
    if (s->limit.text)
        verify_goal(r, &s->limit, false);
    verify_settings(r, s);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void verify_kind(LessonReader *r, const Step *s)
{
    verify_needs(r, s);
    if (s->kind->asks) {
        verify_answers(r, s);
        verify_number(r, s);
    }
    if (s->kind->doing)
        verify_doing(r, s);
    if (r->l->demo && !s->kind->demo)
        errors_add(r->list, false, r->l->file, s->line, 1,
                   "a demonstration has 'watch' and 'predict' steps alone");
    need(r, s, !s->from.text || strchr(s->from.text, '/'), "'@from LESSON/STEP'");
}

static int screen_words(const Step *s)
{
    int words = lesson_words(s->prose) + (s->ask.text ? lesson_words(s->ask.text) : 0);
    for (int i = 0; i < s->answers; i++)
        words += lesson_words(s->answer[i].said.text);
    return words;
}

static void verify_step(LessonReader *r, const Step *s)
{
    Passage here = {"", s->line, 1};
    verify_scene_name(r, &s->show);
    verify_scene_name(r, &s->run);
    char beside[BESIDE_NAME];
    for (int k = 0; step_beside(s, k, beside); k++) {
        Passage one = {beside, s->beside.line, s->beside.column};
        verify_scene_name(r, &one);
        if (k == STEP_BESIDE)
            reader_error_at(r, &s->beside, "more than 3 scenes beside the run");
    }
    verify_scene_name(r, &s->use);
    verify_captions(r, s);
    verify_kind(r, s);
    if (s->kind->predicts && s->show.text && s->run.text && strcmp(s->show.text, s->run.text) == 0)
        errors_add(r->list, true, r->l->file, s->show.line, s->show.column,
                   "@show of the scene that @run plays is the default");
    for (int i = 0; i < s->proofs; i++) {
        const char *rest;
        if (!lesson_scene_prefix(r->l, s->proof[i].text, &rest))
            reader_error_at(r, &s->proof[i],
                            "a proof is '@proof SCENE: CONDITION' with a known scene");
        else
            verify_goal(r, &s->proof[i], true);
    }
    warn_words(r, &here, lesson_words(s->prose), STEP_WORDS, "prose");
    warn_words(r, &here, screen_words(s), SCREEN_WORDS, "a screen");
    for (const Step *other = r->l->step; other < s; other++)
        if (strcmp(other->id, s->id) == 0)
            errors_add(r->list, false, r->l->file, s->line, 1,
                       "a second step '%.60s': titles (or '@id') must differ", s->id);
}

void lesson_verify(LessonReader *r)
{
    Lesson *l = r->l;
    if (!l->title)
        reader_error(r, 1, 1, "the first line is the title: '# 3 Too high, four looks'");
    if (!l->id || !*l->id) {
        reader_error(r, 1, 1, "'@lesson id=... minutes=...' is missing");
        l->id = "";
    }
    if (l->id_line && !(l->minutes > 0))
        reader_error(r, l->id_line, 1, "'minutes=' is missing");
    if (!l->title)
        l->title = "";
    if (!l->steps)
        reader_error(r, r->line > 0 ? r->line : 1, 1, "a lesson needs a step: '## read  Title'");
    verify_own_scenes(r);
    for (int i = 0; i < l->steps; i++)
        verify_step(r, &l->step[i]);
}
