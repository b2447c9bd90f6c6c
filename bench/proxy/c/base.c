#define _GNU_SOURCE
#include "base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { SOCKET_BUFFER = 4 << 20, BACKLOG = 4096 };

void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

double now(void) {
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return (double)moment.tv_sec + (double)moment.tv_nsec * 1e-9;
}

struct sockaddr_in address_of(const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64];
    int port;
    errno = EINVAL;
    if (sscanf(text, "%63[^:]:%d", host, &port) != 2 || inet_pton(AF_INET, host, &address.sin_addr) != 1)
        die(text);
    address.sin_port = htons((uint16_t)port);
    return address;
}

void pin(int cpu) {
    if (cpu < 0)
        return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        die("sched_setaffinity");
}

void make_nonblocking(int fd) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK))
        die("fcntl");
}

int datagram_socket(const struct sockaddr_in *local) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = SOCKET_BUFFER;
    /* Without the privilege the kernel's own limit holds, which is enough for the windows used here. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size))
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (bind(fd, (const struct sockaddr *)local, sizeof *local))
        die("bind of a datagram socket");
    return fd;
}

int listening_socket(const struct sockaddr_in *local) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)local, sizeof *local) || listen(fd, BACKLOG))
        die("bind of a listening socket");
    return fd;
}

int connected_socket(const struct sockaddr_in *local, const struct sockaddr_in *remote) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in any_port = *local;
    any_port.sin_port = 0;
    /* The port is chosen by connect: 10,000 connections from one address need that. */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)&any_port, sizeof any_port))
        die("bind of a connection");
    if (connect(fd, (const struct sockaddr *)remote, sizeof *remote))
        die("connect");
    return fd;
}
