/* SPDX-License-Identifier: MIT
 * test_lesson: lesson files are read whole, all their errors are reported where they are, and no
 * text whatever brings the parser down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/rng.h"
#include "base/words.h"
#include "core/goal.h"
#include "core/named.h"
#include "store/file.h"
#include "teach/belief.h"
#include "teach/claims.h"
#include "teach/course.h"
#include "teach/setup.h"
#include "teach/phrases.h"

#define HEAD "# 3 Too high\n@lesson id=too-high minutes=9 claims=7,8\n"
#define DEMO "# Two bowls\n@lesson id=two minutes=3 kind=demo\n@big\n"
#define GOOD_DO                                                                                    \
    "## do  Get out\n@use A1 unlock=eta0\n@goal loss < 0.01\n@limit steps <= 100\n@hint a\n"       \
    "@hint b\n@solution eta0=0.08\n@fails eta0=0.01\n@par 200\n@why c\n"

static ErrorList errors;

static Lesson *parse(const char *text)
{
    errors_start(&errors);
    return lesson_parse("x.lesson", text, &errors);
}

static void dump(void)
{
    char line[700];
    for (int i = 0; i < errors.count; i++) {
        Text out = text_over(line, sizeof line);
        errors_line(&errors.item[i], &out);
        printf("%s\n", line);
    }
}

static Lesson *parse_good(const char *text)
{
    Lesson *l = parse(text);
    if (!l)
        dump();
    assert_non_null(l);
    return l;
}

/* One of the errors reads "x.lesson:LINE:COLUMN: error: ...WORDS..." */
static bool expect(const char *text, long line, long column, const char *words)
{
    Lesson *l = parse(text);
    bool found = false;
    for (int i = 0; i < errors.count; i++)
        found =
            found || (errors.item[i].error.line == line && errors.item[i].error.column == column &&
                      strstr(errors.item[i].error.message, words));
    bool ok = found && !l;
    if (!ok) {
        dump();
        printf("expected %ld:%ld: ...%s\n", line, column, words);
    }
    free(l);
    return ok;
}

static void reads_a_lesson(void **state)
{
    (void)state;
    Lesson *l = parse_good(
        HEAD
        "@scene edge like=A1\n  eta0=0.02\nIntro.\n% comment\n\n" GOOD_DO
        "## watch  Look\n@run A3 speed=0\n@at 2: y = {y=0.6}  @true y > 0\n@at end: loss {loss}\n"
        "## explain  Count\n@ask How many?\n@number 0.1 2% A4: 2/lambda\n@why 2/20.\n");
    assert_int_equal(l->number, 3);
    assert_string_equal(l->title, "Too high");
    assert_string_equal(l->id, "too-high");
    assert_string_equal(l->intro, "Intro.");
    assert_int_equal(l->scenes, 1);
    assert_string_equal(l->scene[0].text.text, "like=A1 eta0=0.02");
    assert_int_equal(l->steps, 3);
    assert_string_equal(l->step[0].id, "get-out");
    assert_int_equal(l->step[0].hints, 2);
    assert_int_equal(l->step[1].caption[0].at, 2);
    assert_string_equal(l->step[1].caption[0].said.text, "y = {y=0.6}");
    assert_string_equal(l->step[1].caption[0].truth.text, "y > 0");
    assert_int_equal(l->step[1].caption[1].at, CAPTION_END);
    assert_true(l->step[1].speed == 0);
    assert_true(l->step[2].number_value == 0.1);
    free(l);
}

/* A demonstration: a class needs no feedback and no 'I don't know'; notes may be many. */
static void reads_a_demonstration(void **state)
{
    (void)state;
    Lesson *l = parse_good(DEMO "## predict  A\n@run A3\n@ask B?\n- [x] c  @true loss < 1\n"
                                "- [ ] d  @false loss > 1\n@note e\n@note f\n  g\n");
    assert_true(l->demo && l->big);
    assert_int_equal(l->step[0].notes, 2);
    assert_string_equal(l->step[0].note[1].text, "f g");
    free(l);
}

