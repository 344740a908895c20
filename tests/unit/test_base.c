/* SPDX-License-Identifier: MIT
 * test_base: numbers as text and back, bounded text, nearest words, random numbers, hashes. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/rng.h"
#include "base/text.h"
#include "base/words.h"

enum { RANDOM_NUMBERS = 100000 };

/* ---- numbers ---- */

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static double bits(uint64_t u)
{
    double v;
    memcpy(&v, &u, sizeof v);
    return v;
}

/* Any bit pattern, plain decimals of few digits, whole numbers: what people type and what runs
 * give. */
static double random_number(uint64_t k)
{
    uint64_t u = rng_u64(7, 2 * k);
    uint64_t v = rng_u64(7, 2 * k + 1);
    switch (k % 4) {
    case 0:
        return bits(u);
    case 1:
        return (double)(u % 100000) * pow(10, (double)(v % 12) - 8);
    case 2:
        return (double)((long)(u % 2000001) - 1000000);
    default:
        return rng_uniform(u, 0) * 10 - 5;
    }
}

static void check_round_trip(double v)
{
    char text[NUMBER_TEXT];
    double back;
    number_print(text, v);
    if (!number_parse(text, strlen(text), &back))
        fail_msg("%a prints as '%s', which is no number", v, text);
    if (isnan(v) ? !isnan(back) : !same_bits(v, back))
        fail_msg("%a prints as '%s', which reads back as %a", v, text, back);
}

static void test_number_print_round_trip(void **state)
{
    (void)state;
    static const double special[] = {0.0, -0.0, 1.0, -1.0, 0.1, 1e6, -1e6, 9999999, 1e7, 1e15, 1e16,
                                     1e22, 1e23, DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 5e-324,
                                     DBL_EPSILON, INFINITY, -INFINITY, 123456789.125, 0.3, 2.0 / 3};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        check_round_trip(special[i]);
    check_round_trip(NAN);
    for (uint64_t k = 0; k < RANDOM_NUMBERS; k++)
        check_round_trip(random_number(k));
}

/* No decimal of fewer significant digits reads back. */
static void test_number_print_is_shortest(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < RANDOM_NUMBERS / 4; k++) {
        double v = random_number(k);
        char text[NUMBER_TEXT];
        char shorter[40];
        int digits = 0;
        if (!isfinite(v) || v == 0)
            continue;
        number_print(text, v);
        bool first = true;
        for (const char *c = text; *c && *c != 'e'; c++) {
            first = first && (*c < '1' || *c > '9');
            digits += *c >= '0' && *c <= '9' && !first;
        }
        if (strchr(text, 'e') || strchr(text, '.')) { /* whole numbers may carry zeros */
            snprintf(shorter, sizeof shorter, "%.*e", digits - 2 < 0 ? 0 : digits - 2, v);
            if (digits > 1 && strtod(shorter, NULL) == v)
                fail_msg("'%s' could be '%s'", text, shorter);
        }
    }
}

static void test_number_print_looks(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.05, "0.05"}, {1e6, "1000000"}, {300, "300"}, {1e-8, "1e-08"}, {0.1, "0.1"},
                {-1, "-1"}, {1e100, "1e+100"}, {0.30000000000000004, "0.30000000000000004"},
                {INFINITY, "inf"}, {-INFINITY, "-inf"}, {NAN, "nan"}, {0, "0"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[NUMBER_TEXT];
        number_print(text, rows[i].value);
        assert_string_equal(text, rows[i].text);
    }
}

static void test_number_show(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } rows[] = {{0.05, 3, "0.0500"},
                {1.2e-7, 2, "1.2e-7"},
                {3.6e-5, 2, "3.6e-5"},
                {1234, 3, "1234"},
                {0, 3, "0"},
                {-0.0, 3, "0"},
                {2.5e12, 2, "2.5e12"},
                {-3.14159, 3, "-3.14"},
                {INFINITY, 3, "∞"},
                {-INFINITY, 3, "-∞"},
                {NAN, 3, "nan"},
                {-DBL_MAX, 3, "-1.80e308"},
                {DBL_TRUE_MIN, 3, "4.94e-324"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[NUMBER_TEXT];
        number_show(text, rows[i].value, rows[i].digits);
        assert_string_equal(text, rows[i].text);
    }
    for (uint64_t k = 0; k < 20000; k++) { /* never loses the number's size */
        double v = random_number(k);
        char text[NUMBER_TEXT];
        number_show(text, v, 3);
        if (isfinite(v) && v != 0 && fabs(strtod(text, NULL) - v) > 0.006 * fabs(v))
            fail_msg("%g is shown as '%s'", v, text);
    }
}

