/* SPDX-License-Identifier: MIT
 * prompt: the ':' line: editing, history, completion. */
#include <string.h>

#include "app/complete.h"
#include "app/bindings.h"
#include "app/line.h"
#include "app/look.h"
#include "app/view/prompt.h"
#include "app/views.h"
#include "base/text.h"
#include "view/panel.h"

Prompt *prompt_of(const App *a)
{
    return view_memory(a, &view_prompt);
}

static void set_text(Prompt *p, const char *text)
{
    memmove(p->text, text, strlen(text) + 1);
    p->length = p->cursor = (int)strlen(p->text);
}

static bool run_prompt(App *a, const char *args, Error *err)
{
    return view_open(a, view_prompt.name, args, err);
}

static bool prompt_open(App *a, const char *args, Error *err)
{
    Prompt *p = prompt_of(a);
    (void)err;
    set_text(p, args);
    p->browsing = 0;
    p->completing = false;
    p->message[0] = '\0';
    return true;
}

static void insert_key(Prompt *p, uint32_t key)
{
    char bytes[4];
    int n = utf8_encode(key, bytes);
    if (p->length + n >= LINE_SIZE)
        return;
    memmove(p->text + p->cursor + n, p->text + p->cursor, (size_t)(p->length - p->cursor + 1));
    memcpy(p->text + p->cursor, bytes, (size_t)n);
    p->cursor += n;
    p->length += n;
}

static int before(const Prompt *p)
{
    int i = p->cursor;
    do
        i--;
    while (i > 0 && ((unsigned char)p->text[i] & 0xC0) == 0x80);
    return i < 0 ? 0 : i;
}

static int after(const Prompt *p)
{
    int i = p->cursor;
    do
        i++;
    while (i < p->length && ((unsigned char)p->text[i] & 0xC0) == 0x80);
    return i > p->length ? p->length : i;
}

static void delete_range(Prompt *p, int from, int to)
{
    memmove(p->text + from, p->text + to, (size_t)(p->length - to + 1));
    p->length -= to - from;
    p->cursor = from;
}

static void delete_word(Prompt *p)
{
    int from = p->cursor;
    while (from > 0 && p->text[from - 1] == ' ')
        from--;
    while (from > 0 && p->text[from - 1] != ' ')
        from--;
    delete_range(p, from, p->cursor);
}

/* by > 0: older lines. */
static void browse(Prompt *p, int by)
{
    int most = p->history_count < HISTORY ? p->history_count : HISTORY;
    int to = p->browsing + by;
    if (to < 0 || to > most)
        return;
    if (p->browsing == 0)
        memcpy(p->draft, p->text, sizeof p->draft);
    p->browsing = to;
    set_text(p, to ? p->history[(p->history_count - to) % HISTORY] : p->draft);
}

/* The other candidates, as a hint. */
static void say_candidates(App *a, Prompt *p)
{
    Text hint = text_over(p->message, sizeof p->message);
    char word[COMPLETE_SIZE];
    int from;
    for (int k = 0; k < 24 && complete_word(a, p->stem, k, word, &from); k++)
        text_add(&hint, "%s%s", k ? "  " : "", word);
}

/* Tab: the next candidate for the word before the cursor, going round. */
static void complete(App *a, Prompt *p)
{
    char word[COMPLETE_SIZE];
    int from;
    if (!p->completing) {
        memcpy(p->stem, p->text, sizeof p->stem);
        memcpy(p->rest, p->text + p->cursor, (size_t)(p->length - p->cursor) + 1);
        p->stem[p->cursor] = '\0';
        p->candidate = 0;
        p->completing = true;
    }
    bool found = complete_word(a, p->stem, p->candidate, word, &from);
    if (!found && p->candidate > 0)
        found = complete_word(a, p->stem, p->candidate = 0, word, &from);
    if (!found) {
        snprintf(p->message, sizeof p->message, "nothing known begins like this");
        p->completing = false;
        return;
    }
    p->candidate++;
    char line[LINE_SIZE];
    int end = snprintf(line, sizeof line, "%.*s%s", from, p->stem, word);
    if (end < 0 || (size_t)end + strlen(p->rest) >= sizeof line)
        return;
    memcpy(line + end, p->rest, strlen(p->rest) + 1);
    set_text(p, line);
    p->cursor = end;
    say_candidates(a, p);
}

