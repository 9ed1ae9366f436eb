/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tree.h"

#include <string.h>

typedef struct
{
  const char *words;
  const char *repr; /* NULL: none */
  const char *described;
} ReprCase;

static const ReprCase cases[] = {
  { "N", "None", "None" },
  { "True", "True", "True" },
  { "7", "7", "7" },
  { "-9223372036854775808", "-9223372036854775808", "-9223372036854775808" },
  { "2^63", "9223372036854775808", "9223372036854775808" },
  { "2^100", "1267650600228229401496703205376", "1267650600228229401496703205376" },
  { "L123456789012345678901234567890L\n", "123456789012345678901234567890",
    "123456789012345678901234567890" },
  { "f0.1", "0.1", "0.1" },
  { "f1e22", "1e+22", "1e+22" },
  { "f-0", "-0.0", "-0.0" },
  { "finf", "inf", "inf" },
  { "fnan", "nan", "nan" },
  { "'text'", "'text'", "\"text\"" },
  { "B'a\"'", "b'a\"'", "b\"a\\\"\"" },
  { ")", "()", "()" },
  { "( 1 t", "(1,)", "(1,)" },
  { "( 'a' ( f0.9 f0.999 t N t", "('a', (0.9, 0.999), None)", "('a', (0.9, 0.999), None)" },
  { "( 1 ] t", NULL, "tuple of 2" },
  { "@torch:float16", "torch.float16", "torch.float16" },
  { "]", NULL, "list of 0" },
  { "}", NULL, "dict of 0" },
  { "EMPTY_SET", NULL, "set of 0" },
  { TEST_TENSOR ("0"), NULL, "float32 2×2" },
  { "( 'x' t Q", NULL, "persistent id" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptTree) tree = test_tree_new (cases[i].words, CKPT_PERSISTENT_ZIP);
      g_autofree char *repr = ckpt_tree_repr (tree, ckpt_tree_get_root (tree));
      g_autofree char *described = ckpt_tree_describe (tree, ckpt_tree_get_root (tree));

      g_assert_cmpstr (repr, ==, cases[i].repr);
      g_assert_cmpstr (described, ==, cases[i].described);
    }
}

/* Python makes the values and says what their repr() is. Letters that are drawn as nothing and rows of accents are left out: there this
 * library escapes more. */
static const char python[] =
    "import pickle, random, sys, unicodedata as u\n"
    "r = random.Random(7)\n"
    "hidden = {0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x3164, 0xffa0} | set(range(0x180b, 0x1810)) | set(range(0xe0100, 0xe01f0))\n"
    "known = [c for c in [*range(0x3000), *range(0x3000, 0x110000, 7)] if c not in hidden and u.category(chr(c)) not in ('Cn', 'Mn', 'Me')]\n"
    "values = [None, True, False, 0, '', b'', (), ((),), 'it\\'s', 'say \"x\"', '\\'\"', b'\\'', b'\"', b'\\'\"']\n"
    "values += [s * (2**b + d) for b in list(range(0, 140, 3)) + [63, 64] + [1000, 4094] for d in (-1, 0, 1) for s in (1, -1)]\n"
    "values += [r.uniform(-1, 1) * 10.0**r.randrange(-320, 300) for i in range(700)]\n"
    "values += [float(r.randrange(10**17)) for i in range(200)] + [5e-324, 1.7976931348623157e308, 1e16, 1e15, 123456789012345680.0]\n"
    "values += [''.join(chr(r.choice(known)) for j in range(r.randrange(6))) for i in range(900)]\n"
    "values += [chr(c) for c in range(0, 0x300, 3) if c in set(known)] + [chr(c) for c in (0xd800, 0xdfff, 0x2028, 0xe000, 0xfeff)]\n"
    "values += [bytes(r.randrange(256) for j in range(r.randrange(9))) for i in range(300)]\n"
    "values += [tuple(r.choice(values[:900]) for j in range(r.randrange(5))) for i in range(300)]\n"
    "for p in range(6):\n"
    "  some = [v for v in values if p > 2 or not (isinstance(v, tuple) or isinstance(v, int) and abs(v) >= 2**63 and p < 2)]\n"
    "  print(pickle.dumps(some, p).hex(), *(repr(v).encode('utf-8', 'backslashreplace').hex() for v in some))\n";

