/* SPDX-License-Identifier: MIT
 * lesson_parts: see lesson_parts.h */
#include "teach/lesson_parts.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

/* ---- lines -------------------------------------------------------------------------------- */

bool char_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool reader_next_line(LessonReader *r, Line *line)
{
    if (!*r->at)
        return false;
    size_t length = strcspn(r->at, "\n");
    *line = (Line){r->at, length, ++r->line};
    r->at += length + (r->at[length] == '\n');
    while (line->length &&
           (char_is_blank(line->at[line->length - 1]) || line->at[line->length - 1] == '\r'))
        line->length--;
    return true;
}

static bool peek_line(const LessonReader *r, Line *line)
{
    LessonReader copy = *r;
    return reader_next_line(&copy, line);
}

char *reader_keep(LessonReader *r, const char *text, size_t length)
{
    if (length + 1 > r->room)
        length = 0; /* cannot happen: the room is measured by the file */
    char *kept = r->free;
    memcpy(kept, text, length);
    kept[length] = '\0';
    r->free += length + 1;
    r->room -= length + 1;
    return kept;
}

void reader_hash(LessonReader *r, Line line)
{
    if (r->step)
        r->step->checksum = fnv1a_add(fnv1a_add(r->step->checksum, line.at, line.length), "\n", 1);
}

void reader_error(LessonReader *r, long line, long column, const char *message)
{
    errors_add(r->list, false, r->l->file, line, column, "%s", message);
}

void reader_error_at(LessonReader *r, const Passage *s, const char *message)
{
    reader_error(r, s->line, s->column, message);
}

long line_column(Line line, const char *at)
{
    return (long)utf8_count(line.at, (size_t)(at - line.at)) + 1;
}

/* The text of a directive or an answer from `at` on, with the indented lines that follow joined by
 * one blank each. */
Passage reader_gather(LessonReader *r, Line line, const char *at)
{
    const char *end = line.at + line.length;
    while (at < end && char_is_blank(*at))
        at++;
    Passage said = {r->scratch, line.number, line_column(line, at)};
    size_t used = (size_t)(end - at);
    memcpy(r->scratch, at, used);
    Line next;
    while (peek_line(r, &next) && next.length && (char_is_blank(*next.at) || *next.at == '%')) {
        reader_next_line(r, &next);
        if (*next.at == '%')
            continue;
        reader_hash(r, next);
        size_t skip = strspn(next.at, " \t");
        r->scratch[used++] = ' ';
        memcpy(r->scratch + used, next.at + skip, next.length - skip);
        used += next.length - skip;
    }
    said.text = reader_keep(r, r->scratch, used);
    return said;
}

void reader_locate(const LessonReader *r, const Passage *s, long column, long *line,
                   long *out_column)
{
    const char *c = r->text;
    for (long n = 1; n < s->line && c; n++)
        c = (c = strchr(c, '\n')) ? c + 1 : NULL;
    *line = s->line;
    *out_column = s->column;
    for (long n = 1; c && n < s->column && *c; n++)
        utf8_next(&c);
    for (long n = 1; c && n < column && *c; n++) {
        const char *rest = c + strspn(c, " \t\r");
        if (*rest != '\n') {
            utf8_next(&c);
            ++*out_column;
            continue;
        }
        do { /* comments between are no part of the text */
            c = rest + 1;
            ++*line;
            rest = c + strcspn(c, "\n");
        } while (*c == '%' && *rest);
        size_t indent = strspn(c, " \t");
        *out_column = 1 + (long)indent;
        c += indent;
    }
}

void reader_error_in(LessonReader *r, const Passage *s, const char *at, const Error *e)
{
    long line;
    long column;
    long offset =
        (long)utf8_count(s->text, (size_t)(at - s->text)) + (e->column > 0 ? e->column : 1);
    reader_locate(r, s, offset, &line, &column);
    reader_error(r, line, column, e->message);
}

/* ---- words and fields --------------------------------------------------------------------- */

/* The next word; false at the end. */
bool slice_next(const char **at, Slice *p)
{
    *at += strspn(*at, " ");
    p->at = *at;
    p->length = strcspn(*at, " ");
    *at += p->length;
    return p->length > 0;
}

/* name=value */
bool slice_field(Slice p, const char *name, Slice *value)
{
    size_t n = strlen(name);
    if (p.length <= n || memcmp(p.at, name, n) != 0 || p.at[n] != '=')
        return false;
    *value = slice_of(p.at + n + 1, p.length - n - 1);
    return true;
}

bool slice_number(Slice p, double *out)
{
    return number_parse(p.at, p.length, out) && isfinite(*out);
}

void reader_error_slice(LessonReader *r, const Passage *s, Slice p, const char *format)
{
    Error e;
    error_set(&e, 1, 1, format, (int)(p.length > 60 ? 60 : p.length), p.at);
    reader_error_in(r, s, p.at, &e);
}
