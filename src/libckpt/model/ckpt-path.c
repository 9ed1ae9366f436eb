/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-path-private.h"

#include "model/ckpt-repr.h"
#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"

#include <string.h>

struct _CkptPath
{
  GArray *steps; /* of CkptChild */
};

/**
 * ckpt_path_new:
 *
 * Returns: (transfer full): the path of the root
 */
CkptPath *
ckpt_path_new (void)
{
  CkptPath *self = g_new0 (CkptPath, 1);

  self->steps = g_array_new (FALSE, FALSE, sizeof (CkptChild));
  return self;
}

/**
 * ckpt_path_copy:
 * @self: a path
 *
 * Returns: (transfer full): a copy
 */
CkptPath *
ckpt_path_copy (const CkptPath *self)
{
  CkptPath *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (CkptPath, 1);
  copy->steps = g_array_copy (self->steps);
  return copy;
}

/**
 * ckpt_path_free:
 * @self: (transfer full): a path
 */
void
ckpt_path_free (CkptPath *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->steps);
  g_free (self);
}

/**
 * ckpt_path_get_length:
 * @self: a path
 *
 * Returns: its steps; the path of the root has none
 */
guint
ckpt_path_get_length (const CkptPath *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->steps->len;
}

/**
 * ckpt_path_get_step:
 * @self: a path
 * @i: which step
 *
 * Returns: (transfer none): the step and the value that it leads to
 */
const CkptChild *
ckpt_path_get_step (const CkptPath *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->steps->len, NULL);

  return &g_array_index (self->steps, CkptChild, i);
}

/**
 * ckpt_path_push:
 * @self: a path
 * @step: a child of the value that the path leads to
 *
 * Goes one step further.
 */
void
ckpt_path_push (CkptPath *self, const CkptChild *step)
{
  g_return_if_fail (self != NULL && step != NULL);

  g_array_append_vals (self->steps, step, 1);
}

/**
 * ckpt_path_pop:
 * @self: a path of at least one step
 *
 * Goes one step back.
 */
void
ckpt_path_pop (CkptPath *self)
{
  g_return_if_fail (self != NULL && self->steps->len > 0);

  g_array_set_size (self->steps, self->steps->len - 1);
}

/**
 * ckpt_path_get_node:
 * @self: a path
 * @tree: the tree that it is of
 *
 * Returns: the value that it leads to
 */
CkptNodeId
ckpt_path_get_node (const CkptPath *self, CkptTree *tree)
{
  g_return_val_if_fail (self != NULL, CKPT_NO_NODE);

  if (self->steps->len == 0)
    return ckpt_tree_get_root (tree);
  return g_array_index (self->steps, CkptChild, self->steps->len - 1).node;
}

static gboolean
is_identifier (const char *text, gsize length)
{
  if (length == 0 || g_ascii_isdigit (text[0]))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '_')
      return FALSE;
  return TRUE;
}

/* Names that mean something else after a dot. */
static gboolean
is_reserved (const char *name)
{
  return strcmp (name, "args") == 0 || strcmp (name, "kwargs") == 0 || strcmp (name, "items") == 0 ||
         strcmp (name, "state") == 0;
}

/* Whether the literal of a key leads back to it: keys that are put into an object may repeat those that it was made with, or indices. */
static gboolean
is_unique (CkptTree *tree, CkptNodeId parent, const CkptChild *step, const char *literal)
{
  CkptSelector selector = { .kind = CKPT_SELECT_SUBSCRIPT, .step = step->kind };
  CkptChild found;
  gboolean is_same;

  if (ckpt_nodes_get_kind (tree->nodes, ckpt_tree_resolve (tree, parent)) != CKPT_KIND_OBJECT)
    return TRUE;

  if (ckpt_tree_count_parts (tree, parent, step->kind) +
          ckpt_tree_count_parts (tree, parent, CKPT_STEP_INDEX) <
      2)
    return TRUE;

  selector.literal = g_strdup (literal);
  is_same = ckpt_selector_find (&selector, tree, parent, &found) && found.kind == step->kind &&
            found.index == step->index;
  ckpt_selector_clear (&selector);
  return is_same;
}

static void
append_subscript (GString *out, CkptTree *tree, CkptNodeId parent, const CkptChild *step)
{
  gsize length = out->len;

  g_string_append_c (out, '[');
  if (ckpt_repr_append (tree, out, step->key, '"') && is_unique (tree, parent, step, out->str + length + 1))
    {
      g_string_append_c (out, ']');
      return;
    }

  g_string_truncate (out, length);
  g_string_append_printf (out, "[#%u]", step->index);
}

