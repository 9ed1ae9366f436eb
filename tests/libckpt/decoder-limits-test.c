/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pickles that ask for much: each is to be read, or refused, in little time and memory. */

#include <string.h>
#include <sys/resource.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "pickle-describe.h"
#include "pickle/ckpt-decoder.h"
#include "test-files.h"

#define APPEND(bytes, literal) g_byte_array_append (bytes, (const guint8 *) literal, sizeof literal - 1)

static void
append_many (GByteArray *bytes, const char *unit, gsize length, guint n)
{
  guint start = bytes->len;

  g_byte_array_set_size (bytes, start + length * n);
  for (guint i = 0; i < n; i++)
    memcpy (bytes->data + start + i * length, unit, length);
}

#define APPEND_MANY(bytes, literal, n) append_many (bytes, literal, sizeof literal - 1, n)

static void
append_indexed (GByteArray *bytes, char opcode, guint32 index)
{
  const guint32 number = GUINT32_TO_LE (index);

  g_byte_array_append (bytes, (const guint8 *) &opcode, 1);
  g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
}

/* What came of a pickle. */
typedef struct
{
  CkptNodes *nodes;
  CkptWarnings *warnings;
  CkptPickleInfo info;
  GError *error;
  guint64 n_read;
} Result;

static void
result_clear (Result *self)
{
  ckpt_nodes_free (self->nodes);
  ckpt_warnings_free (self->warnings);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

/* Reads a pickle from a file, as it is in a checkpoint. */
static void
decode (GByteArray *bytes, Result *result)
{
  g_autofree char *path = test_files_write ("large.pkl", bytes->data, bytes->len);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  g_autoptr (CkptReader) reader = NULL;
  CkptSourceCounts counts;
  gboolean is_read;

  ckpt_archive_add (archive, "before", -1, 0, 0);
  ckpt_archive_add (archive, "data.pkl", -1, 0, bytes->len);
  reader = ckpt_reader_new (archive, 1);
  *result = (Result) { .nodes = ckpt_nodes_new (), .warnings = ckpt_warnings_new () };
  is_read = ckpt_decode_pickle (reader, result->nodes, result->warnings, NULL, NULL, NULL, &result->info,
                                &result->error);
  g_assert_true (is_read == (result->error == NULL));
  ckpt_source_get_counts (source, &counts);
  result->n_read = counts.n_bytes;
}

static void
assert_refused (Result *result, const char *code, guint64 offset)
{
  g_assert_cmpstr (ckpt_error_get_code (result->error), ==, code);
  g_assert_cmpuint (ckpt_error_get_place (result->error)->offset, ==, offset);
  g_assert_cmpstr (ckpt_error_get_place (result->error)->record, ==, "data.pkl");
}

/* So many warnings in all, of one code only. */
static void
assert_warned (Result *result, const char *code, guint n)
{
  guint n_found = 0;

  g_assert_no_error (result->error);
  for (guint i = 0; i < ckpt_warnings_get_n (result->warnings); i++)
    {
      g_assert_cmpstr (ckpt_warnings_get (result->warnings, i)->place.code, ==, code);
      n_found += ckpt_warnings_get (result->warnings, i)->count;
    }
  g_assert_cmpuint (n_found, ==, n);
}

static guint32
n_children (Result *result, CkptNodeId node)
{
  guint32 n;

  g_assert_no_error (result->error);
  ckpt_nodes_get_children (result->nodes, node, &n);
  return n;
}

/* That of @length bytes only a beginning is kept, and all of them stand at @position. */
static void
assert_long (Result *result, CkptNodeId node, CkptKind kind, guint64 position, guint64 length)
{
  guint64 found;
  guint32 record;

  g_assert_no_error (result->error);
  g_assert_cmpint (ckpt_nodes_get_kind (result->nodes, node), ==, kind);
  g_assert_true (ckpt_nodes_get_long_place (result->nodes, node, &record, &found));
  g_assert_cmpuint (record, ==, 1);
  g_assert_cmpuint (found, ==, position);
  g_assert_cmpuint (ckpt_nodes_get_length (result->nodes, node), ==, length);
}

/* A23 and A24: digits that are never converted. */
static void
test_digits (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  const CkptNodeId *children;

  APPEND (bytes, "(I-");
  APPEND_MANY (bytes, "9", 1000000);
  APPEND (bytes, "\nL  ");
  APPEND_MANY (bytes, "7", 5000000);
  APPEND (bytes, "L\nt.");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, 2);
  children = ckpt_nodes_get_children (result.nodes, result.info.root, &(guint32) { 0 });
  assert_long (&result, children[0], CKPT_KIND_INT, 2, 1000001);
  assert_long (&result, children[1], CKPT_KIND_INT, 1000004 + 3, 5000000);
  g_assert_cmpint (ckpt_nodes_get_flags (result.nodes, children[1]), ==, CKPT_NODE_DECIMAL | CKPT_NODE_LONG);
  g_assert_cmpuint (ckpt_nodes_get_memory (result.nodes), <, 1 << 20);
}

