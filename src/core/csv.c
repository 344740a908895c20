/* SPDX-License-Identifier: MIT
 * csv: see csv.h. Lines are cut out of the pieces, cells out of the lines; every line ends with a
 * '\n' in memory, so scanning needs no other bound. */
#include "core/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- numbers --------------------------------------------------------------------------------- */

/* A decimal number as digits * 10^power. */
typedef struct Decimal {
    uint64_t digits;
    long power;
    bool negative;
    bool cut;      /* more significant digits than fit into `digits` */
    size_t length; /* bytes; 0: no number */
} Decimal;

static bool is_digit(char c)
{
    return (unsigned char)c - (unsigned)'0' < 10;
}

static const char *scan_digits(const char *at, Decimal *d, bool fraction)
{
    for (; is_digit(*at); at++) {
        if (d->digits < UINT64_C(1000000000000000000)) { /* 18 digits: one more fits */
            d->digits = d->digits * 10 + (uint64_t)(*at - '0');
            d->power -= fraction;
        } else {
            d->cut = d->cut || *at != '0';
            d->power += !fraction;
        }
    }
    return at;
}

static const char *scan_power(const char *at, Decimal *d)
{
    const char *digit = at + 1 + (at[1] == '-' || at[1] == '+');
    long power = 0;
    if (!is_digit(*digit))
        return at;
    for (; is_digit(*digit); digit++)
        if (power < 100000)
            power = power * 10 + (*digit - '0');
    d->power += at[1] == '-' ? -power : power;
    return digit;
}

static Decimal scan_decimal(const char *text)
{
    Decimal d = {.negative = *text == '-'};
    const char *begin = text + (*text == '-' || *text == '+');
    const char *at = scan_digits(begin, &d, false);
    bool any = at > begin;
    if (*at == '.' && (any || is_digit(at[1]))) {
        at = scan_digits(at + 1, &d, true);
        any = true;
    }
    if (any && (*at == 'e' || *at == 'E'))
        at = scan_power(at, &d);
    d.length = any ? (size_t)(at - text) : 0;
    return d;
}

#ifdef __SIZEOF_INT128__
enum { FIVES = 28 }; /* 5^27 is the last below 2^64 */
__extension__ typedef unsigned __int128 Wide;

/* Round value * 2^power to the nearest double, ties to even; `sticky`: value was cut off. */
static double round_wide(Wide value, bool sticky, int power)
{
    uint64_t high = (uint64_t)(value >> 64);
    int bits = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)value);
    int drop = bits - 53;
    if (drop <= 0)
        return ldexp((double)(uint64_t)value, power);
    uint64_t kept = (uint64_t)(value >> drop);
    Wide rest = value - ((Wide)kept << drop);
    Wide half = (Wide)1 << (drop - 1);
    kept += rest > half || (rest == half && (sticky || (kept & 1)));
    return ldexp((double)kept, power + drop);
}

/* digits * 10^power = digits * 5^power * 2^power, exactly: the product fits 128 bits, and of the
 * quotient by 5^-power 65 or more bits and whether a rest is left. |power| <= 27. */
static double scale_exactly(uint64_t digits, int power)
{
    uint64_t five = 1;
    for (int i = 0; i < abs(power); i++)
        five *= 5;
    if (power >= 0)
        return round_wide((Wide)digits * five, false, power);
    int up = __builtin_clzll(digits);
    Wide above = (Wide)(digits << up) << 64;
    Wide quotient = above / five;
    return round_wide(quotient, quotient * five != above, power - 64 - up);
}
#else
enum { FIVES = 0 };
static double scale_exactly(uint64_t digits, int power)
{
    (void)power;
    return (double)digits;
}
#endif

size_t csv_number(const char *text, double *value)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    Decimal d = scan_decimal(text);
    double v;
    if (!d.length)
        return 0;
    if (d.digits == 0)
        v = 0;
    else if (!d.cut && d.digits <= UINT64_C(1) << 53 && d.power >= -22 && d.power <= 22)
        v = d.power < 0 ? (double)d.digits / tens[-d.power] : (double)d.digits * tens[d.power];
    else if (!d.cut && d.power > -FIVES && d.power < FIVES)
        v = scale_exactly(d.digits, (int)d.power);
    else
        v = fabs(strtod(text, NULL));
    *value = d.negative ? -v : v;
    return d.length;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* The line being read. */
typedef struct Line {
    const char *begin;
    const char *end; /* the '\n' or '\r' behind it */
    long number;
} Line;

typedef struct Cell {
    const char *at;
    size_t length; /* blanks and quotes around it taken off */
    bool quoted;
    bool last; /* no comma follows */
    const char *next;
} Cell;

