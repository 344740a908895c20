/* SPDX-License-Identifier: MIT
 * setup: see setup.h */
#include "teach/setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"

static bool in_rows(const ParamInfo *rows, const char *word, Near *near)
{
    for (int i = 0; rows[i].name; i++) {
        if (strcmp(rows[i].name, word) == 0)
            return true;
        near_try(near, rows[i].name);
    }
    return false;
}

bool unlock_known(const char *word, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, word, strlen(word));
    for (int i = 0; scene_keys[i].name; i++) {
        if (strcmp(scene_keys[i].name, word) == 0)
            return true;
        near_try(&near, scene_keys[i].name);
    }
    for (int i = 0; schedules[i].name; i++)
        if (in_rows(schedules[i].params, word, &near))
            return true;
    for (int i = 0; optimizers[i].name; i++)
        if (in_rows(optimizers[i].params, word, &near))
            return true;
    return error_set(err, 1, 1, "nothing is called '%.40s'%s", word,
                     near_hint(&near, hint, sizeof hint));
}

static bool is_unlocked(const Step *s, const char *word)
{
    for (int i = 0; i < s->unlocks; i++)
        if (strcmp(s->unlocked[i], word) == 0)
            return true;
    return false;
}

bool step_unlocks(const Step *s, SceneKey key, const char *param)
{
    return is_unlocked(s, scene_keys[key].name) || (param && is_unlocked(s, param));
}

static bool refuse(const char *what, Error *err)
{
    return error_set(err, 1, 1, "'%s' is locked in this step", what);
}

static bool rows_allow(const Step *s, const ParamInfo *rows, const ParamSet *set, Error *err)
{
    for (int i = 0; rows[i].name; i++)
        if (set->given >> i & 1u && !is_unlocked(s, rows[i].name))
            return refuse(rows[i].name, err);
    return true;
}

bool step_allows(const Step *s, const Scene *now, SceneKey key, const char *value, size_t length,
                 Error *err)
{
    Edit e;
    Error ignored;
    if (is_unlocked(s, scene_keys[key].name))
        return true;
    if (key != SCENE_SCHEDULE && key != SCENE_OPTIMIZER)
        return refuse(scene_keys[key].name, err);
    const Choice *present = key == SCENE_SCHEDULE ? &now->schedule : &now->optimizer;
    if (!edit_parse_value(now, &e, 0, key, value, length, &ignored) || e.choice.row < 0 ||
        e.choice.row != present->row)
        return refuse(scene_keys[key].name, err);
    const ParamInfo *rows =
        key == SCENE_SCHEDULE ? schedules[present->row].params : optimizers[present->row].params;
    return rows_allow(s, rows, &e.choice.params, err);
}

static bool has_row(const ParamInfo *rows, const char *name, size_t length)
{
    return param_find(rows, name, length) >= 0;
}

static bool has_number(const NamedSet *set, const char *name, size_t length)
{
    for (int i = 0; i < set->count; i++)
        if (word_is(name, length, set->name[i]))
            return true;
    return false;
}

/* The typed schedule in force, if the name is one of its parameters; NULL: none. */
static const char *schedule_with(const Scene *s, long row, const char *name, size_t length)
{
    const Choice *now = &s->schedule;
    bool known = has_number(&now->named, name, length);
    for (int i = 0; i < s->edit_count && s->edit[i].step <= row; i++)
        if (s->edit[i].key == SCENE_SCHEDULE) {
            now = &s->edit[i].choice;
            known = known || has_number(&now->named, name, length);
        }
    return known ? now->formula : NULL;
}

bool setup_param(const Timeline *t, long row, const char *name, size_t length, SceneKey *key,
                 Text *value)
{
    const Scene *scene = timeline_scene(t);
    const Schedule *schedule = timeline_rate(t, row)->schedule;
    const Optimizer *optimizer = timeline_optimizer(t, row, NULL);
    const Surface *surface = scene_surface(scene);
    const char *whose = NULL;
    *key = SCENE_SCHEDULE;
    if (!schedule)
        whose = schedule_with(scene, row, name, length);
    else if (has_row(schedule->params, name, length))
        whose = schedule->name;
    if (!whose && has_row(optimizer->params, name, length)) {
        *key = SCENE_OPTIMIZER;
        whose = optimizer->name;
    }
    if (!whose) {
        *key = SCENE_SURFACE;
        if (has_number(surface ? &surface->params : &scene->surface.named, name, length))
            whose = surface ? surface->name : scene->surface.formula;
    }
    if (whose)
        text_add(value, "%s:%.*s=", whose, (int)length, name);
    return whose != NULL;
}

static bool word_allowed(const Scene *scene, const Step *step, const Word *w, Error *err)
{
    int key = w->key ? scene_key_find(w->text, w->key) : -1;
    if (!step || key < 0)
        return true;
    if (step_allows(step, scene, (SceneKey)key, w->value, w->length, err))
        return true;
    error_shift(err, w->line, w->column);
    return false;
}

static bool apply_word(Scene *scene, const Step *step, const Word *w, Error *err)
{
    Scene *probe;
    int key = w->key ? scene_key_find(w->text, w->key) : -1;
    if (!word_allowed(scene, step, w, err))
        return false;
    if (key >= 0) {
        if (scene_adjust(scene, (SceneKey)key, w->value, w->length, err))
            return true;
        error_shift(err, w->line, w->value_column);
        return false;
    }
    probe = malloc(sizeof *probe); /* the scene parser words the error */
    if (!probe)
        return error_set(err, w->line, w->column, "out of memory");
    scene_default(probe);
    bool ok = scene_parse(probe, w->text, NULL, err);
    free(probe);
    if (ok)
        error_set(err, w->line, w->column, "expected key=value, found '%.60s'", w->text);
    else
        error_shift(err, w->line, w->column);
    return false;
}

/* "at 40 eta0=0.1", "vs eta0=2": the line that the word begins. */
static bool apply_line(Scene *scene, const Step *step, WordScan *scan, const Word *first,
                       Error *err)
{
    Word *w = malloc(sizeof *w);
    WordScan ahead = *scan;
    bool ok = w != NULL;
    for (bool last = first->last; ok && !last; last = w->last)
        ok = word_next(&ahead, w, err) == 1 && word_allowed(scene, step, w, err);
    free(w);
    return ok && scene_scan_line(scene, scan, first, err);
}

static bool apply_words(Scene *scene, const Step *step, const char *text, Word *w, Error *err)
{
    WordScan scan = word_scan(text);
    int got;
    while ((got = word_next(&scan, w, err)) == 1)
        if (!(word_begins_line(w) ? apply_line(scene, step, &scan, w, err)
                                  : apply_word(scene, step, w, err)))
            return false;
    return got == 0;
}

bool setup_apply(Scene *scene, const Step *step, const char *words, size_t length, Error *err)
{
    char *text = malloc(length + 1);
    Word *w = malloc(sizeof *w);
    bool ok = text && w;
    if (ok) {
        memcpy(text, words, length);
        text[length] = '\0';
        ok = apply_words(scene, step, text, w, err);
    } else {
        error_set(err, 1, 1, "out of memory");
    }
    free(text);
    free(w);
    return ok;
}

bool setup_next_run(const char **at, const char **run, size_t *length)
{
    if (!*at)
        return false;
    const char *start = *at + strspn(*at, " ");
    const char *end = text_until(start, "|");
    *at = *end ? end + 1 : NULL;
    while (end > start && end[-1] == ' ')
        end--;
    *run = start;
    *length = (size_t)(end - start);
    return true;
}
