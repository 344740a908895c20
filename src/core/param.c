/* SPDX-License-Identifier: MIT
 * param: see param.h */
#include "core/param.h"

#include <math.h>
#include <string.h>

#include "base/words.h"

int param_count(const ParamInfo *rows)
{
    int n = 0;
    while (rows[n].name)
        n++;
    return n;
}

int param_find(const ParamInfo *rows, const char *name, size_t length)
{
    for (int i = 0; rows[i].name; i++)
        if (word_is(name, length, rows[i].name))
            return i;
    return -1;
}

/* "above 0 and at most 1", "0 or more" ... */
static void describe_bounds(const ParamInfo *row, Text *out)
{
    bool low = !isinf(row->lo);
    bool high = !isinf(row->hi);
    if (row->kind != PARAM_REAL)
        text_add(out, "a whole number");
    if (!low && !high) {
        text_add(out, row->kind == PARAM_REAL ? "a finite number" : "");
        return;
    }
    if (row->kind != PARAM_REAL)
        text_add(out, ", ");
    if (low) {
        text_add(out, row->lo_open ? "above " : "at least ");
        text_number(out, row->lo);
    }
    if (low && high)
        text_add(out, " and ");
    if (high) {
        text_add(out, row->hi_open ? "below " : "at most ");
        text_number(out, row->hi);
    } else if (row->kind == PARAM_REAL) {
        text_add(out, " and finite");
    }
}

static bool within(const ParamInfo *row, double value)
{
    if (!isfinite(value))
        return false;
    if (row->kind != PARAM_REAL && value != floor(value))
        return false;
    bool low = row->lo_open ? value > row->lo : value >= row->lo;
    bool high = row->hi_open ? value < row->hi : value <= row->hi;
    return low && high;
}

static int choice_count(const ParamInfo *row)
{
    int n = 0;
    while (row->choices[n])
        n++;
    return n;
}

bool param_check(const ParamInfo *row, double value, Error *err)
{
    if (row->kind == PARAM_CHOICE) {
        if (value >= 0 && value < choice_count(row) && value == floor(value))
            return true;
        return error_set(err, 1, 1, "'%s' has no choice %g", row->name, value);
    }
    if (within(row, value))
        return true;
    char bounds[120];
    char number[NUMBER_TEXT];
    Text t = text_over(bounds, sizeof bounds);
    describe_bounds(row, &t);
    number_print(number, value);
    return error_set(err, 1, 1, "'%s' must be %s, not %s", row->name, bounds, number);
}

static int shown_length(size_t length)
{
    return length > 60 ? 60 : (int)length;
}

static bool parse_number(const ParamInfo *row, const char *text, size_t length, double *value,
                         Error *err)
{
    if (!number_parse(text, length, value))
        return error_set(err, 1, 1, "'%s' needs a number, not '%.*s'", row->name,
                         shown_length(length), text);
    return param_check(row, *value, err);
}

static bool parse_choice(const ParamInfo *row, const char *text, size_t length, double *value,
                         Error *err)
{
    Near near;
    near_start(&near, text, length);
    for (int i = 0; row->choices[i]; i++) {
        if (word_is(text, length, row->choices[i])) {
            *value = i;
            return true;
        }
        near_try(&near, row->choices[i]);
    }
    char all[120];
    char hint[80];
    Text t = text_over(all, sizeof all);
    for (int i = 0; row->choices[i]; i++)
        text_add(&t, "%s%s", i ? ", " : "", row->choices[i]);
    return error_set(err, 1, 1, "'%s' must be one of %s, not '%.*s'%s", row->name, all,
                     shown_length(length), text, near_hint(&near, hint, sizeof hint));
}

