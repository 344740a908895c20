/* SPDX-License-Identifier: MIT
 * views: all views there are, made by the Makefile from the files of this folder: view/NAME.c holds
 * the row view_NAME. */
#ifndef ETA_APP_VIEW_VIEWS_H
#define ETA_APP_VIEW_VIEWS_H

#include "app/view.h"

#define ROW(NAME) extern const View view_##NAME;
#include "views.inc"
#undef ROW

#endif
