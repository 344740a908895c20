/* SPDX-License-Identifier: MIT
 * views: all views there are, by their order; the stage is the first. The Makefile collects the
 * names from the files of app/view/: app/view/NAME.c holds the row view_NAME. */
#ifndef ETA_APP_VIEWS_H
#define ETA_APP_VIEWS_H

#include "app/view.h"

#define ROW(NAME) extern const View view_##NAME;
#include "views.inc"
#undef ROW

extern const View *const views[]; /* ends with NULL */

#endif
