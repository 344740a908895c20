/* SPDX-License-Identifier: MIT
 * card: what was last chosen: its formula, its curve, what it is good for, what to watch out for.
 */
#include <math.h>

#include "app/choose.h"
#include "app/bindings.h"
#include "app/gate.h"
#include "app/look.h"
#include "app/session.h"
#include "app/views.h"
#include "view/curve.h"
#include "view/panel.h"

enum { CURVE_COLS = 40, CURVE_ROWS = 4, CURVE_POINTS = 640 };

/* The schedule's own curve: as if it had been in force from step 0. */
typedef struct Card {
    Timeline *run;     /* owned: the scene with this schedule and without edits */
    Scene scene;       /* its */
    unsigned long of;  /* revision of the session's run that it was made for */
    const Rate *rate;  /* in force there */
    Row row[CURVE_POINTS]; /* only eta is set */
    long points;           /* known of the last + 1 */
    long last;
    Scale scale;
    Curve curve;
} Card;

static const Binding own_keys[] = {
    {KEYCODE_ENTER, "close", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, NULL};

static Card *card_of(const App *a)
{
    return view_memory(a, &view_card);
}

static bool run_card(App *a, const char *args, Error *err)
{
    return view_open(a, view_card.name, args, err);
}

static bool card_open(App *a, const char *args, Error *err)
{
    Card *d = card_of(a);
    (void)args;
    d->rate = NULL;
    if (!d->run)
        d->run = timeline_new();
    return (d->run && curve_resize(&d->curve, 2 * CURVE_COLS)) ||
           error_set(err, 0, 0, "out of memory");
}

static bool shows_curve(const App *a)
{
    return a->chosen->key == SCENE_SCHEDULE && !gate_hides(a->gate);
}

/* The scene as of the play head, what is in force there being so from the beginning. */
static bool set_scene(Card *d, const Session *s, Error *err)
{
    Scene *own = &d->scene;
    scene_copy(own, &s->scene);
    for (int i = 0; i < own->edit_count && own->edit[i].step <= session_row(s); i++)
        if (own->edit[i].key == SCENE_SCHEDULE)
            own->schedule = own->edit[i].choice;
    own->eta0 = d->rate->eta0;
    own->given |= 1u << SCENE_ETA0;
    own->steps = timeline_steps(session_run(s));
    own->runner_count = own->edit_count = own->edit_total = 0;
    return timeline_set(d->run, own, err);
}

/* What is fed the loss needs the run; all else is known without it. */
static void sample(Card *d)
{
    const Rate *r = timeline_rate(d->run, 0);
    bool fed = r->schedule && r->schedule->fed;
    long steps = timeline_steps(d->run);
    long count = steps + 1 < CURVE_POINTS ? steps + 1 : CURVE_POINTS;
    if (fed)
        timeline_advance(d->run, steps);
    d->last = count - 1;
    for (d->points = 0; d->points < count; d->points++) {
        long t = count > 1 ? steps * d->points / (count - 1) : 0;
        if (fed && t >= timeline_ready(d->run))
            break;
        d->row[d->points].eta = fed ? timeline_rows(d->run)[t].eta : rate_at(r, t, NULL);
    }
}

static void card_refresh(App *a)
{
    Card *d = card_of(a);
    const Timeline *run = session_run(a->session);
    const Rate *rate = timeline_rate(run, session_row(a->session));
    Error ignored;
    if (!shows_curve(a) || (d->rate == rate && d->of == timeline_revision(run)))
        return;
    d->rate = rate;
    d->of = timeline_revision(run);
    d->points = 0;
    if (set_scene(d, a->session, &ignored))
        sample(d);
    Series eta = {d->row, d->points, timeline_revision(d->run), series_eta};
    Range range = {.lo = INFINITY};
    range_update(&range, &eta, 0);
    d->scale = scale_eta(&range);
    curve_update(&d->curve, &eta, d->last, &d->scale);
}

static void card_release(App *a)
{
    timeline_free(card_of(a)->run);
    curve_release(&card_of(a)->curve);
}

/* The schedule's whole curve at a glance. */
static void draw_curve(const App *a, Canvas *c, Rect in)
{
    const Card *d = card_of(a);
    Plot plot = {.scale = d->scale,
                 .steps = d->last,
                 .cursor = d->last,
                 .value = NAN,
                 .limit = NAN};
    plot.line[plot.lines++] = (PlotLine){&d->curve, ROLE_ETA, ROLE_ETA, false, PLOT_SOLID, NULL};
    in.cols = CURVE_COLS < in.cols ? CURVE_COLS : in.cols;
    in.rows = CURVE_ROWS;
    plot_lines(&plot, c, in, &a->look->paint);
}

/* In the place of the plots, so that the map stays in sight; where there are none, on the map. */
static Rect card_place(const App *a, const Canvas *c)
{
    const Layout *l = &a->look->layout;
    bool plots = l->eta.rows > 0 && l->loss.rows > 0 && l->eta.col == l->loss.col;
    if (plots && l->eta.cols >= 30)
        return (Rect){l->eta.col, l->eta.row, l->eta.cols, l->loss.row + l->loss.rows - l->eta.row};
    int most = l->map.cols - 2;
    bool fits = most >= 40 || (a->look->side && most >= 20);
    int cols = most >= 58 ? 58 : fits ? most : c->cols < 64 ? c->cols - 2 : 58;
    int col = l->map.col + 1 + cols > c->cols - 1 ? c->cols - 1 - cols : l->map.col + 1;
    return (Rect){col, l->map.row + 1, cols, c->rows - 3 - l->map.row - 1};
}

static Rect below(Rect r, int rows)
{
    return (Rect){r.col, r.row + rows, r.cols, r.rows - rows};
}

static const char leave[] = "enter closes";

static void card_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Kind *k = a->chosen;
    Element e = k->element(a, k->current(a), NULL);
    Rect card = card_place(a, c);
    int text = card.cols - 4;
    int rows = wrap_rows(e.formula, text) + wrap_rows(e.about, text) +
               (e.caution[0] ? wrap_rows(e.caution, text - 4) : 0) + 3;
    bool curve = shows_curve(a) && card_of(a)->points > 1 && rows + CURVE_ROWS + 1 <= card.rows;
    int head = curve ? CURVE_ROWS + 1 : 0;
    if (card.row != a->look->layout.eta.row) /* the plots' place is filled */
        card.rows = rows + head < card.rows ? rows + head : card.rows;
    if (card.rows < 5 || card.cols < 20)
        return;
    Rect in = card_frame(c, card, e.title, NULL, p);
    panel_foot(c, card, card.cols - 4 - text_cols(leave), leave, p);
    if (curve)
        draw_curve(a, c, in);
    in = below(in, head);
    in = below(in, panel_wrap(c, in, e.formula, ROLE_TITLE, p) + 1);
    in = below(in, panel_wrap(c, in, e.about, ROLE_TEXT, p));
    if (!e.caution[0] || in.rows <= 0)
        return;
    panel_over(c, in.col, in.row, 8, "but", ROLE_WARN, p);
    panel_wrap(c, (Rect){in.col + 4, in.row, in.cols - 4, in.rows}, e.caution, ROLE_DIM, p);
}

static const Command commands[] = {
    {"card", "", "choices", "the card of the last choice", run_card, COMMAND_CHOICE, NULL},
    {.name = NULL},
};

const View view_card = {
    .name = "card",
    .title = "a card",
    .help = "what was last chosen: formula, use, caution",
    .order = 4,
    .flags = VIEW_OVER | VIEW_PASSES | VIEW_BRIEF,
    .memory = sizeof(Card),
    .keys = keys,
    .commands = commands,
    .open = card_open,
    .refresh = card_refresh,
    .draw = card_draw,
    .release = card_release,
};
