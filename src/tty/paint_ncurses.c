/* SPDX-License-Identifier: MIT
 * paint_ncurses: frames through ncurses; for every terminal it knows. */
#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "out/ansi.h"
#include "tty/modes.h"
#include "tty/paint.h"

/* macOS ships an ncurses without extended pairs. */
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS
#define INIT_PAIR(pair, fg, bg) init_extended_pair(pair, fg, bg)
#define PAIR_LIMIT 16384
#else
#define INIT_PAIR(pair, fg, bg) init_pair((short)(pair), (short)(fg), (short)(bg))
#define PAIR_LIMIT 256
#endif

/* Pairs are made when first needed and keyed by what they resolve to. None is ever changed
 * while it may be on the screen: ncurses would repaint, and recycling in mid-frame scrambled the
 * picture. When they run out the frame makes do, and the next one starts afresh. */
typedef struct Pair {
    int fg, bg; /* ncurses colours, -1 default */
    int number; /* 0: empty slot */
} Pair;

typedef struct Curses {
    ColorMode mode;
    bool utf8;
    bool defaults;  /* the terminal's own colours can be asked for */
    bool exhausted; /* this frame wanted more pairs than there are */
    int palette;
    int pairs, limit; /* made; number 0 is the terminal's own */
    size_t slots;     /* a power of two */
    Pair *slot;       /* owned; open addressing */
    int cols, rows;
    Cell *shown; /* owned */
} Curses;

static bool resize(Painter *p, int cols, int rows)
{
    Curses *s = p->state;
    Cell *shown = malloc((size_t)cols * (size_t)rows * sizeof *shown + 1);
    if (!shown)
        return false;
    free(s->shown);
    s->shown = shown;
    s->cols = cols;
    s->rows = rows;
    return true;
}

/* --- colours --- */

static int resolve(const Curses *s, Color c, int otherwise)
{
    if (c == COLOR_DEFAULT)
        return s->defaults ? -1 : otherwise;
    if (color_is_index(c))
        return (int)(c & 0xFFFFFFu) % (s->palette > 0 ? s->palette : 1);
    return (int)(c < 8 ? c | 8 : c); /* direct: 0 to 7 would be palette entries */
}

static Pair *find_slot(const Curses *s, int fg, int bg)
{
    uint32_t hash = (uint32_t)fg * 2654435761u ^ (uint32_t)bg * 2246822519u;
    size_t i = (hash ^ hash >> 15) & (s->slots - 1);
    while (s->slot[i].number && (s->slot[i].fg != fg || s->slot[i].bg != bg))
        i = (i + 1) & (s->slots - 1);
    return &s->slot[i];
}

/* The pair of these colours, or when there is none left the nearest we have: the right
 * background first, it covers more. */
static int pair_of(Curses *s, int fg, int bg)
{
    if (s->limit == 0 || (fg == -1 && bg == -1))
        return 0;
    Pair *slot = find_slot(s, fg, bg);
    if (slot->number)
        return slot->number;
    if (s->pairs + 1 < s->limit && INIT_PAIR(s->pairs + 1, fg, bg) != ERR) {
        *slot = (Pair){fg, bg, ++s->pairs};
        return slot->number;
    }
    s->exhausted = true;
    for (size_t i = 0; i < s->slots; i++)
        if (s->slot[i].number && s->slot[i].bg == bg)
            return s->slot[i].number;
    return 0;
}

static void forget_pairs(Curses *s)
{
    memset(s->slot, 0, s->slots * sizeof *s->slot);
    s->pairs = 0;
    s->exhausted = false;
}

/* --- cells --- */

static attr_t attributes(uint32_t attr)
{
    static const struct {
        uint32_t bit;
        attr_t attribute;
    } table[] = {{CELL_BOLD, A_BOLD},
                 {CELL_REVERSE, A_REVERSE},
                 {CELL_UNDERLINE, A_UNDERLINE},
                 {CELL_DIM, A_DIM}};
    attr_t result = A_NORMAL;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (attr & table[i].bit)
            result |= table[i].attribute;
    return result;
}

static void put_cell(Curses *s, int col, int row, Cell c)
{
    uint32_t glyph = c.glyph < 0x80 || s->utf8 ? c.glyph : '?';
    wchar_t text[2] = {(wchar_t)glyph, L'\0'};
    cchar_t out;
    int pair = pair_of(s, resolve(s, c.fg, COLOR_WHITE), resolve(s, c.bg, COLOR_BLACK));
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS
    setcchar(&out, text, attributes(c.attr), 0, &pair);
#else
    setcchar(&out, text, attributes(c.attr), (short)pair, NULL);
#endif
    mvadd_wchnstr(row, col, &out, 1); /* unlike add_wch it has no trouble in the last cell */
}

static bool same(const Cell *a, const Cell *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static size_t frame(Painter *p, const Canvas *c, bool full)
{
    Curses *s = p->state;
    if (s->exhausted) {
        forget_pairs(s);
        full = true;
    }
    int cols = c->cols < s->cols ? c->cols : s->cols;
    int rows = c->rows < s->rows ? c->rows : s->rows;
    for (int row = 0; row < rows; row++) {
        const Cell *line = c->cell + (size_t)row * (size_t)c->cols;
        Cell *shown = s->shown + (size_t)row * (size_t)s->cols;
        for (int col = 0; col < cols; col++) {
            if (!full && same(&line[col], &shown[col]))
                continue;
            shown[col] = line[col];
            put_cell(s, col, row, ansi_canonical(s->mode, line[col]));
        }
    }
    if (full)
        clearok(curscr, TRUE);
    return 0;
}

static bool flush(Painter *p, const char *tail, size_t size)
{
    const Curses *s = p->state;
    move(s->rows - 1, s->cols - 1); /* where a cursor that cannot be hidden rests */
    if (refresh() == ERR)
        return false;
    return size == 0 || modes_write(tail, size);
}

static void sync(Painter *p)
{
    (void)p;
}

static void release(Painter *p)
{
    Curses *s = p->state;
    free(s->slot);
    free(s->shown);
    free(s);
    p->state = NULL;
}

static ColorMode offered(const Term *term)
{
    int colors = term->palette;
    if (term->direct)
        return MODE_TRUECOLOR;
    return colors >= 256 ? MODE_256 : colors >= 16 ? MODE_16 : colors >= 8 ? MODE_8 : MODE_MONO;
}

static void start_colors(Curses *s)
{
    if (s->mode == MODE_MONO || start_color() == ERR)
        return;
    s->defaults = use_default_colors() != ERR;
    s->limit = COLOR_PAIRS < PAIR_LIMIT ? COLOR_PAIRS : PAIR_LIMIT;
    s->palette = COLORS < 256 ? COLORS : 256;
}

bool paint_ncurses(Painter *p, const Term *term)
{
    Curses *s = calloc(1, sizeof *s);
    ColorMode most = offered(term);
    if (!s)
        return false;
    s->mode = term->mode > most ? term->mode : most; /* the poorer one */
    s->utf8 = term->utf8;
    start_colors(s);
    for (s->slots = 16; s->slots < 2 * (size_t)s->limit;)
        s->slots *= 2;
    s->slot = calloc(s->slots, sizeof *s->slot);
    *p = (Painter){.mode = s->mode,
                   .state = s,
                   .resize = resize,
                   .frame = frame,
                   .flush = flush,
                   .sync = sync,
                   .release = release};
    if (s->slot)
        return true;
    release(p);
    return false;
}
