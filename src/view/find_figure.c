/* SPDX-License-Identifier: MIT
 * find_figure: see find_figure.h */
#include "view/find_figure.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

typedef struct FindFigureLine Line;

static Vec2 mid_at(const void *from, long i)
{
    const Line *l = from;
    return vec2(l->view->eta[i], l->view->line[l->line].mid[i]);
}

static Vec2 low_at(const void *from, long i)
{
    const Line *l = from;
    return vec2(l->view->eta[i], l->view->line[l->line].low[i]);
}

static Vec2 high_at(const void *from, long i)
{
    const Line *l = from;
    return vec2(l->view->eta[i], l->view->line[l->line].high[i]);
}

static Vec2 good_at(const void *from, long i)
{
    return ((const Line *)from)->good[i];
}

static void put(char out[FIGURE_TEXT], const char *before, const char *text)
{
    Text t = text_over(out, FIGURE_TEXT);
    text_add(&t, "%s%s", before, text);
}

static Panel *start(Figure *f, const char *title, const char *note, Scale x, Scale y)
{
    figure_start(f, title);
    Panel *p = figure_panel(f, title, note);
    p->x.scale = x;
    p->y.scale = y;
    put(p->x.name, "", "η");
    put(p->y.name, "", "loss");
    return p;
}

static void add_band(Figure *f, const Line *l)
{
    const FindViewLine *line = &l->view->line[l->line];
    if (!line->low || !line->high)
        return;
    Shape *s = figure_add(f, SHAPE_BAND, find_view_role(l->line));
    s->upper = high_at;
    s->stroke = (Stroke){.at = low_at, .from = l, .last = l->view->etas - 1, .alpha = 0.16};
}

static const double bar_row = 0.022; /* of the height, for each bar */
enum { LABEL = 22 };                 /* most characters of a schedule's settings in the margin */

/* Of every schedule the stretch of good rates as a bar at the foot: curves may lie on one another.
 */
static void add_good(Figure *f, Line *l, const Scale *y)
{
    const FindViewLine *line = &l->view->line[l->line];
    if (line->good_lo < 0)
        return;
    double height = y->base + y->lo * pow(y->hi / y->lo, bar_row * (l->line + 0.7));
    l->good[0] = vec2(l->view->eta[line->good_lo], height);
    l->good[1] = vec2(l->view->eta[line->good_hi], height);
    Shape *s = figure_add(f, SHAPE_STROKE, find_view_role(l->line));
    s->stroke = (Stroke){.at = good_at, .from = l, .last = 1, .width = 4, .alpha = 0.9};
}

static void add_curve(Figure *f, const Line *l)
{
    const FindView *v = l->view;
    Shape *s = figure_add(f, SHAPE_STROKE, find_view_role(l->line));
    s->stroke = (Stroke){.at = mid_at,
                         .from = l,
                         .last = v->etas - 1,
                         .width = 1.8,
                         .alpha = 1,
                         .dots = true,
                         .style = l->line % 2 ? LINE_DASHED : LINE_SOLID};
    long end = v->etas - 1;
    while (end > 0 && !isfinite(v->line[l->line].mid[end]))
        end--;
    Shape *label = figure_add(f, SHAPE_LABEL, find_view_role(l->line));
    label->a = mid_at(l, end);
    Text t = text_over(label->text, sizeof label->text);
    const char *words = v->line[l->line].label;
    text_add(&t, "%c %.*s%s", find_view_letter(l->line), LABEL, words,
             strlen(words) > LABEL ? "…" : "");
}

void find_figure(Figure *f, const FindView *v, FindFigure *store)
{
    Scale x, y;
    find_view_scales(v, &x, &y);
    y.lo *= pow(y.hi / y.lo, -bar_row * (v->lines + 0.7) / (1 - bar_row * (v->lines + 0.7)));
    start(f, v->title, v->note, x, y);
    if (isfinite(v->threshold)) {
        Shape *fence = figure_add(f, SHAPE_FENCE, ROLE_LIMIT);
        fence->a = vec2((double)NAN, v->threshold);
        put(fence->text, "", "good below");
    }
    for (int i = 0; i < v->lines; i++) {
        store->line[i] = (Line){.view = v, .line = i};
        if (v->lines <= 2)
            add_band(f, &store->line[i]);
        add_good(f, &store->line[i], &y);
    }
    for (int i = 0; i < v->lines; i++)
        add_curve(f, &store->line[i]);
    for (int i = 0; i < v->lines; i++)
        if (v->line[i].best >= 0) {
            Shape *best = figure_add(f, SHAPE_MARK, find_view_role(i));
            best->a = mid_at(&store->line[i], v->line[i].best);
            best->text[0] = find_view_letter(i);
            best->text[1] = '\0';
        }
}

static Vec2 raw_at(const void *from, long i)
{
    const RangeView *v = from;
    double eta, loss, smooth;
    v->point(v->from, i, &eta, &loss, &smooth);
    return vec2(eta, loss);
}

static Vec2 smooth_at(const void *from, long i)
{
    const RangeView *v = from;
    double eta, loss, smooth;
    v->point(v->from, i, &eta, &loss, &smooth);
    return vec2(eta, smooth);
}

void range_figure(Figure *f, const RangeView *v)
{
    Scale x, y;
    range_view_scales(v, &x, &y);
    start(f, v->title, v->note, x, y);
    Shape *raw = figure_add(f, SHAPE_STROKE, ROLE_LOSS);
    raw->stroke = (Stroke){.at = raw_at,
                           .from = v,
                           .last = v->points - 1,
                           .width = 2.6,
                           .alpha = 0.7,
                           .scattered = true};
    Shape *smooth = figure_add(f, SHAPE_STROKE, ROLE_ETA);
    smooth->stroke =
        (Stroke){.at = smooth_at, .from = v, .last = v->points - 1, .width = 2, .alpha = 1};
    for (int i = 0; i < v->marks; i++) {
        if (!(v->mark[i].eta > 0))
            continue;
        Shape *s = figure_add(f, SHAPE_FENCE, v->mark[i].fence ? ROLE_LIMIT : ROLE_TICK);
        s->a = vec2(v->mark[i].eta, (double)NAN);
        s->b = vec2(0, i); /* words one below the other */
        put(s->text, "", v->mark[i].name);
    }
}
