/* SPDX-License-Identifier: MIT
 * overlay: what lies over the stage: cards, menus, help, the prompt. */
#include <math.h>
#include <string.h>

#include "app/state.h"
#include "base/embed.h"

/* ---- help --------------------------------------------------------------------------------------- */

enum { HELP_MOST = 120, GLOSSARY_TEXT = 200 };

/* Keys of a mode, grouped by their commands' groups; the text is the command's own. */
typedef struct HelpList {
    KeyRow row[HELP_MOST];
    char key[HELP_MOST][40];
    char text[HELP_MOST][GLOSSARY_TEXT];
    int count;
} HelpList;

static const Command *binding_command(const Binding *b)
{
    return command_find(b->line, strcspn(b->line, " "));
}

static void help_add(HelpList *h, const char *key, const char *text)
{
    if (h->count == HELP_MOST)
        return;
    int n = h->count++;
    snprintf(h->text[n], sizeof h->text[0], "%s", text);
    if (key)
        snprintf(h->key[n], sizeof h->key[0], "%s", key);
    h->row[n] = (KeyRow){key ? h->key[n] : NULL, h->text[n]};
}

/* One row a command: all its keys, then its help. */
static void help_command(HelpList *h, unsigned mode, const Command *c)
{
    char keys[40] = "";
    Text t = text_over(keys, sizeof keys);
    for (const Binding *b = bindings; b->line; b++) {
        char name[16];
        if (!(b->modes & mode) || binding_command(b) != c)
            continue;
        key_name(b->key, name);
        if (strcmp(c->name, "pair") == 0)
            snprintf(name, sizeof name, "%s", b->key == '1' ? "1 … 9" : "");
        if (name[0])
            text_add(&t, "%s%s", t.used ? " " : "", name);
    }
    if (t.used)
        help_add(h, keys, c->help);
}

/* A lesson's keys mean different things: one row each. */
static void help_lesson(HelpList *h, unsigned mode, const Command *c)
{
    static const struct {
        const char *line;
        const char *text;
    } rows[] = {
        {"lesson next", "go on; lock an answer in"},  {"lesson back", "the step before"},
        {"lesson choose 1", "choose an answer (1 to 5)"}, {"lesson hint", "a hint; the third plays the solution"},
        {"lesson skip", "skip this step"},            {"lesson free", "free play and back"},
        {"lesson contrast", "see the contrast scene"}, {"lesson again", "the step's scene anew"},
        {"lesson test", "test out: the last task first"}, {"lesson leave", "leave the lesson"},
    };
    (void)c;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (const Binding *b = bindings; b->line; b++) {
            char name[16];
            if (!(b->modes & mode) || strcmp(b->line, rows[i].line) != 0)
                continue;
            key_name(b->key, name);
            help_add(h, name, rows[i].text);
        }
}

static void help_make(HelpList *h, unsigned mode)
{
    static const char *const groups[] = {"playing", "lessons",    "scenes", "rate",  "choices",
                                         "map",     "instrument", "looks", "other"};
    static const KeyRow marks[] = {
        {"○ ●", "start and present point; a digit scene's other run is dashed"},
        {"★ ✕ ◦", "global minimum, local minimum, saddle"},
        {"▲", "on the axes: an edit, or a cut of the plateau rule"},
        {"η/limit", "the bar: full where the rate cannot settle"},
        {"ruler", "how this scene ends for each η₀: s slow, L local (or its number), G global"},
        {"", "o oscillates, x diverges, S saddle, V valley, P plateau"},
    };
    h->count = 0;
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        int before = h->count;
        help_add(h, NULL, groups[g]);
        for (const Command *c = commands; c->name; c++)
            if (strcmp(c->group, groups[g]) != 0)
                continue;
            else if (strcmp(c->name, "lesson") == 0)
                help_lesson(h, mode, c);
            else
                help_command(h, mode, c);
        if (h->count == before + 1)
            h->count = before;
    }
    help_add(h, NULL, "marks");
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        help_add(h, marks[i].key, marks[i].text);
}

