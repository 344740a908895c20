/* SPDX-License-Identifier: MIT
 * lesson_parse: lesson files -> Lesson. One pass over the lines; each directive is a row of a
 * table. All strings go behind the Lesson in one allocation. lesson_verify.c looks at the whole
 * afterwards. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/words.h"
#include "teach/lesson_parts.h"

/* ---- lines -------------------------------------------------------------------------------- */

typedef struct Line {
    const char *at;
    size_t length; /* without the line end and blanks before it */
    long number;
} Line;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool next_line(Reader *r, Line *line)
{
    if (!*r->at)
        return false;
    size_t length = strcspn(r->at, "\n");
    *line = (Line){r->at, length, ++r->line};
    r->at += length + (r->at[length] == '\n');
    while (line->length &&
           (is_blank(line->at[line->length - 1]) || line->at[line->length - 1] == '\r'))
        line->length--;
    return true;
}

static bool peek_line(const Reader *r, Line *line)
{
    Reader copy = *r;
    return next_line(&copy, line);
}

char *reader_keep(Reader *r, const char *text, size_t length)
{
    if (length + 1 > r->room)
        length = 0; /* cannot happen: the room is measured by the file */
    char *kept = r->free;
    memcpy(kept, text, length);
    kept[length] = '\0';
    r->free += length + 1;
    r->room -= length + 1;
    return kept;
}

static void hash_line(Reader *r, Line line)
{
    if (r->step)
        r->step->checksum = fnv1a_add(fnv1a_add(r->step->checksum, line.at, line.length), "\n", 1);
}

void reader_error(Reader *r, long line, long column, const char *message)
{
    errors_add(r->list, false, r->l->file, line, column, "%s", message);
}

void reader_error_at(Reader *r, const Said *s, const char *message)
{
    reader_error(r, s->line, s->column, message);
}

static long column_of(Line line, const char *at)
{
    return (long)utf8_count(line.at, (size_t)(at - line.at)) + 1;
}

/* The text of a directive or an answer from `at` on, with the indented lines that follow joined by
 * one blank each. */
static Said gather(Reader *r, Line line, const char *at)
{
    const char *end = line.at + line.length;
    while (at < end && is_blank(*at))
        at++;
    Said said = {r->scratch, line.number, column_of(line, at)};
    size_t used = (size_t)(end - at);
    memcpy(r->scratch, at, used);
    Line next;
    while (peek_line(r, &next) && next.length && (is_blank(*next.at) || *next.at == '%')) {
        next_line(r, &next);
        if (*next.at == '%')
            continue;
        hash_line(r, next);
        size_t skip = strspn(next.at, " \t");
        r->scratch[used++] = ' ';
        memcpy(r->scratch + used, next.at + skip, next.length - skip);
        used += next.length - skip;
    }
    said.text = reader_keep(r, r->scratch, used);
    return said;
}

void reader_locate(const Reader *r, const Said *s, long column, long *line, long *out_column)
{
    const char *c = r->text;
    for (long n = 1; n < s->line && c; n++)
        c = (c = strchr(c, '\n')) ? c + 1 : NULL;
    *line = s->line;
    *out_column = s->column;
    for (long n = 1; c && n < s->column && *c; n++)
        utf8_next(&c);
    for (long n = 1; c && n < column && *c; n++) {
        const char *rest = c + strspn(c, " \t\r");
        if (*rest != '\n') {
            utf8_next(&c);
            ++*out_column;
            continue;
        }
        do { /* comments between are no part of the text */
            c = rest + 1;
            ++*line;
            rest = c + strcspn(c, "\n");
        } while (*c == '%' && *rest);
        size_t indent = strspn(c, " \t");
        *out_column = 1 + (long)indent;
        c += indent;
    }
}

void reader_error_in(Reader *r, const Said *s, const char *at, const Error *e)
{
    long line;
    long column;
    long offset =
        (long)utf8_count(s->text, (size_t)(at - s->text)) + (e->column > 0 ? e->column : 1);
    reader_locate(r, s, offset, &line, &column);
    reader_error(r, line, column, e->message);
}

/* ---- words and fields --------------------------------------------------------------------- */

/* The next word; false at the end. */
bool piece_next(const char **at, Piece *p)
{
    *at += strspn(*at, " ");
    p->at = *at;
    p->length = strcspn(*at, " ");
    *at += p->length;
    return p->length > 0;
}

