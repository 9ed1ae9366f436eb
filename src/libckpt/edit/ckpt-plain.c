/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-plain.h"

#include "model/ckpt-tree-data.h"
#include "pickle/ckpt-opcodes.h"

#include <string.h>

/* Numbers of a range that are written one by one. */
#define MAX_RANGE 100000

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptNodes *nodes;
  CkptNodeId object;
  const char *class_name;
  GError **error;
} Plain;

/**
 * ckpt_plain_get_argument:
 * @draft: a draft
 * @object: a raw object
 * @i: which argument
 *
 * Returns: that argument of the call that makes it, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_plain_get_argument (CkptDraft *draft, CkptNodeId object, guint32 i)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId args = ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_ARGS);

  if (args == CKPT_NO_NODE || ckpt_nodes_get_kind (nodes, args) != CKPT_KIND_TUPLE ||
      i >= ckpt_nodes_get_length (nodes, args))
    return CKPT_NO_NODE;
  return ckpt_nodes_get_child (nodes, args, i);
}

static CkptNodeId
get_argument (Plain *self, guint32 i)
{
  return ckpt_plain_get_argument (self->draft, self->object, i);
}

static guint32
count_arguments (Plain *self)
{
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, self->object, CKPT_SLOT_ARGS);

  if (args == CKPT_NO_NODE || ckpt_nodes_get_kind (self->nodes, args) != CKPT_KIND_TUPLE)
    return 0;
  return ckpt_nodes_get_length (self->nodes, args);
}

static gboolean
is_class (Plain *self, const char *name)
{
  return g_strcmp0 (self->class_name, name) == 0;
}

/* Parts of a path: "/", "data", "run". */
static CkptNodeId
make_path (Plain *self)
{
  const char *separator = strstr (self->class_name, "Windows") != NULL ? "\\" : "/";
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint32 i = 0; i < count_arguments (self); i++)
    {
      gsize length;
      const char *part = ckpt_tree_peek_whole_text (self->tree, get_argument (self, i), &length);

      if (part == NULL)
        return CKPT_NO_NODE;
      if (path->len > 0 && !g_str_has_suffix (path->str, separator))
        g_string_append (path, separator);
      g_string_append_len (path, part, length);
    }
  return ckpt_draft_add_string (self->draft, path->len > 0 ? path->str : ".", -1, self->error);
}

/* The bytes that Modules/_datetimemodule.c writes. */
static CkptNodeId
make_time (Plain *self)
{
  CkptNodeId argument = get_argument (self, 0);
  g_autofree char *text = NULL;
  const guint8 *b;
  gsize length;

  if (argument == CKPT_NO_NODE || ckpt_tree_get_kind (self->tree, argument) != CKPT_KIND_BYTES)
    return CKPT_NO_NODE;

  b = (const guint8 *) ckpt_tree_peek_text (self->tree, argument, &length, NULL);
  if (is_class (self, "datetime.date") && length == 4)
    text = g_strdup_printf ("%04d-%02d-%02d", b[0] << 8 | b[1], b[2], b[3]);
  else if (is_class (self, "datetime.datetime") && length == 10)
    text = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%06d", b[0] << 8 | b[1], b[2] & 0x7f, b[3], b[4],
                            b[5], b[6], b[7] << 16 | b[8] << 8 | b[9]);
  else if (is_class (self, "datetime.time") && length == 6)
    text = g_strdup_printf ("%02d:%02d:%02d.%06d", b[0] & 0x7f, b[1], b[2], b[3] << 16 | b[4] << 8 | b[5]);
  return text != NULL ? ckpt_draft_add_string (self->draft, text, -1, self->error) : CKPT_NO_NODE;
}

