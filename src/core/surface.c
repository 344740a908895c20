/* SPDX-License-Identifier: MIT
 * surface: see surface.h. A block of the text is one surface; each line is a key and its value. */
#include "core/surface.h"

#include <assert.h>
#include <string.h>

#include "base/blocks.h"
#include "base/text.h"
#include "base/words.h"

enum { SURFACES_MOST = 80 };

/* `count` numbers between commas; blanks behind them are skipped. */
static bool read_numbers(char **at, double *out, int count, Error *err)
{
    for (int i = 0; i < count; i++) {
        size_t n = strcspn(*at, ", \t");
        if (!number_parse(*at, n, &out[i]))
            return error_set(err, 1, 1, "'%.*s' is not a number", (int)n, *at);
        *at += n;
        if (i + 1 < count) {
            if (**at != ',' && **at != ' ')
                return error_set(err, 1, 1, "expected %d numbers", count);
            ++*at;
        }
    }
    *at += strspn(*at, " \t");
    return true;
}

/* "NAME [core]" */
static bool read_name(void *row, char *value, Error *err)
{
    Surface *s = row;
    char *blank = strchr(value, ' ');
    (void)err;
    s->name = s->title = value;
    if (blank) {
        *blank = '\0';
        s->core = strstr(blank + 1, "core") != NULL;
    }
    return true;
}

static bool read_grid(void *row, char *value, Error *err)
{
    Surface *s = row;
    (void)err;
    s->grid = value;
    if (!s->formula)
        s->formula = value;
    return true;
}

static bool read_window(void *row, char *value, Error *err)
{
    Surface *s = row;
    double v[4];
    const char *all = value;
    if (!read_numbers(&value, v, 4, err))
        return false;
    if (!(v[0] < v[1]) || !(v[2] < v[3]))
        return error_set(err, 1, 1, "empty window '%s'", all);
    s->window = (Window){{v[0], v[2]}, {v[1], v[3]}};
    return true;
}

static bool read_start(void *row, char *value, Error *err)
{
    Surface *s = row;
    while (*value) {
        double v[2];
        if (s->start_count == SURFACE_STARTS)
            return error_set(err, 1, 1, "more than %d starts", SURFACE_STARTS);
        if (!read_numbers(&value, v, 2, err))
            return false;
        s->start[s->start_count++] = vec2(v[0], v[1]);
    }
    return true;
}

static bool read_eta0(void *row, char *value, Error *err)
{
    Surface *s = row;
    double v[2];
    if (!read_numbers(&value, v, 2, err))
        return false;
    s->eta0 = v[0];
    s->eta0_normalised = v[1];
    return true;
}

static bool read_eta_high(void *row, char *value, Error *err)
{
    Surface *s = row;
    return read_numbers(&value, &s->eta_high, 1, err);
}

static bool read_critical(Surface *s, char *value, char kind, Error *err)
{
    while (*value) {
        double v[2];
        if (s->critical_count == SURFACE_CRITICAL)
            return error_set(err, 1, 1, "more than %d critical points", SURFACE_CRITICAL);
        if (!read_numbers(&value, v, 2, err))
            return false;
        s->critical[s->critical_count++] = (CriticalRow){vec2(v[0], v[1]), kind};
    }
    return true;
}

static bool read_minimum(void *row, char *value, Error *err)
{
    return read_critical(row, value, 'm', err);
}

static bool read_saddle(void *row, char *value, Error *err)
{
    return read_critical(row, value, 's', err);
}

static bool read_params(void *row, char *value, Error *err)
{
    NamedSet *p = &((Surface *)row)->params;
    Slice rest = slice_of(value, strlen(value));
    Slice name;
    Slice number;
    while (slice_pair(&rest, &name, &number)) {
        if (p->count == SURFACE_PARAMS || name.length == 0 || name.length >= NAME_SIZE ||
            !number.at)
            return error_set(err, 1, name.column, "bad parameter '%.*s'", (int)name.length,
                             name.at);
        memcpy(p->name[p->count], name.at, name.length);
        if (!number_parse(number.at, number.length, &p->value[p->count++]))
            return error_set(err, 1, number.column, "'%.*s' is not a number", (int)number.length,
                             number.at);
    }
    return true;
}

static bool read_axis(void *row, char *value, Error *err)
{
    Surface *s = row;
    char *blank = strchr(value, ' ');
    if (!blank)
        return error_set(err, 1, 1, "expected two axis names");
    *blank = '\0';
    s->axis[0] = value;
    s->axis[1] = blank + 1 + strspn(blank + 1, " ");
    return true;
}

static const BlockKey surface_keys[] = {
    {"surface", 0, read_name},
    {"title", offsetof(Surface, title), NULL},
    {"formula", offsetof(Surface, formula), NULL},
    {"note", offsetof(Surface, note), NULL},
    {"chain", offsetof(Surface, chain), NULL},
    {"window", 0, read_window},
    {"start", 0, read_start},
    {"eta0", 0, read_eta0},
    {"eta_high", 0, read_eta_high},
    {"minimum", 0, read_minimum},
    {"saddle", 0, read_saddle},
    {"params", 0, read_params},
    {"axis", 0, read_axis},
    {"data", offsetof(Surface, data), NULL},
    {"held_out", offsetof(Surface, held_out), NULL},
    {"grid", 0, read_grid},
    {0},
};

static bool check_block(const void *row, Error *err)
{
    const Surface *s = row;
    if (!s->formula || !s->start_count || !(s->eta0 > 0) || !(s->eta0_normalised > 0) ||
        !(s->eta_high > 0) || !(s->window.lo.x < s->window.hi.x))
        return error_set(err, 1, 1, "surface '%s' lacks formula, window, start, eta0 or eta_high",
                         s->name);
    return true;
}

static const BlockForm surface_form = {
    .size = sizeof(Surface),
    .fresh = &(const Surface){.axis = {"x", "y"}, .note = ""},
    .keys = surface_keys,
    .check = check_block,
};

int surface_parse(char *text, Surface *rows, int most, Error *err)
{
    return blocks_read(&surface_form, text, rows, most, err);
}

static struct {
    Surface rows[SURFACES_MOST];
    int count;
} table;

BLOCKS_AT_START table_read(void)
{
    table.count = blocks_embedded(&surface_form, "surfaces.txt", table.rows, SURFACES_MOST);
}

int surface_count(void)
{
    return table.count;
}

const Surface *surface_row(int index)
{
    assert(index >= 0 && index < table.count);
    return &table.rows[index];
}

const Surface *surface_find(const char *name, size_t length)
{
    for (int i = 0; i < table.count; i++)
        if (word_is(name, length, table.rows[i].name))
            return &table.rows[i];
    return NULL;
}
