/* Copyright: (c) 2026, the sametime.gateway authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 *
 * The compiled kernel: ordinary messages, rewritten byte for byte as the Python code rewrites them.
 *
 * It accelerates and never decides. What is not plain - folds, odd spelling, whatever would be refused or counted - is
 * left to the Python code: the function that meets it returns 0 or NULL, and so do its callers. What becomes of a host,
 * where a URI leads, what a field's name means, it asks learning.py once and remembers in a table of fixed size.
 *
 * A message is read twice: once for its lines and its route, once to write it. It is written from left to right: edit()
 * says which bytes are replaced, put() with what; all others are copied as they are. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>

#define OUT_MAX 24576 /* __init__.py says how long the messages may be that are done here: not so long */
#define LINES_MAX 96
#define KEY_MAX 200
#define TABLE_SIZE 4096 /* as many as 12 bits of a hash can tell apart */
#define PROBES 8
#define CONGESTED 1300 /* bytes of a datagram: above it RFC 3261, 18.1.1, wants another transport */

/* These numbers are the same in learning.py. Kinds of texts: the way is added, to those from TOP on the leg too. */
enum { FIELD, CONTENT = 2, CALL_ID_HOST = 4, MEDIA = 6, START = 8, HOPS = 10, ATTRIBUTE = 12, STATUS = 14,
       TOP = 16, ROUTES = 24, VIAS = 32, SENDERS = 40, NEXT = 48, OURS = 56, URIS = 64 };
/* Header fields; those from SINGLE on may be there once. */
enum { PLAIN, VIA, ROUTE, RECORD_ROUTE, ADDRESSES, ADDRESS, INTERNAL, SINGLE, FROM = SINGLE, TO, CALL_ID, CSEQ,
       MAX_FORWARDS, LENGTH, TYPE, CODES };
/* What is to be known of a request line; classes of bytes; kinds of outcomes. */
enum { OWN = 1, RECORDS = 2 };
enum { DIGIT = 1, TOKEN = 2, WORD = 4, QUOTED = 8, USER = 16, TAIL = 32 };
enum { REQUEST, RESPONSE };

typedef struct { const char *at, *end; } Span;
typedef struct { const char *at, *value, *end; int code; } Line; /* end: of the value, at CR */

typedef struct {
    unsigned hash;
    int kind, length, number;  /* number < 0: left to Python */
    PyObject *known, *object;  /* (number, object), or None; NULL: the entry is free. Object: bytes, a tuple, or None */
    char key[KEY_MAX];
} Entry;

typedef struct {
    PyObject *arguments; /* of make(), which hold all the objects below */
    PyObject *otherwise; /* the Python code: (data, flow) -> outcome */
    PyObject *learn;     /* (kind, text, flow) -> (number, object), or None: left to Python */
    PyObject *choose;    /* (Call-ID) -> goal or None; a goal is (transport, Target, b"address:port") */
    PyObject *key;       /* the name of a flow's attribute: o or i for its way, and what else distinguishes it */
    PyObject *needles;   /* what must not be in a header block that leaves, or that comes (see holds()) */
    Py_ssize_t longest, most; /* bytes and lines of a message */
    unsigned long long seed; /* differs from process to process: nobody outside knows which texts meet in the table */
    int busy, full;
    Entry table[TABLE_SIZE];
} Kernel;

typedef struct {
    Kernel *kernel;
    PyObject *flow, *key;        /* the flow's */
    PyObject *target, *chosen;   /* where the message goes; what choose() gave, or NULL */
    Span token;                  /* of the flow that a response goes to */
    const char *at, *end, *body; /* of the message */
    const char *copied;          /* everything before is written or replaced */
    char *w, *limit, *length_at; /* length_at: where Content-Length is written */
    const char *method;          /* in CSeq */
    int outward, leg, kind, stream, sdp, lines; /* leg: index of the transport that it leaves by */
    Line *single[CODES];
    Line line[LINES_MAX];
    char out[OUT_MAX];
} Job;

