/* Copyright: (c) 2026, the sametime.gateway authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 *
 * The compiled kernel: ordinary messages, rewritten byte for byte as the Python code rewrites them.
 *
 * It accelerates and never decides. Whatever is not plain - folds, odd spelling, all that would be refused or counted -
 * is left to the Python code: the function that meets it returns 0 or NULL, and so do its callers. Nor does it know the
 * configuration: what becomes of a host, where a URI leads, what a field's name means, it asks learning.py once and
 * remembers in a table of fixed size (recall()). So all that is here is reading, looking up and copying.
 *
 * A message is read twice: once for its lines and its route, once to write it. It is written from left to right: edit()
 * says which bytes are replaced, put() with what; all others are copied as they are.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include <stddef.h>
#include <string.h>

#define OUT_MAX 24576 /* kernel.py says up to which length messages are looked at: less */
#define LINES_MAX 96
#define KEY_MAX 200
#define TABLE_SIZE 4096
#define PROBES 8

/* These numbers are the same in learning.py. Kinds of texts: the way is added, to those from TOP on the leg too. */
enum { FIELD, CONTENT = 2, CALL_ID_HOST = 4, MEDIA = 6, START = 8, HOPS = 10, TOP = 16, ROUTES = 24, VIAS = 32,
       SENDERS = 40, NEXT = 48, OURS = 64, URIS = 128 };
/* Header fields; those from SINGLE on may be there once. */
enum { PLAIN, VIA, ROUTE, RECORD_ROUTE, ADDRESSES, ADDRESS, INTERNAL, SINGLE, FROM = SINGLE, TO, CALL_ID, CSEQ,
       MAX_FORWARDS, LENGTH, TYPE, CODES };
/* What is to be known of request lines and Route fields; classes of bytes; transports; kinds of outcomes. */
enum { LOOSE = 1, SECURE = 2, OWN = 4, RECORDS = 8, NEEDS_ROUTE = 16 };
enum { DIGIT = 1, TOKEN = 2, WORD = 4, QUOTED = 8, USER = 16, TAIL = 32 };
enum { UDP, TCP, TLS }; enum { REQUEST, RESPONSE };

typedef struct { const char *at, *end; } Span;

typedef struct {
    int length; /* > KEY_MAX: too long to be looked up */
    char text[KEY_MAX + 1];
} Key;

typedef struct {
    unsigned hash;
    int kind, number; /* number < 0: left to Python */
    PyObject *known;  /* (number, object), or None; NULL: the entry is free */
    PyObject *object; /* in it: bytes, a tuple, or None */
    Key key;
} Entry;

typedef struct {
    PyObject *arguments; /* of make(), which hold all the objects below */
    PyObject *otherwise; /* the Python code: (data, flow) -> outcome */
    PyObject *learn;     /* (kind, text, flow) -> (number, object), or None: left to Python */
    PyObject *choose;    /* (Call-ID) -> goal or None; a goal is (transport, Target, b"address:port") */
    PyObject *flow_type;
    PyObject *needles; /* by way: what must not be in a header block that leaves, or that comes (see holds()) */
    Py_ssize_t longest, most; /* bytes and lines of a message */
    Py_ssize_t outward, transport, key; /* where a Flow has them */
    int busy, full;
    Entry table[TABLE_SIZE];
} Kernel;

typedef struct {
    const char *at, *value, *end; /* end: of the value, at CR */
    int code;
} Line;

typedef struct {
    Kernel *kernel;
    PyObject *flow, *chosen;     /* chosen: what choose() gave, or NULL */
    const char *at, *end, *body; /* of the message */
    const char *copied;          /* everything before is written or replaced */
    char *w, *limit, *length_at; /* length_at: where Content-Length is written */
    const char *method;          /* in CSeq */
    long length;                 /* of the body, as the message says */
    int outward, leg, stream, sdp, lines;
    Line *single[CODES];
    Line line[LINES_MAX];
    char out[OUT_MAX];
} Job;

static const unsigned char *class_of; /* learning.py's table, by byte */

#define STARTS(at, end, text) ((end) - (at) >= (Py_ssize_t)sizeof(text) - 1 && !memcmp(at, text, sizeof(text) - 1))
#define SLOT(j, name) (*(PyObject **)((char *)(j)->flow + (j)->kernel->name)) /* of the flow; borrowed */
#define ITEM(entry, place) PyTuple_GET_ITEM((entry)->object, place)

