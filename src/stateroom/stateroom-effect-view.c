/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-effect-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-format.h"

#define MAX_NOTES 40u
#define MAX_CHARS 2000

struct _StateroomEffectView
{
  AdwBin parent_instance;

  GtkWidget *spinner;
  GtkWidget *warning_image;
  GtkLabel *title_label;
  GtkLabel *bytes_label;
  GtkBox *notes;
};

G_DEFINE_FINAL_TYPE (StateroomEffectView, stateroom_effect_view, ADW_TYPE_BIN)

static void
stateroom_effect_view_class_init (StateroomEffectViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-effect-view.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomEffectView, spinner);
  gtk_widget_class_bind_template_child (widget_class, StateroomEffectView, warning_image);
  gtk_widget_class_bind_template_child (widget_class, StateroomEffectView, title_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomEffectView, bytes_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomEffectView, notes);
}

static void
stateroom_effect_view_init (StateroomEffectView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
clear_notes (StateroomEffectView *self)
{
  GtkWidget *note;

  while ((note = gtk_widget_get_first_child (GTK_WIDGET (self->notes))) != NULL)
    gtk_box_remove (self->notes, note);
}

static void
add_note (StateroomEffectView *self, const char *text)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "focusable", FALSE, NULL);

  gtk_widget_add_css_class (label, "dimmed");
  gtk_box_append (self->notes, label);
}

static void
set_title (StateroomEffectView *self, const char *title, gboolean is_error)
{
  g_autofree char *shown = ckpt_text_escape (title, strlen (title), MAX_CHARS);

  gtk_label_set_text (self->title_label, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->title_label), shown[0] != '\0');
  gtk_widget_set_visible (self->spinner, FALSE);
  gtk_widget_set_visible (self->warning_image, is_error);
  gtk_widget_set_visible (GTK_WIDGET (self->bytes_label), FALSE);
  clear_notes (self);
}

/**
 * stateroom_effect_view_set_busy:
 *
 * Says that it is being found out. What was shown stays until then.
 */
void
stateroom_effect_view_set_busy (StateroomEffectView *self)
{
  g_return_if_fail (STATEROOM_IS_EFFECT_VIEW (self));

  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_widget_set_visible (self->warning_image, FALSE);
}

/**
 * stateroom_effect_view_dup_bytes:
 * @n_bytes: by how much a file becomes larger
 *
 * Returns: (transfer full) (nullable): the same in words, or %NULL for 0
 */
char *
stateroom_effect_view_dup_bytes (gint64 n_bytes)
{
  g_autofree char *size = NULL;

  if (n_bytes == 0)
    return NULL;
  size = stateroom_format_bytes (n_bytes < 0 ? (guint64) 0 - (guint64) n_bytes : (guint64) n_bytes);
  /* Translators: what an edit does to the size of the file; %s is a size */
  return g_strdup_printf (n_bytes < 0 ? _ ("%s smaller") : _ ("%s larger"), size);
}

/**
 * stateroom_effect_view_set_effect:
 * @title: what the edit does
 * @n_bytes: by how much the file becomes larger
 * @notes: (element-type utf8): sentences about it
 *
 * Says what an edit does.
 */
void
stateroom_effect_view_set_effect (StateroomEffectView *self,
                                  const char *title,
                                  gint64 n_bytes,
                                  GPtrArray *notes)
{
  g_autofree char *bytes = stateroom_effect_view_dup_bytes (n_bytes);

  g_return_if_fail (STATEROOM_IS_EFFECT_VIEW (self));

  set_title (self, title, FALSE);
  gtk_label_set_text (self->bytes_label, bytes != NULL ? bytes : "");
  gtk_widget_set_visible (GTK_WIDGET (self->bytes_label), bytes != NULL);
  for (guint i = 0; notes != NULL && i < MIN (notes->len, MAX_NOTES); i++)
    {
      const char *note = g_ptr_array_index (notes, i);
      g_autofree char *shown = ckpt_text_escape (note, strlen (note), MAX_CHARS);

      add_note (self, shown);
    }
}

/**
 * stateroom_effect_view_set_note:
 * @note: what is missing
 *
 * Says why there is nothing to say yet.
 */
void
stateroom_effect_view_set_note (StateroomEffectView *self, const char *note)
{
  g_return_if_fail (STATEROOM_IS_EFFECT_VIEW (self));

  set_title (self, "", FALSE);
  add_note (self, note);
}

/**
 * stateroom_effect_view_set_error:
 * @message: a sentence, and perhaps lines with what it is about
 *
 * Says why an edit cannot be done.
 */
void
stateroom_effect_view_set_error (StateroomEffectView *self, const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", (int) MAX_NOTES);

  g_return_if_fail (STATEROOM_IS_EFFECT_VIEW (self));

  set_title (self, lines[0] != NULL ? lines[0] : "", TRUE);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_autofree char *shown = stateroom_format_label (lines[i]);

      add_note (self, shown);
    }
}

/**
 * stateroom_effect_view_get_title:
 *
 * Returns: (transfer none): what it says
 */
const char *
stateroom_effect_view_get_title (StateroomEffectView *self)
{
  g_return_val_if_fail (STATEROOM_IS_EFFECT_VIEW (self), NULL);

  return gtk_label_get_text (self->title_label);
}
