/* SPDX-License-Identifier: MIT
 * read_text: a CSV text as a file would come, for tests and the fuzzer. */
#ifndef ETA_TESTS_READ_TEXT_H
#define ETA_TESTS_READ_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "core/csv.h"

/* Read a text in pieces of `piece` bytes; NULL on error. */
static inline Data *read_text(const char *text, size_t size, size_t piece, Error *err)
{
    Data *d = calloc(1, sizeof *d);
    Csv *csv = malloc(sizeof *csv);
    if (!d || !csv)
        abort();
    d->users = 1;
    csv_start(csv, d);
    bool ok = true;
    for (size_t at = 0; ok && at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        char *copy = malloc(n); /* exactly as large: the sanitizer sees a byte too many */
        memcpy(copy, text + at, n);
        ok = csv_feed(csv, copy, n, err);
        free(copy);
    }
    ok = ok && csv_finish(csv, err);
    free(csv);
    if (ok)
        return d;
    data_drop(d);
    return NULL;
}

#endif
