/* SPDX-License-Identifier: MIT
 * keys: see keys.h */
#include "tty/keys.h"

#include <stddef.h>
#include <string.h>
#include <wchar.h>

#include "tty/fence.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Codes of our own lie far above those ncurses hands out for extended capabilities. */
enum { OWN_FIRST = KEY_MAX + 1000 };
enum OwnKey {
    OWN_MOUSE = OWN_FIRST,
    OWN_X10,
    OWN_ANSWER,
    OWN_FENCE,
    OWN_PASTE,
    OWN_PASTE_END,
    OWN_IGNORE,
    OWN_SHIFT_UP,
    OWN_SHIFT_DOWN,
    OWN_SHIFT_LEFT,
    OWN_SHIFT_RIGHT
};

/* Sequences terminals send whatever their terminfo entry says. */
static const struct {
    const char *bytes;
    int code;
} sequences[] = {
    {"\033[<", OWN_MOUSE},         {"\033[M", OWN_X10},
    {"\033[?", OWN_ANSWER},        {FENCE_REPLY, OWN_FENCE},
    {"\033[200~", OWN_PASTE},      {"\033[201~", OWN_PASTE_END},
    {"\033[I", OWN_IGNORE}, /* focus */
    {"\033[O", OWN_IGNORE},        {"\033[1;2A", OWN_SHIFT_UP},
    {"\033[1;2B", OWN_SHIFT_DOWN}, {"\033[1;2C", OWN_SHIFT_RIGHT},
    {"\033[1;2D", OWN_SHIFT_LEFT}, {"\033[a", OWN_SHIFT_UP}, /* rxvt */
    {"\033[b", OWN_SHIFT_DOWN},    {"\033[c", OWN_SHIFT_RIGHT},
    {"\033[d", OWN_SHIFT_LEFT},    {"\033[A", KEY_UP}, /* cursor keys in both their modes */
    {"\033[B", KEY_DOWN},          {"\033[C", KEY_RIGHT},
    {"\033[D", KEY_LEFT},          {"\033OA", KEY_UP},
    {"\033OB", KEY_DOWN},          {"\033OC", KEY_RIGHT},
    {"\033OD", KEY_LEFT},          {"\033[H", KEY_HOME},
    {"\033[F", KEY_END},           {"\033OH", KEY_HOME},
    {"\033OF", KEY_END},           {"\033[1~", KEY_HOME},
    {"\033[4~", KEY_END},          {"\033[2~", KEY_IC},
    {"\033[3~", KEY_DC},           {"\033[5~", KEY_PPAGE},
    {"\033[6~", KEY_NPAGE},        {"\033[Z", KEY_BTAB},
    {"\033OM", KEY_ENTER},
};

static const struct {
    int code;
    uint32_t key;
} function_keys[] = {
    {KEY_UP, KEYCODE_UP},
    {KEY_DOWN, KEYCODE_DOWN},
    {KEY_LEFT, KEYCODE_LEFT},
    {KEY_RIGHT, KEYCODE_RIGHT},
    {KEY_SR, KEYCODE_SHIFT_UP},
    {KEY_SF, KEYCODE_SHIFT_DOWN},
    {KEY_SLEFT, KEYCODE_SHIFT_LEFT},
    {KEY_SRIGHT, KEYCODE_SHIFT_RIGHT},
    {OWN_SHIFT_UP, KEYCODE_SHIFT_UP},
    {OWN_SHIFT_DOWN, KEYCODE_SHIFT_DOWN},
    {OWN_SHIFT_LEFT, KEYCODE_SHIFT_LEFT},
    {OWN_SHIFT_RIGHT, KEYCODE_SHIFT_RIGHT},
    {KEY_BTAB, KEYCODE_SHIFT_TAB},
    {KEY_HOME, KEYCODE_HOME},
    {KEY_A1, KEYCODE_HOME},
    {KEY_END, KEYCODE_END},
    {KEY_C1, KEYCODE_END},
    {KEY_PPAGE, KEYCODE_PAGE_UP},
    {KEY_A3, KEYCODE_PAGE_UP},
    {KEY_NPAGE, KEYCODE_PAGE_DOWN},
    {KEY_C3, KEYCODE_PAGE_DOWN},
    {KEY_IC, KEYCODE_INSERT},
    {KEY_DC, KEYCODE_DELETE},
    {KEY_BACKSPACE, KEYCODE_BACKSPACE},
    {KEY_ENTER, KEYCODE_ENTER},
};

