/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-word.h"

#include "model/ckpt-key.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHOWN 60

/**
 * ckpt_key_word_find:
 * @words: words
 * @i: which of them
 * @tree: a tree
 * @spot: (out): the place
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_NO_SUCH_PATH, or %CKPT_ERROR_INVALID_EDIT where it names several places, or one without a key
 */
gboolean
ckpt_key_word_find (const CkptWords *words, guint i, CkptTree *tree, CkptSpot *spot, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_match (words, i, tree, error);

  if (paths == NULL)
    return FALSE;
  if (paths->len > 1)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "several-places",
                           _ ("The path has to name one value, but matches %u."), paths->len);
  if (ckpt_spot_init (spot, tree, ckpt_tree_get_root (tree), paths->pdata[0]) &&
      (spot->child.kind == CKPT_STEP_KEY || spot->child.kind == CKPT_STEP_ATTRIBUTE))
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-key", _ ("What the path names has no key."));
}

static CkptNodeId
add_key (CkptDraft *draft, CkptNodeId like, const char *word, GError **error)
{
  gint64 number;

  if (like != CKPT_NO_NODE && ckpt_tree_get_kind (ckpt_draft_get_tree (draft), like) == CKPT_KIND_INT &&
      g_ascii_string_to_signed (word, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return ckpt_draft_add_int (draft, number, error);
  if (!g_utf8_validate (word, -1, NULL))
    {
      ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-key", _ ("A key has to be text in UTF-8."));
      return CKPT_NO_NODE;
    }
  return ckpt_draft_add_string (draft, word, -1, error);
}

/**
 * ckpt_key_word_add:
 * @draft: a draft
 * @parent: a dict, or an object with attributes
 * @kind: what sort of key
 * @like: a key whose type it should have, or %CKPT_NO_NODE
 * @word: the key
 * @error: return location
 *
 * Returns: the new key; %CKPT_NO_NODE with %CKPT_ERROR_INVALID_EDIT if another child has it, or with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_key_word_add (CkptDraft *draft,
                   CkptNodeId parent,
                   CkptStepKind kind,
                   CkptNodeId like,
                   const char *word,
                   GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint32 n = ckpt_tree_get_n_children (tree, parent);
  CkptNodeId key = add_key (draft, like, word, error);
  g_autofree char *shown = NULL;

  for (guint32 i = 0; i < n && key != CKPT_NO_NODE; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, parent, i, &child);
      if (child.kind != kind || !ckpt_key_is_equal (tree, child.key, key))
        continue;
      shown = ckpt_text_escape (word, strlen (word), MAX_SHOWN);
      ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "key-collision", _ ("There is a key “%s” already."),
                      shown);
      return CKPT_NO_NODE;
    }
  return key;
}
