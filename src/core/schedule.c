/* SPDX-License-Identifier: MIT
 * schedule: the table of learning-rate schedules; see schedule.h.
 *
 * Each row is an enum of its parameters, a closed form eta(u) and a descriptor, whose formula for
 * people is shown with live numbers too. u counts steps (or epochs) since the schedule's clock
 * started. The formulas are PyTorch's closed forms (tests/golden/reference/README.md). */
#include "core/schedule.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "expr/elementary.h"

#define PI 3.14159265358979323846
#define LENGTH_MAX 1e9 /* longest length or period, and start */

enum { UNIT_STEP, UNIT_EPOCH };

/* ---- the mathematics shared by the rows ---- */

/* a + (b - a) w for w in [0, 1], never outside [a, b]: rounding cannot leave the range, and
 * neither sign nor finiteness can be lost. */
static double blend(double a, double b, double w)
{
    double lo = a < b ? a : b;
    double hi = a < b ? b : a;
    double value = a + (b - a) * w;
    return value < lo ? lo : value > hi ? hi : value;
}

/* u mod n, exact for whole u and n below 2^52. */
static double modulo(double u, double n)
{
    return u - n * floor(u / n);
}

/* (1 + cos(pi p/n))/2 for 0 <= p <= n: from 1 to exactly 0. */
static double half_cosine(double p, double n)
{
    if (p <= 0)
        return 1;
    if (p >= n)
        return 0;
    return (1 + eta_cos(PI * p / n)) / 2;
}

/* a^b for 0 <= a <= 1, b >= 0; the ends without a detour through logarithms. */
static double fraction_power(double a, double b)
{
    return b == 0 || a == 1 ? 1 : a <= 0 ? 0 : eta_pow(a, b);
}

/* ---- numbers in formulas ---- */

static void put_number(Text *out, double value)
{
    char number[NUMBER_TEXT];
    if (value == floor(value) && fabs(value) < 1e7) {
        text_add(out, "%.0f", value);
        return;
    }
    number_show(number, value, 3);
    char *e = strchr(number, 'e');
    char *end = e ? e : number + strlen(number);
    char *keep = end;
    if (memchr(number, '.', (size_t)(end - number))) {
        while (keep[-1] == '0')
            keep--;
        if (keep[-1] == '.')
            keep--;
    }
    memmove(keep, end, strlen(end) + 1);
    text_add(out, "%s", number);
}

/* Copy the pattern, each '#' replaced by the next number. */
static void fill(Text *out, const char *pattern, const double *number)
{
    for (;;) {
        size_t plain = strcspn(pattern, "#");
        text_put(out, pattern, plain);
        pattern += plain;
        if (!*pattern)
            return;
        put_number(out, *number++);
        pattern++;
    }
}

/* ---- constant ---- */

static double eta_constant(const Rate *r, double u)
{
    (void)u;
    return r->eta0;
}

/* ---- step: eta0 gamma^floor(u/step_size) ---- */

enum { STEP_SIZE, STEP_GAMMA };

static double default_step_size(const ParamContext *c)
{
    return fmax(1, floor(c->horizon / 5));
}

static Phase phase_step(const Rate *r, double u)
{
    return (Phase){.position = u, .length = r->value[STEP_SIZE]};
}

static double eta_step(const Rate *r, double u)
{
    return r->eta0 * fraction_power(r->value[STEP_GAMMA], floor(u / r->value[STEP_SIZE]));
}

/* ---- multistep: eta0 gamma^(number of milestones <= u) ---- */

enum { MULTISTEP_MILESTONES, MULTISTEP_GAMMA };

/* floor(T'/2), floor(3T'/4), without what is below 1 or repeats on a very short run. */
static void default_milestones(Rate *r)
{
    long half = (long)floor(r->horizon / 2);
    long late = (long)floor(3 * r->horizon / 4);
    r->list[0] = half > 1 ? half : 1;
    r->list[1] = late;
    r->list_count = late > r->list[0] ? 2 : 1;
}

static Phase phase_multistep(const Rate *r, double u)
{
    int n = 0;
    while (n < r->list_count && (double)r->list[n] <= u)
        n++;
    return (Phase){.count = n};
}

static double eta_multistep(const Rate *r, double u)
{
    return r->eta0 * fraction_power(r->value[MULTISTEP_GAMMA], phase_multistep(r, u).count);
}

/* ---- exponential: eta0 gamma^u ---- */

enum { EXPONENTIAL_GAMMA };

static double default_exponential_gamma(const ParamContext *c)
{
    return eta_pow(0.01, 1 / c->horizon);
}

static double eta_exponential(const Rate *r, double u)
{
    return r->eta0 * fraction_power(r->value[EXPONENTIAL_GAMMA], u);
}

/* ---- exp_k: eta0 e^(-k u) ---- */

enum { EXP_K };

static double default_exp_k(const ParamContext *c)
{
    return eta_log(100) / c->horizon;
}

static double eta_exp_k(const Rate *r, double u)
{
    return u > 0 ? r->eta0 * eta_exp(-r->value[EXP_K] * u) : r->eta0;
}

/* ---- inverse_time (Robbins, Monro 1951; Keras): eta0/(1 + rate q), q = u/steps ---- */

enum { INVERSE_STEPS, INVERSE_RATE, INVERSE_STAIRCASE };

static double default_decay_rate(const ParamContext *c)
{
    return 9 / c->horizon;
}

static Phase phase_inverse_time(const Rate *r, double u)
{
    double steps = r->value[INVERSE_STEPS];
    if (r->value[INVERSE_STAIRCASE] != 0)
        return (Phase){.position = floor(u / steps), .length = 1};
    return (Phase){.position = u, .length = steps};
}

static double eta_inverse_time(const Rate *r, double u)
{
    Phase p = phase_inverse_time(r, u);
    return r->eta0 / (1 + r->value[INVERSE_RATE] * (p.position / p.length));
}

