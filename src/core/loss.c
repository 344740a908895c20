/* SPDX-License-Identifier: MIT
 * loss: see loss.h */
#include "core/loss.h"

#include <string.h>

bool loss_compile(Loss *l, const char *formula, const char *const *names, const double *values,
                  int count, Error *err)
{
    const char *inputs[2 + LOSS_PARAMS] = {"x", "y"};
    *l = (Loss){.param_count = count};
    for (int i = 0; i < count; i++) {
        inputs[2 + i] = names[i];
        l->param[i] = values[i];
    }
    l->program = program_compile(formula, inputs, 2 + count, true, err);
    return l->program != NULL;
}

void loss_release(Loss *l)
{
    program_free(l->program);
    l->program = NULL;
}

void loss_eval(const Loss *l, Vec2 at, ExprLevel level, Derivatives *out)
{
    double in[2 + LOSS_PARAMS];
    double result[EXPR_OUTPUTS];
    in[0] = at.x;
    in[1] = at.y;
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = l->param[i];
    program_eval(l->program, level, in, result);
    out->f = result[0];
    if (level >= EXPR_GRADIENT)
        out->g = vec2(result[1], result[2]);
    if (level >= EXPR_HESSIAN)
        out->h = (Sym2){result[3], result[4], result[5]};
}

void loss_values(const Loss *l, const double *x, const double *y, double *f, size_t n)
{
    LaneInput in[2 + LOSS_PARAMS] = {{x, 1}, {y, 1}};
    for (int i = 0; i < l->param_count; i++)
        in[2 + i] = (LaneInput){&l->param[i], 0};
    program_lanes(l->program, EXPR_VALUE, in, &f, n);
}
