/* SPDX-License-Identifier: MIT
 * named: the named scenes (assets/scenes*.txt) and the prepared pairs behind the digits
 * (assets/pairs.txt), as rows of text. */
#ifndef ETA_CORE_NAMED_H
#define ETA_CORE_NAMED_H

#include "core/scene.h"

typedef struct NamedScene {
    const char *id;       /* "B1" */
    const char *title;    /* "Stuck in the trap" */
    const char *claim;    /* one plain sentence */
    const char *contrast; /* id of the scene to show beside it, "" if none */
    const char *check;    /* what the end of the run fulfils, in the goal language */
    const char *text;     /* the scene */
} NamedScene;

int named_count(void);
const NamedScene *named_row(int index);
const NamedScene *named_find(const char *id, size_t length); /* case ignored; NULL: none */
/* The scene of a row, over defaults. */
bool named_load(const NamedScene *row, Scene *scene, Error *err);
/* ": unknown scene 'X' (did you mean 'Y'?)" */
bool named_unknown(const char *id, size_t length, Error *err);

/* Two scenes that belong side by side. */
typedef struct Pair {
    int digit;             /* the key that shows it, from 1 */
    const char *id[2];     /* left and right */
    const char *before[2]; /* caption while it runs, <= 12 words */
    const char *after[2];  /* caption at its end */
    const char *holds_before[2]; /* what makes the captions true, in the goal language: at every */
    const char *holds_after[2];  /* row, and at the end */
} Pair;

enum { PAIRS = 9 };
const Pair *pair_row(int index); /* 0 to PAIRS - 1 */
/* Pairs of the user's own, in the format of assets/pairs.txt, in place of those with the same
 * digit. `text` is modified and must outlive them. */
bool pairs_read(char *text, Pair pair[PAIRS], Error *err);

#endif
