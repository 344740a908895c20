/* SPDX-License-Identifier: MIT
 * tty: the loop. It sleeps until a key comes or the program wants to change something, and
 * draws at most 60 times a second, only what changed; paused, it does not wake up at all. */
#include "tty/tty.h"

#include <curses.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "out/ansi.h"
#include "out/bytes.h"
#include "tty/fence.h"
#include "tty/keys.h"
#include "tty/modes.h"
#include "tty/paint.h"
#include "tty/pictures.h"
#include "tty/record.h"
#include "tty/signals.h"
#include "tty/term.h"

#define FRAME_TIME (1.0 / 60) /* s */
#define KEY_FRAME_TIME 0.001  /* s: a frame that answers a key need not wait its turn */
#define WAIT_LEAST 0.001      /* s: a wake-up just before the time must not become a spin */
#define FOREVER (-1.0)
#define ANSWER_TIME 0.1                    /* s: for answers under way when we leave; < 1 */
#define SYNC_QUESTION "\033[?2026$p"
#define NAME_QUESTION "\033[>q" /* XTVERSION */
#define LAST_QUESTION "\033[c" /* DA1: everybody answers that */

enum { REDRAW_KEY = 'L' - '@' /* Ctrl-L: repaint a screen that something else has written on */ };
enum { SILENT_READS = 8 /* readable without a byte so often: the input has ended */ };
enum { STATUS_DONE = 0, STATUS_MEMORY = 1, STATUS_NO_TERMINAL = 3 };

typedef struct Loop {
    const TtyApp *app;
    const TtyOptions *options;
    Term term;
    Modes modes;
    Keys keys;
    Painter painter;
    Fence fence;
    Record record;
    double began; /* s: the first frame, for the recording */
    Canvas canvas;
    Pictures pictures;
    double shown_to; /* s: the clock the app has been advanced to */
    double frame_at; /* s: not before this may the next frame be drawn */
    double drawn_at; /* s: when the last one was */
    long frames;     /* drawn */
    long consumed;   /* events given to the app, resizes not counted */
    int silent;      /* reads without a byte in a row */
    bool dirty;      /* something visible changed since the last frame */
    bool full;       /* the next frame must assume nothing */
    bool asked;      /* a question about the terminal has no answer yet */
    bool gone;       /* the terminal is: nothing to restore, nothing to say */
    bool ended;
    int status;
} Loop;

static double clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void end(Loop *l, int status)
{
    l->ended = true;
    l->status = status;
}

static void lose(Loop *l)
{
    l->gone = true;
    end(l, STATUS_DONE);
}

/* --- events --- */

static void take_size(Loop *l)
{
    int cols = getmaxx(stdscr);
    int rows = getmaxy(stdscr);
    if (!canvas_resize(&l->canvas, cols, rows) || !l->painter.resize(&l->painter, cols, rows)) {
        end(l, STATUS_MEMORY);
        return;
    }
    pictures_measure(&l->pictures, cols, rows);
    l->full = l->dirty = true;
    l->app->event(l->app->ctx, (Event){.kind = EVENT_RESIZE, .col = cols, .row = rows});
}

static void give(Loop *l, Event e)
{
    if (e.kind == EVENT_KEY && e.key == REDRAW_KEY)
        l->full = true;
    else
        l->app->event(l->app->ctx, e);
    l->consumed++;
    l->dirty = true;
    l->frame_at = fmin(l->frame_at, l->drawn_at + KEY_FRAME_TIME);
    if (l->app->quit(l->app->ctx))
        end(l, STATUS_DONE);
}

static void begin_pictures(Loop *l)
{
    if (!pictures_open(&l->pictures))
        return; /* cells need no memory */
    modes_pictures(&l->modes);
    l->app->pictures(l->app->ctx, true);
    l->full = l->dirty = true;
}

