/* SPDX-License-Identifier: MIT
 * test_cli: the built program as a shell sees it: exit statuses, messages, scene files, options, the
 * CSV of `run`, frames of `show`. The program is $ETASCOPE, or the one beside this test's build. */
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/cli.h"
#include "core/named.h"
#include "core/surface.h"
#include "core/timeline.h"
#include "golden/reference.h"
#include "out/format.h"
#include "unit/png_read.h"
#include "unit/xml.h"

#include "command.h"
#include "needs.h"

enum { COLUMNS = 14 };

/* ---- reading CSV ---- */

typedef struct CsvRow {
    double value[COLUMNS]; /* NaN where empty */
    char event[64];
} CsvRow;

static const char *const header =
    "t,epoch,x,y,loss,gx,gy,eta,eta_x,eta_y,lambda_max,eta_limit,held_out,event";
enum { COL_T, COL_EPOCH, COL_X, COL_Y, COL_LOSS, COL_GX, COL_GY, COL_ETA, COL_ETA_X, COL_ETA_Y, COL_LAMBDA,
       COL_LIMIT, COL_HELD_OUT, COL_EVENT };

/* Next row; false at the end. */
static bool csv_next(const char **at, CsvRow *row)
{
    if (!**at)
        return false;
    for (int c = 0; c < COLUMNS; c++) {
        size_t n = strcspn(*at, ",\n");
        char last = (*at)[n];
        assert_true(last == (c + 1 < COLUMNS ? ',' : '\n'));
        row->value[c] = NAN;
        if (c == COL_EVENT)
            snprintf(row->event, sizeof row->event, "%.*s", (int)n, *at);
        else if (n && !number_parse(*at, n, &row->value[c]))
            fail_msg("'%.*s' is no number", (int)n, *at);
        *at += n + 1;
    }
    return true;
}

static const char *csv_rows(const Result *r)
{
    const char *at = body(r->out);
    assert_memory_equal(r->out, "# etascope ", 11);
    assert_memory_equal(at, header, strlen(header));
    return at + strlen(header) + 1;
}

/* ---- exit statuses and messages ---- */

/* The error names those that draw a stage, from the table. */
static void expect_unknown_format(const char *name)
{
    char option[40];
    char want[300];
    Text t = text_over(want, sizeof want);
    const char *comma = "";
    text_add(&t, "etascope: --format:1:1: unknown format '%s' (there are ", name);
    for (const Format *const *f = formats; *f; f++) {
        if (!(*f)->draw && !(*f)->film)
            continue;
        text_add(&t, "%s%s", comma, (*f)->name);
        comma = ", ";
    }
    text_add(&t, ")\n");
    snprintf(option, sizeof option, "--format=%s", name);
    expect_error(RUN("show", option), want);
}

static void test_errors(void **state)
{
    (void)state;
    expect_error(RUN("shwo"), "etascope: command line:1:1: unknown command 'shwo' (did you mean 'show'?)\n");
    expect_error(RUN("run", "--eta=1"), "etascope: command line:1:1: unknown option '--eta' (did you mean '--eta0'?)\n");
    expect_error(RUN("run", "--eta0=fast"), "etascope: --eta0:1:1: 'fast' is not a number\n");
    expect_error(RUN("run", "--eta0"), "etascope: command line:1:1: option '--eta0' needs a value\n");
    expect_error(RUN("run", "--ascii=1"), "etascope: command line:1:1: option '--ascii' takes no value\n");
    expect_error(RUN("run", "extra"), "etascope: command line:1:1: unknown scene 'extra'\n");
    expect_error(RUN("find", "L7", "extra"), "etascope: command line:1:1: unexpected argument 'extra'\n");
    expect_error(RUN("run", "B44"), "etascope: command line:1:1: unknown scene 'B44' (did you mean 'B4'?)\n");
    expect_error(RUN("run", "--lr=1"),
                 "etascope: command line:1:1: unknown option '--lr' (did you mean '--eta0=RATE'?)\n");
    expect_error(RUN("run", "--learning-rate=1"),
                 "etascope: command line:1:1: unknown option '--learning-rate' (did you mean '--eta0=RATE'?)\n");
    expect_error(RUN("run", "--epochs", "9"),
                 "etascope: command line:1:1: unknown option '--epochs' (did you mean '--steps=T'?)\n");
    expect_error(RUN("run", "--momentum=0.9"),
                 "etascope: command line:1:1: unknown option '--momentum' "
                 "(did you mean '--optimizer=momentum:momentum=0.9'?)\n");
    expect_error(RUN("run", "--optimizer=sgd:momentum=0.9"),
                 "etascope: --optimizer:1:5: unknown parameter 'momentum' "
                 "(did you mean 'optimizer=momentum:momentum=...'?)\n");
    expect_error(RUN("show", "--at-step=nan"), "etascope: --at-step:1:1: 'nan' is not a whole number\n");
    expect_error(RUN("show", "--at-step=1e300"), "etascope: --at-step:1:1: '1e300' is out of bounds (0 to 1000000)\n");
    expect_error(RUN("show", "--size=99999999999x24"),
                 "etascope: --size:1:1: '99999999999x24' is out of bounds (20x6 to 1000x500)\n");
    expect_error(RUN("show", "--size=nanx24"), "etascope: --size:1:1: 'nanx24' is not a size like 120x36\n");
    expect_error(RUN("run", "--runner=G"), "etascope: --runner:1:1: 'G' is not a runner, A to F\n");
    expect_error(RUN("run", "--vs=eta0=1", "--runner=C"),
                 "etascope: --runner:1:1: there is no runner 'C': the scene's last is 'B'\n");
    expect_error(RUN("run", "--vs=surface=pass"),
                 "etascope: --vs:1:1: 'surface' is the same for all runners: it cannot stand behind 'vs'\n");
    expect_error(RUN("run", "--schedule=one_cycle:total=3"),
                 "etascope: --schedule:1:1: 'pct_start' times 'total' must be above 1 (the rise needs a step), not 0.9\n");
    expect_error(RUN("run", "-x"), "etascope: command line:1:1: unknown option '-x' (options begin with '--')\n");
    expect_error(RUN("run", "--surface=himelblau"),
                 "etascope: --surface:1:1: unknown surface 'himelblau' (did you mean 'himmelblau'?)\n");
    expect_error(RUN("run", "--schedule=step:gama=0.5"),
                 "etascope: --schedule:1:6: unknown parameter 'gama' (did you mean 'gamma'?)\n");
    expect_error(RUN("run", "--at", "5"), "etascope: --at:1:1: an assignment is missing after 'at 5'\n");
    expect_error(RUN("run", "--at=5 seed=1"),
                 "etascope: --at:1:8: 'seed' makes a new scene and cannot change during a run\n");
    expect_error(RUN("run", "--scene", "B44"), "etascope: --scene:1:1: unknown scene 'B44' (did you mean 'B4'?)\n");
    expect_error(RUN("show", "--size=120"), "etascope: --size:1:1: '120' is not a size like 120x36\n");
    expect_error(RUN("show", "--size=0x5"), "etascope: --size:1:1: '0x5' is out of bounds (20x6 to 1000x500)\n");
    expect_error(RUN("show", "--size=20x5"), "etascope: --size:1:1: '20x5' is out of bounds (20x6 to 1000x500)\n");
    expect_error(RUN("show", "--scene=B4", "--at-step=81"),
                 "etascope: --at-step:1:1: '81' is beyond the run's last step, 80\n");
    expect_error(RUN("show", "--scene=B4", "--at=40 steps=60", "--at-step=61"),
                 "etascope: --at-step:1:1: '61' is beyond the run's last step, 60\n");
    expect_unknown_format("tekst");
    expect_unknown_format("csv");
    expect_error(RUN("show", "--theme=drak"), "etascope: --theme:1:1: unknown value 'drak' (did you mean 'dark'?)\n");
    expect_error(RUN("show", "--at-step=-1"), "etascope: --at-step:1:1: '-1' is out of bounds (0 to 1000000)\n");
    expect_error(RUN("show", "--exec=pley"), "etascope: --exec:1:1: unknown command 'pley' (did you mean 'play'?)\n");
    expect_error(RUN("list", "surfases"),
                 "etascope: command line:1:1: unknown list 'surfases' (did you mean 'surfaces'?)\n");
    expect_error(RUN("help", "fnd"), "etascope: command line:1:1: unknown command 'fnd' (did you mean 'find'?)\n");
    expect_error(RUN("run", "--surface=log(x)", "--start=-1,0"),
                 "etascope: scene: the start -1,0 lies in a hole: the loss is undefined there\n");
}

