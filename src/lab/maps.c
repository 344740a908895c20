/* SPDX-License-Identifier: MIT
 * maps: see maps.h. A tile is up to 128 pixels that lie together; lanes compute it (lab/many),
 * or, for what they cannot do, one timeline after the other. */
#include "lab/maps.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/many.h"

enum { STRIDE_MOST = 8 };

const char *const maps_kind_words[] = {[MAPS_BASIN] = "basin", [MAPS_SWEEP] = "sweep", NULL};

/* Pixels col + i stride, row + j stride for i < cols, j < rows, without those of coarser tiles. */
typedef struct Tile {
    int col, row;
    int stride;
} Tile;

/* What one thread needs to compute a tile. */
typedef struct Crew {
    Many *many;          /* owned, like the rest */
    Bound *bound;        /* sweep: settings that the lanes share */
    Bound *pixel_bound;  /* sweep: of one pixel */
    Timeline *run;       /* for what lanes cannot do */
    Scene *scene;        /* of one pixel */
    double *number;      /* 4 columns over the rows of a run */
    Row *rows;           /* of one run, as far as its word needs */
    CriticalSet *known;  /* sweep over the surface's parameters: of `surface` */
    NamedSet surface;
    bool busy;           /* a tile is under way */
    int count;           /* its pixels */
    int first, flying;   /* those in the lanes */
    int judged;          /* of the flying, once they have landed */
    int col[MANY_MOST], row[MANY_MOST];
    Rate rate[MANY_MOST];
    double noise[MANY_MOST];
    double param[MANY_MOST][LOSS_PARAMS];
} Crew;

struct Maps {
    MapsSpec spec;
    MapsAxis axis[2];
    Window view;
    double near;         /* 1 % of the diagonal of the window */
    bool started;
    bool lanes;          /* they can do it */
    bool own_surface;    /* sweep: the surface changes from pixel to pixel */
    int tile_cols, tile_rows;
    Timeline *base;      /* owned: the scene as it binds */
    CriticalSet known;
    double *eta;         /* owned: rates of all pixels, where they share them */
    bool shared_rate;
    long falls_from;
    Pixel *pixel;        /* owned: [row - from][col] */
    Tile *tile;          /* owned: in the order in which they come */
    long tiles, next;
    Crew *crew;          /* owned: of the calling thread */
    Scene scene;
};

MapsSpec maps_spec_default(void)
{
    return (MapsSpec){.kind = MAPS_BASIN, .cols = 200, .rows = 120, .to = -1};
}

/* ---- what there is ------------------------------------------------------------------------- */

static void crew_free(Crew *c)
{
    if (!c)
        return;
    many_free(c->many);
    if (c->bound)
        bind_release(c->bound);
    if (c->pixel_bound)
        bind_release(c->pixel_bound);
    free(c->bound);
    free(c->pixel_bound);
    timeline_free(c->run);
    free(c->scene);
    free(c->number);
    free(c->rows);
    free(c->known);
    free(c);
}

static Crew *crew_new(const Maps *m)
{
    Crew *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->many = m->lanes ? many_new() : NULL;
    c->bound = calloc(1, sizeof *c->bound);
    c->pixel_bound = calloc(1, sizeof *c->pixel_bound);
    c->run = timeline_new();
    c->scene = malloc(sizeof *c->scene);
    c->known = calloc(1, sizeof *c->known);
    c->number = malloc(4 * sizeof *c->number * (size_t)(timeline_steps(m->base) + 1));
    c->rows = malloc(sizeof *c->rows * (size_t)(timeline_steps(m->base) + 1));
    c->surface.count = -1;
    if ((c->many || !m->lanes) && c->bound && c->pixel_bound && c->run && c->scene && c->known &&
        c->number && c->rows)
        return c;
    crew_free(c);
    return NULL;
}

Maps *maps_new(void)
{
    Maps *m = calloc(1, sizeof *m);
    if (m)
        m->base = timeline_new();
    if (m && m->base)
        return m;
    free(m);
    return NULL;
}

