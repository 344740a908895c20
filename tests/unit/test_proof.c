/* SPDX-License-Identifier: MIT
 * test_proof: the shipped lessons are proved, always in the same words; damaged ones are not. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "cli/check.h"
#include "store/file.h"
#include "teach/proof.h"

static ErrorList errors;

/* Sanitizers slow the prover down; wall-clock goals are for the release build. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SLOW = 1 };
#else
enum { SLOW = 0 };
#endif

static void dump(void)
{
    char line[700];
    for (int i = 0; i < errors.count; i++) {
        Text out = text_over(line, sizeof line);
        errors_line(&errors.item[i], &out);
        printf("%s\n", line);
    }
}

static void hash_line(void *ctx, const char *line)
{
    uint64_t *hash = ctx;
    for (; *line; line++)
        *hash = (*hash ^ (unsigned char)*line) * UINT64_C(0x100000001b3);
}

static uint64_t prove(int every, int most)
{
    Course c;
    uint64_t hash = 1;
    ProofSink sink = {&hash, hash_line, &errors};
    errors_start(&errors);
    course_embedded(&c, &errors);
    course_verify(&c, &errors);
    for (int i = 0; i < c.count && i < most; i += every)
        proof_lesson(c.lesson[i], -1, &sink);
    if (every == 1)
        proof_claims(&c, &errors);
    course_free(&c);
    return hash;
}

static void the_course_is_proved(void **state)
{
    (void)state;
    prove(SLOW ? 5 : 1, 100);
    dump();
    assert_int_equal(errors.errors, 0);
    assert_true(prove(1, 2) == prove(1, 2));
}

/* ---- mutations ---------------------------------------------------------------------------- */

enum { TEXT = 65536 };
static char work[TEXT];

/* Replace the n-th line that begins with `start` (or holds it, where start[0] is '*'); NULL: remove
 * it. */
static bool replace_line(const char *text, const char *start, int n, const char *with)
{
    size_t used = 0;
    bool anywhere = *start == '*';
    bool done = false;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        const char *hit = anywhere                                   ? strstr(line, start + 1)
                          : strncmp(line, start, strlen(start)) == 0 ? line
                                                                     : NULL;
        bool here = hit && hit < line + length && n-- == 0;
        if (here && with)
            used += (size_t)snprintf(work + used, TEXT - used, "%s\n", with);
        if (!here) {
            memcpy(work + used, line, length);
            used += length;
            work[used++] = '\n';
        }
        done = done || here;
        line += length + (line[length] == '\n');
    }
    work[used] = '\0';
    return done;
}

/* Replace the n-th occurrence of a piece of text. */
static bool replace_text(const char *text, const char *what, int n, const char *with)
{
    const char *hit = strstr(text, what);
    while (hit && n--)
        hit = strstr(hit + 1, what);
    if (!hit)
        return false;
    snprintf(work, TEXT, "%.*s%s%s", (int)(hit - text), text, with, hit + strlen(what));
    return true;
}

static bool first_line(const char *text, const char *start, char *out, size_t size)
{
    for (const char *line = text; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, start, strlen(start)) == 0) {
            snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
            return true;
        }
    return false;
}

/* The right mark goes to the next answer, or to the one before. */
static bool move_answer(const char *text, int n)
{
    const char *right = strstr(text, "- [x]");
    while (right && n--)
        right = strstr(right + 1, "- [x]");
    if (!right)
        return false;
    const char *end = strstr(right, "\n#");
    const char *next = strstr(right, "- [ ]");
    if (!next || (end && next > end)) {
        next = NULL;
        for (const char *c = strstr(text, "- [ ]"); c && c < right; c = strstr(c + 1, "- [ ]"))
            next = c;
    }
    snprintf(work, TEXT, "%s", text);
    work[right - text + 3] = ' ';
    work[next - text + 3] = 'x';
    return true;
}

static bool change_caption(const char *text, int n)
{
    const char *hit = text;
    for (int found = -1; found < n;) {
        hit = strchr(hit + 1, '=');
        if (!hit)
            return false;
        const char *open = hit;
        while (open > text && *open != '{' && *open != '\n' && *open != ' ')
            open--;
        found += *open == '{';
    }
    size_t digits = strspn(hit + 1, "-0123456789.");
    snprintf(work, TEXT, "%.*s=7%.*s%s", (int)(hit - text), text, (int)digits, "777.7777",
             hit + 1 + digits);
    return true;
}

/* All of them: one of two solutions may go. */
static bool replace_every(const char *text, const char *what, const char *with)
{
    static char copy[TEXT];
    bool any = false;
    snprintf(work, TEXT, "%s", text);
    do {
        snprintf(copy, TEXT, "%s", work);
        any = any || strstr(copy, what);
    } while (replace_text(copy, what, 0, with));
    return any;
}

