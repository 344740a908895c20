/* SPDX-License-Identifier: MIT
 * optimizer: the table of update rules; see optimizer.h.
 *
 * Notation: g gradient, eta the scheduled rate, t1 = count + 1 the number of this update. The order
 * of operations is PyTorch's (torch/optim, default options): trajectories agree to rounding. */
#include "core/optimizer.h"

#include <math.h>

#include "base/words.h"
#include "expr/elementary.h"

enum { MOMENTUM, CONVENTION };                     /* momentum, nesterov */
enum { CONVENTION_TORCH, CONVENTION_INSIDE, CONVENTION_AVERAGE };
enum { ADAGRAD_EPS };
enum { DECAY, DECAY_EPS };                         /* rmsprop's alpha, adadelta's rho */
enum { BETA1, BETA2, EPS, EXTRA };                 /* adam and its kin; EXTRA: their fourth */

/* a/b with 0/0 = a/0 = 0: a coordinate without gradient history (g = 0, eps = 0) stays put. */
static double ratio(double a, double b)
{
    return b == 0 ? 0 : a / b;
}

static Vec2 vec_square(Vec2 a)
{
    return vec2(a.x * a.x, a.y * a.y);
}

static Vec2 vec_times(Vec2 a, Vec2 b)
{
    return vec2(a.x * b.x, a.y * b.y);
}

static Vec2 vec_ratio(Vec2 a, Vec2 b)
{
    return vec2(ratio(a.x, b.x), ratio(a.y, b.y));
}

/* sqrt(a)/divisor + eps, per coordinate: the denominator of the adaptive methods. */
static Vec2 root_over(Vec2 a, double divisor, double eps)
{
    return vec2(sqrt(a.x) / divisor + eps, sqrt(a.y) / divisor + eps);
}

/* Exponential moving average: keep*a + (1 - keep)*b. */
static Vec2 average(double keep, Vec2 a, Vec2 b)
{
    return vec_add(vec_scale(keep, a), vec_scale(1 - keep, b));
}

/* A step eta * d with one rate for both coordinates. */
static void plain_step(double eta, Vec2 d, OptStep *out)
{
    *out = (OptStep){
        .direction = d,
        .scale = {1, 1},
        .rate = {eta, eta},
        .step = vec_scale(eta, d),
        .shrink = 1,
        .m_hat = d,
    };
}

/* A step eta * d / denominator. */
static void scaled_step(double eta, Vec2 d, Vec2 denominator, OptStep *out)
{
    *out = (OptStep){
        .direction = d,
        .scale = vec_ratio(vec2(1, 1), denominator),
        .rate = vec_ratio(vec2(eta, eta), denominator),
        .step = vec_scale(eta, vec_ratio(d, denominator)),
        .shrink = 1,
        .m_hat = d,
    };
}

/* Gradient descent (Cauchy 1847): theta -= eta g. */
static void step_sgd(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    (void)p;
    plain_step(eta, g, out);
    s->count++;
}

/* Feed one gradient to the velocity. Three conventions, equal (up to 1 - mu) while eta is constant:
 *   torch    m = mu m + g            theta -= eta m   (Sutskever et al. 2013 as PyTorch writes it)
 *   inside   m = mu m + eta g        theta -= m       (Polyak 1964, Keras): coasts on after a cut
 *   average  m = mu m + (1 - mu) g   theta -= eta m   (first moment of Adam) */
static double velocity_feed(const double *p, double eta, Vec2 g, OptState *s)
{
    double mu = p[MOMENTUM];
    double weight = p[CONVENTION] == CONVENTION_INSIDE    ? eta
                    : p[CONVENTION] == CONVENTION_AVERAGE ? 1 - mu
                                                          : 1;
    s->m = vec_add(vec_scale(mu, s->m), vec_scale(weight, g));
    s->count++;
    return weight;
}

