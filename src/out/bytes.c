/* SPDX-License-Identifier: MIT
 * bytes: see bytes.h */
#include "out/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bytes_release(Bytes *b)
{
    free(b->at);
    *b = (Bytes){0};
}

bool bytes_reserve(Bytes *b, size_t more)
{
    if (b->failed)
        return false;
    if (more <= b->room - b->count)
        return true;
    size_t room = 2 * b->room + more + 256;
    uint8_t *at = realloc(b->at, room);
    if (!at) {
        b->failed = true;
        return false;
    }
    b->at = at;
    b->room = room;
    return true;
}

void bytes_put(Bytes *b, const void *from, size_t count)
{
    if (count == 0 || !bytes_reserve(b, count))
        return;
    memcpy(b->at + b->count, from, count);
    b->count += count;
}

void bytes_text(Bytes *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0 || !bytes_reserve(b, (size_t)need + 1))
        return;
    va_start(args, format);
    vsnprintf((char *)b->at + b->count, (size_t)need + 1, format, args);
    va_end(args);
    b->count += (size_t)need;
}

void bytes_big32(Bytes *b, uint32_t v)
{
    const uint8_t four[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    bytes_put(b, four, sizeof four);
}

void bytes_base64(Bytes *b, const uint8_t *from, size_t count)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (!bytes_reserve(b, (count + 2) / 3 * 4))
        return;
    for (size_t i = 0; i < count; i += 3) {
        size_t have = count - i < 3 ? count - i : 3;
        uint32_t v = (uint32_t)from[i] << 16;
        v |= have > 1 ? (uint32_t)from[i + 1] << 8 : 0;
        v |= have > 2 ? (uint32_t)from[i + 2] : 0;
        for (size_t k = 0; k < 4; k++)
            bytes_byte(b, k <= have ? (unsigned char)digit[v >> (18 - 6 * k) & 63] : '=');
    }
}
