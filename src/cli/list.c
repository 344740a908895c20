/* SPDX-License-Identifier: MIT
 * list: the tables as text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/line.h"
#include "app/views.h"
#include "base/words.h"
#include "cli/cli.h"
#include "core/named.h"
#include "lab/find.h"
#include "teach/course.h"
#include "view/panel.h"

static void print_param(const ParamInfo *p)
{
    char def[64];
    char number[NUMBER_TEXT];
    number_print(number, p->fixed);
    if (p->kind == PARAM_CHOICE)
        snprintf(def, sizeof def, "%s", p->choices[(int)p->fixed]);
    else
        snprintf(def, sizeof def, "%s", p->derived_text ? p->derived_text : number);
    printf("    %-18s = %-22s %s\n", p->name, def, p->text);
}

static void list_schedules(void)
{
    for (const Schedule *s = schedules; s->name; s++) {
        printf("%-16s %s\n    %s\n", s->name, s->title, s->formula);
        for (const ParamInfo *p = s->params; p->name; p++)
            print_param(p);
    }
}

static void list_optimizers(void)
{
    for (const Optimizer *o = optimizers; o->name; o++) {
        printf("%-16s %s\n    %s\n", o->name, o->title, o->formula);
        for (const ParamInfo *p = o->params; p->name; p++)
            print_param(p);
    }
}

static void list_surfaces(void)
{
    for (int i = 0; i < surface_count(); i++) {
        const Surface *s = surface_row(i);
        printf("%-16s %s\n    %s\n    %s\n", s->name, s->title, s->formula, s->note);
        for (int k = 0; k < s->params.count; k++)
            printf("    %-18s = %g\n", s->params.name[k], s->params.value[k]);
    }
}

static void list_scenes(void)
{
    for (int i = 0; i < named_count(); i++)
        printf("%-6s %-32s %s\n", named_row(i)->id, named_row(i)->title, named_row(i)->claim);
}

static void list_key(const Binding *b)
{
    char name[16];
    const Command *c = command_of(views, b->line);
    key_name(b->key, name);
    printf("    %s%*s  %-20s  %s\n", name, 10 - text_cols(name), "", b->line,
           b->help ? b->help : c ? c->help : "");
}

static void list_keys(void)
{
    for (int i = 0; views[i]; i++) {
        if (!views[i]->keys)
            continue;
        printf("%s\n", views[i]->title);
        for (int k = 0; views[i]->keys[k]; k++)
            for (const Binding *b = views[i]->keys[k]; b->line; b++)
                list_key(b);
    }
}

static void list_commands(void)
{
    const Command *c;
    for (int n = 0; (c = command_row(views, n)); n++)
        printf("%-10s %-26s %s\n", c->name, c->args, c->help);
}

static void list_finds(void)
{
    for (int i = 0; i < find_named_count(); i++)
        printf("%-6s %s\n       %s\n", find_named_row(i)->id, find_named_row(i)->title,
               find_named_row(i)->note);
}

static void list_lessons(void)
{
    Course c;
    ErrorList *errors = malloc(sizeof *errors);
    if (!errors)
        return;
    errors_start(errors);
    course_embedded(&c, errors);
    for (int i = 0; i < c.count; i++) {
        char number[16] = " -"; /* a demonstration */
        if (!c.lesson[i]->demo)
            snprintf(number, sizeof number, "%2d", c.lesson[i]->number);
        printf("%s  %-14s %-28s %2d steps, %g min\n", number, c.lesson[i]->id,
               c.lesson[i]->title, c.lesson[i]->steps, c.lesson[i]->minutes);
    }
    course_free(&c);
    free(errors);
}

static const struct {
    const char *name;
    void (*print)(void);
} lists[] = {
    {"surfaces", list_surfaces}, {"schedules", list_schedules}, {"optimizers", list_optimizers},
    {"scenes", list_scenes},     {"finds", list_finds},         {"lessons", list_lessons},
    {"keys", list_keys},         {"commands", list_commands},
};

enum { LISTS = sizeof lists / sizeof lists[0] };

static int unknown_list(const char *word)
{
    Error err = {0};
    Near near;
    char hint[64];
    near_start(&near, word, strlen(word));
    for (int i = 0; i < LISTS; i++)
        near_try(&near, lists[i].name);
    error_set(&err, 1, 1, "unknown list '%.60s'%s", word, near_hint(&near, hint, sizeof hint));
    error_in(&err, "command line");
    error_print(&err, stderr);
    return EXIT_INPUT;
}

int cli_list(const Cli *c)
{
    for (int w = 0; w < c->words; w++) {
        int i = 0;
        while (i < LISTS && strcmp(lists[i].name, c->word[w]) != 0)
            i++;
        if (i == LISTS)
            return unknown_list(c->word[w]);
    }
    const char *gap = "";
    for (int i = 0; i < LISTS; i++) {
        bool wanted = c->words == 0;
        for (int w = 0; w < c->words; w++)
            wanted = wanted || strcmp(lists[i].name, c->word[w]) == 0;
        if (!wanted)
            continue;
        if (c->words != 1)
            printf("%s%s:\n\n", gap, lists[i].name);
        gap = "\n";
        lists[i].print();
    }
    return cli_close(EXIT_HOLDS);
}
