/* SPDX-License-Identifier: MIT
 * optimizer: the table of update rules; see optimizer.h.
 *
 * Notation: g gradient, eta the scheduled rate, t1 = count + 1 the number of this update. The order
 * of operations is PyTorch's (torch/optim, default options): trajectories agree to rounding. */
#include "core/optimizer.h"

#include <math.h>

#include "base/clones.h"
#include "base/words.h"
#include "expr/elementary_inline.h"
#include "expr/elementary.h"

enum { MOMENTUM, CONVENTION };                     /* momentum, nesterov */
enum { CONVENTION_TORCH, CONVENTION_INSIDE, CONVENTION_AVERAGE };
enum { ADAGRAD_EPS };
enum { DECAY, DECAY_EPS };                         /* rmsprop's alpha, adadelta's rho */
enum { BETA1, BETA2, EPS, EXTRA };                 /* adam and its kin; EXTRA: their fourth */

/* Memory of one coordinate (OptState). */
typedef struct Cell {
    double m;
    double v;
    double w;
} Cell;

/* The update of one coordinate taken apart: OptStep without its second coordinate. */
typedef struct Part {
    double direction;
    double scale;
    double rate;
    double step;
    double shrink;
    double m_hat;
    double v_hat;
} Part;

/* A rule is two inline functions: what is common, and the update of one coordinate with gradient g,
 * which advances its memory. UPDATES makes the single run and the runs side by side from them. */
typedef Part Rule(const double *p, const OptCommon *c, double eta, double g, Cell *s);

/* a/b with 0/0 = a/0 = 0: a coordinate without gradient history (g = 0, eps = 0) stays put. */
KERNEL double ratio(double a, double b)
{
    return b == 0 ? 0 : a / b;
}

/* Exponential moving average: keep*a + (1 - keep)*b. */
KERNEL double average(double keep, double a, double b)
{
    return keep * a + (1 - keep) * b;
}

/* A step eta * d. */
KERNEL Part plain_part(double eta, double d)
{
    return (Part){
        .direction = d, .scale = 1, .rate = eta, .step = eta * d, .shrink = 1, .m_hat = d};
}

/* A step eta * d / denominator. */
KERNEL Part scaled_part(double eta, double d, double denominator)
{
    return (Part){
        .direction = d,
        .scale = ratio(1, denominator),
        .rate = ratio(eta, denominator),
        .step = eta * ratio(d, denominator),
        .shrink = 1,
        .m_hat = d,
    };
}

KERNEL OptCommon nothing_common(const double *p, OptState *s)
{
    (void)p;
    (void)s;
    return (OptCommon){0};
}

/* Gradient descent (Cauchy 1847): theta -= eta g. */
KERNEL Part rule_sgd(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)p;
    (void)c;
    (void)s;
    return plain_part(eta, g);
}

/* Feed one gradient to the velocity; returns its weight. Three conventions, equal (up to 1 - mu)
 * while eta is constant:
 *   torch    m = mu m + g            theta -= eta m   (Sutskever et al. 2013 as PyTorch writes it)
 *   inside   m = mu m + eta g        theta -= m       (Polyak 1964, Keras): coasts on after a cut
 *   average  m = mu m + (1 - mu) g   theta -= eta m   (first moment of Adam) */
KERNEL double velocity_feed(const double *p, double eta, double g, Cell *s)
{
    double mu = p[MOMENTUM];
    double weight = p[CONVENTION] == CONVENTION_INSIDE    ? eta
                    : p[CONVENTION] == CONVENTION_AVERAGE ? 1 - mu
                                                          : 1;
    s->m = mu * s->m + weight * g;
    return weight;
}

/* theta -= eta d, or, where eta is inside d already, theta -= d. */
KERNEL Part velocity_part(const double *p, double eta, double d, const Cell *s)
{
    bool inside = p[CONVENTION] == CONVENTION_INSIDE;
    Part u = plain_part(eta, inside ? eta > 0 ? 1 / eta * d : 0 : d);
    u.step = inside ? d : u.step;
    u.m_hat = s->m;
    return u;
}

