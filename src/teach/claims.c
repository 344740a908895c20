/* SPDX-License-Identifier: MIT
 * claims: see claims.h */
#include "teach/claims.h"

#include <string.h>

#include "base/blocks.h"
#include "base/words.h"
#include "core/goal.h"
#include "core/named.h"

enum { CLAIMS_MOST = 128 };

static struct {
    int count;
    Claim row[CLAIMS_MOST];
} table;

static bool read_number(void *row, char *value, Error *err)
{
    Claim *c = row;
    double number;
    if (!number_parse(value, strlen(value), &number) || !(number >= 1 && number <= CLAIMS_MOST))
        return error_set(err, 1, 1, "'%.20s' is no row of the claim table", value);
    c->number = (int)number;
    return true;
}

static bool read_quoted(void *row, char *value, Error *err)
{
    (void)value;
    (void)err;
    ((Claim *)row)->quoted = true;
    return true;
}

static const BlockKey claim_keys[] = {
    {"claim", 0, read_number},
    {"says", offsetof(Claim, says), NULL},
    {"on", offsetof(Claim, scenes), NULL},
    {"holds", offsetof(Claim, holds), NULL},
    {"half", offsetof(Claim, half), NULL},
    {"counter", offsetof(Claim, counter), NULL},
    {"but", offsetof(Claim, nuance), NULL},
    {"seen", offsetof(Claim, seen), NULL},
    {"quoted", 0, read_quoted},
    {0},
};

static const BlockForm claim_form = {
    .size = sizeof(Claim),
    .fresh = &(const Claim){0, "", "", "", "", "", "", "", false},
    .keys = claim_keys,
};

BLOCKS_AT_START table_read(void)
{
    table.count = blocks_embedded(&claim_form, "lessons/claims.txt", table.row, CLAIMS_MOST);
}

int claim_count(void)
{
    return table.count;
}

const Claim *claim_row(int index)
{
    return &table.row[index];
}

static bool bears_on(const Claim *c, const char *id)
{
    for (const char *at = c->scenes; *at;) {
        size_t length = strcspn(at, " ");
        if (word_is(at, length, id))
            return true;
        at += length + strspn(at + length, " ");
    }
    return false;
}

const Claim *claim_of(const char *scene_id)
{
    for (int i = 0; i < claim_count(); i++)
        if (!table.row[i].quoted && bears_on(&table.row[i], scene_id))
            return &table.row[i];
    return NULL;
}

static bool met(const char *condition, const Timeline *t)
{
    Error ignored;
    Goal g;
    return *condition && goal_parse(&g, condition, &ignored) && goal_met(&g, t, timeline_last(t));
}

ClaimVerdict claim_verdict(const Claim *c, const Timeline *t)
{
    if (c->quoted)
        return CLAIM_QUOTED;
    return met(c->holds, t) ? CLAIM_HOLDS : met(c->half, t) ? CLAIM_HALF : CLAIM_FAILS;
}

static int digit_of(const char *id)
{
    for (int i = 0; i < PAIRS; i++)
        for (int side = 0; side < 2; side++)
            if (pair_row(i)->id[side] && strcmp(pair_row(i)->id[side], id) == 0)
                return i + 1;
    return 0;
}

bool claim_for(const char *scene_id, const Timeline *t, Text *out)
{
    static const char *const words[] = {"holds here", "half true here", "does not hold here", ""};
    const Claim *c = claim_of(scene_id);
    if (!c)
        return false;
    text_add(out, "Textbooks say: %s This run says: %s.", c->says, words[claim_verdict(c, t)]);
    if (!*c->counter)
        return true;
    if (strcmp(c->counter, scene_id) == 0) { /* it is the counter-example itself */
        text_add(out, " Why: %s", c->nuance);
        return true;
    }
    int digit = digit_of(c->counter);
    text_add(out, " %s %s", claim_verdict(c, t) == CLAIM_FAILS ? "Compare" : "But see", c->counter);
    if (digit)
        text_add(out, " (digit %d)", digit);
    text_add(out, ": %s", c->nuance);
    return true;
}

void claim_quote(const Claim *c, Text *out)
{
    text_add(out, "%s [not testable here]", c->says);
}
