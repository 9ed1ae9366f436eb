/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "formats/ckpt-load.h"
#include "formats/ckpt-verify.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "test-checkpoints.h"
#include "test-compare.h"
#include "test-files.h"
#include "test-output.h"

static char *
get_fixture (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);
}

static CkptTree *
load_fixture (const char *name)
{
  g_autofree char *path = get_fixture (name);

  return test_checkpoints_load (path);
}

static CkptSaveOptions
get_options (CkptTree *tree, gboolean anew)
{
  return (CkptSaveOptions) { .write = { .container = ckpt_tree_get_container (tree), .anew = anew } };
}

static void
assert_same_files (const char *a, const char *b)
{
  g_autoptr (GBytes) a_bytes = test_checkpoints_read (a);
  g_autoptr (GBytes) b_bytes = test_checkpoints_read (b);

  g_assert_true (g_bytes_equal (a_bytes, b_bytes));
}

/* Nothing was changed: one copy of all of it. */
static void
test_whole (void)
{
  static const char *const names[] = { "state_dict.pt", "multi_item.legacy.pt", "dtypes.safetensors" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = get_fixture (names[i]);
      g_autofree char *to = test_files_path ("whole.pt");
      g_autoptr (CkptTree) tree = test_checkpoints_load (from);
      CkptSaveOptions options = get_options (tree, FALSE);
      g_auto (CkptSaveReport) report = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (ckpt_save (tree, to, &options, NULL, NULL, NULL, &report, &error));
      g_assert_no_error (error);
      assert_same_files (from, to);
      g_assert_cmpuint (report.n_bytes, ==, ckpt_source_get_size (ckpt_tree_get_source (tree)));
      g_assert_cmpuint (report.counts.n_cloned + report.counts.n_copied + report.counts.n_written, ==,
                        report.n_bytes);
      g_assert_cmpuint (report.notes->len, ==, 0);
      test_output_assert_no_strays (to);
    }
}

