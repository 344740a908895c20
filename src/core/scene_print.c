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

static void print_surface(const Scene *s, const NamedSet *named, Text *out)
{
    if (s->surface.row < 0)
        print_quoted(s->surface.formula, out);
    else
        text_add(out, "%s", surface_row(s->surface.row)->name);
    print_named(named, out);
}

void scene_print_value(const Scene *s, SceneKey key, Text *out)
{
    Window w = s->window;
    switch (key) {
    case SCENE_SURFACE:
        print_surface(s, &s->surface.named, out);
        break;
    case SCENE_WINDOW:
        print_numbers(out, (double[]){w.lo.x, w.hi.x, w.lo.y, w.hi.y}, 4);
        break;
    case SCENE_START:
        print_numbers(out, (double[]){s->start.x, s->start.y}, 2);
        break;
    case SCENE_OPTIMIZER:
        choice_print(&s->optimizer, key, out);
        break;
    case SCENE_SCHEDULE:
        choice_print(&s->schedule, key, out);
        break;
    case SCENE_ETA0:
        text_number(out, s->eta0);
        break;
    case SCENE_WARMUP:
        text_add(out, "%ld", s->warmup);
        break;
    case SCENE_WARMUP_FACTOR:
        text_number(out, s->warmup_factor);
        break;
    case SCENE_STEPS:
        text_add(out, "%ld", s->steps);
        break;
    case SCENE_DATA:
        print_quoted(s->data, out);
        break;
    case SCENE_HELD_OUT:
        print_quoted(s->held_out, out);
        break;
    case SCENE_BATCH:
        text_add(out, "%ld", s->batch);
        break;
    case SCENE_NOISE:
        text_number(out, s->noise);
        break;
    case SCENE_SEED:
        text_add(out, "%llu", (unsigned long long)s->seed);
        break;
    case SCENE_KEYS:
        break;
    }
}

static void print_edit_value(const Scene *s, const Edit *e, Text *out)
{
    text_add(out, " %s=", scene_keys[e->key].name);
    if (e->key == SCENE_SURFACE)
        print_surface(s, &e->choice.named, out);
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

/* Edits of one step share a line as long as no key repeats. */
static void print_edits(const Scene *s, const char *line_end, Text *out)
{
    uint32_t seen = 0;
    for (int i = 0; i < s->edit_count; i++) {
        const Edit *e = &s->edit[i];
        bool same = i > 0 && s->edit[i - 1].step == e->step && !(seen >> e->key & 1u);
        if (!same) {
            seen = 0;
            text_add(out, "%sat %ld", out->used ? line_end : "", e->step);
        }
        seen |= 1u << e->key;
        print_edit_value(s, e, out);
    }
}

void scene_print(const Scene *s, bool one_line, Text *out)
{
    bool first = true;
    for (int key = 0; key < SCENE_KEYS; key++) {
        if (!scene_given(s, (SceneKey)key))
            continue;
        text_add(out, "%s%s=", first ? "" : " ", scene_keys[key].name);
        scene_print_value(s, (SceneKey)key, out);
        first = false;
    }
    print_edits(s, one_line ? "; " : "\n", out);
}
