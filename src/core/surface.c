/* SPDX-License-Identifier: MIT
 * surface: see surface.h. A block of the text is one surface; each line is a key and its value. */
#include "core/surface.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "base/words.h"

enum { SURFACES_MOST = 80 };

/* Where a value is being read. */
typedef struct Reader {
    Surface *to;
    char *value;   /* terminated */
    long line;
    Error *err;
} Reader;

static bool read_numbers(Reader *r, const char **at, double *out, int count)
{
    for (int i = 0; i < count; i++) {
        size_t n = strcspn(*at, ", \t");
        if (!number_parse(*at, n, &out[i]))
            return error_set(r->err, r->line, 0, "'%.*s' is not a number", (int)n, *at);
        *at += n;
        if (i + 1 < count) {
            if (**at != ',' && **at != ' ')
                return error_set(r->err, r->line, 0, "expected %d numbers", count);
            ++*at;
        }
    }
    *at += strspn(*at, " \t");
    return true;
}

static bool read_title(Reader *r)
{
    r->to->title = r->value;
    return true;
}

static bool read_formula(Reader *r)
{
    r->to->formula = r->value;
    return true;
}

static bool read_data(Reader *r)
{
    r->to->data = r->value;
    return true;
}

static bool read_held_out(Reader *r)
{
    r->to->held_out = r->value;
    return true;
}

static bool read_grid(Reader *r)
{
    r->to->grid = r->value;
    if (!r->to->formula)
        r->to->formula = r->value;
    return true;
}

static bool read_note(Reader *r)
{
    r->to->note = r->value;
    return true;
}

static bool read_window(Reader *r)
{
    double v[4];
    const char *at = r->value;
    if (!read_numbers(r, &at, v, 4))
        return false;
    if (!(v[0] < v[1]) || !(v[2] < v[3]))
        return error_set(r->err, r->line, 0, "empty window '%s'", r->value);
    r->to->window = (Window){{v[0], v[2]}, {v[1], v[3]}};
    return true;
}

static bool read_start(Reader *r)
{
    for (const char *at = r->value; *at;) {
        double v[2];
        if (r->to->start_count == SURFACE_STARTS)
            return error_set(r->err, r->line, 0, "more than %d starts", SURFACE_STARTS);
        if (!read_numbers(r, &at, v, 2))
            return false;
        r->to->start[r->to->start_count++] = vec2(v[0], v[1]);
    }
    return true;
}

static bool read_eta0(Reader *r)
{
    double v[2];
    const char *at = r->value;
    if (!read_numbers(r, &at, v, 2))
        return false;
    r->to->eta0 = v[0];
    r->to->eta0_normalised = v[1];
    return true;
}

static bool read_eta_high(Reader *r)
{
    const char *at = r->value;
    return read_numbers(r, &at, &r->to->eta_high, 1);
}

static bool read_critical(Reader *r, char kind)
{
    Surface *s = r->to;
    for (const char *at = r->value; *at;) {
        double v[2];
        if (s->critical_count == SURFACE_CRITICAL)
            return error_set(r->err, r->line, 0, "more than %d critical points", SURFACE_CRITICAL);
        if (!read_numbers(r, &at, v, 2))
            return false;
        s->critical[s->critical_count++] = (CriticalRow){vec2(v[0], v[1]), kind};
    }
    return true;
}

static bool read_minimum(Reader *r)
{
    return read_critical(r, 'm');
}

static bool read_saddle(Reader *r)
{
    return read_critical(r, 's');
}

static bool read_params(Reader *r)
{
    NamedSet *p = &r->to->params;
    for (const char *at = r->value; *at;) {
        size_t n = strcspn(at, "=");
        if (p->count == SURFACE_PARAMS || n == 0 || n >= NAME_SIZE || !at[n])
            return error_set(r->err, r->line, 0, "bad parameter '%s'", at);
        memcpy(p->name[p->count], at, n);
        p->name[p->count][n] = '\0';
        at += n + 1;
        if (!read_numbers(r, &at, &p->value[p->count], 1))
            return false;
        p->count++;
        at += *at == ',';
    }
    return true;
}

static bool read_axis(Reader *r)
{
    char *blank = strchr(r->value, ' ');
    if (!blank)
        return error_set(r->err, r->line, 0, "expected two axis names");
    *blank = '\0';
    r->to->axis[0] = r->value;
    r->to->axis[1] = blank + 1 + strspn(blank + 1, " ");
    return true;
}