static void test_number_parse_is_strict(void **state)
{
    (void)state;
    static const char *const good[] = {"1", "-1", "+2", ".5", "5.", "1e3", "1E-3", "-0", "1e+06",
                                       "inf", "-inf", "nan", "1e999", "1e-999"};
    static const char *const bad[] = {
        "",     " 1", "1 ", "1x",     "0x10",  "0X1p3",    "1,5", "1e",  "e5", "--1",  "+-1",
        "1..2", ".",  "-",  "nan(1)", "1_000", "infinite", "\t1", "1\n", "½",  "1e5.5"};
    double v;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!number_parse(good[i], strlen(good[i]), &v))
            fail_msg("'%s' is a number", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (number_parse(bad[i], strlen(bad[i]), &v))
            fail_msg("'%s' is not a number", bad[i]);
    assert_false(number_parse("1\0" "2", 3, &v)); /* a NUL inside */
    assert_true(number_parse("12345", 2, &v));   /* not terminated where it ends */
    assert_true(v == 12);
    char longest[200];
    memset(longest, '1', sizeof longest);
    assert_false(number_parse(longest, sizeof longest, &v));
}

/* ---- text ---- */

static bool whole_utf8(const char *text)
{
    for (const char *at = text; *at;)
        if (utf8_next(&at) == 0xFFFD)
            return false;
    return true;
}

/* Cut anywhere: the text is a beginning of the whole one, of whole characters, at most 3 bytes
 * short. */
static void test_text_is_cut_at_whole_characters(void **state)
{
    (void)state;
    static const char *const texts[] = {"plain", "η₀·√(s/(u+s))", "a€b😀c", "😀😀", "éé", "", "x"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t n = strlen(texts[i]);
        for (size_t size = 1; size <= n + 2; size++) {
            for (int put = 0; put < 2; put++) {
                char store[64];
                memset(store, '#', sizeof store);
                Text t = text_over(store, size);
                if (put)
                    text_put(&t, texts[i], n);
                else
                    text_add(&t, "%s", texts[i]);
                assert_true(store[size] == '#');
                assert_int_equal(strlen(store), t.used);
                assert_int_equal(t.full, n > size - 1);
                assert_memory_equal(store, texts[i], t.used);
                assert_true(whole_utf8(store));
                if (t.full)
                    assert_true(t.used + 4 > size - 1);
            }
        }
    }
}

static void test_text_in_pieces(void **state)
{
    (void)state;
    char store[8];
    Text t = text_over(store, sizeof store);
    text_add(&t, "%d", 12);
    text_add(&t, "%s", "€");
    text_put(&t, "ab", 2);
    assert_string_equal(store, "12€ab");
    assert_false(t.full);
    text_add(&t, "%s", "c"); /* 8 bytes do not fit into 7 */
    assert_true(t.full);
    text_add(&t, "%s", "");
    assert_string_equal(store, "12€ab");
}

static void test_utf8(void **state)
{
    (void)state;
    for (uint32_t code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 97) {
        char text[5] = {0};
        const char *at = text;
        if (code >= 0xD800 && code < 0xE000)
            continue;
        int n = utf8_encode(code, text);
        assert_int_equal(utf8_next(&at), code);
        assert_int_equal(at - text, n);
        assert_int_equal(utf8_count(text, (size_t)n), 1);
    }
    static const char *const broken[] = {"\x80", "\xC3",  "\xE2\x82", "\xF0\x9F\x98",
                                         "\xFF", "\xC3(", "\xC0\x80"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        const char *at = broken[i];
        assert_int_equal(utf8_next(&at), 0xFFFD);
        assert_int_equal(at - broken[i], 1);
    }
}

/* ---- words ---- */

static const char *nearest(const char *word)
{
    static const char *const known[] = {
        "cosine", "cosine_restarts", "cosine_wave", "step",    "sgd", "adam",
        "adamw",  "nadam",           "constant",    "plateau", NULL};
    Near near;
    near_start(&near, word, strlen(word));
    for (int i = 0; known[i]; i++)
        near_try(&near, known[i]);
    return near_best(&near);
}

