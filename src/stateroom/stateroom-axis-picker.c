/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-axis-picker.h"

#include <glib/gi18n.h>

#define SPACING 6
/* Axes that get an index to choose; tensors of more have so few elements along them that the go-to entry will do. */
#define MAX_INDICES 12
/* A slider of more steps could not be set to each of them, and one of one step is a switch. */
#define SLIDER_WIDTH 120

struct _StateroomAxisPicker
{
  AdwBin parent_instance;

  StateroomSliceModel *model;
  AdwWrapBox *box;
  GtkDropDown *rows;
  GtkDropDown *columns;
  GPtrArray *adjustments; /* of the indices, with their axes */
  GPtrArray *controls;    /* of the indices, in the box */
  int built_rows;         /* the axes that have no index there */
  int built_columns;
  gboolean is_updating;
};

G_DEFINE_FINAL_TYPE (StateroomAxisPicker, stateroom_axis_picker, ADW_TYPE_BIN)

static GQuark
get_axis_quark (void)
{
  return g_quark_from_static_string ("stateroom-axis");
}

/* The first choice is no axis. */
static int
get_axis (GtkDropDown *dropdown)
{
  return (int) gtk_drop_down_get_selected (dropdown) - 1;
}

static void
on_rows_notify (StateroomAxisPicker *self)
{
  if (!self->is_updating)
    stateroom_slice_model_set_rows (self->model, get_axis (self->rows));
}

static void
on_columns_notify (StateroomAxisPicker *self)
{
  if (!self->is_updating)
    stateroom_slice_model_set_columns (self->model, get_axis (self->columns));
}

static void
on_index_changed (StateroomAxisPicker *self, GtkAdjustment *adjustment)
{
  guint axis = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (adjustment), get_axis_quark ()));

  if (!self->is_updating)
    stateroom_slice_model_set_index (self->model, axis, (guint64) gtk_adjustment_get_value (adjustment));
}

static GtkStringList *
new_axes (const CkptTensor *tensor)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  /* Translators: no axis of a tensor is shown as rows, or as columns */
  gtk_string_list_append (list, C_ ("axis", "none"));
  for (guint i = 0; i < tensor->n_dims; i++)
    {
      /* Translators: an axis of a tensor, as PyTorch numbers them, and how many indices it has */
      g_autofree char *name = g_strdup_printf (_ ("dim %u (%" G_GINT64_FORMAT ")"), i, tensor->shape[i]);

      gtk_string_list_append (list, name);
    }
  return list;
}

/* A control behind its name. */
static GtkWidget *
add_control (StateroomAxisPicker *self, const char *name, GtkWidget *control, GtkWidget *second)
{
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *label = gtk_label_new (name);

  gtk_widget_add_css_class (label, "dimmed");
  gtk_box_append (GTK_BOX (pair), label);
  gtk_box_append (GTK_BOX (pair), control);
  if (second != NULL)
    gtk_box_append (GTK_BOX (pair), second);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_wrap_box_append (self->box, pair);
  return pair;
}

static GtkDropDown *
add_dropdown (StateroomAxisPicker *self, const char *name, const CkptTensor *tensor, GCallback callback)
{
  GtkWidget *dropdown = gtk_drop_down_new (G_LIST_MODEL (new_axes (tensor)), NULL);

  gtk_widget_add_css_class (dropdown, "inspector-small");
  g_signal_connect_swapped (dropdown, "notify::selected", callback, self);
  add_control (self, name, dropdown, NULL);
  return GTK_DROP_DOWN (dropdown);
}

static void
add_index (StateroomAxisPicker *self, const CkptTensor *tensor, guint axis)
{
  double last = (double) tensor->shape[axis] - 1;
  GtkAdjustment *adjustment = gtk_adjustment_new (0, 0, last, 1, MAX (1, (last + 1) / 10), 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, 0, 0);
  GtkWidget *slider = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment);
  g_autofree char *name = g_strdup_printf (_ ("dim %u"), axis);
  g_autofree char *slider_name = g_strdup_printf (_ ("Index of dim %u"), axis);

  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_widget_add_css_class (spin, "inspector-small");
  gtk_scale_set_draw_value (GTK_SCALE (slider), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (slider), 0);
  gtk_widget_set_size_request (slider, SLIDER_WIDTH, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (slider), GTK_ACCESSIBLE_PROPERTY_LABEL, slider_name, -1);
  g_object_set_qdata (G_OBJECT (adjustment), get_axis_quark (), GUINT_TO_POINTER (axis));
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_index_changed), self);
  g_ptr_array_add (self->adjustments, adjustment);
  g_ptr_array_add (self->controls, add_control (self, name, spin, slider));
}

