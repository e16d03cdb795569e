/* Puts the clock of one process an hour and a second ahead. What counts only how much time passes
   (CLOCK_MONOTONIC) is left alone. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && clock == CLOCK_REALTIME)
        now->tv_sec += 3601;
    return failed;
}