static void test_nearest_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *best;
    } rows[] = {{"cosinus", "cosine"}, {"cosnie", "cosine"},
                {"COSINE", "cosine"},  {"stp", "step"},
                {"sdg", "sgd"},        {"adma", "adam"},
                {"platau", "plateau"}, {"constnat", "constant"},
                {"xylophone", NULL},   {"", NULL},
                {"plat", "plateau"},   {"cosine_restart", "cosine_restarts"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *best = nearest(rows[i].word);
        if (!best != !rows[i].best || (best && strcmp(best, rows[i].best) != 0))
            fail_msg("'%s': %s", rows[i].word, best ? best : "nothing");
    }
    char endless[1000];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(nearest(endless));
    char hint[40];
    Near near;
    near_start(&near, "adma", 4);
    near_try(&near, "adam");
    assert_string_equal(near_hint(&near, hint, sizeof hint), " (did you mean 'adam'?)");
    near_start(&near, "zzzzzz", 6);
    near_try(&near, "adam");
    assert_string_equal(near_hint(&near, hint, sizeof hint), "");
}

static void test_word_is(void **state)
{
    (void)state;
    assert_true(word_is("adamw", 4, "adam"));
    assert_false(word_is("adamw", 5, "adam"));
    assert_false(word_is("adam", 3, "adam"));
    assert_true(word_is("", 0, ""));
}

/* ---- errors ---- */

static void error_text(const Error *err, char *out, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    error_print(err, file);
    rewind(file);
    size_t n = fread(out, 1, size - 1, file);
    out[n] = '\0';
    fclose(file);
}

static void test_error_positions(void **state)
{
    (void)state;
    Error err = {0};
    char text[700];
    assert_false(error_set(&err, 1, 3, "no '%s'", "x"));
    error_shift(&err, 7, 11); /* column 3 of a piece that stands at 7:11 */
    error_in(&err, "a.scene");
    error_in(&err, "b.scene");
    error_text(&err, text, sizeof text);
    assert_string_equal(text, "etascope: a.scene:7:13: no 'x'\n");
    error_set(&err, 0, 0, "plain");
    error_text(&err, text, sizeof text);
    assert_string_equal(text, "etascope: plain\n");
    error_set(&err, 1, 1, "%s", "two\nlines\x1b[2J");
    error_in(&err, "f\n");
    error_text(&err, text, sizeof text);
    assert_string_equal(text, "etascope: f?:1:1: two?lines?[2J\n");
    assert_false(error_set(NULL, 1, 1, "nobody listens"));
}

/* ---- random numbers and hashes ---- */

