/* SPDX-License-Identifier: MIT
 * scene_parse: the lines of a scene: assignments, edits behind `at`, runners behind `vs`. */
#include <string.h>

#include "base/words.h"
#include "core/scene.h"

static bool unknown_key(const Word *w, Error *err)
{
    Near near;
    char hint[64];
    size_t length = w->key ? w->key : w->length;
    near_start(&near, w->text, length);
    for (int i = 0; i < SCENE_KEYS; i++)
        near_try(&near, scene_keys[i].name);
    near_try(&near, "at");
    near_try(&near, "vs");
    return error_set(err, w->line, w->column,
                     w->key ? "unknown key '%.*s'%s" : "expected key=value, found '%.*s'%s",
                     (int)(length > 60 ? 60 : length), w->text,
                     near_hint(&near, hint, sizeof hint));
}

static bool key_of(const Word *w, SceneKey *key, Error *err)
{
    int found = w->key ? scene_key_find(w->text, w->key) : -1;
    if (found < 0)
        return unknown_key(w, err);
    *key = (SceneKey)found;
    return true;
}

/* The word behind `at`: *w. */
static bool read_step(WordScan *scan, Word *w, long *step, Error *err)
{
    static const SceneKeyInfo bounds = {.kind = VALUE_WHOLE, .hi = STEPS_MAX};
    int got = word_next(scan, w, err);
    if (got < 0)
        return false;
    if (got == 0 || w->key)
        return error_set(err, got ? w->line : scan->line, got ? w->column : scan->column,
                         "a step is missing after 'at'");
    if (!value_read(&bounds, step, slice_of(w->value, w->length), err)) {
        error_shift(err, w->line, w->column);
        return false;
    }
    if (w->last)
        return error_set(err, w->line, w->column, "an assignment is missing after 'at %ld'", *step);
    return true;
}

static Place place_of(const Word *w)
{
    return (Place){(int)w->line, (int)w->value_column};
}

/* A further key of a line; *seen collects them. */
static bool key_once(const Word *w, uint32_t *seen, SceneKey *key, Error *err)
{
    if (!key_of(w, key, err))
        return false;
    if (*seen >> *key & 1u)
        return error_set(err, w->line, w->column, "'%s' is given twice", scene_keys[*key].name);
    *seen |= 1u << *key;
    return true;
}

/* Edits behind a `vs` are its runner's. */
static bool scan_edit(Scene *s, WordScan *scan, Error *err)
{
    Word *w = &(Word){0};
    long step = 0;
    uint32_t seen = 0;
    if (!read_step(scan, w, &step, err))
        return false;
    while (!w->last) {
        Edit e = {.runner = s->runner_count, .step = step};
        if (word_next(scan, w, err) < 0 || !key_once(w, &seen, &e.key, err))
            return false;
        e.place = place_of(w);
        if (!edit_read(s, &e, slice_of(w->value, w->length), err)) {
            error_shift(err, w->line, w->value_column);
            return false;
        }
        if (!scene_insert_edit(s, &e, err)) {
            error_shift(err, w->line, w->column);
            return false;
        }
    }
    return true;
}

/* One assignment behind `vs`. */
static bool assign_own(Runner *r, const Word *w, Error *err)
{
    SceneKey key = SCENE_KEYS;
    if (!key_once(w, &r->given, &key, err))
        return false;
    const SceneKeyInfo *k = &scene_keys[key];
    if (!k->own)
        return error_set(err, w->line, w->column,
                         "'%s' is the same for all runners: it cannot stand "
                         "behind 'vs'",
                         k->name);
    if (!value_read(k, (char *)r + k->own, slice_of(w->value, w->length), err)) {
        error_shift(err, w->line, w->value_column);
        return false;
    }
    r->place[key] = place_of(w);
    return true;
}

static bool is_bare(const Word *w, const char *word)
{
    return !w->key && word_is(w->text, w->length, word);
}

/* `ended`: no word follows the `vs` on its line. */
static bool scan_runner(Scene *s, WordScan *scan, bool ended, Error *err)
{
    Word *w = &(Word){.last = ended};
    if (s->runner_count == SCENE_RUNNERS - 1)
        return error_set(err, scan->line, scan->column, "more than %d runners", SCENE_RUNNERS);
    Runner *r = &s->runner[s->runner_count++];
    memset(r, 0, sizeof *r);
    while (!w->last)
        if (word_next(scan, w, err) < 0 || !assign_own(r, w, err))
            return false;
    return true;
}

bool word_begins_line(const Word *w)
{
    return is_bare(w, "at") || is_bare(w, "vs");
}

bool scene_scan_line(Scene *s, WordScan *scan, const Word *first, Error *err)
{
    if (is_bare(first, "vs"))
        return scan_runner(s, scan, first->last, err);
    if (first->last)
        return error_set(err, first->line, first->column, "a step is missing after 'at'");
    return scan_edit(s, scan, err);
}

/* Words that stand in no text: their lines count from `from`, so that places tell. */
static WordScan option_scan(const char *words, long from)
{
    WordScan scan = word_scan(words);
    scan.line = from;
    return scan;
}

static bool option_error(Error *err, long from)
{
    if (err)
        err->line += 1 - from;
    return false;
}

