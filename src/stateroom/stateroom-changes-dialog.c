/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-changes-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-effect-view.h"
#include "stateroom-format.h"

#define NUMBER_KEY "stateroom-number"
#define MAX_NOTES  4u
/* Edits that are listed: the last ones. */
#define MAX_ROWS  500u
#define MAX_CHARS 300

struct _StateroomChangesDialog
{
  AdwDialog parent_instance;

  GtkStack *stack;
  GtkListBox *list;

  CkptDocument *document;
};

G_DEFINE_FINAL_TYPE (StateroomChangesDialog, stateroom_changes_dialog, ADW_TYPE_DIALOG)

static void
on_copy_clicked (StateroomChangesDialog *self)
{
  g_autofree char *command = ckpt_document_dup_command (self->document, NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), command);
}

static void
on_revert_clicked (StateroomChangesDialog *self, GtkButton *button)
{
  stateroom_changes_dialog_revert_to (self,
                                      GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), NUMBER_KEY)));
}

/* The line of the recipe, what it does to the size, and what there is to know. */
static char *
dup_details (CkptEdit *edit, CkptEffect *effect)
{
  g_autofree char *line = ckpt_edit_to_string (edit);
  g_autofree char *shown = ckpt_text_escape (line, strlen (line), MAX_CHARS);
  g_autofree char *bytes = stateroom_effect_view_dup_bytes (ckpt_effect_get_bytes (effect));
  GString *text = g_string_new (shown);

  if (bytes != NULL)
    g_string_append_printf (text, "\n%s", bytes);
  for (guint i = 0; effect->notes != NULL && i < MIN (effect->notes->len, MAX_NOTES); i++)
    g_string_append_printf (text, "\n%s", (const char *) g_ptr_array_index (effect->notes, i));
  return g_string_free_and_steal (text);
}

static GtkWidget *
new_row (StateroomChangesDialog *self, guint i)
{
  CkptEffect *effect;
  CkptEdit *edit = ckpt_document_get_pending (self->document, i, &effect);
  GtkWidget *row = adw_action_row_new (), *button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  g_autofree char *title = stateroom_format_label (effect->title != NULL ? effect->title : "");
  g_autofree char *details = dup_details (edit, effect);
  g_autofree char *label = g_strdup_printf (_ ("Undo to Before “%s”"), title);

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", details, "subtitle-selectable", TRUE,
                NULL);
  g_object_set_data (G_OBJECT (button), NUMBER_KEY, GUINT_TO_POINTER (i));
  gtk_widget_set_tooltip_text (button, i + 1 < ckpt_document_get_n_pending (self->document)
                                           ? _ ("Undo This and All That Follow")
                                           : _ ("Undo This"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_revert_clicked), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
update (StateroomChangesDialog *self)
{
  guint n = ckpt_document_get_n_pending (self->document);

  gtk_list_box_remove_all (self->list);
  for (guint i = n > MAX_ROWS ? n - MAX_ROWS : 0; i < n; i++)
    gtk_list_box_append (self->list, new_row (self, i));
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "nothing");
}

static void
stateroom_changes_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_CHANGES_DIALOG);
  g_clear_object (&STATEROOM_CHANGES_DIALOG (object)->document);

  G_OBJECT_CLASS (stateroom_changes_dialog_parent_class)->dispose (object);
}

static void
stateroom_changes_dialog_class_init (StateroomChangesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_changes_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-changes-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomChangesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomChangesDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
stateroom_changes_dialog_init (StateroomChangesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_changes_dialog_new:
 * @document: a document
 *
 * Returns: (transfer floating): the list of what is pending, which follows the document
 */
AdwDialog *
stateroom_changes_dialog_new (CkptDocument *document)
{
  StateroomChangesDialog *self = g_object_new (STATEROOM_TYPE_CHANGES_DIALOG, NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return ADW_DIALOG (self);
}

/**
 * stateroom_changes_dialog_get_n:
 *
 * Returns: how many changes are listed
 */
guint
stateroom_changes_dialog_get_n (StateroomChangesDialog *self)
{
  guint n = 0;

  g_return_val_if_fail (STATEROOM_IS_CHANGES_DIALOG (self), 0);

  while (gtk_list_box_get_row_at_index (self->list, (int) n) != NULL)
    n++;
  return n;
}

/**
 * stateroom_changes_dialog_revert_to:
 * @n_pending: how many of the changes stay
 *
 * Undoes the others.
 */
void
stateroom_changes_dialog_revert_to (StateroomChangesDialog *self, guint n_pending)
{
  g_return_if_fail (STATEROOM_IS_CHANGES_DIALOG (self));

  ckpt_document_revert_to (self->document, n_pending);
}
