/* SPDX-License-Identifier: MIT
 * deflate: see deflate.h */
#include "out/deflate.h"

#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 1 << 15,
    HASHES = 1 << 15,
    LEAST = 3,         /* shortest match */
    MOST = 258,        /* longest match */
    CHAIN = 32,        /* places looked at for a match */
    GOOD = 96,         /* a match so long is not bettered */
    SYMBOLS = 1 << 14, /* literals and matches of a block */
    LITERALS = 286,    /* codes of literals, end of block and lengths */
    DISTANCES = 30,
    END = 256,
};

typedef struct Symbol {
    uint16_t length;   /* of the match; 0: a literal */
    uint16_t distance; /* 1 to 32768, less one; or the literal */
} Symbol;

/* A Huffman code: bits already reversed, as they are sent. */
typedef struct Codes {
    uint16_t bits[LITERALS + 2];
    uint8_t length[LITERALS + 2];
} Codes;

struct Deflate {
    int32_t head[HASHES];  /* last place of a hash, -1: none */
    int32_t chain[WINDOW]; /* the place before, by place modulo WINDOW */
    Symbol symbol[SYMBOLS];
    int symbols;
    uint32_t literal_count[LITERALS + 2];
    uint32_t distance_count[DISTANCES + 2];
    Bytes *out;
    uint32_t bits; /* not written yet, least significant first */
    int bit_count;
};

Deflate *deflate_new(void)
{
    return malloc(sizeof(Deflate));
}

void deflate_free(Deflate *d)
{
    free(d);
}

static void put_bits(Deflate *d, uint32_t value, int count)
{
    d->bits |= value << d->bit_count;
    for (d->bit_count += count; d->bit_count >= 8; d->bit_count -= 8) {
        bytes_byte(d->out, d->bits & 255);
        d->bits >>= 8;
    }
}

/* --- codes of lengths and distances (RFC 1951, 3.2.5) --------------------------------------- */

/* The code of a value >= 0 where every `1 << each` codes the number of extra bits grows by one. */
static int bucket(int value, int each, int *extra)
{
    *extra = 0;
    while (value >> *extra >= 2 << each)
        (*extra)++;
    return (*extra << each) + (value >> *extra);
}

static int length_code(int length, int *extra)
{
    if (length == MOST) {
        *extra = 0;
        return 285;
    }
    return 257 + bucket(length - LEAST, 2, extra);
}

static int distance_code(int distance, int *extra)
{
    return bucket(distance - 1, 1, extra);
}

/* --- Huffman codes ------------------------------------------------------------------------- */

/* Depths of the leaves of a Huffman tree over `n` weights in rising order (two queues). */
static void tree_depths(const uint32_t *weight, int n, uint8_t *depth)
{
    uint32_t sum[LITERALS + 2];
    int parent[2 * (LITERALS + 2)], leaf = 0, inner = 0, made = 0;
    int deep[LITERALS + 2];
    for (; made < n - 1; made++) {
        sum[made] = 0;
        for (int k = 0; k < 2; k++) {
            bool take = inner >= made || (leaf < n && weight[leaf] <= sum[inner]);
            sum[made] += take ? weight[leaf] : sum[inner];
            parent[take ? leaf++ : n + inner++] = made;
        }
    }
    deep[n - 2] = 0;
    for (int i = n - 3; i >= 0; i--)
        deep[i] = deep[parent[n + i]] + 1;
    for (int i = 0; i < n; i++) {
        int at = deep[parent[i]] + 1;
        depth[i] = (uint8_t)(at > 255 ? 255 : at);
    }
}

/* No code longer than `limit`: too long ones are cut, and others made longer until all fit. */
static void limit_depths(uint8_t *depth, int n, int limit)
{
    int count[256] = {0};
    for (int i = 0; i < n; i++)
        count[depth[i] > limit ? limit : depth[i]]++;
    long room = 0;
    for (int l = 1; l <= limit; l++)
        room += (long)count[l] << (limit - l);
    for (; room > 1L << limit; room--) {
        int l = limit - 1;
        while (count[l] == 0)
            l--;
        count[l]--;
        count[l + 1] += 2;
        count[limit]--;
    }
    for (int l = limit, i = 0; l > 0; l--)
        for (int k = 0; k < count[l]; k++)
            depth[i++] = (uint8_t)l;
}

static void code_lengths(const uint32_t *count, int n, int limit, uint8_t *length)
{
    uint32_t weight[LITERALS + 2];
    uint8_t depth[LITERALS + 2];
    int symbol[LITERALS + 2], used = 0;
    memset(length, 0, (size_t)n);
    for (int i = 0; i < n; i++) {
        if (count[i] == 0)
            continue;
        int at = used++;
        for (; at > 0 && weight[at - 1] > count[i]; at--) {
            weight[at] = weight[at - 1];
            symbol[at] = symbol[at - 1];
        }
        weight[at] = count[i];
        symbol[at] = i;
    }
    if (used == 1)
        length[symbol[0]] = 1;
    if (used < 2)
        return;
    tree_depths(weight, used, depth);
    limit_depths(depth, used, limit);
    for (int i = 0; i < used; i++)
        length[symbol[i]] = depth[i];
}

