/* SPDX-License-Identifier: MIT
 * show: one frame of the stage on standard output, or the whole run as a film. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/figures.h"
#include "cli/cli.h"

static int fail(const Cli *c, Error *err)
{
    cli_scene_error(c, err);
    error_print(err, stderr);
    return EXIT_INPUT;
}

/* T of runner A, its edits included; one at or after T has no effect. */
static long last_step(const Scene *s)
{
    long last = s->steps;
    for (const Edit *e = s->edit; e < s->edit + s->edit_count; e++)
        if (e->key == SCENE_STEPS && e->step < last)
            last = (long)e->number;
    return last;
}

/* A step to show that the run does not have. A run that ends early has its last row instead. */
static bool step_exists(const Cli *c, Error *err)
{
    long last = last_step(&c->scene);
    if (c->at_step <= last)
        return true;
    error_set(err, 1, 1, "'%ld' is beyond the run's last step, %ld", c->at_step, last);
    error_in(err, "--at-step");
    return false;
}

static void draw_canvas(const Cli *c, const Canvas *canvas, const FigureSet *set)
{
    Paint paint = paint_make(c->theme, c->map, MODE_TRUECOLOR, GLYPHS_BRAILLE);
    Picture p = {.canvas = canvas,
                 .slot = set ? set->slot : NULL,
                 .slots = set ? FIGURES : 0,
                 .paint = &paint,
                 .width = c->width,
                 .height = c->height,
                 .mode = cli_color(c),
                 .title = "etascope: gradient descent on a loss surface, its learning rate and its "
                          "loss",
                 .light = c->theme == THEME_LIGHT};
    c->format->draw(&p, stdout);
}

void cli_draw(const Cli *c, const Canvas *canvas)
{
    draw_canvas(c, canvas, NULL);
}

static int no_memory(void)
{
    fprintf(stderr, "etascope: out of memory\n");
    return EXIT_NOT;
}

/* ---- the run as a film -------------------------------------------------------------------- */

enum { FILM_FRAMES = 300, MARKER_TEXT = 400 };
#define FILM_SECONDS 10.0 /* of a whole run: speed 1 */

typedef struct Reel {
    App *app;
    long row;    /* shown by the next frame; behind `last`: none */
    long before; /* ... and by the one before, -1: none */
    long last;   /* of the film */
    long stride;
    char said[MARKER_TEXT];                   /* the caption on the screen */
    char marker[FILM_MARKERS][MARKER_TEXT];
} Reel;

static void mark(Reel *r, FilmFrame *frame, const char *text)
{
    if (frame->markers == FILM_MARKERS)
        return;
    char *to = r->marker[frame->markers];
    snprintf(to, MARKER_TEXT, "%s", text);
    frame->marker[frame->markers++] = to;
}

/* Edits that the frame is the first to show, another caption, and what the run came to. */
static void mark_all(Reel *r, FilmFrame *frame)
{
    const Scene *s = app_scene(r->app);
    char text[MARKER_TEXT];
    for (int i = 0; i < s->edit_count; i++) {
        Text t = text_over(text, sizeof text);
        if (s->edit[i].step <= r->before || s->edit[i].step > r->row)
            continue;
        text_add(&t, "at ");
        scene_print_edit(s, i, &t);
        mark(r, frame, text);
    }
    bool end = r->row == r->last;
    if (!end && strcmp(app_status(r->app), r->said) != 0)
        mark(r, frame, app_status(r->app));
    snprintf(r->said, sizeof r->said, "%s", app_status(r->app));
    if (end) {
        snprintf(text, sizeof text, "end: %s", app_outcome(r->app));
        mark(r, frame, text);
    }
}

static bool next_frame(void *ctx, Canvas *canvas, FilmFrame *frame)
{
    Reel *r = ctx;
    if (r->row > r->last)
        return false;
    app_seek(r->app, r->row);
    app_settle(r->app);
    app_draw(r->app, canvas);
    *frame = (FilmFrame){.at = FILM_SECONDS * (double)r->row / (double)app_scene(r->app)->steps};
    mark_all(r, frame);
    r->before = r->row;
    r->row = r->row == r->last || r->row + r->stride < r->last ? r->row + r->stride : r->last;
    return true;
}

static int put_film(const Cli *c, App *app)
{
    char title[200];
    Reel reel = {.app = app, .before = -1, .last = app_last(app)};
    snprintf(reel.said, sizeof reel.said, "%s", app_status(app));
    if (c->at_step >= 0 && c->at_step < reel.last)
        reel.last = c->at_step;
    reel.stride = 1 + (reel.last - 1) / FILM_FRAMES;
    snprintf(title, sizeof title, "etascope%s%.150s", c->scene_file ? " " : "",
             c->scene_file ? c->scene_file : "");
    Film film = {c->cols, c->rows, cli_color(c), c->cast_version, title, &reel, next_frame};
    bool ok = c->format->film(&film, stdout);
    int status = cli_close(EXIT_HOLDS);
    return ok || status != EXIT_HOLDS || ferror(stdout) ? status : no_memory();
}

/* The whole stage; in a format of pixels its figures are figures. */
static bool put_stage(const Cli *c, App *app)
{
    Canvas canvas = {0};
    FigureSet *set = c->format->slots ? malloc(sizeof *set) : NULL;
    bool ok = canvas_resize(&canvas, c->cols, c->rows) && (set || !c->format->slots);
    app_pictures(app, set != NULL);
    if (ok) {
        app_draw(app, &canvas);
        if (set)
            figures_show(app, set);
        draw_canvas(c, &canvas, set);
    }
    canvas_release(&canvas);
    free(set);
    return ok;
}

static int put(const Cli *c, App *app)
{
    bool ok = c->panel ? cli_put_panel(c, app) : put_stage(c, app);
    return ok ? cli_close(EXIT_HOLDS) : no_memory();
}

int cli_show(const Cli *c)
{
    Error err = {0};
    AppOptions options = {.scene = &c->scene, .theme = c->theme, .map = c->map, .paused = true};
    if (c->panel && format_lacks_figures(c->format, &err)) {
        error_in(&err, "--format");
        return fail(c, &err);
    }
    if (!step_exists(c, &err))
        return fail(c, &err);
    App *app = app_new(&options, &err);
    if (!app)
        return fail(c, &err);
    app_output(app, cli_color(c), c->glyphs ? (GlyphSet)(c->glyphs - 1) : GLYPHS_BRAILLE);
    if (c->ascii)
        app_ascii(app);
    app_resize(app, c->cols, c->rows);
    app_settle(app);
    int status = EXIT_HOLDS;
    if (c->format->film)
        app_seek(app, 0);
    else if (c->execs == 0 || c->at_step >= 0)
        app_seek(app, c->at_step < 0 ? STEPS_MAX : c->at_step);
    if (!cli_exec(c, app, &err)) {
        status = fail(c, &err);
    } else {
        app_settle(app);
        status = c->format->film ? put_film(c, app) : put(c, app);
    }
    app_free(app);
    return status;
}