/* Heavy ball (Polyak 1964). */
KERNEL Part rule_momentum(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)c;
    velocity_feed(p, eta, g, s);
    return velocity_part(p, eta, s->m, s);
}

/* Nesterov 1983 in the form of Sutskever et al. 2013: theta -= eta (g + mu m). */
KERNEL Part rule_nesterov(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)c;
    double weight = velocity_feed(p, eta, g, s);
    return velocity_part(p, eta, weight * g + p[MOMENTUM] * s->m, s);
}

/* Adagrad (Duchi, Hazan, Singer 2011): s += g^2, theta -= eta g / (sqrt(s) + eps). */
KERNEL Part rule_adagrad(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)c;
    s->v = s->v + g * g;
    Part u = scaled_part(eta, g, sqrt(s->v) + p[ADAGRAD_EPS]);
    u.v_hat = s->v;
    return u;
}

/* RMSprop (Hinton 2012, lecture 6): v = alpha v + (1-alpha) g^2, theta -= eta g/(sqrt(v)+eps). */
KERNEL Part rule_rmsprop(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)c;
    s->v = average(p[DECAY], s->v, g * g);
    Part u = scaled_part(eta, g, sqrt(s->v) + p[DECAY_EPS]);
    u.v_hat = s->v;
    return u;
}

/* A step eta * scale * d. */
KERNEL Part preconditioned_part(double eta, double scale, double d)
{
    Part u = plain_part(eta, d);
    u.scale = scale;
    u.rate = eta * scale;
    return u;
}

/* Adadelta (Zeiler 2012): d = sqrt(D+eps)/sqrt(v+eps) g with the D of before; theta -= eta d. */
KERNEL Part rule_adadelta(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    (void)c;
    double eps = p[DECAY_EPS];
    s->v = average(p[DECAY], s->v, g * g);
    double scale = ratio(sqrt(s->w + eps), sqrt(s->v + eps));
    double d = scale * g;
    s->w = average(p[DECAY], s->w, d * d);
    Part u = preconditioned_part(eta, scale, g);
    u.step = eta * d;
    u.v_hat = s->v;
    return u;
}

/* beta^t1 as exp(t1 log beta): like Python's beta ** step a pure function of the present beta, so
 * that an edit of beta acts as in PyTorch (a running product would remember the old one), and the
 * closest to it of the ways tried: the error of 1 - beta^t1 stays near eps however large t1. */
static double beta_power(double beta, long t1)
{
    return t1 == 1 ? beta : eta_exp((double)t1 * eta_log(beta));
}

/* The bias corrections of Adam's moments. */
KERNEL OptCommon moments_common(const double *p, OptState *s)
{
    double power2 = beta_power(p[BETA2], s->count);
    return (OptCommon){.correct1 = 1 - beta_power(p[BETA1], s->count),
                    .correct2 = 1 - power2,
                    .power2 = power2,
                    .root2 = sqrt(1 - power2)};
}

/* Moments of Adam (Kingma, Ba 2015, algorithm 1). */
KERNEL void moments_feed(const double *p, double g, Cell *s)
{
    s->m = average(p[BETA1], s->m, g);
    s->v = average(p[BETA2], s->v, g * g);
}

/* theta -= eta/(1-b1^t1) * m / (sqrt(v)/sqrt(1-b2^t1) + eps), v the second moment in force. */
KERNEL Part adam_part(const double *p, const OptCommon *c, double eta, double v, const Cell *s)
{
    double denominator = sqrt(v) / c->root2 + p[EPS];
    Part u = scaled_part(eta, 1 / c->correct1 * s->m, denominator);
    u.step = eta / c->correct1 * ratio(s->m, denominator);
    u.v_hat = v / c->correct2;
    return u;
}

KERNEL Part rule_adam(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    moments_feed(p, g, s);
    return adam_part(p, c, eta, s->v, s);
}

/* AMSGrad (Reddi, Kale, Kumar 2018): the running maximum of the uncorrected v. */
KERNEL Part rule_amsgrad(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    moments_feed(p, g, s);
    s->w = s->v > s->w ? s->v : s->w;
    return adam_part(p, c, eta, s->w, s);
}