/* The line is run where it was typed; after an error one is back on it. */
static void accept(App *a)
{
    Prompt *p = prompt_of(a);
    Error err = {0};
    char line[LINE_SIZE];
    int last = (p->history_count + HISTORY - 1) % HISTORY;
    view_pop(a);
    if (p->length == 0)
        return;
    if (p->history_count == 0 || strcmp(p->history[last], p->text) != 0)
        memcpy(p->history[p->history_count++ % HISTORY], p->text, sizeof p->text);
    memcpy(line, p->text, sizeof line);
    if (line_run(a, line, &err) || !view_open(a, view_prompt.name, line, &(Error){0}))
        return;
    snprintf(p->message, sizeof p->message, "%s", err.message);
}

typedef struct PromptKey {
    uint32_t key;
    void (*run)(App *a);
} PromptKey;

static void key_left(App *a)
{
    prompt_of(a)->cursor = before(prompt_of(a));
}

static void key_right(App *a)
{
    prompt_of(a)->cursor = after(prompt_of(a));
}

static void key_home(App *a)
{
    prompt_of(a)->cursor = 0;
}

static void key_end(App *a)
{
    prompt_of(a)->cursor = prompt_of(a)->length;
}

static void key_backspace(App *a)
{
    if (prompt_of(a)->length == 0)
        view_pop(a);
    else if (prompt_of(a)->cursor > 0)
        delete_range(prompt_of(a), before(prompt_of(a)), prompt_of(a)->cursor);
}

static void key_delete(App *a)
{
    Prompt *p = prompt_of(a);
    if (p->cursor < p->length)
        delete_range(p, p->cursor, after(p));
}

static void key_kill(App *a)
{
    delete_range(prompt_of(a), 0, prompt_of(a)->cursor);
}

static void key_word(App *a)
{
    delete_word(prompt_of(a));
}

static void key_older(App *a)
{
    browse(prompt_of(a), 1);
}

static void key_newer(App *a)
{
    browse(prompt_of(a), -1);
}

static void key_close(App *a)
{
    view_pop(a);
}

static const PromptKey prompt_keys[] = {
    {KEYCODE_ENTER, accept},
    {KEYCODE_ESCAPE, key_close},
    {KEYCODE_BACKSPACE, key_backspace},
    {8, key_backspace},
    {KEYCODE_DELETE, key_delete},
    {KEYCODE_LEFT, key_left},
    {KEYCODE_RIGHT, key_right},
    {KEYCODE_HOME, key_home},
    {1, key_home},
    {KEYCODE_END, key_end},
    {5, key_end},
    {21, key_kill},
    {23, key_word},
    {KEYCODE_UP, key_older},
    {KEYCODE_DOWN, key_newer},
    {16, key_older},
    {14, key_newer},
    {3, key_close},
};

static bool prompt_key(App *a, uint32_t key)
{
    Prompt *p = prompt_of(a);
    a->dirty = true;
    if (key == KEYCODE_TAB) {
        complete(a, p);
        return true;
    }
    p->completing = false;
    if (key != KEYCODE_ENTER)
        p->message[0] = '\0';
    for (size_t i = 0; i < sizeof prompt_keys / sizeof prompt_keys[0]; i++)
        if (prompt_keys[i].key == key) {
            prompt_keys[i].run(a);
            return true;
        }
    if (key >= 0x20 && key < 0x110000 && key != 0x7f)
        insert_key(p, key);
    return true;
}

static void prompt_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Prompt *q = prompt_of(a);
    int row = a->look->layout.footer.rows ? a->look->layout.footer.row : c->rows - 1;
    int status = a->look->layout.status.row;
    int status_rows = a->look->layout.status.rows;
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
        panel_wrap(c, hint, q->message, q->completing ? ROLE_DIM : ROLE_WARN, p);
    else
        panel_wrap(c, hint,
                   "a command, or key=value at this step; Tab completes, ↑ older lines, Esc leaves",
                   ROLE_DIM, p);
}

static const Command commands[] = {
    {"prompt", "[TEXT]", "other", "type a command or key=value; Tab completes", run_prompt, 0,
     NULL},
    {.name = NULL},
};

const View view_prompt = {
    .name = "prompt",
    .title = "the prompt",
    .help = "a command, or key=value at this step",
    .order = 8,
    .flags = VIEW_OVER | VIEW_TYPES,
    .memory = sizeof(Prompt),
    .commands = commands,
    .open = prompt_open,
    .key = prompt_key,
    .draw = prompt_draw,
};
