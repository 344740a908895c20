/* SPDX-License-Identifier: MIT
 * phrases: see phrases.h */
#include "teach/phrases.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"

static void put_brief(double v, Text *out)
{
    char number[NUMBER_TEXT];
    number_brief(number, v, 3);
    text_add(out, "%s", number);
}

/* ---- captions ----------------------------------------------------------------------------- */

/* A slot "{name}" or "{name=typed}" cut out of a caption. */
typedef struct Slot {
    const char *name;
    size_t length;
    const char *typed; /* NULL: computed */
    size_t typed_length;
    const char *end; /* behind the '}' */
} Slot;

static bool slot_at(const char *open, Slot *s)
{
    const char *close = strchr(open, '}');
    if (*open != '{' || !close)
        return false;
    s->name = open + 1;
    s->length = strcspn(s->name, "=}");
    s->typed = s->name[s->length] == '=' ? s->name + s->length + 1 : NULL;
    s->typed_length = s->typed ? (size_t)(close - s->typed) : 0;
    s->end = close + 1;
    return true;
}

static double slot_value(const Slot *s, GoalState *state, const Timeline *t, long row)
{
    int index = fact_find(s->name, s->length);
    goal_start(state, NULL, NULL);
    goal_follow(state, t, row);
    return index < 0 ? NAN : fact_number(&state->facts, index);
}

void phrase_caption(const char *caption, const Timeline *t, long row, Text *out)
{
    GoalState room;
    GoalState *state = &room;
    Slot s;
    while (*caption) {
        if (!slot_at(caption, &s)) {
            text_put(out, caption++, 1);
            continue;
        }
        if (s.typed)
            text_put(out, s.typed, s.typed_length);
        else
            put_brief(slot_value(&s, state, t, row), out);
        caption = s.end;
    }
}

/* Half a unit of the last digit typed. */
static double typed_precision(const char *typed, size_t length)
{
    const char *dot = memchr(typed, '.', length);
    const char *e = memchr(typed, 'e', length);
    const char *end = e ? e : typed + length;
    double unit = dot ? pow(10, -(double)(end - dot - 1)) : 1;
    return 0.5 * unit * (e ? pow(10, strtod(e + 1, NULL)) : 1);
}

bool phrase_numbers_agree(const char *caption, const Timeline *t, long row, Error *err)
{
    GoalState *state = malloc(sizeof *state);
    bool ok = state != NULL;
    Slot s;
    for (const char *c = caption; ok && (c = strchr(c, '{')) && slot_at(c, &s); c = s.end) {
        double typed;
        double value = slot_value(&s, state, t, row);
        if (!s.typed || !number_parse(s.typed, s.typed_length, &typed))
            continue;
        ok = fabs(value - typed) <= typed_precision(s.typed, s.typed_length) * (1 + 1e-9);
        if (!ok)
            error_set(err, 1, s.typed - caption + 1,
                      "the caption says %.*s = %g, the run says %.6g at step %ld", (int)s.length,
                      s.name, typed, value, row);
    }
    free(state);
    return ok;
}

/* ---- conditions --------------------------------------------------------------------------- */

static size_t name_end(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_')
        n++;
    return n;
}

/* A fact's name in a sentence, an outcome's word, or what stands there. */
static void put_name(const char *at, size_t length, Text *out)
{
    int fact = fact_find(at, length);
    const char *say = fact >= 0 ? facts[fact].say : NULL;
    for (int i = 0; !say && i < OUTCOMES; i++)
        if (word_is(at, length, outcomes[i].name))
            say = outcomes[i].word;
    if (say)
        text_add(out, "%s", say);
    else
        text_put(out, at, length);
}

