/* SPDX-License-Identifier: MIT
 * png_read: inflate (RFC 1950, 1951) and PNG read back by other code than wrote them; for tests.
 * Include cmocka.h first. Everything wrong fails the test. */
#ifndef ETA_TESTS_UNIT_PNG_READ_H
#define ETA_TESTS_UNIT_PNG_READ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct BitReader {
    const uint8_t *at;
    size_t count, place; /* place in bits */
} BitReader;

static unsigned read_bit(BitReader *r)
{
    if (r->place >= 8 * r->count)
        fail_msg("the stream ends too early");
    unsigned bit = r->at[r->place / 8] >> r->place % 8 & 1;
    r->place++;
    return bit;
}

static unsigned read_bits(BitReader *r, int n)
{
    unsigned v = 0;
    for (int i = 0; i < n; i++)
        v |= read_bit(r) << i;
    return v;
}

/* Canonical codes: how many of each length, and the symbols in order. */
typedef struct Book {
    int count[16];
    int symbol[320];
} Book;

static void make_book(Book *b, const uint8_t *length, int n)
{
    int at[16] = {0};
    long left = 1;
    memset(b, 0, sizeof *b);
    for (int i = 0; i < n; i++)
        b->count[length[i]]++;
    b->count[0] = 0;
    for (int l = 1; l < 16; l++) {
        left = 2 * left - b->count[l];
        if (left < 0)
            fail_msg("more codes than there is room for");
        at[l] = at[l - 1] + b->count[l - 1];
    }
    for (int i = 0; i < n; i++)
        if (length[i])
            b->symbol[at[length[i]]++] = i;
}

static int read_symbol(BitReader *r, const Book *b)
{
    int code = 0, first = 0, index = 0;
    for (int l = 1; l < 16; l++) {
        code |= (int)read_bit(r);
        if (code - first < b->count[l])
            return b->symbol[index + code - first];
        index += b->count[l];
        first = (first + b->count[l]) << 1;
        code <<= 1;
    }
    fail_msg("no such code");
    return 0;
}

static void read_books(BitReader *r, Book *literal, Book *distance)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t length[320] = {0}, lengths[19] = {0};
    int literals = (int)read_bits(r, 5) + 257, distances = (int)read_bits(r, 5) + 1;
    int n = (int)read_bits(r, 4) + 4;
    Book book;
    for (int i = 0; i < n; i++)
        lengths[order[i]] = (uint8_t)read_bits(r, 3);
    make_book(&book, lengths, 19);
    for (int i = 0; i < literals + distances;) {
        int s = read_symbol(r, &book), times = 1;
        uint8_t value = 0;
        if (s < 16)
            value = (uint8_t)s;
        else
            times = s == 16   ? 3 + (int)read_bits(r, 2)
                    : s == 17 ? 3 + (int)read_bits(r, 3)
                              : 11 + (int)read_bits(r, 7);
        if (s == 16) {
            assert_true(i > 0);
            value = length[i - 1];
        }
        assert_true(i + times <= literals + distances);
        for (; times > 0; times--)
            length[i++] = value;
    }
    make_book(literal, length, literals);
    make_book(distance, length + literals, distances);
}

static void fixed_books(Book *literal, Book *distance)
{
    uint8_t length[288];
    for (int i = 0; i < 288; i++)
        length[i] = (uint8_t)(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    make_book(literal, length, 288);
    memset(length, 5, 30);
    make_book(distance, length, 30);
}

static void read_block(BitReader *r, const Book *literal, const Book *distance, uint8_t *out,
                       size_t room, size_t *at)
{
    static const int base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const int extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    static const int far[30] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    for (int s; (s = read_symbol(r, literal)) != 256;) {
        if (s < 256) {
            assert_true(*at < room);
            out[(*at)++] = (uint8_t)s;
            continue;
        }
        assert_true(s <= 285);
        size_t length = (size_t)(base[s - 257] + (int)read_bits(r, extra[s - 257]));
        int d = read_symbol(r, distance);
        assert_true(d < 30);
        size_t back = (size_t)(far[d] + (int)read_bits(r, d < 4 ? 0 : d / 2 - 1));
        assert_true(back <= *at && *at + length <= room);
        for (; length > 0; length--, (*at)++)
            out[*at] = out[*at - back];
    }
}

/* A whole zlib stream into `out`; returns the bytes. The stream must end where its bytes do. */
static size_t inflate_zlib(const uint8_t *from, size_t count, uint8_t *out, size_t room)
{
    size_t at = 0;
    Book literal, distance;
    assert_true(count >= 6 && (from[0] & 15) == 8 && (from[0] * 256 + from[1]) % 31 == 0 &&
                !(from[1] & 32));
    BitReader r = {from + 2, count - 6, 0};
    for (bool last = false; !last;) {
        last = read_bit(&r);
        unsigned kind = read_bits(&r, 2);
        assert_true(kind == 1 || kind == 2); /* stored blocks are never written */
        if (kind == 2)
            read_books(&r, &literal, &distance);
        else
            fixed_books(&literal, &distance);
        read_block(&r, &literal, &distance, out, room, &at);
    }
    assert_int_equal((r.place + 7) / 8, count - 6);
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < at; i++) {
        a = (a + out[i]) % 65521;
        b = (b + a) % 65521;
    }
    const uint8_t *sum = from + count - 4;
    assert_int_equal(b << 16 | a, (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 |
                                      (uint32_t)sum[2] << 8 | sum[3]);
    return at;
}

typedef struct PngImage {
    int width, height, type; /* type: 2 RGB, 3 palette, 6 RGBA */
    uint8_t *rgba;           /* free it */
} PngImage;

static uint32_t read_big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t crc_of(const uint8_t *p, size_t n)
{
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
    }
    return ~crc;
}

