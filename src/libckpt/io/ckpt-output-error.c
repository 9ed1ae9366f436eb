/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-output-private.h"

typedef struct
{
  int number;
  const char *code;
  const char *message;
} ErrnoText;

static const ErrnoText errno_texts[] = {
  { ENOSPC, "no-space", N_ ("The disk is full.") },
  { EDQUOT, "no-quota", N_ ("Your quota on that disk is used up.") },
  { EFBIG, "file-too-large", N_ ("The file system cannot hold a file that large.") },
  { EIO, "disk-error", N_ ("The disk reports an error. The new file was not saved.") },
  { EROFS, "disk-read-only", N_ ("The disk can only be read. Save the file elsewhere.") },
  { EACCES, "folder-read-only", N_ ("You may not write in that folder. Save the file elsewhere.") },
  { EPERM, "not-permitted",
    N_ ("The system does not permit it: the file or its folder is protected. Save the file elsewhere.") },
  { ENOENT, "folder-gone", N_ ("The folder does not exist.") },
  { ENOTDIR, "folder-gone", N_ ("The folder does not exist.") },
  { ELOOP, "link-loop", N_ ("The name is a link that leads to too many other links.") },
  { ENAMETOOLONG, "name-too-long", N_ ("The name is too long for that disk.") },
  { EINVAL, "bad-name", N_ ("The disk does not take that name.") },
  { EISDIR, "is-folder", N_ ("This is a folder, not a file.") },
  { EMFILE, "too-many-files", N_ ("Too many files are open.") },
  { ENFILE, "too-many-files", N_ ("Too many files are open.") },
  { ESTALE, "disk-gone", N_ ("The disk is gone.") },
};

/**
 * ckpt_output_set_errno:
 * @error: return location
 * @call: what failed, such as "fsync", for a programmer
 * @number: its errno
 *
 * Sets %CKPT_ERROR_SAVE.
 *
 * Returns: %FALSE
 */
gboolean
ckpt_output_set_errno (GError **error, const char *call, int number)
{
  g_autofree char *element = g_strdup_printf ("%s: %s", call, strerrorname_np (number));
  GError *failure = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (errno_texts); i++)
    if (errno_texts[i].number == number)
      failure = ckpt_error_new (CKPT_ERROR_SAVE, errno_texts[i].code, "%s", _ (errno_texts[i].message));
  if (failure == NULL)
    failure = ckpt_error_new (CKPT_ERROR_SAVE, "save-failed", _ ("The file cannot be saved: %s."),
                              g_strerror (number));
  ckpt_error_set_place (failure, NULL, CKPT_NO_OFFSET, CKPT_NO_OFFSET, element);
  g_propagate_error (error, failure);
  return FALSE;
}

typedef struct
{
  CkptOutputFlags flag;
  const char *code;
} Consent;

static const Consent consents[] = {
  { CKPT_OUTPUT_REPLACE_LINKED, "file-linked" },   { CKPT_OUTPUT_REPLACE_READ_ONLY, "file-read-only" },
  { CKPT_OUTPUT_REPLACE_FOREIGN, "file-foreign" }, { CKPT_OUTPUT_REPLACE_CHANGED, "file-replaced" },
  { CKPT_OUTPUT_REPLACE_CHANGED, "file-gone" },    { CKPT_OUTPUT_REPLACE_CHANGED, "file-touched" },
};

/**
 * ckpt_output_get_consent:
 * @error: why ckpt_output_open() or ckpt_output_commit() failed
 *
 * Tells whether it is for a person to decide: the message of @error says what would happen, and the same call with the flag does it.
 *
 * Returns: the flag to add to those of %CkptOutputOptions, or %CKPT_OUTPUT_DEFAULT if nothing helps but another name
 */
CkptOutputFlags
ckpt_output_get_consent (const GError *error)
{
  const char *code;

  g_return_val_if_fail (error != NULL, CKPT_OUTPUT_DEFAULT);

  code = ckpt_error_get_code (error);
  for (gsize i = 0; i < G_N_ELEMENTS (consents); i++)
    if (g_strcmp0 (code, consents[i].code) == 0)
      return consents[i].flag;
  return CKPT_OUTPUT_DEFAULT;
}

typedef struct
{
  CkptOutputNotes note;
  const char *text;
} NoteText;

static const NoteText note_texts[] = {
  { CKPT_OUTPUT_UNCONFIRMED, N_ ("The file was saved, but the disk has not confirmed it yet.") },
  { CKPT_OUTPUT_LOST_OWNER, N_ ("The file belongs to you now.") },
  { CKPT_OUTPUT_LOST_GROUP, N_ ("The file belongs to another group now, which has no access to it.") },
  { CKPT_OUTPUT_LOST_MODE, N_ ("The permissions of the file could not be kept.") },
  { CKPT_OUTPUT_LOST_ACL,
    N_ ("The access control list of the file could not be kept; its group has no access now.") },
  { CKPT_OUTPUT_LOST_ATTRIBUTES, N_ ("Not all extended attributes of the file could be kept.") },
  { CKPT_OUTPUT_LOST_BACKUP,
    N_ ("The former file could not be given its name with a ~ behind it: it is beside the new one under a hidden name.") },
};

/**
 * ckpt_output_list_notes:
 * @notes: what ckpt_output_commit() gave
 *
 * Returns: (transfer full) (array zero-terminated=1): a sentence for a person for each of them
 */
char **
ckpt_output_list_notes (CkptOutputNotes notes)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (note_texts); i++)
    if (notes & note_texts[i].note)
      g_strv_builder_add (builder, _ (note_texts[i].text));
  return g_strv_builder_end (builder);
}
