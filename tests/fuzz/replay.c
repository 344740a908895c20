/* SPDX-License-Identifier: MIT
 * replay: a fuzzer's main where there is no libFuzzer.
 *
 *     fuzz_app FILE...              run these inputs (corpus, or one that crashed)
 *     fuzz_app --random N SEED      run N inputs made of random bytes
 *
 * Before each random input its number is remembered, and told if the program dies in it. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"

enum { INPUT_MOST = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern long fuzz_events;      /* what the inputs did */
extern const size_t fuzz_size; /* bytes of a random input, at most */

static uint8_t input[INPUT_MOST];
static char where[160];

static void tell(int signal_number)
{
    ssize_t ignored = write(2, where, strlen(where));
    (void)ignored;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static int run_file(const char *name)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        perror(name);
        return 1;
    }
    size_t size = fread(input, 1, sizeof input, f);
    fclose(f);
    snprintf(where, sizeof where, "fuzz: in %.120s\n", name);
    LLVMFuzzerTestOneInput(input, size);
    return 0;
}

static void run_random(uint64_t seed)
{
    size_t size = 1 + rng_u64(seed, 0) % fuzz_size;
    for (size_t i = 0; i < size; i++)
        input[i] = (uint8_t)(rng_u64(seed, 1 + i / 8) >> i % 8 * 8);
    snprintf(where, sizeof where, "fuzz: in --random 1 %llu\n", (unsigned long long)seed);
    LLVMFuzzerTestOneInput(input, size);
}

int main(int argc, char **argv)
{
    int failed = 0;
    signal(SIGABRT, tell);
    signal(SIGSEGV, tell);
    if (argc == 4 && strcmp(argv[1], "--random") == 0) {
        long count = atol(argv[2]);
        uint64_t seed = strtoull(argv[3], NULL, 10);
        for (long i = 0; i < count; i++)
            run_random(seed + (uint64_t)i);
        printf("%ld random inputs, %ld events\n", count, fuzz_events);
        return 0;
    }
    for (int i = 1; i < argc; i++)
        failed |= run_file(argv[i]);
    return failed;
}
