"""What Python gained after 2.1: built-in names, methods, modules."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


LATER_BUILTINS = words(
    """
    True False bool dict object super property staticmethod classmethod file iter enumerate sum sorted reversed
    set frozenset basestring any all next bytes bytearray memoryview bin format help exit quit copyright credits
    license StopIteration GeneratorExit BaseException BufferError ReferenceError UnicodeDecodeError
    UnicodeEncodeError UnicodeTranslateError FutureWarning ImportWarning PendingDeprecationWarning
    UnicodeWarning BytesWarning
    """
)
"""Built-in names that are none in 2.1."""

FUNCTIONS = words(
    """
    str int long float complex list tuple type unicode buffer slice xrange
    """
)
"""Functions in 2.1, types later: they have no methods and are no classes."""

RESERVED_LATER = frozenset(("yield", "with", "as"))
"""Names in 2.1, reserved words of the Jython that runs the scripts here."""

LATER_METHODS = words(
    """
    iteritems iterkeys itervalues viewitems viewkeys viewvalues partition rpartition rsplit fromkeys
    """
)
LATER_STRING_METHODS = frozenset(("format", "decode", "zfill"))
"""Other classes, Java's too, have methods of these names."""
NO_ARGUMENTS = frozenset(("strip", "lstrip", "rstrip"))
"""String methods that learned to take arguments later."""

LATER_ATTRIBUTES = words(
    """
    os.walk os.urandom os.devnull os.path.lexists os.path.realpath os.path.relpath os.killpg re.finditer
    string.Template random.sample random.getrandbits tempfile.mkstemp tempfile.mkdtemp
    tempfile.NamedTemporaryFile traceback.format_exc shutil.move sys.exc_clear sys.getwindowsversion
    sys.api_version types.BooleanType types.StringTypes types.GeneratorType operator.itemgetter
    operator.attrgetter operator.methodcaller time.tzset glob.iglob copy_reg.add_extension base64.b64encode
    base64.b64decode
    """
)

MODULES = words(
    """
    BaseHTTPServer Bastion CGIHTTPServer ConfigParser MimeWriter Queue SimpleHTTPServer SocketServer StringIO
    UserDict UserList UserString anydbm array atexit base64 bdb binascii binhex bisect cPickle cStringIO
    calendar cgi chunk cmath cmd code codecs codeop colorsys commands compileall copy copy_reg difflib dircache
    doctest dumbdbm encodings errno exceptions filecmp fileinput fnmatch formatter fpformat ftplib getopt
    getpass glob gopherlib gzip htmlentitydefs htmllib httplib imaplib imghdr inspect isql jarray javaos
    javapath jreload keyword linecache marshal math md5 mhlib mimetools mimetypes mimify multifile mutex netrc
    new nntplib ntpath nturl2path operator os pawt pdb pickle pipes popen2 poplib posixfile posixpath pprint pre
    profile pstats py_compile pyclbr pydoc quopri random re readline repr rfc822 sched select sgmllib sha shelve
    shutil site smtplib sndhdr socket sre sre_compile sre_constants sre_parse stat string struct symbol
    synchronize sys telnetlib tempfile thread threading time toaiff token tokenize traceback tty types tzparse
    ucnhash unittest urllib urllib2 urlparse user uu warnings weakref whichdb whrandom xdrlib xmllib xreadlines
    zipfile zlib zxJDBC __builtin__ __future__ __main__
    """
)
"""The library that comes with Jython 2.1, what it shares with Python 2.1."""

LATER_MODULES = words(
    """
    abc argparse ast asyncio bz2 collections concurrent contextlib csv ctypes datetime dbhash decimal email enum
    fractions functools hashlib heapq hmac html http importlib io itertools json logging multiprocessing numbers
    optparse pathlib pickletools pkgutil platform plistlib pwd queue runpy sets shlex signal simplejson sqlite3
    ssl statistics subprocess tarfile textwrap timeit trace typing urllib3 uuid wsgiref xml xmlrpclib zipimport
    """
)
"""Later libraries; modules of neither list are somebody's own."""

JAVA = frozenset(("java", "javax", "com", "org"))
"""First parts of Java packages."""

ADMIN = frozenset(("AdminConfig", "AdminControl", "AdminApp", "AdminTask", "Help"))
