/* SPDX-License-Identifier: MIT
 * tty_probe: the smallest program on src/tty, for its tests: it shows the last event as text, a
 * moving block, random pictures, and it crashes when told to. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "tty/tty.h"

typedef struct Probe {
    ColorMode mode;
    bool utf8;
    bool playing;
    bool wanted_to_quit;
    char picture;   /* 'b' block, 'r' random, 'w' whole map */
    double seconds; /* played */
    long stop;      /* pause by itself at this 60th of a second, 0: never */
    long picture_number;
    char last[80]; /* the last event */
    char paste[64];
    size_t pasted;
} Probe;

/* --- colours for every mode --- */

static Color any_color(const Probe *p, uint64_t r)
{
    static const uint32_t entries[] = {0, 256, 16, 8, 0};
    if (p->mode == MODE_MONO || r % 11 == 0)
        return COLOR_DEFAULT;
    if (p->mode != MODE_TRUECOLOR)
        return COLOR_INDEX | (uint32_t)(r / 11 % (entries[p->mode] < 32 ? entries[p->mode] : 32));
    return (Color)(r / 11 % 64 * 0x040302);
}

static Color heat_color(const Probe *p, int level) /* 0..31 */
{
    static const uint8_t ramp256[] = {232, 17, 53, 54, 89, 90, 125, 161, 166};
    static const uint8_t ramp8[] = {0, 4, 5, 1};
    switch (p->mode) {
    case MODE_TRUECOLOR:
        return (Color)(level * 5) << 16 | (Color)(level * 2) << 8 | (Color)(40 + level);
    case MODE_256:
        return COLOR_INDEX | ramp256[level * 9 / 32];
    case MODE_MONO:
        return COLOR_DEFAULT;
    default:
        return COLOR_INDEX | ramp8[level / 8];
    }
}

/* --- pictures --- */

static void random_picture(const Probe *p, Canvas *c)
{
    static const uint32_t glyphs[] = {' ', ' ', 'a', '#', 0x2580, 0x2584, 0x2588, 0x2599};
    size_t cells = (size_t)c->cols * (size_t)c->rows;
    uint64_t seed = (uint64_t)p->picture_number / 2; /* every other frame changes few cells */
    for (size_t i = 0; i < cells; i++) {
        uint64_t r = rng_u64(seed, i);
        if (p->picture_number % 2 && r % 29 == 0)
            r = rng_u64(seed + 1, i);
        uint32_t glyph = glyphs[r % (p->utf8 ? 8 : 4)];
        uint32_t attr = (r >> 8) % 9 == 0 ? (uint32_t)(r >> 16) % 8 : 0;
        c->cell[i] =
            (Cell){glyph, any_color(p, r >> 24 & 0xFFF), any_color(p, r >> 40 & 0xFFF), attr};
    }
}

static int heat_level(const Probe *p, int x, int y, int shift)
{
    int level = (x * x / 9 + y * y / 4 + x * y / 7) / 60 + shift;
    (void)p;
    level %= 62;
    return level < 31 ? level : 61 - level;
}

static void map_picture(const Probe *p, Canvas *c, int shift)
{
    for (int row = 0; row < c->rows; row++) {
        for (int col = 0; col < c->cols; col++) {
            Color top = heat_color(p, heat_level(p, col, 2 * row, shift));
            Color bottom = heat_color(p, heat_level(p, col, 2 * row + 1, shift));
            canvas_put(c, col, row, p->utf8 ? 0x2580 : '.', top, bottom, 0);
        }
    }
}

static void block_picture(const Probe *p, Canvas *c)
{
    int col = c->cols > 0 ? (int)(p->seconds * 60) % c->cols : 0;
    int row = c->rows > 4 ? 3 + (int)(p->seconds * 30) % (c->rows - 3) : 0;
    map_picture(p, c, 0);
    canvas_put(c, col, row, p->utf8 ? 0x25CF : 'o', heat_color(p, 31), heat_color(p, 0), CELL_BOLD);
    canvas_put(c, col - 1, row, p->utf8 ? 0x2599 : '+', COLOR_DEFAULT, heat_color(p, 0), 0);
}

/* --- the three calls and the rest --- */

static void probe_colors(void *ctx, ColorMode mode, bool utf8)
{
    Probe *p = ctx;
    p->mode = mode;
    p->utf8 = utf8;
}

