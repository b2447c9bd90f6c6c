package lab.wsadmin;

import java.util.Set;
import org.python.core.Py;
import org.python.core.PyFrame;
import org.python.core.PyObject;
import org.python.core.PyStringMap;

/**
 * The built-in names, without those that came after Python 2.1 for code that belongs to scripts. The library that
 * comes with this Jython needs them and sees them.
 */
final class Builtins extends PyStringMap {
    private static final long serialVersionUID = 1L;
    private final transient Set<String> later;

    Builtins(PyObject all, Set<String> later) {
        super();
        this.later = later;
        update(all);
    }

    @Override
    public PyObject __finditem__(String name) {
        return later.contains(name) && inScript() ? null : super.__finditem__(name);
    }

    /** Text that a library module executes is the library's; what the boot module executes is a script's. */
    private static boolean inScript() {
        for (PyFrame frame = Py.getFrame(); frame != null; frame = frame.f_back) {
            String file = frame.f_code == null ? "" : frame.f_code.co_filename;
            if (file.contains("wsadmin_boot")) {
                return true;
            }
            if (!file.startsWith("<")) {
                return !file.contains("__pyclasspath__") && !file.contains("/Lib/");
            }
        }
        return true;
    }
}
