/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "messages.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "output.h"

/* Long enough for any name that a person gave; a hostile one does not fill the screen. */
#define MAX_NAME 200

static void
append_escaped (GString *line, const char *text)
{
  g_autofree char *escaped = ckpt_text_escape (text, strlen (text), MAX_NAME);

  g_string_append (line, escaped);
}

static GString *
begin_line (const char *file)
{
  GString *line = g_string_new (NULL);

  append_escaped (line, file != NULL ? file : g_get_prgname ());
  g_string_append (line, ": ");
  return line;
}

static void
append_place (GString *line, const CkptPlace *place)
{
  /* That a file is wrong from its first byte on is nothing to tell. */
  gboolean is_known_in_file = place->file_offset != CKPT_NO_OFFSET &&
                              (place->file_offset > 0 || place->record != NULL);

  if (place->record != NULL)
    {
      append_escaped (line, place->record);
      g_string_append (line, ": ");
    }

  if (place->offset != CKPT_NO_OFFSET)
    g_string_append_printf (line, "byte %" G_GUINT64_FORMAT, place->offset);
  if (place->offset != CKPT_NO_OFFSET && place->file_offset != CKPT_NO_OFFSET)
    g_string_append_printf (line, " (file %" G_GUINT64_FORMAT ")", place->file_offset);
  else if (is_known_in_file)
    g_string_append_printf (line, "file byte %" G_GUINT64_FORMAT, place->file_offset);
  if (place->offset != CKPT_NO_OFFSET || is_known_in_file)
    g_string_append (line, ": ");
}

/* The sentence without its full stop: a line of an error has none, and the code follows. */
static void
append_sentence (GString *line, const char *sentence, const char *code)
{
  gsize length = strlen (sentence);

  if (g_str_has_suffix (sentence, "."))
    length--;
  g_string_append_len (line, sentence, length);
  if (code != NULL)
    g_string_append_printf (line, " [%s]", code);
}

static void
print_line (GString *line)
{
  g_autoptr (Output) output = output_new_stderr ();

  g_string_append_c (line, '\n');
  output_text (output, line->str);
  output_flush (output, NULL);
}

/**
 * message_error:
 * @file: (type filename) (nullable): the file it is about; without one the command itself
 * @error: why something could not be done
 */
void
message_error (const char *file, const GError *error)
{
  message_value_error (file, NULL, error);
}

/**
 * message_value_error:
 * @file: (type filename) (nullable): the file it is about
 * @path: (nullable): the value in it
 * @error: why something could not be done
 */
void
message_value_error (const char *file, const char *path, const GError *error)
{
  g_autoptr (GString) line = begin_line (file);
  const CkptPlace *place = ckpt_error_get_place (error);

  if (path != NULL)
    {
      append_escaped (line, path);
      g_string_append (line, ": ");
    }
  if (place != NULL)
    append_place (line, place);
  append_sentence (line, error->message, place != NULL ? place->code : NULL);
  print_line (line);
}

/**
 * message_output_error:
 * @error: why standard output could not be written
 *
 * Says so, unless its reader just went away, as `head` does when it has enough.
 */
void
message_output_error (const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    message_error (NULL, error);
}

/**
 * message_warning:
 * @file: (type filename): the file it is about
 * @warning: something odd that did not stop the opening
 */
void
message_warning (const char *file, const CkptWarning *warning)
{
  g_autoptr (GString) line = begin_line (file);

  g_string_append_printf (line, "%s: ", _ ("warning"));
  if (warning->path != NULL)
    {
      append_escaped (line, warning->path);
      g_string_append (line, ": ");
    }
  append_place (line, &warning->place);
  append_sentence (line, warning->message, warning->place.code);
  if (warning->count > 1)
    g_string_append_printf (line, _ (" (%u times)"), warning->count);
  print_line (line);
}

/**
 * message_note:
 * @file: (type filename): the file it is about
 * @format: something that a person wants to know, though nothing is wrong
 */
void
message_note (const char *file, const char *format, ...)
{
  g_autoptr (GString) line = begin_line (file);
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (line, format, args);
  va_end (args);
  print_line (line);
}