static void probe_key(Probe *p, uint32_t key)
{
    snprintf(p->last, sizeof p->last, "key %lX", (unsigned long)key);
    if (key == 'q')
        p->wanted_to_quit = true;
    else if (key == 'X')
        raise(SIGSEGV);
    else if (key == 'A')
        abort();
    else if (key == ' ')
        p->playing = !p->playing;
    else if (key == 'n')
        p->picture_number++;
}

static void probe_event(void *ctx, Event e)
{
    Probe *p = ctx;
    if (e.kind == EVENT_KEY) {
        probe_key(p, e.key);
    } else if (e.kind == EVENT_MOUSE) {
        snprintf(p->last, sizeof p->last, "mouse %d at %d,%d", (int)e.button, e.col, e.row);
    } else if (e.kind == EVENT_RESIZE) {
        snprintf(p->last, sizeof p->last, "size %dx%d", e.col, e.row);
    } else if (e.kind == EVENT_PASTE && p->pasted + 5 < sizeof p->paste) {
        p->pasted += (size_t)utf8_encode(e.key, p->paste + p->pasted);
        snprintf(p->last, sizeof p->last, "paste %s", p->paste);
    } else if (e.kind == EVENT_END) {
        fputs("probe: end\n", stderr);
    }
}

static bool probe_advance(void *ctx, double seconds)
{
    Probe *p = ctx;
    long before = (long)(p->seconds * 60 + 1e-9);
    if (!p->playing)
        return false;
    p->seconds += seconds;
    long now = (long)(p->seconds * 60 + 1e-9);
    if (p->stop > 0 && now >= p->stop)
        p->playing = false;
    return now != before;
}

static double probe_next(void *ctx)
{
    const Probe *p = ctx;
    return p->playing ? 1.0 / 60 : -1;
}

static void probe_draw(void *ctx, Canvas *c)
{
    const Probe *p = ctx;
    static const char *const modes[] = {"truecolor", "256", "16", "8", "mono"};
    if (p->picture == 'r')
        random_picture(p, c);
    else if (p->picture == 'w')
        map_picture(p, c, (int)(p->seconds * 60 + 1e-9));
    else
        block_picture(p, c);
    if (p->picture != 'b')
        return;
    canvas_text(c, 0, 0, c->cols, p->last, COLOR_DEFAULT, COLOR_DEFAULT, 0);
    canvas_text(c, 0, 1, c->cols, modes[p->mode], COLOR_DEFAULT, COLOR_DEFAULT, 0);
    canvas_text(c, 0, 2, c->cols, p->utf8 ? "utf8" : "ascii", COLOR_DEFAULT, COLOR_DEFAULT, 0);
}

static void probe_tell(void *ctx, const char *text)
{
    (void)ctx, (void)text;
}

static bool probe_quit(void *ctx)
{
    const Probe *p = ctx;
    return p->wanted_to_quit;
}

static void probe_pictures(void *ctx, bool on)
{
    (void)ctx, (void)on;
}

static void probe_octants(void *ctx)
{
    (void)ctx;
}

static int probe_figures(void *ctx, const FigureSlot **slots, const Paint **paint)
{
    (void)ctx, (void)slots, (void)paint;
    return 0;
}

static void option(Probe *p, TtyOptions *o, const char *arg)
{
    if (strncmp(arg, "frames=", 7) == 0)
        o->frames = atol(arg + 7);
    else if (strncmp(arg, "stop=", 5) == 0)
        p->stop = atol(arg + 5);
    else if (strncmp(arg, "colors=", 7) == 0)
        o->colors = atoi(arg + 7);
    else if (strcmp(arg, "ansi") == 0)
        o->render = TTY_ANSI;
    else if (strcmp(arg, "ncurses") == 0)
        o->render = TTY_NCURSES;
    else if (strcmp(arg, "virtual") == 0)
        o->virtual_clock = true;
    else if (strcmp(arg, "marker") == 0)
        o->marker = true;
    else if (strcmp(arg, "ascii") == 0)
        o->ascii = true;
    else if (strcmp(arg, "play") == 0)
        p->playing = true;
    else
        p->picture = arg[0];
}

static const char *probe_copied(void *ctx)
{
    (void)ctx;
    return NULL;
}

int main(int argc, char **argv)
{
    Probe probe = {.picture = 'b', .last = "nothing yet"};
    TtyOptions options = TTY_DEFAULTS;
    TtyApp app = {&probe,     probe_colors, probe_event, probe_advance,
                  probe_next, probe_draw,   probe_quit,  probe_pictures, probe_figures,
                  probe_copied, probe_tell, probe_octants};
    for (int i = 1; i < argc; i++)
        option(&probe, &options, argv[i]);
    return tty_run(&app, &options);
}
