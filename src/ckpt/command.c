/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <glib/gi18n.h>

#include "messages.h"
#include "output.h"

/**
 * command_misuse:
 * @format: what is wrong with how the command was called
 *
 * Returns: the status to end with
 */
ExitStatus
command_misuse (const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) whole = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, args);
  va_end (args);

  whole = g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("%s.\nTry “%s --help”."), error->message,
                       g_get_prgname ());
  message_error (NULL, whole);
  return EXIT_COULD_NOT;
}

static ExitStatus
print_help (GOptionContext *context)
{
  g_autoptr (Output) output = output_new_stdout ();
  g_autoptr (GError) error = NULL;
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  output_text (output, help);
  if (output_flush (output, &error))
    return EXIT_DONE;

  message_output_error (error);
  return EXIT_COULD_NOT;
}

/**
 * command_parse:
 * @entries: the options of this subcommand; `-h` is added
 * @description: (nullable): what the help says below the options
 * @status: (out): what to end with, where NULL is returned
 *
 * Reads the options of a subcommand.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the words that are no options, or NULL if there is nothing
 *   more to do
 */
char **
command_parse (const Command *self,
               const GOptionEntry *entries,
               const char *description,
               int argc,
               char **argv,
               ExitStatus *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (self->arguments);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  gboolean wants_help = FALSE;
  const GOptionEntry common[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, N_ ("Show this help"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL },
    { NULL },
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, _ (self->summary));
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      *status = command_misuse ("%s", error->message);
      return NULL;
    }

  if (wants_help)
    {
      *status = print_help (context);
      return NULL;
    }

  return words != NULL ? g_steal_pointer (&words) : g_new0 (char *, 1);
}
