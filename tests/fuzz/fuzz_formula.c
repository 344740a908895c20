/* SPDX-License-Identifier: MIT
 * fuzz_formula: any text as a formula. What compiles gives the same bits at one point and in lanes,
 * and the same value at every level. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

long fuzz_events;
const size_t fuzz_size = 80;

enum { TEXT_MOST = 1 << 16, POINTS = 131 /* more than a block */, INPUTS = 3 };

static char text[TEXT_MOST];

/* The input as a tape of choices. */
typedef struct Tape {
    const uint8_t *at, *end;
    size_t used; /* of text */
} Tape;

static unsigned next(Tape *t)
{
    return t->at < t->end ? *t->at++ : 0;
}

static void put(Tape *t, const char *piece)
{
    if (t->used + strlen(piece) + 1 > sizeof text)
        return;
    memcpy(text + t->used, piece, strlen(piece) + 1);
    t->used += strlen(piece);
}

static void put_leaf(Tape *t)
{
    static const char *const leaf[] = {"x", "y", "a", "x", "y", "2", "0.5", "1e300", "0", "1e-320", "pi",
                                       "e", "-1", "3", "10", "(x-1)", "x^2", "y^3", "-x"};
    put(t, leaf[next(t) % (sizeof leaf / sizeof leaf[0])]);
}

/* A formula that is well-formed almost always. */
static void put_formula(Tape *t, int depth)
{
    static const char *const binary[] = {"+", "-", "*", "/", "^", " + ", "*"};
    static const char *const one[] = {"sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "sign", "floor",
                                      "softplus", "sigmoid", "-", ""};
    static const char *const two[] = {"min", "max", "mod"};
    unsigned kind = next(t);
    if (depth > 12 || t->at >= t->end || kind < 60) {
        put_leaf(t);
    } else if (kind < 150) {
        put_formula(t, depth + 1);
        put(t, binary[kind % (sizeof binary / sizeof binary[0])]);
        put_formula(t, depth + 1);
    } else if (kind < 235) {
        put(t, one[kind % (sizeof one / sizeof one[0])]);
        put(t, "(");
        put_formula(t, depth + 1);
        put(t, ")");
    } else if (kind < 250) {
        put(t, two[kind % 3]);
        put(t, "(");
        put_formula(t, depth + 1);
        put(t, ",");
        put_formula(t, depth + 1);
        put(t, ")");
    } else {
        put(t, kind % 2 ? "well(2,1,-1,0.5)" : "((");
    }
}

/* A quarter of the inputs is text as it is, the rest a formula made from the bytes. */
static void make_text(const uint8_t *data, size_t size)
{
    Tape tape = {data, data + size, 0};
    text[0] = '\0';
    if (next(&tape) % 4 != 1) {
        put_formula(&tape, 0);
        return;
    }
    while (tape.at < tape.end)
        put(&tape, (const char[2]){(char)next(&tape), '\0'});
}

static void fault(const char *what)
{
    fprintf(stderr, "fuzz_formula: %s\n%s\n", what, text);
    abort();
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_level(const Program *p, ExprLevel level)
{
    static const double special[] = {0, -0.0, 1, -1, 0.5, 1e-310, -1e308, 1e308, INFINITY, NAN, 3, -2.5};
    enum { SPECIAL = sizeof special / sizeof special[0] };
    static const int outputs[] = {1, 3, 6};
    double in[INPUTS][POINTS], out[EXPR_OUTPUTS][POINTS];
    double *at[EXPR_OUTPUTS];
    for (int i = 0; i < POINTS; i++) {
        in[0][i] = special[i % SPECIAL];
        in[1][i] = special[i / SPECIAL % SPECIAL];
        in[2][i] = 3;
    }
    LaneInput lanes[INPUTS] = {{in[0], 1}, {in[1], 1}, {in[2], 0}};
    for (int k = 0; k < EXPR_OUTPUTS; k++)
        at[k] = out[k];
    program_lanes(p, level, lanes, at, POINTS);
    for (int i = 0; i < POINTS; i++) {
        double point[INPUTS] = {in[0][i], in[1][i], 3}, one[EXPR_OUTPUTS], value;
        program_eval(p, level, point, one);
        program_eval(p, EXPR_VALUE, point, &value);
        for (int k = 0; k < outputs[level]; k++)
            if (!same(one[k], out[k][i]))
                fault("a lane differs from the point");
        if (!same(value, one[0]))
            fault("the value differs between levels");
        fuzz_events++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[INPUTS] = {"x", "y", "a"};
    Error err = {0};
    make_text(data, size);
    Program *p = program_compile(text, names, INPUTS, true, &err);
    if (!p && !err.message[0])
        fault("refused without a word");
    for (int level = EXPR_VALUE; p && level <= EXPR_HESSIAN; level++)
        check_level(p, (ExprLevel)level);
    program_free(p);
    return 0;
}
