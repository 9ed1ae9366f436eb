/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-names.h"

#include "io/ckpt-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* PyTorchStreamReader (caffe2/serialize/inline_container.cc) takes what stands before the first slash of the first directory entry for
 * the folder of all records, whatever the file is called. It looks names up with miniz without regard to the case of ASCII letters. */

struct _CkptZipNames
{
  CkptArchive *archive;
  char *prefix; /* the folder with its slash; empty without a folder */
  gboolean has_folder;
  gboolean has_capitals;
  GHashTable *by_lower; /* name in small letters -> index + 1; made when first needed */
};

static gboolean
has_capitals (const char *name)
{
  for (; *name != '\0'; name++)
    if (g_ascii_isupper (*name))
      return TRUE;
  return FALSE;
}

/**
 * ckpt_zip_names_new:
 * @archive: the records of a zip, at least one
 *
 * Returns: (transfer full): their names
 */
CkptZipNames *
ckpt_zip_names_new (CkptArchive *archive)
{
  CkptZipNames *self = g_new0 (CkptZipNames, 1);
  const char *first = ckpt_archive_get (archive, 0)->name;
  const char *slash = strchr (first, '/');

  self->archive = ckpt_archive_ref (archive);
  self->has_folder = slash != NULL;
  self->prefix = g_strndup (first, slash != NULL ? slash + 1 - first : 0);
  for (guint i = 0; i < ckpt_archive_get_n (archive) && !self->has_capitals; i++)
    {
      const char *inside = ckpt_zip_names_get_inside (self, i);

      self->has_capitals = inside != NULL && has_capitals (inside);
    }
  return self;
}

/**
 * ckpt_zip_names_free:
 * @self: (transfer full): names
 */
void
ckpt_zip_names_free (CkptZipNames *self)
{
  g_clear_pointer (&self->by_lower, g_hash_table_unref);
  ckpt_archive_unref (self->archive);
  g_free (self->prefix);
  g_free (self);
}

/**
 * ckpt_zip_names_get_prefix:
 * @self: names
 *
 * Returns: (transfer none): the folder of the records, with its slash; empty without a folder
 */
const char *
ckpt_zip_names_get_prefix (CkptZipNames *self)
{
  return self->prefix;
}

/**
 * ckpt_zip_names_get_inside:
 * @self: names
 * @index: a record
 *
 * Returns: (transfer none) (nullable): its name under the folder, NULL if it is not in the folder
 */
const char *
ckpt_zip_names_get_inside (CkptZipNames *self, guint index)
{
  const char *name = ckpt_archive_get (self->archive, index)->name;

  return g_str_has_prefix (name, self->prefix) ? name + strlen (self->prefix) : NULL;
}

/**
 * ckpt_zip_names_has:
 * @self: names
 * @name: a name under the folder
 *
 * Returns: whether there is a record of exactly that name
 */
gboolean
ckpt_zip_names_has (CkptZipNames *self, const char *name)
{
  g_autofree char *full = g_strconcat (self->prefix, name, NULL);

  return ckpt_archive_find (self->archive, full, NULL);
}

static GHashTable *
peek_by_lower (CkptZipNames *self)
{
  if (self->by_lower != NULL)
    return self->by_lower;
  self->by_lower = g_hash_table_new_full (ckpt_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < ckpt_archive_get_n (self->archive); i++)
    {
      g_autofree char *lower = g_ascii_strdown (ckpt_archive_get (self->archive, i)->name, -1);

      if (!g_hash_table_contains (self->by_lower, lower))
        g_hash_table_insert (self->by_lower, g_steal_pointer (&lower), GUINT_TO_POINTER (i + 1));
    }
  return self->by_lower;
}

/**
 * ckpt_zip_names_find:
 * @self: names
 * @warnings: where to say that the case of letters differs
 * @name: a name under the folder
 * @index: (out): its record; of several with that name the first
 *
 * Looks for a record as PyTorch does.
 *
 * Returns: whether there is one
 */
gboolean
ckpt_zip_names_find (CkptZipNames *self, CkptWarnings *warnings, const char *name, guint *index)
{
  g_autofree char *full = g_strconcat (self->prefix, name, NULL);
  g_autofree char *lower = NULL;
  guint found;

  if (ckpt_archive_find (self->archive, full, index))
    return TRUE;
  if (!self->has_capitals && !has_capitals (name))
    return FALSE;
  lower = g_ascii_strdown (full, -1);
  found = GPOINTER_TO_UINT (g_hash_table_lookup (peek_by_lower (self), lower));
  if (found == 0)
    return FALSE;
  *index = found - 1;
  ckpt_warnings_add (
      warnings, "record-name-case", ckpt_archive_get (self->archive, *index)->name, CKPT_NO_OFFSET,
      _ ("A record's name has capital letters where PyTorch writes small ones, or the other way round. PyTorch takes it all the same."));
  return TRUE;
}

/* Two names that differ only in the case of letters are one to PyTorch, and which record it takes is not defined. */
static void
warn_of_case (CkptZipNames *self, CkptWarnings *warnings)
{
  GHashTable *by_lower = peek_by_lower (self);

  for (guint i = 0; i < ckpt_archive_get_n (self->archive); i++)
    {
      const char *name = ckpt_archive_get (self->archive, i)->name;
      g_autofree char *lower = g_ascii_strdown (name, -1);
      guint first = GPOINTER_TO_UINT (g_hash_table_lookup (by_lower, lower)) - 1;

      if (first != i && strcmp (ckpt_archive_get (self->archive, first)->name, name) != 0)
        ckpt_warnings_add (
            warnings, "record-names-case", name, CKPT_NO_OFFSET,
            _ ("The names of two records differ only in capital letters. PyTorch may take either of them."));
    }
}

/**
 * ckpt_zip_names_check:
 * @self: names
 * @warnings: where to say what is odd
 *
 * Warns of records outside of the folder, which make torch.load() refuse the file, and of names that are one to PyTorch.
 */
void
ckpt_zip_names_check (CkptZipNames *self, CkptWarnings *warnings)
{
  if (!self->has_folder)
    ckpt_warnings_add (
        warnings, "zip-no-folder", NULL, CKPT_NO_OFFSET,
        _ ("The records of the zip archive are not in a folder. PyTorch does not load this file."));
  if (strcmp (self->prefix, "/") == 0)
    ckpt_warnings_add (warnings, "zip-no-folder", NULL, CKPT_NO_OFFSET,
                       _ ("The folder that the records of the zip archive are in has no name."));
  for (guint i = 0; i < ckpt_archive_get_n (self->archive); i++)
    if (ckpt_zip_names_get_inside (self, i) == NULL)
      ckpt_warnings_add (
          warnings, "record-outside-folder", ckpt_archive_get (self->archive, i)->name, CKPT_NO_OFFSET,
          _ ("A record is not in the folder of the others. It is not used, and PyTorch does not load this file."));
  if (self->has_capitals)
    warn_of_case (self, warnings);
}
