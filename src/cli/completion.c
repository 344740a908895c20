/* SPDX-License-Identifier: MIT
 * completion: a script for a shell, and what it asks for while somebody types:
 *
 *     etascope completion words 'etascope show --schedule=cos'
 *
 * prints what the last word of the line may become, one a line, from the tables. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "cli/cli.h"

enum { LINE_WORDS = 64 };

/* What is being typed: `length` bytes at `typed` are to become a word; what stands before them
 * in the same argument is printed again, `after` follows. */
typedef struct Typed {
    const char *argument;
    const char *typed;
    size_t length;
    const char *after;
} Typed;

static void take(void *ctx, const char *word)
{
    const Typed *t = ctx;
    if (strncmp(word, t->typed, t->length) == 0)
        printf("%.*s%s%s\n", (int)(t->typed - t->argument), t->argument, word, t->after);
}

/* From now on only what stands behind the last of `marks` is being typed. */
static void type_behind(Typed *t, const char *marks)
{
    for (const char *at = t->typed; at < t->typed + t->length;)
        if (strchr(marks, *at)) {
            t->length -= (size_t)(at + 1 - t->typed);
            t->typed = ++at;
        } else {
            at++;
        }
}

/* "final|tail|best", also within brackets: the words that are meant literally. */
static void words_between_bars(const char *text, Typed *t)
{
    while (*text) {
        char word[64];
        size_t n = strcspn(text, "[]| ");
        bool literal = islower((unsigned char)text[0]) || isdigit((unsigned char)text[0]);
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        if (literal && n < sizeof word)
            take(t, word);
        text += n + (text[n] != '\0');
    }
}

/* Behind the colon of NAME:a=1,b=2: a parameter's name, or a choice's value. */
static void parameters(const ParamInfo *p, Typed *t)
{
    type_behind(t, ",");
    const char *equals = memchr(t->typed, '=', t->length);
    size_t name = equals ? (size_t)(equals - t->typed) : 0;
    for (; p->name; p++) {
        if (!equals) {
            take(&(Typed){t->argument, t->typed, t->length, "="}, p->name);
        } else if (strlen(p->name) == name && strncmp(p->name, t->typed, name) == 0 && p->choices) {
            type_behind(t, "=");
            for (const char *const *choice = p->choices; *choice; choice++)
                take(t, *choice);
            return;
        }
    }
}

static void surface_parameters(const Surface *s, Typed *t)
{
    type_behind(t, ",");
    for (int i = 0; i < s->params.count; i++)
        take(&(Typed){t->argument, t->typed, t->length, "="}, s->params.name[i]);
}

/* The value of a scene key that begins with the name of a row. */
static void row_value(ValueKind kind, Typed *t)
{
    const char *colon = memchr(t->typed, ':', t->length);
    size_t n = colon ? (size_t)(colon - t->typed) : 0;
    if (!colon) {
        (kind == VALUE_SCHEDULE    ? words_of_schedules
         : kind == VALUE_OPTIMIZER ? words_of_optimizers
                                   : words_of_surfaces)(take, t);
        return;
    }
    const char *name = t->typed;
    type_behind(t, ":");
    const Schedule *s = kind == VALUE_SCHEDULE ? schedule_find(name, n) : NULL;
    const Optimizer *o = kind == VALUE_OPTIMIZER ? optimizer_find(name, n) : NULL;
    const Surface *f = kind == VALUE_SURFACE ? surface_find(name, n) : NULL;
    if (s || o)
        parameters(s ? s->params : o->params, t);
    else if (f)
        surface_parameters(f, t);
}

static void value_of(const char *name, size_t length, Typed *t)
{
    int key = cli_key_find(name, length);
    const OptionInfo *o = cli_option_find(name, length);
    if (key >= 0) {
        ValueKind kind = scene_keys[key].kind;
        if (kind == VALUE_SCHEDULE || kind == VALUE_OPTIMIZER || kind == VALUE_SURFACE)
            row_value(kind, t);
    } else if (o && o->names) {
        type_behind(t, ",");
        o->names(take, t);
    } else if (o && o->words) {
        for (const char *const *word = o->words; *word; word++)
            take(t, *word);
    } else if (o && o->value) {
        words_between_bars(o->value, t);
    }
}

