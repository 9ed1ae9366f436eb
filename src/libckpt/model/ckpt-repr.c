/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-repr.h"

#include "model/ckpt-number.h"
#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"

#include <math.h>
#include <string.h>

/* Bits of an int that is written with all its digits; CPython's own limit of 4300 digits is of the same order. */
#define MAX_BITS   4096u
#define MAX_DIGITS 1234u

/* Tuples within tuples, and items in all, that a literal may have. */
#define MAX_DEPTH 8
#define MAX_ITEMS 64

/* Ints are turned to decimal by limbs of nine digits. */
#define LIMB      1000000000u
#define MAX_LIMBS (MAX_DIGITS / 9 + 2)

typedef struct
{
  CkptTree *tree;
  GString *out;
  char quote;
  guint n_left;
} Writer;

typedef struct
{
  guint32 limbs[MAX_LIMBS]; /* least significant first */
  guint n;
} Decimal;

static void
decimal_push_byte (Decimal *self, guint8 byte)
{
  guint64 carry = byte;

  for (guint i = 0; i < self->n; i++)
    {
      carry += (guint64) self->limbs[i] << 8;
      self->limbs[i] = carry % LIMB;
      carry /= LIMB;
    }
  if (carry > 0)
    self->limbs[self->n++] = carry;
}

/* Two's complement, least significant byte first, as LONG1 and LONG4 write it. */
static void
append_big_int (GString *out, const guint8 *bytes, gsize length)
{
  gboolean is_negative = (bytes[length - 1] & 0x80) != 0;
  Decimal decimal = { 0 };
  guint8 magnitude[MAX_BITS / 8 + 1];
  guint carry = is_negative;

  for (gsize i = 0; i < length; i++)
    {
      carry += is_negative ? (guint8) ~bytes[i] : bytes[i];
      magnitude[i] = carry;
      carry >>= 8;
    }
  for (gsize i = length; i > 0; i--)
    decimal_push_byte (&decimal, magnitude[i - 1]);

  if (is_negative)
    g_string_append_c (out, '-');
  g_string_append_printf (out, "%u", decimal.n > 0 ? decimal.limbs[decimal.n - 1] : 0);
  for (guint i = decimal.n; i > 1; i--)
    g_string_append_printf (out, "%09u", decimal.limbs[i - 2]);
}

static gboolean
append_int (Writer *self, CkptNodeId node)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeFlags flags = ckpt_nodes_get_flags (nodes, node);
  const char *text;
  gsize length;

  if ((flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0)
    {
      g_string_append_printf (self->out, "%" G_GINT64_FORMAT, ckpt_nodes_get_int (nodes, node));
      return TRUE;
    }

  if (flags & CKPT_NODE_LONG)
    return FALSE;

  text = ckpt_nodes_get_text (nodes, node, &length);
  if (flags & CKPT_NODE_BIG_INT)
    {
      if (length == 0 || length > MAX_BITS / 8)
        return FALSE;
      append_big_int (self->out, (const guint8 *) text, length);
      return TRUE;
    }

  /* The same number may be another key, written as bytes. */
  if (length > MAX_DIGITS || self->quote != '\0')
    return FALSE;
  g_string_append_len (self->out, text, length);
  return TRUE;
}

static gboolean
append_float (Writer *self, CkptNodeId node)
{
  double value = ckpt_tree_get_float (self->tree, node);
  g_autofree char *text = NULL;

  /* Each NaN is a key of its own. */
  if (self->quote != '\0' && isnan (value))
    return FALSE;

  text = ckpt_number_to_string (value);
  g_string_append (self->out, text);
  return TRUE;
}

static gboolean
append_text (Writer *self, CkptNodeId node, CkptKind kind)
{
  guint64 full_length;
  gsize length;
  const char *text = ckpt_tree_peek_text (self->tree, node, &length, &full_length);

  if (length != full_length)
    return FALSE;

  switch ((int) kind)
    {
    case CKPT_KIND_STRING:
      ckpt_text_append_quoted (self->out, text, length, self->quote, 0);
      return TRUE;

    case CKPT_KIND_BYTES:
      ckpt_text_append_bytes (self->out, text, length, self->quote, 0);
      return TRUE;

    default:
      g_string_append (self->out, "bytearray(");
      ckpt_text_append_bytes (self->out, text, length, self->quote, 0);
      g_string_append_c (self->out, ')');
      return TRUE;
    }
}

static gboolean
append_global (Writer *self, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_tree_peek_global (self->tree, node);

  if (global == NULL || (self->quote != '\0' && !global->is_plain))
    return FALSE;

  g_string_append (self->out, global->full_name);
  return TRUE;
}

static gboolean append_value (Writer *self, CkptNodeId node, guint depth);

static gboolean
append_tuple (Writer *self, CkptNodeId node, guint depth)
{
  guint32 n;
  const CkptNodeId *items = ckpt_nodes_get_children (self->tree->nodes, node, &n);

  if (depth == MAX_DEPTH || n > self->n_left)
    return FALSE;
  self->n_left -= n;

  g_string_append_c (self->out, '(');
  for (guint32 i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (self->out, ", ");
      if (!append_value (self, items[i], depth + 1))
        return FALSE;
    }
  g_string_append (self->out, n == 1 ? ",)" : ")");
  return TRUE;
}

/* Calls itself for tuples, to a depth that is bounded. */
static gboolean
append_value (Writer *self, CkptNodeId node, guint depth)
{
  CkptKind kind = ckpt_tree_get_kind (self->tree, node);

  node = ckpt_tree_resolve (self->tree, node);
  switch ((int) kind)
    {
    case CKPT_KIND_NONE:
      g_string_append (self->out, "None");
      return TRUE;
    case CKPT_KIND_BOOL:
      g_string_append (self->out, ckpt_tree_get_bool (self->tree, node) ? "True" : "False");
      return TRUE;
    case CKPT_KIND_INT:
      return append_int (self, node);
    case CKPT_KIND_FLOAT:
      return append_float (self, node);
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      return append_text (self, node, kind);
    case CKPT_KIND_GLOBAL:
      return append_global (self, node);
    case CKPT_KIND_TUPLE:
      return append_tuple (self, node, depth);
    default:
      return FALSE;
    }
}

gboolean
ckpt_repr_append (CkptTree *tree, GString *out, CkptNodeId node, char quote)
{
  Writer writer = { tree, out, quote, MAX_ITEMS };

  return append_value (&writer, node, 0);
}

/**
 * ckpt_tree_repr:
 * @self: a tree
 * @node: a value
 *
 * Python's repr() of None, bools, ints, floats, text, bytes, globals, and tuples of them. Characters that are no printable text are
 * escaped.
 *
 * Returns: (transfer full) (nullable): the literal; %NULL for values of other kinds, for long texts, ints of more than 4096 bits, and
 *   tuples of more than 64 items
 */
char *
ckpt_tree_repr (CkptTree *self, CkptNodeId node)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  if (!ckpt_repr_append (self, out, node, '\0'))
    return NULL;
  return g_string_free_and_steal (g_steal_pointer (&out));
}
