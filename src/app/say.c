/* SPDX-License-Identifier: MIT
 * say: see say.h */
#include "app/say.h"

#include <stdarg.h>
#include <stdio.h>

static void put(App *a, bool warns, const char *format, va_list args)
{
    Say *s = a->say;
    vsnprintf(s->text, sizeof s->text, format, args);
    s->brief[0] = '\0';
    s->warns = warns;
    a->dirty = true;
}

void say(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(a, false, format, args);
    va_end(args);
}

void say_warn(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(a, true, format, args);
    va_end(args);
}

void say_short(App *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(a->say->brief, sizeof a->say->brief, format, args);
    va_end(args);
}

void say_nothing(App *a)
{
    a->say->text[0] = '\0';
}
