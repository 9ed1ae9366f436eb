/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-histogram-card.h"

#include "stateroom-card.h"
#include "stateroom-format.h"

#include <glib/gi18n.h>
#include <math.h>

/* The first ticks of a job pass without a word: most are done by then. */
#define SILENT_TICKS 2

/* Digits of a share of the values. */
#define SHARE_DIGITS 2

static const guint bin_choices[] = { 30, 60, 120, 240, 480 };

#define DEFAULT_CHOICE 2

/* Of the smallest range, as a share of its values: bins of less than that are about as wide as doubles are apart. */
#define MIN_WIDTH 1e-12

struct _StateroomHistogramCard
{
  AdwBin parent_instance;

  StateroomCard *card;
  GtkButton *reset_button;
  GtkToggleButton *log_button;
  GtkToggleButton *symlog_button;
  GtkDropDown *bins_dropdown;
  GtkStack *stack;
  StateroomPlotView *plot_view;
  GtkWidget *coarse_box;
  GtkLabel *coarse_label;
  GtkButton *exact_button;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  GtkButton *compute_button;
  GtkLabel *failed_label;

  StateroomHistogramJob *job;
  gulong changed_id;
  char *name;
  guint n_ticks;
  gboolean has_range; /* whether a part is shown, from @low to @high */
  double low;
  double high;
};

G_DEFINE_FINAL_TYPE (StateroomHistogramCard, stateroom_histogram_card, ADW_TYPE_BIN)

static StateroomHistogramWish
get_wish (StateroomHistogramCard *self)
{
  return (StateroomHistogramWish) {
    .n_bins = stateroom_histogram_card_get_n_bins (self),
    .kind = gtk_toggle_button_get_active (self->symlog_button) ? CKPT_SCALE_SYMLOG : CKPT_SCALE_LINEAR,
    .has_range = self->has_range,
    .low = self->low,
    .high = self->high,
  };
}

/* Says how much of all is seen. */
static void
show_share (StateroomHistogramCard *self, const CkptProfile *profile, const CkptHistogram *histogram)
{
  g_autofree char *percent = NULL, *note = NULL;
  guint64 n_outside;

  gtk_widget_set_visible (GTK_WIDGET (self->reset_button), self->has_range);
  if (self->has_range && histogram != NULL && profile->stats.n_finite > 0)
    {
      n_outside = histogram->n_below + histogram->n_above;
      percent = stateroom_format_number (100 * (double) (profile->stats.n_finite - n_outside) /
                                             (double) profile->stats.n_finite,
                                         SHARE_DIGITS);
      /* Translators: %s is a number: how many of all values a part of the histogram shows */
      note = g_strdup_printf (_ ("%s %% of the values"), percent);
    }
  stateroom_card_set_note (self->card, note);
}

/* Where a large tensor was not read again for the part that is shown. */
static void
show_coarseness (StateroomHistogramCard *self, const CkptHistogram *histogram)
{
  gboolean is_coarse = stateroom_histogram_job_get_is_coarse (self->job) &&
                       stateroom_histogram_job_get_state (self->job) == STATEROOM_JOB_DONE;
  g_autofree char *count = NULL, *text = NULL, *question = NULL;

  gtk_widget_set_visible (self->coarse_box, is_coarse);
  if (!is_coarse)
    return;
  count = stateroom_format_count (histogram != NULL ? histogram->n_uncertain : 0);
  /* Translators: %s is a number */
  text = g_strdup_printf (_ ("Up to %s values may belong to a bar beside."), count);
  question = stateroom_histogram_job_dup_question (self->job);
  gtk_label_set_text (self->coarse_label, text);
  gtk_button_set_label (self->exact_button, question);
}

static void
set_plot (StateroomHistogramCard *self, const CkptProfile *profile, const CkptHistogram *histogram)
{
  static const double percents[] = { 1, 50, 99 };
  g_autoptr (CkptPlotHistogram)
      plot = ckpt_plot_histogram_new (&profile->stats, histogram, profile->is_whole);
  /* Translators: %s is the name of a tensor */
  g_autofree char *label = g_strdup_printf (_ ("Histogram of %s"), self->name);

  for (gsize i = 0; profile->sketch != NULL && i < G_N_ELEMENTS (percents); i++)
    ckpt_plot_histogram_add_percentile (plot, percents[i],
                                        ckpt_sketch_get_quantile (profile->sketch, percents[i] / 100, NULL));
  ckpt_plot_histogram_set_log_counts (plot, gtk_toggle_button_get_active (self->log_button));
  stateroom_plot_view_set_plot (self->plot_view, CKPT_PLOT (plot), label);
  stateroom_plot_view_set_is_zoomed (self->plot_view, self->has_range);
}

