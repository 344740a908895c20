/* SPDX-License-Identifier: MIT
 * elementary: our own sin, cos, tan, exp, log, tanh, pow, for every argument. Results of the
 * program must have the same bits on every machine, so nothing here calls libm except operations
 * that IEEE 754 makes exact (sqrt, fabs, floor, rint ...). Errors stay below 1 ulp for sin, cos,
 * exp, log and 2.5 ulp for the others, powers by squaring excepted (below |n| ulp).
 * The lanes of program_lanes run the same inline kernels (elementary_inline.h): identical bits. */
#ifndef ETA_EXPR_ELEMENTARY_H
#define ETA_EXPR_ELEMENTARY_H

double eta_sin(double x);
double eta_cos(double x);
double eta_tan(double x);
double eta_exp(double x);
double eta_log(double x);
double eta_tanh(double x);
/* C's pow, except that a < 0 with a b that is not integral is always NaN: integral |b| <=
 * POWER_SQUARINGS by repeated squaring, otherwise exp(b log |a|) in double-double. */
double eta_pow(double a, double b);
double eta_powi(double a, long n);

enum { POWER_SQUARINGS = 16 };

#endif
