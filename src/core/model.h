/* SPDX-License-Identifier: MIT
 * model: the losses of a scene, with the files they need: the surface's formula, over rows where
 * there are data, or a grid; and the held-out loss. The built-in surfaces come with their own data sets. */
#ifndef ETA_CORE_MODEL_H
#define ETA_CORE_MODEL_H

#include "core/loss.h"
#include "core/scene.h"

typedef struct Model {
    Data *data;        /* rows or grid of the loss; one use of it is ours; NULL: a plain formula */
    Data *held_data;   /* rows of the held-out loss, or NULL */
    Loss loss;         /* with the parameters at the start of the run */
    bool has_held_out;
    bool own_formula;  /* the held-out loss is a formula of its own: its program is ours */
    Loss held_out;
} Model;

/* Load and compile what the scene names. Files that one of `known` (each may be NULL) already holds
 * under the same name are shared, not read again. Errors name the file, or the scene's key
 * ("surface", "held_out", "data") with the column in its formula; then *m is empty. */
enum { MODEL_KNOWN = 2 };
bool model_load(Model *m, const Scene *s, const Model *const known[MODEL_KNOWN], Error *err);
/* A built-in surface with its default parameters and data. */
bool model_of_surface(Model *m, const Surface *s, Error *err);
void model_release(Model *m);

/* All parameters of the scene's surface with their values at the start. */
void model_parameters(const Scene *s, NamedSet *all);

/* Shown and searched: the scene's window, the surface's, the extent of the grid, or +-5. */
Window model_window(const Model *m, const Scene *s);

#endif
