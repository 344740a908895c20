/* SPDX-License-Identifier: MIT
 * scene_value: one value of a scene: its text -> what a field holds. Errors carry the column within
 * the value, which the caller moves to where the value stands. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "core/data.h"
#include "core/scene.h"

static bool bad(Error *err, Slice p, const char *what)
{
    return error_set(err, 1, p.column, "'%.*s' %s", (int)(p.length > 60 ? 60 : p.length), p.at,
                     what);
}

static bool read_real(Slice p, double *out, Error *err)
{
    if (p.length == 0)
        return error_set(err, 1, p.column, "a number is missing");
    if (!number_parse(p.at, p.length, out))
        return bad(err, p, "is not a number");
    if (!isfinite(*out))
        return bad(err, p, "is not finite");
    return true;
}

static bool read_whole(Slice p, const SceneKeyInfo *k, long *out, Error *err)
{
    double v;
    if (!read_real(p, &v, err))
        return false;
    if (v != floor(v))
        return bad(err, p, "is not a whole number");
    if (v < k->lo || v > k->hi)
        return error_set(err, 1, p.column, "'%.*s' is out of bounds (%.0f to %.0f)", (int)p.length,
                         p.at, k->lo, k->hi);
    *out = (long)v;
    return true;
}

static bool read_bounded(Slice p, const SceneKeyInfo *k, double *out, Error *err)
{
    if (!read_real(p, out, err))
        return false;
    if ((k->lo_open ? *out > k->lo : *out >= k->lo) && *out <= k->hi)
        return true;
    if (isfinite(k->hi))
        return error_set(err, 1, p.column, "'%.*s' is out of bounds (%g to %g)", (int)p.length,
                         p.at, k->lo, k->hi);
    return error_set(err, 1, p.column, "'%.*s' is out of bounds: %s %s %g is needed", (int)p.length,
                     p.at, k->name, k->lo_open ? ">" : ">=", k->lo);
}

static bool read_list(Slice p, double *out, int count, const char *form, Error *err)
{
    for (int i = 0; i < count; i++) {
        Slice rest = {0};
        bool more = slice_cut(&p, ',', &rest);
        if (more != (i + 1 < count))
            return error_set(err, 1, p.column, "expected %s", form);
        if (!read_real(p, &out[i], err))
            return false;
        p = rest;
    }
    return true;
}

static bool is_name(Slice p)
{
    if (p.length == 0 || !(isalpha((unsigned char)p.at[0]) || p.at[0] == '_'))
        return false;
    for (size_t i = 1; i < p.length; i++)
        if (!isalnum((unsigned char)p.at[i]) && p.at[i] != '_')
            return false;
    return true;
}

/* A parameter's name in a formula must not hide the language's words or the variables. */
static bool check_new_name(Slice p, const char *const *taken, Error *err)
{
    if (!is_name(p) || p.length >= NAME_SIZE)
        return bad(err, p, "is not a name for a parameter");
    for (const char *const *w = expr_words; *w; w++)
        if (word_is(p.at, p.length, *w))
            return bad(err, p, "is a word of the formula language");
    for (; *taken; taken++)
        if (word_is(p.at, p.length, *taken))
            return bad(err, p, "is a variable of the formula");
    return true;
}

/* "a=3,b=1" after the ':' of a formula, or overrides of a row's parameters (`known`). */
static bool read_named(Slice rest, NamedSet *set, const char *const *taken, const NamedSet *known,
                       Error *err)
{
    Slice p;
    Slice value;
    while (slice_pair(&rest, &p, &value)) {
        if (!value.at)
            return bad(err, p, "lacks '=value'");
        Near near;
        near_start(&near, p.at, p.length);
        int k = known ? known->count - 1 : -1;
        for (; k >= 0 && !word_is(p.at, p.length, known->name[k]); k--)
            near_try(&near, known->name[k]);
        char hint[64];
        if (known && k < 0)
            return error_set(err, 1, p.column, "no parameter '%.*s' here%s", (int)p.length, p.at,
                             near_hint(&near, hint, sizeof hint));
        if (!known && !check_new_name(p, taken, err))
            return false;
        NamedSet one = {.count = 1};
        memcpy(one.name[0], p.at, p.length);
        if (!read_real(value, &one.value[0], err))
            return false;
        for (int i = 0; i < set->count; i++)
            if (strcmp(set->name[i], one.name[0]) == 0)
                return bad(err, p, "is given twice");
        if (set->count == SURFACE_PARAMS)
            return error_set(err, 1, p.column, "more than %d parameters", SURFACE_PARAMS);
        named_merge(set, &one);
    }
    return true;
}

