/* SPDX-License-Identifier: MIT
 * map: where every start of a scene ends, or every pair of two of its settings, as CSV, as a picture
 * of pixels, as a figure, or as letters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/words.h"
#include "cli/cli.h"
#include "view/classes.h"

enum { TEXT_COLS = 76, TEXT_ROWS = 24 };

/* ---- options ------------------------------------------------------------------------------- */

static bool read_whole(const char *at, size_t length, long most, long *out)
{
    double v;
    if (!number_parse(at, length, &v) || !(v >= 1 && v <= (double)most) || v != (double)(long)v)
        return false;
    *out = (long)v;
    return true;
}

/* Two whole numbers with a letter between them. */
static bool read_two(const char *value, char between, long most, long *a, long *b)
{
    const char *at = strchr(value, between);
    return at && read_whole(value, (size_t)(at - value), most, a) &&
           read_whole(at + 1, strlen(at + 1), most, b);
}

bool map_size(Cli *c, const char *value, Error *err)
{
    long cols;
    long rows;
    if (!read_two(value, 'x', MAPS_SIDE, &cols, &rows) || cols * rows > MAPS_PIXELS)
        return error_set(err, 1, 1, "'%.80s' is not a size like 200x120", value);
    c->maps.cols = (int)cols;
    c->maps.rows = (int)rows;
    c->sized = true;
    return true;
}

static bool read_what(Cli *c, const char *value, Error *err)
{
    Near near;
    char hint[64];
    near_start(&near, value, strlen(value));
    for (int i = 0; i < MAPS_KINDS; i++) {
        near_try(&near, maps_kind_words[i]);
        if (strcmp(value, maps_kind_words[i]) != 0)
            continue;
        c->maps.kind = (MapsKind)i;
        return true;
    }
    return error_set(err, 1, 1, "unknown value '%.80s'%s", value, near_hint(&near, hint, sizeof hint));
}

static bool read_view(Cli *c, const char *value, Error *err)
{
    Scene *s = &c->scene; /* the scene's reader of windows, on a copy of its window */
    Window kept = s->window;
    uint32_t given = s->given;
    bool ok = scene_assign(s, SCENE_WINDOW, value, strlen(value), err);
    c->maps.view = s->window;
    c->maps.has_view = ok;
    s->window = kept;
    s->given = given;
    return ok;
}

static bool read_axis(Cli *c, int axis, const char *value, Error *err)
{
    if (strlen(value) >= sizeof c->maps.axis[axis])
        return error_set(err, 1, 1, "'%.80s...' is too long", value);
    memcpy(c->maps.axis[axis], value, strlen(value) + 1);
    return true;
}

static bool read_x(Cli *c, const char *value, Error *err)
{
    return read_axis(c, 0, value, err);
}

static bool read_y(Cli *c, const char *value, Error *err)
{
    return read_axis(c, 1, value, err);
}

static bool read_threads(Cli *c, const char *value, Error *err)
{
    long n;
    if (!read_whole(value, strlen(value), POOL_THREADS, &n))
        return error_set(err, 1, 1, "'%.80s' is not a whole number from 1 to %d", value, POOL_THREADS);
    c->threads = (int)n;
    return true;
}

static bool read_shard(Cli *c, const char *value, Error *err)
{
    long i;
    long n;
    if (!read_two(value, '/', MAPS_SIDE, &i, &n) || i > n)
        return error_set(err, 1, 1, "'%.80s' is not a shard like 3/8", value);
    c->shard = (int)i;
    c->shards = (int)n;
    return true;
}

static const MapOption options[] = {
    {"what", read_what}, {"view", read_view},       {"x", read_x},
    {"y", read_y},       {"threads", read_threads}, {"shard", read_shard},
};

const MapOption *map_option_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (word_is(name, length, options[i].name))
            return &options[i];
    return NULL;
}

/* ---- CSV ----------------------------------------------------------------------------------- */

static void put_number(double v, char end)
{
    if (isnan(v))
        printf("nan%c", end);
    else
        printf("%.17g%c", v, end);
}

static void put_head(const Maps *m)
{
    char *buffer = malloc(SCENE_LINE);
    if (!buffer)
        return;
    Text t = text_over(buffer, SCENE_LINE);
    scene_print(maps_scene(m), true, &t);
    printf("# etascope map scene: %s\n", buffer);
    free(buffer);
    if (maps_spec(m)->kind == MAPS_SWEEP)
        printf("%s,%s,verdict,steps,x,y,loss\n", maps_axis(m, 0)->name, maps_axis(m, 1)->name);
    else
        puts("x0,y0,minimum,verdict,steps,x,y,loss");
}