static void reads_answers(void **state)
{
    (void)state;
    Lesson *l =
        parse_good(HEAD "## predict  Will it?\nSee.\nMore.\n\nNext paragraph.\n@run A3\n@ask So?\n"
                        "- [ ] No.  => overshoot-is-failure\n    Wrong\n    indeed.\n"
                        "- [x] Yes.  @true rises == 0\n    Right.\n- [?] I don't know.\n    Fine.\n");
    const Step *s = &l->step[0];
    assert_string_equal(s->prose, "See. More.\n\nNext paragraph.");
    assert_int_equal(s->answers, 3);
    assert_string_equal(s->answer[0].said.text, "No.");
    assert_string_equal(s->answer[0].feedback, "Wrong indeed.");
    assert_string_equal(s->answer[0].belief.text, "overshoot-is-failure");
    assert_string_equal(s->answer[1].truth.text, "rises == 0");
    assert_true(s->answer[1].holds);
    free(l);
}

static void line_ends_do_not_matter(void **state)
{
    (void)state;
    Lesson *a = parse_good(HEAD "## read  One\nProse.\n");
    Lesson *b =
        parse_good("\xEF\xBB\xBF# 3 Too high\r\n@lesson id=too-high minutes=9 claims=7,8  \r\n"
                   "% a comment\r\n## read  One\r\n\r\nProse.   \r\n");
    assert_string_equal(a->step[0].prose, b->step[0].prose);
    assert_true(a->step[0].checksum == b->step[0].checksum);
    free(a);
    free(b);
}

static void a_changed_step_has_another_checksum(void **state)
{
    (void)state;
    Lesson *a = parse_good(HEAD "## read  One\nProse.\n## read  Two\nMore.\n");
    Lesson *b = parse_good(HEAD "## read  One\nProse!\n## read  Two\nMore.\n");
    assert_true(a->step[0].checksum != b->step[0].checksum);
    assert_true(a->step[1].checksum == b->step[1].checksum);
    free(a);
    free(b);
}

