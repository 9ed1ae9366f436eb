/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-recognise.h"

#include <math.h>
#include <string.h>

/* Calls that stand for values of Python and NumPy: what CPython's pickler writes up to protocol 2 for types that later have opcodes of
 * their own, and what the types' own __reduce__() gives. */

/**
 * Call:
 * @name: what is called
 * @args: (array length=n_args): its arguments
 */
typedef struct
{
  CkptRecogniser *owner;
  CkptNodeId node;
  CkptName name;
  const CkptNodeId *args;
  guint32 n_args;
} Call;

static void
keep (Call *self, CkptKind kind, CkptForm form, CkptNodeId payload, const char *class_name)
{
  const CkptValue value = { kind, form, payload, class_name };

  ckpt_tree_add_value (self->owner->tree, self->node, &value, &self->owner->error);
}

/* What is kept of an OrderedDict() is the same for all of them, and PyTorch writes one with every tensor. */
static void
keep_empty_dict (Call *self)
{
  CkptRecogniser *owner = self->owner;

  if (self->name != CKPT_NAME_ORDERED_DICT)
    {
      keep (self, CKPT_KIND_DICT, CKPT_FORM_DICT, CKPT_NO_NODE, NULL);
    }
  else if (owner->empty_dict_tag != 0)
    {
      ckpt_nodes_set_tag (owner->nodes, self->node, owner->empty_dict_tag);
    }
  else
    {
      keep (self, CKPT_KIND_DICT, CKPT_FORM_DICT, CKPT_NO_NODE, NULL);
      owner->empty_dict_tag = ckpt_nodes_get_tag (owner->nodes, self->node);
    }
}

/* Python 2 gave an OrderedDict its pairs as a list of lists of two. */
static CkptNodeId
make_dict (Call *self, const CkptNodeId *items, guint32 n)
{
  CkptRecogniser *owner = self->owner;
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));

  for (guint32 i = 0; i < n; i++)
    {
      guint32 n_pair;
      const CkptNodeId *pair = ckpt_recogniser_get_items (owner, items[i], &n_pair);

      if (n_pair != 2)
        return CKPT_NO_NODE;
      g_array_append_vals (pairs, pair, 2);
    }

  return ckpt_nodes_add_container (owner->nodes, CKPT_KIND_DICT, 0,
                                   ckpt_nodes_get_position (owner->nodes, self->node),
                                   (const CkptNodeId *) (gpointer) pairs->data, pairs->len, &owner->error);
}

/* The dict that an argument is, or the pairs that it holds; CKPT_NO_NODE if it is neither. */
static CkptNodeId
get_dict (Call *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  const CkptNodeId *items;
  guint32 n;

  node = ckpt_tree_resolve (owner->tree, node);
  if (ckpt_nodes_get_kind (owner->nodes, node) == CKPT_KIND_DICT)
    return node;

  items = ckpt_recogniser_get_items (owner, node, &n);
  return items != NULL ? make_dict (self, items, n) : CKPT_NO_NODE;
}

static void
do_dict (Call *self)
{
  guint32 i = self->name == CKPT_NAME_DEFAULTDICT
                  ? 1
                  : 0; /* the first argument of a defaultdict makes its values */
  CkptNodeId payload;

  if (self->n_args <= i)
    {
      keep_empty_dict (self);
      return;
    }

  payload = get_dict (self, self->args[i]);
  if (payload != CKPT_NO_NODE)
    keep (self, CKPT_KIND_DICT, CKPT_FORM_DICT, payload, NULL);
}

static void
do_set (Call *self, CkptKind kind)
{
  CkptRecogniser *owner = self->owner;
  CkptNodeId payload = self->n_args > 0 ? ckpt_tree_resolve (owner->tree, self->args[0]) : CKPT_NO_NODE;

  if (self->n_args > 1)
    return;

  if (payload != CKPT_NO_NODE)
    switch ((int) ckpt_nodes_get_kind (owner->nodes, payload))
      {
      case CKPT_KIND_LIST:
      case CKPT_KIND_TUPLE:
      case CKPT_KIND_SET:
      case CKPT_KIND_FROZENSET:
        break;
      default:
        return;
      }

  keep (self, kind, CKPT_FORM_SEQUENCE, payload, NULL);
}

/* Bytes for the characters of @text, all of which must be below 256; NULL otherwise. Of a text that is cut, up to the last whole one. */
static GByteArray *
encode_latin1 (const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = text[i];

      if (byte >= 0x80)
        {
          if (i + 1 == length)
            break;
          if ((byte & 0xfe) != 0xc2 || (text[i + 1] & 0xc0) != 0x80)
            return NULL;
          byte = (guint8) (byte << 6) | (text[++i] & 0x3f);
        }
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_steal_pointer (&bytes);
}

