/* SPDX-License-Identifier: MIT
 * bars: the rows under the map: the ruler, what was said, the keys that matter most. */
#include <math.h>
#include <string.h>

#include "app/borders.h"
#include "app/focus.h"
#include "app/panes.h"
#include "app/picture.h"
#include "app/say.h"
#include "app/task.h"
#include "app/view.h"
#include "view/letters.h"

enum { END_TEXT = NUMBER_TEXT };

/* Its row and the words at its ends. */
static Rect ruler_place(const App *a, char low[END_TEXT], char high[END_TEXT])
{
    Rect r = a->look->layout.ruler;
    const Ruler *u = &a->borders->ruler;
    number_brief(low, u->eta[0], 2);
    number_brief(high, u->eta[RULER_CELLS - 1], 2);
    return (Rect){r.col + 1, r.row, r.cols - 2, 1};
}

static const char ruler_name[] = "η₀";

void draw_ruler(const App *a, Canvas *c)
{
    const Ruler *u = &a->borders->ruler;
    RulerCell cells[RULER_CELLS];
    char low[END_TEXT];
    char high[END_TEXT];
    double eta0 = timeline_rate(session_run(a->session), session_row(a->session))->eta0;
    if (a->look->layout.ruler.rows < 1 || !u->usable)
        return;
    for (int i = 0; i < RULER_CELLS; i++) {
        char letter[2];
        cells[i] = (RulerCell){'.', ROLE_DIM, NULL};
        if (i >= u->done)
            continue;
        ruler_letter(u->outcome[i], u->which[i], a->session->critical.minima, letter);
        cells[i] = (RulerCell){letter[0], outcome_role(u->outcome[i]), outcomes[u->outcome[i]].brief};
    }
    Rect r = ruler_place(a, low, high);
    ruler_draw(c, r, ruler_name, low, high, cells, RULER_CELLS, ruler_cell(u, eta0),
               &a->look->paint);
}

double ruler_rate_at(const App *a, int col, int row)
{
    const Ruler *u = &a->borders->ruler;
    char low[END_TEXT];
    char high[END_TEXT];
    Rect band = ruler_band(ruler_place(a, low, high), ruler_name, low, high);
    if (a->look->layout.ruler.rows < 1 || !u->usable || !rect_contains(band, col, row))
        return (double)NAN;
    return u->eta[(col - band.col) * RULER_CELLS / band.cols];
}

/* What textbooks say, as much of it as one row holds in whole sentences; i shows all of it. */
static void draw_claim(const App *a, Canvas *c, Rect r)
{
    char text[sizeof a->say->claim];
    memcpy(text, a->say->claim, sizeof text);
    char *says = strstr(text, " This run says: ");
    char *end = says ? strchr(says + 16, '.') : NULL;
    if (text_cols(text) > r.cols && end)
        end[1] = '\0';
    if (text_cols(text) > r.cols)
        snprintf(text, sizeof text, "i: what textbooks say of this, and what this run says");
    if (text_cols(text) <= r.cols)
        panel_text(c, r.col, r.row, r.cols, text, ROLE_DIM, &a->look->paint);
}

/* Which runner is which, in its colour: what differs from A, and its loss now; false: there is none. */
static bool draw_runners(const App *a, Canvas *c, Rect in)
{
    const Session *s = a->session;
    int col = in.col;
    int row = in.row + in.rows - 1;
    for (int i = 1; i < SCENE_RUNNERS && !gate_holds(a->gate); i++) {
        const Track *t = &s->track[i];
        char text[sizeof t->label + 2 * NUMBER_TEXT];
        char loss[NUMBER_TEXT];
        if (!t->shown)
            continue;
        long last = timeline_ready(t->run) - 1;
        last = session_row(s) < last ? session_row(s) : last;
        number_show(loss, timeline_rows(t->run)[last].loss, 3);
        snprintf(text, sizeof text, "%s: loss %s   ", t->label, loss);
        col += panel_text(c, col, row, in.col + in.cols - col, text, track_styles[i].role,
                          &a->look->paint);
    }
    return col > in.col;
}

static const char guess[] = "what will happen? space plays on, z shows it";

