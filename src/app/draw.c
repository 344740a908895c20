/* SPDX-License-Identifier: MIT
 * draw: see draw.h */
#include "app/draw.h"

#include <math.h>

#include "app/panes.h"
#include "app/picture.h"
#include "view/letters.h"

/* ---- big type ---- */

/* The largest scale at which the number fits; it stays when digits come and go. */
static int big_scale(Rect at)
{
    int scale = 1;
    while (scale < 6 && digits_width("-3.6e-5", scale + 1) <= at.cols &&
           2 * ((5 * (scale + 1) + 1) / 2 + 3) + 4 <= at.rows) /* two numbers and a word */
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

static Rect below(Rect r, int rows)
{
    return (Rect){r.col, r.row + rows, r.cols, r.rows - rows};
}

static void big_alone(const App *a, Canvas *c)
{
    const Row *now = session_now(a->session);
    const OutcomeRow *o = &outcomes[a->picture->now.verdict.outcome];
    const Paint *p = &a->look->paint;
    Rect rest = a->look->layout.now;
    int scale = big_scale(rest);
    char word[48];
    draw_header(a, c);
    draw_eta(a, c);
    rest = below(rest, big_number(a, c, rest, scale, "learning rate η", now->eta, ROLE_ETA));
    if (rest.rows >= 8)
        rest = below(rest, big_number(a, c, rest, scale, "loss", now->loss, ROLE_LOSS) + 1);
    snprintf(word, sizeof word, "%s", o->word);
    if (a->picture->known.hides || rest.rows < 1)
        return;
    Role role = outcome_role(a->picture->now.verdict.outcome);
    int rows = letters_rows(rest, word);
    if (rows)
        letters_draw(c, rest, word, rows, role, p);
    else
        panel_wrap(c, rest, word, role, p);
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