static void undo_filter(uint8_t *line, const uint8_t *above, size_t bytes, size_t step, int filter)
{
    for (size_t i = 0; i < bytes; i++) {
        int a = i >= step ? line[i - step] : 0, b = above ? above[i] : 0;
        int c = above && i >= step ? above[i - step] : 0, guess = 0, p = a + b - c;
        if (filter == 4)
            guess = abs(p - a) <= abs(p - b) && abs(p - a) <= abs(p - c) ? a
                    : abs(p - b) <= abs(p - c)                           ? b
                                                                         : c;
        else
            guess = filter == 1 ? a : filter == 2 ? b : filter == 3 ? (a + b) / 2 : 0;
        line[i] = (uint8_t)(line[i] + guess);
    }
}

static PngImage read_png(const uint8_t *file, size_t count)
{
    PngImage png = {0};
    uint8_t palette[1024], *data = NULL;
    size_t used = 0;
    int colours = 0;
    memset(palette, 255, sizeof palette);
    assert_true(count > 8 && memcmp(file, "\x89PNG\r\n\x1a\n", 8) == 0);
    for (size_t at = 8; at < count;) {
        size_t length = read_big32(file + at);
        const uint8_t *name = file + at + 4, *body = name + 4;
        assert_true(at + 12 + length <= count);
        assert_int_equal(crc_of(name, length + 4), read_big32(body + length));
        if (memcmp(name, "IHDR", 4) == 0) {
            png.width = (int)read_big32(body);
            png.height = (int)read_big32(body + 4);
            png.type = body[9];
            assert_int_equal(body[8], 8);
            data = malloc(((size_t)png.width * 4 + 1) * (size_t)png.height);
        } else if (memcmp(name, "PLTE", 4) == 0) {
            colours = (int)length / 3;
            for (int i = 0; i < colours; i++)
                memcpy(palette + 4 * i, body + 3 * i, 3);
        } else if (memcmp(name, "tRNS", 4) == 0) {
            for (size_t i = 0; i < length; i++)
                palette[4 * i + 3] = body[i];
        } else if (memcmp(name, "IDAT", 4) == 0) {
            used =
                inflate_zlib(body, length, data, ((size_t)png.width * 4 + 1) * (size_t)png.height);
        }
        at += 12 + length;
    }
    size_t step = png.type == 3 ? 1 : png.type == 2 ? 3 : 4, bytes = step * (size_t)png.width;
    assert_int_equal(used, (bytes + 1) * (size_t)png.height);
    png.rgba = malloc(4 * (size_t)png.width * (size_t)png.height);
    for (int y = 0; y < png.height; y++) {
        uint8_t *line = data + (size_t)y * (bytes + 1) + 1;
        undo_filter(line, y ? line - bytes - 1 : NULL, bytes, step, line[-1]);
        for (int x = 0; x < png.width; x++) {
            uint8_t *to = png.rgba + 4 * ((size_t)y * (size_t)png.width + (size_t)x);
            if (png.type == 3) {
                assert_true(line[x] < colours);
                memcpy(to, palette + 4 * line[x], 4);
            } else {
                to[3] = 255;
                memcpy(to, line + step * (size_t)x, step);
            }
        }
    }
    free(data);
    return png;
}

#endif
