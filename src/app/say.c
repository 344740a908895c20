/* SPDX-License-Identifier: MIT
 * say: the status line, in plain words first and symbols second. */
#include <stdarg.h>
#include <stdio.h>

#include "app/state.h"

void say(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->status, sizeof a->status, format, args);
    va_end(args);
    a->status_short[0] = '\0';
    a->status_warns = false;
    a->dirty = true;
}

void say_short(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->status_short, sizeof a->status_short, format, args);
    va_end(args);
}

void say_warn(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->status, sizeof a->status, format, args);
    va_end(args);
    a->status_short[0] = '\0';
    a->status_warns = true;
    a->dirty = true;
}
