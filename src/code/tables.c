/* SPDX-License-Identifier: MIT
 * tables: see tables.h. Which class is the same rule, and where it is not, was measured:
 * torch 1.13, Keras 3, optax 0.2, timm 1.0, transformers 5. Every argument is written out: defaults
 * differ. */
#include "code/tables.h"

#include <assert.h>
#include <string.h>

/* ---- when a class is exact ---- */

static double value_of(const Holes *h, const char *name)
{
    int i = param_find(h->rows, name, strlen(name));
    assert(i >= 0);
    return h->value[i];
}

static bool no_end(const Holes *h)
{
    return value_of(h, "lr_end") == 0;
}

static bool end_below(const Holes *h)
{
    return value_of(h, "lr_end") < h->rate->eta0;
}

static bool holds(const Holes *h)
{
    return value_of(h, "hold") != 0;
}

static bool rises(const Holes *h)
{
    return !holds(h);
}

/* A cosine that never gets past its end is the same whether it would hold or rise. */
static bool within_cosine(const Holes *h)
{
    return rises(h) || value_of(h, "T_max") >= h->last;
}

static bool even_cycles(const Holes *h)
{
    return value_of(h, "T_mult") == 1;
}

static bool growing_cycles(const Holes *h)
{
    return !even_cycles(h);
}

static bool doubling_cycles(const Holes *h)
{
    return value_of(h, "T_mult") <= 2;
}

static bool within_total(const Holes *h)
{
    return value_of(h, "total") > h->last;
}

/* optax rounds the peak down to a whole step. */
static bool whole_peak(const Holes *h)
{
    double peak = value_of(h, "pct_start") * value_of(h, "total");
    return fabs(peak - floor(peak + 0.5)) < 1e-9;
}

static bool staircase(const Holes *h)
{
    return value_of(h, "staircase") != 0;
}

static bool no_ramps(const Holes *h)
{
    return value_of(h, "warm") == 0 && value_of(h, "decay") == 0;
}

static bool no_fall(const Holes *h)
{
    return value_of(h, "decay") == 0;
}

static bool no_rise(const Holes *h)
{
    return value_of(h, "warm") == 0;
}

static bool rise_within(const Holes *h)
{
    return value_of(h, "warm") <= h->rate->horizon;
}

static bool ramps_apart(const Holes *h)
{
    return value_of(h, "warm") + value_of(h, "decay") <= h->rate->horizon;
}

static bool three_pieces(const Holes *h)
{
    return ramps_apart(h) && !no_rise(h) && !no_fall(h);
}

static bool no_warmup(const Holes *h)
{
    return h->rate->warmup == 0;
}

static bool falls_to_0(const Holes *h)
{
    return ramps_apart(h) && value_of(h, "min_ratio") == 0 && no_warmup(h);
}

static bool from_0(const Holes *h)
{
    return no_warmup(h) || h->rate->warmup_factor == 0;
}

static bool linear_from_0(const Holes *h)
{
    return from_0(h) && no_end(h);
}

static bool polynomial_from_0(const Holes *h)
{
    return from_0(h) && end_below(h);
}

static bool rises_from_0(const Holes *h)
{
    return from_0(h) && rises(h);
}

static bool cosine_from_0(const Holes *h)
{
    return from_0(h) && within_cosine(h);
}

static bool relative(const Holes *h)
{
    return value_of(h, "threshold_mode") == 0;
}

static bool ordinary_threshold(const Holes *h)
{
    return !relative(h) || value_of(h, "threshold") < 1;
}

static bool holds_warm(const Holes *h)
{
    return holds(h) && h->rate->warmup > 0;
}

/* ---- schedules ---- */