static void
append_attribute (GString *out, CkptTree *tree, CkptNodeId parent, const CkptChild *step)
{
  gsize length;
  const char *name = ckpt_tree_peek_whole_text (tree, step->key, &length);

  if (name != NULL && is_identifier (name, length) && !is_reserved (name) &&
      ckpt_tree_count_parts (tree, parent, CKPT_STEP_ATTRIBUTE) < 2)
    {
      g_string_append_c (out, '.');
      g_string_append (out, name);
      return;
    }

  g_string_append (out, ".state");
  append_subscript (out, tree, parent, step);
}

/**
 * ckpt_path_append_step:
 * @out: where to append
 * @tree: the tree
 * @parent: the value that the step starts from
 * @step: the step
 *
 * Appends the text form of one step.
 */
void
ckpt_path_append_step (GString *out, CkptTree *tree, CkptNodeId parent, const CkptChild *step)
{
  switch (step->kind)
    {
    case CKPT_STEP_KEY:
      append_subscript (out, tree, parent, step);
      break;
    case CKPT_STEP_INDEX:
      g_string_append_printf (out, "[%u]", step->index);
      break;
    case CKPT_STEP_ATTRIBUTE:
      append_attribute (out, tree, parent, step);
      break;
    case CKPT_STEP_STATE:
      g_string_append (out, ".state");
      break;
    case CKPT_STEP_ARGUMENT:
      g_string_append_printf (out, ".args[%u]", step->index);
      break;
    case CKPT_STEP_KEYWORD:
      g_string_append (out, ".kwargs");
      append_subscript (out, tree, parent, step);
      break;
    case CKPT_STEP_ITEM:
      g_string_append_printf (out, ".items[%u]", step->index);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * ckpt_path_to_string:
 * @self: a path
 * @tree: the tree that it is of
 *
 * Returns: (transfer full): its text form, which ckpt_path_resolve() takes: `["model"]["conv1.weight"]`, `["args"].lr`, `.` for the root;
 *   valid UTF-8, safe to show
 */
char *
ckpt_path_to_string (const CkptPath *self, CkptTree *tree)
{
  CkptNodeId parent;
  GString *out;

  g_return_val_if_fail (self != NULL && tree != NULL, NULL);

  if (self->steps->len == 0)
    return g_strdup (".");

  out = g_string_new (NULL);
  parent = ckpt_tree_get_root (tree);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const CkptChild *step = ckpt_path_get_step (self, i);

      ckpt_path_append_step (out, tree, parent, step);
      parent = step->node;
    }
  return g_string_free_and_steal (out);
}

static char *
label_key (CkptTree *tree, CkptNodeId key, guint32 index)
{
  g_autoptr (GString) repr = g_string_new (NULL);
  const char *text;
  gsize length;

  if (ckpt_tree_get_kind (tree, key) == CKPT_KIND_STRING)
    {
      guint64 full_length;
      g_autofree char *shown = NULL;

      text = ckpt_tree_peek_text (tree, key, &length, &full_length);
      shown = ckpt_text_escape (text, length, 0);
      return length < full_length ? g_strconcat (shown, "…", NULL) : g_steal_pointer (&shown);
    }

  if (ckpt_repr_append (tree, repr, key, '"'))
    return g_string_free_and_steal (g_steal_pointer (&repr));
  return g_strdup_printf ("#%u", index);
}

/**
 * ckpt_path_step_to_label:
 * @tree: the tree
 * @step: a step
 *
 * Returns: (transfer full): the step alone, as a tree shows it: `conv1.weight`, `0`, `.lr`; escaped, not cut
 */
char *
ckpt_path_step_to_label (CkptTree *tree, const CkptChild *step)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (tree != NULL && step != NULL, NULL);

  switch (step->kind)
    {
    case CKPT_STEP_KEY:
      return label_key (tree, step->key, step->index);
    case CKPT_STEP_ATTRIBUTE:
      name = label_key (tree, step->key, step->index);
      return g_strconcat (".", name, NULL);
    case CKPT_STEP_KEYWORD:
      name = label_key (tree, step->key, step->index);
      return g_strconcat (".kwargs.", name, NULL);
    case CKPT_STEP_INDEX:
      return g_strdup_printf ("%u", step->index);
    case CKPT_STEP_STATE:
      return g_strdup (".state");
    case CKPT_STEP_ARGUMENT:
      return g_strdup_printf (".args[%u]", step->index);
    case CKPT_STEP_ITEM:
      return g_strdup_printf (".items[%u]", step->index);
    default:
      g_assert_not_reached ();
    }
}
