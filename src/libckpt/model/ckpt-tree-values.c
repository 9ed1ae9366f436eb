/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-hash.h"
#include "model/ckpt-text.h"

#include <string.h>

/* Characters of a class name that are kept: more than anybody's class has. */
#define MAX_CLASS_NAME 200

/**
 * ckpt_tree_get_tag:
 * @self: a tree
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: the tag of an object or persistent id, 0 for others
 */
guint32
ckpt_tree_get_tag (CkptTree *self, CkptNodeId node)
{
  CkptKind kind;

  if (node == CKPT_NO_NODE)
    return 0;

  kind = ckpt_nodes_get_kind (self->nodes, node);
  return kind == CKPT_KIND_OBJECT || kind == CKPT_KIND_PERSISTENT_ID ? ckpt_nodes_get_tag (self->nodes, node)
                                                                     : 0;
}

/**
 * ckpt_tree_peek_whole_text:
 * @self: a tree
 * @node: a value, or %CKPT_NO_NODE
 * @length: (out): bytes of the text
 *
 * Returns: (transfer none) (nullable): the text of a raw string of which all is in memory, followed by a NUL byte
 */
const char *
ckpt_tree_peek_whole_text (CkptTree *self, CkptNodeId node, gsize *length)
{
  if (node == CKPT_NO_NODE || ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_STRING ||
      (ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_LONG))
    return NULL;

  return ckpt_nodes_get_text (self->nodes, node, length);
}

/**
 * ckpt_tree_peek_value:
 * @self: a tree
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: (transfer none) (nullable): what it was recognised as, if that is no tensor or storage
 */
const CkptValue *
ckpt_tree_peek_value (CkptTree *self, CkptNodeId node)
{
  guint32 tag = ckpt_tree_get_tag (self, node);

  return ckpt_tag_get_kind (tag) == CKPT_TAG_VALUE ? ckpt_chunks_get (self->values, ckpt_tag_get_index (tag))
                                                   : NULL;
}

/**
 * ckpt_tree_resolve:
 * @self: a tree
 * @node: a value
 *
 * Returns: @node, or the one that it only wraps
 */
CkptNodeId
ckpt_tree_resolve (CkptTree *self, CkptNodeId node)
{
  const CkptValue *value = ckpt_tree_peek_value (self, node);

  return value != NULL && value->form == CKPT_FORM_ALIAS ? value->payload : node;
}

/**
 * ckpt_tree_add_value:
 * @self: a tree that is being filled
 * @node: an object or persistent id
 * @value: what it was recognised as
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_tree_add_value (CkptTree *self, CkptNodeId node, const CkptValue *value, GError **error)
{
  CkptValue *copy = ckpt_chunks_add (self->values, error);

  if (copy == NULL)
    return FALSE;

  *copy = *value;
  ckpt_nodes_set_tag (self->nodes, node, ckpt_tag_new (CKPT_TAG_VALUE, ckpt_chunks_get_n (self->values) - 1));
  return TRUE;
}

typedef struct
{
  const char *text;
  gsize length;
} GlobalText;

static gboolean
is_same_global (guint32 number, gconstpointer key, gpointer user_data)
{
  CkptTree *self = user_data;
  const CkptGlobal *global = ckpt_chunks_get (self->globals, number);
  const GlobalText *wanted = key;

  return global->length == wanted->length && memcmp (global->text, wanted->text, global->length) == 0;
}

static const CkptGlobal *
find_global (CkptTree *self, GlobalText *text, guint32 *hash)
{
  guint32 number;

  *hash = ckpt_hash_bytes (text->text, text->length);
  if (ckpt_index_find (self->global_index, *hash, is_same_global, text, self, &number))
    return ckpt_chunks_get (self->globals, number);

  for (number = self->n_base_globals; self->store != NULL && number < ckpt_chunks_get_n (self->globals);
       number++)
    if (is_same_global (number, text, self))
      return ckpt_chunks_get (self->globals, number);
  return NULL;
}

/**
 * ckpt_tree_peek_global:
 * @self: a tree
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: (transfer none) (nullable): the class or function that it names
 */
const CkptGlobal *
ckpt_tree_peek_global (CkptTree *self, CkptNodeId node)
{
  GlobalText text;
  guint32 hash;

  if (node == CKPT_NO_NODE || ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_GLOBAL)
    return NULL;

  text.text = ckpt_nodes_get_text (self->nodes, node, &text.length);
  return find_global (self, &text, &hash);
}