/* The last answer of all that were asked for. */
static void take_attributes(Loop *l)
{
    l->asked = l->keys.asked = false;
    if (board_knows_octants(l->keys.said, l->keys.said_count, getenv("VTE_VERSION")) &&
        l->painter.fences && l->term.utf8 && pictures_may_ask())
        l->app->octants(l->app->ctx);
    if (l->options->picture == TTY_PICTURE_AUTO && !l->pictures.on && l->painter.fences &&
        pictures_allowed(&l->pictures, l->keys.said, l->keys.said_count))
        begin_pictures(l);
}

/* What the terminal says of itself. */
static void take_answer(Loop *l, KeysResult r)
{
    if (r == KEYS_FENCE)
        fence_reply(&l->fence, clock_now());
    else if (r == KEYS_SYNC)
        l->painter.sync(&l->painter);
    else if (r == KEYS_ATTRIBUTES)
        take_attributes(l);
}

/* Everything that has come, before anything is drawn: one frame answers all of it. With ^Z the
 * kernel throws away what is unread, so what follows it may be half a sequence: no keys. */
static void drain(Loop *l)
{
    Event e;
    KeysResult result;
    bool resized = false;
    keys_begin(&l->keys);
    while (!l->ended && (result = keys_next(&l->keys, &e)) != KEYS_NONE) {
        if (result == KEYS_RESIZE)
            resized = true; /* a storm of them is one */
        else if (result != KEYS_EVENT)
            take_answer(l, result);
        else if (!signals_suspending())
            give(l, e);
    }
    if (resized && !l->ended)
        take_size(l);
}

/* Answers still on their way would land on the shell's line. Keys pressed meanwhile are lost. */
static void collect_answers(Loop *l)
{
    double until = clock_now() + ANSWER_TIME;
    while (!l->gone && (l->asked || (!l->fence.off && l->fence.open > 0))) {
        Event e;
        fd_set in;
        double left = until - clock_now();
        struct timespec limit = {0, (long)(left * 1e9)};
        FD_ZERO(&in);
        FD_SET(STDIN_FILENO, &in);
        if (left <= 0 || pselect(STDIN_FILENO + 1, &in, NULL, NULL, &limit, NULL) <= 0)
            return;
        keys_begin(&l->keys);
        for (KeysResult r; (r = keys_next(&l->keys, &e)) != KEYS_NONE;)
            take_answer(l, r);
        if (!l->keys.took)
            return;
    }
}

static void suspend(Loop *l)
{
    collect_answers(l);
    modes_leave(&l->modes);
    signals_stop_self();
    modes_return(&l->modes);
    keys_forget(&l->keys);
    l->fence = (Fence){.off = l->fence.off};
    l->shown_to = clock_now(); /* stopped time does not count */
    l->full = l->dirty = true;
}

/* Somebody stopped us without asking (SIGSTOP): the shell has changed the modes meanwhile. */
static void rearm(Loop *l)
{
    modes_leave(&l->modes);
    modes_return(&l->modes);
    keys_forget(&l->keys);
    l->fence = (Fence){.off = l->fence.off};
    l->full = l->dirty = true;
}

/* true: one came; what was planned before is out of date. */
static bool heed_signals(Loop *l)
{
    if (signals_end())
        end(l, STATUS_DONE);
    else if (signals_suspend())
        suspend(l);
    else if (signals_continue())
        rearm(l);
    else
        return false;
    return true;
}

/* --- time --- */

static void advance(Loop *l)
{
    double now = clock_now();
    double seconds = now - l->shown_to;
    if (l->options->virtual_clock) {
        if (l->dirty)
            return; /* time stands still until the frame is drawn */
        seconds = FRAME_TIME;
        l->dirty = l->options->frames > 0; /* frames are counted: every tick has one */
    }
    l->shown_to = now;
    if (l->app->advance(l->app->ctx, seconds))
        l->dirty = true;
}

/* How long there is nothing to do; FOREVER: until something comes in. */
static double time_to_sleep(Loop *l)
{
    double now = clock_now();
    double next = l->app->next(l->app->ctx);
    if (l->dirty || (l->options->virtual_clock && l->options->frames > 0))
        next = 0;
    if (next < 0)
        return FOREVER;
    double held = fence_wait(&l->fence, now);
    if (l->options->virtual_clock)
        return held;
    double rest = l->frame_at - now;
    double wait = fmax(next, fmax(rest, held));
    return wait > 0 ? fmax(wait, WAIT_LEAST) : 0;
}

