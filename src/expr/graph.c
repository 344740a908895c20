/* SPDX-License-Identifier: MIT
 * graph: building nodes. Simplifications of a formula keep its value wherever it has one: only
 * exact ones (u*1, u+0, u-(-v), a sign moved outwards ...). Derivatives may in addition drop
 * 0*u and merge constant factors. */
#include "expr/graph.h"

#include <string.h>

#include "expr/elementary.h"

#define EULER 2.71828182845904523536

void graph_init(Graph *g)
{
    g->count = 0;
    g->full = false;
    g->deriving = false;
    memset(g->slot, 0, sizeof g->slot);
}

static bool same_node(const Node *m, const Node *n)
{
    return m->op == n->op && m->a == n->a && m->b == n->b && bits_of(m->k) == bits_of(n->k);
}

static unsigned node_hash(const Node *n)
{
    uint64_t h = bits_of(n->k) ^ ((uint64_t)n->op << 48 | (uint64_t)(uint16_t)n->a << 24 |
                                  (uint64_t)(uint16_t)n->b);
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return (unsigned)(h >> 40) % GRAPH_SLOTS;
}

/* The slot where n is, or the free one where it belongs. */
static unsigned find_slot(const Graph *g, const Node *n)
{
    unsigned s = node_hash(n);
    while (g->slot[s] && !same_node(&g->node[g->slot[s] - 1], n))
        s = (s + 1) % GRAPH_SLOTS;
    return s;
}

static int intern(Graph *g, Node n)
{
    unsigned s = find_slot(g, &n);
    if (g->slot[s])
        return g->slot[s] - 1;
    if (g->count == EXPR_NODES) {
        g->full = true;
        return 0;
    }
    g->node[g->count++] = n;
    g->slot[s] = (int16_t)g->count;
    return g->count - 1;
}

int graph_const(Graph *g, double k)
{
    return intern(g, (Node){.op = OP_CONST, .k = k});
}

int graph_input(Graph *g, int input)
{
    uint8_t depends = (uint8_t)(input < 2 ? 1 << input : 0);
    return intern(g, (Node){.op = OP_INPUT, .depends = depends, .a = (int16_t)input});
}

static int intern_unary(Graph *g, Op op, int a)
{
    uint8_t depends = g->node[a].depends;
    return intern(g, (Node){.op = (uint16_t)op, .arity = 1, .depends = depends, .a = (int16_t)a});
}

int graph_find(const Graph *g, Op op, int a)
{
    Node n = {.op = (uint16_t)op, .arity = 1, .a = (int16_t)a};
    return g->slot[find_slot(g, &n)] - 1;
}

static int intern_binary(Graph *g, Op op, int a, int b)
{
    uint8_t depends = g->node[a].depends | g->node[b].depends;
    return intern(g, (Node){.op = (uint16_t)op, .arity = 2, .depends = depends, .a = (int16_t)a,
                            .b = (int16_t)b});
}

static bool is_op(const Graph *g, int n, Op op)
{
    return g->node[n].op == op;
}

static bool is_value(const Graph *g, int n, double k)
{
    return graph_is_const(g, n) && g->node[n].k == k;
}

static int negate(Graph *g, int a)
{
    Node n = g->node[a];
    switch (n.op) {
    case OP_NEG:
        return n.a;
    case OP_SUB: /* -(u - v) */
        return graph_binary(g, OP_SUB, n.b, n.a);
    case OP_MUL: /* -(u * 3) */
        if (graph_is_const(g, n.b))
            return graph_binary(g, OP_MUL, n.a, graph_const(g, -g->node[n.b].k));
        break;
    default:
        break;
    }
    return intern_unary(g, OP_NEG, a);
}

int graph_unary(Graph *g, Op op, int a)
{
    if (g->full)
        return 0;
    if (graph_is_const(g, a))
        return graph_const(g, op_apply(op, g->node[a].k, 0.0));
    return op == OP_NEG ? negate(g, a) : intern_unary(g, op, a);
}

/* Sums and products with their operands in a fixed order, a constant last. */
static int intern_commuted(Graph *g, Op op, int a, int b)
{
    bool swap = graph_is_const(g, a) || (a > b && !graph_is_const(g, b));
    return swap ? intern_binary(g, op, b, a) : intern_binary(g, op, a, b);
}

static int add(Graph *g, int a, int b)
{
    if (is_value(g, a, 0.0))
        return b;
    if (is_value(g, b, 0.0))
        return a;
    if (is_op(g, b, OP_NEG))
        return graph_binary(g, OP_SUB, a, g->node[b].a);
    if (is_op(g, a, OP_NEG))
        return graph_binary(g, OP_SUB, b, g->node[a].a);
    if (a == b)
        return graph_binary(g, OP_MUL, a, graph_const(g, 2.0));
    return intern_commuted(g, OP_ADD, a, b);
}

