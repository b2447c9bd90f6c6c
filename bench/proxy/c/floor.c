/* What the kernel alone costs: every byte is received and sent, nothing is looked at.
 *
 * floor udp|tcp INNER OUTER CLIENT SINK: what comes to INNER goes to SINK, what comes to OUTER to CLIENT.
 * Datagrams: one recvfrom and one sendto each. TCP: one connection onward for each that comes in.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base.h"

enum { EVENTS = 256, DRAIN = 64, ROOM = 1 << 16 };

/* A socket: what it receives leaves by `to`, datagrams for `peer`. A listener accepts for `peer`. */
struct end {
    int fd;
    struct end *to;
    struct sockaddr_in local, peer;
};

static char room[ROOM];
static int epoll;

static void watch(struct end *end) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
    epoll_ctl(epoll, EPOLL_CTL_ADD, end->fd, &event);
}

static void pass_datagrams(struct end *end) {
    for (int i = 0; i < DRAIN; i++) {
        ssize_t count = recv(end->fd, room, sizeof room, 0);
        if (count < 0)
            return;
        sendto(end->to->fd, room, (size_t)count, 0, (struct sockaddr *)&end->peer, sizeof end->peer);
    }
}

static struct end *new_end(int fd) {
    struct end *end = calloc(1, sizeof *end);
    int one = 1;
    if (!end)
        die("calloc");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    make_nonblocking(fd);
    end->fd = fd;
    return end;
}

static void accept_pair(const struct end *listener) {
    int fd = accept(listener->fd, NULL, NULL);
    if (fd < 0)
        return;
    struct end *near = new_end(fd), *far = new_end(connected_socket(&listener->local, &listener->peer));
    near->to = far;
    far->to = near;
    watch(near);
    watch(far);
}

static void pass_bytes(struct end *end) {
    ssize_t count = read(end->fd, room, sizeof room);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0) {
        /* Both stay allocated: an event for the other may be waiting. Closing ends the watching. */
        close(end->fd);
        shutdown(end->to->fd, SHUT_RDWR);
        return;
    }
    /* The generator has few requests outstanding on a connection: they always fit into the buffer of the kernel. */
    if (write(end->to->fd, room, (size_t)count) != count && errno != EPIPE)
        die("write");
}

int main(int count, char **words) {
    struct epoll_event events[EVENTS];
    if (count != 6)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    epoll = epoll_create1(0);
    int datagrams = !strcmp(words[1], "udp");
    struct end inner = {.local = address_of(words[2]), .peer = address_of(words[5])};
    struct end outer = {.local = address_of(words[3]), .peer = address_of(words[4])};
    inner.fd = datagrams ? datagram_socket(&inner.local) : listening_socket(&inner.local);
    outer.fd = datagrams ? datagram_socket(&outer.local) : listening_socket(&outer.local);
    inner.to = &outer;
    outer.to = &inner;
    watch(&inner);
    watch(&outer);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct end *end = events[i].data.ptr;
            if (datagrams)
                pass_datagrams(end);
            else if (end == &inner || end == &outer)
                accept_pair(end);
            else
                pass_bytes(end);
        }
    }
}