static const unsigned char *class_of; /* learning.py's table, by byte */
#define STARTS(at, end, text) ((end) - (at) >= (Py_ssize_t)sizeof(text) - 1 && !memcmp(at, text, sizeof(text) - 1))
#define ITEM(entry, place) PyTuple_GET_ITEM((entry)->object, place)

/* What is known of this text; NULL: it is for Python. Entries stay at least until the message is done. */
static const Entry *recall(Job *j, int kind, const char *at, const char *end) {
    unsigned long long part, mixed = ((unsigned long long)kind << 32 | (unsigned)(end - at)) ^ j->kernel->seed;
    int length = (int)(end - at), done, probe;
    Entry *entry = NULL;
    if (end - at > KEY_MAX) return NULL;
    for (done = 0; done < length; done += 8, mixed = (mixed ^ part) * 0x9E3779B97F4A7C15ULL, mixed ^= mixed >> 32) {
        part = 0;
        if (length >= 8) memcpy(&part, at + (done <= length - 8 ? done : length - 8), 8);
        else memcpy(&part, at, (size_t)length);
    }
    for (probe = 0; probe < PROBES; probe++) {
        entry = &j->kernel->table[((unsigned)(mixed >> 52) + (unsigned)probe) % TABLE_SIZE];
        if (!entry->known) break;
        if (entry->hash == (unsigned)mixed && entry->kind == kind && entry->length == length &&
            !memcmp(entry->key, at, (size_t)length))
            return entry->number < 0 ? NULL : entry;
    }
    if ((j->kernel->full |= probe == PROBES)) return NULL;
    entry->known = PyObject_CallFunction(j->kernel->learn, "iy#O", kind, at, end - at, j->flow);
    if (!entry->known) return NULL;
    entry->number = entry->known == Py_None ? -1 : (int)PyLong_AsLong(PyTuple_GET_ITEM(entry->known, 0));
    entry->object = entry->known == Py_None ? Py_None : PyTuple_GET_ITEM(entry->known, 1);
    entry->hash = (unsigned)mixed, entry->kind = kind, entry->length = length;
    memcpy(entry->key, at, (size_t)length);
    return entry->number < 0 ? NULL : entry;
}

/* The same of a text in pieces. */
static const Entry *recall_pieces(Job *j, int kind, const Span *pieces, int count) {
    char key[KEY_MAX], *w = key;
    for (; count--; w += pieces->end - pieces->at, pieces++) {
        if (pieces->end - pieces->at > key + KEY_MAX - w) return NULL;
        memcpy(w, pieces->at, (size_t)(pieces->end - pieces->at));
    }
    return recall(j, kind, key, w);
}

static void forget(Kernel *k) {
    Entry *entry;
    for (entry = k->table; entry < k->table + TABLE_SIZE; entry++) Py_CLEAR(entry->known);
    k->full = 0;
}

static void put(Job *j, const char *text, Py_ssize_t length) {
    if (j->limit - j->w < length) j->limit = j->w = j->out, length = 0; /* too long for us: finish() sees it */
    memcpy(j->w, text, (size_t)length);
    j->w += length;
}

/* The bytes from `at` to `end` are replaced by what is put next. */
static void edit(Job *j, const char *at, const char *end) {
    put(j, j->copied, at - j->copied);
    j->copied = end;
}

static void put_object(Job *j, PyObject *bytes) { put(j, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes)); }

static void edit_to(Job *j, const char *at, const char *end, PyObject *bytes) {
    edit(j, at, end), put_object(j, bytes);
}

/* An edit as learning.py says, if it says anything. */
static int replace(Job *j, int kind, const char *at, const char *end) {
    const Entry *known = recall(j, kind, at, end);
    if (known && known->object != Py_None) edit_to(j, at, end, known->object);
    return known != NULL;
}

static const char *find(const char *at, const char *end, char c) {
    return at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
}

static const char *skip(const char *at, const char *end, int classes) {
    while (at < end && class_of[(unsigned char)*at] & classes) at++;
    return at;
}

