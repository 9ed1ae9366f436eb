/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/stat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

#define MAX_LINKS 40 /* as the kernel */

/* Where the last component of @path leads, which need not exist. That of the folders is left to realpath(). */
static char *
follow_links (const char *path, GError **error)
{
  g_autofree char *at = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (at, NULL);
      g_autofree char *folder = NULL;

      if (link == NULL)
        return g_steal_pointer (&at);
      folder = g_path_get_dirname (at);
      g_free (at);
      at = g_path_is_absolute (link) ? g_strdup (link) : g_build_filename (folder, link, NULL);
    }
  ckpt_output_set_errno (error, "readlink", ELOOP);
  return NULL;
}

static gboolean
look (CkptOutputTarget *self, GError **error)
{
  if (fstatat (self->folder, self->name, &self->status, AT_SYMLINK_NOFOLLOW) == 0)
    self->exists = TRUE;
  else if (errno != ENOENT)
    return ckpt_output_set_errno (error, "fstatat", errno);
  return TRUE;
}

static gboolean
open_folder (CkptOutputTarget *self, const char *folder, GError **error)
{
  char *real = realpath (folder, NULL);

  if (real == NULL)
    return ckpt_output_set_errno (error, "realpath", errno);
  self->path = g_build_filename (real, self->name, NULL);
  self->folder = open (real, O_PATH | O_DIRECTORY | O_CLOEXEC);
  free (real);
  if (self->folder < 0 || fstat (self->folder, &self->folder_status) < 0)
    return ckpt_output_set_errno (error, "open", errno);
  return TRUE;
}

/**
 * ckpt_output_target_init:
 * @self: (out caller-allocates): to clear in any case
 * @path: (type filename): where a file is to go, or a link to that place
 * @error: return location
 *
 * Finds out what is there.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE if no file can be there
 */
gboolean
ckpt_output_target_init (CkptOutputTarget *self, const char *path, GError **error)
{
  g_autofree char *resolved = NULL;
  g_autofree char *folder = NULL;

  *self = (CkptOutputTarget) { .folder = -1 };
  resolved = follow_links (path, error);
  if (resolved == NULL)
    return FALSE;
  folder = g_path_get_dirname (resolved);
  self->name = g_path_get_basename (resolved);
  if (resolved[0] == '\0')
    return ckpt_output_set_errno (error, "open", ENOENT);
  if (g_str_has_suffix (resolved, "/") || g_str_equal (self->name, ".") || g_str_equal (self->name, ".."))
    return ckpt_output_set_errno (error, "open", EISDIR);
  return open_folder (self, folder, error) && look (self, error);
}

/**
 * ckpt_output_target_clear:
 * @self: a target
 */
void
ckpt_output_target_clear (CkptOutputTarget *self)
{
  if (self->folder >= 0)
    close (self->folder);
  self->folder = -1;
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
}

static gboolean
is_immutable (const CkptOutputTarget *self)
{
  struct statx status;

  return statx (self->folder, self->name, AT_SYMLINK_NOFOLLOW, 0, &status) == 0 &&
         (status.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0;
}

/* In a sticky folder a file can be replaced by its owner and the folder's only. */
static gboolean
is_stuck (const CkptOutputTarget *self)
{
  uid_t user = geteuid ();

  return (self->folder_status.st_mode & S_ISVTX) != 0 && user != 0 && self->status.st_uid != user &&
         self->folder_status.st_uid != user;
}

static gboolean
check_possible (const CkptOutputTarget *self, const CkptOutputOptions *options, GError **error)
{
  if (self->exists && S_ISDIR (self->status.st_mode))
    return ckpt_output_set_errno (error, "fstatat", EISDIR);
  if (self->exists && !S_ISREG (self->status.st_mode))
    return ckpt_error_set (
        error, CKPT_ERROR_SAVE, "not-regular",
        _ ("There is a pipe, a socket or a device of that name. Save the file elsewhere."));
  if (self->exists && (options->flags & CKPT_OUTPUT_NEW) != 0)
    return ckpt_error_set (error, CKPT_ERROR_SAVE, "file-exists",
                           _ ("There is a file of that name already."));
  if (faccessat (self->folder, ".", W_OK | X_OK, AT_EACCESS) < 0)
    return ckpt_output_set_errno (error, "faccessat", errno);
  if (self->exists && is_immutable (self))
    return ckpt_error_set (error, CKPT_ERROR_SAVE, "file-immutable",
                           _ ("The file is marked as one that must not be changed (chattr +i or +a). "
                              "Save it elsewhere."));
  if (self->exists && is_stuck (self))
    return ckpt_error_set (error, CKPT_ERROR_SAVE, "folder-sticky",
                           _ ("The file belongs to another user, and in that folder only its owner may "
                              "replace it. Save it elsewhere."));
  return TRUE;
}

/* Bytes that are written over cannot be copied any more, so that is nothing to agree to. */
static gboolean
check_unchanged (const CkptOutputTarget *self, const CkptOutputOptions *options, GError **error)
{
  const CkptIdentity *opened;
  CkptIdentity now;

  if (options->replaced == NULL)
    return TRUE;
  if (!self->exists)
    return (options->flags & CKPT_OUTPUT_REPLACE_CHANGED) != 0 ||
           ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-gone",
                           _ ("The file is gone since it was opened."));
  opened = ckpt_source_get_identity (options->replaced);
  now = ckpt_identity_from_stat (&self->status);
  if (now.dev == opened->dev && now.ino == opened->ino &&
      (now.size != opened->size || now.mtime_ns != opened->mtime_ns))
    return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-changed",
                           _ ("The file was changed on disk since it was opened. Load it anew."));
  if ((options->flags & CKPT_OUTPUT_REPLACE_CHANGED) != 0 || ckpt_identity_equal (&now, opened))
    return TRUE;
  if (now.dev == opened->dev && now.ino == opened->ino)
    return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-touched",
                           _ ("Another program did something to the file since it was opened."));
  return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-replaced",
                         _ ("Another file is in its place since it was opened."));
}

