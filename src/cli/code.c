/* SPDX-License-Identifier: MIT
 * code: the run as a program for a framework (SPEC 7). */
#include "code/code.h"

#include <stdlib.h>

#include "cli/cli.h"

int cli_code(const Cli *c)
{
    Error err = {0};
    Timeline *t = timeline_new();
    Scene *plain = malloc(sizeof *plain);
    bool ok = (t && plain) || error_set(&err, 0, 0, "out of memory");
    ok = ok && scene_of_runner(&c->scene, c->runner, plain) && timeline_set(t, plain, &err) &&
         code_write(stdout, &dialects[c->dialect], t, &err);
    timeline_free(t);
    free(plain);
    if (ok)
        return cli_close(EXIT_HOLDS);
    cli_scene_error(c, &err);
    error_print(&err, stderr);
    return EXIT_INPUT;
}