void phrase_goal(const char *text, size_t length, Text *out)
{
    static const struct {
        const char *typed, *said;
    } signs[] = {{"<=", "≤"}, {">=", "≥"}, {"!=", "≠"}, {"==", "="}};
    for (size_t i = 0; i < length;) {
        size_t sign = 0;
        size_t n = isalpha((unsigned char)text[i]) ? name_end(text + i) : 0;
        while (sign < 4 && strncmp(text + i, signs[sign].typed, 2) != 0)
            sign++;
        if (n)
            put_name(text + i, n, out);
        else if (sign < 4)
            text_add(out, "%s", signs[sign].said);
        else
            text_put(out, text + i, 1);
        i += n ? n : sign < 4 ? 2 : 1;
    }
}

void phrase_now(const GoalCondition *c, Text *out)
{
    char number[NUMBER_TEXT];
    double shown;
    if (c->is) {
        put_name(c->is, strlen(c->is), out);
        return;
    }
    for (int digits = 3; digits <= 8; digits++) { /* as many as tell it from what it is compared with */
        number_brief(number, c->value, digits);
        if (!number_parse(number, strlen(number), &shown) ||
            ((shown < c->threshold) == (c->value < c->threshold) &&
             (shown > c->threshold) == (c->value > c->threshold)))
            break;
    }
    text_add(out, "%s", number);
}

/* "loss < 0.01" -> name "loss", rest "< 0.01" */
static int name_length(const GoalCondition *c)
{
    int n = 0;
    while (n < c->length && !strchr("<>=", c->text[n]))
        n++;
    while (n > 0 && c->text[n - 1] == ' ')
        n--;
    return n;
}

void phrase_condition(const GoalCondition *c, Text *out)
{
    int name = name_length(c);
    int rest = name;
    while (rest < c->length && c->text[rest] == ' ')
        rest++;
    phrase_goal(c->text, (size_t)name, out);
    text_add(out, " = ");
    phrase_now(c, out);
    if (c->late && !c->at)
        text_add(out, " at step %ld", c->by);
    text_add(out, ", needs %s", c->negated ? "not " : "");
    if (c->is)
        put_name(c->wanted, strlen(c->wanted), out);
    else
        phrase_goal(c->text + rest, (size_t)(c->length - rest), out);
    if (c->by >= 0)
        text_add(out, c->at ? " at step %ld" : c->late ? " by then" : " by step %ld", c->by);
    if (c->always)
        text_add(out, " all the time");
}

/* ---- why a try missed --------------------------------------------------------------------- */

/* What the detectors look at. */
typedef struct Log {
    const Timeline *t;
    const Row *rows;
    long last;
    double eta_high; /* largest rate used */
    long above_at;   /* first row with a rate above the limit there, -1: none */
    double eta_sum;
} Log;

static void log_fill(Log *log, const Timeline *t, long row)
{
    *log = (Log){.t = t, .rows = timeline_rows(t), .last = row, .above_at = -1};
    for (long i = 0; i < row; i++) {
        const Row *r = &log->rows[i];
        log->eta_high = fmax(log->eta_high, r->eta);
        log->eta_sum += r->eta;
        if (log->above_at < 0 && r->eta > r->limit)
            log->above_at = i;
    }
}

static bool is_noisy(const Timeline *t)
{
    return timeline_noise(t, 0) > 0 || timeline_scene(t)->batch > 0;
}

static bool say_exploded(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    double first = fmax(1, log->rows[0].loss);
    if (log->above_at < 0 || (isfinite(end->loss) && end->loss < 100 * first))
        return false;
    const Row *r = &log->rows[log->above_at];
    text_add(out, "At step %ld the rate ", log->above_at);
    put_brief(r->eta, out);
    text_add(out, " was above ");
    put_brief(r->limit, out);
    text_add(out, ", the limit there: each step made it worse. Go lower.");
    return true;
}

static bool say_overfits(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    long best = 0;
    for (long i = 1; i <= log->last; i++)
        if (log->rows[i].held_out < log->rows[best].held_out)
            best = i;
    if (!(log->rows[best].held_out < 0.98 * end->held_out))
        return false;
    text_add(out, "The held-out loss was ");
    put_brief(log->rows[best].held_out, out);
    text_add(out, " at step %ld and has risen since: it overfits. Lower, or stop sooner.", best);
    return true;
}

