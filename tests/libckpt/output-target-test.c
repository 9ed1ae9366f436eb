/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may stand where a file is to go.
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "test-files.h"
#include "test-output.h"

static void
assert_saved (const char *path, CkptOutputFlags flags, CkptOutputNotes wanted)
{
  g_autoptr (GError) error = NULL;
  CkptOutputNotes notes = CKPT_OUTPUT_FINE;

  test_output_save (path, &(CkptOutputOptions) { .flags = flags }, &notes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (notes, ==, wanted);
  test_output_assert_content (path, "new", 3);
  test_output_assert_no_strays (path);
}

/* The link stays, what it leads to is replaced, and the temporary lies there and not beside the link (N34). */
static void
check_link (const char *link, const char *to, const char *target)
{
  g_autofree char *link_folder = g_path_get_dirname (link);
  g_autofree char *target_folder = g_path_get_dirname (target);
  g_autofree char *kept = NULL;
  g_autofree char *temporary = NULL;
  g_autofree char *temporary_folder = NULL;
  g_autoptr (CkptOutput) output = NULL;

  g_assert_no_errno (symlink (to, link));
  output = ckpt_output_open (link, NULL, NULL);
  temporary = ckpt_output_dup_temporary (output);
  temporary_folder = g_path_get_dirname (temporary);
  g_assert_cmpstr (temporary_folder, ==, target_folder);
  g_assert_cmpstr (ckpt_output_get_path (output), ==, target);
  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  kept = g_file_read_link (link, NULL);
  g_assert_cmpstr (kept, ==, to);
  test_output_assert_content (target, "new", 3);
  test_output_assert_no_strays (target);
  g_assert_no_errno (g_remove (target));
}

static void
test_links (void)
{
  g_autofree char *here = test_output_make_folder ("links", 0755);
  g_autofree char *there = test_output_make_folder ("links/there", 0755);
  g_autofree char *real_there = g_canonicalize_filename (there, NULL);
  g_autofree char *target = g_build_filename (there, "target.pt", NULL);
  const char *const names[] = { "relative", "absolute", "first", "folder", "up" };
  g_autofree char *chain = g_build_filename (here, "chain", NULL);
  g_autofree char *chain_end = g_build_filename (here, "chain-end", NULL);
  g_autofree char *folder_link = g_build_filename (here, "to-there", NULL);
  g_autofree char *up = NULL;

  g_assert_no_errno (symlink ("chain-end", chain));
  g_assert_no_errno (symlink ("there/target.pt", chain_end));
  g_assert_no_errno (symlink ("there", folder_link));
  up = g_strdup_printf ("to-there/../%s", "there/target.pt");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *link = g_build_filename (here, names[i], NULL);
      const char *const leads_to[] = { "there/target.pt", target, "chain", "to-there/target.pt", up };

      /* A link to nothing makes the file that it leads to. */
      check_link (link, leads_to[i], target);
      g_assert_no_errno (g_remove (link));
      g_free (test_output_make_file (there, "target.pt", 0644));
      check_link (link, leads_to[i], target);
    }
}