/* AdamW (Loshchilov, Hutter 2019): decoupled decay, theta *= 1 - eta weight_decay, then Adam. */
KERNEL Part rule_adamw(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    Part u = rule_adam(p, c, eta, g, s);
    u.shrink = 1 - eta * p[EXTRA];
    return u;
}

/* mu_t of NAdam: b1 (1 - 0.96^(t1 psi)/2), psi = momentum_decay. */
static double nadam_momentum(const double *p, double t1)
{
    static const double log_096 = -0.040821994520255166; /* log(0.96) */
    return p[BETA1] * (1 - 0.5 * eta_exp(log_096 * (t1 * p[EXTRA])));
}

KERNEL OptCommon nadam_common(const double *p, OptState *s)
{
    OptCommon c = moments_common(p, s);
    double mu = nadam_momentum(p, (double)s->count);
    double next = nadam_momentum(p, (double)s->count + 1);
    s->momentum_product = (s->count > 1 ? s->momentum_product : 1) * mu;
    c.of_g = (1 - mu) / (1 - s->momentum_product);
    c.of_m = next / (1 - s->momentum_product * next);
    return c;
}

/* NAdam (Dozat 2016), P the product of mu_1..mu_t:
 * theta -= eta/(sqrt(v/(1-b2^t1)) + eps) (g (1-mu_t)/(1-P) + m mu_(t+1)/(1 - P mu_(t+1))). */
KERNEL Part rule_nadam(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    moments_feed(p, g, s);
    double v_hat = s->v / c->correct2;
    Part u = scaled_part(eta, c->of_g * g + c->of_m * s->m, sqrt(v_hat) + p[EPS]);
    u.v_hat = v_hat;
    return u;
}

KERNEL OptCommon radam_common(const double *p, OptState *s)
{
    OptCommon c = moments_common(p, s);
    double r_inf = 2 / (1 - p[BETA2]) - 1;
    double r = r_inf - 2 * (double)s->count * c.power2 / c.correct2;
    if (r > 5)
        c.rectify = sqrt((r - 4) * (r - 2) * r_inf / ((r_inf - 4) * (r_inf - 2) * r));
    return c;
}

/* RAdam (Liu et al. 2020): r is the length of the approximated average of squares; while r <= 5 the
 * variance of the adaptive rate is intractable and the step is plain momentum. */
KERNEL Part rule_radam(const double *p, const OptCommon *c, double eta, double g, Cell *s)
{
    moments_feed(p, g, s);
    double m_hat = 1 / c->correct1 * s->m;
    double scale = c->rectify * ratio(c->root2, sqrt(s->v) + p[EPS]);
    Part u = preconditioned_part(eta, scale, m_hat);
    u.step = u.rate * m_hat;
    u = c->rectify > 0 ? u : plain_part(eta, m_hat);
    u.v_hat = s->v / c->correct2;
    return u;
}

/* ---- one run, and many ---- */

KERNEL void step_pair(Rule *rule, const double *p, const OptCommon *c, double eta, Vec2 g,
                      OptState *s, OptStep *out)
{
    Cell x = {s->m.x, s->v.x, s->w.x};
    Cell y = {s->m.y, s->v.y, s->w.y};
    Part a = rule(p, c, eta, g.x, &x);
    Part b = rule(p, c, eta, g.y, &y);
    s->m = vec2(x.m, y.m);
    s->v = vec2(x.v, y.v);
    s->w = vec2(x.w, y.w);
    *out = (OptStep){
        .direction = {a.direction, b.direction},
        .scale = {a.scale, b.scale},
        .rate = {a.rate, b.rate},
        .step = {a.step, b.step},
        .shrink = a.shrink,
        .m_hat = {a.m_hat, b.m_hat},
        .v_hat = {a.v_hat, b.v_hat},
    };
}

