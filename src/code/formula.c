/* SPDX-License-Identifier: MIT
 * formula: see formula.h */
#include "code/formula.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "expr/graph.h"

#define PI 3.14159265358979323846
#define EULER 2.71828182845904523536

enum { NODES_MOST = 20000 }; /* shared parts are written out each time: an end to that */

/* How tightly a text binds. */
enum { SUM = 1, PRODUCT, POWER, ATOM };

typedef struct Printer {
    FILE *out;
    const Graph *g;
    const char *const *inputs;
    PyStyle style;
    unsigned uses;
    long left; /* nodes that may still be written */
} Printer;

/* Functions of one or two arguments: the text by style, '#' is an argument. */
static const struct {
    Op op;
    const char *text[PY_STYLES];
    unsigned uses; /* of PyTorch's text */
} calls[] = {
    {OP_SIN, {"torch.sin(#)", "torch.sin(#)", "ops.sin(#)", "jnp.sin(#)"}, 0},
    {OP_COS, {"torch.cos(#)", "torch.cos(#)", "ops.cos(#)", "jnp.cos(#)"}, 0},
    {OP_TAN, {"torch.tan(#)", "torch.tan(#)", "ops.tan(#)", "jnp.tan(#)"}, 0},
    {OP_EXP, {"torch.exp(#)", "torch.exp(#)", "ops.exp(#)", "jnp.exp(#)"}, 0},
    {OP_LOG, {"torch.log(#)", "torch.log(#)", "ops.log(#)", "jnp.log(#)"}, 0},
    {OP_TANH, {"torch.tanh(#)", "torch.tanh(#)", "ops.tanh(#)", "jnp.tanh(#)"}, 0},
    {OP_ABS, {"torch.abs(#)", "torch.abs(#)", "ops.abs(#)", "jnp.abs(#)"}, 0},
    {OP_FLOOR, {"torch.floor(#)", "torch.floor(#)", "ops.floor(#)", "jnp.floor(#)"}, 0},
    {OP_SIGN, {"torch.sign(#)", "torch.sign(#)", "ops.sign(#)", "jnp.sign(#)"}, 0},
    {OP_SIGMOID,
     {"torch.sigmoid(#)", "torch.sigmoid(#)", "ops.sigmoid(#)", "(1/(1 + jnp.exp(-(#))))"},
     0},
    {OP_SOFTPLUS,
     {"softplus(#)", "softplus(#)", "ops.softplus(#)", "jnp.logaddexp(#, 0.0)"},
     USES_SOFTPLUS},
    {OP_SQRT, {"torch.sqrt(#)", "root(#)", "ops.sqrt(#)", "jnp.sqrt(#)"}, USES_ROOT},
    {OP_MIN,
     {"minimum(#, #)", "minimum(#, #)", "ops.minimum(#, #)", "jnp.minimum(#, #)"},
     USES_MINIMUM},
    {OP_MAX,
     {"maximum(#, #)", "maximum(#, #)", "ops.maximum(#, #)", "jnp.maximum(#, #)"},
     USES_MAXIMUM},
    {OP_POW, {NULL, "power(#, #)", NULL, NULL}, USES_POWER}, /* NULL: a**b */
};

static void print_node(Printer *p, int n, int level);

/* k = n pi for a small whole n? */
static int turns(double k)
{
    for (int n = 1; n <= 8; n++)
        if (fabs(k) == n * PI)
            return n;
    return 0;
}

static void print_number(Printer *p, double k)
{
    char number[NUMBER_TEXT];
    if (turns(k)) {
        fprintf(p->out, turns(k) > 1 ? "%s%d*math.pi" : "%smath.pi", k < 0 ? "-" : "", turns(k));
        p->uses |= USES_MATH;
        return;
    }
    if (k == EULER) {
        fprintf(p->out, "math.e");
        p->uses |= USES_MATH;
    } else if (isfinite(k)) {
        number_print(number, k);
        fprintf(p->out, "%s", number);
    } else {
        fprintf(p->out, "float(\"%s\")", isnan(k) ? "nan" : k > 0 ? "inf" : "-inf");
    }
}