static const struct {
    const char *key;
    bool (*read)(Reader *r);
} line_kinds[] = {
    {"title", read_title},     {"formula", read_formula},   {"note", read_note},
    {"window", read_window},   {"start", read_start},       {"eta0", read_eta0},
    {"eta_high", read_eta_high}, {"minimum", read_minimum}, {"saddle", read_saddle},
    {"params", read_params},   {"axis", read_axis},         {"data", read_data},
    {"held_out", read_held_out}, {"grid", read_grid},
};

static bool read_line(Reader *r, const char *key)
{
    Near near;
    near_start(&near, key, strlen(key));
    for (size_t i = 0; i < sizeof line_kinds / sizeof line_kinds[0]; i++) {
        if (strcmp(key, line_kinds[i].key) == 0)
            return line_kinds[i].read(r);
        near_try(&near, line_kinds[i].key);
    }
    char hint[64];
    return error_set(r->err, r->line, 1, "unknown key '%s'%s", key,
                     near_hint(&near, hint, sizeof hint));
}

/* "surface NAME [core]" begins a block. */
static void begin_block(Surface *s, char *value)
{
    char *blank = strchr(value, ' ');
    *s = (Surface){.name = value, .axis = {"x", "y"}, .note = "", .title = value};
    if (blank) {
        *blank = '\0';
        s->core = strstr(blank + 1, "core") != NULL;
    }
}

static bool check_block(const Surface *s, long line, Error *err)
{
    if (!s->formula || !s->start_count || !(s->eta0 > 0) || !(s->eta0_normalised > 0) ||
        !(s->eta_high > 0) || !(s->window.lo.x < s->window.hi.x))
        return error_set(err, line, 0, "surface '%s' lacks formula, window, start, eta0 or eta_high",
                         s->name);
    return true;
}

/* Cut comments and blanks off the end. */
static void trim_line(char *line)
{
    char *hash = line[0] == '#' ? line : strstr(line, "  #");
    if (hash)
        *hash = '\0';
    for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]); n--)
        line[n - 1] = '\0';
}

int surface_parse(char *text, Surface *rows, int most, Error *err)
{
    int count = 0;
    long number = 0;
    for (char *line = text, *next; line; line = next) {
        number++;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        trim_line(line);
        if (!*line)
            continue;
        char *value = line + strcspn(line, " \t");
        if (*value)
            *value++ = '\0';
        value += strspn(value, " \t");
        if (strcmp(line, "surface") == 0) {
            if (count && !check_block(&rows[count - 1], number, err))
                return -1;
            if (count == most) {
                error_set(err, number, 0, "more than %d surfaces", most);
                return -1;
            }
            begin_block(&rows[count++], value);
            continue;
        }
        if (!count) {
            error_set(err, number, 0, "'%s' before the first surface", line);
            return -1;
        }
        Reader reader = {&rows[count - 1], value, number, err};
        if (!read_line(&reader, line))
            return -1;
    }
    return !count || check_block(&rows[count - 1], number, err) ? count : -1;
}

/* The only lazily made table: text is the source, so that a teacher can read and change it. */
static struct {
    Surface rows[SURFACES_MOST];
    int count;
} table;

static void table_load(void)
{
    if (table.count)
        return;
    const Embedded *file = embedded_find("surfaces.txt");
    assert(file);
    char *text = malloc(file->size + 1); /* lives as long as the program */
    Error err = {0};
    if (text)
        memcpy(text, file->text, file->size + 1);
    table.count = text ? surface_parse(text, table.rows, SURFACES_MOST, &err) : 0;
    if (table.count <= 0) {
        error_in(&err, "surfaces.txt");
        error_print(&err, stderr);
        abort();
    }
}

int surface_count(void)
{
    table_load();
    return table.count;
}

const Surface *surface_row(int index)
{
    table_load();
    assert(index >= 0 && index < table.count);
    return &table.rows[index];
}

const Surface *surface_find(const char *name, size_t length)
{
    table_load();
    for (int i = 0; i < table.count; i++)
        if (word_is(name, length, table.rows[i].name))
            return &table.rows[i];
    return NULL;
}
