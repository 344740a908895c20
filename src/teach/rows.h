/* SPDX-License-Identifier: MIT
 * rows: embedded text of "key value" lines in blocks, as misconceptions.txt and claims.txt are. */
#ifndef ETA_TEACH_ROWS_H
#define ETA_TEACH_ROWS_H

#include <stdbool.h>

/* A copy of an embedded file that lives as long as the program; NULL: there is none. */
char *rows_text(const char *name);
/* The next line that says something ('#' begins a comment line), cut into key and value. */
bool rows_next(char **text, const char **key, const char **value);

#endif