/* A program or nothing: errors leave standard output empty. */
static void test_code(void **state)
{
    (void)state;
    Result r = RUN("code", "--scene=B4");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "import torch\n"));
    forget(&r);
    r = RUN("code", "--dialect", "optax", "--surface=himmelblau");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "import optax\n"));
    forget(&r);
    expect_error(RUN("code", "--dialect=pytorhc"),
                 "etascope: --dialect:1:1: unknown value 'pytorhc' (did you mean 'pytorch'?)\n");
    expect_error(RUN("code", "--surface=log(x)", "--start=-1,0"),
                 "etascope: scene: the start -1,0 lies in a hole: the loss is undefined there\n");
}

static void test_refused_while_binding(void **state)
{
    (void)state;
    Result r = RUN("run", "--surface", "x^2+zz*y");
    assert_int_equal(r.status, 2);
    assert_int_equal(r.out_size, 0);
    assert_non_null(strstr(r.err, "surface:1:5: unknown name 'zz'"));
    forget(&r);
    r = RUN("run", "--schedule=eta0*(1-t/100)");
    assert_int_equal(r.status, 2);
    assert_int_equal(r.out_size, 0);
    assert_non_null(strstr(r.err, "101")); /* the first t with a negative rate */
    forget(&r);
}

/* A message is one line whatever stands in the input. */
static void test_messages_are_clean(void **state)
{
    (void)state;
    static const char *const bad[] = {"--eta0=\x1b[2J\n", "--surface=a\tb\x01", "--\x1b]0;x\x07=1", "--data=\n",
                                      "--optimizer=\xff\xfe", "--at=\x1b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Result r = RUN("run", bad[i]);
        assert_int_equal(r.status, 2);
        assert_int_equal(r.out_size, 0);
        assert_memory_equal(r.err, "etascope: ", 10);
        assert_int_equal(strcspn(r.err, "\n") + 1, strlen(r.err));
        assert_null(strpbrk(r.err, "\x1b\x01\x07\t"));
        forget(&r);
    }
}

static void test_version_and_help(void **state)
{
    (void)state;
    Result a = RUN("--version");
    expect_ok(&a);
    assert_memory_equal(a.out, "etascope ", 9);
    assert_int_equal(strcspn(a.out, "\n") + 1, a.out_size);
    Result b = RUN("-V");
    assert_string_equal(a.out, b.out);
    forget(&a);
    forget(&b);
    a = RUN("--help");
    expect_ok(&a);
    b = RUN("help");
    assert_string_equal(a.out, b.out);
    for (const SceneKeyInfo *k = scene_keys; k->name; k++) {
        char option[64];
        snprintf(option, sizeof option, "\n  --%s=", k->name);
        if (!strstr(a.out, option))
            fail_msg("help does not tell of --%s", k->name);
    }
    forget(&a);
    forget(&b);
}

/* `help COMMAND` and `COMMAND --help`: its own options, each once, and an example that runs. */
static void test_help_of_a_command(void **state)
{
    (void)state;
    for (const VerbInfo *v = cli_verbs; v->name; v++) {
        Result a = RUN("help", v->name);
        Result b = RUN(v->name, "--help");
        expect_ok(&a);
        assert_string_equal(a.out, b.out);
        assert_non_null(strstr(a.out, v->args));
        assert_non_null(strstr(a.out, v->example));
        for (const OptionInfo *o = cli_options; o->name; o++) {
            char option[64];
            snprintf(option, sizeof option, "\n  --%s%s", o->name, o->value ? "=" : "\n");
            assert_int_equal(strstr(a.out, option) != NULL, o->verbs >> v->verb & 1);
        }
        forget(&a);
        forget(&b);
    }
}

/* Examples of commands that need no terminal; only `check` may find that a goal is missed. */
static void test_examples_run(void **state)
{
    (void)state;
    for (const VerbInfo *v = cli_verbs; v->name; v++) {
        char command[900];
        char example[200];
        snprintf(example, sizeof example, "%s", v->example);
        example[strcspn(example, "|>")] = '\0';
        snprintf(command, sizeof command, "%s %s >%s/stdout 2>%s/stderr", program, example, folder,
                 folder);
        int status = v->verb == VERB_LEARN ? 0 : system(command);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > (v->verb == VERB_CHECK))
            fail_msg("%s: status %d", v->example, status);
    }
}

