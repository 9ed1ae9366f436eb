/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <string.h>
#include <unistd.h>

#include <ckpt.h>

#include "output.h"

#define DELAY      (G_USEC_PER_SEC * 3 / 10)
#define INTERVAL   (G_USEC_PER_SEC / 10)
#define MAX_NAME   40
#define ERASE_LINE "\r\033[K"

struct _Progress
{
  char *file;
  gint64 due;
  gboolean is_terminal;
  gboolean is_shown;
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
  self->due = g_get_monotonic_time () + DELAY;
  self->is_terminal = isatty (STDERR_FILENO);
  return self;
}

static void
print (const char *text)
{
  g_autoptr (Output) output = output_new_stderr ();

  output_text (output, text);
  output_flush (output, NULL);
}

void
progress_free (Progress *self)
{
  if (self->is_shown)
    print (ERASE_LINE);
  g_free (self->file);
  g_free (self);
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
  gint64 now;
  g_autofree char *amount = NULL;
  g_autofree char *line = NULL;

  if (!self->is_terminal || (now = g_get_monotonic_time ()) < self->due)
    return;

  if (total > 0)
    amount = g_strdup_printf ("%d %%", (int) (100.0 * done / total));
  else
    amount = ckpt_text_bytes (done);
  line = g_strdup_printf (ERASE_LINE "%s: %s", self->file, amount);
  print (line);
  self->is_shown = TRUE;
  self->due = now + INTERVAL;
}
