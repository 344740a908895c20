/* SPDX-License-Identifier: MIT
 * event: what can happen to the program. tty/ makes these from the terminal, tests make them
 * by hand. */
#ifndef ETA_APP_EVENT_H
#define ETA_APP_EVENT_H

#include <stdint.h>

typedef enum EventKind { EVENT_KEY, EVENT_MOUSE, EVENT_RESIZE, EVENT_PASTE, EVENT_END } EventKind;

/* Keys: Unicode code points, or these (above Unicode). Ctrl-X is code point 24 and so on. */
enum Key {
    KEY_NONE = 0,
    KEYCODE_ENTER = 13,
    KEYCODE_TAB = 9,
    KEYCODE_ESCAPE = 27,
    KEYCODE_BACKSPACE = 127,
    KEYCODE_UP = 0x110000,
    KEYCODE_DOWN,
    KEYCODE_LEFT,
    KEYCODE_RIGHT,
    KEYCODE_SHIFT_UP,
    KEYCODE_SHIFT_DOWN,
    KEYCODE_SHIFT_LEFT,
    KEYCODE_SHIFT_RIGHT,
    KEYCODE_SHIFT_TAB,
    KEYCODE_HOME,
    KEYCODE_END,
    KEYCODE_PAGE_UP,
    KEYCODE_PAGE_DOWN,
    KEYCODE_INSERT,
    KEYCODE_DELETE,
};

typedef enum MouseButton {
    MOUSE_LEFT,
    MOUSE_MIDDLE,
    MOUSE_RIGHT,
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
    MOUSE_RELEASE
} MouseButton;

typedef struct Event {
    EventKind kind;
    uint32_t key;       /* EVENT_KEY; EVENT_PASTE: one pasted code point */
    int col, row;       /* EVENT_MOUSE: cell from 0; EVENT_RESIZE: columns and rows */
    MouseButton button; /* EVENT_MOUSE */
} Event;

#endif
