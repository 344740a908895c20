/* SPDX-License-Identifier: MIT
 * help: the keys of the place one is in, grouped by what they do, from the tables. */
#include <string.h>

#include "app/bindings.h"
#include "app/line.h"
#include "app/look.h"
#include "app/say.h"
#include "app/views.h"
#include "base/text.h"
#include "core/verdict.h"
#include "view/panel.h"

enum { ROWS_MOST = 120, KEYS_MOST = 160, KEY_TEXT = 40, TEXT_SIZE = 200 };

typedef struct Help {
    int top;   /* first visible row */
    int depth; /* of the view whose keys are shown */
} Help;

/* Keys of a view, grouped by their commands' groups; the text is the command's own. */
typedef struct HelpList {
    KeyRow row[ROWS_MOST];
    char key[ROWS_MOST][KEY_TEXT];
    char text[ROWS_MOST][TEXT_SIZE];
    int count;
} HelpList;

static const Binding own_keys[] = {
    {' ', "move 0 -10", NULL, 0, 0, NULL},      {KEYCODE_ESCAPE, "close", "back", 1, 0, NULL},
    {'?', "close", NULL, 0, 0, NULL},           {'q', "close", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "close", NULL, 0, 0, NULL}, {.line = NULL},
};

static const Binding *const keys[] = {list_keys, own_keys, NULL};

static Help *help_of(const App *a)
{
    return view_memory(a, &view_help);
}

static bool run_help(App *a, const char *args, Error *err)
{
    return view_open(a, view_help.name, args, err);
}

static bool help_open(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    *help_of(a) = (Help){.depth = a->views->depth - 1};
    return true;
}

/* ---- the list ---- */

static void add(HelpList *h, const char *key, const char *text)
{
    if (h->count == ROWS_MOST)
        return;
    int n = h->count++;
    snprintf(h->text[n], sizeof h->text[0], "%s", text);
    if (key)
        snprintf(h->key[n], sizeof h->key[0], "%s", key);
    h->row[n] = (KeyRow){key ? h->key[n] : NULL, h->text[n]};
}

/* A verb's keys, its help; a key with words of its own has a row to itself. */
static void add_command(const App *a, HelpList *h, const Binding **list, int count,
                        const Command *c)
{
    char names[KEY_TEXT] = "";
    Text t = text_over(names, sizeof names);
    for (int i = 0; i < count; i++) {
        char name[16];
        if (command_of(a->views->row, list[i]->line) != c || list[i]->shown & KEY_SILENT)
            continue;
        key_name(list[i]->key, name);
        if (list[i]->shown & KEY_DIGITS)
            snprintf(name, sizeof name, "1 … 9");
        if (list[i]->help)
            add(h, name, list[i]->help);
        else
            text_add(&t, "%s%s", t.used ? " " : "", name);
    }
    if (t.used)
        add(h, names, c->help);
}

static void add_group(const App *a, HelpList *h, const Binding **list, int count, const char *group)
{
    const Command *c;
    int before = h->count;
    add(h, NULL, group);
    for (int n = 0; (c = command_row(a->views->row, n)); n++)
        if (strcmp(c->group, group) == 0)
            add_command(a, h, list, count, c);
    if (h->count == before + 1)
        h->count = before;
}

enum { MARK_COLS = 48 }; /* what a narrow screen shows of a text */

/* The ruler's letters, from the table of outcomes, as many to a row as fit. */
static void add_letters(HelpList *h)
{
    char line[TEXT_SIZE] = "";
    Text t = text_over(line, sizeof line);
    for (int o = 0; o < OUTCOMES; o++) {
        char one[40];
        if (o > 0 && outcomes[o].letter == outcomes[o - 1].letter)
            continue;
        snprintf(one, sizeof one, "%c %s", outcomes[o].letter, outcomes[o].brief);
        if (t.used && text_cols(line) + 3 + text_cols(one) > MARK_COLS) {
            add(h, "", line);
            t = text_over(line, sizeof line);
        }
        text_add(&t, "%s%s", t.used ? " · " : "", one);
    }
    add(h, "", line);
}

static void make_list(const App *a, HelpList *h)
{
    static const char *const groups[] = {"playing", "lessons",    "scenes", "rate",  "choices",
                                         "map",     "instrument", "looks", "other"};
    static const KeyRow marks[] = {
        {"○ ●", "start and present point"},
        {"★ ✕ ◦", "global minimum, local minimum, saddle"},
        {"┄", "before the last change; of a digit: its contrast"},
        {"▲", "on an axis: an edit, or a cut of the plateau rule"},
        {"η/limit", "the bar: full where the rate cannot settle"},
        {"ruler", "how this scene would end for each η₀:"},
    };
    const Binding *list[KEYS_MOST];
    int count = view_bindings(a->views, help_of(a)->depth, list, KEYS_MOST);
    h->count = 0;
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++)
        add_group(a, h, list, count, groups[g]);
    add(h, NULL, "marks");
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        add(h, marks[i].key, marks[i].text);
    add_letters(h);
}