/* Canonical codes (RFC 1951, 3.2.2). */
static void number_codes(Codes *c, int n)
{
    uint16_t next[17] = {0}, count[17] = {0};
    for (int i = 0; i < n; i++)
        count[c->length[i]]++;
    count[0] = 0;
    for (int l = 1; l <= 16; l++)
        next[l] = (uint16_t)((next[l - 1] + count[l - 1]) << 1);
    for (int i = 0; i < n; i++) {
        unsigned code = next[c->length[i]]++, turned = 0;
        for (int k = 0; k < c->length[i]; k++)
            turned |= (code >> k & 1) << (c->length[i] - 1 - k);
        c->bits[i] = (uint16_t)turned;
    }
}

static void make_codes(Codes *c, const uint32_t *count, int n, int limit)
{
    code_lengths(count, n, limit, c->length);
    number_codes(c, n);
}

static void fixed_codes(Codes *literal, Codes *distance)
{
    for (int i = 0; i < LITERALS + 2; i++)
        literal->length[i] = (uint8_t)(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    number_codes(literal, LITERALS + 2);
    memset(distance->length, 5, DISTANCES + 2);
    number_codes(distance, DISTANCES + 2);
}

/* --- blocks -------------------------------------------------------------------------------- */

static void put_symbol(Deflate *d, const Codes *c, int symbol)
{
    put_bits(d, c->bits[symbol], c->length[symbol]);
}

static void put_symbols(Deflate *d, const Codes *literal, const Codes *distance)
{
    for (int i = 0; i < d->symbols; i++) {
        const Symbol *s = &d->symbol[i];
        int extra, far = s->distance + 1;
        if (s->length == 0) {
            put_symbol(d, literal, s->distance);
            continue;
        }
        put_symbol(d, literal, length_code(s->length, &extra));
        put_bits(d, (uint32_t)(s->length - LEAST) & ((1u << extra) - 1), extra);
        put_symbol(d, distance, distance_code(far, &extra));
        put_bits(d, (uint32_t)(far - 1) & ((1u << extra) - 1), extra);
    }
    put_symbol(d, literal, END);
}

/* Bits of the codes themselves; the extra bits are the same under any code. */
static long cost_of(const Codes *c, const uint32_t *count, int n)
{
    long bits = 0;
    for (int i = 0; i < n; i++)
        bits += (long)count[i] * c->length[i];
    return bits;
}

/* The lengths of a dynamic code, themselves coded (RFC 1951, 3.2.7): 16 repeats the last 3 to 6
 * times, 17 and 18 are runs of zeros. */
typedef struct Header {
    int literals, distances, lengths; /* how many codes of each are sent */
    int count;
    uint8_t code[LITERALS + DISTANCES + 4];
    uint8_t extra[LITERALS + DISTANCES + 4];
    Codes codes;
    long bits;
} Header;

static const uint8_t length_order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                         11, 4,  12, 3, 13, 2, 14, 1, 15};
static const uint8_t header_extra[19] = {[16] = 2, [17] = 3, [18] = 7};

static void header_add(Header *h, int code, int extra)
{
    h->code[h->count] = (uint8_t)code;
    h->extra[h->count++] = (uint8_t)extra;
}

static void header_runs(Header *h, const uint8_t *length, int n)
{
    for (int i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && length[i + run] == length[i];)
            run++;
        if (length[i] == 0 && run >= 3) {
            run = run > 138 ? 138 : run;
            header_add(h, run < 11 ? 17 : 18, run < 11 ? run - 3 : run - 11);
        } else if (run >= 4) {
            run = run > 7 ? 7 : run;
            header_add(h, length[i], 0);
            header_add(h, 16, run - 4);
        } else {
            run = 1;
            header_add(h, length[i], 0);
        }
    }
}

static void make_header(Header *h, const Codes *literal, const Codes *distance)
{
    uint8_t length[LITERALS + DISTANCES];
    uint32_t count[19] = {0};
    h->literals = LITERALS;
    while (h->literals > 257 && literal->length[h->literals - 1] == 0)
        h->literals--;
    h->distances = DISTANCES;
    while (h->distances > 1 && distance->length[h->distances - 1] == 0)
        h->distances--;
    memcpy(length, literal->length, (size_t)h->literals);
    memcpy(length + h->literals, distance->length, (size_t)h->distances);
    h->count = 0;
    header_runs(h, length, h->literals + h->distances);
    h->bits = 0;
    for (int i = 0; i < h->count; i++) {
        count[h->code[i]]++;
        h->bits += header_extra[h->code[i]];
    }
    make_codes(&h->codes, count, 19, 7);
    h->lengths = 19;
    while (h->lengths > 4 && h->codes.length[length_order[h->lengths - 1]] == 0)
        h->lengths--;
    h->bits += 14 + 3 * h->lengths + cost_of(&h->codes, count, 19);
}

