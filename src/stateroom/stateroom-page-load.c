/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "stateroom-page-private.h"
#include "stateroom-weak.h"

#define SLOW_MS 300 /* after which it is said that the file is being opened */
#define TICK_MS 100

/* Root keys that say how far a training was, the most telling first. */
static const char *const progress_keys[] = { "step", "global_step", "iteration", "iter", "epoch" };

static void
stop_timers (StateroomPage *self)
{
  g_clear_handle_id (&self->slow_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
}

static gboolean
on_tick (gpointer user_data)
{
  StateroomPage *self = user_data;
  double fraction = stateroom_load_get_fraction (self->load);

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else
    gtk_progress_bar_pulse (self->progress_bar);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_slow (gpointer user_data)
{
  StateroomPage *self = user_data;

  self->slow_id = 0;
  if (self->root != NULL)
    return G_SOURCE_REMOVE;
  stateroom_page_set_state (self, STATEROOM_PAGE_LOADING);
  self->tick_id = g_timeout_add (TICK_MS, on_tick, self);
  return G_SOURCE_REMOVE;
}

/* Says how far the training went since, if the file tells. */
static char *
dup_reload_message (CkptTree *before, CkptTree *after)
{
  for (gsize i = 0; i < G_N_ELEMENTS (progress_keys); i++)
    {
      CkptNodeId old_node = ckpt_tree_get_key (before, ckpt_tree_get_root (before), progress_keys[i]);
      CkptNodeId new_node = ckpt_tree_get_key (after, ckpt_tree_get_root (after), progress_keys[i]);
      g_autofree char *from_text = NULL, *to_text = NULL;
      gint64 from, to;

      if (old_node == CKPT_NO_NODE || new_node == CKPT_NO_NODE ||
          !ckpt_tree_get_int (before, old_node, &from) || !ckpt_tree_get_int (after, new_node, &to) ||
          from == to)
        continue;
      from_text = g_strdup_printf ("%" G_GINT64_FORMAT, from);
      to_text = g_strdup_printf ("%" G_GINT64_FORMAT, to);
      /* Translators: a key of the file, such as step, and its values before and after */
      return g_strdup_printf (_ ("Reloaded: %s %s to %s"), progress_keys[i], from_text, to_text);
    }
  return g_strdup (_ ("Reloaded"));
}

static void
on_file_changed (StateroomPage *self)
{
  CkptSource *source = ckpt_tree_get_source (ckpt_document_get_saved (self->document));
  gboolean replaced;

  if (self->load != NULL || self->save != NULL || !ckpt_source_has_changed (source, &replaced))
    return;
  if (!stateroom_page_is_modified (self))
    {
      stateroom_page_start_load (self);
      return;
    }
  adw_banner_set_title (self->changed_banner,
                        _ ("The file was changed on disk, and has unsaved changes here."));
  adw_banner_set_button_label (self->changed_banner, _ ("_Reload…"));
  adw_banner_set_revealed (self->changed_banner, TRUE);
}

static void
on_file_removed (StateroomPage *self)
{
  adw_banner_set_button_label (self->changed_banner, NULL);
  adw_banner_set_title (self->changed_banner,
                        _ ("The file was removed. This is what was in it; values are still read from it."));
  adw_banner_set_revealed (self->changed_banner, TRUE);
}

void
stateroom_page_watch (StateroomPage *self)
{
  if (self->watcher != NULL)
    return;
  self->watcher = stateroom_watcher_new (self->file);
  if (self->delay_ms > 0)
    stateroom_watcher_set_delay_ms (self->watcher, self->delay_ms);
  g_signal_connect_object (self->watcher, "changed", G_CALLBACK (on_file_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watcher, "removed", G_CALLBACK (on_file_removed), self, G_CONNECT_SWAPPED);
}

static void
show_new_root (StateroomPage *self, CkptItem *root)
{
  g_autofree char *message = NULL;

  if (self->root != NULL)
    message = dup_reload_message (ckpt_item_get_tree (self->root), ckpt_item_get_tree (root));
  adw_banner_set_revealed (self->changed_banner, FALSE);
  stateroom_records_set_archive (self->records, NULL);
  stateroom_page_set_document (self, ckpt_item_get_tree (root));
  stateroom_page_show_root (self, root, NULL);
  stateroom_page_watch (self);
  if (message != NULL)
    stateroom_page_say (self, message);
}

/* A file that is shown stays so, as it was, when its next version cannot be opened. */
static void
show_load_error (StateroomPage *self, StateroomLoad *load, const GError *error)
{
  g_autofree char *title = NULL;

  if (self->root == NULL)
    {
      gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      stateroom_records_set_archive (self->records, is_cancelled ? NULL : stateroom_load_get_records (load));
      stateroom_page_show_error (self, error);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* Translators: %s is a sentence that says why */
  title = g_strdup_printf (_ ("The file has changed, and cannot be opened now: %s"), error->message);
  adw_banner_set_button_label (self->changed_banner, NULL);
  adw_banner_set_title (self->changed_banner, title);
  adw_banner_set_revealed (self->changed_banner, TRUE);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptItem) root = stateroom_load_run_finish (STATEROOM_LOAD (source), result, &error);

  /* The page was closed, or opens the file anew. */
  if (self == NULL || self->load != STATEROOM_LOAD (source))
    return;
  stop_timers (self);
  g_clear_object (&self->load);
  g_clear_object (&self->cancellable);
  if (root != NULL)
    show_new_root (self, root);
  else
    show_load_error (self, STATEROOM_LOAD (source), error);
  g_object_notify (G_OBJECT (self), "is-loading");
}

static void
show_no_path (StateroomPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *scheme = g_file_get_uri_scheme (self->file);

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("Only files on this computer are opened, and “%s” is a place elsewhere. "
                          "Copy the file here first."),
                       scheme != NULL ? scheme : "?");
  stateroom_page_show_error (self, error);
}

/* Opens the file in a thread. */
void
stateroom_page_start_load (StateroomPage *self)
{
  const char *path = g_file_peek_path (self->file);

  stateroom_page_stop_load (self);
  if (path == NULL)
    {
      show_no_path (self);
      return;
    }
  self->load = stateroom_load_new (stateroom_tree_view_get_flags (self->tree_view));
  self->cancellable = g_cancellable_new ();
  self->slow_id = g_timeout_add (SLOW_MS, on_slow, self);
  stateroom_load_run_async (self->load, path, self->cancellable, on_loaded, stateroom_weak_new (self));
  g_object_notify (G_OBJECT (self), "is-loading");
}

/* Ends the opening without a word. */
void
stateroom_page_stop_load (StateroomPage *self)
{
  stop_timers (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->load);
}

/**
 * stateroom_page_load:
 *
 * Opens the file, if that was not begun yet.
 */
void
stateroom_page_load (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->state == STATEROOM_PAGE_BLANK && self->load == NULL)
    stateroom_page_start_load (self);
}

/**
 * stateroom_page_reload:
 *
 * Opens the file anew. What is shown now stays until then.
 */
void
stateroom_page_reload (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->root == NULL)
    stateroom_page_set_state (self, STATEROOM_PAGE_BLANK);
  stateroom_page_start_load (self);
}

/**
 * stateroom_page_cancel:
 *
 * Ends the opening, at once, whatever the thread is doing.
 */
void
stateroom_page_cancel (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}
