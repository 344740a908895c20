/* SPDX-License-Identifier: MIT
 * course: see course.h */
#include "teach/course.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/embed.h"
#include "base/words.h"

bool course_add(Course *c, Lesson *l)
{
    if (c->count == c->room) {
        int room = c->room ? 2 * c->room : 16;
        Lesson **larger = realloc(c->lesson, (size_t)room * sizeof(Lesson *));
        if (!larger)
            return false;
        c->lesson = larger;
        c->room = room;
    }
    c->lesson[c->count++] = l;
    return true;
}

int course_join(Course *c, Lesson *l)
{
    int at = course_find(c, l->id, strlen(l->id));
    if (at < 0)
        return course_add(c, l) ? c->count - 1 : -1;
    free(c->lesson[at]);
    c->lesson[at] = l;
    return at;
}

bool course_read(Course *c, ErrorList *list)
{
    for (const Embedded *e = &embedded_files[c->read]; e->name; e++) {
        size_t length = strlen(e->name);
        c->read++;
        if (length < 7 || strcmp(e->name + length - 7, ".lesson") != 0)
            continue;
        Lesson *l = lesson_parse(e->name, e->text, list);
        if (l && !course_add(c, l))
            free(l);
        return true;
    }
    return false;
}

bool course_embedded(Course *c, ErrorList *list)
{
    int before = list->errors;
    *c = (Course){0};
    while (course_read(c, list))
        continue;
    return list->errors == before;
}

void course_free(Course *c)
{
    for (int i = 0; i < c->count; i++)
        free(c->lesson[i]);
    free(c->lesson);
    c->lesson = NULL;
    c->count = c->room = 0;
}

int course_find(const Course *c, const char *id, size_t length)
{
    for (int i = 0; i < c->count; i++)
        if (word_is(id, length, c->lesson[i]->id))
            return i;
    return -1;
}

const Step *course_step(const Course *c, const char *path, const Lesson **lesson)
{
    const char *slash = strchr(path, '/');
    int i = slash ? course_find(c, path, (size_t)(slash - path)) : -1;
    int step = i < 0 ? -1 : lesson_step_find(c->lesson[i], slash + 1, strlen(slash + 1));
    if (step < 0)
        return NULL;
    if (lesson)
        *lesson = c->lesson[i];
    return &c->lesson[i]->step[step];
}

/* The nearest question of the course, "lesson/step". */
static void suggest(const Course *c, const char *path, char *hint, size_t size)
{
    char best[200] = "";
    int distance = 1000;
    for (int i = 0; i < c->count; i++)
        for (int k = 0; k < c->lesson[i]->steps; k++) {
            char candidate[200];
            Near near;
            snprintf(candidate, sizeof candidate, "%.90s/%.90s", c->lesson[i]->id,
                     c->lesson[i]->step[k].id);
            near_start(&near, path, strlen(path));
            near_try(&near, candidate);
            if (near.distance < distance && near_best(&near)) {
                distance = near.distance;
                memcpy(best, candidate, sizeof best);
            }
        }
    hint[0] = '\0';
    if (best[0])
        snprintf(hint, size, " (did you mean '%s'?)", best);
}

static void verify_from(const Course *c, int index, const Step *s, ErrorList *list)
{
    const Lesson *l = c->lesson[index];
    const Lesson *other = NULL;
    const Step *asked = course_step(c, s->from.text, &other);
    char hint[240];
    if (!asked) {
        suggest(c, s->from.text, hint, sizeof hint);
        errors_add(list, false, l->file, s->from.line, s->from.column,
                   "no step is called '%.80s'%s", s->from.text, hint);
        return;
    }
    if (!asked->kind->asks)
        errors_add(list, false, l->file, s->from.line, s->from.column, "'%.80s' asks nothing",
                   s->from.text);
    if (course_find(c, other->id, strlen(other->id)) >= index)
        errors_add(list, false, l->file, s->from.line, s->from.column,
                   "'%.80s' is no earlier lesson", other->id);
}

/* ---- new words ---- */

