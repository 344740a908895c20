/* SPDX-License-Identifier: MIT
 * kitty: see kitty.h; the protocol is kitty's docs/graphics-protocol.rst. */
#include "out/kitty.h"

#include <stdio.h>
#include <string.h>

#include "out/palette.h"
#include "out/png.h"

enum {
    CHUNK = 4096,        /* most bytes of base64 in one escape sequence */
    BELOW = -1073741825, /* the highest place that is below cells with a background */
};

const char kitty_hide_all[] = "\033_Ga=d,d=A,q=2\033\\";

static int tiles_across(const KittyPlace *p)
{
    return (p->cols + KITTY_TILE_COLS - 1) / KITTY_TILE_COLS;
}

static int tiles_down(const KittyPlace *p)
{
    return (p->rows + KITTY_TILE_ROWS - 1) / KITTY_TILE_ROWS;
}

bool kitty_open(KittyPanel *k, KittyPlace place, unsigned first_id)
{
    if (tiles_across(&place) * tiles_down(&place) > KITTY_TILES ||
        !pixels_resize(&k->shown, place.cols * place.cell_width, place.rows * place.cell_height))
        return false;
    k->place = place;
    k->first_id = first_id;
    k->base = 0;
    memset(k->tile, 0, sizeof k->tile);
    return true;
}

void kitty_close(KittyPanel *k)
{
    pixels_release(&k->shown);
    bytes_release(&k->scratch);
    bytes_release(&k->packed);
    *k = (KittyPanel){0};
}

/* --- sequences ------------------------------------------------------------------------------ */

/* Send data and show them at the cursor, in chunks. `keys` describe them. */
static void put_picture(const Bytes *data, const char *keys, Bytes *out)
{
    size_t piece = CHUNK / 4 * 3;
    for (size_t at = 0; at < data->count || at == 0; at += piece) {
        size_t count = data->count - at < piece ? data->count - at : piece;
        bool more = at + count < data->count;
        if (at == 0)
            bytes_text(out, "\033_G%s%s;", keys, more ? ",m=1" : "");
        else
            bytes_text(out, "\033_Gm=%d,q=2;", more);
        bytes_base64(out, data->at + at, count);
        bytes_put(out, "\033\\", 2);
    }
}

static void put_delete(unsigned id, Bytes *out)
{
    bytes_text(out, "\033_Ga=d,d=I,i=%u,q=2\033\\", id);
}

static void put_cursor(int col, int row, Bytes *out)
{
    bytes_text(out, "\033[%d;%dH", row + 1, col + 1);
}

/* The identifiers of a picture: number 0 is the base, 1... the tiles. */
static unsigned id_of(const KittyPanel *k, int number, int which)
{
    return k->first_id + 2 * (unsigned)number + (unsigned)which - 1;
}

/* --- the base ------------------------------------------------------------------------------- */

/* As many colours as the bytes allow: 60 KB of base64 for 456 x 360. */
static void pack_base(KittyPanel *k, Pixels *base, Deflate *d)
{
    static const int colours[] = {256, 64};
    double most = 0.274 * base->width * base->height;
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        k->scratch.count = 0;
        if (!palette_reduce(base, colours[i]))
            k->scratch.failed = true;
        png_write(base, d, &k->scratch);
        if ((double)k->scratch.count <= most)
            return;
    }
}

void kitty_base(KittyPanel *k, Pixels *base, Deflate *d, Bytes *out)
{
    char keys[120];
    int old = k->base, new = old == 1 ? 2 : 1;
    pack_base(k, base, d);
    snprintf(keys, sizeof keys, "a=T,f=100,i=%u,p=1,c=%d,r=%d,z=%d,C=1,q=2", id_of(k, 0, new),
             k->place.cols, k->place.rows, BELOW - 1);
    put_cursor(k->place.col, k->place.row, out);
    put_picture(&k->scratch, keys, out);
    if (old)
        put_delete(id_of(k, 0, old), out);
    k->base = (uint8_t) new;
    out->failed = out->failed || k->scratch.failed;
}

/* --- the layer ------------------------------------------------------------------------------ */

typedef struct Tile {
    int col, row, cols, rows; /* cells, relative to the panel */
    int x, y, width, height;  /* pixels */
} Tile;

