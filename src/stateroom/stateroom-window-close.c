/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-window-private.h"

#define TAB_KEY "stateroom-tab"

static StateroomPage *
get_tab_page (AdwTabPage *tab)
{
  return STATEROOM_PAGE (adw_tab_page_get_child (tab));
}

/* A window that is to be closed goes on with its next tab. */
static void
answer (StateroomWindow *self, AdwTabPage *tab, gboolean closes)
{
  gboolean closes_window = self->is_closing;

  self->is_closing = closes_window && closes;
  if (closes)
    stateroom_page_give_up (get_tab_page (tab));
  adw_tab_view_close_page_finish (self->tab_view, tab, closes);
  if (self->is_closing)
    gtk_window_close (GTK_WINDOW (self));
}

typedef struct
{
  StateroomWindow *window; /* not owned: both live as long as the page is connected */
  AdwTabPage *tab;
  gulong saved_id;
} Saving;

static void
on_saved (StateroomPage *page, Saving *saving)
{
  StateroomWindow *window = saving->window;
  AdwTabPage *tab = saving->tab;

  /* The last word on @saving. */
  g_signal_handler_disconnect (page, saving->saved_id);
  answer (window, tab, !stateroom_page_is_modified (page));
}

static void
free_saving (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* The tab is closed once the file is written; if that fails, or no file is chosen, it stays. */
static void
save_and_close (StateroomWindow *self, AdwTabPage *tab)
{
  StateroomPage *page = get_tab_page (tab);
  Saving *saving;

  if (!stateroom_page_is_own (page))
    {
      answer (self, tab, FALSE);
      stateroom_window_choose_save (self, page);
      return;
    }
  saving = g_new0 (Saving, 1);
  saving->window = self;
  saving->tab = tab;
  saving->saved_id = g_signal_connect_data (page, "saved", G_CALLBACK (on_saved), saving, free_saving,
                                            G_CONNECT_DEFAULT);
  stateroom_page_save (page, stateroom_page_get_file (page), CKPT_OUTPUT_DEFAULT);
}

static void
on_response (StateroomWindow *self, const char *response, AdwAlertDialog *dialog)
{
  AdwTabPage *tab = g_object_get_data (G_OBJECT (dialog), TAB_KEY);

  if (g_str_equal (response, "discard"))
    answer (self, tab, TRUE);
  else if (g_str_equal (response, "save"))
    save_and_close (self, tab);
  else
    answer (self, tab, FALSE);
}

static void
ask (StateroomWindow *self, AdwTabPage *tab)
{
  StateroomPage *page = get_tab_page (tab);
  guint n = ckpt_document_get_n_pending (stateroom_page_get_document (page));
  g_autofree char *name = g_file_get_basename (stateroom_page_get_file (page));
  g_autofree char *shown = ckpt_text_escape (name, strlen (name), 80);
  g_autofree char *body = g_strdup_printf (
      ngettext ("“%s” has %u change that is not saved. It is lost if you discard it.",
                "“%s” has %u changes that are not saved. They are lost if you discard them.", n),
      shown, n);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Save Changes?"), body);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "discard", _ ("_Discard"), "save",
                                  stateroom_page_is_own (page) ? _ ("_Save") : _ ("Save _As…"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_appearance (alert, "save", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "save");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), TAB_KEY, g_object_ref (tab), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response), self, G_CONNECT_SWAPPED);
  adw_tab_view_set_selected_page (self->tab_view, tab);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/**
 * stateroom_window_close_tab:
 * @tab: a tab that is being closed
 *
 * Closes it, after a question if there is something to save.
 */
void
stateroom_window_close_tab (StateroomWindow *self, AdwTabPage *tab)
{
  if (stateroom_page_is_modified (get_tab_page (tab)))
    ask (self, tab);
  else
    adw_tab_view_close_page_finish (self->tab_view, tab, TRUE);
}

/**
 * stateroom_window_begin_close:
 *
 * Begins to close the tabs that have something to save, one after another; the window is closed after the last of them.
 *
 * Returns: whether there is one
 */
gboolean
stateroom_window_begin_close (StateroomWindow *self)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (!stateroom_page_is_modified (get_tab_page (tab)))
        continue;
      self->is_closing = TRUE;
      adw_tab_view_close_page (self->tab_view, tab);
      return TRUE;
    }
  return FALSE;
}
