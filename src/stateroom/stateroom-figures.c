/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-figures.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>

#define STD_DIGITS     4
#define MAX_COLUMNS    4
#define COLUMN_SPACING 12
#define ROW_SPACING    12

struct _StateroomFigures
{
  GtkWidget parent_instance;

  GtkFlowBox *box;
};

G_DEFINE_FINAL_TYPE (StateroomFigures, stateroom_figures, GTK_TYPE_WIDGET)

static void
stateroom_figures_dispose (GObject *object)
{
  StateroomFigures *self = STATEROOM_FIGURES (object);

  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->box));
  self->box = NULL;
  G_OBJECT_CLASS (stateroom_figures_parent_class)->dispose (object);
}

static void
stateroom_figures_class_init (StateroomFiguresClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_figures_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
stateroom_figures_init (StateroomFigures *self)
{
  self->box = GTK_FLOW_BOX (g_object_new (GTK_TYPE_FLOW_BOX, "selection-mode", GTK_SELECTION_NONE,
                                          "homogeneous", TRUE, "min-children-per-line", 2,
                                          "max-children-per-line", MAX_COLUMNS, "column-spacing",
                                          COLUMN_SPACING, "row-spacing", ROW_SPACING, NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}

/**
 * stateroom_figures_new:
 *
 * Returns: (transfer floating): a view without figures
 */
GtkWidget *
stateroom_figures_new (void)
{
  return g_object_new (STATEROOM_TYPE_FIGURES, NULL);
}

static void
add (StateroomFigures *self, const char *name, char *value)
{
  g_autofree char *text = value;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name_label = g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0f, NULL);
  GtkWidget *value_label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "selectable", TRUE,
                                         NULL);
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_widget_add_css_class (name_label, "caption");
  gtk_widget_add_css_class (name_label, "dimmed");
  gtk_widget_add_css_class (value_label, "heading");
  gtk_widget_add_css_class (value_label, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  name_label, NULL, -1);
  gtk_box_append (GTK_BOX (box), name_label);
  gtk_box_append (GTK_BOX (box), value_label);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->box, child);
}

static void
add_number (StateroomFigures *self, const char *name, double value, int n_digits, gboolean exists)
{
  add (self, name, exists ? stateroom_format_number (value, n_digits) : g_strdup ("–"));
}

/**
 * stateroom_figures_set_stats:
 * @stats: (nullable): what to show
 * @is_whole: whether the values are whole numbers, which are shown with all their digits
 */
void
stateroom_figures_set_stats (StateroomFigures *self, const CkptStats *stats, gboolean is_whole)
{
  gboolean exists;
  int n_digits, n_mean_digits;

  gtk_flow_box_remove_all (self->box);
  if (stats == NULL)
    return;

  exists = stats->n_finite > 0;
  n_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, is_whole);
  n_mean_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, FALSE);
  add (self, _ ("Count"), stateroom_format_count (stats->n));
  add_number (self, _ ("Mean"), stats->mean, n_mean_digits, exists);
  add_number (self, _ ("Std"), stats->std, STD_DIGITS, exists);
  add (self, _ ("Zeros"), stateroom_format_count (stats->n_zero));
  add_number (self, _ ("Min"), stats->min, n_digits, exists);
  add_number (self, _ ("Max"), stats->max, n_digits, exists);
  add (self, _ ("NaN"), stateroom_format_count (stats->n_nan));
  add (self, _ ("Inf"), stateroom_format_count (stats->n_pos_inf + stats->n_neg_inf));
}

/**
 * stateroom_figures_get_value:
 * @name: a figure, in the user's language
 *
 * Returns: (transfer none) (nullable): its text
 */
const char *
stateroom_figures_get_value (StateroomFigures *self, const char *name)
{
  GtkFlowBoxChild *child;

  for (int i = 0; (child = gtk_flow_box_get_child_at_index (self->box, i)) != NULL; i++)
    {
      GtkWidget *label = gtk_widget_get_first_child (gtk_flow_box_child_get_child (child));

      if (g_str_equal (gtk_label_get_text (GTK_LABEL (label)), name))
        return gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (label)));
    }
  return NULL;
}
