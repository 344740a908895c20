/* SPDX-License-Identifier: MIT
 * chain: see chain.h */
#include "app/chain.h"

#include <string.h>

static const char mean_word[] = "mean ";

void chain_release(Chain *k)
{
    for (int i = 0; i < k->values; i++)
        program_free(k->value[i].program);
    *k = (Chain){0};
}

static void compile(Chain *k, const char *at, size_t length)
{
    const char *inputs[EXPR_INPUTS] = {"x", "y"};
    char formula[EXPR_TEXT];
    int n = 2;
    size_t skip = strlen(mean_word);
    bool mean = strncmp(at, mean_word, skip) == 0;
    for (int i = 0; i < k->data->columns && n < EXPR_INPUTS; i++)
        inputs[n++] = k->data->column[i].name;
    snprintf(formula, sizeof formula, "%.*s", (int)(length - (mean ? skip : 0)),
             at + (mean ? skip : 0));
    k->value[k->values].mean = mean;
    k->value[k->values++].program = program_compile(formula, inputs, n, false, NULL);
}

void chain_ready(Chain *k, const Session *s)
{
    const Surface *row = scene_surface(&s->scene);
    chain_release(k);
    k->data = timeline_loss(session_run(s))->data;
    k->text = row && k->data ? row->chain : NULL;
    for (const char *at = k->text; at && (at = strchr(at, '{')) && k->values < CHAIN_VALUES; at++)
        compile(k, at + 1, strcspn(at + 1, "}"));
}

static double value_at(const Chain *k, int index, Vec2 at)
{
    const Data *d = k->data;
    const Program *p = k->value[index].program;
    long rows = k->value[index].mean ? d->n : 1;
    double in[EXPR_INPUTS] = {at.x, at.y};
    double out[EXPR_OUTPUTS];
    double sum = 0;
    for (long r = 0; p && r < rows; r++) {
        for (int i = 0; i < d->columns && 2 + i < EXPR_INPUTS; i++)
            in[2 + i] = d->column[i].at[r];
        program_eval(p, EXPR_VALUE, in, out);
        sum += out[0];
    }
    return sum / (double)rows;
}

bool chain_line(const Chain *k, int index, Vec2 at, Text *out)
{
    const char *text = k->text;
    int value = 0;
    for (; text && index > 0; index--) {
        const char *end = strchr(text, '|');
        for (; end && text < end; text++)
            value += *text == '{';
        text = end ? end + 1 : NULL;
    }
    while (text && *text && *text != '|') {
        char number[NUMBER_TEXT];
        size_t plain = strcspn(text, "{|");
        text_put(out, text, plain);
        text += plain;
        if (*text != '{')
            continue;
        number_show(number, value_at(k, value++, at), 3);
        text_add(out, "%s", number);
        text += strcspn(text, "}") + 1;
    }
    return text != NULL;
}