/* A36: a module of 1 MiB, and a name that is cut within a character. */
static void
test_long_name (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  gsize length;

  APPEND (bytes, "c");
  APPEND_MANY (bytes, "a", 1 << 20);
  APPEND (bytes, "\n");
  APPEND_MANY (bytes, "\xe2\x82\xac", 30000);
  APPEND (bytes, "\n.");
  decode (bytes, &result);
  assert_warned (&result, "name-cut", 1);
  ckpt_nodes_get_text (result.nodes, result.info.root, &length);
  g_assert_cmpuint (length, ==, CKPT_LIMIT_GLOBAL_NAME + 1 + CKPT_LIMIT_GLOBAL_NAME / 3 * 3);
}

static void
test_long_line (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) fits = { 0 };
  g_auto (Result) too_long = { 0 };

  APPEND (bytes, "V");
  APPEND_MANY (bytes, "a", CKPT_LIMIT_TEXT_LINE);
  APPEND (bytes, "\n.");
  decode (bytes, &fits);
  assert_long (&fits, fits.info.root, CKPT_KIND_STRING, 1, CKPT_LIMIT_TEXT_LINE);

  g_byte_array_set_size (bytes, 0);
  APPEND (bytes, "NV");
  APPEND_MANY (bytes, "a", CKPT_LIMIT_TEXT_LINE + 1);
  APPEND (bytes, "\n.");
  decode (bytes, &too_long);
  assert_refused (&too_long, "pickle-limit", 2);
}

/* A long text with escapes is kept decoded, though it has as many bytes as its line. */
static void
test_long_escapes (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  const char *text;
  gsize length;

  APPEND (bytes, "V");
  APPEND_MANY (bytes, "\xe9", 50000);
  APPEND_MANY (bytes, "\\u0041", 10000);
  APPEND (bytes, "\n.");
  decode (bytes, &result);
  g_assert_no_error (result.error);
  text = ckpt_nodes_get_text (result.nodes, result.info.root, &length);
  g_assert_cmpuint (length, ==, 110000);
  g_assert_true (g_str_has_prefix (text, "\xc3\xa9\xc3\xa9"));
  g_assert_true (g_str_has_suffix (text, "AAAA"));
}