/* ---- polynomial: lr_end + (eta0 - lr_end)(1 - min(u,total)/total)^power; linear: power 1 ---- */

enum { POLYNOMIAL_TOTAL, POLYNOMIAL_POWER, POLYNOMIAL_END };
enum { LINEAR_TOTAL, LINEAR_END };

static double default_horizon(const ParamContext *c)
{
    return c->horizon;
}

static double decay(double eta0, double end, double total, double power, double u)
{
    double left = u >= total ? 0 : 1 - u / total;
    return blend(end, eta0, fraction_power(left, power));
}

static double eta_polynomial(const Rate *r, double u)
{
    const double *v = r->value;
    return decay(r->eta0, v[POLYNOMIAL_END], v[POLYNOMIAL_TOTAL], v[POLYNOMIAL_POWER], u);
}

static double eta_linear(const Rate *r, double u)
{
    return decay(r->eta0, r->value[LINEAR_END], r->value[LINEAR_TOTAL], 1, u);
}

/* Of both: their first parameter is the length. */
static Phase phase_decay(const Rate *r, double u)
{
    return (Phase){.position = fmin(u, r->value[0])};
}

/* ---- inverse_sqrt (Vaswani et al. 2017, without its warm-up): eta0 sqrt(shift/(u+shift)) ---- */

enum { INVERSE_SQRT_SHIFT };

static double default_shift(const ParamContext *c)
{
    return fmax(1, floor(c->horizon / 20));
}

static double eta_inverse_sqrt(const Rate *r, double u)
{
    double shift = r->value[INVERSE_SQRT_SHIFT];
    return r->eta0 * sqrt(shift / (u + shift));
}

/* ---- cosine (Loshchilov, Hutter 2017, eq. 5, one cycle) ---- */

enum { COSINE_T_MAX, COSINE_ETA_MIN, COSINE_HOLD };

/* Position in the falling half period; hold=0 goes back up and down with period 2 T_max, folded
 * before the cosine so that a large u loses nothing. */
static Phase phase_cosine(const Rate *r, double u)
{
    double length = r->value[COSINE_T_MAX];
    if (r->value[COSINE_HOLD] != 0)
        return (Phase){.position = fmin(u, length)};
    double p = modulo(u, 2 * length);
    return (Phase){.position = p > length ? 2 * length - p : p};
}

static double eta_cosine(const Rate *r, double u)
{
    double w = half_cosine(phase_cosine(r, u).position, r->value[COSINE_T_MAX]);
    return blend(r->value[COSINE_ETA_MIN], r->eta0, w);
}

/* ---- cosine_restarts: SGDR (Loshchilov, Hutter 2017): the cosine of the current cycle ---- */

enum { RESTARTS_T_0, RESTARTS_T_MULT, RESTARTS_ETA_MIN };

static double default_t_0(const ParamContext *c)
{
    return fmax(1, floor(c->horizon / 7));
}

/* Position in the current cycle and its length. Found by addition, not by logarithms, which are
 * off by one exactly at restarts; lengths grow at least twofold, so that 60 rounds are plenty. */
static Phase phase_restarts(const Rate *r, double u)
{
    double mult = r->value[RESTARTS_T_MULT];
    Phase p = {.position = u, .length = r->value[RESTARTS_T_0]};
    if (mult == 1)
        p.position = modulo(u, p.length);
    while (p.position >= p.length) {
        p.position -= p.length;
        p.length *= mult;
    }
    return p;
}

static double eta_restarts(const Rate *r, double u)
{
    Phase p = phase_restarts(r, u);
    return blend(r->value[RESTARTS_ETA_MIN], r->eta0, half_cosine(p.position, p.length));
}

/* ---- triangular, triangular2, exp_range: cyclical learning rates (Smith 2017) ---- */

enum { CYCLE_MAX_LR, CYCLE_UP, CYCLE_DOWN, CYCLE_GAMMA };

static double default_eta_high(const ParamContext *c)
{
    return c->eta_high;
}

static double default_eighth(const ParamContext *c)
{
    return fmax(1, floor(c->horizon / 8));
}

static double default_exp_range_gamma(const ParamContext *c)
{
    return eta_pow(0.5, 1 / c->horizon);
}

/* Height of the triangle in [0, 1]: r/up on the way up, (up + down - r)/down on the way down. */
static Phase phase_triangle(const Rate *r, double u)
{
    double up = r->value[CYCLE_UP];
    double down = r->value[CYCLE_DOWN];
    double rest = modulo(u, up + down);
    Phase p = {.position = rest, .length = up, .count = floor(u / (up + down))};
    if (rest > up) {
        p.position = up + down - rest;
        p.length = down;
    }
    return p;
}

/* `amplitude` of the triangle at u. */
static double cycle_rate(const Rate *r, const Phase *p, double amplitude)
{
    return blend(r->eta0, r->value[CYCLE_MAX_LR], p->position / p->length * amplitude);
}

static double eta_triangular(const Rate *r, double u)
{
    Phase p = phase_triangle(r, u);
    return cycle_rate(r, &p, 1);
}

static double eta_triangular2(const Rate *r, double u)
{
    Phase p = phase_triangle(r, u);
    return cycle_rate(r, &p, fraction_power(0.5, p.count));
}

static double eta_exp_range(const Rate *r, double u)
{
    Phase p = phase_triangle(r, u);
    return cycle_rate(r, &p, fraction_power(r->value[CYCLE_GAMMA], u));
}

/* ---- cosine_wave: eta0 + (max_lr - eta0)(1 - cos(2 pi u/period))/2 ---- */

enum { WAVE_MAX_LR, WAVE_PERIOD };

static double default_period(const ParamContext *c)
{
    return fmax(2, floor(c->horizon / 4));
}

static Phase phase_wave(const Rate *r, double u)
{
    return (Phase){.position = modulo(u, r->value[WAVE_PERIOD])};
}