/* true: the input has something, or has ended. */
static bool wait_for_input(Loop *l, double seconds)
{
    fd_set in;
    sigset_t open;
    struct timespec limit = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    FD_ZERO(&in);
    FD_SET(STDIN_FILENO, &in);
    signals_hold(&open);
    int n = 0;
    if (!heed_signals(l))
        n = pselect(STDIN_FILENO + 1, &in, NULL, NULL, seconds < 0 ? NULL : &limit, &open);
    signals_release();
    if (n < 0 && errno != EINTR)
        lose(l);
    return n > 0;
}

/* --- frames --- */

static bool may_draw(Loop *l)
{
    double now = clock_now();
    bool due = l->options->virtual_clock || now >= l->frame_at;
    return l->dirty && due && fence_wait(&l->fence, now) <= 0;
}

/* A full disk ends the recording, and nothing else. */
static bool record(Loop *l)
{
    char text[200];
    double now = l->options->virtual_clock ? (double)l->frames * FRAME_TIME : clock_now();
    if (!l->record.begun)
        l->began = now;
    if (record_frame(&l->record, &l->canvas, l->painter.mode, l->term.utf8, now - l->began))
        return true;
    snprintf(text, sizeof text, "the recording has stopped: %s", strerror(errno));
    l->app->tell(l->app->ctx, text);
    return false;
}

/* What follows the frame's bytes: the fence's question, the tests' marker. */
static void add_tail(Loop *l, Text *tail, size_t bytes)
{
    if (l->painter.fences && fence_wanted(&l->fence, bytes)) {
        text_add(tail, FENCE_ASK);
        fence_ask(&l->fence, clock_now());
    }
    if (l->options->marker)
        text_add(tail, "\033]2;eta frame=%ld key=%ld size=%dx%d\007", l->frames, l->consumed,
                 l->canvas.cols, l->canvas.rows);
}

/* Before the cells of the frame, in one synchronized update with them. Returns the bytes. */
static size_t send_pictures(Loop *l, Text *tail)
{
    const FigureSlot *slots;
    const Paint *paint;
    if (!l->pictures.on)
        return 0;
    int count = l->app->figures(l->app->ctx, &slots, &paint);
    const Bytes *out = pictures_frame(&l->pictures, slots, count, paint, l->full);
    if (!out) { /* out of memory: cells again */
        l->pictures.on = false;
        l->app->pictures(l->app->ctx, false);
        return 0;
    }
    if (out->count == 0)
        return 0;
    text_add(tail, PICTURES_END);
    return modes_write((const char *)out->at, out->count) ? out->count : 0;
}

/* OSC 52, where the terminal takes such words in silence: not the Linux console. */
static bool copy(Loop *l)
{
    const char *text = l->app->copied(l->app->ctx);
    Bytes b = {0};
    if (!text || !l->term.ecma || strcmp(l->term.name, "linux") == 0)
        return true;
    bytes_text(&b, "\033]52;c;");
    bytes_base64(&b, (const uint8_t *)text, strlen(text));
    bytes_byte(&b, '\a');
    bool ok = b.failed || modes_write((const char *)b.at, b.count);
    bytes_release(&b);
    return ok;
}

static void draw(Loop *l)
{
    char storage[ANSI_TAIL];
    Text tail = text_over(storage, sizeof storage);
    if (!copy(l) && !signals_end())
        lose(l);
    l->app->draw(l->app->ctx, &l->canvas);
    l->frames++;
    size_t bytes = l->painter.frame(&l->painter, &l->canvas, l->full);
    bytes += send_pictures(l, &tail);
    add_tail(l, &tail, bytes);
    bool recorded = record(l);
    if (!l->painter.flush(&l->painter, storage, tail.used) && !signals_end())
        lose(l);
    l->full = false;
    l->dirty = !recorded; /* which is said by another frame */
    l->drawn_at = clock_now();
    l->frame_at += FRAME_TIME;
    if (l->frame_at < l->drawn_at) /* late: drop frames, never catch up in a burst */
        l->frame_at = l->drawn_at + FRAME_TIME;
    if (l->options->frames > 0 && l->frames >= l->options->frames)
        end(l, STATUS_DONE);
}

