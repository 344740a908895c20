/* SPDX-License-Identifier: MIT
 * view: see view.h */
#include "app/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/say.h"
#include "base/text.h"
#include "base/words.h"

enum { BRIEF_SECONDS = 8 };

bool views_init(Views *v, const View *const *rows)
{
    v->row = rows;
    for (int i = 0; rows[i]; i++)
        if (rows[i]->memory && !(v->memory[i] = calloc(1, rows[i]->memory)))
            return false;
    v->open[v->depth++] = rows[0];
    return true;
}

void views_release(App *a)
{
    Views *v = a->views;
    for (int i = 0; v->row && v->row[i]; i++) {
        if (v->row[i]->release && (v->memory[i] || !v->row[i]->memory))
            v->row[i]->release(a);
        free(v->memory[i]);
    }
}

const View *view_named(const Views *v, const char *name)
{
    for (int i = 0; v->row[i]; i++)
        if (strcmp(v->row[i]->name, name) == 0)
            return v->row[i];
    return NULL;
}

void *view_memory(const App *a, const View *view)
{
    for (int i = 0; a->views->row[i]; i++)
        if (a->views->row[i] == view)
            return a->views->memory[i];
    return NULL;
}

int view_depth(const Views *v, const View *row)
{
    for (int i = v->depth - 1; i >= 0; i--)
        if (v->open[i] == row)
            return i;
    return -1;
}

void view_insert(App *a, const View *view, int at)
{
    Views *v = a->views;
    if (v->depth == VIEWS_OPEN)
        return;
    memmove(v->open + at + 1, v->open + at, sizeof v->open[0] * (size_t)(v->depth - at));
    v->open[at] = view;
    v->depth++;
    a->dirty = true;
}

bool view_open(App *a, const char *name, const char *args, Error *err)
{
    Views *v = a->views;
    const View *row = view_named(v, name);
    if (!row)
        return error_set(err, 1, 1, "there is no view '%.40s'", name);
    view_remove(a, row); /* once is enough: it comes to the top */
    if (v->depth == VIEWS_OPEN)
        return error_set(err, 1, 1, "too much is open: esc closes");
    if (row->open && !row->open(a, args, err))
        return false;
    v->brief = BRIEF_SECONDS;
    if (view_depth(v, row) <= 0) /* it may have found its place by itself */
        view_insert(a, row, v->depth);
    return true;
}

void view_remove(App *a, const View *view)
{
    Views *v = a->views;
    int at = view_depth(v, view);
    if (at <= 0)
        return;
    memmove(v->open + at, v->open + at + 1, sizeof v->open[0] * (size_t)(v->depth - at - 1));
    v->depth--;
    a->dirty = true;
}

void view_advance(App *a, double seconds)
{
    Views *v = a->views;
    if (!(view_top(v)->flags & VIEW_BRIEF) || seconds <= 0)
        return;
    v->brief -= seconds;
    if (v->brief <= 0)
        view_pop(a);
}

void view_dismiss(App *a)
{
    for (int at = a->views->depth - 1; at > 0; at--)
        if (a->views->open[at]->flags & VIEW_BRIEF)
            view_remove(a, a->views->open[at]);
}

void view_pop(App *a)
{
    if (a->views->depth > 1)
        a->views->depth--;
    a->dirty = true;
}

bool view_back(App *a)
{
    const char *back = NULL;
    for (int at = a->views->depth - 2; at >= 0 && !back; at--)
        back = a->views->open[at]->back;
    if (back)
        say(a, "back %s", back);
    return false;
}

void view_close(App *a)
{
    const View *top = view_top(a->views);
    a->dirty = true;
    if (!top->close || !top->close(a))
        view_pop(a);
}

const View *view_at_work(const Views *v)
{
    for (int i = v->depth - 1; i >= 0; i--) {
        if (v->open[i]->advance)
            return v->open[i];
        if (!(v->open[i]->flags & VIEW_PASSES))
            break;
    }
    return NULL;
}

const View *view_ground(const Views *v)
{
    int at = v->depth - 1;
    while (at > 0 && (v->open[at]->flags & VIEW_PASSES))
        at--;
    return v->open[at];
}

/* ---- keys ---- */

static const Binding *own_binding(const Views *v, const View *view, uint32_t key)
{
    for (int i = 0; i < v->owns; i++)
        if (v->own[i].view == view && v->own[i].binding.key == key)
            return &v->own[i].binding;
    for (const Binding *const *table = view->keys; table && *table; table++)
        for (const Binding *b = *table; b->line; b++)
            if (b->key == key)
                return b;
    return NULL;
}

const Binding *view_binding(const Views *v, uint32_t key)
{
    for (int at = v->depth - 1; at >= 0; at--) {
        const Binding *b = own_binding(v, v->open[at], key);
        if (b || !(v->open[at]->flags & VIEW_PASSES))
            return b;
    }
    return NULL;
}

static bool listed(const Binding **list, int count, uint32_t key)
{
    for (int i = 0; i < count; i++)
        if (list[i]->key == key)
            return true;
    return false;
}

int view_bindings(const Views *v, int depth, const Binding **out, int most)
{
    int count = 0;
    for (int at = depth; at >= 0; at--) {
        for (const OwnKey *own = v->own; own < v->own + v->owns && count < most; own++)
            if (own->view == v->open[at] && !listed(out, count, own->binding.key))
                out[count++] = &own->binding;
        for (const Binding *const *table = v->open[at]->keys; table && *table; table++)
            for (const Binding *b = *table; b->line && count < most; b++)
                if (!listed(out, count, b->key))
                    out[count++] = b;
        if (!(v->open[at]->flags & VIEW_PASSES))
            break;
    }
    return count;
}

