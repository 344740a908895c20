/* SPDX-License-Identifier: MIT
 * bench: what the program costs, as `name  value  unit  goal`. Times are those of this machine now;
 * what travels are the ratios and the exact counts. Nothing here gates: tests do.
 *
 *     bench            all
 *     bench WORD       one part: step, many, map, slowest map, formula, frame, whole map, pictures,
 *                      key, stage
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/drive.h"
#include "app/figures.h"
#include "lab/many.h"
#include "lab/maps.h"
#include "out/ansi.h"
#include "out/board.h"
#ifdef HAVE_VTERM
#include "e2e/vt.h"
#endif

enum { ROWS = 20000, FRAMES = 600, REPEATS = 5, KEYS_MOST = 4096 };

static const char *only = "";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool wanted(const char *name)
{
    return strstr(name, only) != NULL;
}

/* `goal` < 0: none. Smaller is better. */
static void tell(const char *name, double value, const char *unit, double goal)
{
    char text[32] = "";
    if (goal >= 0)
        snprintf(text, sizeof text, "%g%s", goal, value <= goal ? "" : "  missed");
    printf("%-44s %10.4g  %-12s %s\n", name, value, unit, text);
    fflush(stdout);
}

/* --- steps --- */

static double step_ns(const char *scene_text)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    Timeline *run = timeline_new();
    double best = INFINITY;
    scene_default(scene);
    if (!scene_parse(scene, scene_text, NULL, &err)) {
        fprintf(stderr, "bench: %s: %s\n", scene_text, err.message);
        exit(1);
    }
    for (int k = 0; k < REPEATS; k++) {
        scene->seed = (uint64_t)k; /* another run: nothing is kept */
        scene->given |= 1u << SCENE_SEED;
        if (!timeline_set(run, scene, &err))
            break;
        long before = timeline_ready(run);
        double start = now();
        while (timeline_advance(run, ROWS))
            ;
        double spent = now() - start;
        long rows = timeline_ready(run) - before;
        best = rows > 100 ? fmin(best, 1e9 * spent / (double)rows) : best;
    }
    timeline_free(run);
    free(scene);
    return best;
}

/* Gradient descent on Himmelblau's surface as one writes it by hand: loss, gradient, Hessian,
 * eigenvalue, record. */
typedef struct HandRow {
    double x, y, loss, gx, gy, eta, lambda, limit, best;
} HandRow;

static double hand_step_ns(void)
{
    HandRow *row = malloc(sizeof *row * (ROWS + 1));
    double fastest = INFINITY;
    for (int k = 0; k < 4 * REPEATS; k++) {
        double x = -1, y = -4 + 1e-9 * k, best = INFINITY;
        double start = now();
        for (int t = 0; t <= ROWS; t++) {
            double a = x * x + y - 11, b = x + y * y - 7;
            double gx = 4 * x * a + 2 * b, gy = 2 * a + 4 * y * b;
            double xx = 12 * x * x + 4 * y - 42, yy = 12 * y * y + 4 * x - 26, xy = 4 * (x + y);
            double half = 0.5 * (xx - yy), loss = a * a + b * b;
            double lambda = 0.5 * (xx + yy) + sqrt(half * half + xy * xy);
            double eta = 0.005 * (1 + cos(3.141592653589793 * t / ROWS));
            best = loss < best ? loss : best;
            row[t] = (HandRow){x, y, loss, gx, gy, eta, lambda, 2 / lambda, best};
            x -= eta * gx;
            y -= eta * gy;
        }
        fastest = fmin(fastest, 1e9 * (now() - start) / ROWS);
    }
    double keep = row[ROWS].loss; /* the compiler may not leave the work out */
    free(row);
    return keep >= 0 ? fastest : NAN;
}