/* Long texts and bytes of every opcode stay in the file; bytes are not even read. */
static void
test_long_texts (void)
{
  enum
  {
    LENGTH = 20 << 20
  };
  static const char lead[] = "(X\0\0\x40\1";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  const CkptNodeId *children;

  G_STATIC_ASSERT (LENGTH == 0x1400000);
  APPEND (bytes, lead);
  APPEND_MANY (bytes, "\xc3\xa9", LENGTH / 2);
  APPEND (bytes, "B\0\0\x40\1");
  APPEND_MANY (bytes, "b", LENGTH);
  APPEND (bytes, "\x96\0\0\x40\1\0\0\0\0");
  APPEND_MANY (bytes, "c", LENGTH);
  APPEND (bytes, "T\0\0\x40\1\xff");
  APPEND_MANY (bytes, "d", LENGTH - 1);
  APPEND (bytes, "\x8b\0\0\x40\1");
  APPEND_MANY (bytes, "e", LENGTH);
  APPEND (bytes, "t.");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, 5);
  children = ckpt_nodes_get_children (result.nodes, result.info.root, &(guint32) { 0 });
  assert_long (&result, children[0], CKPT_KIND_STRING, 6, LENGTH);
  assert_long (&result, children[1], CKPT_KIND_BYTES, 6 + LENGTH + 5, LENGTH);
  assert_long (&result, children[2], CKPT_KIND_BYTEARRAY, 6 + 2 * LENGTH + 5 + 9, LENGTH);
  assert_long (&result, children[3], CKPT_KIND_BYTES, 6 + 3 * LENGTH + 5 + 9 + 5, LENGTH);
  assert_long (&result, children[4], CKPT_KIND_INT, 6 + 4 * LENGTH + 5 + 9 + 5 + 5, LENGTH);
  g_assert_cmpint (ckpt_nodes_get_flags (result.nodes, children[3]), ==, CKPT_NODE_LONG | CKPT_NODE_PYTHON2);
  g_assert_cmpint (ckpt_nodes_get_flags (result.nodes, children[4]), ==, CKPT_NODE_LONG | CKPT_NODE_BIG_INT);
  g_assert_cmpuint (ckpt_warnings_get_n (result.warnings), ==, 0);
  g_assert_cmpuint (result.n_read, <, LENGTH + (1 << 20));
}

/* A wrong byte at the very end of a long text is still found. */
static void
test_long_text_not_utf8 (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "X\0\0\2\0");
  APPEND_MANY (bytes, "a", (2 << 16) - 1);
  APPEND (bytes, "\xc3.");
  decode (bytes, &result);
  assert_warned (&result, "text-not-utf8", 1);
}

/* B20: a million times MEMOIZE. */
static void
test_memoize (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "\x80\4]");
  APPEND_MANY (bytes, "\x94", 1000000);
  APPEND (bytes, "j\x3f\x42\xf\0\x86.");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, 2);
  g_assert_cmpuint (ckpt_nodes_get_memory (result.nodes), <, 1 << 20);
}

/* Wild indices, each of which would be gigabytes of an array, take memory by their number only. */
static void
test_wild_memo (void)
{
  enum
  {
    N = 100000
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  const CkptNodeId *children;
  struct rusage usage;

  for (guint32 i = 0; i < N; i++)
    {
      APPEND (bytes, "]");
      append_indexed (bytes, 'r', i * 40503 + 7);
      APPEND (bytes, "0");
    }
  APPEND (bytes, "(");
  for (guint32 i = 0; i < N; i++)
    append_indexed (bytes, 'j', i * 40503 + 7);
  APPEND (bytes, "l.");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, N);
  children = ckpt_nodes_get_children (result.nodes, result.info.root, &(guint32) { 0 });
  for (guint32 i = 0; i < N; i++)
    g_assert_cmpuint (children[i], ==, i);
  getrusage (RUSAGE_SELF, &usage);
  g_assert_cmpint (usage.ru_maxrss, <, 400 << 10);
}

/* Each index is twice the last one: an array that reaches it would be nearly empty. */
static void
test_doubling_memo (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "N");
  for (guint i = 0; i < 32; i++)
    append_indexed (bytes, 'r', G_MAXUINT32 >> (31 - i));
  APPEND (bytes, ".");
  decode (bytes, &result);
  g_assert_no_error (result.error);
}

