/* SPDX-License-Identifier: MIT
 * cli: what the commands share; see cli.h. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_scene_error(const Cli *c, Error *err)
{
    char option[64];
    bool line = strcmp(err->file, "at") == 0 || strcmp(err->file, "vs") == 0;
    /* a value that stands in no text came from its option */
    if (line || scene_key_find(err->file, strlen(err->file)) >= 0) {
        snprintf(option, sizeof option, "--%.50s", err->file);
        err->file[0] = '\0';
        error_in(err, option);
    }
    error_in(err, c->scene_file ? c->scene_file : "scene");
}

int cli_close(int status)
{
    bool failed = ferror(stdout) != 0;
    int why = errno;
    if (fflush(stdout) != 0) {
        failed = true;
        why = errno;
    }
    if (!failed)
        return status;
    if (why == EPIPE)
        return status; /* the reader had enough */
    fprintf(stderr, "etascope: cannot write the output: %s\n", strerror(why));
    return EXIT_NOT;
}