static void option_names(const VerbInfo *v, const Typed *t)
{
    char word[80];
    for (const SceneKeyInfo *k = scene_keys; k->name && (!v || v->takes_scene); k++) {
        snprintf(word, sizeof word, "--%s=", k->name);
        take(&(Typed){t->argument, t->typed, t->length, ""}, word);
    }
    for (const OptionInfo *o = cli_options; o->name; o++) {
        snprintf(word, sizeof word, "--%s%s", o->name, o->value ? "=" : "");
        if (o->verbs >> (v ? v->verb : VERB_STAGE) & 1)
            take(&(Typed){t->argument, t->typed, t->length, ""}, word);
    }
}

static void verb_names(Typed *t)
{
    for (const VerbInfo *v = cli_verbs; v->name; v++)
        take(t, v->name);
}

/* true: the option before waits for its value in this word. */
static bool awaits_value(const char *before, size_t length)
{
    if (length < 3 || strncmp(before, "--", 2) != 0 || memchr(before, '=', length))
        return false;
    const OptionInfo *o = cli_option_find(before + 2, length - 2);
    return cli_key_find(before + 2, length - 2) >= 0 || (o && o->value);
}

typedef struct Line {
    const char *word[LINE_WORDS];
    size_t length[LINE_WORDS];
    int words; /* the last one is being typed and may be empty */
} Line;

static void split(Line *l, const char *at)
{
    l->words = 0;
    for (;;) {
        at += strspn(at, " ");
        const char *end = text_until(at, " ");
        int i = l->words < LINE_WORDS ? l->words++ : LINE_WORDS - 1;
        l->word[i] = at;
        l->length[i] = (size_t)(end - at);
        if (!*end)
            return;
        at = end;
    }
}

static void complete(const char *text)
{
    Line l;
    split(&l, text);
    int last = l.words - 1;
    const char *word = l.word[last];
    Typed t = {word, word, l.length[last], ""};
    const VerbInfo *v = NULL;
    for (const VerbInfo *row = cli_verbs; last > 1 && row->name; row++)
        if (strlen(row->name) == l.length[1] && strncmp(row->name, l.word[1], l.length[1]) == 0)
            v = row;
    const char *equals = memchr(word, '=', t.length);
    if (last > 1 && awaits_value(l.word[last - 1], l.length[last - 1])) {
        value_of(l.word[last - 1] + 2, l.length[last - 1] - 2, &t);
    } else if (strncmp(word, "--", 2) == 0 && equals) {
        t.length -= (size_t)(equals + 1 - word);
        t.typed = equals + 1;
        value_of(word + 2, (size_t)(equals - word - 2), &t);
    } else if (word[0] == '-') {
        option_names(v, &t);
    } else if (last == 1 || (v && v->verb == VERB_HELP)) {
        verb_names(&t);
    } else if (v && v->names) {
        v->names(take, &t);
    } else if (v) {
        words_between_bars(v->args, &t);
    }
}

int cli_completion(const Cli *c)
{
    char file[64];
    if (c->words == 2 && strcmp(c->word[0], "words") == 0) {
        complete(c->word[1]);
        return cli_close(EXIT_HOLDS);
    }
    snprintf(file, sizeof file, "etascope.%.40s", c->words == 1 ? c->word[0] : "");
    const Embedded *script = embedded_find(file);
    if (!script || !strstr(script->text, "completion words")) {
        fprintf(stderr, "etascope: command line:1:1: which shell? bash, zsh or fish\n");
        return EXIT_INPUT;
    }
    fputs(script->text, stdout);
    return cli_close(EXIT_HOLDS);
}
