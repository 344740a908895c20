/* SPDX-License-Identifier: MIT
 * run: the run as CSV (SPEC 7). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/timeline.h"

static void put_number(double v, char end)
{
    if (isnan(v))
        printf("nan%c", end);
    else
        printf("%.17g%c", v, end);
}

static void put_events(unsigned events)
{
    static const struct {
        unsigned bit;
        const char *word;
    } words[] = {
        {ROW_EDIT, "edit"},           {ROW_CUT, "cut"},           {ROW_RESTART, "restart"},
        {ROW_CONVERGED, "converged"}, {ROW_DIVERGED, "diverged"}, {ROW_UNDEFINED, "undefined"},
    };
    const char *plus = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (events & words[i].bit) {
            printf("%s%s", plus, words[i].word);
            plus = "+";
        }
    putchar('\n');
}

/* `epoch` is NaN without data. */
static void put_row(long t, double epoch, const Row *r)
{
    printf("%ld,", t);
    if (isnan(epoch))
        putchar(',');
    else
        put_number(epoch, ',');
    const double v[] = {r->at.x, r->at.y,   r->loss,   r->g.x,    r->g.y,
                        r->eta,  r->rate.x, r->rate.y, r->lambda, r->limit};
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
        put_number(v[i], ',');
    if (isnan(r->held_out))
        putchar(',');
    else
        put_number(r->held_out, ',');
    put_events(r->events);
}

/* The scene on one line, however long: a comment of the CSV. */
static bool put_scene(const Scene *s)
{
    for (size_t size = SCENE_LINE;; size *= 2) {
        char *buffer = malloc(size);
        if (!buffer)
            return false;
        Text t = text_over(buffer, size);
        scene_print(s, true, &t);
        if (!t.full)
            printf("# etascope %s scene: %s\n", ETASCOPE_VERSION, buffer);
        free(buffer);
        if (!t.full)
            return true;
    }
}

static bool bind_run(const Cli *c, Timeline *t, Error *err)
{
    Scene *plain = malloc(sizeof *plain);
    bool ok = plain && t;
    if (!ok)
        error_set(err, 0, 0, "out of memory");
    else
        ok = scene_of_runner(&c->scene, c->runner, plain) && timeline_set(t, plain, err);
    free(plain);
    return ok;
}

int cli_run(const Cli *c)
{
    Error err = {0};
    Timeline *t = timeline_new();
    if (!bind_run(c, t, &err)) {
        cli_scene_error(c, &err);
        error_print(&err, stderr);
        timeline_free(t);
        return EXIT_INPUT;
    }
    put_scene(&c->scene);
    for (int i = 0; timeline_file(t, i); i++)
        printf("# %s fnv1a=%016llx\n", timeline_file(t, i)->file,
               (unsigned long long)timeline_file(t, i)->hash);
    puts("t,epoch,x,y,loss,gx,gy,eta,eta_x,eta_y,lambda_max,eta_limit,held_out,event");
    long printed = 0;
    for (bool more = true; more && !ferror(stdout);) {
        more = timeline_advance(t, 4096);
        for (; printed < timeline_ready(t); printed++)
            put_row(printed, timeline_epoch(t, printed), &timeline_rows(t)[printed]);
    }
    timeline_free(t);
    return cli_close(EXIT_HOLDS);
}
