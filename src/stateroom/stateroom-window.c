/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-window-private.h"

#define MAX_FILES 100 /* that are opened at once */

G_DEFINE_FINAL_TYPE (StateroomWindow, stateroom_window, ADW_TYPE_APPLICATION_WINDOW)

static StateroomPage *
get_tab_page (AdwTabPage *tab)
{
  return tab != NULL ? STATEROOM_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

static void
update (StateroomWindow *self)
{
  StateroomPage *page = stateroom_window_get_page (self);
  g_autofree char *title = NULL, *subtitle = NULL;

  gtk_stack_set_visible_child_name (self->stack, page != NULL ? "tabs" : "welcome");
  if (page != NULL)
    {
      g_object_get (page, "title", &title, NULL);
      subtitle = stateroom_page_dup_subtitle (page);
    }
  adw_window_title_set_title (self->window_title, title != NULL ? title : "Stateroom");
  adw_window_title_set_subtitle (self->window_title, subtitle != NULL ? subtitle : "");
  gtk_window_set_title (GTK_WINDOW (self), title != NULL ? title : "Stateroom");
  stateroom_window_update_actions (self);
}

static void
on_page_changed (StateroomWindow *self, StateroomPage *page)
{
  if (page == self->current)
    update (self);
}

static void
on_page_title_notify (StateroomWindow *self, GParamSpec *pspec, StateroomPage *page)
{
  if (page == self->current)
    update (self);
}

static void
on_page_is_loading_notify (StateroomWindow *self, GParamSpec *pspec, StateroomPage *page)
{
  if (!stateroom_page_is_busy (page) && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT)
    stateroom_window_remember (self, stateroom_page_get_file (page));
}

static void
on_page_message (StateroomWindow *self, const char *text, const char *label, const char *action)
{
  AdwToast *toast;

  /* What it would undo is not the last edit any more. */
  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  if (label == NULL)
    {
      stateroom_window_say (self, text);
      return;
    }
  toast = adw_toast_new (text);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_button_label (toast, label);
  adw_toast_set_detailed_action_name (toast, action);
  g_set_weak_pointer (&self->undo_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_narrow (StateroomWindow *self)
{
  self->is_narrow = TRUE;
  stateroom_window_update_actions (self);
}

static void
on_wide (StateroomWindow *self)
{
  self->is_narrow = FALSE;
  stateroom_window_update_actions (self);
}

static void
on_selected_page_notify (StateroomWindow *self)
{
  self->current = stateroom_window_get_page (self);
  if (self->current != NULL)
    stateroom_window_apply_view (self, self->current);
  update (self);
}

static void
on_page_attached (StateroomWindow *self, AdwTabPage *tab)
{
  StateroomPage *page = get_tab_page (tab);

  g_signal_connect_object (page, "changed", G_CALLBACK (on_page_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "message", G_CALLBACK (on_page_message), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::is-loading", G_CALLBACK (on_page_is_loading_notify), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (page, "title", tab, "title", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (page, "notify::title", G_CALLBACK (on_page_title_notify), self, G_CONNECT_SWAPPED);
  g_object_bind_property (page, "is-loading", tab, "loading", G_BINDING_SYNC_CREATE);
}

static void
on_page_detached (StateroomWindow *self, AdwTabPage *tab)
{
  StateroomPage *page = get_tab_page (tab);

  g_signal_handlers_disconnect_by_data (page, self);
  if (page == self->current)
    self->current = NULL;
  if (adw_tab_view_get_n_pages (self->tab_view) == 0)
    update (self);
}

static gboolean
on_close_page (StateroomWindow *self, AdwTabPage *tab)
{
  stateroom_window_close_tab (self, tab);
  return GDK_EVENT_STOP;
}

static AdwTabView *
on_create_window (StateroomWindow *self)
{
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (self));
  StateroomWindow *window = stateroom_window_new (STATEROOM_APPLICATION (app));

  gtk_window_present (GTK_WINDOW (window));
  return window->tab_view;
}

/* What tells a file from all others, however it is named. */
static char *
dup_file_id (GFile *file)
{
  g_autoptr (GFileInfo) info = NULL;

  if (g_file_peek_path (file) == NULL)
    return NULL;
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_ID_FILE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  return info != NULL ? g_strdup (g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_ID_FILE)) : NULL;
}

static AdwTabPage *
find_tab (StateroomWindow *self, GFile *file)
{
  g_autofree char *id = dup_file_id (file);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);
      GFile *other = stateroom_page_get_file (get_tab_page (tab));
      g_autofree char *other_id = NULL;

      if (g_file_equal (file, other))
        return tab;
      other_id = id != NULL ? dup_file_id (other) : NULL;
      if (other_id != NULL && g_strcmp0 (id, other_id) == 0)
        return tab;
    }
  return NULL;
}

static AdwTabPage *
add_tab (StateroomWindow *self, GFile *file)
{
  StateroomPage *page = stateroom_page_new (file);
  AdwTabPage *tab = adw_tab_view_append (self->tab_view, GTK_WIDGET (page));
  g_autofree char *name = g_file_get_parse_name (file);
  g_autofree char *shown = ckpt_text_escape (name, strlen (name), 200);
  g_autofree char *tooltip = g_markup_escape_text (shown, -1);

  adw_tab_page_set_tooltip (tab, tooltip);
  return tab;
}

/**
 * stateroom_window_open_files:
 * @files: (array length=n_files): the files
 * @n_files: how many
 *
 * Makes a tab for each file that has none yet, up to 100 at once, and shows that of the first. The others are opened when
 * they are shown.
 */
void
stateroom_window_open_files (StateroomWindow *self, GFile **files, int n_files)
{
  AdwTabPage *first = NULL;

  g_return_if_fail (STATEROOM_IS_WINDOW (self));

  for (int i = 0; i < MIN (n_files, MAX_FILES); i++)
    {
      AdwTabPage *tab = find_tab (self, files[i]);

      if (tab == NULL)
        tab = add_tab (self, files[i]);
      if (first == NULL)
        first = tab;
    }
  if (first == NULL)
    return;
  adw_tab_view_set_selected_page (self->tab_view, first);
  stateroom_page_load (get_tab_page (first));
  if (n_files > MAX_FILES)
    {
      g_autofree char *text = g_strdup_printf (_ ("Opened the first %d of %d files"), MAX_FILES, n_files);

      stateroom_window_say (self, text);
    }
}

/**
 * stateroom_window_get_page:
 *
 * Returns: (transfer none) (nullable): the page of the tab that is shown
 */
StateroomPage *
stateroom_window_get_page (StateroomWindow *self)
{
  g_return_val_if_fail (STATEROOM_IS_WINDOW (self), NULL);

  return get_tab_page (adw_tab_view_get_selected_page (self->tab_view));
}

/**
 * stateroom_window_get_n_pages:
 *
 * Returns: how many tabs there are
 */
int
stateroom_window_get_n_pages (StateroomWindow *self)
{
  g_return_val_if_fail (STATEROOM_IS_WINDOW (self), 0);

  return adw_tab_view_get_n_pages (self->tab_view);
}

/**
 * stateroom_window_close_page:
 *
 * Closes the tab that is shown, or the window if there is none.
 */
void
stateroom_window_close_page (StateroomWindow *self)
{
  AdwTabPage *tab;

  g_return_if_fail (STATEROOM_IS_WINDOW (self));

  tab = adw_tab_view_get_selected_page (self->tab_view);
  if (tab != NULL)
    adw_tab_view_close_page (self->tab_view, tab);
  else
    gtk_window_close (GTK_WINDOW (self));
}

/**
 * stateroom_window_say:
 * @text: a few words
 *
 * Shows @text for a while.
 */
void
stateroom_window_say (StateroomWindow *self, const char *text)
{
  AdwToast *toast;

  g_return_if_fail (STATEROOM_IS_WINDOW (self));

  toast = adw_toast_new (text);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
bind_settings (StateroomWindow *self)
{
  if (self->settings == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  if (g_settings_get_boolean (self->settings, "fold-blocks"))
    self->flags |= CKPT_ITEM_FOLD_BLOCKS;
  if (!g_settings_get_boolean (self->settings, "flat-keys"))
    self->flags |= CKPT_ITEM_SPLIT_KEYS;
}

static void
save_settings (StateroomWindow *self)
{
  int width, height;

  if (self->settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
stateroom_window_close_request (GtkWindow *window)
{
  if (stateroom_window_begin_close (STATEROOM_WINDOW (window)))
    return GDK_EVENT_STOP;
  save_settings (STATEROOM_WINDOW (window));
  return GTK_WINDOW_CLASS (stateroom_window_parent_class)->close_request (window);
}

static void
stateroom_window_constructed (GObject *object)
{
  StateroomWindow *self = STATEROOM_WINDOW (object);
  GtkApplication *app = gtk_window_get_application (GTK_WINDOW (self));
  GSettings *settings = STATEROOM_IS_APPLICATION (app)
                            ? stateroom_application_get_settings (STATEROOM_APPLICATION (app))
                            : NULL;

  G_OBJECT_CLASS (stateroom_window_parent_class)->constructed (object);

  gtk_window_set_default_size (GTK_WINDOW (self), 1200, 800);
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  if (settings == NULL)
    self->flags = CKPT_ITEM_SPLIT_KEYS;
  bind_settings (self);
  stateroom_window_add_actions (self);
  stateroom_window_add_edit_actions (self);
  stateroom_window_add_save_actions (self);
  stateroom_window_add_export (self);
  stateroom_window_add_drop (self);
  stateroom_window_add_recent (self);
  update (self);
}

static void
stateroom_window_dispose (GObject *object)
{
  StateroomWindow *self = STATEROOM_WINDOW (object);

  self->current = NULL;
  g_clear_weak_pointer (&self->undo_toast);
  if (self->tab_view != NULL)
    g_signal_handlers_disconnect_by_data (self->tab_view, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), STATEROOM_TYPE_WINDOW);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (stateroom_window_parent_class)->dispose (object);
}

static void
stateroom_window_class_init (StateroomWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = stateroom_window_constructed;
  object_class->dispose = stateroom_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = stateroom_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-window.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, tab_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, recent_menu);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, undo_menu);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomWindow, chip_button);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_wide);
  gtk_widget_class_bind_template_callback (widget_class, on_close_page);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_page_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_page_attached);
  gtk_widget_class_bind_template_callback (widget_class, on_page_detached);
  gtk_widget_class_bind_template_callback (widget_class, on_create_window);
}

static void
stateroom_window_init (StateroomWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_window_new:
 * @app: the application
 *
 * Returns: (transfer none): a window without tabs; GTK owns it until it is closed
 */
StateroomWindow *
stateroom_window_new (StateroomApplication *app)
{
  return g_object_new (STATEROOM_TYPE_WINDOW, "application", app, NULL);
}