static void bench_steps(void)
{
    double worst = 0;
    const char *worst_name = "";
    char text[128], name[64];
    if (!wanted("step"))
        return;
    for (int i = 0; i < surface_count(); i++) {
        snprintf(text, sizeof text, "surface=%s eta0=1e-5 schedule=constant steps=%d",
                 surface_row(i)->name, ROWS);
        double ns = step_ns(text);
        if (ns > worst && isfinite(ns)) {
            worst = ns;
            worst_name = surface_row(i)->name;
        }
    }
    snprintf(name, sizeof name, "step, slowest built-in (%s)", worst_name);
    tell(name, worst, "ns", 500);
    double here = step_ns("surface=himmelblau start=-1,-4 eta0=0.01 schedule=cosine steps=20000");
    double hand = hand_step_ns();
    tell("step, himmelblau, sgd, cosine", here, "ns", 200);
    tell("step, himmelblau, by hand in C", hand, "ns", -1);
    tell("step, himmelblau, ours / by hand", here / hand, "ratio", -1);
    tell("step, himmelblau, adam",
         step_ns("surface=himmelblau start=-1,-4 eta0=0.01 optimizer=adam steps=20000"), "ns", 500);
    tell("step, himmelblau, noise",
         step_ns("surface=himmelblau start=-1,-4 eta0=0.01 noise=1 steps=20000"), "ns", 500);
    tell("step, himmelblau, typed schedule",
         step_ns("surface=himmelblau start=-1,-4 schedule=0.01*(1+cos(pi*t/T))/2 steps=20000"), "ns", 500);
}

/* --- many runs --- */

enum { MANY_STEPS = 7800 }; /* of 128 runs: a million updates */

typedef struct ManyBench {
    Timeline *run;
    ManyTask task;
    const Segment *seg;
    ManyRun start[MANY_MOST];
} ManyBench;

static void many_open(ManyBench *b, const char *text)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    b->run = timeline_new();
    scene_default(scene);
    if (!scene_parse(scene, text, NULL, &err) || !timeline_set(b->run, scene, &err)) {
        fprintf(stderr, "bench: %s: %s\n", text, err.message);
        exit(1);
    }
    Window w = timeline_window(b->run);
    Vec2 size = window_size(w);
    b->task = (ManyTask){.bound = timeline_bound(b->run), .best = true};
    b->seg = b->task.bound->segment;
    for (int i = 0; i < MANY_MOST; i++)
        b->start[i] = (ManyRun){
            .start = {w.lo.x + size.x * (0.3 + 0.025 * (i % 16)), w.lo.y + size.y * (0.3 + 0.05 * (i / 16))},
            .seed = (uint64_t)(i % 20),
            .noise = NAN};
    free(scene);
}

static double many_ns(const ManyBench *b)
{
    double best = INFINITY;
    Many *many = many_new();
    for (int k = 0; k < REPEATS; k++) {
        long updates = 0;
        many_start(many, &b->task, b->start, MANY_MOST);
        double start = now();
        while (many_advance(many, 100000, &updates))
            ;
        best = fmin(best, 1e9 * (now() - start) / (double)updates);
    }
    many_free(many);
    return best;
}

/* The lanes of version b0e37b1: gradients together, then one update after the other. */
static double one_by_one_ns(const ManyBench *b)
{
    static double x[MANY_MOST], y[MANY_MOST], f[MANY_MOST], gx[MANY_MOST], gy[MANY_MOST];
    const Segment *seg = b->seg;
    long steps = b->task.bound->steps;
    OptState memory[MANY_MOST] = {{.count = 0}};
    LaneInput in[EXPR_INPUTS] = {{x, 1}, {y, 1}};
    double *const out[] = {f, gx, gy};
    for (int j = 0; j < seg->loss.param_count; j++)
        in[2 + j] = (LaneInput){&seg->loss.param[j], 0};
    for (int i = 0; i < MANY_MOST; i++) {
        x[i] = b->start[i].start.x;
        y[i] = b->start[i].start.y;
    }
    double start = now();
    for (long k = 0; k < steps; k++) {
        double eta = rate_at(&seg->rate, k, NULL);
        program_lanes(seg->loss.program, EXPR_GRADIENT, in, out, MANY_MOST);
        for (int i = 0; i < MANY_MOST; i++) {
            OptStep u;
            Vec2 at = vec2(x[i], y[i]), g = vec2(gx[i], gy[i]);
            if (step_fate(b->task.bound->window, at, f[i], g, 0, 0))
                continue;
            seg->optimizer->step(seg->param, eta, g, &memory[i], &u);
            x[i] = u.shrink * x[i] - u.step.x;
            y[i] = u.shrink * y[i] - u.step.y;
        }
    }
    return 1e9 * (now() - start) / (double)(steps * MANY_MOST);
}

