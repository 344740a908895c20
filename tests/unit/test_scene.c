/* SPDX-License-Identifier: MIT
 * test_scene: the grammar of SPEC 1: what is printed reads back as the same scene, every kind of
 * bad input gets its message at its place, and no bytes whatever do harm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/named.h"
#include "core/scene.h"

#ifdef __SANITIZE_ADDRESS__
enum { RANDOM_SCENES = 5000, RANDOM_BYTES = 50000 };
#else
enum { RANDOM_SCENES = 20000, RANDOM_BYTES = 200000 };
#endif
enum { BIG = 1 << 17 };

static Scene fresh; /* a default scene: copying it is cheaper than making one */
static Scene one;
static Scene two;
static char printed[BIG];
static char again[BIG];

static const char *print(const Scene *s, bool one_line, char *out)
{
    Text t = text_over(out, BIG);
    scene_print(s, one_line, &t);
    assert_false(t.full);
    return out;
}

static bool parse(Scene *s, const char *text, Error *err)
{
    scene_copy(s, &fresh);
    *err = (Error){0};
    return scene_parse(s, text, NULL, err);
}

static void must_parse(Scene *s, const char *text)
{
    Error err;
    if (!parse(s, text, &err))
        fail_msg("%ld:%ld: %s in\n%s", err.line, err.column, err.message, text);
}

/* parse(print(s)) == s, on one line and on several, and printing again changes nothing. */
static void check_round_trip(const Scene *s, const char *source)
{
    for (int one_line = 0; one_line < 2; one_line++) {
        print(s, one_line, printed);
        must_parse(&two, printed);
        if (!scene_equal(s, &two))
            fail_msg("not the same scene:\n%s\nfrom\n%s", printed, source);
        print(&two, one_line, again);
        assert_string_equal(printed, again);
    }
}

/* ---- random scenes from the tables ---- */

typedef struct Dice {
    uint64_t seed;
    uint64_t k;
} Dice;

static long roll(Dice *d, long n)
{
    return (long)(rng_u64(d->seed, d->k++) % (uint64_t)n);
}

/* A number between the bounds, sometimes a bound itself, sometimes with all its digits. */
static double roll_number(Dice *d, double lo, double hi)
{
    double u = rng_uniform(d->seed, d->k++);
    double a = isinf(lo) ? -10 : lo;
    double b = isinf(hi) ? fmax(a, 0) + pow(10, (double)roll(d, 7) - 3) : hi;
    char few[32];
    double v = a + u * (b - a);
    snprintf(few, sizeof few, "%.3g", v);
    double rounded = strtod(few, NULL);
    return roll(d, 2) && rounded > a && rounded < b ? rounded : v;
}

static void add_number(Text *t, double v)
{
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%.17g", v);
    text_add(t, "%s", text);
}

static void add_param(Dice *d, const ParamInfo *p, Text *t)
{
    int choices = 0;
    text_add(t, "%s=", p->name);
    switch (p->kind) {
    case PARAM_CHOICE:
        while (p->choices[choices])
            choices++;
        text_add(t, "%s", p->choices[roll(d, choices)]);
        break;
    case PARAM_INTEGERS:
        for (long i = 0, at = 0, n = 1 + roll(d, PARAM_LIST); i < n; i++) {
            at += 1 + roll(d, 50);
            text_add(t, "%s%ld", i ? "/" : "", at);
        }
        break;
    case PARAM_INTEGER:
        text_add(t, "%.0f",
                 p->lo + (double)roll(d, isinf(p->hi) || p->hi > 1000 ? 1000
                                                                      : (long)(p->hi - p->lo) + 1));
        break;
    case PARAM_REAL:
        add_number(t, roll_number(d, p->lo, p->hi));
        break;
    }
}

static void add_params(Dice *d, const ParamInfo *rows, Text *t)
{
    const char *before = ":";
    for (const ParamInfo *p = rows; p->name; p++) {
        if (roll(d, 3))
            continue;
        text_add(t, "%s", before);
        add_param(d, p, t);
        before = ",";
    }
}

static const char *const formulas[] = {
    "x^2+10*y^2", "x^2 + 10*y^2 - a*exp(-(x-1)^2):a=3", "log(x) + y^2", "x*y", "-x^2", " x + y ",
    "well(a, 0, 0, b) + x^2:a=-1,b=0.3", "max(x,y)", "x^2\t+ y^2", "(x)+tau_1*y:tau_1=1e-300"};
static const char *const rates[] = {"eta0/(1+k*t):k=0.1",
                                    "eta0 * 0.5",
                                    "eta0*exp( -t / T )",
                                    "t",
                                    "eta0",
                                    "max(0, eta0*(1-t/T))",
                                    "eta0/sqrt(1+a*t)*b:a=2,b=0.25",
                                    "0.1"};

/* Quote a value in one of the ways that the grammar allows. */
static void add_quoted(Dice *d, const char *value, Text *t)
{
    const char *colon = strchr(value, ':');
    const char *quote = roll(d, 2) ? "'" : "\"";
    bool blank = strpbrk(value, " \t") != NULL;
    if (!blank && roll(d, 2))
        text_add(t, "%s", value);
    else if (colon && roll(d, 2))
        text_add(t, "%s%.*s%s%s", quote, (int)(colon - value), value, quote, colon);
    else
        text_add(t, "%s%s%s", quote, value, quote);
}

typedef struct Draft {
    const Surface *surface;   /* NULL: a formula */
    const char *formula;      /* "" with parameters behind ':' */
} Draft;

static void add_surface(Dice *d, Draft *draft, Text *t)
{
    draft->surface = NULL;
    if (roll(d, 2)) {
        draft->formula = formulas[roll(d, sizeof formulas / sizeof formulas[0])];
        add_quoted(d, draft->formula, t);
        return;
    }
    draft->surface = surface_row((int)roll(d, surface_count()));
    text_add(t, "%s", draft->surface->name);
    for (int i = 0; i < draft->surface->params.count; i++) {
        text_add(t, "%s%s=", i ? "," : ":", draft->surface->params.name[i]);
        add_number(t, roll_number(d, -1, 1));
    }
}

