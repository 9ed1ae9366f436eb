/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-totals.h"

#include "stateroom-format.h"
#include "stateroom-share-bar.h"

#include <glib/gi18n.h>

#define COLUMN_SPACING 12
#define ROW_SPACING    6
#define MAX_ROWS       12

struct _StateroomTotals
{
  GtkWidget parent_instance;

  GtkGrid *grid;
  int n_rows;
};

G_DEFINE_FINAL_TYPE (StateroomTotals, stateroom_totals, GTK_TYPE_WIDGET)

static void
stateroom_totals_dispose (GObject *object)
{
  StateroomTotals *self = STATEROOM_TOTALS (object);

  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;
  G_OBJECT_CLASS (stateroom_totals_parent_class)->dispose (object);
}

static void
stateroom_totals_class_init (StateroomTotalsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_totals_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
stateroom_totals_init (StateroomTotals *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, COLUMN_SPACING);
  gtk_grid_set_row_spacing (self->grid, ROW_SPACING);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}

/**
 * stateroom_totals_new:
 *
 * Returns: (transfer floating): an empty table
 */
GtkWidget *
stateroom_totals_new (void)
{
  return g_object_new (STATEROOM_TYPE_TOTALS, NULL);
}

static GtkWidget *
attach_label (StateroomTotals *self, int column, char *text, gboolean is_number)
{
  g_autofree char *label_text = text;
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", label_text, "xalign", is_number ? 1.0f : 0.0f,
                                   "ellipsize", is_number ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END, NULL);

  if (is_number)
    gtk_widget_add_css_class (label, "dimmed");
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (self->grid, label, column, self->n_rows, 1, 1);
  return label;
}

static void
add_total (StateroomTotals *self, const CkptTotal *total, guint64 n_bytes)
{
  g_autofree char *values = stateroom_format_short_count (total->n_values);
  GtkWidget *bar = stateroom_share_bar_new ();
  GtkWidget *name = attach_label (self, 0, stateroom_format_label (total->name), FALSE);

  gtk_widget_set_hexpand (name, TRUE);
  attach_label (self, 1,
                g_strdup_printf (ngettext ("%u tensor", "%u tensors", total->n_tensors), total->n_tensors),
                TRUE);
  attach_label (self, 2,
                g_strdup_printf (ngettext ("%s value", "%s values", (gulong) total->n_values), values), TRUE);
  attach_label (self, 3, stateroom_format_bytes (total->n_bytes), TRUE);
  stateroom_share_bar_set_share (STATEROOM_SHARE_BAR (bar),
                                 n_bytes > 0 ? (double) total->n_bytes / (double) n_bytes : 0);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_grid_attach (self->grid, bar, 4, self->n_rows, 1, 1);
  self->n_rows++;
}

/**
 * stateroom_totals_show:
 * @totals: (element-type CkptTotal): largest first
 */
void
stateroom_totals_show (StateroomTotals *self, GPtrArray *totals)
{
  guint n_shown = MIN (totals->len, MAX_ROWS);
  guint64 n_bytes = 0;

  while (self->n_rows > 0)
    gtk_grid_remove_row (self->grid, --self->n_rows);
  for (guint i = 0; i < totals->len; i++)
    n_bytes += ((const CkptTotal *) g_ptr_array_index (totals, i))->n_bytes;
  for (guint i = 0; i < n_shown; i++)
    add_total (self, g_ptr_array_index (totals, i), n_bytes);
  if (totals->len > n_shown)
    {
      guint n_more = totals->len - n_shown;

      attach_label (self, 0, g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more),
                    FALSE);
      self->n_rows++;
    }
}
