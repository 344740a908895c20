/* SPDX-License-Identifier: MIT
 * CSV: what is accepted, what each bad file is told, numbers to the last bit, pieces of any size,
 * random bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/csv.h"
#include "core/grid.h"
#include "read_text.h"

static Data *must_read(const char *text, size_t piece)
{
    Error err = {0};
    Data *d = read_text(text, strlen(text), piece, &err);
    if (!d)
        fail_msg("%ld:%ld: %s", err.line, err.column, err.message);
    return d;
}

static void check_numbers(const char *text, const double *expected, int columns, long n)
{
    static const size_t pieces[] = {1, 2, 3, 7, 64, 100000};
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        Data *d = must_read(text, pieces[k]);
        assert_int_equal(d->columns, columns);
        assert_int_equal(d->n, n);
        for (long i = 0; i < n; i++)
            for (int j = 0; j < columns; j++)
                assert_true(d->column[j].at[i] == expected[i * columns + j]);
        data_drop(d);
    }
}

static void test_accepted(void **state)
{
    (void)state;
    const double v[] = {1, 2, -3.5, 4e-3};
    check_numbers("u,v\n1,2\n-3.5,4e-3\n", v, 2, 2);
    check_numbers("u,v\r\n1,2\r\n-3.5,4e-3", v, 2, 2);
    check_numbers("\xEF\xBB\xBFu,v\n1,2\n-3.5,.004\n", v, 2, 2);
    check_numbers("# first\n\n \"u\" , \"v\"\n# second\n 1 ,\t2\n  \n\"-3.5\",\"+4E-03\" \n\n", v,
                  2, 2);
    check_numbers("\"a, b\",\"say \"\"hi\"\"\"\n1,2\n-3.5,0.004\r\n", v, 2, 2);
    const double w[] = {7};
    check_numbers("u\n7", w, 1, 1);
}

static void test_names(void **state)
{
    (void)state;
    Data *d = must_read("petal_length , \"v\"\n1,2\n", 5);
    assert_string_equal(d->column[0].name, "petal_length");
    assert_string_equal(d->column[1].name, "v");
    assert_int_equal(data_find(d, "v"), 1);
    assert_int_equal(data_find(d, "w"), -1);
    data_drop(d);
}

static void check_error(const char *text, long line, long column, const char *message)
{
    Error err = {0};
    Data *d = read_text(text, strlen(text), 1000, &err);
    if (d)
        fail_msg("accepted: %s", text);
    if (err.line != line || err.column != column || !strstr(err.message, message))
        fail_msg("%s\ngives %ld:%ld: %s", text, err.line, err.column, err.message);
}

static void test_errors(void **state)
{
    (void)state;
    check_error("", 0, 0, "is empty");
    check_error("# nothing\n\n", 0, 0, "is empty");
    check_error("u,v\n", 1, 1, "no rows follow the header");
    check_error("u,v\n1,2\n3\n", 3, 2, "this row has 1 cell, the header 2");
    check_error("u,v\n1,2,3,4\n", 2, 5, "this row has 4 cells, the header 2");
    check_error("u,v,u\n1,2,3\n", 1, 5, "column 'u' stands here twice (also column 1)");
    check_error("u,,v\n1,2,3\n", 1, 3, "column 2 has no name");
    check_error("1.5,2\n1,2\n", 1, 1, "'1.5' is not a column name: the first line must name");
    check_error("u;v\n1;2\n", 1, 2, "separated by commas");
    check_error("u,v\n1,\"2\n", 2, 3, "unclosed quote");
    check_error("u,v\n1,\"2\"3\n", 2, 6, "text behind the closing quote");
    check_error("\x89PNG\r\n\x1a\n", 2, 1, "not a text file");
    check_error("u\n\x01\n", 2, 1, "not a text file");
    check_error("h\xC3\xA9,\"v\n1,2\n", 1, 4, "unclosed quote"); /* characters, not bytes */
    Error err;
    assert_null(read_text("u\n1\0\n", 5, 10, &err));
    assert_non_null(strstr(err.message, "NUL"));
}

static void test_huge_line(void **state)
{
    (void)state;
    static const size_t pieces[] = {1000, 1 << 20};
    char *text = malloc(200003);
    memset(text, '1', 200003);
    memcpy(text, "u\n", 2);
    for (int i = 0; i < 2; i++) {
        Error err = {0};
        assert_null(read_text(text, 200003, pieces[i], &err));
        assert_int_equal(err.line, 2);
        assert_non_null(strstr(err.message, "line longer than 65536 bytes"));
    }
    free(text);
}

