/* SPDX-License-Identifier: MIT
 * views: the table of all views, by their order; the stage is the first. */
#ifndef ETA_APP_VIEWS_H
#define ETA_APP_VIEWS_H

#include "app/view.h"

extern const View *const views[]; /* ends with NULL */

#endif
