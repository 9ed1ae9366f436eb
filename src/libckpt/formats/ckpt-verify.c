/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-verify.h"

#include "model/ckpt-tree-data.h"
#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A file may have been pickled by another protocol than the one that is written, where the same value is made in another way: bytes
 * and sets are calls in protocol 2. So raw values are compared where they are alike, and else what they stand for. */

typedef struct
{
  CkptNodeId written;
  CkptNodeId read;
} Pair;

/**
 * Comparison:
 * @twins: for each value of @written the one of @read that it was met as, plus 1
 * @back: the same the other way round
 * @todo: (element-type Pair): what is not compared yet
 */
typedef struct
{
  CkptTree *written;
  CkptTree *read;
  CkptNodes *written_nodes;
  CkptNodes *read_nodes;
  guint32 *twins;
  guint32 *back;
  GArray *todo;
} Comparison;

static void
push (Comparison *self, CkptNodeId written, CkptNodeId read)
{
  const Pair pair = { written, read };

  g_array_append_val (self->todo, pair);
}

static gboolean
is_text_same (const char *a, gsize a_length, guint64 a_full, const char *b, gsize b_length, guint64 b_full)
{
  return a_full == b_full && memcmp (a, b, MIN (a_length, b_length)) == 0;
}

/* Of texts that are not kept whole, what is kept: the bytes in the file were compared with what was encoded. */
static gboolean
compare_raw_text (Comparison *self, Pair pair)
{
  gsize a_length, b_length;
  const char *a = ckpt_nodes_get_text (self->written_nodes, pair.written, &a_length);
  const char *b = ckpt_nodes_get_text (self->read_nodes, pair.read, &b_length);

  return is_text_same (a, a_length, ckpt_nodes_get_length (self->written_nodes, pair.written), b, b_length,
                       ckpt_nodes_get_length (self->read_nodes, pair.read));
}

static gboolean
compare_text (Comparison *self, Pair pair)
{
  gsize a_length, b_length;
  guint64 a_full, b_full;
  const char *a = ckpt_tree_peek_text (self->written, pair.written, &a_length, &a_full);
  const char *b = ckpt_tree_peek_text (self->read, pair.read, &b_length, &b_full);

  return a != NULL && b != NULL && is_text_same (a, a_length, a_full, b, b_length, b_full);
}

/* Numbers too large to be written out are held to be the same if both are. */
static gboolean
compare_repr (Comparison *self, Pair pair)
{
  g_autofree char *a = ckpt_tree_repr (self->written, pair.written);
  g_autofree char *b = ckpt_tree_repr (self->read, pair.read);

  return g_strcmp0 (a, b) == 0;
}

static gboolean
compare_int (Comparison *self, Pair pair)
{
  const guint big = CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL;
  guint written_form = ckpt_nodes_get_flags (self->written_nodes, pair.written) & big;
  guint read_form = ckpt_nodes_get_flags (self->read_nodes, pair.read) & big;

  if (written_form != read_form)
    return compare_repr (self, pair);
  if (written_form != 0)
    return compare_raw_text (self, pair);
  return ckpt_nodes_get_int (self->written_nodes, pair.written) ==
         ckpt_nodes_get_int (self->read_nodes, pair.read);
}

/* Bit by bit: a NaN has a payload, and 0 a sign. */
static gboolean
compare_float (Comparison *self, Pair pair)
{
  double a = ckpt_nodes_get_float (self->written_nodes, pair.written);
  double b = ckpt_nodes_get_float (self->read_nodes, pair.read);

  return memcmp (&a, &b, sizeof a) == 0;
}

/* Protocol 2 spells some names as Python 2 did. */
static gboolean
compare_global (Comparison *self, Pair pair)
{
  const CkptGlobal *a = ckpt_tree_peek_global (self->written, pair.written);
  const CkptGlobal *b = ckpt_tree_peek_global (self->read, pair.read);

  return compare_raw_text (self, pair) ||
         (a != NULL && b != NULL && g_strcmp0 (a->full_name, b->full_name) == 0);
}

static gboolean
compare_children (Comparison *self, Pair pair)
{
  guint64 n = ckpt_nodes_get_length (self->written_nodes, pair.written);

  if (n != ckpt_nodes_get_length (self->read_nodes, pair.read))
    return FALSE;
  for (guint64 i = 0; i < n; i++)
    push (self, ckpt_nodes_get_child (self->written_nodes, pair.written, i),
          ckpt_nodes_get_child (self->read_nodes, pair.read, i));
  return TRUE;
}

static gboolean
is_new (CkptNodes *nodes, CkptNodeId object)
{
  guint8 opcode = ckpt_nodes_get_opcode (nodes, object);

  return opcode == CKPT_OP_NEWOBJ || opcode == CKPT_OP_NEWOBJ_EX;
}