/* An index that is wild until the others have come near it is found before and after, and counted once. */
static void
test_memo_catches_up (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *description = NULL;

  APPEND (bytes, "(K\5");
  append_indexed (bytes, 'r', 300);
  APPEND (bytes, "0");
  for (guint i = 0; i <= 256; i++)
    {
      APPEND (bytes, "N");
      append_indexed (bytes, 'r', i);
      APPEND (bytes, "0");
    }
  append_indexed (bytes, 'j', 300);
  APPEND (bytes, "K\6");
  append_indexed (bytes, 'r', 300);
  APPEND (bytes, "0");
  append_indexed (bytes, 'j', 300);
  APPEND (bytes, "K\7\x94");
  append_indexed (bytes, 'j', 258);
  APPEND (bytes, "t.");
  description = pickle_describe (bytes->data, bytes->len);
  g_assert_cmpstr (description, ==, "(5, 6, 7, 7)");
}

/* C04 and C05 */
static void
test_depth (void)
{
  g_autoptr (GByteArray) lists = g_byte_array_new ();
  g_autoptr (GByteArray) tuples = g_byte_array_new ();
  g_auto (Result) of_lists = { 0 };
  g_auto (Result) of_tuples = { 0 };

  APPEND (lists, "\x80\2");
  APPEND_MANY (lists, "]", 1000000);
  APPEND_MANY (lists, "a", 999999);
  APPEND (lists, ".");
  decode (lists, &of_lists);
  assert_refused (&of_lists, "pickle-depth", 2000001);

  APPEND (tuples, "\x80\2N");
  APPEND_MANY (tuples, "\x85", 1000000);
  APPEND (tuples, ".");
  decode (tuples, &of_tuples);
  assert_refused (&of_tuples, "pickle-depth", 1000003);
}

static void
decode_tuples (guint n_levels, gboolean with_many, Result *result)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  APPEND (bytes, "N");
  APPEND_MANY (bytes, "\x85", n_levels - 1);
  if (with_many)
    {
      APPEND (bytes, "](");
      APPEND_MANY (bytes, "}", CKPT_LIMIT_DEPTH);
      APPEND (bytes, "e\x86.");
    }
  else
    APPEND (bytes, "\x85.");
  decode (bytes, result);
}

/* The limit itself, with so few values that nothing need be checked, and with more. */
static void
test_depth_edge (void)
{
  g_auto (Result) few = { 0 };
  g_auto (Result) many = { 0 };
  g_auto (Result) too_many = { 0 };

  decode_tuples (CKPT_LIMIT_DEPTH, FALSE, &few);
  g_assert_no_error (few.error);
  decode_tuples (CKPT_LIMIT_DEPTH, TRUE, &many);
  g_assert_no_error (many.error);
  decode_tuples (CKPT_LIMIT_DEPTH + 1, TRUE, &too_many);
  g_assert_cmpstr (ckpt_error_get_code (too_many.error), ==, "pickle-depth");
}

/* A deep value that is met first from near its bottom: [half, whole], where the whole holds the half. */
static void
test_depth_shared (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "](N");
  APPEND_MANY (bytes, "\x85", CKPT_LIMIT_DEPTH - 10);
  APPEND (bytes, "q\0h\0");
  APPEND_MANY (bytes, "\x85", 20);
  APPEND (bytes, "e.");
  decode (bytes, &result);
  g_assert_cmpstr (ckpt_error_get_code (result.error), ==, "pickle-depth");
}

/* C06: dicts just under the limit. */
static void
test_depth_dicts (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "\x80\2");
  APPEND_MANY (bytes, "}X\1\0\0\0k", 9990);
  APPEND (bytes, "N");
  APPEND_MANY (bytes, "s", 9990);
  APPEND (bytes, ".");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, 2);
}

/* C07 */
static void
test_marks (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND_MANY (bytes, "(", 10000000);
  decode (bytes, &result);
  assert_refused (&result, "pickle-depth", CKPT_LIMIT_DEPTH);
  g_assert_cmpuint (result.n_read, <, 1 << 20);
}

