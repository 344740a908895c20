/* SPDX-License-Identifier: MIT
 * pool: see pool.h */
#include "lab/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct Pool {
    PoolJob *job;
    PoolTell *tell;
    void *context;
    long jobs;
    atomic_long next; /* job that nobody has taken yet */
    atomic_long done;
} Pool;

typedef struct Worker {
    Pool *pool;
    int number;
    pthread_t thread;
} Worker;

static void *work(void *of)
{
    Worker *w = of;
    Pool *p = w->pool;
    for (long job; (job = atomic_fetch_add(&p->next, 1)) < p->jobs;) {
        p->job(p->context, w->number, job);
        long done = atomic_fetch_add(&p->done, 1) + 1;
        if (w->number == 0 && p->tell)
            p->tell(p->context, done, p->jobs);
    }
    return NULL;
}

void pool_run(int threads, long jobs, PoolJob *job, PoolTell *tell, void *context)
{
    Pool pool = {.job = job, .tell = tell, .context = context, .jobs = jobs};
    Worker worker[POOL_THREADS] = {{.pool = &pool}};
    int started = 1;
    threads = threads < POOL_THREADS ? threads : POOL_THREADS;
    while (started < threads && started < jobs) {
        worker[started] = (Worker){.pool = &pool, .number = started};
        if (pthread_create(&worker[started].thread, NULL, work, &worker[started]) != 0)
            break;
        started++;
    }
    work(&worker[0]);
    for (int i = 1; i < started; i++)
        pthread_join(worker[i].thread, NULL);
}

int pool_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > POOL_THREADS ? POOL_THREADS : (int)n;
}