typedef enum Kind { LINE, PIECE, EVERY, ANSWER, CAPTION, SWAP } Kind;

/* What an author may get wrong. */
static const struct {
    const char *name;
    Kind kind;
    const char *what, *with;
} mutations[] = {
    {"goal loosened to true", LINE, "@goal", "@goal t >= 0"},
    {"goal tightened to impossible", LINE, "@goal", "@goal loss < -1000000"},
    {"goal removed", LINE, "@goal", NULL},
    {"goal misspelt", PIECE, "@goal loss", "@goal loos"},
    {"limit removed", LINE, "@limit", NULL},
    {"limit tightened", LINE, "@limit", "@limit steps <= 3"},
    {"solutions removed", EVERY, "@solution", "%"},
    {"solution replaced by a failing one", SWAP, "@solution", "@fails"},
    {"failing one replaced by the solution", SWAP, "@fails", "@solution"},
    {"right answer moved", ANSWER, NULL, NULL},
    {"scene misspelt in @run", PIECE, "@run ", "@run x"},
    {"scene misspelt in @use", PIECE, "@use ", "@use x"},
    {"caption number changed", CAPTION, NULL, NULL},
    {"caption step behind the end", PIECE, "@at 1", "@at 10000001"},
    {"condition turned round", PIECE, "@true ", "@true not "},
    {"wrong answer's condition turned round", PIECE, "@false ", "@false not "},
    {"misconception misspelt", PIECE, "=> ", "=> q"},
    {"hint removed", LINE, "@hint", NULL},
    {"why removed", LINE, "@why", NULL},
    {"unlocked key misspelt", PIECE, "unlock=", "unlock=z"},
    {"par too low", LINE, "@par", "@par 1"},
    {"review of nothing", PIECE, "@from ", "@from x"},
    {"proof turned round", PIECE, ": ", ": not "},
    {"directive misspelt", PIECE, "@ask", "@aks"},
    {"kind misspelt", PIECE, "## do", "## dp"},
    {"[?] removed", PIECE, "- [?]", "- [ ]"},
    {"number changed", PIECE, "@number ", "@number 1"},
};

static bool mutate(size_t m, const char *text, int n)
{
    char line[1000];
    switch (mutations[m].kind) {
    case LINE:
        return replace_line(text, mutations[m].what, n, mutations[m].with);
    case PIECE:
        return replace_text(text, mutations[m].what, n, mutations[m].with);
    case EVERY:
        return n == 0 && replace_every(text, mutations[m].what, mutations[m].with);
    case ANSWER:
        return move_answer(text, n);
    case CAPTION:
        return change_caption(text, n);
    default: /* the settings of one kind of line behind the name of the other */
        if (n > 0 || !first_line(text, mutations[m].with, line + 10, sizeof line - 10))
            return false;
        char *settings = strchr(line + 10, ' ');
        char made[1000];
        snprintf(made, sizeof made, "%s%.900s", mutations[m].what, settings);
        return replace_line(text, mutations[m].what, 0, made);
    }
}

/* The proof of a damaged text finds something: steps that are as they were are left out. */
static bool is_reported(const char *name, const Lesson *whole)
{
    Course c;
    errors_start(&errors);
    Lesson *l = lesson_parse(name, work, &errors);
    if (!l)
        return true;
    ProofSink sink = {NULL, NULL, &errors};
    for (int i = 0; i < l->steps; i++)
        if (i >= whole->steps || l->step[i].checksum != whole->step[i].checksum)
            proof_lesson(l, i, &sink);
    if (errors.errors == 0) { /* what joins lessons */
        course_embedded(&c, &errors);
        int i = course_find(&c, l->id, strlen(l->id));
        if (i >= 0) {
            free(c.lesson[i]);
            c.lesson[i] = l;
            l = NULL;
        }
        course_verify(&c, &errors);
        course_free(&c);
    }
    free(l);
    return errors.errors > 0;
}

/* "proof turned round" hits every ": "; prose and scenes have some, too. */
static bool is_meant(size_t m, const char *text, int n)
{
    if (strcmp(mutations[m].name, "proof turned round") != 0)
        return true;
    const char *hit = strstr(text, ": ");
    while (hit && n--)
        hit = strstr(hit + 1, ": ");
    while (hit && hit > text && hit[-1] != '\n')
        hit--;
    return hit && strncmp(hit, "@proof", 6) == 0;
}