/* The end of a line: its CRLF, if nothing in it looks like one. */
static const char *end_of_line(const char *at, const char *end) {
    const char *found = find(at, end, '\r');
    return found && found + 1 < end && found[1] == '\n' && !find(at, found, '\n') ? found : NULL;
}

/* The header block: each line with its name's code and its value. */
static int read_lines(Job *j, const char *p) {
    for (;; j->lines++) {
        Line *line = &j->line[j->lines];
        const char *colon, *end = end_of_line(p, j->end);
        const Entry *name;
        if (end == p) break;
        if (!end || j->lines == j->kernel->most || *p == ' ' || *p == '\t') return 0;
        if (!(colon = find(p, end, ':')) || !(name = recall(j, FIELD + j->outward, p, colon))) return 0;
        line->at = p, line->code = name->number, line->end = end;
        for (p = colon + 1; p < end && *p == ' '; p++) {}
        line->value = p;
        if (line->code != PLAIN && (p == end || *p == '\t' || end[-1] == ' ' || end[-1] == '\t')) return 0;
        if (line->code >= SINGLE && j->single[line->code]) return 0;
        if (line->code >= SINGLE) j->single[line->code] = line;
        p = end + 2;
    }
    j->body = p + 2;
    return 1;
}

static const Line *next_of(const Job *j, const Line *line, int code) {
    while (line < j->line + j->lines && line->code != code) line++;
    return line < j->line + j->lines ? line : NULL;
}

/* Reads the header fields, and what requests and responses must have or may have once. */
static int prepare(Job *j, const char *p) {
    const Line *line = NULL;
    const Entry *known = NULL;
    char *after; long length;
    if (!read_lines(j, p) || !j->single[FROM] || !j->single[TO] || !j->single[CALL_ID]) return 0;
    if (!(line = j->single[CSEQ])) return 0;
    p = skip(line->value, line->end, DIGIT);
    if (p == line->value || p - line->value > 9 || *p != ' ' || skip(p + 1, line->end, TOKEN) != line->end) return 0;
    j->method = p + 1;
    if ((line = j->single[MAX_FORWARDS]) && !recall(j, HOPS, line->value, line->end)) return 0;
    if ((line = j->single[TYPE]) && !(known = recall(j, CONTENT + j->outward, line->value, line->end))) return 0;
    j->sdp = known && known->number;
    if (!(line = j->single[LENGTH]) || *line->value < '0') return 0;
    length = strtol(line->value, &after, 10);
    if (j->stream && length < j->end - j->body) j->end = j->body + length; /* the next message follows */
    return after == line->end && length == j->end - j->body && j->end - j->at <= j->kernel->longest;
}

/* A SIP URI without headers, recalled from its host on. */
static int map_uri(Job *j, const char *p, const char *end, int code) {
    int secure = STARTS(p, end, "sips:");
    const char *user;
    if (!secure && !STARTS(p, end, "sip:")) return 0;
    p += 4 + secure;
    if ((user = find(p, end, '@')) && skip(p, user, USER) != user) return 0;
    p = user ? user + 1 : p;
    return skip(p, end, TAIL) == end && replace(j, URIS + 16 * code + 8 * secure + 3 * j->outward + j->leg, p, end);
}

/* One address in angle brackets, with a name before it and parameters behind. Returns what is behind it. */
static const char *map_address(Job *j, const char *p, const char *end, int code) {
    const char *close, *word = skip(p, end, WORD);
    if (*p == '"' && (word = skip(p + 1, end, QUOTED)) < end && *word == '"') word = skip(word + 1, end, WORD);
    if (word == end || *word != '<' || !(close = find(word, end, '>'))) return NULL;
    if (!map_uri(j, word + 1, close, code)) return NULL;
    end = skip(++close, end, TAIL);
    if (close < end && *close != ';') return NULL;
    for (p = close; (p = find(p, end, ';')); p++) /* parameters that may be ours or WAS's own */
        if (p + 1 < end && ((p[1] | 32) == 'n' || (p[1] | 32) == 'i')) return NULL;
    return end;
}