/* Makes the node that holds the bytes of a text. */
static CkptNodeId
add_bytes (Call *self, CkptKind kind, CkptNodeId text_node)
{
  CkptRecogniser *owner = self->owner;
  gsize length;
  const char *text = ckpt_nodes_get_text (owner->nodes, text_node, &length);
  g_autoptr (GByteArray) bytes = encode_latin1 (text, length);
  guint64 position;
  guint32 record;

  if (bytes == NULL)
    return CKPT_NO_NODE;

  if (ckpt_nodes_get_long_place (owner->nodes, text_node, &record, &position))
    return ckpt_nodes_add_long_text (owner->nodes, kind, CKPT_NODE_LONG, 0, bytes->data, bytes->len,
                                     ckpt_nodes_get_length (owner->nodes, text_node), record, position,
                                     &owner->error);

  return ckpt_nodes_add_text (owner->nodes, kind, 0, 0, bytes->data, bytes->len, &owner->error);
}

static gboolean
is_latin1 (CkptRecogniser *self, CkptNodeId node)
{
  return ckpt_recogniser_is_text (self, node, "latin1") || ckpt_recogniser_is_text (self, node, "latin-1");
}

/* bytes(), bytes(b"..."), bytearray(b"..."), _codecs.encode(text, "latin1"), bytearray(text, "latin-1") */
static void
do_bytes (Call *self, CkptKind kind)
{
  CkptRecogniser *owner = self->owner;
  CkptNodeId payload = CKPT_NO_NODE;
  CkptForm form = CKPT_FORM_TEXT;

  if (self->n_args == 0)
    {
      payload = ckpt_nodes_add_text (owner->nodes, kind, 0, 0, "", 0, &owner->error);
    }
  else if (self->n_args == 1 && ckpt_tree_get_kind (owner->tree, self->args[0]) == CKPT_KIND_BYTES)
    {
      const CkptValue *value = ckpt_tree_peek_value (owner->tree, self->args[0]);

      payload = value != NULL ? value->payload : ckpt_tree_resolve (owner->tree, self->args[0]);
      form = value != NULL && value->form == CKPT_FORM_LATIN1 ? CKPT_FORM_LATIN1 : CKPT_FORM_TEXT;
    }
  else if (self->n_args == 2 && is_latin1 (owner, self->args[1]) &&
           ckpt_nodes_get_kind (owner->nodes, self->args[0]) == CKPT_KIND_STRING)
    {
      payload = add_bytes (self, kind, self->args[0]);
      form = CKPT_FORM_LATIN1;
    }

  if (payload != CKPT_NO_NODE)
    keep (self, kind, form, payload, NULL);
}

/* copyreg._reconstructor(class, base, state of the base): the object is of that class. */
static void
do_reconstructor (Call *self)
{
  CkptRecogniser *owner = self->owner;
  const CkptGlobal *global = self->n_args == 3 ? ckpt_recogniser_get_global (owner, self->args[0]) : NULL;
  gboolean is_plain;

  if (global == NULL)
    return;

  is_plain = ckpt_recogniser_get_name (owner, self->args[1]) == CKPT_NAME_OBJECT &&
             ckpt_nodes_get_kind (owner->nodes, self->args[2]) == CKPT_KIND_NONE;
  keep (self, CKPT_KIND_OBJECT, is_plain ? CKPT_FORM_INSTANCE : CKPT_FORM_OBJECT, CKPT_NO_NODE,
        global->full_name);
}

static void
do_numpy_array (Call *self)
{
  const CkptGlobal *global = self->n_args > 0 ? ckpt_recogniser_get_global (self->owner, self->args[0])
                                              : NULL;

  keep (self, CKPT_KIND_OBJECT, CKPT_FORM_INSTANCE, CKPT_NO_NODE,
        global != NULL ? global->full_name : "numpy.ndarray");
}

/* The code of a NumPy dtype, such as "f8", from the call dtype("f8", False, True); NULL for other nodes. */
static const char *
get_numpy_code (Call *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  const CkptNodeId *args;
  const char *code;
  gsize length;
  guint32 n;

  if (ckpt_nodes_get_kind (owner->nodes, node) != CKPT_KIND_OBJECT ||
      ckpt_recogniser_get_name (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_CALLABLE)) !=
          CKPT_NAME_NUMPY_DTYPE)
    return NULL;

  args = ckpt_recogniser_get_items (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_ARGS), &n);
  code = n > 0 ? ckpt_tree_peek_whole_text (owner->tree, args[0], &length) : NULL;
  return code != NULL && length < 16 ? code : NULL;
}

/* The second value of a NumPy dtype's state is ">" for big-endian numbers. */
static gboolean
is_big_endian (Call *self, CkptNodeId dtype)
{
  CkptRecogniser *owner = self->owner;
  guint32 n;
  const CkptNodeId *state = ckpt_recogniser_get_items (
      owner, ckpt_nodes_get_slot (owner->nodes, dtype, CKPT_SLOT_STATE), &n);

  return n > 1 && ckpt_recogniser_is_text (owner, state[1], ">");
}