/* "30/80/120": strictly increasing whole numbers. */
static bool parse_list(const ParamInfo *row, const char *text, size_t length, ParamSet *set,
                       Error *err)
{
    long list[PARAM_LIST];
    int count = 0;
    for (size_t from = 0; from <= length;) {
        const char *slash = memchr(text + from, '/', length - from);
        size_t to = slash ? (size_t)(slash - text) : length;
        long column = (long)utf8_count(text, from) + 1;
        double value;
        if (count == PARAM_LIST)
            return error_set(err, 1, column, "'%s' takes at most %d numbers", row->name,
                             PARAM_LIST);
        if (!parse_number(row, text + from, to - from, &value, err)) {
            error_shift(err, 1, column);
            return false;
        }
        list[count] = (long)value;
        if (count > 0 && list[count] <= list[count - 1])
            return error_set(err, 1, column, "'%s' must increase: %ld after %ld", row->name,
                             list[count], list[count - 1]);
        count++;
        from = to + 1;
    }
    memcpy(set->list, list, sizeof list[0] * (size_t)count);
    set->list_count = count;
    return true;
}

bool param_parse(const ParamInfo *row, int index, const char *text, size_t length, ParamSet *set,
                 Error *err)
{
    double value = 0;
    bool good = row->kind == PARAM_INTEGERS ? parse_list(row, text, length, set, err)
                : row->kind == PARAM_CHOICE ? parse_choice(row, text, length, &value, err)
                                            : parse_number(row, text, length, &value, err);
    if (!good)
        return false;
    set->given |= UINT32_C(1) << index;
    set->value[index] = value;
    return true;
}

static bool unknown_key(const ParamInfo *rows, Slice key, Error *err)
{
    Near near;
    char hint[80];
    near_start(&near, key.at, key.length);
    for (int i = 0; rows[i].name; i++)
        near_try(&near, rows[i].name);
    return error_set(err, 1, key.column, "unknown parameter '%.*s'%s", shown_length(key.length),
                     key.at, near_hint(&near, hint, sizeof hint));
}

bool param_parse_all(const ParamInfo *rows, const char *text, size_t length, ParamSet *set,
                     Error *err)
{
    uint32_t seen = 0;
    Slice rest = slice_of(text, length);
    Slice key;
    Slice value;
    while (slice_pair(&rest, &key, &value)) {
        if (!value.at)
            return error_set(err, 1, key.column, "parameter '%.*s' needs a value: key=value",
                             shown_length(key.length), key.at);
        int index = param_find(rows, key.at, key.length);
        if (index < 0)
            return unknown_key(rows, key, err);
        if (seen >> index & 1u)
            return error_set(err, 1, key.column, "parameter '%s' is given twice", rows[index].name);
        seen |= UINT32_C(1) << index;
        if (!param_parse(&rows[index], index, value.at, value.length, set, err)) {
            error_shift(err, 1, value.column);
            return false;
        }
    }
    return true;
}

void param_print_value(const ParamInfo *row, const ParamSet *set, int index, double value,
                       Text *out)
{
    (void)index;
    if (row->kind == PARAM_CHOICE) {
        text_add(out, "%s", row->choices[(int)value]);
    } else if (row->kind == PARAM_INTEGERS) {
        for (int i = 0; i < set->list_count; i++)
            text_add(out, "%s%ld", i ? "/" : "", set->list[i]);
    } else {
        text_number(out, value);
    }
}

void param_print(const ParamInfo *rows, const ParamSet *set, Text *out)
{
    const char *before = ":";
    for (int i = 0; rows[i].name; i++) {
        if (!(set->given >> i & 1u))
            continue;
        text_add(out, "%s%s=", before, rows[i].name);
        param_print_value(&rows[i], set, i, set->value[i], out);
        before = ",";
    }
}

double param_value(const ParamInfo *rows, const ParamSet *set, int index, const ParamContext *c)
{
    if (set->given >> index & 1u)
        return set->value[index];
    return rows[index].derive ? rows[index].derive(c) : rows[index].fixed;
}

void param_merge(ParamSet *to, const ParamSet *from)
{
    for (int i = 0; i < PARAM_MAX; i++)
        if (from->given >> i & 1u)
            to->value[i] = from->value[i];
    to->given |= from->given;
    if (from->list_count > 0) { /* a list that was given has at least one entry */
        memcpy(to->list, from->list, sizeof to->list);
        to->list_count = from->list_count;
    }
}
