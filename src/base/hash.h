/* SPDX-License-Identifier: MIT
 * hash: FNV-1a, 64 bit (Fowler, Noll, Vo 1991): the checksum of data files and of lesson steps. It
 * tells two texts apart; it is no protection against anyone. */
#ifndef ETA_BASE_HASH_H
#define ETA_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define FNV1A_START UINT64_C(0xcbf29ce484222325)

/* Continue a hash that began at FNV1A_START with `size` more bytes. */
static inline uint64_t fnv1a_add(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static inline uint64_t fnv1a(const char *bytes, size_t size)
{
    return fnv1a_add(FNV1A_START, bytes, size);
}

#endif
