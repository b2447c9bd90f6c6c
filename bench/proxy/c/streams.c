#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base.h"
#include "message.h"
#include "options.h"
#include "pace.h"
#include "stream.h"
#include "tally.h"

enum { EVENTS = 256, LISTENERS = 2, CONNECT_SECONDS = 10 };

static int epoll;
static int listeners[LISTENERS]; /* of the sink, and of the client for requests to it (health checks) */
static struct stream **clients;
static int next_client;

static void listen_at(int index, const struct sockaddr_in *address) {
    listeners[index] = listening_socket(address);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listeners[index]};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listeners[index], &event);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        make_nonblocking(fd);
        new_stream(epoll, fd, false);
    }
}

static void put_request(struct stream *stream, double due) {
    unsigned long serial;
    char *room = output_room(stream, request_size());
    if (!room)
        return;
    commit_output(stream, write_request(room, &serial));
    stream->outstanding++;
    note_sent(serial, due);
}

/* Closed loop: each connection has its share of the window. */
static void fill(struct stream *stream, const struct pace *pace) {
    double due;
    int share = options.window / options.connections;
    if (share < 1)
        share = 1;
    while (stream->outstanding < share && due_now(pace, pace->began, &due))
        put_request(stream, due);
    flush_stream(epoll, stream);
}

/* With a rate: what is due goes to the connections in turn. */
static int send_due(const struct pace *pace, double moment) {
    double due;
    int count = due_now(pace, moment, &due);
    for (int i = 0; i < count; i++) {
        struct stream *stream = clients[next_client++ % options.connections];
        if (stream->fd < 0) {
            note_sent(0, 0); /* nobody to send it to: lost */
            continue;
        }
        put_request(stream, due + i * due_interval());
        flush_stream(epoll, stream);
    }
    return count;
}

static void take(struct stream *stream, const char *message, int length) {
    if (note_answer(message, length)) {
        stream->outstanding--;
        return;
    }
    note_arrival(message, length);
    char *room = output_room(stream, MESSAGE_ROOM);
    if (room)
        commit_output(stream, write_answer(message, length, room));
}

static void take_all(struct stream *stream) {
    int at = 0, end;
    for (;;) {
        while (stream->unread - at >= 2 && !memcmp(stream->in + at, "\r\n", 2))
            at += 2;
        if ((end = message_end(stream->in + at, stream->unread - at)) < 0)
            break;
        take(stream, stream->in + at, end);
        at += end;
    }
    if (at) {
        memmove(stream->in, stream->in + at, (size_t)(stream->unread - at));
        stream->unread -= at;
    }
}

static void serve(struct stream *stream, const struct pace *pace) {
    int count;
    while ((count = read_stream(stream)) > 0)
        take_all(stream);
    if (count < 0) {
        tally.closed += !pace->over;
        close_stream(stream);
        return;
    }
    if (stream->outstanding || stream->unsent || options.rate > 0)
        flush_stream(epoll, stream);
}

static void serve_events(const struct pace *pace, int milliseconds) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, milliseconds);
    for (int i = 0; i < count; i++) {
        int *listener = events[i].data.ptr;
        if (listener == &listeners[0] || listener == &listeners[1])
            accept_all(*listener);
        else
            serve(events[i].data.ptr, pace);
    }
}

/* All clients connected, their handshakes done. Without a proxy both ends are here, so nothing may block. */
static void connect_clients(void) {
    struct pace pace = start_pace();
    clients = calloc((size_t)options.connections, sizeof(struct stream *));
    if (!clients)
        die("calloc");
    for (int i = 0; i < options.connections; i++) {
        clients[i] = new_stream(epoll, connected_socket(&options.client, &options.proxy), true);
        serve(clients[i], &pace); /* begins the handshake */
        while (!is_ready(clients[i])) {
            errno = ETIMEDOUT;
            if (clients[i]->fd < 0 || now() - pace.began > CONNECT_SECONDS)
                die("TLS handshake");
            serve_events(&pace, 50);
        }
    }
    if (clients[0]->ssl)
        tally.cipher = SSL_get_cipher_name(clients[0]->ssl);
}

static void refill(const struct pace *pace) {
    bool given_up = !tally.outstanding;
    for (int i = 0; i < options.connections; i++) {
        if (given_up)
            clients[i]->outstanding = 0;
        if (clients[i]->fd >= 0 && !pace->over)
            fill(clients[i], pace);
    }
}

void load_with_streams(void) {
    epoll = epoll_create1(0);
    prepare_tls();
    listen_at(0, &options.sink);
    listen_at(1, &options.client);
    struct pace pace = start_pace();
    while (now() - pace.began < options.settle)
        serve_events(&pace, 10);
    connect_clients();
    pace = start_pace();
    for (double moment = pace.began; !finished(&pace, moment); moment = now()) {
        if (options.rate <= 0)
            refill(&pace);
        else if (!send_due(&pace, moment))
            rest();
        serve_events(&pace, options.rate > 0 ? 0 : 50);
    }
    report(pace.began);
}
