/* SPDX-License-Identifier: MIT
 * panel: figures on standard output: one panel of the stage, or what a command drew. */
#include <stdlib.h>

#include "app/figures.h"
#include "cli/cli.h"

enum { SAMPLE = 3 /* pixels between two samples of the map */, SAMPLES_AT_ONCE = 100000 };

bool cli_put_figure(const Cli *c, const Figure *f)
{
    Paint paint = paint_make(c->theme, c->map, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    Picture p = {.figure = f, .paint = &paint, .width = c->width, .height = c->height};
    return c->format->figure(&p, stdout);
}

/* The map, finer than its cells. */
static bool sample_map(const Cli *c, Field *heat, const PlotsInput *in)
{
    int width = c->width ? c->width : FIGURE_WIDTH;
    int height = c->height ? c->height : FIGURE_HEIGHT;
    heat->contours = 16;
    if (!field_resize(heat, width / SAMPLE, height / (2 * SAMPLE)))
        return false;
    field_start(heat, in->window, plots_values, in->ground);
    while (field_advance(heat, SAMPLES_AT_ONCE)) {
    }
    return true;
}

/* All that a panel's figure stands on. */
typedef struct Desk {
    PlotsInput in;
    Field heat;
    Figure figure;
    PlotsStore store;
} Desk;

bool cli_put_panel(const Cli *c, const App *app)
{
    Desk *d = calloc(1, sizeof *d);
    if (!d)
        return false;
    figures_input(app, &d->in);
    d->in.heat = &d->heat;
    bool ok = !c->panel->heat || sample_map(c, &d->heat, &d->in);
    if (ok) {
        figure_start(&d->figure, "etascope: gradient descent on a loss surface");
        c->panel->draw(&d->figure, &d->in, &d->store);
        ok = cli_put_figure(c, &d->figure);
    }
    field_release(&d->heat);
    free(d);
    return ok;
}
