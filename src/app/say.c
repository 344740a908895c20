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

/* A surface of the user's own brings no window, start or rate: what was chosen instead. */
void say_chosen(App *a)
{
    const Scene *s = &a->scene;
    char text[160];
    char n[2][NUMBER_TEXT];
    Text t = text_over(text, sizeof text);
    Vec2 start = timeline_rows(a->run)[0].at;
    if (s->surface.row >= 0)
        return;
    if (!scene_given(s, SCENE_ETA0)) {
        number_brief(n[0], timeline_rate(a->run, 0)->eta0, 3);
        text_add(&t, " eta0=%s", n[0]);
    }
    if (!scene_given(s, SCENE_START)) {
        number_brief(n[0], start.x, 3);
        number_brief(n[1], start.y, 3);
        text_add(&t, " start=%s,%s", n[0], n[1]);
    }
    if (!scene_given(s, SCENE_WINDOW)) {
        Window w = timeline_window(a->run);
        text_add(&t, " window=%g,%g,%g,%g", w.lo.x, w.hi.x, w.lo.y, w.hi.y);
    }
    if (t.used)
        say(a, "chosen for you:%s. Give them to have others", text);
}