static gboolean
is_made_alike (Comparison *self, Pair pair)
{
  if (is_new (self->written_nodes, pair.written) != is_new (self->read_nodes, pair.read))
    return FALSE;
  for (guint slot = 0; slot < CKPT_N_SLOTS; slot++)
    if ((ckpt_nodes_get_slot (self->written_nodes, pair.written, slot) == CKPT_NO_NODE) !=
        (ckpt_nodes_get_slot (self->read_nodes, pair.read, slot) == CKPT_NO_NODE))
      return FALSE;
  return TRUE;
}

static void
push_slots (Comparison *self, Pair pair)
{
  for (guint slot = 0; slot < CKPT_N_SLOTS; slot++)
    if (ckpt_nodes_get_slot (self->written_nodes, pair.written, slot) != CKPT_NO_NODE)
      push (self, ckpt_nodes_get_slot (self->written_nodes, pair.written, slot),
            ckpt_nodes_get_slot (self->read_nodes, pair.read, slot));
}

static gboolean
compare_resolved_children (Comparison *self, Pair pair)
{
  guint32 n = ckpt_tree_get_n_children (self->written, pair.written);

  if (n != ckpt_tree_get_n_children (self->read, pair.read))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      CkptChild a, b;

      ckpt_tree_get_child (self->written, pair.written, i, &a);
      ckpt_tree_get_child (self->read, pair.read, i, &b);
      if (a.kind != b.kind || a.index != b.index || (a.key == CKPT_NO_NODE) != (b.key == CKPT_NO_NODE))
        return FALSE;
      if (a.key != CKPT_NO_NODE)
        push (self, a.key, b.key);
      push (self, a.node, b.node);
    }
  return TRUE;
}

/* What two values stand for that are made in different ways. */
static gboolean
compare_resolved (Comparison *self, Pair pair)
{
  CkptKind kind = ckpt_tree_get_kind (self->written, pair.written);

  if (kind != ckpt_tree_get_kind (self->read, pair.read) ||
      g_strcmp0 (ckpt_tree_get_class_name (self->written, pair.written),
                 ckpt_tree_get_class_name (self->read, pair.read)) != 0)
    return FALSE;
  switch ((int) kind)
    {
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      return compare_text (self, pair);
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
      return compare_repr (self, pair);
    case CKPT_KIND_GLOBAL:
      return compare_global (self, pair);
    default:
      return compare_resolved_children (self, pair);
    }
}

/* The tuple of an id is written anew for each use of a storage: it counts what is in it, not which tuple it is. */
static gboolean
compare_ids (Comparison *self, Pair pair)
{
  const Pair ids = { ckpt_nodes_get_child (self->written_nodes, pair.written, 0),
                     ckpt_nodes_get_child (self->read_nodes, pair.read, 0) };

  if (ckpt_nodes_get_kind (self->written_nodes, ids.written) == CKPT_KIND_TUPLE &&
      ckpt_nodes_get_kind (self->read_nodes, ids.read) == CKPT_KIND_TUPLE)
    return compare_children (self, ids);
  push (self, ids.written, ids.read);
  return TRUE;
}

static gboolean
compare_values (Comparison *self, Pair pair)
{
  CkptKind kind = ckpt_nodes_get_kind (self->written_nodes, pair.written);

  if (kind != ckpt_nodes_get_kind (self->read_nodes, pair.read))
    return compare_resolved (self, pair);
  switch ((int) kind)
    {
    case CKPT_KIND_NONE:
      return TRUE;
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
      return compare_int (self, pair);
    case CKPT_KIND_FLOAT:
      return compare_float (self, pair);
    case CKPT_KIND_GLOBAL:
      return compare_global (self, pair);
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      return compare_raw_text (self, pair);
    case CKPT_KIND_OBJECT:
      if (!is_made_alike (self, pair))
        return compare_resolved (self, pair);
      push_slots (self, pair);
      return TRUE;
    case CKPT_KIND_PERSISTENT_ID:
      return compare_ids (self, pair);
    default:
      return compare_children (self, pair);
    }
}

static gboolean
compare_storages (const CkptStorage *a, const CkptStorage *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return strcmp (a->key, b->key) == 0 && strcmp (a->location, b->location) == 0 && a->dtype == b->dtype &&
         a->is_untyped == b->is_untyped && a->numel == b->numel && a->n_bytes == b->n_bytes &&
         (a->bytes != CKPT_BYTES_RECORD || a->record == CKPT_NO_RECORD) ==
             (b->record == CKPT_NO_RECORD || a->bytes != CKPT_BYTES_RECORD);
}

static const CkptStorage *
get_storage (CkptTree *tree, const CkptTensor *tensor)
{
  return tensor->storage != CKPT_NO_STORAGE ? ckpt_tree_get_storage (tree, tensor->storage) : NULL;
}

