/* SPDX-License-Identifier: MIT
 * ops (private): the operations of graph and bytecode, one row each. A, B, C are operands, K the
 * constant in the instruction. The scalar interpreter, the lanes and constant folding are all
 * generated from these rows: they cannot disagree. */
#ifndef ETA_EXPR_OPS_H
#define ETA_EXPR_OPS_H

#include <stdint.h>

#include "expr/elementary_inline.h"

/* min and max let NaN through, so that a hole stays a hole. */
KERNEL double op_min(double a, double b)
{
    return ((a < b) | (a != a)) ? a : b;
}

KERNEL double op_max(double a, double b)
{
    return ((a > b) | (a != a)) ? a : b;
}

/* Weight of a in the derivative of min(a, b): 1, 0, at the kink the mean. */
KERNEL double op_less(double a, double b)
{
    return a < b ? 1.0 : a > b ? 0.0 : a == b ? 0.5 : a + b;
}

KERNEL double op_sign(double a)
{
    return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;
}

/* a / b, but 0 at b = 0: the derivatives of sqrt, log and u^p where u is 0. */
KERNEL double op_divide_or_0(double a, double b)
{
    return b == 0.0 ? 0.0 : a / b;
}

/* Plain operations: the row is the result. */
#define OPS_UNFUSED(X)                                                                             \
    X(ADD, A + B)                                                                                  \
    X(SUB, A - B)                                                                                  \
    X(MUL, A *B)                                                                                   \
    X(DIV, A / B)                                                                                  \
    X(NEG, -A)                                                                                     \
    X(INV, 1.0 / A) /* the 1/u^n of u^-n; unlike 1 / u its derivative is 0 at 0 */                 \
    X(ABS, fabs(A))                                                                                \
    X(SQRT, sqrt(A))                                                                               \
    X(FLOOR, floor(A))                                                                             \
    X(SIGN, op_sign(A))                                                                            \
    X(MIN, op_min(A, B))                                                                           \
    X(MAX, op_max(A, B))                                                                           \
    X(LESS, op_less(A, B))                                                                         \
    X(DIVZ, op_divide_or_0(A, B))                                                                  \
    X(TANH, tanh_kernel(A))                                                                        \
    X(CONST, K)                                                                                    \
    X(ADDK, A + K)                                                                                 \
    X(MULK, A *K)                                                                                  \
    X(DIVK, A / K)                                                                                 \
    X(KSUB, K - A)                                                                                 \
    X(KDIV, K / A)                                                                                 \
    X(MADK, A *K + B)                                                                              \
    X(KMAD, A *B + K)

/* With three registers; two roundings, as everywhere. */
#define OPS_FUSED(X)                                                                               \
    X(MAD, A *B + C)                                                                               \
    X(MSB, A *B - C)                                                                               \
    X(NMA, C - A * B)

#define OPS_PLAIN(X) OPS_UNFUSED(X) OPS_FUSED(X)

/* Operations with a kernel for tame arguments: op, name, may the kernel be used for A. */
#define OPS_TAMED(X)                                                                               \
    X(SIN, sin, sincos_tame)                                                                       \
    X(COS, cos, sincos_tame)                                                                       \
    X(TAN, tan, sincos_tame)                                                                       \
    X(EXP, exp, exp_tame)                                                                          \
    X(LOG, log, log_tame)                                                                          \
    X(SIGMOID, sigmoid, exp_tame)                                                                  \
    X(SOFTPLUS, softplus, exp_tame)

/* Rare ones, lane by lane through a function. LOGZ is log with 0 at 0, POWZ is pow with 0 at 0
 * even for negative exponents; both only stand in derivatives. */
#define OPS_CALLED(X)                                                                              \
    X(POW, eta_pow(A, B))                                                                          \
    X(POWZ, A == 0.0 && B < 0.0 ? 0.0 : eta_pow(A, B))                                             \
    X(LOGZ, A == 0.0 ? 0.0 : log_any(A))

typedef enum Op {
#define X(name, ...) OP_##name,
    OPS_PLAIN(X) OPS_TAMED(X) OPS_CALLED(X)
#undef X
    OP_SINCOS, /* bytecode only: sin into dst, cos into register b */
    OP_INPUT,  /* graph only */
} Op;

/* One instruction: registers are numbers below Code.registers. */
typedef struct Instr {
    uint16_t op;
    uint16_t dst;
    uint16_t a;
    uint16_t b;
    union {
        double k;
        uint16_t c;
    };
} Instr;

/* One operation on given operands, by the scalar interpreter: constant folding. */
double op_apply(Op op, double a, double b);

#endif
