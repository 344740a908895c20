/* SPDX-License-Identifier: MIT
 * parse: formula text into the graph, by recursive descent:
 *
 *     sum     = product { ("+" | "-") product }
 *     product = signed { ("*" | "/") signed }
 *     signed  = ("-" | "+") signed | power
 *     power   = primary [ "^" signed ]          so -2^2 = -4, 2^-1 = 0.5, 2^3^2 = 2^9
 *     primary = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
 *
 * Every recursion passes through parse_signed, which counts the depth. After an error all
 * functions return node 0 at once; the first error stands. */
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "expr/graph.h"

enum { QUOTE_MAX = 40, ARGS_MAX = 4 };

typedef struct Token {
    size_t at;     /* byte in the text */
    size_t length; /* bytes; 0 at the end */
    char kind;     /* '0' number, 'a' name, an operator itself, '?' anything else, 0 end */
} Token;

typedef struct Parser {
    Graph *g;
    const char *text;
    const char *const *inputs;
    int input_count;
    int depth;
    Token token; /* to be read next */
    Token last;  /* before it */
    bool failed;
    Error *err;
} Parser;

typedef struct Function {
    const char *name;
    int args;
    Op op; /* for those that are one node */
    int (*build)(Parser *p, Token name, const int *arg);
} Function;

static int build_mod(Parser *p, Token name, const int *arg);
static int build_well(Parser *p, Token name, const int *arg);

