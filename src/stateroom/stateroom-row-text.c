/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-row-text.h"

#include <glib/gi18n.h>

/**
 * stateroom_row_text_get_bytes:
 *
 * Returns: bytes that the row stands for: a tensor's own, or each storage under it once; 0 where an earlier row has them
 */
guint64
stateroom_row_text_get_bytes (CkptItem *item)
{
  const CkptTensor *tensor = ckpt_item_get_tensor (item);

  if (ckpt_item_get_role (item) == CKPT_ITEM_REPEAT || ckpt_item_is_tied (item))
    return 0;
  if (tensor != NULL)
    return tensor->n_bytes;
  return ckpt_item_get_total (item)->n_bytes;
}

/**
 * stateroom_row_text_get_share:
 * @whole: (nullable): what the row is a part of
 *
 * Returns: the share of @item in the bytes of @whole, or -1 if the row has no size
 */
double
stateroom_row_text_get_share (CkptItem *item, CkptItem *whole)
{
  guint64 part = stateroom_row_text_get_bytes (item);
  guint64 n_bytes = whole != NULL ? ckpt_item_get_total (whole)->n_bytes : 0;

  return part > 0 && n_bytes > 0 ? MIN ((double) part / (double) n_bytes, 1) : -1;
}

/* "12 %" or "0.03 %" */
static char *
dup_percent (double share)
{
  double percent = share * 100;

  if (percent < 0.01)
    return g_strdup (_ ("less than 0.01 %"));
  /* Translators: a share; the number has one or two decimals where it is small */
  return g_strdup_printf (_ ("%.*f %%"), percent >= 10 ? 0 : percent >= 1 ? 1 : 2, percent);
}

/**
 * stateroom_row_text_dup_shares:
 * @root: (nullable): the file
 *
 * Returns: (transfer full) (nullable): "0.03 % of the file, 12 % of h.0", if the row has a size
 */
char *
stateroom_row_text_dup_shares (CkptItem *item, CkptItem *root)
{
  CkptItem *parent = ckpt_item_get_parent (item);
  double of_file = stateroom_row_text_get_share (item, root);
  double of_parent = parent != NULL && parent != root ? stateroom_row_text_get_share (item, parent) : -1;
  g_autofree char *file_text = of_file >= 0 ? dup_percent (of_file) : NULL;
  g_autofree char *parent_text = of_parent >= 0 ? dup_percent (of_parent) : NULL;

  if (file_text == NULL || ckpt_item_get_role (item) == CKPT_ITEM_FILE)
    return NULL;
  if (parent_text == NULL)
    /* Translators: a share, "12 %" */
    return g_strdup_printf (_ ("%s of the file"), file_text);
  /* Translators: two shares, and the name of the row above */
  return g_strdup_printf (_ ("%s of the file, %s of %s"), file_text, parent_text,
                          ckpt_item_get_label (parent));
}

static guint64
get_values (CkptItem *item)
{
  const CkptTensor *tensor = ckpt_item_get_tensor (item);

  if (ckpt_item_get_role (item) == CKPT_ITEM_REPEAT || ckpt_item_is_tied (item))
    return 0;
  if (tensor != NULL)
    return tensor->numel;
  return ckpt_item_get_total (item)->n_values;
}

/**
 * stateroom_row_text_dup_values:
 *
 * Returns: (transfer full): "1.8 M", or nothing for a row without tensors of its own
 */
char *
stateroom_row_text_dup_values (CkptItem *item)
{
  guint64 n = get_values (item);

  return n > 0 ? ckpt_text_short_count (n) : g_strdup ("");
}

/**
 * stateroom_row_text_dup_size:
 *
 * Returns: (transfer full): "7.1 MB", "tied", or nothing for a row without bytes
 */
char *
stateroom_row_text_dup_size (CkptItem *item)
{
  guint64 n = stateroom_row_text_get_bytes (item);

  if (ckpt_item_is_tied (item))
    /* Translators: instead of a size: the tensor has the elements of an earlier one */
    return g_strdup (_ ("tied"));
  return n > 0 || ckpt_item_get_tensor (item) != NULL ? ckpt_text_bytes (n) : g_strdup ("");
}

