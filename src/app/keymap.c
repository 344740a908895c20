/* SPDX-License-Identifier: MIT
 * keymap: which key runs which command line in which mode. Footer and help are made from these
 * rows and the table of commands; a new key is one row. */
#include <stdio.h>
#include <string.h>

#include "app/state.h"
#include "base/text.h"

#define S MODE_STAGE
#define P MODE_PLACE
#define V MODE_VIEW
#define M MODE_MENU
#define H MODE_HELP
#define F MODE_FIND
#define L MODE_LESSON

/* Within a mode, footer order is priority order: 1 survives longest on a narrow screen. */
const Binding bindings[] = {
    {S | L, ' ', "play", "pause", 2},
    {S | L, KEYCODE_LEFT, "step -1", "step", 7},
    {S | L, KEYCODE_RIGHT, "step 1", NULL, 0},
    {S | L, KEYCODE_SHIFT_LEFT, "step -10", NULL, 0},
    {S | L, KEYCODE_SHIFT_RIGHT, "step 10", NULL, 0},
    {S | L, ',', "step -1", NULL, 0},
    {S | L, '.', "step 1", NULL, 0},
    {S | L, KEYCODE_HOME, "seek start", NULL, 0},
    {S | L, KEYCODE_END, "seek end", NULL, 0},
    {S | L, KEYCODE_UP, "adjust up", "η₀", 3},
    {S | L, KEYCODE_DOWN, "adjust down", NULL, 0},
    {S | L, KEYCODE_SHIFT_UP, "adjust fine-up", NULL, 0},
    {S | L, KEYCODE_SHIFT_DOWN, "adjust fine-down", NULL, 0},
    {S | L, 's', "schedule next", "schedule", 4},
    {S | L, 'S', "schedule previous", NULL, 0},
    {S | L, 'o', "optimizer next", "optimizer", 8},
    {S | L, 'O', "optimizer previous", NULL, 0},
    {S, 'f', "surface next", "surface", 9},
    {S, 'F', "surface previous", NULL, 0},
    {S | L, 'm', "menu", "menu", 10},
    {S | L, KEYCODE_TAB, "focus next", "parameters", 11},
    {S | L, KEYCODE_SHIFT_TAB, "focus previous", NULL, 0},
    {S, KEYCODE_ENTER, "card", NULL, 0},
    {S | L, KEYCODE_ESCAPE, "close", NULL, 0},
    {S, '1', "pair 1", "1-9 scenes", 5},
    {S, '2', "pair 2", NULL, 0},
    {S, '3', "pair 3", NULL, 0},
    {S, '4', "pair 4", NULL, 0},
    {S, '5', "pair 5", NULL, 0},
    {S, '6', "pair 6", NULL, 0},
    {S, '7', "pair 7", NULL, 0},
    {S, '8', "pair 8", NULL, 0},
    {S, '9', "pair 9", NULL, 0},
    {S | L, ']', "speed up", "speed", 14},
    {S | L, '[', "speed down", NULL, 0},
    {S, 'r', "restart", "restart", 14},
    {S | L, 'u', "undo", "undo", 12},
    {S, 'R', "start random", "random start", 16},
    {S, 'P', "start place", "place start", 17},
    {S, 'v', "view", "zoom", 15},
    {S, '+', "zoom in", NULL, 0},
    {S, '-', "zoom out", NULL, 0},
    {S, '0', "zoom whole", NULL, 0},
    {S | L, 'p', "pin", "pin", 6},
    {S, 'U', "unpin", NULL, 0},
    {S, '>', "border next", NULL, 0},
    {S, '<', "border previous", NULL, 0},
    {S | L, '/', "find", "find η₀", 18},
    {S, 'h', "hop", "hop", 19},
    {S | L, 'e', "lens", "lens", 20},
    {S | L, 'y', "held_out", NULL, 0},
    {S | L, 'i', "claim", NULL, 0},
    {S | L, 'a', "apart", "take apart", 13},
    {S, 'b', "big", "big type", 21},
    {S | P | V | L, 'g', "glossary", "glossary", 22},
    {S | L, 'x', "ghost", NULL, 0},
    {S, 'c', "map next", NULL, 0},
    {S, 't', "theme next", NULL, 0},
    {S, 'G', "glyphs next", NULL, 0},
    {S, 'l', "lessons", "lessons", 1},
    {S | L, ':', "prompt", "command", 13},
    {F, KEYCODE_LEFT, "move -1 0", "rate", 2},
    {F, KEYCODE_RIGHT, "move 1 0", NULL, 0},
    {F, KEYCODE_SHIFT_LEFT, "move -5 0", NULL, 0},
    {F, KEYCODE_SHIFT_RIGHT, "move 5 0", NULL, 0},
    {F, KEYCODE_UP, "move 0 1", "schedule", 3},
    {F, KEYCODE_DOWN, "move 0 -1", NULL, 0},
    {F, KEYCODE_ENTER, "take", "play it", 4},
    {F, KEYCODE_TAB, "find range", "range test", 5},
    {F, KEYCODE_ESCAPE, "close", "back", 6},
    {F, 'q', "close", NULL, 0},
    {L, KEYCODE_ENTER, "lesson next", "next", 2},
    {L, 'b', "lesson back", "back", 4},
    {L, 'k', "lesson skip", NULL, 0},
    {L, '0', "lesson choose 0", NULL, 0},
    {L, '1', "lesson choose 1", NULL, 0},
    {L, '2', "lesson choose 2", NULL, 0},
    {L, '3', "lesson choose 3", NULL, 0},
    {L, '4', "lesson choose 4", NULL, 0},
    {L, '5', "lesson choose 5", NULL, 0},
    {L, '6', "lesson choose 6", NULL, 0},
    {L, '7', "lesson choose 7", NULL, 0},
    {L, '8', "lesson choose 8", NULL, 0},
    {L, '9', "lesson choose 9", NULL, 0},
    {L, 'h', "lesson hint", "hint", 5},
    {L, 'f', "lesson free", "free play", 6},
    {L, 'c', "lesson contrast", NULL, 0},
    {L, 't', "lesson test", NULL, 0},
    {L, 'r', "lesson again", NULL, 0},
    {L, 'l', "lessons", "lessons", 1},
    {L, 'L', "lesson leave", "leave", 7},
    {L, 'B', "big", NULL, 0},
    {L, 'T', "theme next", NULL, 0},
    {S | P | V | M | F | L, '?', "help", "help", 1},
    {S | P | V | L, 'q', "quit", "quit", 18},
    {P, KEYCODE_LEFT, "move -1 0", "move", 2},
    {P, KEYCODE_RIGHT, "move 1 0", NULL, 0},
    {P, KEYCODE_UP, "move 0 1", NULL, 0},
    {P, KEYCODE_DOWN, "move 0 -1", NULL, 0},
    {P, KEYCODE_SHIFT_LEFT, "move -8 0", NULL, 0},
    {P, KEYCODE_SHIFT_RIGHT, "move 8 0", NULL, 0},
    {P, KEYCODE_SHIFT_UP, "move 0 8", NULL, 0},
    {P, KEYCODE_SHIFT_DOWN, "move 0 -8", NULL, 0},
    {P, KEYCODE_ENTER, "start here", "start here", 3},
    {P, ' ', "start here", NULL, 0},
    {P, KEYCODE_ESCAPE, "close", "cancel", 4},
    {V, KEYCODE_LEFT, "move -1 0", "pan", 2},
    {V, KEYCODE_RIGHT, "move 1 0", NULL, 0},
    {V, KEYCODE_UP, "move 0 1", NULL, 0},
    {V, KEYCODE_DOWN, "move 0 -1", NULL, 0},
    {V, KEYCODE_SHIFT_LEFT, "move -8 0", NULL, 0},
    {V, KEYCODE_SHIFT_RIGHT, "move 8 0", NULL, 0},
    {V, KEYCODE_SHIFT_UP, "move 0 8", NULL, 0},
    {V, KEYCODE_SHIFT_DOWN, "move 0 -8", NULL, 0},
    {V, '+', "zoom in", "in", 3},
    {V, '=', "zoom in", NULL, 0},
    {V, '-', "zoom out", "out", 4},
    {V, '0', "zoom whole", "whole", 5},
    {V, ' ', "play", NULL, 0},
    {V, 'v', "close", NULL, 0},
    {V, KEYCODE_ENTER, "close", NULL, 0},
    {V, KEYCODE_ESCAPE, "close", "done", 6},
    {M, KEYCODE_UP, "move 0 1", "choose", 2},
    {M, KEYCODE_DOWN, "move 0 -1", NULL, 0},
    {M, KEYCODE_PAGE_UP, "move 0 10", NULL, 0},
    {M, KEYCODE_PAGE_DOWN, "move 0 -10", NULL, 0},
    {M, KEYCODE_HOME, "move 0 1000", NULL, 0},
    {M, KEYCODE_END, "move 0 -1000", NULL, 0},
    {M, KEYCODE_TAB, "menu next", "other lists", 4},
    {M, 'm', "menu next", NULL, 0},
    {M, 's', "menu schedule", NULL, 0},
    {M, 'o', "menu optimizer", NULL, 0},
    {M, 'f', "menu surface", NULL, 0},
    {M, KEYCODE_ENTER, "take", "take", 3},
    {M, ' ', "take", NULL, 0},
    {M, KEYCODE_ESCAPE, "close", "close", 5},
    {M, 'q', "close", NULL, 0},
    {H, KEYCODE_UP, "move 0 1", "scroll", 2},
    {H, KEYCODE_DOWN, "move 0 -1", NULL, 0},
    {H, KEYCODE_PAGE_UP, "move 0 10", NULL, 0},
    {H, KEYCODE_PAGE_DOWN, "move 0 -10", NULL, 0},
    {H, ' ', "move 0 -10", NULL, 0},
    {H, KEYCODE_HOME, "move 0 1000", NULL, 0},
    {H, KEYCODE_END, "move 0 -1000", NULL, 0},
    {H, KEYCODE_ESCAPE, "close", "back", 1},
    {H, '?', "close", NULL, 0},
    {H, 'q', "close", NULL, 0},
    {H, KEYCODE_ENTER, "take", NULL, 0},
    {0, 0, NULL, NULL, 0},
};

