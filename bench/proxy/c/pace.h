/* When to send, when to stop: the same for datagrams and streams. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>

struct pace {
    double began, last_progress;
    long seen;
    bool over; /* nothing more is sent */
};

struct pace start_pace(void);

/* How many requests may go now, and when the first of them was due. Interval between them: due_interval(). */
int due_now(const struct pace *pace, double moment, double *due);

double due_interval(void);

/* Look at the clock: whether the run is finished. What hangs without any progress is given up. */
bool finished(struct pace *pace, double moment);

/* Nothing was to be done: sleep, if the options want it. */
void rest(void);

#endif
