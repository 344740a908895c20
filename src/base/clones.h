/* SPDX-License-Identifier: MIT
 * clones: loops that the compiler vectorises, once per instruction set, chosen at load. The
 * Makefile compiles files that use them with its KERNEL flags; contraction stays off, so the
 * bits are the same. */
#ifndef ETA_BASE_CLONES_H
#define ETA_BASE_CLONES_H

/* Before a function. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(ETA_NO_CLONES)
#define CLONES
#elif defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__) &&      \
    !defined(__clang__) && __GNUC__ >= 12
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/* Before a loop no iteration of which touches what another writes. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed" /* floor stays a loop without SSE 4.1 */
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

#endif
