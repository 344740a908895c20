/* SPDX-License-Identifier: MIT
 * prompt: the ':' line: editing, history, completion. */
#include <string.h>

#include "app/state.h"

void prompt_open(App *a, const char *text)
{
    Prompt *p = &a->prompt;
    snprintf(p->text, sizeof p->text, "%s", text);
    p->length = p->cursor = (int)strlen(p->text);
    p->browsing = 0;
    p->complete_from = -1;
    p->message[0] = '\0';
    if (a->mode != MODE_PROMPT)
        a->prompt_mode = a->mode;
    a->mode = MODE_PROMPT;
    a->dirty = true;
}

static void insert_key(Prompt *p, uint32_t key)
{
    char bytes[4];
    int n = utf8_encode(key, bytes);
    if (p->length + n >= PROMPT_SIZE)
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

static void set_text(Prompt *p, const char *text)
{
    memmove(p->text, text, strlen(text) + 1);
    p->length = p->cursor = (int)strlen(p->text);
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

/* Tab: the next candidate for the word before the cursor, going round. */
static void complete(App *a)
{
    Prompt *p = &a->prompt;
    int from;
    if (p->complete_from < 0) {
        memcpy(p->stem, p->text, sizeof p->stem);
        memcpy(p->rest, p->text + p->cursor, (size_t)(p->length - p->cursor) + 1);
        p->stem[p->cursor] = '\0';
        p->complete_next = 0;
        p->complete_from = 0;
    }
    const char *word = complete_word(a, p->stem, p->complete_next, &from);
    if (!word && p->complete_next > 0) {
        p->complete_next = 0;
        word = complete_word(a, p->stem, 0, &from);
    }
    if (!word) {
        snprintf(p->message, sizeof p->message, "nothing known begins like this");
        p->complete_from = -1;
        return;
    }
    p->complete_next++;
    char line[PROMPT_SIZE];
    int end = snprintf(line, sizeof line, "%.*s%s", from, p->stem, word);
    if (end < 0 || (size_t)end + strlen(p->rest) >= sizeof line)
        return;
    memcpy(line + end, p->rest, strlen(p->rest) + 1);
    set_text(p, line);
    p->cursor = end;
    /* the other candidates, as a hint */
    Text hint = text_over(p->message, sizeof p->message);
    for (int k = 0; k < 24; k++) {
        int ignored;
        const char *other = complete_word(a, p->stem, k, &ignored);
        if (!other)
            break;
        text_add(&hint, "%s%s", k ? "  " : "", other);
    }
}

static void accept(App *a)
{
    Prompt *p = &a->prompt;
    Error err = {0};
    if (p->length == 0) {
        a->mode = a->prompt_mode;
        return;
    }
    int last = (p->history_count + HISTORY - 1) % HISTORY;
    if (p->history_count == 0 || strcmp(p->history[last], p->text) != 0)
        memcpy(p->history[p->history_count++ % HISTORY], p->text, sizeof p->text);
    a->mode = a->prompt_mode;
    if (app_command(a, p->text, &err))
        return;
    a->prompt_mode = a->mode;
    /* stay on the line, the cursor at the fault */
    a->mode = MODE_PROMPT;
    snprintf(p->message, sizeof p->message, "%s", err.message);
}

typedef struct PromptKey {
    uint32_t key;
    void (*run)(App *a);
} PromptKey;

static void key_left(App *a)
{
    a->prompt.cursor = before(&a->prompt);
}

static void key_right(App *a)
{
    a->prompt.cursor = after(&a->prompt);
}

static void key_home(App *a)
{
    a->prompt.cursor = 0;
}

static void key_end(App *a)
{
    a->prompt.cursor = a->prompt.length;
}

static void key_backspace(App *a)
{
    if (a->prompt.length == 0)
        a->mode = a->prompt_mode;
    else if (a->prompt.cursor > 0)
        delete_range(&a->prompt, before(&a->prompt), a->prompt.cursor);
}

static void key_delete(App *a)
{
    Prompt *p = &a->prompt;
    if (p->cursor < p->length)
        delete_range(p, p->cursor, after(p));
}

static void key_kill(App *a)
{
    delete_range(&a->prompt, 0, a->prompt.cursor);
}

static void key_word(App *a)
{
    delete_word(&a->prompt);
}

static void key_older(App *a)
{
    browse(&a->prompt, 1);
}

static void key_newer(App *a)
{
    browse(&a->prompt, -1);
}

static void key_close(App *a)
{
    a->mode = a->prompt_mode;
}

static const PromptKey prompt_keys[] = {
    {KEYCODE_ENTER, accept},        {KEYCODE_ESCAPE, key_close}, {KEYCODE_BACKSPACE, key_backspace},
    {8, key_backspace},             {KEYCODE_DELETE, key_delete}, {KEYCODE_LEFT, key_left},
    {KEYCODE_RIGHT, key_right},     {KEYCODE_HOME, key_home},    {1, key_home},
    {KEYCODE_END, key_end},         {5, key_end},                {21, key_kill},
    {23, key_word},                 {KEYCODE_UP, key_older},     {KEYCODE_DOWN, key_newer},
    {16, key_older},                {14, key_newer},             {3, key_close},
};

void prompt_key(App *a, uint32_t key)
{
    Prompt *p = &a->prompt;
    a->dirty = true;
    if (key == KEYCODE_TAB) {
        complete(a);
        return;
    }
    p->complete_from = -1;
    if (key != KEYCODE_ENTER)
        p->message[0] = '\0';
    for (size_t i = 0; i < sizeof prompt_keys / sizeof prompt_keys[0]; i++)
        if (prompt_keys[i].key == key) {
            prompt_keys[i].run(a);
            return;
        }
    if (key >= 0x20 && key < 0x110000 && key != 0x7f)
        insert_key(p, key);
}
