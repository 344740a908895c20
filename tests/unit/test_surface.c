/* SPDX-License-Identifier: MIT
 * test_surface: every row of assets/surfaces.txt, one test per surface: exact derivatives, critical
 * points, starts and texts; then the 26 reference surfaces and the facts that lessons lean on. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/text.h"
#include "core/loss.h"
#include "core/surface.h"
#include "core/timeline.h"

enum { POINTS = 200, MOST_SURFACES = 80, REFERENCE_SURFACES = 26 };

static Timeline *owner; /* of the losses under test */

/* ---- helpers ---- */

static const Surface *surface(const char *name)
{
    const Surface *s = surface_find(name, strlen(name));
    if (!s)
        fail_msg("no surface '%s'", name);
    return s;
}

/* The loss of a surface, be it a formula, a mean over rows or a grid; good until the next call. */
static const Loss *ground(const Surface *s)
{
    static Scene scene;
    char text[80];
    Error err = {0};
    snprintf(text, sizeof text, "surface=%s steps=1", s->name);
    scene_default(&scene);
    if (!scene_parse(&scene, text, NULL, &err) || !timeline_set(owner, &scene, &err))
        fail_msg("%s: %ld: %s", s->name, err.column, err.message);
    return timeline_loss(owner);
}

static Vec2 random_point(Window w, uint64_t k)
{
    Vec2 size = window_size(w);
    return vec2(w.lo.x + size.x * rng_uniform(11, 2 * k),
                w.lo.y + size.y * rng_uniform(11, 2 * k + 1));
}

static bool is(const Surface *s, const char *name)
{
    return strcmp(s->name, name) == 0;
}

/* The distance to the centre stands under a square root: at r = 0 it has no derivative (a cone in
 * ackley; in drop_wave only the formula, not the function, is rough there). */
static bool has_kink_at(const Surface *s, Vec2 at, double near)
{
    return (is(s, "ackley") || is(s, "drop_wave")) && vec_norm(at) < near;
}

/* ---- derivatives ---- */

/* Fourth-order central differences of f, fx and fy along one axis. */
static Derivatives difference(const Loss *l, Vec2 at, Vec2 axis, double h)
{
    static const double weight[] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
    static const double place[] = {-2, -1, 1, 2};
    Derivatives sum = {0};
    for (int i = 0; i < 4; i++) {
        Derivatives d;
        loss_eval(l, vec_add(at, vec_scale(place[i] * h, axis)), EXPR_GRADIENT, &d);
        sum.f += weight[i] * d.f / h;
        sum.g = vec_add(sum.g, vec_scale(weight[i] / h, d.g));
    }
    return sum;
}

static void compare(const Surface *s, Vec2 at, const char *what, double got, double want,
                    double around)
{
    /* the grid's spline has third derivatives that jump: differences across a knot are rough */
    double tolerance = is(s, "digits_plane") ? 5e-5 : 2e-7;
    if (!(fabs(got - want) <= tolerance * around))
        fail_msg("%s at %g,%g: %s is %.12g, differences say %.12g", s->name, at.x, at.y, what, got,
                 want);
}

static void check_derivatives(const Surface *s, const Loss *l)
{
    double h = 2e-5 * fmin(window_size(s->window).x, window_size(s->window).y);
    for (uint64_t k = 0; k < POINTS; k++) {
        Vec2 at = random_point(s->window, k);
        Derivatives d;
        Derivatives value;
        if (has_kink_at(s, at, 0.1))
            continue;
        loss_eval(l, at, EXPR_HESSIAN, &d);
        loss_eval(l, at, EXPR_VALUE, &value);
        assert_true(value.f == d.f);
        assert_true(isfinite(d.f) && vec_finite(d.g));
        Derivatives dx = difference(l, at, vec2(1, 0), h);
        Derivatives dy = difference(l, at, vec2(0, 1), h);
        double slope = 1 + fabs(d.f) + vec_norm(d.g);
        double bend = slope + fabs(d.h.xx) + fabs(d.h.xy) + fabs(d.h.yy);
        compare(s, at, "fx", d.g.x, dx.f, slope);
        compare(s, at, "fy", d.g.y, dy.f, slope);
        compare(s, at, "fxx", d.h.xx, dx.g.x, bend);
        compare(s, at, "fxy", d.h.xy, dx.g.y, bend);
        compare(s, at, "fxy", d.h.xy, dy.g.x, bend);
        compare(s, at, "fyy", d.h.yy, dy.g.y, bend);
    }
}

