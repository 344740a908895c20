/* SPDX-License-Identifier: MIT
 * choices: the names of the tables, one by one, for completion. */
#include <stdlib.h>

#include "cli/cli.h"
#include "code/code.h"
#include "core/named.h"
#include "teach/course.h"

void words_of_scenes(Take *take, void *ctx)
{
    for (int i = 0; i < named_count(); i++)
        take(ctx, named_row(i)->id);
}

void words_of_finds(Take *take, void *ctx)
{
    for (int i = 0; i < find_named_count(); i++)
        take(ctx, find_named_row(i)->id);
}

void words_of_formats(Take *take, void *ctx)
{
    for (const Format *const *f = formats; *f; f++)
        take(ctx, (*f)->name);
}

void words_of_panels(Take *take, void *ctx)
{
    for (const PlotsPanel *p = plots_panels; p->name; p++)
        take(ctx, p->name);
}

void words_of_dialects(Take *take, void *ctx)
{
    for (const Dialect *d = dialects; d->name; d++)
        take(ctx, d->name);
}

void words_of_schedules(Take *take, void *ctx)
{
    for (const Schedule *s = schedules; s->name; s++)
        take(ctx, s->name);
}

void words_of_optimizers(Take *take, void *ctx)
{
    for (const Optimizer *o = optimizers; o->name; o++)
        take(ctx, o->name);
}

void words_of_surfaces(Take *take, void *ctx)
{
    for (int i = 0; i < surface_count(); i++)
        take(ctx, surface_row(i)->name);
}

void words_of_lessons(Take *take, void *ctx)
{
    Course course = {0};
    ErrorList *errors = malloc(sizeof *errors);
    if (!errors)
        return;
    errors_start(errors);
    course_embedded(&course, errors);
    for (int i = 0; i < course.count; i++)
        take(ctx, course.lesson[i]->id);
    course_free(&course);
    free(errors);
}

void words_of_presets(Take *take, void *ctx)
{
    for (const RacePreset *p = race_presets; p->name; p++)
        take(ctx, p->name);
}
