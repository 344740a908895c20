/* SPDX-License-Identifier: MIT
 * test_race_command: what `etascope race` prints, against the rows that `etascope run` prints. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "command.h"

enum { RUN_COLUMNS = 14, LOSS = 4, ETA = 7, RACE_NUMBERS_FROM = 3, RACE_NUMBERS = 10 };

/* Numbers of a CSV line from a column on that no comma before it hides; empty ones are NaN. */
static void read_numbers(const char *line, double *out, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;
        out[i] = *line == ',' || *line == '\n' ? NAN : strtod(line, &end);
        line += strcspn(line, ",\n");
        line += *line == ',';
    }
}

/* What the table must say of a run: best, final, gradients, peak rate, first row at the threshold. */
typedef struct Counted {
    double best, final, gradients, peak, to;
} Counted;

static Counted count_run(const char *csv, double threshold)
{
    Counted c = {INFINITY, NAN, -1, NAN, NAN};
    double eta = NAN;
    for (const char *line = strchr(body(csv), '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        double v[RUN_COLUMNS];
        read_numbers(line, v, RUN_COLUMNS);
        c.gradients++;
        c.best = fmin(c.best, v[LOSS]);
        c.final = v[LOSS];
        c.peak = c.gradients > 0 ? fmax(c.peak, eta) : NAN;
        eta = v[ETA];
        if (isnan(c.to) && v[LOSS] <= threshold)
            c.to = c.gradients;
    }
    return c;
}

static void same(const char *what, char runner, double got, double wanted)
{
    if (got != wanted && !(isnan(got) && isnan(wanted)))
        fail_msg("%s of %c: %.17g, its run says %.17g", what, runner, got, wanted);
}

/* to, reached, of, best, final, area, gradients, peak_eta, numbers, delta */
static void numbers_are_those_of_run(void **state)
{
    (void)state;
    Result race = RUN("race", "--surface=himmelblau", "--noise=1", "--vs=schedule=step eta0=0.02",
                      "--vs=optimizer=adam at 20 eta0=0.3", "--vs=eta0=3", "--to=5", "--format=csv");
    expect_ok(&race);
    const char *line = body(race.out);
    double final_of_a = NAN;
    assert_memory_equal(line, "runner,scene,verdict,to,", 24);
    for (char runner = 'A'; runner <= 'D'; runner++) {
        char letter[] = {runner, '\0'};
        double v[RACE_NUMBERS];
        line = strchr(line, '\n') + 1;
        assert_int_equal(*line, runner);
        const char *verdict = strstr(line + 3, "\",") + 2;
        read_numbers(strchr(verdict, ',') + 1, v, RACE_NUMBERS);
        Result run = RUN("run", "--surface=himmelblau", "--noise=1",
                         "--vs=schedule=step eta0=0.02", "--vs=optimizer=adam at 20 eta0=0.3",
                         "--vs=eta0=3", "--runner", letter);
        expect_ok(&run);
        Counted c = count_run(run.out, 5);
        final_of_a = runner == 'A' ? c.final : final_of_a;
        same("to", runner, v[0], c.to);
        same("reached", runner, v[1], !isnan(c.to));
        same("best", runner, v[3], c.best);
        same("final", runner, v[4], c.final);
        same("gradients", runner, v[6], c.gradients);
        same("peak_eta", runner, v[7], c.peak);
        same("delta", runner, v[9], c.final - final_of_a);
        forget(&run);
    }
    assert_string_equal(strchr(line, '\n'), "\n");
    forget(&race);
}

static void defaults(void **state)
{
    (void)state;
    Result all = RUN("race");
    expect_ok(&all);
    assert_non_null(strstr(all.out, "F  schedule=triangular"));
    assert_non_null(strstr(all.out, "to: the first step with loss <= 0.0329\n"));
    forget(&all);
    expect_same(RUN("race", "--format=csv"),
                RUN("race", "B1", "--preset", "schedules", "--format", "csv"));
}

static void seeds_are_told(void **state)
{
    (void)state;
    Result r = RUN("race", "G2", "--seeds=1..5");
    expect_ok(&r);
    assert_non_null(strstr(r.out, "quartiles of final"));
    assert_null(strstr(r.out, "one seed"));
    forget(&r);
    r = RUN("race", "G2", "--seeds=1..5", "--preset=rates", "--format=csv");
    expect_ok(&r);
    assert_non_null(strstr(r.out, ",5,5,"));
    forget(&r);
}

static void refusals(void **state)
{
    (void)state;
    expect_error(RUN("race", "--preset=rate"),
                 "etascope: --preset:1:1: unknown preset 'rate' (did you mean 'rates'?)\n");
    expect_error(RUN("race", "--format=svg"), "etascope: --format:1:1: 'svg' is not one of text, csv\n");
    expect_error(RUN("race", "--to=low"), "etascope: --to:1:1: 'low' is not a loss\n");
    Result r = RUN("race", "--surface=log(x)", "--start=2,0", "--vs=start=-1,0");
    assert_int_equal(r.status, 2);
    assert_string_equal(r.out, "");
    assert_non_null(strstr(r.err, "lies in a hole"));
    forget(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_run),
        cmocka_unit_test(defaults),
        cmocka_unit_test(seeds_are_told),
        cmocka_unit_test(refusals),
    };
    (void)argc;
    find_program(argv[0]);
    return cmocka_run_group_tests_name("etascope race", tests, make_folder, remove_folder);
}