static void errors_stand_where_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long line, column;
        const char *words;
    } rows[] = {
        {"", 1, 1, "the title"},
        {"# T\n## read  A\nB.\n", 1, 1, "@lesson"},
        {HEAD "## reed  A\nB.\n", 3, 4, "did you mean 'read'"},
        {HEAD "## read  A\nB.\n@shw A1\n", 5, 2, "did you mean 'show'"},
        {HEAD "## read  A\nB.\n@show A1x\n", 5, 7, "unknown scene 'A1x' (did you mean 'A1'?)"},
        {HEAD "## read  A\nB.\n@goal loss < 1\n", 5, 1, "no place in a 'read' step"},
        {HEAD "@goal loss < 1\n## read  A\nB.\n", 3, 1, "belongs into a step"},
        {HEAD "## read  A\n    B.\n", 4, 1, "continues"},
        {HEAD "## read  A\n", 3, 1, "needs prose"},
        {"# T\n@lesson id=t minutes=1 kind=film\n", 2, 24, "kind=demo"},
        {DEMO "## read  A\nB.\n", 4, 1, "'watch' and 'predict' steps alone"},
        {DEMO "## predict  A\n@run A3\n@ask B?\n@number 0.1 2% A4: 2/lambda\n@why c\n", 7, 9,
         "a class votes on answers"},
        {DEMO "## watch  A\n@big\n@run A3\n@at end: B\n", 5, 1, "before the first step"},
        {HEAD "## read  A\nB.\n## read  A\nB.\n", 5, 1, "a second step 'a'"},
        {HEAD "## read  \nB.\n", 3, 1, "needs a title"},
        {HEAD "@scene e surface=bowl20 eta0=-1\n## read  A\nB.\n", 3, 30, "eta0 > 0 is needed"},
        {HEAD "@scene e surface=bowl20\n% between\n  eta0=x\n## read  A\nB.\n", 5, 8, "'x'"},
        {HEAD "@scene A1 surface=bowl20\n## read  A\nB.\n", 3, 8, "there already"},
        {HEAD "@lesson id=a minutes=0\n## read  A\nB.\n", 3, 22, "no time"},
        {HEAD "@lesson id=a claims=55\n## read  A\nB.\n", 3, 21, "no claim"},
        {HEAD "## watch  A\n@run A1\n@at 3: y is 12 now\n", 5, 13, "typed number '12'"},
        {HEAD "## watch  A\n@run A1\n@at 3: y is {yy}\n", 5, 14, "unknown metric 'yy'"},
        {HEAD "## watch  A\n@run A1\n@at 3: a\n@at 3: b\n", 6, 8, "order"},
        {HEAD "## watch  A\n@run A1\n@at x: a\n", 5, 5, "no step"},
        {HEAD "## watch  A\n@run A1\n", 3, 1, "needs a caption"},
        {HEAD
         "## explain  A\n@ask B?\n- [ ] a => low-is-safe\n    f\n- [ ] b => low-is-safe\n    f\n",
         5, 3, "none marked [x]"},
        {HEAD "## explain  A\n@ask B?\n- [x] a\n    f\n- [ ] b => low-is-sage\n    f\n", 7, 12,
         "did you mean 'low-is-safe'"},
        {HEAD "## explain  A\n@ask B?\n- [x] a\n    f\n- [ ] b\n    f\n", 7, 7,
         "a wrong answer needs"},
        {HEAD
         "## explain  A\n@ask B?\n- [x] a => low-is-safe\n    f\n- [ ] b => low-is-safe\n    f\n",
         5, 12, "tied to a misconception"},
        {HEAD "## explain  A\n@ask B?\n- (x) a\n    f\n", 5, 3, "an answer begins"},
        {HEAD "## explain  A\n@ask B?\n- [x] a\n- [ ] b => low-is-safe\n    f\n", 5, 7,
         "no feedback"},
        {HEAD "## predict  A\n@run A1\n@ask B?\n- [x] a\n    f\n- [ ] b => low-is-safe\n    f\n- "
              "[?] c\n    f\n",
         6, 7, "@true"},
        {HEAD "## predict  A\n@run A1\n@ask B?\n- [x] a @true los < 1\n    f\n- [ ] b => "
              "low-is-safe\n    f\n- [?] c\n"
              "    f\n",
         6, 15, "did you mean 'loss'"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@goal loss <\n", 5, 13, "expected"},
        {HEAD "## do  A\n@use A1 unlock=eta\n@goal loss < 1\n", 4, 6, "did you mean 'eta0'"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@goal seeds 1..5: loss < 1\n", 5, 7, "no 'seeds'"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@solution noise=1\n", 5, 11, "'noise' is locked"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@solution eta0=0.1; at 3 seed=1\n", 5, 26, "locked"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@solution schedule=step\n", 5, 11,
         "'schedule' is locked"},
        {HEAD "## do  A\n@use A1 unlock=eta0\n@solution eta=1\n", 5, 11, "did you mean"},
        {HEAD "## do  A\n", 3, 1, "'@limit"},
        {HEAD "## review  A\n@from x\n", 3, 1, "@from LESSON/STEP"},
        {HEAD "## explain  A\n@ask B?\n@number 1 2 A1: t\n", 5, 9, "TOLERANCE%"},
        {HEAD "## explain  A\n@ask B?\n@number 1 2% A1: tt\n", 5, 18, "unknown metric"},
        {HEAD "## read  A\nB.\n@proof loss < 1\n", 5, 8, "a known scene"},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        failed += !expect(rows[i].text, rows[i].line, rows[i].column, rows[i].words);
    assert_int_equal(failed, 0);
}

static void all_errors_in_one_go(void **state)
{
    (void)state;
    parse(
        "# T\n@lesson id=a\n@bogus 1\n## reed  A\n@show Q99\n## do  B\n@goal lss < 1\n- [x] no\n");
    assert_true(errors.errors >= 6);
    for (int i = 1; i < errors.count; i++)
        assert_true(errors.item[i].error.line > 0);
}

static void long_prose_is_a_warning(void **state)
{
    (void)state;
    char text[1000];
    Text out = text_over(text, sizeof text);
    text_add(&out, HEAD "## read  A\n");
    for (int i = 0; i < 61; i++)
        text_add(&out, "word ");
    text_add(&out, "\n");
    Lesson *l = parse(text);
    assert_non_null(l);
    assert_int_equal(errors.warnings, 1);
    assert_non_null(strstr(errors.item[0].error.message, "61 words"));
    free(l);
}

static void emphasis_is_taken_off(void **state)
{
    (void)state;
    char text[100];
    Text out = text_over(text, sizeof text);
    lesson_plain("A *word*, 2 * 3, a*b (*both* words).", &out);
    assert_string_equal(text, "A word, 2 * 3, a*b (both words).");
}

/* ---- settings ----------------------------------------------------------------------------- */

static Scene scene;

static void settings_are_applied_as_on_the_stage(void **state)
{
    (void)state;
    Error err = {.line = 0};
    const char *words = "schedule=triangular:max_lr=1.5; at 40 eta0=0.1 ; at 50 noise=1";
    Lesson *l = parse_good(HEAD GOOD_DO);
    assert_true(lesson_scene(l, "B6", 2, &scene, &err));
    assert_true(setup_apply(&scene, NULL, words, strlen(words), &err));
    char line[400];
    Text out = text_over(line, sizeof line);
    scene_print(&scene, true, &out);
    assert_non_null(strstr(line, "max_lr=1.5,step_up=20,step_down=20"));
    assert_int_equal(scene.edit_count, 2);
    words = "eta0=0.3 at 60 noise=2 vs eta0=0.5 at 3 eta0=0.7";
    assert_true(setup_apply(&scene, NULL, words, strlen(words), &err));
    assert_int_equal(scene.edit_count, 3);
    assert_int_equal(scene_runners(&scene), 2);
    assert_true(step_allows(&l->step[0], &scene, SCENE_ETA0, "0.1", 3, &err));
    assert_false(step_allows(&l->step[0], &scene, SCENE_NOISE, "1", 1, &err));
    assert_non_null(strstr(err.message, "'noise' is locked"));
    free(l);
}

static void runs_are_cut_at_bars(void **state)
{
    (void)state;
    const char *at = "eta0=1 |  surface='x|y' ";
    const char *run;
    size_t length;
    assert_true(setup_next_run(&at, &run, &length) && word_is(run, length, "eta0=1"));
    assert_true(setup_next_run(&at, &run, &length) && word_is(run, length, "surface='x|y'"));
    assert_false(setup_next_run(&at, &run, &length));
}

/* ---- shipped data ------------------------------------------------------------------------- */

static void shipped_lessons_parse(void **state)
{
    (void)state;
    Course c;
    errors_start(&errors);
    course_embedded(&c, &errors);
    course_verify(&c, &errors);
    dump();
    assert_int_equal(errors.errors, 0);
    assert_int_equal(errors.warnings, 0);
    assert_true(c.count >= 12);
    for (int i = 0; i < 12; i++)
        assert_int_equal(c.lesson[i]->number, i + 1);
    course_free(&c);
}

/* A word of the glossary is marked where it is explained, and not used before. */
static void new_words_are_new(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *error;
    } rows[] = {
        {"Nothing yet.", "The *saddle* is here, a saddle is level.", NULL},
        {"A saddle is level.", "The *saddle* is here.",
         "uses 'saddle', which 'b' introduces later"},
        {"A *saddle* is level.", "The *saddle* again.", NULL},
        {"Saddles are not it.", "The *Saddle* is here.", NULL},
        {"All of it.", "Not *all* of it.", NULL}, /* no term: emphasis */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[600];
        Course c = {0};
        snprintf(text, sizeof text,
                 "# 1 T\n@lesson id=t minutes=1\n\n"
                 "## read  A\n@id a\n%s\n\n## read  B\n@id b\n%s\n",
                 rows[i].first, rows[i].second);
        errors_start(&errors);
        Lesson *l = lesson_parse("t", text, &errors);
        assert_non_null(l);
        assert_true(course_add(&c, l));
        course_verify(&c, &errors);
        assert_int_equal(errors.errors, rows[i].error != NULL);
        if (rows[i].error)
            assert_non_null(strstr(errors.item[0].error.message, rows[i].error));
        course_free(&c);
    }
}

