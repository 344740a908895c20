/* SPDX-License-Identifier: MIT
 * apart: the update taken apart, as numbers; its arrows stand on the map. */
#include <math.h>
#include <string.h>

#include "app/panes.h"
#include "app/picture.h"

/* A row of the table: what it is, x, y. */
typedef struct ApartRow {
    const char *name;
    const char *brief; /* for narrow panes */
    Vec2 value;
    Role role;
} ApartRow;

static int apart_rows(const App *a, ApartRow *rows)
{
    const Update *u = &a->picture->now.update;
    const Row *now = session_now(a->session);
    bool moment = u->after.m.x != 0 || u->after.m.y != 0;
    bool square = u->after.v.x != 0 || u->after.v.y != 0;
    int n = 0;
    rows[n++] = (ApartRow){"g gradient", "gradient", now->g, ROLE_TEXT};
    if (moment)
        rows[n++] = (ApartRow){"m average", "m", u->after.m, ROLE_TEXT};
    if (moment && (u->step.m_hat.x != u->after.m.x || u->step.m_hat.y != u->after.m.y))
        rows[n++] = (ApartRow){"m corrected", "m′", u->step.m_hat, ROLE_TEXT};
    if (square)
        rows[n++] = (ApartRow){"v squares", "v", u->after.v, ROLE_TEXT};
    if (square && (u->step.v_hat.x != u->after.v.x || u->step.v_hat.y != u->after.v.y))
        rows[n++] = (ApartRow){"v corrected", "v′", u->step.v_hat, ROLE_TEXT};
    rows[n++] = (ApartRow){"η effective", "η eff.", u->step.rate, ROLE_ETA};
    rows[n++] = (ApartRow){"step", "step", u->step.step, ROLE_HEAD};
    rows[n++] = (ApartRow){"new point", "new",
                           vec2(u->step.shrink * now->at.x - u->step.step.x,
                                u->step.shrink * now->at.y - u->step.step.y),
                           ROLE_TITLE};
    return n;
}

static void apart_table(const App *a, Canvas *c, Rect in)
{
    const Paint *p = &a->look->paint;
    ApartRow rows[10];
    int n = apart_rows(a, rows);
    const Surface *s = scene_surface(&a->session->scene);
    int wide = in.cols >= 40 ? 13 : 10;
    int name = in.cols - 2 * wide;
    panel_text(c, in.col + name, in.row, wide, s ? s->axis[0] : "x", ROLE_DIM, p);
    panel_text(c, in.col + name + wide, in.row, wide, s ? s->axis[1] : "y", ROLE_DIM, p);
    for (int i = 0; i < n && i + 1 < in.rows; i++) {
        char x[NUMBER_TEXT];
        char y[NUMBER_TEXT];
        int row = in.row + 1 + i;
        number_show(x, rows[i].value.x, 4);
        number_show(y, rows[i].value.y, 4);
        panel_text(c, in.col, row, name - 1, name > 12 ? rows[i].name : rows[i].brief, ROLE_DIM, p);
        panel_text(c, in.col + name, row, wide - 1, x, rows[i].role, p);
        panel_text(c, in.col + name + wide, row, wide - 1, y, rows[i].role, p);
    }
}

/* How backpropagation finds the gradient, where the surface tells it. Returns the rows used. */
static int apart_chain(const App *a, Canvas *c, Rect in)
{
    Vec2 at = session_now(a->session)->at;
    int lines = 0;
    for (;;) {
        char text[160];
        Text t = text_over(text, sizeof text);
        if (in.rows < 14 || !chain_line(&a->picture->chain, lines, at, &t))
            return lines;
        panel_text(c, in.col, in.row + lines, in.cols, text, lines < 2 ? ROLE_LOSS : ROLE_TEXT,
                   &a->look->paint);
        lines++;
    }
}

/* Stands over the loss and now panes: the numbers need the room, the map its arrows. */
void draw_apart(const App *a, Canvas *c)
{
    const Paint *p = &a->look->paint;
    const Update *u = &a->picture->now.update;
    Rect top = a->look->layout.loss;
    Rect low = a->look->layout.now;
    if (top.rows == 0)
        top = low;
    Rect r = {top.col, top.row, top.cols, low.rows ? low.row + low.rows - top.row : top.rows};
    char note[48];
    char cost[96];
    if (r.rows < 6 || r.cols < 24)
        return;
    canvas_fill(c, r, ' ', p->role[ROLE_TEXT], p->role[ROLE_BACK]);
    snprintf(note, sizeof note, "step %ld", session_row(a->session));
    panel_frame(c, r, "the update taken apart", note, p);
    Rect in = rect_inside(r);
    in = (Rect){in.col + 1, in.row, in.cols - 2, in.rows};
    int chain = apart_chain(a, c, in);
    in.row += chain;
    in.rows -= chain;
    int used =
        panel_wrap(c, (Rect){in.col, in.row, in.cols, 2}, u->optimizer->formula, ROLE_TITLE, p);
    snprintf(cost, sizeof cost, "%s keeps %d number%s per parameter, %d operations a step",
             u->optimizer->name, u->optimizer->memory, u->optimizer->memory == 1 ? "" : "s",
             u->optimizer->flops);
    int cost_rows = wrap_rows(cost, in.cols);
    bool room = in.rows >= 10 + used + cost_rows; /* the numbers come first */
    Rect table = {in.col, in.row + used + room, in.cols, in.rows - used - room};
    apart_table(a, c, table);
    if (room)
        panel_wrap(c, (Rect){in.col, in.row + in.rows - cost_rows, in.cols, cost_rows}, cost,
                   ROLE_DIM, p);
}
