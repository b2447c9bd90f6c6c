package lab.wsadmin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.management.ObjectName;
import org.python.core.Py;
import org.python.core.PyArray;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;

/**
 * The program that started this one and answers its questions, over two pipes. Each question and each answer is one
 * value: a tag, then N nothing, I eight bytes, F eight bytes, S length and UTF-8, L length and values.
 */
public final class Parent {
    private final DataInputStream answers;
    private final DataOutputStream questions;

    Parent(String answers, String questions) throws IOException {
        this.answers = new DataInputStream(new BufferedInputStream(new FileInputStream(answers)));
        this.questions = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(questions)));
    }

    /** The answer to a question; this program ends when there is nobody to answer. */
    public synchronized PyObject ask(PyObject question) {
        try {
            write(question);
            questions.flush();
            return read();
        } catch (IOException gone) {
            Runtime.getRuntime().halt(1);
            return null;
        }
    }

    PyObject ask(String kind, PyObject... rest) {
        PyObject[] words = new PyObject[rest.length + 1];
        words[0] = Py.newString(kind);
        System.arraycopy(rest, 0, words, 1, rest.length);
        return ask(new PyList(words));
    }

    /** Whether a value can be sent. */
    static boolean canSend(PyObject value) {
        if (isList(value)) {
            for (PyObject each : value.asIterable()) {
                if (!canSend(each)) {
                    return false;
                }
            }
            return true;
        }
        return value == Py.None || value instanceof PyString || value instanceof PyInteger || value instanceof PyLong
            || value instanceof PyFloat || text(value) != null;
    }

    private void write(PyObject value) throws IOException {
        if (value == Py.None) {
            questions.writeByte('N');
        } else if (value instanceof PyInteger || value instanceof PyLong) {
            questions.writeByte('I');
            questions.writeLong(value.asLong());
        } else if (value instanceof PyFloat) {
            questions.writeByte('F');
            questions.writeDouble(value.asDouble());
        } else if (isList(value)) {
            questions.writeByte('L');
            questions.writeInt(value.__len__());
            for (PyObject each : value.asIterable()) {
                write(each);
            }
        } else {
            byte[] text = text(value).getBytes(StandardCharsets.UTF_8);
            questions.writeByte('S');
            questions.writeInt(text.length);
            questions.write(text);
        }
    }

    /** Lists and tuples, arrays and lists of Java. */
    private static boolean isList(PyObject value) {
        return value instanceof PyList || value instanceof PyTuple || value instanceof PyArray
            || value.__tojava__(List.class) instanceof List;
    }

    /** A string of Python or Java, a Boolean or number of Java, or the name of an MBean; null for anything else. */
    private static String text(PyObject value) {
        for (Class<?> kind : new Class<?>[] {ObjectName.class, String.class, Boolean.class, Number.class}) {
            Object found = value.__tojava__(kind);
            if (kind.isInstance(found)) {
                return found.toString();
            }
        }
        return null;
    }

    private PyObject read() throws IOException {
        switch (answers.readByte()) {
            case 'N':
                return Py.None;
            case 'I':
                return Py.newInteger(answers.readLong());
            case 'F':
                return Py.newFloat(answers.readDouble());
            case 'L':
                PyObject[] values = new PyObject[answers.readInt()];
                for (int index = 0; index < values.length; index++) {
                    values[index] = read();
                }
                return new PyList(values);
            default:
                return text(new String(answers.readNBytes(answers.readInt()), StandardCharsets.UTF_8));
        }
    }

    /** Text as Jython 2.1 has it: one kind of string. Characters that Jython 2.7's byte string cannot hold remain. */
    private static PyObject text(String value) {
        return value.chars().allMatch(character -> character < 256) ? Py.newString(value) : Py.newUnicode(value);
    }
}