static double eta_wave(const Rate *r, double u)
{
    double period = r->value[WAVE_PERIOD];
    double twice = 2 * phase_wave(r, u).position;
    double p = twice > period ? 2 * period - twice : twice; /* the wave is even: fold it */
    return blend(r->eta0, r->value[WAVE_MAX_LR], 1 - half_cosine(p, period));
}

/* ---- one_cycle (Smith, Topin 2018, as PyTorch's OneCycleLR, two cosine phases) ---- */

enum { ONE_CYCLE_TOTAL, ONE_CYCLE_PCT, ONE_CYCLE_DIV, ONE_CYCLE_FINAL };

/* T'+1: the last rate falls on row T'. At least 4, so that 30 % of it is more than one step. */
static double default_one_cycle_total(const ParamContext *c)
{
    return fmax(4, c->horizon + 1);
}

typedef struct OnePhase {
    double from, to;   /* rates */
    double at, length; /* position in the phase, and its length */
} OnePhase;

/* eta0/div up to eta0 on [0, a], a = pct total - 1 (need not be whole); down to eta0/div/final on
 * [a, z], z = total - 1; held from there. */
static OnePhase one_cycle_phase(const Rate *r, double u)
{
    const double *v = r->value;
    double a = v[ONE_CYCLE_PCT] * v[ONE_CYCLE_TOTAL] - 1;
    double z = v[ONE_CYCLE_TOTAL] - 1;
    double low = r->eta0 / v[ONE_CYCLE_DIV];
    if (u <= a)
        return (OnePhase){low, r->eta0, u, a};
    return (OnePhase){r->eta0, low / v[ONE_CYCLE_FINAL], fmin(u, z) - a, z - a};
}

static double eta_one_cycle(const Rate *r, double u)
{
    OnePhase p = one_cycle_phase(r, u);
    return blend(p.to, p.from, half_cosine(p.at, p.length));
}

static void fill_one_cycle(const Rate *r, double u, Text *out)
{
    OnePhase p = one_cycle_phase(r, u);
    fill(out, "#+(#−#)·(1+cos(π·#/#))/2", (double[]){p.to, p.from, p.to, p.at, p.length});
}

static bool check_one_cycle(const Rate *r, Error *err)
{
    double rise = r->value[ONE_CYCLE_PCT] * r->value[ONE_CYCLE_TOTAL];
    if (rise > 1)
        return true;
    return error_set(err, 1, 1,
                     "'pct_start' times 'total' must be above 1 (the rise needs a step), not %.3g",
                     rise);
}

/* ---- wsd: warm-up, stable, decay (Hu et al. 2024, linear form) ---- */

enum { WSD_WARM, WSD_DECAY, WSD_MIN };

static double default_warm(const ParamContext *c)
{
    return floor(c->horizon / 10);
}

static double default_wsd_decay(const ParamContext *c)
{
    return floor(c->horizon / 5);
}

static double wsd_rise(const Rate *r, double u)
{
    return u < r->value[WSD_WARM] ? u / r->value[WSD_WARM] : 1;
}

/* Fraction of the decay still ahead: 1 until T' - decay, 0 from T' on. */
static double wsd_left(const Rate *r, double u)
{
    double left = r->horizon - u;
    return left <= 0 ? 0 : left < r->value[WSD_DECAY] ? left / r->value[WSD_DECAY] : 1;
}

/* The lower of both ramps, should they overlap; exactly min_ratio eta0 from T' on. */
static double eta_wsd(const Rate *r, double u)
{
    double left = wsd_left(r, u);
    double fall = blend(r->value[WSD_MIN], 1, left);
    double rise = left > 0 ? wsd_rise(r, u) : 1;
    return r->eta0 * (rise < fall ? rise : fall);
}

static void fill_wsd(const Rate *r, double u, Text *out)
{
    const double *v = r->value;
    double left = wsd_left(r, u);
    bool rising = left > 0 && wsd_rise(r, u) < blend(v[WSD_MIN], 1, left);
    put_number(out, r->eta0);
    if (rising) {
        fill(out, "·#/#", (double[]){u, v[WSD_WARM]});
    } else if (left <= 0) {
        fill(out, "·#", &v[WSD_MIN]);
    } else if (left < 1) {
        double low = v[WSD_MIN];
        double number[] = {low, low, r->horizon - u, v[WSD_DECAY]};
        fill(out, low == 0 ? "·#/#" : "·(#+(1−#)·#/#)", low == 0 ? number + 2 : number);
    }
}

/* ---- plateau: ReduceLROnPlateau (Keras 2015; PyTorch's rules, mode min) ---- */

enum {
    PLATEAU_FACTOR,
    PLATEAU_PATIENCE,
    PLATEAU_THRESHOLD,
    PLATEAU_MODE,
    PLATEAU_COOLDOWN,
    PLATEAU_MIN_LR,
    PLATEAU_METRIC,
};
enum { THRESHOLD_REL, THRESHOLD_ABS };

bool rate_watches_held_out(const Rate *r)
{
    return r->schedule && r->schedule->fed && r->value[PLATEAU_METRIC] == PLATEAU_HELD_OUT;
}

void plateau_start(Plateau *p)
{
    *p = (Plateau){.best = INFINITY, .multiplier = 1};
}

/* eta0 times the cuts so far; cuts never lead below min_lr (or an eta0 that is lower still). */
static double plateau_rate(const Rate *r, const Plateau *p)
{
    double multiplier = p ? p->multiplier : 1;
    double rate = r->eta0 * multiplier;
    double floor_rate = fmin(r->value[PLATEAU_MIN_LR], r->eta0);
    return multiplier < 1 && rate < floor_rate ? floor_rate : rate;
}

/* Relative: loss < best (1 - threshold), also for a negative best, where PyTorch's test is lax. */
static bool plateau_better(const Plateau *p, const Rate *r, double loss)
{
    double threshold = r->value[PLATEAU_THRESHOLD];
    if (isinf(p->best))
        return loss < p->best; /* the first loss; inf * (1 - threshold) may not be a number */
    if (r->value[PLATEAU_MODE] == THRESHOLD_ABS)
        return loss < p->best - threshold;
    return loss < p->best * (1 - threshold);
}