/* [u >= T'] for whole u, as a number. */
#define AT_END "@min(1, @max(0, u - $T + 1))"
#define WSD_FALL "$min_ratio + (1 - $min_ratio) * @min(1, @max(0, $T - u) / $decay)"
#define TRIANGLE "@min(u % $L / $step_up, ($L - u % $L) / $step_down)"
#define CYCLIC(MODE, GAMMA)                                                                        \
    "CyclicLR($p, base_lr=$eta0, max_lr=$max_lr, step_size_up=$step_up, "                          \
    "step_size_down=$step_down, "                                                                  \
    "mode=\"" MODE "\", gamma=" GAMMA ", cycle_momentum=False)"
#define KERAS_EXPONENTIAL(STEPS, RATE, STAIRS)                                                     \
    "schedules.ExponentialDecay(initial_learning_rate=$eta0, decay_steps=" STEPS                   \
    ", decay_rate=" RATE ", staircase=" STAIRS ")"
#define OPTAX_EXPONENTIAL(STEPS, RATE, STAIRS)                                                     \
    "optax.exponential_decay(init_value=$eta0, transition_steps=" STEPS ", decay_rate=" RATE       \
    ", transition_begin=0, staircase=" STAIRS ", end_value=None)"
#define KERAS_POLYNOMIAL(POWER)                                                                    \
    "schedules.PolynomialDecay(initial_learning_rate=$eta0, decay_steps=$total, "                  \
    "end_learning_rate=$lr_end, power=" POWER ", cycle=False)"
#define TIMM_WARM "warmup_t=$W, warmup_lr_init=$LOW, warmup_prefix=True, t_in_epochs=False)"
#define TIMM_ONCE "cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, "
#define TIMM_STEP(STEPS, RATE)                                                                     \
    "StepLRScheduler($p, decay_t=" STEPS ", decay_rate=" RATE ", " TIMM_WARM
#define TIMM_POLYNOMIAL(POWER)                                                                     \
    "PolyLRScheduler($p, t_initial=$total, power=" POWER ", lr_min=$lr_end, " TIMM_ONCE            \
    "k_decay=1.0, " TIMM_WARM
#define HF_POLYNOMIAL(POWER)                                                                       \
    "get_polynomial_decay_schedule_with_warmup($p, num_warmup_steps=$W, "                          \
    "num_training_steps=$W + $total, lr_end=$lr_end, power=" POWER ")"
#define TORCH_COSINE "CosineAnnealingLR($p, T_max=$T_max, eta_min=$eta_min)"
#define HF_COSINE                                                                                  \
    "get_cosine_with_min_lr_schedule_with_warmup($p, num_warmup_steps=$W, "                        \
    "num_training_steps=$W + $T_max, num_cycles=0.5, min_lr=$eta_min)"
#define RISES_AGAIN "Not the same past its end: it rises again there."
#define COSINE_OF(PHASE) "$eta_min + ($eta0 - $eta_min) * (1 + @cos(@pi * " PHASE ")) / 2"

/* clang-format off */
#define ALWAYS(TEXT) {.text = TEXT}
#define WHEN(FITS, TEXT) {.text = TEXT, .fits = FITS}
#define WARM(FITS, TEXT) {.text = TEXT, .fits = FITS, .warms = true} /* with the warm-up in it */
/* clang-format on */

