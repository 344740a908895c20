/* SPDX-License-Identifier: MIT
 * pictures: see pictures.h */
#include "tty/pictures.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BEGIN "\033[?2026h\0337" /* the cursor is kept */
#define END "\0338"

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16 }; /* where nobody knows better */

bool pictures_may_ask(void)
{
    return board_may_ask(getenv("TMUX"), getenv("STY"), getenv("ZELLIJ"), getenv("TERM"));
}

bool pictures_allowed(Pictures *p, const char *answers, size_t count)
{
    int width = p->cell_width;
    int height = p->cell_height;
    bool allowed = board_answers(answers, count, &width, &height);
    if (!p->cell_width || !p->cell_height) {
        p->cell_width = width;
        p->cell_height = height;
    }
    return allowed;
}

bool pictures_open(Pictures *p)
{
    unsigned first = 1 + ((unsigned)getpid() & 0xFFFF) * (BOARD_SLOTS * KITTY_IDS);
    p->on = board_open(&p->board, first);
    return p->on;
}

void pictures_close(Pictures *p)
{
    board_close(&p->board);
    bytes_release(&p->out);
    p->on = false;
}

void pictures_measure(Pictures *p, int cols, int rows)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || cols < 1 || rows < 1 ||
        size.ws_xpixel / cols < 2 || size.ws_ypixel / rows < 4)
        return;
    p->cell_width = size.ws_xpixel / cols;
    p->cell_height = size.ws_ypixel / rows;
}

const Bytes *pictures_frame(Pictures *p, const FigureSlot *slots, int count, const Paint *paint,
                            bool anew)
{
    Bytes *out = &p->out;
    out->count = 0;
    bytes_put(out, BEGIN, sizeof BEGIN - 1);
    if (anew)
        board_hide(&p->board, out);
    bool ok = board_show(&p->board, slots, count, p->cell_width ? p->cell_width : CELL_WIDTH,
                         p->cell_height ? p->cell_height : CELL_HEIGHT, paint, out);
    if (out->count == sizeof BEGIN - 1)
        out->count = 0;
    else
        bytes_put(out, END, sizeof END - 1);
    return ok && !out->failed ? out : NULL;
}