/* One cut, unless it would be 1e-8 or less. */
static bool plateau_cut(Plateau *p, const Rate *r)
{
    double rate = plateau_rate(r, p);
    double cut = rate * r->value[PLATEAU_FACTOR];
    bool at_floor = cut < r->value[PLATEAU_MIN_LR];
    if (at_floor)
        cut = r->value[PLATEAU_MIN_LR];
    if (!(rate - cut > 1e-8))
        return false;
    p->multiplier = at_floor ? cut / r->eta0 : p->multiplier * r->value[PLATEAU_FACTOR];
    return true;
}

bool plateau_feed(Plateau *p, const Rate *r, double loss)
{
    if (plateau_better(p, r, loss)) {
        p->best = loss;
        p->bad = 0;
    } else {
        p->bad++;
    }
    if (p->cool > 0) {
        p->cool--;
        p->bad = 0;
    }
    if (!((double)p->bad > r->value[PLATEAU_PATIENCE]))
        return false;
    p->bad = 0;
    p->cool = (long)r->value[PLATEAU_COOLDOWN];
    return plateau_cut(p, r);
}

/* ---- the table ---- */

static const char *const unit_names[] = {"step", "epoch", NULL};
static const char *const threshold_modes[] = {"rel", "abs", NULL};
static const char *const metrics[] = {"train", "held_out", NULL};

#define LENGTH(NAME, SYMBOL, DERIVE, DERIVED, TEXT)                                             \
    {.name = NAME, .symbol = SYMBOL, .kind = PARAM_INTEGER, .derive = DERIVE,                   \
     .derived_text = DERIVED, .lo = 1, .hi = LENGTH_MAX, .unit = "steps", .text = TEXT}
#define LENGTH_OR_NONE(NAME, DERIVE, DERIVED, TEXT)                                             \
    {.name = NAME, .kind = PARAM_INTEGER, .derive = DERIVE, .derived_text = DERIVED, .lo = 0,   \
     .hi = LENGTH_MAX, .unit = "steps", .text = TEXT}
#define RATE(NAME, SYMBOL, TEXT)                                                                \
    {.name = NAME, .symbol = SYMBOL, .kind = PARAM_REAL, .lo = 0, .hi = INFINITY,               \
     .hi_open = true, .unit = "rate", .text = TEXT}
#define MAX_LR                                                                                  \
    {.name = "max_lr", .symbol = "η_max", .kind = PARAM_REAL, .derive = default_eta_high,         \
     .derived_text = "the surface's eta_high", .lo = 0, .hi = INFINITY, .hi_open = true,        \
     .unit = "rate", .text = "highest rate of the cycle; η₀ is the lowest"}
#define GAMMA(FIXED, DERIVE, DERIVED, TEXT)                                                     \
    {.name = "gamma", .symbol = "γ", .kind = PARAM_REAL, .fixed = FIXED, .derive = DERIVE,        \
     .derived_text = DERIVED, .lo = 0, .lo_open = true, .hi = 1, .unit = "", .text = TEXT}
#define FLAG(NAME, FIXED, TEXT)                                                                 \
    {.name = NAME, .kind = PARAM_INTEGER, .fixed = FIXED, .lo = 0, .hi = 1, .unit = "",         \
     .text = TEXT}
#define COUNT(NAME, FIXED, TEXT)                                                                \
    {.name = NAME, .kind = PARAM_INTEGER, .fixed = FIXED, .lo = 0, .hi = LENGTH_MAX,            \
     .unit = "steps", .text = TEXT}
#define AT_LEAST(NAME, FIXED, LO, TEXT)                                                         \
    {.name = NAME, .kind = PARAM_REAL, .fixed = FIXED, .lo = LO, .hi = INFINITY,                \
     .hi_open = true, .unit = "", .text = TEXT}
/* Every schedule's last two rows; rate_bind knows their places. */
#define CLOCK                                                                                   \
    {.name = "start", .kind = PARAM_INTEGER, .derived_text = "the step it was set at",          \
     .lo = 0, .hi = LENGTH_MAX, .unit = "",                                                     \
     .text = "step of the run at which its clock starts"},                                      \
    {.name = "unit", .kind = PARAM_CHOICE, .fixed = UNIT_STEP, .hi = UNIT_EPOCH,                \
     .choices = unit_names, .unit = "", .text = "its clock and lengths count steps or epochs"}, \
    {.name = NULL}

static const ParamInfo params_constant[] = {CLOCK};

static const ParamInfo params_step[] = {
    [STEP_SIZE] = LENGTH("step_size", NULL, default_step_size, "T'/5", "length of one stair"),
    [STEP_GAMMA] = GAMMA(0.5, NULL, NULL, "factor at each stair"),
    CLOCK,
};

static const ParamInfo params_multistep[] = {
    [MULTISTEP_MILESTONES] = {.name = "milestones", .kind = PARAM_INTEGERS,
                              .derived_text = "T'/2 and 3T'/4", .lo = 1, .hi = LENGTH_MAX,
                              .unit = "steps", .text = "steps from which a new rate holds"},
    [MULTISTEP_GAMMA] = GAMMA(0.1, NULL, NULL, "factor at each milestone"),
    CLOCK,
};

static const ParamInfo params_exponential[] = {
    [EXPONENTIAL_GAMMA] = GAMMA(0, default_exponential_gamma, "0.01^(1/T')",
                                "factor of every step"),
    CLOCK,
};

static const ParamInfo params_exp_k[] = {
    [EXP_K] = {.name = "k", .symbol = "k", .kind = PARAM_REAL, .derive = default_exp_k,
               .derived_text = "ln(100)/T'", .lo = 0, .hi = INFINITY, .hi_open = true, .unit = "",
               .text = "decay per step; the rate halves every 0.693/k"},
    CLOCK,
};