/* ---- critical points ---- */

static void check_critical(const Surface *s, const Loss *l, const CriticalRow *row)
{
    Derivatives d;
    double small;
    double large;
    if (has_kink_at(s, row->at, 1e-9))
        return; /* a cusp, or derivatives that are only a convention */
    loss_eval(l, row->at, EXPR_HESSIAN, &d);
    sym_eigenvalues(d.h, &small, &large);
    double bend = fmax(fabs(small), fabs(large));
    if (!(vec_norm(d.g) <= 1e-12 * fmax(1, vec_norm(row->at)) * fmax(1, bend) + 1e-13))
        fail_msg("%s: %.17g,%.17g is not stationary: |g| = %g", s->name, row->at.x, row->at.y,
                 vec_norm(d.g));
    if (is(s, "monkey_saddle"))
        return; /* its Hessian is 0 at the saddle */
    bool right =
        row->kind == 'm' ? small > 1e-9 * large : small < -1e-9 * bend && large > 1e-9 * bend;
    if (!right)
        fail_msg("%s: %.17g,%.17g is no %s: eigenvalues %g, %g", s->name, row->at.x, row->at.y,
                 row->kind == 'm' ? "minimum" : "saddle", small, large);
}

static void check_order(const Surface *s, const Loss *l)
{
    double last = -INFINITY;
    Vec2 room = vec_scale(0.1000001, window_size(s->window));
    Window near = {vec_sub(s->window.lo, room), vec_add(s->window.hi, room)};
    for (int i = 0; i < s->critical_count; i++) {
        Derivatives d;
        assert_true(window_contains(near, s->critical[i].at));
        if (s->critical[i].kind != 'm')
            continue;
        loss_eval(l, s->critical[i].at, EXPR_VALUE, &d);
        if (d.f < last - 1e-9 * fmax(1, fabs(last)))
            fail_msg("%s: minimum %d is lower than the one before", s->name, i);
        last = d.f;
        for (int k = 0; k < i; k++)
            assert_true(vec_norm(vec_sub(s->critical[k].at, s->critical[i].at)) > 1e-5);
    }
}

/* No point of a grid over the window is lower than the lowest minimum listed. */
static void check_lowest(const Surface *s, const Loss *l)
{
    if (s->critical_count == 0 || s->critical[0].kind != 'm')
        return;
    Derivatives lowest;
    loss_eval(l, s->critical[0].at, EXPR_VALUE, &lowest);
    for (uint64_t k = 0; k < 5000; k++) {
        Derivatives d;
        loss_eval(l, random_point(s->window, k), EXPR_VALUE, &d);
        if (d.f < lowest.f - 1e-12 * fmax(1, fabs(lowest.f)))
            fail_msg("%s: %.17g is below the lowest minimum %.17g", s->name, d.f, lowest.f);
    }
}

/* ---- texts ---- */

static size_t characters(const char *s)
{
    return utf8_count(s, strlen(s));
}

static void check_texts(const Surface *s)
{
    assert_true(s->name[0] &&
                strspn(s->name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s->name));
    assert_true(!isdigit((unsigned char)s->name[0]));
    assert_ptr_equal(surface_find(s->name, strlen(s->name)), s);
    assert_null(surface_find(s->name, strlen(s->name) - 1) == s ? s : NULL);
    if (characters(s->title) < 1 || characters(s->title) > 32)
        fail_msg("%s: a title has 1 to 32 characters, not %zu", s->name, characters(s->title));
    if (characters(s->note) < 1 || characters(s->note) > 100)
        fail_msg("%s: a note has 1 to 100 characters, not %zu", s->name, characters(s->note));
    assert_true(s->note[strlen(s->note) - 1] == '.');
    assert_true(s->axis[0][0] && s->axis[1][0]);
}

static void check_numbers(const Surface *s, const Loss *l)
{
    assert_true(s->window.lo.x < s->window.hi.x && s->window.lo.y < s->window.hi.y);
    assert_true(s->start_count >= 1);
    assert_true(s->eta0 > 0 && isfinite(s->eta0));
    assert_true(s->eta0_normalised > 0 && isfinite(s->eta0_normalised));
    assert_true(s->eta_high > s->eta0 && isfinite(s->eta_high));
    for (int i = 0; i < s->start_count; i++) {
        Derivatives d;
        if (!window_contains(s->window, s->start[i]))
            fail_msg("%s: start %d lies outside the window", s->name, i);
        loss_eval(l, s->start[i], EXPR_GRADIENT, &d);
        if (!isfinite(d.f) || !(vec_norm(d.g) > 0))
            fail_msg("%s: a run from start %d goes nowhere", s->name, i);
    }
}

