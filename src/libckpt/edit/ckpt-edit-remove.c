/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-drop.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GPtrArray) paths = ckpt_words_match_all (words, 0, tree, error);
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (CkptSpot));

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      CkptSpot spot;

      if (!ckpt_spot_init (&spot, tree, ckpt_tree_get_root (tree), paths->pdata[i]))
        return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "remove-root",
                               _ ("The whole content of a file cannot be removed."));
      g_array_append_val (spots, spot);
    }
  return ckpt_drop_spots (draft, spots, effect, error);
}

const CkptVerb ckpt_verb_remove = {
  .name = "remove",
  .usage = "PATH...",
  .summary = N_ ("Leave out values"),
  .min_words = 1,
  .max_words = G_MAXUINT,
  .apply = apply,
};
