/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-heatmap-card.h"

#include "stateroom-axis-picker.h"
#include "stateroom-card.h"
#include "stateroom-format.h"

#include <glib/gi18n.h>

/* More bytes than that are only read when asked for. */
#define MAX_UNASKED ((guint64) 256 * 1000 * 1000)
/* Changes of a job that runs, a tenth of a second each, before its progress is shown. */
#define TICKS_TO_WAIT 3

struct _StateroomHeatmapCard
{
  AdwBin parent_instance;

  StateroomCard *card;
  GtkDropDown *kind_dropdown;
  GtkWidget *zoom_out_button;
  GtkWidget *reset_button;
  StateroomAxisPicker *axis_picker;
  StateroomHeatmapView *view;
  GtkButton *ask_button;
  GtkWidget *progress_box;
  GtkProgressBar *progress_bar;
  GtkLabel *failed_label;
  GtkLabel *cell_label;

  StateroomSliceModel *model;
  char *name;
  char *note;
  StateroomHeatmapJob *job;
  gboolean is_allowed; /* to read as much as it takes */
  guint n_ticks;
  guint wish_id;
};

G_DEFINE_FINAL_TYPE (StateroomHeatmapCard, stateroom_heatmap_card, ADW_TYPE_BIN)

static CkptBlockKind
get_kind (StateroomHeatmapCard *self)
{
  return (CkptBlockKind) gtk_drop_down_get_selected (self->kind_dropdown);
}

static void
append_count (GString *text, guint64 n, const char *what)
{
  g_autofree char *count = stateroom_format_count (n);

  if (n > 0)
    g_string_append_printf (text, " · %s %s", count, what);
}

static void
append_reduction (GString *text, CkptBlockKind kind, const char *rows, const char *columns)
{
  /* Translators: what each cell of a heatmap is: numbers of rows and columns of elements */
  if (kind == CKPT_BLOCK_MEAN)
    g_string_append_printf (text, _ ("each cell: mean of %s×%s"), rows, columns);
  else if (kind == CKPT_BLOCK_MIN)
    g_string_append_printf (text, _ ("each cell: min of %s×%s"), rows, columns);
  else
    g_string_append_printf (text, _ ("each cell: max of %s×%s"), rows, columns);
}

/* What a cell is, and what else is among the elements. */
static void
update_note (StateroomHeatmapCard *self, const CkptBlocks *blocks)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double low, high;

  if (blocks != NULL)
    {
      guint64 row_factor = ckpt_blocks_get_row_factor (blocks),
              column_factor = ckpt_blocks_get_column_factor (blocks);
      g_autofree char *rows = stateroom_format_count (row_factor);
      g_autofree char *columns = stateroom_format_count (column_factor);

      if (row_factor == 1 && column_factor == 1)
        g_string_append (text, _ ("each cell: one element"));
      else
        append_reduction (text, get_kind (self), rows, columns);
      append_count (text, ckpt_blocks_get_n_nan (blocks), "NaN");
      append_count (text, ckpt_blocks_get_n_inf (blocks), "∞");
      append_count (text, ckpt_blocks_get_n_missing (blocks), _ ("missing"));
      if (ckpt_blocks_get_usual_range (blocks, get_kind (self), &low, &high))
        g_string_append_printf (text, " · %s", _ ("outliers have the colours of the ends"));
    }
  g_set_str (&self->note, text->str);
  stateroom_card_set_note (self->card, text->len > 0 ? text->str : NULL);
}

static void
on_cell_changed (StateroomHeatmapCard *self)
{
  g_autofree char *text = stateroom_heatmap_view_dup_cell_text (self->view);

  /* There is always a line, so that nothing moves below. */
  gtk_label_set_text (self->cell_label,
                      text != NULL ? text : _ ("Point at a cell. Ctrl and the wheel zoom, dragging moves."));
  if (text != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->cell_label), "dimmed");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->cell_label), "dimmed");
}

static void
show_blocks (StateroomHeatmapCard *self)
{
  CkptBlocks *blocks = self->job != NULL ? stateroom_heatmap_job_get_blocks (self->job) : NULL;

  stateroom_heatmap_view_set_blocks (self->view, blocks, get_kind (self));
  update_note (self, blocks);
  on_cell_changed (self);
}

