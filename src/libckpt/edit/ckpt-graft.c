/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-graft.h"

#include "model/ckpt-tensor.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A longer text in a pickle is not copied through memory. */
#define MAX_TEXT ((guint64) 64 << 20)

/**
 * Frame:
 * @from: a container of the other tree
 * @to: its copy, once there is one
 * @i: the child that comes next
 * @children: copies of the children before that
 *
 * A container that is being copied. As in a pickle, what a tuple holds and what an object is called with come before it, and what is put into
 * a list, a dict or an object after it, so that these may hold themselves.
 */
typedef struct
{
  CkptNodeId from;
  CkptNodeId to;
  guint32 i;
  guint32 n;
  CkptNodeId *children;
} Frame;

typedef struct
{
  CkptDraft *draft;
  CkptNodes *nodes;
  CkptTree *from;
  gboolean is_big_endian; /* the file that it goes to */
  GHashTable *copies;     /* values of the other tree -> values of the draft, plus 1 */
  GHashTable *storages;   /* numbers of the other tree -> numbers of the draft, plus 1 */
  GHashTable *open;       /* values of the other tree that are being copied */
  GArray *stack;          /* of Frame */
} Graft;

/* All storages of one file are in one byte order. */
static gboolean
is_big_endian (CkptTree *tree)
{
  if (ckpt_tree_get_n_storages (tree) > 0)
    return ckpt_tree_get_storage (tree, 0)->is_big_endian;
  return g_strcmp0 (ckpt_tree_get_fact (tree, "byteorder"), "big") == 0;
}

/* The same elements in the other byte order. */
static guint
add_swapped (Graft *self, guint origin, GError **error)
{
  CkptStorage swapped = *ckpt_tree_get_storage (ckpt_draft_get_tree (self->draft), origin);

  if (swapped.is_untyped && swapped.n_bytes > 0)
    {
      ckpt_error_set (
          error, CKPT_ERROR_INVALID_EDIT, "insert-byte-order",
          _ ("The other file has its values in another byte order, and does not tell what all of them are."));
      return CKPT_NO_STORAGE;
    }
  swapped.key = NULL;
  swapped.archive = NULL;
  swapped.bytes = CKPT_BYTES_CAST;
  swapped.origin = origin;
  swapped.from_dtype = swapped.to_dtype = swapped.dtype;
  swapped.is_big_endian = !swapped.is_big_endian;
  return ckpt_draft_add_storage (self->draft, &swapped, error);
}

static guint
copy_storage (Graft *self, guint32 index, GError **error)
{
  gpointer known = g_hash_table_lookup (self->storages, GUINT_TO_POINTER (index));
  CkptStorage storage;
  guint copy;

  if (known != NULL)
    return GPOINTER_TO_UINT (known) - 1;
  storage = *ckpt_tree_get_storage (self->from, index);
  storage.key = NULL;
  if (storage.archive == NULL)
    storage.archive = ckpt_tree_get_archive (self->from);
  copy = ckpt_draft_add_storage (self->draft, &storage, error);
  if (copy != CKPT_NO_STORAGE && storage.is_big_endian != self->is_big_endian)
    copy = add_swapped (self, copy, error);
  if (copy != CKPT_NO_STORAGE)
    g_hash_table_insert (self->storages, GUINT_TO_POINTER (index), GUINT_TO_POINTER (copy + 1));
  return copy;
}

static CkptNodeId
copy_long_text (Graft *self, CkptNodeId node, GError **error)
{
  CkptNodes *from = self->from->nodes;
  guint64 length = ckpt_nodes_get_length (from, node), position;
  g_autofree char *text = NULL;
  guint32 record;

  if (length > MAX_TEXT || !ckpt_nodes_get_long_place (from, node, &record, &position))
    {
      ckpt_error_set (
          error, CKPT_ERROR_INVALID_EDIT, "insert-long-text",
          _ ("The other file holds a text or bytes in its pickle that are too long to be copied."));
      return CKPT_NO_NODE;
    }
  text = g_malloc (length + 1);
  if (!ckpt_archive_read (ckpt_tree_get_archive (self->from), record, position, text, length, error))
    return CKPT_NO_NODE;
  return ckpt_nodes_add_text (self->nodes, ckpt_nodes_get_kind (from, node),
                              ckpt_nodes_get_flags (from, node) & ~CKPT_NODE_LONG,
                              ckpt_nodes_get_opcode (from, node), text, length, error);
}

static CkptNodeId
copy_text (Graft *self, CkptNodeId node, GError **error)
{
  CkptNodes *from = self->from->nodes;
  CkptNodeFlags flags = ckpt_nodes_get_flags (from, node);
  const char *text;
  gsize length;

  if (flags & CKPT_NODE_LONG)
    return copy_long_text (self, node, error);
  text = ckpt_nodes_get_text (from, node, &length);
  return ckpt_nodes_add_text (self->nodes, ckpt_nodes_get_kind (from, node), flags,
                              ckpt_nodes_get_opcode (from, node), text, length, error);
}

