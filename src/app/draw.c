/* SPDX-License-Identifier: MIT
 * draw: see draw.h */
#include "app/draw.h"

#include <math.h>

#include "app/panes.h"
#include "app/picture.h"

/* ---- big type ---- */

/* The largest scale at which the number fits; it stays when digits come and go. */
static int big_scale(Rect at)
{
    int scale = 1;
    while (scale < 6 && digits_width("-3.6e-5", scale + 1) <= at.cols &&
           (5 * (scale + 1) + 1) / 2 + 3 <= at.rows / 3)
        scale++;
    return scale;
}

/* Returns the rows used. */
static int big_number(const App *a, Canvas *c, Rect at, int scale, const char *name, double v,
                      Role role)
{
    char text[NUMBER_TEXT];
    number_show(text, v, 2);
    if (!isfinite(v))
        snprintf(text, sizeof text, "---");
    int rows = 3 + (5 * scale + 1) / 2;
    while (scale > 1 && digits_width(text, scale) > at.cols)
        scale--;
    panel_text(c, at.col, at.row, at.cols, name, ROLE_TITLE, &a->look->paint);
    digits_draw(c, at.col, at.row + 2, at.cols, scale, text, role, &a->look->paint);
    return rows;
}

/* A panel beside the map keeps its words; the numbers stand below the map. */
static void big_with_side(const App *a, Canvas *c)
{
    const Row *now = session_now(a->session);
    Rect right = a->look->layout.now;
    Rect half = {right.col, right.row, right.cols / 2, right.rows};
    int scale = half.cols >= 50 && half.rows >= 9 ? 2 : 1;
    a->look->side(a, c);
    draw_header(a, c);
    if (half.cols <= 10)
        return;
    big_number(a, c, half, scale, "learning rate η", now->eta, ROLE_ETA);
    half.col += half.cols;
    big_number(a, c, half, scale, "loss", now->loss, ROLE_LOSS);
}

static void big_alone(const App *a, Canvas *c)
{
    const Row *now = session_now(a->session);
    const Verdict *v = &a->picture->now.verdict;
    Rect right = a->look->layout.now;
    char verdict[80];
    int scale = big_scale(right);
    int used = big_number(a, c, right, scale, "learning rate η", now->eta, ROLE_ETA) + scale;
    Rect rest = {right.col, right.row + used, right.cols, right.rows - used};
    if (rest.rows >= 6)
        used += big_number(a, c, rest, scale, "loss", now->loss, ROLE_LOSS) + scale;
    outcome_text(v, verdict, sizeof verdict);
    if (a->picture->known.hides)
        return;
    panel_wrap(c, (Rect){right.col, right.row + used, right.cols, right.rows - used}, verdict,
               outcome_role(v->outcome), &a->look->paint);
}

/* Only surface, rate and loss; readable from the back of a room. */
static void draw_big(const App *a, Canvas *c)
{
    draw_map(a, c);
    if (a->look->side)
        big_with_side(a, c);
    else
        big_alone(a, c);
}

/* ---- the stage ---- */

static void draw_all(const App *a, Canvas *c)
{
    draw_header(a, c);
    draw_map(a, c);
    draw_eta(a, c);
    draw_loss(a, c);
    if (a->look->side)
        a->look->side(a, c);
    else
        draw_now(a, c);
    if (a->look->apart)
        draw_apart(a, c);
    if (!gate_hides(a->gate))
        draw_ruler(a, c);
}

void draw_stage(const App *a, Canvas *c)
{
    if (a->look->big)
        draw_big(a, c);
    else
        draw_all(a, c);
}
