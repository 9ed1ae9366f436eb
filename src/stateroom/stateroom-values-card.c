/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-values-card.h"

#include "stateroom-axis-picker.h"
#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-slice-export.h"

#include <glib/gi18n.h>

struct _StateroomValuesCard
{
  AdwBin parent_instance;

  StateroomAxisPicker *axis_picker;
  StateroomValueGrid *grid;
  GtkLabel *status_label;
  GtkMenuButton *go_to_button;
  GtkPopover *go_to_popover;
  GtkEntry *go_to_entry;
  GtkLabel *go_to_label;
  GMenuModel *values_menu;

  StateroomSliceModel *model;
  char *name;
  GCancellable *cancellable; /* of all that is copied and saved */
  guint n_running;
};

G_DEFINE_FINAL_TYPE (StateroomValuesCard, stateroom_values_card, ADW_TYPE_BIN)

static void
say (StateroomValuesCard *self, const char *text)
{
  gtk_label_set_text (self->status_label, text);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
on_cursor_changed (StateroomValuesCard *self)
{
  g_autofree char *text = stateroom_value_grid_dup_cursor_text (self->grid);
  g_autofree char *both = NULL, *n_rows = NULL, *n_columns = NULL;
  CkptRect rect;

  if (text == NULL || !stateroom_value_grid_get_selection (self->grid, &rect) ||
      (rect.n_rows == 1 && rect.n_columns == 1))
    {
      gtk_label_set_text (self->status_label, text != NULL ? text : _ ("It has no elements."));
      return;
    }
  n_rows = stateroom_format_count (rect.n_rows);
  n_columns = stateroom_format_count (rect.n_columns);
  /* Translators: where the cursor is and what is there, then how many rows and columns of cells are selected */
  both = g_strdup_printf (_ ("%s · %s×%s selected"), text, n_rows, n_columns);
  gtk_label_set_text (self->status_label, both);
}

static void
begin (StateroomValuesCard *self)
{
  if (self->cancellable == NULL)
    self->cancellable = g_cancellable_new ();
  self->n_running++;
}

/* Whether the card still waits for what ended; if it failed, says so. */
static gboolean
end (StateroomValuesCard *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  self->n_running--;
  if (error != NULL)
    say (self, error->message);
  return error == NULL;
}

static void
on_text_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomValuesCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = stateroom_slice_export_text_finish (result, &error);

  if (!end (self, error))
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  say (self, _ ("Copied"));
}

static void
copy (StateroomValuesCard *self, StateroomExportFormat format)
{
  CkptRect rect;

  if (self->model == NULL || !stateroom_value_grid_get_selection (self->grid, &rect))
    return;
  begin (self);
  stateroom_slice_export_text_async (stateroom_slice_model_get_slice (self->model), &rect, format,
                                     self->cancellable, on_text_made, g_object_ref (self));
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy (STATEROOM_VALUES_CARD (widget), STATEROOM_EXPORT_TEXT);
}

static void
copy_csv_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  copy (STATEROOM_VALUES_CARD (widget), STATEROOM_EXPORT_CSV);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomValuesCard) self = user_data;
  g_autoptr (GError) error = NULL;

  stateroom_slice_export_file_finish (result, &error);
  if (end (self, error))
    say (self, _ ("Saved"));
}

/**
 * stateroom_values_card_save:
 * @rect: cells of the slice that is shown
 * @file: where to; a name that ends with .csv makes it CSV, any other one NPY
 *
 * Writes cells to a file in a thread, and says so when it is done.
 */
void
stateroom_values_card_save (StateroomValuesCard *self, const CkptRect *rect, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  g_return_if_fail (self->model != NULL);

  begin (self);
  stateroom_slice_export_file_async (stateroom_slice_model_get_slice (self->model), rect,
                                     g_str_has_suffix (name, ".csv") ? STATEROOM_EXPORT_CSV
                                                                     : STATEROOM_EXPORT_NPY,
                                     file, self->cancellable, on_saved, g_object_ref (self));
}

/* What is to be saved where the person says. */
typedef struct
{
  StateroomValuesCard *card;
  StateroomSliceModel *model; /* another tensor may be shown by then */
  CkptRect rect;
} Choice;

static void
on_file_chosen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Choice *choice = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL && choice->model == choice->card->model)
    stateroom_values_card_save (choice->card, &choice->rect, file);
  g_object_unref (choice->model);
  g_object_unref (choice->card);
  g_free (choice);
}

static void
add_filter (GListStore *filters, const char *name, const char *suffix)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, suffix);
  g_list_store_append (filters, filter);
}

