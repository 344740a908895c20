/* SPDX-License-Identifier: MIT
 * rng: SplitMix64 (Steele, Lea, Flood 2014) as a pure function of seed and index, so that the
 * noise of any step is reached directly and rewinding sees the same noise. */
#ifndef ETA_BASE_RNG_H
#define ETA_BASE_RNG_H

#include <stdint.h>

/* k-th output (k from 0) of the sequence of `seed`. */
static inline uint64_t rng_u64(uint64_t seed, uint64_t k)
{
    uint64_t z = seed + (k + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Uniform in (0, 1), never 0 or 1: (top 53 bits + 1/2) / 2^53. */
static inline double rng_uniform(uint64_t seed, uint64_t k)
{
    return ((double)(rng_u64(seed, k) >> 11) + 0.5) * 0x1p-53;
}

#endif
