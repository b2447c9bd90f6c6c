/* One connection, in the clear or with TLS, with its buffers. */
#ifndef STREAM_H
#define STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>

enum { STREAM_ROOM = 1 << 18 };

struct stream {
    int fd; /* -1: closed */
    SSL *ssl; /* NULL: in the clear */
    int outstanding; /* requests sent on it and not answered */
    int unread, unsent, written;
    int wanted; /* events of epoll */
    char in[STREAM_ROOM], out[STREAM_ROOM];
};

/* The contexts for TLS, when the options want it. */
void prepare_tls(void);

/* A connection of our own (`dialled`) or one that was accepted; known to the epoll instance from now on. */
struct stream *new_stream(int epoll, int fd, bool dialled);

/* Fill the buffer `in`: bytes read, 0 nothing there, -1 closed. */
int read_stream(struct stream *stream);

/* Room at the end of `out` for one more message; NULL: none. The length is added by commit_output. */
char *output_room(struct stream *stream, int size);
void commit_output(struct stream *stream, int size);

/* Send what can be sent; the rest goes when epoll says so. */
void flush_stream(int epoll, struct stream *stream);

/* Whether the handshake is over; reading drives it on. */
bool is_ready(const struct stream *stream);

void close_stream(struct stream *stream);

#endif
