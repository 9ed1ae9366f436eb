/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-survey-private.h"

/* How far back it is followed what the bytes of a storage are made from. */
#define MAX_ORIGINS 16

/* Whether two descriptions are of the same bytes, what those are made from left aside. */
static gboolean
is_alike (const CkptStorage *a, const CkptStorage *b)
{
  return a->bytes == b->bytes && a->dtype == b->dtype && a->is_untyped == b->is_untyped &&
         a->n_bytes == b->n_bytes && a->n_bytes_present == b->n_bytes_present && a->record == b->record &&
         a->record_offset == b->record_offset && a->is_big_endian == b->is_big_endian &&
         a->archive == b->archive && a->origin == b->origin && a->begin == b->begin;
}

/* Whether storage @i is the same bytes in both trees: the number of one that was undone may be that of another now. */
static gboolean
is_same_storage (CkptTree *before, CkptTree *after, guint32 i)
{
  for (guint n = 0; n < MAX_ORIGINS; n++)
    {
      const CkptStorage *a, *b;

      if (i >= ckpt_tree_get_n_storages (before) || i >= ckpt_tree_get_n_storages (after))
        return FALSE;
      a = ckpt_tree_get_storage (before, i);
      b = ckpt_tree_get_storage (after, i);
      if (!is_alike (a, b) || a->bytes == CKPT_BYTES_ELEMENTS)
        return FALSE;
      if (a->bytes == CKPT_BYTES_RECORD)
        return TRUE;
      i = a->origin;
    }
  return FALSE;
}

/* Whether what was found out of a tensor in one tree is true of the tensor in the other. */
static gboolean
is_still_true (CkptTree *before, CkptTree *after, guint i)
{
  const CkptTensor *tensor;

  if (!ckpt_tree_has_tensor (after, i))
    return FALSE;
  tensor = ckpt_tree_get_tensor (after, i);
  return tensor->storage != CKPT_NO_STORAGE && is_same_storage (before, after, tensor->storage);
}

/**
 * ckpt_survey_new_after:
 * @older: a survey of another version of the same file
 * @tree: a version of that file
 *
 * Makes a survey of what was edited, which knows all that @older knows and that is true of @tree too. On any thread.
 *
 * Returns: (transfer full): a survey
 */
CkptSurvey *
ckpt_survey_new_after (CkptSurvey *older, CkptTree *tree)
{
  CkptSurvey *self;

  g_return_val_if_fail (older != NULL && tree != NULL, NULL);

  self = ckpt_survey_new (tree, older->n_threads);
  if (ckpt_tree_get_source (older->tree) != ckpt_tree_get_source (tree))
    return self;
  g_mutex_lock (&older->mutex);
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    {
      g_autofree char *key = NULL;
      g_autoptr (GRefString) shared = NULL;
      CkptProfile *profile;

      if (!is_still_true (older->tree, tree, i))
        continue;
      key = ckpt_survey_dup_key (ckpt_tree_get_tensor (tree, i));
      profile = ckpt_survey_cache_peek (older->cache, key);
      if (profile == NULL || ckpt_survey_cache_peek (self->cache, key) != NULL)
        continue;
      shared = g_ref_string_new (key);
      ckpt_survey_cache_add (self->cache, shared, profile);
    }
  g_mutex_unlock (&older->mutex);
  return self;
}
