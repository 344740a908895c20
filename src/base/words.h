/* SPDX-License-Identifier: MIT
 * words: the nearest known word, for error messages. */
#ifndef ETA_BASE_WORDS_H
#define ETA_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A search for the candidate nearest to a word by Damerau-Levenshtein distance (case ignored).
 * Usage: near_start(&n, word, length); near_try(&n, candidate) for each; near_best(&n). */
typedef struct Near {
    const char *word;  /* borrowed, not terminated */
    size_t length;     /* bytes */
    const char *best;  /* borrowed candidate, or NULL */
    int distance;      /* of best */
} Near;

void near_start(Near *n, const char *word, size_t length);
void near_try(Near *n, const char *candidate);
/* The candidate if it is near enough: one edit away for words of 2 to 4 letters, two up to 8, else
 * a third of the length; NULL otherwise. */
const char *near_best(const Near *n);
/* " (did you mean 'X'?)" or "" into out; returns out. */
const char *near_hint(const Near *n, char *out, size_t size);

/* true if the first `length` bytes at text are exactly word. */
bool word_is(const char *text, size_t length, const char *word);

#endif
