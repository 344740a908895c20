/* SPDX-License-Identifier: MIT
 * blocks: texts of blocks, each a row of a table: surfaces, scenes, pairs, finds, claims,
 * misconceptions.
 *
 *     # a comment
 *     surface bowl20 core
 *     title A long valley     # two blanks and '#': a comment, too
 *
 * A line is a key and its value; the form's first key begins a row. Unknown keys are errors. */
#ifndef ETA_BASE_BLOCKS_H
#define ETA_BASE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct BlockKey {
    const char *key;
    size_t offset; /* without `read`: of the const char * that becomes the value */
    /* Read a terminated value, which lives as long as the row; error columns count from its first
     * character. */
    bool (*read)(void *row, char *value, Error *err);
} BlockKey;

typedef struct BlockForm {
    size_t size;           /* of a row, in bytes */
    const void *fresh;     /* a row of which nothing is known yet */
    const BlockKey *keys;  /* the first begins a row; ends with key == NULL */
    /* A line of no known key; its errors as in `read`, from the line's first character. NULL: an
     * error. */
    bool (*other)(void *row, char *line, Error *err);
    bool (*check)(const void *row, Error *err); /* is a finished row whole? may be NULL */
} BlockForm;

/* Read `text`, which is modified and must outlive the rows; returns how many rows, -1 on error. */
int blocks_read(const BlockForm *form, char *text, void *rows, int most, Error *err);
/* Read an embedded file; one that is wrong ends the program with a message. For tables that are
 * read before main begins (BLOCKS_AT_START) and never change. */
int blocks_embedded(const BlockForm *form, const char *name, void *rows, int most);
#define BLOCKS_AT_START __attribute__((constructor)) static void

/* "unknown key 'fromula' (did you mean 'formula'?)" */
bool blocks_unknown(const BlockForm *form, const char *key, size_t length, Error *err);

#endif
