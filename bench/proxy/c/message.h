/* Requests with running numbers, answers to them, and where messages end in a stream. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>

enum { MESSAGE_ROOM = 4096 };

/* Read the files that the options name. */
void load_messages(void);

int request_size(void);

/* Write the next request; `serial` says its number. In the file, ########## stands for the number, %%%%% for a user. */
int write_request(char *out, unsigned long *serial);

/* Write the 200 to a request; 0: it is none that can be answered. */
int write_answer(const char *request, int length, char *out);

/* The end of the first message, -1: not there yet. */
int message_end(const char *bytes, int length);

/* Whether it is one of our requests, or an answer to one: health checks of the proxy are not. */
bool is_ours(const char *message, int length, unsigned long *serial);

bool is_response(const char *message, int length);

/* The code of a response. */
int status_of(const char *message);

#endif
