/* SPDX-License-Identifier: MIT
 * bytes: a growing piece of memory that output is built in before it is written. Room once made is
 * kept, so that a buffer that is used again for every frame allocates nothing. */
#ifndef ETA_OUT_BYTES_H
#define ETA_OUT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Bytes {
    uint8_t *at;  /* owned */
    size_t count; /* bytes used */
    size_t room;  /* bytes there are */
    bool failed;  /* out of memory: what came after is missing */
} Bytes;

void bytes_release(Bytes *b);
/* Make room for `more` bytes; false (and failed) without memory. */
bool bytes_reserve(Bytes *b, size_t more);
void bytes_put(Bytes *b, const void *from, size_t count);
void bytes_text(Bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bytes_big32(Bytes *b, uint32_t v); /* most significant byte first */
/* RFC 4648, with padding. */
void bytes_base64(Bytes *b, const uint8_t *from, size_t count);

static inline void bytes_byte(Bytes *b, unsigned v)
{
    if (b->count < b->room || bytes_reserve(b, 1))
        b->at[b->count++] = (uint8_t)v;
}

#endif
