/* What the load generator is told. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>

struct options {
    const char *transport; /* udp | tcp | tls */
    struct sockaddr_in client, proxy, sink;
    const char *request, *answer; /* files: a request; what follows the copied headers of a 200 */
    const char *certificate, *key; /* of the side that accepts TLS */
    const char *dump; /* file for the first message of each direction; NULL: none */
    int window; /* requests outstanding in a closed loop */
    int connections;
    double settle; /* seconds to listen before the first request: health checks find the sink */
    double seconds;
    long requests; /* end after so many; 0: by time alone */
    double rate; /* requests a second, sent when they are due; 0: closed loop, as fast as answers come */
    int pause_us; /* slept when there is nothing to do; 0: never, the processor is ours */
    int users; /* different users in the messages */
    int cpu;
    bool secure; /* transport is tls */
};

extern struct options options;

void read_options(int count, char **words);

#endif
