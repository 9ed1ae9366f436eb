/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-weights-only.h"

#include "analysis/ckpt-weights-only-lists.h"
#include "model/ckpt-path.h"
#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"
#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* torch/_weights_only_unpickler.py has no LONG4, and LONG1 holds this many bytes. */
#define MAX_INT_BYTES 255

static int
compare (gconstpointer name, gconstpointer row)
{
  return strcmp (name, ((const CkptWeightsOnlyName *) row)->name);
}

/**
 * ckpt_weights_only_allows:
 * @name: a class or function, with its module as Python 3 calls it
 *
 * Returns: whether the newest PyTorch that the lists know takes it without being told to
 */
gboolean
ckpt_weights_only_allows (const char *name)
{
  const CkptWeightsOnlyName *row = bsearch (name, ckpt_weights_only_globals, ckpt_weights_only_n_globals,
                                            sizeof *row, compare);

  return row != NULL && (row->releases >> (ckpt_weights_only_n_releases - 1) & 1) != 0;
}

static gboolean
is_of_blocked_module (CkptNodes *nodes, CkptNodeId global)
{
  gsize length;
  g_auto (GStrv) parts = g_strsplit (ckpt_nodes_get_text (nodes, global, &length), "\n", 2);

  return parts[0] != NULL &&
         bsearch (parts[0], ckpt_weights_only_blocked_modules, ckpt_weights_only_n_blocked_modules,
                  sizeof (CkptWeightsOnlyName), compare) != NULL;
}

static CkptRefusalReason
check_global (CkptTree *tree, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_tree_peek_global (tree, node);

  if (global != NULL && ckpt_weights_only_allows (global->full_name))
    return CKPT_REFUSAL_NONE;
  return is_of_blocked_module (tree->nodes, node) ? CKPT_REFUSAL_BLOCKED : CKPT_REFUSAL_GLOBAL;
}

static gboolean
has_items (CkptNodes *nodes, CkptNodeId object, CkptSlot slot)
{
  CkptNodeId items = ckpt_nodes_get_slot (nodes, object, slot);

  return items != CKPT_NO_NODE && ckpt_nodes_get_length (nodes, items) > 0;
}

static CkptRefusalReason
check_object (CkptTree *tree, CkptNodeId node)
{
  CkptNodeId callable = ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_CALLABLE);
  guint8 opcode = ckpt_nodes_get_opcode (tree->nodes, node);
  const CkptGlobal *global = ckpt_tree_peek_global (tree, callable);

  if (opcode != CKPT_OP_REDUCE && opcode != CKPT_OP_NEWOBJ)
    return CKPT_REFUSAL_OPCODE;
  if (global == NULL)
    return CKPT_REFUSAL_CALL;
  if (has_items (tree->nodes, node, CKPT_SLOT_LIST_ITEMS) ||
      (has_items (tree->nodes, node, CKPT_SLOT_DICT_ITEMS) && global->name != CKPT_NAME_ORDERED_DICT &&
       global->name != CKPT_NAME_COUNTER))
    return CKPT_REFUSAL_ITEMS;
  return CKPT_REFUSAL_NONE;
}

static CkptRefusalReason
check_persistent_id (CkptTree *tree, CkptNodeId node)
{
  guint32 n;
  const CkptNodeId *id = ckpt_nodes_get_children (tree->nodes, node, &n);
  const char *tag;
  gsize length;

  if (n != 1 || ckpt_nodes_get_kind (tree->nodes, id[0]) != CKPT_KIND_TUPLE ||
      ckpt_nodes_get_length (tree->nodes, id[0]) == 0)
    return CKPT_REFUSAL_PERSISTENT_ID;

  id = ckpt_nodes_get_children (tree->nodes, id[0], &n);
  tag = ckpt_tree_peek_whole_text (tree, id[0], &length);
  return g_strcmp0 (tag, "storage") == 0 ? CKPT_REFUSAL_NONE : CKPT_REFUSAL_PERSISTENT_ID;
}