/* -- what learning.py knows ------------------------------------------------------------------------------------------ */
static void add(Key *key, const char *at, const char *end) {
    if (end - at <= KEY_MAX - key->length) memcpy(key->text + key->length, at, (size_t)(end - at));
    key->length = end - at <= KEY_MAX - key->length ? key->length + (int)(end - at) : KEY_MAX + 1;
}

/* What is known of this text; NULL: it is for Python. Entries stay at least until the message is done. */
static const Entry *recall(Job *j, int kind, const char *at, const char *end) {
    unsigned long long part, mixed = (unsigned long long)kind << 32 | (unsigned)(end - at);
    int length = (int)(end - at), done, probe;
    Entry *entry = NULL;
    if (end - at > KEY_MAX) return NULL;
    for (done = 0; done < length; done += 8, mixed = (mixed ^ part) * 0x9E3779B97F4A7C15ULL, mixed ^= mixed >> 32) {
        part = 0;
        if (length >= 8) memcpy(&part, at + (done <= length - 8 ? done : length - 8), 8);
        else memcpy(&part, at, (size_t)length);
    }
    for (probe = 0; probe < PROBES; probe++) {
        entry = &j->kernel->table[((unsigned)(mixed >> 16) + (unsigned)probe) % TABLE_SIZE];
        if (!entry->known) break;
        if (entry->hash == (unsigned)mixed && entry->kind == kind && entry->key.length == length &&
            !memcmp(entry->key.text, at, (size_t)length))
            return entry->number < 0 ? NULL : entry;
    }
    j->kernel->full |= probe == PROBES;
    if (probe == PROBES) return NULL;
    entry->known = PyObject_CallFunction(j->kernel->learn, "iy#O", kind, at, end - at, j->flow);
    if (!entry->known) return NULL;
    entry->number = entry->known == Py_None ? -1 : (int)PyLong_AsLong(PyTuple_GET_ITEM(entry->known, 0));
    entry->object = entry->known == Py_None ? Py_None : PyTuple_GET_ITEM(entry->known, 1);
    entry->hash = (unsigned)mixed;
    entry->kind = kind;
    entry->key.length = 0;
    add(&entry->key, at, end);
    return entry->number < 0 ? NULL : entry;
}

static void forget(Kernel *k) {
    Entry *entry;
    for (entry = k->table; entry < k->table + TABLE_SIZE; entry++) Py_CLEAR(entry->known);
    k->full = 0;
}

/* -- writing --------------------------------------------------------------------------------------------------------- */
static void put(Job *j, const char *text, Py_ssize_t length) {
    if (j->limit - j->w < length) j->limit = j->w = j->out; /* too long: nothing more is written, finish() sees it */
    else {
        memcpy(j->w, text, (size_t)length);
        j->w += length;
    }
}

/* The bytes from `at` to `end` are replaced by what is put next. */
static void edit(Job *j, const char *at, const char *end) {
    put(j, j->copied, at - j->copied);
    j->copied = end;
}

static void put_object(Job *j, PyObject *bytes) { put(j, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes)); }

static void edit_to(Job *j, const char *at, const char *end, PyObject *bytes) {
    edit(j, at, end);
    put_object(j, bytes);
}

/* An edit as learning.py says, if it says anything. */
static int replace(Job *j, int kind, const char *at, const char *end) {
    const Entry *known = recall(j, kind, at, end);
    if (known && known->object != Py_None) edit_to(j, at, end, known->object);
    return known != NULL;
}

/* -- reading --------------------------------------------------------------------------------------------------------- */
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
        line->at = p;
        line->code = name->number;
        line->end = end;
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
    if (!read_lines(j, p) || !j->single[FROM] || !j->single[TO] || !j->single[CALL_ID]) return 0;
    if (!(line = j->single[CSEQ])) return 0;
    p = skip(line->value, line->end, DIGIT);
    if (p == line->value || p - line->value > 9 || *p != ' ' || skip(p + 1, line->end, TOKEN) != line->end) return 0;
    j->method = p + 1;
    if ((line = j->single[MAX_FORWARDS]) && !recall(j, HOPS, line->value, line->end)) return 0;
    if ((line = j->single[TYPE]) && !(known = recall(j, CONTENT + j->outward, line->value, line->end))) return 0;
    j->sdp = known && known->number;
    if (!(line = j->single[LENGTH])) return !j->stream;
    if (line->end - line->value > 8 || skip(line->value, line->end, DIGIT) != line->end) return 0;
    for (p = line->value; p < line->end; p++) j->length = j->length * 10 + (*p - '0');
    if (j->length > j->end - j->body || (j->stream && j->length < j->end - j->body)) return 0;
    j->end = j->body + j->length;
    return 1;
}

