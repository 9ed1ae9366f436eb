/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-records.h"

#include <glib/gi18n.h>

#define MAX_RECORDS 10000u /* that are listed */
#define MAX_NAME    200
#define MAX_ROWS    8u /* that are in view at once */
#define ROW_HEIGHT  34 /* about; the title is a row, too */

struct _StateroomRecords
{
  AdwBin parent_instance;

  GtkExpander *expander;
  GtkScrolledWindow *scrolled;
  GtkColumnView *column_view;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *size_column;
  GtkColumnViewColumn *method_column;

  CkptArchive *archive;
};

G_DEFINE_FINAL_TYPE (StateroomRecords, stateroom_records, ADW_TYPE_BIN)

/* Translators: how a record of a zip file is kept */
static const char *const method_names[] = {
  [CKPT_RECORD_STORED] = N_ ("stored"),
  [CKPT_RECORD_DEFLATED] = N_ ("deflated"),
  [CKPT_RECORD_UNREADABLE] = N_ ("unreadable"),
};

static void
setup_cell (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  StateroomRecords *self = STATEROOM_RECORDS (user_data);
  GtkWidget *text = gtk_inscription_new (NULL);
  gboolean is_name = g_object_get_data (G_OBJECT (factory), "column") == self->name_column;

  g_object_set (text, "nat-chars", is_name ? 28 : 9, "min-chars", is_name ? 10 : 9, "text-overflow",
                is_name ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_START : GTK_INSCRIPTION_OVERFLOW_CLIP, NULL);
  gtk_column_view_cell_set_child (cell, text);
}

static const CkptRecord *
get_record (StateroomRecords *self, GtkColumnViewCell *cell)
{
  return ckpt_archive_get (self->archive, gtk_column_view_cell_get_position (cell));
}

static void
set_text (GtkColumnViewCell *cell, const char *text)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_column_view_cell_get_child (cell)), text);
}

static void
bind_name (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  const CkptRecord *record = get_record (user_data, cell);
  g_autofree char *name = ckpt_text_escape (record->name, record->name_length, MAX_NAME);

  set_text (cell, name);
  gtk_widget_set_tooltip_text (gtk_column_view_cell_get_child (cell), name);
}

static void
bind_size (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  g_autofree char *size = ckpt_text_bytes (get_record (user_data, cell)->size);

  set_text (cell, size);
}

static void
bind_method (GtkSignalListItemFactory *factory, GtkColumnViewCell *cell, gpointer user_data)
{
  set_text (cell, _ (method_names[get_record (user_data, cell)->method]));
}

static void
set_factory (StateroomRecords *self, GtkColumnViewColumn *column, GCallback bind)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "column", column);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cell), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_DEFAULT);
  gtk_column_view_column_set_factory (column, factory);
}

/* As many rows as there are records; what they show is asked of the archive. */
static GtkSelectionModel *
new_rows (guint n)
{
  GtkStringList *rows = gtk_string_list_new (NULL);

  for (guint i = 0; i < MIN (n, MAX_RECORDS); i++)
    gtk_string_list_append (rows, "");
  return GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (rows)));
}

static char *
dup_label (guint n)
{
  g_autofree char *count = ckpt_text_count (n);
  g_autofree char *shown = ckpt_text_count (MAX_RECORDS);

  if (n > MAX_RECORDS)
    return g_strdup_printf (_ ("%s records in the file, the first %s shown"), count, shown);
  return g_strdup_printf (ngettext ("%s record in the file", "%s records in the file", n), count);
}

/**
 * stateroom_records_set_archive:
 * @archive: (nullable): the records to list; %NULL hides the list
 */
void
stateroom_records_set_archive (StateroomRecords *self, CkptArchive *archive)
{
  g_autoptr (GtkSelectionModel) rows = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (STATEROOM_IS_RECORDS (self));

  gtk_column_view_set_model (self->column_view, NULL);
  g_clear_pointer (&self->archive, ckpt_archive_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), archive != NULL);
  if (archive == NULL)
    return;
  self->archive = ckpt_archive_ref (archive);
  label = dup_label (ckpt_archive_get_n (archive));
  gtk_expander_set_label (self->expander, label);
  gtk_scrolled_window_set_min_content_height (
      self->scrolled, (int) (MIN (ckpt_archive_get_n (archive), MAX_ROWS) + 1) * ROW_HEIGHT);
  rows = new_rows (ckpt_archive_get_n (archive));
  gtk_column_view_set_model (self->column_view, rows);
}

static void
stateroom_records_dispose (GObject *object)
{
  StateroomRecords *self = STATEROOM_RECORDS (object);

  if (self->column_view != NULL)
    gtk_column_view_set_model (self->column_view, NULL);
  g_clear_pointer (&self->archive, ckpt_archive_unref);

  G_OBJECT_CLASS (stateroom_records_parent_class)->dispose (object);
}

static void
stateroom_records_class_init (StateroomRecordsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_records_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-records.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, expander);
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, scrolled);
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, column_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, name_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, size_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomRecords, method_column);
}

static void
stateroom_records_init (StateroomRecords *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_factory (self, self->name_column, G_CALLBACK (bind_name));
  set_factory (self, self->size_column, G_CALLBACK (bind_size));
  set_factory (self, self->method_column, G_CALLBACK (bind_method));
}
