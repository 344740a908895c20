/* SPDX-License-Identifier: MIT
 * scene_print: the value -> text, in the shortest forms that read back as the same value. */
#include <string.h>

#include "core/scene.h"

static void print_named(const NamedSet *n, Text *out)
{
    for (int i = 0; i < n->count; i++) {
        text_add(out, "%s%s=", i ? "," : ":", n->name[i]);
        text_number(out, n->value[i]);
    }
}

/* Quote what the word grammar would take apart. */
static void print_quoted(const char *value, Text *out)
{
    bool plain = value[0] && !strpbrk(value, " \t;#'\"");
    const char *quote = plain ? "" : strchr(value, '\'') ? "\"" : "'";
    text_add(out, "%s%s%s", quote, value, quote);
}

void choice_print(const Choice *c, SceneKey key, Text *out)
{
    if (c->row < 0) {
        print_quoted(c->formula, out);
        print_named(&c->named, out);
    } else if (key == SCENE_SCHEDULE) {
        text_add(out, "%s", schedules[c->row].name);
        param_print(schedules[c->row].params, &c->params, out);
    } else {
        text_add(out, "%s", optimizers[c->row].name);
        param_print(optimizers[c->row].params, &c->params, out);
    }
}

static void print_numbers(Text *out, const double *v, int count)
{
    for (int i = 0; i < count; i++) {
        text_add(out, "%s", i ? "," : "");
        text_number(out, v[i]);
    }
}

static void print_surface(const SurfaceChoice *c, const NamedSet *named, Text *out)
{
    if (c->row < 0)
        print_quoted(c->formula, out);
    else
        text_add(out, "%s", surface_row(c->row)->name);
    print_named(named, out);
}

static void print_value(SceneKey key, const void *value, Text *out)
{
    const Window *w = value;
    const Vec2 *at = value;
    switch (scene_keys[key].kind) {
    case VALUE_SURFACE:
        print_surface(value, &((const SurfaceChoice *)value)->named, out);
        break;
    case VALUE_WINDOW:
        print_numbers(out, (double[]){w->lo.x, w->hi.x, w->lo.y, w->hi.y}, 4);
        break;
    case VALUE_POINT:
        print_numbers(out, (double[]){at->x, at->y}, 2);
        break;
    case VALUE_OPTIMIZER:
    case VALUE_SCHEDULE:
        choice_print(value, key, out);
        break;
    case VALUE_REAL:
        text_number(out, *(const double *)value);
        break;
    case VALUE_WHOLE:
        text_add(out, "%ld", *(const long *)value);
        break;
    case VALUE_SEED:
        text_add(out, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case VALUE_FILE:
        print_quoted(value, out);
        break;
    }
}

void scene_print_value(const Scene *s, SceneKey key, Text *out)
{
    print_value(key, (const char *)s + scene_keys[key].offset, out);
}

static void print_edit_value(const Scene *s, const Edit *e, Text *out)
{
    text_add(out, " %s=", scene_keys[e->key].name);
    if (e->key == SCENE_SURFACE)
        print_surface(&s->surface, &e->choice.named, out);
    else if (e->key == SCENE_SCHEDULE || e->key == SCENE_OPTIMIZER)
        choice_print(&e->choice, e->key, out);
    else
        text_number(out, e->number);
}

void scene_print_edit(const Scene *s, int index, Text *out)
{
    text_add(out, "%ld", s->edit[index].step);
    print_edit_value(s, &s->edit[index], out);
}

/* Edits of one step share a line as long as no key repeats. What is printed begins at `begin`. */
static void print_edits(const Scene *s, int runner, const char *line_end, size_t begin, Text *out)
{
    uint32_t seen = 0;
    const Edit *last = NULL;
    for (int i = 0; i < s->edit_total; i++) {
        const Edit *e = &s->edit[i];
        if (e->runner != runner)
            continue;
        if (!last || last->step != e->step || (seen >> e->key & 1u)) {
            seen = 0;
            text_add(out, "%sat %ld", out->used > begin ? line_end : "", e->step);
        }
        seen |= 1u << e->key;
        last = e;
        print_edit_value(s, e, out);
    }
}

/* The keys that runner `index` says itself. */
static void print_keys(const Scene *s, int index, size_t begin, Text *out)
{
    const Runner *r = index ? &s->runner[index - 1] : NULL;
    uint32_t given = r ? r->given : s->given;
    for (int key = 0; key < SCENE_KEYS; key++) {
        const SceneKeyInfo *k = &scene_keys[key];
        if (!(given >> key & 1u))
            continue;
        text_add(out, "%s%s=", out->used > begin ? " " : "", k->name);
        print_value((SceneKey)key, r ? (const char *)r + k->own : (const char *)s + k->offset, out);
    }
}

void scene_runner_words(const Scene *s, int index, Text *out)
{
    size_t begin = out->used;
    print_keys(s, index, begin, out);
    print_edits(s, index, " ", begin, out);
}

void scene_print(const Scene *s, bool one_line, Text *out)
{
    const char *line_end = one_line ? "; " : "\n";
    size_t begin = out->used;
    print_keys(s, 0, begin, out);
    print_edits(s, 0, line_end, begin, out);
    for (int i = 1; i <= s->runner_count; i++) {
        text_add(out, "%svs", out->used > begin ? line_end : "");
        print_keys(s, i, begin, out);
        print_edits(s, i, line_end, begin, out);
    }
}
