/* SPDX-License-Identifier: MIT
 * drive: the whole program in-process, for tests, fuzzers and the bench: keys in, cells out. The
 * questions asked here need the App's inside; what people see is asked of app.h alone. */
#ifndef ETA_TESTS_DRIVE_H
#define ETA_TESTS_DRIVE_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/borders.h"
#include "app/focus.h"
#include "app/line.h"
#include "app/look.h"
#include "app/picture.h"
#include "app/say.h"
#include "app/school.h"
#include "app/session.h"
#include "app/task.h"
#include "app/view/prompt.h"
#include "app/views.h"
#include "base/rng.h"

enum { DRIVE_SCENE = 1 << 18, DRIVE_WORDS = 256 };

typedef struct Drive {
    App *app;
    Canvas canvas;
    int cols, rows;
} Drive;

static inline void drive_resize(Drive *d, int cols, int rows)
{
    d->cols = cols;
    d->rows = rows;
    app_event(d->app, (Event){.kind = EVENT_RESIZE, .col = cols, .row = rows});
    if (!canvas_resize(&d->canvas, cols, rows))
        abort();
}

static inline Drive drive_open_scene(const Scene *scene, bool paused, int cols, int rows)
{
    Error err = {0};
    Drive d = {.app = app_new(&(AppOptions){.scene = scene, .paused = paused, .no_save = true}, &err)};
    if (!d.app) {
        error_print(&err, stderr);
        abort();
    }
    app_output(d.app, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    drive_resize(&d, cols, rows);
    return d;
}

static inline Drive drive_open(int cols, int rows)
{
    return drive_open_scene(NULL, false, cols, rows);
}

static inline void drive_close(Drive *d)
{
    app_free(d->app);
    canvas_release(&d->canvas);
}

static inline void drive_key(Drive *d, uint32_t key)
{
    app_event(d->app, (Event){.kind = EVENT_KEY, .key = key});
}

static inline void drive_keys(Drive *d, const char *text)
{
    for (uint32_t key; (key = utf8_next(&text)) != 0;)
        drive_key(d, key);
}

static inline void drive_mouse(Drive *d, int col, int row, MouseButton button)
{
    app_event(d->app, (Event){.kind = EVENT_MOUSE, .col = col, .row = row, .button = button});
}

/* The view that has the keys; a card over it does not count. */
static inline const char *drive_view(const Drive *d)
{
    return view_ground(d->app->views)->name;
}

static inline bool drive_in(const Drive *d, const char *view)
{
    return strcmp(drive_view(d), view) == 0;
}

/* Let all waiting work be done, without moving the play head. */
static inline void drive_wait(Drive *d)
{
    for (int i = 0; i < 20000 && (app_advance(d->app, 1e-9) || app_next(d->app) == 0); i++)
        ;
}

/* Play to the end, in frames. */
static inline void drive_play_out(Drive *d)
{
    for (int i = 0; i < 100000 && d->app->session->playing; i++)
        app_advance(d->app, 1.0 / 60);
    drive_wait(d);
}

static inline void drive_draw(Drive *d)
{
    app_draw(d->app, &d->canvas);
}

/* The screen as UTF-8 lines, blanks at the ends cut. Free it. */
static inline char *drive_text(const Canvas *c)
{
    char *text = malloc((size_t)c->rows * ((size_t)c->cols * 4 + 1) + 1);
    size_t used = 0;
    if (!text)
        abort();
    for (int row = 0; row < c->rows; row++) {
        const Cell *line = c->cell + (size_t)row * (size_t)c->cols;
        int end = c->cols;
        while (end > 0 && line[end - 1].glyph == ' ')
            end--;
        for (int col = 0; col < end; col++)
            used += (size_t)utf8_encode(line[col].glyph, text + used);
        text[used++] = '\n';
    }
    text[used] = '\0';
    return text;
}

/* Draws; true if the text stands somewhere within one row of the screen. */
static inline bool drive_shows(Drive *d, const char *words)
{
    drive_draw(d);
    char *text = drive_text(&d->canvas);
    bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static inline void drive_copy(const Canvas *from, Canvas *to)
{
    if (!canvas_resize(to, from->cols, from->rows))
        abort();
    memcpy(to->cell, from->cell, sizeof *to->cell * (size_t)(to->cols * to->rows));
}

/* The first cell that differs, -1: none. Sizes must agree. */
static inline int drive_difference(const Canvas *a, const Canvas *b)
{
    for (int i = 0; i < a->cols * a->rows; i++)
        if (memcmp(&a->cell[i], &b->cell[i], sizeof a->cell[i]) != 0)
            return i;
    return -1;
}

/* Forget every picture and number that was made step by step: without room they all go. */
static inline void drive_forget(Drive *d)
{
    App *a = d->app;
    app_resize(a, 1, 1);
    a->picture->scales.eta_range = a->picture->drawn[TRACK_RUN].range = (Range){0};
    a->picture->now.row = -1;
    app_resize(a, d->cols, d->rows);
}

/* Is the frame a pure function of the state? Draws it, forgets all caches, draws again. Where they
 * differ is printed. The program is paused by it. */
static inline bool drive_same_afresh(Drive *d)
{
    Canvas before = {0};
    d->app->session->playing = false;
    drive_wait(d);
    drive_draw(d);
    drive_copy(&d->canvas, &before);
    drive_forget(d);
    drive_wait(d);
    drive_draw(d);
    int at = drive_difference(&before, &d->canvas);
    if (at >= 0)
        fprintf(stderr, "cell %d,%d of %dx%d: U+%04X %07X/%07X grew, U+%04X %07X/%07X afresh\n",
                at % d->cols, at / d->cols, d->cols, d->rows, before.cell[at].glyph,
                before.cell[at].fg, before.cell[at].bg, d->canvas.cell[at].glyph,
                d->canvas.cell[at].fg, d->canvas.cell[at].bg);
    canvas_release(&before);
    return at < 0;
}

static inline bool drive_rows_equal(const Timeline *a, const Timeline *b)
{
    if (timeline_ready(a) != timeline_ready(b))
        return false;
    const Row *r = timeline_rows(a);
    const Row *s = timeline_rows(b);
    for (long t = 0; t < timeline_ready(a); t++)
        if (memcmp(&r[t], &s[t], offsetof(Row, events) + sizeof r->events) != 0) {
            fprintf(stderr, "row %ld differs\n", t);
            return false;
        }
    return true;
}

/* The scene as the program prints it. Free it; NULL: longer than any file should be. */
static inline char *drive_scene_text(const App *a)
{
    char *text = malloc(DRIVE_SCENE);
    Text t = text_over(text, DRIVE_SCENE);
    scene_print(app_scene(a), true, &t);
    if (!t.full)
        return text;
    free(text);
    return NULL;
}

/* Does the printed scene, read by a fresh timeline, give the rows on the screen, byte for byte? */
static inline bool drive_replays(Drive *d)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    Timeline *run = timeline_new();
    char *text = drive_scene_text(d->app);
    scene_default(scene);
    bool same = text && scene_parse(scene, text, NULL, &err) && timeline_set(run, scene, &err);
    while (same && timeline_advance(run, STEPS_MAX))
        ;
    while (timeline_advance(session_run(d->app->session), STEPS_MAX))
        ;
    same = same && drive_rows_equal(session_run(d->app->session), run) && scene_equal(app_scene(d->app), scene);
    if (!same)
        fprintf(stderr, "not replayed (%s): %s\n", err.message, text ? text : "(too long)");
    timeline_free(run);
    free(scene);
    free(text);
    return same;
}

#endif
