/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show.h"

#include <string.h>

#include <glib/gi18n.h>

#include "item-text.h"
#include "table.h"
#include "values.h"

/* A person does not read more; --json writes all. */
#define MAX_CHILDREN 1000

typedef struct
{
  Table *table;
  guint64 budget;
  guint base; /* steps to the value whose parts are shown */
} Rows;

static gboolean
add_child (const Item *item, gpointer user_data)
{
  Rows *self = user_data;
  guint last = ckpt_path_get_length (item->path) - 1;
  g_autofree char *label = ckpt_path_step_to_label (item->tree, ckpt_path_get_step (item->path, last));

  item_add_row (item, label, FALSE, &self->budget, self->table);
  return TRUE;
}

static gboolean
add_itself (const Item *item, gpointer user_data)
{
  Rows *self = user_data;

  item_add_row (item, item->text, FALSE, &self->budget, self->table);
  return TRUE;
}

static void
show_children (Output *output, CkptTree *tree, const CkptPath *path)
{
  g_autoptr (Table) table = table_new (output, ITEM_N_COLUMNS, "  ");
  Rows rows = { table, ONLY_BUDGET, 0 };
  guint32 n = ckpt_tree_get_n_children (tree, ckpt_path_get_node (path, tree));

  listing_children (tree, path, MAX_CHILDREN, add_child, &rows);
  table_print (table);
  if (n > MAX_CHILDREN)
    output_printf (output, _ ("  and %u more; --json lists all\n"), n - MAX_CHILDREN);
}

static gboolean
add_part (const Item *item, gpointer user_data)
{
  Rows *self = user_data;

  if (ckpt_path_get_length (item->path) > self->base)
    item_add_row (item, item->text, FALSE, &self->budget, self->table);
  return TRUE;
}

/* All that a tensor without values of its own is made of. */
static void
show_parts (Output *output, CkptTree *tree, const CkptPath *path)
{
  g_autoptr (Table) table = table_new (output, ITEM_N_COLUMNS, "  ");
  Rows rows = { table, ONLY_BUDGET, ckpt_path_get_length (path) };

  listing_run (tree, path, LISTING_CONTAINERS, add_part, &rows);
  table_print (table);
}

/* The line that `ckpt ls` has for it, and what is in it. */
static void
show_composite (Output *output, CkptTree *tree, const CkptPath *path)
{
  g_autoptr (Table) table = table_new (output, ITEM_N_COLUMNS, "");
  Rows rows = { table, ONLY_BUDGET, 0 };

  listing_item (tree, path, add_itself, &rows);
  table_print (table);
  if (ckpt_tree_get_node_tensor (tree, ckpt_path_get_node (path, tree)) != NULL)
    show_parts (output, tree, path);
  else
    show_children (output, tree, path);
}

/* Bytes before the next line break or tab. */
static gsize
find_break (const char *text, gsize length)
{
  gsize n = 0;

  while (n < length && text[n] != '\n' && text[n] != '\t')
    n++;
  return n;
}

/* Line breaks and tabs are the text's own; all else that is no plain text is escaped. */
static gboolean
show_text (Output *output, CkptTree *tree, CkptNodeId node, GError **error)
{
  g_autoptr (GBytes) text = ckpt_tree_dup_text (tree, node, error);
  const char *at, *end;
  gsize length;

  if (text == NULL)
    return FALSE;

  at = g_bytes_get_data (text, &length);
  end = at + length;
  while (at < end)
    {
      gsize n = find_break (at, end - at);
      g_autofree char *shown = ckpt_text_escape (at, n, 0);

      output_text (output, shown);
      at += n;
      if (at < end)
        output_write (output, at++, 1);
    }
  if (length == 0 || end[-1] != '\n')
    output_text (output, "\n");
  return TRUE;
}

static gboolean
show_bytes (Output *output, CkptTree *tree, CkptNodeId node, GError **error)
{
  g_autoptr (GBytes) bytes = ckpt_tree_dup_text (tree, node, error);
  g_autofree char *shown = NULL;

  if (bytes == NULL)
    return FALSE;

  shown = ckpt_text_quote_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  output_text (output, shown);
  output_text (output, "\n");
  return TRUE;
}

static gboolean
show_tensor (Output *output, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  g_autofree char *text = NULL;

  if (!tensor_check_readable (tree, tensor, error))
    return FALSE;

  text = ckpt_tensor_print (tree, tensor, error);
  if (text == NULL)
    return FALSE;

  output_text (output, text);
  if (!g_str_has_suffix (text, "\n"))
    output_text (output, "\n");
  return TRUE;
}

/* Whether it is as it should be that no values can be read. */
static gboolean
has_no_values (const CkptTensor *tensor)
{
  return (tensor->flags & (CKPT_TENSOR_META | CKPT_TENSOR_WRAPPER)) != 0 ||
         tensor->layout != CKPT_LAYOUT_STRIDED;
}

static gboolean
show_scalar (Output *output, CkptTree *tree, CkptNodeId node)
{
  g_autofree char *text = ckpt_tree_repr (tree, node);

  if (text == NULL)
    text = ckpt_tree_describe (tree, node);
  output_text (output, text);
  output_text (output, "\n");
  return TRUE;
}

/**
 * show_value:
 * @path: the way to it
 *
 * Prints one value for a person: a text as it is, a tensor as PyTorch does, of others what is directly in them.
 *
 * Returns: FALSE with an error if it could not be read
 */
gboolean
show_value (Output *output, CkptTree *tree, const CkptPath *path, GError **error)
{
  CkptNodeId node = ckpt_path_get_node (path, tree);
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);

  if (tensor != NULL && !has_no_values (tensor))
    return show_tensor (output, tree, tensor, error);
  if (kind == CKPT_KIND_STRING)
    return show_text (output, tree, node, error);
  if (kind == CKPT_KIND_BYTES || kind == CKPT_KIND_BYTEARRAY)
    return show_bytes (output, tree, node, error);
  if (kind_is_plain (kind))
    return show_scalar (output, tree, node);

  show_composite (output, tree, path);
  return TRUE;
}
