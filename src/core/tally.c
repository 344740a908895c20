/* SPDX-License-Identifier: MIT
 * tally: see tally.h */
#include "core/tally.h"

#include <math.h>

static const double thresholds[3] = {0.1, 0.01, 0.001};

void tally_start(Tally *c)
{
    *c = (Tally){.row = -1,
                 .best = INFINITY,
                 .peak = -INFINITY,
                 .best_held_out = NAN,
                 .best_held_out_at = -1,
                 .reached = {-1, -1, -1},
                 .best_snapshot = NAN,
                 .last_snapshot = NAN};
}

/* Where the prototype behind scenes.csv gives a run up; the timeline itself goes on to 1e100. */
static bool has_left(const Row *r)
{
    return !(fabs(r->at.x) <= 1e8) || !(fabs(r->at.y) <= 1e8) || !isfinite(r->loss) ||
           (r->events & (ROW_DIVERGED | ROW_UNDEFINED));
}

/* A coordinate that touches 0 has not changed its sign yet. */
static void count_sign_change(double v, int *sign, long *changes)
{
    int now = (v > 0) - (v < 0);
    if (now && *sign && now != *sign)
        ++*changes;
    if (now)
        *sign = now;
}

/* Loss points in the last tenth of rows 0 to `row`. */
static long tail_length(long row)
{
    long n = (row + 1) / 10;
    return n < 1 ? 1 : n;
}

static void tail_sum_up(Tally *c, const Row *rows)
{
    c->tail_sum = c->tail_size = c->tail_error = 0;
    for (long i = c->tail_from; i <= c->row; i++) {
        c->tail_sum += rows[i].loss;
        c->tail_size += fabs(rows[i].loss);
    }
}

/* A sliding sum, so that `by` and `always` cost O(rows). What large losses leave behind when they
 * slide out is bounded; where the bound is no longer small against the sum, sum up afresh. */
static void tally_tail(Tally *c, const Row *rows)
{
    const double rounding = 0x1p-52;
    double loss = rows[c->row].loss;
    c->tail_sum += loss;
    c->tail_size += fabs(loss);
    c->tail_error += rounding * c->tail_size;
    while (c->tail_from < c->row + 1 - tail_length(c->row)) {
        loss = rows[c->tail_from++].loss;
        c->tail_error += rounding * c->tail_size;
        c->tail_sum -= loss;
        c->tail_size -= fabs(loss);
    }
    if (!(c->tail_error <= 1e-10 * c->tail_size))
        tail_sum_up(c, rows);
}

/* The rate of the update that led to this row. */
static void tally_rate(Tally *c, double eta)
{
    if (c->row > 1)
        c->eta_jump = fmax(c->eta_jump, fabs(eta - c->eta_end));
    c->eta_end = eta;
    c->eta_sum += eta;
    c->eta_high = fmax(c->eta_high, eta);
}

/* End of a cycle: the point counts as another minimum if it is far from all before. */
static void tally_snapshot(Tally *c, const Row *r, double apart)
{
    c->last_snapshot = r->loss;
    c->best_snapshot =
        r->loss < c->best_snapshot || isnan(c->best_snapshot) ? r->loss : c->best_snapshot;
    for (int i = 0; i < c->visited_count; i++)
        if (vec_norm(vec_sub(c->visited[i], r->at)) <= apart)
            return;
    if (c->visited_count < TALLY_VISITED)
        c->visited[c->visited_count++] = r->at;
}

static void tally_loss(Tally *c, const Row *r, bool rose)
{
    c->best = fmin(c->best, r->loss);
    c->peak = fmax(c->peak, r->loss);
    c->rises += rose;
    for (int i = 0; i < 3; i++)
        if (c->reached[i] < 0 && r->loss < thresholds[i])
            c->reached[i] = c->row;
    if (r->held_out < c->best_held_out || (isnan(c->best_held_out) && !isnan(r->held_out))) {
        c->best_held_out = r->held_out;
        c->best_held_out_at = c->row;
    }
}

void tally_add(Tally *c, const Timeline *t)
{
    const Row *rows = timeline_rows(t);
    const Row *r = &rows[++c->row];
    if (c->gone)
        return;
    if (c->row > 0)
        tally_rate(c, r[-1].eta);
    c->cuts += (r->events & ROW_CUT) != 0;
    c->gone = has_left(r);
    if (c->gone) {
        c->peak = INFINITY;
        c->rises += c->row > 0;
        return;
    }
    tally_loss(c, r, c->row > 0 && r->loss > r[-1].loss);
    tally_tail(c, rows);
    count_sign_change(r->at.x, &c->sign_x, &c->sign_changes_x);
    count_sign_change(r->at.y, &c->sign_y, &c->sign_changes_y);
    if (r->events & ROW_RESTART)
        tally_snapshot(c, r, 0.05 * window_diagonal(timeline_window(t)));
}
