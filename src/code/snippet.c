/* SPDX-License-Identifier: MIT
 * snippet: schedule and optimizer of the run as lines for Keras, optax, timm and transformers, with
 * three rates to check them by. */
#include <string.h>

#include "code/parts.h"

/* What is written for one framework. */
typedef struct Snippet {
    FILE *out;
    const Timeline *t;
    Framework in;
    const Segment *seg;  /* of the start of the run */
    const Segment *next; /* of the first edit; NULL: none */
    Choice choice;
    Piece piece;
    Holes holes;
    const ScheduleCode *code; /* NULL: a typed schedule */
    const Shape *own;         /* NULL: by formula */
    bool plateau;
    unsigned uses;
    Error *err;
} Snippet;

/* ---- head ---- */

static void put_check(const Snippet *s, long steps)
{
    const long at[] = {0, steps / 2, steps};
    fputs("# check, t: rate   ", s->out);
    for (int i = 0; i < 3; i++) {
        fprintf(s->out, i ? ", %ld: " : "%ld: ", at[i]);
        python_number(s->out, rate_at(&s->seg->rate, at[i], NULL));
    }
    fputc('\n', s->out);
}

static void put_head(const Snippet *s, const char *checked)
{
    const Segment *next = s->next;
    put_scene_line(s->out, s->t);
    fprintf(s->out, "# Schedule and optimizer for %s; t counts finished updates.\n", checked);
    if (next)
        fprintf(s->out,
                "# The scene's edits, from step %ld on, are not in it: --dialect pytorch writes "
                "them out.\n",
                next->from);
    put_check(s, next ? next->from - 1 : timeline_steps(s->t));
    if (s->plateau)
        fputs("# The cuts depend on the loss: these rates are those before the first.\n", s->out);
    if (s->own && s->code->differs[s->in])
        fprintf(s->out, "# %s\n", s->code->differs[s->in]);
    if (s->own && s->own->after)
        fprintf(s->out, "# %s\n", s->own->after);
    if (s->seg->noise > 0 || s->seg->batch)
        fputs("# Noise and mini-batches are those of your own data.\n", s->out);
}

static void plan(Snippet *s, PyStyle style)
{
    s->seg = run_segment(s->t, 0);
    s->next = run_segment(s->t, 1);
    long last = s->next ? s->next->from - 1 : timeline_steps(s->t);
    const Rate *r = &s->seg->rate;
    schedule_words(timeline_scene(s->t), 0, &s->choice);
    s->piece = (Piece){r, &s->choice, rate_units(r, last)};
    s->holes = piece_holes(&s->piece, style);
    s->code = r->schedule ? schedule_code(r->schedule) : NULL;
    s->plateau = !step_rate_is_closed(r);
}

static const Shape *own_of(const Snippet *s, Framework in)
{
    return s->code ? shape_find(s->code->own[in], 2, false, &s->holes) : NULL;
}

static const Shape *warm_of(const Snippet *s, Framework in)
{
    return s->code ? shape_find(s->code->own[in], 2, true, &s->holes) : NULL;
}

/* Does u = t - warm-up, in steps? */
static bool plain_clock(const Rate *r)
{
    return r->start == r->warmup && r->unit == 1;
}

/* The rate at u: a formula of the table or a typed one. */
static bool put_formula(Snippet *s)
{
    const Piece *p = &s->piece;
    if (s->code) {
        const Shape *shape = shape_find(s->code->formula, SHAPES, false, &s->holes);
        pattern_print(s->out, shape->text, &s->holes);
        return true;
    }
    const char *inputs[3 + SURFACE_PARAMS] = {"t", "T", "eta0"};
    for (int i = 0; i < p->choice->named.count; i++)
        inputs[3 + i] = p->choice->named.name[i];
    return formula_print(s->out, p->choice->formula, inputs, 3 + p->choice->named.count,
                         s->holes.style, NULL, &s->uses, s->err);
}

/* T, eta0 and the parameters of a typed schedule, a line each. */
static void put_names(const Snippet *s, const char *indent)
{
    const NamedSet *named = &s->piece.choice->named;
    if (s->code)
        return;
    fprintf(s->out, "%sT, eta0 = ", indent);
    python_number(s->out, s->piece.rate->horizon);
    fputs(", ", s->out);
    python_number(s->out, s->piece.rate->eta0);
    fputc('\n', s->out);
    for (int i = 0; i < named->count; i++) {
        fputs(indent, s->out);
        formula_name(s->out, named->name[i]);
        fputs(" = ", s->out);
        python_number(s->out, s->piece.rate->value[i]);
        fputc('\n', s->out);
    }
}

