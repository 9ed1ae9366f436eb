/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-key.h"

#include "io/ckpt-hash.h"

#include <math.h>
#include <string.h>

/* Tuples within tuples that are compared by what is in them; deeper ones, and longer ones, are equal only to themselves. So the time for
 * a key is bounded however often the file refers to one tuple. */
#define MAX_DEPTH 8
#define MAX_ITEMS 64

typedef struct
{
  CkptTree *tree;
  guint n_left;
} Walk;

/* Whole numbers are equal whether they are bool, int or float. */
static gboolean
get_whole_number (CkptTree *tree, CkptNodeId node, CkptKind kind, gint64 *number)
{
  double value;

  switch ((int) kind)
    {
    case CKPT_KIND_BOOL:
      *number = ckpt_tree_get_bool (tree, node);
      return TRUE;

    case CKPT_KIND_INT:
      return ckpt_tree_get_int (tree, node, number);

    case CKPT_KIND_FLOAT:
      value = ckpt_tree_get_float (tree, node);
      if (value != floor (value) || value < -0x1p63 || value >= 0x1p63)
        return FALSE;
      *number = value;
      return TRUE;

    default:
      return FALSE;
    }
}

/* The text of a key that is compared by its text. A long one is not in memory. */
static const char *
get_text (CkptTree *tree, CkptNodeId node, CkptKind kind, gsize *length)
{
  const CkptGlobal *global;
  guint64 full_length;
  const char *text;

  switch ((int) kind)
    {
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
      text = ckpt_tree_peek_text (tree, node, length, &full_length);
      return *length == full_length ? text : NULL;

    case CKPT_KIND_INT:
      return ckpt_nodes_get_text (tree->nodes, ckpt_tree_resolve (tree, node), length);

    case CKPT_KIND_GLOBAL:
      global = ckpt_tree_peek_global (tree, ckpt_tree_resolve (tree, node));
      if (global == NULL)
        return NULL;
      if (!global->is_plain)
        return ckpt_nodes_get_text (tree->nodes, global->node, length);
      *length = strlen (global->full_name);
      return global->full_name;

    default:
      return NULL;
    }
}

static guint64
mix (guint64 hash, guint64 more)
{
  const guint64 both[2] = { hash, more };

  return ckpt_hash_bytes (both, sizeof both);
}

static guint64
hash_scalar (CkptTree *tree, CkptNodeId node, CkptKind kind)
{
  gsize length;
  gint64 number;
  const char *text;
  double value;

  if (get_whole_number (tree, node, kind, &number))
    return mix (CKPT_KIND_INT, number);

  if (kind == CKPT_KIND_FLOAT)
    {
      value = ckpt_tree_get_float (tree, node);
      return isnan (value) ? mix (kind, node) : ckpt_hash_bytes (&value, sizeof value);
    }

  text = get_text (tree, node, kind, &length);
  if (text != NULL)
    return ckpt_hash_bytes (text, length);
  return mix (kind, kind == CKPT_KIND_NONE ? 0 : node);
}

