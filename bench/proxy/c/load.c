/* The load generator: a client before the proxy and a sink behind it that answers, in one thread. */
#include "load.h"

#include <signal.h>
#include <string.h>

#include "base.h"
#include "message.h"
#include "options.h"

int main(int count, char **words) {
    signal(SIGPIPE, SIG_IGN);
    read_options(count, words);
    pin(options.cpu);
    load_messages();
    if (!strcmp(options.transport, "udp"))
        load_with_datagrams();
    else
        load_with_streams();
    return 0;
}