static GByteArray *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (gsize i = 0; hex[i] != '\0'; i += 2)
    {
      guint8 byte = g_ascii_xdigit_value (hex[i]) << 4 | g_ascii_xdigit_value (hex[i + 1]);

      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

/* A line is a pickle of a list, and the repr() of each item. */
static guint
check_line (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GByteArray) pickle = from_hex (words[0]);
  g_autoptr (CkptTree) tree = test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, CKPT_CONTAINER_PICKLE);
  guint32 n = ckpt_tree_get_n_children (tree, ckpt_tree_get_root (tree));

  g_assert_cmpuint (n, ==, g_strv_length (words) - 1);
  for (guint32 i = 0; i < n; i++)
    {
      g_autoptr (GByteArray) expected = from_hex (words[i + 1]);
      g_autofree char *repr = NULL;
      CkptChild child;

      ckpt_tree_get_child (tree, ckpt_tree_get_root (tree), i, &child);
      repr = ckpt_tree_repr (tree, child.node);
      g_byte_array_append (expected, (const guint8 *) "", 1);
      g_assert_cmpstr (repr, ==, (const char *) expected->data);
    }
  return n;
}

static void
test_against_python (void)
{
  const char *const argv[] = { "python3", "-c", python, NULL };
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                     NULL) ||
      status != 0)
    {
      g_test_skip ("no python3");
      return;
    }

  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    n += check_line (lines[i]);
  g_test_message ("%u values", n);
  g_assert_cmpuint (n, >, 10000);
}

static char *
describe_pickle (const char *head, guint32 length, char filler, const char *tail)
{
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  g_autofree char *text = g_strnfill (length, filler);
  guint32 le = GUINT32_TO_LE (length);
  g_autoptr (CkptTree) tree = NULL;

  g_byte_array_append (pickle, (const guint8 *) head, strlen (head));
  if (*head != 'L')
    g_byte_array_append (pickle, (const guint8 *) &le, 4);
  g_byte_array_append (pickle, (const guint8 *) text, length);
  g_byte_array_append (pickle, (const guint8 *) tail, strlen (tail));
  tree = test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, CKPT_CONTAINER_PICKLE);
  return ckpt_tree_describe (tree, ckpt_tree_get_root (tree));
}

/* Long values are described by their beginning, or by how long they are. */
static void
test_long (void)
{
  g_autofree char *x140 = g_strnfill (160, 'x');
  g_autofree char *expected = g_strdup_printf ("\"%s…\" (text of 1 MB)", x140);
  g_autofree char *text = describe_pickle ("X", 1000000, 'x', ".");
  g_autofree char *bytes = describe_pickle ("B", 300, '\1', ".");
  g_autofree char *small = describe_pickle ("\x8b", 600, '\177', ".");
  g_autofree char *large = describe_pickle ("\x8b", 100000, '\177', ".");
  g_autofree char *digits = describe_pickle ("L", 5000, '7', "\n.");
  g_autofree char *many_digits = describe_pickle ("L", 500000, '7', "\n.");

  g_assert_cmpstr (text, ==, expected);
  g_assert_true (g_str_has_prefix (bytes, "b\"\\x01\\x01"));
  g_assert_true (g_str_has_suffix (bytes, "\\x01…\" (bytes, 300 B)"));
  g_assert_cmpuint (g_utf8_strlen (bytes, -1), <, 200);
  g_assert_cmpstr (small, ==, "integer of 4,799 bits");
  g_assert_cmpstr (large, ==, "integer of 100,000 bytes");
  g_assert_cmpstr (digits, ==, "integer of 5,000 digits");
  g_assert_cmpstr (many_digits, ==, "integer of 500,000 digits");
}

/* A tuple that holds one tuple ten times, ten levels deep, takes no time. */
static void
test_bomb (void)
{
  g_autoptr (GString) words = g_string_new ("( 1 t ");
  g_autoptr (CkptTree) tree = NULL;
  g_autofree char *described = NULL;

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (words, "p%u ( g%u g%u g%u g%u g%u g%u g%u g%u g%u g%u t ", i, i, i, i, i, i, i, i,
                            i, i, i);
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  g_assert_null (ckpt_tree_repr (tree, ckpt_tree_get_root (tree)));
  described = ckpt_tree_describe (tree, ckpt_tree_get_root (tree));
  g_assert_cmpstr (described, ==, "tuple of 10");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/repr/table", test_table);
  g_test_add_func ("/repr/against-python", test_against_python);
  g_test_add_func ("/repr/long", test_long);
  g_test_add_func ("/repr/bomb", test_bomb);
  return g_test_run ();
}