static void put_header(Deflate *d, const Header *h)
{
    put_bits(d, (uint32_t)(h->literals - 257), 5);
    put_bits(d, (uint32_t)(h->distances - 1), 5);
    put_bits(d, (uint32_t)(h->lengths - 4), 4);
    for (int i = 0; i < h->lengths; i++)
        put_bits(d, h->codes.length[length_order[i]], 3);
    for (int i = 0; i < h->count; i++) {
        put_symbol(d, &h->codes, h->code[i]);
        put_bits(d, h->extra[i], header_extra[h->code[i]]);
    }
}

static void put_block(Deflate *d, bool last)
{
    Codes literal, distance, fixed, fixed_distance;
    Header header;
    d->literal_count[END] = 1;
    make_codes(&literal, d->literal_count, LITERALS, 15);
    make_codes(&distance, d->distance_count, DISTANCES, 15);
    make_header(&header, &literal, &distance);
    fixed_codes(&fixed, &fixed_distance);
    long own = header.bits + cost_of(&literal, d->literal_count, LITERALS) +
               cost_of(&distance, d->distance_count, DISTANCES);
    long plain = cost_of(&fixed, d->literal_count, LITERALS) +
                 cost_of(&fixed_distance, d->distance_count, DISTANCES);
    put_bits(d, last, 1);
    put_bits(d, own < plain ? 2 : 1, 2);
    if (own < plain)
        put_header(d, &header);
    put_symbols(d, own < plain ? &literal : &fixed, own < plain ? &distance : &fixed_distance);
    d->symbols = 0;
    memset(d->literal_count, 0, sizeof d->literal_count);
    memset(d->distance_count, 0, sizeof d->distance_count);
}

/* --- matches ------------------------------------------------------------------------------- */

static unsigned hash_at(const uint8_t *p)
{
    uint32_t three = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
    return three * 0x9E3779B1u >> 17;
}

static void remember(Deflate *d, const uint8_t *from, size_t at, size_t count)
{
    if (at + LEAST > count)
        return;
    unsigned hash = hash_at(from + at);
    d->chain[at % WINDOW] = d->head[hash];
    d->head[hash] = (int32_t)at;
}

/* The longest match of what begins at `at`; 0: none. */
static int find_match(const Deflate *d, const uint8_t *from, size_t at, size_t count, int *distance)
{
    int best = 0, most = count - at < MOST ? (int)(count - at) : MOST;
    if (most < LEAST)
        return 0;
    int32_t place = d->head[hash_at(from + at)];
    for (int k = 0; k < CHAIN && place >= 0 && at - (size_t)place <= WINDOW - MOST; k++) {
        const uint8_t *a = from + place, *b = from + at;
        if (a[best] == b[best] && a[0] == b[0]) {
            int n = 0;
            while (n < most && a[n] == b[n])
                n++;
            if (n > best) {
                best = n;
                *distance = (int)(at - (size_t)place);
                if (n >= GOOD || n == most)
                    break;
            }
        }
        place = d->chain[place % WINDOW];
    }
    return best >= LEAST && !(best == LEAST && *distance > 4096) ? best : 0;
}

static void add_symbol(Deflate *d, int length, int distance)
{
    int extra;
    if (length == 0) {
        d->literal_count[distance]++;
        d->symbol[d->symbols++] = (Symbol){0, (uint16_t)distance};
    } else {
        d->literal_count[length_code(length, &extra)]++;
        d->distance_count[distance_code(distance, &extra)]++;
        d->symbol[d->symbols++] = (Symbol){(uint16_t)length, (uint16_t)(distance - 1)};
    }
    if (d->symbols == SYMBOLS)
        put_block(d, false);
}

static void compress(Deflate *d, const uint8_t *from, size_t count)
{
    for (size_t at = 0; at < count;) {
        int distance = 0, later = 0;
        int length = find_match(d, from, at, count, &distance);
        remember(d, from, at, count);
        if (length && length < GOOD && find_match(d, from, at + 1, count, &later) > length)
            length = 0; /* the next byte begins a longer one */
        add_symbol(d, length, length ? distance : from[at]);
        for (int k = 1; k < length; k++)
            remember(d, from, at + (size_t)k, count);
        at += length ? (size_t)length : 1;
    }
}

static uint32_t adler32(const uint8_t *from, size_t count)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < count; i++) {
        a = (a + from[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

void deflate_zlib(Deflate *d, const uint8_t *from, size_t count, Bytes *out)
{
    memset(d->head, -1, sizeof d->head);
    memset(d->literal_count, 0, sizeof d->literal_count);
    memset(d->distance_count, 0, sizeof d->distance_count);
    d->symbols = 0;
    d->out = out;
    d->bits = 0;
    d->bit_count = 0;
    bytes_byte(out, 0x78);
    bytes_byte(out, 0x9C);
    compress(d, from, count);
    put_block(d, true);
    put_bits(d, 0, 7); /* to a whole byte */
    bytes_big32(out, adler32(from, count));
}
