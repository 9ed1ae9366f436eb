/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-encoder.h"
#include "pickle/ckpt-opcodes.h"
#include "test-pickle.h"

/* A sink that takes so many bytes, and then fails. */
typedef struct
{
  GByteArray *bytes;
  gsize room;
} Bin;

static gboolean
take (gpointer data, const void *bytes, gsize length, GError **error)
{
  Bin *bin = data;

  if (length > bin->room)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
      return FALSE;
    }
  bin->room -= length;
  g_byte_array_append (bin->bytes, bytes, length);
  return TRUE;
}

static GByteArray *
encode (CkptNodes *nodes, CkptNodeId root, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Bin bin = { bytes, G_MAXSIZE };
  const CkptSink sink = { take, &bin };

  return ckpt_encode (nodes, NULL, root, &sink, error) ? g_steal_pointer (&bytes) : NULL;
}

static void
check (CkptNodes *nodes, CkptNodeId root, const char *expected, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = encode (nodes, root, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (bytes->data, bytes->len, expected, length);
}

#define check_bytes(nodes, root, literal) check (nodes, root, "\x80\2" literal ".", sizeof (literal) + 2)

static CkptNodeId
decode (CkptNodes *nodes, const void *pickle, gsize length)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (pickle, length, "pickle");
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GError) error = NULL;
  CkptPickleInfo info;

  ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error);
  g_assert_no_error (error);
  return info.root;
}

#define decode_bytes(nodes, literal) decode (nodes, literal, sizeof (literal) - 1)

static CkptNodeId
add_list (CkptNodes *nodes, CkptNodeId *children, guint32 n)
{
  return ckpt_nodes_add_container (nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, 0, children, n, NULL);
}

static CkptNodeId
add_tuple (CkptNodes *nodes, CkptNodeId *children, guint32 n)
{
  return ckpt_nodes_add_container (nodes, CKPT_KIND_TUPLE, CKPT_OP_TUPLE, 0, children, n, NULL);
}

/* What an edit puts in two places is one object, whether or not a mark says that it is in the memo. */
static void
test_shared (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId inner = add_list (nodes, NULL, 0);
  CkptNodeId text = ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, "a", 1, NULL);
  CkptNodeId number = ckpt_nodes_add_int (nodes, 300, CKPT_OP_BININT2, NULL);
  CkptNodeId children[] = { inner, text, number, inner, text, number };
  CkptNodeId tuple = add_tuple (nodes, children, 2);
  CkptNodeId tuples[] = { tuple, tuple };

  check_bytes (nodes, add_list (nodes, children, 6), "](]q\0X\1\0\0\0aq\1M\x2c\1h\0h\1M\x2c\1e");
  check_bytes (nodes, add_tuple (nodes, tuples, 2), "]X\1\0\0\0a\x86q\0h\0\x86");
  check_bytes (nodes, add_list (nodes, children, 3), "](]X\1\0\0\0aM\x2c\1e");
}

/* A storage that several tensors use has its id written for each, but the texts of the id once. */
static void
test_persistent_id (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  CkptNodeId id = decode_bytes (nodes, "\x80\2X\7\0\0\0storageq\0X\1\0\0\0"
                                       "0q\1\x86q\2Q.");
  CkptNodeId children[] = { id, id };

  check_bytes (nodes, add_list (nodes, children, 2),
               "](X\7\0\0\0storageq\0X\1\0\0\0"
               "0q\1\x86q\2Qh\0h\1\x86q\3Qe");
}

/* That the parts of an object come in this order, or in the other, is kept. */
static void
test_order (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();

  check_bytes (nodes, decode_bytes (nodes, "\x80\2cm\nn\n)Rq\0K\1a(K\2K\3K\4K\5uK\6b."),
               "cm\nn\n)Rq\0K\1a(K\2K\3K\4K\5uK\6b");
  check_bytes (nodes, decode_bytes (nodes, "\x80\2cm\nn\n)Rq\0K\6bK\1aK\2K\3s."),
               "cm\nn\n)Rq\0K\6bK\1aK\2K\3s");
  check_bytes (nodes, decode_bytes (nodes, "\x80\2cm\nn\n)Rq\0cm\nset\nh\0K\6\x86R0."),
               "cm\nn\n)Rq\0cm\nset\nh\0K\6\x86R0");
}

/* Forms that only other protocols have. */
static void
test_translated (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();

  check_bytes (nodes, decode_bytes (nodes, "I01\n."), "\x88");
  check_bytes (nodes, decode_bytes (nodes, "L-123456789012345678901L\n."),
               "\x8a\x09\xcb\x93\xc9\xd0\x7e\x60\xb1\x4e\xf9");
  check_bytes (nodes, decode_bytes (nodes, "(K\1K\2l."), "](K\1K\2e");
  check_bytes (nodes, decode_bytes (nodes, "(I1\nim\nn\n."), "(cm\nn\nK\1o");
  check_bytes (nodes, decode_bytes (nodes, "Pa\n."), "X\1\0\0\0aQ");
  check_bytes (nodes, decode_bytes (nodes, "\x80\3cbuiltins\nint\n."), "c__builtin__\nlong\n");
  check_bytes (nodes, decode_bytes (nodes, "\x80\2cbuiltins\nint\n."), "cbuiltins\nint\n");
  check_bytes (nodes, decode_bytes (nodes, "S'a\\xe9'\n."), "U\2a\xe9");
}

