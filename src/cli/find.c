/* SPDX-License-Identifier: MIT
 * find: which learning rate? The search over a grid, or the range test, as a picture with a
 * summary or as CSV. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lab/range.h"
#include "out/ansi.h"
#include "out/text.h"
#include "view/find_view.h"

enum { SLICE = 200000, ROW_TEXT = 240 };

static int fail(Error *err)
{
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
    bool color = strcmp(c->format, "ansi") == 0;
    ColorMode mode = cli_color(c);
    Paint p = paint_make(mode == MODE_MONO ? THEME_MONO : c->theme, c->map, mode,
                         c->ascii ? GLYPHS_ASCII : GLYPHS_QUADRANT);
    if (!canvas_resize(&canvas, c->cols, c->rows))
        return false;
    canvas_clear(&canvas, p.role[ROLE_TEXT], p.role[ROLE_BACK]);
    draw(what, &canvas, (Rect){0, 0, c->cols, c->rows}, &p);
    if (c->ascii)
        canvas_to_ascii(&canvas);
    if (color)
        ansi_plain(&canvas, mode, stdout);
    else
        out_text(&canvas, stdout);
    canvas_release(&canvas);
    return true;
}

/* ---- search -------------------------------------------------------------------------------- */

static FindView *view_of(const Cli *c, const Find *f, char (*text)[ROW_TEXT], const char *note)
{
    FindView *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    *v = (FindView){.title = c->find_row ? c->find_row->title : "which rate?",
                    .note = note,
                    .eta = f->eta,
                    .etas = f->etas,
                    .lines = f->lines,
                    .threshold = f->threshold,
                    .first_loss = f->first_loss,
                    .at_line = -1,
                    .at_eta = -1,
                    .progress = find_progress(f)};
    for (int i = 0; i < f->lines; i++) {
        const FindLine *l = &f->line[i];
        Text t = text_over(text[i], ROW_TEXT);
        find_say_line(f, i, &t);
        v->line[i] = (FindViewLine){.label = l->label,
                                    .mid = l->mid,
                                    .low = f->seeds > 1 ? l->low : NULL,
                                    .high = f->seeds > 1 ? l->high : NULL,
                                    .best = (l->sum.tie_lo + l->sum.tie_hi) / 2,
                                    .good_lo = l->sum.good_lo,
                                    .good_hi = l->sum.good_hi,
                                    .text = text[i]};
    }
    return v;
}

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
    char(*text)[ROW_TEXT] = malloc(sizeof *text * FIND_LINES);
    char metric[96];
    char note[160];
    Text m = text_over(metric, sizeof metric);
    find_say_metric(f, &m);
    Text t = text_over(note, sizeof note);
    find_say_axes(f, &t);
    FindView *v = text ? view_of(c, f, text, note) : NULL;
    bool ok = v && put_frame(c, draw_find, v);
    if (ok)
        put_summary(c, f, metric);
    free(v);
    free(text);
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
    if (!find_start(f, &c->scene, &c->find, &err)) {
        status = fail(&err);
    } else {
        while (find_advance(f, SLICE))
            tell_progress(find_progress(f), false);
        tell_progress(1, true);
        if (strcmp(c->format, "csv") == 0)
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

static void range_point(const void *from, long i, double *eta, double *loss, double *smooth)
{
    const RangePoint *p = (const RangePoint *)from + i;
    *eta = p->eta;
    *loss = p->loss;
    *smooth = p->smooth;
}

static void rule_text(const RangeTest *r, RangeRule rule, char out[ROW_TEXT])
{
    const RangeSuggestion *s = &r->rule[rule];
    char number[4][NUMBER_TEXT];
    Text t = text_over(out, ROW_TEXT);
    if (s->found == 0) {
        text_add(&t, "nothing");
        return;
    }
    number_brief(number[0], s->eta, 3);
    number_brief(number[1], s->mid, 3);
    number_brief(number[2], s->low, 3);
    number_brief(number[3], s->high, 3);
    text_add(&t, "%s", isnan(s->eta) ? "nothing" : number[0]);
    if (r->seeds > 1)
        text_add(&t, "  (%d seeds: median %s, 95 %% in %s to %s)", s->found, number[1], number[2],
                 number[3]);
}

static void limit_text(const RangeTest *r, char out[ROW_TEXT])
{
    char number[NUMBER_TEXT];
    Text t = text_over(out, ROW_TEXT);
    number_brief(number, r->limit_start, 3);
    text_add(&t, "%s at the start", number);
    if (!isnan(r->limit_minimum)) {
        number_brief(number, r->limit_minimum, 3);
        text_add(&t, ", %s at the minimum it went to", number);
    }
}

static void draw_range(const void *what, Canvas *c, Rect r, const Paint *p)
{
    range_view_draw(what, c, r, p);
}

static bool put_range(const Cli *c, const RangeTest *r)
{
    static const char letters[RANGE_RULES] = {'m', 't', 's', 'v'};
    char text[RANGE_RULES + 1][ROW_TEXT];
    RangeView v = {.title = c->find_row ? c->find_row->title : "range test",
                   .note = "loss over η: dots raw, line smoothed",
                   .point = range_point,
                   .from = r->point,
                   .points = r->points,
                   .first_loss = r->points ? r->point[0].loss : (double)NAN,
                   .marks = RANGE_RULES + 1,
                   .text = range_lag,
                   .progress = 1};
    for (int k = 0; k < RANGE_RULES; k++) {
        rule_text(r, (RangeRule)k, text[k]);
        v.mark[k] =
            (RangeViewMark){letters[k], r->rule[k].eta, range_rules[k].name, text[k], false};
    }
    limit_text(r, text[RANGE_RULES]);
    v.mark[RANGE_RULES] = (RangeViewMark){
        'L', isnan(r->limit_minimum) ? r->limit_start : r->limit_minimum, "the true limit",
        text[RANGE_RULES], true};
    if (!put_frame(c, draw_range, &v))
        return false;
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
        status = fail(&err);
    } else {
        while (range_advance(&r, SLICE))
            tell_progress(range_progress(&r), false);
        tell_progress(1, true);
        if (strcmp(c->format, "csv") == 0)
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
