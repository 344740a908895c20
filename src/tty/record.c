/* SPDX-License-Identifier: MIT
 * record: see record.h */
#include "tty/record.h"

#include <errno.h>

#include "base/text.h"

#define HIDE_CURSOR "\033[?25l"

static bool begin(Record *r, const Canvas *c, ColorMode mode, bool utf8)
{
    ansi_init(&r->ansi, mode, utf8);
    r->begun = true;
    return ansi_resize(&r->ansi, c->cols, c->rows) &&
           cast_begin(&r->cast, r->to, r->version, c->cols, c->rows, "etascope") &&
           cast_event(&r->cast, 0, CAST_OUTPUT, HIDE_CURSOR, sizeof HIDE_CURSOR - 1);
}

static bool resize(Record *r, const Canvas *c, double at)
{
    char size[40];
    Text t = text_over(size, sizeof size);
    if (c->cols == r->ansi.cols && c->rows == r->ansi.rows)
        return true;
    text_add(&t, "%dx%d", c->cols, c->rows);
    return ansi_resize(&r->ansi, c->cols, c->rows) &&
           cast_event(&r->cast, at, CAST_RESIZE, size, t.used);
}

bool record_frame(Record *r, const Canvas *c, ColorMode mode, bool utf8, double at)
{
    if (!r->to)
        return true;
    bool ok = r->begun ? resize(r, c, at) : begin(r, c, mode, utf8);
    AnsiBytes bytes = ok ? ansi_frame(&r->ansi, c, false) : (AnsiBytes){0};
    ok = ok && (bytes.size == 0 || cast_event(&r->cast, at, CAST_OUTPUT, bytes.at, bytes.size));
    ok = fflush(r->to) == 0 && ok;
    if (!ok)
        r->to = NULL;
    return ok;
}

void record_release(Record *r)
{
    if (r->begun)
        ansi_release(&r->ansi);
}
