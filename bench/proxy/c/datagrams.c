#define _GNU_SOURCE
#include "load.h"

#include <stddef.h>
#include <sys/socket.h>

#include "base.h"
#include "message.h"
#include "options.h"
#include "pace.h"
#include "tally.h"

enum { BATCH = 64 };

/* Messages to be sent, or received ones, for one call into the kernel. */
struct batch {
    struct mmsghdr headers[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in peers[BATCH];
    char bytes[BATCH][MESSAGE_ROOM];
};

static struct batch requests, received, answers;

static void prepare(struct batch *batch, int index, size_t length) {
    batch->parts[index] = (struct iovec){.iov_base = batch->bytes[index], .iov_len = length};
    batch->headers[index].msg_hdr = (struct msghdr){
        .msg_name = &batch->peers[index],
        .msg_namelen = sizeof batch->peers[index],
        .msg_iov = &batch->parts[index],
        .msg_iovlen = 1,
    };
}

static void send_batch(int fd, struct batch *batch, int count) {
    for (int done = 0; done < count;) {
        int now_sent = sendmmsg(fd, batch->headers + done, (unsigned)(count - done), 0);
        if (now_sent <= 0)
            return; /* lost, as datagrams are: it will be counted */
        done += now_sent;
    }
}

static int send_requests(int fd, const struct pace *pace, double moment) {
    double due;
    int count = due_now(pace, moment, &due);
    if (count > BATCH)
        count = BATCH;
    for (int i = 0; i < count; i++) {
        unsigned long serial;
        prepare(&requests, i, (size_t)write_request(requests.bytes[i], &serial));
        requests.peers[i] = options.proxy;
        note_sent(serial, due + i * due_interval());
    }
    send_batch(fd, &requests, count);
    return count;
}

/* Take what has come; answer requests. */
static int receive(int fd) {
    for (int i = 0; i < BATCH; i++)
        prepare(&received, i, MESSAGE_ROOM);
    int count = recvmmsg(fd, received.headers, BATCH, MSG_DONTWAIT, NULL), replies = 0;
    for (int i = 0; i < count; i++) {
        const char *message = received.bytes[i];
        int length = (int)received.headers[i].msg_len;
        if (note_answer(message, length))
            continue;
        note_arrival(message, length);
        int size = write_answer(message, length, answers.bytes[replies]);
        if (!size)
            continue;
        answers.peers[replies] = received.peers[i];
        prepare(&answers, replies++, (size_t)size);
    }
    send_batch(fd, &answers, replies);
    return count > 0 ? count : 0;
}

void load_with_datagrams(void) {
    int client = datagram_socket(&options.client), sink = datagram_socket(&options.sink);
    for (double begin = now() + options.settle; now() < begin; rest()) {
        receive(sink);
        receive(client);
    }
    struct pace pace = start_pace();
    for (double moment = pace.began; !finished(&pace, moment); moment = now()) {
        int done = send_requests(client, &pace, moment);
        done += receive(sink);
        done += receive(client);
        if (!done)
            rest();
    }
    report(pace.began);
}