/* `one_rate` is a constant: with one rate for all lanes, what hangs on it alone leaves the loop. */
KERNEL void step_lanes(Rule *rule, const double *p, const OptCommon *c, const OptLanes *l, int axis,
                       bool one_rate)
{
    double *at = l->at[axis];
    double *m = l->m[axis];
    double *v = l->v[axis];
    double *w = l->w[axis];
    const double *g = l->g[axis];
    const double *eta = l->eta;
    const double first = eta[0];
    int count = l->count;
    INDEPENDENT for (int j = 0; j < count; j++)
    {
        Cell s = {m[j], v[j], w[j]};
        Part u = rule(p, c, one_rate ? first : eta[j], g[j], &s);
        at[j] = u.shrink * at[j] - u.step;
        m[j] = s.m;
        v[j] = s.v;
        w[j] = s.w;
    }
}

KERNEL void step_many(Rule *rule, const double *params, const OptCommon *common, const OptLanes *l)
{
    double p[PARAM_MAX];
    const OptCommon c = *common;
    for (int i = 0; i < PARAM_MAX; i++) /* copies that no lane can point into */
        p[i] = params[i];
    for (int axis = 0; axis < 2; axis++)
        if (l->one_rate)
            step_lanes(rule, p, &c, l, axis, true);
        else
            step_lanes(rule, p, &c, l, axis, false);
}

