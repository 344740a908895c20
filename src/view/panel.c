/* SPDX-License-Identifier: MIT
 * panel: frames, text, gauges and tables. */
#include "view/panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/layout.h"

int text_cols(const char *text)
{
    return (int)utf8_count(text, strlen(text));
}

/* --- frames ------------------------------------------------------------------------------- */

static void frame_on(Canvas *c, Rect r, Role ground, const Paint *p)
{
    Color fg = p->role[ROLE_FRAME], bg = p->role[ground];
    uint32_t attr = p->attr[ROLE_FRAME];
    int right = r.col + r.cols - 1, bottom = r.row + r.rows - 1;
    for (int col = r.col + 1; col < right; col++) {
        canvas_put(c, col, r.row, p->mark[MARK_ACROSS], fg, bg, attr);
        canvas_put(c, col, bottom, p->mark[MARK_ACROSS], fg, bg, attr);
    }
    for (int row = r.row + 1; row < bottom; row++) {
        canvas_put(c, r.col, row, p->mark[MARK_DOWN], fg, bg, attr);
        canvas_put(c, right, row, p->mark[MARK_DOWN], fg, bg, attr);
    }
    canvas_put(c, r.col, r.row, p->mark[MARK_TOP_LEFT], fg, bg, attr);
    canvas_put(c, right, r.row, p->mark[MARK_TOP_RIGHT], fg, bg, attr);
    canvas_put(c, r.col, bottom, p->mark[MARK_BOTTOM_LEFT], fg, bg, attr);
    canvas_put(c, right, bottom, p->mark[MARK_BOTTOM_RIGHT], fg, bg, attr);
}

static int role_text(Canvas *c, int col, int row, int width, const char *text, Role role,
                     Role ground, const Paint *p)
{
    return canvas_text(c, col, row, width, text, p->role[role], p->role[ground], p->attr[role]);
}

/* " text " in a border line, with its air. */
static void border_text(Canvas *c, int col, int row, int width, const char *text, Role role,
                        Role ground, const Paint *p)
{
    int used = text_cols(text) < width ? text_cols(text) : width;
    if (width <= 0)
        return;
    canvas_put(c, col, row, ' ', p->role[role], p->role[ground], 0);
    role_text(c, col + 1, row, used, text, role, ground, p);
    canvas_put(c, col + 1 + used, row, ' ', p->role[role], p->role[ground], 0);
}

/* The first phrases of a note, " · " between them, that fit: half a phrase says nothing. Returns
 * their columns. */
static int phrases_that_fit(char *out, size_t size, const char *note, int cols)
{
    snprintf(out, size, "%s", note);
    while (*out && text_cols(out) > cols) {
        char *last = NULL;
        for (char *at = out; (at = strstr(at, " · ")); at++)
            last = at;
        *(last ? last : out) = '\0';
    }
    return text_cols(out);
}

static void frame_titles(Canvas *c, Rect r, const char *title, const char *note, Role ground,
                         const Paint *p)
{
    int room = r.cols - 6; /* corners, one line of frame and the title's air at each end */
    int wide = text_cols(title);
    if (wide > 0)
        border_text(c, r.col + 2, r.row, wide < room ? wide : room, title, ROLE_TITLE, ground, p);
    int left = wide > 0 ? room - wide - 3 : room;
    char whole[120];
    int side = phrases_that_fit(whole, sizeof whole, note ? note : "", left);
    if (side > 0)
        border_text(c, r.col + r.cols - 4 - side, r.row, side, whole, ROLE_DIM, ground, p);
}

void panel_frame(Canvas *c, Rect r, const char *title, const char *note, const Paint *p)
{
    if (r.cols < 2 || r.rows < 2)
        return;
    frame_on(c, r, ROLE_BACK, p);
    frame_titles(c, r, title ? title : "", note, ROLE_BACK, p);
}

Rect card_frame(Canvas *c, Rect r, const char *title, const char *note, const Paint *p)
{
    if (r.cols < 2 || r.rows < 2)
        return (Rect){r.col, r.row, 0, 0};
    canvas_fill(c, r, ' ', p->role[ROLE_TEXT], p->role[ROLE_CARD]);
    frame_on(c, r, ROLE_CARD, p);
    frame_titles(c, r, title ? title : "", note, ROLE_CARD, p);
    Rect in = rect_inside(r);
    if (in.cols > 4) {
        in.col++;
        in.cols -= 2;
    }
    return in;
}

