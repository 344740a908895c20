/* SPDX-License-Identifier: MIT
 * named: see named.h */
#include "core/named.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/embed.h"
#include "base/words.h"

enum { NAMED_MOST = 200 };

/* Made once from the embedded texts. */
static struct {
    NamedScene row[NAMED_MOST];
    int count;
    Pair pair[PAIRS];
    bool loaded;
} table;

static char *embedded_copy(const char *name)
{
    const Embedded *file = embedded_find(name);
    if (!file)
        return NULL;
    char *text = malloc(file->size + 1); /* lives as long as the program */
    if (!text)
        abort();
    return memcpy(text, file->text, file->size + 1);
}

/* Next line without its end; NULL at the end. */
static char *next_line(char **at)
{
    char *line = *at;
    if (!line)
        return NULL;
    char *end = strchr(line, '\n');
    if (end)
        *end = '\0';
    *at = end ? end + 1 : NULL;
    return line;
}

/* "title ..." -> its value, if the line has that key. */
static char *value_of(char *line, const char *key)
{
    size_t n = strlen(key);
    if (strncmp(line, key, n) != 0 || (line[n] != ' ' && line[n] != '\0'))
        return NULL;
    return line + n + (line[n] == ' ');
}

/* Lines of scene text follow each other in the buffer: join them again with ';'. */
static void scene_line(NamedScene *s, char *line)
{
    if (!s->text[0]) {
        s->text = line;
        return;
    }
    char *end = (char *)(uintptr_t)s->text + strlen(s->text);
    size_t n = strlen(line);
    memmove(end + 1, line, n + 1);
    *end = ';';
}

static void scenes_load(const char *file)
{
    char *text = embedded_copy(file);
    char *line;
    NamedScene *now = NULL;
    while ((line = next_line(&text))) {
        char *v;
        if (!line[0] || line[0] == '#')
            continue;
        if ((v = value_of(line, "scene"))) {
            assert(table.count < NAMED_MOST);
            now = &table.row[table.count++];
            *now = (NamedScene){v, "", "", "", "", ""};
        } else if (!now) {
            continue;
        } else if ((v = value_of(line, "title"))) {
            now->title = v;
        } else if ((v = value_of(line, "claim"))) {
            now->claim = v;
        } else if ((v = value_of(line, "contrast"))) {
            now->contrast = v;
        } else if ((v = value_of(line, "check"))) {
            now->check = v;
        } else {
            scene_line(now, line);
        }
    }
}

static void pairs_load(void)
{
    static const struct {
        const char *key;
        int side;
        size_t field;
    } keys[] = {
        {"left", 0, offsetof(Pair, id)},           {"right", 1, offsetof(Pair, id)},
        {"before", 0, offsetof(Pair, before)},     {"after", 0, offsetof(Pair, after)},
        {"before_right", 1, offsetof(Pair, before)}, {"after_right", 1, offsetof(Pair, after)},
    };
    char *text = embedded_copy("pairs.txt");
    char *line;
    Pair *now = NULL;
    while ((line = next_line(&text))) {
        char *v = value_of(line, "pair");
        if (v)
            now = atoi(v) >= 1 && atoi(v) <= PAIRS ? &table.pair[atoi(v) - 1] : NULL;
        for (size_t i = 0; now && i < sizeof keys / sizeof keys[0]; i++)
            if ((v = value_of(line, keys[i].key)))
                ((const char **)(void *)((char *)now + keys[i].field))[keys[i].side] = v;
    }
}

static void load(void)
{
    if (table.loaded)
        return;
    table.loaded = true;
    scenes_load("scenes.txt");
    scenes_load("scenes_data.txt");
    pairs_load();
}

int named_count(void)
{
    load();
    return table.count;
}

const NamedScene *named_row(int index)
{
    load();
    return &table.row[index];
}

const NamedScene *named_find(const char *id, size_t length)
{
    load();
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

const Pair *pair_row(int index)
{
    load();
    return &table.pair[index];
}