static void drop_map(Maps *m)
{
    m->started = false;
    crew_free(m->crew);
    free(m->eta);
    free(m->pixel);
    free(m->tile);
    m->crew = NULL;
    m->eta = NULL;
    m->pixel = NULL;
    m->tile = NULL;
}

void maps_free(Maps *m)
{
    if (!m)
        return;
    drop_map(m);
    timeline_free(m->base);
    free(m);
}

static Pixel *pixel_at(const Maps *m, int col, int row)
{
    return &m->pixel[(size_t)(row - m->spec.from) * (size_t)m->spec.cols + (size_t)col];
}

/* Number i of n from a to b, both ends exactly. */
static double between(double a, double b, int i, int n)
{
    return i == 0 ? a : i == n - 1 ? b : a + (b - a) * ((double)i / (n - 1));
}

Vec2 maps_place(const Maps *m, int col, int row)
{
    const MapsSpec *s = &m->spec;
    int up = s->rows - 1 - row; /* row 0 is the top */
    if (s->kind == MAPS_SWEEP)
        return vec2(maps_axis_value(&m->axis[0], col, s->cols),
                    maps_axis_value(&m->axis[1], up, s->rows));
    return vec2(between(m->view.lo.x, m->view.hi.x, col, s->cols),
                between(m->view.lo.y, m->view.hi.y, up, s->rows));
}

bool maps_pixel_scene(const Maps *m, int col, int row, Scene *out)
{
    Vec2 v = maps_place(m, col, row);
    scene_copy(out, &m->scene);
    if (m->spec.kind == MAPS_SWEEP) {
        maps_axis_apply(&m->axis[0], v.x, out);
        maps_axis_apply(&m->axis[1], v.y, out);
        return true;
    }
    out->start = v;
    out->given |= 1u << SCENE_START;
    return true;
}

/* Minima and saddles: from the table, where the surface is as it stands there, else by search. */
static void find_known(CriticalSet *set, const Scene *s, const Loss *loss, Window w)
{
    const Surface *surface = scene_surface(s);
    critical_start(set);
    if (surface && s->surface.named.count == 0 && !s->data[0]) {
        for (int i = 0; i < surface->critical_count; i++)
            critical_add(set, loss, w, surface->critical[i].at);
        set->done = true;
        return;
    }
    while (critical_search(set, loss, w, 64))
        ;
}

/* ---- pixels -------------------------------------------------------------------------------- */

static const CriticalSet *known_of(const Maps *m, Crew *c, const Scene *s, const Loss *loss)
{
    if (!m->own_surface)
        return &m->known;
    if (c->surface.count < 0 || memcmp(&c->surface, &s->surface.named, sizeof c->surface) != 0) {
        find_known(c->known, s, loss, timeline_window(m->base));
        c->surface = s->surface.named;
    }
    return c->known;
}

static void put_pixel(Pixel *p, const Standing *at, const CriticalSet *known, const ManyEnd *end)
{
    bool minimum = (at->outcome == OUTCOME_GLOBAL_MINIMUM || at->outcome == OUTCOME_LOCAL_MINIMUM) &&
                   at->which >= 0 && at->which < known->minima;
    *p = (Pixel){
        .x = end->at.x,
        .y = end->at.y,
        .loss = end->loss,
        .still = (int32_t)end->still,
        .minimum = (int16_t)(minimum ? at->which + 1 : 0),
        .outcome = (uint8_t)at->outcome,
        .done = true,
    };
}

/* A pair of settings that is no scene: nothing runs. */
static void put_refused(Pixel *p, Vec2 start)
{
    *p = (Pixel){
        .x = start.x, .y = start.y, .loss = NAN, .outcome = OUTCOME_UNDEFINED, .done = true};
}

static long still_since(const Row *rows, long last, double near)
{
    for (long i = last; i >= 0; i--) {
        Vec2 d = vec_sub(rows[i].at, rows[last].at);
        if (!(d.x * d.x + d.y * d.y <= near * near))
            return i < last ? i + 1 : last;
    }
    return 0;
}