/* Goes down a bounded number of levels. FALSE when there is more to see. */
static gboolean
hash_key (Walk *self, CkptNodeId node, guint depth, guint64 *hash)
{
  CkptKind kind = ckpt_tree_get_kind (self->tree, node);
  const CkptNodeId *items;
  guint32 n;

  if (self->n_left == 0 || depth == MAX_DEPTH)
    return FALSE;
  self->n_left--;

  if (kind != CKPT_KIND_TUPLE)
    {
      *hash = mix (*hash, hash_scalar (self->tree, node, kind));
      return TRUE;
    }

  items = ckpt_nodes_get_children (self->tree->nodes, ckpt_tree_resolve (self->tree, node), &n);
  *hash = mix (*hash, n);
  for (guint32 i = 0; i < n; i++)
    if (!hash_key (self, items[i], depth + 1, hash))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_key_hash:
 * @tree: a tree whose values are recognised
 * @key: a key
 *
 * Returns: a hash that equal keys share
 */
guint32
ckpt_key_hash (CkptTree *tree, CkptNodeId key)
{
  Walk walk = { tree, MAX_ITEMS };
  guint64 hash = 0;
  gsize length;
  const char *text = ckpt_tree_peek_whole_text (tree, key, &length);

  if (text != NULL)
    return ckpt_hash_bytes (text, length);

  if (ckpt_tree_get_kind (tree, key) != CKPT_KIND_TUPLE)
    return hash_scalar (tree, key, ckpt_tree_get_kind (tree, key));

  return hash_key (&walk, key, 0, &hash) ? hash : mix (CKPT_KIND_TUPLE, key);
}

static gboolean
is_equal_scalar (CkptTree *tree, CkptNodeId a, CkptNodeId b)
{
  CkptKind kind_a = ckpt_tree_get_kind (tree, a);
  CkptKind kind_b = ckpt_tree_get_kind (tree, b);
  gint64 number_a, number_b;
  gsize length_a, length_b;
  const char *text_a;
  const char *text_b;

  if (get_whole_number (tree, a, kind_a, &number_a))
    return get_whole_number (tree, b, kind_b, &number_b) && number_a == number_b;

  if (kind_a != kind_b)
    return FALSE;

  if (kind_a == CKPT_KIND_FLOAT)
    return ckpt_tree_get_float (tree, a) == ckpt_tree_get_float (tree, b);

  if (kind_a == CKPT_KIND_NONE)
    return TRUE;

  if (kind_a == CKPT_KIND_INT && get_whole_number (tree, b, kind_b, &number_b))
    return FALSE;

  text_a = get_text (tree, a, kind_a, &length_a);
  text_b = get_text (tree, b, kind_b, &length_b);
  return text_a != NULL && text_b != NULL && length_a == length_b && memcmp (text_a, text_b, length_a) == 0;
}

static gboolean
is_equal (Walk *self, CkptNodeId a, CkptNodeId b, guint depth)
{
  CkptKind kind = ckpt_tree_get_kind (self->tree, a);
  const CkptNodeId *items_a;
  const CkptNodeId *items_b;
  guint32 n_a, n_b;

  if (a == b)
    return kind != CKPT_KIND_FLOAT || !isnan (ckpt_tree_get_float (self->tree, a)) || depth > 0;

  if (self->n_left == 0 || depth == MAX_DEPTH)
    return FALSE;
  self->n_left--;

  if (kind != CKPT_KIND_TUPLE || ckpt_tree_get_kind (self->tree, b) != CKPT_KIND_TUPLE)
    return is_equal_scalar (self->tree, a, b);

  items_a = ckpt_nodes_get_children (self->tree->nodes, ckpt_tree_resolve (self->tree, a), &n_a);
  items_b = ckpt_nodes_get_children (self->tree->nodes, ckpt_tree_resolve (self->tree, b), &n_b);
  if (n_a != n_b)
    return FALSE;

  for (guint32 i = 0; i < n_a; i++)
    if (!is_equal (self, items_a[i], items_b[i], depth + 1))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_key_is_equal:
 * @tree: a tree whose values are recognised
 * @a: a key
 * @b: a key
 *
 * Returns: whether Python would take them for one key
 */
gboolean
ckpt_key_is_equal (CkptTree *tree, CkptNodeId a, CkptNodeId b)
{
  Walk walk = { tree, MAX_ITEMS };
  gsize length_a, length_b;
  const char *text_a = ckpt_tree_peek_whole_text (tree, a, &length_a);
  const char *text_b = ckpt_tree_peek_whole_text (tree, b, &length_b);

  if (text_a != NULL && text_b != NULL)
    return length_a == length_b && memcmp (text_a, text_b, length_a) == 0;

  return is_equal (&walk, a, b, 0);
}

static gboolean
is_hashable (Walk *self, CkptNodeId node, guint depth)
{
  CkptKind kind = ckpt_tree_get_kind (self->tree, node);
  const CkptNodeId *items;
  guint32 n;

  if (kind == CKPT_KIND_LIST || kind == CKPT_KIND_DICT || kind == CKPT_KIND_SET ||
      kind == CKPT_KIND_BYTEARRAY)
    return FALSE;

  if (kind != CKPT_KIND_TUPLE || self->n_left == 0 || depth == MAX_DEPTH)
    return TRUE;
  self->n_left--;

  items = ckpt_nodes_get_children (self->tree->nodes, ckpt_tree_resolve (self->tree, node), &n);
  for (guint32 i = 0; i < MIN (n, MAX_ITEMS); i++)
    if (!is_hashable (self, items[i], depth + 1))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_key_is_hashable:
 * @tree: a tree whose values are recognised
 * @key: a key
 *
 * Returns: whether Python takes it as a key, as far as a bounded look can tell
 */
gboolean
ckpt_key_is_hashable (CkptTree *tree, CkptNodeId key)
{
  Walk walk = { tree, MAX_ITEMS };

  return is_hashable (&walk, key, 0);
}
