/* SPDX-License-Identifier: MIT
 * app: the whole program without a terminal. The only mutable program state.
 *
 *     App *app = app_new(&options, &err);
 *     app_event(app, event);            a key, the mouse, a resize
 *     app_advance(app, seconds);        play and compute ahead; true: something visible changed
 *     app_draw(app, canvas);            the frame
 *
 * Tests, `show`, pictures and fuzzers drive the same calls as the terminal does. */
#ifndef ETA_APP_APP_H
#define ETA_APP_APP_H

#include <stdbool.h>

#include "app/event.h"
#include "base/error.h"
#include "core/scene.h"
#include "view/canvas.h"
#include "view/theme.h"

typedef struct App App;

typedef struct AppOptions {
    const Scene *scene; /* the first scene; NULL: pair 1, left */
    ThemeId theme;
    MapId map;
    bool paused;        /* do not start playing */
    bool lessons;       /* begin with the lessons: */
    const char *lesson; /* id, number or file of the one to open; NULL: the list */
    bool notes;         /* the speaker's notes of that one instead */
    bool no_save;       /* keep no progress */
    bool notebook;      /* keep the runs that end in the notebook's file */
    const char *settings;      /* lines of a settings file, run first; NULL: none */
    const char *settings_file; /* its path, for errors and for the files that it names */
    bool own_theme, own_map;   /* theme and map were asked for: no setting may change them */
    const char *goal; /* what the run must fulfil, in the language of core/goal.h; NULL: nothing */
} AppOptions;

/* NULL on bad input (err filled) or without memory. Free with app_free. */
App *app_new(const AppOptions *options, Error *err);
void app_free(App *a);

/* What the output can show; called before the first draw and whenever it changes. */
void app_output(App *a, ColorMode mode, GlyphSet glyphs);
/* `own`: the user asked for them; else they give way to what the user chose. */
void app_glyphs(App *a, GlyphSet glyphs, bool own);
void app_ascii(App *a); /* nothing past ASCII can be shown */
void app_pictures(App *a, bool on); /* figures are drawn as pictures, by who calls figures_show */

void app_event(App *a, Event e);
/* `seconds` of playing; also computes rows, the map and critical points in slices of a few ms. */
bool app_advance(App *a, double seconds);
/* Seconds until app_advance would change something; 0: work is waiting; < 0: never by itself. */
double app_next(const App *a);
void app_draw(const App *a, Canvas *canvas);
bool app_quit(const App *a);
/* What was copied for the clipboard, once; NULL: nothing since. Lives until the next event. */
const char *app_copied(App *a);

/* One line as at the ':' prompt: a command, or assignments at the cursor. */
bool app_command(App *a, const char *line, Error *err);

/* For `show`, tests and the shell's last word. */
void app_resize(App *a, int cols, int rows);
void app_seek(App *a, long row);
void app_settle(App *a); /* finish all work that waits: rows, critical points, the map */
long app_row(const App *a);
long app_last(App *a); /* the last row of the whole run */
const Scene *app_scene(const App *a);
void app_tell(App *a, const char *text); /* a warning on the status line */
const char *app_status(const App *a);
const char *app_outcome(const App *a); /* verdict at the cursor: "global minimum" */
/* The whole run against the goal, in a sentence: true if it is met. Without a goal: true and "". */
bool app_goal(App *a, char *out, size_t size);

#endif