/* A file can be saved over itself; the tree goes on reading what it was. */
static void
test_in_place (void)
{
  g_autofree char *from = get_fixture ("state_dict.pt");
  g_autoptr (GBytes) bytes = test_checkpoints_read (from);
  g_autofree char *path = test_files_write ("place.pt", g_bytes_get_data (bytes, NULL),
                                            g_bytes_get_size (bytes));
  g_autoptr (CkptTree) tree = test_checkpoints_load (path);
  CkptSaveOptions options = get_options (tree, TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_save (tree, path, &options, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  assert_same_files (from, path);

  /* It is another file now. */
  g_assert_false (ckpt_save (tree, path, &options, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_CHANGED_ON_DISK);
  assert_same_files (from, path);
}

typedef struct
{
  GCancellable *cancellable;
  guint n_left; /* calls before it is cancelled */
  guint64 last;
} Canceller;

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Canceller *self = user_data;

  g_assert_cmpuint (done, >=, self->last);
  g_assert_cmpuint (done, <=, total);
  self->last = done;
  if (self->n_left-- == 0)
    g_cancellable_cancel (self->cancellable);
}

/* A legacy file with a storage of so many bytes. */
static char *
write_large (gsize n_bytes)
{
  static const guint8 head[] =
      "\200\2\212\nl\374\234F\371 j\250P\31.\200\2M\351\3.\200\2}.\200\2"
      "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nByteStorage\nX\1\0\0\0"
      "0X\3\0\0\0cpu";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *noise = test_files_noise (n_bytes);
  guint32 size = GUINT32_TO_LE (n_bytes);
  guint64 count = GUINT64_TO_LE (n_bytes);

  g_byte_array_append (bytes, head, sizeof head - 1);
  g_byte_array_append (bytes, (const guint8 *) "J", 1);
  g_byte_array_append (bytes, (const guint8 *) &size, 4);
  g_byte_array_append (bytes, (const guint8 *) "NtQK\0J", 6);
  g_byte_array_append (bytes, (const guint8 *) &size, 4);
  g_byte_array_append (bytes,
                       (const guint8 *) "\205K\1\205\211ccollections\nOrderedDict\n)RtR.\200\2]X\1\0\0\0"
                                        "0a.",
                       46);
  g_byte_array_append (bytes, (const guint8 *) &count, 8);
  g_byte_array_append (bytes, noise, n_bytes);
  return test_files_write ("large.pt", bytes->data, bytes->len);
}

/* At each of the moments at which it is looked at. */
static void
test_cancel (void)
{
  g_autofree char *from = write_large (9 << 20);
  g_autoptr (CkptTree) tree = test_checkpoints_load (from);
  g_autofree char *to = test_files_write ("cancel.pt", "former", 6);
  gboolean is_saved = FALSE;
  guint n_cancelled = 0;

  for (guint anew = 0; anew < 2; anew++, is_saved = FALSE)
    for (guint k = 0; !is_saved; k++)
      {
        CkptSaveOptions options = get_options (tree, anew);
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (GError) error = NULL;
        Canceller canceller = { cancellable, k, 0 };

        is_saved = ckpt_save (tree, to, &options, on_progress, &canceller, cancellable, NULL, &error);
        test_output_assert_no_strays (to);
        if (is_saved)
          break;
        n_cancelled++;
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        if (anew == 0)
          test_output_assert_content (to, "former", 6);
        else
          assert_same_files (from, to);
      }
  g_test_message ("cancelled %u times", n_cancelled);
  g_assert_cmpuint (n_cancelled, >=, 6);
  assert_same_files (from, to);
}

static void
flip (const char *path, guint64 at)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  guint8 byte;

  g_assert_no_errno (fd);
  g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
  byte ^= 0x10;
  g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
  close (fd);
}

/* Whatever byte of a new file is not what was written, it is not put in its place. */
static void
check_flips (const char *name)
{
  g_autoptr (CkptTree) tree = load_fixture (name);
  CkptSaveOptions options = get_options (tree, TRUE);
  g_autofree char *to = test_files_path ("flips.pt");
  g_autoptr (CkptPlan) plan = ckpt_plan_new (tree, &options.write, NULL, NULL);
  g_autoptr (CkptOutput) output = ckpt_output_open (to, NULL, NULL);
  g_autoptr (CkptWriter) writer = ckpt_writer_new (output);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  guint n_runs;

  g_assert_true (ckpt_plan_write (plan, writer, &error));
  path = ckpt_output_dup_temporary (output);
  for (guint64 at = 0; at <= ckpt_plan_get_size (plan); at++)
    {
      g_autoptr (CkptSource) file = ckpt_output_open_source (output, &error);
      const CkptRun *runs = ckpt_writer_get_runs (writer, &n_runs);

      /* The last time round nothing is flipped. */
      if (at < ckpt_plan_get_size (plan))
        flip (path, at);
      else
        g_assert_true (ckpt_verify_file (plan, file, runs, n_runs, NULL, &error));
      if (at == ckpt_plan_get_size (plan))
        break;
      g_assert_false (ckpt_verify_file (plan, file, runs, n_runs, NULL, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_SAVE);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "verify-bytes");
      g_clear_error (&error);
      flip (path, at);
    }
}

static void
test_flips (void)
{
  check_flips ("bare_tensor.pt");
  check_flips ("state_dict.legacy.pt");
  check_flips ("dtypes.safetensors");
}

/* It is looked at beyond the bytes that were written, too. */
static void
test_verify (void)
{
  g_autoptr (CkptTree) tree = load_fixture ("state_dict.pt");
  g_autoptr (CkptTree) other = load_fixture ("bare_tensor.pt");
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_verify_tree (tree, tree, &error));
  g_assert_no_error (error);
  g_assert_false (ckpt_verify_tree (tree, other, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_SAVE);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "verify-values");
}