/* A tuple can hold itself only by an edit. */
static void
test_endless (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GError) error = NULL;
  CkptNodeId none = ckpt_nodes_add_none (nodes, NULL);
  CkptNodeId tuple = add_tuple (nodes, &none, 1);

  ckpt_nodes_set_child (nodes, tuple, 0, tuple);
  g_assert_null (encode (nodes, tuple, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
}

/* What is as deep as a pickle may be can be written. */
static void
test_deep (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;

  test_bytes (pickle, "\x80\2");
  for (guint i = 0; i < CKPT_LIMIT_DEPTH; i++)
    test_bytes (pickle, "]");
  for (guint i = 1; i < CKPT_LIMIT_DEPTH; i++)
    test_bytes (pickle, "a");
  test_bytes (pickle, ".");
  bytes = encode (nodes, decode (nodes, pickle->data, pickle->len), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes->data, bytes->len, pickle->data, pickle->len);
}

/* n sets, each of which holds all objects, which hold all sets: written again within themselves, but not without end. */
static void
test_sets_of_each_other (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  CkptNodeId list = add_list (nodes, NULL, 0);
  CkptNodeId callable = ckpt_nodes_add_text (nodes, CKPT_KIND_GLOBAL, 0, CKPT_OP_GLOBAL, "builtins\nset", 12,
                                             NULL);
  CkptNodeId args = add_tuple (nodes, &list, 1);

  for (guint i = 0; i < 500; i++)
    {
      CkptNodeId slots[CKPT_N_SLOTS] = { callable,     args,         CKPT_NO_NODE,
                                         CKPT_NO_NODE, CKPT_NO_NODE, CKPT_NO_NODE };
      CkptNodeId set = ckpt_nodes_add_container (nodes, CKPT_KIND_OBJECT, CKPT_OP_REDUCE, 0, slots,
                                                 CKPT_N_SLOTS, NULL);

      g_assert_true (ckpt_nodes_append (nodes, list, &set, 1, NULL));
    }
  bytes = encode (nodes, list, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes->len, <, 1 << 20);
}

static void
test_refused (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GError) cut = NULL;
  g_autoptr (GError) absent = NULL;
  CkptNodeId name = ckpt_nodes_add_text (nodes, CKPT_KIND_GLOBAL, CKPT_NODE_CUT, CKPT_OP_GLOBAL, "m\nn", 3,
                                         NULL);
  CkptNodeId text = ckpt_nodes_add_long_text (nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, "abc", 3,
                                              100000, 0, 7, NULL);

  g_assert_null (encode (nodes, name, &cut));
  g_assert_error (cut, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
  g_assert_null (encode (nodes, text, &absent));
  g_assert_error (absent, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
}

static CkptNodeId
decode_many (CkptNodes *nodes, GByteArray *pickle)
{
  test_bytes (pickle, "\x80\2](");
  for (guint i = 0; i < 40000; i++)
    test_bytes (pickle, "X\6\0\0\0abcdef");
  test_bytes (pickle, "\x85\x85\x85"
                      "cm\nn\n)RK\5bC\3ab\xff"
                      "e.");
  return decode (nodes, pickle->data, pickle->len);
}

/* The error of the sink comes through, at whatever piece. */
static void
test_full_sink (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  CkptNodeId root = decode_many (nodes, pickle);

  for (gsize room = 0; room < 400000; room += 50000)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      Bin bin = { bytes, room };
      const CkptSink sink = { take, &bin };

      g_assert_false (ckpt_encode (nodes, NULL, root, &sink, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    }
}

static void
test_no_memory (void)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  CkptNodeId root = decode_many (nodes, pickle);
  gint n;

  for (n = 0; n < 100; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) bytes = NULL;

      ckpt_alloc_set_failure (n, FALSE);
      bytes = encode (nodes, root, &error);
      ckpt_alloc_set_failure (-1, FALSE);
      if (bytes != NULL)
        break;
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
    }
  g_assert_cmpint (n, >, 3);
  g_assert_cmpint (n, <, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoder/shared", test_shared);
  g_test_add_func ("/encoder/persistent-id", test_persistent_id);
  g_test_add_func ("/encoder/order", test_order);
  g_test_add_func ("/encoder/translated", test_translated);
  g_test_add_func ("/encoder/endless", test_endless);
  g_test_add_func ("/encoder/deep", test_deep);
  g_test_add_func ("/encoder/sets-of-each-other", test_sets_of_each_other);
  g_test_add_func ("/encoder/refused", test_refused);
  g_test_add_func ("/encoder/full-sink", test_full_sink);
  g_test_add_func ("/encoder/no-memory", test_no_memory);
  return g_test_run ();
}
