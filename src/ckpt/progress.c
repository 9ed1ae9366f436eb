/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <string.h>
#include <unistd.h>

#include <ckpt.h>
#include <glib/gi18n.h>

#include "output.h"

#define DELAY      (G_USEC_PER_SEC * 3 / 10)
#define INTERVAL   (G_USEC_PER_SEC / 10)
#define MAX_NAME   40
#define ERASE_LINE "\r\033[K"

struct _Progress
{
  char *file;
  gint64 start;
  gint64 due;
  gboolean is_terminal;
  gboolean is_shown;
  GMutex mutex; /* held while the line is drawn, and while something else is written */
};

/**
 * progress_new:
 * @file: (type filename): the file that is being worked on
 *
 * Returns: (transfer full): a line that progress_tell() shows and progress_free() takes away
 */
Progress *
progress_new (const char *file)
{
  Progress *self = g_new0 (Progress, 1);

  self->file = ckpt_text_escape (file, strlen (file), MAX_NAME);
  self->start = g_get_monotonic_time ();
  self->due = self->start + DELAY;
  self->is_terminal = isatty (STDERR_FILENO);
  g_mutex_init (&self->mutex);
  return self;
}

static void
print (const char *text)
{
  g_autoptr (Output) output = output_new_stderr ();

  output_text (output, text);
  output_flush (output, NULL);
}

static void
erase (Progress *self)
{
  if (self->is_shown)
    print (ERASE_LINE);
  self->is_shown = FALSE;
}

void
progress_free (Progress *self)
{
  erase (self);
  g_mutex_clear (&self->mutex);
  g_free (self->file);
  g_free (self);
}

/**
 * progress_pause:
 *
 * Takes the line away until progress_resume(), so that something else can be written to the terminal.
 */
void
progress_pause (Progress *self)
{
  g_mutex_lock (&self->mutex);
  erase (self);
}

/**
 * progress_resume:
 *
 * Ends progress_pause().
 */
void
progress_resume (Progress *self)
{
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_due (Progress *self)
{
  return self->is_terminal && g_get_monotonic_time () >= self->due;
}

static void
show (Progress *self, const char *amount)
{
  g_autofree char *line = g_strdup_printf (ERASE_LINE "%s: %s", self->file, amount);

  g_mutex_lock (&self->mutex);
  print (line);
  self->is_shown = TRUE;
  g_mutex_unlock (&self->mutex);
  self->due = g_get_monotonic_time () + INTERVAL;
}

/**
 * progress_tell:
 * @done: how much is done
 * @total: of how much, or 0 if that is not known
 * @progress: (type Progress): a progress
 *
 * Is a CkptProgressFunc.
 */
void
progress_tell (guint64 done, guint64 total, gpointer progress)
{
  Progress *self = progress;
  g_autofree char *amount = NULL;

  if (!is_due (self))
    return;

  if (total > 0)
    amount = g_strdup_printf ("%d %%", (int) (100.0 * done / total));
  else
    amount = ckpt_text_bytes (done);
  show (self, amount);
}

/**
 * progress_tell_bytes:
 * @done: how many bytes are done
 * @total: of how many
 * @progress: (type Progress): a progress
 *
 * Is a CkptProgressFunc that also tells how fast it goes, and how long it still takes.
 */
void
progress_tell_bytes (guint64 done, guint64 total, gpointer progress)
{
  Progress *self = progress;
  double seconds, rate;
  g_autofree char *done_text = NULL;
  g_autofree char *total_text = NULL;
  g_autofree char *rate_text = NULL;
  g_autofree char *amount = NULL;

  if (!is_due (self) || done == 0)
    return;

  seconds = (double) (g_get_monotonic_time () - self->start) / G_USEC_PER_SEC;
  rate = done / seconds;
  done_text = ckpt_text_bytes (done);
  total_text = ckpt_text_bytes (total);
  rate_text = ckpt_text_bytes ((guint64) rate);
  amount = g_strdup_printf (_ ("%s of %s, %s/s, %.0f s left"), done_text, total_text, rate_text,
                            total > done ? (total - done) / rate : 0);
  show (self, amount);
}
