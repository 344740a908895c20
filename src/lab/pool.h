/* SPDX-License-Identifier: MIT
 * pool: jobs that do not know each other, done by several threads. */
#ifndef ETA_LAB_POOL_H
#define ETA_LAB_POOL_H

#include <stdbool.h>

enum { POOL_THREADS = 256 };

/* One job; `worker` is from 0 and below the number of threads: a worker does one job at a time. */
typedef void PoolJob(void *context, int worker, long job);
/* Told by the calling thread after each job of its own. */
typedef void PoolTell(void *context, long done, long jobs);

/* Do jobs 0 .. jobs-1, taken in order by whoever is free; the calling thread is worker 0. Threads
 * that cannot be had are done without. `tell` may be NULL. */
void pool_run(int threads, long jobs, PoolJob *job, PoolTell *tell, void *context);
int pool_cores(void); /* processors that are there, at least 1 */

#endif
