/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Saving on small disks that are made for it: full ones, read-only ones, and such that share blocks between files.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "io/ckpt-output.h"

#define MIB   ((gsize) 1 << 20)
#define BLOCK 4096

static char *folder; /* where a disk is mounted */
static char *image;  /* the file that a disk is in */
static gboolean can_mount;

static char *
on_disk (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Mounts that a test makes are seen by no other process, and end with it. */
static gboolean
get_own_mounts (void)
{
  return unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static gboolean
mount_memory (const char *type, const char *options)
{
  if (can_mount && mount ("none", folder, type, 0, options) == 0)
    return TRUE;
  g_test_skip ("no file system can be mounted here");
  return FALSE;
}

static void
unmount (void)
{
  g_assert_no_errno (umount (folder));
}

static gboolean
run_quietly (const char *const *argv)
{
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

/* A disk in a file without holes filled. */
static gboolean
mount_image (const char *program, const char *const *options, gsize size)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_autoptr (GStrvBuilder) make = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  const char *const loop[] = { "mount", "-o", "loop", image, folder, NULL };

  if (can_mount && path != NULL)
    {
      g_strv_builder_add (make, path);
      g_strv_builder_addv (make, (const char **) options);
      g_strv_builder_add (make, image);
      argv = g_strv_builder_end (make);
      g_assert_true (g_file_set_contents (image, "", 0, NULL));
      g_assert_no_errno (truncate (image, size));
      if (run_quietly ((const char *const *) argv) && run_quietly (loop))
        return TRUE;
    }
  g_test_skip ("no disk of that kind can be made here");
  return FALSE;
}

static guint8 *
make_noise (gsize length)
{
  guint8 *noise = g_malloc (length);
  guint64 state = 1;

  for (gsize i = 0; i < length; i++)
    {
      state = state * G_GUINT64_CONSTANT (6364136223846793005) + 1;
      noise[i] = state >> 56;
    }
  return noise;
}

static guint64
get_free (void)
{
  struct statvfs status;

  g_assert_no_errno (statvfs (folder, &status));
  return (guint64) status.f_bavail * status.f_frsize;
}

static void
assert_content (const char *path, const void *bytes, gsize length)
{
  g_autofree char *content = NULL;
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &content, &n, NULL));
  g_assert_cmpuint (n, ==, length);
  g_assert_true (memcmp (content, bytes, n) == 0);
}