/* The pixel by the run itself. */
static void slow_pixel(const Maps *m, Crew *c, int col, int row)
{
    Error ignored;
    Verdict v;
    Pixel *p = pixel_at(m, col, row);
    maps_pixel_scene(m, col, row, c->scene);
    if (!timeline_set_beside(c->run, c->scene, m->base, &ignored)) {
        put_refused(p, m->spec.kind == MAPS_BASIN ? c->scene->start
                                                  : timeline_bound(m->base)->start);
        return;
    }
    timeline_advance(c->run, LONG_MAX / 2);
    long last = timeline_last(c->run);
    const Row *rows = timeline_rows(c->run);
    const CriticalSet *known = known_of(m, c, c->scene, timeline_loss(c->run));
    verdict_at(c->run, last, timeline_window(c->run), known, &v);
    ManyEnd end = {.at = rows[last].at, .loss = rows[last].loss,
                   .still = still_since(rows, last, m->near)};
    put_pixel(p, &(Standing){.outcome = v.outcome, .which = v.which}, known, &end);
}

/* What slow_pixel took, in updates of the lanes. */
static long slow_cost(const Crew *c)
{
    return timeline_ready(c->run) * 30;
}

/* ---- tiles --------------------------------------------------------------------------------- */

static void list_pixels(const Maps *m, Crew *c, const Tile *t)
{
    c->count = 0;
    for (int j = 0; j < m->tile_rows; j++)
        for (int i = 0; i < m->tile_cols; i++) {
            int col = t->col + i * t->stride;
            int row = t->row + j * t->stride;
            if (col < m->spec.cols && row < m->spec.to && !pixel_at(m, col, row)->done) {
                c->col[c->count] = col;
                c->row[c->count++] = row;
            }
        }
}

/* Basin: all pixels share everything but their start. */
static bool begin_basin(const Maps *m, Crew *c)
{
    ManyRun run[MANY_MOST];
    ManyTask task = {.bound = timeline_bound(m->base), .near = m->near,
                     .eta = m->shared_rate ? m->eta : NULL, .falls_from = m->falls_from};
    for (int i = 0; i < c->count; i++)
        run[i] = (ManyRun){.start = maps_place(m, c->col[i], c->row[i]),
                           .seed = m->scene.seed,
                           .noise = NAN};
    c->flying = c->count;
    return many_start(c->many, &task, run, c->count);
}

/* The settings of a pixel, into c->pixel_bound. */
static bool bind_pixel(const Maps *m, Crew *c, int i)
{
    Model model;
    Error ignored;
    const Bound *base = timeline_bound(m->base);
    maps_pixel_scene(m, c->col[i], c->row[i], c->scene);
    model = *timeline_model(m->base);
    NamedSet all;
    model_parameters(c->scene, &all);
    for (int k = 0; k < all.count; k++)
        model.loss.param[k] = all.value[k];
    bind_release(c->pixel_bound);
    return bind_scene(c->pixel_bound, c->scene, &model, base, &ignored);
}

static bool same_optimizer(const Segment *a, const Segment *b)
{
    return a->optimizer == b->optimizer && memcmp(a->param, b->param, sizeof a->param) == 0;
}

/* Sweep: as many pixels as share the optimizer's parameters; the others come after them. */
static bool begin_sweep(const Maps *m, Crew *c)
{
    ManyRun run[MANY_MOST];
    ManyTask task = {.bound = c->bound, .near = m->near};
    c->flying = 0;
    for (int i = c->first; i < c->count; i++) {
        int n = c->flying;
        if (!bind_pixel(m, c, i)) {
            put_refused(pixel_at(m, c->col[i], c->row[i]), timeline_bound(m->base)->start);
            if (n > 0)
                break;
            c->first++;
            continue;
        }
        const Segment *seg = &c->pixel_bound->segment[0];
        if (n > 0 && !same_optimizer(seg, &c->bound->segment[0]))
            break;
        c->rate[n] = seg->rate;
        c->noise[n] = seg->noise;
        memcpy(c->param[n], seg->loss.param, sizeof c->param[n]);
        run[n] = (ManyRun){.start = c->pixel_bound->start,
                           .seed = m->scene.seed,
                           .rate = &c->rate[n],
                           .param = m->own_surface ? c->param[n] : NULL,
                           .noise = seg->noise};
        c->flying++;
        if (n == 0) {
            Bound *kept = c->bound;
            c->bound = c->pixel_bound;
            c->pixel_bound = kept;
            task.bound = c->bound;
        }
    }
    return c->flying == 0 || many_start(c->many, &task, run, c->flying);
}

