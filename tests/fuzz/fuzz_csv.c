/* SPDX-License-Identifier: MIT
 * fuzz_csv: any bytes as a CSV file. In pieces of any size it is the same table or the same error;
 * what is accepted is a table, and its numbers are those of strtod. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/grid.h"
#include "read_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 40;

enum { TEXT_MOST = 1 << 17 };

static char text[TEXT_MOST];
static size_t used;

static const char *const pieces[] = {
    "u", "v", "x", "petal length (cm)", ",", ",", ",", ",", "\n", "\n", "\n", "\n", "\r\n", "\r", "\"", "\"\"", " ", "\t", "# c\n",
    "1", "-2.5", "3e4", "0.1", "nan", "inf", "1e999", "-1e-999", "0x10", "1_0", "1.5.5", "+", "-", ".", "e", ";", "\xEF\xBB\xBF",
    "é", "\xff", "abc", "9007199254740993", "4.9e-324", "2.2250738585072011e-308", "1,2\n", "3,4\n", "u,v\n", "1\n2\n", "x,y,train\n",
    "0,0,1\n", "\"a, b\"", "12345678901234567890123456789012345678901234567890", "a_name_that_is_far_longer_than_any_column_name_may_be_here"};

static void make_text(const uint8_t *data, size_t size)
{
    int way = size > 0 ? data[0] % 4 : 0;
    used = 0;
    if (way >= 2)
        used = (size_t)snprintf(text, sizeof text, "u,v\n");
    for (size_t i = 1; i < size; i++) {
        const char *piece = pieces[data[i] % (sizeof pieces / sizeof pieces[0])];
        size_t length = way ? strlen(piece) : 1;
        int times = way == 3 && data[i] == 255 ? 20000 : 1; /* lines that are too long */
        for (int k = 0; k < times && used + length < sizeof text; k++) {
            memcpy(text + used, way ? piece : (const char *)&data[i], length);
            used += length;
        }
    }
}

static void fault(const char *what, const char *detail)
{
    fprintf(stderr, "fuzz_csv: %s: %s\n%.*s\n", what, detail, (int)(used < 2000 ? used : 2000), text);
    abort();
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void check_same(const Data *a, const Data *b)
{
    if (a->n != b->n || a->columns != b->columns || a->header_line != b->header_line)
        fault("in pieces it is another table", "size");
    for (int j = 0; j < a->columns; j++) {
        const DataColumn *p = &a->column[j];
        const DataColumn *q = &b->column[j];
        if (strcmp(p->name, q->name) != 0 || p->place != q->place || p->bad_line != q->bad_line ||
            p->bad_place != q->bad_place || strcmp(p->bad, q->bad) != 0)
            fault("in pieces it is another table", p->name);
        for (long i = 0; i < a->n; i++)
            if (!same_number(p->at[i], q->at[i]))
                fault("in pieces it has another number", p->name);
    }
}

static void check_table(Data *d)
{
    Error err = {0};
    if (d->n < 1 || d->columns < 1 || d->columns > DATA_COLUMNS || d->header_line < 1)
        fault("an empty table", "");
    for (int j = 0; j < d->columns; j++) {
        DataColumn *c = &d->column[j];
        if (!c->name[0] || data_find(d, c->name) != j)
            fault("a column's name does not lead to it", c->name);
        bool finite = true;
        for (long i = 0; i < d->n; i++)
            finite = finite && isfinite(c->at[i]);
        if (finite != (c->bad_line == 0) || data_usable(d, j, &err) != finite)
            fault("a bad cell is not told, or a good one is", c->name);
        if (!finite && (!err.message[0] || strchr(err.message, '\n') || err.line <= d->header_line))
            fault("a bad cell without words or place", err.message);
        fuzz_events += d->n;
    }
    data_names_fit(d, &err);
    data_grid(d, &err);
}

/* A number that stands alone is what C says it is. */
static void check_number(void)
{
    char line[400];
    double v = NAN;
    size_t n = used < 300 ? used : 300;
    memcpy(line, text, n);
    line[n] = '\0';
    if (strlen(line) != n)
        return;
    line[n] = '\n';
    line[n + 1] = '\0';
    size_t got = csv_number(line, &v);
    if (got > n)
        fault("a number longer than its text", "");
    if (!got)
        return;
    line[got] = '\0';
    double expected = strtod(line, NULL);
    if (!same_number(v, expected))
        fault("not the number of strtod", line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error err = {0};
    Error other = {0};
    make_text(data, size);
    check_number();
    Data *whole = read_text(text, used, TEXT_MOST, &err);
    Data *parts = read_text(text, used, used > 4096 ? 1021 : size > 0 ? 1 + data[0] / 4 % 9 : 1, &other);
    if (!whole != !parts)
        fault("accepted in one piece only, or in several only", whole ? other.message : err.message);
    if (whole) {
        check_same(whole, parts);
        check_table(whole);
        data_drop(whole);
        data_drop(parts);
        return 0;
    }
    if (!err.message[0] || strchr(err.message, '\n'))
        fault("refused without a word, or with a line end in it", err.message);
    /* a NUL byte is looked for in a whole piece before its lines are read */
    if (strstr(err.message, "NUL") || strstr(other.message, "NUL"))
        return 0;
    if (strcmp(err.message, other.message) != 0 || err.line != other.line || err.column != other.column)
        fault("another error in pieces", other.message);
    return 0;
}