/* Lines "term: meaning" of the embedded glossary. */
static void glossary_make(HelpList *h)
{
    const Embedded *file = embedded_find("glossary.txt");
    h->count = 0;
    for (const char *at = file ? file->text : ""; *at;) {
        size_t length = strcspn(at, "\n");
        const char *colon = memchr(at, ':', length);
        if (colon && at[0] != '#') {
            char key[40];
            char text[GLOSSARY_TEXT];
            snprintf(key, sizeof key, "%.*s", (int)(colon - at), at);
            snprintf(text, sizeof text, "%.*s", (int)(at + length - colon - 2), colon + 2);
            help_add(h, key, text);
        }
        at += length + (at[length] == '\n');
    }
}

static void list_make(const App *a, HelpList *h)
{
    if (a->glossary)
        glossary_make(h);
    else
        help_make(h, a->help_mode);
}

int help_rows(const App *a)
{
    HelpList h;
    list_make(a, &h);
    return h.count;
}

/* The glossary needs whole sentences: one entry below the other, wrapped; the first is chosen. */
static void draw_glossary(const App *a, Canvas *c)
{
    HelpList h;
    const Paint *p = &a->paint;
    char note[48];
    glossary_make(&h);
    snprintf(note, sizeof note, "%d of %d", a->help_top + 1, h.count);
    Rect card = layout_card(c->cols, c->rows, c->cols > 104 ? 102 : c->cols - 2, c->rows - 4);
    Rect in = card_frame(c, card, "glossary: enter shows the scene", note, p);
    int key = in.cols >= 60 ? 22 : 14;
    for (int i = a->help_top, row = 0; i < h.count && row < in.rows; i++) {
        Rect text = {in.col + key, in.row + row, in.cols - key, in.rows - row};
        if (wrap_rows(h.text[i], text.cols) > text.rows)
            break;
        panel_over(c, in.col, in.row + row, key - 1, h.key[i], i == a->help_top ? ROLE_ACCENT : ROLE_TITLE,
                   p);
        row += panel_wrap(c, text, h.text[i], i == a->help_top ? ROLE_TEXT : ROLE_DIM, p);
    }
}

/* The scene that the chosen entry names last: "... (B4)". */
bool glossary_scene(const App *a, char *id, size_t size)
{
    HelpList h;
    glossary_make(&h);
    if (a->help_top >= h.count)
        return false;
    const char *open = strrchr(h.text[a->help_top], '(');
    const char *close = open ? strchr(open, ')') : NULL;
    if (!close || (size_t)(close - open) > size)
        return false;
    snprintf(id, size, "%.*s", (int)(close - open - 1), open + 1);
    return named_find(id, strlen(id)) != NULL;
}

static void draw_help(const App *a, Canvas *c)
{
    HelpList h;
    if (a->glossary) {
        draw_glossary(a, c);
        return;
    }
    list_make(a, &h);
    const char *place = a->help_mode == MODE_PLACE  ? "placing the start"
                        : a->help_mode == MODE_VIEW ? "zoom and pan"
                        : a->help_mode == MODE_MENU ? "a menu"
                        : a->help_mode == MODE_LESSON ? "a lesson"
                        : a->help_mode == MODE_FIND ? "the search for a rate"
                                                    : "the stage";
    char title[64];
    snprintf(title, sizeof title, "keys: %s", place);
    Rect card = layout_card(c->cols, c->rows, c->cols > 130 ? 128 : c->cols - 2,
                            h.count + 4 < c->rows - 2 ? h.count + 4 : c->rows - 2);
    bool more = h.count > card.rows - 2;
    Rect in = card_frame(c, card, title, more ? "↑↓ more · esc closes" : "esc closes", &a->paint);
    keys_draw(c, in, h.row, h.count, a->help_top, &a->paint);
}

/* ---- menu ----------------------------------------------------------------------------------------- */

static const char *kind_line(const App *a, Kind k, int i, char *room, size_t size)
{
    switch (k) {
    case KIND_SCHEDULE:
        return schedules[i].good;
    case KIND_OPTIMIZER:
        return optimizers[i].good;
    case KIND_SURFACE:
        return surface_row(i)->note;
    case KIND_SCENE:
        return named_row(i)->claim;
    case KIND_LESSON:
        school_line(a, i, room, size);
        return room;
    case KINDS:
        break;
    }
    return "";
}

/* Columns as wide as the words in them, within bounds: what is left is the sentence's. */
static void menu_columns(const App *a, int count, int *name, int *title)
{
    *name = *title = 0;
    for (int i = 0; i < count; i++) {
        int wide = text_cols(kind_name(a, a->menu.kind, i));
        int titled = text_cols(kind_title(a, a->menu.kind, i));
        *name = wide > *name ? wide : *name;
        *title = titled > *title ? titled : *title;
    }
    *name = *name < 17 ? *name : 17;
    *title = *title < 32 ? *title : 32;
}

