/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-statistics.h"

#include <glib/gi18n.h>
#include <math.h>

#include "stateroom-card.h"
#include "stateroom-format.h"

#define MAX_STRIP_HEIGHT 520
/* The table has many cells: it comes once the page is drawn, and not while one walks through the keys. */
#define FILL_DELAY_MS 200

struct _StateroomStatistics
{
  AdwBin parent_instance;

  StateroomCard *ask_card;
  GtkLabel *ask_label;
  GtkButton *ask_button;
  StateroomFindingsCard *findings_card;
  StateroomHistogramCard *histogram_card;
  StateroomCard *figures_card;
  StateroomFigures *figures;
  StateroomCard *strip_card;
  GtkToggleButton *strip_button;
  StateroomPlotView *strip;
  StateroomCard *table_card;
  StateroomTensorTable *table;

  StateroomSurvey *survey;
  StateroomTensorList *list;  /* once it is known */
  GCancellable *cancellable;  /* while something is worked out */
  GArray *boxes;              /* places of the list that the strip shows */
  CkptProfile *profile;       /* of all values, once they are known */
  GPtrArray *findings_source; /* those of the file, that were filtered last */
  gboolean has_merged;
  gboolean is_whole_file;
  gulong changed_id;
  gulong arrived_id;
  guint fill_id; /* while the table waits */
};

G_DEFINE_FINAL_TYPE (StateroomStatistics, stateroom_statistics, ADW_TYPE_BIN)

static gboolean
is_floating (const CkptTensor *tensor)
{
  guint8 dtype_class = ckpt_dtype_get_info (tensor->dtype)->dtype_class;

  return dtype_class == CKPT_CLASS_FLOAT || dtype_class == CKPT_CLASS_COMPLEX ||
         dtype_class == CKPT_CLASS_QUANTIZED;
}

static const CkptTensor *
get_tensor (StateroomStatistics *self, guint i)
{
  return ckpt_tree_get_tensor (stateroom_tensor_list_get_tree (self->list),
                               stateroom_tensor_list_get (self->list, i)->tensor);
}

static gboolean
is_readable (StateroomStatistics *self, guint i)
{
  return ckpt_tensor_get_unreadable (stateroom_tensor_list_get_tree (self->list), get_tensor (self, i)) ==
         NULL;
}

/* Tensors that can be read and of which nothing is known. */
static GArray *
list_missing (StateroomStatistics *self, guint64 *n_bytes)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (guint32));

  *n_bytes = 0;
  for (guint i = 0; i < stateroom_tensor_list_get_n (self->list); i++)
    {
      const CkptTensor *tensor = get_tensor (self, i);

      if (stateroom_survey_get_result (self->survey, tensor->index) != NULL || !is_readable (self, i))
        continue;
      g_array_append_val (missing, tensor->index);
      if (ckpt_tree_get_tied_to (stateroom_tensor_list_get_tree (self->list), tensor) == CKPT_NO_TENSOR)
        *n_bytes += tensor->n_bytes;
    }
  return missing;
}

static void
on_ask_clicked (StateroomStatistics *self)
{
  guint64 n_bytes;
  g_autoptr (GArray) missing = list_missing (self, &n_bytes);

  stateroom_survey_start (self->survey, (const guint32 *) (void *) missing->data, missing->len);
}

static void
show_question (StateroomStatistics *self, const GArray *missing, guint64 n_bytes)
{
  gboolean is_running = stateroom_survey_is_running (self->survey);
  g_autofree char *count = stateroom_format_count (missing->len);
  g_autofree char *question = stateroom_survey_dup_question (self->survey, n_bytes);
  g_autofree char *text = NULL;

  text = is_running
             /* Translators: %s is a number */
             ? g_strdup_printf (
                   ngettext ("Computing; %s tensor is left", "Computing; %s tensors are left", missing->len),
                   count)
             /* Translators: %s is a number */
             : g_strdup_printf (
                   ngettext ("%s tensor was not read yet.", "%s tensors were not read yet.", missing->len),
                   count);
  gtk_label_set_text (self->ask_label, text);
  gtk_button_set_label (self->ask_button, question);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), !is_running);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_card), TRUE);
}

