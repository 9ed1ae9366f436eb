/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-graft.h"
#include "edit/ckpt-key-word.h"
#include "edit/ckpt-verbs.h"

#include "formats/ckpt-load.h"

#include <glib/gi18n-lib.h>

static gboolean
find_dict (const CkptWords *words, CkptTree *tree, CkptNodeId *dict, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_match (words, 0, tree, error);

  if (paths == NULL)
    return FALSE;
  *dict = ckpt_path_get_node (paths->pdata[0], tree);
  if (paths->len == 1 && ckpt_tree_get_kind (tree, *dict) == CKPT_KIND_DICT)
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-dict",
                         _ ("The path has to name one dict that the value is put into."));
}

static gboolean
get_position (const CkptWords *words, guint32 *at, GError **error)
{
  const char *word = ckpt_words_get_option (words, "at");
  guint64 number = G_MAXUINT32;

  if (word != NULL && !g_ascii_string_to_unsigned (word, 10, 0, G_MAXUINT32, &number, NULL))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-position",
                           _ ("The position has to be a number."));
  *at = number;
  return TRUE;
}

static CkptNodeId
copy_value (CkptDraft *draft, const CkptWords *words, GCancellable *cancellable, GError **error)
{
  g_autoptr (CkptTree) from = ckpt_load (ckpt_words_get (words, 2), NULL, NULL, cancellable, error);
  g_autoptr (CkptPath) path = from != NULL ? ckpt_path_resolve (from, ckpt_words_get (words, 3), error)
                                           : NULL;

  return path != NULL ? ckpt_graft_copy (draft, from, ckpt_path_get_node (path, from), error) : CKPT_NO_NODE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptNodeId dict, key, value;
  guint32 at = G_MAXUINT32;

  if (!get_position (words, &at, error) || !find_dict (words, ckpt_draft_get_tree (draft), &dict, error))
    return FALSE;
  key = ckpt_key_word_add (draft, dict, CKPT_STEP_KEY, CKPT_NO_NODE, ckpt_words_get (words, 1), error);
  value = key != CKPT_NO_NODE ? copy_value (draft, words, cancellable, error) : CKPT_NO_NODE;
  if (value == CKPT_NO_NODE || !ckpt_draft_insert_pair (draft, dict, at, key, value, error))
    return FALSE;
  effect->n = 1;
  ckpt_effect_touch (effect, value);
  ckpt_effect_set_title (effect, "%s", _ ("Insert a value of another file"));
  return TRUE;
}

const CkptVerb ckpt_verb_insert = {
  .name = "insert",
  .usage = "PATH NEW-KEY FILE FILE-PATH [--at=N]",
  .summary = N_ ("Put a value of another file into a dict"),
  .options = "at=",
  .min_words = 4,
  .max_words = 4,
  .apply = apply,
};
