#define _GNU_SOURCE
#include "tally.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "message.h"
#include "options.h"

/* More requests than are ever outstanding, and more times than a run with a rate takes. */
enum { TABLE = 1 << 18, TIMES = 1 << 22 };

struct tally tally;
static double due[TABLE];
static float times[TIMES];
static long timed;
static char first_request[MESSAGE_ROOM], first_answer[MESSAGE_ROOM], first_refusal[MESSAGE_ROOM];

static void keep_first(char *room, const char *message, int length) {
    if (!*room && length < MESSAGE_ROOM)
        memcpy(room, message, (size_t)length);
}

void note_sent(unsigned long serial, double when) {
    tally.sent++;
    tally.outstanding++;
    due[serial % TABLE] = when;
}

int note_answer(const char *message, int length) {
    unsigned long serial;
    if (!is_response(message, length) || status_of(message) < 200 || !is_ours(message, length, &serial))
        return 0;
    double *sent = &due[serial % TABLE];
    if (!*sent) /* already answered, or given up */
        return 0;
    if (options.rate > 0 && timed < TIMES)
        times[timed++] = (float)(now() - *sent);
    *sent = 0;
    tally.outstanding--;
    if (status_of(message) == 200) {
        tally.answered++;
        keep_first(first_answer, message, length);
    } else {
        tally.refused++;
        keep_first(first_refusal, message, length);
    }
    return 1;
}

void note_arrival(const char *message, int length) {
    unsigned long serial;
    if (is_response(message, length) || !is_ours(message, length, &serial))
        return;
    tally.arrived++;
    keep_first(first_request, message, length);
}

void give_up(void) {
    tally.lost += tally.outstanding;
    tally.outstanding = 0;
    memset(due, 0, sizeof due);
}

static int compare(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static double microseconds(double share) { return timed ? times[(long)((double)(timed - 1) * share)] * 1e6 : 0; }

static void dump(void) {
    FILE *file = fopen(options.dump, "wb");
    if (!file)
        die(options.dump);
    fprintf(file, "=== request\n%s\n=== answer\n%s\n=== refusal\n%s\n", first_request, first_answer, first_refusal);
    fclose(file);
}

void report(double began) {
    double seconds = now() - began;
    qsort(times, (size_t)timed, sizeof *times, compare);
    printf("{\"sent\": %ld, \"arrived\": %ld, \"answered\": %ld, \"refused\": %ld, \"lost\": %ld, \"closed\": %ld, "
           "\"seconds\": %.4f, \"size\": %d, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, \"cipher\": \"%s\"}\n",
           tally.sent, tally.arrived, tally.answered, tally.refused, tally.lost, tally.closed, seconds, request_size(),
           microseconds(0.5), microseconds(0.99), microseconds(1), tally.cipher ? tally.cipher : "");
    if (options.dump)
        dump();
}