/* Is no row of the run, while on the surface of its end, lower than this? */
static bool none_lower(const Maps *m, Crew *c, int run, const ManyEnd *e, const Loss *ground,
                       double least)
{
    const Bound *b = m->spec.kind == MAPS_SWEEP ? c->bound : timeline_bound(m->base);
    long rows = e->row + 1;
    double *x = c->number, *y = x + rows, *loss = y + rows;
    long from = 0;
    for (int s = b->segments - 1; s > 0 && !m->own_surface && from == 0; s--)
        if (b->segment[s].from < rows && !critical_same_loss(&b->segment[s - 1].loss, ground))
            from = b->segment[s].from;
    many_points(c->many, run, from, e->row, x, y);
    loss_values(ground, x, y, loss, (size_t)(rows - from));
    for (long i = 0; i < rows - from; i++)
        if (loss[i] < least)
            return false;
    return true;
}

/* Points and losses of a run of a basin, into c->rows. */
static void fill_rows(const Maps *m, Crew *c, int run)
{
    const Bound *b = timeline_bound(m->base);
    const ManyEnd *e = &many_ends(c->many)[run];
    long rows = e->row + 1;
    double *x = c->number, *y = x + rows, *loss = y + rows;
    double best = INFINITY;
    many_points(c->many, run, 0, e->row, x, y);
    for (int s = 0; s < b->segments; s++) {
        long from = b->segment[s].from;
        long to = s + 1 < b->segments ? b->segment[s + 1].from : rows;
        to = to < rows ? to : rows;
        if (from < to)
            loss_values(&b->segment[s].loss, x + from, y + from, loss + from, (size_t)(to - from));
    }
    for (long i = 0; i < rows; i++) {
        best = loss[i] < best ? loss[i] : best;
        c->rows[i] = (Row){.at = vec2(x[i], y[i]), .loss = loss[i], .best = best, .eta = m->eta[i],
                           .events = i == e->row ? e->events : 0};
    }
}

/* The gradients used and the effective rates as well. */
static void fill_updates(const Maps *m, Crew *c, long last)
{
    const Bound *b = timeline_bound(m->base);
    OptState memory = {0};
    int s = -1;
    for (long i = 0; i <= last; i++) {
        Derivatives d;
        OptStep update;
        Row *row = &c->rows[i];
        while (s + 1 < b->segments && b->segment[s + 1].from <= i)
            if (b->segment[++s].new_optimizer)
                memory = (OptState){0};
        const Segment *seg = &b->segment[s];
        loss_eval(&seg->loss, row->at, EXPR_GRADIENT, &d);
        row->g = d.g;
        if (seg->noise > 0)
            row->g = vec_add(row->g, step_noise(m->scene.seed, false, i, seg->noise));
        seg->optimizer->step(seg->param, row->eta, row->g, &memory, &update);
        row->rate = update.rate;
    }
}

/* The word of a run in the lanes from its path, without the run itself; false: that is needed. */
static bool judge_path(const Maps *m, Crew *c, int run, Standing *out)
{
    const Bound *b = timeline_bound(m->base);
    long last = many_ends(c->many)[run].row;
    Window w = timeline_window(m->base);
    if (m->spec.kind != MAPS_BASIN || !m->shared_rate || b->batches)
        return false;
    fill_rows(m, c, run);
    if (verdict_word(b, c->rows, last, w, false, &m->known, out))
        return true;
    fill_updates(m, c, last);
    return verdict_word(b, c->rows, last, w, true, &m->known, out);
}