enum { BIG_CAPTION = 6 }; /* rows from which on the caption is in large letters */

/* For the back row: the whole sentence if it fits, else the brief one, else small. */
static void draw_caption(const App *a, Canvas *c, Rect in)
{
    const Say *say = a->say;
    const char *text = a->gate->predicting && !say->warns ? guess : say->text;
    Role role = say->warns ? ROLE_WARN : ROLE_TEXT;
    if (letters_rows(in, text) < 4 && say->brief[0] && !a->gate->predicting)
        text = say->brief;
    int rows = letters_rows(in, text);
    if (rows)
        letters_draw(c, in, text, rows, role, &a->look->paint);
    else
        panel_wrap(c, in, text, role, &a->look->paint);
}

/* The last row is the goal's, else the pins', else what textbooks say, where the words leave it. */
void draw_status(const App *a, Canvas *c)
{
    const Say *say = a->say;
    Rect r = a->look->layout.status;
    Rect in = {r.col + 1, r.row, r.cols - 2, r.rows};
    if (r.rows < 1)
        return;
    bool spare = in.rows > 1 && wrap_rows(say->text, in.cols) == 1 && !a->gate->predicting;
    Rect last = {in.col, in.row + in.rows - 1, in.cols, 1};
    if (a->task->given && in.rows > 1) {
        in.rows--;
        task_draw(a->task, a->session, c, last, &a->look->paint);
    } else if (!a->task->given && spare && !a->look->table_rows && draw_runners(a, c, in)) {
        in.rows--;
    } else if (!a->task->given && spare && say->claim[0]) {
        draw_claim(a, c, last);
    }
    if (in.rows >= BIG_CAPTION) {
        draw_caption(a, c, in);
        return;
    }
    if (a->gate->predicting) { /* captions would tell */
        panel_wrap(c, in, say->warns ? say->text : guess, ROLE_ACCENT, &a->look->paint);
        return;
    }
    bool brief = say->brief[0] && wrap_rows(say->text, in.cols) > in.rows;
    panel_wrap(c, in, brief ? say->brief : say->text, say->warns ? ROLE_WARN : ROLE_TEXT,
               &a->look->paint);
}

/* ---- footer ---- */

enum { FOOTER_MOST = 64, FOOTER_KEYS = 160, FOOTER_KEPT = 4 };

static KeyRow footer_row(const App *a, const Binding *b, char name[16])
{
    const Focus *f = a->focus;
    const char *label = view_label(a, b);
    key_name(b->key, name);
    if (b->shown & KEY_AND_OPPOSITE)
        snprintf(name, 16, "%s", b->key == KEYCODE_UP ? "↑↓" : "←→");
    if (b->shown & KEY_DIGITS)
        snprintf(name, 16, "1-9");
    if ((b->shown & KEY_FOCUSED) && f->at >= 0)
        label = f->list[f->at].name;
    if ((b->shown & KEY_PLAYS) && !a->session->playing)
        label = "play";
    return (KeyRow){name, label};
}

/* Labels in order of priority; help and lessons, the first of all, stand last and always stay. */
void draw_footer(const App *a, Canvas *c)
{
    Rect r = a->look->layout.footer;
    const Binding *keys[FOOTER_KEYS];
    const Binding *shown[FOOTER_MOST];
    KeyRow rows[FOOTER_MOST];
    char names[FOOTER_MOST][16];
    int all = view_bindings(a->views, a->views->depth - 1, keys, FOOTER_KEYS);
    int count = 0;
    int keep = 0;
    if (r.rows < 1)
        return;
    for (int priority = 2; priority <= 31; priority++) /* 1 comes last */
        for (int i = 0; i < all && count < FOOTER_MOST; i++)
            if (keys[i]->priority == (priority == 31 ? 1 : priority) && keep < FOOTER_KEPT &&
                view_label(a, keys[i])) {
                shown[count++] = keys[i];
                keep += priority == 31;
            }
    for (int i = 0; i < count; i++)
        rows[i] = footer_row(a, shown[i], names[i]);
    footer_draw(c, (Rect){r.col + 1, r.row, r.cols - 2, 1}, rows, count, keep, &a->look->paint);
}
