package lab.wsadmin;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PySystemState;
import org.python.util.PythonInterpreter;

/**
 * Starts Jython as a library, which takes a third of the time of its own command, and lets `boot` run the scripts.
 * Arguments: the pipe of the parent's answers, the pipe for questions, the end of a line on this platform.
 */
public final class Launcher {
    private Launcher() {
    }

    public static void main(String[] arguments) throws IOException {
        Parent parent = new Parent(arguments[0], arguments[1]);
        if (System.lineSeparator().length() > 1) {
            System.setOut(new PrintStream(new CarriageReturns(FileDescriptor.out), true));
            System.setErr(new PrintStream(new CarriageReturns(FileDescriptor.err), true));
        }
        Properties settings = new Properties();
        settings.put("python.cachedir.skip", "true");
        settings.put("python.import.site", "false");
        settings.put("python.home", "/usr/share/jython");
        PySystemState.initialize(System.getProperties(), settings, new String[0]);
        PySystemState.add_package("com.ibm.ws.scripting");
        PySystemState state = new PySystemState();
        Set<String> later = new HashSet<>();
        for (PyObject name : parent.ask("later").asIterable()) {
            later.add(name.toString());
        }
        state.setBuiltins(new Builtins(PySystemState.getDefaultBuiltins(), later));
        PythonInterpreter interpreter = new PythonInterpreter(null, state);
        int code = 1;
        try {
            interpreter.set("parent", parent);
            interpreter.exec("import wsadmin_boot\ncode = wsadmin_boot.main(parent)\n");
            code = interpreter.get("code").asInt();
        } catch (PyException error) {
            error.printStackTrace();
        }
        System.out.flush();
        System.err.flush();
        parent.ask("end", Py.newInteger(code));
        System.exit(code & 255);
    }

    /** Console programs of Windows end lines with a carriage return and a line feed. */
    private static final class CarriageReturns extends FilterOutputStream {
        private int last;

        CarriageReturns(FileDescriptor target) {
            super(new BufferedOutputStream(new FileOutputStream(target)));
        }

        @Override
        public void write(int value) throws IOException {
            if (value == '\n' && last != '\r') {
                out.write('\r');
            }
            out.write(value);
            last = value;
        }

        @Override
        public void write(byte[] values, int start, int length) throws IOException {
            for (int index = start; index < start + length; index++) {
                write(values[index]);
            }
            out.flush();
        }
    }
}