/* Whether a name can be written in Python, and so in the text form of a path. */
static gboolean
is_dotted_name (const char *name)
{
  gboolean is_start = TRUE;

  for (const char *at = name; *at != '\0'; at++)
    {
      if (*at == '.' ? is_start
                     : !g_ascii_isalpha (*at) && *at != '_' && (is_start || !g_ascii_isdigit (*at)))
        return FALSE;
      is_start = *at == '.';
    }
  return !is_start && strchr (name, '.') != NULL;
}

/* A name with a NUL byte is none that Python could import. */
static void
name_global (CkptTree *self, CkptGlobal *global, GlobalText *text)
{
  g_auto (GStrv) parts = g_strsplit (text->text, "\n", 2);
  g_autofree char *full_name = NULL;
  g_autofree char *escaped = NULL;

  if (memchr (text->text, '\0', text->length) != NULL || g_strv_length (parts) != 2)
    {
      escaped = ckpt_text_escape (text->text, text->length, MAX_CLASS_NAME);
    }
  else
    {
      global->name = ckpt_name_find (parts[0], parts[1], &global->dtype);
      full_name = ckpt_name_to_python (parts[0], parts[1]);
      escaped = ckpt_text_escape (full_name, strlen (full_name), MAX_CLASS_NAME);
      global->is_plain = is_dotted_name (full_name) && strcmp (full_name, escaped) == 0;
    }
  global->full_name = ckpt_tree_intern (self, escaped);
}

/**
 * ckpt_tree_add_global:
 * @self: a tree that is being filled
 * @node: a global
 * @error: return location
 *
 * Looks up what @node names and keeps it, once for all nodes that name the same.
 *
 * Returns: (transfer none): the entry, or %NULL with %CKPT_ERROR_LIMIT
 */
const CkptGlobal *
ckpt_tree_add_global (CkptTree *self, CkptNodeId node, GError **error)
{
  const CkptGlobal *known;
  CkptGlobal *global;
  GlobalText text;
  guint32 hash;

  text.text = ckpt_nodes_get_text (self->nodes, node, &text.length);
  known = find_global (self, &text, &hash);
  if (known != NULL)
    return known;

  global = ckpt_chunks_add (self->globals, error);
  if (global == NULL ||
      (self->store == NULL &&
       !ckpt_index_add (self->global_index, hash, ckpt_chunks_get_n (self->globals) - 1, error)))
    return NULL;

  global->node = node;
  global->text = text.text;
  global->length = text.length;
  name_global (self, global, &text);
  return global;
}

/* A str of Python 2 is text or bytes; PyTorch reads it as UTF-8 text. What is none can only have been bytes. Of a long one only the
 * beginning is known, whose last character may be cut. */
static gboolean
is_text (CkptTree *self, CkptNodeId node)
{
  gsize length;
  const char *text;
  const char *end;

  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PYTHON2) == 0)
    return TRUE;

  text = ckpt_nodes_get_text (self->nodes, node, &length);
  end = text;
  while (!g_utf8_validate_len (end, text + length - end, &end))
    {
      if (end == text + length || *end != '\0') /* NUL is a character like others here */
        return (ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_LONG) && text + length - end < 4;
      end++;
    }
  return TRUE;
}

/**
 * ckpt_tree_get_kind:
 * @self: a tree
 * @node: a value
 *
 * Returns: what it is once PyTorch has loaded it: a recognised call is the tensor, dict, set, ... that it makes
 */
CkptKind
ckpt_tree_get_kind (CkptTree *self, CkptNodeId node)
{
  CkptKind kind;
  guint32 tag;

  g_return_val_if_fail (self != NULL, CKPT_KIND_NONE);

  node = ckpt_tree_resolve (self, node);
  kind = ckpt_nodes_get_kind (self->nodes, node);
  if (kind == CKPT_KIND_STRING && !is_text (self, node))
    return CKPT_KIND_BYTES;

  tag = ckpt_tree_get_tag (self, node);
  switch (ckpt_tag_get_kind (tag))
    {
    case CKPT_TAG_TENSOR:
      return CKPT_KIND_TENSOR;
    case CKPT_TAG_STORAGE:
    case CKPT_TAG_VIEW:
      return CKPT_KIND_STORAGE;
    case CKPT_TAG_VALUE:
      return ((const CkptValue *) ckpt_chunks_get (self->values, ckpt_tag_get_index (tag)))->kind;
    case CKPT_TAG_NONE:
    default:
      return kind;
    }
}