static const ScheduleCode schedule_rows[] = {
    {.name = "constant",
     .formula = {ALWAYS("$eta0")},
     .own = {[IN_KERAS] = {ALWAYS("$eta0")},
             [IN_OPTAX] = {ALWAYS("optax.constant_schedule($eta0)")},
             [IN_TRANSFORMERS] =
                 {WARM(no_warmup, "get_constant_schedule($p)"),
                  WARM(from_0, "get_constant_schedule_with_warmup($p, num_warmup_steps=$W)")}}},
    {.name = "step",
     .formula = {ALWAYS("$eta0 * $gamma ** (u // $step_size)")},
     .own = {[IN_TORCH] = {ALWAYS("StepLR($p, step_size=$step_size, gamma=$gamma)")},
             [IN_KERAS] = {ALWAYS(KERAS_EXPONENTIAL("$step_size", "$gamma", "True"))},
             [IN_OPTAX] = {ALWAYS(OPTAX_EXPONENTIAL("$step_size", "$gamma", "True"))},
             [IN_TIMM] = {WARM(NULL, TIMM_STEP("$step_size", "$gamma"))}},
     .joins = true},
    {.name = "multistep",
     .formula = {ALWAYS("$eta0 * $gamma ** sum(u >= m for m in $milestones)")},
     .own = {[IN_TORCH] = {ALWAYS("MultiStepLR($p, milestones=$milestones, gamma=$gamma)")},
             /* a value holds through its boundary */
             [IN_KERAS] = {ALWAYS(
                 "schedules.PiecewiseConstantDecay(boundaries=$before, values=$levels)")},
             [IN_OPTAX] = {ALWAYS("optax.piecewise_constant_schedule(init_value=$eta0, "
                                  "boundaries_and_scales=$scales)")},
             /* cuts one update before the number given */
             [IN_TIMM] = {WARM(
                 NULL, "MultiStepLRScheduler($p, decay_t=$after, decay_rate=$gamma, " TIMM_WARM)}},
     .joins = true},
    {.name = "exponential",
     .formula = {ALWAYS("$eta0 * $gamma ** u")},
     .own = {[IN_TORCH] = {ALWAYS("ExponentialLR($p, gamma=$gamma)")},
             [IN_KERAS] = {ALWAYS(KERAS_EXPONENTIAL("1", "$gamma", "False"))},
             [IN_OPTAX] = {ALWAYS(OPTAX_EXPONENTIAL("1", "$gamma", "False"))},
             [IN_TIMM] = {WARM(NULL, TIMM_STEP("1", "$gamma"))}},
     .joins = true},
    {.name = "exp_k",
     .formula = {ALWAYS("$eta0 * @exp(-$k * u)")},
     .own = {[IN_TORCH] = {ALWAYS("ExponentialLR($p, gamma=math.exp(-$k))")},
             [IN_KERAS] = {ALWAYS(KERAS_EXPONENTIAL("1", "math.exp(-$k)", "False"))},
             [IN_OPTAX] = {ALWAYS(OPTAX_EXPONENTIAL("1", "math.exp(-$k)", "False"))},
             [IN_TIMM] = {WARM(NULL, TIMM_STEP("1", "math.exp(-$k)"))}},
     .joins = true},
    {.name = "inverse_time",
     .formula = {WHEN(staircase, "$eta0 / (1 + $decay_rate * (u // $decay_steps))"),
                 ALWAYS("$eta0 / (1 + $decay_rate * u / $decay_steps)")},
     .own = {[IN_KERAS] = {ALWAYS("schedules.InverseTimeDecay(initial_learning_rate=$eta0, "
                                  "decay_steps=$decay_steps, decay_rate=$decay_rate, "
                                  "staircase=bool($staircase))")}}},
    {.name = "polynomial",
     .formula = {ALWAYS("$lr_end + ($eta0 - $lr_end) * (1 - @min(u, $total) / $total) ** $power")},
     .own = {[IN_TORCH] = {WHEN(no_end, "PolynomialLR($p, total_iters=$total, power=$power)")},
             [IN_KERAS] = {ALWAYS(KERAS_POLYNOMIAL("$power"))},
             [IN_OPTAX] = {ALWAYS("optax.polynomial_schedule(init_value=$eta0, end_value=$lr_end, "
                                  "power=$power, transition_steps=$total, transition_begin=0)")},
             [IN_TIMM] = {WARM(NULL, TIMM_POLYNOMIAL("$power"))},
             [IN_TRANSFORMERS] = {WARM(polynomial_from_0, HF_POLYNOMIAL("$power"))}}},
    {.name = "linear",
     .formula = {ALWAYS("$lr_end + ($eta0 - $lr_end) * (1 - @min(u, $total) / $total)")},
     .own = {[IN_TORCH] = {WHEN(end_below,
                                "LinearLR($p, start_factor=1.0, end_factor=$lr_end / $eta0, "
                                "total_iters=$total)")},
             [IN_KERAS] = {ALWAYS(KERAS_POLYNOMIAL("1.0"))},
             [IN_OPTAX] = {ALWAYS("optax.linear_schedule(init_value=$eta0, end_value=$lr_end, "
                                  "transition_steps=$total, transition_begin=0)")},
             [IN_TIMM] = {WARM(NULL, TIMM_POLYNOMIAL("1.0"))},
             [IN_TRANSFORMERS] = {WARM(linear_from_0,
                                       "get_linear_schedule_with_warmup($p, num_warmup_steps=$W, "
                                       "num_training_steps=$W + $total)"),
                                  WARM(polynomial_from_0, HF_POLYNOMIAL("1.0"))}}},
    {.name = "inverse_sqrt",
     .formula = {ALWAYS("$eta0 * ($shift / (u + $shift)) ** 0.5")},
     .own = {[IN_TRANSFORMERS] = {WARM(from_0, "get_inverse_sqrt_schedule($p, num_warmup_steps=$W, "
                                               "timescale=$shift)")}}},
    {.name = "cosine",
     .formula = {WHEN(holds, COSINE_OF("@min(u, $T_max) / $T_max")),
                 ALWAYS(COSINE_OF("(u % (2 * $T_max)) / $T_max"))},
     .own = {[IN_TORCH] = {WHEN(rises, TORCH_COSINE),
                           {.text = TORCH_COSINE, .fits = within_cosine, .after = RISES_AGAIN}},
             [IN_KERAS] =
                 {WARM(holds_warm,
                       "schedules.CosineDecay(initial_learning_rate=$LOW, decay_steps=$T_max, "
                       "alpha=$eta_min / $eta0, warmup_target=$eta0, warmup_steps=$W)"),
                  WHEN(holds,
                       "schedules.CosineDecay(initial_learning_rate=$eta0, decay_steps=$T_max, "
                       "alpha=$eta_min / $eta0, warmup_target=None, warmup_steps=0)")},
             [IN_OPTAX] =
                 {WARM(holds_warm,
                       "optax.warmup_cosine_decay_schedule(init_value=$LOW, peak_value=$eta0, "
                       "warmup_steps=$W, decay_steps=$W + $T_max, end_value=$eta_min, "
                       "exponent=1.0)"),
                  WHEN(holds, "optax.cosine_decay_schedule(init_value=$eta0, decay_steps=$T_max, "
                              "alpha=$eta_min / $eta0, exponent=1.0)")},
             [IN_TIMM] = {WARM(holds,
                               "CosineLRScheduler($p, t_initial=$T_max, lr_min=$eta_min, " TIMM_ONCE
                               "k_decay=1.0, " TIMM_WARM)},
             [IN_TRANSFORMERS] =
                 {WARM(rises_from_0, HF_COSINE),
                  {.text = HF_COSINE, .fits = cosine_from_0, .after = RISES_AGAIN}}},
     .joins = true},
    {.name = "cosine_restarts",
     .formula = {WHEN(even_cycles, COSINE_OF("(u % $T_0) / $T_0")),
                 ALWAYS("next(" COSINE_OF("(u - s) / n") " for s, n in $cycles if u < s + n)")},
     .own = {[IN_TORCH] = {ALWAYS("CosineAnnealingWarmRestarts($p, T_0=$T_0, T_mult=$T_mult, "
                                  "eta_min=$eta_min)")},
             [IN_KERAS] = {ALWAYS("schedules.CosineDecayRestarts(initial_learning_rate=$eta0, "
                                  "first_decay_steps=$T_0, t_mul=float($T_mult), m_mul=1.0, "
                                  "alpha=$eta_min / $eta0)")},
             [IN_OPTAX] = {WHEN(
                 growing_cycles,
                 "optax.join_schedules([optax.cosine_decay_schedule(init_value=$eta0, "
                 "decay_steps=n, alpha=$eta_min / $eta0, exponent=1.0) for n in "
                 "$lengths], boundaries=$ends)")},
             /* its logarithm is off by one at restarts where T_mult is 3 */
             [IN_TIMM] = {WARM(doubling_cycles,
                               "CosineLRScheduler($p, t_initial=$T_0, lr_min=$eta_min, "
                               "cycle_mul=float($T_mult), cycle_decay=1.0, cycle_limit=$count, "
                               "k_decay=1.0, " TIMM_WARM)}},
     .joins = true,
     .differs = {[IN_KERAS] =
                     "Keras finds the cycle by a logarithm in float32: far out, a restart may "
                     "come an update early or late."}},
    {.name = "triangular",
     .formula = {ALWAYS("$eta0 + ($max_lr - $eta0) * " TRIANGLE)},
     .own = {[IN_TORCH] = {ALWAYS(CYCLIC("triangular", "1.0"))}},
     .joins = true},
    {.name = "triangular2",
     .formula = {ALWAYS("$eta0 + ($max_lr - $eta0) * " TRIANGLE " * 0.5 ** (u // $L)")},
     .own = {[IN_TORCH] = {ALWAYS(CYCLIC("triangular2", "1.0"))}},
     .joins = true},
    {.name = "exp_range",
     .formula = {ALWAYS("$eta0 + ($max_lr - $eta0) * " TRIANGLE " * $gamma ** u")},
     .own = {[IN_TORCH] = {ALWAYS(CYCLIC("exp_range", "$gamma"))}},
     .joins = true},
    {.name = "cosine_wave",
     .formula = {ALWAYS(
         "$eta0 + ($max_lr - $eta0) * (1 - @cos(2 * @pi * (u % $period) / $period)) / 2")}},
    {.name = "one_cycle",
     .formula = {ALWAYS("$eta0 / $div_factor + ($eta0 - $eta0 / $div_factor) * "
                        "(1 - @cos(@pi * @min(u, $A) / $A)) / 2 - "
                        "($eta0 - $eta0 / $div_factor / $final_div_factor) * "
                        "(1 - @cos(@pi * @min(1, @max(0, u - $A) / $F))) / 2")},
     .own = {[IN_TORCH] =
                 {{.text = "OneCycleLR($p, max_lr=$eta0, total_steps=$total, pct_start=$pct_start, "
                           "anneal_strategy=\"cos\", cycle_momentum=False, div_factor=$div_factor, "
                           "final_div_factor=$final_div_factor, three_phase=False)",
                   .fits = within_total,
                   .after = "Not the same past its end: it jumps up there, then raises."}},
             /* half a step more: it rounds the peak down */
             [IN_OPTAX] = {WHEN(
                 whole_peak,
                 "optax.cosine_onecycle_schedule(transition_steps=$total - 1, "
                 "peak_value=$eta0, pct_start=($pct_start * $total - 0.5) / ($total - 1), "
                 "div_factor=$div_factor, final_div_factor=$final_div_factor)")}},
     .joins = true},
    {.name = "wsd",
     .formula = {WHEN(no_ramps, "$eta0 * (1 - (1 - $min_ratio) * " AT_END ")"),
                 WHEN(no_fall,
                      "$eta0 * (@min(1, u / $warm) + ($min_ratio - @min(1, u / $warm)) * " AT_END
                      ")"),
                 WHEN(no_rise, "$eta0 * (" WSD_FALL ")"),
                 WHEN(rise_within, "$eta0 * @min(u / $warm, " WSD_FALL ")"),
                 ALWAYS("$eta0 * @min(@max(u / $warm, " AT_END "), " WSD_FALL ")")},
     .own = {[IN_OPTAX] = {WHEN(three_pieces,
                                "optax.join_schedules([optax.linear_schedule(0.0, $eta0, $warm), "
                                "optax.constant_schedule($eta0), optax.linear_schedule($eta0, "
                                "$min_ratio * $eta0, $decay)], boundaries=[$warm, $T - $decay])")},
             [IN_TRANSFORMERS] = {WHEN(
                 falls_to_0, "get_wsd_schedule($p, num_warmup_steps=$warm, "
                             "num_decay_steps=$decay, num_training_steps=$T, "
                             "warmup_type=\"linear\", decay_type=\"linear\", min_lr_ratio=0.0, "
                             "num_cycles=0.5)")}}},
    {.name = "plateau",
     .own = {[IN_TORCH] = {WHEN(
                 ordinary_threshold,
                 "ReduceLROnPlateau($p, mode=\"min\", factor=$factor, patience=$patience, "
                 "threshold=$threshold, threshold_mode=\"$threshold_mode\", "
                 "cooldown=$cooldown, min_lr=$min_lr, eps=1e-8)")},
             [IN_KERAS] = {ALWAYS(
                 "keras.callbacks.ReduceLROnPlateau(monitor=\"loss\", factor=$factor, "
                 "patience=$patience + 1, mode=\"min\", min_delta=$threshold, "
                 "cooldown=$cooldown, min_lr=$min_lr)")},
             [IN_OPTAX] =
                 {WHEN(relative,
                       "optax.contrib.reduce_on_plateau(factor=$factor, patience=$patience + 1, "
                       "rtol=$threshold, atol=0.0, cooldown=$cooldown, accumulation_size=1, "
                       "min_scale=$min_lr / $eta0)"),
                  ALWAYS("optax.contrib.reduce_on_plateau(factor=$factor, patience=$patience + 1, "
                         "rtol=0.0, atol=$threshold, cooldown=$cooldown, accumulation_size=1, "
                         "min_scale=$min_lr / $eta0)")},
             [IN_TIMM] = {WHEN(relative,
                               "PlateauLRScheduler($p, decay_rate=$factor, patience_t=$patience, "
                               "threshold=$threshold, cooldown_t=$cooldown, mode=\"min\", "
                               "lr_min=$min_lr)")}},
     .differs = {[IN_KERAS] =
                     "Not the same rule: once an epoch, an absolute min_delta, and patience is "
                     "counted otherwise (one more is given here).",
                 [IN_OPTAX] =
                     "Not the same rule: a cut works on the very update that finds it, and "
                     "cooldown is counted otherwise."}},
};

