/* SPDX-License-Identifier: MIT
 * help: usage on standard output, and the man page from its template and the tables. */
#include <stdio.h>
#include <string.h>

#include "app/line.h"
#include "app/views.h"
#include "base/embed.h"
#include "base/text.h"
#include "cli/cli.h"

static void print_option(const char *name, const char *value, const char *text)
{
    printf("  --%s%s%s\n        %s\n", name, value ? "=" : "", value ? value : "", text);
}

static void print_formats(void)
{
    printf("\noutput formats:\n");
    for (const Format *const *f = formats; *f; f++)
        printf("  %-8s %s\n", (*f)->name, (*f)->text);
}

/* "show, find: " before the text of an option that the stage does not have. */
static void option_text(const OptionInfo *o, Text *t)
{
    const char *comma = "";
    for (const VerbInfo *v = cli_verbs; v->name && !(o->verbs >> VERB_STAGE & 1); v++)
        if (o->verbs >> v->verb & 1) {
            text_add(t, "%s%s", comma, v->name);
            comma = ", ";
        }
    text_add(t, "%s%s", comma[0] ? ": " : "", o->text);
}

static void print_usage(void)
{
    printf("etascope %s: gradient descent and learning rates, alive in a terminal\n\n"
           "usage: etascope [options]            the stage, playing at once\n",
           ETASCOPE_VERSION);
    for (const VerbInfo *v = cli_verbs; v->name; v++)
        printf("       etascope %s %s\n           %s\n", v->name, v->args, v->text);
    printf("\nscene options (also as words of a scene file and at the ':' prompt):\n");
    for (const SceneKeyInfo *k = scene_keys; k->name; k++) {
        char text[200];
        snprintf(text, sizeof text, "%s (%s)", k->text, k->fallback);
        print_option(k->name, k->value, text);
    }
    printf("\nother options:\n");
    for (const OptionInfo *o = cli_options; o->name; o++) {
        char text[200];
        Text t = text_over(text, sizeof text);
        option_text(o, &t);
        print_option(o->name, o->value, text);
    }
    print_formats();
    printf("\nwhat there is to choose from: etascope list\n"
           "of one command: etascope help COMMAND\n"
           "exit status: 0 done, 1 did not hold, 2 bad input, 3 no usable terminal\n");
}

/* One command: its own options, an example. */
static void print_command(const VerbInfo *v)
{
    bool draws = false;
    printf("usage: etascope %s %s\n       %s\n\n", v->name, v->args, v->text);
    printf("example: etascope %s\n\noptions:\n", v->example);
    for (const OptionInfo *o = cli_options; o->name; o++)
        if (o->verbs >> v->verb & 1) {
            print_option(o->name, o->value, o->text);
            draws = draws || o->names == words_of_formats;
        }
    if (v->takes_scene) {
        printf("\nscene options (etascope help says more):\n ");
        for (const SceneKeyInfo *k = scene_keys; k->name; k++)
            printf(" --%s", k->name);
        printf("\n");
    }
    if (draws)
        print_formats();
}

/* Text with roff's two special characters made plain. */
static void roff(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void roff_item(const char *before, const char *term, const char *text)
{
    printf(".TP\n.B ");
    roff(before);
    roff(term);
    printf("\n");
    if (text[0] == '.' || text[0] == '\'')
        printf("\\&");
    roff(text);
    printf("\n");
}

static void roff_options(void)
{
    char term[96];
    for (const SceneKeyInfo *k = scene_keys; k->name; k++) {
        snprintf(term, sizeof term, "%s=%s", k->name, k->value);
        roff_item("--", term, k->text);
    }
    for (const OptionInfo *o = cli_options; o->name; o++) {
        const char *value = o->value ? o->value : "";
        char text[200];
        Text t = text_over(text, sizeof text);
        option_text(o, &t);
        snprintf(term, sizeof term, "%s%s%s", o->name, o->value ? "=" : "", value);
        roff_item("--", term, text);
    }
}

static void roff_formats(void)
{
    for (const Format *const *f = formats; *f; f++)
        roff_item("", (*f)->name, (*f)->text);
}

static void roff_verbs(void)
{
    char term[160];
    for (const VerbInfo *v = cli_verbs; v->name; v++) {
        snprintf(term, sizeof term, "%s %s", v->name, v->args);
        roff_item("etascope ", term, v->text);
    }
}

/* The man page tells the keys of the stage; `etascope list keys` has all. */
static void roff_keys(void)
{
    for (int k = 0; views[0]->keys[k]; k++)
        for (const Binding *b = views[0]->keys[k]; b->line; b++) {
            char name[16];
            char text[160];
            const Command *c = command_of(views, b->line);
            key_name(b->key, name);
            snprintf(text, sizeof text, "%s (%s)", c ? c->help : "", b->line);
            roff_item("", name, text);
        }
}

static void roff_schedules(void)
{
    for (const Schedule *s = schedules; s->name; s++)
        roff_item("", s->name, s->good);
}

static void roff_optimizers(void)
{
    for (const Optimizer *o = optimizers; o->name; o++)
        roff_item("", o->name, o->good);
}

static void roff_surfaces(void)
{
    for (int i = 0; i < surface_count(); i++)
        roff_item("", surface_row(i)->name, surface_row(i)->note);
}

static void roff_version(void)
{
    printf("%s", ETASCOPE_VERSION);
}

/* Markers of assets/etascope.1.in. */
static const struct {
    const char *name;
    void (*print)(void);
} markers[] = {
    {"@OPTIONS@", roff_options},     {"@COMMANDS@", roff_verbs},     {"@KEYS@", roff_keys},
    {"@SCHEDULES@", roff_schedules}, {"@OPTIMIZERS@", roff_optimizers},
    {"@SURFACES@", roff_surfaces},
    {"@FORMATS@", roff_formats},     {"@VERSION@", roff_version},
};

static int print_man(void)
{
    const Embedded *page = embedded_find("etascope.1.in");
    for (const char *at = page ? page->text : ""; *at;) {
        size_t i = 0;
        size_t n = sizeof markers / sizeof markers[0];
        while (i < n && strncmp(at, markers[i].name, strlen(markers[i].name)) != 0)
            i++;
        if (i == n) {
            putchar(*at++);
            continue;
        }
        markers[i].print();
        at += strlen(markers[i].name);
    }
    return cli_close(EXIT_HOLDS);
}

int cli_help(const Cli *c)
{
    Error err = {0};
    const VerbInfo *v = NULL;
    if (c->verb == VERB_HELP && c->words > 0) {
        if (strcmp(c->word[0], "man") == 0)
            return print_man();
        v = cli_verb_find(c->word[0], &err);
        if (!v) {
            error_print(&err, stderr);
            return EXIT_INPUT;
        }
    }
    for (const VerbInfo *own = cli_verbs; c->help && own->name; own++)
        if (own->verb == c->verb)
            v = own;
    if (v)
        print_command(v);
    else
        print_usage();
    return cli_close(EXIT_HOLDS);
}
