/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

#include <string.h>

/* Pickles up to protocol 2 hold the names of Python 2, whoever wrote them; these tables are REVERSE_NAME_MAPPING and REVERSE_IMPORT_MAPPING
 * of CPython's Lib/_compat_pickle.py. */

typedef struct
{
  const char *module;
  const char *name;
  const char *old_module;
  const char *old_name;
} Name;

static const Name names[] = {
  { "builtins", "range", "__builtin__", "xrange" },
  { "functools", "reduce", "__builtin__", "reduce" },
  { "sys", "intern", "__builtin__", "intern" },
  { "builtins", "chr", "__builtin__", "unichr" },
  { "builtins", "str", "__builtin__", "unicode" },
  { "builtins", "int", "__builtin__", "long" },
  { "builtins", "zip", "itertools", "izip" },
  { "builtins", "map", "itertools", "imap" },
  { "builtins", "filter", "itertools", "ifilter" },
  { "itertools", "filterfalse", "itertools", "ifilterfalse" },
  { "itertools", "zip_longest", "itertools", "izip_longest" },
  { "collections", "UserDict", "UserDict", "IterableUserDict" },
  { "collections", "UserList", "UserList", "UserList" },
  { "collections", "UserString", "UserString", "UserString" },
  { "dbm", "whichdb", "whichdb", "whichdb" },
  { "socket", "fromfd", "_socket", "fromfd" },
  { "multiprocessing.connection", "Connection", "_multiprocessing", "Connection" },
  { "multiprocessing.context", "Process", "multiprocessing.process", "Process" },
  { "multiprocessing.popen_fork", "Popen", "multiprocessing.forking", "Popen" },
  { "urllib.error", "ContentTooShortError", "urllib", "ContentTooShortError" },
  { "urllib.request", "getproxies", "urllib", "getproxies" },
  { "urllib.request", "pathname2url", "urllib", "pathname2url" },
  { "urllib.parse", "quote_plus", "urllib", "quote_plus" },
  { "urllib.parse", "quote", "urllib", "quote" },
  { "urllib.parse", "unquote_plus", "urllib", "unquote_plus" },
  { "urllib.parse", "unquote", "urllib", "unquote" },
  { "urllib.request", "url2pathname", "urllib", "url2pathname" },
  { "urllib.request", "urlcleanup", "urllib", "urlcleanup" },
  { "urllib.parse", "urlencode", "urllib", "urlencode" },
  { "urllib.request", "urlopen", "urllib", "urlopen" },
  { "urllib.request", "urlretrieve", "urllib", "urlretrieve" },
  { "urllib.error", "HTTPError", "urllib2", "HTTPError" },
  { "urllib.error", "URLError", "urllib2", "URLError" },
  { "multiprocessing.context", "AuthenticationError", "multiprocessing", "AuthenticationError" },
  { "multiprocessing.context", "BufferTooShort", "multiprocessing", "BufferTooShort" },
  { "multiprocessing.context", "ProcessError", "multiprocessing", "ProcessError" },
  { "multiprocessing.context", "TimeoutError", "multiprocessing", "TimeoutError" },
  { "_functools", "reduce", "__builtin__", "reduce" },
  { "tkinter.filedialog", "FileDialog", "FileDialog", "FileDialog" },
  { "tkinter.filedialog", "LoadFileDialog", "FileDialog", "LoadFileDialog" },
  { "tkinter.filedialog", "SaveFileDialog", "FileDialog", "SaveFileDialog" },
  { "tkinter.simpledialog", "SimpleDialog", "SimpleDialog", "SimpleDialog" },
  { "xmlrpc.server", "ServerHTMLDoc", "DocXMLRPCServer", "ServerHTMLDoc" },
  { "xmlrpc.server", "XMLRPCDocGenerator", "DocXMLRPCServer", "XMLRPCDocGenerator" },
  { "xmlrpc.server", "DocXMLRPCRequestHandler", "DocXMLRPCServer", "DocXMLRPCRequestHandler" },
  { "xmlrpc.server", "DocXMLRPCServer", "DocXMLRPCServer", "DocXMLRPCServer" },
  { "xmlrpc.server", "DocCGIXMLRPCRequestHandler", "DocXMLRPCServer", "DocCGIXMLRPCRequestHandler" },
  { "http.server", "SimpleHTTPRequestHandler", "SimpleHTTPServer", "SimpleHTTPRequestHandler" },
  { "http.server", "CGIHTTPRequestHandler", "CGIHTTPServer", "CGIHTTPRequestHandler" },
  { "_socket", "socket", "socket", "_socketobject" },
  { "builtins", "ModuleNotFoundError", "exceptions", "ImportError" },
};

typedef struct
{
  const char *module;
  const char *old_module;
} Module;

