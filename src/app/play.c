/* SPDX-License-Identifier: MIT
 * play: the play head. Playing is only a cursor that moves over the timeline. */
#include <math.h>

#include "app/state.h"

enum { WHOLE_RUN_SECONDS = 10 };

long play_last(const App *a)
{
    return timeline_last(a->run);
}

long play_row(const App *a)
{
    long row = (long)a->cursor;
    long ready = timeline_ready(a->run);
    return row < ready ? row : ready - 1;
}

double play_rate(const App *a)
{
    double rows = (double)timeline_steps(a->run);
    return fmax(rows, 1) / WHOLE_RUN_SECONDS * a->speed;
}

void play_seek(App *a, double row)
{
    double last = (double)play_last(a);
    a->cursor = row < 0 ? 0 : row > last ? last : row;
    a->dirty = true;
}