static Tile tile_at(const KittyPlace *p, int across, int down)
{
    Tile t = {.col = across * KITTY_TILE_COLS, .row = down * KITTY_TILE_ROWS};
    t.cols = p->cols - t.col < KITTY_TILE_COLS ? p->cols - t.col : KITTY_TILE_COLS;
    t.rows = p->rows - t.row < KITTY_TILE_ROWS ? p->rows - t.row : KITTY_TILE_ROWS;
    t.x = t.col * p->cell_width;
    t.y = t.row * p->cell_height;
    t.width = t.cols * p->cell_width;
    t.height = t.rows * p->cell_height;
    return t;
}

static uint8_t *line_of(const Pixels *p, const Tile *t, int y)
{
    return p->rgba + 4 * ((size_t)(t->y + y) * (size_t)p->width + (size_t)t->x);
}

static bool differs(const Pixels *a, const Pixels *b, const Tile *t)
{
    for (int y = 0; y < t->height; y++)
        if (memcmp(line_of(a, t, y), line_of(b, t, y), 4 * (size_t)t->width) != 0)
            return true;
    return false;
}

/* Four bits of alpha and five of each colour are enough for thin lines, and pack better. */
static void put_coarse(Bytes *to, const uint8_t *from)
{
    unsigned a = from[3] / 17u * 17u;
    for (int c = 0; c < 3; c++)
        bytes_byte(to, a ? (from[c] & 0xF8u) | from[c] >> 5 : 0);
    bytes_byte(to, from[3] > 238 ? 255 : a);
}

/* Copies the tile to what is shown, and behind one another; false: it is empty. */
static bool take_tile(KittyPanel *k, const Pixels *layer, const Tile *t)
{
    bool any = false;
    k->scratch.count = 0;
    for (int y = 0; y < t->height; y++) {
        const uint8_t *from = line_of(layer, t, y);
        memcpy(line_of(&k->shown, t, y), from, 4 * (size_t)t->width);
        for (int x = 0; x < t->width; x++) {
            put_coarse(&k->scratch, from + 4 * x);
            any = any || from[4 * x + 3] >= 17;
        }
    }
    return any;
}

static void put_tile(KittyPanel *k, const Pixels *layer, const Tile *t, int number, Deflate *d,
                     Bytes *out)
{
    char keys[120];
    uint8_t *state = &k->tile[number];
    int old = *state, new = old == 1 ? 2 : 1;
    if (take_tile(k, layer, t)) {
        k->packed.count = 0;
        deflate_zlib(d, k->scratch.at, k->scratch.count, &k->packed);
        snprintf(keys, sizeof keys, "a=T,f=32,o=z,s=%d,v=%d,i=%u,p=1,c=%d,r=%d,z=%d,C=1,q=2",
                 t->width, t->height, id_of(k, number + 1, new), t->cols, t->rows, BELOW);
        put_cursor(k->place.col + t->col, k->place.row + t->row, out);
        put_picture(&k->packed, keys, out);
        *state = (uint8_t) new;
    } else {
        *state = 0;
    }
    if (old)
        put_delete(id_of(k, number + 1, old), out);
    out->failed = out->failed || k->scratch.failed || k->packed.failed;
}

void kitty_layer(KittyPanel *k, const Pixels *layer, Box dirty, Deflate *d, Bytes *out)
{
    const KittyPlace *p = &k->place;
    int across = tiles_across(p), wide = KITTY_TILE_COLS * p->cell_width,
        high = KITTY_TILE_ROWS * p->cell_height;
    for (int i = 0; i < across * tiles_down(p); i++) {
        Tile t = tile_at(p, i % across, i / across);
        if (t.x < dirty.x1 && t.x + wide > dirty.x0 && t.y < dirty.y1 && t.y + high > dirty.y0 &&
            differs(&k->shown, layer, &t))
            put_tile(k, layer, &t, i, d, out);
    }
}

void kitty_hide(KittyPanel *k, Bytes *out)
{
    int tiles = tiles_across(&k->place) * tiles_down(&k->place);
    if (k->base)
        put_delete(id_of(k, 0, k->base), out);
    for (int i = 0; i < tiles; i++)
        if (k->tile[i])
            put_delete(id_of(k, i + 1, k->tile[i]), out);
    k->base = 0;
    memset(k->tile, 0, sizeof k->tile);
    if (k->shown.rgba)
        memset(k->shown.rgba, 0, 4 * (size_t)k->shown.width * (size_t)k->shown.height);
}