/* theta -= eta d, or, where eta is inside d already, theta -= d. */
static void velocity_step(const double *p, double eta, Vec2 d, const OptState *s, OptStep *out)
{
    if (p[CONVENTION] == CONVENTION_INSIDE) {
        plain_step(eta, eta > 0 ? vec_scale(1 / eta, d) : vec2(0, 0), out);
        out->step = d;
    } else {
        plain_step(eta, d, out);
    }
    out->m_hat = s->m;
}

/* Heavy ball (Polyak 1964). */
static void step_momentum(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    velocity_feed(p, eta, g, s);
    velocity_step(p, eta, s->m, s, out);
}

/* Nesterov 1983 in the form of Sutskever et al. 2013: theta -= eta (g + mu m). */
static void step_nesterov(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    double weight = velocity_feed(p, eta, g, s);
    Vec2 ahead = vec_add(vec_scale(weight, g), vec_scale(p[MOMENTUM], s->m));
    velocity_step(p, eta, ahead, s, out);
}

/* Adagrad (Duchi, Hazan, Singer 2011): s += g^2, theta -= eta g / (sqrt(s) + eps). */
static void step_adagrad(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    s->v = vec_add(s->v, vec_square(g));
    s->count++;
    scaled_step(eta, g, root_over(s->v, 1, p[ADAGRAD_EPS]), out);
    out->v_hat = s->v;
}

/* RMSprop (Hinton 2012, lecture 6): v = alpha v + (1-alpha) g^2, theta -= eta g/(sqrt(v)+eps). */
static void step_rmsprop(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    s->v = average(p[DECAY], s->v, vec_square(g));
    s->count++;
    scaled_step(eta, g, root_over(s->v, 1, p[DECAY_EPS]), out);
    out->v_hat = s->v;
}

/* Adadelta (Zeiler 2012): d = sqrt(D+eps)/sqrt(v+eps) g with the D of before; theta -= eta d. */
static void step_adadelta(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    double eps = p[DECAY_EPS];
    s->v = average(p[DECAY], s->v, vec_square(g));
    s->count++;
    Vec2 scale = vec2(ratio(sqrt(s->w.x + eps), sqrt(s->v.x + eps)),
                      ratio(sqrt(s->w.y + eps), sqrt(s->v.y + eps)));
    Vec2 d = vec_times(scale, g);
    s->w = average(p[DECAY], s->w, vec_square(d));
    plain_step(eta, g, out);
    out->scale = scale;
    out->rate = vec_scale(eta, scale);
    out->step = vec_scale(eta, d);
    out->v_hat = s->v;
}

/* beta^t1 as exp(t1 log beta): like Python's beta ** step a pure function of the present beta, so
 * that an edit of beta acts as in PyTorch (a running product would remember the old one), and the
 * closest to it of the ways tried: the error of 1 - beta^t1 stays near eps however large t1. */
static double beta_power(double beta, long t1)
{
    return t1 == 1 ? beta : eta_exp((double)t1 * eta_log(beta));
}

/* Moments of Adam (Kingma, Ba 2015, algorithm 1) and the powers for their bias corrections. */
static void moments_feed(const double *p, Vec2 g, OptState *s)
{
    s->m = average(p[BETA1], s->m, g);
    s->v = average(p[BETA2], s->v, vec_square(g));
    s->count++;
    s->power1 = beta_power(p[BETA1], s->count);
    s->power2 = beta_power(p[BETA2], s->count);
}

/* theta -= eta/(1-b1^t1) * m / (sqrt(v)/sqrt(1-b2^t1) + eps), v the second moment in force. */
static void adam_step(const double *p, double eta, Vec2 v, const OptState *s, OptStep *out)
{
    double correct1 = 1 - s->power1;
    double correct2 = 1 - s->power2;
    Vec2 denominator = root_over(v, sqrt(correct2), p[EPS]);
    scaled_step(eta, vec_scale(1 / correct1, s->m), denominator, out);
    out->step = vec_scale(eta / correct1, vec_ratio(s->m, denominator));
    out->v_hat = vec2(v.x / correct2, v.y / correct2);
}