const Binding *binding_find(unsigned mode, uint32_t key)
{
    for (const Binding *b = bindings; b->line; b++)
        if ((b->modes & mode) && b->key == key)
            return b;
    return NULL;
}

void key_name(uint32_t key, char out[16])
{
    static const struct {
        uint32_t key;
        const char *name;
    } names[] = {
        {' ', "space"},
        {KEYCODE_ENTER, "enter"},
        {KEYCODE_TAB, "tab"},
        {KEYCODE_ESCAPE, "esc"},
        {KEYCODE_BACKSPACE, "backspace"},
        {KEYCODE_UP, "↑"},
        {KEYCODE_DOWN, "↓"},
        {KEYCODE_LEFT, "←"},
        {KEYCODE_RIGHT, "→"},
        {KEYCODE_SHIFT_UP, "shift ↑"},
        {KEYCODE_SHIFT_DOWN, "shift ↓"},
        {KEYCODE_SHIFT_LEFT, "shift ←"},
        {KEYCODE_SHIFT_RIGHT, "shift →"},
        {KEYCODE_SHIFT_TAB, "shift tab"},
        {KEYCODE_HOME, "home"},
        {KEYCODE_END, "end"},
        {KEYCODE_PAGE_UP, "page up"},
        {KEYCODE_PAGE_DOWN, "page down"},
        {KEYCODE_INSERT, "insert"},
        {KEYCODE_DELETE, "delete"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].key == key) {
            snprintf(out, 16, "%s", names[i].name);
            return;
        }
    if (key > 0x10FFFF)
        snprintf(out, 16, "that key");
    else
        out[utf8_encode(key, out)] = '\0';
}
