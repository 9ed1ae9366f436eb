/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-row-edit.h"

#include <string.h>

/* Values that one row stands for and that are removed at once: each is named. */
#define MAX_NAMES 10000u

static gboolean
is_part (CkptItem *item)
{
  CkptItemRole role = ckpt_item_get_role (item);

  return role == CKPT_ITEM_MODULE || role == CKPT_ITEM_RANGE || role == CKPT_ITEM_FOLD;
}

/* The last step to the value of a row; FALSE where there is none, as of the file. */
static gboolean
get_last_step (CkptItem *item, CkptChild *step)
{
  g_autoptr (CkptPath) path = ckpt_item_dup_path (item);
  guint n = ckpt_path_get_length (path);

  if (n == 0)
    return FALSE;
  *step = *ckpt_path_get_step (path, n - 1);
  return TRUE;
}

static gboolean
has_settable_value (CkptItem *item)
{
  switch (ckpt_tree_get_kind (ckpt_item_get_tree (item), ckpt_item_get_node (item)))
    {
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
      return TRUE;
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return FALSE;
    }
}

/**
 * stateroom_row_edit_can:
 * @item: a row
 * @action: "rename", "remove", "duplicate" or "set-value"
 *
 * Returns: whether the row can be edited so
 */
gboolean
stateroom_row_edit_can (CkptItem *item, const char *action)
{
  CkptItemRole role = ckpt_item_get_role (item);
  CkptChild step;

  if (role == CKPT_ITEM_FILE || !get_last_step (item, &step))
    return role == CKPT_ITEM_MODULE && (g_str_equal (action, "rename") || g_str_equal (action, "remove"));
  if (is_part (item))
    return g_str_equal (action, "remove") || (role == CKPT_ITEM_MODULE && g_str_equal (action, "rename"));
  if (g_str_equal (action, "set-value"))
    return has_settable_value (item);
  if (g_str_equal (action, "remove"))
    return step.kind == CKPT_STEP_KEY || step.kind == CKPT_STEP_INDEX || step.kind == CKPT_STEP_ATTRIBUTE;
  return step.kind == CKPT_STEP_KEY || step.kind == CKPT_STEP_ATTRIBUTE;
}

/* The path of what a key is added to beside a row: of the dict that the row is in. */
static char *
dup_parent_path (CkptItem *item, CkptNodeId *parent)
{
  g_autoptr (CkptPath) path = ckpt_item_dup_path (item);

  if (!is_part (item) && ckpt_path_get_length (path) > 0)
    ckpt_path_pop (path);
  *parent = ckpt_path_get_node (path, ckpt_item_get_tree (item));
  return ckpt_path_to_string (path, ckpt_item_get_tree (item));
}

static char *
dup_child_path (const char *parent_path, const char *key)
{
  g_autofree char *quoted = ckpt_text_quote (key, strlen (key));

  return g_strdup_printf ("%s[%s]", g_str_equal (parent_path, ".") ? "" : parent_path, quoted);
}

/**
 * stateroom_row_edit_rename:
 * @key: the new key; of a module, what all its keys begin with
 *
 * Renames what a row stands for.
 */
void
stateroom_row_edit_rename (StateroomPage *page, CkptItem *item, const char *key)
{
  g_autofree char *old_key = ckpt_item_dup_key (item), *path = ckpt_item_dup_path_text (item);
  g_autofree char *under = NULL, *old_prefix = NULL, *new_prefix = NULL, *parent = NULL, *select = NULL;
  CkptNodeId parent_node;

  if (g_str_equal (key, old_key))
    return;
  if (!is_part (item))
    {
      parent = dup_parent_path (item, &parent_node);
      select = dup_child_path (parent, key);
      stateroom_page_edit (page, (const char *const[]) { "rename", "--", path, key, NULL }, select);
      return;
    }
  under = g_strdup_printf ("--under=%s", path);
  old_prefix = g_strconcat (old_key, ".", NULL);
  new_prefix = key[0] != '\0' ? g_strconcat (key, ".", NULL) : g_strdup ("");
  stateroom_page_edit (
      page, (const char *const[]) { "rename-prefix", under, "--", old_prefix, new_prefix, NULL }, NULL);
}