/* -- header fields --------------------------------------------------------------------------------------------------- */
/* The end of the last parameter that may change or that routes, of those in a URI or behind one; `at`: there is none.
 * These are transport, maddr, np, npd, npp, ibmdrr and ibmrport; that more begin like them does no harm. */
static const char *last_parameter(const char *at, const char *end) {
    const char *last = at, *next;
    for (at = find(at, end, ';'); at; at = next) {
        int one = at + 2 < end ? at[1] | 32 : 0, two = at + 2 < end ? at[2] | 32 : 0;
        next = find(at + 1, end, ';');
        if ((one == 't' && two == 'r') || (one == 'm' && two == 'a') || (one == 'n' && two == 'p') ||
            (one == 'i' && two == 'b'))
            last = next ? next : end;
    }
    return last;
}

/* A SIP URI without headers: recalled by host, port and the parameters that matter. */
static int map_uri(Job *j, const char *p, const char *end, int own) {
    int secure = STARTS(p, end, "sips:");
    const char *user, *tail;
    if (!secure && !STARTS(p, end, "sip:")) return 0;
    p += 4 + secure;
    if ((user = find(p, end, '@')) && skip(p, user, USER) != user) return 0;
    p = user ? user + 1 : p;
    if (skip(p, end, TAIL) != end) return 0;
    if ((tail = find(p, end, ';'))) end = last_parameter(tail, end);
    return replace(j, URIS + 16 * own + 8 * secure + 3 * j->outward + j->leg, p, end);
}

/* One address, bare or with a name before it and parameters behind. Returns what is behind it. */
static const char *map_address(Job *j, const char *p, const char *end, int own) {
    const char *close, *word = skip(p, end, WORD);
    if (*p == '"' && (word = skip(p + 1, end, QUOTED)) < end && *word == '"') word = skip(word + 1, end, WORD);
    if (word == end || *word != '<') {
        close = find(p, end, ',');
        return map_uri(j, p, close ? close : end, own) ? (close ? close : end) : NULL;
    }
    if (!(close = find(word, end, '>')) || !map_uri(j, word + 1, close, own)) return NULL;
    p = skip(++close, end, TAIL);
    return (p == close || *close == ';') && last_parameter(close, p) == close ? p : NULL;
}

static int map_addresses(Job *j, const Line *line) {
    int several = line->code == ADDRESSES || line->code == RECORD_ROUTE;
    int own = line->code == RECORD_ROUTE ? 1 : line->code == FROM || line->code == TO ? 2 : 0;
    const char *p = line->value;
    if (line->end - p == 1 && *p == '*') return line->code == ADDRESSES;
    while ((p = map_address(j, p, line->end, own)) && p < line->end) {
        if (!several || *p != ',') return 0;
        for (p++; p < line->end && *p == ' '; p++) {}
        if (p == line->end) return 0;
    }
    return p != NULL;
}

/* What is around the branch of a Via field recurs; with `more` it decides what becomes of the field. */
static const Entry *recall_via(Job *j, int kind, const Line *line, Span more, Span *branch) {
    static const char separator[] = "\n";
    const char *mark = find(line->value, line->end, ';');
    Key key;
    while (mark && !STARTS(mark, line->end, ";branch=")) mark = find(mark + 1, line->end, ';');
    if (!mark) return NULL;
    branch->at = mark + 8;
    branch->end = skip(branch->at, line->end, TOKEN);
    if (branch->end == branch->at || (branch->end < line->end && *branch->end != ';')) return NULL;
    key.length = 0;
    add(&key, line->at, branch->at);
    add(&key, separator, separator + 1);
    add(&key, branch->end, line->end);
    add(&key, separator, separator + 1);
    add(&key, more.at, more.end);
    return recall(j, kind + 3 * j->outward + j->leg, key.text, key.text + key.length);
}