static void
show_plot (StateroomHistogramCard *self)
{
  const CkptProfile *profile = stateroom_histogram_job_get_profile (self->job);
  const CkptHistogram *histogram = stateroom_histogram_job_get_histogram (self->job);

  if (histogram == NULL && profile->stats.n_finite > 0)
    {
      gtk_label_set_text (self->failed_label,
                          _ ("So many different values are not kept: there are only figures of them."));
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  set_plot (self, profile, histogram);
  show_share (self, profile, histogram);
  show_coarseness (self, histogram);
  gtk_stack_set_visible_child_name (self->stack, "plot");
}

static void
show_progress (StateroomHistogramCard *self)
{
  double progress = stateroom_histogram_job_get_progress (self->job);
  g_autofree char *size = stateroom_format_bytes (stateroom_histogram_job_get_bytes (self->job));
  g_autofree char *text = NULL;

  self->n_ticks++;
  /* What is there already is shown until there is something better. */
  if (stateroom_histogram_job_get_histogram (self->job) != NULL)
    {
      if (self->n_ticks == 1)
        show_plot (self);
      return;
    }
  if (self->n_ticks <= SILENT_TICKS)
    {
      gtk_stack_set_visible_child_name (self->stack, "blank");
      return;
    }
  /* Translators: %s is a size: "Reading 7.1 MB…" */
  text = g_strdup_printf (_ ("Reading %s…"), size);
  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, progress);
  gtk_stack_set_visible_child_name (self->stack, "progress");
}

static void
show_question (StateroomHistogramCard *self)
{
  g_autofree char *question = stateroom_histogram_job_dup_question (self->job);

  gtk_button_set_label (self->compute_button, question);
  gtk_stack_set_visible_child_name (self->stack, "ask");
}

static void
show_failure (StateroomHistogramCard *self)
{
  g_autofree char *text = stateroom_format_label (stateroom_histogram_job_get_error (self->job)->message);

  gtk_label_set_text (self->failed_label, text);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
on_job_changed (StateroomHistogramCard *self)
{
  StateroomJobState state = stateroom_histogram_job_get_state (self->job);

  if (state != STATEROOM_JOB_RUNNING)
    self->n_ticks = 0;
  switch (state)
    {
    case STATEROOM_JOB_RUNNING:
      show_progress (self);
      break;
    case STATEROOM_JOB_DONE:
      show_plot (self);
      break;
    case STATEROOM_JOB_FAILED:
      show_failure (self);
      break;
    case STATEROOM_JOB_IDLE:
    default:
      show_question (self);
      break;
    }
}

/* Shows what the controls say: at once if it is known, later if it is small, or on request. */
static void
update (StateroomHistogramCard *self)
{
  StateroomHistogramWish wish = get_wish (self);

  if (self->job == NULL)
    return;
  if (stateroom_histogram_job_get_bytes (self->job) <= STATEROOM_MAX_UNASKED)
    stateroom_histogram_job_start (self->job, &wish);
  else if (!stateroom_histogram_job_find (self->job, &wish))
    show_question (self);
}

static void
on_log_notify (StateroomHistogramCard *self)
{
  CkptPlot *plot = stateroom_plot_view_get_plot (self->plot_view);

  if (plot == NULL)
    return;
  ckpt_plot_histogram_set_log_counts (CKPT_PLOT_HISTOGRAM (plot),
                                      gtk_toggle_button_get_active (self->log_button));
  stateroom_plot_view_refresh (self->plot_view);
}

static void
on_wish_notify (StateroomHistogramCard *self)
{
  update (self);
}

static double
get_value (StateroomHistogramCard *self, double x)
{
  GtkWidget *view = GTK_WIDGET (self->plot_view);
  CkptPlot *plot = stateroom_plot_view_get_plot (self->plot_view);

  return ckpt_plot_histogram_get_value (CKPT_PLOT_HISTOGRAM (plot), gtk_widget_get_width (view),
                                        gtk_widget_get_height (view), x);
}

static void
on_range_chosen (StateroomHistogramCard *self, double from, double to)
{
  stateroom_histogram_card_zoom (self, get_value (self, from), get_value (self, to));
}

/* Makes the range smaller or larger around what is at @x; larger than all values is all of them. */
static void
on_zoomed (StateroomHistogramCard *self, double factor, double x)
{
  const CkptHistogram *shown = stateroom_histogram_job_get_histogram (self->job);
  const CkptProfile *profile = stateroom_histogram_job_get_profile (self->job);
  double low, high, middle;

  if (shown == NULL)
    return;
  low = ckpt_scale_map (&shown->scale, shown->low);
  high = ckpt_scale_map (&shown->scale, shown->high);
  middle = ckpt_scale_map (&shown->scale, get_value (self, x));
  low = ckpt_scale_unmap (&shown->scale, middle - (middle - low) * factor);
  high = ckpt_scale_unmap (&shown->scale, middle + (high - middle) * factor);
  if (low <= profile->stats.min && high >= profile->stats.max)
    stateroom_histogram_card_reset_zoom (self);
  else
    stateroom_histogram_card_zoom (self, MAX (low, profile->stats.min), MIN (high, profile->stats.max));
}

static void
on_reset_clicked (StateroomHistogramCard *self)
{
  stateroom_histogram_card_reset_zoom (self);
}

static void
on_cancel_clicked (StateroomHistogramCard *self)
{
  if (self->job != NULL)
    stateroom_histogram_job_cancel (self->job);
}

static void
on_compute_clicked (StateroomHistogramCard *self)
{
  StateroomHistogramWish wish = get_wish (self);

  if (self->job != NULL)
    stateroom_histogram_job_start (self->job, &wish);
}

static void
drop_job (StateroomHistogramCard *self)
{
  if (self->job != NULL)
    g_clear_signal_handler (&self->changed_id, self->job);
  g_clear_object (&self->job);
  g_clear_pointer (&self->name, g_free);
}

static void
stateroom_histogram_card_dispose (GObject *object)
{
  drop_job (STATEROOM_HISTOGRAM_CARD (object));
  G_OBJECT_CLASS (stateroom_histogram_card_parent_class)->dispose (object);
}

static void
stateroom_histogram_card_class_init (StateroomHistogramCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_histogram_card_dispose;
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_PLOT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-histogram-card.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, card);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, reset_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, log_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, symlog_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, bins_dropdown);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, plot_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, coarse_box);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, coarse_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, exact_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, progress_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, compute_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, failed_label);
  gtk_widget_class_bind_template_callback (widget_class, on_log_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_wish_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_range_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_compute_clicked);
}

