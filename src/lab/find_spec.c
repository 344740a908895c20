/* SPDX-License-Identifier: MIT
 * find_spec: the settings of a find as text, its grid of rates, and the named finds. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/blocks.h"
#include "base/words.h"
#include "expr/elementary.h"
#include "lab/find.h"

const char *const find_metric_words[] = {"final", "tail", "best", NULL};

void find_spec_default(FindSpec *s)
{
    *s = (FindSpec){.seed = 1, .metric = -1, .good = NAN, .others = -1};
}

/* ---- settings ------------------------------------------------------------------------------ */

static bool read_number(const char *at, size_t length, double lo, double hi, double *out,
                        Error *err)
{
    double v;
    if (!number_parse(at, length, &v) || isnan(v))
        return error_set(err, 1, 1, "'%.*s' is not a number", (int)(length > 60 ? 60 : length), at);
    if (v < lo || v > hi)
        return error_set(err, 1, 1, "'%.*s' is out of bounds (%g to %g)",
                         (int)(length > 60 ? 60 : length), at, lo, hi);
    *out = v;
    return true;
}

static bool read_word(const char *value, const char *const *words, int *out, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, value, strlen(value));
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            *out = i;
            return true;
        }
        near_try(&near, words[i]);
    }
    return error_set(err, 1, 1, "unknown value '%.80s'%s", value,
                     near_hint(&near, hint, sizeof hint));
}

static bool read_eta(FindSpec *s, const char *value, Error *err)
{
    size_t first = strcspn(value, ":");
    if (!value[first])
        return error_set(err, 1, 1, "'%.80s' is not a grid like 1e-4:1:41 or 1e-4:1:x3.162", value);
    const char *hi = value + first + 1;
    size_t second = strcspn(hi, ":");
    FindSpec to = *s;
    double n = 0;
    to.factor = 0;
    if (!read_number(value, first, 1e-300, 1e300, &to.lo, err) ||
        !read_number(hi, second, 1e-300, 1e300, &to.hi, err))
        return false;
    const char *step = hi[second] ? hi + second + 1 : "";
    if (step[0] == 'x' && !read_number(step + 1, strlen(step + 1), 1.0001, 1e6, &to.factor, err))
        return false;
    if (step[0] && step[0] != 'x' && !read_number(step, strlen(step), 2, FIND_ETAS, &n, err))
        return false;
    if (n != (double)(int)n)
        return error_set(err, 1, 1, "'%.80s' is not a whole number", step);
    to.count = (int)n;
    if (!(to.lo < to.hi))
        return error_set(err, 1, 1, "'%.80s' is empty: LO < HI is needed", value);
    double eta[FIND_ETAS];
    if (find_grid(&to, 1, eta) < 0)
        return error_set(err, 1, 1, "'%.80s' has more than %d rates", value, FIND_ETAS);
    *s = to;
    return true;
}

static bool read_schedules(FindSpec *s, const char *value, Error *err)
{
    if (strlen(value) >= sizeof s->schedules)
        return error_set(err, 1, 1, "the list of schedules is longer than %d bytes", FIND_TEXT - 1);
    memcpy(s->schedules, value, strlen(value) + 1);
    return true;
}

/* A whole number up to 2^64 - 1. */
static bool read_seed(const char *at, size_t length, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(at[i] - '0');
        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return length > 0;
}

static bool read_seeds(FindSpec *s, const char *value, Error *err)
{
    const char *dots = strstr(value, "..");
    size_t first = dots ? (size_t)(dots - value) : strlen(value);
    const char *last = dots ? dots + 2 : value;
    uint64_t a;
    uint64_t b;
    if (!read_seed(value, first, &a) || !read_seed(last, strlen(last), &b) || a > b)
        return error_set(err, 1, 1, "'%.80s' is not a stretch of seeds like 1..20", value);
    if (b - a >= FIND_SEEDS)
        return error_set(err, 1, 1, "'%.80s' is more than %d seeds", value, FIND_SEEDS);
    s->seed = a;
    s->seeds = (int)(b - a) + 1;
    return true;
}

static bool read_metric(FindSpec *s, const char *value, Error *err)
{
    return read_word(value, find_metric_words, &s->metric, err);
}

static bool read_good(FindSpec *s, const char *value, Error *err)
{
    return read_number(value, strlen(value), -1e300, 1e300, &s->good, err);
}

static bool read_share(FindSpec *s, const char *value, Error *err)
{
    return read_number(value, strlen(value), 0.01, 1, &s->share, err);
}

static bool read_jitter(FindSpec *s, const char *value, Error *err)
{
    return read_number(value, strlen(value), 0, 1, &s->jitter, err);
}

static bool read_sweep(FindSpec *s, const char *value, Error *err)
{
    if (strlen(value) >= sizeof s->sweep)
        return error_set(err, 1, 1, "'%.80s' is no rate of a schedule", value);
    bool plain = strcmp(value, "eta0") == 0;
    memcpy(s->sweep, plain ? "" : value, plain ? 1 : strlen(value) + 1);
    return true;
}

static bool read_others(FindSpec *s, const char *value, Error *err)
{
    static const char *const words[] = {"stay", "scale", NULL};
    return read_word(value, words, &s->others, err);
}

static bool read_beta(FindSpec *s, const char *value, Error *err)
{
    return read_number(value, strlen(value), 1e-6, 0.9999, &s->beta, err);
}