static int map_addresses(Job *j, const Line *line) {
    const char *p = line->value;
    while ((p = map_address(j, p, line->end, line->code)) && p < line->end) {
        if (*p++ != ',' || (line->code != ADDRESSES && line->code != RECORD_ROUTE)) return 0;
        while (p < line->end && *p == ' ') p++;
    }
    return p != NULL;
}

/* What is around the branch of a Via field recurs; with `more` it decides what becomes of the field. */
static const Entry *recall_via(Job *j, int kind, const Line *line, Span more, Span *branch) {
    static const char separator[] = "\n";
    const char *mark = find(line->value, line->end, ';');
    Span pieces[5] = {{line->at, NULL}, {separator, separator + 1}, {NULL, line->end}, {separator, separator + 1}};
    while (mark && !STARTS(mark, line->end, ";branch=")) mark = find(mark + 1, line->end, ';');
    if (!mark) return NULL;
    pieces[0].end = branch->at = mark + 8;
    pieces[2].at = branch->end = skip(branch->at, line->end, TOKEN);
    pieces[4] = more;
    if (branch->end == branch->at || (branch->end < line->end && *branch->end != ';')) return NULL;
    return recall_pieces(j, kind + 3 * j->outward + j->leg, pieces, 5);
}

static int map_via(Job *j, const Entry *known, const Line *line, Span branch) {
    if (!known) return 0;
    edit_to(j, line->at, branch.at, ITEM(known, 0)), edit_to(j, branch.end, line->end, ITEM(known, 1));
    return 1;
}

/* A field that is treated in the same way in requests and responses. */
static int map_field(Job *j, const Line *line) {
    Span branch, none = {line->at, line->at};
    const char *host;
    switch (line->code) {
    case VIA: return map_via(j, recall_via(j, VIAS, line, none, &branch), line, branch);
    case ROUTE: return 0;
    case RECORD_ROUTE: case ADDRESSES: case ADDRESS: case FROM: case TO: return map_addresses(j, line);
    case INTERNAL: edit(j, line->at, line->end + 2); return 1;
    case CALL_ID:
        for (host = line->end; host > line->value && host[-1] != '@'; host--) {}
        return host == line->value || replace(j, CALL_ID_HOST + j->outward, host, line->end);
    case LENGTH:
        edit(j, line->value, line->value);
        j->length_at = j->w;
    }
    return 1;
}

/* o= and c= of a session description; an a= that may hold an address is left to Python. */
static int map_sdp(Job *j) {
    const char *p, *next, *end, *address;
    for (p = j->body; p < j->end; p = next) {
        next = find(p, j->end, '\n') ? find(p, j->end, '\n') + 1 : j->end;
        for (end = next; end > p && (end[-1] == '\n' || end[-1] == '\r'); end--) {}
        if (STARTS(p, end, "o=") || STARTS(p, end, "c=")) {
            for (address = end; address > p && address[-1] != ' '; address--) {}
            if (address - p < 9 || memcmp(address - 7, "IN IP4 ", 7)) return 0;
            if (!replace(j, MEDIA + j->outward, address, end)) return 0;
        } else if (*p == 'a' && !recall(j, ATTRIBUTE, p, find(p, end, ':') ? find(p, end, ':') : end)) return 0;
    }
    return 1;
}

/* Whether the text holds a needle, in small letters or capitals. A needle is a pair: its bytes, and the place of the
 * rarest of them. */
static int holds(PyObject *needle, const char *at, const char *end) {
    const char *text = PyBytes_AS_STRING(PyTuple_GET_ITEM(needle, 0));
    Py_ssize_t length = PyBytes_GET_SIZE(PyTuple_GET_ITEM(needle, 0)), i;
    long rarest = PyLong_AsLong(PyTuple_GET_ITEM(needle, 1));
    for (end -= length - rarest - 1, at += rarest; at < end && (at = find(at, end, text[rarest])); at++) {
        for (i = 0; i < length && (at[i - rarest] | 32) == (text[i] | 32); i++) {}
        if (i == length) return 1;
    }
    return 0;
}

