/* SPDX-License-Identifier: MIT
 * program (private): compiled formulas as compile.c makes them and eval.c, lanes.c run them. */
#ifndef ETA_EXPR_PROGRAM_H
#define ETA_EXPR_PROGRAM_H

#include "expr/expr.h"
#include "expr/ops.h"

/* Registers 0 .. input_count-1 hold the inputs and are never written. */
typedef struct Code {
    const Instr *at;      /* into Program.instr */
    int length;
    int registers;        /* inputs included */
    int results;          /* outputs of this level */
    uint16_t result[EXPR_OUTPUTS]; /* the registers they end in */
} Code;

struct Program {
    _Atomic int users;    /* uses that end with program_free */
    int input_count;
    const char *source;   /* behind the instructions: the text, the inputs' names, zeros between */
    uint32_t used;        /* bit i: input i stands in the formula */
    Code code[EXPR_LEVELS];
    Instr instr[];
};

/* Run instructions over one block of 16 lanes in each group: reg[i] are EXPR_LANES doubles. */
void lanes_run(const Instr *i, const Instr *end, double *const *reg, int groups);

#endif
