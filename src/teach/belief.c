/* SPDX-License-Identifier: MIT
 * belief: see belief.h */
#include "teach/belief.h"


#include "base/blocks.h"
#include "base/words.h"

enum { BELIEFS = 64 };

static struct {
    int count;
    Belief row[BELIEFS];
} table;

static const BlockKey belief_keys[] = {
    {"belief", offsetof(Belief, id), NULL},
    {"says", offsetof(Belief, says), NULL},
    {"scenes", offsetof(Belief, scenes), NULL},
    {"look", offsetof(Belief, look), NULL},
    {0},
};

static const BlockForm belief_form = {
    .size = sizeof(Belief), .fresh = &(const Belief){"", "", "", ""}, .keys = belief_keys};

BLOCKS_AT_START table_read(void)
{
    table.count = blocks_embedded(&belief_form, "lessons/misconceptions.txt", table.row, BELIEFS);
}

int belief_count(void)
{
    return table.count;
}

const Belief *belief_row(int index)
{
    return &table.row[index];
}

const Belief *belief_find(const char *id, size_t length)
{
    for (int i = 0; i < belief_count(); i++)
        if (word_is(id, length, table.row[i].id))
            return &table.row[i];
    return NULL;
}