static void test_row(void **state)
{
    const Surface *s = *state;
    const Loss *l = ground(s);
    check_texts(s);
    check_numbers(s, l);
    check_derivatives(s, l);
    for (int i = 0; i < s->critical_count; i++)
        check_critical(s, l, &s->critical[i]);
    check_order(s, l);
    check_lowest(s, l);
}

static void test_names_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < surface_count(); i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(surface_row(i)->name, surface_row(k)->name);
    assert_null(surface_find("", 0));
    assert_null(surface_find("Himmelblau", 10));
}

/* Nothing is listed for a valley, but it is one: (1-xy)^2/2 is 0 with a singular Hessian on xy = 1.
 */
static void test_linear_net_is_a_valley(void **state)
{
    (void)state;
    const Surface *s = surface("linear_net");
    const Loss *l = ground(s);
    for (int i = 0; i < s->critical_count; i++)
        assert_true(s->critical[i].kind == 's');
    for (double x = 0.4; x <= 4; x += 0.3) {
        Derivatives d;
        double small;
        double large;
        loss_eval(l, vec2(x, 1 / x), EXPR_HESSIAN, &d);
        sym_eigenvalues(d.h, &small, &large);
        assert_true(fabs(d.f) < 1e-30 && vec_norm(d.g) < 1e-14);
        assert_true(fabs(small) < 1e-12 * large);
        assert_true(fabs(large - (x * x + 1 / (x * x))) < 1e-12 * large);
    }
}

/* ---- the reference's 26 surfaces ---- */

/* The next field of a comma-separated line (no quotes in this file). */
static char *next_field(char **at)
{
    char *field = *at;
    char *end = field + strcspn(field, ",\n");
    *at = *end ? end + 1 : end;
    *end = '\0';
    return field;
}

static void check_same_values(const Surface *s, const char *formula)
{
    const Loss *ours = ground(s);
    Loss theirs;
    Error err = {0};
    assert_true(loss_compile(&theirs, formula, NULL, NULL, 0, &err));
    for (uint64_t k = 0; k < 500; k++) {
        Derivatives a;
        Derivatives b;
        Vec2 at = random_point(s->window, k + 1000);
        loss_eval(ours, at, EXPR_HESSIAN, &a);
        loss_eval(&theirs, at, EXPR_HESSIAN, &b);
        assert_true(fabs(a.f - b.f) <= 1e-13 * fmax(1, fabs(b.f)));
        assert_true(vec_norm(vec_sub(a.g, b.g)) <= 1e-12 * fmax(1, vec_norm(b.g)));
    }
    loss_release(&theirs);
}

static bool listed(const Surface *s, Vec2 at, char kind)
{
    for (int i = 0; i < s->critical_count; i++)
        if (s->critical[i].kind == kind && vec_norm(vec_sub(s->critical[i].at, at)) < 1e-6)
            return true;
    return false;
}

/* "x:y:f;x:y:f": those inside our window stand in our list; their loss is right. */
static int check_points(const Surface *s, const char *points, char kind)
{
    const Loss *l = ground(s);
    int found = 0;
    for (const char *at = points; *at; at += *at == ';') {
        char *end;
        double x = strtod(at, &end);
        double y = strtod(end + 1, &end);
        double f = strtod(end + 1, &end);
        Derivatives d;
        at = end;
        loss_eval(l, vec2(x, y), EXPR_VALUE, &d);
        assert_true(fabs(d.f - f) <= 1e-9 * fmax(1, fabs(f)));
        if (!window_contains(s->window, vec2(x, y)))
            continue;
        if (!listed(s, vec2(x, y), kind))
            fail_msg("%s: %s %.17g,%.17g is not listed", s->name,
                     kind == 'm' ? "minimum" : "saddle", x, y);
        found++;
    }
    return found;
}

