/* SPDX-License-Identifier: MIT
 * words: see words.h */
#include "base/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 32

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance: insert, delete, replace, swap neighbours (Damerau 1964). */
static int distance(const char *a, size_t la, const char *b, size_t lb)
{
    int rows[3][WORD_MAX + 1];
    int *before = rows[0];
    int *last = rows[1];
    int *now = rows[2];
    for (size_t j = 0; j <= lb; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= la; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= lb; j++) {
            int ca = tolower((unsigned char)a[i - 1]);
            int cb = tolower((unsigned char)b[j - 1]);
            int d = min_int(min_int(last[j] + 1, now[j - 1] + 1), last[j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
                tolower((unsigned char)a[i - 2]) == cb)
                d = min_int(d, before[j - 2] + 1);
            now[j] = d;
        }
        int *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[lb];
}

void near_start(Near *n, const char *word, size_t length)
{
    *n = (Near){.word = word, .length = length, .distance = 1000};
}

/* A slip in a short word, two in a longer one; nothing is near a single letter. */
static int slips_allowed(const Near *n)
{
    return n->length < 2 ? 0 : n->length < 5 ? 1 : n->length < 9 ? 2 : (int)(n->length / 3);
}

void near_try(Near *n, const char *candidate)
{
    size_t length = strlen(candidate);
    if (n->length == 0 || n->length > WORD_MAX || length > WORD_MAX)
        return;
    int d = abs((int)length - (int)n->length); /* it is no less */
    bool begins = n->length >= 3 && length > n->length &&
                  strncmp(n->word, candidate, n->length) == 0;
    if (begins) /* a beginning counts as one slip */
        d = 1;
    else if (d <= slips_allowed(n))
        d = distance(n->word, n->length, candidate, length);
    if (d < n->distance) {
        n->distance = d;
        n->best = candidate;
    }
}

const char *near_best(const Near *n)
{
    return n->distance <= slips_allowed(n) ? n->best : NULL;
}

const char *near_hint(const Near *n, char *out, size_t size)
{
    const char *best = near_best(n);
    if (best)
        snprintf(out, size, " (did you mean '%s'?)", best);
    else
        out[0] = '\0';
    return out;
}

bool word_is(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}
