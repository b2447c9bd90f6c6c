package com.ibm.ws.scripting;

/** What the objects of wsadmin throw. */
public class ScriptingException extends Exception {
    private static final long serialVersionUID = 1L;

    public ScriptingException(String message) {
        super(message);
    }
}
