/* SPDX-License-Identifier: MIT
 * ends: a map of where runs end, in the place of the loss surface: what the views basins and sweep
 * have in common. Refined in slices from coarse to fine, nearest to the cross first, and begun
 * anew when the settings change. */
#ifndef ETA_APP_ENDS_H
#define ETA_APP_ENDS_H

#include "app/session.h"
#include "lab/maps.h"
#include "view/classes.h"

enum {
    ENDS_STEPS = 8000,  /* longest run that is mapped: one may have to be done in a slice */
    ENDS_SLICE = 30000, /* updates a call: 1 to 3 ms */
};

/* Places are in the units of the map's axes: model coordinates (basin), settings or their decimal
 * logarithms (sweep). */
typedef struct Ends {
    Maps *maps;            /* owned */
    ClassPixel *pixel;     /* owned: of the map, two rows a row of the panel */
    long count[CLASSES];   /* of the pixels */
    int minimum[CRITICAL_MAX]; /* pixels at each */
    long least;            /* the soonest that a pixel is still */
    MapsSpec spec;         /* of the map */
    bool started;          /* there is a map */
    bool stale;            /* it must be begun */
    bool waits;            /* pixels are missing, or not shown yet */
    unsigned long revision; /* of the run when it was looked at last */
    Scene made;            /* what was mapped, but for what the map varies */
    Scene scratch;
    Window home, view;     /* at the start; shown */
    Window limits;         /* no place beyond */
    Vec2 present;          /* where the present settings lie */
    int col, row;          /* the cross, in pixels; always the upper one of a cell */
    char title[64];
    Error error;           /* of the last start; message "": none */
} Ends;

/* Also anew. Errors: memory. */
bool ends_open(Ends *e, Error *err);
void ends_release(Ends *e);
/* What shall be mapped: sized like the panel; `kind` and the axes are the caller's. */
MapsSpec ends_spec(const App *a);
/* The window whose first and last pixels have their middles at the ends. */
Window ends_middles(Window w, const MapsSpec *s);
/* A slice: begin anew if the spec or the settings are others, or go on. true: more is left. */
bool ends_advance(App *a, Ends *e, const MapsSpec *spec);
/* Has the run changed since the map was looked at? */
bool ends_behind(const App *a, const Ends *e);
/* The cross goes there, if it is in sight. */
void ends_put_cross(Ends *e, const MapsSpec *s, Vec2 place);
void ends_move(App *a, Ends *e, int dx, int dy); /* by cells */
bool ends_point(App *a, Ends *e, int col, int row); /* a cell of the map */
bool ends_zoom(App *a, Ends *e, const char *way, Error *err);
/* The run under the cross becomes the scene's, from step 0. */
bool ends_take(App *a, Ends *e, Error *err);
void ends_refresh(Ends *e);
/* The map's panel with its frame, and the legend. */
void ends_draw(const App *a, const Ends *e, Canvas *c);

#endif
