/* SPDX-License-Identifier: MIT
 * test_list: `etascope list` against the tables it prints: every row, in order, once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/line.h"
#include "app/views.h"
#include "base/text.h"
#include "core/named.h"
#include "lab/find.h"
#include "teach/course.h"

#include "view/panel.h"

#include "command.h"

enum { TEXT = 1 << 20 };

/* A reader of the list's lines. */
typedef struct Lines {
    char *text; /* owned */
    char *at;
} Lines;

static Lines list_of(const char *what)
{
    Result r = RUN("list", what);
    expect_ok(&r);
    free(r.err);
    return (Lines){r.out, r.out};
}

/* The next line is exactly this one. */
static void expect_line(Lines *l, const char *format, ...)
{
    char want[2000];
    va_list args;
    va_start(args, format);
    vsnprintf(want, sizeof want, format, args);
    va_end(args);
    size_t n = strcspn(l->at, "\n");
    assert_int_equal(l->at[n], '\n');
    l->at[n] = '\0';
    assert_string_equal(l->at, want);
    l->at += n + 1;
}

static void expect_end(Lines *l)
{
    assert_string_equal(l->at, "");
    free(l->text);
}

static void expect_params(Lines *l, const ParamInfo *p)
{
    for (; p->name; p++) {
        char number[NUMBER_TEXT];
        number_print(number, p->fixed);
        const char *value = p->kind == PARAM_CHOICE ? p->choices[(int)p->fixed]
                            : p->derived_text       ? p->derived_text
                                                    : number;
        expect_line(l, "    %-18s = %-22s %s", p->name, value, p->text);
    }
}

static void schedules_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("schedules");
    for (const Schedule *s = schedules; s->name; s++) {
        expect_line(&l, "%-16s %s", s->name, s->title);
        expect_line(&l, "    %s", s->formula);
        expect_params(&l, s->params);
    }
    expect_end(&l);
}

static void optimizers_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("optimizers");
    for (const Optimizer *o = optimizers; o->name; o++) {
        expect_line(&l, "%-16s %s", o->name, o->title);
        expect_line(&l, "    %s", o->formula);
        expect_params(&l, o->params);
    }
    expect_end(&l);
}

static void surfaces_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("surfaces");
    for (int i = 0; i < surface_count(); i++) {
        const Surface *s = surface_row(i);
        expect_line(&l, "%-16s %s", s->name, s->title);
        expect_line(&l, "    %s", s->formula);
        expect_line(&l, "    %s", s->note);
        for (int k = 0; k < s->params.count; k++)
            expect_line(&l, "    %-18s = %g", s->params.name[k], s->params.value[k]);
    }
    expect_end(&l);
}

static void scenes_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("scenes");
    for (int i = 0; i < named_count(); i++)
        expect_line(&l, "%-6s %-32s %s", named_row(i)->id, named_row(i)->title,
                    named_row(i)->claim);
    expect_end(&l);
}

static void finds_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("finds");
    for (int i = 0; i < find_named_count(); i++) {
        expect_line(&l, "%-6s %s", find_named_row(i)->id, find_named_row(i)->title);
        expect_line(&l, "       %s", find_named_row(i)->note);
    }
    expect_end(&l);
}

static void lessons_are_listed(void **state)
{
    (void)state;
    Course c;
    ErrorList *errors = malloc(sizeof *errors);
    assert_non_null(errors);
    errors_start(errors);
    assert_true(course_embedded(&c, errors));
    Lines l = list_of("lessons");
    for (int i = 0; i < c.count; i++) {
        char number[16];
        snprintf(number, sizeof number, c.lesson[i]->demo ? " -" : "%2d", c.lesson[i]->number);
        expect_line(&l, "%s  %-14s %-28s %2d steps, %g min", number, c.lesson[i]->id,
                    c.lesson[i]->title, c.lesson[i]->steps, c.lesson[i]->minutes);
    }
    expect_end(&l);
    course_free(&c);
    free(errors);
}

static void commands_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("commands");
    const Command *c;
    for (int n = 0; (c = command_row(views, n)); n++)
        expect_line(&l, "%-10s %-26s %s", c->name, c->args, c->help);
    expect_end(&l);
}

/* Every binding of every view stands there, under the view's title. */
static void keys_are_listed(void **state)
{
    (void)state;
    Lines l = list_of("keys");
    for (int v = 0; views[v]; v++) {
        if (!views[v]->keys)
            continue;
        expect_line(&l, "%s", views[v]->title);
        for (int t = 0; views[v]->keys[t]; t++)
            for (const Binding *b = views[v]->keys[t]; b->line; b++) {
                char name[16];
                const char *help = b->help ? b->help : command_of(views, b->line)->help;
                key_name(b->key, name);
                expect_line(&l, "    %s%*s  %-20s  %s", name, 10 - text_cols(name), "", b->line, help);
            }
    }
    expect_end(&l);
}

/* Without a word: all of them, each under its name. */
static void all_are_listed(void **state)
{
    (void)state;
    static const char *const names[] = {"surfaces", "schedules", "optimizers", "scenes",
                                        "finds",    "lessons",   "keys",       "commands"};
    char *all = malloc(TEXT);
    size_t used = 0;
    assert_non_null(all);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Lines l = list_of(names[i]);
        used += (size_t)snprintf(all + used, TEXT - used, "%s%s:\n\n%s", i ? "\n" : "", names[i],
                                 l.text);
        free(l.text);
    }
    Result r = RUN("list");
    expect_ok(&r);
    assert_string_equal(r.out, all);
    forget(&r);
    free(all);
    r = RUN("list", "keys", "scenes");
    expect_ok(&r);
    assert_memory_equal(r.out, "scenes:\n\n", 9);
    assert_non_null(strstr(r.out, "\nkeys:\n\n"));
    assert_null(strstr(r.out, "finds:"));
    forget(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules_are_listed), cmocka_unit_test(optimizers_are_listed),
        cmocka_unit_test(surfaces_are_listed),  cmocka_unit_test(scenes_are_listed),
        cmocka_unit_test(finds_are_listed),     cmocka_unit_test(lessons_are_listed),
        cmocka_unit_test(commands_are_listed),  cmocka_unit_test(keys_are_listed),
        cmocka_unit_test(all_are_listed),
    };
    (void)argc;
    find_program(argv[0]);
    return cmocka_run_group_tests_name("lists", tests, make_folder, remove_folder);
}