/* ---- scenes ---- */

static Result run_scene_file(const char *name, const char *text)
{
    char path[128];
    write_file(name, text, strlen(text));
    path_in(path, name);
    return RUN("run", "--scene", path);
}

/* What can be refused only when all is read keeps its place. */
static void test_bound_errors_keep_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
        const char *message;
    } rows[] = {
        {"eta0=1\n\nsteps=9 schedule=one_cycle:total=3\n", ":3:18: ", "'pct_start' times"},
        {"eta0=1\nsteps=9 at 3 schedule=one_cycle:total=3\n", ":2:23: ", "'pct_start' times"},
        {"steps=9\nschedule='eta0 - t'", ":2:11: ", "typed schedule"},
        {"steps=9\nat 3 noise=1\nat 4 schedule='eta0 - t'", ":3:16: ", "typed schedule"},
        {"\n batch=4", ":2:8: ", "mini-batches"},
        {"steps=9\nat 3 batch=4", ":2:12: ", "mini-batches"},
        {"\nschedule=plateau:metric=held_out", ":2:10: ", "held-out"},
        {"surface=pass\nheld_out=a.csv", ":2:10: ", "need a loss over rows"},
        {"surface=log(x)\nstart=-1,0", ":2:7: ", "lies in a hole"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Result r = run_scene_file("bound.scene", rows[i].text);
        const char *file = strstr(r.err, "bound.scene");
        assert_int_equal(r.status, 2);
        if (!file || strncmp(file + 11, rows[i].place, strlen(rows[i].place)) != 0 ||
            !strstr(r.err, rows[i].message))
            fail_msg("%s\n%s", rows[i].text, r.err);
        forget(&r);
    }
}

static void test_bound_errors_of_options(void **state)
{
    (void)state;
    static const char *const message = "'pct_start' times 'total' must be above 1 (the rise needs a step), not 0.9";
    char text[200];
    snprintf(text, sizeof text, "etascope: --at:1:12: %s\n", message);
    expect_error(RUN("run", "B4", "--at=5 schedule=one_cycle:total=3"), text);
    snprintf(text, sizeof text, "etascope: --vs:1:10: %s\n", message);
    expect_error(RUN("run", "B4", "--runner=B", "--vs=schedule=one_cycle:total=3"), text);
    snprintf(text, sizeof text, "etascope: --vs:1:22: %s\n", message);
    expect_error(RUN("run", "B4", "--runner=B", "--vs=eta0=1 at 5 schedule=one_cycle:total=3"), text);
    expect_error(RUN("run", "--at=5 eta0=1\nat 6 eta0=2"), "etascope: --at:2:1: one edit is expected\n");
    expect_error(RUN("run", "--vs=eta0=x"), "etascope: --vs:1:6: 'x' is not a number\n");
}

static void test_runners_on_the_command_line(void **state)
{
    (void)state;
    Result a = RUN("run", "--scene=B4", "--vs=eta0=0.3 at 5 noise=1", "--vs", "optimizer=adam", "--runner=B");
    Result b = RUN("run", "B4", "--eta0=0.3", "--at=5 noise=1");
    expect_ok(&a);
    expect_ok(&b);
    assert_non_null(strstr(a.out, "; vs eta0=0.3; at 5 noise=1; vs optimizer=adam\n"));
    assert_string_equal(strchr(a.out, '\n'), strchr(b.out, '\n'));
    forget(&a);
    forget(&b);
    a = run_scene_file("vs.scene", "surface=pass\nvs eta0=0.1");
    b = RUN("run", "--surface=pass");
    assert_string_equal(strchr(a.out, '\n'), strchr(b.out, '\n'));
    forget(&a);
    forget(&b);
}

static void test_late_edits_are_told_of(void **state)
{
    (void)state;
    Result r = RUN("run", "B4", "--at=80 eta0=0.3", "--at=90 noise=1");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.err, "etascope: warning: 'at 80' has no effect: the run has 80 steps\n");
    assert_non_null(strstr(r.out, "at 80 eta0=0.3; at 90 noise=1"));
    forget(&r);
    r = RUN("run", "B4", "--at=70 steps=100", "--at=90 noise=1");
    expect_ok(&r);
    forget(&r);
    r = RUN("run", "B4", "--vs=steps=20 at 30 eta0=1");
    assert_string_equal(r.err, "etascope: warning: 'at 30' has no effect: the runner has 20 steps\n");
    forget(&r);
}

/* A typed schedule that is negative at some rate of the grid is refused as `run` refuses it. */
static void test_find_refuses_what_run_refuses(void **state)
{
    (void)state;
    expect_error(RUN("find", "--steps=30", "--eta0=5", "--schedules=constant,eta0-0.01*t"),
                 "etascope: --schedules:1:1: the rate of the typed schedule is -0.009999999999999995 at t = 6, "
                 "with eta0 = 0.05\n");
    expect_error(RUN("find", "--schedules=constant,eta0-0.01*t"),
                 "etascope: --schedules:1:10: the rate of the typed schedule is -0.009999999999999998 at t = 3\n");
}

/* The last of several scenes counts alone, whether names or files. */
static void test_two_scenes(void **state)
{
    (void)state;
    char path[128];
    expect_same(RUN("run", "--scene=B4", "--scene=A3"), RUN("run", "A3"));
    Result r = run_scene_file("first.scene", "noise=1 steps=9\nvs eta0=1");
    forget(&r);
    path_in(path, "first.scene");
    expect_same(RUN("run", "--scene", path, "--scene=A3"), RUN("run", "A3"));
    write_file("second.scene", "\xEF\xBB\xBFsteps=5", 10);
    char second[128];
    path_in(second, "second.scene");
    expect_same(RUN("run", "--scene", path, "--scene", second), RUN("run", "--steps=5"));
}