static void bench_many(void)
{
    static const char *const scenes[] = {
        "himmelblau optimizer=sgd eta0=0.005",  "himmelblau optimizer=momentum eta0=0.005",
        "himmelblau optimizer=adam eta0=0.01",  "rastrigin optimizer=sgd eta0=0.002",
        "rastrigin optimizer=adam eta0=0.01",   "ackley optimizer=sgd eta0=0.01",
        "beale optimizer=adagrad eta0=0.1",     "himmelblau optimizer=sgd eta0=0.005 noise=1"};
    static ManyBench b;
    char text[160], name[120];
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0] && wanted("many"); i++) {
        snprintf(text, sizeof text, "surface=%s steps=%d", scenes[i], MANY_STEPS);
        many_open(&b, text);
        double ns = many_ns(&b);
        snprintf(name, sizeof name, "many, %.36s", scenes[i]);
        tell(name, ns, "ns/update", -1);
        if (b.seg->noise == 0)
            tell("  one by one / many", one_by_one_ns(&b) / ns, "ratio", -1);
        snprintf(text, sizeof text, "surface=%s steps=%d", scenes[i], ROWS);
        tell("  timeline / many", step_ns(text) / ns, "ratio", -1);
        timeline_free(b.run);
    }
}

/* --- maps --- */

enum { MAP_COLS = 200, MAP_ROWS = 120, MAP_STEPS = 500 };

/* The maps that peers.py computes as well: surface, optimizer, rate. */
static const struct MapBench {
    const char *surface, *rule, *eta0;
} map_benches[] = {
    {"himmelblau", "sgd", "0.01"},  {"himmelblau", "adam", "0.05"},   {"rastrigin", "sgd", "0.002"},
    {"rastrigin", "adam", "0.05"},  {"ackley", "sgd", "0.05"},        {"ackley", "momentum", "0.02"},
    {"beale", "rmsprop", "0.01"},   {"beale", "adagrad", "0.3"},
};
enum { MAP_BENCHES = sizeof map_benches / sizeof map_benches[0] };

/* CPU milliseconds of a map with its verdicts, `ms` of its first coarse pass. */
static double map_ms(const char *text, int threads, bool real)
{
    Error err = {0};
    Scene *scene = malloc(sizeof *scene);
    Maps *m = maps_new();
    MapsSpec spec = maps_spec_default();
    double best = INFINITY;
    struct timespec a, b;
    spec.cols = MAP_COLS;
    spec.rows = MAP_ROWS;
    scene_default(scene);
    if (!scene_parse(scene, text, NULL, &err))
        abort();
    for (int k = 0; k < REPEATS; k++) {
        clock_gettime(real ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &a);
        if (!maps_start(m, scene, &spec, NULL, &err))
            abort();
        maps_finish(m, threads, NULL, NULL);
        clock_gettime(real ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &b);
        best = fmin(best, 1e3 * (double)(b.tv_sec - a.tv_sec) + 1e-6 * (double)(b.tv_nsec - a.tv_nsec));
    }
    maps_free(m);
    free(scene);
    return best;
}

/* Milliseconds of the first pass of a coarse map, after which something is known everywhere. */
static double coarse_ms(const char *text)
{
    Error err = {0};
    static Scene scene;
    Maps *m = maps_new();
    MapsSpec spec = maps_spec_default();
    double best = INFINITY;
    spec.coarse = true;
    scene_default(&scene);
    if (!scene_parse(&scene, text, NULL, &err))
        abort();
    for (int k = 0; k < REPEATS; k++) {
        double start = now();
        if (!maps_start(m, &scene, &spec, NULL, &err))
            abort();
        while (!maps_pixel(m, spec.cols - 1, spec.rows - 1) || !maps_pixel(m, 0, 0))
            maps_advance(m, 1000);
        best = fmin(best, 1e3 * (now() - start));
    }
    maps_free(m);
    return best;
}