bool scene_parse_edit(Scene *s, const char *words, Error *err)
{
    WordScan scan = option_scan(words, PLACE_AT);
    Word rest;
    int runners = s->runner_count;
    s->runner_count = 0; /* it is A's */
    bool ok = scan_edit(s, &scan, err);
    s->runner_count = runners;
    int got = ok ? word_next(&scan, &rest, err) : -1;
    if (got > 0)
        error_set(err, rest.line, rest.column, "one edit is expected");
    return got == 0 || option_error(err, PLACE_AT);
}

/* The runner, then its edits. */
static bool parse_runner(Scene *s, WordScan *scan, Error *err)
{
    Word *w = &(Word){0};
    WordScan ahead = *scan;
    int got = word_next(&ahead, w, err);
    if (got < 0 || !scan_runner(s, scan, got == 0 || is_bare(w, "at"), err))
        return false;
    while ((got = word_next(scan, w, err)) > 0) {
        if (!is_bare(w, "at"))
            return error_set(err, w->line, w->column, "one runner is expected");
        if (!scan_edit(s, scan, err))
            return false;
    }
    return got == 0;
}

bool scene_parse_runner(Scene *s, const char *words, Error *err)
{
    WordScan scan = option_scan(words, PLACE_VS);
    const char *end = text_until(words, ";\n");
    if (*end)
        return error_set(err, 1, (long)utf8_count(words, (size_t)(end - words)) + 1,
                         "a runner is one line: 'at' needs no line end before it");
    return parse_runner(s, &scan, err) || option_error(err, PLACE_VS);
}

/* Relative data paths are meant relative to the scene's file. */
static bool join_path(char *path, const char *folder, Error *err)
{
    char joined[SCENE_PATH];
    if (!folder || !folder[0] || path[0] == '/')
        return true;
    int n = snprintf(joined, sizeof joined, "%s/%s", folder, path);
    if (n < 0 || (size_t)n >= sizeof joined)
        return error_set(err, 1, 1, "file name too long");
    memcpy(path, joined, (size_t)n + 1);
    return true;
}

/* A file named by this assignment is meant relative to the folder. */
static bool join_folder(Scene *s, SceneKey key, const char *folder, Error *err)
{
    char grid[SCENE_PATH];
    if (key == SCENE_DATA)
        return join_path(s->data, folder, err);
    if (key == SCENE_HELD_OUT && scene_is_file(s->held_out))
        return join_path(s->held_out, folder, err);
    if (key != SCENE_SURFACE || !scene_is_grid(s))
        return true;
    memcpy(grid, s->surface.formula, sizeof grid); /* read_grid took no longer name */
    if (!join_path(grid, folder, err))
        return false;
    memcpy(s->surface.formula, grid, sizeof grid);
    return true;
}

static bool parse_assignment(Scene *s, const Word *w, uint32_t *seen, const char *folder,
                             Error *err)
{
    SceneKey key = SCENE_KEYS;
    if (!key_once(w, seen, &key, err))
        return false;
    if (s->runner_count)
        return error_set(err, w->line, w->column,
                         "'%s' stands behind a 'vs' but not in its line: "
                         "the scene's own keys come first",
                         scene_keys[key].name);
    if (!scene_assign(s, key, w->value, w->length, err) || !join_folder(s, key, folder, err)) {
        error_shift(err, w->line, w->value_column);
        return false;
    }
    s->place[key] = place_of(w);
    if (scene_keys[key].kind == VALUE_SURFACE) /* read_surface takes blanks off */
        s->place[key].column += (int)strspn(w->value, " \t");
    return true;
}

static bool check_formula(const Scene *s, SceneKey key, const char *formula, const NamedSet *named,
                          Error *err)
{
    if (value_is_loss(formula, named, err))
        return true;
    error_shift(err, s->place[key].line, s->place[key].column);
    return false;
}

/* Names in the formulas of this text, whose keys are `seen`: without data only x, y and parameters
 * are known. With data timeline_set knows the columns. */
static bool check_names(const Scene *s, uint32_t seen, Error *err)
{
    const Surface *surface = scene_surface(s);
    const NamedSet *named = surface ? &surface->params : &s->surface.named;
    if ((seen >> SCENE_SURFACE & 1u) && !surface && !scene_is_grid(s) &&
        !scene_given(s, SCENE_DATA) &&
        !check_formula(s, SCENE_SURFACE, s->surface.formula, named, err))
        return false;
    return !(seen >> SCENE_HELD_OUT & 1u) || scene_is_file(s->held_out) ||
           check_formula(s, SCENE_HELD_OUT, s->held_out, named, err);
}

bool scene_parse(Scene *s, const char *text, const char *folder, Error *err)
{
    static const char bom[] = "\xEF\xBB\xBF";
    WordScan scan = word_scan(text + (strncmp(text, bom, 3) == 0 ? 3 : 0));
    Word *w = &(Word){0};
    uint32_t seen = 0;
    int got;
    while ((got = word_next(&scan, w, err)) > 0)
        if (!(word_begins_line(w) ? scene_scan_line(s, &scan, w, err)
                                  : parse_assignment(s, w, &seen, folder, err)))
            return false;
    return got == 0 && check_names(s, seen, err);
}
