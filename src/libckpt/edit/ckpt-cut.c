/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-cut.h"

#include "edit/ckpt-retarget.h"

#include "model/ckpt-extent.h"

#include <glib/gi18n-lib.h>

#define MAX_DEPTH 32

typedef struct
{
  guint32 tensor;
  guint64 first;
  guint64 end;
  gboolean is_loose; /* it leaves bytes out, and shows each element once */
} View;

/**
 * ckpt_cut_check_depth:
 * @tree: a tree
 * @storage: number of a storage that another one is to be made from
 * @error: return location for %CKPT_ERROR_INVALID_EDIT
 *
 * Returns: whether reading it will not go through too many conversions, one after the other
 */
gboolean
ckpt_cut_check_depth (CkptTree *tree, guint storage, GError **error)
{
  for (guint i = 0; i < MAX_DEPTH; i++)
    {
      const CkptStorage *from = ckpt_tree_get_storage (tree, storage);

      if (from->bytes == CKPT_BYTES_RECORD)
        return TRUE;
      storage = from->bytes == CKPT_BYTES_ELEMENTS ? ckpt_tree_get_tensor (tree, from->origin)->storage
                                                   : from->origin;
    }
  return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "edit-depth",
                         _ ("The values were changed too many times: save the file, and go on with that."));
}

static guint
get_item_size (const CkptTensor *tensor)
{
  return ckpt_dtype_get_info (tensor->dtype)->item_size;
}

static void
view_init (View *self, CkptTree *tree, guint32 index)
{
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, index);
  CkptExtent extent;

  *self = (View) { .tensor = index };
  if (tensor->numel == 0 || !ckpt_extent_init (&extent, tensor) ||
      !ckpt_extent_get_bytes (&extent, tensor->dtype, &self->first, &self->end))
    return;
  self->is_loose = extent.n == tensor->numel && extent.n < extent.end - extent.first;
}

#define COMPARE(a, b) \
  if ((a) != (b))     \
  return (a) < (b) ? -1 : 1

static int
compare_views (gconstpointer a, gconstpointer b)
{
  const View *one = a, *other = b;

  COMPARE (one->first, other->first);
  COMPARE (one->end, other->end);
  COMPARE (one->tensor, other->tensor);
  return 0;
}

static void
cut_clear (gpointer data)
{
  g_free (((CkptCut *) data)->tensors);
}

static gboolean
is_same_view (CkptTree *tree, guint32 a, guint32 b)
{
  const CkptTensor *one = ckpt_tree_get_tensor (tree, a), *other = ckpt_tree_get_tensor (tree, b);

  if (one->dtype != other->dtype || one->offset != other->offset || one->n_dims != other->n_dims ||
      (one->flags ^ other->flags) & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG))
    return FALSE;
  for (guint i = 0; i < one->n_dims; i++)
    if (one->shape[i] != other->shape[i] || one->stride[i] != other->stride[i])
      return FALSE;
  return TRUE;
}

static void
add_view (GArray *cuts, CkptTree *tree, const View *view)
{
  CkptCut *last = cuts->len > 0 ? &g_array_index (cuts, CkptCut, cuts->len - 1) : NULL;
  CkptCut cut = { view->first, view->end, NULL, 0, view->is_loose };

  if (last == NULL || view->first >= last->end)
    {
      g_array_append_val (cuts, cut);
      last = &g_array_index (cuts, CkptCut, cuts->len - 1);
    }
  else
    {
      last->end = MAX (last->end, view->end);
      last->is_loose = last->is_loose && is_same_view (tree, last->tensors[0], view->tensor);
    }
  last->tensors = g_renew (guint32, last->tensors, last->n + 1);
  last->tensors[last->n++] = view->tensor;
}

/**
 * ckpt_cut_list:
 * @tree: a tree
 * @tensors: (array length=n): numbers of tensors of one storage
 * @n: how many
 *
 * Returns: (transfer full) (element-type CkptCut): the pieces, none of which overlaps another one
 */
GArray *
ckpt_cut_list (CkptTree *tree, const guint32 *tensors, guint n)
{
  g_autofree View *views = g_new (View, n);
  GArray *cuts = g_array_new (FALSE, FALSE, sizeof (CkptCut));

  g_array_set_clear_func (cuts, cut_clear);
  for (guint i = 0; i < n; i++)
    view_init (&views[i], tree, tensors[i]);
  qsort (views, n, sizeof *views, compare_views);
  for (guint i = 0; i < n; i++)
    add_view (cuts, tree, &views[i]);
  return cuts;
}

