package lab.wsadmin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.python.core.Py;
import org.python.core.PyList;
import org.python.core.PyObject;

/** The objects of JMX that methods of AdminControl take and give back; the parent process knows only text. */
final class Jmx {
    private static final String BEAN_CLASS = "javax.management.modelmbean.RequiredModelMBean";

    private Jmx() {}

    /** An argument without objects of JMX: attributes are pairs. */
    static PyObject plain(PyObject argument) {
        Object attributes = argument.__tojava__(AttributeList.class);
        if (attributes instanceof AttributeList) {
            PyList pairs = new PyList();
            for (Object each : (AttributeList) attributes) {
                pairs.append(pair((Attribute) each));
            }
            return pairs;
        }
        Object attribute = argument.__tojava__(Attribute.class);
        return attribute instanceof Attribute ? pair((Attribute) attribute) : argument;
    }

    private static PyObject pair(Attribute attribute) {
        PyObject[] both = {Py.newString(attribute.getName()), Py.newString(String.valueOf(attribute.getValue()))};
        return new PyList(both);
    }

    /** What a method of AdminControl gives back. */
    static PyObject answer(String method, PyObject value) {
        switch (method) {
            case "makeObjectName":
                return Py.java2py(name(value.toString()));
            case "getObjectInstance":
                return Py.java2py(new ObjectInstance(name(value.toString()), BEAN_CLASS));
            case "queryNames_jmx":
                Names names = new Names();
                value.toString().lines().forEach(line -> names.add(name(line)));
                return Py.java2py(names);
            case "getAttributes_jmx":
            case "setAttributes_jmx":
                AttributeList attributes = new AttributeList();
                for (PyObject each : value.asIterable()) {
                    attributes.add(new Attribute(each.__getitem__(0).toString(), each.__getitem__(1).toString()));
                }
                return Py.java2py(attributes);
            case "getMBeanInfo_jmx":
                return Py.java2py(information(value));
            default:
                return value;
        }
    }

    /** From lists of [attribute, RO or RW] and [operation, number of parameters]. */
    private static MBeanInfo information(PyObject value) {
        List<MBeanAttributeInfo> attributes = new ArrayList<>();
        for (PyObject each : value.__getitem__(0).asIterable()) {
            String name = each.__getitem__(0).toString();
            boolean writable = each.__getitem__(1).toString().equals("RW");
            attributes.add(new MBeanAttributeInfo(name, "java.lang.String", name, true, writable, false));
        }
        List<MBeanOperationInfo> operations = new ArrayList<>();
        for (PyObject each : value.__getitem__(1).asIterable()) {
            String name = each.__getitem__(0).toString();
            MBeanParameterInfo[] parameters = new MBeanParameterInfo[Integer.parseInt(each.__getitem__(1).toString())];
            for (int index = 0; index < parameters.length; index++) {
                parameters[index] = new MBeanParameterInfo("p" + (index + 1), "java.lang.String", "");
            }
            int impact = MBeanOperationInfo.UNKNOWN;
            operations.add(new MBeanOperationInfo(name, name, parameters, "java.lang.Object", impact));
        }
        return new MBeanInfo(
            BEAN_CLASS, "", attributes.toArray(new MBeanAttributeInfo[0]), null,
            operations.toArray(new MBeanOperationInfo[0]), null);
    }

    /** A set that scripts may index too. */
    private static final class Names extends ArrayList<ObjectName> implements Set<ObjectName> {
        private static final long serialVersionUID = 1L;

        @Override
        public Spliterator<ObjectName> spliterator() {
            return super.spliterator();
        }
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException error) {
            throw Py.JavaError(error);
        }
    }
}