/**
 * ckpt_tree_get_bool:
 * @self: a tree
 * @node: a value of kind bool
 *
 * Returns: its value
 */
gboolean
ckpt_tree_get_bool (CkptTree *self, CkptNodeId node)
{
  g_return_val_if_fail (self != NULL, FALSE);

  node = ckpt_tree_resolve (self, node);
  g_return_val_if_fail (ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_BOOL, FALSE);
  return ckpt_nodes_get_int (self->nodes, node) != 0;
}

/**
 * ckpt_tree_get_int:
 * @self: a tree
 * @node: a value
 * @value: (out): the number
 *
 * Returns: whether it is an int that fits; larger ones are given by ckpt_tree_repr()
 */
gboolean
ckpt_tree_get_int (CkptTree *self, CkptNodeId node, gint64 *value)
{
  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  node = ckpt_tree_resolve (self, node);
  if (ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_INT ||
      (ckpt_nodes_get_flags (self->nodes, node) & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)))
    return FALSE;

  *value = ckpt_nodes_get_int (self->nodes, node);
  return TRUE;
}

/**
 * ckpt_tree_get_float:
 * @self: a tree
 * @node: a value of kind float
 *
 * Returns: its value
 */
double
ckpt_tree_get_float (CkptTree *self, CkptNodeId node)
{
  const CkptValue *value;

  g_return_val_if_fail (self != NULL, 0);

  node = ckpt_tree_resolve (self, node);
  value = ckpt_tree_peek_value (self, node);
  if (value != NULL && value->form == CKPT_FORM_NUMBER)
    node = value->payload;

  g_return_val_if_fail (ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_FLOAT, 0);
  return ckpt_nodes_get_float (self->nodes, node);
}

/* The raw node that holds the text of @node, or CKPT_NO_NODE. */
static CkptNodeId
get_text_node (CkptTree *self, CkptNodeId node, gboolean *is_latin1)
{
  const CkptValue *value;
  CkptKind kind;

  node = ckpt_tree_resolve (self, node);
  value = ckpt_tree_peek_value (self, node);
  *is_latin1 = value != NULL && value->form == CKPT_FORM_LATIN1;
  if (value != NULL && (value->form == CKPT_FORM_TEXT || value->form == CKPT_FORM_LATIN1))
    node = value->payload;

  kind = ckpt_nodes_get_kind (self->nodes, node);
  return kind == CKPT_KIND_STRING || kind == CKPT_KIND_BYTES || kind == CKPT_KIND_BYTEARRAY ? node
                                                                                            : CKPT_NO_NODE;
}

/**
 * ckpt_tree_peek_text:
 * @self: a tree
 * @node: a value
 * @length: (out): bytes given
 * @full_length: (out) (optional): bytes that it has; of long bytes that the file keeps as text, only the most that it can have
 *
 * The beginning of a string, bytes or bytearray, and the name of a global ("torch.float16").
 *
 * Returns: (transfer none) (nullable): text, perhaps not UTF-8; %NULL for values of other kinds
 */
const char *
ckpt_tree_peek_text (CkptTree *self, CkptNodeId node, gsize *length, guint64 *full_length)
{
  const CkptGlobal *global;
  gboolean is_latin1;
  CkptNodeId holder;

  g_return_val_if_fail (self != NULL && length != NULL, NULL);

  holder = get_text_node (self, node, &is_latin1);
  if (holder != CKPT_NO_NODE)
    {
      if (full_length != NULL)
        *full_length = ckpt_nodes_get_length (self->nodes, holder);
      return ckpt_nodes_get_text (self->nodes, holder, length);
    }

  global = ckpt_tree_peek_global (self, ckpt_tree_resolve (self, node));
  if (global == NULL)
    return NULL;

  *length = strlen (global->full_name);
  if (full_length != NULL)
    *full_length = *length;
  return global->full_name;
}

/* Turns UTF-8 of characters below 256 into the bytes that they stand for, in place. */
static gsize
decode_latin1 (guint8 *bytes, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] >= 0x80 && i + 1 < length)
        {
          bytes[n++] = (guint8) (bytes[i] << 6) | (bytes[i + 1] & 0x3f);
          i++;
        }
      else
        {
          bytes[n++] = bytes[i];
        }
    }
  return n;
}