/* The surface's own name or formula and new values of some of its parameters. */
static void add_surface_edit(Dice *d, const Draft *draft, Text *t)
{
    if (draft->surface) {
        text_add(t, "%s", draft->surface->name);
        for (int i = 0; i < draft->surface->params.count; i++)
            text_add(t, "%s%s=%ld", i ? "," : ":", draft->surface->params.name[i], roll(d, 9));
        return;
    }
    const char *from = draft->formula + strspn(draft->formula, " ");
    int n = (int)strcspn(from, ":");
    const char *colon = from + n;
    while (n && from[n - 1] == ' ')
        n--;
    text_add(t, "'%.*s'", n, from);
    if (*colon)
        text_add(t, ":%.*s=%ld", (int)strcspn(colon + 1, "="), colon + 1, roll(d, 9));
}

static void add_value(Dice *d, SceneKey key, Draft *draft, long step, bool edit, Text *t)
{
    double a = roll_number(d, -10, 10);
    double b = roll_number(d, -10, 10);
    switch (key) {
    case SCENE_SURFACE:
        edit ? add_surface_edit(d, draft, t) : add_surface(d, draft, t);
        break;
    case SCENE_WINDOW:
        text_add(t, "%.17g,%.17g,%.17g,%.17g", a, a + 0.5 + fabs(b), b, b + 1e-3 + fabs(a));
        break;
    case SCENE_START:
        text_add(t, "%.17g,%.17g", a, roll(d, 20) ? b : -0.0);
        break;
    case SCENE_OPTIMIZER: {
        const Optimizer *o = &optimizers[roll(d, optimizer_count())];
        text_add(t, "%s", o->name);
        add_params(d, o->params, t);
        break;
    }
    case SCENE_SCHEDULE: {
        if (roll(d, 4) == 0) {
            add_quoted(d, rates[roll(d, sizeof rates / sizeof rates[0])], t);
            break;
        }
        const Schedule *s = &schedules[roll(d, schedule_count())];
        text_add(t, "%s", s->name);
        add_params(d, s->params, t);
        break;
    }
    case SCENE_ETA0:
    case SCENE_NOISE:
        add_number(t, roll_number(d, 0, INFINITY));
        break;
    case SCENE_WARMUP:
    case SCENE_BATCH:
        text_add(t, "%ld", roll(d, 100));
        break;
    case SCENE_WARMUP_FACTOR:
        add_number(t, roll_number(d, 0, 1));
        break;
    case SCENE_STEPS:
        text_add(t, "%ld", (edit ? step : 0) + 1 + roll(d, 999));
        break;
    case SCENE_DATA:
    case SCENE_HELD_OUT:
        text_add(t, "%s",
                 (const char *const[]){"a.csv", "'my data;1.csv'", "\"it's.csv\"", "'#1.csv'",
                                       "/x/é.csv", "'say \"x\".csv'"}[roll(d, 6)]);
        break;
    case SCENE_SEED:
        text_add(t, "%llu", (unsigned long long)rng_u64(d->seed, d->k++) >> roll(d, 64));
        break;
    case SCENE_KEYS:
        break;
    }
}

static void add_edit_line(Dice *d, Draft *draft, bool behind, Text *t)
{
    long step = roll(d, 4) ? roll(d, 400) : 50;
    uint32_t seen = 0;
    text_add(t, "at %ld", step);
    for (long i = 0, n = 1 + roll(d, 3); i < n; i++) {
        SceneKey key = (SceneKey)roll(d, SCENE_KEYS);
        while (!scene_keys[key].editable || (behind && !scene_keys[key].own) || (seen >> key & 1u))
            key = (SceneKey)roll(d, SCENE_KEYS);
        seen |= 1u << key;
        text_add(t, " %s=", scene_keys[key].name);
        add_value(d, key, draft, step, true, t);
    }
}

static void add_edit_lines(Dice *d, Draft *draft, bool behind, Text *t)
{
    for (long i = 0, n = roll(d, 2) ? roll(d, 6) : 0; i < n; i++) {
        text_add(t, "%s", (const char *const[]){"\n", "; ", " "}[roll(d, 3)]);
        add_edit_line(d, draft, behind, t);
    }
}

static void add_runner(Dice *d, Draft *draft, Text *t)
{
    text_add(t, "vs");
    for (int key = 0; key < SCENE_KEYS; key++) {
        if (!scene_keys[key].own || roll(d, 3))
            continue;
        text_add(t, " %s=", scene_keys[key].name);
        add_value(d, (SceneKey)key, draft, 0, false, t);
    }
    add_edit_lines(d, draft, true, t);
}

/* Surface first, so that edits can name it; other keys in any order. */
static void random_scene(uint64_t seed, Text *t)
{
    Dice d = {seed, 0};
    Draft draft = {surface_row(0), ""};
    uint32_t seen = 1u << SCENE_SURFACE;
    if (roll(&d, 5)) {
        text_add(t, "surface=");
        add_surface(&d, &draft, t);
    }
    for (long i = 0, n = roll(&d, SCENE_KEYS); i < n; i++) {
        SceneKey key = (SceneKey)roll(&d, SCENE_KEYS);
        if (seen >> key & 1u)
            continue;
        seen |= 1u << key;
        text_add(t, "%s%s=",
                 (const char *const[]){" ", "\n", ";", "  ", " # why\n", "\r\n"}[roll(&d, 6)],
                 scene_keys[key].name);
        add_value(&d, key, &draft, 0, false, t);
    }
    add_edit_lines(&d, &draft, false, t);
    for (long i = 0, n = roll(&d, 3) ? 0 : roll(&d, SCENE_RUNNERS); i < n; i++) {
        text_add(t, "%s", (const char *const[]){"\n", "; ", " "}[roll(&d, 3)]);
        add_runner(&d, &draft, t);
    }
}

static void test_print_reads_back(void **state)
{
    (void)state;
    static char text[BIG];
    for (uint64_t seed = 0; seed < RANDOM_SCENES; seed++) {
        Text t = text_over(text, sizeof text);
        random_scene(seed, &t);
        must_parse(&one, text);
        check_round_trip(&one, text);
    }
}

static void test_named_scenes_read_back(void **state)
{
    (void)state;
    assert_true(named_count() > 0);
    for (int i = 0; i < named_count(); i++) {
        Error err = {0};
        if (!named_load(named_row(i), &one, &err))
            fail_msg("%s: %s", named_row(i)->id, err.message);
        check_round_trip(&one, named_row(i)->text);
    }
}