/* name=value */
static bool piece_field(Piece p, const char *name, Piece *value)
{
    size_t n = strlen(name);
    if (p.length <= n || memcmp(p.at, name, n) != 0 || p.at[n] != '=')
        return false;
    *value = (Piece){p.at + n + 1, p.length - n - 1};
    return true;
}

static bool piece_number(Piece p, double *out)
{
    return number_parse(p.at, p.length, out) && isfinite(*out);
}

static void error_piece(Reader *r, const Said *s, Piece p, const char *format)
{
    Error e;
    error_set(&e, 1, 1, format, (int)(p.length > 60 ? 60 : p.length), p.at);
    reader_error_in(r, s, p.at, &e);
}

/* "7,8,9" */
static void read_claims(Reader *r, const Said *s, Piece p, uint64_t *claims)
{
    for (const char *c = p.at, *end = p.at + p.length; c <= end; c++) {
        size_t length = strcspn(c, ", ");
        double n;
        if (c + length > end)
            length = (size_t)(end - c);
        if (!number_parse(c, length, &n) || n != floor(n) || n < 1 || n > CLAIMS)
            error_piece(r, s, (Piece){c, length}, "'%.*s' is no claim: 1 to 54");
        else
            *claims |= UINT64_C(1) << ((int)n - 1);
        c += length;
    }
}

/* ---- directives --------------------------------------------------------------------------- */

typedef struct Directive {
    const char *name;
    unsigned kinds; /* bits of StepKind; 0: before the first step */
    size_t field;   /* offset of the Said that is set, where `read` is NULL */
    void (*read)(Reader *r, Said said);
} Directive;

static void read_lesson(Reader *r, Said said)
{
    Lesson *l = r->l;
    const char *at = said.text;
    Piece p;
    Piece v;
    if (l->id)
        reader_error_at(r, &said, "a second @lesson");
    l->id_line = said.line;
    while (piece_next(&at, &p)) {
        if (piece_field(p, "id", &v)) {
            l->id = reader_keep(r, v.at, v.length);
        } else if (piece_field(p, "minutes", &v)) {
            if (!piece_number(v, &l->minutes) || l->minutes <= 0)
                error_piece(r, &said, v, "'%.*s' is no time");
        } else if (piece_field(p, "needs", &v)) {
            l->needs = (Said){reader_keep(r, v.at, v.length), said.line, said.column};
        } else if (piece_field(p, "claims", &v)) {
            read_claims(r, &said, v, &l->claims);
        } else if (piece_field(p, "quick", &v) && word_is(v.at, v.length, "yes")) {
            l->quick = true;
        } else {
            error_piece(r, &said, p,
                        "unknown field '%.*s'; known: id, minutes, needs, claims, quick=yes");
        }
    }
}

static void read_scene(Reader *r, Said said)
{
    Lesson *l = r->l;
    const char *at = said.text;
    Piece name;
    if (l->scenes == LESSON_SCENES) {
        reader_error_at(r, &said, "more than 16 scenes");
        return;
    }
    if (!piece_next(&at, &name) || memchr(name.at, '=', name.length)) {
        reader_error_at(r, &said, "a name is missing: @scene NAME surface=... start=...");
        return;
    }
    if (lesson_has_scene(l, name.at, name.length))
        error_piece(r, &said, name, "the scene '%.*s' is there already");
    at += strspn(at, " ");
    LessonScene *own = &l->scene[l->scenes++];
    own->name = reader_keep(r, name.at, name.length);
    own->text = said;
    own->text.text = at;
    reader_locate(r, &said, (long)utf8_count(said.text, (size_t)(at - said.text)) + 1,
                  &own->text.line, &own->text.column);
}

static void read_id(Reader *r, Said said)
{
    r->step->id = said.text;
    if (said.text[strcspn(said.text, " ")] || !*said.text)
        reader_error_at(r, &said, "an id is one word");
}

static void read_step_claims(Reader *r, Said said)
{
    read_claims(r, &said, (Piece){said.text, strlen(said.text)}, &r->step->claims);
    r->l->claims |= r->step->claims;
}

