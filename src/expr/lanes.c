/* SPDX-License-Identifier: MIT
 * lanes: the interpreter for blocks of EXPR_LANES points. Each operation is one loop of fixed
 * length that the compiler vectorises, once per instruction set; the expressions are those of
 * eval.c, so the bits are too. Of a kernel's arguments the rare wild ones are mended afterwards. */
#include "expr/program.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "expr/elementary.h"

/* Blocks live on the stack: 96 KB at most. Larger programs run point by point. */
enum { LANE_REGISTERS = 96, FEW_LANES = 4 };

/* Lanes are worked on in groups: two vectors of the widest instruction set. */
enum { LANES_AT_ONCE = 16 };

/* Registers are disjoint or the same, so an iteration never touches another's lanes. */
#define LANES INDEPENDENT for (int j = 0; j < LANES_AT_ONCE * groups; j++)

#define A a[j]
#define B b[j]
#define C c[j]
#define K k

/* d = name_kernel(a), wild lanes through name_any; a is another register. */
#define TAMED_LOOP(name, tame)                                                                     \
    do {                                                                                           \
        int64_t wild = 0;                                                                          \
        LANES                                                                                      \
        {                                                                                          \
            wild |= tame(A) ? 0 : 1;                                                               \
            d[j] = name##_kernel(A);                                                               \
        }                                                                                          \
        for (int j = 0; wild && j < LANES_AT_ONCE * groups; j++)                                   \
            if (!tame(A))                                                                          \
                d[j] = name##_any(A);                                                              \
    } while (0)

#define sin_kernel(x) sincos_kernel(x).sin
#define cos_kernel(x) sincos_kernel(x).cos

CLONES void lanes_run(const Instr *i, const Instr *end, double *const *reg, int groups)
{
    for (; i < end; i++) {
        double *d = reg[i->dst];
        const double *a = reg[i->a];
        double *b = reg[i->b];
        switch ((Op)i->op) {
#define X(name, result)                                                                            \
    case OP_##name: {                                                                              \
        const double k = i->k;                                                                     \
        (void)k;                                                                                   \
        LANES d[j] = result;                                                                       \
        break;                                                                                     \
    }
            OPS_UNFUSED(X)
#undef X
#define X(name, result)                                                                            \
    case OP_##name:                                                                                \
        for (int j = 0; j < LANES_AT_ONCE * groups; j++)                                           \
            d[j] = result;                                                                         \
        break;
            OPS_CALLED(X)
#undef X
#define X(name, result)                                                                            \
    case OP_##name: {                                                                              \
        const double *c = reg[i->c];                                                               \
        LANES d[j] = result;                                                                       \
        break;                                                                                     \
    }
            OPS_FUSED(X)
#undef X
#define X(name, function, tame)                                                                    \
    case OP_##name:                                                                                \
        TAMED_LOOP(function, tame);                                                                \
        break;
            OPS_TAMED(X)
#undef X
        case OP_SINCOS: {
            int64_t wild = 0;
            LANES
            {
                SinCos v = sincos_kernel(A);
                wild |= sincos_tame(A) ? 0 : 1;
                d[j] = v.sin;
                b[j] = v.cos;
            }
            for (int j = 0; wild && j < LANES_AT_ONCE * groups; j++) {
                SinCos v = sincos_any(A);
                d[j] = v.sin;
                b[j] = v.cos;
            }
            break;
        }
        case OP_INPUT: /* stands in graphs only */
            assert(false);
            break;
        }
    }
}

/* ---- blocks ---- */

typedef struct Block {
    double *reg[LANE_REGISTERS];
    _Alignas(64) double store[LANE_REGISTERS][EXPR_LANES];
} Block;

static void run_points(const Program *p, ExprLevel level, const LaneInput *in, double *const *out,
                       size_t from, size_t to)
{
    const Code *code = &p->code[level];
    double point[EXPR_INPUTS];
    double result[EXPR_OUTPUTS];
    for (size_t j = from; j < to; j++) {
        for (int i = 0; i < p->input_count; i++)
            point[i] = p->used >> i & 1 ? in[i].at[j * in[i].stride] : 0.0;
        program_eval(p, level, point, result);
        for (int k = 0; k < code->results; k++)
            out[k][j] = result[k];
    }
}