static void test_scene_files(void **state)
{
    (void)state;
    static const char *const same[] = {
        "surface=himmelblau start=-1,-4\noptimizer=adam:beta1=0.8\nsteps=40\nat 20 eta0=0.2\n",
        "surface=himmelblau start=-1,-4\r\noptimizer=adam:beta1=0.8\r\nsteps=40\r\nat 20 eta0=0.2\r\n",
        "# a comment\n\nsurface=himmelblau;start=-1,-4;optimizer='adam':beta1=0.8 # more\n  at 20 eta0=0.2;steps=40",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        expect_same(run_scene_file("a.scene", same[0]), run_scene_file("b.scene", same[i]));
    expect_same(run_scene_file("a.scene", same[0]), RUN_WITH(same[1], "run", "--scene", "-"));
    expect_same(run_scene_file("a.scene", same[0]),
                RUN("run", "--at=20 eta0=0.2", "--surface=himmelblau", "--start", "-1,-4", "--steps=40",
                    "--optimizer=adam:beta1=0.8"));
}

/* What `run` says in its first line is the scene. */
static void test_scene_of_the_header(void **state)
{
    (void)state;
    Result a = RUN("run", "--surface=x^2 + a*y^2:a=3", "--steps=20", "--schedule=eta0 * exp(-t/T)", "--noise=0.1",
                   "--at=5 eta0=0.02 noise=0", "--at=3 optimizer=adam");
    expect_ok(&a);
    char *text = strstr(a.out, "scene: ") + 7;
    size_t n = strcspn(text, "\n");
    char scene[400];
    snprintf(scene, sizeof scene, "%.*s", (int)n, text);
    assert_string_equal(scene, "surface='x^2 + a*y^2':a=3 schedule='eta0 * exp(-t/T)' steps=20 noise=0.1; "
                               "at 3 optimizer=adam; at 5 eta0=0.02 noise=0");
    Result b = RUN_WITH(scene, "run", "--scene=-");
    expect_ok(&b);
    assert_string_equal(a.out, b.out);
    forget(&a);
    forget(&b);
}

static void test_scene_file_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {"steps=5\n\nshedule=step\n", "3:1: unknown key 'shedule' (did you mean 'schedule'?)"},
        {"steps=5\r\neta0=0.1\r\nstart=1\r\n", "3:7: expected X,Y"},
        {"surface=x^2+y^2 eta0=x", "1:22: 'x' is not a number"},
        {"steps=5; steps=6", "1:10: 'steps' is given twice"},
        {"# é\nat 5 eta0=0", "2:11: '0' is out of bounds: eta0 > 0 is needed"},
    };
    char path[128];
    path_in(path, "bad.scene");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[300];
        snprintf(message, sizeof message, "etascope: %s:%s\n", path, rows[i].message);
        expect_error(run_scene_file("bad.scene", rows[i].text), message);
        snprintf(message, sizeof message, "etascope: standard input:%s\n", rows[i].message);
        expect_error(RUN_WITH(rows[i].text, "run", "--scene=-"), message);
    }
    snprintf(path, sizeof path, "%s/", folder);
    char message[300];
    snprintf(message, sizeof message, "etascope: %s: is a directory\n", path);
    expect_error(RUN("run", "--scene", path), message);
    path_in(path, "missing.scene");
    snprintf(message, sizeof message, "etascope: %s: No such file or directory\n", path);
    expect_error(RUN("run", "--scene", path), message);
    path_in(path, "nul.scene");
    write_file("nul.scene", "steps=5\0steps=6", 15);
    snprintf(message, sizeof message, "etascope: %s: is not a text file (it holds a NUL byte)\n", path);
    expect_error(RUN("run", "--scene", path), message);
    path_in(path, "locked.scene");
    write_file("locked.scene", "steps=5", 7);
    chmod(path, 0);
    snprintf(message, sizeof message, "etascope: %s: Permission denied\n", path);
    if (access(path, R_OK) != 0) /* root reads everything */
        expect_error(RUN("run", "--scene", path), message);
}

static void test_a_huge_scene_file(void **state)
{
    (void)state;
    size_t size = (1 << 20) + 10;
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, '#', size);
    text[size] = '\0';
    Result r = run_scene_file("huge.scene", text);
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "huge.scene: is too large"));
    forget(&r);
    free(text);
}

/* The scene is read first wherever it stands; options override it; the last of two wins. */
static void test_order_of_options(void **state)
{
    (void)state;
    expect_same(RUN("run", "--steps=50", "--scene=B1"), RUN("run", "--scene=B1", "--steps=50"));
    expect_same(RUN("run", "--eta0=9", "--scene", "B1", "--eta0=0.1"), RUN("run", "--scene=b1", "--eta0", "0.1"));
    expect_same(RUN("run", "--at=5 surface=saddle:offset=1", "--surface=saddle"),
                RUN("run", "--surface=saddle", "--at=5 surface=saddle:offset=1"));
    expect_same(RUN("run", "--at=9 eta0=0.3", "--at=5 eta0=0.2"), RUN("run", "--at=5 eta0=0.2", "--at=9 eta0=0.3"));
    expect_same(RUN("run", "--at=9 eta0=0.3", "--at=9 eta0=0.2"), RUN("run", "--at=9 eta0=0.2"));
    expect_same(RUN("run", "--warmup-factor=0.5", "--warmup=9"), RUN("run", "--warmup_factor=0.5", "--warmup=9"));
    expect_same(RUN("run"), RUN("run", "--scene=B1"));
    expect_same(RUN("run", "--steps=300"), RUN("run", "--surface=pass", "--schedule=cosine", "--optimizer=sgd"));
}

static void test_every_named_scene_runs(void **state)
{
    (void)state;
    static Scene probe;
    for (int i = 0; i < named_count(); i++) {
        Error err = {0};
        if (!named_load(named_row(i), &probe, &err))
            continue; /* data surfaces come later; test_scene checks the rest */
        Result r = RUN("run", "--scene", named_row(i)->id);
        CsvRow row;
        long rows = 0;
        expect_ok(&r);
        for (const char *at = csv_rows(&r); csv_next(&at, &row); rows++)
            assert_true(row.value[COL_T] == (double)rows);
        assert_true(rows > 1);
        forget(&r);
    }
}

