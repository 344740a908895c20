/* SPDX-License-Identifier: MIT
 * loss_code (private): the loss of a run as functions of a program for PyTorch: loss(x, y) and,
 * where it is asked for, held_out(x, y); with the data they stand on. */
#ifndef ETA_CODE_LOSS_CODE_H
#define ETA_CODE_LOSS_CODE_H

#include "code/parts.h"

typedef struct LossCode {
    Sheet text;
    unsigned uses; /* of formula.h */
    bool reads;    /* a file is read, with csv */
} LossCode;

bool loss_code_open(LossCode *l, const Timeline *t, bool held_out, Error *err);
void loss_code_close(LossCode *l, FILE *onto);

#endif