static void map_scene(char text[160], const struct MapBench *b, int steps)
{
    snprintf(text, 160, "surface=%s optimizer=%s eta0=%s schedule=cosine steps=%d", b->surface, b->rule,
             b->eta0, steps);
}

/* The peers' times of all maps, in ms; NAN: not here. */
typedef struct PeerTimes {
    double numpy, torch_hand, torch_autograd;
} PeerTimes;

static bool ask_peers(PeerTimes peer[MAP_BENCHES])
{
    char command[512];
    size_t used = (size_t)snprintf(command, sizeof command, "printf '");
    for (int i = 0; i < MAP_BENCHES; i++)
        used += (size_t)snprintf(command + used, sizeof command - used, "%s %s %s\\n",
                                 map_benches[i].surface, map_benches[i].rule, map_benches[i].eta0);
    snprintf(command + used, sizeof command - used,
             "' | ${PYTHON:-python3} tests/bench/peers.py %d %d %d 2>/dev/null", MAP_COLS, MAP_ROWS,
             MAP_STEPS);
    FILE *in = popen(command, "r");
    int read = 0;
    for (; in && read < MAP_BENCHES; read++) {
        char number[3][32];
        if (fscanf(in, "%*s %*s %*s %31s %*s %31s %*s %31s", number[0], number[1], number[2]) != 3)
            break;
        double *to[] = {&peer[read].numpy, &peer[read].torch_hand, &peer[read].torch_autograd};
        for (int k = 0; k < 3; k++)
            *to[k] = number[k][0] == '-' ? NAN : atof(number[k]);
    }
    if (in)
        pclose(in);
    return read == MAP_BENCHES;
}

static void tell_peer(const char *what, double peer, double ours)
{
    if (isnan(peer))
        printf("  %s is not here (PYTHON=... names a python that has it)\n", what);
    else
        tell(what, peer / ours, "ratio", -1);
}

static void bench_maps(void)
{
    char text[160], name[96];
    PeerTimes peer[MAP_BENCHES];
    if (!wanted("map"))
        return;
    bool asked = ask_peers(peer);
    for (int i = 0; i < MAP_BENCHES; i++) {
        map_scene(text, &map_benches[i], MAP_STEPS);
        double ms = map_ms(text, 1, false);
        snprintf(name, sizeof name, "map 200x120x500, %s %s", map_benches[i].surface, map_benches[i].rule);
        tell(name, ms, "ms", -1);
        if (!asked)
            continue;
        tell_peer("  numpy by hand / ours", peer[i].numpy, ms);
        tell_peer("  torch by hand / ours", peer[i].torch_hand, ms);
        tell_peer("  torch autograd / ours", peer[i].torch_autograd, ms);
    }
    map_scene(text, &map_benches[7], 5000);
    tell("map, a second thread", map_ms(text, 1, true) / map_ms(text, 2, true), "ratio", -1);
    map_scene(text, &map_benches[1], MAP_STEPS);
    tell("map, first coarse picture", coarse_ms(text), "ms", 4);
}

/* The slowest map of 300 steps of any formula and optimizer. */
static void bench_slowest_map(void)
{
    double worst = 0;
    char text[160], worst_text[160] = "", name[200];
    if (!wanted("slowest map"))
        return;
    for (int i = 0; i < surface_count(); i++)
        for (const Optimizer *o = optimizers; o->name; o++) {
            const Surface *s = surface_row(i);
            if (s->data || s->grid)
                continue;
            snprintf(text, sizeof text, "surface=%s optimizer=%s steps=300", s->name, o->name);
            double ms = map_ms(text, 1, false);
            if (ms > worst) {
                worst = ms;
                snprintf(worst_text, sizeof worst_text, "%s", text);
            }
        }
    snprintf(name, sizeof name, "slowest map 200x120 (%.60s)", worst_text + 8);
    tell(name, worst, "ms", 150);
}