/* The pixel of a run in the lanes. Returns what it cost, in updates. */
static long judge_run(const Maps *m, Crew *c, int run)
{
    bool basin = m->spec.kind == MAPS_BASIN;
    const ManyEnd *e = &many_ends(c->many)[run];
    const Bound *b = basin ? timeline_bound(m->base) : c->bound;
    Window w = timeline_window(m->base);
    int i = c->first + run;
    Loss ground = bind_at(b, e->row)->loss;
    const CriticalSet *known = &m->known;
    if (m->own_surface) {
        memcpy(ground.param, c->param[run], sizeof ground.param);
        maps_pixel_scene(m, c->col[i], c->row[i], c->scene);
        known = known_of(m, c, c->scene, &ground);
    }
    const Segment *last = bind_at(b, e->row);
    bool noisy = last->batch > 0 || (basin ? last->noise : c->noise[run]) > 0;
    long tail = trail_rows(b->steps);
    long first = e->row + 1 > tail && !e->events ? e->row + 1 - tail : e->events ? e->row : 0;
    Trail t = {.first = first, .cursor = e->row, .steps = b->steps, .x = c->number,
               .y = c->number + (e->row - first + 1), .events = e->events,
               .last_loss = e->loss, .first_loss = e->first_loss};
    Standing at;
    many_points(c->many, run, first, e->row, c->number, c->number + (e->row - first + 1));
    bool sure = trail_settled(&t, w, known, &at) && (!noisy || e->events);
    if (sure && at.outcome == OUTCOME_GLOBAL_MINIMUM)
        sure = none_lower(m, c, run, e, &ground, known->point[at.which].f - 1e-6 * known->range);
    bool by_path = !sure && judge_path(m, c, run, &at);
    if (!sure && !by_path) {
        slow_pixel(m, c, c->col[i], c->row[i]);
        return slow_cost(c);
    }
    put_pixel(pixel_at(m, c->col[i], c->row[i]), &at, known, e);
    return 20 + (by_path ? 10 * e->row * (1 + loss_rows(&ground)) : e->row / 8);
}

static bool begin_lanes(const Maps *m, Crew *c)
{
    return m->spec.kind == MAPS_SWEEP ? begin_sweep(m, c) : begin_basin(m, c);
}

/* Go on with the tile under way; *budget falls. true: it is done. */
static bool advance_tile(const Maps *m, Crew *c, long *budget)
{
    while (c->first < c->count) {
        if (!m->lanes) {
            slow_pixel(m, c, c->col[c->first], c->row[c->first]);
            *budget -= slow_cost(c);
            c->first++;
        } else {
            if (c->flying == 0) {
                bool ok = begin_lanes(m, c);
                *budget -= 200;
                if (!ok || c->flying == 0) { /* no memory for points: one after the other */
                    for (; !ok && c->first < c->count; c->first++)
                        slow_pixel(m, c, c->col[c->first], c->row[c->first]);
                    continue;
                }
            }
            long spent = 0;
            bool more = many_advance(c->many, *budget > 0 ? *budget : 1, &spent);
            *budget -= spent;
            if (more)
                return false;
            while (c->judged < c->flying) {
                *budget -= judge_run(m, c, c->judged++);
                if (*budget <= 0 && c->judged < c->flying)
                    return false;
            }
            c->first += c->flying;
            c->flying = c->judged = 0;
        }
        if (*budget <= 0 && c->first < c->count)
            return false;
    }
    c->busy = false;
    return true;
}

static void begin_tile(const Maps *m, Crew *c, const Tile *t)
{
    list_pixels(m, c, t);
    c->first = c->flying = c->judged = 0;
    c->busy = true;
}

/* ---- order --------------------------------------------------------------------------------- */

static bool add_tiles(Maps *m, int stride)
{
    int width = m->tile_cols * stride, height = m->tile_rows * stride;
    long more = (long)((m->spec.cols + width - 1) / width) *
                ((m->spec.to - m->spec.from + height - 1) / height);
    Tile *tile = realloc(m->tile, sizeof *tile * (size_t)(m->tiles + more));
    if (!tile)
        return false;
    m->tile = tile;
    for (int row = m->spec.from; row < m->spec.to; row += height)
        for (int col = 0; col < m->spec.cols; col += width)
            m->tile[m->tiles++] = (Tile){col, row, stride};
    return true;
}

