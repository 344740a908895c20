/* SPDX-License-Identifier: MIT
 * find_chart: see find_chart.h */
#include "app/find_chart.h"

#include <math.h>

void find_chart_make(FindChart *c, const Find *f, const char *title)
{
    FindView *v = &c->view;
    Text note = text_over(c->note, sizeof c->note);
    find_say_axes(f, &note);
    *v = (FindView){.title = title,
                    .note = c->note,
                    .eta = f->eta,
                    .etas = f->etas,
                    .lines = f->lines,
                    .threshold = f->threshold,
                    .first_loss = f->first_loss,
                    .at_line = -1,
                    .at_eta = -1,
                    .progress = find_progress(f)};
    for (int i = 0; i < f->lines; i++) {
        const FindLine *l = &f->line[i];
        Text t = text_over(c->text[i], CHART_TEXT);
        find_say_line(f, i, &t);
        v->line[i] = (FindViewLine){.label = l->label,
                                    .mid = l->mid,
                                    .low = f->seeds > 1 ? l->low : NULL,
                                    .high = f->seeds > 1 ? l->high : NULL,
                                    .best = (l->sum.tie_lo + l->sum.tie_hi) / 2,
                                    .good_lo = l->sum.good_lo,
                                    .good_hi = l->sum.good_hi,
                                    .text = c->text[i]};
    }
}

static void range_point(const void *from, long i, double *eta, double *loss, double *smooth)
{
    const RangePoint *p = (const RangePoint *)from + i;
    *eta = p->eta;
    *loss = p->loss;
    *smooth = p->smooth;
}

static void rule_text(const RangeTest *r, RangeRule rule, char out[CHART_TEXT])
{
    const RangeSuggestion *s = &r->rule[rule];
    char number[4][NUMBER_TEXT];
    Text t = text_over(out, CHART_TEXT);
    if (s->found == 0) {
        text_add(&t, "nothing");
        return;
    }
    number_brief(number[0], s->eta, 3);
    number_brief(number[1], s->mid, 3);
    number_brief(number[2], s->low, 3);
    number_brief(number[3], s->high, 3);
    text_add(&t, "%s", isnan(s->eta) ? "nothing" : number[0]);
    if (r->seeds > 1)
        text_add(&t, "  (%d seeds: median %s, 95 %% in %s to %s)", s->found, number[1], number[2],
                 number[3]);
}

static void limit_text(const RangeTest *r, char out[CHART_TEXT])
{
    char number[NUMBER_TEXT];
    Text t = text_over(out, CHART_TEXT);
    number_brief(number, r->limit_start, 3);
    text_add(&t, "%s at the start", number);
    if (!isnan(r->limit_minimum)) {
        number_brief(number, r->limit_minimum, 3);
        text_add(&t, ", %s at the minimum it went to", number);
    }
}

void range_chart_make(RangeChart *c, const RangeTest *r, const char *title)
{
    static const char letters[RANGE_RULES] = {'m', 't', 's', 'v'};
    RangeView *v = &c->view;
    *v = (RangeView){.title = title,
                     .note = "loss over η: dots raw, line smoothed",
                     .point = range_point,
                     .from = r->point,
                     .points = r->points,
                     .first_loss = r->points ? r->point[0].loss : (double)NAN,
                     .marks = RANGE_RULES + 1,
                     .text = range_lag,
                     .progress = range_progress(r)};
    for (int k = 0; k < RANGE_RULES; k++) {
        rule_text(r, (RangeRule)k, c->text[k]);
        v->mark[k] =
            (RangeViewMark){letters[k], r->rule[k].eta, range_rules[k].name, c->text[k], false};
    }
    limit_text(r, c->text[RANGE_RULES]);
    v->mark[RANGE_RULES] =
        (RangeViewMark){'L', isnan(r->limit_minimum) ? r->limit_start : r->limit_minimum,
                        "the true limit", c->text[RANGE_RULES], true};
}
