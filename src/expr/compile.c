/* SPDX-License-Identifier: MIT
 * compile: graph to register bytecode, one program per level. Nodes are emitted in graph order
 * (operands first); a register is free again after the last use of its node. */
#include "expr/program.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "expr/graph.h"

enum {
    INSTR_MOST = EXPR_LEVELS * EXPR_NODES, /* each node of each level at most once */
};

typedef struct Compiler {
    Graph graph;
    int root[EXPR_OUTPUTS];
    int input_count;
    Instr instr[INSTR_MOST];
    int length;
    /* per level: */
    int uses[EXPR_NODES];    /* uses still to come */
    int reg[EXPR_NODES];     /* register, or -1 */
    bool fused[EXPR_NODES];  /* a product that its sum computes */
    int free_reg[EXPR_NODES + EXPR_INPUTS];
    int free_count;
    int registers;
} Compiler;

static bool is_const(const Compiler *c, int n)
{
    return graph_is_const(&c->graph, n);
}

static const Node *node_at(const Compiler *c, int n)
{
    return &c->graph.node[n];
}

static int highest(const int *root, int count)
{
    int most = 0;
    for (int i = 0; i < count; i++)
        most = root[i] > most ? root[i] : most;
    return most;
}

/* ---- before emission: uses, and products that go into sums ---- */

static void count_uses(Compiler *c, const int *root, int results, int top)
{
    memset(c->uses, 0, sizeof(int) * (size_t)(top + 1));
    for (int i = 0; i < results; i++)
        c->uses[root[i]]++;
    for (int n = top; n >= 0; n--) {
        const Node *node = node_at(c, n);
        if (!c->uses[n])
            continue;
        if (node->arity >= 1)
            c->uses[node->a]++;
        if (node->arity == 2)
            c->uses[node->b]++;
    }
}

/* May product m be computed inside its only user, whose other operand is `other`? One constant
 * fits into an instruction. */
static bool may_fuse(const Compiler *c, int m, int other)
{
    const Node *node = node_at(c, m);
    if (node->op != OP_MUL || c->uses[m] != 1 || m == other)
        return false;
    return !(is_const(c, node->b) && is_const(c, other));
}

static void mark_fused(Compiler *c, int top)
{
    memset(c->fused, 0, sizeof(bool) * (size_t)(top + 1));
    for (int n = top; n >= 0; n--) {
        const Node *node = node_at(c, n);
        if (!c->uses[n] || (node->op != OP_ADD && node->op != OP_SUB))
            continue;
        bool minuend_constant = node->op == OP_SUB && is_const(c, node->a);
        if (may_fuse(c, node->b, node->a) && !minuend_constant)
            c->fused[node->b] = true;
        else if (may_fuse(c, node->a, node->b) &&
                 !(node->op == OP_SUB && is_const(c, node_at(c, node->a)->b)))
            c->fused[node->a] = true;
    }
}

/* ---- registers ---- */

static int new_register(Compiler *c)
{
    return c->free_count ? c->free_reg[--c->free_count] : c->registers++;
}

static void release(Compiler *c, int n)
{
    if (--c->uses[n] == 0 && c->reg[n] >= c->input_count)
        c->free_reg[c->free_count++] = c->reg[n];
}

static Instr *emit(Compiler *c, Op op)
{
    assert(c->length < INSTR_MOST);
    Instr *i = &c->instr[c->length++];
    *i = (Instr){.op = (uint16_t)op};
    return i;
}

/* The register of an operand; a constant is loaded at its first use as one. */
static uint16_t operand(Compiler *c, int n)
{
    if (c->reg[n] < 0) {
        assert(is_const(c, n));
        c->reg[n] = new_register(c);
        Instr *i = emit(c, OP_CONST);
        i->dst = (uint16_t)c->reg[n];
        i->k = node_at(c, n)->k;
    }
    return (uint16_t)c->reg[n];
}

static void set_target(Compiler *c, Instr *i, int n)
{
    c->reg[n] = new_register(c);
    i->dst = (uint16_t)c->reg[n];
}

/* ---- emission ---- */

/* sin and cos of the same operand cost little more than one of them. */
static bool emit_sincos(Compiler *c, int n, int top)
{
    const Node *node = node_at(c, n);
    int other = graph_find(&c->graph, node->op == OP_SIN ? OP_COS : OP_SIN, node->a);
    if (other == NO_NODE || other > top || !c->uses[other])
        return false;
    uint16_t a = operand(c, node->a);
    c->reg[n] = new_register(c); /* not the operand's: lanes look at that again */
    c->reg[other] = new_register(c);
    release(c, node->a);
    release(c, node->a);
    Instr *i = emit(c, OP_SINCOS);
    i->a = a;
    i->dst = (uint16_t)c->reg[node->op == OP_SIN ? n : other];
    i->b = (uint16_t)c->reg[node->op == OP_SIN ? other : n];
    return true;
}

