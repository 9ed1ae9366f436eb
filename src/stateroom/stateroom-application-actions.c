/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-application-actions.h"

#include <glib/gi18n.h>

#include "stateroom-window.h"

/* All accelerators of the app: an action in detailed form, and its keys. */
static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "app.new-window", { "<Control>n" } },
  { "win.open-dialog", { "<Control>o" } },
  { "win.new-tab", { "<Control>t" } },
  { "win.close-tab", { "<Control>w" } },
  { "win.reload", { "<Control>r", "F5" } },
  { "win.search", { "<Control>f" } },
  { "win.show-inspector", { "F9" } },
  { "win.menu", { "F10" } },
  { "win.fullscreen", { "F11" } },
  { "win.copy-path", { "<Control><Shift>c" } },
  { "win.undo", { "<Control>z" } },
  { "win.redo", { "<Control><Shift>z" } },
  { "win.show-changes", { "<Control><Shift>h" } },
  { "win.rename", { "F2" } },
  { "win.duplicate", { "<Control>d" } },
  { "win.rename-pattern", { "<Control>h" } },
  { "win.unwrap-keys", { "<Control>u" } },
  { "win.move-to-device", { "<Control>m" } },
  { "win.save", { "<Control>s" } },
  { "win.save-as", { "<Control><Shift>s" } },
  { "win.export", { "<Control>e" } },
  { "window.close", { "<Control><Shift>w" } },
};

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (user_data));
  g_autoptr (GList) all = g_list_copy (windows);

  /* Each asks what is to become of what is not saved; with the last of them the application ends. */
  for (GList *l = all; l != NULL; l = l->next)
    gtk_window_close (GTK_WINDOW (l->data));
  if (all == NULL)
    g_application_quit (G_APPLICATION (user_data));
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (stateroom_window_new (STATEROOM_APPLICATION (user_data))));
}

static char *
dup_debug_info (void)
{
  return g_strdup_printf ("Stateroom %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n", PACKAGE_VERSION,
                          gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
                          glib_major_version, glib_minor_version, glib_micro_version);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *app = GTK_APPLICATION (user_data);
  AdwDialog *dialog = adw_about_dialog_new ();
  g_autofree char *debug_info = dup_debug_info ();

  g_object_set (dialog, "application-name", "Stateroom", "application-icon", STATEROOM_APP_ID, "version",
                PACKAGE_VERSION, "comments",
                _ ("See what is in a PyTorch checkpoint, without running anything in it."), "developer-name",
                _ ("The Stateroom maintainers"), "license-type", GTK_LICENSE_GPL_3_0, "debug-info",
                debug_info,
                /* Translators: your names, one a line */
                "translator-credits", _ ("translator-credits"), NULL);
  adw_dialog_present (dialog, GTK_WIDGET (gtk_application_get_active_window (app)));
}

static const GActionEntry entries[] = {
  { .name = "quit", .activate = quit_action },
  { .name = "new-window", .activate = new_window_action },
  { .name = "about", .activate = about_action },
};

/**
 * stateroom_application_add_actions:
 *
 * Adds the actions of the whole application, and the accelerators of all actions.
 */
void
stateroom_application_add_actions (StateroomApplication *self)
{
  g_return_if_fail (STATEROOM_IS_APPLICATION (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           (const char *const *) accelerators[i].keys);
}
