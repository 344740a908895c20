/* SPDX-License-Identifier: MIT
 * check: the two things that `etascope check` does, apart from the command line. */
#ifndef ETA_CLI_CHECK_H
#define ETA_CLI_CHECK_H

#include <stdbool.h>

typedef struct CheckOptions {
    char *const *file; /* borrowed; none: the built-in lessons */
    int files;
    bool strict; /* warnings count as errors */
    bool quiet;  /* findings are not printed */
} CheckOptions;

/* Each returns the exit status. */
int check_lessons(const CheckOptions *o);
/* Does the run of a scene line (or a named scene) meet a goal? */
int check_run(const char *line, const char *goal);

/* etascope check [FILE...] | check --run 'SCENE LINE' --goal '...' */
struct Cli;
int cli_check(const struct Cli *c);

#endif
