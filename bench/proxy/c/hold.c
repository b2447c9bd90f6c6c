/* Idle connections: hold tcp|tls CLIENT PROXY COUNT...
 *
 * Opens connections up to each COUNT, lets each carry one keep-alive (RFC 5626 4.4.1: CRLF CRLF, answered by CRLF), so
 * that the proxy has certainly accepted and read it, prints the number and waits for a line on standard input.
 */
#define _GNU_SOURCE
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base.h"

static const char PING[] = "\r\n\r\n";

static void open_one(SSL_CTX *context, const struct sockaddr_in *client, const struct sockaddr_in *proxy) {
    int fd = connected_socket(client, proxy);
    struct timeval patience = {.tv_sec = 5};
    char pong[2];
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!context) {
        if (write(fd, PING, sizeof PING - 1) < 0 || read(fd, pong, sizeof pong) <= 0)
            die("keep-alive");
        return;
    }
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    if (SSL_connect(ssl) != 1 || SSL_write(ssl, PING, sizeof PING - 1) <= 0 || SSL_read(ssl, pong, sizeof pong) <= 0)
        die("TLS handshake or keep-alive");
}

int main(int count, char **words) {
    char line[8];
    int opened = 0;
    if (count < 5)
        return 2;
    SSL_CTX *context = strcmp(words[1], "tls") ? NULL : SSL_CTX_new(TLS_client_method());
    struct sockaddr_in client = address_of(words[2]), proxy = address_of(words[3]);
    for (int i = 4; i < count; i++) {
        for (; opened < atoi(words[i]); opened++)
            open_one(context, &client, &proxy);
        printf("%d\n", opened);
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            break;
    }
    return 0;
}