static const char *
get_scalar_class (const char *code)
{
  static const char *const classes[][2] = {
    { "f8", "numpy.float64" },     { "f4", "numpy.float32" },     { "f2", "numpy.float16" },
    { "i8", "numpy.int64" },       { "i4", "numpy.int32" },       { "i2", "numpy.int16" },
    { "i1", "numpy.int8" },        { "u8", "numpy.uint64" },      { "u4", "numpy.uint32" },
    { "u2", "numpy.uint16" },      { "u1", "numpy.uint8" },       { "b1", "numpy.bool" },
    { "c8", "numpy.complex64" },   { "c16", "numpy.complex128" }, { "M8", "numpy.datetime64" },
    { "m8", "numpy.timedelta64" }, { "f16", "numpy.longdouble" },
  };

  for (gsize i = 0; code != NULL && i < G_N_ELEMENTS (classes); i++)
    if (strcmp (code, classes[i][0]) == 0)
      return classes[i][1];
  if (code != NULL && (code[0] == 'U' || code[0] == 'S'))
    return code[0] == 'U' ? "numpy.str_" : "numpy.bytes_";
  return "numpy.generic";
}

/* scalar(dtype, bytes): a float64 is a float, as numpy.float64 is a subclass of Python's. */
static void
do_numpy_scalar (Call *self)
{
  CkptRecogniser *owner = self->owner;
  const char *code = self->n_args == 2 ? get_numpy_code (self, self->args[0]) : NULL;
  const char *bytes = NULL;
  gsize length = 0;
  guint64 bits;
  double number;
  CkptNodeId payload;

  if (code != NULL && strcmp (code, "f8") == 0)
    bytes = ckpt_tree_peek_text (owner->tree, self->args[1], &length, NULL);

  if (bytes == NULL || length != sizeof bits)
    {
      keep (self, CKPT_KIND_OBJECT, CKPT_FORM_OBJECT, CKPT_NO_NODE, get_scalar_class (code));
      return;
    }

  memcpy (&bits, bytes, sizeof bits);
  bits = is_big_endian (self, self->args[0]) ? GUINT64_FROM_BE (bits) : GUINT64_FROM_LE (bits);
  memcpy (&number, &bits, sizeof number);
  payload = ckpt_nodes_add_float (owner->nodes, number, 0, &owner->error);
  if (payload != CKPT_NO_NODE)
    keep (self, CKPT_KIND_FLOAT, CKPT_FORM_NUMBER, payload, get_scalar_class (code));
}

/* TorchScript: the value that is given, which only has its type noted. */
static void
do_alias (Call *self)
{
  CkptTree *tree = self->owner->tree;

  if (self->n_args > 0)
    keep (self, ckpt_tree_get_kind (tree, self->args[0]), CKPT_FORM_ALIAS,
          ckpt_tree_resolve (tree, self->args[0]), NULL);
}

static void
do_call (Call *self)
{
  switch ((int) self->name)
    {
    case CKPT_NAME_ORDERED_DICT:
    case CKPT_NAME_DEFAULTDICT:
    case CKPT_NAME_COUNTER:
      do_dict (self);
      break;
    case CKPT_NAME_SET:
      do_set (self, CKPT_KIND_SET);
      break;
    case CKPT_NAME_FROZENSET:
      do_set (self, CKPT_KIND_FROZENSET);
      break;
    case CKPT_NAME_BYTES:
    case CKPT_NAME_ENCODE:
      do_bytes (self, CKPT_KIND_BYTES);
      break;
    case CKPT_NAME_BYTEARRAY:
      do_bytes (self, CKPT_KIND_BYTEARRAY);
      break;
    case CKPT_NAME_RECONSTRUCTOR:
      do_reconstructor (self);
      break;
    case CKPT_NAME_NUMPY_RECONSTRUCT:
      do_numpy_array (self);
      break;
    case CKPT_NAME_NUMPY_FROM_BUFFER:
      keep (self, CKPT_KIND_OBJECT, CKPT_FORM_OBJECT, CKPT_NO_NODE, "numpy.ndarray");
      break;
    case CKPT_NAME_NUMPY_SCALAR:
      do_numpy_scalar (self);
      break;
    case CKPT_NAME_GET_LAYOUT:
      keep (self, CKPT_KIND_OBJECT, CKPT_FORM_OBJECT, CKPT_NO_NODE, "torch.layout");
      break;
    case CKPT_NAME_COMPILE_PATTERN:
      keep (self, CKPT_KIND_OBJECT, CKPT_FORM_OBJECT, CKPT_NO_NODE, "re.Pattern");
      break;
    case CKPT_NAME_TYPED_LIST:
    case CKPT_NAME_RESTORE_TYPE_TAG:
      do_alias (self);
      break;
    default:
      break;
    }
}

/**
 * ckpt_recogniser_do_value:
 * @self: a recogniser
 * @node: an object that is no tensor
 *
 * Finds out whether it is a dict, a set, bytes or another value of Python or NumPy; if not, it stays an object.
 */
void
ckpt_recogniser_do_value (CkptRecogniser *self, CkptNodeId node)
{
  Call call = {
    .owner = self,
    .node = node,
    .name = ckpt_recogniser_get_name (self, ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_CALLABLE)),
  };
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_ARGS);

  if (call.name == CKPT_NAME_UNKNOWN)
    return;

  call.args = ckpt_recogniser_get_items (self, args, &call.n_args);
  if (call.args == NULL && args != CKPT_NO_NODE)
    return;

  do_call (&call);
}