static void put_pixel(const Maps *m, int col, int row)
{
    const Pixel *p = maps_pixel(m, col, row);
    Vec2 at = maps_place(m, col, row);
    put_number(at.x, ',');
    put_number(at.y, ',');
    if (maps_spec(m)->kind == MAPS_BASIN && p->minimum)
        printf("%d", p->minimum);
    printf("%s%s,%d,", maps_spec(m)->kind == MAPS_BASIN ? "," : "", outcomes[p->outcome].word,
           (int)p->still);
    put_number(p->x, ',');
    put_number(p->y, ',');
    put_number(p->loss, '\n');
}

static void put_csv(const Cli *c, const Maps *m, bool head)
{
    (void)c;
    const MapsSpec *s = maps_spec(m);
    if (head)
        put_head(m);
    for (int row = s->from; row < s->to && !ferror(stdout); row++)
        for (int col = 0; col < s->cols; col++)
            put_pixel(m, col, row);
}

/* ---- classes ------------------------------------------------------------------------------- */

static int class_at(const Maps *m, int col, int row)
{
    const Pixel *p = maps_pixel(m, col, row);
    return class_of(p->minimum, (Outcome)p->outcome);
}

/* ---- pictures ------------------------------------------------------------------------------ */

/* Colour by class; the longer it takes to settle, the darker. */
static Color shade_of(const Maps *m, const Pixel *p)
{
    return class_rgb(class_of(p->minimum, (Outcome)p->outcome),
                     (double)p->still / (double)maps_steps(m));
}

static void put_ppm(const Cli *cli, const Maps *m, bool head)
{
    (void)cli;
    const MapsSpec *s = maps_spec(m);
    if (head)
        printf("P6\n%d %d\n255\n", s->cols, s->rows);
    for (int row = s->from; row < s->to; row++)
        for (int col = 0; col < s->cols; col++) {
            Color c = shade_of(m, maps_pixel(m, col, row));
            for (int shift = 16; shift >= 0; shift -= 8)
                putchar((int)(c >> shift & 255));
        }
}

/* ---- shares -------------------------------------------------------------------------------- */

/* How many pixels there are of each class. */
typedef struct Shares {
    long all;
    long minima[CRITICAL_MAX];
    long others[OUTCOMES];
} Shares;

static void count(const Maps *m, Shares *s)
{
    const MapsSpec *spec = maps_spec(m);
    *s = (Shares){.all = (long)spec->cols * (spec->to - spec->from)};
    for (int row = spec->from; row < spec->to; row++)
        for (int col = 0; col < spec->cols; col++) {
            const Pixel *p = maps_pixel(m, col, row);
            if (p->minimum)
                s->minima[p->minimum - 1]++;
            else
                s->others[p->outcome]++;
        }
}

/* Each class there is: what it looks like, in words, its share in percent. */
typedef void TellShare(void *to, int class, const char *what, double percent);

static void tell_shares(const Maps *m, const Shares *s, bool brief, TellShare *tell, void *to)
{
    const CriticalSet *known = maps_known(m);
    for (int i = 0; i < known->minima; i++) {
        char what[160], x[NUMBER_TEXT], y[NUMBER_TEXT], loss[NUMBER_TEXT];
        number_show(x, known->point[i].at.x, brief ? 3 : 4);
        number_show(y, known->point[i].at.y, brief ? 3 : 4);
        number_show(loss, known->point[i].f, 4);
        if (brief)
            snprintf(what, sizeof what, "%s, %s", x, y);
        else
            snprintf(what, sizeof what, "minimum %d at %s, %s, loss %s", i + 1, x, y, loss);
        if (s->minima[i])
            tell(to, i % CLASS_MINIMA, what, 100 * (double)s->minima[i] / (double)s->all);
    }
    for (int i = 0; i < OUTCOMES; i++)
        if (s->others[i])
            tell(to, CLASS_MINIMA + i, outcomes[i].word,
                 100 * (double)s->others[i] / (double)s->all);
}

static void put_share(void *to, int class, const char *what, double percent)
{
    (void)to;
    printf("%c  %5.1f %%  %s\n", class_rows[class].letter, percent, what);
}

