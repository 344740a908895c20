/* SPDX-License-Identifier: MIT
 * reference: reading the files of tests/golden/reference for the golden tests: line 1 is
 * "# key=value ...", line 2 the column names, then numbers. Included by one test each. */
#ifndef ETA_TESTS_REFERENCE_H
#define ETA_TESTS_REFERENCE_H

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/schedule.h"

enum { REFERENCE_FILES = 200, REFERENCE_COLUMNS = 12, REFERENCE_LINE = 8192 };

typedef struct Reference {
    FILE *file;
    char path[512];
    char header[REFERENCE_LINE];
    char columns[256];
    double row[REFERENCE_COLUMNS];
    int row_count;
} Reference;

static inline const char *reference_folder(void)
{
    const char *folder = getenv("ETASCOPE_REFERENCE");
    return folder ? folder : "tests/golden/reference";
}

static inline void reference_open(Reference *r, const char *folder, const char *name)
{
    snprintf(r->path, sizeof r->path, "%s/%s/%s", reference_folder(), folder, name);
    r->file = fopen(r->path, "r");
    if (!r->file || !fgets(r->header, sizeof r->header, r->file) ||
        !fgets(r->columns, sizeof r->columns, r->file))
        fail_msg("cannot read %s", r->path);
    r->header[strcspn(r->header, "\r\n")] = '\0';
    r->columns[strcspn(r->columns, "\r\n")] = '\0';
}

/* Value of a header key into out; false where there is none. */
static inline bool reference_key(const Reference *r, const char *key, char *out, size_t size)
{
    size_t length = strlen(key);
    for (const char *at = r->header; (at = strchr(at, ' ')) != NULL;) {
        at++;
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            const char *value = at + length + 1;
            snprintf(out, size, "%.*s", (int)strcspn(value, " "), value);
            return true;
        }
    }
    return false;
}

static inline double reference_number(const Reference *r, const char *key, double otherwise)
{
    char text[64];
    return reference_key(r, key, text, sizeof text) ? strtod(text, NULL) : otherwise;
}

/* Index of a named column, -1: none. */
static inline int reference_column(const Reference *r, const char *name)
{
    int index = 0;
    size_t length = strlen(name);
    for (const char *at = r->columns;; index++) {
        size_t here = strcspn(at, ",");
        if (here == length && strncmp(at, name, here) == 0)
            return index;
        if (!at[here])
            return -1;
        at += here + 1;
    }
}

static inline bool reference_row(Reference *r)
{
    char line[REFERENCE_LINE];
    if (!fgets(line, sizeof line, r->file))
        return false;
    char *at = line;
    for (r->row_count = 0; r->row_count < REFERENCE_COLUMNS; at++) {
        r->row[r->row_count++] = strtod(at, &at);
        if (*at != ',')
            break;
    }
    return true;
}

/* Parameters named by the header, in our grammar. */
static inline void reference_params(const Reference *r, const ParamInfo *rows, ParamSet *set)
{
    *set = (ParamSet){.given = 0};
    for (int i = 0; rows[i].name; i++) {
        char value[256];
        Error err;
        if (!reference_key(r, rows[i].name, value, sizeof value))
            continue;
        for (char *c = value; *c; c++)
            if (*c == ';')
                *c = '/';
        if (!param_parse(&rows[i], i, value, strlen(value), set, &err))
            fail_msg("%s: %s", r->path, err.message);
    }
}

/* The schedule of a file; warmup_cosine is our cosine behind a warm-up. */
static inline void reference_rate(const Reference *r, Rate *rate)
{
    char name[64];
    ParamSet set;
    Error err;
    assert_true(reference_key(r, "schedule", name, sizeof name));
    RateSpec spec = {
        .params = &set,
        .eta0 = reference_number(r, "lr0", 0),
        .eta_high = 1,
        .steps = (long)reference_number(r, "steps", 1),
    };
    if (strcmp(name, "warmup_cosine") == 0) {
        strcpy(name, "cosine");
        spec.warmup = (long)reference_number(r, "warmup", 0);
        spec.warmup_factor = reference_number(r, "start_factor", 0);
    }
    spec.schedule = schedule_find(name, strlen(name));
    assert_non_null(spec.schedule);
    reference_params(r, spec.schedule->params, &set);
    if (spec.warmup > 0) {
        char length[32];
        double total = reference_number(r, "total", 0) - (double)spec.warmup;
        int index = param_find(spec.schedule->params, "T_max", 5);
        snprintf(length, sizeof length, "%g", total);
        assert_true(param_parse(&spec.schedule->params[index], index, length, strlen(length),
                                &set, &err));
    } else if (strcmp(name, "cosine") == 0) { /* PyTorch's rises again */
        int index = param_find(spec.schedule->params, "hold", 4);
        assert_true(param_parse(&spec.schedule->params[index], index, "0", 1, &set, &err));
    }
    if (!rate_bind(rate, &spec, &err))
        fail_msg("%s: %s", r->path, err.message);
}

static inline int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One test per file of the folder; returns cmocka's count of failures. */
static inline int reference_run(const char *group, const char *folder, CMUnitTestFunction test)
{
    static char *names[REFERENCE_FILES];
    static struct CMUnitTest tests[REFERENCE_FILES];
    char path[512];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/%s", reference_folder(), folder);
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL && count < REFERENCE_FILES;)
        if (strstr(e->d_name, ".csv"))
            names[count++] = strdup(e->d_name);
    if (dir)
        closedir(dir);
    if (count == 0) {
        fprintf(stderr, "no reference files in %s\n", path);
        return 1;
    }
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test, .initial_state = names[i]};
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return failed;
}

#endif
