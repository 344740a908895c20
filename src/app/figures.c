/* SPDX-License-Identifier: MIT
 * figures: see figures.h */
#include "app/figures.h"

#include "app/picture.h"

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
                       .hidden = gate_asks(a->gate)};
    add_track(a, TRACK_RUN, in);
    in->track[0].letter = '\0';
    for (int i = 1; i < TRACKS; i++)
        if (s->track[i].shown && !gate_hides(a->gate))
            add_track(a, i, in);
}
