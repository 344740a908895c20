/* SPDX-License-Identifier: MIT
 * lesson_parts: what lesson_parse.c and lesson_verify.c share. */
#ifndef ETA_TEACH_LESSON_PARTS_H
#define ETA_TEACH_LESSON_PARTS_H

#include "teach/lesson.h"

typedef struct Piece {
    const char *at;
    size_t length;
} Piece;

typedef struct Reader {
    Lesson *l;
    ErrorList *list;
    const char *text;  /* the whole file */
    const char *at;    /* rest of it */
    long line;         /* last one read */
    Step *step;        /* being read; NULL before the first */
    Step spare;        /* steps too many */
    char *free;        /* room for strings, behind the Lesson */
    size_t room;
    char *scratch;     /* a text being joined */
    char *prose;       /* prose being joined */
    size_t prose_used;
    bool paragraph;    /* the last line was prose */
} Reader;

char *reader_keep(Reader *r, const char *text, size_t length);
void reader_error(Reader *r, long line, long column, const char *message);
void reader_error_at(Reader *r, const Said *s, const char *message);
/* An error found in a text that begins at `at` inside `s`. */
void reader_error_in(Reader *r, const Said *s, const char *at, const Error *e);
/* Where the file has the column-th character (from 1) of a joined text. */
void reader_locate(const Reader *r, const Said *s, long column, long *line, long *out_column);
bool piece_next(const char **at, Piece *p);

void lesson_verify(Reader *r);

#endif