static void damaged_lessons_are_reported(void **state)
{
    (void)state;
    int made = 0;
    int missed = 0;
    int lesson = 0;
    for (const Embedded *e = embedded_files; e->name; e++) {
        if (!strstr(e->name, ".lesson") || (SLOW && lesson++ % 4))
            continue;
        errors_start(&errors);
        Lesson *whole = lesson_parse(e->name, e->text, &errors);
        assert_non_null(whole);
        for (size_t m = 0; m < sizeof mutations / sizeof mutations[0]; m++)
            for (int n = 0; n < (SLOW ? 1 : 2); n++) {
                if (!is_meant(m, e->text, n) || !mutate(m, e->text, n))
                    continue;
                made++;
                if (!is_reported(e->name, whole)) {
                    printf("not reported: %s, %s, place %d\n", e->name, mutations[m].name, n);
                    missed++;
                }
            }
        free(whole);
    }
    printf("%d mutations\n", made);
    assert_int_equal(missed, 0);
    assert_true(made >= 50);
}

/* A line that a learner reads: prose, a question, an answer (as far as its condition), why. */
static size_t read_length(const char *line)
{
    size_t length = strcspn(line, "\n");
    bool prose = !strchr("@#%", *line) || strncmp(line, "@ask", 4) == 0 || strncmp(line, "@why", 4) == 0;
    size_t condition = *line == '@' ? length : strcspn(line, "@\n");
    return prose && length ? condition : 0;
}

/* The k-th number in what is read that is more than a small count, one digit of it changed. */
static bool falsify_number(const char *text, int k)
{
    bool steps = false;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        steps = steps || strncmp(line, "##", 2) == 0;
        const char *end = line + (steps ? read_length(line) : 0);
        for (const char *c = line; c < end; c++) {
            if (!isdigit((unsigned char)*c))
                continue;
            size_t n = strspn(c, "0123456789.");
            while (c[n - 1] == '.')
                n--;
            bool glued = (c > text && (isalnum((unsigned char)c[-1]) || c[-1] == '_')) || isalpha((unsigned char)c[n]);
            double value = strtod(c, NULL);
            bool counts = !glued && (value > 12 || memchr(c, '.', n));
            if (counts && k-- == 0) {
                snprintf(work, TEXT, "%s", text);
                char *digit = work + (c - text) + n - 1;
                *digit = *digit == '3' ? '9' : '3';
                return true;
            }
            c += n - 1;
        }
    }
    return false;
}

/* A wrong number in what the learner reads is found, wherever it stands. */
static void false_numbers_are_reported(void **state)
{
    (void)state;
    int made = 0;
    int missed = 0;
    for (const Embedded *e = embedded_files; e->name; e++) {
        if (!strstr(e->name, ".lesson"))
            continue;
        errors_start(&errors);
        Lesson *whole = lesson_parse(e->name, e->text, &errors);
        assert_non_null(whole);
        for (int k = 0; k < (SLOW ? 2 : 12) && falsify_number(e->text, k); k++) {
            made++;
            if (!is_reported(e->name, whole)) {
                printf("not reported: %s, number %d\n", e->name, k + 1);
                missed++;
            }
        }
        free(whole);
    }
    printf("%d false numbers\n", made);
    assert_true(40 * missed <= made); /* one may happen to be another number of its step */
    assert_true(made >= (SLOW ? 15 : 40));
}

/* ---- homework ----------------------------------------------------------------------------- */

static void a_run_is_checked_against_a_goal(void **state)
{
    (void)state;
    int met = check_runs("surface=bowl20 start=-4,1 schedule=constant eta0=0.08 steps=100", NULL, 1,
                         "loss < 0.01 by 80");
    int missed = check_runs("B1", NULL, 1, "loss < 0.01 by 80");
    int seeds = check_runs("D4", NULL, 1, "seeds 1..5: tail < 0.001");
    int bad = check_runs("B1", NULL, 1, "lss < 1");
    assert_int_equal(met, 0);
    assert_int_equal(missed, 1);
    assert_int_equal(seeds, 0);
    assert_int_equal(bad, 2);
}

/* Each rule has a name of its own and a line on the author's page. */
static void the_rules_are_listed(void **state)
{
    (void)state;
    char *page;
    size_t size;
    Error err = {0};
    assert_true(file_read("lessons/README.md", 1 << 16, &page, &size, &err));
    for (const ProofRule *r = proof_rules; r->id; r++) {
        char row[200];
        snprintf(row, sizeof row, "| `%s` | %s |\n", r->id, r->text);
        if (!strstr(page, row))
            fail_msg("lessons/README.md lacks %s", row);
        for (const ProofRule *other = proof_rules; other < r; other++)
            assert_string_not_equal(other->id, r->id);
    }
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(false_numbers_are_reported),
        cmocka_unit_test(the_rules_are_listed),
        cmocka_unit_test(the_course_is_proved),
        cmocka_unit_test(damaged_lessons_are_reported),
        cmocka_unit_test(a_run_is_checked_against_a_goal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
