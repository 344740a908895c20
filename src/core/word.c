/* SPDX-License-Identifier: MIT
 * word: the words of scene texts, see scene.h. Blanks separate words, ';' and newline end lines,
 * '#' at the start of a word begins a comment; bare words `at` and `vs` begin lines. */
#include <string.h>

#include "core/scene.h"

WordScan word_scan(const char *text)
{
    return (WordScan){text, 1, 1};
}

static void advance(WordScan *s)
{
    if (*s->at++ == '\n') {
        s->line++;
        s->column = 1;
    } else {
        s->column += ((unsigned char)*s->at & 0xC0) != 0x80; /* count characters, not bytes */
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_end(char c)
{
    return c == '\0' || c == '\n' || c == ';';
}

/* Skip to the next word; comments run to the end of their line. */
static void skip(WordScan *s)
{
    for (;;) {
        if (is_blank(*s->at) || *s->at == '\n' || *s->at == ';')
            advance(s);
        else if (*s->at == '#')
            while (*s->at && *s->at != '\n')
                advance(s);
        else
            return;
    }
}

static bool word_add(Word *w, size_t *used, char c)
{
    if (*used + 1 >= sizeof w->text)
        return false;
    w->text[(*used)++] = c;
    return true;
}

static bool begins_line(const char *c)
{
    return (strncmp(c, "at", 2) == 0 || strncmp(c, "vs", 2) == 0) &&
           (is_blank(c[2]) || is_end(c[2]));
}

/* Does nothing but blanks (and a comment) follow on this line, or does another line begin? */
static bool at_line_end(const char *c)
{
    while (is_blank(*c))
        c++;
    return is_end(*c) || *c == '#' || begins_line(c);
}

int word_next(WordScan *s, Word *w, Error *err)
{
    skip(s);
    if (!*s->at)
        return 0;
    size_t used = 0;
    char quote = 0;
    WordScan opened = *s;
    w->key = 0;
    w->line = s->line;
    w->column = w->value_column = s->column;
    while (*s->at && (quote || (!is_blank(*s->at) && !is_end(*s->at)))) {
        char c = *s->at;
        if (is_control(c) && !(quote && c == '\t')) {
            bool cut = quote && (c == '\n' || c == '\r');
            error_set(err, s->line, s->column,
                      cut ? "unclosed quote" : "control character in a word");
            return -1;
        }
        if (quote ? c == quote : c == '\'' || c == '"') {
            quote = quote ? 0 : c;
            opened = *s;
            if (used == w->key + 1 && w->key && quote)
                w->value_column = s->column + 1;
        } else if (!word_add(w, &used, c)) {
            error_set(err, w->line, w->column, "word too long (at most %d bytes)", WORD_TEXT - 1);
            return -1;
        } else if (c == '=' && !quote && !w->key && used > 1) {
            w->key = used - 1;
            w->value_column = s->column + 1;
        }
        advance(s);
    }
    if (quote) {
        error_set(err, opened.line, opened.column, "unclosed quote");
        return -1;
    }
    w->text[used] = '\0';
    w->value = w->key ? w->text + w->key + 1 : w->text;
    w->length = w->key ? used - w->key - 1 : used;
    w->last = at_line_end(s->at);
    return 1;
}
