/* Sockets, clock and failures, for every program of the bench. */
#ifndef BASE_H
#define BASE_H

#include <netinet/in.h>

/* End the program with the text and the reason that errno names. */
void die(const char *what) __attribute__((noreturn));

/* Seconds of the monotonic clock. */
double now(void);

/* "127.10.0.5:5060" as the kernel wants it. */
struct sockaddr_in address_of(const char *text);

/* Keep this process on one processor; -1: on any. */
void pin(int cpu);

/* A non-blocking socket for datagrams with room for bursts. */
int datagram_socket(const struct sockaddr_in *local);

/* A non-blocking socket that accepts connections. */
int listening_socket(const struct sockaddr_in *local);

/* A connection, established when this returns, still blocking. `local`: only its address counts. */
int connected_socket(const struct sockaddr_in *local, const struct sockaddr_in *remote);

void make_nonblocking(int fd);

#endif
