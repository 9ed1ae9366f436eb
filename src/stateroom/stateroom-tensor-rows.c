/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tensor-rows.h"

#include <gtk/gtk.h>
#include <math.h>
#include <string.h>

struct _StateroomTensorRows
{
  GObject parent_instance;

  StateroomTensorList *list;
  StateroomSurvey *survey;
  guint32 *order; /* places of the list, in the order of the rows */
  guint n;
  StateroomTensorOrder by;
  gboolean is_descending;
};

static void stateroom_tensor_rows_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomTensorRows,
                               stateroom_tensor_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      stateroom_tensor_rows_list_model_init))

/* What a row is sorted by. */
typedef struct
{
  const char *text; /* NULL: by number */
  double number;    /* NaN: not known, or none; at the end in both directions */
  guint32 place;
} SortKey;

static GType
stateroom_tensor_rows_get_item_type (GListModel *model)
{
  return GTK_TYPE_STRING_OBJECT;
}

static guint
stateroom_tensor_rows_get_n_items (GListModel *model)
{
  return STATEROOM_TENSOR_ROWS (model)->n;
}

static gpointer
stateroom_tensor_rows_get_item (GListModel *model, guint position)
{
  StateroomTensorRows *self = STATEROOM_TENSOR_ROWS (model);

  if (position >= self->n)
    return NULL;
  return gtk_string_object_new (stateroom_tensor_rows_get_entry (self, position)->path);
}

static void
stateroom_tensor_rows_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = stateroom_tensor_rows_get_item_type;
  iface->get_n_items = stateroom_tensor_rows_get_n_items;
  iface->get_item = stateroom_tensor_rows_get_item;
}

static void
stateroom_tensor_rows_finalize (GObject *object)
{
  StateroomTensorRows *self = STATEROOM_TENSOR_ROWS (object);

  g_free (self->order);
  stateroom_tensor_list_unref (self->list);
  g_object_unref (self->survey);
  G_OBJECT_CLASS (stateroom_tensor_rows_parent_class)->finalize (object);
}

static void
stateroom_tensor_rows_class_init (StateroomTensorRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_tensor_rows_finalize;
}

static void
stateroom_tensor_rows_init (StateroomTensorRows *self)
{
}

/**
 * stateroom_tensor_rows_new:
 * @list: what the rows are
 * @survey: what is known of them
 *
 * Returns: (transfer full): the rows, in the order of the file
 */
StateroomTensorRows *
stateroom_tensor_rows_new (StateroomTensorList *list, StateroomSurvey *survey)
{
  StateroomTensorRows *self = g_object_new (STATEROOM_TYPE_TENSOR_ROWS, NULL);

  self->list = stateroom_tensor_list_ref (list);
  self->survey = g_object_ref (survey);
  self->n = stateroom_tensor_list_get_n (list);
  self->order = g_new (guint32, MAX (self->n, 1));
  for (guint32 i = 0; i < self->n; i++)
    self->order[i] = i;
  return self;
}

static double
get_share (guint64 count, guint64 n)
{
  return n > 0 ? (double) count / (double) n : NAN;
}

static double
get_number (StateroomTensorRows *self, guint32 place)
{
  guint32 number = stateroom_tensor_list_get (self->list, place)->tensor;
  const CkptTensor *tensor = ckpt_tree_get_tensor (stateroom_tensor_list_get_tree (self->list), number);
  const StateroomResult *result = stateroom_survey_get_result (self->survey, number);
  const CkptStats *stats;

  if (self->by == STATEROOM_BY_SHAPE)
    return (double) tensor->numel;
  if (result == NULL || result->error != NULL)
    return NAN;
  stats = &result->stats;
  switch (self->by)
    {
    case STATEROOM_BY_MEAN:
      return stats->n_finite > 0 ? stats->mean : NAN;
    case STATEROOM_BY_STD:
      return stats->n_finite > 0 ? stats->std : NAN;
    case STATEROOM_BY_MIN:
      return stats->n_finite > 0 ? stats->min : NAN;
    case STATEROOM_BY_MAX:
      return stats->n_finite > 0 ? stats->max : NAN;
    case STATEROOM_BY_ZEROS:
      return get_share (stats->n_zero, stats->n);
    case STATEROOM_BY_BAD:
      return get_share (stats->n - stats->n_finite, stats->n);
    case STATEROOM_BY_FILE:
    case STATEROOM_BY_NAME:
    case STATEROOM_BY_SHAPE:
    case STATEROOM_BY_TYPE:
    default:
      return place;
    }
}

