/* SPDX-License-Identifier: MIT
 * png: see png.h */
#include "out/png.h"

#include <stdlib.h>
#include <string.h>

/* --- chunks -------------------------------------------------------------------------------- */

/* CRC-32 of ISO 3309, four bits at a time. */
static uint32_t crc32(const uint8_t *from, size_t count)
{
    static const uint32_t nibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
                                        0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
                                        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < count; i++) {
        crc = nibble[(crc ^ from[i]) & 15] ^ crc >> 4;
        crc = nibble[(crc ^ from[i] >> 4) & 15] ^ crc >> 4;
    }
    return ~crc;
}

/* A chunk is begun with a length of 0, which is mended at its end. */
static size_t chunk_begin(Bytes *out, const char name[4])
{
    bytes_big32(out, 0);
    bytes_put(out, name, 4);
    return out->count - 4;
}

static void chunk_end(Bytes *out, size_t name)
{
    if (out->failed)
        return;
    uint32_t length = (uint32_t)(out->count - name - 4);
    for (int k = 0; k < 4; k++)
        out->at[name - 4 + (size_t)k] = (uint8_t)(length >> (24 - 8 * k));
    bytes_big32(out, crc32(out->at + name, out->count - name));
}

/* --- colours ------------------------------------------------------------------------------- */

enum { PALETTE = 256, SLOTS = 1024 };

/* Colours found so far, by open hashing. */
typedef struct Palette {
    uint32_t rgba[PALETTE];
    int count; /* PALETTE + 1: too many */
    uint32_t key[SLOTS];
    uint8_t index[SLOTS];
    bool used[SLOTS];
} Palette;

static uint32_t pixel_at(const Pixels *p, size_t i)
{
    const uint8_t *c = p->rgba + 4 * i;
    return (uint32_t)c[0] << 24 | (uint32_t)c[1] << 16 | (uint32_t)c[2] << 8 | c[3];
}

static int palette_index(Palette *pal, uint32_t rgba)
{
    uint32_t slot = rgba * 0x9E3779B1u >> 22;
    while (pal->used[slot] && pal->key[slot] != rgba)
        slot = (slot + 1) % SLOTS;
    if (pal->used[slot])
        return pal->index[slot];
    if (pal->count >= PALETTE) {
        pal->count = PALETTE + 1;
        return -1;
    }
    pal->used[slot] = true;
    pal->key[slot] = rgba;
    pal->index[slot] = (uint8_t)pal->count;
    pal->rgba[pal->count] = rgba;
    return pal->count++;
}

static size_t pixel_count(const Pixels *p)
{
    return (size_t)p->width * (size_t)p->height;
}

static bool find_palette(Palette *pal, const Pixels *p)
{
    *pal = (Palette){0};
    for (size_t i = 0; i < pixel_count(p); i++)
        if ((i == 0 || pixel_at(p, i) != pixel_at(p, i - 1)) &&
            palette_index(pal, pixel_at(p, i)) < 0)
            return false;
    return true;
}

static bool is_opaque(const Pixels *p)
{
    for (size_t i = 0; i < pixel_count(p); i++)
        if (p->rgba[4 * i + 3] != 255)
            return false;
    return true;
}

/* --- lines --------------------------------------------------------------------------------- */

/* No line is filtered: in pictures of even colours, thin lines and letters the compressor finds
 * what repeats, and what a filter leaves repeats less (measured: a third more bytes). */
static void color_lines(const Pixels *p, int step, uint8_t *out)
{
    const uint8_t *from = p->rgba;
    for (int y = 0; y < p->height; y++) {
        *out++ = 0;
        for (int x = 0; x < p->width; x++, from += 4, out += step)
            memcpy(out, from, (size_t)step);
    }
}

static void index_lines(const Pixels *p, Palette *pal, uint8_t *out)
{
    for (int y = 0; y < p->height; y++) {
        *out++ = 0;
        for (int x = 0; x < p->width; x++)
            *out++ =
                (uint8_t)palette_index(pal, pixel_at(p, (size_t)y * (size_t)p->width + (size_t)x));
    }
}

/* --- the file ------------------------------------------------------------------------------ */

static void put_palette(const Palette *pal, bool opaque, Bytes *out)
{
    size_t at = chunk_begin(out, "PLTE");
    for (int i = 0; i < pal->count; i++)
        for (int shift = 24; shift >= 8; shift -= 8)
            bytes_byte(out, pal->rgba[i] >> shift & 255);
    chunk_end(out, at);
    if (opaque)
        return;
    at = chunk_begin(out, "tRNS");
    for (int i = 0; i < pal->count; i++)
        bytes_byte(out, pal->rgba[i] & 255);
    chunk_end(out, at);
}

static void put_head(const Pixels *p, int type, Bytes *out)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    bytes_put(out, signature, sizeof signature);
    size_t at = chunk_begin(out, "IHDR");
    bytes_big32(out, (uint32_t)p->width);
    bytes_big32(out, (uint32_t)p->height);
    bytes_byte(out, 8);
    bytes_byte(out, (unsigned)type);
    bytes_put(out, "\0\0", 3);
    chunk_end(out, at);
}

static void put_data(const uint8_t *lines, size_t count, Deflate *d, Bytes *out)
{
    size_t at = chunk_begin(out, "IDAT");
    deflate_zlib(d, lines, count, out);
    chunk_end(out, at);
    chunk_end(out, chunk_begin(out, "IEND"));
}

void png_write(const Pixels *p, Deflate *d, Bytes *out)
{
    Palette pal;
    bool opaque = is_opaque(p), indexed = find_palette(&pal, p);
    int step = indexed ? 1 : opaque ? 3 : 4;
    size_t lines = pixel_count(p) * (size_t)step + (size_t)p->height;
    uint8_t *data = malloc(lines + 1);
    if (!data) {
        out->failed = true;
        return;
    }
    put_head(p, indexed ? 3 : opaque ? 2 : 6, out);
    if (indexed) {
        put_palette(&pal, opaque, out);
        index_lines(p, &pal, data);
    } else {
        color_lines(p, step, data);
    }
    put_data(data, lines, d, out);
    free(data);
}