static bool copy_formula(Slice p, char *out, size_t size, Error *err)
{
    while (p.length && isspace((unsigned char)p.at[0]))
        p = (Slice){p.at + 1, p.length - 1, p.column + 1};
    while (p.length && isspace((unsigned char)p.at[p.length - 1]))
        p.length--;
    if (p.length == 0)
        return error_set(err, 1, p.column, "the formula is empty");
    if (p.length >= size)
        return error_set(err, 1, p.column, "formula too long (%zu bytes, at most %zu)", p.length,
                         size - 1);
    memcpy(out, p.at, p.length);
    out[p.length] = '\0';
    return true;
}

/* Does it compile? An error keeps the column in the formula. */
static bool try_compile(const char *text, const char *const *variables, const NamedSet *named,
                        Error *err)
{
    const char *inputs[EXPR_INPUTS];
    int n = 0;
    for (; variables[n]; n++)
        inputs[n] = variables[n];
    for (int i = 0; i < named->count; i++)
        inputs[n++] = named->name[i];
    return program_check(text, inputs, n, err);
}

bool scene_is_file(const char *value)
{
    size_t n = strlen(value);
    return n > 4 && strcmp(value + n - 4, ".csv") == 0;
}

bool scene_is_grid(const Scene *s)
{
    return s->surface.row < 0 && scene_is_file(s->surface.formula);
}

static const char *const plane_variables[] = {"x", "y", NULL};
static const char *const schedule_variables[] = {"t", "T", "eta0", NULL};

bool value_is_loss(const char *formula, const NamedSet *named, Error *err)
{
    return try_compile(formula, plane_variables, named, err);
}

static long leading_blanks(Slice p)
{
    long n = 0;
    while ((size_t)n < p.length && isspace((unsigned char)p.at[n]))
        n++;
    return n;
}

/* Behind a number, so that the e of 2e3 is no name. */
static const char *skip_number(const char *at)
{
    while (isdigit((unsigned char)*at) || *at == '.')
        at++;
    if (*at != 'e' && *at != 'E')
        return at;
    const char *digit = at + 1 + (at[1] == '+' || at[1] == '-');
    if (!isdigit((unsigned char)*digit))
        return at;
    while (isdigit((unsigned char)*digit))
        digit++;
    return digit;
}

static bool is_listed(const char *const *words, int count, const char *word, size_t length)
{
    for (int i = 0; i < count && words[i]; i++)
        if (word_is(word, length, words[i]))
            return true;
    return false;
}

/* Names that may turn out to be columns of the data: those that neither the language nor `inputs`
 * know and that are not called like functions. They are copied to `store` and added; returns how
 * many inputs there are then. */
static int presume_columns(const char *at, const char **inputs, int count,
                           char store[EXPR_INPUTS][DATA_NAME])
{
    while (*at && count < EXPR_INPUTS) {
        if (isdigit((unsigned char)*at) || *at == '.') {
            at = skip_number(at);
            continue;
        }
        size_t n = 0;
        while (isalnum((unsigned char)at[n]) || at[n] == '_')
            n++;
        if (n && n < DATA_NAME && at[n + strspn(at + n, " \t")] != '(' &&
            !is_listed(expr_words, EXPR_TEXT, at, n) && !is_listed(inputs, count, at, n)) {
            memcpy(store[count], at, n);
            store[count][n] = '\0';
            inputs[count] = store[count];
            count++;
        }
        at += n ? n : 1;
    }
    return count;
}

/* Is the formula sound if the names it does not explain are columns of data to come? */
static bool try_presuming(const SurfaceChoice *c, Error *err)
{
    const char *inputs[EXPR_INPUTS] = {"x", "y"};
    char store[EXPR_INPUTS][DATA_NAME];
    int n = 2;
    for (int i = 0; i < c->named.count; i++)
        inputs[n++] = c->named.name[i];
    n = presume_columns(c->formula, inputs, n, store);
    return program_check(c->formula, inputs, n, err);
}

static bool read_grid(SurfaceChoice *c, Slice rest, Error *err)
{
    if (strlen(c->formula) >= SCENE_PATH)
        return error_set(err, 1, 1, "file name too long");
    if (rest.at)
        return error_set(err, 1, rest.column, "a grid has no parameters");
    return true;
}

