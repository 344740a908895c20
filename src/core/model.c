/* SPDX-License-Identifier: MIT
 * model: see model.h */
#include "core/model.h"

#include <string.h>

/* What to make: the scene's words and the surface's row, whichever count. */
typedef struct Wanted {
    const char *formula;   /* NULL: a grid */
    const char *data;      /* file of the rows or the grid; NULL: none */
    bool data_built_in;
    const char *held_out;  /* file; NULL: none */
    bool held_built_in;
    const char *held_formula;
    NamedSet params;
    const Model *known[MODEL_KNOWN]; /* may hold the files */
} Wanted;

void model_parameters(const Scene *s, NamedSet *all)
{
    const Surface *surface = scene_surface(s);
    *all = surface ? surface->params : s->surface.named;
    named_merge(all, &s->surface.named);
}

static Wanted wanted_surface(const Surface *s)
{
    Wanted w = {.formula = s->grid ? NULL : s->formula, .params = s->params};
    w.data = s->grid ? s->grid : s->data;
    w.held_out = s->held_out;
    w.data_built_in = w.held_built_in = true;
    return w;
}

static bool in_key(Error *err, const char *key)
{
    error_in(err, key);
    return false;
}

/* Data of one's own replace the surface's, and so its held-out rows. */
static bool wanted_scene(const Scene *s, Wanted *w, Error *err)
{
    const Surface *surface = scene_surface(s);
    bool grid = scene_is_grid(s);
    *w = surface ? wanted_surface(surface) : (Wanted){.formula = s->surface.formula};
    model_parameters(s, &w->params);
    if (grid) {
        w->formula = NULL;
        w->data = s->surface.formula;
        w->data_built_in = false;
    }
    if (scene_given(s, SCENE_DATA)) {
        if (!w->formula) {
            error_set(err, 1, 1, "a grid has no rows: '%s' is of no use to it", s->data);
            return in_key(err, "data");
        }
        w->data = s->data;
        w->data_built_in = false;
        w->held_out = NULL;
    }
    if (scene_given(s, SCENE_HELD_OUT)) {
        bool file = scene_is_file(s->held_out);
        w->held_out = file ? s->held_out : NULL;
        w->held_built_in = false;
        w->held_formula = file ? NULL : s->held_out;
    }
    if (w->held_out && (!w->data || !w->formula)) {
        error_set(err, 1, 1, "rows in '%s' need a loss over rows: data=FILE.csv", w->held_out);
        return in_key(err, "held_out");
    }
    return true;
}

/* One more use of a file that is there already, or read it. */
static Data *obtain(const char *file, bool built_in, const Model *m, const Wanted *w, Error *err)
{
    Data *have[1 + 2 * MODEL_KNOWN] = {m->data};
    for (int i = 0; i < MODEL_KNOWN; i++)
        if (w->known[i]) {
            have[1 + 2 * i] = w->known[i]->data;
            have[2 + 2 * i] = w->known[i]->held_data;
        }
    for (size_t i = 0; i < sizeof have / sizeof have[0]; i++)
        if (have[i] && have[i]->built_in == built_in && strcmp(have[i]->file, file) == 0)
            return data_keep(have[i]);
    return data_open(file, built_in, err);
}

static bool load_held_out(Model *m, const Wanted *w, const char *const *names, Error *err)
{
    if (w->held_formula) {
        m->own_formula = true;
        m->has_held_out = loss_compile(&m->held_out, w->held_formula, names, w->params.value,
                                       w->params.count, err);
        return m->has_held_out || in_key(err, "held_out");
    }
    if (w->held_out) {
        m->held_data = obtain(w->held_out, w->held_built_in, m, w, err);
        m->has_held_out = m->held_data && loss_on_rows(&m->held_out, &m->loss, m->held_data, err);
        return m->has_held_out;
    }
    if (m->loss.grid && m->loss.grid->layer[GRID_HELD_OUT]) {
        loss_of_grid(&m->held_out, m->loss.grid, GRID_HELD_OUT);
        m->has_held_out = true;
    }
    return true;
}

static bool load_loss(Model *m, const Wanted *w, const char *const *names, Error *err)
{
    const NamedSet *p = &w->params;
    if (w->data) {
        m->data = obtain(w->data, w->data_built_in, m, w, err);
        if (!m->data)
            return false;
    }
    if (!w->formula) {
        const LossGrid *grid = data_grid(m->data, err);
        if (grid)
            loss_of_grid(&m->loss, grid, GRID_TRAIN);
        return grid != NULL;
    }
    bool ok = m->data ? loss_compile_rows(&m->loss, w->formula, names, p->value, p->count, m->data,
                                          err)
                      : loss_compile(&m->loss, w->formula, names, p->value, p->count, err);
    return ok || in_key(err, "surface");
}

static bool load(Model *m, const Wanted *w, Error *err)
{
    const char *names[SURFACE_PARAMS];
    *m = (Model){0};
    for (int i = 0; i < w->params.count; i++)
        names[i] = w->params.name[i];
    if (load_loss(m, w, names, err) && load_held_out(m, w, names, err))
        return true;
    model_release(m);
    return false;
}

bool model_load(Model *m, const Scene *s, const Model *const known[MODEL_KNOWN], Error *err)
{
    Wanted w;
    *m = (Model){0};
    if (!wanted_scene(s, &w, err))
        return false;
    memcpy(w.known, known, sizeof w.known);
    return load(m, &w, err);
}

bool model_of_surface(Model *m, const Surface *s, Error *err)
{
    Wanted w = wanted_surface(s);
    return load(m, &w, err);
}

void model_release(Model *m)
{
    loss_release(&m->loss);
    if (m->own_formula)
        loss_release(&m->held_out);
    data_drop(m->data);
    data_drop(m->held_data);
    *m = (Model){0};
}

Window model_window(const Model *m, const Scene *s)
{
    if (!scene_given(s, SCENE_WINDOW) && !scene_surface(s) && m->loss.grid)
        return m->loss.grid->window;
    return scene_window(s);
}