static void
fill_box (StateroomStatistics *self, guint place, CkptPlotBox *box)
{
  const StateroomTensorEntry *entry = stateroom_tensor_list_get (self->list, place);
  const StateroomResult *result = stateroom_survey_get_result (self->survey, entry->tensor);

  *box = (CkptPlotBox) {
    .name = entry->name,
    .n = result->stats.n,
    .n_nan = result->stats.n_nan,
    .n_inf = result->stats.n_pos_inf + result->stats.n_neg_inf,
    .min = NAN,
    .p1 = NAN,
    .p25 = NAN,
    .median = NAN,
    .p75 = NAN,
    .p99 = NAN,
    .max = NAN,
  };
  if (!result->has_percentiles)
    return;
  box->min = result->stats.min;
  box->p1 = result->p1;
  box->p25 = result->p25;
  box->median = result->median;
  box->p75 = result->p75;
  box->p99 = result->p99;
  box->max = result->stats.max;
}

/* Single values and whole numbers would only make the scale useless for the others. */
static GArray *
list_boxes (StateroomStatistics *self)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < stateroom_tensor_list_get_n (self->list); i++)
    {
      const CkptTensor *tensor = get_tensor (self, i);
      const StateroomResult *result = stateroom_survey_get_result (self->survey, tensor->index);

      if (result != NULL && result->error == NULL && result->stats.n > 1 && is_floating (tensor))
        g_array_append_val (places, i);
    }
  return places;
}

static void
show_strip (StateroomStatistics *self)
{
  g_autoptr (CkptPlotBoxStrip) plot = NULL;
  g_autofree CkptPlotBox *boxes = NULL;
  g_autofree char *count = NULL;
  CkptScale scale = { CKPT_SCALE_LINEAR, 0 };

  g_clear_pointer (&self->boxes, g_array_unref);
  self->boxes = list_boxes (self);
  gtk_widget_set_visible (GTK_WIDGET (self->strip_card), self->boxes->len > 1);
  if (self->boxes->len < 2)
    return;
  boxes = g_new (CkptPlotBox, self->boxes->len);
  for (guint i = 0; i < self->boxes->len; i++)
    fill_box (self, g_array_index (self->boxes, guint, i), &boxes[i]);
  plot = ckpt_plot_box_strip_new (boxes, self->boxes->len);
  if (gtk_toggle_button_get_active (self->strip_button) && self->profile != NULL)
    {
      scale.kind = CKPT_SCALE_SYMLOG;
      scale.threshold = ckpt_profile_get_threshold (self->profile);
    }
  ckpt_plot_box_strip_set_scale (plot, &scale);
  stateroom_plot_view_set_plot (self->strip, CKPT_PLOT (plot), _ ("Spread of the values of each tensor"));
  stateroom_plot_view_set_height (
      self->strip, (int) MIN (ceil (ckpt_plot_box_strip_get_natural_height (plot)), MAX_STRIP_HEIGHT));
  count = stateroom_format_count (self->boxes->len);
  stateroom_card_set_note (self->strip_card, count);
}

static void
show_profile (StateroomStatistics *self, CkptProfile *profile)
{
  gboolean has_values = profile != NULL && profile->stats.n > 1;

  gtk_widget_set_visible (GTK_WIDGET (self->histogram_card), has_values);
  gtk_widget_set_visible (GTK_WIDGET (self->figures_card), has_values);
  if (has_values)
    {
      g_autoptr (StateroomHistogramJob) job = stateroom_histogram_job_new_for_profile (profile);

      stateroom_histogram_card_set_job (self->histogram_card, job, _ ("all values"));
    }
  stateroom_figures_set_profile (self->figures, has_values ? profile : NULL, NULL);
}