/* --- formulas --- */

static void bench_formula(void)
{
    const char *names[2] = {"x", "y"};
    const char *text = "20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*pi*y)+well(1,2,3,0.5)*sin(x*y)";
    enum { TIMES = 2000 };
    if (!wanted("formula"))
        return;
    double start = now();
    for (int i = 0; i < TIMES; i++)
        program_free(program_compile(text, names, 2, true, NULL));
    tell("formula, text to program with Hessian", 1e6 * (now() - start) / TIMES, "us", 1000);
    Drive d = drive_open(200, 60);
    app_settle(d.app);
    start = now();
    for (int i = 0; i < 50; i++)
        app_command(d.app, i % 2 ? "surface='x^2+3*y^2'" : "surface='x^2+y^4'", NULL);
    tell("formula, edited at the prompt, run included", 1e6 * (now() - start) / 50, "us", 1000);
    drive_close(&d);
}

/* --- frames --- */

typedef struct FrameCost {
    double advance, draw, encode; /* us a frame */
    double bytes;                 /* a frame that shows another step */
    double largest;               /* us, the slowest frame */
} FrameCost;

static FrameCost play_cost(Drive *d, Ansi *ansi)
{
    FrameCost cost = {0};
    long moved = 0;
    for (int i = 0; i < FRAMES; i++) {
        long row = app_row(d->app);
        double t0 = now();
        app_advance(d->app, 1.0 / 60);
        double t1 = now();
        drive_draw(d);
        double t2 = now();
        AnsiBytes bytes = ansi_frame(ansi, &d->canvas, false);
        double t3 = now();
        cost.advance += 1e6 * (t1 - t0) / FRAMES;
        cost.draw += 1e6 * (t2 - t1) / FRAMES;
        cost.encode += 1e6 * (t3 - t2) / FRAMES;
        cost.largest = fmax(cost.largest, 1e6 * (t3 - t0));
        if (app_row(d->app) != row) {
            cost.bytes += (double)bytes.size;
            moved++;
        }
    }
    cost.bytes /= moved > 0 ? (double)moved : 1;
    return cost;
}

/* `share`: of a core, in percent, that playing may take; bytes accordingly. */
static void tell_frames(const char *what, const FrameCost *c, double share)
{
    char name[96];
    double whole = c->advance + c->draw + c->encode;
    snprintf(name, sizeof name, "frame %s, advance", what);
    tell(name, c->advance, "us", -1);
    snprintf(name, sizeof name, "frame %s, draw", what);
    tell(name, c->draw, "us", -1);
    snprintf(name, sizeof name, "frame %s, encode", what);
    tell(name, c->encode, "us", -1);
    snprintf(name, sizeof name, "frame %s, all", what);
    tell(name, whole, "us", floor(share * 1e4 / 60));
    snprintf(name, sizeof name, "frame %s, cpu at 60 fps", what);
    tell(name, whole * 60 / 1e4, "%", share);
    snprintf(name, sizeof name, "frame %s, slowest", what);
    tell(name, c->largest, "us", -1);
    snprintf(name, sizeof name, "frame %s, a playing step", what);
    tell(name, c->bytes, "bytes", 300 * share);
}

static void bench_playing(const char *what, const char *line, int cols, int rows, double share)
{
    Ansi ansi;
    Error err = {0};
    Drive d = drive_open(cols, rows);
    for (const char *at = line; at && *at;) {
        char one[80];
        size_t n = strcspn(at, ";");
        snprintf(one, sizeof one, "%.*s", (int)n, at);
        if (!app_command(d.app, one, &err))
            fprintf(stderr, "bench: %s: %s\n", one, err.message);
        at += n + (at[n] == ';');
    }
    drive_wait(&d);
    ansi_init(&ansi, MODE_TRUECOLOR, true);
    if (!ansi_resize(&ansi, cols, rows))
        abort();
    drive_draw(&d);
    ansi_frame(&ansi, &d.canvas, true);
    FrameCost cost = play_cost(&d, &ansi);
    tell_frames(what, &cost, share);
    ansi_release(&ansi);
    drive_close(&d);
}

