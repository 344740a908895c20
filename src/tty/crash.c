/* SPDX-License-Identifier: MIT
 * crash: see crash.h */
#include "tty/crash.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* A handler has no argument of ours: what it needs stands here, written before it is armed. */
static struct {
    volatile sig_atomic_t active;
    int fd;
    size_t size;
    char restore[512];
    struct termios modes;
} crash;

static char crash_stack[32768]; /* a blown stack cannot carry its own handler */

static void on_crash(int signal)
{
    if (crash.active) {
        crash.active = 0;
        ssize_t ignored = write(crash.fd, crash.restore, crash.size);
        (void)ignored;
        tcflush(crash.fd, TCIFLUSH); /* answers under way are not for the shell */
        tcsetattr(crash.fd, TCSANOW, &crash.modes);
    }
    raise(signal); /* the default action: SA_RESETHAND */
}

void crash_arm(int fd, const char *restore, size_t size, const struct termios *modes)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    struct sigaction act = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND};
    crash.fd = fd;
    crash.size = size < sizeof crash.restore ? size : sizeof crash.restore;
    memcpy(crash.restore, restore, crash.size);
    crash.modes = *modes;
    sigaltstack(&stack, NULL);
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &act, NULL);
    crash.active = 1;
}

void crash_active(bool ours)
{
    crash.active = ours;
}