void panel_foot(Canvas *c, Rect r, int col, const char *text, const Paint *p)
{
    int room = r.cols - 3 - col;
    border_text(c, r.col + col, r.row + r.rows - 1, room, text, ROLE_DIM, ROLE_BACK, p);
}

void panel_heights(Canvas *c, Rect r, const Scale *y, const Paint *p)
{
    Rect in = rect_inside(r);
    Ticks up = axis_ticks(y, in.rows / 4 < 3 ? 3 : in.rows / 4);
    for (int i = 0; i < up.count && in.cols >= 24; i++) {
        int row = in.row + (int)((1 - scale_at(y, up.value[i])) * in.rows);
        if (row > in.row && row < in.row + in.rows - 1)
            panel_text(c, r.col, row, text_cols(up.label[i]), up.label[i], ROLE_DIM, p);
    }
}

void panel_scales(Canvas *c, Rect r, const Scale *x, const Scale *y, const Paint *p)
{
    Rect in = rect_inside(r);
    Ticks across = axis_ticks(x, in.cols / 7 < 3 ? 3 : in.cols / 7);
    Ticks up = axis_ticks(y, in.rows / 4 < 3 ? 3 : in.rows / 4);
    Color fg = p->role[ROLE_FRAME], back = p->role[ROLE_BACK];
    int bottom = r.row + r.rows - 1;
    uint32_t tick = p->glyphs == GLYPHS_ASCII ? '+' : 0x251C;
    for (int i = 0; i < up.count; i++) {
        int row = in.row + (int)((1 - scale_at(y, up.value[i])) * in.rows);
        if (row > in.row && row < in.row + in.rows)
            canvas_put(c, r.col, row, tick, fg, back, p->attr[ROLE_FRAME]);
    }
    for (int i = 0; i < across.count; i++) {
        int at = in.col + (int)(scale_at(x, across.value[i]) * in.cols);
        int width = text_cols(across.label[i]), col = at - (width - 1) / 2;
        if (col - 1 > in.col && col + width + 1 < in.col + in.cols)
            border_text(c, col - 1, bottom, width, across.label[i], ROLE_DIM, ROLE_BACK, p);
    }
}

void panel_axes(Canvas *c, Rect r, Window w, const Paint *p)
{
    Scale x = {w.lo.x, w.hi.x, 0, false}, y = {w.lo.y, w.hi.y, 0, false};
    panel_scales(c, r, &x, &y, p);
}

/* --- text --------------------------------------------------------------------------------- */

int panel_text(Canvas *c, int col, int row, int width, const char *text, Role role, const Paint *p)
{
    return role_text(c, col, row, width, text, role, ROLE_BACK, p);
}

int panel_over(Canvas *c, int col, int row, int width, const char *text, Role role, const Paint *p)
{
    int used = 0;
    const char *at = text;
    for (; used < width && *at; used++) {
        const char *next = at;
        utf8_next(&next);
        char one[8] = {0};
        memcpy(one, at, (size_t)(next - at));
        const Cell *cell = canvas_at(c, col + used, row);
        if (used == width - 1 && *next && width > 1)
            memcpy(one, "…", sizeof "…");
        if (cell)
            canvas_text(c, col + used, row, 1, one, p->role[role], paint_under(p, cell),
                        p->attr[role]);
        at = next;
    }
    return used;
}

int wrap_next(const char **text, int width, const char **from)
{
    const char *at = *text, *brk = NULL;
    while (*at == ' ')
        at++;
    *from = at;
    if (!*at || width < 1) {
        *text = at;
        return 0;
    }
    for (int used = 0; *at && *at != '\n'; used++) {
        if (*at == ' ')
            brk = at;
        if (used == width) {
            at = brk ? brk : at;
            break;
        }
        utf8_next(&at);
    }
    int bytes = (int)(at - *from);
    while (bytes > 0 && (*from)[bytes - 1] == ' ')
        bytes--;
    while (*at == ' ')
        at++;
    *text = *at == '\n' ? at + 1 : at;
    return bytes == 0 ? -1 : bytes;
}

