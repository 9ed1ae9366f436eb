/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a file keeps beside its bytes when it is saved anew (N40).
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "test-files.h"
#include "test-output.h"

#define ACL         "system.posix_acl_access"
#define DEFAULT_ACL "system.posix_acl_default"

/* As the kernel has it, in linux/posix_acl_xattr.h. */
typedef struct
{
  guint16 tag;
  guint16 permissions;
  guint32 id;
} AclEntry;

typedef struct
{
  guint32 version;
  AclEntry entries[5];
} Acl;

/* Owner rw, user 12345 rw, group r, mask rw, others none. */
static const Acl acl = { 2,
                         { { 0x01, 6, G_MAXUINT32 },
                           { 0x02, 6, 12345 },
                           { 0x04, 4, G_MAXUINT32 },
                           { 0x10, 6, G_MAXUINT32 },
                           { 0x20, 0, G_MAXUINT32 } } };

static CkptOutputNotes
save (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptOutputNotes notes = CKPT_OUTPUT_FINE;

  test_output_save (path, NULL, &notes, &error);
  g_assert_no_error (error);
  return notes;
}

static mode_t
get_mode (const char *path)
{
  struct stat status;

  g_assert_no_errno (g_stat (path, &status));
  return status.st_mode & 07777;
}

static void
test_mode (void)
{
  const mode_t modes[] = { 0600, 0644, 0666, 0700, 0777, 0640, 0751, 0604, 06755, 02640 };
  g_autofree char *path = test_files_path ("mode.pt");
  mode_t mask = umask (077);

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_free (test_files_write ("mode.pt", "former", 6));
      g_assert_no_errno (chmod (path, modes[i]));
      g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
      g_assert_cmpint (get_mode (path), ==, modes[i]);
    }
  umask (mask);
}

/* While it is written, nobody else can read what takes the place of a secret. */
static void
test_secret (void)
{
  g_autofree char *path = test_files_write ("secret.pt", "former", 6);
  g_autoptr (CkptOutput) output = NULL;
  g_autofree char *temporary = NULL;

  g_assert_no_errno (chmod (path, 0666));
  output = ckpt_output_open (path, NULL, NULL);
  temporary = ckpt_output_dup_temporary (output);
  g_assert_cmpint (get_mode (temporary), ==, 0600);
}

static void
test_umask (void)
{
  const mode_t masks[] = { 0, 022, 077, 027 };

  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      g_autofree char *path = test_files_path ("umask.pt");
      mode_t before = umask (masks[i]);

      g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
      umask (before);
      g_assert_cmpint (get_mode (path), ==, 0666 & ~masks[i]);
      g_assert_no_errno (g_remove (path));
    }
}

static void
test_time (void)
{
  g_autofree char *path = test_files_write ("time.pt", "former", 6);
  const struct timespec times[] = { { 1000, 0 }, { 1000, 0 } };
  struct stat status;

  g_assert_no_errno (utimensat (AT_FDCWD, path, times, 0));
  save (path);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (ABS (status.st_mtim.tv_sec - g_get_real_time () / G_USEC_PER_SEC), <, 1000);
}

static void
test_owner (void)
{
  g_autofree char *path = test_files_write ("owner.pt", "former", 6);
  struct stat status;

  if (!test_output_is_root ())
    {
      g_test_skip ("only root can give files away");
      return;
    }
  g_assert_no_errno (chown (path, 12345, 23456));
  g_assert_no_errno (chmod (path, 0640));
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_uid, ==, 12345);
  g_assert_cmpint (status.st_gid, ==, 23456);
  g_assert_cmpint (status.st_mode & 07777, ==, 0640);
}

/* Of a group that one is not in: the other group that the file gets may not read what that one could. */
static void
test_group (void)
{
  g_autofree char *folder = test_output_make_folder ("group", 0777);
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0664);
  struct stat status;

  if (!test_output_is_root ())
    {
      g_test_skip ("only root can give files away");
      return;
    }
  g_assert_no_errno (chown (path, TEST_OUTPUT_NOBODY, 23456));
  g_assert_no_errno (chmod (path, 06775));
  test_output_be_nobody ();
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_LOST_GROUP);
  test_output_be_root ();
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_gid, ==, TEST_OUTPUT_NOBODY);
  g_assert_cmpint (status.st_mode & 07777, ==, 0705);
}

