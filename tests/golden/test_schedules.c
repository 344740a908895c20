/* SPDX-License-Identifier: MIT
 * Golden test: every schedule against PyTorch's closed forms, one test per reference file.
 * ETASCOPE_WORST=1 prints the worst error of each file. */
#include "reference.h"

static void test_file(void **state)
{
    Reference ref;
    Rate rate;
    Plateau plateau;
    double worst = 0;
    long rows = 0;
    reference_open(&ref, "schedules", *state);
    reference_rate(&ref, &rate);
    int lr = reference_column(&ref, "lr");
    int loss = reference_column(&ref, "loss");
    assert_true(lr > 0);
    assert_true((loss > 0) == (rate.schedule->eta == NULL));
    plateau_start(&plateau);
    for (; reference_row(&ref); rows++) {
        long t = (long)ref.row[0];
        double got = rate_at(&rate, t, &plateau);
        double error = fabs(got - ref.row[lr]) / rate.eta0;
        if (!(error <= 1e-12))
            fail_msg("%s row %ld: rate %.17g, reference %.17g", ref.path, t, got, ref.row[lr]);
        worst = fmax(worst, error);
        if (loss > 0)
            plateau_feed(&plateau, &rate, ref.row[loss]);
    }
    fclose(ref.file);
    assert_true(rows > 10);
    if (getenv("ETASCOPE_WORST"))
        printf("%-28s %.2e of 1e-12\n", (const char *)*state, worst);
}

int main(void)
{
    return reference_run("schedules against PyTorch", "schedules", test_file);
}
