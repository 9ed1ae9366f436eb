/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-ties.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-hash.h"
#include "model/ckpt-index.h"

#include <string.h>

static guint32
hash_elements (const CkptTensor *tensor)
{
  const guint64 numbers[4] = { tensor->storage, tensor->dtype, tensor->offset, tensor->n_dims };
  const guint64 hashes[3] = {
    ckpt_hash_bytes (numbers, sizeof numbers),
    ckpt_hash_bytes (tensor->shape, tensor->n_dims * sizeof (gint64)),
    ckpt_hash_bytes (tensor->stride, tensor->n_dims * sizeof (gint64)),
  };

  return ckpt_hash_bytes (hashes, sizeof hashes);
}

static gboolean
has_same_elements (guint32 number, gconstpointer key, gpointer user_data)
{
  const CkptTensor *a = ckpt_tree_get_tensor (user_data, number);
  const CkptTensor *b = key;
  gsize n_bytes = a->n_dims * sizeof (gint64);

  return a->storage == b->storage && a->dtype == b->dtype && a->offset == b->offset &&
         a->n_dims == b->n_dims && memcmp (a->shape, b->shape, n_bytes) == 0 &&
         memcmp (a->stride, b->stride, n_bytes) == 0;
}

static gboolean
has_elements (const CkptTensor *tensor)
{
  return tensor->storage != CKPT_NO_STORAGE && tensor->numel > 0 && tensor->stride != NULL &&
         (tensor->flags & CKPT_TENSOR_BROKEN) == 0;
}

static gboolean
is_present (const guint8 *present, guint i)
{
  return present == NULL || (present[i / 8] >> i % 8 & 1) != 0;
}

/* A tensor that is only there to be wrapped is not another one. */
static guint8 *
find_inner (CkptTree *tree, const guint8 *present, guint n, GError **error)
{
  guint8 *is_inner = ckpt_try_malloc (MAX (n, 1), error);

  if (is_inner == NULL)
    return NULL;

  memset (is_inner, 0, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      guint32 inner = ckpt_tree_get_tensor (tree, i)->inner;

      if (inner != CKPT_NO_TENSOR && is_present (present, i))
        is_inner[inner] = TRUE;
    }
  return is_inner;
}

/**
 * ckpt_ties_find:
 * @tree: a tree
 * @present: (nullable): a bit for each tensor that counts
 * @error: return location
 *
 * Returns: (transfer full) (array): by number of a tensor: the first one that has the same elements, if that is another one; else %CKPT_NO_TENSOR. %NULL with
 *   %CKPT_ERROR_LIMIT
 */
guint32 *
ckpt_ties_find (CkptTree *tree, const guint8 *present, GError **error)
{
  guint n = ckpt_tree_get_n_tensors (tree);
  g_autofree guint8 *is_inner = find_inner (tree, present, n, error);
  g_autofree guint32 *ties = is_inner != NULL ? ckpt_try_malloc (MAX (n, 1) * sizeof *ties, error) : NULL;
  g_autoptr (CkptIndex) index = ckpt_index_new ();

  for (guint i = 0; ties != NULL && i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (tree, i);
      guint32 hash;

      ties[i] = CKPT_NO_TENSOR;
      if (is_inner[i] || !is_present (present, i) || !has_elements (tensor))
        continue;

      hash = hash_elements (tensor);
      if (!ckpt_index_find (index, hash, has_same_elements, tensor, tree, &ties[i]) &&
          !ckpt_index_add (index, hash, i, error))
        return NULL;
    }
  return g_steal_pointer (&ties);
}
