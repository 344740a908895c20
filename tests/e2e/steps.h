/* SPDX-License-Identifier: MIT
 * steps: what a test on a pseudo-terminal does, each failure showing the screen. With cmocka. */
#ifndef ETA_TESTS_STEPS_H
#define ETA_TESTS_STEPS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "e2e/vt.h"

static inline void lose(const Vt *v, const char *what)
{
    vt_print(v);
    fail_msg("%s", what);
}

static inline void expect(Vt *v, const char *text)
{
    if (!vt_wait_text(v, text)) {
        print_error("not on the screen: \"%s\"\n", text);
        lose(v, text);
    }
}

/* The bytes are one key or report, answered by a frame. */
static inline void press(Vt *v, const char *bytes)
{
    long key = v->key + 1;
    vt_send(v, bytes);
    if (!vt_wait_key(v, key))
        lose(v, "no frame answers the key");
}

static inline void type(Vt *v, const char *text)
{
    long key = v->key + (long)strlen(text);
    vt_send(v, text);
    if (!vt_wait_key(v, key))
        lose(v, "no frame answers what was typed");
}

#endif
