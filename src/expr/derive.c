/* SPDX-License-Identifier: MIT
 * derive: reverse mode on the graph (Linnainmaa 1970). The adjoint w of a node is the derivative
 * of the root with respect to it; from the root down, each node hands w times its partial
 * derivatives to its operands. One sweep gives all derivatives; a sweep over each of those gives
 * the Hessian. The new nodes are ordinary nodes, shared with the formula's own. */
#include "expr/graph.h"

typedef struct Sweep {
    Graph *g;
    unsigned mask;              /* only nodes that depend on these inputs matter */
    int16_t adjoint[EXPR_NODES]; /* NO_NODE: none yet */
} Sweep;

static bool wanted(const Sweep *s, int n)
{
    return (s->g->node[n].depends & s->mask) != 0;
}

static void hand(Sweep *s, int to, int w)
{
    int old = s->adjoint[to];
    int sum = old == NO_NODE ? w : graph_binary(s->g, OP_ADD, old, w);
    s->adjoint[to] = (int16_t)sum;
}

static int times(Graph *g, int a, int b)
{
    return graph_binary(g, OP_MUL, a, b);
}

static int minus(Graph *g, int a)
{
    return graph_unary(g, OP_NEG, a);
}

/* w times the derivative of node n = op(a) with respect to a. Where the header fixes a value at
 * a kink, the op does (SIGN, DIVZ). */
static int pull_unary(Graph *g, int n, Op op, int a, int w)
{
    switch (op) {
    case OP_NEG:
        return minus(g, w);
    case OP_INV: /* -1/a^2; the division comes last, its 0 at a = 0 then wins over n = inf */
        return minus(g, graph_binary(g, OP_DIVZ, times(g, w, n), a));
    case OP_ABS:
        return times(g, w, graph_unary(g, OP_SIGN, a));
    case OP_SQRT: /* 1/(2 sqrt a) */
        return graph_binary(g, OP_DIVZ, times(g, w, graph_const(g, 0.5)), n);
    case OP_SIN:
        return times(g, w, graph_unary(g, OP_COS, a));
    case OP_COS:
        return minus(g, times(g, w, graph_unary(g, OP_SIN, a)));
    case OP_TAN: /* 1 + tan^2 */
        return times(g, w, graph_binary(g, OP_ADD, times(g, n, n), graph_const(g, 1.0)));
    case OP_EXP:
        return times(g, w, n);
    case OP_LOG:
        return graph_binary(g, OP_DIV, w, a);
    case OP_LOGZ:
        return graph_binary(g, OP_DIVZ, w, a);
    case OP_TANH: /* 1 - tanh^2 */
        return times(g, w, graph_binary(g, OP_SUB, graph_const(g, 1.0), times(g, n, n)));
    case OP_SOFTPLUS:
        return times(g, w, graph_unary(g, OP_SIGMOID, a));
    case OP_SIGMOID: /* s(u) s(-u): s (1 - s) would lose its digits for large u */
        return times(g, w, times(g, n, graph_unary(g, OP_SIGMOID, minus(g, a))));
    default: /* floor, sign: flat */
        return graph_const(g, 0.0);
    }
}

static void pull_product(Sweep *s, int a, int b, int w)
{
    if (a == b) {
        hand(s, a, times(s->g, times(s->g, w, graph_const(s->g, 2.0)), a));
        return;
    }
    if (wanted(s, a))
        hand(s, a, times(s->g, w, b));
    if (wanted(s, b))
        hand(s, b, times(s->g, w, a));
}

/* n = a / b (op DIV, or DIVZ: 0 at b = 0): 1/b and -n/b. */
static void pull_quotient(Sweep *s, int n, Op op, int a, int b, int w)
{
    Graph *g = s->g;
    int part = graph_is_const(g, b) ? times(g, w, graph_const(g, op_apply(op, 1.0, g->node[b].k)))
                                    : graph_binary(g, op, w, b);
    if (wanted(s, a))
        hand(s, a, part);
    if (wanted(s, b))
        hand(s, b, minus(g, times(g, part, n)));
}

/* n = min(a, b): the smaller gets w, half each where equal; max likewise with the order turned. */
static void pull_choice(Sweep *s, int a, int b, int first, int second, int w)
{
    if (wanted(s, a))
        hand(s, a, times(s->g, w, graph_binary(s->g, OP_LESS, first, second)));
    if (wanted(s, b))
        hand(s, b, times(s->g, w, graph_binary(s->g, OP_LESS, second, first)));
}

/* n = a^b: b a^(b-1), 0 where a = 0 and b < 1, and n log a. */
static void pull_power(Sweep *s, int n, int a, int b, int w)
{
    Graph *g = s->g;
    if (wanted(s, a)) {
        int less = graph_binary(g, OP_SUB, b, graph_const(g, 1.0));
        hand(s, a, times(g, w, times(g, graph_binary(g, OP_POWZ, a, less), b)));
    }
    if (wanted(s, b))
        hand(s, b, times(g, w, times(g, n, graph_unary(g, OP_LOGZ, a))));
}

static void pull_binary(Sweep *s, int n, Node node, int w)
{
    int a = node.a;
    int b = node.b;
    switch (node.op) {
    case OP_ADD:
    case OP_SUB:
        if (wanted(s, a))
            hand(s, a, w);
        if (wanted(s, b))
            hand(s, b, node.op == OP_ADD ? w : minus(s->g, w));
        break;
    case OP_MUL:
        pull_product(s, a, b, w);
        break;
    case OP_DIV:
    case OP_DIVZ:
        pull_quotient(s, n, node.op, a, b, w);
        break;
    case OP_MIN:
        pull_choice(s, a, b, a, b, w);
        break;
    case OP_MAX:
        pull_choice(s, a, b, b, a, w);
        break;
    case OP_POW:
    case OP_POWZ:
        pull_power(s, n, a, b, w);
        break;
    default: /* LESS: flat */
        break;
    }
}

void graph_derive(Graph *g, int of, unsigned mask, int by[2])
{
    Sweep s = {.g = g, .mask = mask};
    g->deriving = true;
    by[0] = graph_const(g, 0.0);
    by[1] = by[0];
    for (int n = 0; n <= of; n++)
        s.adjoint[n] = NO_NODE;
    s.adjoint[of] = (int16_t)graph_const(g, 1.0);
    for (int n = of; n >= 0 && !g->full; n--) {
        Node node = g->node[n];
        int w = s.adjoint[n];
        if (w == NO_NODE || !wanted(&s, n))
            continue;
        if (node.op == OP_INPUT)
            by[node.a] = w;
        else if (node.arity == 1)
            hand(&s, node.a, pull_unary(g, n, node.op, node.a, w));
        else
            pull_binary(&s, n, node, w);
    }
}
