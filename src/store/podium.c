/* SPDX-License-Identifier: MIT
 * podium: see podium.h */
#include "store/podium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "store/file.h"

enum { LINE_MOST = 200 };

bool podium_path(const char *id, char out[PODIUM_PATH])
{
    char name[HOME_PATH];
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (!*id || strchr(id, '/') || snprintf(name, sizeof name, "at-%s", id) >= HOME_PATH)
        return false;
    return home_path(out, runtime && *runtime == '/' ? "XDG_RUNTIME_DIR" : "XDG_STATE_HOME",
                     ".local/state", name);
}

bool podium_tell(const char *id, const Podium *now)
{
    char path[PODIUM_PATH];
    char line[LINE_MOST];
    Text t = text_over(line, sizeof line);
    Error ignored;
    text_add(&t, "%d %d", now->step, now->phase);
    for (int i = 0; i < PODIUM_COUNTS; i++)
        text_add(&t, " %d", now->votes[i]);
    text_add(&t, "\n");
    return podium_path(id, path) && folders_make(path, &ignored) &&
           file_write(path, line, t.used, &ignored);
}

bool podium_hear(const char *id, Podium *now)
{
    char path[PODIUM_PATH];
    char line[LINE_MOST];
    Podium p;
    if (!podium_path(id, path))
        return false;
    FILE *in = fopen(path, "r");
    if (!in)
        return false;
    bool ok = fgets(line, sizeof line, in) &&
              sscanf(line, "%4d %4d %5d %5d %5d %5d %5d", &p.step, &p.phase, &p.votes[0],
                     &p.votes[1], &p.votes[2], &p.votes[3], &p.votes[4]) == 2 + PODIUM_COUNTS;
    fclose(in);
    if (ok)
        *now = p;
    return ok;
}

void podium_leave(const char *id)
{
    char path[PODIUM_PATH];
    if (podium_path(id, path))
        unlink(path);
}
