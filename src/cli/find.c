/* SPDX-License-Identifier: MIT
 * find: which learning rate? The search over a grid, or the range test, as a picture with a
 * summary or as CSV. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/find_chart.h"
#include "cli/cli.h"
#include "view/find_figure.h"

enum { SLICE = 200000 };

static int fail(const Cli *c, Error *err)
{
    if (err->line > 0)
        cli_scene_error(c, err);
    error_in(err, "find");
    error_print(err, stderr);
    return EXIT_INPUT;
}

static int no_memory(void)
{
    fprintf(stderr, "etascope: out of memory\n");
    return EXIT_NOT;
}

/* Long work tells how far it is where somebody watches. */
static void tell_progress(double progress, bool end)
{
    static int told = -1;
    int now = (int)(100 * progress);
    if (!isatty(2) || (now == told && !end))
        return;
    told = now;
    fprintf(stderr, end ? "\r      \r" : "\r%3d %%", now);
}

static void put_number(double v, char end)
{
    if (isnan(v))
        printf("nan%c", end);
    else
        printf("%.17g%c", v, end);
}

static void put_head(const Scene *s)
{
    char *buffer = malloc(SCENE_LINE);
    if (!buffer)
        return;
    Text t = text_over(buffer, SCENE_LINE);
    scene_print(s, true, &t);
    printf("# etascope find scene: %s\n", buffer);
    free(buffer);
}

/* A drawing on standard output, as `show` does it. */
typedef void Draw(const void *what, Canvas *c, Rect r, const Paint *p);
static bool put_frame(const Cli *c, Draw *draw, const void *what)
{
    Canvas canvas = {0};
    ColorMode mode = cli_color(c);
    Paint p = paint_make(mode == MODE_MONO ? THEME_MONO : c->theme, c->map, mode,
                         c->ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE);
    if (!canvas_resize(&canvas, c->cols, c->rows))
        return false;
    canvas_clear(&canvas, p.role[ROLE_TEXT], p.role[ROLE_BACK]);
    draw(what, &canvas, (Rect){0, 0, c->cols, c->rows}, &p);
    if (c->ascii)
        canvas_to_ascii(&canvas);
    cli_draw(c, &canvas);
    canvas_release(&canvas);
    return true;
}

static bool put_find_figure(const Cli *c, const FindView *v)
{
    struct {
        Figure figure;
        FindFigure store;
    } *d = malloc(sizeof *d);
    if (d)
        find_figure(&d->figure, v, &d->store);
    bool ok = d && cli_put_figure(c, &d->figure);
    free(d);
    return ok;
}

static bool put_range_figure(const Cli *c, const RangeView *v)
{
    Figure *f = malloc(sizeof *f);
    if (f)
        range_figure(f, v);
    bool ok = f && cli_put_figure(c, f);
    free(f);
    return ok;
}

/* ---- search -------------------------------------------------------------------------------- */

static void draw_find(const void *what, Canvas *c, Rect r, const Paint *p)
{
    find_view_draw(what, c, r, p);
}

static void put_summary(const Cli *c, const Find *f, const char *metric)
{
    long spent = 0;
    for (int i = 0; i < f->lines; i++)
        spent += f->line[i].evaluations;
    if (c->find_row && c->find_row->note[0])
        printf("%s\n", c->find_row->note);
    printf("%d rate%s x %d schedule%s x %d run%s x %ld steps: %ld gradient evaluations "
           "(one search of one schedule: %ld)\n",
           f->etas, f->etas == 1 ? "" : "s", f->lines, f->lines == 1 ? "" : "s", f->seeds,
           f->seeds == 1 ? "" : "s", f->scene.steps, spent, f->planned);
    if (!isnan(f->threshold)) {
        char number[NUMBER_TEXT];
        number_brief(number, f->threshold, 3);
        const char *why = " (nine tenths of the way, in log, from the start to the best)";
        printf("good: %s < %s%s\n", metric, number, isnan(f->spec.good) ? why : "");
    }
    if (f->etas > 1)
        printf("the grid's step is %.2g decades: the ends of a good interval are known no finer\n",
               log10(f->eta[f->etas - 1] / f->eta[0]) / (f->etas - 1));
    if (c->scene.edit_count)
        printf("the scene's edits are left out\n");
}