static const ParamInfo params_inverse_time[] = {
    [INVERSE_STEPS] = {.name = "decay_steps", .kind = PARAM_INTEGER, .fixed = 1, .lo = 1,
                       .hi = LENGTH_MAX, .unit = "steps", .text = "steps that decay_rate counts"},
    [INVERSE_RATE] = {.name = "decay_rate", .symbol = "r", .kind = PARAM_REAL,
                      .derive = default_decay_rate, .derived_text = "9/T'", .lo = 0,
                      .hi = INFINITY, .hi_open = true, .unit = "", .text = "growth of the divisor per decay_steps"},
    [INVERSE_STAIRCASE] = FLAG("staircase", 0, "1: falls in stairs of decay_steps"),
    CLOCK,
};

static const ParamInfo params_polynomial[] = {
    [POLYNOMIAL_TOTAL] = LENGTH("total", "T", default_horizon, "T'", "length of the decay"),
    [POLYNOMIAL_POWER] = {.name = "power", .symbol = "p", .kind = PARAM_REAL, .fixed = 2, .lo = 0,
                          .lo_open = true, .hi = INFINITY, .hi_open = true, .unit = "",
                          .text = "1: straight; larger: early fall; smaller: late fall"},
    [POLYNOMIAL_END] = RATE("lr_end", "η_end", "rate at the end, held from there"),
    CLOCK,
};

static const ParamInfo params_linear[] = {
    [LINEAR_TOTAL] = LENGTH("total", "T", default_horizon, "T'", "length of the decay"),
    [LINEAR_END] = RATE("lr_end", "η_end", "rate at the end, held from there"),
    CLOCK,
};

static const ParamInfo params_inverse_sqrt[] = {
    [INVERSE_SQRT_SHIFT] = LENGTH("shift", "s", default_shift, "T'/20",
                                  "the rate is down to 71 % after this long"),
    CLOCK,
};

static const ParamInfo params_cosine[] = {
    [COSINE_T_MAX] = LENGTH("T_max", "T_max", default_horizon, "T'", "length of the descent"),
    [COSINE_ETA_MIN] = RATE("eta_min", "η_min", "lowest rate, reached at T_max"),
    [COSINE_HOLD] = FLAG("hold", 1, "1: stays low after T_max; 0: rises again (PyTorch)"),
    CLOCK,
};

static const ParamInfo params_restarts[] = {
    [RESTARTS_T_0] = LENGTH("T_0", NULL, default_t_0, "T'/7", "length of the first cycle"),
    [RESTARTS_T_MULT] = {.name = "T_mult", .kind = PARAM_INTEGER, .fixed = 2, .lo = 1, .hi = 1000,
                         .unit = "", .text = "each cycle is this many times longer than the last"},
    [RESTARTS_ETA_MIN] = RATE("eta_min", "η_min", "lower end of each cycle, never quite reached"),
    CLOCK,
};

#define CYCLE_ROWS                                                                              \
    [CYCLE_MAX_LR] = MAX_LR,                                                                    \
    [CYCLE_UP] = LENGTH("step_up", NULL, default_eighth, "T'/8", "length of the rise"),         \
    [CYCLE_DOWN] = LENGTH("step_down", NULL, default_eighth, "T'/8", "length of the fall")

static const ParamInfo params_triangular[] = {CYCLE_ROWS, CLOCK};

static const ParamInfo params_exp_range[] = {
    CYCLE_ROWS,
    [CYCLE_GAMMA] = GAMMA(0, default_exp_range_gamma, "0.5^(1/T')",
                          "factor of the height, every step"),
    CLOCK,
};

static const ParamInfo params_wave[] = {
    [WAVE_MAX_LR] = MAX_LR,
    [WAVE_PERIOD] = LENGTH("period", "P", default_period, "T'/4", "length of one wave"),
    CLOCK,
};

static const ParamInfo params_one_cycle[] = {
    [ONE_CYCLE_TOTAL] = LENGTH("total", NULL, default_one_cycle_total, "T'+1",
                               "rates of the cycle"),
    [ONE_CYCLE_PCT] = {.name = "pct_start", .kind = PARAM_REAL, .fixed = 0.3, .lo = 0,
                       .lo_open = true, .hi = 1, .hi_open = true, .unit = "",
                       .text = "share of the cycle that rises; pct_start·total > 1"},
    [ONE_CYCLE_DIV] = AT_LEAST("div_factor", 25, 1, "peak over first rate"),
    [ONE_CYCLE_FINAL] = AT_LEAST("final_div_factor", 1e4, 1, "first over last rate"),
    CLOCK,
};

static const ParamInfo params_wsd[] = {
    [WSD_WARM] = LENGTH_OR_NONE("warm", default_warm, "T'/10", "length of the rise; 0: none"),
    [WSD_DECAY] = LENGTH_OR_NONE("decay", default_wsd_decay, "T'/5",
                                 "length of the final fall, which ends at T'"),
    [WSD_MIN] = {.name = "min_ratio", .kind = PARAM_REAL, .fixed = 0, .lo = 0, .hi = 1,
                 .unit = "", .text = "rate at T' as a share of η₀"},
    CLOCK,
};

static const ParamInfo params_plateau[] = {
    [PLATEAU_FACTOR] = {.name = "factor", .kind = PARAM_REAL, .fixed = 0.1, .lo = 0,
                        .lo_open = true, .hi = 1, .hi_open = true, .unit = "",
                        .text = "factor of each cut"},
    [PLATEAU_PATIENCE] = COUNT("patience", 10, "bad steps that are forgiven; one more cuts"),
    [PLATEAU_THRESHOLD] = AT_LEAST("threshold", 1e-4, 0, "least improvement that counts"),
    [PLATEAU_MODE] = {.name = "threshold_mode", .kind = PARAM_CHOICE, .fixed = THRESHOLD_REL,
                      .hi = THRESHOLD_ABS, .choices = threshold_modes, .unit = "",
                      .text = "threshold relative to the best loss, or absolute"},
    [PLATEAU_COOLDOWN] = COUNT("cooldown", 0, "steps after a cut that count as good"),
    [PLATEAU_MIN_LR] = RATE("min_lr", NULL, "cuts stop here"),
    [PLATEAU_METRIC] = {.name = "metric", .kind = PARAM_CHOICE, .fixed = PLATEAU_TRAIN,
                        .hi = PLATEAU_HELD_OUT, .choices = metrics, .unit = "",
                        .text = "the loss it watches"},
    CLOCK,
};

