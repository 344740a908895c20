/* SPDX-License-Identifier: MIT
 * layout: arithmetic of the stage; see the header for the rules. */
#include "view/layout.h"

enum {
    NARROW = 50,     /* below: panes under the map */
    PANE_MIN = 4,    /* rows of the smallest pane, frame included */
    TABLE_MIN = 6,   /* rows of the smallest table */
    ABOVE_MIN = 9,   /* rows that a stage above a table needs, its bars included */
};

static int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Take `rows` from the bottom of the rectangle. */
static Rect take_bottom(Rect *from, int rows)
{
    rows = clamp(rows, 0, from->rows);
    from->rows -= rows;
    return (Rect){from->col, from->row + from->rows, rows ? from->cols : 0, rows};
}

static int map_cols(int cols)
{
    if (cols >= 100)
        return cols * 60 / 100;
    int right = cols * 425 / 1000;
    return cols - (right < 26 ? 26 : right);
}

/* Heights of eta, loss, now in a column of `rows`: now a third but not more than its text needs,
 * the plots share the rest. */
static void column_heights(int rows, int height[3])
{
    height[0] = height[1] = height[2] = 0;
    if (rows < 2 * PANE_MIN) {
        height[0] = rows >= PANE_MIN ? rows : 0;
    } else if (rows < 3 * PANE_MIN) {
        height[0] = (rows + 1) / 2;
        height[1] = rows / 2;
    } else {
        height[2] = clamp(rows * 37 / 100, PANE_MIN, 12);
        height[0] = (rows - height[2] + 1) / 2;
        height[1] = (rows - height[2]) / 2;
    }
}

static void place_right(Layout *l, Rect body)
{
    int height[3], left = map_cols(body.cols), row = body.row;
    column_heights(body.rows, height);
    if (height[0] == 0)
        left = body.cols;
    l->map = (Rect){body.col, body.row, left, body.rows};
    Rect *pane[3] = {&l->eta, &l->loss, &l->now};
    for (int i = 0; i < 3; i++) {
        if (height[i] > 0)
            *pane[i] = (Rect){body.col + left, row, body.cols - left, height[i]};
        row += height[i];
    }
}

/* Narrow screens: a map of about half the height, panes of 6 rows under it. */
static void place_under(Layout *l, Rect body)
{
    Rect *pane[3] = {&l->eta, &l->loss, &l->now};
    int count = clamp((body.rows - 9) / 6, 0, 3);
    int each = count ? clamp(body.rows / (2 * count), 6, 12) : 0;
    for (int i = count - 1; i >= 0; i--)
        *pane[i] = take_bottom(&body, each);
    l->map = body;
}

Layout layout_make(int cols, int rows)
{
    Layout l = {0};
    if (cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS) {
        l.too_small = true;
        return l;
    }
    Rect body = {0, 1, cols, rows - 1};
    l.header = (Rect){0, 0, cols, 1};
    l.footer = take_bottom(&body, rows >= 9);
    l.status = take_bottom(&body, rows >= 24 ? 2 : 1);
    l.ruler = take_bottom(&body, rows >= 14);
    if (cols < NARROW)
        place_under(&l, body);
    else
        place_right(&l, body);
    return l;
}

static Layout table_alone(int cols, int rows)
{
    return (Layout){.header = {0, 0, cols, 1},
                    .table = {0, 1, cols, rows - 3},
                    .status = {0, rows - 2, cols, 1},
                    .footer = {0, rows - 1, cols, 1}};
}

Layout layout_table(LayoutMake *make, int cols, int rows, int wanted)
{
    int room = rows - ABOVE_MIN;
    int table = clamp(wanted, 0, room < 0 ? 0 : room);
    if (wanted <= 0 || cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS)
        return make(cols, rows);
    if (room < TABLE_MIN)
        return table_alone(cols, rows);
    Layout l = make(cols, rows - table);
    Rect first = l.ruler.rows ? l.ruler : l.status.rows ? l.status : l.footer;
    l.table = (Rect){0, first.row, cols, table};
    l.ruler.row += table;
    l.status.row += table;
    l.footer.row += table;
    return l;
}

Rect layout_card(int screen_cols, int screen_rows, int cols, int rows)
{
    cols = clamp(cols, 0, screen_cols < 0 ? 0 : screen_cols);
    rows = clamp(rows, 0, screen_rows < 0 ? 0 : screen_rows);
    return (Rect){(screen_cols - cols) / 2, (screen_rows - rows) / 2, cols, rows};
}

Rect rect_inside(Rect r)
{
    if (r.cols <= 2 || r.rows <= 2)
        return (Rect){r.col, r.row, 0, 0};
    return (Rect){r.col + 1, r.row + 1, r.cols - 2, r.rows - 2};
}

bool rect_contains(Rect r, int col, int row)
{
    return col >= r.col && row >= r.row && col - r.col < r.cols && row - r.row < r.rows;
}

Layout layout_lesson(int cols, int rows)
{
    Layout l = {.too_small = cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS};
    if (l.too_small)
        return l;
    int status = rows >= 24 ? 2 : rows >= 14 ? 1 : 0;
    int body = rows - 2 - status; /* header and footer take a row each */
    l.header = (Rect){0, 0, cols, 1};
    l.status = (Rect){0, rows - 1 - status, cols, status};
    l.footer = (Rect){0, rows - 1, cols, 1};
    if (cols < 60) { /* the text below the map */
        int map = body / 2;
        l.map = (Rect){0, 1, cols, map};
        l.lesson = (Rect){0, 1 + map, cols, body - map};
        return l;
    }
    int side = cols >= 110 ? cols * 2 / 5 : cols / 2;
    int left = cols - side;
    if (cols >= 110 && body >= 28) {
        int text = body * 11 / 20;
        int plot = (body - text) / 2;
        l.map = (Rect){0, 1, left, body};
        l.lesson = (Rect){left, 1, side, text};
        l.eta = (Rect){left, 1 + text, side, plot};
        l.loss = (Rect){left, 1 + text + plot, side, body - text - plot};
        return l;
    }
    int plot = body >= 16 ? 6 : 0;
    int half = left / 2;
    l.map = (Rect){0, 1, left, body - plot};
    l.lesson = (Rect){left, 1, side, body};
    if (plot && half >= 20) {
        l.eta = (Rect){0, 1 + body - plot, half, plot};
        l.loss = (Rect){half, 1 + body - plot, left - half, plot};
    } else if (plot) {
        l.eta = (Rect){0, 1 + body - plot, left, plot};
    }
    return l;
}