/* Coarse ones first, then those nearest to a point; a stable order. */
typedef struct Ranked {
    Tile tile;
    double far;
    long place;
} Ranked;

static int by_rank(const void *a, const void *b)
{
    const Ranked *p = a, *q = b;
    if (p->tile.stride != q->tile.stride)
        return p->tile.stride > q->tile.stride ? -1 : 1;
    if (p->far != q->far)
        return p->far < q->far ? -1 : 1;
    return (p->place > q->place) - (p->place < q->place);
}

void maps_focus(Maps *m, int col, int row)
{
    long left = m->tiles - m->next;
    Ranked *r = left > 1 ? malloc(sizeof *r * (size_t)left) : NULL;
    if (!r)
        return; /* the order is a matter of taste */
    for (long i = 0; i < left; i++) {
        Tile t = m->tile[m->next + i];
        double dx = t.col + 0.5 * m->tile_cols * t.stride - col;
        double dy = t.row + 0.5 * m->tile_rows * t.stride - row;
        r[i] = (Ranked){t, dx * dx + dy * dy, i};
    }
    qsort(r, (size_t)left, sizeof *r, by_rank);
    for (long i = 0; i < left; i++)
        m->tile[m->next + i] = r[i].tile;
    free(r);
}

/* ---- begin --------------------------------------------------------------------------------- */

static bool check_spec(const MapsSpec *s, Error *err)
{
    if (s->cols < 1 || s->rows < 1 || s->cols > MAPS_SIDE || s->rows > MAPS_SIDE ||
        (long)s->cols * s->rows > MAPS_PIXELS)
        return error_set(err, 0, 0, "a map of %dx%d pixels", s->cols, s->rows);
    return true;
}

static bool read_axes(Maps *m, Error *err)
{
    static const char *const names[] = {"--x", "--y"};
    m->own_surface = false;
    for (int i = 0; i < 2 && m->spec.kind == MAPS_SWEEP; i++) {
        if (!maps_axis_read(&m->axis[i], m->spec.axis[i], &m->scene, err)) {
            error_in(err, names[i]);
            return false;
        }
        m->own_surface = m->own_surface || m->axis[i].key == SCENE_SURFACE;
    }
    if (m->spec.kind != MAPS_SWEEP || m->axis[0].key != m->axis[1].key ||
        m->axis[0].param != m->axis[1].param)
        return true;
    error_set(err, 1, 1, "both axes are '%s'", m->axis[0].name);
    error_in(err, names[1]);
    return false;
}

/* Pixels of a tile should share what lanes share: the optimizer, the surface's known points. */
static bool shared_by_lanes(const Maps *m, int axis)
{
    return m->spec.kind != MAPS_SWEEP ||
           (m->axis[axis].key != SCENE_OPTIMIZER && m->axis[axis].key != SCENE_SURFACE);
}

static void shape_tiles(Maps *m)
{
    bool x = shared_by_lanes(m, 0), y = shared_by_lanes(m, 1);
    m->tile_cols = x && y ? 16 : x ? MANY_MOST : 1;
    m->tile_rows = x && y ? 8 : x ? 1 : MANY_MOST;
}

static bool reserve(Maps *m, Error *err)
{
    const Bound *b = timeline_bound(m->base);
    size_t pixels = (size_t)m->spec.cols * (size_t)(m->spec.to - m->spec.from);
    bool ok = true;
    m->tiles = m->next = 0;
    m->pixel = calloc(pixels + 1, sizeof *m->pixel);
    m->eta = malloc(sizeof *m->eta * (size_t)(b->steps + 1));
    for (int stride = m->spec.coarse ? STRIDE_MOST : 1; stride >= 1; stride /= 2)
        ok = ok && add_tiles(m, stride);
    m->lanes = many_can(b, true) && (m->spec.kind == MAPS_BASIN || m->scene.edit_count == 0);
    m->crew = crew_new(m);
    if (ok && m->pixel && m->eta && m->crew)
        return true;
    return error_set(err, 0, 0, "not enough memory for a map of %dx%d pixels", m->spec.cols,
                     m->spec.rows);
}

