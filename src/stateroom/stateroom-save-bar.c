/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-save-bar.h"

#include <glib/gi18n.h>
#include <string.h>

#define TICK_MS 100
/* What is written sooner needs no bar: it would only flicker. */
#define SLOW_MS 300

struct _StateroomSaveBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkProgressBar *progress_bar;
  GtkWidget *cancel_button;

  StateroomSave *save;
  guint tick_id;
  guint slow_id;
};

enum
{
  CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomSaveBar, stateroom_save_bar, ADW_TYPE_BIN)

static void
on_cancel_clicked (StateroomSaveBar *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

static char *
dup_name (StateroomSave *save)
{
  g_autofree char *name = g_file_get_basename (stateroom_save_get_file (save));

  return ckpt_text_escape (name, strlen (name), 80);
}

/* When all bytes are written the disk is waited for, which cannot be cancelled. */
static gboolean
on_tick (gpointer user_data)
{
  StateroomSaveBar *self = user_data;
  double fraction = stateroom_save_get_fraction (self->save);
  g_autofree char *name = dup_name (self->save);
  g_autofree char *text = g_strdup_printf (fraction < 1 ? _ ("Saving “%s”") : _ ("Finishing “%s”"), name);

  gtk_label_set_text (self->label, text);
  gtk_widget_set_sensitive (self->cancel_button, fraction < 1);
  if (fraction >= 0 && fraction < 1)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else
    gtk_progress_bar_pulse (self->progress_bar);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_slow (gpointer user_data)
{
  StateroomSaveBar *self = user_data;

  self->slow_id = 0;
  on_tick (self);
  self->tick_id = g_timeout_add (TICK_MS, on_tick, self);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  return G_SOURCE_REMOVE;
}

static void
stateroom_save_bar_dispose (GObject *object)
{
  StateroomSaveBar *self = STATEROOM_SAVE_BAR (object);

  g_clear_handle_id (&self->slow_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->save);

  G_OBJECT_CLASS (stateroom_save_bar_parent_class)->dispose (object);
}

static void
stateroom_save_bar_class_init (StateroomSaveBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_save_bar_dispose;
  /**
   * StateroomSaveBar::cancelled:
   *
   * The file is not to be written after all.
   */
  signals[CANCELLED] = g_signal_new ("cancelled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-save-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomSaveBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, StateroomSaveBar, label);
  gtk_widget_class_bind_template_child (widget_class, StateroomSaveBar, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomSaveBar, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
}

static void
stateroom_save_bar_init (StateroomSaveBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_save_bar_set_save:
 * @save: (nullable): what is being written, or %NULL when that is over
 *
 * Shows how far it is, if it takes long.
 */
void
stateroom_save_bar_set_save (StateroomSaveBar *self, StateroomSave *save)
{
  g_return_if_fail (STATEROOM_IS_SAVE_BAR (self));

  g_clear_handle_id (&self->slow_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_set_object (&self->save, save);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  if (save != NULL)
    self->slow_id = g_timeout_add (SLOW_MS, on_slow, self);
}

/**
 * stateroom_save_bar_is_shown:
 *
 * Returns: whether it is said that a file is being written
 */
gboolean
stateroom_save_bar_is_shown (StateroomSaveBar *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}