static void emit_unary(Compiler *c, int n, int top)
{
    const Node *node = node_at(c, n);
    if ((node->op == OP_SIN || node->op == OP_COS) && emit_sincos(c, n, top))
        return;
    uint16_t a = operand(c, node->a);
    Instr *i = emit(c, node->op);
    i->a = a;
    set_target(c, i, n); /* not the operand's register: lanes look at that again */
    release(c, node->a);
}

/* a*b + c, a*b - c, c - a*b, where one of b and c may be a constant. */
static void emit_fused(Compiler *c, int n)
{
    const Node *sum = node_at(c, n);
    bool second = c->fused[sum->b];
    const Node *product = node_at(c, second ? sum->b : sum->a);
    int rest = second ? sum->a : sum->b;
    bool minus = sum->op == OP_SUB;
    bool factor = is_const(c, product->b);
    double k = factor ? node_at(c, product->b)->k : node_at(c, rest)->k;
    bool addend = is_const(c, rest);

    Instr made = {.a = operand(c, product->a)};
    if (!factor)
        made.b = operand(c, product->b);
    if (factor) { /* r - a*k is a*(-k) + r: the same bits */
        made.op = OP_MADK;
        made.b = operand(c, rest);
        made.k = minus ? -k : k;
    } else if (addend) {
        made.op = OP_KMAD;
        made.k = k;
    } else {
        made.op = !minus ? OP_MAD : second ? OP_NMA : OP_MSB;
        made.c = operand(c, rest);
    }
    release(c, product->a);
    release(c, product->b);
    release(c, rest);
    Instr *i = emit(c, made.op);
    *i = made;
    set_target(c, i, n);
}

/* The form with a constant second (or first) operand, where there is one. */
static Op constant_form(Op op, bool first)
{
    switch (op) {
    case OP_ADD:
        return OP_ADDK;
    case OP_MUL:
        return OP_MULK;
    case OP_SUB:
        return first ? OP_KSUB : OP_CONST;
    case OP_DIV:
        return first ? OP_KDIV : OP_DIVK;
    default:
        return OP_CONST; /* none */
    }
}

static void emit_binary(Compiler *c, int n)
{
    const Node *node = node_at(c, n);
    bool first = is_const(c, node->a);
    bool constant = first || is_const(c, node->b);
    Op form = constant ? constant_form(node->op, first) : OP_CONST;
    Instr made = {.op = (uint16_t)(form == OP_CONST ? node->op : form)};
    if (form == OP_CONST) {
        made.a = operand(c, node->a);
        made.b = operand(c, node->b);
    } else {
        made.a = operand(c, first ? node->b : node->a);
        made.k = node_at(c, first ? node->a : node->b)->k;
    }
    release(c, node->a);
    release(c, node->b);
    Instr *i = emit(c, made.op);
    *i = made;
    set_target(c, i, n);
}

static void emit_node(Compiler *c, int n, int top)
{
    const Node *node = node_at(c, n);
    bool sum = node->op == OP_ADD || node->op == OP_SUB;
    if (node->op == OP_INPUT)
        c->reg[n] = node->a;
    else if (c->fused[n] || node->op == OP_CONST || c->reg[n] >= 0)
        return; /* computed elsewhere or loaded when needed */
    else if (node->arity == 1)
        emit_unary(c, n, top);
    else if (sum && (c->fused[node->a] || c->fused[node->b]))
        emit_fused(c, n);
    else
        emit_binary(c, n);
}

static void compile_level(Compiler *c, Code *code, const int *root, int results)
{
    int start = c->length;
    int top = highest(root, results);
    count_uses(c, root, results, top);
    mark_fused(c, top);
    for (int n = 0; n <= top; n++)
        c->reg[n] = -1;
    c->free_count = 0;
    c->registers = c->input_count;
    for (int n = 0; n <= top; n++)
        if (c->uses[n])
            emit_node(c, n, top);
    code->results = results;
    for (int i = 0; i < results; i++)
        code->result[i] = operand(c, root[i]);
    code->length = c->length - start;
    code->registers = c->registers;
}

/* ---- the whole ---- */