static void
choose_file (StateroomValuesCard *self, const CkptRect *rect)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autofree char *name = g_strconcat (self->name != NULL ? self->name : "values", ".npy", NULL);
  Choice *choice = g_new0 (Choice, 1);

  add_filter (filters, _ ("NumPy arrays (.npy)"), "npy");
  add_filter (filters, _ ("Comma-separated values (.csv)"), "csv");
  gtk_file_dialog_set_title (dialog, _ ("Save Values"));
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  g_strdelimit (name, "/\\", '_');
  gtk_file_dialog_set_initial_name (dialog, name);
  *choice = (Choice) { g_object_ref (self), g_object_ref (self->model), *rect };
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, on_file_chosen,
                        choice);
}

static void
save_selection_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomValuesCard *self = STATEROOM_VALUES_CARD (widget);
  CkptRect rect;

  if (self->model != NULL && stateroom_value_grid_get_selection (self->grid, &rect))
    choose_file (self, &rect);
}

static void
save_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomValuesCard *self = STATEROOM_VALUES_CARD (widget);
  const CkptSlice *slice = self->model != NULL ? stateroom_slice_model_get_slice (self->model) : NULL;

  if (slice != NULL)
    choose_file (self, &(CkptRect) { .n_rows = ckpt_slice_get_n_rows (slice),
                                     .n_columns = ckpt_slice_get_n_columns (slice) });
}

static void
select_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  stateroom_value_grid_select_all (STATEROOM_VALUES_CARD (widget)->grid);
}

static void
go_to_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_menu_button_popup (STATEROOM_VALUES_CARD (widget)->go_to_button);
}

static void
on_go_to_activate (StateroomValuesCard *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->go_to_entry));
  g_autoptr (GError) error = NULL;
  guint64 row, column;
  gboolean is_found = self->model != NULL &&
                      stateroom_slice_model_go_to (self->model, text, &row, &column, &error);

  gtk_widget_set_visible (GTK_WIDGET (self->go_to_label), !is_found);
  if (!is_found)
    {
      gtk_label_set_text (self->go_to_label, error != NULL ? error->message : "");
      return;
    }
  gtk_popover_popdown (self->go_to_popover);
  gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  stateroom_value_grid_set_cursor (self->grid, row, column, FALSE);
}

static void
stateroom_values_card_dispose (GObject *object)
{
  StateroomValuesCard *self = STATEROOM_VALUES_CARD (object);

  if (self->model != NULL)
    stateroom_values_card_set_model (self, NULL, NULL);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (stateroom_values_card_parent_class)->dispose (object);
}

static void
stateroom_values_card_class_init (StateroomValuesCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_values_card_dispose;
  g_type_ensure (STATEROOM_TYPE_AXIS_PICKER);
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_VALUE_GRID);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-values-card.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, axis_picker);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, grid);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, status_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, go_to_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, go_to_popover);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, go_to_entry);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, go_to_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomValuesCard, values_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_cursor_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_go_to_activate);
  gtk_widget_class_install_action (widget_class, "values.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "values.copy-csv", NULL, copy_csv_action);
  gtk_widget_class_install_action (widget_class, "values.save-selection", NULL, save_selection_action);
  gtk_widget_class_install_action (widget_class, "values.save-all", NULL, save_all_action);
  gtk_widget_class_install_action (widget_class, "values.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "values.go-to", NULL, go_to_action);
}

static void
stateroom_values_card_init (StateroomValuesCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  stateroom_value_grid_set_menu (self->grid, self->values_menu);
}

/**
 * stateroom_values_card_new:
 *
 * Returns: (transfer floating): a card that shows nothing
 */
GtkWidget *
stateroom_values_card_new (void)
{
  return g_object_new (STATEROOM_TYPE_VALUES_CARD, NULL);
}

/**
 * stateroom_values_card_set_model:
 * @model: (nullable): what to show
 * @name: (nullable): what a file with it may be called
 *
 * What is being copied or saved of the last model is stopped.
 */
void
stateroom_values_card_set_model (StateroomValuesCard *self, StateroomSliceModel *model, const char *name)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->n_running = 0;
  g_set_str (&self->name, name);
  g_set_object (&self->model, model);
  stateroom_axis_picker_set_model (self->axis_picker, model);
  stateroom_value_grid_set_model (self->grid, model);
  gtk_widget_set_visible (GTK_WIDGET (self->go_to_label), FALSE);
}

/**
 * stateroom_values_card_get_grid:
 *
 * Returns: (transfer none): the grid
 */
StateroomValueGrid *
stateroom_values_card_get_grid (StateroomValuesCard *self)
{
  return self->grid;
}

/**
 * stateroom_values_card_get_status:
 *
 * Returns: (transfer none): what it says of the cell with the cursor, or of what was done last
 */
const char *
stateroom_values_card_get_status (StateroomValuesCard *self)
{
  return gtk_label_get_text (self->status_label);
}

/**
 * stateroom_values_card_is_busy:
 *
 * Returns: whether something is being read, copied or saved
 */
gboolean
stateroom_values_card_is_busy (StateroomValuesCard *self)
{
  return self->n_running > 0 || stateroom_value_grid_is_busy (self->grid);
}