/* @run SCENE [speed=N] */
static void read_run(Reader *r, Said said)
{
    const char *at = said.text;
    Piece name = {at, 0};
    Piece p;
    Piece v;
    r->step->speed = 1;
    piece_next(&at, &name);
    while (piece_next(&at, &p)) {
        if (!piece_field(p, "speed", &v))
            error_piece(r, &said, p, "unknown field '%.*s'; known: speed");
        else if (!piece_number(v, &r->step->speed) || r->step->speed < 0 || r->step->speed > 1000)
            error_piece(r, &said, v, "'%.*s' is no speed: 0 (one key a step) to 1000");
    }
    said.text = reader_keep(r, name.at, name.length);
    r->step->run = said;
}

/* Cut "text @true condition" or "text @false condition". */
static const char *cut_truth(Reader *r, Said *said, Said *truth, bool *holds)
{
    const char *mark = strstr(said->text, "@true ");
    *holds = mark != NULL;
    if (!mark)
        mark = strstr(said->text, "@false ");
    if (!mark)
        return said->text + strlen(said->text);
    const char *condition = mark + (*holds ? 6 : 7);
    condition += strspn(condition, " ");
    *truth = *said;
    reader_locate(r, said, (long)utf8_count(said->text, (size_t)(condition - said->text)) + 1,
                  &truth->line, &truth->column);
    truth->text = reader_keep(r, condition, strlen(condition));
    return mark;
}

static const char *trimmed_end(const char *start, const char *end)
{
    while (end > start && end[-1] == ' ')
        end--;
    return end;
}

/* @at N: text  @true condition */
static void read_caption(Reader *r, Said said)
{
    Step *s = r->step;
    const char *colon = strchr(said.text, ':');
    Caption c = {.at = CAPTION_END};
    double n;
    bool holds;
    if (s->captions == STEP_CAPTIONS) {
        reader_error_at(r, &said, "more than 4 captions");
        return;
    }
    if (!colon) {
        reader_error_at(r, &said, "a caption is '@at STEP: text' or '@at end: text'");
        return;
    }
    Piece when = {said.text, (size_t)(trimmed_end(said.text, colon) - said.text)};
    if (!word_is(when.at, when.length, "end")) {
        if (!number_parse(when.at, when.length, &n) || n != floor(n) || n < 0 || n > STEPS_MAX)
            error_piece(r, &said, when, "'%.*s' is no step");
        else
            c.at = (long)n;
    }
    const char *text = colon + 1 + strspn(colon + 1, " ");
    const char *end = cut_truth(r, &said, &c.truth, &holds);
    if (c.truth.text && !holds)
        reader_error_at(r, &c.truth, "a caption is proved by @true");
    end = trimmed_end(text, end > text ? end : text);
    reader_locate(r, &said, (long)utf8_count(said.text, (size_t)(text - said.text)) + 1,
                  &c.said.line, &c.said.column);
    c.said.text = reader_keep(r, text, (size_t)(end - text));
    s->caption[s->captions++] = c;
}

/* @number VALUE TOLERANCE% [SCENE: EXPRESSION] */
static void read_number(Reader *r, Said said)
{
    Step *s = r->step;
    const char *at = said.text;
    Piece value;
    Piece tolerance;
    if (s->number.text) {
        reader_error_at(r, &said, "a second @number in this step");
        return;
    }
    s->number = said;
    s->number_truth = (Said){NULL, said.line, said.column};
    if (!piece_next(&at, &value) || !piece_next(&at, &tolerance) ||
        !piece_number(value, &s->number_value) || tolerance.length < 2 ||
        tolerance.at[tolerance.length - 1] != '%' ||
        !number_parse(tolerance.at, tolerance.length - 1, &s->number_tolerance)) {
        reader_error_at(
            r, &said,
            "expected '@number VALUE TOLERANCE% SCENE: EXPRESSION', as '0.1 2% A4: 2/lambda'");
        return;
    }
    s->number_tolerance /= 100;
    at += strspn(at, " ");
    if (*at)
        s->number_truth.text = at;
}

static void add_unlocks(Reader *r, const Said *said, Piece p)
{
    Step *s = r->step;
    for (const char *c = p.at, *end = p.at + p.length; c < end;) {
        const char *comma = memchr(c, ',', (size_t)(end - c));
        size_t length = (size_t)((comma ? comma : end) - c);
        if (s->unlocks == STEP_UNLOCKS)
            reader_error_at(r, said, "more than 16 words behind unlock=");
        else
            s->unlocked[s->unlocks++] = reader_keep(r, c, length);
        c += length + 1;
    }
}

