/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-cut.h"
#include "edit/ckpt-pick.h"
#include "edit/ckpt-untie.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptEffect *effect;
  CkptViews *views;
  guint n_left;
} Split;

static gboolean
split_tensor (Split *self, guint32 tensor, GError **error)
{
  const CkptTensor *from = ckpt_tree_get_tensor (self->tree, tensor);
  g_autoptr (GArray) cuts = NULL;
  guint n;

  ckpt_views_get (self->views, from->storage, &n);
  if (n < 2)
    return TRUE;
  if (!ckpt_views_are_free (self->views, from->storage) || ckpt_dtype_get_info (from->dtype)->bits < 8)
    {
      self->n_left++;
      return TRUE;
    }
  cuts = ckpt_cut_list (self->tree, &tensor, 1);
  self->effect->n++;
  ckpt_effect_touch (self->effect, from->node);
  return ckpt_cut_apply (&g_array_index (cuts, CkptCut, 0), self->draft, error);
}

static gboolean
split (Split *self, const CkptWords *words, GError **error)
{
  g_autoptr (GArray) picked = ckpt_pick_tensors (words, 0, self->tree, error);

  if (picked == NULL)
    return FALSE;
  for (guint i = 0; i < picked->len; i++)
    if (!split_tensor (self, g_array_index (picked, guint32, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  Split self = { .draft = draft, .tree = ckpt_draft_get_tree (draft), .effect = effect };
  gboolean is_done;

  if (!ckpt_untie_objects (draft, words, &self.n_left, error))
    return FALSE;
  self.views = ckpt_views_new (self.tree);
  is_done = split (&self, words, error);
  ckpt_views_free (self.views);
  ckpt_effect_set_title (effect,
                         ngettext ("Give %u tensor a storage of its own",
                                   "Give %u tensors storages of their own", (guint) effect->n),
                         (guint) effect->n);
  if (self.n_left > 0)
    ckpt_effect_note (
        effect,
        ngettext (
            "%u tensor stays as it is, since its storage is also a value, or bytes of it are missing, or it is made in an unknown way.",
            "%u tensors stay as they are, since their storages are also values, or bytes of them are missing, or they are made in an unknown way.",
            self.n_left),
        self.n_left);
  return is_done;
}

const CkptVerb ckpt_verb_split = {
  .name = "split",
  .usage = "[PATH...]",
  .summary = N_ ("Give tensors that share their values storages of their own"),
  .max_words = G_MAXUINT,
  .apply = apply,
};
