/* SPDX-License-Identifier: MIT
 * text: bounded text building, numbers as text and back. No allocation, no locale
 * (the program keeps LC_NUMERIC at "C"). */
#ifndef ETA_BASE_TEXT_H
#define ETA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing text in borrowed storage. What does not fit is cut at a whole UTF-8 character
 * and `full` is set. `at` is always terminated. */
typedef struct Text {
    char *at;     /* borrowed storage */
    size_t size;  /* its bytes, terminator included, >= 1 */
    size_t used;  /* bytes written, terminator not counted */
    bool full;    /* something was cut */
} Text;

Text text_over(char *storage, size_t size);
void text_add(Text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_put(Text *t, const char *bytes, size_t count);

/* The shortest decimal that reads back as the same double; "inf", "-inf", "nan". */
#define NUMBER_TEXT 32
void number_print(char out[NUMBER_TEXT], double value);
void text_number(Text *t, double value);

/* A few digits for people: fixed significant digits, never longer than `width` (>= 5)
 * where that is possible; 0.05, 1.2e-07, 3.6e-05, 1234. */
void number_show(char out[NUMBER_TEXT], double value, int digits);

/* The same without zeros that say nothing, for settings: 0.02, 0.5, 1e-7. */
void number_brief(char out[NUMBER_TEXT], double value, int digits);

/* A whole decimal number (as C's strtod without hex), nothing before or after it.
 * inf and nan are read as such; the caller checks bounds. */
bool number_parse(const char *text, size_t length, double *value);

/* The first of `marks` outside '...' and "...", or the end of the text. */
const char *text_until(const char *text, const char *marks);

/* A slice of a text and its column in it, from 1 in characters. No slice: `at` is NULL. */
typedef struct Slice {
    const char *at; /* borrowed, not terminated */
    size_t length;  /* bytes */
    long column;
} Slice;
Slice slice_of(const char *at, size_t length);
/* Cut at the first `mark`: *rest is what follows it; false if there is none. */
bool slice_cut(Slice *p, char mark, Slice *rest);
/* Take the next "key=value" off "a=3,b=1"; value->at is NULL where '=' lacks. false: no more. */
bool slice_pair(Slice *rest, Slice *key, Slice *value);

/* Next UTF-8 character of a terminated text: its code point (0xFFFD where malformed, advancing
 * one byte); 0 at the end. *text moves behind it. */
uint32_t utf8_next(const char **text);
/* Encode one code point; returns the bytes written (1 to 4). */
int utf8_encode(uint32_t code, char out[4]);
/* Characters in the first `bytes` bytes. */
size_t utf8_count(const char *text, size_t bytes);

#endif