static bool read_range(FindSpec *s, const char *value, Error *err)
{
    static const char *const words[] = {"no", "yes", NULL};
    int i = 1;
    if (value[0] && !read_word(value, words, &i, err))
        return false;
    s->range = i == 1;
    return true;
}

const FindKey find_keys[] = {
    {"eta", "LO:HI:N|LO:HI:xF", "grid of rates: N of them, or each F times the one before",
     read_eta},
    {"schedules", "NAME[:...],...", "the schedules to compare", read_schedules},
    {"seeds", "A..B", "a run for each seed at every rate", read_seeds},
    {"metric", "final|tail|best", "what counts: last loss, mean of the last tenth, lowest",
     read_metric},
    {"good", "LOSS", "a rate is good if the metric is below", read_good},
    {"share", "P", "... in this share of the runs (0.5: the median)", read_share},
    {"jitter", "P", "starts off by up to this share, another for every seed", read_jitter},
    {"sweep", "eta0|max_lr|...", "the rate that runs over the grid", read_sweep},
    {"others", "scale|stay", "the schedule's other rates scale with it, or stay", read_others},
    {"range", NULL, "learning-rate range test over LO:HI instead", read_range},
    {"beta", "B", "range: smoothing of the loss (0.98)", read_beta},
    {NULL, NULL, NULL, NULL},
};

const FindKey *find_key_find(const char *name, size_t length)
{
    for (const FindKey *k = find_keys; k->name; k++)
        if (word_is(name, length, k->name))
            return k;
    return NULL;
}

/* ---- grid ---------------------------------------------------------------------------------- */

/* 3.162 and 1.122 stand for 10^(1/2) and 10^(1/20): a step that is a whole part of a decade to
 * its written digits is taken as exactly that. */
static double exact_step(double factor)
{
    double step = eta_log(factor) / eta_log(10);
    double parts = round(1 / step);
    return fabs(eta_pow(10, 1 / parts) / factor - 1) < 5e-4 ? 1 / parts : step;
}

static double six_digits(double v)
{
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%.5e", v);
    return strtod(text, NULL);
}

int find_grid(const FindSpec *s, double eta0, double eta[FIND_ETAS])
{
    double lo = s->lo > 0 ? s->lo : 0.01 * eta0;
    double hi = s->lo > 0 ? s->hi : 100 * eta0;
    double decades = eta_log(hi / lo) / eta_log(10);
    double step = s->factor > 0 ? exact_step(s->factor) : 0.1;
    double count = floor(decades / step + 0.02) + 1; /* bounds are written with few digits too */
    if (s->count > 0) {
        count = s->count;
        step = decades / (count - 1);
    }
    if (count > FIND_ETAS)
        return -1;
    int n = 0;
    for (int i = 0; i < (int)count; i++) {
        double v = six_digits(lo * eta_pow(10, i * step));
        if (n == 0 || v > eta[n - 1])
            eta[n++] = v;
    }
    return n;
}

/* ---- named finds --------------------------------------------------------------------------- */

enum { NAMED_FINDS = 40 };

static struct {
    FindNamed row[NAMED_FINDS];
    int count;
} table;

static bool read_id(void *row, char *value, Error *err)
{
    FindNamed *n = row;
    (void)err;
    n->id = value;
    find_spec_default(&n->spec);
    return true;
}

static const BlockKey find_block_keys[] = {
    {"find", 0, read_id},
    {"title", offsetof(FindNamed, title), NULL},
    {"note", offsetof(FindNamed, note), NULL},
    {"scene", offsetof(FindNamed, scene), NULL},
    {0},
};

static bool read_setting(void *row, char *line, Error *err);

static const BlockForm find_form = {
    .size = sizeof(FindNamed),
    .fresh = &(const FindNamed){.title = "", .note = "", .scene = ""},
    .keys = find_block_keys,
    .other = read_setting,
};

/* A setting of `etascope find`, without the dashes. */
static bool read_setting(void *row, char *line, Error *err)
{
    size_t n = strcspn(line, " ");
    const FindKey *key = find_key_find(line, n);
    const char *value = line + n + strspn(line + n, " ");
    return key ? key->read(&((FindNamed *)row)->spec, value, err)
               : blocks_unknown(&find_form, line, n, err);
}

BLOCKS_AT_START table_read(void)
{
    table.count = blocks_embedded(&find_form, "finds.txt", table.row, NAMED_FINDS);
}

int find_named_count(void)
{
    return table.count;
}

const FindNamed *find_named_row(int index)
{
    return &table.row[index];
}

const FindNamed *find_named(const char *id, size_t length)
{
    for (int i = 0; i < find_named_count(); i++)
        if (strlen(table.row[i].id) == length && strncasecmp(table.row[i].id, id, length) == 0)
            return &table.row[i];
    return NULL;
}

bool find_named_unknown(const char *id, size_t length, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, id, length);
    for (int i = 0; i < find_named_count(); i++)
        near_try(&near, table.row[i].id);
    return error_set(err, 1, 1, "unknown find '%.*s'%s", (int)(length > 60 ? 60 : length), id,
                     near_hint(&near, hint, sizeof hint));
}

bool find_named_load(const FindNamed *n, Scene *scene, FindSpec *spec, Error *err)
{
    scene_default(scene);
    *spec = n->spec;
    return scene_parse(scene, n->scene, NULL, err);
}
