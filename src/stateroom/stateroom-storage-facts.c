/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-storage-facts.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>

static void
add (StateroomFacts *facts, const char *name, char *value)
{
  g_autofree char *text = value;
  g_autofree char *label = stateroom_format_label (text);

  stateroom_facts_add (facts, name, label);
}

static char *
format_bytes_exactly (guint64 n_bytes)
{
  g_autofree char *short_text = stateroom_format_bytes (n_bytes);
  g_autofree char *count = stateroom_format_count (n_bytes);

  if (n_bytes < 1000)
    return g_steal_pointer (&short_text);
  /* Translators: a size, short and exact: "7.1 MB (7,077,888 bytes)" */
  return g_strdup_printf (_ ("%s (%s bytes)"), short_text, count);
}

/**
 * stateroom_storage_facts_add:
 * @facts: a list
 * @storage: a storage of @tree
 *
 * Adds what there is to say about a storage.
 */
void
stateroom_storage_facts_add (StateroomFacts *facts, CkptTree *tree, const CkptStorage *storage)
{
  add (facts, _ ("Key"), g_strdup (storage->key));
  if (storage->record != CKPT_NO_RECORD)
    {
      CkptArchive *archive = storage->archive != NULL ? storage->archive : ckpt_tree_get_archive (tree);
      const CkptRecord *record = ckpt_archive_get (archive, storage->record);

      add (facts, _ ("Record"), ckpt_text_escape (record->name, record->name_length, STATEROOM_MAX_LABEL));
    }
  add (facts, _ ("Location"), g_strdup (storage->location));
  add (facts, _ ("Type"),
       g_strdup (storage->is_untyped ? _ ("untyped") : ckpt_dtype_get_name (storage->dtype)));
  add (facts, _ ("Bytes"), format_bytes_exactly (storage->n_bytes));
  if (storage->n_bytes_present < storage->n_bytes)
    add (facts, _ ("In the file"), format_bytes_exactly (storage->n_bytes_present));
  if (storage->is_big_endian)
    add (facts, _ ("Byte order"), g_strdup (_ ("big-endian")));
}
