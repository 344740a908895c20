/* SPDX-License-Identifier: MIT
 * test_code: programs for every row of the tables are whole texts: right first line, brackets and
 * quotes that close, no hole left open, lines of a readable length. That they give the right
 * numbers is tests/golden/code_torch.py's and code_dialects.py's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "code/code.h"
#include "code/tables.h"

static Timeline *run;
static Scene *scene;

/* The scene's program in a dialect, or NULL and what is wrong. */
static char *program(const char *words, const Dialect *d, Error *err)
{
    char *text = NULL;
    size_t size = 0;
    scene_default(scene);
    if (!scene_parse(scene, words, NULL, err) || !timeline_set(run, scene, err))
        fail_msg("%s: %s", words, err->message);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    bool ok = code_write(out, d, run, err);
    assert_int_equal(fclose(out), 0);
    if (ok)
        return text;
    assert_int_equal(size, 0); /* nothing is written on error */
    free(text);
    return NULL;
}

static char *good(const char *words, const Dialect *d)
{
    Error err = {0};
    char *text = program(words, d, &err);
    if (!text)
        fail_msg("%s, %s: %s", d->name, words, err.message);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is missing in\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' stands in\n%s", part, text);
}

/* Brackets close in order, quotes on their line; comments do not count. */
static void check_balance(const char *text, const char *words)
{
    char open[100];
    int depth = 0;
    char quote = 0;
    for (const char *c = text; *c; c++) {
        if (quote || *c == '"') {
            quote = !quote ? *c : *c == quote ? 0 : quote;
            continue;
        }
        if (*c == '#')
            c += strcspn(c, "\n");
        if (strchr("([{", *c))
            open[depth++] = *c;
        if (!strchr(")]}", *c))
            continue;
        assert_true(depth > 0);
        depth--;
        if (open[depth] != (*c == ')' ? '(' : *c == ']' ? '[' : '{'))
            fail_msg("%s: brackets cross", words);
    }
    if (depth || quote)
        fail_msg("%s: something stays open", words);
}

static void check_text(const char *text, const char *words)
{
    char first[600];
    snprintf(first, sizeof first, "# etascope %s scene: %s\n", ETASCOPE_VERSION, words);
    if (strncmp(text, first, strlen(first)) != 0)
        fail_msg("%s begins with %.80s", words, text);
    check_balance(text, words);
    lacks(text, "$");
    lacks(text, "@p");
    lacks(text, "@m");
    lacks(text, "@c");
    lacks(text, "@e");
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        if (line[0] != '#' && strcspn(line, "\n") > 112)
            fail_msg("%s: a long line: %.*s", words, (int)strcspn(line, "\n"), line);
}

/* ---- tables ---- */

static void every_row_has_its_code(void **state)
{
    (void)state;
    for (const Schedule *s = schedules; s->name; s++) {
        const ScheduleCode *c = schedule_code(s);
        if (!c)
            fail_msg("no code for schedule %s", s->name);
        assert_int_equal(c->formula[0].text == NULL, s->eta == NULL);
    }
    for (const Optimizer *o = optimizers; o->name; o++)
        if (!optimizer_code(o))
            fail_msg("no code for optimizer %s", o->name);
}

static void every_pair_is_a_program(void **state)
{
    (void)state;
    char words[300];
    for (const Dialect *d = dialects; d->name; d++)
        for (const Schedule *s = schedules; s->name; s++)
            for (const Optimizer *o = optimizers; o->name; o++) {
                snprintf(words, sizeof words,
                         "surface=himmelblau optimizer=%s schedule=%s steps=90", o->name, s->name);
                char *text = good(words, d);
                check_text(text, words);
                free(text);
            }
}

/* Another clock, a warm-up, epochs: with every schedule and in every dialect. */
static void every_clock_is_a_program(void **state)
{
    (void)state;
    static const char *const more[] = {"warmup=9", "warmup=9 warmup_factor=0.1", "batch=6"};
    static const char *const params[] = {"", ":start=20", ":unit=epoch"};
    char words[300];
    for (const Dialect *d = dialects; d->name; d++)
        for (const Schedule *s = schedules; s->name; s++)
            for (int i = 0; i < 9; i++) {
                /* in the order in which a scene is printed */
                snprintf(words, sizeof words, "surface=line24 schedule=%s%s%s%s steps=90%s%s",
                         s->name, params[i / 3], i % 3 < 2 ? " " : "", i % 3 < 2 ? more[i % 3] : "",
                         i % 3 < 2 ? "" : " ", i % 3 < 2 ? "" : more[2]);
                char *text = good(words, d);
                check_text(text, words);
                free(text);
            }
}

