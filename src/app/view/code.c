/* SPDX-License-Identifier: MIT
 * code: what is on the screen as a program for a framework, dialect after dialect. Written when it
 * is opened. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/bindings.h"
#include "app/look.h"
#include "app/say.h"
#include "app/session.h"
#include "app/share.h"
#include "app/views.h"
#include "base/words.h"
#include "code/code.h"
#include "view/panel.h"

enum { PIECE = 512 /* bytes of a row */, INDENT = 6 };

typedef struct Code {
    const Dialect *dialect; /* NULL: none was asked for yet */
    char *text;             /* owned */
    size_t size;
    int top, lines; /* the first line visible, of how many */
} Code;

static const Binding own_keys[] = {
    {KEYCODE_TAB, "code next", "framework", 3, 0, NULL},
    {'C', "code next", NULL, 0, 0, NULL},
    {'Y', "code copy", "copy", 4, 0, "copy these lines where the terminal can"},
    {' ', "move 0 -10", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", "back", 1, 0, NULL},
    {'q', "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {list_keys, own_keys, help_keys, NULL};

static Code *code_of(const App *a)
{
    return view_memory(a, &view_code);
}

static void code_release(App *a)
{
    free(code_of(a)->text);
}

static const Dialect *dialect_named(const char *name, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, name, strlen(name));
    for (const Dialect *d = dialects; d->name; d++) {
        if (strcmp(d->name, name) == 0)
            return d;
        near_try(&near, d->name);
    }
    error_set(err, 1, 1, "unknown dialect '%.40s'%s", name, near_hint(&near, hint, sizeof hint));
    return NULL;
}

/* The run under the keys, in a text of its own; the old one stays where that fails. */
static bool write_code(App *a, const Dialect *d, Error *err)
{
    Code *k = code_of(a);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool ok = out && code_write(out, d, session_run(a->session), err);
    ok = out && fclose(out) == 0 && ok;
    if (!out)
        error_set(err, 0, 0, "out of memory");
    if (!ok) {
        free(text);
        return false;
    }
    free(k->text);
    *k = (Code){.dialect = d, .text = text, .size = size};
    for (const char *c = text; (c = strchr(c, '\n')); c++)
        k->lines++;
    return true;
}

static bool code_open(App *a, const char *args, Error *err)
{
    const Dialect *now = code_of(a)->dialect;
    const Dialect *d = now ? now : dialects;
    if (strcmp(args, "next") == 0)
        d = now && now[1].name ? now + 1 : dialects;
    else if (*args && !(d = dialect_named(args, err)))
        return false;
    return write_code(a, d, err);
}

static bool copy(App *a, Error *err)
{
    const Code *k = code_of(a);
    if (!k->text)
        return error_set(err, 1, 1, "there is no code yet: 'code' writes it");
    if (share_put(a->share, k->text))
        say(a, "copied: %d lines for %s", k->lines, k->dialect->name);
    else
        say_warn(a, "too long for the clipboard: ':save FILE', then 'etascope code FILE'");
    return true;
}

static bool run_code(App *a, const char *args, Error *err)
{
    if (strcmp(args, "copy") == 0)
        return copy(a, err);
    if (!view_open(a, view_code.name, args, err))
        return false;
    say(a, "Y copies it; as a file: ':save FILE', then 'etascope code --dialect %s FILE'",
        code_of(a)->dialect->name);
    say_short(a, "Y copies it");
    return true;
}

static void code_move(App *a, int dx, int dy)
{
    Code *k = code_of(a);
    (void)dx;
    k->top -= dy;
    k->top = k->top >= k->lines ? k->lines - 1 : k->top;
    k->top = k->top < 0 ? 0 : k->top;
}

/* The bytes of a line that fit into so many cells; a longer one is broken behind a blank where one
 * stands in the second half. */
static size_t fitting(const char *line, size_t length, int cols)
{
    size_t bytes = 0;
    size_t blank = 0;
    for (int n = 0; n < cols && bytes < length && bytes < PIECE - 4; n++) {
        do
            bytes++;
        while (bytes < length && ((unsigned char)line[bytes] & 0xC0) == 0x80);
        if (line[bytes - 1] == ' ' && n > cols / 2)
            blank = bytes;
    }
    return bytes < length && blank ? blank : bytes;
}

/* A line in rows of the inside, the further ones indented. Returns the rows. */
static int draw_line(Canvas *c, Rect in, int row, const char *line, size_t length, const Paint *p)
{
    char piece[PIECE];
    Role role = line[strspn(line, " ")] == '#' ? ROLE_DIM : ROLE_TEXT;
    int rows = 0;
    do {
        int col = rows ? INDENT : 0;
        size_t bytes = fitting(line, length, in.cols - col);
        snprintf(piece, sizeof piece, "%.*s", (int)bytes, line);
        if (row + rows < in.rows)
            panel_over(c, in.col + col, in.row + row + rows, in.cols - col, piece, role, p);
        rows++;
        line += bytes;
        length -= bytes;
    } while (length);
    return rows;
}

static void code_draw(const App *a, Canvas *c)
{
    const Code *k = code_of(a);
    char title[64];
    char note[48];
    Rect card = layout_card(c->cols, c->rows, c->cols > 110 ? 108 : c->cols - 2, c->rows - 2);
    snprintf(title, sizeof title, "code: %s", k->dialect->name);
    snprintf(note, sizeof note, "line %d of %d", k->top + 1, k->lines);
    Rect in = card_frame(c, card, title, note, &a->look->paint);
    const char *line = k->text;
    for (int i = 0; i < k->top; i++)
        line = strchr(line, '\n') + 1;
    for (int row = 0; *line && row < in.rows;) {
        size_t length = strcspn(line, "\n");
        row += draw_line(c, in, row, line, length, &a->look->paint);
        line += length + (line[length] == '\n');
    }
}

static const Command commands[] = {
    {"code", "[DIALECT|next|copy]", "scenes", "this run as code: PyTorch, Keras, optax ...",
     run_code, COMMAND_CHOICE, NULL},
    {.name = NULL},
};

const View view_code = {
    .name = "code",
    .title = "the code",
    .help = "the run as a program for a framework",
    .order = 14,
    .flags = VIEW_OVER,
    .memory = sizeof(Code),
    .keys = keys,
    .commands = commands,
    .open = code_open,
    .close = view_back,
    .move = code_move,
    .draw = code_draw,
    .release = code_release,
};
