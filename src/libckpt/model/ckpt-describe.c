/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-text.h"
#include "model/ckpt-tree-data.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters of a number; of a text; of a value among others. */
#define MAX_CHARS 200
#define MAX_TEXT  160
#define MAX_SHORT 60

static char *
describe_string (CkptTree *self, CkptNodeId node, CkptKind kind)
{
  guint64 full_length;
  gsize length;
  const char *text = ckpt_tree_peek_text (self, node, &length, &full_length);
  g_autoptr (GString) literal = g_string_new (NULL);
  g_autofree char *count = NULL;
  gboolean is_whole;

  if (kind == CKPT_KIND_STRING)
    is_whole = ckpt_text_append_quoted (literal, text, length, '"', MAX_TEXT);
  else
    is_whole = ckpt_text_append_bytes (literal, text, length, '"', MAX_TEXT);

  if (is_whole && length == full_length)
    return g_string_free_and_steal (g_steal_pointer (&literal));

  count = ckpt_text_bytes (full_length);
  return g_strdup_printf (kind == CKPT_KIND_STRING ? _ ("%s (text of %s)") : _ ("%s (bytes, %s)"),
                          literal->str, count);
}

static char *
describe_int (CkptTree *self, CkptNodeId node)
{
  CkptNodeId raw = ckpt_tree_resolve (self, node);
  CkptNodeFlags flags = ckpt_nodes_get_flags (self->nodes, raw);
  g_autofree char *repr = ckpt_tree_repr (self, node);
  g_autofree char *count = NULL;
  const guint8 *bytes;
  gsize length;

  if (repr != NULL && strlen (repr) <= MAX_CHARS)
    return g_steal_pointer (&repr);

  if (flags & CKPT_NODE_DECIMAL)
    {
      count = ckpt_text_count (ckpt_nodes_get_length (self->nodes, raw));
      return g_strdup_printf (_ ("integer of %s digits"), count);
    }

  if (flags & CKPT_NODE_LONG)
    {
      count = ckpt_text_count (ckpt_nodes_get_length (self->nodes, raw));
      return g_strdup_printf (_ ("integer of %s bytes"), count);
    }

  bytes = (const guint8 *) ckpt_nodes_get_text (self->nodes, raw, &length);
  count = ckpt_text_count (8 * (guint64) (length - 1) + g_bit_storage (bytes[length - 1] & 0x7f));
  return g_strdup_printf (_ ("integer of %s bits"), count);
}

static const char *
get_short_class (CkptTree *self, CkptNodeId node)
{
  const char *name = ckpt_tree_get_class_name (self, node);
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;

  return dot != NULL && dot[1] != '\0' ? dot + 1 : name;
}

static char *
describe_container (CkptTree *self, CkptNodeId node, const char *word, CkptStepKind kind)
{
  const char *class_name = get_short_class (self, node);
  g_autofree char *count = ckpt_text_count (ckpt_tree_count_children (self, node, kind));

  return g_strdup_printf (_ ("%s of %s"), class_name != NULL ? class_name : word, count);
}

static char *
describe_tuple (CkptTree *self, CkptNodeId node)
{
  g_autofree char *repr = ckpt_tree_repr (self, node);

  if (repr != NULL && g_utf8_strlen (repr, -1) <= MAX_SHORT)
    return g_steal_pointer (&repr);

  return describe_container (self, node, _ ("tuple"), CKPT_STEP_INDEX);
}

/* Sizes are known by their numbers, so tuples and lists of numbers are written out. */
static gboolean
append_argument (CkptTree *self, GString *out, CkptNodeId node)
{
  g_autofree char *repr = ckpt_tree_repr (self, node);

  if (repr == NULL)
    return FALSE;

  g_string_append (out, repr);
  return TRUE;
}

/* `device("cuda", 1)`, `Size((2, 3))`, `range(0, 3, 1)`: objects that are their arguments. NULL for others. */
static char *
describe_call (CkptTree *self, CkptNodeId node, const char *class_name)
{
  g_autoptr (GString) out = g_string_new (class_name);
  guint32 n = ckpt_tree_get_n_children (self, node);
  CkptChild child;

  if (n == 0 || n > 8)
    return NULL;

  for (guint32 i = 0; i < n; i++)
    {
      ckpt_tree_get_child (self, node, i, &child);
      if (child.kind != CKPT_STEP_ARGUMENT)
        return NULL;

      g_string_append (out, i == 0 ? "(" : ", ");
      if (!append_argument (self, out, child.node))
        return NULL;
    }

  g_string_append_c (out, ')');
  return g_utf8_strlen (out->str, -1) <= MAX_SHORT ? g_string_free_and_steal (g_steal_pointer (&out)) : NULL;
}

