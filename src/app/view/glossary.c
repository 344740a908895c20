/* SPDX-License-Identifier: MIT
 * glossary: the field's words and the screen's, each with a scene that shows it. */
#include <string.h>

#include "app/choose.h"
#include "app/bindings.h"
#include "app/look.h"
#include "app/views.h"
#include "base/embed.h"
#include "core/named.h"
#include "view/panel.h"

enum { ENTRIES_MOST = 120, KEY_TEXT = 40, ENTRY_TEXT = 200 };

typedef struct Glossary {
    int top; /* the chosen entry, the first one visible */
} Glossary;

typedef struct Entry {
    char key[KEY_TEXT];
    char text[ENTRY_TEXT];
} Entry;

static const Binding own_keys[] = {
    {' ', "move 0 -10", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "take", "its scene", 3, 0, NULL},
    {KEYCODE_ESCAPE, "close", "back", 1, 0, NULL},
    {'?', "close", NULL, 0, 0, NULL},
    {'q', "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {list_keys, own_keys, NULL};

static Glossary *glossary_of(const App *a)
{
    return view_memory(a, &view_glossary);
}

static bool run_glossary(App *a, const char *args, Error *err)
{
    return view_open(a, view_glossary.name, args, err);
}

static bool glossary_open(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    glossary_of(a)->top = 0;
    return true;
}

/* Lines "term: meaning" of the embedded text; returns how many. */
static int read_entries(Entry *list)
{
    const Embedded *file = embedded_find("glossary.txt");
    int count = 0;
    for (const char *at = file ? file->text : ""; *at && count < ENTRIES_MOST;) {
        size_t length = strcspn(at, "\n");
        const char *colon = memchr(at, ':', length);
        if (colon && at[0] != '#') {
            Entry *e = &list[count++];
            snprintf(e->key, sizeof e->key, "%.*s", (int)(colon - at), at);
            snprintf(e->text, sizeof e->text, "%.*s", (int)(at + length - colon - 2), colon + 2);
        }
        at += length + (at[length] == '\n');
    }
    return count;
}

static void glossary_move(App *a, int dx, int dy)
{
    Glossary *g = glossary_of(a);
    Entry list[ENTRIES_MOST];
    int last = read_entries(list) - 1;
    (void)dx;
    g->top -= dy;
    g->top = g->top < 0 ? 0 : g->top > last ? last : g->top;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A letter jumps to the next entry that begins with it, round and round. */
static bool glossary_key(App *a, uint32_t key)
{
    Glossary *g = glossary_of(a);
    Entry list[ENTRIES_MOST];
    int count = read_entries(list);
    if (key < 'a' || key > 'z' || key == 'q')
        return false;
    for (int i = 1; i <= count; i++) {
        int at = (g->top + i) % count;
        if (lower(list[at].key[0]) == (char)key) {
            g->top = at;
            a->dirty = true;
            return true;
        }
    }
    return true;
}

/* The scene that the chosen entry names last, "... (B4)", or nothing but the way back. */
static bool glossary_take(App *a, Error *err)
{
    Entry list[ENTRIES_MOST];
    int count = read_entries(list);
    int top = glossary_of(a)->top;
    const char *open = top < count ? strrchr(list[top].text, '(') : NULL;
    const char *close = open ? strchr(open, ')') : NULL;
    const NamedScene *named = close ? named_find(open + 1, (size_t)(close - open - 1)) : NULL;
    const Kind *scenes = kind_find("scene", 5);
    view_pop(a);
    for (int i = 0; named && i < named_count(); i++)
        if (named_row(i) == named)
            return kind_take(a, scenes, i, err);
    return true;
}

/* Whole sentences: one entry below the other, wrapped; the first is chosen. */
static void glossary_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    int top = glossary_of(a)->top;
    Entry list[ENTRIES_MOST];
    int count = read_entries(list);
    char note[48];
    snprintf(note, sizeof note, "%d of %d", top + 1, count);
    Rect card = layout_card(c->cols, c->rows, c->cols > 104 ? 102 : c->cols - 2, c->rows - 4);
    Rect in = card_frame(c, card, "glossary: a letter jumps, enter shows the scene in (…)", note, p);
    int key = in.cols >= 60 ? 22 : 14;
    for (int i = top, row = 0; i < count && row < in.rows; i++) {
        Rect text = {in.col + key, in.row + row, in.cols - key, in.rows - row};
        if (wrap_rows(list[i].text, text.cols) > text.rows)
            break;
        panel_over(c, in.col, in.row + row, key - 1, list[i].key,
                   i == top ? ROLE_ACCENT : ROLE_TITLE, p);
        row += panel_wrap(c, text, list[i].text, i == top ? ROLE_TEXT : ROLE_DIM, p);
    }
}

static const Command commands[] = {
    {"glossary", "", "other", "the field's words, each with a scene", run_glossary, COMMAND_CHOICE,
     NULL},
    {.name = NULL},
};

const View view_glossary = {
    .name = "glossary",
    .title = "the glossary",
    .help = "the field's words, each with a scene",
    .order = 7,
    .flags = VIEW_OVER,
    .memory = sizeof(Glossary),
    .keys = keys,
    .commands = commands,
    .open = glossary_open,
    .key = glossary_key,
    .move = glossary_move,
    .take = glossary_take,
    .draw = glossary_draw,
};