const Schedule schedules[] = {
    {.name = "constant", .title = "constant rate", .family = "constant", .formula = "η₀",
     .good = "the baseline: shows what one rate can and cannot do",
     .caution = "fast or fine, not both: noise keeps it jittering at the end",
     .core = true, .params = params_constant, .eta = eta_constant},
    {.name = "step", .title = "step decay", .family = "decay", .formula = "η₀·γ^⌊u/s⌋",
     .good = "simple and easy to read: each cut settles what noise was left",
     .caution = "where and how deep to cut are two more numbers to tune",
     .core = true, .params = params_step, .eta = eta_step,
     .phase = phase_step},
    {.name = "multistep", .title = "milestones", .family = "decay",
     .formula = "η₀·γ^(milestones ≤ u)",
     .good = "the classic recipe for image networks: cut at chosen points",
     .caution = "milestones fit one length of run; the new rate holds at them",
     .params = params_multistep, .eta = eta_multistep,
     .phase = phase_multistep},
    {.name = "exponential", .title = "exponential decay", .family = "decay",
     .formula = "η₀·γᵘ",
     .good = "a smooth fall by the same percentage at every step",
     .caution = "total travel is limited: too small a γ stops before the goal",
     .core = true, .params = params_exponential, .eta = eta_exponential},
    {.name = "exp_k", .title = "exponential decay, textbook form", .family = "decay",
     .formula = "η₀·e^(−k·u)",
     .good = "exponential as lectures write it: γ = e^(−k)",
     .caution = "total travel is limited to about η₀/k gradients",
     .params = params_exp_k, .eta = eta_exp_k},
    {.name = "inverse_time", .title = "inverse time decay", .family = "decay",
     .formula = "η₀/(1+r·u/s)",
     .good = "1/t: converges under noise, as Robbins and Monro (1951) proved",
     .caution = "falls early, then hardly at all: slow on long runs",
     .core = true, .params = params_inverse_time, .eta = eta_inverse_time,
     .phase = phase_inverse_time},
    {.name = "polynomial", .title = "polynomial decay", .family = "decay",
     .formula = "η_end + (η₀−η_end)·(1−u/T)^p",
     .good = "reaches its end exactly; the power shapes the way there",
     .caution = "needs the length of the run; with lr_end = 0 it stops there",
     .params = params_polynomial, .eta = eta_polynomial,
     .phase = phase_decay},
    {.name = "linear", .title = "linear decay", .family = "decay",
     .formula = "η_end + (η₀−η_end)·(1−u/T)",
     .good = "a strong default for training of known length",
     .caution = "needs the length of the run; stopped early it is still high",
     .params = params_linear, .eta = eta_linear,
     .phase = phase_decay},
    {.name = "inverse_sqrt", .title = "inverse square root decay", .family = "decay",
     .formula = "η₀·√(s/(u+s))",
     .good = "needs no horizon: can go on for as long as you like",
     .caution = "never gets small: ends noisy unless a decay follows",
     .params = params_inverse_sqrt, .eta = eta_inverse_sqrt},
    {.name = "cosine", .title = "cosine annealing", .family = "decay",
     .formula = "η_min + (η₀−η_min)·(1+cos(πu/T_max))/2",
     .good = "long at a bold rate, then a smooth landing; little to tune",
     .caution = "needs the horizon T: stopped early its rate is still high",
     .core = true, .params = params_cosine, .eta = eta_cosine,
     .phase = phase_cosine},
    {.name = "cosine_restarts", .title = "cosine with warm restarts (SGDR)",
     .family = "cyclical", .formula = "η_min + (η₀−η_min)·(1+cos(πuᵢ/Tᵢ))/2",
     .good = "a good point at every cycle's end; restarts can leave traps",
     .caution = "each restart throws the loss up; stop at the end of a cycle",
     .core = true, .params = params_restarts, .eta = eta_restarts,
     .phase = phase_restarts, .restarts = true},
    {.name = "triangular", .title = "triangular cycles (CLR)", .family = "cyclical",
     .formula = "η₀ + (η_max−η₀)·tri(u)",
     .good = "visits all rates between two bounds, again and again",
     .caution = "η₀ is the lower bound; cycles never settle, watch where it ends",
     .core = true, .params = params_triangular, .eta = eta_triangular,
     .phase = phase_triangle, .eta0_is = ETA0_LOWEST},
    {.name = "triangular2", .title = "halving triangles", .family = "cyclical",
     .formula = "η₀ + (η_max−η₀)·tri(u)/2ⁿ",
     .good = "bold cycles first, calm ones later",
     .caution = "η₀ is the lower bound; it ends at η₀, not at 0",
     .params = params_triangular, .eta = eta_triangular2,
     .phase = phase_triangle, .eta0_is = ETA0_LOWEST},
    {.name = "exp_range", .title = "shrinking triangles", .family = "cyclical",
     .formula = "η₀ + (η_max−η₀)·tri(u)·γᵘ",
     .good = "cycles whose height falls smoothly",
     .caution = "η₀ is the lower bound; γ counts steps, not cycles",
     .params = params_exp_range, .eta = eta_exp_range,
     .phase = phase_triangle, .eta0_is = ETA0_LOWEST},
    {.name = "cosine_wave", .title = "cosine wave", .family = "cyclical",
     .formula = "η₀ + (η_max−η₀)·(1−cos(2πu/P))/2",
     .good = "smooth cycles that stay longer near both bounds",
     .caution = "η₀ is the lower bound; it never settles by itself",
     .params = params_wave, .eta = eta_wave,
     .phase = phase_wave, .eta0_is = ETA0_LOWEST},
    {.name = "one_cycle", .title = "one cycle", .family = "cyclical",
     .formula = "η₀/d ↗ η₀ ↘ η₀/(d·f), cosine",
     .good = "a warm start, one bold peak, a very fine landing: fast training",
     .caution = "η₀ is the peak, not the start; made for one fixed length",
     .core = true, .params = params_one_cycle, .eta = eta_one_cycle, .fill = fill_one_cycle,
     .check = check_one_cycle, .eta0_is = ETA0_PEAK},
    {.name = "wsd", .title = "warm-up, stable, decay", .family = "decay",
     .formula = "η₀·min(u/w, 1, (T−u)/d)",
     .good = "long constant stretch: only the decay needs to know the end",
     .caution = "the first update has rate 0; most of the gain comes at the end",
     .params = params_wsd, .eta = eta_wsd, .fill = fill_wsd, .eta0_is = ETA0_PEAK},
    {.name = "plateau", .title = "reduce on plateau", .family = "plateau",
     .formula = "η₀·factor^(cuts)",
     .good = "cuts only when the loss no longer improves",
     .caution = "noise looks like a plateau; a cut in a trap locks it in",
     .core = true, .params = params_plateau, .fed = true},
    {.name = NULL},
};