static void
clear_indices (StateroomAxisPicker *self)
{
  for (guint i = 0; i < self->controls->len; i++)
    adw_wrap_box_remove (self->box, self->controls->pdata[i]);
  g_ptr_array_set_size (self->controls, 0);
  g_ptr_array_set_size (self->adjustments, 0);
}

/* Which axes have an index depends on which are rows and columns. */
static void
build_indices (StateroomAxisPicker *self, const CkptSlice *slice)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);

  self->built_rows = ckpt_slice_get_row_axis (slice);
  self->built_columns = ckpt_slice_get_column_axis (slice);
  clear_indices (self);
  for (guint i = 0; i < tensor->n_dims && self->adjustments->len < MAX_INDICES; i++)
    if (tensor->shape[i] > 1 && (int) i != self->built_rows && (int) i != self->built_columns)
      add_index (self, tensor, i);
}

static void
clear (StateroomAxisPicker *self)
{
  GtkWidget *child;

  clear_indices (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    adw_wrap_box_remove (self->box, child);
  self->rows = NULL;
  self->columns = NULL;
}

static void
build (StateroomAxisPicker *self, const CkptSlice *slice)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);

  self->rows = add_dropdown (self, _ ("Rows"), tensor, G_CALLBACK (on_rows_notify));
  self->columns = add_dropdown (self, _ ("Columns"), tensor, G_CALLBACK (on_columns_notify));
  build_indices (self, slice);
}

static void
update (StateroomAxisPicker *self)
{
  const CkptSlice *slice = stateroom_slice_model_get_slice (self->model);

  self->is_updating = TRUE;
  if (self->rows == NULL)
    build (self, slice);
  if (self->built_rows != ckpt_slice_get_row_axis (slice) ||
      self->built_columns != ckpt_slice_get_column_axis (slice))
    build_indices (self, slice);
  gtk_drop_down_set_selected (self->rows, (guint) (ckpt_slice_get_row_axis (slice) + 1));
  gtk_drop_down_set_selected (self->columns, (guint) (ckpt_slice_get_column_axis (slice) + 1));
  for (guint i = 0; i < self->adjustments->len; i++)
    {
      GtkAdjustment *adjustment = self->adjustments->pdata[i];
      guint axis = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (adjustment), get_axis_quark ()));

      gtk_adjustment_set_value (adjustment, (double) ckpt_slice_get_index (slice, axis));
    }
  self->is_updating = FALSE;
}

/* The controls may be replaced while one of them tells of its change. */
static gboolean
on_idle (gpointer user_data)
{
  StateroomAxisPicker *self = user_data;

  if (self->model != NULL)
    update (self);
  return G_SOURCE_REMOVE;
}

static void
on_model_changed (StateroomAxisPicker *self)
{
  if (self->is_updating)
    return;
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_idle, g_object_ref (self), g_object_unref);
}

static void
stateroom_axis_picker_dispose (GObject *object)
{
  StateroomAxisPicker *self = STATEROOM_AXIS_PICKER (object);

  stateroom_axis_picker_set_model (self, NULL);
  G_OBJECT_CLASS (stateroom_axis_picker_parent_class)->dispose (object);
}

static void
stateroom_axis_picker_finalize (GObject *object)
{
  StateroomAxisPicker *self = STATEROOM_AXIS_PICKER (object);

  g_ptr_array_unref (self->adjustments);
  g_ptr_array_unref (self->controls);
  G_OBJECT_CLASS (stateroom_axis_picker_parent_class)->finalize (object);
}

static void
stateroom_axis_picker_class_init (StateroomAxisPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_axis_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = stateroom_axis_picker_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
stateroom_axis_picker_init (StateroomAxisPicker *self)
{
  self->adjustments = g_ptr_array_new ();
  self->controls = g_ptr_array_new ();
  self->box = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->box, 2 * SPACING);
  adw_wrap_box_set_line_spacing (self->box, SPACING);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Axes"), -1);
}

/**
 * stateroom_axis_picker_new:
 *
 * Returns: (transfer floating): a picker without a model
 */
GtkWidget *
stateroom_axis_picker_new (void)
{
  return g_object_new (STATEROOM_TYPE_AXIS_PICKER, NULL);
}

/**
 * stateroom_axis_picker_set_model:
 * @model: (nullable): what is chosen from, and told of the choice
 */
void
stateroom_axis_picker_set_model (StateroomAxisPicker *self, StateroomSliceModel *model)
{
  if (self->model == model)
    return;
  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->model, self);
      clear (self);
    }
  g_set_object (&self->model, model);
  if (model == NULL)
    return;
  g_signal_connect_swapped (model, "changed", G_CALLBACK (on_model_changed), self);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          ckpt_slice_get_tensor (stateroom_slice_model_get_slice (model))->n_dims > 1);
  update (self);
}
