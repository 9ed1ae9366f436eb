/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-verbs.h"

#include <string.h>

/* In the order in which help and docs/editing.md bring them. */
static const CkptVerb *const verbs[] = {
  &ckpt_verb_device,
  &ckpt_verb_unwrap,
  &ckpt_verb_prefix,
  &ckpt_verb_unwrap_object,
  &ckpt_verb_state_dict,
  &ckpt_verb_train,
  &ckpt_verb_eval,
  &ckpt_verb_rename,
  &ckpt_verb_rename_prefix,
  &ckpt_verb_rename_regex,
  &ckpt_verb_remove,
  &ckpt_verb_keep,
  &ckpt_verb_duplicate,
  &ckpt_verb_set,
  &ckpt_verb_insert,
  &ckpt_verb_cast,
  &ckpt_verb_compact,
  &ckpt_verb_split,
  &ckpt_verb_remove_optimizer,
  &ckpt_verb_keep_ema,
  &ckpt_verb_weights_only,
  &ckpt_verb_reads_in,
  NULL,
};

/**
 * ckpt_verbs_get:
 * @n_verbs: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_verbs): all ways to change a checkpoint
 */
const CkptVerb *const *
ckpt_verbs_get (guint *n_verbs)
{
  *n_verbs = G_N_ELEMENTS (verbs) - 1;
  return verbs;
}

/**
 * ckpt_verbs_find:
 * @name: a word
 *
 * Returns: (transfer none) (nullable): the verb of that name
 */
const CkptVerb *
ckpt_verbs_find (const char *name)
{
  for (guint i = 0; verbs[i] != NULL; i++)
    if (strcmp (verbs[i]->name, name) == 0)
      return verbs[i];
  return NULL;
}
