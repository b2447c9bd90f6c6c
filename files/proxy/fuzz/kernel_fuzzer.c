/* Copyright: (c) 2026, the sametime.gateway authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 *
 * libFuzzer's way into the compiled kernel, which is part of this program so that the sanitizers see it. The first byte
 * chooses one of the flows of cases.py, the rest is the message. That the kernel says what the Python code says is the
 * other fuzzer's business (python_fuzzer.py); here it must stay within its memory, and let no inside address out.
 */
#include "../src/sipnat/_kernel.c"

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
    PyDict_SetItemString(PyImport_GetModuleDict(), "sipnat._kernel", must(PyInit__kernel()));
    module = must(PyImport_ImportModule("cases")); /* the gate sets PYTHONPATH */
    cases = must(PyObject_CallMethod(module, "cases", NULL));
    leaks = must(PyObject_GetAttrString(module, "leaks"));
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    PyObject *chosen, *outcome, *leaking;
    char *exact;
    if (size < 1) return 0;
    chosen = PyList_GET_ITEM(cases, data[0] % PyList_GET_SIZE(cases));
    /* Exactly as long as the message, so that a single byte too far is seen. */
    exact = malloc(size - 1 ? size - 1 : 1);
    memcpy(exact, data + 1, size - 1);
    outcome = answer(PyCapsule_GetPointer(PyCFunction_GET_SELF(PyTuple_GET_ITEM(chosen, 2)), NULL), exact,
                     (Py_ssize_t)size - 1, PyTuple_GET_ITEM(chosen, 0));
    free(exact);
    if (!outcome) {
        if (PyErr_Occurred()) must(NULL);
        return 0;
    }
    leaking = must(PyObject_CallFunction(leaks, "Oy#O", chosen, "", (Py_ssize_t)0, outcome));
    if (leaking == Py_True) abort();
    Py_DECREF(leaking);
    Py_DECREF(outcome);
    return 0;
}
