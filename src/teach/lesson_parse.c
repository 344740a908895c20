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

/* "7,8,9" */
static void read_claims(LessonReader *r, const Passage *s, Slice p, uint64_t *claims)
{
    for (const char *c = p.at, *end = p.at + p.length; c <= end; c++) {
        size_t length = strcspn(c, ", ");
        double n;
        if (c + length > end)
            length = (size_t)(end - c);
        if (!number_parse(c, length, &n) || n != floor(n) || n < 1 || n > CLAIMS)
            reader_error_slice(r, s, slice_of(c, length), "'%.*s' is no claim: 1 to 54");
        else
            *claims |= UINT64_C(1) << ((int)n - 1);
        c += length;
    }
}

/* ---- directives --------------------------------------------------------------------------- */

static void read_lesson(LessonReader *r, Passage said)
{
    Lesson *l = r->l;
    const char *at = said.text;
    Slice p;
    Slice v;
    if (l->id)
        reader_error_at(r, &said, "a second @lesson");
    l->id_line = said.line;
    while (slice_next(&at, &p)) {
        if (slice_field(p, "id", &v)) {
            l->id = reader_keep(r, v.at, v.length);
        } else if (slice_field(p, "minutes", &v)) {
            if (!slice_number(v, &l->minutes) || l->minutes <= 0)
                reader_error_slice(r, &said, v, "'%.*s' is no time");
        } else if (slice_field(p, "needs", &v)) {
            l->needs = (Passage){reader_keep(r, v.at, v.length), said.line, said.column};
        } else if (slice_field(p, "claims", &v)) {
            read_claims(r, &said, v, &l->claims);
        } else if (slice_field(p, "quick", &v) && word_is(v.at, v.length, "yes")) {
            l->quick = true;
        } else if (slice_field(p, "kind", &v) && word_is(v.at, v.length, "demo")) {
            l->demo = true;
        } else {
            reader_error_slice(
                r, &said, p, "unknown field '%.*s'; known: id, minutes, needs, claims, quick=yes, kind=demo");
        }
    }
}

static void read_scene(LessonReader *r, Passage said)
{
    Lesson *l = r->l;
    const char *at = said.text;
    Slice name;
    if (l->scenes == LESSON_SCENES) {
        reader_error_at(r, &said, "more than 16 scenes");
        return;
    }
    if (!slice_next(&at, &name) || memchr(name.at, '=', name.length)) {
        reader_error_at(r, &said, "a name is missing: @scene NAME surface=... start=...");
        return;
    }
    if (lesson_has_scene(l, name.at, name.length))
        reader_error_slice(r, &said, name, "the scene '%.*s' is there already");
    at += strspn(at, " ");
    LessonScene *own = &l->scene[l->scenes++];
    own->name = reader_keep(r, name.at, name.length);
    own->text = said;
    own->text.text = at;
    reader_locate(r, &said, (long)utf8_count(said.text, (size_t)(at - said.text)) + 1,
                  &own->text.line, &own->text.column);
}

static void read_id(LessonReader *r, Passage said)
{
    r->step->id = said.text;
    if (said.text[strcspn(said.text, " ")] || !*said.text)
        reader_error_at(r, &said, "an id is one word");
}

static void read_step_claims(LessonReader *r, Passage said)
{
    read_claims(r, &said, slice_of(said.text, strlen(said.text)), &r->step->claims);
    r->l->claims |= r->step->claims;
}

/* @run SCENE [speed=N] */
static void read_run(LessonReader *r, Passage said)
{
    const char *at = said.text;
    Slice name = slice_of(at, 0);
    Slice p;
    Slice v;
    r->step->speed = 1;
    slice_next(&at, &name);
    while (slice_next(&at, &p)) {
        if (!slice_field(p, "speed", &v))
            reader_error_slice(r, &said, p, "unknown field '%.*s'; known: speed");
        else if (!slice_number(v, &r->step->speed) || r->step->speed < 0 || r->step->speed > 1000)
            reader_error_slice(r, &said, v, "'%.*s' is no speed: 0 (one key a step) to 1000");
    }
    said.text = reader_keep(r, name.at, name.length);
    r->step->run = said;
}

