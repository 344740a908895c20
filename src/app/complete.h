/* SPDX-License-Identifier: MIT
 * complete: what may stand at the end of a prompt line, from the tables. */
#ifndef ETA_APP_COMPLETE_H
#define ETA_APP_COMPLETE_H

#include "app/parts.h"

enum { COMPLETE_SIZE = 64 }; /* bytes of a candidate, terminator included */

/* k-th candidate for the word that begins at byte *from of `line`; false past the last. */
bool complete_word(const App *a, const char *line, int k, char word[COMPLETE_SIZE], int *from);

#endif