static bool read_surface(SurfaceChoice *to, Slice p, Error *err)
{
    Slice rest = {0};
    SurfaceChoice c = {.row = -1};
    slice_cut(&p, ':', &rest);
    if (is_name(p)) {
        const Surface *found = surface_find(p.at, p.length);
        if (!found) {
            Near near;
            char hint[64];
            near_start(&near, p.at, p.length);
            for (int i = 0; i < surface_count(); i++)
                near_try(&near, surface_row(i)->name);
            return error_set(err, 1, p.column, "unknown surface '%.*s'%s", (int)p.length, p.at,
                             near_hint(&near, hint, sizeof hint));
        }
        for (c.row = 0; surface_row(c.row) != found; c.row++)
            ;
        if (!read_named(rest, &c.named, plane_variables, &found->params, err))
            return false;
    } else {
        if (!copy_formula(p, c.formula, sizeof c.formula, err))
            return false;
        bool grid = scene_is_file(c.formula);
        if (grid ? !read_grid(&c, rest, err)
                 : !read_named(rest, &c.named, plane_variables, NULL, err))
            return false;
        if (!grid && !try_presuming(&c, err)) {
            error_shift(err, 1, p.column + leading_blanks(p));
            return false;
        }
    }
    *to = c;
    return true;
}

static bool read_window(Window *to, Slice p, Error *err)
{
    double v[4];
    if (!read_list(p, v, 4, "x0,x1,y0,y1", err))
        return false;
    if (!(v[0] < v[1]) || !(v[2] < v[3]))
        return error_set(err, 1, 1, "'%.*s' is empty: x0 < x1 and y0 < y1 are needed",
                         (int)p.length, p.at);
    if (!isfinite(v[1] - v[0]) || !isfinite(v[3] - v[2]))
        return error_set(err, 1, 1, "the window is too large");
    *to = (Window){{v[0], v[2]}, {v[1], v[3]}};
    return true;
}

static bool read_start(Vec2 *to, Slice p, Error *err)
{
    double v[2];
    if (!read_list(p, v, 2, "X,Y", err))
        return false;
    *to = vec2(v[0], v[1]);
    return true;
}

static bool unknown_choice(Slice p, const char *what, Near *near, Error *err)
{
    char hint[64];
    return error_set(err, 1, p.column, "unknown %s '%.*s'%s", what, (int)p.length, p.at,
                     near_hint(near, hint, sizeof hint));
}

/* The rows of the i-th optimizer or schedule, and its name; NULL at the end of the table. */
typedef const ParamInfo *Rows(int i, const char **name);

static const ParamInfo *optimizer_rows(int i, const char **name)
{
    *name = optimizers[i].name;
    return optimizers[i].params;
}

static const ParamInfo *schedule_rows(int i, const char **name)
{
    *name = schedules[i].name;
    return schedules[i].params;
}

/* The key at error column `column` of the parameters: does another row of the table have it? */
static bool elsewhere(const SceneKeyInfo *k, Rows *table, const ParamInfo *own, Slice rest,
                      Error *err)
{
    Slice p;
    Slice value;
    while (slice_pair(&rest, &p, &value)) {
        const char *name;
        const ParamInfo *rows;
        if (p.column != err->column || param_find(own, p.at, p.length) >= 0)
            continue;
        for (int i = 0; (rows = table(i, &name)) && name; i++)
            if (param_find(rows, p.at, p.length) >= 0)
                return error_set(err, 1, p.column,
                                 "unknown parameter '%.*s' (did you mean '%s=%s:%.*s=...'?)",
                                 (int)p.length, p.at, k->name, name, (int)p.length, p.at);
    }
    return false;
}

static bool choice_params(SceneKey key, Rows *table, int row, Slice rest, Choice *c, Error *err)
{
    const char *name;
    const ParamInfo *rows = table(row, &name);
    c->row = row;
    if (!rest.at || param_parse_all(rows, rest.at, rest.length, &c->params, err))
        return true;
    error_shift(err, 1, rest.column);
    return elsewhere(&scene_keys[key], table, rows, rest, err);
}

