/* SPDX-License-Identifier: MIT
 * race: see race.h */
#include "lab/race.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "expr/elementary.h"

enum { SEARCH_SLICE = 24 /* Newton starts a call */ };

const RaceColumnInfo race_columns[RACE_COLUMNS + 1] = {
    [RACE_RUNNER] = {"runner", "", 0, 0},
    [RACE_SCENE] = {"scene", "runner", 0, 0},
    [RACE_VERDICT] = {"verdict", "verdict", 0, 3},
    [RACE_TO] = {"to", "to", 0, 2},
    [RACE_REACHED] = {"reached", "reached", 0, 6},
    [RACE_OF] = {"of", "of", 0, 10},
    [RACE_BEST] = {"best", "best", 3, 4},
    [RACE_FINAL] = {"final", "final", 3, 1},
    [RACE_AREA] = {"area", "area", 3, 5},
    [RACE_GRADIENTS] = {"gradients", "gradients", 0, 8},
    [RACE_PEAK_ETA] = {"peak_eta", "peak η", 3, 7},
    [RACE_NUMBERS] = {"numbers", "numbers", 0, 9},
    [RACE_DELTA] = {"delta", "vs A", 3, 11},
    {.name = NULL},
};

int race_column_find(const char *name, size_t length)
{
    for (int i = 0; race_columns[i].name; i++)
        if (word_is(name, length, race_columns[i].name))
            return i;
    return -1;
}

/* ---- the lowest loss known ---- */

void race_ground_start(RaceGround *g, const Timeline *a)
{
    const Scene *s = timeline_scene(a);
    g->bases = 1;
    g->known = 0;
    g->base[0].from = 0;
    g->base[0].lowest = NAN;
    for (const Edit *e = s->edit; e < s->edit + s->edit_count && g->bases < RACE_BASES; e++)
        if (e->key == SCENE_SURFACE && e->step > g->base[g->bases - 1].from)
            g->base[g->bases++].from = e->step;
    critical_start(&g->search);
}

bool race_ground_advance(RaceGround *g, const Timeline *a, const CriticalSet *given)
{
    if (g->known == g->bases)
        return false;
    long row = g->base[g->known].from;
    const Loss *loss = timeline_loss_at(a, row);
    Window w = timeline_window(a);
    bool theirs = given && critical_fits(given, loss);
    if (!theirs) {
        critical_follow(&g->search, a, row);
        if (!g->search.done)
            critical_search(&g->search, loss, w, SEARCH_SLICE);
    }
    const CriticalSet *known = theirs ? given : &g->search;
    if (known->done)
        g->base[g->known++].lowest = critical_lowest(known, w);
    return g->known < g->bases;
}

double race_threshold(const RaceGround *g, const Timeline *a)
{
    double lowest = g->base[0].lowest;
    return lowest + 0.01 * (timeline_rows(a)[0].loss - lowest);
}

/* ---- counting a run ---- */

static double log_height(double height)
{
    static const double log10_e = 0.43429448190325182765;
    return eta_log(fmax(height, 1e-12)) * log10_e;
}

void race_count_start(RaceCount *c)
{
    *c = (RaceCount){.row = -1, .to = -1};
}

long race_count_to(RaceCount *c, const RaceGround *g, const Timeline *t, double to, long upto,
                   long budget)
{
    const Row *rows = timeline_rows(t);
    int base = 0;
    if (upto < c->row)
        race_count_start(c);
    for (; c->row < upto && budget > 0; budget--) {
        const Row *r = &rows[++c->row];
        while (base + 1 < g->bases && g->base[base + 1].from <= c->row)
            base++;
        if (!isnan(r->loss))
            c->height = log_height(r->loss - g->base[base].lowest);
        c->sum += c->height;
        if (c->to < 0 && r->loss <= to)
            c->to = c->row;
        if (c->row > 0)
            c->peak = fmax(c->peak, rows[c->row - 1].eta);
    }
    return budget;
}

