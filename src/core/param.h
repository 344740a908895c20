/* SPDX-License-Identifier: MIT
 * param: named numbers with default, bounds, unit and meaning; one descriptor type for schedules
 * and optimizers, one parser and printer for `name:key=value,...` everywhere. */
#ifndef ETA_CORE_PARAM_H
#define ETA_CORE_PARAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum {
    PARAM_MAX = 12,  /* parameters of one descriptor */
    PARAM_LIST = 16, /* entries of a list parameter */
};

typedef enum ParamKind {
    PARAM_REAL,
    PARAM_INTEGER,
    PARAM_CHOICE, /* value = index into choices */
    PARAM_INTEGERS, /* list "30/80": strictly increasing; at most one per descriptor */
} ParamKind;

/* What defaults may depend on. */
typedef struct ParamContext {
    double horizon;  /* T' in the schedule's units (steps or epochs), >= 1 */
    double eta_high; /* the surface's bold rate */
    double eta0;
} ParamContext;

typedef struct ParamInfo {
    const char *name;
    ParamKind kind;
    double fixed;                            /* default where `derive` is NULL */
    double (*derive)(const ParamContext *c); /* default that depends on the run */
    const char *derived_text;                /* how the derived default reads: "T'/5" */
    double lo, hi;                           /* bounds; +-INFINITY = none */
    bool lo_open, hi_open;                   /* bound itself excluded */
    const char *const *choices;              /* PARAM_CHOICE: NULL-terminated names */
    const char *unit;                        /* "rate", "steps", "" ... */
    const char *symbol;                      /* in the formula of its row, "γ"; NULL: not there */
    const char *text;                        /* one line: what it means */
} ParamInfo;

/* Explicit values of one descriptor's parameters; the rest is left to the defaults. */
typedef struct ParamSet {
    uint32_t given;           /* bit i: value[i] was given */
    double value[PARAM_MAX];  /* in the order of the descriptor's rows */
    long list[PARAM_LIST];    /* the list parameter's entries */
    int list_count;
} ParamSet;

/* Rows end with name == NULL. */
int param_count(const ParamInfo *rows);
int param_find(const ParamInfo *rows, const char *name, size_t length); /* -1: none */
/* Parse one value into set; error columns count from the value's first character. */
bool param_parse(const ParamInfo *row, int index, const char *text, size_t length, ParamSet *set,
                 Error *err);
/* Is the number within the row's bounds (and integral where it must be)? Fills err if not. */
bool param_check(const ParamInfo *row, double value, Error *err);
/* Parse "key=value,key=value" (length bytes). */
bool param_parse_all(const ParamInfo *rows, const char *text, size_t length, ParamSet *set,
                     Error *err);
/* Append ":key=value,..." of the given ones; nothing if none is given. */
void param_print(const ParamInfo *rows, const ParamSet *set, Text *out);
void param_print_value(const ParamInfo *row, const ParamSet *set, int index, double value,
                       Text *out);
/* Value in force: the given one, else the default in this context. */
double param_value(const ParamInfo *rows, const ParamSet *set, int index, const ParamContext *c);
/* Copy the given values of `from` over `to`. */
void param_merge(ParamSet *to, const ParamSet *from);

#endif
