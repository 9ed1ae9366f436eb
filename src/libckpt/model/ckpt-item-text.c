/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-item-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ckpt-item-fold.h"
#include "model/ckpt-text.h"
#include "model/ckpt-values.h"

#define CELL_CHARS 200
#define CUT_CHARS  (CELL_CHARS - 1) /* and an ellipsis */

/* Cuts an escaped text. */
static char *
cut (char *text)
{
  char *end;

  if (g_utf8_strlen (text, -1) <= CELL_CHARS)
    return text;
  end = g_utf8_offset_to_pointer (text, CUT_CHARS);
  *end = '\0';
  return g_strconcat (text, "…", NULL);
}

static char *
cut_take (char *text)
{
  char *result = cut (text);

  if (result != text)
    g_free (text);
  return result;
}

/* What a row shows of a key from @offset to @end; an empty part would be no label at all. */
static char *
part_to_label (const char *text, gsize length, gsize offset, gsize end)
{
  offset = MIN (offset, length);
  end = CLAMP (end, offset, length);
  if (offset == end)
    return g_strdup ("\"\"");
  return ckpt_text_escape (text + offset, end - offset, CUT_CHARS);
}

static char *
path_to_label (CkptTree *tree, const CkptPath *path)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    {
      g_autofree char *step = ckpt_path_step_to_label (tree, ckpt_path_get_step (path, i));

      if (i > 0)
        g_string_append_c (text, '/');
      g_string_append (text, step);
    }
  if (text->len == 0)
    g_string_append_c (text, '.');
  return cut_take (g_string_free_and_steal (text));
}

static char *
value_label (CkptItem *self)
{
  CkptTree *tree = self->shared->tree;
  const char *text = NULL;
  gsize length = 0;
  guint64 full_length = 0;

  if (self->container == CKPT_NO_NODE)
    return g_strdup (".");
  if (self->child.kind == CKPT_STEP_KEY && ckpt_tree_get_kind (tree, self->child.key) == CKPT_KIND_STRING)
    text = ckpt_tree_peek_text (tree, self->child.key, &length, &full_length);
  if (text != NULL && full_length == length)
    return part_to_label (text, length, self->offset, length);
  return cut_take (ckpt_path_step_to_label (tree, &self->child));
}

/* The key of a member of a module; all begin alike. */
static const char *
peek_module_key (CkptItem *self, gsize *length)
{
  guint32 member = ckpt_item_rows_get_member (ckpt_item_get_holder (self), self->first);

  return ckpt_item_rows_peek_key (self->shared->tree, self->container, member, length);
}

static char *
module_label (CkptItem *self)
{
  gsize length;
  const char *text = peek_module_key (self, &length);

  return part_to_label (text, length, self->offset, self->label_end);
}

static char *
range_label (CkptItem *self)
{
  return g_strdup_printf ("%u … %u", self->first, self->first + self->n - 1);
}

/* "1-11 ×11" */
static char *
fold_label (CkptItem *self)
{
  gint64 low = 0, high = 0;

  ckpt_item_fold_get_numbers (self->shared->tree, ckpt_item_get_holder (self), self->first, self->n, &low,
                              &high);
  return g_strdup_printf ("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT " ×%u", low, high, self->n);
}

static char *
file_label (CkptItem *self)
{
  g_autofree char *name = g_path_get_basename (
      ckpt_source_get_path (ckpt_tree_get_source (self->shared->tree)));

  return ckpt_text_escape (name, strlen (name), CUT_CHARS);
}

/**
 * ckpt_item_get_label:
 *
 * Returns: (transfer none): the key, the part of it that the row shows, or the file's name
 */
const char *
ckpt_item_get_label (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->label != NULL)
    return self->label;
  switch (self->role)
    {
    case CKPT_ITEM_FILE:
      self->label = file_label (self);
      break;
    case CKPT_ITEM_MODULE:
      self->label = module_label (self);
      break;
    case CKPT_ITEM_RANGE:
      self->label = range_label (self);
      break;
    case CKPT_ITEM_FOLD:
      self->label = fold_label (self);
      break;
    case CKPT_ITEM_VALUE:
    case CKPT_ITEM_REPEAT:
      self->label = self->path != NULL ? path_to_label (self->shared->tree, self->path) : value_label (self);
      break;
    }
  return self->label;
}