const ScheduleCode *schedule_code(const Schedule *s)
{
    for (size_t i = 0; i < sizeof schedule_rows / sizeof *schedule_rows; i++)
        if (strcmp(schedule_rows[i].name, s->name) == 0)
            return &schedule_rows[i];
    return NULL;
}

const Shape *shape_find(const Shape *shapes, int count, bool warms, const Holes *h)
{
    for (int i = 0; i < count && shapes[i].text; i++)
        if ((shapes[i].warms || !warms) && (!shapes[i].fits || shapes[i].fits(h)))
            return &shapes[i];
    return NULL;
}

bool schedule_is_flat(const Rate *r)
{
    return r->schedule && strcmp(r->schedule->family, "constant") == 0;
}

/* ---- optimizers ---- */

#define ADAM_GROUP "betas=($beta1, $beta2), eps=$eps"
#define KERAS_ADAM(NAME, MORE)                                                                     \
    "keras.optimizers." NAME "(learning_rate=$lr, beta_1=$beta1, beta_2=$beta2, epsilon=$eps" MORE \
    ")"
#define KERAS_EPS "Near, not the same rule: Keras adds epsilon before the bias correction."
#define SGD_OF(NESTEROV)                                                                           \
    "torch.optim.SGD($p, lr=$lr, momentum=$momentum, dampening=0, weight_decay=0, "                \
    "nesterov=" NESTEROV ")"
