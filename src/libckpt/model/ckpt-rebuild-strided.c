/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-rebuild.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * Range:
 * @storage: number of the storage
 * @dtype: type of its elements
 * @view: (nullable): the part of the storage that it may use
 *
 * What a persistent id gives a tensor to work with.
 */
typedef struct
{
  guint storage;
  CkptDtype dtype;
  const CkptView *view;
} Range;

/* In TorchScript one storage may be used as several types, each id naming its own. */
static CkptDtype
get_own_dtype (CkptRecogniser *owner, CkptNodeId node)
{
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (owner->nodes, node, &n_children);
  guint32 n;
  const CkptNodeId *items = ckpt_recogniser_get_items (owner, children[0], &n);

  return ckpt_recogniser_get_global (owner, items[1])->dtype;
}

static gboolean
read_storage (CkptRebuild *self, CkptNodeId node, Range *range)
{
  CkptRecogniser *owner = self->owner;
  guint32 tag = ckpt_tree_get_tag (owner->tree, node);

  range->view = NULL;
  if (ckpt_tag_get_kind (tag) == CKPT_TAG_VIEW)
    range->view = ckpt_chunks_get (owner->tree->views, ckpt_tag_get_index (tag));
  else if (ckpt_tag_get_kind (tag) != CKPT_TAG_STORAGE)
    return FALSE;

  range->storage = range->view != NULL ? range->view->storage : ckpt_tag_get_index (tag);
  range->dtype = ckpt_tree_get_storage (owner->tree, range->storage)->dtype;
  if (range->view == NULL && owner->tree->container == CKPT_CONTAINER_TORCHSCRIPT)
    range->dtype = get_own_dtype (owner, node);
  return TRUE;
}

/* Why there is no storage. A warning is due only if the persistent id has not had one. */
static gboolean
fail_storage (CkptRebuild *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  const CkptValue *value = node != CKPT_NO_NODE ? ckpt_tree_peek_value (owner->tree, node) : NULL;
  CkptNodeId callable = CKPT_NO_NODE;

  if (value != NULL && value->form == CKPT_FORM_BAD_STORAGE)
    return ckpt_rebuild_break (self, _ ("The description of its storage makes no sense."));

  if (node != CKPT_NO_NODE && ckpt_nodes_get_kind (owner->nodes, node) == CKPT_KIND_OBJECT)
    callable = ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_CALLABLE);

  if (ckpt_recogniser_get_name (owner, callable) == CKPT_NAME_LOAD_FROM_BYTES)
    return ckpt_rebuild_break (
        self, _ ("Its values are in a file of their own that was put into the pickle as bytes."));

  return ckpt_rebuild_fail (self, "tensor-storage",
                            _ ("What should be the storage of this tensor is something else."));
}

/* The last element of the storage that the tensor uses; FALSE if 64 bits do not hold it. */
static gboolean
find_last (const CkptTensor *tensor, guint64 *last)
{
  guint64 sum = tensor->offset;
  guint64 way;

  for (guint32 i = 0; i < tensor->n_dims; i++)
    if (!g_uint64_checked_mul (&way, tensor->shape[i] - 1, tensor->stride[i]) ||
        !g_uint64_checked_add (&sum, sum, way))
      return FALSE;

  *last = sum;
  return sum <= G_MAXINT64;
}

/* Without elements no byte is used, and slicing an empty tensor may leave any small offset. */
static gboolean
check_empty (CkptRebuild *self)
{
  guint64 n_bytes;

  if (ckpt_dtype_get_bytes (self->tensor.dtype, self->tensor.offset, &n_bytes) && n_bytes <= G_MAXINT64)
    return TRUE;

  return ckpt_rebuild_fail (
      self, "tensor-out-of-bounds",
      _ ("This tensor begins at element %" G_GINT64_FORMAT " of its storage, which no storage can have."),
      self->tensor.offset);
}

static guint64
count_elements (const CkptStorage *storage, CkptDtype dtype)
{
  const CkptDtypeInfo *info = ckpt_dtype_get_info (dtype);

  return storage->n_bytes / info->item_size * (info->item_size * 8u / info->bits);
}