/* What is not written, and what is not all there. */
static void
test_refused (void)
{
  static const struct
  {
    const char *name;
    CkptContainer container;
    const char *code;
  } cases[] = {
    { "torchscript.pt", CKPT_CONTAINER_TORCHSCRIPT, "cannot-write" },
    { "torchscript.pt", CKPT_CONTAINER_TORCH_ZIP, "cannot-write" },
    { "exported.pt2", CKPT_CONTAINER_PT2, "cannot-write" },
    { "exported.pt2", CKPT_CONTAINER_TORCH_ZIP, "cannot-write" },
    { "state_dict.pt", CKPT_CONTAINER_TAR, "cannot-write" },
    { "state_dict.pt", CKPT_CONTAINER_PICKLE, "cannot-write" },
    { "state_dict.pt", CKPT_CONTAINER_PACKAGE, "cannot-write" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptTree) tree = load_fixture (cases[i].name);
      const CkptSaveOptions options = { .write = { .container = cases[i].container } };
      g_autofree char *to = test_files_path ("refused.pt");
      g_autoptr (GError) error = NULL;

      g_assert_false (ckpt_save (tree, to, &options, NULL, NULL, NULL, NULL, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, cases[i].code);
      g_assert_false (g_file_test (to, G_FILE_TEST_EXISTS));
    }
}

static void
test_cut (void)
{
  static const char *const names[] = { "state_dict.pt", "state_dict.legacy.pt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = get_fixture (names[i]);
      g_autoptr (GBytes) bytes = test_checkpoints_read (from);
      g_autofree char *path = test_files_write ("cut.pt", g_bytes_get_data (bytes, NULL),
                                                g_bytes_get_size (bytes) - 20);
      g_autoptr (CkptTree) tree = test_checkpoints_load (path);
      CkptSaveOptions options = get_options (tree, FALSE);
      g_autofree char *to = test_files_path ("refused.pt");
      g_autoptr (GError) error = NULL;

      g_assert_false (ckpt_save (tree, to, &options, NULL, NULL, NULL, NULL, &error));
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-cut");
    }
}

/* Writes a plan; the file is verified as ckpt_save() would. */
static void
write_plan (CkptPlan *plan, const char *to)
{
  g_autoptr (CkptOutput) output = ckpt_output_open (to, NULL, NULL);
  g_autoptr (CkptWriter) writer = ckpt_writer_new (output);
  g_autoptr (CkptSource) file = NULL;
  g_autoptr (GError) error = NULL;
  const CkptRun *runs;
  guint n_runs;

  g_assert_true (ckpt_plan_write (plan, writer, &error));
  file = ckpt_output_open_source (output, &error);
  runs = ckpt_writer_get_runs (writer, &n_runs);
  ckpt_verify_file (plan, file, runs, n_runs, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ckpt_output_commit (output, NULL, &error));
}

/* Where blocks can be shared, large records lie within their blocks as they did, and PyTorch is not told that it can calculate where
 * they are. */
static void
test_blocks (void)
{
  g_autofree char *large = write_large (300000);
  g_autoptr (CkptTree) legacy = test_checkpoints_load (large);
  g_autofree char *from = test_checkpoints_save (legacy, CKPT_CONTAINER_TORCH_ZIP, 0);
  g_autoptr (CkptTree) tree = test_checkpoints_load (from);
  g_autoptr (CkptTree) version = test_checkpoints_touch (tree);
  const CkptWriteOptions options = { .container = CKPT_CONTAINER_TORCH_ZIP };
  g_autofree char *to = test_files_path ("blocks.pt");
  guint64 before, after;
  g_autoptr (CkptTree) saved = NULL;

  /* As it happens to be, and out of step. */
  for (guint block = 4096; block <= 65536; block *= 16)
    {
      g_autoptr (CkptPlan) plan = ckpt_plan_new (version, &options, NULL, NULL);
      gboolean fits = block <= 4096;

      g_assert_nonnull (ckpt_tree_get_fact (tree, "format_version"));
      g_assert_true (ckpt_plan_align (plan, block, NULL));
      write_plan (plan, to);
      g_clear_pointer (&saved, ckpt_tree_unref);
      saved = test_checkpoints_load (to);
      g_assert_true (ckpt_archive_locate (ckpt_tree_get_archive (tree),
                                          ckpt_tree_get_storage (tree, 0)->record, &before, NULL));
      g_assert_true (ckpt_archive_locate (ckpt_tree_get_archive (saved),
                                          ckpt_tree_get_storage (saved, 0)->record, &after, NULL));
      g_assert_cmpuint (ckpt_tree_get_n_warnings (saved), ==, 0);
      g_assert_cmpuint (after % 64, ==, 0);
      if (fits)
        g_assert_cmpuint (before % block, ==, after % block);
      g_assert_cmpint (ckpt_tree_get_fact (saved, "format_version") == NULL, ==, fits);
      g_assert_cmpint (ckpt_tree_get_fact (saved, "storage_alignment") == NULL, ==, fits);
      test_assert_same_trees (version, saved);
    }
}

static void
on_saved (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_async (void)
{
  g_autofree char *from = get_fixture ("state_dict.pt");
  g_autofree char *to = test_files_path ("async.pt");
  g_autoptr (CkptTree) tree = test_checkpoints_load (from);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CkptSaveOptions options = get_options (tree, TRUE);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_auto (CkptSaveReport) report = { 0 };
      g_autoptr (GError) error = NULL;

      ckpt_save_async (tree, to, &options, NULL, NULL, cancellable, on_saved, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      if (i == 0)
        {
          g_assert_true (ckpt_save_finish (result, &report, &error));
          g_assert_cmpuint (report.n_bytes, >, 0);
          assert_same_files (from, to);
          g_cancellable_cancel (cancellable);
        }
      else
        {
          g_assert_false (ckpt_save_finish (result, &report, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/save/whole", test_whole);
  g_test_add_func ("/save/in-place", test_in_place);
  g_test_add_func ("/save/cancel", test_cancel);
  g_test_add_func ("/save/flips", test_flips);
  g_test_add_func ("/save/verify", test_verify);
  g_test_add_func ("/save/refused", test_refused);
  g_test_add_func ("/save/cut", test_cut);
  g_test_add_func ("/save/blocks", test_blocks);
  g_test_add_func ("/save/async", test_async);
  return g_test_run ();
}
