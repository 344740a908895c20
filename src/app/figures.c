/* SPDX-License-Identifier: MIT
 * figures: see figures.h */
#include "app/figures.h"

#include "app/panes.h"
#include "app/picture.h"
#include "base/hash.h"

/* Dashes of a track as a figure has them. */
static LineStyle line_of(PathLine path)
{
    static const LineStyle lines[] = {[PATH_SOLID] = LINE_SOLID,
                                      [PATH_DOTTED] = LINE_DOTTED,
                                      [PATH_DASHED] = LINE_DASHED,
                                      [PATH_SPARSE] = LINE_SPARSE};
    return lines[path];
}

static void add_track(const App *a, int index, PlotsInput *in)
{
    const Timeline *run = a->session->track[index].run;
    const TrackStyle *style = &track_styles[index];
    long row = session_row(a->session);
    long last = timeline_ready(run) - 1;
    in->track[in->tracks++] =
        (PlotsTrack){.run = run,
                     .row = row < last ? row : last,
                     .role = style->role,
                     .style = line_of(style->path),
                     .letter = index == TRACK_GHOST ? '\0' : (char)('A' + index)};
}

void figures_input(const App *a, PlotsInput *in)
{
    const Session *s = a->session;
    const Surface *surface = scene_surface(&s->scene);
    *in = (PlotsInput){.known = &s->critical,
                       .window = s->window,
                       .heat = &a->picture->map.field,
                       .ground = &a->picture->map.loss,
                       .surface = surface ? surface->title : s->scene.surface.formula,
                       .axis = {surface ? surface->axis[0] : "x", surface ? surface->axis[1] : "y"},
                       .eta = a->picture->scales.eta,
                       .loss = a->picture->scales.loss,
                       .steps = a->picture->known.steps,
                       .hidden = gate_asks(a->gate),
                       .lens = a->look->lens};
    add_track(a, TRACK_RUN, in);
    in->track[0].letter = '\0';
    for (int i = 1; i < TRACKS; i++)
        if (track_drawn(a, i))
            add_track(a, i, in);
}

static unsigned long scale_number(const Scale *s)
{
    const double values[4] = {s->lo, s->hi, s->base, s->log};
    return (unsigned long)fnv1a((const char *)values, sizeof values);
}

static void add_slot(FigureSet *set, int i, const PlotsInput *in, Rect cells, unsigned long base)
{
    Figure *f = &set->figure[i];
    figure_start(f, "");
    f->bare = true;
    set->slot[i] = (FigureSlot){f, cells, base};
    if (cells.cols > 0 && cells.rows > 0)
        plots_panels[i].draw(f, in, &set->store);
}

void figures_show(const App *a, FigureSet *set)
{
    const Rect nowhere = {0};
    PlotsInput in;
    figures_input(a, &in);
    set->paint = &a->look->paint;
    add_slot(set, 0, &in, map_pictured(a) ? rect_inside(a->look->layout.map) : nowhere,
             a->picture->map.field.revision);
    add_slot(set, 1, &in, eta_pictured(a) ? plot_area(a->look->layout.eta) : nowhere,
             scale_number(&in.eta));
    add_slot(set, 2, &in, loss_pictured(a) ? plot_area(a->look->layout.loss) : nowhere,
             scale_number(&in.loss));
}
