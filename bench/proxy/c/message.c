#define _GNU_SOURCE
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "options.h"

enum { SERIAL_DIGITS = 10, USER_DIGITS = 5, PLACES = 16 };

/* Where our running number stands, whatever a proxy does to the host behind it. */
static const char CALL_ID[] = "\r\nCall-ID: gw-";

struct places {
    int at[PLACES], count;
};

static char request[MESSAGE_ROOM], answer[MESSAGE_ROOM];
static int request_length, answer_length;
static struct places serials, users;

static int read_file(const char *name, char *room) {
    FILE *file = fopen(name, "rb");
    if (!file)
        die(name);
    int length = (int)fread(room, 1, MESSAGE_ROOM, file);
    fclose(file);
    return length;
}

static void find_places(const char *mark, struct places *found) {
    int size = (int)strlen(mark);
    for (int at = 0; at + size <= request_length; at++) {
        if (memcmp(request + at, mark, (size_t)size))
            continue;
        if (found->count == PLACES)
            die("too many marks in the request");
        found->at[found->count++] = at;
        at += size - 1;
    }
}

void load_messages(void) {
    request_length = read_file(options.request, request);
    answer_length = read_file(options.answer, answer);
    find_places("##########", &serials);
    find_places("%%%%%", &users);
}

int request_size(void) { return request_length; }

static void write_digits(char *out, int digits, unsigned long value) {
    while (digits--) {
        out[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

int write_request(char *out, unsigned long *serial) {
    static unsigned long last;
    *serial = ++last;
    /* A large prime spreads the users, so that neighbours in time are no neighbours in any table. */
    unsigned long user = *serial * 7919 % (unsigned long)options.users;
    memcpy(out, request, (size_t)request_length);
    for (int i = 0; i < serials.count; i++)
        write_digits(out + serials.at[i], SERIAL_DIGITS, *serial);
    for (int i = 0; i < users.count; i++)
        write_digits(out + users.at[i], USER_DIGITS, user);
    return request_length;
}

static bool begins(const char *line, const char *name) { return !strncasecmp(line, name, strlen(name)); }

int write_answer(const char *message, int length, char *out) {
    const char *end = memmem(message, (size_t)length, "\r\n\r\n", 4);
    const char *line = end ? memmem(message, (size_t)length, "\r\n", 2) : NULL;
    if (!end || is_response(message, length))
        return 0;
    static const char STATUS[] = "SIP/2.0 200 OK\r\n";
    char *at = mempcpy(out, STATUS, sizeof STATUS - 1);
    for (line += 2; line < end + 2;) {
        const char *next = (const char *)memmem(line, (size_t)(end + 2 - line), "\r\n", 2) + 2;
        if (at - out + (next - line) + answer_length + 64 > MESSAGE_ROOM)
            return 0;
        if (begins(line, "To:")) {
            at = mempcpy(at, line, (size_t)(next - 2 - line));
            at = mempcpy(at, ";tag=sink\r\n", 11);
        } else if (begins(line, "Via:") || begins(line, "From:") || begins(line, "Call-ID:") ||
                   begins(line, "CSeq:") || begins(line, "Record-Route:")) {
            at = mempcpy(at, line, (size_t)(next - line));
        }
        line = next;
    }
    if (memcmp(message, "OPTIONS", 7))
        at = mempcpy(at, answer, (size_t)answer_length);
    else
        at = mempcpy(at, "Content-Length: 0\r\n\r\n", 21);
    return (int)(at - out);
}

int message_end(const char *bytes, int length) {
    const char *end = memmem(bytes, (size_t)length, "\r\n\r\n", 4), *line = bytes;
    if (!end)
        return -1;
    int body = 0;
    while ((line = memmem(line, (size_t)(end + 2 - line), "\r\n", 2)) && line < end) {
        line += 2;
        if (begins(line, "Content-Length:")) {
            body = atoi(line + 15);
            break;
        }
    }
    int whole = (int)(end - bytes) + 4 + body;
    return whole <= length ? whole : -1;
}

bool is_ours(const char *message, int length, unsigned long *serial) {
    const char *found = memmem(message, (size_t)length, CALL_ID, sizeof CALL_ID - 1);
    if (!found)
        return false;
    *serial = strtoul(found + sizeof CALL_ID - 1, NULL, 10);
    return true;
}

bool is_response(const char *message, int length) { return length > 12 && !memcmp(message, "SIP/2.0 ", 8); }

int status_of(const char *message) { return atoi(message + 8); }
