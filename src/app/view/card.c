/* SPDX-License-Identifier: MIT
 * card: what was last chosen: its formula, its curve, what it is good for, what to watch out for.
 */
#include <math.h>

#include "app/choose.h"
#include "app/bindings.h"
#include "app/picture.h"
#include "app/views.h"

enum { CURVE_COLS = 40, CURVE_ROWS = 4 };

typedef struct Card {
    Curve curve; /* the schedule's rate */
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
    (void)args;
    return curve_resize(&card_of(a)->curve, 2 * CURVE_COLS) ||
           error_set(err, 0, 0, "out of memory");
}

static void card_refresh(App *a)
{
    const Timeline *run = session_run(a->session);
    Series eta = series_of(run, series_eta);
    curve_update(&card_of(a)->curve, &eta, timeline_steps(run), &a->picture->scales.eta);
}

static void card_release(App *a)
{
    curve_release(&card_of(a)->curve);
}

/* The schedule's whole curve at a glance. */
static void draw_curve(const App *a, Canvas *c, Rect in)
{
    Plot plot = {.scale = a->picture->scales.eta,
                 .steps = timeline_steps(session_run(a->session)),
                 .cursor = session_row(a->session),
                 .value = NAN,
                 .limit = NAN};
    plot.line[plot.lines++] = (PlotLine){&card_of(a)->curve, ROLE_ETA, ROLE_ETA, false, PLOT_SOLID};
    in.cols = CURVE_COLS < in.cols ? CURVE_COLS : in.cols;
    in.rows = CURVE_ROWS;
    plot_lines(&plot, c, in, &a->look->paint);
}

/* Where it stands: on the map; the plots and a lesson's text stay in sight. */
static Rect card_place(const App *a, const Canvas *c, int *cols)
{
    Rect map = a->look->layout.map;
    int most = map.cols - 2;
    bool fits = most >= 40 || (a->look->side && most >= 20);
    *cols = most >= 58 ? 58 : fits ? most : c->cols < 64 ? c->cols - 2 : 58;
    int col = map.col + 1 + *cols > c->cols - 1 ? c->cols - 1 - *cols : map.col + 1;
    return (Rect){col, map.row + 1, *cols, 0};
}

static Rect below(Rect r, int rows)
{
    return (Rect){r.col, r.row + rows, r.cols, r.rows - rows};
}

static void card_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Kind *k = a->chosen;
    Element e = k->element(a, k->current(a), NULL);
    int cols;
    Rect card = card_place(a, c, &cols);
    bool curve = k->key == SCENE_SCHEDULE && c->rows >= 30;
    int head = curve ? CURVE_ROWS + 1 : 0;
    card.rows = wrap_rows(e.formula, cols - 4) + wrap_rows(e.about, cols - 4) +
                (e.caution[0] ? wrap_rows(e.caution, cols - 12) : 0) + 4 + head;
    if (card.row + card.rows > c->rows - 3)
        card.rows = c->rows - 3 - card.row;
    if (card.rows < 5 || card.cols < 20)
        return;
    Rect in = card_frame(c, card, e.title, "enter closes", p);
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
