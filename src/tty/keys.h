/* SPDX-License-Identifier: MIT
 * keys: bytes from the terminal -> events. Read through an ncurses pad, because reading from a
 * window would let ncurses paint it. */
#ifndef ETA_TTY_KEYS_H
#define ETA_TTY_KEYS_H

#include <curses.h>
#include <stdbool.h>

#include "app/event.h"

typedef enum KeysResult {
    KEYS_NONE, /* nothing more for now */
    KEYS_EVENT,
    KEYS_RESIZE,
    KEYS_FENCE,     /* the terminal has read up to a FENCE_ASK */
    KEYS_SYNC,      /* it knows synchronised output */
    KEYS_ATTRIBUTES /* its answer to DA1 */
} KeysResult;

typedef enum KeysState {
    KEYS_GROUND,
    KEYS_ESCAPED, /* ESC came, and more behind it at once */
    KEYS_UNKNOWN, /* inside a sequence nobody knows: dropped to its end */
    KEYS_MOUSE,   /* inside an SGR mouse report */
    KEYS_X10,     /* inside an old mouse report */
    KEYS_ANSWER,  /* inside a private answer, CSI ? ... */
    KEYS_STRING   /* inside an answer of words: DCS or APC, up to ST */
} KeysState;

enum { KEYS_SAID = 256 };

typedef struct Keys {
    WINDOW *pad; /* owned */
    KeysState state;
    bool paste;    /* between the brackets of a paste */
    int arg[4];    /* of the report being read */
    int args;      /* started so far, past 4 too */
    bool took;     /* at least one byte came since keys_begin */
    uint32_t held; /* a key to hand out next, 0: none */
    bool asked;    /* a question is open: ESC P and ESC _ begin answers, and what comes is kept */
    char said[KEYS_SAID]; /* answers as they came; more is not kept */
    size_t said_count;
} Keys;

bool keys_open(Keys *k);
void keys_close(Keys *k);
/* What has begun and will not be ended, since the terminal was given away meanwhile: halves of
 * answers are no keys. What has not been read yet is thrown away too. */
void keys_forget(Keys *k);
/* A new round of reading. */
void keys_begin(Keys *k);
KeysResult keys_next(Keys *k, Event *e);

#endif
