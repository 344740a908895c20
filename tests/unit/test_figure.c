/* SPDX-License-Identifier: MIT
 * test_figure: layout, contours, and the figures of runs, as a pen sees them and as SVG. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/named.h"
#include "out/png.h"
#include "out/vector.h"
#include "unit/xml.h"
#include "view/contour.h"
#include "view/font.h"
#include "view/plots.h"

/* --- a pen that remembers --- */

enum { WORDS = 64 };

typedef struct Record {
    int lines, dots, fills, heats, words;
    Box box; /* around all lines and dots */
    Vec2 last_dot;
    char word[WORDS][FIGURE_TEXT];
    Vec2 word_at[WORDS];
    Anchor anchor[WORDS];
} Record;

static void widen(Record *r, Vec2 p)
{
    assert_true(vec_finite(p));
    r->box = (Box){fmin(r->box.x0, p.x), fmin(r->box.y0, p.y), fmax(r->box.x1, p.x),
                   fmax(r->box.y1, p.y)};
}

static void record_clip(void *to, Box box)
{
    (void)to;
    assert_true(box.x0 <= box.x1 && box.y0 <= box.y1);
}

static void record_heat(void *to, Box at, const Field *f)
{
    Record *r = to;
    (void)at;
    assert_true(f->done);
    r->heats++;
}

static void record_fill(void *to, const Vec2 *p, int count, Ink ink)
{
    Record *r = to;
    assert_true(ink.color <= 0xFFFFFF && count >= 3);
    for (int i = 0; i < count; i++)
        assert_true(vec_finite(p[i]));
    r->fills++;
}

static void record_line(void *to, const Vec2 *p, int count, const PenLine *line)
{
    Record *r = to;
    assert_true((count >= 2 || count == 0) && line->width > 0);
    for (int i = 0; i < count; i++)
        widen(r, p[i]);
    r->lines++;
}

static void record_dots(void *to, const Vec2 *p, int count, double width, Ink ink)
{
    Record *r = to;
    assert_true(width > 0 && ink.alpha > 0);
    for (int i = 0; i < count; i++)
        widen(r, p[i]);
    r->last_dot = p[count - 1];
    r->dots += count;
}

static void record_words(void *to, const PenWords *w)
{
    Record *r = to;
    assert_true(r->words < WORDS);
    r->word_at[r->words] = w->at;
    r->anchor[r->words] = w->anchor;
    snprintf(r->word[r->words++], FIGURE_TEXT, "%s", w->text);
}

static Paint paint;

