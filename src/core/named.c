/* SPDX-License-Identifier: MIT
 * named: see named.h */
#include "core/named.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/blocks.h"
#include "base/words.h"

enum { NAMED_MOST = 200 };

static struct {
    NamedScene row[NAMED_MOST];
    int count;
    Pair pair[PAIRS];
} table;

static const BlockKey scene_block_keys[] = {
    {"scene", offsetof(NamedScene, id), NULL},
    {"title", offsetof(NamedScene, title), NULL},
    {"claim", offsetof(NamedScene, claim), NULL},
    {"contrast", offsetof(NamedScene, contrast), NULL},
    {"check", offsetof(NamedScene, check), NULL},
    {0},
};

/* A line of the scene itself; those that follow are moved up and joined to it with ';'. */
static bool read_scene_line(void *row, char *line, Error *err);

static const BlockForm scene_form = {
    .size = sizeof(NamedScene),
    .fresh = &(const NamedScene){"", "", "", "", "", ""},
    .keys = scene_block_keys,
    .other = read_scene_line,
};

static bool read_scene_line(void *row, char *line, Error *err)
{
    NamedScene *s = row;
    size_t word = strcspn(line, " ");
    if (!memchr(line, '=', word) && !word_is(line, word, "at") && !word_is(line, word, "vs"))
        return blocks_unknown(&scene_form, line, word, err);
    if (!s->text[0]) {
        s->text = line;
        return true;
    }
    char *end = (char *)(uintptr_t)s->text + strlen(s->text);
    memmove(end + 1, line, strlen(line) + 1);
    *end = ';';
    return true;
}

static bool read_digit(void *row, char *value, Error *err)
{
    Pair *p = row;
    p->digit = value[0] - '0';
    return (p->digit >= 1 && p->digit <= PAIRS && !value[1]) ||
           error_set(err, 1, 1, "'%.20s' is no digit from 1 to %d", value, PAIRS);
}

static bool read_id(Pair *p, int side, const char *value, Error *err)
{
    p->id[side] = value;
    return named_find(value, strlen(value)) || named_unknown(value, strlen(value), err);
}

static bool read_left(void *row, char *value, Error *err)
{
    return read_id(row, 0, value, err);
}

static bool read_right(void *row, char *value, Error *err)
{
    return read_id(row, 1, value, err);
}

static bool pair_whole(const void *row, Error *err)
{
    const Pair *p = row;
    for (int side = 0; side < 2; side++)
        if (!p->id[side] || !p->before[side] || !p->after[side])
            return error_set(err, 1, 1, "pair %d lacks '%s%s'", p->digit,
                             !p->id[side]       ? side ? "right" : "left"
                             : !p->before[side] ? "before"
                                                : "after",
                             p->id[side] && side ? "_right" : "");
    return true;
}

static const BlockKey pair_keys[] = {
    {"pair", 0, read_digit},
    {"left", 0, read_left},
    {"right", 0, read_right},
    {"before", offsetof(Pair, before[0]), NULL},
    {"after", offsetof(Pair, after[0]), NULL},
    {"before_right", offsetof(Pair, before[1]), NULL},
    {"after_right", offsetof(Pair, after[1]), NULL},
    {"while", offsetof(Pair, holds_before[0]), NULL},
    {"then", offsetof(Pair, holds_after[0]), NULL},
    {"while_right", offsetof(Pair, holds_before[1]), NULL},
    {"then_right", offsetof(Pair, holds_after[1]), NULL},
    {0},
};

static const BlockForm pair_form = {
    .size = sizeof(Pair), .fresh = &(const Pair){0}, .keys = pair_keys, .check = pair_whole};

BLOCKS_AT_START table_read(void)
{
    Pair pair[PAIRS];
    table.count = blocks_embedded(&scene_form, "scenes.txt", table.row, NAMED_MOST);
    table.count += blocks_embedded(&scene_form, "scenes_data.txt", table.row + table.count,
                                   NAMED_MOST - table.count);
    for (int i = blocks_embedded(&pair_form, "pairs.txt", pair, PAIRS); i > 0; i--)
        table.pair[pair[i - 1].digit - 1] = pair[i - 1];
}

int named_count(void)
{
    return table.count;
}

const NamedScene *named_row(int index)
{
    return &table.row[index];
}

const NamedScene *named_find(const char *id, size_t length)
{
    for (int i = 0; i < table.count; i++)
        if (strlen(table.row[i].id) == length && strncasecmp(table.row[i].id, id, length) == 0)
            return &table.row[i];
    return NULL;
}

bool named_unknown(const char *id, size_t length, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, id, length);
    for (int i = 0; i < named_count(); i++)
        near_try(&near, table.row[i].id);
    return error_set(err, 1, 1, "unknown scene '%.*s'%s", (int)(length > 60 ? 60 : length), id,
                     near_hint(&near, hint, sizeof hint));
}

bool named_load(const NamedScene *row, Scene *scene, Error *err)
{
    scene_default(scene);
    return scene_parse(scene, row->text, NULL, err);
}

bool pairs_read(char *text, Pair pair[PAIRS], Error *err)
{
    Pair read[PAIRS];
    int count = blocks_read(&pair_form, text, read, PAIRS, err);
    for (int i = 0; i < count; i++)
        pair[read[i].digit - 1] = read[i];
    return count >= 0;
}

const Pair *pair_row(int index)
{
    return &table.pair[index];
}
