/* SPDX-License-Identifier: MIT
 * fence: how many frames are still on their way. Each big frame ends with a question the
 * terminal answers when it has read that far (DSR 5); with two unanswered we wait, so keys on a
 * slow link are answered in a round trip instead of behind a megabyte of old frames. */
#ifndef ETA_TTY_FENCE_H
#define ETA_TTY_FENCE_H

#include <stdbool.h>
#include <stddef.h>

#define FENCE_ASK "\033[5n"
#define FENCE_REPLY "\033[0n"

typedef struct Fence {
    bool off;        /* this terminal does not answer */
    bool answered;   /* it has answered at least once */
    int open;        /* questions without answer */
    double asked_at; /* s, when the oldest of them may have been asked */
} Fence;

enum { FENCE_OPEN_MAX = 2, FENCE_WORTH = 500 /* bytes: smaller frames need no question */ };
#define FENCE_PATIENCE 1.0 /* s */

static inline bool fence_wanted(const Fence *f, size_t bytes)
{
    return !f->off && bytes > FENCE_WORTH;
}

static inline void fence_ask(Fence *f, double now)
{
    if (f->open++ == 0)
        f->asked_at = now;
}

static inline void fence_reply(Fence *f, double now)
{
    f->answered = true;
    f->asked_at = now;
    if (f->open > 0)
        f->open--;
}

/* Seconds to wait for an answer before the next frame; 0: go. */
static inline double fence_wait(Fence *f, double now)
{
    if (f->off || f->open < FENCE_OPEN_MAX)
        return 0;
    double left = f->asked_at + FENCE_PATIENCE - now;
    if (left > 0)
        return left;
    f->off = !f->answered; /* never a word: it will not answer; else the reply was lost */
    f->open = 0;
    return 0;
}

#endif
