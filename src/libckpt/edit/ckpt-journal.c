/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-journal.h"

#include "edit/ckpt-recipe.h"
#include "io/ckpt-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The first line, those that say which file it is for, and the last line, without which it was not written to its end. */
#define FIRST_LINE  "# Stateroom 1: edits that were not saved"
#define FILE_PREFIX "# file "
#define IDENTITY    "# identity %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64
#define LAST_LINE   "# end\n"

/* Bytes of a journal that are read. */
#define MAX_BYTES (64 * 1024 * 1024)

/* Characters of the checksum of a file's path that its journal is named by. */
#define NAME_LENGTH 32

struct _CkptJournal
{
  char *file; /* the checkpoint, absolute */
  CkptIdentity identity;
  char *path;
};

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "stateroom", "pending", NULL);
}

/**
 * ckpt_journal_new:
 * @source: the file that is edited
 *
 * Nothing is written or read yet.
 *
 * Returns: (transfer full): the journal of that file
 */
CkptJournal *
ckpt_journal_new (CkptSource *source)
{
  CkptJournal *self = g_new0 (CkptJournal, 1);
  g_autofree char *folder = get_folder ();
  g_autofree char *name = NULL;

  self->file = g_canonicalize_filename (ckpt_source_get_path (source), NULL);
  self->identity = *ckpt_source_get_identity (source);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->file, -1);
  name[NAME_LENGTH] = '\0';
  self->path = g_build_filename (folder, name, NULL);
  return self;
}

/**
 * ckpt_journal_free:
 * @self: (nullable): a journal; what it wrote stays
 */
void
ckpt_journal_free (CkptJournal *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  g_free (self->path);
  g_free (self);
}

static char *
make_text (const CkptJournal *self, GPtrArray *edits)
{
  g_autofree char *file = g_uri_escape_string (self->file, "/", FALSE);
  g_autofree char *recipe = ckpt_recipe_to_string (edits);
  const CkptIdentity *id = &self->identity;
  g_autofree char *identity = g_strdup_printf (IDENTITY, id->dev, id->ino, id->size, id->mtime_ns,
                                               id->ctime_ns);

  return g_strconcat (FIRST_LINE "\n" FILE_PREFIX, file, "\n", identity, "\n", recipe, LAST_LINE, NULL);
}

static gboolean
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      left -= (gsize) n;
    }
  return TRUE;
}

static gboolean
set_errno_error (GError **error, int number)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number),
               _ ("Edits that are not saved cannot be kept: %s"), g_strerror (number));
  return FALSE;
}

/* By a rename, so that there is always the former or the new one. Not by fsync(): it is against a crash of the program, and an edit is not
 * to wait for the disk. */
static gboolean
replace_file (const char *path, const char *text, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  gboolean is_written;
  int number;

  if (fd < 0)
    return set_errno_error (error, errno);

  is_written = write_all (fd, text);
  number = errno;
  if (close (fd) < 0 && is_written)
    {
      is_written = FALSE;
      number = errno;
    }
  if (is_written && g_rename (temporary, path) == 0)
    return TRUE;

  number = is_written ? errno : number;
  g_unlink (temporary);
  return set_errno_error (error, number);
}

/**
 * ckpt_journal_write:
 * @self: a journal
 * @edits: (element-type CkptEdit): all edits that are not saved
 * @error: return location
 *
 * Keeps @edits instead of those that were kept before; removes the journal if there are none.
 *
 * Returns: %FALSE with an error of G_IO_ERROR; the former ones are then still kept
 */
gboolean
ckpt_journal_write (CkptJournal *self, GPtrArray *edits, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *text = NULL;

  if (edits->len == 0)
    {
      ckpt_journal_remove (self);
      return TRUE;
    }

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return set_errno_error (error, errno);
  text = make_text (self, edits);
  return replace_file (self->path, text, error);
}

/* The journal at @path; NULL if there is none, or it cannot be one. */
static char *
load_text (const char *path)
{
  g_autofree char *text = NULL;
  GStatBuf info;
  gsize length;

  if (g_lstat (path, &info) < 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_BYTES)
    return NULL;
  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  if (strlen (text) != length || !g_str_has_prefix (text, FIRST_LINE "\n" FILE_PREFIX) ||
      !g_str_has_suffix (text, "\n" LAST_LINE))
    return NULL;
  return g_steal_pointer (&text);
}

/* Which file the journal says that it is for. */
static char *
read_file_name (const char *text)
{
  const char *name = text + strlen (FIRST_LINE "\n" FILE_PREFIX);

  return g_uri_unescape_segment (name, name + strcspn (name, "\n"), NULL);
}

static gboolean
is_identity (const CkptIdentity *self, const char *text)
{
  const char *line = strstr (text, "\n# identity ");
  CkptIdentity found;

  if (line == NULL ||
      sscanf (line + 1, IDENTITY, &found.dev, &found.ino, &found.size, &found.mtime_ns, &found.ctime_ns) != 5)
    return FALSE;
  return found.dev == self->dev && found.ino == self->ino && found.size == self->size &&
         found.mtime_ns == self->mtime_ns && found.ctime_ns == self->ctime_ns;
}

/**
 * ckpt_journal_read:
 * @self: a journal
 * @is_same: (out): whether the file is still what it was when the edits were made
 * @error: return location
 *
 * Finds what an earlier run of the program left behind. A journal that was not written to its end counts as none.
 *
 * Returns: (transfer full) (element-type CkptEdit): the edits, none if nothing was left; %NULL with %CKPT_ERROR_INVALID_EDIT if they
 *   cannot be read, as when another version wrote them
 */
GPtrArray *
ckpt_journal_read (CkptJournal *self, gboolean *is_same, GError **error)
{
  g_autofree char *text = load_text (self->path);
  g_autofree char *file = text != NULL ? read_file_name (text) : NULL;
  GPtrArray *edits;

  if (g_strcmp0 (file, self->file) != 0)
    {
      *is_same = FALSE;
      return ckpt_recipe_new ();
    }
  edits = ckpt_recipe_parse (text, error);
  if (edits != NULL)
    *is_same = is_identity (&self->identity, text);
  return edits;
}

/**
 * ckpt_journal_remove:
 * @self: a journal
 *
 * Forgets the edits: they were saved, or given up.
 */
void
ckpt_journal_remove (CkptJournal *self)
{
  g_unlink (self->path);
}

/**
 * ckpt_journal_list_files:
 *
 * Finds the files that have edits which were not saved, as after a crash.
 *
 * Returns: (transfer full) (array zero-terminated=1) (element-type filename): their paths, sorted; whether they still exist is not asked
 */
char **
ckpt_journal_list_files (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = strlen (name) == NAME_LENGTH ? load_text (path) : NULL;
      char *file = text != NULL ? read_file_name (text) : NULL;

      if (file != NULL)
        g_ptr_array_add (files, file);
    }
  g_ptr_array_sort_values (files, (GCompareFunc) strcmp);
  g_ptr_array_add (files, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&files), FALSE);
}
