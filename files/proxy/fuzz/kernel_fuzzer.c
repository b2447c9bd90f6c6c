/* Copyright: (c) 2026, the sametime.gateway authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 *
 * libFuzzer's way into the compiled kernel, which is part of this program so that the sanitizers see it. The first byte
 * chooses one of the flows of cases.py, the rest is the message. That the kernel says what the Python code says is the
 * other fuzzer's business (python_fuzzer.py); here it must stay within its memory, and let no inside address out.
 */
#include "../src/sipnat/kernel/_kernel.c"

#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdlib.h>

static PyObject *cases; /* [Case] */
static PyObject *leaks; /* (Case, message, outcome) -> bool */

static PyObject *must(PyObject *object) {
    if (!object) {
        PyErr_Print();
        abort();
    }
    return object;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    PyObject *module;
    (void)argc, (void)argv;
    Py_InitializeEx(0);
    PyDict_SetItemString(PyImport_GetModuleDict(), "sipnat.kernel._kernel", must(PyInit__kernel()));
    module = must(PyImport_ImportModule("cases")); /* the gate sets PYTHONPATH */
    cases = must(PyObject_CallMethod(module, "cases", NULL));
    leaks = must(PyObject_GetAttrString(module, "leaks"));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    PyObject *chosen, *message, *outcome, *leaking, *taken;
    if (size < 1) return 0;
    chosen = PyList_GET_ITEM(cases, data[0] % PyList_GET_SIZE(cases));
    message = must(PyBytes_FromStringAndSize((const char *)data + 1, (Py_ssize_t)size - 1));
    /* Not even the zero byte that Python puts behind them may be read. */
    ASAN_POISON_MEMORY_REGION(PyBytes_AS_STRING(message) + size - 1, 1);
    outcome = PyObject_CallFunctionObjArgs(PyTuple_GET_ITEM(chosen, 2), message, PyTuple_GET_ITEM(chosen, 0), NULL);
    taken = PyObject_CallFunction(PyTuple_GET_ITEM(chosen, 2), "OOn", message, PyTuple_GET_ITEM(chosen, 0), (Py_ssize_t)0);
    Py_DECREF(must(taken));
    ASAN_UNPOISON_MEMORY_REGION(PyBytes_AS_STRING(message) + size - 1, 1);
    if (must(outcome) != Py_None) {
        leaking = must(PyObject_CallFunctionObjArgs(leaks, chosen, message, outcome, NULL));
        if (leaking == Py_True) abort();
        Py_DECREF(leaking);
    }
    Py_DECREF(message);
    Py_DECREF(outcome);
    return 0;
}
