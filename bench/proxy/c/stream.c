#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base.h"
#include "options.h"

static SSL_CTX *client_context, *server_context;

void prepare_tls(void) {
    if (!options.secure)
        return;
    client_context = SSL_CTX_new(TLS_client_method());
    server_context = SSL_CTX_new(TLS_server_method());
    errno = EINVAL;
    if (SSL_CTX_use_certificate_chain_file(server_context, options.certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(server_context, options.key, SSL_FILETYPE_PEM) != 1)
        die("certificate or key");
    SSL_CTX_set_mode(client_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_mode(server_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static void want(int epoll, struct stream *stream, int events) {
    if (stream->wanted == events)
        return;
    struct epoll_event event = {.events = (uint32_t)events, .data.ptr = stream};
    epoll_ctl(epoll, stream->wanted ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, stream->fd, &event);
    stream->wanted = events;
}

struct stream *new_stream(int epoll, int fd, bool dialled) {
    struct stream *stream = calloc(1, sizeof *stream);
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream->fd = fd;
    if (options.secure) {
        stream->ssl = SSL_new(dialled ? client_context : server_context);
        SSL_set_fd(stream->ssl, fd);
        if (dialled)
            SSL_set_connect_state(stream->ssl);
        else
            SSL_set_accept_state(stream->ssl);
    }
    make_nonblocking(fd);
    want(epoll, stream, EPOLLIN);
    return stream;
}

/* What a call of the TLS library means: 0 try again later, -1 closed. */
static int tls_failure(const struct stream *stream, int result) {
    int error = SSL_get_error(stream->ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

int read_stream(struct stream *stream) {
    int room = STREAM_ROOM - stream->unread;
    int count = stream->ssl ? SSL_read(stream->ssl, stream->in + stream->unread, room)
                            : (int)read(stream->fd, stream->in + stream->unread, (size_t)room);
    if (count <= 0) {
        if (stream->ssl)
            return tls_failure(stream, count);
        return count < 0 && errno == EAGAIN ? 0 : -1;
    }
    stream->unread += count;
    return count;
}

char *output_room(struct stream *stream, int size) {
    return stream->unsent + size <= STREAM_ROOM ? stream->out + stream->unsent : NULL;
}

void commit_output(struct stream *stream, int size) { stream->unsent += size; }

void flush_stream(int epoll, struct stream *stream) {
    while (stream->written < stream->unsent) {
        const char *from = stream->out + stream->written;
        int size = stream->unsent - stream->written;
        int count = stream->ssl ? SSL_write(stream->ssl, from, size) : (int)write(stream->fd, from, (size_t)size);
        if (count <= 0) {
            want(epoll, stream, EPOLLIN | EPOLLOUT);
            return; /* full, or broken: then reading says so */
        }
        stream->written += count;
    }
    stream->written = stream->unsent = 0;
    want(epoll, stream, EPOLLIN);
}

bool is_ready(const struct stream *stream) { return !stream->ssl || SSL_is_init_finished(stream->ssl); }

void close_stream(struct stream *stream) {
    if (stream->ssl)
        SSL_free(stream->ssl);
    stream->ssl = NULL;
    close(stream->fd);
    stream->fd = -1;
}
