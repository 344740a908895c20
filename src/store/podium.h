/* SPDX-License-Identifier: MIT
 * podium: where a demonstration stands, in a small file of the runtime directory ($XDG_RUNTIME_DIR,
 * else the state directory), so that a second terminal can show the speaker's notes. */
#ifndef ETA_STORE_PODIUM_H
#define ETA_STORE_PODIUM_H

#include <stdbool.h>

#include "store/file.h"

enum { PODIUM_PATH = HOME_PATH, PODIUM_COUNTS = 5 };

typedef struct Podium {
    int step;  /* from 0 */
    int phase; /* as the player counts them */
    int votes[PODIUM_COUNTS];
} Podium;

/* false: there is no directory for it, or `id` is no name of a file. */
bool podium_path(const char *id, char out[PODIUM_PATH]);
/* false: it could not be written. The demonstration goes on all the same. */
bool podium_tell(const char *id, const Podium *now);
/* false: nobody stands there. */
bool podium_hear(const char *id, Podium *now);
void podium_leave(const char *id);

#endif
