/* SPDX-License-Identifier: MIT
 * modes: see modes.h */
#include "tty/modes.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "out/kitty.h"
#include "tty/crash.h"
#include "tty/signals.h"

#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define SYNC_OFF "\033[?2026l"
#define WRAP_ON "\033[?7h"

enum { SIZE_MOST = 1000 /* columns, lines: what a terminal may have by its environment */ };
enum { ESCAPE_DELAY = 25 /* ms; $ESCDELAY wins: slow links need more */ };

static bool send(const char *bytes)
{
    return modes_write(bytes, strlen(bytes));
}

bool modes_write(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, size);
        if (n >= 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
            poll(&out, 1, -1); /* ends early for a signal, as write does */
        } else if (errno != EINTR) {
            return false;
        }
        if (size > 0 && signals_end())
            return false;
    }
    return true;
}

/* What undoes everything, for a handler that may call nothing. */
static void arm_crash(const Modes *m)
{
    static const char *const capabilities[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    char bytes[384];
    Text t = text_over(bytes, sizeof bytes);
    if (m->term->ecma)
        text_add(&t, SYNC_OFF MOUSE_OFF PASTE_OFF WRAP_ON);
    if (m->pictures)
        text_add(&t, "%s", kitty_hide_all);
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
        char one[64];
        if (term_string(capabilities[i], one, sizeof one))
            text_add(&t, "%s", one);
    }
    crash_arm(STDOUT_FILENO, bytes, t.used, &m->before);
}

static void own_on(const Modes *m)
{
    if (!m->term->ecma)
        return;
    send(PASTE_ON);
    if (m->mouse)
        send(MOUSE_ON);
}

static void own_off(const Modes *m)
{
    if (!m->term->ecma)
        return;
    if (m->pictures)
        send(kitty_hide_all);
    send(m->mouse ? SYNC_OFF MOUSE_OFF PASTE_OFF WRAP_ON : SYNC_OFF PASTE_OFF WRAP_ON);
}

/* What cbreak leaves on: ^S must not freeze the picture, ^V and ^O must arrive. And a read never
 * waits (we sleep in pselect): ^Z makes the kernel throw away what has come, and if that
 * happens between pselect and the read, the read would wait for the next key. */
static void line_modes(void)
{
    struct termios now;
    cbreak();
    noecho();
    nonl();
    if (tcgetattr(STDIN_FILENO, &now) != 0)
        return;
    now.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    now.c_lflag &= ~(tcflag_t)IEXTEN;
    now.c_cc[VMIN] = 0;
    now.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
    def_prog_mode();
}

/* A size that no terminal has is not believed: nobody has the memory for it. */
static void doubt_size(const char *name)
{
    const char *told = getenv(name);
    long size = told ? strtol(told, NULL, 10) : 1;
    if (size < 1 || size > SIZE_MOST)
        unsetenv(name);
}

bool modes_open(Modes *m, const Term *term, bool mouse)
{
    *m = (Modes){.term = term, .mouse = mouse};
    if (tcgetattr(STDOUT_FILENO, &m->before) != 0)
        return false;
    doubt_size("COLUMNS");
    doubt_size("LINES");
    signals_install();
    m->screen = newterm(NULL, stdout, stdin);
    if (!m->screen)
        return false;
    signals_install();
    arm_crash(m);
    line_modes();
    if (!getenv("ESCDELAY"))
        set_escdelay(ESCAPE_DELAY);
    typeahead(-1);
    leaveok(stdscr, curs_set(0) != ERR); /* a cursor that shows is parked */
    refresh(); /* an empty screen: ncurses has nothing more to say on its own */
    own_on(m);
    m->ours = true;
    return true;
}

void modes_pictures(Modes *m)
{
    m->pictures = true;
    arm_crash(m);
}

void modes_leave(Modes *m)
{
    if (!m->ours)
        return;
    m->ours = false;
    own_off(m);
    endwin();
    crash_active(false);
}

void modes_return(Modes *m)
{
    if (m->ours)
        return;
    crash_active(true);
    reset_prog_mode();
    clearok(curscr, TRUE);
    refresh();
    own_on(m);
    m->ours = true;
}

void modes_close(Modes *m)
{
    modes_leave(m);
    if (m->screen)
        delscreen(m->screen);
    m->screen = NULL;
}