static void each_scene_known(const char *list)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        if (!named_find(at, length))
            fail_msg("unknown scene in '%s'", list);
        at += length + strspn(at + length, " ");
    }
}

static void misconceptions_are_whole(void **state)
{
    (void)state;
    assert_true(belief_count() >= 27);
    for (int i = 0; i < belief_count(); i++) {
        const Belief *b = belief_row(i);
        assert_true(*b->says && *b->scenes && *b->look);
        assert_ptr_equal(belief_find(b->id, strlen(b->id)), b);
        each_scene_known(b->scenes);
    }
}

static void condition_parses(const char *text)
{
    static Goal g;
    Error err;
    if (*text && !goal_parse(&g, text, &err))
        fail_msg("'%s': %s", text, err.message);
}

static void claims_are_whole(void **state)
{
    (void)state;
    assert_true(claim_count() > 30);
    for (int i = 0; i < claim_count(); i++) {
        const Claim *c = claim_row(i);
        assert_true(c->number >= 1 && c->number <= CLAIMS && *c->says);
        condition_parses(c->holds);
        condition_parses(c->half);
        each_scene_known(c->scenes);
        each_scene_known(c->counter);
        assert_true(c->quoted || (*c->scenes && *c->counter && *c->nuance));
    }
}

static void a_claim_is_set_beside_a_run(void **state)
{
    (void)state;
    static const struct {
        const char *id, *words;
    } rows[] = {
        {"B4", "Textbooks say: Cyclical rates escape local minima. This run says: holds here. But "
               "see B15 (digit 7):"},
        {"B15", "does not hold here. Why:"},
        {"A5", "holds here"},
        {"A6", "does not hold here"},
        {"B15k", "does not hold here. Compare B15 (digit 7): a bold cycle"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Error err;
        char line[600];
        Text out = text_over(line, sizeof line);
        Timeline *t = timeline_new();
        assert_true(named_load(named_find(rows[i].id, strlen(rows[i].id)), &scene, &err));
        assert_true(timeline_set(t, &scene, &err));
        timeline_advance(t, 100000);
        assert_true(claim_for(rows[i].id, t, &out));
        if (!strstr(line, rows[i].words))
            fail_msg("%s: %s", rows[i].id, line);
        timeline_free(t);
    }
}

static void captions_are_computed_and_compared(void **state)
{
    (void)state;
    Error err;
    char line[200];
    Text out = text_over(line, sizeof line);
    Timeline *t = timeline_new();
    assert_true(named_load(named_find("A3", 2), &scene, &err));
    assert_true(timeline_set(t, &scene, &err));
    timeline_advance(t, 1000);
    phrase_caption("y = {y}, {sign_changes_y=1} flip", t, 1, &out);
    assert_string_equal(line, "y = -0.8, 1 flip");
    assert_true(phrase_numbers_agree("y = {y=-0.8}", t, 1, &err));
    assert_true(phrase_numbers_agree("y = {y=-1}", t, 1, &err)); /* -0.8 rounds to -1 */
    assert_false(phrase_numbers_agree("{y} and {y=-0.9}", t, 1, &err));
    assert_non_null(strstr(err.message, "the caption says y = -0.9"));
    timeline_free(t);
}

/* ---- fuzz --------------------------------------------------------------------------------- */

static const char *const pieces[] = {
    "## do  A\n",
    "## predict  B\n",
    "@use A1 unlock=eta0,k\n",
    "@goal loss < 0.1 by 60\n",
    "@at 3: {loss=1}\n",
    "- [x] a @true rises == 0\n",
    "    more\n",
    "@solution eta0=1 | eta0=2; at 3 eta0=1\n",
    "@scene q like=B6 eta0=1\n",
    "% c\n",
    "@number 1 2% A1: t\n",
    "=> low-is-safe",
    "@lesson id=a minutes=1\n",
    "\xff\xc3",
    "'",
    "\"",
    "{",
    "}",
    "@",
    "#",
    "\r\n",
    "|",
    ":",
    "=",
    "@run A1 speed=1\n",
    "@show A1\n",
    "@beside B1\n",
    "@fails noise=1\n",
    "@limit always: evaluations < 9\n",
    "- [ ] w => x\n",
};

static void fuzz_once(uint64_t seed, char *text, size_t size)
{
    size_t used = strlen(text);
    for (int i = 0; i < 12; i++) {
        uint64_t r = rng_u64(seed, (uint64_t)i);
        size_t at = used ? (size_t)(r >> 32) % used : 0;
        size_t count = (size_t)(r >> 8) % 40;
        const char *piece = pieces[(r >> 16) % (sizeof pieces / sizeof pieces[0])];
        size_t length = strlen(piece);
        switch (r & 3) {
        case 0: /* another byte */
            if (used)
                text[at] = (char)(1 + (r >> 40) % 255);
            break;
        case 1: /* cut */
            if (at + count < used) {
                memmove(text + at, text + at + count, used - at - count + 1);
                used -= count;
            }
            break;
        default: /* insert */
            if (used + length + 1 < size) {
                memmove(text + at + length, text + at, used - at + 1);
                memcpy(text + at, piece, length);
                used += length;
            }
        }
    }
}

static void random_changes_never_crash(void **state)
{
    (void)state;
    enum { SIZE = 32768, ROUNDS = 40 };
    char *text = malloc(SIZE);
    for (const Embedded *e = embedded_files; e->name; e++) {
        if (!strstr(e->name, ".lesson"))
            continue;
        for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
            snprintf(text, SIZE, "%s", e->text);
            fuzz_once(seed * 7919 + e->size, text, SIZE);
            Lesson *l = parse(text);
            assert_true(l || errors.errors > 0);
            free(l);
        }
    }
    free(text);
}

