/* SPDX-License-Identifier: MIT
 * paint_ansi: frames through our own encoder, one write each. */
#include <stdlib.h>

#include "out/ansi.h"
#include "tty/modes.h"
#include "tty/paint.h"

static bool resize(Painter *p, int cols, int rows)
{
    return ansi_resize(p->state, cols, rows);
}

static size_t frame(Painter *p, const Canvas *c, bool full)
{
    return ansi_frame(p->state, c, full).size;
}

static bool flush(Painter *p, const char *tail, size_t size)
{
    AnsiBytes bytes = ansi_tail(p->state, tail, size);
    return bytes.size == 0 || modes_write(bytes.at, bytes.size);
}

static void sync(Painter *p)
{
    Ansi *a = p->state;
    a->sync = true;
}

static void release(Painter *p)
{
    ansi_release(p->state);
    free(p->state);
    p->state = NULL;
}

bool paint_ansi(Painter *p, const Term *term)
{
    Ansi *a = malloc(sizeof *a);
    if (!a)
        return false;
    ansi_init(a, term->mode, term->utf8);
    *p = (Painter){.mode = term->mode,
                   .fences = true,
                   .state = a,
                   .resize = resize,
                   .frame = frame,
                   .flush = flush,
                   .sync = sync,
                   .release = release};
    return true;
}