static void step_adam(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    moments_feed(p, g, s);
    adam_step(p, eta, s->v, s, out);
}

/* AMSGrad (Reddi, Kale, Kumar 2018): the running maximum of the uncorrected v. */
static void step_amsgrad(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    moments_feed(p, g, s);
    s->w = vec2(s->v.x > s->w.x ? s->v.x : s->w.x, s->v.y > s->w.y ? s->v.y : s->w.y);
    adam_step(p, eta, s->w, s, out);
}

/* AdamW (Loshchilov, Hutter 2019): decoupled decay, theta *= 1 - eta weight_decay, then Adam. */
static void step_adamw(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    step_adam(p, eta, g, s, out);
    out->shrink = 1 - eta * p[EXTRA];
}

/* mu_t of NAdam: b1 (1 - 0.96^(t1 psi)/2), psi = momentum_decay. */
static double nadam_momentum(const double *p, double t1)
{
    static const double log_096 = -0.040821994520255166; /* log(0.96) */
    return p[BETA1] * (1 - 0.5 * eta_exp(log_096 * (t1 * p[EXTRA])));
}

/* NAdam (Dozat 2016), P the product of mu_1..mu_t:
 * theta -= eta/(sqrt(v/(1-b2^t1)) + eps) (g (1-mu_t)/(1-P) + m mu_(t+1)/(1 - P mu_(t+1))). */
static void step_nadam(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    double product = s->count > 0 ? s->product : 1;
    moments_feed(p, g, s);
    double mu = nadam_momentum(p, (double)s->count);
    double next = nadam_momentum(p, (double)s->count + 1);
    s->product = product * mu;
    double of_g = (1 - mu) / (1 - s->product);
    double of_m = next / (1 - s->product * next);
    Vec2 direction = vec_add(vec_scale(of_g, g), vec_scale(of_m, s->m));
    double correct2 = 1 - s->power2;
    Vec2 v_hat = vec2(s->v.x / correct2, s->v.y / correct2);
    scaled_step(eta, direction, root_over(v_hat, 1, p[EPS]), out);
    out->v_hat = v_hat;
}

/* RAdam (Liu et al. 2020): r is the length of the approximated average of squares; while r <= 5 the
 * variance of the adaptive rate is intractable and the step is plain momentum. */