static char *
tensor_value (CkptItem *self, const CkptTensor *tensor)
{
  const char *scalar = NULL;

  if (tensor->flags & CKPT_TENSOR_BROKEN)
    return g_strdup (tensor->problem != NULL ? tensor->problem : _ ("damaged"));
  if (self->shared->scalars != NULL)
    scalar = g_hash_table_lookup (self->shared->scalars, GUINT_TO_POINTER (self->child.node));
  return scalar != NULL ? g_strdup (scalar) : ckpt_tensor_shape_to_string (tensor);
}

/**
 * ckpt_item_dup_value:
 *
 * Returns: (transfer full): the value of a scalar, the shape of a tensor, or how much there is under the row
 */
char *
ckpt_item_dup_value (CkptItem *self)
{
  const CkptTensor *tensor;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  tensor = ckpt_item_get_tensor (self);
  if (tensor != NULL)
    return cut_take (tensor_value (self, tensor));
  if (self->role == CKPT_ITEM_REPEAT)
    /* Translators: %s is a Python type, such as list: the same object stands at another place too */
    return g_strdup_printf (_ ("↻ same %s"),
                            ckpt_kind_get_name (ckpt_tree_get_kind (self->shared->tree, self->child.node)));
  if (ckpt_item_has_children (self) && ckpt_item_get_total (self)->n_tensors > 0)
    {
      guint n = ckpt_item_get_total (self)->n_tensors;
      g_autofree char *count = ckpt_text_count (n);

      return g_strdup_printf (ngettext ("%s tensor", "%s tensors", n), count);
    }
  if (self->role == CKPT_ITEM_MODULE || ckpt_item_is_part (self))
    return g_strdup_printf (ngettext ("%u key", "%u keys", self->n), self->n);
  return cut_take (ckpt_tree_describe (self->shared->tree, self->child.node));
}

/* "OrderedDict" of "collections.OrderedDict". */
static char *
short_class (const char *name)
{
  const char *dot = strrchr (name, '.');

  if (dot != NULL && dot[1] != '\0')
    name = dot + 1;
  return ckpt_text_escape (name, strlen (name), CUT_CHARS);
}

/**
 * ckpt_item_dup_type:
 *
 * Returns: (transfer full): the dtype of a tensor, the Python type of another value, or nothing
 */
char *
ckpt_item_dup_type (CkptItem *self)
{
  const CkptTensor *tensor;
  const char *class_name;
  CkptKind kind;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->role != CKPT_ITEM_VALUE && self->role != CKPT_ITEM_REPEAT)
    return g_strdup ("");
  tensor = ckpt_item_get_tensor (self);
  if (tensor != NULL)
    return g_strdup (ckpt_dtype_get_name (tensor->dtype));
  kind = ckpt_tree_get_kind (self->shared->tree, self->child.node);
  class_name = ckpt_tree_get_class_name (self->shared->tree, self->child.node);
  /* That a state dict is an OrderedDict is seen in the inspector. */
  if (class_name != NULL && kind != CKPT_KIND_DICT)
    return short_class (class_name);
  return g_strdup (ckpt_kind_get_name (kind));
}

/**
 * ckpt_item_dup_device:
 *
 * Returns: (transfer full): the device of a tensor, or of all tensors under the row if it is one
 */