static const Function functions[] = {
    {"sin", 1, OP_SIN, NULL},           {"cos", 1, OP_COS, NULL},
    {"tan", 1, OP_TAN, NULL},           {"exp", 1, OP_EXP, NULL},
    {"log", 1, OP_LOG, NULL},           {"sqrt", 1, OP_SQRT, NULL},
    {"abs", 1, OP_ABS, NULL},           {"tanh", 1, OP_TANH, NULL},
    {"min", 2, OP_MIN, NULL},           {"max", 2, OP_MAX, NULL},
    {"sign", 1, OP_SIGN, NULL},         {"floor", 1, OP_FLOOR, NULL},
    {"mod", 2, OP_ADD, build_mod},      {"softplus", 1, OP_SOFTPLUS, NULL},
    {"sigmoid", 1, OP_SIGMOID, NULL},   {"well", 4, OP_ADD, build_well},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static const struct {
    const char *name;
    double value;
} constants[] = {
    {"pi", 3.14159265358979323846},
    {"e", 2.71828182845904523536},
};
enum { CONSTANTS = sizeof constants / sizeof *constants };

const char *const expr_words[] = {
    "sin",  "cos", "tan",      "exp",     "log",  "sqrt", "abs", "tanh", "min", "max", "sign",
    "floor", "mod", "softplus", "sigmoid", "well", "pi",   "e",   NULL,
};

/* ---- errors ---- */

static long column_of(const Parser *p, size_t at)
{
    return (long)utf8_count(p->text, at) + 1;
}

/* Report at a token; %.*s with TOKEN(t) quotes it. */
#define FAIL(p, token, ...)                                                                        \
    ((p)->failed ? 0                                                                               \
                 : ((p)->failed = true,                                                            \
                    error_set((p)->err, 1, column_of(p, (token).at), __VA_ARGS__), 0))
#define TOKEN(p, t) (int)((t).length < QUOTE_MAX ? (t).length : QUOTE_MAX), (p)->text + (t).at

/* ---- tokens ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t skip_digits(const char *s, size_t i)
{
    while (is_digit(s[i]))
        i++;
    return i;
}

/* Bytes of the number at s: digits [. digits] [e [sign] digits]. */
static size_t number_length(const char *s)
{
    size_t i = skip_digits(s, 0);
    if (s[i] == '.')
        i = skip_digits(s, i + 1);
    if (s[i] == 'e' || s[i] == 'E') {
        size_t exponent = i + 1 + (s[i + 1] == '+' || s[i + 1] == '-');
        if (is_digit(s[exponent]))
            i = skip_digits(s, exponent);
    }
    return i;
}

static size_t name_length(const char *s)
{
    size_t i = 0;
    while (is_letter(s[i]) || is_digit(s[i]))
        i++;
    return i;
}

static void next_token(Parser *p)
{
    size_t at = p->token.at + p->token.length;
    p->last = p->token;
    while (p->text[at] == ' ' || p->text[at] == '\t')
        at++;
    const char *s = p->text + at;
    Token t = {.at = at, .length = 1, .kind = *s};
    if (!*s) {
        t.length = 0;
    } else if (is_digit(*s) || (*s == '.' && is_digit(s[1]))) {
        t = (Token){at, number_length(s), '0'};
    } else if (is_letter(*s)) {
        t = (Token){at, name_length(s), 'a'};
    } else if (!strchr("+-*/^(),", *s)) {
        const char *end = s;
        utf8_next(&end);
        t = (Token){at, (size_t)(end - s), '?'};
    }
    p->token = t;
}

/* A token that no rule allows here. */
static int fail_unexpected(Parser *p)
{
    Token t = p->token;
    unsigned char c = (unsigned char)p->text[t.at];
    if (t.kind == 0)
        return FAIL(p, t, "the formula ends too early%s", p->last.length ? "" : ": it is empty");
    if (c < 0x20 || c == 0x7f)
        return FAIL(p, t, "control character 0x%02x", c);
    if (t.kind == '*' && p->last.kind == '*')
        return FAIL(p, t, "unexpected '*' (a power is written x^2)");
    return FAIL(p, t, "unexpected '%.*s'", TOKEN(p, t));
}

static bool starts_primary(char kind)
{
    return kind == '0' || kind == 'a' || kind == '(';
}

/* Text goes on where an operator or the end had to come. */
static int fail_no_operator(Parser *p)
{
    Token t = p->token;
    Token l = p->last;
    if (!starts_primary(t.kind))
        return t.kind == ')' ? FAIL(p, t, "')' without '('") : fail_unexpected(p);
    if ((l.kind == '0' || l.kind == 'a') && t.kind != '(')
        return FAIL(p, t, "no operator between '%.*s' and '%.*s' (write %.*s*%.*s)", TOKEN(p, l),
                    TOKEN(p, t), TOKEN(p, l), TOKEN(p, t));
    if (l.kind == '0' || l.kind == 'a')
        return FAIL(p, t, "no operator between '%.*s' and '(' (write %.*s*(...))", TOKEN(p, l),
                    TOKEN(p, l));
    return FAIL(p, t, "no operator before '%.*s' (write * to multiply)", TOKEN(p, t));
}

/* ---- names ---- */

static const Function *find_function(const Parser *p, Token t)
{
    for (int i = 0; i < FUNCTIONS; i++)
        if (word_is(p->text + t.at, t.length, functions[i].name))
            return &functions[i];
    return NULL;
}

/* The node of an input or constant, NO_NODE if the name is neither. */
static int find_value(Parser *p, Token t)
{
    const char *name = p->text + t.at;
    for (int i = 0; i < p->input_count; i++)
        if (word_is(name, t.length, p->inputs[i]))
            return graph_input(p->g, i);
    for (int i = 0; i < CONSTANTS; i++)
        if (word_is(name, t.length, constants[i].name))
            return graph_const(p->g, constants[i].value);
    return NO_NODE;
}

static int fail_unknown(Parser *p, Token t, bool called)
{
    char hint[64];
    Near n;
    near_start(&n, p->text + t.at, t.length);
    for (int i = 0; i < FUNCTIONS; i++)
        near_try(&n, functions[i].name);
    for (int i = 0; i < p->input_count && !called; i++)
        near_try(&n, p->inputs[i]);
    for (int i = 0; i < CONSTANTS && !called; i++)
        near_try(&n, constants[i].name);
    near_hint(&n, hint, sizeof hint);
    return FAIL(p, t, "unknown %s '%.*s'%s", called ? "function" : "name", TOKEN(p, t), hint);
}

/* ---- functions that are more than one node ---- */

static int square(Graph *g, int a)
{
    return graph_binary(g, OP_MUL, a, a);
}

/* mod(a, b) = a - b floor(a/b); floor is flat, so its derivatives are 1 and -floor(a/b). */
static int build_mod(Parser *p, Token name, const int *arg)
{
    Graph *g = p->g;
    (void)name;
    int whole = graph_unary(g, OP_FLOOR, graph_binary(g, OP_DIV, arg[0], arg[1]));
    return graph_binary(g, OP_SUB, arg[0], graph_binary(g, OP_MUL, arg[1], whole));
}

/* well(d, cx, cy, s) = d exp(-((x-cx)^2 + (y-cy)^2) / (2 s^2)). */
static int build_well(Parser *p, Token name, const int *arg)
{
    Graph *g = p->g;
    if (p->input_count < 2 || strcmp(p->inputs[0], "x") != 0 || strcmp(p->inputs[1], "y") != 0)
        return FAIL(p, name, "'well' is for formulas in x and y");
    int dx = graph_binary(g, OP_SUB, graph_input(g, 0), arg[1]);
    int dy = graph_binary(g, OP_SUB, graph_input(g, 1), arg[2]);
    int distance = graph_binary(g, OP_ADD, square(g, dx), square(g, dy));
    int width = graph_binary(g, OP_MUL, graph_const(g, 2.0), square(g, arg[3]));
    int exponent = graph_unary(g, OP_NEG, graph_binary(g, OP_DIV, distance, width));
    return graph_binary(g, OP_MUL, arg[0], graph_unary(g, OP_EXP, exponent));
}

/* ---- the grammar ---- */

static int parse_sum(Parser *p);

static int parse_number(Parser *p)
{
    double value = 0.0;
    Token t = p->token;
    bool read = number_parse(p->text + t.at, t.length, &value);
    if (!read || !(fabs(value) <= LOG_MOST))
        return FAIL(p, t, "number '%.*s' is too large", TOKEN(p, t));
    next_token(p);
    return graph_const(p->g, value);
}

static bool expect_close(Parser *p, Token open)
{
    if (p->failed)
        return false;
    if (p->token.kind == ')') {
        next_token(p);
        return true;
    }
    if (p->token.kind == 0)
        FAIL(p, open, "'(' is never closed");
    else
        fail_no_operator(p);
    return false;
}

static int parse_call(Parser *p, const Function *f, Token name)
{
    int arg[ARGS_MAX] = {0};
    int count = 0;
    Token open = p->token;
    do {
        next_token(p);
        if (count == 0 && p->token.kind == ')')
            break;
        int value = parse_sum(p);
        if (count < ARGS_MAX)
            arg[count] = value;
        count++;
    } while (!p->failed && p->token.kind == ',');
    if (!expect_close(p, open))
        return 0;
    if (count != f->args)
        return FAIL(p, name, "'%s' takes %d argument%s, not %d", f->name, f->args,
                    f->args == 1 ? "" : "s", count);
    if (f->build)
        return f->build(p, name, arg);
    return f->args == 1 ? graph_unary(p->g, f->op, arg[0])
                        : graph_binary(p->g, f->op, arg[0], arg[1]);
}

static int parse_name(Parser *p)
{
    Token name = p->token;
    int value = find_value(p, name);
    const Function *f = value == NO_NODE ? find_function(p, name) : NULL;
    next_token(p);
    if (value != NO_NODE)
        return value;
    if (!f)
        return fail_unknown(p, name, p->token.kind == '(');
    if (p->token.kind != '(')
        return FAIL(p, name, "'%s' is a function (write %s(...))", f->name, f->name);
    return parse_call(p, f, name);
}

static int parse_primary(Parser *p)
{
    Token open = p->token;
    switch (open.kind) {
    case '0':
        return parse_number(p);
    case 'a':
        return parse_name(p);
    case '(': {
        next_token(p);
        int inside = parse_sum(p);
        return expect_close(p, open) ? inside : 0;
    }
    default:
        return fail_unexpected(p);
    }
}

static int parse_signed(Parser *p);

static int parse_power(Parser *p)
{
    int base = parse_primary(p);
    if (p->failed || p->token.kind != '^')
        return base;
    next_token(p);
    int exponent = parse_signed(p);
    return p->failed ? 0 : graph_binary(p->g, OP_POW, base, exponent);
}

static int parse_signed(Parser *p)
{
    if (p->failed)
        return 0;
    if (p->depth == EXPR_DEPTH)
        return FAIL(p, p->token, "the formula is nested deeper than %d", EXPR_DEPTH);
    char sign = p->token.kind;
    int value;
    p->depth++;
    if (sign == '-' || sign == '+') {
        next_token(p);
        value = parse_signed(p);
        if (sign == '-' && !p->failed)
            value = graph_unary(p->g, OP_NEG, value);
    } else {
        value = parse_power(p);
    }
    p->depth--;
    return value;
}

/* One of the two levels of left-associative operators. */
static int parse_chain(Parser *p, int (*operand)(Parser *), char first, Op first_op, char second,
                       Op second_op)
{
    int left = operand(p);
    while (!p->failed && (p->token.kind == first || p->token.kind == second)) {
        Op op = p->token.kind == first ? first_op : second_op;
        next_token(p);
        int right = operand(p);
        if (!p->failed)
            left = graph_binary(p->g, op, left, right);
        if (p->g->full)
            FAIL(p, p->last, "the formula is too large (more than %d operations)", EXPR_NODES);
    }
    return left;
}

static int parse_product(Parser *p)
{
    return parse_chain(p, parse_signed, '*', OP_MUL, '/', OP_DIV);
}

static int parse_sum(Parser *p)
{
    return parse_chain(p, parse_product, '+', OP_ADD, '-', OP_SUB);
}

int graph_parse(Graph *g, const char *text, const char *const *inputs, int input_count, Error *err)
{
    Parser p = {.g = g, .text = text, .inputs = inputs, .input_count = input_count, .err = err};
    size_t length = strnlen(text, EXPR_TEXT + 1);
    if (length > EXPR_TEXT) {
        error_set(err, 1, (long)utf8_count(text, EXPR_TEXT) + 1,
                  "the formula is longer than %d bytes", EXPR_TEXT);
        return NO_NODE;
    }
    next_token(&p);
    int root = parse_sum(&p);
    if (!p.failed && p.token.kind != 0)
        fail_no_operator(&p);
    if (!p.failed && g->full)
        FAIL(&p, p.last, "the formula is too large (more than %d operations)", EXPR_NODES);
    return p.failed ? NO_NODE : root;
}