static gboolean
check_bounds (CkptRebuild *self, const CkptStorage *storage, const Range *range)
{
  g_autofree char *key = NULL;
  guint64 last;
  guint64 n;

  if (self->tensor.numel == 0)
    return check_empty (self);

  n = range->view != NULL ? range->view->numel : count_elements (storage, self->tensor.dtype);
  if (!find_last (&self->tensor, &last))
    return ckpt_rebuild_fail (self, "tensor-overflow",
                              _ ("The last element of this tensor lies beyond what 64 bits can count."));

  if (last < n)
    return TRUE;

  key = ckpt_text_escape (storage->key, strlen (storage->key), 60);
  return ckpt_rebuild_fail (
      self, "tensor-out-of-bounds",
      _ ("This tensor reaches element %" G_GUINT64_FORMAT " of storage %s, which has %" G_GUINT64_FORMAT "."),
      last, key, n);
}

static gboolean
read_offset (CkptRebuild *self, CkptNodeId node)
{
  gint64 offset;

  if (ckpt_nodes_get_kind (self->owner->nodes, node) != CKPT_KIND_INT)
    return ckpt_rebuild_fail (self, "tensor-sizes", _ ("The offset of this tensor is no whole number."));

  if (!ckpt_tree_get_int (self->owner->tree, node, &offset))
    return ckpt_rebuild_fail (self, "tensor-overflow",
                              _ ("The offset of this tensor is too large for any file."));

  if (offset < 0)
    return ckpt_rebuild_fail (self, "tensor-negative",
                              _ ("This tensor begins at element %" G_GINT64_FORMAT " of its storage."),
                              offset);

  self->tensor.offset = offset;
  return TRUE;
}

/* Moves the offset from the view of a storage to the storage itself. */
static void
take_storage (CkptRebuild *self, const Range *range)
{
  const CkptStorage *storage = ckpt_tree_get_storage (self->owner->tree, range->storage);
  g_autofree char *key = NULL;
  g_autofree char *problem = NULL;

  if (range->view != NULL)
    self->tensor.offset += range->view->offset;
  self->tensor.storage = range->storage;
  if (storage->bytes != CKPT_BYTES_RECORD || storage->record != CKPT_NO_RECORD || self->tensor.numel == 0)
    return;

  key = ckpt_text_escape (storage->key, strlen (storage->key), 60);
  if (storage->n_bytes_present > 0)
    problem = g_strdup_printf (_ ("What the bytes of its storage %s mean is in doubt."), key);
  else
    problem = g_strdup_printf (_ ("Its storage %s is not in the file."), key);
  ckpt_rebuild_break (self, problem);
}

/**
 * ckpt_rebuild_read_strided:
 * @self: a call
 * @args: (array length=4): storage, offset, size and stride
 * @dtype: type of the elements, or %CKPT_DTYPE_UNKNOWN for that of the storage
 *
 * Element i of such a tensor is storage[offset + sum of index times stride], all counted in elements of its type.
 *
 * Returns: whether the tensor makes sense
 */
gboolean
ckpt_rebuild_read_strided (CkptRebuild *self, const CkptNodeId *args, CkptDtype dtype)
{
  const CkptStorage *storage;
  Range range = { 0 };
  gboolean has_storage = read_storage (self, args[0], &range);

  self->tensor.dtype = dtype != CKPT_DTYPE_UNKNOWN || !has_storage ? dtype : range.dtype;
  if (has_storage)
    self->tensor.device = ckpt_tree_get_storage (self->owner->tree, range.storage)->location;

  if (!ckpt_rebuild_read_shape (self, args[2]) || !ckpt_rebuild_read_stride (self, args[3]) ||
      !read_offset (self, args[1]))
    return FALSE;

  if (!has_storage)
    return fail_storage (self, args[0]);

  storage = ckpt_tree_get_storage (self->owner->tree, range.storage);
  if (!ckpt_rebuild_count (self) || !check_bounds (self, storage, &range))
    return FALSE;

  take_storage (self, &range);
  return TRUE;
}