int schedule_count(void)
{
    return (int)(sizeof schedules / sizeof schedules[0]) - 1;
}

const Schedule *schedule_find(const char *name, size_t length)
{
    for (const Schedule *s = schedules; s->name; s++)
        if (word_is(name, length, s->name))
            return s;
    return NULL;
}

/* ---- a schedule bound to a run ---- */

/* eta at u, without warm-up. */
static double rate_eta(const Rate *r, double u, const Plateau *plateau)
{
    if (!r->schedule) {
        double in[EXPR_INPUTS] = {u, r->horizon, r->eta0};
        double out[EXPR_OUTPUTS];
        memcpy(in + 3, r->value, sizeof r->value);
        program_eval(r->formula, EXPR_VALUE, in, out);
        return out[0];
    }
    return r->schedule->fed ? plateau_rate(r, plateau) : r->schedule->eta(r, u);
}

double rate_units(const Rate *r, long t)
{
    long since = t - r->counted_from;
    return (double)(r->counted + (since > 0 ? since / r->unit : 0));
}

/* Linear warm-up (Goyal et al. 2017): eta(u=0) (f + (1-f) t/warmup) before step `warmup`. */
double rate_at(const Rate *r, long t, const Plateau *plateau)
{
    if (t >= r->warmup)
        return rate_eta(r, rate_units(r, t), plateau);
    double f = r->warmup_factor;
    return rate_eta(r, 0, NULL) * (f + (1 - f) * (double)t / (double)r->warmup);
}

bool rate_restarts(const Rate *r, long t)
{
    long since = t - r->counted_from;
    bool begins = since > 0 ? since % r->unit == 0 : since == 0 && r->unit_ends;
    return begins && r->schedule && r->schedule->restarts &&
           r->schedule->phase(r, rate_units(r, t)).position == 0;
}

/* What a symbol of the formula stands for: a, or a/b. */
typedef struct Symbol {
    const char *text;
    const char *before; /* superscripts become "^" and a number */
    double a, b;
} Symbol;

enum { CLOCK_SYMBOLS = 9 };

/* Symbols in force at u, those first that begin like others; returns how many. */
static int symbols_at(const Rate *r, double u, Symbol out[CLOCK_SYMBOLS + PARAM_MAX])
{
    const Schedule *s = r->schedule;
    Phase p = s->phase ? s->phase(r, u) : (Phase){.position = u};
    const Symbol clock[CLOCK_SYMBOLS] = {
        {"η₀", "", r->eta0, 1},       {"ᵘ", "^", u, 1},
        {"ⁿ", "^", p.count, 1},       {"(milestones ≤ u)", "", p.count, 1},
        {"uᵢ", "", p.position, 1},    {"Tᵢ", "", p.length, 1},
        {"u/s", "", p.position, p.length}, {"tri(u)", "", p.position, p.length},
        {"u", "", p.position, 1},
    };
    int n = CLOCK_SYMBOLS;
    memcpy(out, clock, sizeof clock);
    for (int i = 0; s->params[i].name; i++)
        if (s->params[i].symbol)
            out[n++] = (Symbol){s->params[i].symbol, "", r->value[i], 1};
    return n;
}

static const Symbol *symbol_at(const Symbol *symbols, int count, const char *at)
{
    for (int i = 0; i < count; i++)
        if (strncmp(at, symbols[i].text, strlen(symbols[i].text)) == 0)
            return &symbols[i];
    return NULL;
}

static void put_symbol(const Symbol *s, Text *out)
{
    text_add(out, "%s", s->before);
    put_number(out, s->a);
    if (s->b == 1)
        return;
    text_add(out, "/");
    put_number(out, s->b);
}

/* The formula with numbers for its symbols. "low + (high−low)·" is just "high·" where low is 0. */
static void fill_formula(const Rate *r, double u, Text *out)
{
    Symbol symbols[CLOCK_SYMBOLS + PARAM_MAX];
    int count = symbols_at(r, u, symbols);
    const char *at = r->schedule->formula;
    const Symbol *low = symbol_at(symbols, count, at);
    const char *span = low ? at + strlen(low->text) : at;
    const char *skip = NULL; /* what follows the high end of a span that begins at 0 */
    if (low && low->a == 0 && strncmp(span, " + (", 4) == 0) {
        at = span + 4;
        skip = strchr(at, ')') + 1;
    }
    while (*at) {
        const Symbol *s = symbol_at(symbols, count, at);
        if (s && out->used >= 2 && memcmp(out->at + out->used - 2, "π", 2) == 0)
            text_add(out, "·");
        if (s)
            put_symbol(s, out);
        else if (*at != ' ')
            text_put(out, at, 1);
        at = skip ? skip : at + (s ? strlen(s->text) : 1);
        skip = NULL;
    }
}