static void test_splitmix64(void **state)
{
    (void)state;
    /* Vigna's splitmix64.c with state 0, 1 and 1234567 */
    static const struct {
        uint64_t seed;
        uint64_t out[5];
    } rows[] = {
        {0,
         {UINT64_C(0xE220A8397B1DCDAF), UINT64_C(0x6E789E6AA1B965F4), UINT64_C(0x06C45D188009454F),
          UINT64_C(0xF88BB8A8724C81EC), UINT64_C(0x1B39896A51A8749B)}},
        {1,
         {UINT64_C(0x910A2DEC89025CC1), UINT64_C(0xBEEB8DA1658EEC67), UINT64_C(0xF893A2EEFB32555E),
          UINT64_C(0x71C18690EE42C90B), UINT64_C(0x71BB54D8D101B5B9)}},
        {1234567,
         {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
          UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
          UINT64_C(16408922859458223821)}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint64_t k = 0; k < 5; k++)
            assert_true(rng_u64(rows[i].seed, k) == rows[i].out[k]);
}

static void test_uniform(void **state)
{
    (void)state;
    double sum = 0;
    for (uint64_t k = 0; k < 100000; k++) {
        double u = rng_uniform(3, k);
        assert_true(u > 0 && u < 1);
        sum += u;
    }
    assert_true(fabs(sum / 100000 - 0.5) < 0.005);
}

static void test_fnv1a(void **state)
{
    (void)state; /* Noll's test vectors */
    assert_true(fnv1a("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(fnv1a("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(fnv1a("foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(fnv1a("\0", 1) == UINT64_C(0xaf63bd4c8601b7df));
    assert_true(fnv1a("\xff", 1) == UINT64_C(0xaf64724c8602eb6e));
}

/* ---- texts taken apart ---- */

typedef struct Fruit {
    const char *name;
    const char *colour;
} Fruit;

static bool fruit_whole(const void *row, Error *err)
{
    const Fruit *f = row;
    return f->colour || error_set(err, 1, 1, "'%s' has no colour", f->name);
}

static bool fruit_other(void *row, char *line, Error *err)
{
    (void)row;
    return strcmp(line, "ripe") == 0 || error_set(err, 1, 3, "not ripe");
}

static bool fruit_count(void *row, char *value, Error *err)
{
    (void)row;
    return value[0] == '1' || error_set(err, 1, 2, "'%s' is not 1", value);
}

static const BlockKey fruit_keys[] = {{"fruit", offsetof(Fruit, name), NULL},
                                      {"colour", offsetof(Fruit, colour), NULL},
                                      {"count", 0, fruit_count},
                                      {0}};

static void test_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int rows;
        long line, column;
        const char *message;
    } rows[] = {
        {"", 0, 0, 0, ""},
        {"# none\n\n", 0, 0, 0, ""},
        {"fruit apple\ncolour  red green  # both\r\nripe\n\nfruit plum\ncolour blue", 2, 0, 0, ""},
        {"\ncolour red\n", -1, 2, 1, "'colour red' before the first 'fruit'"},
        {"fruit a\ncolour b\nripe\nunripe", -1, 4, 3, "not ripe"},
        {"fruit a\n\ncount   2", -1, 3, 10, "'2' is not 1"},
        {"fruit a\nfruit b\ncolour c", -1, 2, 1, "'a' has no colour"},
        {"fruit a\n", -1, 2, 1, "'a' has no colour"},
        {"fruit a\ncolour b\nfruit a\ncolour b\nfruit a", -1, 5, 1, "more than 2 blocks"},
    };
    const BlockForm form = {sizeof(Fruit), &(const Fruit){0}, fruit_keys, fruit_other, fruit_whole};
    BlockForm strict = form;
    strict.other = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        Fruit fruit[2];
        Error err = {0};
        snprintf(text, sizeof text, "%s", rows[i].text);
        assert_int_equal(blocks_read(&form, text, fruit, 2, &err), rows[i].rows);
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
        assert_non_null(strstr(err.message, rows[i].message));
        if (rows[i].rows == 2)
            assert_string_equal(fruit[0].colour, "red green");
    }
    char text[] = "fruit a\ncolor b\n";
    Fruit fruit;
    Error err = {0};
    assert_int_equal(blocks_read(&strict, text, &fruit, 1, &err), -1);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.message, "unknown key 'color' (did you mean 'colour'?)");
}

static void test_text_until(void **state)
{
    (void)state;
    const char *text = "a 'b;\"c' \"d';\" ;e";
    assert_string_equal(text_until(text, ";"), ";e");
    assert_string_equal(text_until(text, "|"), "");
    assert_string_equal(text_until("'a;b", ";"), "");
}

static void test_pairs_of_a_list(void **state)
{
    (void)state;
    Slice rest = slice_of("é=1,b=,c,", strlen("é=1,b=,c,"));
    Slice key;
    Slice value;
    assert_true(slice_pair(&rest, &key, &value) && value.length == 1 && value.column == 3);
    assert_true(slice_pair(&rest, &key, &value) && key.column == 5 && value.at &&
                value.length == 0);
    assert_true(slice_pair(&rest, &key, &value) && *key.at == 'c' && !value.at);
    assert_true(slice_pair(&rest, &key, &value) && key.length == 0 && key.column == 10);
    assert_false(slice_pair(&rest, &key, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_print_round_trip),
        cmocka_unit_test(test_number_print_is_shortest),
        cmocka_unit_test(test_number_print_looks),
        cmocka_unit_test(test_number_show),
        cmocka_unit_test(test_number_parse_is_strict),
        cmocka_unit_test(test_text_is_cut_at_whole_characters),
        cmocka_unit_test(test_text_in_pieces),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_nearest_word),
        cmocka_unit_test(test_word_is),
        cmocka_unit_test(test_error_positions),
        cmocka_unit_test(test_splitmix64),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_fnv1a),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_text_until),
        cmocka_unit_test(test_pairs_of_a_list),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
