/* SPDX-License-Identifier: MIT
 * palette: see palette.h */
#include "out/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 16, COLOURS_MOST = SLOTS / 2 };

/* A colour that occurs. */
typedef struct Tone {
    uint8_t rgb[3];
    uint8_t becomes; /* index of its box */
    uint32_t count;  /* pixels */
} Tone;

/* Tones from..to in a row of their own, to be one colour. */
typedef struct Cut {
    int from, to;
    int axis;    /* channel in which they differ most */
    double size; /* how much, times how often */
    uint8_t rgb[3];
} Cut;

typedef struct Cutter {
    int32_t slot[SLOTS]; /* index of a tone, -1: free */
    Tone tone[COLOURS_MOST];
    int tones;
    Cut cut[PALETTE_MOST];
    int cuts;
} Cutter;

static uint32_t hash_of(const uint8_t *rgb)
{
    uint32_t v = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    return v * 0x9E3779B1u >> 16;
}

/* The tone of a colour; a new one if there is none, NULL if there are too many. */
static Tone *tone_of(Cutter *c, const uint8_t *rgb)
{
    uint32_t slot = hash_of(rgb);
    while (c->slot[slot] >= 0 && memcmp(c->tone[c->slot[slot]].rgb, rgb, 3) != 0)
        slot = (slot + 1) % SLOTS;
    if (c->slot[slot] >= 0)
        return &c->tone[c->slot[slot]];
    if (c->tones == COLOURS_MOST)
        return NULL;
    c->slot[slot] = c->tones;
    Tone *t = &c->tone[c->tones++];
    *t = (Tone){.rgb = {rgb[0], rgb[1], rgb[2]}};
    return t;
}

static bool count_tones(Cutter *c, const Pixels *p)
{
    c->tones = 0;
    memset(c->slot, -1, sizeof c->slot);
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++) {
        Tone *t = tone_of(c, p->rgba + 4 * i);
        if (!t)
            return false;
        t->count++;
    }
    return true;
}

static int order(const Tone *a, const Tone *b, int axis)
{
    return a->rgb[axis] - b->rgb[axis];
}

static int order_red(const void *a, const void *b)
{
    return order(a, b, 0);
}

static int order_green(const void *a, const void *b)
{
    return order(a, b, 1);
}

static int order_blue(const void *a, const void *b)
{
    return order(a, b, 2);
}

/* Its mean colour, and where it should be cut. */
static void measure(const Cutter *c, Cut *cut)
{
    static const double weight[3] = {0.6, 1, 0.4}; /* the eye sees green best */
    double sum[3] = {0}, all = 0, widest = 0;
    uint8_t low[3] = {255, 255, 255}, high[3] = {0};
    for (int i = cut->from; i < cut->to; i++) {
        const Tone *t = &c->tone[i];
        all += t->count;
        for (int k = 0; k < 3; k++) {
            sum[k] += (double)t->rgb[k] * t->count;
            low[k] = t->rgb[k] < low[k] ? t->rgb[k] : low[k];
            high[k] = t->rgb[k] > high[k] ? t->rgb[k] : high[k];
        }
    }
    for (int k = 0; k < 3; k++) {
        double wide = weight[k] * (high[k] - low[k]);
        cut->rgb[k] = (uint8_t)(sum[k] / all + 0.5);
        if (wide > widest) {
            widest = wide;
            cut->axis = k;
        }
    }
    cut->size = widest * widest * all;
}

static int largest(const Cutter *c)
{
    int best = 0;
    for (int i = 1; i < c->cuts; i++)
        if (c->cut[i].size > c->cut[best].size)
            best = i;
    return c->cut[best].size > 0 ? best : -1;
}

/* Halve a box in its widest channel, where half of its pixels are on either side. */
static void halve(Cutter *c, int index)
{
    static int (*const orders[3])(const void *, const void *) = {order_red, order_green,
                                                                 order_blue};
    Cut *a = &c->cut[index], *b = &c->cut[c->cuts++];
    qsort(c->tone + a->from, (size_t)(a->to - a->from), sizeof *c->tone, orders[a->axis]);
    double all = 0, half = 0;
    int middle = a->from + 1;
    for (int i = a->from; i < a->to; i++)
        all += c->tone[i].count;
    for (half = c->tone[a->from].count; middle < a->to - 1 && half < all / 2; middle++)
        half += c->tone[middle].count;
    *b = (Cut){.from = middle, .to = a->to};
    a->to = middle;
    measure(c, a);
    measure(c, b);
}

bool palette_reduce(Pixels *p, int most)
{
    Cutter *c = malloc(sizeof *c);
    if (!c || !count_tones(c, p)) {
        free(c);
        return false;
    }
    c->cuts = 1;
    c->cut[0] = (Cut){.to = c->tones};
    measure(c, &c->cut[0]);
    for (int at; c->cuts < most && c->cuts < PALETTE_MOST && (at = largest(c)) >= 0;)
        halve(c, at);
    memset(c->slot, -1, sizeof c->slot);
    for (int k = 0; k < c->cuts; k++)
        for (int i = c->cut[k].from; i < c->cut[k].to; i++) {
            uint32_t slot = hash_of(c->tone[i].rgb);
            while (c->slot[slot] >= 0)
                slot = (slot + 1) % SLOTS;
            c->slot[slot] = i;
            c->tone[i].becomes = (uint8_t)k;
        }
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++)
        memcpy(p->rgba + 4 * i, c->cut[tone_of(c, p->rgba + 4 * i)->becomes].rgb, 3);
    free(c);
    return true;
}
