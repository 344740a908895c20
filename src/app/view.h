/* SPDX-License-Identifier: MIT
 * view: what may be open on the screen, as a stack. Each view is one file of view/ and one const
 * row; the top gets the keys first, esc pops it. A view reads the session and calls its verbs;
 * another view it asks for by name. */
#ifndef ETA_APP_VIEW_H
#define ETA_APP_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "app/command.h"
#include "app/event.h"
#include "view/canvas.h"

enum { VIEWS_OPEN = 8, VIEWS_MOST = 32, OWN_KEYS = 48, OWN_LINE = 160 };

/* How a key stands in the footer. */
enum {
    KEY_AND_OPPOSITE = 1, /* with its opposite, "↑↓" */
    KEY_PLAYS = 2,        /* "play" while paused */
    KEY_FOCUSED = 4,      /* names the parameter in focus */
    KEY_DIGITS = 8,       /* stands for all digits */
    KEY_SILENT = 16,      /* not in help: another key of the row stands there */
};

typedef struct Binding {
    uint32_t key;
    const char *line;  /* command line */
    const char *label; /* for the footer, NULL: not there */
    int priority;      /* in the footer: 1 first and kept longest; 0: not there */
    unsigned shown;    /* KEY_ bits */
    const char *help;  /* in help, instead of the verb's; NULL: the verb's */
} Binding;             /* tables end with line == NULL */

enum {
    VIEW_OVER = 1,   /* lies over the view below, which is drawn first */
    VIEW_PASSES = 2, /* keys that it does not know go to the view below */
    VIEW_TYPES = 4,  /* text is typed here: pasted text may come in */
    VIEW_BRIEF = 16, /* goes by itself: after some seconds, with the next verb that is no choice */
    VIEW_STAGE = 8,  /* the run is in sight: the mouse works on map and plots */
};

typedef struct View {
    const char *name;           /* how others ask for it */
    const char *title;          /* heading of its keys: "the stage" */
    const char *help;           /* one line */
    const char *back;           /* where one is when what lay over it has gone: "on the stage" */
    int order;                  /* in lists, rising */
    unsigned flags;             /* VIEW_ bits */
    double every;               /* s: `advance` is called so often, too; 0: only for waiting work */
    size_t memory;              /* bytes of its private state, zero at the start */
    const Binding *const *keys; /* tables, ending with NULL; the first match wins */
    const Command *commands;    /* its verbs, or NULL */
    /* Any of these may be NULL. */
    bool (*open)(App *a, const char *args, Error *err); /* false: it is not opened */
    bool (*close)(App *a);                /* esc: true: it closed something of its own and stays */
    bool (*key)(App *a, uint32_t key);    /* before the bindings; true: taken */
    void (*move)(App *a, int dx, int dy); /* the arrows: the cross, the map, the list */
    bool (*take)(App *a, Error *err);     /* enter: what is chosen */
    bool (*point)(App *a, int col, int row); /* a click on a cell of the map; true: taken */
    bool (*zoom)(App *a, const char *way, Error *err); /* of its own map: in, out, whole */
    bool (*advance)(App *a);     /* a slice of work while it is the top; true: more is left */
    bool (*waits)(const App *a); /* would advance do anything? */
    void (*refresh)(App *a);     /* before a frame, wherever in the stack */
    /* The label of one of its keys in the footer, now; NULL: it would be refused. */
    const char *(*label)(const App *a, const Binding *b);
    void (*draw)(const App *a, Canvas *c);
    void (*release)(App *a); /* free what the private state owns */
} View;

/* A key of the user's own. */
typedef struct OwnKey {
    const View *view;
    Binding binding;
    char line[OWN_LINE];
} OwnKey;

typedef struct Views {
    const View *const *row;       /* borrowed: all there are, by `order`, ending with NULL */
    void *memory[VIEWS_MOST];     /* owned: private states, by row */
    const View *open[VIEWS_OPEN]; /* from the bottom */
    int depth;
    double brief;                /* seconds that what is VIEW_BRIEF on top still stays */
    OwnKey own[OWN_KEYS]; /* looked up before a view's own keys */
    int owns;
} Views;

bool views_init(Views *v, const View *const *rows); /* opens the first row; false: out of memory */
void views_release(App *a);

const View *view_named(const Views *v, const char *name); /* NULL: none */
void *view_memory(const App *a, const View *v);

/* Push a view (one that is on top is opened anew in place). */
bool view_open(App *a, const char *name, const char *args, Error *err);
void view_close(App *a);                 /* esc: the top has something to close, or goes */
bool view_back(App *a);                  /* a `close`: goes, and says where one is now */
void view_pop(App *a);                   /* the top goes, never the last */
void view_remove(App *a, const View *v); /* wherever it is */
/* Time passes; a brief view goes when its time is up. */
void view_advance(App *a, double seconds);
void view_dismiss(App *a);               /* what is VIEW_BRIEF goes */
/* Put it into the stack at an index: a lesson that comes back behind a menu. */
void view_insert(App *a, const View *v, int at);
static inline const View *view_top(const Views *v)
{
    return v->open[v->depth - 1];
}
/* The first from the top, as far as keys get, that works in slices: it has the map, NULL: none. */
const View *view_at_work(const Views *v);
/* The top of those that do not pass keys on. */
const View *view_ground(const Views *v);
int view_depth(const Views *v, const View *row); /* index in the stack, -1: not open */

/* The bindings that work in the view at `depth`, those it passes on included. */
int view_bindings(const Views *v, int depth, const Binding **out, int most);
const Binding *view_binding(const Views *v, uint32_t key); /* at the top; NULL: none */
/* For the footer; NULL: it is not there, or does not work now. */
const char *view_label(const App *a, const Binding *b);
const Command *view_command(const Views *v, const char *name, size_t length);

/* In this view a key runs this line from now on. */
bool view_bind(Views *v, const View *view, uint32_t key, const char *line, Error *err);

void key_name(uint32_t key, char out[16]); /* "space", "shift ←" */
/* A key as people type it: a character, "space", "up", "shift-left", "page-down", "ctrl-x". */
bool key_read(const char *word, size_t length, uint32_t *key);

/* move, take, close, quit */
extern const Command view_commands[];

#endif