/* ---- the CSV ---- */

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* The doubles of the program are those of the library. */
static void test_numbers_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "surface=himmelblau optimizer=nadam noise=0.3 steps=200", "surface=bowl20 eta0=0.12 schedule=constant steps=900",
        "surface=saddle start=1,1e-6 schedule=plateau:patience=3 eta0=0.1", "surface='log(x)+y' start=1,1 eta0=2"};
    static Scene scene;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Error err = {0};
        CsvRow row;
        long k = 0;
        Timeline *t = timeline_new();
        scene_default(&scene);
        assert_true(scene_parse(&scene, texts[i], NULL, &err) && timeline_set(t, &scene, &err));
        while (timeline_advance(t, 1000))
            ;
        Result r = RUN_WITH(texts[i], "run", "--scene=-");
        expect_ok(&r);
        for (const char *at = csv_rows(&r); csv_next(&at, &row); k++) {
            const Row *want = &timeline_rows(t)[k];
            const double v[] = {(double)k, NAN, want->at.x, want->at.y, want->loss, want->g.x, want->g.y, want->eta,
                                want->rate.x, want->rate.y, want->lambda, want->limit, NAN};
            for (int c = 0; c < COL_EVENT; c++)
                if (!same_number(row.value[c], v[c]))
                    fail_msg("%s: row %ld, column %d: %.17g, not %.17g", texts[i], k, c, row.value[c], v[c]);
        }
        assert_int_equal(k, timeline_last(t) + 1);
        forget(&r);
        timeline_free(t);
    }
}

static long count(const char *text, const char *piece)
{
    long n = 0;
    for (const char *at = text; (at = strstr(at, piece)) != NULL; at += strlen(piece))
        n++;
    return n;
}

static void test_spelling(void **state)
{
    (void)state;
    Result r = RUN("run", "--surface=log(x)+y", "--start=1,1", "--eta0=2", "--schedule=constant");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "\n1,,-1,-1,nan,"));
    assert_non_null(strstr(r.out, ",inf,,\n")); /* no positive curvature: no limit; events at the end */
    assert_non_null(strstr(r.out, ",,undefined\n"));
    assert_null(strstr(r.out, "-nan"));
    forget(&r);
    r = RUN("run", "--surface=-exp(x*x*x)", "--start=2,0", "--eta0=1e300", "--schedule=constant", "--steps=9");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "-inf"));
    assert_non_null(strstr(r.out, ",,diverged\n"));
    assert_null(strstr(r.out, "-nan"));
    forget(&r);
    r = RUN("run", "--surface=pass", "--schedule=cosine_restarts:T_0=30,T_mult=1", "--at=30 eta0=0.2", "--steps=60");
    expect_ok(&r);
    assert_int_equal(count(r.out, ",,edit+restart\n"), 1);
    assert_int_equal(count(r.out, ",,restart\n"), 1);
    assert_int_equal(count(r.out, "\n"), 63);
    forget(&r);
    r = RUN("run", "--surface=bowl20", "--eta0=0.09", "--schedule=constant", "--steps=3000");
    assert_int_equal(count(r.out, "converged"), 1);
    forget(&r);
}

/* ---- the reference's trajectories through the program ---- */

/* "name:key=value,..." of a descriptor, with the parameters that the file's header names. */
static void reference_word(const Reference *ref, const char *name, const ParamInfo *rows, const char *extra, Text *t)
{
    ParamSet set;
    reference_params(ref, rows, &set);
    text_add(t, "%s", name);
    param_print(rows, &set, t);
    if (extra[0])
        text_add(t, "%s%s", set.given ? "," : ":", extra);
}

static void reference_scene(const Reference *ref, Text *t)
{
    char name[64];
    char extra[64] = "";
    long warmup = 0;
    assert_true(reference_key(ref, "surface", name, sizeof name));
    text_add(t, "surface=%s start=%.17g,%.17g", name, reference_number(ref, "x0", 0), reference_number(ref, "y0", 0));
    text_add(t, " steps=%ld eta0=%.17g", (long)reference_number(ref, "steps", 1), reference_number(ref, "lr0", 0));
    assert_true(reference_key(ref, "optimizer", name, sizeof name));
    text_add(t, " optimizer=");
    reference_word(ref, name, optimizer_find(name, strlen(name))->params, "", t);
    assert_true(reference_key(ref, "schedule", name, sizeof name));
    if (strcmp(name, "warmup_cosine") == 0) {
        warmup = (long)reference_number(ref, "warmup", 0);
        strcpy(name, "cosine");
        snprintf(extra, sizeof extra, "T_max=%ld", (long)reference_number(ref, "total", 0) - warmup);
        text_add(t, " warmup=%ld warmup_factor=%.17g", warmup, reference_number(ref, "start_factor", 0));
    } else if (strcmp(name, "cosine") == 0) {
        strcpy(extra, "hold=0");
    }
    text_add(t, " schedule=");
    reference_word(ref, name, schedule_find(name, strlen(name))->params, extra, t);
}

static void compare(const Reference *ref, const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance) && got != want)
        fail_msg("%s row %g %s: %.17g, reference %.17g", ref->path, ref->row[0], what, got, want);
}

/* Tolerances of the reference's README. */
static void compare_row(const Reference *ref, const CsvRow *row, bool diverges)
{
    const double *want = ref->row;
    const double *got = row->value;
    if (diverges) {
        for (int c = 1; c <= 6; c++)
            compare(ref, "value", got[c + 1], want[c], 1e-9 * fmax(1e-6, fabs(want[c])));
        return;
    }
    double unit = 1e-13 * fmax(100, reference_number(ref, "sensitivity", 1));
    double around = fmax(fmax(1, fabs(want[3])), fmax(fabs(want[4]) + fabs(want[5]), 2 * fabs(got[COL_LAMBDA])));
    compare(ref, "x", got[COL_X], want[1], unit * fmax(1, fabs(want[1])));
    compare(ref, "y", got[COL_Y], want[2], unit * fmax(1, fabs(want[2])));
    compare(ref, "loss", got[COL_LOSS], want[3], unit * around);
    compare(ref, "gx", got[COL_GX], want[4], unit * around);
    compare(ref, "gy", got[COL_GY], want[5], unit * around);
    compare(ref, "lr", got[COL_ETA], want[6], 1e-12 * reference_number(ref, "lr0", 0));
    compare(ref, "elr_x", got[COL_ETA_X], want[7], 1e-9 * want[7]);
    compare(ref, "elr_y", got[COL_ETA_Y], want[8], 1e-9 * want[8]);
}

