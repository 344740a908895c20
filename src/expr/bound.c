/* SPDX-License-Identifier: MIT
 * bound: interval arithmetic over a program: can a result become large, or not a number?
 * Rounding is monotonic, so the ends of an interval, rounded as the program rounds, bound what
 * it computes; our own functions are given a little more room than their errors. What has no
 * simple rule is not bounded. */
#include "expr/program.h"

#include <math.h>

#include "expr/elementary.h"

typedef struct Interval {
    double lo, hi; /* finite, lo <= hi; NaN: nothing is known */
} Interval;

static const Interval unknown = {NAN, NAN};

static Interval around(double a, double b, double c, double d)
{
    double lo = fmin(fmin(a, b), fmin(c, d));
    double hi = fmax(fmax(a, b), fmax(c, d));
    return isfinite(a) && isfinite(b) && isfinite(c) && isfinite(d) ? (Interval){lo, hi} : unknown;
}

static Interval add(Interval a, Interval b)
{
    return around(a.lo + b.lo, a.hi + b.hi, a.lo + b.lo, a.hi + b.hi);
}

static Interval negate(Interval a)
{
    return (Interval){-a.hi, -a.lo};
}

static Interval absolute(Interval a)
{
    return a.lo >= 0 ? a : a.hi <= 0 ? negate(a) : (Interval){0, fmax(-a.lo, a.hi)};
}

/* `same`: both are one number, and so its square is not negative. */
static Interval times(Interval a, Interval b, bool same)
{
    a = same ? absolute(a) : a;
    b = same ? a : b;
    return around(a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi);
}

static Interval over(Interval a, Interval b)
{
    if (!(b.lo > 0 || b.hi < 0))
        return unknown;
    return around(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi);
}

static Interval exactly(double k)
{
    return isfinite(k) ? (Interval){k, k} : unknown;
}

/* Of a rising function: f(lo) and f(hi), and room for its error. */
static Interval rising(double lo, double hi)
{
    double room = 1e-12 * fmax(fabs(lo), fabs(hi));
    return around(lo - room, hi + room, lo, hi);
}

/* Functions of one operand, or of whatever size. */
static Interval function_of(Op op, Interval a, Interval b)
{
    switch (op) {
    case OP_NEG:
        return negate(a);
    case OP_INV:
        return over(exactly(1), a);
    case OP_ABS:
        return absolute(a);
    case OP_SQRT:
        return a.lo >= 0 ? rising(sqrt(a.lo), sqrt(a.hi)) : unknown;
    case OP_FLOOR:
        return around(floor(a.lo), floor(a.hi), floor(a.lo), floor(a.hi));
    case OP_EXP:
        return a.hi < 700 ? rising(eta_exp(a.lo), eta_exp(a.hi)) : unknown;
    case OP_LOG:
        return a.lo > 0 ? rising(eta_log(a.lo), eta_log(a.hi)) : unknown;
    case OP_SIN:
    case OP_COS:
    case OP_SINCOS:
    case OP_TANH:
    case OP_SIGN:
    case OP_SIGMOID:
        return isnan(a.lo) ? unknown : (Interval){-1.001, 1.001};
    case OP_LESS:
        return isnan(a.lo) || isnan(b.lo) ? unknown : (Interval){0, 1};
    case OP_SOFTPLUS:
        return isnan(a.lo) ? unknown : (Interval){0, fmax(a.hi, 0) + 1};
    default:
        return unknown;
    }
}

static Interval result_of(const Instr *i, const Interval *r)
{
    Interval a = r[i->a];
    Interval b = r[i->b];
    bool same = i->a == i->b;
    switch ((Op)i->op) {
    case OP_ADD:
        return add(a, b);
    case OP_SUB:
        return add(a, negate(b));
    case OP_MUL:
        return times(a, b, same);
    case OP_DIV:
        return over(a, b);
    case OP_MIN:
        return around(fmin(a.lo, b.lo), fmin(a.hi, b.hi), fmin(a.lo, b.lo), fmin(a.hi, b.hi));
    case OP_MAX:
        return around(fmax(a.lo, b.lo), fmax(a.hi, b.hi), fmax(a.lo, b.lo), fmax(a.hi, b.hi));
    case OP_CONST:
        return exactly(i->k);
    case OP_ADDK:
        return add(a, exactly(i->k));
    case OP_MULK:
        return times(a, exactly(i->k), false);
    case OP_DIVK:
        return over(a, exactly(i->k));
    case OP_KSUB:
        return add(exactly(i->k), negate(a));
    case OP_KDIV:
        return over(exactly(i->k), a);
    case OP_MADK:
        return add(times(a, exactly(i->k), false), b);
    case OP_KMAD:
        return add(times(a, b, same), exactly(i->k));
    case OP_MAD:
        return add(times(a, b, same), r[i->c]);
    case OP_MSB:
        return add(times(a, b, same), negate(r[i->c]));
    case OP_NMA:
        return add(r[i->c], negate(times(a, b, same)));
    default:
        return function_of((Op)i->op, a, b);
    }
}

bool program_bounded(const Program *p, ExprLevel level, const double *lo, const double *hi,
                     double most)
{
    const Code *code = &p->code[level];
    Interval r[EXPR_NODES + EXPR_INPUTS];
    for (int i = 0; i < code->registers; i++)
        r[i] = unknown;
    for (int i = 0; i < p->input_count; i++)
        r[i] = p->used >> i & 1 ? around(lo[i], hi[i], lo[i], hi[i]) : exactly(0);
    for (const Instr *i = code->at; i < code->at + code->length; i++) {
        Interval v = result_of(i, r);
        if (i->op == OP_SINCOS)
            r[i->b] = v;
        r[i->dst] = v;
    }
    for (int k = 0; k < code->results; k++) {
        Interval v = r[code->result[k]];
        if (!(fabs(v.lo) <= most && fabs(v.hi) <= most))
            return false;
    }
    return true;
}