typedef struct
{
  CkptSurvey *survey;
  GArray *tensors;
} Merge;

static void
free_merge (gpointer data)
{
  Merge *merge = data;

  ckpt_survey_unref (merge->survey);
  g_array_unref (merge->tensors);
  g_free (merge);
}

static void
merge_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Merge *merge = task_data;

  g_task_return_pointer (
      task,
      ckpt_survey_merge (merge->survey, (const guint32 *) (void *) merge->tensors->data, merge->tensors->len),
      (GDestroyNotify) ckpt_profile_unref);
}

static void
on_merged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  StateroomStatistics *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptProfile) profile = g_task_propagate_pointer (G_TASK (result), &error);

  /* Only cancelling fails, and then the page may be gone. */
  if (error != NULL)
    return;
  g_clear_object (&self->cancellable);
  self->has_merged = TRUE;
  self->profile = g_steal_pointer (&profile);
  show_profile (self, self->profile);
  show_strip (self);
}

typedef gboolean (*TensorFunc) (const CkptTensor *tensor);

static gboolean
is_weight (const CkptTensor *tensor)
{
  return is_floating (tensor) && tensor->numel > 1;
}

static gboolean
is_any (const CkptTensor *tensor)
{
  return TRUE;
}

static GArray *
list_tensors (StateroomStatistics *self, TensorFunc func)
{
  GArray *tensors = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < stateroom_tensor_list_get_n (self->list); i++)
    if (is_readable (self, i) && func (get_tensor (self, i)))
      g_array_append_val (tensors, get_tensor (self, i)->index);
  return tensors;
}

/* Counters and steps are no weights: they are left out where there is anything else. */
static GArray *
list_merged (StateroomStatistics *self)
{
  GArray *weights = list_tensors (self, is_weight);

  if (weights->len > 0)
    return weights;
  g_array_unref (weights);
  return list_tensors (self, is_any);
}

static void
start_merge (StateroomStatistics *self)
{
  Merge *merge = g_new0 (Merge, 1);
  g_autoptr (GTask) task = NULL;
  g_autofree char *count = NULL;

  merge->survey = ckpt_survey_ref (stateroom_survey_get_survey (self->survey));
  merge->tensors = list_merged (self);
  count = stateroom_format_count (merge->tensors->len);
  if (merge->tensors->len < stateroom_tensor_list_get_n (self->list))
    {
      /* Translators: %s is a number */
      g_autofree char *note = g_strdup_printf (
          ngettext ("of %s tensor", "of %s tensors", merge->tensors->len), count);

      stateroom_card_set_note (self->figures_card, note);
    }
  else
    stateroom_card_set_note (self->figures_card, NULL);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_merged, self);
  g_task_set_name (task, "statistics of a module");
  g_task_set_task_data (task, merge, free_merge);
  g_task_run_in_thread (task, merge_in_thread);
}

/* Those of the file that are about tensors here. */
static GPtrArray *
filter_findings (StateroomStatistics *self, GPtrArray *findings)
{
  GPtrArray *filtered = g_ptr_array_new ();
  g_autoptr (GHashTable) tensors = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < stateroom_tensor_list_get_n (self->list); i++)
    g_hash_table_add (tensors, GUINT_TO_POINTER (stateroom_tensor_list_get (self->list, i)->tensor));
  for (guint i = 0; i < findings->len; i++)
    {
      const CkptFinding *finding = g_ptr_array_index (findings, i);

      if (g_hash_table_contains (tensors, GUINT_TO_POINTER (finding->tensor)))
        g_ptr_array_add (filtered, (gpointer) finding);
    }
  return filtered;
}