static void put_optimizer_line(const Snippet *s, int family, const char *name, const char *lr,
                               const char *p)
{
    const OptimizerText *in = &optimizer_code(s->seg->optimizer)->in[family];
    if (!optimizer_same(in, s->seg->optimizer, s->seg->param))
        fprintf(s->out, "# %s\n", in->differs);
    fprintf(s->out, "%s = ", name);
    put_optimizer(s->out, in->text, s->seg->optimizer, s->seg->param, lr, p);
    fputc('\n', s->out);
}

/* ---- imports ---- */

/* A line to import with, where the body says `word`. */
typedef struct Import {
    const char *word;
    const char *line;
} Import;

/* The lines go to a sheet until it is known what they use. */
static bool body_open(Snippet *s, Sheet *body)
{
    bool ok = sheet_open(body) || error_set(s->err, 0, 0, "out of memory");
    s->out = body->out;
    return ok;
}

static void body_close(Sheet *body, FILE *out, const Import *imports)
{
    if (body->out)
        fflush(body->out);
    for (; body->text && imports->word; imports++)
        if (strstr(body->text, imports->word))
            fputs(imports->line, out);
    fputc('\n', out);
    sheet_close(body, out);
}

/* ---- Keras ---- */

/* u from the step, as Keras writes it. */
static void keras_clock(char text[80], const Rate *r)
{
    snprintf(text, 80, "step");
    if (r->start)
        snprintf(text, 80, "ops.maximum(step - %ld, 0)", r->start);
    if (r->unit > 1)
        snprintf(text + strlen(text), 80 - strlen(text), " // %ld", r->unit);
}

/* A subclass of LearningRateSchedule: the clock and the warm-up, then the class or the formula. */
static bool put_keras_rate(Snippet *s)
{
    char u[80];
    const Rate *r = s->piece.rate;
    keras_clock(u, r);
    if (s->own) {
        fputs("inner = ", s->out);
        pattern_print(s->out, s->own->text, &s->holes);
        fputs("\n\n\n", s->out);
    }
    fputs(s->own ? "" : "\n", s->out);
    fputs("class Rate(schedules.LearningRateSchedule):\n"
          "    def __call__(self, step):\n"
          "        step = ops.cast(step, \"float32\")\n",
          s->out);
    fprintf(s->out, "        %s = %s\n", s->code ? "u" : "t", u);
    put_names(s, "        ");
    bool flat = s->piece.rate->schedule && schedule_is_flat(r);
    fputs("        rate = ", s->out);
    bool ok = true;
    if (s->own && !flat)
        fputs("inner(u)", s->out);
    else
        ok = put_formula(s);
    fputs("\n", s->out);
    if (r->warmup)
        pattern_print(s->out,
                      "        rate = ops.where(step < $W, $LOW + ($FIRST - $LOW) * step / $W, "
                      "rate)\n",
                      &s->holes);
    fputs("        return rate\n\n\n"
          "schedule = Rate()\n",
          s->out);
    return ok;
}

static bool put_keras_schedule(Snippet *s)
{
    const Rate *r = s->piece.rate;
    const Shape *warm = r->warmup && plain_clock(r) ? warm_of(s, IN_KERAS) : NULL;
    bool plain = r->start == 0 && r->unit == 1;
    if (warm)
        s->own = warm;
    if (s->plateau) {
        fputs("schedule = ", s->out);
        python_number(s->out, r->eta0);
        fputs("  # a number: the callback cannot set the rate of a schedule\n"
              "callback = ",
              s->out);
    } else if (s->own && (warm || plain)) {
        fputs("schedule = ", s->out);
    } else {
        return put_keras_rate(s);
    }
    pattern_print(s->out, s->own->text, &s->holes);
    fputs(s->plateau ? "  # model.fit(..., callbacks=[callback])\n" : "\n", s->out);
    return true;
}

static const Import keras_imports[] = {
    {"math.", "import math\n\n"},
    {"", "import keras\n"},
    {"ops.", "from keras import ops\n"},
    {"schedules.", "from keras.optimizers import schedules\n"},
    {NULL, NULL},
};

