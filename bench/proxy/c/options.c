#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

struct options options = {.transport = "udp", .window = 64, .connections = 32, .seconds = 1, .users = 1000, .cpu = -1};

static const struct option NAMES[] = {
    {"transport", required_argument, NULL, 't'}, {"client", required_argument, NULL, 'c'},
    {"proxy", required_argument, NULL, 'p'},     {"sink", required_argument, NULL, 's'},
    {"request", required_argument, NULL, 'r'},   {"answer", required_argument, NULL, 'a'},
    {"window", required_argument, NULL, 'w'},    {"connections", required_argument, NULL, 'n'},
    {"seconds", required_argument, NULL, 'd'},   {"requests", required_argument, NULL, 'm'},
    {"rate", required_argument, NULL, 'R'},      {"users", required_argument, NULL, 'u'},
    {"certificate", required_argument, NULL, 'C'}, {"key", required_argument, NULL, 'K'},
    {"cpu", required_argument, NULL, 'P'},       {"dump", required_argument, NULL, 'D'},
    {"pause", required_argument, NULL, 'S'},     {"settle", required_argument, NULL, 'T'},
    {NULL, 0, NULL, 0},
};

void read_options(int count, char **words) {
    int letter;
    while ((letter = getopt_long(count, words, "", NAMES, NULL)) != -1) {
        switch (letter) {
        case 't': options.transport = optarg; break;
        case 'c': options.client = address_of(optarg); break;
        case 'p': options.proxy = address_of(optarg); break;
        case 's': options.sink = address_of(optarg); break;
        case 'r': options.request = optarg; break;
        case 'a': options.answer = optarg; break;
        case 'w': options.window = atoi(optarg); break;
        case 'n': options.connections = atoi(optarg); break;
        case 'd': options.seconds = atof(optarg); break;
        case 'm': options.requests = atol(optarg); break;
        case 'R': options.rate = atof(optarg); break;
        case 'u': options.users = atoi(optarg); break;
        case 'C': options.certificate = optarg; break;
        case 'K': options.key = optarg; break;
        case 'T': options.settle = atof(optarg); break;
        case 'S': options.pause_us = atoi(optarg); break;
        case 'P': options.cpu = atoi(optarg); break;
        case 'D': options.dump = optarg; break;
        default: exit(2);
        }
    }
    options.secure = !strcmp(options.transport, "tls");
    if (!options.request || !options.answer || options.window < 1 || options.connections < 1 || options.users < 1) {
        fprintf(stderr, "request, answer, and a positive window, connections and users are needed\n");
        exit(2);
    }
}
