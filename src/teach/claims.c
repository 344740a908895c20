/* SPDX-License-Identifier: MIT
 * claims: see claims.h */
#include "teach/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "core/goal.h"
#include "core/named.h"
#include "teach/rows.h"

enum { CLAIMS_MOST = 128 };

static struct {
    bool loaded;
    int count;
    Claim row[CLAIMS_MOST];
} table;

static void load_field(Claim *c, const char *key, const char *value)
{
    const char **field = strcmp(key, "says") == 0      ? &c->says
                         : strcmp(key, "on") == 0      ? &c->scenes
                         : strcmp(key, "holds") == 0   ? &c->holds
                         : strcmp(key, "half") == 0    ? &c->half
                         : strcmp(key, "counter") == 0 ? &c->counter
                         : strcmp(key, "but") == 0     ? &c->nuance
                                                       : NULL;
    if (field)
        *field = value;
    if (strcmp(key, "quoted") == 0)
        c->quoted = true;
}

static void load(void)
{
    if (table.loaded)
        return;
    table.loaded = true;
    char *text = rows_text("lessons/claims.txt");
    const char *key;
    const char *value;
    while (rows_next(&text, &key, &value)) {
        if (strcmp(key, "claim") == 0 && table.count < CLAIMS_MOST)
            table.row[table.count++] = (Claim){atoi(value), "", "", "", "", "", "", false};
        else if (table.count)
            load_field(&table.row[table.count - 1], key, value);
    }
}

int claim_count(void)
{
    load();
    return table.count;
}

const Claim *claim_row(int index)
{
    load();
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
