/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-verify.h"

#include "formats/ckpt-load.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

/* A new file is looked at before it takes the place of the old one: what passed through memory is read again and summed; the file is
 * opened as any other is; its records must lie where they were meant to be, and its values be those that were saved. What was copied
 * as it is inside the kernel is not read: it keeps its checksum, right or wrong. */

static gboolean
fail (GError **error, const char *code, guint64 offset, const char *sentence)
{
  return ckpt_error_set_at (error, CKPT_ERROR_SAVE, code, NULL, CKPT_NO_OFFSET, offset, "%s", sentence);
}

static gboolean
check_runs (CkptSource *file, const CkptRun *runs, guint n_runs, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *bytes = NULL;
  gsize length = 0;

  for (guint i = 0; i < n_runs; i++)
    length = MAX (length, runs[i].length);
  bytes = g_malloc (MAX (length, 1));
  for (guint i = 0; i < n_runs; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !ckpt_source_read (file, runs[i].offset, bytes, runs[i].length, error))
        return FALSE;
      if (libdeflate_crc32 (0, bytes, runs[i].length) != runs[i].crc)
        return fail (
            error, "verify-bytes", runs[i].offset,
            _ ("The new file does not read back as it was written. The disk or the memory may be damaged."));
    }
  return TRUE;
}

static gboolean
is_record_same (const CkptPlanRecord *wanted, const CkptRecord *found, guint64 offset)
{
  return wanted->name_length == found->name_length &&
         memcmp (wanted->name, found->name, wanted->name_length) == 0 && wanted->size == found->size &&
         wanted->payload.size == found->stored_size && wanted->method == found->method &&
         wanted->offset == offset && (!found->has_crc || wanted->crc == found->crc);
}

static gboolean
set_record_error (const CkptPlanRecord *record, GError **error)
{
  return ckpt_error_set_at (error, CKPT_ERROR_SAVE, "verify-record", record->name, CKPT_NO_OFFSET,
                            record->offset, _ ("A record of the new file is not where it should be."));
}

static gboolean
check_records (CkptPlan *plan, CkptArchive *archive, GError **error)
{
  guint n = plan->records->len;

  if (ckpt_archive_get_n (archive) != plan->format->first_record + n)
    return fail (error, "verify-records", CKPT_NO_OFFSET, _ ("The new file has not all of its records."));
  for (guint i = 0; i < n; i++)
    {
      const CkptPlanRecord *wanted = ckpt_plan_get_record (plan, i);
      guint index = plan->format->first_record + i;
      guint64 offset;

      if (!ckpt_archive_locate (archive, index, &offset, error))
        return FALSE;
      if (!is_record_same (wanted, ckpt_archive_get (archive, index), offset))
        return set_record_error (wanted, error);
    }
  return TRUE;
}

static gboolean
has_warning (CkptTree *tree, const char *code)
{
  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    if (strcmp (ckpt_tree_get_warning (tree, i)->place.code, code) == 0)
      return TRUE;
  return FALSE;
}

/* What is odd in the new file must have been so in the old one. */
static gboolean
check_warnings (CkptPlan *plan, CkptTree *read, GError **error)
{
  for (guint i = 0; i < ckpt_tree_get_n_warnings (read); i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (read, i);

      if (!has_warning (plan->tree, warning->place.code))
        return ckpt_error_set (
            error, CKPT_ERROR_SAVE, "verify-warnings",
            _ ("Something is wrong with the new file that was not wrong with the old one: %s"),
            warning->message);
    }
  return TRUE;
}

/**
 * ckpt_verify_file:
 * @plan: what was to be written
 * @file: what was
 * @runs: (array length=n_runs): what of it passed through memory
 * @n_runs: how many these are
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Returns: FALSE with %CKPT_ERROR_SAVE if it is not what was meant, an error of reading it, or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_verify_file (CkptPlan *plan,
                  CkptSource *file,
                  const CkptRun *runs,
                  guint n_runs,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (CkptTree) read = NULL;

  if (ckpt_source_get_size (file) != plan->size)
    return fail (error, "verify-size", CKPT_NO_OFFSET, _ ("The new file is not as long as it should be."));
  if (!check_runs (file, runs, n_runs, cancellable, error))
    return FALSE;

  read = ckpt_load_source (file, cancellable, error);
  if (read == NULL)
    {
      g_prefix_error_literal (error, _ ("The new file cannot be read back: "));
      return FALSE;
    }
  if (!plan->is_whole && !check_records (plan, ckpt_tree_get_archive (read), error))
    return FALSE;
  return check_warnings (plan, read, error) &&
         (plan->format->verify != NULL ? plan->format->verify (plan, read, error)
                                       : ckpt_verify_tree (plan->tree, read, error));
}