void race_count_row(const RaceCount *c, const Timeline *t, long all, RaceRow *out)
{
    const Row *last = &timeline_rows(t)[c->row];
    long steps = timeline_steps(t);
    double rows = (double)(all < steps ? all : steps) + 1;
    double *v = out->value;
    rows = fmax(rows, (double)c->row + 1);
    v[RACE_TO] = c->to >= 0 ? (double)c->to : NAN;
    v[RACE_REACHED] = c->to >= 0;
    v[RACE_OF] = 1;
    v[RACE_BEST] = last->best;
    v[RACE_FINAL] = last->loss;
    v[RACE_AREA] = (c->sum + (rows - 1 - (double)c->row) * c->height) / rows;
    v[RACE_GRADIENTS] = (double)c->row;
    v[RACE_PEAK_ETA] = c->row > 0 ? c->peak : NAN;
    v[RACE_NUMBERS] = timeline_optimizer(t, c->row, NULL)->memory;
    out->quarter[0] = out->quarter[1] = last->loss;
}

void race_set_delta(RaceTable *t)
{
    for (int i = 0; i < t->runners; i++)
        t->row[i].value[RACE_DELTA] =
            t->row[i].value[RACE_FINAL] - t->row[0].value[RACE_FINAL];
}

/* ---- the table for people ---- */

/* Better words first. */
static double sorted_by(const RaceTable *t, int row, RaceColumn by)
{
    static const double tones[] = {
        [TONE_GOOD] = 0, [TONE_PLAIN] = 1, [TONE_WARN] = 2, [TONE_BAD] = 3};
    double v = t->row[row].value[by];
    return by == RACE_VERDICT && !isnan(v) ? tones[outcomes[(int)v].tone] * OUTCOMES + v : v;
}

static bool before(double a, double b, bool falling)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) && isnan(b);
    return falling ? a > b : a < b;
}

