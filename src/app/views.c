/* SPDX-License-Identifier: MIT
 * views: see views.h */
#include "app/views.h"


const View *const views[] = {
#define ROW(NAME) &view_##NAME,
#include "views.inc"
#undef ROW
    NULL,
};
