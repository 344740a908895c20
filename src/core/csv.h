/* SPDX-License-Identifier: MIT
 * csv: the text of a CSV file, fed in pieces of any size, into the columns of a Data. Pure: no
 * files. What is accepted (SPEC 5): a header line, then rows of numbers with as many cells; cells
 * are separated by commas, may stand in "..." and have blanks around them; lines that are blank or
 * begin with '#' are skipped; LF or CRLF; a byte order mark. Numbers are decimal, as in C; they are
 * read exactly (correctly rounded) whatever their length. */
#ifndef ETA_CORE_CSV_H
#define ETA_CORE_CSV_H

#include <stddef.h>

#include "core/columns.h"

enum { CSV_LINE = 1 << 16 }; /* longest line in bytes, its end not counted */

typedef struct Csv {
    Data *to;
    long line;         /* lines begun so far */
    size_t kept;       /* bytes of an unfinished line in `piece` */
    char piece[CSV_LINE + 2];
} Csv;

/* Read into `to`, which must be zero (but for file and users). */
void csv_start(Csv *c, Data *to);
/* Errors carry line 1.. and column; after one the reader must not be used again. */
bool csv_feed(Csv *c, const char *bytes, size_t count, Error *err);
/* The end of the text: the last line may lack its end. Without header or rows it is an error. */
bool csv_finish(Csv *c, Error *err);

/* The decimal number [+-]digits[.digits][e[+-]digits] at `text`, correctly rounded; text must hold
 * something behind it that is no part of a number (any other byte). Returns the bytes read, 0 if
 * there is no number; too large ones give an infinity. */
size_t csv_number(const char *text, double *value);

#endif
