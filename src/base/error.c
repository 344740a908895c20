/* SPDX-License-Identifier: MIT
 * error: see error.h */
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

bool error_set(Error *e, long line, long column, const char *format, ...)
{
    if (!e)
        return false;
    e->file[0] = '\0';
    e->line = line;
    e->column = column;
    va_list args;
    va_start(args, format);
    vsnprintf(e->message, sizeof e->message, format, args);
    va_end(args);
    return false;
}

void error_shift(Error *e, long line, long column)
{
    if (!e)
        return;
    if (e->line <= 1 && e->column > 0)
        e->column += column - 1;
    else if (e->line <= 1)
        e->column = column;
    e->line = e->line > 1 ? e->line + line - 1 : line;
}

void error_in(Error *e, const char *file)
{
    if (e && !e->file[0])
        snprintf(e->file, sizeof e->file, "%s", file);
}

/* A message is one line of printable text whatever the input contained. */
static void print_clean(const char *text, FILE *to)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        fputc(*c < 0x20 || *c == 0x7f ? '?' : *c, to);
}

void error_print(const Error *e, FILE *to)
{
    fputs("etascope: ", to);
    if (e->file[0]) {
        print_clean(e->file, to);
        if (e->line > 0)
            fprintf(to, ":%ld", e->line);
        if (e->line > 0 && e->column > 0)
            fprintf(to, ":%ld", e->column);
        fputs(": ", to);
    }
    print_clean(e->message, to);
    fputc('\n', to);
}