static long place_of(const Line *l, const char *at)
{
    return (long)utf8_count(l->begin, (size_t)(at - l->begin)) + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* The closing quote; "" inside stands for one quote and is left doubled. NULL: none. */
static const char *closing_quote(const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at != '"')
            continue;
        if (at + 1 < end && at[1] == '"')
            at++;
        else
            return at;
    }
    return NULL;
}

static bool cell_at(const Line *l, const char *at, Cell *c, Error *err)
{
    const char *stop;
    at = skip_blanks(at, l->end);
    c->quoted = at < l->end && *at == '"';
    if (c->quoted) {
        const char *close = closing_quote(at + 1, l->end);
        if (!close)
            return error_set(err, l->number, place_of(l, at), "unclosed quote");
        c->at = at + 1;
        c->length = (size_t)(close - c->at);
        stop = skip_blanks(close + 1, l->end);
        if (stop < l->end && *stop != ',')
            return error_set(err, l->number, place_of(l, stop), "text behind the closing quote");
    } else {
        const char *comma = memchr(at, ',', (size_t)(l->end - at));
        stop = comma ? comma : l->end;
        c->at = at;
        c->length = (size_t)(stop - at);
        while (c->length && is_blank(at[c->length - 1]))
            c->length--;
    }
    c->last = stop == l->end;
    c->next = stop + !c->last;
    return true;
}

