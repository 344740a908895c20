/* SPDX-License-Identifier: MIT
 * edge: what the terminal's edge costs: the same frames of the same stage at 200x60 through our own
 * encoder and through ncurses, each on a pseudoterminal of its own, in one run.
 *
 * Only the painter's work is timed (frame and flush, write(2) included), as CPU time; what makes
 * the frames costs both the same. Bytes and writes are the kernel's counts (/proc/self/io). */
#include <fcntl.h>
#include <math.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "tty/modes.h"
#include "tty/paint.h"

enum { WIDE = 200, HIGH = 60, TIMES = 5 };

typedef struct Cost {
    double cpu; /* us a frame */
    double bytes, writes;
} Cost;

typedef struct Case {
    const char *name;
    const char *scene;    /* a command line, or NULL */
    const char *turns[2]; /* command lines done in turn before a frame; NULL: playing */
    int frames;
} Case;

static const Case cases[] = {
    {"playing step", NULL, {NULL, NULL}, 240},
    {"playing step, adam", "scene H4", {NULL, NULL}, 240},
    {"whole map, zoom", NULL, {"zoom out", "zoom in"}, 40},
    {"whole map, colours", NULL, {"map next", "map next"}, 40},
};

static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Bytes and calls of write(2) so far. */
static void count_writes(double *bytes, double *calls)
{
    char line[128];
    FILE *f = fopen("/proc/self/io", "r");
    while (f && fgets(line, sizeof line, f)) {
        sscanf(line, "wchar: %lf", bytes);
        sscanf(line, "syscw: %lf", calls);
    }
    if (f)
        fclose(f);
}

/* One frame further. */
static void turn(App *app, const Case *c, int i)
{
    if (c->turns[0])
        app_command(app, c->turns[i % 2], NULL);
    else
        app_advance(app, 1.0 / 60);
    if (c->turns[0])
        app_settle(app);
}

static Cost measure(App *app, Painter *p, Canvas *canvas, const Case *c)
{
    Cost sum = {0};
    double spent = 0, bytes[2] = {0}, writes[2] = {0};
    if (c->scene)
        app_command(app, c->scene, NULL);
    app_settle(app);
    app_draw(app, canvas);
    p->frame(p, canvas, true);
    p->flush(p, "", 0);
    count_writes(&bytes[0], &writes[0]);
    for (int i = 0; i < c->frames; i++) {
        turn(app, c, i);
        app_draw(app, canvas);
        double start = cpu_now();
        p->frame(p, canvas, false);
        p->flush(p, "", 0);
        spent += cpu_now() - start;
    }
    count_writes(&bytes[1], &writes[1]);
    sum.cpu = 1e6 * spent / c->frames;
    sum.bytes = (bytes[1] - bytes[0]) / c->frames;
    sum.writes = (writes[1] - writes[0]) / c->frames;
    return sum;
}

/* In the child, whose terminal the pseudoterminal is. */
static void paint_all(bool ansi, ColorMode mode, int report)
{
    Term term;
    Modes modes;
    Painter painter;
    Canvas canvas = {0};
    Error err;
    if (!term_look(&term, (int)mode, false) || !modes_open(&modes, &term, false))
        _exit(1);
    bool made = ansi ? paint_ansi(&painter, &term) : paint_ncurses(&painter, &term);
    if (!made || !canvas_resize(&canvas, WIDE, HIGH) || !painter.resize(&painter, WIDE, HIGH))
        _exit(1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        App *app = app_new(&(AppOptions){0}, &err);
        if (!app)
            _exit(1);
        app_output(app, painter.mode, GLYPHS_QUADRANT);
        app_resize(app, WIDE, HIGH);
        Cost c = measure(app, &painter, &canvas, &cases[i]);
        if (write(report, &c, sizeof c) != (ssize_t)sizeof c)
            _exit(1);
        app_free(app);
    }
    painter.release(&painter);
    canvas_release(&canvas);
    modes_close(&modes);
    _exit(0);
}

/* The terminal reads all, at once, and shows nothing. */
static void swallow(int master)
{
    static char bytes[1 << 16];
    while (read(master, bytes, sizeof bytes) > 0)
        continue;
}

/* One round of all cases; false: no pseudoterminal here. */
static bool round_of(bool ansi, ColorMode mode, Cost *out)
{
    int master, report[2];
    struct winsize size = {.ws_row = HIGH, .ws_col = WIDE};
    if (pipe(report) != 0)
        return false;
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    if (pid == 0) {
        close(report[0]);
        paint_all(ansi, mode, report[1]);
    }
    close(report[1]);
    if (pid > 0)
        swallow(master);
    size_t wanted = sizeof *out * (sizeof cases / sizeof cases[0]);
    bool ok = pid > 0 && read(report[0], out, wanted) == (ssize_t)wanted;
    close(report[0]);
    if (pid > 0) {
        close(master);
        waitpid(pid, NULL, 0);
    }
    return ok;
}

enum { OURS, PEER, RICH, SIDES };

static void keep_least(Cost *best, const Cost *c, int round)
{
    best->cpu = round ? fmin(best->cpu, c->cpu) : c->cpu;
    best->bytes = c->bytes;
    best->writes = c->writes;
}

static void tell(const char *name, const char *what, double ours, double peer, double rich,
                 double goal)
{
    double ratio = ours / peer;
    printf("%-20s %-12s %10.4g %10.4g %10.4g %8.2f", name, what, ours, peer, rich, ratio);
    if (goal > 0)
        printf("  %g%s", goal, ratio <= goal ? "" : "  missed");
    printf("\n");
}

static void tell_case(const Case *c, const Cost *best)
{
    bool map = c->turns[0] != NULL;
    tell(c->name, "cpu, us", best[OURS].cpu, best[PEER].cpu, best[RICH].cpu, map ? 0.15 : 0.5);
    tell(c->name, "bytes", best[OURS].bytes, best[PEER].bytes, best[RICH].bytes, map ? 0.7 : 0);
    tell(c->name, "writes", best[OURS].writes, best[PEER].writes, best[RICH].writes, 0);
}

int main(void)
{
    enum { CASES = sizeof cases / sizeof cases[0] };
    static const struct {
        bool ansi;
        ColorMode mode;
    } sides[SIDES] = {{true, MODE_256}, {false, MODE_256}, {true, MODE_TRUECOLOR}};
    Cost best[CASES][SIDES], round[CASES];
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    printf("a frame of 200x60\n%-20s %-12s %10s %10s %10s %8s  %s\n", "", "", "ours, 256",
           "ncurses", "truecolour", "ratio", "goal");
    fflush(stdout);
    for (int r = 0; r < TIMES; r++)
        for (int s = 0; s < SIDES; s++) {
            if (!round_of(sides[s].ansi, sides[s].mode, round)) {
                printf("no pseudoterminal here\n");
                return 0;
            }
            for (int k = 0; k < CASES; k++)
                keep_least(&best[k][s], &round[k], r);
        }
    for (int k = 0; k < CASES; k++)
        tell_case(&cases[k], best[k]);
    return 0;
}