static void
assert_alone (const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *found;

  while ((found = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (found, name) || g_str_equal (found, "filler"));
}

/* N25 */
static void
test_small (void)
{
  g_autofree char *path = on_disk ("x.pt");
  g_autoptr (GError) error = NULL;

  if (!mount_memory ("tmpfs", "size=1m"))
    return;
  g_assert_true (g_file_set_contents (path, "former", 6, NULL));
  g_assert_null (ckpt_output_open (path, &(CkptOutputOptions) { .size = 2 * MIB }, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-space");
  g_assert_nonnull (strstr (error->message, "needs 2.1"));
  assert_content (path, "former", 6);
  assert_alone ("x.pt");
  unmount ();
}

static void
fill (gsize n_left)
{
  g_autofree char *path = on_disk ("filler");
  guint64 n_free;

  g_remove (path);
  n_free = get_free ();
  g_assert_cmpuint (n_free, >=, n_left);
  g_assert_no_errno (close (g_creat (path, 0600)));
  if (n_free > n_left)
    {
      g_autofree guint8 *bytes = g_malloc0 (n_free - n_left);

      g_assert_true (g_file_set_contents_full (path, (char *) bytes, n_free - n_left,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

/* Saves 1 MiB in one of three ways. */
static gboolean
save (const char *path, CkptSource *source, const guint8 *noise, guint way, GError **error)
{
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, error);
  guint32 crc = 0;

  if (output == NULL)
    return FALSE;
  if (way == 0 ? !ckpt_output_write (output, noise, MIB, error)
               : !ckpt_output_copy (output, source, 0, MIB, way == 1 ? &crc : NULL, error))
    return FALSE;
  return ckpt_output_commit (output, NULL, error);
}

/* N26: the size was not known, so the disk gets full on the way, earlier or later. */
static void
test_full (void)
{
  g_autofree char *path = on_disk ("x.pt");
  g_autofree char *filler = on_disk ("filler");
  g_autofree guint8 *noise = make_noise (MIB);
  g_autoptr (CkptSource) source = NULL;
  guint n_full = 0, n_saved = 0;

  g_assert_true (g_file_set_contents (image, (char *) noise, MIB, NULL));
  source = ckpt_source_open (image, NULL);
  if (!mount_memory ("tmpfs", "size=2m"))
    return;
  for (gsize n_left = 0; n_left <= MIB; n_left += 16 * BLOCK)
    for (guint way = 0; way < 3; way++)
      {
        g_autoptr (GError) error = NULL;
        gboolean is_saved;

        g_remove (filler);
        g_assert_true (g_file_set_contents (path, "former", 6, NULL));
        fill (n_left);
        is_saved = save (path, source, noise, way, &error);
        assert_alone ("x.pt");
        g_assert_true (is_saved == (n_left >= MIB));
        if (is_saved)
          assert_content (path, noise, MIB);
        else
          assert_content (path, "former", 6);
        if (!is_saved)
          g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-space");
        n_saved += is_saved;
        n_full += !is_saved;
      }
  unmount ();
  g_assert_cmpuint (n_saved, >, 0);
  g_test_message ("%u times full, %u times saved", n_full, n_saved);
}

static void
test_read_only (void)
{
  g_autofree char *path = on_disk ("x.pt");
  g_autofree char *new_path = on_disk ("new.pt");
  const char *const paths[] = { path, new_path };

  if (!mount_memory ("tmpfs", "size=1m"))
    return;
  g_assert_true (g_file_set_contents (path, "former", 6, NULL));
  g_assert_no_errno (mount ("none", folder, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ckpt_output_open (paths[i], NULL, &error));
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "disk-read-only");
      g_assert_cmpint (ckpt_output_get_consent (error), ==, CKPT_OUTPUT_DEFAULT);
    }
  unmount ();
}

/* A file system with no extended attributes, and no size. */
static void
test_plain (void)
{
  g_autofree char *path = on_disk ("x.pt");
  g_autoptr (CkptOutput) output = NULL;
  CkptOutputNotes notes = CKPT_OUTPUT_UNCONFIRMED;
  g_autoptr (GError) error = NULL;

  if (!mount_memory ("ramfs", NULL))
    return;
  g_assert_true (g_file_set_contents (path, "former", 6, NULL));
  output = ckpt_output_open (path, &(CkptOutputOptions) { .size = 3 }, &error);
  g_assert_no_error (error);
  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  ckpt_output_commit (output, &notes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (notes, ==, CKPT_OUTPUT_FINE);
  assert_content (path, "new", 3);
  g_clear_pointer (&output, ckpt_output_free);
  unmount ();
}

/* Copies a file of @length to @name, with @n_before bytes before it. */
static void
copy_file (CkptSource *source,
           const char *path,
           const guint8 *noise,
           gsize length,
           gsize n_before,
           gboolean is_summed)
{
  CkptOutputOptions options = { .size = n_before + length, .origin = source, .n_copied = length };
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptOutput) output = ckpt_output_open (path, &options, &error);
  g_autofree guint8 *wanted = g_malloc (n_before + length);
  guint32 crc = 0;

  g_assert_no_error (error);
  memcpy (wanted, noise, n_before);
  memcpy (wanted + n_before, noise, length);
  g_assert_true (ckpt_output_write (output, noise, n_before, &error));
  ckpt_output_copy (output, source, 0, length, is_summed ? &crc : NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ckpt_output_commit (output, NULL, &error));
  assert_content (path, wanted, n_before + length);
}

/* There is room for one such file only, and yet there can be three. A copy that is out of step with the blocks needs room of its own. */
static void
check_sharing (void)
{
  const gsize length = 40 * MIB + 777;
  g_autofree guint8 *noise = make_noise (length);
  g_autofree char *path = on_disk ("x.pt");
  g_autofree char *second = on_disk ("second.pt");
  g_autofree char *third = on_disk ("third.pt");
  g_autofree char *apart = on_disk ("apart.pt");
  g_autoptr (CkptSource) source = NULL;
  guint64 n_free;

  g_assert_true (g_file_set_contents (path, (char *) noise, length, NULL));
  source = ckpt_source_open (path, NULL);
  sync ();
  n_free = get_free ();
  copy_file (source, second, noise, length, 0, FALSE);
  copy_file (source, third, noise, length, 3 * BLOCK, TRUE);
  sync ();
  g_assert_cmpuint (get_free (), >, n_free - 8 * MIB);
  copy_file (source, apart, noise, length, 64, FALSE);
  sync ();
  g_assert_cmpuint (get_free (), <, n_free - 24 * MIB);
}

static void
check_sharing_when_full (void)
{
  const gsize length = 60 * MIB;
  g_autofree guint8 *noise = make_noise (length);
  g_autofree char *path = on_disk ("large.pt");
  g_autofree char *second = on_disk ("large-second.pt");
  g_autoptr (CkptSource) source = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (char *) noise, length, NULL));
  source = ckpt_source_open (path, NULL);
  sync ();
  fill (30 * MIB);
  sync ();
  g_assert_null (ckpt_output_open (second, &(CkptOutputOptions) { .size = length }, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-space");
  copy_file (source, second, noise, length, 0, FALSE);
}

static void
test_xfs (void)
{
  if (!mount_image ("mkfs.xfs", (const char *[]) { "-q", "-m", "reflink=1", NULL }, 320 * MIB))
    return;
  check_sharing ();
  check_sharing_when_full ();
  unmount ();
}

static void
test_btrfs (void)
{
  if (!mount_image ("mkfs.btrfs", (const char *[]) { "-q", "-m", "single", NULL }, 384 * MIB))
    return;
  check_sharing ();
  unmount ();
}

int
main (int argc, char *argv[])
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("disk-XXXXXX", NULL);
  g_assert_nonnull (folder);
  image = g_strconcat (folder, ".image", NULL);
  can_mount = get_own_mounts ();
  g_test_add_func ("/disks/small", test_small);
  g_test_add_func ("/disks/full", test_full);
  g_test_add_func ("/disks/read-only", test_read_only);
  g_test_add_func ("/disks/plain", test_plain);
  g_test_add_func ("/disks/xfs", test_xfs);
  g_test_add_func ("/disks/btrfs", test_btrfs);
  rc = g_test_run ();
  g_remove (image);
  g_rmdir (folder);
  g_free (image);
  g_free (folder);
  return rc;
}