static void
test_link_loop (void)
{
  g_autofree char *folder = test_output_make_folder ("loop", 0755);
  g_autofree char *one = g_build_filename (folder, "one", NULL);
  g_autofree char *two = g_build_filename (folder, "two", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken", NULL);

  g_assert_no_errno (symlink ("two", one));
  g_assert_no_errno (symlink ("one", two));
  g_assert_no_errno (symlink ("nowhere/file", broken));
  test_output_assert_refused (one, NULL, "link-loop", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (broken, NULL, "folder-gone", CKPT_OUTPUT_DEFAULT);
}

static void
test_other_disk (void)
{
  g_autofree char *name = g_strdup_printf ("/dev/shm/libckpt-test-%d.pt", getpid ());
  g_autofree char *link = test_files_path ("disk.pt");
  g_autofree char *folder = g_path_get_dirname (link);
  struct stat here, there;

  if (g_stat ("/dev/shm", &there) < 0 || g_stat (folder, &here) < 0 || here.st_dev == there.st_dev ||
      g_access ("/dev/shm", W_OK) < 0)
    {
      g_test_skip ("no second disk");
      return;
    }
  g_assert_true (g_file_set_contents (name, "former", 6, NULL));
  check_link (link, name, name);
}

/* N35 */
static void
test_linked (void)
{
  g_autofree char *path = test_files_write ("linked.pt", "former", 6);
  g_autofree char *other = test_files_path ("linked-other.pt");

  g_assert_no_errno (link (path, other));
  test_output_assert_refused (path, NULL, "file-linked", CKPT_OUTPUT_REPLACE_LINKED);
  assert_saved (path, CKPT_OUTPUT_REPLACE_LINKED, CKPT_OUTPUT_FINE);
  test_output_assert_content (other, "former", 6);
}

/* N36 */
static void
test_read_only (void)
{
  g_autofree char *folder = test_output_make_folder ("read-only", 0777);
  g_autofree char *path = NULL;
  struct stat status;

  test_output_be_nobody ();
  path = test_output_make_file (folder, "x.pt", 0444);
  test_output_assert_refused (path, NULL, "file-read-only", CKPT_OUTPUT_REPLACE_READ_ONLY);
  assert_saved (path, CKPT_OUTPUT_REPLACE_READ_ONLY, CKPT_OUTPUT_FINE);
  test_output_be_root ();
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 07777, ==, 0444);
  /* Root could write it all the same, and is asked too. */
  test_output_assert_refused (path, NULL, "file-read-only", CKPT_OUTPUT_REPLACE_READ_ONLY);
}

/* N37 */
static void
test_read_only_folder (void)
{
  g_autofree char *folder = test_output_make_folder ("closed", 0777);
  g_autofree char *path = NULL;
  g_autofree char *new_path = g_build_filename (folder, "new.pt", NULL);

  test_output_be_nobody ();
  path = test_output_make_file (folder, "x.pt", 0644);
  test_output_be_root ();
  g_assert_no_errno (chmod (folder, 0555));
  test_output_be_nobody ();
  test_output_assert_refused (path, NULL, "folder-read-only", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (new_path, NULL, "folder-read-only", CKPT_OUTPUT_DEFAULT);
  test_output_be_root ();
  g_assert_no_errno (chmod (folder, 0777));
  test_output_assert_content (path, "former", 6);
}

/* N38, and one that may be replaced. */
static void
test_foreign (void)
{
  g_autofree char *folder = test_output_make_folder ("foreign", 01777);
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0644);
  struct stat status;

  if (!test_output_is_root ())
    {
      g_test_skip ("only root can make a file of another user");
      return;
    }
  test_output_be_nobody ();
  test_output_assert_refused (path, NULL, "folder-sticky", CKPT_OUTPUT_DEFAULT);
  test_output_be_root ();
  g_assert_no_errno (chmod (folder, 0777));
  test_output_be_nobody ();
  test_output_assert_refused (path, NULL, "file-foreign", CKPT_OUTPUT_REPLACE_FOREIGN);
  assert_saved (path, CKPT_OUTPUT_REPLACE_FOREIGN, CKPT_OUTPUT_LOST_OWNER | CKPT_OUTPUT_LOST_GROUP);
  test_output_be_root ();
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_uid, ==, TEST_OUTPUT_NOBODY);
  g_assert_cmpint (status.st_mode & 07777, ==, 0604);
}

/* N41 */
static void
test_immutable (void)
{
  g_autofree char *path = test_files_write ("immutable.pt", "former", 6);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int flags = 0;

  if (ioctl (fd, FS_IOC_GETFLAGS, &flags) < 0 ||
      (flags |= FS_IMMUTABLE_FL, ioctl (fd, FS_IOC_SETFLAGS, &flags) < 0))
    g_test_skip ("no file can be made immutable here");
  else
    {
      test_output_assert_refused (path, NULL, "file-immutable", CKPT_OUTPUT_DEFAULT);
      flags &= ~FS_IMMUTABLE_FL;
      g_assert_no_errno (ioctl (fd, FS_IOC_SETFLAGS, &flags));
      assert_saved (path, 0, CKPT_OUTPUT_FINE);
    }
  close (fd);
}

