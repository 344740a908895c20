/* SPDX-License-Identifier: MIT
 * ruler: see ruler.h */
#include "lab/ruler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ruler_init(Ruler *r)
{
    r->run = timeline_new();
    r->usable = false;
    return r->run != NULL;
}

void ruler_release(Ruler *r)
{
    timeline_free(r->run);
    r->run = NULL;
}

/* k-th preferred number from 10^first: 1 1.25 1.6 2 2.5 3.2 4 5 6.3 8 (ISO 3, R10). */
static double preferred_number(int first, int k)
{
    static const double series[] = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8};
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%ge%d", series[k % 10], first + k / 10);
    return strtod(text, NULL);
}

/* Four decades, two below that of eta0 and two from it on. true: they have moved. */
static bool place_cells(Ruler *r, double eta0)
{
    if (r->usable && eta0 >= r->eta[4] && eta0 <= r->eta[RULER_CELLS - 5])
        return false;
    int first = (int)floor(log10(eta0) + 0.3) - 2;
    for (int k = 0; k < RULER_CELLS; k++)
        r->eta[k] = preferred_number(first, k);
    return true;
}

/* Put the scene of the first cell into r->scene; true: it is the one that was there. */
static bool same_cells(Ruler *r, const Scene *scene, const Rate *rate)
{
    if (r->usable)
        scene_set_rates(&r->scene, &r->rate, r->eta[0]);
    scene_copy_start(&r->next, scene);
    scene_set_rates(&r->next, rate, r->eta[0]);
    bool same = r->usable && scene_equal(&r->next, &r->scene);
    scene_copy(&r->scene, &r->next);
    r->rate = *rate;
    return same;
}

void ruler_start(Ruler *r, const Scene *scene, const Timeline *beside, const Rate *rate, Window w,
                 const CriticalSet *known)
{
    long rows = timeline_loss(beside)->data ? loss_rows(timeline_loss(beside)) : 0;
    bool moved = place_cells(r, rate->eta0);
    bool same = same_cells(r, scene, rate);
    r->beside = beside;
    if (same && !moved && r->known == known && memcmp(&w, &r->window, sizeof w) == 0)
        return; /* only eta0 is another: the cells stand, and the one under way goes on */
    r->window = w;
    r->known = known;
    critical_start(&r->own);
    r->done = 0;
    r->running = false;
    r->usable = scene->steps <= RULER_STEPS_MOST / (1 + rows / 500);
}

/* The scene with another eta0 and the schedule's other rates in proportion, as the keys do it. */
static bool start_run(Ruler *r, double eta0)
{
    Error ignored;
    scene_set_rates(&r->scene, &r->rate, eta0);
    return timeline_set_beside(r->run, &r->scene, r->beside, &ignored);
}

static void judge(Ruler *r, Outcome *outcome, int *which)
{
    Verdict v;
    long last = timeline_last(r->run);
    verdict_at(r->run, last, r->window, critical_known(r->known, &r->own, r->run, last), &v);
    *outcome = v.outcome;
    *which = v.which;
}

bool ruler_advance(Ruler *r, long budget)
{
    while (r->usable && r->done < RULER_CELLS && budget > 0) {
        if (!r->running && !start_run(r, r->eta[r->done])) {
            r->outcome[r->done] = OUTCOME_MOVING;
            r->which[r->done++] = -1;
            continue;
        }
        r->running = true;
        long before = timeline_ready(r->run);
        bool more = timeline_advance(r->run, budget);
        budget -= timeline_ready(r->run) - before + 20;
        if (more)
            return true;
        judge(r, &r->outcome[r->done], &r->which[r->done]);
        r->done++;
        r->running = false;
    }
    return r->usable && r->done < RULER_CELLS;
}

int ruler_cell(const Ruler *r, double eta0)
{
    if (!r->usable || !(eta0 > 0))
        return -1;
    int best = 0;
    for (int i = 1; i < RULER_CELLS; i++)
        if (fabs(log(r->eta[i] / eta0)) < fabs(log(r->eta[best] / eta0)))
            best = i;
    return fabs(log(r->eta[best] / eta0)) < 0.3 ? best : -1;
}

static bool run_whole(Ruler *r, double eta0, Outcome *outcome, int *which)
{
    if (!start_run(r, eta0))
        return false;
    timeline_advance(r->run, STEPS_MAX + 1);
    judge(r, outcome, which);
    return true;
}

bool ruler_border(Ruler *r, double eta0, int way, double *rate, Outcome *outcome, int *which)
{
    int at = ruler_cell(r, eta0);
    if (at < 0 || r->done < RULER_CELLS)
        return false;
    Outcome here = r->outcome[at];
    int here_which = r->which[at];
    if (r->eta[at] != eta0 && !run_whole(r, eta0, &here, &here_which))
        return false;
    int far = at;
    while (far >= 0 && far < RULER_CELLS &&
           (way > 0 ? r->eta[far] <= eta0 : r->eta[far] >= eta0))
        far += way;
    double near = eta0;
    while (far >= 0 && far < RULER_CELLS && r->outcome[far] == here && r->which[far] == here_which) {
        near = r->eta[far];
        far += way;
    }
    if (far < 0 || far >= RULER_CELLS)
        return false;
    double there = r->eta[far];
    *outcome = r->outcome[far];
    *which = r->which[far];
    for (int i = 0; i < 10; i++) { /* halve the interval in log eta: 10 times is 1/1000 of a cell */
        char text[NUMBER_TEXT];
        Outcome o;
        int w;
        snprintf(text, sizeof text, "%.3g", sqrt(near * there));
        double middle = strtod(text, NULL);
        if (middle == near || middle == there || !run_whole(r, middle, &o, &w))
            break;
        if (o == here && w == here_which) {
            near = middle;
        } else {
            there = middle;
            *outcome = o;
            *which = w;
        }
    }
    *rate = there;
    return true;
}
