/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-word.h"
#include "edit/ckpt-rename.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-wrappers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *from;
  const char *to;
} Names;

static char *
replace_name (const char *key, gpointer user_data, GError **error)
{
  const Names *names = user_data;

  return strcmp (key, names->from) == 0 ? g_strdup (names->to) : NULL;
}

/* A key of text in a dict: what is called after it follows. */
static gboolean
rename_text (CkptDraft *draft,
             const CkptSpot *spot,
             const char *from,
             const char *to,
             CkptEffect *effect,
             GError **error)
{
  g_autofree char *name = g_strdup (from);
  g_autoptr (GArray) dicts = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  Names names = { name, to };

  g_array_append_val (dicts, spot->parent);
  return ckpt_rename_keys (draft, dicts, replace_name, &names, effect, error);
}

static gboolean
rename_any (CkptDraft *draft, const CkptSpot *spot, const char *to, CkptEffect *effect, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autofree char *former = ckpt_tree_repr (tree, spot->child.key);
  CkptNodeId key;

  if (g_strcmp0 (former, to) == 0)
    return TRUE;
  key = ckpt_key_word_add (draft, spot->parent, spot->child.kind, spot->child.key, to, error);
  if (key == CKPT_NO_NODE || !ckpt_draft_rename_child (draft, spot->parent, spot->i, key, error))
    return FALSE;
  effect->n++;
  ckpt_effect_change (effect, former != NULL ? former : "", to);
  ckpt_effect_touch (effect, spot->child.node);
  return TRUE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const char *to = ckpt_words_get (words, 1);
  const char *from;
  CkptSpot spot;

  if (!ckpt_key_word_find (words, 0, tree, &spot, error))
    return FALSE;
  if (!g_utf8_validate (to, -1, NULL))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-key", _ ("A key has to be text in UTF-8."));
  from = spot.child.kind == CKPT_STEP_KEY ? ckpt_wrappers_peek_key (tree, &spot.child) : NULL;
  if (!(from != NULL ? rename_text (draft, &spot, from, to, effect, error)
                     : rename_any (draft, &spot, to, effect, error)))
    return FALSE;
  ckpt_effect_set_title (effect, "%s", _ ("Rename a key"));
  return TRUE;
}

const CkptVerb ckpt_verb_rename = {
  .name = "rename",
  .usage = "PATH NEW-KEY",
  .summary = N_ ("Give one value another key"),
  .min_words = 2,
  .max_words = 2,
  .apply = apply,
};
