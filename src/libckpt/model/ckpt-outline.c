/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-outline.h"

#include "model/ckpt-values.h"

#define IS_PART (1u << 31) /* marks a leaf that another tensor is made of; ids of nodes are smaller */

/* The leaves below a container: a range of CkptOutline.leaves. */
typedef struct
{
  guint first;
  guint end;
} Span;

/* A container that the walk is in. */
typedef struct
{
  guint depth;
  CkptNodeId node;
  guint first;
} Open;

struct _CkptOutline
{
  gatomicrefcount ref_count;
  CkptTree *tree;
  GArray
      *leaves; /* guint32: tensors, storages and containers that were met before, in the order of the walk */
  GHashTable *spans;  /* node -> Span, of containers with leaves */
  GHashTable *firsts; /* node -> CkptPath, of values that the tree holds more than once */
};

typedef struct
{
  CkptOutline *outline;
  GArray *open;
  guint tensor_depth; /* of the tensor that the walk is in, or %G_MAXUINT */
} Walk;

static gboolean
is_leaf (CkptKind kind)
{
  return kind == CKPT_KIND_TENSOR || kind == CKPT_KIND_STORAGE;
}

/* Whether it matters that two places hold the same value. Equal tuples are one for Python's pickler, which says little. */
static gboolean
has_identity (CkptTree *tree, CkptNodeId node)
{
  switch (ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
      return TRUE;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
      return ckpt_tree_get_n_children (tree, node) > 0;
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
      break;
    }
  return FALSE;
}

static gpointer
node_key (CkptNodeId node)
{
  return GUINT_TO_POINTER (node);
}

static void
close_containers (Walk *walk, guint depth)
{
  CkptOutline *self = walk->outline;

  while (walk->open->len > 0)
    {
      const Open *open = &g_array_index (walk->open, Open, walk->open->len - 1);

      if (open->depth < depth)
        break;
      if (open->first < self->leaves->len)
        {
          Span *span = g_new (Span, 1);

          span->first = open->first;
          span->end = self->leaves->len;
          g_hash_table_insert (self->spans, node_key (open->node), span);
        }
      g_array_set_size (walk->open, walk->open->len - 1);
    }
}

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer user_data)
{
  Walk *walk = user_data;
  CkptOutline *self = walk->outline;
  gboolean leaf = is_leaf (ckpt_tree_get_kind (tree, child->node));
  guint32 entry = child->node;

  close_containers (walk, depth);
  if (depth <= walk->tensor_depth)
    walk->tensor_depth = G_MAXUINT;
  if (walk->tensor_depth != G_MAXUINT)
    entry |= IS_PART;
  else if (leaf)
    walk->tensor_depth = depth;
  if (is_repeat && has_identity (tree, child->node))
    g_hash_table_insert (self->firsts, node_key (child->node), NULL);
  else if (is_repeat)
    return FALSE;
  if (leaf || is_repeat)
    g_array_append_val (self->leaves, entry);
  if (!is_repeat && ckpt_tree_get_n_children (tree, child->node) > 0)
    {
      Open open = { depth, child->node, self->leaves->len - (leaf ? 1 : 0) };

      g_array_append_val (walk->open, open);
    }
  return TRUE;
}

static gboolean
visit_for_firsts (CkptTree *tree,
                  const CkptPath *path,
                  guint depth,
                  const CkptChild *child,
                  gboolean is_repeat,
                  gpointer user_data)
{
  CkptOutline *self = user_data;

  if (!is_repeat && g_hash_table_contains (self->firsts, node_key (child->node)))
    g_hash_table_insert (self->firsts, node_key (child->node), ckpt_path_copy (path));
  return TRUE;
}

static void
path_free0 (gpointer path)
{
  g_clear_pointer ((CkptPath **) &path, ckpt_path_free);
}

/**
 * ckpt_outline_new:
 * @tree: a tree that is loaded
 *
 * Walks the whole tree once, or twice where it holds some value more than once.
 *
 * Returns: (transfer full): the outline
 */
CkptOutline *
ckpt_outline_new (CkptTree *tree)
{
  CkptOutline *self;
  Walk walk;

  g_return_val_if_fail (tree != NULL, NULL);

  self = g_new0 (CkptOutline, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->tree = ckpt_tree_ref (tree);
  self->leaves = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->spans = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->firsts = g_hash_table_new_full (NULL, NULL, NULL, path_free0);

  walk.outline = self;
  walk.open = g_array_new (FALSE, FALSE, sizeof (Open));
  walk.tensor_depth = G_MAXUINT;
  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), visit, &walk);
  close_containers (&walk, 0);
  g_array_unref (walk.open);

  if (g_hash_table_size (self->firsts) > 0)
    ckpt_tree_walk (tree, ckpt_tree_get_root (tree), visit_for_firsts, self);
  return self;
}

/**
 * ckpt_outline_ref:
 *
 * Returns: (transfer full): @self
 */
CkptOutline *
ckpt_outline_ref (CkptOutline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_outline_unref:
 * @self: (transfer full):
 */
void
ckpt_outline_unref (CkptOutline *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->leaves);
  g_hash_table_unref (self->spans);
  g_hash_table_unref (self->firsts);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

/**
 * ckpt_outline_get_tree:
 *
 * Returns: (transfer none): the tree
 */
CkptTree *
ckpt_outline_get_tree (CkptOutline *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->tree;
}

/**
 * ckpt_outline_get_first:
 * @node: a value of the tree
 *
 * Tells tensors, storages and containers that have a place of their own from those that are the same object again.
 *
 * Returns: (transfer none) (nullable): the first path to @node if there are several, or %NULL if there is one
 */
const CkptPath *
ckpt_outline_get_first (CkptOutline *self, CkptNodeId node)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->firsts, node_key (node));
}