char *
ckpt_item_dup_device (CkptItem *self)
{
  const CkptTensor *tensor;
  const char *device = NULL;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  tensor = ckpt_item_get_tensor (self);
  if (tensor != NULL)
    device = tensor->device;
  else if (self->role != CKPT_ITEM_REPEAT && ckpt_item_has_tensors (self))
    {
      if (ckpt_item_get_total (self)->n_tensors > 0 && ckpt_item_get_entry (self)->device == NULL)
        return g_strdup (_ ("several"));
      device = ckpt_item_get_entry (self)->device;
    }
  return device != NULL ? ckpt_text_escape (device, strlen (device), CUT_CHARS) : g_strdup ("");
}

/* The key as it is, if it is text that can be copied. */
static char *
dup_text_key (CkptItem *self)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  gsize length;

  if (self->child.key == CKPT_NO_NODE ||
      ckpt_tree_get_kind (self->shared->tree, self->child.key) != CKPT_KIND_STRING)
    return NULL;
  bytes = ckpt_tree_dup_text (self->shared->tree, self->child.key, NULL);
  text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  return text != NULL && g_utf8_validate (text, (gssize) length, NULL) ? g_strndup (text, length) : NULL;
}

static char *
dup_module_key (CkptItem *self)
{
  gsize length;
  const char *text = peek_module_key (self, &length);

  return g_utf8_validate (text, self->label_end, NULL) ? g_strndup (text, self->label_end)
                                                       : ckpt_text_escape (text, self->label_end, 0);
}

/* Its label, with what the keys of its rows begin with. */
static char *
dup_fold_key (CkptItem *self)
{
  const CkptItemRows *rows = ckpt_item_get_holder (self);
  g_autofree char *prefix = NULL;
  CkptItemRow row;
  gsize length;
  const char *text;

  if (rows->offset == 0)
    return g_strdup (ckpt_item_get_label (self));
  ckpt_item_rows_get (rows, self->first, &row);
  text = ckpt_item_rows_peek_key (self->shared->tree, rows->container,
                                  ckpt_item_rows_get_member (rows, row.first), &length);
  prefix = ckpt_text_escape (text, MIN (rows->offset, length), 0);
  return g_strconcat (prefix, ckpt_item_get_label (self), NULL);
}

/**
 * ckpt_item_dup_key:
 *
 * Returns: (transfer full): the last key of the path as it is in the file; of a module: what its keys begin with; of a fold: that, and its
 *   label
 */
char *
ckpt_item_dup_key (CkptItem *self)
{
  char *key;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->role == CKPT_ITEM_MODULE)
    return dup_module_key (self);
  if (self->role == CKPT_ITEM_FOLD)
    return dup_fold_key (self);
  key = dup_text_key (self);
  if (key != NULL)
    return key;
  if (self->container == CKPT_NO_NODE || self->child.node == CKPT_NO_NODE)
    return g_strdup (ckpt_item_get_label (self));
  return ckpt_path_step_to_label (self->shared->tree, &self->child);
}

/**
 * ckpt_item_dup_path_text:
 *
 * Returns: (transfer full): the text form of the path; of a module: of the dict that it is a part of
 */
char *
ckpt_item_dup_path_text (CkptItem *self)
{
  g_autoptr (CkptPath) path = NULL;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  path = ckpt_item_dup_path (self);
  return ckpt_path_to_string (path, self->shared->tree);
}

/**
 * ckpt_item_dup_code:
 *
 * Returns: (transfer full): Python for the value, if the file was loaded as `ckpt`
 */
char *
ckpt_item_dup_code (CkptItem *self)
{
  g_autofree char *path = NULL, *key = NULL, *prefix = NULL, *quoted = NULL;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  path = ckpt_item_dup_path_text (self);
  if (strcmp (path, ".") == 0)
    path[0] = '\0';
  if (self->role != CKPT_ITEM_MODULE)
    return g_strconcat ("ckpt", path, NULL);
  key = dup_module_key (self);
  prefix = g_strconcat (key, ".", NULL);
  quoted = ckpt_text_quote (prefix, strlen (prefix));
  return g_strdup_printf ("{k: v for k, v in ckpt%s.items() if k.startswith(%s)}", path, quoted);
}
