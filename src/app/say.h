/* SPDX-License-Identifier: MIT
 * say: the status line, in plain words first and symbols second. */
#ifndef ETA_APP_SAY_H
#define ETA_APP_SAY_H

#include "app/parts.h"

enum { STATUS_SIZE = 480, CLAIM_SIZE = 400 };

typedef struct Say {
    char text[STATUS_SIZE];  /* what the last action did */
    char brief[STATUS_SIZE]; /* the same for narrow screens; "": there is none */
    bool warns;
    char claim[CLAIM_SIZE]; /* what textbooks say of this scene, beside the outcome; "" */
    bool end_told;          /* what the run came to has been said */
} Say;

void say(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Follows a say: the same in fewer words. */
void say_short(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_warn(App *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_nothing(App *a);

#endif
