/* SPDX-License-Identifier: MIT
 * vt: a program on a pseudo-terminal with libvterm looking at it. Nothing here sleeps: every wait
 * is for something the program says (its title, its end) and fails after five seconds. */
#ifndef ETA_E2E_VT_H
#define ETA_E2E_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "e2e/vt_cell.h"

typedef struct VtSpawn {
    const char *const *argv; /* ends with NULL; argv[0] is a path */
    const char *const *env;  /* "NAME=value" ..., ends with NULL: the whole environment */
    int cols, rows;
    bool job;        /* under a little shell that can see it stop and continue it */
    bool ignore_hup; /* as under nohup */
    bool no_input;   /* standard input is /dev/null */
    bool no_output;  /* standard output is /dev/null */
    bool silent;     /* the terminal answers no questions */
    const char *input; /* standard input is a pipe with this text (4 KB at most), or NULL */
} VtSpawn;

enum {
    VT_CUT = 128,            /* bytes: no title of ours is longer */
    VT_FEED = 65536 - VT_CUT /* bytes libvterm takes at once */
};

typedef struct Vt {
    pid_t pid;
    int master, slave; /* slave kept open: modes can be looked at after the end */
    int tell, told;    /* pipes to and from the little shell, or -1 */
    int error;         /* read end of the program's standard error */
    VTerm *term;
    VTermScreen *screen;
    int cols, rows;
    bool alternate, cursor; /* screen in use, cursor visible */
    int mouse;              /* a VTERM_PROP_MOUSE_* */
    long frame, key;        /* as the title says; -1: no title yet */
    int title_cols, title_rows;
    size_t bytes, reads; /* from the program so far */
    size_t high;         /* of the bytes: past ASCII */
    char cut[VT_CUT];    /* start of something that came in two pieces */
    size_t cut_size;
    struct termios before; /* modes at the start */
    bool silent;
    void (*heard)(void *ctx, const char *bytes, size_t count); /* what libvterm drops; or NULL */
    void *heard_by;
    int apc; /* where in an APC the bytes are: outside, behind ESC, inside, behind its ESC */
    bool ended;
    int status; /* as waitpid gives it, when ended */
} Vt;

bool vt_start(Vt *v, const VtSpawn *spawn);
void vt_stop(Vt *v); /* kills what still runs; frees */

/* Look at what comes for at most `seconds`; false: nothing came. */
bool vt_pump(Vt *v, double seconds);
/* The terminal reads these bytes, at most VT_FEED, as if they had just come. */
void vt_feed(Vt *v, const char *bytes, size_t size);
bool vt_wait_frame(Vt *v, long frame);        /* frame or a later one is shown */
bool vt_wait_key(Vt *v, long key);            /* so many events were answered by a frame */
bool vt_wait_size(Vt *v, int cols, int rows); /* a frame of this size is shown */
bool vt_wait_text(Vt *v, const char *text);   /* it stands in a row */
bool vt_wait_same(Vt *a, Vt *b);              /* both screens look the same, as vt_same_screen */
bool vt_wait_end(Vt *v);                      /* v->status is set */
bool vt_wait_stopped(Vt *v);                  /* job only */
void vt_continue(Vt *v);                      /* job only */

void vt_send(Vt *v, const char *bytes);
void vt_resize(Vt *v, int cols, int rows);
void vt_hang_up(Vt *v); /* the terminal goes away */

Cell vt_cell(const Vt *v, int col, int row);
/* One row as UTF-8, blanks at the end cut; borrowed until the next call. */
const char *vt_row(const Vt *v, int row);
bool vt_shows(const Vt *v, const char *text); /* it stands in a row */
void vt_print(const Vt *v);                   /* the screen, for a test that failed */
/* true: the same looks in every cell; else where they differ is printed. */
bool vt_same_screen(const Vt *a, const Vt *b);
bool vt_modes_restored(const Vt *v);
/* What it wrote to standard error; borrowed until the next call. */
const char *vt_error(Vt *v);
/* A number from /proc: voluntary context switches, write calls; -1: not on this system. */
long vt_switches(const Vt *v);
long vt_writes(const Vt *v);
long vt_peak(const Vt *v);  /* most memory it ever had, KB; -1: not on this system */
double vt_cpu(const Vt *v); /* s of processor so far; -1: not on this system */

#endif