/* Frames in which the whole map changes, as when panning. */
static void bench_whole_map(void)
{
    Ansi ansi;
    Drive d = drive_open(200, 60);
    double spent[2] = {0};
    double bytes = 0;
    enum { TIMES = 40 };
    ansi_init(&ansi, MODE_TRUECOLOR, true);
    if (!ansi_resize(&ansi, 200, 60))
        abort();
    for (int i = 0; i < TIMES; i++) {
        app_command(d.app, i % 2 ? "zoom in" : "zoom out", NULL);
        double t0 = now();
        drive_wait(&d);
        drive_draw(&d);
        double t1 = now();
        bytes += (double)ansi_frame(&ansi, &d.canvas, false).size / TIMES;
        spent[0] += 1e6 * (t1 - t0) / TIMES;
        spent[1] += 1e6 * (now() - t1) / TIMES;
    }
    tell("whole map 200x60, sample and draw", spent[0], "us", -1);
    tell("whole map 200x60, encode", spent[1], "us", -1);
    tell("whole map 200x60, truecolor", bytes, "bytes", -1);
    ansi_release(&ansi);
    drive_close(&d);
}

static void bench_frames(void)
{
    static const struct {
        const char *name, *line;
        int cols, rows;
        double share;
    } plays[] = {{"200x60", NULL, 200, 60, 2},
                 {"80x24", NULL, 80, 24, 2},
                 {"200x60 plateau", "scene B22", 200, 60, 2},
                 {"200x60 adam", "scene H4", 200, 60, 2},
                 {"200x60 99000 steps", "steps=99000", 200, 60, 2},
                 {"200x60 noise", "scene G2", 200, 60, 2},
                 {"200x60 six runners", "race schedules", 200, 60, 3},
                 {"200x60 six runners noise", "scene G2;race seeds", 200, 60, 3}};
    for (size_t i = 0; i < sizeof plays / sizeof plays[0] && wanted("frame"); i++)
        bench_playing(plays[i].name, plays[i].line, plays[i].cols, plays[i].rows, plays[i].share);
    if (wanted("whole map"))
        bench_whole_map();
}

/* --- pictures of the terminal: a map of 76 x 30 cells and two plots, 6 x 12 pixels a cell --- */

typedef struct Shown {
    Drive d;
    Board board;
    FigureSet figures;
    Bytes out;
} Shown;

static double show_us(Shown *s)
{
    double start = now();
    s->out.count = 0;
    figures_show(s->d.app, &s->figures);
    if (!board_show(&s->board, s->figures.slot, FIGURES, 6, 12, s->figures.paint, &s->out))
        abort();
    return 1e6 * (now() - start);
}

static void tell_pictures(const char *scene, const char *what, double value, const char *unit,
                          double goal)
{
    char name[96];
    snprintf(name, sizeof name, "pictures %s, %s", scene, what);
    tell(name, value, unit, goal);
}

static void bench_pictures_of(const char *name, const char *line)
{
    Shown *s = calloc(1, sizeof *s);
    s->d = drive_open(132, 35);
    app_command(s->d.app, line, NULL);
    app_pictures(s->d.app, true);
    drive_wait(&s->d);
    app_seek(s->d.app, 0);
    if (!board_open(&s->board, 1))
        abort();
    double first = show_us(s);
    size_t base = s->out.count;
    double spent = 0;
    double bytes = 0;
    long moved = 0;
    app_command(s->d.app, "play", NULL);
    for (int i = 0; i < FRAMES; i++) {
        long row = app_row(s->d.app);
        app_advance(s->d.app, 1.0 / 60);
        spent += show_us(s);
        moved += app_row(s->d.app) != row;
        bytes += (double)s->out.count;
    }
    tell_pictures(name, "first frame", first / 1e3, "ms", 40);
    tell_pictures(name, "first frame", (double)base, "bytes", 60000);
    tell_pictures(name, "a playing step", bytes / (double)moved, "bytes", 4000);
    tell_pictures(name, "cpu at 60 fps", spent * 60 / FRAMES / 1e4, "%", 5);
    board_close(&s->board);
    bytes_release(&s->out);
    drive_close(&s->d);
    free(s);
}