/* Adds the paths of all values that a row stands for. */
static void
add_parts (GStrvBuilder *words, CkptItem *item)
{
  CkptTree *tree = ckpt_item_get_tree (item);
  g_autoptr (CkptPath) path = ckpt_item_dup_path (item);
  guint32 offset;
  g_autoptr (GArray) children = ckpt_item_list_children (item, &offset);

  for (guint i = 0; i < MIN (children->len, MAX_NAMES); i++)
    {
      ckpt_path_push (path, &g_array_index (children, CkptChild, i));
      g_strv_builder_take (words, ckpt_path_to_string (path, tree));
      ckpt_path_pop (path);
    }
}

/**
 * stateroom_row_edit_remove:
 * @item: (nullable): a row
 *
 * Removes what a row stands for.
 */
void
stateroom_row_edit_remove (StateroomPage *page, CkptItem *item)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  if (item == NULL)
    return;
  g_strv_builder_add_many (builder, "remove", "--", NULL);
  if (is_part (item))
    add_parts (builder, item);
  else
    g_strv_builder_take (builder, ckpt_item_dup_path_text (item));
  words = g_strv_builder_end (builder);
  stateroom_page_edit (page, (const char *const *) words, NULL);
}

/* A key like @key that @container does not have. */
static char *
dup_free_key (CkptTree *tree, CkptNodeId container, const char *key)
{
  char *result = g_strdup (key);

  for (guint i = 2; ckpt_tree_get_key (tree, container, result) != CKPT_NO_NODE; i++)
    {
      g_free (result);
      result = g_strdup_printf ("%s_%u", key, i);
    }
  return result;
}

/**
 * stateroom_row_edit_duplicate:
 * @item: (nullable): a row
 *
 * Puts the value of a row into its dict once more, under a key that is free.
 */
void
stateroom_row_edit_duplicate (StateroomPage *page, CkptItem *item)
{
  g_autofree char *path = NULL, *parent = NULL, *old_key = NULL, *key = NULL, *select = NULL;
  CkptNodeId container;

  if (item == NULL)
    return;
  path = ckpt_item_dup_path_text (item);
  parent = dup_parent_path (item, &container);
  old_key = ckpt_item_dup_key (item);
  key = dup_free_key (ckpt_item_get_tree (item), container, old_key);
  select = dup_child_path (parent, key);
  stateroom_page_edit (page, (const char *const[]) { "duplicate", "--", path, key, NULL }, select);
}

/**
 * stateroom_row_edit_set_value:
 * @literal: the new value, as Python writes it
 *
 * Sets the value of a row.
 */
void
stateroom_row_edit_set_value (StateroomPage *page, CkptItem *item, const char *literal)
{
  g_autofree char *path = ckpt_item_dup_path_text (item);

  stateroom_page_edit (page, (const char *const[]) { "set", "--", path, literal, NULL }, path);
}

/* Whether keys can be put into the value of a row. */
static gboolean
takes_keys (CkptItem *item)
{
  return ckpt_tree_get_kind (ckpt_item_get_tree (item), ckpt_item_get_node (item)) == CKPT_KIND_DICT;
}

/**
 * stateroom_row_edit_insert_ref:
 * @item: (nullable): a row; the root if none is given
 * @ref: a value of another file
 *
 * Puts the value into the dict of a row, or the dict that a row is in, under its key or one like it.
 */
void
stateroom_row_edit_insert_ref (StateroomPage *page, CkptItem *item, StateroomKeyRef *ref)
{
  CkptTree *tree = stateroom_page_get_tree (page);
  const char *file = ckpt_source_get_path (stateroom_key_ref_get_source (ref));
  g_autofree char *parent = NULL, *key = NULL, *select = NULL;
  CkptNodeId container = ckpt_tree_get_root (tree);

  if (item == NULL || ckpt_item_get_role (item) == CKPT_ITEM_FILE)
    parent = g_strdup (".");
  else if (takes_keys (item))
    {
      parent = ckpt_item_dup_path_text (item);
      container = ckpt_item_get_node (item);
    }
  else
    parent = dup_parent_path (item, &container);
  key = dup_free_key (tree, container, stateroom_key_ref_get_key (ref));
  select = dup_child_path (parent, key);
  stateroom_page_edit (
      page,
      (const char *const[]) { "insert", "--", parent, key, file, stateroom_key_ref_get_path (ref), NULL },
      select);
}