static void random_bytes_never_crash(void **state)
{
    (void)state;
    static char text[600];
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        size_t used = 0;
        for (int i = 0; i < 30; i++) {
            uint64_t r = rng_u64(seed, (uint64_t)i);
            const char *piece = pieces[r % (sizeof pieces / sizeof pieces[0])];
            if (r >> 60 == 0)
                text[used++] = (char)(1 + (r >> 20) % 255);
            else if (used + strlen(piece) < sizeof text - 40) {
                memcpy(text + used, piece, strlen(piece));
                used += strlen(piece);
            }
        }
        text[used] = '\0';
        free(parse(text));
    }
}

/* A kind's row: its directives exist and are accepted, those that it needs too, and the author's
 * page says what it is. */
static void test_step_kinds(void **state)
{
    (void)state;
    char *page;
    size_t size;
    Error err = {0};
    ErrorList *list = malloc(sizeof *list);
    assert_true(list && file_read("lessons/README.md", 1 << 16, &page, &size, &err));
    for (const StepKind *k = step_kinds; k->name; k++) {
        char text[600];
        assert_ptr_equal(step_kind_find(k->name, strlen(k->name)), k);
        assert_true((k->begins == PHASE_TRY) == k->doing);
        assert_true((k->begins == PHASE_ASK) == (k->asks || k->reviews));
        snprintf(text, sizeof text, "`%s` %s", k->name, k->text);
        if (!strstr(page, text))
            fail_msg("lessons/README.md does not say %s", text);
        for (const char *w = k->takes; *w; w += strcspn(w, " "), w += strspn(w, " ")) {
            int n = (int)strcspn(w, " ");
            snprintf(text, sizeof text, HEAD "## %s  A\nB.\n@%.*s x\n", k->name, n, w);
            errors_start(list);
            free(lesson_parse("t", text, list));
            for (int i = 0; i < list->count; i++)
                if (strstr(list->item[i].error.message, "no place") ||
                    strstr(list->item[i].error.message, "unknown directive"))
                    fail_msg("%s: %s", k->name, list->item[i].error.message);
        }
        for (const char *w = k->needs; *w; w += strcspn(w, " "), w += strspn(w, " ")) {
            size_t n = strcspn(w, " ");
            char word[20];
            snprintf(word, sizeof word, "%.*s", (int)n, w);
            assert_true(strcmp(word, "prose") == 0 || strcmp(word, "why") == 0 ||
                        step_kind_lists(k->takes, word));
        }
    }
    free(page);
    free(list);
}