static void put_text(const Cli *c, const Maps *m, bool first)
{
    (void)c, (void)first;
    const MapsSpec *s = maps_spec(m);
    Shares shares;
    for (int row = s->from; row < s->to; row++) {
        for (int col = 0; col < s->cols; col++)
            putchar(class_rows[class_at(m, col, row)].letter);
        putchar('\n');
    }
    if (s->kind == MAPS_SWEEP)
        printf("right: %s, up: %s\n", s->axis[0], s->axis[1]);
    count(m, &shares);
    tell_shares(m, &shares, false, put_share, NULL);
}

/* ---- figures ------------------------------------------------------------------------------- */

static void add_key(void *to, int class, const char *what, double percent)
{
    Figure *f = to;
    Shape *s = figure_add(f, SHAPE_LABEL, ROLE_TEXT);
    s->a = vec2(0, f->panel[0].y.scale.hi); /* from the top; labels keep apart */
    s->swatch = true;
    s->color = class_rgb(class, 0);
    Text t = text_over(s->text, sizeof s->text);
    text_add(&t, "%s  %.*f %%", what, percent < 9.95 ? 1 : 0, percent);
}

/* The edges of the first and the last of n tiles, whose middles are lo and hi. */
static Scale tile_scale(double lo, double hi, int n, bool log)
{
    double half = n > 1 ? 0.5 / (n - 1) : 0.5;
    if (log)
        return (Scale){lo * pow(hi / lo, -half), lo * pow(hi / lo, 1 + half), 0, true};
    return (Scale){lo - half * (hi - lo), hi + half * (hi - lo), 0, false};
}

static void name_axes(const Maps *m, Panel *p)
{
    const Surface *surface = scene_surface(maps_scene(m));
    FigureAxis *axis[2] = {&p->x, &p->y};
    for (int k = 0; k < 2; k++) {
        Text t = text_over(axis[k]->name, sizeof axis[k]->name);
        if (maps_spec(m)->kind == MAPS_SWEEP)
            text_add(&t, "%s", maps_axis(m, k)->name);
        else
            text_add(&t, "start %s", surface ? surface->axis[k] : k ? "y" : "x");
    }
}

static void scale_axes(const Maps *m, Panel *p)
{
    const MapsSpec *s = maps_spec(m);
    Window w = maps_view(m);
    if (s->kind == MAPS_BASIN) {
        p->x.scale = tile_scale(w.lo.x, w.hi.x, s->cols, false);
        p->y.scale = tile_scale(w.lo.y, w.hi.y, s->rows, false);
        return;
    }
    const MapsAxis *x = maps_axis(m, 0);
    const MapsAxis *y = maps_axis(m, 1);
    p->x.scale = tile_scale(x->lo, x->hi, s->cols, x->log);
    p->y.scale = tile_scale(y->lo, y->hi, s->rows, y->log);
}

static void add_minima(const Maps *m, Figure *f)
{
    const CriticalSet *known = maps_known(m);
    for (int i = 0; i < known->minima && maps_spec(m)->kind == MAPS_BASIN; i++) {
        if (!window_contains(maps_view(m), known->point[i].at))
            continue;
        Shape *s = figure_add(f, SHAPE_MARK, ROLE_GLOBAL);
        s->a = known->point[i].at;
        s->mark = known->point[i].global ? MARK_GLOBAL : MARK_LOCAL;
    }
}

static bool draw_figure(const Cli *c, const Maps *m, Figure *f, const Tiles *tiles)
{
    const Surface *surface = scene_surface(maps_scene(m));
    Shares shares;
    figure_start(f, maps_spec(m)->kind == MAPS_SWEEP ? "etascope: how runs end, by their settings"
                                                     : "etascope: where runs end, by their start");
    Panel *p = figure_panel(f, maps_spec(m)->kind == MAPS_SWEEP ? "how runs end" : "where runs end",
                            surface ? surface->title : maps_scene(m)->surface.formula);
    p->tiles = tiles;
    scale_axes(m, p);
    name_axes(m, p);
    add_minima(m, f);
    count(m, &shares);
    tell_shares(m, &shares, true, add_key, f);
    return cli_put_figure(c, f);
}

static void put_figure(const Cli *c, const Maps *m, bool first)
{
    const MapsSpec *s = maps_spec(m);
    size_t cols = (size_t)s->cols;
    Color *color = malloc(cols * (size_t)s->rows * sizeof *color);
    Figure *f = malloc(sizeof *f);
    const Tiles tiles = {s->cols, s->rows, color};
    (void)first;
    if (color)
        for (int row = 0; row < s->rows; row++)
            for (int col = 0; col < s->cols; col++)
                color[(size_t)row * cols + (size_t)col] = shade_of(m, maps_pixel(m, col, row));
    if (!color || !f || !draw_figure(c, m, f, &tiles))
        fprintf(stderr, "etascope: out of memory\n");
    free(color);
    free(f);
}