static gboolean
compare_sizes (const gint64 *a, const gint64 *b, guint32 n)
{
  return n == 0 || memcmp (a, b, n * sizeof *a) == 0;
}

/* What a version of a tree keeps of a tensor must be what the written values say. */
static gboolean
compare_tensors (Comparison *self, Pair pair)
{
  const CkptTensor *a = ckpt_tree_get_node_tensor (self->written, pair.written);
  const CkptTensor *b = ckpt_tree_get_node_tensor (self->read, pair.read);

  if (a == NULL || b == NULL)
    return a == NULL && b == NULL;
  return a->dtype == b->dtype && a->layout == b->layout && a->flags == b->flags && a->n_dims == b->n_dims &&
         compare_sizes (a->shape, b->shape, a->n_dims) &&
         (a->layout != CKPT_LAYOUT_STRIDED || a->storage == CKPT_NO_STORAGE ||
          compare_sizes (a->stride, b->stride, a->n_dims)) &&
         a->offset == b->offset && a->numel == b->numel && a->n_bytes == b->n_bytes &&
         g_strcmp0 (a->device, b->device) == 0 && g_strcmp0 (a->class_name, b->class_name) == 0 &&
         compare_storages (get_storage (self->written, a), get_storage (self->read, b));
}

static gboolean
has_identity (CkptNodes *nodes, CkptNodeId node)
{
  switch ((int) ckpt_nodes_get_kind (nodes, node))
    {
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_PERSISTENT_ID:
      return FALSE;
    case CKPT_KIND_TUPLE:
      return ckpt_nodes_get_length (nodes, node) > 0;
    default:
      return TRUE;
    }
}

/* Whether the pair was compared before; FALSE with @is_same unset if one of them was met as another value. */
static gboolean
is_known (Comparison *self, Pair pair, gboolean *is_same)
{
  guint32 *twin = &self->twins[pair.written];
  guint32 *back = &self->back[pair.read];

  *is_same = TRUE;
  if (!has_identity (self->written_nodes, pair.written) || !has_identity (self->read_nodes, pair.read))
    return FALSE;
  if (*twin == 0 && *back == 0)
    {
      *twin = pair.read + 1;
      *back = pair.written + 1;
      return FALSE;
    }
  *is_same = *twin == pair.read + 1 && *back == pair.written + 1;
  return TRUE;
}

static gboolean
compare_pair (Comparison *self, Pair pair)
{
  gboolean is_same;

  pair.written = ckpt_nodes_get_content (self->written_nodes, pair.written);
  pair.read = ckpt_nodes_get_content (self->read_nodes, pair.read);
  if (is_known (self, pair, &is_same) || !is_same)
    return is_same;
  return compare_values (self, pair) && compare_tensors (self, pair) &&
         compare_storages (ckpt_tree_get_node_storage (self->written, pair.written),
                           ckpt_tree_get_node_storage (self->read, pair.read));
}

static gboolean
set_differ_error (Comparison *self, Pair pair, GError **error)
{
  g_autofree char *a = ckpt_tree_describe (self->written, pair.written);
  g_autofree char *b = ckpt_tree_describe (self->read, pair.read);

  return ckpt_error_set (error, CKPT_ERROR_SAVE, "verify-values",
                         _ ("The new file does not hold what was saved: “%s” became “%s”."), a, b);
}

/**
 * ckpt_verify_tree:
 * @written: a tree
 * @read: what the file says that it was written to
 * @error: return location
 *
 * Compares all values, which of them are one and the same, and what is known of tensors and storages. The bytes of storages are not
 * read.
 *
 * Returns: FALSE with %CKPT_ERROR_SAVE if they are not the same
 */
gboolean
ckpt_verify_tree (CkptTree *written, CkptTree *read, GError **error)
{
  g_autoptr (GArray) todo = g_array_new (FALSE, FALSE, sizeof (Pair));
  g_autofree guint32 *twins = NULL;
  g_autofree guint32 *back = NULL;
  Comparison self = { written, read, ckpt_tree_get_nodes (written), ckpt_tree_get_nodes (read), NULL,
                      NULL,    todo };

  g_return_val_if_fail (written != NULL && read != NULL, FALSE);

  self.twins = twins = g_new0 (guint32, ckpt_nodes_get_n (self.written_nodes));
  self.back = back = g_new0 (guint32, ckpt_nodes_get_n (self.read_nodes));
  push (&self, ckpt_tree_get_root (written), ckpt_tree_get_root (read));
  while (todo->len > 0)
    {
      Pair pair = g_array_index (todo, Pair, todo->len - 1);

      g_array_set_size (todo, todo->len - 1);
      if (!compare_pair (&self, pair))
        return set_differ_error (&self, pair, error);
    }
  return TRUE;
}
