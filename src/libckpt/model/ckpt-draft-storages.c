/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-draft-private.h"

#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>

/* Storages and tensors of a draft. */

static CkptNodeId
add_storage_class (CkptDraft *self, const CkptStorage *storage, GError **error)
{
  g_autofree char *name = storage->is_untyped ? NULL : ckpt_dtype_dup_storage_class (storage->dtype);

  return name != NULL ? ckpt_draft_add_global (self, "torch", name, error)
                      : ckpt_draft_add_global (self, "torch.storage", "UntypedStorage", error);
}

/* ("storage", class, key, location, number of elements), and None for the view in the container before 1.6 */
static CkptNodeId
add_persistent_id (CkptDraft *self, const CkptStorage *storage, GError **error)
{
  CkptNodeId items[6];
  guint32 n = self->tree->style == CKPT_PERSISTENT_LEGACY ? 6 : 5;
  CkptNodeId tuple;
  CkptNodeId id;

  items[0] = ckpt_draft_add_string (self, "storage", -1, error);
  items[1] = add_storage_class (self, storage, error);
  items[2] = ckpt_draft_add_string (self, storage->key, -1, error);
  items[3] = ckpt_draft_add_string (self, storage->location, -1, error);
  items[4] = ckpt_draft_add_int (self, storage->numel, error);
  items[5] = ckpt_draft_add_none (self, error);
  for (guint32 i = 0; i < 6; i++)
    if (items[i] == CKPT_NO_NODE)
      return CKPT_NO_NODE;

  tuple = ckpt_draft_add_tuple (self, items, n, error);
  if (tuple == CKPT_NO_NODE)
    return CKPT_NO_NODE;

  id = ckpt_nodes_add_container (self->tree->nodes, CKPT_KIND_PERSISTENT_ID, CKPT_OP_BINPERSID, 0, &tuple, 1,
                                 error);
  return id;
}

/**
 * ckpt_draft_add_storage:
 * @self: a draft
 * @storage: what it is: @location, @dtype, @is_untyped, @numel, @n_bytes and where its bytes come from; @key, if %NULL, is made up. @archive is kept
 *   alive
 * @error: return location
 *
 * Makes the persistent id that names the storage, too: @node of the result.
 *
 * Returns: its number; %CKPT_NO_STORAGE with %CKPT_ERROR_LIMIT
 */
guint
ckpt_draft_add_storage (CkptDraft *self, const CkptStorage *storage, GError **error)
{
  CkptTree *tree = self->tree;
  CkptStorage copy = *storage;
  char name[32];
  guint index;

  g_snprintf (name, sizeof name, "new%u", ckpt_tree_get_n_storages (tree));
  copy.key = ckpt_tree_intern (tree, storage->key != NULL ? storage->key : name);
  copy.location = ckpt_tree_intern (tree, storage->location);
  if (copy.bytes != CKPT_BYTES_RECORD)
    {
      copy.record = CKPT_NO_RECORD;
      copy.n_bytes_present = copy.n_bytes;
    }
  if (copy.archive != NULL)
    g_ptr_array_add (tree->store->archives, ckpt_archive_ref (copy.archive));

  copy.node = add_persistent_id (self, &copy, error);
  if (copy.node == CKPT_NO_NODE)
    return CKPT_NO_STORAGE;

  index = ckpt_tree_add_storage (tree, &copy);
  if (index == CKPT_NO_STORAGE)
    ckpt_nodes_charge (tree->nodes, G_MAXUINT64, error);
  else
    ckpt_nodes_set_tag (tree->nodes, copy.node, ckpt_tag_new (CKPT_TAG_STORAGE, index));
  return index;
}

static CkptNodeId
add_sizes (CkptDraft *self, const gint64 *sizes, guint32 n, GError **error)
{
  g_autofree CkptNodeId *items = g_new (CkptNodeId, n + 1);

  for (guint32 i = 0; i < n; i++)
    if ((items[i] = ckpt_draft_add_int (self, sizes[i], error)) == CKPT_NO_NODE)
      return CKPT_NO_NODE;
  return ckpt_draft_add_tuple (self, items, n, error);
}

