/* SPDX-License-Identifier: MIT
 * settings: the lines of the settings file: command lines, as at the ':' prompt; '#' at a line's
 * start is a comment. */
#ifndef ETA_APP_SETTINGS_H
#define ETA_APP_SETTINGS_H

#include "app/parts.h"
#include "base/error.h"

/* Run the lines of `text`, of the file `file`: errors have its line and column, and files that a
 * line names are looked for in its folder. What lines were run stays done. */
bool settings_run(App *a, const char *text, const char *file, Error *err);

#endif