static void
show_findings (StateroomStatistics *self)
{
  GPtrArray *findings = stateroom_survey_get_findings (self->survey);
  g_autoptr (GPtrArray) filtered = NULL;

  if (findings == NULL || findings == self->findings_source)
    return;
  self->findings_source = findings;
  filtered = filter_findings (self, findings);
  stateroom_findings_card_set_findings (self->findings_card, filtered);
  gtk_widget_set_visible (GTK_WIDGET (self->findings_card), filtered->len > 0 || self->is_whole_file);
}

/* Shows what can be shown now. */
static void
update (StateroomStatistics *self)
{
  g_autoptr (GArray) missing = NULL;
  guint64 n_bytes;

  if (self->list == NULL || stateroom_tensor_list_get_n (self->list) == 0)
    return;
  show_findings (self);
  if (self->has_merged || self->cancellable != NULL)
    return;
  missing = list_missing (self, &n_bytes);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_card), missing->len > 0);
  if (missing->len > 0)
    show_question (self, missing, n_bytes);
  else
    start_merge (self);
}

static gboolean
on_fill (gpointer user_data)
{
  StateroomStatistics *self = user_data;

  self->fill_id = 0;
  stateroom_tensor_table_set_list (self->table, self->list, self->survey);
  return G_SOURCE_REMOVE;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  StateroomStatistics *self = user_data;
  g_autofree char *count = NULL;
  StateroomTensorList *list = stateroom_tensor_list_load_finish (result);

  /* Only cancelling fails, and then the page may be gone. */
  if (list == NULL)
    return;
  g_clear_object (&self->cancellable);
  self->list = list;
  count = stateroom_format_count (stateroom_tensor_list_get_n (list));
  gtk_widget_set_visible (GTK_WIDGET (self->table_card), stateroom_tensor_list_get_n (list) > 0);
  stateroom_card_set_note (self->table_card, count);
  self->fill_id = g_timeout_add (FILL_DELAY_MS, on_fill, self);
  update (self);
}

static void
on_activated (StateroomStatistics *self, const char *path)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.select-path", "s", path);
}

static void
on_strip_activated (StateroomStatistics *self, guint item)
{
  if (item < self->boxes->len)
    on_activated (self,
                  stateroom_tensor_list_get (self->list, g_array_index (self->boxes, guint, item))->path);
}

static void
on_strip_notify (StateroomStatistics *self)
{
  if (self->list != NULL && self->profile != NULL)
    show_strip (self);
}

static void
stateroom_statistics_dispose (GObject *object)
{
  StateroomStatistics *self = STATEROOM_STATISTICS (object);

  if (self->survey != NULL)
    stateroom_statistics_clear (self);
  G_OBJECT_CLASS (stateroom_statistics_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, ask_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, ask_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, ask_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, findings_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, histogram_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, figures_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, figures);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, strip_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, strip_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, strip);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, table_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomStatistics, table);
}

static void
stateroom_statistics_class_init (StateroomStatisticsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_statistics_dispose;
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_FIGURES);
  g_type_ensure (STATEROOM_TYPE_FINDINGS_CARD);
  g_type_ensure (STATEROOM_TYPE_HISTOGRAM_CARD);
  g_type_ensure (STATEROOM_TYPE_PLOT_VIEW);
  g_type_ensure (STATEROOM_TYPE_TENSOR_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-statistics.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_strip_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_strip_notify);
}

static void
stateroom_statistics_init (StateroomStatistics *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  stateroom_plot_view_set_has_rows (self->strip, TRUE);
}

/**
 * stateroom_statistics_new:
 *
 * Returns: (transfer floating): nothing to see yet
 */
GtkWidget *
stateroom_statistics_new (void)
{
  return g_object_new (STATEROOM_TYPE_STATISTICS, NULL);
}

static void
begin (StateroomStatistics *self, StateroomSurvey *survey)
{
  stateroom_statistics_clear (self);
  self->survey = g_object_ref (survey);
  self->changed_id = g_signal_connect_swapped (survey, "changed", G_CALLBACK (update), self);
  self->arrived_id = g_signal_connect_swapped (survey, "arrived", G_CALLBACK (update), self);
  self->cancellable = g_cancellable_new ();
}