/* In such a folder a new file has the folder's group; one that is replaced keeps its own. */
static void
test_setgid_folder (void)
{
  g_autofree char *folder = test_output_make_folder ("setgid", 0777);
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0644);
  g_autofree char *new_path = g_build_filename (folder, "new.pt", NULL);
  struct stat status;

  if (!test_output_is_root ())
    {
      g_test_skip ("only root can give folders away");
      return;
    }
  g_assert_no_errno (chown (folder, 0, 23456));
  g_assert_no_errno (chmod (folder, 02777));
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_gid, ==, 0);
  g_assert_cmpint (save (new_path), ==, CKPT_OUTPUT_FINE);
  g_assert_no_errno (g_stat (new_path, &status));
  g_assert_cmpint (status.st_gid, ==, 23456);
}

static void
test_attributes (void)
{
  g_autofree char *path = test_files_write ("attributes.pt", "former", 6);
  g_autofree char *large = g_strnfill (2000, 'v');
  char value[3000];
  gssize length;

  if (setxattr (path, "user.note", "kept", 4, 0) < 0)
    {
      g_test_skip ("no extended attributes here");
      return;
    }
  g_assert_no_errno (setxattr (path, "user.large", large, 2000, 0));
  g_assert_no_errno (setxattr (path, "user.empty", "", 0, 0));
  g_assert_no_errno (chmod (path, 0400));
  g_assert_true (
      test_output_save (path, &(CkptOutputOptions) { .flags = CKPT_OUTPUT_REPLACE_READ_ONLY }, NULL, NULL));
  length = getxattr (path, "user.note", value, sizeof value);
  g_assert_cmpmem (value, length, "kept", 4);
  length = getxattr (path, "user.large", value, sizeof value);
  g_assert_cmpmem (value, length, large, 2000);
  g_assert_cmpint (getxattr (path, "user.empty", value, sizeof value), ==, 0);
  g_assert_cmpint (get_mode (path), ==, 0400);
}

static gboolean
has_acls (const char *path)
{
  if (setxattr (path, ACL, &acl, sizeof acl, 0) == 0)
    return TRUE;
  g_test_skip ("no access control lists here");
  return FALSE;
}

static void
assert_acl (const char *path)
{
  Acl now;
  gssize length = getxattr (path, ACL, &now, sizeof now);

  g_assert_cmpmem (&now, length, &acl, sizeof acl);
}

static void
test_acl (void)
{
  g_autofree char *path = test_files_write ("acl.pt", "former", 6);

  if (!has_acls (path))
    return;
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
  assert_acl (path);
  g_assert_cmpint (get_mode (path), ==, 0660);
}

/* A folder gives its list to new files, and not to one that had none before. */
static void
test_default_acl (void)
{
  g_autofree char *folder = test_output_make_folder ("default-acl", 0777);
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0644);
  g_autofree char *new_path = g_build_filename (folder, "new.pt", NULL);

  if (setxattr (folder, DEFAULT_ACL, &acl, sizeof acl, 0) < 0)
    {
      g_test_skip ("no access control lists here");
      return;
    }
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_FINE);
  g_assert_cmpint (getxattr (path, ACL, NULL, 0), ==, -1);
  g_assert_cmpint (errno, ==, ENODATA);
  g_assert_cmpint (get_mode (path), ==, 0644);
  g_assert_cmpint (save (new_path), ==, CKPT_OUTPUT_FINE);
  assert_acl (new_path);
}

/* Without its group, a list would let in others. */
static void
test_acl_of_group (void)
{
  g_autofree char *folder = test_output_make_folder ("acl-group", 0777);
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0644);

  if (!has_acls (path) || !test_output_is_root ())
    {
      g_test_skip ("no lists here, or no root to give files away");
      return;
    }
  g_assert_no_errno (chown (path, TEST_OUTPUT_NOBODY, 23456));
  test_output_be_nobody ();
  g_assert_cmpint (save (path), ==, CKPT_OUTPUT_LOST_GROUP | CKPT_OUTPUT_LOST_ACL);
  test_output_be_root ();
  g_assert_cmpint (getxattr (path, ACL, NULL, 0), ==, -1);
  g_assert_cmpint (get_mode (path), ==, 0600);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output-meta/mode", test_mode);
  g_test_add_func ("/output-meta/secret", test_secret);
  g_test_add_func ("/output-meta/umask", test_umask);
  g_test_add_func ("/output-meta/time", test_time);
  g_test_add_func ("/output-meta/owner", test_owner);
  g_test_add_func ("/output-meta/group", test_group);
  g_test_add_func ("/output-meta/setgid-folder", test_setgid_folder);
  g_test_add_func ("/output-meta/attributes", test_attributes);
  g_test_add_func ("/output-meta/acl", test_acl);
  g_test_add_func ("/output-meta/default-acl", test_default_acl);
  g_test_add_func ("/output-meta/acl-of-group", test_acl_of_group);
  return g_test_run ();
}