/**
 * stateroom_row_text_dup_size_note:
 *
 * Returns: (transfer full) (nullable): what else there is to say about a tensor's size
 */
char *
stateroom_row_text_dup_size_note (CkptItem *item)
{
  const CkptTensor *tensor = ckpt_item_get_tensor (item);
  const CkptStorage *storage;
  g_autofree char *size = NULL;

  if (tensor == NULL || tensor->storage == CKPT_NO_STORAGE || (tensor->flags & CKPT_TENSOR_BROKEN) ||
      ckpt_item_is_tied (item))
    return NULL;
  storage = ckpt_tree_get_storage (ckpt_item_get_tree (item), tensor->storage);
  if (storage->n_bytes <= tensor->n_bytes)
    return NULL;
  size = ckpt_text_bytes (storage->n_bytes);
  /* Translators: %s is a size: the tensor shows a part of a storage that is so large */
  return g_strdup_printf (_ ("view of %s"), size);
}

static void
append_part (GString *text, const char *part)
{
  if (part == NULL || part[0] == '\0')
    return;
  if (text->len > 0)
    /* Translators: between the parts of a row that is read aloud: "conv1.weight, 6×3×5×5, float32, cuda:1" */
    g_string_append (text, C_ ("parts of a row", ", "));
  g_string_append (text, part);
}

/**
 * stateroom_row_text_dup_accessible:
 *
 * Returns: (transfer full): the row as it is read aloud: "conv1.weight, 6×3×5×5, float32, cuda:1"
 */
char *
stateroom_row_text_dup_accessible (CkptItem *item)
{
  GString *text = g_string_new (ckpt_item_get_label (item));
  g_autofree char *value = ckpt_item_dup_value (item);
  g_autofree char *type = ckpt_item_dup_type (item);
  g_autofree char *device = ckpt_item_dup_device (item);

  append_part (text, value);
  append_part (text, type);
  append_part (text, device);
  if (ckpt_item_is_tied (item))
    append_part (text, _ ("tied"));
  return g_string_free_and_steal (text);
}

/* The cells of a row, with whole numbers. */
static GStrv
dup_cells (CkptItem *item)
{
  g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();

  g_strv_builder_take (cells, ckpt_item_dup_path_text (item));
  g_strv_builder_take (cells, ckpt_item_dup_value (item));
  g_strv_builder_take (cells, ckpt_item_dup_type (item));
  g_strv_builder_take (cells, ckpt_item_dup_device (item));
  g_strv_builder_take (cells, g_strdup_printf ("%" G_GUINT64_FORMAT, get_values (item)));
  g_strv_builder_take (cells, g_strdup_printf ("%" G_GUINT64_FORMAT, stateroom_row_text_get_bytes (item)));
  return g_strv_builder_end (cells);
}

static char *
dup_markdown (CkptItem *item)
{
  GString *text = g_string_new ("|");
  g_auto (GStrv) cells = dup_cells (item);

  for (gsize i = 0; cells[i] != NULL; i++)
    {
      g_autoptr (GString) cell = g_string_new (cells[i]);

      g_string_replace (cell, "\\", "\\\\", 0);
      g_string_replace (cell, "|", "\\|", 0);
      g_string_append_printf (text, " %s |", cell->str);
    }
  g_string_append_c (text, '\n');
  return g_string_free_and_steal (text);
}

static char *
dup_tsv (CkptItem *item)
{
  g_auto (GStrv) cells = dup_cells (item);
  char *line = g_strjoinv ("\t", cells);

  return line;
}

/**
 * stateroom_row_text_dup_copy:
 * @what: what to copy
 *
 * Returns: (transfer full): the text for the clipboard
 */
char *
stateroom_row_text_dup_copy (CkptItem *item, StateroomCopy what)
{
  switch (what)
    {
    case STATEROOM_COPY_KEY:
      return ckpt_item_dup_key (item);
    case STATEROOM_COPY_PATH:
      return ckpt_item_dup_path_text (item);
    case STATEROOM_COPY_CODE:
      return ckpt_item_dup_code (item);
    case STATEROOM_COPY_TSV:
      return dup_tsv (item);
    case STATEROOM_COPY_MARKDOWN:
    default:
      return dup_markdown (item);
    }
}