/* Bytes that no text has. */
static bool is_binary(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (((unsigned char)at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f)
            return true;
    return false;
}

static bool binary(const Line *l, Error *err)
{
    return error_set(err, l->number, 1, "is not a text file: it holds control characters");
}

/* ---- header ---------------------------------------------------------------------------------- */

static bool add_column(Csv *c, const Line *l, const Cell *cell, Error *err)
{
    Data *d = c->to;
    long place = place_of(l, cell->at);
    double v;
    if (d->columns == DATA_COLUMNS)
        return error_set(err, l->number, place, "more than %d columns", DATA_COLUMNS);
    if (cell->length == 0)
        return error_set(err, l->number, place, "column %d has no name", d->columns + 1);
    if (cell->length >= DATA_NAME)
        return error_set(err, l->number, place,
                         "column name '%.20s...' too long (at most %d bytes)", cell->at,
                         DATA_NAME - 1);
    if (!cell->quoted && csv_number(cell->at, &v) == cell->length)
        return error_set(err, l->number, place,
                         "'%.*s' is not a column name: the first line must "
                         "name the columns",
                         (int)cell->length, cell->at);
    DataColumn *column = &d->column[d->columns];
    *column = (DataColumn){.place = place};
    memcpy(column->name, cell->at, cell->length);
    for (int i = 0; i < d->columns; i++)
        if (strcmp(d->column[i].name, column->name) == 0)
            return error_set(err, l->number, place,
                             "column '%s' stands here twice (also column %d)", column->name, i + 1);
    d->columns++;
    return true;
}

static bool read_header(Csv *c, const Line *l, Error *err)
{
    Cell cell = {.next = l->begin};
    if (is_binary(l->begin, (size_t)(l->end - l->begin)))
        return binary(l, err);
    c->to->column = malloc(sizeof *c->to->column * DATA_COLUMNS);
    if (!c->to->column)
        return error_set(err, 0, 0, "out of memory");
    do {
        if (!cell_at(l, cell.next, &cell, err) || !add_column(c, l, &cell, err))
            return false;
    } while (!cell.last);
    c->to->header_line = l->number;
    DataColumn *fit = realloc(c->to->column, sizeof *fit * (size_t)c->to->columns);
    if (fit)
        c->to->column = fit;
    const char *other = c->to->columns == 1 ? strpbrk(c->to->column[0].name, ";\t|") : NULL;
    if (other)
        return error_set(err, l->number, place_of(l, cell.at) + (other - c->to->column[0].name),
                         "cells must be separated by commas");
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool make_room(Data *d, Error *err)
{
    if (d->n < d->capacity)
        return true;
    long capacity = d->capacity ? 2 * d->capacity : 256;
    for (int i = 0; i < d->columns; i++) {
        double *at = realloc(d->column[i].at, sizeof *at * (size_t)capacity);
        if (!at)
            return error_set(err, 0, 0, "not enough memory for more than %ld rows", d->n);
        d->column[i].at = at;
    }
    d->capacity = capacity;
    return true;
}

/* Remember the first cell of a column that is no finite number. */
static void bad_cell(DataColumn *column, const Line *l, const Cell *cell, const char *what)
{
    if (column->bad_line)
        return;
    column->bad_line = l->number;
    column->bad_place = place_of(l, cell->at);
    if (cell->length == 0)
        snprintf(column->bad, sizeof column->bad, "a number is missing");
    else
        snprintf(column->bad, sizeof column->bad, "'%.*s' %s",
                 (int)(cell->length > 30 ? 30 : cell->length), cell->at, what);
}

static bool is_word_of(const Cell *cell, const char *const *words)
{
    const char *at = cell->at;
    size_t n = cell->length;
    if (n && (*at == '-' || *at == '+')) {
        at++;
        n--;
    }
    for (; *words; words++) {
        size_t i = 0;
        while (i < n && (*words)[i] && (at[i] | 0x20) == (*words)[i])
            i++;
        if (i == n && !(*words)[i])
            return true;
    }
    return false;
}

/* A cell that the fast way of read_row did not take. */
static bool read_cell(DataColumn *column, const Line *l, const Cell *cell, double *value,
                      Error *err)
{
    static const char *const not_finite[] = {"nan", "inf", "infinity", NULL};
    size_t n = cell->length ? csv_number(cell->at, value) : 0;
    if (n && n == cell->length && isfinite(*value))
        return true;
    if (is_binary(cell->at, cell->length))
        return binary(l, err);
    bad_cell(column, l, cell,
             n && n == cell->length         ? "is too large"
             : is_word_of(cell, not_finite) ? "is not finite"
                                            : "is not a number");
    *value = NAN;
    return true;
}

static bool ragged(const Data *d, const Line *l, int cells, const char *at, Error *err)
{
    return error_set(err, l->number, place_of(l, at), "this row has %d cell%s, the header %d",
                     cells, cells == 1 ? "" : "s", d->columns);
}

static int count_cells(const Line *l, const char *at, int before)
{
    Cell cell = {.next = at};
    do {
        if (!cell_at(l, cell.next, &cell, NULL))
            break;
        before++;
    } while (!cell.last);
    return before;
}

static bool read_row(Csv *c, const Line *l, Error *err)
{
    Data *d = c->to;
    const char *at = l->begin;
    if (!make_room(d, err))
        return false;
    for (int i = 0; i < d->columns; i++) {
        double *value = &d->column[i].at[d->n];
        size_t n = csv_number(at, value);
        const char *stop = at + n;
        Cell cell;
        bool plain = n && (stop == l->end || *stop == ',') && isfinite(*value);
        if (plain) {
            cell = (Cell){.last = stop == l->end, .next = stop + 1};
        } else {
            if (!cell_at(l, at, &cell, err) || !read_cell(&d->column[i], l, &cell, value, err))
                return false;
        }
        if (cell.last && i + 1 < d->columns)
            return ragged(d, l, i + 1, l->end, err);
        if (!cell.last && i + 1 == d->columns)
            return ragged(d, l, count_cells(l, cell.next, i + 1), cell.next, err);
        at = cell.next;
    }
    d->n++;
    return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* One line, `count` bytes and a '\n' behind them. */
static bool read_line(Csv *c, const char *at, size_t count, Error *err)
{
    Line l = {at, at + count, ++c->line};
    if (count > CSV_LINE)
        return error_set(err, l.number, 1, "line longer than %d bytes", CSV_LINE);
    if (l.number == 1 && count >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        l.begin += 3;
    if (l.end > l.begin && l.end[-1] == '\r')
        l.end--;
    const char *first = skip_blanks(l.begin, l.end);
    if (first == l.end || *first == '#')
        return true;
    return c->to->columns ? read_row(c, &l, err) : read_header(c, &l, err);
}

void csv_start(Csv *c, Data *to)
{
    c->to = to;
    c->line = 0;
    c->kept = 0;
}

/* Put bytes behind the unfinished line. */
static bool keep(Csv *c, const char *bytes, size_t count, Error *err)
{
    if (c->kept + count > CSV_LINE + 1)
        return error_set(err, c->line + 1, 1, "line longer than %d bytes", CSV_LINE);
    memcpy(c->piece + c->kept, bytes, count);
    c->kept += count;
    return true;
}

bool csv_feed(Csv *c, const char *bytes, size_t count, Error *err)
{
    if (memchr(bytes, '\0', count))
        return error_set(err, 0, 0, "is not a text file: it holds a NUL byte");
    while (count) {
        const char *end = memchr(bytes, '\n', count);
        size_t n = end ? (size_t)(end - bytes) : count;
        if (c->kept || !end) {
            if (!keep(c, bytes, n + (end != NULL), err))
                return false;
            if (!end)
                return true;
            size_t whole = c->kept - 1;
            c->kept = 0;
            if (!read_line(c, c->piece, whole, err))
                return false;
        } else if (!read_line(c, bytes, n, err)) {
            return false;
        }
        bytes += n + 1;
        count -= n + 1;
    }
    return true;
}

bool csv_finish(Csv *c, Error *err)
{
    if (c->kept) {
        size_t n = c->kept;
        c->piece[n] = '\n';
        if (!read_line(c, c->piece, n, err))
            return false;
    }
    if (!c->to->columns)
        return error_set(err, 0, 0, "is empty: a header line with column names is needed");
    if (!c->to->n)
        return error_set(err, c->line, 1, "no rows follow the header");
    return true;
}