/* ---- the command --------------------------------------------------------------------------- */

typedef struct Progress {
    struct timespec start;
    int told;
} Progress;

/* Work of more than half a second tells how far it is where somebody watches. */
static void tell_progress(void *of, long done, long all)
{
    Progress *p = of;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double spent = (double)(now.tv_sec - p->start.tv_sec) +
                   1e-9 * (double)(now.tv_nsec - p->start.tv_nsec);
    int percent = (int)(100 * done / all);
    if (spent < 0.5 || percent == p->told)
        return;
    p->told = percent;
    fprintf(stderr, "\r%3d %%", percent);
}

static int fail(Error *err)
{
    error_in(err, "map");
    error_print(err, stderr);
    return EXIT_INPUT;
}

enum { MAP_TEXT }; /* the first of the formats: the default */

static const struct MapFormat {
    const char *name; /* NULL: formats that draw figures */
    /* first: with what stands before the rows */
    void (*put)(const Cli *c, const Maps *m, bool first);
    bool shards;
} map_formats[] = {{"text", put_text, false}, {"csv", put_csv, true}, {"ppm", put_ppm, true},
                   {NULL, put_figure, false}};
enum { MAP_FIGURE = sizeof map_formats / sizeof map_formats[0] - 1 };

bool map_format(Cli *c, const char *value, Error *err)
{
    char names[160];
    Text t = text_over(names, sizeof names);
    for (int i = 0; map_formats[i].name; i++) {
        text_add(&t, "%s%s", i ? ", " : "", map_formats[i].name);
        if (strcmp(value, map_formats[i].name) == 0) {
            c->map_format = i;
            return true;
        }
    }
    for (const Format *const *f = formats; *f; f++) {
        if (!(*f)->figure)
            continue;
        text_add(&t, ", %s", (*f)->name);
        if (strcmp(value, (*f)->name) == 0) {
            c->map_format = MAP_FIGURE;
            c->format = *f;
            return true;
        }
    }
    return error_set(err, 1, 1, "unknown format '%.60s' (there are %s)", value, names);
}

static MapsSpec spec_of(const Cli *c)
{
    MapsSpec s = c->maps;
    if (c->map_format == MAP_TEXT && !c->sized) {
        s.cols = TEXT_COLS;
        s.rows = TEXT_ROWS;
    }
    s.to = s.rows;
    if (c->shards) {
        s.from = (int)((long)s.rows * (c->shard - 1) / c->shards);
        s.to = (int)((long)s.rows * c->shard / c->shards);
    }
    return s;
}

static bool check_options(const Cli *c, Error *err)
{
    bool axes = c->maps.axis[0][0] && c->maps.axis[1][0];
    if (c->maps.kind == MAPS_SWEEP && !axes)
        return error_set(err, 0, 0, "a sweep needs --x NAME=LO:HI and --y NAME=LO:HI");
    if (c->maps.kind == MAPS_BASIN && (c->maps.axis[0][0] || c->maps.axis[1][0]))
        return error_set(err, 0, 0, "--x and --y are for --what sweep");
    if (c->shards && !map_formats[c->map_format].shards)
        return error_set(err, 0, 0, "--shard is for --format csv and ppm");
    return true;
}

static void put_map(const Cli *c, Maps *m)
{
    Progress progress = {.told = -1};
    clock_gettime(CLOCK_MONOTONIC, &progress.start);
    maps_finish(m, c->threads ? c->threads : pool_cores(), isatty(2) ? tell_progress : NULL,
                &progress);
    if (progress.told >= 0)
        fputs("\r      \r", stderr);
    map_formats[c->map_format].put(c, m, c->shard <= 1);
}

int cli_map(const Cli *c)
{
    Error err = {0};
    MapsSpec spec = spec_of(c);
    Maps *m = maps_new();
    int status = EXIT_HOLDS;
    if (!m) {
        fprintf(stderr, "etascope: out of memory\n");
        return EXIT_NOT;
    }
    if (!check_options(c, &err) || !maps_start(m, &c->scene, &spec, NULL, &err)) {
        status = fail(&err);
    } else {
        put_map(c, m);
        status = cli_close(status);
    }
    maps_free(m);
    return status;
}
