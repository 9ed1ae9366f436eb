/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-scope.h"

#include <glib/gi18n.h>

#include "stateroom-format.h"

#define SCOPES_KEY "stateroom-scopes"

typedef struct
{
  char *path;
  CkptNodeId node;
} Scope;

static void
clear_scope (gpointer data)
{
  g_free (((Scope *) data)->path);
}

static void
add (GtkStringList *labels, GArray *scopes, const char *label, char *path, CkptNodeId node)
{
  Scope scope = { path, node };

  gtk_string_list_append (labels, label);
  g_array_append_val (scopes, scope);
}

/* All values from the root down to the selected one, the root itself left out. */
static void
add_steps (GtkStringList *labels, GArray *scopes, CkptItem *item)
{
  CkptTree *tree = ckpt_item_get_tree (item);
  g_autoptr (CkptPath) whole = ckpt_item_dup_path (item);
  g_autoptr (CkptPath) path = ckpt_path_new ();

  for (guint i = 0; i < ckpt_path_get_length (whole); i++)
    {
      const CkptChild *step = ckpt_path_get_step (whole, i);
      g_autofree char *text = NULL, *label = NULL, *shown = NULL;

      ckpt_path_push (path, step);
      text = ckpt_path_to_string (path, tree);
      label = stateroom_format_step (tree, path);
      /* Translators: what an edit is for; %s is a key of the file */
      shown = g_strdup_printf (ckpt_tree_get_node_tensor (tree, step->node) != NULL
                                   ? _ ("Only the tensor “%s”")
                                   : _ ("Only what is in “%s”"),
                               label);
      add (labels, scopes, shown, g_steal_pointer (&text), step->node);
    }
}

/**
 * stateroom_scope_fill:
 * @row: a row of a form
 * @item: (nullable): what is selected
 *
 * Lets the row ask what an edit is for, beginning with everything.
 */
void
stateroom_scope_fill (AdwComboRow *row, CkptItem *item)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GArray *scopes = g_array_new (FALSE, FALSE, sizeof (Scope));

  g_array_set_clear_func (scopes, clear_scope);
  add (labels, scopes, _ ("Everything in the file"), g_strdup ("."),
       item != NULL ? ckpt_tree_get_root (ckpt_item_get_tree (item)) : CKPT_NO_NODE);
  if (item != NULL && ckpt_item_get_role (item) != CKPT_ITEM_FILE)
    add_steps (labels, scopes, item);
  g_object_set_data_full (G_OBJECT (row), SCOPES_KEY, scopes, (GDestroyNotify) g_array_unref);
  adw_combo_row_set_model (row, G_LIST_MODEL (labels));
  gtk_widget_set_visible (GTK_WIDGET (row), scopes->len > 1);
}

/**
 * stateroom_scope_narrow:
 * @row: a row that stateroom_scope_fill() filled
 *
 * Chooses what is selected in the tree.
 */
void
stateroom_scope_narrow (AdwComboRow *row)
{
  adw_combo_row_set_selected (row, g_list_model_get_n_items (adw_combo_row_get_model (row)) - 1);
}

static const Scope *
get_scope (AdwComboRow *row)
{
  GArray *scopes = g_object_get_data (G_OBJECT (row), SCOPES_KEY);
  guint selected = adw_combo_row_get_selected (row);

  return &g_array_index (scopes, Scope, selected < scopes->len ? selected : 0);
}

/**
 * stateroom_scope_get_path:
 * @row: a row that stateroom_scope_fill() filled
 *
 * Returns: (transfer none): the text of the path of what is chosen
 */
const char *
stateroom_scope_get_path (AdwComboRow *row)
{
  return get_scope (row)->path;
}

/**
 * stateroom_scope_get_node:
 * @row: a row that stateroom_scope_fill() filled
 *
 * Returns: what is chosen
 */
CkptNodeId
stateroom_scope_get_node (AdwComboRow *row)
{
  return get_scope (row)->node;
}

/**
 * stateroom_scope_add_word:
 * @row: a row that stateroom_scope_fill() filled
 * @words: words of an edit
 *
 * Says in @words what the edit is for, unless that is everything.
 */
void
stateroom_scope_add_word (AdwComboRow *row, GStrvBuilder *words)
{
  const char *path = stateroom_scope_get_path (row);

  if (!g_str_equal (path, "."))
    g_strv_builder_take (words, g_strdup_printf ("--under=%s", path));
}