/* C08 */
static void
test_unused (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND_MANY (bytes, "N", 10000000);
  APPEND (bytes, ".");
  decode (bytes, &result);
  assert_warned (&result, "unused-values", 1);
  g_assert_nonnull (strstr (ckpt_warnings_get (result.warnings, 0)->message, "9,999,999"));
  g_assert_cmpuint (ckpt_nodes_get_n (result.nodes), ==, 1);
}

/* C03: what is left on the stack, but held by the result, is no leftover. */
static void
test_left_but_used (void)
{
  static const char bytes[] = "]q\0]q\1(h\0h\0eX\1\0\0\0aq\2]q\3(h\2h\1e.";
  g_autofree char *description = pickle_describe (bytes, sizeof bytes - 1);

  g_assert_cmpstr (description, ==, "['a'*, [[]*, []*]*]*");
}

/* C09, and its variant that is too large. */
static void
test_many_values (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };
  g_auto (Result) refused = { 0 };

  APPEND (bytes, "\x80\2](");
  APPEND_MANY (bytes, "}", 10000000);
  APPEND (bytes, "e.");
  decode (bytes, &result);
  g_assert_cmpuint (n_children (&result, result.info.root), ==, 10000000);
  g_assert_cmpuint (ckpt_nodes_get_memory (result.nodes), <, (guint64) 300 << 20);

  g_byte_array_set_size (bytes, bytes->len - 2);
  APPEND_MANY (bytes, "}", 20000000);
  APPEND (bytes, "e.");
  decode (bytes, &refused);
  assert_refused (&refused, "too-many-values", 4 + CKPT_LIMIT_NODES - 1);
}

/* C13, C15, C16 and C17: much that costs nothing. */
static void
test_cheap (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) self_list = { 0 };
  g_auto (Result) states = { 0 };
  g_auto (Result) frames = { 0 };
  g_auto (Result) pops = { 0 };

  APPEND (bytes, "]q\0(");
  APPEND_MANY (bytes, "h\0", 1000000);
  APPEND (bytes, "e.");
  decode (bytes, &self_list);
  g_assert_cmpuint (n_children (&self_list, self_list.info.root), ==, 1000000);

  g_byte_array_set_size (bytes, 0);
  APPEND (bytes, "}q\1(");
  APPEND_MANY (bytes, "]N", 100000);
  APPEND (bytes, "u0](");
  APPEND_MANY (bytes, "cx\nY\n)\x81h\1b", 10000);
  APPEND (bytes, "e.");
  decode (bytes, &states);
  g_assert_cmpuint (n_children (&states, states.info.root), ==, 10000);
  g_assert_cmpuint (ckpt_nodes_get_memory (states.nodes), <, 10 << 20);

  g_byte_array_set_size (bytes, 0);
  APPEND (bytes, "\x80\4");
  APPEND_MANY (bytes, "\x95\0\0\0\0\0\0\0\0", 1000000);
  APPEND (bytes, "N.");
  decode (bytes, &frames);
  assert_warned (&frames, "frame-empty", 1000000);

  g_byte_array_set_size (bytes, 0);
  APPEND_MANY (bytes, "N0", 5000000);
  APPEND (bytes, "N.");
  decode (bytes, &pops);
  g_assert_no_error (pops.error);
  g_assert_cmpuint (pops.info.n_opcodes, ==, 10000002);
  g_assert_cmpuint (ckpt_nodes_get_n (pops.nodes), ==, 1);
}

/* E04: an opcode that reaches over the end of its frame, far into the record. */
static void
test_hidden_by_frame (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (Result) result = { 0 };

  APPEND (bytes, "\x80\5NV");
  APPEND_MANY (bytes, "a", 8192 * 16 - 17);
  APPEND (bytes, "\n0(\x95\2\0\0\0\0\0\0\0B\7\1\0\0\0\0cos\nsystem\nVecho x\n\x85R(");
  APPEND_MANY (bytes, "N", 300);
  APPEND (bytes, "1.");
  decode (bytes, &result);
  assert_refused (&result, "pickle-frame", 4 + 8192 * 16 - 17 + 3 + 9);
}

