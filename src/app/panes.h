/* SPDX-License-Identifier: MIT
 * panes: what the stage is made of, each drawn into its rectangle of the layout. */
#ifndef ETA_APP_PANES_H
#define ETA_APP_PANES_H

#include "app/parts.h"
#include "core/verdict.h"
#include "view/canvas.h"
#include "view/theme.h"

void draw_header(const App *a, Canvas *c);
void draw_map(const App *a, Canvas *c);
void draw_eta(const App *a, Canvas *c);
void draw_loss(const App *a, Canvas *c); /* or the hop in its place */
bool track_drawn(const App *a, int track); /* shown, and not hidden by a question */
/* Is it a picture of the terminal, and its cells blank? */
bool map_pictured(const App *a);
bool eta_pictured(const App *a);
bool loss_pictured(const App *a);
void draw_now(const App *a, Canvas *c);
void draw_apart(const App *a, Canvas *c); /* over the loss and now panes */
/* bars.c */
void draw_ruler(const App *a, Canvas *c);
double ruler_rate_at(const App *a, int col, int row); /* NaN: no rate stands there */
void draw_status(const App *a, Canvas *c);
void draw_footer(const App *a, Canvas *c);

Role outcome_role(Outcome o);
void outcome_text(const Verdict *v, char *out, size_t size); /* "★ settled: global minimum" */

#endif