/**
 * ckpt_draft_add_tensor:
 * @self: a draft
 * @storage: number of its storage
 * @dtype: type of its elements
 * @offset: element of the storage where it begins, counted in elements of @dtype
 * @n_dims: dimensions
 * @shape: (array length=n_dims): elements along each
 * @stride: (array length=n_dims): elements from one index to the next
 * @requires_grad: its flag
 * @error: return location
 *
 * Makes a call of _rebuild_tensor_v2(), or of _rebuild_tensor_v3() for types whose storages are untyped, as torch.save() does.
 *
 * Returns: the tensor; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_draft_add_tensor (CkptDraft *self,
                       guint storage,
                       CkptDtype dtype,
                       gint64 offset,
                       guint32 n_dims,
                       const gint64 *shape,
                       const gint64 *stride,
                       gboolean requires_grad,
                       GError **error)
{
  const CkptStorage *from = ckpt_tree_get_storage (self->tree, storage);
  g_autofree char *storage_class = ckpt_dtype_dup_storage_class (dtype);
  gboolean is_typed = storage_class != NULL && !from->is_untyped;
  CkptNodeId callable = ckpt_draft_add_global (self, "torch._utils",
                                               is_typed ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3", error);
  CkptNodeId args[7];
  guint32 n = is_typed ? 6 : 7;

  args[0] = from->node;
  args[1] = ckpt_draft_add_int (self, offset, error);
  args[2] = add_sizes (self, shape, n_dims, error);
  args[3] = add_sizes (self, stride, n_dims, error);
  args[4] = ckpt_draft_add_bool (self, requires_grad, error);
  args[5] = ckpt_draft_add_ordered_dict (self, NULL, 0, error);
  args[6] = is_typed ? args[5] : ckpt_draft_add_global (self, "torch", ckpt_dtype_get_name (dtype), error);
  for (guint32 i = 0; i < 7; i++)
    if (args[i] == CKPT_NO_NODE)
      return CKPT_NO_NODE;

  return ckpt_draft_add_call (self, callable, ckpt_draft_add_tuple (self, args, n, error), error);
}

void
ckpt_draft_groups_clear (CkptDraftGroups *self)
{
  g_clear_pointer (&self->first, g_array_unref);
  g_clear_pointer (&self->entries, g_array_unref);
}

static void
groups_init (CkptDraftGroups *self, guint n)
{
  const guint32 end = CKPT_DRAFT_END;

  self->first = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
  for (guint i = 0; i < n; i++)
    g_array_append_val (self->first, end);
  self->entries = g_array_new (FALSE, FALSE, sizeof (CkptDraftEntry));
}

static void
groups_add (CkptDraftGroups *self, guint32 group, guint32 value)
{
  guint32 *first = &g_array_index (self->first, guint32, group);
  CkptDraftEntry entry = { value, *first };

  *first = self->entries->len;
  g_array_append_val (self->entries, entry);
}

/* Goes through a group: gives the next number of it. @at begins as CKPT_DRAFT_END. */
static gboolean
groups_next (const CkptDraftGroups *self, guint32 group, guint32 *at, guint32 *value)
{
  if (group >= self->first->len)
    return FALSE;

  *at = *at == CKPT_DRAFT_END ? g_array_index (self->first, guint32, group)
                              : g_array_index (self->entries, CkptDraftEntry, *at).next;
  if (*at == CKPT_DRAFT_END)
    return FALSE;

  *value = g_array_index (self->entries, CkptDraftEntry, *at).value;
  return TRUE;
}

static void
note_wrappers (CkptDraft *self)
{
  guint n = ckpt_tree_get_n_tensors (self->tree);

  if (self->wrappers.first != NULL)
    return;

  groups_init (&self->wrappers, n);
  for (guint i = 0; i < n; i++)
    {
      guint32 inner = ckpt_tree_get_tensor (self->tree, i)->inner;

      if (inner != CKPT_NO_TENSOR)
        groups_add (&self->wrappers, inner, i);
    }
}

/* Recognises anew what wraps a tensor, and what wraps that. */
static gboolean
touch_wrappers (CkptDraft *self, guint tensor, GError **error)
{
  g_autoptr (GArray) todo = g_array_new (FALSE, FALSE, sizeof (guint32));

  note_wrappers (self);
  g_array_append_val (todo, tensor);
  for (guint i = 0; i < todo->len; i++)
    {
      guint32 inner = g_array_index (todo, guint32, i);
      guint32 at = CKPT_DRAFT_END;
      guint32 outer;

      while (groups_next (&self->wrappers, inner, &at, &outer))
        {
          if (!ckpt_draft_touch (self, ckpt_tree_get_tensor (self->tree, outer)->node, error))
            return FALSE;
          g_array_append_val (todo, outer);
        }
    }
  return TRUE;
}