/**
 * stateroom_statistics_show_item:
 * @survey: the statistics of a file
 * @item: a row of its keys
 *
 * Shows all tensors under a row.
 */
void
stateroom_statistics_show_item (StateroomStatistics *self, StateroomSurvey *survey, CkptItem *item)
{
  g_return_if_fail (STATEROOM_IS_STATISTICS (self));

  begin (self, survey);
  stateroom_tensor_list_load_async (item, self->cancellable, on_listed, self);
}

/**
 * stateroom_statistics_show_path:
 * @survey: the statistics of a file
 * @path: of a value in it; an empty one: the whole file
 *
 * Shows all tensors under a value.
 */
void
stateroom_statistics_show_path (StateroomStatistics *self, StateroomSurvey *survey, const CkptPath *path)
{
  g_return_if_fail (STATEROOM_IS_STATISTICS (self));

  begin (self, survey);
  self->is_whole_file = ckpt_path_get_length (path) == 0;
  stateroom_tensor_list_load_path_async (stateroom_survey_get_tree (survey), path, self->cancellable,
                                         on_listed, self);
}

static void
hide_cards (StateroomStatistics *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->ask_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->findings_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->histogram_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->figures_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->strip_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->table_card), FALSE);
}

/**
 * stateroom_statistics_clear:
 *
 * Shows nothing, and stops what is being worked out.
 */
void
stateroom_statistics_clear (StateroomStatistics *self)
{
  g_return_if_fail (STATEROOM_IS_STATISTICS (self));

  g_clear_handle_id (&self->fill_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  hide_cards (self);
  stateroom_histogram_card_set_job (self->histogram_card, NULL, NULL);
  stateroom_plot_view_set_plot (self->strip, NULL, NULL);
  stateroom_tensor_table_set_list (self->table, NULL, NULL);
  g_clear_pointer (&self->list, stateroom_tensor_list_unref);
  g_clear_pointer (&self->boxes, g_array_unref);
  g_clear_pointer (&self->profile, ckpt_profile_unref);
  self->findings_source = NULL;
  self->has_merged = self->is_whole_file = FALSE;
  if (self->survey == NULL)
    return;
  g_clear_signal_handler (&self->changed_id, self->survey);
  g_clear_signal_handler (&self->arrived_id, self->survey);
  g_clear_object (&self->survey);
}

/**
 * stateroom_statistics_is_busy:
 *
 * Returns: whether something is being worked out, other than what the survey computes
 */
gboolean
stateroom_statistics_is_busy (StateroomStatistics *self)
{
  return self->cancellable != NULL || self->fill_id != 0;
}

/**
 * stateroom_statistics_get_table:
 *
 * Returns: (transfer none): the table of tensors
 */
StateroomTensorTable *
stateroom_statistics_get_table (StateroomStatistics *self)
{
  return self->table;
}

/**
 * stateroom_statistics_get_figures:
 *
 * Returns: (transfer none): the figures of all values
 */
StateroomFigures *
stateroom_statistics_get_figures (StateroomStatistics *self)
{
  return self->figures;
}

/**
 * stateroom_statistics_get_findings:
 *
 * Returns: (transfer none): what is wrong or odd
 */
StateroomFindingsCard *
stateroom_statistics_get_findings (StateroomStatistics *self)
{
  return self->findings_card;
}

/**
 * stateroom_statistics_get_strip:
 *
 * Returns: (transfer none): the strip of boxes
 */
StateroomPlotView *
stateroom_statistics_get_strip (StateroomStatistics *self)
{
  return self->strip;
}

/**
 * stateroom_statistics_get_histogram:
 *
 * Returns: (transfer none): the histogram of all values
 */
StateroomHistogramCard *
stateroom_statistics_get_histogram (StateroomStatistics *self)
{
  return self->histogram_card;
}
