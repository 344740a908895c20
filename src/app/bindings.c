/* SPDX-License-Identifier: MIT
 * bindings: see bindings.h. A key with several rows of one command stands once in the footer. */
#include "app/bindings.h"

const Binding run_keys[] = {
    {' ', "play", "pause", 2, KEY_PLAYS, NULL},
    {KEYCODE_LEFT, "step -1", "step", 7, KEY_AND_OPPOSITE, NULL},
    {KEYCODE_RIGHT, "step 1", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_LEFT, "step -10", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_RIGHT, "step 10", NULL, 0, 0, NULL},
    {',', "step -1", NULL, 0, 0, NULL},
    {'.', "step 1", NULL, 0, 0, NULL},
    {KEYCODE_HOME, "seek start", NULL, 0, 0, NULL},
    {KEYCODE_END, "seek end", NULL, 0, 0, NULL},
    {KEYCODE_UP, "adjust up", "η₀", 3, KEY_AND_OPPOSITE | KEY_FOCUSED, NULL},
    {KEYCODE_DOWN, "adjust down", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_UP, "adjust fine-up", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_DOWN, "adjust fine-down", NULL, 0, 0, NULL},
    {'s', "schedule next", "schedule", 4, 0, NULL},
    {'S', "schedule previous", NULL, 0, 0, NULL},
    {'o', "optimizer next", "optimizer", 8, 0, NULL},
    {'O', "optimizer previous", NULL, 0, 0, NULL},
    {'m', "menu", "menu", 10, 0, NULL},
    {KEYCODE_TAB, "focus next", "parameters", 11, 0, NULL},
    {KEYCODE_SHIFT_TAB, "focus previous", NULL, 0, 0, NULL},
    {KEYCODE_ESCAPE, "close", NULL, 0, 0, NULL},
    {']', "speed up", "speed", 14, 0, NULL},
    {'[', "speed down", NULL, 0, 0, NULL},
    {'u', "undo", "undo", 12, 0, NULL},
    {'p', "pin", "pin", 6, 0, NULL},
    {'/', "find", "find η₀", 18, 0, NULL},
    {'e', "lens", "lens", 20, 0, NULL},
    {'y', "held_out", NULL, 0, 0, NULL},
    {'i', "claim", NULL, 0, 0, NULL},
    {'a', "apart", "take apart", 13, 0, NULL},
    {'x', "ghost", NULL, 0, 0, NULL},
    {'z', "predict", NULL, 0, 0, NULL},
    {':', "prompt", "command", 13, 0, NULL},
    {.line = NULL},
};

const Binding stage_keys[] = {
    {'f', "surface next", "surface", 9, 0, NULL},
    {'F', "surface previous", NULL, 0, 0, NULL},
    {KEYCODE_ENTER, "card", NULL, 0, 0, NULL},
    {'1', "pair 1", "scenes", 5, KEY_DIGITS, NULL},
    {'2', "pair 2", NULL, 0, KEY_SILENT, NULL},
    {'3', "pair 3", NULL, 0, KEY_SILENT, NULL},
    {'4', "pair 4", NULL, 0, KEY_SILENT, NULL},
    {'5', "pair 5", NULL, 0, KEY_SILENT, NULL},
    {'6', "pair 6", NULL, 0, KEY_SILENT, NULL},
    {'7', "pair 7", NULL, 0, KEY_SILENT, NULL},
    {'8', "pair 8", NULL, 0, KEY_SILENT, NULL},
    {'9', "pair 9", NULL, 0, KEY_SILENT, NULL},
    {'r', "restart", "restart", 14, 0, NULL},
    {'R', "start random", "random start", 16, 0, NULL},
    {'P', "start place", "place start", 17, 0, NULL},
    {'v', "view", "zoom", 15, 0, NULL},
    {'+', "zoom in", NULL, 0, 0, NULL},
    {'-', "zoom out", NULL, 0, 0, NULL},
    {'0', "zoom whole", NULL, 0, 0, NULL},
    {'U', "unpin", NULL, 0, 0, NULL},
    {'>', "border next", NULL, 0, 0, NULL},
    {'<', "border previous", NULL, 0, 0, NULL},
    {'w', "race", "race", 19, 0, NULL},
    {'h', "hop", "hop", 19, 0, NULL},
    {'B', "basins", "basins", 19, 0, NULL},
    {'W', "sweep", "sweep", 19, 0, NULL},
    {'b', "big", "big type", 21, 0, NULL},
    {'c', "map next", NULL, 0, 0, NULL},
    {'t', "theme next", NULL, 0, 0, NULL},
    {'G', "glyphs next", NULL, 0, 0, NULL},
    {'l', "lessons", "lessons", 1, 0, NULL},
    {.line = NULL},
};

const Binding place_keys[] = {
    {KEYCODE_LEFT, "move -1 0", "move", 2, KEY_AND_OPPOSITE, NULL},
    {KEYCODE_RIGHT, "move 1 0", NULL, 0, 0, NULL},
    {KEYCODE_UP, "move 0 1", NULL, 0, 0, NULL},
    {KEYCODE_DOWN, "move 0 -1", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_LEFT, "move -8 0", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_RIGHT, "move 8 0", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_UP, "move 0 8", NULL, 0, 0, NULL},
    {KEYCODE_SHIFT_DOWN, "move 0 -8", NULL, 0, 0, NULL},
    {.line = NULL},
};

const Binding cross_keys[] = {
    {KEYCODE_SHIFT_LEFT, "move -1 0", NULL, 0, 0, "move the cross"},
    {KEYCODE_SHIFT_RIGHT, "move 1 0", NULL, 0, 0, "move the cross"},
    {KEYCODE_SHIFT_UP, "move 0 1", "cross", 4, 0, "move the cross"},
    {KEYCODE_SHIFT_DOWN, "move 0 -1", NULL, 0, 0, "move the cross"},
    {'+', "zoom in", "zoom", 6, 0, "closer, about the cross, without end"},
    {'=', "zoom in", NULL, 0, 0, NULL},
    {'-', "zoom out", NULL, 0, 0, "farther"},
    {'0', "zoom whole", NULL, 0, 0, "all of it"},
    {KEYCODE_ENTER, "take", "play it", 3, 0, "play the run under the cross"},
    {KEYCODE_ESCAPE, "close", "leave", 7, 0, NULL},
    {.line = NULL},
};

const Binding list_keys[] = {
    {KEYCODE_UP, "move 0 1", "move", 2, KEY_AND_OPPOSITE, NULL},
    {KEYCODE_DOWN, "move 0 -1", NULL, 0, 0, NULL},
    {KEYCODE_PAGE_UP, "move 0 10", NULL, 0, 0, NULL},
    {KEYCODE_PAGE_DOWN, "move 0 -10", NULL, 0, 0, NULL},
    {KEYCODE_HOME, "move 0 1000", NULL, 0, 0, NULL},
    {KEYCODE_END, "move 0 -1000", NULL, 0, 0, NULL},
    {.line = NULL},
};

const Binding help_keys[] = {
    {'?', "help", "help", 1, 0, NULL},
    {.line = NULL},
};

const Binding out_keys[] = {
    {'g', "glossary", "glossary", 22, 0, NULL},
    {'?', "help", "help", 1, 0, NULL},
    {'q', "quit", "quit", 18, 0, NULL},
    {.line = NULL},
};
