/* SPDX-License-Identifier: MIT
 * complete: see complete.h */
#include "app/complete.h"

#include <string.h>

#include "app/choose.h"
#include "app/line.h"
#include "core/scene.h"

/* Counts down to the k-th candidate that begins with the stem. */
typedef struct Pick {
    const char *stem;
    size_t length;
    int left; /* candidates still to skip */
    bool found;
    char *word; /* COMPLETE_SIZE bytes */
} Pick;

static void offer_part(Pick *p, const char *word, size_t length)
{
    if (p->found || length < p->length || strncmp(word, p->stem, p->length) != 0 || p->left-- > 0)
        return;
    snprintf(p->word, COMPLETE_SIZE, "%.*s", (int)length, word);
    p->found = true;
}

static void offer(Pick *p, const char *word)
{
    offer_part(p, word, strlen(word));
}

static void offer_kind(const App *a, Pick *p, const Kind *k)
{
    for (int i = 0; i < k->count(a); i++)
        offer(p, kind_name(a, k, i));
}

static void offer_rows(Pick *p, const ParamInfo *rows)
{
    for (int i = 0; rows[i].name; i++)
        offer(p, rows[i].name);
}

/* The words of a command's usage, "next|previous|NAME": those in small letters. */
static void offer_usage(Pick *p, const Command *c)
{
    for (const char *at = c->args; *at;) {
        at += strspn(at, "[]| ");
        size_t length = strcspn(at, "[]| ");
        if (at[0] >= 'a' && at[0] <= 'z')
            offer_part(p, at, length);
        at += length;
    }
}

/* "cosine:eta_m": parameters of the named row. */
static void offer_params(Pick *p, const Kind *k, const char *name, size_t length)
{
    const Schedule *s = k->key == SCENE_SCHEDULE ? schedule_find(name, length) : NULL;
    const Optimizer *o = k->key == SCENE_OPTIMIZER ? optimizer_find(name, length) : NULL;
    const Surface *f = k->key == SCENE_SURFACE ? surface_find(name, length) : NULL;
    if (s)
        offer_rows(p, s->params);
    if (o)
        offer_rows(p, o->params);
    for (int i = 0; f && i < f->params.count; i++)
        offer(p, f->params.name[i]);
}

/* The last piece of an argument that names a row, and perhaps its parameters. */
static void offer_choice(const App *a, Pick *p, const Kind *kind, const char *value)
{
    const char *colon = strchr(value, ':');
    const char *comma = strrchr(value, ',');
    if (!colon) {
        p->stem = value;
        p->length = strlen(value);
        offer_kind(a, p, kind);
        return;
    }
    p->stem = comma && comma > colon ? comma + 1 : colon + 1;
    p->length = strlen(p->stem);
    offer_params(p, kind, value, (size_t)(colon - value));
}

static void offer_value(const App *a, Pick *p, const char *word, const char *equals)
{
    int key = scene_key_find(word, (size_t)(equals - word));
    const Kind *kind = key < 0 ? NULL : kind_of_key(key);
    p->stem = equals + 1;
    p->length = strlen(p->stem);
    if (kind)
        offer_choice(a, p, kind, equals + 1);
}

static void offer_argument(const App *a, Pick *p, const Command *c, const char *word)
{
    const Kind *kind = kind_find(c->name, strlen(c->name));
    offer_usage(p, c);
    for (int i = 0; c->words && c->words[i]; i++)
        offer(p, c->words[i]);
    if (kind)
        offer_choice(a, p, kind, word);
}

static void offer_line(const App *a, Pick *p, const char *line)
{
    const char *word = strrchr(line, ' ');
    const Command *c = command_of(a->views->row, line);
    word = word ? word + 1 : line;
    const char *equals = strchr(word, '=');
    if (equals) {
        offer_value(a, p, word, equals);
        return;
    }
    p->stem = word;
    p->length = strlen(word);
    if (c && word != line) {
        offer_argument(a, p, c, word);
        return;
    }
    for (int n = 0; word == line && (c = command_row(a->views->row, n)); n++)
        offer(p, c->name);
    for (int i = 0; i < SCENE_KEYS; i++)
        if (word != line ||
            !command_find(a->views->row, scene_keys[i].name, strlen(scene_keys[i].name)))
            offer(p, scene_keys[i].name);
}

bool complete_word(const App *a, const char *line, int k, char word[COMPLETE_SIZE], int *from)
{
    Pick p = {.left = k, .word = word};
    offer_line(a, &p, line + strspn(line, " "));
    *from = (int)(p.stem - line);
    return p.found;
}