/* What the command line hands over is not cut into words: blanks and tabs inside are its own. */
static void test_assigned_values_read_back(void **state)
{
    (void)state;
    static const struct {
        SceneKey key;
        const char *value;
    } rows[] = {{SCENE_SURFACE, "x^2 \t+ y^2"},  {SCENE_SURFACE, "\tx + a*y :a=2"},
                {SCENE_SCHEDULE, "eta0 *\t0.5"}, {SCENE_DATA, "a b\tc.csv"},
                {SCENE_DATA, "it's.csv"},        {SCENE_DATA, "#.csv"},
                {SCENE_HELD_OUT, "x^2 + y"},     {SCENE_DATA, "a=b.csv"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Error err = {0};
        scene_copy(&one, &fresh);
        if (!scene_assign(&one, rows[i].key, rows[i].value, strlen(rows[i].value), &err))
            fail_msg("'%s': %s", rows[i].value, err.message);
        check_round_trip(&one, rows[i].value);
    }
}

static void test_assigned_values_refused(void **state)
{
    (void)state;
    static const struct {
        SceneKey key;
        const char *value;
    } rows[] = {{SCENE_SURFACE, "x^2\n+ y^2"}, {SCENE_DATA, "a\nb.csv"}, {SCENE_DATA, "a'\".csv"},
                {SCENE_HELD_OUT, "\x1b[2J"}, {SCENE_SCHEDULE, "eta0\v*2"}, {SCENE_SURFACE, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Error err = {0};
        if (scene_assign(&one, rows[i].key, rows[i].value, strlen(rows[i].value), &err) ||
            !err.message[0])
            fail_msg("'%s' was accepted", rows[i].value);
    }
}

static void test_defaults_stay_absent(void **state)
{
    (void)state;
    must_parse(&one, "");
    assert_string_equal(print(&one, true, printed), "");
    must_parse(&one, "schedule=cosine eta0=0.050 steps=300");
    assert_string_equal(print(&one, true, printed), "schedule=cosine eta0=0.05 steps=300");
    must_parse(&one,
               "surface=himmelblau start=-1,-4 optimizer=adam:beta1=0.9,beta2=0.999\n"
               "schedule=cosine:eta_min=0.001 eta0=0.05 warmup=20 steps=300 seed=1\n"
               "at 180 schedule=triangular:max_lr=0.3,step_up=15,step_down=15\nat 120 eta0=0.2\n");
    assert_string_equal(
        print(&one, true, printed),
        "surface=himmelblau start=-1,-4 optimizer=adam:beta1=0.9,beta2=0.999 "
        "schedule=cosine:eta_min=0.001 eta0=0.05 warmup=20 steps=300 seed=1; at 120 eta0=0.2; "
        "at 180 schedule=triangular:max_lr=0.3,step_up=15,step_down=15");
    print(&one, false, printed);
    assert_non_null(strstr(printed, "seed=1\nat 120 eta0=0.2\nat 180 "));
}

/* ---- quotes, comments, line ends ---- */

static void same_scene(const char *a, const char *b)
{
    must_parse(&one, a);
    must_parse(&two, b);
    if (!scene_equal(&one, &two))
        fail_msg("differ:\n%s\n%s", a, b);
}

static void test_words(void **state)
{
    (void)state;
    same_scene("surface='x^2 + y^2'", "surface=\"x^2 + y^2\"");
    same_scene("surface='x^2+y^2'", "surface=x^2+y^2");
    same_scene("surface='x^2 + a*y':a=3", "surface='x^2 + a*y:a=3'");
    same_scene("surface=' x^2 + y^2 '", "surface='x^2 + y^2'");
    same_scene("eta0=0.1 steps=5", "eta0=0.1;steps=5");
    same_scene("eta0=0.1 steps=5", "# a comment; eta0=7\n  eta0=0.1   # eta0=3\n\n;;\tsteps=5");
    same_scene("eta0=0.1\nsteps=5\n", "eta0=0.1\r\nsteps=5\r\n");
    same_scene("at 3 eta0=1; at 5 eta0=2", "at 5 eta0=2\nat 3 eta0=1");
    same_scene("at 3 eta0=1 noise=2", "at 3 eta0=1\nat 3 noise=2");
    same_scene("at 3 eta0=1; steps=9", "steps=9\nat 3 eta0=1 # why");
    same_scene("eta0=1e-3", "eta0=0.001");
    same_scene("data='a;b#c.csv'", "data=\"a;b#c.csv\"");
    same_scene("surface=pass eta0=0.02 at 40 eta0=0.7", "surface=pass eta0=0.02\nat 40 eta0=0.7");
    same_scene("eta0=1 at 4 noise=1 at 5 noise=2 vs eta0=3 at 6 noise=3",
               "eta0=1; at 4 noise=1\nat 5 noise=2 ; vs eta0=3\n# why\nat 6 noise=3");
    same_scene("\xEF\xBB\xBF" "eta0=1", "eta0=1");
    must_parse(&one, "data='a;b#c.csv' held_out=x#y.csv");
    assert_string_equal(one.data, "a;b#c.csv");
    assert_string_equal(one.held_out, "x#y.csv"); /* '#' inside a word is no comment */
    must_parse(&one, "at 7 eta0=1\nat 7 eta0=2");
    assert_int_equal(one.edit_count, 2);
    assert_true(one.edit[0].number == 1 && one.edit[1].number == 2);
}

static void test_data_stands_beside_its_scene(void **state)
{
    (void)state;
    Error err = {0};
    scene_copy(&one, &fresh);
    assert_true(scene_parse(&one, "data=d.csv held_out=h.csv", "some/folder", &err));
    assert_string_equal(one.data, "some/folder/d.csv");
    assert_string_equal(one.held_out, "some/folder/h.csv");
    scene_copy(&one, &fresh);
    assert_true(scene_parse(&one, "data=/d.csv held_out='x^2 + y^2'", "some/folder", &err));
    assert_string_equal(one.data, "/d.csv");
    assert_string_equal(one.held_out, "x^2 + y^2");
}

/* ---- errors ---- */

static const struct {
    const char *text;
    long line, column;
    const char *message;
} errors[] = {
    /* words */
    {"eta=1", 1, 1, "unknown key 'eta' (did you mean 'eta0'?)"},
    {"steps=5\n  shedule=step", 2, 3, "unknown key 'shedule' (did you mean 'schedule'?)"},
    {"steps=5 himmelblau", 1, 9, "expected key=value, found 'himmelblau'"},
    {"=5", 1, 1, "expected key=value"},
    {"Steps=5", 1, 1, "unknown key 'Steps' (did you mean 'steps'?)"},
    {"steps=5 steps=6", 1, 9, "'steps' is given twice"},
    {"steps=5\nsteps=5", 2, 1, "'steps' is given twice"},
    {"surface='x^2 + y", 1, 9, "unclosed quote"},
    {"surface=\"x^2\n+ y\"", 1, 13, "unclosed quote"},
    {"eta0=0.1 \x01", 1, 10, "control character"},
    {"eta0=0.\x1b", 1, 8, "control character"},
    {"data='a\x02.csv'", 1, 8, "control character"},
    {"eta0=\x7f", 1, 6, "control character"},
    /* surfaces */
    {"surface=himelblau", 1, 9, "unknown surface 'himelblau' (did you mean 'himmelblau'?)"},
    {"surface=zzzzzzzzzz", 1, 9, "unknown surface 'zzzzzzzzzz'"},
    {"surface=", 1, 9, "the formula is empty"},
    {"surface='  '", 1, 12, "the formula is empty"},
    {"surface=x^2+z", 1, 13, "'z'"},
    {"surface='x^2 +'", 1, 15, ""},
    {"surface='  x^2 + * y'", 1, 18, ""},
    {"surface='é + x'", 1, 10, ""},
    {"surface='(x + y'", 1, 10, ""},
    {"surface=saddle:ofset=1", 1, 16, "no parameter 'ofset' here (did you mean 'offset'?)"},
    {"surface=himmelblau:a=1", 1, 20, "no parameter 'a' here"},
    {"surface=saddle:offset", 1, 16, "'offset' lacks '=value'"},
    {"surface=saddle:", 1, 16, "'' lacks '=value'"},
    {"surface=x*a:a=1,", 1, 17, "'' lacks '=value'"},
    {"surface=x*a:a=1,,b=1", 1, 17, "'' lacks '=value'"},
    {"surface=saddle:offset=", 1, 23, "a number is missing"},
    {"surface=saddle:offset=one", 1, 23, "'one' is not a number"},
    {"surface=saddle:offset=1,offset=2", 1, 25, "is given twice"},
    {"surface=x*a:a=inf", 1, 15, "'inf' is not finite"},
    {"surface=x*y:x=1", 1, 13, "'x' is a variable of the formula"},
    {"surface=x*y:sin=1", 1, 13, "'sin' is a word of the formula language"},
    {"surface=x*y:2a=1", 1, 13, "'2a' is not a name for a parameter"},
    {"surface=x*y:a23456789012345678=1", 1, 13, "is not a name for a parameter"},
    {"surface=x*y:a=1,b=1,c=1,d=1,f=1,g=1,h=1,i=1,j=1", 1, 45, "more than 8 parameters"},
    /* choices and their parameters */
    {"optimizer=adm", 1, 11, "unknown optimizer 'adm' (did you mean 'adam'?)"},
    {"optimizer=", 1, 11, "unknown optimizer ''"},
    {"optimizer=adam:beta=1", 1, 16, "unknown parameter 'beta' (did you mean 'beta1'?)"},
    {"optimizer=adam:beta1=1.5", 1, 22, "'beta1' must be"},
    {"optimizer=adam:beta1=nan", 1, 22, "'beta1' must be"},
    {"optimizer=adam:beta1=0.9,beta2=x", 1, 32, "'beta2' needs a number, not 'x'"},
    {"optimizer=adam:beta1=0.9,beta1=0.8", 1, 26, "parameter 'beta1' is given twice"},
    {"optimizer=adam:beta1", 1, 16, "needs a value"},
    {"optimizer=adam:", 1, 16, "needs a value"},
    {"optimizer=momentum:convention=outside", 1, 31, "must be one of torch, inside, average"},
    {"schedule=cosin", 1, 10, "unknown schedule 'cosin' (did you mean 'cosine'?)"},
    {"schedule=step:step_size=0", 1, 25, "'step_size' must be a whole number, at least 1"},
    {"schedule=step:step_size=2.5", 1, 25, "'step_size' must be a whole number"},
    {"schedule=step:gamma=0", 1, 21, "'gamma' must be above 0 and at most 1, not 0"},
    {"schedule=step:gamma=1.5", 1, 21, "'gamma' must be above 0 and at most 1, not 1.5"},
    {"schedule=multistep:milestones=30/20", 1, 34, "'milestones' must increase: 20 after 30"},
    {"schedule=multistep:milestones=30//40", 1, 34, "'milestones' needs a number, not ''"},
    {"schedule=multistep:milestones=1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", 1, 70,
     "at most 16"},
    {"schedule=plateau:factor=1", 1, 25, "'factor' must be above 0 and below 1, not 1"},
    {"schedule=plateau:threshold_mode=rell", 1, 33, "(did you mean 'rel'?)"},
    {"schedule=one_cycle:pct_start=0", 1, 30, "'pct_start' must be"},
    {"schedule=cosine:eta_min=inf", 1, 25, "'eta_min' must be"},
    {"schedule=cosine:eta_min=-1", 1, 25, "'eta_min' must be"},
    {"schedule='eta0*x'", 1, 16, "'x'"},
    {"schedule='eta0*k':t=1", 1, 18, "'t' is a variable of the formula"},
    {"schedule=", 1, 10, "the formula is empty"},
    /* numbers */
    {"eta0=0", 1, 6, "eta0 > 0 is needed"},
    {"eta0=-1", 1, 6, "eta0 > 0 is needed"},
    {"eta0=nan", 1, 6, "'nan' is not finite"},
    {"eta0=inf", 1, 6, "'inf' is not finite"},
    {"eta0=1e999", 1, 6, "'1e999' is not finite"},
    {"eta0=", 1, 6, "a number is missing"},
    {"eta0=''", 1, 7, "a number is missing"},
    {"eta0=0,1", 1, 6, "'0,1' is not a number"},
    {"eta0=0x10", 1, 6, "'0x10' is not a number"},
    {"eta0='1 '", 1, 7, "'1 ' is not a number"},
    {"steps=0", 1, 7, "'0' is out of bounds (1 to 1000000)"},
    {"steps=1000001", 1, 7, "'1000001' is out of bounds (1 to 1000000)"},
    {"steps=1e300", 1, 7, "out of bounds"},
    {"steps=1.5", 1, 7, "'1.5' is not a whole number"},
    {"steps=-3", 1, 7, "out of bounds"},
    {"warmup=-1", 1, 8, "out of bounds"},
    {"warmup_factor=1.1", 1, 15, "out of bounds (0 to 1)"},
    {"warmup_factor=-0.1", 1, 15, "out of bounds (0 to 1)"},
    {"batch=-1", 1, 7, "out of bounds"},
    {"batch=half", 1, 7, "'half' is not a number"},
    {"noise=-0.1", 1, 7, "noise >= 0 is needed"},
    {"noise=nan", 1, 7, "not finite"},
    {"seed=-1", 1, 6, "'-1' is not an unsigned 64-bit number"},
    {"seed=18446744073709551616", 1, 6, "is not an unsigned 64-bit number"},
    {"seed=1.0", 1, 6, "is not an unsigned 64-bit number"},
    {"seed=", 1, 6, "a number is missing"},
    {"start=1", 1, 7, "expected X,Y"},
    {"start=1,2,3", 1, 9, "expected X,Y"},
    {"start=1,", 1, 9, "a number is missing"},
    {"start=1,two", 1, 9, "'two' is not a number"},
    {"start=nan,0", 1, 7, "'nan' is not finite"},
    {"window=0,1,0", 1, 12, "expected x0,x1,y0,y1"},
    {"window=1,0,0,1", 1, 8, "is empty"},
    {"window=0,0,0,1", 1, 8, "is empty"},
    {"window=-1e308,1e308,0,1", 1, 8, "too large"},
    {"data=", 1, 6, "a file name is missing"},
    /* edits */
    {"at", 1, 1, "a step is missing after 'at'"},
    {"at\n120 eta0=1", 1, 1, "a step is missing after 'at'"},
    {"at eta0=1", 1, 4, "a step is missing after 'at'"},
    {"at 120", 1, 4, "an assignment is missing after 'at 120'"},
    {"at -1 eta0=1", 1, 4, "out of bounds"},
    {"at 1.5 eta0=1", 1, 4, "'1.5' is not a whole number"},
    {"at x eta0=1", 1, 4, "'x' is not a number"},
    {"at 2000000 eta0=1", 1, 4, "out of bounds"},
    {"at 5 eta0", 1, 6, "expected key=value, found 'eta0'"},
    {"at 5 eta=1", 1, 6, "unknown key 'eta' (did you mean 'eta0'?)"},
    {"at 5 eta0=1 eta0=2", 1, 13, "'eta0' is given twice"},
    {"at 5 eta0=0", 1, 11, "eta0 > 0 is needed"},
    {"steps=9\nat 5 seed=2", 2, 11, "'seed' makes a new scene and cannot change during a run"},
    {"at 5 start=1,1", 1, 12, "'start' makes a new scene"},
    {"at 5 window=0,1,0,1", 1, 13, "'window' makes a new scene"},
    {"at 5 warmup=1", 1, 13, "'warmup' makes a new scene"},
    {"at 5 data=a.csv", 1, 11, "'data' makes a new scene"},
    {"at 5 held_out=a.csv", 1, 15, "'held_out' makes a new scene"},
    {"surface=saddle\nat 5 surface=pass", 2, 14, "another surface makes a new scene"},
    {"surface=saddle\nat 5 surface=saddle:ofset=1", 2, 21,
     "no parameter 'ofset' here (did you mean 'offset'?)"},
    {"at 50 steps=40", 1, 13, "steps=40 lies before step 50"},
    {"at 5 schedule=cosine:eta_min=-1", 1, 30, "'eta_min' must be"},
    {"at 5 optimizer=sdg", 1, 16, "unknown optimizer 'sdg' (did you mean 'sgd'?)"},
    {"eta0=1 at 5 at 6 eta0=2", 1, 11, "an assignment is missing after 'at 5'"},
    {"eta0=1 at", 1, 8, "a step is missing after 'at'"},
    {"eta0=1 att 5 eta0=2", 1, 8, "expected key=value, found 'att' (did you mean 'at'?)"},
    /* runners */
    {"vs eta=1", 1, 4, "unknown key 'eta' (did you mean 'eta0'?)"},
    {"vs eta0=0", 1, 9, "eta0 > 0 is needed"},
    {"vs eta0=1 eta0=2", 1, 11, "'eta0' is given twice"},
    {"vs eta0=1\neta0=2", 2, 1, "'eta0' stands behind a 'vs' but not in its line"},
    {"vs eta0=1 at 5 eta0=2; steps=9", 1, 24, "the scene's own keys come first"},
    {"vs surface=pass", 1, 4, "'surface' is the same for all runners"},
    {"vs window=0,1,0,1", 1, 4, "'window' is the same for all runners"},
    {"vs data=a.csv", 1, 4, "'data' is the same for all runners"},
    {"vs held_out=a.csv", 1, 4, "'held_out' is the same for all runners"},
    {"surface=saddle vs at 5 surface=saddle:offset=1", 1, 32,
     "the surface is the same for all runners"},
    {"vs eta0=1 at 5 seed=2", 1, 21, "'seed' makes a new scene"},
    {"steps=9 vs\nvs vs vs vs\nvs eta0=1", 3, 3, "more than 6 runners"},
    {"schedule=eta0*k:k=1 vs schedule=eta0 at 3 schedule=eta0*k", 1, 57, "'k'"},
    {"vs himmelblau", 1, 4, "expected key=value, found 'himmelblau'"},
};

static void test_errors(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        Error err;
        if (parse(&one, errors[i].text, &err)) {
            printf("no error in: %s\n", errors[i].text);
            wrong++;
        } else if (err.line != errors[i].line || err.column != errors[i].column ||
                   !strstr(err.message, errors[i].message) || !err.message[0]) {
            printf("%s\n    %ld:%ld: %s\n    instead of %ld:%ld: %s\n", errors[i].text, err.line,
                   err.column, err.message, errors[i].line, errors[i].column, errors[i].message);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* A message ends without a full stop and begins in lower case. */
static void test_error_wording(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        Error err;
        parse(&one, errors[i].text, &err);
        char last = err.message[strlen(err.message) - 1];
        assert_true(last != '.' && last != '\n' && last != ' ');
        assert_false(err.message[0] >= 'A' && err.message[0] <= 'Z');
    }
}

static void test_too_many_edits(void **state)
{
    (void)state;
    static char text[SCENE_EDITS * 24];
    Text t = text_over(text, sizeof text);
    Error err;
    for (int i = 0; i < SCENE_EDITS; i++)
        text_add(&t, "at %d eta0=1\n", i);
    must_parse(&one, text);
    assert_int_equal(one.edit_count, SCENE_EDITS);
    check_round_trip(&one, "512 edits");
    text_add(&t, "at 9 noise=1\n");
    assert_false(parse(&one, text, &err));
    assert_int_equal(err.line, SCENE_EDITS + 1);
    assert_non_null(strstr(err.message, "more than 512 edits"));
}

/* A key, a value made of `count` times `piece`, and its end. */
static char *repeated(const char *key, const char *piece, size_t count, const char *end)
{
    size_t n = strlen(piece);
    char *text = malloc(strlen(key) + n * count + strlen(end) + 1);
    assert_non_null(text);
    char *at = text + sprintf(text, "%s", key);
    for (size_t i = 0; i < count; i++, at += n)
        memcpy(at, piece, n);
    strcpy(at, end);
    return text;
}

static void test_huge_values(void **state)
{
    (void)state;
    static const struct {
        const char *key, *piece;
        size_t count;
        const char *end;
        const char *message;
    } rows[] = {
        {"surface=", "(", 100000, "x", "too long"},
        {"surface=", "(", 2000, "x", ""},
        {"surface=", "-", 4000, "x", ""},
        {"surface=", "sin(", 900, "x", ""},
        {"surface=x", "^x", 1500, "", ""},
        {"surface=", "x", 4095, "", ""},
        {"surface=x", "+x*y", 1100, "", "too long"},
        {"schedule=", "(", 300, "t", ""},
        {"eta0=", "1", 3000, "", "is not a number"},
        {"eta0=", "1", 300000, "", "too long"},
        {"data=", "a", 600, "", "file name too long"},
        {"", "a", 500000, "=1", "too long"},
        {"", "a", 3000, "=1", "unknown key"},
        {"schedule=multistep:milestones=1", "/2", 500, "", ""},
        {"surface=x:a", "=1,b", 1000, "", ""},
        {"", "'\"\"'", 200000, "", "too long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Error err;
        char *text = repeated(rows[i].key, rows[i].piece, rows[i].count, rows[i].end);
        if (parse(&one, text, &err) || !strstr(err.message, rows[i].message) || !err.message[0])
            fail_msg("%s%s...: '%s'", rows[i].key, rows[i].piece, err.message);
        free(text);
    }
    char *text = repeated("surface=", "(", 100000, "x"); /* as a command line hands it over */
    Error err = {0};
    scene_copy(&one, &fresh);
    assert_false(scene_assign(&one, SCENE_SURFACE, text + 8, strlen(text + 8), &err));
    assert_non_null(strstr(err.message, "formula too long"));
    free(text);
}

/* ---- edits through the interface of the prompt and the keys ---- */

static void edit(Scene *s, long step, SceneKey key, const char *value)
{
    Error err = {0};
    if (!scene_edit(s, step, key, value, strlen(value), &err))
        fail_msg("%s: %s", value, err.message);
}

static void expect(const Scene *s, const char *text)
{
    assert_string_equal(print(s, true, printed), text);
}

static void test_scene_edit_replaces_and_merges(void **state)
{
    (void)state;
    must_parse(&one, "surface='a*x^2+y^2':a=1");
    edit(&one, 5, SCENE_ETA0, "0.1");
    edit(&one, 5, SCENE_ETA0, "0.2");
    edit(&one, 3, SCENE_NOISE, "1");
    edit(&one, 5, SCENE_SCHEDULE, "step:gamma=0.3");
    edit(&one, 5, SCENE_SCHEDULE, "step:step_size=7");
    edit(&one, 5, SCENE_SURFACE, "a*x^2+y^2:a=2");
    edit(&one, 5, SCENE_SURFACE, "a*x^2+y^2:a=3");
    edit(&one, 8, SCENE_STEPS, "400");
    expect(&one,
           "surface=a*x^2+y^2:a=1; at 3 noise=1; at 5 eta0=0.2 schedule=step:step_size=7,gamma=0.3 "
           "surface=a*x^2+y^2:a=3; at 8 steps=400");
    check_round_trip(&one, "edits");
    assert_int_equal(scene_drop_edits(&one, 5), 4);
    expect(&one, "surface=a*x^2+y^2:a=1; at 3 noise=1");
    assert_int_equal(scene_drop_edits(&one, 5), 0);
}

static void test_scene_parse_edit(void **state)
{
    (void)state;
    Error err = {0};
    scene_copy(&one, &fresh);
    assert_true(scene_parse_edit(&one, "120 eta0=0.2 noise=1", &err));
    assert_true(scene_parse_edit(&one, "  7 schedule='eta0 * 0.5'  # why", &err));
    expect(&one, "at 7 schedule='eta0 * 0.5'; at 120 eta0=0.2 noise=1");
    static const char *const bad[] = {
        "",       "x",        "5",        "5 eta0", "5 eta0=1; 6 eta0=2", "5 eta0=1\nat 6 eta0=2",
        "eta0=1", "5 seed=1", "5 eta0='", "5 ;"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (Error){0};
        if (scene_parse_edit(&one, bad[i], &err) || !err.message[0])
            fail_msg("'%s' is no edit", bad[i]);
    }
}

static void test_fold(void **state)
{
    (void)state;
    must_parse(&one, "schedule=cosine:eta_min=0.01 eta0=0.1; at 5 eta0=0.2 schedule=cosine:hold=0; "
                     "at 9 optimizer=adam:beta1=0.5 steps=77; at 20 noise=3");
    scene_fold(&one, 9);
    expect(&one, "optimizer=adam:beta1=0.5 schedule=cosine:eta_min=0.01,hold=0 eta0=0.2 steps=77");
}

static void test_copy_and_equal(void **state)
{
    (void)state;
    must_parse(&one, "surface='x^2+a*y':a=1; at 5 eta0=0.2; at 6 noise=1");
    scene_copy(&two, &one);
    assert_true(scene_equal(&one, &two));
    edit(&two, 6, SCENE_NOISE, "2");
    assert_false(scene_equal(&one, &two));
    assert_true(scene_equal_start(&one, &two));
    assert_int_equal(scene_common_edits(&one, &two), 1);
    scene_copy(&two, &one);
    two.seed = 9;
    assert_false(scene_equal(&one, &two));
}

/* ---- runners ---- */

static Scene plain;

static void expect_runner(const Scene *s, int index, const char *text)
{
    assert_true(scene_of_runner(s, index, &plain));
    expect(&plain, text);
}

static void expect_words(const Scene *s, int index, const char *words)
{
    Text t = text_over(printed, BIG);
    scene_runner_words(s, index, &t);
    assert_string_equal(printed, words);
}

static const char *const race =
    "surface=pass start=-3,0.6 schedule=constant eta0=0.02 steps=200; at 9 noise=1; "
    "vs schedule=cosine eta0=0.6; vs optimizer=adam eta0=0.1; at 40 eta0=0.05";

static void test_runners(void **state)
{
    (void)state;
    must_parse(&one, race);
    assert_int_equal(scene_runners(&one), 3);
    check_round_trip(&one, race);
    expect(&one, race);
    expect_runner(&one, 0,
                  "surface=pass start=-3,0.6 schedule=constant eta0=0.02 steps=200; at 9 noise=1");
    expect_runner(&one, 1, "surface=pass start=-3,0.6 schedule=cosine eta0=0.6 steps=200");
    expect_runner(&one, 2,
                  "surface=pass start=-3,0.6 optimizer=adam schedule=constant eta0=0.1 steps=200; "
                  "at 40 eta0=0.05");
    assert_false(scene_of_runner(&one, 3, &plain));
    expect_words(&one, 0,
                 "surface=pass start=-3,0.6 schedule=constant eta0=0.02 steps=200 at 9 noise=1");
    expect_words(&one, 2, "optimizer=adam eta0=0.1 at 40 eta0=0.05");
    must_parse(&two, "vs");
    assert_int_equal(scene_runners(&two), 2);
    check_round_trip(&two, "vs");
}

static void test_surface_edits_hold_for_all(void **state)
{
    (void)state;
    must_parse(
        &one,
        "surface=saddle at 5 surface=saddle:offset=1 eta0=2 vs eta0=3 at 4 noise=1 at 7 noise=2");
    expect_runner(
        &one, 1, "surface=saddle eta0=3; at 4 noise=1; at 5 surface=saddle:offset=1; at 7 noise=2");
}

static void test_edits_of_a_leave_the_runners_alone(void **state)
{
    (void)state;
    must_parse(&one, race);
    edit(&one, 3, SCENE_ETA0, "0.5");
    edit(&one, 60, SCENE_ETA0, "0.4");
    assert_int_equal(one.edit_count, 3);
    assert_int_equal(one.edit_total, 4);
    expect_words(&one, 2, "optimizer=adam eta0=0.1 at 40 eta0=0.05");
    assert_int_equal(scene_drop_edits(&one, 9), 2);
    expect_words(&one, 2, "optimizer=adam eta0=0.1 at 40 eta0=0.05");
    scene_fold(&one, 3);
    expect(&one, "surface=pass start=-3,0.6 schedule=constant eta0=0.5 steps=200; "
                 "vs schedule=cosine eta0=0.6; vs optimizer=adam eta0=0.1; at 40 eta0=0.05");
    scene_copy(&two, &one);
    assert_true(scene_equal(&one, &two) && scene_equal_start(&one, &two));
    two.edit[0].number = 1;
    assert_false(scene_equal(&one, &two));
    assert_true(scene_equal_start(&one, &two));
}

static void test_runner_option(void **state)
{
    (void)state;
    Error err = {0};
    scene_copy(&one, &fresh);
    assert_true(scene_parse_runner(&one, " eta0=0.3 at 5 eta0=1 at 4 noise=2 ", &err));
    assert_true(scene_parse_runner(&one, "at 5 eta0=1", &err));
    assert_true(scene_parse_runner(&one, "", &err));
    expect(&one, "vs eta0=0.3; at 4 noise=2; at 5 eta0=1; vs; at 5 eta0=1; vs");
    assert_true(scene_parse_edit(&one, "7 eta0=3", &err));
    expect(&one, "at 7 eta0=3; vs eta0=0.3; at 4 noise=2; at 5 eta0=1; vs; at 5 eta0=1; vs");
    static const char *const bad[] = {"eta0=1; at 5 eta0=2", "eta0=1 vs eta0=2",      "5 eta0=1",
                                      "surface=pass",        "eta0=1 at 5 eta0=2 vs", "eta0='1",
                                      "eta0=1\nat 5 eta0=2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        scene_copy(&two, &fresh);
        err = (Error){0};
        if (scene_parse_runner(&two, bad[i], &err) || !err.message[0])
            fail_msg("'%s' is no runner", bad[i]);
    }
}

static void add(const char *like, const char *words)
{
    Error err = {0};
    must_parse(&two, like);
    if (!scene_add_runner(&one, &two, &err))
        fail_msg("%s: %s", like, err.message);
    expect_words(&one, scene_runners(&one) - 1, words);
}

/* A runner says what A does not, and no more. */
static void test_add_runner(void **state)
{
    (void)state;
    must_parse(&one, "surface=pass schedule=constant eta0=0.02");
    add("surface=pass eta0=0.02", "schedule=cosine");
    add("surface=pass schedule=constant", "eta0=0.8");
    add("surface=pass schedule=constant eta0=0.02 seed=1 at 5 eta0=7", "at 5 eta0=7");
    add("surface=pass schedule=constant optimizer=adam steps=9", "optimizer=adam eta0=0.4 steps=9");
    must_parse(&two, "surface=saddle");
    assert_false(scene_add_runner(&one, &two, &(Error){0}));
    must_parse(&two, "surface=pass window=0,1,0,1");
    assert_false(scene_add_runner(&one, &two, &(Error){0}));
    add("surface=pass schedule=constant eta0=0.02", "");
    must_parse(&two, "surface=pass");
    assert_false(scene_add_runner(&one, &two, &(Error){0}));
    scene_remove_runner(&one, 2);
    expect(&one, "surface=pass schedule=constant eta0=0.02; vs schedule=cosine; vs; at 5 eta0=7; "
                 "vs optimizer=adam eta0=0.4 steps=9; vs");
    must_parse(&two, "surface=pass eta0=1 at 8 eta0=9");
    assert_true(scene_set_runner(&one, 2, &two, &(Error){0}));
    expect(&one, "surface=pass schedule=constant eta0=0.02; vs schedule=cosine; "
                 "vs schedule=cosine eta0=1; at 8 eta0=9; vs optimizer=adam eta0=0.4 steps=9; vs");
}

/* A change to A changes no other runner, once all is spelt out. */
static void test_spell_out(void **state)
{
    (void)state;
    Error err = {0};
    must_parse(&one, "surface='x^2+3*y^2' vs seed=2 vs optimizer=adam steps=9 at 3 eta0=1");
    for (int i = 1; i < 3; i++) {
        scene_of_runner(&one, i, &plain);
        scene_copy(&two, &one);
        scene_spell_out_runners(&two);
        assert_true(scene_assign(&two, SCENE_ETA0, "5", 1, &err));
        assert_true(scene_assign(&two, SCENE_START, "1,1", 3, &err));
        assert_true(scene_assign(&two, SCENE_STEPS, "7", 1, &err));
        scene_shorten_runners(&two);
        expect_words(&two, 1, "start=-3.5,2 eta0=0.08 steps=300 seed=2");
        expect_words(&two, 2, "start=-3.5,2 optimizer=adam eta0=0.1 steps=9 at 3 eta0=1");
    }
    scene_copy(&two, &one);
    scene_spell_out_runners(&two);
    scene_shorten_runners(&two);
    expect(&two, "surface=x^2+3*y^2; vs seed=2; vs optimizer=adam steps=9; at 3 eta0=1");
}

/* ---- whatever bytes ---- */

static const char *const soup[] = {
    "surface", "=", "x^2+y^2", "himmelblau", ":", "a=1", ",", "/", "'", "\"", " ", "\n", ";", "#",
    "at", "at 5 ", "vs", " vs ", "eta0=", "0.1", "steps=", "schedule=", "cosine", "step:",
    "gamma=", "milestones=", "1/2/3", "optimizer=", "adam", "beta1=", "noise=", "nan", "-",
    "1e999", "window=", "0,1,0,1", "start=", "seed=", "data=", "\t", "\r\n", "é", "(", ")",
    "saddle:offset=", "T", "t*eta0", "multistep:", "plateau:", "threshold_mode=rel",
    "warmup_factor=", "batch="};

static void random_bytes(uint64_t k, char *out, size_t size)
{
    Dice d = {k ^ UINT64_C(0x5DEECE66D), 0};
    size_t n = 0;
    bool raw = roll(&d, 3) == 0;
    for (long i = 0, count = 1 + roll(&d, 24); i < count; i++) {
        const char *piece = soup[roll(&d, sizeof soup / sizeof soup[0])];
        char byte[2] = {(char)(1 + roll(&d, 255)), '\0'};
        if (raw && roll(&d, 2))
            piece = byte;
        if (n + strlen(piece) + 1 > size)
            break;
        strcpy(out + n, piece);
        n += strlen(piece);
    }
    out[n] = '\0';
}

static void test_random_bytes(void **state)
{
    (void)state;
    char text[512] = "";
    long good = 0;
    for (uint64_t k = 0; k < RANDOM_BYTES; k++) {
        Error err;
        random_bytes(k, text, sizeof text);
        if (parse(&one, text, &err)) {
            good += one.given != 0 || one.edit_count > 0;
            if (k % 4 == 0 && (one.given || one.edit_count))
                check_round_trip(&one, text);
        } else if (!err.message[0] || err.line < 1 || err.column < 1) {
            fail_msg("error without a place: %ld:%ld: %s in\n%s", err.line, err.column, err.message,
                     text);
        }
    }
    assert_true(good > 100); /* the soup does hold scenes */
}

static void test_a_megabyte_of_garbage(void **state)
{
    (void)state;
    size_t size = 1 << 20;
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (int kind = 0; kind < 4; kind++) {
        static const char *const alphabet[] = {NULL, " \n;\t", "a= '\"\n", "at 1 eta0=1;\n"};
        Error err;
        for (size_t i = 0; i < size; i++) {
            uint64_t r = rng_u64((uint64_t)kind, i);
            text[i] = kind == 0 ? (char)(1 + r % 255)
                      : kind == 3 ? alphabet[3][i % strlen(alphabet[3])]
                                  : alphabet[kind][r % strlen(alphabet[kind])];
        }
        text[size] = '\0';
        assert_int_equal(parse(&one, text, &err), kind == 1);
    }
    free(text);
}

static int setup(void **state)
{
    (void)state;
    scene_default(&fresh);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_stay_absent),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_data_stands_beside_its_scene),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_error_wording),
        cmocka_unit_test(test_too_many_edits),
        cmocka_unit_test(test_huge_values),
        cmocka_unit_test(test_scene_edit_replaces_and_merges),
        cmocka_unit_test(test_scene_parse_edit),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_copy_and_equal),
        cmocka_unit_test(test_runners),
        cmocka_unit_test(test_surface_edits_hold_for_all),
        cmocka_unit_test(test_edits_of_a_leave_the_runners_alone),
        cmocka_unit_test(test_runner_option),
        cmocka_unit_test(test_add_runner),
        cmocka_unit_test(test_spell_out),
        cmocka_unit_test(test_named_scenes_read_back),
        cmocka_unit_test(test_assigned_values_read_back),
        cmocka_unit_test(test_assigned_values_refused),
        cmocka_unit_test(test_print_reads_back),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_a_megabyte_of_garbage),
    };
    return cmocka_run_group_tests_name("scene", tests, setup, NULL);
}