/* ---- on the screen ---- */

static Rect help_card(int cols, int rows, const HelpList *h)
{
    int wanted = h->count + 4 < rows - 2 ? h->count + 4 : rows - 2;
    return layout_card(cols, rows, cols > 130 ? 128 : cols - 2, wanted);
}

static void help_move(App *a, int dx, int dy)
{
    Help *v = help_of(a);
    HelpList h;
    (void)dx;
    make_list(a, &h);
    Rect card = help_card(a->look->cols, a->look->rows, &h);
    int page = card.rows > 4 ? card.rows - 2 : 1;
    int last = keys_lines(card.cols - 4, h.row, h.count) - page; /* the last page is full */
    v->top -= dy;
    v->top = v->top > last ? last : v->top;
    v->top = v->top < 0 ? 0 : v->top;
}

static void help_draw(const App *a, Canvas *c)
{
    const Help *v = help_of(a);
    HelpList h;
    char title[64];
    make_list(a, &h);
    snprintf(title, sizeof title, "keys: %s", a->views->open[v->depth]->title);
    Rect card = help_card(c->cols, c->rows, &h);
    bool more = h.count > card.rows - 2;
    Rect in =
        card_frame(c, card, title, more ? "↑↓ more · esc closes" : "esc closes", &a->look->paint);
    keys_draw(c, in, h.row, h.count, v->top, &a->look->paint);
}

/* ---- keys of the user's own ---- */

/* The next word of a line: its bytes; *at stands behind the blanks after it. */
static size_t next_word(const char **at, const char **word)
{
    size_t length = strcspn(*at, " \t");
    *word = *at;
    *at += length;
    *at += strspn(*at, " \t");
    return length;
}

/* An error at a place of the arguments. */
static bool at_place(const char *args, const char *place, Error *err)
{
    error_shift(err, 1, (long)utf8_count(args, (size_t)(place - args)) + 1);
    return false;
}

/* The line, with the quotes around it taken off; *from is where it begins. */
static bool bound_line(const char *at, char out[OWN_LINE], const char **from)
{
    size_t length = strlen(at);
    bool quoted = length >= 2 && (*at == '\'' || *at == '"') && at[length - 1] == *at;
    *from = at + quoted;
    length -= quoted ? 2 : 0;
    if (length >= OWN_LINE)
        return false;
    memcpy(out, *from, length);
    out[length] = '\0';
    return true;
}

/* [VIEW] KEY 'LINE': a view's name comes first where a key and a line follow it. */
static bool run_bind(App *a, const char *args, Error *err)
{
    const char *at = args;
    const char *word;
    const char *from;
    char name[24];
    char line[OWN_LINE];
    uint32_t key;
    size_t length = next_word(&at, &word);
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    const View *view = length > 1 ? view_named(a->views, name) : NULL;
    if (view)
        length = next_word(&at, &word);
    if (!length)
        return bad_argument(err, "", "[VIEW] KEY 'LINE'");
    if (!key_read(word, length, &key)) {
        error_set(err, 1, 1, "'%.*s' is no key: a character, space, up, shift-left, ctrl-x ...",
                  (int)(length > 40 ? 40 : length), word);
        return at_place(args, word, err);
    }
    if (!*at)
        return error_set(err, 1, 1, "a line is missing: bind %.*s 'LINE'", (int)length, word);
    if (!bound_line(at, line, &from))
        return error_set(err, 1, 1, "the line is too long");
    if (!line_known(a, line, err))
        return at_place(args, from, err);
    if (!view_bind(a->views, view ? view : a->views->row[0], key, line, err))
        return false;
    char shown[16];
    key_name(key, shown);
    say(a, "%s: %s", shown, line);
    return true;
}

static const Command commands[] = {
    {"bind", "[VIEW] KEY 'LINE'", "other", "a key of your own, on the stage or in a view", run_bind,
     COMMAND_CHOICE, NULL},
    {"help", "", "other", "the keys of this place", run_help, COMMAND_CHOICE, NULL},
    {.name = NULL},
};

const View view_help = {
    .name = "help",
    .title = "help",
    .help = "the keys of the place one is in",
    .order = 6,
    .flags = VIEW_OVER,
    .memory = sizeof(Help),
    .keys = keys,
    .commands = commands,
    .open = help_open,
    .move = help_move,
    .draw = help_draw,
};
