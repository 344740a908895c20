/* SPDX-License-Identifier: MIT
 * main: the command line -> a headless command, or the stage on the terminal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/figures.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "store/file.h"
#include "tty/tty.h"

enum { SETTINGS_MOST = 1 << 18 /* bytes */ };

/* What the terminal drives. */
typedef struct Stage {
    App *app;
    int glyphs; /* --glyphs: a GlyphSet; -1: automatic */
    FigureSet figures;
} Stage;

static App *app_of(void *ctx)
{
    return ((Stage *)ctx)->app;
}

static void on_colors(void *ctx, ColorMode mode, bool utf8)
{
    const char *term = getenv("TERM");
    /* the Linux console has no braille in its font */
    bool console = term && strcmp(term, "linux") == 0;
    int told = ((Stage *)ctx)->glyphs;
    app_output(app_of(ctx), mode, console ? GLYPHS_ASCII : GLYPHS_BRAILLE);
    if (told >= 0)
        app_glyphs(app_of(ctx), (GlyphSet)told, true);
    if (!utf8)
        app_ascii(app_of(ctx));
}

static void on_octants(void *ctx)
{
    app_glyphs(app_of(ctx), GLYPHS_OCTANT, false);
}

static void on_event(void *ctx, Event e)
{
    app_event(app_of(ctx), e);
}

static bool on_advance(void *ctx, double seconds)
{
    return app_advance(app_of(ctx), seconds);
}

static double on_next(void *ctx)
{
    return app_next(app_of(ctx));
}

static void on_draw(void *ctx, Canvas *canvas)
{
    app_draw(app_of(ctx), canvas);
}

static bool on_quit(void *ctx)
{
    return app_quit(app_of(ctx));
}

static void on_pictures(void *ctx, bool on)
{
    app_pictures(app_of(ctx), on);
}

static int on_figures(void *ctx, const FigureSlot **slots, const Paint **paint)
{
    Stage *s = ctx;
    figures_show(s->app, &s->figures);
    *slots = s->figures.slot;
    *paint = s->figures.paint;
    return FIGURES;
}

static void on_tell(void *ctx, const char *text)
{
    app_tell(app_of(ctx), text);
}

static const char *on_copied(void *ctx)
{
    return app_copied(app_of(ctx));
}

static TtyOptions tty_options(const Cli *c)
{
    TtyOptions o = TTY_DEFAULTS;
    if (strcmp(c->color, "auto") != 0)
        o.colors = (int)cli_color(c);
    o.render = strcmp(c->render, "ansi") == 0      ? TTY_ANSI
               : strcmp(c->render, "ncurses") == 0 ? TTY_NCURSES
                                                   : TTY_AUTO;
    o.picture = c->record ? TTY_PICTURE_CELLS : (TtyPicture)c->picture; /* a recording holds cells */
    o.frames = c->frames;
    o.ascii = c->ascii;
    o.no_mouse = c->no_mouse;
    o.virtual_clock = c->virtual_clock;
    o.marker = c->marker;
    o.cast_version = c->cast_version;
    return o;
}

static int fail(const Cli *c, Error *err)
{
    cli_scene_error(c, err);
    error_print(err, stderr);
    return EXIT_INPUT;
}

/* The scene was read from a pipe: keys come from the terminal. */
static void reopen_terminal(void)
{
    int fd = open("/dev/tty", O_RDWR);
    if (fd > 0) {
        dup2(fd, 0);
        close(fd);
    }
}

/* Homework: the verdict in a sentence, and the command that brings the run back. */
static int report_goal(App *app)
{
    char verdict[600];
    bool met = app_goal(app, verdict, sizeof verdict);
    printf("%s\n", verdict);
    cli_print_command(app_scene(app), stdout);
    return cli_close(met ? EXIT_HOLDS : EXIT_NOT);
}