static int subtract(Graph *g, int a, int b)
{
    if (is_value(g, a, 0.0))
        return graph_unary(g, OP_NEG, b);
    if (is_op(g, b, OP_NEG))
        return graph_binary(g, OP_ADD, a, g->node[b].a);
    if (graph_is_const(g, b))
        return graph_binary(g, OP_ADD, a, graph_const(g, -g->node[b].k));
    if (g->deriving && a == b)
        return graph_const(g, 0.0);
    return intern_binary(g, OP_SUB, a, b);
}

static bool ordinary(double k)
{
    return fabs(k) >= LOG_LEAST && fabs(k) <= LOG_MOST;
}

static int multiply_by_const(Graph *g, int a, double k)
{
    Node n = g->node[a];
    if (k == 1.0)
        return a;
    if (k == -1.0)
        return graph_unary(g, OP_NEG, a);
    if (k == 0.0 && g->deriving)
        return graph_const(g, 0.0);
    if (n.op == OP_NEG)
        return graph_binary(g, OP_MUL, n.a, graph_const(g, -k));
    if (g->deriving && n.op == OP_MUL && graph_is_const(g, n.b) && ordinary(k * g->node[n.b].k))
        return graph_binary(g, OP_MUL, n.a, graph_const(g, k * g->node[n.b].k));
    return intern_binary(g, OP_MUL, a, graph_const(g, k));
}

static int multiply(Graph *g, int a, int b)
{
    if (graph_is_const(g, a))
        return multiply_by_const(g, b, g->node[a].k);
    if (graph_is_const(g, b))
        return multiply_by_const(g, a, g->node[b].k);
    if (is_op(g, a, OP_NEG))
        return graph_unary(g, OP_NEG, graph_binary(g, OP_MUL, g->node[a].a, b));
    if (is_op(g, b, OP_NEG))
        return graph_unary(g, OP_NEG, graph_binary(g, OP_MUL, a, g->node[b].a));
    return intern_commuted(g, OP_MUL, a, b);
}

/* Is 1/k exact: k a power of two, neither near overflow? */
static bool has_inverse(double k)
{
    return fabs(k) >= 0x1p-1000 && fabs(k) <= 0x1p1000 && !(bits_of(k) << 12);
}

static int divide(Graph *g, int a, int b)
{
    if (graph_is_const(g, b) && has_inverse(g->node[b].k))
        return graph_binary(g, OP_MUL, a, graph_const(g, 1.0 / g->node[b].k));
    if (g->deriving && is_value(g, a, 0.0))
        return a;
    if (is_op(g, a, OP_NEG))
        return graph_unary(g, OP_NEG, graph_binary(g, OP_DIV, g->node[a].a, b));
    if (is_op(g, b, OP_NEG))
        return graph_unary(g, OP_NEG, graph_binary(g, OP_DIV, a, g->node[b].a));
    return intern_binary(g, OP_DIV, a, b);
}

/* u^n in the order of power_by_squaring (elementary.c): same bits as a power at run time. */
static int expand_power(Graph *g, int u, int n)
{
    int power = NO_NODE;
    for (int left = n < 0 ? -n : n; left; left >>= 1) {
        if (left & 1)
            power = power == NO_NODE ? u : graph_binary(g, OP_MUL, power, u);
        if (left > 1)
            u = graph_binary(g, OP_MUL, u, u);
    }
    return n < 0 ? graph_unary(g, OP_INV, power) : power;
}

/* u^b or, with op POWZ, the same with 0 at u = 0. */
static int raise_to(Graph *g, Op op, int u, int b)
{
    if (op == OP_POW && is_value(g, u, EULER))
        return graph_unary(g, OP_EXP, b);
    if (!graph_is_const(g, b))
        return intern_binary(g, op, u, b);
    double k = g->node[b].k;
    if (k == 0.0)
        return graph_const(g, 1.0);
    if (floor(k) != k || fabs(k) > POWER_SQUARINGS)
        return intern_binary(g, op, u, b);
    if (op == OP_POWZ && k < 0.0)
        return graph_binary(g, OP_DIVZ, graph_const(g, 1.0), expand_power(g, u, (int)-k));
    return expand_power(g, u, (int)k);
}

int graph_binary(Graph *g, Op op, int a, int b)
{
    if (g->full)
        return 0;
    if (graph_is_const(g, a) && graph_is_const(g, b))
        return graph_const(g, op_apply(op, g->node[a].k, g->node[b].k));
    switch (op) {
    case OP_ADD:
        return add(g, a, b);
    case OP_SUB:
        return subtract(g, a, b);
    case OP_MUL:
        return multiply(g, a, b);
    case OP_DIV:
        return divide(g, a, b);
    case OP_POW:
    case OP_POWZ:
        return raise_to(g, op, a, b);
    case OP_MIN:
    case OP_MAX:
        return a == b ? a : intern_binary(g, op, a, b);
    case OP_DIVZ:
        return is_value(g, a, 0.0) ? a : intern_binary(g, op, a, b);
    default:
        return intern_binary(g, op, a, b);
    }
}
