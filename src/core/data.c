/* SPDX-License-Identifier: MIT
 * data: see data.h */
#include "core/data.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/hash.h"
#include "core/csv.h"
#include "expr/expr.h"

enum { PIECE = 1 << 16 }; /* bytes read at a time */

static bool read_stream(Data *d, Csv *csv, FILE *in, Error *err)
{
    char *piece = malloc(PIECE);
    size_t n = 0;
    bool ok = piece != NULL || error_set(err, 0, 0, "out of memory");
    errno = 0;
    while (ok && (n = fread(piece, 1, PIECE, in)) > 0) {
        d->hash = fnv1a_add(d->hash, piece, n);
        ok = csv_feed(csv, piece, n, err);
    }
    if (ok && ferror(in))
        ok = error_set(err, 0, 0, "%s", errno ? strerror(errno) : "cannot be read");
    free(piece);
    return ok && csv_finish(csv, err);
}

static bool read_file(Data *d, Csv *csv, Error *err)
{
    FILE *in = fopen(d->file, "rb");
    if (!in)
        return error_set(err, 0, 0, "%s", strerror(errno));
    bool ok = read_stream(d, csv, in, err);
    fclose(in);
    return ok;
}

static bool read_asset(Data *d, Csv *csv, Error *err)
{
    const Embedded *file = embedded_find(d->file);
    if (!file)
        return error_set(err, 0, 0, "no such data set in this program");
    d->hash = fnv1a_add(d->hash, file->text, file->size);
    return csv_feed(csv, file->text, file->size, err) && csv_finish(csv, err);
}

/* Growing by doubling leaves up to half of it unused. */
static void trim(Data *d)
{
    for (int i = 0; i < d->columns; i++) {
        double *fit = realloc(d->column[i].at, sizeof *fit * (size_t)d->n);
        if (fit)
            d->column[i].at = fit;
    }
    d->capacity = d->n;
}

Data *data_open(const char *file, bool built_in, Error *err)
{
    Data *d = calloc(1, sizeof *d);
    Csv *csv = malloc(sizeof *csv);
    bool ok = d && csv;
    if (!ok)
        error_set(err, 0, 0, "out of memory");
    if (ok) {
        snprintf(d->file, sizeof d->file, "%s", file);
        d->built_in = built_in;
        d->hash = FNV1A_START;
        d->users = 1;
        csv_start(csv, d);
        ok = built_in ? read_asset(d, csv, err) : read_file(d, csv, err);
    }
    free(csv);
    if (ok) {
        trim(d);
        return d;
    }
    error_in(err, file);
    data_drop(d);
    return NULL;
}

Data *data_keep(Data *d)
{
    if (d)
        d->users++;
    return d;
}

void data_drop(Data *d)
{
    if (!d || --d->users > 0)
        return;
    for (int i = 0; i < d->columns; i++)
        free(d->column[i].at);
    free(d->column);
    if (d->grid)
        d->grid_free(d->grid);
    free(d);
}

int data_find(const Data *d, const char *name)
{
    for (int i = 0; i < d->columns; i++)
        if (strcmp(d->column[i].name, name) == 0)
            return i;
    return -1;
}

static bool is_reserved(const char *name)
{
    for (const char *const *w = expr_words; *w; w++)
        if (strcmp(name, *w) == 0)
            return true;
    return strcmp(name, "x") == 0 || strcmp(name, "y") == 0;
}

static bool is_identifier(const char *name)
{
    if (!isalpha((unsigned char)name[0]) && name[0] != '_')
        return false;
    while (isalnum((unsigned char)*name) || *name == '_')
        name++;
    return !*name;
}

/* A free name near the given one: x -> u, y -> v, "petal length (cm)" -> petal_length_cm. */
static void suggest(const Data *d, const char *name, char out[DATA_NAME])
{
    size_t n = 0;
    if (isdigit((unsigned char)name[0]))
        out[n++] = 'c';
    for (const char *c = name; *c && n < DATA_NAME - 4; c++) {
        if (isalnum((unsigned char)*c))
            out[n++] = *c;
        else if (n && out[n - 1] != '_')
            out[n++] = '_';
    }
    while (n > 1 && out[n - 1] == '_')
        n--;
    out[n] = '\0';
    if (strcmp(name, "x") == 0 || strcmp(name, "y") == 0)
        out[0] = name[0] == 'x' ? 'u' : 'v';
    if (!n || !is_identifier(out))
        strcpy(out, "u");
    for (n = strlen(out); (is_reserved(out) || data_find(d, out) >= 0) && n < DATA_NAME - 1; n++) {
        out[n] = '_';
        out[n + 1] = '\0';
    }
}

bool data_names_fit(const Data *d, Error *err)
{
    for (int i = 0; i < d->columns; i++) {
        const DataColumn *c = &d->column[i];
        char better[DATA_NAME];
        bool fits = is_identifier(c->name);
        if (fits && !is_reserved(c->name))
            continue;
        suggest(d, c->name, better);
        error_set(err, d->header_line, c->place, "column '%s' %s: call it '%s'", c->name,
                  fits ? "has the name of a word of the formula language"
                       : "is no name for a formula", better);
        error_in(err, d->file);
        return false;
    }
    return true;
}

bool data_usable(const Data *d, int column, Error *err)
{
    const DataColumn *c = &d->column[column];
    if (!c->bad_line)
        return true;
    error_set(err, c->bad_line, c->bad_place, "column '%s': %s", c->name, c->bad);
    error_in(err, d->file);
    return false;
}