/* An int of decimal digits has about 2.4 digits a byte. */
static CkptRefusalReason
check_int (CkptNodes *nodes, CkptNodeId node)
{
  CkptNodeFlags flags = ckpt_nodes_get_flags (nodes, node);
  guint64 length;

  if ((flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0)
    return CKPT_REFUSAL_NONE;
  length = ckpt_nodes_get_length (nodes, node);
  if (((flags & CKPT_NODE_BIG_INT) && length > MAX_INT_BYTES) ||
      ((flags & CKPT_NODE_DECIMAL) && length > MAX_INT_BYTES * 24 / 10))
    return CKPT_REFUSAL_OPCODE;
  return CKPT_REFUSAL_NONE;
}

/**
 * ckpt_weights_only_check:
 * @tree: a tree
 * @node: a value
 *
 * Looks at a raw value as it is written at protocol 2: an object is refused by how it is made, not by the name that is called, which is a
 * value of its own. The rules are those of torch/_weights_only_unpickler.py.
 *
 * Returns: why torch.load(weights_only=True) refuses it; what is in it does not count
 */
CkptRefusalReason
ckpt_weights_only_check (CkptTree *tree, CkptNodeId node)
{
  switch ((int) ckpt_nodes_get_kind (tree->nodes, node))
    {
    case CKPT_KIND_GLOBAL:
      return check_global (tree, node);
    case CKPT_KIND_OBJECT:
      return check_object (tree, node);
    case CKPT_KIND_PERSISTENT_ID:
      return check_persistent_id (tree, node);
    case CKPT_KIND_INT:
      return check_int (tree->nodes, node);
    case CKPT_KIND_STRING:
      return (ckpt_nodes_get_flags (tree->nodes, node) & CKPT_NODE_PYTHON2) &&
                     ckpt_nodes_get_length (tree->nodes, node) > MAX_INT_BYTES
                 ? CKPT_REFUSAL_OPCODE
                 : CKPT_REFUSAL_NONE;
    case CKPT_KIND_FROZENSET: /* frozenset([...]) */
      return CKPT_REFUSAL_GLOBAL;
    case CKPT_KIND_BYTES: /* bytes() */
      return ckpt_nodes_get_length (tree->nodes, node) == 0 ? CKPT_REFUSAL_GLOBAL : CKPT_REFUSAL_NONE;
    default:
      return CKPT_REFUSAL_NONE;
    }
}

typedef struct
{
  CkptTree *tree;
  GPtrArray *found;    /* of CkptRefusal */
  GHashTable *by_name; /* of CkptRefusal, by reason and name */
  GArray *left;        /* of CkptNodeId: still to be looked at, the next one last */
  CkptNodeId *parents; /* of each value, from where it was met first */
  guint32 n_nodes;
} Search;

static void
refusal_free (CkptRefusal *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

/* The class or function that a refusal is about: the value itself, or what it calls. */
static char *
find_name (CkptTree *tree, CkptNodeId node)
{
  const CkptGlobal *global;

  if (ckpt_nodes_get_kind (tree->nodes, node) == CKPT_KIND_OBJECT)
    node = ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_CALLABLE);
  if (node == CKPT_NO_NODE)
    return NULL;
  if (ckpt_nodes_get_kind (tree->nodes, node) == CKPT_KIND_FROZENSET)
    return g_strdup ("builtins.frozenset");
  if (ckpt_nodes_get_kind (tree->nodes, node) == CKPT_KIND_BYTES)
    return g_strdup ("builtins.bytes");
  global = ckpt_tree_peek_global (tree, node);
  return global != NULL ? g_strdup (global->full_name) : NULL;
}

static void
add_refusal (Search *self, CkptRefusalReason reason, CkptNodeId node)
{
  g_autofree char *name = find_name (self->tree, node);
  g_autofree char *key = g_strdup_printf ("%d %s", reason, name != NULL ? name : "");
  CkptRefusal *refusal = g_hash_table_lookup (self->by_name, key);

  if (refusal == NULL)
    {
      refusal = g_new0 (CkptRefusal, 1);
      refusal->reason = reason;
      refusal->name = g_steal_pointer (&name);
      refusal->node = node;
      g_ptr_array_add (self->found, refusal);
      g_hash_table_insert (self->by_name, g_steal_pointer (&key), refusal);
    }
  refusal->n++;
}

static void
meet (Search *self, CkptNodeId node, CkptNodeId parent)
{
  if (node == CKPT_NO_NODE || node >= self->n_nodes || self->parents[node] != CKPT_NO_NODE)
    return;

  self->parents[node] = parent;
  g_array_append_val (self->left, node);
}

/* The last one first, so that values come in the order of the file. */
static void
meet_children (Search *self, CkptNodeId node)
{
  CkptNodes *nodes = self->tree->nodes;
  const CkptNodeId *children;
  guint32 n;

  switch ((int) ckpt_nodes_get_kind (nodes, node))
    {
    case CKPT_KIND_OBJECT:
      for (int slot = CKPT_N_SLOTS - 1; slot >= 0; slot--)
        meet (self, ckpt_nodes_get_slot (nodes, node, slot), node);
      break;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_PERSISTENT_ID:
      children = ckpt_nodes_get_children (nodes, node, &n);
      for (guint32 i = n; i > 0; i--)
        meet (self, children[i - 1], node);
      break;
    default:
      break;
    }
}

typedef struct
{
  Search *search;
  GHashTable *wanted; /* of the values whose path is looked for: where it is, once found */
} PathSearch;

static gboolean
take_path (CkptTree *tree,
           const CkptPath *path,
           guint depth,
           const CkptChild *child,
           gboolean is_repeat,
           gpointer user_data)
{
  PathSearch *self = user_data;
  gpointer found;

  if (g_hash_table_lookup_extended (self->wanted, GUINT_TO_POINTER (child->node), NULL, &found) &&
      found == NULL)
    g_hash_table_insert (self->wanted, GUINT_TO_POINTER (child->node), ckpt_path_to_string (path, tree));
  return TRUE;
}

/* What is refused can be within a call, where no path leads: then the path of the call is given. */
static void
find_paths (Search *self, CkptNodeId from)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  PathSearch search = { self, wanted };

  for (guint i = 0; i < self->found->len; i++)
    for (CkptNodeId at = ((CkptRefusal *) self->found->pdata[i])->node;
         g_hash_table_insert (wanted, GUINT_TO_POINTER (at), NULL) && at != from;)
      at = self->parents[at];
  if (self->found->len > 0)
    ckpt_tree_walk (self->tree, from, take_path, &search);

  for (guint i = 0; i < self->found->len; i++)
    {
      CkptRefusal *refusal = self->found->pdata[i];
      CkptNodeId at = refusal->node;

      while (g_hash_table_lookup (wanted, GUINT_TO_POINTER (at)) == NULL && at != from)
        at = self->parents[at];
      refusal->path = g_strdup (g_hash_table_lookup (wanted, GUINT_TO_POINTER (at)));
      refusal->node = at;
    }
}