static void bench_pictures(void)
{
    static const char *const scenes[][2] = {
        {"B4", "scene B4"}, {"A5", "scene A5"}, {"noise", "scene G2"}, {"adam", "scene H4"}};
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0] && wanted("pictures"); i++)
        bench_pictures_of(scenes[i][0], scenes[i][1]);
}

/* --- keys --- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct Latency {
    double us[KEYS_MOST];
    int count;
    double worst;
    char worst_key[64];
    char slow[512]; /* command lines over the goal */
} Latency;

static void note(Latency *l, double us, double goal, const Binding *b)
{
    if (us > goal && !strstr(l->slow, b->line) && strlen(l->slow) + strlen(b->line) + 3 < sizeof l->slow)
        strcat(strcat(l->slow, l->slow[0] ? ", " : ""), b->line);
    if (l->count < KEYS_MOST)
        l->us[l->count++] = us;
    if (us > l->worst) {
        l->worst = us;
        snprintf(l->worst_key, sizeof l->worst_key, "%s", b->line);
    }
}

static void tell_latency(const char *what, Latency *l, double goal)
{
    char name[128];
    if (l->count == 0)
        return;
    qsort(l->us, (size_t)l->count, sizeof l->us[0], by_value);
    snprintf(name, sizeof name, "key to bytes, %s, p50", what);
    tell(name, l->us[l->count / 2], "us", -1);
    snprintf(name, sizeof name, "key to bytes, %s, p99", what);
    tell(name, l->us[l->count * 99 / 100], "us", goal);
    snprintf(name, sizeof name, "  slowest: %s", l->worst_key);
    tell(name, l->worst, "us", -1);
    if (l->slow[0])
        printf("  over the goal at least once: %s\n", l->slow);
}

static double press(Drive *d, Ansi *ansi, uint32_t key)
{
    double start = now();
    drive_key(d, key);
    app_advance(d->app, 0);
    drive_draw(d);
    ansi_frame(ansi, &d->canvas, false);
    return 1e6 * (now() - start);
}

/* Every key of the stage, from a playing run, a few times. */
static void bench_keys(void)
{
    static Latency same, other;
    Ansi ansi;
    if (!wanted("key"))
        return;
    ansi_init(&ansi, MODE_TRUECOLOR, true);
    if (!ansi_resize(&ansi, 200, 60))
        abort();
    const Views stage = {.open = {views[0]}, .depth = 1};
    const Binding *key[256];
    int keys = view_bindings(&stage, 0, key, 256);
    for (int round = 0; round < 8; round++)
        for (int n = 0; n < keys; n++) {
            const Binding *b = key[n];
            Drive d = drive_open(200, 60);
            app_command(d.app, "undo", NULL);
            for (int i = 0; i < 20 + 40 * round; i++)
                app_advance(d.app, 1.0 / 60);
            drive_wait(&d);
            drive_draw(&d);
            ansi_frame(&ansi, &d.canvas, true);
            Window before = d.app->session->window;
            int surface = d.app->session->scene.surface.row;
            MapId map = d.app->look->map;
            ThemeId theme = d.app->look->theme;
            int cols = d.app->picture->map.field.cols;
            double us = press(&d, &ansi, b->key);
            bool kept = memcmp(&before, &d.app->session->window, sizeof before) == 0 && map == d.app->look->map &&
                        surface == d.app->session->scene.surface.row && theme == d.app->look->theme &&
                        cols == d.app->picture->map.field.cols;
            note(kept ? &same : &other, us, kept ? 1000 : 4000, b);
            drive_close(&d);
        }
    tell_latency("map unchanged, 200x60", &same, 1000);
    tell_latency("others, 200x60", &other, 4000);
    ansi_release(&ansi);
}

/* --- the program on a terminal --- */