static bool read_optimizer(Choice *c, Slice p, Error *err)
{
    Slice rest = {0};
    *c = (Choice){.row = -1};
    slice_cut(&p, ':', &rest);
    const Optimizer *found = optimizer_find(p.at, p.length);
    if (!found) {
        Near near;
        near_start(&near, p.at, p.length);
        for (const Optimizer *o = optimizers; o->name; o++)
            near_try(&near, o->name);
        return unknown_choice(p, "optimizer", &near, err);
    }
    return choice_params(SCENE_OPTIMIZER, optimizer_rows, (int)(found - optimizers), rest, c, err);
}

static const Runner *runner_of(const Scene *s, int runner)
{
    return runner ? &s->runner[runner - 1] : NULL;
}

/* Parameters that the same formula has been given before: an edit may name only some of them. */
static void known_names(const Scene *s, int runner, const char *formula, NamedSet *all)
{
    const Runner *r = runner_of(s, runner);
    bool own = r && r->given >> SCENE_SCHEDULE & 1u;
    const Choice *first = own ? &r->schedule : &s->schedule;
    if (strcmp(first->formula, formula) == 0)
        named_merge(all, &first->named);
    for (int i = 0; i < s->edit_total; i++) {
        const Edit *e = &s->edit[i];
        if (e->runner == runner && e->key == SCENE_SCHEDULE &&
            strcmp(e->choice.formula, formula) == 0)
            named_merge(all, &e->choice.named);
    }
}

/* A typed schedule: is it finite and >= 0 at every step of a run of T? Checked by timeline_set,
 * which knows T and eta0; here it only has to compile. */
static bool read_schedule(Choice *c, const Scene *before, int runner, Slice p, Error *err)
{
    Slice rest = {0};
    *c = (Choice){.row = -1};
    slice_cut(&p, ':', &rest);
    const Schedule *found = schedule_find(p.at, p.length);
    if (found)
        return choice_params(SCENE_SCHEDULE, schedule_rows, (int)(found - schedules), rest, c, err);
    bool variable = p.length && (word_is(p.at, p.length, "eta0") || word_is(p.at, p.length, "t") ||
                                 word_is(p.at, p.length, "T") || word_is(p.at, p.length, "e") ||
                                 word_is(p.at, p.length, "pi"));
    if (is_name(p) && !variable) {
        Near near;
        near_start(&near, p.at, p.length);
        for (const Schedule *s = schedules; s->name; s++)
            near_try(&near, s->name);
        return unknown_choice(p, "schedule", &near, err);
    }
    if (!copy_formula(p, c->formula, sizeof c->formula, err) ||
        !read_named(rest, &c->named, schedule_variables, NULL, err))
        return false;
    NamedSet all = {0};
    if (before)
        known_names(before, runner, c->formula, &all);
    named_merge(&all, &c->named);
    if (try_compile(c->formula, schedule_variables, &all, err))
        return true;
    error_shift(err, 1, p.column + leading_blanks(p));
    return false;
}

static bool read_seed(uint64_t *to, Slice p, Error *err)
{
    uint64_t seed = 0;
    for (size_t i = 0; i < p.length; i++) {
        unsigned digit = (unsigned)p.at[i] - '0';
        if (digit > 9 || seed > (UINT64_MAX - digit) / 10)
            return bad(err, p, "is not an unsigned 64-bit number");
        seed = seed * 10 + digit;
    }
    if (!p.length)
        return error_set(err, 1, 1, "a number is missing");
    *to = seed;
    return true;
}

static bool read_path(char *out, Slice p, Error *err)
{
    if (p.length == 0 || p.length >= SCENE_PATH)
        return error_set(err, 1, 1, p.length ? "file name too long" : "a file name is missing");
    if (memchr(p.at, '\'', p.length) && memchr(p.at, '"', p.length))
        return error_set(err, 1, 1, "a value cannot hold both kinds of quotes");
    for (size_t i = 0; i < p.length; i++)
        if (((unsigned char)p.at[i] < 0x20 && p.at[i] != '\t') || p.at[i] == 0x7f)
            return error_set(err, 1, 1, "a file name with a control character");
    memcpy(out, p.at, p.length);
    out[p.length] = '\0';
    return true;
}

bool value_read(const SceneKeyInfo *k, void *to, Slice p, Error *err)
{
    switch (k->kind) {
    case VALUE_SURFACE:
        return read_surface(to, p, err);
    case VALUE_WINDOW:
        return read_window(to, p, err);
    case VALUE_POINT:
        return read_start(to, p, err);
    case VALUE_OPTIMIZER:
        return read_optimizer(to, p, err);
    case VALUE_SCHEDULE:
        return read_schedule(to, NULL, 0, p, err);
    case VALUE_REAL:
        return read_bounded(p, k, to, err);
    case VALUE_WHOLE:
        return read_whole(p, k, to, err);
    case VALUE_SEED:
        return read_seed(to, p, err);
    case VALUE_FILE:
        return read_path(to, p, err);
    }
    return false;
}