static bool put_chart(const Cli *c, const Find *f)
{
    char metric[96];
    Text m = text_over(metric, sizeof metric);
    FindChart *chart = malloc(sizeof *chart);
    find_say_metric(f, &m);
    if (chart)
        find_chart_make(chart, f, c->find_row ? c->find_row->title : "which rate?");
    bool ok = chart && (c->format->figure ? put_find_figure(c, &chart->view)
                                          : put_frame(c, draw_find, &chart->view));
    if (ok && !c->format->figure)
        put_summary(c, f, metric);
    free(chart);
    return ok;
}

static const char *event_word(unsigned events)
{
    return events & ROW_DIVERGED ? "diverged" : events & ROW_UNDEFINED ? "undefined" : "";
}

static void put_csv(const Find *f)
{
    put_head(&f->scene);
    puts("schedule,eta,seed,value,loss,x,y,steps,event");
    for (int i = 0; i < f->lines; i++)
        for (int k = 0; k < f->etas; k++)
            for (int s = 0; s < f->seeds; s++) {
                const FindRun *r = find_run(f, i, k, s);
                printf("\"%s\",", f->line[i].label);
                put_number(f->eta[k], ',');
                printf("%llu,", (unsigned long long)(f->spec.seed + (uint64_t)s));
                put_number(r->value, ',');
                put_number(r->end.loss, ',');
                put_number(r->end.at.x, ',');
                put_number(r->end.at.y, ',');
                printf("%ld,%s\n", r->end.row, event_word(r->end.events));
            }
}

static int search(const Cli *c)
{
    Error err = {0};
    Find *f = malloc(sizeof *f);
    if (!f || !find_init(f)) {
        if (f)
            find_release(f);
        free(f);
        return no_memory();
    }
    int status = EXIT_HOLDS;
    if (!find_start(f, &c->scene, &c->find, &err) || !find_check(f, &err)) {
        status = fail(c, &err);
    } else {
        while (find_advance(f, SLICE))
            tell_progress(find_progress(f), false);
        tell_progress(1, true);
        if (!c->format->draw)
            put_csv(f);
        else if (!put_chart(c, f))
            status = no_memory();
        status = cli_close(status);
    }
    find_release(f);
    free(f);
    return status;
}

/* ---- range test ---------------------------------------------------------------------------- */

static void draw_range(const void *what, Canvas *c, Rect r, const Paint *p)
{
    range_view_draw(what, c, r, p);
}

static bool put_range(const Cli *c, const RangeTest *r)
{
    RangeChart *chart = malloc(sizeof *chart);
    if (chart)
        range_chart_make(chart, r, c->find_row ? c->find_row->title : "range test");
    bool drawn = chart && (c->format->figure ? put_range_figure(c, &chart->view)
                                             : put_frame(c, draw_range, &chart->view));
    free(chart);
    if (!drawn || c->format->figure)
        return drawn;
    if (c->find_row && c->find_row->note[0])
        printf("%s\n", c->find_row->note);
    for (int k = 0; k < RANGE_RULES; k++)
        printf("%s: %s\n", range_rules[k].name, range_rules[k].text);
    printf("%ld gradient evaluations\n", r->evaluations);
    return true;
}

static void put_range_csv(const RangeTest *r)
{
    put_head(r->scene);
    for (int k = 0; k < RANGE_RULES; k++) {
        printf("# %s: ", range_rules[k].name);
        put_number(r->rule[k].eta, ' ');
        printf("median ");
        put_number(r->rule[k].mid, '\n');
    }
    printf("# limit: ");
    put_number(r->limit_start, '\n');
    puts("eta,loss,smoothed");
    for (long i = 0; i < r->points; i++) {
        put_number(r->point[i].eta, ',');
        put_number(r->point[i].loss, ',');
        put_number(r->point[i].smooth, '\n');
    }
}

static int range_test(const Cli *c)
{
    Error err = {0};
    RangeTest r;
    if (!range_init(&r)) {
        range_release(&r);
        return no_memory();
    }
    int status = EXIT_HOLDS;
    if (!range_start(&r, &c->scene, &c->find, &err)) {
        status = fail(c, &err);
    } else {
        while (range_advance(&r, SLICE))
            tell_progress(range_progress(&r), false);
        tell_progress(1, true);
        if (!c->format->draw)
            put_range_csv(&r);
        else if (!put_range(c, &r))
            status = no_memory();
        status = cli_close(status);
    }
    range_release(&r);
    return status;
}

int cli_find(const Cli *c)
{
    return c->find.range ? range_test(c) : search(c);
}