/* u^n as the graph holds it, by multiplications, a few deep: its base and exponent. */
static int power_within(const Graph *g, int n, int depth, int *exponent)
{
    const Node *node = &g->node[n];
    *exponent = 1;
    if (depth == 0 || node->op != OP_MUL || graph_is_const(g, node->b))
        return n;
    int of_a;
    int of_b;
    int a = power_within(g, node->a, depth - 1, &of_a);
    int b = power_within(g, node->b, depth - 1, &of_b);
    if (a != b)
        return n;
    *exponent = of_a + of_b;
    return a;
}

static int power_of(const Graph *g, int n, int *exponent)
{
    return power_within(g, n, 8, exponent);
}

/* The factor in front: the constant of -3 u. */
static bool has_minus(const Graph *g, int n)
{
    const Node *node = &g->node[n];
    if (node->op == OP_MUL && graph_is_const(g, node->b))
        n = node->b;
    return graph_is_const(g, n) && g->node[n].k < 0;
}

static int level_of(const Printer *p, int n)
{
    const Graph *g = p->g;
    int exponent;
    switch (g->node[n].op) {
    case OP_ADD:
    case OP_SUB:
    case OP_NEG:
        return SUM;
    case OP_MUL:
        power_of(g, n, &exponent);
        return exponent > 1 ? POWER : has_minus(g, n) ? SUM : PRODUCT;
    case OP_DIV:
    case OP_INV:
        return PRODUCT;
    case OP_CONST:
        return has_minus(g, n) ? SUM : turns(g->node[n].k) > 1 ? PRODUCT : ATOM;
    case OP_POW:
        return p->style == PY_TORCH ? ATOM : POWER;
    default:
        return ATOM;
    }
}

/* Behind a minus already written: the term without its own. */
static void print_positive(Printer *p, int n)
{
    const Node *node = &p->g->node[n];
    bool product = node->op == OP_MUL;
    double k = -p->g->node[product ? node->b : n].k;
    if (!product || k != 1)
        print_number(p, k);
    if (product && k != 1)
        fputc('*', p->out);
    if (product)
        print_node(p, node->a, PRODUCT);
}

/* a + b, a - b; + -3 u is written - 3 u. */
static void print_sum(Printer *p, const Node *node)
{
    bool minus = node->op == OP_SUB;
    bool flip = has_minus(p->g, node->b);
    print_node(p, node->a, SUM);
    fputs(minus != flip ? " - " : " + ", p->out);
    if (flip)
        print_positive(p, node->b);
    else
        print_node(p, node->b, PRODUCT);
}

static void print_product(Printer *p, int n, const Node *node)
{
    int exponent;
    int base = power_of(p->g, n, &exponent);
    if (exponent > 1) {
        print_node(p, base, ATOM);
        fprintf(p->out, "**%d", exponent);
    } else if (graph_is_const(p->g, node->b)) {
        print_number(p, p->g->node[node->b].k);
        fputc('*', p->out);
        print_node(p, node->a, PRODUCT);
    } else {
        print_node(p, node->a, PRODUCT);
        fputc('*', p->out);
        print_node(p, node->b, PRODUCT);
    }
}

static void print_call(Printer *p, const Node *node)
{
    size_t i = 0;
    while (calls[i].op != (Op)node->op)
        i++;
    const char *text = calls[i].text[p->style];
    int argument = node->a;
    if (!text) {
        print_node(p, node->a, ATOM);
        fputs("**", p->out);
        print_node(p, node->b, ATOM);
        return;
    }
    if (strcmp(text, calls[i].text[PY_TORCH]) == 0)
        p->uses |= calls[i].uses;
    for (const char *c = text; *c; c++) {
        if (*c != '#') {
            fputc(*c, p->out);
            continue;
        }
        print_node(p, argument, SUM);
        argument = node->b;
    }
}

static void print_plain(Printer *p, int n, const Node *node)
{
    switch (node->op) {
    case OP_INPUT:
        formula_name(p->out, p->inputs[node->a]);
        break;
    case OP_CONST:
        print_number(p, node->k);
        break;
    case OP_ADD:
    case OP_SUB:
        print_sum(p, node);
        break;
    case OP_MUL:
        print_product(p, n, node);
        break;
    case OP_NEG:
        fputc('-', p->out);
        print_node(p, node->a, PRODUCT);
        break;
    case OP_DIV:
        print_node(p, node->a, PRODUCT);
        fputc('/', p->out);
        print_node(p, node->b, POWER);
        break;
    case OP_INV:
        fputs("1/", p->out);
        print_node(p, node->a, POWER);
        break;
    default:
        print_call(p, node);
        break;
    }
}