static CkptNodeId
make_range (Plain *self)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  gint64 bounds[3];

  for (guint i = 0; i < 3; i++)
    {
      CkptNodeId argument = get_argument (self, i);

      if (argument == CKPT_NO_NODE || ckpt_tree_get_kind (self->tree, argument) != CKPT_KIND_INT ||
          !ckpt_tree_get_int (self->tree, argument, &bounds[i]))
        return CKPT_NO_NODE;
    }
  if (bounds[2] == 0)
    return CKPT_NO_NODE;

  for (gint64 at = bounds[0]; bounds[2] > 0 ? at < bounds[1] : at > bounds[1];)
    {
      CkptNodeId item = items->len < MAX_RANGE ? ckpt_draft_add_int (self->draft, at, self->error)
                                               : CKPT_NO_NODE;

      if (item == CKPT_NO_NODE)
        return CKPT_NO_NODE;
      g_array_append_val (items, item);
      if (__builtin_add_overflow (at, bounds[2], &at))
        break;
    }
  return ckpt_draft_add_list (self->draft, (const CkptNodeId *) (gpointer) items->data, items->len,
                              self->error);
}

/* All children of @object of one kind, with their keys where they have some. */
static GArray *
list_children (Plain *self, CkptStepKind kind)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  guint32 n = ckpt_tree_get_n_children (self->tree, self->object);

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (self->tree, self->object, i, &child);
      if (child.kind != kind)
        continue;
      if (child.key != CKPT_NO_NODE)
        g_array_append_val (list, child.key);
      g_array_append_val (list, child.node);
    }
  return list;
}

static CkptNodeId
make_dict (Plain *self, CkptStepKind kind)
{
  g_autoptr (GArray) pairs = list_children (self, kind);

  return ckpt_draft_add_dict (self->draft, (const CkptNodeId *) (gpointer) pairs->data, pairs->len,
                              self->error);
}

static CkptNodeId
make_list (Plain *self, CkptStepKind kind)
{
  g_autoptr (GArray) items = list_children (self, kind);

  return ckpt_draft_add_list (self->draft, (const CkptNodeId *) (gpointer) items->data, items->len,
                              self->error);
}

static CkptNodeId
make_set (Plain *self)
{
  CkptNodeId list = make_list (self, CKPT_STEP_INDEX);
  CkptNodeId args = list != CKPT_NO_NODE ? ckpt_draft_add_tuple (self->draft, &list, 1, self->error)
                                         : CKPT_NO_NODE;

  if (args == CKPT_NO_NODE)
    return CKPT_NO_NODE;
  return ckpt_draft_add_call (
      self->draft, ckpt_draft_add_global (self->draft, "__builtin__", "set", self->error), args, self->error);
}

/* bytes() is not taken; to encode no text is. */
static CkptNodeId
make_empty_bytes (Plain *self)
{
  CkptNodeId args[2];

  args[0] = ckpt_draft_add_string (self->draft, "", 0, self->error);
  args[1] = args[0] != CKPT_NO_NODE ? ckpt_draft_add_string (self->draft, "latin1", -1, self->error)
                                    : CKPT_NO_NODE;
  if (args[1] == CKPT_NO_NODE)
    return CKPT_NO_NODE;
  return ckpt_draft_add_call (self->draft,
                              ckpt_draft_add_global (self->draft, "_codecs", "encode", self->error),
                              ckpt_draft_add_tuple (self->draft, args, 2, self->error), self->error);
}

/* omegaconf: a container has `_content`, a leaf `_val`; the rest is how they are bound together, in circles. */
static CkptNodeId
get_omegaconf (Plain *self)
{
  CkptNodeId content = ckpt_tree_get_key (self->tree, self->object, "_content");

  return content != CKPT_NO_NODE ? content : ckpt_tree_get_key (self->tree, self->object, "_val");
}