/* The body, its length, and the look over what leaves. */
static int finish(Job *j) {
    PyObject *needles = j->kernel->needles;
    char digits[24], *head, *end;
    Py_ssize_t size, i;
    edit(j, j->body, j->body), head = j->w;
    for (i = 0; i < PyTuple_GET_SIZE(needles); i++)
        if (holds(PyTuple_GET_ITEM(needles, i), j->outward ? j->out : j->at, j->outward ? j->w : j->body)) return 0;
    if (j->sdp && !map_sdp(j)) return 0;
    edit(j, j->end, j->end);
    if (j->limit - j->w < (Py_ssize_t)sizeof digits) return 0;
    if (j->w - head == j->end - j->body) return 1;
    end = j->length_at + (j->single[LENGTH]->end - j->single[LENGTH]->value); /* of the old number */
    size = sprintf(digits, "%ld", (long)(j->w - head));
    memmove(j->length_at + size, end, (size_t)(j->w - end));
    memcpy(j->length_at, digits, (size_t)size);
    j->w += j->length_at + size - end;
    return 1;
}

static int request(Job *j) {
    const char *end = end_of_line(j->at, j->end), *host, *p;
    const Entry *start, *hop = NULL, *ours, *known;
    const Line *line, *top, *last = j->line;
    PyObject *goal;
    Span branch, flow, pieces[2];
    /* The request line is recalled without the user of its URI, who decides nothing. */
    if (!end || !(p = find(j->at, end, ':'))) return 0;
    if ((host = find(++p, end, '@')) && skip(p, host, USER) != host) return 0;
    pieces[0].at = j->at, pieces[0].end = p;
    pieces[1].at = host ? host : p, pieces[1].end = end;
    host = host ? host + 1 : p;
    if (!(start = recall_pieces(j, START + j->outward, pieces, 2)) || !prepare(j, end + 2)) return 0;
    p = j->at + (j->single[CSEQ]->end - j->method); /* the end of the method, if it is that of CSeq */
    if (p >= end || *p != ' ' || memcmp(j->at, j->method, (size_t)(p - j->at)) || !j->single[MAX_FORWARDS]) return 0;
    /* Where it goes: as the first Route field says that names others than us, or the Request-URI, or choose(). */
    for (line = j->line; !hop && (line = next_of(j, line, ROUTE)); last = line++) {
        if (!(known = recall(j, ROUTES + 3 * j->outward, line->at, line->end))) return 0;
        if (ITEM(known, 0) != Py_None) hop = known;
    }
    goal = hop ? ITEM(hop, 2) : ITEM(start, 0);
    line = j->single[CALL_ID];
    if (goal == Py_None && !j->outward)
        goal = j->chosen = PyObject_CallFunction(j->kernel->choose, "y#", line->value, line->end - line->value);
    if (!goal || goal == Py_None) return 0;
    j->leg = (int)PyLong_AsLong(PyTuple_GET_ITEM(goal, 0)), j->target = PyTuple_GET_ITEM(goal, 1);
    flow.at = PyBytes_AS_STRING(j->key), flow.end = flow.at + PyBytes_GET_SIZE(j->key);
    ours = recall(j, OURS + 3 * j->outward + j->leg, flow.at, flow.end);
    if (!ours || !(top = next_of(j, j->line, VIA))) return 0;
    /* The same from left to right, now to write it. */
    for (p = host; start->number & OWN && *p != ';' && *p != ' '; p++) {}
    if (p > host && !j->outward) edit_to(j, host, p, PyTuple_GET_ITEM(goal, 2));
    if (ITEM(start, 1) != Py_None) edit_to(j, host, end, ITEM(start, 1));
    if (j->outward) flow.end = flow.at; /* matters only for the received= that inside hosts get to see */
    for (line = j->line; line < j->line + j->lines; line++) {
        if (line == top) {
            known = recall_via(j, j->outward ? VIAS : SENDERS, line, flow, &branch);
            if (!known || branch.end - branch.at <= 7 || !STARTS(branch.at, branch.end, "z9hG4bK")) return 0;
            edit_to(j, line->at, line->at, ITEM(ours, 0));
            put(j, branch.at + 7, branch.end - branch.at - 7);
            put_object(j, ITEM(ours, 1 + !(start->number & RECORDS)));
            map_via(j, known, line, branch);
        } else if (line->code == ROUTE) {
            if (!(known = recall(j, ROUTES + 3 * j->outward + j->leg, line->at, line->end))) return 0;
            edit(j, line->at, line->end + 2);
            if (ITEM(known, line > last) != Py_None) put_object(j, ITEM(known, line > last));
        } else if (line->code == MAX_FORWARDS) replace(j, HOPS, line->value, line->end);
        else if ((line->code == RECORD_ROUTE && line < top) || !map_field(j, line)) return 0;
    }
    return finish(j);
}