typedef struct
{
  guint n_calls;
  guint64 done;
  guint64 total;
  GCancellable *cancellable;
} Progress;

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpuint (done, >=, progress->done);
  progress->n_calls++;
  progress->done = done;
  progress->total = total;
  if (progress->n_calls == 3)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_cancel (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (CkptReader) reader = NULL;
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { .cancellable = cancellable };
  CkptPickleInfo info;

  APPEND_MANY (bytes, "N0", 1000000);
  APPEND (bytes, "N.");
  reader = ckpt_reader_new_for_data (bytes->data, bytes->len, "pickle");
  g_assert_false (
      ckpt_decode_pickle (reader, nodes, warnings, on_progress, &progress, cancellable, &info, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (progress.n_calls, ==, 3);
  g_assert_cmpuint (progress.total, ==, 2000002);
  g_assert_cmpuint (progress.done, <, 500000);
}

/* Each allocation fails in turn: always an error, never a crash, and at last success. */
static void
test_no_memory (void)
{
  static const char start[] =
      "(cx\nY\n)R}X\1\0\0\0kNsbr\xff\xff\xff\xffV\\u00e9\nS'a'\nF1\nI99999999999999999999\n";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gboolean is_done = FALSE;
  guint n_failed = 0;

  APPEND (bytes, start);
  APPEND_MANY (bytes, "](]]]e\x94", 12000);
  APPEND_MANY (bytes, "X\x10\0\0\0aaaabbbbccccdddd", 20000);
  APPEND (bytes, "l.");
  for (guint n_good = 0; !is_done; n_good++)
    {
      g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (bytes->data, bytes->len, "pickle");
      g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
      g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
      g_autoptr (GError) error = NULL;
      CkptPickleInfo info;

      ckpt_alloc_set_failure (n_good, FALSE);
      is_done = ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error);
      ckpt_alloc_set_failure (-1, FALSE);
      if (is_done)
        break;
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
      g_assert_cmpuint (ckpt_error_get_place (error)->offset, <, bytes->len);
      n_failed++;
    }
  g_assert_cmpuint (n_failed, >, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decoder-limits/digits", test_digits);
  g_test_add_func ("/decoder-limits/long-name", test_long_name);
  g_test_add_func ("/decoder-limits/long-line", test_long_line);
  g_test_add_func ("/decoder-limits/long-escapes", test_long_escapes);
  g_test_add_func ("/decoder-limits/long-texts", test_long_texts);
  g_test_add_func ("/decoder-limits/long-text-not-utf8", test_long_text_not_utf8);
  g_test_add_func ("/decoder-limits/memoize", test_memoize);
  g_test_add_func ("/decoder-limits/wild-memo", test_wild_memo);
  g_test_add_func ("/decoder-limits/doubling-memo", test_doubling_memo);
  g_test_add_func ("/decoder-limits/memo-catches-up", test_memo_catches_up);
  g_test_add_func ("/decoder-limits/depth", test_depth);
  g_test_add_func ("/decoder-limits/depth-edge", test_depth_edge);
  g_test_add_func ("/decoder-limits/depth-shared", test_depth_shared);
  g_test_add_func ("/decoder-limits/depth-dicts", test_depth_dicts);
  g_test_add_func ("/decoder-limits/marks", test_marks);
  g_test_add_func ("/decoder-limits/unused", test_unused);
  g_test_add_func ("/decoder-limits/left-but-used", test_left_but_used);
  g_test_add_func ("/decoder-limits/many-values", test_many_values);
  g_test_add_func ("/decoder-limits/cheap", test_cheap);
  g_test_add_func ("/decoder-limits/hidden-by-frame", test_hidden_by_frame);
  g_test_add_func ("/decoder-limits/cancel", test_cancel);
  g_test_add_func ("/decoder-limits/no-memory", test_no_memory);

  return g_test_run ();
}