static gboolean
check_consent (const CkptOutputTarget *self, const CkptOutputOptions *options, GError **error)
{
  const struct stat *status = &self->status;
  uid_t user = geteuid ();
  gboolean is_read_only = (status->st_mode & 0222) == 0;

  if (status->st_nlink > 1 && (options->flags & CKPT_OUTPUT_REPLACE_LINKED) == 0)
    return ckpt_error_set (error, CKPT_ERROR_CONSENT, "file-linked",
                           g_dngettext (GETTEXT_PACKAGE,
                                        "The file has %u other name, which would keep the former content.",
                                        "The file has %u other names, which would keep the former content.",
                                        (gulong) status->st_nlink - 1),
                           (guint) status->st_nlink - 1);
  if (user != 0 && status->st_uid != user && (options->flags & CKPT_OUTPUT_REPLACE_FOREIGN) == 0)
    return ckpt_error_set (error, CKPT_ERROR_CONSENT, "file-foreign",
                           _ ("The file belongs to another user. The new one would belong to you."));
  if (user != 0 && status->st_uid == user)
    is_read_only = faccessat (self->folder, self->name, W_OK, AT_EACCESS) < 0;
  if (is_read_only && (options->flags & CKPT_OUTPUT_REPLACE_READ_ONLY) == 0)
    return ckpt_error_set (error, CKPT_ERROR_CONSENT, "file-read-only", _ ("The file is write-protected."));
  return TRUE;
}

/**
 * ckpt_output_target_check:
 * @self: a target
 * @options: how it is to be replaced
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE, %CKPT_ERROR_CHANGED_ON_DISK or %CKPT_ERROR_CONSENT if it is not to be
 */
gboolean
ckpt_output_target_check (const CkptOutputTarget *self, const CkptOutputOptions *options, GError **error)
{
  if (!check_possible (self, options, error) || !check_unchanged (self, options, error))
    return FALSE;
  return !self->exists || check_consent (self, options, error);
}

/**
 * ckpt_output_target_set_changed:
 * @error: return location for %CKPT_ERROR_CHANGED_ON_DISK
 *
 * Returns: %FALSE
 */
gboolean
ckpt_output_target_set_changed (GError **error)
{
  return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-changed-meanwhile",
                         _ ("Another program changed the file while the new one was written."));
}

/**
 * ckpt_output_target_recheck:
 * @self: a target
 * @error: return location
 *
 * For the last moment before it is replaced.
 *
 * Returns: %FALSE with %CKPT_ERROR_CHANGED_ON_DISK if it is not what it was when the saving began
 */
gboolean
ckpt_output_target_recheck (const CkptOutputTarget *self, GError **error)
{
  CkptIdentity before = ckpt_identity_from_stat (&self->status);
  CkptIdentity now;
  struct stat status;
  gboolean exists = fstatat (self->folder, self->name, &status, AT_SYMLINK_NOFOLLOW) == 0;

  if (!exists && errno != ENOENT)
    return ckpt_output_set_errno (error, "fstatat", errno);
  if (exists == self->exists && !exists)
    return TRUE;
  if (exists == self->exists)
    {
      now = ckpt_identity_from_stat (&status);
      if (ckpt_identity_equal (&before, &now))
        return TRUE;
    }
  return ckpt_output_target_set_changed (error);
}