static GBytes *
read_long_text (CkptTree *self, CkptNodeId holder, gboolean is_latin1, GError **error)
{
  guint64 length = ckpt_nodes_get_length (self->nodes, holder);
  g_autofree guint8 *bytes = NULL;
  guint64 position;
  guint32 record;

  if (!ckpt_nodes_get_long_place (self->nodes, holder, &record, &position))
    g_return_val_if_reached (NULL);

  bytes = ckpt_try_malloc (length, error);
  if (bytes == NULL || !ckpt_archive_read (self->archive, record, position, bytes, length, error))
    return NULL;

  if (is_latin1)
    length = decode_latin1 (bytes, length);
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/**
 * ckpt_tree_dup_text:
 * @self: a tree
 * @node: a string, bytes, bytearray or global
 * @error: return location
 *
 * All of a text, of which only the beginning may be in memory. May be called on any thread.
 *
 * Returns: (transfer full): the text; %NULL with %CKPT_ERROR_LIMIT or the errors of reading the file
 */
GBytes *
ckpt_tree_dup_text (CkptTree *self, CkptNodeId node, GError **error)
{
  gboolean is_latin1;
  CkptNodeId holder;
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);

  holder = get_text_node (self, node, &is_latin1);
  if (holder != CKPT_NO_NODE && (ckpt_nodes_get_flags (self->nodes, holder) & CKPT_NODE_LONG))
    return read_long_text (self, holder, is_latin1, error);

  text = ckpt_tree_peek_text (self, node, &length, NULL);
  g_return_val_if_fail (text != NULL, NULL);
  return g_bytes_new (text, length);
}

static const char *
get_global_class (const CkptGlobal *global)
{
  switch ((int) global->name)
    {
    case CKPT_NAME_DTYPE:
      return "torch.dtype";
    case CKPT_NAME_LAYOUT:
      return "torch.layout";
    case CKPT_NAME_QSCHEME_PER_TENSOR:
    case CKPT_NAME_QSCHEME_PER_CHANNEL:
      return "torch.qscheme";
    default:
      return NULL;
    }
}

static const char *
get_callable_class (CkptTree *self, CkptNodeId node)
{
  CkptNodeId callable = ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_CALLABLE);
  const CkptValue *class_id = ckpt_tree_peek_value (self, callable);
  const CkptGlobal *global;

  if (class_id != NULL && class_id->form == CKPT_FORM_CLASS_ID)
    callable = class_id->payload;

  global = ckpt_tree_peek_global (self, callable);
  return global != NULL ? global->full_name : NULL;
}

/* Sets and bytes are of Python's own types, whatever was called to make them. */
static gboolean
is_plain_form (guint8 form)
{
  return form == CKPT_FORM_SEQUENCE || form == CKPT_FORM_TEXT || form == CKPT_FORM_LATIN1;
}

/**
 * ckpt_tree_get_class_name:
 * @self: a tree
 * @node: a value
 *
 * The class that Python would say it has, with its module: "collections.OrderedDict", "torch.dtype", "argparse.Namespace".
 *
 * Returns: (transfer none) (nullable): the class, escaped; %NULL for plain values, and where the file does not name it
 */
const char *
ckpt_tree_get_class_name (CkptTree *self, CkptNodeId node)
{
  const CkptTensor *tensor;
  const CkptStorage *storage;
  const CkptValue *value;
  const CkptGlobal *global;

  g_return_val_if_fail (self != NULL, NULL);

  node = ckpt_tree_resolve (self, node);
  tensor = ckpt_tree_get_node_tensor (self, node);
  if (tensor != NULL)
    return tensor->class_name;

  storage = ckpt_tree_get_node_storage (self, node);
  if (storage != NULL)
    return storage->is_untyped ? "torch.storage.UntypedStorage" : "torch.storage.TypedStorage";

  value = ckpt_tree_peek_value (self, node);
  if (value != NULL && (value->class_name != NULL || is_plain_form (value->form)))
    return value->class_name;

  global = ckpt_tree_peek_global (self, node);
  if (global != NULL)
    return get_global_class (global);

  return ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_OBJECT ? get_callable_class (self, node) : NULL;
}