static int map_via(Job *j, const Entry *known, const Line *line, Span branch) {
    if (!known) return 0;
    edit_to(j, line->at, branch.at, ITEM(known, 0));
    edit_to(j, branch.end, line->end, ITEM(known, 1));
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

/* -- body, guard, outcome -------------------------------------------------------------------------------------------- */
/* o= and c= of a session description; an a= that may hold an address is left to Python. */
static int map_sdp(Job *j) {
    const char *p, *next, *end, *address;
    for (p = j->body; p < j->end; p = next) {
        end = find(p, j->end, '\n');
        next = end ? end + 1 : j->end;
        end = end ? end : j->end;
        if (end > p && end[-1] == '\r') end--;
        if (STARTS(p, end, "o=") || STARTS(p, end, "c=")) {
            for (address = end; address > p && address[-1] != ' '; address--) {}
            if (address - p < 9 || memcmp(address - 7, "IN IP4 ", 7)) return 0;
            if (!replace(j, MEDIA + j->outward, address, end)) return 0;
        } else if (STARTS(p, end, "a=rtcp:") ? skip(p + 7, end, DIGIT) != end
                   : STARTS(p, end, "a=candidate:") || STARTS(p, end, "a=remote-candidates:") ||
                     STARTS(p, end, "a=path:") || STARTS(p, end, "a=source-filter:"))
            return 0;
    }
    return 1;
}

/* Whether the text holds a needle, in small letters or capitals. A needle is a pair: its bytes, and the place of the
 * rarest of them. */
static int holds(PyObject *needle, const char *at, const char *end) {
    const char *text = PyBytes_AS_STRING(PyTuple_GET_ITEM(needle, 0));
    Py_ssize_t length = PyBytes_GET_SIZE(PyTuple_GET_ITEM(needle, 0)), i;
    long rarest = PyLong_AsLong(PyTuple_GET_ITEM(needle, 1));
    for (at += rarest; at < end && (at = find(at, end, text[rarest])); at++) {
        for (i = end - at >= length - rarest ? 0 : length + 1; i < length && (at[i - rarest] | 32) == (text[i] | 32); i++) {}
        if (i == length) return 1;
    }
    return 0;
}

/* The body, its length, the look over what leaves, and the outcome: a new reference, or NULL. */
static PyObject *finish(Job *j, int kind, PyObject *target, PyObject *token) {
    PyObject *needles = PyTuple_GET_ITEM(j->kernel->needles, j->outward);
    Py_ssize_t head, size, i;
    char digits[24], *end;
    if (!j->single[LENGTH] && j->leg != UDP) return NULL;
    edit(j, j->body, j->body);
    head = j->w - j->out;
    for (i = 0; i < PyTuple_GET_SIZE(needles); i++)
        if (holds(PyTuple_GET_ITEM(needles, i), j->outward ? j->out : j->at, j->outward ? j->w : j->body)) return NULL;
    if (j->sdp && !map_sdp(j)) return NULL;
    edit(j, j->end, j->end);
    if (j->limit - j->w < (Py_ssize_t)sizeof digits) return NULL;
    size = j->w - j->out - head;
    if (j->single[LENGTH] && size != j->length) {
        end = j->length_at + (j->single[LENGTH]->end - j->single[LENGTH]->value); /* of the old number */
        size = sprintf(digits, "%ld", (long)size);
        memmove(j->length_at + size, end, (size_t)(j->w - end));
        memcpy(j->length_at, digits, (size_t)size);
        j->w += j->length_at + size - end;
    }
    return Py_BuildValue("(iy#OO)", kind, j->out, j->w - j->out, target, token);
}

/* -- requests -------------------------------------------------------------------------------------------------------- */
/* The request line is recalled without the user of its URI, who decides nothing. */
static const Entry *recall_start(Job *j, const char *end, Span *method, const char **host) {
    const char *colon, *user;
    Key key;
    key.length = 0;
    method->at = j->at;
    if (!(method->end = find(j->at, end, ' ')) || !(colon = find(method->end, end, ':'))) return NULL;
    if ((user = find(++colon, end, '@')) && skip(colon, user, USER) != user) return NULL;
    *host = user ? user + 1 : colon;
    add(&key, j->at, colon);
    add(&key, user ? user : colon, end);
    return recall(j, START + j->outward, key.text, key.text + key.length);
}

static PyObject *request(Job *j) {
    const char *end = end_of_line(j->at, j->end), *host, *p;
    const Entry *start, *hop = NULL, *ours, *known;
    const Line *line, *top, *record, *last = j->line;
    PyObject *goal;
    Span method, branch, flow;
    int facts;
    if (!end || !(start = recall_start(j, end, &method, &host)) || !prepare(j, end + 2)) return NULL;
    if (j->single[CSEQ]->end - j->method != method.end - method.at) return NULL;
    if (memcmp(j->method, method.at, (size_t)(method.end - method.at))) return NULL;
    /* Where it goes: as the first Route field says that names others than us, or the Request-URI, or choose(). */
    facts = start->number;
    for (line = j->line; !hop && (line = next_of(j, line, ROUTE)); last = line++) {
        if (facts & OWN && facts & LOOSE) return NULL;
        if (!(known = recall(j, ROUTES + 3 * j->outward, line->at, line->end))) return NULL;
        if (ITEM(known, 0) != Py_None) hop = known;
    }
    if (hop ? !(hop->number & LOOSE) : facts & NEEDS_ROUTE) return NULL;
    facts |= hop ? hop->number & SECURE : 0;
    goal = hop ? ITEM(hop, 2) : ITEM(start, 0);
    line = j->single[CALL_ID];
    if (goal == Py_None && !j->outward)
        goal = j->chosen = PyObject_CallFunction(j->kernel->choose, "y#", line->value, line->end - line->value);
    if (!goal || goal == Py_None) return NULL;
    j->leg = (int)PyLong_AsLong(PyTuple_GET_ITEM(goal, 0));
    if (facts & SECURE && j->outward && j->leg != TLS) return NULL;
    flow.at = PyBytes_AS_STRING(SLOT(j, key));
    flow.end = flow.at + PyBytes_GET_SIZE(SLOT(j, key));
    ours = recall(j, OURS + (facts & SECURE ? 8 : 0) + 3 * j->outward + j->leg, flow.at, flow.end);
    if (!ours || !(top = next_of(j, j->line, VIA))) return NULL;
    record = facts & RECORDS ? next_of(j, j->line, RECORD_ROUTE) : NULL;
    if (record > top) record = NULL;
    /* The same from left to right, now to write it. */
    for (p = host; facts & OWN && *p != ';' && *p != ' '; p++) {}
    if (p > host && !j->outward) edit_to(j, host, p, PyTuple_GET_ITEM(goal, 2));
    if (ITEM(start, 1) != Py_None) edit_to(j, host, end, ITEM(start, 1));
    if (j->outward) flow.end = flow.at; /* matters only for the received= that inside hosts get to see */
    for (line = j->line; line < j->line + j->lines; line++) {
        if (line == record || line == top) edit(j, line->at, line->at);
        if (line == record) put_object(j, ITEM(ours, 1));
        if (line == top) {
            known = recall_via(j, j->outward ? VIAS : SENDERS, line, flow, &branch);
            if (!known || branch.end - branch.at <= 7 || !STARTS(branch.at, branch.end, "z9hG4bK")) return NULL;
            put_object(j, ITEM(ours, 0));
            put(j, branch.at + 7, branch.end - branch.at - 7);
            put(j, "\r\n", 2);
            if (facts & RECORDS && !record) put_object(j, ITEM(ours, 1));
            if (!j->single[MAX_FORWARDS]) put(j, "Max-Forwards: 70\r\n", 18);
            map_via(j, known, line, branch);
        } else if (line->code == ROUTE) {
            if (!(known = recall(j, ROUTES + 3 * j->outward + j->leg, line->at, line->end))) return NULL;
            edit(j, line->at, line->end + 2);
            if (ITEM(known, line > last) != Py_None) put_object(j, ITEM(known, line > last));
        } else if (line->code == MAX_FORWARDS) replace(j, HOPS, line->value, line->end);
        else if (!map_field(j, line)) return NULL;
    }
    return finish(j, REQUEST, PyTuple_GET_ITEM(goal, 1), Py_None);
}

/* -- responses ------------------------------------------------------------------------------------------------------- */
static PyObject *response(Job *j) {
    const char *end = end_of_line(j->at, j->end), *p = j->at + 8;
    const Entry *next;
    const Line *line, *top, *below;
    PyObject *token, *outcome;
    Span branch, mark = {p, p};
    if (!end || end - p < 3 || *p < '1' || *p > '6' || skip(p, p + 3, DIGIT) != p + 3 || (end > p + 3 && p[3] != ' '))
        return NULL;
    /* Our own Via, which is taken away, and the one below it, where the response goes. */
    if (!prepare(j, end + 2) || !(top = next_of(j, j->line, VIA)) || !(below = next_of(j, top + 1, VIA))) return NULL;
    if (!recall_via(j, TOP, top, mark, &branch) || !STARTS(branch.at, branch.end, "z9hG4bKnp")) return NULL;
    mark.at = branch.at + 9;
    if (!(mark.end = find(mark.at, branch.end, '~'))) return NULL;
    if (!(end = find(mark.at, mark.end, '-')) && *mark.at != 'c') return NULL;
    token = PyBytes_FromStringAndSize(mark.at, (end ? end : mark.end) - mark.at);
    if (!end) mark.end = mark.at + 1; /* the rest of a connection's token decides nothing */
    if ((next = token ? recall_via(j, NEXT, below, mark, &branch) : NULL)) {
        j->leg = next->number;
        next = recall_via(j, NEXT, below, mark, &branch);
    }
    for (line = j->line; next && line < j->line + j->lines; line++) {
        if (line == top) edit(j, line->at, line->end + 2);
        else if (!(line == below ? map_via(j, next, line, branch) : map_field(j, line))) next = NULL;
    }
    outcome = next ? finish(j, RESPONSE, ITEM(next, 2), token) : NULL;
    Py_XDECREF(token);
    return outcome;
}

/* -- Python's side --------------------------------------------------------------------------------------------------- */
/* The outcome, a new reference; NULL: left to Python, or an exception is set. */
static PyObject *answer(Kernel *k, const char *message, Py_ssize_t length, PyObject *flow) {
    PyObject *outcome;
    Job j;
    if (length > k->longest || (PyObject *)Py_TYPE(flow) != k->flow_type) return NULL;
    if (k->full && !k->busy) forget(k);
    memset(&j, 0, offsetof(Job, line));
    j.kernel = k;
    j.flow = flow;
    j.at = j.copied = message;
    j.end = message + length;
    j.w = j.out;
    j.limit = j.out + OUT_MAX;
    j.outward = SLOT(&j, outward) == Py_True;
    j.stream = PyUnicode_READ_CHAR(SLOT(&j, transport), 0) == 't';
    k->busy++;
    outcome = STARTS(message, j.end, "SIP/2.0 ") ? response(&j) : request(&j);
    k->busy--;
    Py_XDECREF(j.chosen);
    return outcome;
}

static PyObject *process(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    Kernel *k = PyCapsule_GetPointer(self, NULL);
    PyObject *outcome = NULL;
    if (count != 2) return PyErr_Format(PyExc_TypeError, "process(data, flow)");
    if (PyBytes_Check(args[0])) outcome = answer(k, PyBytes_AS_STRING(args[0]), PyBytes_GET_SIZE(args[0]), args[1]);
    return outcome || PyErr_Occurred() ? outcome : PyObject_CallFunctionObjArgs(k->otherwise, args[0], args[1], NULL);
}

static void release(PyObject *capsule) {
    Kernel *k = PyCapsule_GetPointer(capsule, NULL);
    forget(k);
    Py_XDECREF(k->arguments);
    PyMem_Free(k);
}

static PyObject *make(PyObject *self, PyObject *arguments) {
    static PyMethodDef method = {"process", (PyCFunction)(void (*)(void))process, METH_FASTCALL, NULL};
    Kernel *k = PyMem_Calloc(1, sizeof *k);
    PyObject *capsule = k ? PyCapsule_New(k, NULL, release) : NULL, *made = NULL, *classes;
    PyMemberDescrObject *outward, *transport, *key;
    (void)self;
    if (!capsule) return PyErr_NoMemory();
    Py_INCREF(k->arguments = arguments);
    if (PyArg_ParseTuple(arguments, "OOOOOOOO!Snn", &k->otherwise, &k->learn, &k->choose, &k->flow_type, &outward,
                         &transport, &key, &PyTuple_Type, &k->needles, &classes, &k->longest, &k->most)) {
        k->outward = outward->d_member->offset;
        k->transport = transport->d_member->offset;
        k->key = key->d_member->offset;
        Py_INCREF(classes); /* for ever: all kernels have the same */
        class_of = (const unsigned char *)PyBytes_AS_STRING(classes);
        made = PyCFunction_New(&method, capsule);
    }
    Py_DECREF(capsule);
    return made;
}

static PyMethodDef functions[] = {{"make", make, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernel", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&module); }