bool keys_open(Keys *k)
{
    *k = (Keys){.pad = newpad(1, 1)};
    if (!k->pad)
        return false;
    keypad(k->pad, TRUE);
    nodelay(k->pad, TRUE);
    for (size_t i = 0; i < COUNT(sequences); i++)
        define_key(sequences[i].bytes, sequences[i].code);
    return true;
}

void keys_close(Keys *k)
{
    if (k->pad)
        delwin(k->pad);
    k->pad = NULL;
}

void keys_forget(Keys *k)
{
    flushinp();
    *k = (Keys){.pad = k->pad};
}

void keys_begin(Keys *k)
{
    k->took = false;
}

static KeysResult key_event(const Keys *k, Event *e, uint32_t key)
{
    *e = (Event){.kind = k->paste ? EVENT_PASTE : EVENT_KEY, .key = key};
    return KEYS_EVENT;
}

/* --- answers as they came --- */

static void keep(Keys *k, const char *bytes)
{
    for (; k->asked && *bytes && k->said_count < KEYS_SAID; bytes++)
        k->said[k->said_count++] = *bytes;
}

static void keep_char(Keys *k, wint_t c)
{
    const char text[2] = {c < 0x80 ? (char)c : '?', '\0'};
    keep(k, text);
}

/* --- reports with numbers in them --- */

static void report_start(Keys *k, KeysState state)
{
    k->state = state;
    memset(k->arg, 0, sizeof k->arg);
    k->args = 1;
}

/* One byte of CSI parameters; true: it was one. */
static bool report_param(Keys *k, wint_t c)
{
    if (c == ';') {
        k->args++;
        return true;
    }
    if (c < '0' || c > '9')
        return false;
    if (k->args <= (int)COUNT(k->arg)) {
        int *arg = &k->arg[k->args - 1];
        if (*arg < 10000)
            *arg = *arg * 10 + (int)(c - '0');
    }
    return true;
}

/* b: the button byte of xterm's mouse reports; col and row from 1. */
static KeysResult mouse_event(Event *e, int b, bool release, int col, int row)
{
    static const MouseButton buttons[] = {MOUSE_LEFT, MOUSE_MIDDLE, MOUSE_RIGHT, MOUSE_RELEASE};
    if (b & 32 || col < 1 || row < 1)
        return KEYS_NONE; /* motion: not asked for */
    if (b & 64 && (b & 3) > 1)
        return KEYS_NONE; /* sideways wheel */
    MouseButton button = b & 64 ? (b & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP) : buttons[b & 3];
    if (release)
        button = MOUSE_RELEASE;
    *e = (Event){.kind = EVENT_MOUSE, .col = col - 1, .row = row - 1, .button = button};
    return KEYS_EVENT;
}

static KeysResult take_mouse(Keys *k, wint_t c, Event *e)
{
    if (report_param(k, c))
        return KEYS_NONE;
    k->state = KEYS_GROUND;
    if ((c != 'M' && c != 'm') || k->args != 3)
        return KEYS_NONE;
    return mouse_event(e, k->arg[0], c == 'm', k->arg[1], k->arg[2]);
}

static KeysResult take_x10(Keys *k, wint_t c, Event *e)
{
    k->arg[k->args - 1] = (int)c - 32;
    if (++k->args <= 3)
        return KEYS_NONE;
    k->state = KEYS_GROUND;
    return mouse_event(e, k->arg[0], false, k->arg[1], k->arg[2]);
}

/* CSI ? 2026 ; Ps $ y: Ps 1 or 2 says the mode is known; other answers end at their letter. */
static KeysResult take_answer(Keys *k, wint_t c, Event *e)
{
    (void)e;
    keep_char(k, c);
    if (report_param(k, c) || (c >= 0x20 && c < 0x40))
        return KEYS_NONE;
    k->state = KEYS_GROUND;
    bool known = c == 'y' && k->arg[0] == 2026 && (k->arg[1] == 1 || k->arg[1] == 2);
    return known ? KEYS_SYNC : c == 'c' ? KEYS_ATTRIBUTES : KEYS_NONE;
}

/* A sequence without meaning to us, CSI or SS3: everything to its last byte. */
static KeysResult take_unknown(Keys *k, wint_t c, Event *e)
{
    (void)e;
    k->args++;
    keep_char(k, c);
    if (c == 27)
        k->state = KEYS_ESCAPED;
    else if ((c >= 0x40 && c < 0x7F) || c < 0x20)
        k->state = KEYS_GROUND;
    return KEYS_NONE;
}