static void step_radam(const double *p, double eta, Vec2 g, OptState *s, OptStep *out)
{
    moments_feed(p, g, s);
    double correct2 = 1 - s->power2;
    double r_inf = 2 / (1 - p[BETA2]) - 1;
    double r = r_inf - 2 * (double)s->count * s->power2 / correct2;
    Vec2 m_hat = vec_scale(1 / (1 - s->power1), s->m);
    if (r > 5) {
        double rectify = sqrt((r - 4) * (r - 2) * r_inf / ((r_inf - 4) * (r_inf - 2) * r));
        Vec2 scale = vec_ratio(vec2(sqrt(correct2), sqrt(correct2)), root_over(s->v, 1, p[EPS]));
        scale = vec_scale(rectify, scale);
        plain_step(eta, m_hat, out);
        out->scale = scale;
        out->rate = vec_scale(eta, scale);
        out->step = vec_times(out->rate, m_hat);
    } else {
        plain_step(eta, m_hat, out);
    }
    out->v_hat = vec2(s->v.x / correct2, s->v.y / correct2);
}

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
     .params = params_none, .step = step_sgd, .limit = limit_plain},
    {.name = "momentum", .title = "heavy-ball momentum", .formula = "m ← μ·m + g; θ ← θ − η·m",
     .good = "averages out zigzag and gains speed along ravines",
     .caution = "travels 1/(1−μ) times farther: overshoots, circles minima",
     .core = true, .memory = 1, .flops = 4,
     .params = params_velocity, .step = step_momentum, .limit = limit_momentum},
    {.name = "nesterov", .title = "Nesterov momentum",
     .formula = "m ← μ·m + g; θ ← θ − η·(g + μ·m)",
     .good = "momentum that looks ahead: brakes earlier, circles less",
     .caution = "on steep directions its limit lies below plain momentum's",
     .memory = 1, .flops = 6,
     .params = params_velocity, .step = step_nesterov, .limit = limit_nesterov},
    {.name = "adagrad", .title = "Adagrad", .formula = "s ← s + g²; θ ← θ − η·g/(√s+ε)",
     .good = "a rate for each coordinate; sparse or badly scaled gradients",
     .caution = "the sum only grows: its rate decays for ever, on top of η",
     .core = true, .normalised = true, .memory = 1, .flops = 7,
     .params = params_adagrad, .step = step_adagrad, .limit = limit_plain},
    {.name = "rmsprop", .title = "RMSprop", .formula = "v ← α·v + (1−α)·g²; θ ← θ − η·g/(√v+ε)",
     .good = "forgets old gradients: keeps moving where Adagrad stalls",
     .caution = "steps stay near η: constant η jitters around the minimum",
     .core = true, .normalised = true, .memory = 1, .flops = 9,
     .params = params_rmsprop, .step = step_rmsprop, .limit = limit_plain},
    {.name = "adadelta", .title = "Adadelta",
     .formula = "d = √(D+ε)/√(v+ε)·g; θ ← θ − η·d; D ← ρ·D + (1−ρ)·d²",
     .good = "scales itself by its past steps: η = 1 is the usual choice",
     .caution = "starts with tiny steps of about √ε and speeds up slowly",
     .normalised = true, .memory = 2, .flops = 16,
     .params = params_adadelta, .step = step_adadelta, .limit = limit_plain},
    {.name = "adam", .title = "Adam", .formula = "θ ← θ − η·m′/(√v′+ε)",
     .good = "steps of about η whatever the gradient's scale; little tuning",
     .caution = "η is a distance: without decay it does not settle finely",
     .core = true, .normalised = true, .memory = 2, .flops = 13,
     .params = params_adam, .step = step_adam, .limit = limit_adam},
    {.name = "amsgrad", .title = "AMSGrad", .formula = "w ← max(w, v); θ ← θ − η·m′/(√w′+ε)",
     .good = "Adam whose effective rate cannot grow back",
     .caution = "one huge gradient early keeps its steps small for ever",
     .normalised = true, .memory = 3, .flops = 14,
     .params = params_adam, .step = step_amsgrad, .limit = limit_adam},
    {.name = "adamw", .title = "Adam with decoupled weight decay",
     .formula = "θ ← (1−η·w)·θ − η·m′/(√v′+ε)",
     .good = "weight decay that the adaptive scaling does not distort",
     .caution = "decay pulls to (0,0): shifts minima; limit leaves it out",
     .normalised = true, .memory = 2, .flops = 14,
     .params = params_adamw, .step = step_adamw, .limit = limit_adam},
    {.name = "nadam", .title = "NAdam: Adam with Nesterov momentum",
     .formula = "θ ← θ − η·(g·(1−μₜ)/(1−P) + m·μₜ₊₁/(1−P·μₜ₊₁))/(√v′+ε)",
     .good = "Adam that looks ahead: reacts a step earlier",
     .caution = "its momentum warms up: early steps differ from Adam's",
     .normalised = true, .memory = 2, .flops = 16,
     .params = params_nadam, .step = step_nadam, .limit = limit_nadam},
    {.name = "radam", .title = "rectified Adam",
     .formula = "r > 5: θ ← θ − η·l·m′/(√v+ε), else θ ← θ − η·m′",
     .good = "a warm-up of its own: waits until its scaling is reliable",
     .caution = "first 5 steps are unscaled: thrown far on steep surfaces",
     .normalised = true, .memory = 2, .flops = 13,
     .params = params_adam, .step = step_radam, .limit = limit_adam},
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
