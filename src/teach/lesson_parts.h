/* SPDX-License-Identifier: MIT
 * lesson_parts: a lesson file as lines, passages and words, with errors that know their place: what
 * lesson_parse.c and lesson_verify.c stand on. */
#ifndef ETA_TEACH_LESSON_PARTS_H
#define ETA_TEACH_LESSON_PARTS_H

#include "base/text.h"
#include "teach/lesson.h"

typedef struct Line {
    const char *at;
    size_t length; /* without the line end and blanks before it */
    long number;
} Line;

/* Where a directive may stand. */
typedef enum DirectivePlace { IN_HEAD, IN_STEP, IN_KIND /* in kinds that take it */ } DirectivePlace;

struct LessonReader;
typedef struct Directive {
    const char *name;
    DirectivePlace place;
    const char *usage; /* what a step is told that needs it; NULL: none does; "": no words follow */
    size_t field;      /* offset of the Passage that is set, where `read` is NULL */
    void (*read)(struct LessonReader *r, Passage said);
} Directive;

typedef struct LessonReader {
    Lesson *l;
    ErrorList *list;
    const char *text;  /* the whole file */
    const char *at;    /* rest of it */
    long line;         /* last one read */
    Step *step;        /* being read; NULL before the first */
    Step spare;        /* steps too many */
    const Directive *directives; /* the table, ends with name == NULL; at most 32 rows */
    char *free;        /* room for strings, behind the Lesson */
    size_t room;
    char *scratch;     /* a text being joined */
    char *prose;       /* prose being joined */
    size_t prose_used;
    bool paragraph;    /* the last line was prose */
} LessonReader;

bool char_is_blank(char c);
bool reader_next_line(LessonReader *r, Line *line);
/* The line is part of the step's checksum. */
void reader_hash(LessonReader *r, Line line);
long line_column(Line line, const char *at); /* in characters, from 1 */
/* The text of a directive or an answer from `at` on, with the indented lines that follow joined by
 * one blank each. */
Passage reader_gather(LessonReader *r, Line line, const char *at);
/* A copy behind the Lesson. */
char *reader_keep(LessonReader *r, const char *text, size_t length);
void reader_error(LessonReader *r, long line, long column, const char *message);
void reader_error_at(LessonReader *r, const Passage *s, const char *message);
/* An error found in a text that begins at `at` inside `s`. */
void reader_error_in(LessonReader *r, const Passage *s, const char *at, const Error *e);
/* Where the file has the column-th character (from 1) of a joined text. */
void reader_locate(const LessonReader *r, const Passage *s, long column, long *line,
                   long *out_column);
/* `format` has one %.*s: the slice. */
void reader_error_slice(LessonReader *r, const Passage *s, Slice p, const char *format);

/* The next word; false at the end. */
bool slice_next(const char **at, Slice *p);
bool slice_field(Slice p, const char *name, Slice *value); /* name=value */
bool slice_number(Slice p, double *out);                   /* finite */

void lesson_verify(LessonReader *r);

#endif