static void typed_schedules_are_programs(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "surface=himmelblau schedule=eta0/(1+k*t):k=0.1 steps=90",
        "surface=himmelblau schedule=eta0*sqrt(max(0,1-t/T)) warmup=9 warmup_factor=0.1 steps=90",
        "surface=himmelblau schedule=eta0*0.9^t warmup=9 steps=90; at 40 eta0=0.002",
        "surface=himmelblau schedule=step steps=90; at 40 schedule=eta0*sigmoid(3-t)",
        "surface=himmelblau schedule=plateau steps=90; at 40 schedule=plateau:factor=0.5; "
        "at 50 optimizer=adam:beta1=0.5; at 60 optimizer=adam:beta1=0.8",
        "surface=line24 schedule=step:unit=epoch steps=90 batch=6; at 40 batch=4; at 50 noise=0.1",
    };
    for (const Dialect *d = dialects; d->name; d++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            char *text = good(cases[i], d);
            check_text(text, cases[i]);
            free(text);
        }
}

static void every_surface_is_a_program(void **state)
{
    (void)state;
    char words[200];
    for (int i = 0; i < surface_count(); i++) {
        snprintf(words, sizeof words, "surface=%s steps=90", surface_row(i)->name);
        char *text = good(words, &dialects[0]);
        check_text(text, words);
        has(text, "def loss(x, y");
        free(text);
    }
}

/* ---- formulas ---- */

static void formula_is(const char *formula, const char *python)
{
    char words[600];
    char line[600];
    snprintf(words, sizeof words, "surface='%s' start=1,1 steps=9", formula);
    snprintf(line, sizeof line, "    return %s\n", python);
    char *text = good(words, &dialects[0]);
    has(text, line);
    check_balance(text, words);
    free(text);
}

static void formulas_read_as_formulas(void **state)
{
    (void)state;
    formula_is("(x^2+y-11)^2+(x+y^2-7)^2", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2");
    formula_is("100*(y-x^2)^2+(1-x)^2", "100*(y - x**2)**2 + (1 - x)**2");
    formula_is("x^16-3*y^15", "x**16 - 3*y**15");
    formula_is("x-(y-2)-x/y", "x - (y - 2) - x/y");
    formula_is("x/(y*3)/(x/y)", "x/(3*y)/(x/y)");
    formula_is("-x^2*-2", "2*x**2");
    formula_is("2^-1*x+sin(2*pi*y)", "0.5*x + torch.sin(2*math.pi*y)");
    formula_is("x^-2+y", "1/x**2 + y");
    formula_is("sqrt(x*x+2)+abs(y)", "root(x**2 + 2) + torch.abs(y)");
    formula_is("max(x,2)+min(y,-1)+softplus(x)", "maximum(x, 2) + minimum(y, -1) + softplus(x)");
    formula_is("x^1.5+2^y", "power(x, 1.5) + power(2, y)");
    formula_is("7", "0*x + 7");
    formula_is("lambda*x+torch*y:lambda=2,torch=3", "lambda_*x + torch_*y");
}

/* A helper stands there where it is used, and only there. */
static void helpers_come_when_called(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"sqrt(x)+y", "def root("},       {"x^1.5+y", "def power("},
        {"min(x,y)", "def minimum("},     {"max(x,y)", "def maximum("},
        {"softplus(x)", "def softplus("},
    };
    enum { PAIRS_COUNT = sizeof pairs / sizeof *pairs };
    char words[200];
    for (int i = 0; i < PAIRS_COUNT; i++) {
        snprintf(words, sizeof words, "surface='%s' start=1,1 steps=9", pairs[i][0]);
        char *text = good(words, &dialects[0]);
        for (int k = 0; k < PAIRS_COUNT; k++)
            (k == i ? has : lacks)(text, pairs[k][1]);
        free(text);
    }
}

static void a_formula_may_be_too_long(void **state)
{
    (void)state;
    char words[1000];
    Text text = text_over(words, sizeof words);
    Error err = {0};
    text_add(&text, "surface='");
    for (int i = 0; i < 16; i++)
        text_add(&text, "mod(");
    text_add(&text, "x*y");
    for (int i = 0; i < 16; i++)
        text_add(&text, ",%d)", 3 + i);
    text_add(&text, "' steps=9");
    assert_null(program(words, &dialects[0], &err));
    has(err.message, "too long to be written out");
}

/* ---- random formulas: what is printed means what was read ---- */

static uint64_t drawn; /* random numbers used */
static long compared;

static int draw(int n)
{
    return (int)(rng_u64(1, drawn++) % (uint64_t)n);
}

