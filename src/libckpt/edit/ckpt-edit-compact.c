/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-cut.h"
#include "edit/ckpt-pick.h"
#include "edit/ckpt-verbs.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptEffect *effect;
  CkptViews *views;
  guint n_storages;
  guint n_left;
  guint64 n_saved;
} Compact;

static gboolean
has_packed (CkptTree *tree, const guint32 *tensors, guint n)
{
  for (guint i = 0; i < n; i++)
    if (ckpt_dtype_get_info (ckpt_tree_get_tensor (tree, tensors[i])->dtype)->bits < 8)
      return TRUE;
  return FALSE;
}

static gboolean
cut (Compact *self, GArray *cuts, GError **error)
{
  for (guint i = 0; i < cuts->len; i++)
    {
      const CkptCut *piece = &g_array_index (cuts, CkptCut, i);

      if (!ckpt_cut_apply (piece, self->draft, error))
        return FALSE;
      for (guint j = 0; j < piece->n; j++)
        ckpt_effect_touch (self->effect, ckpt_tree_get_tensor (self->tree, piece->tensors[j])->node);
      self->effect->n += piece->n;
    }
  return TRUE;
}

static gboolean
compact_storage (Compact *self, guint storage, GError **error)
{
  guint64 n_bytes = ckpt_tree_get_storage (self->tree, storage)->n_bytes, n_needed = 0;
  g_autoptr (GArray) cuts = NULL;
  const guint32 *tensors;
  guint n;

  tensors = ckpt_views_get (self->views, storage, &n);
  if (n == 0 || has_packed (self->tree, tensors, n))
    return TRUE;
  cuts = ckpt_cut_list (self->tree, tensors, n);
  for (guint i = 0; i < cuts->len; i++)
    n_needed += ckpt_cut_get_size (&g_array_index (cuts, CkptCut, i), self->tree);
  if (n_needed >= n_bytes)
    return TRUE;
  if (!ckpt_views_are_free (self->views, storage))
    {
      self->n_left++;
      return TRUE;
    }
  self->n_storages++;
  self->n_saved += n_bytes - n_needed;
  return cut (self, cuts, error);
}

static gboolean
compact (Compact *self, const CkptWords *words, GError **error)
{
  g_autoptr (GArray) picked = ckpt_pick_storages (words, 0, self->tree, error);

  if (picked == NULL)
    return FALSE;
  for (guint i = 0; i < picked->len; i++)
    if (!compact_storage (self, g_array_index (picked, guint32, i), error))
      return FALSE;
  return TRUE;
}

static void
finish (Compact *self)
{
  g_autofree char *saved = ckpt_text_bytes (self->n_saved);

  ckpt_effect_set_title (
      self->effect,
      ngettext ("Compact %u storage (%s less)", "Compact %u storages (%s less)", self->n_storages),
      self->n_storages, saved);
  if (self->n_left > 0)
    ckpt_effect_note (
        self->effect,
        ngettext (
            "%u storage stays as it is, since something other than tensors refers to it, or bytes of it are missing.",
            "%u storages stay as they are, since something other than tensors refers to them, or bytes of them are missing.",
            self->n_left),
        self->n_left);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  Compact self = { .draft = draft, .tree = ckpt_draft_get_tree (draft), .effect = effect };
  gboolean is_done;

  self.views = ckpt_views_new (self.tree);
  is_done = compact (&self, words, error);
  ckpt_views_free (self.views);
  if (is_done)
    finish (&self);
  return is_done;
}

const CkptVerb ckpt_verb_compact = {
  .name = "compact",
  .usage = "[PATH...]",
  .summary = N_ ("Leave out bytes of storages that no tensor shows"),
  .max_words = G_MAXUINT,
  .apply = apply,
};
