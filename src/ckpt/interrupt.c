/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"

#include <glib-unix.h>
#include <signal.h>

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable;
  int number; /* the signal that came, or 0 */
  gboolean is_saved;
  CkptSaveReport *report;
  GError **error;
} Saving;

typedef struct
{
  Saving *saving;
  int number;
  guint source;
} Watch;

static gboolean
stop (gpointer user_data)
{
  Watch *watch = user_data;

  watch->saving->number = watch->number;
  g_cancellable_cancel (watch->saving->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
finish (G_GNUC_UNUSED GObject *object, GAsyncResult *result, gpointer user_data)
{
  Saving *self = user_data;

  self->is_saved = ckpt_save_finish (result, self->report, self->error);
  g_main_loop_quit (self->loop);
}

/**
 * interrupt_save:
 * @progress: told how much is written, on another thread
 *
 * As ckpt_save(), but a signal that ends the program stops the saving first, so that no temporary file is left; then it ends the program.
 *
 * Returns: as ckpt_save()
 */
gboolean
interrupt_save (CkptTree *tree,
                const char *path,
                const CkptSaveOptions *options,
                CkptProgressFunc progress,
                gpointer progress_data,
                CkptSaveReport *report,
                GError **error)
{
  static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Saving self = { loop, cancellable, 0, FALSE, report, error };
  Watch watches[G_N_ELEMENTS (numbers)];

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      watches[i] = (Watch) { &self, numbers[i], 0 };
      watches[i].source = g_unix_signal_add (numbers[i], stop, &watches[i]);
    }

  ckpt_save_async (tree, path, options, progress, progress_data, cancellable, finish, &self);
  g_main_loop_run (loop);

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_source_remove (watches[i].source);
  if (self.number != 0 && !self.is_saved)
    {
      signal (self.number, SIG_DFL);
      raise (self.number);
    }
  return self.is_saved;
}
