/* SPDX-License-Identifier: MIT
 * lesson: see lesson.h. What is asked of a lesson once it is read; lesson_parse.c reads it. */
#include "teach/lesson.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "core/named.h"

void errors_start(ErrorList *list)
{
    list->count = list->errors = list->warnings = list->dropped = 0;
}

void errors_add(ErrorList *list, bool warning, const char *file, long line, long column,
                const char *format, ...)
{
    *(warning ? &list->warnings : &list->errors) += 1;
    if (list->count == LESSON_ERRORS) {
        list->dropped++;
        return;
    }
    LessonError *e = &list->item[list->count++];
    char message[sizeof e->error.message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_set(&e->error, line, column, "%s", message);
    error_in(&e->error, file);
    e->warning = warning;
}

void errors_line(const LessonError *e, Text *out)
{
    text_add(out, "%s", e->error.file);
    if (e->error.line > 0)
        text_add(out, ":%ld", e->error.line);
    if (e->error.line > 0 && e->error.column > 0)
        text_add(out, ":%ld", e->error.column);
    text_add(out, ": %s: ", e->warning ? "warning" : "error");
    for (const char *c = e->error.message; *c; c++)
        text_put(out, (unsigned char)*c < 0x20 || *c == 0x7f ? "?" : c, 1);
}

/* ---- scenes ------------------------------------------------------------------------------- */

static const LessonScene *own_scene(const Lesson *l, const char *name, size_t length)
{
    for (int i = 0; i < l->scenes; i++)
        if (word_is(name, length, l->scene[i].name))
            return &l->scene[i];
    return NULL;
}

bool lesson_has_scene(const Lesson *l, const char *name, size_t length)
{
    return own_scene(l, name, length) || named_find(name, length);
}

static bool unknown_scene(const Lesson *l, const char *name, size_t length, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, name, length);
    for (int i = 0; i < l->scenes; i++)
        near_try(&near, l->scene[i].name);
    for (int i = 0; i < named_count(); i++)
        near_try(&near, named_row(i)->id);
    return error_set(err, 1, 1, "unknown scene '%.*s'%s", (int)(length > 60 ? 60 : length), name,
                     near_hint(&near, hint, sizeof hint));
}

/* like=NAME in front: begin from a named scene and override. Own scenes are no base: no loops. */
static bool own_scene_load(const Lesson *l, const LessonScene *own, Scene *out, Error *err)
{
    const char *text = own->text.text;
    scene_default(out);
    if (strncmp(text, "like=", 5) != 0)
        return scene_parse(out, text, NULL, err);
    const char *name = text + 5;
    size_t length = strcspn(name, " ;");
    const NamedScene *base = named_find(name, length);
    if (!base) {
        unknown_scene(l, name, length, err);
        error_shift(err, 1, 6);
        return false;
    }
    if (!named_load(base, out, err))
        return false;
    if (scene_parse(out, name + length, NULL, err))
        return true;
    error_shift(err, 1, (long)(6 + length));
    return false;
}

bool lesson_scene(const Lesson *l, const char *name, size_t length, Scene *out, Error *err)
{
    const LessonScene *own = own_scene(l, name, length);
    if (own)
        return own_scene_load(l, own, out, err);
    const NamedScene *row = named_find(name, length);
    return row ? named_load(row, out, err) : unknown_scene(l, name, length, err);
}

size_t lesson_scene_prefix(const Lesson *l, const char *text, const char **rest)
{
    size_t length = strcspn(text, ": ");
    *rest = text;
    if (text[length] != ':' || !lesson_has_scene(l, text, length))
        return 0;
    *rest = text + length + 1;
    *rest += strspn(*rest, " ");
    return length;
}

int lesson_step_find(const Lesson *l, const char *id, size_t length)
{
    for (int i = 0; i < l->steps; i++)
        if (word_is(id, length, l->step[i].id))
            return i;
    return -1;
}

const Passage *step_subject(const Step *s)
{
    return s->run.text ? &s->run : s->use.text ? &s->use : s->show.text ? &s->show : NULL;
}

/* ---- prose -------------------------------------------------------------------------------- */

/* A star that begins or ends an emphasis stands at a word's edge; "2 * 3" and "a*b" have none. */
static bool is_mark(const char *start, const char *at)
{
    bool word_before = at > start && !isspace((unsigned char)at[-1]) && at[-1] != '(';
    bool word_after = at[1] && !isspace((unsigned char)at[1]) && !strchr(".,:;!?)", at[1]);
    return word_before != word_after;
}

void lesson_plain(const char *prose, Text *out)
{
    for (const char *c = prose; *c; c++)
        if (*c != '*' || !is_mark(prose, c))
            text_put(out, c, 1);
}

int lesson_words(const char *text)
{
    int n = 0;
    bool inside = false;
    for (; *text; text++) {
        bool blank = isspace((unsigned char)*text) != 0;
        n += !blank && !inside;
        inside = !blank;
    }
    return n;
}

bool step_beside(const Step *s, int k, char out[BESIDE_NAME])
{
    const char *at = s->beside.text ? s->beside.text : "";
    at += strspn(at, " ");
    for (; k > 0 && *at; k--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    size_t n = strcspn(at, " ");
    snprintf(out, BESIDE_NAME, "%.*s", (int)(n < BESIDE_NAME ? n : BESIDE_NAME - 1), at);
    return n > 0;
}