void race_order(const RaceTable *t, RaceColumn by, bool falling, int order[SCENE_RUNNERS])
{
    for (int i = 0; i < t->runners; i++) {
        int at = i;
        double v = sorted_by(t, i, by);
        for (; at > 0 && before(v, sorted_by(t, order[at - 1], by), falling); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static bool same_in_all(const RaceTable *t, RaceColumn column)
{
    double first = t->row[0].value[column];
    for (int i = 1; i < t->runners; i++) {
        double v = t->row[i].value[column];
        if (v != first && !(isnan(v) && isnan(first)))
            return false;
    }
    return true;
}

void race_cell(const RaceTable *t, int row, RaceColumn column, Text *out)
{
    char number[NUMBER_TEXT];
    double v = t->row[row].value[column];
    if (isnan(v)) {
        text_add(out, column == RACE_FINAL || column == RACE_BEST ? "undefined" : "-");
        return;
    }
    if (column == RACE_VERDICT) {
        text_add(out, "%s", outcomes[(int)v].word);
        return;
    }
    if (race_columns[column].digits)
        number_show(number, v, race_columns[column].digits);
    else
        snprintf(number, sizeof number, "%.0f", v);
    text_add(out, "%s%s", column == RACE_DELTA && v > 0 ? "+" : "", number);
    if (column == RACE_REACHED)
        text_add(out, "/%d", t->seeds);
}

static int cells_of(const RaceTable *t, RaceColumn column)
{
    const char *title = race_columns[column].title;
    int most = (int)utf8_count(title, strlen(title)) + 1; /* a mark of the sorted one */
    for (int i = 0; i < t->runners; i++) {
        char text[64];
        Text cell = text_over(text, sizeof text);
        race_cell(t, i, column, &cell);
        int cells = (int)utf8_count(text, cell.used);
        most = cells > most ? cells : most;
    }
    /* what moves does not jitter */
    return race_columns[column].digits && most < 9 ? 9 : most;
}

/* The one that goes first where room lacks; -1: none may. */
static int least_needed(const int cells[RACE_COLUMNS], int by)
{
    int least = -1;
    for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++)
        if (cells[k] && k != by &&
            (least < 0 || race_columns[k].priority > race_columns[least].priority))
            least = k;
    return least;
}

int race_layout(const RaceTable *t, int width, int scene, int by, int cells[RACE_COLUMNS])
{
    int left = width;
    int goes;
    memset(cells, 0, sizeof cells[0] * RACE_COLUMNS);
    for (int k = RACE_VERDICT; k < RACE_COLUMNS; k++) {
        bool counts = t->seeds > 1 || (k != RACE_REACHED && k != RACE_OF);
        bool differs = t->runners < 2 ? k != RACE_DELTA : !same_in_all(t, (RaceColumn)k);
        if (counts && k != RACE_OF && (differs || k == by))
            cells[k] = cells_of(t, (RaceColumn)k);
        left -= cells[k] ? cells[k] + 2 : 0;
    }
    while (left < scene && (goes = least_needed(cells, by)) >= 0) {
        left += cells[goes] + 2;
        cells[goes] = 0;
    }
    return left < 0 ? 0 : left;
}

/* "eta0=0.3" of a runner, in few digits where it is for people only. */
static void word_of(const Timeline *t, SceneKey key, Text *out)
{
    char number[NUMBER_TEXT];
    const Scene *s = timeline_scene(t);
    text_add(out, "%s%s=", out->used ? " " : "", scene_keys[key].name);
    if (key == SCENE_ETA0) {
        number_brief(number, timeline_rate(t, 0)->eta0, 3);
        text_add(out, "%s", number);
    } else if (key == SCENE_START && !scene_given(s, key)) {
        text_add(out, "%g,%g", timeline_rows(t)[0].at.x, timeline_rows(t)[0].at.y);
    } else {
        scene_print_value(s, key, out);
    }
}

void race_words(const Scene *s, const Timeline *t, int runner, bool edits, Text *out)
{
    const Scene *own = timeline_scene(t);
    uint32_t said = runner ? s->runner[runner - 1].given : 0;
    for (int i = 0; !runner && i < s->runner_count; i++)
        said |= s->runner[i].given;
    if (said >> SCENE_ETA0 & 1u)
        word_of(t, SCENE_ETA0, out);
    for (int key = 0; key < SCENE_KEYS; key++)
        if (key != SCENE_ETA0 && said >> key & 1u)
            word_of(t, (SceneKey)key, out);
    for (int i = 0; edits && i < own->edit_count; i++)
        if (own->edit[i].key != SCENE_SURFACE) {
            text_add(out, "%sat ", out->used ? " " : "");
            scene_print_edit(own, i, out);
        }
    if (!out->used && runner)
        text_add(out, s->edit_count && !own->edit_count ? "as A, unchanged" : "as A");
    for (int key = 0; !out->used && key < SCENE_KEYS; key++)
        if (scene_given(own, (SceneKey)key))
            word_of(t, (SceneKey)key, out);
}

/* ---- fairness ---- */

/* Steps that the schedule's own length covers, where it was told one that is not the run's: a
 * length whose default is the whole horizon. */
static double made_for(const Rate *r)
{
    ParamContext whole = {.horizon = r->horizon};
    if (!r->schedule)
        return 0;
    for (int i = 0; r->schedule->params[i].name; i++) {
        const ParamInfo *p = &r->schedule->params[i];
        if (p->kind != PARAM_INTEGER || !p->derive || r->horizon <= 8)
            continue;
        double usual = p->derive(&whole);
        if (usual >= r->horizon && r->value[i] != usual)
            return (double)r->start + r->value[i] * (double)r->unit;
    }
    return 0;
}

void race_terms(const Timeline *t, RaceTerms *out)
{
    const Scene *s = timeline_scene(t);
    const Rate *r = timeline_rate(t, 0);
    double noise = timeline_noise(t, 0);
    bool batches = !isnan(timeline_rows(t)[0].batch_loss);
    for (const Edit *e = s->edit; e < s->edit + s->edit_count; e++) {
        noise = e->key == SCENE_NOISE ? fmax(noise, e->number) : noise;
        batches = batches || (e->key == SCENE_BATCH && e->number > 0);
    }
    *out = (RaceTerms){.start = timeline_rows(t)[0].at,
                       .seed = s->seed,
                       .steps = timeline_steps(t),
                       .batch = s->batch,
                       .noise = noise,
                       .noisy = noise > 0 || batches,
                       .edits = timeline_scene(t)->edit_count,
                       .eta0 = r->eta0,
                       .schedule = r->schedule,
                       .optimizer = timeline_optimizer(t, 0, NULL),
                       .made_for = made_for(r)};
}

static bool same_kind(const RaceTerms *a, const RaceTerms *b)
{
    return a->optimizer == b->optimizer && a->schedule == b->schedule;
}

/* How many different η₀ were tried with this optimizer and this schedule. */
static int tries_of(const RaceTerms *t, int runners, int which)
{
    int tries = 0;
    for (int i = 0; i < runners; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again = again || (same_kind(&t[k], &t[i]) && t[k].eta0 == t[i].eta0);
        tries += !again && same_kind(&t[i], &t[which]);
    }
    return tries;
}

static Eta0Is eta0_is(const RaceTerms *t)
{
    return t->schedule ? t->schedule->eta0_is : ETA0_FIRST;
}

static void warn(Text *out, int *warnings, const char *words)
{
    text_add(out, "%s%s", (*warnings)++ ? "; " : "compare with care: ", words);
}

/* "η₀ is the first rate for ABCDE, the lower bound for F". */
static void warn_meaning(const RaceTerms *t, int runners, Text *out, int *warnings)
{
    static const char *const means[] = {[ETA0_FIRST] = "the first rate",
                                        [ETA0_LOWEST] = "the lower bound",
                                        [ETA0_PEAK] = "the peak"};
    char words[160];
    Text w = text_over(words, sizeof words);
    int meanings = 0;
    for (int kind = ETA0_FIRST; kind <= ETA0_PEAK; kind++) {
        char who[SCENE_RUNNERS + 1] = "";
        int n = 0;
        for (int i = 0; i < runners; i++)
            if ((int)eta0_is(&t[i]) == kind)
                who[n++] = (char)('A' + i);
        if (n)
            text_add(&w, "%s%s for %s", meanings++ ? ", " : "η₀ is ", means[kind], who);
    }
    if (meanings > 1)
        warn(out, warnings, words);
}

/* The terms that all are to share. */
static void warn_terms(const RaceTerms *t, int runners, int seeds, Text *out, int *warnings)
{
    bool start = false;
    bool seed = false;
    bool steps = false;
    bool noise = false;
    bool noisy = t[0].noisy;
    bool edits = t[0].edits > 0;
    for (int i = 1; i < runners; i++) {
        start = start || t[i].start.x != t[0].start.x || t[i].start.y != t[0].start.y;
        seed = seed || t[i].seed != t[0].seed;
        steps = steps || t[i].steps != t[0].steps;
        noise = noise || t[i].noise != t[0].noise || t[i].batch != t[0].batch;
        noisy = noisy || t[i].noisy;
        edits = edits || t[i].edits > 0;
    }
    if (start)
        warn(out, warnings, "starts differ");
    if (edits)
        warn(out, warnings, "settings were changed on the way");
    if (steps)
        warn(out, warnings, "budgets differ");
    if (noise)
        warn(out, warnings, "noise or batches differ");
    if (seed && noisy && seeds <= 1)
        warn(out, warnings, "seeds differ");
    else if (noisy && seeds <= 1)
        warn(out, warnings, "one seed stands for noise");
    else if (seed && seeds <= 1)
        warn(out, warnings, "seeds differ (there is no noise)");
}

static void warn_schedules(const RaceTerms *t, int runners, Text *out, int *warnings)
{
    char words[96];
    int least = tries_of(t, runners, 0);
    int most = least;
    for (int i = 0; i < runners; i++) {
        int tries = tries_of(t, runners, i);
        least = tries < least ? tries : least;
        most = tries > most ? tries : most;
        if (t[i].made_for <= 0)
            continue;
        snprintf(words, sizeof words, "%c's schedule is made for %.0f steps, not %ld", 'A' + i,
                 t[i].made_for, t[i].steps);
        warn(out, warnings, words);
    }
    warn_meaning(t, runners, out, warnings);
    if (least == most)
        return;
    snprintf(words, sizeof words, "%d η₀ were tried for one kind, %d for another", most, least);
    warn(out, warnings, words);
}

bool race_fairness(const RaceTerms *t, int runners, int seeds, Text *out)
{
    int warnings = 0;
    if (runners < 2) {
        text_add(out, "one runner: nothing to compare");
        return false;
    }
    warn_terms(t, runners, seeds, out, &warnings);
    warn_schedules(t, runners, out, &warnings);
    if (warnings)
        return true;
    int tries = tries_of(t, runners, 0);
    text_add(out, "fair: same start%s and budget (%ld steps)%s, %d η₀ tried for each",
             t[0].noisy ? ", noise" : "", t[0].steps, t[0].noisy ? "" : ", no noise", tries);
    if (seeds > 1)
        text_add(out, ", %d seeds", seeds);
    return false;
}

/* ---- presets ---- */

#define KEY(name) (1u << SCENE_##name)
const RacePreset race_presets[] = {
    {"schedules", "five schedules against a constant rate", KEY(SCHEDULE) | KEY(ETA0), 0,
     "schedule=constant",
     {"schedule=step", "schedule=exponential", "schedule=inverse_time", "schedule=cosine",
      "schedule=triangular"},
     {0}},
    {"optimizers", "five optimizers at the surface's rates", KEY(OPTIMIZER) | KEY(ETA0), KEY(ETA0),
     "optimizer=sgd",
     {"optimizer=momentum", "optimizer=adagrad", "optimizer=rmsprop", "optimizer=adam"},
     {0}},
    {"rates", "0.1, 0.3, 3 and 10 times this η₀", 0, 0, "", {"", "", "", ""}, {0.1, 0.3, 3, 10}},
    {"seeds", "seeds 2 to 6", 0, 0, "", {"seed=2", "seed=3", "seed=4", "seed=5", "seed=6"}, {0}},
    {.name = NULL},
};

const RacePreset *race_preset_find(const char *name, size_t length)
{
    for (const RacePreset *p = race_presets; p->name; p++)
        if (word_is(name, length, p->name))
            return p;
    return NULL;
}

/* "key=value" becomes an assignment to the start. */
static bool assign_words(Scene *s, const char *words, Error *err)
{
    size_t key = strcspn(words, "=");
    return !words[0] || scene_assign(s, (SceneKey)scene_key_find(words, key), words + key + 1,
                                     strlen(words + key + 1), err);
}

/* A alone, without what the preset does not keep of it. */
static bool first_of(const RacePreset *p, const Scene *s, Scene *out, Error *err)
{
    Scene *kept = malloc(sizeof *kept);
    if (!kept)
        return error_set(err, 0, 0, "out of memory");
    scene_of_runner(s, 0, kept);
    scene_copy_start(out, kept);
    for (int i = 0; i < kept->edit_count; i++)
        if (!(p->keys >> kept->edit[i].key & 1u))
            scene_insert_edit(out, &kept->edit[i], NULL);
    free(kept);
    out->given &= ~p->unsaid;
    return assign_words(out, p->first, err);
}

/* 0.9 instead of the 0.8999999999999999 that a product gives. */
static double tidy(double rate)
{
    char text[NUMBER_TEXT];
    double v = rate;
    snprintf(text, sizeof text, "%.12g", rate);
    number_parse(text, strlen(text), &v);
    return v;
}

static void tidy_rates(Scene *s)
{
    const Schedule *k = scene_schedule(s);
    s->eta0 = tidy(s->eta0);
    for (int i = 0; k && k->params[i].name; i++)
        if (strcmp(k->params[i].unit, "rate") == 0)
            s->schedule.params.value[i] = tidy(s->schedule.params.value[i]);
}

/* All rates times a factor. */
static bool scale_rates(Scene *s, double factor, Error *err)
{
    Timeline *t = timeline_new();
    bool ok = t || error_set(err, 0, 0, "out of memory");
    ok = ok && timeline_set(t, s, err);
    if (ok)
        scene_set_rates(s, timeline_rate(t, 0), factor * timeline_rate(t, 0)->eta0);
    tidy_rates(s);
    for (int i = 0; ok && i < s->edit_count; i++)
        if (s->edit[i].key == SCENE_ETA0)
            s->edit[i].number = tidy(factor * s->edit[i].number);
    timeline_free(t);
    return ok;
}

bool race_preset(const RacePreset *p, const Scene *s, Scene *out, Error *err)
{
    Scene *like = malloc(sizeof *like);
    bool ok = like || error_set(err, 0, 0, "out of memory");
    ok = ok && first_of(p, s, out, err);
    for (int i = 0; ok && p->words[i]; i++) {
        scene_of_runner(out, 0, like);
        ok = assign_words(like, p->words[i], err) &&
             (p->factor[i] == 0 || scale_rates(like, p->factor[i], err)) &&
             scene_add_runner(out, like, err);
    }
    free(like);
    return ok;
}

/* ---- all runs, from the first row to the last ---- */

bool race_init(Race *r)
{
    *r = (Race){.spec = {.to = NAN}};
    r->a = timeline_new();
    r->run = timeline_new();
    r->scene = malloc(sizeof *r->scene);
    r->plain = malloc(sizeof *r->plain);
    return r->a && r->run && r->scene && r->plain;
}

void race_release(Race *r)
{
    timeline_free(r->a);
    timeline_free(r->run);
    free(r->scene);
    free(r->plain);
    free(r->result);
    free(r->sorted);
}

/* Run `index` of the race begins. */
static bool begin_run(Race *r, int index, Error *err)
{
    scene_of_runner(r->scene, index / r->table.seeds, r->plain);
    if (r->spec.seeds > 0) {
        r->plain->seed = r->spec.seed + (uint64_t)(index % r->table.seeds);
        r->plain->given |= KEY(SEED);
    }
    race_count_start(&r->count);
    return timeline_set_beside(r->run, r->plain, r->a, err);
}

bool race_start(Race *r, const Scene *s, const RaceSpec *spec, Error *err)
{
    int seeds = spec->seeds > 0 ? spec->seeds : 1;
    r->spec = *spec;
    r->done = 0;
    r->table.runners = scene_runners(s);
    r->table.seeds = seeds;
    scene_copy(r->scene, s);
    scene_of_runner(s, 0, r->plain);
    if (!timeline_set(r->a, r->plain, err))
        return false;
    free(r->result);
    free(r->sorted);
    r->result = calloc((size_t)(r->table.runners * seeds), sizeof r->result[0]);
    r->sorted = calloc((size_t)seeds, sizeof r->sorted[0]);
    if (!r->result || !r->sorted)
        return error_set(err, 0, 0, "out of memory");
    for (int i = 0; i < r->table.runners; i++) {
        if (!begin_run(r, i * seeds, err))
            return false;
        race_terms(r->run, &r->terms[i]);
        Text words = text_over(r->words[i], RACE_WORDS);
        race_words(s, r->run, i, true, &words);
    }
    race_ground_start(&r->ground, r->a);
    return begin_run(r, 0, err);
}

static int by_size(const void *x, const void *y)
{
    const double *a = x;
    const double *b = y;
    return (*a > *b) - (*a < *b);
}

/* Lower median and quartiles of a column; NaN counts as the largest. */
static double middle_of(Race *r, int runner, RaceColumn column, double quarter[2])
{
    int n = r->table.seeds;
    for (int k = 0; k < n; k++) {
        double v = r->result[runner * n + k].value[column];
        r->sorted[k] = isnan(v) ? INFINITY : v;
    }
    qsort(r->sorted, (size_t)n, sizeof r->sorted[0], by_size);
    quarter[0] = r->sorted[(n - 1) / 4];
    quarter[1] = r->sorted[3 * (n - 1) / 4];
    return r->sorted[(n - 1) / 2];
}

/* The word of most seeds; of equals the one met first. */
static double commonest(const Race *r, int runner)
{
    int count[OUTCOMES] = {0};
    int n = r->table.seeds;
    const RaceRow *of = &r->result[runner * n];
    int most = (int)of[0].value[RACE_VERDICT];
    for (int k = 0; k < n; k++)
        count[(int)of[k].value[RACE_VERDICT]]++;
    for (int k = 0; k < n; k++)
        if (count[(int)of[k].value[RACE_VERDICT]] > count[most])
            most = (int)of[k].value[RACE_VERDICT];
    return most;
}

static void summarise(Race *r, int runner)
{
    int n = r->table.seeds;
    RaceRow *row = &r->table.row[runner];
    double quarter[2];
    *row = r->result[runner * n];
    row->value[RACE_RUNNER] = row->value[RACE_SCENE] = runner;
    row->value[RACE_VERDICT] = commonest(r, runner);
    if (n == 1)
        return;
    for (int k = RACE_BEST; k < RACE_COLUMNS; k++)
        row->value[k] = middle_of(r, runner, (RaceColumn)k, quarter);
    double to = middle_of(r, runner, RACE_TO, quarter);
    row->value[RACE_TO] = isinf(to) ? NAN : to;
    middle_of(r, runner, RACE_FINAL, row->quarter);
    double reached = 0;
    for (int k = 0; k < n; k++)
        reached += r->result[runner * n + k].value[RACE_REACHED];
    row->value[RACE_REACHED] = reached;
    row->value[RACE_OF] = n;
}

static void finish(Race *r)
{
    int n = r->table.seeds;
    for (int i = 0; i < r->table.runners * n; i++)
        r->result[i].value[RACE_DELTA] =
            r->result[i].value[RACE_FINAL] - r->result[i % n].value[RACE_FINAL];
    for (int i = 0; i < r->table.runners; i++)
        summarise(r, i);
}

/* A run is through: its row. */
static void end_run(Race *r)
{
    Verdict v;
    CriticalSet own;
    RaceRow *out = &r->result[r->done];
    long last = timeline_last(r->run);
    critical_start(&own);
    verdict_at(r->run, last, timeline_window(r->run),
               critical_known(&r->ground.search, &own, r->run, last), &v);
    race_count_row(&r->count, r->run, timeline_steps(r->run), out);
    out->value[RACE_VERDICT] = v.outcome;
    r->done++;
}

bool race_advance(Race *r, long budget)
{
    Error ignored;
    int all = r->table.runners * r->table.seeds;
    if (r->ground.known < r->ground.bases) {
        race_ground_advance(&r->ground, r->a, NULL);
        r->table.to = isnan(r->spec.to) ? race_threshold(&r->ground, r->a) : r->spec.to;
        return true;
    }
    while (r->done < all && budget > 0) {
        bool more = timeline_advance(r->run, budget);
        budget = race_count_to(&r->count, &r->ground, r->run, r->table.to,
                               timeline_ready(r->run) - 1, budget);
        if (more || r->count.row < timeline_last(r->run))
            continue;
        end_run(r);
        if (r->done < all && !begin_run(r, r->done, &ignored))
            r->done = all; /* it could be bound at the start: memory is out */
    }
    if (r->done == all)
        finish(r);
    return r->done < all;
}

double race_progress(const Race *r)
{
    int all = r->table.runners * r->table.seeds;
    return all ? (double)r->done / all : 0;
}
