/* SPDX-License-Identifier: MIT
 * help: usage on standard output, and the man page from its template and the tables. */
#include <stdio.h>
#include <string.h>

#include "app/line.h"
#include "app/views.h"
#include "base/embed.h"
#include "cli/cli.h"

static void print_usage(void)
{
    printf("etascope %s: gradient descent and learning rates, alive in a terminal\n\n"
           "usage: etascope [options]            the stage, playing at once\n",
           ETASCOPE_VERSION);
    for (const VerbInfo *v = cli_verbs; v->name; v++)
        printf("       etascope %s %s\n           %s\n", v->name, v->args, v->text);
    printf("\nscene options (also as words of a scene file and at the ':' prompt):\n");
    for (const SceneKeyInfo *k = scene_keys; k->name; k++)
        printf("  --%s=%s\n        %s (%s)\n", k->name, k->value, k->text, k->fallback);
    printf("\nother options:\n");
    for (const OptionInfo *o = cli_options; o->name; o++)
        printf("  --%s%s%s\n        %s\n", o->name, o->value ? "=" : "", o->value ? o->value : "",
               o->text);
    printf("\noutput formats:\n");
    for (const Format *const *f = formats; *f; f++)
        printf("  %-8s %s\n", (*f)->name, (*f)->text);
    printf("\nwhat there is to choose from: etascope list\n"
           "exit status: 0 done, 1 did not hold, 2 bad input, 3 no usable terminal\n");
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
        snprintf(term, sizeof term, "%s%s%s", o->name, o->value ? "=" : "", value);
        roff_item("--", term, o->text);
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
    bool man = c->words > 0 && strcmp(c->word[0], "man") == 0;
    if (c->words > man) {
        fprintf(stderr, "etascope: command line:1:1: unexpected argument '%.60s'\n", c->word[man]);
        return EXIT_INPUT;
    }
    if (man)
        return print_man();
    print_usage();
    return cli_close(EXIT_HOLDS);
}
