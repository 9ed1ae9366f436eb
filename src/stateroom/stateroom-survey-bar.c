/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-survey-bar.h"

#include <glib/gi18n.h>

#include "stateroom-format.h"
#include "stateroom-survey-plan.h"
#include "stateroom-weak.h"

/* Work that is done sooner is not worth a word: it would only flicker. */
#define SILENT_TICKS 3
/* The tree comes first: it would wait for its cores. */
#define START_DELAY_MS 500

struct _StateroomSurveyBar
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkButton *ask_button;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;

  StateroomSurvey *survey;
  gulong changed_id;
  StateroomSurveyPlan *plan; /* once it is known, until it was carried out */
  GCancellable *cancellable; /* while the plan is made */
  guint start_id;            /* while the plan waits to be carried out by itself */
  guint64 limit;
  guint n_ticks;
};

G_DEFINE_FINAL_TYPE (StateroomSurveyBar, stateroom_survey_bar, ADW_TYPE_BIN)

/* "Statistics 312 of 594 · 3.1 GB/s · 0.2 s left" */
static char *
dup_progress_text (const StateroomSurveyProgress *progress)
{
  g_autofree char *done = stateroom_format_count (progress->n_done);
  g_autofree char *total = stateroom_format_count (progress->n_total);
  g_autofree char *rate = NULL, *seconds = NULL;

  if (progress->is_looking)
    return g_strdup (_ ("Looking for what is odd"));
  if (progress->rate <= 0 || progress->seconds_left < 0)
    /* Translators: numbers of tensors: "Statistics 312 of 594" */
    return g_strdup_printf (_ ("Statistics %s of %s"), done, total);
  rate = stateroom_format_bytes ((guint64) progress->rate);
  seconds = progress->seconds_left < 10 ? g_strdup_printf ("%.1f", progress->seconds_left)
                                        : g_strdup_printf ("%.0f", progress->seconds_left);
  /* Translators: numbers of tensors, a size and a number: "Statistics 312 of 594 · 3.1 GB/s · 0.2 s left" */
  return g_strdup_printf (_ ("Statistics %s of %s · %s/s · %s s left"), done, total, rate, seconds);
}

/* Bytes that were read of those that are to be read. */
static char *
dup_bytes_text (const StateroomSurveyProgress *progress)
{
  g_autofree char *done = stateroom_format_bytes (progress->bytes_done);
  g_autofree char *total = stateroom_format_bytes (progress->bytes_total);

  /* Translators: two sizes: "1.2 GB of 30 GB" */
  return g_strdup_printf (_ ("%s of %s"), done, total);
}

static void
show_progress (StateroomSurveyBar *self)
{
  StateroomSurveyProgress progress;
  g_autofree char *text = NULL, *bytes = NULL;

  stateroom_survey_get_progress (self->survey, &progress);
  text = dup_progress_text (&progress);
  bytes = dup_bytes_text (&progress);
  gtk_label_set_text (self->progress_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->progress_bar), bytes);
  gtk_progress_bar_set_fraction (
      self->progress_bar,
      progress.bytes_total > 0 ? (double) progress.bytes_done / (double) progress.bytes_total : 0);
  gtk_stack_set_visible_child_name (self->stack, "progress");
}

static void
show_question (StateroomSurveyBar *self)
{
  g_autofree char *question = stateroom_survey_dup_question (self->survey, self->plan->n_bytes);

  gtk_button_set_label (self->ask_button, question);
  gtk_stack_set_visible_child_name (self->stack, "ask");
}