const char *view_label(const App *a, const Binding *b)
{
    const View *ground = view_ground(a->views);
    return b->label && ground->label ? ground->label(a, b) : b->label;
}

const Command *view_command(const Views *v, const char *name, size_t length)
{
    for (int i = 0; v->row[i]; i++)
        for (const Command *c = v->row[i]->commands; c && c->name; c++)
            if (strlen(c->name) == length && strncmp(c->name, name, length) == 0)
                return c;
    return NULL;
}

bool view_bind(Views *v, const View *view, uint32_t key, const char *line, Error *err)
{
    OwnKey *own = v->own;
    while (own < v->own + v->owns && (own->view != view || own->binding.key != key))
        own++;
    if (own == v->own + OWN_KEYS)
        return error_set(err, 1, 1, "more than %d keys are bound", OWN_KEYS);
    if (strlen(line) >= sizeof own->line)
        return error_set(err, 1, 1, "the line is too long");
    snprintf(own->line, sizeof own->line, "%s", line);
    own->view = view;
    own->binding = (Binding){.key = key, .line = own->line, .help = own->line};
    if (own == v->own + v->owns)
        v->owns++;
    return true;
}

static const struct {
    uint32_t key;
    const char *name;
    const char *typed; /* as it is written in a line, where that is another word */
} key_names[] = {
    {' ', "space", NULL},
    {KEYCODE_ENTER, "enter", NULL},
    {KEYCODE_TAB, "tab", NULL},
    {KEYCODE_ESCAPE, "esc", NULL},
    {KEYCODE_BACKSPACE, "backspace", NULL},
    {KEYCODE_UP, "↑", "up"},
    {KEYCODE_DOWN, "↓", "down"},
    {KEYCODE_LEFT, "←", "left"},
    {KEYCODE_RIGHT, "→", "right"},
    {KEYCODE_SHIFT_UP, "shift ↑", "shift-up"},
    {KEYCODE_SHIFT_DOWN, "shift ↓", "shift-down"},
    {KEYCODE_SHIFT_LEFT, "shift ←", "shift-left"},
    {KEYCODE_SHIFT_RIGHT, "shift →", "shift-right"},
    {KEYCODE_SHIFT_TAB, "shift tab", "shift-tab"},
    {KEYCODE_HOME, "home", NULL},
    {KEYCODE_END, "end", NULL},
    {KEYCODE_PAGE_UP, "page up", "page-up"},
    {KEYCODE_PAGE_DOWN, "page down", "page-down"},
    {KEYCODE_INSERT, "insert", NULL},
    {KEYCODE_DELETE, "delete", NULL},
};
enum { KEY_NAMES = sizeof key_names / sizeof key_names[0], KEY_CONTROL = 0x20 };

void key_name(uint32_t key, char out[16])
{
    for (int i = 0; i < KEY_NAMES; i++)
        if (key_names[i].key == key) {
            snprintf(out, 16, "%s", key_names[i].name);
            return;
        }
    if (key > 0x10FFFF)
        snprintf(out, 16, "that key");
    else if (key < KEY_CONTROL)
        snprintf(out, 16, "ctrl %c", (char)(key + 'a' - 1));
    else
        out[utf8_encode(key, out)] = '\0';
}

bool key_read(const char *word, size_t length, uint32_t *key)
{
    static const char control[] = "ctrl-";
    size_t prefix = sizeof control - 1;
    const char *end = word;
    for (int i = 0; i < KEY_NAMES; i++)
        if (word_is(word, length, key_names[i].typed ? key_names[i].typed : key_names[i].name)) {
            *key = key_names[i].key;
            return true;
        }
    if (length == prefix + 1 && memcmp(word, control, prefix) == 0 && word[prefix] >= 'a' &&
        word[prefix] <= 'z') {
        *key = (uint32_t)(word[prefix] - 'a' + 1);
        return true;
    }
    *key = length ? utf8_next(&end) : 0;
    return length && *key > KEY_CONTROL && *key != KEYCODE_BACKSPACE &&
           end == word + length;
}

/* ---- verbs: what every view understands in its own way ---- */

static bool run_move(App *a, const char *args, Error *err)
{
    const View *top = view_top(a->views);
    const char *blank = strchr(args, ' ');
    long dx = 0;
    long dy = 0;
    char first[24];
    if (!blank || blank - args >= (long)sizeof first)
        return bad_argument(err, args, "two numbers: DX DY");
    snprintf(first, sizeof first, "%.*s", (int)(blank - args), args);
    if (!whole_argument(first, &dx, err) || !whole_argument(blank + 1, &dy, err) ||
        labs(dx) > 1000000 || labs(dy) > 1000000)
        return bad_argument(err, args, "two numbers: DX DY");
    if (!top->move && view_at_work(a->views))
        top = view_at_work(a->views);
    if (top->move)
        top->move(a, (int)dx, (int)dy);
    return true;
}

static bool run_take(App *a, const char *args, Error *err)
{
    const View *top = view_top(a->views);
    (void)args;
    if (top->take)
        return top->take(a, err);
    return error_set(err, 1, 1, "there is nothing to take here");
}

static bool run_close(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    view_close(a);
    return true;
}

static bool run_quit(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    a->quit = true;
    return true;
}

const Command view_commands[] = {
    {"move", "DX DY", "choices", "move; with shift faster", run_move, COMMAND_CHOICE, NULL},
    {"take", "", "choices", "take what is chosen", run_take, COMMAND_CHOICE, NULL},
    {"close", "", "other", "close what is open", run_close, COMMAND_CHOICE, NULL},
    {"quit", "", "other", "leave etascope", run_quit, 0, NULL},
    {.name = NULL},
};