/* @use SCENE unlock=a,b */
static void read_use(Reader *r, Said said)
{
    const char *at = said.text;
    Piece name = {at, 0};
    Piece p;
    Piece v;
    piece_next(&at, &name);
    while (piece_next(&at, &p)) {
        if (!piece_field(p, "unlock", &v)) {
            error_piece(r, &said, p, "unknown field '%.*s'; known: unlock");
            continue;
        }
        r->step->unlock = said;
        add_unlocks(r, &said, v);
    }
    said.text = reader_keep(r, name.at, name.length);
    r->step->use = said;
}

static void push(Reader *r, Said *list, int *count, int most, Said said)
{
    if (*count < most)
        list[(*count)++] = said;
    else
        reader_error_at(r, &said, "too many of these in one step");
}

static void read_goal(Reader *r, Said said)
{
    push(r, r->step->goal, &r->step->goals, STEP_GOALS, said);
}

static void read_hint(Reader *r, Said said)
{
    push(r, r->step->hint, &r->step->hints, STEP_HINTS, said);
}

static void read_solution(Reader *r, Said said)
{
    push(r, r->step->solution, &r->step->solutions, STEP_SOLUTIONS, said);
}

static void read_fails(Reader *r, Said said)
{
    push(r, r->step->fails, &r->step->failing, STEP_FAILS, said);
}

static void read_proof(Reader *r, Said said)
{
    push(r, r->step->proof, &r->step->proofs, STEP_PROOFS, said);
}

static void read_par(Reader *r, Said said)
{
    double n;
    const char *at = said.text;
    Piece p = {at, 0};
    piece_next(&at, &p);
    if (!piece_number(p, &n) || n != floor(n) || n < 1 || n > 1e9)
        reader_error_at(r, &said, "@par is a number of gradient evaluations");
    else
        r->step->par = (long)n;
}

#define IN(kind) (1u << STEP_##kind)
enum {
    ASKING = IN(PREDICT) | IN(EXPLAIN),
    DOING = IN(DO) | IN(FIND),
    ANY = IN(READ) | IN(WATCH) | ASKING | DOING | IN(REVIEW),
};

#define FIELD(name) offsetof(Step, name), NULL
static const Directive directives[] = {
    {"lesson", 0, 0, read_lesson},
    {"scene", 0, 0, read_scene},
    {"id", ANY, 0, read_id},
    {"claims", ANY, 0, read_step_claims},
    {"note", ANY, FIELD(note)},
    {"proof", ANY, 0, read_proof},
    {"show", IN(READ) | ASKING, FIELD(show)},
    {"run", IN(WATCH) | IN(PREDICT), 0, read_run},
    {"beside", IN(READ) | IN(WATCH) | ASKING | DOING, FIELD(beside)},
    {"at", IN(WATCH) | IN(PREDICT), 0, read_caption},
    {"ask", ASKING, FIELD(ask)},
    {"number", ASKING, 0, read_number},
    {"use", DOING, 0, read_use},
    {"goal", DOING, 0, read_goal},
    {"limit", DOING, FIELD(limit)},
    {"hint", DOING, 0, read_hint},
    {"solution", DOING, 0, read_solution},
    {"fails", DOING, 0, read_fails},
    {"par", DOING, 0, read_par},
    {"fragile", DOING, FIELD(fragile)},
    {"easy", DOING, FIELD(easy)},
    {"why", ANY, FIELD(why)},
    {"from", IN(REVIEW), FIELD(from)},
    {NULL, 0, 0, NULL},
};

static const Directive *directive_find(Reader *r, Line line, size_t length)
{
    Near near;
    char hint[64];
    near_start(&near, line.at + 1, length);
    for (const Directive *d = directives; d->name; d++) {
        if (word_is(line.at + 1, length, d->name))
            return d;
        near_try(&near, d->name);
    }
    errors_add(r->list, false, r->l->file, line.number, 2, "unknown directive '@%.*s'%s",
               (int)(length > 40 ? 40 : length), line.at + 1, near_hint(&near, hint, sizeof hint));
    return NULL;
}

static bool directive_belongs(Reader *r, const Directive *d, const Said *said)
{
    if (!d->kinds && r->step) {
        errors_add(r->list, false, r->l->file, said->line, 1, "'@%s' belongs before the first step",
                   d->name);
        return false;
    }
    if (d->kinds && !r->step) {
        errors_add(r->list, false, r->l->file, said->line, 1, "'@%s' belongs into a step", d->name);
        return false;
    }
    if (r->step && !(d->kinds >> r->step->kind & 1u)) {
        errors_add(r->list, false, r->l->file, said->line, 1, "'@%s' has no place in a '%s' step",
                   d->name, step_kind_words[r->step->kind]);
        return false;
    }
    return true;
}

