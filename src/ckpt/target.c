/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

struct _Target
{
  char *name; /* as the user gave it */
  CkptOutput *file;
  char *temporary;
  Output *output;
};

/* What to remove if a signal ends the program. */
static const char *volatile doomed;

static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXCPU };

static void
remove_doomed (int number)
{
  if (doomed != NULL)
    unlink (doomed);
  signal (number, SIG_DFL);
  raise (number);
}

static void
watch_signals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signal (signals[i], remove_doomed) == SIG_IGN)
      signal (signals[i], SIG_IGN);
}

static gboolean
fail (const char *name, GError **error)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *escaped = ckpt_text_escape (shown, strlen (shown), 200);

  g_prefix_error (error, _ ("Cannot write %s: "), escaped);
  return FALSE;
}

static gboolean
check_other (const char *name, CkptSource *source, GError **error)
{
  const CkptIdentity *identity = ckpt_source_get_identity (source);
  struct stat info;

  if (stat (name, &info) < 0 || info.st_dev != identity->dev || info.st_ino != identity->ino)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                       _ ("This would overwrite the checkpoint itself; give -o another name"));
  return FALSE;
}

/**
 * target_new:
 * @name: (type filename): the file to write
 * @source: the checkpoint that is open, which it must not be
 *
 * Begins a file.
 *
 * Returns: (transfer full): the file, or NULL with an error in G_IO_ERROR, or of ckpt_output_open()
 */
Target *
target_new (const char *name, CkptSource *source, GError **error)
{
  g_autoptr (Target) self = NULL;

  if (!check_other (name, source, error))
    return NULL;

  self = g_new0 (Target, 1);
  self->name = g_strdup (name);
  self->file = ckpt_output_open (name, NULL, error);
  if (self->file == NULL)
    {
      fail (name, error);
      return NULL;
    }

  self->temporary = ckpt_output_dup_temporary (self->file);
  doomed = self->temporary;
  watch_signals ();
  self->output = output_new_file (self->file);
  return g_steal_pointer (&self);
}

/**
 * target_free:
 *
 * Without target_finish() before, nothing is left of the file.
 */
void
target_free (Target *self)
{
  g_clear_pointer (&self->output, output_free);
  g_clear_pointer (&self->file, ckpt_output_free);
  doomed = NULL;
  g_free (self->temporary);
  g_free (self->name);
  g_free (self);
}

Output *
target_get_output (Target *self)
{
  return self->output;
}

/**
 * target_finish:
 *
 * Puts the file in its place, instead of one that may be there.
 *
 * Returns: FALSE with an error of ckpt_output_write() or ckpt_output_commit(); what was there before is then still there
 */
gboolean
target_finish (Target *self, GError **error)
{
  if (!output_flush (self->output, error) || !ckpt_output_commit (self->file, NULL, error))
    return fail (self->name, error);

  doomed = NULL;
  return TRUE;
}
