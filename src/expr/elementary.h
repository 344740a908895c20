/* SPDX-License-Identifier: MIT
 * elementary: our own sin, cos, tan, exp, log, tanh, pow, for every argument. Results of the program must
 * have the same bits on every machine, so nothing here calls libm except operations that IEEE
 * 754 makes exact (sqrt, fabs, floor, rint ...). Errors stay below 1 ulp for sin, cos, exp, log and
 * 2 ulp for the others.
 * The scalar functions and the *_lanes functions give identical bits; lanes may alias exactly. */
#ifndef ETA_EXPR_ELEMENTARY_H
#define ETA_EXPR_ELEMENTARY_H

#include <stddef.h>

double eta_sin(double x);
double eta_cos(double x);
double eta_tan(double x);
double eta_exp(double x);
double eta_log(double x);
double eta_tanh(double x);
/* C's pow: for integral b by repeated squaring (any a), otherwise exp(b log a), NaN for a < 0,
 * 0 or inf at a = 0. */
double eta_pow(double a, double b);
double eta_powi(double a, long n);

#endif
