/* SPDX-License-Identifier: MIT
 * free: free play of a lesson's scene: the stage with all its keys, and the way back. */
#include "app/bindings.h"
#include "app/views.h"

static const Binding own_keys[] = {
    {KEYCODE_ENTER, "lesson free", "to the lesson", 2, 0, "back to the lesson"},
    {'l', "lesson free", NULL, 0, KEY_SILENT, NULL},
    {.line = NULL},
};

static const Binding *const keys[] = {own_keys, run_keys, stage_keys, out_keys, NULL};

/* Esc acts as on the stage. */
static bool free_close(App *a)
{
    return a->views->open[0]->close(a);
}

const View view_free = {
    .name = "free",
    .title = "free play",
    .help = "the lesson's scene with all keys of the stage",
    .back = "in free play",
    .order = 11,
    .flags = VIEW_OVER | VIEW_STAGE,
    .keys = keys,
    .close = free_close,
};
