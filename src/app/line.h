/* SPDX-License-Identifier: MIT
 * line: command lines: a verb with its arguments, or assignments at the cursor. */
#ifndef ETA_APP_LINE_H
#define ETA_APP_LINE_H

#include "app/view.h"

/* Run one line; on an error nothing was done, err points at the word. */
bool line_run(App *a, const char *line, Error *err);

/* Does it begin with a verb, or as a scene does? */
bool line_known(const App *a, const char *line, Error *err);

/* The n-th verb of all files and of all views, `rows`; NULL past the last. */
const Command *command_row(const View *const *rows, int n);
const Command *command_find(const View *const *rows, const char *name,
                            size_t length); /* NULL: none */
/* The verb that a line begins with. */
const Command *command_of(const View *const *rows, const char *line);

/* Bring what follows from a change up to date: focus, ruler, pictures, room. */
void follow(App *a);

#endif