/**
 * ckpt_draft_touch_tensor:
 * @self: a draft
 * @tensor: number of a tensor that the draft began with
 * @error: return location
 *
 * As ckpt_draft_touch() of what makes it, and of what wraps it.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_touch_tensor (CkptDraft *self, guint tensor, GError **error)
{
  return ckpt_draft_touch (self, ckpt_tree_get_tensor (self->tree, tensor)->node, error) &&
         touch_wrappers (self, tensor, error);
}

/**
 * ckpt_draft_replace_tensor:
 * @self: a draft
 * @tensor: number of a tensor that the draft began with
 * @with: the value to be there instead
 * @error: return location
 *
 * Replaces a tensor wherever it is held; what wraps it is recognised anew.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_replace_tensor (CkptDraft *self, guint tensor, CkptNodeId with, GError **error)
{
  ckpt_draft_replace (self, ckpt_tree_get_tensor (self->tree, tensor)->node, with);
  return touch_wrappers (self, tensor, error);
}

/* Which persistent ids and which tensors belong to which storage. */
static void
note_views (CkptDraft *self)
{
  CkptNodes *nodes = self->tree->nodes;
  guint n = ckpt_tree_get_n_storages (self->tree);

  if (self->ids.first != NULL && self->ids.first->len == n)
    return;

  ckpt_draft_groups_clear (&self->ids);
  ckpt_draft_groups_clear (&self->views);
  groups_init (&self->ids, n);
  groups_init (&self->views, n);
  for (CkptNodeId node = 0; node < ckpt_nodes_get_n (nodes); node++)
    if (ckpt_nodes_get_kind (nodes, node) == CKPT_KIND_PERSISTENT_ID)
      {
        guint32 storage = ckpt_tree_find_node_storage (self->tree, node);

        if (storage != CKPT_NO_STORAGE)
          groups_add (&self->ids, storage, node);
      }
  for (guint i = 0; i < ckpt_tree_get_n_tensors (self->tree); i++)
    {
      guint32 storage = ckpt_tree_get_tensor (self->tree, i)->storage;

      if (storage != CKPT_NO_STORAGE)
        groups_add (&self->views, storage, i);
    }
}

/* The text of a tag, one value for all storages that are moved there. */
static CkptNodeId
get_location_node (CkptDraft *self, const char *location, GError **error)
{
  if (self->location != location)
    {
      self->location = location;
      self->location_node = ckpt_draft_add_string (self, location, -1, error);
    }
  return self->location_node;
}

/* Sets one of the values that persistent ids name a storage by, in all of them. */
static gboolean
set_in_ids (CkptDraft *self, guint storage, guint32 position, CkptNodeId value, GError **error)
{
  guint32 at = CKPT_DRAFT_END;
  guint32 id;

  note_views (self);
  while (groups_next (&self->ids, storage, &at, &id))
    if (!ckpt_draft_set_child (self, ckpt_nodes_get_child (self->tree->nodes, id, 0), position, value, error))
      return FALSE;
  return TRUE;
}

/* Tensors take their device from their storage. */
static gboolean
move_tensors (CkptDraft *self, guint storage, const char *from, const char *to, GError **error)
{
  guint32 at = CKPT_DRAFT_END;
  guint32 i;

  while (groups_next (&self->views, storage, &at, &i))
    {
      CkptTensor *tensor;

      if (g_strcmp0 (ckpt_tree_get_tensor (self->tree, i)->device, from) != 0)
        continue;

      tensor = ckpt_chunks_edit (self->tree->tensors, i, error);
      if (tensor == NULL)
        return FALSE;
      tensor->device = to;
    }
  return TRUE;
}

