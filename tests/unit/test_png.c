/* SPDX-License-Identifier: MIT
 * test_png: the compressor and the PNG writer, read back by code that knows nothing of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "out/png.h"
#include "unit/png_read.h"

static Deflate *deflate;

static void goes_through(const uint8_t *from, size_t count)
{
    Bytes out = {0};
    uint8_t *back = malloc(count + 1);
    deflate_zlib(deflate, from, count, &out);
    assert_false(out.failed);
    assert_int_equal(inflate_zlib(out.at, out.count, back, count), count);
    assert_memory_equal(back, from, count);
    free(back);
    bytes_release(&out);
}

/* Kinds of data: noise, few symbols, runs, a period, a ramp with noise. */
static uint8_t byte_of_kind(int kind, size_t i)
{
    uint64_t r = rng_u64(7, i);
    switch (kind) {
    case 0:
        return (uint8_t)r;
    case 1:
        return r % 17 ? 0 : (uint8_t)(r >> 32 & 3);
    case 2:
        return (uint8_t)(i / 1000);
    case 3:
        return (uint8_t)(i % 251 * 7);
    default:
        return (uint8_t)(i / 64 + (r & 1));
    }
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 4, 257, 258, 259, 1000, 32767, 32769, 70000, 400000};
    uint8_t *data = malloc(400000);
    for (int kind = 0; kind < 5; kind++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            for (size_t i = 0; i < sizes[k]; i++)
                data[i] = byte_of_kind(kind, i);
            goes_through(data, sizes[k]);
        }
    free(data);
}

/* Weights like Fibonacci numbers make the longest codes: they are cut to 15 bits. */
static void rare_symbols_get_short_enough_codes(void **state)
{
    (void)state;
    size_t n = 0, a = 1, b = 1;
    uint8_t *data = malloc(400000);
    for (int symbol = 0; symbol < 24 && n + b < 400000; symbol++) {
        for (size_t i = 0; i < a; i++)
            data[n++] = (uint8_t)(symbol * 5);
        size_t next = a + b;
        a = b;
        b = next;
    }
    for (size_t i = n - 1; i > 0; i--) { /* shuffled, or there would be matches alone */
        size_t j = rng_u64(3, i) % (i + 1);
        uint8_t swap = data[i];
        data[i] = data[j];
        data[j] = swap;
    }
    goes_through(data, n);
    free(data);
}

static void repetition_is_found(void **state)
{
    (void)state;
    uint8_t data[60000];
    Bytes out = {0};
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)rng_u64(1, i % 3000);
    deflate_zlib(deflate, data, sizeof data, &out);
    assert_true(out.count < 3600);
    bytes_release(&out);
}

static void fill(Pixels *p, int colours, bool alpha)
{
    for (int i = 0; i < p->width * p->height; i++) {
        uint32_t c = (uint32_t)(i % p->width * colours / p->width);
        uint32_t v = colours > 256 ? (uint32_t)rng_u64(5, (uint64_t)i) : c * 0x010203u;
        p->rgba[4 * i] = (uint8_t)(v >> 16);
        p->rgba[4 * i + 1] = (uint8_t)(v >> 8);
        p->rgba[4 * i + 2] = (uint8_t)v;
        p->rgba[4 * i + 3] = alpha ? (uint8_t)(v * 3) : 255;
    }
}

static void pictures_come_back(void **state)
{
    (void)state;
    static const struct {
        int width, height, colours;
        bool alpha;
        int type;
    } cases[] = {{1, 1, 1, false, 3},     {7, 3, 5, false, 3},     {300, 40, 256, false, 3},
                 {300, 40, 256, true, 3}, {61, 47, 999, false, 2}, {64, 33, 999, true, 6}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        Pixels p = {0};
        Bytes out = {0};
        assert_true(pixels_resize(&p, cases[k].width, cases[k].height));
        fill(&p, cases[k].colours, cases[k].alpha);
        png_write(&p, deflate, &out);
        PngImage back = read_png(out.at, out.count);
        assert_int_equal(back.type, cases[k].type);
        assert_int_equal(back.width, p.width);
        assert_int_equal(back.height, p.height);
        assert_memory_equal(back.rgba, p.rgba, 4 * (size_t)(p.width * p.height));
        free(back.rgba);
        bytes_release(&out);
        pixels_release(&p);
    }
}

static void base64_is_that_of_the_rfc(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Bytes out = {0};
        bytes_base64(&out, (const uint8_t *)cases[i][0], strlen(cases[i][0]));
        bytes_byte(&out, 0);
        assert_string_equal((char *)out.at, cases[i][1]);
        bytes_release(&out);
    }
}

static int set_up(void **state)
{
    (void)state;
    deflate = deflate_new();
    return deflate == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    deflate_free(deflate);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(rare_symbols_get_short_enough_codes),
        cmocka_unit_test(repetition_is_found),
        cmocka_unit_test(pictures_come_back),
        cmocka_unit_test(base64_is_that_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
