/* SPDX-License-Identifier: MIT
 * optimizer: what a gradient and a rate do to the point. One row per update rule (SPEC 3,
 * reference formulas as PyTorch computes them). */
#ifndef ETA_CORE_OPTIMIZER_H
#define ETA_CORE_OPTIMIZER_H

#include "base/vec.h"
#include "core/param.h"

/* Memory of every rule; each uses what it needs. All zero at the start. */
typedef struct OptState {
    Vec2 m;     /* velocity or first moment */
    Vec2 v;     /* second moment or sum of squares */
    Vec2 w;     /* running maximum (amsgrad), accumulated updates (adadelta) */
    double momentum_product; /* of nadam's momentum factors, from the second update on */
    long count; /* finished updates */
} OptState;

/* One update taken apart. theta_new = shrink*theta - step. */
typedef struct OptStep {
    Vec2 direction; /* (bias-corrected, averaged) gradient that the effective rate multiplies */
    Vec2 scale;     /* effective rate / eta, per coordinate: the preconditioner; 1 for sgd */
    Vec2 rate;      /* effective rate, per coordinate (reference README: elr) */
    Vec2 step;      /* what is subtracted */
    double shrink;  /* adamw: 1 - eta*weight_decay, else 1 */
    Vec2 m_hat;     /* bias-corrected first moment where there is one, else direction */
    Vec2 v_hat;     /* bias-corrected second moment or the sum in force, else 0 */
} OptStep;

/* What one update has in common for both coordinates and all runs that are equally old. */
typedef struct OptCommon {
    double correct1; /* bias corrections 1 - beta1^t1, 1 - beta2^t1 */
    double correct2;
    double power2;   /* beta2^t1 */
    double root2;    /* sqrt(correct2) */
    double of_g;     /* nadam's weights of gradient and first moment */
    double of_m;
    double rectify;  /* radam's factor; 0: not yet */
} OptCommon;

/* Runs side by side that are equally old, as arrays over them; [0] x, [1] y. All are distinct. */
typedef struct OptLanes {
    int count;
    bool one_rate;     /* eta[0] is the rate of all */
    const double *eta;
    const double *g[2];
    double *at[2];     /* the point; the other three as in OptState */
    double *m[2];
    double *v[2];
    double *w[2];
} OptLanes;

typedef struct Optimizer {
    const char *name;
    const char *title;
    const char *formula; /* for people: "θ ← θ − η·m̂/(√v̂+ε)" */
    const char *good;
    const char *caution;
    bool core;        /* in the small set that the key cycles through */
    bool normalised;  /* steps do not scale with the gradient: takes the surface's second eta0 */
    bool has_moment;  /* keeps an average of the gradient, a velocity */
    int memory;       /* numbers kept per parameter */
    int flops;        /* additions, multiplications, divisions and roots per parameter and step */
    const ParamInfo *params;
    /* Advance `s` by one update with gradient g and rate eta, and describe it. The order of
     * operations is PyTorch's. Must not depend on anything else. */
    void (*step)(const double *p, double eta, Vec2 g, OptState *s, OptStep *out);
    /* The same for runs side by side, with the same bits: what the next update has in common (of `s`
     * only what is no vector counts), and the update. */
    OptCommon (*common)(const double *p, OptState *s);
    void (*many)(const double *p, const OptCommon *c, const OptLanes *l);
    /* eta_limit * lambda of the preconditioned Hessian: 2 for sgd, 2(1+mu) for momentum ... */
    double (*limit)(const double *p);
} Optimizer;

extern const Optimizer optimizers[]; /* ends with name == NULL */
int optimizer_count(void);
const Optimizer *optimizer_find(const char *name, size_t length);

/* Largest eta at which it would settle on the local quadratic with Hessian h, preconditioned by
 * `scale` (per-coordinate effective rate / eta): limit(p) / lambda_max(S^1/2 H S^1/2); infinite
 * where no curvature is positive; NaN for a NaN Hessian. */
double optimizer_eta_limit(const Optimizer *o, const double *p, Sym2 h, Vec2 scale);

#endif
