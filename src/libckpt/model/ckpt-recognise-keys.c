/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-key.h"
#include "model/ckpt-recognise.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Keys that are compared one by one; more go into an index. */
#define FEW_KEYS 8

/* Characters of a key that a message shows. */
#define MAX_SHOWN_KEY 60

/**
 * Keys:
 * @dict: a raw dict
 * @pairs: (array length=n): its keys and values
 * @n: pairs that were looked at
 * @n_kept: pairs that are left of them: they have moved to the front
 * @twice: the first key that is there twice
 */
typedef struct
{
  CkptRecogniser *owner;
  CkptNodeId dict;
  const CkptNodeId *pairs;
  guint32 n;
  guint32 n_kept;
  CkptIndex *index;
  CkptNodeId twice;
} Keys;

static gboolean
has_key (guint32 number, gconstpointer key, gpointer user_data)
{
  Keys *self = user_data;

  return ckpt_key_is_equal (self->owner->tree, self->pairs[2 * number], *(const CkptNodeId *) key);
}

/* Looks for a key among those that are kept, and notes a new one. */
static gboolean
find_key (Keys *self, CkptNodeId key, guint32 *number)
{
  guint32 hash;

  if (self->index == NULL)
    {
      for (*number = 0; *number < self->n_kept; (*number)++)
        if (has_key (*number, &key, self))
          return TRUE;
      return FALSE;
    }

  hash = ckpt_key_hash (self->owner->tree, key);
  if (ckpt_index_find (self->index, hash, has_key, &key, self, number))
    return TRUE;

  ckpt_index_add (self->index, hash, self->n_kept, &self->owner->error);
  return FALSE;
}

/* Python keeps a key where it came first, with the value that came last. */
static void
take_pair (Keys *self, guint32 i)
{
  CkptNodes *nodes = self->owner->nodes;
  CkptNodeId key = self->pairs[2 * i];
  CkptNodeId value = self->pairs[2 * i + 1];
  guint32 number;

  if (find_key (self, key, &number))
    {
      if (self->twice == CKPT_NO_NODE)
        self->twice = key;
      ckpt_nodes_set_child (nodes, self->dict, 2 * number + 1, value);
      return;
    }

  if (self->n_kept < i)
    {
      ckpt_nodes_set_child (nodes, self->dict, 2 * self->n_kept, key);
      ckpt_nodes_set_child (nodes, self->dict, 2 * self->n_kept + 1, value);
    }
  self->n_kept++;
}

static void
warn_twice (Keys *self)
{
  g_autofree char *repr = ckpt_tree_repr (self->owner->tree, self->twice);
  g_autofree char *shown = repr != NULL ? ckpt_text_escape (repr, strlen (repr), MAX_SHOWN_KEY)
                                        : g_strdup ("?");

  ckpt_warnings_add_node (
      self->owner->warnings, "key-twice", self->dict,
      _ ("This dict sets %u keys %u times, so that some are lost: %s is one that comes twice. As in Python, "
         "the last value of a key counts."),
      self->n_kept, self->n, shown);
}

static void
do_dict (CkptRecogniser *self, CkptNodeId dict)
{
  guint32 n_children;
  Keys keys = { .owner = self, .dict = dict, .twice = CKPT_NO_NODE };
  g_autoptr (CkptIndex) index = NULL;

  keys.pairs = ckpt_nodes_get_children (self->nodes, dict, &n_children);
  keys.n = n_children / 2;
  if (keys.n < 2)
    return;

  if (keys.n > FEW_KEYS)
    keys.index = index = ckpt_index_new ();
  for (guint32 i = 0; i < keys.n && self->error == NULL; i++)
    take_pair (&keys, i);

  if (keys.n_kept < keys.n && self->error == NULL)
    {
      ckpt_nodes_truncate (self->nodes, dict, 2 * keys.n_kept);
      warn_twice (&keys);
    }
}

/* The decoder has warned of raw lists, dicts and sets already; what stands for one, or holds one, is known only now. */
static gboolean
is_newly_unhashable (CkptRecogniser *self, CkptNodeId key)
{
  switch ((int) ckpt_nodes_get_kind (self->nodes, key))
    {
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_OBJECT:
      return !ckpt_key_is_hashable (self->tree, key);
    default:
      return FALSE;
    }
}

/**
 * ckpt_recogniser_do_keys:
 * @self: a recogniser
 * @node: a raw dict or set
 *
 * Warns of keys that Python refuses and of keys that are there more than once, of which only one is kept. The time is linear: keys go
 * into an index whose hash has a random key, so that no file can make them collide.
 */
void
ckpt_recogniser_do_keys (CkptRecogniser *self, CkptNodeId node)
{
  gboolean is_dict = ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_DICT;
  guint32 n;
  const CkptNodeId *children = ckpt_nodes_get_children (self->nodes, node, &n);

  for (guint32 i = 0; i < n; i += is_dict ? 2 : 1)
    if (is_newly_unhashable (self, children[i]))
      {
        ckpt_warnings_add_node (self->warnings, "unhashable-key", node,
                                _ ("A key is of a kind that cannot be one; Python cannot load it."));
        break;
      }

  if (is_dict)
    do_dict (self, node);
}