static bool start(Maps *m, const Timeline *beside, Error *err)
{
    if (!check_spec(&m->spec, err) || !read_axes(m, err) ||
        !timeline_set_beside(m->base, &m->scene, beside, err))
        return false;
    const Bound *b = timeline_bound(m->base);
    m->view = m->spec.has_view ? m->spec.view : b->window;
    m->near = 0.01 * window_diagonal(b->window);
    if (m->spec.to < 0)
        m->spec.to = m->spec.rows;
    shape_tiles(m);
    if (!reserve(m, err))
        return false;
    m->shared_rate = m->spec.kind == MAPS_BASIN && many_rates(b, m->eta, &m->falls_from);
    find_known(&m->known, &m->scene, timeline_loss(m->base), b->window);
    return true;
}

bool maps_start(Maps *m, const Scene *scene, const MapsSpec *spec, const Timeline *beside,
                Error *err)
{
    drop_map(m);
    m->spec = *spec;
    scene_copy(&m->scene, scene);
    m->started = start(m, beside, err);
    if (!m->started)
        drop_map(m);
    return m->started;
}

/* ---- run ----------------------------------------------------------------------------------- */

bool maps_advance(Maps *m, long budget)
{
    while (m->started && budget > 0 && (m->crew->busy || m->next < m->tiles)) {
        if (!m->crew->busy)
            begin_tile(m, m->crew, &m->tile[m->next++]);
        advance_tile(m, m->crew, &budget);
        budget--;
    }
    return m->started && (m->crew->busy || m->next < m->tiles);
}

typedef struct Shift {
    Maps *map;
    Crew *crew[POOL_THREADS];
    PoolTell *tell;
    void *of;
} Shift;

static void do_tile(void *context, int worker, long job)
{
    Shift *s = context;
    Crew *c = s->crew[worker];
    begin_tile(s->map, c, &s->map->tile[s->map->next + job]);
    while (c->busy) {
        long budget = LONG_MAX / 2;
        advance_tile(s->map, c, &budget);
    }
}

static void tell_tile(void *context, long done, long jobs)
{
    Shift *s = context;
    if (s->tell)
        s->tell(s->of, done, jobs);
}

void maps_finish(Maps *m, int threads, PoolTell *tell, void *of)
{
    Shift s = {.map = m, .crew = {m->crew}, .tell = tell, .of = of};
    while (m->crew->busy)
        maps_advance(m, 1);
    int have = 1;
    threads = threads > POOL_THREADS ? POOL_THREADS : threads;
    while (have < threads && have < m->tiles - m->next && (s.crew[have] = crew_new(m)))
        have++;
    pool_run(have, m->tiles - m->next, do_tile, tell_tile, &s);
    m->next = m->tiles;
    for (int i = 1; i < have; i++)
        crew_free(s.crew[i]);
}

/* ---- read ---------------------------------------------------------------------------------- */

const MapsSpec *maps_spec(const Maps *m)
{
    return &m->spec;
}

const Scene *maps_scene(const Maps *m)
{
    return &m->scene;
}

const CriticalSet *maps_known(const Maps *m)
{
    return &m->known;
}

Window maps_view(const Maps *m)
{
    return m->view;
}

long maps_steps(const Maps *m)
{
    return timeline_steps(m->base);
}

const MapsAxis *maps_axis(const Maps *m, int axis)
{
    return &m->axis[axis];
}

double maps_progress(const Maps *m)
{
    return m->tiles ? (double)m->next / (double)m->tiles : 0;
}

const Pixel *maps_pixel(const Maps *m, int col, int row)
{
    for (int stride = 1; m->started && stride <= STRIDE_MOST; stride *= 2) {
        int down = (row - m->spec.from) / stride * stride + m->spec.from;
        const Pixel *p = pixel_at(m, col / stride * stride, down);
        if (p->done)
            return p;
    }
    return NULL;
}
