/* SPDX-License-Identifier: MIT
 * belief: see belief.h */
#include "teach/belief.h"

#include <stdbool.h>
#include <string.h>

#include "base/words.h"
#include "teach/rows.h"

enum { BELIEFS = 64 };

static struct {
    bool loaded;
    int count;
    Belief row[BELIEFS];
} table;

static void load(void)
{
    if (table.loaded)
        return;
    table.loaded = true;
    char *text = rows_text("lessons/misconceptions.txt");
    const char *key;
    const char *value;
    while (rows_next(&text, &key, &value)) {
        Belief *now = table.count ? &table.row[table.count - 1] : NULL;
        if (strcmp(key, "belief") == 0 && table.count < BELIEFS)
            table.row[table.count++] = (Belief){value, "", "", ""};
        else if (now && strcmp(key, "says") == 0)
            now->says = value;
        else if (now && strcmp(key, "scenes") == 0)
            now->scenes = value;
        else if (now && strcmp(key, "look") == 0)
            now->look = value;
    }
}

int belief_count(void)
{
    load();
    return table.count;
}

const Belief *belief_row(int index)
{
    load();
    return &table.row[index];
}

const Belief *belief_find(const char *id, size_t length)
{
    for (int i = 0; i < belief_count(); i++)
        if (word_is(id, length, table.row[i].id))
            return &table.row[i];
    return NULL;
}