#define BY_HAND(NESTEROV)                                                                          \
    "Momentum($p, lr=$lr, momentum=$momentum, convention=\"$convention\", nesterov=" NESTEROV ")"
#define TORCH_RATE                                                                                 \
    "Not the same rule: here the rate stands outside the velocity (convention=torch)."
#define KERAS_RATE "Not the same rule: Keras has the rate inside the velocity (convention=inside)."

enum { OUTSIDE, INSIDE }; /* momentum's conventions torch and inside */

static const OptimizerCode optimizer_rows[] = {
    {.name = "sgd",
     .in = {{"torch.optim.SGD($p, lr=$lr, momentum=0, dampening=0, weight_decay=0, nesterov=False)",
             NULL, ANY_CONVENTION},
            {"keras.optimizers.SGD(learning_rate=$lr, momentum=0.0, nesterov=False)", NULL,
             ANY_CONVENTION},
            {"optax.sgd(learning_rate=$lr, momentum=None, nesterov=False)", NULL, ANY_CONVENTION}}},
    {.name = "momentum",
     .in = {{SGD_OF("False"), TORCH_RATE, OUTSIDE},
            {"keras.optimizers.SGD(learning_rate=$lr, momentum=$momentum, nesterov=False)",
             KERAS_RATE, INSIDE},
            {"optax.sgd(learning_rate=$lr, momentum=$momentum, nesterov=False)", TORCH_RATE,
             OUTSIDE}},
     .group = "momentum=$momentum",
     .by_hand = BY_HAND("False")},
    {.name = "nesterov",
     .in = {{SGD_OF("True"), TORCH_RATE, OUTSIDE},
            {"keras.optimizers.SGD(learning_rate=$lr, momentum=$momentum, nesterov=True)",
             KERAS_RATE, INSIDE},
            {"optax.sgd(learning_rate=$lr, momentum=$momentum, nesterov=True)", TORCH_RATE,
             OUTSIDE}},
     .group = "momentum=$momentum",
     .by_hand = BY_HAND("True")},
    {.name = "adagrad",
     .in = {{"torch.optim.Adagrad($p, lr=$lr, lr_decay=0, weight_decay=0, "
             "initial_accumulator_value=0, eps=$eps)",
             NULL, ANY_CONVENTION},
            {"keras.optimizers.Adagrad(learning_rate=$lr, initial_accumulator_value=0.0, "
             "epsilon=$eps)",
             "Near, not the same rule: Keras adds epsilon inside the root.", ANY_CONVENTION},
            {"optax.adagrad(learning_rate=$lr, initial_accumulator_value=0.0, eps=$eps)",
             "Near, not the same rule: optax adds eps inside the root.", ANY_CONVENTION}},
     .group = "eps=$eps"},
    {.name = "rmsprop",
     .in = {{"torch.optim.RMSprop($p, lr=$lr, alpha=$alpha, eps=$eps, weight_decay=0, momentum=0, "
             "centered=False)",
             NULL, ANY_CONVENTION},
            {"keras.optimizers.RMSprop(learning_rate=$lr, rho=$alpha, momentum=0.0, epsilon=$eps, "
             "centered=False)",
             "Near, not the same rule: Keras adds epsilon inside the root.", ANY_CONVENTION},
            {"optax.rmsprop(learning_rate=$lr, decay=$alpha, eps=$eps, initial_scale=0.0, "
             "eps_in_sqrt=False)",
             NULL, ANY_CONVENTION}},
     .group = "alpha=$alpha, eps=$eps"},
    {.name = "adadelta",
     .in = {{"torch.optim.Adadelta($p, lr=$lr, rho=$rho, eps=$eps, weight_decay=0)", NULL,
             ANY_CONVENTION},
            {"keras.optimizers.Adadelta(learning_rate=$lr, rho=$rho, epsilon=$eps)", NULL,
             ANY_CONVENTION},
            {"optax.adadelta(learning_rate=$lr, rho=$rho, eps=$eps)", NULL, ANY_CONVENTION}},
     .group = "rho=$rho, eps=$eps"},
    {.name = "adam",
     .in = {{"torch.optim.Adam($p, lr=$lr, " ADAM_GROUP ", weight_decay=0, amsgrad=False)", NULL,
             ANY_CONVENTION},
            {KERAS_ADAM("Adam", ", amsgrad=False"), KERAS_EPS, ANY_CONVENTION},
            {"optax.adam(learning_rate=$lr, b1=$beta1, b2=$beta2, eps=$eps, eps_root=0.0)", NULL,
             ANY_CONVENTION}},
     .group = ADAM_GROUP},
    {.name = "amsgrad",
     .in = {{"torch.optim.Adam($p, lr=$lr, " ADAM_GROUP ", weight_decay=0, amsgrad=True)", NULL,
             ANY_CONVENTION},
            {KERAS_ADAM("Adam", ", amsgrad=True"), KERAS_EPS, ANY_CONVENTION},
            {"optax.amsgrad(learning_rate=$lr, b1=$beta1, b2=$beta2, eps=$eps, eps_root=0.0)",
             "Not the same rule: optax keeps the maximum of the bias-corrected average.",
             ANY_CONVENTION}},
     .group = ADAM_GROUP},
    {.name = "adamw",
     .in = {{"torch.optim.AdamW($p, lr=$lr, " ADAM_GROUP ", weight_decay=$weight_decay, "
             "amsgrad=False)",
             NULL, ANY_CONVENTION},
            {KERAS_ADAM("AdamW", ", weight_decay=$weight_decay, amsgrad=False"), KERAS_EPS,
             ANY_CONVENTION},
            {"optax.adamw(learning_rate=$lr, b1=$beta1, b2=$beta2, eps=$eps, eps_root=0.0, "
             "weight_decay=$weight_decay)",
             NULL, ANY_CONVENTION}},
     .group = ADAM_GROUP ", weight_decay=$weight_decay"},
    {.name = "nadam", /* foreach: the other loop of torch 1.13 has one factor too many */
     .in = {{"torch.optim.NAdam($p, lr=$lr, " ADAM_GROUP ", weight_decay=0, "
             "momentum_decay=$momentum_decay, foreach=True)",
             NULL, ANY_CONVENTION},
            {KERAS_ADAM("Nadam", ""),
             "Not the same rule: Keras's Nadam has momentum_decay=1, and epsilon elsewhere.",
             ANY_CONVENTION},
            {"optax.nadam(learning_rate=$lr, b1=$beta1, b2=$beta2, eps=$eps, eps_root=0.0)",
             "Not the same rule: optax's momentum does not warm up.", ANY_CONVENTION}},
     .group = ADAM_GROUP ", momentum_decay=$momentum_decay"},
    {.name = "radam",
     .in = {{"torch.optim.RAdam($p, lr=$lr, " ADAM_GROUP ", weight_decay=0)", NULL, ANY_CONVENTION},
            {KERAS_ADAM("Adam", ", amsgrad=False"),
             "Keras has no RAdam: this is Adam, another rule.", ANY_CONVENTION},
            {"optax.radam(learning_rate=$lr, b1=$beta1, b2=$beta2, eps=$eps, eps_root=0.0, "
             "threshold=5.0)",
             "Near, not the same rule: optax adds eps after the bias correction.", ANY_CONVENTION}},
     .group = ADAM_GROUP},
};

const OptimizerCode *optimizer_code(const Optimizer *o)
{
    for (size_t i = 0; i < sizeof optimizer_rows / sizeof *optimizer_rows; i++)
        if (strcmp(optimizer_rows[i].name, o->name) == 0)
            return &optimizer_rows[i];
    return NULL;
}

bool optimizer_same(const OptimizerText *in, const Optimizer *o, const double *param)
{
    if (in->convention == ANY_CONVENTION)
        return !in->differs;
    int i = param_find(o->params, "convention", strlen("convention"));
    assert(i >= 0);
    return (int)param[i] == in->convention;
}
