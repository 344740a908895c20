/* SPDX-License-Identifier: MIT
 * bindings: which key runs which command line, where several views share it. A view's own keys stand in
 * the view's file. Footer, help, `list keys` and the man page are made from these rows. */
#ifndef ETA_APP_BINDINGS_H
#define ETA_APP_BINDINGS_H

#include "app/view.h"

extern const Binding run_keys[];   /* where a run is played: the stage, a lesson */
extern const Binding stage_keys[]; /* of the stage, with or without a lesson behind it */
extern const Binding place_keys[]; /* arrows that move something on the map */
extern const Binding cross_keys[]; /* of maps of where runs end */
extern const Binding list_keys[];  /* arrows that move through a list */
extern const Binding help_keys[];  /* help alone */
extern const Binding out_keys[];   /* help, glossary, quit */

#endif