static void check_reference(const char *file)
{
    Reference ref;
    CsvRow row = {.value = {-1}};
    char text[700];
    Text t = text_over(text, sizeof text);
    long compared = 0;
    reference_open(&ref, "optimizers", file);
    reference_scene(&ref, &t);
    bool diverges = reference_number(&ref, "diverges", 0) != 0;
    Result r = RUN_WITH(text, "run", "--scene=-");
    if (r.status != 0)
        fail_msg("%s\n%s", text, r.err);
    const char *at = csv_rows(&r);
    bool more = true;
    row.value[COL_T] = -1;
    while (reference_row(&ref) && more) {
        while (row.value[COL_T] < ref.row[0] && (more = csv_next(&at, &row)))
            ;
        if (!more || (diverges && !(fabs(ref.row[3]) < 1e100)))
            break;
        compare_row(&ref, &row, diverges);
        compared++;
    }
    while (csv_next(&at, &row))
        ;
    assert_int_equal(strstr(row.event, "diverged") != NULL, diverges);
    assert_true(compared > 3);
    fclose(ref.file);
    forget(&r);
}

/* Every third file, and all with a schedule or a fate of their own (two underlines). */
static void test_reference_optimizers(void **state)
{
    (void)state;
    char path[512];
    int seen = 0;
    int checked = 0;
    struct dirent *e;
    snprintf(path, sizeof path, "%s/optimizers", reference_folder());
    DIR *dir = opendir(path);
    if (!dir)
        fail_msg("no folder %s", path);
    while ((e = readdir(dir)) != NULL) {
        if (!strstr(e->d_name, ".csv"))
            continue;
        const char *second = strchr(strchr(e->d_name, '_') + 1, '_');
        if (seen++ % 3 == 0 || second) {
            check_reference(e->d_name);
            checked++;
        }
    }
    closedir(dir);
    assert_true(checked >= 12);
}

/* ---- pipes, full disks, locales ---- */

/* The reader goes away after a few bytes: no message, no signal. */
static void test_closed_pipe_ends_quietly(void **state)
{
    (void)state;
    static const char *const verbs[] = {"run", "list", "show", "help"};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        int fd[2];
        char err[128];
        char few[8];
        pid_t pid;
        char *argv[] = {program, (char *)(uintptr_t)verbs[i], i == 0 ? (char *)(uintptr_t)"--steps=60000" : NULL, NULL};
        posix_spawn_file_actions_t files;
        path_in(err, "stderr");
        assert_int_equal(pipe(fd), 0);
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, fd[1], 1);
        posix_spawn_file_actions_addclose(&files, fd[0]);
        posix_spawn_file_actions_addclose(&files, fd[1]);
        posix_spawn_file_actions_addopen(&files, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (i > 0)
            close(fd[0]); /* gone before the first byte */
        assert_int_equal(posix_spawn(&pid, program, &files, NULL, argv, environ), 0);
        close(fd[1]);
        if (i == 0) {
            assert_true(read(fd[0], few, sizeof few) > 0);
            close(fd[0]);
        }
        int status = wait_status(pid);
        char *message = read_file("stderr", NULL);
        if (status != 0 || message[0])
            fail_msg("%s: status %d, '%s'", verbs[i], status, message);
        free(message);
        posix_spawn_file_actions_destroy(&files);
    }
}

static void test_full_disk(void **state)
{
    (void)state;
    static const char *const commands[] = {"run", "run --steps=60000", "list", "help", "help man", "--version", "show"};
    if (!need("/dev/full", access("/dev/full", W_OK) == 0))
        return;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char command[800];
        snprintf(command, sizeof command, "%s %s >/dev/full 2>%s/stderr", program, commands[i], folder);
        int status = system(command);
        char *message = read_file("stderr", NULL);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) != 1 ||
            strcmp(message, "etascope: cannot write the output: No space left on device\n") != 0)
            fail_msg("%s: status %d, '%s'", commands[i], WEXITSTATUS(status), message);
        free(message);
    }
}

static void test_locale_changes_nothing(void **state)
{
    (void)state;
    static const char *const locales[] = {"C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8", "fr_FR", "xx_XX"};
    Result plain = RUN("run", "--scene=B23");
    Result frame = RUN("show", "--scene=B4");
    char *old = getenv("LC_ALL");
    expect_ok(&plain);
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        setenv("LC_ALL", locales[i], 1);
        Result r = RUN("run", "--scene=B23");
        assert_string_equal(r.out, plain.out);
        forget(&r);
        r = RUN("show", "--scene=B4");
        assert_string_equal(r.out, frame.out);
        forget(&r);
        expect_error(RUN("run", "--eta0=0,1"), "etascope: --eta0:1:1: '0,1' is not a number\n");
    }
    if (old)
        setenv("LC_ALL", old, 1);
    else
        unsetenv("LC_ALL");
    forget(&plain);
    forget(&frame);
}

/* ---- list, help man, show ---- */

static void test_man_page(void **state)
{
    (void)state;
    char command[800];
    Result r = RUN("help", "man");
    expect_ok(&r);
    assert_non_null(strstr(r.out, ".TH ETASCOPE"));
    assert_null(strchr(r.out, '@'));
    for (const Schedule *s = schedules; s->name; s++)
        assert_non_null(strstr(r.out, s->name));
    forget(&r);
    if (!need("groff", system("command -v groff >/dev/null 2>&1") == 0))
        return;
    snprintf(command, sizeof command, "LC_ALL=C.UTF-8 groff -man -ww -b -Kutf8 -Tutf8 -P-cbou %s/stdout >%s/page 2>%s/stderr",
             folder, folder, folder);
    int status = system(command);
    char *message = read_file("stderr", NULL);
    char *page = read_file("page", NULL);
    if (status != 0 || message[0])
        fail_msg("groff: %s", message);
    assert_non_null(strstr(page, "NAME"));
    assert_non_null(strstr(page, "EXIT STATUS"));
    free(message);
    free(page);
}

/* Exactly rows lines, none longer than cols characters. */
static void check_frame(int cols, int rows, const char *option)
{
    char size[32];
    long lines = 0;
    snprintf(size, sizeof size, "--size=%dx%d", cols, rows);
    Result r = RUN("show", size, "--scene=B4", option);
    expect_ok(&r);
    for (const char *at = r.out; *at; lines++) {
        size_t n = strcspn(at, "\n");
        assert_true(at[n] == '\n');
        if (utf8_count(at, n) > (size_t)cols)
            fail_msg("%s: line %ld has %zu characters", size, lines + 1, utf8_count(at, n));
        at += n + 1;
    }
    if (lines != rows)
        fail_msg("%s: %ld lines", size, lines);
    forget(&r);
}

static void test_sizes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {160, 45}, {20, 6}, {300, 100}, {120, 36}, {40, 12},
                                   {20, 50}, {200, 6}, {79, 23}, {1000, 7}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_frame(sizes[i][0], sizes[i][1], "--format=text");
        check_frame(sizes[i][0], sizes[i][1], "--ascii");
    }
}

