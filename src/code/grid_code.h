/* SPDX-License-Identifier: MIT
 * grid_code (private): a loss on a grid as a function of a program for PyTorch: the same splines as
 * core/grid.c. */
#ifndef ETA_CODE_GRID_CODE_H
#define ETA_CODE_GRID_CODE_H

#include "code/parts.h"

/* Geometry and splines, then the function of one layer. false: out of memory. `reads`: the rows are
 * read from their file, by a function read(path, *names). */
void grid_code_head(FILE *out, const Loss *l, const Data *d, bool reads);
bool grid_code_layer(FILE *out, const char *function, const Loss *l, const Data *d, bool reads);

#endif
