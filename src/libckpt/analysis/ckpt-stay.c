/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-stay.h"

#include <string.h>

/* torch.get_rng_state() gives a Mersenne twister of 624 words with what at::CPUGeneratorImpl keeps beside it. */
#define CPU_RNG_BYTES 5056
#define MAX_RNG_NAME  64

struct _CkptStayFinder
{
  CkptTree *tree;
  CkptNodeId from;
  CkptNodeId optimizer;       /* the one that was met last */
  gboolean is_any_capturable; /* some group of it */
  GHashTable *capturable;     /* names of the parameters in such groups */
};

/**
 * ckpt_stay_finder_new:
 * @tree: the tree; must live as long as the result
 * @from: where the paths begin
 *
 * Returns: (transfer full): a finder
 */
CkptStayFinder *
ckpt_stay_finder_new (CkptTree *tree, CkptNodeId from)
{
  CkptStayFinder *self = g_new0 (CkptStayFinder, 1);

  self->tree = tree;
  self->from = from;
  self->optimizer = CKPT_NO_NODE;
  self->capturable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

/**
 * ckpt_stay_finder_free:
 * @self: (nullable): a finder
 */
void
ckpt_stay_finder_free (CkptStayFinder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->capturable);
  g_free (self);
}

static const char *
peek_name (CkptTree *tree, const CkptChild *step, gsize *length)
{
  if ((step->kind != CKPT_STEP_KEY && step->kind != CKPT_STEP_ATTRIBUTE) ||
      ckpt_tree_get_kind (tree, step->key) != CKPT_KIND_STRING)
    return NULL;
  return ckpt_tree_peek_text (tree, step->key, length, NULL);
}

static gboolean
has_name (CkptTree *tree, const CkptChild *step, const char *name)
{
  gsize length;
  const char *text = peek_name (tree, step, &length);

  return text != NULL && length == strlen (name) && memcmp (text, name, length) == 0;
}

/* What a parameter is called in an optimizer: a number or a name, or the parameter itself where a whole optimizer was pickled. */
static char *
name_parameter (CkptTree *tree, CkptNodeId node)
{
  char *name = ckpt_tree_repr (tree, node);

  return name != NULL ? name : g_strdup_printf ("#%u", node);
}

static gboolean
is_true (CkptTree *tree, CkptNodeId group, const char *key)
{
  CkptNodeId node = ckpt_tree_get_key (tree, group, key);

  return node != CKPT_NO_NODE && ckpt_tree_get_kind (tree, node) == CKPT_KIND_BOOL &&
         ckpt_tree_get_bool (tree, node);
}

/* torch/optim/adam.py and others make `step` on the device of the parameter if the group is capturable or fused. */
static void
add_group (CkptStayFinder *self, CkptNodeId group)
{
  CkptTree *tree = self->tree;
  CkptNodeId parameters = ckpt_tree_get_key (tree, group, "params");

  if (!is_true (tree, group, "capturable") && !is_true (tree, group, "fused"))
    return;
  self->is_any_capturable = TRUE;
  for (guint32 i = 0; parameters != CKPT_NO_NODE && i < ckpt_tree_get_n_children (tree, parameters); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, parameters, i, &child);
      g_hash_table_add (self->capturable, name_parameter (tree, child.node));
    }
}

static void
enter_optimizer (CkptStayFinder *self, CkptNodeId optimizer, CkptNodeId groups)
{
  if (self->optimizer == optimizer)
    return;
  self->optimizer = optimizer;
  self->is_any_capturable = FALSE;
  g_hash_table_remove_all (self->capturable);
  for (guint32 i = 0; i < ckpt_tree_get_n_children (self->tree, groups); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (self->tree, groups, i, &child);
      add_group (self, child.node);
    }
}

/* optimizer["state"][parameter]["step"] */
static gboolean
is_step (CkptStayFinder *self, const CkptPath *path, const CkptTensor *tensor)
{
  guint n = ckpt_path_get_length (path);
  CkptNodeId optimizer, groups;
  g_autofree char *name = NULL;
  const CkptChild *parameter;

  if (n < 3 || tensor->numel != 1 || !has_name (self->tree, ckpt_path_get_step (path, n - 1), "step") ||
      !has_name (self->tree, ckpt_path_get_step (path, n - 3), "state"))
    return FALSE;
  parameter = ckpt_path_get_step (path, n - 2);
  optimizer = n > 3 ? ckpt_path_get_step (path, n - 4)->node : self->from;
  groups = ckpt_tree_get_key (self->tree, optimizer, "param_groups");
  if (groups == CKPT_NO_NODE || parameter->key == CKPT_NO_NODE)
    return FALSE;
  enter_optimizer (self, optimizer, groups);
  if (!self->is_any_capturable)
    return TRUE;
  name = name_parameter (self->tree, parameter->key);
  return !g_hash_table_contains (self->capturable, name);
}

static gboolean
is_rng_name (CkptTree *tree, const CkptChild *step)
{
  gsize length;
  const char *text = peek_name (tree, step, &length);
  g_autofree char *lower = NULL;

  if (text == NULL || length > MAX_RNG_NAME)
    return FALSE;
  lower = g_ascii_strdown (text, length);
  return strstr (lower, "rng") != NULL || strstr (lower, "random_state") != NULL;
}

/* get_rng_state() gives a tensor on the CPU for every device, and set_rng_state() takes no other. */
static gboolean
is_rng_state (CkptStayFinder *self, const CkptPath *path, const CkptTensor *tensor)
{
  if (tensor->dtype != CKPT_DTYPE_UINT8 || tensor->n_dims != 1 || tensor->numel > CPU_RNG_BYTES)
    return FALSE;
  if (tensor->numel == CPU_RNG_BYTES)
    return TRUE;
  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    if (is_rng_name (self->tree, ckpt_path_get_step (path, i)))
      return TRUE;
  return FALSE;
}

/**
 * ckpt_stay_finder_find:
 * @self: a finder
 * @path: the way to a tensor
 * @tensor: the tensor
 *
 * Returns: why PyTorch wants it on the CPU, if it does
 */
CkptStay
ckpt_stay_finder_find (CkptStayFinder *self, const CkptPath *path, const CkptTensor *tensor)
{
  if (is_rng_state (self, path, tensor))
    return CKPT_STAY_RNG;
  return is_step (self, path, tensor) ? CKPT_STAY_STEP : CKPT_STAY_NONE;
}
