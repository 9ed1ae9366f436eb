/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-totals.h"

#include "stateroom-format.h"
#include "stateroom-share-bar.h"

#include <glib/gi18n.h>

#define COLUMN_SPACING 12
#define ROW_SPACING    6
#define MAX_ROWS       12
#define BAR_COLUMN     4

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
attach_label (StateroomTotals *self, int column, const char *text)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", column > 0 ? 1.0f : 0.0f,
                                   "ellipsize", column > 0 ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END,
                                   NULL);

  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (self->grid, label, column, self->n_rows, 1, 1);
  return label;
}

static void
add_headings (StateroomTotals *self)
{
  const char *const headings[] = { "", _ ("Tensors"), _ ("Values"), _ ("Size") };

  for (int column = 0; column < (int) G_N_ELEMENTS (headings); column++)
    {
      GtkWidget *label = attach_label (self, column, headings[column]);

      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dimmed");
    }
  self->n_rows++;
}

static void
add_total (StateroomTotals *self, const CkptTotal *total, guint64 n_bytes)
{
  g_autofree char *name = stateroom_format_label (total->name);
  g_autofree char *tensors = stateroom_format_count (total->n_tensors);
  g_autofree char *values = stateroom_format_short_count (total->n_values);
  g_autofree char *size = stateroom_format_bytes (total->n_bytes);
  GtkWidget *bar = stateroom_share_bar_new ();

  gtk_widget_set_hexpand (attach_label (self, 0, name), TRUE);
  attach_label (self, 1, tensors);
  attach_label (self, 2, values);
  attach_label (self, 3, size);
  stateroom_share_bar_set_share (STATEROOM_SHARE_BAR (bar),
                                 n_bytes > 0 ? (double) total->n_bytes / (double) n_bytes : 0);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_grid_attach (self->grid, bar, BAR_COLUMN, self->n_rows, 1, 1);
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
  add_headings (self);
  for (guint i = 0; i < n_shown; i++)
    add_total (self, g_ptr_array_index (totals, i), n_bytes);
  if (totals->len > n_shown)
    {
      guint n_more = totals->len - n_shown;
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more);

      attach_label (self, 0, more);
      self->n_rows++;
    }
}