bool write_keras(FILE *out, const Timeline *t, Error *err)
{
    Snippet s = {.out = out, .t = t, .in = IN_KERAS, .err = err};
    plan(&s, PY_KERAS);
    s.own = own_of(&s, IN_KERAS);
    put_head(&s, "Keras 3, which computes rates in float32");
    Sheet body;
    bool ok = body_open(&s, &body) && put_keras_schedule(&s);
    if (ok) {
        put_optimizer_line(&s, IN_KERAS, "optimizer", "schedule", "");
        fputs("# model.compile(optimizer=optimizer, ...)\n", s.out);
    }
    body_close(&body, out, keras_imports);
    return ok;
}

/* ---- optax ---- */

/* Any function of the count is a schedule. */
static bool put_optax_function(Snippet *s, const char *name, const char *u)
{
    fprintf(s->out, "%sdef %s(%s):\n", s->own ? "" : "\n", name, s->code ? "count" : "t");
    if (s->code || strcmp(u, "t") != 0)
        fprintf(s->out, "    %s = %s\n", s->code ? "u" : "t", u);
    put_names(s, "    ");
    fputs("    return ", s->out);
    bool ok = true;
    if (s->own)
        fputs("inner(u)", s->out);
    else
        ok = put_formula(s);
    fputs("\n\n\n", s->out);
    return ok;
}

/* The class, or a function by its name, behind a linear warm-up. */
static bool put_optax_schedule(Snippet *s)
{
    const Rate *r = s->piece.rate;
    const Shape *warm = r->warmup && plain_clock(r) ? warm_of(s, IN_OPTAX) : NULL;
    bool plain = plain_clock(r);
    char u[80];
    if (warm)
        s->own = warm;
    /* behind a warm-up, join_schedules counts from its end */
    long start = r->start - r->warmup;
    const char *count = s->code ? "count" : "t";
    snprintf(u, sizeof u, start ? "jnp.maximum(%s - %ld, 0)" : "%s", count, start);
    if (r->unit > 1)
        snprintf(u + strlen(u), sizeof u - strlen(u), " // %ld", r->unit);
    if (s->own && !plain) {
        fputs("inner = ", s->out);
        pattern_print(s->out, s->own->text, &s->holes);
        fputs("\n\n\n", s->out);
    }
    bool by_function = !s->own || !plain;
    if (by_function && !put_optax_function(s, r->warmup ? "after" : "schedule", u))
        return false;
    if (by_function && !r->warmup)
        return true;
    fputs("schedule = ", s->out);
    if (r->warmup && !warm)
        pattern_print(s->out,
                      "optax.join_schedules([optax.linear_schedule(init_value=$LOW, "
                      "end_value=$FIRST, transition_steps=$W), ",
                      &s->holes);
    if (by_function)
        fputs("after", s->out);
    else
        pattern_print(s->out, s->own->text, &s->holes);
    if (r->warmup && !warm)
        pattern_print(s->out, "], boundaries=[$W])", &s->holes);
    fputc('\n', s->out);
    return true;
}

static bool put_optax_plateau(Snippet *s)
{
    fputs("schedule = ", s->out);
    python_number(s->out, s->piece.rate->eta0);
    fputc('\n', s->out);
    put_optimizer_line(s, IN_OPTAX, "tx", "schedule", "");
    fputs("tx = optax.chain(tx, ", s->out);
    pattern_print(s->out, s->own->text, &s->holes);
    fputs(")  # tx.update(..., value=loss)\n", s->out);
    return true;
}

static const Import optax_imports[] = {
    {"math.", "import math\n\n"},
    {"jnp.", "import jax.numpy as jnp\n"},
    {"", "import optax\n"},
    {"optax.contrib.", "import optax.contrib\n"},
    {NULL, NULL},
};

bool write_optax(FILE *out, const Timeline *t, Error *err)
{
    Snippet s = {.out = out, .t = t, .in = IN_OPTAX, .err = err};
    plan(&s, PY_JAX);
    s.own = own_of(&s, IN_OPTAX);
    put_head(&s, "optax 0.2");
    Sheet body;
    bool ok = body_open(&s, &body) && (s.plateau ? put_optax_plateau(&s) : put_optax_schedule(&s));
    if (ok && !s.plateau)
        put_optimizer_line(&s, IN_OPTAX, "tx", "schedule", "");
    if (ok)
        fputs("# state = tx.init(w); updates, state = tx.update(g, state, w); "
              "w = optax.apply_updates(w, updates)\n",
              s.out);
    body_close(&body, out, optax_imports);
    return ok;
}

/* ---- timm and transformers: over PyTorch ---- */

