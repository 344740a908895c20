/* SPDX-License-Identifier: MIT
 * error: what was wrong with somebody's input, and where. Fixed size, no allocation.
 *
 * Wording: lower case, no full stop, the subject in single quotes, the nearest known word
 * suggested. A function that takes an Error * returns false (or NULL) after filling it. */
#ifndef ETA_BASE_ERROR_H
#define ETA_BASE_ERROR_H

#include <stdbool.h>
#include <stdio.h>

typedef struct Error {
    char file[160];    /* where the text came from: a path, an option's name; "" if unknown */
    long line;         /* from 1; 0 if unknown */
    long column;       /* from 1, in characters (UTF-8 sequences count once); 0 if unknown */
    char message[400]; /* what is wrong */
} Error;

/* Fill `e` (which may be NULL) with a position and a message; always returns false. */
bool error_set(Error *e, long line, long column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Move an error found at line 1, column c of a piece of text to where that piece stands. */
void error_shift(Error *e, long line, long column);

/* Name the source if it is not named yet. */
void error_in(Error *e, const char *file);

/* Write "etascope: FILE:LINE:COLUMN: message\n"; unknown parts are left out. */
void error_print(const Error *e, FILE *to);

#endif