static void test_reference_surfaces(void **state)
{
    (void)state;
    static char line[1 << 16];
    const char *folder = getenv("ETASCOPE_REFERENCE");
    char path[512];
    int rows = 0;
    snprintf(path, sizeof path, "%s/surfaces.csv", folder ? folder : "tests/golden/reference");
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot read %s", path);
    while (fgets(line, sizeof line, file)) {
        char *at = line;
        char *field[18];
        if (line[0] == '#' || strncmp(line, "name,", 5) == 0)
            continue;
        for (int i = 0; i < 18; i++)
            field[i] = next_field(&at);
        const Surface *s = surface(field[0]);
        check_same_values(s, field[1]);
        int found = check_points(s, field[14], 'm');
        if (atoi(field[11]) > 0)
            assert_true(found > 0);
        if (s->critical_count < SURFACE_CRITICAL)
            check_points(s, field[16], 's');
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, REFERENCE_SURFACES);
}

/* ---- facts ---- */

static double limit_at(const char *name, Vec2 at)
{
    Derivatives d;
    double small;
    double large;
    loss_eval(ground(surface(name)), at, EXPR_HESSIAN, &d);
    sym_eigenvalues(d.h, &small, &large);
    return 2 / large;
}

/* Distance from `centre` after 2000 steps of plain descent from a hair beside it. */
static double distance_after(const char *name, Vec2 centre, double eta)
{
    const Loss *l = ground(surface(name));
    Vec2 at = vec_add(centre, vec2(1e-4, 1.3e-4));
    for (int t = 0; t < 4000 && vec_norm(vec_sub(at, centre)) < 0.1; t++) {
        Derivatives d;
        loss_eval(l, at, EXPR_GRADIENT, &d);
        at = vec_sub(at, vec_scale(eta, d.g));
    }
    return vec_norm(vec_sub(at, centre));
}

static void test_two_over_lambda(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double x, y;
        double limit; /* rounded as texts and lessons quote it */
    } rows[] = {
        {"himmelblau", -3.779310253377747, -3.283185991286169, 0.01495},
        {"himmelblau", -2.805118086952745, 3.131312518250573, 0.0249},
        {"himmelblau", 3, 2, 0.02430},
        {"himmelblau", 3.584428340330492, -1.848126526964404, 0.01904},
        {"bowl20", 0, 0, 0.1},
        {"styblinski", -2.903534027771177, -2.903534027771177, 0.0578},
        {"styblinski", 2.746802770990837, 2.746802770990837, 0.0683},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Vec2 at = vec2(rows[i].x, rows[i].y);
        double limit = limit_at(rows[i].name, at);
        if (!(fabs(limit - rows[i].limit) < 0.005 * limit))
            fail_msg("%s at %g,%g: 2/lambda = %.6g, texts say %g", rows[i].name, at.x, at.y, limit,
                     rows[i].limit);
        if (!(distance_after(rows[i].name, at, 0.99 * limit) < 1e-6))
            fail_msg("%s does not settle just below %g", rows[i].name, limit);
        if (!(distance_after(rows[i].name, at, 1.01 * limit) > 1e-3))
            fail_msg("%s settles just above %g", rows[i].name, limit);
    }
}

/* The best point of the wells near x = sign: the narrow and the wide one. */
static double well_limit(const char *name, int sign)
{
    const Surface *s = surface(name);
    for (int i = 0; i < s->critical_count; i++)
        if (s->critical[i].kind == 'm' && fabs(s->critical[i].at.x - sign) < 0.3)
            return limit_at(name, s->critical[i].at);
    fail_msg("%s: no minimum near %d,0", name, sign);
    return 0;
}

static void test_limits_of_the_honest_pair(void **state)
{
    (void)state;
    assert_true(fabs(well_limit("sharp_global", -1) - 0.032) < 0.001);
    assert_true(fabs(well_limit("sharp_global", 1) - 0.095) < 0.002);
    assert_true(fabs(well_limit("flat_global", -1) - 0.52) < 0.02);
    assert_true(fabs(well_limit("flat_global", 1) - 0.050) < 0.002);
}

/* The pair's experiment as a scene. */
static void pair_scene(Scene *s, const char *name, Vec2 start)
{
    char text[200];
    Error err = {0};
    snprintf(
        text, sizeof text,
        "surface=%s optimizer=sgd schedule=cosine:eta_min=0 eta0=0.2 steps=200 start=%.17g,%.17g",
        name, start.x, start.y);
    scene_default(s);
    if (!scene_parse(s, text, NULL, &err))
        fail_msg("%s", err.message);
}

/* Where the run of 200 steps ends. */
static Vec2 pair_end(const Loss *l, const double *eta, Vec2 at)
{
    for (int t = 0; t < 200; t++) {
        Derivatives d;
        loss_eval(l, at, EXPR_GRADIENT, &d);
        at = vec_sub(at, vec_scale(eta[t], d.g));
    }
    return at;
}