static void read_directive(Reader *r, Line line)
{
    size_t length = 1;
    while (length < line.length && !is_blank(line.at[length]))
        length++;
    const Directive *d = directive_find(r, line, length - 1);
    Said said = gather(r, line, line.at + length);
    if (!d || !directive_belongs(r, d, &said))
        return;
    if (!*said.text) {
        errors_add(r->list, false, r->l->file, line.number, 1, "'@%s' says nothing", d->name);
        return;
    }
    if (d->read) {
        d->read(r, said);
        return;
    }
    Said *field = (Said *)(void *)((char *)r->step + d->field);
    if (field->text)
        errors_add(r->list, false, r->l->file, line.number, 1, "'@%s' is given twice", d->name);
    *field = said;
}

/* ---- answers ------------------------------------------------------------------------------ */

/* => misconception, behind the text of an answer */
static const char *cut_belief(Reader *r, Said *said, const char *end, Said *belief)
{
    const char *arrow = strstr(said->text, "=>");
    const char *word;
    if (!arrow || arrow > end)
        return end;
    word = arrow + 2 + strspn(arrow + 2, " ");
    size_t length = (size_t)(trimmed_end(word, end) - word);
    *belief = *said;
    belief->text = reader_keep(r, word, length);
    reader_locate(r, said, (long)utf8_count(said->text, (size_t)(word - said->text)) + 1,
                  &belief->line, &belief->column);
    return arrow;
}

/* - [x] text  => misconception  @true condition; then indented feedback */
static void read_answer(Reader *r, Line line)
{
    const char *c = line.at + 1;
    const char *end = line.at + line.length;
    while (c < end && is_blank(*c))
        c++;
    if (end - c < 4 || c[0] != '[' || c[2] != ']' || !strchr("x ?", c[1])) {
        reader_error(r, line.number, column_of(line, c),
                     "an answer begins '- [x]', '- [ ]' or '- [?]'");
        gather(r, line, end);
        return;
    }
    Answer a = {.mark = c[1], .feedback = ""};
    const char *text = c + 3 + strspn(c + 3, " ");
    if (text > end)
        text = end;
    Said said = {reader_keep(r, text, (size_t)(end - text)), line.number, column_of(line, text)};
    Said feedback = gather(r, line, end);
    a.feedback = feedback.text + strspn(feedback.text, " ");
    const char *stop = cut_belief(r, &said, cut_truth(r, &said, &a.truth, &a.holds), &a.belief);
    a.said = said;
    a.said.text = reader_keep(r, said.text, (size_t)(trimmed_end(said.text, stop) - said.text));
    if (!r->step || !(ASKING >> r->step->kind & 1u))
        reader_error(r, line.number, 1, "an answer belongs into a 'predict' or 'explain' step");
    else if (r->step->answers == STEP_ANSWERS)
        reader_error(r, line.number, 1, "more than 5 answers");
    else
        r->step->answer[r->step->answers++] = a;
}

/* ---- headings and prose ------------------------------------------------------------------- */

static void prose_end(Reader *r)
{
    const char *kept = reader_keep(r, r->prose, r->prose_used);
    if (r->step)
        r->step->prose = kept;
    else
        r->l->intro = kept;
    r->prose_used = 0;
    r->paragraph = false;
}

static void prose_add(Reader *r, Line line)
{
    if (r->prose_used) {
        const char *join = r->paragraph ? " " : "\n\n";
        memcpy(r->prose + r->prose_used, join, strlen(join));
        r->prose_used += strlen(join);
    }
    memcpy(r->prose + r->prose_used, line.at, line.length);
    r->prose_used += line.length;
    r->paragraph = true;
}

static void read_title(Reader *r, Line line)
{
    Lesson *l = r->l;
    const char *at = line.at + 1;
    const char *end = line.at + line.length;
    while (at < end && is_blank(*at))
        at++;
    if (l->title)
        reader_error(r, line.number, 1, "a second title; a step begins with '##'");
    double n;
    size_t digits = strspn(at, "0123456789");
    if (digits && digits < 4 && at + digits < end && number_parse(at, digits, &n)) {
        l->number = (int)n;
        at += digits + strspn(at + digits, " ");
    }
    l->title = reader_keep(r, at, (size_t)(end - at));
}