static void
test_not_regular (void)
{
  g_autofree char *fifo = test_files_path ("fifo.pt");
  g_autofree char *folder = test_output_make_folder ("folder.pt", 0755);
  g_autofree char *slash = g_strconcat (folder, "/", NULL);
  g_autofree char *slash_new = g_strconcat (folder, "/new/", NULL);
  g_autofree char *dot = g_strconcat (folder, "/.", NULL);
  g_autofree char *up = g_strconcat (folder, "/..", NULL);
  g_autofree char *socket_path = test_files_path ("socket.pt");
  g_autofree char *in_file = test_files_write ("file.pt", "x", 1);
  g_autofree char *below_file = g_strconcat (in_file, "/x.pt", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_assert_no_errno (mkfifo (fifo, 0600));
  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  test_output_assert_refused (fifo, NULL, "not-regular", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (socket_path, NULL, "not-regular", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused ("/dev/null", NULL, "not-regular", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (folder, NULL, "is-folder", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (slash, NULL, "is-folder", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (slash_new, NULL, "is-folder", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (dot, NULL, "is-folder", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (up, NULL, "is-folder", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused ("", NULL, "folder-gone", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (below_file, NULL, "folder-gone", CKPT_OUTPUT_DEFAULT);
  close (fd);
}

static char *
repeat (const char *text, guint n)
{
  GString *all = g_string_new (NULL);

  while (n-- > 0)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

/* N08. The bytes of a name are kept. */
static void
test_names (void)
{
  g_autofree char *folder = test_output_make_folder ("names", 0755);
  g_autofree char *long_name = repeat ("n", 255);
  g_autofree char *wide_name = repeat ("ä", 127);
  const char *const names[] = { "\xff\xfe.pt", "two\nlines.pt", "<b>&.pt", "\xe2\x80\xae.pt",
                                "%n%s.pt",     "-rf",           "~",       ".hidden",
                                long_name,     wide_name };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *name = names[i];
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (CkptOutput) output = NULL;
      g_autofree char *temporary = NULL;
      g_auto (GStrv) strays = NULL;

      assert_saved (path, 0, CKPT_OUTPUT_FINE);
      assert_saved (path, 0, CKPT_OUTPUT_FINE);
      output = ckpt_output_open (path, NULL, NULL);
      temporary = ckpt_output_dup_temporary (output);
      if (g_utf8_validate (path, -1, NULL))
        g_assert_true (g_utf8_validate (temporary, -1, NULL));
      g_clear_pointer (&output, ckpt_output_free);

      /* As of a program that was killed. */
      g_assert_true (g_file_set_contents_full (temporary, "x", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      strays = ckpt_output_find_strays (path);
      g_assert_cmpuint (g_strv_length (strays), ==, 1);
      g_assert_cmpstr (strays[0], ==, temporary);
      g_assert_true (ckpt_output_remove_stray (temporary, NULL));
    }
}

static void
test_flag_new (void)
{
  g_autofree char *path = test_files_write ("exists.pt", "former", 6);
  g_autofree char *dangling = test_files_path ("dangling.pt");
  CkptOutputOptions options = { .flags = CKPT_OUTPUT_NEW };

  test_output_assert_refused (path, &options, "file-exists", CKPT_OUTPUT_DEFAULT);
  g_assert_no_errno (g_remove (path));
  assert_saved (path, CKPT_OUTPUT_NEW, CKPT_OUTPUT_FINE);
  g_assert_no_errno (symlink (path, dangling));
  test_output_assert_refused (dangling, &options, "file-exists", CKPT_OUTPUT_DEFAULT);
}

static void
test_backup (void)
{
  g_autofree char *path = test_files_write ("backup.pt", "former", 6);
  g_autofree char *backup = test_files_write ("backup.pt~", "older", 5);
  g_autofree char *new_path = test_files_path ("backup-new.pt");
  g_autofree char *no_backup = g_strconcat (new_path, "~", NULL);
  g_autofree char *other = test_files_path ("backup-other.pt");
  struct stat status;

  assert_saved (path, CKPT_OUTPUT_KEEP_BACKUP, CKPT_OUTPUT_FINE);
  test_output_assert_content (backup, "former", 6);
  g_assert_no_errno (g_stat (backup, &status));
  g_assert_cmpuint (status.st_nlink, ==, 1);
  assert_saved (new_path, CKPT_OUTPUT_KEEP_BACKUP, CKPT_OUTPUT_FINE);
  g_assert_false (g_file_test (no_backup, G_FILE_TEST_EXISTS));

  /* A second name of the file is its backup already. */
  g_assert_no_errno (g_rename (path, other));
  g_assert_no_errno (g_remove (backup));
  g_assert_no_errno (link (other, path));
  g_assert_no_errno (g_rename (other, backup));
  assert_saved (path, CKPT_OUTPUT_KEEP_BACKUP | CKPT_OUTPUT_REPLACE_LINKED, CKPT_OUTPUT_FINE);
  test_output_assert_content (backup, "new", 3);
}

static void
test_backup_lost (void)
{
  g_autofree char *path = test_files_write ("lost.pt", "former", 6);
  g_autofree char *folder = test_output_make_folder ("lost.pt~", 0755);
  CkptOutputOptions options = { .flags = CKPT_OUTPUT_KEEP_BACKUP };
  CkptOutputNotes notes = CKPT_OUTPUT_FINE;
  g_auto (GStrv) strays = NULL;

  g_assert_true (test_output_save (path, &options, &notes, NULL));
  g_assert_cmpint (notes, ==, CKPT_OUTPUT_LOST_BACKUP);
  test_output_assert_content (path, "new", 3);
  strays = ckpt_output_find_strays (path);
  g_assert_cmpuint (g_strv_length (strays), ==, 1);
  test_output_assert_content (strays[0], "former", 6);
  g_assert_true (ckpt_output_remove_stray (strays[0], NULL));
}

/* N42: whoever has the former file open or mapped goes on with it. */
static void
test_in_use (void)
{
  g_autofree char *path = test_files_write ("mapped.pt", "former", 6);
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  char bytes[6];

  assert_saved (path, 0, CKPT_OUTPUT_FINE);
  g_assert_cmpmem (g_mapped_file_get_contents (mapped), 6, "former", 6);
  g_assert_true (ckpt_source_read (source, 0, bytes, 6, NULL));
  g_assert_cmpmem (bytes, 6, "former", 6);
}

static void
test_executed (void)
{
  g_autofree char *path = test_files_path ("program");
  g_autofree char *sleep_path = g_find_program_in_path ("sleep");
  g_autofree char *content = NULL;
  const char *const argv[] = { path, "100", NULL };
  g_autoptr (GSubprocess) process = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (sleep_path, &content, &length, NULL));
  g_assert_true (g_file_set_contents_full (path, content, length, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_nonnull (process);
  assert_saved (path, 0, CKPT_OUTPUT_FINE);
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_if_signaled (process), ==, TRUE);
}

static void
test_relative (void)
{
  g_autofree char *folder = test_output_make_folder ("relative", 0755);
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *path = g_build_filename (folder, "x.pt", NULL);
  g_autoptr (CkptOutput) output = NULL;

  g_assert_no_errno (g_chdir (folder));
  output = ckpt_output_open ("x.pt", NULL, NULL);
  g_assert_no_errno (g_chdir (before));
  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  test_output_assert_content (path, "new", 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output-target/links", test_links);
  g_test_add_func ("/output-target/link-loop", test_link_loop);
  g_test_add_func ("/output-target/other-disk", test_other_disk);
  g_test_add_func ("/output-target/linked", test_linked);
  g_test_add_func ("/output-target/read-only", test_read_only);
  g_test_add_func ("/output-target/read-only-folder", test_read_only_folder);
  g_test_add_func ("/output-target/foreign", test_foreign);
  g_test_add_func ("/output-target/immutable", test_immutable);
  g_test_add_func ("/output-target/not-regular", test_not_regular);
  g_test_add_func ("/output-target/names", test_names);
  g_test_add_func ("/output-target/new", test_flag_new);
  g_test_add_func ("/output-target/backup", test_backup);
  g_test_add_func ("/output-target/backup-lost", test_backup_lost);
  g_test_add_func ("/output-target/in-use", test_in_use);
  g_test_add_func ("/output-target/executed", test_executed);
  g_test_add_func ("/output-target/relative", test_relative);
  return g_test_run ();
}