/* In parentheses where it binds more loosely than `level`. */
static void print_node(Printer *p, int n, int level)
{
    const Node *node = &p->g->node[n];
    bool loose = level_of(p, n) < level;
    if (p->left-- <= 0)
        return;
    if (loose)
        fputc('(', p->out);
    print_plain(p, n, node);
    if (loose)
        fputc(')', p->out);
}

bool formula_print(FILE *out, const char *text, const char *const *inputs, int count, PyStyle style,
                   const char *x, unsigned *uses, Error *err)
{
    Graph *g = malloc(sizeof *g);
    if (!g)
        return error_set(err, 0, 0, "out of memory");
    graph_init(g);
    int root = graph_parse(g, text, inputs, count, err);
    bool ok = root != NO_NODE;
    if (ok) {
        Printer p = {.out = out, .g = g, .inputs = inputs, .style = style, .left = NODES_MOST};
        bool flat = x && !g->node[root].depends;
        if (flat)
            fprintf(out, "0*%s + ", x);
        print_node(&p, root, flat ? PRODUCT : SUM);
        *uses |= p.uses;
        ok = p.left >= 0 || error_set(err, 1, 1, "the formula is too long to be written out");
    }
    free(g);
    return ok;
}

/* Python's keywords, and the names that formulas in the programs use themselves. */
void formula_name(FILE *out, const char *name)
{
    static const char *const taken[] = {
        "False", "None",     "True",  "and",    "as",    "assert",  "async",   "await",    "break",
        "class", "continue", "def",   "del",    "elif",  "else",    "except",  "finally",  "for",
        "from",  "global",   "if",    "import", "in",    "is",      "lambda",  "nonlocal", "not",
        "or",    "pass",     "raise", "return", "try",   "while",   "with",    "yield",    "torch",
        "math",  "ops",      "jnp",   "root",   "power", "minimum", "maximum", "softplus", "values",
        "table", "rows",     "step",  "float",
    };
    bool is_taken = false;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        is_taken = is_taken || strcmp(name, taken[i]) == 0;
    fprintf(out, is_taken ? "%s_" : "%s", name);
}

static const struct {
    unsigned bit;
    const char *text;
} helpers[] = {
    {USES_ROOT, "def root(a):  # sqrt, with derivative 0 at 0\n"
                "    a = torch.as_tensor(a)\n"
                "    zero = a == 0\n"
                "    return torch.where(zero, torch.zeros_like(a), torch.where(zero, "
                "torch.ones_like(a), a).sqrt())\n"},
    {USES_POWER, "def power(a, b):  # a**b, with derivative 0 at a = 0\n"
                 "    a, b = torch.broadcast_tensors(torch.as_tensor(a, dtype=torch.float64),\n"
                 "                                   torch.as_tensor(b, dtype=torch.float64))\n"
                 "    zero = (a == 0) & (b != 1)\n"
                 "    return torch.where(zero, (a**b).detach(), torch.where(zero, "
                 "torch.ones_like(a), a) ** b)\n"},
    {USES_MINIMUM, "def minimum(a, b):  # of numbers, too\n"
                   "    return torch.minimum(torch.as_tensor(a, dtype=torch.float64),\n"
                   "                         torch.as_tensor(b, dtype=torch.float64))\n"},
    {USES_MAXIMUM, "def maximum(a, b):  # of numbers, too\n"
                   "    return torch.maximum(torch.as_tensor(a, dtype=torch.float64),\n"
                   "                         torch.as_tensor(b, dtype=torch.float64))\n"},
    {USES_SOFTPLUS, "def softplus(a):  # log(1 + e^a); torch's own becomes the identity above 20\n"
                    "    return torch.logaddexp(a, torch.zeros_like(a))\n"},
};

void formula_helpers(FILE *out, unsigned uses)
{
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (uses & helpers[i].bit)
            fprintf(out, "%s\n\n", helpers[i].text);
}