/* A cell that is no number hurts only who asks for its column. */
static void test_bad_cells(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        const char *message;
    } cases[] = {
        {"abc", "column 'v': 'abc' is not a number"}, {"", "column 'v': a number is missing"},
        {"nan", "'nan' is not finite"},               {"-Inf", "'-Inf' is not finite"},
        {"infinity", "is not finite"},                {"1e999", "'1e999' is too large"},
        {"0x10", "is not a number"},                  {"1.2.3", "is not a number"},
        {"1e", "is not a number"},                    {"--1", "is not a number"},
        {"1 2", "is not a number"},                   {"NA", "'NA' is not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[100];
        Error err = {0};
        snprintf(text, sizeof text, "u,v\n1,2\n3, %s\n4,zzz\n", cases[i].cell);
        Data *d = must_read(text, 1000);
        assert_true(data_usable(d, 0, &err));
        assert_false(data_usable(d, 1, &err));
        assert_int_equal(err.line, 3);
        assert_int_equal(err.column, 4);
        if (!strstr(err.message, cases[i].message))
            fail_msg("%s: %s", cases[i].cell, err.message);
        assert_true(isnan(d->column[1].at[1]));
        assert_true(d->column[0].at[2] == 4);
        data_drop(d);
    }
}

static void test_names_for_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        long column;
        const char *message;
    } cases[] = {
        {"x,v", 1, "column 'x' has the name of a word of the formula language: call it 'u'"},
        {"u,y", 3, "call it 'v'"},
        {"v,y", 3, "call it 'v_'"},
        {"u,e", 3, "column 'e' has the name of a word of the formula language: call it 'e_'"},
        {"u,pi", 3, "'pi_'"},
        {"sin,v", 1, "'sin_'"},
        {"petal length (cm),v", 1, "is no name for a formula: call it 'petal_length_cm'"},
        {"\"2nd\",v", 2, "call it 'c2nd'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[100];
        Error err = {0};
        snprintf(text, sizeof text, "# c\n%s\n1,2\n", cases[i].header);
        Data *d = must_read(text, 1000);
        assert_false(data_names_fit(d, &err));
        if (err.line != 2 || err.column != cases[i].column ||
            !strstr(err.message, cases[i].message))
            fail_msg("%s: %ld:%ld: %s", cases[i].header, err.line, err.column, err.message);
        data_drop(d);
    }
}

static void check_number(const char *text)
{
    char line[400];
    double v = NAN;
    snprintf(line, sizeof line, "%s\n", text);
    size_t n = csv_number(line, &v);
    double expected = strtod(text, NULL);
    if (n != strlen(text) || memcmp(&v, &expected, sizeof v) != 0)
        fail_msg("%s: read %zu bytes, %.17g instead of %.17g", text, n, v, expected);
}

static void test_numbers_are_exact(void **state)
{
    (void)state;
    static const char *const hard[] = {
        "0", "-0", "0.0000", "1", "+1", ".5", "5.", "1e22", "1e23", "9007199254740993",
        "9007199254740992.5", "9007199254740993.0000000000000000000000000001", "8.5e-27",
        "1.7976931348623157e308", "4.9e-324", "2.4703282292062328e-324", "1e-400", "0e999999999",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827021181583404541015625", "2.2250738585072011e-308",
        "6929495644600919.5", "3.141592653589793238462643383279", "18446744073709551615e-27",
        "9999999999999999999e27", "1e27", "7e-27", "00000000000000000000001",
    };
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++)
        check_number(hard[i]);
    for (uint64_t k = 0; k < 300000; k++) {
        char text[64];
        uint64_t bits = rng_u64(7, 3 * k);
        double any;
        memcpy(&any, &bits, sizeof any);
        int digits = (int)(rng_u64(7, 3 * k + 1) % 19) + 1;
        double v = k % 2 && isfinite(any) ? any : (rng_uniform(7, 3 * k + 2) - 0.5) * 1e3;
        snprintf(text, sizeof text, k % 3 ? "%.*g" : "%.*f", digits, v);
        if (strlen(text) < 63)
            check_number(text);
    }
}

/* Never crashes, never reads outside, always says something. */
static void test_random_bytes(void **state)
{
    (void)state;
    static const char usual[] = "0123456789.,,,\"\n\n\r-+eE u;#\t\xEF\xBB\xBF\x01nainf";
    for (uint64_t k = 0; k < 20000; k++) {
        char text[300];
        size_t n = rng_u64(11, k * 400) % sizeof text;
        bool raw = k % 5 == 0;
        size_t begin = raw || k % 2 ? 0 : 4;
        memcpy(text, "u,v\n", 4);
        for (size_t i = begin; i < n; i++) {
            uint64_t r = rng_u64(11, k * 400 + 1 + i);
            text[i] = raw ? (char)(r & 255) : usual[r % (sizeof usual - 1)];
        }
        Error err = {0};
        Data *d = read_text(text, n, 1 + k % 17, &err);
        if (d) {
            assert_true(d->n > 0 && d->columns > 0);
            data_names_fit(d, &err);
            for (int i = 0; i < d->columns; i++)
                data_usable(d, i, &err);
            assert_true(!data_grid(d, &err) || d->n >= 16);
        } else {
            assert_true(err.message[0] != '\0');
        }
        data_drop(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_huge_line),
        cmocka_unit_test(test_bad_cells),
        cmocka_unit_test(test_names_for_formulas),
        cmocka_unit_test(test_numbers_are_exact),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
