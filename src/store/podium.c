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
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int n = -1;
    if (!*id || strchr(id, '/'))
        return false;
    if (runtime && *runtime == '/') /* relative ones are to be ignored, says XDG */
        n = snprintf(out, PODIUM_PATH, "%s/etascope/at-%s", runtime, id);
    else if (state && *state == '/')
        n = snprintf(out, PODIUM_PATH, "%s/etascope/at-%s", state, id);
    else if (home && *home)
        n = snprintf(out, PODIUM_PATH, "%s/.local/state/etascope/at-%s", home, id);
    return n > 0 && n < PODIUM_PATH;
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
    return podium_path(id, path) && file_folders(path, &ignored) &&
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