static char *
describe_object (CkptTree *self, CkptNodeId node)
{
  const char *class_name = get_short_class (self, node);
  char *call = NULL;

  if (class_name == NULL)
    return g_strdup (_ ("object"));

  call = describe_call (self, node, class_name);
  return call != NULL ? call : g_strdup (class_name);
}

static char *
describe_tensor (CkptTree *self, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self, node);
  g_autofree char *shape = ckpt_tensor_shape_to_string (tensor);

  return g_strdup_printf ("%s %s", ckpt_dtype_get_name (tensor->dtype), shape);
}

static char *
describe_storage (CkptTree *self, CkptNodeId node)
{
  const CkptStorage *storage = ckpt_tree_get_node_storage (self, node);
  g_autofree char *count = ckpt_text_count (storage->numel);

  return g_strdup_printf (_ ("storage of %s %s"), count, ckpt_dtype_get_name (storage->dtype));
}

/**
 * ckpt_tree_describe:
 * @self: a tree
 * @node: a value
 *
 * Returns: (transfer full): one line for a person, of about 200 characters at most, escaped: `7`, `"text"`, `torch.float16`,
 *   `Namespace`, `dict of 3`
 */
char *
ckpt_tree_describe (CkptTree *self, CkptNodeId node)
{
  CkptKind kind;
  char *repr;

  g_return_val_if_fail (self != NULL, NULL);

  kind = ckpt_tree_get_kind (self, node);
  switch (kind)
    {
    case CKPT_KIND_INT:
      return describe_int (self, node);
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      return describe_string (self, node, kind);
    case CKPT_KIND_LIST:
      return describe_container (self, node, _ ("list"), CKPT_STEP_INDEX);
    case CKPT_KIND_TUPLE:
      return describe_tuple (self, node);
    case CKPT_KIND_DICT:
      return describe_container (self, node, _ ("dict"), CKPT_STEP_KEY);
    case CKPT_KIND_SET:
      return describe_container (self, node, _ ("set"), CKPT_STEP_INDEX);
    case CKPT_KIND_FROZENSET:
      return describe_container (self, node, _ ("frozenset"), CKPT_STEP_INDEX);
    case CKPT_KIND_TENSOR:
      return describe_tensor (self, node);
    case CKPT_KIND_STORAGE:
      return describe_storage (self, node);
    case CKPT_KIND_OBJECT:
      return describe_object (self, node);
    case CKPT_KIND_PERSISTENT_ID:
      return g_strdup (_ ("persistent id"));
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_GLOBAL:
    default:
      repr = ckpt_tree_repr (self, node);
      return repr != NULL ? repr : g_strdup (_ ("object"));
    }
}

/**
 * ckpt_kind_get_name:
 *
 * Returns: the name of a kind of value, as Python calls it where Python has such a type
 */
const char *
ckpt_kind_get_name (CkptKind kind)
{
  static const char *const names[] = {
    [CKPT_KIND_NONE] = "NoneType",
    [CKPT_KIND_BOOL] = "bool",
    [CKPT_KIND_INT] = "int",
    [CKPT_KIND_FLOAT] = "float",
    [CKPT_KIND_STRING] = "str",
    [CKPT_KIND_BYTES] = "bytes",
    [CKPT_KIND_BYTEARRAY] = "bytearray",
    [CKPT_KIND_LIST] = "list",
    [CKPT_KIND_TUPLE] = "tuple",
    [CKPT_KIND_DICT] = "dict",
    [CKPT_KIND_SET] = "set",
    [CKPT_KIND_FROZENSET] = "frozenset",
    [CKPT_KIND_GLOBAL] = "global",
    [CKPT_KIND_TENSOR] = "tensor",
    [CKPT_KIND_STORAGE] = "storage",
    [CKPT_KIND_OBJECT] = "object",
    [CKPT_KIND_PERSISTENT_ID] = "persistent_id",
  };

  return names[kind];
}