static void draw_menu(const App *a, Canvas *c)
{
    const Paint *p = &a->paint;
    int count = kind_count(a, a->menu.kind);
    char title[64];
    char note[48];
    snprintf(title, sizeof title, "%ss", kind_word(a->menu.kind));
    snprintf(note, sizeof note, "%d of %d", a->menu.selected + 1, count);
    Rect card = layout_card(c->cols, c->rows, c->cols > 128 ? 126 : c->cols - 2,
                            count + 4 < c->rows - 2 ? count + 4 : c->rows - 2);
    Rect in = card_frame(c, card, title, note, p);
    char whole[160];
    const char *about = kind_line(a, a->menu.kind, a->menu.selected, whole, sizeof whole);
    int about_rows = in.rows > 8 ? 2 : 0; /* the chosen row's sentence, whole */
    in.rows -= about_rows;
    panel_wrap(c, (Rect){in.col, in.row + in.rows, in.cols, about_rows}, about, ROLE_TEXT, p);
    int top = a->menu.selected - in.rows / 2;
    top = top > count - in.rows ? count - in.rows : top;
    top = top < 0 ? 0 : top;
    int name_cols, title_cols;
    menu_columns(a, count, &name_cols, &title_cols);
    int title_col = name_cols + 2, rest_col = title_col + title_cols + 2;
    for (int i = 0; i < in.rows && top + i < count; i++) {
        int k = top + i;
        char line[120];
        bool chosen = k == a->menu.selected;
        int row = in.row + i;
        if (chosen)
            canvas_fill(c, (Rect){in.col, row, in.cols, 1}, ' ', p->role[ROLE_CHOSEN],
                        p->role[ROLE_SELECT]);
        Role name = chosen ? ROLE_CHOSEN : ROLE_ACCENT;
        Role rest = chosen ? ROLE_CHOSEN : ROLE_TEXT;
        panel_over(c, in.col, row, name_cols, kind_name(a, a->menu.kind, k), name, p);
        if (in.cols > 60) {
            panel_over(c, in.col + title_col, row, title_cols, kind_title(a, a->menu.kind, k), rest, p);
            panel_over(c, in.col + rest_col, row, in.cols - rest_col, kind_line(a, a->menu.kind, k, line, sizeof line),
                       chosen ? ROLE_CHOSEN : ROLE_DIM, p);
        } else {
            panel_over(c, in.col + title_col, row, in.cols - title_col, kind_title(a, a->menu.kind, k), rest, p);
        }
    }
}

/* ---- cards ------------------------------------------------------------------------------------------ */

typedef struct CardText {
    const char *title;
    const char *name;
    const char *formula;
    const char *good;
    const char *caution;
} CardText;

static CardText card_of(const App *a)
{
    int i = kind_current(a, a->card_kind);
    if (i < 0)
        return (CardText){"typed by you", "", a->card_kind == KIND_SURFACE
                                                  ? a->scene.surface.formula
                                                  : a->scene.schedule.formula, "", ""};
    if (a->card_kind == KIND_SCHEDULE)
        return (CardText){schedules[i].title, schedules[i].name, schedules[i].formula,
                          schedules[i].good, schedules[i].caution};
    if (a->card_kind == KIND_OPTIMIZER)
        return (CardText){optimizers[i].title, optimizers[i].name, optimizers[i].formula,
                          optimizers[i].good, optimizers[i].caution};
    const Surface *s = surface_row(i);
    return (CardText){s->title, s->name, s->formula, s->note, ""};
}

/* The schedule's whole curve at a glance, drawn from the same cache as the plot. */
static void draw_card_curve(const App *a, Canvas *c, Rect area)
{
    Plot plot = {.scale = a->eta_scale, .steps = timeline_steps(a->run), .cursor = play_row(a),
                 .value = NAN, .limit = NAN};
    plot.line[plot.lines++] = (PlotLine){&a->card_curve, ROLE_ETA, ROLE_ETA, false, PLOT_SOLID};
    plot_lines(&plot, c, area, &a->paint);
}