static const Module modules[] = {
  { "builtins", "__builtin__" },
  { "copyreg", "copy_reg" },
  { "queue", "Queue" },
  { "socketserver", "SocketServer" },
  { "configparser", "ConfigParser" },
  { "reprlib", "repr" },
  { "tkinter.filedialog", "tkFileDialog" },
  { "tkinter.simpledialog", "tkSimpleDialog" },
  { "tkinter.colorchooser", "tkColorChooser" },
  { "tkinter.commondialog", "tkCommonDialog" },
  { "tkinter.dialog", "Dialog" },
  { "tkinter.dnd", "Tkdnd" },
  { "tkinter.font", "tkFont" },
  { "tkinter.messagebox", "tkMessageBox" },
  { "tkinter.scrolledtext", "ScrolledText" },
  { "tkinter.constants", "Tkconstants" },
  { "tkinter.tix", "Tix" },
  { "tkinter.ttk", "ttk" },
  { "tkinter", "Tkinter" },
  { "_markupbase", "markupbase" },
  { "winreg", "_winreg" },
  { "_thread", "thread" },
  { "dbm.bsd", "dbhash" },
  { "dbm.dumb", "dumbdbm" },
  { "dbm.ndbm", "dbm" },
  { "dbm.gnu", "gdbm" },
  { "xmlrpc.client", "xmlrpclib" },
  { "xmlrpc.server", "SimpleXMLRPCServer" },
  { "http.client", "httplib" },
  { "html.entities", "htmlentitydefs" },
  { "html.parser", "HTMLParser" },
  { "http.cookies", "Cookie" },
  { "http.cookiejar", "cookielib" },
  { "http.server", "BaseHTTPServer" },
  { "test.support", "test.test_support" },
  { "subprocess", "commands" },
  { "urllib.parse", "urlparse" },
  { "urllib.robotparser", "robotparser" },
  { "urllib.request", "urllib2" },
  { "dbm", "anydbm" },
  { "collections.abc", "_abcoll" },
  { "_bz2", "bz2" },
  { "_dbm", "dbm" },
  { "_functools", "functools" },
  { "_gdbm", "gdbm" },
  { "_pickle", "pickle" },
  { "_dummy_thread", "dummy_thread" },
};

/* Exceptions of builtins, which were in a module of their own. */
static const char *const exceptions[] = {
  "ArithmeticError",
  "AssertionError",
  "AttributeError",
  "BaseException",
  "BufferError",
  "BytesWarning",
  "DeprecationWarning",
  "EOFError",
  "EnvironmentError",
  "Exception",
  "FloatingPointError",
  "FutureWarning",
  "GeneratorExit",
  "IOError",
  "ImportError",
  "ImportWarning",
  "IndentationError",
  "IndexError",
  "KeyError",
  "KeyboardInterrupt",
  "LookupError",
  "MemoryError",
  "NameError",
  "NotImplementedError",
  "OSError",
  "OverflowError",
  "PendingDeprecationWarning",
  "ReferenceError",
  "RuntimeError",
  "RuntimeWarning",
  "StopIteration",
  "SyntaxError",
  "SyntaxWarning",
  "SystemError",
  "SystemExit",
  "TabError",
  "TypeError",
  "UnboundLocalError",
  "UnicodeDecodeError",
  "UnicodeEncodeError",
  "UnicodeError",
  "UnicodeTranslateError",
  "UnicodeWarning",
  "UserWarning",
  "ValueError",
  "Warning",
  "ZeroDivisionError",
};

/* Exceptions that Python 2 did not have: OSError stands for them. */
static const char *const os_errors[] = {
  "BrokenPipeError",        "ChildProcessError",    "ConnectionAbortedError", "ConnectionError",
  "ConnectionRefusedError", "ConnectionResetError", "FileExistsError",        "FileNotFoundError",
  "InterruptedError",       "IsADirectoryError",    "NotADirectoryError",     "PermissionError",
  "ProcessLookupError",     "TimeoutError",
};

static gboolean
is_among (const char *name, const char *const *list, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (name, list[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Exceptions of builtins. */
static gboolean
spell_exception (const char **module, const char **name)
{
  if (strcmp (*module, "builtins") != 0)
    return FALSE;
  if (is_among (*name, os_errors, G_N_ELEMENTS (os_errors)))
    *name = "OSError";
  else if (strcmp (*name, "ModuleNotFoundError") == 0)
    *name = "ImportError";
  else if (!is_among (*name, exceptions, G_N_ELEMENTS (exceptions)))
    return FALSE;
  *module = "exceptions";
  return TRUE;
}

/**
 * ckpt_python2_spell:
 * @module: (inout): a module, as Python 3 calls it
 * @name: (inout): what it holds
 *
 * Gives the names that a pickle of protocol 2 has for a class or function.
 */
void
ckpt_python2_spell (const char **module, const char **name)
{
  if (spell_exception (module, name))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (*module, names[i].module) == 0 && strcmp (*name, names[i].name) == 0)
      {
        *module = names[i].old_module;
        *name = names[i].old_name;
        return;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (modules); i++)
    if (strcmp (*module, modules[i].module) == 0)
      {
        *module = modules[i].old_module;
        return;
      }
}
