/* SPDX-License-Identifier: MIT
 * expr: the formula engine. Text -> expression graph (constants folded, common subexpressions
 * shared, integer powers by squaring) -> exact gradient and Hessian by reverse mode -> register
 * bytecode, evaluated at one point or over blocks of lanes with identical bits.
 *
 * Language (SPEC 5): + - * / ^ (^ right-associative, binds tighter than unary minus, 2^-1 legal),
 * numbers, pi, e, the named inputs, and sin cos tan exp log sqrt abs tanh min max sign floor mod
 * softplus sigmoid well(depth,cx,cy,width); no implicit multiplication; blanks and tabs are free.
 * well(d,cx,cy,s) = d*exp(-((x-cx)^2+(y-cy)^2)/(2*s^2)) needs inputs 0 and 1 to be x and y.
 * At kinks: min and max take the mean of both branches' derivatives where equal; abs, sqrt and u^p
 * take 0 at 0; sign, floor, mod have derivative 0, 0 and (1, -floor(a/b)). 0/0 in a derivative of
 * sqrt, abs or u^p at 0 is 0 (Ackley's tip is a cone: no gradient there). */
#ifndef ETA_EXPR_EXPR_H
#define ETA_EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
    EXPR_INPUTS = 32,      /* most named inputs of a formula (variables, parameters, columns) */
    EXPR_DEPTH = 200,      /* deepest nesting of a formula */
    EXPR_NODES = 4096,     /* most nodes of a graph, derivatives included */
    EXPR_TEXT = 4096,      /* longest formula in bytes */
    EXPR_LANES = 128,      /* lanes of a block */
};

/* What to compute. Each level includes those before it, but for the last. */
typedef enum ExprLevel {
    EXPR_VALUE,    /* f                                  1 output  */
    EXPR_GRADIENT, /* f, fx, fy                          3 outputs */
    EXPR_HESSIAN,  /* f, fx, fy, fxx, fxy, fyy           6 outputs */
    EXPR_GRADIENT_ALONE, /* fx, fy: where nobody asks for the loss */
} ExprLevel;

enum { EXPR_OUTPUTS = 6, EXPR_LEVELS = EXPR_GRADIENT_ALONE + 1 };

typedef struct Program Program; /* compiled formula: owned, immutable, shareable between threads */

/* Compile `text` (terminated). `inputs` are the names that may stand in it, in the order in which
 * values are given later; derivatives are taken with respect to inputs 0 and 1 when
 * `differentiate`. On error: NULL and *err with line 1 and the column, nearest known name
 * suggested. Typical cost 1-10 us. Free with program_free (NULL is fine). */
Program *program_compile(const char *text, const char *const *inputs, int input_count,
                         bool differentiate, Error *err);
void program_free(Program *p);
/* One more use of it, ended by program_free as well. */
Program *program_keep(Program *p);
/* Was it compiled from this text with these inputs? */
bool program_is(const Program *p, const char *text, const char *const *inputs, int input_count);
/* Is it a formula? The same errors without making a program; only that derivatives grow too large
 * remains to be found. */
bool program_check(const char *text, const char *const *inputs, int input_count, Error *err);

/* Evaluate at one point. `in` has input_count values, `out` room for the outputs of `level`.
 * No allocation, no state: reentrant. */
void program_eval(const Program *p, ExprLevel level, const double *in, double *out);

/* One input of a lane evaluation: value of lane i is at[i * stride]; stride 0 broadcasts. */
typedef struct LaneInput {
    const double *at;
    size_t stride; /* 0 or 1 */
} LaneInput;

/* Evaluate `n` lanes (any n); out[k][i] gets output k of lane i. Bits equal program_eval's. */
void program_lanes(const Program *p, ExprLevel level, const LaneInput *in, double *const *out,
                   size_t n);

/* Is it certain that the outputs of a level are numbers within +-most wherever each input i lies in
 * lo[i] .. hi[i]? false: not certain. */
bool program_bounded(const Program *p, ExprLevel level, const double *lo, const double *hi,
                     double most);

/* The same lanes evaluated again and again: registers are laid out once, results appear where they
 * are wanted. About 100 KB; owned by whoever created it. */
typedef struct ExprBlock ExprBlock;
ExprBlock *block_new(void); /* NULL: out of memory */
void block_free(ExprBlock *b);
/* Evaluate `p` from now on. `in` with stride 1 and `out` are arrays of EXPR_LANES doubles, all
 * distinct, which must stay; broadcast inputs are read now. false: the program is too large for
 * it. */
bool block_bind(ExprBlock *b, const Program *p, ExprLevel level, const LaneInput *in,
                double *const *out);
/* Lanes 0 .. n-1, n <= EXPR_LANES; what the rest of the arrays holds is of no importance. */
void block_run(const ExprBlock *b, int n);

/* Does the formula mention input i? Instruction and register counts, for tests and bench. */
bool program_uses(const Program *p, int input);
int program_length(const Program *p, ExprLevel level);
int program_registers(const Program *p, ExprLevel level);

/* Names of the language's functions and constants (NULL-terminated), for completion and for
 * refusing such column names. */
extern const char *const expr_words[];

#endif
