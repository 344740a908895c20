/* SPDX-License-Identifier: MIT
 * picture: what is derived for drawing, from a const session: the sampled map, strokes, curves,
 * scales, ticks, the verdict at the cursor. Kept up to date in steps, so that a playing step costs
 * little; the same picture comes out when all of it is made anew. */
#ifndef ETA_APP_PICTURE_H
#define ETA_APP_PICTURE_H

#include "app/chain.h"
#include "app/fit.h"
#include "app/look.h"
#include "app/session.h"
#include "view/curve.h"
#include "view/field.h"
#include "view/hop.h"
#include "view/panel.h"
#include "view/path.h"

enum { TICKS_MOST = 64 };

/* Lines of one run in the plots, with their caches. */
typedef struct Curves {
    Curve eta;
    Curve rate_x; /* effective rates, on a scale of their own */
    Curve rate_y;
    Curve limit;
    Curve loss;
    Curve held_out;
    Curve batch;
} Curves;

/* How a track looks: a row for each. */
typedef struct TrackStyle {
    Role role;     /* of its strokes and lines */
    PathLine path; /* its dashes on the map */
    PlotStyle plot;
    bool fine; /* always thin strokes: what was is fainter than what is */
} TrackStyle;
extern const TrackStyle track_styles[TRACKS];

/* Strokes and lines of a track. */
typedef struct Drawn {
    Path path;
    Curves curves;
    Range range; /* of its losses */
} Drawn;

typedef struct MapPicture {
    Field field;
    Loss loss;    /* what it shows; shares the run's program */
    bool stopped; /* nothing to compute */
    bool stale;   /* it must be sampled anew */
} MapPicture;

/* What the plots have in common. */
typedef struct Scales {
    Scale eta, loss, rate;
    Range eta_range;
    Range held_out_range;
    Range rate_range[2]; /* of the effective rates */
    bool has_rates;      /* the optimizer has effective rates of its own */
    bool has_held_out;
    bool has_batch;
} Scales;

/* Steps worth a tick: edits, cuts, the least held-out loss. */
typedef struct StepTicks {
    PlotTick shown[TICKS_MOST];
    int count;
    PlotTick list[TICKS_MOST]; /* edits, then the cuts of the rows looked at */
    int listed;
    long seen;                 /* rows looked at for cuts */
    unsigned long revision;
} StepTicks;

/* What is said of the cursor's row. */
typedef struct Now {
    Verdict verdict; /* at `row` of `revision`, knowing `known` points */
    Update update;   /* the update of that row taken apart */
    double slope;           /* length of the full gradient there */
    long row;        /* -1: none yet */
    unsigned long revision;
    int known;
    VerdictMemory words; /* of rows near it */
} Now;

/* The rest of the run in faint dots, and where it ends. */
typedef struct Lens {
    Path path;
    bool waits;             /* strokes are still missing */
    Verdict end;            /* at the last row */
    unsigned long revision; /* of `end` */
} Lens;

/* How much of the run may be told. */
typedef struct Known {
    bool hides;  /* what is to come is hidden: all below ends at the play head */
    long steps;  /* T */
    long rows;   /* of the run that lines and scales are made of */
} Known;

typedef struct Picture {
    Known known;
    MapPicture map;
    Drawn drawn[TRACKS];
    bool path_waits; /* strokes of a long run are still missing */
    Scales scales;
    StepTicks ticks;
    Now now;
    Lens lens;
    Hop hop;
    Fit fit;
    Chain chain;
} Picture;

void picture_release(Picture *p);
/* Everything whose size follows the screen's; false: out of memory. */
bool picture_resize(Picture *p, const Layout *l);
/* The session was changed: `bits`. */
void picture_follow(Picture *p, const Session *s, unsigned bits);
/* All that the next frame shows of the cursor's row; `hides`: and nothing of what is to come. */
void picture_refresh(Picture *p, const Session *s, const Look *l, bool hides);
/* A slice of the map; true while more is left. */
bool picture_sample(Picture *p, const Session *s, const Look *l);
bool picture_waits(const Picture *p, const Look *l); /* is there anything left to draw or sample? */
/* What the coming update subtracts from the point. */
Vec2 picture_step(const Picture *p, const Session *s);
/* Curves of other views. */
Series series_of(const Timeline *t, SeriesGet *get);

#endif
