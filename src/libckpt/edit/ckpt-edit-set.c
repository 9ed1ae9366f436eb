/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-spot.h"
#include "edit/ckpt-verbs.h"

#include "model/ckpt-draft.h"
#include "model/ckpt-literal.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static CkptNodeId
set_bad_value (const char *word, GError **error)
{
  g_autofree char *shown = ckpt_text_escape (word, strlen (word), 60);

  ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-value",
                  _ ("“%s” is no value as Python writes it: a number, True, False, None, or text in quotes."),
                  shown);
  return CKPT_NO_NODE;
}

static gboolean
parse_float (const char *literal, double *value)
{
  char *end;

  *value = g_ascii_strtod (literal, &end);
  return *literal != '\0' && *end == '\0';
}

static CkptNodeId
add_literal (CkptDraft *draft, const char *literal, const char *word, GError **error)
{
  gint64 number;
  double value;

  if (strcmp (literal, "None") == 0)
    return ckpt_draft_add_none (draft, error);
  if (strcmp (literal, "True") == 0 || strcmp (literal, "False") == 0)
    return ckpt_draft_add_bool (draft, literal[0] == 'T', error);
  if (g_ascii_string_to_signed (literal, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return ckpt_draft_add_int (draft, number, error);
  if (strspn (literal, "+-0123456789") < strlen (literal) && parse_float (literal, &value))
    return ckpt_draft_add_float (draft, value, error);
  return set_bad_value (word, error);
}

static CkptNodeId
add_value (CkptDraft *draft, const char *word, GError **error)
{
  g_autofree char *literal = NULL;
  GString *text = NULL;
  const char *at = word;
  CkptNodeId node;

  if (!ckpt_literal_parse (&at, &text, &literal) || *at != '\0' ||
      (text != NULL && !g_utf8_validate (text->str, text->len, NULL)))
    {
      if (text != NULL)
        g_string_free (text, TRUE);
      return set_bad_value (word, error);
    }
  if (text == NULL)
    return add_literal (draft, literal, word, error);
  node = ckpt_draft_add_string (draft, text->str, text->len, error);
  g_string_free (text, TRUE);
  return node;
}

static gboolean
is_plain (CkptTree *tree, CkptNodeId node)
{
  switch ((int) ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
set_one (CkptDraft *draft, const CkptPath *path, CkptNodeId value, CkptEffect *effect, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  CkptSpot spot;

  if (!ckpt_spot_init (&spot, tree, ckpt_tree_get_root (tree), path) || !is_plain (tree, spot.child.node))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "not-plain",
                           _ ("Only numbers, True, False, None and text can be set to another value."));
  before = ckpt_tree_repr (tree, spot.child.node);
  after = ckpt_tree_repr (tree, value);
  if (g_strcmp0 (before, after) == 0)
    return TRUE;
  effect->n++;
  ckpt_effect_change (effect, before != NULL ? before : "", after);
  ckpt_effect_touch (effect, value);
  return ckpt_draft_put_child (draft, spot.parent, spot.i, value, error);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_match (words, 0, ckpt_draft_get_tree (draft), error);
  CkptNodeId value = paths != NULL ? add_value (draft, ckpt_words_get (words, 1), error) : CKPT_NO_NODE;

  if (value == CKPT_NO_NODE)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    if (!set_one (draft, paths->pdata[i], value, effect, error))
      return FALSE;
  ckpt_effect_set_title (effect, ngettext ("Set %u value", "Set %u values", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

const CkptVerb ckpt_verb_set = {
  .name = "set",
  .usage = "PATH VALUE",
  .summary = N_ ("Set a number, a text, True, False or None, written as in Python"),
  .min_words = 2,
  .max_words = 2,
  .apply = apply,
};
