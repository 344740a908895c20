/* SPDX-License-Identifier: MIT
 * eval: the interpreter for one point. */
#include "expr/program.h"

#include <assert.h>
#include <string.h>

#include "expr/elementary.h"

enum { SCALAR_REGISTERS = EXPR_NODES + EXPR_INPUTS };

#define A r[i->a]
#define B r[i->b]
#define C r[i->c]
#define K (i->k)

static void run(const Instr *i, const Instr *end, double *r)
{
    for (; i < end; i++) {
        switch ((Op)i->op) {
#define X(name, result)                                                                            \
    case OP_##name:                                                                                \
        r[i->dst] = result;                                                                        \
        break;
            OPS_PLAIN(X)
            OPS_CALLED(X)
#undef X
#define X(name, function, tame)                                                                    \
    case OP_##name:                                                                                \
        r[i->dst] = function##_any(A);                                                             \
        break;
            OPS_TAMED(X)
#undef X
        case OP_SINCOS: {
            SinCos v = sincos_any(A);
            r[i->dst] = v.sin;
            r[i->b] = v.cos;
            break;
        }
        case OP_INPUT: /* stands in graphs only */
            assert(false);
            break;
        }
    }
}

void program_eval(const Program *p, ExprLevel level, const double *in, double *out)
{
    const Code *code = &p->code[level];
    assert(code->results > 0); /* derivatives were asked for when compiling */
    double r[SCALAR_REGISTERS];
    for (int i = 0; i < p->input_count; i++)
        r[i] = in[i];
    run(code->at, code->at + code->length, r);
    for (int k = 0; k < code->results; k++)
        out[k] = r[code->result[k]];
}

double op_apply(Op op, double a, double b)
{
    double r[3] = {a, b, 0.0};
    Instr i = {.op = (uint16_t)op, .dst = 2, .a = 0, .b = 1};
    run(&i, &i + 1, r);
    return r[2];
}