/* --record: the file is there before the terminal changes. */
static int run_recorded(const Cli *c, const TtyApp *tty, TtyOptions *o)
{
    Error err = {0};
    o->record = c->record ? fopen(c->record, "w") : NULL;
    if (c->record && !o->record) {
        error_set(&err, 0, 0, "%s", strerror(errno));
        error_in(&err, c->record);
        error_print(&err, stderr);
        return EXIT_INPUT;
    }
    int status = tty_run(tty, o);
    bool broken = o->record && ferror(o->record);
    if (o->record)
        broken = fclose(o->record) != 0 || broken;
    if (broken)
        fprintf(stderr, "etascope: the recording is not whole: %s\n", c->record);
    return status;
}

static int run_terminal(const Cli *c, App *app)
{
    Stage *s = calloc(1, sizeof *s);
    TtyApp tty = {s, on_colors, on_event, on_advance, on_next, on_draw, on_quit,
                  on_pictures, on_figures, on_copied, on_tell, on_octants};
    TtyOptions o = tty_options(c);
    if (!s) {
        fprintf(stderr, "etascope: out of memory\n");
        return EXIT_NOT;
    }
    s->app = app;
    s->glyphs = c->glyphs - 1;
    int status = run_recorded(c, &tty, &o);
    free(s);
    return status;
}

/* The settings file; *text is NULL where there is none, and owned by the caller. */
static bool read_settings(const Cli *c, char path[HOME_PATH], char **text, Error *err)
{
    size_t size;
    *text = NULL;
    if (c->no_config || !home_path(path, "XDG_CONFIG_HOME", ".config", "config") ||
        (access(path, F_OK) != 0 && errno == ENOENT))
        return true;
    return file_read(path, SETTINGS_MOST, text, &size, err);
}

static App *open_app(const Cli *c, AppOptions *options, Error *err)
{
    char path[HOME_PATH];
    char *settings;
    if (!read_settings(c, path, &settings, err))
        return NULL;
    options->settings = settings;
    options->settings_file = path;
    App *app = app_new(options, err);
    free(settings);
    return app;
}

static int stage(const Cli *c)
{
    Error err = {0};
    AppOptions options = {.scene = c->has_scene ? &c->scene : NULL,
                          .theme = c->theme,
                          .map = c->map,
                          .paused = c->paused,
                          .lessons = c->verb == VERB_LEARN,
                          .lesson = c->words ? c->word[0] : NULL,
                          .notes = c->notes,
                          .no_save = c->no_save,
                          .notebook = !c->no_save,
                          .own_theme = cli_given(c, "theme"),
                          .own_map = cli_given(c, "map"),
                          .goal = c->goal};
    App *app = open_app(c, &options, &err);
    if (!app)
        return fail(c, &err);
    if (!cli_exec(c, app, &err)) {
        app_free(app);
        return fail(c, &err);
    }
    if (c->reopen)
        reopen_terminal();
    int status = run_terminal(c, app);
    if (status == EXIT_HOLDS && c->goal)
        status = report_goal(app);
    app_free(app);
    return status;
}

static int version(void)
{
    printf("etascope %s\n", ETASCOPE_VERSION);
    return cli_close(EXIT_HOLDS);
}

int main(int argc, char **argv)
{
    static int (*const run[])(const Cli *) = {
        [VERB_STAGE] = stage,     [VERB_LEARN] = stage,    [VERB_RUN] = cli_run,
        [VERB_SHOW] = cli_show,   [VERB_FIND] = cli_find,  [VERB_MAP] = cli_map,
        [VERB_CHECK] = cli_check, [VERB_LIST] = cli_list,  [VERB_HELP] = cli_help,
        [VERB_COMPLETION] = cli_completion, [VERB_CODE] = cli_code,
        [VERB_RACE] = cli_race,
    };
    Error err = {0};
    Cli *c = malloc(sizeof *c); /* holds a whole scene: too large for the stack */
    int status;
    signal(SIGPIPE, SIG_IGN);
    if (!c || !cli_parse(c, argc, argv, &err)) {
        if (!c)
            error_set(&err, 0, 0, "out of memory");
        error_print(&err, stderr);
        free(c);
        return EXIT_INPUT;
    }
    if (c->version)
        status = version();
    else
        status = c->help ? cli_help(c) : run[c->verb](c);
    free(c);
    return status;
}
