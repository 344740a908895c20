/* SPDX-License-Identifier: MIT
 * fit: see fit.h */
#include "app/fit.h"

#include <math.h>
#include <string.h>

enum { MAP_ROWS = 20000 }; /* rows a map looks at: a line of its samples then costs milliseconds */

void fit_release(Fit *f)
{
    if (f->thin.data)
        loss_thin_release(&f->thin);
    if (f->thin_held_out.data)
        loss_thin_release(&f->thin_held_out);
}

void fit_ready(Fit *f, const Session *s)
{
    const Loss *held_out = timeline_held_out(session_run(s), 0);
    fit_release(f);
    if (!loss_thin(&f->thin, timeline_loss(session_run(s)), MAP_ROWS))
        f->thin = (Loss){0};
    if (!held_out || !loss_thin(&f->thin_held_out, held_out, MAP_ROWS))
        f->thin_held_out = (Loss){0};
    f->best = -1;
}

const Loss *fit_map_loss(const Fit *f, const Session *s, bool held_out)
{
    long row = session_row(s);
    const Loss *other = timeline_held_out(session_run(s), row);
    if (held_out && other)
        return f->thin_held_out.data ? &f->thin_held_out : other;
    return f->thin.data ? &f->thin : timeline_loss_at(session_run(s), row);
}

bool fit_has_held_out(const Session *s)
{
    return !isnan(timeline_rows(session_run(s))[0].held_out);
}

static void find_best(Fit *f, const Session *s, long row)
{
    const Row *rows = timeline_rows(session_run(s));
    unsigned long revision = timeline_revision(session_run(s));
    bool goes_on = f->best >= 0 && f->best <= row && f->seen <= row && f->revision == revision;
    long from = goes_on ? f->seen : 0;
    if (from == 0)
        f->best = 0;
    for (long t = from; t <= row; t++)
        if (rows[t].held_out < rows[f->best].held_out)
            f->best = t;
    f->seen = row;
    f->revision = revision;
}

/* Overfitting: the held-out loss has risen by 2 % from its least while the training loss fell on.
 * Underfitting: both are still near where they began. */
void fit_refresh(Fit *f, const Session *s)
{
    long row = session_row(s);
    const Row *rows = timeline_rows(session_run(s));
    const Row *now = &rows[row];
    f->text[0] = '\0';
    f->ends_so = false;
    if (!fit_has_held_out(s) || isnan(now->held_out))
        return;
    find_best(f, s, row);
    const Row *best = &rows[f->best];
    char n[4][NUMBER_TEXT];
    number_show(n[0], now->held_out, 3);
    number_show(n[1], best->held_out, 3);
    number_show(n[2], now->loss, 3);
    number_show(n[3], best->loss, 3);
    bool over =
        now->held_out > best->held_out + 0.02 * fabs(best->held_out) && now->loss < best->loss;
    bool under = !over && row > 20 && now->loss > 0.9 * rows[0].loss && rows[0].loss > 0;
    f->ends_so = over || under;
    if (over)
        snprintf(f->text, sizeof f->text,
                 "overfitting: held-out %s, was %s at step %ld, while training fell %s → %s", n[0],
                 n[1], f->best, n[3], n[2]);
    else if (under)
        snprintf(f->text, sizeof f->text,
                 "underfitting: training loss %s has hardly left its start", n[2]);
    else
        snprintf(f->text, sizeof f->text, "held-out %s, least %s at step %ld", n[0], n[1], f->best);
}