static void grow(Text *t, int depth)
{
    static const char *const leaves[] = {"x", "y", "2", "0.5", "x", "y", "3", "-1.5", "pi", "a"};
    static const char *const binary[] = {"+", "-", "*", "/", "+", "-", "*", "/", "^"};
    static const char *const calls[] = {"sin(", "cos(", "tanh(", "abs(", "exp(", "-(", "("};
    static const char *const powers[] = {"2", "3", "-1", "4", "-2", "7"};
    int kind = draw(10);
    if (depth == 0 || kind < 2) {
        text_add(t, "%s", leaves[draw(10)]);
    } else if (kind < 8) {
        const char *op = binary[draw(9)];
        text_add(t, "(");
        grow(t, depth - 1);
        text_add(t, ")%s", op);
        if (op[0] == '^')
            text_add(t, "%s", powers[draw(6)]);
        else
            text_add(t, draw(2) ? "(" : "1*(");
        if (op[0] != '^') {
            grow(t, depth - 1);
            text_add(t, ")");
        }
    } else {
        text_add(t, "%s", calls[draw(7)]);
        grow(t, depth - 1);
        text_add(t, ")");
    }
}

/* Python back into our language: ** is ^, and nothing is of a module. */
static void back(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        if (strncmp(from, "torch.", 6) == 0)
            from += 6;
        else if (strncmp(from, "math.", 5) == 0)
            from += 5;
        else if (strncmp(from, "**", 2) == 0)
            from += 2, *to++ = '^';
        else
            *to++ = *from++;
    }
    *to = '\0';
}

static void compare_formulas(const char *formula, const char *printed, const char *const *inputs)
{
    Error err = {0};
    Program *p = program_compile(formula, inputs, 3, false, &err);
    Program *q = program_compile(printed, inputs, 3, false, &err);
    if (!p || !q)
        fail_msg("%s -> %s: %s", formula, printed, err.message);
    for (int k = 0; k < 5; k++) {
        double in[] = {draw(400) / 100.0 - 2.01, draw(400) / 100.0 - 2.01, 0.7};
        double near[] = {in[0] * (1 + 1e-14), in[1] * (1 - 1e-14), 0.7 * (1 + 1e-14)};
        double a;
        double b;
        double moved; /* where rounding decides, nothing is said */
        program_eval(p, EXPR_VALUE, in, &a);
        program_eval(p, EXPR_VALUE, near, &moved);
        program_eval(q, EXPR_VALUE, in, &b);
        double most = fmax(1, fabs(a));
        if (fabs(a) < 1e100 && fabs(moved - a) <= 1e-12 * most && !(fabs(a - b) <= 1e-10 * most))
            fail_msg("%s -> %s: %.17g, not %.17g", formula, printed, b, a);
        compared += fabs(a) < 1e100;
    }
    program_free(p);
    program_free(q);
}

static void printed_formulas_mean_the_same(void **state)
{
    (void)state;
    static const char *const inputs[] = {"x", "y", "a"};
    for (int i = 0; i < 20000; i++) {
        char formula[EXPR_TEXT];
        char *printed = NULL;
        size_t size = 0;
        unsigned uses = 0;
        Error err = {0};
        Text t = text_over(formula, sizeof formula);
        FILE *out = open_memstream(&printed, &size);
        assert_non_null(out);
        grow(&t, 5);
        bool ok = formula_print(out, formula, inputs, 3, PY_MATH, NULL, &uses, &err);
        assert_int_equal(fclose(out), 0);
        if (!ok)
            fail_msg("%s: %s", formula, err.message);
        back(printed);
        if (!strstr(printed, "float("))
            compare_formulas(formula, printed, inputs);
        free(printed);
    }
    assert_true(compared > 50000);
}

/* ---- data ---- */