static bool derive_all(Compiler *c, Error *err)
{
    Graph *g = &c->graph;
    int first[2];
    int second[2];
    graph_derive(g, c->root[0], 3, first);
    c->root[1] = first[0];
    c->root[2] = first[1];
    graph_derive(g, first[0], 3, second);
    c->root[3] = second[0];
    c->root[4] = second[1];
    graph_derive(g, first[1], 2, second);
    c->root[5] = second[1];
    if (g->full)
        return error_set(err, 1, 1, "the formula is too large (more than %d operations with its "
                                    "derivatives)", EXPR_NODES);
    return true;
}

static uint32_t inputs_used(const Compiler *c)
{
    uint32_t used = 0;
    for (int n = c->graph.count - 1; n >= 0; n--)
        if (node_at(c, n)->op == OP_INPUT)
            used |= UINT32_C(1) << node_at(c, n)->a;
    return used;
}

static Program *pack(const Compiler *c, const Code code[EXPR_LEVELS], const char *text,
                     const char *const *inputs)
{
    size_t bytes = sizeof(Instr) * (size_t)c->length;
    size_t source = strlen(text) + 1;
    for (int i = 0; i < c->input_count; i++)
        source += strlen(inputs[i]) + 1;
    Program *p = malloc(sizeof *p + bytes + source);
    if (!p)
        return NULL;
    char *to = (char *)p + sizeof *p + bytes;
    p->users = 1;
    p->input_count = c->input_count;
    p->source = to;
    to = stpcpy(to, text) + 1;
    for (int i = 0; i < c->input_count; i++)
        to = stpcpy(to, inputs[i]) + 1;
    memcpy(p->instr, c->instr, bytes);
    memcpy(p->code, code, sizeof p->code);
    const Instr *at = p->instr;
    for (int level = 0; level < EXPR_LEVELS; level++) {
        p->code[level].at = at;
        at += p->code[level].length;
    }
    return p;
}

static Program *compile(Compiler *c, const char *text, const char *const *inputs,
                        bool differentiate, Error *err)
{
    static const int first[EXPR_LEVELS] = {[EXPR_GRADIENT_ALONE] = 1};
    static const int results[EXPR_LEVELS] = {1, 3, 6, 2};
    Code code[EXPR_LEVELS] = {{0}};
    graph_init(&c->graph);
    c->length = 0;
    c->root[0] = graph_parse(&c->graph, text, inputs, c->input_count, err);
    if (c->root[0] == NO_NODE)
        return NULL;
    uint32_t used = inputs_used(c);
    if (differentiate && !derive_all(c, err))
        return NULL;
    for (int level = 0; level < (differentiate ? EXPR_LEVELS : 1); level++)
        compile_level(c, &code[level], c->root + first[level], results[level]);
    Program *p = pack(c, code, text, inputs);
    if (p)
        p->used = used;
    else
        error_set(err, 1, 0, "out of memory");
    return p;
}

static Compiler *compiler_new(int input_count, Error *err)
{
    assert(input_count >= 0 && input_count <= EXPR_INPUTS);
    Compiler *c = malloc(sizeof *c);
    if (c)
        c->input_count = input_count;
    else
        error_set(err, 1, 0, "out of memory");
    return c;
}

Program *program_compile(const char *text, const char *const *inputs, int input_count,
                         bool differentiate, Error *err)
{
    Compiler *c = compiler_new(input_count, err);
    Program *p = c ? compile(c, text, inputs, differentiate, err) : NULL;
    free(c);
    return p;
}

bool program_check(const char *text, const char *const *inputs, int input_count, Error *err)
{
    Compiler *c = compiler_new(input_count, err);
    bool ok = c != NULL;
    if (ok) {
        graph_init(&c->graph);
        ok = graph_parse(&c->graph, text, inputs, input_count, err) != NO_NODE;
    }
    free(c);
    return ok;
}

void program_free(Program *p)
{
    if (p && --p->users == 0)
        free(p);
}

Program *program_keep(Program *p)
{
    p->users++;
    return p;
}

bool program_is(const Program *p, const char *text, const char *const *inputs, int input_count)
{
    const char *at = p->source;
    if (p->input_count != input_count || strcmp(at, text) != 0)
        return false;
    for (int i = 0; i < input_count; i++) {
        at += strlen(at) + 1;
        if (strcmp(at, inputs[i]) != 0)
            return false;
    }
    return true;
}

bool program_uses(const Program *p, int input)
{
    return input >= 0 && input < p->input_count && (p->used >> input & 1);
}

int program_length(const Program *p, ExprLevel level)
{
    return p->code[level].length;
}

int program_registers(const Program *p, ExprLevel level)
{
    return p->code[level].registers;
}
