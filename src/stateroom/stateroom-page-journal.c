/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "stateroom-page-private.h"
#include "stateroom-weak.h"

/* Looks for edits that an earlier run of the app left; without any, those of this run are kept from now on. */
void
stateroom_page_offer_journal (StateroomPage *self)
{
  g_autoptr (CkptJournal)
      journal = ckpt_journal_new (ckpt_tree_get_source (ckpt_document_get_base (self->document)));
  g_autoptr (GPtrArray) edits = NULL;
  g_autofree char *title = NULL;
  gboolean is_same = FALSE;

  edits = ckpt_journal_read (journal, &is_same, NULL);
  if (edits == NULL || edits->len == 0)
    {
      ckpt_document_keep_journal (self->document);
      adw_banner_set_revealed (self->journal_banner, FALSE);
      return;
    }
  title = g_strdup_printf (ngettext ("Restore %u unsaved change?", "Restore %u unsaved changes?", edits->len),
                           edits->len);
  self->journal = g_steal_pointer (&edits);
  self->journal_is_same = is_same;
  adw_banner_set_title (self->journal_banner, title);
  adw_banner_set_revealed (self->journal_banner, TRUE);
}

static void restore_next (StateroomPage *self);

static void
on_restored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_done = stateroom_editor_apply_finish (STATEROOM_EDITOR (source), result, &error);

  if (self == NULL || self->journal == NULL)
    return;
  if (!is_done)
    {
      g_clear_pointer (&self->journal, g_ptr_array_unref);
      stateroom_page_say (self, error->message);
      return;
    }
  g_ptr_array_remove_index (self->journal, 0);
  restore_next (self);
}

/* One after another: each is of the tree that the one before it made. */
static void
restore_next (StateroomPage *self)
{
  if (self->journal->len > 0)
    {
      stateroom_editor_apply_async (self->editor, g_ptr_array_index (self->journal, 0), NULL, on_restored,
                                    stateroom_weak_new (self));
      return;
    }
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  stateroom_page_say (self, _ ("Restored"));
}

/**
 * stateroom_page_get_n_journal:
 *
 * Returns: how many edits of an earlier run are offered
 */
guint
stateroom_page_get_n_journal (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), 0);

  return self->journal != NULL ? self->journal->len : 0;
}

/**
 * stateroom_page_answer_journal:
 * @restore: whether to do again what an earlier run of the app left undone; else it is thrown away
 *
 * Answers the question of the banner.
 */
void
stateroom_page_answer_journal (StateroomPage *self, gboolean restore)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->journal == NULL)
    return;
  adw_banner_set_revealed (self->journal_banner, FALSE);
  ckpt_document_keep_journal (self->document);
  if (restore)
    restore_next (self);
  else
    g_clear_pointer (&self->journal, g_ptr_array_unref);
}

static void
on_answer (StateroomPage *self, const char *response)
{
  if (g_str_equal (response, "restore"))
    stateroom_page_answer_journal (self, TRUE);
  else if (g_str_equal (response, "discard"))
    stateroom_page_answer_journal (self, FALSE);
}

/* The button of the banner: what there is, and what to do with it. */
void
stateroom_page_on_journal (StateroomPage *self)
{
  AdwDialog *dialog;
  g_autofree char *recipe = NULL, *body = NULL;

  if (self->journal == NULL)
    return;
  dialog = adw_alert_dialog_new (_ ("Restore Unsaved Changes?"), NULL);
  recipe = ckpt_recipe_to_string (self->journal);
  body = g_strdup_printf (
      "%s\n\n%s",
      self->journal_is_same
          ? _ ("Stateroom ended before these changes were saved:")
          : _ ("Stateroom ended before these changes were saved. The file has changed since:"),
      recipe);
  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog), body);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "later", _ ("_Not Now"), "discard",
                                  _ ("_Discard"), "restore", _ ("_Restore"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "restore", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "restore");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "later");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_answer), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}
