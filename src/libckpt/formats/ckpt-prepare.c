/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-prepare.h"

#include "formats/ckpt-storage-order.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define METADATA_KEY "__metadata__"

/* Whether tensors of a container are no calls in a pickle. */
static gboolean
is_unpickled (CkptContainer container)
{
  return container == CKPT_CONTAINER_SAFETENSORS || container == CKPT_CONTAINER_TAR;
}

/* A call that makes the same tensor, of a storage that has its bytes where they are now. */
static gboolean
pickle_tensor (CkptDraft *draft, guint index, guint *storages, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, index);
  guint *storage = &storages[tensor->storage];
  CkptNodeId call;

  if (*storage == CKPT_NO_STORAGE)
    {
      CkptStorage copy = *ckpt_tree_get_storage (tree, tensor->storage);

      copy.key = NULL;
      *storage = ckpt_draft_add_storage (draft, &copy, error);
      if (*storage == CKPT_NO_STORAGE)
        return FALSE;
    }
  call = ckpt_draft_add_tensor (draft, *storage, tensor->dtype, tensor->offset, tensor->n_dims, tensor->shape,
                                tensor->stride, (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0, error);
  return call != CKPT_NO_NODE && ckpt_draft_replace_tensor (draft, index, call, error);
}

static gboolean
pickle_tensors (CkptDraft *draft, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint n = ckpt_tree_get_n_tensors (tree);
  guint n_storages = ckpt_tree_get_n_storages (tree);
  g_autofree guint *storages = g_new (guint, n_storages + 1);

  memset (storages, 0xff, (n_storages + 1) * sizeof (guint));
  for (guint i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (tree, i);

      if (ckpt_tree_has_tensor (tree, i) && tensor->storage != CKPT_NO_STORAGE &&
          tensor->storage < n_storages && !pickle_tensor (draft, i, storages, error))
        return FALSE;
    }
  return ckpt_draft_recognise (draft, error);
}

/* safetensors.torch.load_file() gives a dict of the tensors without the metadata. */
static gboolean
leave_out_metadata (CkptDraft *draft, GPtrArray *notes, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodeId root = ckpt_tree_get_root (tree);
  guint32 n = ckpt_tree_get_n_children (tree, root);

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;
      gsize length;

      ckpt_tree_get_child (tree, root, i, &child);
      if (strcmp (ckpt_tree_peek_text (tree, child.key, &length, NULL), METADATA_KEY) != 0)
        continue;
      g_ptr_array_add (notes, g_strdup (_ ("The metadata of the safetensors file are left out.")));
      return ckpt_draft_remove_child (draft, root, i, error);
    }
  return TRUE;
}

static gboolean
change_container (CkptDraft *draft, CkptContainer container, GPtrArray *notes, GError **error)
{
  CkptContainer former = ckpt_tree_get_container (ckpt_draft_get_tree (draft));

  if (former == container)
    return TRUE;
  if (!ckpt_draft_set_style (
          draft, container == CKPT_CONTAINER_TORCH_LEGACY ? CKPT_PERSISTENT_LEGACY : CKPT_PERSISTENT_ZIP,
          error))
    return FALSE;
  if (former == CKPT_CONTAINER_SAFETENSORS && !leave_out_metadata (draft, notes, error))
    return FALSE;
  return !is_unpickled (former) || pickle_tensors (draft, error);
}

static void
format_key (guint number, char key[16])
{
  g_snprintf (key, 16, "%u", number);
}

/* Before 1.6 the name of a storage was an address, which is as good as any other number. */
static gboolean
is_number (const char *key)
{
  return *key != '\0' && strspn (key, "0123456789") == strlen (key);
}

/* Whether every storage has a name as PyTorch gives it in that container. */
static gboolean
is_numbered (CkptTree *tree, CkptContainer container, GArray *order)
{
  char key[16];

  for (guint i = 0; i < order->len; i++)
    {
      const char *name = ckpt_tree_get_storage (tree, g_array_index (order, guint, i))->key;

      format_key (i, key);
      if (strcmp (name, key) != 0 && (container != CKPT_CONTAINER_TORCH_LEGACY || !is_number (name)))
        return FALSE;
    }
  return TRUE;
}

/* persistent_id() in torch/serialization.py numbers storages as they come. */
static gboolean
number_storages (CkptDraft *draft, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) order = ckpt_storage_order_list (tree);
  char key[16];

  for (guint i = 0; i < order->len; i++)
    {
      guint storage = g_array_index (order, guint, i);

      format_key (i, key);
      if (strcmp (ckpt_tree_get_storage (tree, storage)->key, key) != 0 &&
          !ckpt_draft_set_key (draft, storage, key, error))
        return FALSE;
    }
  return TRUE;
}

/* What is written as it is in its own container: also what nobody edited. */
static gboolean
is_prepared (CkptTree *tree, CkptContainer container)
{
  g_autoptr (GArray) order = NULL;

  if (container != CKPT_CONTAINER_TORCH_ZIP && container != CKPT_CONTAINER_TORCH_LEGACY)
    return TRUE;
  if (ckpt_tree_get_container (tree) != container)
    return FALSE;
  if (tree->store == NULL)
    return TRUE;

  order = ckpt_storage_order_list (tree);
  return is_numbered (tree, container, order);
}

/**
 * ckpt_prepare_tree:
 * @tree: a tree, or a version of one that edits made
 * @container: what it is to be written as
 * @notes: (element-type utf8): where sentences for a person go, on what is left out
 * @error: return location
 *
 * A tree that is written to another container, or was edited, has its storages named anew: "0", "1", ... in the order in which the pickle
 * comes to them, as torch.save() does. What nobody edited keeps its names; so do storages of the container before 1.6, which are named by addresses.
 *
 * Returns: (transfer full): the tree to write, which may be @tree; %NULL with %CKPT_ERROR_UNSUPPORTED if the container cannot hold
 *   it, or with %CKPT_ERROR_LIMIT
 */
CkptTree *
ckpt_prepare_tree (CkptTree *tree, CkptContainer container, GPtrArray *notes, GError **error)
{
  g_autoptr (CkptDraft) draft = NULL;

  if (is_prepared (tree, container))
    return ckpt_tree_ref (tree);

  draft = ckpt_draft_new (tree);
  if (!change_container (draft, container, notes, error) || !number_storages (draft, error))
    return NULL;
  return ckpt_draft_finish (draft, error);
}
