/* SPDX-License-Identifier: MIT
 * parts: see parts.h */
#include "code/parts.h"

#include <stdlib.h>
#include <string.h>

bool sheet_open(Sheet *s)
{
    *s = (Sheet){0};
    s->out = open_memstream(&s->text, &s->size);
    return s->out != NULL;
}

void sheet_close(Sheet *s, FILE *onto)
{
    if (s->out)
        fclose(s->out);
    if (onto && s->text)
        fwrite(s->text, 1, s->size, onto);
    free(s->text);
    *s = (Sheet){0};
}

/* ---- rates ---- */

void schedule_words(const Scene *s, long step, Choice *out)
{
    Choice before = s->schedule;
    *out = before;
    for (int i = 0; i < s->edit_count && s->edit[i].step <= step; i++) {
        if (i > 0 && s->edit[i].step != s->edit[i - 1].step)
            before = *out;
        if (s->edit[i].key == SCENE_SCHEDULE)
            choice_merge(out, &s->edit[i].choice, &before);
    }
}

const Segment *run_segment(const Timeline *t, int index)
{
    const Bound *b = timeline_bound(t);
    const Segment *end = b->segment + b->segments;
    const Segment *seg = bind_first(b) + index;
    return seg < end ? seg : NULL;
}

Holes piece_holes(const Piece *p, PyStyle style)
{
    static const ParamInfo none[] = {{.name = NULL}};
    return (Holes){.rows = p->rate->schedule ? p->rate->schedule->params : none,
                   .value = p->rate->value,
                   .rate = p->rate,
                   .last = p->last,
                   .style = style,
                   .p = "opt"};
}

/* u of step t, and the names of a typed formula as tensors. */
static void put_names(FILE *out, const char *u, const Piece *p)
{
    const NamedSet *named = &p->choice->named;
    fputs("    t, T, eta0", out);
    for (int i = 0; i < named->count; i++) {
        fputs(", ", out);
        formula_name(out, named->name[i]);
    }
    fprintf(out, " = torch.tensor([%s, ", u);
    python_number(out, p->rate->horizon);
    fputs(", ", out);
    python_number(out, p->rate->eta0);
    for (int i = 0; i < named->count; i++) {
        fputs(", ", out);
        python_number(out, p->rate->value[i]);
    }
    fputs("], dtype=torch.float64)\n", out);
}

static bool put_typed(FILE *out, const char *u, const Piece *p, unsigned *uses, Error *err)
{
    const char *inputs[3 + SURFACE_PARAMS] = {"t", "T", "eta0"};
    for (int i = 0; i < p->choice->named.count; i++)
        inputs[3 + i] = p->choice->named.name[i];
    put_names(out, u, p);
    fputs("    return float(", out);
    bool ok = formula_print(out, p->choice->formula, inputs, 3 + p->choice->named.count, PY_MATH,
                            NULL, uses, err);
    fputs(")\n", out);
    return ok;
}

static void put_warmup(FILE *out, const Piece *p)
{
    const Rate *r = p->rate;
    fprintf(out, "    if t < %ld:  # warm-up\n        return ", r->warmup);
    python_number(out, rate_at(r, r->start, NULL));
    fputs(" * ", out);
    if (r->warmup_factor != 0) {
        fputc('(', out);
        python_number(out, r->warmup_factor);
        fputs(" + ", out);
        python_number(out, 1 - r->warmup_factor);
        fprintf(out, " * t / %ld)\n", r->warmup);
    } else {
        fprintf(out, "t / %ld\n", r->warmup);
    }
}

/* "max(0, t - 20) // 6", behind the units that are over: "12 + ...". */
static void clock_text(char text[120], const Rate *r)
{
    char since[40] = "t";
    char before[40] = "";
    if (r->counted_from)
        snprintf(since, sizeof since, "max(0, t - %ld)", r->counted_from);
    if (r->counted)
        snprintf(before, sizeof before, "%ld + ", r->counted);
    if (r->unit > 1)
        snprintf(text, 120, "%s%s // %ld", before, since, r->unit);
    else
        snprintf(text, 120, "%s%s", before, since);
}

bool put_rate_function(FILE *out, const char *name, const Piece *p, unsigned *uses, Error *err)
{
    const Rate *r = p->rate;
    char u[120];
    clock_text(u, r);
    fprintf(out, "def %s(t):  # the rate of step t\n", name);
    if (r->warmup)
        put_warmup(out, p);
    if (!r->schedule) {
        bool ok = put_typed(out, u, p, uses, err);
        fputs("\n\n", out);
        return ok;
    }
    Holes h = piece_holes(p, PY_MATH);
    const Shape *shape = shape_find(schedule_code(r->schedule)->formula, SHAPES, false, &h);
    bool flat = schedule_is_flat(r);
    if (!flat)
        fprintf(out, "    u = %s\n", u);
    fputs("    return ", out);
    pattern_print(out, shape->text, &h);
    fputs("\n\n\n", out);
    if (strstr(shape->text, "@pi") || strstr(shape->text, "@exp"))
        *uses |= USES_MATH;
    return true;
}

/* ---- lines ---- */

void put_scene_line(FILE *out, const Timeline *t)
{
    for (size_t size = SCENE_LINE;; size *= 2) {
        char *buffer = malloc(size);
        if (!buffer)
            return;
        Text text = text_over(buffer, size);
        scene_print(timeline_scene(t), true, &text);
        if (!text.full)
            fprintf(out, "# etascope %s scene: %s\n", ETASCOPE_VERSION, buffer);
        free(buffer);
        if (!text.full)
            return;
    }
}

void put_optimizer(FILE *out, const char *pattern, const Optimizer *o, const double *param,
                   const char *lr, const char *p)
{
    double value[PARAM_MAX];
    memcpy(value, param, sizeof value);
    /* 0/0 is 0 here and not a number there, where a gradient is 0; as good as 0 beside any root */
    int eps = param_find(o->params, "eps", strlen("eps"));
    if (eps >= 0 && value[eps] == 0)
        value[eps] = 1e-300;
    pattern_print(out, pattern, &(Holes){.rows = o->params, .value = value, .lr = lr, .p = p});
}

int call_name(const char *pattern)
{
    return (int)strcspn(pattern, "(");
}
