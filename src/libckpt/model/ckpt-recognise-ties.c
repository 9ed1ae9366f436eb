/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-recognise.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-hash.h"

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
  CkptRecogniser *self = user_data;
  const CkptTensor *a = ckpt_tree_get_tensor (self->tree, number);
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

/* A tensor that is only there to be wrapped is not another one. */
static guint8 *
find_inner (CkptRecogniser *self, guint n)
{
  guint8 *is_inner = ckpt_try_malloc (MAX (n, 1), &self->error);

  if (is_inner == NULL)
    return NULL;

  memset (is_inner, 0, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      guint32 inner = ckpt_tree_get_tensor (self->tree, i)->inner;

      if (inner != CKPT_NO_TENSOR)
        is_inner[inner] = TRUE;
    }
  return is_inner;
}

/**
 * ckpt_recogniser_do_ties:
 * @self: a recogniser
 *
 * Finds tensors that have the same elements as an earlier one.
 */
void
ckpt_recogniser_do_ties (CkptRecogniser *self)
{
  guint n = ckpt_tree_get_n_tensors (self->tree);
  g_autofree guint8 *is_inner = find_inner (self, n);
  g_autoptr (CkptIndex) index = ckpt_index_new ();

  for (guint i = 0; i < n && self->error == NULL; i++)
    {
      CkptTensor *tensor = ckpt_chunks_get (self->tree->tensors, i);
      guint32 hash;
      guint32 earlier;

      if (is_inner[i] || !has_elements (tensor))
        continue;

      hash = hash_elements (tensor);
      if (ckpt_index_find (index, hash, has_same_elements, tensor, self, &earlier))
        tensor->tied_to = earlier;
      else
        ckpt_index_add (index, hash, i, &self->error);
    }
}
