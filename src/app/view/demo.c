/* SPDX-License-Identifier: MIT
 * demo: a demonstration before a class: a lesson whose arrows belong to the speaker, and whose digits
 * count votes. It lies over the lesson, which draws it. */
#include "app/bindings.h"
#include "app/school.h"
#include "app/views.h"

static const Binding own_keys[] = {
    {KEYCODE_RIGHT, "lesson next", "next", 2, 0, "go on: to the run's end, to the next step"},
    {KEYCODE_LEFT, "lesson back", "back", 3, 0, "the step before"},
    {KEYCODE_PAGE_DOWN, "lesson next", NULL, 0, 0, "the same, for clickers"},
    {KEYCODE_PAGE_UP, "lesson back", NULL, 0, 0, "the same, for clickers"},
    {KEYCODE_ENTER, "lesson next", NULL, 0, KEY_SILENT, NULL},
    {'1', "lesson vote 1", NULL, 0, 0, "count a vote for an answer; 2 to 5 the others"},
    {'2', "lesson vote 2", NULL, 0, KEY_SILENT, NULL},
    {'3', "lesson vote 3", NULL, 0, KEY_SILENT, NULL},
    {'4', "lesson vote 4", NULL, 0, KEY_SILENT, NULL},
    {'5', "lesson vote 5", NULL, 0, KEY_SILENT, NULL},
    {KEYCODE_BACKSPACE, "lesson vote 0", NULL, 0, 0, "take the last vote back"},
    {'r', "lesson again", "again", 5, 0, "the step anew, without votes"},
    {'f', "lesson free", "free play", 6, 0, "free play and back"},
    {'l', "lessons", "lessons", 1, 0, NULL},
    {'L', "lesson leave", "leave", 7, 0, "leave the demonstration"},
    {'b', "big", "big type", 8, 0, NULL},
    {'t', "theme next", NULL, 0, 0, NULL},
    {' ', "play", "pause", 4, KEY_PLAYS, NULL},
    {',', "step -1", NULL, 0, 0, NULL},
    {'.', "step 1", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_LEFT, "step -10", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_RIGHT, "step 10", NULL, 0, 0, NULL},
    {KEYCODE_HOME, "seek start", NULL, 0, 0, NULL},
    {KEYCODE_END, "seek end", NULL, 0, 0, NULL},
    {']', "speed up", NULL, 0, 0, NULL},
    {'[', "speed down", NULL, 0, 0, NULL},
    {'x', "ghost", NULL, 0, 0, NULL},
    {':', "prompt", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", NULL, 0, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, out_keys, NULL};

/* It comes with its lesson, never alone. */
static bool demo_open(App *a, const char *args, Error *err)
{
    (void)args;
    return school_demo(a->school) ||
           error_set(err, 1, 1, "no demonstration is open; 'lessons' shows the list");
}

static bool demo_close(App *a)
{
    return view_lesson.close(a);
}

const View view_demo = {
    .name = "demo",
    .title = "a demonstration",
    .help = "before a class: captions, votes, the speaker's keys",
    .back = "in the demonstration",
    .order = 12,
    .flags = VIEW_OVER,
    .keys = keys,
    .open = demo_open,
    .close = demo_close,
};
