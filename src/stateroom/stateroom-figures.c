/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-figures.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>

#define STD_DIGITS     4
#define SHARE_DIGITS   2
#define ERROR_DIGITS   2
#define MAX_COLUMNS    6
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
add (StateroomFigures *self, const char *name, char *value, const char *tooltip)
{
  g_autofree char *text = value;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name_label = g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0f, NULL);
  GtkWidget *value_label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "selectable", TRUE,
                                         "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_widget_add_css_class (name_label, "caption");
  gtk_widget_add_css_class (name_label, "dimmed");
  gtk_widget_add_css_class (value_label, "heading");
  gtk_widget_add_css_class (value_label, "numeric");
  gtk_widget_set_tooltip_text (box, tooltip);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  name_label, NULL, -1);
  if (tooltip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (value_label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    tooltip, -1);
  gtk_box_append (GTK_BOX (box), name_label);
  gtk_box_append (GTK_BOX (box), value_label);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->box, child);
}

static void
add_number (StateroomFigures *self, const char *name, double value, int n_digits, gboolean exists)
{
  add (self, name, exists ? stateroom_format_number (value, n_digits) : g_strdup ("–"), NULL);
}

/* A count, and its share of all where that is no whole. */
static void
add_count (StateroomFigures *self, const char *name, guint64 count, guint64 n)
{
  g_autofree char *text = stateroom_format_count (count);
  g_autofree char *percent = NULL;

  if (count == 0 || count == n)
    {
      add (self, name, g_steal_pointer (&text), count > 0 ? _ ("All of them") : NULL);
      return;
    }
  percent = stateroom_format_number (100 * (double) count / (double) n, SHARE_DIGITS);
  /* Translators: a number of values, and their share of all: "12 · 0.5 %" */
  add (self, name, g_strdup_printf (_ ("%s · %s %%"), text, percent), NULL);
}

static void
add_percentile (StateroomFigures *self, const char *name, CkptSketch *sketch, double q, int n_digits)
{
  double error = 0;
  double value = ckpt_sketch_get_quantile (sketch, q, &error);
  g_autofree char *bound = stateroom_format_number (error, ERROR_DIGITS);
  /* Translators: %s is a number: how far a percentile may be off */
  g_autofree char *tooltip = error > 0 ? g_strdup_printf (_ ("Within ±%s"), bound) : g_strdup (_ ("Exact"));

  add (self, name, stateroom_format_number (value, n_digits), tooltip);
}

static void
add_percentiles (StateroomFigures *self, CkptSketch *sketch, int n_digits)
{
  static const struct
  {
    const char *name;
    double q;
  } percentiles[] = {
    { N_ ("p1"), 0.01 },  { N_ ("p25"), 0.25 }, { N_ ("Median"), 0.5 },
    { N_ ("p75"), 0.75 }, { N_ ("p99"), 0.99 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (percentiles); i++)
    add_percentile (self, _ (percentiles[i].name), sketch, percentiles[i].q, n_digits);
}

static void
add_smaller_types (StateroomFigures *self, const CkptStats *stats)
{
  if (!stats->fits_bfloat16 && !stats->fits_float16)
    return;
  if (stats->fits_bfloat16 && stats->fits_float16)
    add (self, _ ("Fits"), g_strdup (_ ("16 bits")), _ ("Every value is exactly a bfloat16, and a float16"));
  else
    add (self, _ ("Fits"), g_strdup (stats->fits_bfloat16 ? "bfloat16" : "float16"),
         _ ("Every value is exactly a value of this smaller type"));
}

static void
add_quantizer (StateroomFigures *self, const CkptTensor *tensor)
{
  const CkptQuantizer *quantizer = tensor != NULL ? tensor->quantizer : NULL;

  if (quantizer == NULL || quantizer->scheme != CKPT_QSCHEME_PER_TENSOR)
    return;
  add (self, _ ("Scale"), stateroom_format_number (quantizer->scale, STD_DIGITS),
       _ ("The figures are of the real values: scale × (stored − zero point)"));
  add (self, _ ("Zero point"), g_strdup_printf ("%" G_GINT64_FORMAT, quantizer->zero_point), NULL);
}

/**
 * stateroom_figures_set_profile:
 * @profile: (nullable): what to show
 * @tensor: (nullable): the tensor that it is of, if it is of one
 */
void
stateroom_figures_set_profile (StateroomFigures *self, const CkptProfile *profile, const CkptTensor *tensor)
{
  const CkptStats *stats = profile != NULL ? &profile->stats : NULL;
  gboolean exists;
  int n_digits, n_mean_digits;

  gtk_flow_box_remove_all (self->box);
  if (stats == NULL)
    return;

  exists = stats->n_finite > 0;
  n_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, profile->is_whole);
  n_mean_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, FALSE);
  add (self, _ ("Count"), stateroom_format_count (stats->n), NULL);
  add_number (self, _ ("Mean"), stats->mean, n_mean_digits, exists);
  add_number (self, _ ("Std"), stats->std, STD_DIGITS, exists);
  add_number (self, _ ("L2 norm"), stats->norm, STD_DIGITS, exists);
  add_number (self, _ ("Min"), stats->min, n_digits, exists);
  if (profile->sketch != NULL)
    add_percentiles (self, profile->sketch, n_digits);
  add_number (self, _ ("Max"), stats->max, n_digits, exists);
  add_count (self, _ ("Zeros"), stats->n_zero, stats->n);
  add_count (self, _ ("NaN"), stats->n_nan, stats->n);
  add_count (self, _ ("Inf"), stats->n_pos_inf + stats->n_neg_inf, stats->n);
  if (stats->n_missing > 0)
    add (self, _ ("Missing"), stateroom_format_count (stats->n_missing),
         _ ("Elements that are not in the file. The figures are of those that are."));
  add_smaller_types (self, stats);
  add_quantizer (self, tensor);
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
