#include "pace.h"

#include <stddef.h>
#include <time.h>

#include "base.h"
#include "options.h"
#include "tally.h"

/* Without any message for so long, what is outstanding will not come. A run with a rate waits once, at its end. */
static const double HANG = 2.0, FAREWELL = 0.5;
enum { OUTSTANDING = 100000 };

struct pace start_pace(void) {
    double moment = now();
    return (struct pace){.began = moment, .last_progress = moment};
}

double due_interval(void) { return options.rate > 0 ? 1 / options.rate : 0; }

int due_now(const struct pace *pace, double moment, double *due) {
    long count;
    if (pace->over)
        return 0;
    if (options.rate > 0) {
        count = (long)((moment - pace->began) * options.rate) + 1 - tally.sent;
        *due = pace->began + (double)tally.sent / options.rate;
        if (tally.outstanding + count > OUTSTANDING)
            count = OUTSTANDING - tally.outstanding;
    } else {
        count = options.window - tally.outstanding;
        *due = moment;
    }
    if (options.requests && tally.sent + count > options.requests)
        count = options.requests - tally.sent;
    return count > 0 ? (int)count : 0;
}

bool finished(struct pace *pace, double moment) {
    long seen = tally.arrived + tally.answered + tally.refused;
    if (seen != pace->seen) {
        pace->seen = seen;
        pace->last_progress = moment;
    }
    bool hangs = tally.outstanding > 0 && moment - pace->last_progress > HANG;
    if (hangs && (options.rate <= 0 || pace->over)) {
        give_up();
        pace->last_progress = moment;
    }
    if (moment - pace->began >= options.seconds || (options.requests && tally.sent >= options.requests))
        pace->over = true;
    if (pace->over && moment - pace->began > options.seconds + FAREWELL)
        give_up();
    return pace->over && tally.outstanding <= 0;
}

void rest(void) {
    if (options.pause_us)
        nanosleep(&(struct timespec){.tv_nsec = options.pause_us * 1000L}, NULL);
}
