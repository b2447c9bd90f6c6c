/* What a run has counted and how long answers took. */
#ifndef TALLY_H
#define TALLY_H

struct tally {
    long sent;
    long arrived; /* requests at the far side */
    long answered; /* 200 at the near side */
    long refused; /* other final answers */
    long lost; /* given up */
    long closed; /* connections that ended before the run */
    int outstanding;
    const char *cipher;
};

extern struct tally tally;

/* A request was due at `when` (seconds of now()); only runs with a rate measure time. */
void note_sent(unsigned long serial, double when);

/* A message came to the near side: whether it was the answer to one of our requests. */
int note_answer(const char *message, int length);

/* A request came to the far side. */
void note_arrival(const char *message, int length);

/* Give up what is outstanding. */
void give_up(void);

/* JSON on standard output, one line. `began`: seconds of now(). */
void report(double began);

#endif