/* The n-th text that a learner reads in a step; NULL: there is none, `*more` tells the end. */
static const char *step_text(const Step *s, int n, bool *more)
{
    const char *first[] = {s->prose, s->ask.text, s->why.text};
    *more = n < 3 + s->hints + s->captions + 2 * s->answers;
    if (n < 3)
        return first[n];
    if ((n -= 3) < s->hints)
        return s->hint[n].text;
    if ((n -= s->hints) < s->captions)
        return s->caption[n].said.text;
    n -= s->captions;
    return n < s->answers       ? s->answer[n].said.text
           : n < 2 * s->answers ? s->answer[n - s->answers].feedback
                                : NULL;
}

/* Does the term stand in the text as a word, in whatever case; at `from` or behind it? */
static bool has_word(const char *text, const char *term, size_t length)
{
    for (const char *at = text; *at; at++)
        if ((at == text || !isalnum((unsigned char)at[-1])) && strncasecmp(at, term, length) == 0 &&
            !isalnum((unsigned char)at[length]))
            return true;
    return false;
}

static bool step_uses(const Step *s, const char *term, size_t length)
{
    bool more = true;
    for (int n = 0; more; n++) {
        const char *text = step_text(s, n, &more);
        if (text && has_word(text, term, length))
            return true;
    }
    return false;
}

/* A line "term: meaning" or "term (sign): meaning" of the glossary. */
static bool in_glossary(const char *term, size_t length)
{
    const Embedded *file = embedded_find("glossary.txt");
    for (const char *line = file ? file->text : ""; *line; line += *line == '\n') {
        if (strncasecmp(line, term, length) == 0 &&
            (line[length] == ':' || strncmp(line + length, " (", 2) == 0))
            return true;
        line += strcspn(line, "\n");
    }
    return false;
}

/* A word of the glossary is new where it stands between stars: no step before may use it. */
static void verify_new_word(const Course *c, int lesson, int step, const char *term, size_t length,
                            ErrorList *list)
{
    for (int i = 0; i <= lesson; i++)
        for (int k = 0; k < (i < lesson ? c->lesson[i]->steps : step); k++) {
            const Step *s = &c->lesson[i]->step[k];
            if (!step_uses(s, term, length))
                continue;
            bool marked = false; /* there already: here it is repeated */
            bool more = true;
            for (int n = 0; more && !marked; n++) {
                const char *text = step_text(s, n, &more);
                for (const char *at = text ? text : ""; (at = strchr(at, '*')) && !marked; at++)
                    marked = strncasecmp(at + 1, term, length) == 0 && at[1 + length] == '*';
            }
            if (!marked)
                errors_add(list, false, c->lesson[i]->file, s->line, 1,
                           "uses '%.*s', which '%.60s' introduces later", (int)length, term,
                           c->lesson[lesson]->step[step].id);
            return;
        }
}

static void verify_new_words(const Course *c, int lesson, int step, ErrorList *list)
{
    bool more = true;
    for (int n = 0; more; n++) {
        const char *text = step_text(&c->lesson[lesson]->step[step], n, &more);
        for (const char *at = text ? strchr(text, '*') : NULL; at;) {
            size_t length = strcspn(at + 1, "*");
            if (!at[1 + length])
                break;
            if (length && in_glossary(at + 1, length))
                verify_new_word(c, lesson, step, at + 1, length, list);
            at = strchr(at + length + 2, '*');
        }
    }
}

void course_verify(const Course *c, ErrorList *list)
{
    for (int i = 0; i < c->count; i++) {
        const Lesson *l = c->lesson[i];
        if (course_find(c, l->id, strlen(l->id)) != i)
            errors_add(list, false, l->file, l->id_line, 1, "a second lesson '%.60s'", l->id);
        if (l->needs.text && course_find(c, l->needs.text, strlen(l->needs.text)) < 0)
            errors_add(list, false, l->file, l->needs.line, l->needs.column,
                       "needs '%.60s', which is no lesson", l->needs.text);
        for (int k = 0; k < l->steps; k++) {
            verify_new_words(c, i, k, list);
            if (l->step[k].from.text)
                verify_from(c, i, &l->step[k], list);
        }
    }
}