static void draw(const Figure *f, double width, double height, Record *r)
{
    const FigurePen pen = {r,           record_clip, record_heat, NULL, record_fill,
                           record_line, record_dots, record_words};
    *r = (Record){.box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
    figure_draw(f, (Box){0, 0, width, height}, figure_unit(width, height), &paint, &pen);
}

static int word_of(const Record *r, const char *text)
{
    for (int i = 0; i < r->words; i++)
        if (strstr(r->word[i], text))
            return i;
    return -1;
}

/* --- figures of runs --- */

typedef struct Bench {
    Timeline *run;
    CriticalSet known;
    Field heat;
    Figure figure;
    PlotsStore store;
    PlotsInput in;
} Bench;

static Bench bench;

/* The run of a named scene, its map sampled for `width` pixels. */
static void open_scene(const char *words, long row)
{
    Error err = {0};
    Scene scene;
    scene_default(&scene);
    const NamedScene *named = named_find(words, strlen(words));
    assert_true(scene_parse(&scene, named ? named->text : words, NULL, &err));
    timeline_free(bench.run);
    bench.run = timeline_new();
    if (!timeline_set(bench.run, &scene, &err))
        fail_msg("%s", err.message);
    while (timeline_advance(bench.run, 100000)) {
    }
    const Surface *s = scene_surface(&scene);
    critical_start(&bench.known);
    for (int i = 0; s && i < s->critical_count; i++)
        critical_add(&bench.known, timeline_loss(bench.run), timeline_window(bench.run),
                     s->critical[i].at);
    bench.heat.contours = 16;
    assert_true(field_resize(&bench.heat, 300, 100));
    field_start(&bench.heat, timeline_window(bench.run), plots_values, timeline_loss(bench.run));
    while (field_advance(&bench.heat, 1000000)) {
    }
    bench.in = (PlotsInput){.tracks = 1,
                            .known = &bench.known,
                            .window = timeline_window(bench.run),
                            .heat = &bench.heat,
                            .surface = s ? s->title : "typed",
                            .axis = {"x", "y"}};
    row = row < 0 || row > timeline_last(bench.run) ? timeline_last(bench.run) : row;
    bench.in.track[0] = (PlotsTrack){.run = bench.run, .row = row};
    plots_scales(&bench.in);
}

static void make(const PlotsPanel *panel)
{
    figure_start(&bench.figure, "a test");
    panel->draw(&bench.figure, &bench.in, &bench.store);
}

static const PlotsPanel *panel_of(const char *name)
{
    for (const PlotsPanel *p = plots_panels; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    fail_msg("no panel %s", name);
    return NULL;
}

static void every_panel_of_every_scene_is_drawn(void **state)
{
    (void)state;
    Record r;
    for (int i = 0; i < named_count(); i++) {
        open_scene(named_row(i)->id, i % 3 ? -1 : 7);
        for (const PlotsPanel *p = plots_panels; p->name; p++) {
            make(p);
            draw(&bench.figure, 900, 600, &r);
            assert_int_equal(r.heats, p->heat);
            assert_true(r.words > 2 || strcmp(p->name, "fit") == 0);
            assert_true(r.box.x0 >= -20 && r.box.y0 >= -20 && r.box.x1 <= 920 && r.box.y1 <= 620);
        }
    }
}

static void the_head_is_where_the_run_is(void **state)
{
    (void)state;
    Record r;
    open_scene("B4", 20);
    make(panel_of("map"));
    draw(&bench.figure, 900, 600, &r);
    Box plot = figure_plot(&bench.figure, 0, (Box){0, 0, 900, 600}, 1);
    Vec2 want = figure_place(&bench.figure.panel[0], plot, timeline_rows(bench.run)[20].at);
    assert_true(vec_norm(vec_sub(r.last_dot, want)) < 1e-9);
    Window w = bench.in.window;
    Vec2 corner = figure_place(&bench.figure.panel[0], plot, vec2(w.lo.x, w.hi.y));
    assert_true(fabs(corner.x - plot.x0) < 1e-9 && fabs(corner.y - plot.y0) < 1e-9);
}

static void a_run_that_leaves_points_the_way(void **state)
{
    (void)state;
    Record r;
    open_scene("A5", -1); /* diverges in y */
    make(panel_of("map"));
    draw(&bench.figure, 900, 600, &r);
    const Shape *head = &bench.figure.shape[bench.figure.shapes - 1];
    assert_int_equal(head->mark, MARK_HEAD);
    assert_false(window_contains(bench.in.window, head->a));
    assert_true(fabs(head->b.y) > fabs(head->b.x));
}

/* Values stand at the ends of lines; none lies on another. */
static void labels_keep_apart(void **state)
{
    (void)state;
    Record r;
    open_scene("surface=sine24 optimizer=momentum steps=200", 150);
    make(panel_of("loss"));
    draw(&bench.figure, 900, 600, &r);
    int train = word_of(&r, "training"), held = word_of(&r, "held-out");
    assert_true(train >= 0 && held >= 0);
    assert_true(fabs(r.word_at[train].y - r.word_at[held].y) >= 11);
    for (int i = 0; i < r.words; i++) {
        double wide = font_width(r.word[i], 7.9), from = r.word_at[i].x;
        from -= r.anchor[i] == ANCHOR_END ? wide : r.anchor[i] == ANCHOR_MIDDLE ? wide / 2 : 0;
        if (from < -1 || from + wide > 901)
            fail_msg("'%s' from %g to %g", r.word[i], from, from + wide);
    }
    open_scene("B4", 30);
    make(panel_of("eta"));
    draw(&bench.figure, 900, 600, &r);
    assert_true(word_of(&r, "limit") >= 0 && word_of(&r, "η ") >= 0 && word_of(&r, "step") >= 0);
}

/* A dot at every step as long as steps are apart. */
static void every_step_has_a_dot(void **state)
{
    (void)state;
    Record r;
    open_scene("surface=bowl20 start=-4,1 schedule=constant eta0=0.097 steps=12", -1);
    make(panel_of("map"));
    draw(&bench.figure, 900, 600, &r);
    assert_true(r.dots >= 12);
    open_scene("surface=bowl20 start=-4,1 schedule=constant eta0=0.00001 steps=1200", -1);
    make(panel_of("map"));
    draw(&bench.figure, 900, 600, &r);
    assert_true(r.dots < 40);
}

static void a_million_steps_are_few_strokes(void **state)
{
    (void)state;
    Record r;
    open_scene("surface=bowl20 start=-4,1 schedule=constant eta0=0.00001 steps=300000", -1);
    for (const PlotsPanel *p = plots_panels; p->name; p++) {
        make(p);
        draw(&bench.figure, 900, 600, &r);
        assert_true(r.lines < 3000);
    }
}

static void the_models_curve_is_the_models(void **state)
{
    (void)state;
    open_scene("surface=sine24", -1);
    make(panel_of("fit"));
    const Fitted *f = &bench.store.fitted;
    assert_true(f->usable && f->held_out && !f->against);
    for (int i = 0; i < f->count; i++)
        assert_true(fabs(f->y[i] - f->at.x * sin(f->at.y * f->x[i])) < 1e-6);
    open_scene("surface=iris", -1);
    make(panel_of("fit"));
    assert_true(f->usable && strcmp(f->x_name, "length") == 0 && strcmp(f->y_name, "label") == 0);
    for (int i = 0; i < f->count; i++)
        assert_true(fabs(f->y[i] - 1 / (1 + exp(-((f->x[i] - 4.9) * f->at.x + f->at.y)))) < 1e-6);
    open_scene("surface=rare40", -1);
    make(panel_of("fit"));
    assert_true(f->usable && f->against);
    open_scene("B1", -1);
    make(panel_of("fit"));
    assert_false(f->usable);
}

/* --- contours --- */

static void circles(const void *ctx, const double *x, const double *y, double *f, size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        f[i] = x[i] > 0.8 && y[i] > 0.8 ? (double)NAN : x[i] * x[i] + y[i] * y[i];
}

typedef struct Lines {
    double level;
    int pieces, points;
    double length, worst;
} Lines;

static void check_piece(void *to, const Vec2 *p, int count)
{
    Lines *l = to;
    l->pieces++;
    l->points += count;
    for (int i = 0; i < count; i++) {
        Vec2 at = vec2(2 * p[i].x - 1, 1 - 2 * p[i].y);
        l->worst = fmax(l->worst, fabs(at.x * at.x + at.y * at.y - l->level));
        if (i)
            l->length += 2 * vec_norm(vec_sub(p[i], p[i - 1]));
    }
}

/* On their level to second order, of full length, in one piece; none into a hole. */
static void contours_follow_their_level(void **state)
{
    (void)state;
    Field f = {.contours = 8};
    assert_true(field_resize(&f, 100, 50));
    field_start(&f, (Window){{-1, -1}, {1, 1}}, circles, NULL);
    while (field_advance(&f, 100000)) {
    }
    for (int i = 0; i < f.levels; i++) {
        Lines l = {.level = f.level[i]};
        assert_true(contour_trace(&f, i, 0, check_piece, &l));
        assert_true(l.worst < 2e-4);
        double around = 2 * acos(-1.0) * sqrt(l.level);
        if (l.level < 0.95) {
            assert_true(fabs(l.length - around) < 0.01 * around);
            assert_true(l.pieces <= 1 + l.points / 250);
        }
    }
    Lines sparse = {.level = f.level[1]};
    assert_true(contour_trace(&f, 1, 1e6, check_piece, &sparse));
    assert_int_equal(sparse.points, 0);
    field_release(&f);
}

/* --- files --- */

static Deflate *deflate;

static void vectors_are_small_and_well_formed(void **state)
{
    (void)state;
    static const char *const scenes[] = {"B4",
                                         "G2",
                                         "A3",
                                         "surface=ackley optimizer=adam steps=200",
                                         "surface=sunspots",
                                         "surface=iris",
                                         "surface=rosenbrock optimizer=momentum steps=20000"};
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        open_scene(scenes[i], -1);
        for (const PlotsPanel *p = plots_panels; p->name; p++) {
            Bytes out = {0};
            make(p);
            assert_true(vector_svg(&bench.figure, 900, 600, &paint, deflate, &out));
            bytes_byte(&out, 0);
            check_xml((const char *)out.at);
            if (out.count > 300 * 1024)
                fail_msg("%s %s: %zu bytes", scenes[i], p->name, out.count);
            bytes_release(&out);
        }
    }
}

static void rasters_are_small(void **state)
{
    (void)state;
    static const char *const scenes[] = {"B4", "G2", "surface=ackley optimizer=adam steps=200",
                                         "surface=himmelblau"};
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        Pixels p = {0};
        Bytes out = {0};
        open_scene(scenes[i], -1);
        make(panel_of("map"));
        assert_true(pixels_resize(&p, 900, 600));
        pixels_clear(&p, &paint, paint.role[ROLE_BACK]);
        FigurePen pen = pixels_pen(&p);
        figure_draw(&bench.figure, (Box){0, 0, 900, 600}, 1, &paint, &pen);
        png_write(&p, deflate, &out);
        if (out.count > 300 * 1024)
            fail_msg("%s: %zu bytes", scenes[i], out.count);
        bytes_release(&out);
        pixels_release(&p);
    }
}

