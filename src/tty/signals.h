/* SPDX-License-Identifier: MIT
 * signals: the ones that ask for something, as flags; they arrive while we wait or write. */
#ifndef ETA_TTY_SIGNALS_H
#define ETA_TTY_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Before and after newterm: before, so that ncurses leaves these alone; after, to be sure. */
void signals_install(void);
int signals_end(void);         /* SIGINT, SIGTERM or SIGHUP if one came, else 0 */
bool signals_suspend(void);    /* SIGTSTP came; asking clears it */
bool signals_suspending(void); /* the same without clearing it */
bool signals_continue(void);   /* SIGCONT came; asking clears it */
void signals_stop_self(void);  /* stop as SIGTSTP would; returns when continued */
void signals_die(int signal);  /* end by this signal */

/* Hold back everything we look at before sleeping; *open is the mask to sleep with. */
void signals_hold(sigset_t *open);
void signals_release(void);

#endif
