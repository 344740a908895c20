/* SPDX-License-Identifier: MIT
 * step: see step.h */
#include "core/step.h"

#include <assert.h>

#include "base/clones.h"
#include "base/rng.h"
#include "expr/elementary_inline.h"

void step_shuffle(uint32_t *order, long n, uint64_t seed, long epoch)
{
    uint64_t k = (uint64_t)epoch * (uint64_t)(n - 1);
    for (long i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (long i = n - 1; i > 0; i--) {
        uint64_t j = rng_u64(seed, k++) % (uint64_t)(i + 1);
        uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* Both uniforms lie in [2^-54, 1): the kernels of log, sin and cos need no help there. */
KERNEL Vec2 gaussian(uint64_t seed, uint64_t t, double sigma)
{
    double u = rng_uniform(seed, 2 * t);
    double v = rng_uniform(seed, 2 * t + 1);
    double r = sigma * sqrt(-2 * log_kernel(u));
    SinCos turn = sincos_kernel(2 * 3.14159265358979323846 * v);
    return vec2(r * turn.cos, r * turn.sin);
}

/* With mini-batches, or noise and order would share their numbers. */
static uint64_t noise_key(bool batches)
{
    return batches ? UINT64_C(0x9E3779B97F4A7C15) : 0;
}

Vec2 step_noise(uint64_t seed, bool batches, long t, double sigma)
{
    return gaussian(seed ^ noise_key(batches), (uint64_t)t, sigma);
}

CLONES void step_noise_many(const uint64_t *seed, const double *sigma, int n, bool batches, long t,
                            double *x, double *y)
{
    uint64_t key = noise_key(batches);
    INDEPENDENT for (int j = 0; j < n; j++)
    {
        Vec2 g = gaussian(seed[j] ^ key, (uint64_t)t, sigma[j]);
        x[j] = g.x;
        y[j] = g.y;
    }
}

bool step_far_out(Window w, Vec2 at, double loss, double first_loss)
{
    Vec2 c = window_centre(w);
    Vec2 half = vec_scale(0.5, window_size(w));
    return fabs(at.x - c.x) > 1000 * half.x || fabs(at.y - c.y) > 1000 * half.y ||
           loss > 1e6 * fmax(1, first_loss);
}

unsigned step_fate(Window w, Vec2 at, double f, Vec2 g, double last_loss, double first_loss)
{
    if (step_sound(at.x, at.y, f, g.x, g.y))
        return 0;
    if (!vec_finite(at) || fabs(f) > 1e100 || isinf(g.x) || isinf(g.y))
        return ROW_DIVERGED;
    return step_far_out(w, at, last_loss, first_loss) ? ROW_DIVERGED : ROW_UNDEFINED;
}

bool step_feed(Plateau *p, const Rate *r, const Epochs *e, long step, double loss)
{
    if (step_rate_is_closed(r) || step < r->warmup)
        return false;
    if (r->unit > 1 && (step - e->from + 1) % e->steps != 0)
        return false;
    return plateau_feed(p, r, loss);
}