static bool say_wrong_unit(const Log *log, Text *out)
{
    long early = log->last / 20;
    if (log->last < 40 || !(log->rows[early].eta < 0.02 * log->eta_high) ||
        !(log->rows[log->last].eta < 0.02 * log->eta_high))
        return false;
    text_add(out, "The decay was over by step %ld of %ld. Is its length in the right unit?", early,
             log->last);
    return true;
}

static bool say_frozen(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    double way = vec_norm(vec_sub(end->at, log->rows[log->last / 2].at));
    if (log->last < 10 || !(end->eta < 0.05 * log->eta_high) ||
        way > 0.02 * window_diagonal(timeline_window(log->t)))
        return false;
    text_add(out, "The rate fell to ");
    put_brief(end->eta, out);
    text_add(out, " and the ball froze on the way. All rates together sum to ");
    put_brief(log->eta_sum, out);
    text_add(out, ": that is all the way it had.");
    return true;
}

static bool say_rattling(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    if (!is_noisy(log->t) || log->last < 1 ||
        !(log->rows[log->last - 1].eta > 0.3 * log->eta_high) ||
        !(end->loss < 0.5 * log->rows[0].loss))
        return false;
    text_add(out, "The rate is still ");
    put_brief(log->rows[log->last - 1].eta, out);
    text_add(out, " at the end: the noise keeps it moving. Let it fall.");
    return true;
}

static bool rests(const Log *log)
{
    const Row *end = &log->rows[log->last];
    double step = log->eta_high * vec_norm(end->g);
    const Row *before = &log->rows[log->last - log->last / 10];
    return !is_noisy(log->t) && log->last >= 10 &&
           before->loss - end->loss <= 1e-6 * (1 + fabs(end->loss)) &&
           step < 1e-5 * window_diagonal(timeline_window(log->t)) && end->lambda > 0;
}

/* It had been far lower, and came to rest elsewhere. */
static bool say_thrown_out(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    long best = 0;
    if (!rests(log))
        return false;
    for (long i = 1; i < log->last; i++)
        if (log->rows[i].loss < log->rows[best].loss)
            best = i;
    if (!(log->rows[best].loss + 0.1 < end->loss))
        return false;
    text_add(out, "It was at loss ");
    put_brief(log->rows[best].loss, out);
    text_add(out, " at step %ld, and was thrown out: the rate rose too high.", best);
    return true;
}

static bool say_settled(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    if (!rests(log))
        return false;
    text_add(out, "It came to rest at loss ");
    put_brief(end->loss, out);
    text_add(out, ", where the slope is zero.");
    if (isfinite(end->limit)) {
        text_add(out, " Above a rate of ");
        put_brief(end->limit, out);
        text_add(out, " nothing rests there; to get out takes more.");
    }
    return true;
}

static bool say_slow(const Log *log, Text *out)
{
    const Row *end = &log->rows[log->last];
    const Row *before = &log->rows[log->last - log->last / 10];
    if (log->above_at >= 0 || log->last < 10 || !(end->loss < before->loss))
        return false;
    text_add(out, "It is still on its way down, and the rate never crossed the limit%s",
             isfinite(end->limit) ? ", " : "");
    if (isfinite(end->limit))
        put_brief(end->limit, out);
    text_add(out, end->eta < end->limit / 2 ? " here: there is room for a higher one." : " here.");
    return true;
}

void phrase_miss(const Timeline *t, long row, Text *out)
{
    static bool (*const detectors[])(const Log *, Text *) = {
        say_exploded, say_overfits, say_wrong_unit, say_thrown_out,
        say_settled,  say_frozen,   say_rattling,   say_slow};
    Log log;
    log_fill(&log, t, row);
    for (size_t i = 0; i < sizeof detectors / sizeof detectors[0]; i++)
        if (detectors[i](&log, out))
            return;
}
