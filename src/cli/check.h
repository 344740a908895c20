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
/* Does each of `count` runs, the first and those behind it, meet a goal? A line is a named scene, perhaps with words that override it, a scene
 * file, the words of a scene, or the command that the stage prints on quitting. */
int check_runs(const char *first, char *const *more, int count, const char *goal);

/* etascope check [FILE...] | check --run SCENE... --goal '...' */
struct Cli;
int cli_check(const struct Cli *c);

#endif