/* What is added of the outline: ranges of leaves, and those of containers that they only refer to. */
typedef struct
{
  CkptTotals *totals;
  GArray *spans;    /* Span: all that was found so far */
  GHashTable *seen; /* nodes of tensors that stand at several places */
} Sum;

/* Adds the leaves under @node, unless a range that is added anyway holds them. */
static void
push_span (CkptOutline *self, CkptNodeId node, Sum *sum)
{
  const Span *span = g_hash_table_lookup (self->spans, node_key (node));

  if (span == NULL)
    return;
  for (guint i = 0; i < sum->spans->len; i++)
    {
      const Span *other = &g_array_index (sum->spans, Span, i);

      if (other->first <= span->first && span->end <= other->end)
        return;
    }
  g_array_append_vals (sum->spans, span, 1);
}

static gboolean
was_seen (CkptOutline *self, CkptNodeId node, Sum *sum)
{
  return g_hash_table_contains (self->firsts, node_key (node)) &&
         !g_hash_table_add (sum->seen, node_key (node));
}

static void
add_span (CkptOutline *self, const Span *span, Sum *sum)
{
  const CkptTensor *outer = NULL;

  for (guint i = span->first; i < span->end; i++)
    {
      guint32 entry = g_array_index (self->leaves, guint32, i);
      CkptNodeId node = entry & ~IS_PART;
      const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);

      if (tensor == NULL && ckpt_tree_get_kind (self->tree, node) == CKPT_KIND_STORAGE)
        ckpt_totals_add_storage (sum->totals, node);
      else if (tensor == NULL)
        push_span (self, node, sum);
      else
        {
          if (!(entry & IS_PART) || outer == NULL)
            outer = tensor;
          ckpt_totals_add_tensor (sum->totals, tensor, outer, was_seen (self, node, sum));
        }
    }
}

static void
add_leaf (CkptOutline *self, CkptNodeId node, CkptTotals *totals)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);

  if (tensor != NULL)
    ckpt_totals_add_tensor (totals, tensor, tensor, FALSE);
  else if (ckpt_tree_get_kind (self->tree, node) == CKPT_KIND_STORAGE)
    ckpt_totals_add_storage (totals, node);
}

/**
 * ckpt_outline_add_totals:
 * @node: a value of the tree
 * @totals: what to add to
 *
 * Adds @node, if it is a tensor or a storage, and all tensors and storages under it.
 */
void
ckpt_outline_add_totals (CkptOutline *self, CkptNodeId node, CkptTotals *totals)
{
  g_autoptr (GArray) spans = NULL;
  g_autoptr (GHashTable) seen = NULL;
  Sum sum;

  g_return_if_fail (self != NULL);

  if (!g_hash_table_contains (self->spans, node_key (node)))
    {
      add_leaf (self, node, totals);
      return;
    }
  sum.totals = totals;
  sum.spans = spans = g_array_new (FALSE, FALSE, sizeof (Span));
  sum.seen = seen = g_hash_table_new (NULL, NULL);
  push_span (self, node, &sum);
  for (guint i = 0; i < spans->len; i++)
    {
      Span span = g_array_index (spans, Span, i);

      add_span (self, &span, &sum);
    }
}

/**
 * ckpt_outline_has_tensors:
 * @node: a value of the tree
 *
 * Returns: whether it is a tensor or a storage, or has one under it
 */
gboolean
ckpt_outline_has_tensors (CkptOutline *self, CkptNodeId node)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return is_leaf (ckpt_tree_get_kind (self->tree, node)) ||
         g_hash_table_contains (self->spans, node_key (node));
}

/* Whether reading the one element of a tensor is wanted, and takes no more than @max_bytes. */
static gboolean
is_small_scalar (CkptTree *tree, const CkptTensor *tensor, gsize max_bytes)
{
  return tensor != NULL && tensor->numel == 1 && tensor->n_bytes <= max_bytes &&
         ckpt_tensor_get_unreadable (tree, tensor) == NULL;
}

/**
 * ckpt_outline_read_scalars:
 * @max_bytes: bytes of the file that may be read for it
 * @cancellable: (nullable): stops the reading; what was read until then is returned
 *
 * Reads the value of tensors that have one element, such as a loss or a step, in the order of the file, until @max_bytes
 * are used up. One that cannot be read is left out.
 *
 * Returns: (transfer full) (element-type CkptNodeId utf8): what was read, by node
 */
GHashTable *
ckpt_outline_read_scalars (CkptOutline *self, gsize max_bytes, GCancellable *cancellable)
{
  GHashTable *scalars = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  g_return_val_if_fail (self != NULL, scalars);

  for (guint i = 0; i < self->leaves->len && max_bytes > 0; i++)
    {
      CkptNodeId node = g_array_index (self->leaves, guint32, i) & ~IS_PART;
      const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);
      char *text;

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (!is_small_scalar (self->tree, tensor, max_bytes) ||
          g_hash_table_contains (scalars, node_key (node)))
        continue;
      text = ckpt_tensor_item_to_string (self->tree, tensor, 0, NULL);
      max_bytes -= (gsize) tensor->n_bytes;
      if (text != NULL)
        g_hash_table_insert (scalars, node_key (node), text);
    }
  return scalars;
}
