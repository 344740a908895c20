/* SPDX-License-Identifier: MIT
 * needs: what a test cannot do without. Where it is missing the test fails, unless somebody has
 * waived it by name: make check WITHOUT='groff mount'. */
#ifndef TESTS_NEEDS_H
#define TESTS_NEEDS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* true: it is there. false: the test goes without it, and says so. */
static inline bool need(const char *what, bool there)
{
    const char *waived = getenv("WITHOUT");
    size_t n = strlen(what);
    for (const char *at = waived; !there && at && *at; at += strspn(at, " ")) {
        if (strcspn(at, " ") == n && strncmp(at, what, n) == 0) {
            print_message("waived: without %s\n", what);
            return false;
        }
        at += strcspn(at, " ");
    }
    if (!there)
        fail_msg("needs %s, which is not here; to go without it: make test WITHOUT=%s", what, what);
    return there;
}

#endif