static void
on_kind_notify (StateroomHeatmapCard *self)
{
  if (self->view != NULL)
    show_blocks (self);
}

static void
show_failure (StateroomHeatmapCard *self, const GError *error)
{
  g_autofree char *text = error != NULL ? stateroom_format_label (error->message) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->failed_label), error != NULL);
  gtk_label_set_text (self->failed_label, text != NULL ? text : "");
}

static void
on_job_changed (StateroomHeatmapCard *self)
{
  gboolean is_running = stateroom_heatmap_job_is_running (self->job);

  gtk_progress_bar_set_fraction (self->progress_bar, stateroom_heatmap_job_get_progress (self->job));
  gtk_widget_set_visible (self->progress_box, is_running && ++self->n_ticks >= TICKS_TO_WAIT);
  if (is_running)
    return;
  show_failure (self, stateroom_heatmap_job_get_error (self->job));
  show_blocks (self);
}

/* Asks before much is read. */
static void
update_question (StateroomHeatmapCard *self, guint64 n_bytes)
{
  gboolean is_question = n_bytes > MAX_UNASKED && !self->is_allowed;
  g_autofree char *size = stateroom_format_bytes (n_bytes);
  g_autofree char *label = g_strdup_printf (_ ("Compute (%s)"), size);

  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), is_question);
  gtk_button_set_label (self->ask_button, label);
}

static void
grant_wish (StateroomHeatmapCard *self)
{
  StateroomHeatmapWish wish = { 0 };
  guint64 n_bytes;
  gboolean is_whole = stateroom_heatmap_view_is_whole (self->view);

  gtk_widget_set_sensitive (self->reset_button, !is_whole);
  gtk_widget_set_sensitive (self->zoom_out_button, !is_whole);
  if (self->job == NULL || !stateroom_heatmap_view_get_wish (self->view, &wish))
    return;
  n_bytes = stateroom_heatmap_job_count_bytes (self->job, &wish);
  update_question (self, n_bytes);
  show_failure (self, NULL);
  self->n_ticks = 0;
  if (n_bytes <= MAX_UNASKED || self->is_allowed)
    stateroom_heatmap_job_start (self->job, &wish);
  else
    stateroom_heatmap_job_cancel (self->job);
}

static gboolean
on_wish_idle (gpointer user_data)
{
  StateroomHeatmapCard *self = user_data;

  self->wish_id = 0;
  grant_wish (self);
  return G_SOURCE_REMOVE;
}

/* It may be told while widgets are given their sizes, when none may change. */
static void
on_wish_changed (StateroomHeatmapCard *self)
{
  if (self->wish_id == 0)
    self->wish_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_wish_idle, self, NULL);
}

static void
on_ask_clicked (StateroomHeatmapCard *self)
{
  self->is_allowed = TRUE;
  grant_wish (self);
}

static void
on_cancel_clicked (StateroomHeatmapCard *self)
{
  if (self->job == NULL)
    return;
  stateroom_heatmap_job_cancel (self->job);
  self->is_allowed = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), TRUE);
}

static void
on_zoom_in_clicked (StateroomHeatmapCard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "heatmap.zoom-in", NULL);
}

static void
on_zoom_out_clicked (StateroomHeatmapCard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->view), "heatmap.zoom-out", NULL);
}

static void
on_reset_clicked (StateroomHeatmapCard *self)
{
  stateroom_heatmap_view_reset (self->view);
}

static void
leave_job (StateroomHeatmapCard *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  stateroom_heatmap_job_cancel (self->job);
  g_clear_object (&self->job);
}

/* A vector lies, as there is more room from left to right. */
static CkptSlice *
dup_slice (StateroomSliceModel *model)
{
  CkptSlice *slice = ckpt_slice_copy (stateroom_slice_model_get_slice (model));
  int rows = ckpt_slice_get_row_axis (slice);

  if (ckpt_slice_get_tensor (slice)->n_dims == 1 && rows != CKPT_NO_AXIS)
    ckpt_slice_set_axes (slice, CKPT_NO_AXIS, rows);
  return slice;
}

