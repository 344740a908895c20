/* SPDX-License-Identifier: MIT
 * loss_code: see loss_code.h */
#include "code/loss_code.h"

#include <string.h>

#include "code/grid_code.h"
#include "core/model.h"

enum { LITERAL_ROWS = 200 }; /* more than that are read from their file */

typedef struct Part {
    FILE *out;
    const Timeline *t;
    LossCode *l;
    NamedSet params;
    Error *err;
} Part;

/* ---- data ---- */

static const char read_function[] =
    "def read(path, *names):  # columns of a CSV file as tensors\n"
    "    with open(path, encoding=\"utf-8-sig\", newline=\"\") as file:\n"
    "        lines = [line for line in file if line.strip() and not "
    "line.lstrip().startswith(\"#\")]\n"
    "    head, *rows = csv.reader(lines, skipinitialspace=True)\n"
    "    head = [name.strip() for name in head]\n"
    "    return {name: torch.tensor([float(row[head.index(name)]) for row in rows],\n"
    "                               dtype=torch.float64) for name in names}\n\n\n";

static bool is_used(const Loss *l, int i)
{
    return program_uses(l->program, 2 + l->param_count + i);
}

static bool is_read(const Data *d)
{
    return d->n > LITERAL_ROWS && !d->built_in;
}

/* train = {"u": ..., "v": ...} */
static void put_table(Part *p, const char *name, const Loss *l)
{
    const Data *d = l->data;
    bool reads = is_read(d);
    fprintf(p->out, "%s = ", name);
    if (reads) {
        fputs("read(", p->out);
        python_string(p->out, d->file);
    } else {
        fputs("{\n", p->out);
    }
    for (int i = 0; i < l->column_count; i++) {
        const DataColumn *c = &d->column[l->column[i]];
        if (!is_used(l, i))
            continue;
        fprintf(p->out, reads ? ", \"%s\"" : "    \"%s\": torch.tensor([\n", c->name);
        if (reads)
            continue;
        python_numbers(p->out, c->at, d->n);
        fputs("\n    ], dtype=torch.float64),\n", p->out);
    }
    fputs(reads ? ")\n\n\n" : "}\n\n\n", p->out);
}

/* ---- formulas ---- */

/* The formula's parameters, as names of its own. */
static void put_params(Part *p)
{
    if (p->params.count)
        fputs("    ", p->out);
    for (int i = 0; i < p->params.count; i++) {
        formula_name(p->out, p->params.name[i]);
        fputs(i + 1 < p->params.count ? ", "
              : p->params.count == 1  ? ", = values\n"
                                      : " = values\n",
              p->out);
    }
}

static int inputs_of(const Part *p, const Loss *l, const char *inputs[EXPR_INPUTS])
{
    int n = 0;
    inputs[n++] = "x";
    inputs[n++] = "y";
    for (int i = 0; i < p->params.count; i++)
        inputs[n++] = p->params.name[i];
    for (int i = 0; i < l->column_count; i++)
        inputs[n++] = l->data->column[l->column[i]].name;
    return n;
}

static bool put_formula(Part *p, const char *name, const char *formula, const Loss *l)
{
    const char *inputs[EXPR_INPUTS];
    int count = inputs_of(p, l, inputs);
    fprintf(p->out, l->data ? "def %s(x, y, table=train, rows=slice(None)):\n" : "def %s(x, y):\n",
            name);
    put_params(p);
    for (int i = 0; i < l->column_count; i++) {
        const char *column = inputs[2 + l->param_count + i];
        if (!is_used(l, i))
            continue;
        fputs("    ", p->out);
        formula_name(p->out, column);
        fprintf(p->out, " = table[\"%s\"][rows]\n", column);
    }
    fputs(l->data ? "    return (" : "    return ", p->out);
    bool ok = formula_print(p->out, formula, inputs, count, PY_TORCH, "x", &p->l->uses, p->err);
    fputs(l->data ? ").mean()\n\n\n" : "\n\n\n", p->out);
    return ok;
}

static const char *formula_of(const Scene *s)
{
    const Surface *surface = scene_surface(s);
    return surface ? surface->formula : s->surface.formula;
}

static bool put_held_out(Part *p)
{
    const Scene *s = timeline_scene(p->t);
    const Loss *held = timeline_held_out(p->t, 0);
    if (!held->data)
        return put_formula(p, "held_out", s->held_out, held);
    put_table(p, "held", held);
    fputs("def held_out(x, y):\n    return loss(x, y, held)\n\n\n", p->out);
    return true;
}

/* The rows that a grid was made of. */
static bool put_grid(Part *p, const Loss *l, const Loss *held)
{
    static const Model *const unknown[MODEL_KNOWN];
    Model m;
    if (!model_load(&m, timeline_scene(p->t), unknown, p->err))
        return false;
    bool reads = p->l->reads = is_read(m.data);
    if (reads)
        fputs(read_function, p->out);
    grid_code_head(p->out, l, m.data, reads);
    bool ok = grid_code_layer(p->out, "loss", l, m.data, reads) &&
              (!held || !held->grid || grid_code_layer(p->out, "held_out", held, m.data, reads));
    if (!ok)
        error_set(p->err, 0, 0, "out of memory");
    if (ok && held && !held->grid)
        ok = put_held_out(p);
    model_release(&m);
    return ok;
}

static bool put_loss(Part *p, bool held_out)
{
    const Loss *l = timeline_loss(p->t);
    const Loss *held = held_out ? timeline_held_out(p->t, 0) : NULL;
    if (l->grid)
        return put_grid(p, l, held);
    p->l->reads = (l->data && is_read(l->data)) || (held && held->data && is_read(held->data));
    if (p->l->reads)
        fputs(read_function, p->out);
    if (l->data)
        put_table(p, "train", l);
    return put_formula(p, "loss", formula_of(timeline_scene(p->t)), l) &&
           (!held || put_held_out(p));
}

bool loss_code_open(LossCode *l, const Timeline *t, bool held_out, Error *err)
{
    *l = (LossCode){0};
    if (!sheet_open(&l->text))
        return error_set(err, 0, 0, "out of memory");
    Part p = {.out = l->text.out, .t = t, .l = l, .err = err};
    model_parameters(timeline_scene(t), &p.params);
    if (put_loss(&p, held_out))
        return true;
    sheet_close(&l->text, NULL);
    return false;
}

void loss_code_close(LossCode *l, FILE *onto)
{
    sheet_close(&l->text, onto);
}
