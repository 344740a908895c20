/* SPDX-License-Identifier: MIT
 * Golden test: every optimizer's trajectory against PyTorch's, one test per reference file, with
 * gradients from the formula engine. Tolerances: reference/README.md, "Header keys for tests".
 * ETASCOPE_WORST=1 prints each file's worst error in units of its tolerance. */
#include "core/optimizer.h"
#include "expr/expr.h"
#include "reference.h"

enum { COLUMN_T, COLUMN_X, COLUMN_Y, COLUMN_LOSS, COLUMN_GX, COLUMN_GY, COLUMN_LR, COLUMN_ELR_X,
       COLUMN_ELR_Y };

/* One run in flight. */
typedef struct Run {
    Program *program;
    const Optimizer *optimizer;
    double params[PARAM_MAX];
    Rate rate;
    Plateau plateau;
    OptState memory;
    OptStep step;  /* of row t */
    Vec2 at;       /* before update t */
    double out[EXPR_OUTPUTS]; /* f, gradient, Hessian at `at` */
    double eta;
    long t;
} Run;

/* Formula of a surface from surfaces.csv. */
static Program *compile_surface(const char *surface)
{
    static char line[1 << 17];
    static const char *const inputs[] = {"x", "y"};
    char path[512];
    Error err = {.line = 0};
    Program *p = NULL;
    size_t length = strlen(surface);
    snprintf(path, sizeof path, "%s/surfaces.csv", reference_folder());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!p && fgets(line, sizeof line, file)) {
        if (strncmp(line, surface, length) != 0 || line[length] != ',')
            continue;
        char *formula = line + length + 1;
        formula[strcspn(formula, ",")] = '\0';
        p = program_compile(formula, inputs, 2, true, &err);
        if (!p)
            fail_msg("%s: %s", formula, err.message);
    }
    fclose(file);
    if (!p)
        fail_msg("no surface '%s'", surface);
    return p;
}

static void run_start(Run *run, const Reference *ref)
{
    char name[64];
    ParamSet set;
    *run = (Run){.t = 0};
    assert_true(reference_key(ref, "surface", name, sizeof name));
    run->program = compile_surface(name);
    assert_true(reference_key(ref, "optimizer", name, sizeof name));
    run->optimizer = optimizer_find(name, strlen(name));
    assert_non_null(run->optimizer);
    reference_params(ref, run->optimizer->params, &set);
    for (int i = 0; run->optimizer->params[i].name; i++)
        run->params[i] = param_value(run->optimizer->params, &set, i, NULL);
    reference_rate(ref, &run->rate);
    plateau_start(&run->plateau);
    run->at = vec2(reference_number(ref, "x0", 0), reference_number(ref, "y0", 0));
}

/* Fill row t: derivatives, rates and the update that will be made. */
static void run_row(Run *run)
{
    program_eval(run->program, EXPR_HESSIAN, (double[]){run->at.x, run->at.y}, run->out);
    run->eta = rate_at(&run->rate, run->t, &run->plateau);
    run->optimizer->step(run->params, run->eta, vec2(run->out[1], run->out[2]), &run->memory,
                         &run->step);
}

static void run_advance(Run *run)
{
    run->at = vec_sub(vec_scale(run->step.shrink, run->at), run->step.step);
    if (!run->rate.schedule->eta)
        plateau_feed(&run->plateau, &run->rate, run->out[0]);
    run->t++;
}

/* Is the run over by SPEC 6 at this row? */
static bool run_diverged(const Run *run)
{
    return !vec_finite(run->at) || !isfinite(run->out[0]) || fabs(run->out[0]) > 1e100 ||
           !isfinite(run->out[1]) || !isfinite(run->out[2]);
}

static double hessian_norm(const Run *run)
{
    return fabs(run->out[3]) + 2 * fabs(run->out[4]) + fabs(run->out[5]);
}

static void compare(const Run *run, const Reference *ref, int column, double got, double tolerance,
                    double *worst)
{
    static const char *const names[] = {"t", "x", "y", "loss", "gx", "gy", "lr", "elr_x", "elr_y"};
    double want = ref->row[column];
    double error = fabs(got - want);
    if (got == want)
        return;
    if (!(error <= tolerance))
        fail_msg("%s row %ld %s: %.17g, reference %.17g, tolerance %.3g", ref->path, run->t,
                 names[column], got, want, tolerance);
    *worst = fmax(*worst, error / tolerance);
}

static void compare_row(const Run *run, const Reference *ref, double *worst)
{
    const double *want = ref->row;
    double unit = 1e-13 * fmax(100, reference_number(ref, "sensitivity", 1));
    double around = fmax(fmax(1, fabs(want[COLUMN_LOSS])),
                         fmax(fabs(want[COLUMN_GX]) + fabs(want[COLUMN_GY]), hessian_norm(run)));
    compare(run, ref, COLUMN_X, run->at.x, unit * fmax(1, fabs(want[COLUMN_X])), worst);
    compare(run, ref, COLUMN_Y, run->at.y, unit * fmax(1, fabs(want[COLUMN_Y])), worst);
    compare(run, ref, COLUMN_LOSS, run->out[0], unit * around, worst);
    compare(run, ref, COLUMN_GX, run->out[1], unit * around, worst);
    compare(run, ref, COLUMN_GY, run->out[2], unit * around, worst);
    compare(run, ref, COLUMN_LR, run->eta, 1e-12 * run->rate.eta0, worst);
    compare(run, ref, COLUMN_ELR_X, run->step.rate.x, 1e-9 * want[COLUMN_ELR_X], worst);
    compare(run, ref, COLUMN_ELR_Y, run->step.rate.y, 1e-9 * want[COLUMN_ELR_Y], worst);
}

/* A diverging run: relative 1e-9 while |loss| < 1e100. */
static void compare_diverging_row(const Run *run, const Reference *ref, double *worst)
{
    const double got[] = {0, run->at.x, run->at.y, run->out[0], run->out[1], run->out[2], run->eta};
    for (int c = COLUMN_X; c <= COLUMN_LR; c++)
        compare(run, ref, c, got[c], 1e-9 * fmax(1e-6, fabs(ref->row[c])), worst);
}

static bool finite_row(const Reference *ref)
{
    for (int c = COLUMN_X; c <= COLUMN_GY; c++)
        if (!isfinite(ref->row[c]))
            return false;
    return true;
}

static void test_file(void **state)
{
    Reference ref;
    Run run;
    double worst = 0;
    long rows = 0;
    bool over = false;
    reference_open(&ref, "optimizers", *state);
    run_start(&run, &ref);
    bool diverges = reference_number(&ref, "diverges", 0) != 0;
    run_row(&run);
    for (; reference_row(&ref) && !over; rows++) {
        while (run.t < (long)ref.row[COLUMN_T] && !over) {
            run_advance(&run);
            run_row(&run);
            over = diverges && run_diverged(&run);
        }
        if (!diverges)
            compare_row(&run, &ref, &worst);
        else if (!over && fabs(ref.row[COLUMN_LOSS]) < 1e100)
            compare_diverging_row(&run, &ref, &worst);
        if (!over && !finite_row(&ref))
            fail_msg("%s row %ld: not reported as diverged", ref.path, run.t);
    }
    fclose(ref.file);
    program_free(run.program);
    assert_int_equal(over, diverges);
    assert_true(rows > 3);
    if (getenv("ETASCOPE_WORST"))
        printf("%-36s %.2e of its tolerance\n", (const char *)*state, worst);
}

int main(void)
{
    return reference_run("optimizers against PyTorch", "optimizers", test_file);
}