/* A value is shown with as many digits as tell it from what it is compared with. */
static void test_values_beside_thresholds(void **state)
{
    (void)state;
    static const struct {
        double value, threshold;
        const char *shown;
    } cases[] = {{0.44176, 0.4418, "0.44176"}, {0.0312345, 0.01, "0.0312"}, {0.01, 0.01, "0.01"},
                 {0.0099999, 0.01, "0.0099999"}, {INFINITY, 1, "∞"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[40];
        Text out = text_over(text, sizeof text);
        GoalCondition c = {.value = cases[i].value, .threshold = cases[i].threshold};
        phrase_now(&c, &out);
        if (strcmp(text, cases[i].shown) != 0)
            fail_msg("%.17g beside %g: %s", cases[i].value, cases[i].threshold, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_beside_thresholds),
        cmocka_unit_test(test_step_kinds),
        cmocka_unit_test(reads_a_lesson),
        cmocka_unit_test(reads_a_demonstration),
        cmocka_unit_test(reads_answers),
        cmocka_unit_test(line_ends_do_not_matter),
        cmocka_unit_test(a_changed_step_has_another_checksum),
        cmocka_unit_test(errors_stand_where_they_are),
        cmocka_unit_test(all_errors_in_one_go),
        cmocka_unit_test(long_prose_is_a_warning),
        cmocka_unit_test(emphasis_is_taken_off),
        cmocka_unit_test(settings_are_applied_as_on_the_stage),
        cmocka_unit_test(runs_are_cut_at_bars),
        cmocka_unit_test(shipped_lessons_parse),
        cmocka_unit_test(new_words_are_new),
        cmocka_unit_test(misconceptions_are_whole),
        cmocka_unit_test(claims_are_whole),
        cmocka_unit_test(a_claim_is_set_beside_a_run),
        cmocka_unit_test(captions_are_computed_and_compared),
        cmocka_unit_test(random_changes_never_crash),
        cmocka_unit_test(random_bytes_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
