/* SPDX-License-Identifier: MIT
 * kitty_read: the part of a terminal that understands kitty's graphics sequences, for tests: keeps
 * pictures by identifier and puts them together again. Include cmocka.h and unit/png_read.h first.
 * Whatever breaks the rules of the protocol fails the test. */
#ifndef ETA_TESTS_KITTY_READ_H
#define ETA_TESTS_KITTY_READ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCREEN_PICTURES = 2048, SCREEN_DATA = 1 << 22 };

typedef struct ScreenPicture {
    unsigned id; /* 0: free */
    int width, height;
    uint8_t *rgba;
    int col, row, cols, rows;
    long z;
} ScreenPicture;

typedef struct Screen {
    ScreenPicture picture[SCREEN_PICTURES];
    int col, row;   /* cursor */
    char keys[256]; /* of the transmission that goes on; "": none */
    uint8_t *data;  /* base64 so far */
    size_t count;
    long sequences, sent; /* all ever */
} Screen;

static void screen_open(Screen *s)
{
    *s = (Screen){0};
    s->data = malloc(SCREEN_DATA);
}

static void screen_close(Screen *s)
{
    for (int i = 0; i < SCREEN_PICTURES; i++)
        free(s->picture[i].rgba);
    free(s->data);
}

/* The value of a key of one letter; `other` if it is not there. */
static long key_of(const char *keys, char key, long other)
{
    for (const char *k = keys; *k; k = strchr(k, ',') ? strchr(k, ',') + 1 : "")
        if (k[0] == key && k[1] == '=')
            return k[2] >= '0' && k[2] <= '9' ? strtol(k + 2, NULL, 10)
                   : k[2] == '-'              ? strtol(k + 2, NULL, 10)
                                              : k[2];
    return other;
}

static ScreenPicture *picture_of(Screen *s, unsigned id)
{
    for (int i = 0; i < SCREEN_PICTURES; i++)
        if (s->picture[i].id == id)
            return &s->picture[i];
    return NULL;
}

static void picture_free(ScreenPicture *p)
{
    free(p->rgba);
    *p = (ScreenPicture){0};
}

static int digit_of(int c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

static size_t undo_base64(uint8_t *at, size_t count)
{
    size_t n = 0;
    uint32_t bits = 0;
    int have = 0;
    assert_int_equal(count % 4, 0);
    for (size_t i = 0; i < count && at[i] != '='; i++) {
        assert_true(digit_of(at[i]) >= 0);
        bits = bits << 6 | (uint32_t)digit_of(at[i]);
        have += 6;
        if (have >= 8)
            at[n++] = (uint8_t)(bits >> (have -= 8));
    }
    return n;
}

/* A transmission is whole: a=T, PNG or compressed RGBA. */
static void picture_arrives(Screen *s)
{
    const char *k = s->keys;
    unsigned id = (unsigned)key_of(k, 'i', 0);
    assert_int_equal(key_of(k, 'a', 0), 'T');
    assert_int_equal(key_of(k, 'q', 0), 2);
    assert_int_equal(key_of(k, 'C', 0), 1);
    assert_true(id > 0 && !picture_of(s, id)); /* sent anew it would lose what it shows */
    ScreenPicture *p = picture_of(s, 0);
    size_t count = undo_base64(s->data, s->count);
    assert_non_null(p);
    *p = (ScreenPicture){.id = id,
                         .col = s->col,
                         .row = s->row,
                         .cols = (int)key_of(k, 'c', 0),
                         .rows = (int)key_of(k, 'r', 0),
                         .z = key_of(k, 'z', 0)};
    if (key_of(k, 'f', 32) == 100) {
        PngImage png = read_png(s->data, count);
        p->width = png.width;
        p->height = png.height;
        p->rgba = png.rgba;
    } else {
        assert_int_equal(key_of(k, 'o', 0), 'z');
        p->width = (int)key_of(k, 's', 0);
        p->height = (int)key_of(k, 'v', 0);
        size_t size = 4 * (size_t)p->width * (size_t)p->height;
        p->rgba = malloc(size);
        assert_int_equal(inflate_zlib(s->data, count, p->rgba, size), size);
    }
    s->keys[0] = '\0';
}

static void graphics(Screen *s, const char *keys, const uint8_t *data, size_t count)
{
    assert_true(count <= 4096);
    s->sequences++;
    if (key_of(keys, 'a', 0) == 'd') {
        assert_true(s->keys[0] == '\0');
        for (int i = 0; i < SCREEN_PICTURES; i++)
            if (s->picture[i].id &&
                (key_of(keys, 'd', 0) == 'A' || s->picture[i].id == (unsigned)key_of(keys, 'i', 0)))
                picture_free(&s->picture[i]);
        return;
    }
    if (s->keys[0] == '\0') {
        snprintf(s->keys, sizeof s->keys, "%s", keys);
        s->count = 0;
    }
    assert_true(s->count + count < SCREEN_DATA);
    memcpy(s->data + s->count, data, count);
    s->count += count;
    if (key_of(keys, 'm', 0) == 0)
        picture_arrives(s);
    else
        assert_int_equal(count % 4, 0);
}

/* Bytes as a terminal reads them: APC G, and where the cursor goes; all else is skipped. */
static void screen_write(Screen *s, const uint8_t *at, size_t count)
{
    s->sent += (long)count;
    for (size_t i = 0; i < count;) {
        if (at[i] == 27 && i + 2 < count && at[i + 1] == '_' && at[i + 2] == 'G') {
            size_t end = i + 3, body;
            char keys[256] = "";
            while (end + 1 < count && !(at[end] == 27 && at[end + 1] == '\\'))
                end++;
            assert_true(end + 1 < count);
            for (body = i + 3; body < end && at[body] != ';';)
                body++;
            assert_true(body - i - 3 < sizeof keys);
            memcpy(keys, at + i + 3, body - i - 3);
            graphics(s, keys, at + body + (body < end), end - body - (body < end));
            i = end + 2;
        } else if (at[i] == 27 && i + 1 < count && at[i + 1] == '[') {
            assert_true(s->keys[0] == '\0'); /* nothing may come between the chunks of a picture */
            int row = 0, col = 0;
            if (sscanf((const char *)at + i + 2, "%d;%dH", &row, &col) == 2) {
                s->row = row - 1;
                s->col = col - 1;
            }
            for (i += 2; i < count && !(at[i] >= 0x40 && at[i] <= 0x7E);)
                i++;
            i++;
        } else {
            i++;
        }
    }
}

static int screen_pictures(const Screen *s)
{
    int n = 0;
    for (int i = 0; i < SCREEN_PICTURES; i++)
        n += s->picture[i].id != 0;
    return n;
}

#endif