static int response(Job *j) {
    const char *end = end_of_line(j->at, j->end);
    const Entry *next;
    const Line *line, *top, *below;
    Span branch, mark = {j->at, j->at};
    if (!end || !recall(j, STATUS, j->at, end) || !prepare(j, end + 2)) return 0;
    /* Our own Via, which is taken away, and the one below it, where the response goes. */
    if (!(top = next_of(j, j->line, VIA)) || !(below = next_of(j, top + 1, VIA))) return 0;
    if (!recall_via(j, TOP, top, mark, &branch) || !STARTS(branch.at, branch.end, "z9hG4bKnp")) return 0;
    j->token.at = mark.at = branch.at + 9;
    if (!(mark.end = find(mark.at, branch.end, '~'))) return 0;
    end = find(mark.at, mark.end, '-');
    if (!end && *mark.at != 'c') return 0;
    j->token.end = end ? end : mark.end;
    if (!end) mark.end = mark.at + 1; /* the rest of a connection's token decides nothing */
    if (!(next = recall_via(j, NEXT, below, mark, &branch))) return 0;
    j->leg = next->number;
    if (!(next = recall_via(j, NEXT, below, mark, &branch))) return 0;
    j->target = ITEM(next, 2);
    for (line = j->line; line < j->line + j->lines; line++) {
        if (line == top) edit(j, line->at, line->end + 2);
        else if (line == below) map_via(j, next, line, branch);
        else if (!map_field(j, line)) return 0;
    }
    return finish(j);
}

/* Whether the message is done: then it is in j->out. What j refers to lives until finished(), which must follow. */
static int run(Job *j, Kernel *k, const char *message, Py_ssize_t length, PyObject *flow, int stream) {
    if (k->full && !k->busy) forget(k);
    k->busy++;
    memset(j, 0, offsetof(Job, line));
    j->kernel = k, j->flow = flow, j->stream = stream;
    j->at = j->copied = message, j->end = message + length;
    j->w = j->out, j->limit = j->out + OUT_MAX;
    if (!(j->key = PyObject_GetAttr(flow, k->key)) || !PyBytes_Check(j->key)) return 0;
    j->outward = *PyBytes_AS_STRING(j->key) == 'o';
    j->kind = STARTS(message, j->end, "SIP/2.0 ") ? RESPONSE : REQUEST;
    return j->kind == RESPONSE ? response(j) : request(j);
}

static void finished(Job *j) { j->kernel->busy--, Py_XDECREF(j->chosen), Py_XDECREF(j->key); }

/* process(data, flow), or take(data, flow, start) for a message in a stream: with its end, or None. See __init__.py. */
static PyObject *process(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    Kernel *k = PyCapsule_GetPointer(self, NULL);
    Py_ssize_t size = count > 1 && PyBytes_Check(args[0]) ? PyBytes_GET_SIZE(args[0]) : -1, start = 0;
    PyObject *outcome = NULL;
    Job j;
    if (count == 3) start = PyLong_AsSsize_t(args[2]);
    if (start < 0 || start > size) return PyErr_Format(PyExc_TypeError, "process(data: bytes, flow[, start])");
    if (run(&j, k, PyBytes_AS_STRING(args[0]) + start, size - start, args[1], count == 3))
        outcome = Py_BuildValue(count == 3 ? "(iy#Oy#n)" : "(iy#Oy#)", j.kind, j.out, j.w - j.out, j.target, j.token.at,
                                j.token.end - j.token.at, start + (j.end - j.at));
    finished(&j);
    if (outcome || PyErr_Occurred() || count == 3) return outcome || PyErr_Occurred() ? outcome : Py_BuildValue("");
    return PyObject_CallFunctionObjArgs(k->otherwise, args[0], args[1], NULL);
}