/* Words up to ESC \ or BEL. */
static KeysResult take_string(Keys *k, wint_t c, Event *e)
{
    (void)e;
    keep_char(k, c);
    if (c == 7 || (c == '\\' && k->arg[0] == 27))
        k->state = KEYS_GROUND;
    k->arg[0] = (int)c;
    return KEYS_NONE;
}

/* --- plain characters and function keys --- */

static KeysResult take_escaped(Keys *k, wint_t c, Event *e)
{
    if (c == 27)
        return key_event(k, e, KEYCODE_ESCAPE);
    bool words = k->asked && (c == 'P' || c == '_');
    if (c == '[' || c == 'O' || words) {
        report_start(k, words ? KEYS_STRING : KEYS_UNKNOWN);
        keep(k, "\033");
        keep_char(k, c);
        k->arg[0] = (int)c;
        return KEYS_NONE;
    }
    k->state = KEYS_GROUND;
    k->held = (uint32_t)c; /* Alt and a key: the same bytes as both keys in haste */
    return key_event(k, e, KEYCODE_ESCAPE);
}

static KeysResult take_char(Keys *k, wint_t c, Event *e)
{
    if (k->paste) {
        if (c == '\r')
            c = '\n';
        return c >= 0x20 || c == '\n' || c == '\t' ? key_event(k, e, (uint32_t)c) : KEYS_NONE;
    }
    if (c == 27) {
        k->state = KEYS_ESCAPED;
        return KEYS_NONE;
    }
    if (c == 8)
        c = KEYCODE_BACKSPACE;
    if (c == '\n')
        c = KEYCODE_ENTER;
    return c ? key_event(k, e, (uint32_t)c) : KEYS_NONE;
}

static KeysResult take_function(Keys *k, int code, Event *e)
{
    switch (code) {
    case KEY_RESIZE:
        return KEYS_RESIZE;
    case OWN_FENCE:
        return KEYS_FENCE;
    case OWN_MOUSE:
        report_start(k, KEYS_MOUSE);
        return KEYS_NONE;
    case OWN_X10:
        report_start(k, KEYS_X10);
        return KEYS_NONE;
    case OWN_ANSWER:
        report_start(k, KEYS_ANSWER);
        keep(k, "\033[?");
        return KEYS_NONE;
    case OWN_PASTE:
    case OWN_PASTE_END:
        k->paste = code == OWN_PASTE;
        return KEYS_NONE;
    }
    for (size_t i = 0; i < COUNT(function_keys) && !k->paste; i++)
        if (function_keys[i].code == code)
            return key_event(k, e, function_keys[i].key);
    return KEYS_NONE;
}

static KeysResult take(Keys *k, int status, wint_t c, Event *e)
{
    typedef KeysResult Take(Keys *, wint_t, Event *);
    static Take *const takes[] = {
        [KEYS_GROUND] = take_char, [KEYS_ESCAPED] = take_escaped, [KEYS_UNKNOWN] = take_unknown,
        [KEYS_MOUSE] = take_mouse, [KEYS_X10] = take_x10,         [KEYS_ANSWER] = take_answer,
        [KEYS_STRING] = take_string};
    if (status != KEY_CODE_YES)
        return takes[k->state](k, c, e);
    if (k->state == KEYS_ESCAPED) { /* the escape was a key of its own */
        k->state = KEYS_GROUND;
        ungetch((int)c);
        return key_event(k, e, KEYCODE_ESCAPE);
    }
    if ((int)c != KEY_RESIZE)
        k->state = KEYS_GROUND; /* a broken report before it is given up */
    return take_function(k, (int)c, e);
}

/* Nothing more came: an escape was a key after all, and so was a '[' right behind it. */
static KeysResult settle(Keys *k, Event *e)
{
    if (k->state == KEYS_ESCAPED) {
        k->state = KEYS_GROUND;
        return key_event(k, e, KEYCODE_ESCAPE);
    }
    if (k->state == KEYS_UNKNOWN) {
        k->state = KEYS_GROUND;
        if (k->args == 1) {
            k->held = (uint32_t)k->arg[0];
            return key_event(k, e, KEYCODE_ESCAPE);
        }
    }
    return KEYS_NONE;
}

KeysResult keys_next(Keys *k, Event *e)
{
    if (k->held) {
        uint32_t key = k->held;
        k->held = 0;
        return key_event(k, e, key);
    }
    for (;;) {
        wint_t c = 0;
        int status = wget_wch(k->pad, &c);
        if (status == ERR)
            return settle(k, e);
        k->took = true;
        KeysResult result = take(k, status, c, e);
        if (result != KEYS_NONE)
            return result;
    }
}