static void
stateroom_histogram_card_init (StateroomHistogramCard *self)
{
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (bin_choices); i++)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u bin", "%u bins", bin_choices[i]),
                                               bin_choices[i]);

      gtk_string_list_append (choices, text);
    }
  gtk_drop_down_set_model (self->bins_dropdown, G_LIST_MODEL (choices));
  gtk_drop_down_set_selected (self->bins_dropdown, DEFAULT_CHOICE);
  stateroom_plot_view_set_can_zoom (self->plot_view, TRUE);
}

/**
 * stateroom_histogram_card_new:
 *
 * Returns: (transfer floating): a card without a plot
 */
GtkWidget *
stateroom_histogram_card_new (void)
{
  return g_object_new (STATEROOM_TYPE_HISTOGRAM_CARD, NULL);
}

/**
 * stateroom_histogram_card_set_job:
 * @job: (nullable): what to follow; it is started unless it would read too much
 * @name: (nullable): what the histogram is of
 */
void
stateroom_histogram_card_set_job (StateroomHistogramCard *self, StateroomHistogramJob *job, const char *name)
{
  drop_job (self);
  stateroom_plot_view_set_plot (self->plot_view, NULL, NULL);
  self->n_ticks = 0;
  self->has_range = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->reset_button), FALSE);
  stateroom_card_set_note (self->card, NULL);
  if (job == NULL)
    return;

  self->job = g_object_ref (job);
  self->name = g_strdup (name);
  self->changed_id = g_signal_connect_swapped (job, "changed", G_CALLBACK (on_job_changed), self);
  update (self);
}

/**
 * stateroom_histogram_card_get_n_bins:
 *
 * Returns: bins that the user chose
 */
guint
stateroom_histogram_card_get_n_bins (StateroomHistogramCard *self)
{
  return bin_choices[MIN (gtk_drop_down_get_selected (self->bins_dropdown), G_N_ELEMENTS (bin_choices) - 1)];
}

/**
 * stateroom_histogram_card_set_n_bins:
 * @n_bins: one of the numbers that can be chosen
 */
void
stateroom_histogram_card_set_n_bins (StateroomHistogramCard *self, guint n_bins)
{
  for (guint i = 0; i < G_N_ELEMENTS (bin_choices); i++)
    {
      if (bin_choices[i] == n_bins)
        gtk_drop_down_set_selected (self->bins_dropdown, i);
    }
}

/**
 * stateroom_histogram_card_zoom:
 * @low: a value
 * @high: a larger one
 *
 * Shows a part of the values with all bins, unless it is so small that bins are not told apart.
 */
void
stateroom_histogram_card_zoom (StateroomHistogramCard *self, double low, double high)
{
  double width = high - low;

  /* Not so either if one is NaN. */
  if (self->job == NULL || !(width > 0) || width <= MAX (fabs (low), fabs (high)) * MIN_WIDTH)
    return;
  self->has_range = TRUE;
  self->low = low;
  self->high = high;
  update (self);
}

/**
 * stateroom_histogram_card_reset_zoom:
 *
 * Shows all finite values again.
 */
void
stateroom_histogram_card_reset_zoom (StateroomHistogramCard *self)
{
  if (!self->has_range)
    return;
  self->has_range = FALSE;
  update (self);
}

/**
 * stateroom_histogram_card_get_plot_view:
 *
 * Returns: (transfer none): the plot
 */
StateroomPlotView *
stateroom_histogram_card_get_plot_view (StateroomHistogramCard *self)
{
  return self->plot_view;
}

/**
 * stateroom_histogram_card_get_page:
 *
 * Returns: (transfer none): what is shown: "blank", "plot", "progress", "ask" or "failed"
 */
const char *
stateroom_histogram_card_get_page (StateroomHistogramCard *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