static void run(Loop *l)
{
    l->shown_to = l->frame_at = clock_now();
    while (!l->ended) {
        if (may_draw(l))
            draw(l);
        bool readable = !l->ended && wait_for_input(l, time_to_sleep(l));
        if (heed_signals(l) || l->ended)
            continue;
        advance(l);
        drain(l);
        if (l->dirty && !l->ended) /* the frame must show what the events did */
            l->app->advance(l->app->ctx, 0);
        l->silent = readable && !l->keys.took ? l->silent + 1 : 0;
        if (l->silent >= SILENT_READS)
            lose(l);
    }
}

/* --- start and end --- */

/* Our own encoder where it can do more than ncurses or the same with less. */
static bool wants_ansi(const Term *term, TtyRender render)
{
    if (render != TTY_AUTO)
        return render == TTY_ANSI && term->ecma;
    return term->ecma && (term->palette >= 256 || term->mode == MODE_TRUECOLOR);
}

/* Whether it knows synchronized updates; whether it may be sent pictures. */
static void ask(Loop *l)
{
    bool may = pictures_may_ask();
    bool pictures =
        may && l->options->picture == TTY_PICTURE_AUTO && l->painter.mode == MODE_TRUECOLOR;
    char text[128];
    Text t = text_over(text, sizeof text);
    text_add(&t, SYNC_QUESTION "%s",
             pictures ? board_question : may ? NAME_QUESTION LAST_QUESTION : LAST_QUESTION);
    l->asked = l->keys.asked = modes_write(text, t.used);
}

static bool start_painter(Loop *l)
{
    bool ansi = wants_ansi(&l->term, l->options->render);
    bool made = ansi ? paint_ansi(&l->painter, &l->term) : paint_ncurses(&l->painter, &l->term);
    /* The Linux console prints part of the question. */
    if (made && ansi && strcmp(l->term.name, "linux") != 0)
        ask(l);
    return made;
}

static void open_loop(Loop *l)
{
    if (!keys_open(&l->keys) || !start_painter(l)) {
        end(l, STATUS_MEMORY);
        return;
    }
    l->app->colors(l->app->ctx, l->painter.mode, l->term.utf8);
    if (l->options->picture == TTY_PICTURE_KITTY && l->painter.fences &&
        l->painter.mode == MODE_TRUECOLOR && pictures_may_ask())
        begin_pictures(l);
    take_size(l);
}

static void close_loop(Loop *l)
{
    if (l->gone || signals_end())
        l->app->event(l->app->ctx, (Event){.kind = EVENT_END});
    collect_answers(l);
    keys_close(&l->keys);
    if (l->painter.state)
        l->painter.release(&l->painter);
    canvas_release(&l->canvas);
    pictures_close(&l->pictures);
    record_release(&l->record);
    modes_close(&l->modes);
}

int tty_run(const TtyApp *app, const TtyOptions *options)
{
    Loop l = {.app = app, .options = options};
    l.record = (Record){.to = options->record, .version = options->cast_version};
    if (!term_look(&l.term, options->colors, options->ascii))
        return STATUS_NO_TERMINAL;
    if (!modes_open(&l.modes, &l.term, !options->no_mouse)) {
        fprintf(stderr, "etascope: cannot use the terminal '%s'\n", l.term.name);
        return STATUS_NO_TERMINAL;
    }
    open_loop(&l);
    run(&l);
    close_loop(&l);
    if (signals_end())
        signals_die(signals_end());
    if (l.status == STATUS_MEMORY)
        fprintf(stderr, "etascope: out of memory\n");
    return l.status;
}