static void draw_card(const App *a, Canvas *c)
{
    const Paint *p = &a->paint;
    CardText t = card_of(a);
    int most = a->layout.map.cols - 2; /* the plots stay in sight */
    bool fits = most >= 40 || (school_active(a) && most >= 20); /* a lesson's text must stay */
    int cols = most >= 58 ? 58 : fits ? most : c->cols < 64 ? c->cols - 2 : 58;
    int inner = cols - 4;
    bool curve = a->card_kind == KIND_SCHEDULE && c->rows >= 30;
    int text_rows = wrap_rows(t.formula, inner) + wrap_rows(t.good, inner) +
                    (t.caution[0] ? wrap_rows(t.caution, inner - 8) : 0);
    int rows = text_rows + 2 + 2 + (curve ? CARD_CURVE_ROWS + 1 : 0);
    Rect map = a->layout.map;
    Rect card = {map.col + 1, map.row + 1, cols, rows};
    if (card.col + card.cols > c->cols - 1)
        card.col = c->cols - 1 - card.cols;
    if (card.row + card.rows > c->rows - 3)
        card.rows = c->rows - 3 - card.row;
    if (card.rows < 5 || card.cols < 20)
        return;
    Rect in = card_frame(c, card, t.title, "enter closes", p);
    if (curve) {
        draw_card_curve(a, c, (Rect){in.col, in.row, CARD_CURVE_COLS < in.cols ? CARD_CURVE_COLS : in.cols,
                                     CARD_CURVE_ROWS});
        in.row += CARD_CURVE_ROWS + 1;
        in.rows -= CARD_CURVE_ROWS + 1;
    }
    int used = panel_wrap(c, in, t.formula, ROLE_TITLE, p);
    in.row += used + 1;
    in.rows -= used + 1;
    used = panel_wrap(c, in, t.good, ROLE_TEXT, p);
    in.row += used;
    in.rows -= used;
    if (t.caution[0] && in.rows > 0) {
        panel_over(c, in.col, in.row, 8, "but", ROLE_WARN, p);
        panel_wrap(c, (Rect){in.col + 4, in.row, in.cols - 4, in.rows}, t.caution, ROLE_DIM, p);
    }
}

/* ---- prompt -------------------------------------------------------------------------------------------- */

static void draw_prompt(const App *a, Canvas *c)
{
    const Paint *p = &a->paint;
    const Prompt *q = &a->prompt;
    int row = a->layout.footer.rows ? a->layout.footer.row : c->rows - 1;
    int status = a->layout.status.row;
    int status_rows = a->layout.status.rows;
    Rect line = {0, row, c->cols, 1};
    canvas_fill(c, line, ' ', p->role[ROLE_TEXT], p->role[ROLE_CARD]);
    panel_over(c, 1, row, 1, ":", ROLE_PROMPT, p);
    /* the part of the line around the insertion point */
    int width = c->cols - 4;
    int at = (int)utf8_count(q->text, (size_t)q->cursor);
    int skip = at >= width ? at - width + 1 : 0;
    const char *text = q->text;
    for (int i = 0; i < skip; i++)
        utf8_next(&text);
    panel_over(c, 2, row, width, text, ROLE_TEXT, p);
    Cell *cell = canvas_at(c, 2 + at - skip, row);
    if (cell)
        cell->attr |= CELL_REVERSE;
    if (status_rows < 1)
        return;
    Rect hint = {1, status, c->cols - 2, status_rows};
    canvas_fill(c, (Rect){0, status, c->cols, status_rows}, ' ', p->role[ROLE_TEXT],
                p->role[ROLE_BACK]);
    if (q->message[0])
        panel_wrap(c, hint, q->message, q->complete_from >= 0 ? ROLE_DIM : ROLE_WARN, p);
    else
        panel_wrap(c, hint, "a command, or key=value at this step; Tab completes, ↑ older lines, Esc leaves",
                   ROLE_DIM, p);
}

void draw_overlay(const App *a, Canvas *c)
{
    if (a->card && (a->mode == MODE_STAGE || a->mode == MODE_LESSON))
        draw_card(a, c);
    if (a->mode == MODE_MENU)
        draw_menu(a, c);
    if (a->mode == MODE_FIND)
        draw_finder(a, c);
    if (a->mode == MODE_HELP)
        draw_help(a, c);
    if (a->mode == MODE_PROMPT)
        draw_prompt(a, c);
}
