/* SPDX-License-Identifier: MIT
 * pattern: see pattern.h */
#include "code/pattern.h"

#include <assert.h>
#include <string.h>

#include "base/words.h"

void python_number(FILE *out, double value)
{
    char number[NUMBER_TEXT];
    number_print(number, value);
    fputs(number, out);
}

void python_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void python_numbers(FILE *out, const double *v, long count)
{
    int column = 92;
    for (long i = 0; i < count; i++) {
        char number[NUMBER_TEXT];
        number_print(number, v[i]);
        int n = (int)strlen(number) + 2;
        bool new_line = column + n > 92;
        fputs(!i ? "        " : new_line ? ",\n        " : ", ", out);
        fputs(number, out);
        column = new_line ? n : column + n;
    }
}

static double named(const Holes *h, const char *name)
{
    int i = param_find(h->rows, name, strlen(name));
    assert(i >= 0);
    return h->value[i];
}

static void put_named(FILE *out, const Holes *h, const char *name)
{
    python_number(out, named(h, name));
}

/* ---- holes that are no parameters ---- */

static void put_eta0(FILE *out, const Holes *h)
{
    python_number(out, h->rate->eta0);
}

static void put_horizon(FILE *out, const Holes *h)
{
    python_number(out, h->rate->horizon);
}

static void put_warmup(FILE *out, const Holes *h)
{
    fprintf(out, "%ld", h->rate->warmup);
}

/* eta at u = 0: the warm-up leads there. */
static void put_first(FILE *out, const Holes *h)
{
    python_number(out, rate_at(h->rate, h->rate->start, NULL));
}

static void put_low(FILE *out, const Holes *h)
{
    python_number(out, rate_at(h->rate, 0, NULL));
}

static void put_lr(FILE *out, const Holes *h)
{
    fputs(h->lr, out);
}

static void put_p(FILE *out, const Holes *h)
{
    fputs(h->p, out);
}

static void put_list(FILE *out, const Rate *r, long shift)
{
    for (int i = 0; i < r->list_count; i++)
        fprintf(out, "%s%ld", i ? ", " : "[", r->list[i] + shift);
    fputc(']', out);
}

static void put_milestones(FILE *out, const Holes *h)
{
    put_list(out, h->rate, 0);
}

static void put_before(FILE *out, const Holes *h)
{
    put_list(out, h->rate, -1);
}

static void put_after(FILE *out, const Holes *h)
{
    put_list(out, h->rate, 1);
}

static void put_levels(FILE *out, const Holes *h)
{
    fputc('[', out);
    put_eta0(out, h);
    for (int i = 0; i < h->rate->list_count; i++) {
        fputs(", ", out);
        python_number(out,
                      rate_at(h->rate, h->rate->start + h->rate->list[i] * h->rate->unit, NULL));
    }
    fputc(']', out);
}

static void put_scales(FILE *out, const Holes *h)
{
    for (int i = 0; i < h->rate->list_count; i++) {
        fprintf(out, "%s%ld: ", i ? ", " : "{", h->rate->list[i]);
        put_named(out, h, "gamma");
    }
    fputc('}', out);
}

/* Restarts: cycles of T_0, T_0 T_mult ... until well past the run's end; T_mult > 1 makes them few.
 */
typedef enum CycleList { CYCLE_PAIRS, CYCLE_LENGTHS, CYCLE_ENDS, CYCLE_COUNT } CycleList;

static void put_cycle_list(FILE *out, const Holes *h, CycleList kind)
{
    double start = 0;
    double length = named(h, "T_0");
    double mult = named(h, "T_mult");
    double end = 2 * h->last + 16;
    int count = 0;
    for (; start < end; start += length, length *= count ? mult : 1) {
        if (kind == CYCLE_PAIRS)
            fprintf(out, "%s(%.0f, %.0f)", count ? ", " : "[", start, length);
        else if (kind == CYCLE_LENGTHS)
            fprintf(out, "%s%.0f", count ? ", " : "[", length);
        else if (kind == CYCLE_ENDS && count)
            fprintf(out, "%s%.0f", count > 1 ? ", " : "", start);
        else if (kind == CYCLE_ENDS)
            fputc('[', out);
        count++;
    }
    fprintf(out, kind == CYCLE_COUNT ? "%d" : "]", count);
}

static void put_cycles(FILE *out, const Holes *h)
{
    put_cycle_list(out, h, CYCLE_PAIRS);
}

static void put_lengths(FILE *out, const Holes *h)
{
    put_cycle_list(out, h, CYCLE_LENGTHS);
}

static void put_ends(FILE *out, const Holes *h)
{
    put_cycle_list(out, h, CYCLE_ENDS);
}

static void put_count(FILE *out, const Holes *h)
{
    put_cycle_list(out, h, CYCLE_COUNT);
}

static void put_triangle(FILE *out, const Holes *h)
{
    python_number(out, named(h, "step_up") + named(h, "step_down"));
}

static double rise_length(const Holes *h)
{
    return named(h, "pct_start") * named(h, "total") - 1;
}

static void put_rise(FILE *out, const Holes *h)
{
    python_number(out, rise_length(h));
}

static void put_fall(FILE *out, const Holes *h)
{
    python_number(out, named(h, "total") - 1 - rise_length(h));
}

static const struct {
    const char *name;
    void (*put)(FILE *out, const Holes *h);
} specials[] = {
    {"eta0", put_eta0},
    {"T", put_horizon},
    {"W", put_warmup},
    {"FIRST", put_first},
    {"LOW", put_low},
    {"before", put_before},
    {"after", put_after},
    {"levels", put_levels},
    {"scales", put_scales},
    {"cycles", put_cycles},
    {"lengths", put_lengths},
    {"ends", put_ends},
    {"count", put_count},
    {"L", put_triangle},
    {"A", put_rise},
    {"F", put_fall},
    {"lr", put_lr},
    {"p", put_p},
    {"milestones", put_milestones},
};

static void put_hole(FILE *out, const char *name, size_t length, const Holes *h)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (word_is(name, length, specials[i].name)) {
            specials[i].put(out, h);
            return;
        }
    int i = param_find(h->rows, name, length);
    assert(i >= 0);
    if (h->rows[i].kind == PARAM_CHOICE)
        fputs(h->rows[i].choices[(int)h->value[i]], out);
    else
        python_number(out, h->value[i]);
}

/* ---- functions ---- */

static const struct {
    const char *name;
    const char *text[PY_STYLES];
} functions[] = {
    {"cos", {"math.cos", "torch.cos", "ops.cos", "jnp.cos"}},
    {"exp", {"math.exp", "torch.exp", "ops.exp", "jnp.exp"}},
    {"min", {"min", "minimum", "ops.minimum", "jnp.minimum"}},
    {"max", {"max", "maximum", "ops.maximum", "jnp.maximum"}},
    {"pi", {"math.pi", "math.pi", "math.pi", "math.pi"}},
};

static void put_function(FILE *out, const char *name, size_t length, PyStyle style)
{
    size_t i = 0;
    while (!word_is(name, length, functions[i].name))
        i++;
    fputs(functions[i].text[style], out);
}

static size_t name_length(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
}

void pattern_print(FILE *out, const char *pattern, const Holes *h)
{
    while (*pattern) {
        size_t plain = strcspn(pattern, "$@");
        fwrite(pattern, 1, plain, out);
        pattern += plain;
        if (!*pattern)
            return;
        char kind = *pattern++;
        size_t length = name_length(pattern);
        if (kind == '$')
            put_hole(out, pattern, length, h);
        else
            put_function(out, pattern, length, h->style);
        pattern += length;
    }
}