#ifdef __linux__
#include <sys/socket.h>

/* pump(fd, flow, sends, most) -> (requests, responses, left): datagrams go from connected socket to connected socket,
 * until none waits, `most` are done, or one is for Python: its bytes, or None. See __init__.py. */
static PyObject *pump(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    Kernel *k = PyCapsule_GetPointer(self, NULL);
    char message[65536];
    long sent[2] = {0, 0}, fd = count == 4 ? PyLong_AsLong(args[0]) : -1, most = fd < 0 ? 0 : PyLong_AsLong(args[3]);
    Py_ssize_t size = 0;
    int done = 1;
    while (done && sent[0] + sent[1] < most && (size = recv((int)fd, message, sizeof message, MSG_DONTWAIT)) >= 0) {
        Job j;
        PyObject *token, *sockets, *socket;
        if ((done = run(&j, k, message, size, args[1], 0) && (j.kind == RESPONSE || j.w - j.out <= CONGESTED))) {
            token = PyBytes_FromStringAndSize(j.token.at, j.token.end - j.token.at);
            sockets = token ? PyDict_GetItem(args[2], token) : NULL;
            socket = sockets ? PyDict_GetItem(sockets, j.target) : NULL;
            done = socket && send((int)PyLong_AsLong(socket), j.out, (size_t)(j.w - j.out), MSG_DONTWAIT) >= 0;
            Py_XDECREF(token);
        }
        sent[j.kind] += done;
        finished(&j);
    }
    return PyErr_Occurred() ? NULL : Py_BuildValue("(lly#)", sent[0], sent[1], done ? NULL : message, size);
}
#endif

static void release(PyObject *capsule) {
    Kernel *k = PyCapsule_GetPointer(capsule, NULL);
    forget(k);
    Py_XDECREF(k->arguments);
    PyMem_Free(k);
}

static PyMethodDef of_kernel[] = {
    {"process", (PyCFunction)(void (*)(void))process, METH_FASTCALL, NULL},
#ifdef __linux__
    {"pump", (PyCFunction)(void (*)(void))pump, METH_FASTCALL, NULL},
#endif
};

/* The functions of a kernel: process, and pump where there is one. */
static PyObject *make(PyObject *self, PyObject *arguments) {
    Kernel *k = PyMem_Calloc(1, sizeof *k);
    PyObject *capsule = k ? PyCapsule_New(k, NULL, release) : NULL, *made = NULL, *classes;
    size_t i;
    if (!capsule) return PyErr_NoMemory();
    Py_INCREF(k->arguments = arguments);
    if (PyArg_ParseTuple(arguments, "OOOUO!Snn", &k->otherwise, &k->learn, &k->choose, &k->key, &PyTuple_Type,
                         &k->needles, &classes, &k->longest, &k->most)) {
        k->seed = (size_t)PyObject_Hash(k->key); /* a str: PYTHONHASHSEED makes it the same in every process */
        Py_INCREF(classes); /* for ever: all kernels have the same */
        class_of = (const unsigned char *)PyBytes_AS_STRING(classes);
        made = PyTuple_New((Py_ssize_t)(sizeof of_kernel / sizeof *of_kernel));
        for (i = 0; made && i < sizeof of_kernel / sizeof *of_kernel; i++)
            PyTuple_SET_ITEM(made, i, PyCFunction_New(&of_kernel[i], capsule));
    }
    Py_DECREF(capsule);
    return made;
}

static PyMethodDef functions[] = {{"make", make, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernel", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&module); }
