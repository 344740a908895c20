/* SPDX-License-Identifier: MIT
 * command: see command.h */
#include "app/command.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

bool bad_argument(Error *err, const char *args, const char *expected)
{
    if (!*args)
        return error_set(err, 1, 1, "an argument is missing: %s", expected);
    return error_set(err, 1, 1, "'%.60s' is not %s", args, expected);
}

bool whole_argument(const char *args, long *out, Error *err)
{
    double v;
    if (!number_parse(args, strlen(args), &v) || v != floor(v) || fabs(v) > 1e9)
        return bad_argument(err, args, "a whole number");
    *out = (long)v;
    return true;
}

int way_argument(const char *args)
{
    return strcmp(args, "next") == 0 ? 1 : strcmp(args, "previous") == 0 ? -1 : 0;
}

bool pick_argument(const char *args, const char *const *names, int *now, Error *err)
{
    int count = 0;
    while (names[count])
        count++;
    if (strcmp(args, "next") == 0) {
        *now = (*now + 1) % count;
        return true;
    }
    for (int i = 0; i < count; i++)
        if (strcmp(args, names[i]) == 0) {
            *now = i;
            return true;
        }
    return bad_argument(err, args, "next or a known name");
}
