/* SPDX-License-Identifier: MIT
 * rows: see rows.h */
#include "teach/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

char *rows_text(const char *name)
{
    const Embedded *file = embedded_find(name);
    char *copy = file ? malloc(file->size + 1) : NULL;
    if (copy)
        memcpy(copy, file->text, file->size + 1);
    return copy;
}

bool rows_next(char **text, const char **key, const char **value)
{
    while (*text && **text) {
        char *line = *text;
        char *end = strchr(line, '\n');
        *text = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        if (!*line || *line == '#')
            continue;
        char *blank = line + strcspn(line, " ");
        *value = *blank ? blank + 1 + strspn(blank + 1, " ") : blank;
        *blank = '\0';
        *key = line;
        return true;
    }
    return false;
}
