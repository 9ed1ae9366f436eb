/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-sparkline.h"

#include "stateroom-plot-theme.h"

#define WIDTH  64
#define HEIGHT 18

struct _StateroomSparkline
{
  GtkWidget parent_instance;

  const StateroomResult *result; /* the last one, to see whether there is another */
  CkptPlot *plot;
};

G_DEFINE_FINAL_TYPE (StateroomSparkline, stateroom_sparkline, GTK_TYPE_WIDGET)

static void
update_theme (StateroomSparkline *self)
{
  g_autoptr (CkptPlotTheme) theme = NULL;

  if (self->plot == NULL)
    return;
  theme = stateroom_plot_theme_new (GTK_WIDGET (self));
  ckpt_plot_set_theme (self->plot, theme);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
stateroom_sparkline_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
stateroom_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomSparkline *self = STATEROOM_SPARKLINE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->plot == NULL || width <= 0 || height <= 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  ckpt_plot_draw (self->plot, cr, width, height);
  cairo_destroy (cr);
}

static void
stateroom_sparkline_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (stateroom_sparkline_parent_class)->css_changed (widget, change);
  update_theme (STATEROOM_SPARKLINE (widget));
}

static void
stateroom_sparkline_dispose (GObject *object)
{
  g_clear_object (&STATEROOM_SPARKLINE (object)->plot);
  G_OBJECT_CLASS (stateroom_sparkline_parent_class)->dispose (object);
}

static void
stateroom_sparkline_class_init (StateroomSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_sparkline_dispose;
  widget_class->measure = stateroom_sparkline_measure;
  widget_class->snapshot = stateroom_sparkline_snapshot;
  widget_class->css_changed = stateroom_sparkline_css_changed;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
stateroom_sparkline_init (StateroomSparkline *self)
{
  stateroom_plot_theme_watch (GTK_WIDGET (self), G_CALLBACK (update_theme));
}

/**
 * stateroom_sparkline_new:
 *
 * Returns: (transfer floating): an empty one
 */
GtkWidget *
stateroom_sparkline_new (void)
{
  return g_object_new (STATEROOM_TYPE_SPARKLINE, NULL);
}

static CkptPlot *
make_plot (const StateroomResult *result)
{
  guint64 counts[STATEROOM_RESULT_BARS];
  const CkptHistogram histogram = { .low = result->stats.min,
                                    .high = result->stats.max,
                                    .n_bins = STATEROOM_RESULT_BARS,
                                    .counts = counts };

  for (guint i = 0; i < STATEROOM_RESULT_BARS; i++)
    counts[i] = result->bars[i];
  return CKPT_PLOT (ckpt_plot_sparkline_new (&result->stats, result->has_bars ? &histogram : NULL));
}

/**
 * stateroom_sparkline_set_result:
 * @result: (nullable): what is known of a tensor
 */
void
stateroom_sparkline_set_result (StateroomSparkline *self, const StateroomResult *result)
{
  g_autofree char *description = NULL;

  if (self->result == result)
    return;
  self->result = result;
  g_clear_object (&self->plot);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (result == NULL || result->error != NULL)
    return;
  self->plot = make_plot (result);
  update_theme (self);
  description = ckpt_plot_describe (self->plot);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
}
