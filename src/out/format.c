/* SPDX-License-Identifier: MIT
 * format: see format.h */
#include "out/format.h"

#include <string.h>

#include "base/text.h"
#include "base/words.h"

const Format format_csv = {"csv", "find, race: rows of numbers", NULL, NULL, false, NULL};

#define ROW(name) extern const Format format_##name;
#include "formats.inc"
#undef ROW
#define ROW(name) &format_##name,
const Format *const formats[] = {
#include "formats.inc"
    NULL};

const Format *format_find(const char *name, bool rows, Error *err)
{
    char names[160];
    Text t = text_over(names, sizeof names);
    const char *comma = "";
    for (const Format *const *f = formats; *f; f++) {
        if (!(*f)->draw && rows == ((*f)->film != NULL))
            continue;
        if (strcmp((*f)->name, name) == 0)
            return *f;
        text_add(&t, "%s%s", comma, (*f)->name);
        comma = ", ";
    }
    error_set(err, 1, 1, "unknown format '%.60s' (there are %s)", name, names);
    return NULL;
}

bool format_lacks_figures(const Format *f, Error *err)
{
    char names[160];
    Text t = text_over(names, sizeof names);
    const char *comma = "";
    if (f->figure)
        return false;
    for (const Format *const *other = formats; *other; other++)
        if ((*other)->figure) {
            text_add(&t, "%s%s", comma, (*other)->name);
            comma = ", ";
        }
    error_set(err, 1, 1, "'%s' draws no panel (%s do)", f->name, names);
    return true;
}