#if defined HAVE_VTERM && defined ETASCOPE
static double real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A number from /proc/PID/NAME, of the line that begins with `key`; -1: not on this system. */
static double proc_number(pid_t pid, const char *name, const char *key)
{
    char path[64], line[256];
    double found = -1;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            found = atof(line + strlen(key));
    if (f)
        fclose(f);
    return found;
}

/* CPU seconds of a process so far. */
static double proc_cpu(pid_t pid)
{
    char path[64];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                    &system) != 2)
        user = system = 0;
    if (f)
        fclose(f);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static bool open_stage(Vt *v, const char *render, int cols, int rows)
{
    const char *const argv[] = {ETASCOPE, "--marker", "--render", render, NULL};
    const char *const env[] = {"TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", NULL};
    return vt_start(v, &(VtSpawn){.argv = argv, .env = env, .cols = cols, .rows = rows});
}

static void watch(Vt *v, double seconds)
{
    for (double end = real_now() + seconds; real_now() < end;)
        vt_pump(v, end - real_now());
}

/* From the key to the end of the frame that answers it, while the run plays. */
static void tell_presses(Vt *v, const char *render)
{
    enum { PRESSES = 200 };
    static double ms[PRESSES];
    char name[64];
    for (int i = 0; i < PRESSES; i++) {
        watch(v, 0.02 + 0.001 * (i % 17)); /* anywhere between two frames */
        long key = v->key;
        double start = real_now();
        vt_send(v, i % 2 ? "\033[A" : "\033[B"); /* the rate up and down */
        if (!vt_wait_key(v, key + 1))
            return;
        ms[i] = 1000 * (real_now() - start);
    }
    qsort(ms, PRESSES, sizeof ms[0], by_value);
    snprintf(name, sizeof name, "stage %s, key to its frame, p50", render);
    tell(name, ms[PRESSES / 2], "ms", -1);
    snprintf(name, sizeof name, "stage %s, key to its frame, p99", render);
    tell(name, ms[PRESSES * 99 / 100], "ms", -1);
}

static void bench_back_end(const char *render)
{
    Vt v;
    char name[64];
    double start = real_now();
    if (!open_stage(&v, render, 200, 60) || !vt_wait_frame(&v, 1))
        return;
    snprintf(name, sizeof name, "stage %s, exec to first frame", render);
    tell(name, 1000 * (real_now() - start), "ms", 20);
    watch(&v, 1);
    double cpu = proc_cpu(v.pid);
    size_t bytes = v.bytes;
    long frame = v.frame;
    watch(&v, 4);
    long frames = v.frame - frame > 0 ? v.frame - frame : 1;
    snprintf(name, sizeof name, "stage %s, playing, cpu", render);
    tell(name, 100 * (proc_cpu(v.pid) - cpu) / 4, "%", 5);
    snprintf(name, sizeof name, "stage %s, playing, a frame", render);
    tell(name, (double)(v.bytes - bytes) / (double)frames, "bytes", 600);
    snprintf(name, sizeof name, "stage %s, resident", render);
    tell(name, proc_number(v.pid, "status", "VmHWM:") / 1024, "MiB", 10);
    vt_send(&v, " ");
    watch(&v, 0.5);
    long switches = vt_switches(&v);
    watch(&v, 3);
    snprintf(name, sizeof name, "stage %s, paused, wake-ups in 3 s", render);
    tell(name, (double)(vt_switches(&v) - switches), "", 0);
    vt_send(&v, " ");
    tell_presses(&v, render);
    vt_send(&v, "q");
    vt_wait_end(&v);
    vt_stop(&v);
}

static void bench_stage(void)
{
    if (!wanted("stage"))
        return;
    bench_back_end("ansi");
    bench_back_end("ncurses");
}
#else
static void bench_stage(void)
{
    if (wanted("stage"))
        printf("the program on a terminal: libvterm is not here (make deps)\n");
}
#endif

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : "";
    printf("%-44s %10s  %-12s %s\n", "name", "value", "unit", "goal");
    bench_steps();
    bench_many();
    bench_maps();
    bench_slowest_map();
    bench_formula();
    bench_frames();
    bench_pictures();
    bench_keys();
    bench_stage();
    return 0;
}
