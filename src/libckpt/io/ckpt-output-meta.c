/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

#define ACL         "system.posix_acl_access"
#define USER_PREFIX "user."
#define MAX_LIST    65536 /* XATTR_LIST_MAX of Linux */
#define MAX_VALUE   65536 /* XATTR_SIZE_MAX */

/* Owner and group of the file that is replaced. Without its group nobody is let in who was not before. */
static mode_t
copy_owner (int fd, const struct stat *before, const struct stat *now, CkptOutputNotes *notes)
{
  mode_t mode = before->st_mode & 07777;

  if (now->st_gid != before->st_gid && fchown (fd, (uid_t) -1, before->st_gid) < 0)
    {
      *notes |= CKPT_OUTPUT_LOST_GROUP;
      mode &= ~(mode_t) (S_IRWXG | S_ISUID | S_ISGID);
    }
  if (now->st_uid != before->st_uid && fchown (fd, before->st_uid, (gid_t) -1) < 0)
    {
      *notes |= CKPT_OUTPUT_LOST_OWNER;
      mode &= ~(mode_t) (S_ISUID | S_ISGID);
    }
  return mode;
}

static gboolean
is_unsupported (int number)
{
  return number == ENOTSUP || number == ENOSYS;
}

/* One that the folder gave to the new file is none of the file that is replaced. */
static gboolean
remove_acl (int to)
{
  return fremovexattr (to, ACL) == 0 || errno == ENODATA || is_unsupported (errno);
}

/* Whether the new file has the list of the former one. To another group that list would give what it gave to the former group. */
static gboolean
copy_acl (int from, int to, gboolean is_of_group)
{
  g_autofree guint8 *value = g_malloc (MAX_VALUE);
  gssize length = fgetxattr (from, ACL, value, MAX_VALUE);

  if (length < 0)
    return (errno == ENODATA || is_unsupported (errno)) && remove_acl (to);
  if (is_of_group && fsetxattr (to, ACL, value, length, 0) == 0)
    return TRUE;
  remove_acl (to);
  return FALSE;
}

static gboolean
copy_attribute (int from, int to, const char *name)
{
  g_autofree guint8 *value = g_malloc (MAX_VALUE);
  gssize length = fgetxattr (from, name, value, MAX_VALUE);

  if (length < 0)
    return errno == ENODATA;
  return fsetxattr (to, name, value, length, 0) == 0;
}

/* Those that people and programs set; what the system set (security.*, trusted.*) is for its policy to decide. */
static gboolean
copy_attributes (int from, int to)
{
  g_autofree char *list = g_malloc (MAX_LIST);
  gssize length = flistxattr (from, list, MAX_LIST);
  gboolean is_whole = TRUE;

  if (length < 0)
    return is_unsupported (errno);
  for (const char *name = list; name < list + length; name += strlen (name) + 1)
    if (g_str_has_prefix (name, USER_PREFIX))
      is_whole &= copy_attribute (from, to, name);
  return is_whole;
}

static mode_t
copy_extended (CkptOutput *self, mode_t mode, CkptOutputNotes *notes)
{
  int from = openat (self->target.folder, self->target.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (from < 0)
    {
      *notes |= CKPT_OUTPUT_LOST_ATTRIBUTES;
      return mode;
    }
  if (!copy_attributes (from, self->fd))
    *notes |= CKPT_OUTPUT_LOST_ATTRIBUTES;
  /* With a list, the group's bits of the mode say what anyone in the list may have at most. */
  if (!copy_acl (from, self->fd, (*notes & CKPT_OUTPUT_LOST_GROUP) == 0))
    {
      *notes |= CKPT_OUTPUT_LOST_ACL;
      mode &= ~(mode_t) S_IRWXG;
    }
  close (from);
  return mode;
}

/**
 * ckpt_output_copy_meta:
 * @self: an output
 * @notes: (inout): what could not be kept
 * @error: return location
 *
 * Gives the new file the owner, mode, access control list and attributes of the one that it replaces. A new file has them from the system.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE
 */
gboolean
ckpt_output_copy_meta (CkptOutput *self, CkptOutputNotes *notes, GError **error)
{
  const struct stat *before = &self->target.status;
  struct stat now;
  mode_t mode;

  if (!self->target.exists)
    return TRUE;
  if (fstat (self->fd, &now) < 0)
    return ckpt_output_fail_call (self, "fstat", errno, error);
  mode = copy_owner (self->fd, before, &now, notes);
  mode = copy_extended (self, mode, notes);
  if (fchmod (self->fd, mode) == 0)
    return TRUE;
  if (errno == EIO || errno == EROFS)
    return ckpt_output_fail_call (self, "fchmod", errno, error);
  *notes |= CKPT_OUTPUT_LOST_MODE;
  return TRUE;
}
