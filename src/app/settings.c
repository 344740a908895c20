/* SPDX-License-Identifier: MIT
 * settings: see settings.h */
#include "app/settings.h"

#include <stdio.h>
#include <string.h>

#include "app/line.h"
#include "base/text.h"

/* An error in a verb's arguments counts from them; in an assignment from the line's start. */
static void locate(const App *a, const char *line, long number, long column, Error *err)
{
    size_t verb = strcspn(line, " \t");
    size_t args = verb + strspn(line + verb, " \t");
    if (err->file[0])
        return; /* in a file that the line names */
    bool is_verb = command_of(a->views->row, line) != NULL;
    if (is_verb && err->column)
        column += (long)utf8_count(line, args);
    if (!err->line)
        err->line = err->column = 1;
    error_shift(err, number, column);
}

static bool run(App *a, const char *line, size_t length, long number, Error *err)
{
    char copy[LINE_SIZE];
    size_t blank = strspn(line, " \t");
    if (blank >= length || line[blank] == '#')
        return true;
    if (length - blank >= sizeof copy)
        return error_set(err, number, 1, "the line is too long");
    snprintf(copy, sizeof copy, "%.*s", (int)(length - blank), line + blank);
    copy[strcspn(copy, "\r")] = '\0';
    if (line_run(a, copy, err))
        return true;
    locate(a, copy, number, (long)blank + 1, err);
    return false;
}

bool settings_run(App *a, const char *text, const char *file, Error *err)
{
    char folder[1024] = "";
    const char *slash = strrchr(file, '/');
    long number = 1;
    bool ok = true;
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - file), file);
    a->folder = folder;
    for (const char *line = text; *line && ok; number++) {
        size_t length = strcspn(line, "\n");
        ok = run(a, line, length, number, err);
        line += length + (line[length] == '\n');
    }
    a->folder = NULL;
    if (!ok)
        error_in(err, file);
    return ok;
}
