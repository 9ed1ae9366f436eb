/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv.h"

#include <string.h>

#include <glib/gi18n.h>

/* What a spreadsheet takes for the beginning of a formula, full-width forms included. */
static const char *const formula_marks[] = {
  "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
};

static gboolean
looks_like_formula (const char *text, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formula_marks); i++)
    {
      gsize mark_length = strlen (formula_marks[i]);

      if (length >= mark_length && memcmp (text, formula_marks[i], mark_length) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * csv_append_text:
 * @text: (array length=length): text of a file
 * @is_changed: (inout): set if it got a quote before it, as a spreadsheet would have computed it
 *
 * Appends it as one field, quoted as RFC 4180 says.
 */
void
csv_append_text (GString *line, const char *text, gsize length, gboolean *is_changed)
{
  g_autofree char *shown = ckpt_text_escape (text, length, 0);

  g_string_append_c (line, '"');
  if (looks_like_formula (text, length))
    {
      g_string_append_c (line, '\'');
      *is_changed = TRUE;
    }
  for (const char *p = shown; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *p);
    }
  g_string_append_c (line, '"');
}

/* FALSE without an error if @node is no text and no number. */
static gboolean
append_value (GString *line, CkptTree *tree, CkptNodeId node, gboolean *is_changed, GError **error)
{
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  g_autoptr (GBytes) text = NULL;
  g_autofree char *repr = NULL;

  if (kind == CKPT_KIND_STRING)
    {
      text = ckpt_tree_dup_text (tree, node, error);
      if (text == NULL)
        return FALSE;
      csv_append_text (line, g_bytes_get_data (text, NULL), g_bytes_get_size (text), is_changed);
      return TRUE;
    }

  if (kind != CKPT_KIND_NONE && kind != CKPT_KIND_BOOL && kind != CKPT_KIND_INT && kind != CKPT_KIND_FLOAT)
    return FALSE;

  repr = ckpt_tree_repr (tree, node);
  if (repr != NULL && kind != CKPT_KIND_NONE)
    g_string_append (line, repr);
  return TRUE;
}

static gboolean
append_row (GString *line, CkptTree *tree, const CkptChild *child, gboolean *is_changed, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean is_done = TRUE;

  if (child->kind == CKPT_STEP_KEY)
    {
      is_done = append_value (line, tree, child->key, is_changed, &cause);
      g_string_append_c (line, ',');
    }
  if (is_done && append_value (line, tree, child->node, is_changed, &cause))
    {
      g_string_append (line, "\n");
      return TRUE;
    }

  if (cause == NULL)
    return ckpt_error_set (
        error, CKPT_ERROR_UNSUPPORTED, "no-csv",
        _ ("Only a tensor, or a list or dict of numbers and texts, can be written as CSV."));

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * csv_write_values:
 * @container: a list, tuple, set or dict
 * @is_changed: (inout): set where a text got a quote before it, as a spreadsheet would have computed it
 *
 * Writes one value a line, of a dict with its key.
 *
 * Returns: FALSE with CKPT_ERROR_UNSUPPORTED if it holds anything but numbers and texts
 */
gboolean
csv_write_values (Output *output, CkptTree *tree, CkptNodeId container, gboolean *is_changed, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint32 n = ckpt_tree_get_n_children (tree, container);

  for (guint32 i = 0; i < n && !output_has_failed (output); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, container, i, &child);
      g_string_truncate (line, 0);
      if (!append_row (line, tree, &child, is_changed, error))
        return FALSE;
      output_write (output, line->str, line->len);
    }
  return TRUE;
}