static int wrap_draw(Canvas *c, Rect r, const char *text, Role role, Role ground, const Paint *p)
{
    const char *from;
    int rows = 0, bytes;
    for (; rows < r.rows && (bytes = wrap_next(&text, r.cols, &from)) != 0; rows++) {
        char line[512];
        if (rows == r.rows - 1 && *text) {
            /* the last line: all that is left, so that it is cut with an ellipsis */
            snprintf(line, sizeof line, "%s", from);
            for (char *s = strchr(line, '\n'); s; s = strchr(line, '\n'))
                *s = ' ';
        } else {
            Text out = text_over(line, sizeof line);
            text_put(&out, from, bytes > 0 ? (size_t)bytes : 0);
        }
        role_text(c, r.col, r.row + rows, r.cols, line, role, ground, p);
    }
    return rows;
}

int panel_wrap(Canvas *c, Rect r, const char *text, Role role, const Paint *p)
{
    const Cell *cell = canvas_at(c, r.col, r.row);
    bool card = cell && cell->bg == p->role[ROLE_CARD];
    return wrap_draw(c, r, text, role, card ? ROLE_CARD : ROLE_BACK, p);
}

int wrap_rows(const char *text, int width)
{
    const char *from;
    int rows = 0;
    while (wrap_next(&text, width, &from) != 0)
        rows++;
    return rows;
}

void panel_row(Canvas *c, Rect r, int row, int indent, const char *key, const char *value,
               Role role, const Paint *p)
{
    if (row < 0 || row >= r.rows)
        return;
    panel_over(c, r.col, r.row + row, indent - 1 < r.cols ? indent - 1 : r.cols, key, ROLE_DIM, p);
    panel_over(c, r.col + indent, r.row + row, r.cols - indent, value, role, p);
}

/* --- gauge -------------------------------------------------------------------------------- */

void gauge_draw(Canvas *c, int col, int row, int width, double value, double full, const Paint *p)
{
    double part = isnan(value) ? 0 : fmin(fmax(value / full, 0), 1);
    Role role = part >= 1 ? ROLE_BAD : part >= 0.75 ? ROLE_WARN : ROLE_GOOD;
    int eighths = (int)lround(part * 8 * width);
    bool plain = p->glyphs == GLYPHS_ASCII;
    for (int i = 0; i < width; i++) {
        int here = eighths - 8 * i;
        here = here < 0 ? 0 : here > 8 ? 8 : here;
        uint32_t bar = here == 0 ? ' ' : 0x2590u - (uint32_t)here;
        uint32_t glyph = plain ? (here >= 4 ? '=' : '.') : bar;
        if (!plain && p->shades && here == 0)
            glyph = 0x2591;
        canvas_put(c, col + i, row, glyph, p->role[role], p->role[ROLE_TRACK], p->attr[role]);
    }
    if (part >= 1 && value > full && width > 0)
        canvas_put(c, col + width - 1, row, plain ? '>' : 0x25B8, p->role[ROLE_BACK], p->role[role],
                   p->shades ? CELL_REVERSE : 0);
}

/* --- tables ------------------------------------------------------------------------------- */

static int widest_key(const KeyRow *rows, int count)
{
    int wide = 0;
    for (int i = 0; i < count; i++)
        if (rows[i].key && text_cols(rows[i].key) > wide)
            wide = text_cols(rows[i].key);
    return wide;
}

static int widest_text(const KeyRow *rows, int count)
{
    int wide = 0;
    for (int i = 0; i < count; i++)
        if (rows[i].key && text_cols(rows[i].text) > wide)
            wide = text_cols(rows[i].text);
    return wide;
}

static int keys_cell(const KeyRow *rows, int count)
{
    return widest_key(rows, count) + 2 + widest_text(rows, count) + 3;
}

int keys_lines(int cols, const KeyRow *rows, int count)
{
    int cell = keys_cell(rows, count);
    int columns = cell > 0 && cols + 3 >= cell ? (cols + 3) / cell : 1;
    return (count + columns - 1) / columns;
}