/**
 * ckpt_weights_only_list:
 * @tree: a tree
 * @from: where to look
 *
 * Everything that torch.load(weights_only=True) of the newest PyTorch that the lists know refuses in a file with these values, written at
 * protocol 2. Higher protocols are refused whatever is in them.
 *
 * Returns: (transfer full) (element-type CkptRefusal): one for each reason and name, in the order of the file; empty if it loads
 */
GPtrArray *
ckpt_weights_only_list (CkptTree *tree, CkptNodeId from)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  guint32 n_nodes = ckpt_nodes_get_n (tree->nodes);
  g_autofree CkptNodeId *parents = g_new (CkptNodeId, n_nodes);
  Search search = {
    tree, g_ptr_array_new_with_free_func ((GDestroyNotify) refusal_free), by_name, left, parents, n_nodes,
  };

  memset (parents, 0xff, n_nodes * sizeof *parents); /* CKPT_NO_NODE */
  meet (&search, from, from);
  while (left->len > 0)
    {
      CkptNodeId node = g_array_index (left, CkptNodeId, left->len - 1);
      CkptRefusalReason reason = ckpt_weights_only_check (tree, node);

      g_array_set_size (left, left->len - 1);
      if (reason != CKPT_REFUSAL_NONE)
        add_refusal (&search, reason, node);
      meet_children (&search, node);
    }
  find_paths (&search, from);
  return search.found;
}

/**
 * ckpt_refusal_describe:
 * @self: a refusal
 *
 * Returns: (transfer full): a sentence for a person, without a full stop
 */
char *
ckpt_refusal_describe (const CkptRefusal *self)
{
  const char *name = self->name != NULL ? self->name : _ ("an object");

  switch (self->reason)
    {
    case CKPT_REFUSAL_GLOBAL:
      return g_strdup_printf (_ ("%s is not on the list of weights_only"), name);
    case CKPT_REFUSAL_BLOCKED:
      return g_strdup_printf (_ ("%s is of a module that weights_only never takes"), name);
    case CKPT_REFUSAL_CALL:
      return g_strdup (_ ("what is called is itself the result of a call"));
    case CKPT_REFUSAL_OPCODE:
      return g_strdup_printf (_ ("%s is written in a way that weights_only does not take"), name);
    case CKPT_REFUSAL_ITEMS:
      return g_strdup_printf (_ ("%s has items, which weights_only takes only of lists and dicts"), name);
    case CKPT_REFUSAL_PERSISTENT_ID:
      return g_strdup (_ ("a persistent id stands for something other than a storage"));
    case CKPT_REFUSAL_NONE:
    default:
      return g_strdup (_ ("weights_only takes it"));
    }
}