/**
 * ckpt_draft_set_location:
 * @self: a draft
 * @storage: number of a storage
 * @location: a location tag, such as "cpu" or "cuda:1"
 * @error: return location
 *
 * Changes the tag in every persistent id that names the storage, and the device of the tensors that view it.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_set_location (CkptDraft *self, guint storage, const char *location, GError **error)
{
  const char *to = ckpt_tree_intern (self->tree, location);
  CkptStorage *moved = ckpt_chunks_edit (self->tree->storages, storage, error);
  CkptNodeId text = moved != NULL ? get_location_node (self, to, error) : CKPT_NO_NODE;
  const char *from;

  if (text == CKPT_NO_NODE)
    return FALSE;

  from = moved->location;
  moved->location = to;
  self->is_moved = TRUE;
  return set_in_ids (self, storage, 3, text, error) && move_tensors (self, storage, from, to, error);
}

/**
 * ckpt_draft_set_key:
 * @self: a draft
 * @storage: number of a storage
 * @key: the name of its record, which no other storage has once the draft is finished
 * @error: return location
 *
 * Changes the name in every persistent id of the storage. The tree does not find storages by such names; it is for a file to be written.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_set_key (CkptDraft *self, guint storage, const char *key, GError **error)
{
  CkptStorage *named = ckpt_chunks_edit (self->tree->storages, storage, error);
  CkptNodeId text = named != NULL ? ckpt_draft_add_string (self, key, -1, error) : CKPT_NO_NODE;
  gsize length;

  if (text == CKPT_NO_NODE)
    return FALSE;

  named->key = ckpt_nodes_get_text (self->tree->nodes, text, &length);
  return set_in_ids (self, storage, 2, text, error);
}

/* ("storage", class, key, location, numel) has the metadata of a view behind it in the container before 1.6: None, since 0.4. */
static gboolean
set_id_length (CkptDraft *self, CkptNodeId tuple, guint32 length, CkptNodeId none, GError **error)
{
  guint32 n = (guint32) ckpt_nodes_get_length (self->tree->nodes, tuple);

  if (n == length)
    return TRUE;
  if (n == 5)
    return ckpt_draft_splice (self, tuple, 5, 0, &none, 1, error);
  return ckpt_draft_splice (self, tuple, 5, n - 5, NULL, 0, error);
}

/* The container before 1.6 names classes of modules by an id that has their source text; a zip names them as any other class. */
static void
name_class (CkptDraft *self, CkptNodeId id)
{
  const CkptValue *value = ckpt_tree_peek_value (self->tree, id);

  if (value != NULL && value->form == CKPT_FORM_CLASS_ID)
    ckpt_draft_replace (self, id, value->payload);
}

static gboolean
set_id_style (CkptDraft *self, CkptNodeId id, CkptPersistentStyle style, CkptNodeId none, GError **error)
{
  CkptNodes *nodes = self->tree->nodes;
  guint32 length = style == CKPT_PERSISTENT_LEGACY ? 6 : 5;

  switch (ckpt_tag_get_kind (ckpt_nodes_get_tag (nodes, id)))
    {
    case CKPT_TAG_STORAGE:
      return set_id_length (self, ckpt_nodes_get_child (nodes, id, 0), length, none, error);
    case CKPT_TAG_VIEW:
      return style == CKPT_PERSISTENT_LEGACY ||
             ckpt_error_set (
                 error, CKPT_ERROR_UNSUPPORTED, "view-metadata",
                 _ ("A part of a storage is named as PyTorch did before 0.4; only the same container can hold it."));
    case CKPT_TAG_VALUE:
      if (style != CKPT_PERSISTENT_LEGACY)
        name_class (self, id);
      return TRUE;
    case CKPT_TAG_NONE:
    case CKPT_TAG_TENSOR:
    default:
      return TRUE;
    }
}

/**
 * ckpt_draft_set_style:
 * @self: a draft of a tree whose persistent ids are of one of the two styles of torch.save()
 * @style: the style of the container that it is to be written in
 * @error: return location
 *
 * Brings all persistent ids into another style; persistent_id() in torch/serialization.py writes them.
 *
 * Returns: %FALSE with %CKPT_ERROR_UNSUPPORTED for parts of storages as PyTorch named them before 0.4, and with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_set_style (CkptDraft *self, CkptPersistentStyle style, GError **error)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeId none = ckpt_draft_add_none (self, error);
  guint32 n = ckpt_nodes_get_n (nodes);

  self->tree->style = style;
  for (CkptNodeId node = 0; node < n && none != CKPT_NO_NODE; node++)
    if (ckpt_nodes_get_kind (nodes, node) == CKPT_KIND_PERSISTENT_ID &&
        !set_id_style (self, node, style, none, error))
      return FALSE;
  return none != CKPT_NO_NODE;
}

gboolean
ckpt_draft_move_made (CkptDraft *self, GError **error)
{
  guint n = ckpt_tree_get_n_tensors (self->tree);

  if (!self->is_moved)
    return TRUE;

  self->is_moved = FALSE;
  for (guint i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, i);

      if (tensor->layout == CKPT_LAYOUT_STRIDED || tensor->inner != CKPT_NO_TENSOR ||
          (tensor->flags & CKPT_TENSOR_BROKEN) != 0)
        continue;

      if (!ckpt_draft_touch (self, tensor->node, error) || !touch_wrappers (self, i, error))
        return FALSE;
    }
  return TRUE;
}
