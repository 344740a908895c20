/* SPDX-License-Identifier: MIT
 * blocks: see blocks.h */
#include "base/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "base/words.h"

bool blocks_unknown(const BlockForm *form, const char *key, size_t length, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, key, length);
    for (const BlockKey *k = form->keys; k->key; k++)
        near_try(&near, k->key);
    return error_set(err, 1, 1, "unknown key '%.*s'%s", (int)(length > 60 ? 60 : length), key,
                     near_hint(&near, hint, sizeof hint));
}

/* Cut a comment and blanks off the end. */
static void trim_line(char *line)
{
    char *hash = line[0] == '#' ? line : strstr(line, "  #");
    if (hash)
        *hash = '\0';
    for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]); n--)
        line[n - 1] = '\0';
}

static const BlockKey *find_key(const BlockForm *form, const char *word, size_t length)
{
    for (const BlockKey *k = form->keys; k->key; k++)
        if (word_is(word, length, k->key))
            return k;
    return NULL;
}

static bool read_line(const BlockForm *form, const BlockKey *key, void *row, char *line, Error *err)
{
    if (!key)
        return form->other ? form->other(row, line, err)
                           : blocks_unknown(form, line, strcspn(line, " \t"), err);
    char *value = line + strlen(key->key);
    value += strspn(value, " \t");
    if (!key->read) {
        *(const char **)(void *)((char *)row + key->offset) = value;
        return true;
    }
    if (key->read(row, value, err))
        return true;
    error_shift(err, 1, (long)utf8_count(line, (size_t)(value - line)) + 1);
    return false;
}

/* The rows so far, the last of them open. */
typedef struct Reading {
    char *rows;
    int count;
    int most;
} Reading;

static bool close_row(const BlockForm *form, const Reading *r, Error *err)
{
    return !r->count || !form->check ||
           form->check(r->rows + (size_t)(r->count - 1) * form->size, err);
}

static bool take_line(const BlockForm *form, Reading *r, char *line, Error *err)
{
    const BlockKey *key = find_key(form, line, strcspn(line, " \t"));
    if (key == form->keys) {
        if (!close_row(form, r, err))
            return false;
        if (r->count == r->most)
            return error_set(err, 1, 1, "more than %d blocks", r->most);
        memcpy(r->rows + (size_t)r->count++ * form->size, form->fresh, form->size);
    }
    if (!r->count)
        return error_set(err, 1, 1, "'%.40s' before the first '%s'", line, form->keys[0].key);
    return read_line(form, key, r->rows + (size_t)(r->count - 1) * form->size, line, err);
}

int blocks_read(const BlockForm *form, char *text, void *rows, int most, Error *err)
{
    Reading r = {rows, 0, most};
    long number = 0;
    for (char *line = text, *next; line; line = next) {
        number++;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        trim_line(line);
        if (!*line || take_line(form, &r, line, err))
            continue;
        error_shift(err, number, 1);
        return -1;
    }
    if (close_row(form, &r, err))
        return r.count;
    error_shift(err, number, 1);
    return -1;
}

int blocks_embedded(const BlockForm *form, const char *name, void *rows, int most)
{
    const Embedded *file = embedded_find(name);
    char *text = file ? malloc(file->size + 1) : NULL; /* lives as long as the program */
    Error err = {.message = "cannot be read"};
    int count = -1;
    if (text)
        count = blocks_read(form, memcpy(text, file->text, file->size + 1), rows, most, &err);
    if (count >= 0)
        return count;
    error_in(&err, name);
    error_print(&err, stderr);
    abort();
}
