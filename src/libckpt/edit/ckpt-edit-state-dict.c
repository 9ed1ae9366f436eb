/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-choose.h"
#include "edit/ckpt-put-state-dict.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GArray) nodes = ckpt_choose_nodes (words, ckpt_draft_get_tree (draft), error);
  guint n_modules = 0;

  if (nodes == NULL)
    return FALSE;

  for (guint i = 0; i < nodes->len; i++)
    if (!ckpt_put_state_dicts (draft, g_array_index (nodes, CkptNodeId, i), effect, &n_modules, error))
      return FALSE;
  ckpt_effect_set_title (
      effect,
      ngettext ("Turn %u module into its state dict", "Turn %u modules into their state dicts", n_modules),
      n_modules);
  return TRUE;
}

const CkptVerb ckpt_verb_state_dict = {
  .name = "state-dict",
  .usage = "[PATH...]",
  .summary = N_ ("Turn pickled modules into what their state_dict() gives, without their classes"),
  .max_words = G_MAXUINT,
  .apply = apply,
};