/* "Will it arrive?" -> "will-it-arrive" */
static const char *slug(Reader *r, const char *title)
{
    char id[64];
    size_t used = 0;
    for (const char *c = title; *c && used < sizeof id - 2; c++) {
        bool letter = isalnum((unsigned char)*c) != 0;
        if (!letter && (used == 0 || id[used - 1] == '-'))
            continue;
        id[used++] = letter ? (char)tolower((unsigned char)*c) : '-';
    }
    while (used && id[used - 1] == '-')
        used--;
    return reader_keep(r, id, used);
}

static int kind_find(Reader *r, Line line, const char *at, size_t length)
{
    Near near;
    char hint[64];
    near_start(&near, at, length);
    for (int k = 0; k < STEP_KINDS; k++) {
        if (word_is(at, length, step_kind_words[k]))
            return k;
        near_try(&near, step_kind_words[k]);
    }
    errors_add(r->list, false, r->l->file, line.number, column_of(line, at),
               "unknown kind of step '%.*s'%s", (int)(length > 40 ? 40 : length), at,
               near_hint(&near, hint, sizeof hint));
    return STEP_READ;
}

static void read_heading(Reader *r, Line line)
{
    prose_end(r);
    const char *end = line.at + line.length;
    const char *at = line.at + 2;
    while (at < end && is_blank(*at))
        at++;
    const char *word = at;
    while (at < end && !is_blank(*at))
        at++;
    int kind = kind_find(r, line, word, (size_t)(at - word));
    while (at < end && is_blank(*at))
        at++;
    if (r->l->steps == LESSON_STEPS) {
        reader_error(r, line.number, 1, "more than 24 steps");
        r->step = &r->spare; /* read on, for its errors */
    } else {
        r->step = &r->l->step[r->l->steps++];
    }
    *r->step = (Step){.kind = (StepKind)kind,
                      .line = line.number,
                      .prose = "",
                      .speed = 1,
                      .checksum = FNV1A_START};
    r->step->title = reader_keep(r, at, (size_t)(end - at));
    r->step->id = slug(r, r->step->title);
    if (!*r->step->title)
        reader_error(r, line.number, 1, "a step needs a title: '## do  Get out of the trap'");
}

static void read_line(Reader *r, Line line)
{
    if (line.length == 0) {
        r->paragraph = false;
        return;
    }
    if (*line.at == '%')
        return;
    bool heading = line.length > 1 && line.at[0] == '#' && line.at[1] == '#';
    if (heading)
        read_heading(r, line);
    hash_line(r, line);
    if (heading)
        return;
    if (*line.at == '#')
        read_title(r, line);
    else if (*line.at == '@')
        read_directive(r, line);
    else if (*line.at == '-' && (line.length == 1 || is_blank(line.at[1])))
        read_answer(r, line);
    else if (is_blank(*line.at))
        reader_error(r, line.number, 1,
                     "an indented line continues a directive or an answer: there is none");
    else
        prose_add(r, line);
}

static const char *skip_bom(const char *text)
{
    return strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}

Lesson *lesson_parse(const char *file, const char *text, ErrorList *list)
{
    size_t size = strlen(text);
    size_t room = 5 * size + strlen(file) + 8192;
    int before = list->errors;
    if (size > LESSON_SIZE) {
        errors_add(list, false, file, 0, 0, "longer than %d bytes", LESSON_SIZE);
        return NULL;
    }
    Lesson *l = calloc(1, sizeof *l + room);
    Reader *r = calloc(1, sizeof *r);
    char *scratch = malloc(2 * (2 * size + 16));
    if (!l || !r || !scratch) {
        errors_add(list, false, file, 0, 0, "out of memory");
        free(l);
        l = NULL;
    } else {
        *r = (Reader){.l = l,
                      .list = list,
                      .text = skip_bom(text),
                      .at = skip_bom(text),
                      .free = (char *)(l + 1),
                      .room = room,
                      .scratch = scratch,
                      .prose = scratch + 2 * size + 16};
        l->file = reader_keep(r, file, strlen(file));
        for (Line line; next_line(r, &line);)
            read_line(r, line);
        prose_end(r);
        lesson_verify(r);
    }
    free(scratch);
    free(r);
    if (l && list->errors == before)
        return l;
    free(l);
    return NULL;
}