static const char *
get_text (StateroomTensorRows *self, guint32 place)
{
  const StateroomTensorEntry *entry = stateroom_tensor_list_get (self->list, place);

  if (self->by == STATEROOM_BY_NAME)
    return entry->sort_key;
  if (self->by == STATEROOM_BY_TYPE)
    return ckpt_dtype_get_name (
        ckpt_tree_get_tensor (stateroom_tensor_list_get_tree (self->list), entry->tensor)->dtype);
  return NULL;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SortKey *x = a, *y = b;
  const gboolean *is_descending = user_data;
  int result;

  if (x->text != NULL)
    result = strcmp (x->text, y->text);
  else if (isnan (x->number) || isnan (y->number))
    return isnan (x->number) != isnan (y->number) ? isnan (x->number) - isnan (y->number)
                                                  : (x->place > y->place) - (x->place < y->place);
  else
    result = (x->number > y->number) - (x->number < y->number);
  if (result == 0)
    return (x->place > y->place) - (x->place < y->place);
  return *is_descending ? -result : result;
}

/* Returns: whether that is another order. */
static gboolean
work_out_order (StateroomTensorRows *self)
{
  SortKey *keys = g_new (SortKey, MAX (self->n, 1));
  gboolean has_changed = FALSE;

  for (guint32 i = 0; i < self->n; i++)
    keys[i] = (SortKey) { get_text (self, i), get_number (self, i), i };
  g_sort_array (keys, self->n, sizeof *keys, compare, &self->is_descending);
  for (guint32 i = 0; i < self->n; i++)
    {
      has_changed = has_changed || self->order[i] != keys[i].place;
      self->order[i] = keys[i].place;
    }
  g_free (keys);
  return has_changed;
}

/**
 * stateroom_tensor_rows_sort_again:
 *
 * Brings the rows into their order again, now that more is known of them.
 */
void
stateroom_tensor_rows_sort_again (StateroomTensorRows *self)
{
  if (self->by >= STATEROOM_BY_MEAN && work_out_order (self))
    g_list_model_items_changed (G_LIST_MODEL (self), 0, self->n, self->n);
}

/**
 * stateroom_tensor_rows_sort:
 * @order: by what
 * @is_descending: whether the largest come first; what is not known comes last anyway
 */
void
stateroom_tensor_rows_sort (StateroomTensorRows *self, StateroomTensorOrder order, gboolean is_descending)
{
  self->by = order;
  self->is_descending = is_descending;
  if (work_out_order (self))
    g_list_model_items_changed (G_LIST_MODEL (self), 0, self->n, self->n);
}

/**
 * stateroom_tensor_rows_get_entry:
 * @position: number of a row
 *
 * Returns: (transfer none): what the row is of
 */
const StateroomTensorEntry *
stateroom_tensor_rows_get_entry (StateroomTensorRows *self, guint position)
{
  g_return_val_if_fail (position < self->n, NULL);

  return stateroom_tensor_list_get (self->list, self->order[position]);
}

/**
 * stateroom_tensor_rows_get_tensor:
 * @position: number of a row
 *
 * Returns: (transfer none): its tensor
 */
const CkptTensor *
stateroom_tensor_rows_get_tensor (StateroomTensorRows *self, guint position)
{
  return ckpt_tree_get_tensor (stateroom_tensor_list_get_tree (self->list),
                               stateroom_tensor_rows_get_entry (self, position)->tensor);
}

/**
 * stateroom_tensor_rows_get_result:
 * @position: number of a row
 *
 * Returns: (transfer none) (nullable): what is known of its tensor
 */
const StateroomResult *
stateroom_tensor_rows_get_result (StateroomTensorRows *self, guint position)
{
  return stateroom_survey_get_result (self->survey, stateroom_tensor_rows_get_entry (self, position)->tensor);
}
