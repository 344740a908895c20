/* SPDX-License-Identifier: MIT
 * tty: a program that is three calls (event, advance, draw), run on a terminal.
 *
 * ncurses owns modes, terminfo, keys, resize and suspend; frames go out through ncurses or
 * through out/ansi. The terminal is restored on every way out, crashes included. */
#ifndef ETA_TTY_TTY_H
#define ETA_TTY_TTY_H

#include <stdbool.h>
#include <stdio.h>

#include "app/event.h"
#include "view/canvas.h"
#include "view/figure.h"
#include "view/theme.h"

/* The program, as tty sees it. Nothing may be NULL. */
typedef struct TtyApp {
    void *ctx;
    /* Once at the start, before anything else: what the terminal can show. */
    void (*colors)(void *ctx, ColorMode mode, bool utf8);
    /* EVENT_RESIZE comes once at the start too; EVENT_END is the last call of all when the
     * terminal went away or a signal asks the program to end: save now. */
    void (*event)(void *ctx, Event e);
    /* seconds passed, >= 0; true: something visible changed. */
    bool (*advance)(void *ctx, double seconds);
    /* Seconds until something will change by itself; < 0: not before the next event. */
    double (*next)(void *ctx);
    /* Fill the canvas; its size is the terminal's. */
    void (*draw)(void *ctx, Canvas *canvas);
    bool (*quit)(void *ctx);
    /* Are figures pictures of the terminal, whose cells draw leaves blank? Said when it changes. */
    void (*pictures)(void *ctx, bool on);
    /* The figures of the frame just drawn, valid until the next call. Returns how many. */
    int (*figures)(void *ctx, const FigureSlot **slots, const Paint **paint);
    /* What goes to the terminal's clipboard before this frame, once; NULL: nothing. */
    const char *(*copied)(void *ctx);
    /* Something that the user should know; a sentence. */
    void (*tell)(void *ctx, const char *text);
    /* The terminal says that it draws octants. */
    void (*octants)(void *ctx);
} TtyApp;

/* In the order of the words of --picture. */
typedef enum TtyPicture { TTY_PICTURE_AUTO, TTY_PICTURE_KITTY, TTY_PICTURE_CELLS } TtyPicture;

typedef enum TtyRender { TTY_AUTO, TTY_NCURSES, TTY_ANSI } TtyRender;

typedef struct TtyOptions {
    int colors; /* a ColorMode, or TTY_DETECT */
    TtyRender render;
    TtyPicture picture;
    long frames; /* end after so many frames; 0: no limit */
    bool ascii;  /* no glyph past ASCII */
    bool no_mouse;
    bool virtual_clock; /* every frame is 1/60 s after the one before, without waiting */
    FILE *record;       /* the session goes there as an asciicast; NULL: it does not */
    int cast_version;   /* of that */
    bool marker;        /* for tests: the title says "eta frame=N key=K size=CxR" */
} TtyOptions;

#define TTY_DETECT (-1)
#define TTY_DEFAULTS ((TtyOptions){.colors = TTY_DETECT})

/* Run until app->quit, the end of input or the last frame. The exit status: 0, or 3 after a
 * message on standard error if there is no usable terminal (nothing was sent to it then), or 1
 * if memory ran out. SIGINT, SIGTERM and SIGHUP end the process by that signal, restored. */
int tty_run(const TtyApp *app, const TtyOptions *options);

#endif
