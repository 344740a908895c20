/* SPDX-License-Identifier: MIT
 * deflate: a small compressor. RFC 1951 (LZ77 over 32 KB, found by chains of hashes with one step
 * of lazy matching; fixed or dynamic Huffman codes, whichever is shorter) in the frame of RFC 1950
 * (zlib). Decompressors of PNG and of terminals read it; it reads nothing itself. */
#ifndef ETA_OUT_DEFLATE_H
#define ETA_OUT_DEFLATE_H

#include "out/bytes.h"

typedef struct Deflate Deflate; /* 600 KB of tables, for any number of calls */

Deflate *deflate_new(void); /* NULL: out of memory */
void deflate_free(Deflate *d);

/* Append `from` as one zlib stream. */
void deflate_zlib(Deflate *d, const uint8_t *from, size_t count, Bytes *out);

#endif
