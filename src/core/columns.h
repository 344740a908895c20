/* SPDX-License-Identifier: MIT
 * columns: a table of numbers as columns: what csv.c fills and data.c keeps. */
#ifndef ETA_CORE_COLUMNS_H
#define ETA_CORE_COLUMNS_H

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
    _Atomic int users;    /* data_keep and data_drop */
} Data;

#endif