void keys_draw(Canvas *c, Rect r, const KeyRow *rows, int count, int first, const Paint *p)
{
    int key = widest_key(rows, count), cell = keys_cell(rows, count);
    int lines = keys_lines(r.cols, rows, count);
    for (int i = 0; i < count; i++) {
        int row = i % lines - first, col = r.col + i / lines * cell;
        if (row < 0 || row >= r.rows)
            continue;
        int room = r.col + r.cols - col;
        if (!rows[i].key) {
            panel_over(c, col, r.row + row, room, rows[i].text, ROLE_TITLE, p);
            continue;
        }
        panel_over(c, col, r.row + row, key < room ? key : room, rows[i].key, ROLE_ACCENT, p);
        panel_over(c, col + key + 2, r.row + row, room - key - 2, rows[i].text, ROLE_TEXT, p);
    }
}

static int footer_width(const KeyRow *k)
{
    return text_cols(k->key) + 1 + text_cols(k->text) + 2;
}

int footer_draw(Canvas *c, Rect r, const KeyRow *rows, int count, int keep, const Paint *p)
{
    int kept = 0, col = r.col, shown = 0, end = r.col + r.cols;
    for (int i = count - keep < 0 ? 0 : count - keep; i < count; i++)
        kept += footer_width(&rows[i]);
    canvas_fill(c, r, ' ', p->role[ROLE_DIM], p->role[ROLE_BACK]);
    for (int i = 0; i < count; i++) {
        int width = footer_width(&rows[i]);
        bool always = i >= count - keep;
        if (always)
            kept -= width;
        if (col + width - 2 > end || (!always && col + width + kept - 2 > end))
            continue;
        int used = panel_text(c, col, r.row, end - col, rows[i].key, ROLE_ACCENT, p);
        panel_text(c, col + used + 1, r.row, end - col - used - 1, rows[i].text, ROLE_DIM, p);
        col += width;
        shown++;
    }
    return shown;
}

/* --- ruler -------------------------------------------------------------------------------- */

typedef struct Ruler {
    Canvas *canvas;
    const Paint *paint;
    int col, row, width; /* of the band */
    int ball;            /* column in the band, -1: none */
} Ruler;

/* Where a word of `wide` cells and air stands in from..to: the middle, or beside the ball in the
 * larger part. -1: no room. */
static int ruler_place(int from, int to, int wide, int ball)
{
    int at = from + (to - from - wide) / 2;
    if (ball >= at - 1 && ball <= at + wide) {
        if (ball - from > to - ball)
            to = ball;
        else
            from = ball + 1;
        at = from + (to - from - wide) / 2;
    }
    return to - from >= wide + 2 ? at : -1;
}

/* One stretch of equal ends: a coloured line with its word in it, or its letter where the word has
 * no room. Without colours the letter fills it. */
static void ruler_stretch(const Ruler *r, int from, int to, const RulerCell *cell)
{
    const Paint *p = r->paint;
    bool letters = p->mode == MODE_MONO || p->glyphs == GLYPHS_ASCII;
    const char letter[2] = {cell->letter, 0}, *word = cell->name ? cell->name : letter;
    int at = ruler_place(from, to, text_cols(word), r->ball);
    Color fg = p->role[cell->role], back = p->role[ROLE_BACK];
    uint32_t attr = p->attr[cell->role];
    for (int i = from; i < to; i++)
        canvas_put(r->canvas, r->col + i, r->row, letters ? (unsigned char)letter[0] : 0x2501, fg,
                   back, attr);
    if (at < 0) {
        canvas_put(r->canvas, r->col + (from + to) / 2, r->row, (unsigned char)letter[0], fg, back,
                   attr);
        return;
    }
    int wide = text_cols(word);
    canvas_put(r->canvas, r->col + at - 1, r->row, ' ', fg, back, 0);
    canvas_put(r->canvas, r->col + at + wide, r->row, ' ', fg, back, 0);
    canvas_text(r->canvas, r->col + at, r->row, wide, word, fg, back, attr);
}

Rect ruler_band(Rect r, const char *name, const char *low, const char *high)
{
    int from = text_cols(name) + text_cols(low) + 3;
    return (Rect){r.col + from, r.row, r.cols - from - text_cols(high) - 1, 1};
}

