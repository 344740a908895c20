/* SPDX-License-Identifier: MIT
 * school: see school.h */
#include "app/school.h"

#include <stdlib.h>
#include <string.h>

#include "store/file.h"

static void recall(Player *p, const Progress *progress)
{
    for (int i = 0; i < progress->count; i++)
        player_recall(p, &progress->row[i]);
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

void school_init(School *s, bool no_save)
{
    errors_start(&s->errors);
    s->own = -1;
    s->no_save = no_save;
    s->told.step = -1;
}

void school_read_ahead(School *s)
{
    s->read = !course_read(&s->course, &s->errors);
}

static bool open_progress(School *s, Error *err)
{
    char path[PROGRESS_PATH];
    bool keep = !s->no_save && progress_path(path);
    return progress_open(&s->progress, keep ? path : NULL, err);
}

bool school_open(School *s, const char *file, Error *err)
{
    Error kept = {0};
    if (s->player)
        return true;
    while (!s->read)
        school_read_ahead(s);
    if (s->errors.errors) {
        *err = s->errors.item[0].error;
        return false;
    }
    if (file && !add_file(s, file, err))
        return false;
    if (!(s->player = player_new(&s->course)))
        return error_set(err, 0, 0, "out of memory");
    if (!open_progress(s, &kept))
        snprintf(s->not_kept, sizeof s->not_kept, "progress is not kept: %.160s", kept.message);
    recall(s->player, &s->progress);
    return true;
}

bool school_demo(const School *s)
{
    return s->open && s->course.lesson[s->player->lesson]->demo;
}

/* Votes stand in the file before the class sees them: the speaker may. */
void school_tell(School *s)
{
    const Player *p = s->player;
    Podium now = {.step = p->step, .phase = (int)p->phase};
    if (!school_demo(s) || s->no_save)
        return;
    for (int i = 0; i < p->votes; i++)
        now.votes[p->vote[i]]++;
    if (memcmp(&now, &s->told, sizeof now) == 0)
        return;
    s->told = now;
    podium_tell(school_id(s, p->lesson), &now);
}

void school_untell(School *s)
{
    if (school_demo(s) && !s->no_save)
        podium_leave(school_id(s, s->player->lesson));
    s->told = (Podium){.step = -1};
}

void school_release(School *s)
{
    school_untell(s);
    Error ignored = {0};
    if (s->player && !s->not_kept[0])
        progress_save(&s->progress, &ignored); /* what could not be saved then, perhaps now */
    player_free(s->player);
    progress_close(&s->progress);
    course_free(&s->course);
}

bool school_free(const School *s)
{
    return s->open && s->player->free;
}

/* ---- the list ---- */

int school_count(const School *s)
{
    return s->player ? s->course.count : 0;
}

const char *school_id(const School *s, int index)
{
    return s->course.lesson[index]->id;
}

const char *school_title(const School *s, int index)
{
    return s->course.lesson[index]->title;
}

void school_line(const School *s, int index, Text *out)
{
    static const char *const stars[] = {"☆☆☆", "★☆☆", "★★☆", "★★★"};
    const Lesson *l = s->course.lesson[index];
    if (l->demo) {
        text_add(out, "demo  %d steps  %g min", l->steps, l->minutes);
        return;
    }
    int n = player_lesson_stars(s->player, index);
    text_add(out, "%s  %d of %d steps  %g min%s",
             stars[n < 0   ? 0
                   : n > 3 ? 3
                           : n],
             player_steps_done(s->player, index), l->steps, l->minutes,
             l->quick ? "  short path" : "");
}

int school_find(const School *s, const char *word)
{
    double number;
    bool is_number = number_parse(word, strlen(word), &number);
    int lessons = 0;
    for (int i = 0; i < school_count(s); i++) {
        lessons += !s->course.lesson[i]->demo;
        if (is_number ? !s->course.lesson[i]->demo && number == lessons
                      : strcmp(word, school_id(s, i)) == 0)
            return i;
    }
    return -1;
}

int school_lessons(const School *s)
{
    int lessons = 0;
    for (int i = 0; i < school_count(s); i++)
        lessons += !s->course.lesson[i]->demo;
    return lessons;
}

int school_current(const School *s)
{
    return s->player ? player_current(s->player) : 0;
}

/* ---- progress ---- */

/* A review finishes two steps, testing out many. */
bool school_save(School *s, Error *err)
{
    const StepRecord *r;
    bool ok = true;
    while ((r = player_unsaved(s->player)))
        ok = progress_put(&s->progress, r) && ok;
    if (!ok)
        error_set(err, 0, 0, "out of memory");
    return ok && progress_save(&s->progress, err);
}

int school_reset(School *s, const char *id, Error *err)
{
    bool all = strcmp(id, "all") == 0;
    if (!all && course_find(&s->course, id, strlen(id)) < 0) {
        error_set(err, 1, 1, "'%.60s' is no lesson; reset takes an id or 'all'", id);
        return -1;
    }
    int steps = progress_reset(&s->progress, all ? NULL : id);
    return progress_save(&s->progress, err) ? steps : -1;
}

/* ---- what the open lesson permits ---- */

static bool allows(const void *lesson, const Assignment *as, Error *err)
{
    const School *s = lesson;
    return player_allows(s->player, as->key, as->value, as->length, err);
}

static bool allows_scene(const void *lesson, Error *err)
{
    const School *s = lesson;
    return s->player->free || error_set(err, 1, 1, "the lesson's scene stays; f is free play");
}

static bool unlocks(const void *lesson, SceneKey key, const char *param)
{
    const School *s = lesson;
    return player_unlocks(s->player, key, param);
}

static bool hides(const void *lesson)
{
    const School *s = lesson;
    return player_hides(s->player);
}

static bool asks(const void *lesson)
{
    const School *s = lesson;
    return player_asks(s->player);
}

static bool tries(const void *lesson)
{
    const School *s = lesson;
    return player_tries(s->player);
}

const GateRules school_rules = {allows, allows_scene, unlocks, hides, asks, tries};
