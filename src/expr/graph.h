/* SPDX-License-Identifier: MIT
 * graph (private): the expression graph. Nodes are hash-consed (equal expressions are one node),
 * constants folded, operands stand before their users. A full graph sets `full` and hands out
 * node 0, so that builders need not check each step. */
#ifndef ETA_EXPR_GRAPH_H
#define ETA_EXPR_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "expr/expr.h"
#include "expr/ops.h"

enum { GRAPH_SLOTS = 2 * EXPR_NODES, NO_NODE = -1 };

typedef struct Node {
    uint16_t op;
    uint8_t arity;   /* operands: 0, 1, 2 */
    uint8_t depends; /* bit 0: on input 0, bit 1: on input 1 */
    int16_t a;       /* operand, or the input's number */
    int16_t b;
    double k;        /* of a constant */
} Node;

typedef struct Graph {
    int count;
    bool full;
    bool deriving; /* derivatives may drop 0 * u and gather constants; formulas may not */
    Node node[EXPR_NODES];
    int16_t slot[GRAPH_SLOTS]; /* open hashing; node + 1, 0 is free */
} Graph;

void graph_init(Graph *g);

int graph_const(Graph *g, double k);
int graph_input(Graph *g, int input);
int graph_unary(Graph *g, Op op, int a);
int graph_binary(Graph *g, Op op, int a, int b);

/* The node op(a) if it exists already, else NO_NODE. */
int graph_find(const Graph *g, Op op, int a);

/* Derivatives of node `of` with respect to the inputs in `mask` (bits as in Node.depends),
 * into by[0], by[1]; see derive.c. */
void graph_derive(Graph *g, int of, unsigned mask, int by[2]);

/* Parse a formula into the graph: its root, or NO_NODE with *err. See parse.c. */
int graph_parse(Graph *g, const char *text, const char *const *inputs, int input_count,
                Error *err);

static inline bool graph_is_const(const Graph *g, int n)
{
    return g->node[n].op == OP_CONST;
}

#endif