void ruler_draw(Canvas *c, Rect r, const char *name, const char *low, const char *high,
                const RulerCell *cells, int count, int at, const Paint *p)
{
    int name_wide = text_cols(name), low_wide = text_cols(low), high_wide = text_cols(high);
    Rect room = ruler_band(r, name, low, high);
    Ruler band = {c, p, room.col, r.row, room.cols, -1};
    canvas_fill(c, r, ' ', p->role[ROLE_DIM], p->role[ROLE_BACK]);
    if (count <= 0 || band.width < 4)
        return;
    if (at >= 0 && at < count)
        band.ball = (at * band.width + band.width / 2) / count;
    panel_text(c, r.col, r.row, name_wide, name, ROLE_ETA, p);
    panel_text(c, r.col + name_wide + 2, r.row, low_wide, low, ROLE_DIM, p);
    panel_text(c, r.col + r.cols - high_wide, r.row, high_wide, high, ROLE_DIM, p);
    for (int i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && cells[next].letter == cells[i].letter;)
            next++;
        ruler_stretch(&band, i * band.width / count, next * band.width / count, &cells[i]);
    }
    if (band.ball >= 0)
        canvas_put(c, band.col + band.ball, r.row,
                   p->mark[MARK_HEAD], p->role[ROLE_HEAD], p->role[ROLE_BACK], p->attr[ROLE_HEAD]);
}

/* --- block digits ------------------------------------------------------------------------- */

/* Five rows of three pixels, as octal digits from the top; a sixth stays empty. Returns the width,
 * 0: not in the font. */
static int digit_rows(char ch, int rows[6])
{
    static const struct {
        char ch;
        char width;
        char row[6];
    } font[] = {
        {'0', 3, "75557"}, {'1', 3, "26227"}, {'2', 3, "71747"}, {'3', 3, "71717"},
        {'4', 3, "55711"}, {'5', 3, "74717"}, {'6', 3, "74757"}, {'7', 3, "71222"},
        {'8', 3, "75757"}, {'9', 3, "75717"}, {'-', 3, "00700"}, {'+', 3, "02720"},
        {'e', 3, "07747"}, {'.', 1, "00004"}, {' ', 1, "00000"},
    };
    for (size_t i = 0; i < sizeof font / sizeof font[0]; i++) {
        if (font[i].ch != ch)
            continue;
        for (int k = 0; k < 5; k++)
            rows[k] = font[i].row[k] - '0';
        return font[i].width;
    }
    return 0;
}

static uint32_t half_block(bool top, bool low, const Paint *p)
{
    if (p->glyphs == GLYPHS_ASCII)
        return top || low ? '#' : ' ';
    return top && low ? 0x2588 : top ? 0x2580 : low ? 0x2584 : ' ';
}

/* Is the pixel in half row `half` and column `x` of a digit at this scale set? */
static bool digit_pixel(const int rows[6], int half, int x, int scale)
{
    int line = half / scale;
    return line < 5 && (rows[line] >> (2 - x / scale) & 1);
}

int digits_draw(Canvas *c, int col, int row, int width, int scale, const char *text, Role role,
                const Paint *p)
{
    int used = 0, rows[6] = {0};
    int lines = (5 * scale + 1) / 2;
    if (scale < 1)
        return 0;
    for (; *text; text++) {
        int wide = digit_rows(*text, rows) * scale;
        if (wide == 0 || used + wide > width)
            break;
        for (int k = 0; k < lines * wide; k++) {
            int x = k % wide, line = k / wide;
            const Cell *cell = canvas_at(c, col + used + x, row + line);
            if (cell)
                canvas_put(c, col + used + x, row + line,
                           half_block(digit_pixel(rows, 2 * line, x, scale),
                                      digit_pixel(rows, 2 * line + 1, x, scale), p),
                           p->role[role], cell->bg, p->attr[role]);
        }
        used += wide + scale;
    }
    return used;
}

int digits_width(const char *text, int scale)
{
    int used = 0, rows[6];
    for (; *text; text++)
        used += (digit_rows(*text, rows) + 1) * scale;
    return used > 0 ? used - scale : 0;
}
