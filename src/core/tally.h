/* SPDX-License-Identifier: MIT
 * tally: what happened in rows 0 to a row of a run, grown one row at a time: O(1) a row.
 * A run that leaves |x|, |y| <= 1e8 or the finite numbers has diverged there, and nothing behind
 * that row counts (so said by the header of scenes.csv; the timeline itself goes on to 1e100). */
#ifndef ETA_CORE_TALLY_H
#define ETA_CORE_TALLY_H

#include "core/timeline.h"

enum { TALLY_VISITED = 64 /* `visited` counts no further */ };

/* What a run did in rows 0 to `row`. */
typedef struct Tally {
    long row;       /* -1: nothing yet */
    bool gone;      /* diverged at or before the row: frozen since */
    double best, peak;
    double best_held_out;    /* NaN: none */
    long best_held_out_at;   /* row; -1: none */
    long sign_changes_x, sign_changes_y;
    long rises;              /* rows whose loss is above that of the row before */
    long cuts;               /* by the plateau rule */
    int sign_x, sign_y;      /* of the last coordinate that was not 0 */
    long reached[3];         /* first row below 0.1, 0.01, 0.001; -1: none yet */
    double eta_end;          /* rate of the update that led to the row */
    double eta_sum, eta_high, eta_jump;
    long tail_from;          /* tail: sums over rows tail_from to row */
    double tail_sum, tail_size, tail_error;
    double best_snapshot, last_snapshot; /* losses at cycle ends; NaN: none yet */
    Vec2 visited[TALLY_VISITED]; /* cycle ends far from each other */
    int visited_count;
} Tally;

void tally_start(Tally *c);
/* Look at the next row, which must have been computed. */
void tally_add(Tally *c, const Timeline *t);

#endif