static void
on_slice_changed (StateroomHeatmapCard *self)
{
  g_autoptr (CkptSlice) slice = self->model != NULL ? dup_slice (self->model) : NULL;

  leave_job (self);
  show_failure (self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_button), FALSE);
  gtk_widget_set_visible (self->progress_box, FALSE);
  if (slice != NULL)
    {
      self->job = stateroom_heatmap_job_new (slice);
      g_signal_connect_swapped (self->job, "changed", G_CALLBACK (on_job_changed), self);
    }
  update_note (self, NULL);
  stateroom_heatmap_view_set_slice (self->view, slice, self->name);
}

static void
stateroom_heatmap_card_dispose (GObject *object)
{
  StateroomHeatmapCard *self = STATEROOM_HEATMAP_CARD (object);

  if (self->model != NULL)
    stateroom_heatmap_card_set_model (self, NULL, NULL);
  g_clear_handle_id (&self->wish_id, g_source_remove);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->note, g_free);
  G_OBJECT_CLASS (stateroom_heatmap_card_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, card);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, kind_dropdown);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, zoom_out_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, reset_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, axis_picker);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, view);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, ask_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, progress_box);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, failed_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomHeatmapCard, cell_label);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_wish_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_ask_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_in_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_out_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_clicked);
}

static void
stateroom_heatmap_card_class_init (StateroomHeatmapCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_heatmap_card_dispose;
  g_type_ensure (STATEROOM_TYPE_AXIS_PICKER);
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_HEATMAP_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-heatmap-card.ui");
  bind_children (widget_class);
}

static void
stateroom_heatmap_card_init (StateroomHeatmapCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_cell_changed (self);
}

/**
 * stateroom_heatmap_card_new:
 *
 * Returns: (transfer floating): a card that shows nothing
 */
GtkWidget *
stateroom_heatmap_card_new (void)
{
  return g_object_new (STATEROOM_TYPE_HEATMAP_CARD, NULL);
}

/**
 * stateroom_heatmap_card_set_model:
 * @model: (nullable): what to show
 * @name: (nullable): what it is of, for those who cannot see it
 *
 * What is being computed for the last model is stopped.
 */
void
stateroom_heatmap_card_set_model (StateroomHeatmapCard *self, StateroomSliceModel *model, const char *name)
{
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  g_set_str (&self->name, name);
  self->is_allowed = FALSE;
  if (model != NULL)
    g_signal_connect_swapped (model, "changed", G_CALLBACK (on_slice_changed), self);
  stateroom_axis_picker_set_model (self->axis_picker, model);
  on_slice_changed (self);
}

/**
 * stateroom_heatmap_card_set_kind:
 * @kind: what is shown of several elements
 */
void
stateroom_heatmap_card_set_kind (StateroomHeatmapCard *self, CkptBlockKind kind)
{
  gtk_drop_down_set_selected (self->kind_dropdown, kind);
}

/**
 * stateroom_heatmap_card_get_view:
 *
 * Returns: (transfer none): the view
 */
StateroomHeatmapView *
stateroom_heatmap_card_get_view (StateroomHeatmapCard *self)
{
  return self->view;
}

/**
 * stateroom_heatmap_card_get_blocks:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
CkptBlocks *
stateroom_heatmap_card_get_blocks (StateroomHeatmapCard *self)
{
  return self->job != NULL ? stateroom_heatmap_job_get_blocks (self->job) : NULL;
}

/**
 * stateroom_heatmap_card_get_note:
 *
 * Returns: (transfer none) (nullable): what it says of its cells
 */
const char *
stateroom_heatmap_card_get_note (StateroomHeatmapCard *self)
{
  return self->note;
}

/**
 * stateroom_heatmap_card_get_cell:
 *
 * Returns: (transfer none): what it says of the cell that is pointed at, or how to
 */
const char *
stateroom_heatmap_card_get_cell (StateroomHeatmapCard *self)
{
  return gtk_label_get_text (self->cell_label);
}

/**
 * stateroom_heatmap_card_is_busy:
 *
 * Returns: whether something is being computed, or is about to be
 */
gboolean
stateroom_heatmap_card_is_busy (StateroomHeatmapCard *self)
{
  return self->wish_id != 0 || (self->job != NULL && stateroom_heatmap_job_is_running (self->job));
}
