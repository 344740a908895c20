/* SPDX-License-Identifier: MIT
 * data: a table of numbers from a CSV file, as columns. Filled by csv.c from bytes; this part opens
 * the file (or a data set built into the program), counts who uses it and checks what is asked of
 * the columns.
 *
 * Core reads these files itself, by stdio: a run is a function of its scene, and its files are part
 * of that function. Nothing else of core touches a file, and nothing here needs src/store. */
#ifndef ETA_CORE_DATA_H
#define ETA_CORE_DATA_H

#include "core/columns.h"

/* Read a file, or with `built_in` the data set of that name in assets/. One user: give it back with
 * data_drop. Errors carry file, line and column: unreadable, a folder, binary, empty, ragged rows,
 * bad or repeated names, lines too long (see csv.h). NULL on error. */
Data *data_open(const char *file, bool built_in, Error *err);
Data *data_keep(Data *d);  /* one more user; NULL is fine */
void data_drop(Data *d);   /* one user less; the last one frees; NULL is fine */

/* Index of a column, -1: none. */
int data_find(const Data *d, const char *name);
/* May its columns be names in a formula? Words of the language, x, y and what is no identifier are
 * errors that suggest another name. */
bool data_names_fit(const Data *d, Error *err);
/* Is every cell of the column a finite number? Else the error points at the first that is not. */
bool data_usable(const Data *d, int column, Error *err);

#endif
