package lab.wsadmin;

import com.ibm.ws.scripting.ScriptingException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.python.core.Py;
import org.python.core.PyList;
import org.python.core.PyObject;

/** AdminConfig, AdminControl, AdminApp, AdminTask or Help: its methods are called in the parent. */
public final class AdminObject extends PyObject {
    private static final long serialVersionUID = 1L;
    private final Parent parent;
    private final String name;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    public AdminObject(Parent parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public PyObject __findattr_ex__(String attribute) {
        if (attribute.startsWith("__")) {
            return super.__findattr_ex__(attribute);
        }
        boolean there = known.computeIfAbsent(
            attribute, key -> parent.ask("has", Py.newString(name), Py.newString(key)).__nonzero__());
        return there ? new Method(attribute) : null;
    }

    @Override
    public void noAttributeError(String attribute) {
        throw Py.AttributeError(attribute);
    }

    @Override
    public String toString() {
        return "com.ibm.ws.scripting." + name + "Client@" + Integer.toHexString(System.identityHashCode(this));
    }

    private final class Method extends PyObject {
        private static final long serialVersionUID = 1L;
        private final String method;

        Method(String method) {
            this.method = method;
        }

        @Override
        public PyObject __call__(PyObject[] arguments, String[] keywords) {
            if (keywords.length > 0) {
                throw Py.TypeError(method + "(): takes no keyword arguments");
            }
            for (int index = 0; index < arguments.length; index++) {
                arguments[index] = Jmx.plain(arguments[index]);
                if (!Parent.canSend(arguments[index])) {
                    throw Py.TypeError(method + "(): " + ordinal(index + 1) + " arg can't be coerced to String");
                }
            }
            PyObject answer = called(arguments);
            return name.equals("AdminControl") ? Jmx.answer(method, answer) : answer;
        }

        private PyObject called(PyObject[] arguments) {
            PyObject answer = parent.ask("call", Py.newString(name), Py.newString(method), new PyList(arguments));
            String printed = answer.__getitem__(1).toString();
            if (!printed.isEmpty()) {
                Py.getSystemState().stdout.invoke("write", Py.newString(printed));
            }
            if (answer.__getitem__(2) != Py.None) {
                throw Py.JavaError(new ScriptingException(answer.__getitem__(2).toString()));
            }
            return answer.__getitem__(0);
        }

        @Override
        public String toString() {
            return "<java function " + method + " at " + System.identityHashCode(this) + ">";
        }

        private String ordinal(int number) {
            String[] endings = {"th", "st", "nd", "rd"};
            return number + (number < endings.length ? endings[number] : "th");
        }
    }
}