bool scene_assign(Scene *s, SceneKey key, const char *value, size_t length, Error *err)
{
    if (!value_read(&scene_keys[key], scene_value(s, key), slice_of(value, length), err))
        return false;
    s->given |= 1u << key;
    s->place[key] = (Place){0, 0};
    return true;
}

/* Surface parameters after `at`: the surface's own name (or formula) and the changed numbers. */
static bool edit_surface(const Scene *s, Edit *e, Slice p, Error *err)
{
    Slice rest = {0};
    slice_cut(&p, ':', &rest);
    const Surface *row = scene_surface(s);
    const char *own = row ? row->name : s->surface.formula;
    if (e->runner)
        return error_set(err, 1, 1,
                         "the surface is the same for all runners: its parameters "
                         "change in an 'at' before the first 'vs'");
    if (!word_is(p.at, p.length, own))
        return error_set(err, 1, 1,
                         "another surface makes a new scene: only parameters of '%s' may "
                         "change during a run",
                         own);
    NamedSet known = row ? row->params : s->surface.named;
    e->choice.row = -1;
    return read_named(rest, &e->choice.named, plane_variables, &known, err);
}

static bool edit_whole(Edit *e, const SceneKeyInfo *k, Slice p, Error *err)
{
    long whole = 0;
    if (!read_whole(p, k, &whole, err))
        return false;
    e->number = (double)whole;
    if (e->key == SCENE_STEPS && whole < e->step)
        return error_set(err, 1, 1, "steps=%ld lies before step %ld", whole, e->step);
    return true;
}

bool edit_read(const Scene *s, Edit *e, Slice p, Error *err)
{
    const SceneKeyInfo *k = &scene_keys[e->key];
    if (!k->editable)
        return error_set(err, 1, 1, "'%s' makes a new scene and cannot change during a run",
                         k->name);
    if (k->kind == VALUE_SURFACE)
        return edit_surface(s, e, p, err);
    if (k->kind == VALUE_OPTIMIZER)
        return read_optimizer(&e->choice, p, err);
    if (k->kind == VALUE_SCHEDULE)
        return read_schedule(&e->choice, s, e->runner, p, err);
    return k->kind == VALUE_WHOLE ? edit_whole(e, k, p, err) : read_bounded(p, k, &e->number, err);
}

bool edit_parse_value(const Scene *s, Edit *e, long step, SceneKey key, const char *value,
                      size_t length, Error *err)
{
    memset(e, 0, sizeof *e);
    e->step = step;
    e->key = key;
    return edit_read(s, e, slice_of(value, length), err);
}

bool scene_adjust(Scene *s, SceneKey key, const char *value, size_t length, Error *err)
{
    Edit e;
    ValueKind kind = scene_keys[key].kind;
    if (kind != VALUE_OPTIMIZER && kind != VALUE_SCHEDULE)
        return scene_assign(s, key, value, length, err);
    if (!edit_parse_value(s, &e, 0, key, value, length, err))
        return false;
    choice_merge(scene_value(s, key), &e.choice, NULL);
    s->given |= 1u << key;
    s->place[key] = (Place){0, 0};
    return true;
}

/* Replace or extend the assignment of the same key at the same step, if there is one. */
static bool edit_absorb(Scene *s, const Edit *e)
{
    for (int i = s->edit_count - 1; i >= 0; i--) {
        Edit *old = &s->edit[i];
        if (old->step != e->step || old->key != e->key)
            continue;
        if (e->key == SCENE_SCHEDULE || e->key == SCENE_OPTIMIZER)
            choice_merge(&old->choice, &e->choice, NULL);
        else if (e->key == SCENE_SURFACE)
            named_merge(&old->choice.named, &e->choice.named);
        else
            old->number = e->number;
        return true;
    }
    return false;
}

bool scene_edit(Scene *s, long step, SceneKey key, const char *value, size_t length, Error *err)
{
    Edit e;
    if (!edit_parse_value(s, &e, step, key, value, length, err))
        return false;
    return edit_absorb(s, &e) || scene_insert_edit(s, &e, err);
}
