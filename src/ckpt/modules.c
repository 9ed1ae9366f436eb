/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "modules.h"

#include <string.h>

/* Module.__init__() of PyTorch 2.13 makes 17. */
#define MAX_OWN_ATTRIBUTES 50

typedef struct
{
  GHashTable *met; /* tensors that were counted */
  guint64 n;
} Count;

static void
module_free (gpointer data)
{
  Module *self = data;

  g_free (self->path);
  g_free (self->class_name);
  g_free (self);
}

static gboolean
is_attribute (CkptTree *tree, const CkptChild *step, const char *name)
{
  const char *text;
  gsize length;

  if (step->kind != CKPT_STEP_ATTRIBUTE || ckpt_tree_get_kind (tree, step->key) != CKPT_KIND_STRING)
    return FALSE;

  text = ckpt_tree_peek_text (tree, step->key, &length, NULL);
  return length == strlen (name) && memcmp (text, name, length) == 0;
}

/* torch.nn.Module.__setstate__() takes the state as it is: these two are what Module.__init__() always makes. It makes them before
 * others, so not all attributes of many large objects are gone through. */
static gboolean
is_module (CkptTree *tree, CkptNodeId node)
{
  guint32 n = MIN (ckpt_tree_get_n_children (tree, node), MAX_OWN_ATTRIBUTES);
  guint n_found = 0;

  if (ckpt_tree_get_kind (tree, node) != CKPT_KIND_OBJECT)
    return FALSE;

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      if (is_attribute (tree, &child, "_parameters") || is_attribute (tree, &child, "_modules"))
        n_found += ckpt_tree_get_kind (tree, child.node) == CKPT_KIND_DICT;
    }
  return n_found == 2;
}

static gboolean
count_parameters (CkptTree *tree,
                  const CkptPath *path,
                  guint depth,
                  const CkptChild *child,
                  gboolean is_repeat,
                  gpointer user_data)
{
  Count *self = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);

  if (tensor == NULL)
    return TRUE;

  if (depth >= 2 &&
      is_attribute (tree, ckpt_path_get_step (path, ckpt_path_get_length (path) - 2), "_parameters") &&
      g_hash_table_add (self->met, GUINT_TO_POINTER (ckpt_tree_get_first_tied (tree, tensor)->node)))
    self->n += tensor->numel;
  return FALSE;
}

static gboolean
find_module (CkptTree *tree,
             const CkptPath *path,
             guint depth,
             const CkptChild *child,
             gboolean is_repeat,
             gpointer user_data)
{
  GPtrArray *modules = user_data;
  g_autoptr (GHashTable) met = NULL;
  Module *module;
  Count count;

  if (is_repeat || !is_module (tree, child->node))
    return TRUE;

  met = g_hash_table_new (NULL, NULL);
  count = (Count) { met, 0 };
  ckpt_tree_walk (tree, child->node, count_parameters, &count);

  module = g_new0 (Module, 1);
  module->path = ckpt_path_to_string (path, tree);
  module->class_name = g_strdup (ckpt_tree_get_class_name (tree, child->node));
  module->n_parameters = count.n;
  g_ptr_array_add (modules, module);
  return FALSE;
}

/**
 * modules_find:
 *
 * Returns: (transfer full) (element-type Module): the modules that were pickled whole, in file order
 */
GPtrArray *
modules_find (CkptTree *tree)
{
  GPtrArray *modules = g_ptr_array_new_with_free_func (module_free);

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), find_module, modules);
  return modules;
}