#define UPDATES(NAME, PREPARE)                                                                  \
    static OptCommon common_##NAME(const double *p, OptState *s)                                \
    {                                                                                           \
        s->count++;                                                                             \
        return PREPARE##_common(p, s);                                                          \
    }                                                                                           \
    static void step_##NAME(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)     \
    {                                                                                           \
        OptCommon c = common_##NAME(p, s);                                                      \
        step_pair(rule_##NAME, p, &c, eta, g, s, out);                                          \
    }                                                                                           \
    CLONES static void many_##NAME(const double *p, const OptCommon *c, const OptLanes *l)      \
    {                                                                                           \
        step_many(rule_##NAME, p, c, l);                                                        \
    }

#define UPDATE(NAME) .common = common_##NAME, .step = step_##NAME, .many = many_##NAME

UPDATES(sgd, nothing)
UPDATES(momentum, nothing)
UPDATES(nesterov, nothing)
UPDATES(adagrad, nothing)
UPDATES(rmsprop, nothing)
UPDATES(adadelta, nothing)
UPDATES(adam, moments)
UPDATES(amsgrad, moments)
UPDATES(adamw, moments)
UPDATES(nadam, nadam)
UPDATES(radam, radam)

/* Stability limits on a quadratic with curvature lambda, as eta * lambda. Below these, both
 * eigenvalues of the linear recurrence lie inside the unit circle (Jury's conditions). */
static double limit_plain(const double *p)
{
    (void)p;
    return 2;
}

static double averaged(const double *p, double limit)
{
    return p[CONVENTION] == CONVENTION_AVERAGE ? limit / (1 - p[MOMENTUM]) : limit;
}

static double limit_momentum(const double *p)
{
    return averaged(p, 2 * (1 + p[MOMENTUM]));
}

static double limit_nesterov(const double *p)
{
    return averaged(p, 2 * (1 + p[MOMENTUM]) / (1 + 2 * p[MOMENTUM]));
}

/* Momentum with averaged gradient of weight 1 - b1 (Cohen et al. 2022); adamw's decay, which
 * shrinks theta by eta * weight_decay a step besides, is left out. */
static double limit_adam(const double *p)
{
    return (2 + 2 * p[BETA1]) / (1 - p[BETA1]);
}

static double limit_nadam(const double *p)
{
    return 2 * (1 + p[BETA1]) / ((1 + 2 * p[BETA1]) * (1 - p[BETA1]));
}

static const char *const conventions[] = {"torch", "inside", "average", NULL};

#define FRACTION(NAME, DEFAULT, TEXT)                                                           \
    {.name = NAME, .kind = PARAM_REAL, .fixed = DEFAULT, .lo = 0, .hi = 1, .hi_open = true,     \
     .unit = "", .text = TEXT}
#define NONNEGATIVE(NAME, DEFAULT, TEXT)                                                        \
    {.name = NAME, .kind = PARAM_REAL, .fixed = DEFAULT, .lo = 0, .hi = INFINITY,               \
     .hi_open = true, .unit = "", .text = TEXT}
#define END {.name = NULL}

static const ParamInfo params_none[] = {END};

static const ParamInfo params_velocity[] = {
    [MOMENTUM] = FRACTION("momentum", 0.9, "share μ of the velocity that is kept each step"),
    [CONVENTION] = {.name = "convention", .kind = PARAM_CHOICE, .fixed = CONVENTION_TORCH,
                    .hi = CONVENTION_AVERAGE, .choices = conventions, .unit = "",
                    .text = "rate outside the velocity, inside it, or averaged gradient"},
    END,
};

static const ParamInfo params_adagrad[] = {
    [ADAGRAD_EPS] = NONNEGATIVE("eps", 1e-10, "added to the root: keeps the division finite"),
    END,
};

static const ParamInfo params_rmsprop[] = {
    [DECAY] = FRACTION("alpha", 0.99, "share of the squared-gradient average that is kept"),
    [DECAY_EPS] = NONNEGATIVE("eps", 1e-8, "added to the root: caps the effective rate"),
    END,
};

static const ParamInfo params_adadelta[] = {
    [DECAY] = FRACTION("rho", 0.9, "share of both running averages that is kept"),
    [DECAY_EPS] = NONNEGATIVE("eps", 1e-6, "inside both roots: sets the very first step"),
    END,
};

#define MOMENT_ROWS                                                                             \
    [BETA1] = FRACTION("beta1", 0.9, "share β₁ of the gradient average that is kept"),          \
    [BETA2] = FRACTION("beta2", 0.999, "share β₂ of the squared-gradient average kept"),        \
    [EPS] = NONNEGATIVE("eps", 1e-8, "added to the root: caps the effective rate")

static const ParamInfo params_adam[] = {MOMENT_ROWS, END};

static const ParamInfo params_adamw[] = {
    MOMENT_ROWS,
    [EXTRA] = NONNEGATIVE("weight_decay", 0.01, "pull towards 0, times η, apart from the gradient"),
    END,
};

static const ParamInfo params_nadam[] = {
    MOMENT_ROWS,
    [EXTRA] = NONNEGATIVE("momentum_decay", 0.004, "how fast the momentum warms up to β₁"),
    END,
};

const Optimizer optimizers[] = {
    {.name = "sgd", .title = "gradient descent", .formula = "θ ← θ − η·g",
     .good = "every step is exactly what η and the gradient say",
     .caution = "diverges above 2/λ; crawls along narrow ravines",
     .core = true, .memory = 0, .flops = 2,
     .params = params_none, UPDATE(sgd), .limit = limit_plain},
    {.name = "momentum", .title = "heavy-ball momentum", .formula = "m ← μ·m + g; θ ← θ − η·m",
     .good = "averages out zigzag and gains speed along ravines",
     .caution = "travels 1/(1−μ) times farther: overshoots, circles minima",
     .core = true, .memory = 1, .flops = 4,
     .params = params_velocity, UPDATE(momentum), .has_moment = true,
     .limit = limit_momentum},
    {.name = "nesterov", .title = "Nesterov momentum",
     .formula = "m ← μ·m + g; θ ← θ − η·(g + μ·m)",
     .good = "momentum that looks ahead: brakes earlier, circles less",
     .caution = "on steep directions its limit lies below plain momentum's",
     .memory = 1, .flops = 6,
     .params = params_velocity, UPDATE(nesterov), .has_moment = true,
     .limit = limit_nesterov},
    {.name = "adagrad", .title = "Adagrad", .formula = "s ← s + g²; θ ← θ − η·g/(√s+ε)",
     .good = "a rate for each coordinate; sparse or badly scaled gradients",
     .caution = "the sum only grows: its rate decays for ever, on top of η",
     .core = true, .normalised = true, .memory = 1, .flops = 7,
     .params = params_adagrad, UPDATE(adagrad), .limit = limit_plain},
    {.name = "rmsprop", .title = "RMSprop", .formula = "v ← α·v + (1−α)·g²; θ ← θ − η·g/(√v+ε)",
     .good = "forgets old gradients: keeps moving where Adagrad stalls",
     .caution = "steps stay near η: constant η jitters around the minimum",
     .core = true, .normalised = true, .memory = 1, .flops = 9,
     .params = params_rmsprop, UPDATE(rmsprop), .limit = limit_plain},
    {.name = "adadelta", .title = "Adadelta",
     .formula = "d = √(D+ε)/√(v+ε)·g; θ ← θ − η·d; D ← ρ·D + (1−ρ)·d²",
     .good = "scales itself by its past steps: η = 1 is the usual choice",
     .caution = "starts with tiny steps of about √ε and speeds up slowly",
     .normalised = true, .memory = 2, .flops = 16,
     .params = params_adadelta, UPDATE(adadelta), .limit = limit_plain},
    {.name = "adam", .title = "Adam", .formula = "θ ← θ − η·m′/(√v′+ε)",
     .good = "steps of about η whatever the gradient's scale; little tuning",
     .caution = "η is a distance: without decay it does not settle finely",
     .core = true, .normalised = true, .memory = 2, .flops = 13,
     .params = params_adam, UPDATE(adam), .has_moment = true,
     .limit = limit_adam},
    {.name = "amsgrad", .title = "AMSGrad", .formula = "w ← max(w, v); θ ← θ − η·m′/(√w′+ε)",
     .good = "Adam whose effective rate cannot grow back",
     .caution = "one huge gradient early keeps its steps small for ever",
     .normalised = true, .memory = 3, .flops = 14,
     .params = params_adam, UPDATE(amsgrad), .has_moment = true,
     .limit = limit_adam},
    {.name = "adamw", .title = "Adam with decoupled weight decay",
     .formula = "θ ← (1−η·w)·θ − η·m′/(√v′+ε)",
     .good = "weight decay that the adaptive scaling does not distort",
     .caution = "decay pulls to (0,0): shifts minima; limit leaves it out",
     .normalised = true, .memory = 2, .flops = 14,
     .params = params_adamw, UPDATE(adamw), .has_moment = true,
     .limit = limit_adam},
    {.name = "nadam", .title = "NAdam: Adam with Nesterov momentum",
     .formula = "θ ← θ − η·(g·(1−μₜ)/(1−P) + m·μₜ₊₁/(1−P·μₜ₊₁))/(√v′+ε)",
     .good = "Adam that looks ahead: reacts a step earlier",
     .caution = "its momentum warms up: early steps differ from Adam's",
     .normalised = true, .memory = 2, .flops = 16,
     .params = params_nadam, UPDATE(nadam), .has_moment = true,
     .limit = limit_nadam},
    {.name = "radam", .title = "rectified Adam",
     .formula = "r > 5: θ ← θ − η·l·m′/(√v+ε), else θ ← θ − η·m′",
     .good = "a warm-up of its own: waits until its scaling is reliable",
     .caution = "first 5 steps are unscaled: thrown far on steep surfaces",
     .normalised = true, .memory = 2, .flops = 13,
     .params = params_adam, UPDATE(radam), .has_moment = true,
     .limit = limit_adam},
    {.name = NULL},
};

int optimizer_count(void)
{
    return (int)(sizeof optimizers / sizeof optimizers[0]) - 1;
}

const Optimizer *optimizer_find(const char *name, size_t length)
{
    for (const Optimizer *o = optimizers; o->name; o++)
        if (word_is(name, length, o->name))
            return o;
    return NULL;
}

/* The eigenvalues of S H equal those of the symmetric S^1/2 H S^1/2. */
double optimizer_eta_limit(const Optimizer *o, const double *p, Sym2 h, Vec2 scale)
{
    Sym2 scaled = {scale.x * h.xx, sqrt(scale.x) * sqrt(scale.y) * h.xy, scale.y * h.yy};
    double small;
    double large;
    sym_eigenvalues(scaled, &small, &large);
    if (isnan(large))
        return large;
    return large > 0 ? o->limit(p) / large : INFINITY;
}