/* A tensor that a file lists rather than pickles. */
static CkptNodeId
copy_listed_tensor (Graft *self, const CkptTensor *tensor, GError **error)
{
  guint storage = tensor->storage != CKPT_NO_STORAGE ? copy_storage (self, tensor->storage, error)
                                                     : CKPT_NO_STORAGE;

  if (storage != CKPT_NO_STORAGE)
    return ckpt_draft_add_tensor (self->draft, storage, tensor->dtype, tensor->offset, tensor->n_dims,
                                  tensor->shape, tensor->stride, FALSE, error);
  if (tensor->storage == CKPT_NO_STORAGE)
    ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "insert-tensor",
                    _ ("A tensor of the other file makes no sense."));
  return CKPT_NO_NODE;
}

static gboolean
is_listed_tensor (CkptTree *tree, CkptNodeId node)
{
  return ckpt_nodes_get_kind (tree->nodes, node) == CKPT_KIND_OBJECT &&
         ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_CALLABLE) == CKPT_NO_NODE &&
         ckpt_tree_get_node_tensor (tree, node) != NULL;
}

static CkptNodeId
copy_persistent_id (Graft *self, CkptNodeId node, GError **error)
{
  guint32 tag = ckpt_nodes_get_tag (self->from->nodes, node);
  guint storage;

  if (ckpt_tag_get_kind (tag) == CKPT_TAG_VIEW)
    {
      ckpt_error_set (
          error, CKPT_ERROR_INVALID_EDIT, "insert-view",
          _ ("The other file has views of storages as PyTorch wrote them before 0.4, which cannot be copied."));
      return CKPT_NO_NODE;
    }
  if (ckpt_tag_get_kind (tag) != CKPT_TAG_STORAGE)
    return CKPT_NO_NODE;
  storage = copy_storage (self, ckpt_tag_get_index (tag), error);
  return storage != CKPT_NO_STORAGE ? ckpt_tree_get_storage (ckpt_draft_get_tree (self->draft), storage)->node
                                    : CKPT_NO_NODE;
}

/* A value that holds nothing; %CKPT_NO_NODE without an error for a container. */
static CkptNodeId
copy_leaf (Graft *self, CkptNodeId node, GError **error)
{
  CkptNodes *from = self->from->nodes;

  switch (ckpt_nodes_get_kind (from, node))
    {
    case CKPT_KIND_NONE:
      return ckpt_draft_add_none (self->draft, error);
    case CKPT_KIND_BOOL:
      return ckpt_draft_add_bool (self->draft, ckpt_tree_get_bool (self->from, node), error);
    case CKPT_KIND_INT:
      return ckpt_nodes_get_flags (from, node) & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)
                 ? copy_text (self, node, error)
                 : ckpt_draft_add_int (self->draft, ckpt_nodes_get_int (from, node), error);
    case CKPT_KIND_FLOAT:
      return ckpt_draft_add_float (self->draft, ckpt_nodes_get_float (from, node), error);
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
      return copy_text (self, node, error);
    case CKPT_KIND_PERSISTENT_ID:
      return copy_persistent_id (self, node, error);
    case CKPT_KIND_OBJECT:
      return is_listed_tensor (self->from, node)
                 ? copy_listed_tensor (self, ckpt_tree_get_node_tensor (self->from, node), error)
                 : CKPT_NO_NODE;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    default:
      return CKPT_NO_NODE;
    }
}

static void
frame_clear (gpointer data)
{
  g_free (((Frame *) data)->children);
}

static void
note_copy (Graft *self, CkptNodeId content, CkptNodeId copy)
{
  g_hash_table_insert (self->copies, GUINT_TO_POINTER (content), GUINT_TO_POINTER (copy + 1));
}

/* How many children have to be there before the container is. */
static guint32
count_needed (CkptKind kind, guint32 n)
{
  if (kind == CKPT_KIND_LIST || kind == CKPT_KIND_DICT || kind == CKPT_KIND_SET)
    return 0;
  return kind == CKPT_KIND_OBJECT ? CKPT_SLOT_STATE : n;
}

static gboolean
push (Graft *self, CkptNodeId content, GError **error)
{
  Frame frame = { content, CKPT_NO_NODE, 0, ckpt_nodes_get_length (self->from->nodes, content) };

  if (!g_hash_table_add (self->open, GUINT_TO_POINTER (content)))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "insert-cycle",
                           _ ("The other file has a value that is made from itself."));
  frame.children = g_new (CkptNodeId, frame.n + 1);
  for (guint32 i = 0; i < frame.n; i++)
    frame.children[i] = CKPT_NO_NODE;
  g_array_append_val (self->stack, frame);
  return TRUE;
}