/* Where a piece has to begin for every tensor to begin at one of its elements. */
static guint64
get_begin (const CkptCut *self, CkptTree *tree)
{
  guint unit = 1;

  for (guint i = 0; i < self->n; i++)
    unit = MAX (unit, get_item_size (ckpt_tree_get_tensor (tree, self->tensors[i])));
  return self->first - self->first % unit;
}

/**
 * ckpt_cut_get_size:
 * @self: a piece
 * @tree: its tree
 *
 * Returns: bytes of the storage that ckpt_cut_apply() would make
 */
guint64
ckpt_cut_get_size (const CkptCut *self, CkptTree *tree)
{
  return self->is_loose ? ckpt_tree_get_tensor (tree, self->tensors[0])->n_bytes
                        : self->end - get_begin (self, tree);
}

/* As the storage of @tensor, but for its size. */
static CkptStorage
describe (const CkptCut *self, CkptTree *tree, const CkptTensor *tensor)
{
  CkptStorage storage = *ckpt_tree_get_storage (tree, tensor->storage);

  storage.key = NULL;
  storage.archive = NULL;
  storage.begin = 0;
  storage.n_bytes = ckpt_cut_get_size (self, tree);
  storage.numel = storage.n_bytes / ckpt_dtype_get_info (storage.dtype)->item_size;
  return storage;
}

static guint
add_range (const CkptCut *self, CkptDraft *draft, const CkptTensor *tensor, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptStorage *from = ckpt_tree_get_storage (tree, tensor->storage);
  CkptStorage storage = describe (self, tree, tensor);

  storage.bytes = CKPT_BYTES_RANGE;
  storage.origin = from->bytes == CKPT_BYTES_RANGE ? from->origin : tensor->storage;
  storage.begin = get_begin (self, tree) + (from->bytes == CKPT_BYTES_RANGE ? from->begin : 0);
  return ckpt_draft_add_storage (draft, &storage, error);
}

static guint
add_elements (const CkptCut *self, CkptDraft *draft, const CkptTensor *tensor, GError **error)
{
  CkptStorage storage = describe (self, ckpt_draft_get_tree (draft), tensor);

  storage.bytes = CKPT_BYTES_ELEMENTS;
  storage.origin = tensor->index;
  return ckpt_draft_add_storage (draft, &storage, error);
}

static gboolean
apply_range (const CkptCut *self, CkptDraft *draft, guint storage, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint64 begin = get_begin (self, tree);

  for (guint i = 0; i < self->n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (tree, self->tensors[i]);
      CkptRetarget to = { storage, tensor->dtype, 0, NULL, FALSE };

      if (tensor->numel > 0)
        to.offset = tensor->offset - (gint64) (begin / get_item_size (tensor));
      if (!ckpt_retarget_tensor (draft, tensor->index, &to, error))
        return FALSE;
    }
  return TRUE;
}

/* The elements follow each other in the new storage, the last index running fastest. */
static gboolean
apply_elements (const CkptCut *self, CkptDraft *draft, guint storage, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, self->tensors[0]);
  g_autofree gint64 *stride = g_new (gint64, tensor->n_dims + 1);
  CkptRetarget to = { storage, tensor->dtype, 0, stride, TRUE };
  gint64 step = 1;

  for (guint i = tensor->n_dims; i > 0; i--)
    {
      stride[i - 1] = step;
      step *= tensor->shape[i - 1];
    }
  for (guint i = 0; i < self->n; i++)
    if (!ckpt_retarget_tensor (draft, self->tensors[i], &to, error))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_cut_apply:
 * @self: a piece of a storage of which all that views it can be changed
 * @draft: a draft of the tree
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT, or %CKPT_ERROR_INVALID_EDIT where too many edits came before
 */
gboolean
ckpt_cut_apply (const CkptCut *self, CkptDraft *draft, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, self->tensors[0]);
  guint storage;

  if (!ckpt_cut_check_depth (tree, tensor->storage, error))
    return FALSE;
  storage = self->is_loose ? add_elements (self, draft, tensor, error)
                           : add_range (self, draft, tensor, error);
  if (storage == CKPT_NO_STORAGE)
    return FALSE;
  return self->is_loose ? apply_elements (self, draft, storage, error)
                        : apply_range (self, draft, storage, error);
}
