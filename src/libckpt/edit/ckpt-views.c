/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-views.h"

#include "edit/ckpt-device-calls.h"
#include "edit/ckpt-retarget.h"

#include "model/ckpt-path.h"
#include "model/ckpt-tree-data.h"

/**
 * CkptViews:
 * @first: (array): by number of a storage: where its tensors begin in @tensors; one more for the end
 * @tensors: (array): numbers of tensors
 * @is_value: (array): by number of a storage: whether it is a value itself, or of a tensor that is no plain view
 */
struct _CkptViews
{
  CkptTree *tree;
  guint n_storages;
  guint32 *first;
  guint32 *tensors;
  gboolean *is_value;
};

static gboolean
is_view (CkptTree *tree, guint i)
{
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, i);

  return tensor->storage != CKPT_NO_STORAGE && tensor->inner == CKPT_NO_TENSOR &&
         ckpt_tree_has_tensor (tree, i);
}

/* A call that makes a tensor on another device from one on the CPU says its type again. */
static gboolean
is_of_device (CkptTree *tree, guint i)
{
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, i);

  return tensor->storage != CKPT_NO_STORAGE && tensor->inner != CKPT_NO_TENSOR &&
         ckpt_tree_has_tensor (tree, i) && ckpt_device_is_call (tree, tensor);
}

/* Counts first, then lays them out one storage after the other. */
static void
sort (CkptViews *self)
{
  guint n = ckpt_tree_get_n_tensors (self->tree);
  g_autofree guint32 *at = NULL;

  for (guint i = 0; i < n; i++)
    if (is_of_device (self->tree, i))
      self->is_value[ckpt_tree_get_tensor (self->tree, i)->storage] = TRUE;
    else if (is_view (self->tree, i))
      self->first[ckpt_tree_get_tensor (self->tree, i)->storage + 1]++;
  for (guint i = 0; i < self->n_storages; i++)
    self->first[i + 1] += self->first[i];
  at = g_memdup2 (self->first, (self->n_storages + 1) * sizeof *at);
  self->tensors = g_new (guint32, self->first[self->n_storages] + 1);
  for (guint i = 0; i < n; i++)
    if (is_view (self->tree, i))
      self->tensors[at[ckpt_tree_get_tensor (self->tree, i)->storage]++] = i;
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  CkptViews *self = user_data;
  guint32 storage;

  if (ckpt_tree_get_kind (tree, child->node) != CKPT_KIND_STORAGE)
    return TRUE;
  storage = ckpt_tree_find_node_storage (tree, child->node);
  if (storage != CKPT_NO_STORAGE)
    self->is_value[storage] = TRUE;
  return TRUE;
}

/**
 * ckpt_views_new:
 * @tree: the tree; must live as long as the result
 *
 * Returns: (transfer full): what views what in it
 */
CkptViews *
ckpt_views_new (CkptTree *tree)
{
  CkptViews *self = g_new0 (CkptViews, 1);

  self->tree = tree;
  self->n_storages = ckpt_tree_get_n_storages (tree);
  self->first = g_new0 (guint32, self->n_storages + 1);
  self->is_value = g_new0 (gboolean, self->n_storages);
  sort (self);
  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), on_value, self);
  return self;
}

/**
 * ckpt_views_free:
 * @self: (nullable): views
 */
void
ckpt_views_free (CkptViews *self)
{
  if (self == NULL)
    return;
  g_free (self->first);
  g_free (self->tensors);
  g_free (self->is_value);
  g_free (self);
}

/**
 * ckpt_views_get:
 * @self: views
 * @storage: number of a storage
 * @n: (out): how many tensors
 *
 * Returns: (transfer none) (array length=n): numbers of the tensors that view it by themselves
 */
const guint32 *
ckpt_views_get (const CkptViews *self, guint storage, guint *n)
{
  *n = self->first[storage + 1] - self->first[storage];
  return self->tensors + self->first[storage];
}

/**
 * ckpt_views_are_free:
 * @self: views
 * @storage: number of a storage
 *
 * Returns: whether all of it is in the file, and all that refers to it are tensors that can be changed
 */
gboolean
ckpt_views_are_free (const CkptViews *self, guint storage)
{
  const CkptStorage *from = ckpt_tree_get_storage (self->tree, storage);
  guint n;
  const guint32 *tensors = ckpt_views_get (self, storage, &n);

  if (self->is_value[storage] || (from->bytes == CKPT_BYTES_RECORD && from->record == CKPT_NO_RECORD) ||
      from->n_bytes_present < from->n_bytes)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!ckpt_retarget_is_possible (self->tree, ckpt_tree_get_tensor (self->tree, tensors[i])))
      return FALSE;
  return TRUE;
}