/* Help says: show runs the lines at --at-step. */
static void test_exec_of_show(void **state)
{
    (void)state;
    Result r = RUN("show", "--scene=B1", "--at-step=40", "--exec=eta0 0.7; scene", "--size=120x36");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "at 40 eta0=0.7"));
    forget(&r);
    r = RUN("help");
    assert_non_null(strstr(r.out, "(show: at --at-step)"));
    forget(&r);
}

/* Each row of the table draws, and help tells it. */
static void test_formats(void **state)
{
    (void)state;
    Result help = RUN("help");
    for (const Format *const *f = formats; *f; f++) {
        Result r = RUN("show", "--format", (*f)->name);
        char line[120];
        snprintf(line, sizeof line, "  %-8s %s\n", (*f)->name, (*f)->text);
        assert_non_null(strstr(help.out, line));
        if ((*f)->draw || (*f)->film)
            expect_ok(&r);
        assert_int_equal(r.status, (*f)->draw || (*f)->film ? 0 : 2);
        assert_true((*f)->draw || (*f)->film ? r.out_size > 1000 : r.out_size == 0);
        forget(&r);
    }
    forget(&help);
}

static void test_show_options(void **state)
{
    (void)state;
    Result r = RUN("show", "--ascii", "--at-step=7", "--scene=B1");
    expect_ok(&r);
    for (const char *c = r.out; *c; c++)
        assert_true((unsigned char)*c < 0x80);
    forget(&r);
    r = RUN("show", "--format=ansi", "--color=256");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "\x1b[38;5;"));
    assert_null(strstr(r.out, "38;2;"));
    forget(&r);
    Result again = RUN("show", "--scene=B1", "--at-step=7");
    r = RUN("show", "--scene=B1", "--at-step=7");
    assert_string_equal(r.out, again.out);
    forget(&r);
    forget(&again);
    r = RUN("show", "--scene=B1", "--exec=eta0=0.3; schedule=step");
    expect_ok(&r);
    forget(&r);
}

/* ---- show --panel ---- */

static void check_picture(const Result *r, int width, int height)
{
    expect_ok(r);
    PngImage png = read_png((const uint8_t *)r->out, r->out_size);
    assert_int_equal(png.width, width);
    assert_int_equal(png.height, height);
    free(png.rgba);
}

static void test_show_figures(void **state)
{
    (void)state;
    static const char *const panels[] = {"map", "eta", "loss", "hop", "fit"};
    for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++) {
        Result r = RUN("show", "--scene=B4", "--at-step=20", "--panel", panels[i], "--format=png");
        check_picture(&r, 900, 600);
        Result again = RUN("show", "--scene=B4", "--at-step=20", "--panel", panels[i], "--format=png");
        assert_int_equal(r.out_size, again.out_size);
        assert_memory_equal(r.out, again.out, r.out_size);
        forget(&again);
        forget(&r);
        r = RUN("show", "--scene=B4", "--panel", panels[i], "--format=svg", "--theme=light");
        expect_ok(&r);
        check_xml(r.out);
        forget(&r);
    }
    Result r = RUN("show", "--surface=iris", "--panel=fit", "--format=png", "--pixels=321x123");
    check_picture(&r, 321, 123);
    forget(&r);
    r = RUN("show", "--format=png", "--size=80x24");
    check_picture(&r, 800, 480);
    forget(&r);
}

static void test_find_figures(void **state)
{
    (void)state;
    Result r = RUN("find", "--scene=B1", "--eta=1e-3:2:15", "--seeds=1..3", "--format=png", "--pixels=640x400");
    check_picture(&r, 640, 400);
    forget(&r);
    r = RUN("find", "--scene=B1", "--eta=1e-3:2:15", "--format=svg");
    expect_ok(&r);
    check_xml(r.out);
    assert_non_null(strstr(r.out, "good below"));
    forget(&r);
    r = RUN("find", "--scene=B1", "--range", "--format=svg");
    expect_ok(&r);
    check_xml(r.out);
    assert_non_null(strstr(r.out, "the true limit"));
    forget(&r);
}

/* The scene after its commands. */
static void test_show_figures_of_commands(void **state)
{
    (void)state;
    Result a = RUN("show", "--scene=B1", "--exec=surface=bowl20", "--at-step=30", "--panel=map", "--format=svg");
    Result c = RUN("show", "--scene=B1", "--at-step=30", "--panel=map", "--format=svg");
    expect_ok(&a);
    assert_string_not_equal(a.out, c.out);
    forget(&a);
    forget(&c);
    expect_error(RUN("show", "--panel=mapp"), "etascope: --panel:1:1: unknown panel 'mapp' (did you mean 'map'?)\n");
    expect_error(RUN("show", "--panel=map"), "etascope: --format:1:1: 'text' draws no panel (png, svg do)\n");
    expect_error(RUN("show", "--pixels=9x9"), "etascope: --pixels:1:1: '9x9' is out of bounds (60x40 to 8000x8000)\n");
    expect_error(RUN("show", "--pixels=9"), "etascope: --pixels:1:1: '9' is not a size like 900x600\n");
}

/* ---- setup ---- */
/* ---- map ---- */

/* The shards of a map, one after the other, are the map; threads change no byte. */
static void check_shards(const char *format, const char *what, const char *x, const char *y)
{
    char shard[32];
    size_t at = 0;
    const char *const more[] = {x, y};
    const char *args[16] = {"map", "--surface=himmelblau", "--steps=60", "--size=23x11", format, what};
    int n = 6;
    for (int i = 0; i < 2 && more[i]; i++)
        args[n++] = more[i];
    Result whole = run_args(args, NULL);
    expect_ok(&whole);
    args[n] = "--threads=3";
    Result threads = run_args(args, NULL);
    assert_true(threads.out_size == whole.out_size &&
                memcmp(threads.out, whole.out, whole.out_size) == 0);
    args[n] = shard;
    for (int i = 1; i <= 15; i++) { /* more than there are rows */
        snprintf(shard, sizeof shard, "--shard=%d/15", i);
        Result part = run_args(args, NULL);
        expect_ok(&part);
        assert_true(at + part.out_size <= whole.out_size &&
                    memcmp(whole.out + at, part.out, part.out_size) == 0);
        at += part.out_size;
        forget(&part);
    }
    assert_true(at == whole.out_size);
    forget(&whole);
    forget(&threads);
}

