/* SPDX-License-Identifier: MIT
 * board: see board.h */
#include "out/board.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool board_open(Board *b, unsigned first_id)
{
    *b = (Board){.first_id = first_id, .deflate = deflate_new()};
    return b->deflate != NULL;
}

void board_close(Board *b)
{
    for (int i = 0; i < BOARD_SLOTS; i++) {
        kitty_close(&b->panel[i]);
        layer_release(&b->layer[i]);
    }
    pixels_release(&b->raster);
    deflate_free(b->deflate);
    *b = (Board){0};
}

static void hide_slot(Board *b, int i, Bytes *out)
{
    kitty_hide(&b->panel[i], out);
    b->layer[i].shapes = -1; /* drawn anew */
}

void board_hide(Board *b, Bytes *out)
{
    for (int i = 0; i < BOARD_SLOTS; i++)
        hide_slot(b, i, out);
}

static bool same_place(const KittyPlace *a, const KittyPlace *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Move a slot to its place; true if it is there, with its sizes. */
static bool place_slot(Board *b, int i, KittyPlace place, Bytes *out)
{
    KittyPanel *k = &b->panel[i];
    if (same_place(&k->place, &place) && k->shown.rgba)
        return true;
    hide_slot(b, i, out);
    return kitty_open(k, place, b->first_id + (unsigned)i * KITTY_IDS) &&
           layer_resize(&b->layer[i], k->shown.width, k->shown.height);
}

/* Heat is smooth and scaled smoothly: a cell of the base needs no more pixels than these. */
enum { BASE_WIDE = 7, BASE_HIGH = 14 };

static bool show_base(Board *b, int i, const Figure *f, const Paint *paint, Bytes *out)
{
    const KittyPlace *k = &b->panel[i].place;
    Pixels *p = &b->raster;
    int wide = k->cell_width < BASE_WIDE ? k->cell_width : BASE_WIDE;
    int high = k->cell_height < BASE_HIGH ? k->cell_height : BASE_HIGH;
    if ((p->width != wide * k->cols || p->height != high * k->rows) &&
        !pixels_resize(p, wide * k->cols, high * k->rows))
        return false;
    FigurePen pen = pixels_pen(p);
    pixels_clear(p, paint, paint->role[ROLE_BACK]);
    const FigureView v = {f, 0, {0, 0, p->width, p->height}, figure_cell_unit(high), paint, &pen};
    figure_base(&v);
    kitty_base(&b->panel[i], p, b->deflate, out);
    return !out->failed;
}

static bool show_slot(Board *b, int i, const FigureSlot *slot, KittyPlace place, const Paint *paint,
                      Bytes *out)
{
    KittyPanel *k = &b->panel[i];
    Layer *l = &b->layer[i];
    if (!place_slot(b, i, place, out))
        return false;
    if ((!k->base || b->base[i] != slot->base) && !show_base(b, i, slot->figure, paint, out))
        return false;
    b->base[i] = slot->base;
    if (!layer_draw(l, slot->figure, figure_cell_unit(place.cell_height), paint))
        return false;
    kitty_layer(k, &l->now, l->dirty, b->deflate, out);
    return !out->failed;
}

bool board_show(Board *b, const FigureSlot *slot, int slots, int cell_width, int cell_height,
                const Paint *paint, Bytes *out)
{
    if (b->theme != paint->theme || b->map != paint->map)
        board_hide(b, out);
    b->theme = paint->theme;
    b->map = paint->map;
    for (int i = 0; i < BOARD_SLOTS; i++) {
        Rect r = i < slots ? slot[i].cells : (Rect){0};
        KittyPlace place = {r.col, r.row, r.cols, r.rows, cell_width, cell_height};
        if (r.cols <= 0 || r.rows <= 0) {
            hide_slot(b, i, out);
        } else if (!show_slot(b, i, &slot[i], place, paint, out)) {
            board_hide(b, out);
            return false;
        }
    }
    return true;
}

/* --- may pictures be sent? ------------------------------------------------------------------ */

/* Name and version; one picture of a pixel, only asked for; the size of a cell; what every terminal
 * answers. */
const char board_question[] = "\033[>q\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[16t\033[c";

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

bool board_may_ask(const char *tmux, const char *sty, const char *zellij, const char *term)
{
    return !(tmux && tmux[0]) && !(sty && sty[0]) && !(zellij && zellij[0]) && term &&
           !begins(term, "tmux") && !begins(term, "screen");
}

/* A terminal by the start of its name, and the version from which on it can. */
typedef struct Since {
    const char *name;
    int major, minor;
} Since;

/* Does this answer to XTVERSION, "kitty(0.35.2)" or "foot 1.20.0", name one of the list? */
static bool named(const char *answer, const Since *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!begins(answer, list[i].name))
            continue;
        char *end;
        const char *at = answer + strlen(list[i].name);
        long major = strtol(at, &end, 10);
        long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
        return end > at && (major > list[i].major || (major == list[i].major && minor >= list[i].minor));
    }
    return false;
}

/* They lay text over pictures below it, live (research of 2026-08). */
static const Since lay_text[] = {{"kitty(", 0, 28}, {"ghostty ", 0, 0}, {"Konsole ", 0, 0}};
static const Since draw_octants[] = {{"kitty(", 0, 40}, {"ghostty ", 1, 2}, {"foot(", 1, 20},
                                     {"foot ", 1, 20},  {"VTE(", 7800, 0}};

/* `what` within the bytes; NULL: not there. */
static const char *find(const char *bytes, size_t count, const char *what)
{
    size_t n = strlen(what);
    for (size_t i = 0; i + n <= count; i++)
        if (memcmp(bytes + i, what, n) == 0)
            return bytes + i + n;
    return NULL;
}

/* "HIGH;WIDEt" */
static void read_size(const char *at, size_t count, int *cell_width, int *cell_height)
{
    char text[16] = "", *end;
    memcpy(text, at, count < sizeof text - 1 ? count : sizeof text - 1);
    long high = strtol(text, &end, 10), wide = *end == ';' ? strtol(end + 1, &end, 10) : 0;
    if (*end != 't' || high < 1 || high > 400 || wide < 1 || wide > 400)
        return;
    *cell_height = (int)high;
    *cell_width = (int)wide;
}

/* The answer to XTVERSION; "": none. */
static void read_name(const char *bytes, size_t count, char name[64])
{
    const char *version = find(bytes, count, "\033P>|");
    size_t i = 0;
    for (; version && i < 63 && version + i < bytes + count && version[i] != '\033'; i++)
        name[i] = version[i];
    name[i] = '\0';
}

bool board_knows_octants(const char *bytes, size_t count, const char *vte)
{
    char name[64];
    read_name(bytes, count, name);
    if (!name[0] && vte)
        return strtol(vte, NULL, 10) >= 7800;
    return named(name, draw_octants, sizeof draw_octants / sizeof draw_octants[0]);
}

bool board_answers(const char *bytes, size_t count, int *cell_width, int *cell_height)
{
    char name[64];
    const char *size = find(bytes, count, "\033[6;");
    read_name(bytes, count, name);
    if (size)
        read_size(size, (size_t)(bytes + count - size), cell_width, cell_height);
    return find(bytes, count, "\033_Gi=31;OK\033\\") &&
           named(name, lay_text, sizeof lay_text / sizeof lay_text[0]);
}
