/* SPDX-License-Identifier: MIT
 * signals: see signals.h */
#include "tty/signals.h"

#include <stddef.h>

static volatile sig_atomic_t caught_end;
static volatile sig_atomic_t caught_suspend;
static volatile sig_atomic_t caught_continue;

static void on_end(int signal)
{
    caught_end = signal;
}

static void on_suspend(int signal)
{
    (void)signal;
    caught_suspend = 1;
}

static void on_continue(int signal)
{
    (void)signal;
    caught_continue = 1;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction act = {.sa_handler = handler};
    sigemptyset(&act.sa_mask);
    sigaction(signal, &act, NULL);
}

static void mask(int how, int signal)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    sigprocmask(how, &one, NULL);
}

/* What was ignored when we started (nohup) stays ignored. */
static void handle_end(int signal)
{
    struct sigaction before;
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        handle(signal, on_end);
}

void signals_install(void)
{
    handle_end(SIGINT);
    handle_end(SIGTERM);
    handle_end(SIGHUP);
    handle(SIGTSTP, on_suspend);
    handle(SIGCONT, on_continue);
    handle(SIGPIPE, SIG_IGN);
    mask(SIG_BLOCK, SIGWINCH); /* its flag is inside ncurses: it may come only while we sleep */
}

int signals_end(void)
{
    return caught_end;
}

/* Cleared only where it is set: a signal between a look and a clearing would be lost. */
static bool take(volatile sig_atomic_t *caught)
{
    if (!*caught)
        return false;
    *caught = 0;
    return true;
}

bool signals_suspend(void)
{
    return take(&caught_suspend);
}

bool signals_suspending(void)
{
    return caught_suspend;
}

bool signals_continue(void)
{
    return take(&caught_continue);
}

void signals_stop_self(void)
{
    handle(SIGTSTP, SIG_DFL);
    mask(SIG_UNBLOCK, SIGTSTP);
    raise(SIGTSTP);
    handle(SIGTSTP, on_suspend);
    caught_suspend = 0;
    caught_continue = 0;
}

void signals_die(int signal)
{
    handle(signal, SIG_DFL);
    mask(SIG_UNBLOCK, signal);
    raise(signal);
}

static void ours(sigset_t *set)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};
    sigemptyset(set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(set, signals[i]);
}

void signals_hold(sigset_t *open)
{
    sigset_t held;
    ours(&held);
    sigprocmask(SIG_BLOCK, &held, open);
    sigdelset(open, SIGWINCH);
}

void signals_release(void)
{
    sigset_t held;
    ours(&held);
    sigprocmask(SIG_UNBLOCK, &held, NULL);
}
