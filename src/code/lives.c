/* SPDX-License-Identifier: MIT
 * lives: see lives.h */
#include "code/lives.h"

#include <stdlib.h>
#include <string.h>

bool same_rate(const Stretch *a, const Stretch *b)
{
    const Rate *q = &a->seg->rate;
    const Rate *r = &b->seg->rate;
    return q->schedule == r->schedule && strcmp(a->schedule.formula, b->schedule.formula) == 0 &&
           memcmp(q->value, r->value, sizeof q->value) == 0 && q->list_count == r->list_count &&
           memcmp(q->list, r->list, sizeof q->list) == 0 && q->eta0 == r->eta0 &&
           q->start == r->start && q->counted_from == r->counted_from &&
           q->counted == r->counted && q->horizon == r->horizon && q->unit == r->unit &&
           (r->unit == 1 || a->seg->epochs.from == b->seg->epochs.from);
}

static LifeKind kind_of(const Stretch *s, bool clean, const Shape *shape)
{
    const Rate *r = &s->seg->rate;
    bool plateau = !step_rate_is_closed(r);
    bool from_its_start = r->start == s->seg->from && r->counted_from == r->start;
    if (schedule_is_flat(r) && s->seg->from >= r->warmup)
        return LIFE_FLAT;
    if (clean && shape && from_its_start)
        return LIFE_CLASS;
    if (plateau)
        return LIFE_PLATEAU;
    if (clean && shape && s->seg->from == 0 && r->start == r->warmup && r->warmup_factor > 0 &&
        r->unit == 1 && schedule_code(r->schedule)->joins)
        return LIFE_JOINED;
    return clean ? LIFE_LAMBDA : LIFE_BY_HAND;
}

/* The life that begins at stretch i and ends before stretch `end`. */
static void plan_life(Plan *p, int i, int end)
{
    Stretch *first = &p->stretch[i];
    const Rate *r = &first->seg->rate;
    long last = end < p->count ? p->stretch[end].seg->from - 1 : timeline_steps(p->t);
    bool clean = true;
    for (int k = i; k < end; k++) {
        p->stretch[k].piece = (Piece){&p->stretch[k].seg->rate, &p->stretch[k].schedule,
                                      rate_units(&p->stretch[k].seg->rate, last)};
        clean = clean &&
                (k == i || (same_rate(first, &p->stretch[k]) && !p->stretch[k].seg->new_optimizer));
    }
    Holes h = piece_holes(&first->piece, PY_MATH);
    if (r->schedule)
        first->shape = shape_find(schedule_code(r->schedule)->own[IN_TORCH], 2, false, &h);
    first->begins = true;
    for (int k = i; k < end; k++) {
        p->stretch[k].kind = kind_of(first, clean, first->shape);
        p->stretch[k].shape = first->shape;
    }
}

/* Is momentum anything but PyTorch's own, anywhere in the life of this optimizer? A momentum of 0
 * keeps no velocity there, for which a later edit would ask. */
static bool plan_by_hand(const Plan *p, int i)
{
    const Optimizer *o = p->stretch[i].seg->optimizer;
    const OptimizerCode *code = optimizer_code(o);
    int mu = param_find(o->params, "momentum", strlen("momentum"));
    if (!code->by_hand)
        return false;
    while (i > 0 && !p->stretch[i].seg->new_optimizer)
        i--;
    do {
        const double *param = p->stretch[i].seg->param;
        if (!optimizer_same(&code->in[IN_TORCH], o, param) || param[mu] == 0)
            return true;
        i++;
    } while (i < p->count && !p->stretch[i].seg->new_optimizer);
    return false;
}

static void plan_marks(Plan *p, Stretch *s)
{
    bool plateau = !step_rate_is_closed(&s->seg->rate);
    bool is_class = life_has_scheduler(s->kind);
    p->any_noise |= s->seg->noise > 0;
    p->any_batch |= s->seg->batch > 0;
    p->any_rate |= life_by_hand(s->kind);
    p->any_plateau |= s->kind == LIFE_PLATEAU;
    p->any_sched |= is_class;
    p->any_epochs |= s->kind == LIFE_CLASS && s->seg->rate.unit > 1;
    p->any_plateau_class |= is_class && plateau;
    p->any_other_class |= is_class && !plateau;
    p->any_momentum |= s->by_hand;
    p->watches |= plateau && s->seg->watches_held_out;
}

/* Edits at step 0 are settings of the start: the run has none before. */
static bool plan_stretches(Plan *p, Error *err)
{
    while (run_segment(p->t, p->count))
        p->count++;
    p->stretch = calloc((size_t)p->count, sizeof *p->stretch);
    if (!p->stretch)
        return error_set(err, 0, 0, "out of memory");
    for (int i = 0; i < p->count; i++) {
        p->stretch[i].seg = run_segment(p->t, i);
        schedule_words(p->scene, p->stretch[i].seg->from, &p->stretch[i].schedule);
    }
    return true;
}

bool plan_make(Plan *p, const Timeline *t, Error *err)
{
    *p = (Plan){.t = t, .scene = timeline_scene(t)};
    if (!plan_stretches(p, err))
        return false;
    for (int i = 0; i < p->count;) {
        int end = i + 1;
        while (end < p->count && !p->stretch[end].seg->new_schedule)
            end++;
        plan_life(p, i, end);
        i = end;
    }
    for (int i = 0; i < p->count; i++) {
        p->stretch[i].by_hand = plan_by_hand(p, i);
        plan_marks(p, &p->stretch[i]);
    }
    return true;
}

void plan_free(Plan *p)
{
    free(p->stretch);
    p->stretch = NULL;
}
