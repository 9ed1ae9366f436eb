/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-slice-model.h"

#include <glib/gi18n.h>

struct _StateroomSliceModel
{
  GObject parent_instance;

  CkptSlice *slice;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomSliceModel, stateroom_slice_model, G_TYPE_OBJECT)

static void
stateroom_slice_model_finalize (GObject *object)
{
  ckpt_slice_free (STATEROOM_SLICE_MODEL (object)->slice);
  G_OBJECT_CLASS (stateroom_slice_model_parent_class)->finalize (object);
}

static void
stateroom_slice_model_class_init (StateroomSliceModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_slice_model_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_slice_model_init (StateroomSliceModel *self)
{
}

/**
 * stateroom_slice_model_new:
 * @slice: (transfer full): what is looked at first
 *
 * Returns: (transfer full): a model
 */
StateroomSliceModel *
stateroom_slice_model_new (CkptSlice *slice)
{
  StateroomSliceModel *self = g_object_new (STATEROOM_TYPE_SLICE_MODEL, NULL);

  self->slice = slice;
  return self;
}

/**
 * stateroom_slice_model_get_slice:
 *
 * Returns: (transfer none): what is looked at now
 */
const CkptSlice *
stateroom_slice_model_get_slice (StateroomSliceModel *self)
{
  return self->slice;
}

static void
set_axes (StateroomSliceModel *self, int rows, int columns)
{
  if (rows == ckpt_slice_get_row_axis (self->slice) && columns == ckpt_slice_get_column_axis (self->slice))
    return;
  ckpt_slice_set_axes (self->slice, rows, columns);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_slice_model_set_rows:
 * @axis: the axis to be the rows, or %CKPT_NO_AXIS; if it is that of the columns, both change places
 */
void
stateroom_slice_model_set_rows (StateroomSliceModel *self, int axis)
{
  int columns = ckpt_slice_get_column_axis (self->slice);

  if (axis == columns && axis != CKPT_NO_AXIS)
    columns = ckpt_slice_get_row_axis (self->slice);
  set_axes (self, axis, columns);
}

/**
 * stateroom_slice_model_set_columns:
 * @axis: the axis to be the columns, or %CKPT_NO_AXIS; if it is that of the rows, both change places
 */
void
stateroom_slice_model_set_columns (StateroomSliceModel *self, int axis)
{
  int rows = ckpt_slice_get_row_axis (self->slice);

  if (axis == rows && axis != CKPT_NO_AXIS)
    rows = ckpt_slice_get_column_axis (self->slice);
  set_axes (self, rows, axis);
}

/**
 * stateroom_slice_model_set_index:
 * @axis: an axis that is neither rows nor columns
 * @index: which index of it is looked at
 */
void
stateroom_slice_model_set_index (StateroomSliceModel *self, guint axis, guint64 index)
{
  if (ckpt_slice_get_index (self->slice, axis) == index)
    return;
  ckpt_slice_set_index (self->slice, axis, index);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Numbers apart by anything but digits and signs. */
static gboolean
parse_numbers (const char *text, GArray *numbers)
{
  const char *p = text;

  while (*p != '\0')
    {
      char *end;
      gint64 number;

      if (!g_ascii_isdigit (*p) && *p != '-')
        {
          if (g_ascii_isalpha (*p) || *p == '.')
            return FALSE;
          p++;
          continue;
        }
      errno = 0;
      number = g_ascii_strtoll (p, &end, 10);
      if (end == p || errno != 0)
        return FALSE;
      g_array_append_val (numbers, number);
      p = end;
    }
  return numbers->len > 0;
}

static gboolean
set_not_within (gint64 number, guint64 n, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               /* Translators: an index that was typed, and how many there are */
               _ ("There is no index %" G_GINT64_FORMAT " among %" G_GUINT64_FORMAT "."), number, n);
  return FALSE;
}

/* Negative ones count from the end, as in Python. */
static gboolean
get_index (gint64 number, guint64 n, guint64 *index, GError **error)
{
  if (number < 0 ? (guint64) - (number + 1) >= n : (guint64) number >= n)
    return set_not_within (number, n, error);
  *index = number < 0 ? n - (guint64) - (number + 1) - 1 : (guint64) number;
  return TRUE;
}

/* One number is that of the element in the whole tensor. */
static gboolean
find_element (const CkptTensor *tensor, gint64 number, guint64 *indices, GError **error)
{
  guint64 element;

  if (!get_index (number, tensor->numel, &element, error))
    return FALSE;
  for (guint i = tensor->n_dims; i > 0; i--)
    {
      indices[i - 1] = element % (guint64) tensor->shape[i - 1];
      element /= (guint64) tensor->shape[i - 1];
    }
  return TRUE;
}

static gboolean
find_indices (const CkptTensor *tensor, const GArray *numbers, guint64 *indices, GError **error)
{
  if (numbers->len == 1)
    return find_element (tensor, g_array_index (numbers, gint64, 0), indices, error);
  if (numbers->len != tensor->n_dims)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   ngettext ("Write one index, or the number of an element.",
                             "Write %u indices, or the number of an element.", tensor->n_dims),
                   tensor->n_dims);
      return FALSE;
    }
  for (guint i = 0; i < numbers->len; i++)
    if (!get_index (g_array_index (numbers, gint64, i), (guint64) tensor->shape[i], &indices[i], error))
      return FALSE;
  return TRUE;
}

/* Cuts the other axes where the element is. */
static void
set_others (StateroomSliceModel *self, const guint64 *indices)
{
  int rows = ckpt_slice_get_row_axis (self->slice), columns = ckpt_slice_get_column_axis (self->slice);
  gboolean has_changed = FALSE;

  for (int i = 0; i < (int) ckpt_slice_get_tensor (self->slice)->n_dims; i++)
    {
      if (i == rows || i == columns || ckpt_slice_get_index (self->slice, i) == indices[i])
        continue;
      ckpt_slice_set_index (self->slice, i, indices[i]);
      has_changed = TRUE;
    }
  if (has_changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_slice_model_go_to:
 * @text: what was typed: an index for each axis ("3, 17, 250", also with brackets), or one number, of an element in row-major order;
 *   negative ones count from the end
 * @row: (out): the row where the element is
 * @column: (out): the column
 *
 * Changes the indices of the other axes, so that the element is among those that are looked at.
 *
 * Returns: FALSE with an error if there is no such element
 */
gboolean
stateroom_slice_model_go_to (StateroomSliceModel *self,
                             const char *text,
                             guint64 *row,
                             guint64 *column,
                             GError **error)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (self->slice);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree guint64 *indices = g_new0 (guint64, tensor->n_dims + 1);
  int rows = ckpt_slice_get_row_axis (self->slice), columns = ckpt_slice_get_column_axis (self->slice);

  if (!parse_numbers (text, numbers))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("Write indices, such as 3, 17, 250."));
      return FALSE;
    }
  if (!find_indices (tensor, numbers, indices, error))
    return FALSE;
  set_others (self, indices);
  *row = rows != CKPT_NO_AXIS ? indices[rows] : 0;
  *column = columns != CKPT_NO_AXIS ? indices[columns] : 0;
  return TRUE;
}
