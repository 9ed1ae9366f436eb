/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-device.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* torch.device keeps the index in a signed byte. */
#define MAX_INDEX  127
#define MAX_LENGTH 40

/**
 * DeviceType:
 * @name: its name
 * @has_index: whether ":0" may follow
 * @is_tag: whether torch.load() knows it as the location of a storage
 */
typedef struct
{
  const char *name;
  gboolean has_index;
  gboolean is_tag;
} DeviceType;

/* torch/serialization.py, register_package(): exactly "cpu" and "meta", and whatever begins with the others. The names from
 * "npu" on are those that packages give to the device "privateuseone". */
static const DeviceType types[] = {
  { "cpu", FALSE, TRUE }, { "cuda", TRUE, TRUE },    { "mps", TRUE, TRUE },  { "meta", FALSE, TRUE },
  { "hpu", TRUE, TRUE },  { "xpu", TRUE, TRUE },     { "mtia", TRUE, TRUE }, { "privateuseone", TRUE, TRUE },
  { "npu", TRUE, TRUE },  { "mlu", TRUE, TRUE },     { "musa", TRUE, TRUE }, { "gcu", TRUE, TRUE },
  { "xla", TRUE, FALSE }, { "maia", TRUE, FALSE },   { "ort", TRUE, FALSE }, { "ipu", TRUE, FALSE },
  { "hip", TRUE, FALSE }, { "vulkan", TRUE, FALSE },
};

static const DeviceType *
find_type (const char *text, gsize length)
{
  const char *colon = memchr (text, ':', length);
  gsize n = colon != NULL ? (gsize) (colon - text) : length;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i].name) == n && memcmp (types[i].name, text, n) == 0)
      return &types[i];
  return NULL;
}

/* What stands behind the colon, if there is one. */
static gboolean
has_good_index (const char *text, gsize length)
{
  const char *colon = memchr (text, ':', length);
  gsize n_digits;
  guint value = 0;

  if (colon == NULL)
    return TRUE;
  n_digits = length - (colon + 1 - text);
  if (n_digits == 0 || n_digits > 3 || (n_digits > 1 && colon[1] == '0'))
    return FALSE;
  for (gsize i = 1; i <= n_digits; i++)
    {
      if (!g_ascii_isdigit (colon[i]))
        return FALSE;
      value = value * 10 + (colon[i] - '0');
    }
  return value <= MAX_INDEX;
}

/**
 * ckpt_device_check:
 * @tag: a location tag that somebody typed
 * @error: return location for %CKPT_ERROR_INVALID_EDIT, a sentence that says what is wrong
 *
 * As the functions that torch/serialization.py registers for locations, and torch.device for what follows the colon.
 *
 * Returns: whether torch.load() takes it, on a machine that has the device
 */
gboolean
ckpt_device_check (const char *tag, GError **error)
{
  g_autofree char *shown = NULL;
  const DeviceType *type;

  g_return_val_if_fail (tag != NULL, FALSE);

  shown = ckpt_text_escape (tag, strlen (tag), MAX_LENGTH);
  type = find_type (tag, strlen (tag));
  if (type == NULL || !type->is_tag)
    return ckpt_error_set (
        error, CKPT_ERROR_INVALID_EDIT, "device-tag",
        _ ("PyTorch loads no values from “%s”. It knows cpu, cuda, mps, xpu, hpu and mtia, and the devices of "
           "installed packages, with an index as in “cuda:0”."),
        shown);
  if (!type->has_index && strchr (tag, ':') != NULL)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "device-tag",
                           _ ("PyTorch loads no values from “%s”: that device is written without an index."),
                           shown);
  if (!has_good_index (tag, strlen (tag)))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "device-tag",
                           _ ("“%s” is no device: what follows the colon has to be a number from 0 to 127."),
                           shown);
  return TRUE;
}

/**
 * ckpt_device_is_name:
 * @text: (array length=length): a text
 * @length: its bytes
 *
 * Returns: whether it is what torch.device() takes; of a device without data, "meta", not
 */
gboolean
ckpt_device_is_name (const char *text, gsize length)
{
  const DeviceType *type;

  if (length > MAX_LENGTH)
    return FALSE;
  type = find_type (text, length);
  return type != NULL && strcmp (type->name, "meta") != 0 && has_good_index (text, length);
}

static const char *
peek_text (CkptTree *tree, CkptNodeId node, gsize *length)
{
  return ckpt_tree_get_kind (tree, node) == CKPT_KIND_STRING ? ckpt_tree_peek_text (tree, node, length, NULL)
                                                             : NULL;
}

static char *
dup_object (CkptTree *tree, CkptNodeId node)
{
  guint32 n = ckpt_tree_get_n_children (tree, node);
  CkptChild child;
  const char *type;
  gsize length;
  gint64 index;

  if (n == 0)
    return NULL;
  ckpt_tree_get_child (tree, node, 0, &child);
  type = child.kind == CKPT_STEP_ARGUMENT ? peek_text (tree, child.node, &length) : NULL;
  if (type == NULL || length > MAX_LENGTH)
    return NULL;
  if (n > 1)
    {
      ckpt_tree_get_child (tree, node, 1, &child);
      if (child.kind == CKPT_STEP_ARGUMENT && ckpt_tree_get_int (tree, child.node, &index))
        return g_strdup_printf ("%.*s:%" G_GINT64_FORMAT, (int) length, type, index);
    }
  return g_strndup (type, length);
}

/**
 * ckpt_device_dup_value:
 * @tree: a tree
 * @node: a value
 *
 * Returns: (transfer full) (nullable): the device that it is, such as "cuda:1", if it is a torch.device or a text that names one
 */
char *
ckpt_device_dup_value (CkptTree *tree, CkptNodeId node)
{
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  const char *text;
  gsize length;

  if (kind == CKPT_KIND_OBJECT)
    return g_strcmp0 (ckpt_tree_get_class_name (tree, node), "torch.device") == 0 ? dup_object (tree, node)
                                                                                  : NULL;
  text = peek_text (tree, node, &length);
  return text != NULL && ckpt_device_is_name (text, length) ? g_strndup (text, length) : NULL;
}
