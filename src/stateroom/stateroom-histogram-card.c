/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-histogram-card.h"

#include "stateroom-card.h"
#include "stateroom-format.h"

#include <glib/gi18n.h>

/* Larger tensors are read only when asked for. */
#define MAX_UNASKED ((guint64) 256 << 20)

/* What a disk gives, for the guess how long it takes. */
#define BYTES_PER_SECOND ((guint64) 750 * 1000 * 1000)

/* The first ticks of a job pass without a word: most are done by then. */
#define SILENT_TICKS 2

static const guint bin_choices[] = { 30, 60, 120, 240, 480 };

#define DEFAULT_CHOICE 2

struct _StateroomHistogramCard
{
  AdwBin parent_instance;

  AdwToggleGroup *scale_toggles;
  GtkDropDown *bins_dropdown;
  GtkStack *stack;
  StateroomPlotView *plot_view;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  GtkButton *compute_button;
  GtkLabel *failed_label;

  StateroomStatsJob *job;
  gulong changed_id;
  char *name;
  guint64 n_bytes;
  guint n_ticks;
};

G_DEFINE_FINAL_TYPE (StateroomHistogramCard, stateroom_histogram_card, ADW_TYPE_BIN)

static void
show_plot (StateroomHistogramCard *self)
{
  CkptPlotHistogram *plot = ckpt_plot_histogram_new (stateroom_stats_job_get_stats (self->job),
                                                     stateroom_stats_job_get_histogram (self->job),
                                                     stateroom_stats_job_get_is_whole (self->job));

  stateroom_plot_view_take_histogram (self->plot_view, plot, self->name);
  gtk_stack_set_visible_child_name (self->stack, "plot");
}

static void
show_progress (StateroomHistogramCard *self)
{
  double progress = stateroom_stats_job_get_progress (self->job);
  g_autofree char *size = stateroom_format_bytes (self->n_bytes);
  g_autofree char *text = NULL;

  self->n_ticks++;
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
  guint64 n_seconds = self->n_bytes / BYTES_PER_SECOND + 1;
  g_autofree char *size = stateroom_format_bytes (self->n_bytes);
  g_autofree char *label = NULL;

  if (n_seconds < 100)
    /* Translators: a button; %s is a size: "Compute (30 GB, about 40 s)" */
    label = g_strdup_printf (_ ("Compute (%s, about %u s)"), size, (guint) n_seconds);
  else
    label = g_strdup_printf (_ ("Compute (%s, about %u min)"), size,
                             (guint) MIN (n_seconds / 60 + 1, G_MAXUINT));
  gtk_button_set_label (self->compute_button, label);
  gtk_stack_set_visible_child_name (self->stack, "ask");
}

static void
show_failure (StateroomHistogramCard *self)
{
  g_autofree char *text = stateroom_format_label (stateroom_stats_job_get_error (self->job)->message);

  gtk_label_set_text (self->failed_label, text);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
on_job_changed (StateroomHistogramCard *self)
{
  StateroomStatsState state = stateroom_stats_job_get_state (self->job);

  if (state != STATEROOM_STATS_RUNNING)
    self->n_ticks = 0;
  switch (state)
    {
    case STATEROOM_STATS_RUNNING:
      show_progress (self);
      break;
    case STATEROOM_STATS_DONE:
      show_plot (self);
      break;
    case STATEROOM_STATS_FAILED:
      show_failure (self);
      break;
    case STATEROOM_STATS_IDLE:
    default:
      show_question (self);
      break;
    }
}

static void
on_scale_notify (StateroomHistogramCard *self)
{
  stateroom_plot_view_set_log_counts (
      self->plot_view, g_strcmp0 (adw_toggle_group_get_active_name (self->scale_toggles), "log") == 0);
}

static void
on_bins_notify (StateroomHistogramCard *self)
{
  if (self->job != NULL && stateroom_stats_job_get_state (self->job) != STATEROOM_STATS_IDLE)
    stateroom_stats_job_start (self->job, stateroom_histogram_card_get_n_bins (self));
}

static void
on_cancel_clicked (StateroomHistogramCard *self)
{
  if (self->job != NULL)
    stateroom_stats_job_cancel (self->job);
}

static void
on_compute_clicked (StateroomHistogramCard *self)
{
  if (self->job != NULL)
    stateroom_stats_job_start (self->job, stateroom_histogram_card_get_n_bins (self));
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
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, scale_toggles);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, bins_dropdown);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, plot_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, progress_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, compute_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHistogramCard, failed_label);
  gtk_widget_class_bind_template_callback (widget_class, on_scale_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_bins_notify);
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
 * @name: (nullable): what the tensor is called
 * @n_bytes: bytes that the job reads
 */
void
stateroom_histogram_card_set_job (StateroomHistogramCard *self,
                                  StateroomStatsJob *job,
                                  const char *name,
                                  guint64 n_bytes)
{
  drop_job (self);
  stateroom_plot_view_take_histogram (self->plot_view, NULL, NULL);
  self->n_ticks = 0;
  if (job == NULL)
    return;

  self->job = g_object_ref (job);
  self->name = g_strdup (name);
  self->n_bytes = n_bytes;
  self->changed_id = g_signal_connect_swapped (job, "changed", G_CALLBACK (on_job_changed), self);
  if (n_bytes <= MAX_UNASKED)
    stateroom_stats_job_start (job, stateroom_histogram_card_get_n_bins (self));
  else if (!stateroom_stats_job_find (job, stateroom_histogram_card_get_n_bins (self)))
    show_question (self);
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
