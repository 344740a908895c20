/* SPDX-License-Identifier: MIT
 * gate: see gate.h */
#include "app/gate.h"

bool gate_allows(const Gate *g, const Assignment *list, int count, Error *err)
{
    for (int i = 0; g->rules && i < count; i++)
        if (!g->rules->allows(g->lesson, &list[i], err))
            return false;
    return true;
}

bool gate_allows_scene(const Gate *g, Error *err)
{
    return !g->rules || g->rules->allows_scene(g->lesson, err);
}

bool gate_unlocks(const Gate *g, SceneKey key, const char *param)
{
    return !g->rules || g->rules->unlocks(g->lesson, key, param);
}

bool gate_holds(const Gate *g)
{
    return g->rules && g->rules->hides(g->lesson);
}

bool gate_hides(const Gate *g)
{
    return g->predicting || gate_holds(g);
}

bool gate_asks(const Gate *g)
{
    return g->rules && g->rules->asks(g->lesson);
}

bool gate_tries(const Gate *g)
{
    return g->rules && g->rules->tries(g->lesson);
}
