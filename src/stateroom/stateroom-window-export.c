/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-export-dialog.h"
#include "stateroom-window-private.h"

static void
on_export (StateroomPage *page, StateroomExportDialog *dialog)
{
  g_autoptr (GFile) file = stateroom_export_dialog_get_file (dialog);

  stateroom_page_export (page, stateroom_export_dialog_get_tree (dialog),
                         stateroom_export_dialog_get_container (dialog), file,
                         stateroom_export_dialog_get_flags (dialog));
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = stateroom_window_get_page (STATEROOM_WINDOW (user_data));
  AdwDialog *dialog;

  if (page == NULL || stateroom_page_get_editor (page) == NULL)
    return;
  dialog = stateroom_export_dialog_new (stateroom_page_get_editor (page), stateroom_page_get_file (page));
  g_signal_connect_object (dialog, "export", G_CALLBACK (on_export), page, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (page));
}

static const GActionEntry entries[] = {
  { .name = "export", .activate = export_action },
  { .name = "export-cpu", .activate = export_action },
};

static void
update_chip (StateroomWindow *self, const char *device)
{
  g_autofree char *shown = device != NULL ? ckpt_text_escape (device, strlen (device), 16) : NULL;
  /* Translators: a button; %s is a device of the file that this computer does not have: "cuda:1 → CPU copy…" */
  g_autofree char *label = shown != NULL ? g_strdup_printf (_ ("%s → CPU copy…"), shown) : NULL;

  gtk_button_set_label (self->chip_button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->chip_button), label != NULL && !self->is_narrow);
}

/**
 * stateroom_window_update_export:
 *
 * Shows the button where there is something to export, and the chip where the file has a device that is not here.
 */
void
stateroom_window_update_export (StateroomWindow *self)
{
  StateroomPage *page = stateroom_window_get_page (self);
  gboolean has_content = page != NULL && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT;
  gboolean can_save = has_content && !stateroom_page_is_saving (page);

  stateroom_window_set_enabled (self, "export", can_save);
  stateroom_window_set_enabled (self, "export-cpu", can_save);
  gtk_widget_set_visible (self->export_button, has_content);
  update_chip (self, has_content ? stateroom_page_get_missing_device (page) : NULL);
}

/**
 * stateroom_window_add_export:
 *
 * Adds the actions that make a copy for others.
 */
void
stateroom_window_add_export (StateroomWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