static void fill_warmup(const Rate *r, long t, Text *out)
{
    double f = r->warmup_factor;
    double first = rate_eta(r, 0, NULL);
    if (f == 0)
        fill(out, "#·#/#", (double[]){first, (double)t, (double)r->warmup});
    else
        fill(out, "#·(#+#·#/#)",
             (double[]){first, f, 1 - f, (double)t, (double)r->warmup});
}

void rate_fill(const Rate *r, long t, const Plateau *plateau, Text *out)
{
    if (t < r->warmup) {
        fill_warmup(r, t, out);
    } else if (!r->schedule) {
        return; /* the typed formula says it all */
    } else if (r->schedule->fill) {
        r->schedule->fill(r, rate_units(r, t), out);
    } else if (!r->schedule->fed) {
        fill_formula(r, rate_units(r, t), out);
    } else {
        put_number(out, r->eta0);
        if (plateau && plateau->multiplier != 1)
            fill(out, "·#", &plateau->multiplier);
    }
}

static long longer(long a, long b)
{
    return a > b ? a : b;
}

/* Count the epochs that were finished since the start while they had other lengths. */
static void count_epochs(Rate *r, const Epochs *e, int count)
{
    for (int i = 0; i + 1 < count; i++) {
        long steps = e[i + 1].from - longer(r->start, e[i].from);
        if (steps <= 0)
            continue;
        r->counted += steps / e[i].steps;
        r->unit_ends = steps % e[i].steps == 0;
    }
    r->counted_from = longer(r->start, e[count - 1].from);
    r->unit = e[count - 1].steps;
}

/* The clock: where u = 0, how long a unit is, how many units the run has left. */
static void bind_clock(Rate *r, const RateSpec *spec, const ParamSet *set)
{
    long start = spec->set_at;
    bool epochs = false;
    if (spec->schedule) {
        const ParamInfo *rows = spec->schedule->params;
        int last = param_count(rows) - 1;
        if (set->given >> (last - 1) & 1u)
            start = (long)set->value[last - 1];
        epochs = param_value(rows, set, last, NULL) == UNIT_EPOCH;
    }
    r->start = longer(start, spec->warmup);
    r->unit = 1;
    r->counted_from = r->start;
    if (epochs && spec->epochs_count)
        count_epochs(r, spec->epochs, spec->epochs_count);
    r->horizon = fmax(1, rate_units(r, spec->steps));
}

static void bind_values(Rate *r, const RateSpec *spec, const ParamSet *set)
{
    const ParamInfo *rows = spec->schedule->params;
    ParamContext context = {r->horizon, spec->eta_high, spec->eta0};
    int count = param_count(rows);
    for (int i = 0; i < count; i++)
        r->value[i] = param_value(rows, set, i, &context);
    if (!(set->given >> (count - 2) & 1u))
        r->value[count - 2] = (double)spec->set_at;
    if (rows[0].kind != PARAM_INTEGERS) /* multistep alone has a list, as its first row */
        return;
    r->list_count = set->list_count;
    memcpy(r->list, set->list, sizeof r->list);
    if (!(set->given & 1u))
        default_milestones(r);
}

static bool bad_formula_value(const Rate *r, double u, double value, Error *err)
{
    char number[NUMBER_TEXT];
    char where[40] = "";
    long step = r->counted_from + ((long)u - r->counted) * r->unit;
    number_print(number, value);
    if (step != (long)u && step >= r->counted_from)
        snprintf(where, sizeof where, " (step %ld)", step);
    return error_set(err, 1, 1, "the rate of the typed schedule is %s at t = %ld%s", number,
                     (long)u, where);
}

/* A typed schedule must be finite and >= 0 for every whole t of its horizon. */
static bool check_formula(const Rate *r, Error *err)
{
    double u[EXPR_LANES];
    double eta[EXPR_LANES];
    double *const out[EXPR_OUTPUTS] = {eta};
    LaneInput in[EXPR_INPUTS] = {{u, 1}, {&r->horizon, 0}, {&r->eta0, 0}};
    for (int i = 0; i < PARAM_MAX; i++)
        in[3 + i] = (LaneInput){&r->value[i], 0};
    for (double from = 0; from <= r->horizon; from += EXPR_LANES) {
        int n = (int)fmin(EXPR_LANES, r->horizon - from + 1);
        for (int i = 0; i < n; i++)
            u[i] = from + i;
        program_lanes(r->formula, EXPR_VALUE, in, out, (size_t)n);
        for (int i = 0; i < n; i++)
            if (!(eta[i] >= 0) || isinf(eta[i]))
                return bad_formula_value(r, u[i], eta[i], err);
    }
    return true;
}

bool rate_bind(Rate *r, const RateSpec *spec, Error *err)
{
    static const ParamSet nothing;
    const ParamSet *set = spec->params ? spec->params : &nothing;
    assert(spec->schedule || spec->formula);
    assert(spec->formula_count <= PARAM_MAX);
    *r = (Rate){
        .schedule = spec->schedule,
        .formula = spec->schedule ? NULL : spec->formula,
        .eta0 = spec->eta0,
        .warmup = spec->warmup,
        .warmup_factor = spec->warmup_factor,
    };
    bind_clock(r, spec, set);
    if (spec->schedule) {
        bind_values(r, spec, set);
        return !spec->schedule->check || spec->schedule->check(r, err);
    }
    for (int i = 0; i < spec->formula_count; i++)
        r->value[i] = spec->formula_values[i];
    return check_formula(r, err);
}
