/* SPDX-License-Identifier: MIT
 * fit: what belongs to losses over data: the loss that the map samples, thinned where there are
 * very many rows; the least held-out loss; under- and overfitting in numbers. */
#ifndef ETA_APP_FIT_H
#define ETA_APP_FIT_H

#include "app/session.h"

typedef struct Fit {
    Loss thin; /* the run's loss over fewer rows; no data: not needed */
    Loss thin_held_out;
    long best; /* row of the least held-out loss so far, -1: none */
    long seen; /* rows looked at for it */
    unsigned long revision;
    char text[200]; /* under- or overfitting in numbers, "" */
    bool ends_so;   /* it does one of the two: worth the last word */
} Fit;

void fit_release(Fit *f);
void fit_ready(Fit *f, const Session *s);   /* after another loss */
void fit_refresh(Fit *f, const Session *s); /* at the cursor */
/* What the map samples; NULL is never returned. */
const Loss *fit_map_loss(const Fit *f, const Session *s, bool held_out);
bool fit_has_held_out(const Session *s);

#endif
