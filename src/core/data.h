/* SPDX-License-Identifier: MIT
 * data: a table of numbers from a CSV file, as columns. Filled by csv.c from bytes; this part opens
 * the file (or a data set built into the program), counts who uses it and checks what is asked of
 * the columns.
 *
 * Core reads these files itself, by stdio: a run is a function of its scene, and its files are part
 * of that function. Nothing else of core touches a file, and nothing here needs src/store. */
#ifndef ETA_CORE_DATA_H
#define ETA_CORE_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
    DATA_PATH = 512,    /* longest file name, terminator included */
    DATA_NAME = 48,     /* longest column name, terminator included */
    DATA_COLUMNS = 1024 /* most columns of a file */
};

/* A column of numbers. A cell that is no finite number does not hurt as long as nobody uses its
 * column: the first such cell is remembered and reported by data_usable. */
typedef struct DataColumn {
    char name[DATA_NAME];
    long place;       /* of the name in the header line, in characters from 1 */
    double *at;       /* Data.n values, owned; NaN at cells that are no numbers */
    long bad_line;    /* line of the first cell that is no finite number; 0: all are numbers */
    long bad_place;   /* its column, in characters from 1 */
    char bad[80];     /* what is wrong with it: "'abc' is not a number" */
} DataColumn;

typedef struct Data {
    char file[DATA_PATH]; /* as the scene names it */
    bool built_in;        /* a data set of assets/, not a file */
    uint64_t hash;        /* FNV-1a, 64 bit, of the bytes */
    long header_line;     /* line of the header, from 1 */
    int columns;
    DataColumn *column;   /* owned */
    long n;               /* rows, >= 1 once read */
    long capacity;        /* rows that fit into the columns */
    struct LossGrid *grid; /* owned; made by data_grid (grid.h) when it is first asked for */
    void (*grid_free)(struct LossGrid *grid);
    int users;            /* data_keep and data_drop; not for several threads */
} Data;

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