/* How the loop calls it. */
static void put_torch_loop(const Snippet *s, bool timm)
{
    const Rate *r = s->piece.rate;
    fputs("# in the loop: opt.step()", s->out);
    if (timm && s->plateau)
        fputs("; sched.step(t + 1, metric=loss)", s->out);
    else if (timm && r->unit > 1)
        fprintf(s->out, "; sched.step_update(num_updates=(t + 1) // %ld)", r->unit);
    else if (timm)
        fputs("; sched.step_update(num_updates=t + 1)", s->out);
    else if (s->own && r->unit > 1)
        fprintf(s->out, "; then, once an epoch (every %ld steps), sched.step(%s)", r->unit,
                s->plateau ? "loss" : "");
    else
        fprintf(s->out, "; sched.step(%s)", s->plateau ? "loss" : "");
    fputc('\n', s->out);
}

/* eta0 on every row? */
static bool stays(const Rate *r)
{
    return r->schedule && schedule_is_flat(r) && !r->warmup;
}

/* def rate(t), and the helpers that its formula may need. */
static bool put_torch_function(Snippet *s)
{
    Sheet function;
    bool ok = sheet_open(&function) || error_set(s->err, 0, 0, "out of memory");
    ok = ok && put_rate_function(function.out, "rate", &s->piece, &s->uses, s->err);
    fputc('\n', s->out);
    formula_helpers(s->out, s->uses);
    sheet_close(&function, ok ? s->out : NULL);
    return ok;
}

static bool put_torch_lines(Snippet *s, bool theirs)
{
    const Rate *r = s->piece.rate;
    bool by_function = !s->own && !stays(r);
    if (by_function && !put_torch_function(s))
        return false;
    char lr[NUMBER_TEXT];
    number_print(lr, r->eta0);
    put_optimizer_line(s, IN_TORCH, "opt", lr, "model.parameters()");
    if (!s->own && !by_function)
        return fputs("# No scheduler: the rate stays.\n", s->out) >= 0;
    fputs("sched = ", s->out);
    if (s->own)
        pattern_print(s->out, s->own->text, &s->holes);
    else
        fprintf(s->out, "LambdaLR(opt, lambda t: rate(t) / %s)", lr);
    fputc('\n', s->out);
    put_torch_loop(s, theirs && s->in == IN_TIMM);
    return true;
}

/* Its own scheduler, else PyTorch's, else a function through LambdaLR. */
static bool write_over_torch(Snippet *s, const char *framework, const char *package)
{
    const Rate *r = s->piece.rate;
    bool plain = r->start == r->warmup;
    bool steps = plain_clock(r);
    const Shape *own = r->warmup ? warm_of(s, s->in) : own_of(s, s->in);
    if (!plain || (r->warmup && !steps))
        own = NULL;
    bool theirs = own != NULL;
    s->own = theirs ? own : plain && !r->warmup ? own_of(s, IN_TORCH) : NULL;
    if (s->plateau && !s->own)
        s->own = own_of(s, IN_TORCH);
    put_head(s, framework);
    if (s->plateau && r->warmup)
        fputs("# Not the same rule: no class has a warm-up before it; --dialect pytorch writes "
              "one.\n",
              s->out);
    FILE *out = s->out;
    char class_line[120] = "";
    if (s->own)
        snprintf(class_line, sizeof class_line, "from %s import %.*s\n",
                 theirs ? package : "torch.optim.lr_scheduler", call_name(s->own->text),
                 s->own->text);
    const Import imports[] = {
        {"math.", "import math\n\n"},
        {"", "import torch\n"},
        {" = LambdaLR", "from torch.optim.lr_scheduler import LambdaLR\n"},
        {"", class_line},
        {NULL, NULL},
    };
    Sheet body;
    bool ok = body_open(s, &body) && put_torch_lines(s, theirs);
    body_close(&body, out, imports);
    return ok;
}

bool write_timm(FILE *out, const Timeline *t, Error *err)
{
    Snippet s = {.out = out, .t = t, .in = IN_TIMM, .err = err};
    plan(&s, PY_MATH);
    return write_over_torch(&s, "timm 1.0 over PyTorch", "timm.scheduler");
}

bool write_transformers(FILE *out, const Timeline *t, Error *err)
{
    Snippet s = {.out = out, .t = t, .in = IN_TRANSFORMERS, .err = err};
    plan(&s, PY_MATH);
    return write_over_torch(&s, "transformers 5 over PyTorch", "transformers.optimization");
}