/* Cut "text @true condition" or "text @false condition". */
static const char *cut_truth(LessonReader *r, Passage *said, Passage *truth, bool *holds)
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
static void read_caption(LessonReader *r, Passage said)
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
    Slice when = slice_of(said.text, (size_t)(trimmed_end(said.text, colon) - said.text));
    if (!word_is(when.at, when.length, "end")) {
        if (!number_parse(when.at, when.length, &n) || n != floor(n) || n < 0 || n > STEPS_MAX)
            reader_error_slice(r, &said, when, "'%.*s' is no step");
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
static void read_number(LessonReader *r, Passage said)
{
    Step *s = r->step;
    const char *at = said.text;
    Slice value;
    Slice tolerance;
    if (s->number.text) {
        reader_error_at(r, &said, "a second @number in this step");
        return;
    }
    s->number = said;
    s->number_truth = (Passage){NULL, said.line, said.column};
    if (!slice_next(&at, &value) || !slice_next(&at, &tolerance) ||
        !slice_number(value, &s->number_value) || tolerance.length < 2 ||
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

static void add_unlocks(LessonReader *r, const Passage *said, Slice p)
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
static void read_use(LessonReader *r, Passage said)
{
    const char *at = said.text;
    Slice name = slice_of(at, 0);
    Slice p;
    Slice v;
    slice_next(&at, &name);
    while (slice_next(&at, &p)) {
        if (!slice_field(p, "unlock", &v)) {
            reader_error_slice(r, &said, p, "unknown field '%.*s'; known: unlock");
            continue;
        }
        r->step->unlock = said;
        add_unlocks(r, &said, v);
    }
    said.text = reader_keep(r, name.at, name.length);
    r->step->use = said;
}

static void push(LessonReader *r, Passage *list, int *count, int most, Passage said)
{
    if (*count < most)
        list[(*count)++] = said;
    else
        reader_error_at(r, &said, "too many of these in one step");
}

static void read_goal(LessonReader *r, Passage said)
{
    push(r, r->step->goal, &r->step->goals, STEP_GOALS, said);
}

static void read_hint(LessonReader *r, Passage said)
{
    push(r, r->step->hint, &r->step->hints, STEP_HINTS, said);
}

static void read_solution(LessonReader *r, Passage said)
{
    push(r, r->step->solution, &r->step->solutions, STEP_SOLUTIONS, said);
}

static void read_fails(LessonReader *r, Passage said)
{
    push(r, r->step->fails, &r->step->failing, STEP_FAILS, said);
}

static void read_proof(LessonReader *r, Passage said)
{
    push(r, r->step->proof, &r->step->proofs, STEP_PROOFS, said);
}

static void read_note(LessonReader *r, Passage said)
{
    push(r, r->step->note, &r->step->notes, STEP_NOTES, said);
}

static void read_big(LessonReader *r, Passage said)
{
    (void)said;
    r->l->big = true;
}

static void read_par(LessonReader *r, Passage said)
{
    double n;
    const char *at = said.text;
    Slice p = slice_of(at, 0);
    slice_next(&at, &p);
    if (!slice_number(p, &n) || n != floor(n) || n < 1 || n > 1e9)
        reader_error_at(r, &said, "@par is a number of gradient evaluations");
    else
        r->step->par = (long)n;
}

#define FIELD(name) offsetof(Step, name), NULL
static const Directive directives[] = {
    {"lesson", IN_HEAD, NULL, 0, read_lesson},
    {"scene", IN_HEAD, NULL, 0, read_scene},
    {"big", IN_HEAD, "", 0, read_big},
    {"id", IN_STEP, NULL, 0, read_id},
    {"claims", IN_STEP, NULL, 0, read_step_claims},
    {"note", IN_STEP, NULL, 0, read_note},
    {"proof", IN_STEP, NULL, 0, read_proof},
    {"show", IN_KIND, NULL, FIELD(show)},
    {"run", IN_KIND, "'@run SCENE'", 0, read_run},
    {"beside", IN_KIND, NULL, FIELD(beside)},
    {"at", IN_KIND, "a caption: '@at end: ...'", 0, read_caption},
    {"ask", IN_KIND, "'@ask QUESTION'", FIELD(ask)},
    {"number", IN_KIND, NULL, 0, read_number},
    {"use", IN_KIND, "'@use SCENE unlock=...'", 0, read_use},
    {"goal", IN_KIND, "'@goal CONDITION'", 0, read_goal},
    {"limit", IN_KIND, "'@limit CONDITION'", FIELD(limit)},
    {"hint", IN_KIND, "two '@hint' (where to look; which key), the third plays the solution", 0,
     read_hint},
    {"solution", IN_KIND, "'@solution SETTINGS'", 0, read_solution},
    {"fails", IN_KIND, "'@fails SETTINGS'", 0, read_fails},
    {"par", IN_KIND, "'@par EVALUATIONS'", 0, read_par},
    {"fragile", IN_KIND, NULL, FIELD(fragile)},
    {"easy", IN_KIND, NULL, FIELD(easy)},
    {"why", IN_STEP, "'@why': shown after success", FIELD(why)},
    {"from", IN_KIND, "'@from LESSON/STEP'", FIELD(from)},
    {NULL, IN_HEAD, NULL, 0, NULL},
};

static const Directive *directive_find(LessonReader *r, Line line, size_t length)
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

static bool directive_belongs(LessonReader *r, const Directive *d, const Passage *said)
{
    const char *file = r->l->file;
    if (d->place == IN_HEAD && r->step)
        errors_add(r->list, false, file, said->line, 1, "'@%s' belongs before the first step",
                   d->name);
    else if (d->place != IN_HEAD && !r->step)
        errors_add(r->list, false, file, said->line, 1, "'@%s' belongs into a step", d->name);
    else if (d->place == IN_KIND && !step_kind_lists(r->step->kind->takes, d->name))
        errors_add(r->list, false, file, said->line, 1, "'@%s' has no place in a '%s' step",
                   d->name, r->step->kind->name);
    else
        return true;
    return false;
}

static void read_directive(LessonReader *r, Line line)
{
    size_t length = 1;
    while (length < line.length && !char_is_blank(line.at[length]))
        length++;
    const Directive *d = directive_find(r, line, length - 1);
    Passage said = reader_gather(r, line, line.at + length);
    if (!d || !directive_belongs(r, d, &said))
        return;
    if (!*said.text && !(d->usage && !*d->usage)) {
        errors_add(r->list, false, r->l->file, line.number, 1, "'@%s' says nothing", d->name);
        return;
    }
    if (r->step)
        r->step->given |= 1u << (d - directives);
    if (d->read) {
        d->read(r, said);
        return;
    }
    Passage *field = (Passage *)(void *)((char *)r->step + d->field);
    if (field->text)
        errors_add(r->list, false, r->l->file, line.number, 1, "'@%s' is given twice", d->name);
    *field = said;
}

/* ---- answers ------------------------------------------------------------------------------ */

/* => misconception, behind the text of an answer */
static const char *cut_belief(LessonReader *r, Passage *said, const char *end, Passage *belief)
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
static void read_answer(LessonReader *r, Line line)
{
    const char *c = line.at + 1;
    const char *end = line.at + line.length;
    while (c < end && char_is_blank(*c))
        c++;
    if (end - c < 4 || c[0] != '[' || c[2] != ']' || !strchr("x ?", c[1])) {
        reader_error(r, line.number, line_column(line, c),
                     "an answer begins '- [x]', '- [ ]' or '- [?]'");
        reader_gather(r, line, end);
        return;
    }
    Answer a = {.mark = c[1], .feedback = ""};
    const char *text = c + 3 + strspn(c + 3, " ");
    if (text > end)
        text = end;
    Passage said = {reader_keep(r, text, (size_t)(end - text)), line.number,
                    line_column(line, text)};
    Passage feedback = reader_gather(r, line, end);
    a.feedback = feedback.text + strspn(feedback.text, " ");
    const char *stop = cut_belief(r, &said, cut_truth(r, &said, &a.truth, &a.holds), &a.belief);
    a.said = said;
    a.said.text = reader_keep(r, said.text, (size_t)(trimmed_end(said.text, stop) - said.text));
    if (!r->step || !r->step->kind->asks)
        reader_error(r, line.number, 1, "an answer belongs into a 'predict' or 'explain' step");
    else if (r->step->answers == STEP_ANSWERS)
        reader_error(r, line.number, 1, "more than 5 answers");
    else
        r->step->answer[r->step->answers++] = a;
}

/* ---- headings and prose ------------------------------------------------------------------- */

static void prose_end(LessonReader *r)
{
    const char *kept = reader_keep(r, r->prose, r->prose_used);
    if (r->step)
        r->step->prose = kept;
    else
        r->l->intro = kept;
    r->prose_used = 0;
    r->paragraph = false;
}

static void prose_add(LessonReader *r, Line line)
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

static void read_title(LessonReader *r, Line line)
{
    Lesson *l = r->l;
    const char *at = line.at + 1;
    const char *end = line.at + line.length;
    while (at < end && char_is_blank(*at))
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
static const char *slug(LessonReader *r, const char *title)
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

static const StepKind *read_kind(LessonReader *r, Line line, const char *at, size_t length)
{
    const StepKind *kind = step_kind_find(at, length);
    Near near;
    char hint[64];
    if (kind)
        return kind;
    near_start(&near, at, length);
    for (const StepKind *k = step_kinds; k->name; k++)
        near_try(&near, k->name);
    errors_add(r->list, false, r->l->file, line.number, line_column(line, at),
               "unknown kind of step '%.*s'%s", (int)(length > 40 ? 40 : length), at,
               near_hint(&near, hint, sizeof hint));
    return step_kinds;
}

static void read_heading(LessonReader *r, Line line)
{
    prose_end(r);
    const char *end = line.at + line.length;
    const char *at = line.at + 2;
    while (at < end && char_is_blank(*at))
        at++;
    const char *word = at;
    while (at < end && !char_is_blank(*at))
        at++;
    const StepKind *kind = read_kind(r, line, word, (size_t)(at - word));
    while (at < end && char_is_blank(*at))
        at++;
    if (r->l->steps == LESSON_STEPS) {
        reader_error(r, line.number, 1, "more than 24 steps");
        r->step = &r->spare; /* read on, for its errors */
    } else {
        r->step = &r->l->step[r->l->steps++];
    }
    *r->step =
        (Step){.kind = kind, .line = line.number, .prose = "", .speed = 1, .checksum = FNV1A_START};
    r->step->title = reader_keep(r, at, (size_t)(end - at));
    r->step->id = slug(r, r->step->title);
    if (!*r->step->title)
        reader_error(r, line.number, 1, "a step needs a title: '## do  Get out of the trap'");
}

static void read_line(LessonReader *r, Line line)
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
    reader_hash(r, line);
    if (heading)
        return;
    if (*line.at == '#')
        read_title(r, line);
    else if (*line.at == '@')
        read_directive(r, line);
    else if (*line.at == '-' && (line.length == 1 || char_is_blank(line.at[1])))
        read_answer(r, line);
    else if (char_is_blank(*line.at))
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
    LessonReader *r = calloc(1, sizeof *r);
    char *scratch = malloc(2 * (2 * size + 16));
    if (!l || !r || !scratch) {
        errors_add(list, false, file, 0, 0, "out of memory");
        free(l);
        l = NULL;
    } else {
        *r = (LessonReader){.l = l,
                            .list = list,
                            .directives = directives,
                            .text = skip_bom(text),
                            .at = skip_bom(text),
                            .free = (char *)(l + 1),
                            .room = room,
                            .scratch = scratch,
                            .prose = scratch + 2 * size + 16};
        l->file = reader_keep(r, file, strlen(file));
        for (Line line; reader_next_line(r, &line);)
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