static void
update (StateroomSurveyBar *self)
{
  if (stateroom_survey_is_running (self->survey))
    {
      if (self->n_ticks++ >= SILENT_TICKS)
        show_progress (self);
      return;
    }
  self->n_ticks = 0;
  if (self->plan != NULL && self->plan->n_bytes > 0 && self->start_id == 0)
    show_question (self);
  else
    gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
carry_out (StateroomSurveyBar *self)
{
  g_autoptr (StateroomSurveyPlan) plan = g_steal_pointer (&self->plan);

  stateroom_survey_start_file (self->survey, (const guint32 *) (void *) plan->tensors->data,
                               plan->tensors->len);
}

static gboolean
on_start (gpointer user_data)
{
  StateroomSurveyBar *self = user_data;

  self->start_id = 0;
  carry_out (self);
  update (self);
  return G_SOURCE_REMOVE;
}

static void
on_planned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomSurveyBar) self = stateroom_weak_take (user_data);
  g_autoptr (StateroomSurveyPlan) plan = stateroom_survey_plan_finish (result);

  if (plan == NULL || self == NULL)
    return;
  g_clear_object (&self->cancellable);
  self->plan = g_steal_pointer (&plan);
  if (self->plan->is_local && self->plan->n_bytes <= self->limit)
    self->start_id = g_timeout_add (START_DELAY_MS, on_start, self);
  update (self);
}

/* Looks again at what there is to do, after something was cancelled. */
static void
make_plan (StateroomSurveyBar *self)
{
  g_clear_handle_id (&self->start_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->plan, stateroom_survey_plan_free);
  self->cancellable = g_cancellable_new ();
  stateroom_survey_plan_async (self->survey, self->cancellable, on_planned, stateroom_weak_new (self));
}

static void
on_ask_clicked (StateroomSurveyBar *self)
{
  if (self->plan != NULL)
    carry_out (self);
  update (self);
}

static void
on_cancel_clicked (StateroomSurveyBar *self)
{
  stateroom_survey_cancel (self->survey);
  /* What was cancelled does not begin again by itself. */
  self->limit = 0;
  make_plan (self);
}

static void
drop_survey (StateroomSurveyBar *self)
{
  g_clear_handle_id (&self->start_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->plan, stateroom_survey_plan_free);
  if (self->survey != NULL)
    g_clear_signal_handler (&self->changed_id, self->survey);
  g_clear_object (&self->survey);
}

static void
stateroom_survey_bar_dispose (GObject *object)
{
  drop_survey (STATEROOM_SURVEY_BAR (object));
  G_OBJECT_CLASS (stateroom_survey_bar_parent_class)->dispose (object);
}

static void
stateroom_survey_bar_class_init (StateroomSurveyBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_survey_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-survey-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomSurveyBar, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomSurveyBar, ask_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomSurveyBar, progress_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomSurveyBar, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
}

static void
stateroom_survey_bar_init (StateroomSurveyBar *self)
{
  self->limit = STATEROOM_MAX_UNASKED_FILE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_survey_bar_set_survey:
 * @survey: (nullable): of a file that is shown
 *
 * Begins its statistics, if the file is small and lies on this computer.
 */
void
stateroom_survey_bar_set_survey (StateroomSurveyBar *self, StateroomSurvey *survey)
{
  g_return_if_fail (STATEROOM_IS_SURVEY_BAR (self));

  if (self->survey == survey)
    return;
  drop_survey (self);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
  if (survey == NULL)
    return;
  self->survey = g_object_ref (survey);
  self->changed_id = g_signal_connect_swapped (survey, "changed", G_CALLBACK (update), self);
  make_plan (self);
}

/**
 * stateroom_survey_bar_get_page:
 *
 * Returns: (transfer none): what is shown: "nothing", "ask" or "progress"
 */
const char *
stateroom_survey_bar_get_page (StateroomSurveyBar *self)
{
  g_return_val_if_fail (STATEROOM_IS_SURVEY_BAR (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * stateroom_survey_bar_is_busy:
 *
 * Returns: whether statistics are being computed, will be in a moment, or it is not known yet whether they will be
 */
gboolean
stateroom_survey_bar_is_busy (StateroomSurveyBar *self)
{
  g_return_val_if_fail (STATEROOM_IS_SURVEY_BAR (self), FALSE);

  return self->cancellable != NULL || self->start_id != 0 ||
         (self->survey != NULL && stateroom_survey_is_running (self->survey));
}

/**
 * stateroom_survey_bar_set_limit:
 * @n_bytes: bytes that are read unasked
 */
void
stateroom_survey_bar_set_limit (StateroomSurveyBar *self, guint64 n_bytes)
{
  g_return_if_fail (STATEROOM_IS_SURVEY_BAR (self));

  self->limit = n_bytes;
}
