/* SPDX-License-Identifier: MIT
 * zoom: the arrows pan the map, + and - zoom it. */
#include "app/bindings.h"
#include "app/say.h"
#include "app/session.h"
#include "app/views.h"

static const Binding own_keys[] = {
    {'+', "zoom in", "in", 3, 0, NULL},
    {'=', "zoom in", NULL, 0, 0, NULL},
    {'-', "zoom out", "out", 4, 0, NULL},
    {'0', "zoom whole", "whole", 5, 0, NULL},
    {' ', "play", NULL, 0, 0, NULL},
    {'v', "close", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "close", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", "done", 6, 0, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {place_keys, own_keys, out_keys, NULL};

static bool run_view(App *a, const char *args, Error *err)
{
    return view_open(a, view_zoom.name, args, err);
}

static bool zoom_open(App *a, const char *args, Error *err)
{
    (void)args;
    (void)err;
    say(a, "arrows pan, + and - zoom, 0 shows the whole window, Esc is done");
    return true;
}

static void zoom_move(App *a, int dx, int dy)
{
    Window w = a->session->window;
    Vec2 size = window_size(w);
    Vec2 by = vec2(dx * size.x / 16, dy * size.y / 16);
    changed(a, session_zoom(a->session, (Window){vec_add(w.lo, by), vec_add(w.hi, by)}));
    zoom_open(a, "", NULL); /* what was said of another key is old */
}

static const Command commands[] = {
    {"view", "", "map", "zoom and pan with the arrows", run_view, 0, NULL},
    {.name = NULL},
};

const View view_zoom = {
    .name = "zoom",
    .title = "zoom and pan",
    .help = "arrows pan the map, + and - zoom it",
    .order = 3,
    .flags = VIEW_OVER | VIEW_STAGE,
    .keys = keys,
    .commands = commands,
    .open = zoom_open,
    .close = view_back,
    .move = zoom_move,
};
