/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

#include <string.h>

#include "io/ckpt-alloc.h"

#define FIRST_TODO 1024u

/* Values that were met and whose children were not looked at. */
typedef struct
{
  CkptEncoder *encoder;
  guint8 *seen;
  CkptNodeId *todo;
  guint32 n;
  guint32 n_allocated;
} Scan;

static gboolean
push (Scan *scan, CkptNodeId node, GError **error)
{
  if (scan->n == scan->n_allocated)
    {
      guint32 n_wanted = MAX (scan->n_allocated * 2, FIRST_TODO);
      CkptNodeId *todo = ckpt_try_realloc (scan->todo, (guint64) n_wanted * sizeof (CkptNodeId), error);

      if (todo == NULL)
        return FALSE;
      scan->todo = todo;
      scan->n_allocated = n_wanted;
    }
  scan->todo[scan->n++] = node;
  return TRUE;
}

static gboolean
meet (Scan *scan, CkptNodeId node, GError **error)
{
  switch (ckpt_nodes_get_kind (scan->encoder->nodes, node))
    {
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
      return TRUE;
    default:
      break;
    }
  if (ckpt_encoder_has_bit (scan->encoder, scan->seen, node))
    {
      ckpt_encoder_set_bit (scan->encoder, scan->encoder->twice, node, TRUE);
      return TRUE;
    }
  ckpt_encoder_set_bit (scan->encoder, scan->seen, node, TRUE);
  return push (scan, node, error);
}

static gboolean
has_children (CkptKind kind)
{
  switch (kind)
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_PERSISTENT_ID:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
meet_children (Scan *scan, CkptNodeId node, GError **error)
{
  guint64 n_children = ckpt_nodes_get_length (scan->encoder->nodes, node);

  for (guint64 i = 0; i < n_children; i++)
    {
      CkptNodeId child = ckpt_nodes_get_child (scan->encoder->nodes, node, i);

      if (child != CKPT_NO_NODE && !meet (scan, child, error))
        return FALSE;
    }
  return TRUE;
}

/* The items of an object are no value of their own; the class of NEWOBJ_EX is written twice. */
static gboolean
meet_slots (Scan *scan, CkptNodeId object, GError **error)
{
  const CkptNodes *nodes = scan->encoder->nodes;

  for (CkptSlot slot = 0; slot < CKPT_N_SLOTS; slot++)
    {
      CkptNodeId child = ckpt_nodes_get_slot (nodes, object, slot);
      gboolean is_items = slot == CKPT_SLOT_DICT_ITEMS || slot == CKPT_SLOT_LIST_ITEMS;
      guint n_times = slot == CKPT_SLOT_CALLABLE && ckpt_nodes_get_opcode (nodes, object) == CKPT_OP_NEWOBJ_EX
                          ? 2
                          : 1;

      if (child == CKPT_NO_NODE)
        continue;
      if (is_items && !meet_children (scan, child, error))
        return FALSE;
      for (guint i = 0; !is_items && i < n_times; i++)
        if (!meet (scan, child, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
scan_all (Scan *scan, CkptNodeId root, GError **error)
{
  if (!meet (scan, root, error))
    return FALSE;
  while (scan->n > 0)
    {
      CkptNodeId node = scan->todo[--scan->n];
      CkptKind kind = ckpt_nodes_get_kind (scan->encoder->nodes, node);

      if (kind == CKPT_KIND_OBJECT ? !meet_slots (scan, node, error)
                                   : has_children (kind) && !meet_children (scan, node, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ckpt_encoder_scan (CkptEncoder *self, CkptNodeId root, GError **error)
{
  const gsize n_bytes = ckpt_nodes_get_n (self->nodes) / 8 + 1;
  Scan scan = { .encoder = self };
  gboolean is_fine;

  scan.seen = ckpt_try_malloc (n_bytes, error);
  if (scan.seen == NULL)
    return FALSE;
  memset (scan.seen, 0, n_bytes);
  is_fine = scan_all (&scan, root, error);
  g_free (scan.seen);
  g_free (scan.todo);
  return is_fine;
}