/* A full figure takes no more, and loses what is behind. */
static void a_full_figure_stays_whole(void **state)
{
    (void)state;
    Record r;
    figure_start(&bench.figure, "full");
    figure_panel(&bench.figure, "full", "");
    for (int i = 0; i < FIGURE_SHAPES + 50; i++) {
        Shape *s = figure_add(&bench.figure, SHAPE_MARK, ROLE_PATH);
        s->a = vec2(0.5, 0.5);
        s->mark = MARK_KNOT;
    }
    draw(&bench.figure, 300, 200, &r);
    assert_int_equal(bench.figure.panel[0].shapes, FIGURE_SHAPES);
}

static int set_up(void **state)
{
    (void)state;
    paint = paint_make(THEME_DARK, MAP_INFERNO, MODE_TRUECOLOR, GLYPHS_QUADRANT);
    deflate = deflate_new();
    return deflate == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    deflate_free(deflate);
    timeline_free(bench.run);
    field_release(&bench.heat);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_panel_of_every_scene_is_drawn),
        cmocka_unit_test(the_head_is_where_the_run_is),
        cmocka_unit_test(a_run_that_leaves_points_the_way),
        cmocka_unit_test(labels_keep_apart),
        cmocka_unit_test(every_step_has_a_dot),
        cmocka_unit_test(a_million_steps_are_few_strokes),
        cmocka_unit_test(the_models_curve_is_the_models),
        cmocka_unit_test(contours_follow_their_level),
        cmocka_unit_test(vectors_are_small_and_well_formed),
        cmocka_unit_test(rasters_are_small),
        cmocka_unit_test(a_full_figure_stays_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
