/* SPDX-License-Identifier: MIT
 * show: one frame of the stage on standard output. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "out/ansi.h"
#include "out/svg.h"
#include "out/text.h"

static int fail(Error *err)
{
    error_in(err, "scene");
    error_print(err, stderr);
    return EXIT_INPUT;
}

/* Where a terminal would show its own colours, the picture is white on black, or the reverse. */
static void svg(const Cli *c, const Canvas *canvas)
{
    bool light = c->theme == THEME_LIGHT;
    SvgLook look = {"etascope: gradient descent on a loss surface, its learning rate and its loss",
                    light ? 0x000000 : 0xE5E5E5, light ? 0xFFFFFF : 0x000000};
    out_svg(canvas, &look, stdout);
}

int cli_show(const Cli *c)
{
    Error err = {0};
    Canvas canvas = {0};
    AppOptions options = {.scene = &c->scene, .theme = c->theme, .map = c->map, .paused = true};
    App *app = app_new(&options, &err);
    if (!app)
        return fail(&err);
    ColorMode mode = cli_color(c);
    app_output(app, mode, GLYPHS_QUADRANT);
    if (c->ascii)
        app_ascii(app);
    app_resize(app, c->cols, c->rows);
    app_settle(app);
    int status = EXIT_HOLDS;
    if (c->execs == 0 || c->at_step >= 0)
        app_seek(app, c->at_step < 0 ? STEPS_MAX : c->at_step);
    if (!cli_exec(c, app, &err)) {
        status = fail(&err);
    } else if (!canvas_resize(&canvas, c->cols, c->rows)) {
        fprintf(stderr, "etascope: out of memory\n");
        status = EXIT_NOT;
    } else {
        app_settle(app);
        app_draw(app, &canvas);
        if (strcmp(c->format, "ansi") == 0)
            ansi_plain(&canvas, mode, stdout);
        else if (strcmp(c->format, "svg") == 0)
            svg(c, &canvas);
        else
            out_text(&canvas, stdout);
        status = cli_close(EXIT_HOLDS);
    }
    canvas_release(&canvas);
    app_free(app);
    return status;
}