/* Makes a container of the children that it needs. */
static gboolean
make (Graft *self, Frame *frame, GError **error)
{
  CkptNodes *from = self->from->nodes;
  CkptKind kind = ckpt_nodes_get_kind (from, frame->from);
  guint32 n = kind == CKPT_KIND_OBJECT ? frame->n : count_needed (kind, frame->n);

  frame->to = ckpt_nodes_add_container (self->nodes, kind, ckpt_nodes_get_opcode (from, frame->from), 0,
                                        frame->children, n, error);
  if (frame->to == CKPT_NO_NODE)
    return FALSE;
  if (kind != CKPT_KIND_TUPLE || n > 0) /* all empty tuples are one */
    ckpt_nodes_set_flag (self->nodes, frame->to,
                         ckpt_nodes_get_flags (from, frame->from) & ~CKPT_NODE_CHUNKED);
  note_copy (self, frame->from, frame->to);
  return TRUE;
}

/* Puts in what came after the container. */
static gboolean
fill (Graft *self, const Frame *frame, GError **error)
{
  CkptKind kind = ckpt_nodes_get_kind (self->from->nodes, frame->from);

  if (kind == CKPT_KIND_OBJECT)
    {
      for (guint32 i = CKPT_SLOT_STATE; i < frame->n; i++)
        if (frame->children[i] != CKPT_NO_NODE &&
            !ckpt_draft_set_child (self->draft, frame->to, i, frame->children[i], error))
          return FALSE;
      return TRUE;
    }
  return count_needed (kind, frame->n) > 0 || frame->n == 0 ||
         ckpt_draft_splice (self->draft, frame->to, 0, 0, frame->children, frame->n, error);
}

/* The copy of a child, if there is one already, or can be at once; else it is put on the stack. */
static gboolean
find_child (Graft *self, CkptNodeId node, CkptNodeId *copy, GError **error)
{
  CkptNodeId content = ckpt_nodes_get_content (self->from->nodes, node);
  gpointer known = g_hash_table_lookup (self->copies, GUINT_TO_POINTER (content));
  g_autoptr (GError) local_error = NULL;

  *copy = known != NULL ? GPOINTER_TO_UINT (known) - 1 : copy_leaf (self, content, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (*copy == CKPT_NO_NODE)
    return push (self, content, error);
  if (known == NULL)
    note_copy (self, content, *copy);
  return TRUE;
}

/* Goes on with the container on top of the stack. */
static gboolean
step (Graft *self, GError **error)
{
  guint top = self->stack->len - 1;
  Frame *frame = &g_array_index (self->stack, Frame, top);
  guint32 n_needed = count_needed (ckpt_nodes_get_kind (self->from->nodes, frame->from), frame->n);

  for (;;)
    {
      CkptNodeId child, copy = CKPT_NO_NODE;

      if (frame->to == CKPT_NO_NODE && frame->i >= n_needed && !make (self, frame, error))
        return FALSE;
      if (frame->i == frame->n)
        break;
      child = ckpt_nodes_get_child (self->from->nodes, frame->from, frame->i);
      if (child != CKPT_NO_NODE)
        {
          if (!find_child (self, child, &copy, error))
            return FALSE;
          if (copy == CKPT_NO_NODE) /* it comes first */
            return TRUE;
        }
      frame->children[frame->i++] = copy;
    }
  if (!fill (self, frame, error))
    return FALSE;
  g_hash_table_remove (self->open, GUINT_TO_POINTER (frame->from));
  g_array_set_size (self->stack, top);
  return TRUE;
}

/**
 * ckpt_graft_copy:
 * @draft: a draft
 * @from: another tree
 * @node: a value of it
 * @error: return location
 *
 * Storages go on naming their bytes in the other file, which stays open.
 *
 * Returns: the copy; %CKPT_NO_NODE with %CKPT_ERROR_INVALID_EDIT for what cannot be copied, %CKPT_ERROR_LIMIT, or an error of reading @from
 */
CkptNodeId
ckpt_graft_copy (CkptDraft *draft, CkptTree *from, CkptNodeId node, GError **error)
{
  g_autoptr (GHashTable) copies = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) storages = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Frame));
  Graft self = { draft,  ckpt_draft_get_nodes (draft),
                 from,   is_big_endian (ckpt_draft_get_tree (draft)),
                 copies, storages,
                 open,   stack };
  CkptNodeId copy;

  g_array_set_clear_func (stack, frame_clear);
  if (!find_child (&self, node, &copy, error))
    return CKPT_NO_NODE;
  while (stack->len > 0)
    if (!step (&self, error))
      return CKPT_NO_NODE;
  return GPOINTER_TO_UINT (
             g_hash_table_lookup (copies, GUINT_TO_POINTER (ckpt_nodes_get_content (from->nodes, node)))) -
         1;
}