static Vec2 run_pair(Timeline *t, const char *name, Vec2 start)
{
    static Scene scene;
    Error err = {0};
    pair_scene(&scene, name, start);
    if (!timeline_set(t, &scene, &err))
        fail_msg("%s", err.message);
    while (timeline_advance(t, 1000))
        ;
    return timeline_rows(t)[200].at;
}

/* Share of the 81 x 81 starts of [-2,2]^2 that end at the global minimum. */
static double pair_share(const char *name)
{
    const Surface *s = surface(name);
    const Loss *l = ground(s);
    Timeline *t = timeline_new();
    double eta[200];
    int hits = 0;
    run_pair(t, name, vec2(0, 0));
    for (long k = 0; k < 200; k++)
        eta[k] = timeline_rows(t)[k].eta;
    for (int j = 0; j <= 80; j++) {
        for (int i = 0; i <= 80; i++) {
            Vec2 start = vec2(-2 + i * 0.05, -2 + j * 0.05);
            Vec2 end = pair_end(l, eta, start);
            if ((81 * j + i) % 997 == 0) {
                Vec2 same = run_pair(t, name, start);
                assert_true(same.x == end.x && same.y == end.y);
            }
            hits += vec_norm(vec_sub(end, s->critical[0].at)) < 0.02;
        }
    }
    timeline_free(t);
    return hits / 6561.0;
}

static void test_honest_pair(void **state)
{
    (void)state;
    double flat = pair_share("flat_global");
    double sharp = pair_share("sharp_global");
    if (!(flat > 0.98) || sharp != 0)
        fail_msg("at the global minimum: flat %.4f, sharp %.4f", flat, sharp);
}

/* ---- the format ---- */

static void check_parse_error(const char *text, const char *message)
{
    char copy[400];
    Surface rows[2];
    Error err = {0};
    snprintf(copy, sizeof copy, "%s", text);
    assert_int_equal(surface_parse(copy, rows, 2, &err), -1);
    if (!strstr(err.message, message))
        fail_msg("'%s' instead of '%s'", err.message, message);
}

static void test_format(void **state)
{
    (void)state;
    char text[] =
        "# comment\r\nsurface one core\r\ntitle Uno\nformula x^2+a*y  # trailing\nparams a=2,b=3\n"
        "window -1,1,-2,2\nstart 0,1  0.5,1\neta0 0.1 0.2\neta_high 1\nminimum 0,0\nsaddle 1,1\n"
        "axis slope offset\nnote A note.\n";
    Surface row[1];
    Error err = {0};
    assert_int_equal(surface_parse(text, row, 1, &err), 1);
    assert_string_equal(row->name, "one");
    assert_string_equal(row->formula, "x^2+a*y");
    assert_true(row->core && row->start_count == 2 && row->critical_count == 2);
    assert_int_equal(row->params.count, 2);
    assert_true(row->params.value[1] == 3 && strcmp(row->params.name[1], "b") == 0);
    assert_string_equal(row->axis[1], "offset");
    check_parse_error("title early\n", "before the first 'surface'");
    check_parse_error("surface a\nfromula x\n", "unknown key 'fromula' (did you mean 'formula'?)");
    check_parse_error("surface a\nformula x\n", "lacks");
    check_parse_error("surface a\nwindow 1,0,0,1\n", "empty window");
    check_parse_error("surface a\nstart 1,zwei\n", "'zwei' is not a number");
    check_parse_error("surface a\nparams =1\n", "bad parameter");
}

int main(void)
{
    static struct CMUnitTest rows[MOST_SURFACES];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_linear_net_is_a_valley),
        cmocka_unit_test(test_reference_surfaces),
        cmocka_unit_test(test_two_over_lambda),
        cmocka_unit_test(test_limits_of_the_honest_pair),
        cmocka_unit_test(test_honest_pair),
    };
    size_t count = (size_t)surface_count();
    if (count > MOST_SURFACES)
        return 1;
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct CMUnitTest){.name = surface_row((int)i)->name,
                                      .test_func = test_row,
                                      .initial_state = (void *)(uintptr_t)surface_row((int)i)};
    owner = timeline_new();
    int failed = _cmocka_run_group_tests("surfaces", rows, count, NULL, NULL);
    failed += cmocka_run_group_tests_name("surface facts", tests, NULL, NULL);
    timeline_free(owner);
    return failed;
}