static void test_map_shards(void **state)
{
    (void)state;
    check_shards("--format=csv", "--what=basin", NULL, NULL);
    check_shards("--format=ppm", "--what=basin", NULL, NULL);
    check_shards("--format=csv", "--what=sweep", "--x=eta0=0.001:1", "--y=warmup=0:20");
    check_shards("--format=ppm", "--what=sweep", "--x=eta0=0.001:1", "--y=noise=0:2");
}

/* A pixel's line is the last row of the run that starts there. */
static void test_map_lines(void **state)
{
    (void)state;
    Result map = RUN("map", "--scene=B4", "--size=3x2", "--format=csv");
    expect_ok(&map);
    const char *at = body(map.out);
    assert_int_equal(strncmp(at, "x0,y0,minimum,verdict,steps,x,y,loss\n", 37), 0);
    int lines = 0;
    for (at += 37; *at; at += strcspn(at, "\n") + 1, lines++) {
        char start[96], end[128], tail[400];
        const char *x = at;
        for (int i = 0; i < 5; i++)
            x = strchr(x, ',') + 1;
        size_t comma = (size_t)(strchr(strchr(at, ',') + 1, ',') - at);
        snprintf(start, sizeof start, "--start=%.*s", (int)comma, at);
        snprintf(end, sizeof end, ",%.*s,", (int)strcspn(x, "\n"), x);
        Result run = RUN("run", "--scene=B4", start);
        expect_ok(&run);
        snprintf(tail, sizeof tail, "%s", run.out + run.out_size - (run.out_size < 399 ? run.out_size : 399));
        assert_non_null(strstr(tail, end));
        forget(&run);
    }
    assert_int_equal(lines, 6);
    forget(&map);
    map = RUN("map", "--surface=himmelblau", "--eta0=0.01");
    expect_ok(&map);
    assert_non_null(strstr(map.out, "minimum 4 at "));
    forget(&map);
}

/* Of a map a figure is drawn: a png of that size, an svg that is XML with shares in its key. */
static void test_map_figures(void **state)
{
    (void)state;
    Result r = RUN("map", "--surface=himmelblau", "--steps=60", "--eta0=0.01", "--size=23x11",
                   "--format=png", "--pixels=320x200");
    check_picture(&r, 320, 200);
    forget(&r);
    r = RUN("map", "--surface=himmelblau", "--steps=60", "--eta0=0.01", "--size=23x11", "--format=svg");
    expect_ok(&r);
    check_xml(r.out);
    assert_non_null(strstr(r.out, "start x"));
    assert_non_null(strstr(r.out, "3.00, 2.00  "));
    forget(&r);
    r = RUN("map", "--what=sweep", "--x=eta0=0.001:1", "--y=noise=0:2", "--size=9x7", "--format=svg",
            "--steps=40");
    expect_ok(&r);
    check_xml(r.out);
    assert_non_null(strstr(r.out, "image-rendering:pixelated"));
    forget(&r);
}

static void test_map_errors(void **state)
{
    (void)state;
    expect_error(RUN("map", "--what=basn"),
                 "etascope: --what:1:1: unknown value 'basn' (did you mean 'basin'?)\n");
    expect_error(RUN("map", "--what=sweep", "--x=eta0=0.1:1"),
                 "etascope: map: a sweep needs --x NAME=LO:HI and --y NAME=LO:HI\n");
    expect_error(RUN("map", "--x=eta0=0.1:1"), "etascope: map: --x and --y are for --what sweep\n");
    expect_error(RUN("map", "--what=sweep", "--x=eta0=1:0.1", "--y=noise=0:1"),
                 "etascope: --x:1:6: LO < HI is needed\n");
    expect_error(RUN("map", "--what=sweep", "--x=noise=0:1", "--y=noise=0:2"),
                 "etascope: --y:1:1: both axes are 'noise'\n");
    expect_error(RUN("map", "--shard=3/2"), "etascope: --shard:1:1: '3/2' is not a shard like 3/8\n");
    expect_error(RUN("map", "--size=0x5"), "etascope: --size:1:1: '0x5' is not a size like 200x120\n");
    expect_error(RUN("map", "--threads=0"),
                 "etascope: --threads:1:1: '0' is not a whole number from 1 to 256\n");
    expect_error(RUN("map", "--shard=1/2"), "etascope: map: --shard is for --format csv and ppm\n");
    expect_error(RUN("map", "--format=gif"),
                 "etascope: --format:1:1: unknown format 'gif' (there are text, csv, ppm, png, svg)\n");
    Result r = RUN("run", "--shard=1/2");
    assert_int_equal(r.status, 2);
    forget(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_refused_while_binding),
        cmocka_unit_test(test_messages_are_clean),
        cmocka_unit_test(test_version_and_help),
        cmocka_unit_test(test_help_of_a_command),
        cmocka_unit_test(test_examples_run),
        cmocka_unit_test(test_scene_files),
        cmocka_unit_test(test_bound_errors_keep_their_place),
        cmocka_unit_test(test_bound_errors_of_options),
        cmocka_unit_test(test_runners_on_the_command_line),
        cmocka_unit_test(test_two_scenes),
        cmocka_unit_test(test_late_edits_are_told_of),
        cmocka_unit_test(test_find_refuses_what_run_refuses),
        cmocka_unit_test(test_scene_of_the_header),
        cmocka_unit_test(test_scene_file_errors),
        cmocka_unit_test(test_a_huge_scene_file),
        cmocka_unit_test(test_order_of_options),
        cmocka_unit_test(test_every_named_scene_runs),
        cmocka_unit_test(test_numbers_read_back),
        cmocka_unit_test(test_spelling),
        cmocka_unit_test(test_reference_optimizers),
        cmocka_unit_test(test_closed_pipe_ends_quietly),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_locale_changes_nothing),
        cmocka_unit_test(test_man_page),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_exec_of_show),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_show_options),
        cmocka_unit_test(test_show_figures),
        cmocka_unit_test(test_find_figures),
        cmocka_unit_test(test_show_figures_of_commands),
        cmocka_unit_test(test_map_shards),
        cmocka_unit_test(test_map_lines),
        cmocka_unit_test(test_map_figures),
        cmocka_unit_test(test_map_errors),
    };
    (void)argc;
    find_program(argv[0]);
    unsetenv("NO_COLOR");
    return cmocka_run_group_tests_name("command line", tests, make_folder, remove_folder);
}
