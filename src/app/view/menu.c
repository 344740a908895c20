/* SPDX-License-Identifier: MIT
 * menu: all schedules, optimizers, surfaces, scenes or lessons, to choose one. */
#include <string.h>

#include "app/choose.h"
#include "app/bindings.h"
#include "app/look.h"
#include "app/say.h"
#include "app/views.h"
#include "view/panel.h"

typedef struct Menu {
    const Kind *kind;
    int selected; /* index among all rows of the kind */
} Menu;

static const Binding own_keys[] = {
    {KEYCODE_TAB, "menu next", "other lists", 4, 0, NULL},
    {'m', "menu next", NULL, 0, 0, NULL},
    {'s', "menu schedule", NULL, 0, 0, NULL},
    {'o', "menu optimizer", NULL, 0, 0, NULL},
    {'f', "menu surface", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "take", "take", 3, 0, NULL},
    {' ', "take", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", "close", 5, 0, NULL},
    {'q', "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {list_keys, own_keys, help_keys, NULL};

static Menu *menu_of(const App *a)
{
    return view_memory(a, &view_menu);
}

static const Kind *next_kind(const Kind *k)
{
    return k && k[1].word ? k + 1 : kinds;
}

static bool menu_open(App *a, const char *args, Error *err)
{
    Menu *m = menu_of(a);
    const Kind *k = strcmp(args, "next") == 0 ? next_kind(m->kind)
                    : *args                   ? kind_find(args, strlen(args))
                                              : a->chosen;
    if (!k)
        return bad_argument(err, args, "schedule, optimizer, surface, scene or lesson");
    if (k->ready && !k->ready(a, err))
        return false;
    m->kind = k;
    m->selected = k->current(a) < 0 ? 0 : k->current(a);
    return true;
}

static bool run_menu(App *a, const char *args, Error *err)
{
    return view_open(a, view_menu.name, args, err);
}

static bool run_lessons(App *a, const char *args, Error *err)
{
    (void)args;
    return view_open(a, view_menu.name, "lesson", err);
}

static void menu_move(App *a, int dx, int dy)
{
    Menu *m = menu_of(a);
    int last = m->kind->count(a) - 1;
    (void)dx;
    m->selected -= dy;
    m->selected = m->selected < 0 ? 0 : m->selected > last ? last : m->selected;
}

static bool menu_take(App *a, Error *err)
{
    const Menu *m = menu_of(a);
    view_pop(a);
    return kind_take(a, m->kind, m->selected, err);
}

/* ---- drawing ---- */

/* Columns as wide as the words in them, within bounds. What is said about a row is phrases, two
 * spaces apart: as many stand in the list as fit whole in every row; where that is not all, the chosen
 * row's stand below the list. */
typedef struct Columns {
    int name, title;
    int phrases; /* in the list */
    bool whole;  /* all of them are */
} Columns;

enum { PHRASES_MOST = 4 };

/* The bytes of the first `count` phrases. */
static size_t phrases_length(const char *text, int count)
{
    const char *end = text;
    for (const char *next = text; count > 0 && next; count--) {
        next = strstr(end + (end > text), "  ");
        end = next ? next : text + strlen(text);
    }
    return (size_t)(end - text);
}

static int phrases_cols(const char *text, int count)
{
    char part[160];
    snprintf(part, sizeof part, "%.*s", (int)phrases_length(text, count), text);
    return text_cols(part);
}

static int wider(int cols, const char *text)
{
    return text_cols(text) > cols ? text_cols(text) : cols;
}

static Columns columns_of(const App *a, const Kind *k, int cols)
{
    Columns w = {0};
    int about[PHRASES_MOST + 1] = {0};
    for (int i = 0; i < k->count(a); i++) {
        char room[160];
        Text t = text_over(room, sizeof room);
        Element e = k->element(a, i, &t);
        w.name = wider(w.name, e.name);
        w.title = wider(w.title, e.title);
        for (int n = 1; n <= PHRASES_MOST; n++) {
            int wide = phrases_cols(e.about, n);
            about[n] = wide > about[n] ? wide : about[n];
        }
    }
    w.name = w.name < 17 ? w.name : 17;
    w.title = w.title < 36 ? w.title : 36;
    for (int n = 1; n <= PHRASES_MOST && w.name + 2 + w.title + 2 + about[n] <= cols; n++)
        w.phrases = n;
    w.whole = w.phrases == PHRASES_MOST;
    return w;
}

static void draw_row(const App *a, Canvas *c, Rect r, const Kind *k, int i, const Columns *w)
{
    const Paint *p = &a->look->paint;
    bool chosen = i == menu_of(a)->selected;
    char room[160];
    char about[160];
    Text t = text_over(room, sizeof room);
    Element e = k->element(a, i, &t);
    int second = w->name + 2;
    int third = second + w->title + 2;
    if (chosen)
        canvas_fill(c, r, ' ', p->role[ROLE_CHOSEN], p->role[ROLE_SELECT]);
    panel_over(c, r.col, r.row, w->name, e.name, chosen ? ROLE_CHOSEN : ROLE_ACCENT, p);
    panel_over(c, r.col + second, r.row, w->phrases ? w->title : r.cols - second, e.title,
               chosen ? ROLE_CHOSEN : ROLE_TEXT, p);
    if (!w->phrases)
        return;
    snprintf(about, sizeof about, "%.*s", (int)phrases_length(e.about, w->phrases), e.about);
    panel_over(c, r.col + third, r.row, r.cols - third, about, chosen ? ROLE_CHOSEN : ROLE_DIM, p);
}

static Rect menu_card(const Canvas *c, int count)
{
    int rows = count + 4 < c->rows - 2 ? count + 4 : c->rows - 2;
    return layout_card(c->cols, c->rows, c->cols > 148 ? 146 : c->cols - 2, rows);
}

static void menu_draw(const App *a, Canvas *c)
{
    const Menu *m = menu_of(a);
    const Kind *k = m->kind;
    int count = k->count(a);
    char title[64];
    char note[48];
    char room[160];
    Text t = text_over(room, sizeof room);
    snprintf(title, sizeof title, "%ss", k->word);
    snprintf(note, sizeof note, "%d of %d", m->selected + 1, count);
    Rect in = card_frame(c, menu_card(c, count), title, note, &a->look->paint);
    Columns w = columns_of(a, k, in.cols);
    int about_rows = in.rows > 8 && !w.whole ? 2 : 0;
    in.rows -= about_rows;
    panel_wrap(c, (Rect){in.col, in.row + in.rows, in.cols, about_rows},
               k->element(a, m->selected, &t).about, ROLE_TEXT, &a->look->paint);
    int top = m->selected - in.rows / 2;
    top = top > count - in.rows ? count - in.rows : top;
    top = top < 0 ? 0 : top;
    for (int i = 0; i < in.rows && top + i < count; i++)
        draw_row(a, c, (Rect){in.col, in.row + i, in.cols, 1}, k, top + i, &w);
}

static const Command commands[] = {
    {"menu", "[KIND|next]", "choices", "all schedules, optimizers, surfaces, scenes", run_menu,
     COMMAND_CHOICE, NULL},
    {"lessons", "", "lessons", "the list of lessons", run_lessons, 0, NULL},
    {.name = NULL},
};

const View view_menu = {
    .name = "menu",
    .title = "a menu",
    .help = "a list to choose from",
    .order = 5,
    .flags = VIEW_OVER,
    .memory = sizeof(Menu),
    .keys = keys,
    .commands = commands,
    .open = menu_open,
    .close = view_back,
    .move = menu_move,
    .take = menu_take,
    .draw = menu_draw,
};
