/* SPDX-License-Identifier: MIT
 * place: the arrows move a cross over the map; the run starts there. */
#include <stdlib.h>

#include "app/bindings.h"
#include "app/look.h"
#include "app/say.h"
#include "app/session.h"
#include "app/views.h"
#include "view/panel.h"
#include "view/path.h"

typedef struct Cross {
    Vec2 at; /* model coordinates */
} Cross;

static const Binding own_keys[] = {
    {KEYCODE_ENTER, "take", "start here", 3, 0, NULL},
    {' ', "take", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", "cancel", 4, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {place_keys, own_keys, out_keys, NULL};

static Cross *cross_of(const App *a)
{
    return view_memory(a, &view_place);
}

static bool place_open(App *a, const char *args, Error *err)
{
    Session *s = a->session;
    Cross *x = cross_of(a);
    (void)args;
    (void)err;
    s->playing = false;
    x->at = timeline_rows(session_run(s))[0].at;
    if (!window_contains(s->window, x->at))
        x->at = window_centre(s->window);
    say(a, "place the start: arrows move the cross (shift: faster), Enter starts, Esc cancels");
    say_short(a, "arrows move the cross, Enter starts");
    return true;
}

static double clamp(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* By cells of the map. */
static void place_move(App *a, int dx, int dy)
{
    Cross *x = cross_of(a);
    Window w = a->session->window;
    Vec2 size = window_size(w);
    Rect map = rect_inside(a->look->layout.map);
    x->at.x = clamp(x->at.x + dx * size.x / (map.cols > 0 ? map.cols : 1), w.lo.x, w.hi.x);
    x->at.y = clamp(x->at.y + dy * size.y / (map.rows > 0 ? map.rows : 1), w.lo.y, w.hi.y);
    char n[2][NUMBER_TEXT];
    number_show(n[0], x->at.x, 3);
    number_show(n[1], x->at.y, 3);
    say(a, "start at %s, %s: Enter starts there, Esc cancels", n[0], n[1]);
}

static bool place_take(App *a, Error *err)
{
    Vec2 at = cross_of(a)->at;
    view_pop(a);
    return set_start(a, at, err);
}

static void place_draw(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    Rect map = rect_inside(a->look->layout.map);
    int col;
    int row;
    if (!map_cell(a->session->window, map.cols, map.rows, cross_of(a)->at, &col, &row))
        return;
    for (int d = -2; d <= 2; d++) {
        if (d && col + d >= 0 && col + d < map.cols)
            panel_over(c, map.col + col + d, map.row + row, 1, "─", ROLE_HEAD, p);
        if (d && abs(d) < 2 && row + d >= 0 && row + d < map.rows)
            panel_over(c, map.col + col, map.row + row + d, 1, "│", ROLE_HEAD, p);
    }
    panel_over(c, map.col + col, map.row + row, 1, "┼", ROLE_HEAD, p);
}

const View view_place = {
    .name = "place",
    .title = "placing the start",
    .help = "arrows move the cross where the run will start",
    .order = 2,
    .flags = VIEW_OVER | VIEW_STAGE,
    .memory = sizeof(Cross),
    .keys = keys,
    .open = place_open,
    .close = view_back,
    .move = place_move,
    .take = place_take,
    .draw = place_draw,
};