/* Of classes whose meaning is known; CKPT_NO_NODE of others. */
static CkptNodeId
make_known (Plain *self)
{
  if (self->class_name == NULL)
    return CKPT_NO_NODE;
  if (g_str_has_prefix (self->class_name, "pathlib."))
    return make_path (self);
  if (g_str_has_prefix (self->class_name, "datetime."))
    return make_time (self);
  if (g_str_has_prefix (self->class_name, "omegaconf."))
    return get_omegaconf (self);
  if (is_class (self, "builtins.range"))
    return make_range (self);
  if (is_class (self, "builtins.slice"))
    return ckpt_nodes_get_slot (self->nodes, self->object, CKPT_SLOT_ARGS);
  if (is_class (self, "collections.deque"))
    return make_list (self, CKPT_STEP_ITEM);
  if (is_class (self, "re.Pattern"))
    return get_argument (self, 0);
  if (is_class (self, "numpy.ndarray"))
    return ckpt_plain_make_array (self->draft, self->object, self->error);
  if (g_str_has_prefix (self->class_name, "numpy."))
    return ckpt_plain_make_scalar (self->draft, self->object, self->error);
  return CKPT_NO_NODE;
}

static gboolean
is_plain_kind (CkptTree *tree, CkptNodeId node)
{
  switch ((int) ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_LIST:
    case CKPT_KIND_DICT:
    case CKPT_KIND_BYTES:
      return TRUE;
    default:
      return FALSE;
    }
}

/* An enum member is a call with its value, an instance of a subclass of str or tuple is made of a plain one, a namedtuple of its fields. */
static CkptNodeId
make_of_arguments (Plain *self)
{
  guint32 n = count_arguments (self);
  CkptNodeId first = get_argument (self, 0);
  gboolean is_new = ckpt_nodes_get_opcode (self->nodes, self->object) == CKPT_OP_NEWOBJ;

  if (is_class (self, "builtins.getattr") && n == 2)
    return ckpt_nodes_get_kind (self->nodes, first) == CKPT_KIND_GLOBAL ? get_argument (self, 1)
                                                                        : CKPT_NO_NODE;
  if (n == 1 && is_plain_kind (self->tree, first) && !is_class (self, "functools.partial"))
    return first;
  if (n > 1 && is_new)
    return ckpt_nodes_get_slot (self->nodes, self->object, CKPT_SLOT_ARGS);
  return n == 0 && is_new ? ckpt_draft_add_dict (self->draft, NULL, 0, self->error) : CKPT_NO_NODE;
}

static CkptNodeId
make_object (Plain *self)
{
  CkptNodeId made = make_known (self);
  CkptNodeId state = ckpt_nodes_get_slot (self->nodes, self->object, CKPT_SLOT_STATE);

  if (made != CKPT_NO_NODE || (self->error != NULL && *self->error != NULL))
    return made;
  if (ckpt_tree_count_children (self->tree, self->object, CKPT_STEP_KEY) > 0)
    return make_dict (self, CKPT_STEP_KEY);
  if (ckpt_tree_count_children (self->tree, self->object, CKPT_STEP_ITEM) > 0)
    return make_list (self, CKPT_STEP_ITEM);
  if (state != CKPT_NO_NODE && ckpt_nodes_get_kind (self->nodes, state) == CKPT_KIND_DICT &&
      !is_class (self, "functools.partial"))
    return state;
  if (ckpt_tree_count_children (self->tree, self->object, CKPT_STEP_ATTRIBUTE) > 0)
    return make_dict (self, CKPT_STEP_ATTRIBUTE);
  return make_of_arguments (self);
}

/**
 * ckpt_plain_make:
 * @draft: a draft
 * @object: a raw object that weights_only refuses, and that is no tensor
 * @error: return location
 *
 * Returns: what can stand for it: a new value or one that it has in it; %CKPT_NO_NODE if nothing can, or with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_plain_make (CkptDraft *draft, CkptNodeId object, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  Plain self = {
    draft, tree, ckpt_draft_get_nodes (draft), object, ckpt_tree_get_class_name (tree, object), error,
  };

  switch ((int) ckpt_tree_get_kind (tree, object))
    {
    case CKPT_KIND_FLOAT:
      return ckpt_draft_add_float (draft, ckpt_tree_get_float (tree, object), error);
    case CKPT_KIND_DICT:
      return make_dict (&self, CKPT_STEP_KEY);
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
      return make_set (&self);
    case CKPT_KIND_BYTES:
      return make_empty_bytes (&self);
    case CKPT_KIND_OBJECT:
      return make_object (&self);
    default:
      return CKPT_NO_NODE;
    }
}
