/* SPDX-License-Identifier: MIT
 * fit: what belongs to losses over data: held-out loss, under- and overfitting, thinned maps. */
#include <math.h>
#include <string.h>

#include "app/state.h"

enum { MAP_ROWS = 20000 }; /* rows a map looks at: a line of its samples then costs milliseconds */

void fit_release(App *a)
{
    if (a->thin.data)
        loss_thin_release(&a->thin);
    if (a->thin_held_out.data)
        loss_thin_release(&a->thin_held_out);
}

void fit_ready(App *a)
{
    const Loss *held_out = timeline_held_out(a->run, 0);
    fit_release(a);
    if (!loss_thin(&a->thin, timeline_loss(a->run), MAP_ROWS))
        a->thin = (Loss){0};
    if (!held_out || !loss_thin(&a->thin_held_out, held_out, MAP_ROWS))
        a->thin_held_out = (Loss){0};
    a->show_held_out = a->show_held_out && held_out;
    a->best_held_out = -1;
}

const Loss *map_loss(const App *a, bool held_out)
{
    long row = play_row(a);
    const Loss *other = timeline_held_out(a->run, row);
    if (held_out && other)
        return a->thin_held_out.data ? &a->thin_held_out : other;
    return a->thin.data ? &a->thin : timeline_loss_at(a->run, row);
}

static void find_best(App *a, long row)
{
    const Row *rows = timeline_rows(a->run);
    long from = a->best_held_out >= 0 && a->best_held_out <= row && a->best_seen <= row &&
                        a->best_revision == timeline_revision(a->run)
                    ? a->best_seen
                    : 0;
    if (from == 0)
        a->best_held_out = 0;
    for (long t = from; t <= row; t++)
        if (rows[t].held_out < rows[a->best_held_out].held_out)
            a->best_held_out = t;
    a->best_seen = row;
    a->best_revision = timeline_revision(a->run);
}

/* Overfitting: the held-out loss has risen by 2 % from its least while the training loss fell on.
 * Underfitting: both are still near where they began. */
void refresh_fit(App *a)
{
    long row = play_row(a);
    const Row *rows = timeline_rows(a->run);
    const Row *now = &rows[row];
    a->fit[0] = '\0';
    if (!a->has_held_out || isnan(now->held_out))
        return;
    find_best(a, row);
    const Row *best = &rows[a->best_held_out];
    char n[4][NUMBER_TEXT];
    number_show(n[0], now->held_out, 3);
    number_show(n[1], best->held_out, 3);
    number_show(n[2], now->loss, 3);
    number_show(n[3], best->loss, 3);
    bool rose = now->held_out > best->held_out + 0.02 * fabs(best->held_out);
    if (rose && now->loss < best->loss)
        snprintf(a->fit, sizeof a->fit,
                 "overfitting: held-out %s, was %s at step %ld, while training fell %s → %s", n[0], n[1],
                 a->best_held_out, n[3], n[2]);
    else if (row > 20 && now->loss > 0.9 * rows[0].loss && rows[0].loss > 0)
        snprintf(a->fit, sizeof a->fit, "underfitting: training loss %s has hardly left its start", n[2]);
    else
        snprintf(a->fit, sizeof a->fit, "held-out %s, least %s at step %ld", n[0], n[1], a->best_held_out);
}
