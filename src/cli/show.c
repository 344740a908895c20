/* SPDX-License-Identifier: MIT
 * show: one frame of the stage on standard output. */
#include <stdio.h>

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

void cli_draw(const Cli *c, const Canvas *canvas)
{
    Picture p = {.canvas = canvas,
                 .mode = cli_color(c),
                 .title = "etascope: gradient descent on a loss surface, its learning rate and its "
                          "loss",
                 .light = c->theme == THEME_LIGHT};
    c->format->draw(&p, stdout);
}

int cli_show(const Cli *c)
{
    Error err = {0};
    Canvas canvas = {0};
    AppOptions options = {.scene = &c->scene, .theme = c->theme, .map = c->map, .paused = true};
    if (!step_exists(c, &err))
        return fail(c, &err);
    App *app = app_new(&options, &err);
    if (!app)
        return fail(c, &err);
    app_output(app, cli_color(c), GLYPHS_QUADRANT);
    if (c->ascii)
        app_ascii(app);
    app_resize(app, c->cols, c->rows);
    app_settle(app);
    int status = EXIT_HOLDS;
    if (c->execs == 0 || c->at_step >= 0)
        app_seek(app, c->at_step < 0 ? STEPS_MAX : c->at_step);
    if (!cli_exec(c, app, &err)) {
        status = fail(c, &err);
    } else if (!canvas_resize(&canvas, c->cols, c->rows)) {
        fprintf(stderr, "etascope: out of memory\n");
        status = EXIT_NOT;
    } else {
        app_settle(app);
        app_draw(app, &canvas);
        cli_draw(c, &canvas);
        status = cli_close(EXIT_HOLDS);
    }
    canvas_release(&canvas);
    app_free(app);
    return status;
}