/* A file of one's own: up to 200 rows stand in the program, more are read. */
static char *of_file(int rows, bool grid)
{
    char name[] = "/tmp/etascope-code-XXXXXX";
    char path[64];
    char words[300];
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    close(fd);
    snprintf(path, sizeof path, "%s.csv", name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(grid ? "x,y,train,held_out\n" : "u,v\n", out);
    for (int i = 0; i < rows; i++)
        if (grid)
            fprintf(out, "%d,%d,%d,%d\n", i % 10, i / 10, i * i % 7, i % 5);
        else
            fprintf(out, "%d,%d\n", i % 7, i % 5);
    fclose(out);
    snprintf(words, sizeof words,
             grid ? "surface=%s start=2,2 schedule=plateau:metric=held_out steps=9"
                  : "surface=x*u+y-v data=%s steps=9",
             path);
    char *text = good(words, &dialects[0]);
    check_balance(text, words);
    remove(path);
    remove(name);
    return text;
}

static void many_rows_are_read(void **state)
{
    (void)state;
    for (int grid = 0; grid < 2; grid++) {
        char *few = of_file(grid ? 100 : 200, grid);
        char *many = of_file(grid ? 300 : 201, grid);
        lacks(few, "import csv");
        has(many, "import csv");
        has(many, grid ? "read(\"/tmp/etascope-code-" : "train = read(\"/tmp/etascope-code-");
        free(few);
        free(many);
    }
}

static void held_out_formulas(void **state)
{
    (void)state;
    char *text = good("surface=x^2+a*y^2:a=3 held_out=a*x^4+y^2 schedule=plateau:metric=held_out "
                      "steps=90; at 40 surface=x^2+a*y^2:a=2",
                      &dialects[0]);
    has(text, "def held_out(x, y):\n    a, = values\n    return a*x**4 + y**2\n");
    has(text, "    if t == 40:\n");
    has(text, "        values = torch.tensor([2]");
    free(text);
}

static void noise_batches_and_no_eps(void **state)
{
    (void)state;
    char *text = good("surface=line24 optimizer=adagrad:eps=0 steps=9 noise=0.1 batch=6 seed=7",
                      &dialects[0]);
    has(text, "eps=1e-300"); /* 0/0 is 0 with us */
    has(text, "seed = 7\n");
    has(text, "noise(t, batch)");
    free(text);
}

/* ---- what is said ---- */

static void classes_where_they_are_exact(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"schedule=cosine", "CosineAnnealingLR(", "LambdaLR"},
        {"schedule=cosine:T_max=50", "LambdaLR(", "CosineAnnealingLR"},
        {"schedule=cosine:T_max=50,hold=0", "CosineAnnealingLR(", "LambdaLR"},
        {"schedule=step warmup=9", "LambdaLR(", "StepLR"},
        {"schedule=step warmup=9 warmup_factor=0.1", "SequentialLR(", "LambdaLR"},
        {"schedule=one_cycle", "OneCycleLR(", "LambdaLR"},
        {"schedule=one_cycle:total=50", "LambdaLR(", "OneCycleLR"},
        {"schedule=polynomial:lr_end=0.001", "LambdaLR(", "PolynomialLR"},
        {"schedule=plateau", "ReduceLROnPlateau(", "class Plateau"},
        {"schedule=plateau warmup=9", "class Plateau", "import ReduceLROnPlateau"},
        {"schedule=plateau; at 40 eta0=0.002", "class Plateau", "import ReduceLROnPlateau"},
        {"schedule=constant", "torch.optim.SGD(", "sched ="},
        {"schedule=step; at 40 schedule=cosine", "sched = CosineAnnealingLR(opt, T_max=50,",
         "rate = "},
        {"schedule=step; at 40 eta0=0.002", "rate = rate_from_40", "StepLR"},
        {"optimizer=momentum:convention=inside", "class Momentum", "SGD("},
        {"optimizer=momentum", "SGD(", "class Momentum"},
        {"optimizer=nadam", "foreach=True", "Momentum"},
    };
    char words[300];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(words, sizeof words, "surface=himmelblau steps=90 %s", cases[i][0]);
        char *text = good(words, &dialects[0]);
        has(text, cases[i][1]);
        lacks(text, cases[i][2]);
        free(text);
    }
}

static void another_rule_is_said_to_be_one(void **state)
{
    (void)state;
    for (const Dialect *d = dialects + 1; d->name; d++) {
        char *text = good("surface=himmelblau optimizer=momentum:convention=average steps=90; "
                          "at 40 eta0=0.002",
                          d);
        has(text, "Not the same rule");
        has(text, "edits, from step 40 on, are not in it");
        free(text);
    }
}

static int setup(void **state)
{
    (void)state;
    run = timeline_new();
    scene = malloc(sizeof *scene);
    return run && scene ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    timeline_free(run);
    free(scene);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_its_code),
        cmocka_unit_test(every_pair_is_a_program),
        cmocka_unit_test(every_clock_is_a_program),
        cmocka_unit_test(typed_schedules_are_programs),
        cmocka_unit_test(every_surface_is_a_program),
        cmocka_unit_test(formulas_read_as_formulas),
        cmocka_unit_test(helpers_come_when_called),
        cmocka_unit_test(a_formula_may_be_too_long),
        cmocka_unit_test(printed_formulas_mean_the_same),
        cmocka_unit_test(many_rows_are_read),
        cmocka_unit_test(held_out_formulas),
        cmocka_unit_test(noise_batches_and_no_eps),
        cmocka_unit_test(classes_where_they_are_exact),
        cmocka_unit_test(another_rule_is_said_to_be_one),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