static int groups_of(int lanes)
{
    return (lanes + LANES_AT_ONCE - 1) / LANES_AT_ONCE;
}

static void fill(double *to, double value, int from)
{
    for (int j = from; j < EXPR_LANES; j++)
        to[j] = value;
}

/* Point the input registers at lanes from .. from + count of the caller's arrays; a short block
 * is padded with its last lane. */
static void load_block(Block *block, const Program *p, const LaneInput *in, size_t from,
                       size_t count)
{
    for (int i = 0; i < p->input_count; i++) {
        if (!(p->used >> i & 1) || in[i].stride == 0)
            continue;
        const double *at = in[i].at + from;
        if (count == EXPR_LANES) {
            block->reg[i] = (double *)at; /* input registers are only read */
            continue;
        }
        block->reg[i] = block->store[i];
        memcpy(block->store[i], at, count * sizeof *at);
        fill(block->store[i], at[count - 1], (int)count);
    }
}

static void start_block(Block *block, const Program *p, const Code *code, const LaneInput *in)
{
    block->reg[0] = block->store[0]; /* unused operands name register 0 */
    for (int r = 0; r < code->registers; r++)
        block->reg[r] = block->store[r];
    for (int i = 0; i < p->input_count; i++)
        if ((p->used >> i & 1) && in[i].stride == 0)
            fill(block->store[i], *in[i].at, 0);
}

void program_lanes(const Program *p, ExprLevel level, const LaneInput *in, double *const *out,
                   size_t n)
{
    const Code *code = &p->code[level];
    assert(code->results > 0);
    if (code->registers > LANE_REGISTERS || n <= FEW_LANES) {
        run_points(p, level, in, out, 0, n);
        return;
    }
    Block block;
    start_block(&block, p, code, in);
    for (size_t from = 0; from < n; from += EXPR_LANES) {
        size_t count = n - from < EXPR_LANES ? n - from : EXPR_LANES;
        load_block(&block, p, in, from, count);
        lanes_run(code->at, code->at + code->length, block.reg, groups_of((int)count));
        for (int k = 0; k < code->results; k++)
            memcpy(out[k] + from, block.reg[code->result[k]], count * sizeof(double));
    }
}

/* ---- the same lanes again and again ---- */

struct ExprBlock {
    const Code *code;
    int copies;                       /* results that a register holds which is not their own */
    double *copy_to[EXPR_OUTPUTS];
    const double *copy_from[EXPR_OUTPUTS];
    Block block;
};

ExprBlock *block_new(void)
{
    return aligned_alloc(64, (sizeof(ExprBlock) + 63) / 64 * 64);
}

void block_free(ExprBlock *b)
{
    free(b);
}

/* Each result is computed where it is wanted, but for inputs and for what is wanted twice. */
static void place_results(ExprBlock *b, const Program *p, double *const *out)
{
    b->copies = 0;
    for (int k = 0; k < b->code->results; k++) {
        int r = b->code->result[k];
        if (r >= p->input_count && b->block.reg[r] == b->block.store[r]) {
            b->block.reg[r] = out[k];
            continue;
        }
        b->copy_to[b->copies] = out[k];
        b->copy_from[b->copies++] = b->block.reg[r];
    }
}

bool block_bind(ExprBlock *b, const Program *p, ExprLevel level, const LaneInput *in,
                double *const *out)
{
    b->code = &p->code[level];
    assert(b->code->results > 0);
    if (b->code->registers > LANE_REGISTERS)
        return false;
    start_block(&b->block, p, b->code, in);
    for (int i = 0; i < p->input_count; i++)
        if ((p->used >> i & 1) && in[i].stride)
            b->block.reg[i] = (double *)(uintptr_t)in[i].at; /* only read */
    place_results(b, p, out);
    return true;
}

void block_run(const ExprBlock *b, int n)
{
    int groups = groups_of(n);
    lanes_run(b->code->at, b->code->at + b->code->length, b->block.reg, groups);
    for (int k = 0; k < b->copies; k++)
        memcpy(b->copy_to[k], b->copy_from[k], sizeof(double) * LANES_AT_ONCE * (size_t)groups);
}
