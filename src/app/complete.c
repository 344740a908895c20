/* SPDX-License-Identifier: MIT
 * complete: what may stand at the end of a prompt line, from the tables. */
#include <string.h>

#include "app/state.h"

/* Counts down to the k-th candidate that begins with the stem. */
typedef struct Pick {
    const char *stem;
    size_t length;
    int left;          /* candidates still to skip */
    const char *found; /* borrowed, or NULL */
} Pick;

static void offer(Pick *p, const char *word)
{
    if (!p->found && strncmp(word, p->stem, p->length) == 0 && p->left-- == 0)
        p->found = word;
}

static void offer_kind(const App *a, Pick *p, Kind k)
{
    for (int i = 0; i < kind_count(a, k); i++)
        offer(p, kind_name(a, k, i));
}

static void offer_rows(Pick *p, const ParamInfo *rows)
{
    for (int i = 0; rows[i].name; i++)
        offer(p, rows[i].name);
}

/* The words of a command's usage: "next|previous|NAME". */
static void offer_usage(Pick *p, const Command *c, char (*word)[24])
{
    int n = 0;
    for (const char *at = c->args; *at && n < 8;) {
        at += strspn(at, "[]| ");
        size_t length = strcspn(at, "[]| ");
        bool lower = at[0] >= 'a' && at[0] <= 'z';
        if (lower && length < 24) {
            memcpy(word[n], at, length);
            word[n][length] = '\0';
            offer(p, word[n++]);
        }
        at += length;
    }
}

static int key_kind(SceneKey key)
{
    return key == SCENE_SCHEDULE ? KIND_SCHEDULE : key == SCENE_OPTIMIZER ? KIND_OPTIMIZER
           : key == SCENE_SURFACE ? KIND_SURFACE : -1;
}

/* "cosine:eta_m": parameters of the named row. */
static void offer_params(Pick *p, int kind, const char *name, size_t length)
{
    const Schedule *s = kind == KIND_SCHEDULE ? schedule_find(name, length) : NULL;
    const Optimizer *o = kind == KIND_OPTIMIZER ? optimizer_find(name, length) : NULL;
    const Surface *f = kind == KIND_SURFACE ? surface_find(name, length) : NULL;
    if (s)
        offer_rows(p, s->params);
    if (o)
        offer_rows(p, o->params);
    for (int i = 0; f && i < f->params.count; i++)
        offer(p, f->params.name[i]);
}

/* The last piece of an argument that names a row, and perhaps its parameters. */
static void offer_choice(const App *a, Pick *p, int kind, const char *value)
{
    const char *colon = strchr(value, ':');
    const char *comma = strrchr(value, ',');
    if (!colon) {
        p->stem = value;
        p->length = strlen(value);
        offer_kind(a, p, (Kind)kind);
        return;
    }
    p->stem = comma && comma > colon ? comma + 1 : colon + 1;
    p->length = strlen(p->stem);
    offer_params(p, kind, value, (size_t)(colon - value));
}

static void offer_line(App *a, Pick *p, const char *line)
{
    const char *word = strrchr(line, ' ');
    const Command *c = command_find(line, strcspn(line, " "));
    word = word ? word + 1 : line;
    const char *equals = strchr(word, '=');
    if (equals) {
        int key = scene_key_find(word, (size_t)(equals - word));
        int kind = key < 0 ? -1 : key_kind((SceneKey)key);
        p->stem = equals + 1;
        p->length = strlen(p->stem);
        if (kind >= 0)
            offer_choice(a, p, kind, equals + 1);
        return;
    }
    p->stem = word;
    p->length = strlen(word);
    if (c && word != line) {
        offer_usage(p, c, a->prompt.usage);
        for (int k = 0; k < KINDS; k++)
            if (strcmp(c->name, kind_word((Kind)k)) == 0)
                offer_choice(a, p, k, word);
        if (strcmp(c->name, "theme") == 0)
            for (int i = 0; theme_names[i]; i++)
                offer(p, theme_names[i]);
        if (strcmp(c->name, "map") == 0)
            for (int i = 0; map_names[i]; i++)
                offer(p, map_names[i]);
        return;
    }
    if (word == line)
        for (const Command *k = commands; k->name; k++)
            offer(p, k->name);
    for (int i = 0; i < SCENE_KEYS; i++)
        if (word != line || !command_find(scene_keys[i].name, strlen(scene_keys[i].name)))
            offer(p, scene_keys[i].name);
}

const char *complete_word(App *a, const char *line, int k, int *from)
{
    Pick p = {.left = k};
    const char *first = line + strspn(line, " ");
    offer_line(a, &p, first);
    *from = (int)(p.stem - line);
    return p.found;
}
